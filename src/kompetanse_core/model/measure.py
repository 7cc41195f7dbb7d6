"""What can be done about it? Measure, its kind (R-9 to R-18), its arena (R-3) and its scheme."""

from __future__ import annotations

from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any, NewType

from attrs import Attribute, field, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.model.competence import CompetenceId, EvidenceKind, Level
from kompetanse_core.model.text import NO_TEXT, Text
from kompetanse_core.model.validators import MOST, count, ident, idents, interval, positive
from kompetanse_core.model.work import Aim, GoalId, RoleId, UnitId

MeasureId = NewType("MeasureId", str)
SchemeId = NewType("SchemeId", str)


class MeasureKind(Enum):
    """Tiltakstype: every kind of activity that the guide lists (R-9 to R-18, D-7, H-8)."""

    SHARING = "sharing"
    REFLECTION = "reflection"
    DISCUSSION = "discussion"
    INTERNAL_COURSE = "internal-course"
    EXTERNAL_COURSE = "external-course"
    SUPPLIER_TRAINING = "supplier-training"
    MENTORING = "mentoring"
    TRAINEESHIP = "traineeship"
    HOSPITATION = "hospitation"
    FURTHER_EDUCATION = "further-education"
    TRADE_CERTIFICATE = "trade-certificate"
    EXPERIENCE_EXCHANGE = "experience-exchange"
    PROJECT = "project"
    SCHEME = "scheme"
    ACCESS = "access"
    APPRENTICES = "apprentices"

    @property
    def clause(self) -> str:
        """Give the clause of the guide that names this kind."""
        return _KIND_CLAUSES[self]


_KIND_CLAUSES = MappingProxyType(
    {
        MeasureKind.SHARING: "R-9",
        MeasureKind.REFLECTION: "D-7",
        MeasureKind.DISCUSSION: "D-7",
        MeasureKind.INTERNAL_COURSE: "R-10",
        MeasureKind.EXTERNAL_COURSE: "R-11",
        MeasureKind.SUPPLIER_TRAINING: "R-11",
        MeasureKind.MENTORING: "R-12",
        MeasureKind.TRAINEESHIP: "R-12",
        MeasureKind.HOSPITATION: "R-12",
        MeasureKind.FURTHER_EDUCATION: "R-13",
        MeasureKind.TRADE_CERTIFICATE: "R-14",
        MeasureKind.EXPERIENCE_EXCHANGE: "R-15",
        MeasureKind.PROJECT: "R-16",
        MeasureKind.SCHEME: "R-17",
        MeasureKind.ACCESS: "R-18",
        MeasureKind.APPRENTICES: "H-8",
    }
)


class Arena(Enum):
    """Arena: where learning happens: outside the enterprise, in it, or in daily work (R-3)."""

    OUTSIDE = "outside"
    INSIDE = "inside"
    DAILY_WORK = "daily-work"


class Mode(Enum):
    """Læringsform, in the guide's sense of 70/20/10: work, organised training, education (D-2)."""

    WORK = "work"
    TRAINING = "training"
    EDUCATION = "education"


class EducationKind(Enum):
    """Opplæringstype: the six kinds that Hovedavtalen § 44 names (A-2)."""

    GENERAL = "allmennutdanning"
    FURTHER = "videreutdanning"
    VOCATIONAL = "yrkesutdanning"
    ADULT = "voksenopplæring"
    CONTINUING = "etterutdanning"
    RESKILLING = "omskolering"


class Form(Enum):
    """Gjennomføringsform: a gathering, a webinar or e-learning (R-10, R-11)."""

    GATHERING = "gathering"
    WEBINAR = "webinar"
    E_LEARNING = "e-learning"


@frozen(kw_only=True)
class Outcome:
    """Utbytte: a participant at `entry` or above in a competence comes out at `reach`."""

    competence: CompetenceId = field(validator=ident)
    entry: Level = field(default=Level(0), validator=count)
    reach: Level = field(validator=positive)

    def __attrs_post_init__(self) -> None:
        """Refuse an outcome that lifts nobody.

        Raises:
            Misuse: E508.
        """
        if self.reach <= self.entry:
            raise Misuse("E508", "an outcome reaches above its entry level")


class IncentiveKind(Enum):
    """Insentivtype: what stimulates or supports somebody who learns (A-3)."""

    PAID_LEAVE = "paid-leave"
    EXAM_LEAVE = "exam-leave"
    COST_COVERED = "cost-covered"
    SALARY_STEP = "salary-step"
    OTHER = "other"

    @property
    def in_hours(self) -> bool:
        """Whether its amount is working hours; otherwise it is kroner."""
        return self in (IncentiveKind.PAID_LEAVE, IncentiveKind.EXAM_LEAVE)


