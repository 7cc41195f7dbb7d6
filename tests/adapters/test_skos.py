"""Do vocabularies and courses come in from linked data, with every loss told?"""

from pathlib import Path

import pytest

from kompetanse_adapters.skos import skos
from kompetanse_core import BadInput, Facet, Reading, RelationKind, SourceUnavailable, Text
from kompetanse_core.conformance import source_contract

HEAD = """\
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <https://example.org/> .
"""
WORDS = (
    HEAD
    + """\
ex:fyr a skos:ConceptScheme ; skos:prefLabel "Fyr"@nb ; skos:hasTopConcept ex:lys .
ex:lys a skos:Concept ; skos:prefLabel "Lys"@nb, "Ljos"@nn, "Light"@en-GB, "Licht"@de ;
  skos:definition "Alle slag" ; skos:altLabel "Lampe"@nb, "Lykt"@nb ; skos:narrower ex:lampe .
ex:lampe a skos:Concept ; skos:prefLabel "Lampe"@nb ; skos:broader ex:lys ;
  skos:related ex:speil ; skos:exactMatch <http://data.europa.eu/esco/skill/1> .
ex:speil a skos:Concept ; skos:prefLabel "Speil"@nb ; skos:related ex:lampe ;
  skos:exactMatch ex:prisme .
ex:prisme a skos:Concept ; skos:prefLabel "Prisme"@nb .
ex:kurs a schema:Course ; schema:name "Lampekurs"@nb ; schema:url <https://example.org/k> ;
  schema:teaches ex:lampe, <http://data.europa.eu/esco/skill/1>, "pussing" .
"""
)


