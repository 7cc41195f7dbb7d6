"""What does the plan mean for one person? IndividualPlan (individuell opplæringsplan).

Clauses S-3 to S-5, H-7, K-4 and X-8.
"""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from kompetanse_core.model.people import EmployeeId
from kompetanse_core.plan.aspiration import Aspiration
from kompetanse_core.plan.nouns import LearningMix, PlanItem


class ConditionKind(Enum):
    """Forutsetningstype: what makes it possible to carry a measure out (S-4)."""

    TIME_OFF = "time-off"
    SUBSTITUTE = "substitute"
    COST = "cost"
    PLACE = "place"
    SUPPORT = "support"


class Agreement(Enum):
    """Enighet: who has agreed; a fresh plan is agreed by nobody yet (S-3)."""

    NOT_YET = "not-yet"
    LEADER = "leader"
    EMPLOYEE = "employee"
    BOTH = "both"


@frozen(kw_only=True)
class Condition:
    """Forutsetning: one thing to clarify before a measure can be carried out.

    `amount` is working hours for TIME_OFF, SUBSTITUTE and SUPPORT, and kroner for COST.
    """

    kind: ConditionKind
    amount: int = 0
    clarified: bool = False


@frozen(kw_only=True)
class Intent:
    """Avtalepunkt: one measure of the person's plan, what it takes, and who has agreed to it."""

    planned: PlanItem
    conditions: tuple[Condition, ...]
    agreement: Agreement = Agreement.NOT_YET


@frozen(kw_only=True)
class IndividualPlan:
    """Individuell opplæringsplan: what is proposed for one person, and what is left for them.

    `left` are the weighted steps that nothing in the plan closes, `unknown` those to be assessed.
    `wishes` are those of the person that no gap stands behind, `wished` what they would take, as
    far as a measure leads there: whether it is granted, the wish says. `mix` is of all that is
    part of the plan.
    """

    employee: EmployeeId
    intents: tuple[Intent, ...]
    left: int
    unknown: int
    mix: LearningMix = field(factory=LearningMix)
    wishes: tuple[Aspiration, ...] = ()
    wished: tuple[Intent, ...] = ()
