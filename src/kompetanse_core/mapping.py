"""What is known about whom, how sure and how fresh? Holdings (kartlegging), and how they came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum

from attrs import field, frozen

from kompetanse_core.columns import Layout, Table
from kompetanse_core.model.competence import CompetenceId, Level
from kompetanse_core.model.enterprise import Enterprise, Finding
from kompetanse_core.model.people import Assessment, EmployeeId


class Combining(Enum):
    """Sammenstilling: which of several assessments of one competence counts.

    `JOINT_FIRST`: credential or test, then joint, leader, self; the latest within a source.
    `LATEST`: the latest, whatever its source. `BEST`: the highest that has not expired.
    """

    JOINT_FIRST = "joint-first"
    LATEST = "latest"
    BEST = "best"


@frozen(kw_only=True)
class Holding:
    """Kartlagt kompetanse: the level that counts for one person and competence.

    `via` is the competence that was assessed: the same one, or one that counts as it through the
    graph. `assessment` is the place of the assessment that counts in `Holdings.assessments`.
    """

    employee: EmployeeId
    competence: CompetenceId
    level: Level
    expires: date | None
    via: CompetenceId
    assessment: int


HOLDINGS = Layout.of(
    Holding, key=("employee", "competence"), dtypes={"level": "int16", "assessment": "int32"}
)


@frozen(kw_only=True, repr=False, eq=False)
class Holdings:
    """Kartlegging: what everybody holds on a day, as far as it was known then."""

    enterprise: Enterprise
    on: date
    known_at: datetime | None
    combining: Combining
    rows: Table[Holding]
    findings: tuple[Finding, ...] = field(default=())

    def __iter__(self) -> Iterator[Holding]:
        """Yield the holdings by employee and competence."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Count the holdings."""
        return len(self.rows)

    def of(self, employee: EmployeeId) -> tuple[Holding, ...]:
        """Give what one person holds, by competence."""
        raise NotImplementedError

    def assessment(self, holding: Holding) -> Assessment:
        """Give the assessment that a holding rests on."""
        raise NotImplementedError


def map_holdings(
    enterprise: Enterprise,
    *,
    on: date,
    known_at: datetime | None = None,
    combining: Combining = Combining.JOINT_FIRST,
) -> Holdings:
    """Find the level that counts for every person and competence, direct or through the graph.

    Assessments made after `on` or recorded after `known_at` (None: everything recorded) are not
    there yet.
    """
    raise NotImplementedError
