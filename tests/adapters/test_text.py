"""Is text read as it was meant, or not at all? The cellar of the adapters (FAULTS 1 to 34)."""

import codecs
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_adapters.reading import (
    Decoded,
    Dialect,
    Header,
    Sheet,
    content_of,
    decode,
    is_missing,
    read_day,
    read_flag,
    read_instant,
    read_number,
    read_share,
    read_sheet,
    read_toml,
    read_whole,
    read_word,
)
from kompetanse_adapters.reading.encoding import MOST_BYTES
from kompetanse_core import Finding, Misuse, Severity

NAMES = {"id": "id", "nøkkel": "id", "navn": "label", "label": "label", "nivå": "level"}
HEADER = Header(names=NAMES, required=(("id",),), foreign=frozenset({"unit", "role", "share"}))
PLAIN = Dialect()


def codes(findings: Sequence[Finding]) -> list[str]:
    """The codes of findings, in the order told."""
    return [found.code for found in findings]


def told(decoded: Decoded | Sheet) -> list[tuple[str, int | None]]:
    """Each finding with its row."""
    return [(found.code, found.place.row) for found in decoded.findings]


def sheet(text: str, *, dialect: Dialect = PLAIN) -> Sheet:
    """Read a small table with an id, a label and a level."""
    return read_sheet(text, file="t.csv", header=HEADER, dialect=dialect)


# --- text and encoding --------------------------------------------------------------------------


def test_bad_input_01_windows_1252_is_read_and_noted() -> None:
    """æøå of Windows-1252 come out right, and a note says how they were read."""
    decoded = decode("id;navn\n1;Blåbær på Ås – øl".encode("cp1252"), "t.csv")
    assert decoded.text == "id;navn\n1;Blåbær på Ås – øl"
    assert codes(decoded.findings) == ["N101"]


def test_bad_input_02_a_byte_order_mark_is_no_text() -> None:
    """The mark of UTF-8 is taken off."""
    decoded = decode(codecs.BOM_UTF8 + "id;år".encode(), "t.csv")
    assert decoded == Decoded(text="id;år")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")],
)
def test_bad_input_03_utf_16_with_its_mark_is_read(mark: bytes, encoding: str) -> None:
    """UTF-16 is read where the byte order mark says so."""
    assert decode(mark + "id;Åse".encode(encoding), "t.csv") == Decoded(text="id;Åse")


def test_utf_16_that_breaks_its_promise_is_refused() -> None:
    """Half a character after the mark is not read past."""
    decoded = decode(codecs.BOM_UTF16_LE + b"\x00\xd8a\x00", "t.csv")
    assert decoded.text is None
    assert codes(decoded.findings) == ["E101"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["id;navn;type", "id;blåbærsyltetøy"])
def test_bad_input_04_utf_16_without_its_mark_names_the_fix(encoding: str, text: str) -> None:
    """Without the mark it is refused, and the hint says how to save it."""
    decoded = decode(text.encode(encoding), "t.csv")
    assert decoded.text is None
    assert codes(decoded.findings) == ["E101"]
    assert "UTF-8" in decoded.findings[0].hint
    assert "UTF-16" in decoded.findings[0].text


def test_bad_input_05_mixed_lines_name_the_first_bad_one() -> None:
    """A file of UTF-8 and Windows-1252 lines is refused at the first that is not UTF-8."""
    content = "id;navn\n1;Åse\n".encode() + "2;Bjørn\n3;Pål\n".encode("cp1252")
    decoded = decode(content, "t.csv")
    assert decoded.text is None
    assert told(decoded) == [("E101", 3)]


def test_a_byte_of_no_encoding_is_refused_with_its_line() -> None:
    """A byte that Windows-1252 does not have is not guessed at."""
    assert told(decode(b"id\n\xe5\n\x81", "t.csv")) == [("E101", 3)]


@pytest.mark.parametrize("text", ["id;navn\n1;Bj¿rn\n", "id;navn\n1;¿yvind\n"])
def test_bad_input_06_signs_of_an_old_mac_are_a_warning(text: str) -> None:
    """¿ where ø should be is warned of, at its line, and kept."""
    decoded = decode(text.encode("cp1252"), "t.csv")
    assert decoded.text == text
    assert told(decoded) == [("N101", None), ("W102", 2)]


