"""Outlooks: what differs is not luck, and what is told of runs is what the runs did."""

from datetime import date
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any

import numpy as np
import pytest
from tests.test_policies import lacking, learning
from tests.test_simulation import NURSE, START, WARD, ward

from kompetanse_core.errors import Misuse
from kompetanse_core.plan import Limits
from kompetanse_core.scenario import (
    CERTAIN,
    NO_POLICY,
    Actions,
    Attrition,
    ChangeSeats,
    Count,
    Flows,
    Hiring,
    Leave,
    Policy,
    Runs,
    Scenario,
    compare_scenarios,
    early_warnings,
    period_name,
    plan_once,
    replan,
    simulate,
    streamed,
    tornado,
    variance_by_cell,
    variance_by_event,
)
from kompetanse_core.scenario.foresight import watched

RUNS = Runs(start=START, periods=6, replicas=40, seed=1)
TWO: Any = {"start": START, "periods": 2, "replicas": 4}
LEAVING = Flows(attrition=(Attrition(chance=200_000),))
TEACH = Policy(name="teach", decide=lambda situation: Actions(learning=(learning(),)))
BASE, MORE = (
    Scenario(name="as now"),
    Scenario(
        name="more work",
        changes=[ChangeSeats(unit=WARD, role=NURSE, share=90_000, on=date(2027, 7, 1))],
    ),
)


def test_every_scenario_meets_every_policy_with_one_luck() -> None:
    """Whoever leaves does so everywhere: heads are alike, and what differs is the policy."""
    found = compare_scenarios(lacking(), (BASE, MORE), (NO_POLICY, TEACH), runs=RUNS, flows=LEAVING)
    assert [(each.scenario, each.policy) for each in found] == [
        (scenario, policy) for scenario in ("as now", "more work") for policy in ("none", "teach")
    ]
    heads = [each.counts[Count.HEADS].tolist() for each in found]
    assert heads == [heads[0]] * 4
    nothing, taught = found["as now", "none"], found["as now", "teach"]
    assert (taught.ends(Count.MISSING) <= nothing.ends(Count.MISSING)).all()
    assert taught.mean(Count.MISSING) < nothing.mean(Count.MISSING)


def test_regret_is_nothing_for_the_best_and_never_negative() -> None:
    """In each scenario somebody is best; who is best everywhere has the least regret."""
    found = compare_scenarios(lacking(), (BASE, MORE), (NO_POLICY, TEACH), runs=RUNS, flows=LEAVING)
    regrets = found.regrets()
    assert {each.by for each in regrets if each.policy == "teach"} == {Fraction(0)}
    assert all(each.by > 0 for each in regrets if each.policy == "none")
    assert found.least_regret() == ("teach",)


def test_an_outlook_tells_how_sure_and_how_soon() -> None:
    """Nobody leaves: a third is covered from the second quarter on, in every run."""
    found = compare_scenarios(lacking(), (BASE,), (TEACH,), runs=RUNS)
    (outlook,) = found
    assert outlook.reached(33) == date(2027, 4, 1)
    assert outlook.reached(34) is None
    assert outlook.robustness(33) == 1
    assert outlook.robustness(34) == 0
    assert outlook.quantile(Count.MISSING, 50) == 4


def test_a_scenario_brings_its_own_flows() -> None:
    """Its flows count in the place of those given; of two composed the later one's."""
    gone = Scenario(name="gone", flows=Flows(attrition=(Attrition(chance=CERTAIN),)))
    found = compare_scenarios(lacking(), (BASE, gone), runs=RUNS, flows=Flows())
    assert found["as now", "none"].mean(Count.HEADS) == 3
    assert found["gone", "none"].mean(Count.HEADS) == 0
    assert BASE.then(gone).flows is gone.flows
    assert gone.then(BASE).flows is gone.flows


def test_the_widest_swing_comes_first() -> None:
    """With few leaving and many vacancies, hiring matters more than leaving; zero matters not."""
    flows = Flows(
        attrition=(Attrition(chance=1),), hiring=(Hiring(role=NURSE, chance=100_000, lead=2),)
    )
    swings = tornado(ward(3, seats=9), flows, runs=RUNS, count=Count.HEADS)
    assert swings[0].name == "hiring"
    assert swings[0].high > swings[0].low
    assert [each.width for each in swings] == sorted((each.width for each in swings), reverse=True)


def test_early_warnings_name_the_quarter_and_hold_small_groups_back() -> None:
    """Nothing is covered: five nurses are warned of from the first quarter, three are not told."""
    found = simulate(lacking(5), start=START, periods=2, replicas=10)
    assert [str(each) for each in early_warnings(found, 80)] == [
        "ward, nurse: under 80 % covered from 2027-Q1 in 10 of 10 runs"
    ]
    assert early_warnings(found, 0) == ()
    assert early_warnings(simulate(lacking(3), start=START, periods=2, replicas=10)) == ()
    assert period_name(date(2027, 2, 1), 3) == "2027-02-01"


