"""Frames: what plans may spend, from when on, and that nothing else changes."""

from datetime import date

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.oracles.wards import ON, crews, wards
from tests.test_policies import lacking
from tests.test_simulation import NURSE, START, WARD

from kompetanse_adapters.reading import read_scenario, write_scenario
from kompetanse_core.errors import BadInput, Misuse
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.plan import Limits, Plan, make_plan
from kompetanse_core.plugins import Plugins
from kompetanse_core.recommendation import recommend
from kompetanse_core.scenario import (
    Actions,
    Bill,
    Count,
    Frame,
    Policy,
    Runs,
    Scenario,
    Situation,
    actions_of,
    compare_scenarios,
    plan_once,
    replan,
    simulate,
)
from kompetanse_core.scenario.frames import in_force, within
from kompetanse_core.strategy import open_options

LATER = date(2028, 1, 1)
RUNS = Runs(start=START, periods=8, replicas=4, seed=1)
MONEY = st.integers(0, 5_000)


def spender(seen: list[int | None] | None = None, *, budget: int = 100) -> Policy:
    """A policy that spends all it may, each year."""

    def decide(situation: Situation) -> Actions:
        left = situation.within(Limits(budget=budget)).budget
        if seen is not None:
            seen.append(left)
        bill = Bill(unit=WARD, role=NURSE, on=situation.on, cost=left or 0)
        return Actions(bills=(bill,) if left else ())

    return Policy(name="spender", decide=decide, months=12, budget=budget)


def spent(*frames: Frame) -> list[int]:
    """What the spender spends in each year."""
    found = simulate(
        lacking(), None, spender().framed(frames), start=START, periods=8, replicas=2
    ).of(Count.COST)[0]
    return [int(found[:4].sum()), int(found[4:].sum())]


def test_a_frame_counts_from_its_day_on() -> None:
    """Kroner take the place of the budget, per cent are of it, and the latest frame counts."""
    assert spent() == [100, 100]
    assert spent(Frame(percent=100)) == [100, 100]
    assert spent(Frame(budget=30, on=LATER)) == [100, 30]
    assert spent(Frame(percent=50), Frame(budget=900, on=LATER)) == [50, 900]
    assert spent(Frame(budget=0)) == [0, 0]


def test_who_spends_more_than_the_frame_does_nothing() -> None:
    """W573: a decision is held against the frame of its day, also one of more money."""
    bill = Bill(unit=WARD, role=NURSE, on=START, cost=60)
    policy = Policy(name="dear", decide=lambda situation: Actions(bills=(bill,)), budget=100)
    kept = simulate(lacking(), None, policy, start=START, periods=2, replicas=2)
    tight = policy.framed([Frame(percent=50)])
    broken = simulate(lacking(), None, tight, start=START, periods=2, replicas=2)
    assert (kept.of(Count.COST).sum(), broken.of(Count.COST).sum()) == (120, 0)
    assert [each.code for each in broken.findings] == ["W573"]
    more = evolve(policy, budget=10).framed([Frame(budget=60)])
    assert simulate(lacking(), None, more, start=START, periods=2, replicas=2).findings == ()


def test_scenarios_are_compared_within_their_frames() -> None:
    """`compare_scenarios` shows each policy the frames of its scenario."""
    seen: list[int | None] = []
    scenarios = [Scenario(name="now"), Scenario(name="less", frames=(Frame(percent=10),))]
    found = compare_scenarios(lacking(), scenarios, [spender(seen)], runs=RUNS)
    assert seen == [100, 100, 10, 10]
    assert [int(each.mean(Count.COST)) for each in found] == [200, 20]


@given(st.one_of(wards(), crews()), MONEY, MONEY)
def test_planning_policies_keep_within_the_frame(
    enterprise: Enterprise, budget: int, frame: int
) -> None:
    """What one plan spends is within the frame, and the enterprise stays as it was."""
    before = [numbers.tobytes() for numbers in enterprise.engagements.columns.values()]
    for policy in (plan_once(Limits(budget=budget)), replan(Limits(budget=budget))):
        found = simulate(
            enterprise,
            None,
            policy.framed([Frame(budget=frame)]),
            start=ON,
            periods=1,
            replicas=2,
        )
        assert (found.of(Count.COST) <= frame).all()
        assert not found.findings
    assert [n.tobytes() for n in enterprise.engagements.columns.values()] == before


