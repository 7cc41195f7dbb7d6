"""How many heads is each headcount short of, and who may change that? Roll: who stands where.

Clause G-8. Everybody in the unit of a headcount, or below it, who is known to hold its level, or
not known about, counts as a head there, as in the least gap of `HeadcountGap`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import field, frozen

from kompetanse_core.gap import HeadState
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.model.validators import FULL_TIME
from kompetanse_core.model.work import Headcount, RoleId, UnitId
from kompetanse_core.plan.choices import Muster
from kompetanse_core.plan.scene import Row, Scene
from kompetanse_core.strategy import Demands

Key = tuple[int, int]


@frozen(kw_only=True, eq=False, repr=False)
class Roll:
    """Hold the headcounts by their places in `Gaps.headcounts`, and where people stand to them."""

    scene: Scene
    demands: Demands
    _asked: Sequence[Headcount] = field(alias="asked")
    _stand: Mapping[int, Mapping[int, HeadState]] = field(alias="stand")
    """Where somebody, by code, stands to each headcount whose unit they work in or below."""
    _above: Mapping[UnitId, frozenset[UnitId]] = field(alias="above")

    def musters(self) -> tuple[Muster, ...]:
        """Say of each headcount how many heads it is short of today, and what a head is worth."""
        return tuple(
            Muster(
                short=gap.headcount.count - gap.known - gap.unknown,
                worth=gap.headcount.level * FULL_TIME,
            )
            for gap in self.scene.gaps.headcounts
        )

    def lifted(self, person: int, competence: CompetenceId, reach: int) -> tuple[int, ...]:
        """Give the headcounts where somebody who lacks the level would be a head."""
        return tuple(
            place
            for place, state in self._stand.get(person, {}).items()
            if state is HeadState.LACKING
            and self._asked[place].competence == competence
            and self._asked[place].level <= reach
        )

    def hired(self, unit: UnitId, role: RoleId) -> tuple[int, ...]:
        """Give the headcounts where somebody new in a role would be a head."""
        return tuple(
            place
            for place, asked in enumerate(self._asked)
            if asked.unit in self._above.get(unit, ()) and self._asks(role, asked)
        )

    def joined(self, move: Row, legs: Sequence[Row]) -> tuple[int, ...]:
        """Give the headcounts where somebody who moves would be a head, and was not there before.

        What they hold counts as the seat's role requires it. Where the law asks, they must learn
        it on the way: what follows from something else that they hold may not do.
        """
        seat, stand = self.scene.gaps.seats[move.seat], self._stand.get(move.employee, {})
        learnt = {(leg.competence, leg.reach) for leg in legs}
        return tuple(
            place
            for place in self.hired(seat.unit, seat.role)
            if place not in stand
            and (not self._asked[place].statutory or self._learns(learnt, self._asked[place]))
        )

    def left(self, move: Row) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Give the headcounts that a move takes a head from, and those it puts out of reach."""
        stays = {above for unit in self._kept(move) for above in self._above.get(unit, ())}
        found: dict[bool, list[int]] = {True: [], False: []}
        for place, state in self._stand.get(move.employee, {}).items():
            if self._asked[place].unit not in stays:
                found[state is not HeadState.LACKING].append(place)
        return tuple(found[True]), tuple(found[False])

    def _kept(self, move: Row) -> Iterator[UnitId]:
        """Yield the units that somebody works in after a move."""
        yield self.scene.gaps.seats[move.seat].unit
        origin = self.scene.role(move.origin) if self.scene.leaves(move) else None
        for each in self.scene.engaged[self.scene.people.values[move.employee]]:
            if each.role != origin:
                yield each.unit

    def _learns(self, learnt: set[Key], asked: Headcount) -> bool:
        code = self.scene.competences.code(asked.competence)
        return any(each == code and reach >= asked.level for each, reach in learnt)

    def _asks(self, role: RoleId, asked: Headcount) -> bool:
        demanded = self.demands.get(role, {}).get(asked.competence)
        return demanded is not None and demanded.required and demanded.level >= asked.level


def call_roll(scene: Scene, demands: Demands) -> Roll:
    """Read where everybody stands to each headcount."""
    return Roll(
        scene=scene,
        demands=demands,
        asked=tuple(gap.headcount for gap in scene.gaps.headcounts),
        stand=_stand(scene),
        above=_above(scene),
    )


def _stand(scene: Scene) -> Mapping[int, Mapping[int, HeadState]]:
    heads, states = scene.gaps.heads, tuple(HeadState)
    people = heads.codes_in("employee", scene.people).tolist()
    columns = (heads.column(name).tolist() for name in ("headcount", "state"))
    stand: dict[int, dict[int, HeadState]] = {}
    for person, place, state in zip(people, *columns, strict=True):
        stand.setdefault(person, {})[place] = states[state]
    return stand


def _above(scene: Scene) -> Mapping[UnitId, frozenset[UnitId]]:
    """Give for every unit itself and all units above it; no circle comes past the gaps."""
    parents = {unit.id: unit.parent for unit in scene.gaps.enterprise.units}
    return {unit: frozenset(_climb(unit, parents)) for unit in parents}


def _climb(unit: UnitId, parents: Mapping[UnitId, UnitId | None]) -> Iterator[UnitId]:
    here: UnitId | None = unit
    while here is not None:
        yield here
        here = parents.get(here)
