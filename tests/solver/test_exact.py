"""Is every check exact, also where 64 bits are not enough?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.solver import OPEN, Draft
from kompetanse_core.solver.exact import broken_rows, dot, keeps_limits, objective_values, row_sums

LARGE = 2**53


@given(st.lists(st.tuples(st.integers(-LARGE, LARGE), st.integers(-LARGE, LARGE)), max_size=9))
def test_a_product_sum_is_exact(pairs: list[tuple[int, int]]) -> None:
    """`dot` is the sum of the products, whatever their size."""
    factors, values = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    assert dot(factors, values) == sum(factor * value for factor, value in pairs)


@given(st.lists(st.lists(st.integers(-LARGE, LARGE), min_size=3, max_size=3), max_size=4))
def test_row_sums_are_exact(rows: list[list[int]]) -> None:
    """Each row adds up as Python's integers do, empty rows to nothing."""
    draft = Draft()
    draft.variables(3, lower=-LARGE, upper=LARGE)
    draft.row([], [])
    for factors in rows:
        draft.row(range(3), factors)
    values = [LARGE, -7, LARGE - 1]
    expected = [0, *(sum(map(int.__mul__, factors, values)) for factors in rows)]
    assert row_sums(draft.problem(), np.array(values, dtype=np.int64)).tolist() == expected


def test_a_row_broken_by_one_is_seen_at_any_size() -> None:
    """One unit too much is found where a float could not tell it from enough."""
    draft = Draft()
    draft.variables(2, upper=LARGE)
    top = LARGE - 1
    draft.row(range(2), [top, 1], at_most=LARGE)
    draft.row(range(2), [top, 1], at_least=LARGE)
    problem = draft.problem()
    assert broken_rows(problem, np.array([1, 1], dtype=np.int64)) == ()
    assert broken_rows(problem, np.array([1, 2], dtype=np.int64)) == (0,)
    assert broken_rows(problem, np.array([1, 0], dtype=np.int64)) == (1,)
    assert broken_rows(problem, np.array([LARGE, LARGE], dtype=np.int64)) == (0,)


@pytest.mark.parametrize(("value", "kept"), [(-1, False), (0, True), (3, True), (4, False)])
def test_the_limits_of_a_variable_count(value: int, *, kept: bool) -> None:
    """An answer outside a variable's own limits keeps no limits."""
    draft = Draft()
    draft.variables(1, upper=3)
    assert keeps_limits(draft.problem(), np.array([value], dtype=np.int64)) is kept


def test_open_ends_hold_everything() -> None:
    """An open row is broken by nothing."""
    draft = Draft()
    draft.variables(1, lower=-OPEN, upper=OPEN)
    draft.row([0], [LARGE])
    assert keeps_limits(draft.problem(), np.array([LARGE], dtype=np.int64))


def test_objectives_count_their_offset() -> None:
    """The value of an objective is its offset and the sum of its terms."""
    draft = Draft()
    draft.variables(2, upper=9)
    draft.least([0, 1], [2, 3], offset=5)
    draft.most([1], [10])
    assert objective_values(draft.problem(), np.array([1, 4], dtype=np.int64)) == (19, 40)
