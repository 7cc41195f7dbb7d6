"""Is a small group held back? Laws of `kompetanse_core.report.guard`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.errors import Misuse
from kompetanse_core.report.guard import Line, guard
from kompetanse_core.report.page import HELD_BACK, Cell, Grid

EMPTY = Grid(caption="", columns=("unit", "people"), numeric=(False, True), rows=())
SIZES = st.lists(st.integers(0, 12), max_size=6)


def line(name: str, people: int) -> Line:
    """Make a row that shows how many people stand behind it."""
    cells = (Cell(text=name), Cell(text=str(people), number=people))
    return Line(cells=cells, people=people)


def shown(sizes: list[int], *, k: int = 5) -> Grid:
    """Guard a table of groups with their total."""
    lines = [line(f"u{place}", people) for place, people in enumerate(sizes)]
    return guard(EMPTY, lines, line("all", sum(sizes)), k=k)


@given(SIZES)
def test_bad_input_84_no_figure_of_a_small_group_is_shown(sizes: list[int]) -> None:
    """FAULTS 84: a unit of one to four people never shows a figure; its name stays."""
    grid = shown(sizes)
    for place, people in enumerate(sizes):
        name, figure = grid.rows[place]
        assert name.text == f"u{place}"
        assert figure == HELD_BACK or not 0 < people < 5


@given(SIZES)
def test_bad_input_84_what_is_held_back_cannot_be_had_by_subtraction(sizes: list[int]) -> None:
    """FAULTS 84: the rows held back together are about nobody, or at least five, or are all."""
    grid = shown(sizes)
    hidden = [n for n, row in zip(sizes, grid.rows, strict=True) if row[1].withheld]
    total_shown = grid.total is not None and not grid.total[1].withheld
    left = sum(hidden)
    assert not hidden or not total_shown or left >= 5 or len(hidden) == sum(n > 0 for n in sizes)


def test_nothing_is_held_back_where_every_group_is_large() -> None:
    """Groups of five and more are told, and so are rows that are about nobody."""
    assert shown([5, 0, 9]).withheld == 0


def test_a_lone_small_group_takes_the_next_smallest_with_it() -> None:
    """A group of three beside a total takes the group of six with it, not the larger one."""
    held = [row[1].withheld for row in shown([3, 20, 6]).rows]
    assert held == [True, False, True]


def test_the_floor_cannot_be_lowered_below_three() -> None:
    """A smallest group of two is refused."""
    with pytest.raises(Misuse, match="E506"):
        shown([5], k=2)