def test_bad_input_07_text_encoded_twice_is_a_warning_with_an_offer() -> None:
    """Two signs for one letter are warned of, with what it may have been."""
    decoded = decode("id\nBjørn Åsen\n".encode().decode("cp1252").encode(), "t.csv")
    assert told(decoded) == [("W103", 2)]
    assert "æ" in decoded.findings[0].hint
    assert "2 times" in decoded.findings[0].text


def test_good_norwegian_and_sami_text_is_not_doubted() -> None:
    """What people write raises no doubt: letters, dashes, quotation marks, a registered mark."""
    text = "Ærlig «Ås» – ånd… Čáhci, naïve, ½ time, 3¾ år, Microsoft® og 20 °C. Señor Ãngström"
    assert decode(text.encode(), "t.csv") == Decoded(text=text)


def test_a_file_too_large_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the limit a file is refused as a whole, before it is read as text."""
    monkeypatch.setattr("kompetanse_adapters.reading.encoding.MOST_BYTES", 10)
    assert told(decode(b"12345678901", "t.csv")) == [("E109", None)]
    assert decode(b"1234567890", "t.csv").findings == ()


def test_a_file_too_large_is_not_even_read(tmp_path: Path) -> None:
    """A file of 50 GB, all of it a hole, is refused after as many bytes as may be decoded."""
    path = tmp_path / "t.csv"
    with path.open("wb") as file:
        file.truncate(50 * 2**30)
    content = content_of(path)
    assert len(content) == MOST_BYTES + 1
    assert told(decode(content, "t.csv")) == [("E109", None)]


def test_bad_input_10_a_nul_is_refused_with_its_line() -> None:
    """A NUL never reaches a table."""
    assert told(decode(b"id\r\n1\r\n2;\x00", "t.csv")) == [("E106", 3)]


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
def test_utf_8_text_survives_decoding(text: str) -> None:
    """Whatever was saved as UTF-8 comes out as it went in."""
    text = text.removeprefix("\ufeff")
    decoded = decode(codecs.BOM_UTF8 + text.encode(), "t.csv")
    assert decoded.text == text


# --- tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_bad_input_14_15_16_the_header_shows_the_delimiter(mark: str) -> None:
    """Semicolon, comma and tab are each seen from the header; quoted ones are text."""
    read = sheet(f'id{mark}navn{mark}nivå\n1{mark}"a{mark}b"{mark}"3,5"\n')
    assert read.columns == ("id", "label", "level")
    assert read.rows == ((2, ["1", f"a{mark}b", "3,5"]),)


def test_a_comma_in_the_rows_does_not_outweigh_the_header() -> None:
    """The header decides, however many commas stand below it."""
    read = sheet("id;label\n1;a,b,c,d,e\n2;f,g,h,i\n")
    assert read.rows == ((2, ["1", "a,b,c,d,e"]), (3, ["2", "f,g,h,i"]))


def test_a_declared_delimiter_is_not_second_guessed() -> None:
    """What is declared holds, whatever stands in the header."""
    read = sheet("id|label\n1|a;b\n", dialect=Dialect(delimiter="|"))
    assert read.rows == ((2, ["1", "a;b"]),)


def test_bad_input_17_one_column_is_a_column() -> None:
    """Where the header has one name, nothing in the rows is taken for a delimiter."""
    assert sheet("id\na;b\nc,d\n").rows == ((2, ["a;b"]), (3, ["c,d"]))


def test_bad_input_18_every_ragged_row_is_told() -> None:
    """Rows with a field too many or too few are all named, with both numbers."""
    read = sheet("id;label\n1;a\n2\n3;c;d\n4;e\n5;f;;\n")
    assert told(read) == [("E201", 3), ("E201", 4), ("E201", 6)]
    assert [number for number, _ in read.rows] == [2, 5]
    assert "has 1 fields, the header 2" in read.findings[0].text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id;label\n1;"a\n2;b\n3;c\n', 2),
        ('id;label\n1;a\n2;"b\n3;"c"\n', 3),
        ('id;label\n1;"a\nb";"c\n', 3),
        ('id;label\r\n1;"a"b\r\n', 2),
    ],
)
def test_bad_input_19_an_unclosed_quote_names_its_opening_line(text: str, line: int) -> None:
    """A quotation mark without a right end is told by the line in which it was opened."""
    read = sheet(text)
    assert codes(read.findings)[0] == "E202"
    assert f"opened in line {line} " in read.findings[0].text


def test_an_unclosed_quote_in_a_long_file_is_no_long_field() -> None:
    """What runs to the end of a long file is an unclosed quote, not a field too long."""
    read = sheet('id;label\n1;"a\n' + "2;b\n" * 50_000)
    assert codes(read.findings)[0] == "E202"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_bad_input_20_every_line_end_is_one(end: str) -> None:
    """CR alone ends a line like CRLF and LF, also all of them in one file."""
    assert sheet(end.join(["id;label", "1;a", "2;b"])).rows == ((2, ["1", "a"]), (3, ["2", "b"]))
    assert len(sheet("id;label\r1;a\n2;b\r\n3;c").rows) == 3


def test_line_ends_within_quotes_are_text() -> None:
    """A line end inside a quoted field is kept as it stands."""
    assert sheet('id;label\n1;"a\r\nb\rc\n"\n').rows == ((2, ["1", "a\r\nb\rc\n"]),)


def test_bad_input_21_lines_above_the_header_suggest_skip_rows() -> None:
    """A header further down is found, and the hint says what to declare; then it is read."""
    text = "Kartlegging 2026;;\nuttrekk fra mai\n\nid;label\n1;a\n"
    read = sheet(text)
    assert told(read) == [("E203", 4)]
    assert "skip_rows = 3 under [csv.t]" in read.findings[0].hint
    assert sheet(text, dialect=Dialect(skip_rows=3)).rows == ((5, ["1", "a"]),)


def test_bad_input_22_a_header_that_stands_twice_is_refused() -> None:
    """The same column twice is told by its name, also where the names differ."""
    assert codes(sheet("id;label;label\n1;a;b\n").findings) == ["E204"]
    assert codes(sheet("id;label;navn\n1;a;b\n").findings) == ["E204"]


def test_bad_input_23_headers_in_other_languages_are_mapped_and_noted() -> None:
    """Another language, capitals and white space do not matter; a note names them."""
    read = sheet("  Nøkkel ;NAVN\n1;a\n")
    assert read.columns == ("id", "label")
    assert codes(read.findings) == ["N215"]
    assert "Nøkkel, NAVN" in read.findings[0].text


def test_bad_input_24_an_unknown_column_is_refused_with_the_nearest_name() -> None:
    """A misspelt column is not left out in silence."""
    read = sheet("id;labell\n1;a\n")
    assert codes(read.findings) == ["E205"]
    assert "did you mean label?" in read.findings[0].hint
    assert read.findings[0].place.column == "labell"


def test_an_unknown_column_is_told_by_its_number() -> None:
    """People as columns, or rows without a header: what may be a name is never shown."""
    for text in ("id;Kari Nordmann;Ola\n1;3;4\n", "Kari Nordmann;3\nOla;4\n"):
        findings = sheet(text).findings
        assert {found.code for found in findings} <= {"E205", "E207"}
        assert [found for found in findings if "Kari" in repr(found) or "Ola" in repr(found)] == []


def test_a_column_of_remarks_is_left_out_and_counted() -> None:
    """A header that begins with # is the writer's own and is a loss that is told."""
    read = sheet("id;# merknad\n1;ring først\n")
    assert read.findings == ()
    assert read.columns == ("id", "")
    assert [(loss.field, loss.count) for loss in read.losses] == [("t.csv", 1)]


