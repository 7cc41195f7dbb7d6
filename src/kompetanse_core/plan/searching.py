"""How is the best choice found, and how good could one be? `search` makes Found.

A small programme is handed to the solver as it is. In a large one, what is alike, such as people
with the same role and the same lacks, is added up and counted: that gives a first bound and the
prices of what people share. Up to two thousand people, each then answers these prices alone, which
gives another bound. Beyond that, the ways of each small part are listed and looked up at prices;
only where that does not come near its bound, the smaller problem's answer is handed out again, one
by one, and no answer is worse than haste.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt
from attrs import evolve, field, frozen

from kompetanse_core.errors import SolverFailed
from kompetanse_core.plan.choices import NOTHING_CHOSEN, Chosen
from kompetanse_core.plan.greedy import hurried_choice
from kompetanse_core.plan.limits import Limits
from kompetanse_core.plan.owning import idle_rows, owners
from kompetanse_core.plan.programme import Programme
from kompetanse_core.solver import (
    OPEN,
    BlockSolution,
    Problem,
    Progress,
    Relaxation,
    Shrunk,
    Solution,
    Status,
    Terms,
    hand_out,
    keeps_limits,
    relax,
    shrink,
    solve,
    solve_blocks,
    solve_crowd,
)

Whole = npt.NDArray[np.int64]

LARGE = 16_000
"""From how many variables on a programme is shrunk."""
VAST = 40_000
"""From how many variables on even what is shrunk is searched only where its relaxation leads."""
EFFORT = 2_000
"""How many nodes a search may open unless the limits say otherwise."""
EFFORT_WHEN_LARGE = 300
EFFORT_TO_HAND_OUT = 20
MOST_PEOPLE = 2_000
"""Up to how many people each is asked what to do at given prices."""
NEAR = 20_000
"""The gap, in millionths, at which nothing is handed out any more."""
TOO_LARGE = "E903"
NEARLY = 1e-6
MILLION = 1_000_000
ENOUGH = 1_000
"""The gap, in millionths, at which handing out to a few who are alike is good enough."""
LEAST_SHARE = 0.25
"""The part of all seconds that the search has, however long the way to it and from it."""
SHARE_TO_ASK = 0.7
"""The part of the time for asking people; the rest is for the problem of who is alike."""
SHARE_TO_CHOOSE = 0.6
"""The part of the time for the smaller problem; the rest is for handing its answer out."""


@frozen(kw_only=True)
class Found:
    """Hold what was chosen, what it is worth on each objective, and how good any could be.

    `bound` is of the first objective; `cut` says that a limit on effort ended the search before it
    was proven, and `interrupted` that the caller ended it, on whichever objective.
    """

    chosen: Chosen
    worth: tuple[int, ...]
    bound: int
    cut: bool
    interrupted: bool


@frozen(kw_only=True, eq=False)
class Ears:
    """Hold who is told of the search, and who may end it."""

    progress: Callable[[Progress], None] | None = None
    interrupted: Callable[[], bool] | None = None


def search(programme: Programme, limits: Limits, ears: Ears, begun: float) -> Found:
    """Find the best choice that the limits on effort allow.

    Args:
        begun: when the plan was asked for, on the monotonic clock: the seconds run from then.
    """
    problem = programme.problem
    terms = _Terms(limits=limits, ears=ears, until=_until(limits, begun))
    if problem.variables > LARGE and limits.seconds != 0:
        return _search_many(programme, terms)
    hurried = programme.answer(hurried_choice(programme.choices))
    solution = terms.solved(problem, hurried, EFFORT)
    answers = [hurried, *_answers(solution)]
    return _found(programme, answers, _bound(problem, solution), solution.status)


def worth_of(problem: Problem, values: Sequence[int]) -> tuple[int, ...]:
    """Give what an answer is worth on each objective, in whole numbers of any size."""
    return tuple(
        each.offset + sum(f * v for f, v in zip(each.factor.tolist(), values, strict=True) if v)
        for each in problem.objectives
    )


@frozen(kw_only=True, eq=False)
class _Terms:
    """Hold how long to search, and who listens."""

    limits: Limits
    ears: Ears
    until: float | None = None
    gap: int | None = None
    share: float = field(default=1.0)

    def solved(self, problem: Problem, start: Sequence[int] | None, effort: int) -> Solution:
        """Search with a start, as far as the limits allow."""
        left = self.seconds_left
        return solve(
            problem,
            engine=self.limits.engine,
            seed=self.limits.seed,
            gap=self.limits.tolerance if self.gap is None else self.gap,
            nodes=effort if self.limits.nodes is None else self.limits.nodes,
            time_limit=None if left is None else left * self.share,
            start=start,
            progress=self.ears.progress,
            interrupted=self.ears.interrupted,
        )

    @property
    def seconds_left(self) -> float | None:
        """How long the search may still last, None for as long as it takes."""
        return None if self.until is None else max(0.0, self.until - time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether the time is up."""
        return self.until is not None and time.monotonic() >= self.until

    def of_blocks(self) -> Terms:
        """Give what limits the search of blocks."""
        nodes = EFFORT_WHEN_LARGE if self.limits.nodes is None else self.limits.nodes
        gap = max(ENOUGH, self.limits.tolerance)
        now = time.monotonic()
        until = None if self.until is None else now + SHARE_TO_ASK * max(0.0, self.until - now)
        return Terms(seed=self.limits.seed, gap=gap, nodes=nodes, until=until)


