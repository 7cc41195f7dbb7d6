"""How does a spreadsheet come to be? `write_template` for people to fill in, and `write_workbook`.

Every text is written as text: nothing that begins with = or @ becomes a formula.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from kompetanse_adapters.reading import Dialect, losses_between
from kompetanse_adapters.spreadsheet.columns import Shape
from kompetanse_adapters.spreadsheet.gathered import Meaning
from kompetanse_adapters.spreadsheet.read import read_spreadsheet
from kompetanse_core import Engagement, Enterprise, Language, Loss, Misuse, StoreUnavailable

LONGEST = 32_767
"""The longest text that a cell of a workbook holds."""

MOST_ROWS = 1_048_576

_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONG = (
    "employee",
    "unit",
    "role",
    "share",
    "competence",
    "level",
    "assessed",
    "source",
    "expires",
)
_WIDE = ("employee", "unit", "role", "share", "assessed")
_TITLES: Mapping[str, Mapping[Language, str]] = MappingProxyType(
    {
        name: MappingProxyType(dict(zip(Language, titles, strict=True)))
        for name, titles in {
            "employee": ("Ansattnr", "Tilsettnr", "Employee number"),
            "unit": ("Enhet", "Eining", "Unit"),
            "role": ("Rolle", "Rolle", "Role"),
            "share": ("Stillingsprosent", "Stillingsprosent", "Percent"),
            "competence": ("Kompetanse", "Kompetanse", "Competence"),
            "level": ("Nivå", "Nivå", "Level"),
            "assessed": ("Vurderingsdato", "Vurderingsdato", "Assessed"),
            "source": ("Vurdert av", "Vurdert av", "Assessed by"),
            "expires": ("Utløpsdato", "Går ut", "Expires"),
        }.items()
    }
)
_SHEETS = MappingProxyType(
    {
        Language.NB: ("Kompetanse", "Veiledning"),
        Language.NN: ("Kompetanse", "Rettleiing"),
        Language.EN: ("Competence", "Guide"),
    }
)
_COLUMN_OF_THEIR_OWN = MappingProxyType(
    {Language.NB: "Kompetanse {}", Language.NN: "Kompetanse {}", Language.EN: "Competence {}"}
)
_GUIDE: Mapping[Language, Sequence[str]] = MappingProxyType(
    {
        Language.NB: (
            "Skriv ansattnummer, aldri navn. Nummeret blir til et pseudonym når arket leses.",
            "Nivå er et helt tall fra 0 til {top}; 0 er ingen. Ukjent nivå: la cellen stå tom.",
            "Dato skrives 31.12.2026. Stillingsprosent skrives 100 eller 37,5.",
            "Vurdert av: leder, felles, egenvurdering, prøve eller dokumentert.",
            "Ikke skriv om fagforening, helse, tro eller annet som ikke er kompetanse.",
        ),
        Language.NN: (
            "Skriv tilsettnummer, aldri namn. Nummeret blir til eit pseudonym når arket blir lese.",
            "Nivå er eit heilt tal frå 0 til {top}; 0 er ingen. Ukjent nivå: la cella stå tom.",
            "Dato blir skriven 31.12.2026. Stillingsprosent blir skriven 100 eller 37,5.",
            "Vurdert av: leiar, felles, eigenvurdering, prøve eller dokumentert.",
            "Ikkje skriv om fagforeining, helse, tru eller anna som ikkje er kompetanse.",
        ),
        Language.EN: (
            "Write employee numbers, never names. A number becomes a pseudonym when it is read.",
            "A level is a whole number from 0 to {top}; 0 is none. Unknown: leave the cell empty.",
            "Write a date as 31.12.2026 or 2026-12-31, and percent as 100 or 37,5.",
            "Assessed by: leader, joint, self, test or credential.",
            "Write nothing of unions, health, belief or anything else that is no competence.",
        ),
    }
)
_A_ROW = "a row says a level from 0 to the top, a day, who assessed and until when"
_LOST: Mapping[str, str] = MappingProxyType(
    {
        "Assessment.recorded": "a row counts as known since it was assessed",
        "Competence.label": "a competence goes by its id",
        "Competence.scale": "all levels of a table are on one scale",
        "Role.label": "a role goes by its id",
        "Unit.label": "a unit goes by its id",
        "assessments": _A_ROW,
        "assessments: added": _A_ROW,
        "competences": "nobody has been assessed in it",
        "scales": "all levels of a table are on one scale",
        "scales: added": "all levels of a table are on one scale",
    }
)


def write_template(
    path: Path,
    *,
    shape: Shape | str = Shape.LONG,
    language: Language | str = Language.NB,
    top: int = 5,
) -> None:
    """Write an empty table to be filled in, as a workbook (.xlsx) or as CSV.

    The command line finds this by its entry point, so shape and language may be words.

    Raises:
        Misuse: E301, if it is neither; E802, if a file is there already; E906, without the extra.
        StoreUnavailable: E802, if it cannot be written.
    """
    shape, language = Shape(shape), Language(language)
    titles = [_TITLES[name][language] for name in (_LONG if shape is Shape.LONG else _WIDE)]
    if shape is Shape.WIDE:
        titles += [_COLUMN_OF_THEIR_OWN[language].format(number) for number in (1, 2, 3)]
    if path.suffix.lower() == ".csv":
        _save(path, ("\ufeff" + ";".join(titles) + "\r\n").encode("utf-8"))
    elif path.suffix.lower() == ".xlsx":
        _save(path, _template(titles, language, top, shape))
    else:
        raise Misuse("E301", "a template is written as .xlsx or .csv", hint="name it so")


def write_workbook(enterprise: Enterprise, path: Path, *, top: int = 5) -> tuple[Loss, ...]:
    """Write people, where they work, and their assessments as a long table, and tell the rest.

    What is written is read back: the losses are what really does not come back.

    Raises:
        Misuse: E108 or E109, if a cell cannot hold a text, before anything is written; E802, if a
            file is there already; E906, without the extra.
        StoreUnavailable: E802, if it cannot be written.
    """
    titles = ("pseudonym", *_LONG[1:])
    rows = list(_rows(enterprise))
    for cell in (cell for row in rows for cell in row if isinstance(cell, str)):
        _refuse_uncarried(cell)
    if len(rows) >= MOST_ROWS:
        raise Misuse("E109", "a sheet of a workbook has no room for so many rows")
    content = _workbook(titles, rows)
    losses = _compare(enterprise, content, top)
    _save(path, content)
    return losses


def _refuse_uncarried(cell: str) -> None:
    if _BAD.search(cell):
        raise Misuse("E108", "a text holds control characters, which no workbook carries")
    if len(cell.encode("utf-16-le")) // 2 > LONGEST:
        raise Misuse("E109", f"a text is longer than the {LONGEST} characters that a cell holds")


def _rows(enterprise: Enterprise) -> Iterator[tuple[object, ...]]:
    """Yield a row for each engagement of a person, and one for each assessment."""
    works: dict[str, list[Engagement]] = {}
    for each in enterprise.engagements:
        works.setdefault(each.employee, []).append(each)
    for person in enterprise.employees:
        places: list[tuple[str, str, str]] = [
            (one.unit, one.role, _per_cent(one.share)) for one in works.get(person.id, ())
        ]
        for place in places or [("", "", "")]:
            yield (person.id, *place, "", "", "", "", "")
    for said in enterprise.assessments:
        ends = said.expires or ""
        where = (said.competence, int(said.level), said.assessed, said.source.value, ends)
        yield (said.employee, "", "", "", *where)


def _per_cent(points: int) -> str:
    return f"{points // 100},{points % 100:02}"


def _compare(enterprise: Enterprise, content: bytes, top: int) -> tuple[Loss, ...]:
    """Read back what was written."""
    with tempfile.TemporaryDirectory(prefix="kompetanse-") as folder:
        path = Path(folder, "workbook.xlsx")
        path.write_bytes(content)
        back = read_spreadsheet(path, None, Meaning(top=top, dialect=Dialect())).parcel
    return losses_between(
        enterprise, back, _LOST, otherwise="a table of levels has no place for it"
    )


# --- the workbook --------------------------------------------------------------------------------


class _Sheet(Protocol):
    """What is used of a sheet of XlsxWriter."""

    def write_string(self, row: int, column: int, words: str, look: object = None) -> int: ...
    def write_number(self, row: int, column: int, number: int) -> int: ...
    def write_datetime(self, row: int, column: int, day: date, look: object) -> int: ...
    def set_column(self, first: int, last: int, width: int, look: object = None) -> int: ...
    def freeze_panes(self, row: int, column: int) -> None: ...
    def data_validation(
        self, top: int, left: int, bottom: int, right: int, rule: Mapping[str, object]
    ) -> int: ...


class _Book(Protocol):
    """What is used of a workbook of XlsxWriter."""

    def add_worksheet(self, name: str) -> _Sheet: ...
    def add_format(self, look: Mapping[str, object]) -> object: ...
    def close(self) -> None: ...


def _workbook(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write one sheet; texts stay texts, and a day is a day."""
    stream = io.BytesIO()
    book = _new(stream)
    sheet, day = book.add_worksheet("Kompetanse"), book.add_format({"num_format": "dd.mm.yyyy"})
    _head(book, sheet, titles)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                sheet.write_datetime(number, place, cell, day)
            elif isinstance(cell, int):
                sheet.write_number(number, place, cell)
            elif isinstance(cell, str) and cell:
                sheet.write_string(number, place, cell)
    book.close()
    return stream.getvalue()


