"""What is each participant given beside a measure, and what does that cost? Clause A-3."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from tests.laws.test_plan_laws import limits, recommended
from tests.oracles.wards import ON, asks, course, ward, wards
from tests.test_plan import planned

from kompetanse_adapters.folder import read_folder, write_folder
from kompetanse_core import (
    Actor,
    ActorId,
    ActorKind,
    Audience,
    ConditionKind,
    EmployeeId,
    Enterprise,
    Grid,
    Incentive,
    IncentiveKind,
    Language,
    Limits,
    Measure,
    Misuse,
    Mode,
    Plugins,
    Points,
    Purpose,
    Report,
    Text,
    analyse,
    break_evens,
    course_cost,
    make_plan,
    make_report,
    open_options,
)
from kompetanse_core.gap import find_gaps
from kompetanse_core.report.incentives import offered
from kompetanse_core.report.telling import Telling

LEAVE = Incentive(kind=IncentiveKind.PAID_LEAVE, amount=8)
EXAM = Incentive(kind=IncentiveKind.EXAM_LEAVE, amount=4)
BOOKS = Incentive(kind=IncentiveKind.COST_COVERED, amount=500)
STEP = Incentive(kind=IncentiveKind.SALARY_STEP, amount=2_000)
CARD = Incentive(kind=IncentiveKind.OTHER, text=Text(nb="adgangskort", en="a pass"))
ALL = (LEAVE, EXAM, BOOKS, STEP, CARD)
COURSE = evolve(course("c", ("k", 0, 2)), cost_per_head=1_000, hours=10)


def school(*incentives: Incentive, measure: Measure = COURSE) -> Enterprise:
    """Two who lack a step of k, and a course with incentives."""
    people = {name: ("smith", {"k": 1}) for name in ("p", "q")}
    return ward(people, [asks("smith", "k", 2)], [evolve(measure, incentives=incentives)])


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (lambda: Incentive(kind=IncentiveKind.PAID_LEAVE), "E508"),
        (lambda: Incentive(kind=IncentiveKind.SALARY_STEP, text=Text("mer")), "E508"),
        (lambda: Incentive(kind=IncentiveKind.OTHER), "E508"),
        (lambda: Incentive(kind=IncentiveKind.OTHER, amount=-1), "E506"),
        (lambda: Incentive(kind=IncentiveKind.OTHER, amount=10**12 + 1), "E509"),
        (lambda: evolve(COURSE, incentives=(evolve(BOOKS, amount=10**12),)), "E509"),
        (lambda: evolve(COURSE, incentives=(evolve(LEAVE, amount=10**12),)), "E509"),
    ],
)
def test_what_cannot_be_given_is_refused(wrong: Callable[[], object], code: str) -> None:
    """Leave has hours, money kroner; nothing is less than nothing or more than can be counted."""
    with pytest.raises(Misuse, match=code):
        wrong()


def test_kroner_count_in_cost_and_hours_in_hours() -> None:
    """A head takes what the measure takes and what is given beside it; each item says both."""
    plan = planned(school(*ALL))
    assert plan.cost == 2 * 3_500
    assert [(i.cost, i.hours, i.incentives) for i in plan] == [(3_500, 22, ALL)] * 2
    assert plan.mix.training == 44
    (intent,) = plan.individual(EmployeeId("p")).intents
    amounts = {condition.kind: condition.amount for condition in intent.conditions}
    assert (amounts[ConditionKind.TIME_OFF], amounts[ConditionKind.COST]) == (22, 3_500)


@pytest.mark.parametrize(
    ("frame", "left"),
    [
        (Limits(budget=6_999), 1),
        (Limits(budget=7_000), 0),
        (Limits(periods=1, hours=21), 2),
        (Limits(periods=1, hours=22), 0),
    ],
)
def test_budgets_and_hours_bind(frame: Limits, left: int) -> None:
    """A krone or an hour short, somebody cannot take part."""
    assert planned(school(*ALL), frame).split.left == left


def test_leave_is_away_from_work_that_is_learnt_in_the_work() -> None:
    """S-4: of a measure in the work only its leave takes of the unit's cover, and a substitute."""
    in_work = evolve(COURSE, mode=Mode.WORK)
    frame = Limits(periods=1, months=1, year_hours=1_200, away_percent=5)  # ten hours for two
    assert planned(school(measure=in_work), frame).split.left == 0
    assert planned(school(LEAVE, measure=in_work), frame).split.left == 1
    intent = planned(school(LEAVE, measure=in_work)).individual(EmployeeId("p")).intents[0]
    assert {c.kind: c.amount for c in intent.conditions}[ConditionKind.SUBSTITUTE] == 8


def test_an_own_course_is_compared_with_all_that_it_takes() -> None:
    """G-6: incentives count in what a course costs, in ways and in break-evens."""
    assert course_cost(evolve(COURSE, incentives=ALL), 2) == 7_000
    options = open_options(find_gaps(school(*ALL), on=ON))
    assert {way.cost_most for way in options if way.measure} == {3_500}
    assert break_evens(options) == ()


