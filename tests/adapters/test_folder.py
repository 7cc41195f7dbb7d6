"""Is a folder read whole, and is every flaw told? The source `folder` (FAULTS 1 to 81)."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from types import MappingProxyType

import attrs
import pytest
from attrs import evolve

from kompetanse_adapters.folder import read_folder, write_folder
from kompetanse_adapters.folder.forms import FORMS, SECTIONS, columns_of, other_names
from kompetanse_adapters.folder.shape import shapes_of
from kompetanse_adapters.folder.words import words_of
from kompetanse_core import (
    AssessmentSource,
    BadInput,
    Bearer,
    Breadth,
    CompetenceId,
    Demand,
    Enterprise,
    EventKind,
    EvidenceKind,
    Facet,
    Finding,
    Goal,
    GoalId,
    GoalTerm,
    Kept,
    Measure,
    MeasureKind,
    Misuse,
    PrivacyRefused,
    Reading,
    Role,
    RoleId,
    RoundId,
    ScopeArea,
    Seats,
    Severity,
    SourceUnavailable,
    Task,
    TaskId,
    Text,
    Unit,
    UnitId,
    guide_rules,
    rules_in_force,
    take_round,
)
from kompetanse_core.conformance.agreed import agreed

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "folder.md"
CASE = Path(__file__).resolve().parents[1] / "cases" / "folder-with-flaws"
EXAMPLE = Path(__file__).resolve().parents[2] / "src" / "kompetanse_adapters" / "example"

SMALL: Mapping[str, str] = MappingProxyType(
    {
        "enterprise.toml": """
schema = 1
name = { nb = "Et sykehus", en = "A hospital" }

[[scale]]
id = "fem"
top = 5
[[scale.name]]
level = 1
label = "Kjenner til"

[[goal]]
id = "trygg"
label = "Trygg behandling"
term = "long"
due = 2030-12-31

[[driver]]
id = "forskrift"
label = "Ny forskrift"
kind = "authority"
goals = ["trygg"]

[[need]]
id = "behov"
label = "Legemidler"
drivers = ["forskrift"]

[[event]]
id = "h1"
kind = "consultation"
on = 2026-05-01
sides = ["management", "union"]
[[event.view]]
side = "union"
text = "Start tidligere"

[[actor]]
id = "leder"
kind = "leader"
unit = "post"
""",
        "measures.toml": """
[[measure]]
id = "kurs"
label = "Kurs"
kind = "internal-course"
arena = "inside"
mode = "training"
confers = ["course"]
hours = 7
[[measure.outcome]]
competence = "lm"
entry = 1
reach = 3
""",
        "competences.csv": "id;label;label_en;facet\nlm;Legemidler;Medicines;ferdighet\n"
        "hlr;Ro;Calm;trait\nomr;Område;;area\n",
        "relations.csv": "kind;source;target;level;drop\nbroader;lm;omr;;\nrelated;lm;hlr;;1\n",
        "units.csv": "id;label;parent\nsh;Sykehuset;\npost;Sengepost;sh\n",
        "tasks.csv": "id;label;goals\ndele;Dele ut;trygg\n",
        "roles.csv": "id;label;tasks\nspl;Sykepleier;dele\n",
        "requirements.csv": "bearer;of;competence;level;weight;demand;statutory;proof;needs;start\n"
        "task;dele;lm;3;2;required;ja;authorisation|certificate;behov;01.01.2026\n"
        "role;spl;hlr;2;;desired;;;behov;\n",
        "seats.csv": 'unit;role;share\npost;spl;"450"\n',
        "headcounts.csv": "unit;competence;level;count;needs\npost;hlr;2;3;behov\n",
        "employees.csv": "id;age\np1;40-49\np2;\n",
        "engagements.csv": "employee;unit;role;share;start\np1;post;spl;37,5;2020-01-01\n"
        "p2;post;spl;;\n",
        "evidence.csv": "id;employee;kind;competence;issued;expires\ne1;p1;certificate;hlr;"
        "2025-03-01;2027-03-01\n",
        "assessments.csv": "employee;competence;level;source;assessed;recorded\n"
        "p1;lm;2;joint;2026-04-01;\np2;hlr;0;self;2026-04-02;2026-04-05T08:00:00+02:00\n",
        "wishes.csv": "employee;competence;stated\np1;hlr;2026-02-01\n",
    }
)


def read(folder: Path, changed: Mapping[str, str | bytes]) -> Reading:
    """Write the small enterprise with some files changed, and read it."""
    for name, content in {**SMALL, **changed}.items():
        text = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(text)
    return read_folder(folder)


def told(reading: Reading) -> list[tuple[str, str]]:
    """Each finding's code and place."""
    return [(found.code, str(found.place)) for found in reading.findings]


def without(name: str, key: str) -> str:
    """A file of the small enterprise without the line of a key."""
    return "\n".join(line for line in SMALL[name].split("\n") if not line.startswith(key))


# --- what is sound ------------------------------------------------------------------------------


def test_a_sound_folder_is_read_without_findings(tmp_path: Path) -> None:
    """Every file becomes its nouns, and nothing is told."""
    reading = read(tmp_path, {})
    enterprise = reading.enterprise
    assert reading.findings == ()
    assert reading.losses == ()
    assert enterprise.name == Text(nb="Et sykehus", en="A hospital")
    assert enterprise.competences[0].label == Text(nb="Legemidler", en="Medicines")
    assert enterprise.competences[0].scale == "fem"
    assert [c.facet for c in enterprise.competences] == [Facet.SKILL, Facet.TRAIT, None]
    assert enterprise.goals[0].term is GoalTerm.LONG
    assert enterprise.register.events[0].views[0].text == Text("Start tidligere")
    assert enterprise.measures[0].outcomes[0].reach == 3
    assert enterprise.measures[0].kind is MeasureKind.INTERNAL_COURSE


