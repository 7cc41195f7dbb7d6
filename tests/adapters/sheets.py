"""What do the tests of spreadsheets share? Workbooks made part by part, as hostile as need be."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"

SHEET = "xl/worksheets/sheet1.xml"


def cell(at: str, said: object, kind: str = "inlineStr", more: str = "") -> str:
    """A cell of a text, or of another kind."""
    if kind == "inlineStr":
        return f'<c r="{at}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
    return f'<c r="{at}" t="{kind}" {more}><v>{said}</v></c>'


def row(number: int, *cells: str, more: str = "") -> str:
    """A row of cells."""
    return f'<row r="{number}" {more}>{"".join(cells)}</row>'


def head(*names: str) -> str:
    """A header row."""
    return row(1, *(cell(f"{chr(65 + place)}1", name) for place, name in enumerate(names)))


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    """A sheet of rows."""
    inside = f"{before}<sheetData>{''.join(rows)}</sheetData>{after}"
    return f'<worksheet xmlns="{MAIN}">{inside}</worksheet>'


def parts(content: str, *, book: str = "", styles: str = "") -> dict[str, str]:
    """The parts of a workbook of one sheet."""
    said = book or '<sheets><sheet name="Ark1" sheetId="1" r:id="rId1"/></sheets>'
    return {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="a" '
            f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">{said}</workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}">'
            f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
            f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/>'
            f'<Relationship Id="rId3" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
            "</Relationships>"
        ),
        SHEET: content,
        **({"xl/styles.xml": styles} if styles else {}),
    }


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """The bytes of a workbook."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def workbook(folder: Path, content: str, **more: str) -> Path:
    """A workbook of one sheet in a file."""
    path = folder / "book.xlsx"
    path.write_bytes(packed(parts(content, **more)))
    return path
