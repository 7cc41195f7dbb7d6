"""What becomes of a wish that no gap asks for? It is told, and granted within its frame."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from attrs import evolve
from tests.oracles.wards import KNOWN, ON, asks, course, heads, seat, ward
from tests.test_plan import planned

from kompetanse_core import (
    Accord,
    Actor,
    ActorId,
    ActorKind,
    Agreement,
    Aim,
    Aspiration,
    ConditionKind,
    Conversation,
    CostBearer,
    EducationClass,
    Enterprise,
    Limits,
    Measure,
    MeasureId,
    MeasureKind,
    Misuse,
    Plan,
    Plugins,
    Responsible,
    Wish,
    WishState,
    agreed,
    analyse,
    decide,
    why_not,
)
from kompetanse_core.errors import DecisionStopped
from kompetanse_core.model.competence import CompetenceId, EvidenceKind
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.work import RoleId

EARLY, LATE = date(2026, 9, 1), date(2026, 10, 1)
PURSE = Limits(wish_budget=5_000)
PIANO = evolve(course("piano", ("play", 0, 2)), cost_per_head=2_000, hours=10)
NEEDED = evolve(course("c", ("k", 0, 2)), cost_per_head=3_000)


def for_measure(employee: str, measure: str, stated: date = LATE) -> Wish:
    """A wish for a measure."""
    return Wish(employee=EmployeeId(employee), measure=measure, stated=stated, recorded=KNOWN)


def for_competence(employee: str, competence: str) -> Wish:
    """A wish to learn something."""
    named = CompetenceId(competence)
    return Wish(employee=EmployeeId(employee), competence=named, stated=LATE, recorded=KNOWN)


def for_role(employee: str, role: str) -> Wish:
    """A wish to become something."""
    return Wish(employee=EmployeeId(employee), role=RoleId(role), stated=LATE, recorded=KNOWN)


def workshop(*wishes: Wish, measures: tuple[Measure, ...] = (NEEDED, PIANO)) -> Enterprise:
    """Two smiths who lack a step of k, and wish for this and that."""
    people = {name: ("smith", {"k": 1}) for name in ("p", "q")}
    return evolve(ward(people, [asks("smith", "k", 2)], measures), wishes=wishes)


def only(plan: Plan) -> Aspiration:
    """The one wish of a plan that no gap stands behind."""
    (found,) = plan.wishes
    return found


# --- what is shown --------------------------------------------------------------------------------


def test_a_wish_is_shown_with_what_it_takes_and_nothing_is_spent() -> None:
    """A-9: neither the work nor a seat here asks for it: own wish, said so; who pays is open."""
    plan = planned(workshop(for_measure("p", "piano")))
    own = only(plan)
    assert (own.state, own.education) == (WishState.PROPOSED, EducationClass.OWN_WISH)
    assert (own.cost, own.hours, own.spent, own.bearer) == (2_000, 10, 0, CostBearer.OPEN)
    assert own.clauses == ("A-3", "H-7", "A-9")
    (step,) = own.steps
    assert (step.responsible, step.bearer) == (Responsible.INDIVIDUAL, CostBearer.OPEN)
    assert (step.education, step.aims) == (EducationClass.OWN_WISH, (Aim.GROWTH,))
    assert [(x.competence, x.held, x.reach) for x in step.criterion.lifts] == [("play", 0, 2)]
    assert plan.cost == 6_000
    assert plan.granted == ()


def test_that_no_need_stands_behind_is_said_of_nobody() -> None:
    """A-7: the wish carries the finding; the plan's own findings, which others read, do not."""
    plan = planned(workshop(for_measure("p", "piano")), PURSE)
    found = only(plan).finding
    assert found is not None
    assert found.code == "N540"
    assert "p" not in found.text.split()
    assert found not in plan.findings
    assert "employee" not in repr(plan) + repr(only(plan))


def test_it_is_granted_within_the_frame_for_wishes() -> None:
    """Granted, it costs what it costs beside the items, and closes nothing."""
    before, plan = planned(workshop()), planned(workshop(for_measure("p", "piano")), PURSE)
    assert only(plan).state is WishState.GRANTED
    assert plan.cost == before.cost + 2_000
    assert (plan.items, plan.split, plan.value) == (before.items, before.split, before.value)
    assert plan.mix.training == 10
    assert plan.individual(EmployeeId("p")).mix.training == 10


