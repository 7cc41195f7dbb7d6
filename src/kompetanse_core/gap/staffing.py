"""Who works where, as what, on a day? Staffing: everybody engaged, by role and unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from attrs import frozen

from kompetanse_core.columns import Words
from kompetanse_core.columns.layout import Array, days
from kompetanse_core.columns.met import Posts
from kompetanse_core.errors import Misuse
from kompetanse_core.gap.nouns import SeatGap
from kompetanse_core.mapping import places_of
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.work import RoleId, UnitId


@frozen(kw_only=True, eq=False)
class Branches:
    """Enhetstre: for every unit, by code, itself and all units above it, in sparse rows."""

    starts: Array
    above: Array

    @classmethod
    def of(cls, enterprise: Enterprise, units: Words[UnitId]) -> Branches:
        """Climb from every unit to the top.

        Raises:
            Misuse: E504, if units stand in a circle.
        """
        parents = {unit.id: unit.parent for unit in enterprise.units}
        rows = [list(_climb(unit, parents)) for unit in units.values]
        return cls(
            starts=np.cumsum([0, *map(len, rows)]),
            above=units.codes(unit for row in rows for unit in row),
        )


@frozen(kw_only=True, eq=False)
class Staffing:
    """Bemanning: one post for each person, role and unit engaged in on a day, sorted so.

    `posts` has the role as its key; several engagements of one person in the same role and unit
    are one post, whose `share` is their sum in basis points.
    """

    posts: Posts
    unit: Array
    share: Array
    units: Words[UnitId]
    roles: Words[RoleId]


def staffing_of(
    enterprise: Enterprise, people: Words[EmployeeId], roles: Words[RoleId], on: date
) -> Staffing:
    """Find everybody who is engaged on a day.

    Raises:
        Misuse: E503, if an engagement names a role, unit or person that is not there.
    """
    table, day = enterprise.engagements.sorted(), days(on)
    units: Words[UnitId] = Words.of(unit.id for unit in enterprise.units)
    now = np.flatnonzero((table.column("start") <= day) & (day <= table.column("end")))
    person, role, unit = (
        places_of(table, name, words)[table.column(name)[now]]
        for name, words in (("employee", people), ("role", roles), ("unit", units))
    )
    new = (np.diff(column, prepend=-1) != 0 for column in (person, role, unit))
    first = np.flatnonzero(np.logical_or.reduce(tuple(new)))
    return Staffing(
        posts=Posts(person=person[first], key=role[first]),
        unit=unit[first],
        share=np.add.reduceat(table.column("share")[now].astype(np.int64), first),
        units=units,
        roles=roles,
    )


def seat_gaps(enterprise: Enterprise, staffing: Staffing, on: date) -> tuple[SeatGap, ...]:
    """Hold the seats wanted on a day against the shares that fill them, by unit and role."""
    wanted: dict[tuple[UnitId, RoleId], int] = {}
    for seats in enterprise.seats:
        if (seats.start or on) <= on <= (seats.end or on):
            place = seats.unit, seats.role
            wanted[place] = wanted.get(place, 0) + seats.share
    filled = _filled(staffing)
    return tuple(
        SeatGap(unit=unit, role=role, wanted=wanted[unit, role], filled=filled.get((unit, role), 0))
        for unit, role in sorted(wanted)
    )


def _filled(staffing: Staffing) -> dict[tuple[UnitId, RoleId], int]:
    width = max(len(staffing.roles), 1)
    places, where = np.unique(
        staffing.unit.astype(np.int64) * width + staffing.posts.key, return_inverse=True
    )
    shares = np.zeros(len(places), np.int64)
    np.add.at(shares, where, staffing.share)
    units, roles = staffing.units.values, staffing.roles.values
    ends = (divmod(int(place), width) for place in places)
    return {(units[u], roles[r]): int(n) for (u, r), n in zip(ends, shares, strict=True)}


def _climb(unit: UnitId, parents: dict[UnitId, UnitId | None]) -> Iterator[UnitId]:
    here: UnitId | None = unit
    for _ in range(len(parents)):
        if here is None or here not in parents:
            return
        yield here
        here = parents[here]
    if here is not None:
        raise Misuse("E504", f"the units above {unit!r} run in a circle")
