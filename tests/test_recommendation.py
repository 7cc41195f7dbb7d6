"""Which measures help, and why? The guide's rules of thumb, ties, and what nothing helps."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import pytest
from attrs import evolve

from kompetanse_core.columns import Table
from kompetanse_core.errors import BadInput
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    EvidenceKind,
    Facet,
    Level,
    Scale,
    ScaleId,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import (
    Arena,
    Measure,
    MeasureId,
    MeasureKind,
    Mode,
    Outcome,
    Scheme,
    SchemeId,
)
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    Employee,
    EmployeeId,
    Engagement,
    Unit,
    Wish,
)
from kompetanse_core.model.rule import Effect, RuleSet
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import (
    Bearer,
    Headcount,
    Occupation,
    OccupationId,
    Requirement,
    Role,
    RoleId,
    Task,
    TaskId,
    UnitId,
)
from kompetanse_core.recommendation import Fact, Lean, Recommendation, Recommendations, recommend
from kompetanse_core.rules import guide_rules
from kompetanse_core.strategy import OPTIONS, Ground, Option, Options, Strategy, open_options

ON = date(2027, 1, 1)
THEN = datetime(2026, 6, 1, tzinfo=UTC)
UNIT, ROLE, TASK, TRADE = UnitId("ward"), RoleId("nurse"), TaskId("dose"), OccupationId("nursing")
FIRST, SECOND = EmployeeId("p-1"), EmployeeId("p-2")
DOSING, ETHICS = CompetenceId("dosing"), CompetenceId("ethics")


def measure(name: str, *, arena: Arena = Arena.INSIDE, cost: int = 1_000) -> Measure:
    """A course that takes anybody to the top in dosing."""
    return Measure(
        id=MeasureId(name),
        label=Text(nb=name),
        kind=MeasureKind.INTERNAL_COURSE,
        arena=arena,
        mode=Mode.TRAINING,
        outcomes=(Outcome(competence=DOSING, reach=Level(4)),),
        cost_per_head=cost,
    )


def requirement(bearer: Bearer, of: str, level: int = 2) -> Requirement:
    """Dosing at a level, asked by a task, a role or an occupation."""
    return Requirement(bearer=bearer, of=of, competence=DOSING, level=Level(level))


def ward(
    *measures: Measure,
    asks: Iterable[Requirement] = (requirement(Bearer.TASK, TASK),),
    held: int = 1,
) -> Enterprise:
    """A ward of two nurses who both hold dosing at a level, and the measures at hand."""
    return Enterprise(
        scales=(Scale(id=ScaleId("s"), top=Level(4)),),
        competences=(
            Competence(id=DOSING, label=Text(nb="Dosering"), facet=Facet.SKILL, scale=ScaleId("s")),
            Competence(id=ETHICS, label=Text(nb="Etikk"), facet=Facet.VALUE, scale=ScaleId("s")),
        ),
        units=(Unit(id=UNIT, label=Text(nb="Sengepost")),),
        occupations=(Occupation(id=TRADE, label=Text(nb="Sykepleie")),),
        tasks=(Task(id=TASK, label=Text(nb="Dosere")),),
        roles=(Role(id=ROLE, label=Text(nb="Sykepleier"), tasks=(TASK,), occupation=TRADE),),
        requirements=asks,
        employees=(Employee(id=FIRST), Employee(id=SECOND)),
        engagements=(
            Engagement(employee=FIRST, unit=UNIT, role=ROLE),
            Engagement(employee=SECOND, unit=UNIT, role=ROLE),
        ),
        assessments=tuple(
            Assessment(
                employee=person,
                competence=DOSING,
                level=Level(held),
                source=AssessmentSource.JOINT,
                assessed=date(2026, 6, 1),
                recorded=THEN,
            )
            for person in (FIRST, SECOND)
        ),
        measures=measures,
    )


def recommended(enterprise: Enterprise) -> Recommendations:
    """The chain from mapping to recommendations, on the day."""
    return recommend(open_options(find_gaps(enterprise, on=ON)))


def first(recommendations: Recommendations) -> dict[str, Recommendation]:
    """The measures for the first person's gap, by id."""
    return {each.measure: each for each in recommendations if each.gap == 0 and each.measure}


