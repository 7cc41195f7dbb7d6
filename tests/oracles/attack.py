"""What can a reader of a table with holes work out? An attacker with the sums and a linear program.

Independent of `kompetanse_core.privacy.suppression`: it asks for the least and the most that each
cell held back can be, where that one only ever moves cells away from what they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from kompetanse_core.privacy.suppression import Figures, Flags, Floats
from kompetanse_core.solver import OPEN, Draft, Warm


def widths(figures: Figures, withheld: Flags, known: Iterable[int]) -> Iterator[tuple[int, float]]:
    """Yield each cell held back with the width of what an attacker is left with.

    The attacker reads every other cell, knows each sum and that nobody stands behind some cells,
    and has given as much as anybody did to each of the cells in `known`.
    """
    count = len(figures)
    draft = Draft()
    draft.variables(count, upper=OPEN)
    for total, parts in figures.sums:
        draft.row((total, *parts), (-1, *(1 for _ in parts)), at_least=0, at_most=0)
    solver = Warm(draft.problem())
    read = ~withheld & figures.shown
    lower = np.where(read, figures.values, 0).astype(np.float64)
    upper = np.where(read | (figures.people == 0), figures.values, np.inf).astype(np.float64)
    for cell in known:
        lower[cell] = max(lower[cell], figures.known[cell])
    for cell in np.flatnonzero(withheld).tolist():
        yield cell, _end(solver, cell, 1, lower, upper) - _end(solver, cell, -1, lower, upper)


def _end(solver: Warm, cell: int, sign: int, lower: Floats, upper: Floats) -> float:
    """Give the most (1) or the least (-1) that a cell can be; without limit is 10^9."""
    capped = np.minimum(upper, 1e9)
    price = np.zeros(len(lower))
    price[cell] = -sign
    found = solver.least(price, lower, capped)
    assert found is not None, "what was told does not add up"
    return float(found[cell])


def widths_at_dates(
    figures: Sequence[Figures],
    withheld: Sequence[Flags],
    near: Mapping[tuple[int, int], Flags],
    k: int,
) -> Iterator[tuple[int, float]]:
    """Yield each cell held back on any date with the width left to who reads all the reports.

    Cells of each date are numbered after those of the one before. The attacker has given to every
    cell, and knows of two dates in which cells fewer than k came, left or changed between them.
    """
    count, draft = len(figures[0]), Draft()
    draft.variables(len(figures) * count, upper=OPEN)
    for date_ in range(len(figures)):
        for total, parts in figures[0].sums:
            cells = [date_ * count + cell for cell in (total, *parts)]
            draft.row(cells, (-1, *(1 for _ in parts)), at_least=0, at_most=0)
    for (first, second), flags in near.items():
        for cell in np.flatnonzero(flags).tolist():
            pair = first * count + cell, second * count + cell
            draft.row(pair, (-1, 1), at_least=1 - k, at_most=k - 1)
    solver = Warm(draft.problem())
    values, people, known = (
        np.concatenate([getattr(each, name) for each in figures])
        for name in ("values", "people", "known")
    )
    hidden = np.concatenate(withheld)
    lower = np.where(hidden, known, values).astype(np.float64)
    upper = np.where(hidden & (people > 0), np.inf, values).astype(np.float64)
    for cell in np.flatnonzero(hidden & (people > 0)).tolist():
        yield cell, _end(solver, cell, 1, lower, upper) - _end(solver, cell, -1, lower, upper)
