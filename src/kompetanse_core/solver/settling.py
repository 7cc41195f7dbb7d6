"""What is best whatever else is chosen? `settle` fixes it, so that less is left to search.

A variable that no row holds back, and that no objective wants less of, stands at its upper limit;
and the other way round (dual fixing; Brearley, Mitra and Williams 1975, Mathematical Programming
8). What is fixed makes other rows idle, so it is done again until nothing more is settled.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve

from kompetanse_core.solver.problem import EXACT, OPEN, Problem, Sense, Whole

Flags = npt.NDArray[np.bool_]

ROUNDS = 20
"""So often at most: each round costs as much as reading the problem once."""


def settle(problem: Problem) -> Problem:
    """Fix each variable whose better end is clear; the best on every objective stays as good."""
    for _ in range(ROUNDS):
        before = int((problem.lower == problem.upper).sum())
        problem = _settled(problem)
        if int((problem.lower == problem.upper).sum()) == before:
            break
    return problem


def _settled(problem: Problem) -> Problem:
    up, down = _held_back(problem)
    prices = [e.factor if e.sense is Sense.LEAST else -e.factor for e in problem.objectives]
    no_dearer = np.all([price <= 0 for price in prices], axis=0)
    no_cheaper = np.all([price >= 0 for price in prices], axis=0)
    free = problem.lower < problem.upper
    higher = free & ~up & no_dearer & (problem.upper < OPEN)
    lower = free & ~down & no_cheaper & (problem.lower > -OPEN) & ~higher
    return evolve(
        problem,
        lower=np.where(higher, problem.upper, problem.lower),
        upper=np.where(lower, problem.lower, problem.upper),
    )


def _held_back(problem: Problem) -> tuple[Flags, Flags]:
    """Say which variables some row keeps from rising, and which from falling."""
    row, factor = problem.row_of_term, problem.factor
    low, high = problem.lower[problem.variable], problem.upper[problem.variable]
    rising = factor > 0
    least, vague = _sums(problem, np.where(rising, low, high))
    most, vaguer = _sums(problem, np.where(rising, high, low))
    unsure = vague | vaguer
    capped = ((problem.at_most < OPEN) & (unsure | (most > problem.at_most)))[row]
    floored = ((problem.at_least > -OPEN) & (unsure | (least < problem.at_least)))[row]
    up, down = np.zeros((2, problem.variables), dtype=np.bool_)
    up[problem.variable[(capped & rising) | (floored & ~rising)]] = True
    down[problem.variable[(capped & ~rising) | (floored & rising)]] = True
    return up, down


def _sums(problem: Problem, ends: Whole) -> tuple[npt.NDArray[Any], Flags]:
    """Add up each row in floats, and say where the sum is too large to be exact."""
    told = problem.factor.astype(np.float64) * ends.astype(np.float64)
    row, count = problem.row_of_term, problem.rows
    total = np.bincount(row, weights=told, minlength=count)
    return total, np.bincount(row, weights=np.abs(told), minlength=count) >= EXACT