def ranks(enterprise: Enterprise) -> dict[str, int | None]:
    """The rank of each measure for the first person's gap."""
    return {name: each.rank for name, each in first(recommended(enterprise)).items()}


# --- inward or outward ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bearer", "of", "nearness", "concreteness"),
    [(Bearer.TASK, TASK, 3, 3), (Bearer.ROLE, ROLE, 2, 2), (Bearer.OCCUPATION, TRADE, 2, 1)],
)
def test_nearness_and_concreteness(
    bearer: Bearer, of: str, nearness: int, concreteness: int
) -> None:
    """R-7: a task is the most concrete and near, then the role, then the occupation's profile."""
    found = first(recommended(ward(measure("course"), asks=[requirement(bearer, of)])))["course"]
    assert (found.nearness, found.concreteness) == (nearness, concreteness)
    assert (found.lean, found.outward) == (Lean.INWARD, 0)
    assert found.clauses == ("R-7",)


def test_the_most_concrete_bearer_counts() -> None:
    """R-7: what both a task and the occupation ask is as concrete as the task."""
    asks = [requirement(Bearer.TASK, TASK), requirement(Bearer.OCCUPATION, TRADE)]
    assert first(recommended(ward(measure("course"), asks=asks)))["course"].concreteness == 3


def test_a_requirement_that_is_over_makes_nothing_concrete() -> None:
    """R-7: only what is asked on the day counts: a task's requirement that has ended does not."""
    over = evolve(requirement(Bearer.TASK, TASK), end=date(2026, 12, 31))
    asks = [over, requirement(Bearer.OCCUPATION, TRADE)]
    assert first(recommended(ward(measure("course"), asks=asks)))["course"].concreteness == 1


def test_what_a_headcount_asks_is_as_concrete_as_a_goal() -> None:
    """R-7: a headcount is asked of the unit: near as the unit's need, concrete as a goal."""
    headcount = Headcount(unit=UNIT, competence=DOSING, level=Level(2), count=2)
    parcel = evolve(ward(measure("course")), headcounts=(headcount,))
    way = Option(
        strategy=Strategy.UPSKILL,
        ground=Ground.HEADCOUNT,
        unit=UNIT,
        employee=FIRST,
        competence=DOSING,
        measure=MeasureId("course"),
        headcount=0,
    )
    options = Options(gaps=find_gaps(parcel, on=ON), rows=Table.of(OPTIONS, [way]))
    found = recommend(options).of(0)
    assert (found.nearness, found.concreteness, found.lean) == (1, 0, Lean.INWARD)


def test_near_and_concrete_problems_lean_inward() -> None:
    """R-7: among measures that close as much, the one in the enterprise comes first."""
    found = ranks(ward(measure("away", arena=Arena.OUTSIDE, cost=1), measure("home", cost=9_000)))
    assert found == {"home": 1, "away": 2}


def test_a_new_qualification_leans_outward() -> None:
    """R-8: a formal qualification that is missing leans outward, as far as it outweighs R-7."""
    trade = requirement(Bearer.ROLE, ROLE)
    asks = [evolve(trade, proof=frozenset({EvidenceKind.TRADE_CERTIFICATE}))]
    confers = frozenset({EvidenceKind.TRADE_CERTIFICATE})
    away = evolve(measure("away", arena=Arena.OUTSIDE, cost=9_000), confers=confers)
    home = evolve(measure("home", cost=1), confers=confers)
    found = first(recommended(ward(away, home, asks=asks, held=2)))
    assert (found["away"].lean, found["away"].outward) == (Lean.OUTWARD, 6)
    assert (found["away"].rank, found["home"].rank) == (1, 2)
    assert found["away"].clauses == ("R-8", "R-2")
    assert {Fact.QUALIFICATION, Fact.OUTWARD_FITS, Fact.CONFERS} <= found["away"].facts


