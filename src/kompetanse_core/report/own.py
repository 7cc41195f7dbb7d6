"""What is told about one employee? Sections of a report for that person, or for their leader.

Clauses H-4 and S-2 to S-5. Who may read what is settled in the Glimpse that each is given.
"""

from __future__ import annotations

from types import MappingProxyType

from kompetanse_core.gap import Gap, LevelState, Proof, Validity
from kompetanse_core.model.competence import Competence
from kompetanse_core.model.text import Text
from kompetanse_core.plan import Condition, ConditionKind, Intent
from kompetanse_core.report.glimpse import Glimpse
from kompetanse_core.report.page import Block, Cell, Grid, Paragraph, Section
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
        telling.words(clear or "–"),
    )


def _condition(condition: Condition, telling: Telling) -> str:
    words = CONDITIONS[condition.kind].read(telling.language)
    if condition.kind is ConditionKind.COST:
        return f"{telling.kroner(condition.amount)} {words}"
    return f"{telling.whole(condition.amount)} {words}" if condition.amount else words
