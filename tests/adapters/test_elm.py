"""Do European Digital Credentials become evidence of the skills that their outcomes name?"""

import json
from datetime import date
from pathlib import Path

import pytest
from tests.adapters.records import KEY, Members, left_out, read, refused

from kompetanse_adapters.elm import elm
from kompetanse_adapters.reading import Pseudonyms
from kompetanse_core import EvidenceKind, Misuse, SourceUnavailable, Text
from kompetanse_core.conformance import source_contract

ESCO = "http://data.europa.eu/esco/skill/"
KARI = "kari@example.org"


def skill(key: str, **labels: str) -> Members:
    """A skill of ESCO."""
    return {"id": ESCO + key, "type": "Concept", "prefLabel": labels}


def achievement(key: str = "a1", **more: object) -> Members:
    """An achievement whose outcome names two skills, one of them twice."""
    outcome = {
        "type": "LearningOutcome",
        "relatedESCOSkill": [skill("1", nb="Lamper", de="Lampen"), skill("2", en="Fog")],
        "relatedSkill": skill("1", nb="Lamper"),
    }
    return {
        "id": key,
        "type": "LearningAchievement",
        "title": {"en": "Keeper", "nb": "Fyrvokter"},
        "specifiedBy": {"type": "Qualification", "learningOutcome": outcome},
        **more,
    }


def credential(*claims: Members, **more: object) -> Members:
    """A credential of our own."""
    mailbox = {"id": f"mailto:{KARI}", "type": "Mailbox"}
    return {
        "id": "urn:credential:1",
        "type": ["VerifiableCredential", "EuropeanDigitalCredential"],
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "urn:epass:person:1",
            "givenName": {"nb": "Kari"},
            "contactPoint": {"emailAddress": mailbox},
            "nationalID": {"notation": "12345"},
            "hasClaim": list(claims),
        },
        **more,
    }


@pytest.mark.parametrize(
    ("name", "kinds", "skills"),
    [
        ("Sample-CertOfPart-unsigned.jsonld", {EvidenceKind.INFORMAL}, 0),
        ("Sample-CertOfPart-unsigned-uploadable.json", {EvidenceKind.INFORMAL}, 0),
        ("Sample-MC-Annex1-unsigned.jsonld", {EvidenceKind.COURSE}, 4),
        ("Sample-MC-Annex1-unsigned-uploadable.json", {EvidenceKind.COURSE}, 4),
    ],
)
def test_the_samples_come_in_whole(
    shared_data: Path, name: str, kinds: set[EvidenceKind], skills: int
) -> None:
    """A seminar that was attended, and a short programme with four skills of ESCO and two more."""
    known = elm(shared_data / "elm" / name, KEY).read().enterprise
    assert {each.kind for each in known.evidence} == kinds
    named = [each.competence for each in known.evidence if each.competence]
    assert (sum(each.startswith("esco:skill/") for each in named), len(named)) == (
        skills,
        skills + skills // 2,
    )
    mailboxes = ("ana.andromeda@email.com", "ana.andromeda.4edc@gmail.com")
    assert known.employees[0].id in map(Pseudonyms(KEY).of, mailboxes)


def test_an_achievement_is_evidence_of_each_skill_once(tmp_path: Path) -> None:
    """A whole qualification is formal education; it is only claimed, and the holder a pseudonym."""
    known = read(elm, tmp_path, credential(achievement())).enterprise
    one, other = known.evidence
    assert {one.competence, other.competence} == {"esco:skill/1", "esco:skill/2"}
    assert one.employee == Pseudonyms(KEY).of(KARI)
    assert (one.kind, one.qualification) == (EvidenceKind.FORMAL_EDUCATION, "Fyrvokter")
    assert (one.issued, one.verified) == (date(2026, 1, 1), False)
    assert [each.label for each in known.competences] == [Text(nb="Lamper"), Text(en="Fog")]
    kept = read(elm, tmp_path, credential(achievement()), verified=["urn:credential:1"])
    assert all(each.verified for each in kept.enterprise.evidence)


