"""What is told about one employee? Sections of a report for that person, or for their leader.

Clauses H-4, H-7, A-3, K-4 and S-2 to S-5. Who may read what is settled in the Glimpse
that each is given.
"""

from __future__ import annotations

from types import MappingProxyType

from kompetanse_core.gap import Gap, LevelState, Proof, Validity
from kompetanse_core.model.competence import Competence
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Aim
from kompetanse_core.plan import (
    Aspiration,
    Condition,
    ConditionKind,
    Intent,
    PlanItem,
    WishState,
)
from kompetanse_core.report.glimpse import Glimpse
from kompetanse_core.report.held import named
from kompetanse_core.report.incentives import supported
from kompetanse_core.report.page import Block, Cell, Grid, Paragraph, Section
from kompetanse_core.report.proposal import BEARERS, CLASSES
from kompetanse_core.report.telling import Telling

STATES = MappingProxyType(
    {
        LevelState.UNKNOWN: Text(nb="ikke kartlagt", en="not mapped"),
        LevelState.NONE: Text(nb="mangler", en="missing"),
        LevelState.BELOW: Text(nb="et stykke igjen", en="some way to go"),
        LevelState.MET: Text(nb="på plass", en="in place"),
        LevelState.SURPLUS: Text(nb="mer enn det kreves", en="more than is required"),
    }
)
CONDITIONS = MappingProxyType(
    {
        ConditionKind.TIME_OFF: Text(nb="timer fri", en="hours off"),
        ConditionKind.SUBSTITUTE: Text(nb="timer med vikar", en="hours of a substitute"),
        ConditionKind.COST: Text(nb="i kostnad", en="in cost"),
        ConditionKind.PLACE: Text(nb="plass på tiltaket", en="a place on the measure"),
        ConditionKind.SUPPORT: Text(nb="timer med veileder", en="hours with a mentor"),
    }
)
AIMS = MappingProxyType(
    {
        Aim.MEANING: Text(nb="mening", en="meaning"),
        Aim.MASTERY: Text(nb="mestring", en="mastery"),
        Aim.CAREER: Text(nb="karriere", en="career"),
        Aim.LONGER_WORKING_LIFE: Text(nb="stå lenger i arbeid", en="a longer working life"),
        Aim.GROWTH: Text(nb="personlig og faglig utvikling", en="personal and professional growth"),
    }
)
STANDINGS = MappingProxyType(
    {
        WishState.GRANTED: Text(nb="med i planen", en="part of the plan"),
        WishState.PROPOSED: Text(nb="ikke med i planen", en="not part of the plan"),
        WishState.HELD: Text(nb="kan det alt", en="already held"),
        WishState.NO_WAY: Text(
            nb="ingen tiltak fører dit i planens tid",
            en="no measure leads there in the plan's time",
        ),
    }
)


def required_of(of: Glimpse, telling: Telling) -> Section:
    """Tell what the person's roles require, what is known, and since when and until when."""
    rows = tuple(row for row in of.gaps.of(of.employee) if row.competence not in of.hidden)
    grids = tuple(_role(role, rows, telling) for role in _roles(rows))
    none = Paragraph(text=telling.say("Ingen krav gjelder i dag.", "Nothing is required today."))
    heading = of.voice.required.read(telling.language)
    return Section(id="krav", heading=heading, blocks=grids or (none,))


def unused_of(of: Glimpse, telling: Telling) -> Section | None:
    """Tell what the person holds that no task asks for (S-2, M-3)."""
    names = [telling.name(telling.competences, each.competence) for each in of.gaps.unused]
    if not names:
        return None
    asks_for, say_so = (
        text.read(telling.language) for text in (of.voice.asks_for, of.voice.say_so)
    )
    text = f"{asks_for} {telling.listed(names)}. {say_so}"
    heading = of.voice.unused.read(telling.language)
    return Section(id="ubrukt", heading=heading, blocks=(Paragraph(text=text),))


def proposed_for(of: Glimpse, telling: Telling) -> Section:
    """Tell what the plan proposes for the person and what must be cleared up first (S-3 to S-5)."""
    say = telling.say
    blocks: list[Block] = [
        Paragraph(
            text=say(
                "Dette er et forslag. Det gjelder først når leder og medarbeider er enige.",
                "This is a proposal. It holds only when leader and employee agree.",
            )
        )
    ]
    if of.intents:
        blocks.append(_intents(of.intents, telling))
    else:
        blocks.append(Paragraph(text=say("Ingen tiltak er foreslått.", "No measure is proposed.")))
    return Section(id="plan", heading=of.voice.plan.read(telling.language), blocks=tuple(blocks))


def wished_by(of: Glimpse, telling: Telling) -> Section | None:
    """Tell what the person wishes for that no gap asks for, and what it would take (A-3, H-7)."""
    say = telling.say
    if not of.wishes:
        return None
    lead = say(
        "Det står ikke noe gap bak disse ønskene. Det som virksomheten trenger, går foran; det som "
        "ikke er med i planen, er vist med det som skal til. Hvem som betaler for et eget ønske, "
        "er åpent, og tas i samtalen mellom leder og medarbeider.",
        "No gap stands behind these wishes. What the enterprise needs comes first; what is not "
        "part of the plan is shown with what it takes. Who pays for an own wish is open, and is "
        "settled in the talk between leader and employee.",
    )
    columns = (
        (say("Ønske", "Wish"), False),
        (say("Slag", "Kind"), False),
        (say("Tiltak", "Measure"), False),
        (say("Til hvilken nytte", "To what end"), False),
        (say("Betales av", "Paid by"), False),
        (say("Må avklares", "To be cleared up"), False),
        (say("Stilling", "Standing"), False),
    )
    rows = tuple(_wish(each, of, telling) for each in of.wishes)
    grid = telling.unguarded(say("Ønsker uten gap bak", "Wishes with no gap behind"), columns, rows)
    heading = of.voice.wishes.read(telling.language)
    return Section(id="onsker", heading=heading, blocks=(Paragraph(text=lead), grid))


