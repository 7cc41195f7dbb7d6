"""Does CP-SAT keep the promises of the room?"""

from __future__ import annotations

import signal
import sys

import numpy as np
import pytest
from attrs import evolve

from kompetanse_core.errors import SolverFailed
from kompetanse_core.solver import OPEN, Draft, Engine, Problem, Progress, Status, solve


def crowded(things: int = 60, bags: int = 20) -> Problem:
    """Things for bags that together hold half of them: minutes of search."""
    drawn = np.random.default_rng(1)
    draft = Draft()
    draft.variables(things, upper=1)
    for _ in range(bags):
        draft.row(range(things), drawn.integers(1, 100, things).tolist(), at_most=25 * things)
    draft.most(range(things), drawn.integers(50, 100, things).tolist())
    return draft.problem()


def test_the_same_question_has_the_same_answer() -> None:
    """Cut by nodes, the answer stands and is always the same."""
    found, again = (solve(crowded(), engine=Engine.CP_SAT, nodes=50, seed=3) for _ in range(2))
    assert found.status is Status.CUT
    assert found.values is not None
    assert again.values is not None
    assert found.values.tolist() == again.values.tolist()
    assert found.bounds == again.bounds


def test_it_tells_of_each_better_value() -> None:
    """Values rise, none passes its bound, and the last one told is the answer."""
    told: list[Progress] = []
    found = solve(crowded(20, 5), engine=Engine.CP_SAT, progress=told.append)
    values = [now.value for now in told if now.value is not None]
    assert values == sorted(values)
    assert values[-1:] == list(found.objectives)
    assert all(now.bound is None or now.bound >= found.objectives[0] for now in told)


def test_fault_f26_it_is_interrupted_with_the_best_so_far() -> None:
    """Once the caller says stop, the best answer so far comes back, marked so."""
    asked = iter(range(10))
    found = solve(crowded(), engine=Engine.CP_SAT, interrupted=lambda: next(asked, None) is None)
    assert found.status is Status.INTERRUPTED
    assert found.values is not None


def test_what_a_listener_raises_reaches_the_caller() -> None:
    """An exception in a callback stops the search and is raised where `solve` was called."""
    with pytest.raises(ZeroDivisionError):
        solve(crowded(), engine=Engine.CP_SAT, progress=lambda _: [None][1 // 0])
    with pytest.raises(ZeroDivisionError):
        solve(crowded(), engine=Engine.CP_SAT, interrupted=lambda: 1 // 0 > 0)


def test_fault_f26_no_signal_is_lost_in_the_search() -> None:
    """What a signal raises in mid-search stops the search and reaches the caller."""

    def ring(*_told: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            solve(crowded(), engine=Engine.CP_SAT, time_limit=30)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_limit_is_kept_to_the_unit() -> None:
    """What may be reached is reached, on either side."""
    draft = Draft()
    draft.variables(3, upper=4)
    draft.row(range(3), [2, 3, 4], at_least=11, at_most=17)
    for add, reached in ((draft.least, 11), (draft.most, 17)):
        add(range(3), [2, 3, 4])
        problem = evolve(draft.problem(), objectives=draft.problem().objectives[-1:])
        assert solve(problem, engine=Engine.CP_SAT).objectives == (reached,)


def test_no_time_is_a_cut() -> None:
    """Little time gives a sound answer or none, never a failure."""
    assert solve(crowded(), engine=Engine.CP_SAT, time_limit=0.2).status is Status.CUT


def test_what_it_cannot_reckon_with_is_refused() -> None:
    """A variable without an end, and a sum beyond 64 bits: E903."""
    draft = Draft()
    draft.variables(2, upper=OPEN)
    draft.row(range(2), [1, 1], at_least=3)
    draft.least(range(2), [1, 2])
    with pytest.raises(SolverFailed, match="E903 a variable has no end"):
        solve(draft.problem(), engine=Engine.CP_SAT)
    draft = Draft()
    draft.variables(2, upper=2**50)
    draft.row(range(2), [2**40, 2**40], at_least=2**41)
    draft.least(range(2), [1, 2])
    with pytest.raises(SolverFailed, match="E903"):
        solve(draft.problem(), engine=Engine.CP_SAT)


def test_bad_input_79_without_or_tools_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """E901 names the extra to install."""
    monkeypatch.setitem(sys.modules, "ortools.sat.python.cp_model", None)
    with pytest.raises(SolverFailed, match="E901") as refused:
        solve(crowded(20, 5), engine=Engine.CP_SAT)
    assert "kompetanse[ortools]" in str(refused.value.hint)
