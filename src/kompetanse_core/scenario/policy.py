"""What is done about it? Policy: a function that looks at an enterprise and gives Actions."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

from attrs import evolve, field, frozen

from kompetanse_core.gap import find_gaps
from kompetanse_core.model.enterprise import Enterprise, Finding, Severity
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.validators import count, ident, positive
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.plan import Limits, Plan, make_plan
from kompetanse_core.recommendation import recommend
from kompetanse_core.strategy import Strategy, open_options


@frozen(kw_only=True)
class Learning:
    """Læring: weighted steps that somebody closes in a role, if it succeeds, from a day on.

    `chance` in millionths; None is what the flows say. It counts while they have that role.
    """

    employee: EmployeeId = field(validator=ident, repr=False)
    unit: UnitId = field(validator=ident)
    role: RoleId = field(validator=ident)
    ready: date
    steps: int = field(validator=count)
    chance: int | None = field(default=None, validator=count)


@frozen(kw_only=True)
class Bill:
    """Regning: kroner paid on a day; for an employee only if they are still there."""

    unit: UnitId = field(validator=ident)
    role: RoleId = field(validator=ident)
    on: date
    cost: int = field(validator=count)
    employee: EmployeeId | None = field(default=None, validator=ident, repr=False)


@frozen(kw_only=True)
class Actions:
    """Handlinger: what a policy decides: who learns what, and what it costs."""

    learning: tuple[Learning, ...] = ()
    bills: tuple[Bill, ...] = ()

    @property
    def cost(self) -> int:
        """Give what it costs if everybody stays, in kroner."""
        return sum(each.cost for each in self.bills)


NOTHING = Actions()

Decide = Callable[[Enterprise, date], Actions]


def _nothing(enterprise: Enterprise, on: date) -> Actions:
    return NOTHING


@frozen(kw_only=True)
class Policy:
    """Handlingsmåte: a named function, what it may spend, and how many seconds it may take."""

    name: str = field(validator=ident)
    decide: Decide = field(default=_nothing, repr=False)
    budget: int | None = field(default=None, validator=count)
    seconds: int | None = field(default=None, validator=positive)

    def decided(self, enterprise: Enterprise, on: date) -> tuple[Actions, tuple[Finding, ...]]:
        """Ask once; what raises, is late or spends too much does nothing and is told."""
        began = time.monotonic()
        try:
            actions: object = self.decide(enterprise, on)
        except Exception as error:  # noqa: BLE001 - whatever a user's policy raises is told
            return NOTHING, (_told("W571", f"policy {self.name}: {type(error).__name__}"),)
        if self.seconds is not None and time.monotonic() - began > self.seconds:
            return NOTHING, (_told("W572", f"policy {self.name}: over {self.seconds} seconds"),)
        if not isinstance(actions, Actions):
            return NOTHING, (_told("W571", f"policy {self.name} gave no Actions"),)
        if self.budget is not None and actions.cost > self.budget:
            return NOTHING, (_told("W573", f"policy {self.name} spends more than its budget"),)
        return actions, ()


NO_POLICY = Policy(name="none")


def plan_once(limits: Limits, *, name: str = "plan once") -> Policy:
    """Make the policy that plans on the first day within limits, and keeps to that plan.

    Of the plan is simulated what lifts or relieves people in a role that they have, with its cost;
    who is hired comes by `Flows.hiring`, so the plan's own hires and redeployments are left out.
    """

    def decide(enterprise: Enterprise, on: date) -> Actions:
        gaps = find_gaps(enterprise, on=on)
        return actions_of(make_plan(recommend(open_options(gaps)), evolve(limits, start=on)))

    return Policy(name=name, decide=decide)


def actions_of(plan: Plan) -> Actions:
    """Read off a plan who learns what, and what that costs."""
    raised = (Strategy.USE, Strategy.UPSKILL)
    items = [each for each in plan.items if each.strategy in raised and each.role is not None]
    rows = {(gap.employee, gap.unit, gap.role) for gap in plan.gaps}
    return Actions(
        learning=tuple(
            Learning(
                employee=each.employee,
                unit=each.unit,
                role=each.role,
                ready=each.end,
                steps=each.steps,
            )
            for each in items
            if each.employee and each.role and (each.employee, each.unit, each.role) in rows
        ),
        bills=tuple(
            Bill(
                unit=each.unit,
                role=each.role,
                on=each.start,
                cost=each.cost,
                employee=each.employee,
            )
            for each in items
            if each.cost and each.role
        ),
    )


def _told(code: str, text: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, text=text)
