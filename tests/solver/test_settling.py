"""Is what is settled beforehand as good as what a search would have found?"""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.solver import Draft, Problem
from kompetanse_core.solver.exact import keeps_limits, rank, row_sums
from kompetanse_core.solver.parts import folded
from kompetanse_core.solver.settling import fix_forced, settle

FEW = st.integers(-3, 3)
WIDTH = 5


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Five variables from 0 to 2, some of them fixed, a few rows, and two objectives."""
    draft = Draft()
    for _ in range(WIDTH):
        lower = draw(st.integers(0, 1))
        draft.variables(1, lower=lower, upper=draw(st.integers(lower, 2)))
    factors = st.lists(FEW, min_size=WIDTH, max_size=WIDTH)
    for _ in range(draw(st.integers(0, 3))):
        least = draw(st.sampled_from([-(2**62), -4, 0]))
        draft.row(range(WIDTH), draw(factors), at_least=least, at_most=draw(st.integers(0, 6)))
    for _ in range(2):
        draft.least(range(WIDTH), draw(factors))
    return draft.problem()


def answers(problem: Problem) -> list[tuple[int, ...]]:
    """The worth of every answer there is, the best first."""
    ranges = (range(a, b + 1) for a, b in zip(problem.lower, problem.upper, strict=True))
    every = (np.array(each, dtype=np.int64) for each in product(*ranges))
    return sorted(rank(problem, each) for each in every if keeps_limits(problem, each))


@given(problems())
def test_the_best_stays_as_good(problem: Problem) -> None:
    """With what is settled fixed, the best answer is worth what it was, on both objectives."""
    assert answers(settle(problem))[:1] == answers(problem)[:1]


@given(problems())
def test_folding_changes_no_answer(problem: Problem) -> None:
    """The same answers keep the limits, and no fixed variable stands in a row any more."""
    found = folded(problem)
    assert answers(found) == answers(problem)
    assert not (found.lower == found.upper)[found.variable].any()


def test_what_nothing_holds_back_is_settled() -> None:
    """Room for both: each is taken; what then is certain settles what waited for it."""
    draft = Draft()
    first, then = draft.variables(2)
    draft.row([then, first], [1, -1], at_most=0)
    draft.most([then], [1])
    found = settle(draft.problem())
    assert found.lower.tolist() == [1, 1]


def test_sums_too_large_for_floats_settle_nothing() -> None:
    """A row whose sum is beyond 2^53 is never called idle."""
    draft = Draft()
    draft.variables(2, upper=2**52)
    draft.row([0, 1], [2**10, -(2**10)], at_most=2**53)
    draft.most([0], [1])
    assert settle(draft.problem()).lower.tolist() == [0, 2**52]


def test_folding_keeps_what_it_cannot_hold() -> None:
    """Where the limit less the fixed part would be beyond 2^53, nothing is folded."""
    draft = Draft()
    draft.variables(1, lower=2**30, upper=2**30)
    draft.variables(1)
    row = draft.row([0, 1], [2**30, 1], at_least=-(2**53))
    problem = draft.problem()
    assert folded(problem) is problem
    assert row_sums(problem, np.array([2**30, 1]))[row] == 2**60 + 1


@given(problems())
def test_fixing_what_is_forced_loses_no_answer(problem: Problem) -> None:
    """The same answers keep the limits as before."""
    assert answers(fix_forced(problem)) == answers(problem)


def test_what_is_too_much_for_a_row_is_fixed() -> None:
    """A job too long for one of two agents goes to the other, who then has no room for the next."""
    draft = Draft()
    first, second = draft.variables(2), draft.variables(2)
    for job in (first, second):
        draft.row(job, [1, 1], at_least=1, at_most=1)
    draft.row([first[0], second[0]], [9, 4], at_most=8)
    draft.row([first[1], second[1]], [5, 4], at_most=8)
    found = fix_forced(draft.problem())
    assert found.lower.tolist() == found.upper.tolist() == [0, 1, 1, 0]


def test_a_row_that_cannot_be_kept_crosses_limits() -> None:
    """Two of at most one each are never three."""
    draft = Draft()
    draft.row(draft.variables(2), [1, 1], at_least=3)
    found = fix_forced(draft.problem())
    assert (found.lower > found.upper).all()
