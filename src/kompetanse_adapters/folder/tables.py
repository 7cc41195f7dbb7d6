"""What do the rows of a CSV table say? They become Nouns, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from attrs import evolve

from kompetanse_adapters.folder.cells import Read, composed, reader_of
from kompetanse_adapters.folder.forms import LANGUAGES, Form, columns_of, header_of
from kompetanse_adapters.folder.nouns import Flaws, Nouns, make
from kompetanse_adapters.folder.shape import Shape, shapes_of
from kompetanse_adapters.reading import Dialect, Sheet, find, read_sheet, refusal
from kompetanse_core import Finding, Misuse, Place, Text


def read_table(text: str, *, form: Form, dialect: Dialect, defaults: Mapping[str, Any]) -> Nouns:
    """Read one table; a row with a flaw is told and left out.

    `defaults` stand in for fields that the model asks for and a cell leaves out.
    """
    sheet = read_sheet(
        text, file=form.file, header=header_of(form, frozenset(defaults)), dialect=dialect
    )
    readers = _readers(sheet, form, dialect, defaults)
    alike = tuple(_same_after_composing(sheet))
    findings, again = [*sheet.findings, *alike], {found.place.row for found in alike}
    places: dict[Any, Place] = {}
    nouns: list[Any] = []
    for number, cells in sheet.rows:
        values = {column: read(cells[at]) for at, column, read in readers}
        noun, flaws = _row(form, values, defaults)
        if flaws:
            findings += [_told(sheet, number, name, error) for name, error in flaws]
        elif number not in again:
            nouns.append(noun)
            places[noun] = Place(file=form.file, row=number)
    return Nouns(nouns=tuple(nouns), places=places, findings=tuple(findings), losses=sheet.losses)


def _readers(
    sheet: Sheet, form: Form, dialect: Dialect, defaults: Mapping[str, Any]
) -> list[tuple[int, str, Read]]:
    """Give for each column its place, its name and how to read it."""
    columns = columns_of(form)
    return [
        (at, column, reader_of(_softened(columns[column], form, defaults), dialect))
        for at, column in enumerate(sheet.columns)
        if column
    ]


def _softened(shape: Shape, form: Form, defaults: Mapping[str, Any]) -> Shape:
    if shape.name in defaults:
        return evolve(shape, required=False, default=defaults[shape.name])
    return evolve(shape, required=False) if shape.name == "recorded" and form.day else shape


def _row(form: Form, values: dict[str, Any], defaults: Mapping[str, Any]) -> tuple[Any, Flaws]:
    """Make the noun of a row, telling every flaw of its cells."""
    for name, value in defaults.items():
        values.setdefault(name, value)
    if form.day and values.get("recorded") is None:
        values["recorded"] = _midnight(values.get(form.day), form)
    for shape in _texts(form):
        values[shape.name] = _text(shape, values)
    told = tuple((name, value) for name, value in values.items() if isinstance(value, Misuse))
    for name, _ in told:
        del values[name]
    return make(form.noun, values, told)


def _midnight(day: date | Misuse | None, form: Form) -> datetime | Misuse | None:
    """Give the midnight that opens a day; a flaw of the day itself is told only once."""
    if isinstance(day, date):
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    hint = f"say when it was {form.day} or recorded"
    return Misuse("E214", "nothing says when this became known", hint=hint) if day is None else None


@cache
def _texts(form: Form) -> tuple[Shape, ...]:
    return tuple(shape for shape in shapes_of(form.noun).values() if shape.leaf is Text)


def _text(shape: Shape, values: dict[str, Any]) -> Text | Misuse:
    text = Text(*(values.pop(f"{shape.name}{language}", "") for language in LANGUAGES))
    if shape.required and not text:
        return Misuse("E214", "a value that must be there is missing")
    return text


def _told(sheet: Sheet, number: int, column: str, error: Misuse) -> Finding:
    return find(error, Place(file=sheet.file, row=number, column=column))


def _same_after_composing(sheet: Sheet) -> Iterator[Finding]:
    """Tell ids that are written differently and are the same once composed (E104)."""
    if "id" not in sheet.columns:
        return
    at = sheet.columns.index("id")
    written: dict[str, str] = {}
    for number, cells in sheet.rows:
        cell = cells[at].strip()
        if written.setdefault(composed(cell), cell) != cell:
            place = Place(file=sheet.file, row=number, column="id")
            told = "this id and an earlier one are the same after Unicode normalisation (NFC)"
            yield refusal("E104", told, place, "write each id in one way")
