"""Do audit and erasure live together? Somebody gone from store and report, and a whole log."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_adapters.memory import MemoryStore
from kompetanse_core import (
    Access,
    ActorId,
    Audience,
    EmployeeId,
    Enterprise,
    Ledger,
    Limits,
    Plugins,
    Purpose,
    Report,
    analyse,
    make_report,
)
from kompetanse_core.conformance.strategies import DAY, SMALL, Size, enterprises

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
LATER = datetime(2027, 1, 2, 12, tzinfo=UTC)
READING = Access(actor=ActorId("leder"), purpose=Purpose.DEVELOPMENT, at=NOON)
CROWD = Size(units=1, roles=1, competences=1, requirements=2, employees=6, engagements=8)


def told(enterprise: Enterprise) -> Report:
    """Report to the parties, the first of a series."""
    analysis = analyse(enterprise, on=DAY, limits=Limits(periods=1))
    return make_report(analysis, audience=Audience.PARTIES, ledger=Ledger(key="the test's"))


def never_had(enterprise: Enterprise, employee: EmployeeId) -> Enterprise:
    """Build the enterprise anew from every noun that does not name somebody."""
    return evolve(
        enterprise,
        employees=[each for each in enterprise.employees if each.id != employee],
        engagements=[each for each in enterprise.engagements if each.employee != employee],
        evidence=[each for each in enterprise.evidence if each.employee != employee],
        assessments=[each for each in enterprise.assessments if each.employee != employee],
        wishes=[each for each in enterprise.wishes if each.employee != employee],
        actors=[
            evolve(each, employee=None) if each.employee == employee else each
            for each in enterprise.actors
        ],
    )


@given(enterprises(least=CROWD, most=evolve(SMALL, employees=8)), st.data())
def test_with_an_empty_ledger_who_is_erased_was_never_there(
    enterprise: Enterprise, data: st.DataObject
) -> None:
    """Erase somebody from a store, then report: as if never had, the ledger and all."""
    gone = data.draw(st.sampled_from(enterprise.employees.words_of("id").values))
    store = MemoryStore()
    store.save(enterprise, expected=0, at=NOON)
    store.erase(gone, READING, expected=1)
    assert told(store.load(READING)) == told(never_had(enterprise, gone))


@pytest.mark.parametrize("people", [1, 3])
def test_the_log_is_whole_after_an_erasure_and_names_nobody(tmp_path: Path, people: int) -> None:
    """F25: read, erase, read again: every link holds, and no entry says who it was about.

    Before, the store tells the person who read; after, not even whoever holds database and witness:
    the readings bear a mark that none of the keys left makes of any name.
    """
    enterprise = Plugins.installed().source("example").read().enterprise
    names = enterprise.employees.words_of("id").values[:people]
    store = Plugins.installed().store("sql", str(tmp_path / "store.db"))
    store.save(enterprise, expected=0, at=NOON)
    for number, name in enumerate(names, start=1):
        assert store.subject(name, READING)
        (read,) = store.accesses(employee=name)
        store.erase(name, READING, expected=number)
        assert store.subject(name, READING) == ()
        assert read in store.accesses()
        assert store.accesses(employee=name) == ()
    again = Plugins.installed().store("sql", str(tmp_path / "store.db"))
    assert again.verify() == ()
    assert len(again.accesses()) == 3 * people
    assert not [each for each in again.accesses() for name in names if name in repr(each)]
    outside = (tmp_path / "store.db.witness").iterdir()
    assert not [path for path in outside for name in names if name in path.read_text("utf-8")]


def test_the_log_marks_nobody_in_an_erasing_whose_tombstone_could_be_tried(tmp_path: Path) -> None:
    """A tombstone tells the instant to whoever tries a name; no mark leads on from there."""
    store = Plugins.installed().store("sql", str(tmp_path / "store.db"))
    enterprise = Plugins.installed().source("example").read().enterprise
    store.save(enterprise, expected=0, at=NOON)
    name = enterprise.employees.words_of("id").values[0]
    store.subject(name, READING)
    store.erase(name, evolve(READING, at=LATER), expected=1)
    assert [bool(each.subject) for each in store.accesses()] == [True, False]
