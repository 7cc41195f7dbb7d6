"""Which words may stand for which choice? The words of each enum, in English, bokmål and nynorsk.

The value of a choice comes first and is what is written back.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache
from types import MappingProxyType

from kompetanse_core import (
    AssessmentSource,
    Basis,
    Bearer,
    Breadth,
    Demand,
    EvidenceKind,
    Facet,
    GoalTerm,
    Heritage,
    Purpose,
    Recognition,
    RelationKind,
)

AREA = ("area", "område", "kompetanseområde")
"""What stands in the column `facet` for a heading that groups other competences."""

_OTHER_WORDS: Mapping[Enum, str] = MappingProxyType(
    {
        Facet.KNOWLEDGE: "kunnskap",
        Facet.UNDERSTANDING: "forståelse, forståing",
        Facet.SKILL: "ferdighet, ferdigheit",
        Facet.TRAIT: "egenskap, eigenskap",
        Facet.ATTITUDE: "holdning, haldning",
        Facet.VALUE: "verdi",
        RelationKind.BROADER: "overordnet, overordna",
        RelationKind.PART_OF: "del av",
        RelationKind.REQUIRES: "krever, krev",
        RelationKind.RELATED: "beslektet, beslekta",
        RelationKind.EQUIVALENT: "likeverdig",
        Bearer.TASK: "oppgave, oppgåve",
        Bearer.ROLE: "rolle",
        Bearer.OCCUPATION: "yrke",
        Demand.REQUIRED: "påkrevd, må",
        Demand.DESIRED: "ønsket, ønskt, bør",
        AssessmentSource.CREDENTIAL: "dokumentert",
        AssessmentSource.TEST: "prøve",
        AssessmentSource.JOINT: "felles",
        AssessmentSource.LEADER: "leder, leiar",
        AssessmentSource.SELF: "egenvurdering, eigenvurdering",
        EvidenceKind.FORMAL_EDUCATION: "formell utdanning, utdanning",
        EvidenceKind.CERTIFICATE: "sertifikat",
        EvidenceKind.TRADE_CERTIFICATE: "fagbrev",
        EvidenceKind.AUTHORISATION: "autorisasjon",
        EvidenceKind.EXPERIENCE: "erfaring",
        EvidenceKind.INFORMAL: "uformell",
        EvidenceKind.COURSE: "kurs, kursbevis",
        Recognition.PARTIAL: "delvis",
        Purpose.DEVELOPMENT: "utvikling",
        Purpose.STAFFING: "bemanning",
        Purpose.STATUTORY_PROOF: "lovpålagt dokumentasjon",
        Purpose.SUBJECT_RIGHTS: "innsyn",
        Basis.CONSENT: "samtykke",
        Basis.CONTRACT: "avtale",
        Basis.LEGAL_OBLIGATION: "rettslig plikt, rettsleg plikt",
        Basis.PUBLIC_TASK: "offentlig oppgave, offentleg oppgåve",
        Basis.LEGITIMATE_INTEREST: "berettiget interesse, rettkomen interesse",
        Breadth.OVERALL: "samlet, samla",
        Breadth.DETAILED: "detaljert",
        Heritage.COMPETENCE: "kompetanse",
        Heritage.UNIT: "enhet, eining",
        Heritage.ROLE: "rolle",
        GoalTerm.SHORT: "kort",
        GoalTerm.LONG: "lang",
    }
)


@cache
def words_of(choices: type[Enum]) -> Mapping[str, Enum | None]:
    """Give every word for a choice of an enum, the enum's own values first."""
    own: dict[str, Enum | None] = {str(choice.value).casefold(): choice for choice in choices}
    other = {
        word: choice
        for choice in choices
        for word in _OTHER_WORDS.get(choice, "").split(", ")
        if word
    }
    areas = dict.fromkeys(AREA) if choices is Facet else {}
    return MappingProxyType({**own, **other, **areas})
