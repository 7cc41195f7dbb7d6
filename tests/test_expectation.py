"""Expectation: the mean of all runs where it says so, and why not elsewhere."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from tests.laws.test_simulation_laws import STAFFED
from tests.test_policies import FIRST, SECOND, _with_leader, doing, lacking, learning
from tests.test_simulation import LEAD, NURSE, START, WARD, ward

from kompetanse_core.errors import Misuse
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import AgeBand
from kompetanse_core.plan import Limits
from kompetanse_core.scenario import (
    CERTAIN,
    NO_POLICY,
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
    expect,
    replan,
    simulate,
)

BILL = Bill(unit=WARD, role=NURSE, on=date(2027, 7, 1), cost=9_000, hours=40, employee=FIRST)
OPENING = Hire(
    unit=WARD,
    role=NURSE,
    on=START,
    begins=date(2027, 7, 1),
    heads=3,
    chance=CERTAIN // 2,
    cost=100,
)
SENT = Redeployment(employee=SECOND, unit=WARD, role=LEAD, on=date(2027, 7, 1))
TAUGHT = learning(chance=CERTAIN // 3)
PASSED = Learning(
    employee=SECOND,
    unit=WARD,
    role=NURSE,
    ready=TAUGHT.ready,
    steps=2,
    chance=CERTAIN // 2,
    via=TAUGHT,
)
LEAVING = Flows(attrition=(Attrition(chance=80_000),))
WORLDS = (
    (ward(20, seats=30), LEAVING, NO_POLICY),
    (
        ward(20, seats=0, age=AgeBand.FROM_60),
        Flows(
            attrition=(Attrition(chance=20_000),), retirement=(Retirement(age=62, chance=99_000),)
        ),
        NO_POLICY,
    ),
    (
        lacking(12, seats=20),
        Flows(
            attrition=(Attrition(chance=50_000, role=NURSE),),
            moves=(
                Move(source=NURSE, target=LEAD, chance=200_000),
                Move(source=LEAD, target=NURSE, chance=100_000),
            ),
        ),
        NO_POLICY,
    ),
    (
        lacking(6, seats=9),
        LEAVING,
        doing(Actions(learning=(TAUGHT, PASSED), bills=(BILL,))),
    ),
    (
        _with_leader(lacking(6, seats=12)),
        LEAVING,
        doing(Actions(redeployments=(SENT,), hires=(OPENING,))),
    ),
)


@pytest.mark.parametrize("world", WORLDS, ids=["leave", "retire", "move", "learn", "send"])
def test_it_is_the_mean_of_many_runs(world: tuple[Enterprise, Flows, Policy]) -> None:
    """Within 3.5 standard errors of 4,000 runs, count by count, period by period, cell by cell."""
    enterprise, flows, policy = world
    mean = expect(enterprise, flows, policy, start=START, periods=6)
    runs = simulate(enterprise, flows, policy, start=START, periods=6, replicas=4_000, seed=3)
    assert Count.HEADS not in mean.departures
    for count in Count:
        if count in mean.departures:
            continue
        seen = runs.counts[count].astype(np.float64)
        error = np.sqrt(np.maximum(seen.var(axis=0, ddof=1), 1e-12) / len(seen))
        off = np.abs(seen.mean(axis=0) - mean.counts[count])
        assert (off <= 3.5 * error + 1e-6).all(), count


@given(STAFFED)
def test_without_flows_it_is_every_run(enterprise: Enterprise) -> None:
    """Where nothing is by chance the expectation is the course itself, of every enterprise."""
    mean = expect(enterprise, start=START, periods=4)
    (run,) = [simulate(enterprise, start=START, periods=4, replicas=1)]
    assert mean.cells == run.cells
    for count in Count:
        assert np.allclose(mean.counts[count], run.counts[count][0])


def departs(flows: Flows, policy: Policy = NO_POLICY, *, seats: int = 9) -> Sequence[Count]:
    """Which counts are said not to be linear, of six nurses."""
    return [*expect(lacking(6, seats=seats), flows, policy, start=START, periods=6).departures]


def test_it_says_where_it_is_not_the_mean() -> None:
    """Filling vacancies, more heads than seats, and learning beyond what is missing."""
    hiring = Flows(attrition=LEAVING.attrition, hiring=(Hiring(role=NURSE, chance=500_000),))
    assert departs(LEAVING) == []
    assert Count.HEADS in departs(hiring)
    assert departs(LEAVING, seats=4) == [Count.VACANT]
    twice = doing(Actions(learning=(TAUGHT, TAUGHT)))
    assert departs(LEAVING, twice) == [Count.MET, Count.MISSING]


def test_a_policy_that_decides_again_is_refused() -> None:
    """There are no runs to decide about: E571."""
    with pytest.raises(Misuse, match="E571"):
        expect(ward(), None, replan(Limits()), start=START, periods=4)
