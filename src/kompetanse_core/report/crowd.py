"""Of how few does a figure of a scenario tell? Crowd: of each outlook, as a whole and by role.

A scenario stands beside the enterprise as it is, and beside other scenarios: whoever subtracts one
from another learns about those who are otherwise in them. Where these are few, the scenario is held
back, however many work in the enterprise (FAULTS 84, 86).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import field, frozen

from kompetanse_core.columns import Table
from kompetanse_core.columns.faring import OLDEST
from kompetanse_core.columns.layout import days
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.scenario import Flows, Outlook, Outlooks, Swing
from kompetanse_core.scenario.difference import apart
from kompetanse_core.scenario.stage import AGES

People = frozenset[EmployeeId]
Roles = Mapping[EmployeeId, frozenset[RoleId]]
Pair = tuple[str, str]
"""A scenario and a policy, by name."""


@frozen(kw_only=True)
class Apart:
    """Atskilt: who is otherwise than in another scenario, by role; `versus` nobody, decided about.

    `versus` is empty where it is the enterprise as it is.
    """

    versus: str | None
    by_role: Mapping[RoleId, People] = field(repr=False)

    def among(self, roles: Collection[RoleId]) -> int:
        """Count those who have one of some roles."""
        return len(frozenset().union(*(self.by_role.get(role, frozenset()) for role in roles)))


@frozen(kw_only=True)
class Crowd:
    """Flokk: the fewest that a figure of an outlook is about as a whole, and who is apart in it."""

    whole: int
    apart: tuple[Apart, ...]


@frozen(kw_only=True, eq=False)
class _Laid:
    """Hold a scenario laid over the enterprise, with what may happen by chance in it."""

    enterprise: Enterprise
    flows: Flows


def crowds(outlooks: Outlooks, *, k: int) -> Mapping[Pair, Crowd]:
    """Count the people behind each outlook: those at work, those otherwise, those decided about.

    A scenario is held against the enterprise as it is, and against those before it that are told.
    """
    flows, starts = outlooks.flows, outlooks.of[0].starts
    laid = [_Laid(enterprise=outlooks.enterprise, flows=flows)]
    laid += [
        _Laid(enterprise=each.apply(outlooks.enterprise), flows=each.flows or flows)
        for each in outlooks.laid
    ]
    names, roles = ("", *outlooks.scenarios), _roles([each.enterprise for each in laid])
    found, told, groups = _all_apart(laid, starts), [0], dict[str, list[tuple[str, People]]]()
    for place, name in enumerate(names[1:], start=1):
        groups[name] = [
            (names[before], group) for before in told for group in found[before, place] if group
        ]
        if all(len(group) >= k for _, group in groups[name]):
            told.append(place)
    working = {
        name: _at_work(each.enterprise, starts) for name, each in zip(names, laid, strict=True)
    }
    return MappingProxyType(
        {
            (o.scenario, o.policy): _crowd(o, working[o.scenario], groups[o.scenario], roles)
            for o in outlooks
        }
    )


def behind_swing(swing: Swing, outlooks: Outlooks) -> int:
    """Give the fewest that a swing tells of: those at work, and those whose chances it changes."""
    low, high = (_Laid(enterprise=outlooks.enterprise, flows=each) for each in swing.extremes)
    starts = outlooks.of[0].starts
    people = min(swing.people, _at_work(outlooks.enterprise, starts))
    return min(people, len(_fates_apart(low, high, starts)) or people)


def _at_work(enterprise: Enterprise, starts: Sequence[date]) -> int:
    """Count the fewest who have a role on any of some days; somebody who has two counts once."""
    rows = enterprise.engagements
    who, first, last = (rows.column(name) for name in ("employee", "start", "end"))
    here = ((first <= days(on)) & (days(on) <= last) for on in starts)
    return min(len(np.unique(who[each])) for each in here)


def _crowd(
    outlook: Outlook, working: int, groups: Sequence[tuple[str, People]], roles: Roles
) -> Crowd:
    apart = [Apart(versus=name, by_role=_by_role(group, roles)) for name, group in groups]
    decided = Apart(versus=None, by_role=_by_role(outlook.concerned, roles))
    whole = min([outlook.people, working, *(len(group) for _, group in groups)])
    return Crowd(whole=whole, apart=(*apart, decided))


def _by_role(people: People, roles: Roles) -> Mapping[RoleId, People]:
    found: dict[RoleId, set[EmployeeId]] = {}
    for who in people:
        for role in roles[who]:
            found.setdefault(role, set()).add(who)
    return MappingProxyType({role: frozenset(found[role]) for role in sorted(found)})


def _all_apart(
    laid: Sequence[_Laid], starts: Sequence[date]
) -> Mapping[tuple[int, int], list[People]]:
    """Find for each two who is otherwise: in what may be, in where they work, and day by day."""
    pairs = [*combinations(range(len(laid)), 2)]
    fates = {(a, b): _fates_apart(laid[a], laid[b], starts) for a, b in pairs}
    worlds = [each.enterprise for each in laid]
    first = [next(n for n, one in enumerate(worlds) if one is each) for each in worlds]
    others = {(first[a], first[b]) for a, b in pairs if first[a] != first[b]}
    found = {
        (a, b): [_apart(worlds[a].engagements, worlds[b].engagements)] for a, b in sorted(others)
    }
    for on in starts:
        rows = {n: find_gaps(worlds[n], on=on).rows for n in sorted(set(first))}
        for a, b in found:
            found[a, b].append(_apart(rows[a], rows[b]))
    return {(a, b): [fates[a, b], *found.get((first[a], first[b]), [])] for a, b in pairs}


def _apart(one: Table[Any], other: Table[Any]) -> People:
    return frozenset(map(EmployeeId, apart(one, other, "employee")))


def _roles(enterprises: Sequence[Enterprise]) -> Roles:
    """Give everybody's roles, whenever and wherever they have them."""
    found: dict[EmployeeId, set[RoleId]] = {}
    for each in enterprises:
        for who in each.employees.words_of("id").values:
            found.setdefault(EmployeeId(who), set())
        rows = each.engagements
        people, roles = (rows.words_of(name).values for name in ("employee", "role"))
        for who, role in zip(*(rows.column(n).tolist() for n in ("employee", "role")), strict=True):
            found[EmployeeId(people[who])].add(RoleId(roles[role]))
    return {who: frozenset(roles) for who, roles in found.items()}


# --- chances --------------------------------------------------------------------------------------


def _fates_apart(one: _Laid, other: _Laid, starts: Sequence[date]) -> People:
    """Find everybody whose chances differ."""
    if one.flows == other.flows:
        return frozenset()
    years = starts[-1].year - starts[0].year + 1
    first, second = (dict(_fates(each, years)) for each in (one, other))
    return frozenset(who for who in {**first, **second} if first.get(who) != second.get(who))


def _fates(laid: _Laid, years: int) -> Iterator[tuple[EmployeeId, object]]:
    """Yield for everybody the chances to leave, to retire within so many years, and to move."""
    flows, places = laid.flows, dict[EmployeeId, set[tuple[UnitId, RoleId]]]()
    for each in laid.enterprise.engagements:
        places.setdefault(each.employee, set()).add((each.unit, each.role))
    retiring = flows.retiring(OLDEST)
    for who in laid.enterprise.employees:
        mine = sorted(places.get(who.id, ()))
        young, width = AGES[who.age] if who.age else (0, -years)
        yield (
            who.id,
            (
                [flows.leaving(*place) for place in mine],
                retiring[young : young + width + years],
                [move for move in flows.moves if move.source in {role for _, role in mine}],
            ),
        )
