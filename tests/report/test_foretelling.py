"""A report on scenarios: its figures are those of the runs, and it tells nothing of few."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from attrs import evolve
from tests.laws.test_report_laws import cells, words
from tests.test_policies import doing, lacking, learning
from tests.test_simulation import LEAD, NURSE, START, WARD, ward

from kompetanse_adapters.reading import read_scenario
from kompetanse_core import (
    NO_POLICY,
    WITHHELD,
    Actions,
    Attrition,
    ChangeSeats,
    Count,
    EmployeeId,
    Engagement,
    Enterprise,
    Flows,
    Grid,
    Language,
    Leave,
    Level,
    Limits,
    Misuse,
    Outlook,
    Outlooks,
    Plugins,
    Policy,
    Report,
    Runs,
    Scenario,
    Section,
    Swing,
    Text,
    compare_scenarios,
    hiring_of,
    make_outlook_report,
    plan_once,
    tornado,
)
from kompetanse_core.model.people import AgeBand
from kompetanse_core.report.crowd import behind_swing
from kompetanse_core.report.page import Points
from kompetanse_core.scenario.flows import Retirement
from kompetanse_core.scenario.outlook import Overlaid

EXAMPLES = (
    Path(__file__).resolve().parents[2] / "src" / "kompetanse_adapters" / "example" / "scenarios"
)
RUNS = Runs(start=START, periods=4, replicas=7, seed=1)
LEAVING = Flows(attrition=(Attrition(chance=50_000),))
BASE = Scenario(name="as now")
SECTIONS = (
    "kort",
    "antatt",
    "utvikling",
    "slutt",
    "varsler",
    "roller",
    "betyr",
    "anger",
    "samtale",
    "metode",
)
FIGURED = ("utvikling", "slutt", "roller", "betyr", "anger")


@cache
def hospital() -> tuple[Outlooks, tuple[Swing, ...]]:
    """The bundled example as it is and under its three scenarios, with no plan and with one."""
    enterprise = Plugins.installed().source("example").read().enterprise
    scenarios = [read_scenario(p.read_bytes(), file=p.name) for p in sorted(EXAMPLES.iterdir())]
    flows = Flows(
        attrition=(Attrition(chance=20_000),), hiring=hiring_of(enterprise, months=RUNS.months)
    )
    runs = evolve(RUNS, periods=6, replicas=10)
    policies = (NO_POLICY, plan_once(Limits(budget=400_000)))
    found = compare_scenarios(enterprise, [BASE, *scenarios], policies, runs=runs, flows=flows)
    return found, tornado(enterprise, flows, runs=runs)


def half(people: int, *, leaders: int = 0) -> Enterprise:
    """A ward where every other holds what is asked, the last of them leaders."""
    enterprise = lacking(people)
    held = [evolve(a, level=Level(3 * (n % 2))) for n, a in enumerate(enterprise.assessments)]
    posts = [
        Engagement(employee=each.id, unit=WARD, role=NURSE if n < people - leaders else LEAD)
        for n, each in enumerate(enterprise.employees)
    ]
    return evolve(enterprise, assessments=held, engagements=posts)


def told(
    enterprise: Enterprise,
    *scenarios: Overlaid,
    policies: Sequence[Policy] = (NO_POLICY,),
    flows: Flows | None = None,
    language: Language = Language.NB,
) -> Report:
    """A report on scenarios of a small enterprise."""
    found = compare_scenarios(enterprise, scenarios, policies, runs=RUNS, flows=flows)
    return make_outlook_report(found, language=language)


def section(report: Report, name: str) -> Section:
    """One section of a report."""
    return next(each for each in report.sections if each.id == name)


def grids(report: Report, name: str) -> list[Grid]:
    """The grids of a section."""
    return [block for block in section(report, name).blocks if isinstance(block, Grid)]


def figures(grid: Grid, row: int) -> list[int | None]:
    """The numbers behind a row."""
    return [cell.number for cell in grid.rows[row][1:]]


def leaving(enterprise: Enterprise, number: int, *, name: str = "gone") -> Scenario:
    """So many people leave half way."""
    people = [*enterprise.employees][:number]
    changes = [Leave(employee=each.id, on=date(2027, 7, 1)) for each in people]
    return Scenario(name=name, changes=changes)


# --- the bundled example ----------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
def test_the_three_scenarios_of_the_example_make_a_report(language: Language) -> None:
    """Every section is there in every language, each scenario is named, and nobody is."""
    found, swings = hospital()
    report = make_outlook_report(found, swings=swings, language=language)
    assert tuple(each.id for each in report.sections) == SECTIONS
    said = words(report)
    for scenario in found.scenarios:
        assert f"{scenario[0].upper()}{scenario[1:]}" in said
    assert not [e.id for e in found.enterprise.employees if e.id in said]
    assert ("covered" in said, "dekning" in said) == (
        (True, False) if language is Language.EN else (False, True)
    )


def test_the_report_on_the_example_is_the_same_each_time() -> None:
    """Same runs, same report; and captions, which are landmarks of a page, are told apart."""
    found, swings = hospital()
    first, second = (make_outlook_report(found, swings=swings) for _ in range(2))
    assert first == second
    labels = [
        label
        for each in first.sections
        for grid in each.blocks
        if isinstance(grid, Grid)
        for label in (grid.caption, *([grid.chart.title] if grid.chart else []))
    ]
    assert len(labels) == len(set(labels))


def test_the_report_tells_what_the_scenarios_change() -> None:
    """The law, the technology and the wave stand under what is assumed."""
    report = make_outlook_report(hospital()[0])
    said = [
        point
        for block in section(report, "antatt").blocks
        if isinstance(block, Points)
        for point in block.points
    ]
    assert any("etter lov eller forskrift" in each for each in said)
    assert any("Helsesekretær (ellers 4)" in each for each in said)
    assert "Fra 65 år går 20\u00a0% av med pensjon hvert kvartal" in said
    assert said[-1] == "Én plan: bestemt den første dagen, for høyst 400\u202f000\u00a0kr hver gang"
    assert said[-2] == "Uten plan: ingenting blir bestemt"


def test_the_talk_asks_about_each_of_the_three() -> None:
    """What to do before the law, where technology sends people, and who learns of the retired."""
    (points,) = section(make_outlook_report(hospital()[0]), "samtale").blocks
    assert isinstance(points, Points)
    said = "\n".join(points.points)
    assert "Hva gjøres for rollen Pleieassistent ved Sengeposten før 1. kvartal 2028?" in said
    assert "Taleteknologi trenger mindre av rollen Helsesekretær: 2 årsverk i stedet for 4." in said
    assert said.count("trenger mindre av rollen") == 1
    assert "Hva må de som går av med pensjon, føre videre" in said
    (calm,) = section(told(half(9), BASE, flows=LEAVING), "samtale").blocks
    assert isinstance(calm, Points)
    assert not [each for each in calm.points if "går av" in each or "veier videre" in each]


# --- figures ----------------------------------------------------------------------------------


def covered(outlook: Outlook, turn: int, percent: int) -> int:
    """Coverage in a period, sorted by hand: the least that so many in a hundred runs are within."""
    met, missing = (outlook.counts[each][:, turn].tolist() for each in (Count.MET, Count.MISSING))
    shares = sorted(100 * m // (m + n) for m, n in zip(met, missing, strict=True))
    found: int = shares[max(0, -(-percent * len(shares) // 100) - 1)]
    return found


def test_every_figure_of_a_course_is_that_of_the_runs() -> None:
    """Middles in the table; lows, middles and highs in the chart."""
    found, _ = hospital()
    tables = grids(make_outlook_report(found), "utvikling")
    assert len(tables) == len(found.scenarios)
    for scenario, table in zip(found.scenarios, tables, strict=True):
        mine = [each for each in found if each.scenario == scenario]
        for turn in range(len(mine[0].starts)):
            assert figures(table, turn) == [covered(each, turn, 50) for each in mine]
        assert table.chart is not None
        assert [curve.points for curve in table.chart.curves] == [
            tuple(
                (covered(each, turn, 10), covered(each, turn, 50), covered(each, turn, 90))
                for turn in range(len(each.starts))
            )
            for each in mine
        ]


def test_charts_of_one_report_have_one_scale_and_say_so() -> None:
    """It begins at the tens below the least that is drawn, and ends at a hundred."""
    report = make_outlook_report(hospital()[0])
    charts = [grid.chart for name in ("utvikling", "slutt") for grid in grids(report, name)]
    (scale,) = {chart.scale for chart in charts if chart}
    drawn = [end for c in charts if c for curve in c.curves for p in curve.points for end in p]
    assert scale == (min(drawn) // 10 * 10, 100)
    assert all(f"skala {scale[0]}–100\u00a0%" in chart.title for chart in charts if chart)


def test_of_one_policy_heads_and_steps_are_told_too() -> None:
    """A single outlook shows its course in five columns."""
    enterprise = half(30)
    found = compare_scenarios(enterprise, (BASE,), runs=RUNS, flows=LEAVING)
    (table,) = grids(make_outlook_report(found), "utvikling")
    (outlook,) = found
    for turn in range(RUNS.periods):
        others = [
            sorted(outlook.counts[each][:, turn].tolist())[3]
            for each in (Count.HEADS, Count.MISSING, Count.UNKNOWN)
        ]
        assert figures(table, turn) == [covered(outlook, turn, 50), *others]


def test_every_ending_is_that_of_the_runs() -> None:
    """Each row is one outlook: quantiles of what is there at last and of what happened in all."""
    found, _ = hospital()
    (table,) = grids(make_outlook_report(found), "slutt")
    for row, outlook in enumerate(found):
        ends = [
            outlook.quantile(count, 50)
            for count in (Count.MISSING, Count.UNKNOWN, Count.VACANT, Count.COST, Count.AWAY)
        ]
        assert figures(table, row)[:-1] == [covered(outlook, -1, 50), *ends]
        often = int(outlook.robustness(found.enough) * 10)
        assert table.rows[row][-1].text == f"{often} av 10 forløp"
    assert table.chart is not None
    assert [middle for _, middle, _ in table.chart.curves[0].points] == [
        covered(each, -1, 50) for each in found
    ]


def test_roles_and_the_others_together_are_those_of_the_runs() -> None:
    """Roles told, the others as one, and the whole: each is the middle of its own sum."""
    found, _ = hospital()
    tables = grids(make_outlook_report(found), "roller")
    assert tables
    named = {each.label.read(Language.NB): each.id for each in found.enterprise.roles}
    for table in tables:
        scenario = next(s for s in found.scenarios if table.caption.lower().startswith(s))
        mine = [each for each in found if each.scenario == scenario]
        roles = [[named[row[0].text]] for row in table.rows if row[0].text in named]
        others = [role for role in mine[0].roles if [role] not in roles]
        rows = [*table.rows, table.total or ()]
        for row, those in zip(rows, [*roles, others, [*mine[0].roles]], strict=True):
            ends = [
                sorted(map(sum, zip(*(each.roles[r][count] for r in those), strict=True)))[4]
                for each in mine
                for count in (Count.HEADS, Count.MISSING)
            ]
            assert [cell.number for cell in row[2:]] == ends
        assert others


def test_swings_and_regrets_are_those_that_were_found() -> None:
    """In tenths, in their order."""
    found, swings = hospital()
    report = make_outlook_report(found, swings=swings)
    (table,) = grids(report, "betyr")
    assert [figures(table, row) for row in range(len(swings))] == [
        [round(10 * each) for each in (swing.low, swing.high, swing.width)] for swing in swings
    ]
    (table,) = grids(report, "anger")
    for row, policy in enumerate(found.policies):
        mine: list[Fraction] = [each.by for each in found.regrets() if each.policy == policy]
        assert figures(table, row) == [round(10 * each) for each in (*mine, max(mine))]


def test_warnings_are_told_and_asked_about() -> None:
    """Half of the nurses hold nothing: the first quarter is warned of and asked about."""
    report = told(half(5), BASE)
    points = [
        point
        for name in ("varsler", "samtale")
        for block in section(report, name).blocks
        if isinstance(block, Points)
        for point in block.points
    ]
    assert points[0] == (
        "As now, uten plan: nurse ved Ward er under 80 % dekning fra 1. kvartal 2027 i 10 av 10 "
        "forløp."
    )
    assert "Hva gjøres for rollen nurse ved Ward før 1. kvartal 2027?" in points


def test_what_a_policy_did_wrong_is_told_by_name() -> None:
    """A policy that raises is named among the findings, in both languages."""

    def fail(situation: object) -> Actions:
        raise ValueError

    broken = Policy(name="broken", decide=fail)
    for language, said in ((Language.NB, "feilet"), (Language.EN, "failed")):
        report = told(half(6), BASE, policies=(NO_POLICY, broken), language=language)
        (points,) = section(report, "funn").blocks
        assert isinstance(points, Points)
        assert "broken" in points.points[0]
        assert said in points.points[0]


# --- few people -------------------------------------------------------------------------------


def numbers(report: Report) -> Iterator[int]:
    """Every figure behind a cell, and of every chart."""
    yield from (cell.number for _, cell in cells(report) if cell.number is not None)
    for each in FIGURED:
        for table in grids(report, each) if each in {s.id for s in report.sections} else ():
            if table.chart is not None:
                yield from (p for c in table.chart.curves for point in c.points for p in point)


@pytest.mark.parametrize("language", [Language.NB, Language.EN])
@pytest.mark.parametrize(
    ("enterprise", "flows"),
    [(half(4), None), (half(9), Flows(attrition=(Attrition(chance=10**6),)))],
)
def test_bad_input_84_an_enterprise_of_few_is_told_no_figures(
    enterprise: Enterprise, flows: Flows | None, language: Language
) -> None:
    """FAULTS 84: four people, or nobody left at last: every figure is held back, drawn ones too."""
    report = told(
        enterprise, BASE, policies=(NO_POLICY, plan_once(Limits())), flows=flows, language=language
    )
    assert not [*numbers(report)]
    assert not re.search(r"\b(?:er|is) under 80", words(report))


def test_bad_input_86_a_scenario_apart_for_few_is_held_back() -> None:
    """FAULTS 86: less what is as now, it would tell of the one who leaves; of six it may tell."""
    enterprise = half(12)
    for leave, held in ((1, True), (4, True), (5, False), (6, False)):
        report = told(enterprise, BASE, leaving(enterprise, leave))
        (table,) = grids(report, "slutt")
        assert [cell.withheld for cell in table.rows[1][1:]] == [held] * 7
        assert not table.rows[0][1].withheld
        _, course = grids(report, "utvikling")
        assert {row[1].withheld for row in course.rows} == {held}
        assert (course.chart is None) is held
        kort = section(report, "kort").blocks[0]
        assert isinstance(kort, Points)
        assert ("holdt tilbake" in kort.points[1]) is held


def test_bad_input_86_two_scenarios_apart_for_few_are_not_both_told() -> None:
    """FAULTS 86: six leave in one and seven in the other: their difference is one."""
    enterprise = half(20)
    both = [leaving(enterprise, number, name=str(number)) for number in (6, 7)]
    (table,) = grids(told(enterprise, BASE, *both), "slutt")
    assert [row[1].withheld for row in table.rows] == [False, False, True]


def test_who_is_apart_only_on_some_days_counts_on_those() -> None:
    """One leaves in the second quarter and nine in the last: the second quarter tells of one."""
    enterprise = half(20)
    first, *others = [*enterprise.employees][:10]
    changes = [Leave(employee=first.id, on=date(2027, 4, 1))]
    changes += [Leave(employee=each.id, on=date(2027, 10, 1)) for each in others]
    report = told(enterprise, BASE, Scenario(name="gone", changes=changes))
    assert grids(report, "slutt")[0].rows[1][1].withheld


def test_what_is_decided_about_few_is_held_back() -> None:
    """One is taught: less what comes of no plan, it would tell of that one; regret is held too."""
    one = doing(Actions(learning=(learning(),)))
    report = told(half(9), BASE, policies=(NO_POLICY, one))
    (ends,), (regret,) = grids(report, "slutt"), grids(report, "anger")
    assert [row[1].withheld for row in ends.rows] == [False, True]
    assert {cell.withheld for row in regret.rows for cell in row[1:]} == {True}


def test_a_wave_that_few_can_ride_is_held_back() -> None:
    """Chances that differ for four of twelve tell of four; for twelve, of twelve."""
    wave = Scenario(name="wave", flows=Flows(retirement=(Retirement(age=60, chance=10**5),)))
    for old, held in ((4, True), (12, False)):
        enterprise = half(12)
        people = [
            evolve(each, age=AgeBand.FROM_60 if place < old else AgeBand.UNDER_30)
            for place, each in enumerate(enterprise.employees)
        ]
        (table,) = grids(told(evolve(enterprise, employees=people), BASE, wave), "slutt")
        assert table.rows[1][1].withheld is held


def roles_told(report: Report) -> list[list[str]]:
    """The names of the rows of each table of roles."""
    return [[row[0].text for row in table.rows] for table in grids(report, "roller")]


def test_a_small_role_takes_the_other_with_it() -> None:
    """Of two roles one is small: told beside the whole, the other would give it away."""
    assert roles_told(told(half(17, leaders=8), BASE)) == [["lead", "nurse"]]
    assert roles_told(told(half(12, leaders=3), BASE)) == []


def test_roles_in_which_few_are_apart_are_held_back() -> None:
    """Six leave, one of them a leader: neither leaders are told nor nurses, who betray them."""
    enterprise = half(24, leaders=12)
    leaders = [e.employee for e in enterprise.engagements if e.role == LEAD]
    nurses = [e.employee for e in enterprise.engagements if e.role == NURSE]
    for gone, names in (
        ([*nurses[:5], leaders[0]], ["as now"]),
        ([*nurses[:6], *leaders[:6]], ["as now", "gone"]),
    ):
        changes = [Leave(employee=EmployeeId(who), on=date(2027, 7, 1)) for who in gone]
        report = told(enterprise, BASE, Scenario(name="gone", changes=changes))
        said = [table.caption.split(":")[0].lower() for table in grids(report, "roller")]
        assert said == names


def test_a_role_that_few_are_left_in_takes_the_next_with_it() -> None:
    """Three of six leaders have an end date: three are left, and nurses would tell of them."""
    enterprise = half(18, leaders=6)
    ending = [
        evolve(post, end=date(2027, 6, 30) if n > 14 else None)
        for n, post in enumerate(enterprise.engagements)
    ]
    assert roles_told(told(evolve(enterprise, engagements=ending), BASE)) == []
    assert roles_told(told(enterprise, BASE)) == [["lead", "nurse"]]


def test_roles_in_which_few_are_decided_about_are_held_back() -> None:
    """Five nurses and a leader are taught: beside no plan, the leaders' figures tell of one."""
    enterprise = half(24, leaders=12)
    people = [each.id for each in enterprise.employees]
    for taught, names in (
        ([*people[:5], people[-1]], []),
        ([*people[:6], *people[-6:]], [["lead", "nurse"]]),
    ):
        policy = doing(Actions(learning=tuple(learning(EmployeeId(who)) for who in taught)))
        assert roles_told(told(enterprise, BASE, policies=(NO_POLICY, policy))) == names