def test_a_missing_column_is_told() -> None:
    """A column that must be there is named."""
    read = sheet("label;level\n1;a\n")
    assert [(f.code, f.place.column) for f in read.findings] == [
        ("E205", "column 2"),
        ("E207", "id"),
    ]


def test_bad_input_25_each_kind_of_nothing_has_its_own_words() -> None:
    """Empty, white space only and header only are three texts of one code."""
    reads = [
        sheet(""),
        sheet(" \n\n"),
        sheet("id;label\n"),
        sheet("id\n", dialect=Dialect(skip_rows=1)),
    ]
    assert [codes(read.findings) for read in reads] == [["E206"]] * 4
    assert len({read.findings[0].text for read in reads}) == 4


def test_bad_input_26_a_sum_below_the_rows_is_left_out_with_a_warning() -> None:
    """A row that looks like a sum is no fact, whatever its width; one that is complete is kept."""
    header = Header(names=NAMES, required=(("id",), ("level",)))
    text = "id;label;nivå\n1;a;3\nSum;b;4\nSum:;;\ni alt\n"
    read = read_sheet(text, file="t.csv", header=header, dialect=PLAIN)
    assert [(f.code, f.place.row) for f in read.findings[1:]] == [("W207", 4), ("W207", 5)]
    assert [number for number, _ in read.rows] == [2, 3]
    assert [loss.count for loss in read.losses] == [2]


