"""What holds for the report on any scenarios of any enterprise: few people are never told about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.laws.test_report_laws import LANGUAGES, cells, grids, words
from tests.laws.test_scenario_laws import AT_WORK, WHOLE, possible, possible_alone, worlds

from kompetanse_core import (
    NO_POLICY,
    Attrition,
    Enterprise,
    Flows,
    Grid,
    Language,
    Leave,
    Points,
    Report,
    Runs,
    Scenario,
    compare_scenarios,
    find_gaps,
    make_outlook_report,
    tornado,
)
from kompetanse_core.columns import Table
from kompetanse_core.conformance.strategies import DAY, SMALL, enterprises
from kompetanse_core.scenario.difference import apart
from kompetanse_core.scenario.outlook import Overlaid

RUNS = Runs(start=DAY.replace(day=1), periods=3, replicas=3)
LEAVING = Flows(attrition=(Attrition(chance=100_000),))
BASE = Scenario(name="base")
FEW = settings(max_examples=12, deadline=None)
CROWDS = enterprises(
    least=evolve(AT_WORK, employees=8, engagements=8), most=evolve(SMALL, employees=9)
)


def reported(
    enterprise: Enterprise, scenarios: Sequence[Overlaid], language: Language = Language.NB
) -> Report:
    """A report on scenarios with no plan, and on what matters."""
    found = compare_scenarios(enterprise, scenarios, (NO_POLICY,), runs=RUNS, flows=LEAVING)
    return make_outlook_report(
        found, swings=tornado(enterprise, LEAVING, runs=RUNS), language=language
    )


def figures(report: Report) -> Iterator[int]:
    """Every figure behind a cell or in a chart."""
    yield from (cell.number for _, cell in cells(report) if cell.number is not None)
    charts = [grid.chart for grid in grids(report) if grid.chart]
    yield from (
        end for c in charts for curve in c.curves for point in curve.points for end in point
    )


@FEW
@given(worlds(), LANGUAGES)
def test_an_enterprise_of_fewer_than_five_shows_no_figures(
    world: tuple[Enterprise, list[Scenario]], language: Language
) -> None:
    """Whatever is laid over it; nobody's pseudonym is told, and no two tables have one name."""
    enterprise, scenarios = world
    report = reported(enterprise, [BASE, *scenarios], language)
    people = enterprise.employees.words_of("id").values
    assert not [who for who in people if re.search(rf"\b{re.escape(who)}\b", words(report))]
    named = [name for grid in grids(report) for name in _names(grid)]
    assert len(named) == len(set(named))
    if len(people) < 5:
        assert not [*figures(report)]


@FEW
@given(CROWDS, st.integers(1, 4))
def test_a_scenario_in_which_fewer_than_five_leave_shows_no_figures(
    enterprise: Enterprise, leaving: int
) -> None:
    """Neither its course, nor its end, nor its roles; what is as it is may be told."""
    working = [each.id for each in enterprise.employees]
    changes = [Leave(employee=who, on=DAY) for who in working]
    able = [change for change in changes if possible_alone(enterprise, change)][:leaving]
    assume(able)
    report = reported(enterprise, [BASE, Scenario(name="gone", changes=able)])
    mine = [grid for grid in grids(report) if grid.caption.startswith("Gone")]
    assert not any(cell.number for grid in mine for row in grid.rows for cell in row)
    (ends,) = [grid for grid in grids(report) if grid.caption == "Hvert scenario med hver plan"]
    assert all(cell.withheld for cell in ends.rows[1][1:])
    assert not any(grid.chart for grid in (*mine, ends))


@settings(max_examples=5, deadline=None)
@given(WHOLE, LANGUAGES)
def test_every_change_is_told_in_words(enterprise: Enterprise, language: Language) -> None:
    """Each sort of change makes a point of what is assumed, with nothing left of our own names."""
    sorts = {type(each).__name__: each for each in possible(enterprise, DAY)}
    able = {name: each for name, each in sorts.items() if possible_alone(enterprise, each)}
    scenarios = [Scenario(name=f"s{n}", changes=[each]) for n, each in enumerate(able.values())]
    report = reported(enterprise, scenarios, language)
    assumed = next(each for each in report.sections if each.id == "antatt")
    for name, told in zip(able, assumed.blocks[1::2], strict=False):
        assert isinstance(told, Points)
        (point,) = told.points
        assert name not in point
        assert not re.search(r"[<>{}]|None|Text\(", point)


@settings(max_examples=30, deadline=None)
@given(worlds())
def test_who_is_apart_is_whoever_has_other_rows(world: tuple[Enterprise, list[Scenario]]) -> None:
    """Counted row by row, as nouns: in where people work, and in what they lack."""
    enterprise, (scenario,) = world
    after = scenario.apply(enterprise)
    tables: list[tuple[Table[Any], Table[Any]]] = [
        (enterprise.engagements, after.engagements),
        (find_gaps(enterprise, on=DAY).rows, find_gaps(after, on=DAY).rows),
    ]
    for one, other in tables:
        rows = [Counter(one), Counter(other)]
        gone, come = rows[0] - rows[1], rows[1] - rows[0]
        assert {*apart(one, other, "employee")} == {row.employee for row in (*gone, *come)}


def _names(grid: Grid) -> list[str]:
    return [grid.caption, *([grid.chart.title] if grid.chart else [])]
