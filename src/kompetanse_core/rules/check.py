"""Which checks may a rule name? Check, a closed list; `cooperation` holds a function for each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class Check(Enum):
    """Kontroll: what a rule can have looked into, by the name that a rule set uses."""

    AGENDA_KEPT = "agenda-kept"
    AIMS_STATED = "aims-stated"
    ALL_GROUPS_ASSESSED_JOINTLY = "all-groups-assessed-jointly"
    ALL_GROUPS_REQUIRED = "all-groups-required"
    ALL_SIDES_TAKE_PART = "all-sides-take-part"
    ALL_UNITS_MAPPED = "all-units-mapped"
    ARRANGEMENT_REVIEWED = "arrangement-reviewed"
    CHANGE_NEEDS_APART = "change-needs-apart"
    CHANGES_REVIEWED = "changes-reviewed"
    CONTRIBUTIONS_RECOGNISED = "contributions-recognised"
    CONVERSATIONS_USED = "conversations-used"
    COSTS_BORNE_BY_EMPLOYER = "costs-borne-by-employer"
    EFFECTS_STATED = "effects-stated"
    EXPERIENCE_HAS_CONTEXT = "experience-has-context"
    FIVE_SIDES_ANALYSED = "five-sides-analysed"
    FORMAL_COMPETENCE_MAPPED = "formal-competence-mapped"
    FUTURE_NEEDS_STATED = "future-needs-stated"
    HELD_AT_SEVERAL_LEVELS = "held-at-several-levels"
    IN_WORK_MEASURES = "in-work-measures"
    INFORMED_OF_CHANGES = "informed-of-changes"
    INPUT_INVITED = "input-invited"
    INPUTS_ANSWERED = "inputs-answered"
    INVOLVED_EARLY = "involved-early"
    JOINT_WORK_CHANGED_SOMETHING = "joint-work-changed-something"
    JOINTLY_STATED = "jointly-stated"
    KEPT_UP_TO_DATE = "kept-up-to-date"
    LEARNING_SHARED = "learning-shared"
    MAPPED_BEYOND_REQUIREMENTS = "mapped-beyond-requirements"
    MAPPED_REGULARLY = "mapped-regularly"
    MEASURES_CONSULTED = "measures-consulted"
    MEASURES_REST_ON_MAPPING = "measures-rest-on-mapping"
    MEASURES_SERVE_GOALS = "measures-serve-goals"
    METHOD_DISCUSSED = "method-discussed"
    OPERATION_CONSULTED = "operation-consulted"
    QUALIFICATIONS_KEPT = "qualifications-kept"
    QUESTIONS_DISCUSSED = "questions-discussed"
    REAL_COMPETENCE_MAPPED = "real-competence-mapped"
    REDEVELOPMENT_OPENED = "redevelopment-opened"
    RELEVANCE_SHOWN = "relevance-shown"
    REQUIREMENTS_HAVE_NEEDS = "requirements-have-needs"
    RESPONSIBILITY_SHARED = "responsibility-shared"
    RETENTION_STATED = "retention-stated"
    TRAINING_PLANNED = "training-planned"
    UNION_PROPOSES = "union-proposes"
    VIEWS_RECEIVED = "views-received"
    WISHES_INVITED = "wishes-invited"
    WORKED_JOINTLY = "worked-jointly"


NUMBERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        Check.AGENDA_KEPT.value: ("months",),
        Check.ARRANGEMENT_REVIEWED.value: ("months",),
        Check.INFORMED_OF_CHANGES.value: ("days",),
        Check.INPUTS_ANSWERED.value: ("days",),
        Check.KEPT_UP_TO_DATE.value: ("months",),
        Check.MAPPED_REGULARLY.value: ("months", "notice_days"),
    }
)
"""The whole numbers that a check reads off the rule that names it."""

LONGEST: Mapping[str, int] = MappingProxyType({"months": 120, "days": 3650, "notice_days": 3650})
"""No number of a check is longer than ten years: what comes so seldom is not regular (T-3)."""
