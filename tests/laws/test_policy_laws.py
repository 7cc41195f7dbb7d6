"""What is true of every plan that is simulated, and of everything a policy is shown."""

from datetime import UTC, datetime
from datetime import time as clock

import numpy as np
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.test_simulation import NURSE, ward

from kompetanse_core.conformance import DAY, Size, enterprises
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.assembly import assemble
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    Facet,
    Level,
    Scale,
    ScaleId,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Arena, Measure, MeasureId, MeasureKind, Mode, Outcome
from kompetanse_core.model.people import Assessment, AssessmentSource
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Bearer, Market, Requirement
from kompetanse_core.plan import Limits, Plan, make_plan
from kompetanse_core.recommendation import recommend
from kompetanse_core.scenario import (
    Actions,
    Attrition,
    Count,
    Flows,
    Hiring,
    Move,
    Policy,
    Situation,
    plan_once,
    replan,
    simulate,
)
from kompetanse_core.strategy import open_options

LACKING = enterprises(
    least=Size(
        scales=1,
        competences=2,
        units=1,
        roles=2,
        requirements=3,
        employees=2,
        engagements=2,
        assessments=3,
        measures=3,
        seats=1,
        markets=1,
    )
)
STAFFED = enterprises(
    least=Size(scales=1, competences=1, units=1, roles=2, employees=2, engagements=2, seats=1)
)
BUDGETS = st.integers(0, 300_000)


def planned(enterprise: Enterprise, budget: int | None) -> Plan:
    """The plan of a year from the day."""
    return make_plan(recommend(open_options(find_gaps(enterprise, on=DAY))), Limits(budget=budget))


@st.composite
def wards(draw: st.DrawFn) -> Enterprise:
    """Nurses who lack something of two skills, courses that lift them, and a sure market."""
    enterprise, levels = ward(draw(st.integers(1, 4)), seats=5), st.integers(0, 3)
    skills = [CompetenceId("care"), CompetenceId("drugs")]
    scale = ScaleId("five")
    return evolve(
        enterprise,
        scales=[Scale(id=scale, top=Level(4))],
        competences=[
            Competence(id=each, label=Text(each), facet=Facet.SKILL, scale=scale) for each in skills
        ],
        requirements=[
            Requirement(
                bearer=Bearer.ROLE,
                of=NURSE,
                competence=each,
                level=Level(draw(levels) + 1),
                weight=draw(st.integers(1, 3)),
            )
            for each in skills
        ],
        assessments=[
            Assessment(
                employee=who.id,
                competence=each,
                level=Level(draw(levels)),
                source=AssessmentSource.LEADER,
                assessed=DAY,
                recorded=datetime.combine(DAY, clock(0), UTC),
            )
            for who in enterprise.employees
            for each in skills
        ],
        measures=[
            Measure(
                id=MeasureId(f"m{number}"),
                label=Text("course"),
                kind=MeasureKind.EXTERNAL_COURSE,
                arena=Arena.OUTSIDE,
                mode=Mode.TRAINING,
                outcomes=(Outcome(competence=each, reach=Level(draw(levels) + 1)),),
                days=draw(st.integers(0, 200)),
                cost_per_head=draw(st.integers(0, 900)),
            )
            for number, each in enumerate(skills)
        ],
        markets=[Market(role=NURSE, cost=draw(st.integers(0, 900)), days=60)],
    )


@given(wards(), st.none() | st.integers(0, 5_000))
def test_a_plan_replayed_reaches_what_it_promised(enterprise: Enterprise, budget: int) -> None:
    """Where all training succeeds and nobody leaves, all that was to be closed is closed."""
    plan, policy = planned(enterprise, budget), plan_once(Limits(budget=budget))
    done = simulate(enterprise, None, policy, start=DAY, periods=16, months=1, replicas=1)
    missing = done.of(Count.MISSING)[0]
    assert missing[-1] == plan.split.left
    assert done.of(Count.HIRES).sum() * 10_000 == plan.seat_split.recruit
    assert done.of(Count.VACANT)[0, -1] == plan.seat_split.vacant
    assert done.of(Count.COST).sum() == plan.cost