def read(folder: Path, content: str | bytes, name: str = "fyr.ttl") -> Reading:
    """Read a file of the content."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return skos(path).read()


def refused(reading: Reading) -> set[str]:
    """The codes of what refuses."""
    with pytest.raises(BadInput):
        _ = reading.enterprise
    return {each.code for each in reading.refused}


def test_the_sample_courses_come_in_with_all_that_they_teach(shared_data: Path) -> None:
    """Eleven courses by ten addresses, for one stands twice: 89 times something is taught."""
    reading = skos(shared_data / "courses" / "courses.ttl").read()
    known = reading.enterprise
    assert (len(known.measures), len(known.competences)) == (10, 71)
    assert sum(len(each.outcomes) for each in known.measures) == 89
    assert all(each.id.startswith("esco:skill/") for each in known.competences)
    twice = [each.place.column for each in reading.findings if each.code == "E505"]
    assert twice == ["course008"]


def test_a_vocabulary_is_read_whole(tmp_path: Path) -> None:
    """A scheme is an area, narrower turned round, a relation both ways one."""
    known = read(tmp_path, WORDS).enterprise
    labels = {str(each.id): (each.label, each.facet) for each in known.competences}
    assert labels["https://example.org/lys"] == (
        Text(nb="Lys", nn="Ljos", en="Light"),
        Facet.SKILL,
    )
    assert labels["https://example.org/fyr"] == (Text(nb="Fyr"), None)
    short = {(each.kind, each.source[20:], each.target[20:]) for each in known.relations}
    assert short == {
        (RelationKind.BROADER, "lys", "fyr"),
        (RelationKind.BROADER, "lampe", "lys"),
        (RelationKind.RELATED, "lampe", "speil"),
        (RelationKind.EQUIVALENT, "speil", "prisme"),
    }


def test_a_course_lifts_what_it_teaches(tmp_path: Path) -> None:
    """Of the file or of elsewhere, by the id that our other sources give it."""
    (course,) = read(tmp_path, WORDS).enterprise.measures
    assert (course.label, course.uri) == (Text(nb="Lampekurs"), "https://example.org/k")
    assert {each.competence for each in course.outcomes} == {
        "https://example.org/lampe",
        "esco:skill/1",
    }


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    """Other names and languages, ways out of the file, words where an address should stand."""
    counted = {each.field: each.count for each in read(tmp_path, WORDS).losses}
    assert counted == {
        "fyr.ttl: altLabel": 2,
        "fyr.ttl: prefLabel": 1,
        "fyr.ttl: exactMatch": 1,
        "fyr.ttl: teaches": 1,
    }


def test_what_has_no_address_is_counted_and_makes_no_noun(tmp_path: Path) -> None:
    """A course, a concept and a taught term without one: no id would be the same another time."""
    nameless = HEAD + (
        '[] a schema:Course ; schema:name "A" . [] a skos:Concept .'
        'ex:k a schema:Course ; schema:name "K" ; schema:teaches [ schema:name "L" ] .'
    )
    reading = read(tmp_path, nameless)
    assert [str(each.id) for each in reading.enterprise.measures] == ["https://example.org/k"]
    assert reading.enterprise.competences == ()
    assert {each.field: each.count for each in reading.losses} == {
        "fyr.ttl": 2,
        "fyr.ttl: teaches": 1,
    }


def test_a_text_that_says_its_language_goes_before_one_that_does_not(tmp_path: Path) -> None:
    """And each that is not taken is counted."""
    names = 'ex:a a skos:Concept ; skos:prefLabel "Ape", "Bee"@en, "Cat"@en .'
    reading = read(tmp_path, HEAD + names)
    assert reading.enterprise.competences[0].label == Text(en="Bee")
    assert {each.field: each.count for each in reading.losses} == {"fyr.ttl: prefLabel": 2}


def test_bad_input_92_only_a_page_on_the_web_is_one_to_follow(tmp_path: Path) -> None:
    """92: an address that is a script is counted and left out."""
    script = 'ex:k a schema:Course ; schema:name "K" ; schema:url <javascript:alert(1)> .'
    reading = read(tmp_path, HEAD + script)
    assert [each.uri for each in reading.enterprise.measures] == [""]
    assert {each.field: each.count for each in reading.losses} == {"fyr.ttl: url": 1}


def test_other_ways_to_write_the_same_say_the_same(tmp_path: Path) -> None:
    """N-Triples and RDF/XML."""
    rdflib = pytest.importorskip("rdflib", reason="takes the extra rdf")
    graph = rdflib.Graph().parse(data=WORDS, format="turtle")
    known = read(tmp_path, WORDS).enterprise
    for kind, name in (("nt", "fyr.nt"), ("xml", "fyr.rdf")):
        assert (
            read(tmp_path, graph.serialize(format=kind, encoding="utf-8"), name).enterprise == known
        )


CIRCLE = HEAD + "".join(
    f"ex:{one} a skos:Concept ; skos:broader ex:{other} ." for one, other in ("ab", "ba")
)
PASSWORDS = "SYSTEM 'file:///etc/passwd'"
ENTITIES = (
    '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1 or str()};" * 10}">' for n in range(1, 12))
    + "]>"
)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        ("", "a.ttl", "E206"),
        (HEAD, "a.ttl", "E206"),
        ("<a> <b", "a.ttl", "E407"),
        (b"\xff\xfe\x00", "a.ttl", "E407"),
        ("{}", "a.jsonld", "E301"),
        (HEAD + "ex:a a skos:Concept ; skos:prefLabel 'a' ; skos:broader ex:a .", "a.ttl", "E510"),
        (
            CIRCLE,
            "a.ttl",
            "E504",
        ),
        (f"{ENTITIES}<a>&a11;</a>", "a.rdf", "E407"),
        (f"<!DOCTYPE a [<!ENTITY x {PASSWORDS}>]><a>&x;</a>", "a.rdf", "E206"),
    ],
)
def test_bad_inputs_25_40_42_67_and_68(
    tmp_path: Path, content: str | bytes, name: str, code: str
) -> None:
    """25, 40, 42, 67, 68: empty, another kind, no linked data, circles, entities."""
    assert code in refused(read(tmp_path, content, name))


def test_bad_input_57_what_is_nested_without_end_ends_alone(tmp_path: Path) -> None:
    """57: a hundred thousand brackets; an error of ours, or the end of the process that reads."""
    try:
        told = refused(read(tmp_path, HEAD + "ex:a ex:b " + "[ ex:b " * 100_000))
    except SourceUnavailable as error:
        told = {error.code}
    assert told <= {"E305", "E407"}


def test_a_missing_file_is_no_source(tmp_path: Path) -> None:
    """A path that leads nowhere is told at once."""
    with pytest.raises(SourceUnavailable, match="E706"):
        skos(tmp_path / "gone.ttl").read()


@pytest.fixture(autouse=True, scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two files for the contract, which knows no fixtures."""
    PLACES["folder"] = tmp_path_factory.mktemp("skos")
    (PLACES["folder"] / "whole.ttl").write_text(WORDS, "utf-8")
    broken = WORDS + "ex:speil skos:broader ex:speil ."
    (PLACES["folder"] / "broken.ttl").write_text(broken, "utf-8")


PLACES: dict[str, Path] = {}

TestSkos = source_contract(
    lambda: skos(PLACES["folder"] / "whole.ttl"),
    broken=lambda: skos(PLACES["folder"] / "broken.ttl"),
    absent=lambda: skos(PLACES["folder"] / "gone.ttl"),
)