def test_cells_become_typed_values(tmp_path: Path) -> None:
    """Shares are basis points, dates days, several values tuples, and defaults hold."""
    enterprise = read(tmp_path, {}).enterprise
    by_task = next(r for r in enterprise.requirements if r.bearer is Bearer.TASK)
    by_role = next(r for r in enterprise.requirements if r.bearer is Bearer.ROLE)
    assert (by_task.level, by_task.weight, by_task.statutory) == (3, 2, True)
    assert by_task.proof == {EvidenceKind.AUTHORISATION, EvidenceKind.CERTIFICATE}
    assert by_task.start == date(2026, 1, 1)
    assert (by_role.weight, by_role.demand, by_role.statutory) == (1, Demand.DESIRED, False)
    assert enterprise.seats[0].share == 45_000
    assert [e.share for e in enterprise.engagements] == [3_750, 10_000]


def test_recorded_is_midnight_of_the_day_unless_it_is_said(tmp_path: Path) -> None:
    """What leaves out `recorded` became known when it was assessed, issued or stated."""
    enterprise = read(tmp_path, {}).enterprise
    first, second = enterprise.assessments
    assert first.recorded == datetime(2026, 4, 1, tzinfo=UTC)
    assert second.recorded == datetime(2026, 4, 5, 6, tzinfo=UTC)
    assert next(iter(enterprise.evidence)).recorded == datetime(2025, 3, 1, tzinfo=UTC)
    assert next(iter(enterprise.wishes)).recorded == datetime(2026, 2, 1, tzinfo=UTC)
    assert first.source is AssessmentSource.JOINT


def test_bad_input_72_an_enterprise_toml_alone_is_an_empty_enterprise(tmp_path: Path) -> None:
    """All other files may be absent."""
    (tmp_path / "enterprise.toml").write_text("schema = 1\n", "utf-8")
    reading = read_folder(tmp_path)
    assert reading.findings == ()
    assert len(reading.enterprise.employees) == 0


def test_the_bundled_example_is_sound() -> None:
    """The example enterprise reads without anything to refuse."""
    assert read_folder(EXAMPLE).refused == ()


def test_row_and_column_order_are_free(tmp_path: Path) -> None:
    """Turning rows and columns round gives the same enterprise."""
    turned = {}
    for name, text in SMALL.items():
        if name.endswith(".csv"):
            head, *rows = [line.split(";")[::-1] for line in text.splitlines()]
            turned[name] = "\n".join(";".join(line) for line in (head, *rows[::-1]))
    plain, other = tmp_path / "plain", tmp_path / "other"
    plain.mkdir()
    other.mkdir()
    left, right = read(plain, {}).enterprise, read(other, turned).enterprise
    for name in ("requirements", "employees", "engagements", "evidence", "assessments", "wishes"):
        assert getattr(left, name) == getattr(right, name)
    assert set(left.competences) == set(right.competences)


# --- text and encoding --------------------------------------------------------------------------


def test_bad_input_01_a_table_in_windows_1252_is_read(tmp_path: Path) -> None:
    """æøå come out right, and a note names the file."""
    reading = read(tmp_path, {"units.csv": "id;label\npost;Føden på Ås\n".encode("cp1252")})
    assert reading.enterprise.units[0].label.nb == "Føden på Ås"
    assert ("N101", "units.csv") in told(reading)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf"])
def test_bad_input_02_61_a_byte_order_mark_harms_no_file(tmp_path: Path, mark: bytes) -> None:
    """Also TOML may begin with the mark, which its parser would refuse."""
    marked = {name: mark + text.encode() for name, text in SMALL.items()}
    assert read(tmp_path, marked).findings == ()


def test_bad_input_08_ids_are_equal_after_composing(tmp_path: Path) -> None:
    """A reference in decomposed form finds its unit in composed form."""
    apart = unicodedata.normalize("NFD", "Ås")
    reading = read(
        tmp_path,
        {
            "units.csv": "id;label\nÅs;Ås\n",
            "seats.csv": f"unit;role;share\n{apart};spl;100\n",
            "enterprise.toml": SMALL["enterprise.toml"].replace(
                'unit = "post"', f'unit = "{apart}"'
            ),
            "headcounts.csv": f"unit;competence;level;count;needs\n{apart};hlr;2;3;behov\n",
            "engagements.csv": f"employee;unit;role\np1;{apart};spl\np2;Ås;spl\n",
        },
    )
    assert reading.findings == ()
    assert reading.enterprise.actors[0].unit == "Ås"


def test_bad_input_08_two_ids_that_become_one_are_refused(tmp_path: Path) -> None:
    """Two ids that only differ in composition are told at the second."""
    apart = unicodedata.normalize("NFD", "Ås")
    reading = read(tmp_path, {"units.csv": f"id;label\npost;P\nÅs;A\n{apart};B\n"})
    assert ("E104", "units.csv:4 [id]") in told(reading)


@pytest.mark.parametrize("hidden", ["\u200b", "\u202e", "\ufeff", "\u2066"])
def test_bad_input_09_hidden_characters_are_refused_in_ids_only(
    tmp_path: Path, hidden: str
) -> None:
    """An id with a character that cannot be seen is refused; in a label it stays."""
    text = f"id;label\npost;Sen{hidden}gepost\nsh{hidden}x;Sykehuset\n"
    reading = read(tmp_path, {"units.csv": text})
    assert told(reading) == [("E105", "units.csv:3 [id]")]
    assert reading.parcel.units[0].label.nb == f"Sen{hidden}gepost"