def test_a_swing_of_few_is_held_back() -> None:
    """Leaving that only three leaders may do swings for three; that all may, for all."""
    enterprise = half(15, leaders=3)
    for role, held in ((LEAD, True), (None, False)):
        flows = Flows(attrition=(Attrition(chance=100_000, role=role),))
        found = compare_scenarios(enterprise, (BASE,), runs=RUNS, flows=flows)
        swings = tornado(enterprise, flows, runs=RUNS)
        (table,) = grids(make_outlook_report(found, swings=swings), "betyr")
        assert [cell.withheld for cell in table.rows[0][1:]] == [held] * 3
        assert behind_swing(swings[0], found) == (3 if held else min(15, swings[0].people))


def test_who_has_two_roles_is_counted_once() -> None:
    """Four people in two roles each are four people, though eight stand in the cells."""
    enterprise = ward(4)
    nursing = [evolve(post, share=5_000) for post in enterprise.engagements]
    leading = [evolve(post, role=LEAD) for post in nursing]
    both = evolve(enterprise, engagements=[*nursing, *leading])
    (found,) = compare_scenarios(both, (BASE,), runs=RUNS)
    assert found.people == 8
    assert not [*numbers(told(both, BASE))]


def test_what_is_assumed_of_few_is_told_of_some() -> None:
    """Four who leave are some, five are five, and nobody is named."""
    enterprise = half(12)
    for number, said in ((4, "Noen ansatte"), (5, "5 ansatte")):
        points = section(told(enterprise, leaving(enterprise, number)), "antatt").blocks[1]
        assert isinstance(points, Points)
        assert points.points == (f"{said} slutter eller går ut av en rolle",)