@pytest.mark.parametrize(
    "specified",
    [
        {"type": "LearningAchievementSpecification"},
        {"type": "Qualification", "isPartialQualification": True},
        {
            "type": "Qualification",
            "learningSetting": {"prefLabel": {"en": "non-formal learning"}},
        },
    ],
)
def test_what_is_no_whole_formal_qualification_is_a_course(
    tmp_path: Path, specified: Members
) -> None:
    """A part of one, or one that was learnt outside formal education."""
    known = read(elm, tmp_path, credential(achievement(specifiedBy=specified))).enterprise
    assert [each.kind for each in known.evidence] == [EvidenceKind.COURSE]


def test_parts_of_a_claim_are_claims_and_have_days_of_their_own(tmp_path: Path) -> None:
    """An activity within an achievement, by the day of its award or its end."""
    activity = {
        "id": "b1",
        "type": "LearningActivity",
        "title": {"nn": "Dugnad"},
        "temporal": {"endDate": "2025-06-30"},
    }
    whole = achievement(hasPart=activity, awardedBy={"awardingDate": "2025-07-01"})
    evidence = read(elm, tmp_path, credential(whole)).enterprise.evidence
    assert {(each.qualification, each.issued) for each in evidence} == {
        ("Fyrvokter", date(2025, 7, 1)),
        ("Dugnad", date(2025, 6, 30)),
    }


def test_a_credential_without_an_outcome_is_left_out(tmp_path: Path) -> None:
    """A right to learn something is no competence yet."""
    reading = read(elm, tmp_path, credential({"id": "c", "type": "LearningEntitlement"}))
    assert left_out(reading) == {"it claims no outcome": 1}
    assert "claim: LearningEntitlement" in {each.field for each in reading.losses}


def test_a_type_that_nobody_knows_is_not_repeated(tmp_path: Path) -> None:
    """What stands where a type should may be somebody's name."""
    reading = read(elm, tmp_path, credential({"id": "c", "type": "Kari Nordmann"}))
    assert "claim: another type" in {each.field for each in reading.losses}
    assert "Kari" not in str(reading.losses) + str(reading.findings)


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (credential(achievement(), type="Kari"), ("E213", "type")),
        (credential(achievement(), id=None), ("E214", "id")),
        (credential(achievement(title="Kari")), ("E702", "credentialSubject/hasClaim/0/title")),
        (credential(achievement(), validFrom="1/2/2026"), ("E211", "validFrom")),
        (
            credential(achievement(), validUntil="2020-01-01"),
            ("E507", ""),
        ),
        (credential(achievement(), credentialSubject={"hasClaim": achievement()}), ("E214", "")),
    ],
)
def test_a_credential_that_cannot_be_read_is_refused(
    tmp_path: Path, content: Members, flaw: tuple[str, str]
) -> None:
    """31, 73 and F19: told where it stands; a credential of nobody in particular too."""
    found = refused(read(elm, tmp_path, content))
    assert [code for code, _ in found] == [flaw[0]]
    assert flaw[1] in found[0][1]


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "E407"), (b"{}", "E213"), (b'{"a": 1, "a": 2}', "E402")]
)
def test_a_file_that_is_no_credential(tmp_path: Path, content: bytes, code: str) -> None:
    """Bad inputs 25 and 56, and a file of another kind."""
    assert code in {found for found, _ in refused(read(elm, tmp_path, content))}


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    """A path that leads nowhere, and a key that could be guessed."""
    with pytest.raises(SourceUnavailable, match="E706"):
        elm(tmp_path / "gone", KEY).read()
    with pytest.raises(Misuse, match="E214"):
        elm(tmp_path, "short")


@pytest.fixture(autouse=True, scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two files for the contract, which knows no fixtures."""
    PLACES["folder"] = tmp_path_factory.mktemp("elm")
    broken = credential(achievement(title="Kari"))
    for name, content in (("whole", credential(achievement())), ("broken", broken)):
        (PLACES["folder"] / f"{name}.json").write_text(json.dumps(content), "utf-8")


PLACES: dict[str, Path] = {}

TestElm = source_contract(
    lambda: elm(PLACES["folder"] / "whole.json", KEY),
    broken=lambda: elm(PLACES["folder"] / "broken.json", KEY),
    absent=lambda: elm(PLACES["folder"] / "gone.json", KEY),
    secrets=("Kari", KARI, "12345"),
)
