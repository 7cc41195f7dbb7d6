"""Why is this in the plan? Chain: from an item down to the driver and the clause (X-5).

Each link is read off what the plan holds; nothing is asked again. Where a chain ends before any
driver, it says so in a finding (A-7), unless the guide lets the aim stand by itself (H-8).
"""

from __future__ import annotations

from attrs import frozen

from kompetanse_core.gap import HeadcountGap, SeatGap, Why
from kompetanse_core.model.enterprise import Enterprise, Finding, Severity
from kompetanse_core.model.work import Driver, Goal, Need, NeedId
from kompetanse_core.plan.nouns import PlanItem
from kompetanse_core.plan.whole import Plan
from kompetanse_core.recommendation import Recommendation
from kompetanse_core.strategy import Option, demands_on


@frozen(kw_only=True)
class Chain:
    """Årsakskjede: one way that an item takes, and everything that this way rests on.

    The lack is a row of gaps (`why` traces it), a vacant `seat` or a `headcount`. `needs`,
    `drivers`, `goals` and `clauses` are those behind the lack; `finding` says that no driver is.
    """

    planned: PlanItem
    recommendation: Recommendation
    option: Option
    why: Why | None
    seat: SeatGap | None
    headcount: HeadcountGap | None
    needs: tuple[Need, ...]
    drivers: tuple[Driver, ...]
    goals: tuple[Goal, ...]
    clauses: tuple[str, ...]
    finding: Finding | None


def why(plan: Plan, planned: PlanItem) -> tuple[Chain, ...]:
    """Trace an item of a plan to its drivers and clauses, a chain for each way that it takes."""
    return tuple(
        _chain(plan, planned, recommendation) for recommendation in plan.recommended(planned)
    )


def _chain(plan: Plan, planned: PlanItem, recommendation: Recommendation) -> Chain:
    gaps, option = plan.gaps, plan.recommendations.option(recommendation)
    traced = None if option.gap is None else gaps.why(gaps.rows[option.gap])
    headcount = None if option.headcount is None else gaps.headcounts[option.headcount]
    needs = _needs(plan, option, headcount) if traced is None else traced.needs
    drivers = _drivers(gaps.enterprise, needs) if traced is None else traced.drivers
    goals = _goals(gaps.enterprise, needs, drivers) if traced is None else traced.goals
    own = () if traced is None else traced.clauses
    raised = tuple(driver.kind.clause for driver in drivers)
    return Chain(
        planned=planned,
        recommendation=recommendation,
        option=option,
        why=traced,
        seat=None if option.seat is None else gaps.seats[option.seat],
        headcount=headcount,
        needs=needs,
        drivers=drivers,
        goals=goals,
        clauses=tuple(dict.fromkeys((*option.clauses, *recommendation.clauses, *own, *raised))),
        finding=None if drivers else _loose(planned),
    )


def _needs(plan: Plan, option: Option, headcount: HeadcountGap | None) -> tuple[Need, ...]:
    """Give the needs behind a headcount, or behind what the role of a vacant seat requires."""
    enterprise, named = plan.gaps.enterprise, set[NeedId]()
    if headcount is not None:
        named.update(headcount.headcount.needs)
    elif option.role is not None:
        asked = demands_on(enterprise, plan.gaps.on).get(option.role, {})
        named.update(need for each in asked.values() for need in each.needs)
    return tuple(need for need in enterprise.needs if need.id in named)


def _drivers(enterprise: Enterprise, needs: tuple[Need, ...]) -> tuple[Driver, ...]:
    named = {driver for need in needs for driver in need.drivers}
    return tuple(driver for driver in enterprise.drivers if driver.id in named)


def _goals(
    enterprise: Enterprise, needs: tuple[Need, ...], drivers: tuple[Driver, ...]
) -> tuple[Goal, ...]:
    named = {goal for need in needs for goal in need.goals}
    named |= {goal for driver in drivers for goal in driver.goals}
    return tuple(goal for goal in enterprise.goals if goal.id in named)


def _loose(planned: PlanItem) -> Finding:
    what = f"measure {planned.measure}" if planned.measure else f"an item of {planned.unit}"
    return Finding(
        code="W535",
        severity=Severity.WARNING,
        text=f"{what} is planned, and no driver stands behind it (A-7)",
        hint="say which present or future need it serves, and what raised the need",
    )
