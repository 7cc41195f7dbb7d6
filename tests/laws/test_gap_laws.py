"""What holds for the gaps of every enterprise: the oracle's answers, and the laws."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import attrs
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles import crowds
from tests.oracles import gaps as oracle

from kompetanse_core.conformance.strategies import DAY, enterprises
from kompetanse_core.gap import By, Gaps, find_gaps
from kompetanse_core.mapping import Combining, Holdings, map_holdings
from kompetanse_core.model.work import Demand


@st.composite
def questions(draw: st.DrawFn) -> oracle.Question:
    """An enterprise, drawn widely or dealt densely, with a day, an instant and a rule."""
    dense = draw(st.sampled_from((True, True, False)))
    chance = Random(draw(st.integers(0, 2**32))) if dense else None
    on = crowds.ON if chance else DAY
    return oracle.Question(
        enterprise=crowds.crowd(chance) if chance else draw(enterprises()),
        on=on + timedelta(days=draw(st.sampled_from((0, 0, 0, -1, 1, 29, 400, -600)))),
        known_at=draw(st.none() | st.just(datetime(on.year, 7, 1, tzinfo=UTC))),
        combining=draw(st.sampled_from(Combining)),
        expiring_within=draw(st.sampled_from((0, 1, 180, 400))),
    )


def gaps_of(question: oracle.Question) -> Gaps:
    """What the library answers to a question."""
    return find_gaps(**attrs.asdict(question, recurse=False))


def holdings_of(q: oracle.Question) -> Holdings:
    """What the library maps for a question."""
    return map_holdings(q.enterprise, on=q.on, known_at=q.known_at, combining=q.combining)


@given(questions())
def test_holdings_are_the_oracles(question: oracle.Question) -> None:
    """Level, expiry and what it is held through are those of the plain reading."""
    told = {
        (h.employee, h.competence): oracle.Held(h.level, h.expires or date.max, h.via)
        for h in holdings_of(question)
    }
    assert told == oracle.held(question)


@given(questions())
def test_rows_are_the_oracles(question: oracle.Question) -> None:
    """Every field of every row is that of the plain reading, in the same order."""
    told = [attrs.astuple(gap, recurse=False) for gap in gaps_of(question)]
    assert told == oracle.rows(question)


@given(questions(), st.sampled_from(By), st.sampled_from((None, *Demand)))
def test_sums_are_the_oracles(question: oracle.Question, by: By, demand: Demand | None) -> None:
    """Every sum is that of the plain reading, whatever it is added up by."""
    told = [attrs.astuple(tally) for tally in gaps_of(question).roll_up(by, demand=demand)]
    assert told == oracle.roll_up(question, by, demand)


@given(questions())
def test_seats_headcounts_and_unused_are_the_oracles(question: oracle.Question) -> None:
    """Seats, headcounts and unused competence are those of the plain reading."""
    gaps = gaps_of(question)
    assert [attrs.astuple(seat) for seat in gaps.seats] == oracle.seats(question)
    told = [(h.headcount, h.known, h.unknown) for h in gaps.headcounts]
    assert sorted(told, key=repr) == sorted(oracle.headcounts(question), key=repr)
    assert [attrs.astuple(unused) for unused in gaps.unused] == oracle.unused(question)
