"""What is the best choice, and is that proven? `solve` makes a Solution.

Parts that nothing links are solved one by one. In each part the objectives are taken in order:
what one has reached is a limit for the next. The search starts from the best answer known, and
never ends with a worse one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.errors import Misuse, SolverFailed
from kompetanse_core.solver import cpsat, highs
from kompetanse_core.solver.asking import (
    Answer,
    Care,
    Ending,
    Engine,
    Floats,
    Goal,
    Terms,
    Watch,
    make_goal,
)
from kompetanse_core.solver.exact import dot, keeps_limits, objective_values, rank
from kompetanse_core.solver.greedy import greedy_start
from kompetanse_core.solver.parts import Part, folded, split
from kompetanse_core.solver.problem import EXACT, OPEN, Objective, Problem, Sense, Whole
from kompetanse_core.solver.settling import fix_forced
from kompetanse_core.solver.solution import Progress, Solution, Status

STRONGEST_FIRST = (
    Status.INFEASIBLE,
    Status.UNBOUNDED,
    Status.INTERRUPTED,
    Status.CUT,
    Status.FEASIBLE,
    Status.OPTIMAL,
)
"""The whole ends as the part that ended worst."""

NEARLY = 2.0**-10
"""How near a float must be to the whole number that it stands for."""
MILLION = 1_000_000


@frozen(kw_only=True, eq=False)
class Stage:
    """Hold how far the search of one part has come with one objective."""

    best: Whole | None
    bound: int | None
    nodes: int
    ending: Ending


@frozen(kw_only=True)
class Listener:
    """Hold who is told about the search of which part, and who may stop it."""

    progress: Callable[[Progress], None] | None
    interrupted: Callable[[], bool] | None
    part: int
    parts: int

    def watch(self, objective: int, goal: Goal) -> Watch:
        """Return what the solver calls while it works on an objective."""
        progress = self.progress
        if progress is None:
            return Watch(stop=self.interrupted)

        def tell(value: float, bound: float, nodes: int) -> None:
            progress(
                Progress(
                    part=self.part,
                    parts=self.parts,
                    objective=objective,
                    value=goal.value(value),
                    bound=goal.bound(bound),
                    nodes=max(0, nodes),
                )
            )

        return Watch(tell=tell, stop=self.interrupted)


A_SECOND = 1.0
"""What even a small part has, as long as there is any time."""


def solve(
    problem: Problem,
    *,
    engine: Engine = Engine.HIGHS,
    seed: int = 0,
    time_limit: float | None = None,
    gap: int = 0,
    nodes: int | None = None,
    start: Sequence[int] | Whole | None = None,
    progress: Callable[[Progress], None] | None = None,
    interrupted: Callable[[], bool] | None = None,
) -> Solution:
    """Find the best answer, objective by objective, and prove as much as the terms allow.

    The same problem, seed, gap and node limit give the same solution; a time limit does not.

    Args:
        engine: who searches; CP-SAT comes with the extra `ortools`.
        seed: breaks ties in the search.
        time_limit: seconds for all of it.
        gap: stop at this distance from the bound, in millionths; 0 asks for proof.
        nodes: how many nodes each single search may open.
        start: an answer already known; it is used if it keeps every limit.
        progress: is told whenever a value or bound has become better.
        interrupted: is asked often; once it says yes the best answer so far is returned.

    Raises:
        Misuse: E905 if `start` has not one value for each variable, or a term is negative.
        SolverFailed: E901 to E903 if the solver is missing, fails, or cannot be exact.
    """
    terms = evolve(_terms(seed, time_limit, gap, nodes), engine=engine)
    known = _known(problem, start)
    if _contradicts_itself(free := folded(fix_forced(problem))):
        return _without_answer(problem, Status.INFEASIBLE)
    parts = sorted(split(free), key=_small_first)
    sizes = [len(part.problem.factor) for part in parts]
    found, left = [], sum(sizes)
    for number, part in enumerate(parts):
        listener = Listener(
            progress=progress, interrupted=interrupted, part=number, parts=len(parts)
        )
        begin = None if known is None else known[part.variables]
        mine = evolve(terms, until=_share_of_time(terms, sizes[number], left))
        left -= sizes[number]
        found.append(_solve_part(part.problem, mine, begin, listener))
        if found[-1].status is Status.INFEASIBLE:
            break
    return _added(problem, parts, found)


def _terms(seed: int, time_limit: float | None, gap: int, nodes: int | None) -> Terms:
    seconds = 0.0 if time_limit is None else time_limit
    if not all(0 <= term < OPEN for term in (seed, seconds, gap, nodes or 0)):
        raise Misuse("E905", "seed, gap, nodes and time limit are finite and not negative")
    until = None if time_limit is None else time.monotonic() + seconds
    return Terms(seed=seed, gap=gap, nodes=nodes, until=until)


def _known(problem: Problem, start: Sequence[int] | Whole | None) -> Whole | None:
    if start is None:
        return None
    values = np.asarray(start, dtype=np.int64)
    if values.shape != (problem.variables,):
        raise Misuse("E905", "a start has one value for each variable")
    return values if keeps_limits(problem, values) else None


def _contradicts_itself(problem: Problem) -> bool:
    """Say whether a single variable or an empty row rules out every answer."""
    empty = np.diff(problem.start) == 0
    asks = empty & ((problem.at_least > 0) | (problem.at_most < 0))
    crossed = problem.at_least > problem.at_most
    return bool((crossed | asks).any() or (problem.lower > problem.upper).any())


def _without_answer(problem: Problem, status: Status) -> Solution:
    unknown = (None,) * len(problem.objectives)
    return Solution(status=status, values=None, objectives=(), bounds=unknown, nodes=0)


def _small_first(part: Part) -> tuple[bool, int]:
    """Let the large part have the time that the small ones leave; what no row links comes last."""
    return not part.problem.rows, len(part.problem.factor)


def _share_of_time(terms: Terms, size: int, left: int) -> float | None:
    """Give the next part the share of the time that its size has of what is left, or a second."""
    if terms.until is None:
        return None
    share = max(0.0, terms.seconds_left) * size / max(1, left)
    return min(terms.until, time.monotonic() + max(share, A_SECOND))


def _solve_part(
    problem: Problem, terms: Terms, start: Whole | None, listener: Listener
) -> Solution:
    if not problem.rows:
        return _settle(problem)
    held, best = problem, _better(problem, start, greedy_start(problem))
    stages: list[Stage] = []
    for place, objective in enumerate(problem.objectives or (_anything(problem),)):
        goal = make_goal(held, objective)
        stage = _reach(held, goal, terms, best, listener.watch(place, goal))
        stages.append(stage)
        best = stage.best
        if best is None or stage.ending in {Ending.INTERRUPTED, Ending.UNBOUNDED}:
            break
        held = _holding(held, objective, best, stage.bound)
    return _concluded(problem, best, stages)


def _settle(problem: Problem) -> Solution:
    """Set variables that stand in no row to their better end, by the first that cares."""
    values = np.clip(0, problem.lower, problem.upper)
    undecided = np.ones(problem.variables, dtype=np.bool_)
    for objective in problem.objectives:
        price = objective.factor if objective.sense is Sense.LEAST else -objective.factor
        values = np.where(undecided & (price > 0), problem.lower, values)
        values = np.where(undecided & (price < 0), problem.upper, values)
        undecided &= price == 0
    if (np.abs(values) >= OPEN).any():
        return _without_answer(problem, Status.UNBOUNDED)
    worth = objective_values(problem, values)
    return Solution(status=Status.OPTIMAL, values=values, objectives=worth, bounds=worth, nodes=0)


def _better(problem: Problem, *answers: Whole | None) -> Whole | None:
    known = [values for values in answers if values is not None]
    return min(known, key=lambda values: rank(problem, values), default=None)


def _anything(problem: Problem) -> Objective:
    return Objective(factor=np.zeros(problem.variables, dtype=np.int64))


def _reach(problem: Problem, goal: Goal, terms: Terms, best: Whole | None, watch: Watch) -> Stage:
    """Bring one objective as far as the terms allow, from the best answer known."""
    if best is not None and not goal.factor.any():
        return Stage(best=best, bound=goal.constant, nodes=0, ending=Ending.DONE)
    if watch.stop and watch.stop():
        return Stage(best=best, bound=None, nodes=0, ending=Ending.INTERRUPTED)
    if terms.seconds_left <= 0:
        return Stage(best=best, bound=None, nodes=0, ending=Ending.CUT)
    answer, best = _checked(problem, goal, terms, best, watch)
    if answer.ending in {Ending.UNBOUNDED, Ending.UNCLEAR}:
        return _told_apart(problem, terms, watch)
    if best is None and answer.ending is Ending.DONE:
        raise SolverFailed("E902", "the solver's answer breaks a limit when checked exactly")
    return Stage(
        best=best, bound=goal.bound(answer.bound), nodes=answer.nodes, ending=answer.ending
    )


def _checked(
    problem: Problem, goal: Goal, terms: Terms, best: Whole | None, watch: Watch
) -> tuple[Answer, Whole | None]:
    """Ask, and ask again if the answer is not whole, breaks a limit or is worse than its own bound.

    HiGHS may lose parts of a start when it leaves out dominated variables, take what remains for an
    answer, and prune all that is dearer: it is asked again without. Then with the utmost care.
    """
    ask = cpsat.ask if terms.engine is Engine.CP_SAT else highs.ask
    answer = ask(problem, goal, terms, care=Care.USUAL, start=best, watch=watch)
    started, best = best, _better(problem, best, _rounded(problem, answer.values))
    for care in (Care.USUAL,) * (started is not None) + (Care.UTMOST,):
        sound = answer.values is None or _holds(problem, answer.values)
        if sound and not _falls_short(goal, terms, answer, best):
            break
        answer = ask(problem, goal, terms, care=care, start=None, watch=watch)
        best = _better(problem, best, _rounded(problem, answer.values))
    return answer, best


def _falls_short(goal: Goal, terms: Terms, answer: Answer, best: Whole | None) -> bool:
    """Say whether a search that ended by itself has no answer as good as its own bound."""
    told = goal.bound(answer.bound), goal.value(answer.bound)
    if answer.ending is not Ending.DONE or best is None or None in told:
        return False
    value = goal.in_full(dot(goal.factor, best))
    short = min(abs(value - each) for each in told if each is not None)
    return short * MILLION > terms.gap * abs(value)


def _rounded(problem: Problem, seen: Floats | None) -> Whole | None:
    if seen is None or not (np.abs(seen) <= EXACT).all():
        return None
    values = np.rint(seen).astype(np.int64)
    return values if keeps_limits(problem, values) else None


def _holds(problem: Problem, seen: Floats) -> bool:
    values = _rounded(problem, seen)
    return values is not None and bool((np.abs(seen - values) < NEARLY).all())


def _told_apart(problem: Problem, terms: Terms, watch: Watch) -> Stage:
    """Find out whether any answer exists; if so, the objective knows no end."""
    goal = make_goal(problem, _anything(problem))
    stage = _reach(problem, goal, terms, None, watch)
    return stage if stage.best is None else evolve(stage, ending=Ending.UNBOUNDED)


def _holding(problem: Problem, objective: Objective, best: Whole, bound: int | None) -> Problem:
    """Add the row that keeps an objective at least as good as it is in the best answer."""
    (reached,) = objective_values(evolve(problem, objectives=(objective,)), best)
    ends = sorted((reached, reached if bound is None else bound))
    low, high = (end - objective.offset for end in ends)
    if bound is None:
        low, high = (-OPEN, high) if objective.sense is Sense.LEAST else (low, OPEN)
    terms = np.flatnonzero(objective.factor)
    return evolve(
        problem,
        start=np.append(problem.start, problem.start[-1] + len(terms)),
        variable=np.append(problem.variable, terms),
        factor=np.append(problem.factor, objective.factor[terms]),
        at_least=np.append(problem.at_least, low),
        at_most=np.append(problem.at_most, high),
    )


def _concluded(problem: Problem, best: Whole | None, stages: Sequence[Stage]) -> Solution:
    endings = {stage.ending for stage in stages}
    bounds = [stage.bound for stage in stages[: len(problem.objectives)]]
    bounds += [None] * (len(problem.objectives) - len(bounds))
    bounds = [
        _at_best(problem, objective) if bound is None else bound
        for objective, bound in zip(problem.objectives, bounds, strict=True)
    ]
    nodes = sum(stage.nodes for stage in stages)
    if Ending.UNBOUNDED in endings or (best is None and Ending.INFEASIBLE in endings):
        unbounded = Ending.UNBOUNDED in endings
        return _without_answer(problem, Status.UNBOUNDED if unbounded else Status.INFEASIBLE)
    worth = () if best is None else objective_values(problem, best)
    sound = _sound(problem, worth, bounds)
    status = Status.FEASIBLE
    if best is not None and sound == worth:
        status = Status.OPTIMAL
    elif Ending.INTERRUPTED in endings:
        status = Status.INTERRUPTED
    elif Ending.CUT in endings:
        status = Status.CUT
    return Solution(status=status, values=best, objectives=worth, bounds=sound, nodes=nodes)


def _at_best(problem: Problem, objective: Objective) -> int | None:
    """Give what the limits of the variables alone allow, None if one is open."""
    wants_less = (objective.factor > 0) == (objective.sense is Sense.LEAST)
    ends = np.where(wants_less, problem.lower, problem.upper)
    ends = np.where(objective.factor == 0, 0, ends)
    if (np.abs(ends) >= OPEN).any():
        return None
    return objective.offset + dot(objective.factor, ends)


def _sound(
    problem: Problem, worth: Sequence[int], bounds: Sequence[int | None]
) -> tuple[int | None, ...]:
    """Drop a bound that an exactly checked answer refutes: the solver's floats gave out."""
    if not worth:
        return tuple(bounds)
    signs = (1 if each.sense is Sense.LEAST else -1 for each in problem.objectives)
    return tuple(
        bound if bound is not None and sign * bound <= sign * value else None
        for sign, bound, value in zip(signs, bounds, worth, strict=True)
    )


