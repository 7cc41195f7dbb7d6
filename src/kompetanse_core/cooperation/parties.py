"""Do the parties work together as they should? Checks of clauses P, A-11, B-14, B-15, D-3 and R-4.

What lacks is shown for either side alike (P-8).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from kompetanse_core.cooperation.case import PARTIES, Case, called
from kompetanse_core.cooperation.needs import nobody
from kompetanse_core.cooperation.nouns import Account, Standing
from kompetanse_core.mapping import months_later
from kompetanse_core.model.cooperation import Event, EventKind, MatterKind, Reception, Side
from kompetanse_core.model.text import Text, dated

TALKS = (EventKind.DISCUSSION, EventKind.CONSULTATION, EventKind.STATEMENT, EventKind.AGREEMENT)
"""Events in which the parties talk with each other; information goes one way only."""

TOLD = (EventKind.INFORMATION, EventKind.DISCUSSION, EventKind.CONSULTATION)
"""Events by which the union representatives come to know of something."""

COMPETENCE = (
    *(MatterKind.AGENDA, MatterKind.NEED, MatterKind.MAPPING, MatterKind.GAP),
    *(MatterKind.PLAN, MatterKind.MEASURE),
)
"""Matters that are about developing competence."""

SIDES = (
    (Side.MANAGEMENT, "ledelsen", "management"),
    (Side.EMPLOYEES, "de ansatte", "the employees"),
    (Side.UNION, "de tillitsvalgte", "the union representatives"),
)


def jointly_stated(case: Case) -> Account:
    """P-1, B-14: both parties stand behind the last version of what they say of the challenges.

    Each statement is a version of its own, and the latest entered is the one that counts. A side
    accepts it by being part of it, or by a later statement or agreement that refers to it.
    """
    if not case.staffed:
        return nobody(case)
    versions = case.held(EventKind.STATEMENT)
    if not versions:
        return case.account(
            Standing.MISSING,
            "Partene har ingen felles beskrivelse av utfordringene.",
            "The parties have no joint statement of the challenges.",
        )
    last = versions[-1]
    on = dated(last.on)
    told = f"{len(versions)} ({on.nb})", f"{len(versions)} ({on.en})"
    behind = _accepted_by(case, last)
    if behind >= PARTIES:
        return case.account(
            Standing.KEPT,
            f"Begge parter står bak beskrivelsen av utfordringene, versjon {told[0]}.",
            f"Both parties stand behind the statement of the challenges, version {told[1]}.",
            events=(last,),
        )
    joint = [each for each in versions if _accepted_by(case, each) >= PARTIES]
    nb, en = (", ".join(words) for words in zip(*_absent(behind & PARTIES), strict=True))
    return case.account(
        Standing.DUE if joint else Standing.MISSING,
        f"Beskrivelsen av utfordringene, versjon {told[0]}, er ikke godtatt av {nb}.",
        f"The statement of the challenges, version {told[1]}, is not accepted by {en}.",
        events=(last, *joint[-1:]),
    )


def joint_work_changed_something(case: Case) -> Account:
    """P-4: the co-operation leads to development; it shows as views that were taken in."""
    told = tuple(event for event in case.events if event.views)
    if not told:
        return _no_views(case)
    receptions = {view.reception for event in told for view in event.views}
    if receptions & {Reception.TAKEN_IN, Reception.PARTLY}:
        return case.account(
            Standing.KEPT,
            "Synspunkter har ført til endringer.",
            "Views have led to changes.",
            events=told,
        )
    if Reception.OPEN in receptions:
        return case.account(
            Standing.DUE,
            "Ingen synspunkter er tatt inn ennå; noen er ubesvart.",
            "No views are taken in yet; some are unanswered.",
            events=told,
        )
    return case.account(
        Standing.MISSING,
        "Ingen av synspunktene er tatt inn.",
        "None of the views has been taken in.",
        events=told,
    )


def held_at_several_levels(case: Case) -> Account:
    """P-5: the parties meet for the whole enterprise and in its units."""
    if len(case.enterprise.units) < 2 or not case.staffed:
        return case.account(
            Standing.NOT_APPLICABLE, "Virksomheten har bare ett nivå.", "There is only one level."
        )
    joint = case.held(*TALKS, EventKind.INFORMATION, EventKind.REVIEW, sides=PARTIES)
    levels = {event.unit is None for event in joint}
    if len(levels) > 1:
        return case.account(
            Standing.KEPT,
            "Partene møtes både samlet og i enhetene.",
            "The parties meet both for the whole and in the units.",
            events=joint,
        )
    return case.account(
        Standing.MISSING,
        "Partene har ikke møttes både samlet og i enhetene.",
        "The parties have not met both for the whole and in the units.",
        events=joint,
    )


def arrangement_reviewed(case: Case) -> Account:
    """P-6: the way of working together is reviewed; the agreement names no interval."""
    if not case.staffed:
        return nobody(case)
    kinds = (EventKind.REVIEW, *TALKS)
    held = case.held(*kinds, about=(MatterKind.ARRANGEMENT,))
    return _recurring(
        case,
        held,
        never=Text(
            nb="Måten partene samarbeider på, er ikke gjennomgått.",
            en="The way the parties work together has not been reviewed.",
        ),
        last=Text(nb="Sist gjennomgått", en="Last reviewed on"),
    )


def views_received(case: Case) -> Account:
    """P-7: what employees and their representatives say is recorded, with what became of it."""
    told = tuple(event for event in case.events if event.views)
    if not told:
        return _no_views(case)
    if any(view.reception is not Reception.OPEN for event in told for view in event.views):
        return case.account(
            Standing.KEPT,
            "Det er ført opp hva som ble av synspunktene.",
            "What became of the views is recorded.",
            events=told,
        )
    return case.account(
        Standing.DUE,
        "Synspunkter er ført opp, men ikke hva som ble av dem.",
        "Views are recorded, but not what became of them.",
        events=told,
    )


def all_sides_take_part(case: Case) -> Account:
    """P-8: management, employees and representatives all take part; shown alike for each side."""
    if not case.staffed or not case.events:
        return _no_events(case)
    there = {side for event in case.events for side in event.sides}
    absent = [(nb, en) for side, nb, en in SIDES if side not in there]
    if not absent:
        return case.account(
            Standing.KEPT,
            "Ledelse, ansatte og tillitsvalgte har alle vært med.",
            "Management, employees and representatives have all taken part.",
        )
    nb, en = (", ".join(words) for words in zip(*absent, strict=True))
    return case.account(
        Standing.MISSING, f"Ikke registrert som deltakere: {nb}.", f"Not recorded as present: {en}."
    )


def input_invited(case: Case) -> Account:
    """P-9: employees and representatives get to give input; it shows as input and as views."""
    if not case.staffed:
        return nobody(case)
    given = [
        event
        for event in case.events
        if event.kind is EventKind.INPUT
        or any(view.side is not Side.MANAGEMENT for view in event.views)
    ]
    if given:
        return case.account(
            Standing.KEPT,
            "Ansatte eller tillitsvalgte har fått komme med innspill.",
            "Employees or representatives have given their input.",
            events=given,
        )
    return case.account(
        Standing.MISSING,
        "Ingen innspill er registrert; legg til rette for det.",
        "No input is recorded; make room for it.",
    )


def inputs_answered(case: Case) -> Account:
    """D-4, B-11: what is brought up gets an answer; the guide names no time limit."""
    inputs = case.held(EventKind.INPUT)
    if not inputs:
        return case.account(
            Standing.NOT_APPLICABLE, "Ingen innspill er registrert.", "No input is recorded."
        )
    answered = {
        earlier
        for event in case.held(EventKind.ANSWER, EventKind.DECISION)
        for earlier in event.refers_to
    }
    open_ = [each for each in inputs if each.id not in answered and not _received(each)]
    limit = timedelta(days=case.rule.parameter("days"))
    late = [event for event in open_ if event.on + limit < case.on]
    if late:
        return case.account(
            Standing.MISSING,
            f"Innspill har ventet mer enn {limit.days} dager på svar.",
            f"Input has waited more than {limit.days} days for an answer.",
            events=late,
        )
    if open_:
        return case.account(
            Standing.DUE, "Innspill venter på svar.", "Input waits for an answer.", events=open_
        )
    return case.account(
        Standing.KEPT, "Alle innspill har fått svar.", "All input is answered.", events=inputs
    )


def worked_jointly(case: Case) -> Account:
    """A-11: the parties map and analyse together."""
    if not case.staffed:
        return nobody(case)
    about = (MatterKind.NEED, MatterKind.MAPPING, MatterKind.GAP)
    joint = case.held(*TALKS, EventKind.REVIEW, about=about, sides=PARTIES)
    if joint:
        return case.account(
            Standing.KEPT,
            "Partene har arbeidet sammen om behov og kartlegging.",
            "The parties have worked together on needs and mapping.",
            events=joint,
        )
    return case.account(
        Standing.MISSING,
        "Felles arbeid med behov og kartlegging er ikke registrert.",
        "Joint work on needs and mapping is not recorded.",
    )


def agenda_kept(case: Case) -> Account:
    """T-2, D-3: competence is regularly on the agenda of both; the guide names no interval."""
    if not case.staffed:
        return nobody(case)
    return _recurring(
        case,
        case.held(*TALKS, about=COMPETENCE, sides=PARTIES),
        never=Text(
            nb="Partene har ikke hatt kompetanse på dagsordenen.",
            en="The parties have not had competence on the agenda.",
        ),
        last=Text(nb="Sist på dagsordenen", en="Last on the agenda on"),
    )


def informed_of_changes(case: Case) -> Account:
    """B-15: the union representatives are told of a change as it comes; the guide has no number."""
    changes = case.held(EventKind.CHANGE)
    if not changes:
        return case.account(
            Standing.NOT_APPLICABLE, "Ingen endring er meldt.", "No change is reported."
        )
    limit = timedelta(days=case.rule.parameter("days"))
    open_ = [change for change in changes if not _told_of(case, change, limit)]
    late = [change for change in open_ if change.on + limit < case.on]
    if late:
        nb, en = _matters(case, late)
        return case.account(
            Standing.MISSING,
            f"De tillitsvalgte ble ikke orientert innen {limit.days} dager om: {nb}.",
            f"The union representatives were not told within {limit.days} days of: {en}.",
            events=late,
        )
    if open_:
        nb, en = _matters(case, open_)
        return case.account(
            Standing.DUE,
            f"De tillitsvalgte skal orienteres om: {nb}.",
            f"The union representatives are to be told of: {en}.",
            events=open_,
        )
    return case.account(
        Standing.KEPT,
        "De tillitsvalgte er orientert om hver endring.",
        "The union representatives were told of each change.",
        events=changes,
    )


def contributions_recognised(case: Case) -> Account:
    """K-12: those who help to develop and share competence are recognised."""
    if not case.staffed:
        return nobody(case)
    events = case.held(EventKind.RECOGNITION)
    if events:
        return case.account(
            Standing.KEPT,
            "Bidrag til å utvikle kompetanse er anerkjent.",
            "Contributions to developing competence are recognised.",
            events=events,
        )
    return case.account(
        Standing.MISSING,
        "Ingen anerkjennelse av bidrag er registrert.",
        "No recognition of contributions is recorded.",
    )


def questions_discussed(case: Case) -> Account:
    """G-2: the parties take the three questions together, and the answers of both are kept."""
    if case.gaps is None or not len(case.gaps):
        return case.account(
            Standing.NOT_APPLICABLE, "Ingen gap er funnet.", "No gaps have been found."
        )
    about = (MatterKind.GAP, MatterKind.PLAN)
    talks = case.held(EventKind.DISCUSSION, EventKind.CONSULTATION, about=about, sides=PARTIES)
    decided = case.held(EventKind.DECISION, about=about)
    lacking = Standing.MISSING if decided else Standing.DUE
    if not talks:
        return case.account(
            lacking,
            "De tre spørsmålene (utvikle, rekruttere, omskolere) er ikke diskutert mellom partene.",
            "The three questions (develop, recruit, reskill) are not discussed by the parties.",
            events=decided,
        )
    silent = _absent({view.side for event in talks for view in event.views} & PARTIES)
    if silent:
        nb, en = (", ".join(words) for words in zip(*silent, strict=True))
        return case.account(
            lacking,
            f"De tre spørsmålene er diskutert, men dette svaret er ikke ført opp: {nb}.",
            f"The three questions are discussed, but this answer is not written down: {en}.",
            events=(*talks, *decided),
        )
    return case.account(
        Standing.KEPT,
        "Partene har diskutert gapene og hva som skal gjøres, og begges svar er ført opp.",
        "The parties have discussed the gaps and what to do, and the answers of both are kept.",
        events=talks,
    )


def involved_early(case: Case) -> Account:
    """R-4: the union representatives come in while the choices are open, before any decision."""
    if case.plan is None or not case.plan.items:
        return case.account(Standing.NOT_APPLICABLE, "Det er ingen plan.", "There is no plan.")
    about = (*COMPETENCE, MatterKind.CHANGE)
    decided = case.held(EventKind.DECISION, about=about)
    talks = case.held(*TOLD, EventKind.STATEMENT, about=about, sides=frozenset({Side.UNION}))
    early = [event for event in talks if not decided or _before(case, event, decided[0])]
    if early:
        return case.account(
            Standing.KEPT,
            "De tillitsvalgte var med før noe ble besluttet.",
            "The union representatives were in before anything was decided.",
            events=early,
        )
    if decided:
        return case.account(
            Standing.MISSING,
            "De tillitsvalgte var ikke med før noe ble besluttet.",
            "The union representatives were not in before something was decided.",
            events=(*decided[:1], *talks),
        )
    return case.account(
        Standing.DUE,
        "Ta med de tillitsvalgte mens valgene er åpne.",
        "Bring in the union representatives while the choices are open.",
    )


def _accepted_by(case: Case, statement: Event) -> frozenset[Side]:
    """Give the sides that stand behind a statement: in it, or in a later word that refers to it."""
    later = case.held(EventKind.STATEMENT, EventKind.AGREEMENT)
    words = (statement, *(each for each in later if statement.id in each.refers_to))
    return frozenset(side for each in words for side in each.sides)


def _absent(there: Iterable[Side]) -> list[tuple[str, str]]:
    """Name the parties that are not there, in both languages."""
    present = frozenset(there)
    return [(nb, en) for side, nb, en in SIDES if side in PARTIES - present]


def _recurring(case: Case, events: tuple[Event, ...], *, never: Text, last: Text) -> Account:
    """Hold the last of some events against the interval of the rule, in months."""
    if not events:
        return case.account(Standing.MISSING, never.nb, never.en)
    months, day = case.rule.parameter("months"), max(event.on for event in events)
    due, shown = months_later(day, months), [event for event in events if event.on == day]
    on, next_ = dated(day), dated(due)
    if due < case.on:
        return case.account(
            Standing.MISSING,
            f"{last.nb} {on.nb}, for mer enn {months} måneder siden.",
            f"{last.en} {on.en}, more than {months} months ago.",
            events=shown,
        )
    return case.account(
        Standing.KEPT,
        f"{last.nb} {on.nb}, neste gang innen {next_.nb}.",
        f"{last.en} {on.en}, next by {next_.en}.",
        events=shown,
    )


def _matters(case: Case, events: Iterable[Event]) -> tuple[str, str]:
    """Say what some events are about; of an event about nothing named, that it is a change."""
    about = dict.fromkeys(matter for event in events for matter in case.about(event))
    nb, en = called(about)
    return nb or "en endring", en or "a change"


def _received(event: Event) -> bool:
    """Whether every view of an input says what became of it."""
    return bool(event.views) and all(v.reception is not Reception.OPEN for v in event.views)


def _told_of(case: Case, change: Event, limit: timedelta) -> bool:
    """Whether the union side was told of a change in time: about it, or about its matter.

    They may be told ahead; what they were told after an earlier change was about that one.
    """
    matters = set(change.matters)
    earlier = [each.on for each in case.held(EventKind.CHANGE) if matters & set(each.matters)]
    first = min(earlier, default=change.on)
    return any(
        event.on <= change.on + limit
        and (
            change.id in event.refers_to
            or (bool(matters & set(event.matters)) and (event.on >= change.on or event.on < first))
        )
        for event in case.held(*TOLD, sides=frozenset({Side.UNION}))
    )


def _before(case: Case, event: Event, decision: Event) -> bool:
    """Whether an event was entered before a decision and held no later."""
    order = case.events
    return event.on <= decision.on and order.index(event) < order.index(decision)


def _no_views(case: Case) -> Account:
    return case.account(
        Standing.NOT_APPLICABLE, "Ingen synspunkter er ført opp.", "No views are recorded."
    )


def _no_events(case: Case) -> Account:
    return case.account(
        Standing.NOT_APPLICABLE, "Registeret er tomt.", "Nothing is in the register."
    )
