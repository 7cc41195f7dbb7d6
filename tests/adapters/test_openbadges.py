"""Do badges become evidence: claimed unless verified, gone where revoked, and of nobody by name?"""

import base64
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.adapters.records import KEY, Members, left_out, read, refused

from kompetanse_adapters.openbadges import MEMBERSHIP, openbadges
from kompetanse_adapters.reading import HELD, Pseudonyms
from kompetanse_core import EvidenceKind, Misuse, SourceUnavailable, Text
from kompetanse_core.conformance import source_contract

ESCO = "http://data.europa.eu/esco/skill/0005c151-5b5a-4a66-8aac-60e734beb1ab"
HOLDER = "did:example:kari"


def target(url: str, name: str = "Lamper") -> Members:
    """An alignment to a competence."""
    return {"type": ["Alignment"], "targetUrl": url, "targetName": name, "targetCode": "L1"}


def badge(key: str = "urn:badge:1", kind: str = "Certification", **more: object) -> Members:
    """A credential of our own."""
    achievement = {
        "id": "urn:achievement:1",
        "type": ["Achievement"],
        "name": "Fyrvokter",
        "achievementType": kind,
        "alignment": [target(ESCO), target("https://example.org/tåke", "Tåke"), target(ESCO)],
    }
    subject = {"id": HOLDER, "type": "AchievementSubject", "achievement": achievement}
    return {
        "id": key,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Fyrvokter for Kari Nordmann",
        "validFrom": "2026-01-31T00:00:00+01:00",
        "validUntil": "2028-01-30",
        "credentialSubject": subject,
        **more,
    }


# --- the samples ---------------------------------------------------------------------------------

NO_ACHIEVEMENT = ("E214", "credentialSubject/achievement/name")
WRONG = {
    "simple-err-context.json": NO_ACHIEVEMENT,
    "simple-err-issued.json": NO_ACHIEVEMENT,
    "simple-err-issuer.json": NO_ACHIEVEMENT,
    "simple-noproof.json": NO_ACHIEVEMENT,
    "simple.jwt": ("E214", "vc/credentialSubject/achievement/name"),
    "simple-err-credential-subject-type.json": ("E213", "credentialSubject/type"),
}
NO_BADGE = {
    "endorsement-err-schema-status-refresh.json",
    "endorsement-valid.json",
    "simple-err-type.json",
}


def test_each_sample_is_evidence_or_told(shared_data: Path) -> None:
    """Of 34 samples six lack what a badge must have, three are none, the others only claim."""
    found = dict[str, int]()
    for path in sorted((shared_data / "openbadges3").iterdir()):
        reading = openbadges(path, KEY).read()
        told = WRONG.get(path.name)
        assert [(each.code, each.place.column) for each in reading.refused] == (
            [told] if told else []
        )
        found[path.name] = len(reading.parcel.evidence)
        assert not any(each.verified for each in reading.parcel.evidence)
    assert len(found) == 34
    assert {name for name, count in found.items() if not count} == NO_BADGE | WRONG.keys()
    assert {name for name, count in found.items() if count == 2} == {
        "complete.json",
        "complete_v1.json",
    }


def test_a_sample_that_has_expired_says_when(shared_data: Path) -> None:
    """Expiry comes in as it stands; what counts on which day is for the mapping to say."""
    (one,) = (
        openbadges(shared_data / "openbadges3" / "simple-err-expired.json", KEY)
        .read()
        .parcel.evidence
    )
    assert (one.issued, one.expires) == (date(2010, 1, 1), date(2010, 1, 1))


# --- one of our own ------------------------------------------------------------------------------


