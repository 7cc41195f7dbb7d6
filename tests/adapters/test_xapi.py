"""Do statements become evidence of what was reached, and of nobody by name or mailbox?"""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.adapters.records import KEY, Members, left_out, read, refused

from kompetanse_adapters.reading import Pseudonyms
from kompetanse_adapters.xapi import xapi
from kompetanse_core import EvidenceKind, Misuse, SourceUnavailable, Text
from kompetanse_core.conformance import source_contract

VERB = "http://adlnet.gov/expapi/verbs/"
ESCO = "http://data.europa.eu/esco/skill/0005c151-5b5a-4a66-8aac-60e734beb1ab"
KARI = "kari@example.org"


def said(done: str = "passed", key: str = "s1", **more: object) -> Members:
    """A statement of our own."""
    name = {"nb-NO": "Fyrkurs", "de": "Leuchtturmkurs"}
    return {
        "id": key,
        "actor": {"name": "Kari Nordmann", "mbox": f"mailto:{KARI}"},
        "verb": {"id": VERB + done},
        "object": {"id": "https://example.org/fyrkurs", "definition": {"name": name}},
        "timestamp": "2026-05-01T12:00:00+02:00",
        "stored": "2026-05-02T00:00:00Z",
        **more,
    }


def about(address: str, kind: str = "") -> Members:
    """A context of one activity."""
    definition = {"name": {"en": "Lamps"}, "type": kind}
    return {"contextActivities": {"other": [{"id": address, "definition": definition}]}}


def test_the_samples_come_in_or_say_why_not(shared_data: Path) -> None:
    """Nine statements: one met by three people, one tried and passed, one seen and told twice."""
    reading = xapi(shared_data / "xapi", KEY).read()
    assert len(reading.enterprise.evidence) == 5
    assert sum(each.field.endswith(".json") for each in reading.losses) == 6
    assert left_out(reading).keys() == {"its verb tells of no outcome", "it stands twice"}


def test_a_statement_is_claimed_evidence_known_since_it_was_stored(tmp_path: Path) -> None:
    """Its day is UTC's, its name the activity's, and its actor goes by pseudonym."""
    (one,) = read(xapi, tmp_path, said()).enterprise.evidence
    assert one.employee == Pseudonyms(KEY).of(KARI)
    assert (one.kind, one.qualification) == (EvidenceKind.COURSE, "Fyrkurs")
    assert (one.issued, one.recorded) == (date(2026, 5, 1), datetime(2026, 5, 2, tzinfo=UTC))
    assert (one.verified, one.competence) == (False, None)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"verb": {"id": VERB + "failed"}}, "its verb tells of no outcome"),
        ({"verb": {"id": VERB + "attempted"}}, "it was not passed, or not completed"),
        ({"result": {"success": False}}, "it was not passed, or not completed"),
        ({"result": {"completion": False}}, "it was not passed, or not completed"),
        (
            {"object": {"objectType": "SubStatement", "id": "x"}},
            "it is about another statement or a person",
        ),
    ],
)
def test_what_tells_of_no_outcome_is_left_out(tmp_path: Path, more: Members, reason: str) -> None:
    """And counted, with the reason."""
    reading = read(xapi, tmp_path, said(**more))
    assert len(reading.enterprise.evidence) == len(reading.enterprise.employees) == 0
    assert left_out(reading) == {reason: 1}


def test_what_was_tried_counts_where_it_succeeded(tmp_path: Path) -> None:
    """`attempted` says nothing of the outcome; its result does."""
    tried = said("attempted", result={"success": True})
    assert len(read(xapi, tmp_path, tried).enterprise.evidence) == 1


def test_a_voided_statement_is_left_out_wherever_its_voiding_stands(tmp_path: Path) -> None:
    """Also in a page of results that was read before it."""
    void = said("voided", "s2", object={"objectType": "StatementRef", "id": "s1"})
    (tmp_path / "a.json").write_text(json.dumps({"statements": [said()], "more": "/x"}), "utf-8")
    (tmp_path / "b.json").write_text(json.dumps([void]), "utf-8")
    reading = xapi(tmp_path, KEY).read()
    assert len(reading.enterprise.evidence) == 0
    assert left_out(reading)["another statement voids it"] == 1
    assert "W208" in {each.code for each in reading.findings}
    (tmp_path / "b.json").write_text(json.dumps(void), "utf-8")
    assert len(xapi(tmp_path, KEY).read().enterprise.evidence) == 0


