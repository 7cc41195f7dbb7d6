"""What is a problem, and what is refused before any solver sees it?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from attrs import evolve

from kompetanse_core.errors import Misuse, SolverFailed
from kompetanse_core.solver import OPEN, Draft, Kind, Objective, Problem, Sense


def small() -> Problem:
    """Two variables, two rows, one objective."""
    draft = Draft()
    x, y = draft.variables(2, upper=5)
    draft.row([x, y], [2, 3], at_least=6)
    draft.row([y], [1], at_most=4)
    draft.least([x, y], [4, 5], offset=7)
    return draft.problem()


def test_a_draft_becomes_rows_in_order() -> None:
    """Rows, limits and objectives stand in the problem as they were drafted."""
    problem = small()
    assert (problem.variables, problem.rows) == (2, 2)
    assert problem.start.tolist() == [0, 2, 3]
    assert problem.variable.tolist() == [0, 1, 1]
    assert problem.factor.tolist() == [2, 3, 1]
    assert problem.at_least.tolist() == [6, -OPEN]
    assert problem.at_most.tolist() == [OPEN, 4]
    (objective,) = problem.objectives
    assert (objective.factor.tolist(), objective.offset, objective.sense) == (
        [4, 5],
        7,
        Sense.LEAST,
    )


def test_terms_that_stand_twice_are_added_up_and_zeros_left_out() -> None:
    """A row may name a variable twice; what cancels out disappears."""
    draft = Draft()
    draft.variables(3)
    draft.row([2, 0, 2, 1, 1], [1, 5, 2, 4, -4], at_most=9)
    draft.most([1, 1], [2, 3])
    problem = draft.problem()
    assert problem.variable.tolist() == [0, 2]
    assert problem.factor.tolist() == [5, 3]
    assert problem.objectives[0].factor.tolist() == [0, 5, 0]


def test_many_rows_at_once_are_as_good_as_one_by_one() -> None:
    """`rows` and `row` write the same problem, and number on."""
    one, many = Draft(), Draft()
    for draft in (one, many):
        draft.variables(3)
        assert draft.row([0], [1], at_most=1) == 0
    assert [one.row([0, 1], [1, 2], at_least=1), one.row([2], [3], at_most=2)] == [1, 2]
    added = many.rows([0, 2, 3], [0, 1, 2], [1, 2, 3], [1, -OPEN], [OPEN, 2])
    assert list(added) == [1, 2]
    left, right = one.problem(), many.problem()
    for name in ("start", "variable", "factor", "at_least", "at_most"):
        assert getattr(left, name).tolist() == getattr(right, name).tolist()


def test_kinds_and_limits_follow_their_variables() -> None:
    """Each batch of variables keeps its own limits and kind."""
    draft = Draft()
    assert list(draft.variables(2, lower=-1, upper=3)) == [0, 1]
    assert list(draft.variables(1, upper=OPEN, kind=Kind.IMPLIED)) == [2]
    problem = draft.problem()
    assert problem.lower.tolist() == [-1, -1, 0]
    assert problem.upper.tolist() == [3, 3, OPEN]
    assert problem.implied.tolist() == [False, False, True]


def test_a_problem_cannot_be_changed() -> None:
    """The arrays of a problem are sealed, also against the array they were made from."""
    factor = np.array([1, 2], dtype=np.int64)
    objective = Objective(factor=factor)
    factor[0] = 9
    assert objective.factor.tolist() == [1, 2]
    with pytest.raises(ValueError, match="read-only"):
        small().factor[0] = 1


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"upper": [1]}, "differ in length"),
        ({"at_most": [1]}, "differ in length"),
        ({"factor": [1]}, "differ in length"),
        ({"objectives": (Objective(factor=[1]),)}, "differ in length"),
        ({"start": [0, 1, 2]}, "do not cover"),
        ({"start": [0, 4, 3]}, "do not cover"),
        ({"start": [1, 2, 3]}, "do not cover"),
        ({"variable": [0, 2, 1]}, "not there"),
        ({"variable": [0, -1, 1]}, "not there"),
        ({"variable": [1, 0, 1]}, "rise strictly"),
        ({"variable": [1, 1, 1]}, "rise strictly"),
        ({"lower": [0.5, 0]}, "whole numbers"),
        ({"lower": [[0, 0]]}, "whole numbers"),
        ({"lower": ["a", "b"]}, "whole numbers"),
    ],
)
def test_what_does_not_hang_together_is_refused(change: dict[str, Any], text: str) -> None:
    """Wrong lengths, strange variables and numbers with decimals are misuse (E905)."""
    with pytest.raises(Misuse, match=text) as caught:
        evolve(small(), **change)
    assert caught.value.code == "E905"


def test_a_draft_refuses_strange_variables() -> None:
    """A row or objective over a variable that is not there is misuse (E905)."""
    draft = Draft()
    draft.variables(1)
    with pytest.raises(Misuse, match="objective names"):
        objective_on(draft, 1)
    draft.row([1], [1], at_most=0)
    with pytest.raises(Misuse, match="row names"):
        draft.problem()


def objective_on(draft: Draft, variable: int) -> Problem:
    """A problem whose objective names this variable."""
    other = Draft()
    other.variables(len(draft.problem().lower))
    other.least([variable], [1])
    return other.problem()


def test_a_row_needs_a_factor_for_each_variable() -> None:
    """Fewer factors than variables is misuse (E905)."""
    draft = Draft()
    draft.variables(2)
    draft.row([0, 1], [1], at_most=0)
    with pytest.raises(Misuse, match="one factor for each"):
        draft.problem()


@pytest.mark.parametrize("name", ["lower", "upper", "at_least", "at_most"])
@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 10**30])
def test_bad_input_numbers_beyond_what_floats_hold_are_refused(name: str, number: int) -> None:
    """Numbers that a float cannot hold exactly raise E903; open ends are not numbers."""
    with pytest.raises(SolverFailed, match="E903"):
        evolve(small(), **dict[str, Any]({name: [number, 0]}))


@pytest.mark.parametrize("number", [2**53 + 1, -(2**53) - 1, 10**30])
def test_bad_input_factors_beyond_what_floats_hold_are_refused(number: int) -> None:
    """The same for factors, in rows and in objectives."""
    with pytest.raises(SolverFailed, match="E903"):
        evolve(small(), factor=[number, 1, 1])
    with pytest.raises(SolverFailed, match="E903"):
        evolve(small(), objectives=(Objective(factor=[number, 1]),))


def test_two_to_the_fifty_third_is_still_exact() -> None:
    """The largest number that a float holds exactly is let through."""
    assert evolve(small(), factor=[2**53, -(2**53), 1]).factor[0] == 2**53
