"""How is a report made? `make_report` chooses the sections for one audience, in their order."""

from __future__ import annotations

from attrs import evolve

from kompetanse_core.analysis import Analysis
from kompetanse_core.errors import Misuse
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.privacy import Audience
from kompetanse_core.model.text import Language
from kompetanse_core.privacy.ledger import Ledger
from kompetanse_core.report import own, proposal, situation
from kompetanse_core.report.guard import LOWEST_FLOOR, SMALLEST_GROUP
from kompetanse_core.report.page import Paragraph, Report, Section
from kompetanse_core.report.summary import summary
from kompetanse_core.report.telling import Telling
from kompetanse_core.report.together import together
from kompetanse_core.report.veil import veil


def make_report(
    analysis: Analysis,
    *,
    audience: Audience,
    employee: EmployeeId | None = None,
    language: Language = Language.NB,
    smallest_group: int = SMALLEST_GROUP,
    ledger: Ledger | None = None,
) -> Report:
    """Tell one audience what an analysis says, in one language.

    The parties are told aggregates; what fewer than `smallest_group` people stand behind is held
    back, and so is what other tables or earlier reports would give away of it. In a series, hand
    over the `ledger` of the report before; `report.ledger` is the one that follows. An employee is
    told their own facts and proposals, and nothing about anybody else.

    Raises:
        Misuse: E214, if a report for an employee names none or one for the parties names one;
            E503, if there is no such employee; E506, if the group is smaller than three.
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
        return _parties(analysis, evolve(telling, veil=found))
    if employee is None:
        raise Misuse("E214", "a report for an employee says for whom", hint="give employee=...")
    return _employee(analysis, employee, telling)


def _parties(analysis: Analysis, telling: Telling) -> Report:
    gaps, plan = analysis.gaps, analysis.plan
    sections = (
        summary(analysis, telling),
        situation.drivers(gaps, telling),
        situation.gaps_found(gaps, telling),
        situation.demanded_by_law(gaps, telling),
        situation.staffing(gaps, telling),
        situation.unused(gaps, telling),
        proposal.three_questions(plan, telling),
        proposal.measures(plan, telling),
        proposal.consultation(plan, analysis.follow_up, telling),
        proposal.mix(plan, telling),
        together(analysis.follow_up, telling),
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


def _employee(analysis: Analysis, employee: EmployeeId, telling: Telling) -> Report:
    if employee not in analysis.gaps.enterprise.employees.words_of("id"):
        raise Misuse("E503", "there is no such employee")
    sections = (
        own.required_of(analysis, employee, telling),
        own.unused_of(analysis, employee, telling),
        own.proposed_for(analysis, employee, telling),
        own.held_about(analysis, employee, telling),
    )
    on = analysis.gaps.on
    return Report(
        title=telling.say("Din kompetanse", "Your competence"),
        lead=telling.say(
            f"Laget for deg alene, per {telling.day(on)}.",
            f"Made for you alone, {telling.day(on)}.",
        ),
        audience=Audience.EMPLOYEE,
        language=telling.language,
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