def test_bad_input_27_a_second_table_is_refused_where_it_begins() -> None:
    """A row of column names, this table's or another's, ends the reading."""
    for second in ("id;label", "unit;role;share"):
        read = sheet(f"id;label\n1;a\n\n{second}\nx;y\n")
        assert told(read) == [("E208", 4)]
        assert len(read.rows) == 1


@pytest.mark.parametrize(
    "cell", ["=HYPERLINK(1)", "+4712345678", "-5", "@SUM(A1)", "\tx", "\rx", "\nx", " x "]
)
def test_bad_input_28_what_looks_like_a_formula_is_text(cell: str) -> None:
    """Text is kept exactly as it stands, whatever a spreadsheet would make of it."""
    assert sheet(f'id;label\n1;"{cell}"\n').rows == ((2, ["1", cell]),)


def test_bad_input_13_29_a_field_too_long_is_refused() -> None:
    """Above 131 072 characters a field is too long, above ten million a text is."""
    assert told(sheet(f"id;label\n1;a\n2;{'x' * 131_073}\n")) == [("E209", 3)]
    assert told(sheet(f"id;label\n1;{'x' * 10_000_001}\n")) == [("E109", 2)]
    assert sheet(f"id;label\n1;{'x' * 131_072}\n").findings == ()


def test_bad_input_34_odd_but_sound_files_are_read_and_broken_ones_told() -> None:
    """Small samples in the manner of Pollock: nothing is silently read otherwise than it stands."""
    assert sheet("id;label\n1;a\n;;\n;\n\n2;b").rows == ((2, ["1", "a"]), (6, ["2", "b"]))
    assert sheet('"id";"label"\n"1";"a""b"\n').rows == ((2, ["1", 'a"b']),)
    assert sheet('id;label\n1;a"b\n').rows == ((2, ["1", 'a"b']),)
    assert codes(sheet("id,label\n1;a\n2;b\n").findings) == ["E201", "E201"]
    assert codes(sheet("id;;label\n1;;a\n").findings) == ["E205"]


def test_a_special_category_has_no_place() -> None:
    """A column of union membership or health is refused by name (FAULTS 83)."""
    assert codes(sheet("id;Fagforening\n1;a\n").findings) == ["E552"]


ROWS = st.lists(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r")),
        min_size=2,
        max_size=2,
    ).filter(lambda cells: any(map(str.strip, cells))),
    min_size=1,
)


@given(ROWS)
def test_quoted_cells_come_out_as_they_went_in(rows: list[list[str]]) -> None:
    """Every text that is quoted by the book is read back, and nothing else is told."""
    lines = [";".join('"' + cell.replace('"', '""') + '"' for cell in cells) for cells in rows]
    header = Header(names={"left": "left", "right": "right"}, required=())
    read = read_sheet("left;right\n" + "\n".join(lines), file="t.csv", header=header, dialect=PLAIN)
    assert [cells for _, cells in read.rows] == rows
    assert read.findings == ()


# --- values -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1 234,5", "1234.5"),
        ("1\u00a0234,5", "1234.5"),
        ("1\u202f234,5", "1234.5"),
        ("\u22125", "-5"),
        ("1.234,5", "1234.5"),
        ("12 345 678", "12345678"),
        ("+7", "7"),
        ("0,25", "0.25"),
    ],
)
def test_bad_input_30_numbers_that_mean_one_thing_are_read(cell: str, value: str) -> None:
    """A decimal comma, thousands set apart, a typographic minus."""
    assert read_number(cell) == Decimal(value)


