"""How does a report look in a terminal? Lines of at most 80 columns, figures aligned."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from kompetanse_core import Block, Chart, Grid, Paragraph, Points

WIDTH = 80
BETWEEN = "  "
UNBROKEN = "\u00a0"
WIDEST = 40
"""So many signs wide is the bar of the most that a scale holds."""

Rows = Sequence[Sequence[str]]


def wrapped(text: str, *, first: str = "", indent: str = "") -> list[str]:
    """Break a text into lines; `first` begins the first line, `indent` all others."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def lay_out(block: Block) -> Iterator[str]:
    """Yield the lines of one block of a report."""
    if isinstance(block, Paragraph):
        yield from wrapped(block.text)
    elif isinstance(block, Points):
        for point in block.points:
            yield from wrapped(point, first="- ", indent="  ")
    else:
        yield from _grid(block)


def table(
    columns: Sequence[str], numeric: Sequence[bool], rows: Rows, total: Rows = ()
) -> Iterator[str]:
    """Yield the lines of a table: headings, rows and what they add up to, with a rule between.

    Text and headings break between words. A table that is still too wide is told row by row.
    """
    widths = _widths(columns, numeric, [*rows, *total])
    if sum(widths) + len(BETWEEN) * (len(widths) - 1) > WIDTH:
        yield from chain.from_iterable(_told(columns, row) for row in (*rows, *total))
        return
    yield from _row(columns, widths, numeric)
    for part in (rows, total):
        if part:
            yield BETWEEN.join("-" * width for width in widths)
        yield from chain.from_iterable(_row(row, widths, numeric) for row in part)


def _grid(grid: Grid) -> Iterator[str]:
    rows = [[cell.text for cell in row] for row in grid.rows]
    total = [[cell.text for cell in grid.total]] if grid.total else []
    yield from wrapped(grid.caption)
    yield ""
    yield from table(grid.columns, grid.numeric, rows, total)
    if grid.note:
        yield ""
        yield from wrapped(grid.note)
    if grid.chart is not None:
        yield from _bars(grid.chart)


def _bars(chart: Chart) -> Iterator[str]:
    """Yield a bar for every middle, on the chart's scale; a curve is named above its bars."""
    names = max(map(len, chart.along), default=0)
    figures = [middle for curve in chart.curves for _, middle, _ in curve.points]
    least, most = min(*chart.scale, *figures), max(*chart.scale, *figures)
    for curve in chart.curves:
        yield ""
        yield from wrapped(f"{chart.title}: {curve.name}" if len(chart.curves) > 1 else chart.title)
        for name, (_, middle, _) in zip(chart.along, curve.points, strict=True):
            bar = "█" * ((middle - least) * WIDEST // max(most - least, 1))
            yield f"{name.ljust(names)}  {bar} {middle}{chart.unit}"


def _widths(columns: Sequence[str], numeric: Sequence[bool], rows: Rows) -> list[int]:
    """Give figures the width they need and text what is left, never less than its longest word.

    The widest text gives way first, so that short texts stay on one line.
    """
    words = [
        [*name.split(), *chain.from_iterable(_words(row[at]) for row in rows)]
        for at, name in enumerate(columns)
    ]
    least = [max(map(len, found), default=0) for found in words]
    widths = [
        narrow if figures else max([len(name), *(len(row[at]) for row in rows)])
        for at, (name, figures, narrow) in enumerate(zip(columns, numeric, least, strict=True))
    ]
    spare = WIDTH - len(BETWEEN) * (len(widths) - 1)
    while sum(widths) > spare and widths != least:
        loose = [at for at, width in enumerate(widths) if width > least[at]]
        widths[max(loose, key=lambda at: widths[at])] -= 1
    return widths


def _words(text: str) -> list[str]:
    """Split where a line may break: at white space that does break."""
    return textwrap.wrap(text, 1, break_long_words=False, break_on_hyphens=False)


def _row(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> Iterator[str]:
    """Yield one row, as many lines as its tallest cell."""
    columns = [
        textwrap.wrap(cell, width, break_long_words=False, break_on_hyphens=False)
        for cell, width in zip(cells, widths, strict=True)
    ]
    for line in zip_longest(*columns, fillvalue=""):
        placed = zip(line, widths, numeric, strict=True)
        texts = (text.rjust(n) if figures else text.ljust(n) for text, n, figures in placed)
        yield BETWEEN.join(texts).rstrip()


def _told(columns: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    """Tell one row of a wide table: its name, then each heading with its cell, kept together."""
    yield from wrapped(row[0])
    parts = (f"{name}: {cell}" for name, cell in zip(columns[1:], row[1:], strict=True))
    joined = " · ".join(part.replace(" ", UNBROKEN) for part in parts)
    for line in wrapped(joined, first="    ", indent="    "):
        yield line.replace(UNBROKEN, " ")
