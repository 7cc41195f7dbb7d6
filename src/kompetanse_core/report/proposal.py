"""What is proposed? The sections of a report that tell the three answers, the plan and its mix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.cooperation import FollowUp
from kompetanse_core.model.measure import Arena, Measure, Mode
from kompetanse_core.model.text import Text
from kompetanse_core.plan import CostBearer, EducationClass, Plan, PlanItem, Question
from kompetanse_core.report.groups import (
    ANSWER,
    CARRIED,
    GRANTED,
    LEFT,
    MEASURE,
    WISHED,
    closed_by,
    wishing,
)
from kompetanse_core.report.guard import Line
from kompetanse_core.report.incentives import offered
from kompetanse_core.report.musters import heads
from kompetanse_core.report.page import Block, Cell, Grid, Paragraph, Points, Section
from kompetanse_core.report.telling import Telling
from kompetanse_core.report.wording import per_cent
from kompetanse_core.rules import Check
from kompetanse_core.strategy import Strategy

ARENAS = MappingProxyType(
    {
        Arena.OUTSIDE: Text(nb="utenfor virksomheten", en="outside the enterprise"),
        Arena.INSIDE: Text(nb="i virksomheten", en="in the enterprise"),
        Arena.DAILY_WORK: Text(nb="i det daglige arbeidet", en="in daily work"),
    }
)
BEARERS = MappingProxyType(
    {
        CostBearer.EMPLOYER: Text(nb="arbeidsgiver", en="employer"),
        CostBearer.EMPLOYEE: Text(nb="den ansatte", en="employee"),
        CostBearer.OPEN: Text(nb="ikke avklart", en="open"),
    }
)
CLASSES = MappingProxyType(
    {
        EducationClass.CONTINUING: Text(nb="etterutdanning", en="continuing education"),
        EducationClass.FURTHER: Text(nb="videreutdanning", en="further education"),
        EducationClass.OWN_WISH: Text(nb="eget ønske", en="own wish"),
    }
)


def three_questions(plan: Plan, telling: Telling) -> Section:
    """Answer the guide's three questions with amounts that add up (G-2, G-3, G-8, G-9)."""
    say, grid = telling.say, _answers(plan, telling)
    heading = say("De tre spørsmålene", "The three questions")
    if telling.few(plan.gaps.total.contributors):
        return Section(id="sporsmal", heading=heading, blocks=(grid,))
    unknown = say(
        f"I tillegg er {telling.whole(plan.unknown)} trinn ikke kartlagt. De regnes ikke som gap: "
        "veien er å kartlegge.",
        f"Beside these, {telling.whole(plan.unknown)} steps are not mapped. They are not counted "
        "as gaps: the way is to assess.",
    )
    blocks = (
        *(() if grid.withheld else (Paragraph(text=_parts(plan, telling)),)),
        grid,
        *((heads(plan, telling),) if plan.head_split.missing else ()),
        *((Paragraph(text=unknown),) if plan.unknown else ()),
    )
    return Section(id="sporsmal", heading=heading, blocks=blocks)


def cost_is_told(plan: Plan, telling: Telling) -> bool:
    """Say whether what the plan costs is for nobody or for enough."""
    people = len({planned.employee for planned in _all_of(plan) if planned.employee})
    return not (telling.few(plan.gaps.total.contributors) or telling.few(people))


def left_is_told(plan: Plan, telling: Telling) -> bool:
    """Say whether the steps that the plan leaves, and so those that it closes, may be told."""
    return not _answers(plan, telling).rows[-1][1].withheld


