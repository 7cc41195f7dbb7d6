"""What could be otherwise? Alterations: of people, work, measures and facts, each from a day on.

Every change is a frozen noun that makes one enterprise out of another. `on` is the first day on
which it is otherwise. A change whose target is not there is refused, so that a misspelt id never
looks like a scenario without effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

import numpy as np
from attrs import evolve, field, frozen

from kompetanse_core.columns import Table
from kompetanse_core.errors import Misuse
from kompetanse_core.model.competence import Competence, CompetenceId, Level, Relation
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Measure, MeasureId, Scheme
from kompetanse_core.model.people import (
    Assessment,
    Employee,
    EmployeeId,
    Engagement,
    Evidence,
    Unit,
    Wish,
)
from kompetanse_core.model.validators import ident, positive, share
from kompetanse_core.model.work import (
    Bearer,
    Driver,
    Goal,
    Headcount,
    Market,
    Need,
    Occupation,
    Requirement,
    Role,
    RoleId,
    Seats,
    Task,
    TaskId,
    UnitId,
)
from kompetanse_core.scenario.overlay import (
    ONE_DAY,
    Mask,
    altered,
    ended,
    ended_places,
    lapsed,
    nothing_there,
    rows_of,
    running,
    runs,
)

N = TypeVar("N")

Running = Need | Requirement | Seats | Headcount | Engagement | Measure
"""What begins on a day."""

Lasting = Competence | Goal | Driver | Task | Occupation | Role | Unit | Scheme | Market
"""What has no beginning: it is there, or is otherwise, on every day."""

Fact = Relation | Employee | Evidence | Assessment | Wish
"""What is known, and from when on says itself."""

FIELDS: Mapping[type, str] = MappingProxyType(
    {
        Competence: "competences",
        Relation: "relations",
        Goal: "goals",
        Driver: "drivers",
        Need: "needs",
        Task: "tasks",
        Occupation: "occupations",
        Role: "roles",
        Requirement: "requirements",
        Seats: "seats",
        Headcount: "headcounts",
        Market: "markets",
        Unit: "units",
        Employee: "employees",
        Engagement: "engagements",
        Evidence: "evidence",
        Assessment: "assessments",
        Wish: "wishes",
        Measure: "measures",
        Scheme: "schemes",
    }
)
"""In which collection of an enterprise each noun stands."""


class Alteration(Protocol):
    """Endring: what makes one enterprise out of another, from a day on (None: altogether)."""

    @property
    def on(self) -> date | None: ...
    def applied_to(self, enterprise: Enterprise) -> Enterprise: ...


@frozen(kw_only=True)
class Add:
    """Tilføye: somebody arrives, or something opens, is required, offered or becomes known.

    What begins on a day begins on `on` at the earliest. Somebody who arrives is an `Employee` and
    an `Engagement`, added by two changes, with what they hold as `Assessment`s.
    """

    noun: Running | Lasting | Fact
    on: date | None = None

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise with the noun in it."""
        noun, name = _begun(self.noun, self.on), FIELDS[type(self.noun)]
        rows = getattr(enterprise, name)
        return _with(
            enterprise, name, (*rows, noun) if isinstance(rows, tuple) else rows.merged([noun])
        )


@frozen(kw_only=True)
class Replace:
    """Erstatte: a measure, a market, a role or the like has other terms, on every day.

    It replaces the one with the same id (of a market: the same role). `on` orders it among other
    changes; these nouns have one set of terms at a time.
    """

    noun: Lasting | Measure | Need
    on: date | None = None

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise with the noun in the place of the one with its id.

        Raises:
            Misuse: E503, if there is none.
        """
        name, key = FIELDS[type(self.noun)], _key(self.noun)
        rows: tuple[Any, ...] = getattr(enterprise, name)
        if key not in map(_key, rows):
            raise nothing_there(f"none of {name} has that id")
        return _with(enterprise, name, tuple(self.noun if _key(r) == key else r for r in rows))


@frozen(kw_only=True)
class Leave:
    """Slutte: a person ends all engagements, or those in one unit or role."""

    employee: EmployeeId = field(validator=ident)
    on: date
    unit: UnitId | None = field(default=None, validator=ident)
    role: RoleId | None = field(default=None, validator=ident)

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise where the engagements end the day before.

        Raises:
            Misuse: E503, if there is none on that day or later.
        """
        ids = (("employee", self.employee), ("unit", self.unit), ("role", self.role))
        table = enterprise.engagements
        rows = running(table, rows_of(table, ids), self.on)
        return evolve(enterprise, engagements=ended(table, rows, self.on))


