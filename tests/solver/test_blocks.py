"""Blocks that share limits: the bound of the prices, and the answer made of what blocks said."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kompetanse_core.errors import Misuse
from kompetanse_core.solver import (
    Draft,
    Problem,
    Status,
    Terms,
    keeps_limits,
    solve,
    solve_blocks,
)
from kompetanse_core.solver.problem import Whole

WORTH = st.tuples(st.integers(1, 9), st.integers(1, 6), st.integers(1, 4))


def drafted(people: list[list[tuple[int, int, int]]], budget: int, seats: int) -> Problem:
    """Let each person choose courses that take money and hours; sessions of two are paid for."""
    draft = Draft()
    (sessions,) = draft.variables(1, upper=seats)
    paid, sat, worth = [(sessions, 2)], [(sessions, -2)], []
    for courses in people:
        own = draft.variables(len(courses))
        draft.row(own, [hours for *_, hours in courses], at_most=5)
        for number, (gain, cost, _) in zip(own, courses, strict=True):
            paid.append((number, cost))
            worth.append((number, -gain))
        sat.append((own[0], 1))
    draft.row([v for v, _ in paid], [f for _, f in paid], at_most=budget)
    draft.row([v for v, _ in sat], [f for _, f in sat], at_most=0)
    draft.least([v for v, _ in worth], [f for _, f in worth])
    draft.least([v for v, _ in paid], [f for _, f in paid])
    return draft.problem()


def owners(people: list[list[tuple[int, int, int]]]) -> Whole:
    """Number the persons after the one variable that all share."""
    return np.repeat(np.arange(-1, len(people)), [1, *map(len, people)]).astype(np.int64)


@settings(max_examples=40)
@given(
    people=st.lists(st.lists(WORTH, min_size=1, max_size=4), min_size=1, max_size=5),
    budget=st.integers(0, 40),
    seats=st.integers(0, 2),
    price=st.integers(-30, 30),
)
def test_bound_is_never_on_the_wrong_side(
    people: list[list[tuple[int, int, int]]], budget: int, seats: int, price: int
) -> None:
    """Bound <= proven optimum <= value, wherever the prices begin; the answer keeps every limit."""
    problem = drafted(people, budget, seats)
    idle = np.zeros(problem.rows, dtype=np.bool_)
    prices = np.full(problem.rows, price / 10)
    found = solve_blocks(problem, owners(people), idle, prices, terms=Terms())
    best = solve(problem)
    assert best.status is Status.OPTIMAL
    assert found.bound is not None
    assert found.values is not None
    assert keeps_limits(problem, found.values)
    assert found.bound <= best.objectives[0] <= found.solution.objectives[0]


def test_one_block_alone_is_proven() -> None:
    """Where nothing is scarce that is shared, the bound is the optimum itself."""
    people = [[(5, 1, 3), (4, 1, 2), (9, 1, 4)]] * 7
    problem = drafted(people, 40, 4)
    idle = np.zeros(problem.rows, dtype=np.bool_)
    found = solve_blocks(problem, owners(people), idle, np.zeros(problem.rows), terms=Terms())
    assert found.bound == found.solution.objectives[0] == -63


def test_same_terms_same_answer() -> None:
    """The same blocks, prices and terms give the same answer."""
    people = [[(5, 2, 3), (4, 1, 2)], [(3, 1, 1), (7, 4, 4)]] * 4
    problem, first = drafted(people, 15, 2), None
    idle = np.zeros(problem.rows, dtype=np.bool_)
    for _ in range(2):
        found = solve_blocks(problem, owners(people), idle, np.zeros(problem.rows), terms=Terms())
        assert found.values is not None
        told = found.bound, found.values.tolist()
        assert first in {None, (told[0], tuple(told[1]))}
        first = told[0], tuple(told[1])


def test_interrupted_blocks_give_an_answer_that_holds() -> None:
    """Interrupted at once, the bound may be missing, but no answer breaks a limit."""
    people = [[(5, 2, 3), (4, 1, 2)]] * 4
    problem = drafted(people, 9, 2)
    found = solve_blocks(
        problem,
        owners(people),
        np.zeros(problem.rows, dtype=np.bool_),
        np.zeros(problem.rows),
        terms=Terms(),
        interrupted=lambda: True,
    )
    assert found.solution.status is Status.INTERRUPTED
    assert found.values is None or keeps_limits(problem, found.values)


def test_out_of_time_is_cut() -> None:
    """Without time for prices the solution is cut, and what it says of the bound still holds."""
    people = [[(5, 2, 3), (4, 1, 2)]] * 4
    problem = drafted(people, 9, 2)
    idle, prices = np.zeros(problem.rows, dtype=np.bool_), np.zeros(problem.rows)
    late = Terms(until=time.monotonic())
    found = solve_blocks(problem, owners(people), idle, prices, terms=late)
    assert found.solution.status is Status.CUT
    assert found.bound is None or found.bound <= solve(problem).objectives[0]


def test_most_is_refused() -> None:
    """Blocks are asked for the least of something."""
    draft = Draft()
    draft.variables(1)
    draft.most([0], [1])
    with pytest.raises(Misuse, match="least"):
        solve_blocks(
            draft.problem(),
            np.zeros(1, dtype=np.int64),
            np.zeros(0, dtype=np.bool_),
            np.zeros(0),
            terms=Terms(),
        )