def _wish(each: Aspiration, of: Glimpse, telling: Telling) -> tuple[Cell, ...]:
    steps = {intent.planned: intent for intent in of.wished}
    listed = telling.listed
    aims = dict.fromkeys(aim for step in each.steps for aim in step.aims if aim in AIMS)
    clear = [c for step in each.steps if step in steps for c in steps[step].conditions]
    return (
        telling.words(listed(named(each.wish, telling))),
        telling.words(CLASSES[each.education].read(telling.language)),
        telling.words(listed([_dated(step, telling) for step in each.steps]) or "–"),
        telling.words(listed([AIMS[aim].read(telling.language) for aim in aims]) or "–"),
        telling.words(BEARERS[each.bearer].read(telling.language)),
        telling.words(listed([_condition(condition, telling) for condition in clear]) or "–"),
        telling.words(STANDINGS[each.state].read(telling.language)),
    )


def _dated(step: PlanItem, telling: Telling) -> str:
    name = telling.name(telling.measures, step.measure or "")
    support = supported(step, telling)
    dates = f"{telling.day(step.start)}–{telling.day(step.end)}"
    return f"{name} ({dates}; {support})" if support else f"{name} ({dates})"


def _roles(rows: tuple[Gap, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((row.role, row.unit) for row in rows))


def _role(key: tuple[str, str], rows: tuple[Gap, ...], telling: Telling) -> Grid:
    say, (role, unit) = telling.say, key
    competences = {each.id: each for each in telling.enterprise.competences}
    own = [row for row in rows if (row.role, row.unit) == key]
    columns = (
        (say("Kompetanse", "Competence"), False),
        (say("Krav", "Required"), False),
        (say("Registrert", "Known"), False),
        (say("Status", "Status"), False),
        (say("Gjelder til", "Valid until"), False),
    )
    lines = tuple(_requirement(row, competences[row.competence], telling) for row in own)
    caption = f"{telling.name(telling.roles, role)}, {telling.name(telling.units, unit)}"
    return telling.unguarded(caption, columns, lines)


def _requirement(row: Gap, competence: Competence, telling: Telling) -> tuple[Cell, ...]:
    known = "–" if row.have is None else _level(row.have, competence, telling)
    until = telling.day(row.expires) if row.expires else "–"
    return (
        telling.words(telling.name(telling.competences, competence.id)),
        telling.words(_level(row.need, competence, telling)),
        telling.words(known),
        telling.words(_state(row, telling)),
        telling.words(until),
    )


def _state(row: Gap, telling: Telling) -> str:
    if row.validity is Validity.EXPIRED:
        return telling.say("utløpt", "expired")
    if row.proof is Proof.MISSING:
        return telling.say("mangler dokumentasjon", "proof is missing")
    state = STATES[row.state].read(telling.language)
    if row.validity is Validity.EXPIRING:
        return state + telling.say(", utløper snart", ", expires soon")
    return state


def _level(level: int, competence: Competence, telling: Telling) -> str:
    scale = next(each for each in telling.enterprise.scales if each.id == competence.scale)
    name = next((each.label for each in scale.names if each.level == level), None)
    words = name.read(telling.language) if name else ""
    if scale.top == 1:
        return telling.say("ja", "yes") if level else telling.say("nei", "no")
    return f"{level} {words}".strip()


def _intents(intents: tuple[Intent, ...], telling: Telling) -> Grid:
    say = telling.say
    columns = (
        (say("Tiltak", "Measure"), False),
        (say("Løfter", "Lifts"), False),
        (say("Periode", "Period"), False),
        (say("Støtte", "Support"), False),
        (say("Må avklares", "To be cleared up"), False),
    )
    rows = tuple(_intent(intent, telling) for intent in intents)
    return telling.unguarded(say("Foreslåtte tiltak", "Proposed measures"), columns, rows)


def _intent(intent: Intent, telling: Telling) -> tuple[Cell, ...]:
    planned = intent.planned
    lifts = telling.listed(
        [telling.name(telling.competences, lift.competence) for lift in planned.lifts]
    )
    clear = telling.listed([_condition(each, telling) for each in intent.conditions])
    return (
        telling.words(telling.name(telling.measures, planned.measure or "")),
        telling.words(lifts or "–"),
        telling.words(f"{telling.day(planned.start)}–{telling.day(planned.end)}"),
        telling.words(supported(planned, telling) or "–"),
        telling.words(clear or "–"),
    )


def _condition(condition: Condition, telling: Telling) -> str:
    words = CONDITIONS[condition.kind].read(telling.language)
    if condition.kind is ConditionKind.COST:
        return f"{telling.kroner(condition.amount)} {words}"
    return f"{telling.whole(condition.amount)} {words}" if condition.amount else words
