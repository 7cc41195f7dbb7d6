"""What has been kept long enough? Tries of `kompetanse_core.privacy.deletion`."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve

from kompetanse_core.model.competence import CompetenceId, EvidenceKind, Level
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    Employee,
    EmployeeId,
    Engagement,
    Evidence,
    EvidenceId,
    Wish,
)
from kompetanse_core.model.privacy import Basis, Kept, Purpose, Retention
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.privacy.deletion import Due, due_for_deletion

ANNE, BO = EmployeeId("anne"), EmployeeId("bo")
NOON = datetime(2020, 1, 31, 12, tzinfo=UTC)
ASSESSED = Assessment(
    employee=ANNE,
    competence=CompetenceId("c"),
    level=Level(1),
    source=AssessmentSource.SELF,
    assessed=date(2020, 1, 31),
    recorded=NOON,
)
WORKED = Engagement(employee=ANNE, unit=UnitId("u"), role=RoleId("r"), end=date(2022, 3, 31))


def rule(kept: Kept, months: int = 24, basis: Basis = Basis.LEGITIMATE_INTEREST) -> Retention:
    """Keep one kind for development so many months."""
    return Retention(kept=kept, purpose=Purpose.DEVELOPMENT, basis=basis, months=months)


def due(on: date, *assessments: Assessment, months: int = 24) -> tuple[Due, ...]:
    """Ask what is due of some assessments."""
    kept = rule(Kept.ASSESSMENT, months)
    return due_for_deletion(Enterprise(assessments=assessments, retentions=[kept]), on)


def test_a_fact_is_due_the_day_after_its_months() -> None:
    """24 months from 31 January 2020 last to 31 January 2022, that day included."""
    assert due(date(2022, 1, 31), ASSESSED) == ()
    kept = rule(Kept.ASSESSMENT)
    assert due(date(2022, 2, 1), ASSESSED) == (Due(kept=Kept.ASSESSMENT, row=0, retention=kept),)


@pytest.mark.parametrize(
    ("later", "is_due"),
    [
        (evolve(ASSESSED, expires=date(2021, 1, 1)), False),
        (evolve(ASSESSED, recorded=datetime(2021, 1, 1, tzinfo=UTC)), False),
        (evolve(ASSESSED, purpose=Purpose.STAFFING), False),
        (evolve(ASSESSED, basis=Basis.CONSENT), False),
        (evolve(ASSESSED, keep_until=date(2030, 1, 1)), False),
        (ASSESSED, True),
    ],
)
def test_the_last_day_counts_and_only_its_own_rule(later: Assessment, *, is_due: bool) -> None:
    """What expires or was recorded later is kept from then; another purpose has another rule."""
    assert bool(due(date(2022, 6, 1), later)) is is_due


def test_a_facts_own_end_goes_before_every_rule() -> None:
    """`keep_until` includes its day, whatever the retention says."""
    short = evolve(ASSESSED, keep_until=date(2020, 6, 30))
    assert due(date(2020, 6, 30), short) == ()
    assert due(date(2020, 7, 1), short) == (Due(kept=Kept.ASSESSMENT, row=0, retention=None),)


def test_a_person_is_kept_as_long_as_an_engagement_lasts() -> None:
    """From the end of the last one; who has an open one, or none at all, is not due."""
    open_end = evolve(WORKED, employee=BO, end=None)
    people = [Employee(id=each) for each in (ANNE, BO, EmployeeId("never"))]
    retentions = [rule(Kept.EMPLOYEE), rule(Kept.ENGAGEMENT, basis=Basis.CONTRACT)]
    house = Enterprise(employees=people, engagements=[WORKED, open_end], retentions=retentions)
    assert due_for_deletion(house, date(2024, 3, 31)) == ()
    found = due_for_deletion(house, date(2024, 4, 1))
    assert [(each.kept, each.row) for each in found] == [(Kept.EMPLOYEE, 0), (Kept.ENGAGEMENT, 0)]


def test_evidence_and_wishes_are_due_as_well() -> None:
    """A certificate from when it was issued or runs out, a wish from when it was stated."""
    proof = Evidence(
        id=EvidenceId("e"), employee=ANNE, kind=EvidenceKind.CERTIFICATE, recorded=NOON
    )
    wish = Wish(employee=ANNE, role=RoleId("r"), stated=date(2020, 1, 1), recorded=NOON)
    house = Enterprise(
        evidence=[proof, evolve(proof, id=EvidenceId("f"), expires=date(2021, 1, 1))],
        wishes=[wish],
        retentions=[rule(Kept.EVIDENCE), rule(Kept.WISH, basis=Basis.CONSENT)],
    )
    found = due_for_deletion(house, date(2022, 2, 1))
    assert [(each.kept, each.row) for each in found] == [(Kept.EVIDENCE, 0), (Kept.WISH, 0)]


def test_without_a_rule_nothing_is_due() -> None:
    """Nothing is said of what no rule is about, and an empty enterprise keeps nothing."""
    assert due_for_deletion(Enterprise(assessments=[ASSESSED]), date(2099, 1, 1)) == ()
    assert due_for_deletion(Enterprise(retentions=[rule(Kept.WISH, 10**6)]), date(2099, 1, 1)) == ()