def test_a_course_certificate_is_no_new_qualification() -> None:
    """R-8: a certificate from a course is proof, yet no qualification, and leans nowhere."""
    trade = requirement(Bearer.ROLE, ROLE)
    asks = [evolve(trade, proof=frozenset({EvidenceKind.CERTIFICATE}))]
    gives = evolve(measure("course"), confers=frozenset({EvidenceKind.CERTIFICATE}))
    found = first(recommended(ward(gives, asks=asks, held=2)))["course"]
    assert (found.lean, found.outward) == (Lean.INWARD, 0)
    assert Fact.QUALIFICATION not in found.facts


def test_a_rise_of_several_levels_pulls_outward() -> None:
    """R-8: from 1 to 3 is a rise and pulls 3 points outward; from 1 to 2 is none."""
    asks = [requirement(Bearer.OCCUPATION, TRADE, level=3)]
    found = first(recommended(ward(measure("course"), asks=asks)))["course"]
    assert (found.outward, found.lean) == (3, Lean.EITHER)
    assert Fact.RISE in found.facts
    low = [requirement(Bearer.OCCUPATION, TRADE)]
    assert Fact.RISE not in first(recommended(ward(measure("course"), asks=low)))["course"].facts


def test_the_points_are_data_of_the_rule_set() -> None:
    """X-6: a local set that says that tasks are far and rises far away turns the lean round."""
    thumb = evolve(guide_rules().rule("R-7"), parameters=(("concrete_task", 0), ("near_task", 0)))
    local = RuleSet(id="l", label=Text(nb="l"), edition="1", as_of=ON, rules=(thumb,))
    parcel = evolve(ward(measure("course")), rule_sets=(local,))
    assert first(recommended(parcel))["course"].lean is Lean.EITHER


# --- the other rules --------------------------------------------------------------------------


def test_a_project_without_a_learning_aim_does_not_count() -> None:
    """R-16: it is set aside, and its gap is one that no measure helps."""
    project = evolve(measure("project"), kind=MeasureKind.PROJECT)
    result = recommended(ward(project))
    assert {each.rank for each in result.set_aside} == {None}
    assert first(result)["project"].clauses == ("R-7", "R-16")
    assert {each.strategy for each in result.for_gap(0)} == {Strategy.RECRUIT}
    assert [each.gap for each in result.unhelped] == [0, 1]
    aimed = evolve(project, learning_aim=Text(nb="Trygg dosering"))
    assert ranks(ward(aimed)) == {"project": 1}


def test_a_project_that_is_set_aside_takes_nobody_s_rank() -> None:
    """R-16: a cheap project without an aim stands in nobody's way: the course is first."""
    project = evolve(measure("a", cost=0), kind=MeasureKind.PROJECT)
    assert ranks(ward(project, measure("b"))) == {"a": None, "b": 1}


def test_wishes_count_between_equals_only() -> None:
    """H-7: a wish lifts one of two like measures, and never one that closes less or leans away."""
    wish = Wish(employee=FIRST, measure="b", stated=date(2026, 6, 1), recorded=THEN)
    like = evolve(ward(measure("a", cost=1), measure("b")), wishes=(wish,))
    assert ranks(like) == {"a": 2, "b": 1}
    assert Fact.WISHED in first(recommended(like))["b"].facts
    away = evolve(ward(measure("a"), measure("b", arena=Arena.OUTSIDE)), wishes=(wish,))
    assert ranks(away) == {"a": 1, "b": 2}


def test_only_what_was_wished_by_then_counts() -> None:
    """H-7: a wish stated after the day, somebody else's, or of nothing here does not count."""
    base = Wish(employee=FIRST, measure="b", stated=date(2026, 6, 1), recorded=THEN)
    for other in (
        evolve(base, stated=date(2027, 1, 2)),
        evolve(base, employee=SECOND),
        evolve(base, measure=None, competence=ETHICS),
    ):
        found = first(recommended(evolve(ward(measure("b")), wishes=(other,))))["b"]
        assert Fact.WISHED not in found.facts


