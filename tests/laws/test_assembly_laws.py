"""What is true of assembling any enterprise, whole or with something taken out of it."""

import random
from collections import Counter
from datetime import date, timedelta
from typing import Any

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.columns import Table
from kompetanse_core.conformance.strategies import enterprises
from kompetanse_core.model.assembly import assemble
from kompetanse_core.model.cooperation import Register
from kompetanse_core.model.enterprise import Enterprise, Finding, Severity
from kompetanse_core.model.measure import Outcome
from kompetanse_core.model.people import Employee, EmployeeId, Engagement, Unit
from kompetanse_core.model.places import EVENTS
from kompetanse_core.model.references import BEARERS, REFERENCES
from kompetanse_core.model.text import NO_TEXT
from kompetanse_core.model.work import Role, RoleId, UnitId

TARGETS = sorted({target for _, _, target in REFERENCES} - {EVENTS})
DAY = date(2027, 1, 1)
DAYS = st.none() | st.integers(0, 5).map(lambda after: DAY + timedelta(days=after))


@given(enterprises())
def test_assembling_what_hangs_together_finds_no_flaw(enterprise: Enterprise) -> None:
    """Nothing refuses it and no E code is told; advice about its profiles there may be."""
    reading = assemble(enterprise)
    assert reading.enterprise is enterprise
    assert {finding.code for finding in reading.findings} <= {"W514", "W515", "W516"}


@given(enterprises(), st.sampled_from(TARGETS))
def test_each_id_that_loses_what_it_names_is_told(enterprise: Enterprise, target: str) -> None:
    """Where a whole collection is taken away, each reference to it is told, and no other."""
    bereft = without(enterprise, target)
    expected = Counter(
        (name, column)
        for name, column, points_to in REFERENCES
        if points_to == target
        for row in rows_of(bereft, name)
        for _ in ids_in(getattr(row, column))
    )
    for bearer, points_to in BEARERS:
        if points_to == target:
            borne = [row for row in bereft.requirements if row.bearer is bearer]
            expected += Counter({("requirements", "of"): len(borne)})
    found = [f for f in assemble(bereft).refused if f.code == "E503"]
    assert Counter(
        (f.place.file.split(".", 1)[1].split("[")[0], f.place.column) for f in found
    ) == (expected)


@given(enterprises(), st.sampled_from(TARGETS), st.randoms(use_true_random=False))
def test_row_order_changes_nothing_but_the_places(
    enterprise: Enterprise, target: str, dice: random.Random
) -> None:
    """However the rows are listed, the same is found, in the same words."""
    flawed = without(enterprise, target)
    told, again = (assemble(each).findings for each in (flawed, shuffled(flawed, dice)))
    assert Counter(map(said, told)) == Counter(map(said, again))


@given(enterprises())
def test_assembling_twice_tells_the_same(enterprise: Enterprise) -> None:
    """Same input, same findings in the same order."""
    assert assemble(enterprise) == assemble(enterprise)


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 10_000), DAYS, DAYS), max_size=6))
def test_whoever_is_above_full_time_on_some_day_is_warned_of_once(
    parts: list[tuple[str, int, date | None, date | None]],
) -> None:
    """The sum of shares is taken day by day, for each person apart."""
    role, unit = RoleId("r"), UnitId("u")
    engagements = [
        Engagement(
            employee=EmployeeId(person), unit=unit, role=role, share=share, start=start, end=end
        )
        for person, share, start, end in parts
        if start is None or end is None or start <= end
    ]
    found = assemble(
        Enterprise(
            units=[Unit(id=unit, label=NO_TEXT)],
            roles=[Role(id=role, label=NO_TEXT)],
            employees=[Employee(id=EmployeeId(each)) for each in "ab"],
            engagements=engagements,
        )
    ).findings
    days = [DAY + timedelta(days=after) for after in range(-1, 8)]
    above = {
        person
        for person in "ab"
        for day in days
        if sum(e.share for e in engagements if e.employee == person and runs(e, day)) > 10_000
    }
    assert [(f.code, f.severity) for f in found] == [("E511", Severity.WARNING)] * len(above)


def without(enterprise: Enterprise, target: str) -> Enterprise:
    """The enterprise bereft of one collection."""
    changes: dict[str, Any] = {target: ()}
    return evolve(enterprise, **changes)


def rows_of(enterprise: Enterprise, name: str) -> tuple[Any, ...]:
    """The nouns of one collection."""
    return tuple(enterprise.register if name == EVENTS else getattr(enterprise, name))


def ids_in(value: object) -> tuple[object, ...]:
    """The ids in a field."""
    if isinstance(value, tuple):
        return tuple(v.competence if isinstance(v, Outcome) else v for v in value)
    return () if value is None else (value,)


def shuffled(enterprise: Enterprise, dice: random.Random) -> Enterprise:
    """The same enterprise with the rows of each collection in another order."""
    changes: dict[str, Any] = {}
    for name in enterprise.__annotations__:
        rows = getattr(enterprise, name)
        if isinstance(rows, tuple | Table):
            changes[name] = dice.sample(list(rows), len(rows))
    events = dice.sample(enterprise.register.events, len(enterprise.register))
    return evolve(enterprise, **changes, register=Register(events=tuple(events)))


def said(finding: Finding) -> tuple[str, Severity, str, str]:
    """What a finding says, whatever the row it stands in."""
    return finding.code, finding.severity, finding.text, finding.place.column


def runs(engagement: Engagement, day: date) -> bool:
    """Whether an engagement holds on a day."""
    return (engagement.start or day) <= day <= (engagement.end or day)
