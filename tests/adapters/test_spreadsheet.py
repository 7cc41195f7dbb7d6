"""Do people's competence lists come in from spreadsheets as they lie, and never half or guessed?"""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kompetanse_adapters.reading import Dialect, Pseudonyms
from kompetanse_adapters.spreadsheet import spreadsheet
from kompetanse_core import AssessmentSource, BadInput, Misuse, Reading, SourceUnavailable
from kompetanse_core.conformance import source_contract

KEY = "0123456789abcdef"
ON = date(2027, 1, 1)

Levels = set[tuple[str, str, int]]


def read(folder: Path, content: str | bytes, name: str = "liste.csv", **more: object) -> Reading:
    """Read a CSV file of the content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    said: dict[str, object] = {"on": ON, **more}
    return spreadsheet(path, KEY, **said).read()  # type: ignore[arg-type]  # any option may be tried


def levels(reading: Reading) -> Levels:
    """Who holds what at which level."""
    known = reading.enterprise.assessments
    return {(each.employee, each.competence, int(each.level)) for each in known}


def who(number: str) -> str:
    """The pseudonym of an employee number."""
    return Pseudonyms(KEY).of(number)


def refused(reading: Reading) -> list[tuple[str, int | None, str]]:
    """Code, row and column of each finding that refuses."""
    with pytest.raises(BadInput):
        _ = reading.enterprise
    return [(each.code, each.place.row, each.place.column) for each in reading.refused]


LONG = "Ansattnr;Kompetanse;Nivå;Dato\n1;Lodding;3;31.12.2026\n1;Tåke;0;2026-12-31\n2;Lodding;5;\n"
WIDE = (
    "Tilsettnr;Namn;Eining;Stilling;Prosent;Lodding;Tåke\n"
    "1;Kari;Fyret;Vakt;37,5 %;3;0\n2;Ola;Fyret;Vakt;100;5;\n"
)
BOTH = {(who("1"), "Lodding", 3), (who("1"), "Tåke", 0), (who("2"), "Lodding", 5)}


# --- long and wide -------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [LONG, WIDE])
def test_long_and_wide_say_the_same(tmp_path: Path, content: str) -> None:
    """A row for each level, or a column for each competence; what is empty is unknown, not 0."""
    assert levels(read(tmp_path, content)) == BOTH


def test_a_day_an_end_and_a_source_come_with_a_level(tmp_path: Path) -> None:
    """Where a row says nothing, what the caller says holds; known since it was assessed."""
    text = (
        "employee_id,skill,proficiency,date,valid_to,assessed_by\n"
        "1,Fog,2,01.02.2026,2027-02-01,egenvurdering\n2,Fog,4,,,\n"
    )
    one, other = sorted(read(tmp_path, text).enterprise.assessments, key=lambda each: each.level)
    assert (one.assessed, one.expires) == (date(2026, 2, 1), date(2027, 2, 1))
    assert (one.source, one.recorded) == (AssessmentSource.SELF, datetime(2026, 2, 1, tzinfo=UTC))
    assert (other.assessed, other.expires, other.source) == (ON, None, AssessmentSource.LEADER)
    later = datetime(2027, 6, 1, tzinfo=UTC)
    told = read(tmp_path, text, recorded=later, source=AssessmentSource.JOINT).enterprise
    assert {each.recorded for each in told.assessments} == {later}
    assert AssessmentSource.JOINT in {each.source for each in told.assessments}


def test_where_people_work_becomes_engagements(tmp_path: Path) -> None:
    """A unit and a role by name, and a share in per cent; one without the other is counted."""
    known = read(tmp_path, WIDE).enterprise
    shares = {(each.employee, each.unit, each.role, each.share) for each in known.engagements}
    assert shares == {(who("1"), "Fyret", "Vakt", 3_750), (who("2"), "Fyret", "Vakt", 10_000)}
    only = read(tmp_path, "ansatt;avdeling;rolle;Tåke\n1;Fyret;;3\n")
    assert len(only.enterprise.engagements) == 0
    assert "liste.csv: unit, role" in {each.field for each in only.losses}


def test_names_are_never_read_and_special_categories_refuse(tmp_path: Path) -> None:
    """83: what says who somebody is, is counted and left out; what has no place here refuses."""
    reading = read(tmp_path, WIDE)
    assert "liste.csv: namn" in {each.field for each in reading.losses}
    assert "Kari" not in str(reading) + repr(list(reading.enterprise.employees))
    text = "ansatt;fagforening;Tåke\n1;Y;3\n"
    assert refused(read(tmp_path, text)) == [("E552", 1, "fagforening")]


def test_employee_numbers_take_a_key_and_pseudonyms_take_none(tmp_path: Path) -> None:
    """Under `pseudonym` stands what is one already; a number without a key is refused, untold."""
    path = tmp_path / "liste.csv"
    path.write_text("pseudonym;Tåke\nabc;3\n", "utf-8")
    assert [each.id for each in spreadsheet(path, on=ON).read().enterprise.employees] == ["abc"]
    path.write_text("ansattnr;Tåke\n12345;3\n", "utf-8")
    reading = spreadsheet(path, on=ON).read()
    assert refused(reading) == [("E214", 2, "employee")]
    assert "12345" not in str(reading.findings)


def test_words_may_stand_for_levels_where_they_are_declared(tmp_path: Path) -> None:
    """32: an x in a matrix is no level until somebody says which."""
    text = "ansatt;Tåke;Lodding\n1;x;\n2;;Mester\n"
    assert {code for code, _, _ in refused(read(tmp_path, text))} == {"E501"}
    known = read(tmp_path, text, levels={"X": 1, "mester": 4})
    assert levels(known) == {(who("1"), "Tåke", 1), (who("2"), "Lodding", 4)}


# --- text and encoding ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (LONG.encode("cp1252"), {"N101"}),
        (LONG.encode("utf-8-sig"), set[str]()),
        (LONG.encode("utf-16"), set[str]()),
        (LONG.replace("\n", "\r\n").encode(), set[str]()),
        (LONG.replace("\n", "\r").encode(), set[str]()),
        (LONG.replace(";", "\t").encode(), set[str]()),
        (LONG.replace(";", ",").encode(), set[str]()),
    ],
)
def test_bad_inputs_1_2_3_14_16_and_20_are_read_right(
    tmp_path: Path, content: bytes, codes: set[str]
) -> None:
    """Windows-1252, a byte order mark, UTF-16, three delimiters, three kinds of line ends."""
    reading = read(tmp_path, content)
    assert levels(reading) == BOTH
    assert codes <= {each.code for each in reading.findings}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LONG.encode("utf-16-le"), "E101"),
        (LONG.encode() + "3;Tåke;1;\n".encode("cp1252"), "E101"),
        (LONG.encode() + b"3;a\0b;1;\n", "E106"),
        ("ansatt;Tåke\u200b\n1;2\n".encode(), "E105"),
    ],
)
def test_bad_inputs_4_5_9_and_10_are_refused(tmp_path: Path, content: bytes, code: str) -> None:
    """UTF-16 without its mark, lines of two encodings, a NUL, an id that cannot all be seen."""
    assert code in {found for found, _, _ in refused(read(tmp_path, content))}


@pytest.mark.parametrize(
    ("words", "code"), [("L\u00c3\u00b8dding", "W103"), ("\u00bfse l\u00a2", "W102")]
)
def test_bad_inputs_6_and_7_are_warned_of(tmp_path: Path, words: str, code: str) -> None:
    """What was probably read wrongly before it came here is kept, and told."""
    reading = read(tmp_path, f"ansatt;kompetanse;nivå\n1;{words};2\n")
    assert code in {each.code for each in reading.findings}
    assert len(reading.enterprise.assessments) == 1


def test_bad_input_8_one_name_written_in_two_ways_is_one_competence(tmp_path: Path) -> None:
    """8: Å composed or not."""
    text = "ansatt;kompetanse;nivå\n1;\u00c5re;2\n2;A\u030are;3\n"
    assert len(read(tmp_path, text).enterprise.competences) == 1


def test_a_file_longer_than_a_block_is_read_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks of a few bytes give what one block gives, rows and places too."""
    text = LONG + '3;"Fyr\nog tåke";4;\n' + "4;Lodding;x;\n"
    whole = read(tmp_path, text)
    for size in (1, 7, 64):
        monkeypatch.setattr("kompetanse_adapters.reading.stream.BLOCK", size)
        assert read(tmp_path, text) == whole
        assert read(tmp_path, LONG.encode("cp1252")).enterprise.assessments[0] is not None
        mixed = LONG.encode() + "3;Tåke;1;\n".encode("cp1252")
        assert ("E101", 5, "") in refused(read(tmp_path, mixed))


