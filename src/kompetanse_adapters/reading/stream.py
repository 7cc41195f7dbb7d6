"""Which rows stand in a CSV file that is too long to hold? Rows, one at a time, told as they come.

By the same rules as `decode` and `parse_rows`, block by block: nothing is kept but the row at hand.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import evolve

from kompetanse_adapters.reading.account import Account
from kompetanse_adapters.reading.encoding import decode
from kompetanse_adapters.reading.place import refusal
from kompetanse_adapters.reading.rows import LONGEST_FIELD, Row, lines_of
from kompetanse_core import Finding, Place

BLOCK = 2**22
"""So many bytes are decoded at a time, and what is left of the last line."""


def lines_in(path: Path, account: Account) -> Iterator[str]:
    """Yield the lines of a file with their ends, decoded; stop where they cannot be.

    Findings: as `decode`; the place is that of the first of its kind.
    """
    above, known = 0, set[str]()
    told = {finding.code for finding in account.told}
    for content in _blocks(path):
        decoded = decode(content, path.name)
        codes = {finding.code for finding in decoded.findings}
        for each in decoded.findings:
            if each.code not in told:
                row = None if each.place.row is None else each.place.row + above
                account.tell(evolve(each, place=evolve(each.place, row=row)))
        told |= codes
        if decoded.text is None:
            return
        known |= _kind(content, codes)
        if len(known) > 1:
            place = Place(file=path.name, row=above + 1)
            text = "some lines are UTF-8, and others from here on are not"
            account.tell(refusal("E101", text, place, "save the file as UTF-8"))
            return
        for line in lines_of(decoded.text):
            above += 1
            yield line


def rows_in(lines: Iterable[str], file: str, delimiter: str, account: Account) -> Iterator[Row]:
    """Yield each row with its number, counted from 1; rows without content are left out.

    Findings: E202, E209.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for number in itertools.count(1):
        above = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            long = "limit" in str(error) and reader.line_num - above < 2
            account.tell(_broken(Place(file=file, row=number), long=long))
            return
        if any(cells) and (cells[0].strip() or any(map(str.strip, cells))):
            yield number, cells


def _broken(place: Place, *, long: bool) -> Finding:
    if long:
        return refusal("E209", f"a field has more than {LONGEST_FIELD} characters", place)
    text = "a quotation mark that is opened in this row is never rightly closed"
    return refusal("E202", text, place, "double the marks inside a quoted text")


def _blocks(path: Path) -> Iterator[bytes]:
    """Yield blocks that end with a line; what is not written in bytes is one block."""
    with path.open("rb") as stream:
        rest = b""
        while content := stream.read(BLOCK):
            if b"\0" in content:
                yield rest + content + stream.read()
                return
            whole, end, rest = (rest + content).rpartition(b"\n")
            if end:
                yield whole + end
        if rest:
            yield rest


def _kind(content: bytes, codes: set[str]) -> set[str]:
    """Say how a block is written; plain ASCII is written either way."""
    if content.isascii():
        return set()
    return {"windows-1252" if "N101" in codes else "utf-8"}
