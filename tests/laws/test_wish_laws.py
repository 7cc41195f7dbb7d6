"""What is true of every wish in every plan? It takes nothing from what the enterprise needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from tests.laws.test_plan_laws import limits, recommended
from tests.oracles.wards import KNOWN, ON, wards

from kompetanse_core.gap import find_gaps
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import EmployeeId, Wish
from kompetanse_core.model.work import RoleId
from kompetanse_core.plan import (
    CostBearer,
    EducationClass,
    Limits,
    Plan,
    PlanItem,
    WishState,
    make_plan,
)
from kompetanse_core.strategy import Strategy

purses = st.sampled_from([0, 1, 3_000, 50_000])


@st.composite
def wishful(draw: DrawFn) -> Enterprise:
    """A ward in which people wish for measures, roles and competences, some of them nowhere."""
    enterprise = draw(wards())
    people = [each.id for each in enterprise.employees]
    things: Mapping[str, Sequence[str]] = {
        "measure": [*(each.id for each in enterprise.measures), "nowhere"],
        "role": [each.id for each in enterprise.roles],
        "competence": [each.id for each in enterprise.competences],
    }
    kinds = st.sampled_from([kind for kind, ids in things.items() if ids])
    wishes = [_wish(draw, people, draw(kinds), things) for _ in range(3 if people else 0)]
    return evolve(enterprise, wishes=wishes)


def _wish(
    draw: DrawFn, people: list[EmployeeId], kind: str, things: Mapping[str, Sequence[str]]
) -> Wish:
    thing = draw(st.sampled_from(things[kind]))
    wish = Wish(
        employee=draw(st.sampled_from(people)),
        measure=thing,
        stated=ON - timedelta(days=draw(st.sampled_from([-1, 0, 30, 60]))),
        recorded=KNOWN,
    )
    if kind == "role":
        return evolve(wish, measure=None, role=RoleId(thing))
    if kind == "competence":
        return evolve(wish, measure=None, competence=CompetenceId(thing))
    return wish


@given(wishful(), limits, purses)
def test_no_wish_takes_from_what_is_needed(
    enterprise: Enterprise, frame: Limits, purse: int
) -> None:
    """Items, closings, value and bound are what they are when nothing may go to wishes."""
    ways = recommended(enterprise)
    without, plan = make_plan(ways, frame), make_plan(ways, evolve(frame, wish_budget=purse))
    for name in ("items", "fillings", "musterings", "value", "bound", "split", "undertakings"):
        assert getattr(plan, name) == getattr(without, name)
    assert without.granted == ()
    assert [w.wish for w in plan.wishes] == [w.wish for w in without.wishes]
    unwished = make_plan(recommended(evolve(enterprise, wishes=[])), frame)
    assert (plan.value, plan.bound) == (unwished.value, unwished.bound)
    if plan.proven:
        assert sum(each.cost for each in plan) == sum(each.cost for each in unwished)


@given(wishful(), limits, purses)
def test_wishes_keep_every_limit(enterprise: Enterprise, frame: Limits, purse: int) -> None:
    """Counted anew from what is to be done: money, people's hours, mentors, seats and sessions."""
    plan = make_plan(recommended(enterprise), evolve(frame, wish_budget=purse))
    spent = sum(step.cost for step in plan.granted)
    assert spent == sum(wish.spent for wish in plan.wishes) <= purse
    assert plan.cost == sum(each.cost for each in plan) + spent
    assert frame.budget is None or plan.cost <= frame.budget
    days = frame.starts(ON)
    for period, _ in enumerate(frame.period_budgets):
        used = sum(x.cost for x in (*plan, *plan.granted) if x.start < days[period + 1])
        assert used <= sum(frame.period_budgets[: period + 1])
    assert _hours_are_kept(plan, days)
    assert _seats_are_kept(plan, days)


