"""Are prices what one more unit is worth, and is the bound exact?"""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from attrs import evolve

from kompetanse_core.errors import Misuse
from kompetanse_core.solver import OPEN, Draft, Problem, Status, relax, relaxation
from kompetanse_core.solver.asking import Ending, make_goal
from kompetanse_core.solver.highs import Duals


def mix(hours: int = 40, money: int = 90) -> Problem:
    """Two measures under two limits, with fractions at the optimum."""
    draft = Draft()
    draft.variables(2, upper=100)
    draft.row([0, 1], [2, 1], at_most=hours)
    draft.row([0, 1], [3, 4], at_most=money)
    draft.most([0, 1], [7, 5], offset=1)
    return draft.problem()


def test_the_optimum_is_exact() -> None:
    """The optimum over fractions is the fraction itself: 14 and 12 hold both limits."""
    found = relax(mix())
    assert found.optimum == found.bound == 14 * 7 + 12 * 5 + 1
    assert relax(mix(hours=41)).optimum == 159 + Fraction(13, 5)


def test_a_price_is_what_one_more_unit_is_worth() -> None:
    """Raising a limit by one changes the optimum by its price."""
    found = relax(mix())
    assert found.prices.tolist() == pytest.approx([13 / 5, 3 / 5])
    assert found.reduced.tolist() == pytest.approx([0, 0])
    assert relax(mix(money=91)).optimum == 159 + Fraction(3, 5)


def dense(size: int = 40) -> Problem:
    """A covering problem that takes a few turns of the simplex."""
    draft = Draft()
    draft.variables(size, upper=9)
    for row in range(size):
        draft.row(range(size), [1 + (row * 7 + n * n) % 11 for n in range(size)], at_least=100)
    draft.least(range(size), [3 + n % 5 for n in range(size)])
    return draft.problem()


def test_whoever_waits_may_end_it() -> None:
    """Asked and answered yes, the search ends, and nothing is claimed."""
    whole, stopped = relax(dense()), relax(dense(), interrupted=lambda: True)
    assert (whole.status, stopped.status) == (Status.OPTIMAL, Status.INTERRUPTED)
    assert (stopped.bound, stopped.optimum) == (None, None)


@pytest.mark.parametrize("scale", [1, 3, 10**6, 10**9])
def test_prices_stand_in_the_units_of_the_problem(scale: int) -> None:
    """However the solver scales rows and objective, the prices are the caller's."""
    problem = mix()
    (objective,) = problem.objectives
    large = evolve(
        problem,
        factor=problem.factor * scale,
        at_most=problem.at_most * scale,
        objectives=(evolve(objective, factor=objective.factor * scale * 2),),
    )
    assert relax(large).prices.tolist() == pytest.approx([26 / 5, 6 / 5])


def test_what_is_not_chosen_tells_how_much_too_dear_it_is() -> None:
    """The reduced cost is what forcing one unit in would cost."""
    draft = Draft()
    draft.variables(2, upper=9)
    draft.row([0, 1], [1, 1], at_least=3)
    draft.least([0, 1], [4, 6])
    found = relax(draft.problem())
    assert found.reduced.tolist() == pytest.approx([0, 2])
    assert found.prices.tolist() == pytest.approx([4])


def test_the_bound_holds_without_the_exact_vertex(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a large problem the bound is worked out from rounded prices, and is on its own side."""
    monkeypatch.setattr(relaxation, "SMALL", -1)
    found = relax(mix())
    assert found.optimum is None
    assert found.bound is not None
    assert 159 <= found.bound < 159 + Fraction(1, 1000)


@pytest.mark.parametrize("large", [10**9 + 7, 10**12 + 39])
def test_prices_survive_large_coprime_costs(large: int) -> None:
    """Costs without a common divisor are scaled for the solver, and back for the caller."""
    draft = Draft()
    draft.variables(2, upper=10**6)
    draft.row([0, 1], [1, 2], at_least=1001)
    draft.least([0, 1], [large, 2 * large - 1])
    found = relax(draft.problem())
    assert found.prices.tolist() == pytest.approx([large - 0.5])
    assert found.optimum == Fraction(1001 * (2 * large - 1), 2)


def test_a_vertex_outside_the_limits_is_no_optimum() -> None:
    """Where the solver names the wrong rows, the bound still holds but nothing reaches it."""
    draft = Draft()
    draft.variables(1, upper=9)
    draft.row([0], [1], at_least=1)
    draft.row([0], [1], at_least=3)
    draft.least([0], [1])
    problem = draft.problem()
    named = Duals(
        ending=Ending.DONE,
        values=np.array([1.0]),
        prices=np.array([1.0, 0.0]),
        basic=np.array([True]),
        basic_rows=np.array([False, True]),
    )
    goal = make_goal(problem, problem.objectives[0])
    bound, optimum = relaxation._exact(problem, goal, named)
    assert (bound, optimum) == (Fraction(1), None)


def test_a_price_on_an_open_side_proves_nothing() -> None:
    """A price of the wrong sign is left out; the limits of the variables still bound."""
    draft = Draft()
    draft.variables(1, lower=2, upper=9)
    draft.row([0], [1], at_least=3)
    draft.least([0], [1])
    problem = draft.problem()
    goal = make_goal(problem, problem.objectives[0])
    for price, bound in ((-1, 2), (0, 2), (1, 3), (2, -3)):
        prices = np.array([price], dtype=object)
        assert relaxation._bound(problem, goal, prices, 1) == bound


def test_no_optimum_has_no_bound() -> None:
    """Without an answer, or without an end, there is nothing to bound."""
    assert relax(mix(hours=-1)).status is Status.INFEASIBLE
    draft = Draft()
    draft.variables(1, upper=OPEN)
    draft.row([0], [1], at_least=1)
    draft.most([0], [1])
    found = relax(draft.problem())
    assert (found.status, found.bound, found.optimum) == (Status.UNBOUNDED, None, None)


def test_bad_input_nothing_to_relax_is_refused() -> None:
    """Without an objective or a variable there is nothing to price (E905)."""
    with pytest.raises(Misuse, match="E905"):
        relax(evolve(mix(), objectives=()))
    with pytest.raises(Misuse, match="E905"):
        relax(Draft().problem())
