"""How is a report shown? In a terminal what matters first, and as JSON all of it.

A report is already guarded: only what is in it is shown, and as JSON findings by how often.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from attrs import frozen

from kompetanse_adapters.cli.layout import WIDTH, lay_out, wrapped
from kompetanse_core import (
    Audience,
    Block,
    Cell,
    Chart,
    Finding,
    Grid,
    Language,
    Paragraph,
    Points,
    Report,
    Section,
)

TABLES: Mapping[str, int] = MappingProxyType(
    {"kort": 0, "gap": 2, "lovpalagt": 1, "sporsmal": 1, "plan": 1, "drofting": 1, "funn": 0}
)
"""Which sections for the parties a terminal shows, and how many tables of each; a file has all."""


@frozen(kw_only=True)
class Words:
    """Hold the few words that the summary adds to a report."""

    lies: str
    more: str


WORDS: Mapping[Language, Words] = MappingProxyType(
    {
        Language.NB: Words(
            lies="Hele rapporten ligger i",
            more="Hele rapporten: legg til --report rapport.html",
        ),
        Language.NN: Words(
            lies="Heile rapporten ligg i",
            more="Heile rapporten: legg til --report rapport.html",
        ),
        Language.EN: Words(
            lies="The whole report lies in",
            more="The whole report: add --report report.html",
        ),
    }
)


def summary(report: Report, to: Path | None, tables: Mapping[str, int] = TABLES) -> Iterator[str]:
    """Yield the lines of the summary: the sections that matter first, and the way on."""
    say = WORDS[report.language]
    yield report.title
    yield "=" * min(len(report.title), WIDTH)
    yield from wrapped(report.lead)
    for section in report.sections:
        if report.audience is Audience.EMPLOYEE or section.id in tables:
            yield from _headed(section.heading, _shown(report, section, tables))
    yield ""
    yield from wrapped(say.more if to is None else f"{say.lies} {to}")


def _headed(heading: str, lines: Iterable[str]) -> Iterator[str]:
    yield from ("", heading.upper())
    yield from lines


def _shown(report: Report, section: Section, tables: Mapping[str, int]) -> Iterator[str]:
    """Yield the lines of a section: all for one employee, the first tables for the parties."""
    most = tables[section.id] if report.audience is Audience.PARTIES else len(section.blocks)
    grids = [block for block in section.blocks if isinstance(block, Grid)]
    for block in section.blocks:
        if not isinstance(block, Grid) or block in grids[:most]:
            yield ""
            yield from lay_out(block)


def as_json_text(report: Report, findings: Sequence[Finding]) -> str:
    """Write the report as JSON: words with the numbers behind them, as guarded."""
    plain = {
        "title": report.title,
        "lead": report.lead,
        "audience": report.audience.value,
        "language": report.language.value,
        "on": report.on.isoformat(),
        "sections": [
            {
                "id": section.id,
                "heading": section.heading,
                "blocks": [_plain_block(block) for block in section.blocks],
            }
            for section in report.sections
        ],
        "findings": dict(sorted(Counter(found.code for found in findings).items())),
    }
    return json.dumps(plain, ensure_ascii=False, indent=2)


def _plain_block(block: Block) -> dict[str, object]:
    if isinstance(block, Paragraph):
        return {"paragraph": block.text}
    if isinstance(block, Points):
        return {"points": list(block.points)}
    rows = [[_plain_cell(cell) for cell in row] for row in block.rows]
    total = [_plain_cell(cell) for cell in block.total] if block.total else None
    return {
        "caption": block.caption,
        "columns": list(block.columns),
        "rows": rows,
        "total": total,
        "note": block.note,
        **({} if block.chart is None else {"chart": _plain_chart(block.chart)}),
    }


def _plain_chart(chart: Chart) -> dict[str, object]:
    """Write the figures that a chart draws: of every point the low, the middle and the high."""
    return {
        "title": chart.title,
        "unit": chart.unit,
        "along": list(chart.along),
        "curves": {curve.name: [list(point) for point in curve.points] for curve in chart.curves},
    }


def _plain_cell(cell: Cell) -> dict[str, object]:
    plain: dict[str, object] = {"text": cell.text}
    if cell.number is not None:
        plain["number"] = cell.number
    return plain