@given(LACKING, BUDGETS, BUDGETS)
def test_more_money_never_makes_a_proven_plan_worse(
    enterprise: Enterprise, one: int, other: int
) -> None:
    """Of two proven plans for the same situation the one with more money leaves no more open."""
    less, more = (planned(enterprise, budget) for budget in sorted((one, other)))
    if less.proven and more.proven:
        assert more.value <= less.value


@given(LACKING, BUDGETS, BUDGETS)
def test_more_money_never_makes_a_proven_replan_worse(
    enterprise: Enterprise, one: int, other: int
) -> None:
    """So it is of plans made on the way, for what has become of a run after a first plan."""
    seen: list[Situation] = []
    first = plan_once(Limits(budget=one))

    def decide(situation: Situation) -> Actions:
        seen.append(situation)
        return first.decide(situation) if len(seen) == 1 else Actions()  # type: ignore[return-value]  # one for all runs

    leaving = Flows(attrition=(Attrition(chance=250_000),), success=500_000)
    policy = Policy(name="plans, then looks", decide=decide, months=6)
    simulate(enterprise, leaving, policy, start=DAY, periods=4, replicas=2, seed=3)
    for run in range(2):
        gaps = find_gaps(seen[1].of(run), on=seen[1].on)
        less, more = (
            make_plan(recommend(open_options(gaps)), Limits(budget=budget, start=seen[1].on))
            for budget in sorted((one, other))
        )
        if less.proven and more.proven:
            assert more.value <= less.value


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Enterprise, Flows]:
    """An enterprise in which people leave, move and are hired."""
    enterprise = draw(STAFFED)
    source, target = (role.id for role in enterprise.roles[:2])
    flows = Flows(
        attrition=(Attrition(chance=250_000),),
        moves=(Move(source=source, target=target, chance=250_000),),
        hiring=tuple(Hiring(role=role.id, chance=900_000) for role in enterprise.roles),
    )
    return enterprise, flows


@given(worlds())
def test_whatever_has_become_of_an_enterprise_hangs_together(
    world: tuple[Enterprise, Flows],
) -> None:
    """What a policy is shown of a run can be assembled, and nobody is at work who has left."""
    seen: list[Situation] = []

    def decide(situation: Situation) -> Actions:
        seen.append(situation)
        return Actions()

    policy = Policy(name="looks", decide=decide, months=12)
    simulate(*world, policy, start=DAY, periods=9, replicas=3, seed=2)
    for situation in seen:
        for run in range(len(situation)):
            become = situation.of(run)
            assert not assemble(become).refused
            gone = set(np.flatnonzero(situation.place[run] < 0).tolist())
            there = find_gaps(become, on=situation.on).rows
            names = {situation.people[spot] for spot in gone}
            assert not names & {each.employee for each in there}


@given(worlds(), BUDGETS)
def test_replanning_keeps_heads_and_limits(world: tuple[Enterprise, Flows], budget: int) -> None:
    """Heads are conserved, no decision costs more than its budget, and no run is marked."""
    policy = evolve(replan(Limits(budget=budget, periods=2)), budget=budget)
    found = simulate(*world, policy, start=DAY, periods=6, replicas=2, seed=2)
    counts = {each: found.counts[each].astype(np.int64) for each in Count}
    gone = sum(counts[each][:, :-1] for each in (Count.LEFT, Count.RETIRED, Count.MOVED_OUT))
    gone += counts[Count.WENT][:, 1:]
    new = counts[Count.MOVED_IN][:, :-1] + counts[Count.HIRES][:, 1:] + counts[Count.CAME][:, 1:]
    heads = counts[Count.HEADS]
    assert np.array_equal(heads[:, 1:], heads[:, :-1] - gone + new)
    assert not found.marked.any()


@given(worlds())
def test_the_size_of_a_block_changes_nothing_for_a_policy(
    world: tuple[Enterprise, Flows],
) -> None:
    """Decided again in blocks of one or together, all is counted the same."""
    policy = replan(Limits(periods=2))
    one, all_ = (
        simulate(*world, policy, start=DAY, periods=6, replicas=3, seed=2, block=block)
        for block in (1, 3)
    )
    assert all(np.array_equal(one.counts[each], all_.counts[each]) for each in Count)
