"""Simulation: known answers, luck that depends on nothing else, and what is refused."""

import json
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from attrs import evolve
from benchmarks.chains import compared

from kompetanse_core.columns.chance import MILLION, draw, keys_of
from kompetanse_core.columns.speed import compiled
from kompetanse_core.errors import Misuse
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import AgeBand, Employee, EmployeeId, Engagement, Unit
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Role, RoleId, Seats, UnitId
from kompetanse_core.scenario import (
    CERTAIN,
    Actions,
    Attrition,
    Bill,
    Count,
    Flows,
    Hire,
    Hiring,
    Learning,
    Move,
    Policy,
    Redeployment,
    Retirement,
    Simulation,
    Situation,
    expect,
    simulate,
    streamed,
)

WARD, NURSE, LEAD = UnitId("ward"), RoleId("nurse"), RoleId("lead")
START = date(2027, 1, 1)


def ward(people: int = 3, *, seats: int = 3, age: AgeBand | None = None) -> Enterprise:
    """A ward of nurses."""
    names = [EmployeeId(f"p{n:04}") for n in range(people)]
    return Enterprise(
        units=[Unit(id=WARD, label=Text("Ward"))],
        roles=[Role(id=each, label=Text(each)) for each in (NURSE, LEAD)],
        employees=[Employee(id=each, age=age) for each in names],
        engagements=[Engagement(employee=each, unit=WARD, role=NURSE) for each in names],
        seats=[Seats(unit=WARD, role=NURSE, share=seats * 10_000)] if seats else [],
    )


def run(enterprise: Enterprise, flows: Flows | None = None, *, replicas: int = 5) -> Simulation:
    """Six quarters."""
    return simulate(enterprise, flows, start=START, periods=6, replicas=replicas, seed=1)


@pytest.fixture(scope="module")
def chains() -> Path:
    """The published chains, beside the repository."""
    path = Path(__file__).resolve().parents[2] / "shared" / "benchmarks" / "manpower_chains.json"
    if not path.is_file():
        pytest.skip("no published chains in ../shared/benchmarks")
    return path


def test_published_chains_are_met(chains: Path) -> None:
    """Stays, variances and chances of ever arriving are within 3.5 standard errors, 2,000 runs."""
    for name, chain in json.loads(chains.read_text("utf-8")).items():
        for line in compared(name, chain["Q"], replicas=2_000, seed=1):
            assert line.good, line


def test_a_textbook_case_is_replayed() -> None:
    """The CSL plan of Winston, two hundredfold, gives the technicians and the cost he prints.

    A trainee is at work the month after, and 5 % of those at work leave at the end of each month.
    """
    path = Path(__file__).resolve().parents[2] / "shared" / "benchmarks" / "textbook_cases.json"
    if not path.is_file():
        pytest.skip("no textbook cases in ../shared/benchmarks")
    case = json.loads(path.read_text("utf-8"))["winston_csl"]
    months = [date(2027, month, 1) for month in range(1, 7)]
    hires = tuple(
        Hire(unit=WARD, role=NURSE, on=on, begins=begins, heads=round(200 * heads), cost=1_000)
        for heads, (on, begins) in zip(case["x"], pairwise(months), strict=True)
        if heads
    )
    policy = Policy(name="CSL", decide=lambda situation: Actions(hires=hires))
    flows = Flows(attrition=(Attrition(chance=round(CERTAIN * case["quit"])),))
    people = ward(200 * case["experienced"], seats=0)
    found = expect(people, flows, policy, start=START, periods=5, months=1)
    heads = found.of(Count.HEADS) / 200
    assert np.allclose(heads, case["y"], atol=0.01)
    cost = heads.sum() * case["cost_experienced"] + found.of(Count.COST).sum() / 200
    assert cost == pytest.approx(case["optimum"], abs=20)


def test_draws_are_the_published_generator() -> None:
    """Philox 2x32-10 for the counter 0, 0 and the key 0 begins with the word ff1dae59."""
    assert draw(0, 0, 0, 0) == (0xFF1DAE59 * MILLION) >> 32


def test_draws_are_the_same_at_both_speeds() -> None:
    """What loses bits above 64 when compiled is masked in plain Python: no draw differs."""
    fast = compiled(draw)
    high, keys = keys_of(10**12, 0, 40)
    for key in keys.tolist():
        assert draw(key, high, 0xFFFFFFFF, 16_001) == fast(key, high, 0xFFFFFFFF, 16_001)


def test_everybody_leaves_when_it_is_certain() -> None:
    """With certainty nobody is there in the second period, and all are counted as leavers."""
    found = run(ward(), Flows(attrition=(Attrition(chance=CERTAIN),)))
    assert found.of(Count.HEADS)[:, :2].tolist() == [[3, 0]] * 5
    assert found.of(Count.LEFT)[:, :2].tolist() == [[3, 0]] * 5
    assert found.of(Count.VACANT)[0].tolist() == [0, *[30_000] * 5]


