"""Who can stand where, and what is met there, period by period? Stage: a course in numbers.

What each person would meet in each place is asked of `find_gaps`, once for each period: everybody
is held against every role that they have or could move to. So levels fade, proof expires and
requirements come and go in a simulation exactly as they do in an analysis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.columns import Words
from kompetanse_core.columns.chance import marks_of
from kompetanse_core.columns.faring import OLDEST
from kompetanse_core.columns.layout import Array, days
from kompetanse_core.columns.tallying import FULL
from kompetanse_core.columns.turns import Course, Sizes, narrowed
from kompetanse_core.errors import Misuse
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import AgeBand, Employee, EmployeeId, Engagement
from kompetanse_core.model.validators import MOST
from kompetanse_core.model.work import RoleId
from kompetanse_core.scenario.agenda import Desk, Post, Written, lead_of, posts_of, written
from kompetanse_core.scenario.flows import Flows
from kompetanse_core.scenario.situation import Agenda, Cell, Grid

AGES: Mapping[AgeBand, tuple[int, int]] = MappingProxyType(
    {
        AgeBand.UNDER_30: (20, 10),
        AgeBand.FROM_30: (30, 10),
        AgeBand.FROM_40: (40, 10),
        AgeBand.FROM_50: (50, 5),
        AgeBand.FROM_55: (55, 5),
        AgeBand.FROM_60: (60, 5),
        AgeBand.FROM_65: (65, 5),
    }
)
"""The youngest age of each band, and so many years of age from there."""


@frozen(kw_only=True, eq=False)
class Stage:
    """Hold a course with what its numbers stand for."""

    cells: tuple[Cell, ...]
    people: tuple[EmployeeId, ...]
    posts: tuple[Post, ...]
    course: Course
    sizes: Sizes
    written: Written


@frozen(kw_only=True, eq=False)
class Ground:
    """Hold what is the same whatever is decided: who is there, in which cells, on which days."""

    enterprise: Enterprise
    flows: Flows
    starts: tuple[date, ...]
    months: int
    people: tuple[EmployeeId, ...]
    cells: tuple[Cell, ...]
    homes: Homes

    @property
    def home(self) -> Array:
        """Give the cell of everybody's largest share on the first day, -1 for none, (people,)."""
        number = {cell: place for place, cell in enumerate(self.cells)}
        posts = [(person, number[cell]) for person, cell in self.homes]
        place = {post: row for row, post in enumerate(posts)}
        first = self.starts[:1]
        share = _shares(self.enterprise, self.people, first, number, place)
        person = np.array([post[0] for post in posts], np.int64)
        main = _mains(share, person, len(self.people))[0]
        cells = np.array([*(post[1] for post in posts), -1], np.int64)
        found: Array = cells[main]
        return found


Homes = tuple[tuple[int, Cell], ...]
"""Each place that a person has at some time, by the person's number."""


def grounded(enterprise: Enterprise, flows: Flows, starts: tuple[date, ...], months: int) -> Ground:
    """Find out who is there, and in which cells anybody may come to stand."""
    people = tuple(each.id for each in enterprise.employees)
    homes = _homes(enterprise, people)
    return Ground(
        enterprise=enterprise,
        flows=flows,
        starts=starts,
        months=months,
        people=people,
        cells=_cells(enterprise, homes, _reachable(flows)),
        homes=homes,
    )


def staged(ground: Ground, agendas: Sequence[Agenda], first: int, last: int) -> Stage:
    """Lay out who can stand where, and what is on the agendas from one turn up to another.

    Raises:
        Misuse: E503, if an agenda names a person or a place that is not there.
    """
    enterprise, flows, starts = ground.enterprise, ground.flows, ground.starts
    people, cells = ground.people, ground.cells
    number = {cell: place for place, cell in enumerate(cells)}
    named = {person: spot for spot, person in enumerate(people)}
    try:
        more = posts_of(agendas, named, number)
        posts = _posts(ground.homes, _reachable(flows), len(people), number, more)
        place = {post: row for row, post in enumerate(posts)}
        desk = Desk(
            flows=flows,
            starts=starts,
            first=first,
            last=last,
            people=named,
            cells=number,
            place=place,
        )
        lines = written(agendas, desk)
    except KeyError as error:
        raise Misuse("E503", "actions name a person, unit or role that is not there") from error
    hires = [hire for agenda in agendas for actions in agenda for hire in actions.hires]
    share = _shares(enterprise, people, starts, number, place)
    met = _met(enterprise, people, cells, posts, flows, starts)
    moves = _moves(flows, posts, cells, number, place)
    sizes = Sizes(
        people=len(people),
        rows=len(posts),
        cells=len(cells),
        turns=len(starts),
        slots=len(people) + _room(enterprise, flows, starts) + sum(hire.heads for hire in hires),
        ahead=max([1, *_leads(flows), *(lead_of(hire, desk) for hire in hires)]) + 1,
        months=ground.months,
        groups=len({role for _, role in cells}),
    )
    person = np.array([post[0] for post in posts], np.int64)
    course = Course(
        starts=np.searchsorted(person, np.arange(len(people) + 1)),
        cell=np.array([post[1] for post in posts], np.int32),
        main=_mains(share, person, len(people)).reshape(-1),
        book=narrowed(np.stack((share, *(met[name] for name in _TRIPLE)), axis=2).reshape(-1)),
        **moves,
        **_leaving(enterprise, flows, cells),
        gone=np.arange(len(starts), dtype=np.int64) * ground.months // 12,
        wanted=_wanted(enterprise, starts, number).reshape(-1),
        **_hiring(flows, cells, place, len(people), ground.months),
        mark=marks_of([f"person {each}" for each in people]),
        place=marks_of([f"cell {unit}\n{role}" for unit, role in cells]),
        **lines.arrays,
    )
    return Stage(cells=cells, people=people, posts=posts, course=course, sizes=sizes, written=lines)


