"""What is best where a crowd of small parts shares a few limits? `solve_crowd` makes a Crowded.

The ways of every part are listed once, for all that are built alike. At prices of what is shared
each part then takes its best way by looking down the list, and better prices come from a problem
with one column for each answer of the whole crowd (Dantzig and Wolfe 1960, Operations Research 8).
What the prices prove is added up in whole numbers. The answer takes a dearer column for the first
parts and a cheaper one for the others, as far as the limits allow.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.errors import Misuse, SolverFailed
from kompetanse_core.solver.asking import Floats, Watch
from kompetanse_core.solver.exact import dot, row_sums
from kompetanse_core.solver.listing import list_ways
from kompetanse_core.solver.parts import Part, pick, split
from kompetanse_core.solver.problem import (
    OPEN,
    Flags,
    Objective,
    Problem,
    Sense,
    Whole,
    merge_terms,
)
from kompetanse_core.solver.relaxation import relax
from kompetanse_core.solver.search import solve
from kompetanse_core.solver.solution import Solution, Status

WIDE = 100
"""A row with more terms than this is shared."""
MOST_WAYS = 300
"""How many ways of a part are listed at most."""
FINENESS = 2**10
"""Prices are rounded to so many parts of one, so that what they prove is exact."""
ROUNDS = 60
FLAT = 5
"""The search for prices ends when so many rounds in a row prove next to nothing more."""
NEXT_TO_NOTHING = 10_000
"""One part in so many of the bound."""
SAFE = 2**62
LESSONS = 3
"""So often, at most, the parts with too many ways are asked for their best one."""
FINE_ENOUGH = 1_000
"""How many parts answer the dearer column is found as near as one in so many of all."""
NODES = 200
"""How many nodes a search for these may open."""
SHARE_TO_PRICE = 0.7
"""The part of the time for finding prices; the rest is for what they prove, and for the answer."""


@frozen(kw_only=True, eq=False)
class Crowded:
    """Hold an answer, None where none was found, and what no answer betters, None if unknown.

    Both are about the first objective, which is one of the least. The status is CUT, or INTERRUPTED
    where the caller ended the search: nothing here goes on until the answer is proven.
    """

    values: Whole | None
    bound: int | None
    status: Status


def solve_crowd(
    problem: Problem,
    shared: Flags,
    idle: Flags,
    *,
    until: float | None = None,
    interrupted: Callable[[], bool] | None = None,
) -> Crowded:
    """Find good prices for what many small parts share, and an answer near what they prove.

    Args:
        shared: the variables that belong to no part, such as sessions that many sit in.
        idle: rows that follow from the others in whole numbers; they need no price.
        until: when to end, on the monotonic clock; the ways are listed all the same.
        interrupted: asked between the rounds.

    Raises:
        Misuse: E905 if the first objective is missing or not one of the least.
        SolverFailed: E901 to E903 if HiGHS is missing, fails, or cannot be exact.
    """
    if not problem.objectives or problem.objectives[0].sense is not Sense.LEAST:
        raise Misuse("E905", "a crowd is asked for the least of a first objective")
    watch = Watch(stop=interrupted)
    crowd = _Crowd(problem, shared, idle)
    if not crowd.is_sound:
        return Crowded(values=None, bound=None, status=Status.CUT)
    soon = _sooner(until)
    prices = crowd.price(np.zeros(len(crowd.rows), dtype=np.int64), soon, watch)
    for _ in range(LESSONS):
        if _is_over(soon, watch) or not crowd.learn(prices, soon):
            break
        prices = crowd.price(prices, soon, watch)
    stopped = watch.stop is not None and watch.stop()
    return Crowded(
        values=crowd.answer(),
        bound=crowd.proven(prices, until),
        status=Status.INTERRUPTED if stopped else Status.CUT,
    )


def _is_over(until: float | None, watch: Watch) -> bool:
    """Say whether the time is up, or the caller has had enough."""
    late = until is not None and time.monotonic() > until
    return late or (watch.stop is not None and watch.stop())


def _sooner(until: float | None) -> float | None:
    """Give when to stop looking for prices."""
    if until is None:
        return None
    now = time.monotonic()
    return now + SHARE_TO_PRICE * max(0.0, until - now)


def _left(until: float | None) -> float | None:
    return None if until is None else max(0.0, until - time.monotonic())


@frozen(kw_only=True, eq=False)
class _Group:
    """Hold parts that are built alike, shape (parts, variables), and their ways."""

    members: Whole
    ways: Whole
    all: bool


@frozen(kw_only=True, eq=False)
class _Column:
    """Hold what the whole crowd answered once: the way of each part, and what all take and give."""

    picked: tuple[Whole, ...]
    taken: Whole
    value: int


class _Crowd:
    """Keep the parts, what they have answered so far, and the best bound."""

    def __init__(self, problem: Problem, shared: Flags, idle: Flags) -> None:
        self.problem, self.shared = problem, np.flatnonzero(shared)
        touched = np.bincount(problem.row_of_term[shared[problem.variable]], minlength=problem.rows)
        linking = ((touched > 0) | (np.diff(problem.start) > WIDE)) & ~idle
        self.rows = np.flatnonzero(linking)
        number = np.full(problem.rows, -1, dtype=np.int64)
        number[self.rows] = np.arange(len(self.rows))
        row = number[problem.row_of_term]
        self.inner = np.flatnonzero(~shared)
        own = row >= 0
        self.row, self.variable, self.factor = (
            each[own] for each in (row, problem.variable, problem.factor)
        )
        place = np.zeros(problem.variables, dtype=np.int64)
        place[self.inner] = np.arange(len(self.inner))
        inside = pick(problem, self.inner, np.flatnonzero(~linking & ~idle), place)
        wanted = self._wanted()[self.inner]
        parts = (*_linked(inside), *_single(inside))
        self.groups = [
            group for alike in _alike(parts, wanted) for group in _listed(alike, wanted, self.inner)
        ]
        self.found: tuple[bytes, float | None, Solution] | None = None
        self.columns: list[_Column] = []
        self.most: _Column | None = None
        self.bound: int | None = None
        self._reach = np.maximum(1.0, np.abs(problem.lower).astype(np.float64))
        for group in self.groups:
            if len(group.ways):
                self._reach[group.members] = np.maximum(1, np.abs(group.ways).max(axis=0))

    @property
    def is_sound(self) -> bool:
        """Whether every part has some way."""
        return bool(self.groups) and all(len(group.ways) for group in self.groups)

    def _wanted(self) -> Flags:
        """Mark what can be a gain: by itself, or because a shared limit is the wider for it."""
        wanted = self.problem.objectives[0].factor < 0
        capped = self.problem.at_most[self.rows][self.row] < OPEN
        floored = self.problem.at_least[self.rows][self.row] > -OPEN
        gives = (capped & (self.factor < 0)) | (floored & (self.factor > 0))
        wanted[self.variable[gives]] = True
        return wanted

    def price(self, first: Whole, until: float | None, watch: Watch) -> Whole:
        """Ask everybody again and again at better prices; give those that prove most."""
        best = now = first
        bound, flat = -math.inf, 0
        for _ in range(ROUNDS):
            proven = self._ask(now)
            flat = 0 if proven - bound > abs(bound) / NEXT_TO_NOTHING else flat + 1
            best, bound = (now, proven) if proven > bound else (best, bound)
            if flat >= FLAT or _is_over(until, watch):
                break
            relaxed = relax(self._master(), time_limit=_left(until))
            if relaxed.status is not Status.OPTIMAL:
                # no mixture keeps the limits yet: dearer, until one does
                now = now * 2 - (self.problem.at_most[self.rows] < OPEN) * FINENESS
                continue
            self.most = self.columns[int(relaxed.values[len(self.shared) :].argmax())]
            now = self._dearest(self._fine(relaxed.prices[: len(self.rows)]))
        return best

    def proven(self, prices: Whole, until: float | None) -> int | None:
        """Give what these prices prove, or what was proven on the way where that says more."""
        priced = self._priced(prices)
        least = 0
        if not all(group.all for group in self.groups):
            found = self._searched(priced, until).bounds[0]
            if found is None:
                return self.bound
            least = found
        told = self._shared_part(prices)
        if told is None:
            return self.bound
        told += sum(int(_worth(g, priced).min(axis=0).sum()) for g in self.groups if g.all)
        bound = self.problem.objectives[0].offset - (-(told + least) // FINENESS)
        self.bound = bound if self.bound is None else max(self.bound, bound)
        return self.bound

    def learn(self, prices: Whole, until: float | None) -> bool:
        """Search the parts with too many ways for the best at these prices; say if any is new."""
        if all(group.all for group in self.groups):
            return False
        found = self._searched(self._priced(prices), until).values
        self.proven(prices, until)
        if found is None:
            return False
        values = np.zeros(self.problem.variables, dtype=np.int64)
        values[self._rest()] = found
        known = sum(len(group.ways) for group in self.groups)
        self.groups = [g if g.all else _taught(g, values[g.members]) for g in self.groups]
        return known < sum(len(group.ways) for group in self.groups)

    def answer(self) -> Whole | None:
        """Take the best column that keeps the limits, and a better one as far as may be.

        The better one is the next, or the one that the best mixture has most of.
        """
        ranked = sorted(self.columns, key=lambda column: column.value)
        kept = [n for n, column in enumerate(ranked) if self._whole(column, column, 0) is not None]
        if not kept:
            return None
        cheap, better = ranked[kept[0]], ranked[: kept[0]]
        answers = [self._whole(cheap, cheap, 0)]
        answers += [self._between(dear, cheap) for dear in better[-1:]]
        answers += [self._between(dear, cheap) for dear in better[:-1] if dear is self.most]
        factor = self.problem.objectives[0].factor
        known = [each for each in answers if each is not None]
        return min(known, key=lambda values: dot(factor, values))

    def _between(self, dear: _Column, cheap: _Column) -> Whole | None:
        """Let as many as may be answer as in the dearer column, None if only nobody may."""
        found, low, high = None, 0, sum(len(group.members) for group in self.groups)
        near = max(1, high // FINE_ENOUGH)
        while high - low > near:
            middle = (low + high) // 2
            more = self._whole(dear, cheap, middle)
            low, high, found = (middle, high, more) if more is not None else (low, middle, found)
        return found

    def _ask(self, prices: Whole) -> float:
        """Let every part answer these prices; keep the column, and say what seems proven."""
        priced = self._priced(prices)
        picked, total = [], 0
        for group in self.groups:
            worth = _worth(group, priced)
            chosen = worth.argmin(axis=0)
            picked.append(chosen)
            total += int(worth[chosen, np.arange(len(chosen))].sum())
        values = self._values(picked)
        taken = np.zeros(len(self.rows), dtype=np.int64)
        np.add.at(taken, self.row, self.factor * values[self.variable])
        objective = self.problem.objectives[0]
        value = objective.offset + dot(objective.factor, values)
        self.columns.append(_Column(picked=tuple(picked), taken=taken, value=value))
        shared = self._shared_part(prices)
        return -math.inf if shared is None else (total + shared) / FINENESS + objective.offset

    def _priced(self, prices: Whole) -> Whole:
        """Give what each variable costs at these prices.

        Raises:
            SolverFailed: E903 if what all pay together might not be exact.
        """
        paid = np.abs(self.factor).astype(np.float64) * np.abs(prices[self.row])
        owed = np.bincount(self.variable, weights=paid, minlength=self.problem.variables)
        own = np.abs(self.problem.objectives[0].factor).astype(np.float64) * FINENESS
        if (owed + own) @ self._reach > SAFE:
            raise SolverFailed("E903", "the prices are beyond 2^62", hint="use larger units")
        priced = self.problem.objectives[0].factor * FINENESS
        np.subtract.at(priced, self.variable, self.factor * prices[self.row])
        return priced

    def _shared_part(self, prices: Whole) -> int | None:
        """Add up what the limits cost and what the shared variables save, None if open-ended."""
        whole, limits = self.problem, 0
        for price, number in zip(prices.tolist(), self.rows.tolist(), strict=True):
            if price:
                limits += price * int((whole.at_least if price > 0 else whole.at_most)[number])
        left = self._priced(prices)[self.shared]
        ends = np.where(left > 0, whole.lower[self.shared], whole.upper[self.shared])
        if ((left != 0) & (np.abs(ends) >= OPEN)).any():
            return None
        return limits + dot(left, np.where(left == 0, 0, ends))

    def _fine(self, prices: Floats) -> Whole:
        """Round prices, and take away those that no limit stands behind."""
        fine = np.rint(prices * FINENESS).astype(np.int64)
        low, high = self.problem.at_least[self.rows], self.problem.at_most[self.rows]
        loose = ((fine > 0) & (low <= -OPEN)) | ((fine < 0) & (high >= OPEN))
        return np.where(loose, 0, fine)

    def _dearest(self, prices: Whole) -> Whole:
        """Price a row that a shared variable makes room in as high as that variable's own price.

        A row of `at_most` 0 costs nothing at any price, so that more is proven, never less.
        """
        left, prices = self._priced(prices), prices.copy()
        free = self.problem.at_most[self.rows] == 0
        room = free[self.row] & (self.factor < 0) & np.isin(self.variable, self.shared)
        once = np.bincount(self.variable[room], minlength=self.problem.variables) == 1
        alone = np.bincount(self.row[room], minlength=len(self.rows)) == 1
        told = room & once[self.variable] & alone[self.row] & (left[self.variable] > 0)
        prices[self.row[told]] -= left[self.variable[told]] // -self.factor[told]
        return prices

    def _master(self) -> Problem:
        """Make the problem of mixing the columns: their weights add up to one."""
        whole, many, width = self.problem, len(self.shared), len(self.columns)
        place = np.full(whole.variables, -1, dtype=np.int64)
        place[self.shared] = np.arange(many)
        theirs = place[self.variable] >= 0
        taken = [np.flatnonzero(column.taken) for column in self.columns]
        weights = np.repeat(many + np.arange(width), [len(each) for each in taken])
        used = [column.taken[each] for column, each in zip(self.columns, taken, strict=True)]
        start, variable, factor = merge_terms(
            np.concatenate([self.row[theirs], *taken, np.full(width, len(self.rows))]),
            np.concatenate([place[self.variable[theirs]], weights, many + np.arange(width)]),
            np.concatenate([self.factor[theirs], *used, np.ones(width, dtype=np.int64)]),
            len(self.rows) + 1,
        )
        objective = whole.objectives[0]
        own = np.array([column.value - objective.offset for column in self.columns])
        return Problem(
            lower=np.concatenate([whole.lower[self.shared], np.zeros(width, np.int64)]),
            upper=np.concatenate([whole.upper[self.shared], np.ones(width, np.int64)]),
            implied=np.ones(many + width, dtype=np.bool_),
            start=start,
            variable=variable,
            factor=factor,
            at_least=np.append(whole.at_least[self.rows], 1),
            at_most=np.append(whole.at_most[self.rows], 1),
            objectives=(
                evolve(objective, factor=np.concatenate([objective.factor[self.shared], own])),
            ),
        )

    def _rest(self) -> Whole:
        """Give the variables of the parts that have too many ways."""
        return np.sort(np.concatenate([g.members.ravel() for g in self.groups if not g.all]))

    def _searched(self, priced: Whole, until: float | None) -> Solution:
        """Search the parts that have too many ways, all at once; anew only if cut too early."""
        key = priced.tobytes()
        if self.found is not None and self.found[0] == key:
            _, ended, solution = self.found
            if ended == until or solution.status is not Status.CUT:
                return solution
        solution = self._search(priced, until)
        self.found = key, until, solution
        return solution

    def _search(self, priced: Whole, until: float | None) -> Solution:
        problem, members = self.problem, self._rest()
        mine = np.zeros(problem.variables, dtype=np.bool_)
        mine[members] = True
        outside = np.diff(problem.start) == 0
        outside[problem.row_of_term[~mine[problem.variable]]] = True
        outside[self.rows] = True
        place = np.zeros(problem.variables, dtype=np.int64)
        place[members] = np.arange(len(members))
        part = pick(problem, members, np.flatnonzero(~outside), place)
        priced_part = evolve(part, objectives=(Objective(factor=priced[members]),))
        return solve(priced_part, nodes=NODES, time_limit=_left(until))

    def _values(self, picked: Sequence[Whole]) -> Whole:
        values = self.problem.lower.copy()
        for group, chosen in zip(self.groups, picked, strict=True):
            values[group.members] = group.ways[chosen]
        return values

    def _whole(self, dear: _Column, cheap: _Column, many: int) -> Whole | None:
        """Let the first parts answer as in one column, the others as in another.

        What is shared is raised as far as it must; None if a limit is broken all the same.
        """
        picked, first = [], 0
        for group, one, other in zip(self.groups, dear.picked, cheap.picked, strict=True):
            number = first + np.arange(len(group.members))
            picked.append(np.where(number < many, one, other))
            first += len(group.members)
        values = self._values(picked)
        over = row_sums(self.problem, values) - self.problem.at_most
        room = (self.factor < 0) & np.isin(self.variable, self.shared)
        short = np.maximum(0, np.where(self.problem.at_most < OPEN, over, 0))[self.rows]
        short = short.astype(np.int64)
        raised = -(-short[self.row[room]] // -self.factor[room])
        np.maximum.at(values, self.variable[room], raised + self.problem.lower[self.variable[room]])
        values = np.minimum(values, self.problem.upper)
        sums = row_sums(self.problem, values)
        kept = (sums >= self.problem.at_least) & (sums <= self.problem.at_most)
        return values if bool(kept.all()) else None


def _worth(group: _Group, priced: Whole) -> Whole:
    """Give what each way costs each member: shape (ways, members)."""
    worth: Whole = group.ways @ priced[group.members].T
    return worth


def _alike(parts: Sequence[Part], wanted: Flags) -> list[list[Part]]:
    """Put parts together that differ in prices only."""
    found: dict[tuple[bytes, ...], list[Part]] = {}
    for part in parts:
        own = part.problem
        shape = (own.lower, own.upper, own.start, own.variable, own.factor)
        limits = (own.at_least, own.at_most, wanted[part.variables])
        found.setdefault(tuple(each.tobytes() for each in (*shape, *limits)), []).append(part)
    return list(found.values())


def _linked(inside: Problem) -> Iterator[Part]:
    """Yield the parts that some row links."""
    return (part for part in split(inside) if part.problem.rows)


def _single(inside: Problem) -> Iterator[Part]:
    """Yield each variable that stands in no row as a part of its own."""
    alone = np.ones(inside.variables, dtype=np.bool_)
    alone[inside.variable] = False
    nothing = np.zeros(0, dtype=np.int64)
    for variable in np.flatnonzero(alone):
        own = np.array([variable])
        yield Part(variables=own, problem=pick(inside, own, nothing, nothing))


def _listed(alike: Sequence[Part], wanted: Flags, inner: Whole) -> Iterator[_Group]:
    """List the ways of what is alike; where they are too many, each part goes by itself."""
    first = alike[0]
    ways = list_ways(first.problem, wanted[first.variables], MOST_WAYS)
    members = inner[np.stack([part.variables for part in alike])]
    for own in [members] if ways.all else np.split(members, len(members)):
        yield _Group(members=own, ways=ways.values, all=ways.all)


def _taught(group: _Group, way: Whole) -> _Group:
    """Add a way, unless it is known."""
    if (group.ways == way).all(axis=1).any():
        return group
    return evolve(group, ways=np.concatenate([group.ways, way]))
