"""What may one field hold? Validators for ids, whole numbers and intervals, for every noun."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from typing import Any, Protocol

from attrs import Attribute

from kompetanse_core.errors import Misuse

FULL_TIME = 10_000
"""A full-time share in basis points: 100 % is 10 000, so 37.5 % is 3 750."""

MOST = 10**12
"""The largest number that a field may hold: sums of a million of them stay exact in int64."""


_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories of what cannot be seen: controls, formats, surrogates, private, unassigned."""


class _Dated(Protocol):
    @property
    def start(self) -> date | None: ...
    @property
    def end(self) -> date | None: ...


def ident(noun: object, field: Attribute[Any], value: str | None) -> None:
    """Check an id: text, not empty, normalised (NFC), no white space at the ends, all visible.

    Raises:
        Misuse: E214, E104 or E105. The message names the field, never the value.
    """
    if value is None:
        return
    where = _field(noun, field)
    if not str.strip(value) or value != value.strip():
        raise Misuse("E214", f"{where} must be text without white space at its ends")
    if value.isascii() and value.isprintable():
        return
    if not unicodedata.is_normalized("NFC", value):
        raise Misuse("E104", f"{where} is not in Unicode's composed form", hint="normalise to NFC")
    if not _HIDDEN.isdisjoint(map(unicodedata.category, value)):
        raise Misuse("E105", f"{where} holds characters that cannot be seen")


def idents(noun: object, field: Attribute[Any], value: tuple[str, ...]) -> None:
    """Check a tuple of ids: each one as `ident`, none twice.

    Raises:
        Misuse: E505, if an id stands twice; E104, E105, E214 as `ident`.
    """
    for each in value:
        ident(noun, field, each)
    if len(set(value)) != len(value):
        raise Misuse("E505", f"{_field(noun, field)} names the same id twice")


def positive(noun: object, field: Attribute[Any], value: int | None) -> None:
    """Check a whole number from 1 up (None passes).

    Raises:
        Misuse: E506, if it is not positive; E501 or E509 as `count`.
    """
    count(noun, field, value)
    if value == 0:
        raise Misuse("E506", f"{_field(noun, field)} must be at least 1")


def count(noun: object, field: Attribute[Any], value: int | None) -> None:
    """Check a whole number from 0 up (None passes).

    Raises:
        Misuse: E501 (not a whole number), E506 (negative) or E509 (too large).
    """
    if value is None:
        return
    if type(value) is not int:
        raise Misuse("E501", f"{_field(noun, field)} must be a whole number")
    if value < 0:
        raise Misuse("E506", f"{_field(noun, field)} must not be negative")
    if value > MOST:
        raise Misuse("E509", f"{_field(noun, field)} must be at most {MOST}")


def share(noun: object, field: Attribute[Any], value: int) -> None:
    """Check a share of one full-time person: 1 to `FULL_TIME` basis points.

    Raises:
        Misuse: E511 (above full time), or as `positive`.
    """
    positive(noun, field, value)
    if value > FULL_TIME:
        raise Misuse("E511", f"{_field(noun, field)} must be at most {FULL_TIME} (full time)")


def instant(noun: object, field: Attribute[Any], value: datetime | None) -> None:
    """Check that an instant is in UTC (None passes).

    Raises:
        Misuse: E211, if it has no zone or another one.
    """
    if value is not None and value.tzinfo is not UTC:
        raise Misuse("E211", f"{_field(noun, field)} must be an instant in UTC")


def interval(noun: _Dated, field: Attribute[Any], value: date | None) -> None:
    """Check, on the field `end`, that the noun does not end before it starts.

    Raises:
        Misuse: E507.
    """
    if value is not None and noun.start is not None and value < noun.start:
        raise Misuse("E507", f"{_field(noun, field)} is before its start")


def _field(noun: object, field: Attribute[Any]) -> str:
    return f"{type(noun).__name__}.{field.name}"
