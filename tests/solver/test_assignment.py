"""Does everyone get a place of their own, at least cost, with proof?"""

from __future__ import annotations

import numpy as np
import pytest

from kompetanse_core.errors import Misuse, SolverFailed
from kompetanse_core.solver import assign, assignment
from kompetanse_core.solver.assignment import NOBODY


def test_the_cheapest_for_one_yields_where_all_gain() -> None:
    """The first row gives up its cheapest column, because the second has no other."""
    found = assign(np.array([[1, 2], [1, 9]]))
    assert (found.column.tolist(), found.value) == ([1, 0], 3)


def test_spare_columns_stay_free() -> None:
    """With more columns than rows the dear ones are left alone, at price 0."""
    found = assign(np.array([[5, 1, 7], [6, 2, 3]]))
    assert (found.column.tolist(), found.value) == ([1, 2], 4)
    assert found.column_price[0] == 0


def test_a_table_of_hundreds_is_its_own_proof() -> None:
    """On a large table the prices prove the value: no pair undercuts, each chosen one is met."""
    costs = np.random.default_rng(1).integers(-(10**9), 10**9, (120, 150))
    found = assign(costs)
    spare = costs - found.row_price[:, None] - found.column_price
    assert spare.min() == 0
    assert not spare[np.arange(120), found.column].any()
    assert sorted(set(found.column.tolist())) == sorted(found.column.tolist())
    free = np.setdiff1d(np.arange(150), found.column)
    assert not found.column_price[free].any()
    assert (found.column_price <= 0).all()


def test_nobody_to_place_costs_nothing() -> None:
    """Empty tables have an empty answer."""
    for shape in ((0, 0), (0, 3)):
        found = assign(np.zeros(shape, dtype=np.int64))
        assert (found.column.tolist(), found.value) == ([], 0)


def test_bad_input_tables_that_cannot_be_are_refused() -> None:
    """Decimals, a list instead of a table, and more rows than columns are misuse (E905)."""
    for costs in (np.ones((2, 2)), np.ones(3, dtype=np.int64), np.ones((2, 1), dtype=np.int64)):
        with pytest.raises(Misuse, match="E905"):
            assign(costs)


def test_bad_input_costs_too_large_to_add_up_are_refused() -> None:
    """Sums along a path must stay exact (E903)."""
    with pytest.raises(SolverFailed, match="E903"):
        assign(np.array([[2**52, 1], [1, -(2**52)]]))
    assert assign(np.array([[10**12, 1], [1, 10**12]])).value == 2


def test_a_broken_proof_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the prices do not prove the value, the room has failed (E902)."""
    begin = assignment._begin

    def tampered(matrix: assignment.Matrix) -> assignment._Search:
        search = begin(matrix)
        search.column_price[0] += 1
        return search

    monkeypatch.setattr(assignment, "_begin", tampered)
    with pytest.raises(SolverFailed, match="E902"):
        assign(np.array([[1, 2], [2, 1]]))
    assert NOBODY == -1
