"""Is what people hold mapped as it should be? Checks of A-3, A-6, A-12, K-9 to K-11, H-5, M and S.

Nobody is named or counted: units, kinds and groups are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

import numpy as np

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import EPOCH, FIRST_DAY, Array, days
from kompetanse_core.cooperation.case import PARTIES, Case, called
from kompetanse_core.cooperation.needs import groups_but, nobody, words_of_groups
from kompetanse_core.cooperation.nouns import Account, Standing
from kompetanse_core.mapping import freshness, months_later
from kompetanse_core.model.competence import EvidenceKind
from kompetanse_core.model.cooperation import EventKind, MatterKind, Side
from kompetanse_core.model.mapping import newest
from kompetanse_core.model.people import Assessment, AssessmentSource
from kompetanse_core.model.privacy import Kept
from kompetanse_core.model.work import UnitId

ANY = 12
"""Months: whether a unit is mapped at all is asked whatever its interval."""

FORMAL = (
    (("utdanning", "education"), frozenset({EvidenceKind.FORMAL_EDUCATION})),
    (("erfaring", "experience"), frozenset({EvidenceKind.EXPERIENCE})),
    (
        ("sertifikater, fagbrev eller autorisasjoner", "certificates, trade or other"),
        frozenset(
            {EvidenceKind.CERTIFICATE, EvidenceKind.TRADE_CERTIFICATE, EvidenceKind.AUTHORISATION}
        ),
    ),
)
LEARNT = frozenset(
    {
        EvidenceKind.FORMAL_EDUCATION,
        EvidenceKind.CERTIFICATE,
        EvidenceKind.TRADE_CERTIFICATE,
        EvidenceKind.COURSE,
    }
)
"""What somebody has after taking part in training."""
PAPERS = LEARNT | {EvidenceKind.AUTHORISATION}
REAL = frozenset({EvidenceKind.REAL_COMPETENCE_EDUCATION, EvidenceKind.REAL_COMPETENCE_ENTERPRISE})


KINDS: Mapping[Kept, tuple[str, str]] = MappingProxyType(
    {
        Kept.EMPLOYEE: ("ansatte", "employees"),
        Kept.ENGAGEMENT: ("ansettelser i roller", "engagements in roles"),
        Kept.EVIDENCE: ("dokumentasjon", "evidence"),
        Kept.ASSESSMENT: ("vurderinger", "assessments"),
        Kept.WISH: ("ønsker", "wishes"),
    }
)


def wishes_invited(case: Case) -> Account:
    """A-3: employees are encouraged to learn; it shows as wishes or as input of theirs."""
    if not case.staffed:
        return nobody(case)
    inputs = case.held(EventKind.INPUT, sides=frozenset({Side.EMPLOYEES}))
    if len(case.enterprise.wishes) or inputs:
        return case.account(
            Standing.KEPT,
            "Ansattes ønsker eller innspill er registrert.",
            "Wishes or input from employees are recorded.",
            events=inputs,
        )
    return case.account(
        Standing.MISSING,
        "Ingen ønsker fra ansatte er registrert; spør i medarbeidersamtalen.",
        "No wishes from employees are recorded; ask in the appraisal conversation.",
    )


def all_units_mapped(case: Case) -> Account:
    """A-6: every link is mapped, so that no unit with people in it is left out.

    Where the units say their links in the value chain, so does the account of what is left out: a
    link in which nobody is mapped is worse than a unit in one.
    """
    fresh = freshness(case.enterprise, on=case.on, months=ANY)
    if not fresh:
        return nobody(case)
    left = [each.unit for each in fresh if each.last is None]
    if not left:
        return case.account(
            Standing.KEPT,
            "Alle enheter med ansatte er kartlagt.",
            "Every unit with employees is mapped.",
        )
    nb, en = called(case.units[each] for each in left)
    mapped = {_link(case, each.unit) for each in fresh if each.last is not None}
    links = ", ".join(sorted({_link(case, each) for each in left} - mapped - {""}))
    return case.account(
        Standing.MISSING,
        f"Ikke kartlagt: {nb}." + (f" Ledd der ingen er kartlagt: {links}." if links else ""),
        f"Not mapped: {en}." + (f" Links in which nobody is mapped: {links}." if links else ""),
        units=left,
    )


def mapped_regularly(case: Case) -> Account:
    """A-12, M-4: each unit's mapping is no older than the interval; the guide names none."""
    months = case.rule.parameter("months")
    fresh = freshness(case.enterprise, on=case.on, months=months)
    if not fresh:
        return nobody(case)
    notice = timedelta(days=case.rule.parameter("notice_days"))
    late = [each.unit for each in fresh if each.overdue(case.on)]
    soon = [each.unit for each in fresh if each.overdue(case.on + notice)]
    if late:
        nb, en = called(case.units[each] for each in late)
        return case.account(
            Standing.MISSING,
            f"Over {months} måneder siden, eller aldri, kartlagt: {nb}.",
            f"Mapped more than {months} months ago, or never: {en}.",
            units=late,
        )
    if soon:
        nb, en = called(case.units[each] for each in soon)
        return case.account(
            Standing.DUE,
            f"Snart {months} måneder siden kartlegging: {nb}.",
            f"Soon {months} months since mapping: {en}.",
            units=soon,
        )
    return case.account(
        Standing.KEPT,
        f"Alle enheter er kartlagt de siste {months} månedene.",
        f"Every unit was mapped in the last {months} months.",
    )


