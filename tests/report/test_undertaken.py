"""Is what is taken on for society told, paid and gated like the rest? Clauses H-8 and R-5."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from attrs import evolve

from kompetanse_core import (
    Analysis,
    Audience,
    Grid,
    Limits,
    Plugins,
    Points,
    Register,
    Section,
    analyse,
    make_report,
)


@cache
def analysed(budget: int) -> Analysis:
    """The bundled hospital, which wants more apprentices."""
    enterprise = Plugins.installed().source("example").read().enterprise
    return analyse(enterprise, on=date(2027, 1, 1), limits=Limits(budget=budget, periods=2))


def section(budget: int, name: str) -> Section:
    """One section of the report for the parties."""
    report = make_report(analysed(budget), audience=Audience.PARTIES)
    return next(each for each in report.sections if each.id == name)


def points(budget: int) -> str:
    """The points of the plan."""
    blocks = section(budget, "plan").blocks
    return "\n".join(point for each in blocks if isinstance(each, Points) for point in each.points)


def test_what_is_taken_on_for_society_is_told_with_its_cost() -> None:
    """H-8: apprentices stand in the plan's money, and the report says that they close no gap."""
    assert [each.measure for each in analysed(400_000).plan.undertakings] == ["laerlinger"]
    assert "To flere læreplasser i helsefag, 35\u202f000\u00a0kr. Det lukker" in points(400_000)
    assert "ikke fikk plass i rammene: To flere læreplasser" in points(0)


def test_what_is_taken_on_for_society_is_consulted_on_too() -> None:
    """R-5: it affects daily operation like any other measure: gate and report name it."""
    assert "laerlinger" in analysed(400_000).follow_up.of("R-5").measures
    grid = section(400_000, "drofting").blocks[1]
    assert isinstance(grid, Grid)
    assert "To flere læreplasser i helsefag" in {row[0].text for row in grid.rows}


@pytest.mark.parametrize(("bound", "words"), [(False, "drøfting er"), (True, "etter drøfting,")])
def test_only_a_consultation_that_counts_is_told_as_recorded(*, bound: bool, words: str) -> None:
    """R-5: the report and the gate judge alike; a drøfting bound in advance does not count."""
    enterprise = analysed(400_000).enterprise
    events = tuple(evolve(each, bound=bound) for each in enterprise.register)
    other = evolve(enterprise, register=Register(events=events))
    analysis = analyse(other, on=date(2027, 1, 1), limits=Limits(budget=400_000, periods=2))
    report = make_report(analysis, audience=Audience.PARTIES)
    blocks = next(each for each in report.sections if each.id == "drofting").blocks
    rows = [row for each in blocks if isinstance(each, Grid) for row in each.rows]
    pump = "Opplæring i infusjonspumpe med kvittering"
    assert [row[2].text.startswith(words) for row in rows if row[0].text == pump] == [True]
