"""Whoever waits may end a simulation: what has been played by then is the beginning of it all."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from attrs import evolve
from tests.test_policies import course, lacking
from tests.test_simulation import NURSE, START, WARD, ward

from kompetanse_core.errors import Interrupted, Misuse
from kompetanse_core.model.text import Language
from kompetanse_core.plan import Limits, make_plan
from kompetanse_core.report import make_outlook_report
from kompetanse_core.scenario import (
    NO_POLICY,
    Actions,
    Attrition,
    Bill,
    ChangeSeats,
    Count,
    Flows,
    Outlooks,
    Policy,
    Runs,
    Scenario,
    Simulation,
    Situation,
    compare_scenarios,
    plan_once,
    replan,
    simulate,
    streamed,
    tornado,
)

NOTHING = Actions()
LEAVING = Flows(attrition=(Attrition(chance=200_000),))
RUNS = Runs(start=START, periods=4, replicas=6, seed=1)


class _Waits:
    """Says yes from a question on; `fickle` takes it back at once."""

    def __init__(self, questions: int, *, fickle: bool = False) -> None:
        self.left, self.fickle = questions, fickle

    def __call__(self) -> bool:
        self.left -= 1
        return self.left == 0 if self.fickle else self.left <= 0


def pays(situation: Situation) -> Actions:
    """Pay seven kroner."""
    return Actions(bills=(Bill(unit=WARD, role=NURSE, on=situation.on, cost=7),))


AGAIN = Policy(name="pays", decide=pays, months=6)


def run(
    policy: Policy, interrupted: Callable[[], bool] | None = None, *, replicas: int = 5
) -> Simulation:
    """Three acts of two quarters in blocks of two."""
    return simulate(
        ward(),
        LEAVING,
        policy,
        start=START,
        periods=6,
        replicas=replicas,
        seed=1,
        block=2,
        interrupted=interrupted,
    )


@pytest.mark.parametrize("fickle", [False, True])
def test_fault_f26_whenever_it_is_interrupted_the_beginning_is_kept(*, fickle: bool) -> None:
    """F26: after any block of any act: all runs to the last decision, or the runs that are whole.

    In the first act no decision lies behind, so the runs are kept that have come further. A yes
    counts even if it is taken back.
    """
    whole, found = run(AGAIN), []
    for questions in range(1, 9):
        waits = _Waits(questions, fickle=fickle)
        part = run(AGAIN, waits)
        assert waits.left == 0
        runs, periods = len(part), len(part.starts)
        found.append((runs, periods))
        assert part.cut
        assert part.starts == whole.starts[:periods]
        for each in Count:
            assert np.array_equal(part.counts[each], whole.counts[each][:runs, :periods])
    assert found == [(2, 2), (4, 2), (5, 2), (5, 2), (5, 2), (5, 4), (2, 6), (4, 6)]
    rest = run(AGAIN, _Waits(9))
    assert (len(rest), len(rest.starts), rest.cut) == (5, 6, False)


def test_a_decision_after_an_interruption_is_not_done() -> None:
    """A policy that asks and hears yes has decided nothing: the runs end where it was asked."""
    heard: list[bool] = []

    def decide(situation: Situation) -> Actions:
        heard.append(situation.interrupted())
        return pays(situation)

    part = run(evolve(AGAIN, decide=decide), _Waits(5))
    assert heard == [False, True]
    assert (len(part), len(part.starts), part.cut) == (5, 2, True)
    assert part.of(Count.COST)[:, 0].tolist() == [7] * 5
    assert not part.marked.any()


def test_what_was_decided_and_not_played_is_not_told() -> None:
    """A policy that fails in the act that is cut has marked no run of those that are kept."""

    def decide(situation: Situation) -> Actions:
        return NOTHING if situation.on == START else NOTHING[situation.on]  # type: ignore[index]  # the fault

    part = run(evolve(AGAIN, decide=decide), _Waits(4))
    assert (len(part.starts), part.findings) == (2, ())
    assert not part.marked.any()
    assert run(evolve(AGAIN, decide=decide)).marked.all()


def test_before_the_first_period_there_is_nothing_to_give() -> None:
    """E574, exit code 130: a plan that is interrupted is not played as if it were the best."""
    for policy in (plan_once(Limits(budget=100)), replan(Limits(budget=100))):
        with pytest.raises(Interrupted, match="E574") as caught:
            simulate(course(), None, policy, start=START, periods=2, interrupted=_Waits(1))
        assert caught.value.exit_code == 130


def test_planning_again_ends_between_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once somebody does not want to wait, the plans of the runs that are left are not made."""
    made: list[date] = []

    def planned(*given: object, **terms: object) -> object:
        made.append(START)
        return make_plan(*given, **terms)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr("kompetanse_core.scenario.planning.make_plan", planned)
    policy = replan(Limits(budget=0), months=6)
    whole = simulate(lacking(), LEAVING, policy, start=START, periods=4, replicas=8, seed=1)
    all_, made[:] = len(made), []
    part = simulate(
        lacking(),
        LEAVING,
        policy,
        start=START,
        periods=4,
        replicas=8,
        seed=1,
        interrupted=lambda: len(made) >= 2,
    )
    assert all_ > 3
    assert len(made) == 2
    assert (len(part), len(part.starts), part.cut, whole.cut) == (8, 2, True, False)


