"""Does every id lead to one thing, and nothing back to itself? E503, E504 and E505."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from enum import Enum
from typing import Any

import numpy as np

from kompetanse_core.columns import Table
from kompetanse_core.errors import Place
from kompetanse_core.model.circles import CIRCLE_FREE, circle_steps, circles
from kompetanse_core.model.enterprise import Finding
from kompetanse_core.model.measure import Outcome
from kompetanse_core.model.places import EVENTS, PERSONAL, Places, refused
from kompetanse_core.model.work import Bearer

Flawed = list[tuple[int, str]]
"""Rows that hold something wrong, each with what may be shown of it."""

KEYS = (
    ("scales", ("id",)),
    ("crosswalks", ("source", "target")),
    ("decays", ("facet",)),
    ("competences", ("id",)),
    ("goals", ("id",)),
    ("drivers", ("id",)),
    ("needs", ("id",)),
    ("tasks", ("id",)),
    ("occupations", ("id",)),
    ("roles", ("id",)),
    ("markets", ("role",)),
    ("units", ("id",)),
    ("employees", ("id",)),
    ("evidence", ("id",)),
    ("successions", ("kind", "source")),
    ("measures", ("id",)),
    ("schemes", ("id",)),
    ("designs", ("id", "version")),
    ("matters", ("id",)),
    ("rule_sets", ("id",)),
    ("actors", ("id",)),
    ("retentions", ("kept", "purpose", "basis")),
)
"""What each kind of row may have only once. (A register looks after its own events.)"""

REFERENCES = (
    ("competences", "scale", "scales"),
    ("crosswalks", "source", "scales"),
    ("crosswalks", "target", "scales"),
    ("relations", "source", "competences"),
    ("relations", "target", "competences"),
    ("drivers", "goals", "goals"),
    ("needs", "drivers", "drivers"),
    ("needs", "goals", "goals"),
    ("needs", "unit", "units"),
    ("tasks", "goals", "goals"),
    ("occupations", "broader", "occupations"),
    ("roles", "tasks", "tasks"),
    ("roles", "occupation", "occupations"),
    ("roles", "waives", "competences"),
    ("requirements", "competence", "competences"),
    ("requirements", "needs", "needs"),
    ("requirements", "scale", "scales"),
    ("seats", "unit", "units"),
    ("seats", "role", "roles"),
    ("headcounts", "unit", "units"),
    ("headcounts", "competence", "competences"),
    ("headcounts", "needs", "needs"),
    ("markets", "role", "roles"),
    ("units", "parent", "units"),
    ("engagements", "employee", "employees"),
    ("engagements", "unit", "units"),
    ("engagements", "role", "roles"),
    ("evidence", "employee", "employees"),
    ("evidence", "competence", "competences"),
    ("assessments", "employee", "employees"),
    ("assessments", "competence", "competences"),
    ("assessments", "scale", "scales"),
    ("assessments", "evidence", "evidence"),
    ("wishes", "employee", "employees"),
    ("wishes", "competence", "competences"),
    ("wishes", "role", "roles"),
    ("wishes", "measure", "measures"),
    ("measures", "outcomes", "competences"),
    ("measures", "prior", "measures"),
    ("measures", "goals", "goals"),
    ("measures", "scheme", "schemes"),
    ("schemes", "roles", "roles"),
    ("schemes", "units", "units"),
    ("designs", "scales", "scales"),
    ("designs", "units", "units"),
    ("designs", "area_units", "units"),
    ("designs", "competences", "competences"),
    ("designs", "area_competences", "competences"),
    ("matters", "measures", "measures"),
    ("matters", "units", "units"),
    (EVENTS, "matters", "matters"),
    (EVENTS, "unit", "units"),
    (EVENTS, "decided_by", "actors"),
    (EVENTS, "refers_to", EVENTS),
    ("actors", "unit", "units"),
    ("actors", "employee", "employees"),
)
"""Which field of which rows holds ids, and of what. `Requirement.of` depends on its bearer."""

BEARERS = ((Bearer.TASK, "tasks"), (Bearer.ROLE, "roles"), (Bearer.OCCUPATION, "occupations"))

HOLDABLE = (
    ("requirements", "competence"),
    ("headcounts", "competence"),
    ("evidence", "competence"),
    ("assessments", "competence"),
    ("measures", "outcomes"),
)
"""Where a competence is required, held or taught, and so may not be an area."""


ABOVE = (("units", "parent"), ("occupations", "broader"), ("measures", "prior"))
"""Which rows name others of their kind that stand above or before them."""


def duplicates(places: Places) -> Iterator[Finding]:
    """Tell every row whose key stood in a row before it (E505)."""
    for name, key in KEYS:
        rows = places.rows(name)
        again = _again_in_table(rows, key[0]) if isinstance(rows, Table) else _again(rows, key)
        for shown, place in _placed(places, name, key[0], again):
            yield refused("E505", f"{shown} stands twice among {name}", place)


def dangling(places: Places) -> Iterator[Finding]:
    """Tell every id that leads to nothing (E503)."""
    for name, column, target in REFERENCES:
        lost = _rows_with(places.rows(name), column, _outside(places, target))
        yield from _lost(places, name, column, target, lost)
    requirements = places.parcel.requirements
    for bearer, target in BEARERS:
        own = requirements.column("bearer") == tuple(Bearer).index(bearer)
        lost = _rows_with(requirements, "of", _outside(places, target))
        yield from _lost(places, "requirements", "of", target, [f for f in lost if own[f[0]]])


def areas(places: Places) -> Iterator[Finding]:
    """Tell where an area is required, held or taught as if it were a competence (E503)."""
    headings = frozenset(c.id for c in places.parcel.competences if c.facet is None)
    for name, column in HOLDABLE:
        flawed = _rows_with(places.rows(name), column, headings.__contains__)
        for shown, place in _placed(places, name, column, flawed):
            text = f"{shown} is an area, which nothing can require, hold or teach"
            yield refused("E503", text, place, "name a competence that belongs to it")


def rings(places: Places) -> Iterator[Finding]:
    """Tell the circles in what must have none, at least one of each part, by name (E504)."""
    relations = places.parcel.relations
    row_of = {relation: row for row, relation in enumerate(relations)}
    for kind in CIRCLE_FREE:
        steps = circle_steps(relation for relation in relations if relation.kind is kind)
        for ring in circles(steps):
            row = row_of[steps[ring[-1]][ring[0]]]
            names = [competence for competence, _ in ring]
            yield _ring(kind.value, names, places.of("relations", row, "target"))
    for name, column in ABOVE:
        rows = places.rows(name)
        numbers = {noun.id: row for row, noun in enumerate(rows)}
        above: dict[str, tuple[str, ...]] = {n.id: _ids(getattr(n, column)) for n in rows}
        for around in circles(above):
            yield _ring(column, around, places.of(name, numbers[around[0]], column))


def _again(rows: Sequence[Any], key: tuple[str, ...]) -> Flawed:
    seen: set[tuple[object, ...]] = set()
    again = []
    for row, noun in enumerate(rows):
        values = tuple(getattr(noun, column) for column in key)
        if values in seen:
            again.append((row, " to ".join(repr(_plain(value)) for value in values)))
        seen.add(values)
    return again


def _again_in_table(table: Table[Any], column: str) -> Flawed:
    _, first = np.unique(table.column(column), return_index=True)
    again = np.setdiff1d(np.arange(len(table)), first)
    return [(row, "") for row in again.tolist()]


def _placed(places: Places, name: str, column: str, flawed: Flawed) -> Iterator[tuple[str, Place]]:
    """Yield what is wrong in each row and where; of a personal row only that it is an id."""
    rows = places.each(name, (row for row, _ in flawed), column)
    for (_, shown), place in zip(flawed, rows, strict=True):
        yield "an id" if name in PERSONAL else shown, place


def _outside(places: Places, target: str) -> Callable[[str], bool]:
    """Give the test whether an id is none of these rows'."""
    rows = places.rows(target)
    there: Container[str] = (
        rows.words_of("id") if isinstance(rows, Table) else frozenset(noun.id for noun in rows)
    )
    return lambda one: one not in there