NAUGHTY = (
    "NULL",
    "undefined",
    "TRUE",
    "0",
    "-1",
    "1/0",
    "$1.00",
    "1E+02",
    "0x0",
    "nan",
    "Infinity",
    "<script>alert(1)</script>",
    "'; DROP TABLE x; --",
    "$HOME",
    "%s %d {0}",
    "../../etc",
    "Ω≈ç√∫µ≤≥÷",
    "田中さんにあげて下さい",
    "שָׁלוֹם",
    "😍🏳️‍🌈",
    "﷽",
    "Ṱ̺̺̕o͞",
    "\u202etest",
    "a\u200bb",
    "=1+1",
    "+1",
    "-1+1",
    "@SUM(A1)",
    "\tx",
    "x\ty",
    "line\nbreak",
    "ends\r\n",
    " spaced ",
    "\x07\x1b[31m",
)


def test_bad_input_12_naughty_strings_are_text(tmp_path: Path) -> None:
    """Whatever stands in a label or a qualification is kept as it is, in composed form."""
    quoted = ['"' + text.replace('"', '""') + '"' for text in NAUGHTY]
    rows = "".join(f"e{n};p1;course;{cell};2026-01-01\n" for n, cell in enumerate(quoted))
    units = "".join(f"u{n};{cell}\n" for n, cell in enumerate(quoted))
    reading = read(
        tmp_path,
        {
            "evidence.csv": f"id;employee;kind;qualification;issued\n{rows}",
            "units.csv": f"id;label\npost;P\n{units}",
        },
    )
    composed = [unicodedata.normalize("NFC", text) for text in NAUGHTY]
    by_id = {str(evidence.id): evidence.qualification for evidence in reading.enterprise.evidence}
    assert [by_id[f"e{n}"] for n in range(len(NAUGHTY))] == composed
    assert [unit.label.nb for unit in reading.enterprise.units[1:]] == composed


# --- all at once, and nothing echoed ------------------------------------------------------------


def test_every_flaw_is_told_at_once(tmp_path: Path) -> None:
    """One reading names the flaws of all files and of all cells of a row; none hides another."""
    reading = read(
        tmp_path,
        {
            "enterprise.toml": without("enterprise.toml", 'kind = "authority"')
            + '\n[[need]]\nid = "n2"\nlabel = ""\nowner = "ingen"\n',
            "seats.csv": "unit;role;share\npost;spl;mye\n;spl;1.234\n",
            "assessments.csv": "employee;competence;level;source;assessed\n"
            "p1;lm;tre;sjef;31/12/2026\np1;nei;2;joint;2026-01-01\np9;lm;2;joint;2026-01-01\n",
        },
    )
    assert set(told(reading)) == {
        ("E214", "enterprise.toml:18 [kind]"),
        ("E214", "enterprise.toml:44 [label]"),
        ("E213", "enterprise.toml:45 [owner]"),
        ("E210", "seats.csv:2 [share]"),
        ("E214", "seats.csv:3 [unit]"),
        ("E210", "seats.csv:3 [share]"),
        ("E210", "assessments.csv:2 [level]"),
        ("E213", "assessments.csv:2 [source]"),
        ("E211", "assessments.csv:2 [assessed]"),
        ("E503", "assessments.csv:3 [competence]"),
        ("E503", "assessments.csv:4 [employee]"),
    }
    with pytest.raises(BadInput) as caught:
        _ = reading.enterprise
    assert len(caught.value.findings) == 11


def test_the_folder_with_flaws_is_told_as_recorded() -> None:
    """A folder as people leave them: every flaw of every file, word for word, in order.

    Read findings.txt as its author would; a better wording is recorded there anew.
    """
    told_now = [str(found) for found in read_folder(CASE).findings]
    recorded = (CASE / "findings.txt").read_text("utf-8").splitlines()
    assert told_now == recorded


def test_a_flaw_in_one_cell_hides_none_in_another(tmp_path: Path) -> None:
    """What cannot be read and what the noun refuses are told together, for a row and a table."""
    rows = "id;employee;kind;level;issued\ne\u200b1;p1;kurs;-1;31/12/2026\n"
    reading = read(
        tmp_path, {"evidence.csv": rows, **with_measure("days = 2.5\nhourz = 1\nsessions = 0")}
    )
    assert set(told(reading)) == {
        ("E105", "evidence.csv:2 [id]"),
        ("E506", "evidence.csv:2 [level]"),
        ("E211", "evidence.csv:2 [issued]"),
        ("E501", "measures.toml:10 [days]"),
        ("E404", "measures.toml:11 [hourz]"),
        ("E508", "measures.toml:12 [sessions]"),
    }


def test_no_personal_value_is_echoed(tmp_path: Path) -> None:
    """Whatever is wrong with a personal row, no message repeats what stood in it."""
    secret = "KariNordmann"
    cells = {
        "employees.csv": f"id;age\np1;{secret}\np2;\n {secret}\u200b;\n{secret};\n{secret};\n",
        "engagements.csv": f"employee;unit;role;share;start\n{secret};{secret};spl;{secret};"
        f"{secret}\np9{secret};post;spl;;\n",
        "evidence.csv": f"id;employee;kind;verified;recorded\n{secret};{secret};{secret};{secret};"
        f"{secret}\n{secret};p9{secret};course;;2026-01-01\n",
        "assessments.csv": f"employee;competence;level;source;assessed\n{secret};{secret};{secret};"
        f"{secret};{secret}\np9{secret};lm;2;joint;2026-01-01\n",
        "wishes.csv": f"employee;competence;stated\n{secret};;2026-01-01\np9{secret};lm;{secret}\n",
    }
    reading = read(tmp_path, cells)
    assert len(reading.findings) >= 13
    assert [f for f in reading.findings if secret.casefold() in repr(f).casefold()] == []


def test_what_was_refused_is_not_told_again_as_a_reference(tmp_path: Path) -> None:
    """A flaw in one row of roles.csv is one finding, not one for each engagement in that role."""
    reading = read(tmp_path, {"roles.csv": "id;label;tasks\nspl;;dele\n"})
    assert told(reading) == [("E214", "roles.csv:2 [label]")]


