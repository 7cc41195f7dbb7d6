"""When may a measure begin, and from when does drøfting let it? Openings in the plan's periods.

Clause R-5: what touches daily operation is drøftet first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from attrs import field, frozen

from kompetanse_core.gap import Gaps
from kompetanse_core.model.cooperation import Event, EventKind, Side
from kompetanse_core.model.measure import Measure, MeasureId
from kompetanse_core.plan.limits import Limits


@frozen(kw_only=True)
class Slot:
    """Hold one period in which a measure can begin, and the days it would last, both included.

    `spans` are the periods of the plan that it runs in; `parts` counts those after the plan too.
    """

    period: int
    day: date
    end: date
    spans: range
    parts: int


@frozen(kw_only=True)
class Calendar:
    """Kalender: the plan's periods, and the earliest day of each measure that must be drøftet."""

    days: tuple[date, ...]
    """The first day of each period and, last, the day after the plan."""
    drofting: Mapping[MeasureId, date] = field(repr=False)

    def slots(self, measure: Measure) -> tuple[Slot, ...]:
        """Give the periods in which a measure can begin, each with its earliest day."""
        found = (self._slot(measure, period) for period in range(len(self.days) - 1))
        return tuple(slot for slot in found if slot is not None)

    def _slot(self, measure: Measure, period: int) -> Slot | None:
        earliest = (self.days[period], measure.start, self.drofting.get(measure.id))
        day = max(each for each in earliest if each is not None)
        last = self.days[period + 1] - timedelta(days=1)
        if measure.end is not None:
            last = min(last, measure.end)
        if day > last or measure.days > (date.max - day).days:
            return None
        end = day + timedelta(days=measure.days)
        spans = range(period, max(period + 1, sum(first <= end for first in self.days[:-1])))
        beyond = max(0, (end - self.days[-1]).days) // max(1, (self.days[-1] - self.days[-2]).days)
        parts = len(spans) + (beyond + 1 if end >= self.days[-1] else 0)
        return Slot(period=period, day=day, end=end, spans=spans, parts=parts)


def calendar_of(gaps: Gaps, limits: Limits) -> Calendar:
    """Lay out the periods, and find from when drøfting lets each measure begin."""
    start = limits.start or gaps.on
    held = drofted_on(gaps)
    asked = (m.id for m in gaps.enterprise.measures if m.affects_operation)
    by = limits.drofting_by or start
    return Calendar(
        days=limits.starts(start), drofting={each: held.get(each, by) for each in asked}
    )


def drofted_on(gaps: Gaps) -> Mapping[MeasureId, date]:
    """Give the day on which each measure was first drøftet in earnest.

    It counts when management and the unions took part and no position was bound in advance (X-4).
    """
    about = {matter.id: matter.measures for matter in gaps.enterprise.matters}
    first: dict[MeasureId, date] = {}
    for event in gaps.enterprise.register:
        for matter in event.matters if _counts(event, gaps) else ():
            for measure in about.get(matter, ()):
                first[measure] = min(event.on, first.get(measure, event.on))
    return first


def _counts(event: Event, gaps: Gaps) -> bool:
    known = event.recorded is None or gaps.known_at is None or event.recorded <= gaps.known_at
    both = {Side.MANAGEMENT, Side.UNION} <= set(event.sides)
    return event.kind is EventKind.CONSULTATION and not event.bound and both and known
