"""What is one employee told? The sections of a report about the reader's own competence.

Clauses H-4, S-2 to S-5 and X-8: the person sees everything that is held about them here.
"""

from __future__ import annotations

from types import MappingProxyType

from kompetanse_core.analysis import Analysis
from kompetanse_core.gap import Gap, Gaps, LevelState, Proof, Validity
from kompetanse_core.model.competence import Competence
from kompetanse_core.model.people import Assessment, AssessmentSource, EmployeeId
from kompetanse_core.model.text import Text
from kompetanse_core.plan import Condition, ConditionKind, Intent
from kompetanse_core.report.page import Block, Cell, Grid, Paragraph, Points, Section
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
SOURCES = MappingProxyType(
    {
        AssessmentSource.CREDENTIAL: Text(nb="dokumentasjon", en="credential"),
        AssessmentSource.TEST: Text(nb="prøve", en="test"),
        AssessmentSource.JOINT: Text(nb="felles vurdering", en="joint assessment"),
        AssessmentSource.LEADER: Text(nb="leders vurdering", en="leader's assessment"),
        AssessmentSource.SELF: Text(nb="egenvurdering", en="own assessment"),
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


def required_of(analysis: Analysis, employee: EmployeeId, telling: Telling) -> Section:
    """Tell what the person's roles require, what is known, and since when and until when."""
    say, rows = telling.say, _rows(analysis.gaps, employee)
    grids = tuple(_role(role, rows, analysis.gaps, telling) for role in _roles(rows))
    none = Paragraph(text=say("Ingen krav gjelder i dag.", "Nothing is required today."))
    heading = say("Det rollen din krever", "What your role requires")
    return Section(id="krav", heading=heading, blocks=grids or (none,))


def unused_of(analysis: Analysis, employee: EmployeeId, telling: Telling) -> Section | None:
    """Tell what the person holds that no task asks for (S-2, M-3)."""
    table = analysis.gaps.unused
    own = table.where(table.column("employee") == table.words_of("employee").code(employee))
    names = [telling.name(telling.competences, each.competence) for each in own]
    if not names:
        return None
    text = telling.say(
        f"Ingen av oppgavene dine ber i dag om {telling.listed(names)}. Si fra hvis du vil bruke "
        "mer av det.",
        f"None of your tasks asks today for {telling.listed(names)}. Say so if you want to use "
        "more of it.",
    )
    heading = telling.say("Det du kan, som ikke brukes", "What you can that is not used")
    return Section(id="ubrukt", heading=heading, blocks=(Paragraph(text=text),))


def proposed_for(analysis: Analysis, employee: EmployeeId, telling: Telling) -> Section:
    """Tell what the plan proposes for the person and what must be cleared up first (S-3 to S-5)."""
    say, plan = telling.say, analysis.plan.individual(employee)
    blocks: list[Block] = [
        Paragraph(
            text=say(
                "Dette er et forslag. Det gjelder først når du og lederen din er enige.",
                "This is a proposal. It holds only when you and your leader agree.",
            )
        )
    ]
    if plan.intents:
        blocks.append(_intents(plan.intents, telling))
    else:
        blocks.append(Paragraph(text=say("Ingen tiltak er foreslått.", "No measure is proposed.")))
    heading = say("Forslag til din opplæringsplan", "Proposal for your training plan")
    return Section(id="plan", heading=heading, blocks=tuple(blocks))


def held_about(analysis: Analysis, employee: EmployeeId, telling: Telling) -> Section:
    """List every assessment and wish that is held about the person, and their rights (X-8)."""
    say, enterprise = telling.say, analysis.gaps.enterprise
    table = enterprise.assessments
    own = table.where(table.column("employee") == table.words_of("employee").code(employee))
    columns = (
        (say("Kompetanse", "Competence"), False),
        (say("Nivå", "Level"), True),
        (say("Kilde", "Source"), False),
        (say("Vurdert", "Assessed"), False),
        (say("Utløper", "Expires"), False),
    )
    rows = tuple(_assessment(each, telling) for each in own)
    grid = _plain(say("Vurderinger av deg", "Assessments of you"), columns, rows)
    rights = say(
        "Du har rett til å se, rette og få utlevert alt som er registrert om deg. Opplysningene "
        "brukes til kompetanseutvikling og ikke til lønn eller nedbemanning.",
        "You have the right to see, correct and receive everything that is held about you. It is "
        "used for developing competence, not for pay or redundancy.",
    )
    heading = say("Det som er registrert om deg", "What is held about you")
    return Section(id="registrert", heading=heading, blocks=(grid, Points(points=(rights,))))


def _rows(gaps: Gaps, employee: EmployeeId) -> tuple[Gap, ...]:
    code = gaps.rows.words_of("employee").code(employee)
    return tuple(gaps.rows.where(gaps.rows.column("employee") == code))


def _roles(rows: tuple[Gap, ...]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((row.role, row.unit) for row in rows))


def _role(key: tuple[str, str], rows: tuple[Gap, ...], gaps: Gaps, telling: Telling) -> Grid:
    say, (role, unit) = telling.say, key
    competences = {each.id: each for each in gaps.enterprise.competences}
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
    return _plain(caption, columns, lines)


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
    return _plain(say("Foreslåtte tiltak", "Proposed measures"), columns, rows)


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


def _assessment(assessment: Assessment, telling: Telling) -> tuple[Cell, ...]:
    return (
        telling.words(telling.name(telling.competences, assessment.competence)),
        telling.figure(assessment.level),
        telling.words(SOURCES[assessment.source].read(telling.language)),
        telling.words(telling.day(assessment.assessed)),
        telling.words(telling.day(assessment.expires) if assessment.expires else "–"),
    )


def _plain(
    caption: str, columns: tuple[tuple[str, bool], ...], rows: tuple[tuple[Cell, ...], ...]
) -> Grid:
    """Build a grid that no guard looks at: it is about its only reader."""
    return Grid(
        caption=caption,
        columns=tuple(heading for heading, _ in columns),
        numeric=tuple(numeric for _, numeric in columns),
        rows=rows,
    )
