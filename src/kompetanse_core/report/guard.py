"""What may be told about a group? The guard: a row about too few people is held back.

Clauses M-13 and X-3. A table for the parties shows no figure that fewer than `k` people stand
behind. Where one row alone would be held back beside a total, the next smallest row is held back
with it, or the difference would give it away.
"""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.report.page import HELD_BACK, Cell, Grid

SMALLEST_GROUP = 5
LOWEST_FLOOR = 3


@frozen(kw_only=True)
class Line:
    """Linje: a row before the guard has seen it, with how many people stand behind it.

    `people` is 0 for a row that says nothing about anybody, such as a vacant seat. `held` is a row
    that is held back for what other tables tell, however many stand behind it.
    """

    cells: tuple[Cell, ...]
    people: int
    held: bool = False


def guard(grid: Grid, lines: Sequence[Line], total: Line | None = None, *, k: int) -> Grid:
    """Fill a grid with the rows that may be told, holding back the others but for their names.

    Raises:
        Misuse: E506, if `k` is below the floor of three.
    """
    if k < LOWEST_FLOOR:
        raise Misuse("E506", f"a group is protected from {LOWEST_FLOOR} people up, never fewer")
    hidden = _hidden(lines, total, k)
    rows = tuple(
        _veiled(line.cells) if place in hidden else line.cells for place, line in enumerate(lines)
    )
    last = None if total is None else _veiled(total.cells) if _small(total, k) else total.cells
    return evolve(grid, rows=rows, total=last)


def _hidden(lines: Sequence[Line], total: Line | None, k: int) -> frozenset[int]:
    """Find the places to hold back: the small ones, and one more where a total would betray one."""
    small = {place for place, line in enumerate(lines) if _small(line, k)}
    if total is None or not small or sum(lines[place].people for place in small) >= k:
        return frozenset(small)
    others = [place for place, line in enumerate(lines) if line.people and place not in small]
    nearest = sorted(others, key=lambda place: (lines[place].people, place))[:1]
    return frozenset({*small, *nearest})


def _small(line: Line, k: int) -> bool:
    return line.held or 0 < line.people < k


def _veiled(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return (cells[0], *(HELD_BACK if cell.text else cell for cell in cells[1:]))
