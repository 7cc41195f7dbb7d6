"""Do the UK's digital roles come in with the levels they take, and is the rest told?"""

import atexit
import csv
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from kompetanse_adapters.ddat import ATTRIBUTION, SCALE, ddat
from kompetanse_core import (
    BadInput,
    Bearer,
    Facet,
    Reading,
    Severity,
    SourceUnavailable,
)
from kompetanse_core.conformance import source_contract

Rows = list[list[str]]

SKILLS = [
    *("Skill Name", "Skill Description", "Awareness", "Working", "Practitioner", "Expert"),
    "Roles that require Skill",
]
ROLES = [
    *("Role Family", "Role", "Role Description", "Role Level", "Role Level Description"),
    *("Skill Name", "Skill Description", "Skill Level", "Skill Level Description", "Role Type"),
]
UNUSED = "NOT IN USE"


def skills() -> Rows:
    """Two skills of our own, one of them without words."""
    return [
        SKILLS,
        ["Lamp lighting", "Light lamps.", "See it.", "Do it.", "Teach it.", "Lead it.", "Keeper"],
        ["Fog signals", "", "", "", "", "", "Keeper"],
    ]


def roles() -> Rows:
    """One role with two levels, and one of which no level is in use."""
    junior = ["Lights", "Keeper", "Keeps a light.", "Junior keeper", "Learns."]
    senior = ["Lights", "Keeper", "Keeps a light.", "Senior keeper ", "Leads."]
    chief = ["Lights", "Chief", "Decides.", UNUSED, UNUSED]
    return [
        ROLES,
        [*junior, "Lamp lighting", "Light lamps.", "Working", "Do it.", ""],
        [*senior, "Lamp lighting", "Light lamps.", "Expert", "Lead it.", ""],
        [*senior, "Fog signals", "MISSING", "Awareness", "", ""],
        [*chief, "Fog signals", "MISSING", UNUSED, UNUSED, "Senior"],
    ]


def write(folder: Path, tables: dict[str, Rows]) -> Path:
    """Write the two tables as they are published."""
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    return folder


def small(folder: Path, *more: list[str]) -> Reading:
    """Read the small framework, with further rows of roles."""
    return ddat(write(folder, {"skills.csv": skills(), "roles.csv": [*roles(), *more]})).read()


def told(reading: Reading, *severities: Severity) -> list[tuple[str, str, int | None, str]]:
    """Code, file, row and column of each finding of these severities."""
    found = (each for each in reading.findings if each.severity in severities)
    return [(each.code, each.place.file, each.place.row, each.place.column) for each in found]


def balance(reading: Reading, file: str) -> str:
    """What the source says became of the rows of a file."""
    found = (each for each in reading.findings if each.code == "N711")
    return next(each.text for each in found if each.place.file == file)


def lost(reading: Reading) -> list[tuple[str, int]]:
    """What was lost, and how often."""
    return [(each.field, each.count) for each in reading.losses]


@pytest.fixture(scope="module")
def official(shared_data: Path) -> Reading:
    """The whole framework."""
    return ddat(shared_data / "uk-ddat").read()


# --- the official framework ----------------------------------------------------------------------


def test_the_official_rows_come_out(official: Reading) -> None:
    """1,825 rows: 52 roles, 205 role levels, 188 skills, 1,781 requirements and 44 told losses."""
    known = official.enterprise
    counts = (len(known.occupations), len(known.roles), len(known.competences))
    assert counts == (52, 205, 188)
    assert len(known.requirements) == 1_781
    assert balance(official, "roles.csv") == "1825 rows read, 1781 kept, 44 left out"
    assert balance(official, "skills.csv") == "188 rows read, 188 kept, 0 left out"
    assert [loss for loss in lost(official) if loss[0] == "roles.csv"] == [
        ("roles.csv", 28),
        ("roles.csv", 16),
    ]


