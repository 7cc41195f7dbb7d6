"""Are workbooks read as they were meant, and hostile ones refused without harm to the host?"""

import io
import random
import resource
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.adapters.sheets import SHEET, cell, head, packed, parts, row, sheet, workbook

from kompetanse_adapters import reading
from kompetanse_adapters.reading import Pseudonyms
from kompetanse_adapters.spreadsheet import (
    Hidden,
    Shape,
    spreadsheet,
    write_template,
    write_workbook,
)
from kompetanse_core import (
    Assessment,
    AssessmentSource,
    Competence,
    CompetenceId,
    Employee,
    EmployeeId,
    Enterprise,
    Facet,
    Language,
    Level,
    Misuse,
    Reading,
    Scale,
    ScaleId,
    SourceUnavailable,
    Text,
)
from kompetanse_core.conformance import enterprises

KEY = "0123456789abcdef"
ON = date(2027, 1, 1)
AT = datetime(2027, 1, 1, tzinfo=UTC)

ONE = row(2, cell("A2", "1"), cell("B2", 3, "n"))
STYLES = (
    '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="00000"/>'
    '<numFmt numFmtId="171" formatCode="[$-414]d. mmm yyyy"/></numFmts><cellXfs>'
    + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 171, 9, 170))
    + "</cellXfs></styleSheet>"
)


def read(path: Path, **more: object) -> Reading:
    """Read a workbook with a key and a day."""
    said: dict[str, object] = {"on": ON, **more}
    return spreadsheet(path, KEY, **said).read()  # type: ignore[arg-type]  # any option may be tried


def codes(reading: Reading) -> set[str]:
    """The codes of what refuses."""
    return {each.code for each in reading.refused}


def levels(reading: Reading) -> list[int]:
    """The levels that were read."""
    return [int(each.level) for each in reading.enterprise.assessments]


# --- what a workbook means -----------------------------------------------------------------------


def test_a_small_workbook_is_read(tmp_path: Path) -> None:
    """Texts in the sheet and shared ones, without what is read aloud; numbers as they are shown."""
    shared = (
        "<sst><si><t>Ansattnr</t></si>"
        "<si><r><t>Lod</t></r><r><t>ding</t></r><rPh><t>lyd</t></rPh></si></sst>"
    )
    top = row(1, cell("A1", 0, "s"), cell("B1", 1, "s"), cell("C1", "Dato"), cell("D1", "Prosent"))
    one = row(
        2,
        cell("A2", 42, "n", 's="4"'),
        cell("B2", "3.0", "n"),
        cell("C2", 46022, "n", 's="2"'),
        cell("D2", "0.375", "n", 's="3"'),
    )
    path = tmp_path / "book.xlsx"
    made = {**parts(sheet(top, one), styles=STYLES), "xl/sharedStrings.xml": shared}
    path.write_bytes(packed(made))
    (said,) = read(path).enterprise.assessments
    assert said.employee == Pseudonyms(KEY).of("00042")
    assert (said.competence, said.level, said.assessed) == ("Lodding", 3, date(2025, 12, 31))


@pytest.mark.parametrize(
    ("since", "serial", "day"),
    [
        ("", 46022, date(2025, 12, 31)),
        ("", 61, date(1900, 3, 1)),
        ("", 59, date(1900, 2, 28)),
        ("", 60, None),
        ("", 10**9, None),
        ('<workbookPr date1904="1"/>', 44560, date(2025, 12, 31)),
    ],
)
def test_bad_input_51_days_count_from_1900_or_1904(
    tmp_path: Path, since: str, serial: int, day: date | None
) -> None:
    """51: and the 29th of February 1900, which only spreadsheets know, is refused."""
    book = since + '<sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets>'
    rows = row(2, cell("A2", "1"), cell("B2", 3, "n"), cell("C2", serial, "n", 's="1"'))
    path = workbook(tmp_path, sheet(head("ansatt", "Tåke", "dato"), rows), book=book, styles=STYLES)
    reading = read(path)
    if day is None:
        assert codes(reading) == {"E211"}
    else:
        assert [each.assessed for each in reading.enterprise.assessments] == [day]


