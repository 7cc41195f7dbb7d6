"""How is the best choice found, and how good could one be? `search` makes Found.

A small programme is handed to the solver as it is. A large one is priced and rounded: its
relaxation gives the bound and says what is clearly in or out; what it leaves undecided is searched
exactly. Neither is ever worse than haste.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from kompetanse_core.plan.choices import Chosen
from kompetanse_core.plan.greedy import hurried_choice
from kompetanse_core.plan.limits import Limits
from kompetanse_core.plan.programme import Programme
from kompetanse_core.solver import Problem, Progress, Relaxation, Solution, Status, relax, solve

Whole = npt.NDArray[np.int64]

LARGE = 8_000
"""From how many variables on a programme is priced and rounded."""
EFFORT = 2_000
"""How many nodes a search may open unless the limits say otherwise."""
EFFORT_WHEN_LARGE = 300
CLEAR = 0.999
"""From where on the relaxation clearly wants something in."""
NEARLY = 1e-6


@frozen(kw_only=True)
class Found:
    """Hold what was chosen, what it is worth on each objective, and how good any could be.

    `bound` is of the first objective; `cut` says that a limit on effort ended the search.
    """

    chosen: Chosen
    worth: tuple[int, ...]
    bound: int
    cut: bool


@frozen(kw_only=True, eq=False)
class Ears:
    """Hold who is told of the search, and who may end it."""

    progress: Callable[[Progress], None] | None = None
    interrupted: Callable[[], bool] | None = None


def search(programme: Programme, limits: Limits, ears: Ears) -> Found:
    """Find the best choice that the limits on effort allow."""
    hurried = programme.answer(hurried_choice(programme.choices))
    problem = programme.problem
    if problem.variables <= LARGE or limits.seconds == 0:
        solution = _solved(problem, limits, ears, hurried, EFFORT)
        return _found(programme, solution, [hurried], _bound(problem, solution, None))
    relaxed = relax(problem, seed=limits.seed, time_limit=limits.seconds)
    rounded = programme.answer(_rounded(programme, relaxed))
    rest = _undecided(programme, relaxed)
    solution = _solved(rest, limits, ears, rounded, EFFORT_WHEN_LARGE)
    return _found(programme, solution, [hurried, rounded], _bound(problem, None, relaxed))


def worth_of(problem: Problem, values: Sequence[int]) -> tuple[int, ...]:
    """Give what an answer is worth on each objective, in whole numbers of any size."""
    return tuple(
        each.offset + sum(f * v for f, v in zip(each.factor.tolist(), values, strict=True) if v)
        for each in problem.objectives
    )


def _solved(
    problem: Problem, limits: Limits, ears: Ears, start: Sequence[int], effort: int
) -> Solution:
    return solve(
        problem,
        seed=limits.seed,
        gap=limits.tolerance,
        nodes=effort if limits.nodes is None else limits.nodes,
        time_limit=limits.seconds,
        start=start,
        progress=ears.progress,
        interrupted=ears.interrupted,
    )


def _found(
    programme: Programme, solution: Solution, others: Sequence[Sequence[int]], bound: int
) -> Found:
    """Take the best answer known, the solver's or the hurried one."""
    own = [] if solution.values is None else [solution.values.tolist()]
    answers = [*own, *others]
    worth = [worth_of(programme.problem, answer) for answer in answers]
    best = min(range(len(answers)), key=lambda place: (worth[place], place))
    stopped = solution.status in (Status.CUT, Status.INTERRUPTED)
    return Found(
        chosen=programme.chosen(answers[best]),
        worth=worth[best],
        bound=bound,
        cut=stopped and worth[best][0] != bound,
    )


def _bound(problem: Problem, solution: Solution | None, relaxed: Relaxation | None) -> int:
    """Give the best bound on the first objective; at worst, what its variables alone allow."""
    objective = problem.objectives[0]
    ends = np.where(objective.factor < 0, problem.upper, problem.lower)
    terms = zip(objective.factor.tolist(), ends.tolist(), strict=True)
    bounds: list[int] = [objective.offset + sum(f * end for f, end in terms if f)]
    if solution is not None and solution.bounds[0] is not None:
        bounds.append(solution.bounds[0])
    if relaxed is not None and relaxed.bound is not None:
        bounds.append(math.ceil(relaxed.bound))
    return max(bounds)


def _rounded(programme: Programme, relaxed: Relaxation) -> Chosen:
    """Choose what the relaxation clearly wants, and fill up in haste."""
    clear = relaxed.values >= CLEAR
    favoured = Chosen(
        starts=frozenset(n for n, variable in enumerate(programme.starts) if clear[variable]),
        uses=frozenset(n for n, variable in enumerate(programme.uses) if clear[variable]),
    )
    return hurried_choice(programme.choices, favoured)


def _undecided(programme: Programme, relaxed: Relaxation) -> Problem:
    """Fix what the relaxation makes whole by itself; what follows from it stays free."""
    problem, values = programme.problem, relaxed.values
    if relaxed.status is not Status.OPTIMAL:
        return problem
    lower, upper = problem.lower.copy(), problem.upper.copy()
    blocks = (programme.starts, programme.uses, programme.carries, programme.moves)
    decided = np.array([variable for block in blocks for variable in block], dtype=np.int64)
    decided = decided[np.abs(values[decided] - np.rint(values[decided])) < NEARLY]
    lower[decided] = upper[decided] = np.rint(values[decided]).astype(np.int64)
    return evolve(problem, lower=lower, upper=upper)
