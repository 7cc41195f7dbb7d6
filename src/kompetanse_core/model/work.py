"""What must be done, and what does it take? Goal, Driver, Need, Task, Role, Requirement, Seats.

Clauses B-0 to B-13, A-7, A-10, K-3, K-7, K-8 and K-13.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import NewType

from attrs import field, frozen

from kompetanse_core.columns import Layout
from kompetanse_core.model.competence import CompetenceId, EvidenceKind, Level, ScaleId
from kompetanse_core.model.text import NO_TEXT, Text
from kompetanse_core.model.validators import count, ident, idents, interval, positive

GoalId = NewType("GoalId", str)
DriverId = NewType("DriverId", str)
NeedId = NewType("NeedId", str)
TaskId = NewType("TaskId", str)
OccupationId = NewType("OccupationId", str)
RoleId = NewType("RoleId", str)
UnitId = NewType("UnitId", str)


class GoalTerm(Enum):
    """Tidshorisont for mål: short or long term (B-2)."""

    SHORT = "short"
    LONG = "long"


class Aim(Enum):
    """Hensikt: what a goal or measure is for, for the enterprise (K-3, H-8) or the person (K-4)."""

    RETAIN = "retain"
    ATTRACT = "attract"
    COMPETE = "compete"
    TRANSFORM = "transform"
    SOCIETY = "society"
    MEANING = "meaning"
    MASTERY = "mastery"
    CAREER = "career"
    LONGER_WORKING_LIFE = "longer-working-life"
    GROWTH = "growth"

    @property
    def for_enterprise(self) -> bool:
        """Whether it is the enterprise that gains (K-3)."""
        return self in (Aim.RETAIN, Aim.ATTRACT, Aim.COMPETE, Aim.TRANSFORM)

    @property
    def for_person(self) -> bool:
        """Whether it is the person who gains (K-4)."""
        return not self.for_enterprise and self is not Aim.SOCIETY


class DriverKind(Enum):
    """Type utløsende forhold: what can trigger a need (B-2 to B-11, K-13)."""

    NEW_GOAL = "new-goal"
    TRANSFORMATION = "transformation"
    OFFERING = "product-or-service"
    MARKET = "market"
    TECHNOLOGY = "technology"
    AUTHORITY = "authority"
    SAFETY = "safety"
    CUSTOMER = "customer"
    PRINCIPAL = "principal"
    SUPPLIER = "supplier"
    UNION_AGREEMENT = "union-agreement"
    UNION_DEMAND = "union-demand"
    UNION_PROPOSAL = "union-proposal"
    IMPROVEMENT = "improvement"
    EMPLOYEES = "employees"
    SOCIETY = "society"
    OTHER = "other"

    @property
    def clause(self) -> str:
        """Give the clause of the guide that names this trigger."""
        return _DRIVER_CLAUSES[self]


_DRIVER_CLAUSES = MappingProxyType(
    {
        DriverKind.NEW_GOAL: "B-2",
        DriverKind.TRANSFORMATION: "K-13",
        DriverKind.OFFERING: "B-3",
        DriverKind.MARKET: "B-3",
        DriverKind.TECHNOLOGY: "B-9",
        DriverKind.AUTHORITY: "B-6",
        DriverKind.SAFETY: "B-6",
        DriverKind.CUSTOMER: "B-7",
        DriverKind.PRINCIPAL: "B-7",
        DriverKind.SUPPLIER: "B-7",
        DriverKind.UNION_AGREEMENT: "B-8",
        DriverKind.UNION_DEMAND: "B-8",
        DriverKind.UNION_PROPOSAL: "B-8",
        DriverKind.IMPROVEMENT: "B-10",
        DriverKind.EMPLOYEES: "B-11",
        DriverKind.SOCIETY: "K-13",
        DriverKind.OTHER: "B-5",
    }
)


class Horizon(Enum):
    """Behovshorisont: needed today, to carry out a change, or after it (B-12)."""

    PRESENT = "present"
    DURING_CHANGE = "during-change"
    AFTER_CHANGE = "after-change"


class Owner(Enum):
    """Behovseier: whose need it is (B-0)."""

    ENTERPRISE = "enterprise"
    EMPLOYEES = "employees"
    BOTH = "both"


class Bearer(Enum):
    """Kravbærer: what a requirement belongs to."""

    TASK = "task"
    ROLE = "role"
    OCCUPATION = "occupation"


class Demand(Enum):
    """Kravstyrke: required or desired."""

    REQUIRED = "required"
    DESIRED = "desired"


@frozen(kw_only=True)
class Goal:
    """Mål: what the enterprise wants to reach, in the short or long term (B-2, A-10)."""

    id: GoalId = field(validator=ident)
    label: Text
    term: GoalTerm = GoalTerm.SHORT
    aims: tuple[Aim, ...] = ()
    due: date | None = None


@frozen(kw_only=True)
class Driver:
    """Utløsende forhold: what makes a need arise (B-2 to B-11, K-13).

    `organisation` names who stands behind it: an authority, a customer, a union as organisation.
    """

    id: DriverId = field(validator=ident)
    label: Text
    kind: DriverKind
    goals: tuple[GoalId, ...] = field(default=(), validator=idents)
    organisation: str = ""
    raised: date | None = None
    deadline: date | None = None


@frozen(kw_only=True)
class Need:
    """Behov: competence that the enterprise or its employees will need, and how (B-0, B-12).

    `unit` makes it a need of a unit as a whole, such as culture building (B-13).
    """

    id: NeedId = field(validator=ident)
    label: Text
    drivers: tuple[DriverId, ...] = field(default=(), validator=idents)
    goals: tuple[GoalId, ...] = field(default=(), validator=idents)
    horizon: Horizon = Horizon.PRESENT
    owner: Owner = Owner.ENTERPRISE
    how: Text = NO_TEXT
    unit: UnitId | None = field(default=None, validator=ident)
    start: date | None = None
    end: date | None = field(default=None, validator=interval)


@frozen(kw_only=True)
class Task:
    """Oppgave: work that is done, and that turns competence into results (K-7)."""

    id: TaskId = field(validator=ident)
    label: Text
    description: Text = NO_TEXT
    goals: tuple[GoalId, ...] = field(default=(), validator=idents)


@frozen(kw_only=True)
class Occupation:
    """Yrke: an occupation or profession outside the enterprise, in a tree (K-8)."""

    id: OccupationId = field(validator=ident)
    label: Text
    description: Text = NO_TEXT
    broader: tuple[OccupationId, ...] = field(default=(), validator=idents)
    code: str = ""
    uri: str = ""


@frozen(kw_only=True)
class Role:
    """Rolle: what an employee does here, built from tasks; an occupation is where it starts (K-8).

    The occupation's requirements hold unless the role has its own for the same competence or
    waives it.
    """

    id: RoleId = field(validator=ident)
    label: Text
    description: Text = NO_TEXT
    tasks: tuple[TaskId, ...] = field(default=(), validator=idents)
    occupation: OccupationId | None = field(default=None, validator=ident)
    waives: tuple[CompetenceId, ...] = field(default=(), validator=idents)
    family: str = ""
    uri: str = ""


@frozen(kw_only=True)
class Requirement:
    """Kompetansekrav: a level of one competence that a task, role or occupation takes.

    `level` counts on the competence's own scale unless `scale` names another. `weight` is the
    worth of each step. `statutory` allows no substitution by wish, relation or plan (B-6).
    `proof` names the kinds of evidence of which one must be there; empty asks for none (R-2).
    """

    bearer: Bearer
    of: str = field(validator=ident)
    competence: CompetenceId = field(validator=ident)
    level: Level = field(validator=positive)
    weight: int = field(default=1, validator=positive)
    demand: Demand = Demand.REQUIRED
    statutory: bool = False
    proof: frozenset[EvidenceKind] = frozenset()
    needs: tuple[NeedId, ...] = field(default=(), validator=idents)
    scale: ScaleId | None = field(default=None, validator=ident)
    start: date | None = None
    end: date | None = field(default=None, validator=interval)


@frozen(kw_only=True)
class Seats:
    """Stillinger: how much work of a role a unit needs, in basis points of full time."""

    unit: UnitId = field(validator=ident)
    role: RoleId = field(validator=ident)
    share: int = field(validator=positive)
    start: date | None = None
    end: date | None = field(default=None, validator=interval)


@frozen(kw_only=True)
class Headcount:
    """Bemanningskrav: n different people in a unit who hold at least a level of a competence."""

    unit: UnitId = field(validator=ident)
    competence: CompetenceId = field(validator=ident)
    level: Level = field(validator=positive)
    count: int = field(validator=positive)
    statutory: bool = False
    needs: tuple[NeedId, ...] = field(default=(), validator=idents)
    start: date | None = None
    end: date | None = field(default=None, validator=interval)


@frozen(kw_only=True)
class Market:
    """Arbeidsmarked: what hiring into a role costs, how long it takes and how often it succeeds.

    `cost` is kroner for each hire, `days` the time to fill, `yield_percent` the chance in 100 that
    a vacancy announced is filled, `most` the largest number of hires in a year (G-8).
    """

    role: RoleId = field(validator=ident)
    cost: int = field(validator=count)
    days: int = field(validator=count)
    yield_percent: int = field(default=100, validator=count)
    most: int | None = field(default=None, validator=count)


REQUIREMENTS = Layout.of(
    Requirement,
    key=("bearer", "of", "competence"),
    dtypes={"level": "int16"},
)
