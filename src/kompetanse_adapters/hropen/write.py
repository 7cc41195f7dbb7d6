"""How are people and roles written in HR Open? `write_hropen`: candidates and position openings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from attrs import frozen

from kompetanse_adapters.hropen.read import ASSESSMENT, OURS, YEARS, Hropen, read_text
from kompetanse_adapters.reading import (
    Written,
    carried,
    losses_between,
)
from kompetanse_core import (
    Assessment,
    Bearer,
    Competence,
    CompetenceId,
    Demand,
    Enterprise,
    Evidence,
    Language,
    Requirement,
    Scale,
    ScaleId,
)

_NO_PLACE = "candidates and position openings have no place for it"
_A_LEVEL = "a level says its day, its end and who assessed, and nothing of rounds or purposes"
_A_NEED = "of roles only, with one kind of proof, and without needs and days"
_LOST: Mapping[str, str] = MappingProxyType(
    {
        "Competence.description": "one language, and only of what a person holds",
        "Competence.facet": "every competence is read as a skill",
        "Competence.label": "one language",
        "Competence.scale": "a scale is told with a level",
        "Evidence.recorded": "what is claimed counts as known since it was issued",
        "Role.label": "one language",
        "assessments": _A_LEVEL,
        "assessments: added": _A_LEVEL,
        "competences": "nobody holds it, and no role takes it",
        "requirements": _A_NEED,
        "requirements: added": _A_NEED,
        "scales": "a scale is told with a level, by its id and top",
        "scales: added": "a scale is told with a level, by its id and top",
    }
)


def write_hropen(enterprise: Enterprise, *, language: Language = Language.NB) -> Written:
    """Write each person as a candidate and each role as a position opening, and tell the rest.

    Raises:
        Misuse: E106 or E107, if a text cannot be written.
    """
    known = {each.id: each for each in enterprise.competences}
    scales = {each.id: each for each in enterprise.scales}
    hand = _Hand(known, scales, language)
    documents = [*_candidates(enterprise, hand), *_positions(enterprise, hand)]
    text = carried(json.dumps(documents, ensure_ascii=False, indent=1) + "\n")
    back = read_text(text, Hropen(path=Path(), language=language)).parcel
    return Written(text=text, losses=losses_between(enterprise, back, _LOST, otherwise=_NO_PLACE))


Members = dict[str, object]


@frozen
class _Hand:
    """What a writer looks up, and its language."""

    competences: Mapping[CompetenceId, Competence]
    scales: Mapping[ScaleId, Scale]
    language: Language

    def named(self, key: CompetenceId) -> Members:
        """Name a competence by id, and in words."""
        competence = self.competences[key]
        ident = {"value": key, "schemeId": OURS, "schemeLink": competence.uri}
        said = {
            "competencyName": competence.label.read(self.language),
            "description": competence.description.read(self.language),
        }
        return {"competencyIds": [_filled(ident)], **_filled(said)}

    def score(self, level: int, scale: ScaleId | None, key: CompetenceId) -> Members:
        """Tell a level with the top of its scale."""
        own = self.scales[scale or self.competences[key].scale]
        told = {"value": level, "minimum": 0, "maximum": own.top, "schemeId": own.id}
        return {"scoresNumeric": [told]}


def _filled(members: Mapping[str, object]) -> Members:
    return {name: each for name, each in members.items() if each not in ("", None, {}, [])}


def _candidates(enterprise: Enterprise, hand: _Hand) -> Iterator[Members]:
    """Write each person as a candidate with one profile."""
    held: dict[str, list[Members]] = {}
    for said in enterprise.assessments:
        held.setdefault(said.employee, []).append(_assessed(said, hand))
    for proof in enterprise.evidence:
        held.setdefault(proof.employee, []).append(_proven(proof, hand))
    for person in enterprise.employees:
        ident = {"value": person.id, "schemeId": OURS}
        yield {"person": {"id": ident}, "profiles": [{"qualifications": held.get(person.id, [])}]}


def _assessed(said: Assessment, hand: _Hand) -> Members:
    proof = {
        "ids": [{"value": said.evidence, "schemeId": OURS}] if said.evidence else [],
        "evidenceTypeCode": ASSESSMENT,
        "evidenceName": said.source.value,
        "effectivePeriod": _period(said.assessed, said.expires),
        "verificationDate": said.recorded.isoformat(),
    }
    return {
        **hand.named(said.competence),
        "proficiencyLevel": hand.score(said.level, said.scale, said.competence),
        "competencyEvidence": _filled(proof),
    }


def _proven(proof: Evidence, hand: _Hand) -> Members:
    told: Members = {}
    if proof.competence is not None:
        told = hand.named(proof.competence)
        if proof.level is not None:
            told["proficiencyLevel"] = hand.score(proof.level, None, proof.competence)
    if proof.years is not None:
        told["experienceMeasure"] = {"value": proof.years, "unitCode": YEARS}
    evidence = {
        "ids": [{"value": proof.id, "schemeId": OURS}],
        "evidenceTypeCode": proof.kind.value,
        "evidenceName": proof.qualification,
        "effectivePeriod": _period(proof.issued, proof.expires),
        "verificationDate": proof.recorded.isoformat() if proof.verified else "",
    }
    return {**told, "competencyEvidence": _filled(evidence)}


def _period(start: date | None, end: date | None) -> Members:
    days = {"validFrom": start and start.isoformat(), "validTo": end and end.isoformat()}
    return _filled(days)


def _positions(enterprise: Enterprise, hand: _Hand) -> Iterator[Members]:
    """Write each role as a position opening."""
    asked: dict[str, list[Members]] = {}
    for each in enterprise.requirements:
        if each.bearer is Bearer.ROLE:
            asked.setdefault(each.of, []).append(_asked(each, hand))
    for role in enterprise.roles:
        profile = {
            "positionTitle": role.label.read(hand.language),
            "positionCompetencies": asked.get(role.id, []),
        }
        yield {"documentId": {"value": role.id}, "positionProfiles": [_filled(profile) or {}]}


def _asked(each: Requirement, hand: _Hand) -> Members:
    required = each.demand is Demand.REQUIRED
    key = "requiredProficiencyLevel" if required else "desiredProficiencyLevel"
    proof = {"evidenceTypeCode": min(kind.value for kind in each.proof)} if each.proof else {}
    named = hand.named(each.competence)
    named.pop("description", None)
    return {
        **named,
        "weight": {"value": each.weight},
        key: hand.score(each.level, each.scale, each.competence),
        **_filled({"competencyEvidenceRequirement": proof}),
    }