def test_who_has_left_neither_ends_nor_begins_by_a_date() -> None:
    """Somebody whose role was to end, and another to begin, has left: nobody goes or comes then."""
    enterprise = ward()
    first, *others = enterprise.engagements
    until = evolve(first, end=date(2027, 12, 31))
    after = Engagement(employee=first.employee, unit=WARD, role=LEAD, start=date(2028, 1, 1))
    dated = evolve(enterprise, engagements=[until, after, *others])
    stays, leaves = run(dated), run(dated, Flows(attrition=(Attrition(chance=CERTAIN),)))
    for count, role in ((Count.WENT, NURSE), (Count.CAME, LEAD)):
        assert stays.of(count, role=role)[0].tolist() == [0, 0, 0, 0, 1, 0]
        assert not leaves.of(count).any()


def test_vacancies_are_filled_after_their_lead() -> None:
    """Two vacancies announced first in period 0 with a lead of 2 are filled in period 2, once."""
    flows = Flows(hiring=(Hiring(role=NURSE, chance=CERTAIN, lead=2, cost=100),))
    found = run(ward(seats=5), flows)
    assert found.of(Count.HIRES)[0].tolist() == [0, 0, 2, 0, 0, 0]
    assert found.of(Count.COST)[0].tolist() == [200, 0, 0, 0, 0, 0]
    assert found.of(Count.HEADS)[0].tolist() == [3, 3, 5, 5, 5, 5]


def test_somebody_who_moves_is_counted_where_they_go() -> None:
    """A certain move empties one role into the other in one period."""
    found = run(ward(), Flows(moves=(Move(source=NURSE, target=LEAD, chance=CERTAIN),)))
    assert found.of(Count.HEADS, role=NURSE)[0, :2].tolist() == [3, 0]
    assert found.of(Count.HEADS, role=LEAD)[0, :2].tolist() == [0, 3]


def test_bad_input_72_of_nobody_nothing_becomes() -> None:
    """FAULTS 72: an enterprise without people, roles and seats has runs in which nothing is."""
    found = simulate(Enterprise(), start=START, periods=3, replicas=2)
    assert found.of(Count.HEADS).tolist() == [[0, 0, 0]] * 2
    assert not expect(Enterprise(), Flows(), start=START, periods=3).of(Count.HEADS).any()


def test_a_seat_is_filled_as_often_as_it_is_left() -> None:
    """One seat, left after each quarter for certain and filled in the next but one, for years."""
    flows = Flows(
        attrition=(Attrition(chance=CERTAIN),), hiring=(Hiring(role=NURSE, chance=CERTAIN),)
    )
    found = simulate(ward(1, seats=1), flows, start=START, periods=20, replicas=2)
    assert found.of(Count.HIRES)[0].tolist() == [0, 0, *[1, 0] * 9]
    assert found.of(Count.LEFT)[0].tolist() == [1, 0] * 10


def test_who_stands_elsewhere_goes_when_both_their_own_places_end() -> None:
    """Somebody sent elsewhere goes once, when their own two halves end, and leaves no more."""
    enterprise = ward(1)
    (post,) = enterprise.engagements
    halves = [
        evolve(post, role=role, share=5_000, end=date(2027, 12, 31)) for role in (NURSE, LEAD)
    ]
    sent = Redeployment(employee=post.employee, unit=WARD, role=LEAD, on=date(2027, 4, 1))
    policy = Policy(name="send", decide=lambda situation: Actions(redeployments=(sent,)))
    found = simulate(
        evolve(enterprise, engagements=halves),
        Flows(attrition=(Attrition(chance=100_000),)),
        policy,
        start=START,
        periods=12,
        replicas=50,
    )
    gone = found.of(Count.WENT) + found.of(Count.LEFT)
    assert (gone.sum(axis=1) == np.where(found.of(Count.MOVED_OUT).any(axis=1), 1, 2)).all()
    assert not found.of(Count.HEADS)[:, 4:].any()


def test_people_grow_into_retirement() -> None:
    """From 60 to 64 years of age nobody retires at 70 within six quarters, and all at 60."""
    old = ward(age=AgeBand.FROM_60)
    late = run(old, Flows(retirement=(Retirement(age=70, chance=CERTAIN),)))
    assert not late.of(Count.RETIRED).any()
    now = run(old, Flows(retirement=(Retirement(age=60, chance=CERTAIN),)))
    assert now.of(Count.RETIRED)[:, 0].tolist() == [3] * 5


def test_expectation_of_leaving_is_met() -> None:
    """200 people at 5 % a period: the mean of 400 runs is within 4 standard errors each period."""
    found = run(ward(200, seats=0), Flows(attrition=(Attrition(chance=50_000),)), replicas=400)
    for turn, heads in enumerate(found.of(Count.HEADS).T):
        stays = 0.95**turn
        error = (200 * stays * (1 - stays) / 400) ** 0.5
        assert abs(heads.mean() - 200 * stays) <= 4 * error