def _hours_are_kept(plan: Plan, days: tuple[date, ...]) -> bool:
    """Hours of each person and period; those of a measure are spread over the periods it runs."""
    frame, used = plan.limits, dict[tuple[str | None, int], int]()
    mentors = dict.fromkeys(range(frame.periods), 0)
    measures = {str(measure.id): measure for measure in plan.gaps.enterprise.measures}
    for step in (each for each in (*plan, *plan.granted) if each.employee and each.measure):
        touched = _periods(step, days)
        beyond = 1 + (step.end - days[-1]).days // (days[-1] - days[-2]).days
        parts = len(touched) + (beyond if step.end >= days[-1] else 0)
        for period in touched:
            key = step.employee, period
            used[key] = used.get(key, 0) - (-step.hours // parts)
            mentors[period] -= -measures[str(step.measure)].mentor_hours // parts
    able = len({each.employee for each in plan.gaps.enterprise.engagements})
    fits = frame.hours is None or max(used.values(), default=0) <= frame.hours
    return fits and (
        frame.mentor_hours is None or max(mentors.values()) <= able * frame.mentor_hours
    )


def _periods(step: PlanItem, days: tuple[date, ...]) -> list[int]:
    return [n for n in range(len(days) - 1) if step.start < days[n + 1] and days[n] <= step.end]


def _seats_are_kept(plan: Plan, days: tuple[date, ...]) -> bool:
    """Sessions that are paid for hold all who sit in them, and are no more than can be held."""
    for measure in plan.gaps.enterprise.measures:
        sat = [x for x in (*plan, *plan.granted) if x.measure == measure.id and x.employee]
        needed = 0
        for period in range(plan.limits.periods):
            here = sum(days[period] <= each.start < days[period + 1] for each in sat)
            needed += -(-here // (measure.seats or max(1, here)))
        paid = sum(x.cost for x in (*plan, *plan.granted) if x.measure == measure.id)
        if paid != len(sat) * measure.cost_per_head + needed * measure.cost_per_session:
            return False
        if measure.sessions is not None and needed > measure.sessions:
            return False
    return True


@given(wishful(), limits, purses)
def test_every_wish_is_a_way_or_stands_with_the_wishes(
    enterprise: Enterprise, frame: Limits, purse: int
) -> None:
    """Of all who work here: a gap, a way or a role asks for what they wish, or it is told."""
    ways = recommended(enterprise)
    plan, gaps = make_plan(ways, evolve(frame, wish_budget=purse)), find_gaps(enterprise, on=ON)
    taught = [w for w in ways.options if w.strategy in (Strategy.UPSKILL, Strategy.RESKILL)]
    told = {(w.wish.employee, w.wish.measure, w.wish.role, w.wish.competence) for w in plan.wishes}
    assert len(told) == len(plan.wishes)
    expected = set()
    for wish in enterprise.wishes:
        own = [way for way in taught if way.employee == wish.employee]
        roles = {e.role for e in enterprise.engagements if e.employee == wish.employee}
        behind = (
            any(g.missing and g.competence == wish.competence for g in gaps.of(wish.employee))
            or any(wish.measure == w.measure for w in own if w.measure)
            or any(wish.competence == w.competence for w in own if w.competence)
            or any(wish.role == w.role for w in own if w.strategy is Strategy.RESKILL)
            or wish.role in roles
        )
        if not behind and wish.stated <= ON:
            expected.add((wish.employee, wish.measure, wish.role, wish.competence))
    assert told == expected


@given(wishful(), limits, purses)
def test_every_step_of_a_wish_can_be_taken_and_says_what_it_is(
    enterprise: Enterprise, frame: Limits, purse: int
) -> None:
    """In order and in time, from a level that is there, with its class, bearer and purpose."""
    plan = make_plan(recommended(enterprise), evolve(frame, wish_budget=purse))
    measures = {str(measure.id): measure for measure in enterprise.measures}
    for each in plan.wishes:
        assert bool(each.steps) == (each.state in (WishState.GRANTED, WishState.PROPOSED))
        assert (each.finding is None) == (each.bearer is CostBearer.EMPLOYER)
        if each.education is EducationClass.OWN_WISH:
            assert each.bearer is CostBearer.OPEN
        rows = [h for h in plan.gaps.holdings.rows if h.employee == each.wish.employee]
        held, ready = {str(h.competence): int(h.level) for h in rows}, plan.limits.start or ON
        for step in each.steps:
            assert ready <= step.start < plan.limits.starts(ON)[-1]
            assert step.drofting_from is None or step.drofting_from <= step.start
            assert (step.employee, step.bearer) == (each.wish.employee, each.bearer)
            assert any(aim.for_person for aim in step.aims)
            ready = step.end
            _climbs(step, held, {o.competence for o in measures[str(step.measure)].outcomes})


def _climbs(step: PlanItem, held: dict[str, int], outcomes: Collection[str]) -> None:
    for lift in step.lifts:
        assert lift.held == held.get(lift.competence, 0)
        assert lift.reach >= lift.held
        held[lift.competence] = int(lift.reach)
        assert lift.competence in outcomes
