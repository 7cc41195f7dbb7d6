"""A crowd of small parts: the bound of the prices, and an answer that keeps every limit."""

from __future__ import annotations

import random
import time
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompetanse_core.errors import Misuse, SolverFailed
from kompetanse_core.solver import (
    OPEN,
    Crowded,
    Draft,
    Problem,
    Sense,
    Solution,
    Status,
    crowd,
    keeps_limits,
    solve,
    solve_crowd,
)
from kompetanse_core.solver.exact import objective_values

COURSE = st.tuples(st.integers(1, 9), st.integers(0, 6), st.integers(1, 4))
People = list[list[tuple[int, int, int]]]


def drafted(people: People, budget: int, seats: int) -> Problem:
    """Let each person choose courses for money and hours; the first one of each is in a session.

    Whoever has two courses needs the first for the second. One seat may stay vacant or be filled.
    """
    draft = Draft()
    (sessions,) = draft.variables(1, upper=seats)
    (hire,) = draft.variables(1)
    (vacant,) = draft.variables(1, upper=10_000)
    draft.row([hire, vacant], [10_000, 1], at_least=10_000)
    paid, sat, worth = [(sessions, 2), (hire, 3)], [(sessions, -2)], [(vacant, 1)]
    for courses in people:
        own = draft.variables(len(courses))
        draft.row(own, [hours for *_, hours in courses], at_most=5)
        if len(own) == 2:
            draft.row([own[1], own[0]], [1, -1], at_most=0)
        for number, (gain, cost, _) in zip(own, courses, strict=True):
            paid.append((number, cost))
            worth.append((number, -1_000 * gain))
        sat.append((own[0], 1))
    draft.row([v for v, _ in paid], [f for _, f in paid], at_most=budget)
    draft.row([v for v, _ in sat], [f for _, f in sat], at_most=0)
    draft.least([v for v, _ in worth], [f for _, f in worth])
    return draft.problem()


def asked(problem: Problem, **how: float) -> Crowded:
    """Ask with the first variable shared and no row idle."""
    shared = np.arange(problem.variables) == 0
    return solve_crowd(problem, shared, np.zeros(problem.rows, dtype=np.bool_), **how)  # type: ignore[arg-type]  # only `until` is passed on


@settings(max_examples=60)
@given(
    people=st.lists(st.lists(COURSE, min_size=1, max_size=4), min_size=1, max_size=5),
    budget=st.integers(0, 40),
    seats=st.integers(0, 2),
    ways=st.sampled_from((2, 1_000)),
)
def test_the_best_answer_lies_between_bound_and_value(
    people: People, budget: int, seats: int, ways: int
) -> None:
    """However few ways may be listed, the proven best is on the right side of both."""
    problem = drafted(people, budget, seats)
    with patch.object(crowd, "MOST_WAYS", ways):
        found = asked(problem)
    best = solve(problem)
    assert best.values is not None
    best_value = objective_values(problem, best.values)[0]
    assert found.bound is not None
    assert found.bound <= best_value
    if found.values is not None:
        assert keeps_limits(problem, found.values)
        assert best_value <= objective_values(problem, found.values)[0]


def test_a_crowd_comes_near_the_bound() -> None:
    """Two hundred persons who share money and sessions: within one in fifty of what is proven."""
    people = [[(1 + n % 7, n % 5, 2), (1 + n % 3, 1 + n % 4, 3)] for n in range(200)]
    problem = drafted(people, 300, 60)
    found = asked(problem)
    assert found.values is not None
    assert found.bound is not None
    assert keeps_limits(problem, found.values)
    value, nothing = objective_values(problem, found.values)[0], problem.objectives[0].offset
    assert value < nothing
    assert (value - found.bound) * 50 <= -found.bound
    again = asked(problem).values
    assert again is not None
    assert np.array_equal(again, found.values)