def _leads(flows: Flows) -> Iterator[int]:
    return (each.lead for each in flows.hiring)


def _homes(enterprise: Enterprise, people: Sequence[EmployeeId]) -> Homes:
    number = {person: place for place, person in enumerate(people)}
    return tuple(sorted({(number[e.employee], (e.unit, e.role)) for e in enterprise.engagements}))


def _reachable(flows: Flows) -> Mapping[RoleId, frozenset[RoleId]]:
    """Give, for each role that somebody may leave for another, all roles that may follow."""
    steps: dict[RoleId, set[RoleId]] = {}
    for move in flows.moves:
        steps.setdefault(move.source, set()).add(move.target)
    found = {}
    for role in steps:
        seen, ahead = set(steps[role]), list(steps[role])
        while ahead:
            more = steps.get(ahead.pop(), set()) - seen
            seen |= more
            ahead += more
        found[role] = frozenset(seen)
    return found


def _cells(
    enterprise: Enterprise, homes: Homes, targets: Mapping[RoleId, frozenset[RoleId]]
) -> tuple[Cell, ...]:
    cells = {cell for _, cell in homes} | {(s.unit, s.role) for s in enterprise.seats}
    cells |= {(unit, to) for unit, role in cells for to in targets.get(role, ())}
    return tuple(sorted(cells))


def _posts(
    homes: Homes,
    targets: Mapping[RoleId, frozenset[RoleId]],
    newcomer: int,
    number: Mapping[Cell, int],
    more: set[Post],
) -> tuple[Post, ...]:
    """Give all places of everybody; somebody who is hired may stand in any cell.

    Whoever is redeployed may go on from there, as whoever has been there from the first day.
    """
    posts = more | {(person, number[cell]) for person, cell in homes}
    cells = tuple(number)
    for person, cell in tuple(posts):
        unit, role = cells[cell]
        posts |= {(person, number[unit, to]) for to in targets.get(role, ())}
    posts |= {(newcomer, cell) for cell in number.values()}
    return tuple(sorted(posts))


def _shares(
    enterprise: Enterprise,
    people: Sequence[EmployeeId],
    starts: Sequence[date],
    number: Mapping[Cell, int],
    place: Mapping[Post, int],
) -> Grid:
    who = {person: spot for spot, person in enumerate(people)}
    shares = np.zeros((len(starts), len(place)), np.int32)
    begins = [days(start) for start in starts]
    for e in enterprise.engagements:
        first = 0 if e.start is None else int(np.searchsorted(begins, days(e.start)))
        last = len(begins) if e.end is None else int(np.searchsorted(begins, days(e.end), "right"))
        shares[first:last, place[who[e.employee], number[e.unit, e.role]]] += e.share
    return shares


def _mains(share: Grid, person: Array, people: int) -> Grid:
    """Give everybody's largest share in each period, the first of equals; -1 for the absent."""
    mains = np.full((len(share), people), -1, np.int32)
    for turn, now in enumerate(share):
        rows = np.flatnonzero(now)
        order = rows[np.lexsort((rows, -now[rows], person[rows]))]
        found, first = np.unique(person[order], return_index=True)
        mains[turn, found] = order[first]
    return mains


def _met(
    enterprise: Enterprise,
    people: Sequence[EmployeeId],
    cells: Sequence[Cell],
    posts: Sequence[Post],
    flows: Flows,
    starts: Sequence[date],
) -> Mapping[str, Grid]:
    """Ask what everybody would meet in each of their places, and what somebody hired does."""
    newcomer = EmployeeId(max(people, default="") + "+")
    names = Words((*people, newcomer))
    everywhere = evolve(
        enterprise,
        employees=(*enterprise.employees, Employee(id=newcomer)),
        engagements=[
            Engagement(employee=names.values[person], unit=cells[cell][0], role=cells[cell][1])
            for person, cell in posts
        ],
    )
    keys = np.array([person * len(cells) + cell for person, cell in posts], np.int64)
    sums = {name: np.zeros((len(starts), len(posts)), np.int64) for name in _TRIPLE}
    ready = {each.role: each.ready for each in flows.hiring}
    fresh = [row for row, post in enumerate(posts) if post[0] == len(people)]
    wide = np.array([ready.get(cells[posts[row][1]][1], FULL) for row in fresh], np.int64)
    for turn, start in enumerate(starts):
        summed = _summed(everywhere, names, cells, keys, start)
        for name, numbers in zip(_TRIPLE, summed, strict=True):
            sums[name][turn] = numbers
        whole = sum(sums[name][turn, fresh] for name in _TRIPLE)
        sums["met"][turn, fresh] = whole * wide // FULL
        sums["missing"][turn, fresh] = whole - whole * wide // FULL
        sums["unknown"][turn, fresh] = 0
    return sums


