"""What holds for the rules, gates and follow-up of every enterprise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from kompetanse_core.conformance.strategies import DAY, enterprises
from kompetanse_core.cooperation import Standing, decide, follow_up
from kompetanse_core.errors import BadInput, DecisionStopped
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.cooperation import (
    Event,
    EventId,
    EventKind,
    Matter,
    MatterId,
    MatterKind,
    Reception,
    Register,
    Side,
    View,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Arena, Measure, MeasureId, MeasureKind, Mode
from kompetanse_core.model.people import Employee, EmployeeId, Unit
from kompetanse_core.model.privacy import Actor, ActorId, ActorKind
from kompetanse_core.model.rule import Effect, Rule, RuleSet, Strength
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.plan import Criterion, Limits, Plan, PlanItem, make_plan
from kompetanse_core.recommendation import recommend
from kompetanse_core.rules import Check, guide_rules, rules_in_force
from kompetanse_core.rules.check import NUMBERS
from kompetanse_core.strategy import Strategy, open_options

TALKS = (EventKind.INFORMATION, EventKind.DISCUSSION, EventKind.CONSULTATION)
KINDS = (
    *(EventKind.CONSULTATION, EventKind.CONSULTATION, *TALKS),
    *(EventKind.CHANGE, EventKind.INPUT, EventKind.REVIEW, EventKind.DECISION),
)
"""Drøfting comes often, as it is what the gates are about."""
BOSS = Actor(id=ActorId("director"), kind=ActorKind.MANAGEMENT)
UNIT = UnitId("ward")
MEASURES = tuple(MeasureId(f"measure-{number}") for number in range(3))
EFFECTS = (Effect.NONE, Effect.OFFER, Effect.WARN, Effect.STOP)


# --- what is drawn ----------------------------------------------------------------------------


@st.composite
def matters(draw: st.DrawFn) -> tuple[Matter, ...]:
    """Up to three matters, of operation or economy more often than not, about some measures."""
    status = (MatterKind.OPERATION, MatterKind.ECONOMY, MatterKind.MEASURE)
    kind = st.sampled_from(status) | st.sampled_from(MatterKind)
    kinds = draw(st.lists(kind, min_size=1, max_size=3))
    return tuple(
        Matter(
            id=MatterId(f"matter-{place}"),
            label=Text(nb=kind.value),
            kind=kind,
            measures=tuple(draw(st.lists(st.sampled_from(MEASURES), max_size=2, unique=True))),
            units=draw(st.sampled_from(((), (UNIT,)))),
            raised=draw(st.sampled_from((None, DAY, DAY + timedelta(days=3)))),
        )
        for place, kind in enumerate(kinds)
    )


def recordings() -> st.SearchStrategy[datetime | None]:
    """When an event was entered: not said, or some days before or after the day."""
    noon = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC)
    return st.none() | st.integers(-9, 3).map(lambda days: noon + timedelta(days=days))


@st.composite
def registers(draw: st.DrawFn, about: tuple[Matter, ...]) -> Register:
    """A short register in which everything near a gate happens often, in any order of days."""
    days = st.integers(-9, 3).map(lambda days: DAY + timedelta(days=days))
    sides = st.sampled_from(((Side.MANAGEMENT, Side.UNION), tuple(Side), (Side.UNION,), ()))
    named = st.lists(st.sampled_from(about), min_size=1, max_size=2, unique=True)
    kinds = draw(st.lists(st.sampled_from(KINDS), max_size=4))
    return Register(
        events=tuple(
            Event(
                id=EventId(f"event-{place}"),
                kind=kind,
                on=draw(days),
                sides=draw(sides),
                matters=tuple(matter.id for matter in draw(named)),
                bound=draw(st.sampled_from((False, False, True))),
                recorded=draw(recordings()),
                refers_to=(EventId(f"event-{place - 1}"),) if place else (),
            )
            for place, kind in enumerate(kinds)
        )
    )


@st.composite
def parcels(draw: st.DrawFn) -> Enterprise:
    """Somebody in a ward, three measures of which some affect operation, matters, a register."""
    about = draw(matters())
    return Enterprise(
        units=(Unit(id=UNIT, label=Text(nb="Post")),),
        employees=(Employee(id=EmployeeId("p")),),
        measures=tuple(
            Measure(
                id=each,
                label=Text(nb=each),
                kind=MeasureKind.INTERNAL_COURSE,
                arena=Arena.INSIDE,
                mode=Mode.TRAINING,
                affects_operation=draw(st.booleans()),
            )
            for each in MEASURES
        ),
        matters=about,
        register=draw(registers(about)),
    )


@st.composite
def talked(draw: st.DrawFn, enterprise: Enterprise) -> Enterprise:
    """The same enterprise with one talk more, anywhere in its register."""
    events = enterprise.register.events
    about = [MatterId(matter.id) for matter in enterprise.matters]
    reception = draw(st.sampled_from(Reception))
    view = View(side=draw(st.sampled_from(Side)), text=Text(nb="Mer tid."), reception=reception)
    talk = Event(
        id=EventId("the-talk"),
        kind=draw(st.sampled_from(TALKS)),
        on=DAY - timedelta(days=draw(st.integers(-2, 400))),
        sides=draw(st.sampled_from(((Side.MANAGEMENT, Side.UNION), tuple(Side), (Side.UNION,)))),
        matters=tuple(draw(st.lists(st.sampled_from(about), unique=True)) if about else ()),
        views=draw(st.sampled_from(((), (view,)))),
        unit=draw(st.sampled_from((None, *(unit.id for unit in enterprise.units)))),
        recorded=draw(recordings()),
        refers_to=tuple(event.id for event in events[:1]),
    )
    place = draw(st.integers(0, len(events)))
    return evolve(enterprise, register=Register(events=(*events[:place], talk, *events[place:])))


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """A plan of some of the measures for the one who is there."""
    chosen = draw(st.lists(st.sampled_from(MEASURES), max_size=2, unique=True))
    return plan_of(draw(parcels()), *chosen)


@cache
def nothing_planned() -> Plan:
    """The plan of an empty enterprise, from which the others are made."""
    return make_plan(recommend(open_options(find_gaps(Enterprise(), on=DAY))), Limits())


def plan_of(enterprise: Enterprise, *measures: MeasureId) -> Plan:
    """A plan that carries out these measures and nothing else."""
    items = (
        PlanItem(
            strategy=Strategy.UPSKILL,
            unit=UNIT,
            role=RoleId("r"),
            employee=EmployeeId("p"),
            measure=measure,
            start=DAY,
            end=DAY,
            criterion=Criterion(due=DAY),
        )
        for measure in measures
    )
    recommendations = recommend(open_options(find_gaps(enterprise, on=DAY)))
    return evolve(nothing_planned(), recommendations=recommendations, items=tuple(items))


@st.composite
def agreements(draw: st.DrawFn) -> RuleSet:
    """A local set that changes some of the guide's rules in any way, and may add one."""
    rules = draw(st.lists(st.sampled_from(guide_rules().rules), max_size=3, unique=True))
    return RuleSet(
        id="local",
        label=Text(nb="Lokal"),
        edition="1",
        as_of=DAY,
        rules=tuple(draw(_changed(rule)) for rule in rules),
    )


