"""Why not that, what would one more give, what has to give? Verdict, Margin and Relief.

Every question has two answers: a bound at once, from the programme with splittable choices
(linear programming duality), and the exact one by searching again. Clauses G-11 and R-6: who is
to give a view must be able to see what else there was.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.plan.choices import NOTHING_CHOSEN, Choices
from kompetanse_core.plan.gathering import gather
from kompetanse_core.plan.greedy import hurried_choice
from kompetanse_core.plan.narrowing import (
    Limit,
    limit_of_sessions,
    limit_of_store,
    limits_in,
    widened,
    with_open_sessions,
)
from kompetanse_core.plan.programme import Programme, write_programme
from kompetanse_core.plan.scene import Scene, set_scene
from kompetanse_core.plan.searching import EFFORT, Whole
from kompetanse_core.plan.whole import Plan
from kompetanse_core.solver import (
    OPEN,
    Problem,
    Solution,
    Status,
    fewest_to_relax,
    relax,
    solve,
)
from kompetanse_core.solver.ranging import price_range

MILLION = 1_000_000


class Sureness(Enum):
    """Sikkerhet: what a figure is."""

    AT_LEAST = "at-least"
    """A bound: the true difference is this or more."""
    EXACT = "exact"
    """Both plans are proven best, on value and on kroner."""
    UNPROVEN = "unproven"
    """The difference between the best that was found; a limit on effort ended a search."""


class WayState(Enum):
    """Stilling: how a way stands to the plan."""

    CHOSEN = "chosen"
    OPEN = "open"
    """It could be taken, at the difference that is given."""
    NO_ROOM = "no-room"
    """Whoever takes it breaks a limit."""
    SET_ASIDE = "set-aside"
    """It counts for nothing, whatever the limits (R-16)."""
    NOT_IN_TIME = "not-in-time"
    """It cannot be begun in the plan's time, or nobody is there to give it."""


@frozen(kw_only=True)
class Margin:
    """Forskjell: what another plan comes to, less what this plan comes to.

    `value` is in ten-thousandths of a weighted step that would be left more (less if negative).
    `cost` is kroner more; as a bound it holds for plans that close as much as this one, and is
    None where none does.
    """

    value: int
    cost: int | None
    sureness: Sureness


@frozen(kw_only=True)
class Easing:
    """Lettelse: one limit that has to give, and by how much."""

    limit: Limit
    amount: int


@frozen(kw_only=True)
class Verdict:
    """Dom over en annen vei: how a way stands to the plan, and what taking it would cost.

    Where it has no room, `easings` are the fewest limits that have to give for it to fit, whatever
    else is then left out, and by how much; None where no limit helps, or none was found in time.
    """

    option: int
    standing: WayState
    difference: Margin | None
    easings: tuple[Easing, ...] | None = ()


@frozen(kw_only=True)
class Shadow:
    """Skyggepris: what a limit is worth at the margin, by the programme with splittable choices.

    `per_million` is how many ten-thousandths of a step a million units more would close, at the
    rate of the first; where several rates are right (a degenerate optimum) it is one of them.
    `one_more` gives what holds for sure, and `range_of` how far the rate holds.
    """

    limit: Limit
    per_million: int


@frozen(kw_only=True)
class PriceRange:
    """Gyldighetsområde: from which to which amount of a limit its shadow price holds.

    All of the limit is meant, not what is added: it is `now`; None where there is no end. Below
    `least` a unit is worth more, above `most` less. It is a range of the programme with splittable
    choices; a plan of whole choices moves in jumps, and never gives more for more than this rate:
    `one_more_exactly` says what an amount gives.
    """

    limit: Limit
    per_million: int
    now: int
    least: int | None
    most: int | None


@frozen(kw_only=True)
class Relief:
    """Utvei: the fewest limits that have to give, so that nothing statutory stays unmet.

    `hopeless` are rows of gaps that no open way closes, whatever the limits. `easings` is None
    where no limit helps. `proven` says that no smaller number of limits would do.
    """

    easings: tuple[Easing, ...] | None
    hopeless: tuple[int, ...]
    proven: bool


def why_not(plan: Plan, option: int) -> Verdict:
    """Say at once how a way stands to the plan, and what taking it would cost at least.

    Raises:
        Misuse: E503, if there is no such option.
    """
    bench = _bench(plan)
    return _judged(bench, option) or _bounded(bench, option, _forced(bench, option))


def why_not_exactly(plan: Plan, option: int) -> Verdict:
    """Say what taking a way would cost, by searching again with it.

    Raises:
        Misuse: E503, if there is no such option.
    """
    bench = _bench(plan)
    return _judged(bench, option) or _searched(bench, option, _forced(bench, option))


