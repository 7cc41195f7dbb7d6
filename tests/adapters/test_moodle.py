"""Do Moodle's frameworks come in and go out, in both of its formats, with every loss told?"""

import csv
import io
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from kompetanse_adapters.moodle import LONGEST, Generation, moodle, write_moodle
from kompetanse_core import (
    BadInput,
    Competence,
    CompetenceId,
    Enterprise,
    Facet,
    Language,
    Level,
    LevelName,
    Misuse,
    Reading,
    Relation,
    RelationKind,
    Scale,
    ScaleId,
    Severity,
    SourceUnavailable,
    Text,
)
from kompetanse_core.conformance import enterprises, source_contract

OLD, NEW = Generation.OLD, Generation.NEW

FRAMEWORK = {
    "id": "keeping",
    "name": "Fyrvokting",
    "description": "<p>Alt om lys &amp; tåke</p><p>til sjøs</p>",
    "format": "1",
    "scale": "Ikke ennå,Kan,Kan lære bort",
    "configuration": '[{"scaleid":"1"}]',
    "framework": "1",
    "taxonomy": "competency,skill",
}
LAMPS = {"id": "lamps", "name": "Lamper", "outcome": "0", "rule": "null", "related": "fog"}
FOG = {"id": "fog", "name": "Tåke", "related": "lamps", "exported": "7"}
WICKS = {"parent": "lamps", "id": "wicks, old", "name": "Veker", "scale": "Nei,Ja"}
PANES = {"parent": "lamps", "id": "panes", "name": "Ruter", "related": "wicks%2C old,fog"}
SMALL = (FRAMEWORK, LAMPS, FOG, WICKS, PANES)

Cells = dict[str, str]