def test_an_unreadable_file_hides_no_flaw_elsewhere(tmp_path: Path) -> None:
    """With one file in ruins, the others are still read, and only references to it are silent."""
    reading = read(
        tmp_path,
        {
            "competences.csv": b"\x00\x01",
            "units.csv": "id;label;parent\npost;P;borte\n",
        },
    )
    assert [code for code, _ in told(reading)] == ["E106", "E503"]


def test_findings_come_sorted_and_alike(tmp_path: Path) -> None:
    """The same folder gives the same findings in the same order."""
    changed = {"roles.csv": "id;label;tasks\na;;x\nb;;y\n", "seats.csv": "unit;role;share\nx;y;z\n"}
    first, second = read(tmp_path, changed), read(tmp_path, changed)
    assert first.findings == second.findings
    assert [f.place.row for f in first.findings if f.place.file == "roles.csv"] == [2, 3]


# --- tables -------------------------------------------------------------------------------------


def test_bad_input_15_commas_with_a_quoted_decimal_comma(tmp_path: Path) -> None:
    """A comma between cells and a quoted one within a number are two things."""
    reading = read(tmp_path, {"seats.csv": 'unit,role,share\npost,spl,"37,5"\n'})
    assert reading.enterprise.seats[0].share == 3_750


def test_bad_input_16_30_a_declared_dialect_is_followed(tmp_path: Path) -> None:
    """Delimiter and decimal point can be declared for all tables or for one."""
    declared = SMALL["enterprise.toml"] + '\n[csv.seats]\ndelimiter = "|"\ndecimal = "."\n'
    reading = read(
        tmp_path,
        {
            "enterprise.toml": declared,
            "seats.csv": "unit|role|share\npost|spl|37.5\n",
        },
    )
    assert reading.findings == ()
    assert reading.enterprise.seats[0].share == 3_750


def test_bad_input_21_lines_above_the_header_can_be_declared(tmp_path: Path) -> None:
    """The hint that the finding gives is what mends it."""
    above = {"units.csv": "Enheter;;\n\n" + SMALL["units.csv"]}
    reading = read(tmp_path, above)
    assert told(reading) == [("E203", "units.csv:3")]
    assert "skip_rows = 2 under [csv.units]" in reading.findings[0].hint
    declared = SMALL["enterprise.toml"] + "\n[csv.units]\nskip_rows = 2\n"
    assert read(tmp_path, {**above, "enterprise.toml": declared}).findings == ()


def test_bad_input_23_norwegian_headers_and_words_are_read(tmp_path: Path) -> None:
    """Bokmål and nynorsk headers and words mean the same as the English ones."""
    changed = {
        "assessments.csv": "Ansatt;Kompetanse;Nivå;Kilde;Vurdert\np1;lm;2;felles;01.04.2026\n",
        "engagements.csv": "tilsett;eining;rolle;stillingsprosent;frå\np1;post;spl;37,5;\n",
        "competences.csv": "nøkkel;navn;fasett\nlm;Legemidler;Ferdighet\nhlr;HLR;haldning\n"
        "omr;O;kompetanseområde\n",
    }
    reading = read(tmp_path, changed)
    assert {f.code for f in reading.findings} == {"N215"}
    assert reading.enterprise.competences[1].facet is Facet.ATTITUDE
    assert [a.source for a in reading.enterprise.assessments] == [AssessmentSource.JOINT]


def test_bad_input_32_x_and_blank_can_be_declared(tmp_path: Path) -> None:
    """A declared map makes x a yes and an empty cell a no, also where the default is yes."""
    declared = SMALL["enterprise.toml"] + '\n[csv.evidence]\nyes = ["x"]\nno = [""]\n'
    rows = "id;employee;kind;verified;issued\ne1;p1;course;X;2026-01-01\ne2;p1;course;;2026-01-01\n"
    reading = read(tmp_path, {"enterprise.toml": declared, "evidence.csv": rows})
    assert [e.verified for e in reading.enterprise.evidence] == [True, False]
    undeclared = read(tmp_path, {"evidence.csv": rows})
    assert told(undeclared) == [("E212", "evidence.csv:2 [verified]")]


def test_bad_input_33_58_a_missing_level_is_not_zero(tmp_path: Path) -> None:
    """An unknown level is refused with what to do; a level 0 is read."""
    rows = "employee;competence;level;source;assessed\np1;lm;{};joint;2026-01-01\n"
    for cell in ("", "-", "ukjent", "N/A"):
        reading = read(tmp_path, {"assessments.csv": rows.format(cell)})
        assert told(reading) == [("E501", "assessments.csv:2 [level]")]
        assert "0 means" in reading.findings[0].hint
    known = read(tmp_path, {"assessments.csv": rows.format("0")}).enterprise
    assert [assessment.level for assessment in known.assessments] == [0]


@pytest.mark.parametrize("cell", ["3,7", "3,0", "true", "-0,0"])
def test_bad_input_58_a_level_is_a_whole_number(tmp_path: Path, cell: str) -> None:
    """No fraction and no word is bent into a level."""
    rows = f"employee;competence;level;source;assessed\np1;lm;{cell};joint;2026-01-01\n"
    reading = read(tmp_path, {"assessments.csv": rows})
    assert len(reading.refused) == 1
    assert reading.refused[0].code in ("E501", "E210")


# --- TOML ---------------------------------------------------------------------------------------


def with_measure(line: str) -> dict[str, str]:
    """The measure of the small enterprise with one more line."""
    return {"measures.toml": SMALL["measures.toml"].replace("hours = 7", f"hours = 7\n{line}")}


