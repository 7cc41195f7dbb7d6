"""Who may see what about a person? `sight` and `seen`: rights by actor, step and purpose.

Clauses M-13, X-1, X-3 and X-8. A purpose that is not in `Purpose`, such as pay, appraisal or
redundancy, cannot be asked for at all; one that is there opens only the facts held for it. Each
door where facts about a person leave asks here: the report, the export and the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from types import MappingProxyType

from attrs import evolve

from kompetanse_core.columns.layout import days
from kompetanse_core.errors import PrivacyRefused
from kompetanse_core.model.competence import CompetenceId, FacetGroup
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.privacy import Actor, ActorKind, Purpose
from kompetanse_core.model.subject import about
from kompetanse_core.model.work import UnitId
from kompetanse_core.privacy.lock import narrowed


class Step(Enum):
    """Steg: the part of the work in which somebody asks to see (X-1)."""

    MAPPING = "mapping"
    GAP = "gap"
    PLAN = "plan"
    CO_OPERATION = "co-operation"


class Sight(Enum):
    """Innsynsnivå: nothing, figures about groups, one's own people, or oneself, from least up."""

    NOTHING = "nothing"
    AGGREGATE = "aggregate"
    LINE = "line"
    OWN = "own"


RIGHTS: Mapping[ActorKind, Mapping[Step, Sight]] = MappingProxyType(
    {
        kind: MappingProxyType(dict.fromkeys(Step, sight) | {Step.CO_OPERATION: Sight.AGGREGATE})
        for kind, sight in (
            (ActorKind.MANAGEMENT, Sight.AGGREGATE),
            (ActorKind.LEADER, Sight.LINE),
            (ActorKind.EMPLOYEE, Sight.OWN),
            (ActorKind.UNION_REPRESENTATIVE, Sight.AGGREGATE),
            (ActorKind.ANALYST, Sight.AGGREGATE),
        )
    }
)
"""What each kind of actor may see at each step; both parties see the same aggregates (F-1, P-8)."""

OPEN_TO_LEADERS = frozenset({Purpose.DEVELOPMENT, Purpose.STAFFING, Purpose.STATUTORY_PROOF})

PERSONAL = frozenset({Sight.LINE, Sight.OWN})
"""The sights that open facts about one person at all."""


def actor_called(enterprise: Enterprise, name: str) -> Actor:
    """Find an actor of the enterprise by id.

    Raises:
        PrivacyRefused: E554, if there is none: nobody in particular sees nothing in particular.
    """
    for actor in enterprise.actors:
        if actor.id == name:
            return actor
    raise _refused()


def asks_for_own(actor: Actor, employee: EmployeeId) -> bool:
    """Say whether somebody asks as the person whom the data are about (X-8)."""
    return actor.kind is ActorKind.EMPLOYEE and actor.employee == employee


def sight(
    actor: Actor,
    employee: EmployeeId,
    *,
    enterprise: Enterprise,
    step: Step,
    purpose: Purpose,
    on: date,
) -> Sight:
    """Say how much of one person's data an actor may see at a step, for a purpose, on a day."""
    right = RIGHTS[actor.kind][step]
    if right is Sight.OWN:
        return Sight.OWN if asks_for_own(actor, employee) else Sight.AGGREGATE
    if right is not Sight.LINE:
        return right
    in_line = actor.unit in units_above(enterprise, employee, on)
    return Sight.LINE if in_line and purpose in OPEN_TO_LEADERS else Sight.AGGREGATE


def seen(
    actor: Actor,
    employee: EmployeeId,
    *,
    enterprise: Enterprise,
    step: Step,
    purpose: Purpose,
    on: date,
) -> Enterprise:
    """Give what an actor may see of one person.

    People see everything about themselves, whatever it is held for (X-8). A leader sees those
    engaged in or below the leader's unit, only what is held for the purpose, and no trait,
    attitude or value: these are told for units only.

    Raises:
        PrivacyRefused: E554, for anybody else; who is not there is refused in the same words.
    """
    right = sight(actor, employee, enterprise=enterprise, step=step, purpose=purpose, on=on)
    if right not in PERSONAL:
        raise _refused()
    return _opened(about(enterprise, employee), right, purpose)


def handed_out(
    versions: Iterable[Enterprise],
    actor: Actor,
    employee: EmployeeId,
    *,
    enterprise: Enterprise,
    purpose: Purpose,
    on: date,
) -> tuple[Enterprise, ...]:
    """Narrow what a store holds about one person, version by version, to what an actor may see.

    Who is in which line is what `enterprise`, the newest version, says on the day.

    Raises:
        PrivacyRefused: E554, as `seen` does.
    """
    right = sight(actor, employee, enterprise=enterprise, step=Step.MAPPING, purpose=purpose, on=on)
    if right not in PERSONAL:
        raise _refused()
    return tuple(_opened(about(version, employee), right, purpose) for version in versions)


def refuse_erasing(actor: Actor, employee: EmployeeId, *, enterprise: Enterprise, on: date) -> None:
    """Refuse whoever may not have a person erased; erasing shows nobody anything.

    The person may ask for it, and management or a leader above carries it out.

    Raises:
        PrivacyRefused: E554, for anybody else.
    """
    own = asks_for_own(actor, employee)
    above = actor.kind is ActorKind.LEADER and actor.unit in units_above(enterprise, employee, on)
    if not (own or above or actor.kind is ActorKind.MANAGEMENT):
        raise _refused()


def refuse_others(actor: Actor, employee: EmployeeId) -> None:
    """Refuse everybody but the person: who has read about somebody is told to them alone (X-8).

    Raises:
        PrivacyRefused: E554, for anybody else.
    """
    if not asks_for_own(actor, employee):
        raise _refused()


def units_above(enterprise: Enterprise, employee: EmployeeId, on: date) -> frozenset[UnitId]:
    """Give the units that a person is engaged in on a day, and all above them."""
    rows, day = enterprise.engagements, days(on)
    code = rows.words_of("employee").code(employee)
    going = (rows.column("start") <= day) & (day <= rows.column("end"))
    own = rows.where(going & (rows.column("employee") == code))
    parents, above = {unit.id: unit.parent for unit in enterprise.units}, set[UnitId]()
    for engagement in own:
        unit: UnitId | None = engagement.unit
        while unit is not None and unit not in above:
            above.add(unit)
            unit = parents.get(unit)
    return frozenset(above)


def beings(enterprise: Enterprise) -> frozenset[CompetenceId]:
    """Give the traits, attitudes and values: of a person, only that person sees them."""
    found = (c.id for c in enterprise.competences if c.facet and c.facet.group is FacetGroup.BEING)
    return frozenset(found)


def _opened(facts: Enterprise, right: Sight, purpose: Purpose) -> Enterprise:
    """Narrow the facts about one person to what a right opens."""
    return facts if right is Sight.OWN else narrowed(_without_being(facts), purpose)


def _refused() -> PrivacyRefused:
    """Answer all alike: the refusal tells nobody who is there."""
    text = "this actor may not see that employee's data at this step for this purpose"
    hint = "an employee sees their own; a leader those engaged in or below the leader's unit"
    return PrivacyRefused("E554", text, hint=hint)


def _without_being(enterprise: Enterprise) -> Enterprise:
    being = beings(enterprise)
    return evolve(
        enterprise,
        assessments=[row for row in enterprise.assessments if row.competence not in being],
        evidence=[row for row in enterprise.evidence if row.competence not in being],
        wishes=[row for row in enterprise.wishes if row.competence not in being],
    )
