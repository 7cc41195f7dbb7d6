"""Do candidates and positions of HR Open come in and go out, with every loss told?"""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from tests.adapters.records import KEY, Members, refused

from kompetanse_adapters.hropen import hropen, write_hropen
from kompetanse_adapters.reading import HELD, Pseudonyms
from kompetanse_core import (
    AssessmentSource,
    Demand,
    Enterprise,
    EvidenceKind,
    Language,
    Misuse,
    Reading,
    SourceUnavailable,
    Text,
)
from kompetanse_core.conformance import enterprises, source_contract

ON = date(2027, 1, 1)


def score(value: object, **more: object) -> Members:
    """A level with the top of its scale."""
    return {"scoresNumeric": [{"value": value, "maximum": 5, "minimum": 0, **more}]}


def held(name: str = "Lamper", **more: object) -> Members:
    """A PersonCompetency."""
    ids = [{"value": name, "schemeId": "Fyr"}]
    return {"competencyIds": ids, "competencyName": name, **more}


def candidate(*qualifications: Members, ident: str = "Kari-1") -> Members:
    """A candidate with one profile."""
    person = {"id": {"value": ident, "schemeId": "Hrm"}, "name": {"given": "Kari"}}
    return {
        "person": person,
        "profiles": [{"qualifications": list(qualifications), "licenses": []}],
    }


def position(*asked: Members) -> Members:
    """A position opening with one profile."""
    profile = {"positionTitle": "Fyrvokter", "positionCompetencies": list(asked)}
    return {"documentId": {"value": "J1"}, "positionProfiles": [profile]}


def read(folder: Path, content: object, **more: object) -> Reading:
    """Read one file of the content."""
    path = folder / "records.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return hropen(path, KEY, language="nb", **more).read()  # type: ignore[arg-type]  # any option


# --- the samples ---------------------------------------------------------------------------------

WORDS = {"Expert level": 5, "Junior level": 2}
SKILLED = {
    "Candidate_UC3_application_from_mobile_device_application.json": "esco:skill/22587",
    "Candidate_UC4_application_from_mobile_job_site.json": "esco:skill/22587",
    "Candidate_UC6_pes.json": "esco:skill/16586",
    "Candidate_UC7_prepopulate_from_social_profile.json": "ESCO Skills:ESCO ITM:22587",
    "Candidate_extended.json": "esco:skill/19a8293b-8e95-4de3-983f-77484079c389",
    "Candidate_general.json": "esco:skill/22587",
}


def test_each_candidate_of_the_samples_comes_in(shared_data: Path) -> None:
    """Eleven people; six say a competence in words, and years of experience with it."""
    found = {}
    for path in sorted((shared_data / "hropen").glob("Candidate*.json")):
        known = hropen(path, KEY, on=ON, levels=WORDS).read().enterprise
        assert len(known.employees) == 1
        if known.competences:
            (said,), (years,) = known.assessments, known.evidence
            assert said.level in (2, 5)
            assert (years.kind, years.verified) == (EvidenceKind.EXPERIENCE, False)
            found[path.name] = said.competence
    assert found == SKILLED


def test_a_level_in_words_is_lost_until_somebody_says_which(shared_data: Path) -> None:
    """And a level without a day, unless the caller says one."""
    path = shared_data / "hropen" / "Candidate_general.json"
    reading = hropen(path, KEY, on=ON).read()
    assert len(reading.enterprise.assessments) == 0
    assert "proficiencyLevel: value" in {each.field for each in reading.losses}
    undated = hropen(path, KEY, levels=WORDS).read()
    assert len(undated.enterprise.assessments) == len(undated.enterprise.evidence) == 0
    assert {"personCompetency: proficiencyLevel", "personCompetency: experienceMeasure"} <= {
        each.field for each in undated.losses
    }