def test_every_role_takes_something_but_the_four_chiefs(official: Reading) -> None:
    """Four roles have no level in use: they stay, take nothing, and are told."""
    known = official.parcel
    busy = {each.of for each in known.requirements}
    idle = [each.id for each in known.roles if each.id not in busy]
    assert len(idle) == 4
    assert all(each.startswith("ddat:chief-") for each in idle)
    flaws = [flaw[:2] for flaw in told(official, Severity.WARNING)]
    assert flaws.count(("E214", "roles.csv")) == 4


def test_levels_are_the_four_that_are_given(official: Reading) -> None:
    """Awareness is 1 and Expert 4, on one scale that all skills share, for roles only."""
    levels = official.parcel.requirements.column("level").tolist()
    assert [levels.count(level) for level in range(6)] == [0, 351, 510, 545, 375, 0]
    assert {each.scale for each in official.parcel.competences} == {SCALE.id}
    assert {each.bearer for each in official.parcel.requirements} == {Bearer.ROLE}


def test_a_senior_business_architect(official: Reading) -> None:
    """One role, with its family, the role it is a level of, and its text."""
    known = official.parcel
    role = next(each for each in known.roles if each.label.en == "Lead business architect")
    assert role.id == "ddat:business-architect/lead-business-architect"
    assert (role.family, role.occupation) == ("Architecture", "ddat:business-architect")
    assert role.description.en
    assert role.occupation in {each.id for each in known.occupations}


def test_facets_are_not_narrowed_silently(official: Reading) -> None:
    """The framework knows no facets (K-5): all are skills, and a note says so."""
    assert {each.facet for each in official.parcel.competences} == {Facet.SKILL}
    notes = [each for each in official.findings if "K-5" in each.text]
    assert [(each.severity, each.place.file) for each in notes] == [
        (Severity.NOTE, "skills.csv"),
    ]


def test_the_licence_asks_to_be_named(official: Reading) -> None:
    """The attribution comes with what is read."""
    assert "Open Government Licence v3.0" in ATTRIBUTION
    assert [each.text for each in official.findings if each.code == "N710"] == [ATTRIBUTION]


# --- a small framework of our own ----------------------------------------------------------------


def test_a_small_framework_is_read_whole(tmp_path: Path) -> None:
    """Roles are levels of an occupation; what is not in use is left out and counted."""
    reading = small(tmp_path)
    known = reading.enterprise
    assert [(each.id, each.label.en, each.description.en) for each in known.roles] == [
        ("ddat:keeper/junior-keeper", "Junior keeper", "Learns."),
        ("ddat:keeper/senior-keeper", "Senior keeper", "Leads."),
        ("ddat:chief", "Chief", ""),
    ]
    assert [(each.of, each.competence, each.level) for each in known.requirements] == [
        ("ddat:keeper/junior-keeper", "ddat:lamp-lighting", 2),
        ("ddat:keeper/senior-keeper", "ddat:fog-signals", 1),
        ("ddat:keeper/senior-keeper", "ddat:lamp-lighting", 4),
    ]
    assert [(each.id, each.description.en) for each in known.occupations] == [
        ("ddat:keeper", "Keeps a light."),
        ("ddat:chief", "Decides."),
    ]
    assert lost(reading) == [
        ("roles.csv", 1),
        ("roles.csv: Role Type", 1),
        ("skills.csv: Roles that require Skill", 2),
    ]


def test_a_skill_says_what_each_level_means(tmp_path: Path) -> None:
    """The four texts follow the description, each under its level; no words are told."""
    reading = small(tmp_path)
    lamps, fog = reading.enterprise.competences
    assert lamps.description.en == (
        "Light lamps.\n\nAwareness\nSee it.\n\nWorking\nDo it."
        "\n\nPractitioner\nTeach it.\n\nExpert\nLead it."
    )
    assert fog.description.en == ""
    texts = [each.text for each in reading.findings if each.place.row == 3]
    assert "no level of the skill is described" in texts
    assert "the skill is not described" in texts