def table(*lines: Cells, generation: Generation = NEW, delimiter: str = ",") -> bytes:
    """Write rows as Moodle does, under headers in some language."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, delimiter=delimiter, lineterminator="\n")
    writer.writerow([f"Overskrift {number}" for number, _ in enumerate(generation.value)])
    for line in lines:
        writer.writerow([line.get(name, "") for name in generation.value])
    return sheet.getvalue().encode()


def read(folder: Path, content: bytes, language: str = "nb") -> Reading:
    """Read the content of a file."""
    path = folder / "framework.csv"
    path.write_bytes(content)
    return moodle(path, language).read()


def told(reading: Reading, severity: Severity) -> list[tuple[str, int | None, str]]:
    """Code, row and column of each finding of a severity."""
    found = (each for each in reading.findings if each.severity is severity)
    return [(each.code, each.place.row, each.place.column) for each in found]


def lost(reading: Reading) -> dict[str, int]:
    """How much of each field was lost."""
    return {each.field.partition(": ")[2]: each.count for each in reading.losses}


# --- the two samples -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "competences", "relations", "generation"),
    [
        ("jfruitet_example.csv", 210, 209, OLD),
        ("lptmanager_learning_plan_template_example.csv", 65, 64 + 39, NEW),
    ],
)
def test_the_samples_come_in_and_go_out_as_they_are(
    shared_data: Path, name: str, competences: int, relations: int, generation: Generation
) -> None:
    """210 rows of the old format, 65 of the new; what is read and written is read the same."""
    known = moodle(shared_data / "moodle" / name, "en").read().enterprise
    assert (len(known.competences), len(known.relations)) == (competences, relations)
    first = known.competences[0]
    written = write_moodle(known, first.id, language=Language.EN, generation=generation)
    assert written.losses == ()


# --- a small framework of our own ----------------------------------------------------------------


def test_a_small_framework_is_read_whole(tmp_path: Path) -> None:
    """The framework is an area, its tree is broader relations, references are related once."""
    reading = read(tmp_path, table(*SMALL))
    known = reading.enterprise
    assert [(each.id, each.label.nb, each.facet, each.scale) for each in known.competences] == [
        ("keeping", "Fyrvokting", None, "moodle:keeping"),
        ("lamps", "Lamper", Facet.SKILL, "moodle:keeping"),
        ("fog", "Tåke", Facet.SKILL, "moodle:keeping"),
        ("wicks, old", "Veker", Facet.SKILL, "moodle:wicks, old"),
        ("panes", "Ruter", Facet.SKILL, "moodle:keeping"),
    ]
    assert known.competences[0].description.nb == "Alt om lys & tåke\ntil sjøs"
    assert [(each.kind.value, each.source, each.target) for each in known.relations] == [
        ("broader", "lamps", "keeping"),
        ("broader", "fog", "keeping"),
        ("broader", "wicks, old", "lamps"),
        ("broader", "panes", "lamps"),
        ("related", "lamps", "fog"),
        ("related", "panes", "wicks, old"),
        ("related", "panes", "fog"),
    ]
    levels = [(each.level, each.label.nb) for each in known.scales[0].names]
    assert levels == [(1, "Ikke ennå"), (2, "Kan"), (3, "Kan lære bort")]
    assert lost(reading) == {
        "configuration": 1,
        "description": 1,
        "exported": 1,
        "related": 1,
        "taxonomy": 1,
    }


def test_the_old_format_has_no_references(tmp_path: Path) -> None:
    """Twelve columns: the same tree, nothing related."""
    known = read(tmp_path, table(*SMALL, generation=OLD)).enterprise
    assert {each.kind for each in known.relations} == {RelationKind.BROADER}
    assert len(known.competences) == 5


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_bad_inputs_14_to_16_other_delimiters(tmp_path: Path, delimiter: str) -> None:
    """14 to 16: Moodle lets who exports choose the delimiter; the header shows it."""
    plain = read(tmp_path, table(*SMALL)).enterprise
    assert read(tmp_path, table(*SMALL, delimiter=delimiter)).enterprise == plain


def test_texts_are_in_the_language_that_is_said(tmp_path: Path) -> None:
    """A file does not tell its language, so whoever opens it does."""
    known = read(tmp_path, table(*SMALL), "en").enterprise
    assert known.competences[1].label == Text(en="Lamper")
    with pytest.raises(Misuse, match="E213"):
        moodle("framework.csv", "no")


# --- out -----------------------------------------------------------------------------------------


def test_what_a_framework_cannot_hold_is_counted() -> None:
    """Each thing that does not come back is a loss, with how often and why."""
    scale = Scale(id=ScaleId("moodle:top"), top=Level(1), names=(name(1, "Kan, og lærer bort"),))
    top = skill("top", facet=None, scale=scale.id)
    known = Enterprise(
        scales=(scale,),
        competences=(top, skill("a", uri="urn:a"), skill("b", label=Text(nb="B", en="Bee"))),
        relations=(
            broader("a", "top"),
            broader("b", "top"),
            broader("b", "a"),
            Relation(
                kind=RelationKind.REQUIRES, source=CompetenceId("a"), target=CompetenceId("b")
            ),
        ),
    )
    losses = write_moodle(known, top.id).losses
    assert [(each.field, each.count) for each in losses] == [
        ("Competence.label", 1),
        ("Competence.uri", 1),
        ("Scale.names", 1),
        ("relations", 2),
    ]
    assert all(each.reason for each in losses)


def name(level: int, words: str) -> LevelName:
    """What a level is called."""
    return LevelName(level=Level(level), label=Text(nb=words))


SOMETHING = Text(nb="Noe")


def skill(
    key: str,
    *,
    label: Text = SOMETHING,
    facet: Facet | None = Facet.SKILL,
    scale: str = "moodle:top",
    uri: str = "",
) -> Competence:
    """A competence on the scale of the framework `top`."""
    return Competence(id=CompetenceId(key), label=label, facet=facet, scale=ScaleId(scale), uri=uri)


def broader(source: str, target: str) -> Relation:
    """One competence under another."""
    kind = RelationKind.BROADER
    return Relation(kind=kind, source=CompetenceId(source), target=CompetenceId(target))


def framework_with(label: str, description: str) -> Enterprise:
    """A framework with one competence of these words."""
    scale = Scale(id=ScaleId("moodle:top"), top=Level(1), names=(name(1, "Kan"),))
    words = evolve(skill("a", label=Text(nb=label)), description=Text(nb=description))
    return Enterprise(
        scales=(scale,),
        competences=(skill("top", facet=None), words),
        relations=(broader("a", "top"),),
    )


LETTERS = st.characters(codec="utf-8", exclude_characters="\0")


@given(label=st.text(LETTERS, max_size=LONGEST), description=st.text(LETTERS))
def test_bad_inputs_12_and_28_words_come_back_as_they_are(label: str, description: str) -> None:
    """12, 28: markup, formulas, quotation marks and line ends come back, character by character."""
    assert write_moodle(framework_with(label, description), CompetenceId("top")).losses == ()


@pytest.mark.parametrize(
    "words",
    ["=HYPERLINK(1)", "<script>alert(1)</script>", "&amp;", "a\r\nb\rc", '"', "<br>", "@SUM", "\t"],
)
def test_bad_input_28_hostile_words_come_back(words: str) -> None:
    """28, 92: the same for words that somebody may have meant badly."""
    assert write_moodle(framework_with(words, words), CompetenceId("top")).losses == ()


@pytest.mark.parametrize(("words", "code"), [("a\0b", "E106"), ("a\ud800b", "E107")])
def test_bad_inputs_10_and_11_what_no_text_file_carries(words: str, code: str) -> None:
    """10, 11: a NUL and half a character are refused before anything is written."""
    with pytest.raises(Misuse, match=code):
        write_moodle(framework_with(words, ""), CompetenceId("top"))


def test_a_long_name_is_cut_and_told() -> None:
    """Moodle holds names of a hundred characters; the rest is a loss."""
    written = write_moodle(framework_with("x" * (LONGEST + 1), ""), CompetenceId("top"))
    assert [line.split('"')[5] for line in written.text.splitlines()[2:]] == ["x" * LONGEST]
    assert [(each.field, each.count) for each in written.losses] == [("Competence.label", 1)]


@given(enterprise=enterprises(), generation=st.sampled_from(Generation))
def test_whatever_does_not_come_back_is_a_loss(
    enterprise: Enterprise, generation: Generation
) -> None:
    """Out then in is the identity for each competence, or a loss names the field and counts it."""
    assume(enterprise.competences)
    written = write_moodle(enterprise, enterprise.competences[0].id, generation=generation)
    counted = {each.field: each.count for each in written.losses}
    ids = [line[1] for line in csv.reader(io.StringIO(written.text, newline=""))][1:]
    gone = [each for each in enterprise.competences if each.id not in ids]
    assert counted.get("competences", 0) == len(gone)
    other = [each for each in enterprise.competences if each.id in ids and each.label.nn]
    if any(each.label != Text(nb=str(each.label)) for each in other):
        assert counted["Competence.label"] >= 1
    for plural in ("roles", "employees", "assessments", "measures", "requirements"):
        assert counted.get(plural, 0) == len(getattr(enterprise, plural))


@given(enterprise=enterprises(), generation=st.sampled_from(Generation))
def test_what_was_written_is_written_the_same_again(
    enterprise: Enterprise, generation: Generation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What has once been read from a framework loses nothing more, and has the same bytes."""
    assume(enterprise.competences)
    first = enterprise.competences[0].id
    text = write_moodle(enterprise, first, generation=generation).text
    back = read(tmp_path_factory.mktemp("again"), text.encode()).parcel
    again = write_moodle(back, first, generation=generation)
    assert again.text == text
    assert again.losses == ()