@given(st.one_of(wards(), crews()), MONEY, MONEY, st.integers(0, 200))
def test_more_in_the_frame_is_no_worse(
    enterprise: Enterprise, budget: int, more: int, percent: int
) -> None:
    """The first objective of any proven plan that is made within it."""

    def planned(frame: Frame) -> Plan:
        ways = recommend(open_options(find_gaps(enterprise, on=ON)))
        return make_plan(ways, within(frame, Limits(budget=budget)))

    for less, larger in (
        (Frame(budget=budget), Frame(budget=budget + more)),
        (Frame(percent=percent), Frame(percent=percent + 50)),
    ):
        tight, loose = planned(less), planned(larger)
        if tight.proven and loose.proven:
            assert loose.value <= tight.value


@given(st.none() | MONEY, st.lists(MONEY, max_size=4))
def test_all_of_it_changes_nothing(budget: int | None, brought: list[int]) -> None:
    """Without a frame, and with one of a hundred per cent, limits stay as they are."""
    limits = Limits(budget=budget, periods=len(brought) or 4, period_budgets=tuple(brought))
    assert within(in_force((), START), limits) == limits
    assert within(Frame(percent=100), limits) == limits


def test_frames_are_put_in_order_and_together() -> None:
    """In the order of their days; of two of one day in two scenarios the later one's counts."""
    late, early = Frame(percent=50, on=LATER), Frame(budget=7)
    one = Scenario(name="one", frames=(late, early))
    assert one.frames == (early, late)
    both = one.then(Scenario(name="two", frames=(Frame(budget=9, on=LATER),)))
    assert both.frames == (early, Frame(budget=9, on=LATER))
    assert one.then(Scenario(name="three")).frames == one.frames
    with pytest.raises(Misuse, match="E505"):
        Scenario(name="x", frames=(late, evolve(late, percent=60)))


def test_frames_are_read_and_written_as_toml() -> None:
    """Round trip, and every flaw with its line."""
    frames = (Frame(percent=50), Frame(budget=0, on=LATER))
    scenario = Scenario(name="less", frames=frames)
    assert read_scenario(write_scenario(scenario).encode(), file="less.toml") == scenario


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("percent = -1", "E506"),
        ("budget = 1.5", "E904"),
        ("budget = 1\npercent = 2", "E214"),
        ("on = 2027-01-01", "E214"),
        ("money = 3", "E404"),
        ("percent = 3\n[[frame]]\npercent = 4", "E505"),
    ],
)
def test_bad_frames_are_refused_with_their_line(said: str, code: str) -> None:
    """Negative, fractions, both or neither of the two, unknown keys, contradictions."""
    with pytest.raises(BadInput) as caught:
        read_scenario(f"name = 'x'\n[[frame]]\n{said}\n".encode(), file="x.toml")
    (finding,) = caught.value.findings
    assert finding.code == code
    assert finding.place is not None
    assert finding.place.row is not None
    assert finding.place.row >= 2


def test_what_is_unlimited_stays_so_in_per_cent() -> None:
    """Half of no limit is no limit; kroner are a limit all the same."""
    assert np.all([within(Frame(percent=n), Limits()).budget is None for n in (0, 50)])
    assert within(Frame(budget=5), Limits()).budget == 5


def test_wishes_that_are_granted_are_billed_and_teach_nothing_that_lacks() -> None:
    """What a plan grants costs what it costs, and closes no gap that a simulation counts."""
    enterprise = Plugins.installed().source("example").read().enterprise
    day = date(2027, 1, 1)
    ways = recommend(open_options(find_gaps(enterprise, on=day)))
    plain, kind = (make_plan(ways, Limits(wish_budget=frame)) for frame in (0, 40_000))
    wished = sum(step.cost for step in kind.granted)
    assert wished > 0
    billed = [sum(bill.cost for bill in actions_of(plan).bills) for plan in (plain, kind)]
    assert billed[1] == billed[0] + wished
    assert actions_of(kind).learning == actions_of(plain).learning
