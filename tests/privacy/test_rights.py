"""Who may see what about a person? Tries and laws of `kompetanse_core.privacy.rights`."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.conformance.strategies import DAY, SMALL, enterprises
from kompetanse_core.errors import PrivacyRefused
from kompetanse_core.model.competence import Competence, CompetenceId, Facet, Level, ScaleId
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    Employee,
    EmployeeId,
    Engagement,
    Unit,
)
from kompetanse_core.model.privacy import Actor, ActorId, ActorKind, Purpose
from kompetanse_core.model.subject import about
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.privacy.rights import (
    RIGHTS,
    Sight,
    Step,
    asks_for_own,
    refuse_others,
    seen,
    sight,
)

ON, NOON = date(2026, 6, 1), datetime(2026, 1, 1, 12, tzinfo=UTC)
HOUSE, WARD, LAB = (UnitId(name) for name in ("house", "ward", "lab"))
ANNE = EmployeeId("anne")
TABLES = ("employees", "engagements", "evidence", "assessments", "wishes")


def assessed(competence: str, purpose: Purpose = Purpose.DEVELOPMENT) -> Assessment:
    """Anne is assessed by herself."""
    return Assessment(
        employee=ANNE,
        competence=CompetenceId(competence),
        level=Level(1),
        source=AssessmentSource.SELF,
        assessed=date(2026, 1, 1),
        recorded=NOON,
        purpose=purpose,
    )


def house() -> Enterprise:
    """A house with a ward and a lab; Anne works in the ward."""
    return Enterprise(
        competences=[
            Competence(id=CompetenceId(name), label=Text(en=name), scale=ScaleId("s"), facet=facet)
            for name, facet in (("doses", Facet.SKILL), ("calm", Facet.TRAIT))
        ],
        units=[
            Unit(id=HOUSE, label=Text(en="House")),
            Unit(id=WARD, label=Text(en="Ward"), parent=HOUSE),
            Unit(id=LAB, label=Text(en="Lab"), parent=HOUSE),
        ],
        employees=[Employee(id=ANNE), Employee(id=EmployeeId("bo"))],
        engagements=[
            Engagement(employee=ANNE, unit=WARD, role=RoleId("nurse")),
            Engagement(employee=ANNE, unit=LAB, role=RoleId("nurse"), end=date(2026, 5, 31)),
        ],
        assessments=[
            assessed("doses"),
            assessed("calm"),
            assessed("doses", Purpose.STATUTORY_PROOF),
            evolve(assessed("doses"), employee=EmployeeId("bo")),
        ],
    )


def actor(kind: ActorKind, unit: str | None = None, employee: str | None = None) -> Actor:
    """Somebody in a capacity."""
    return Actor(id=ActorId("x"), kind=kind, unit=unit, employee=employee)


def ask(who: Actor, purpose: Purpose = Purpose.DEVELOPMENT, step: Step = Step.GAP) -> Enterprise:
    """Ask for Anne's data."""
    return seen(who, ANNE, enterprise=house(), step=step, purpose=purpose, on=ON)


@pytest.mark.parametrize("purpose", Purpose)
def test_people_see_everything_about_themselves(purpose: Purpose) -> None:
    """X-8: whatever it is held for, traits included, and nothing about anybody else."""
    assert ask(actor(ActorKind.EMPLOYEE, employee=ANNE), purpose) == about(house(), ANNE)


@pytest.mark.parametrize(
    ("who", "own"),
    [
        (actor(ActorKind.EMPLOYEE, employee=ANNE), True),
        (actor(ActorKind.EMPLOYEE, employee="bo"), False),
        (actor(ActorKind.EMPLOYEE), False),
        (actor(ActorKind.LEADER, unit=WARD, employee=ANNE), False),
        (actor(ActorKind.MANAGEMENT), False),
    ],
)
def test_only_the_person_asks_as_the_person(who: Actor, *, own: bool) -> None:
    """A leader's seat opens what a leader sees, of the leader's own data too; E554 for others."""
    assert asks_for_own(who, ANNE) == own
    with nullcontext() if own else pytest.raises(PrivacyRefused, match="E554"):
        refuse_others(who, ANNE)