@st.composite
def _changed(draw: st.DrawFn, rule: Rule) -> Rule:
    checks = ("", rule.check, rule.check, *(check.value for check in Check))
    check = draw(st.sampled_from(checks[:3] if rule.check else checks))
    numbers = dict.fromkeys(NUMBERS.get(check, ()), 3) | dict(rule.parameters)
    return evolve(
        rule,
        parameters=tuple(sorted(numbers.items())),
        effect=draw(st.sampled_from((rule.effect, rule.effect, *Effect))),
        strength=draw(st.sampled_from((rule.strength, rule.strength, *Strength))),
        check=check,
    )


# --- what holds -------------------------------------------------------------------------------


def heard(plan: Plan, matter: frozenset[MatterId]) -> bool:
    """Whether a drøfting by the day counts for one of these matters, read off plainly."""
    return any(
        event.kind is EventKind.CONSULTATION
        and {Side.MANAGEMENT, Side.UNION} <= set(event.sides)
        and not event.bound
        and event.on <= DAY
        and (event.recorded is None or event.recorded.date() <= DAY)
        and matter & set(event.matters)
        for event in plan.gaps.enterprise.register
    )


def open_gates(plan: Plan) -> bool:
    """Whether every gated measure and every matter that the plan touches has been drøftet."""
    parcel = plan.gaps.enterprise
    measures = {item.measure for item in plan.items}
    for measure in parcel.measures:
        about = frozenset(m.id for m in parcel.matters if measure.id in m.measures)
        if measure.id in measures and measure.affects_operation and not heard(plan, about):
            return False
    for matter in parcel.matters:
        status = matter.kind in (MatterKind.OPERATION, MatterKind.ECONOMY)
        whole = not matter.measures and not matter.units
        touched = whole or measures & set(matter.measures) or (plan.items and UNIT in matter.units)
        raised = matter.raised is None or matter.raised <= DAY
        if status and raised and touched and not heard(plan, frozenset({matter.id})):
            return False
    return True


@given(plans())
def test_a_plan_is_decided_exactly_when_its_gates_are_open(plan: Plan) -> None:
    """R-5, B-16: no decision without a recorded, earlier, unbound drøfting by both sides."""
    if open_gates(plan):
        decision = decide(plan, actor=BOSS, on=DAY)
        assert decision.register.events[:-1] == plan.gaps.enterprise.register.events
        assert decision.event.decided_by == BOSS.id
        return
    with pytest.raises(DecisionStopped) as stop:
        decide(plan, actor=BOSS, on=DAY)
    assert stop.value.place.column in ("R-5", "B-16")