def mapped_beyond_requirements(case: Case) -> Account:
    """K-9, M-10: the mapping also holds what no requirement asks for."""
    if not len(_assessed(case)):
        return _nothing_mapped(case)
    if case.breadth.beyond:
        return case.account(
            Standing.KEPT,
            "Kartleggingen har med kompetanse som ingen krav spør etter.",
            "The mapping holds competence that no requirement asks for.",
        )
    return case.account(
        Standing.MISSING,
        "Kartleggingen har bare med det som kreves; la folk føre opp mer.",
        "The mapping only holds what is required; let people add more.",
    )


def all_groups_assessed_jointly(case: Case) -> Account:
    """K-11: the parties weigh every side; joint assessments cover all three groups."""
    if not len(_assessed(case)):
        return _nothing_mapped(case)
    lacking = groups_but(case.breadth.jointly)
    if not lacking:
        return case.account(
            Standing.KEPT,
            "Felles vurderinger dekker å vite, å kunne og å være.",
            "Joint assessments cover knowing, doing and being.",
        )
    nb, en = words_of_groups(lacking)
    return case.account(
        Standing.MISSING, f"Ikke vurdert i fellesskap: {nb}.", f"Not assessed jointly: {en}."
    )


def formal_competence_mapped(case: Case) -> Account:
    """M-8: the detailed mapping shows education, experience, certificates and the like."""
    if not case.staffed:
        return nobody(case)
    kinds = frozenset(case.breadth.kinds)
    lacking = [words for words, either in FORMAL if not kinds & either]
    if not lacking:
        return case.account(
            Standing.KEPT,
            "Utdanning, erfaring og sertifikater er kartlagt.",
            "Education, experience and certificates are mapped.",
        )
    nb, en = (", ".join(words) for words in zip(*lacking, strict=True))
    return case.account(Standing.MISSING, f"Ikke kartlagt: {nb}.", f"Not mapped: {en}.")


def qualifications_kept(case: Case) -> Account:
    """K-10: education and formal proof are kept as what they are, not only as a level."""
    if not case.staffed:
        return nobody(case)
    rows = _assessed(case)
    proven = rows.where(_from(rows, AssessmentSource.CREDENTIAL))
    if (proven.column("evidence") < 0).any():
        return case.account(
            Standing.MISSING,
            "Noen formelle bevis er bare ført som et nivå; før dem også som dokumentasjon.",
            "Some formal proof is entered as a level only; enter it as evidence too.",
        )
    if PAPERS & frozenset(case.breadth.kinds):
        return case.account(
            Standing.KEPT,
            "Utdanning og formelle bevis er ført for seg.",
            "Education and formal proof are kept apart from levels.",
        )
    return case.account(
        Standing.MISSING,
        "Ingen utdanning og ingen formelle bevis er ført opp.",
        "No education and no formal proof is entered.",
    )


def kept_up_to_date(case: Case) -> Account:
    """H-5: people take part in training; the guide names no interval, and nobody is listed."""
    if not case.staffed:
        return nobody(case)
    months = case.rule.parameter("months")
    last = _last_learnt(case)
    if last is not None and case.on <= months_later(last, months):
        return case.account(
            Standing.KEPT,
            f"Deltakelse i opplæring er ført opp de siste {months} månedene.",
            f"Participation in training is entered for the last {months} months.",
        )
    return case.account(
        Standing.MISSING,
        f"Ingen deltakelse i opplæring er ført opp de siste {months} månedene; spør hver enkelt.",
        f"No participation in training is entered for the last {months} months; ask each person.",
    )


def real_competence_mapped(case: Case) -> Account:
    """M-9: real competence is mapped as well."""
    if not case.staffed:
        return nobody(case)
    if REAL & frozenset(case.breadth.kinds):
        return case.account(
            Standing.KEPT, "Realkompetanse er kartlagt.", "Real competence is mapped."
        )
    return case.account(
        Standing.MISSING, "Realkompetanse er ikke kartlagt.", "Real competence is not mapped."
    )