def _rows_with(
    rows: Sequence[Any] | Table[Any], column: str, wrong: Callable[[str], bool]
) -> Flawed:
    """Find the rows with a wrong id in a column; a table is asked through its dictionary."""
    if not isinstance(rows, Table):
        return [
            (row, repr(one))
            for row, noun in enumerate(rows)
            for one in _ids(getattr(noun, column))
            if wrong(one)
        ]
    words = rows.words_of(column).values
    shown = {code: bad for code, word in enumerate(words) if (bad := [*filter(wrong, _ids(word))])}
    codes = rows.column(column)
    flawed = np.flatnonzero(np.isin(codes, list(shown))).tolist()
    return [(row, repr(one)) for row in flawed for one in shown[int(codes[row])]]


def _lost(places: Places, name: str, column: str, target: str, lost: Flawed) -> Iterator[Finding]:
    for shown, place in _placed(places, name, column, lost):
        hint = f"add it to {target}, or mend the id"
        yield refused("E503", f"{shown} is none of {target}", place, hint)


def _ring(word: str, names: Sequence[str], place: Place) -> Finding:
    way = " → ".join((*names, names[0]))
    return refused("E504", f"{word} runs in a circle: {way}", place, "take one step of it away")


def _ids(value: object) -> tuple[str, ...]:
    """Give the ids in a field: none, one, or those of a tuple of ids or outcomes."""
    if isinstance(value, tuple):
        return tuple(str(v.competence) if isinstance(v, Outcome) else str(v) for v in value)
    return () if value is None else (str(value),)


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value
