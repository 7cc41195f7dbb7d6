"""Deliveries that come late, twice or in another order: what do they change?"""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.servers import database_of, witness

from kompetanse_adapters.cli.leaving import run
from kompetanse_adapters.memory import MemoryStore
from kompetanse_adapters.sql import open_sql
from kompetanse_core import (
    Access,
    ActorId,
    Assessment,
    AssessmentSource,
    Competence,
    CompetenceId,
    Employee,
    EmployeeId,
    Enterprise,
    Facet,
    Level,
    Purpose,
    Scale,
    ScaleId,
    Text,
    map_holdings,
)
from kompetanse_core.hooks import Version, late_among

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
READING = Access(actor=ActorId("a1"), purpose=Purpose.DEVELOPMENT, at=NOON)
BEFORE = Enterprise(
    scales=(Scale(id=ScaleId("s"), top=Level(4)),),
    competences=(
        Competence(id=CompetenceId("k1"), label=Text("k"), facet=Facet.SKILL, scale=ScaleId("s")),
    ),
    employees=[Employee(id=EmployeeId("p1"))],
)


def event(number: int) -> Assessment:
    """The event of a day: on the nth day of May somebody was found to be at level n."""
    return Assessment(
        employee=EmployeeId("p1"),
        competence=CompetenceId("k1"),
        level=Level(number),
        source=AssessmentSource.JOINT,
        assessed=date(2026, 5, number),
        recorded=NOON,
    )


def told(assessments: tuple[Assessment, ...]) -> Enterprise:
    """The enterprise, with what has been told so far."""
    return Enterprise(
        scales=BEFORE.scales,
        competences=BEFORE.competences,
        employees=BEFORE.employees,
        assessments=assessments,
    )


@given(st.lists(st.integers(1, 4), min_size=1, max_size=8))
def test_fault_f8_and_f9_any_order_and_any_repetition_settle_the_same(order: list[int]) -> None:
    """Each event is added once, whatever comes when; the one of the latest day is what holds."""
    store, sofar = MemoryStore(), tuple[Assessment, ...]()
    for number in order:
        made = NOON + timedelta(days=number)
        seen = len(store.history())
        version = store.save(
            told((*sofar, event(number))), expected=seen, at=made, event=f"event {number}"
        )
        if version.number > seen:
            sofar = (*sofar, event(number))
    assert [each.event for each in store.history()] == [
        f"event {number}" for number in dict.fromkeys(order)
    ]
    (holding,) = map_holdings(store.load(READING), on=date(2027, 1, 1))
    assert holding.level == max(order)
    late = {each.event for each in late_among(store.history())}
    first = list(dict.fromkeys(order))
    assert late == {f"event {n}" for place, n in enumerate(first) if n < max(first[: place + 1])}


def test_fault_f9_a_version_as_new_as_the_newest_is_not_late() -> None:
    """Only what was made before an earlier one came late; the same instant is in order."""
    versions = [
        Version(number=number, at=NOON + timedelta(hours=hour))
        for number, hour in enumerate((0, 2, 2, 1, 3, 0), start=1)
    ]
    assert [each.number for each in late_among(versions)] == [4, 6]
    assert late_among(()) == ()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_fault_f9_the_history_says_which_came_late(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the store's own history, at the terminal and as JSON."""
    where, outside = database_of(kind), witness()
    store = open_sql(where, outside)
    for number, at in enumerate((NOON, NOON - timedelta(days=1))):
        store.save(told((event(number + 1),)), expected=number, at=at, event=f"event {number}")
    assert run(["history", where, "--witness", str(outside)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert (first.endswith("event 0"), second.endswith("event 1 late")) == (True, True)
    assert run(["history", where, "--witness", str(outside), "--json"]) == 0
    assert [each["late"] for each in json.loads(capsys.readouterr().out)] == [False, True]