def test_bad_input_53_a_date_that_is_text_is_read_as_text(tmp_path: Path) -> None:
    """53: 31.12.2026 is read, 12/31/2026 is not, whatever the cell is formatted as."""
    for words, known in (("31.12.2026", True), ("12/31/2026", False)):
        rows = row(2, cell("A2", "1"), cell("B2", 3, "n"), cell("C2", words))
        reading = read(workbook(tmp_path, sheet(head("ansatt", "Tåke", "dato"), rows)))
        assert (not codes(reading)) == known
        assert codes(reading) <= {"E211"}


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        (cell("B2", "#REF!", "e"), "E302"),
        (cell("B2", "#DIV/0!", "e"), "E302"),
        ('<c r="B2"><f>1+2</f></c>', "E303"),
        (cell("B2", "NaN", "n"), "E210"),
        (cell("B2", 99, "s"), "E301"),
    ],
)
def test_bad_inputs_48_and_49_are_never_empty_or_zero(tmp_path: Path, odd: str, code: str) -> None:
    """48, 49: an error, a formula without a value, a number that is none: told at the cell."""
    reading = read(workbook(tmp_path, sheet(head("ansatt", "Tåke"), row(2, cell("A2", "1"), odd))))
    assert [(each.code, each.place.row, each.place.column) for each in reading.refused] == [
        (code, 2, "B")
    ]


def test_a_formula_gives_the_value_that_was_stored(tmp_path: Path) -> None:
    """Formulas are never run: what the spreadsheet program kept is what it says."""
    rows = row(2, cell("A2", "1"), '<c r="B2"><f>1+1</f><v>4</v></c>')
    assert levels(read(workbook(tmp_path, sheet(head("ansatt", "Tåke"), rows)))) == [4]


def test_bad_input_50_what_is_hidden_is_told_and_left_out_unless_asked_for(
    tmp_path: Path,
) -> None:
    """50: rows, columns and sheets."""
    rows = (
        row(2, cell("A2", "1"), cell("B2", 3, "n"), cell("C2", 4, "n")),
        row(3, cell("A3", "2"), cell("B3", 5, "n"), more='hidden="1"'),
    )
    columns = '<cols><col min="3" max="3" hidden="1"/></cols>'
    content = sheet(head("ansatt", "Tåke", "Lodding"), *rows, before=columns)
    book = (
        '<sheets><sheet name="a" sheetId="2" state="hidden" r:id="rId9"/>'
        '<sheet name="b" sheetId="1" r:id="rId1"/></sheets>'
    )
    path = workbook(tmp_path, content, book=book)
    reading = read(path)
    assert levels(reading) == [3]
    places = [(e.place.row, e.place.column) for e in reading.findings if e.code == "W304"]
    assert places == [(None, ""), (None, "C"), (3, "")]
    assert sorted(levels(read(path, hidden=Hidden.INCLUDE, sheet="b"))) == [3, 4, 5]
    with pytest.raises(BaseException, match="E503"):
        _ = read(path, sheet="c").enterprise


def test_bad_input_52_a_number_too_long_for_a_workbook(tmp_path: Path) -> None:
    """52: sixteen digits are more than it keeps."""
    rows = row(2, cell("A2", "1234567890123456", "n"), cell("B2", 3, "n"))
    reading = read(workbook(tmp_path, sheet(head("ansatt", "Tåke"), rows)))
    assert "W305" in {each.code for each in reading.findings}


# --- hostile workbooks ---------------------------------------------------------------------------

ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">{}]>'
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))


def doctyped(declared: str) -> str:
    """A sheet with declarations of entities."""
    return declared + sheet(head("ansatt", "Tåke"), row(2, cell("A2", "&a;"), cell("B2", 3, "n")))


WELL = sheet(head("ansatt", "Tåke"), ONE)
FAR = row(1_048_576, cell("XFD1048576", "x"))
MERGED = '<mergeCells><mergeCell ref="A3:XFD1048576"/></mergeCells>'
LIE = '<dimension ref="A1:XFD1048576"/>'

