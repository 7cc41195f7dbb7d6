"""How is a row changed from a day on? Rows ended, altered or added beside a baseline left alone.

Nothing here writes to what it is given: every function returns new rows. A row that runs past the
day is cut in two, so that questions about earlier days are answered as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from attrs import evolve

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import Array, days
from kompetanse_core.columns.words import NO_WORD
from kompetanse_core.errors import Misuse
from kompetanse_core.model.work import Headcount, Seats

Noun = TypeVar("Noun")
Place = TypeVar("Place", Seats, Headcount)
Mask = npt.NDArray[np.bool_]

ONE_DAY = timedelta(days=1)
NOTHING: Mapping[str, int] = MappingProxyType({})


def rows_of(table: Table[Any], ids: Iterable[tuple[str, str | None]]) -> Mask:
    """Mark the rows that hold all these ids, each in its column; None stands for any."""
    mask = np.ones(len(table), np.bool_)
    for column, wanted in ids:
        if wanted is not None:
            code = table.words_of(column).code(wanted)
            mask &= (table.column(column) == code) & (code != NO_WORD)
    return mask


def running(table: Table[Any], rows: Mask, on: date) -> Mask:
    """Mark those of the rows that run on a day or later.

    Raises:
        Misuse: E503, if there are none; of a person nothing is said.
    """
    found = rows & (table.column("end") >= days(on))
    if not found.any():
        raise nothing_there(f"no such {table.layout.noun.__name__} runs on that day or later")
    return found


def ended(table: Table[Noun], rows: Mask, on: date) -> Table[Noun]:
    """End rows the day before `on`; those that would begin later never do."""
    return _cut(table, rows, on, None)


def altered(table: Table[Noun], rows: Mask, on: date, values: Mapping[str, int]) -> Table[Noun]:
    """Let rows have other numbers in some columns from `on`, and the old ones until then."""
    return _cut(table, rows, on, values)


def lapsed(table: Table[Noun], rows: Mask, on: date, since: str) -> tuple[Table[Noun], int]:
    """Let facts of before `on` expire the day before it at the latest; tell how many that is.

    `since` names the column of the day from which a fact holds.
    """
    day, expires = days(on), table.column("expires")
    falls = rows & (table.column(since) < day) & (expires >= day)
    columns = {**table.columns, "expires": np.where(falls, np.int32(day - 1), expires)}
    changed = Table(layout=table.layout, columns=columns, words=table.words).sorted()
    return changed, int(falls.sum())


def ended_places(
    places: tuple[Place, ...], matches: Callable[[Place], bool], on: date
) -> tuple[Place, ...]:
    """End seats or headcounts the day before `on`; those that would begin later never do."""
    kept = (_until(place, on) if matches(place) else place for place in places)
    return tuple(place for place in kept if place is not None)


def runs(place: Seats | Headcount, on: date) -> bool:
    """Say whether seats or a headcount are there on a day or later."""
    return place.end is None or place.end >= on


def nothing_there(what: str) -> Misuse:
    """Make the error for a change whose target is not there; it names no person."""
    return Misuse("E503", f"{what}, so there is nothing to change", hint="see id and day")


def _cut(table: Table[Noun], rows: Mask, on: date, values: Mapping[str, int] | None) -> Table[Noun]:
    day, start, end = days(on), table.column("start"), table.column("end")
    touched = rows & (end >= day)
    untouched = np.flatnonzero(~touched)
    before = np.flatnonzero(touched & (start < day))
    after = np.flatnonzero(touched) if values is not None else untouched[:0]
    parts = (
        (untouched, NOTHING),
        (before, {"end": day - 1}),
        (after, values or NOTHING),
    )
    columns = {
        name: np.concatenate([_filled(numbers[kept], new.get(name)) for kept, new in parts])
        for name, numbers in table.columns.items()
    }
    begun = slice(len(untouched) + len(before), None)
    columns["start"][begun] = np.maximum(columns["start"][begun], np.int32(day))
    return Table(layout=table.layout, columns=columns, words=table.words).sorted()


def _filled(numbers: Array, value: int | None) -> Array:
    return numbers if value is None else np.full_like(numbers, value)


def _until(place: Place, on: date) -> Place | None:
    if not runs(place, on):
        return place
    if place.start is not None and place.start >= on:
        return None
    return evolve(place, end=on - ONE_DAY)
