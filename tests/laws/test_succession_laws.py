"""What goes on under another id: does history stay, and is nothing lost on the way?"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from kompetanse_adapters.memory import MemoryStore
from kompetanse_core import (
    Access,
    ActorId,
    Enterprise,
    Heritage,
    Purpose,
    Succession,
    analyse,
    assemble,
    find_gaps,
    succeeded,
)
from kompetanse_core.conformance import DAY, SMALL, Size, enterprises
from kompetanse_core.conformance.strategies import NOTHING
from kompetanse_core.hooks import as_json
from kompetanse_core.model.succession import HEIRS

HEIRED = enterprises(
    least=evolve(NOTHING, successions=1, competences=2, units=2, roles=2),
    most=evolve(SMALL, successions=4),
)
DAYS = st.sampled_from((-2000, -365, -30, -1, 0, 1, 30, 365, 2000)).map(
    lambda days: DAY + timedelta(days=days)
)
ROWS = ("employees", "engagements", "evidence", "seats", "measures", "needs", "actors", "matters")


def plain_of(enterprise: Enterprise) -> Enterprise:
    """The same enterprise, to which nothing ever happened."""
    return evolve(enterprise, successions=())


@given(HEIRED, DAYS)
def test_before_the_day_nothing_is_otherwise(enterprise: Enterprise, on: date) -> None:
    """Law: on a day before every succession the enterprise is itself, and so are its gaps."""
    later = tuple(evolve(s, on=on + timedelta(days=1)) for s in enterprise.successions)
    planned = evolve(enterprise, successions=later)
    assert succeeded(planned, on=on) is planned
    assert find_gaps(planned, on=on).rows == find_gaps(plain_of(enterprise), on=on).rows


@given(HEIRED, DAYS)
def test_what_has_gone_on_still_hangs_together(enterprise: Enterprise, on: date) -> None:
    """Law: carried over, nothing dangles, stands twice or runs in a circle, and the old is gone."""
    carried = succeeded(enterprise, on=on)
    assert assemble(carried).refused == ()
    for each in enterprise.successions:
        there = {noun.id for noun in getattr(carried, HEIRS[each.kind])}
        assert (each.source in there) == (each.on > on)
    assert [s for s in carried.successions if s.on <= on] == []


@given(HEIRED, DAYS)
def test_what_is_in_one_place_is_counted_as_before(enterprise: Enterprise, on: date) -> None:
    """Law: no person, engagement, proof, seat, measure or seat at the table is lost or doubled."""
    carried = succeeded(enterprise, on=on)
    for name in ROWS:
        assert len(getattr(carried, name)) == len(getattr(enterprise, name)), name
    assert sum(e.share for e in carried.engagements) == sum(e.share for e in enterprise.engagements)
    assert sum(s.share for s in carried.seats) == sum(s.share for s in enterprise.seats)
    assert carried.employees == enterprise.employees


@given(HEIRED, DAYS)
def test_each_fact_stands_under_every_heir(enterprise: Enterprise, on: date) -> None:
    """Law: assessments and requirements are what a plain walk over the successions gives."""
    heirs = {
        kind: {s.source: s.targets for s in enterprise.successions if s.kind is kind and s.on <= on}
        for kind in Heritage
    }

    def ends(kind: Heritage, name: str) -> tuple[str, ...]:
        steps = heirs[kind].get(name)
        if steps is None:
            return (name,)
        return tuple(dict.fromkeys(end for step in steps for end in ends(kind, step)))

    def of(kind: Heritage, name: str) -> tuple[str, ...]:
        return ends(kind, name)

    carried = succeeded(enterprise, on=on)
    assert Counter(carried.assessments) == Counter(
        evolve(each, competence=end)  # type: ignore[arg-type]  # ids are texts here
        for each in enterprise.assessments
        for end in of(Heritage.COMPETENCE, each.competence)
    )
    assert Counter(carried.requirements) == Counter(
        evolve(each, competence=end, of=bearer)  # type: ignore[arg-type]  # ids are texts here
        for each in enterprise.requirements
        for end in of(Heritage.COMPETENCE, each.competence)
        for bearer in (of(Heritage.ROLE, each.of) if each.bearer.value == "role" else (each.of,))
    )
    assert Counter((e.unit, e.role) for e in carried.engagements) == Counter(
        (of(Heritage.UNIT, e.unit)[0], of(Heritage.ROLE, e.role)[0]) for e in enterprise.engagements
    )


@given(HEIRED, DAYS, DAYS)
def test_in_two_steps_as_in_one(enterprise: Enterprise, first: date, second: date) -> None:
    """Law: carried over on one day and again on a later one is carried over on the later one."""
    assume(first <= second)
    twice, once = (
        succeeded(succeeded(enterprise, on=first), on=second),
        succeeded(enterprise, on=second),
    )
    for name in ("assessments", "requirements", "engagements", "evidence", "wishes", "employees"):
        assert getattr(twice, name) == getattr(once, name), name
    for name in ("units", "roles", "competences", "seats", "relations", "headcounts"):
        assert Counter(getattr(twice, name)) == Counter(getattr(once, name)), name
    assert succeeded(once, on=second) is once


@given(enterprises(least=Size(scales=1, units=2, roles=2, competences=2)))
def test_an_old_analysis_is_the_same_byte_for_byte(enterprise: Enterprise) -> None:
    """Law: what a store knew before the succession was told gives the report that it gave."""
    noon = datetime(2027, 1, 1, 12, tzinfo=UTC)
    access = Access(actor=ActorId("a1"), purpose=Purpose.DEVELOPMENT, at=noon)
    first, second = enterprise.units[:2]
    merger = Succession(kind=Heritage.UNIT, source=second.id, targets=(first.id,), on=DAY)
    merged = evolve(enterprise, successions=(merger,))
    assume(not assemble(merged).refused)
    store = MemoryStore()
    store.save(enterprise, expected=0, at=noon)
    then = str(analyse(store.load(access), on=DAY))
    store.save(merged, expected=1, at=noon + timedelta(hours=1))
    old = store.load(access, as_known_at=noon)
    assert as_json(old) == as_json(enterprise)
    assert str(analyse(old, on=DAY)) == then
    new = analyse(store.load(access), on=DAY)
    assert {e.unit for e in new.enterprise.engagements}.isdisjoint({second.id})
