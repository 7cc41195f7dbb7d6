"""How is a report on scenarios made? `make_outlook_report` tells the parties what runs come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kompetanse_core.errors import Misuse
from kompetanse_core.model.privacy import Audience
from kompetanse_core.model.text import Language
from kompetanse_core.model.work import RoleId
from kompetanse_core.report import ahead
from kompetanse_core.report.assumed import assumed
from kompetanse_core.report.guard import LOWEST_FLOOR, SMALLEST_GROUP
from kompetanse_core.report.page import Points, Report, Section
from kompetanse_core.report.prospect import Prospect, capital, prospect
from kompetanse_core.report.remarks import remarks
from kompetanse_core.scenario import Count, Flows, Outlooks, Swing

MOST_ASKED = 5
"""So many warnings become questions for the talk."""


def make_outlook_report(
    outlooks: Outlooks,
    *,
    swings: Sequence[Swing] = (),
    language: Language = Language.NB,
    smallest_group: int = SMALLEST_GROUP,
) -> Report:
    """Tell the parties what scenarios come to under policies, in one language.

    `swings` are those of the enterprise as it is, with no plan: what `tornado` gives. What tells of
    fewer than `smallest_group` people is held back: of those at work, those who are otherwise in a
    scenario, and those a policy decides about.

    Raises:
        Misuse: E506, if the group is smaller than three, or than the one warnings were looked for.
    """
    if smallest_group < LOWEST_FLOOR:
        raise Misuse("E506", f"a group is protected from {LOWEST_FLOOR} people up, never fewer")
    if any(each.watch.least < smallest_group for each in outlooks):
        text = "the warnings of these outlooks tell of smaller groups than the report may"
        raise Misuse("E506", text, hint=f"compare_scenarios(..., least={smallest_group})")
    of = prospect(outlooks, language=language, smallest_group=smallest_group)
    findings = tuple(dict.fromkeys(found for each in outlooks for found in each.findings))
    sections = (
        ahead.in_short(of, swings),
        assumed(of),
        ahead.courses(of),
        ahead.endings(of),
        ahead.early_warnings_told(of),
        ahead.by_role(of),
        ahead.what_matters(of, swings),
        ahead.regrets(of),
        _to_talk_about(of),
        remarks(findings, of.gaps, of.telling),
        _not_told(of),
    )
    return Report(
        title=_title(of),
        lead=_lead(of),
        audience=Audience.PARTIES,
        language=language,
        on=outlooks.runs.start,
        sections=tuple(filter(None, sections)),
        smallest_group=smallest_group,
    )


def _title(of: Prospect) -> str:
    name = of.outlooks.enterprise.name.read(of.telling.language)
    unnamed = of.telling.say("Utsikter for kompetansen i virksomheten", "Outlooks for competence")
    named = of.telling.say(
        f"Utsikter for kompetansen i {name}", f"Outlooks for competence at {name}"
    )
    return named if name else unnamed


def _lead(of: Prospect) -> str:
    first = of.period(of.outlooks.runs.start)
    return of.telling.say(
        "Hva som kan komme, og hva som kan gjøres med det: til samtalen mellom ledelsen og de "
        f"tillitsvalgte, {first} til {of.last}.",
        "What may come, and what can be done about it: for management and union representatives "
        f"to talk about, {first} to {of.last}.",
    )


def _to_talk_about(of: Prospect) -> Section:
    """Ask what figures cannot answer, and what warnings ask for (F-1, R-5)."""
    say = of.telling.say
    points = [
        say(
            "Hvor sannsynlig er hvert scenario, og hva ville vise oss tidlig at det kommer?",
            "How likely is each scenario, and what would show us early that it comes?",
        ),
        say(
            "Hvilke av antakelsene er for høye eller for lave, og hvem vet det best?",
            "Which of the assumptions are too high or too low, and who knows best?",
        ),
        *_asked(of),
        *_falling(of),
    ]
    if any(flows.retirement for flows in _chances(of)):
        points.append(
            say(
                "Hva må de som går av med pensjon, føre videre, til hvem, og når?",
                "What must those who retire pass on, to whom, and when?",
            )
        )
    if any(each.ends(Count.UNKNOWN).any() for each in of.outlooks if not of.held(each)):
        points.append(
            say(
                "Noe av det som vil kreves, er ikke kartlagt. Hva bør kartlegges først?",
                "Some of what will be required is not mapped. What should be mapped first?",
            )
        )
    points.append(
        say(
            "Konkrete tiltak som påvirker daglig drift, skal drøftes før de besluttes (R-5).",
            "Concrete measures that affect daily operation must be drøftet before they are decided "
            "(R-5).",
        )
    )
    heading = say("Til samtalen", "To talk about")
    return Section(id="samtale", heading=heading, blocks=(Points(points=tuple(points)),))


def _asked(of: Prospect) -> tuple[str, ...]:
    """Make the earliest warning of each place a question."""
    first = {(each.unit, each.role): each.since for _, each in reversed(ahead.warnings(of))}
    soonest = sorted(first, key=lambda where: (first[where], where))[:MOST_ASKED]
    return tuple(
        of.telling.say(
            f"Hva gjøres for rollen {of.place(*where)} før {of.period(first[where])}?",
            f"What is done for the role {of.place(*where)} before {of.period(first[where])}?",
        )
        for where in soonest
    )


def _falling(of: Prospect) -> Iterator[str]:
    """Ask for ways on where a scenario needs less of a role than the enterprise as it is (G-9)."""
    for scenario in of.outlooks.scenarios:
        for role in of.outlooks.enterprise.roles:
            now, then = of.seats(None, role.id), of.seats(scenario, role.id)
            if then < now:
                yield _ways_on(scenario, role.id, now, then, of)


def _ways_on(scenario: str, role: RoleId, now: int, then: int, of: Prospect) -> str:
    name, positions = of.telling.name(of.telling.roles, role), of.telling.positions
    return of.telling.say(
        f"{capital(scenario)} trenger mindre av rollen {name}: {positions(then)} årsverk i stedet "
        f"for {positions(now)}. Hvilke veier videre er det for dem det gjelder?",
        f"{capital(scenario)} needs less of the role {name}: {positions(then)} full-time positions "
        f"instead of {positions(now)}. Which ways on are there for those concerned?",
    )


def _chances(of: Prospect) -> Iterator[Flows]:
    yield from (each.flows or of.outlooks.flows for each in of.outlooks.laid)


def _not_told(of: Prospect) -> Section:
    """Say how the figures are made, and what they cannot say."""
    say, runs, k = of.telling.say, of.outlooks.runs, of.telling.smallest_group
    number = of.telling.whole(runs.replicas)
    points = (
        *_cut(of),
        say(
            f"Hvert scenario er gjennomløpt {number} ganger med hver plan, med samme tilfeldige "
            f"tall (frø {runs.seed}): det som skiller to av dem, er ikke flaks. Et forløp er "
            "tenkt, ikke spådd: ingen vet hvilket scenario som kommer.",
            f"Every scenario is run {number} times with every plan, on the same random numbers "
            f"(seed {runs.seed}): what differs between two of them is not luck. A run is imagined, "
            "not predicted: nobody knows which scenario will come.",
        ),
        say(
            "Spennet i parentes er tilfeldigheten i forløpene. Det sier ikke hvor sikre "
            "antakelsene er; det må partene vurdere.",
            "The range in brackets is the chance in the runs. It does not say how sure the "
            "assumptions are; that is for the parties to judge.",
        ),
        say(
            "Det som ikke er kartlagt, regnes verken som på plass eller som mangel. Trinn teller "
            "krav, ikke hva noen er verdt, og nivåer er aldri gjennomsnittsberegnet.",
            "What is not mapped counts neither as in place nor as missing. Steps count "
            "requirements, not what anybody is worth, and levels are never averaged.",
        ),
        say(
            "Hvem som slutter, går av eller lærer i et forløp, er trukket ut fra sjanser som er "
            "like for alle i samme rolle og alder. Tallene sier ingenting om enkeltpersoner.",
            "Who leaves, retires or learns in a run is drawn from chances that are the same for "
            "all of one role and age. The figures say nothing about single persons.",
        ),
        say(
            f"Tall som handler om færre enn {k} ansatte, er holdt tilbake og vist som «:»; det "
            f"gjelder også et scenario som skiller seg fra et annet for færre enn {k}.",
            f"Figures about fewer than {k} employees are held back and shown as “:”; so is a "
            f"scenario that differs from another for fewer than {k}.",
        ),
    )
    heading = say("Hva tallene ikke kan si", "What the figures cannot say")
    return Section(id="metode", heading=heading, blocks=(Points(points=points),))


def _cut(of: Prospect) -> Iterator[str]:
    """Name the scenarios that somebody did not want to wait for."""
    if of.outlooks.cut:
        names = of.telling.listed(of.outlooks.cut)
        yield of.telling.say(
            f"Beregningen ble avbrutt: {names} er ikke med.",
            f"The calculation was interrupted: {names} is left out."
            if len(of.outlooks.cut) == 1
            else f"The calculation was interrupted: {names} are left out.",
        )
