"""Do packages of published frameworks come in and go out, with every loss told?"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import assume, given

from kompetanse_adapters.case import SCALE, case, write_case
from kompetanse_core import (
    BadInput,
    CompetenceId,
    Enterprise,
    Facet,
    Language,
    Misuse,
    Reading,
    RelationKind,
    SourceUnavailable,
    Text,
)
from kompetanse_core.conformance import enterprises, source_contract

AT = datetime(2027, 1, 1, tzinfo=UTC)

Members = dict[str, Any]


def uuid(number: int) -> str:
    """An identifier of our own."""
    return f"00000000-0000-4000-8000-{number:012}"


def thing(number: int, **members: object) -> Members:
    """An object with an identifier and an address."""
    return {"identifier": uuid(number), "uri": f"https://example.org/{number}", **members}


def link(kind: str, origin: int, destination: int) -> Members:
    """An association between two objects."""
    ends = {"originNodeURI": thing(origin), "destinationNodeURI": thing(destination)}
    return thing(900 + origin * 10 + destination, associationType=kind, **ends)


def package(**more: list[Members]) -> Members:
    """A document with three statements, one of them with three levels."""
    levels = [
        thing(30 + n, quality=name, description=f"Kan det {name}", position=n)
        for n, name in ((3, "alene"), (1, "med hjelp"), (2, "ofte"))
    ]
    criterion = thing(21, CFItemURI=thing(2), CFRubricCriterionLevels=levels)
    return {
        "CFDocument": thing(1, title="Fyr", creator="Prøve", description="Om lys", language="nb"),
        "CFItems": [
            thing(2, fullStatement="Tenner lamper", notes="Alle slag", humanCodingScheme="A.1"),
            thing(3, fullStatement="Lights lamps", language="en-GB"),
            thing(4, fullStatement="Ser tåke"),
            *more.get("items", []),
        ],
        "CFAssociations": [
            link("isChildOf", 2, 1),
            link("isChildOf", 3, 1),
            link("isChildOf", 4, 1),
            link("precedes", 4, 2),
            link("isPeerOf", 3, 4),
            link("exactMatchOf", 3, 2),
            link("exemplar", 2, 7),
            link("isRelatedTo", 2, 99),
            *more.get("links", []),
        ],
        "CFRubrics": [thing(20, title="Lamper", CFRubricCriteria=[criterion])],
    }


def read(folder: Path, content: object, language: str = "nb") -> Reading:
    """Read the content of a file."""
    path = folder / "package.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return case(path, language).read()


def refused(reading: Reading) -> list[tuple[str, str]]:
    """Code and place of each finding that refuses."""
    with pytest.raises(BadInput):
        _ = reading.enterprise
    return [(each.code, each.place.column) for each in reading.refused]


# --- the samples ---------------------------------------------------------------------------------

SAMPLES = (
    ("AdoptedTestFramework", 1, 1, 1),
    ("EmptyExternalFramework", 0, 0, 0),
    ("ItemTypeTestFramework", 1, 1, 1),
    ("MarkdownFramework", 2, 2, 2),
    ("Ordering", 28, 28, 28),
    ("SequenceNumberFramework", 2, 2, 2),
    ("SmartLevelFramework", 14, 14, 14),
    ("Utf8TestFramework", 1, 1, 1),
    ("opensalt-framework-20c5134f-423d-4097-a971-3dd5152bf507", 16, 39, 18),
)


@pytest.mark.parametrize(("name", "statements", "associations", "relations"), SAMPLES)
def test_the_samples_come_in_and_go_out_as_they_are(
    shared_data: Path, name: str, statements: int, associations: int, relations: int
) -> None:
    """Each statement and association is kept or counted; written and read again, the same."""
    reading = case(shared_data / "case" / f"{name}.json").read()
    known = reading.enterprise
    assert (len(known.competences), len(known.relations)) == (statements + 1, relations)
    balances = [each.text for each in reading.findings if "CFAssociations" in each.place.file]
    left = associations - relations
    assert balances == [f"{associations} rows read, {relations} kept, {left} left out"]
    first = known.competences[0].id
    written = write_case(known, first, creator="us", at=AT, language=Language.EN)
    assert written.losses == ()


def test_what_is_written_has_the_members_that_the_standard_asks_for(
    shared_data: Path, tmp_path: Path
) -> None:
    """Each object of version 1.1 has what is required, and nothing that is not known."""
    schema = json.loads((shared_data / "case" / "case-v1p1-cfpackage-schema.json").read_bytes())
    known = read(tmp_path, package()).enterprise
    text = write_case(known, known.competences[0].id, creator="us", at=AT).text
    written = json.loads(text)
    rubric = written["CFRubrics"][0]
    criterion = rubric["CFRubricCriteria"][0]
    for name, each in (
        ("CFPckgDocument", written["CFDocument"]),
        *(("CFPckgItem", item) for item in written["CFItems"]),
        *(("CFPckgAssociation", item) for item in written["CFAssociations"]),
        ("LinkGenURI", written["CFAssociations"][0]["originNodeURI"]),
        ("CFRubric", rubric),
        ("CFRubricCriterion", criterion),
        ("LinkURI", criterion["CFItemURI"]),
        ("CFRubricCriterionLevel", criterion["CFRubricCriterionLevels"][0]),
    ):
        asked = schema["$defs"][name]
        assert set(asked["required"]) <= each.keys() <= asked["properties"].keys()
    assert set(schema["required"]) <= written.keys() <= schema["properties"].keys()


# --- a small package of our own ------------------------------------------------------------------


def test_a_small_package_is_read_whole(tmp_path: Path) -> None:
    """The document is an area, a rubric a scale, and what precedes is a prerequisite."""
    known = read(tmp_path, package()).enterprise
    scale = f"case:{uuid(20)}"
    assert [(each.id, each.label, each.facet, each.scale) for each in known.competences] == [
        (f"case:{uuid(1)}", Text(nb="Fyr"), None, SCALE.id),
        (f"case:{uuid(2)}", Text(nb="Tenner lamper"), Facet.SKILL, scale),
        (f"case:{uuid(3)}", Text(en="Lights lamps"), Facet.SKILL, SCALE.id),
        (f"case:{uuid(4)}", Text(nb="Ser tåke"), Facet.SKILL, SCALE.id),
    ]
    assert known.competences[1].description == Text(nb="Alle slag")
    names = [(each.level, each.label.nb) for each in known.scales[1].names]
    assert names == [(1, "med hjelp"), (2, "ofte"), (3, "alene")]
    requires = [each for each in known.relations if each.kind is RelationKind.REQUIRES]
    ends = [(each.source, each.target) for each in requires]
    assert ends == [(f"case:{uuid(2)}", f"case:{uuid(4)}")]


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    """An exemplar, a way out of the package, a match between two scales, a code: each once."""
    reading = read(tmp_path, package(links=[link("precedes", 4, 2), link("ext:secret", 2, 3)]))
    counted = {(each.field.partition(": ")[2], each.reason): each.count for each in reading.losses}
    assert counted["CFAssociations", "the model has no relation like exemplar"] == 1
    assert counted["CFAssociations", "the model has no relation like an extension"] == 1
    assert counted["CFAssociations", "it leads out of the package"] == 1
    assert counted["CFAssociations", "it stands twice"] == 1
    assert counted["exactMatchOf", "statements on two scales are read as related"] == 1
    assert counted["humanCodingScheme", "the model has no place for it"] == 1
    assert "secret" not in str(reading.losses)


def test_criteria_with_levels_of_their_own_are_scales_of_their_own(tmp_path: Path) -> None:
    """A rubric is one scale only where its criteria name the same levels."""
    whole = package()
    level = thing(41, quality="ja", position=1)
    other = thing(22, CFItemURI=thing(3), CFRubricCriterionLevels=[level])
    whole["CFRubrics"][0]["CFRubricCriteria"].append(other)
    known = read(tmp_path, whole).enterprise
    assert {each.id for each in known.scales} == {"case", f"case:{uuid(21)}", f"case:{uuid(22)}"}


# --- out -----------------------------------------------------------------------------------------


@given(enterprise=enterprises())
def test_what_does_not_come_back_is_a_loss(enterprise: Enterprise) -> None:
    """Every plural that a package has no place for is counted whole, each id made anew is told."""
    assume(enterprise.competences)
    first = enterprise.competences[0].id
    written = write_case(enterprise, first, creator="us", at=AT)
    counted = {each.field: each.count for each in written.losses}
    package = json.loads(written.text)
    gone = len(enterprise.competences) - 1 - len(package["CFItems"])
    assert counted.get("competences", 0) == gone
    assert counted["Competence.id"] == len(enterprise.competences)
    for plural in ("roles", "employees", "assessments", "measures", "requirements", "wishes"):
        assert counted.get(plural, 0) == len(getattr(enterprise, plural))
    statements = [each for each in enterprise.competences if each.facet is Facet.KNOWLEDGE]
    if len(statements) > gone + 1:
        assert counted["Competence.facet"] >= 1
    assert all(each.reason for each in written.losses)


@given(enterprise=enterprises())
def test_what_was_written_is_written_the_same_again(
    enterprise: Enterprise, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What has once been read from a package loses nothing more, and has the same bytes."""
    assume(enterprise.competences)
    text = write_case(enterprise, enterprise.competences[0].id, creator="us", at=AT).text
    back = read(tmp_path_factory.mktemp("again"), text.encode()).parcel
    again = write_case(back, back.competences[0].id, creator="us", at=AT)
    assert again.losses == ()
    assert json.loads(again.text)["CFItems"] == json.loads(text)["CFItems"]