def _answers(plan: Plan, telling: Telling) -> Grid:
    """Lay the answers out; the steps of an answer that few stand behind are held back."""
    say, split, seats = telling.say, plan.split, plan.seat_split
    answers = {
        Question.DEVELOP: say(
            "I hvilken grad kan gapet lukkes ved å utvikle og bruke dem som er her?",
            "To what degree can the gap be closed by developing and using those who are here?",
        ),
        Question.RECRUIT: say(
            "I hvilken grad bør det rekrutteres?", "To what degree should one recruit?"
        ),
        Question.REDEVELOP: say(
            "I hvilken grad kan mindre relevant kompetanse videreutvikles?",
            "To what degree can competence that has become less relevant be redeveloped?",
        ),
    }
    people, whole = plan.gaps.total.contributors, split.missing
    behind = {part: _behind(plan, part) for part in closed_by(plan)}
    lines = [
        _answer_line(plan, question, words, behind[question.value], telling)
        for question, words in answers.items()
    ]
    left, in_all = say("Står igjen", "Left over"), say("Til sammen", "In all")
    lines.append(_amounts(left, split.left, whole, seats.vacant, behind[LEFT], telling))
    if _changed_by_few(plan, telling):
        lines = [evolve(line, held=True) for line in lines]
    columns = [
        (say("Spørsmål", "Question"), False),
        (say("Trinn", "Steps"), True),
        (say("Andel", "Share"), True),
        (say("Ledige årsverk", "Vacant positions"), True),
    ]
    caption = say("De tre spørsmålene", "The three questions")
    total = _amounts(in_all, whole, whole, seats.total, people, telling)
    grid = telling.grid(caption, columns, lines, total=total)
    if telling.few(people):
        return grid
    seated = zip(grid.rows, lines, strict=True)  # positions are not people: they are always told
    return evolve(grid, rows=tuple((*row[:-1], line.cells[-1]) for row, line in seated))


def measures(plan: Plan, telling: Telling) -> Section:
    """Tell which measures are proposed, for how many, when and at what cost (A-4, A-13)."""
    say = telling.say
    groups = sorted(_grouped(plan), key=lambda group: (group.start, group.measure.id))
    few = [group for group in groups if _small(group, telling)]
    told = [group for group in groups if group not in few]
    blocks: list[Block] = [Paragraph(text=_frame(plan, telling))]
    if told:
        blocks.append(_measure_grid(told, telling))
        blocks.extend(_supported(told, telling))
    if few:
        blocks.append(Paragraph(text=_few(few, telling)))
    blocks.extend(_others(plan, telling))
    heading = say("Planen som foreslås", "The plan that is proposed")
    return Section(id="plan", heading=heading, blocks=tuple(blocks))


def consultation(plan: Plan, follow_up: FollowUp, telling: Telling) -> Section | None:
    """Tell which measures must be drøftet before a decision, and why (R-5, or by other rules)."""
    say = telling.say
    measures = _measures(plan)
    found, accounts = gated(plan, follow_up), follow_up.answering(Check.MEASURES_CONSULTED)
    if not found:
        return None
    lacking = frozenset(measure for account in accounts for measure in account.measures)
    clauses = ", ".join(account.rule.clause for account in accounts)
    lines = [
        Line(
            cells=(
                telling.words(telling.name(telling.measures, measure)),
                telling.words(measures[measure].operation_reason.read(telling.language) or "–"),
                telling.words(
                    _after(plan, measure, telling)
                    if measure in lacking
                    else telling.say("drøfting er registrert", "drøfting is recorded")
                ),
            ),
            people=0,
        )
        for measure in found
    ]
    columns = [
        (say("Tiltak", "Measure"), False),
        (say("Hvordan det påvirker driften", "How it affects operation"), False),
        (say("Kan starte", "Can start"), False),
    ]
    caption = say(
        "Tiltak som skal drøftes før de besluttes", "Measures that go through drøfting first"
    )
    lead = say(
        f"Konkrete tiltak som påvirker daglig drift skal drøftes før de besluttes ({clauses}). "
        "Drøfting er ikke veto: partene hører hverandre, og ledelsen beslutter uten å ha bundet "
        "seg på forhånd.",
        "Concrete measures that affect daily operation must be drøftet before they are decided "
        f"({clauses}). This is consultation, not veto: the parties hear each other, and management "
        "decides without having bound itself in advance.",
    )
    heading = say("Skal drøftes", "To be consulted on (drøfting)")
    grid = telling.grid(caption, columns, lines)
    return Section(id="drofting", heading=heading, blocks=(Paragraph(text=lead), grid))


def gated(plan: Plan, follow_up: FollowUp) -> tuple[str, ...]:
    """Name the measures that a rule asks a drøfting for, for society and wishes granted too."""
    if not follow_up.answering(Check.MEASURES_CONSULTED):
        return ()
    measures = _measures(plan)
    lifting = {each.measure for each in _all_of(plan) if each.needs_drofting and each.measure}
    taken_on = {
        each.measure
        for each in plan.undertakings
        if each.fits and measures[each.measure].affects_operation
    }
    return tuple(sorted(lifting | taken_on))