@pytest.mark.parametrize("unit", [WARD, HOUSE])
def test_a_leader_sees_own_people_for_one_purpose_and_no_trait(unit: UnitId) -> None:
    """What is held for development opens nothing else, and what somebody is stays theirs."""
    leader = actor(ActorKind.LEADER, unit=unit)
    assert list(ask(leader).assessments) == [assessed("doses")]
    proof = ask(leader, Purpose.STATUTORY_PROOF)
    assert list(proof.assessments) == [assessed("doses", Purpose.STATUTORY_PROOF)]


@pytest.mark.parametrize(
    "who",
    [
        actor(ActorKind.LEADER, unit=LAB),
        actor(ActorKind.LEADER, unit="nowhere"),
        actor(ActorKind.LEADER),
        actor(ActorKind.EMPLOYEE, employee="bo"),
        actor(ActorKind.EMPLOYEE),
        actor(ActorKind.MANAGEMENT, unit=HOUSE),
        actor(ActorKind.UNION_REPRESENTATIVE, unit=HOUSE),
        actor(ActorKind.ANALYST),
    ],
)
def test_bad_input_89_whoever_is_outside_the_line_is_refused(who: Actor) -> None:
    """FAULTS 89: another unit's leader, one whose time is over, a colleague, and the parties."""
    with pytest.raises(PrivacyRefused, match="E554") as refused:
        ask(who)
    assert ANNE not in str(refused.value)


def test_a_leader_has_no_right_to_subject_rights_or_to_the_parties_work() -> None:
    """Access as a right is the person's own, and the parties' work is not about persons."""
    leader = actor(ActorKind.LEADER, unit=WARD)
    for purpose, step in (
        (Purpose.SUBJECT_RIGHTS, Step.GAP),
        (Purpose.DEVELOPMENT, Step.CO_OPERATION),
    ):
        with pytest.raises(PrivacyRefused, match="E554"):
            ask(leader, purpose, step)


def test_the_parties_have_the_same_rights() -> None:
    """F-1, P-8: management and union representatives see the same at every step."""
    assert RIGHTS[ActorKind.MANAGEMENT] == RIGHTS[ActorKind.UNION_REPRESENTATIVE]
    assert all(set(rights) == set(Step) for rights in RIGHTS.values())
    assert set(RIGHTS) == set(ActorKind)


def test_data_mapped_for_development_cannot_be_asked_for_otherwise() -> None:
    """The purpose lock: there is no such purpose as pay, appraisal or redundancy."""
    told = " ".join(purpose.value for purpose in Purpose)
    assert not [word for word in ("pay", "appraisal", "redundancy") if word in told]


@given(enterprises(least=evolve(SMALL, employees=1)), st.data())
def test_no_actor_sees_what_the_person_cannot(enterprise: Enterprise, data: st.DataObject) -> None:
    """Whoever asks, for whatever, at whichever step: each row is one that the person sees too."""
    people, units = enterprise.employees.words_of("id").values, [u.id for u in enterprise.units]
    who = Actor(
        id=ActorId("x"),
        kind=data.draw(st.sampled_from(ActorKind)),
        unit=data.draw(st.sampled_from([None, *units])),
        employee=data.draw(st.sampled_from([None, *people])),
    )
    subject = data.draw(st.sampled_from(people))
    step, purpose = (data.draw(st.sampled_from(choice)) for choice in (Step, Purpose))
    right = sight(who, subject, enterprise=enterprise, step=step, purpose=purpose, on=DAY)
    if right in (Sight.NOTHING, Sight.AGGREGATE):
        with pytest.raises(PrivacyRefused, match="E554"):
            seen(who, subject, enterprise=enterprise, step=step, purpose=purpose, on=DAY)
        return
    found = seen(who, subject, enterprise=enterprise, step=step, purpose=purpose, on=DAY)
    own = about(enterprise, subject)
    for name in TABLES:
        assert set(getattr(found, name)) <= set(getattr(own, name))
