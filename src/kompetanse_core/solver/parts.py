"""Which choices have nothing to do with each other? Parts, to be solved one by one and added up.

What can be only one thing links nothing: it is folded into the limits of its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from kompetanse_core.solver.exact import row_sums
from kompetanse_core.solver.problem import EXACT, OPEN, Problem, Whole, merge_terms


@frozen(kw_only=True, eq=False)
class Part:
    """Hold a problem of its own and the numbers its variables have in the whole."""

    variables: Whole
    problem: Problem


def split(problem: Problem) -> tuple[Part, ...]:
    """Split into parts that no row links, ordered by their first variable.

    Variables that stand in no row make one part together, the last. Rows without variables
    belong to no part.
    """
    if not problem.variables:
        return ()
    label = _labels(problem)
    in_row = np.zeros(problem.variables, dtype=np.bool_)
    in_row[problem.variable] = True
    label[~in_row] = problem.variables
    return tuple(_parts(problem, label))


def folded(problem: Problem) -> Problem:
    """Take what can be only one thing out of the rows, and its part off their limits."""
    fixed = problem.lower == problem.upper
    if not fixed[problem.variable].any():
        return problem
    told = row_sums(problem, np.where(fixed, problem.lower, 0))
    limits = [_less(each, told) for each in (problem.at_least, problem.at_most)]
    if any((np.abs(each[np.abs(each) < OPEN]) > EXACT).any() for each in limits):
        return problem
    free = ~fixed[problem.variable]
    start, variable, factor = merge_terms(
        problem.row_of_term[free], problem.variable[free], problem.factor[free], problem.rows
    )
    least, most = (each.astype(np.int64) for each in limits)
    return evolve(
        problem, start=start, variable=variable, factor=factor, at_least=least, at_most=most
    )


def _less(limits: Whole, told: npt.NDArray[Any]) -> npt.NDArray[Any]:
    return np.where(np.abs(limits) >= OPEN, limits, limits - told)


def _labels(problem: Problem) -> Whole:
    """Give each variable the lowest number among all that it is linked to."""
    label = np.arange(problem.variables)
    filled = np.flatnonzero(np.diff(problem.start))
    lengths = np.diff(problem.start)[filled]
    while len(filled):
        lowest = np.minimum.reduceat(label[problem.variable], problem.start[filled])
        linked = label.copy()
        np.minimum.at(linked, problem.variable, np.repeat(lowest, lengths))
        linked = linked[linked]
        if np.array_equal(linked, label):
            break
        label = linked
    return label


def _parts(problem: Problem, label: Whole) -> Iterator[Part]:
    filled = np.flatnonzero(np.diff(problem.start))
    row_label = label[problem.variable[problem.start[filled]]]
    by_row = np.argsort(row_label, kind="stable")
    by_variable = np.argsort(label, kind="stable")
    names, first = np.unique(label[by_variable], return_index=True)
    place = np.empty(problem.variables, dtype=np.int64)
    rows = np.searchsorted(row_label[by_row], np.append(names, problem.variables + 1)).tolist()
    for number, variables in enumerate(np.split(by_variable, first[1:])):
        low, high = rows[number], rows[number + 1]
        place[variables] = np.arange(len(variables))
        part = pick(problem, variables, filled[by_row[low:high]], place)
        yield Part(variables=variables, problem=part)


def pick(problem: Problem, variables: Whole, rows: Whole, place: Whole) -> Problem:
    """Return the problem of these rows; `place` says which number each variable gets."""
    lengths = problem.start[rows + 1] - problem.start[rows]
    start = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(lengths)])
    terms = np.repeat(problem.start[rows] - start[:-1], lengths) + np.arange(start[-1])
    return Problem(
        lower=problem.lower[variables],
        upper=problem.upper[variables],
        implied=problem.implied[variables],
        start=start,
        variable=place[problem.variable[terms]],
        factor=problem.factor[terms],
        at_least=problem.at_least[rows],
        at_most=problem.at_most[rows],
        objectives=tuple(
            evolve(each, factor=each.factor[variables], offset=0) for each in problem.objectives
        ),
    )
