"""Where does a flaw stand? Places: from a row of the enterprise back to the file it came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.columns import Table
from kompetanse_core.errors import Place
from kompetanse_core.model.enterprise import Enterprise, Finding, Severity

PERSONAL = frozenset({"employees", "engagements", "evidence", "assessments", "wishes", "actors"})
"""The rows of which no finding quotes anything: who reads it learns the place, not the value."""

EVENTS = "register.events"


@frozen(kw_only=True)
class Places:
    """Find a row's place: what its source told, else the Python expression that gives the row."""

    parcel: Enterprise
    known: Mapping[object, Place]

    def rows(self, name: str) -> Sequence[Any] | Table[Any]:
        """Give the rows of one kind by the name of their field in the enterprise."""
        if name == EVENTS:
            return self.parcel.register.events
        rows: Sequence[Any] | Table[Any] = getattr(self.parcel, name)
        return rows

    def of(self, name: str, row: int, column: str = "") -> Place:
        """Give the place of one row."""
        return next(self.each(name, [row], column))

    def each(self, name: str, rows: Iterable[int], column: str = "") -> Iterator[Place]:
        """Yield the places of many rows; a table is decoded only where a source told places."""
        numbers = list(rows)
        for row, noun in zip(numbers, self._nouns(name, numbers), strict=True):
            found = self.known.get(noun)
            if found is None:
                yield Place(file=f"enterprise.{name}[{row}]", column=column)
            else:
                yield evolve(found, column=found.column or column)

    def _nouns(self, name: str, numbers: list[int]) -> Iterable[object]:
        if not self.known:
            return [None] * len(numbers)
        rows = self.rows(name)
        if isinstance(rows, Table):
            return rows.take(np.asarray(numbers, np.int64))
        return [rows[row] for row in numbers]


def refused(code: str, text: str, place: Place, hint: str = "") -> Finding:
    """Make a finding severe enough to refuse."""
    return Finding(code=code, severity=Severity.REFUSE, text=text, place=place, hint=hint)


def warned(code: str, text: str, place: Place, hint: str = "") -> Finding:
    """Make a warning."""
    return Finding(code=code, severity=Severity.WARNING, text=text, place=place, hint=hint)


def noted(code: str, text: str, place: Place, hint: str = "") -> Finding:
    """Make a note."""
    return Finding(code=code, severity=Severity.NOTE, text=text, place=place, hint=hint)
