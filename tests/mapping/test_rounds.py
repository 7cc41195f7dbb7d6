"""Which areas lack evidently, and what may be asked there? Tries and laws of mapping rounds."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given

from kompetanse_core.columns import Table
from kompetanse_core.conformance.strategies import Size, enterprises
from kompetanse_core.errors import BadInput, Misuse
from kompetanse_core.mapping import (
    Estimate,
    EvidentGap,
    bounded,
    evident_gaps,
    join_rounds,
    scope_of,
    take_round,
    within,
)
from kompetanse_core.model.assembly import assemble
from kompetanse_core.model.competence import Competence, CompetenceId, Facet, Level, ScaleId
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.mapping import Breadth, DesignId, MappingDesign, ScopeArea, newest
from kompetanse_core.model.people import (
    ASSESSMENTS,
    Assessment,
    AssessmentSource,
    EmployeeId,
    Engagement,
    RoundId,
)
from kompetanse_core.model.privacy import Basis, Purpose
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import RoleId, UnitId

WARD, LAB = UnitId("ward"), UnitId("lab")
DOSES, DRIPS = CompetenceId("doses"), CompetenceId("drips")
ANNE = EmployeeId("anne")
DETAILED = MappingDesign(
    id=DesignId("2026"),
    breadth=Breadth.DETAILED,
    method=Text(nb="Egenvurdering, så samtale"),
    sources=(AssessmentSource.SELF, AssessmentSource.JOINT),
    scales=(ScaleId("five"),),
    units=(WARD,),
    basis=Basis.CONTRACT,
    months=6,
)
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
    with pytest.raises(Misuse, match="E214"):
        MappingDesign(id=DesignId("2026"), breadth=Breadth.OVERALL, method=Text())


def test_the_newest_version_of_each_design_counts() -> None:
    """M-5: what is changed is a later version, wherever it stands; the first places are kept."""
    second, other = evolve(DETAILED, version=2), evolve(DETAILED, id=DesignId("2025"))
    assert newest((second, other, DETAILED)) == (second, other)


def house(*designs: MappingDesign) -> Enterprise:
    """Anne in the ward, and two competences on one scale."""
    known = (
        Competence(id=each, label=Text(nb=each), facet=Facet.SKILL, scale=ScaleId("five"))
        for each in (DOSES, DRIPS)
    )
    return Enterprise(engagements=[WORKS], competences=known, designs=designs)


def test_the_overall_mapping_bounds_the_detailed_one() -> None:
    """M-7: the next version asks in the areas with evident gaps, and says so in their order."""
    gaps = evident_gaps((judged(2, 4), judged(0, 5, LAB, DRIPS), judged(3, 10, WARD, DRIPS)))
    next_ = bounded(DETAILED, gaps)
    assert next_.version == 2
    assert [(area.unit, area.competence) for area in next_.areas] == [(LAB, DRIPS), (WARD, DOSES)]
    assert evolve(next_, version=1, areas=()) == DETAILED
    with pytest.raises(Misuse, match="E213"):
        bounded(evolve(DETAILED, breadth=Breadth.OVERALL), gaps)
    with pytest.raises(Misuse, match="E214"):
        bounded(DETAILED, ())


def test_answers_are_held_as_the_design_says() -> None:
    """M-13: purpose, basis, retention and round come from the design; a shorter time stays."""
    soon = evolve(answer(DRIPS), keep_until=date(2026, 7, 1), round=RoundId("spring"))
    first, second = take_round(DETAILED, (answer(DOSES), soon), house())
    assert (first.round, first.keep_until) == ("2026", date(2026, 12, 30))
    assert (first.purpose, first.basis) == (Purpose.DEVELOPMENT, Basis.CONTRACT)
    assert (second.round, second.keep_until) == ("spring", date(2026, 7, 1))
    assert evolve(first, round=None, keep_until=None, basis=Basis.LEGITIMATE_INTEREST) == answer(
        DOSES
    )


def test_six_months_after_the_last_of_august_is_the_last_of_february() -> None:
    """M-13: a month that is shorter ends earlier."""
    unbounded = evolve(DETAILED, units=())
    late = evolve(house(), engagements=[evolve(WORKS, end=None)])
    (kept,) = take_round(unbounded, [answer(DOSES, date(2026, 8, 31))], late)
    assert kept.keep_until == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("design", "column"),
    [
        (evolve(DETAILED, units=(LAB,)), ""),
        (evolve(DETAILED, competences=(DRIPS,)), ""),
        (evolve(DETAILED, areas=(ScopeArea(unit=WARD, competence=DRIPS),)), ""),
        (evolve(DETAILED, areas=(ScopeArea(unit=LAB, competence=DOSES),), units=()), ""),
        (evolve(DETAILED, sources=(AssessmentSource.LEADER,)), "source"),
        (evolve(DETAILED, scales=(ScaleId("three"),)), "scale"),
    ],
)
def test_what_the_design_does_not_ask_is_refused(design: MappingDesign, column: str) -> None:
    """M-7, M-8: another unit, competence, area, source or scale; nobody is named."""
    with pytest.raises(BadInput) as refusal:
        take_round(design, [answer(DOSES)], house())
    (found,) = refusal.value.findings
    assert (found.code, found.place.file, found.place.column) == (
        "E213",
        "assessments[0]",
        column,
    )
    assert ANNE not in str(refusal.value)


def test_an_overall_round_holds_nothing_about_anybody() -> None:
    """M-6: no answer of a single person has a place in it."""
    with pytest.raises(Misuse, match="E213"):
        take_round(evolve(DETAILED, breadth=Breadth.OVERALL), [answer(DOSES)], house())


@given(enterprises(least=Size(designs=1)))
def test_a_round_takes_nothing_from_outside_its_scope(enterprise: Enterprise) -> None:
    """M-7: whatever is taken was asked in a unit of the person's, or the round is refused."""
    design = evolve(enterprise.designs[0], breadth=Breadth.DETAILED, sources=(), scales=())
    try:
        taken = take_round(design, enterprise.assessments, enterprise)
    except BadInput as refusal:
        rows = {found.place.file for found in refusal.findings}
        assert rows <= {f"assessments[{row}]" for row in range(len(enterprise.assessments))}
        return
    asked = {(area.unit, area.competence) for area in design.areas}
    for each in taken:
        units = {e.unit for e in enterprise.engagements if e.employee == each.employee}
        assert units
        assert not design.units or units & set(design.units)
        assert not asked or {(unit, each.competence) for unit in units} & asked


def test_a_design_leads_to_what_there_is() -> None:
    """E503, E505: units, competences and scales of a design are there; a version stands once."""
    area = ScopeArea(unit=LAB, competence=CompetenceId("none"))
    lost = evolve(DETAILED, units=(), areas=(area,), version=2)
    found = assemble(house(lost, evolve(lost, areas=()))).findings
    told = [(each.code, each.place.column) for each in found if "designs" in each.place.file]
    assert sorted(told) == [
        ("E503", "area_competences"),
        ("E503", "area_units"),
        ("E503", "scales"),
        ("E503", "scales"),
        ("E505", "id"),
    ]