HOSTILE: dict[str, tuple[str | dict[str, str | bytes], set[str]]] = {
    "35 far_cell": (sheet(head("ansatt", "Tåke"), ONE, FAR), {"E109"}),
    "36 merge_huge": (sheet(head("ansatt", "Tåke"), ONE, after=MERGED), set()),
    "37 dim_lie": (sheet(head("ansatt", "Tåke"), ONE, before=LIE), set()),
    "40 billion laughs": (doctyped(ENTITIES.format('<!ENTITY a0 "ha">' + LAUGHS)), {"E301"}),
    "41 quadratic": (doctyped(ENTITIES.format(f'<!ENTITY b "{"b" * 100_000}">')), {"E301"}),
    "42 xxe": (doctyped('<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), {"E301"}),
    "44 ../ member": ({**parts(WELL), "../evil": "x"}, {"E406"}),
    "45 damaged part": (WELL[:-30], {"E301"}),
    "rows out of order": (sheet(head("ansatt", "Tåke"), row(5, cell("A5", "1")), ONE), {"E301"}),
    "no workbook part": ({"[Content_Types].xml": "<Types/>"}, {"E301"}),
    "47 xlsb": ({**parts(WELL), "xl/workbook.bin": "x"}, {"E301"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_bad_inputs_35_to_47_hostile_workbooks_are_refused_or_read(
    tmp_path: Path, name: str
) -> None:
    """Each by its number: a finding of ours, or the one level that it holds."""
    content, expected = HOSTILE[name]
    path = tmp_path / "book.xlsx"
    path.write_bytes(packed(parts(content) if isinstance(content, str) else content))
    reading = read(path)
    assert codes(reading) == expected
    if not expected:
        assert levels(reading) == [3]


@pytest.mark.parametrize(
    "content", [b"", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 64, b"x" * 99]
)
def test_bad_inputs_45_and_46_no_workbook_at_all(tmp_path: Path, content: bytes) -> None:
    """45, 46: truncated, encrypted, old, or something else under that name."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    (told,) = read(path).refused
    assert told.code == "E301"
    assert ("encrypted" in told.text) == content.startswith(b"\xd0\xcf")


def test_bad_input_43_a_member_that_stands_twice(tmp_path: Path) -> None:
    """43: which of the two was meant, nobody can say."""
    stream = io.BytesIO(packed(parts(sheet(head("ansatt", "Tåke"), ONE))))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(SHEET.upper(), "<worksheet/>")
    (tmp_path / "book.xlsx").write_bytes(stream.getvalue())
    assert codes(read(tmp_path / "book.xlsx")) == {"E301"}


def test_bad_input_38_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """38: sixty-four million equal characters in shared texts."""
    bomb = "<sst>" + "<si><t>" + "a" * 2**26 + "</t></si></sst>"
    made = {**parts(sheet(head("ansatt", "Tåke"), ONE)), "xl/sharedStrings.xml": bomb}
    (tmp_path / "book.xlsx").write_bytes(packed(made))
    assert codes(read(tmp_path / "book.xlsx")) == {"E109"}


def test_bad_inputs_39_and_54_and_fault_f24_what_takes_too_much_ends_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """39, 54, F24: the process that reads is ended, and this one has hardly grown."""
    rows = [row(n, *(cell(f"{c}{n}", f"t{n}{c}") for c in "ABCD")) for n in range(2, 60_000)]
    path = workbook(tmp_path, sheet(head("ansatt", "a", "b", "c"), *rows))
    del rows
    confined = reading.confined
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    monkeypatch.setattr(reading, "confined", lambda *given: confined(*given, memory=2**21))
    with pytest.raises(SourceUnavailable, match="E305"):
        read(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


@given(seed=st.integers(0, 2**32))
@settings(max_examples=8)
def test_bad_input_54_a_workbook_that_was_damaged_anywhere_ends_in_an_error_of_ours(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """54: some bytes overwritten; never another error, never a hang."""
    chance = random.Random(seed)
    content = bytearray(packed(parts(sheet(head("ansatt", "Tåke"), ONE), styles=STYLES)))
    for _ in range(chance.randrange(1, 8)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    path = tmp_path_factory.mktemp("damaged") / "book.xlsx"
    path.write_bytes(content)
    assert read(path).findings


# --- out -----------------------------------------------------------------------------------------

NAUGHTY = (
    *(
        "=1+1",
        "=HYPERLINK('x')",
        "+47",
        "-5",
        "@SUM(A1)",
        "'x",
        '"',
        "a;b",
        "a\tb",
        "a\nb",
        "a\r\nb",
    ),
    *("<script>alert(1)</script>", "</t></si>", "&amp;", "]]>", "_x000D_", "_x005F_", "\u202eabc"),
    *(
        "😀",
        "\uff34",
        "ÅØÆ",
        "null",
        "1E5",
        "00123",
        "true",
        "31.12.2026",
        "{{7*7}}",
        "%s%n",
        "\x7f",
    ),
)


def enterprise_of(*names: str) -> Enterprise:
    """One person, assessed in competences by these ids."""
    scale = Scale(id=ScaleId("0-5"), label=Text(nb="0 til 5", en="0 to 5"), top=Level(5))
    return Enterprise(
        scales=(scale,),
        competences=[
            Competence(id=CompetenceId(n), label=Text(nb=n), facet=Facet.SKILL, scale=scale.id)
            for n in names
        ],
        employees=(Employee(id=EmployeeId("a")),),
        assessments=[
            Assessment(
                employee=EmployeeId("a"),
                competence=CompetenceId(name),
                level=Level(1 + number % 5),
                source=AssessmentSource.SELF,
                assessed=ON,
                recorded=AT,
            )
            for number, name in enumerate(names)
        ],
    )


def test_bad_inputs_12_and_28_names_come_back_as_they_are(tmp_path: Path) -> None:
    """12, 28: whatever can be an id round-trips through a workbook, and no formula is live."""
    names = sorted(name for name in NAUGHTY if name.isprintable() and name != "null")
    path = tmp_path / "book.xlsx"
    assert write_workbook(enterprise_of(*names), path) == ()
    with zipfile.ZipFile(path) as archive:
        texts = b"".join(archive.read(name) for name in archive.namelist())
    assert b"<f>" not in texts
    assert b"<hyperlink" not in texts


def test_bad_input_12_what_a_cell_cannot_hold_is_refused_before_a_file_is_there(
    tmp_path: Path,
) -> None:
    """12, 13, 29: a text longer than a cell; and a file that is there already is left alone."""
    path = tmp_path / "book.xlsx"
    with pytest.raises(Misuse, match="E109"):
        write_workbook(enterprise_of("x" * 32_768), path)
    assert list(tmp_path.iterdir()) == []
    path.write_bytes(b"mine")
    with pytest.raises(Misuse, match="E802"):
        write_workbook(enterprise_of("x"), path)
    assert path.read_bytes() == b"mine"


@given(enterprise=enterprises())
@settings(max_examples=5)
def test_what_does_not_come_back_is_a_loss(
    enterprise: Enterprise, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A table of levels has no place for most of an enterprise, and says so by field and count."""
    path = tmp_path_factory.mktemp("out") / "book.xlsx"
    losses = write_workbook(enterprise, path)
    counted = {each.field: each.count for each in losses}
    for plural in ("measures", "requirements", "wishes", "evidence", "relations"):
        there = len(getattr(enterprise, plural))
        assert counted.get(plural, 0) == there
    assert all(each.reason for each in losses)
    back = spreadsheet(path).read().parcel
    assert {each.id for each in back.employees} == {each.id for each in enterprise.employees}


def test_another_reader_sees_the_same_cells(tmp_path: Path) -> None:
    """python-calamine, a reader of others, finds in what we write the cells that we read."""
    calamine = pytest.importorskip("python_calamine", reason="no other reader of workbooks")
    path = tmp_path / "book.xlsx"
    names = [name for name in NAUGHTY if name.isprintable()]
    write_workbook(enterprise_of(*names), path)
    rows = calamine.load_workbook(str(path)).get_sheet_by_index(0).to_python()
    assert rows[0][:3] == ["pseudonym", "unit", "role"]
    assert {line[4] for line in rows[2:]} == set(names)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("shape", Shape)
@pytest.mark.parametrize("name", ["mal.xlsx", "mal.csv"])
def test_a_template_is_a_table_without_rows(
    tmp_path: Path, language: Language, shape: Shape, name: str
) -> None:
    """In three languages, long and wide, as a workbook and as CSV: each header is recognised."""
    path = tmp_path / name
    write_template(path, shape=shape, language=language)
    reading = spreadsheet(path, KEY).read()
    assert codes(reading) == {"E206"}
    assert "E205" not in {each.code for each in reading.findings}
    with pytest.raises(Misuse, match="E802"):
        write_template(path)
    with pytest.raises(Misuse, match="E301"):
        write_template(tmp_path / "mal.ods")