@given(parcels(), st.integers(-400, 400))
def test_a_gated_measure_is_decided_only_after_its_drøfting(parcel: Enterprise, day: int) -> None:
    """R-5: one proper drøfting, and nothing else: the decision passes if it was held by the day."""
    gated, matter = evolve(parcel.measures[0], affects_operation=True), MatterId("only")
    about = Matter(
        id=matter, label=Text(nb="Kurset"), kind=MatterKind.MEASURE, measures=(gated.id,)
    )
    talk = Event(
        id=EventId("only"),
        kind=EventKind.CONSULTATION,
        on=DAY + timedelta(days=day),
        sides=(Side.MANAGEMENT, Side.UNION),
        matters=(matter,),
    )
    register = Register(events=(talk,))
    enterprise = evolve(parcel, measures=(gated,), matters=(about,), register=register)
    plan = plan_of(enterprise, gated.id)
    if day <= 0:
        assert decide(plan, actor=BOSS, on=DAY).event.refers_to == (talk.id,)
        return
    with pytest.raises(DecisionStopped) as stop:
        decide(plan, actor=BOSS, on=DAY)
    assert (stop.value.code, stop.value.place.column) == ("E561", "R-5")


@given(plans(), st.data())
def test_taking_a_talk_away_keeps_nothing(plan: Plan, data: st.DataObject) -> None:
    """Without an information, discussion or drøfting nothing is kept that was not with it."""
    enterprise = plan.gaps.enterprise
    _keeps_no_more(data.draw(talked(enterprise)), enterprise, plan, DAY)


@given(enterprises(), st.data())
def test_taking_a_talk_away_keeps_nothing_anywhere(
    enterprise: Enterprise, data: st.DataObject
) -> None:
    """The same for enterprises drawn widely, followed up without a plan."""
    _keeps_no_more(data.draw(talked(enterprise)), enterprise, None, DAY)


def _keeps_no_more(more: Enterprise, less: Enterprise, plan: Plan | None, on: date) -> None:
    before, after = follow_up(more, plan, on), follow_up(less, plan, on)
    kept = {account.rule.clause for account in before.by(Standing.KEPT)}
    assert {account.rule.clause for account in after.by(Standing.KEPT)} <= kept


@given(plans())
def test_a_decided_plan_has_kept_its_gate(plan: Plan) -> None:
    """R-5: where this is the first decision, the follow-up of a decided plan never misses R-5."""
    enterprise = plan.gaps.enterprise
    assume(all(event.kind is not EventKind.DECISION for event in enterprise.register))
    assume(open_gates(plan))
    decision = decide(plan, actor=BOSS, on=DAY)
    follow = follow_up(decision.enterprise, plan, DAY)
    assert follow.of("R-5").standing in (Standing.KEPT, Standing.NOT_APPLICABLE)
    assert all(finding.code == "W518" for finding in follow.findings)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_nothing_is_kept_where_nothing_is(on: date) -> None:
    """The follow-up of an empty enterprise is not applicable, never kept."""
    empty = follow_up(Enterprise(), on=on)
    assert {account.standing for account in empty} == {Standing.NOT_APPLICABLE}


@given(enterprises())
def test_every_enterprise_can_be_followed_up(enterprise: Enterprise) -> None:
    """Every clause is answered in both languages, twice the same, and no person is named."""
    follow = follow_up(enterprise, on=DAY)
    assert [account.rule.clause for account in follow] == [
        rule.clause for rule in follow.rules if rule.check
    ]
    assert all(account.told.nb and account.told.en for account in follow)
    assert follow.accounts == follow_up(enterprise, on=DAY).accounts


def weaker(rule: Rule, floor: Rule) -> bool:
    """Whether a local rule is weaker than the floor's, or a stop of its own making."""
    if rule.effect is not floor.effect and Effect.STOP in (rule.effect, floor.effect):
        return True
    strengths = tuple(Strength)
    return (
        EFFECTS.index(rule.effect) < EFFECTS.index(floor.effect)
        or strengths.index(rule.strength) > strengths.index(floor.strength)
        or floor.check not in ("", rule.check)
    )


@given(agreements())
def test_no_local_agreement_weakens_the_floor(local: RuleSet) -> None:
    """T-3: what is not refused keeps every effect, strength and check, and stops no more."""
    strengths, enterprise = tuple(Strength), Enterprise(rule_sets=(local,))
    if any(weaker(rule, guide_rules().rule(rule.clause)) for rule in local.rules):
        with pytest.raises(BadInput, match="E516"):
            rules_in_force(enterprise)
        return
    rules = rules_in_force(enterprise)
    for floor in guide_rules().rules:
        here = rules.rule(floor.clause)
        assert EFFECTS.index(here.effect) >= EFFECTS.index(floor.effect)
        assert strengths.index(here.strength) <= strengths.index(floor.strength)
        assert (here.effect is Effect.STOP) == (floor.effect is Effect.STOP)
        assert not floor.check or here.check == floor.check