_TRIPLE = ("met", "missing", "unknown")


def _summed(
    everywhere: Enterprise,
    names: Words[EmployeeId],
    cells: Sequence[Cell],
    keys: Array,
    on: date,
) -> Iterator[Array]:
    """Give what is met, missing and unknown on a day in each post, by its person and cell."""
    rows = find_gaps(everywhere, on=on).rows
    units, roles = rows.words_of("unit"), rows.words_of("role")
    number = np.full((len(units) + 1, len(roles) + 1), -1, np.int64)
    for spot, (unit, role) in enumerate(cells):
        number[units.code(unit), roles.code(role)] = spot
    who, unit_of, role_of = (rows.column(name) for name in ("employee", "unit", "role"))
    first = _begins(who, unit_of, role_of)
    person = rows.words_of("employee").places_in(names)[who[first]].astype(np.int64)
    of = np.searchsorted(keys, person * len(cells) + number[unit_of[first], role_of[first]])
    for name in _TRIPLE:
        summed = np.zeros(len(keys), np.int64)
        summed[of] = np.add.reduceat(rows.column(name), first) if len(first) else 0
        yield summed


def _begins(*columns: Array) -> Array:
    """Give the places where a row is of another post than the row before."""
    other = np.zeros(len(columns[0]), np.bool_)
    other[:1] = True
    for numbers in columns:
        other[1:] |= numbers[1:] != numbers[:-1]
    return np.flatnonzero(other)


def _moves(
    flows: Flows,
    posts: Sequence[Post],
    cells: Sequence[Cell],
    number: Mapping[Cell, int],
    place: Mapping[Post, int],
) -> dict[str, Array]:
    ahead: dict[RoleId, list[tuple[RoleId, int]]] = {}
    for move in sorted(flows.moves, key=lambda each: (each.source, each.target)):
        ahead.setdefault(move.source, []).append((move.target, move.chance))
    ways, way, upto = [0], list[int](), list[int]()
    for person, cell in posts:
        unit, role = cells[cell]
        sofar = 0
        for target, chance in ahead.get(role, ()):
            sofar += chance
            way.append(place[person, number[unit, target]])
            upto.append(sofar)
        ways.append(len(way))
    return {
        "ways": np.array(ways, np.int64),
        "way": np.array(way, np.int32),
        "upto": np.array(upto, np.int64),
    }


def _leaving(enterprise: Enterprise, flows: Flows, cells: Sequence[Cell]) -> dict[str, Array]:
    ages = [AGES[each.age] if each.age else (0, 0) for each in enterprise.employees]
    return {
        "leave": np.array([flows.leaving(*cell) for cell in cells], np.int64),
        "retire": np.array(flows.retiring(OLDEST), np.int64),
        "youngest": np.array([young for young, _ in ages], np.int64),
        "years": np.array([years for _, years in ages], np.int64),
    }


def _wanted(enterprise: Enterprise, starts: Sequence[date], number: Mapping[Cell, int]) -> Grid:
    wanted = np.zeros((len(starts), len(number)), np.int64)
    for seats in enterprise.seats:
        for turn, on in enumerate(starts):
            if (seats.start or on) <= on <= (seats.end or on):
                wanted[turn, number[seats.unit, seats.role]] += seats.share
    return wanted


def _hiring(
    flows: Flows, cells: Sequence[Cell], place: Mapping[Post, int], newcomer: int, months: int
) -> dict[str, Array]:
    by_role = {each.role: each for each in flows.hiring}
    found = [by_role.get(role) for _, role in cells]
    roles = sorted({role for _, role in cells})
    most = [by_role[role].most if role in by_role else None for role in roles]
    years = -(-months // 12)
    return {
        "group": np.array([roles.index(role) for _, role in cells], np.int64),
        "quota": np.array([MOST if each is None else each * years for each in most], np.int64),
        "chance": np.array([each.chance if each else 0 for each in found], np.int64),
        "lead": np.array([each.lead if each else 1 for each in found], np.int64),
        "price": np.array([each.cost if each else 0 for each in found], np.int64),
        "entry": np.array([place[newcomer, cell] for cell in range(len(cells))], np.int32),
    }


def _room(enterprise: Enterprise, flows: Flows, starts: Sequence[date]) -> int:
    """Count the slots for those hired: all seats once, and again each period if they can move."""
    roles = {each.role for each in flows.hiring}
    seats = sum(each.share // FULL + 1 for each in enterprise.seats if each.role in roles)
    return seats * (len(starts) if flows.moves else 1)
