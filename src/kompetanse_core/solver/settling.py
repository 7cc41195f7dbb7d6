"""What is best whatever else is chosen? `settle` fixes it, so that less is left to search.

A variable that no row holds back, and that no objective wants less of, stands at its upper limit;
and the other way round (dual fixing; Brearley, Mitra and Williams 1975, Mathematical Programming
8). What is fixed makes other rows idle, so it is done again until nothing more is settled.
`fix_forced` fixes what one row alone leaves no choice: a job that is too long for whoever has it.
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


def fix_forced(problem: Problem) -> Problem:
    """Fix each variable that some row keeps at its lower or its upper limit; no answer is lost.

    Where a row cannot be kept at all, limits cross.
    """
    for _ in range(ROUNDS):
        lower, upper = _within_rows(problem)
        fixed = (lower >= upper) & (problem.lower < problem.upper)
        if not fixed.any():
            break
        problem = evolve(
            problem,
            lower=np.where(fixed, lower, problem.lower),
            upper=np.where(fixed, upper, problem.upper),
        )
    return problem


def _within_rows(problem: Problem) -> tuple[Whole, Whole]:
    """Give how low and how high each variable can be, each row seen alone."""
    row, factor, variable = problem.row_of_term, problem.factor, problem.variable
    low, high = problem.lower[variable], problem.upper[variable]
    least, vague = _sums(problem, np.where(factor > 0, low, high))
    most, vaguer = _sums(problem, np.where(factor > 0, high, low))
    above = np.where(vague | (problem.at_most >= OPEN), EXACT, problem.at_most - least)[row]
    below = np.where(vaguer | (problem.at_least <= -OPEN), EXACT, most - problem.at_least)[row]
    up, down = (np.where(factor > 0, *each) for each in ((above, below), (below, above)))
    lower, upper = problem.lower.copy(), problem.upper.copy()
    for steps, ends, keep in ((up, upper, np.minimum), (down, lower, np.maximum)):
        told = steps < EXACT
        reach = np.floor_divide(steps[told], np.abs(factor[told])).astype(np.int64)
        limit = low[told] + reach if ends is upper else high[told] - reach
        keep.at(ends, variable[told], limit)
    return lower, upper


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