def _until(limits: Limits, begun: float) -> float | None:
    """Give when the search ends, so that the plan is there when its seconds are over.

    To write down what was chosen takes about as long as it took to come here. A part of the time is
    for the search all the same: a plan that comes a little late is better than one of haste.
    """
    if limits.seconds is None:
        return None
    now = time.monotonic()
    return max(begun + limits.seconds - (now - begun), now + limits.seconds * LEAST_SHARE)


def _search_many(programme: Programme, terms: _Terms) -> Found:
    """Look up what each part does; where that is not near its bound, count who is alike as well."""
    found = _looked_up(programme, terms)
    if found is not None and (_is_near(found) or found.interrupted or terms.is_over):
        return found
    other = _search_large(programme, terms)
    return other if found is None else _better(found, other)


def _is_near(found: Found) -> bool:
    return (found.worth[0] - found.bound) * MILLION <= NEAR * found.worth[0]


def _better(one: Found, other: Found) -> Found:
    """Take the better choice, and the bound that says more."""
    best, bound = min(one, other, key=lambda found: found.worth), max(one.bound, other.bound)
    return evolve(
        best,
        bound=bound,
        cut=(one.cut or other.cut) and best.worth[0] != bound,
        interrupted=one.interrupted or other.interrupted,
    )


def _search_large(programme: Programme, terms: _Terms) -> Found:
    """Choose how much of each kind, then who."""
    limits, ears, terms = terms.limits, terms.ears, evolve(terms, share=SHARE_TO_CHOOSE)
    hurried = programme.answer(hurried_choice(programme.choices))
    shrunk = shrink(programme.problem)
    relaxed = relax(
        shrunk.problem,
        seed=limits.seed,
        time_limit=terms.seconds_left,
        interrupted=ears.interrupted,
    )
    asked = _asked(programme, shrunk, relaxed, terms)
    start = shrunk.added(np.array(hurried, dtype=np.int64)).tolist()
    solution = terms.solved(_narrowed(shrunk, relaxed), start, EFFORT_WHEN_LARGE)
    bounds = [
        _bound(programme.problem, None if _is_vast(shrunk) else solution),
        _trusted(relaxed),
        *(each.bound for each in asked if each.bound is not None),
    ]
    answers = [each.values.tolist() for each in asked if each.values is not None]
    ended = [each.solution for each in asked]
    if not ended or ended[0].status is Status.CUT:
        again = _handing(programme, shrunk, solution, evolve(terms, gap=ENOUGH, share=1.0))
        answers += [each for handed in again for each in _answers(handed)]
        ended += again
    filled = _filled_up(programme, answers)
    ends = (solution.status, *(each.status for each in ended))
    return _found(programme, [hurried, *filled], max(bounds), *ends)


def _looked_up(programme: Programme, terms: _Terms) -> Found | None:
    """Look up what each small part does at prices, where people are many; None if no answer is."""
    owner = owners(programme)
    if len(np.unique(owner)) <= MOST_PEOPLE:
        return None
    shared = np.zeros(programme.problem.variables, dtype=np.bool_)
    shared[programme.sessions.start : programme.sessions.stop] = True
    try:
        crowd = solve_crowd(
            programme.problem,
            shared,
            idle_rows(programme),
            until=terms.until,
            interrupted=terms.ears.interrupted,
        )
    except SolverFailed as error:
        if error.code == TOO_LARGE:
            return None
        raise
    if crowd.values is None or crowd.bound is None:
        return None
    filled = _filled_up(programme, [crowd.values.tolist()])
    bound = max(crowd.bound, _bound(programme.problem, None))
    nothing = programme.answer(NOTHING_CHOSEN)
    return _found(programme, [nothing, *filled], bound, crowd.status)