@pytest.mark.parametrize(
    "cell",
    [
        "3.5",
        "1.234",
        "1e5",
        "٣",
        "\uff11\uff12",
        "1,2,3",
        "12 34",
        "1 2345",
        "",
        "-",
        "NaN",
        "0x10",
        "1_000",
        ",5",
    ],
)
def test_bad_input_30_numbers_that_could_mean_two_things_are_refused(cell: str) -> None:
    """A point without a declaration, an exponent, digits of other scripts: never a guess."""
    with pytest.raises(Misuse) as caught:
        read_number(cell)
    assert caught.value.code == "E210"


def test_bad_input_30_a_declared_point_is_a_point() -> None:
    """Where the dialect says so, 3.5 is three and a half, and the comma no longer is."""
    assert read_number("3.5", decimal=".") == Decimal("3.5")
    assert read_number("1,234.5", decimal=".") == Decimal("1234.5")
    for cell in ("3,5", "1,234"):
        with pytest.raises(Misuse, match="E210"):
            read_number(cell, decimal=".")


@pytest.mark.parametrize(
    ("cell", "value"), [("3", 3), ("1 234", 1234), ("\u22122", -2), ("007", 7)]
)
def test_whole_numbers_are_read(cell: str, value: int) -> None:
    """Whole numbers may have thousands set apart."""
    assert read_whole(cell) == value


@pytest.mark.parametrize(
    ("cell", "code"),
    [("3,7", "E501"), ("3,0", "E501"), ("3.0", "E210"), ("9" * 40, "E509"), ("-0,0", "E501")],
)
def test_bad_input_58_a_fraction_is_no_whole_number(cell: str, code: str) -> None:
    """A level of 3,7 is not rounded, and 3,0 is not taken for 3."""
    with pytest.raises(Misuse) as caught:
        read_whole(cell)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("cell", "points"),
    [
        ("100", 10_000),
        ("37,5", 3_750),
        ("37,5 %", 3_750),
        ("0,01", 1),
        ("450", 45_000),
        ("20%", 2_000),
    ],
)
def test_shares_are_per_cent_with_a_comma(cell: str, points: int) -> None:
    """A share is kept in basis points, exactly."""
    assert read_share(cell) == points


def test_a_share_finer_than_a_basis_point_is_refused() -> None:
    """A third of a position is written as 33,33, not rounded for the writer."""
    with pytest.raises(Misuse, match="E210"):
        read_share("33,333")


@pytest.mark.parametrize("cell", ["2026-12-31", "31.12.2026", " 31.12.2026 "])
def test_bad_input_31_iso_and_norwegian_dates_are_read(cell: str) -> None:
    """Two forms mean one day."""
    assert read_day(cell) == date(2026, 12, 31)


@pytest.mark.parametrize(
    "cell",
    [
        "12/31/2026",
        "31/12/2026",
        "46022",
        "29.02.2027",
        "2027-02-29",
        "31.12.26",
        "2026-1-1",
        "٣١.12.2026",
    ],
)
def test_bad_input_31_other_dates_are_refused(cell: str) -> None:
    """Slashes, serial numbers, two-digit years and days that do not exist are never guessed."""
    with pytest.raises(Misuse) as caught:
        read_day(cell)
    assert caught.value.code == "E211"


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2027-01-31", datetime(2027, 1, 31, tzinfo=UTC)),
        ("31.01.2027", datetime(2027, 1, 31, tzinfo=UTC)),
        ("2027-01-31T12:00:00Z", datetime(2027, 1, 31, 12, tzinfo=UTC)),
        ("2027-01-31 12:00:00.5+01:00", datetime(2027, 1, 31, 11, 0, 0, 500_000, tzinfo=UTC)),
    ],
)
def test_instants_are_utc(cell: str, instant: datetime) -> None:
    """An offset is counted in, and a day is its midnight."""
    assert read_instant(cell) == instant
    assert read_instant(cell).tzinfo is UTC


@pytest.mark.parametrize(
    "cell", ["2027-01-31T12:00:00", "2027-13-01T12:00:00Z", "0001-01-01T00:00:00+14:00"]
)
def test_instants_without_an_offset_are_refused(cell: str) -> None:
    """A clock time without its zone, or outside all time, is no instant."""
    with pytest.raises(Misuse, match="E211"):
        read_instant(cell)