def test_what_is_written_has_only_members_of_the_schemas(shared_data: Path, tmp_path: Path) -> None:
    """PersonCompetency, PositionCompetency and CompetencyEvidence of version 4.2.1."""
    schemas = {
        name: json.loads((shared_data / "hropen" / "schemas" / f"{name}Type.json").read_bytes())
        for name in ("PersonCompetency", "PositionCompetency", "CompetencyEvidence")
    }
    known = read(tmp_path, WHOLE).enterprise
    person, opening = json.loads(write_hropen(known).text)
    for one in person["profiles"][0]["qualifications"]:
        assert one.keys() <= schemas["PersonCompetency"]["properties"].keys()
        proof = schemas["CompetencyEvidence"]["properties"].keys()
        assert one["competencyEvidence"].keys() <= proof
    for one in opening["positionProfiles"][0]["positionCompetencies"]:
        assert one.keys() <= schemas["PositionCompetency"]["properties"].keys()


# --- documents of our own ------------------------------------------------------------------------

PROOF = {
    "ids": [{"value": "B-1"}],
    "evidenceTypeCode": "certificate",
    "evidenceName": "Fyrbrev",
    "effectivePeriod": {"validFrom": "2026-01-01", "validTo": "2028-01-01"},
    "verificationDate": "2026-02-01",
}
SAID = {
    "evidenceTypeCode": "assessment",
    "evidenceName": "leader",
    "effectivePeriod": {"validFrom": "2026-03-01"},
}
WHOLE = [
    candidate(
        held(proficiencyLevel=score(3), competencyEvidence=SAID),
        held("Tåke", competencyEvidence=PROOF, experienceMeasure={"value": 4, "unitCode": "ANN"}),
    ),
    position(
        held(
            requiredProficiencyLevel=score(4),
            weight={"value": 2},
            competencyEvidenceRequirement={"evidenceTypeCode": "certificate"},
        ),
        held("Tåke", desiredProficiencyLevel=score(2)),
    ),
]


def test_people_and_positions_are_read_whole(tmp_path: Path) -> None:
    """A level is an assessment, proof is evidence, a position is a role that takes something."""
    known = read(tmp_path, WHOLE).enterprise
    (said,), (proof,) = known.assessments, known.evidence
    assert said.employee == proof.employee == Pseudonyms(KEY).of("Kari-1")
    assert (said.competence, said.level, said.source) == ("Fyr:Lamper", 3, AssessmentSource.LEADER)
    assert said.recorded == datetime(2026, 3, 1, tzinfo=UTC)
    assert (proof.kind, proof.qualification) == (EvidenceKind.CERTIFICATE, "Fyrbrev")
    assert (proof.issued, proof.expires) == (date(2026, 1, 1), date(2028, 1, 1))
    assert (proof.verified, proof.years) == (True, 4)
    asked = {(each.competence, each.level, each.demand, each.weight) for each in known.requirements}
    assert asked == {
        ("Fyr:Lamper", 4, Demand.REQUIRED, 2),
        ("Fyr:Tåke", 2, Demand.DESIRED, 1),
    }
    assert [(each.id, each.label) for each in known.roles] == [("J1", Text(nb="Fyrvokter"))]


def test_what_does_not_say_when_it_was_verified_is_claimed(tmp_path: Path) -> None:
    """And a kind of evidence that we do not know is informal, and counted."""
    proof = {**PROOF, "verificationDate": None, "evidenceTypeCode": "appraisal"}
    reading = read(tmp_path, candidate(held(competencyEvidence=proof)))
    (one,) = reading.enterprise.evidence
    assert (one.verified, one.kind) == (False, EvidenceKind.INFORMAL)
    assert "competencyEvidence: evidenceTypeCode" in {each.field for each in reading.losses}
    assert reading.enterprise.scales == (HELD,)


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (candidate(held(proficiencyLevel=score(3.5), competencyEvidence=SAID)), "E501"),
        (candidate(held(proficiencyLevel=score([3]), competencyEvidence=SAID)), "E501"),
        (candidate(held(proficiencyLevel=score(6), competencyEvidence=SAID)), "E502"),
        (candidate(held(proficiencyLevel=score(6), competencyEvidence=PROOF)), "E502"),
        (candidate(held(competencyEvidence={**PROOF, "verificationDate": "1/2/2026"})), "E211"),
        (candidate({"proficiencyLevel": score(3)}, {"competencyEvidence": 7}), "E702"),
        (candidate(ident=""), "E214"),
        (position({"requiredProficiencyLevel": score(3)}), "E214"),
        ([position(), position()], "E505"),
        ({**position(), "documentId": None}, "E214"),
        (position(held(weight={"value": 0.5}, requiredProficiencyLevel=score(1))), "E501"),
        (b"", "E407"),
        (b"[1]", "E702"),
        (b'{"person": {}, "person": {}}', "E402"),
    ],
)
def test_bad_inputs_25_31_56_58_and_69_are_told_where_they_stand(
    tmp_path: Path, content: object, flaw: str
) -> None:
    """25, 31, 56, 58, 69 and fault F19."""
    assert flaw in {code for code, _ in refused(read(tmp_path, content))}