# --- the table -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("ansatt;Tåke\n1;2;3\n", ("E201", 2, "")),
        ('ansatt;Tåke\n1;"2\n2;3\n', ("E202", 2, "")),
        ("Liste over alle\nansatt;Tåke\n1;2\n", ("E203", 2, "")),
        ("ansatt;Tåke;tåke\n1;2;3\n", ("E204", 1, "column 3")),
        ("ansatt;tilsett;Tåke\n1;2;3\n", ("E204", 1, "employee")),
        ("", ("E206", None, "")),
        ("\ufeff", ("E206", None, "")),
        ("ansatt;Tåke\n", ("E206", None, "")),
        ("navn;Tåke\nKari;2\n", ("E207", 1, "employee")),
        ("ansatt;avdeling\n1;2\n", ("E207", 1, "competence")),
        ("ansatt;Tåke\n1;2\nansatt;Tåke\n2;3\n", ("E208", 3, "")),
        ("ansatt;Tåke\n1;" + "x" * 200_000 + "\n", ("E209", 2, "")),
        ("ansatt;Tåke\n1;1e5\n", ("E501", 2, "column 2")),
        ("ansatt;Tåke\n1;3,7\n", ("E501", 2, "column 2")),
        ("ansatt;Tåke\n1;٣\n", ("E501", 2, "column 2")),
        ("ansatt;Tåke\n1;6\n", ("E502", 2, "column 2")),
        ("ansatt;Tåke\n1;-1\n", ("E502", 2, "column 2")),
        ("ansatt;Tåke\n;2\n", ("E214", 2, "employee")),
        ("ansatt;kompetanse;nivå\n1;Tåke;ukjent\n", ("E501", 2, "level")),
        ("ansatt;kompetanse;nivå\n1;;3\n", ("E214", 2, "competence")),
        ("ansatt;Tåke;dato\n1;2;12/31/2026\n", ("E211", 2, "assessed")),
        ("ansatt;Tåke;dato\n1;2;46022\n", ("E211", 2, "assessed")),
        ("ansatt;Tåke;dato\n1;2;29.02.2027\n", ("E211", 2, "assessed")),
        ("ansatt;Tåke;dato;gyldig til\n1;2;2027-01-02;2027-01-01\n", ("E507", 2, "expires")),
        ("ansatt;Tåke;kilde\n1;2;Kari\n", ("E213", 2, "source")),
        ("ansatt;Tåke;enhet;rolle;prosent\n1;2;a;b;1.234\n", ("E210", 2, "share")),
        ("ansatt;Tåke;enhet;rolle;prosent\n1;2;a;b;101\n", ("E511", 2, "share")),
    ],
)
def test_bad_inputs_15_to_33_58_and_73_are_told_with_row_and_column(
    tmp_path: Path, text: str, flaw: tuple[str, int | None, str]
) -> None:
    """Ragged, unclosed, preamble, twice, empty, missing, two tables, long, numbers, days, ends."""
    assert refused(read(tmp_path, text)) == [flaw]