def row(*, skill: str = "Lamp lighting", level: str = "Working", role: str = "Keeper") -> list[str]:
    """One more row for the junior keeper."""
    return [
        *("Lights", role, "Keeps a light.", "Junior keeper", "Learns."),
        *(skill, "Light lamps.", level, "", ""),
    ]


def test_a_row_that_stands_twice_counts_once(tmp_path: Path) -> None:
    """The same skill at the same level once more is a loss, not another requirement."""
    reading = small(tmp_path, row())
    assert len(reading.enterprise.requirements) == 3
    assert ("roles.csv", 1) in lost(reading)
    assert balance(reading, "roles.csv") == "5 rows read, 3 kept, 2 left out"


@pytest.mark.parametrize(("level", "stands"), [("Awareness", 2), ("Expert", 4)])
def test_of_two_levels_the_higher_stands(tmp_path: Path, level: str, stands: int) -> None:
    """Whichever comes first; a warning names the row that disagrees."""
    reading = small(tmp_path, row(level=level))
    junior = [each for each in reading.enterprise.requirements if "junior" in each.of]
    assert [each.level for each in junior] == [stands]
    assert ("E505", "roles.csv", 6, "Skill Level") in told(reading, Severity.WARNING)


def test_a_skill_that_is_not_in_the_table_of_skills(tmp_path: Path) -> None:
    """A dangling row of an official framework is a warning, left out and counted."""
    reading = small(tmp_path, row(skill="Bell ringing"))
    assert ("E503", "roles.csv", 6, "Skill Name") in told(reading, Severity.WARNING)
    assert len(reading.enterprise.requirements) == 3
    assert balance(reading, "roles.csv") == "5 rows read, 3 kept, 2 left out"


def test_texts_that_differ_are_counted(tmp_path: Path) -> None:
    """Where the two tables word a skill differently, the table of skills stands."""
    other = [*row(skill="Fog signals")]
    reading = small(tmp_path, other)
    assert ("roles.csv: Skill Description", 1) in lost(reading)


# --- bad input -----------------------------------------------------------------------------------


def refused_for(folder: Path) -> list[tuple[str, str, int | None, str]]:
    """The refusing findings of a folder, of which the enterprise cannot be had."""
    reading = ddat(folder).read()
    with pytest.raises(BadInput):
        _ = reading.enterprise
    return told(reading, Severity.REFUSE)


@pytest.mark.parametrize(
    ("more", "flaw"),
    [
        (row(level="Wizard"), ("E213", "roles.csv", 6, "Skill Level")),
        (row(level=""), ("E214", "roles.csv", 6, "Skill Level")),
        (row(skill="?!"), ("E214", "roles.csv", 6, "Skill Name")),
        (row(role=""), ("E214", "roles.csv", 6, "Role")),
        (row(role="Kee\u200bper"), ("E105", "roles.csv", 6, "Role")),
        (row()[:9], ("E201", "roles.csv", 6, "")),
    ],
)
def test_a_row_that_cannot_be_read_refuses_the_framework(
    tmp_path: Path, more: list[str], flaw: tuple[str, str, int, str]
) -> None:
    """Bad inputs 9, 18 and 33: told with the row and column; a missing level is not zero."""
    write(tmp_path, {"skills.csv": skills(), "roles.csv": [*roles(), more]})
    assert flaw in refused_for(tmp_path)


def test_bad_input_69_two_skills_of_one_id(tmp_path: Path) -> None:
    """69: two names that make one id are told, also where only a hyphen tells them apart."""
    again = ["Lamp-lighting", *skills()[1][1:]]
    write(tmp_path, {"skills.csv": [*skills(), again], "roles.csv": roles()})
    assert refused_for(tmp_path) == [("E505", "skills.csv", 4, "")]


@pytest.mark.parametrize("name", ["skills.csv", "roles.csv"])
def test_a_missing_file_refuses_the_framework(tmp_path: Path, name: str) -> None:
    """Both tables must be there; the one that is not is named."""
    write(tmp_path, {"skills.csv": skills(), "roles.csv": roles()})
    (tmp_path / name).unlink()
    assert ("E206", name, None, "") in refused_for(tmp_path)


