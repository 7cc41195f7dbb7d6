"""Does a spreadsheet program open what we write, with nothing in it alive? LibreOffice is asked."""

import csv
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kompetanse_adapters.spreadsheet import write_template, write_workbook
from kompetanse_core import (
    Assessment,
    AssessmentSource,
    Competence,
    CompetenceId,
    Employee,
    EmployeeId,
    Enterprise,
    Facet,
    Level,
    Scale,
    ScaleId,
    Text,
)

OFFICE = shutil.which("soffice")
EVERY_SHEET = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"
ALIVE = CompetenceId("=1+1")

pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")


def opened(path: Path) -> dict[str, list[list[str]]]:
    """The cells of every sheet, as the program shows them."""
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    asked = [str(OFFICE), profile, "--headless", "--convert-to", EVERY_SHEET, path.name]
    subprocess.run(asked, cwd=path.parent, check=True, capture_output=True, timeout=120)
    sheets = {}
    for each in path.parent.glob("*.csv"):
        with each.open(encoding="utf-8", newline="") as file:
            sheets[each.stem] = list(csv.reader(file, delimiter=";"))
    return sheets


def test_the_template_opens(tmp_path: Path) -> None:
    """Its first sheet has the headers that are read, the second tells how to fill it in."""
    write_template(tmp_path / "mal.xlsx")
    header, *rest = opened(tmp_path / "mal.xlsx")["mal-Kompetanse"]
    assert header[0] == "Ansattnr"
    assert not any(cell for row in rest for cell in row)


def test_bad_input_92_no_formula_comes_alive(tmp_path: Path) -> None:
    """A competence called =1+1 is shown as it is called, not as two."""
    enterprise = Enterprise(
        scales=[Scale(id=ScaleId("s"), top=Level(5))],
        competences=[
            Competence(id=ALIVE, label=Text("=1+1"), facet=Facet.SKILL, scale=ScaleId("s"))
        ],
        employees=[Employee(id=EmployeeId("p1"))],
        assessments=[
            Assessment(
                employee=EmployeeId("p1"),
                competence=ALIVE,
                level=Level(3),
                source=AssessmentSource.LEADER,
                assessed=datetime(2026, 1, 1, tzinfo=UTC).date(),
                recorded=datetime(2026, 1, 1, tzinfo=UTC),
            )
        ],
    )
    write_workbook(enterprise, tmp_path / "book.xlsx")
    cells = [
        cell for rows in opened(tmp_path / "book.xlsx").values() for row in rows for cell in row
    ]
    assert "=1+1" in cells
    assert "2" not in cells
