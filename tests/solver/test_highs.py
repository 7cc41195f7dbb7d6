"""Is HiGHS asked exactly, answered silently, and its bound rounded to the safe side?"""

from __future__ import annotations

import math
import signal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.errors import SolverFailed
from kompetanse_core.solver import OPEN, Draft, Kind, Problem, highs, solve
from kompetanse_core.solver.asking import GOAL_SHIFT, Care, Ending, Goal, Terms, Watch, make_goal
from kompetanse_core.solver.highs import Warm, ask


def goal(step: int = 1, constant: int = 0, shift: int = 0) -> Goal:
    """A goal whose terms do not matter."""
    return Goal(factor=np.zeros(1, dtype=np.int64), step=step, constant=constant, shift=shift)


@given(st.integers(-(2**40), 2**40), st.integers(0, GOAL_SHIFT), st.floats(-1e-6, 1e-6))
def test_a_bound_is_rounded_to_the_safe_side(true: int, shift: int, error: float) -> None:
    """Seen with any error that HiGHS tolerates, a whole bound is neither passed nor lost."""
    seen = true / 2.0**shift + error
    assert goal(shift=shift).bound(seen) == true
    assert goal(step=-7, constant=3, shift=shift).bound(seen) == 3 - 7 * true


@given(st.floats(-(2.0**60), 2.0**60), st.integers(0, GOAL_SHIFT))
def test_a_bound_never_passes_what_the_solver_saw_by_a_unit(seen: float, shift: int) -> None:
    """Rounding up to the next whole number is all that is ever added."""
    bound = goal(shift=shift).bound(seen)
    assert bound is not None
    assert bound < seen * 2.0**shift + 1


@pytest.mark.parametrize("seen", [math.inf, -math.inf, math.nan])
def test_no_bound_is_no_bound(seen: float) -> None:
    """What is not finite bounds nothing and is worth nothing."""
    assert goal().bound(seen) is None
    assert goal().value(seen) is None


def test_a_goal_is_freed_of_divisor_sense_and_what_is_fixed() -> None:
    """The solver always seeks the least, in the smallest whole numbers."""
    draft = Draft()
    draft.variables(2, upper=4)
    draft.variables(1, lower=3, upper=3)
    draft.most(range(3), [6, -9, 5], offset=1)
    problem = draft.problem()
    found = make_goal(problem, problem.objectives[0])
    assert found.factor.tolist() == [-2, 3, 0]
    assert (found.step, found.constant, found.shift) == (-3, 16, 0)
    assert found.in_full(-8) == 40


def wide_open() -> Problem:
    """Implied variables only: HiGHS sees a linear program and runs no search."""
    draft = Draft()
    draft.variables(2, upper=3, kind=Kind.IMPLIED)
    draft.row([0, 1], [1, -2], at_most=0)
    draft.row([0, 1], [-1, 1], at_most=2)
    draft.least([0, 1], [0, -1])
    return draft.problem()


def test_an_interrupted_linear_program_bounds_nothing() -> None:
    """Half-way, the objective of a linear program is no bound (found by Hypothesis)."""
    problem = wide_open()
    watch = Watch(stop=lambda: True)
    answer = ask(
        problem,
        make_goal(problem, problem.objectives[0]),
        Terms(),
        care=Care.USUAL,
        start=None,
        watch=watch,
    )
    assert answer.ending in {Ending.INTERRUPTED, Ending.DONE}
    assert answer.bound == -math.inf or answer.ending is Ending.DONE


def test_a_linear_program_tells_of_no_search() -> None:
    """Where HiGHS runs no search there is no news to tell of."""
    news: list[tuple[float, float, int]] = []
    problem = wide_open()
    watch = Watch(tell=lambda *told: news.append(told))
    goal = make_goal(problem, problem.objectives[0])
    ask(problem, goal, Terms(), care=Care.USUAL, start=None, watch=watch)
    assert news == []


def crowded() -> Problem:
    """Sixty things for twenty bags that together hold half of them: minutes of search."""
    drawn = np.random.default_rng(1)
    draft = Draft()
    draft.variables(60, upper=1)
    for _ in range(20):
        draft.row(range(60), drawn.integers(1, 100, 60).tolist(), at_most=1500)
    draft.most(range(60), drawn.integers(50, 100, 60).tolist())
    return draft.problem()


@pytest.mark.parametrize("moment", [0.1, 0.125, 0.15, 0.175, 0.2])
def test_fault_f26_no_signal_is_lost_in_the_solver(moment: float) -> None:
    """What a signal raises in mid-search stops the search and reaches the caller."""

    def ring(*_told: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, moment)
        with pytest.raises(KeyboardInterrupt):
            solve(crowded(), time_limit=30)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_large_rows_are_scaled_without_error() -> None:
    """Rows of 10^15 keep their exact meaning: one unit decides."""
    for limit, expected in ((10**15, 1), (10**15 - 1, 0)):
        draft = Draft()
        x, y = draft.variables(2)
        draft.row([x, y], [10**15, 1], at_most=limit)
        draft.most([x], [1])
        assert solve(draft.problem()).objectives == (expected,)


def test_a_common_divisor_rounds_the_limits_inwards() -> None:
    """3x between 4 and 8 leaves 2 only, before any float is involved."""
    draft = Draft()
    draft.variables(2, upper=9)
    draft.row([0, 1], [3, 3], at_least=4, at_most=8)
    draft.least([0, 1], [1, 1])
    draft.most([0, 1], [1, 1])
    assert solve(draft.problem()).objectives == (2, 2)


def test_open_ends_reach_the_solver_as_infinity() -> None:
    """A variable open below is held by its row alone."""
    draft = Draft()
    draft.variables(1, lower=-OPEN, upper=OPEN)
    draft.row([0], [7], at_least=-50)
    draft.least([0], [1])
    assert solve(draft.problem()).objectives == (-7,)


def test_the_solver_is_silent(capfd: pytest.CaptureFixture[str]) -> None:
    """Not a line, not a banner, on either stream."""
    test_a_common_divisor_rounds_the_limits_inwards()
    assert capfd.readouterr() == ("", "")


def test_an_unknown_status_is_a_failure() -> None:
    """A status that the room does not know is an error (E902), never an answer."""

    class Odd:
        """A solver that has lost its way."""

        name = "kSolveError"

        def getModelStatus(self) -> Odd:  # noqa: N802  the name is the library's
            """Return the status."""
            return self

    with pytest.raises(SolverFailed, match="kSolveError"):
        highs._ending(Odd())


def test_a_problem_kept_warm_answers_each_question_anew() -> None:
    """Prices and limits may change between questions; where nothing fits, None is given."""
    draft = Draft()
    draft.variables(2, upper=OPEN)
    draft.row([0, 1], [1, 1], at_least=6, at_most=6)
    solver = Warm(draft.problem())
    none, four, ten = np.zeros(2), np.full(2, 4.0), np.full(2, 10.0)
    first = solver.least(np.array([1.0, 2.0]), none, ten)
    second = solver.least(np.array([2.0, 1.0]), none, four)
    assert first is not None
    assert second is not None
    assert [first.tolist(), second.tolist()] == [[6, 0], [2, 4]]
    assert solver.least(none, none, np.full(2, 2.0)) is None
