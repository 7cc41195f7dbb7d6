"""Who is here, and what is known about them? Unit, Employee, Engagement, Evidence, Assessment.

People are pseudonyms: no noun has a field for a name, a membership or a health matter. Every
personal noun says what it is held for (`purpose`), on what ground (`basis`) and how long
(`keep_until`, clause M-13).
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import NewType

from attrs import field, frozen

from kompetanse_core.columns import Layout
from kompetanse_core.errors import Misuse
from kompetanse_core.model.competence import CompetenceId, EvidenceKind, Level, ScaleId
from kompetanse_core.model.privacy import Basis, Purpose
from kompetanse_core.model.text import Text
from kompetanse_core.model.validators import count, ident, instant, interval, share
from kompetanse_core.model.work import RoleId, UnitId

EmployeeId = NewType("EmployeeId", str)
EvidenceId = NewType("EvidenceId", str)
RoundId = NewType("RoundId", str)


class AgeBand(Enum):
    """Aldersgruppe: age as widely as planning for retirement needs it."""

    UNDER_30 = "under-30"
    FROM_30 = "30-39"
    FROM_40 = "40-49"
    FROM_50 = "50-54"
    FROM_55 = "55-59"
    FROM_60 = "60-64"
    FROM_65 = "65-"


class AssessmentSource(Enum):
    """Vurderingskilde: who or what says that a level is held."""

    CREDENTIAL = "credential"
    TEST = "test"
    JOINT = "joint"
    LEADER = "leader"
    SELF = "self"


class Recognition(Enum):
    """Uttelling: how far real competence counts towards an education (M-11)."""

    FULL = "full"
    PARTIAL = "partial"


@frozen(kw_only=True)
class Unit:
    """Enhet: a part of the enterprise; `link` is its place in the value chain (A-6)."""

    id: UnitId = field(validator=ident)
    label: Text
    parent: UnitId | None = field(default=None, validator=ident)
    link: str = ""


@frozen(kw_only=True)
class Employee:
    """Ansatt: one person, by pseudonym."""

    id: EmployeeId = field(validator=ident)
    age: AgeBand | None = None
    purpose: Purpose = Purpose.DEVELOPMENT
    basis: Basis = Basis.LEGITIMATE_INTEREST
    keep_until: date | None = None


@frozen(kw_only=True)
class Engagement:
    """Ansettelse i en rolle: one of a person's part or full engagements, in basis points."""

    employee: EmployeeId = field(validator=ident)
    unit: UnitId = field(validator=ident)
    role: RoleId = field(validator=ident)
    share: int = field(default=10_000, validator=share)
    start: date | None = None
    end: date | None = field(default=None, validator=interval)
    purpose: Purpose = Purpose.DEVELOPMENT
    basis: Basis = Basis.CONTRACT
    keep_until: date | None = None


@frozen(kw_only=True)
class Evidence:
    """Dokumentasjon: one qualification or experience, kept as its own fact (K-10, M-8 to M-12).

    `competence` and `level` say what it proves, where that is known; a `level` of None proves any.
    `qualification` is the education, trade or certificate meant; for real competence measured
    against an education, `recognition` and `remaining` (in per cent) give the result (M-11).
    What is not `verified` is only claimed and proves nothing.
    """

    id: EvidenceId = field(validator=ident)
    employee: EmployeeId = field(validator=ident)
    kind: EvidenceKind
    qualification: str = ""
    competence: CompetenceId | None = field(default=None, validator=ident)
    level: Level | None = field(default=None, validator=count)
    issued: date | None = None
    expires: date | None = field(default=None)
    verified: bool = True
    years: int | None = field(default=None, validator=count)
    recognition: Recognition | None = None
    remaining: int | None = field(default=None, validator=count)
    recorded: datetime = field(validator=instant)
    purpose: Purpose = Purpose.DEVELOPMENT
    basis: Basis = Basis.LEGITIMATE_INTEREST
    keep_until: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what expires before it is issued.

        Raises:
            Misuse: E507.
        """
        _expires_after(self.issued, self.expires, "Evidence.expires")


@frozen(kw_only=True)
class Assessment:
    """Vurdering: a level that a source says a person holds.

    `level` counts on the competence's own scale unless `scale` names another. `assessed` is when
    it was true, `recorded` when it became known here; `round` names the mapping it came from.
    """

    employee: EmployeeId = field(validator=ident)
    competence: CompetenceId = field(validator=ident)
    level: Level = field(validator=count)
    source: AssessmentSource
    assessed: date
    expires: date | None = field(default=None)
    recorded: datetime = field(validator=instant)
    scale: ScaleId | None = field(default=None, validator=ident)
    evidence: EvidenceId | None = field(default=None, validator=ident)
    round: RoundId | None = field(default=None, validator=ident)
    purpose: Purpose = Purpose.DEVELOPMENT
    basis: Basis = Basis.LEGITIMATE_INTEREST
    keep_until: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse what expires before it is assessed.

        Raises:
            Misuse: E507.
        """
        _expires_after(self.assessed, self.expires, "Assessment.expires")


@frozen(kw_only=True)
class Wish:
    """Ønske: what a person has said they want to learn, do or become (H-7, A-3); never inferred.

    At least one of `competence`, `role` and `measure` is named.
    """

    employee: EmployeeId = field(validator=ident)
    competence: CompetenceId | None = field(default=None, validator=ident)
    role: RoleId | None = field(default=None, validator=ident)
    measure: str | None = field(default=None, validator=ident)
    stated: date
    recorded: datetime = field(validator=instant)
    purpose: Purpose = Purpose.DEVELOPMENT
    basis: Basis = Basis.CONSENT
    keep_until: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a wish for nothing.

        Raises:
            Misuse: E214.
        """
        if (self.competence, self.role, self.measure) == (None, None, None):
            raise Misuse("E214", "a wish names a competence, a role or a measure")


def _expires_after(start: date | None, expires: date | None, where: str) -> None:
    if start is not None and expires is not None and expires < start:
        raise Misuse("E507", f"{where} is before it begins")


EMPLOYEES = Layout.of(Employee, key=("id",))
ENGAGEMENTS = Layout.of(
    Engagement, key=("employee", "role", "unit", "start"), dtypes={"share": "int32"}
)
EVIDENCE = Layout.of(Evidence, key=("employee", "competence", "id"), dtypes={"level": "int16"})
ASSESSMENTS = Layout.of(
    Assessment, key=("employee", "competence", "assessed", "recorded"), dtypes={"level": "int16"}
)
WISHES = Layout.of(Wish, key=("employee", "stated"))