def test_progress_is_told_within_every_act() -> None:
    """After each block: how many periods of runs are played, up to all of them."""
    told: list[tuple[int, int]] = []
    simulate(
        ward(),
        LEAVING,
        AGAIN,
        start=START,
        periods=6,
        replicas=5,
        block=2,
        progress=lambda done, of: told.append((done, of)),
    )
    assert [of for _, of in told] == [30] * 9
    assert [done for done, _ in told] == [4, 8, 10, 14, 18, 20, 24, 28, 30]


def test_planning_again_tells_how_many_plans_are_made() -> None:
    """At first one for all runs; later one for each way in which runs have gone."""
    told: list[tuple[int, int]] = []
    policy = replan(Limits(budget=0), months=6, progress=lambda done, of: told.append((done, of)))
    simulate(lacking(), LEAVING, policy, start=START, periods=4, replicas=8, seed=1)
    (first, *others), kinds = told, told[-1][1]
    assert first == (1, 1)
    assert 1 < kinds <= 8
    assert others == [(done, kinds) for done in range(1, kinds + 1)]


def test_blocks_that_are_streamed_say_that_they_are_cut() -> None:
    """Taken one by one, blocks of fewer periods are marked; whole ones are not."""

    def parts(questions: int) -> list[tuple[int, int, bool]]:
        found = streamed(
            ward(),
            None,
            AGAIN,
            start=START,
            periods=6,
            replicas=5,
            block=2,
            interrupted=_Waits(questions),
        )
        return [(each.first, len(each.starts), each.cut) for each in found]

    assert parts(4) == [(0, 2, True), (2, 2, True), (4, 2, True)]
    assert parts(8) == [(0, 6, False), (2, 6, False)]


def test_more_runs_than_can_be_held_are_refused() -> None:
    """E509 before any is played, where all are shown to a policy at once; else they stream."""

    def first(policy: Policy) -> Simulation:
        runs = streamed(ward(), None, policy, start=START, periods=6, replicas=10_000_000, block=2)
        return next(runs)

    with pytest.raises(Misuse, match="E509"):
        first(AGAIN)
    assert len(first(NO_POLICY)) == 2


# --- comparing ------------------------------------------------------------------------------------

BASE = Scenario(name="as now")
MORE = Scenario(
    name="more seats", changes=[ChangeSeats(unit=WARD, role=NURSE, share=40_000, on=START)]
)
THIRD = evolve(BASE, name="third")


def compared(questions: int) -> Outlooks:
    """Three scenarios with two policies, each of two quarters twice, until somebody says stop."""
    return compare_scenarios(
        lacking(9, seats=9),
        (BASE, MORE, THIRD),
        (NO_POLICY, AGAIN),
        runs=RUNS,
        interrupted=_Waits(questions),
    )


def test_what_is_compared_is_whole_and_what_is_missing_is_named() -> None:
    """Scenarios that are done with every policy are as ever; the others are named as cut."""
    whole = compared(99)
    assert whole.cut == ()
    with pytest.raises(Interrupted, match="E574"):
        compared(1)
    part = compared(2)
    assert (part.scenarios, part.cut) == (("as now",), ("more seats", "third"))
    assert repr(part) == "<Outlooks: 1 scenarios, 2 policies, 2 scenarios cut>"
    for one, other in zip(part, whole, strict=False):
        assert all(np.array_equal(one.counts[each], other.counts[each]) for each in Count)
    assert part.regrets() == whole.regrets()[:2]
    assert [(len(each), each.cut) for each in (compared(3), compared(4))] == [
        (2, ("more seats", "third")),
        (4, ("third",)),
    ]


def test_a_scenario_that_is_still_planned_for_is_cut() -> None:
    """Interrupted before its first period is played, a scenario is missing as any other."""

    def decide(situation: Situation) -> Actions:
        situation.interrupted()
        return NOTHING

    asks, waits = Policy(name="asks", decide=decide), _Waits(3)
    found = compare_scenarios(course(), (BASE, MORE), (asks,), runs=RUNS, interrupted=waits)
    assert (found.scenarios, found.cut) == (("as now",), ("more seats",))


def test_a_report_says_what_was_not_finished() -> None:
    """The two parties read which scenarios are missing."""
    report = make_outlook_report(compared(2), language=Language.EN)
    (section,) = [each for each in report.sections if each.id == "metode"]
    assert "more seats and third" in str(section.blocks[0])
    whole = make_outlook_report(compared(99), language=Language.EN)
    assert "interrupted" not in str(whole)
    assert "avbrutt" in str(make_outlook_report(compared(2)))


def test_what_matters_most_is_not_told_by_half() -> None:
    """E574: an order of some assumptions would name the wrong one first."""
    flows = evolve(LEAVING, success=900_000)
    assert len(tornado(lacking(9), flows, runs=RUNS)) == 2
    for questions in (1, 2, 3):
        with pytest.raises(Interrupted, match="E574"):
            tornado(lacking(9), flows, AGAIN, runs=RUNS, interrupted=_Waits(questions))