@pytest.mark.parametrize("words", ["=1+1", "</script>", 'a"b\\', "a\0b", "\r\n", "\u202e", "😀"])
def test_bad_inputs_12_and_28_words_come_back_as_they_are(tmp_path: Path, words: str) -> None:
    """12, 28: JSON carries every text, also a NUL; only the one in English loses its language."""
    known = read(tmp_path, package()).enterprise
    first = known.competences[0]
    said = evolve(first, label=Text(nb=words), description=Text(nb=words))
    known = evolve(known, competences=(said, *known.competences[1:]))
    written = write_case(known, first.id, creator="us", at=AT)
    assert [(each.field, each.count) for each in written.losses] == [("Competence.label", 1)]


def test_what_cannot_be_written_is_misuse(tmp_path: Path) -> None:
    """11, and a competence that is not there."""
    with pytest.raises(Misuse, match="E503"):
        write_case(Enterprise(), CompetenceId("top"), creator="us", at=AT)
    known = read(tmp_path, package()).enterprise
    half = evolve(known.competences[0], label=Text(nb="\ud800"))
    with pytest.raises(Misuse, match="E107"):
        write_case(Enterprise(competences=(half,)), half.id, creator="us", at=AT)


# --- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "flaw"),
    [
        ({"items": [thing(2, fullStatement="Igjen")]}, ("E505", "CFItems/3/identifier")),
        ({"items": [thing(5)]}, ("E214", "CFItems/3/fullStatement")),
        ({"items": [thing(5, fullStatement=7)]}, ("E702", "CFItems/3/fullStatement")),
        ({"items": [{"fullStatement": "x"}]}, ("E214", "CFItems/3/identifier")),
        ({"links": [link("isChildOf", 2, 2)]}, ("E510", "CFAssociations/8")),
        ({"links": [thing(6)]}, ("E214", "CFAssociations/8/associationType")),
        (
            {"links": [{"associationType": "x", "originNodeURI": "y"}]},
            ("E702", "CFAssociations/8/originNodeURI"),
        ),
    ],
)
def test_an_object_that_cannot_be_read_refuses_the_package(
    tmp_path: Path, more: dict[str, list[Members]], flaw: tuple[str, str]
) -> None:
    """Bad inputs 68 and 69 and fault F19: told with the way to the object."""
    assert flaw in refused(read(tmp_path, package(**more)))