def test_people_take_a_key_and_a_file_must_be_there(tmp_path: Path) -> None:
    """Without a key only pseudonyms of ours are read; nobody is named in what is told."""
    (tmp_path / "a.json").write_text(json.dumps(WHOLE), "utf-8")
    reading = hropen(tmp_path / "a.json").read()
    assert "E214" in {each.code for each in reading.refused}
    assert "Kari" not in str(reading.findings)
    with pytest.raises(SourceUnavailable, match="E706"):
        hropen(tmp_path / "gone.json").read()
    with pytest.raises(Misuse, match="E213"):
        hropen(tmp_path, KEY, language="de")


# --- out -----------------------------------------------------------------------------------------


def test_what_was_read_is_written_and_read_the_same(tmp_path: Path) -> None:
    """Out then in is the identity, without a key: our own ids say that they are ours."""
    known = read(tmp_path, WHOLE).enterprise
    written = write_hropen(known)
    assert written.losses == ()
    (tmp_path / "again.json").write_text(written.text, "utf-8")
    back = hropen(tmp_path / "again.json", language="nb").read()
    assert back.enterprise == known


@given(enterprise=enterprises())
def test_what_does_not_come_back_is_a_loss(enterprise: Enterprise) -> None:
    """Every plural without a place is counted whole; written again, nothing more is lost."""
    written = write_hropen(enterprise)
    counted = {each.field: each.count for each in written.losses}
    for plural in ("measures", "wishes", "units", "engagements", "relations", "tasks"):
        assert counted.get(plural, 0) == len(getattr(enterprise, plural))
    assert "employees" not in counted
    assert all(each.reason for each in written.losses)


NAUGHTY = ["=1+1", "</script>", 'a"b\\', "a\0b", "\r\n", "\u202e", "😀", "null", "' OR 1=1"]


@pytest.mark.parametrize("words", NAUGHTY)
def test_bad_inputs_12_and_28_words_come_back_as_they_are(tmp_path: Path, words: str) -> None:
    """12, 28: JSON carries every text."""
    known = read(tmp_path, WHOLE).enterprise
    named = [evolve(each, label=Text(nb=words)) for each in known.competences]
    assert write_hropen(evolve(known, competences=named), language=Language.NB).losses == ()


# --- the contract that every source keeps --------------------------------------------------------


@pytest.fixture(autouse=True, scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two files for the contract, which knows no fixtures."""
    PLACES["folder"] = tmp_path_factory.mktemp("hropen")
    broken = [candidate(held(proficiencyLevel=score("Kari", maximum=1.5)))]
    for name, content in (("whole", WHOLE), ("broken", broken)):
        (PLACES["folder"] / f"{name}.json").write_text(json.dumps(content), "utf-8")


PLACES: dict[str, Path] = {}

TestHropen = source_contract(
    lambda: hropen(PLACES["folder"] / "whole.json", KEY),
    broken=lambda: hropen(PLACES["folder"] / "broken.json", KEY),
    absent=lambda: hropen(PLACES["folder"] / "gone.json", KEY),
    secrets=("Kari",),
)
