"""What may be chosen, within which limits, and what is best? Problem.

A problem is a mixed-integer linear program in whole numbers. Its rows are sparse (compressed
sparse rows): the terms of row r are `variable[start[r]:start[r + 1]]` with the same slice of
`factor`, and at_least[r] <= sum(factor * value) <= at_most[r]. `Draft` builds one line by line.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from kompetanse_core.errors import Misuse, SolverFailed

Whole: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Numbers: TypeAlias = Sequence[int] | Whole

OPEN: Final = 2**62
"""No limit on this side: `-OPEN` below, `OPEN` above."""
EXACT: Final = 2**53
"""The largest number that the solver's floats hold exactly."""


class Sense(Enum):
    """Which way an objective is better."""

    LEAST = "least"
    MOST = "most"


class Kind(Enum):
    """What a variable promises. Every answer is whole, whatever the kind."""

    WHOLE = "whole"
    IMPLIED = "implied"
    """Whole by itself once the others are: the solver need not branch on it."""


def _whole(numbers: Any) -> Whole:  # noqa: ANN401  whatever numpy can read; refused below
    array = np.asarray(numbers)
    if array.size == 0:
        array = array.astype(np.int64)
    if array.dtype.kind == "O" and all(isinstance(number, int) for number in array.flat):
        raise SolverFailed("E903", "a number does not fit in 64 bits", hint="use larger units")
    if array.dtype.kind not in "iub" or array.ndim != 1:
        raise Misuse("E905", "a problem takes flat arrays of whole numbers")
    return _sealed(array.astype(np.int64))


def _flags(marks: Any) -> Flags:  # noqa: ANN401  as above
    return _sealed(np.array(marks, dtype=np.bool_))


def _sealed(array: npt.NDArray[Any]) -> npt.NDArray[Any]:
    array.flags.writeable = False
    return array


@frozen(kw_only=True, eq=False)
class Objective:
    """Say what is best: offset + sum(factor * value), as little or as much of it as can be."""

    factor: Whole = field(converter=_whole)
    offset: int = 0
    sense: Sense = Sense.LEAST


