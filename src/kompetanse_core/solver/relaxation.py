"""What would one more of each limit be worth? Relaxation: the problem with splittable variables.

The prices are the solver's floats; the bound is worked out from them in whole numbers, so that it
holds whatever the floats did (Neumaier and Shcherbina 2004, Mathematical Programming 99). Where
the problem is small the vertex itself is solved in fractions and the optimum is exact.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.solver.asking import Ending, Floats, Goal, Terms, Watch, make_goal
from kompetanse_core.solver.highs import Duals, ask_relaxed
from kompetanse_core.solver.problem import OPEN, Problem, Whole
from kompetanse_core.solver.rounding import round_rows
from kompetanse_core.solver.solution import Status

Exact = npt.NDArray[np.object_]

FINENESS: Final = 2**30
SMALL: Final = 64

STATUS: Final = (
    (Ending.DONE, Status.OPTIMAL),
    (Ending.CUT, Status.CUT),
    (Ending.INTERRUPTED, Status.INTERRUPTED),
    (Ending.INFEASIBLE, Status.INFEASIBLE),
    (Ending.UNBOUNDED, Status.UNBOUNDED),
    (Ending.UNCLEAR, Status.UNBOUNDED),
)


@frozen(kw_only=True, eq=False)
class Relaxation:
    """Hold the optimum over fractions, for the first objective.

    Attributes:
        values: one float for each variable.
        prices: one float for each row: what the objective changes per unit of its limit.
        reduced: one float for each variable: what the objective changes per unit forced in.
        bound: no answer, whole or not, is better; None where an open end leaves it open.
        optimum: the exact optimum, None where only the bound is exact.
    """

    status: Status
    values: Floats
    prices: Floats
    reduced: Floats
    bound: Fraction | None
    optimum: Fraction | None


def relax(
    problem: Problem,
    *,
    seed: int = 0,
    time_limit: float | None = None,
    interrupted: Callable[[], bool] | None = None,
) -> Relaxation:
    """Solve for the first objective as if every variable could be split.

    Limits are rounded first, so that what no whole answer can use makes nothing look better.
    `interrupted` is asked often; once it says yes the search ends, and nothing is known.

    Raises:
        Misuse: E905 if there is no objective or no variable.
        SolverFailed: E901 to E903 if HiGHS is missing, fails, or cannot be exact.
    """
    if not problem.objectives or not problem.variables:
        raise Misuse("E905", "there is nothing to relax")
    problem = round_rows(problem)
    goal = make_goal(problem, problem.objectives[0])
    until = None if time_limit is None else time.monotonic() + time_limit
    duals = ask_relaxed(problem, goal, Terms(seed=seed, until=until), Watch(stop=interrupted))
    status = dict(STATUS)[duals.ending]
    bound, optimum = (None, None) if status is not Status.OPTIMAL else _exact(problem, goal, duals)
    reduced = goal.factor - _gathered(problem, problem.factor * duals.prices[problem.row_of_term])
    return Relaxation(
        status=status,
        values=duals.values,
        prices=goal.step * duals.prices,
        reduced=goal.step * reduced.astype(np.float64),
        bound=bound,
        optimum=optimum,
    )


def _exact(problem: Problem, goal: Goal, duals: Duals) -> tuple[Fraction | None, Fraction | None]:
    """Return the bound that holds exactly and, for a small problem, the optimum."""
    if duals.basic.sum() <= SMALL and (~duals.basic_rows).sum() == duals.basic.sum():
        optimum, bound = _vertex(problem, goal, duals)
        if optimum is not None and optimum == bound:
            return bound, optimum
    fine = np.rint(duals.prices * FINENESS)
    bound = _bound(problem, goal, np.array([int(each) for each in fine], dtype=object), FINENESS)
    return bound, None


def _bound(problem: Problem, goal: Goal, prices: Exact, scale: int) -> Fraction | None:
    """Return what these prices prove: sum(price * limit) + sum(what each variable still saves)."""
    prices = np.where(_open_side(problem, prices), 0, prices)
    limits = np.where(prices > 0, problem.at_least.astype(object), problem.at_most.astype(object))
    rows = problem.row_of_term
    paid = _gathered(problem, problem.factor.astype(object) * prices[rows])
    left = goal.factor.astype(object) * scale - paid
    ends = np.where(left > 0, problem.lower.astype(object), problem.upper.astype(object))
    if ((left != 0) & (np.abs(ends) >= OPEN)).any():
        return None
    total = (prices * np.where(prices == 0, 0, limits)).sum() + (
        left * np.where(left == 0, 0, ends)
    ).sum()
    return goal.constant + goal.step * Fraction(total) / scale


def _open_side(problem: Problem, prices: Exact) -> npt.NDArray[np.bool_]:
    low = (prices > 0) & (problem.at_least <= -OPEN)
    return np.asarray(low | ((prices < 0) & (problem.at_most >= OPEN)), dtype=np.bool_)


def _gathered(problem: Problem, terms: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Add up the terms of each variable."""
    total = np.zeros(problem.variables, dtype=terms.dtype)
    np.add.at(total, problem.variable, terms)
    return total