def test_bad_input_32_yes_and_no_are_the_declared_words() -> None:
    """Only declared words are read; x, ✓, J, N and 1 are not guessed at."""
    for cell, value in (("ja", True), (" JA ", True), ("nei", False), ("True", True)):
        assert read_flag(cell, yes=PLAIN.yes, no=PLAIN.no) == value
    for cell in ("x", "✓", "J", "N", "1", "0", ""):
        with pytest.raises(Misuse, match="E212"):
            read_flag(cell, yes=PLAIN.yes, no=PLAIN.no)
    assert read_flag("x", yes={"x"}, no={""})
    assert not read_flag("", yes={"x"}, no={""})


@pytest.mark.parametrize("cell", ["", " ", "-", "–", "N/A", "ukjent", "Ukjend", "unknown"])
def test_bad_input_33_what_is_not_known_is_missing(cell: str) -> None:
    """Missing has several names, and none of them is zero."""
    assert is_missing(cell)


@pytest.mark.parametrize("cell", ["0", "nei", "ingen", "--"])
def test_bad_input_33_zero_is_known(cell: str) -> None:
    """Zero, no and none are answers."""
    assert not is_missing(cell)


def test_words_are_read_in_any_case_and_others_never_echoed() -> None:
    """A word outside the list is told by the list, not by itself."""
    assert read_word("  Del   AV ", {"del av": 1}) == 1
    with pytest.raises(Misuse) as caught:
        read_word("hemmelig", {"del av": 1})
    assert caught.value.code == "E213"
    assert "hemmelig" not in str(caught.value)


# --- TOML ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("a = 1\na = 2\n", "E402", 2),
        ("[a]\n[a]\n", "E402", 2),
        ("a = { x = 1, x = 2 }", "E402", 1),
        (f"a = {'[' * 100_000}", "E403", None),
        (f"a = {'[' * 50}{']' * 50}", "E403", None),
        (f"a = {'1' * 4301}", "E403", None),
        ('a = "\\ud800"', "E107", 1),
        ("a = \n", "E407", 1),
        ("a == 1", "E407", 1),
    ],
)
def test_bad_input_11_56_57_62_broken_toml_is_refused(
    text: str, code: str, row: int | None
) -> None:
    """Keys that stand twice, depth, long numbers, lone surrogates and bad syntax, with the line."""
    document = read_toml(text, file="t.toml")
    assert document.tables is None
    assert [(f.code, f.place.row) for f in document.findings] == [(code, row)]


@pytest.mark.parametrize(
    "line",
    [
        'password = "hush"',
        'api_key = "hush"',
        'note = "https://per:hush@example.invalid/"',
        'note = "-----BEGIN RSA PRIVATE KEY-----"',
        'note = "ghp_abcdefghijklmnop"',
    ],
)
def test_bad_input_63_a_secret_is_refused_and_never_shown(line: str) -> None:
    """A secret in a file is refused with the way to the keyring, and is not repeated."""
    document = read_toml(f"schema = 1\n{line}\n", file="t.toml")
    assert document.tables is None
    assert [(f.code, f.place.row, f.severity) for f in document.findings] == [
        ("E405", 2, Severity.REFUSE)
    ]
    assert "keyring" in document.findings[0].hint
    assert "hush" not in str(document.findings[0])


def test_an_ordinary_address_is_no_secret() -> None:
    """Addresses, colons and words that only contain a suspicious one pass."""
    text = 'uri = "http://data.example.invalid/esco/skill/1"\nsecretary = "a: b@c"\n'
    assert read_toml(text, file="t.toml").findings == ()


def test_places_in_toml_are_lines() -> None:
    """The n-th table and its keys are found by line; what is not seen has no row."""
    document = read_toml(
        "a = 1\n\n[[x]]\nid = 1\n[[ x ]] # two\n\nid = 2\n[[x.y]]\nz = 1\n", file="t"
    )
    assert [document.place("x", number, "id").row for number in (0, 1, 2)] == [4, 7, None]
    assert document.place("x", 1).row == 5
    assert document.place("x.y", 0, "z").row == 9
    assert document.place("", key="a").row == 1
    assert document.place("", key="id").row is None