def mix(plan: Plan, telling: Telling) -> Section | None:
    """Mirror the planned hours by where learning happens; never a target (D-2)."""
    say, hours = telling.say, plan.mix
    people = len({each.employee for each in _all_of(plan) if each.hours and each.employee})
    if not hours.total or telling.few(people):
        return None
    modes = {
        Mode.WORK: (say("I arbeidet", "In the work"), hours.work, 70),
        Mode.TRAINING: (
            say("Kurs og organisert opplæring", "Courses and organised training"),
            hours.training,
            20,
        ),
        Mode.EDUCATION: (say("Formell utdanning", "Formal education"), hours.education, 10),
    }
    lines = [
        Line(
            cells=(
                telling.words(name),
                telling.figure(amount),
                Cell(text=per_cent(amount, hours.total), number=amount),
                Cell(text=f"{often}\u00a0%"),
            ),
            people=0,
        )
        for name, amount, often in modes.values()
    ]
    columns = [
        (say("Læring", "Learning"), False),
        (say("Timer i planen", "Hours in the plan"), True),
        (say("Andel", "Share"), True),
        (say("Det som ofte sies", "What is often said"), True),
    ]
    note = say(
        "Et speil, ikke et mål. Læring som skjer i arbeidet uten tiltak er ikke med.",
        "A mirror, not a target. Learning that happens at work without a measure is not counted.",
    )
    grid = telling.grid(say("Læringsmiks", "Learning mix"), columns, lines, note=note)
    return Section(
        id="miks", heading=say("Hvor læringen skjer", "Where learning happens"), blocks=(grid,)
    )


@frozen(kw_only=True)
class _Group:
    """One measure in the plan with all its items."""

    measure: Measure
    items: tuple[PlanItem, ...]

    @property
    def people(self) -> int:
        return len({planned.employee for planned in self.items if planned.employee})

    @property
    def cost(self) -> int:
        return sum(planned.cost for planned in self.items)

    @property
    def steps(self) -> int:
        return sum(planned.steps for planned in self.items)

    def tells(self, planned: PlanItem, telling: Telling) -> bool:
        """Say whether the kind of an item is told: that few have wished for it is not."""
        wished = EducationClass.OWN_WISH
        people = {each.employee for each in self.items if each.education is wished}
        return planned.education is not wished or not telling.few(len(people))

    @property
    def start(self) -> str:
        return min(planned.start for planned in self.items).isoformat()


def _all_of(plan: Plan) -> tuple[PlanItem, ...]:
    """Give what the plan does for what is lacking, and the wishes that it grants."""
    return (*plan, *plan.granted)


def _measures(plan: Plan) -> Mapping[str, Measure]:
    return {measure.id: measure for measure in plan.gaps.enterprise.measures}


def _grouped(plan: Plan) -> list[_Group]:
    found: dict[str, list[PlanItem]] = {}
    for planned in _all_of(plan):
        if planned.measure is not None:
            found.setdefault(planned.measure, []).append(planned)
    measures = _measures(plan)
    return [_Group(measure=measures[key], items=tuple(items)) for key, items in found.items()]


def _changed_by_few(plan: Plan, telling: Telling) -> bool:
    """Say whether few have changed an answer since it was told last; the others would tell it."""
    changed = ((ANSWER, part) in telling.veil.repeated for part in closed_by(plan))
    return any(changed) or telling.few(plan.gaps.total.contributors)


def _behind(plan: Plan, part: str) -> int:
    """Count the people behind one answer, or behind what is left."""
    rows = plan.closings.column("gap")[closed_by(plan)[part] > 0]
    return len(np.unique(plan.gaps.rows.column("employee")[rows]))


def _small(group: _Group, telling: Telling) -> bool:
    few = group.people < telling.smallest_group
    return few or (MEASURE, group.measure.id) in telling.veil.hidden


def _answer_line(plan: Plan, question: Question, words: str, people: int, telling: Telling) -> Line:
    answer = plan.answer(question)
    return _amounts(words, answer.steps, answer.steps_of, answer.share, people, telling)


def _amounts(words: str, steps: int, of: int, share: int, people: int, telling: Telling) -> Line:
    portion = Cell(text=per_cent(steps, of), number=steps)
    cells = (telling.words(words), telling.figure(steps), portion, telling.share(share))
    return Line(cells=cells, people=people, held=telling.few(people))


