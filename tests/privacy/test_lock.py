"""What may a purpose see? Tries and laws of `kompetanse_core.privacy.lock`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from kompetanse_adapters import memory
from kompetanse_core.analysis import analyse
from kompetanse_core.conformance.strategies import DAY, SMALL, Size, enterprises
from kompetanse_core.errors import Misuse, PrivacyRefused
from kompetanse_core.hooks import Access
from kompetanse_core.model.assembly import assemble
from kompetanse_core.model.competence import CompetenceId, EvidenceKind, Level
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import (
    AgeBand,
    Assessment,
    AssessmentSource,
    Employee,
    EmployeeId,
    Evidence,
    EvidenceId,
)
from kompetanse_core.model.plain import as_json, from_json
from kompetanse_core.model.privacy import Actor, ActorId, ActorKind, Kept, Purpose
from kompetanse_core.model.renewal import Changes, renewed
from kompetanse_core.model.subject import without
from kompetanse_core.plugins import Plugins
from kompetanse_core.privacy.deletion import TABLES
from kompetanse_core.privacy.lock import left_out, narrowed, refuse_narrowed

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
ANNE, BO = EmployeeId("a101"), EmployeeId("b202")
OTHERS = [purpose for purpose in Purpose if purpose is not Purpose.SUBJECT_RIGHTS]
PAPER = Evidence(
    id=EvidenceId("paper"),
    employee=ANNE,
    kind=EvidenceKind.CERTIFICATE,
    recorded=NOON,
    purpose=Purpose.STATUTORY_PROOF,
)
RATED = Assessment(
    employee=ANNE,
    competence=CompetenceId("doses"),
    level=Level(1),
    source=AssessmentSource.CREDENTIAL,
    assessed=date(2026, 1, 1),
    recorded=NOON,
    evidence=EvidenceId("paper"),
)
HOUSE = Enterprise(
    employees=[
        Employee(id=ANNE, age=AgeBand.FROM_30, purpose=Purpose.STAFFING),
        Employee(id=BO, age=AgeBand.FROM_60, purpose=Purpose.STAFFING),
    ],
    evidence=[PAPER],
    assessments=[RATED],
    actors=[
        Actor(id=ActorId("a"), kind=ActorKind.EMPLOYEE, employee=ANNE),
        Actor(id=ActorId("b"), kind=ActorKind.EMPLOYEE, employee=BO),
    ],
)


@st.composite
def for_many_purposes(draw: DrawFn) -> Enterprise:
    """An enterprise whose facts about people are held for one purpose or another."""
    enterprise = draw(enterprises(least=Size(employees=1), most=evolve(SMALL, actors=2)))
    dealt: dict[str, Any] = {
        name: [
            evolve(row, purpose=draw(st.sampled_from(Purpose))) for row in getattr(enterprise, name)
        ]
        for name in TABLES.values()
    }
    told: Enterprise = evolve(enterprise, **dealt)
    return told


def test_development_is_told_neither_the_paper_nor_the_age_nor_who_else_is_there() -> None:
    """Anne is there by pseudonym, for she is rated; Bo is not, not even by a seat or a word."""
    told = narrowed(HOUSE, Purpose.DEVELOPMENT)
    assert list(told.employees) == [Employee(id=ANNE, purpose=Purpose.STAFFING)]
    assert list(told.assessments) == [evolve(RATED, evidence=None)]
    assert len(told.evidence) == 0
    assert [actor.employee for actor in told.actors] == [ANNE, None]
    assert BO not in as_json(told)
    tables = [getattr(told, name) for name in TABLES.values()]
    words = [word for table in tables for known in table.words.values() for word in known.values]
    assert BO not in words
    assert "paper" not in words
    assert told.withheld == {Kept.EMPLOYEE, Kept.EVIDENCE, Kept.ASSESSMENT}


def test_rights_open_everything() -> None:
    """Access, correction and erasure are about all that is held."""
    assert narrowed(HOUSE, Purpose.SUBJECT_RIGHTS) is HOUSE


def test_what_is_left_out_is_counted_and_nobody_is_named() -> None:
    """W521 says of how many kinds; where nothing was left out, nothing is said."""
    (found,) = left_out(narrowed(HOUSE, Purpose.DEVELOPMENT))
    assert (found.code, found.about) == ("W521", (("kinds", 3),))
    assert not [name for name in (ANNE, BO, "paper") if name in str(found)]
    assert left_out(HOUSE) == ()


@pytest.mark.parametrize(
    "passed_on",
    [
        lambda told: told,
        lambda told: evolve(told, needs=()),
        lambda told: without(told, ANNE),
        lambda told: narrowed(told, Purpose.DEVELOPMENT),
        lambda told: narrowed(told, Purpose.SUBJECT_RIGHTS),
        lambda told: from_json(as_json(told)),
        lambda told: renewed(told, Changes(reading=assemble(Enterprise()), people=(), until="")),
    ],
)
def test_what_was_narrowed_is_never_kept_as_the_whole(
    passed_on: Callable[[Enterprise], Enterprise],
) -> None:
    """E556, however it is changed on the way: what was left out would be lost."""
    with pytest.raises(PrivacyRefused, match="E556") as refused:
        refuse_narrowed(passed_on(narrowed(HOUSE, Purpose.DEVELOPMENT)))
    assert ANNE not in str(refused.value)
    refuse_narrowed(HOUSE)


def test_a_store_is_locked_at_the_door() -> None:
    """Whoever opens a store by the plugins reads what is held for the purpose, and no more."""
    store = Plugins(memory).store("memory")
    store.save(HOUSE, expected=0, at=NOON)
    reading = Access(actor=ActorId("a"), purpose=Purpose.STAFFING, at=NOON)
    for purpose in Purpose:
        told = store.load(evolve(reading, purpose=purpose))
        assert told == narrowed(HOUSE, purpose)
        (own,) = store.subject(ANNE, evolve(reading, purpose=purpose))
        assert (own.evidence, own.assessments) == (told.evidence, told.assessments)
    with pytest.raises(PrivacyRefused, match="E556"):
        store.save(store.load(reading), expected=1, at=NOON)
    with pytest.raises(Misuse, match="E604"):
        store.verify()
    assert len(store.history()) == 1


@given(for_many_purposes(), st.sampled_from(OTHERS))
def test_each_fact_is_told_for_its_own_purpose_alone(
    enterprise: Enterprise, purpose: Purpose
) -> None:
    """No row of another purpose; every row of this one, but for evidence it may not point at."""
    told = narrowed(enterprise, purpose)
    for kept, name in TABLES.items():
        if kept is not Kept.EMPLOYEE:
            assert {row.purpose for row in getattr(told, name)} <= {purpose}
            held = [row for row in getattr(enterprise, name) if row.purpose is purpose]
            assert len(getattr(told, name)) == len(held)
    known = {row.id for row in told.employees}
    assert known >= {row.id for row in enterprise.employees if row.purpose is purpose}
    assert not [row for row in told.employees if row.purpose is not purpose and row.age]


@given(for_many_purposes(), st.sampled_from(OTHERS))
def test_what_is_left_hangs_together(enterprise: Enterprise, purpose: Purpose) -> None:
    """Nothing points at what was left out; an analysis goes through, and says what it lacks."""
    told = narrowed(enterprise, purpose)
    assert assemble(told).refused == ()
    assert set(left_out(told)) <= set(analyse(told, on=DAY).findings)


@given(for_many_purposes(), st.sampled_from(OTHERS))
def test_narrowing_twice_is_narrowing_once(enterprise: Enterprise, purpose: Purpose) -> None:
    """It forgets nothing of what it left out; what left nothing out is the enterprise itself."""
    told = narrowed(enterprise, purpose)
    assert narrowed(told, purpose) == told
    assert (told == enterprise) == (not told.withheld)
