"""What does a report consist of? Report: sections of paragraphs, points and grids, in one language.

A report is already guarded: what may not be told is not in it. A renderer lays it out and adds
nothing.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import field, frozen

from kompetanse_core.model.enterprise import Finding
from kompetanse_core.model.privacy import Audience
from kompetanse_core.model.text import Language
from kompetanse_core.privacy.ledger import Ledger

WITHHELD = ":"
"""What stands in a cell that is held back, as in official statistics."""


@frozen(kw_only=True)
class Bar:
    """Søyle: a share that is known to be met, a share not known about, and the whole (steps)."""

    met: int
    unknown: int
    total: int


@frozen(kw_only=True)
class Cell:
    """Celle: one cell of a grid: what it says, the number behind it, or that it is held back."""

    text: str
    number: int | None = None
    bar: Bar | None = None

    @property
    def withheld(self) -> bool:
        """Say whether the cell is held back to protect a small group."""
        return self.text == WITHHELD


HELD_BACK = Cell(text=WITHHELD)


class ChartForm(Enum):
    """Diagramform: how a chart is drawn."""

    COURSE = "course"
    """Forløp: times from left to right, figures upwards."""
    SPANS = "spans"
    """Spenn: a row for each name, figures from left to right."""


@frozen(kw_only=True)
class Curve:
    """Kurve: one line of a chart; each point is the low, the middle and the high of many runs."""

    name: str
    points: tuple[tuple[int, int, int], ...]


@frozen(kw_only=True)
class Chart:
    """Diagram: curves of figures that stand in a grid; `text` says in words what they show.

    `along` names the points of every curve, in order; `unit` follows each figure. Charts that are
    to be compared have the same `scale`, the least and the most that is marked on it.
    """

    title: str
    text: str
    form: ChartForm
    along: tuple[str, ...]
    unit: str
    scale: tuple[int, int]
    curves: tuple[Curve, ...]


@frozen(kw_only=True)
class Grid:
    """Tabell: a caption, column headings and rows; the first column names the row.

    `numeric` says for each column whether it holds figures. `total` is a last row that sums up.
    `note` explains how to read it. A `chart` draws what the grid says, for renderers that can; a
    grid of which anything is held back has none.
    """

    caption: str
    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    note: str = ""
    chart: Chart | None = None

    @property
    def withheld(self) -> int:
        """Count the cells that are held back."""
        rows = (*self.rows, self.total) if self.total else self.rows
        return sum(cell.withheld for row in rows for cell in row)


@frozen(kw_only=True)
class Paragraph:
    """Avsnitt: running text."""

    text: str


@frozen(kw_only=True)
class Points:
    """Punkter: a list, each point a sentence or two."""

    points: tuple[str, ...]


Block = Paragraph | Points | Grid


@frozen(kw_only=True)
class Section:
    """Del: a heading and what stands under it; `id` is stable whatever the language."""

    id: str
    heading: str
    blocks: tuple[Block, ...]


@frozen(kw_only=True)
class Report:
    """Rapport: what one audience is told about one analysis, on one day, in one language."""

    title: str
    lead: str
    audience: Audience
    language: Language
    on: date
    sections: tuple[Section, ...] = field(default=())
    smallest_group: int = 5
    findings: tuple[Finding, ...] = field(default=())
    """Why rows were held back beside being about few; a renderer lays out the sections only."""
    ledger: Ledger | None = field(default=None, repr=False)
    """What the next report of the series is to be made with; None outside a series."""

    @property
    def withheld(self) -> int:
        """Count the cells that are held back."""
        blocks = (block for section in self.sections for block in section.blocks)
        return sum(block.withheld for block in blocks if isinstance(block, Grid))