@pytest.mark.parametrize(
    ("cell", "share"), [("37,5", 3750), ("37,5 %", 3750), ("1\u00a000", 0), ("50,0", 5000)]
)
def test_bad_input_30_shares_are_read_with_a_comma(tmp_path: Path, cell: str, share: int) -> None:
    """30: a decimal comma, a per cent sign; a gap in the wrong place is no number."""
    reading = read(tmp_path, f"ansatt;enhet;rolle;prosent;Tåke\n1;a;b;{cell};3\n")
    if share:
        assert [each.share for each in reading.enterprise.engagements] == [share]
    else:
        assert refused(reading) == [("E210", 2, "share")]


def test_bad_inputs_17_and_24_nothing_is_guessed(tmp_path: Path) -> None:
    """One column has no delimiter; a column that a long table does not know is left out."""
    assert {code for code, _, _ in refused(read(tmp_path, "ansatt\n1\n"))} == {"E207"}
    reading = read(tmp_path, "ansatt;kompetanse;nivå;Hemmelig\n1;Tåke;2;x\n")
    (told,) = [each for each in reading.findings if each.code == "E205"]
    assert told.place.column == "column 4"
    assert len(reading.enterprise.assessments) == 1


def test_bad_inputs_21_and_26_lines_above_and_sums_below(tmp_path: Path) -> None:
    """Lines above the header are skipped where that is declared; a sum is left out, and told."""
    text = "Liste over alle\n\nansatt;Tåke\n1;2\n;;\nSum;2\n;\n"
    known = read(tmp_path, text, dialect=Dialect(skip_rows=2))
    assert {each.code for each in known.findings} >= {"W207"}
    assert levels(known) == {(who("1"), "Tåke", 2)}


