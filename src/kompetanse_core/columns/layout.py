"""How does a noun become a row of whole numbers, and back? Layout: one Column for each field.

A layout is read off the type hints of a frozen attrs class:

========================  ======================================================
hint of the field         column
========================  ======================================================
str, tuple, NewType       WORDS: int32 code in a sorted dictionary, None is -1
date                      DAY: int32 days since 1970-01-01
datetime (UTC)            INSTANT: int64 microseconds since 1970-01-01
Enum                      CHOICE: int8 position in the enum, None is -1
frozenset of Enum         CHOICES: int32 bit set
bool                      FLAG: bool
int                       WHOLE: int64, or what `dtypes` says
========================  ======================================================

A day that is None becomes the earliest day that the column can hold, or the latest one where the
field is named in `open_ends`, so that `start <= on <= end` needs no special case.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Generic, TypeVar

import attrs
import numpy as np
from attrs import frozen

from kompetanse_core.columns.words import NO_WORD, Words
from kompetanse_core.errors import Misuse, Place

Noun = TypeVar("Noun")
Array = np.ndarray[tuple[int], np.dtype[Any]]

FIRST_DAY = -(2**31)
LAST_DAY = 2**31 - 1
NO_NUMBER = -(2**15)
MOST_ROWS = 2**31 - 1
EPOCH = date(1970, 1, 1)
INSTANT_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
INSTANTS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Kind(Enum):
    """What the numbers of a column stand for."""

    WORDS = "words"
    DAY = "day"
    INSTANT = "instant"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"
    WHOLE = "whole"


DTYPES = types.MappingProxyType(
    {
        Kind.WORDS: "int32",
        Kind.DAY: "int32",
        Kind.INSTANT: "int64",
        Kind.CHOICE: "int8",
        Kind.CHOICES: "int32",
        Kind.FLAG: "bool",
        Kind.WHOLE: "int64",
    }
)


@frozen(kw_only=True)
class Column:
    """Describe one column: its name, what its numbers stand for, and their type."""

    name: str
    kind: Kind
    dtype: str
    choices: tuple[Enum, ...] = ()
    none: int | None = None
    """The number that stands for None, where the field may be None."""
    many: bool = False
    """Whether each word is a tuple of ids."""


@frozen(kw_only=True)
class Layout(Generic[Noun]):
    """Say how one noun class is laid out as columns, and by which of them its rows are sorted."""

    noun: type[Noun]
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @classmethod
    def of(
        cls,
        noun: type[Noun],
        *,
        key: Sequence[str],
        dtypes: Mapping[str, str] = types.MappingProxyType({}),
        open_ends: Iterable[str] = ("end", "expires", "keep_until"),
    ) -> Layout[Noun]:
        """Read a layout off the type hints of a frozen attrs class.

        Raises:
            Misuse: E904, if a field's type has no column.
        """
        hints, late = typing.get_type_hints(noun), frozenset(open_ends)
        columns = tuple(
            _column(name, hints[name], dtypes.get(name), open_end=name in late)
            for name in (field.name for field in attrs.fields(typing.cast(Any, noun)))
        )
        return cls(noun=noun, columns=columns, key=tuple(key))

    def column(self, name: str) -> Column:
        """Find a column by name.

        Raises:
            Misuse: E904, if there is none of that name.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise Misuse("E904", f"{self.noun.__name__} has no column {name!r}")


def encode(column: Column, values: Sequence[Any], words: Words[Any] | None) -> Array:
    """Turn the values of one field into the numbers of its column, shape (n,)."""
    if words is not None:
        return words.codes(values)
    none, number = column.none, _encoder(column)
    numbers = (none if value is None else number(value) for value in values)
    try:
        return np.fromiter(numbers, dtype=column.dtype, count=len(values))
    except OverflowError as error:
        text = f"a value of {column.name} does not fit {column.dtype}"
        raise Misuse("E509", text) from error


def decoder(column: Column, words: Words[Any] | None) -> Callable[[int], Any]:
    """Give the function that turns a number of this column back into its value."""
    plain = _decoder(column, words)
    if column.none is None:
        return plain
    return lambda number: None if number == column.none else plain(number)


def check_count(rows: int) -> None:
    """Check that rows can be counted by the columns that point to them.

    Raises:
        Misuse: E509, if there are 2^31 or more.
    """
    if rows > MOST_ROWS:
        raise Misuse("E509", "a table has fewer than 2^31 rows", place=Place(row=MOST_ROWS + 1))