@pytest.mark.parametrize("value", ['"3"', "3.7", "true", "-0.0", "3.0"])
def test_bad_input_58_a_toml_level_is_an_integer(tmp_path: Path, value: str) -> None:
    """A string, a fraction and a truth value are no levels."""
    changed = SMALL["measures.toml"].replace("reach = 3", f"reach = {value}")
    reading = read(tmp_path, {"measures.toml": changed})
    assert told(reading) == [("E501", "measures.toml:2 [outcome.reach]")]


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e400"])
def test_bad_input_55_numbers_that_are_not_finite_are_refused(tmp_path: Path, value: str) -> None:
    """Neither nan nor infinity gets in."""
    changed = SMALL["enterprise.toml"].replace("top = 5", f"top = {value}")
    reading = read(tmp_path, {"enterprise.toml": changed})
    assert ("E401", "enterprise.toml:7 [top]") in told(reading)


def test_bad_input_59_an_unknown_key_is_refused_with_the_nearest(tmp_path: Path) -> None:
    """A misspelt key is told with its line, in a section, in a noun within it, and at the top."""
    reading = read(tmp_path, with_measure("hourz = 7"))
    assert told(reading) == [("E404", "measures.toml:10 [hourz]")]
    assert "did you mean hours?" in reading.findings[0].hint
    changed = SMALL["measures.toml"].replace("reach = 3", "reach = 3\nreech = 4")
    reading = read(tmp_path, {"measures.toml": changed})
    assert told(reading) == [("E404", "measures.toml:2 [outcome.reech]")]
    changed = SMALL["enterprise.toml"].replace("schema = 1", 'schema = 1\nslogan = "x"')
    assert told(
        read(tmp_path, {"enterprise.toml": changed, "measures.toml": SMALL["measures.toml"]})
    ) == [("E404", "enterprise.toml:3 [slogan]")]


@pytest.mark.parametrize(
    ("line", "code"), [("schema = 2", "E404"), ("schema = '1'", "E501"), ("", "E214")]
)
def test_bad_input_59_a_newer_schema_is_refused(tmp_path: Path, line: str, code: str) -> None:
    """A newer format names the edition that is read here; a missing one is missed."""
    changed = SMALL["enterprise.toml"].replace("schema = 1", line)
    reading = read(tmp_path, {"enterprise.toml": changed})
    assert [f.code for f in reading.findings] == [code]
    assert "1" in reading.findings[0].hint


def test_bad_input_62_broken_toml_is_refused_and_the_tables_still_read(tmp_path: Path) -> None:
    """A syntax error names its line; references to what it held are not told as well."""
    reading = read(tmp_path, {"enterprise.toml": SMALL["enterprise.toml"] + "\n[[goal]\n"})
    assert told(reading) == [("E407", "enterprise.toml:43")]
    assert len(reading.parcel.employees) == 2


def test_bad_input_63_a_secret_in_a_folder_is_refused(tmp_path: Path) -> None:
    """A token in enterprise.toml is never read."""
    changed = SMALL["enterprise.toml"].replace("schema = 1", 'schema = 1\ntoken = "abc"')
    assert ("E405", "enterprise.toml:3 [token]") in told(
        read(tmp_path, {"enterprise.toml": changed})
    )


