"""What holds for the gaps of every enterprise: the oracle's answers, and the laws."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from unittest import mock

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.oracles import crowds
from tests.oracles import gaps as oracle

from kompetanse_core.columns import speed
from kompetanse_core.conformance.facts import nouns
from kompetanse_core.conformance.renaming import renamings, shuffled
from kompetanse_core.conformance.strategies import DAY, enterprises
from kompetanse_core.gap import By, Gaps, LevelState, Proof, Validity, find_gaps
from kompetanse_core.gap.show import withheld
from kompetanse_core.mapping import Combining, Holding, Holdings, map_holdings
from kompetanse_core.model.people import Assessment, EmployeeId
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
    where: list[dict[str, str]] = [{} for _ in gaps.headcounts]
    for head in gaps.heads:
        where[head.headcount][head.employee] = head.state.value
    stand = [(h.headcount, who) for h, who in zip(gaps.headcounts, where, strict=True)]
    assert sorted(stand, key=repr_of_headcount) == sorted(
        oracle.heads(question), key=repr_of_headcount
    )
    assert [attrs.astuple(unused) for unused in gaps.unused] == oracle.unused(question)


def repr_of_headcount(found: tuple[object, object]) -> str:
    """What tells one headcount from another."""
    return repr(found[0])


@given(questions())
def test_both_speeds_give_the_same_bytes(question: oracle.Question) -> None:
    """What the compiler makes of the kernels fills every column as plain Python does."""
    plain = gaps_of(question)
    with mock.patch.object(speed, "WORTHWHILE", 0):
        fast = gaps_of(question)
        assert fast.rows == plain.rows
        assert fast.holdings.rows == plain.holdings.rows
        assert fast.holdings.findings == plain.holdings.findings
        assert [fast.roll_up(by) for by in By] == [plain.roll_up(by) for by in By]
        assert (fast.headcounts, fast.unused) == (plain.headcounts, plain.unused)
        assert fast.heads == plain.heads


@given(questions(), st.integers(1, 4))
def test_the_number_of_threads_changes_nothing(question: oracle.Question, cores: int) -> None:
    """Cut into small blocks that any number of threads share, rows and sums are the same."""
    whole, parted = gaps_of(question), gaps_of(question)
    sums = [whole.roll_up(by) for by in By]
    told = whole.rows, whole.total, whole.headcounts
    with (
        mock.patch("kompetanse_core.columns.held.BLOCK", 1),
        mock.patch.object(speed, "MANY", 0),
        mock.patch("os.cpu_count", return_value=cores),
        _restless(),
    ):
        assert [parted.roll_up(by) for by in By] == sums
        assert (parted.rows, parted.total, parted.headcounts) == told


@given(questions())
def test_same_question_same_bytes(question: oracle.Question) -> None:
    """Asked twice, every column holds the same bytes, and so do both tables for the eye."""
    one, other = gaps_of(question), gaps_of(question)
    names = [column.name for column in one.rows.layout.columns]
    assert [one.rows.column(n).tobytes() for n in names] == [
        other.rows.column(n).tobytes() for n in names
    ]
    assert (str(one), one._repr_html_()) == (str(other), other._repr_html_())


@given(questions())
def test_every_step_is_met_missing_or_unknown(question: oracle.Question) -> None:
    """Met + missing + unknown is need times weight, in each row; and every sum adds up to them."""
    gaps = gaps_of(question)
    for gap in gaps:
        assert min(gap.met, gap.missing, gap.unknown) >= 0
        assert gap.total == gap.need * gap.weight
    for name in ("met", "missing", "unknown"):
        whole = sum(getattr(gap, name) for gap in gaps)
        assert getattr(gaps.total, name) == whole
        for by in (By.EMPLOYEE, By.UNIT, By.ROLE, By.COMPETENCE, By.FACET):
            assert sum(getattr(tally, name) for tally in gaps.roll_up(by)) == whole


@given(questions())
def test_unknown_is_neither_missing_nor_met(question: oracle.Question) -> None:
    """A level that nobody knows, or that has expired where nothing strict is asked, counts open."""
    for gap in gaps_of(question):
        strict = gap.statutory or gap.proof is not Proof.NOT_NEEDED
        silent = gap.have is None or (gap.validity is Validity.EXPIRED and not strict)
        assert (gap.met + gap.missing == 0) == silent
        assert (gap.unknown == gap.total) == silent
        assert (gap.state is LevelState.UNKNOWN) == (gap.have is None)


@given(questions())
def test_surplus_never_hides_a_lack(question: oracle.Question) -> None:
    """No row meets more than its own need, so that a sum of lacks is at least every lack in it."""
    gaps = gaps_of(question)
    assert all(gap.met <= gap.need * gap.weight for gap in gaps)
    for tally in gaps.roll_up(By.EMPLOYEE):
        lacks = [gap.missing for gap in gaps if gap.employee == tally.key]
        assert tally.missing == sum(lacks)


@given(questions(), st.data())
def test_under_best_one_more_assessment_never_harms(
    question: oracle.Question, data: st.DataObject
) -> None:
    """It lowers no effective level (expired counts as unknown) and raises no gap's upper bound."""
    question = attrs.evolve(question, combining=Combining.BEST)
    more = data.draw(later(question))
    before, after = gaps_of(question), gaps_of(with_one_more(question, more))
    worth = {(h.employee, h.competence): _worth(question, h) for h in after.holdings}
    for held in before.holdings:
        assert worth[held.employee, held.competence] >= _worth(question, held)
    for old, new in zip(before, after, strict=True):
        assert new.missing + new.unknown <= old.missing + old.unknown


