"""What does the enterprise take on for society? Undertakings: capacity and cost, no gap (H-8).

More apprentices is the guide's example. Such a measure needs no gap to justify it, and it closes
none here: it is planned before anything else, so that the rest of the plan has what is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate

from attrs import frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.gap import Gaps
from kompetanse_core.model.enterprise import Finding, Severity
from kompetanse_core.model.measure import Measure, MeasureId
from kompetanse_core.model.work import Aim, GoalId
from kompetanse_core.plan.calendar import Calendar
from kompetanse_core.plan.limits import Limits


@frozen(kw_only=True)
class Undertaking:
    """Samfunnsoppdrag: a measure that society is the reason for: places, kroner and dates.

    `places` are its seats in all its sessions, one where no number is stated. `goals` are those
    with the aim of society that ask for it; none where only the limits do. `start` and `end` are
    None, and nothing is spent, where it does not fit within the limits.
    """

    measure: MeasureId
    goals: tuple[GoalId, ...]
    places: int
    cost: int
    period: int | None = None
    start: date | None = None
    end: date | None = None

    @property
    def clause(self) -> str:
        """Give the clause that lets it stand without a gap."""
        return "H-8"

    @property
    def fits(self) -> bool:
        """Whether it is part of the plan."""
        return self.start is not None

    @property
    def spent(self) -> int:
        """Give what it takes of the plan's money, in kroner."""
        return self.cost if self.fits else 0


def undertakings_of(gaps: Gaps, limits: Limits, calendar: Calendar) -> tuple[Undertaking, ...]:
    """Plan what the limits, or a goal with the aim of society, ask for, by id while money lasts.

    Raises:
        Misuse: E503, if the limits ask for what is no measure with the aim of society.
    """
    offered = {each.id: each for each in gaps.enterprise.measures if Aim.SOCIETY in each.aims}
    if unknown := sorted(set(limits.society) - set(offered)):
        raise Misuse("E503", f"{unknown[0]!r} is no measure with the aim of society")
    planned: list[Undertaking] = []
    for measure in (offered[each] for each in sorted(offered)):
        goals = tuple(_goals(gaps, measure))
        if goals or measure.id in limits.society:
            planned.append(_placed(measure, goals, limits, calendar, planned))
    return tuple(planned)


def not_fitting(undertakings: Sequence[Undertaking]) -> Iterator[Finding]:
    """Tell of what is asked for on behalf of society and is not part of the plan (H-8)."""
    for each in undertakings:
        if not each.fits:
            yield Finding(
                code="W539",
                severity=Severity.WARNING,
                text=f"measure {each.measure} is asked for society, and does not fit (H-8)",
                hint=f"it takes {each.cost} kroner and a day to begin on within the plan",
                about=(("measure", each.measure),),
            )


def _goals(gaps: Gaps, measure: Measure) -> Iterator[GoalId]:
    for goal in gaps.enterprise.goals:
        if goal.id in measure.goals and Aim.SOCIETY in goal.aims:
            yield goal.id


def _placed(
    measure: Measure,
    goals: tuple[GoalId, ...],
    limits: Limits,
    calendar: Calendar,
    before: Sequence[Undertaking],
) -> Undertaking:
    """Put an undertaking in the first period in which it can begin and there is money for it."""
    sessions = measure.sessions or 1
    places = (measure.seats or 1) * sessions
    cost = places * measure.cost_a_head + sessions * measure.cost_per_session
    wanted = Undertaking(measure=measure.id, goals=goals, places=places, cost=cost)
    for slot in calendar.slots(measure):
        if cost <= _left(limits, before, slot.period):
            return Undertaking(
                measure=measure.id,
                goals=goals,
                places=places,
                cost=cost,
                period=slot.period,
                start=slot.day,
                end=slot.end,
            )
    return wanted


def _left(limits: Limits, before: Sequence[Undertaking], period: int) -> int:
    """Give what may be spent in a period so that no later one is short of what is bound."""
    bound = [sum(u.spent for u in before if (u.period or 0) <= n) for n in range(limits.periods)]
    brought = tuple(accumulate(limits.period_budgets))
    rooms = [have - bound[n] for n, have in enumerate(brought) if n >= period]
    if limits.budget is not None:
        rooms.append(limits.budget - bound[-1])
    return min(rooms, default=10**18)
