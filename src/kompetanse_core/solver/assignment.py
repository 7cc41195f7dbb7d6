"""Who goes where, each to one place, at least cost? Assignment, always proven.

Shortest augmenting paths (Jonker and Volgenant 1987, Computing 38): each row in turn finds the
cheapest way to a free column, moving earlier rows where that pays. The prices it leaves behind
prove the optimum (linear programming duality), and the proof is checked in whole numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from kompetanse_core.errors import Misuse, SolverFailed
from kompetanse_core.solver.problem import EXACT, OPEN, Whole

Matrix = npt.NDArray[np.int64]

NOBODY = -1


@frozen(kw_only=True, eq=False)
class Assignment:
    """Hold the column of each row, what that costs, and the prices that prove it least.

    No pair costs less than row_price + column_price, and each chosen pair costs just that.
    """

    column: Whole
    value: int
    row_price: Whole
    column_price: Whole


def assign(costs: npt.NDArray[Any]) -> Assignment:
    """Give each row a column of its own at least total cost.

    Args:
        costs: whole numbers, one row for each who is placed, at least as many columns.

    Raises:
        Misuse: E905 if `costs` is no table of whole numbers, or has more rows than columns.
        SolverFailed: E903 if sums along a path could pass 2^53.
    """
    matrix = _table(costs)
    search = _begin(matrix)
    for row in range(len(matrix)):
        if search.column[row] == NOBODY:
            _place(matrix, search, row)
    return _proven(matrix, search)


@frozen(kw_only=True, eq=False)
class _Search:
    """Hold who sits where so far, and prices that no pair undercuts."""

    column: Whole
    owner: Whole
    row_price: Whole
    column_price: Whole


def _table(costs: npt.NDArray[Any]) -> Matrix:
    if costs.ndim != 2 or costs.dtype.kind not in "iu":
        raise Misuse("E905", "costs are a table of whole numbers")
    if costs.shape[0] > costs.shape[1]:
        raise Misuse("E905", "there are more rows than columns", hint="swap rows and columns")
    largest = max(abs(int(costs.max(initial=0))), abs(int(costs.min(initial=0))))
    if largest * (2 * costs.shape[0] + 1) > EXACT:
        raise SolverFailed("E903", f"{largest} is too large to add up exactly")
    return np.ascontiguousarray(costs, dtype=np.int64)


def _begin(matrix: Matrix) -> _Search:
    """Price each row at its cheapest column, and place it there while that is free.

    A square table first prices each column at its cheapest row, which places most rows.
    """
    rows, columns = matrix.shape
    square = 0 < rows == columns
    column_price = matrix.min(axis=0) if square else np.zeros(columns, dtype=np.int64)
    search = _Search(
        column=np.full(rows, NOBODY, dtype=np.int64),
        owner=np.full(columns, NOBODY, dtype=np.int64),
        row_price=(matrix - column_price).min(axis=1) if rows else np.zeros(0, dtype=np.int64),
        column_price=column_price,
    )
    for row in range(rows):
        free = np.flatnonzero(matrix[row] - column_price == search.row_price[row])
        free = free[search.owner[free] == NOBODY]
        if len(free):
            search.owner[free[0]], search.column[row] = row, free[0]
    return search


def _place(matrix: Matrix, search: _Search, row: int) -> None:
    """Place one more row along the cheapest path, and move the prices with it."""
    way = np.full(matrix.shape[1], OPEN, dtype=np.int64)
    ahead = way.copy()
    came_from = np.full(matrix.shape[1], NOBODY, dtype=np.int64)
    closed: list[int] = []
    reached, length = row, 0
    while reached != NOBODY:
        offer = matrix[reached] - search.column_price
        offer += length - search.row_price[reached]
        offer[closed] = OPEN
        shorter = np.flatnonzero(offer < way)
        way[shorter] = ahead[shorter] = offer[shorter]
        came_from[shorter] = reached
        last = int(ahead.argmin())
        length = int(way[last])
        ahead[last] = OPEN
        closed.append(last)
        reached = int(search.owner[last])
    _move_prices(search, row, np.array(closed[:-1], dtype=np.int64), way, length)
    _move_owners(search, came_from, row, closed[-1])


def _move_prices(search: _Search, row: int, closed: Whole, way: Whole, length: int) -> None:
    search.row_price[row] += length
    search.row_price[search.owner[closed]] += length - way[closed]
    search.column_price[closed] -= length - way[closed]


def _move_owners(search: _Search, came_from: Whole, row: int, last: int) -> None:
    column, mover = last, NOBODY
    while mover != row:
        mover = int(came_from[column])
        before = int(search.column[mover])
        search.owner[column], search.column[mover] = mover, column
        column = before


def _proven(matrix: Matrix, search: _Search) -> Assignment:
    value = int(matrix[np.arange(len(matrix)), search.column].sum())
    spare = matrix - search.row_price[:, None] - search.column_price
    worth = int(search.row_price.sum() + search.column_price.sum())
    if value != worth or spare.min(initial=0) < 0:
        raise SolverFailed("E902", "the assignment does not meet its own proof")
    return Assignment(
        column=search.column,
        value=value,
        row_price=search.row_price,
        column_price=search.column_price,
    )
