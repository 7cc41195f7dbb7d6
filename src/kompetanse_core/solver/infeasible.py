"""Nothing fits: which limits must give, and by how much at least? Relaxed.

Each row that may give gets an elastic part (Chinneck, Feasibility and Infeasibility in
Optimization, 2008), and a search finds the fewest that must stretch; every other row holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.solver.exact import row_sums
from kompetanse_core.solver.problem import OPEN, Flags, Objective, Problem, Whole, merge_terms
from kompetanse_core.solver.search import solve


@frozen(kw_only=True, eq=False)
class Relaxed:
    """Hold the rows that give, by how much each, and an answer that keeps all the others.

    `proven` says that no smaller number of rows would do; `at_least` rows must give in any case.
    """

    rows: tuple[int, ...]
    excess: tuple[int, ...]
    values: Whole
    at_least: int
    proven: bool


def fewest_to_relax(
    problem: Problem,
    may_give: Sequence[int],
    *,
    seed: int = 0,
    time_limit: float | None = None,
    nodes: int | None = None,
    interrupted: Callable[[], bool] | None = None,
) -> Relaxed | None:
    """Find the fewest of the rows in `may_give` without which an answer exists.

    Among equally few, the one that stretches its limits least in sum. Return None if giving all
    of them is not enough, or if the terms end the search before any answer is found.

    Raises:
        Misuse: E905 if such a row is not there, or its variables have an open end.
        SolverFailed: E901 to E903 if HiGHS is missing, fails, or cannot be exact.
    """
    rows = np.unique(np.asarray(may_give, dtype=np.int64))
    if len(rows) and (rows[0] < 0 or rows[-1] >= problem.rows):
        raise Misuse("E905", "a row that may give is not there")
    found = solve(
        _elastic(problem, rows),
        seed=seed,
        time_limit=time_limit,
        nodes=nodes,
        interrupted=interrupted,
    )
    if found.values is None:
        return None
    values = found.values[: problem.variables]
    excess = _excess(problem, values)
    given = np.flatnonzero(excess)
    least = found.bounds[0] or 0
    return Relaxed(
        rows=tuple(given.tolist()),
        excess=tuple(excess[given].tolist()),
        values=values,
        at_least=least,
        proven=least == len(given),
    )


def _elastic(problem: Problem, rows: Whole) -> Problem:
    """Let each row in `rows` lack or exceed something, if it is counted as one that gives.

    A row that gives stands twice, once for each of its ends: they may contradict each other.
    """
    lack, over = _furthest(problem, rows)
    count, width, height = len(rows), problem.variables, problem.rows
    lacking, exceeding, gives = (width + place * count + np.arange(count) for place in range(3))
    ceiling, if_lacking, if_over = (height + place * count + np.arange(count) for place in range(3))
    one, none = np.ones(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    again = np.isin(problem.row_of_term, rows)
    copied = ceiling[np.searchsorted(rows, problem.row_of_term[again])]
    start, variable, factor = merge_terms(
        _joined(
            problem.row_of_term, rows, copied, ceiling, if_lacking, if_lacking, if_over, if_over
        ),
        _joined(
            problem.variable,
            lacking,
            problem.variable[again],
            exceeding,
            lacking,
            gives,
            exceeding,
            gives,
        ),
        _joined(problem.factor, one, problem.factor[again], -one, one, -lack, one, -over),
        height + 3 * count,
    )
    at_most = problem.at_most.copy()
    at_most[rows] = OPEN
    return Problem(
        lower=_joined(problem.lower, none, none, none),
        upper=_joined(problem.upper, lack, over, one),
        implied=_joined(problem.implied, one, one, none),
        start=start,
        variable=variable,
        factor=factor,
        at_least=_joined(problem.at_least, none - OPEN, none - OPEN, none - OPEN),
        at_most=_joined(at_most, problem.at_most[rows], none, none),
        objectives=(
            _counting(width + 3 * count, gives),
            _counting(width + 3 * count, _joined(lacking, exceeding)),
        ),
    )


def _furthest(problem: Problem, rows: Whole) -> tuple[Whole, Whole]:
    """Return how far each row can fall short of, and run over, its limits."""
    touched = problem.variable[np.isin(problem.row_of_term, rows)]
    if (np.abs([problem.lower[touched], problem.upper[touched]]) >= OPEN).any():
        text = "a row that may give has a variable with an open end"
        raise Misuse("E905", text, hint="give the variable a limit")
    low = np.where(problem.factor > 0, *_ends(problem))
    high = np.where(problem.factor > 0, *reversed(_ends(problem)))
    least, most = (_sum_of(problem, ends)[rows] for ends in (low, high))
    lack = np.where(problem.at_least[rows] > -OPEN, problem.at_least[rows] - least, 0)
    over = np.where(problem.at_most[rows] < OPEN, most - problem.at_most[rows], 0)
    return np.maximum(lack, 0), np.maximum(over, 0)


def _ends(problem: Problem) -> tuple[Whole, Whole]:
    return problem.lower[problem.variable], problem.upper[problem.variable]


def _sum_of(problem: Problem, term_values: Whole) -> Whole:
    """Add up factor * value over each row, with a value of its own for each term."""
    own = np.arange(len(problem.variable))
    free = np.zeros(len(own), dtype=np.int64)
    apart = evolve(problem, lower=free, upper=free, implied=free, variable=own, objectives=())
    return row_sums(apart, term_values)


def _joined(*arrays: Whole | Flags) -> Whole:
    return np.concatenate([each.astype(np.int64) for each in arrays])


def _counting(width: int, variables: Whole) -> Objective:
    factor = np.zeros(width, dtype=np.int64)
    factor[variables] = 1
    return Objective(factor=factor)


def _excess(problem: Problem, values: Whole) -> Whole:
    sums = row_sums(problem, values)
    lack = np.where(problem.at_least > -OPEN, problem.at_least - sums, 0)
    over = np.where(problem.at_most < OPEN, sums - problem.at_most, 0)
    return np.maximum(np.maximum(lack, over), 0)