def _vertex(problem: Problem, goal: Goal, duals: Duals) -> tuple[Fraction | None, Fraction | None]:
    """Solve the vertex that the solver names, and its prices, in fractions."""
    table = _dense(problem)
    basic, tight = np.flatnonzero(duals.basic), np.flatnonzero(~duals.basic_rows)
    values = _nearest(problem.lower, problem.upper, duals.values)
    values[basic] = 0
    sums = _nearest(problem.at_least, problem.at_most, np.asarray(table @ duals.values, np.float64))
    inner = table[np.ix_(tight, basic)]
    found = _solved(inner, (sums - table @ values)[tight])
    paid = _solved(inner.T, goal.factor[basic].astype(object))
    if found is None or paid is None:
        return None, None
    values[basic] = found
    prices = np.zeros(problem.rows, dtype=object)
    prices[tight] = paid
    optimum = goal.constant + goal.step * Fraction((goal.factor * values).sum())
    bound = _bound(problem, goal, prices, 1)
    return (optimum if _within(problem, values, table @ values) else None), bound


def _dense(problem: Problem) -> Exact:
    table = np.zeros((problem.rows, problem.variables), dtype=object)
    table[problem.row_of_term, problem.variable] = problem.factor.astype(object)
    return table


def _nearest(lower: Whole, upper: Whole, seen: Floats) -> Exact:
    """Return the limit that each float stands at; 0 where there is none."""
    nearer = np.where(np.abs(seen - lower) <= np.abs(seen - upper), lower, upper)
    return np.where(np.abs(nearer) >= OPEN, 0, nearer).astype(object)


def _within(problem: Problem, values: Exact, sums: Exact) -> bool:
    variables = (values >= problem.lower) & (values <= problem.upper)
    rows = (sums >= problem.at_least) & (sums <= problem.at_most)
    return bool(variables.all() and rows.all())


def _solved(square: Exact, right: Exact) -> Exact | None:
    """Solve a square system in fractions by elimination; None where it is singular."""
    size = len(square)
    table = np.array(
        [[*map(Fraction, row), Fraction(b)] for row, b in zip(square, right, strict=True)],
        dtype=object,
    )
    for place in range(size):
        pivots = np.flatnonzero(table[place:, place] != 0)
        if not len(pivots):
            return None
        pivot = place + int(pivots[0])
        table[[place, pivot]] = table[[pivot, place]]
        table[place] = table[place] / table[place, place]
        others = np.flatnonzero(table[:, place] != 0)
        for row in others[others != place]:
            table[row] = table[row] - table[row, place] * table[place]
    return table[:, size] if size else np.zeros(0, dtype=object)
