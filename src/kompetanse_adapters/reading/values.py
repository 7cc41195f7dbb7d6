"""What does one cell say? A number, share, day, instant, flag or word; never a guess.

Every function takes the text of a cell and raises `Misuse` with a code and a hint where the text
could mean two things or none. No message repeats the cell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar

from kompetanse_core import Misuse

Value = TypeVar("Value")

MISSING = frozenset({"", "-", "–", "—", "n/a", "ukjent", "ukjend", "unknown"})
"""What stands for a value that is not known; never for zero."""

LONGEST_NUMBER = 30

_GAP = "[ \u00a0\u2009\u202f]"
_COMMA = re.compile(
    rf"[+-]?(?:[0-9]+|[0-9]{{1,3}}(?:{_GAP}[0-9]{{3}})+)(?:,[0-9]+)?"
    r"|[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+"
)
_POINT = re.compile(
    rf"[+-]?(?:[0-9]+|[0-9]{{1,3}}(?:{_GAP}[0-9]{{3}})+)(?:\.[0-9]+)?"
    r"|[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+"
)
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NORWEGIAN_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]+ ?(?:Z|[+-][0-9]{2}:?[0-9]{2})")


def is_missing(cell: str) -> bool:
    """Say whether a cell stands for a value that is not known."""
    return not cell or cell.strip().casefold() in MISSING


def read_whole(cell: str, *, decimal: str = ",") -> int:
    """Read a whole number: `1234`, `1 234`, `−5`.

    Raises:
        Misuse: E210 (two readings or none), E501 (a fraction) or E509 (too long).
    """
    if len(cell) <= 15 and cell.isascii() and cell.isdigit():
        return int(cell)
    number = read_number(cell, decimal=decimal)
    if "," in cell or "." in cell:
        raise Misuse("E501", "must be a whole number", hint="leave out the decimals")
    return int(number)


def read_share(cell: str, *, decimal: str = ",") -> int:
    """Read a share in per cent as basis points: `37,5` and `37,5 %` are 3 750.

    Raises:
        Misuse: E210 or E509.
    """
    points = read_number(cell.strip().removesuffix("%"), decimal=decimal).scaleb(2)
    if points != points.to_integral_value():
        raise Misuse("E210", "a share has at most two decimals", hint="write it as 37,5 or 100")
    return int(points)


def read_number(cell: str, *, decimal: str = ",") -> Decimal:
    """Read a number with a decimal comma, or with a decimal point where that is declared.

    Thousands are set apart by a space (also one that does not break), or by the other mark where
    decimals follow: `1 234,5` and `1.234,5`, but not `1.234`.

    Raises:
        Misuse: E210 (two readings or none) or E509 (too long).
    """
    text = cell.strip().replace("\u2212", "-")
    if len(text) > LONGEST_NUMBER:
        raise Misuse("E509", "a number is too long")
    if not (_COMMA if decimal == "," else _POINT).fullmatch(text):
        hint = 'write 1234,5; declare decimal = "." under [csv] where a point is meant'
        raise Misuse("E210", "a number cannot be read without guessing", hint=hint)
    thousands = "." if decimal == "," else ","
    return Decimal(re.sub(_GAP, "", text).replace(thousands, "").replace(decimal, "."))


def read_day(cell: str) -> date:
    """Read a day: `2027-01-31` or `31.01.2027`.

    Raises:
        Misuse: E211, for any other form and for a day that does not exist.
    """
    text = cell.strip()
    hint = "write 2027-01-31 or 31.01.2027"
    try:
        if found := _ISO_DAY.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _NORWEGIAN_DAY.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError:
        raise Misuse("E211", "there is no such day", hint=hint) from None
    raise Misuse("E211", "a date cannot be read without guessing", hint=hint)


def read_instant(cell: str) -> datetime:
    """Read an instant with its offset as UTC, or a day as its midnight UTC.

    Raises:
        Misuse: E211, where the offset is missing or the instant does not exist.
    """
    text = cell.strip()
    if len(text) <= 10:
        day = read_day(text)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    hint = "write 2027-01-31T12:00:00Z or with an offset such as +01:00"
    if not _INSTANT.fullmatch(text):
        raise Misuse("E211", "an instant cannot be read without guessing", hint=hint)
    try:
        return datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Misuse("E211", "there is no such instant", hint=hint) from None


def read_flag(cell: str, *, yes: Collection[str], no: Collection[str]) -> bool:
    """Read a yes or no by the words that are declared for each, in any case.

    Raises:
        Misuse: E212, for any other word.
    """
    word = cell.strip().casefold()
    if word in yes:
        return True
    if word in no:
        return False
    hint = "write ja or nei; declare other words as yes = [...] and no = [...] under [csv]"
    raise Misuse("E212", "a yes or no cannot be read without guessing", hint=hint)


def read_word(cell: str, words: Mapping[str, Value]) -> Value:
    """Read one of a fixed set of words, in any case, by its folded form.

    Raises:
        Misuse: E213, for any other word; the hint lists those that may stand.
    """
    word = " ".join(cell.split()).casefold()
    if word not in words:
        allowed = ", ".join(words)
        raise Misuse("E213", "is not one of the words that may stand here", hint=f"use {allowed}")
    return words[word]