@frozen(kw_only=True)
class Incentive:
    """Insentiv: one thing that each participant is given beside the measure itself (A-3).

    `amount` is for one participant: hours of leave beside the hours of the measure, or kroner
    beside its cost, such as books and travel that are covered, or a salary step in the time of the
    plan. What is of another kind may have no amount, but says in `text` what it is.
    """

    kind: IncentiveKind
    amount: int = field(default=0, validator=count)
    text: Text = NO_TEXT

    @property
    def hours(self) -> int:
        """Give the working hours that it takes."""
        return self.amount if self.kind.in_hours else 0

    @property
    def kroner(self) -> int:
        """Give what it costs, in kroner."""
        return 0 if self.kind.in_hours else self.amount

    def __attrs_post_init__(self) -> None:
        """Refuse what gives nothing.

        Raises:
            Misuse: E508.
        """
        if not self.amount and (self.kind is not IncentiveKind.OTHER or not self.text):
            hint = "give hours for leave, kroner for all else; another kind may be a text alone"
            raise Misuse("E508", "an incentive has an amount", hint=hint)


@frozen(kw_only=True)
class Scheme:
    """Ordning: public support for measures, with conditions as of a date (R-17).

    `grant_percent` of a measure's cost a head is covered, at most `grant_most` kroner, for what
    begins by `until` (None: until further notice). It is for everybody unless it says for whom: who
    holds no evidence of the kinds in `lacking`, such as no trade certificate yet (R-14), and who
    works in one of `roles`, and in one of `units` or below it. Nothing else about a person can be a
    condition here.
    """

    id: SchemeId = field(validator=ident)
    label: Text
    as_of: date
    conditions: Text = NO_TEXT
    grant_percent: int = field(default=0, validator=count)
    grant_most: int | None = field(default=None, validator=count)
    until: date | None = field(default=None)
    lacking: frozenset[EvidenceKind] = frozenset()
    roles: tuple[RoleId, ...] = field(default=(), validator=idents)
    units: tuple[UnitId, ...] = field(default=(), validator=idents)
    source: str = ""

    @until.validator
    def _not_before(self, attribute: Attribute[Any], until: date | None) -> None:
        if until is not None and until < self.as_of:
            raise Misuse("E507", "a scheme runs out no earlier than the day of its conditions")


@frozen(kw_only=True)
class Measure:
    """Tiltak: one activity that lifts competence, what it takes and what it gives.

    Money is whole kroner, `hours` are a participant's working hours, `mentor_hours` the hours
    that one participant takes of a colleague who already holds what is learnt, `days` the length
    from start to finish. `seats` is how many fit in a session (None: no limit), `sessions` how
    many can be held (None: no limit). `prior` measures come first. What it `confers` can prove a
    requirement.

    `affects_operation` says whether it touches daily operation, `operation_reason` why or why not
    (R-5). `learning_aim` states what a project is meant to teach; without it a project does not
    count (R-16). `passes_on` says that participants share with colleagues afterwards (D-8).
    `incentives` are what each participant is given beside it (A-3): they count in `cost_a_head` and
    `hours_a_head`, which is what a head takes in all.
    `experience` says where it has worked and under which conditions, where it is learnt from
    others (T-4).
    """

    id: MeasureId = field(validator=ident)
    label: Text
    kind: MeasureKind
    arena: Arena
    mode: Mode
    education: EducationKind | None = None
    form: Form | None = None
    outcomes: tuple[Outcome, ...] = field(default=())
    prior: tuple[MeasureId, ...] = field(default=(), validator=idents)
    confers: frozenset[EvidenceKind] = frozenset()
    cost_per_head: int = field(default=0, validator=count)
    cost_per_session: int = field(default=0, validator=count)
    hours: int = field(default=0, validator=count)
    mentor_hours: int = field(default=0, validator=count)
    seats: int | None = field(default=None, validator=positive)
    sessions: int | None = field(default=None, validator=positive)
    days: int = field(default=0, validator=count)
    start: date | None = None
    end: date | None = field(default=None, validator=interval)
    affects_operation: bool = False
    operation_reason: Text = NO_TEXT
    learning_aim: Text = NO_TEXT
    passes_on: bool = False
    experience: Text = NO_TEXT
    incentives: tuple[Incentive, ...] = ()
    aims: tuple[Aim, ...] = ()
    goals: tuple[GoalId, ...] = field(default=(), validator=idents)
    scheme: SchemeId | None = field(default=None, validator=ident)
    provider: str = ""
    uri: str = ""

    @outcomes.validator
    def _one_each(self, attribute: Attribute[Any], outcomes: tuple[Outcome, ...]) -> None:
        if len({outcome.competence for outcome in outcomes}) != len(outcomes):
            raise Misuse("E505", "a measure has one outcome for each competence")

    @property
    def cost_a_head(self) -> int:
        """Give what one participant costs beside the sessions, in kroner."""
        return self.cost_per_head + sum(each.kroner for each in self.incentives)

    @property
    def leave_hours(self) -> int:
        """Give the hours of leave that one participant is given beside the measure."""
        return sum(each.hours for each in self.incentives)

    @property
    def hours_a_head(self) -> int:
        """Give the working hours that one participant spends, leave counted."""
        return self.hours + self.leave_hours

    def __attrs_post_init__(self) -> None:
        """Refuse a measure that needs itself, and sums that cannot be counted.

        Raises:
            Misuse: E509 or E510.
        """
        if self.id in self.prior:
            raise Misuse("E510", "a measure cannot come before itself")
        if max(self.cost_a_head, self.hours_a_head) > MOST:
            raise Misuse("E509", f"with incentives, a head takes at most {MOST}")