def test_a_badge_is_evidence_of_each_competence_once(tmp_path: Path) -> None:
    """Its holder goes by pseudonym, its name is its achievement's, and it is only claimed."""
    known = read(openbadges, tmp_path, badge()).enterprise
    one, other = known.evidence
    assert one.employee == Pseudonyms(KEY).of(HOLDER)
    assert {one.competence, other.competence} == {
        "esco:skill/0005c151-5b5a-4a66-8aac-60e734beb1ab",
        "https://example.org/tåke",
    }
    assert (one.qualification, one.kind) == ("Fyrvokter", EvidenceKind.CERTIFICATE)
    assert (one.issued, one.expires) == (date(2026, 1, 30), date(2028, 1, 30))
    assert not one.verified
    assert known.scales == (HELD,)
    assert [each.label for each in known.competences] == [Text(en="Lamper"), Text(en="Tåke")]


def test_what_the_caller_has_verified_proves_and_what_is_revoked_is_left_out(
    tmp_path: Path,
) -> None:
    """Only the caller says whether a proof holds; a revoked credential is counted, not kept."""
    kept = read(openbadges, tmp_path, badge(), verified={"urn:badge:1"}).enterprise
    assert all(each.verified for each in kept.evidence)
    gone = read(openbadges, tmp_path, badge(), verified={"urn:badge:1"}, revoked={"urn:badge:1"})
    assert len(gone.enterprise.evidence) == 0
    assert left_out(gone) == {"its issuer has revoked it": 1}


@pytest.mark.parametrize("named", ["urn:badge:1", {"id": "urn:badge:1", "revoked": True}])
def test_a_list_of_revocations_among_the_files_counts(tmp_path: Path, named: object) -> None:
    """Whatever its name, it is read before the credentials."""
    (tmp_path / "z.json").write_text(json.dumps({"revokedCredential": [named]}), "utf-8")
    held = [badge(), badge("urn:badge:2")]
    (tmp_path / "a.json").write_text(json.dumps({"verifiableCredential": held}), "utf-8")
    reading = openbadges(tmp_path, KEY, recorded=datetime(2027, 1, 1, tzinfo=UTC)).read()
    assert left_out(reading) == {"its issuer has revoked it": 1}
    assert {each.recorded.year for each in reading.enterprise.evidence} == {2027}


def test_a_token_says_what_its_payload_says(tmp_path: Path) -> None:
    """The signature of a JWT is not checked, so it is claimed like any other."""
    payload = base64.urlsafe_b64encode(json.dumps({"vc": badge()}).encode()).rstrip(b"=")
    (tmp_path / "badge.jwt").write_bytes(b"e30." + payload + b".c2ln\n")
    assert len(openbadges(tmp_path, KEY).read().enterprise.evidence) == 2
    (tmp_path / "badge.jwt").write_bytes(b"no token")
    assert [each.code for each in openbadges(tmp_path, KEY).read().refused] == ["E407"]


def test_a_membership_is_no_competence(tmp_path: Path) -> None:
    """What somebody is a member of may be a union: it is left out, unread."""
    reading = read(openbadges, tmp_path, badge(kind=MEMBERSHIP))
    assert len(reading.enterprise.evidence) == len(reading.enterprise.employees) == 0
    assert left_out(reading) == {"what somebody is a member of is no competence": 1}


def test_the_same_badge_twice_is_one_and_another_by_its_id_is_refused(tmp_path: Path) -> None:
    """69: an id stands for one credential."""
    reading = read(openbadges, tmp_path, [badge(), badge()])
    assert (len(reading.enterprise.evidence), left_out(reading)) == (2, {"it stands twice": 1})
    assert ("E505", "/1") in refused(read(openbadges, tmp_path, [badge(), badge(kind="License")]))


def test_a_status_that_nobody_has_asked_is_told(tmp_path: Path) -> None:
    """Nothing is fetched: whether a badge still holds is a loss until the caller verifies it."""
    asked = badge(credentialStatus={"id": "urn:list", "type": "1EdTechRevocationList"})
    fields = {each.field for each in read(openbadges, tmp_path, asked).losses}
    assert "credential: credentialStatus" in fields
    kept = read(openbadges, tmp_path, asked, verified={"urn:badge:1"})
    assert "credential: credentialStatus" not in {each.field for each in kept.losses}