def test_warnings_are_of_those_who_are_still_many() -> None:
    """Five of six leave for certain: on the day warned of one is left, and is not told of."""
    enterprise = lacking(6)
    leaves = [Leave(employee=e.id, on=date(2027, 4, 1)) for e in [*enterprise.employees][:5]]
    teach = Policy(
        name="teach",
        decide=lambda situation: Actions(
            learning=tuple(
                learning(e.id, chance=CERTAIN, until=date(2027, 4, 1), ready=START)
                for e in enterprise.employees
            )
        ),
    )
    one = simulate(Scenario(name="gone", changes=leaves).apply(enterprise), None, teach, **TWO)
    assert early_warnings(one, 60) == ()
    all_ = simulate(enterprise, None, teach, **TWO)
    assert [each.since for each in early_warnings(all_, 60)] == [date(2027, 4, 1)]


def test_an_outlook_tells_roles_warnings_and_how_many_are_concerned() -> None:
    """Roles add up to the whole, warnings are those of all runs, and one person is taught."""
    (found,) = compare_scenarios(lacking(9), (BASE,), (TEACH,), runs=RUNS, flows=LEAVING, enough=90)
    for each in (Count.HEADS, Count.MISSING):
        summed = sum(ends[each] for ends in found.roles.values())
        assert np.array_equal(summed, found.ends(each))
    whole = simulate(lacking(9), LEAVING, TEACH, start=START, periods=6, replicas=40, seed=1)
    parts = streamed(
        lacking(9), LEAVING, TEACH, start=START, periods=6, replicas=40, seed=1, block=7
    )
    assert found.watch.warnings() == early_warnings(whole, 90)
    assert reduce(add, (watched(part, 90) for part in parts)).warnings() == early_warnings(
        whole, 90
    )
    assert found.concerned == whole.concerned == {learning().employee}


def test_what_drives_the_variance_adds_up() -> None:
    """Shares of cells add up to one; where only leaving is by chance, it explains all heads."""
    found = simulate(lacking(9), LEAVING, start=START, periods=2, replicas=50, seed=1)
    assert sum(each.share for each in variance_by_cell(found, Count.HEADS)) == 1
    (left,) = variance_by_event(found, Count.HEADS)
    assert left.source is Count.LEFT
    assert 0 < left.share <= 1
    still = simulate(lacking(9), start=START, periods=2, replicas=5)
    assert variance_by_cell(still) == variance_by_event(still) == ()


def test_bad_input_84_a_simulation_of_few_prints_no_figures() -> None:
    """FAULTS 84: what is of fewer than five people is held back where it is printed."""
    few = str(simulate(ward(4), start=START, periods=1, replicas=5)).splitlines()[2]
    assert few.split()[1:] == [":"] * 5
    enough = str(simulate(ward(5), start=START, periods=1, replicas=5)).splitlines()[2]
    assert ":" not in enough


def test_bad_input_84_outlooks_of_few_print_no_figures() -> None:
    """FAULTS 84: neither of an enterprise of few, nor of what was decided about few."""
    shown = {
        people: [
            line.split()[-4:]
            for line in str(
                compare_scenarios(lacking(people), (BASE,), (NO_POLICY, TEACH), runs=RUNS)
            ).splitlines()[1:]
        ]
        for people in (4, 5)
    }
    assert shown[4] == [[":"] * 4] * 2
    assert shown[5][0][0] == "10.0"
    assert ":" not in shown[5][0]
    assert shown[5][1] == [":"] * 4


def test_warnings_hold_back_groups_smaller_than_asked() -> None:
    """Five nurses are warned of among five, not among six; nor are few of a tornado forgotten."""
    for least, warned in ((5, 1), (6, 0)):
        (found,) = compare_scenarios(lacking(5), (BASE,), runs=RUNS, least=least)
        assert len(found.watch.warnings()) == warned
    (swing,) = tornado(lacking(5), LEAVING, runs=RUNS)
    assert swing.extremes[0].attrition[0].chance * 4 == swing.extremes[1].attrition[0].chance
    assert swing.people < 5


def test_what_cannot_be_compared_is_refused() -> None:
    """Nothing to compare, two of one name, an outlook that is not there, per cents beyond."""
    with pytest.raises(Misuse, match="E506"):
        compare_scenarios(lacking(), (), runs=RUNS)
    with pytest.raises(Misuse, match="E505"):
        compare_scenarios(lacking(), (BASE, BASE), runs=RUNS)
    found = compare_scenarios(lacking(), (BASE,), runs=RUNS)
    with pytest.raises(Misuse, match="E503"):
        found["as now", "nobody"]
    with pytest.raises(Misuse, match="E571"):
        found["as now", "none"].quantile(Count.COST, 101)
    with pytest.raises(Misuse, match="E571"):
        early_warnings(simulate(ward(5), start=START, periods=1, replicas=2), 101)


def test_a_policy_of_plans_says_what_one_decision_may_cost() -> None:
    """The budget of its limits; none is said where later periods bring more."""
    for made in (plan_once, replan):
        assert made(Limits(budget=7)).budget == 7
        assert made(Limits(budget=7, periods=2, period_budgets=(3, 4))).budget is None