def _added(problem: Problem, parts: Sequence[Part], found: Sequence[Solution]) -> Solution:
    """Add up what the parts found; the whole is checked once more."""
    ends = {each.status for each in found} | {Status.OPTIMAL}
    status = next(each for each in STRONGEST_FIRST if each in ends)
    if status in {Status.INFEASIBLE, Status.UNBOUNDED}:
        return _without_answer(problem, status)
    bounds = tuple(
        _added_bound(objective, [each.bounds[place] for each in found])
        for place, objective in enumerate(problem.objectives)
    )
    nodes = sum(each.nodes for each in found)
    values = np.zeros(problem.variables, dtype=np.int64)
    for part, each in zip(parts, found, strict=True):
        if each.values is None:
            return Solution(status=status, values=None, objectives=(), bounds=bounds, nodes=nodes)
        values[part.variables] = each.values
    if not keeps_limits(problem, values):
        raise SolverFailed("E902", "the parts of an answer do not fit together")
    worth = objective_values(problem, values)
    return Solution(status=status, values=values, objectives=worth, bounds=bounds, nodes=nodes)


def _added_bound(objective: Objective, bounds: Sequence[int | None]) -> int | None:
    known = [bound for bound in bounds if bound is not None]
    return objective.offset + sum(known) if len(known) == len(bounds) else None
