"""What is to be done within limits, and what is left? `make_plan` makes a Plan."""

from kompetanse_core.plan.individual import (
    Agreement,
    Condition,
    ConditionKind,
    IndividualPlan,
    Intent,
)
from kompetanse_core.plan.limits import Limits
from kompetanse_core.plan.making import make_plan
from kompetanse_core.plan.nouns import (
    CLOSINGS,
    Answer,
    Area,
    Closing,
    CostBearer,
    Criterion,
    EducationClass,
    Filling,
    LearningMix,
    Lift,
    PlanItem,
    Question,
    Responsible,
    SeatSplit,
    Split,
)
from kompetanse_core.plan.whole import Plan

__all__ = [
    "CLOSINGS",
    "Agreement",
    "Answer",
    "Area",
    "Closing",
    "Condition",
    "ConditionKind",
    "CostBearer",
    "Criterion",
    "EducationClass",
    "Filling",
    "IndividualPlan",
    "Intent",
    "LearningMix",
    "Lift",
    "Limits",
    "Plan",
    "PlanItem",
    "Question",
    "Responsible",
    "SeatSplit",
    "Split",
    "make_plan",
]
