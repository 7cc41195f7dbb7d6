"""Of which competence is how much missing in the runs? CompetenceCounts: each competence by itself.

Runs are played once for all requirements, and once more for those of each competence, on the same
luck and with the decisions of the first time. So the numbers of all competences add up to those of
a simulation, but for what no competence stands behind; that is told as the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache

import numpy as np
from attrs import evolve, field, frozen

from kompetanse_core.columns.layout import Array
from kompetanse_core.errors import Misuse
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.succeeding import succeeded
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.scenario.actions import Actions, Learning
from kompetanse_core.scenario.counting import Count
from kompetanse_core.scenario.flows import Flows
from kompetanse_core.scenario.listening import Asked, Ears, Told, nothing_done
from kompetanse_core.scenario.outlook import Runs
from kompetanse_core.scenario.policy import NO_POLICY, Clerk, Decision, Policy
from kompetanse_core.scenario.simulation import MOST_NUMBERS, streamed
from kompetanse_core.scenario.situation import Grid, Situation
from kompetanse_core.strategy import Demands, demands_on

STEPS = (Count.MET, Count.MISSING, Count.UNKNOWN)
Counted = Mapping[Count, Grid]


@frozen(kw_only=True, eq=False, repr=False)
class CompetenceCounts:
    """Kompetansetall: what is met, missing and unknown of each competence, run by run.

    `counts` has one read-only array for each of the three, (competences, replicas, periods). `rest`
    is what a simulation counts beyond their sum, (replicas, periods): what colleagues and those who
    are hired take over, what somebody hired meets in part, learning towards what only another
    competence counts as, and competences that were not asked for. Without policy nothing, if who is
    hired meets all.
    """

    competences: tuple[CompetenceId, ...]
    starts: tuple[date, ...]
    policy: str
    counts: Counted = field(repr=False)
    rest: Counted = field(repr=False)

    def __len__(self) -> int:
        """Count the competences."""
        return len(self.competences)

    def __repr__(self) -> str:
        """Say how much there is; no number of anybody is shown."""
        return f"<CompetenceCounts: {len(self)} competences in {len(self.starts)} periods>"

    def of(self, competence: CompetenceId, count: Count) -> Grid:
        """Give the weighted steps of one competence, (replicas, periods).

        Raises:
            Misuse: E503, if it is none of these, or if the count is not of steps.
        """
        if competence not in self.competences or count not in STEPS:
            raise Misuse("E503", "that is not counted here by competence")
        found: Grid = self.counts[count][self.competences.index(competence)]
        return found

    def quantiles(self, competence: CompetenceId, count: Count, percents: Sequence[int]) -> Array:
        """Give the least number that so many in a hundred runs stay within; (percents, periods).

        Raises:
            Misuse: E571, if a per cent is not from 0 to 100; E503 as `of`.
        """
        if not all(0 <= each <= 100 for each in percents):
            raise Misuse("E571", "a quantile is from 0 to 100 per cent")
        ordered = np.sort(self.of(competence, count), axis=0)
        places = [max(0, -(-each * len(ordered) // 100) - 1) for each in percents]
        quantiles: Array = ordered[places]
        return quantiles

    def covered(self, competence: CompetenceId, percent: int) -> Grid:
        """Mark where so many per cent is met of what is required and known, (replicas, periods)."""
        met, missing = (self.of(competence, each) for each in (Count.MET, Count.MISSING))
        reached: Grid = met * 100 >= percent * (met + missing)
        return reached


def count_competences(
    enterprise: Enterprise,
    flows: Flows | None = None,
    policy: Policy = NO_POLICY,
    *,
    runs: Runs,
    competences: Sequence[CompetenceId] | None = None,
    unit: UnitId | None = None,
    role: RoleId | None = None,
    progress: Told | None = None,
    interrupted: Asked | None = None,
) -> CompetenceCounts:
    """Simulate as `simulate` does, and count what is met and missing of each competence by itself.

    It takes a simulation for every competence that is asked for (None: all that are required), in
    a unit, a role, both or all. `progress` is told how many are done.

    Raises:
        Misuse: E503, if nothing requires such a competence; E509, for more numbers than are held;
            as `simulate`.
        Interrupted: E574, before all are counted.
    """
    enterprise = succeeded(enterprise, on=runs.start)
    required = frozenset(each.competence for each in enterprise.requirements)
    asked = tuple(sorted(required)) if competences is None else tuple(competences)
    if not required.issuperset(asked):
        raise Misuse("E503", "no requirement is of such a competence")
    if len(asked) * runs.replicas * runs.periods > MOST_NUMBERS:
        raise Misuse("E509", "more numbers than are held", hint="ask for fewer competences or runs")
    clerk, made = Clerk(policy), list[Decision]()
    demanded = cache(lambda on: demands_on(enterprise, on))
    counting = _Counting(
        flows=flows, runs=runs, unit=unit, role=role, ears=Ears(interrupted, progress)
    )
    whole = counting.steps(enterprise, _recording(policy, clerk, made))
    found: list[Counted] = []
    for competence in asked:
        found.append(
            counting.steps(
                _only(enterprise, competence), _again(policy, made, competence, demanded)
            )
        )
        counting.ears.tell(len(found), len(asked))
    counts = {each: _stacked([part[each] for part in found], whole[each]) for each in STEPS}
    return CompetenceCounts(
        competences=asked,
        starts=counting.starts[-1],
        policy=policy.name,
        counts=counts,
        rest={each: _shut(whole[each] - counts[each].sum(axis=0)) for each in STEPS},
    )


@frozen(kw_only=True, eq=False)
class _Counting:
    """Hold how often and where steps are counted."""

    flows: Flows | None
    runs: Runs
    unit: UnitId | None
    role: RoleId | None
    ears: Ears
    starts: list[tuple[date, ...]] = field(factory=list)

    def steps(self, enterprise: Enterprise, policy: Policy) -> Counted:
        """Count block by block; an interruption leaves nothing."""
        parts: dict[Count, list[Grid]] = {each: [] for each in STEPS}
        for part in streamed(
            enterprise,
            self.flows,
            policy,
            start=self.runs.start,
            periods=self.runs.periods,
            months=self.runs.months,
            replicas=self.runs.replicas,
            seed=self.runs.seed,
            interrupted=self.ears.stopped,
        ):
            self.starts.append(part.starts)
            for each in STEPS:
                parts[each].append(part.of(each, unit=self.unit, role=self.role))
        if self.ears.stopped():
            raise nothing_done("every competence was counted")
        return {each: np.concatenate(parts[each]) for each in STEPS}


def _only(enterprise: Enterprise, competence: CompetenceId) -> Enterprise:
    table = enterprise.requirements
    own = table.column("competence") == table.words_of("competence").code(competence)
    return evolve(enterprise, requirements=table.where(own))


def _recording(policy: Policy, clerk: Clerk, made: list[Decision]) -> Policy:
    """Make the policy that does as another does, and keeps what it has decided."""

    def decide(situation: Situation) -> Sequence[Actions]:
        decision = clerk.ask(situation)
        made.append(decision)
        return _handed_out(decision.actions, decision.of)

    return Policy(name=policy.name, decide=decide, months=policy.months)


def _again(
    policy: Policy,
    made: Sequence[Decision],
    competence: CompetenceId,
    demanded: Callable[[date], Demands],
) -> Policy:
    """Make the policy that does the same again, but learns only of one competence."""
    left: Iterator[Decision] = iter(made)

    def decide(situation: Situation) -> Sequence[Actions]:
        decision = next(left)
        narrowed = [_narrowed(each, competence, demanded) for each in decision.actions]
        return _handed_out(narrowed, decision.of)

    return Policy(name=policy.name, decide=decide, months=policy.months)


def _handed_out(actions: Sequence[Actions], of: Array) -> Sequence[Actions]:
    return [actions[kind] for kind in of.tolist()]


def _narrowed(
    actions: Actions, competence: CompetenceId, demanded: Callable[[date], Demands]
) -> Actions:
    """Let everybody learn on the same days with the same luck, and only of one competence."""
    made: dict[int, Learning] = {}

    def narrowed(lesson: Learning) -> Learning:
        if id(lesson) not in made:
            made[id(lesson)] = evolve(
                lesson,
                steps=_steps(lesson, competence, demanded(lesson.ready)),
                via=None if lesson.via is None else narrowed(lesson.via),
            )
        return made[id(lesson)]

    return evolve(actions, learning=tuple(map(narrowed, actions.learning)))


def _steps(lesson: Learning, competence: CompetenceId, demands: Demands) -> int:
    """Give how many steps are of a competence: each lift takes what it is worth, in order."""
    asked, left, mine = demands.get(lesson.role, {}), lesson.steps, 0
    for lift in lesson.lifts:
        if lift.competence in asked:
            need = asked[lift.competence]
            worth = need.weight * (min(lift.reach, need.level) - min(lift.held, need.level))
            taken = min(left, max(0, worth))
            left -= taken
            mine += taken if lift.competence == competence else 0
    return mine


def _stacked(parts: Sequence[Grid], like: Grid) -> Grid:
    stacked: Grid = np.array(parts, np.int64).reshape(len(parts), *like.shape)
    return _shut(stacked)


def _shut(numbers: Grid) -> Grid:
    numbers.flags.writeable = False
    return numbers
