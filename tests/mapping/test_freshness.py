"""How old is what is known of each unit? Tries and laws of freshness (A-6, A-12, M-4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.conformance.strategies import DAY, enterprises
from kompetanse_core.mapping import Freshness, assessed_in, freshness, months_later, overdue
from kompetanse_core.model.competence import CompetenceId, Level
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Assessment, AssessmentSource, EmployeeId, Engagement
from kompetanse_core.model.work import RoleId, UnitId

LAB, WARD = UnitId("lab"), UnitId("ward")
ON = date(2027, 3, 1)


def at(person: str, unit: UnitId, end: date | None = None) -> Engagement:
    """Somebody works in a unit."""
    return Engagement(employee=EmployeeId(person), unit=unit, role=RoleId("r"), end=end)


def told(person: str, day: date) -> Assessment:
    """Somebody is assessed on a day."""
    return Assessment(
        employee=EmployeeId(person),
        competence=CompetenceId("k"),
        level=Level(1),
        source=AssessmentSource.SELF,
        assessed=day,
        recorded=datetime(2027, 1, 1, tzinfo=UTC),
    )


def test_a_unit_is_as_fresh_as_the_last_word_about_anybody_in_it() -> None:
    """A-12: units by name; who has left, what is said later and empty units do not count."""
    enterprise = Enterprise(
        engagements=[at("a", WARD), at("b", WARD), at("c", LAB), at("d", LAB, date(2027, 2, 28))],
        assessments=[
            told("a", date(2026, 8, 31)),
            told("b", date(2026, 5, 1)),
            told("c", date(2027, 3, 2)),
            told("d", date(2027, 1, 1)),
        ],
    )
    assert freshness(enterprise, on=ON, months=6) == (
        Freshness(unit=LAB, last=None, due=None),
        Freshness(unit=WARD, last=date(2026, 8, 31), due=date(2027, 2, 28)),
    )


@pytest.mark.parametrize(
    ("due", "expected"), [(None, True), (date(2027, 2, 28), True), (ON, False)]
)
def test_the_last_day_is_in_time(due: date | None, *, expected: bool) -> None:
    """A-12: a unit is overdue the day after it was due; one never mapped is overdue at once."""
    fresh = Freshness(unit=WARD, last=None, due=due)
    assert fresh.overdue(ON) is expected
    assert len(tuple(overdue([fresh], on=ON))) == expected


def test_what_is_overdue_is_found_unit_by_unit() -> None:
    """A-12, M-4: each finding names its unit and when it was last mapped; nobody is named."""
    enterprise = Enterprise(
        engagements=[at("anne", WARD), at("bo", LAB)], assessments=[told("anne", date(2026, 1, 1))]
    )
    first, second = overdue(freshness(enterprise, on=ON, months=12), on=ON)
    assert str(first).startswith("units lab: warning W519 unit lab has never been mapped")
    assert "unit ward was last mapped on 2026-01-01" in str(second)
    assert "anne" not in f"{first}{second}"


@given(enterprises())
def test_a_unit_is_as_fresh_as_the_freshest_in_it(enterprise: Enterprise) -> None:
    """A-12: whoever stands behind a unit's freshness is told by unit and person, to the guard."""
    people = assessed_in(enterprise, on=DAY)
    fresh = freshness(enterprise, on=DAY, months=12)
    assert tuple(people) == tuple(each.unit for each in fresh)
    for each in fresh:
        known = [day for day in people[each.unit].values() if day is not None]
        assert each.last == max(known, default=None)
        here = {e.employee for e in enterprise.engagements if e.unit == each.unit and _on(e)}
        assert set(people[each.unit]) == here


def _on(engagement: Engagement) -> bool:
    begun = engagement.start is None or engagement.start <= DAY
    return begun and (engagement.end is None or engagement.end >= DAY)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2027, 1, 15), 12, date(2028, 1, 15)),
        (date(2027, 11, 30), 1, date(2027, 12, 30)),
    ],
)
def test_a_shorter_month_ends_earlier(day: date, months: int, later: date) -> None:
    """The same day of the month, or its last."""
    assert months_later(day, months) == later


@given(enterprises(), st.integers(0, 400))
def test_freshness_never_looks_ahead_and_is_never_lost(enterprise: Enterprise, more: int) -> None:
    """A unit is last mapped by the day itself, and a longer interval makes nothing overdue."""
    day = DAY + timedelta(days=more)
    short, long = (freshness(enterprise, on=day, months=months) for months in (3, 30))
    assert [each.unit for each in short] == sorted({each.unit for each in short})
    assert all(each.last is None or each.last <= day for each in short)
    late = {each.unit for each in long if each.overdue(day)}
    assert late <= {each.unit for each in short if each.overdue(day)}