def _template(titles: Sequence[str], language: Language, top: int, shape: Shape) -> bytes:
    stream = io.BytesIO()
    book = _new(stream)
    name, guide = _SHEETS[language]
    sheet = book.add_worksheet(name)
    _head(book, sheet, titles)
    level = titles.index(_TITLES["level"][language]) if shape is Shape.LONG else len(_WIDE)
    last = level if shape is Shape.LONG else len(titles) - 1
    rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": top}
    sheet.data_validation(1, level, 9_999, last, rule)
    sheet.set_column(0, 0, 20, book.add_format({"num_format": "@"}))
    notes = book.add_worksheet(guide)
    notes.set_column(0, 0, 100)
    for number, line in enumerate(_GUIDE[language]):
        notes.write_string(number, 0, line.format(top=top))
    book.close()
    return stream.getvalue()


def _new(stream: io.BytesIO) -> _Book:
    """Begin a workbook in which no text becomes a formula, a link or a number.

    Raises:
        Misuse: E906, without the extra `excel`.
    """
    try:
        xlsxwriter = import_module("xlsxwriter")
    except ImportError as error:
        hint = "install kompetanse[excel]"
        raise Misuse("E906", "writing workbooks takes the extra excel", hint=hint) from error
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book: _Book = xlsxwriter.Workbook(stream, {**plain, "in_memory": True})
    return book


def _head(book: _Book, sheet: _Sheet, titles: Sequence[str]) -> None:
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(titles) - 1, 20)
    for place, title in enumerate(titles):
        sheet.write_string(0, place, title, bold)


def _save(path: Path, content: bytes) -> None:
    """Write the file whole or not at all, and never over another."""
    if path.exists():
        raise Misuse("E802", "a file is there already", hint="name one that is not there")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        beside.rename(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise StoreUnavailable("E802", f"cannot write the file: {error.strerror}") from error