def test_bad_input_28_what_looks_like_a_formula_is_a_name(tmp_path: Path) -> None:
    """28: stored as it stands."""
    text = "ansatt;kompetanse;nivå\n" + "".join(f"1;{name};2\n" for name in FORMULAS)
    assert {each.id for each in read(tmp_path, text).enterprise.competences} == set(FORMULAS)


FORMULAS = ("=HYPERLINK(1)", "+47 1234", "-5", "@SUM(A1)", "=1+1")


def test_bad_inputs_22_and_23_headers_by_many_names(tmp_path: Path) -> None:
    """In capitals, with spaces, in nynorsk and English; and a note says which."""
    reading = read(tmp_path, " TILSETTNR ;Skill;  Nivå\n1;Fog;2\n")
    assert levels(reading) == {(who("1"), "Fog", 2)}
    assert "N215" in {each.code for each in reading.findings}


def test_bad_input_52_a_number_in_powers_of_ten_is_warned_of(tmp_path: Path) -> None:
    """52: an id that a spreadsheet has shown as 1,23E+10 has lost digits."""
    reading = read(tmp_path, "ansatt;Tåke\n1,23E+10;2\n")
    assert ("W305", 2) in {(each.code, each.place.row) for each in reading.findings}


def test_very_many_flaws_are_counted_after_a_thousand(tmp_path: Path) -> None:
    """All are told, but a file that is wrong throughout does not drown its reader."""
    text = "ansatt;Tåke\n" + "1;9\n" * 1_500
    told = [each for each in read(tmp_path, text).refused if each.code == "E502"]
    assert len(told) == 1_001
    assert "500 more" in told[0].text


def test_nothing_says_when(tmp_path: Path) -> None:
    """An assessment without a day is refused unless the caller says which."""
    assert refused(read(tmp_path, "ansatt;Tåke\n1;2\n", on=None)) == [("E214", 2, "assessed")]


def test_bad_input_47_other_kinds_of_files(tmp_path: Path) -> None:
    """47: the message names what is taken; what is not there, and a short key, are told at once."""
    for name in ("liste.xls", "liste.ods", "liste.xlsb", "liste"):
        reading = read(tmp_path, LONG, name)
        assert refused(reading) == [("E301", None, "")]
        assert ".xlsx" in reading.refused[0].text
    with pytest.raises(SourceUnavailable, match="E706"):
        spreadsheet(tmp_path / "gone.csv").read()
    with pytest.raises(Misuse, match="E214"):
        spreadsheet(tmp_path / "gone.csv", "short")


# --- the contract that every source keeps --------------------------------------------------------


@pytest.fixture(autouse=True, scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two files for the contract, which knows no fixtures."""
    PLACES["folder"] = tmp_path_factory.mktemp("spreadsheet")
    broken = "Ansattnr;Navn;Tåke;Dato\n98765;Kari Nordmann;Kari;01.01.2027\n"
    for name, content in (("whole", WIDE), ("broken", broken)):
        (PLACES["folder"] / f"{name}.csv").write_text(content, "utf-8")


PLACES: dict[str, Path] = {}

TestSpreadsheet = source_contract(
    lambda: spreadsheet(PLACES["folder"] / "whole.csv", KEY, on=ON),
    broken=lambda: spreadsheet(PLACES["folder"] / "broken.csv", KEY),
    absent=lambda: spreadsheet(PLACES["folder"] / "gone.csv", KEY),
    secrets=("Kari", "98765"),
)
