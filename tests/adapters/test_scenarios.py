"""Scenarios in TOML: what is written is read back, and every flaw is told with its line."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.test_scenario_laws import WHOLE, possible

from kompetanse_adapters.reading import read_scenario, write_scenario
from kompetanse_core import (
    Attrition,
    BadInput,
    Flows,
    Hiring,
    Misuse,
    Move,
    Plugins,
    Retirement,
    RoleId,
    Scenario,
)
from kompetanse_core.conformance import DAY

EXAMPLES = (
    Path(__file__).resolve().parents[2] / "src" / "kompetanse_adapters" / "example" / "scenarios"
)
A, B = RoleId("a"), RoleId("b")
FLOWS = Flows(
    attrition=(Attrition(chance=5, role=A),),
    retirement=(Retirement(age=62, chance=9),),
    moves=(Move(source=A, target=B, chance=1),),
    hiring=(Hiring(role=A, chance=3, most=2),),
    success=7,
    passing=5,
)


def read(text: str) -> Scenario:
    """Read a scenario from a file of the name s.toml."""
    return read_scenario(text.encode(), file="s.toml")


def told(text: str) -> list[tuple[str, int | None]]:
    """The code and the line of everything that is wrong with a file."""
    with pytest.raises(BadInput) as caught:
        read(text)
    return [(each.code, each.place.row) for each in caught.value.findings]


@given(WHOLE, st.data())
def test_what_is_written_is_read_back(enterprise: object, pick: st.DataObject) -> None:
    """Every kind of change about every row of an enterprise comes back as it was."""
    changes = possible(enterprise, DAY)  # type: ignore[arg-type] # drawn as an Enterprise
    some = pick.draw(st.lists(st.sampled_from(changes), max_size=3, unique_by=repr))
    flows = pick.draw(st.none() | st.just(FLOWS))
    try:
        scenario = Scenario(name='what æøå "if"', changes=some, flows=flows)
    except Misuse:
        return
    assert read(write_scenario(scenario)) == scenario


def test_the_file_gives_its_name_where_it_says_none() -> None:
    """A file without a name is called after itself; an empty one changes nothing."""
    assert read("") == Scenario(name="s")


def test_every_flaw_is_told_with_its_line() -> None:
    """An unknown key, kind and field, a level that is text and an end before the beginning."""
    text = """
nam = "x"
[[change]]
kind = "vanish"
[[change]]
kind = "leave"
on = 2028-01-01
employee = "p1"
why = "?"
[[change]]
kind = "add"
seats = { unit = "u", role = "r", share = "all" }
[[change]]
kind = "add"
seats = { unit = "u", role = "r", share = 1, start = 2028-01-01, end = 2027-01-01 }
[[change]]
kind = "add"
[flows]
success = 1_000_001
"""
    assert told(text) == [
        ("E404", 2),
        ("E213", 3),
        ("E404", 5),
        ("E904", 10),
        ("E507", 13),
        ("E214", 16),
        ("E571", 18),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [("a = ", "E407"), ("change = 3", "E904"), ('token = "x"', "E405"), ("name = ' '", "E214")],
)
def test_what_is_no_scenario_is_refused(text: str, code: str) -> None:
    """Broken TOML, no tables of changes, a secret, and a name that is none."""
    assert code in {found for found, _ in told(text)}


def test_changes_that_contradict_one_another_are_refused() -> None:
    """Two shares for the same seats on the same day are E505; on other days they are a course."""
    one = """
[[change]]
kind = "change-seats"
unit = "u"
role = "r"
share = 1
on = 2028-01-01
"""
    assert told(one + one.replace("share = 1", "share = 2")) == [("E505", 9)]
    later = one.replace("share = 1", "share = 2").replace("2028-01-01", "2028-02-01")
    assert len(read(one + later).changes) == 2
    assert read(one + one).changes[0].on == date(2028, 1, 1)


CHANCES = """
[flows]
success = 0.5
[[flows.attrition]]
chance = -1
[[flows.retirement]]
age = 62
chance = 1_000_001
[[flows.moves]]
source = "sykepleier"
target = "koordinator"
chance = true
[[flows.hiring]]
role = "sykepleier"
chance = "all"
"""


def test_chances_outside_are_told_all_at_once_with_their_lines() -> None:
    """Negative, above certain, a fraction, a truth and text; the hint says how they are written."""
    assert told(CHANCES) == [
        ("E571", 4),
        ("E571", 6),
        ("E904", 9),
        ("E904", 13),
        ("E904", 2),
    ]
    with pytest.raises(BadInput) as caught:
        read(CHANCES)
    assert all("millionths" in each.hint for each in caught.value.findings)


def test_chances_that_add_up_to_more_than_certain_are_told() -> None:
    """At the first line about chances, whichever it is; what are no tables is refused."""
    text = """
[[flows.attrition]]
chance = 600_000
[[flows.retirement]]
age = 62
chance = 600_000
"""
    assert told(text) == [("E571", 2)]
    assert told("flows = 3") == [("E904", 1)]
    assert told("[flows]\nattrition = 3") == [("E904", None)]


MISPLACED = """
[[change]]
kind = "leave"
on = 2027-03-01
employee = "secret-1"
[[change]]
kind = "change-level"
on = 2027-03-01
bearer = "role"
of = "sykepleier"
competence = "secret-2"
level = 3
[[change]]
kind = "add"
on = 2028-01-01
seats = { unit = "sengepost", role = "sykepleier", share = 1, end = 2027-06-01 }
"""
LOST = """
[[change]]
kind = "add"
on = 2027-03-01
[change.engagement]
employee = "secret-1"
unit = "sengepost"
role = "sykepleier"
[[change]]
kind = "add"
[change.seats]
unit = "moon"
role = "sykepleier"
share = 1
[[flows.attrition]]
chance = 1
role = "astronaut"
"""


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        (MISPLACED, [("E503", 2), ("E503", 6), ("E507", 13)]),
        (LOST, [("E503", 2), ("E503", 9), ("E503", 15)]),
    ],
)
def test_what_does_not_fit_the_baseline_is_told_with_its_line(
    text: str, findings: list[tuple[str, int]]
) -> None:
    """Of what is not there, ends before it begins or would not hang together; nobody is named."""
    enterprise = Plugins.installed().source("example").read().enterprise
    with pytest.raises(BadInput) as caught:
        read_scenario(text.encode(), file="s.toml", baseline=enterprise)
    found = caught.value.findings
    assert [(each.code, each.place.row) for each in found] == findings
    assert {each.place.file for each in found} == {"s.toml"}
    assert all(each.hint for each in found if each.code == "E503")
    assert "secret-1" not in " ".join(map(str, found))
    assert read(text).changes


def test_the_bundled_scenarios_can_be_laid_over_the_example() -> None:
    """A new law, a technology and a wave of retirements each fit the example enterprise."""
    enterprise = Plugins.installed().source("example").read().enterprise
    files = sorted(EXAMPLES.glob("*.toml"))
    assert [each.stem for each in files] == ["nytt-lovkrav", "pensjonsbolge", "taleteknologi"]
    for each in files:
        scenario = read_scenario(each.read_bytes(), file=each.name, baseline=enterprise)
        assert scenario.differences(enterprise) or scenario.flows