def test_a_wish_counts_from_when_it_was_known() -> None:
    """H-7: asked as it was known in August, a wish that was recorded in September is not there."""
    recorded = datetime(2026, 9, 1, tzinfo=UTC)
    wish = Wish(employee=FIRST, measure="b", stated=date(2026, 6, 1), recorded=recorded)
    parcel = evolve(ward(measure("b")), wishes=(wish,))
    for month, counts in ((8, False), (10, True)):
        gaps = find_gaps(parcel, on=ON, known_at=datetime(2026, month, 1, tzinfo=UTC))
        found = first(recommend(open_options(gaps)))["b"]
        assert (Fact.WISHED in found.facts) is counts


def test_a_wish_for_a_competence_is_a_wish_for_what_lifts_it() -> None:
    """H-7: who wishes for a competence wishes for the measures that lift it."""
    wish = Wish(employee=FIRST, competence=DOSING, stated=date(2026, 6, 1), recorded=THEN)
    found = first(recommended(evolve(ward(measure("b")), wishes=(wish,))))["b"]
    assert Fact.WISHED in found.facts


def test_passing_on_counts_the_colleagues_who_lack_the_same() -> None:
    """D-8: a measure whose participants pass it on reaches the one colleague who lacks it too."""
    passing = evolve(measure("b"), passes_on=True)
    found = first(recommended(ward(measure("a", cost=1), passing)))
    assert (found["b"].colleagues, found["b"].rank, found["a"].rank) == (1, 1, 2)
    assert Fact.PASSED_ON in found["b"].facts
    assert found["a"].colleagues == 0


def test_a_measure_that_lifts_several_groups_is_preferred() -> None:
    """K-6: skills and values come before skills alone; where the measure lies counts more."""
    both = (*measure("b").outcomes, Outcome(competence=ETHICS, reach=Level(2)))
    found = first(recommended(ward(measure("a", cost=1), evolve(measure("b"), outcomes=both))))
    assert (found["a"].rank, found["b"].rank) == (2, 1)
    assert Fact.SEVERAL_GROUPS in found["b"].facts
    away = evolve(measure("b", arena=Arena.OUTSIDE), outcomes=both)
    assert ranks(ward(measure("a"), away)) == {"a": 1, "b": 2}


def test_a_group_that_nothing_lifts_is_told() -> None:
    """K-6: skills are lifted, values are missing too and nothing lifts them: that is told."""
    values = evolve(requirement(Bearer.ROLE, ROLE), competence=ETHICS)
    asks = [requirement(Bearer.TASK, TASK), values]
    parcel = ward(measure("a"), asks=asks)
    known = [evolve(each, competence=ETHICS) for each in parcel.assessments]
    parcel = evolve(parcel, assessments=parcel.assessments.merged(known))
    (told,) = recommended(parcel).findings
    assert (told.code, "being" in told.text) == ("W517", True)
    both = (*measure("b").outcomes, Outcome(competence=ETHICS, reach=Level(2)))
    lifted = evolve(parcel, measures=(evolve(measure("b"), outcomes=both),))
    assert recommended(lifted).findings == ()


def test_facts_that_are_only_told() -> None:
    """D-5, R-17, B-6: learning in work, public support and a statutory requirement are told."""
    told = evolve(measure("a"), mode=Mode.WORK, scheme=SchemeId("support"))
    asks = [evolve(requirement(Bearer.TASK, TASK), statutory=True)]
    scheme = Scheme(id=SchemeId("support"), label=Text("Støtte"), as_of=ON)
    found = first(recommended(evolve(ward(told, asks=asks), schemes=[scheme])))["a"]
    assert {Fact.IN_WORK, Fact.SUPPORTED, Fact.STATUTORY} <= found.facts
    assert found.clauses == ("R-7", "D-5", "R-17", "B-6")
    assert all(each.nb and each.en for each in found.reasons)
    assert len(found.reasons) == len(found.facts)


def test_every_fact_has_a_clause_and_words() -> None:
    """Each fact cites a clause of the guide and says itself in bokmål and English."""
    clauses = {rule.clause for rule in guide_rules().rules}
    for fact in Fact:
        assert fact.clause in clauses
        assert min(fact.words.nb, fact.words.en)


# --- order ------------------------------------------------------------------------------------