def test_bad_input_64_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A file that leads elsewhere is not opened."""
    inside, outside = tmp_path / "inside", tmp_path / "outside.csv"
    inside.mkdir()
    outside.write_text("id;label\nx;y\n", "utf-8")
    (inside / "occupations.csv").symlink_to(outside)
    reading = read(inside, {})
    assert told(reading) == [("E406", "occupations.csv")]
    assert reading.parcel.occupations == ()


@pytest.mark.parametrize(
    ("line", "code", "key"),
    [
        ("label = 3", "E213", "label"),
        ("label = { nb = 3 }", "E213", "label"),
        ('label = { fr = "x" }', "E404", "label"),
        ('label = ""', "E214", "label"),
        ('label = "x"\naims = "retain"', "E213", "aims"),
        ('label = "x"\naims = ["retain", "attract", "fun"]', "E213", "aims"),
        ('label = "x"\naims = [3]', "E213", "aims"),
        ('label = "x"\ndue = 3', "E211", "due"),
        ('label = "x"\ndue = 2027-01-01T00:00:00Z', "E211", "due"),
        ('label = "x"\ndue = "31/12/2027"', "E211", "due"),
        ('label = "x"\nterm = 1', "E213", "term"),
    ],
)
def test_a_toml_value_of_another_kind_is_refused(
    tmp_path: Path, line: str, code: str, key: str
) -> None:
    """A value that is not what the key is for is told by its key, and never bent."""
    changed = SMALL["enterprise.toml"] + f'\n[[goal]]\nid = "g9"\n{line}\n'
    found = read(tmp_path, {"enterprise.toml": changed}).findings
    assert [(f.code, f.place.column) for f in found] == [(code, key)]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("bound = 1", "E212"),
        ("recorded = 2027-01-01T12:00:00", "E211"),
        ("recorded = 3", "E211"),
        ("recorded = 0001-01-01T00:00:00+14:00", "E211"),
        ("view = 3", "E213"),
        ("view = [3]", "E407"),
    ],
)
def test_an_event_of_another_kind_is_refused(tmp_path: Path, line: str, code: str) -> None:
    """Yes and no, instants and nouns within a noun are checked like everything else."""
    changed = SMALL["enterprise.toml"].replace("on = 2026-05-01", f"on = 2026-05-02\n{line}")
    text = changed.replace('[[event.view]]\nside = "union"\ntext = "Start tidligere"\n', "")
    assert [f.code for f in read(tmp_path, {"enterprise.toml": text}).findings] == [code]


@pytest.mark.parametrize(
    "value",
    ["2027-01-01T13:00:00+01:00", '"2027-01-01T12:00:00Z"', "2027-01-01", '"01.01.2027"'],
)
def test_instants_in_toml_are_utc(tmp_path: Path, value: str) -> None:
    """An offset is counted in; a day is its midnight, whether in quotation marks or not."""
    changed = SMALL["enterprise.toml"].replace(
        "on = 2026-05-01", f"on = 2026-05-02\nrecorded = {value}"
    )
    event = read(tmp_path, {"enterprise.toml": changed}).enterprise.register.events[0]
    assert event.recorded == datetime(2027, 1, 1, 12 if "T" in value else 0, tzinfo=UTC)


DESIGN = """
[[design]]
id = "runde"
version = 2
breadth = "detaljert"
method = "Egenvurdering, så samtale"
sources = ["self", "felles"]
scales = ["fem"]
start = 2026-06-01
[[design.area]]
unit = "post"
competence = "lm"
"""


def test_how_competence_is_mapped_stands_beside_the_rest(tmp_path: Path) -> None:
    """M-5: a design of the mapping is read, its areas too, and what leads to nothing is told."""
    whole = SMALL["enterprise.toml"] + DESIGN
    reading = read(tmp_path, {"enterprise.toml": whole})
    (design,) = reading.enterprise.designs
    assert (design.version, design.breadth) == (2, Breadth.DETAILED)
    assert design.sources == (AssessmentSource.SELF, AssessmentSource.JOINT)
    assert design.areas == (ScopeArea(unit=UnitId("post"), competence=CompetenceId("lm")),)
    lost = whole.replace('competence = "lm"', 'competence = "x"')
    assert [code for code, _ in told(read(tmp_path, {"enterprise.toml": lost}))] == ["E503"]


def test_the_example_was_mapped_as_it_was_designed() -> None:
    """M-5, M-7: every answer of its round is one that the detailed design asks for."""
    enterprise = read_folder(EXAMPLE).enterprise
    (detailed,) = (each for each in enterprise.designs if each.breadth is Breadth.DETAILED)
    answers = [each for each in enterprise.assessments if each.round == RoundId(detailed.id)]
    assert len(take_round(detailed, answers, enterprise)) == len(answers) > 900


def test_an_event_stands_once(tmp_path: Path) -> None:
    """A second event of the same id is refused where it stands, and the first is kept."""
    again = '\n[[event]]\nid = "h1"\nkind = "input"\non = 2026-06-01\n'
    reading = read(tmp_path, {"enterprise.toml": SMALL["enterprise.toml"] + again})
    assert told(reading) == [("E505", "enterprise.toml:43")]
    assert len(reading.parcel.register) == 1


def test_a_setting_of_another_kind_is_refused(tmp_path: Path) -> None:
    """What stands under [csv] is checked like everything else."""
    changed = (
        SMALL["enterprise.toml"] + '\n[csv]\ndecimal = "x"\nskip = 1\n[csv.units]\nyes = "x"\n'
    )
    assert told(read(tmp_path, {"enterprise.toml": changed})) == [
        ("E213", "enterprise.toml:44 [decimal]"),
        ("E404", "enterprise.toml:45 [skip]"),
        ("E213", "enterprise.toml:47 [yes]"),
    ]


@pytest.mark.parametrize("line", ["csv = 3", "csv = { units = 3 }", "[[csv]]"])
def test_settings_that_are_no_table_are_refused(tmp_path: Path, line: str) -> None:
    """What was meant as a setting is never passed over in silence."""
    above = SMALL["enterprise.toml"].replace("schema = 1", f"schema = 1\n{line}\n", 1)
    text = above if "[[" not in line else SMALL["enterprise.toml"] + f"\n{line}\n"
    assert {f.code for f in read(tmp_path, {"enterprise.toml": text}).findings} == {"E407"}


# --- what only the domain can refuse -------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "code", "place"),
    [
        ("requirements.csv", "bearer;of;competence;level;needs\nrole;spl;lm;6;behov\n", "E502", 2),
        ("requirements.csv", "bearer;of;competence;level;needs\nrole;spl;x;2;behov\n", "E503", 2),
        ("units.csv", "id;label;parent\nsh;S;post\npost;P;sh\n", "E504", None),
        ("units.csv", "id;label;parent\npost;P;post\n", "E504", 2),
        ("relations.csv", "kind;source;target\nbroader;lm;lm\n", "E510", 2),
        ("employees.csv", "id\np1\np2\np2\n", "E505", 4),
        ("requirements.csv", "bearer;of;competence;level;needs\nrole;spl;lm;0;behov\n", "E506", 2),
        (
            "requirements.csv",
            "bearer;of;competence;level;weight;needs\nrole;spl;lm;1;-1;behov\n",
            "E506",
            2,
        ),
        (
            "evidence.csv",
            "id;employee;kind;issued;expires\ne1;p1;course;2026-02-28;2026-02-27\n",
            "E507",
            2,
        ),
        (
            "engagements.csv",
            "employee;unit;role;start;end\np1;post;spl;2026-02-28;2026-02-27\n",
            "E507",
            2,
        ),
        (
            "headcounts.csv",
            f"unit;competence;level;count;needs\npost;hlr;2;{10**13};behov\n",
            "E509",
            2,
        ),
        (
            "headcounts.csv",
            "unit;competence;level;count;needs\npost;hlr;40000;1;behov\n",
            "E509",
            2,
        ),
        ("engagements.csv", "employee;unit;role;share\np1;post;spl;100,01\n", "E511", 2),
    ],
)
def test_bad_input_65_to_73_and_81(
    tmp_path: Path, name: str, text: str, code: str, place: int | None
) -> None:
    """What the nouns and the whole refuse is told at the row where it stands."""
    found = [f for f in read(tmp_path, {name: text}).findings if f.code == code]
    assert [(f.place.file, f.severity) for f in found][:1] == [(name, Severity.REFUSE)]
    assert place is None or found[0].place.row == place


def test_bad_input_70_two_part_time_roles_are_one_person(tmp_path: Path) -> None:
    """A person may have several engagements; more than full time at once is a warning."""
    rows = "employee;unit;role;share\np1;post;spl;60\np1;sh;spl;40\np2;post;spl;60\np2;sh;spl;60\n"
    reading = read(tmp_path, {"engagements.csv": rows})
    assert [f.code for f in reading.findings] == ["E511"]
    assert len(reading.enterprise.engagements) == 4


def test_bad_input_73_a_leap_day_and_the_last_day_are_days(tmp_path: Path) -> None:
    """29 February is read in a leap year, and what expires the day it is issued is allowed."""
    rows = "id;employee;kind;issued;expires\ne1;p1;course;29.02.2028;29.02.2028\n"
    evidence = next(iter(read(tmp_path, {"evidence.csv": rows}).enterprise.evidence))
    assert evidence.issued == evidence.expires == date(2028, 2, 29)


@pytest.mark.parametrize(
    "line", ["seats = 0", "sessions = -1", "cost_per_head = -100", "days = inf", "days = nan"]
)
def test_bad_input_76_a_measure_that_cannot_be_is_refused(tmp_path: Path, line: str) -> None:
    """No capacity, a negative cost and an endless duration are told with their line."""
    key = line.split()[0]
    assert told(read(tmp_path, with_measure(line))) == [("E508", f"measures.toml:10 [{key}]")]


def test_bad_input_79_a_deep_and_a_wide_tree_of_units(tmp_path: Path) -> None:
    """Two hundred levels and ten thousand children are read."""
    deep = "".join(f"d{n};D;{f'd{n - 1}' if n else ''}\n" for n in range(200))
    wide = "".join(f"w{n};W;d199\n" for n in range(10_000))
    reading = read(tmp_path, {"units.csv": f"id;label;parent\nsh;S;\npost;P;sh\n{deep}{wide}"})
    assert reading.findings == ()
    assert len(reading.enterprise.units) == 10_202


# --- the folder ---------------------------------------------------------------------------------


def test_a_file_of_another_name_is_not_lost_in_silence(tmp_path: Path) -> None:
    """A misspelt table is a warning; a README is nobody's table."""
    (tmp_path / "assesments.csv").write_text("x", "utf-8")
    (tmp_path / "README.md").write_text("x", "utf-8")
    assert told(read(tmp_path, {})) == [("W208", "assesments.csv")]


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    """A wrong path is no finding about data but an error of its own, with exit code 4."""
    with pytest.raises(SourceUnavailable) as caught:
        read_folder(tmp_path / "nowhere")
    assert (caught.value.code, caught.value.exit_code) == ("E706", 4)


