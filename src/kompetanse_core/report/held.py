"""What is held about one employee, and what for? The last section of a report about that person.

Clauses M-13 and X-8: what is there is listed fact by fact, so that it can be corrected.
"""

from __future__ import annotations

from types import MappingProxyType

from kompetanse_core.model.competence import EvidenceKind
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Assessment, AssessmentSource, Evidence, Wish
from kompetanse_core.model.privacy import Purpose
from kompetanse_core.model.text import Text
from kompetanse_core.report.glimpse import Glimpse
from kompetanse_core.report.page import Cell, Grid, Points, Section
from kompetanse_core.report.processing import PURPOSES
from kompetanse_core.report.telling import Telling

SOURCES = MappingProxyType(
    {
        AssessmentSource.CREDENTIAL: Text(nb="dokumentasjon", en="credential"),
        AssessmentSource.TEST: Text(nb="prøve", en="test"),
        AssessmentSource.JOINT: Text(nb="felles vurdering", en="joint assessment"),
        AssessmentSource.LEADER: Text(nb="leders vurdering", en="leader's assessment"),
        AssessmentSource.SELF: Text(nb="egenvurdering", en="own assessment"),
    }
)
EVIDENCE = MappingProxyType(
    {
        EvidenceKind.FORMAL_EDUCATION: Text(nb="formell utdanning", en="formal education"),
        EvidenceKind.CERTIFICATE: Text(nb="sertifikat", en="certificate"),
        EvidenceKind.TRADE_CERTIFICATE: Text(nb="fagbrev", en="trade certificate"),
        EvidenceKind.AUTHORISATION: Text(nb="autorisasjon", en="authorisation"),
        EvidenceKind.EXPERIENCE: Text(nb="erfaring", en="experience"),
        EvidenceKind.REAL_COMPETENCE_EDUCATION: Text(
            nb="realkompetanse mot en utdanning", en="real competence against an education"
        ),
        EvidenceKind.REAL_COMPETENCE_ENTERPRISE: Text(
            nb="realkompetanse i virksomheten", en="real competence in the enterprise"
        ),
        EvidenceKind.INFORMAL: Text(nb="uformell læring", en="informal learning"),
        EvidenceKind.COURSE: Text(nb="kurs", en="course"),
    }
)


def held_about(of: Glimpse, telling: Telling) -> Section:
    """List what is held about the person, what for, and the person's rights (X-8, M-13)."""
    lists = (_engaged, _assessed, _documented, _wished)
    grids = [grid for grid in (told(of.facts, telling) for told in lists) if grid.rows]
    ages = [each.age.value for each in of.facts.employees if each.age]
    points = [telling.say(f"Aldersgruppe: {age}", f"Age group: {age}") for age in ages]
    rights = Points(points=(*points, of.voice.rights.read(telling.language)))
    heading = of.voice.held.read(telling.language)
    return Section(id="registrert", heading=heading, blocks=(*grids, rights))


def _engaged(facts: Enterprise, telling: Telling) -> Grid:
    say = telling.say
    columns = (
        (say("Rolle", "Role"), False),
        (say("Enhet", "Unit"), False),
        (say("Årsverk", "Full-time positions"), True),
        (say("Fra", "From"), False),
        (say("Til", "To"), False),
        (say("Formål", "Purpose"), False),
    )
    rows = tuple(
        (
            telling.words(telling.name(telling.roles, each.role)),
            telling.words(telling.name(telling.units, each.unit)),
            telling.share(each.share),
            telling.since(each.start),
            telling.since(each.end),
            _purpose(each.purpose, telling),
        )
        for each in facts.engagements
    )
    return telling.unguarded(say("Ansettelser", "Engagements"), columns, rows)


def _assessed(facts: Enterprise, telling: Telling) -> Grid:
    say = telling.say
    columns = (
        (say("Kompetanse", "Competence"), False),
        (say("Nivå", "Level"), True),
        (say("Kilde", "Source"), False),
        (say("Vurdert", "Assessed"), False),
        (say("Utløper", "Expires"), False),
        (say("Formål", "Purpose"), False),
    )
    rows = tuple(_assessment(each, telling) for each in facts.assessments)
    return telling.unguarded(say("Vurderinger", "Assessments"), columns, rows)


def _assessment(assessment: Assessment, telling: Telling) -> tuple[Cell, ...]:
    return (
        telling.words(telling.name(telling.competences, assessment.competence)),
        telling.figure(assessment.level),
        telling.words(SOURCES[assessment.source].read(telling.language)),
        telling.since(assessment.assessed),
        telling.since(assessment.expires),
        _purpose(assessment.purpose, telling),
    )


def _documented(facts: Enterprise, telling: Telling) -> Grid:
    say = telling.say
    columns = (
        (say("Dokumentasjon", "Evidence"), False),
        (say("Slag", "Kind"), False),
        (say("Bekreftet", "Verified"), False),
        (say("Utstedt", "Issued"), False),
        (say("Utløper", "Expires"), False),
        (say("Formål", "Purpose"), False),
    )
    rows = tuple(_evidence(each, telling) for each in facts.evidence)
    return telling.unguarded(say("Dokumentasjon", "Evidence"), columns, rows)


def _evidence(evidence: Evidence, telling: Telling) -> tuple[Cell, ...]:
    named = evidence.competence and telling.name(telling.competences, evidence.competence)
    return (
        telling.words(evidence.qualification or named or evidence.id),
        telling.words(EVIDENCE[evidence.kind].read(telling.language)),
        telling.words(telling.say("ja", "yes") if evidence.verified else telling.say("nei", "no")),
        telling.since(evidence.issued),
        telling.since(evidence.expires),
        _purpose(evidence.purpose, telling),
    )


def _wished(facts: Enterprise, telling: Telling) -> Grid:
    say = telling.say
    columns = (
        (say("Ønske om", "Wish for"), False),
        (say("Sagt", "Stated"), False),
        (say("Formål", "Purpose"), False),
    )
    rows = tuple(
        (
            telling.words(telling.listed(named(each, telling))),
            telling.since(each.stated),
            _purpose(each.purpose, telling),
        )
        for each in facts.wishes
    )
    return telling.unguarded(say("Ønsker", "Wishes"), columns, rows)


def named(wish: Wish, telling: Telling) -> list[str]:
    """Give what a wish is for, as it is called."""
    things = (
        (telling.competences, wish.competence),
        (telling.roles, wish.role),
        (telling.measures, wish.measure),
    )
    return [telling.name(labels, key) for labels, key in things if key]


def _purpose(purpose: Purpose, telling: Telling) -> Cell:
    return telling.words(PURPOSES[purpose].read(telling.language))
