"""Who does what, when, at whose cost and why? The items of a plan, one for each thing chosen.

Clauses A-8, A-9, A-13 to A-15, K-3, K-4 and R-5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from attrs import field, frozen

from kompetanse_core.model.competence import Level
from kompetanse_core.model.work import Headcount
from kompetanse_core.plan.accounting import Account
from kompetanse_core.plan.choices import Choices, Chosen, Sessions
from kompetanse_core.plan.nouns import (
    CostBearer,
    Criterion,
    EducationClass,
    Lift,
    PlanItem,
    Responsible,
)
from kompetanse_core.plan.scene import Scene
from kompetanse_core.strategy import Demanded, Demands, Option, Strategy


@frozen(kw_only=True, eq=False)
class Draft:
    """Hold what items are drafted from."""

    scene: Scene
    choices: Choices
    chosen: Chosen
    account: Account
    demands: Demands
    _options: dict[int, Option] = field(factory=dict, alias="options")

    def option(self, place: int) -> Option:
        """Give an option by its place."""
        if place not in self._options:
            self._options[place] = self.scene.recommendations.options.rows[place]
        return self._options[place]

    def asked(self, option: Option) -> Demanded | Headcount | None:
        """Give what the role or the headcount that an option is about requires."""
        if option.headcount is not None:
            return self.scene.gaps.headcounts[option.headcount].headcount
        if option.role is None or option.competence is None:
            return None
        return self.demands[option.role].get(option.competence)

    @property
    def first(self) -> date:
        """Give the first day of the plan."""
        return self.choices.periods[0]

    @property
    def last(self) -> date:
        """Give the last day of the plan."""
        return self.choices.periods[-1] - timedelta(days=1)

    def held(self, person: int, competence: int) -> int:
        """Give the level that a person holds of a competence, both by code."""
        return self.scene.held(person, self.scene.competences.values[competence])


def draft_all(draft: Draft) -> tuple[PlanItem, ...]:
    """Draft an item for everything that is chosen, in the order of days."""
    drafted = (*_measures(draft), *_sessions(draft), *_uses(draft), *_moves(draft), *_hires(draft))
    return tuple(sorted(drafted, key=_in_order))


def _in_order(planned: PlanItem) -> tuple[date, int, str, str, str, tuple[int, ...]]:
    strategy = tuple(Strategy).index(planned.strategy)
    who = planned.employee or "", planned.measure or "", planned.colleague or ""
    return planned.start, strategy, *who, planned.causes


def _measures(draft: Draft) -> Iterator[PlanItem]:
    levels: dict[tuple[int, int], int] = {}
    choices, starts = draft.choices, draft.choices.starts
    legs = {pair for move in draft.chosen.moves for pair, _ in choices.moves[move].legs}
    for number in sorted(draft.chosen.starts, key=lambda n: (starts[n].end, n)):
        lifts = tuple(_lifts(draft, number, levels))
        closes = draft.account.of_starts.get(number) or draft.account.heads_of_starts.get(number)
        moving = starts[number].pair in legs and not closes
        yield _planned_measure(draft, number, lifts, _cause(draft, number, moving=moving))


def _lifts(draft: Draft, number: int, levels: dict[tuple[int, int], int]) -> Iterator[Lift]:
    """Yield what one start lifts, from the level that was held or reached before."""
    pair = draft.choices.pairs[draft.choices.starts[number].pair]
    for each in draft.account.reached.get(number, ()):
        key = pair.person, each.lift.competence
        held = levels.get(key, draft.held(*key))
        levels[key] = max(held, each.lift.reach)
        yield Lift(
            competence=draft.scene.competences.values[each.lift.competence],
            held=Level(held),
            reach=Level(each.lift.reach),
            confers=draft.choices.measures[pair.measure].confers,
        )


def _cause(draft: Draft, number: int, *, moving: bool) -> Option:
    """Give the option that an item is first of all for: one it closes something by, if any.

    What one's own role asks goes before a headcount, which asks it of nobody in particular.
    """
    pair = draft.choices.pairs[draft.choices.starts[number].pair]
    options = [draft.option(place) for place in pair.options]
    fitting = [each for each in options if (each.strategy is Strategy.RESKILL) == moving]
    return max(fitting or options, key=lambda o: (bool(o.steps) * (o.headcount is None), o.steps))


def _planned_measure(draft: Draft, number: int, lifts: tuple[Lift, ...], cause: Option) -> PlanItem:
    start = draft.choices.starts[number]
    pair = draft.choices.pairs[start.pair]
    measure = draft.choices.measures[pair.measure]
    end = date.fromordinal(start.end)
    moving = cause.strategy is Strategy.RESKILL
    further = moving or cause.headcount is not None
    return PlanItem(
        strategy=cause.strategy,
        unit=cause.unit,
        role=cause.role,
        employee=draft.scene.people.values[pair.person],
        measure=measure.id,
        lifts=lifts,
        start=date.fromordinal(start.day),
        end=end,
        sessions=1,
        hours=measure.hours_a_head,
        incentives=measure.incentives,
        grant=draft.scene.grant(pair.person, measure, date.fromordinal(start.day)),
        cost=start.cost,
        bearer=CostBearer.EMPLOYER if moving else _bearer(draft, pair.options),
        education=EducationClass.FURTHER if further else EducationClass.CONTINUING,
        responsible=Responsible.JOINT,
        needs_drofting=measure.affects_operation,
        drofting_from=draft.scene.calendar.drofting.get(measure.id),
        aims=measure.aims,
        steps=draft.account.of_starts.get(number, 0),
        mustered=draft.account.heads_of_starts.get(number, 0),
        criterion=Criterion(due=end, lifts=lifts),
        causes=pair.options,
    )


def _bearer(draft: Draft, options: Sequence[int]) -> CostBearer:
    """Let the employer pay where a need or the law stands behind; else leave it open (A-15)."""
    for option in map(draft.option, options):
        asked = draft.asked(option)
        if asked is not None and (asked.needs or asked.statutory):
            return CostBearer.EMPLOYER
    return CostBearer.OPEN


def _sessions(draft: Draft) -> Iterator[PlanItem]:
    """Yield the sessions that are paid for or counted, each with all who take part."""
    seated: dict[int, list[int]] = {}
    for number in sorted(draft.chosen.starts):
        session = draft.choices.starts[number].session
        if session is not None:
            seated.setdefault(session, []).append(number)
    for session, numbers in sorted(seated.items()):
        yield _planned_session(draft, draft.choices.sessions[session], numbers)


def _planned_session(draft: Draft, held: Sessions, numbers: Sequence[int]) -> PlanItem:
    measure = draft.choices.measures[held.measure]
    starts = [draft.choices.starts[number] for number in numbers]
    options = [option for start in starts for option in draft.choices.pairs[start.pair].options]
    sessions = -(-len(numbers) // held.seats)
    end = date.fromordinal(starts[0].end)
    further = all(draft.option(each).strategy is Strategy.RESKILL for each in options)
    return PlanItem(
        strategy=Strategy.RESKILL if further else Strategy.UPSKILL,
        unit=draft.option(options[0]).unit,
        role=None,
        measure=measure.id,
        start=date.fromordinal(starts[0].day),
        end=end,
        sessions=sessions,
        heads=len(numbers),
        cost=sessions * held.cost,
        bearer=CostBearer.EMPLOYER if further else _bearer(draft, options),
        responsible=Responsible.ENTERPRISE,
        needs_drofting=measure.affects_operation,
        drofting_from=draft.scene.calendar.drofting.get(measure.id),
        aims=measure.aims,
        criterion=Criterion(due=end),
        causes=tuple(sorted(set(options))),
    )


def _uses(draft: Draft) -> Iterator[PlanItem]:
    for number in sorted(draft.account.of_uses):
        option = draft.option(draft.choices.uses[number].option)
        yield PlanItem(
            strategy=Strategy.USE,
            unit=option.unit,
            role=option.role,
            employee=option.employee,
            colleague=option.colleague,
            start=draft.first,
            end=draft.last,
            responsible=Responsible.ENTERPRISE,
            steps=draft.account.of_uses[number],
            criterion=Criterion(due=draft.first),
            causes=(draft.choices.uses[number].option,),
        )


def _moves(draft: Draft) -> Iterator[PlanItem]:
    ends = {draft.choices.starts[n].pair: draft.choices.starts[n].end for n in draft.chosen.starts}
    for number in sorted(draft.chosen.moves):
        move = draft.choices.moves[number]
        option = draft.option(move.option)
        ready = max((ends[pair] for pair, _ in move.legs), default=draft.first.toordinal())
        day = date.fromordinal(ready)
        seats = draft.account.seats_of_moves.get(number, 0)
        yield PlanItem(
            strategy=Strategy.RESKILL if move.legs else Strategy.USE,
            unit=option.unit,
            role=option.role,
            employee=option.employee,
            start=day,
            end=day,
            responsible=Responsible.JOINT,
            steps=draft.account.of_moves.get(number, 0),
            seats=seats,
            mustered=draft.account.heads_of_moves.get(number, 0),
            criterion=Criterion(due=day, seats=seats),
            causes=(move.option,),
        )


def _hires(draft: Draft) -> Iterator[PlanItem]:
    carried: dict[int, list[int]] = {}
    for number in sorted(draft.chosen.carries):
        carry = draft.choices.carries[number]
        carried.setdefault(carry.hire, []).append(carry.option)
    for number, heads in enumerate(draft.chosen.hired):
        hire = draft.choices.hires[number]
        option, day = draft.option(hire.option), date.fromordinal(hire.end)
        seats = draft.account.seats_of_hires.get(number, 0)
        if heads:
            yield PlanItem(
                strategy=Strategy.RECRUIT,
                unit=option.unit,
                role=option.role,
                start=draft.first,
                end=day,
                heads=heads,
                cost=heads * hire.cost,
                responsible=Responsible.ENTERPRISE,
                steps=draft.account.of_hires.get(number, 0),
                seats=seats,
                mustered=draft.account.heads_of_hires.get(number, 0),
                criterion=Criterion(due=day, seats=seats),
                causes=(hire.option, *carried.get(number, ())),
            )
