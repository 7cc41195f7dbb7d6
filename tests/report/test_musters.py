"""Do the answers in heads add up, and does none of them tell of few? Clauses G-8 and M-13."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from tests.oracles.wards import ON, asks, course, heads, seat, ward

from kompetanse_core import (
    Analysis,
    Assessment,
    AssessmentSource,
    Audience,
    CompetenceId,
    EmployeeId,
    Enterprise,
    Grid,
    Language,
    Ledger,
    Level,
    Limits,
    Market,
    Plugins,
    Report,
    RoleId,
    analyse,
    make_report,
)

COURSE = evolve(course("c", ("k", 0, 1)), cost_per_head=1_000)
CAPTIONS = ("Svarene i antall mennesker", "The answers in numbers of people")


def crew(people: int, wanted: int, *, vacant: int = 0, able: int = 0) -> Enterprise:
    """So many of whom all but some lack k, a unit that wants so many who hold it, and a market."""
    named = {f"p{n}": ("hand", {"k": int(n < able), "y": 1}) for n in range(people)}
    return ward(
        named,
        [asks("hand", "y", 1), asks("smith", "k", 1)],
        [COURSE],
        seats=[seat("smith", 10_000 * vacant)] if vacant else (),
        markets=[Market(role=RoleId("smith"), cost=100, days=30)],
        headcounts=[heads("k", 1, wanted)],
    )


def analysed(enterprise: Enterprise, budget: int | None = None) -> Analysis:
    """The chain under a budget."""
    return analyse(enterprise, on=ON, limits=Limits(budget=budget))


def told(
    analysis: Analysis, language: Language = Language.NB, ledger: Ledger | None = None
) -> Report:
    """The report for the parties."""
    return make_report(analysis, audience=Audience.PARTIES, language=language, ledger=ledger)


def figures(report: Report) -> list[str]:
    """What is told in heads: by developing, recruiting, reskilling, still lacking, in all."""
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Grid) and block.caption in CAPTIONS:
                last = () if block.total is None else (block.total,)
                return [row[1].text for row in (*block.rows, *last)]
    return []


def test_the_answers_in_heads_add_up() -> None:
    """Twelve are lifted, six hired, seven are still lacking: of 25 in all."""
    analysis = analysed(crew(12, 25, vacant=6))
    assert figures(told(analysis)) == ["12", "6", "0", "7", "25"]
    assert figures(told(analysis, Language.EN)) == ["12", "6", "0", "7", "25"]
    split = analysis.plan.head_split
    assert (split.upskill, split.recruit, split.left, split.missing) == (12, 6, 7, 25)


@pytest.mark.parametrize("name", ["markdown", "html"])
def test_every_renderer_tells_them(name: str) -> None:
    """It is a table like all others."""
    text = Plugins.installed().renderer(name).render(told(analysed(crew(12, 25, vacant=6))))
    assert CAPTIONS[0] in text
    assert "Ved rekruttering" in text


def test_where_no_head_is_short_nothing_is_said() -> None:
    """A unit that has all it must have, or no headcount at all, has no such table."""
    assert figures(told(analysed(crew(12, 6, able=6)))) == []
    assert figures(told(analysed(evolve(crew(12, 9), headcounts=[])))) == []


def test_few_are_held_back_and_no_difference_tells_them() -> None:
    """With money for three, that they are three is told by no row and by no difference."""
    few = figures(told(analysed(crew(12, 25), budget=3_000)))
    assert few[0] == few[3] == ":"
    assert few[-1] == "25"
    enough = figures(told(analysed(crew(12, 25), budget=5_000)))
    assert enough == ["5", "0", "0", "20", "25"]


def test_where_all_that_is_short_is_few_nothing_is_told() -> None:
    """Two heads short in all say of how few of the unit it is known that they can."""
    assert set(figures(told(analysed(crew(12, 2))))) <= {":", "0"}


def test_a_headcount_that_is_held_back_is_not_told_by_the_sum() -> None:
    """Two short in one unit and 25 in another: the sum less the other would tell the two."""
    house = crew(12, 25)
    both = evolve(house, headcounts=[*house.headcounts, heads("y", 2, 2)])
    assert set(figures(told(analysed(both)))) == {":"}


def test_people_are_counted_not_heads() -> None:
    """With money for three, each a head of the unit and of the house, six heads tell of three."""
    house = crew(12, 25)
    both = evolve(house, headcounts=[*house.headcounts, heads("k", 1, 25, unit="house")])
    analysis = analysed(both, budget=3_000)
    assert analysis.plan.head_split.upskill == 6
    assert figures(told(analysis))[0] == ":"
    assert figures(told(analysed(both, budget=5_000)))[0] == "10"


FIRST = Ledger(key="a key of the test's")


def after_one_learnt(before: Enterprise) -> Enterprise:
    """One more is known to hold it."""
    learnt = Assessment(
        employee=EmployeeId("p9"),
        competence=CompetenceId("k"),
        level=Level(1),
        source=AssessmentSource.JOINT,
        assessed=date(2026, 12, 1),
        recorded=datetime(2026, 12, 1, tzinfo=UTC),
    )
    return evolve(before, assessments=[*before.assessments, learnt])


@pytest.mark.parametrize("budget", [None, 0])
def test_bad_input_86_what_few_have_changed_is_not_told_anew(budget: int | None) -> None:
    """FAULTS 86: one has learnt it since the last report; the heads less the heads would tell."""
    before = crew(14, 30, able=5)
    first = told(analysed(before, budget), ledger=FIRST)
    assert figures(first)[-1] == "25"
    second = told(analysed(after_one_learnt(before), budget), ledger=first.ledger)
    assert set(figures(second)) == {":"}
    assert figures(told(analysed(after_one_learnt(before), budget)))[-1] == "24"


def test_bad_input_86_that_one_more_is_planned_for_is_not_told() -> None:
    """FAULTS 86: money for one more since the last report would tell whom the plan is for."""
    before = crew(14, 30, able=5)
    first = told(analysed(before, 6_000), ledger=FIRST)
    assert figures(first)[0] == "6"
    assert set(figures(told(analysed(before, 7_000), ledger=first.ledger))) == {":"}
    assert figures(told(analysed(before, 7_000)))[0] == "7"
