"""What is best where many blocks share some limits? `solve_blocks` makes a BlockSolution.

Each block, such as one person, has limits of its own; some rows are shared. The shared rows get
prices, each block answers the prices exactly, and its answers become the columns of a smaller
problem that finds better prices (Dantzig and Wolfe 1960, Operations Research 8). What the prices
prove is added up in whole numbers. Blocks that nothing tells apart are asked once and counted; in
the end the smaller problem is solved in whole numbers, and its answer is one of the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
from attrs import evolve, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.solver.asking import Care, Floats, Terms, Watch, make_goal
from kompetanse_core.solver.exact import dot, keeps_limits
from kompetanse_core.solver.highs import ask
from kompetanse_core.solver.parts import pick
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
from kompetanse_core.solver.solution import Progress, Solution, Status

FINENESS = 2**8
"""Prices are rounded to so many parts of one, so that what they prove is exact."""
ROUNDS = 40
NODES_OF_BLOCK = 200
SHARE_TO_PRICE = 0.6
"""The part of the time for the prices; the rest is for the smaller problem."""


@frozen(kw_only=True, eq=False)
class BlockSolution:
    """Hold the smaller problem's solution, its answer in the whole, and what no answer betters.

    `values` is None where there is no answer; `bound` is of the first objective.
    """

    solution: Solution
    values: Whole | None
    bound: int | None


@frozen(kw_only=True, eq=False)
class Kind:
    """Hold blocks that nothing tells apart: what one may do, and its terms in the shared rows."""

    problem: Problem
    members: Whole
    variable: Whole
    row: Whole
    factor: Whole

    def taken(self, values: Whole, rows: int) -> Whole:
        """Return what an answer takes of each shared row."""
        total = np.zeros(rows, dtype=np.int64)
        np.add.at(total, self.row, self.factor * values[self.variable])
        return total

    def paid(self, prices: Whole) -> Whole:
        """Return what each variable pays at these prices."""
        total = np.zeros(self.problem.variables, dtype=np.int64)
        np.add.at(total, self.variable, self.factor * prices[self.row])
        return total


Column = tuple[int, Whole]
"""The number of a kind, and what one block of it does."""


def solve_blocks(
    problem: Problem,
    owner: Whole,
    idle: Flags,
    prices: Floats,
    *,
    terms: Terms,
    progress: Callable[[Progress], None] | None = None,
    interrupted: Callable[[], bool] | None = None,
) -> BlockSolution:
    """Find good prices, and the best mix of what the blocks answer to them.

    Args:
        owner: the block of each variable, below 0 for what all share.
        idle: rows that follow from the others in whole numbers; they need no price.
        prices: a first price for each row.
        terms: how long to search; nodes are for the smaller problem.

    Raises:
        Misuse: E905 if the first objective is missing or not one of the least.
        SolverFailed: E901 to E903 if HiGHS is missing, fails, or cannot be exact.
    """
    if not problem.objectives or problem.objectives[0].sense is not Sense.LEAST:
        raise Misuse("E905", "blocks are asked for the least of a first objective")
    blocks = _Blocks(problem, owner, idle, Watch(stop=interrupted))
    in_time = blocks.price(prices, evolve(terms, until=_sooner(terms)))
    master = blocks.master()
    left = None if terms.until is None else max(0.0, terms.seconds_left)
    solution = solve(
        master,
        seed=terms.seed,
        gap=terms.gap,
        nodes=terms.nodes,
        time_limit=left,
        progress=progress,
        interrupted=interrupted,
    )
    if not in_time and solution.status in {Status.OPTIMAL, Status.FEASIBLE}:
        solution = evolve(solution, status=Status.CUT)
    values = None if solution.values is None else blocks.spread(solution.values)
    sound = values is not None and keeps_limits(problem, values)
    return BlockSolution(solution=solution, values=values if sound else None, bound=blocks.bound)


def _sooner(terms: Terms) -> float | None:
    """Leave some of the time for the smaller problem."""
    if terms.until is None:
        return None
    return terms.until - (1 - SHARE_TO_PRICE) * max(0.0, terms.seconds_left)


class _Blocks:
    """Keep the blocks, what they have answered so far, and the best bound."""

    def __init__(self, problem: Problem, owner: Whole, idle: Flags, watch: Watch) -> None:
        self.problem, self.watch = problem, watch
        row_owner = _row_owners(problem, owner)
        self.shared = np.flatnonzero(owner < 0)
        self.rows = np.flatnonzero((row_owner < 0) & ~idle)
        self.kinds = _kinds(problem, owner, np.where(idle, -1, row_owner), self.rows)
        self.columns: list[Column] = []
        self.seen: set[tuple[int, bytes]] = set()
        self.bound: int | None = None
        for number, kind in enumerate(self.kinds):
            self._add(number, np.clip(0, kind.problem.lower, kind.problem.upper))

    def price(self, prices: Floats, terms: Terms) -> bool:
        """Ask all blocks again and again, at better prices; say whether there was time for it."""
        best = now = prices[self.rows]
        for turn in range(ROUNDS):
            before, known = self.bound, len(self.columns)
            self._ask(self._fine(now), terms)
            best = now if before != self.bound else best
            stopped = terms.seconds_left <= 0 or (self.watch.stop and self.watch.stop())
            if stopped or (turn % 2 and known == len(self.columns)):
                break
            relaxed = relax(self.master())
            if relaxed.status is not Status.OPTIMAL:
                break
            found = relaxed.prices[: len(self.rows)]
            now = found if turn % 2 else (found + best) / 2
        return terms.seconds_left > 0

    def master(self) -> Problem:
        """Make the smaller problem: how many blocks of each kind do what they answered."""
        many, rows, width = len(self.shared), len(self.rows), len(self.columns)
        counts = np.array([len(kind.members) for kind in self.kinds], dtype=np.int64)
        own = np.array([number for number, _ in self.columns], dtype=np.int64)
        taken = [self.kinds[number].taken(values, rows) for number, values in self.columns]
        told = [(np.flatnonzero(each), each[each != 0]) for each in taken]
        row, variable, factor = self._terms_of_shared()
        place = np.repeat(many + np.arange(width), [len(each) for each, _ in told])
        start, variable, factor = merge_terms(
            np.concatenate([row, *(each for each, _ in told), rows + own]),
            np.concatenate([variable, place, many + np.arange(width)]),
            np.concatenate([factor, *(each for _, each in told), np.ones(width, np.int64)]),
            rows + len(counts),
        )
        whole = self.problem
        return Problem(
            lower=np.concatenate([whole.lower[self.shared], np.zeros(width, np.int64)]),
            upper=np.concatenate([whole.upper[self.shared], counts[own]]),
            implied=np.concatenate([whole.implied[self.shared], np.zeros(width, np.bool_)]),
            start=start,
            variable=variable,
            factor=factor,
            at_least=np.concatenate([whole.at_least[self.rows], counts]),
            at_most=np.concatenate([whole.at_most[self.rows], counts]),
            objectives=tuple(self._summed(place) for place in range(len(whole.objectives))),
        )

    def spread(self, found: Whole) -> Whole:
        """Write an answer of the smaller problem as one of the whole, block by block."""
        values = np.zeros(self.problem.variables, dtype=np.int64)
        values[self.shared] = found[: len(self.shared)]
        next_one = [0] * len(self.kinds)
        for (number, own), many in zip(self.columns, found[len(self.shared) :], strict=True):
            first = next_one[number]
            next_one[number] += int(many)
            values[self.kinds[number].members[first : next_one[number]]] = own
        return values

    def _terms_of_shared(self) -> tuple[Whole, Whole, Whole]:
        place = np.full(self.problem.variables, -1, dtype=np.int64)
        place[self.shared] = np.arange(len(self.shared))
        number = np.full(self.problem.rows, -1, dtype=np.int64)
        number[self.rows] = np.arange(len(self.rows))
        row = number[self.problem.row_of_term]
        theirs = (row >= 0) & (place[self.problem.variable] >= 0)
        return row[theirs], place[self.problem.variable[theirs]], self.problem.factor[theirs]

    def _summed(self, place: int) -> Objective:
        objective = self.problem.objectives[place]
        own = [
            dot(self.kinds[number].problem.objectives[place].factor, values)
            for number, values in self.columns
        ]
        factor = np.concatenate([objective.factor[self.shared], np.array(own, dtype=np.int64)])
        return evolve(objective, factor=factor)

    def _fine(self, prices: Floats) -> Whole:
        """Round prices, and take away those that no limit stands behind."""
        fine = np.rint(prices * FINENESS).astype(np.int64)
        low, high = self.problem.at_least[self.rows], self.problem.at_most[self.rows]
        loose = ((fine > 0) & (low <= -OPEN)) | ((fine < 0) & (high >= OPEN))
        return np.where(loose, 0, fine)

    def _ask(self, prices: Whole, terms: Terms) -> None:
        """Let every kind answer these prices; keep its answer, and what the prices prove."""
        proven: list[int | None] = [self._proven_by_shared(prices)]
        for number, kind in enumerate(self.kinds):
            factor = kind.problem.objectives[0].factor * FINENESS - kind.paid(prices)
            asked = evolve(kind.problem, objectives=(Objective(factor=factor),))
            goal = make_goal(asked, asked.objectives[0])
            mine = evolve(terms, gap=0, nodes=NODES_OF_BLOCK)
            answer = ask(asked, goal, mine, care=Care.USUAL, start=None, watch=self.watch)
            if answer.values is not None:
                self._add(number, np.rint(answer.values).astype(np.int64))
            bound = goal.bound(answer.bound)
            proven.append(None if bound is None else bound * len(kind.members))
        known = [each for each in proven if each is not None]
        if len(known) == len(proven):
            bound = self.problem.objectives[0].offset - (-sum(known) // FINENESS)
            self.bound = bound if self.bound is None else max(self.bound, bound)

    def _proven_by_shared(self, prices: Whole) -> int | None:
        """Add up what the limits cost and what the shared variables save, None if open-ended."""
        whole, limits = self.problem, 0
        for price, number in zip(prices.tolist(), self.rows.tolist(), strict=True):
            if price:
                limits += price * int((whole.at_least if price > 0 else whole.at_most)[number])
        factor = whole.objectives[0].factor[self.shared] * FINENESS
        row, variable, own = self._terms_of_shared()
        np.subtract.at(factor, variable, own * prices[row])
        ends = np.where(factor > 0, whole.lower[self.shared], whole.upper[self.shared])
        if ((factor != 0) & (np.abs(ends) >= OPEN)).any():
            return None
        return limits + dot(factor, np.where(factor == 0, 0, ends))

    def _add(self, number: int, values: Whole) -> None:
        """Keep an answer that is new and keeps the block's own limits."""
        key = number, values.tobytes()
        if key not in self.seen and keeps_limits(self.kinds[number].problem, values):
            self.seen.add(key)
            self.columns.append((number, values))


