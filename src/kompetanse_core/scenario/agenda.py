"""When is what done in which run? Agendas in numbers: what is paid, learnt, sent and sought.

What is decided is the same in many runs, so each agenda stands once and runs refer to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from typing import Any, TypeVar

import numpy as np
from attrs import frozen

from kompetanse_core.columns.layout import Array, days
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.scenario.actions import Actions, Bill, Hire, Learning, Redeployment
from kompetanse_core.scenario.flows import Flows
from kompetanse_core.scenario.situation import Agenda, Cell

Act = TypeVar("Act", Bill, Hire, Learning, Redeployment)
Post = tuple[int, int]
"""A person and a cell, by number."""


@frozen(kw_only=True, eq=False)
class Desk:
    """Hold what agendas are written with: what everything is by number, and which turns to write.

    `place` is the row of each post; whatever falls outside `first` up to `last` is left out.
    """

    flows: Flows
    starts: Sequence[date]
    first: int
    last: int
    people: Mapping[EmployeeId, int]
    cells: Mapping[Cell, int]
    place: Mapping[Post, int]

    def turn(self, day: date) -> int:
        """Give the first turn that begins on a day or later."""
        return int(np.searchsorted([days(start) for start in self.starts], days(day)))

    def cell(self, act: Bill | Hire | Learning | Redeployment) -> int:
        """Give the number of the cell that something is about."""
        return self.cells[act.unit, act.role]

    def row(self, act: Learning | Redeployment) -> int:
        """Give the row of a person in the cell that something is about."""
        return self.place[self.people[act.employee], self.cell(act)]


@frozen(kw_only=True, eq=False)
class Written:
    """Hold agendas in the arrays of a `Course`, and the learning behind each place of them."""

    arrays: Mapping[str, Array]
    lessons: tuple[Learning | None, ...]
    """None where something learnt ends."""
    begins: Array
    """Where the lessons of each agenda begin, (agendas + 1,)."""


def posts_of(
    agendas: Iterable[Agenda], people: Mapping[EmployeeId, int], cells: Mapping[Cell, int]
) -> set[Post]:
    """Give the posts that agendas are about."""
    return {
        (people[act.employee], cells[act.unit, act.role])
        for agenda in agendas
        for actions in agenda
        for act in _posted(actions)
    }


def _posted(actions: Actions) -> Iterator[Learning | Redeployment]:
    yield from actions.learning
    yield from actions.redeployments


def written(agendas: Sequence[Agenda], desk: Desk) -> Written:
    """Write agendas, each after the other and in the order of turns."""
    learnt = [_lessons(agenda, desk) for agenda in agendas]
    bills = [
        _by_turn(desk, ((b, desk.turn(b.on)) for a in agenda for b in a.bills))
        for agenda in agendas
    ]
    sent = [
        _by_turn(desk, ((t, max(0, desk.turn(t.on) - 1)) for a in agenda for t in a.redeployments))
        for agenda in agendas
    ]
    sought = [
        _by_turn(desk, ((h, desk.turn(h.on)) for a in agenda for h in a.hires))
        for agenda in agendas
    ]
    flat = [each for lessons in learnt for each in lessons]
    arrays = {
        "paid_from": _begins(desk, bills),
        **_bills([bill for each in bills for _, bill in each], desk),
        "learnt_from": _begins(desk, learnt),
        **_learning(learnt, desk),
        "sent_from": _begins(desk, sent),
        **_redeployments([move for each in sent for _, move in each], desk),
        "sought_from": _begins(desk, sought),
        **_hires([hire for each in sought for _, hire in each], desk),
    }
    return Written(
        arrays=arrays,
        lessons=tuple(None if ends else lesson for _, (lesson, ends) in flat),
        begins=np.cumsum([0, *map(len, learnt)]),
    )


def _by_turn(desk: Desk, acts: Iterable[tuple[Act, int]]) -> list[tuple[int, Act]]:
    within = [(turn, act) for act, turn in acts if desk.first <= turn < desk.last]
    return sorted(within, key=lambda each: each[0])


Lesson = tuple[Learning, bool]
"""What is learnt, or (True) what ends of it."""


def _lessons(agenda: Agenda, desk: Desk) -> list[tuple[int, Lesson]]:
    """Give what is learnt and what ends, by turn; what is passed on stands after its source."""
    found: list[tuple[int, int, Lesson]] = []
    for learning in (each for actions in agenda for each in actions.learning):
        begins = desk.turn(learning.ready)
        ends = len(desk.starts) if learning.until is None else desk.turn(learning.until)
        if begins < ends:
            found.append((begins, learning.via is not None, (learning, False)))
            found.append((ends, False, (learning, True)))
    within = [(turn, late, each) for turn, late, each in found if desk.first <= turn < desk.last]
    within.sort(key=lambda each: (each[0], each[1], desk.people[each[2][0].employee]))
    return [(turn, each) for turn, _, each in within]


def _begins(desk: Desk, agendas: Sequence[Sequence[tuple[int, Any]]]) -> Array:
    """Tell where each turn of each agenda begins among all that is written."""
    turns, offset, lines = np.arange(len(desk.starts) + 1), 0, []
    for acts in agendas:
        lines.append(offset + np.searchsorted([turn for turn, _ in acts], turns))
        offset += len(acts)
    return np.concatenate(lines).astype(np.int64)


def _bills(bills: Sequence[Bill], desk: Desk) -> dict[str, Array]:
    payers = [-1 if b.employee is None else desk.people[b.employee] for b in bills]
    return {
        "payer": _whole(payers),
        "paid_in": _whole(map(desk.cell, bills)),
        "paid": _whole(bill.cost for bill in bills),
        "hours": _whole(bill.hours for bill in bills),
    }


def _learning(agendas: Sequence[Sequence[tuple[int, Lesson]]], desk: Desk) -> dict[str, Array]:
    flat = [each for lessons in agendas for _, each in lessons]
    signs = [-1 if ends else 1 for _, ends in flat]
    return {
        "learner": _whole(desk.people[lesson.employee] for lesson, _ in flat),
        "learnt": _whole(desk.row(lesson) for lesson, _ in flat),
        "steps": _whole(s * lesson.steps for s, (lesson, _) in zip(signs, flat, strict=True)),
        "success": _whole(_chance(lesson, desk.flows) for lesson, _ in flat),
        "luck": _whole(_marks(agendas)),
        "via": _whole(_sources(agendas)),
    }


def _chance(lesson: Learning, flows: Flows) -> int:
    if lesson.chance is not None:
        return lesson.chance
    return flows.success if lesson.via is None else flows.passing


def _marks(agendas: Sequence[Sequence[tuple[int, Lesson]]]) -> Iterator[int]:
    """Yield a number for the luck of each: of one person, role and turn, no two have the same."""
    for lessons in agendas:
        seen: Counter[str] = Counter()
        for turn, (lesson, _) in lessons:
            name = f"{lesson.employee}\n{lesson.unit}\n{lesson.role}"
            seen[f"{turn} {name}"] += 1
            yield _mark(f"learning {seen[f'{turn} {name}']} {name}")


def _sources(agendas: Sequence[Sequence[tuple[int, Lesson]]]) -> Iterator[int]:
    offset = 0
    for lessons in agendas:
        places = {id(lesson): n for n, (_, (lesson, ends)) in enumerate(lessons) if not ends}
        for _, (lesson, ends) in lessons:
            yield -1 if lesson.via is None or ends else offset + places[id(lesson.via)]
        offset += len(lessons)


def _redeployments(moves: Sequence[Redeployment], desk: Desk) -> dict[str, Array]:
    return {
        "sent": _whole(desk.people[each.employee] for each in moves),
        "sent_to": _whole(map(desk.row, moves)),
    }


def _hires(hires: Sequence[Hire], desk: Desk) -> dict[str, Array]:
    return {
        "sought_in": _whole(map(desk.cell, hires)),
        "sought": _whole(hire.heads for hire in hires),
        "found_in": _whole(lead_of(hire, desk) for hire in hires),
        "odds": _whole(hire.chance for hire in hires),
        "fee": _whole(hire.cost for hire in hires),
        "chime": _whole(_mark(f"hire {hire.unit}\n{hire.role}") for hire in hires),
    }


def lead_of(hire: Hire, desk: Desk) -> int:
    """Give how many turns pass from the announcement until somebody begins, at least one."""
    return max(1, desk.turn(hire.begins) - desk.turn(hire.on))


def _mark(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=4).digest())


def _whole(numbers: Iterable[int]) -> Array:
    return np.array([*numbers], np.int64)