def _parts(plan: Plan, telling: Telling) -> str:
    split = plan.split
    return telling.say(
        f"Av {telling.whole(split.missing)} trinn som mangler, lukkes {telling.whole(split.use)} "
        f"ved å bruke kolleger som alt kan det, {telling.whole(split.upskill)} ved å heve "
        f"kompetansen, {telling.whole(split.reskill)} ved omskolering og "
        f"{telling.whole(split.recruit)} ved rekruttering. {telling.whole(split.left)} står igjen.",
        f"Of {telling.whole(split.missing)} steps missing, {telling.whole(split.use)} are closed "
        f"by using colleagues who already can, {telling.whole(split.upskill)} by upskilling, "
        f"{telling.whole(split.reskill)} by reskilling and {telling.whole(split.recruit)} by "
        f"recruiting. {telling.whole(split.left)} are left.",
    )


def _frame(plan: Plan, telling: Telling) -> str:
    budget, cost = plan.limits.budget, telling.kroner(plan.cost)
    if not cost_is_told(plan, telling):
        within = ""
    elif budget is None:
        within = telling.say(f"Planen koster {cost}.", f"The plan costs {cost}.")
    else:
        within = telling.say(
            f"Planen koster {cost} av rammen på {telling.kroner(budget)}.",
            f"The plan costs {cost} of the frame of {telling.kroner(budget)}.",
        )
    certain = _certainty(plan, telling)
    proposal = telling.say(
        "Den er et forslag: ingenting er bestemt.", "It is a proposal: nothing is decided."
    )
    return f"{within} {certain} {proposal}".strip()


def _certainty(plan: Plan, telling: Telling) -> str:
    if plan.interrupted:
        return telling.say(
            "Søket ble avbrutt: dette er den beste planen så langt, og det kan finnes en bedre.",
            "The search was interrupted: this is the best plan so far, and there may be a better.",
        )
    if plan.proven:
        return telling.say(
            "Innenfor rammene finnes det ikke noen bedre plan.",
            "No better plan exists within the limits.",
        )
    return telling.say(
        "Planen er god, men det er ikke bevist at den er best.",
        "The plan is good, but it is not proven to be the best.",
    )


def _measure_grid(groups: list[_Group], telling: Telling) -> Grid:
    say = telling.say
    columns = [
        (say("Tiltak", "Measure"), False),
        (say("Hvor", "Where"), False),
        (say("Slag", "Kind"), False),
        (say("Periode", "Period"), False),
        (say("Deltakere", "Participants"), True),
        (say("Trinn", "Steps"), True),
        (say("Kostnad", "Cost"), True),
        (say("Betales av", "Paid by"), False),
    ]
    lines = [_measure_line(group, telling) for group in groups]
    least = telling.smallest_group
    caption = say(
        f"Tiltak med {least} deltakere eller flere", f"Measures with {least} participants or more"
    )
    return telling.grid(caption, columns, lines)


def _measure_line(group: _Group, telling: Telling) -> Line:
    told = [planned for planned in group.items if group.tells(planned, telling)]
    classes = {planned.education for planned in told if planned.education}
    bearers = {planned.bearer for planned in told}
    first = min(planned.start for planned in group.items)
    last = max(planned.end for planned in group.items)
    cells = (
        telling.words(telling.name(telling.measures, group.measure.id)),
        telling.words(ARENAS[group.measure.arena].read(telling.language)),
        telling.words(_all((CLASSES[each] for each in CLASSES if each in classes), telling)),
        telling.words(f"{telling.day(first)}–{telling.day(last)}"),
        telling.figure(group.people),
        telling.figure(group.steps),
        telling.money(group.cost),
        telling.words(_all((BEARERS[each] for each in BEARERS if each in bearers), telling)),
    )
    return Line(cells=cells, people=group.people, held=telling.few(group.people))


def _supported(groups: list[_Group], telling: Telling) -> Iterator[Block]:
    """Tell what participants are given beside the measures (A-3)."""
    given = [
        f"{telling.name(telling.measures, group.measure.id)}: {support}"
        for group in groups
        if (support := offered(group.measure.incentives, telling))
    ]
    if given:
        lead = telling.say("Hver deltaker får i tillegg:", "Each participant is also given:")
        yield Paragraph(text=lead)
        yield Points(points=tuple(given))


def _all(texts: Iterable[Text], telling: Telling) -> str:
    return telling.listed([text.read(telling.language) for text in texts])


def _few(groups: list[_Group], telling: Telling) -> str:
    people = {planned.employee for group in groups for planned in group.items}
    if telling.few(len(people - {None})):
        return telling.say(
            "Noen tiltak gjelder så få at de bare vises for dem det gjelder.",
            "Some measures are for so few that they are shown to those concerned only.",
        )
    names = telling.listed([telling.name(telling.measures, g.measure.id) for g in groups])
    cost = telling.kroner(sum(group.cost for group in groups))
    return telling.say(
        f"Med færre enn {telling.smallest_group} deltakere hver, til sammen {cost}: {names}.",
        f"With fewer than {telling.smallest_group} participants each, {cost} in all: {names}.",
    )