@given(questions(), st.data())
def test_one_more_assessment_is_as_if_all_were_reckoned_anew(
    question: oracle.Question, data: st.DataObject
) -> None:
    """Laid over, twice, what comes later gives every answer that the whole would, and no other."""
    gaps = gaps_of(question)
    for _ in range(2):
        more = data.draw(later(question))
        question = with_one_more(question, more)
        gaps, whole = gaps.with_assessment(more), gaps_of(question)
        assert (gaps.rows, gaps.holdings.rows) == (whole.rows, whole.holdings.rows)
        assert (gaps.total, gaps.unused) == (whole.total, whole.unused)
        assert gaps.tally(more.employee) == whole.tally(more.employee)
        assert (gaps.headcounts, gaps.findings) == (whole.headcounts, whole.findings)
        assert [gaps.roll_up(by) for by in By] == [whole.roll_up(by) for by in By]
        assert gaps.enterprise == whole.enterprise
        assert [gaps.why(gap) for gap in gaps] == [whole.why(gap) for gap in whole]


@given(questions())
def test_one_persons_rows_are_those_in_the_crowd(question: oracle.Question) -> None:
    """Asked for one by one, everybody's rows and sums are those of all."""
    gaps, nobody = gaps_of(question), EmployeeId("nobody at all")
    people = gaps.holdings.people.values
    assert [gap for person in people for gap in gaps.of(person)] == list(gaps)
    sums = tuple(tally for person in people if (tally := gaps.tally(person)).contributors)
    assert sums == gaps.roll_up(By.EMPLOYEE)
    assert len(gaps.of(nobody)) == gaps.tally(nobody).total == gaps.tally(nobody).contributors == 0


@given(questions())
def test_only_the_winning_assessments_matter(question: oracle.Question) -> None:
    """Without all that did not win, holdings and gaps are as they were."""
    gaps = gaps_of(question)
    holdings = gaps.holdings
    winners = [
        holdings.assessment(held)
        for employee in holdings.people.values
        for held in holdings.direct(employee)
    ]
    less = attrs.evolve(question.enterprise, assessments=winners)
    again = gaps_of(attrs.evolve(question, enterprise=less))
    assert again.rows == gaps.rows
    levels = [(h.employee, h.competence, h.level, h.expires, h.via) for h in holdings]
    assert levels == [(h.employee, h.competence, h.level, h.expires, h.via) for h in again.holdings]


