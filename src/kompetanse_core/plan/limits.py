"""Within what must the plan stay? Limits (rammer): money, time, people's hours, and dates.

Clauses H-3, H-7, H-8, A-4, D-9, R-5 and S-4.
"""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from attrs import Attribute, field, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.model.measure import MeasureId
from kompetanse_core.model.validators import count, idents, positive
from kompetanse_core.solver import Engine

MOST_PERIODS = 60
"""Five years of months: further ahead nobody plans a course."""


@frozen(kw_only=True)
class Limits:
    """Rammer: what the plan must keep; what is None is not limited.

    Money is whole kroner. `budget` is for the whole plan; `period_budgets` adds what each period
    brings, and what is not spent is carried over to the next. The plan runs from `start` (None:
    the day of the gaps) over `periods` of `months` each.

    `hours` is what one person may spend on measures in a period, `mentor_hours` what one colleague
    may give as a mentor in a period, `away_percent` the part of a unit's working hours that may go
    to measures outside the work itself in a period. A colleague takes over at most `carried`
    requirements from others, and so does somebody who is hired.

    A measure that must be drøftet starts on the day of its recorded drøfting or later; while none
    is recorded, on `drofting_by` or later (None: the start of the plan), R-5.

    `society` asks for measures with the aim of society (H-8): they are planned first, as capacity
    and cost, and close no gap.

    `wish_budget` is how many kroner may go to wishes that no gap stands behind (H-7), of what the
    plan leaves of everything else; at 0 they are shown with what they would take, and none is
    granted, not even what costs no money: it costs time.

    `year_hours` is what a full-time year has of working hours, holidays taken off.

    `engine` says who searches (CP-SAT comes with the extra `ortools`); `seed`, `tolerance` (in
    millionths of the first objective), `nodes` and `seconds` say how hard; only a plan made without
    `seconds` is the same each time.
    """

    budget: int | None = field(default=None, validator=count)
    period_budgets: tuple[int, ...] = field(default=())
    start: date | None = None
    periods: int = field(default=4, validator=positive)
    months: int = field(default=3, validator=positive)
    hours: int | None = field(default=None, validator=count)
    mentor_hours: int | None = field(default=None, validator=count)
    away_percent: int | None = field(default=None, validator=count)
    carried: int = field(default=2, validator=count)
    year_hours: int = field(default=1_695, validator=positive)
    drofting_by: date | None = None
    society: tuple[MeasureId, ...] = field(default=(), validator=idents)
    wish_budget: int = field(default=0, validator=count)
    engine: Engine = Engine.HIGHS
    seed: int = field(default=0, validator=count)
    tolerance: int = field(default=0, validator=count)
    nodes: int | None = field(default=None, validator=count)
    seconds: int | None = field(default=None, validator=count)

    @period_budgets.validator
    def _one_each(self, attribute: Attribute[Any], budgets: tuple[int, ...]) -> None:
        for each in budgets:
            count(self, attribute, each)
        if budgets and len(budgets) != self.periods:
            raise Misuse("E508", "give one budget for each period, or none")

    @periods.validator
    def _planned(self, attribute: Attribute[Any], periods: int) -> None:
        positive(self, attribute, periods)
        if periods > MOST_PERIODS:
            raise Misuse("E508", f"a plan has at most {MOST_PERIODS} periods")

    def starts(self, start: date) -> tuple[date, ...]:
        """Give the first day of each period and, last, the day after the plan."""
        return tuple(_months_later(start, n * self.months) for n in range(self.periods + 1))


def _months_later(day: date, months: int) -> date:
    """Give the same day so many months later, or the last day of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