def test_a_folder_without_enterprise_toml_is_refused(tmp_path: Path) -> None:
    """The one file that must be there is missed by name."""
    assert ("E206", "enterprise.toml") in told(read_folder(tmp_path))


# --- writing ------------------------------------------------------------------------------------


def labelled(labels: Iterable[str]) -> Enterprise:
    """An enterprise whose units and goals are called so."""
    return Enterprise(
        units=[Unit(id=UnitId(f"u{n}"), label=Text(label)) for n, label in enumerate(labels)],
        goals=[Goal(id=GoalId(f"g{n}"), label=Text(en=label)) for n, label in enumerate(labels)],
    )


def test_bad_input_12_28_naughty_strings_are_written_and_read_back(tmp_path: Path) -> None:
    """Formulas, markup, controls and line ends survive both TOML and CSV."""
    enterprise = labelled([unicodedata.normalize("NFC", text) for text in NAUGHTY])
    assert write_folder(enterprise, tmp_path / "out") == ()
    assert read_folder(tmp_path / "out").enterprise == enterprise


@pytest.mark.parametrize("name", ["ukjent", "-", "N/A"])
def test_an_id_that_a_folder_cannot_carry_is_refused(tmp_path: Path, name: str) -> None:
    """What would be read as missing is refused, and nothing is left behind."""
    enterprise = Enterprise(units=[Unit(id=UnitId(name), label=Text("x"))])
    with pytest.raises(Misuse) as caught:
        write_folder(enterprise, tmp_path / "out")
    assert caught.value.code == "E213"
    assert "units" in caught.value.text
    assert not (tmp_path / "out").exists()