@frozen(kw_only=True)
class ChangeShare:
    """Endre stillingsandel: a person works more or less in a role, in basis points."""

    employee: EmployeeId = field(validator=ident)
    unit: UnitId = field(validator=ident)
    role: RoleId = field(validator=ident)
    share: int = field(validator=share)
    on: date

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise where the engagement has the new share from the day.

        Raises:
            Misuse: E503, if there is none on that day or later.
        """
        ids = (("employee", self.employee), ("unit", self.unit), ("role", self.role))
        table = enterprise.engagements
        rows = running(table, rows_of(table, ids), self.on)
        changed = altered(table, rows, self.on, {"share": self.share})
        return evolve(enterprise, engagements=changed)


@frozen(kw_only=True)
class ChangeLevel:
    """Endre kravnivå: a requirement is raised or lowered, on the scale that it names."""

    bearer: Bearer
    of: str = field(validator=ident)
    competence: CompetenceId = field(validator=ident)
    level: Level = field(validator=positive)
    on: date

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise where the requirement has the new level from the day.

        Raises:
            Misuse: E503, if there is none on that day or later.
        """
        table = enterprise.requirements
        rows = running(table, _of(table, self.bearer, self.of, self.competence), self.on)
        changed = altered(table, rows, self.on, {"level": self.level})
        return evolve(enterprise, requirements=changed)


@frozen(kw_only=True)
class Retire:
    """Fjerne krav: a requirement no longer holds."""

    bearer: Bearer
    of: str = field(validator=ident)
    competence: CompetenceId = field(validator=ident)
    on: date

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise where the requirement ends the day before.

        Raises:
            Misuse: E503, if there is none on that day or later.
        """
        table = enterprise.requirements
        rows = running(table, _of(table, self.bearer, self.of, self.competence), self.on)
        return evolve(enterprise, requirements=ended(table, rows, self.on))


@frozen(kw_only=True)
class ChangeSeats:
    """Endre stillinger: a unit needs more or less of a role, in basis points of full time."""

    unit: UnitId = field(validator=ident)
    role: RoleId = field(validator=ident)
    share: int = field(validator=positive)
    on: date

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise where the seats have the new share from the day.

        Raises:
            Misuse: E503, if there are none on that day or later.
        """
        closed = CloseSeats(unit=self.unit, role=self.role, on=self.on).applied_to(enterprise)
        opened = tuple(
            evolve(_begun(seats, self.on), share=self.share)
            for seats in enterprise.seats
            if _is(seats, self.unit, self.role) and runs(seats, self.on)
        )
        return evolve(closed, seats=(*closed.seats, *opened))


@frozen(kw_only=True)
class CloseSeats:
    """Legge ned stillinger: a unit no longer needs a role; who is engaged in it stays."""

    unit: UnitId = field(validator=ident)
    role: RoleId = field(validator=ident)
    on: date

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise where the seats end the day before.

        Raises:
            Misuse: E503, if there are none on that day or later.
        """
        if not any(_is(s, self.unit, self.role) and runs(s, self.on) for s in enterprise.seats):
            raise nothing_there("no such seats are there on that day or later")
        kept = ended_places(enterprise.seats, lambda s: _is(s, self.unit, self.role), self.on)
        return evolve(enterprise, seats=kept)


@frozen(kw_only=True)
class CloseRole:
    """Legge ned rolle: its seats and engagements end; whoever had it is free for other work."""

    role: RoleId = field(validator=ident)
    on: date

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise where nobody has the role and no unit needs it, from the day.

        Raises:
            Misuse: E503, if there is no such role.
        """
        if self.role not in {role.id for role in enterprise.roles}:
            raise nothing_there("there is no such role")
        rows = rows_of(enterprise.engagements, (("role", self.role),))
        return evolve(
            enterprise,
            seats=ended_places(enterprise.seats, lambda s: s.role == self.role, self.on),
            engagements=ended(enterprise.engagements, rows, self.on),
        )


@frozen(kw_only=True)
class CloseTask:
    """Legge ned oppgave: the task is no longer done, and takes nothing of those who did it."""

    task: TaskId = field(validator=ident)
    on: date

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise where the task's requirements end the day before.

        Raises:
            Misuse: E503, if there is no such task.
        """
        if self.task not in {task.id for task in enterprise.tasks}:
            raise nothing_there("there is no such task")
        table = enterprise.requirements
        rows = _of(table, Bearer.TASK, self.task, None)
        return evolve(enterprise, requirements=ended(table, rows, self.on))


@frozen(kw_only=True)
class CloseUnit:
    """Legge ned enhet: it and all units below it end: engagements, seats and headcounts."""

    unit: UnitId = field(validator=ident)
    on: date

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise where nobody works in the unit and nothing is needed there.

        Raises:
            Misuse: E503, if there is no such unit.
        """
        if self.unit not in {unit.id for unit in enterprise.units}:
            raise nothing_there("there is no such unit")
        branch, table = _branch(enterprise.units, self.unit), enterprise.engagements
        rows = np.isin(table.column("unit"), table.words_of("unit").codes(sorted(branch)))
        return evolve(
            enterprise,
            seats=ended_places(enterprise.seats, lambda s: s.unit in branch, self.on),
            headcounts=ended_places(enterprise.headcounts, lambda h: h.unit in branch, self.on),
            engagements=ended(table, rows, self.on),
        )


