"""What stands in one sheet of a workbook? Opened: its cells as CSV, and what is odd about them.

A value is written as somebody in Norway would type it: 3,5 and 2027-01-31, ja and 50 %. Formulas
are never run: what the spreadsheet program stored is read, and where it stored nothing, that is
told. This runs in a process of its own, so it needs nothing but a path, and gives plain values.
"""

from __future__ import annotations

import csv
import io
import math
import posixpath
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from enum import Enum
from pathlib import Path

from attrs import define, field, frozen

from kompetanse_adapters.reading import refusal, warning
from kompetanse_adapters.spreadsheet.archive import Archive, open_archive
from kompetanse_core import Finding, Loss, Misuse, Place

MOST_COLUMNS = 1024
MOST_CHARACTERS = 2**28
DELIMITER = ";"

_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PER_CENT = frozenset({9, 10})
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_AT = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_EXACT = 10**15


class Hidden(Enum):
    """Skjult: what becomes of rows, columns and sheets that are hidden."""

    LEAVE_OUT = "leave-out"
    INCLUDE = "include"


class Look(Enum):
    """Utseende: how a number is shown, where that says what it is."""

    PLAIN = "plain"
    DAY = "day"
    PER_CENT = "per-cent"


@frozen(kw_only=True)
class Opened:
    """Hold a sheet as CSV, delimited by semicolons; row numbers are those of the sheet."""

    text: str = field(repr=False)
    width: int
    findings: tuple[Finding, ...]
    losses: tuple[Loss, ...]


def open_sheet(path: Path, wanted: str, hidden: Hidden) -> Opened:
    """Read the sheet of a name, or the first one.

    Raises:
        Misuse: E109, E301 or E406, as `open_archive`; E503, if there is no sheet of that name.
    """
    with path.open("rb") as stream:
        archive = open_archive(stream, path)
        book = _book(archive)
        told = _Told(path.name)
        member = _chosen(book, wanted, hidden, told)
        cells = _Cells(
            told=told,
            hidden=hidden,
            looks=_looks(archive, book.parts.get("styles", "")),
            shared=_shared(archive, book.parts.get("sharedStrings", "")),
            first_day=date(1904, 1, 1) if book.since_1904 else date(1899, 12, 30),
        )
        archive.parse(member, cells.start, cells.end, cells.text)
        for column in sorted(cells.given):
            text, place = "the column is hidden, and was left out", _letters(column)
            told.findings.append(warning("W304", text, Place(file=path.name, column=place)))
    return Opened(
        text=cells.out.getvalue(),
        width=cells.width,
        findings=tuple(told.findings),
        losses=tuple(told.losses),
    )


# --- the workbook --------------------------------------------------------------------------------


@define
class _Told:
    """Collect what is odd, each kind of flaw at most a hundred times."""

    file: str
    findings: list[Finding] = field(factory=list)
    losses: list[Loss] = field(factory=list)
    times: dict[str, int] = field(factory=dict)

    def tell(self, make: Callable[..., Finding], code: str, text: str, at: str, row: int) -> None:
        self.times[code] = self.times.get(code, 0) + 1
        if self.times[code] <= 100:
            self.findings.append(make(code, text, Place(file=self.file, row=row, column=at)))


@define
class _Book:
    """What workbook.xml and its relations say: sheets in order, parts by kind."""

    sheets: list[tuple[str, str, bool]] = field(factory=list)
    members: dict[str, str] = field(factory=dict)
    parts: dict[str, str] = field(factory=dict)
    since_1904: bool = False

    def take(self, tag: str, said: Mapping[str, str]) -> None:
        """Take an element of workbook.xml."""
        if tag == "workbookPr":
            self.since_1904 = said.get("date1904") in ("1", "true")
        elif tag == "sheet":
            key = next((said[name] for name in said if name.endswith(":id")), "")
            self.sheets.append(
                (said.get("name", ""), key, said.get("state", "visible") != "visible")
            )

    def relate(self, tag: str, said: Mapping[str, str], folder: str) -> None:
        """Take an element of the workbook's relations."""
        if tag == "Relationship" and said.get("TargetMode") != "External":
            member = posixpath.normpath(posixpath.join("/", folder, said.get("Target", "")))[1:]
            kind = said.get("Type", "").rpartition("/")[2]
            self.members[said.get("Id", "")] = member
            self.parts.setdefault(kind, member)


def _book(archive: Archive) -> _Book:
    root, book = _Book(), _Book()
    archive.parse("_rels/.rels", lambda tag, said: root.relate(tag, said, ""))
    name = root.parts.get("officeDocument", "xl/workbook.xml")
    folder = posixpath.dirname(name)
    archive.parse(name, book.take)
    relations = f"{folder}/_rels/{posixpath.basename(name)}.rels"
    archive.parse(relations, lambda tag, said: book.relate(tag, said, folder))
    return book


