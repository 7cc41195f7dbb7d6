"""Which figures of a table with totals may not be told? `suppress` marks them.

Primary: what fewer than k people stand behind. Secondary: so many more that whoever knows all the
sums, and what one contributor gave to each cell, is left with an interval at least k wide for every
cell held back (clauses M-13, X-3). The intervals are those of the linear relaxation, each found by
a move: numbers to add to the cells held back so that every sum stays as it is. A cell that cannot
move far enough is given, at the least cost, more cells to move against; the move shows both which
these are and that they suffice (after Kelly, Golden and Assad 1992, Networks 22).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.solver import OPEN, Draft, Problem, Warm

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

LOWEST_FLOOR = 3
"""No group smaller than this is ever enough."""
NO_END = 10**15
"""A cell can be as large as this."""
SLACK = 1e-6
"""A move smaller than this is the solver's rounding."""


@frozen(kw_only=True, eq=False)
class Figures:
    """Tall: cells of one or several tables, and the sums between them; every array is (n,).

    `known` is the most that one contributor gave to each cell, or what else everybody knows to be
    in it. What nobody stands behind is taken
    to be known by everybody. A cell that is not `shown` stands in no table, but in their sums.
    """

    values: Whole
    people: Whole
    known: Whole
    shown: Flags
    sums: tuple[tuple[int, tuple[int, ...]], ...] = field(repr=False)
    """For each sum, the cell that holds it and the cells that it adds up."""
    most: Whole = field()
    """What everybody knows that no cell is above: as an earlier report tells of one repeated."""

    @most.default
    def _no_end(self) -> Whole:
        return np.full(len(self.values), NO_END, np.int64)

    def __len__(self) -> int:
        """Count the cells."""
        return len(self.values)


def margins(counts: Whole) -> Figures:
    """Lay out a table of head counts with its totals over every set of its dimensions.

    The cells are those of an array one longer in each dimension, whose last place is the total.
    """
    whole = counts
    for axis in range(counts.ndim):
        whole = np.concatenate([whole, whole.sum(axis=axis, keepdims=True)], axis=axis)
    place = np.arange(whole.size).reshape(whole.shape)
    lines = [
        np.moveaxis(place, axis, -1).reshape(-1, place.shape[axis]) for axis in range(place.ndim)
    ]
    return Figures(
        values=whole.reshape(-1),
        people=whole.reshape(-1),
        known=np.minimum(whole.reshape(-1), 1),
        shown=np.ones(whole.size, np.bool_),
        sums=tuple((line[-1], tuple(line[:-1])) for axis in lines for line in axis.tolist()),
    )


def suppress(figures: Figures, *, k: int, withheld: Flags | None = None) -> Flags:
    """Mark the cells to hold back, (n,); `withheld` are held back already, whatever they count.

    Raises:
        Misuse: E506, if k is below the floor of three; E905, if the sums do not hold.
        SolverFailed: E901 or E902, if the solver is missing or fails.
    """
    if k < LOWEST_FLOOR:
        raise Misuse("E506", f"a group is protected from {LOWEST_FLOOR} people up, never fewer")
    small = (figures.people > 0) & (figures.people < k)
    held = small if withheld is None else small | withheld
    return _Search(figures, held, k).result() if held.any() else held


class _Search:
    """Hold back cell after cell until each can move at least k between all the sums."""

    def __init__(self, figures: Figures, held: Flags, k: int) -> None:
        self._figures, self._k = figures, k
        self._told = figures.shown & ~held
        self._fixed = figures.people == 0
        self._down = np.maximum(figures.values - figures.known, 0).astype(np.float64)
        self._up = np.maximum(figures.most - figures.values, 0).astype(np.float64)
        self._asked = np.minimum(float(k), self._up + self._down)  # nobody is left with more
        self._least, self._most = np.zeros(len(figures)), np.zeros(len(figures))
        self._solver = Warm(_still(figures))

    def result(self) -> Flags:
        """Go through the cells held back, few people first, until none is left to protect."""
        order = np.lexsort((np.arange(len(self._told)), self._figures.people))
        while (bare := self._bare()).any():
            self._protect(int(order[bare[order]][0]), bare)
        return self._figures.shown & ~self._told

    def _bare(self) -> Flags:
        """Mark the cells that must be protected and are not known to move far enough."""
        small = self._figures.people < self._k
        asked = ~self._fixed & ~self._told & (self._figures.shown | small)
        return np.asarray(asked & (self._most - self._least < self._asked - SLACK))

    def _protect(self, cell: int, bare: Flags) -> None:
        """Move one cell as far as it must, against the cheapest others, and more at no price.

        Up as far as it can be, and down only from there on. Where earlier reports have told so much
        that nothing held back now could move it so far, less must do.
        """
        away, target = self._target(cell)
        found = self._moved(cell, away, target, bare)
        if found is None and (self._figures.most == NO_END).all():
            raise Misuse("E905", "the sums do not hold: nobody stands behind the parts of a cell")
        if found is None:
            self._shorten(cell, away, target)
            return
        move = found[: len(found) // 2] - found[len(found) // 2 :]
        self._told &= np.abs(move) < SLACK
        self._least, self._most = np.minimum(self._least, move), np.maximum(self._most, move)

    def _shorten(self, cell: int, away: int, target: float) -> None:
        """Note that a cell cannot move so far that way, and ask for no more than both ways give."""
        if away == cell:
            self._up[cell] = max(target - 1, self._most[cell])
        else:
            self._down[cell] = max(target - 1, -self._least[cell])
        self._asked[cell] = min(self._asked[cell], self._up[cell] + self._down[cell])

    def _moved(self, cell: int, away: int, target: float, bare: Flags) -> Floats | None:
        """Find the cheapest move of all cells that moves one so far, each up and down apart."""
        count, price = len(self._figures), np.where(self._told, 1.0 + self._figures.people, 0.0)
        lower, upper = np.zeros(2 * count), np.concatenate([self._up, self._down])
        upper[:count][self._fixed] = upper[count:][self._fixed] = 0
        upper[:count][bare] = np.minimum(upper[:count][bare], 2 * self._k)
        upper[cell] = upper[count + cell] = 0
        lower[away] = upper[away] = target
        lure = np.where(bare, 1 / (4 * self._k * count), 0.0)  # in all less than any cell's price
        return self._solver.least(np.concatenate([price - lure, price + lure]), lower, upper)

    def _target(self, cell: int) -> tuple[int, float]:
        """Choose the variable that moves a cell, up or down, and how far."""
        asked, count = self._asked[cell], len(self._figures)
        up = min(asked + self._least[cell], self._up[cell])
        if up > self._most[cell] + SLACK:
            return cell, float(up)
        return count + cell, float(asked - self._most[cell])


def _still(figures: Figures) -> Problem:
    """Say that every sum stays as it is: a cell goes up by one variable, down by another."""
    draft, count = Draft(), len(figures)
    draft.variables(2 * count, upper=OPEN)
    for total, parts in figures.sums:
        cells = np.asarray((total, *parts), np.int64)
        signs = np.asarray((-1, *(1 for _ in parts)), np.int64)
        draft.row(
            np.concatenate([cells, cells + count]),
            np.concatenate([signs, -signs]),
            at_least=0,
            at_most=0,
        )
    return draft.problem()
