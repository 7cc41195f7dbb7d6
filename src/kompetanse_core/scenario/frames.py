"""What may be spent, and from when on? Frame: a change of budget that a scenario lays down.

An enterprise holds no money: budgets are the limits of whoever plans. So a frame changes no row; it
is shown to every policy on the day on which it decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from attrs import evolve, field, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.model.validators import count
from kompetanse_core.plan import Limits

HUNDRED = 100


@frozen(kw_only=True)
class Frame:
    """Ramme: from a day on, so many kroner for each plan, or so many per cent of its own budget.

    One of the two is given. No day means from the first day on. Per cent of what has no limit has
    none either.
    """

    on: date | None = None
    budget: int | None = field(default=None, validator=count)
    percent: int | None = field(default=None, validator=count)

    def __attrs_post_init__(self) -> None:
        """Refuse a frame that says nothing, or two things.

        Raises:
            Misuse: E214.
        """
        if (self.budget is None) == (self.percent is None):
            raise Misuse("E214", "a frame has a budget or a per cent", hint="give one of the two")

    def of(self, budget: int | None) -> int | None:
        """Give the budget in kroner that takes the place of a plan's own."""
        if self.percent is None:
            return self.budget
        return None if budget is None else budget * self.percent // HUNDRED


AS_EVER = Frame(percent=HUNDRED)


def in_order(frames: Iterable[Frame]) -> tuple[Frame, ...]:
    """Put frames in the order of their days, those without a day first.

    Raises:
        Misuse: E505, if two of one day are not the same.
    """
    ordered = tuple(sorted(dict.fromkeys(frames), key=lambda frame: frame.on or date.min))
    if len({frame.on for frame in ordered}) < len(ordered):
        hint = "keep one, or give another day"
        raise Misuse("E505", "two frames of one day contradict one another", hint=hint)
    return ordered


def in_force(frames: Sequence[Frame], on: date) -> Frame:
    """Give the frame that holds on a day; without any, a plan has all of its own budget."""
    begun = [frame for frame in frames if frame.on is None or frame.on <= on]
    return begun[-1] if begun else AS_EVER


def within(frame: Frame, limits: Limits) -> Limits:
    """Give the limits that a plan has within a frame; per cent also count in each period."""
    percent = HUNDRED if frame.percent is None else frame.percent
    return evolve(
        limits,
        budget=frame.of(limits.budget),
        period_budgets=tuple(each * percent // HUNDRED for each in limits.period_budgets),
    )
