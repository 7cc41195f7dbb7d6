"""Does this answer keep every limit, and what is it worth? Both, in whole numbers only.

The solver works in floats; nothing it says is believed before it has passed through here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from kompetanse_core.solver.problem import OPEN, Problem, Sense, Whole

SAFE = 2**62


def row_sums(problem: Problem, values: Whole) -> npt.NDArray[Any]:
    """Return what each row adds up to: int64 where that cannot overflow, else Python ints."""
    widest = int(np.diff(problem.start).max(initial=0))
    dtype = np.int64 if _reach(problem.factor, values) * widest < SAFE else np.object_
    products = problem.factor.astype(dtype) * values[problem.variable].astype(dtype)
    running = np.concatenate([np.zeros(1, dtype=dtype), np.cumsum(products, dtype=dtype)])
    sums: npt.NDArray[Any] = running[problem.start[1:]] - running[problem.start[:-1]]
    return sums


def broken_rows(problem: Problem, values: Whole) -> tuple[int, ...]:
    """Name the rows that the answer breaks."""
    sums = row_sums(problem, values)
    low = (sums < problem.at_least) & (problem.at_least > -OPEN)
    high = (sums > problem.at_most) & (problem.at_most < OPEN)
    return tuple(np.flatnonzero((low | high).astype(np.bool_)).tolist())


def keeps_limits(problem: Problem, values: Whole) -> bool:
    """Say whether the answer keeps the limits of every variable and every row."""
    within = (values >= problem.lower) & (values <= problem.upper)
    return bool(within.all()) and not broken_rows(problem, values)


def objective_values(problem: Problem, values: Whole) -> tuple[int, ...]:
    """Return what the answer is worth on each objective."""
    return tuple(
        objective.offset + dot(objective.factor, values) for objective in problem.objectives
    )


def rank(problem: Problem, values: Whole) -> tuple[int, ...]:
    """Return a key that sorts a better answer before a worse one."""
    signs = (1 if each.sense is Sense.LEAST else -1 for each in problem.objectives)
    return tuple(
        sign * value for sign, value in zip(signs, objective_values(problem, values), strict=True)
    )


def dot(factor: Whole, values: Whole) -> int:
    """Return sum(factor * value) without overflow."""
    if _reach(factor, values) * len(factor) < SAFE:
        return int(factor @ values)
    return sum(map(int.__mul__, factor.tolist(), values.tolist()))


def _reach(factor: Whole, values: Whole) -> int:
    return int(np.abs(factor).max(initial=0)) * int(np.abs(values).max(initial=0))