@pytest.mark.parametrize(
    ("more", "flaw"),
    [
        ({"id": None}, ("E214", "id")),
        ({"id": 7}, ("E702", "id")),
        ({"validFrom": "01/31/2026"}, ("E211", "validFrom")),
        ({"validUntil": "2020-01-01"}, ("E507", "")),
        ({"credentialSubject": []}, ("E702", "credentialSubject")),
        ({"validFrom": None, "validUntil": None}, ("E214", "")),
    ],
)
def test_a_credential_that_cannot_be_read_is_refused(
    tmp_path: Path, more: Members, flaw: tuple[str, str]
) -> None:
    """31, 73 and F19: told where it stands, and nothing of it is kept."""
    assert refused(read(openbadges, tmp_path, badge(**more))) == [flaw]


def test_nobody_is_no_holder(tmp_path: Path) -> None:
    """A badge without a subject's id or identity is about nobody."""
    nobody = badge()
    del nobody["credentialSubject"]["id"]
    assert refused(read(openbadges, tmp_path, nobody)) == [("E214", "")]
    nobody["credentialSubject"]["identifier"] = [{"identityHash": "kari@example.org"}]
    (one, *_) = read(openbadges, tmp_path, nobody).enterprise.employees
    assert one.id == Pseudonyms(KEY).of("kari@example.org")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "E407"),
        (b'{"a": NaN}', "E401"),
        (b'{"a": 1, "a": 2}', "E402"),
        (b"[" * 100_000, "E403"),
        ('{"id": "å"}'.encode("utf-16-le"), "E101"),
        (b'{"id": "\\ud800"}', "E107"),
    ],
)
def test_a_file_that_is_no_json(tmp_path: Path, content: bytes, code: str) -> None:
    """Bad inputs 4, 11, 25 and 55 to 57."""
    assert code in {found for found, _ in refused(read(openbadges, tmp_path, content))}


def test_bad_input_64_a_link_that_leads_out_of_the_folder(tmp_path: Path) -> None:
    """64: what lies elsewhere is not read, and files of another kind are named."""
    (tmp_path / "in").mkdir()
    (tmp_path / "out.json").write_text(json.dumps(badge()), "utf-8")
    (tmp_path / "in" / "a.json").symlink_to(tmp_path / "out.json")
    (tmp_path / "in" / "b.txt").write_text("x", "utf-8")
    reading = openbadges(tmp_path / "in", KEY).read()
    assert {"E406", "E206", "W208"} == {each.code for each in reading.findings}
    assert len(reading.parcel.evidence) == 0


def test_what_cannot_be_opened(tmp_path: Path) -> None:
    """A path that leads nowhere, a key that could be guessed, a language we have not."""
    with pytest.raises(SourceUnavailable, match="E706"):
        openbadges(tmp_path / "gone", KEY).read()
    with pytest.raises(Misuse, match="E214"):
        openbadges(tmp_path, "short")
    with pytest.raises(Misuse, match="E213"):
        openbadges(tmp_path, KEY, language="de")


# --- the contract that every source keeps --------------------------------------------------------


@pytest.fixture(autouse=True, scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two files for the contract, which knows no fixtures."""
    PLACES["folder"] = tmp_path_factory.mktemp("openbadges")
    broken = badge(credentialSubject={**badge()["credentialSubject"], "type": "Kari"})
    for name, content in (("whole", badge()), ("broken", broken)):
        (PLACES["folder"] / f"{name}.json").write_text(json.dumps(content), "utf-8")


PLACES: dict[str, Path] = {}

TestOpenBadges = source_contract(
    lambda: openbadges(PLACES["folder"] / "whole.json", KEY),
    broken=lambda: openbadges(PLACES["folder"] / "broken.json", KEY),
    absent=lambda: openbadges(PLACES["folder"] / "gone.json", KEY),
    secrets=("Kari", "urn:badge:1", HOLDER),
)
