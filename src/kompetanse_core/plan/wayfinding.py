"""By which measures could a wish come true? `Wayfinder` lays them out, or says that there are none.

Clauses H-2, H-6 and H-7. A way begins at what the person is known to hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from kompetanse_core.model.competence import CompetenceId, Level
from kompetanse_core.model.measure import Measure, MeasureId
from kompetanse_core.model.people import EmployeeId, Wish
from kompetanse_core.model.work import RoleId
from kompetanse_core.plan.nouns import Lift
from kompetanse_core.plan.scene import Scene
from kompetanse_core.strategy.board import counts, lay_out
from kompetanse_core.strategy.demand import Demands
from kompetanse_core.strategy.lifting import before
from kompetanse_core.strategy.moving import Guide, guide_for, way_to


@frozen(kw_only=True)
class Leg:
    """Hold one measure on a way, and what it lifts the person in."""

    measure: Measure
    lifts: tuple[Lift, ...]


@frozen(kw_only=True, eq=False)
class Wayfinder:
    """Hold what it takes to find ways: what roles ask, what people hold, what measures give."""

    guide: Guide
    offered: Mapping[MeasureId, Measure]
    tops: Mapping[CompetenceId, Level]
    """The highest level of each competence."""

    def way(self, wish: Wish) -> tuple[Leg, ...] | None:
        """Give the measures towards a wish, in order; none if it is held, None if no way leads.

        What names a measure is met by the measure, a role by what its requirements take, and a
        competence by the cheapest measure that lifts the person in it.
        """
        wanted = self._wanted(wish)
        if not wanted:
            return None if wanted is None else ()
        return self._ordered(wish.employee, wanted)

    def held(self, person: EmployeeId, competence: CompetenceId) -> int:
        """Give the level that somebody is known to hold."""
        return self.guide.held.get((person, competence), 0)

    def _wanted(self, wish: Wish) -> Sequence[Measure] | None:
        if wish.measure is not None:
            found = self.offered.get(MeasureId(wish.measure))
            if found is None:
                return None
            return () if self._holds_all(wish.employee, found) else (found,)
        if wish.role is not None:
            return self._towards(wish.employee, wish.role)
        return self._lifting(wish.employee, wish.competence)

    def _towards(self, person: EmployeeId, role: RoleId) -> Sequence[Measure] | None:
        legs = way_to(self.guide, person, role) if role in self.guide.demands else None
        if legs is None:
            return None
        return [self.guide.board.offered[code] for code in sorted({leg.measure for leg in legs})]

    def _lifting(
        self, person: EmployeeId, competence: CompetenceId | None
    ) -> Sequence[Measure] | None:
        if competence is None:
            return None
        held = self.held(person, competence)
        if held and held >= self.tops.get(competence, held):
            return ()
        able = [
            (measure.cost_a_head + measure.cost_per_session, measure.hours_a_head, measure.id)
            for _, measure, outcome in self.guide.offers.get(competence, ())
            if outcome.entry <= held < outcome.reach
        ]
        return (self.offered[min(able)[2]],) if able else None

    def _ordered(self, person: EmployeeId, wanted: Sequence[Measure]) -> tuple[Leg, ...] | None:
        """Put measures in an order in which each finds what it asks; None if some never does."""
        ahead = self._with_priors(person, wanted)
        if any(prior not in self.offered for each in ahead.values() for prior in each.prior):
            return None
        aims, held, legs = {each.id for each in wanted}, dict[CompetenceId, int](), list[Leg]()
        while ahead:
            ready = (
                Leg(measure=measure, lifts=tuple(self._lifts(person, measure, held)))
                for key, measure in sorted(ahead.items())
                if not ahead.keys() & set(measure.prior)
            )
            leg = next((leg for leg in ready if _serves(leg, aims)), None)
            if leg is None:
                return None
            del ahead[leg.measure.id]
            held |= {lift.competence: lift.reach for lift in leg.lifts}
            legs.append(leg)
        return tuple(legs)

    def _with_priors(
        self, person: EmployeeId, wanted: Sequence[Measure]
    ) -> dict[MeasureId, Measure]:
        priors = {p.id: p for measure in wanted for p in before(measure, self.offered)}
        left = {key: p for key, p in priors.items() if not self._holds_all(person, p)}
        return left | {measure.id: measure for measure in wanted}

    def _lifts(
        self, person: EmployeeId, measure: Measure, reached: Mapping[CompetenceId, int]
    ) -> Iterator[Lift]:
        for outcome in measure.outcomes:
            own = self.held(person, outcome.competence)
            held = max(own, reached.get(outcome.competence, 0))
            proves = bool(measure.confers) and held == outcome.reach
            if outcome.entry <= held < outcome.reach or proves:
                yield Lift(
                    competence=outcome.competence,
                    held=Level(held),
                    reach=outcome.reach,
                    confers=measure.confers,
                )

    def _holds_all(self, person: EmployeeId, measure: Measure) -> bool:
        reached = (self.held(person, o.competence) >= o.reach for o in measure.outcomes)
        return bool(measure.outcomes) and all(reached)


def _serves(leg: Leg, aims: set[MeasureId]) -> bool:
    """Say whether a measure lifts somebody, states no levels, or only has to come before."""
    return bool(leg.lifts) or not leg.measure.outcomes or leg.measure.id not in aims


def wayfinder_for(scene: Scene, demands: Demands, people: set[EmployeeId]) -> Wayfinder:
    """Gather what it takes to find ways for some people, among measures that count (R-16)."""
    board, enterprise = lay_out(scene.gaps), scene.gaps.enterprise
    tops = {scale.id: scale.top for scale in enterprise.scales}
    return Wayfinder(
        guide=guide_for(board, demands, people),
        offered={each.id: each for each in board.offered if counts(each)},
        tops={c.id: tops[c.scale] for c in enterprise.competences if c.scale in tops},
    )