@pytest.mark.parametrize(("budget", "granted"), [(7_999, False), (8_000, True)])
def test_what_the_enterprise_needs_comes_first(*, budget: int, granted: bool) -> None:
    """A krone short of both, the course is taken and the wish is not."""
    plan = planned(workshop(for_measure("p", "piano")), evolve(PURSE, budget=budget))
    assert plan.split.left == 0
    assert (only(plan).state is WishState.GRANTED) == granted
    assert plan.cost <= budget


def test_the_wish_that_was_stated_first_comes_first() -> None:
    """With room for one, it is the older one that is granted."""
    younger, older = for_measure("p", "piano", LATE), for_measure("q", "piano", EARLY)
    plan = planned(workshop(younger, older), Limits(wish_budget=3_999))
    assert [(w.wish.employee, w.state.value) for w in plan.wishes] == [
        ("q", "granted"),
        ("p", "proposed"),
    ]


def test_a_wish_repeated_is_one_wish() -> None:
    """What is said again in the next conversation is not paid twice; the first day counts."""
    again = for_measure("p", "piano", EARLY), for_measure("p", "piano", LATE)
    assert only(planned(workshop(*again), PURSE)).wish.stated == EARLY


def test_a_free_seat_in_a_session_that_is_held_costs_a_head_only() -> None:
    """The needed course has a seat to spare; the first wish takes it, the second opens another."""
    shared = evolve(
        course("c", ("k", 0, 2), ("play", 0, 2)), cost_per_head=10, cost_per_session=1_000, seats=2
    )
    people = {"p": ("smith", {"k": 1}), "q": ("cook", {"k": 1}), "r": ("cook", {"k": 1})}
    wishes = [for_competence(name, "play") for name in ("q", "r")]
    enterprise = evolve(ward(people, [asks("smith", "k", 2)], [shared]), wishes=wishes)
    plan = planned(enterprise, PURSE)
    assert [wish.spent for wish in plan.wishes] == [10, 1_010]
    full = evolve(enterprise, measures=[evolve(shared, sessions=1)])
    assert [wish.state.value for wish in planned(full, PURSE).wishes] == ["granted", "proposed"]


def test_hours_bind_a_wish_as_they_bind_the_rest() -> None:
    """Ten hours of a person are left in no period but the last, for the course takes the first."""
    long = evolve(NEEDED, hours=10, start=ON, end=ON)
    enterprise = workshop(for_measure("p", "piano"), measures=(long, PIANO))
    (step,) = only(planned(enterprise, evolve(PURSE, hours=10))).steps
    assert step.start == date(2027, 4, 1)
    (proposed,) = only(planned(enterprise, Limits(hours=9))).steps
    assert proposed.start == ON
    assert only(planned(enterprise, evolve(PURSE, hours=9))).state is WishState.PROPOSED


# --- what stands behind a wish --------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked", [for_measure("p", "c"), for_competence("p", "k"), for_role("p", "smith")]
)
def test_what_a_gap_stands_behind_is_no_own_wish(asked: Wish) -> None:
    """H-7: there the wish is weighed among the ways that are open, and the plan decides."""
    assert planned(workshop(asked), PURSE).wishes == ()


def test_what_a_headcount_asks_for_is_no_own_wish() -> None:
    """Whom a unit could do with who holds it has a way already."""
    people = {"p": ("smith", {"k": 2, "play": 0})}
    asked = ward(people, [asks("smith", "k", 2)], [PIANO], headcounts=[heads("play", 2, 1)])
    wishing = [for_competence("p", "play")]
    assert planned(evolve(asked, wishes=wishing)).wishes == ()
    assert planned(evolve(asked, headcounts=[], wishes=wishing)).wishes


def test_a_wish_for_a_role_with_a_vacant_seat_is_further_education() -> None:
    """A-9: new work in the enterprise; a need stands behind what it asks, so the employer pays."""
    people = {"p": ("smith", {"k": 2})}
    sought = [asks("smith", "k", 2), asks("cook", "play", 2)]
    plain = ward(people, sought, [PIANO], seats=[seat("cook", 10_000, unit="v")])
    enterprise = evolve(plain, wishes=[for_role("p", "cook")])
    leading = only(planned(enterprise))
    assert leading.education is EducationClass.FURTHER
    assert (leading.bearer, leading.finding) == (CostBearer.EMPLOYER, None)
    (step,) = leading.steps
    assert (step.unit, step.role, step.responsible) == ("v", "cook", Responsible.JOINT)
    assert step.aims == (Aim.CAREER,)
    stuck = only(planned(evolve(enterprise, measures=[])))
    assert (stuck.state, stuck.bearer) == (WishState.NO_WAY, CostBearer.EMPLOYER)
    full = evolve(enterprise, seats=[])
    assert only(planned(full)).education is EducationClass.OWN_WISH
    loose = evolve(enterprise, requirements=[evolve(r, needs=()) for r in sought])
    assert only(planned(loose)).bearer is CostBearer.OPEN


