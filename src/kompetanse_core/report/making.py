"""How is a report made? `make_report` chooses the sections for one audience, in their order."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve

from kompetanse_core.analysis import Analysis
from kompetanse_core.errors import Misuse, PrivacyRefused
from kompetanse_core.model.enterprise import Finding
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.privacy import Actor, Audience, Purpose
from kompetanse_core.model.text import Language
from kompetanse_core.privacy.ledger import Ledger
from kompetanse_core.report import own, proposal, situation
from kompetanse_core.report.glimpse import Glimpse, glimpse
from kompetanse_core.report.groups import guarded
from kompetanse_core.report.guard import LOWEST_FLOOR, SMALLEST_GROUP
from kompetanse_core.report.held import held_about
from kompetanse_core.report.mapped import mapped
from kompetanse_core.report.page import Paragraph, Report, Section
from kompetanse_core.report.remarks import remarks
from kompetanse_core.report.summary import summary
from kompetanse_core.report.telling import Telling
from kompetanse_core.report.together import together
from kompetanse_core.report.veil import veil


def make_report(
    analysis: Analysis,
    *,
    audience: Audience,
    employee: EmployeeId | None = None,
    actor: Actor | None = None,
    purpose: Purpose | None = None,
    language: Language = Language.NB,
    smallest_group: int = SMALLEST_GROUP,
    ledger: Ledger | None = None,
    findings: Sequence[Finding] = (),
) -> Report:
    """Tell one audience what an analysis says, in one language.

    The parties are told aggregates; what fewer than `smallest_group` people stand behind is held
    back, and so is what other tables or earlier reports would give away of it. In a series, hand
    over the `ledger` of the report before; `report.ledger` is the one that follows. They are told
    what the analysis found on the way, and the `findings` of the reading that it rests on.

    A report about one employee is for an `actor` with a `purpose`: the employee is told all of
    their own, a leader above what `seen` lets a leader see, and nobody anything about others.

    Raises:
        Misuse: E214, if a report about an employee names none or one for the parties names one;
            E503, if there is no such employee; E506, if the group is smaller than three.
        PrivacyRefused: E554, if a report about an employee is for nobody, for nothing, or for an
            actor who may not see that employee's data.
    """
    telling = Telling(
        language=language, enterprise=analysis.gaps.enterprise, smallest_group=smallest_group
    )
    if audience is Audience.PARTIES:
        if employee is not None:
            raise Misuse("E214", "a report for the parties is about nobody in particular")
        if smallest_group < LOWEST_FLOOR:
            raise Misuse("E506", f"a group is protected from {LOWEST_FLOOR} people up, never fewer")
        found = veil(analysis.gaps, k=smallest_group, ledger=ledger)
        found = guarded(analysis, found, k=smallest_group)
        return _parties(analysis, evolve(telling, veil=found), findings)
    if employee is None:
        raise Misuse("E214", "a report about an employee says whom", hint="give employee=...")
    if actor is None or purpose is None:
        text = "a report about one employee is for a named actor and purpose"
        raise PrivacyRefused("E554", text, hint="give actor=... and purpose=...")
    seen = glimpse(analysis, employee, actor=actor, purpose=purpose)
    if employee not in analysis.gaps.enterprise.employees.words_of("id"):
        raise Misuse("E503", "there is no such employee")
    return _employee(seen, telling)


def _parties(analysis: Analysis, telling: Telling, findings: Sequence[Finding]) -> Report:
    gaps, plan = analysis.gaps, analysis.plan
    sections = (
        summary(analysis, telling),
        situation.drivers(gaps, telling),
        situation.gaps_found(gaps, telling),
        situation.demanded_by_law(gaps, telling),
        situation.staffing(gaps, telling),
        situation.unused(gaps, telling),
        mapped(analysis.follow_up, telling),
        proposal.three_questions(plan, telling),
        proposal.measures(plan, telling),
        proposal.consultation(plan, analysis.follow_up, telling),
        proposal.mix(plan, telling),
        together(analysis.follow_up, telling),
        remarks((*findings, *analysis.findings, *telling.veil.findings), gaps, telling),
        _how(telling),
    )
    name = gaps.enterprise.name.read(telling.language)
    title = telling.say("Kompetanse i", "Competence at")
    unnamed = telling.say("Kompetanse i virksomheten", "Competence in the enterprise")
    on = telling.day(gaps.on)
    lead = telling.say(
        f"Grunnlag for samarbeidet mellom ledelsen og de tillitsvalgte, per {on}.",
        f"For management and union representatives to work from together, {on}.",
    )
    return Report(
        title=f"{title} {name}" if name else unnamed,
        lead=lead,
        audience=Audience.PARTIES,
        language=telling.language,
        on=gaps.on,
        sections=tuple(filter(None, sections)),
        smallest_group=telling.smallest_group,
        findings=telling.veil.findings,
        ledger=telling.veil.ledger,
    )


def _employee(of: Glimpse, telling: Telling) -> Report:
    sections = (
        own.required_of(of, telling),
        own.unused_of(of, telling),
        own.proposed_for(of, telling),
        own.wished_by(of, telling),
        held_about(of, telling),
    )
    on, language = of.gaps.on, telling.language
    return Report(
        title=of.voice.title.read(language),
        lead=f"{of.voice.lead.read(language)} {telling.day(on)}.",
        audience=Audience.EMPLOYEE,
        language=language,
        on=on,
        sections=tuple(filter(None, sections)),
        smallest_group=telling.smallest_group,
    )


def _how(telling: Telling) -> Section:
    say, k = telling.say, telling.smallest_group
    text = say(
        "Et krav på nivå n med vekt v er n trinn som hver teller v; det er en måte å telle på, "
        "ikke et mål på verdi. Nivåer er aldri gjennomsnittsberegnet. Tall som færre enn "
        f"{k} ansatte står bak, er holdt tilbake og vist som «:». Ingen enkeltperson kan leses ut "
        "av rapporten.",
        "A requirement at level n of weight v is n steps that count v each; a way of counting, not "
        f"a measure of worth. Levels are never averaged. Figures that fewer than {k} employees "
        "stand behind are held back and shown as “:”. No single person can be read out of the "
        "report.",
    )
    heading = say("Slik er tallene laget", "How the figures are made")
    return Section(id="metode", heading=heading, blocks=(Paragraph(text=text),))