def price_of_forbidding(plan: Plan, option: int) -> Margin:
    """Say at once what the plan would lose at least if a way were ruled out.

    A way that is a measure for a person is ruled out with all that the measure does for them.

    Raises:
        Misuse: E503, if there is no such option.
    """
    bench = _bench(plan)
    return _at_least(plan, _forbidden(bench, option), least=0) or _AT_MOST_NOTHING


def price_of_forbidding_exactly(plan: Plan, option: int) -> Margin:
    """Say what the plan would lose if a way were ruled out, by searching again without it.

    Raises:
        Misuse: E503, if there is no such option.
    """
    bench = _bench(plan)
    problem, nothing = _forbidden(bench, option), bench.programme.answer(NOTHING_CHOSEN)
    return _between(_best(bench, bench.programme), _reached(bench, problem, nothing))


def limits_of(plan: Plan) -> tuple[Limit, ...]:
    """Name every single limit that could hold the plan back."""
    bench = _bench(plan)
    return limits_in(bench.scene, bench.choices)


def one_more(plan: Plan, limit: Limit, amount: int = 1) -> Margin:
    """Say at once how much a wider limit could give at most: the difference is at least this.

    Raises:
        Misuse: E503, if the plan has no such limit.
    """
    bench = _bench(plan)
    wide = write_programme(widened(bench.scene, bench.choices, limit, amount))
    return _at_least(plan, wide.problem, least=None) or _AT_MOST_NOTHING


def one_more_exactly(plan: Plan, limit: Limit, amount: int = 1) -> Margin:
    """Say what a wider limit gives, by searching again within it.

    Raises:
        Misuse: E503, if the plan has no such limit.
    """
    bench = _bench(plan)
    wide = write_programme(widened(bench.scene, bench.choices, limit, amount))
    return _between(_best(bench, bench.programme), _best(bench, wide))


def shadow_prices(plan: Plan) -> tuple[Shadow, ...]:
    """Say of each limit that holds the plan back what more of it is worth, the dearest first."""
    bench = _bench(plan)
    relaxed = relax(bench.programme.problem) if bench.programme.problem.variables else None
    if relaxed is None or relaxed.status is not Status.OPTIMAL:
        return ()
    found = [
        Shadow(limit=limit, per_million=round(-MILLION * float(relaxed.prices[row])))
        for row, limit in _guarded(bench.scene, bench.programme)
    ]
    return tuple(
        sorted(
            (each for each in found if each.per_million > 0),
            key=lambda s: (-s.per_million, s.limit.kind.value, s.limit.of, s.limit.period or 0),
        )
    )


def range_of(plan: Plan, limit: Limit) -> PriceRange | None:
    """Say how far a limit may be moved before its shadow price changes; None if it has none.

    Raises:
        Misuse: E503, if the plan has no such limit.
    """
    bench = _bench(plan)
    if limit not in limits_in(bench.scene, bench.choices):
        raise Misuse("E503", f"this plan has no limit on {limit.kind.value} of that name")
    (shadow,) = [each for each in shadow_prices(plan) if each.limit == limit] or (None,)
    if shadow is None:
        return None
    problem = bench.programme.problem
    row = next(row for row, each in _guarded(bench.scene, bench.programme) if each == limit)
    least, most = price_range(problem, relax(problem), row)
    return PriceRange(
        limit=limit,
        per_million=shadow.per_million,
        now=int(problem.at_most[row]),
        least=least,
        most=most,
    )


def what_to_relax(plan: Plan) -> Relief:
    """Find the fewest limits to widen so that no statutory requirement stays unmet.

    No statutory rule, no rule of Hovedavtalen and no drøfting is among what may give: they are no
    limits but hold for every choice there is.
    """
    bench = _bench(plan)
    choices = with_open_sessions(bench.choices)
    bench = evolve(bench, choices=choices, programme=write_programme(choices))
    left = tuple(_left_statutory(plan, choices))
    closers = {lack: tuple(_closers(bench.programme, lack)) for lack in left}
    hopeless = tuple(choices.lacks[lack].gap for lack in left if not closers[lack])
    problem = bench.programme.problem
    for found in (*closers.values(), *_closed_statutory(plan, bench.programme)):
        problem = _with_one_of(problem, found) if found else problem
    eased = _eased(bench, problem)
    if eased is None:
        return Relief(easings=None, hopeless=hopeless, proven=False)
    return Relief(easings=eased[0], hopeless=hopeless, proven=eased[1])


_AT_MOST_NOTHING = Margin(value=0, cost=None, sureness=Sureness.AT_LEAST)


@frozen(kw_only=True, eq=False)
class _Bench:
    """Hold a plan and the programme that it was the answer to, written anew."""

    plan: Plan
    scene: Scene
    choices: Choices
    programme: Programme