def test_a_wish_for_what_nobody_has_mapped_keeps_up_ones_own_work() -> None:
    """A-8: one's own role asks for it, and whether it is held nobody knows: no own wish."""
    plain = ward({"p": ("smith", {})}, [asks("smith", "k", 2)], [NEEDED])
    own = only(planned(evolve(plain, wishes=[for_competence("p", "k")])))
    assert own.education is EducationClass.CONTINUING
    assert (own.bearer, own.clauses[-1]) == (CostBearer.EMPLOYER, "A-8")
    low = evolve(plain, measures=[evolve(NEEDED, outcomes=course("c", ("k", 0, 1)).outcomes)])
    wished = evolve(low, wishes=[for_competence("p", "k")])
    assert only(planned(wished)).education is EducationClass.OWN_WISH


@pytest.mark.parametrize(
    ("asked", "state"),
    [
        (for_competence("p", "nothing"), WishState.NO_WAY),
        (for_measure("p", "nowhere"), WishState.NO_WAY),
        (for_measure("p", "late"), WishState.NO_WAY),
        (for_measure("p", "high"), WishState.NO_WAY),
        (for_measure("p", "aimless"), WishState.NO_WAY),
        (for_role("p", "king"), WishState.NO_WAY),
        (for_measure("p", "known"), WishState.HELD),
        (for_competence("p", "top"), WishState.HELD),
        (for_role("p", "porter"), WishState.HELD),
    ],
)
def test_where_no_measure_leads_or_nothing_is_left_to_learn(asked: Wish, state: WishState) -> None:
    """It is said, and nothing is proposed."""
    measures = [
        evolve(course("late", ("play", 0, 2)), start=date(2029, 1, 1)),
        course("high", ("play", 1, 2)),
        course("known", ("top", 0, 4)),
        evolve(course("aimless", ("play", 0, 2)), kind=MeasureKind.PROJECT),
    ]
    people = {"p": ("smith", {"top": 4})}
    enterprise = ward(people, [asks("smith", "top", 1), asks("porter", "top", 1)], measures)
    own = only(planned(evolve(enterprise, wishes=[asked]), PURSE))
    assert (own.state, own.steps, own.cost) == (state, (), 0)


def test_what_must_come_first_comes_first() -> None:
    """A-6: the measure that comes before, and the rung below, are part of what the wish takes."""
    first = evolve(course("scales", ("play", 0, 1)), cost_per_head=100, days=100)
    second = evolve(course("sonata", ("play", 1, 3)), prior=(first.id,), cost_per_head=200)
    enterprise = workshop(for_measure("p", "sonata"), measures=(NEEDED, first, second))
    own = only(planned(enterprise))
    assert [step.measure for step in own.steps] == ["scales", "sonata"]
    assert own.steps[1].start >= own.steps[0].end
    assert [x.held for step in own.steps for x in step.lifts] == [0, 1]


def test_a_competence_is_learnt_by_the_cheapest_measure() -> None:
    """Of two that lift, the one that takes less; what begins above the person lifts nobody."""
    dear, high = course("dear", ("play", 0, 3)), course("high", ("play", 1, 3))
    offered = (NEEDED, PIANO, evolve(dear, cost_per_head=2_001), high)
    own = only(planned(workshop(for_competence("p", "play"), measures=offered)))
    assert [step.measure for step in own.steps] == ["piano"]


def test_only_what_is_stated_and_known_by_those_who_work_here_counts() -> None:
    """A wish of later, or of somebody with no engagement on the day, is none of this plan's."""
    later = for_measure("p", "piano", date(2027, 2, 1))
    assert planned(workshop(later), PURSE).wishes == ()
    enterprise = workshop(for_measure("p", "piano"))
    gone = [e for e in enterprise.engagements if e.employee != "p"]
    assert planned(evolve(enterprise, engagements=gone), PURSE).wishes == ()


