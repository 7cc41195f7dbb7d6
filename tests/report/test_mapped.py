"""Is it told how fresh each unit's mapping is, and of no unit that few stand behind?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from attrs import evolve
from tests.report.test_veil import EMPTY, Person, assessed, crowd, house

from kompetanse_core import (
    Assessment,
    Audience,
    EmployeeId,
    Enterprise,
    Grid,
    Language,
    Ledger,
    Points,
    Report,
    RuleSet,
    Section,
    analyse,
    load_rules,
    make_report,
)

ON, LATE = date(2026, 8, 31), date(2027, 8, 31)
"""All are assessed on 1 January 2026: fresh on the first of these days, overdue on the other."""
CASES = Path(__file__).parent.parent / "cases"
WARD, LAB = crowd("w", 12, "ward", "nurse"), crowd("l", 9, "lab", "nurse")
FEW = crowd("f", 3, "few", "nurse")


def told(
    enterprise: Enterprise,
    on: date = ON,
    language: Language = Language.EN,
    ledger: Ledger | None = None,
    floor: RuleSet | None = None,
) -> Report:
    """Report to the parties."""
    analysis = analyse(enterprise, on=on, floor=floor)
    return make_report(analysis, audience=Audience.PARTIES, language=language, ledger=ledger)


def section(report: Report, name: str) -> Section | None:
    """Give a section of a report."""
    return next((each for each in report.sections if each.id == name), None)


def fresh(report: Report) -> dict[str, tuple[str, ...]]:
    """Give the rows of the table by unit."""
    found = section(report, "kartlegging")
    blocks = found.blocks if found else ()
    (grid,) = (block for block in blocks if isinstance(block, Grid))
    return {row[0].text: tuple(cell.text for cell in row[1:]) for row in grid.rows}


def points(report: Report, name: str) -> Sequence[str]:
    """Give the points of a section."""
    found = section(report, name)
    blocks = found.blocks if found else ()
    return [each for block in blocks if isinstance(block, Points) for each in block.points]


def again(people: Sequence[Person], day: date) -> list[Assessment]:
    """Assess some people once more, at the level they were at."""
    recorded = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return [
        evolve(assessed(who, level or 0), assessed=day, recorded=recorded)
        for who, _, _, level in people
    ]


def mapped(enterprise: Enterprise, more: Sequence[Assessment]) -> Enterprise:
    """Give the enterprise with some assessments more."""
    return evolve(enterprise, assessments=[*enterprise.assessments, *more])


def test_each_unit_has_its_day_and_its_next() -> None:
    """A-12, M-4: when it was last mapped, by when again, and how that stands; by unit."""
    enterprise = house(*WARD, *LAB, *crowd("n", 6, "new", "nurse", None))
    assert fresh(told(mapped(enterprise, again(LAB, date(2025, 6, 30))))) == {
        "lab": ("1 January 2026", "1 January 2027", "in time"),
        "new": ("–", "–", "never mapped"),
        "ward": ("1 January 2026", "1 January 2027", "in time"),
    }
    assert fresh(told(enterprise, LATE, Language.NB))["ward"] == (
        "01.01.2026",
        "01.01.2027",
        "forfalt",
    )


def test_what_is_overdue_is_told_first_and_once() -> None:
    """A-12: in the summary by name, in the clause, and not once more among the findings."""
    report = told(mapped(house(*WARD, *LAB), again(LAB, LATE)), LATE)
    assert "The mapping is overdue in ward." in points(report, "kort")
    assert "Mapped more than 12 months ago, or never: ward. (A-12, M-4)" in points(
        report, "samarbeid"
    )
    assert not [point for point in points(report, "funn") if "mapping" in point]
    many = [crowd(unit, 5, unit, "nurse") for unit in ("a", "b", "c", "d")]
    overdue = told(house(*(person for unit in many for person in unit)), LATE)
    assert "The mapping is overdue in 4 units." in points(overdue, "kort")


@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2026, 6, 1), date(2027, 8, 1)])
def test_bad_input_84_how_fresh_a_small_unit_is_shows_nowhere(day: date) -> None:
    """FAULTS 84: three people's last assessment changes no row, clause, count or point."""
    enterprise = house(*WARD, *LAB, *FEW)
    large = mapped(enterprise, again((*WARD, *LAB), date(2027, 7, 1)))
    reports = [told(each, LATE) for each in (large, mapped(large, again(FEW, day)))]
    assert fresh(reports[0])["few"] == (":", ":", ":")
    for name in ("kartlegging", "samarbeid", "kort", "funn"):
        assert section(reports[0], name) == section(reports[1], name)
    kept = section(reports[0], "samarbeid")
    assert "Units whose figures are held back are left out." in str(kept)
    assert "few" not in str(kept)


def test_bad_input_84_the_day_of_a_unit_in_which_few_were_assessed_is_held_back() -> None:
    """FAULTS 84: the date of a large unit is somebody's own, so five must have one."""
    few, enough = (
        house(*LAB, *crowd("u", 9 - number, "ward", "nurse", None), *WARD[:number])
        for number in (4, 5)
    )
    assert fresh(told(few))["ward"] == (":", ":", ":")
    assert fresh(told(enough))["ward"] == ("1 January 2026", "1 January 2027", "in time")


def test_bad_input_86_a_day_is_repeated_until_enough_were_assessed_anew() -> None:
    """FAULTS 86: one who is assessed anew moves no date; five do."""
    enterprise, new = house(*WARD, *LAB), date(2026, 9, 1)
    first = told(enterprise, ledger=EMPTY)
    one, five = (
        told(mapped(enterprise, again(WARD[:number], new)), new, ledger=first.ledger)
        for number in (1, 5)
    )
    before = ("1 January 2026", "1 January 2027", "in time")
    assert fresh(one) == {"lab": before, "ward (31 August 2026)": before}
    assert fresh(five)["ward"] == ("1 September 2026", "1 September 2027", "in time")


def test_bad_input_86_what_is_repeated_is_not_told_by_its_clause() -> None:
    """FAULTS 86: a unit that comes in time by one assessment shows in no clause."""
    enterprise, new = house(*WARD, *LAB), date(2027, 8, 1)
    first = told(enterprise, LATE, ledger=EMPTY)
    assert "The mapping is overdue in lab and ward." in points(first, "kort")
    reports = [
        told(each, LATE, ledger=first.ledger)
        for each in (enterprise, mapped(enterprise, again(WARD[:1], new)))
    ]
    assert fresh(reports[1])["ward (31 August 2027)"] == fresh(first)["ward"]
    assert "The mapping is overdue in lab." in points(reports[1], "kort")


def test_rules_that_ask_for_no_mapping_get_no_table() -> None:
    """X-10: another country's rules may not ask how fresh the mapping is."""
    floor = load_rules(CASES / "rules-elsewhere.toml")
    assert section(told(house(*WARD, *LAB), floor=floor), "kartlegging") is None
    assert EmployeeId("w1") not in str(told(house(*WARD, *LAB)))