def test_a_larger_smallest_group_asks_for_warnings_of_it() -> None:
    """A report may not tell warnings that were looked for among smaller groups than its own."""
    (few, many) = (
        compare_scenarios(half(12), (BASE,), runs=RUNS, least=least) for least in (5, 10)
    )
    with pytest.raises(Misuse, match="E506"):
        make_outlook_report(few, smallest_group=10)
    with pytest.raises(Misuse, match="E506"):
        make_outlook_report(few, smallest_group=2)
    assert make_outlook_report(many, smallest_group=10).smallest_group == 10


def test_where_nothing_is_required_coverage_is_a_dash() -> None:
    """No requirement: nothing to cover, nothing drawn, and no warning."""
    more = ChangeSeats(unit=WARD, role=NURSE, share=90_000, on=date(2027, 7, 1))
    report = told(ward(9), BASE, Scenario(name="more", changes=[more]))
    first, _ = grids(report, "utvikling")
    assert {row[1].text for row in first.rows} == {"–"}
    assert first.chart is None
    assert WITHHELD not in {cell.text for _, cell in cells(report)}


def test_the_enterprise_gives_the_report_its_name() -> None:
    """With a name it stands in the title; without one it does not."""
    assert told(half(5), BASE).title == "Utsikter for kompetansen i virksomheten"
    named = evolve(half(5), name=Text("Sykehuset"))
    assert told(named, BASE).title == "Utsikter for kompetansen i Sykehuset"