def test_a_framework_that_is_not_there_and_an_id_too_long() -> None:
    """Misuse is told before anything is written."""
    with pytest.raises(Misuse, match="E503"):
        write_moodle(Enterprise(), CompetenceId("top"))
    long = Enterprise(competences=(skill("x" * (LONGEST + 1)),))
    with pytest.raises(Misuse, match="E109"):
        write_moodle(long, long.competences[0].id)


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        ({"id": "fog", "name": "Igjen"}, ("E505", 7, "id")),
        ({"id": "", "name": "Uten"}, ("E214", 7, "")),
        ({"id": "fo\u200bg", "name": "Skjult"}, ("E105", 7, "")),
        ({"id": "x", "name": "Løs", "parent": "gone"}, ("E503", 7, "parent")),
        ({"id": "x", "name": "Seg selv", "parent": "x"}, ("E510", 7, "parent")),
        ({"id": "x", "name": "To", "framework": "1"}, ("E208", 7, "framework")),
    ],
)
def test_a_row_that_cannot_be_read_refuses_the_framework(
    tmp_path: Path, line: Cells, flaw: tuple[str, int, str]
) -> None:
    """Bad inputs 9, 27, 68 and 69, and a parent that is not there: told with the row."""
    reading = read(tmp_path, table(*SMALL, line))
    assert told(reading, Severity.REFUSE) == [flaw]
    with pytest.raises(BadInput):
        _ = reading.enterprise


