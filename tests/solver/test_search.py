"""Does `solve` find, prove, stop and refuse as it says?"""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from kompetanse_core.errors import Misuse, SolverFailed
from kompetanse_core.solver import (
    OPEN,
    Draft,
    Engine,
    Kind,
    Problem,
    Progress,
    Status,
    highs,
    solve,
)
from kompetanse_core.solver.asking import Answer, Ending
from kompetanse_core.solver.exact import keeps_limits


def knapsack(size: int = 40) -> Problem:
    """A packing problem that takes a search: worth and weight are nearly in step."""
    draft = Draft()
    weights = np.array([(37 * k * k + 11 * k) % 97 + 20 for k in range(size)], dtype=np.int64)
    for turn in range(5):
        draft.row(draft_variables(draft, size), np.roll(weights, turn), at_most=10 * size)
    draft.most(range(size), weights + np.arange(size) % 3)
    return draft.problem()


def draft_variables(draft: Draft, size: int) -> range:
    """The first `size` variables, added when they are first asked for."""
    if not draft.problem().variables:
        draft.variables(size)
    return range(size)


def test_objectives_are_taken_in_order() -> None:
    """A later objective only chooses among what is best on the earlier ones."""
    draft = Draft()
    x, y, z = draft.variables(3, upper=9)
    draft.row([x, y, z], [1, 1, 1], at_least=4)
    draft.least([x, y, z], [1, 1, 2])
    draft.most([y], [1])
    draft.least([x, y, z], [7, 7, 1], offset=3)
    found = solve(draft.problem())
    assert found.values is not None
    assert (found.values.tolist(), found.objectives) == ([0, 4, 0], (4, 4, 31))
    assert found.bounds == found.objectives
    assert found.proven


def test_a_gap_that_was_asked_for_is_kept_and_told() -> None:
    """With a gap the search may stop early; value and bound are then that near."""
    exact, near = solve(knapsack()), solve(knapsack(), gap=50_000)
    assert exact.gap == 0
    assert near.gap is not None
    assert near.gap * 1_000_000 <= 50_000
    assert near.objectives <= exact.objectives
    assert near.bounds[0] is not None
    assert near.bounds[0] >= exact.objectives[0]


def test_a_search_cut_by_nodes_says_so() -> None:
    """With too few nodes for a proof the answer stands, marked as cut, and always the same."""
    found, again = (solve(knapsack(60), nodes=1) for _ in range(2))
    assert found.status is Status.CUT
    assert not found.proven
    assert found.values is not None
    assert again.values is not None
    assert keeps_limits(knapsack(60), found.values)
    assert found.values.tolist() == again.values.tolist()


def test_a_search_is_interrupted_with_the_best_so_far() -> None:
    """Once the caller says stop, the best answer so far comes back, marked so."""
    calls = itertools.count()
    found = solve(knapsack(60), interrupted=lambda: next(calls) >= 3)
    assert found.status is Status.INTERRUPTED
    assert found.values is not None
    assert next(calls) < 1000


@pytest.mark.parametrize("calls", range(3))
def test_what_a_listener_raises_reaches_the_caller(calls: int) -> None:
    """An exception in a callback stops the search and is raised where `solve` was called."""
    with pytest.raises(ZeroDivisionError):
        solve(knapsack(), interrupted=fails_after(calls))
    fails = fails_after(calls)
    with pytest.raises(ZeroDivisionError):
        solve(knapsack(60), progress=lambda _: [None][fails()])


def fails_after(calls: int) -> Callable[[], bool]:
    """A listener that is patient for some calls and then raises."""
    left = iter(range(calls))

    def listener() -> bool:
        if next(left, None) is None:
            raise ZeroDivisionError
        return False

    return listener


def test_progress_is_told_in_whole_numbers() -> None:
    """The listener hears value and bound of each part as they come nearer."""
    heard: list[Progress] = []
    found = solve(knapsack(60), progress=heard.append, nodes=2000)
    assert heard
    values = [each.value for each in heard if each.value is not None]
    assert values == sorted(values)
    assert values[-1] <= found.objectives[0]
    assert {(each.part, each.parts, each.objective) for each in heard} == {(0, 1, 0)}
    bounds = [each.bound for each in heard if each.bound is not None]
    assert all(bound >= found.objectives[0] for bound in bounds)


def test_parts_that_nothing_links_are_solved_apart() -> None:
    """Two knapsacks side by side are heard of as two parts; loose variables make a third."""
    heard: list[Progress] = []
    draft = Draft()
    for _ in range(2):
        chosen = draft.variables(40)
        draft.row(chosen, [(37 * k) % 101 + 20 for k in range(40)], at_most=777)
    loose = draft.variables(2, lower=-3, upper=8)
    draft.most(range(80), [(37 * k) % 101 + 21 for k in range(40)] * 2)
    draft.most(loose, [1, -1], offset=-1)
    found = solve(draft.problem(), progress=heard.append)
    assert {(each.part, each.parts) for each in heard} <= {(0, 3), (1, 3)}
    assert found.values is not None
    assert found.values[80:].tolist() == [8, -3]
    assert found.objectives[1] == 10
    assert found.proven


