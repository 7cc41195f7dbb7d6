"""What is held about people, why and how long? A record of processing, and what to assess first.

Made from the design of a mapping and the retention rules (M-5, M-13). The assessment is a template:
it states what the design says and asks what only the enterprise can answer.
"""

from __future__ import annotations

from types import MappingProxyType

from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.mapping import MappingDesign
from kompetanse_core.model.privacy import ActorKind, Basis, Kept, Purpose, Retention
from kompetanse_core.model.text import Language, Text
from kompetanse_core.report.guard import Line
from kompetanse_core.report.page import Points, Section
from kompetanse_core.report.telling import Telling

KINDS = MappingProxyType(
    {
        Kept.EMPLOYEE: Text(nb="ansatt (pseudonym)", en="employee (pseudonym)"),
        Kept.ENGAGEMENT: Text(nb="ansettelse i rolle", en="engagement in a role"),
        Kept.EVIDENCE: Text(nb="dokumentasjon", en="evidence"),
        Kept.ASSESSMENT: Text(nb="vurdering", en="assessment"),
        Kept.WISH: Text(nb="ønske", en="wish"),
    }
)
PURPOSES = MappingProxyType(
    {
        Purpose.DEVELOPMENT: Text(nb="kompetanseutvikling", en="development"),
        Purpose.STAFFING: Text(nb="bemanning", en="staffing"),
        Purpose.STATUTORY_PROOF: Text(nb="lovpålagt dokumentasjon", en="proof by law"),
        Purpose.SUBJECT_RIGHTS: Text(nb="den enkeltes rettigheter", en="the person's rights"),
    }
)
GROUNDS = MappingProxyType(
    {
        Basis.CONSENT: Text(nb="samtykke", en="consent"),
        Basis.CONTRACT: Text(nb="avtale", en="contract"),
        Basis.LEGAL_OBLIGATION: Text(nb="rettslig forpliktelse", en="legal obligation"),
        Basis.PUBLIC_TASK: Text(nb="oppgave i allmennhetens interesse", en="public task"),
        Basis.LEGITIMATE_INTEREST: Text(nb="berettiget interesse", en="legitimate interest"),
    }
)
SEATS = MappingProxyType(
    {
        ActorKind.MANAGEMENT: Text(nb="ledelsen", en="management"),
        ActorKind.LEADER: Text(nb="nærmeste leder", en="the nearest leader"),
        ActorKind.EMPLOYEE: Text(nb="den ansatte selv", en="the employee"),
        ActorKind.UNION_REPRESENTATIVE: Text(nb="tillitsvalgte", en="union representatives"),
        ActorKind.ANALYST: Text(nb="analytiker", en="the analyst"),
    }
)


def processing_register(enterprise: Enterprise, language: Language) -> Section:
    """Write the record of processing: each kind of fact, what for, on what ground, how long."""
    telling = Telling(language=language, enterprise=enterprise)
    say, order = telling.say, list(Kept)
    columns = [
        (say("Opplysning", "Fact"), False),
        (say("Formål", "Purpose"), False),
        (say("Grunnlag", "Basis"), False),
        (say("Måneder", "Months"), True),
    ]
    rules = sorted(enterprise.retentions, key=lambda rule: (order.index(rule.kept), rule.months))
    caption = say("Protokoll over behandling", "Record of processing")
    grid = telling.grid(caption, columns, [_rule(rule, telling) for rule in rules])
    return Section(id="behandling", heading=caption, blocks=(grid,))


def privacy_assessment(
    design: MappingDesign, enterprise: Enterprise, language: Language
) -> Section:
    """Write the template of an assessment of privacy (DPIA) for one design of a mapping."""
    telling = Telling(language=language, enterprise=enterprise)
    say, read = telling.say, language
    seen = telling.listed([SEATS[kind].read(read) for kind in design.seen_by])
    purpose, basis = PURPOSES[design.purpose].read(read), GROUNDS[design.basis].read(read)
    points = (
        say(f"Metode: {design.method.read(read)}", f"Method: {design.method.read(read)}"),
        say(
            f"Formål: {purpose}. Grunnlag: {basis}. Lagres i {design.months} måneder.",
            f"Purpose: {purpose}. Basis: {basis}. Kept for {design.months} months.",
        ),
        say(f"Enkeltsvar ses av: {seen}.", f"Single answers are seen by: {seen}."),
        say(
            "Er hvert spørsmål nødvendig for formålet? (fylles ut)",
            "Is each question necessary for the purpose? (to be filled in)",
        ),
        say(
            "Hva kan gå galt for den enkelte, og hva gjøres med det? (fylles ut)",
            "What can go wrong for the person, and what is done about it? (to be filled in)",
        ),
        say(
            "Når ble måten diskutert med de tillitsvalgte? (fylles ut)",
            "When was the way of it discussed with the union representatives? (to be filled in)",
        ),
    )
    heading = say("Vurdering av personvernet", "Assessment of privacy")
    return Section(id="personvern", heading=heading, blocks=(Points(points=points),))


def _rule(rule: Retention, telling: Telling) -> Line:
    read = telling.language
    cells = (
        telling.words(KINDS[rule.kept].read(read)),
        telling.words(PURPOSES[rule.purpose].read(read)),
        telling.words(GROUNDS[rule.basis].read(read)),
        telling.figure(rule.months),
    )
    return Line(cells=cells, people=0)