@st.composite
def given_measures(draw: DrawFn) -> Enterprise:
    """A ward in which some measures come with incentives."""
    enterprise = draw(wards())
    given_ = st.lists(st.sampled_from(ALL), max_size=3).map(tuple)
    return evolve(
        enterprise, measures=[evolve(m, incentives=draw(given_)) for m in enterprise.measures]
    )


@given(given_measures(), limits)
def test_incentives_are_as_if_the_measure_took_them(enterprise: Enterprise, frame: Limits) -> None:
    """The plan is that of measures with the same cost and hours by themselves.

    But for leave from what is learnt in the work, which is away from it.
    """
    folded = [
        evolve(m, incentives=(), cost_per_head=m.cost_a_head, hours=m.hours_a_head)
        for m in enterprise.measures
    ]
    outside = {m.id for m in enterprise.measures if m.mode is not Mode.WORK or not m.leave_hours}
    kept = [m for m in enterprise.measures if m.id in outside]
    plan = make_plan(recommended(evolve(enterprise, measures=kept)), frame)
    other = make_plan(
        recommended(evolve(enterprise, measures=[m for m in folded if m.id in outside])), frame
    )
    assert [evolve(each, incentives=()) for each in plan] == list(other)
    assert (plan.value, plan.bound, plan.cost, plan.mix) == (
        other.value,
        other.bound,
        other.cost,
        other.mix,
    )


def test_a_folder_carries_incentives_and_refuses_bad_ones(tmp_path: Path) -> None:
    """Written and read back they are the same; a bad amount is told with its code and key."""
    write_folder(school(*ALL), tmp_path / "good")
    assert read_folder(tmp_path / "good").enterprise.measures[0].incentives == ALL
    page = tmp_path / "good" / "measures.toml"
    for wrong, code in (("-8", "E508"), ("0", "E508"), ("8.5", "E501"), ('"8"', "E501")):
        text = page.read_text("utf-8")
        page.write_text(text.replace("amount = 8\n", f"amount = {wrong}\n"), "utf-8")
        found = [f for f in read_folder(tmp_path / "good").findings if f.code == code]
        assert [f.place.column for f in found] == [
            "incentive" if wrong == "0" else "incentive.amount"
        ]
        page.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            Language.NB,
            (
                "8 timer permisjon med lønn, 4 timer fri til eksamen, 500\u00a0kr i utgifter "
                "dekket, 2\u202f000\u00a0kr i lønnstrinn og adgangskort"
            ),
        ),
        (
            Language.EN,
            (
                "8 hours of paid leave, 4 hours off for exams, NOK\u00a0500 of expenses covered, "
                "NOK\u00a02,000 as a salary step and a pass"
            ),
        ),
    ],
)
def test_incentives_are_told_in_words(language: Language, words: str) -> None:
    """What each is, how much of it, and its text."""
    telling = Telling(language=language, enterprise=Enterprise())
    assert offered(ALL, telling) == words
    assert offered((), telling) == ""
    both = offered((evolve(EXAM, text=Text("før prøven", en="before it")),), telling)
    assert both.endswith(("(før prøven)", "(before it)"))


def test_the_reports_tell_what_is_given() -> None:
    """The person reads it beside the measure, the parties beside measures of five or more."""
    hospital = Plugins.installed().source("example").read().enterprise
    analysis = analyse(hospital, on=ON, limits=Limits())
    person = next(i.employee for i in analysis.plan if i.incentives and i.employee)
    actor = Actor(id=ActorId("self"), kind=ActorKind.EMPLOYEE, employee=person)
    own = make_report(
        analysis,
        audience=Audience.EMPLOYEE,
        employee=person,
        actor=actor,
        purpose=Purpose.DEVELOPMENT,
    )
    assert "15 timer fri til eksamen (to dager før fagprøven)" in _words(own)
    many = [evolve(m, incentives=(BOOKS,)) for m in hospital.measures]
    told = make_report(
        analyse(evolve(hospital, measures=many), on=ON, limits=Limits()),
        audience=Audience.PARTIES,
        language=Language.EN,
    )
    wide = analyse(evolve(hospital, measures=many), on=ON).plan
    crowds = [
        m.label.read(Language.EN)
        for m in hospital.measures
        if len({i.employee for i in wide if i.measure == m.id and i.employee}) >= 5
    ]
    given_ = [
        w for w in _words(told).split("\n") if w.endswith(": NOK\u00a0500 of expenses covered")
    ]
    assert sorted(given_) == sorted(f"{name}: NOK\u00a0500 of expenses covered" for name in crowds)


def _words(report: Report) -> str:
    blocks = [block for section in report.sections for block in section.blocks]
    told = [point for block in blocks if isinstance(block, Points) for point in block.points]
    told += [c.text for b in blocks if isinstance(b, Grid) for row in b.rows for c in row]
    return "\n".join(told)
