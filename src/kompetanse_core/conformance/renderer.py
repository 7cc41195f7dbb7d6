"""Does a renderer lay out all of a report, and nothing but it? `renderer_contract`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

from attrs import evolve, frozen
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from kompetanse_core.conformance.contract import NEVER, contract, patiently
from kompetanse_core.conformance.facts import DAY, words
from kompetanse_core.hooks import Renderer
from kompetanse_core.model.privacy import Audience
from kompetanse_core.model.text import Language
from kompetanse_core.report.page import (
    HELD_BACK,
    WITHHELD,
    Bar,
    Block,
    Cell,
    Chart,
    ChartForm,
    Curve,
    Grid,
    Paragraph,
    Points,
    Report,
    Section,
)

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title></style><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "[press](javascript:alert(1))",
    "![](https://example.test/spy.png)",
)
"""Texts that would do something if they were not taken as texts."""

SECRET = 987_654_321
"""A figure behind a cell that is held back."""


@frozen
class _Subject:
    make: Callable[[], Renderer]
    alive: Callable[[str], bool]

    def render(self, report: Report) -> str:
        return self.make().render(report)


def renderer_contract(
    make: Callable[[], Renderer],
    *,
    alive: Callable[[str], bool] | None = None,
    never: Mapping[str, str] = NEVER,
) -> type:
    """Make the class of tests that prove a renderer, to be named `Test...` in a test module.

    `make` opens the renderer. `alive` says whether one of the `HOSTILE` texts would act in what it
    has rendered: `alive_in_html`, which stands for what is not given, `alive_in_markdown`, or your
    own for another format. `never` names promises that it does not give, each with the reason.

    Raises:
        Misuse: E604 or E214, if `never` names no promise or gives no reason.
    """
    promises = (
        gives_text,
        gives_the_same_twice,
        leaves_nothing_out,
        takes_texts_as_texts,
        shows_each_cell_held_back,
        shows_no_figure_held_back,
    )
    return contract("RendererContract", _Subject(make, alive or alive_in_html), promises, never)


def alive_in_html(page: str) -> bool:
    """Say whether a hostile text has become an element, an attribute or a script of a page."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.alive


def alive_in_markdown(page: str) -> bool:
    """Say whether a hostile text has become a link or an image, or HTML, which Markdown lets by."""
    unescaped = re.sub(r"\\.", "", page)
    return "](" in unescaped or alive_in_html(unescaped)


class _Reader(HTMLParser):
    """Read a page as a browser would, and see what would act."""

    def __init__(self) -> None:
        super().__init__()
        self.alive = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.alive |= ("src", "x") in attrs or any(
            name.startswith("on") or (value or "").strip().startswith("javascript:")
            for name, value in attrs
        )

    def handle_data(self, text: str) -> None:
        self.alive |= self.cdata_elem == "script" and "alert(1)" in text


# --- the promises -----------------------------------------------------------------------------


def gives_text(subject: _Subject) -> None:
    """Give text that can be written as UTF-8, whatever the report, an empty one too."""

    @patiently()
    @given(reports())
    def law(report: Report) -> None:
        text = subject.render(report)
        assert isinstance(text, str)
        assert text.encode().strip()

    law()


def gives_the_same_twice(subject: _Subject) -> None:
    """Give the same text for the same report, again and opened anew, without a time or a chance."""

    @patiently()
    @given(reports())
    def law(report: Report) -> None:
        renderer = subject.make()
        assert renderer.render(report) == renderer.render(report) == subject.render(report)

    law()


def leaves_nothing_out(subject: _Subject) -> None:
    """Lay out every title, heading, paragraph, point, column, cell, total and note."""

    @patiently()
    @given(reports(st.integers(10_000, 99_999).map("ord{}".format)))
    def law(report: Report) -> None:
        text = subject.render(report)
        missing = [said for said in _said(report) if said not in text]
        assert not missing, f"{len(missing)} texts of the report are not laid out"

    law()


def takes_texts_as_texts(subject: _Subject) -> None:
    """Escape whatever would be markup, script or link: a name may be anything (FAULTS 92)."""

    @patiently()
    @given(reports(st.sampled_from(HOSTILE)))
    def law(report: Report) -> None:
        assert not subject.alive(subject.render(report)), "a text came through as markup"

    law()


def shows_each_cell_held_back(subject: _Subject) -> None:
    """Show by its sign that a cell is held back: not as nothing, and not as nought."""

    @patiently()
    @given(reports(st.just("ord")))
    def law(report: Report) -> None:
        assume(report.withheld)
        told = subject.render(_with_cells(report, Cell(text="ord")))
        held = subject.render(report)
        signs = held.count(WITHHELD) - told.count(WITHHELD)
        assert signs >= report.withheld, "a cell that is held back does not show"

    law()