def conversations_used(case: Case) -> Account:
    """S-1: the appraisal conversation is used; it shows as joint assessments."""
    if not case.staffed:
        return nobody(case)
    if _from(_assessed(case), AssessmentSource.JOINT).any():
        return case.account(
            Standing.KEPT,
            "Leder og medarbeider har vurdert sammen.",
            "Leader and employee have assessed together.",
        )
    return case.account(
        Standing.MISSING,
        "Ingen felles vurderinger; bruk medarbeidersamtalen.",
        "No joint assessments; use the appraisal conversation.",
    )


def retention_stated(case: Case) -> Account:
    """M-13: every kind of personal fact has a purpose, a basis and a time that it is kept."""
    parcel = case.enterprise
    held = {
        Kept.EMPLOYEE: len(parcel.employees),
        Kept.ENGAGEMENT: len(parcel.engagements),
        Kept.EVIDENCE: len(parcel.evidence),
        Kept.ASSESSMENT: len(parcel.assessments),
        Kept.WISH: len(parcel.wishes),
    }
    if not any(held.values()):
        return nobody(case)
    stated = frozenset(rule.kept for rule in parcel.retentions)
    lacking = [KINDS[kind] for kind, count in held.items() if count and kind not in stated]
    if not lacking:
        return case.account(
            Standing.KEPT,
            "Formål, grunnlag og lagringstid er ført opp for alle slags opplysninger.",
            "Purpose, basis and retention are stated for every kind of personal fact.",
        )
    nb, en = (", ".join(words) for words in zip(*lacking, strict=True))
    return case.account(
        Standing.MISSING,
        f"Lagringstid er ikke ført opp for: {nb}.",
        f"Retention is not stated for: {en}.",
    )


def method_discussed(case: Case) -> Account:
    """M-5: how to map is discussed with the union representatives before the mapping starts."""
    if not case.staffed:
        return nobody(case)
    talks = case.held(
        EventKind.DISCUSSION,
        EventKind.CONSULTATION,
        EventKind.AGREEMENT,
        about=(MatterKind.MAPPING,),
        sides=PARTIES,
    )
    start = _started(case)
    before = tuple(event for event in talks if start is None or event.on <= start)
    if before:
        return case.account(
            Standing.KEPT,
            "Måten å kartlegge på ble diskutert først.",
            "The way of mapping was discussed first.",
            events=before,
        )
    if start is None or case.on < start:
        return case.account(
            Standing.DUE,
            "Diskuter med de tillitsvalgte hvordan det skal kartlegges.",
            "Discuss with the union representatives how to map.",
        )
    return case.account(
        Standing.MISSING,
        "Kartleggingen begynte uten at måten var diskutert med de tillitsvalgte.",
        "Mapping began before the way of it was discussed with the union representatives.",
        events=talks,
    )


def _link(case: Case, unit: UnitId) -> str:
    """Give a unit's link in the value chain: its own, or that of the nearest unit above."""
    found = case.units.get(unit)
    for _ in case.units:  # no further up than there are units, should they go in a ring
        if found is None or found.link:
            break
        found = None if found.parent is None else case.units.get(found.parent)
    return "" if found is None else found.link


def _nothing_mapped(case: Case) -> Account:
    return case.account(Standing.NOT_APPLICABLE, "Ingenting er kartlagt.", "Nothing is mapped.")


def _assessed(case: Case) -> Table[Assessment]:
    """Keep the assessments that were made by the day."""
    rows = case.enterprise.assessments
    return rows.where(rows.column("assessed") <= days(case.on))


def _from(rows: Table[Assessment], source: AssessmentSource) -> Array:
    return np.equal(rows.column("source"), list(AssessmentSource).index(source))


def _last_learnt(case: Case) -> date | None:
    """Give the last day by the day of the case on which somebody got proof of training."""
    rows = case.enterprise.evidence
    learnt = [place for place, kind in enumerate(EvidenceKind) if kind in LEARNT]
    issued = rows.column("issued")[np.isin(rows.column("kind"), learnt)]
    past = issued[(issued > FIRST_DAY) & (issued <= days(case.on))]
    return EPOCH + timedelta(days=int(past.max())) if len(past) else None


def _started(case: Case) -> date | None:
    """Give the day on which the latest round of mapping begins.

    Once a mapping is designed with a day, it is that of the design that begins last. Else it is the
    first day of the latest round that has been; where no round is named, all that people have said
    is one. A test or a credential is no mapping.
    """
    designed = [each.start for each in newest(case.enterprise.designs) if each.start is not None]
    if designed:
        return max(designed)
    rows = _assessed(case)
    named = rows.where(rows.column("round") >= 0)
    said = rows.where(
        ~(_from(rows, AssessmentSource.CREDENTIAL) | _from(rows, AssessmentSource.TEST))
    )
    mapping = named if len(named) else said
    if not len(mapping):
        return None
    round_, day = mapping.column("round"), mapping.column("assessed")
    latest = round_ == round_[int(np.argmax(day))]
    return EPOCH + timedelta(days=int(day[latest].min()))