def _asked(
    programme: Programme, shrunk: Shrunk, relaxed: Relaxation, terms: _Terms
) -> tuple[BlockSolution, ...]:
    """Ask each person what to do at the prices of what they share.

    Nobody is asked where people are too many, or numbers so large that prices cannot be exact.
    """
    owner = owners(programme)
    if relaxed.status is not Status.OPTIMAL or len(np.unique(owner)) > MOST_PEOPLE:
        return ()
    try:
        asked = solve_blocks(
            programme.problem,
            owner,
            idle_rows(programme),
            relaxed.prices[shrunk.rows],
            terms=terms.of_blocks(),
            progress=terms.ears.progress,
            interrupted=terms.ears.interrupted,
        )
    except SolverFailed as error:
        if error.code == TOO_LARGE:
            return ()
        raise
    return (asked,)


def _is_vast(shrunk: Shrunk) -> bool:
    return shrunk.problem.variables > VAST


def _narrowed(shrunk: Shrunk, relaxed: Relaxation) -> Problem:
    """Where the smaller problem is still vast, leave out what its relaxation wants nothing of."""
    problem = shrunk.problem
    if not _is_vast(shrunk) or relaxed.status is not Status.OPTIMAL:
        return problem
    wanted = np.ceil(relaxed.values - NEARLY).astype(np.int64)
    upper = np.where(problem.implied, problem.upper, np.maximum(problem.lower, wanted))
    return evolve(problem, upper=np.minimum(problem.upper, upper))


def _handing(
    programme: Programme, shrunk: Shrunk, solution: Solution, terms: _Terms
) -> tuple[Solution, ...]:
    """Search for who has what an answer of the smaller problem counts; none where it has none."""
    if solution.values is None:
        return ()
    problem = hand_out(programme.problem, shrunk, solution.values)
    nothing = np.clip(programme.answer(NOTHING_CHOSEN), problem.lower, problem.upper)
    return (terms.solved(problem, nothing.tolist(), EFFORT_TO_HAND_OUT),)


def _filled_up(programme: Programme, answers: Sequence[Sequence[int]]) -> Iterator[Sequence[int]]:
    """Yield answers as they are, and filled up in haste."""
    for answer in answers:
        chosen = programme.chosen(answer)
        yield programme.answer(chosen)
        yield programme.answer(hurried_choice(programme.choices, chosen))


def _answers(solution: Solution) -> Sequence[Sequence[int]]:
    return () if solution.values is None else (solution.values.tolist(),)


def _found(
    programme: Programme,
    answers: Sequence[Sequence[int]],
    bound: int,
    *ended: Status,
) -> Found:
    """Take the best answer that keeps every limit; the first, of haste, always does."""
    sound = [each for n, each in enumerate(answers) if not n or _keeps(programme.problem, each)]
    worth = [worth_of(programme.problem, answer) for answer in sound]
    best = min(range(len(sound)), key=lambda place: (worth[place], place))
    unproven = worth[best][0] != bound
    return Found(
        chosen=programme.chosen(sound[best]),
        worth=worth[best],
        bound=bound,
        cut=Status.CUT in ended and unproven,
        interrupted=Status.INTERRUPTED in ended,
    )


def _keeps(problem: Problem, answer: Sequence[int]) -> bool:
    return keeps_limits(problem, np.array(answer, dtype=np.int64))


def _bound(problem: Problem, solution: Solution | None) -> int:
    """Give the best bound on the first objective; at worst, what its variables alone allow."""
    objective = problem.objectives[0]
    ends = np.where(objective.factor < 0, problem.upper, problem.lower)
    terms = zip(objective.factor.tolist(), ends.tolist(), strict=True)
    bounds: list[int] = [objective.offset + sum(f * end for f, end in terms if f)]
    if solution is not None and solution.bounds[0] is not None:
        bounds.append(solution.bounds[0])
    return max(bounds)


def _trusted(relaxed: Relaxation) -> int:
    return -OPEN if relaxed.bound is None else math.ceil(relaxed.bound)
