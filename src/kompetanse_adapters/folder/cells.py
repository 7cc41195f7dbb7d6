"""What does a cell of this column say? The function that reads it, by the shape of the field."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from kompetanse_adapters.folder.shape import NARROW, Id, Plural, Shape, Share
from kompetanse_adapters.folder.words import words_of
from kompetanse_adapters.reading import (
    Dialect,
    is_missing,
    read_day,
    read_flag,
    read_instant,
    read_share,
    read_whole,
    read_word,
)
from kompetanse_core import Level, Misuse, Text

BETWEEN = "|"
"""What stands between several values in one cell."""

Read = Callable[[str], object]


def reader_of(shape: Shape, dialect: Dialect) -> Read:
    """Give the function that reads a column's cells; it answers a flaw with the Misuse itself.

    What it has read once it remembers, for a column repeats itself.
    """
    read = _whole_cell(shape, dialect)
    seen: dict[str, object] = {}

    def remembered(cell: str) -> object:
        if cell not in seen:
            try:
                seen[cell] = read(cell)
            except Misuse as error:
                seen[cell] = error
        return seen[cell]

    return remembered


def composed(cell: str) -> str:
    """Give free text as it stands, in Unicode's composed form."""
    return unicodedata.normalize("NFC", cell)


def _whole_cell(shape: Shape, dialect: Dialect) -> Read:
    if shape.leaf in (str, Text):
        return composed
    read = _leaf(shape, dialect)
    if shape.plural is not Plural.ONE:
        gather = tuple if shape.plural is Plural.TUPLE else frozenset
        return lambda cell: gather(map(read, _parts(cell))) if not is_missing(cell) else gather()
    declared = dialect.yes | dialect.no if shape.leaf is bool else frozenset()
    return lambda cell: (
        read(cell)
        if cell.strip().casefold() in declared or not is_missing(cell)
        else _missing(shape)
    )


def _parts(cell: str) -> list[str]:
    return [part for part in map(str.strip, cell.split(BETWEEN)) if part]


def _missing(shape: Shape) -> object:
    if not shape.required:
        return shape.default
    if shape.leaf is Level:
        hint = "a level that is not known has no row; 0 means that none is held"
        raise Misuse("E501", "a level is missing", hint=hint)
    raise Misuse("E214", "a value that must be there is missing")


def _leaf(shape: Shape, dialect: Dialect) -> Read:
    leaf, decimal = shape.leaf, dialect.decimal
    if isinstance(leaf, type) and issubclass(leaf, Enum) and leaf not in (Id, Share):
        words = words_of(leaf)
        return lambda cell: read_word(composed(cell), words)
    readers: Mapping[Any, Read] = {
        Id: lambda cell: composed(cell).strip(),
        Share: lambda cell: read_share(cell, decimal=decimal),
        Level: lambda cell: _level(cell, decimal),
        int: lambda cell: read_whole(cell, decimal=decimal),
        bool: lambda cell: read_flag(cell, yes=dialect.yes, no=dialect.no),
        date: read_day,
        datetime: read_instant,
    }
    return readers[leaf]


def _level(cell: str, decimal: str) -> int:
    number = read_whole(cell, decimal=decimal)
    if number > NARROW:
        raise Misuse("E509", f"a level is at most {NARROW}")
    return number
