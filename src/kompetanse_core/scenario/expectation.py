"""What does it come to on average? Expectation: stock and flow, without chance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
from attrs import field, frozen

from kompetanse_core.columns.expected import expected
from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.tallying import MISSING, SHARE
from kompetanse_core.errors import Misuse
from kompetanse_core.model.enterprise import Enterprise, Finding
from kompetanse_core.model.succeeding import succeeded
from kompetanse_core.scenario.counting import Count
from kompetanse_core.scenario.flows import CERTAIN, Flows
from kompetanse_core.scenario.policy import NO_POLICY, Clerk, Policy
from kompetanse_core.scenario.simulation import period_starts
from kompetanse_core.scenario.situation import Agenda, Cell, Grid, at_first
from kompetanse_core.scenario.stage import Stage, grounded, staged

SHOWN = (Count.HEADS, Count.VACANT, Count.MET, Count.MISSING, Count.COST)


@frozen(kw_only=True, eq=False, repr=False)
class Expectation:
    """Forventning: the mean of each count in each period and cell, (periods, cells).

    `departures` say where, and why, it is not the mean of all runs; elsewhere it is.
    """

    cells: tuple[Cell, ...]
    starts: tuple[date, ...]
    policy: str
    counts: Mapping[Count, Grid] = field(repr=False)
    departures: Mapping[Count, str]
    """The counts that are not linear in heads, each with the reason; all others are exact."""
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        """Say how much there is."""
        return f"<Expectation: {len(self.starts)} periods of {len(self.cells)} cells>"

    def of(self, count: Count) -> Array:
        """Add up one count over all cells, (periods,)."""
        summed: Array = self.counts[count].sum(axis=1)
        return summed


def expect(
    enterprise: Enterprise,
    flows: Flows | None = None,
    policy: Policy = NO_POLICY,
    *,
    start: date,
    periods: int,
    months: int = 3,
) -> Expectation:
    """Give what `simulate` comes to on average, reckoned and not drawn.

    Raises:
        Misuse: E571, for a policy that decides again: it would need runs to decide about; else as
            `simulate`.
    """
    if policy.months is not None:
        raise Misuse("E571", "a policy that decides again has no expectation; simulate it")
    starts, flows = period_starts(start, periods, months), flows or Flows()
    enterprise = succeeded(enterprise, on=start)
    flows.fit(enterprise)
    ground = grounded(enterprise, flows, starts, months)
    situation = at_first(enterprise, start, ground.cells, ground.people, ground.home, 1)
    decision = Clerk(policy).ask(situation)
    agenda: Agenda = (decision.actions[int(decision.of[0])],)
    stage = staged(ground, (agenda,), 0, periods)
    means = expected(stage.course, stage.sizes)
    return Expectation(
        cells=ground.cells,
        starts=starts,
        policy=policy.name,
        counts={each: means[each.value] for each in Count},
        departures=dict(_departures(stage, flows, agenda)),
        findings=decision.findings,
    )


def _departures(stage: Stage, flows: Flows, agenda: Agenda) -> Iterator[tuple[Count, str]]:
    hires = any(actions.hires for actions in agenda)
    if any(each.chance for each in flows.hiring) or (hires and _bounded(flows)):
        yield from ((count, "openings are whole, and of a market's year") for count in _HIRED)
    else:
        if _may_exceed(stage, flows, agenda):
            yield Count.VACANT, "vacancies are never negative"
        if _may_waste(stage, flows):
            why = "what is learnt counts no further than something is missing"
            yield from ((count, why) for count in (Count.MET, Count.MISSING))


_HIRED = tuple(each for each in Count if each not in (Count.RETIRED, Count.CAME, Count.AWAY))


def _bounded(flows: Flows) -> bool:
    return any(each.most is not None for each in flows.hiring)


def _may_exceed(stage: Stage, flows: Flows, agenda: Agenda) -> bool:
    """Say whether a cell may come to have more than it wants in one run and less in another."""
    course, size = stage.course, stage.sizes
    mixed = flows.moves or any(each.hires or each.redeployments for each in agenda)
    wanted = course.wanted.reshape(size.turns, size.cells)
    have = np.zeros_like(wanted)
    for turn, share in enumerate(course.pages[:, :, SHARE]):
        np.add.at(have[turn], course.cell, share)
    return bool(wanted.any() and (mixed or (have > wanted)[wanted > 0].any()))


def _may_waste(stage: Stage, flows: Flows) -> bool:
    """Say whether uncertain learning may add up to more than is missing, or meet a move."""
    course, size = stage.course, stage.sizes
    if not len(course.learner):
        return False
    if flows.moves:
        return True
    most = np.zeros(size.rows, np.int64)
    np.add.at(most, course.learnt, np.maximum(course.steps, 0))
    unsure = np.unique(course.learnt[course.success < CERTAIN])
    least = course.pages[:, :, MISSING].min(axis=0)
    return bool((most > least)[unsure].any() or (course.steps < 0).any())
