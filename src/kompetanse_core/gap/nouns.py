"""What does one gap say? Gap and its three axes, Tally, SeatGap, HeadcountGap, Unused, Why."""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import frozen

from kompetanse_core.columns import Layout
from kompetanse_core.mapping import Holding
from kompetanse_core.model.competence import CompetenceId, Level
from kompetanse_core.model.people import EmployeeId, Evidence
from kompetanse_core.model.work import (
    Demand,
    Driver,
    Goal,
    Headcount,
    Need,
    Requirement,
    RoleId,
    Task,
    UnitId,
)


class LevelState(Enum):
    """Nivåtilstand: what is held against what is required."""

    UNKNOWN = "unknown"
    NONE = "none"
    BELOW = "below"
    MET = "met"
    SURPLUS = "surplus"


class Validity(Enum):
    """Gyldighet: whether what is known, or what proves it, still holds on the day."""

    VALID = "valid"
    EXPIRING = "expiring"
    EXPIRED = "expired"


class Proof(Enum):
    """Bevis: whether a requirement asks for formal proof, and whether it is there."""

    NOT_NEEDED = "not-needed"
    PROVEN = "proven"
    MISSING = "missing"


class By(Enum):
    """Oppsummert etter: what gaps are added up by.

    `UNIT` counts a unit's own people, `BRANCH` the unit with all units below it. A row counts once
    under each driver that stands behind it; so drivers do not add up to the total. `TASK` holds a
    task's own requirements against the people whose role has the task.
    """

    EMPLOYEE = "employee"
    UNIT = "unit"
    BRANCH = "branch"
    ROLE = "role"
    TASK = "task"
    COMPETENCE = "competence"
    FACET = "facet"
    DRIVER = "driver"


@frozen(kw_only=True)
class Gap:
    """Kompetansegap: one person in one role against one of its requirements.

    `need` and `have` are levels on the competence's own scale; `have` is None when unknown. Steps
    are weighted: a requirement at level n of weight w is n steps worth w each, and
    `met + missing + unknown == total`. `expires` is the last day on which both the level and
    its proof hold; None: no end.
    """

    employee: EmployeeId
    role: RoleId
    unit: UnitId
    competence: CompetenceId
    need: Level
    have: Level | None
    weight: int
    demand: Demand
    statutory: bool
    state: LevelState
    validity: Validity
    proof: Proof
    expires: date | None
    met: int
    missing: int
    unknown: int

    @property
    def total(self) -> int:
        """Give all weighted steps of the requirement."""
        return self.met + self.missing + self.unknown


@frozen(kw_only=True)
class Tally:
    """Opptelling: weighted steps added up under one key, and how many people they are about."""

    key: str
    met: int
    missing: int
    unknown: int
    contributors: int

    @property
    def total(self) -> int:
        """Give all weighted steps."""
        return self.met + self.missing + self.unknown


@frozen(kw_only=True)
class SeatGap:
    """Bemanningsgap: work of a role that a unit wants against what is filled, in basis points."""

    unit: UnitId
    role: RoleId
    wanted: int
    filled: int

    @property
    def vacant(self) -> int:
        """Give what is wanted and not filled."""
        return max(0, self.wanted - self.filled)

    @property
    def surplus(self) -> int:
        """Give what is filled above what is wanted."""
        return max(0, self.filled - self.wanted)


@frozen(kw_only=True)
class HeadcountGap:
    """Bemanningskrav mot bemanning: people known to hold the level, and people not known about."""

    headcount: Headcount
    known: int
    unknown: int

    @property
    def least(self) -> int:
        """Give how many are lacking if everybody not known about holds the level."""
        return max(0, self.headcount.count - self.known - self.unknown)

    @property
    def most(self) -> int:
        """Give how many are lacking if nobody not known about holds the level."""
        return max(0, self.headcount.count - self.known)


class HeadState(Enum):
    """Stilling til bemanningskravet: whether somebody in its unit is known to hold the level."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    LACKING = "lacking"


@frozen(kw_only=True)
class Head:
    """Hode: one person in the unit of a headcount, or below it, and where they stand to it.

    `headcount` is a place in `Gaps.headcounts`.
    """

    headcount: int
    employee: EmployeeId
    state: HeadState


@frozen(kw_only=True)
class Unused:
    """Ubrukt kompetanse: held by an engaged person, not required in any current engagement."""

    employee: EmployeeId
    competence: CompetenceId
    level: Level


@frozen(kw_only=True)
class Serves:
    """Kan brukes til: the roles, vacant seats and gaps that an unused competence could serve."""

    unused: Unused
    roles: tuple[RoleId, ...]
    seats: tuple[SeatGap, ...]
    gaps: tuple[Tally, ...]


@frozen(kw_only=True)
class Why:
    """Begrunnelse: everything a gap rests on, from the clause down to the assessment."""

    gap: Gap
    requirements: tuple[Requirement, ...]
    tasks: tuple[Task, ...]
    needs: tuple[Need, ...]
    drivers: tuple[Driver, ...]
    goals: tuple[Goal, ...]
    clauses: tuple[str, ...]
    holding: Holding | None
    evidence: Evidence | None


GAPS = Layout.of(
    Gap,
    key=("employee", "role", "unit", "competence"),
    dtypes={"need": "int16", "have": "int16"},
)
UNUSED = Layout.of(Unused, key=("employee", "competence"), dtypes={"level": "int16"})
HEADS = Layout.of(Head, key=("headcount", "employee"), dtypes={"headcount": "int32"})