def _bench(plan: Plan) -> _Bench:
    scene = set_scene(plan.recommendations, plan.limits)
    choices = gather(scene)
    return _Bench(plan=plan, scene=scene, choices=choices, programme=write_programme(choices))


def _judged(bench: _Bench, option: int) -> Verdict | None:
    """Judge a way that needs no search."""
    plan = bench.plan
    if not 0 <= option < len(plan.recommendations):
        raise Misuse("E503", f"there is no option {option}")
    standing = None
    if any(option in planned.causes for planned in plan):
        standing = WayState.CHOSEN
    elif plan.recommendations.of(option).rank is None:
        standing = WayState.SET_ASIDE
    elif not _takers(bench, option):
        standing = WayState.NOT_IN_TIME
    return standing and Verdict(option=option, standing=standing, difference=None)


def _bounded(bench: _Bench, option: int, problem: Problem) -> Verdict:
    found = _at_least(bench.plan, problem, least=0)
    if found is None:
        return _roomless(bench, option)
    return Verdict(option=option, standing=WayState.OPEN, difference=found)


def _searched(bench: _Bench, option: int, problem: Problem) -> Verdict:
    """Search with the way; an answer that no search found in time leaves the difference open."""
    other = _reached(bench, problem, None)
    if other.status is Status.INFEASIBLE:
        return _roomless(bench, option)
    known = other.values is not None
    found = _between(_best(bench, bench.programme), other) if known else None
    return Verdict(option=option, standing=WayState.OPEN, difference=found)


def _roomless(bench: _Bench, option: int) -> Verdict:
    """Say of a way without room what has to give for it; law and drøfting are no limits."""
    eased = _eased(bench, _forced(bench, option))
    return Verdict(
        option=option,
        standing=WayState.NO_ROOM,
        difference=None,
        easings=None if eased is None else eased[0],
    )


def _eased(bench: _Bench, problem: Problem) -> tuple[tuple[Easing, ...], bool] | None:
    """Find the fewest limits that have to give, and whether fewer would not do; None if none do."""
    guarded = dict(_guarded(bench.scene, bench.programme))
    relaxed = fewest_to_relax(problem, sorted(guarded), nodes=EFFORT, seed=bench.plan.limits.seed)
    if relaxed is None:
        return None
    given = zip(relaxed.rows, relaxed.excess, strict=True)
    easings = tuple(Easing(limit=guarded[row], amount=amount) for row, amount in given)
    return easings, relaxed.proven


def _takers(bench: _Bench, option: int) -> tuple[int, ...]:
    """Give the variables of which one is above 0 just where a way is taken."""
    choices, programme = bench.choices, bench.programme
    code = int(bench.plan.recommendations.options.rows.column("competence")[option])
    found: list[int] = []
    for number, pair in enumerate(choices.pairs):
        if option in pair.options:
            places = [place for place, lift in enumerate(pair.lifts) if lift.competence == code]
            lifts = [programme.lifts[start, place] for start in pair.starts for place in places]
            found += lifts or _starts_of(programme, number)
    return (*found, *_others_of(programme, option))


def _starts_of(programme: Programme, pair: int) -> list[int]:
    return [programme.starts[start] for start in programme.choices.pairs[pair].starts]


def _others_of(programme: Programme, option: int) -> Iterator[int]:
    choices = programme.choices
    blocks = (
        (programme.uses, [way.option for way in choices.uses]),
        (programme.carries, [way.option for way in choices.carries]),
        (programme.moves, [way.option for way in choices.moves]),
        (programme.hires, [way.option for way in choices.hires]),
    )
    for block, options in blocks:
        yield from (v for v, own in zip(block, options, strict=True) if own == option)


def _forced(bench: _Bench, option: int) -> Problem:
    return _with_one_of(bench.programme.problem, _takers(bench, option))


def _forbidden(bench: _Bench, option: int) -> Problem:
    if not 0 <= option < len(bench.plan.recommendations):
        raise Misuse("E503", f"there is no option {option}")
    programme = bench.programme
    pairs = (n for n, pair in enumerate(programme.choices.pairs) if option in pair.options)
    begun = [variable for pair in pairs for variable in _starts_of(programme, pair)]
    upper = programme.problem.upper.copy()
    upper[[*begun, *_others_of(programme, option)]] = 0
    return evolve(programme.problem, upper=upper)


def _with_one_of(problem: Problem, variables: Iterable[int]) -> Problem:
    """Add a row: at least one of the variables is above 0."""
    terms = np.unique(np.array(list(variables), dtype=np.int64))
    return _with_row(problem, terms, np.ones(len(terms), dtype=np.int64), 1, OPEN)


