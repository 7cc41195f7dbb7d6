"""Does something hold what may not come in? National identity numbers, special categories.

Numbers are looked for wherever they may stand (E551). A special category is known by what its
column or field is called (E552): sources of every kind ask here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import numpy as np

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import Kind
from kompetanse_core.errors import Place
from kompetanse_core.model.cooperation import Register
from kompetanse_core.model.enterprise import Enterprise, Finding
from kompetanse_core.model.places import EVENTS, Places, refused

FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
"""The weights of the two control digits, each with its own digit: the sums divide by eleven."""

SHORTER = 10
"""A text of so few characters holds none."""

SPECIAL = frozenset(
    {
        "fagforening",
        "fagforeining",
        "fagforbund",
        "fagforeningsmedlem",
        "union",
        "union_membership",
        "religion",
        "livssyn",
        "politisk_syn",
        "helse",
        "helseopplysninger",
        "health",
        "diagnose",
        "sykdom",
        "sykefravær",
        "sjukefråvær",
        "sjukdom",
        "etnisk_opprinnelse",
        "etnisitet",
        "ethnicity",
        "political_opinion",
        "seksuell_orientering",
        "sexual_orientation",
        "sick_leave",
        "trade_union",
    }
)
"""What columns of special categories of personal data are called (GDPR article 9)."""

_ELEVEN = re.compile(r"(?<!\d)(\d{6})[ .\-\u00a0\u202f]?(\d{5})(?!\d)", re.ASCII)


def holds_national_number(text: str) -> bool:
    """Say whether a birth number, a D-number, or one made for testing, stands in a text.

    Eleven digits are one if they begin with a day and both control digits fit (FAULTS 82). In
    D-numbers 40 is added to the day, in help and test numbers 40, 65 or 80 to the month.
    """
    return any(_fits(first + last) for first, last in _ELEVEN.findall(text))


def is_special_category(heading: str) -> bool:
    """Say whether a column or field of that name holds what has no place here (FAULTS 83)."""
    plain = unicodedata.normalize("NFC", heading).strip().casefold()
    return re.sub(r"[\s\-_]+", "_", plain) in SPECIAL


def national_numbers(where: Places) -> Iterator[Finding]:
    """Find every field of every row that holds a national identity number; none is quoted."""
    for each in attrs.fields(Enterprise):
        rows: object = getattr(where.parcel, each.name)
        if isinstance(rows, Table):
            yield from _in_table(each.name, rows, where)
        elif isinstance(rows, Register):
            yield from _in_nouns(EVENTS, rows, where)
        elif isinstance(rows, tuple):
            yield from _in_nouns(each.name, rows, where)
        elif _holds(rows):
            yield _told(Place(file=f"enterprise.{each.name}"))


def _in_table(name: str, table: Table[Any], where: Places) -> Iterator[Finding]:
    """Look at each word once, however many rows it stands in."""
    for column in table.layout.columns:
        if column.kind is not Kind.WORDS:
            continue
        words = table.words_of(column.name).values
        wrong = [code for code, word in enumerate(words) if _holds(word)]
        if wrong:
            rows = np.flatnonzero(np.isin(table.column(column.name), wrong)).tolist()
            yield from map(_told, where.each(name, rows, column.name))


def _in_nouns(name: str, nouns: Iterable[Any], where: Places) -> Iterator[Finding]:
    for row, noun in enumerate(nouns):
        for each in attrs.fields(type(noun)):
            if _holds(getattr(noun, each.name)):
                yield _told(where.of(name, row, each.name))


def _holds(value: object) -> bool:
    """Look through a field, and through whatever stands in it."""
    if isinstance(value, str):
        return len(value) > SHORTER and holds_national_number(value)
    if isinstance(value, tuple | frozenset):
        return any(map(_holds, value))
    noun = type(value)
    if attrs.has(noun):
        return any(_holds(getattr(value, each.name)) for each in attrs.fields(noun))
    return False


def _told(place: Place) -> Finding:
    hint = "take it out; people are pseudonyms here"
    return refused("E551", "a text holds a national identity number", place, hint)


def _fits(digits: str) -> bool:
    numbers = [int(digit) for digit in digits]
    day, month = int(digits[:2]), int(digits[2:4])
    dated = 1 <= day % 40 <= 31 and day < 72 and month in _MONTHS
    return dated and not any(
        sum(weight * digit for weight, digit in zip(weights, numbers, strict=False)) % 11
        for weights in (FIRST, SECOND)
    )


_MONTHS = frozenset(month + more for month in range(1, 13) for more in (0, 40, 65, 80))
