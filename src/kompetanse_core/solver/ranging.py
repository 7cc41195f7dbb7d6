"""How far may a limit be moved before its price changes? `price_range` gives both ends.

A price is right for as long as some answer over fractions keeps the prices' own conditions: a row
that has a price is tight, and a variable that is dear or cheap at these prices stays at its end
(complementary slackness; Dantzig 1963, chapter 12). Asking how far the limit may move among those
answers also gives the whole range where the optimum is degenerate, unlike a range of one basis.
"""

from __future__ import annotations

import math

import numpy as np
from attrs import evolve

from kompetanse_core.errors import Misuse
from kompetanse_core.solver.problem import OPEN, Objective, Problem, Sense, Whole
from kompetanse_core.solver.relaxation import Relaxation, relax
from kompetanse_core.solver.rounding import round_rows
from kompetanse_core.solver.solution import Status

NOUGHT = 1e-6
"""What a solver's float may be and still mean 0."""

Range = tuple[int | None, int | None]


def price_range(problem: Problem, relaxed: Relaxation, row: int) -> Range:
    """Give the least and the most that the limit of a row may be with its price as it is.

    `relaxed` is the optimum over fractions that the price is of. None where there is no end. Below
    the least a unit is worth no less, above the most no more. Where all factors of the row share a
    divisor, the optimum moves in steps of it: 60 hours hold no more of eight each than 56 do.

    Raises:
        Misuse: E905, if the row is not there or has no price.
        SolverFailed: E901 to E903, if HiGHS is missing, fails, or cannot be exact.
    """
    if not 0 <= row < problem.rows or abs(float(relaxed.prices[row])) <= NOUGHT:
        raise Misuse("E905", "a row without a price has no range of it")
    tight = _tight(problem, relaxed)
    now, written = int(tight.at_most[row]), _written(problem, relaxed, row)
    least, most = (_furthest(_moving(tight, row, sense)) for sense in (Sense.LEAST, Sense.MOST))
    return (
        None if least is None else min(written, now + math.ceil(least - NOUGHT)),
        None if most is None else max(written, now + math.floor(most + NOUGHT)),
    )


def _tight(problem: Problem, relaxed: Relaxation) -> Problem:
    """Keep only the answers for which the prices are right."""
    rounded = round_rows(problem)
    sign = 1 if problem.objectives[0].sense is Sense.LEAST else -1
    reduced, prices = sign * relaxed.reduced, sign * relaxed.prices
    return evolve(
        problem,
        lower=np.where(reduced < -NOUGHT, problem.upper, problem.lower),
        upper=np.where(reduced > NOUGHT, problem.lower, problem.upper),
        at_least=np.where(prices < -NOUGHT, rounded.at_most, rounded.at_least),
        at_most=np.where(prices > NOUGHT, rounded.at_least, rounded.at_most),
    )


def _written(problem: Problem, relaxed: Relaxation, row: int) -> int:
    """Give the limit of a row that its price is of, as it was given."""
    limits = problem.at_least, problem.at_most
    here = [int(ends[row]) for ends in limits if abs(int(ends[row])) < OPEN]
    value = int(np.rint(relaxed.values[problem.variable] @ _own(problem, row)))
    return min(here, key=lambda limit: abs(limit - value))


def _own(problem: Problem, row: int) -> Whole:
    """Give the factors of one row, 0 for the terms of all others."""
    return np.where(problem.row_of_term == row, problem.factor, 0)


def _moving(tight: Problem, row: int, sense: Sense) -> Problem:
    """Let the limit of a row move, and ask for the least or the most of that."""
    end = int(tight.start[row + 1])
    return Problem(
        lower=np.append(tight.lower, -OPEN),
        upper=np.append(tight.upper, OPEN),
        implied=np.append(tight.implied, values=True),
        start=tight.start + (np.arange(tight.rows + 1) > row),
        variable=np.insert(tight.variable, end, tight.variables),
        factor=np.insert(tight.factor, end, -1),
        at_least=tight.at_least,
        at_most=tight.at_most,
        objectives=(
            Objective(factor=np.append(np.zeros(tight.variables, dtype=np.int64), 1), sense=sense),
        ),
    )


def _furthest(problem: Problem) -> float | None:
    """Give how far the limit moves: None without an end, and nowhere where floats cannot say."""
    found = relax(problem)
    if found.status is Status.UNBOUNDED:
        return None
    return float(found.values[-1]) if found.status is Status.OPTIMAL else 0
