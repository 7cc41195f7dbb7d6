"""How old is what is known of each unit? Freshness, and a finding where mapping is overdue.

Clauses A-6, A-12 and M-4. Neither the guide nor the agreement names an interval: the months are a
number of the rule set.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np
from attrs import frozen

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import EPOCH, Array, days
from kompetanse_core.errors import Place
from kompetanse_core.model.enterprise import Enterprise, Finding, Severity
from kompetanse_core.model.people import EmployeeId, Engagement
from kompetanse_core.model.work import UnitId

NEVER = -1


@frozen(kw_only=True)
class Freshness:
    """Ferskhet: when somebody in a unit was last assessed, and when that is due again.

    Both are None where nobody in it has been: it is due now.
    """

    unit: UnitId
    last: date | None
    due: date | None

    def overdue(self, on: date) -> bool:
        """Say whether the unit should have been mapped before a day."""
        return self.due is None or self.due < on


def freshness(enterprise: Enterprise, *, on: date, months: int) -> tuple[Freshness, ...]:
    """Say of each unit with people in it on a day how fresh its mapping is, by unit.

    What was assessed after the day is not there yet. `months` is how long a mapping is fresh.
    """
    engaged, last = _last(enterprise, on)
    units = engaged.words_of("unit")
    found = np.full(len(units), NEVER, dtype=np.int64)
    np.maximum.at(found, engaged.column("unit"), last)
    here = sorted(np.unique(engaged.column("unit")).tolist(), key=units.values.__getitem__)
    return tuple(_fresh(units.values[code], int(found[code]), months) for code in here)


def assessed_in(
    enterprise: Enterprise, *, on: date
) -> Mapping[UnitId, Mapping[EmployeeId, date | None]]:
    """Say of everybody in each unit on a day when they were last assessed, None for never.

    It names people: it tells a guard on whom the freshness of a unit rests.
    """
    engaged, last = _last(enterprise, on)
    people, units = engaged.words_of("employee").values, engaged.words_of("unit").values
    found: dict[UnitId, dict[EmployeeId, date | None]] = {}
    rows = zip(*(engaged.column(name).tolist() for name in ("unit", "employee")), strict=True)
    for (unit, person), number in zip(rows, last.tolist(), strict=True):
        found.setdefault(units[unit], {})[people[person]] = _day(number)
    return MappingProxyType({unit: MappingProxyType(found[unit]) for unit in sorted(found)})


def overdue(fresh: Iterable[Freshness], *, on: date) -> Iterator[Finding]:
    """Find each unit whose mapping is overdue on a day (W519)."""
    for each in fresh:
        if each.overdue(on):
            since = f"was last mapped on {each.last}" if each.last else "has never been mapped"
            yield Finding(
                code="W519",
                severity=Severity.WARNING,
                text=f"unit {each.unit} {since} (A-12, M-4)",
                place=Place(file=f"units {each.unit}"),
                about=(("unit", each.unit),),
                hint="plan a round of mapping, or change the interval in a local rule set",
            )


def months_later(day: date, months: int) -> date:
    """Give the same day so many months later, or the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _last(enterprise: Enterprise, on: date) -> tuple[Table[Engagement], Array]:
    """Give the engagements on a day, and when who is in each was last assessed by then, (E,)."""
    engaged, assessed = enterprise.engagements, enterprise.assessments
    day = days(on)
    engaged = engaged.where((engaged.column("start") <= day) & (day <= engaged.column("end")))
    assessed = assessed.where(assessed.column("assessed") <= day)
    people = engaged.words_of("employee")
    last = np.full(len(people) + 1, NEVER, dtype=np.int64)
    np.maximum.at(last, assessed.codes_in("employee", people), assessed.column("assessed"))
    return engaged, last[engaged.column("employee")]


def _fresh(unit: UnitId, number: int, months: int) -> Freshness:
    last = _day(number)
    return Freshness(unit=unit, last=last, due=last and months_later(last, months))


def _day(number: int) -> date | None:
    return None if number == NEVER else EPOCH + timedelta(days=number)
