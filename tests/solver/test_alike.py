"""Does adding up what is alike keep what is best, and can the answer be handed out again?"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.solver import Draft, Kind, Problem, hand_out, relax, shrink, solve
from kompetanse_core.solver import alike as room
from kompetanse_core.solver.exact import keeps_limits, objective_values

FEW = st.integers(-3, 3)


@st.composite
def crowds(draw: st.DrawFn) -> Problem:
    """Some copies of one block with a row of its own, shuffled, and a row over all of them."""
    copies, width = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    own, shared, price = (
        draw(st.lists(values, min_size=width, max_size=width))
        for values in (FEW, st.integers(0, 3), FEW)
    )
    most, room_for_all = draw(st.integers(0, 4)), draw(st.integers(0, 9))
    order = draw(st.permutations(range(copies * width)))
    draft = Draft()
    draft.variables(copies * width)
    blocks = [order[n * width : (n + 1) * width] for n in range(copies)]
    for block in blocks:
        draft.row(block, own, at_most=most)
    draft.row([v for block in blocks for v in block], shared * copies, at_most=room_for_all)
    draft.least([v for block in blocks for v in block], price * copies)
    return draft.problem()


def best(problem: Problem) -> int:
    """The best value of a problem of zeros and ones, by trying everything."""
    every = (np.array(each, dtype=np.int64) for each in product((0, 1), repeat=problem.variables))
    return min(objective_values(problem, v)[0] for v in every if keeps_limits(problem, v))


@given(crowds())
def test_the_smaller_problem_is_never_worse(problem: Problem) -> None:
    """Its optimum over fractions is that of the whole; its best in whole numbers bounds the whole.

    Where each kind has one variable only, the two are the same problem.
    """
    shrunk = shrink(problem)
    assert relax(shrunk.problem).optimum == relax(problem).optimum
    found = solve(shrunk.problem)
    assert found.objectives[0] <= best(problem)
    if shrunk.problem.variables == problem.variables:
        assert found.objectives[0] == best(problem)


@given(crowds())
def test_what_is_handed_out_keeps_every_limit(problem: Problem) -> None:
    """Nobody gets more of a kind than there is, and what was left out of the limits holds."""
    shrunk = shrink(problem)
    found = solve(shrunk.problem)
    assert found.values is not None
    handed = solve(hand_out(problem, shrunk, found.values))
    assert handed.values is not None
    assert keeps_limits(problem, handed.values)
    assert (shrunk.added(handed.values) <= found.values).all()
    assert objective_values(problem, handed.values)[0] >= found.objectives[0]


def test_copies_are_found() -> None:
    """Five people alike, each with two ways of which one is enough, become two variables."""
    draft = Draft()
    ways = draft.variables(10)
    for person in range(5):
        draft.row(ways[2 * person : 2 * person + 2], [1, 1], at_most=1)
    draft.row(ways, [3, 4] * 5, at_most=10)
    draft.most(ways, [5, 6] * 5)
    shrunk = shrink(draft.problem())
    assert (shrunk.problem.variables, shrunk.problem.rows) == (2, 2)
    assert sorted(shrunk.problem.upper.tolist()) == [5, 5]
    found = solve(shrunk.problem)
    assert found.values is not None
    handed = solve(hand_out(draft.problem(), shrunk, found.values))
    assert handed.objectives == found.objectives == (16,)


def test_what_gives_room_stays() -> None:
    """A session that is held gives its seats: it is not handed out of existence."""
    draft = Draft()
    people = draft.variables(4)
    session = draft.variables(1, upper=2)[0]
    draft.row([*people, session], [1, 1, 1, 1, -3], at_most=0)
    draft.row([session], [5], at_most=5)
    draft.most(people, [1] * 4)
    problem = draft.problem()
    shrunk = shrink(problem)
    found = solve(shrunk.problem)
    assert found.values is not None
    handed = solve(hand_out(problem, shrunk, found.values))
    assert handed.values is not None
    assert handed.values[session] == 1
    assert keeps_limits(problem, handed.values)
    assert int(handed.values[:4].sum()) == 3


def test_marks_that_coincide_shrink_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """If two that differ were ever marked the same, the whole problem is kept as it is."""
    monkeypatch.setattr(room, "_stirred", np.zeros_like)
    draft = Draft()
    draft.variables(2)
    draft.variables(1, kind=Kind.IMPLIED)
    draft.row([0, 1], [1, 2], at_most=2)
    draft.least([0, 1], [-1, -5])
    shrunk = shrink(draft.problem())
    assert shrunk.problem.variables == 3


def test_sums_beyond_what_is_exact_shrink_nothing() -> None:
    """Three limits of 2^52 cannot be added up exactly: nothing is."""
    draft = Draft()
    people = draft.variables(3, upper=2**52)
    for person in people:
        draft.row([person], [1], at_most=2**52)
    draft.most(people, [1] * 3)
    assert shrink(draft.problem()).problem.variables == 3