def check(column: Column, numbers: Array, words: int | None) -> None:
    """Check that every number of a column stands for something.

    Raises:
        Misuse: E904, with the first row, counted from 1, at which one does not.
    """
    where = Place(column=column.name)
    if numbers.ndim != 1 or numbers.dtype != column.dtype:
        raise Misuse(
            "E904", f"a column of {numbers.dtype} where {column.dtype} stands", place=where
        )
    least, most = _range(column, words)
    if not len(numbers) or least <= int(numbers.min()) <= int(numbers.max()) <= most:
        return
    wrong = (numbers < least) | (numbers > most)
    if column.none is not None:
        wrong &= numbers != column.none
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0]) + 1
        text = f"a number that stands for nothing, outside {least} to {most}"
        raise Misuse("E904", text, place=Place(column=column.name, row=row))


def days(day: date) -> int:
    """Count the days from 1970-01-01 to a day."""
    return (day - EPOCH).days


def microseconds(instant: datetime) -> int:
    """Count the microseconds from 1970-01-01 UTC to an instant that knows its zone."""
    return (instant - INSTANT_EPOCH) // timedelta(microseconds=1)


RANGES = types.MappingProxyType(
    {
        Kind.FLAG: (0, 1),
        Kind.DAY: (days(date.min), days(date.max)),
        Kind.INSTANT: (microseconds(INSTANTS[0]), microseconds(INSTANTS[1])),
    }
)
"""The least and the largest number of each kind, where that depends on nothing else."""
MOST = types.MappingProxyType(
    {name: int(np.iinfo(name).max) for name in ("int8", "int16", "int32", "int64")}
)
"""The largest number of each type."""


def _column(name: str, hint: Any, dtype: str | None, *, open_end: bool) -> Column:
    hint, optional = _plain(hint)
    kind, choices = _kind(name, hint)
    none = _none(kind, open_end=open_end) if optional else None
    return Column(
        name=name,
        kind=kind,
        dtype=dtype or DTYPES[kind],
        choices=choices,
        none=none,
        many=typing.get_origin(hint) is tuple,
    )


def _plain(hint: Any) -> tuple[Any, bool]:
    """Strip None and NewType off a hint, saying whether None may stand there."""
    optional = False
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [part for part in typing.get_args(hint) if part is not type(None)]
        optional, hint = True, rest[0]
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    return hint, optional


def _kind(name: str, hint: Any) -> tuple[Kind, tuple[Enum, ...]]:
    plain = {str: Kind.WORDS, bool: Kind.FLAG, int: Kind.WHOLE, date: Kind.DAY}
    if hint is datetime:
        return Kind.INSTANT, ()
    if hint in plain:
        return plain[hint], ()
    if typing.get_origin(hint) is tuple:
        return Kind.WORDS, ()
    if typing.get_origin(hint) is frozenset:
        return Kind.CHOICES, tuple(typing.get_args(hint)[0])
    if isinstance(hint, type) and issubclass(hint, Enum):
        return Kind.CHOICE, tuple(hint)
    raise Misuse("E904", f"no column can hold the field {name!r} of type {hint!r}")


def _none(kind: Kind, *, open_end: bool) -> int:
    if kind in (Kind.DAY, Kind.INSTANT):
        return LAST_DAY if open_end else FIRST_DAY
    return NO_NUMBER if kind is Kind.WHOLE else NO_WORD


def _range(column: Column, words: int | None) -> tuple[int, int]:
    """Give the least and the largest number that a column may hold, apart from None's."""
    if column.kind is Kind.WORDS:
        return 0, (words or 0) - 1
    if column.kind is Kind.CHOICE:
        return 0, len(column.choices) - 1
    if column.kind is Kind.CHOICES:
        return 0, 2 ** len(column.choices) - 1
    return RANGES.get(column.kind) or (0, MOST[column.dtype])


def _encoder(column: Column) -> Callable[[Any], int]:
    if column.kind is Kind.DAY:
        return days
    if column.kind is Kind.INSTANT:
        return microseconds
    if column.kind is Kind.CHOICE:
        place = {choice: number for number, choice in enumerate(column.choices)}
        return place.__getitem__
    if column.kind is Kind.CHOICES:
        bit = {choice: 1 << number for number, choice in enumerate(column.choices)}
        return lambda chosen: sum(bit[choice] for choice in chosen)
    return int


def _decoder(column: Column, words: Words[Any] | None) -> Callable[[int], Any]:
    if words is not None:
        return words.word
    if column.kind is Kind.DAY:
        return lambda number: EPOCH + timedelta(days=number)
    if column.kind is Kind.INSTANT:
        return lambda number: INSTANT_EPOCH + timedelta(microseconds=number)
    if column.kind is Kind.CHOICE:
        return lambda number: column.choices[number]
    if column.kind is Kind.CHOICES:
        return lambda bits: frozenset(c for n, c in enumerate(column.choices) if bits >> n & 1)
    return bool if column.kind is Kind.FLAG else int