@frozen(kw_only=True, eq=False)
class Problem:
    """Hold variables, rows and objectives; an earlier objective always goes before a later one.

    Attributes:
        lower, upper, implied: one for each variable; an open end is `-OPEN` or `OPEN`.
        start, variable, factor: the rows, variables rising strictly within each.
        at_least, at_most: one for each row.

    Raises:
        Misuse: E905 if lengths or numbers of variables do not fit together.
        SolverFailed: E903 if a number is beyond 2^53, so that no solver could hold it exactly.
    """

    lower: Whole = field(converter=_whole)
    upper: Whole = field(converter=_whole)
    implied: Flags = field(converter=_flags)
    start: Whole = field(converter=_whole)
    variable: Whole = field(converter=_whole)
    factor: Whole = field(converter=_whole)
    at_least: Whole = field(converter=_whole)
    at_most: Whole = field(converter=_whole)
    objectives: tuple[Objective, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Refuse what does not hang together or cannot be exact."""
        _check_shapes(self)
        _check_terms(self)
        _check_sizes(self)

    @property
    def variables(self) -> int:
        """How many variables."""
        return len(self.lower)

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(self.at_least)

    @property
    def row_of_term(self) -> Whole:
        """The row that each term stands in."""
        return np.repeat(np.arange(self.rows), np.diff(self.start))


class Draft:
    """Write a problem line by line; `problem()` makes it.

    >>> draft = Draft()
    >>> course, hire = draft.variables(2, upper=3)
    >>> enough = draft.row([course, hire], [2, 5], at_least=7)
    >>> draft.least([course, hire], [3, 10])
    >>> draft.problem().variables
    2
    """

    def __init__(self) -> None:
        """Start with an empty sheet."""
        self._columns: list[tuple[int, int, int, Kind]] = []
        self._rows: list[tuple[Whole, Whole, Whole, Whole, Whole]] = []
        self._objectives: list[tuple[Whole, Whole, int, Sense]] = []
        self._width = self._height = 0

    def variables(
        self, count: int, *, lower: int = 0, upper: int = 1, kind: Kind = Kind.WHOLE
    ) -> range:
        """Add `count` variables with the same limits and return their numbers."""
        self._columns.append((count, lower, upper, kind))
        self._width += count
        return range(self._width - count, self._width)

    def row(
        self,
        variables: Numbers | range,
        factors: Numbers,
        *,
        at_least: int = -OPEN,
        at_most: int = OPEN,
    ) -> int:
        """Add one row and return its number; a variable that stands twice is added up."""
        (number,) = self.rows([0, len(variables)], variables, factors, [at_least], [at_most])
        return number

    def rows(
        self,
        start: Numbers,
        variables: Numbers | range,
        factors: Numbers,
        at_least: Numbers,
        at_most: Numbers,
    ) -> range:
        """Add many rows at once as compressed sparse rows and return their numbers."""
        added = (_whole(start), _whole(variables), _whole(factors), _whole(at_least))
        self._rows.append((*added, _whole(at_most)))
        self._height += len(added[3])
        return range(self._height - len(added[3]), self._height)

    def least(self, variables: Numbers | range, factors: Numbers, *, offset: int = 0) -> None:
        """Add the next objective: as little of this as can be."""
        self._objectives.append((_whole(variables), _whole(factors), offset, Sense.LEAST))

    def most(self, variables: Numbers | range, factors: Numbers, *, offset: int = 0) -> None:
        """Add the next objective: as much of this as can be."""
        self._objectives.append((_whole(variables), _whole(factors), offset, Sense.MOST))

    def problem(self) -> Problem:
        """Make the problem; what is drafted afterwards does not touch it.

        Raises:
            Misuse: E905 if a row or objective names a variable that is not there.
            SolverFailed: E903 if a number is too large to be exact.
        """
        counts = [count for count, *_ in self._columns]
        start, variable, factor = self._merged()
        return Problem(
            lower=np.repeat(_whole([low for _, low, _, _ in self._columns]), counts),
            upper=np.repeat(_whole([high for _, _, high, _ in self._columns]), counts),
            implied=np.repeat([kind is Kind.IMPLIED for *_, kind in self._columns], counts),
            start=start,
            variable=variable,
            factor=factor,
            at_least=_joined([least for _, _, _, least, _ in self._rows]),
            at_most=_joined([most for _, _, _, _, most in self._rows]),
            objectives=tuple(self._objective(*each) for each in self._objectives),
        )

    def _merged(self) -> tuple[Whole, Whole, Whole]:
        lengths = _joined([np.diff(start) for start, *_ in self._rows])
        variable = _joined([variables for _, variables, *_ in self._rows])
        factor = _joined([factors for _, _, factors, *_ in self._rows])
        if not len(variable) == len(factor) == lengths.sum():
            raise Misuse("E905", "a row has not one factor for each of its variables")
        return merge_terms(
            np.repeat(np.arange(len(lengths)), lengths), variable, factor, len(lengths)
        )

    def _objective(self, variable: Whole, factor: Whole, offset: int, sense: Sense) -> Objective:
        if len(variable) != len(factor) or _outside(variable, self._width):
            raise Misuse("E905", "an objective names a variable that is not there")
        dense = np.zeros(self._width, dtype=np.int64)
        np.add.at(dense, variable, factor)
        return Objective(factor=dense, offset=offset, sense=sense)


def merge_terms(
    row: Whole, variable: Whole, factor: Whole, rows: int
) -> tuple[Whole, Whole, Whole]:
    """Sort terms into compressed sparse rows; doubles are added up and zeros left out."""
    order = np.lexsort((variable, row))
    row, variable, factor = row[order], variable[order], factor[order]
    first = np.ones(len(row), dtype=np.bool_)
    first[1:] = (row[1:] != row[:-1]) | (variable[1:] != variable[:-1])
    summed = np.add.reduceat(factor, np.flatnonzero(first)) if len(row) else factor
    kept = summed != 0
    row, variable = row[first][kept], variable[first][kept]
    return np.searchsorted(row, np.arange(rows + 1)), variable, summed[kept]


def _joined(arrays: list[Whole]) -> Whole:
    return np.concatenate([np.zeros(0, dtype=np.int64), *arrays])


def _outside(variable: Whole, count: int) -> bool:
    return bool(len(variable) and (variable.min() < 0 or variable.max() >= count))


def _check_shapes(problem: Problem) -> None:
    wide = {problem.variables, len(problem.upper), len(problem.implied)}
    wide |= {len(objective.factor) for objective in problem.objectives}
    tall = {problem.rows, len(problem.at_most), len(problem.start) - 1}
    if len(wide) > 1 or len(tall) > 1 or len(problem.variable) != len(problem.factor):
        raise Misuse("E905", "the arrays of a problem differ in length")


def _check_terms(problem: Problem) -> None:
    start, variable = problem.start, problem.variable
    if start[0] != 0 or start[-1] != len(variable) or (np.diff(start) < 0).any():
        raise Misuse("E905", "the rows of a problem do not cover its terms")
    if _outside(variable, problem.variables):
        raise Misuse("E905", "a row names a variable that is not there")
    row = problem.row_of_term
    if ((np.diff(variable) <= 0) & (np.diff(row) == 0)).any():
        raise Misuse("E905", "the variables of a row do not rise strictly")


def _check_sizes(problem: Problem) -> None:
    exact = [problem.factor, *(objective.factor for objective in problem.objectives)]
    limits = (problem.lower, problem.upper, problem.at_least, problem.at_most)
    exact.extend(ends[np.abs(ends) < OPEN] for ends in limits)
    largest = max((int(np.abs(numbers).max()) for numbers in exact if len(numbers)), default=0)
    if largest > EXACT:
        raise SolverFailed("E903", f"{largest} is beyond 2^53", hint="use larger units")
