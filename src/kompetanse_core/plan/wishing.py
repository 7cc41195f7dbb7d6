"""What do people wish for that no gap asks for, and is there room? `aspirations_of` answers.

Wishes come after the plan: what it needs is taken first, and its value, bound and kroner stay as
they are. What is left, up to `Limits.wish_budget`, goes to the wish that was stated first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cached_property

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.gap import Gap, Validity
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.model.people import EmployeeId, Wish
from kompetanse_core.model.work import Aim, RoleId, UnitId
from kompetanse_core.plan.aspiration import Aspiration, WishState
from kompetanse_core.plan.calendar import Slot
from kompetanse_core.plan.choices import Choices, Chosen
from kompetanse_core.plan.nouns import CostBearer, Criterion, EducationClass, PlanItem, Responsible
from kompetanse_core.plan.room import Room, Taken, room_of, taken_by
from kompetanse_core.plan.scene import Scene
from kompetanse_core.plan.wayfinding import Leg, wayfinder_for
from kompetanse_core.recommendation.traits import wishes_on
from kompetanse_core.strategy import Demands, Strategy

Placed = tuple[tuple[PlanItem, ...], Taken]
TEACHING = (Strategy.UPSKILL, Strategy.RESKILL)


def aspirations_of(
    scene: Scene, choices: Choices, chosen: Chosen, demands: Demands
) -> tuple[Aspiration, ...]:
    """Lay out every wish that no gap of the person stands behind, the one stated first first."""
    wishes = tuple(_unasked(scene))
    if not wishes:
        return ()
    finder = wayfinder_for(scene, demands, {wish.employee for wish in wishes})
    ways = [finder.way(wish) for wish in wishes]
    wanted = {leg.measure.id: leg.measure for way in ways for leg in way or ()}
    room = room_of(scene, choices, tuple(wanted.values()))
    clerk, taken = _Clerk(scene=scene, demands=demands, room=room), taken_by(room, choices, chosen)
    found: list[Aspiration] = []
    for wish, way in zip(wishes, ways, strict=True):
        aspiration, taken = clerk.laid_out(wish, way, taken)
        found.append(aspiration)
    return tuple(found)


@frozen(kw_only=True)
class _Footing:
    """Hold what a wish serves: its class, who pays, and where in the enterprise it belongs."""

    education: EducationClass
    bearer: CostBearer
    unit: UnitId
    role: RoleId | None


@frozen(kw_only=True, eq=False)
class _Clerk:
    """Lay out one wish after the other."""

    scene: Scene
    demands: Demands
    room: Room

    def laid_out(
        self, wish: Wish, way: tuple[Leg, ...] | None, taken: Taken
    ) -> tuple[Aspiration, Taken]:
        """Say what a wish takes and how it stands, and what is taken after it."""
        serves = self._served(wish, way or ())
        plain = Aspiration(
            wish=wish,
            state=WishState.NO_WAY if way is None else WishState.HELD,
            education=serves.education,
            bearer=serves.bearer,
        )
        if not way:
            return plain, taken
        fits = self.room.fits if self.scene.limits.wish_budget else _never
        granted = self._placed(wish, way, serves, taken, fits)
        if granted is not None:
            return evolve(plain, state=WishState.GRANTED, steps=granted[0]), granted[1]
        proposed = self._placed(wish, way, serves, taken, _always)
        if proposed is None:
            return evolve(plain, state=WishState.NO_WAY), taken
        return evolve(plain, state=WishState.PROPOSED, steps=proposed[0]), taken

    def _placed(
        self,
        wish: Wish,
        way: tuple[Leg, ...],
        serves: _Footing,
        taken: Taken,
        fits: Callable[[Taken], bool],
    ) -> Placed | None:
        """Begin each measure when the one before has ended and there is room; None if it cannot."""
        ready, steps = self.scene.calendar.days[0], list[PlanItem]()
        for leg in way:
            begun = self._begun(wish, leg, serves, taken, ready, fits)
            if begun is None:
                return None
            step, taken = begun
            steps.append(step)
            ready = step.end
        return tuple(steps), taken

    def _begun(
        self,
        wish: Wish,
        leg: Leg,
        serves: _Footing,
        taken: Taken,
        ready: date,
        fits: Callable[[Taken], bool],
    ) -> tuple[PlanItem, Taken] | None:
        person = self.scene.people.code(wish.employee)
        for slot in self.room.offers[leg.measure.id].slots:
            more, cost = self.room.seat(taken, person, leg.measure, slot)
            if slot.day >= ready and fits(more):
                return self._step(wish, leg, serves, slot, cost), more
        return None

    def _step(self, wish: Wish, leg: Leg, serves: _Footing, slot: Slot, cost: int) -> PlanItem:
        """Draft one measure of a wish; an own wish is first of all the person's matter (A-14)."""
        person, measure = self.scene.people.code(wish.employee), leg.measure
        own = serves.education is EducationClass.OWN_WISH
        return PlanItem(
            strategy=Strategy.UPSKILL,
            unit=serves.unit,
            role=serves.role,
            employee=wish.employee,
            measure=measure.id,
            lifts=leg.lifts,
            start=slot.day,
            end=slot.end,
            sessions=1,
            hours=measure.hours_a_head,
            incentives=measure.incentives,
            grant=self.scene.grant(person, measure, slot.day),
            cost=cost,
            bearer=serves.bearer,
            education=serves.education,
            responsible=Responsible.INDIVIDUAL if own else Responsible.JOINT,
            needs_drofting=measure.affects_operation,
            drofting_from=self.scene.calendar.drofting.get(measure.id),
            aims=_aims(wish, measure.aims),
            criterion=Criterion(due=slot.end, lifts=leg.lifts),
        )

    def _served(self, wish: Wish, way: Sequence[Leg]) -> _Footing:
        """Class a wish: it keeps up one's own work, leads to a vacant seat, or is one's own."""
        if wish.role is not None and (found := self._vacant(wish.role, way)) is not None:
            return found
        if wish.role is None and (found := self._kept_up(wish.employee, way)) is not None:
            return found
        home = min((-e.share, e.unit) for e in self.scene.engaged[wish.employee])[1]
        return _footing(EducationClass.OWN_WISH, CostBearer.OPEN, home, None)

    def _vacant(self, role: RoleId, way: Sequence[Leg]) -> _Footing | None:
        """Say what a wish for a role with a vacant seat serves (A-9)."""
        seat = next((s for s in self.scene.gaps.seats if s.role == role and s.vacant), None)
        if seat is None:
            return None
        asked = self.demands.get(role, {})
        learnt = [asked[c] for leg in way for c in _competences(leg) if c in asked]
        needed = any(each.needs or each.statutory for each in learnt or asked.values())
        bearer = CostBearer.EMPLOYER if needed else CostBearer.OPEN
        return _footing(EducationClass.FURTHER, bearer, seat.unit, role)

    def _kept_up(self, person: EmployeeId, way: Sequence[Leg]) -> _Footing | None:
        """Say what a wish serves that renews, or would show, what one's own role asks (A-8)."""
        reached = {lift.competence: lift.reach for leg in way for lift in leg.lifts}
        for row in self._rows.get(person, ()):
            due = row.unknown > 0 or row.validity is Validity.EXPIRING
            if due and reached.get(row.competence, 0) >= row.need:
                needed = row.statutory or bool(self.scene.gaps.why(row).needs)
                bearer = CostBearer.EMPLOYER if needed else CostBearer.OPEN
                return _footing(EducationClass.CONTINUING, bearer, row.unit, row.role)
        return None

    @cached_property
    def _rows(self) -> dict[EmployeeId, list[Gap]]:
        """Give what is required of everybody who wishes for something."""
        rows = self.scene.gaps.rows
        wishing = self.scene.gaps.enterprise.wishes.words_of("employee").values
        mine = np.isin(rows.column("employee"), rows.words_of("employee").codes(wishing))
        found: dict[EmployeeId, list[Gap]] = {}
        for row in rows.where(mine):
            found.setdefault(row.employee, []).append(row)
        return found