def test_what_was_read_for_one_purpose_is_not_written_as_the_whole(tmp_path: Path) -> None:
    """E556: a folder that is imported again would lose what was left out."""
    left = Enterprise(withheld=frozenset({Kept.WISH}))
    with pytest.raises(PrivacyRefused, match="E556"):
        write_folder(left, tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


def test_what_the_parties_agreed_comes_back(tmp_path: Path) -> None:
    """B-14, T-3: a joint statement in two versions, who accepted it, and the local agreement."""
    told = agreed(3)
    assert [event.kind for event in told.register].count(EventKind.STATEMENT) == 2
    assert write_folder(told, tmp_path / "out") == ()
    assert read_folder(tmp_path / "out").parcel == told


def test_a_bar_within_an_id_of_several_is_refused(tmp_path: Path) -> None:
    """The bar stands between ids; an id that holds one would be read as two."""
    goal = Goal(id=GoalId("a|b"), label=Text("x"))
    task = Task(id=TaskId("t"), label=Text("x"), goals=(goal.id,))
    with pytest.raises(Misuse, match="E213"):
        write_folder(Enterprise(goals=[goal], tasks=[task]), tmp_path / "out")


def test_shares_are_written_as_people_write_them(tmp_path: Path) -> None:
    """Basis points become per cent with a comma, and no more decimals than they need."""
    unit, role = Unit(id=UnitId("u"), label=Text("x")), Role(id=RoleId("r"), label=Text("x"))
    seats = [Seats(unit=unit.id, role=role.id, share=n) for n in (10_000, 3_750, 3_333, 5, 45_000)]
    write_folder(Enterprise(units=[unit], roles=[role], seats=seats), tmp_path / "out")
    rows = (tmp_path / "out" / "seats.csv").read_text("utf-8").split()[1:]
    assert [row.split(";")[-1] for row in rows] == ["100", "37,5", "33,33", "0,05", "450"]


LOCAL = """
schema = 1
id = "lokal"
edition = "1"
as_of = 2027-01-01
label = "Særavtale"

[[rule]]
clause = "A-12"
strength = "HA"
effect = "warn"
check = "mapped-regularly"
parameters = { months = 6 }
text = "Hvert halvår."
advice = { nb = "Begynn i mars.", en = "Begin in March." }
stage = "mapping"
"""


def test_a_local_agreement_stands_in_a_file_of_its_own(tmp_path: Path) -> None:
    """T-3: `rules.toml` is a rule set; it travels in the enterprise and refines the guide."""
    enterprise = read(tmp_path, {"rules.toml": LOCAL}).enterprise
    assert [rules.id for rules in enterprise.rule_sets] == ["lokal"]
    assert rules_in_force(enterprise).parameter("A-12", "months") == 6


@pytest.mark.parametrize("count", [1, 2, 11])
def test_rule_sets_come_back_in_their_order(tmp_path: Path, count: int) -> None:
    """The guide's whole set too, and more sets than nine, written and read."""
    sets = [evolve(guide_rules(), id=f"set {count - number}") for number in range(count)]
    assert write_folder(Enterprise(rule_sets=sets), tmp_path / "out") == ()
    assert list(read_folder(tmp_path / "out").enterprise.rule_sets) == sets


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"A-12"', '"A-12"\nclaws = 1', "E404"),
        ("mapped-regularly", "mapped-often", "E213"),
        ('strength = "HA"', 'strength = "sterk"', "E213"),
        ("schema = 1", "schema = ", "E407"),
        ("months = 6", "months = 6.5", "E501"),
    ],
)
def test_a_rule_that_cannot_be_read_is_told_in_its_file(
    tmp_path: Path, old: str, new: str, code: str
) -> None:
    """A rule file with an unknown key, check or strength: the rest of the folder is read."""
    reading = read(tmp_path, {"rules.toml": LOCAL.replace(old, new)})
    assert {(found.code, found.place.file) for found in reading.findings} == {(code, "rules.toml")}
    assert len(reading.parcel.roles) == 1


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A folder in which something stands, and a file, are left as they are."""
    (tmp_path / "note.txt").write_text("mine", "utf-8")
    for place in (tmp_path, tmp_path / "note.txt"):
        with pytest.raises(Misuse, match="E802"):
            write_folder(Enterprise(), place)
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_the_bundled_example_is_written_and_read_back(tmp_path: Path) -> None:
    """A whole enterprise goes out and comes in again."""
    enterprise = read_folder(EXAMPLE).enterprise
    write_folder(enterprise, tmp_path / "out")
    assert read_folder(tmp_path / "out").enterprise == enterprise


# --- the reference page -------------------------------------------------------------------------


def rows_of(heading: str) -> list[list[str]]:
    """The rows of the table below a heading of the reference page, cell by cell."""
    section = REFERENCE.read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.split("\n") if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_reference_lists_every_table_and_column() -> None:
    """The page and the reader know the same files and columns, and agree on which must be there."""
    page = {
        row[0].strip("`"): [part.split("`")[1] for part in row[1].split(", ") if "`" in part]
        for row in rows_of("The tables")
    }
    assert page == {form.file: list(columns_of(form)) for form in FORMS}


def test_the_reference_lists_every_section_and_key() -> None:
    """Every section of enterprise.toml stands on the page with its keys in the reader's order."""
    page = {row[0].strip("`[]"): row[1] for row in rows_of("enterprise.toml")}
    for name, (_, noun) in SECTIONS.items():
        for shape in shapes_of(noun).values():
            nested = attrs.has(shape.leaf) and shape.leaf is not Text
            key = f"[[{name}.{shape.name[:-1]}]]" if nested else shape.name
            assert f"`{key}`" in page[name]
    text = REFERENCE.read_text("utf-8")
    for shape in shapes_of(Measure).values():
        nested = attrs.has(shape.leaf) and shape.leaf is not Text
        assert (f"`[[measure.{shape.name[:-1]}]]`" if nested else f"`{shape.name}`") in text


def test_the_reference_lists_every_word() -> None:
    """Each word that may stand for a choice stands on the page."""
    listed = "".join(row[1] for row in rows_of("Words"))
    enums = {
        shape.leaf
        for noun in (Measure, *(form.noun for form in FORMS), *(n for _, n in SECTIONS.values()))
        for shape in shapes_of(noun).values()
        if isinstance(shape.leaf, type) and issubclass(shape.leaf, Enum) and len(shape.leaf) > 1
    }
    assert [w for enum in enums for w in words_of(enum) if w not in listed] == []


def test_the_reference_lists_every_other_name() -> None:
    """Each other name of a column stands on the page, beside its column."""
    rows = rows_of("Other names of columns")
    for form in FORMS:
        for column, names in other_names(form).items():
            plain = column.removesuffix("_nn").removesuffix("_en")
            near = " ".join(row[1] for row in rows if f"`{plain}`" in row[0])
            wanted = [name.removesuffix("_nn").removesuffix("_en") for name in names]
            assert [name for name in wanted if name not in near] == []


def test_no_name_means_two_columns() -> None:
    """Within one table each name of a column leads to one column only."""
    for form in FORMS:
        names = [*columns_of(form), *(n for names in other_names(form).values() for n in names)]
        assert len(names) == len(set(names)), form.file


def finding_of(reading: Reading, code: str) -> Finding:
    """The first finding of a code."""
    return next(found for found in reading.findings if found.code == code)


def test_words_that_may_stand_are_listed_in_the_hint(tmp_path: Path) -> None:
    """A wrong word is told by the list of right ones."""
    reading = read(tmp_path, {"relations.csv": "kind;source;target\nover;lm;omr\n"})
    assert "broader" in finding_of(reading, "E213").hint