@pytest.mark.parametrize("rows", [0, 1])
def test_bettering_for_ever_is_unbounded(rows: int) -> None:
    """An objective without end is told apart from a problem without an answer."""
    draft = Draft()
    x, y = draft.variables(2, upper=OPEN)
    if rows:
        draft.row([x, y], [1, -1], at_most=0)
    draft.most([x, y], [1, 1])
    assert solve(draft.problem()).status is Status.UNBOUNDED
    draft.row([y, x], [2, 4], at_least=1, at_most=1)
    assert solve(draft.problem()).status is Status.INFEASIBLE


@pytest.mark.parametrize(("low", "high"), [(1, OPEN), (-OPEN, -1), (1, 0)])
def test_a_row_without_variables_can_rule_everything_out(low: int, high: int) -> None:
    """Nothing adds up to nothing: such a row holds for all answers or for none."""
    draft = Draft()
    draft.variables(1)
    draft.row([], [], at_least=low, at_most=high)
    assert solve(draft.problem()).status is Status.INFEASIBLE


def test_a_variable_without_room_rules_everything_out() -> None:
    """A lower limit above the upper one leaves no answer."""
    draft = Draft()
    draft.variables(1, lower=2, upper=1)
    assert solve(draft.problem()).status is Status.INFEASIBLE


def test_nothing_to_choose_is_done_at_once() -> None:
    """No variables: the offset is the value, and that is proven."""
    draft = Draft()
    draft.least([], [], offset=5)
    found = solve(draft.problem())
    assert (found.status, found.objectives, found.bounds) == (Status.OPTIMAL, (5,), (5,))


def test_without_objective_any_answer_is_optimal() -> None:
    """Without an objective a problem asks only whether it can be done."""
    draft = Draft()
    draft.variables(2)
    draft.row([0, 1], [1, 1], at_least=2)
    found = solve(draft.problem())
    assert found.values is not None
    assert (found.status, found.values.tolist()) == (Status.OPTIMAL, [1, 1])
    assert found.gap is None


def test_a_wrong_promise_costs_time_not_truth() -> None:
    """A variable that is not whole by itself gets a whole answer all the same."""
    draft = Draft()
    x, y = draft.variables(2, upper=9, kind=Kind.IMPLIED)
    draft.row([x, y], [2, 2], at_most=7)
    draft.row([x, y], [3, -3], at_least=-4, at_most=4)
    draft.most([x, y], [1, 1])
    found = solve(draft.problem())
    assert (found.status, found.objectives) == (Status.OPTIMAL, (3,))


def test_a_start_that_breaks_a_limit_is_left_out() -> None:
    """A plan that no longer fits does no harm; one that fits is kept until bettered."""
    problem = knapsack()
    assert solve(problem, start=[1] * 40).objectives == solve(problem).objectives
    best = solve(problem)
    assert best.values is not None
    cut = solve(problem, start=best.values, time_limit=0)
    assert (cut.status, cut.objectives) == (Status.CUT, best.objectives)


@pytest.mark.parametrize(
    "terms",
    [{"seed": -1}, {"gap": -1}, {"nodes": -1}, {"time_limit": -1.0}, {"time_limit": float("nan")}],
)
def test_bad_input_terms_below_zero_are_refused(terms: dict[str, Any]) -> None:
    """Terms that cannot be are misuse (E905)."""
    with pytest.raises(Misuse, match="E905"):
        solve(knapsack(), **terms)


def test_bad_input_a_start_of_another_length_is_refused() -> None:
    """A start has one value for each variable (E905)."""
    with pytest.raises(Misuse, match="E905"):
        solve(knapsack(), start=[0])


def test_gap_is_in_full_where_the_value_is_zero() -> None:
    """A share of nothing says nothing: the gap is then the distance itself."""
    draft = Draft()
    draft.variables(1)
    draft.row([0], [1])
    draft.least([0], [1])
    found = solve(draft.problem())
    assert evolve(found, bounds=(-3,)).gap == 3
    assert evolve(found, objectives=(12,), bounds=(9,)).gap == pytest.approx(0.25)
    assert evolve(found, bounds=(None,)).gap is None


def test_the_seed_reaches_the_solver() -> None:
    """Another seed is another search: not all of them open equally many nodes."""
    assert len({solve(knapsack(60), seed=seed).nodes for seed in range(4)}) > 1