def test_the_answer_leans_on_what_the_best_mixture_has_most_of() -> None:
    """Twenty persons whose next better answer is nearly as dear: the plan meets its bound."""
    chance = random.Random(32)
    chance.choice((20, 40, 60))
    people = [
        [(chance.randint(1, 9), chance.randint(0, 6), chance.randint(1, 4)) for _ in range(many)]
        for many in (chance.randint(1, 4) for _ in range(20))
    ]
    problem = drafted(people, chance.randint(10, 40), chance.choice((3, 5, 20)))
    found = asked(problem)
    assert found.values is not None
    assert objective_values(problem, found.values) == (found.bound,)


def test_each_search_knows_how_much_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts with many ways are searched within the time, and once at the same prices."""
    limits, seen = [], []

    def listening(problem: Problem, *, nodes: int, time_limit: float) -> Solution:
        limits.append(time_limit)
        seen.append(problem.objectives[0].factor.tobytes())
        return solve(problem, nodes=nodes, time_limit=time_limit)

    monkeypatch.setattr(crowd, "MOST_WAYS", 2)
    monkeypatch.setattr(crowd, "solve", listening)
    people = [[(1 + n % 7, n % 5, 2), (1 + n % 3, 1 + n % 4, 3)] for n in range(20)]
    found = asked(drafted(people, 30, 6), until=time.monotonic() + 1_000)
    assert found.bound is not None
    assert all(0 < limit <= 1_000 for limit in limits)
    assert limits[0] <= 700
    assert len(set(seen)) == len(seen) > 0


def test_whoever_is_asked_for_too_long_gives_what_is_known() -> None:
    """With the time up, or the caller gone, what was asked once still stands."""
    problem = drafted([[(3, 1, 2)], [(2, 2, 2)]], 10, 2)
    late = asked(problem, until=time.monotonic() - 1)
    assert late.status is Status.CUT
    assert late.bound is not None
    shared, idle = np.arange(problem.variables) == 0, np.zeros(problem.rows, dtype=np.bool_)
    gone = solve_crowd(problem, shared, idle, interrupted=lambda: True)
    assert gone.status is Status.INTERRUPTED


def test_the_most_of_something_is_refused() -> None:
    """A crowd is asked for the least."""
    draft = Draft()
    own = draft.variables(1)
    draft.most(own, [1])
    with pytest.raises(Misuse, match="E905"):
        asked(draft.problem())
    assert draft.problem().objectives[0].sense is Sense.MOST


def test_prices_that_cannot_be_exact_are_refused() -> None:
    """What all pay together must fit in whole numbers of 64 bits."""
    draft = Draft()
    own = draft.variables(2)
    draft.row(own, [2**52, 2**52], at_most=2**52)
    draft.least(own, [-(2**52), -(2**52)])
    with pytest.raises(SolverFailed, match="E903"):
        asked(draft.problem())


def test_a_part_without_any_way_leaves_all_open() -> None:
    """Where one part can keep no limit of its own, there is no answer and no bound."""
    draft = Draft()
    own = draft.variables(3)
    draft.row(own[1:], [1, 1], at_least=3)
    draft.row(own[:1], [1], at_most=1)
    draft.least(own, [-1, -1, -1])
    found = asked(draft.problem())
    assert (found.values, found.bound) == (None, None)


def test_what_was_proven_on_the_way_is_kept() -> None:
    """Prices that prove less, or a search that had no time, take nothing from the bound."""
    people = [[(1 + n % 7, n % 5, 2), (1 + n % 3, 1 + n % 4, 3)] for n in range(20)]
    problem = drafted(people, 30, 6)
    shared, idle = np.arange(problem.variables) == 0, np.zeros(problem.rows, dtype=np.bool_)
    known = crowd._Crowd(problem, shared, idle)
    nothing = np.zeros(len(known.rows), dtype=np.int64)
    free = known.proven(nothing, None)
    too_dear = np.where(problem.at_most[known.rows] < OPEN, -(10**9), nothing)
    assert free is not None
    assert known.proven(too_dear, None) == free