def test_bad_input_67_parents_in_a_circle(tmp_path: Path) -> None:
    """67: a circle of parents is refused."""
    circle = ({"id": "x", "parent": "y"}, {"id": "y", "parent": "x"})
    assert "E504" in {flaw[0] for flaw in told(read(tmp_path, table(*SMALL, *circle)), REFUSED)}


REFUSED = Severity.REFUSE


def test_a_reference_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    """A cross reference to another framework is a warning and a loss."""
    reading = read(tmp_path, table(*SMALL, {"id": "x", "related": "gone,x"}))
    assert told(reading, Severity.WARNING) == [("E503", 7, "related")]
    assert lost(reading)["related"] == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E206"),
        (table(), "E206"),
        (b"a,b,c\n1,2,3\n", "E207"),
        (table(*SMALL) + b"1,2\n", "E201"),
        (table(*SMALL) + b'"open,', "E202"),
        (table({**FRAMEWORK, "scale": ""}), "E214"),
        (table(LAMPS), "E208"),
        (table(*SMALL).replace("Tåke".encode(), b"T\0ke"), "E106"),
    ],
)
def test_a_file_that_is_no_framework(tmp_path: Path, content: bytes, code: str) -> None:
    """Bad inputs 10, 18, 19 and 25, and files of another kind."""
    assert code in {flaw[0] for flaw in told(read(tmp_path, content), REFUSED)}


def test_bad_input_01_windows_1252(tmp_path: Path) -> None:
    """1: read right, and noted."""
    plain = read(tmp_path, table(*SMALL)).enterprise
    reading = read(tmp_path, table(*SMALL).decode().encode("cp1252"))
    assert reading.enterprise == plain
    assert ("N101", None, "") in told(reading, Severity.NOTE)


def test_a_missing_file_is_no_source(tmp_path: Path) -> None:
    """A path that leads nowhere is told at once."""
    with pytest.raises(SourceUnavailable, match="E706"):
        moodle(tmp_path / "gone.csv").read()


# --- the contract that every source keeps --------------------------------------------------------


@pytest.fixture(autouse=True, scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two files for the contract, which knows no fixtures."""
    PLACES["folder"] = tmp_path_factory.mktemp("moodle")
    (PLACES["folder"] / "whole.csv").write_bytes(table(*SMALL))
    (PLACES["folder"] / "broken.csv").write_bytes(table(*SMALL, LAMPS))


PLACES: dict[str, Path] = {}

TestMoodle = source_contract(
    lambda: moodle(PLACES["folder"] / "whole.csv"),
    broken=lambda: moodle(PLACES["folder"] / "broken.csv"),
    absent=lambda: moodle(PLACES["folder"] / "gone.csv"),
)
