"""Competence by competence, the runs are those of a simulation, and add up to it."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.test_policy_laws import LACKING, wards
from tests.test_interruption import _Waits
from tests.test_policies import SKILL, course, doing, lacking, learning
from tests.test_simulation import NURSE, START, WARD

from kompetanse_core.conformance import DAY
from kompetanse_core.errors import Interrupted, Misuse
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.competence import CompetenceId, Level
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.plan import Lift, Limits
from kompetanse_core.scenario import (
    Actions,
    Attrition,
    CompetenceCounts,
    Count,
    Flows,
    Hiring,
    Policy,
    Runs,
    Situation,
    count_competences,
    plan_once,
    replan,
    simulate,
)

STEPS = (Count.MET, Count.MISSING, Count.UNKNOWN)
RUNS = Runs(start=DAY, periods=4, replicas=3, seed=2)
LEAVING = Flows(attrition=(Attrition(chance=250_000),), success=600_000, passing=400_000)


def added_up(found: CompetenceCounts, count: Count) -> list[list[int]]:
    """All competences and the rest."""
    total: list[list[int]] = (found.counts[count].sum(axis=0) + found.rest[count]).tolist()
    return total


@given(LACKING)
def test_competences_add_up_to_the_simulation(enterprise: Enterprise) -> None:
    """Without policy exactly, with nothing left over, whoever leaves or is hired."""
    roles = {each.role for each in enterprise.seats}
    flows = evolve(LEAVING, hiring=tuple(Hiring(role=each, chance=900_000) for each in roles))
    found = count_competences(enterprise, flows, runs=RUNS)
    whole = simulate(enterprise, flows, start=DAY, periods=4, replicas=3, seed=2)
    for count in STEPS:
        assert not found.rest[count].any()
        assert added_up(found, count) == whole.of(count).tolist()


@given(LACKING)
def test_on_the_first_day_it_is_what_the_gaps_say(enterprise: Enterprise) -> None:
    """In each run, of each competence, as `find_gaps` counts it."""
    found = count_competences(enterprise, runs=RUNS)
    gaps = find_gaps(enterprise, on=DAY)
    for competence in found.competences:
        own = [gap for gap in gaps if gap.competence == competence]
        for count in STEPS:
            told = sum(getattr(gap, count.value) for gap in own)
            assert found.of(competence, count)[:, 0].tolist() == [told] * 3


@given(wards(), st.sampled_from((0, 900, 5_000)))
def test_what_is_learnt_is_learnt_of_its_competence(enterprise: Enterprise, budget: int) -> None:
    """Of training nothing is left over, who succeeds or passes it on, and somebody learns."""

    def trains(situation: Situation) -> Actions:
        decided = plan_once(Limits(budget=budget)).decide(situation)
        assert isinstance(decided, Actions)
        return evolve(decided, learning=tuple(each for each in decided.learning if each.lifts))

    policy = Policy(name="trains", decide=trains)
    found = count_competences(enterprise, LEAVING, policy, runs=RUNS)
    whole = simulate(enterprise, LEAVING, policy, start=DAY, periods=4, replicas=3, seed=2)
    for count in STEPS:
        assert not found.rest[count].any()
        assert added_up(found, count) == whole.of(count).tolist()


@given(wards(), st.sampled_from((plan_once, replan)))
def test_what_others_take_over_is_in_the_rest(
    enterprise: Enterprise, planning: Callable[[Limits], Policy]
) -> None:
    """With colleagues and people hired, planned once or each half year, all adds up with the rest.

    What they take over is met and not missing, whatever it is of.
    """
    policy = planning(Limits(budget=2_000))
    policy = evolve(policy, months=policy.months and 6)
    found = count_competences(enterprise, LEAVING, policy, runs=RUNS)
    whole = simulate(enterprise, LEAVING, policy, start=DAY, periods=4, replicas=3, seed=2)
    for count in STEPS:
        assert added_up(found, count) == whole.of(count).tolist()
    assert np.array_equal(found.rest[Count.MET], -found.rest[Count.MISSING])
    assert not found.rest[Count.UNKNOWN].any()


def test_what_is_passed_on_is_of_its_competence_d_8() -> None:
    """Colleagues learn of whoever has learnt the same: nothing of it is left over."""
    flows, once = Flows(passing=500_000), plan_once(Limits(budget=100))
    runs = evolve(RUNS, start=START, replicas=40)
    found = count_competences(course(), flows, once, runs=runs)
    assert set(found.of(SKILL, Count.MET)[:, -1].tolist()) == {2, 4, 6}
    assert not found.rest[Count.MET].any()


def test_steps_are_taken_by_each_lift_in_order() -> None:
    """Three steps of two lifts that are worth two each: two of the first, and one of the second."""
    other = CompetenceId("drugs")
    enterprise = lacking(1)
    (asked,) = (each for each in enterprise.requirements if each.of == NURSE)
    both = evolve(
        enterprise,
        competences=[*enterprise.competences, evolve(enterprise.competences[0], id=other)],
        requirements=[*enterprise.requirements, evolve(asked, competence=other, level=Level(2))],
        assessments=[
            *enterprise.assessments,
            *(evolve(each, competence=other) for each in enterprise.assessments),
        ],
    )
    lifts = [Lift(competence=each, held=Level(0), reach=Level(2)) for each in (SKILL, other)]
    lesson = evolve(learning(), steps=3, lifts=tuple(lifts))
    runs = evolve(RUNS, start=START)
    found = count_competences(both, None, doing(Actions(learning=(lesson,))), runs=runs)
    met = {each: found.of(each, Count.MET)[0].tolist() for each in found.competences}
    assert met == {SKILL: [0, 2, 2, 2], other: [0, 1, 1, 1]}


def counted(
    policy: Policy | None = None, *, unit: bool = False, competences: tuple[str, ...] | None = None
) -> CompetenceCounts:
    """A ward of three nurses for four quarters."""
    asked = None if competences is None else tuple(map(CompetenceId, competences))
    return count_competences(
        lacking(),
        LEAVING,
        policy or plan_once(Limits()),
        runs=evolve(RUNS, start=START, replicas=40),
        competences=asked,
        unit=WARD if unit else None,
        role=NURSE if unit else None,
    )


def test_quantiles_and_coverage_are_of_runs() -> None:
    """Numbers that some run really had; who meets nothing covers nothing."""
    found = counted()
    low, middle, high = found.quantiles(SKILL, Count.MISSING, (10, 50, 90))
    assert low[0] == high[0] == 6
    assert low[-1] < middle[-1] <= high[-1]
    missing = found.of(SKILL, Count.MISSING)
    assert np.array_equal(found.covered(SKILL, 80), missing == 0)
    assert (len(found), found.starts[1], found.policy) == (1, date(2027, 4, 1), "plan once")
    assert repr(found) == "<CompetenceCounts: 1 competences in 4 periods>"
    assert np.array_equal(counted(unit=True).counts[Count.MISSING][0], missing)
    with pytest.raises(ValueError, match="read-only"):
        missing[0, 0] = 1


def test_what_cannot_be_asked_is_refused() -> None:
    """A competence that nothing requires, a count that is none of steps, a per cent, too much."""
    found = counted()
    with pytest.raises(Misuse, match="E503"):
        counted(competences=("flying",))
    with pytest.raises(Misuse, match="E503"):
        found.of(CompetenceId("flying"), Count.MET)
    with pytest.raises(Misuse, match="E503"):
        found.of(SKILL, Count.HEADS)
    with pytest.raises(Misuse, match="E571"):
        found.quantiles(SKILL, Count.MET, (101,))
    with pytest.raises(Misuse, match="E509"):
        count_competences(lacking(), runs=evolve(RUNS, replicas=10_000_000))
    assert (counted(competences=()).rest[Count.MISSING][:, 0] == 6).all()


def test_it_tells_how_far_it_is_and_can_be_ended() -> None:
    """Progress by competences; interrupted, E574."""
    told: list[tuple[int, int]] = []
    count_competences(lacking(), runs=RUNS, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 1)]
    for questions in (1, 2):
        with pytest.raises(Interrupted, match="E574"):
            count_competences(lacking(), runs=RUNS, interrupted=_Waits(questions))
