"""Which sides of competence are looked at? Tries of completeness (K-6, K-11, B-13)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given

from kompetanse_core.conformance.strategies import DAY, enterprises
from kompetanse_core.mapping import AnalysedSide, completeness
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    EvidenceKind,
    Facet,
    FacetGroup,
    Level,
    ScaleId,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    EmployeeId,
    Evidence,
    EvidenceId,
)
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Bearer, Need, NeedId, Requirement, RoleId, UnitId

ON = date(2027, 1, 1)
KNOWN = tuple(
    Competence(id=CompetenceId(facet.value), label=Text(nb="x"), facet=facet, scale=ScaleId("five"))
    for facet in Facet
)


def asked(facet: Facet, *proof: EvidenceKind) -> Requirement:
    """A role requires a competence of one facet."""
    return Requirement(
        bearer=Bearer.ROLE,
        of=RoleId("r"),
        competence=CompetenceId(facet.value),
        level=Level(1),
        proof=frozenset(proof),
    )


def told(facet: Facet, source: AssessmentSource, day: date = ON) -> Assessment:
    """Somebody is assessed in a competence of one facet."""
    return Assessment(
        employee=EmployeeId("a"),
        competence=CompetenceId(facet.value),
        level=Level(1),
        source=source,
        assessed=day,
        recorded=datetime(2027, 1, 1, tzinfo=UTC),
    )


def paper(kind: EvidenceKind, issued: date | None) -> Evidence:
    """Somebody has a paper of one kind."""
    return Evidence(
        id=EvidenceId(f"{kind.value} {issued}"),
        employee=EmployeeId("a"),
        kind=kind,
        issued=issued,
        recorded=datetime(2027, 1, 1, tzinfo=UTC),
    )


def test_required_mapped_and_joint_are_told_apart() -> None:
    """K-6, K-11: each in the order of the groups; what is said after the day is not there yet."""
    told_ = (
        told(Facet.SKILL, AssessmentSource.SELF),
        told(Facet.VALUE, AssessmentSource.JOINT),
        told(Facet.KNOWLEDGE, AssessmentSource.JOINT, date(2027, 1, 2)),
    )
    found = completeness(
        Enterprise(competences=KNOWN, requirements=[asked(Facet.SKILL)], assessments=told_), on=ON
    )
    assert found.required == (FacetGroup.DOING,)
    assert found.mapped == (FacetGroup.DOING, FacetGroup.BEING)
    assert found.jointly == (FacetGroup.BEING,)
    assert found.beyond == ("value",)


@pytest.mark.parametrize(
    ("enterprise", "side"),
    [
        (Enterprise(evidence=[paper(EvidenceKind.FORMAL_EDUCATION, ON)]), AnalysedSide.FORMAL),
        (Enterprise(requirements=[asked(Facet.SKILL, EvidenceKind.COURSE)]), AnalysedSide.FORMAL),
        (Enterprise(evidence=[paper(EvidenceKind.EXPERIENCE, None)]), AnalysedSide.REAL),
        (Enterprise(requirements=[asked(Facet.ATTITUDE)]), AnalysedSide.ATTITUDES),
        (Enterprise(requirements=[asked(Facet.VALUE)]), AnalysedSide.VALUES),
        (
            Enterprise(needs=[Need(id=NeedId("n"), label=Text(nb="Si fra"), unit=UnitId("ward"))]),
            AnalysedSide.CULTURE,
        ),
    ],
)
def test_each_side_shows_by_itself(enterprise: Enterprise, side: AnalysedSide) -> None:
    """B-13: five sides; culture is a need of a unit, never the sum of its people."""
    assert completeness(evolve(enterprise, competences=KNOWN), on=ON).sides == (side,)


def test_a_paper_counts_from_the_day_it_was_issued() -> None:
    """B-13: one issued tomorrow is not there today."""
    enterprise = Enterprise(evidence=[paper(EvidenceKind.CERTIFICATE, date(2027, 1, 2))])
    assert completeness(enterprise, on=ON).kinds == ()
    assert completeness(enterprise, on=date(2027, 1, 2)).kinds == (EvidenceKind.CERTIFICATE,)


@given(enterprises())
def test_what_is_joint_is_mapped(enterprise: Enterprise) -> None:
    """K-11: joint assessments are assessments, and nothing beyond requirements is required."""
    found = completeness(enterprise, on=DAY)
    assert set(found.jointly) <= set(found.mapped)
    required = {each.competence for each in enterprise.requirements}
    assert not required & set(found.beyond)
