"""Does a price hold in all of its range, and no further?"""

from fractions import Fraction
from math import gcd

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.errors import Misuse
from kompetanse_core.solver import Draft, Problem, relax
from kompetanse_core.solver.ranging import price_range


def mix(hours: int = 40, money: int = 90) -> Problem:
    """Two measures under two limits."""
    draft = Draft()
    draft.variables(2, upper=100)
    draft.row([0, 1], [2, 1], at_most=hours)
    draft.row([0, 1], [3, 4], at_most=money)
    draft.most([0, 1], [7, 5])
    return draft.problem()


def choices(worth: list[int], cost: list[int], budget: int) -> Problem:
    """Take or leave each of several, within a budget."""
    draft = Draft()
    draft.variables(len(worth))
    draft.row(range(len(worth)), cost, at_most=budget)
    draft.most(range(len(worth)), worth)
    return draft.problem()


def optimum(problem: Problem) -> Fraction:
    """The exact optimum over fractions."""
    found = relax(problem).optimum
    assert found is not None
    return found


def test_the_range_of_a_price_by_hand() -> None:
    """Hours: from 22.5, where only the second measure is left, to 60, where only the first is."""
    assert price_range(mix(), relax(mix()), 0) == (23, 60)
    assert price_range(mix(), relax(mix()), 1) == (60, 160)


def test_a_range_may_have_no_end() -> None:
    """What is always short keeps its price however short it is not."""
    draft = Draft()
    draft.variables(1, upper=2**40)
    draft.row([0], [1], at_most=5)
    draft.row([0], [-1], at_most=0)
    draft.most([0], [3])
    problem = evolve(draft.problem(), upper=np.array([2**62]))
    assert price_range(problem, relax(problem), 0) == (0, None)


def test_another_limit_may_be_between_two_sums() -> None:
    """61 hours of 2 and of 4 are 60: money buys from fifteen of the second to thirty first ones."""
    draft = Draft()
    draft.variables(2, upper=100)
    draft.row([0, 1], [2, 4], at_most=61)
    draft.row([0, 1], [3, 1], at_most=60)
    draft.most([0, 1], [7, 5])
    problem = draft.problem()
    assert price_range(problem, relax(problem), 1) == (15, 90)


def test_a_row_without_a_price_has_no_range() -> None:
    """E905 for a limit that holds nothing back, or is not there."""
    idle = mix(hours=1_000)
    for row in (0, 2, -1):
        with pytest.raises(Misuse, match="E905"):
            price_range(idle, relax(idle), row)


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 9)), min_size=1, max_size=6),
    st.integers(1, 60),
)
def test_the_price_holds_to_both_ends_and_no_further(
    pairs: list[tuple[int, int]], budget: int
) -> None:
    """To each end the optimum moves by the price a unit; beyond it, it gains less or loses more.

    Where all costs share a unit, as one cost does with itself, whole units count: 7 for a cost of
    3 are 6.
    """
    worth, cost = [w for w, _ in pairs], [2 * c + 1 for _, c in pairs]
    unit = gcd(*cost)
    problem = choices(worth, cost, budget)
    found = relax(problem)
    price = float(found.prices[0])
    if not price:
        return
    least, most = price_range(problem, found, 0)
    assert least is not None
    assert most is not None
    assert 0 <= least <= budget <= most <= sum(cost)
    here = optimum(problem)
    for amount in range(sum(cost) + 2):
        gain = float(optimum(choices(worth, cost, amount)) - here)
        usable = amount // unit * unit
        promised = price * (usable - budget // unit * unit)
        if least <= usable <= most:
            assert gain == pytest.approx(promised, abs=1e-6)
        else:
            assert gain < promised - 1e-9


def test_a_limit_that_cannot_be_used_up_is_within_its_range() -> None:
    """60 hours for courses of eight each are 56; the range holds what was written."""
    draft = Draft()
    draft.variables(20)
    draft.row(range(20), [8] * 20, at_most=60)
    draft.most(range(20), [3] * 20)
    problem = draft.problem()
    assert price_range(problem, relax(problem), 0) == (0, 160)
    short = evolve(problem, upper=np.array([1] * 7 + [0] * 13))
    found = relax(evolve(short, at_most=np.array([55])))
    assert price_range(evolve(short, at_most=np.array([55])), found, 0) == (0, 56)
    lone = evolve(problem, upper=np.array([1] * 20), at_most=np.array([7]))
    assert price_range(lone, relax(lone), 0) == (0, 160)