def test_bad_input_78_ties_are_shown_as_ties() -> None:
    """78: two measures that nothing sets apart share the rank, and the next one's rank tells it."""
    found = first(recommended(ward(measure("a"), measure("b"), measure("c", cost=2_000))))
    assert {name: each.rank for name, each in found.items()} == {"a": 1, "b": 1, "c": 3}
    assert {name: each.tied for name, each in found.items()} == {"a": True, "b": True, "c": False}


def test_what_closes_more_comes_first() -> None:
    """A measure that reaches the requirement comes before a dearer fit that reaches less."""
    asks = [requirement(Bearer.TASK, TASK, level=4)]
    low = evolve(measure("low", cost=1), outcomes=(Outcome(competence=DOSING, reach=Level(2)),))
    far = measure("far", arena=Arena.OUTSIDE, cost=9_000)
    assert ranks(ward(low, far, asks=asks)) == {"far": 1, "low": 2}


def test_strategies_are_not_ranked_against_each_other() -> None:
    """The guide gives no strategy the first place: each lack has a first rank in each of them."""
    result = recommended(ward(measure("a")))
    for gap in (0, 1):
        found = result.for_gap(gap)
        for strategy in {each.strategy for each in found}:
            assert min(each.rank or 0 for each in found if each.strategy is strategy) == 1


def test_recommendations_stand_in_the_order_of_the_options() -> None:
    """Row n is about option n, so that a plan finds the reason of what it takes."""
    result = recommended(ward(measure("a"), measure("b")))
    assert len(result) == len(result.options.rows)
    for place in range(len(result)):
        assert result.of(place).option == place
        assert result.option(result.of(place)) == result.options.rows[place]


def test_the_best_are_those_of_rank_one() -> None:
    """`best` holds what shares the first rank of each lack, and nothing that is set aside."""
    result = recommended(ward(measure("a"), measure("b"), measure("c", cost=2_000)))
    assert {each.measure for each in result.best if each.gap == 0 and each.measure} == {"a", "b"}


# --- nothing helps ----------------------------------------------------------------------------


def test_bad_input_75_no_measure_helps_is_said_aloud() -> None:
    """75: no measure at hand: every gap is told with the way that is left, never with silence."""
    result = recommended(ward())
    assert [each.gap for each in result.unhelped] == [0, 1]
    for each in result.unhelped:
        assert each.ways == {Strategy.RECRUIT}
        assert each.words.nb == "Ingen tiltak hjelper. Det som er igjen, er å rekruttere."
        assert each.words.en == "No measure helps. What is left is to recruit."


def test_where_no_way_is_left_the_parties_are_asked() -> None:
    """75: without any way at all it is said so, in both languages."""
    gaps = find_gaps(ward(), on=ON)
    (unhelped, _) = recommend(Options(gaps=gaps, rows=Table.of(OPTIONS, ()))).unhelped
    assert unhelped.ways == frozenset()
    assert "partene" in unhelped.words.nb
    assert "parties" in unhelped.words.en


def test_what_a_measure_helps_is_not_unhelped() -> None:
    """75: one measure is enough for a gap to be helped."""
    assert len(recommended(ward(measure("a"))).unhelped) == 0


@pytest.mark.parametrize("parcel", [Enterprise(), ward(measure("a"), asks=()), ward(held=4)])
def test_bad_input_72_nothing_to_recommend_for(parcel: Enterprise) -> None:
    """72: an empty enterprise, no requirements, or nothing missing: an empty, valid result."""
    result = recommended(parcel)
    assert (len(result.unhelped), result.findings) == (0, ())
    assert {each.strategy for each in result} <= {Strategy.RECRUIT}


def test_a_weakened_floor_is_refused_here_too() -> None:
    """T-3: nothing is recommended under a local set that opens a gate."""
    gate = evolve(guide_rules().rule("R-5"), effect=Effect.WARN)
    local = RuleSet(id="l", label=Text(nb="l"), edition="1", as_of=ON, rules=(gate,))
    with pytest.raises(BadInput):
        recommended(evolve(ward(measure("a")), rule_sets=(local,)))


def test_nobody_is_shown_by_accident() -> None:
    """The plural counts and never shows a person."""
    shown = repr(recommended(ward(measure("a"))))
    assert FIRST not in shown
    assert "0 gaps that no measure helps" in shown