def _row_owners(problem: Problem, owner: Whole) -> Whole:
    """Give the block that each row belongs to, below 0 for one that several share."""
    owners = np.full(problem.rows, -1, dtype=np.int64)
    filled = np.flatnonzero(np.diff(problem.start))
    if len(filled):
        theirs = owner[problem.variable]
        low = np.minimum.reduceat(theirs, problem.start[filled])
        high = np.maximum.reduceat(theirs, problem.start[filled])
        owners[filled] = np.where(low == high, low, -1)
    return owners


def _kinds(problem: Problem, owner: Whole, row_owner: Whole, shared: Whole) -> tuple[Kind, ...]:
    """Cut the problem into blocks, and put those together that nothing tells apart."""
    number = np.full(problem.rows, -1, dtype=np.int64)
    number[shared] = np.arange(len(shared))
    linking = number[problem.row_of_term] >= 0
    order = np.flatnonzero(linking)[np.argsort(owner[problem.variable[linking]], kind="stable")]
    place = np.zeros(problem.variables, dtype=np.int64)
    names = np.unique(owner[owner >= 0])
    variables, rows = _by_owner(owner, names), _by_owner(row_owner, names)
    terms = _by_owner(owner[problem.variable[order]], names)
    found: dict[tuple[bytes, ...], tuple[Kind, list[Whole]]] = {}
    for mine, own_rows, own_terms in zip(variables, rows, terms, strict=True):
        place[mine] = np.arange(len(mine))
        told = order[own_terms]
        block = pick(problem, mine, own_rows, place)
        links = (
            place[problem.variable[told]],
            number[problem.row_of_term[told]],
            problem.factor[told],
        )
        kind = Kind(problem=block, members=mine, variable=links[0], row=links[1], factor=links[2])
        found.setdefault(_marks(block, links), (kind, []))[1].append(mine)
    return tuple(evolve(kind, members=np.stack(all_)) for kind, all_ in found.values())


def _by_owner(owner: Whole, names: Whole) -> list[npt.NDArray[np.intp]]:
    """Give the places that belong to each block, in their order."""
    order = np.argsort(owner, kind="stable")
    ends = np.searchsorted(owner[order], names, side="right")
    begins = np.searchsorted(owner[order], names, side="left")
    return [order[begin:end] for begin, end in zip(begins, ends, strict=True)]


def _marks(block: Problem, links: Sequence[Whole]) -> tuple[bytes, ...]:
    """Give all that tells a block apart."""
    own = (block.lower, block.upper, block.start, block.variable, block.factor)
    limits = (block.at_least, block.at_most, *(each.factor for each in block.objectives))
    return tuple(each.tobytes() for each in (*own, *limits, *links))