def _with_row(
    problem: Problem,
    terms: Whole,
    factors: Whole,
    at_least: int,
    at_most: int,
) -> Problem:
    return evolve(
        problem,
        start=np.append(problem.start, problem.start[-1] + len(terms)),
        variable=np.append(problem.variable, terms),
        factor=np.append(problem.factor, factors),
        at_least=np.append(problem.at_least, at_least),
        at_most=np.append(problem.at_most, at_most),
    )


def _at_least(plan: Plan, problem: Problem, *, least: int | None) -> Margin | None:
    """Bound the difference from below; None if no plan keeps the limits."""
    bound = _lowest(problem)
    if bound is None:
        return None
    value = bound - plan.value if least is None else max(least, bound - plan.value)
    cheapest = None if value > 0 else _lowest(_as_good(plan, problem))
    cost = None if cheapest is None else cheapest - sum(each.cost for each in plan)
    if cost is not None and least is not None:
        cost = max(least, cost)
    return Margin(value=value, cost=cost, sureness=Sureness.AT_LEAST)


def _lowest(problem: Problem) -> int | None:
    """Give what the first objective is at least; None if no answer keeps the limits."""
    if not problem.variables:
        return problem.objectives[0].offset
    relaxed = relax(problem)
    if relaxed.status is Status.INFEASIBLE:
        return None
    objective = problem.objectives[0]
    if relaxed.bound is not None:
        return math.ceil(relaxed.bound)
    ends = np.where(objective.factor < 0, problem.upper, problem.lower)
    return objective.offset + int((objective.factor * ends).sum())


def _as_good(plan: Plan, problem: Problem) -> Problem:
    """Ask for the kroner of an answer that closes as much as the plan does."""
    first, *rest = problem.objectives
    terms = np.flatnonzero(first.factor)
    held = _with_row(problem, terms, first.factor[terms], -OPEN, plan.value - first.offset)
    return evolve(held, objectives=tuple(rest[:1]))


def _best(bench: _Bench, programme: Programme) -> Solution:
    hurried = programme.answer(hurried_choice(programme.choices))
    return _reached(bench, programme.problem, hurried)


def _reached(bench: _Bench, problem: Problem, start: Sequence[int] | None) -> Solution:
    """Search for value and kroner, with the plan's own effort, and with no gap allowed."""
    limits = bench.plan.limits
    return solve(
        evolve(problem, objectives=problem.objectives[:2]),
        engine=limits.engine,
        seed=limits.seed,
        nodes=EFFORT if limits.nodes is None else limits.nodes,
        time_limit=limits.seconds,
        start=start,
    )


def _between(own: Solution, other: Solution) -> Margin:
    exact = _is_proven(own) and _is_proven(other)
    return Margin(
        value=other.objectives[0] - own.objectives[0],
        cost=other.objectives[1] - own.objectives[1],
        sureness=Sureness.EXACT if exact else Sureness.UNPROVEN,
    )


def _is_proven(solution: Solution) -> bool:
    return solution.objectives == solution.bounds


def _guarded(scene: Scene, programme: Programme) -> Iterator[tuple[int, Limit]]:
    """Yield each row that guards a limit, with its name."""
    choices = programme.choices
    for row, store in sorted(programme.store_rows.items()):
        yield row, limit_of_store(scene, choices.keys[store])
    for row, place in sorted(programme.session_rows.items()):
        if choices.session_limits[place][0]:
            yield row, limit_of_sessions(choices, place)


def _left_statutory(plan: Plan, choices: Choices) -> Iterator[int]:
    """Yield the statutory lacks that the plan leaves something of."""
    statutory = plan.gaps.rows.column("statutory")
    left = {closing.gap for closing in plan.closings if closing.left and statutory[closing.gap]}
    yield from (number for number, lack in enumerate(choices.lacks) if lack.gap in left)


def _closed_statutory(plan: Plan, programme: Programme) -> Iterator[tuple[int, ...]]:
    """Yield what closes each statutory lack that the plan does close: it must stay closed."""
    statutory = plan.gaps.rows.column("statutory")
    done = {each.gap for each in plan.closings if not each.left and statutory[each.gap]}
    for number, lack in enumerate(programme.choices.lacks):
        if lack.gap in done:
            yield tuple(_closers(programme, number))


def _closers(programme: Programme, lack: int) -> Iterator[int]:
    """Yield the variables that close all of a lack by themselves."""
    choices = programme.choices
    missing = choices.lacks[lack].missing
    for pair in choices.pairs:
        for place, lift in enumerate(pair.lifts):
            if (lack, missing) in lift.closes:
                yield from (programme.lifts[start, place] for start in pair.starts)
    for number, move in enumerate(choices.moves):
        if lack in move.closes:
            yield programme.moves[number]