def _chosen(book: _Book, wanted: str, hidden: Hidden, told: _Told) -> str:
    """Choose the sheet of a name, or the first that is not hidden; tell what is not read."""
    seen = [each for each in book.sheets if hidden is Hidden.INCLUDE or wanted or not each[2]]
    match = [key for name, key, _ in seen if not wanted or name.casefold() == wanted.casefold()]
    if not match:
        raise Misuse("E503", "there is no such sheet", hint="name one of the sheets that it has")
    others = len(book.sheets) - 1
    if others:
        reason = "other sheets of the workbook are not read"
        told.losses.append(Loss(field=told.file, count=others, reason=reason))
    if concealed := sum(state for _, key, state in book.sheets if key != match[0]):
        text = f"{concealed} sheets are hidden, and were not read"
        told.findings.append(warning("W304", text, Place(file=told.file)))
    return book.members.get(match[0], "")


def _looks(archive: Archive, member: str) -> tuple[tuple[Look, int], ...]:
    """Say of each style what its numbers are, and to how many digits they are filled with zeros."""
    codes, styles, inside = dict[str, str](), list[str](), list[str]()

    def start(tag: str, said: Mapping[str, str]) -> None:
        if tag == "numFmt":
            codes[said.get("numFmtId", "")] = said.get("formatCode", "")
        elif tag == "cellXfs":
            inside.append(tag)
        elif tag == "xf" and inside:
            styles.append(said.get("numFmtId", "0"))

    def end(tag: str) -> None:
        if tag == "cellXfs":
            inside.clear()

    if archive.has(member):
        archive.parse(member, start, end)
    return tuple(_look(key, codes.get(key, "")) for key in styles)


def _look(key: str, code: str) -> tuple[Look, int]:
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 9 else 0
    bare = _LITERAL.sub("", code.partition(";")[0]).lower()
    if number in _DATES or re.search("[yd]", bare):
        return Look.DAY, 0
    if number in _PER_CENT or "%" in bare:
        return Look.PER_CENT, 0
    return Look.PLAIN, len(bare) if re.fullmatch("0{2,30}", bare) else 0


def _shared(archive: Archive, member: str) -> list[str]:
    """Give the texts that cells share; how a word is pronounced is no part of it."""
    texts = _Texts()
    if archive.has(member):
        archive.parse(member, texts.start, texts.end, texts.text)
    return texts.found


@define
class _Texts:
    """Gather the texts of `si`; each is made of the `t` in it that are not in `rPh`."""

    found: list[str] = field(factory=list)
    parts: list[str] = field(factory=list)
    within: list[str] = field(factory=list)

    def start(self, tag: str, _: Mapping[str, str]) -> None:
        """Open an element."""
        self.within.append(tag)

    def text(self, words: str) -> None:
        """Take the words of a part."""
        if self.within[-1] == "t" and "rPh" not in self.within:
            self.parts.append(words)

    def end(self, tag: str) -> None:
        """Close an element; a text ends with its `si`."""
        self.within.pop()
        if tag == "si":
            self.found.append(_unescaped("".join(self.parts)))
            self.parts.clear()


