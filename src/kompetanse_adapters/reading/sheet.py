"""What stands in this CSV file? Sheet: its columns by name and its rows with their numbers.

The delimiter is seen from the header. What a spreadsheet leaves behind is told: lines above the
header, sums below the rows, a second table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from attrs import evolve, field, frozen

from kompetanse_adapters.reading.header import Header, flaws_of, fold, is_remark, other_names
from kompetanse_adapters.reading.place import refusal, warning
from kompetanse_adapters.reading.rows import Row, lines_of, parse_rows
from kompetanse_adapters.reading.values import is_missing
from kompetanse_core import Finding, Loss, Place

DELIMITERS = (";", ",", "\t")
NO_DELIMITER = "\x1f"
SEARCHED = 20
"""How many lines from the top the header is looked for."""
SUMS = frozenset({"sum", "summa", "total", "totalt", "i_alt", "til_sammen", "til_saman"})


@frozen(kw_only=True)
class Dialect:
    """Say how a table is written, where that is not seen from the file."""

    delimiter: str | None = None
    decimal: str = ","
    yes: frozenset[str] = frozenset({"ja", "yes", "true"})
    no: frozenset[str] = frozenset({"nei", "no", "false"})
    skip_rows: int = 0


@frozen(kw_only=True)
class Sheet:
    """Hold the rows of one table: `columns` names the cells of each, "" for a remark."""

    file: str
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = field(default=(), repr=False)
    findings: tuple[Finding, ...] = ()
    losses: tuple[Loss, ...] = ()


def read_sheet(text: str, *, file: str, header: Header, dialect: Dialect) -> Sheet:
    """Parse one CSV table and name its columns; a header with flaws leaves no rows.

    Findings: E109, E201 to E209, E552, N215, W207.
    """
    if not text.strip():
        told = "there is nothing but white space" if text else "the file is empty"
        return _empty(file, told)
    delimiter = dialect.delimiter or _delimiter(text, header, dialect.skip_rows)
    parsed = parse_rows(text, file=file, delimiter=delimiter, skip=dialect.skip_rows)
    if parsed.broken is None and len(parsed.rows) == 0:
        return _empty(file, "there is nothing below the lines that are skipped")
    broken = () if parsed.broken is None else (parsed.broken,)
    sheet = _named(Sheet(file=file, findings=broken), parsed.rows, header)
    if parsed.broken is None and sheet.columns and len(parsed.rows) == 1:
        return _empty(file, "there is a header but no rows")
    return _filled(sheet, parsed.rows[1:], header) if sheet.columns else sheet


def _delimiter(text: str, header: Header, skip: int) -> str:
    """See the delimiter: the one that gives most known columns in one of the first lines."""
    seen = [
        (_known(line, mark, header), mark in line, -place, -order, mark)
        for place, line in enumerate(islice(lines_of(text, skip), SEARCHED))
        for order, mark in enumerate(DELIMITERS)
    ]
    _, parts, *_, mark = max(seen, default=(0, False, NO_DELIMITER))
    return mark if parts else NO_DELIMITER


def _known(line: str, delimiter: str, header: Header) -> int:
    return len({header.column(cell.strip(' "\r\n')) for cell in line.split(delimiter)} - {""})


def _named(sheet: Sheet, rows: Sequence[Row], header: Header) -> Sheet:
    """Name the columns by the first row, or say what is wrong with it."""
    if not rows:
        return sheet
    number, cells = rows[0]
    place = Place(file=sheet.file, row=number)
    flaws = tuple(flaws_of(cells, header, place))
    if flaws:
        lower = _lower_header(sheet.file, rows, header)
        return evolve(sheet, findings=(*sheet.findings, *(lower or flaws)))
    remarks = sum(map(is_remark, cells))
    lost = (Loss(field=sheet.file, count=remarks, reason="columns of remarks"),) if remarks else ()
    columns = tuple(map(header.column, cells))
    notes = (*sheet.findings, *other_names(cells, header, place))
    return evolve(sheet, columns=columns, findings=notes, losses=lost)


def _lower_header(file: str, rows: Sequence[Row], header: Header) -> tuple[Finding, ...]:
    """Look for a faultless header below the first row."""
    for number, cells in rows[1:SEARCHED]:
        if not any(flaws_of(cells, header, Place(file=file))):
            stem = re.sub(r"\.csv$", "", file)
            hint = f"declare skip_rows = {number - 1} under [csv.{stem}], or delete the lines above"
            place = Place(file=file, row=number)
            return (refusal("E203", "the header is not in the first row", place, hint),)
    return ()


def _filled(sheet: Sheet, rows: Sequence[Row], header: Header) -> Sheet:
    """Keep the rows that fit the header; tell sums, ragged rows and a second table."""
    kept: list[Row] = []
    told: list[Finding] = []
    words = header.foreign | header.names.keys()
    for number, cells in rows:
        found = _oddity(sheet, number, cells, header, words)
        if found is None:
            kept.append((number, cells))
        else:
            told.append(found)
        if found is not None and found.code == "E208":
            break
    sums = sum(found.code == "W207" for found in told)
    lost = (Loss(field=sheet.file, count=sums, reason="rows that look like sums"),) if sums else ()
    findings, losses = (*sheet.findings, *told), (*sheet.losses, *lost)
    return evolve(sheet, rows=tuple(kept), findings=findings, losses=losses)


def _oddity(
    sheet: Sheet, number: int, cells: Sequence[str], header: Header, words: frozenset[str]
) -> Finding | None:
    """Say what is odd about a row, if anything is."""
    first = fold(next(filter(str.strip, cells)))
    if first in words and _is_header(cells, words):
        hint = "give each table a file of its own"
        return refusal(
            "E208", "a second table begins here", Place(file=sheet.file, row=number), hint
        )
    if first.strip(":_") in SUMS and _lacks(sheet, cells, header):
        place = Place(file=sheet.file, row=number)
        return warning("W207", "a row looks like a sum and was left out", place)
    if len(cells) != len(sheet.columns):
        told = f"the row has {len(cells)} fields, the header {len(sheet.columns)}"
        hint = "put a text that holds the delimiter in quotation marks"
        return refusal("E201", told, Place(file=sheet.file, row=number), hint)
    return None


def _is_header(cells: Sequence[str], words: frozenset[str]) -> bool:
    filled = [fold(cell) for cell in cells if cell.strip()]
    return len(filled) > 1 and words.issuperset(filled)


def _lacks(sheet: Sheet, cells: Sequence[str], header: Header) -> bool:
    """Say whether a row leaves out something that every row must have."""
    filled = {
        column for column, cell in zip(sheet.columns, cells, strict=False) if not is_missing(cell)
    }
    return any(filled.isdisjoint(group) for group in header.required)


def _empty(file: str, text: str) -> Sheet:
    hint = "leave the file out where there is nothing to say"
    return Sheet(file=file, findings=(refusal("E206", text, Place(file=file), hint),))