def shows_no_figure_held_back(subject: _Subject) -> None:
    """Show nothing of what is behind a cell that is held back, its figure and bar included."""

    @patiently()
    @given(reports(st.just("ord")))
    def law(report: Report) -> None:
        assume(report.withheld)
        bar = Bar(met=SECRET, unknown=SECRET + 1, total=2 * SECRET + 1)
        behind = _with_cells(report, evolve(HELD_BACK, number=SECRET, bar=bar))
        assert subject.render(behind) == subject.render(report), "a figure held back shows"

    law()


# --- reports ----------------------------------------------------------------------------------


@st.composite
def reports(draw: DrawFn, texts: SearchStrategy[str] | None = None) -> Report:
    """Draw a report of any shape; its texts are drawn from `texts`, or are anything at all."""
    said = words() if texts is None else texts
    blocks = st.lists(_blocks(said), max_size=3).map(tuple)
    headed = st.lists(st.tuples(said, blocks), max_size=3)
    return Report(
        title=draw(said),
        lead=draw(said),
        audience=draw(st.sampled_from(Audience)),
        language=draw(st.sampled_from(Language)),
        on=DAY,
        sections=tuple(
            Section(id=f"s{number}", heading=heading, blocks=inside)
            for number, (heading, inside) in enumerate(draw(headed), start=1)
        ),
    )


def _blocks(said: SearchStrategy[str]) -> SearchStrategy[Block]:
    paragraphs = st.builds(Paragraph, text=said)
    points = st.builds(Points, points=st.lists(said, min_size=1, max_size=3).map(tuple))
    return paragraphs | points | _grids(said)


@st.composite
def _grids(draw: DrawFn, said: SearchStrategy[str]) -> Grid:
    width = draw(st.integers(1, 3))
    row = st.tuples(_names(said), *(_cells(said) for _ in range(width - 1)))
    return Grid(
        caption=draw(said),
        columns=tuple(draw(said) for _ in range(width)),
        numeric=tuple(place > 0 for place in range(width)),
        rows=tuple(draw(st.lists(row, max_size=3))),
        total=draw(st.none() | row),
        note=draw(st.just("") | said),
        chart=draw(st.none() | _charts(said)),
    )


@st.composite
def _charts(draw: DrawFn, said: SearchStrategy[str]) -> Chart:
    along = draw(st.lists(said, max_size=3))
    point = st.tuples(*(st.integers(-9, 10**6) for _ in range(3)))
    points = st.lists(point, min_size=len(along), max_size=len(along)).map(tuple)
    return Chart(
        title=draw(said),
        text=draw(said),
        form=draw(st.sampled_from(ChartForm)),
        along=tuple(along),
        unit=draw(said),
        scale=draw(st.tuples(st.integers(-9, 9), st.integers(10, 99))),
        curves=tuple(draw(st.lists(st.builds(Curve, name=said, points=points), max_size=3))),
    )


def _names(said: SearchStrategy[str]) -> SearchStrategy[Cell]:
    """Draw the cell that names a row: it is never held back."""
    return st.builds(Cell, text=said).filter(lambda cell: not cell.withheld)


def _cells(said: SearchStrategy[str]) -> SearchStrategy[Cell]:
    bars = st.builds(
        lambda met, unknown, missing: Bar(met=met, unknown=unknown, total=met + unknown + missing),
        *(st.integers(0, 9) for _ in range(3)),
    )
    numbers = st.none() | st.integers(0, 99)
    return st.just(HELD_BACK) | st.builds(Cell, text=said, number=numbers, bar=st.none() | bars)


# --- what a report says -----------------------------------------------------------------------


def _said(report: Report) -> list[str]:
    said = [report.title, report.lead]
    for section in report.sections:
        said += [section.heading, *(text for block in section.blocks for text in _in(block))]
    return said


def _in(block: Block) -> list[str]:
    if isinstance(block, Paragraph):
        return [block.text]
    if isinstance(block, Points):
        return list(block.points)
    rows = (*block.rows, block.total or ())
    cells = [cell.text for row in rows for cell in row]
    return [block.caption, *block.columns, *cells, block.note]


def _with_cells(report: Report, cell: Cell) -> Report:
    """Put another cell wherever one is held back."""
    return evolve(
        report,
        sections=tuple(
            evolve(section, blocks=tuple(_with_cell(block, cell) for block in section.blocks))
            for section in report.sections
        ),
    )


def _with_cell(block: Block, cell: Cell) -> Block:
    if not isinstance(block, Grid):
        return block
    rows = tuple(_put(row, cell) for row in block.rows)
    return evolve(block, rows=rows, total=None if block.total is None else _put(block.total, cell))


def _put(row: tuple[Cell, ...], cell: Cell) -> tuple[Cell, ...]:
    return tuple(cell if each.withheld else each for each in row)