def _unescaped(words: str) -> str:
    """Give back the characters that XML cannot hold, which a workbook writes as `_x000D_`."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), words) if "_x" in words else words


# --- the cells -----------------------------------------------------------------------------------


@define(kw_only=True)
class _Cells:
    """Write the cells of a sheet as they are walked through."""

    told: _Told
    hidden: Hidden
    looks: tuple[tuple[Look, int], ...]
    shared: list[str]
    first_day: date
    out: io.StringIO = field(factory=lambda: io.StringIO(newline=""))
    width: int = 0
    row: int = 0
    skip: bool = False
    concealed: set[int] = field(factory=set)
    cells: list[str] = field(factory=list)
    column: int = 0
    kind: str = ""
    style: int = 0
    said: list[str] | None = None
    value: str | None = None
    formula: bool = False
    given: set[int] = field(factory=set)

    def start(self, tag: str, said: Mapping[str, str]) -> None:
        """Open a row, a cell or a value."""
        if tag == "c":
            self._open_cell(said)
        elif tag in ("v", "t"):
            self.said = []
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            self._open_row(said)
        elif (
            tag == "col" and said.get("hidden") in ("1", "true") and self.hidden is Hidden.LEAVE_OUT
        ):
            first, last = _whole(said.get("min")), _whole(said.get("max"))
            self.concealed.update(range(first, min(last, MOST_COLUMNS) + 1))

    def text(self, words: str) -> None:
        """Take the words of a value."""
        if self.said is not None:
            self.said.append(words)

    def end(self, tag: str) -> None:
        """Close a value, a cell, a row or the sheet."""
        if tag in ("v", "t") and self.said is not None:
            self.value = (self.value or "") + "".join(self.said)
            self.said = None
        elif tag == "c":
            self._close_cell()
        elif tag == "row":
            self._close_row()

    def _open_row(self, said: Mapping[str, str]) -> None:
        number = _whole(said.get("r")) or self.row + 1
        if number <= self.row:
            raise Misuse("E301", "the rows of a sheet are out of order")
        self.out.write("\n" * (number - self.row - 1))
        self.row, self.cells, self.column = number, [], 0
        self.skip = said.get("hidden") in ("1", "true") and self.hidden is Hidden.LEAVE_OUT

    def _open_cell(self, said: Mapping[str, str]) -> None:
        place = _AT.fullmatch(said.get("r", ""))
        self.column = _number(place[1]) if place else self.column + 1
        if self.column > MOST_COLUMNS:
            text = f"a sheet has more than {MOST_COLUMNS} columns"
            raise Misuse("E109", text, hint="take out what stands far to the right")
        self.kind, self.style = said.get("t", "n"), _whole(said.get("s"))
        self.value, self.formula = None, False

    def _close_cell(self) -> None:
        if self.formula and self.value is None:
            text = "a formula has no stored value"
            self.told.tell(refusal, "E303", text, _letters(self.column), self.row)
        cell = "" if self.value is None else self._read(self.value)
        if cell and self.column in self.concealed:
            self.given.add(self.column)
        elif cell:
            self.cells.extend([""] * (self.column - len(self.cells)))
            self.cells[self.column - 1] = cell

    def _close_row(self) -> None:
        if self.skip and self.cells:
            self.told.tell(warning, "W304", "the row is hidden, and was left out", "", self.row)
        elif self.cells:
            csv.writer(self.out, delimiter=DELIMITER, lineterminator="\n").writerow(self.cells)
            self.width = max(self.width, len(self.cells))
        if self.skip or not self.cells:
            self.out.write("\n")
        if self.out.tell() > MOST_CHARACTERS:
            raise Misuse("E109", "the sheet is too long")

    def _read(self, value: str) -> str:
        """Write a value as a cell of CSV."""
        if self.kind == "n":
            return self._number(value)
        if self.kind == "s":
            place = _whole(value)
            return self.shared[place] if place < len(self.shared) else self._wrong("E301")
        if self.kind == "b":
            return "ja" if value == "1" else "nei"
        if self.kind == "e":
            return self._wrong("E302")
        return value[:10] if self.kind == "d" else _unescaped(value)

    def _number(self, value: str) -> str:
        look, digits = self.looks[self.style] if self.style < len(self.looks) else (Look.PLAIN, 0)
        if look is Look.PLAIN and value.isascii() and value.isdigit() and len(value) <= 15:
            return value.zfill(digits)
        try:
            number = float(value)
        except ValueError:
            return self._wrong("E210")
        if not math.isfinite(number):
            return self._wrong("E210")
        if look is Look.DAY:
            return self._day(number)
        if look is Look.PER_CENT:
            return f"{_typed(number * 100)} %"
        if abs(number) >= _EXACT:
            text = "a number has more digits than a workbook keeps: if it is an id, some are lost"
            self.told.tell(warning, "W305", text, _letters(self.column), self.row)
        return _typed(number)

    def _day(self, number: float) -> str:
        """Count days from the first one; the 29th of February 1900 is in no calendar."""
        days = int(number) if self.first_day.year == 1904 or number >= 60 else int(number) + 1
        if number < 1 or (int(number) == 60 and self.first_day.year == 1899):
            return self._wrong("E211")
        try:
            return (self.first_day + timedelta(days=days)).isoformat()
        except OverflowError:
            return self._wrong("E211")

    def _wrong(self, code: str) -> str:
        """Tell what cannot be read: it refuses the whole, so nothing takes the cell for unknown."""
        told = {
            "E302": "the cell holds an error of the spreadsheet",
            "E301": "a text that cells share is not there",
            "E210": "a number cannot be read",
            "E211": "there is no such day",
        }
        self.told.tell(refusal, code, told[code], _letters(self.column), self.row)
        return ""


def _whole(digits: str | None) -> int:
    return (
        int(digits) if digits and digits.isascii() and digits.isdigit() and len(digits) < 9 else 0
    )


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _typed(number: float) -> str:
    """Write a number with as many decimals as a spreadsheet keeps, and a comma."""
    near = round(number, 9)
    if near.is_integer() and abs(near) < 10**30:
        return str(int(near))
    return f"{number:.15g}".replace(".", ",")
