"""Which choices are alike, so that only their number matters? `shrink` makes a Shrunk problem.

Variables are alike when no row and no objective tells them apart (colour refinement; Grohe,
Kersting, Mladenov and Selman 2014, ESA). Adding them up gives a smaller problem that is as good as
the whole one over fractions, and whose answers in whole numbers are never worse than any answer
of the whole one (orbital shrinking; Fischetti and Liberti 2012, ISCO): its bounds hold.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from kompetanse_core.solver.problem import EXACT, OPEN, Objective, Problem, Whole, merge_terms
from kompetanse_core.solver.rounding import round_rows
from kompetanse_core.solver.settling import settle

Marks = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

STIRS: Final = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
"""The shifts and factors of splitmix64 (Steele, Lea and Flood 2014, OOPSLA)."""


@frozen(kw_only=True, eq=False)
class Shrunk:
    """Hold the smaller problem, and which of its variables each variable of the whole is part of.

    `rows` says the same of the rows.
    """

    problem: Problem
    variables: Whole
    rows: Whole

    def added(self, values: Whole) -> Whole:
        """Add up an answer of the whole: shape (variables of the smaller problem,)."""
        total = np.zeros(self.problem.variables, dtype=np.int64)
        np.add.at(total, self.variables, values)
        return total


def shrink(problem: Problem) -> Shrunk:
    """Add up what is alike; where nothing is, the smaller problem is the whole one.

    Limits are rounded before they are added: two rows with 2 of 3 unused have no 4 together.
    """
    problem = round_rows(problem)
    variables, rows = _refined(problem)
    if not _is_sound(problem, variables, rows):
        variables, rows = np.arange(problem.variables), np.arange(problem.rows)
    return Shrunk(problem=_added_up(problem, variables, rows), variables=variables, rows=rows)


def hand_out(problem: Problem, shrunk: Shrunk, values: Whole) -> Problem:
    """Make the problem of handing an answer of the smaller problem out to those that are alike.

    Nothing is handed out beyond what the answer has of its kind. So limits that look at sums only
    are kept whoever gets what, and are left out: what remains falls into many small parts. Only
    the first objective is asked for.
    """
    kind, shared = shrunk.variables, np.bincount(shrunk.variables)[shrunk.variables] > 1
    decided = ~problem.implied
    upper = np.where(decided, np.minimum(problem.upper, values[kind]), problem.upper)
    upper = np.maximum(upper, problem.lower)
    most = shrunk.added(upper)
    scarce = np.flatnonzero(shared & decided & (most > values)[kind])
    left_out = _sums_only(problem, shrunk, shared)
    kept = ~left_out[problem.row_of_term]
    room = problem.variable[~kept & (problem.factor < 0)]
    lower = problem.lower.copy()
    lower[room] = upper[room]
    start, variable, factor = merge_terms(
        np.concatenate([problem.row_of_term[kept], problem.rows + kind[scarce]]),
        np.concatenate([problem.variable[kept], scarce]),
        np.concatenate([problem.factor[kept], np.ones(len(scarce), dtype=np.int64)]),
        problem.rows + len(values),
    )
    open_ends = np.full(len(values), OPEN)
    rationed = np.isin(np.arange(len(values)), kind[scarce])
    return settle(
        Problem(
            lower=lower,
            upper=upper,
            implied=problem.implied,
            start=start,
            variable=variable,
            factor=factor,
            at_least=np.concatenate([np.where(left_out, -OPEN, problem.at_least), -open_ends]),
            at_most=np.concatenate(
                [np.where(left_out, OPEN, problem.at_most), np.where(rationed, values, OPEN)]
            ),
            objectives=problem.objectives[:1],
        )
    )


def _refined(problem: Problem) -> tuple[Whole, Whole]:
    """Tell variables and rows apart by what they meet, until nothing new is told."""
    row, factor = problem.row_of_term, problem.factor.view(np.uint64)
    own = (problem.lower, problem.upper, problem.implied.astype(np.int64))
    variables = _numbered(*own, *(each.factor for each in problem.objectives))
    rows = _numbered(problem.at_least, problem.at_most)
    told = 0
    while told < (told := _count(variables) + _count(rows)):
        met = _met(rows[row], factor, problem.variable, problem.variables)
        variables = _numbered(variables, met)
        rows = _numbered(rows, _met(variables[problem.variable], factor, row, problem.rows))
    return variables, rows


def _met(kinds: Whole, factor: Marks, place: Whole, count: int) -> Whole:
    """Mark each place with the kinds that it meets and their factors, in whatever order."""
    marks = np.zeros(count, dtype=np.uint64)
    np.add.at(marks, place, _stirred(_stirred(kinds.view(np.uint64)) + factor))
    return marks.view(np.int64)


def _numbered(*columns: Whole) -> Whole:
    """Give each distinct row of a table a number from 0 on."""
    marks = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        marks = _stirred(marks + _stirred(column.view(np.uint64)))
    return np.unique(marks, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _stirred(marks: Marks) -> Marks:
    mixed = marks + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in STIRS:
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))


def _count(kinds: Whole) -> int:
    return int(kinds.max(initial=-1)) + 1


def _is_sound(problem: Problem, variables: Whole, rows: Whole) -> bool:
    """Say whether those alike are so indeed, in whole numbers: the marks might coincide."""
    first = _first_of(variables)[variables]
    own = (problem.lower, problem.upper, *(each.factor for each in problem.objectives))
    if any((column != column[first]).any() for column in own):
        return False
    columns = merge_terms(problem.variable, rows[problem.row_of_term], problem.factor, len(first))
    lengths = np.diff(columns[0])
    if (lengths != lengths[first]).any():
        return False
    start, row, factor = columns
    terms = np.arange(len(row)) + np.repeat(start[:-1][first] - start[:-1], lengths)
    return bool((row == row[terms]).all() and (factor == factor[terms]).all()) and _fits(
        problem, variables, rows
    )


def _fits(problem: Problem, variables: Whole, rows: Whole) -> bool:
    """Say whether all sums can still be held exactly."""
    ends = np.abs(np.concatenate([problem.lower, problem.upper])).astype(np.float64)
    limits = np.abs(np.concatenate([problem.at_least, problem.at_most])).astype(np.float64)
    many, tall = np.bincount(variables)[variables], np.bincount(rows)[rows]
    closed = (ends < OPEN) & (ends * np.tile(many, 2) > EXACT)
    kept = (limits < OPEN) & (limits * np.tile(tall, 2) > EXACT)
    factors = np.abs(problem.factor).astype(np.float64) * tall[problem.row_of_term] > EXACT
    return not (closed.any() or kept.any() or factors.any())


def _first_of(kinds: Whole) -> Whole:
    """Give the first place of each kind."""
    return np.unique(kinds, return_index=True)[1]


def _added_up(problem: Problem, variables: Whole, rows: Whole) -> Problem:
    first = _first_of(variables)
    speaks = np.zeros(problem.variables, dtype=np.bool_)
    speaks[first] = True
    told = speaks[problem.variable]
    start, variable, factor = merge_terms(
        rows[problem.row_of_term[told]],
        variables[problem.variable[told]],
        problem.factor[told],
        _count(rows),
    )
    many, tall, one = np.bincount(variables), np.bincount(rows), _first_of(rows)
    return Problem(
        lower=_times(problem.lower[first], many),
        upper=_times(problem.upper[first], many),
        implied=problem.implied[first],
        start=start,
        variable=variable,
        factor=factor,
        at_least=_times(problem.at_least[one], tall),
        at_most=_times(problem.at_most[one], tall),
        objectives=tuple(_told(each, first) for each in problem.objectives),
    )


def _told(objective: Objective, first: Whole) -> Objective:
    return evolve(objective, factor=objective.factor[first])


def _times(limits: Whole, count: Whole) -> Whole:
    open_end = np.abs(limits) >= OPEN
    return np.where(open_end, limits, np.where(open_end, 0, limits) * count)


def _sums_only(problem: Problem, shrunk: Shrunk, shared: Flags) -> Flags:
    """Mark the rows that limit from above what several alike take, and nothing else of theirs."""
    row = problem.row_of_term
    alone = np.bincount(shrunk.rows)[shrunk.rows] == 1
    theirs = shared[problem.variable]
    takes = np.bincount(row, weights=theirs, minlength=problem.rows) > 0
    gives = np.bincount(row, weights=theirs & (problem.factor < 0), minlength=problem.rows) > 0
    free = np.bincount(row, weights=problem.implied[problem.variable], minlength=problem.rows) > 0
    marked: Flags = alone & takes & ~gives & ~free & (problem.at_least <= -OPEN)
    return marked
