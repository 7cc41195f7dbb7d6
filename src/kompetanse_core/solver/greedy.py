"""What would a hurried planner choose? A start for the search, which can only better it.

Two shapes are known: to cover (every row asks for enough) and to pack (every row has a ceiling),
both with factors that are never negative. Any other problem gets no start from here.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from kompetanse_core.solver.exact import keeps_limits, row_sums
from kompetanse_core.solver.problem import EXACT, OPEN, Objective, Problem, Sense, Whole

Floats = npt.NDArray[np.float64]


def greedy_start(problem: Problem) -> Whole | None:
    """Return an answer that keeps every limit, or None if haste finds none."""
    bounded = (problem.lower > -OPEN).all() and (problem.upper < OPEN).all()
    if not bounded or not problem.objectives or (problem.factor < 0).any() or not problem.rows:
        return None
    price = _price(problem.objectives[0])
    values = None
    if (problem.at_most >= OPEN).all() and (price >= 0).all():
        values = _pruned(problem, _covered(problem, price), price)
    elif (problem.at_least <= row_sums(problem, problem.lower)).all() and (price <= 0).all():
        values = _packed(problem, -price)
    return values if values is not None and keeps_limits(problem, values) else None


def _price(objective: Objective) -> Whole:
    return objective.factor if objective.sense is Sense.LEAST else -objective.factor


def _covered(problem: Problem, price: Whole) -> Whole:
    """Choose again and again what covers most for its price, until no row asks for more."""
    values = problem.lower.copy()
    columns = _by_variable(problem)
    row_of, start = problem.row_of_term, problem.start
    lack = np.maximum(problem.at_least - row_sums(problem, values), 0).astype(np.int64)
    worth = np.minimum(problem.factor, lack[row_of]).astype(np.float64)
    gain: Floats = np.bincount(problem.variable, worth, problem.variables).astype(np.float64)
    while lack.any():
        best = _most_for_its_price(gain, price, values < problem.upper)
        if best is None:
            break
        rows, factors = columns[best]
        take = _enough(factors, lack[rows], int(problem.upper[best] - values[best]))
        values[best] += take
        for row, less in zip(rows, np.minimum(factors * take, lack[rows]), strict=True):
            terms = slice(start[row], start[row + 1])
            before = np.minimum(problem.factor[terms], lack[row])
            lack[row] -= less
            gain[problem.variable[terms]] -= before - np.minimum(problem.factor[terms], lack[row])
    return values


def _by_variable(problem: Problem) -> list[tuple[Whole, Whole]]:
    order = np.argsort(problem.variable, kind="stable")
    ends = np.searchsorted(problem.variable[order], np.arange(1, problem.variables))
    rows = np.split(problem.row_of_term[order], ends)
    return list(zip(rows, np.split(problem.factor[order], ends), strict=True))


def _most_for_its_price(gain: Floats, price: Whole, open_: npt.NDArray[np.bool_]) -> int | None:
    worth = np.where(open_ & (gain > 0), gain / np.maximum(price, 1e-9), 0.0)
    best = int(np.argmax(worth))
    return best if worth[best] > 0 else None


def _enough(factors: Whole, lack: Whole, left: int) -> int:
    """Return how many to take at once: as many as are fully used, at least one."""
    asked = lack > 0
    return min(left, max(1, int((lack[asked] // factors[asked]).min(initial=EXACT))))


def _pruned(problem: Problem, values: Whole, price: Whole) -> Whole:
    """Give back what is no longer needed, the dearest first."""
    spare = row_sums(problem, values) - problem.at_least
    columns = _by_variable(problem)
    for each in np.argsort(-price, kind="stable")[: problem.variables]:
        if values[each] > problem.lower[each]:
            rows, factors = columns[each]
            back = int((spare[rows] // factors).min(initial=EXACT))
            back = max(0, min(back, int(values[each] - problem.lower[each])))
            values[each] -= back
            spare[rows] -= back * factors
    return values


def _packed(problem: Problem, worth: Whole) -> Whole:
    """Take what is worth most for the room it needs, as long as there is room."""
    values = problem.lower.copy()
    room = np.minimum(problem.at_most, OPEN) - row_sums(problem, values)
    share = problem.factor / np.maximum(room, 1)[problem.row_of_term]
    need = np.bincount(problem.variable, share.astype(np.float64), problem.variables)
    columns = _by_variable(problem)
    for each in np.argsort(-worth / np.maximum(need, 1e-12), kind="stable"):
        rows, factors = columns[each]
        fits = int((room[rows] // factors).min(initial=EXACT))
        values[each] += max(0, min(fits, int(problem.upper[each] - values[each])))
        room[rows] -= int(values[each] - problem.lower[each]) * factors
    return values
