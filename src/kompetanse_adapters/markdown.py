"""How does a report read as plain text? Markdown, as most tools and people can read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attrs import frozen

from kompetanse_core import Block, Cell, Grid, Paragraph, Points, Report, hookimpl
from kompetanse_core.hooks import RendererMaker

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
_BULLET = re.compile(r"^([-+=])|^(\d+)([.)])")


@frozen(kw_only=True)
class Markdown:
    """Render a report as Markdown with pipe tables; what a person wrote is escaped."""

    def render(self, report: Report) -> str:
        """Write the whole report, ending in a line break."""
        return "\n\n".join(_parts(report)) + "\n"


def markdown() -> Markdown:
    """Make the renderer; it takes no options."""
    return Markdown()


@hookimpl
def kompetanse_renderers() -> Iterable[RendererMaker]:
    """Offer this renderer."""
    return (
        RendererMaker(
            name="markdown", description="Markdown with tables, for any text tool", open=markdown
        ),
    )


def _parts(report: Report) -> Iterator[str]:
    yield f"# {_plain(report.title)}"
    yield _plain(report.lead)
    for section in report.sections:
        yield f"## {_plain(section.heading)}"
        yield from map(_block, section.blocks)


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return _plain(block.text)
    if isinstance(block, Points):
        return "\n".join(f"- {_plain(point)}" for point in block.points)
    return _grid(block)


def _grid(grid: Grid) -> str:
    rows = [*grid.rows, *([grid.total] if grid.total else [])]
    lines = [
        _row(map(_plain, grid.columns)),
        _row("---:" if numeric else "---" for numeric in grid.numeric),
        *(_row(map(_cell, row)) for row in rows),
    ]
    note = f"\n\n{_plain(grid.note)}" if grid.note else ""
    return f"**{_plain(grid.caption)}**\n\n" + "\n".join(lines) + note


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    return _plain(cell.text)


def _plain(text: str) -> str:
    """Escape whatever Markdown or HTML would take for its own, on one line."""
    escaped = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    return _BULLET.sub(lambda mark: f"{mark[2] or ''}\\{mark[1] or mark[3]}", escaped)