def test_lumping_changes_no_expectation() -> None:
    """Two roles with the same chances are one, on average: within 4.5 standard errors.

    Until they move, people share their luck: in the first two quarters it is so head for head.
    """
    leave = (Attrition(chance=100_000),)
    moves = (
        Move(source=NURSE, target=LEAD, chance=300_000),
        Move(source=LEAD, target=NURSE, chance=200_000),
    )
    one = run(ward(40), Flows(attrition=leave), replicas=400).of(Count.HEADS)
    two = run(ward(40), Flows(attrition=leave, moves=moves), replicas=400).of(Count.HEADS)
    assert np.array_equal(one[:, :2], two[:, :2])
    error = ((one.var(axis=0) + two.var(axis=0)) / len(one)) ** 0.5
    assert (np.abs(one.mean(axis=0) - two.mean(axis=0)) <= 4.5 * error).all()
    assert not np.array_equal(one, two)


@pytest.mark.parametrize(
    ("seed", "code"),
    [(-1, "E506"), (10**12 + 1, "E506"), (10**30, "E506"), (True, "E506"), (0.5, "E506")],
)
def test_bad_input_80_seeds_outside_are_refused(seed: int, code: str) -> None:
    """FAULTS 80: a seed that is negative, huge or no number is refused."""
    with pytest.raises(Misuse) as caught:
        simulate(ward(), start=START, periods=1, seed=seed)
    assert caught.value.code == code


@pytest.mark.parametrize(("replicas", "code"), [(0, "E506"), (-3, "E506"), (10**9, "E509")])
def test_replicas_that_cannot_be_are_refused(replicas: int, code: str) -> None:
    """No runs, and more than can be counted."""
    with pytest.raises(Misuse) as caught:
        simulate(ward(), start=START, periods=1, replicas=replicas)
    assert caught.value.code == code


MADE: tuple[Callable[[int], object], ...] = (
    lambda chance: Attrition(chance=chance),
    lambda chance: Retirement(age=62, chance=chance),
    lambda chance: Move(source=NURSE, target=LEAD, chance=chance),
    lambda chance: Hiring(role=NURSE, chance=chance),
    lambda chance: Flows(success=chance),
    lambda chance: Flows(passing=chance),
)


@pytest.mark.parametrize("chance", [-1, CERTAIN + 1, 10**30, 0.5, 1.0, True, "1", None])
@pytest.mark.parametrize("made", MADE)
def test_chances_outside_are_refused(made: Callable[[object], object], chance: object) -> None:
    """A chance is a whole number from 0 to a million millionths; a fraction or a truth is none."""
    with pytest.raises(Misuse, match="E571"):
        made(chance)


def test_chances_that_exclude_one_another_are_no_more_than_certain() -> None:
    """Who leaves does not retire too."""
    with pytest.raises(Misuse, match="E571"):
        Flows(
            attrition=(Attrition(chance=600_000),), retirement=(Retirement(age=62, chance=600_000),)
        )


def test_a_policy_that_raises_is_named_and_does_nothing() -> None:
    """The runs go on as with no policy, and say which policy failed, not what it said."""

    def fails(situation: Situation) -> Actions:
        raise RuntimeError("p0001 is ill")

    found = simulate(ward(), None, Policy(name="mine", decide=fails), start=START, periods=2)
    assert [each.code for each in found.findings] == ["W571"]
    assert "mine" in found.findings[0].text
    assert "p0001" not in found.findings[0].text


def test_a_policy_that_spends_too_much_does_nothing() -> None:
    """Its actions are left out and the runs are marked."""
    bill = Bill(unit=WARD, role=NURSE, on=START, cost=1_001)
    policy = Policy(name="dear", decide=lambda situation: Actions(bills=(bill,)), budget=1_000)
    found = simulate(ward(), None, policy, start=START, periods=1)
    assert [each.code for each in found.findings] == ["W573"]
    assert not found.of(Count.COST).any()


def test_actions_for_nobody_are_refused() -> None:
    """Somebody who is not there cannot learn: E503, and the id is not told."""
    nobody = Learning(employee=EmployeeId("ghost"), unit=WARD, role=NURSE, ready=START, steps=1)
    policy = Policy(name="odd", decide=lambda situation: Actions(learning=(nobody,)))
    with pytest.raises(Misuse, match="E503") as caught:
        simulate(ward(), None, policy, start=START, periods=1)
    assert "ghost" not in str(caught.value)


def test_interruption_f26_leaves_whole_runs() -> None:
    """What was done before is kept and marked as cut: it is the beginning of the whole."""
    flows = Flows(attrition=(Attrition(chance=100_000),))
    whole = run(ward(), flows, replicas=6)
    part = simulate(
        ward(), flows, start=START, periods=6, replicas=6, seed=1, block=2, interrupted=lambda: True
    )
    assert (part.cut, len(part), whole.cut) == (True, 2, False)
    assert np.array_equal(part.of(Count.HEADS), whole.of(Count.HEADS)[:2])


def test_blocks_can_be_taken_one_by_one() -> None:
    """Streamed blocks are numbered by their first run, and put together are the whole."""
    flows = Flows(attrition=(Attrition(chance=100_000),))
    parts = [*streamed(ward(), flows, start=START, periods=6, replicas=5, seed=1, block=2)]
    assert [each.first for each in parts] == [0, 2, 4]
    joined = np.concatenate([each.of(Count.HEADS) for each in parts])
    assert np.array_equal(joined, run(ward(), flows).of(Count.HEADS))
