"""Are the fewest limits named, by how much, and never one that must hold?"""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from kompetanse_core.errors import Misuse
from kompetanse_core.solver import (
    OPEN,
    Draft,
    Problem,
    Solution,
    fewest_to_relax,
    infeasible,
    solve,
)


def plan() -> Problem:
    """Five of each of two courses; money, seats and hours that do not suffice."""
    draft = Draft()
    one, two = draft.variables(2, upper=10)
    draft.row([one], [1], at_least=5)
    draft.row([two], [1], at_least=5)
    draft.row([one, two], [10, 20], at_most=100)
    draft.row([one, two], [1, 1], at_most=10)
    draft.row([one], [3], at_most=15)
    return draft.problem()


def test_the_one_limit_in_the_way_is_named_with_its_excess() -> None:
    """Only the budget is too small, and by fifty."""
    found = fewest_to_relax(plan(), [2, 3, 4])
    assert found is not None
    assert (found.rows, found.excess, found.at_least, found.proven) == ((2,), (50,), 1, True)
    assert found.values.tolist() == [5, 5]


def test_among_equally_few_the_least_stretch_is_chosen() -> None:
    """Lacking two courses is less in sum than lacking fifty of money."""
    found = fewest_to_relax(plan(), [0, 1, 2])
    assert found is not None
    assert (found.rows, found.excess) == ((1,), (3,))


def test_what_must_hold_holds() -> None:
    """If the rows that may give do not help, nothing is named."""
    assert fewest_to_relax(plan(), [3, 4]) is None
    assert fewest_to_relax(plan(), []) is None


def test_a_row_that_contradicts_itself_may_give_as_one() -> None:
    """A row with crossed ends is one limit, and counts once."""
    draft = Draft()
    draft.variables(1, upper=5)
    draft.row([0], [1], at_least=4, at_most=1)
    found = fewest_to_relax(draft.problem(), [0, 0])
    assert found is not None
    assert (found.rows, found.proven) == ((0,), True)


def test_what_is_not_proven_is_not_called_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the search was cut, the bound says how many rows must give in any case."""

    def cut(problem: Problem, **terms: Any) -> Solution:
        return evolve(solve(problem, **terms), bounds=(0, None))

    monkeypatch.setattr(infeasible, "solve", cut)
    found = fewest_to_relax(plan(), [2, 3, 4])
    assert found is not None
    assert (found.rows, found.at_least, found.proven) == ((2,), 0, False)


def test_nothing_gives_where_all_fits() -> None:
    """A problem that has an answer needs no row to give."""
    draft = Draft()
    draft.variables(1, upper=5)
    draft.row([0], [1], at_least=4)
    found = fewest_to_relax(draft.problem(), [0])
    assert found is not None
    assert (found.rows, found.excess, found.proven) == ((), (), True)


def test_bad_input_a_row_without_end_cannot_give() -> None:
    """How far it would have to give cannot be said (E905); nor for a row that is not there."""
    draft = Draft()
    draft.variables(1, upper=OPEN)
    draft.row([0], [1], at_least=4, at_most=3)
    with pytest.raises(Misuse, match="open end"):
        fewest_to_relax(draft.problem(), [0])
    with pytest.raises(Misuse, match="not there"):
        fewest_to_relax(plan(), [5])
