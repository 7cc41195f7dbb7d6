"""Which column is which? Header: the names that columns may go by, and what is wrong with them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from kompetanse_adapters.reading.place import refusal
from kompetanse_core import Finding, Place, Severity, is_special_category


@frozen(kw_only=True)
class Header:
    """Say which columns a table may have, by every name they go by, and which it must have.

    `names` leads from a folded name to its column. Of each group in `required` at least one column
    must be there. By `foreign`, the names of other tables' columns, a second table is seen.
    """

    names: Mapping[str, str]
    required: tuple[tuple[str, ...], ...] = ()
    foreign: frozenset[str] = frozenset()

    def column(self, cell: str) -> str:
        """Give the column that a header cell means; empty where it means none."""
        return self.names.get(fold(cell), "")


def fold(name: str) -> str:
    """Bring a header to the form in which names are compared."""
    return re.sub(r"[\s\-_]+", "_", unicodedata.normalize("NFC", name).strip().casefold())


def is_remark(cell: str) -> bool:
    """Say whether a column is a remark: its header begins with #."""
    return cell.lstrip().startswith("#")


def flaws_of(cells: Sequence[str], header: Header, place: Place) -> Iterator[Finding]:
    """Tell every flaw of a header row.

    Findings: E204 (twice), E205 (unknown), E207 (missing), E552 (special category).
    """
    known = Counter(filter(None, map(header.column, cells)))
    for number, cell in enumerate(cells, start=1):
        if not header.column(cell) and not is_remark(cell):
            yield _unknown(cell, number, header, place)
    for column in (column for column, times in known.items() if times > 1):
        yield refusal("E204", "a column stands twice in the header", _at(place, column))
    for group in header.required:
        if not known.keys() & set(group):
            yield refusal("E207", "a column that must be there is missing", _at(place, group[0]))


def other_names(cells: Sequence[str], header: Header, place: Place) -> Iterator[Finding]:
    """Note which columns were recognised by another name than their own (N215)."""
    other = [cell.strip() for cell in cells if header.column(cell) not in ("", cell)]
    if other:
        told = f"columns were recognised by another name: {', '.join(other)}"
        yield Finding(code="N215", severity=Severity.NOTE, text=told, place=place)


def _unknown(cell: str, number: int, header: Header, place: Place) -> Finding:
    """Tell a column by its number: a header may be a person's name; only a near miss is shown."""
    if is_special_category(cell):
        told = "a column holds a special category of personal data"
        return refusal("E552", told, _at(place, fold(cell)), "take the column out of the file")
    near = difflib.get_close_matches(fold(cell), header.names, n=1, cutoff=0.75)
    meant = f"did you mean {header.names[near[0]]}? " if near else ""
    hint = f"{meant}begin the header with # to leave the column out"
    column = cell.strip() if near else f"column {number}"
    return refusal("E205", "a column is unknown", _at(place, column), hint)


def _at(place: Place, column: str) -> Place:
    return Place(file=place.file, row=place.row, column=column)
