"""How fast do spreadsheets come in? A workbook of 100,000 rows of 10 columns, a CSV of a million.

    python benchmarks/reading.py

Times are seconds of processor of this process and its children, memory is what this process grew
by. The files are made first, from a fixed rule, and thrown away.
"""

from __future__ import annotations

import os
import resource
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

from kompetanse_adapters.spreadsheet import spreadsheet

KEY = "only for measuring, never for people"
SHEET_ROWS, CSV_ROWS = 100_000, 1_000_000
SHEET_TARGET, CSV_TARGET = 30, 15


def main() -> None:
    """Make both files, read them, and tell the times beside the targets."""
    with tempfile.TemporaryDirectory() as folder:
        table, book = Path(folder, "million.csv"), Path(folder, "sheet.xlsx")
        write_table(table)
        measure("CSV, 1,000,000 rows of 8", table, CSV_TARGET)
        write_book(book)
        measure("xlsx, 100,000 rows of 10", book, SHEET_TARGET)


def measure(work: str, path: Path, target: int) -> None:
    """Read a file and tell how long it took, what came of it, and what this process grew by."""
    before, grown = os.times(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    known = spreadsheet(path, KEY).read().enterprise
    after = os.times()
    spent = sum(after[:4]) - sum(before[:4])
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - grown) // 1024
    levels = f"{len(known.assessments):,} levels of {len(known.employees):,} people"
    print(f"{work}: {spent:.1f} s (target {target} s), {megabytes} MiB, {levels}")


def write_table(path: Path) -> None:
    """Write a long table in Windows-1252: forty levels for each person."""
    with path.open("w", encoding="cp1252", newline="") as stream:
        stream.write("Ansattnr;Avdeling;Stilling;Prosent;Kompetanse;Nivå;Vurdert av;Dato\r\n")
        for row in range(CSV_ROWS):
            person = row // 40
            name, day = f"Kompetanse nå {row % 40 + person % 400}", f"{row % 28 + 1:02}.03.2026"
            where = f"{10_000 + person};Avdeling {person % 50};Rolle {person % 30};100"
            stream.write(f"{where};{name};{row % 6};leder;{day}\r\n")


def write_book(path: Path) -> None:
    """Write a wide sheet: six levels for each person."""
    book = import_module("xlsxwriter").Workbook(str(path), {"constant_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy"})
    names = ("Ansattnr", "Avdeling", "Stilling", "Dato", *(f"Kompetanse {n}" for n in range(6)))
    sheet.write_row(0, 0, names)
    for row, (texts, assessed, levels) in enumerate(people(), start=1):
        sheet.write_row(row, 0, texts)
        sheet.write_datetime(row, 3, assessed, day)
        sheet.write_row(row, 4, levels)
    book.close()


def people() -> Iterator[tuple[tuple[str, str, str], date, tuple[int, ...]]]:
    """Yield what stands in each row of the sheet."""
    for row in range(SHEET_ROWS):
        texts = (f"{10_000 + row}", f"Avdeling {row % 50}", f"Rolle {row % 30}")
        yield texts, date(2026, 1, 1) + timedelta(row % 300), tuple((row + n) % 6 for n in range(6))


if __name__ == "__main__":
    main()