def test_a_frame_for_wishes_is_a_whole_sum() -> None:
    """Neither a fraction nor a debt."""
    with pytest.raises(Misuse, match="E506"):
        Limits(wish_budget=-1)


# --- what follows ---------------------------------------------------------------------------------


def test_the_person_reads_it_in_their_plan_and_the_two_agree() -> None:
    """S-3 to S-5: what it takes is to be cleared up; each can agree and withdraw."""
    plan = planned(workshop(for_measure("p", "piano")))
    own = plan.individual(EmployeeId("p"))
    assert [intent.planned.measure for intent in own.intents] == ["c"]
    assert own.wishes == plan.wishes
    (asked,) = own.wished
    kinds = {condition.kind: condition.amount for condition in asked.conditions}
    assert kinds[ConditionKind.TIME_OFF] == 10
    assert kinds[ConditionKind.COST] == 2_000
    assert plan.individual(EmployeeId("q")).wishes == ()
    accord = Accord(measure=MeasureId("piano"), agreement=Agreement.BOTH)
    talk = Conversation(employee=EmployeeId("p"), on=ON, accords=(accord,))
    (settled,) = agreed(own, [talk]).wished
    assert settled.agreement is Agreement.BOTH


def test_no_gate_on_charging_stops_a_wish_but_drofting_does() -> None:
    """A-15 asks nothing where no need stands behind; R-5 asks of all that touches operation."""
    actor = Actor(id=ActorId("m"), kind=ActorKind.MANAGEMENT)
    calm = planned(workshop(for_measure("p", "piano")), PURSE)
    assert calm.wrongly_charged == ()
    assert decide(calm, actor=actor, on=ON).plan is calm
    loud = evolve(PIANO, affects_operation=True)
    enterprise = workshop(for_measure("p", "piano"), measures=(NEEDED, loud))
    assert decide(planned(enterprise), actor=actor, on=ON).actor is actor
    with pytest.raises(DecisionStopped, match="E561"):
        decide(planned(enterprise, PURSE), actor=actor, on=ON)
    late = evolve(PURSE, drofting_by=date(2027, 3, 1))
    (step,) = only(planned(enterprise, late)).steps
    assert (step.start, step.drofting_from) == (date(2027, 3, 1), date(2027, 3, 1))


def test_questions_to_a_plan_do_not_hear_of_wishes() -> None:
    """The cost that another plan is held against is that of the items alone."""
    enterprise = workshop(for_measure("p", "piano"))
    plain, granted = planned(enterprise), planned(enterprise, PURSE)
    assert [why_not(plain, n) for n in range(2)] == [why_not(granted, n) for n in range(2)]


def test_proof_of_what_is_held_is_a_step_too() -> None:
    """A role that asks for evidence is reached by the course that confers it."""
    proof = (EvidenceKind.COURSE,)
    asked = [asks("smith", "k", 1), asks("cook", "k", 2, proof=proof)]
    shown = evolve(course("shown", ("k", 0, 2)), confers=frozenset(proof))
    enterprise = ward({"p": ("smith", {"k": 2})}, asked, [shown])
    own = only(planned(evolve(enterprise, wishes=[for_role("p", "cook")])))
    assert [step.measure for step in own.steps] == ["shown"]


# --- the bundled example --------------------------------------------------------------------------


@cache
def hospital() -> Enterprise:
    """The bundled hospital."""
    return Plugins.installed().source("example").read().enterprise


def test_the_bundled_hospital_has_wishes_of_every_state() -> None:
    """Twelve wishes are stated, and no gap stands behind five; with more money two are granted."""
    tight = analyse(hospital(), on=ON, limits=Limits(budget=400_000, wish_budget=20_000)).plan
    assert {w.wish.employee: w.state.value for w in tight.wishes} == {
        "a101": "no-way",
        "a116": "proposed",
        "a119": "no-way",
        "a129": "held",
        "a159": "proposed",
    }
    wide = analyse(hospital(), on=ON, limits=Limits(wish_budget=20_000)).plan
    spent = {w.wish.employee: w.spent for w in wide.wishes if w.spent}
    assert set(spent) == {"a116", "a159"}
    assert wide.cost == sum(i.cost for i in wide) + sum(spent.values()) + 35_000
