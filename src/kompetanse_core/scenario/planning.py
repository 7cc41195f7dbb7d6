"""Which policies plan? `plan_once` and `replan`: the plan within limits, as Actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve

from kompetanse_core.columns.chance import MILLION
from kompetanse_core.errors import Misuse
from kompetanse_core.gap import Gap, Gaps, find_gaps
from kompetanse_core.model.competence import CompetenceId, Level
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.plan import Lift, Limits, Plan, PlanItem, make_plan
from kompetanse_core.recommendation import recommend
from kompetanse_core.scenario.actions import (
    NOTHING,
    Actions,
    Bill,
    Hire,
    Learning,
    Redeployment,
)
from kompetanse_core.scenario.listening import Told
from kompetanse_core.scenario.policy import Policy
from kompetanse_core.scenario.situation import Situation
from kompetanse_core.strategy import Demands, Strategy, demands_on, open_options

Place = tuple[EmployeeId, UnitId, RoleId]
ONCE = Text(nb="én plan", nn="éin plan", en="one plan")
AGAIN = Text(nb="ny plan underveis", nn="ny plan undervegs", en="plans on the way")


def plan_once(limits: Limits, *, name: str = "plan once") -> Policy:
    """Make the policy that plans on the first day within limits, and keeps to that plan."""

    def decide(situation: Situation) -> Actions:
        return actions_of(_planned(situation, 0, limits))

    return Policy(name=name, label=ONCE, decide=decide, budget=_most(limits))


def replan(
    limits: Limits, *, months: int = 12, name: str = "replan", progress: Told | None = None
) -> Policy:
    """Make the policy that plans anew every so many months, each time within the limits.

    Each run has its own plan, made of what has become of the enterprise in it; runs that have gone
    alike share one. So there are soon as many plans each time as there are runs: `progress` is told
    how many of them are made, and of how many. What was decided before stands. Where a colleague
    takes something over, that ends with the next plan, which may renew it.
    """

    def decide(situation: Situation) -> Actions | list[Actions]:
        until, alike = _after(situation.on, months), situation.alike.tolist()
        made: dict[int, Actions] = {}
        for run, kind in enumerate(alike):
            if kind not in made:
                if situation.interrupted():
                    return NOTHING
                made[kind] = actions_of(_planned(situation, run, limits), until=until)
                if progress is not None:
                    progress(len(made), len(set(alike)))
        return [made[kind] for kind in alike]

    return Policy(name=name, label=AGAIN, decide=decide, months=months, budget=_most(limits))


def actions_of(plan: Plan, *, until: date | None = None) -> Actions:
    """Read off a plan who learns what, moves and is sought, and what that costs.

    What a colleague takes over counts from the first day, `until` where a day is given; what
    somebody hired takes over from the last day on which one begins, if all are found. Who moves
    takes what they learn for it with them, and their whole share.
    """
    markets = {each.role: each for each in plan.gaps.enterprise.markets}
    hires = tuple(
        Hire(
            unit=each.unit,
            role=each.role,
            on=each.start,
            begins=each.end,
            heads=each.heads,
            chance=min(markets[each.role].yield_percent, 100) * (MILLION // 100),
            cost=each.cost // each.heads,
        )
        for each in plan.items
        if each.strategy is Strategy.RECRUIT and each.role is not None
    )
    lessons = [*_learnt(plan, until)]
    own = (lesson for _, lesson in lessons)
    return Actions(
        learning=(*own, *_passed_on(plan, lessons), *_relieved(plan, hires)),
        redeployments=tuple(
            Redeployment(employee=each.employee, unit=each.unit, role=each.role, on=each.end)
            for each in plan.items
            if _moves(each) and each.employee and each.role
        ),
        hires=hires,
        bills=tuple(_bills(plan)),
    )


def _planned(situation: Situation, run: int, limits: Limits) -> Plan:
    gaps = find_gaps(situation.of(run), on=situation.on)
    framed = evolve(situation.within(limits), start=situation.on)
    return make_plan(recommend(open_options(gaps)), framed, interrupted=situation.interrupted)


def _most(limits: Limits) -> int | None:
    """Give what one plan may cost, where no period brings more."""
    return None if limits.period_budgets else limits.budget


def _after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise Misuse("E211", "there is no day so late")
    return date(year, month + 1, day.day)


def _moves(each: PlanItem) -> bool:
    """Say whether an item is that somebody takes another role."""
    return bool(each.employee and each.role) and each.measure is None and each.colleague is None


def _learnt(plan: Plan, until: date | None) -> Iterator[tuple[PlanItem, Learning]]:
    """Yield what is lifted and relieved in the roles that people have, and in those they move to.

    Steps towards a role that they have are the plan's own; towards another, those that the lifts
    are worth there.
    """
    rows = {(gap.employee, gap.unit, gap.role) for gap in plan.gaps}
    moves = {each.employee: each for each in plan.items if _moves(each)}
    moving = {(each.employee, each.unit, each.role) for each in moves.values()}
    demands = demands_on(plan.gaps.enterprise, plan.gaps.on)
    homes = _places(plan)
    for step in plan.items:
        each = _at_home(step, homes)
        if each.employee is None or each.role is None or _moves(step):
            continue
        place = each.employee, each.unit, each.role
        used = each.strategy is Strategy.USE
        steps = each.steps if place in rows else _worth(each, demands)
        if place in rows or place in moving or step.role is None:
            lesson = Learning(
                employee=each.employee,
                unit=each.unit,
                role=each.role,
                ready=each.start if used else each.end,
                steps=steps,
                chance=MILLION if used else None,
                until=until if used else None,
                lifts=each.lifts,
            )
            yield from ((each, own) for own in _taken_along(lesson, each, moves, demands))


def _at_home(each: PlanItem, homes: Mapping[EmployeeId, Sequence[Place]]) -> PlanItem:
    """Let what is learnt for a head that is asked for count in the first role that somebody has."""
    if each.role is not None or each.employee is None or not homes.get(each.employee):
        return each
    _, unit, role = homes[each.employee][0]
    return evolve(each, unit=unit, role=role)


def _taken_along(
    lesson: Learning,
    each: PlanItem,
    moves: Mapping[EmployeeId | None, PlanItem],
    demands: Demands,
) -> Iterator[Learning]:
    """Yield a lesson, and let it count as well in the role that somebody moves to.

    It is one lesson with one luck: in the role that they leave it succeeds if it does in the other.
    """
    to = moves.get(each.employee)
    there = to is not None and evolve(each, unit=to.unit, role=to.role)
    if not there or there.role is None or there == each or not _worth(there, demands):
        yield lesson
        return
    source = evolve(lesson, unit=there.unit, role=there.role, steps=_worth(there, demands))
    yield source
    yield evolve(lesson, chance=MILLION, via=source)


def _passed_on(plan: Plan, lessons: Sequence[tuple[PlanItem, Learning]]) -> Iterator[Learning]:
    """Yield what colleagues of the unit may learn of whose measure is passed on (D-8).

    Each may learn what nothing in the plan lifts for them, of the first who is ready.
    """
    sharing = {each.id for each in plan.gaps.enterprise.measures if each.passes_on}
    own = ((step, lesson) for step, lesson in lessons if lesson.via is None)
    sources = [(step, lesson) for step, lesson in own if step.measure in sharing]
    if not sources:
        return
    taken = {(step.employee, lift.competence) for step in plan.items for lift in step.lifts}
    short = _short(plan.gaps)
    for step, lesson in sorted(sources, key=lambda each: each[1].ready):
        for lift in step.lifts:
            lacking = short.get((step.unit, lift.competence), ())
            for gap, have in lacking:
                if (gap.employee, lift.competence) not in taken and have < lift.reach:
                    yield _passed(lesson, lift, gap, have)
            taken |= {(gap.employee, lift.competence) for gap, have in lacking if have < lift.reach}


def _short(gaps: Gaps) -> dict[tuple[UnitId, CompetenceId], list[tuple[Gap, Level]]]:
    """Give the rows in which nothing but a known level is missing, by unit and competence."""
    found: dict[tuple[UnitId, CompetenceId], list[tuple[Gap, Level]]] = {}
    for gap in gaps:
        if gap.have is not None and gap.missing == gap.weight * (gap.need - gap.have) > 0:
            found.setdefault((gap.unit, gap.competence), []).append((gap, gap.have))
    return found


def _passed(source: Learning, lift: Lift, gap: Gap, have: Level) -> Learning:
    return Learning(
        employee=gap.employee,
        unit=gap.unit,
        role=gap.role,
        ready=source.ready,
        steps=gap.weight * (min(lift.reach, gap.need) - have),
        lifts=(Lift(competence=lift.competence, held=have, reach=lift.reach),),
        via=source,
    )


def _worth(each: PlanItem, demands: Demands) -> int:
    asked = demands[each.role] if each.role is not None and each.role in demands else {}
    worth = 0
    for lift in each.lifts:
        if lift.competence in asked:
            need = asked[lift.competence]
            worth += need.weight * (min(lift.reach, need.level) - min(lift.held, need.level))
    return worth


def _relieved(plan: Plan, hires: tuple[Hire, ...]) -> Iterator[Learning]:
    """Yield what those hired take over from others, for each person and role together."""
    found: dict[Place, int] = {}
    rows = plan.gaps.rows
    for closing in plan.closings:
        if closing.recruit:
            gap = rows[closing.gap]
            place = gap.employee, gap.unit, gap.role
            found[place] = found.get(place, 0) + closing.recruit
    for (employee, unit, role), steps in sorted(found.items()):
        yield Learning(
            employee=employee,
            unit=unit,
            role=role,
            ready=max(hire.begins for hire in hires),
            steps=steps,
            chance=_all_found(hires),
        )


def _all_found(hires: tuple[Hire, ...]) -> int:
    """Give the least chance of one of the hires, in millionths."""
    return min(hire.chance for hire in hires)


def _bills(plan: Plan) -> Iterator[Bill]:
    """Yield what each item, and each wish that is granted, costs and takes in hours.

    Hires are paid when one is found.
    """
    homes: Mapping[EmployeeId, list[Place]] = _places(plan)
    for each in (*plan.items, *plan.granted):
        if each.strategy is Strategy.RECRUIT or not (each.cost or each.hours):
            continue
        own = homes.get(each.employee, []) if each.employee else []
        here = [place for place in own if place[1:] == (each.unit, each.role)]
        for place in (here or own)[:1]:
            yield _bill(each, place[1], place[2], each.employee)
        if not own:
            yield from _unbound(plan, each)


def _places(plan: Plan) -> dict[EmployeeId, list[Place]]:
    """Give everybody's places on the day of the gaps, in order."""
    found: dict[EmployeeId, list[Place]] = {}
    on = plan.gaps.on
    for each in plan.gaps.enterprise.engagements:
        if (each.start or on) <= on <= (each.end or on):
            place = each.employee, each.unit, each.role
            found.setdefault(each.employee, []).append(place)
    return found


def _unbound(plan: Plan, each: PlanItem) -> Iterator[Bill]:
    """Yield the bill of sessions, in the first role of the unit that somebody has."""
    on = plan.gaps.on
    roles = sorted(
        e.role
        for e in plan.gaps.enterprise.engagements
        if e.unit == each.unit and (e.start or on) <= on <= (e.end or on)
    )
    role = each.role if each.role is not None else next(iter(roles), None)
    if role is not None:
        yield _bill(each, each.unit, role, None)


def _bill(each: PlanItem, unit: UnitId, role: RoleId, employee: EmployeeId | None) -> Bill:
    return Bill(
        unit=unit,
        role=role,
        on=each.start,
        cost=each.cost,
        hours=each.hours,
        employee=employee,
    )
