"""What may be shown of gaps to anybody who looks? A small table of sums, small groups held back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from attrs import frozen

from kompetanse_core.gap.nouns import Tally
from kompetanse_core.mapping import FEW

HEADINGS = ("", "people", "coverage", "missing", "unknown")
WITHHELD = ":"


@frozen(kw_only=True)
class Section:
    """Avsnitt: sums of one kind, with a label for each key."""

    title: str
    tallies: tuple[Tally, ...]
    labels: Mapping[str, str]


def as_text(title: str, total: Tally, sections: Iterable[Section]) -> str:
    """Write the sums as plain text in columns."""
    lines = [title]
    for section in sections:
        rows = [(section.title, *HEADINGS[1:]), *_rows(section), ("total", *_cells(total))]
        widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
        lines += ["", *(_line(row, widths) for row in rows)]
    return "\n".join(lines)


def as_html(title: str, total: Tally, sections: Iterable[Section]) -> str:
    """Write the sums as accessible tables: a caption, headers with a scope, no styling needed."""
    return "\n".join(_table(f"{title}: {each.title}", each, total) for each in sections)


def withheld(tallies: Sequence[Tally]) -> frozenset[str]:
    """Name the keys whose numbers are held back: groups under five, and what would give them away.

    Held back are at least two keys and at least five people, or none.
    """
    hidden: list[Tally] = []
    for tally in sorted(tallies, key=lambda each: (each.contributors, each.key)):
        enough = len(hidden) > 1 and sum(each.contributors for each in hidden) >= FEW
        if tally.contributors >= FEW and (enough or not hidden):
            break
        hidden.append(tally)
    return frozenset(each.key for each in hidden)


def _rows(section: Section) -> list[tuple[str, ...]]:
    hidden = withheld(section.tallies)
    blank = (WITHHELD,) * (len(HEADINGS) - 1)
    return [
        (section.labels.get(each.key) or each.key, *(blank if each.key in hidden else _cells(each)))
        for each in section.tallies
    ]


def _cells(tally: Tally) -> tuple[str, ...]:
    if tally.contributors < FEW:
        return (WITHHELD,) * (len(HEADINGS) - 1)
    numbers = (tally.contributors, coverage(tally), tally.missing, tally.unknown)
    return tuple(map(str, numbers))


def coverage(tally: Tally) -> str:
    """Write the interval of coverage in whole per cent, rounded outwards; a dash for no steps."""
    if not tally.total:
        return "–"
    least = tally.met * 100 // tally.total
    most = -((tally.met + tally.unknown) * -100 // tally.total)
    return f"{least} %" if least == most else f"{least}–{most} %"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    cells = (first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest))
    return "  ".join(cells).rstrip()


def _table(caption: str, section: Section, total: Tally) -> str:
    heads = "".join(
        f'<th scope="col">{escape(each)}</th>' for each in (section.title, *HEADINGS[1:])
    )
    rows = "\n".join(_row(row) for row in (*_rows(section), ("total", *_cells(total))))
    return (
        f"<table>\n<caption>{escape(caption)}</caption>\n<thead><tr>{heads}</tr></thead>\n"
        f"<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _row(row: Sequence[str]) -> str:
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
    return f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>'
