"""Does the Markdown renderer keep the contract, and read well?"""

from __future__ import annotations

from datetime import date

import pytest

from kompetanse_adapters.markdown import Markdown
from kompetanse_core import Audience, Cell, Grid, Language, Paragraph, Report, Section
from kompetanse_core.conformance import alive_in_markdown, renderer_contract

TestMarkdown = renderer_contract(Markdown, alive=alive_in_markdown)


def rendered(*blocks: Paragraph | Grid) -> str:
    """Render a report of one section."""
    section = Section(id="s", heading="Del", blocks=blocks)
    return Markdown().render(
        Report(
            title="Tittel",
            lead="Ingress",
            audience=Audience.PARTIES,
            language=Language.NB,
            on=date(2027, 1, 1),
            sections=(section,),
        )
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1. januar", "1\\. januar"),
        ("31.12.2026", "31\\.12.2026"),
        ("- strek", "\\- strek"),
        ("a | b", "a \\| b"),
        ("# nei", "\\# nei"),
        ("<b>", "\\<b\\>"),
        ("to\nlinjer", "to linjer"),
    ],
)
def test_what_markdown_would_take_for_its_own_is_escaped(text: str, written: str) -> None:
    """A text stays a text: it starts no list, heading, cell or tag, and stays on its line."""
    assert rendered(Paragraph(text=text)).endswith(f"\n\n{written}\n")


def test_a_grid_becomes_a_pipe_table_with_figures_to_the_right() -> None:
    """Columns of figures are set to the right, the total stands last, the note below."""
    rows = ((Cell(text="a"), Cell(text="7", number=7)),)
    total = (Cell(text="i alt"), Cell(text="7", number=7))
    grid = Grid(
        caption="Tabell",
        columns=("hvor", "tall"),
        numeric=(False, True),
        rows=rows,
        total=total,
        note="Slik",
    )
    lines = rendered(grid).splitlines()[6:]
    assert lines == [
        "**Tabell**",
        "",
        "| hvor | tall |",
        "| --- | ---: |",
        "| a | 7 |",
        "| i alt | 7 |",
        "",
        "Slik",
    ]