@given(questions(), st.data())
def test_names_change_no_value(question: oracle.Question, data: st.DataObject) -> None:
    """Under other names the rows say the same, each under its new name."""
    renaming = data.draw(renamings(question.enterprise))
    renamed = attrs.evolve(question, enterprise=renaming.apply(question.enterprise))
    assert gaps_of(renamed).rows == renaming.apply(gaps_of(question).rows)


@given(questions(), st.data())
def test_row_order_changes_nothing(question: oracle.Question, data: st.DataObject) -> None:
    """Told in another order, an enterprise has the same gaps."""
    other = data.draw(shuffled(question.enterprise))
    one, two = gaps_of(question), gaps_of(attrs.evolve(question, enterprise=other))
    assert (one.rows, one.holdings.rows, one.unused) == (two.rows, two.holdings.rows, two.unused)
    assert (one.seats, one.headcounts) == (two.seats, two.headcounts)
    assert one.findings == two.findings
    assert [one.roll_up(by) for by in By] == [two.roll_up(by) for by in By]


@given(questions())
def test_nothing_is_asked_before_it_starts(question: oracle.Question) -> None:
    """With every requirement starting tomorrow, today has no gaps."""
    tomorrow = question.on + timedelta(days=1)
    later = [
        attrs.evolve(each, start=tomorrow, end=None) for each in question.enterprise.requirements
    ]
    enterprise = attrs.evolve(question.enterprise, requirements=later)
    gaps = gaps_of(attrs.evolve(question, enterprise=enterprise))
    assert (len(gaps), list(gaps), gaps.total.total) == (0, [], 0)


@given(questions())
def test_every_gap_tells_why(question: oracle.Question) -> None:
    """The trace of a gap holds its level, its requirements and, where it is proven, the proof."""
    gaps = gaps_of(question)
    for gap in gaps:
        why = gaps.why(gap)
        assert (why.holding.level if why.holding else None) == gap.have
        assert (why.evidence is not None) == (gap.proof is Proof.PROVEN)
        assert sum(each.weight for each in why.requirements) == gap.weight
        assert {each.competence for each in why.requirements} == {gap.competence}
        assert any(each.statutory for each in why.requirements) == gap.statutory


@given(questions())
def test_no_table_for_the_eye_shows_fewer_than_five(question: oracle.Question) -> None:
    """What is held back is nobody's, or at least five people's in at least two groups."""
    gaps = gaps_of(question)
    for by in (By.ROLE, By.UNIT):
        tallies = gaps.roll_up(by)
        hidden = withheld(tallies)
        assert {tally.key for tally in tallies if tally.contributors < 5} <= hidden
        assert len(hidden) != 1 or len(tallies) == 1


def _worth(question: oracle.Question, held: Holding) -> tuple[bool, int, bool, date]:
    fresh = held.expires is None or held.expires >= question.on
    return fresh, held.level, held.expires is None, held.expires or date.max


@st.composite
def later(draw: st.DrawFn, question: oracle.Question) -> Assessment:
    """One assessment more, of somebody and something that is there."""
    enterprise = question.enterprise
    known = {
        "EmployeeId": tuple(employee.id for employee in enterprise.employees),
        "CompetenceId": tuple(competence.id for competence in enterprise.competences),
    }
    assume(all(known.values()))
    tops = {scale.id: scale.top for scale in enterprise.scales}
    scales = {competence.id: competence.scale for competence in enterprise.competences}
    more = draw(nouns(Assessment, known=known))
    top = tops[scales[more.competence]]
    return attrs.evolve(more, level=min(more.level, top), scale=None)


def with_one_more(question: oracle.Question, more: Assessment) -> oracle.Question:
    """The same question about an enterprise that knows one assessment more."""
    told = (*question.enterprise.assessments, more)
    enterprise = attrs.evolve(question.enterprise, assessments=told)
    return attrs.evolve(question, enterprise=enterprise)


@contextmanager
def _restless() -> Iterator[None]:
    """Let threads take turns after every few steps, so that they do run side by side."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