def test_stopped_before_it_begins_the_solver_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without time, or with a caller who says stop at once, nothing is started."""
    monkeypatch.delattr(highs, "ask")
    assert solve(two_of_three(), time_limit=0).status is Status.CUT
    assert solve(two_of_three(), interrupted=lambda: True).status is Status.INTERRUPTED


def lie(values: list[float], bound: float) -> Answer:
    """An answer that a faulty solver might give."""
    return Answer(ending=Ending.DONE, values=np.array(values), bound=bound, nodes=0)


def two_of_three() -> Problem:
    """At least two of three, at least cost, with a factor that gives greedy no start."""
    draft = Draft()
    draft.variables(3)
    draft.row(range(3), [1, 1, 1], at_least=2)
    draft.row(range(3), [1, 1, -1], at_most=2)
    draft.least(range(3), [1, 1, 1])
    return draft.problem()


def test_an_answer_that_breaks_a_limit_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the solver insists on an answer that fails the exact check, it has failed (E902)."""
    monkeypatch.setattr(highs, "ask", lambda *_, **__: lie([1.0, 0.0, 0.0], 1.0))
    with pytest.raises(SolverFailed, match="E902"):
        solve(two_of_three())


def test_a_known_answer_survives_a_faulty_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a start in hand a broken answer is dropped, and nothing is called proven."""
    monkeypatch.setattr(highs, "ask", lambda *_, **__: lie([1.0, 0.0, 0.0], 1.0))
    found = solve(two_of_three(), start=[1, 1, 1])
    assert (found.status, found.objectives) == (Status.FEASIBLE, (3,))


def test_a_bound_that_an_answer_refutes_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound better than the checked value is no bound, and no proof."""
    monkeypatch.setattr(highs, "ask", lambda *_, **__: lie([1.0, 1.0, 0.0], 3.0))
    found = solve(two_of_three())
    assert (found.status, found.objectives, found.bounds) == (Status.FEASIBLE, (2,), (None,))


def test_the_solvers_own_value_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A floating bound a hair below the value still proves it; one unit below does not."""
    monkeypatch.setattr(highs, "ask", lambda *_, **__: lie([1.0, 1.0, 1e-9], 2.0 - 1e-7))
    assert solve(two_of_three()).proven
    monkeypatch.setattr(highs, "ask", lambda *_, **__: lie([1.0, 1.0, 0.0], 1.0))
    assert solve(two_of_three()).bounds == (1,)
    assert solve(two_of_three()).status is Status.FEASIBLE


def test_the_room_opens_without_the_solver() -> None:
    """Importing the room imports no solver, and a missing one is a clear error (E901)."""
    script = """
import sys
from kompetanse_core import solver
assert not [name for name in sys.modules if name.startswith("highspy")]
sys.modules["highspy._core"] = None
draft = solver.Draft()
draft.variables(2)
draft.row([0, 1], [1, -1], at_least=0)
try:
    solver.solve(draft.problem())
except Exception as error:
    print(type(error).__name__, error.code, error.hint)
"""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, encoding="utf-8"
    )
    assert run.stdout.split()[:2] == ["SolverFailed", "E901"]
    assert "highspy" in run.stdout


def test_a_start_that_the_solver_takes_apart_is_searched_anew() -> None:
    """Where HiGHS leaves out dominated choices, and with them parts of the start, all is proven.

    What it took for an answer was worth 6, and pruned every true one.
    """
    costs = [6, 2, 6, 6, 6, 2, 9, 3, 2, 7, 2, 6, 6, 6, 3, 9, 3, 2]
    covers = (
        (0, 2, 6, 9, 11),
        (0, 1, 2, 3, 7, 9, 12, 16),
        (1, 4, 6, 15),
        (3, 4, 5, 6, 8, 14, 17),
        (0, 1, 2, 4, 8, 9, 10, 11, 13, 17),
        (1, 2, 3, 4, 6, 8, 11, 12, 15, 17),
    )
    draft = Draft()
    chosen = draft.variables(len(costs))
    for row in covers:
        draft.row(row, [1] * len(row), at_least=1)
    draft.least(chosen, [3 * cost for cost in costs])
    found, again = solve(draft.problem()), solve(draft.problem(), engine=Engine.CP_SAT)
    assert found.proven
    assert found.objectives == again.objectives


def test_what_no_row_has_room_for_is_solved_apart() -> None:
    """Two teams, where nobody has room for a job of the other team, are two parts."""
    draft = Draft()
    given = np.array(draft.variables(6 * 24)).reshape(6, 24)
    costs = np.array([[(7 * a + 11 * j + a * j) % 23 + 5 for j in range(24)] for a in range(6)])
    own = (np.arange(6)[:, None] < 3) == (np.arange(24) < 12)
    for job in given.T:
        draft.row(job, [1] * 6, at_least=1, at_most=1)
    for agent, uses in zip(given, np.where(own, costs[:, ::-1], 61), strict=True):
        draft.row(agent, uses, at_most=60)
    draft.least(given.ravel(), costs.ravel())
    parts = []
    found = solve(draft.problem(), progress=lambda told: parts.append(told.parts))
    linked_and_the_rest = 2 + 1
    assert found.proven
    assert set(parts) == {linked_and_the_rest}