@frozen(kw_only=True)
class Withdraw:
    """Trekke tilbake tiltak: a measure is no longer on offer."""

    measure: MeasureId = field(validator=ident)
    on: date

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise where the measure ends the day before.

        Raises:
            Misuse: E503, if there is no such measure; E507, if it begins later than that.
        """
        found = [each for each in enterprise.measures if each.id == self.measure]
        if not found:
            raise nothing_there("there is no such measure")
        last = self.on - ONE_DAY
        end = min(last, found[0].end or last)
        return Replace(noun=evolve(found[0], end=end)).applied_to(enterprise)


@frozen(kw_only=True)
class Lapse:
    """Bortfalle: what is known of a competence, of a person, or both, holds no longer.

    Assessments and evidence from before the day expire the day before it.
    """

    on: date
    competence: CompetenceId | None = field(default=None, validator=ident)
    employee: EmployeeId | None = field(default=None, validator=ident)

    def __attrs_post_init__(self) -> None:
        """Refuse to let everything lapse by leaving out both ids.

        Raises:
            Misuse: E214.
        """
        if self.competence is None and self.employee is None:
            raise Misuse("E214", "what lapses is of a competence, of a person, or of both")

    def applied_to(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise where these facts expire.

        Raises:
            Misuse: E503, if there is no such fact that holds on that day.
        """
        ids = (("competence", self.competence), ("employee", self.employee))
        said, proof = enterprise.assessments, enterprise.evidence
        assessments, some = lapsed(said, rows_of(said, ids), self.on, "assessed")
        evidence, more = lapsed(proof, rows_of(proof, ids), self.on, "issued")
        if not some + more:
            raise nothing_there("nothing known of it holds on that day")
        return evolve(enterprise, assessments=assessments, evidence=evidence)


def target_of(change: Alteration) -> tuple[object, ...] | None:
    """Give what a change gives a new value or ends, and from when; None where others add up."""
    if isinstance(change, ChangeShare | Leave):
        return Engagement, change.on, change.employee
    if isinstance(change, ChangeLevel | Retire):
        return Requirement, change.on, change.bearer, change.of, change.competence
    if isinstance(change, ChangeSeats | CloseSeats):
        return Seats, change.on, change.unit, change.role
    if isinstance(change, Withdraw):
        return Measure, change.on, change.measure
    return (type(change.noun), change.on, _key(change.noun)) if type(change) is Replace else None


def contradict(change: Alteration, other: Alteration) -> bool:
    """Say whether two changes of one target want one thing to be two different things."""
    if isinstance(change, ChangeShare | Leave) and isinstance(other, ChangeShare | Leave):
        share = next((each for each in (change, other) if isinstance(each, ChangeShare)), None)
        apart = any(
            None not in (one, two) and one != two
            for one, two in ((change.unit, other.unit), (change.role, other.role))
        )
        return share is not None and not apart and change != other
    return change != other


def _begun(noun: N, on: date | None) -> N:
    """Let what begins on a day begin on `on` at the earliest; leave all else as it is."""
    if on is None or not isinstance(noun, Running):
        return noun
    return evolve(noun, start=max(noun.start or on, on))


def _key(noun: Lasting | Measure | Need) -> str:
    return noun.role if isinstance(noun, Market) else noun.id


def _with(enterprise: Enterprise, name: str, rows: object) -> Enterprise:
    changes: dict[str, Any] = {name: rows}
    return evolve(enterprise, **changes)


def _is(seats: Seats, unit: UnitId, role: RoleId) -> bool:
    return seats.unit == unit and seats.role == role


def _of(
    table: Table[Requirement], bearer: Bearer, of: str, competence: CompetenceId | None
) -> Mask:
    """Mark the requirements that one bearer has, of one competence or of any."""
    own: Mask = table.column("bearer") == tuple(Bearer).index(bearer)
    return own & rows_of(table, (("of", of), ("competence", competence)))


def _branch(units: tuple[Unit, ...], top: UnitId) -> frozenset[UnitId]:
    """Give a unit and all that are below it."""
    below: dict[UnitId | None, list[UnitId]] = {}
    for unit in units:
        below.setdefault(unit.parent, []).append(unit.id)
    found, ahead = {top}, [top]
    while ahead:
        children = [each for each in below.get(ahead.pop(), ()) if each not in found]
        found.update(children)
        ahead.extend(children)
    return frozenset(found)