@pytest.mark.parametrize(
    ("address", "kind", "known"),
    [
        (ESCO, "", "esco:skill/0005c151-5b5a-4a66-8aac-60e734beb1ab"),
        (
            "https://example.org/lamps",
            "https://example.org/types/Competency",
            "https://example.org/lamps",
        ),
        ("https://example.org/lamps", "https://example.org/types/meeting", None),
    ],
)
def test_a_competence_is_known_by_its_address_or_type(
    tmp_path: Path, address: str, kind: str, known: str | None
) -> None:
    """Other activities of the context are counted losses."""
    reading = read(xapi, tmp_path, said(context=about(address, kind)))
    (one,) = reading.enterprise.evidence
    assert one.competence == known
    assert [each.label for each in reading.enterprise.competences] == [Text(en="Lamps")] * bool(
        known
    )
    lost = "context: contextActivities" in {each.field for each in reading.losses}
    assert lost == (known is None)


@pytest.mark.parametrize(("trusted", "verified"), [("https://lrs.example.org", True), ("x", False)])
def test_whom_the_caller_trusts_verifies(tmp_path: Path, trusted: str, *, verified: bool) -> None:
    """By the home page of the authority's account."""
    account = {"homePage": "https://lrs.example.org", "name": "lrs"}
    words = said(authority={"objectType": "Agent", "account": account})
    (one,) = read(xapi, tmp_path, words, trusted=[trusted]).enterprise.evidence
    assert one.verified == verified


@pytest.mark.parametrize(
    ("more", "flaw"),
    [
        ({"id": ""}, ("E214", "id")),
        ({"verb": {}}, ("E214", "verb/id")),
        ({"actor": {"name": "Kari"}}, ("E214", "actor")),
        ({"actor": {"objectType": "Group", "mbox": "mailto:a@b"}}, ("E214", "actor")),
        ({"timestamp": "2026-05-01T12:00:00"}, ("E211", "timestamp")),
        ({"object": {"id": 3}}, ("E702", "object/id")),
    ],
)
def test_a_statement_that_cannot_be_read_is_refused(
    tmp_path: Path, more: Members, flaw: tuple[str, str]
) -> None:
    """31 and F19: told where it stands. A group without members is nobody."""
    wrong = said(**more)
    wrong["object"] = {**wrong["object"], "definition": {}}
    assert refused(read(xapi, tmp_path, wrong)) == [flaw]


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "E407"), (b"[1]", "E702"), (b'{"a": 1e400}', "E401")]
)
def test_a_file_that_is_no_statement(tmp_path: Path, content: bytes, code: str) -> None:
    """Bad inputs 25 and 55, and a file of another kind."""
    assert code in {found for found, _ in refused(read(xapi, tmp_path, content))}


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    """A path that leads nowhere, and a key that could be guessed."""
    with pytest.raises(SourceUnavailable, match="E706"):
        xapi(tmp_path / "gone", KEY).read()
    with pytest.raises(Misuse, match="E214"):
        xapi(tmp_path, "short")


@pytest.fixture(autouse=True, scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two files for the contract, which knows no fixtures."""
    PLACES["folder"] = tmp_path_factory.mktemp("xapi")
    for name, content in (("whole", said()), ("broken", said(timestamp=KARI))):
        (PLACES["folder"] / f"{name}.json").write_text(json.dumps(content), "utf-8")


PLACES: dict[str, Path] = {}

TestXapi = source_contract(
    lambda: xapi(PLACES["folder"] / "whole.json", KEY),
    broken=lambda: xapi(PLACES["folder"] / "broken.json", KEY),
    absent=lambda: xapi(PLACES["folder"] / "gone.json", KEY),
    secrets=("Kari", KARI),
)