def _footing(
    education: EducationClass, bearer: CostBearer, unit: UnitId, role: RoleId | None
) -> _Footing:
    return _Footing(education=education, bearer=bearer, unit=unit, role=role)


def _competences(leg: Leg) -> Iterator[CompetenceId]:
    yield from (lift.competence for lift in leg.lifts)


def _aims(wish: Wish, aims: tuple[Aim, ...]) -> tuple[Aim, ...]:
    """Say what a wish is for: a career where a role is named, otherwise the measure's aims (K-4).

    Where these say nothing of the person, it is the person's growth: that they have said.
    """
    named = ((Aim.CAREER,) if wish.role is not None else ()) + aims
    grown = () if any(aim.for_person for aim in named) else (Aim.GROWTH,)
    return tuple(dict.fromkeys((*named, *grown)))


def _always(taken: Taken) -> bool:
    return True


def _never(taken: Taken) -> bool:
    return False


# --- wishes that no gap stands behind -----------------------------------------------------------


def _unasked(scene: Scene) -> Iterator[Wish]:
    """Yield what people who work here have wished for by the day and no gap of theirs asks for."""
    wishes = sorted(wishes_on(scene.gaps), key=_in_order)
    asked = _asked(scene, {wish.employee for wish in wishes})
    seen: set[tuple[str | None, ...]] = set()
    for wish in wishes:
        what = tuple(getattr(wish, name) for name in ("employee", "measure", "role", "competence"))
        if wish.employee in scene.engaged and what not in seen and not asked & _things(wish):
            yield wish
        seen.add(what)


def _in_order(wish: Wish) -> tuple[date, str, str, str, str]:
    named = wish.measure or "", wish.role or "", wish.competence or ""
    return wish.stated, wish.employee, *named


def _things(wish: Wish) -> set[tuple[str, str, str]]:
    """Give what a wish names, each with the person and its kind."""
    kinds = ("measure", "role", "competence")
    named = ((kind, getattr(wish, kind)) for kind in kinds)
    return {(wish.employee, kind, thing) for kind, thing in named if thing is not None}


def _asked(scene: Scene, people: set[EmployeeId]) -> set[tuple[str, str, str]]:
    """Give what gaps ask of some people: what they lack, the ways open to them, their own roles."""
    rows, options = scene.gaps.rows, scene.recommendations.options.rows
    mine = np.isin(rows.column("employee"), rows.words_of("employee").codes(sorted(people)))
    lacked = rows.where(mine & (rows.column("missing") > 0))
    found = {(str(row.employee), "competence", str(row.competence)) for row in lacked}
    teaching = [number for number, each in enumerate(Strategy) if each in TEACHING]
    open_ = np.isin(options.column("strategy"), teaching)
    open_ &= np.isin(options.column("employee"), scene.people.codes(sorted(people)))
    for way in options.where(open_):
        named = ("measure", way.measure), ("competence", way.competence), ("role", way.role)
        moved = way.strategy is Strategy.RESKILL
        found |= {
            (str(way.employee), kind, str(thing))
            for kind, thing in named
            if thing is not None and (kind != "role" or moved)
        }
    for person in people:
        found |= {(person, "role", str(each.role)) for each in scene.engaged.get(person, ())}
    return found
