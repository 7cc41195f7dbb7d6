"""The ways of a small part: all that can be best at some prices, none that breaks a limit."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.solver import Draft, Problem, keeps_limits
from kompetanse_core.solver.listing import list_ways
from kompetanse_core.solver.problem import Whole

ROW = st.tuples(
    st.lists(st.integers(-2, 2), min_size=5, max_size=5), st.integers(-1, 1), st.integers(0, 3)
)


def drafted(rows: list[tuple[list[int], int, int]], uppers: list[int]) -> Problem:
    """Draft a problem of rows that lie between a least and a most."""
    draft = Draft()
    own = [draft.variables(1, upper=upper)[0] for upper in uppers]
    for factors, least, room in rows:
        draft.row(own, factors[: len(own)], at_least=least, at_most=least + room)
    return draft.problem()


def every_answer(problem: Problem) -> list[Whole]:
    """Try every answer there is."""
    ends = [range(low, high + 1) for low, high in zip(problem.lower, problem.upper, strict=True)]
    tried = (np.array(values, dtype=np.int64) for values in product(*ends))
    return [values for values in tried if keeps_limits(problem, values)]


@given(
    rows=st.lists(ROW, max_size=3),
    uppers=st.lists(st.integers(1, 2), min_size=1, max_size=5),
    prices=st.lists(st.integers(0, 9), min_size=5, max_size=5),
    wanted=st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_one_way_is_best_wherever_only_what_is_wanted_can_be_a_gain(
    rows: list[tuple[list[int], int, int]],
    uppers: list[int],
    prices: list[int],
    wanted: list[bool],
) -> None:
    """At any such prices the best way costs what the best of all answers costs."""
    problem, many = drafted(rows, uppers), len(uppers)
    flags = np.array(wanted[:many])
    cost = np.where(flags, -1, 1) * np.array(prices[:many])
    ways = list_ways(problem, flags, 1_000)
    answers = every_answer(problem)
    assert ways.all
    assert all(keeps_limits(problem, way) for way in ways.values)
    assert bool(len(ways.values)) == bool(answers)
    if answers:
        assert (ways.values @ cost).min() == min(int(values @ cost) for values in answers)


def test_a_vacancy_is_raised_by_all_that_is_missing() -> None:
    """A seat of 10 000 parts is vacant or filled by one hire: two ways, not ten thousand."""
    draft = Draft()
    (hire,) = draft.variables(1)
    (vacant,) = draft.variables(1, upper=10_000)
    draft.row([hire, vacant], [10_000, 1], at_least=10_000)
    ways = list_ways(draft.problem(), np.array([False, False]), 50)
    assert ways.all
    assert ways.values.tolist() == [[1, 0], [0, 10_000]]


def test_two_that_could_share_what_is_missing_are_not_all_listed() -> None:
    """Ten thousand parts can be shared by two in as many ways: it says that some are missing."""
    draft = Draft()
    own = draft.variables(2, upper=10_000)
    draft.row(own, [1, 1], at_least=10_000)
    assert not list_ways(draft.problem(), np.array([False, False]), 50).all


def test_too_many_ways_are_said_to_be_too_many() -> None:
    """Ten free choices have 1,024 ways, of which some are listed."""
    draft = Draft()
    draft.variables(10)
    ways = list_ways(draft.problem(), np.ones(10, dtype=np.bool_), 100)
    assert not ways.all
    assert len(ways.values) == 100
