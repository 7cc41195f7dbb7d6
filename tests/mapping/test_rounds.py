"""Which areas lack evidently, and what may be asked there? Tries and laws of mapping rounds."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given

from kompetanse_core.columns import Table
from kompetanse_core.conformance.strategies import enterprises
from kompetanse_core.errors import BadInput, Misuse
from kompetanse_core.mapping import (
    Estimate,
    EvidentGap,
    evident_gaps,
    join_rounds,
    scope_of,
    within,
)
from kompetanse_core.model.competence import CompetenceId, Level
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.mapping import Breadth, DesignId, MappingDesign
from kompetanse_core.model.people import (
    ASSESSMENTS,
    Assessment,
    AssessmentSource,
    EmployeeId,
    Engagement,
)
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import RoleId, UnitId

WARD, LAB = UnitId("ward"), UnitId("lab")
DOSES, DRIPS = CompetenceId("doses"), CompetenceId("drips")
ANNE = EmployeeId("anne")
WORKS = Engagement(employee=ANNE, unit=WARD, role=RoleId("nurse"), end=date(2026, 6, 30))


def judged(
    least: int, most: int, unit: UnitId = WARD, competence: CompetenceId = DOSES, needed: int = 10
) -> Estimate:
    """Judge one area."""
    return Estimate(unit=unit, competence=competence, least=least, most=most, needed=needed)


def answer(competence: CompetenceId, assessed: date = date(2026, 6, 30)) -> Assessment:
    """Anne answers for herself."""
    return Assessment(
        employee=ANNE,
        competence=competence,
        level=Level(1),
        source=AssessmentSource.SELF,
        assessed=assessed,
        recorded=datetime(2026, 7, 1, tzinfo=UTC),
    )


def test_only_what_lacks_however_it_is_read_is_evident() -> None:
    """M-7: 3 to 6 of ten hold it, so 4 to 7 lack; where all may hold it nothing is evident."""
    gaps = evident_gaps([judged(3, 6), judged(2, 10, competence=DRIPS)])
    assert gaps == (EvidentGap(unit=WARD, competence=DOSES, needed=10, least=4, most=7),)


def test_disagreement_widens_the_range() -> None:
    """Two judgements of one area: the range holds both; a coarser one is rounded outward."""
    (gap,) = evident_gaps([judged(3, 6), judged(1, 2, needed=3)])
    assert (gap.least, gap.most) == (3, 7)


def test_the_widest_gap_stands_first_and_ties_stand_by_name() -> None:
    """Ranked by what lacks at least, then at most, then unit and competence."""
    estimates = [judged(1, 5), judged(0, 5, LAB), judged(0, 5), judged(4, 4, LAB, DRIPS)]
    ranked = [(gap.unit, gap.competence) for gap in evident_gaps(estimates)]
    assert ranked == [(LAB, DRIPS), (LAB, DOSES), (WARD, DOSES)]


@pytest.mark.parametrize(("least", "most"), [(5, 4), (3, 11)])
def test_a_range_that_cannot_be_is_refused(least: int, most: int) -> None:
    """Ends before it begins, or more hold it than need it: E507."""
    with pytest.raises(Misuse, match="E507"):
        judged(least, most)


def test_answers_within_the_scope_are_taken() -> None:
    """M-8: a competence asked for in the unit where the person works on the day."""
    scope = scope_of(evident_gaps([judged(0, 5)]))
    taken = within(scope, [answer(DOSES)], Enterprise(engagements=[WORKS]))
    assert list(taken) == [answer(DOSES)]


@pytest.mark.parametrize("given_", [answer(DRIPS), answer(DOSES, date(2026, 7, 1))])
def test_an_answer_outside_the_scope_is_refused(given_: Assessment) -> None:
    """M-7, M-13: another competence, or a day on which the person works elsewhere; told by row."""
    scope = scope_of(evident_gaps([judged(0, 5), judged(0, 5, LAB, DRIPS)]))
    with pytest.raises(BadInput) as refused:
        within(scope, [answer(DOSES), given_], Enterprise(engagements=[WORKS]))
    assert [each.code for each in refused.value.findings] == ["E213"]
    assert ANNE not in str(refused.value)


@given(enterprises(), enterprises())
def test_the_union_of_two_rounds_is_order_free(one: Enterprise, other: Enterprise) -> None:
    """Either first, or twice over, gives the same rows in the same order, each once."""
    united = list(join_rounds(one.assessments, other.assessments))
    assert united == list(join_rounds(other.assessments, one.assessments))
    assert set(united) == {*one.assessments, *other.assessments}
    assert len(set(united)) == len(united)


def test_what_stands_in_both_rounds_counts_once() -> None:
    """Also where the two differ in nothing that rows are sorted by."""
    alike = answer(DOSES), evolve(answer(DOSES), level=Level(2))
    one, other = (Table.of(ASSESSMENTS, told) for told in (alike, (alike[1], answer(DRIPS))))
    united = list(join_rounds(one, other))
    assert united == list(join_rounds(other, one))
    assert sorted(map(repr, united)) == sorted(map(repr, (*alike, answer(DRIPS))))


def test_a_design_says_what_the_parties_discuss() -> None:
    """M-5: a later version is another noun; a version counts from one."""
    design = MappingDesign(
        id=DesignId("2026"), breadth=Breadth.OVERALL, method=Text(nb="Samtale i partsgruppen")
    )
    assert (design.version, design.months) == (1, 24)
    with pytest.raises(Misuse, match="E506"):
        MappingDesign(id=DesignId("2026"), version=0, breadth=Breadth.OVERALL, method=Text())