def _others(plan: Plan, telling: Telling) -> list[Block]:
    """Tell what the plan does without a measure: use, move and hire, in full-time positions."""
    say, points = telling.say, []
    carried = sum(planned.strategy is Strategy.USE and planned.seats == 0 for planned in plan)
    if carried and CARRIED not in telling.veil.hidden and not telling.veil.whole:
        points.append(
            say(
                f"{telling.whole(carried)} ganger kan en kollega som alt kan det, ta oppgaven.",
                f"{telling.whole(carried)} times a colleague who already can takes over the task.",
            )
        )
    for role, seats in _seats(plan, Strategy.RESKILL):
        name, share = telling.name(telling.roles, role), telling.positions(seats)
        points.append(
            say(
                f"{share} ledige årsverk kan fylles av egne ansatte etter omskolering: {name}.",
                f"{share} vacant positions can be filled by own people after reskilling: {name}.",
            )
        )
    for role, seats in _seats(plan, Strategy.RECRUIT):
        name, share = telling.name(telling.roles, role), telling.positions(seats)
        points.append(
            say(f"Rekruttere {share} årsverk: {name}.", f"Recruit {share} positions: {name}.")
        )
    points.extend(_granted(plan, telling))
    points.extend(_undertaken(plan, telling))
    points.extend(_wished(plan, telling))
    return [Points(points=tuple(points))] if points else []


def _undertaken(plan: Plan, telling: Telling) -> Iterator[str]:
    """Tell what is taken on for society: no gap asks for it, and it closes none (H-8)."""
    for each in plan.undertakings:
        name, cost = telling.name(telling.measures, each.measure), telling.kroner(each.cost)
        if each.fits:
            yield telling.say(
                f"Samfunnsoppdrag: {name}, {cost}. Det lukker ikke noe gap.",
                f"For society: {name}, {cost}. It closes no gap.",
            )
        else:
            yield telling.say(
                f"Samfunnsoppdrag som ikke fikk plass i rammene: {name}, {cost}.",
                f"For society, but not within the limits: {name}, {cost}.",
            )


def _granted(plan: Plan, telling: Telling) -> Iterator[str]:
    """Tell what schemes are expected to cover, where enough are eligible (R-17)."""
    people = {each.employee for each in _all_of(plan) if each.grant}
    if people and cost_is_told(plan, telling) and GRANTED not in telling.veil.hidden:
        grants = telling.kroner(plan.grants)
        yield telling.say(
            f"Støtteordninger er regnet med for {grants} i tillegg; vilkårene må sjekkes (R-17).",
            f"Public schemes are counted on for {grants} more; check their conditions (R-17).",
        )


def _wished(plan: Plan, telling: Telling) -> Iterator[str]:
    """Tell how many wish for what no gap asks for, never who or what (A-3, H-7)."""
    if plan.wishes and WISHED not in telling.veil.hidden and not telling.veil.whole:
        people = telling.whole(len(wishing(plan)))
        yield telling.say(
            f"{people} ansatte har ønsker som det ikke står noe gap bak. De er vist bare for den "
            "det gjelder, og er med i planen så langt rammen for ønsker rekker.",
            f"{people} employees have wishes that no gap stands behind. They are shown to those "
            "concerned only, and are part of the plan as far as the frame for wishes goes.",
        )


def _seats(plan: Plan, strategy: Strategy) -> list[tuple[str, int]]:
    """Add up the basis points of each role's seats that one strategy fills, by role."""
    found: dict[str, int] = {}
    for planned in plan:
        if planned.strategy is strategy and planned.seats and planned.role:
            found[planned.role] = found.get(planned.role, 0) + planned.seats
    return sorted(found.items())


def _after(plan: Plan, measure: str, telling: Telling) -> str:
    days = [
        planned.drofting_from
        for planned in _all_of(plan)
        if planned.measure == measure and planned.drofting_from
    ]
    days += [each.start for each in plan.undertakings if each.measure == measure and each.start]
    first = min(days, default=None)
    if first is None:
        return telling.say("etter drøfting", "after drøfting")
    return telling.say(
        f"etter drøfting, tidligst {telling.day(first)}",
        f"after drøfting, {telling.day(first)} at the earliest",
    )