def test_a_missing_folder_is_no_source(tmp_path: Path) -> None:
    """A path that leads nowhere is told at once."""
    with pytest.raises(SourceUnavailable) as caught:
        ddat(tmp_path / "gone").read()
    assert caught.value.code == "E706"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", ",".join(ROLES).encode()])
def test_bad_input_25_nothing_to_read(tmp_path: Path, content: bytes) -> None:
    """25: an empty file, only a byte order mark, only a header."""
    write(tmp_path, {"skills.csv": skills()})
    (tmp_path / "roles.csv").write_bytes(content)
    assert [code for code, _, _, _ in refused_for(tmp_path)] == ["E206"]


def test_a_wrong_header_is_told(tmp_path: Path) -> None:
    """A renamed column is missing under its own name and unknown under the other."""
    tables = {"skills.csv": skills(), "roles.csv": roles()}
    tables["roles.csv"][0] = ["Grade" if name == "Skill Level" else name for name in ROLES]
    write(tmp_path, tables)
    flaws = [(code, column) for code, _, _, column in refused_for(tmp_path)]
    assert ("E207", "Skill Level") in flaws
    assert "E205" in {code for code, _ in flaws}


def test_bad_input_19_a_truncated_file(tmp_path: Path) -> None:
    """19: a file cut off inside quotation marks is told."""
    tables = {"skills.csv": skills(), "roles.csv": roles()}
    tables["roles.csv"][-1][2] = "Decides,\nand decides."
    write(tmp_path, tables)
    path = tmp_path / "roles.csv"
    path.write_bytes(path.read_bytes().partition(b"and decides")[0])
    assert "E202" in {code for code, _, _, _ in refused_for(tmp_path)}


def test_bad_inputs_1_and_2_byte_order_mark_and_windows_1252(tmp_path: Path) -> None:
    """1, 2: both are read right; the second is noted."""
    tables = {"skills.csv": skills(), "roles.csv": roles()}
    tables["skills.csv"][1][1] = "Light lamps – of all kinds."
    first = ddat(write(tmp_path, tables)).read()
    path = tmp_path / "skills.csv"
    text = path.read_text("utf-8")
    path.write_bytes(text.encode("utf-8-sig"))
    assert ddat(tmp_path).read().parcel == first.parcel
    path.write_bytes(text.encode("cp1252"))
    again = ddat(tmp_path).read()
    assert again.parcel == first.parcel
    assert ("N101", "skills.csv", None, "") in told(again, Severity.NOTE)


@pytest.mark.parametrize(
    ("spoilt", "code"), [(b"li\0ght", "E106"), ("lær".encode("cp1252") + "ø".encode(), "E101")]
)
def test_bad_inputs_5_and_10_text_that_cannot_be_read(
    tmp_path: Path, spoilt: bytes, code: str
) -> None:
    """5, 10: two encodings in one file, or a NUL, are refused with the file named."""
    write(tmp_path, {"skills.csv": skills(), "roles.csv": roles()})
    path = tmp_path / "skills.csv"
    path.write_bytes(path.read_bytes().replace(b"Light", spoilt) + "ø,,,,,,".encode())
    assert (code, "skills.csv") in {flaw[:2] for flaw in refused_for(tmp_path)}


# --- the contract that every source keeps --------------------------------------------------------


@cache
def scratch(name: str) -> Path:
    """A folder for the contract, which knows no fixtures; gone when the tests are."""
    folder = Path(tempfile.mkdtemp(prefix=f"ddat-{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


TestDdat = source_contract(
    lambda: ddat(write(scratch("whole"), {"skills.csv": skills(), "roles.csv": roles()})),
    broken=lambda: ddat(write(scratch("broken"), {"skills.csv": [*skills(), ["short"]]})),
    absent=lambda: ddat(scratch("absent") / "gone"),
)
