"""Which rows stand in a CSV text? Rows, each with its number, and where the parser had to stop.

Python's `csv` parses, strictly; this keeps track of where things stand.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator

from attrs import field, frozen

from kompetanse_adapters.reading.place import refusal
from kompetanse_core import Finding, Place

LONGEST_FIELD = 131_072
LONGEST_TEXT = 10_000_000

Row = tuple[int, list[str]]


@frozen(kw_only=True)
class Rows:
    """Hold rows with their numbers; `broken` says why there are no more."""

    rows: tuple[Row, ...] = field(repr=False)
    broken: Finding | None = None


def parse_rows(text: str, *, file: str, delimiter: str, skip: int = 0) -> Rows:
    """Parse a CSV text below its first `skip` lines; rows without content are left out.

    Rows are numbered as a spreadsheet does: the first is 1, blank ones count.
    Findings: E109, E202, E209.
    """
    reader = csv.reader(lines_of(text, skip), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    for number in itertools.count(skip + 1):
        above = skip + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return Rows(rows=tuple(rows))
        except csv.Error:
            broken = _broken(text, delimiter, above, Place(file=file, row=number))
            return Rows(rows=tuple(rows), broken=broken)
        if any(cells) and (cells[0].strip() or any(map(str.strip, cells))):
            rows.append((number, cells))
    raise AssertionError("a count never ends")


def lines_of(text: str, skip: int = 0) -> Iterator[str]:
    """Split at CRLF, LF and CR alike and nowhere else, keeping the ends."""
    return itertools.islice(io.StringIO(text, newline=""), skip, None)


def _broken(text: str, delimiter: str, above: int, place: Place) -> Finding:
    """Say why the row below line `above` cannot be parsed: walk its fields until one is wrong."""
    rest = "".join(lines_of(text, above))
    mark = re.escape(delimiter)
    good = re.compile(rf'(?:"(?:[^"]++|"")*+"|(?!")[^{mark}\r\n]*+)(?P<end>{mark}|\r|\n|$)')
    start = 0
    while found := good.match(rest, start):
        if found.end() - start > LONGEST_TEXT:
            return refusal("E109", "a single text is too long", place)
        if found.end() - start > LONGEST_FIELD:
            return refusal("E209", f"a field has more than {LONGEST_FIELD} characters", place)
        start = found.end()
    line = above + 1 + len(re.findall(r"\r\n|\r|\n", rest[:start]))
    told = f"a quotation mark opened in line {line} is never rightly closed"
    return refusal("E202", told, place, "double the marks inside a quoted text")
