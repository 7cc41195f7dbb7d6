"""Do American surveys of work come in with their levels and importance, and is the rest told?"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from kompetanse_adapters.onet import ATTRIBUTION, SCALE, onet
from kompetanse_core import BadInput, Facet, Reading, RelationKind, Severity, SourceUnavailable
from kompetanse_core.conformance import source_contract

RATING = "O*NET-SOC Code\tElement ID\tScale ID\tData Value\tN\tRecommend Suppress\tNot Relevant"
ELEMENTS = """Element ID\tElement Name\tDescription
1.C\tWork Styles\tHow a person works.
1.C.1\tCare\tTaking care.
2.A\tBasic Skills\tWhat helps to learn.
2.A.1\tReading\t"Reading ""signs"" at sea."
2.C\tKnowledge\tFacts.
2.C.1\tTides\tWhen the water comes.
4.C\tWork Context\tWhere work is done.
"""
OCCUPATIONS = """O*NET-SOC Code\tTitle\tDescription
99-1000.00\tLight Keepers\tKeep a light.
99-2000.00\tPilots\tKnow the way in.
"""
ANCHORS = """Element ID\tElement Name\tScale ID\tAnchor Value\tAnchor Description
2.A.1\tReading\tLV\t2\tRead a buoy
2.A.1\tReading\tLV\t6\tRead a chart
4.A.1\tLifting\tLV\t2\tLift a lamp
"""
TASKS = """O*NET-SOC Code\tTask ID\tTask\tTask Type\tDate
99-1000.00\t17\tTrim the wick.\tCore\t01/2024
99-1000.00\t18\tWash the panes.\t\t01/2024
"""
SKILLS = """99-1000.00\t2.A.1\tIM\t3.5\t8\tN\t
99-1000.00\t2.A.1\tLV\t2.62\t8\tN\tN
99-2000.00\t2.A.1\tIM\t4\t8\tN\t
99-2000.00\t2.A.1\tLV\t5\t8\tY\tN
"""
KNOWLEDGE = """99-1000.00\t2.C.1\tIM\t2\t8\tN\t
99-1000.00\t2.C.1\tLV\t1.25\t8\tN\tY
99-2000.00\t2.C.1\tIM\t5\t8\tN\t
99-2000.00\t2.C.1\tLV\t7\t8\tN\tN
"""
STYLES = "O*NET-SOC Code\tElement ID\tScale ID\tData Value\n99-1000.00\t1.C.1\tIM\t4.5\n"


def small() -> dict[str, str]:
    """A database of our own: two occupations, one skill, one kind of knowledge, one style."""
    return {
        "Content Model Reference.txt": ELEMENTS,
        "Occupation Data.txt": OCCUPATIONS,
        "Level Scale Anchors.txt": ANCHORS,
        "Task Statements.txt": TASKS,
        "Skills.txt": f"{RATING}\n{SKILLS}",
        "Knowledge.txt": f"{RATING}\n{KNOWLEDGE}",
        "Work Styles.txt": STYLES,
    }


def write(folder: Path, tables: dict[str, str]) -> Path:
    """Write the tables as they are published."""
    for name, text in tables.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def told(reading: Reading, severity: Severity) -> list[tuple[str, str, int | None, str]]:
    """Code, file, row and column of each finding of a severity, W515 apart."""
    found = (each for each in reading.findings if each.severity is severity)
    return [
        (each.code, each.place.file, each.place.row, each.place.column)
        for each in found
        if each.code != "W515"
    ]


def balance(reading: Reading, file: str) -> str:
    """What the source says became of the rows of a file."""
    found = (each for each in reading.findings if each.code == "N711")
    return next(each.text for each in found if each.place.file == file)


def lost(reading: Reading) -> dict[tuple[str, str], int]:
    """How much was lost of what, and why."""
    return {(each.field, each.reason): each.count for each in reading.losses}


# --- the official database -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def official(shared_data: Path) -> Reading:
    """The whole database, with names in bokmål."""
    return onet(shared_data / "onet-29.3", shared_data / "onet-nb").read()


def test_the_official_rows_come_out(official: Reading) -> None:
    """Every row of the published tables is kept, or left out and counted."""
    assert balance(official, "Occupation Data.txt") == "1016 rows read, 1016 kept, 0 left out"
    assert balance(official, "Skills.txt") == "61530 rows read, 54690 kept, 6840 left out"
    assert balance(official, "Knowledge.txt") == "58014 rows read, 44032 kept, 13982 left out"
    assert balance(official, "Work Styles.txt") == "14064 rows read, 0 kept, 14064 left out"
    assert balance(official, "Level Scale Anchors.txt") == "483 rows read, 360 kept, 123 left out"
    assert balance(official, "Task Statements.txt") == "18796 rows read, 18796 kept, 0 left out"
    known = official.enterprise
    assert len(known.requirements) == (54_690 + 44_032) // 2
    assert (len(known.occupations), len(known.tasks)) == (1_016, 18_796)
    assert told(official, Severity.WARNING) == []


def test_the_elements_are_competences_in_three_facets(official: Reading) -> None:
    """35 skills, 33 kinds of knowledge, 52 abilities and 16 styles, under 45 areas."""
    facets = [each.facet for each in official.parcel.competences]
    kinds = (Facet.SKILL, Facet.KNOWLEDGE, Facet.TRAIT, None)
    assert [facets.count(kind) for kind in kinds] == [35, 33, 68, 45]
    assert {each.kind for each in official.parcel.relations} == {RelationKind.BROADER}


def test_everything_has_a_norwegian_name(official: Reading, shared_data: Path) -> None:
    """Each occupation and each element that is no area is called something in bokmål."""
    known = official.parcel
    assert all(each.label.nb for each in known.competences if each.facet)
    assert all(each.label.nb and each.label.en for each in known.occupations)
    reading = next(each for each in known.competences if each.id == "onet:2.A.1.a")
    assert reading.label.nb == "Leseforståelse"
    assert "\n\n600: Read a scientific journal article" in reading.description.en


def test_levels_and_weights_are_hundredths(official: Reading) -> None:
    """What is asked of a chief executive is the published 4.62 at importance 4.12."""
    asked = official.parcel.requirements
    first = next(each for each in asked if each.competence == "onet:2.A.1.a")
    assert (first.of, first.level, first.weight) == ("onet:11-1011.00", 462, 412)
    levels, weights = asked.column("level"), asked.column("weight")
    assert (levels.min() > 0, levels.max() <= SCALE.top) == (True, True)
    assert (weights.min() >= 100, weights.max() <= 500) == (True, True)


# --- a small database of our own -----------------------------------------------------------------


def test_only_what_is_relevant_and_certain_is_asked(tmp_path: Path) -> None:
    """Not Relevant and Recommend Suppress take both ratings of a pair out, and say so."""
    reading = onet(write(tmp_path, small())).read()
    asked = [
        (each.of, each.competence, each.level, each.weight)
        for each in reading.enterprise.requirements
    ]
    assert asked == [
        ("onet:99-1000.00", "onet:2.A.1", 262, 350),
        ("onet:99-2000.00", "onet:2.C.1", 700, 500),
    ]
    losses = lost(reading)
    irrelevant = "the element is not relevant to the occupation (Not Relevant)"
    uncertain = "the rating is too uncertain to be used (Recommend Suppress)"
    assert losses["Knowledge.txt", irrelevant] == 2
    assert losses["Skills.txt", uncertain] == 2
    assert losses["Skills.txt: N", "the model has no place for this column"] == 4


def test_what_stands_under_what(tmp_path: Path) -> None:
    """An element that others stand under is an area; quotation marks are undone."""
    known = onet(write(tmp_path, small())).read().enterprise
    assert [(each.id, each.facet) for each in known.competences] == [
        ("onet:1.C", None),
        ("onet:1.C.1", Facet.TRAIT),
        ("onet:2.A", None),
        ("onet:2.A.1", Facet.SKILL),
        ("onet:2.C", None),
        ("onet:2.C.1", Facet.KNOWLEDGE),
    ]
    text = 'Reading "signs" at sea.\n\n200: Read a buoy\n\n600: Read a chart'
    assert known.competences[3].description.en == text
    assert {(each.source, each.target) for each in known.relations} == {
        ("onet:1.C.1", "onet:1.C"),
        ("onet:2.A.1", "onet:2.A"),
        ("onet:2.C.1", "onet:2.C"),
    }


def test_a_role_is_built_from_the_tasks_of_its_occupation(tmp_path: Path) -> None:
    """An occupation with tasks gives a role that starts from it; one without gives none."""
    known = onet(write(tmp_path, small())).read().enterprise
    assert [(each.id, each.occupation, each.tasks) for each in known.roles] == [
        ("onet:99-1000.00", "onet:99-1000.00", ("onet:task/17", "onet:task/18"))
    ]
    assert [each.label.en for each in known.tasks] == ["Trim the wick.", "Wash the panes."]


def test_the_edition_with_titles_reads_the_same(tmp_path: Path) -> None:
    """Columns go by header: a Title more is no difference, and no loss."""
    plain = onet(write(tmp_path, small())).read()
    tables = small()
    rows = tables["Skills.txt"].splitlines()
    titled = [f"Title\t{rows[0]}", *(f"Any\t{row}" for row in rows[1:])]
    write(tmp_path, {"Skills.txt": "\n".join(titled)})
    assert onet(tmp_path).read() == plain


def test_the_licence_asks_to_be_named(tmp_path: Path) -> None:
    """The attribution comes with what is read."""
    reading = onet(write(tmp_path, small())).read()
    assert [each.text for each in reading.findings if each.code == "N710"] == [ATTRIBUTION]


# --- bad input -----------------------------------------------------------------------------------


def flaws_with(folder: Path, name: str, line: str) -> list[tuple[str, str, int | None, str]]:
    """The refusing findings of the small database with one line more in one table."""
    tables = small()
    tables[name] += line
    reading = onet(write(folder, tables)).read()
    with pytest.raises(BadInput):
        _ = reading.enterprise
    return told(reading, Severity.REFUSE)


@pytest.mark.parametrize(
    ("name", "line", "flaw"),
    [
        ("Skills.txt", "99-1000.00\t2.A.1\tLV\t3\t\tN\tN\n", ("E505", 6, "")),
        ("Skills.txt", "99-1000.00\t2.C.1\tLV\t7.01\t\tN\tN\n", ("E502", 6, "Data Value")),
        ("Skills.txt", "99-1000.00\t2.C.1\tLV\t\t\tN\tN\n", ("E502", 6, "Data Value")),
        ("Skills.txt", "99-1000.00\t2.C.1\tLV\t3,5\t\tN\tN\n", ("E502", 6, "Data Value")),
        ("Skills.txt", "99-1000.00\t2.C.1\tXX\t3\t\tN\tN\n", ("E502", 6, "Data Value")),
        ("Skills.txt", "99-1000.00\t2.C.1\tLV\n", ("E201", 6, "")),
        ("Occupation Data.txt", "99-1000.00\tAgain\t\n", ("E505", 4, "")),
        ("Occupation Data.txt", "\tNameless\t\n", ("E214", 4, "")),
        ("Occupation Data.txt", "99\u200b\tHidden\t\n", ("E105", 4, "")),
        ("Content Model Reference.txt", "2.A.1\tAgain\t\n", ("E505", 9, "")),
        ("Task Statements.txt", "99-1000.00\t17\tAgain\t\t\n", ("E505", 4, "")),
        ("Level Scale Anchors.txt", "2.A.1\tReading\tLV\t8\tFly\n", ("E502", 5, "")),
    ],
)
def test_a_row_that_cannot_be_read_refuses_the_database(
    tmp_path: Path, name: str, line: str, flaw: tuple[str, int, str]
) -> None:
    """Bad inputs 9, 18, 30, 33, 65 and 69: told with the row; an empty rating is not zero."""
    code, row, column = flaw
    assert flaws_with(tmp_path, name, line) == [(code, name, row, column)]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("99-9999.00\t2.A.1\tLV\t3\t\tN\tN\n", "O*NET-SOC Code"),
        ("99-1000.00\t2.A.9\tLV\t3\t\tN\tN\n", "Element ID"),
        ("99-1000.00\t2.A\tLV\t3\t\tN\tN\n", "Element ID"),
    ],
)
def test_a_row_that_leads_nowhere_is_left_out(tmp_path: Path, line: str, column: str) -> None:
    """A dangling row of an official database is a warning; an area cannot be asked for."""
    tables = small()
    tables["Skills.txt"] += line
    reading = onet(write(tmp_path, tables)).read()
    assert len(reading.enterprise.requirements) == 2
    assert told(reading, Severity.WARNING) == [("E503", "Skills.txt", 6, column)]


@pytest.mark.parametrize("name", sorted(set(small()) - {"Work Styles.txt"}))
def test_a_missing_table_refuses_the_database(tmp_path: Path, name: str) -> None:
    """Every table that is read must be there; the one that is not is named."""
    write(tmp_path, small())
    (tmp_path / name).unlink()
    assert ("E206", name, None, "") in told(onet(tmp_path).read(), Severity.REFUSE)


@pytest.mark.parametrize("content", ["", "\ufeff", RATING])
def test_bad_input_25_nothing_to_read(tmp_path: Path, content: str) -> None:
    """25: an empty file, only a byte order mark, only a header."""
    reading = onet(write(tmp_path, {**small(), "Skills.txt": content})).read()
    assert told(reading, Severity.REFUSE) == [("E206", "Skills.txt", None, "")]


@pytest.mark.parametrize(
    ("header", "code"), [("Data Value\tData Value", "E204"), ("Data Worth", "E207")]
)
def test_bad_input_22_a_wrong_header_is_told(tmp_path: Path, header: str, code: str) -> None:
    """22: a column that stands twice, or under another name."""
    spoilt = small()["Skills.txt"].replace("Data Value", header, 1)
    reading = onet(write(tmp_path, {**small(), "Skills.txt": spoilt})).read()
    assert told(reading, Severity.REFUSE) == [(code, "Skills.txt", 1, "Data Value")]


def test_bad_input_19_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    """19: told with the line in which it was opened."""
    flaws = flaws_with(tmp_path, "Occupation Data.txt", '99-3\t"Cut\toff\n')
    assert ("E202", "Occupation Data.txt", 4, "") in flaws


def test_a_missing_folder_is_no_source(tmp_path: Path) -> None:
    """A path that leads nowhere is told at once, also that of the names."""
    write(tmp_path, small())
    for source in (onet(tmp_path / "gone"), onet(tmp_path, tmp_path / "gone")):
        with pytest.raises(SourceUnavailable) as caught:
            source.read()
        assert caught.value.code == "E706"


# --- the contract that every source keeps --------------------------------------------------------


@cache
def scratch(name: str) -> Path:
    """A folder for the contract, which knows no fixtures; gone when the tests are."""
    folder = Path(tempfile.mkdtemp(prefix=f"onet-{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


TestOnet = source_contract(
    lambda: onet(write(scratch("whole"), small())),
    broken=lambda: onet(write(scratch("broken"), {**small(), "Knowledge.txt": RATING})),
    absent=lambda: onet(scratch("absent") / "gone"),
)