def test_bad_input_67_what_precedes_itself_in_the_end(tmp_path: Path) -> None:
    """67: prerequisites in a circle are refused."""
    links = [link("precedes", 2, 3), link("precedes", 3, 4)]
    assert "E504" in {code for code, _ in refused(read(tmp_path, package(links=links)))}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E407"),
        (b"{}", "E206"),
        (b"[]", "E206"),
        (b'{"CFDocument": 3}', "E702"),
        (b'{"CFDocument": {"a": NaN}}', "E401"),
        (b'{"CFDocument": {}, "CFDocument": {}}', "E402"),
        (b"[" * 100_000, "E403"),
    ],
)
def test_a_file_that_is_no_package(tmp_path: Path, content: bytes, code: str) -> None:
    """Bad inputs 25 and 55 to 57, and a file of another kind."""
    assert code in {code for code, _ in refused(read(tmp_path, content))}


def test_a_missing_file_is_no_source_and_a_language_must_be_one_of_three(tmp_path: Path) -> None:
    """A path that leads nowhere is told at once."""
    with pytest.raises(SourceUnavailable, match="E706"):
        case(tmp_path / "gone.json").read()
    with pytest.raises(Misuse, match="E213"):
        case(tmp_path / "gone.json", "de")


# --- the contract that every source keeps --------------------------------------------------------


@pytest.fixture(autouse=True, scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two files for the contract, which knows no fixtures."""
    PLACES["folder"] = tmp_path_factory.mktemp("case")
    broken = package(items=[thing(2, fullStatement="Igjen")])
    (PLACES["folder"] / "whole.json").write_text(json.dumps(package()), "utf-8")
    (PLACES["folder"] / "broken.json").write_text(json.dumps(broken), "utf-8")


PLACES: dict[str, Path] = {}

TestCase = source_contract(
    lambda: case(PLACES["folder"] / "whole.json"),
    broken=lambda: case(PLACES["folder"] / "broken.json"),
    absent=lambda: case(PLACES["folder"] / "gone.json"),
)
