"""How does a report look in a browser? One HTML file that is whole in itself and open to all.

The page asks nothing of the network, runs no script, reads without colour and prints well. Bars and
charts repeat in shape what figures say in words.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable, Iterator

from attrs import frozen

from kompetanse_adapters.webpage.drawing import draw
from kompetanse_core import (
    Bar,
    Block,
    Cell,
    Grid,
    Language,
    Paragraph,
    Points,
    Report,
    Section,
    hookimpl,
)
from kompetanse_core.hooks import RendererMaker

STYLE = """
:root { --ink: #1d2733; --quiet: #4c5a68; --line: #c3ccd5; --paper: #fff; --band: #f2f5f8;
  --met: #1f5f8b; --unknown: #9db8cc; --link: #0b5394;
  --kind0: #1f5f8b; --kind1: #b34700; --kind2: #00735a; --kind3: #8a3a78; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper);
  font: 1rem/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .5rem; padding-top: .75rem;
  border-top: 2px solid var(--ink); }
p { max-width: 44rem; margin: .5rem 0 1rem; }
.lead { font-size: 1.1rem; color: var(--quiet); }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; }
nav ol { columns: 2 18rem; padding-left: 1.4rem; margin: 1rem 0; }
a { color: var(--link); }
a:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
li { max-width: 44rem; padding: .175rem 0; }
.scroll { overflow-x: auto; margin: 1.25rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
caption { text-align: left; font-weight: 600; padding: .25rem 0 .5rem; }
th, td { padding: .4rem .7rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; }
tbody th { font-weight: 400; }
tfoot th, tfoot td { font-weight: 600; border-top: 2px solid var(--ink); }
tbody tr:nth-child(even) { background: var(--band); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
.bar { display: block; width: 7rem; height: .55rem; margin: .3rem 0 0 auto; }
.bar .all { fill: none; stroke: var(--quiet); }
.bar .met { fill: var(--met); }
.bar .unknown { fill: var(--unknown); stroke: var(--met); stroke-dasharray: 2 2; }
figure { margin: 1.75rem 0 0; break-inside: avoid; }
figcaption { font-weight: 600; }
figure .scroll { margin: .25rem 0; }
.chart { display: block; width: 100%; min-width: 36rem; max-width: 52rem; height: auto;
  font-size: 13px; }
.chart text { fill: var(--ink); }
.chart .rule { stroke: var(--line); }
.chart .kind0 { stroke: var(--kind0); fill: var(--kind0); }
.chart .kind1 { stroke: var(--kind1); fill: var(--kind1); stroke-dasharray: 7 4; }
.chart .kind2 { stroke: var(--kind2); fill: var(--kind2); stroke-dasharray: 2 3; }
.chart .kind3 { stroke: var(--kind3); fill: var(--kind3); stroke-dasharray: 9 3 2 3; }
.chart .curve { fill: none; stroke-width: 2; }
.chart .span { stroke-width: 5; stroke-dasharray: none; stroke-opacity: .45; }
.chart .sign { stroke-dasharray: none; }
.chart .band { fill-opacity: .14; stroke: none; }
.note { font-size: .9rem; color: var(--quiet); margin-top: -.5rem; }
footer { color: var(--quiet); font-size: .9rem; padding-bottom: 3rem; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8edf2; --quiet: #b3c0cc; --line: #46525e; --paper: #161c22; --band: #1e262e;
    --met: #7db8e0; --unknown: #3e5a6e; --link: #9ccbf0;
    --kind0: #7db8e0; --kind1: #f0a05a; --kind2: #55c9a6; --kind3: #d9a0cc; } }
@media print {
  nav, .skip { display: none; }
  h2 { break-after: avoid; }
  tr { break-inside: avoid; }
  .chart { min-width: 0; }
  body { font-size: 10pt; }
  header, main { max-width: none; padding: 0; }
  .scroll { overflow: visible; }
  table, .note { font-size: 8.5pt; }
  caption, figcaption { font-size: 10pt; }
  th, td { padding: .25rem .35rem; } }
"""


@frozen(kw_only=True)
class Webpage:
    """Render a report as one self-contained HTML page; everything from outside is escaped."""

    def render(self, report: Report) -> str:
        """Write the whole page, ending in a line break."""
        return "\n".join((*_head(report), *_body(report))) + "\n"


def webpage() -> Webpage:
    """Make the renderer; it takes no options."""
    return Webpage()


@hookimpl
def kompetanse_renderers() -> Iterable[RendererMaker]:
    """Offer this renderer."""
    return (
        RendererMaker(
            name="html", description="one accessible HTML page, whole in itself", open=webpage
        ),
    )


def _head(report: Report) -> Iterator[str]:
    seal = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{seal}'; base-uri 'none'; form-action 'none'"
    yield f'<!doctype html>\n<html lang="{report.language.value}">\n<head>'
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_safe(report.title)}</title>"
    yield f"<style>{STYLE}</style>\n</head>"


def _body(report: Report) -> Iterator[str]:
    words = _WORDS_EN if report.language is Language.EN else _WORDS_NB
    yield f'<body>\n<a class="skip" href="#main">{words[0]}</a>'
    yield f'<header>\n<h1>{_safe(report.title)}</h1>\n<p class="lead">{_safe(report.lead)}</p>'
    yield f'<nav aria-label="{words[1]}">\n<ol>'
    for section in report.sections:
        yield f'<li><a href="#{_safe(section.id)}">{_safe(section.heading)}</a></li>'
    yield '</ol>\n</nav>\n</header>\n<main id="main">'
    for section in report.sections:
        yield from _section(section)
    yield "</main>\n</body>\n</html>"


def _section(section: Section) -> Iterator[str]:
    yield "<section>"
    yield f'<h2 id="{_safe(section.id)}">{_safe(section.heading)}</h2>'
    yield from (part for block in section.blocks for part in _block(block))
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield f"<p>{_safe(block.text)}</p>"
    elif isinstance(block, Points):
        yield "<ul>"
        yield from (f"<li>{_safe(point)}</li>" for point in block.points)
        yield "</ul>"
    else:
        yield from _grid(block)


def _grid(grid: Grid) -> Iterator[str]:
    if grid.chart is not None:
        title = _safe(grid.chart.title)
        yield f"<figure>\n<figcaption>{title}</figcaption>"
        yield f'<div class="scroll" role="region" aria-label="{title}" tabindex="0">'
        yield from (*draw(grid.chart), "</div>\n</figure>")
    yield f'<div class="scroll" role="region" aria-label="{_safe(grid.caption)}" tabindex="0">'
    yield f"<table>\n<caption>{_safe(grid.caption)}</caption>\n<thead>\n<tr>"
    for heading, numeric in zip(grid.columns, grid.numeric, strict=True):
        yield f'<th scope="col"{_class(numeric=numeric)}>{_safe(heading)}</th>'
    yield "</tr>\n</thead>\n<tbody>"
    yield from (line for row in grid.rows for line in _row(row, grid))
    yield "</tbody>"
    if grid.total:
        yield from ("<tfoot>", *_row(grid.total, grid), "</tfoot>")
    yield "</table>\n</div>"
    if grid.note:
        yield f'<p class="note">{_safe(grid.note)}</p>'


def _row(row: tuple[Cell, ...], grid: Grid) -> Iterator[str]:
    yield "<tr>"
    yield f'<th scope="row">{_safe(row[0].text)}</th>'
    for cell, numeric in zip(row[1:], grid.numeric[1:], strict=True):
        bar = "" if cell.bar is None or cell.withheld else _bar(cell.bar)
        yield f"<td{_class(numeric=numeric)}>{_safe(cell.text)}{bar}</td>"
    yield "</tr>"


def _class(*, numeric: bool) -> str:
    return ' class="number"' if numeric else ""


def _bar(bar: Bar) -> str:
    met, unknown = (1000 * steps // max(bar.total, 1) for steps in (bar.met, bar.unknown))
    return (
        '<svg class="bar" viewBox="0 0 1000 80" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="met" width="{met}" height="80"/>'
        f'<rect class="unknown" x="{met}" width="{unknown}" height="80"/>'
        '<rect class="all" width="1000" height="80" vector-effect="non-scaling-stroke"/></svg>'
    )


def _safe(text: str) -> str:
    return html.escape(text, quote=True)


_WORDS_NB = ("Gå til innholdet", "Innhold")
_WORDS_EN = ("Skip to the content", "Contents")
