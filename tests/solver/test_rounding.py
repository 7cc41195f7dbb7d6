"""Does rounding a limit keep every whole answer and take away the room between them?"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.solver import OPEN, Draft, Problem, relax, shrink
from kompetanse_core.solver.exact import keeps_limits
from kompetanse_core.solver.rounding import round_rows

LIMIT = st.integers(-9, 9)


@st.composite
def rows(draw: st.DrawFn) -> Problem:
    """Up to three rows over two variables from -2 to 2, limits open or not."""
    draft = Draft()
    draft.variables(2, lower=-2, upper=2)
    for _ in range(draw(st.integers(1, 3))):
        factors = draw(st.lists(st.integers(-6, 6), min_size=2, max_size=2))
        least = draw(st.one_of(st.just(-OPEN), LIMIT))
        draft.row([0, 1], factors, at_least=least, at_most=draw(st.one_of(st.just(OPEN), LIMIT)))
    return draft.problem()


@given(rows())
def test_the_same_whole_answers_are_left(problem: Problem) -> None:
    """Each of the 25 answers keeps the rounded limits just where it keeps the written ones."""
    rounded = round_rows(problem)
    for each in product(range(-2, 3), repeat=2):
        values = np.array(each, dtype=np.int64)
        assert keeps_limits(rounded, values) == keeps_limits(problem, values)


def test_a_limit_moves_to_what_a_sum_can_be() -> None:
    """Of 5 <= 2a + 4b <= 7 is left 6 <= 2a + 4b <= 6; open ends and lone rows stay."""
    draft = Draft()
    draft.variables(2)
    draft.row([0, 1], [2, 4], at_least=5, at_most=7)
    draft.row([0, 1], [-2, 4], at_least=-5)
    draft.row([0, 1], [2, 3], at_most=7)
    draft.row([], [], at_most=7)
    rounded = round_rows(draft.problem())
    assert rounded.at_least.tolist() == [6, -4, -OPEN, -OPEN]
    assert rounded.at_most.tolist() == [6, OPEN, 7, 7]


def test_what_nobody_can_use_adds_up_to_nothing() -> None:
    """Two people with 2 hours each for a course of 3 go to none, together as alone."""
    draft = Draft()
    ways = draft.variables(2)
    for way in ways:
        draft.row([way], [3], at_most=2)
    draft.most(ways, [1, 1])
    problem = draft.problem()
    assert relax(problem).optimum == relax(shrink(problem).problem).optimum == 0


@pytest.mark.parametrize("limits", [(0, 1), (1, 0), (1, 0, 1)])
def test_rows_that_say_the_same_do_not_blur_the_optimum(limits: tuple[int, ...]) -> None:
    """Of 2a + 2b <= 1 and 2a + 2b <= 0 neither leaves anything, and the optimum is exact."""
    draft = Draft()
    draft.variables(2)
    for limit in limits:
        draft.row([0, 1], [2, 2], at_most=limit)
    draft.most([0, 1], [1, 1])
    found = relax(draft.problem())
    assert found.optimum == found.bound == 0
