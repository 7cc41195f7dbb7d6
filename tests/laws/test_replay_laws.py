"""A plan that is replayed with all luck there is comes to what it promised."""

from datetime import timedelta

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.test_policy_laws import wards
from tests.test_policies import SKILL, course
from tests.test_simulation import LEAD, NURSE, WARD

from kompetanse_core.conformance import DAY
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.competence import Level
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Outcome
from kompetanse_core.model.people import Assessment, AssessmentSource
from kompetanse_core.model.work import Bearer, Headcount, Seats
from kompetanse_core.plan import Limits, Plan, make_plan
from kompetanse_core.recommendation import recommend
from kompetanse_core.scenario import Count, plan_once, simulate
from kompetanse_core.scenario.planning import actions_of
from kompetanse_core.strategy import open_options


@st.composite
def growing(draw: st.DrawFn) -> Enterprise:
    """A ward of nurses who may come to lead it, and where so many must hold each skill."""
    enterprise, levels = draw(wards()), st.integers(0, 3)
    own = [each for each in enterprise.requirements if each.of == NURSE]
    more = [
        evolve(each, bearer=Bearer.ROLE, of=LEAD, level=Level(draw(levels) + 1)) for each in own
    ]
    heads = [
        Headcount(unit=WARD, competence=each.competence, level=Level(2), count=draw(levels) + 1)
        for each in own
        if draw(st.booleans())
    ]
    return evolve(
        enterprise,
        requirements=[*enterprise.requirements, *more],
        seats=[
            Seats(unit=WARD, role=NURSE, share=10_000 * draw(st.integers(1, 5))),
            Seats(unit=WARD, role=LEAD, share=10_000 * draw(st.integers(1, 2))),
        ],
        headcounts=heads,
        markets=[each for each in enterprise.markets if draw(st.booleans())],
    )


def promised(enterprise: Enterprise, plan: Plan) -> int:
    """Steps missing at last, reckoned from the plan: who has which role, and holds what."""
    moved = {each.employee: each for each in actions_of(plan).redeployments}
    learnt = [
        Assessment(
            employee=each.employee,
            competence=lift.competence,
            level=lift.reach,
            source=AssessmentSource.TEST,
            assessed=DAY,
            recorded=next(iter(enterprise.assessments)).recorded,
        )
        for each in plan.items
        if each.employee
        for lift in each.lifts
    ]
    become = evolve(
        enterprise,
        engagements=[
            evolve(each, role=moved[each.employee].role) if each.employee in moved else each
            for each in enterprise.engagements
        ],
        assessments=enterprise.assessments.merged(learnt),
    )
    rows = plan.gaps.rows
    others = sum(
        each.use + each.recruit for each in plan.closings if rows[each.gap].employee not in moved
    )
    return find_gaps(become, on=DAY + timedelta(days=900)).total.missing - others


@given(growing(), st.none() | st.integers(0, 5_000), st.integers(1, 4))
def test_a_plan_with_moves_and_headcounts_reaches_what_it_promised(
    enterprise: Enterprise, budget: int | None, periods: int
) -> None:
    """Who moves has moved, who is sought is hired, all is paid, and no more is missing."""
    limits = Limits(budget=budget, periods=periods)
    gaps = find_gaps(enterprise, on=DAY)
    plan = make_plan(recommend(open_options(gaps)), evolve(limits, start=DAY))
    done = simulate(
        enterprise, None, plan_once(limits), start=DAY, periods=30, months=1, replicas=1
    )
    assert done.findings == ()
    moves = actions_of(plan).redeployments
    assert done.of(Count.MOVED_IN).sum() == len(moves)
    assert done.of(Count.HIRES).sum() * 10_000 == plan.seat_split.recruit
    assert done.of(Count.COST).sum() == plan.cost
    assert done.of(Count.MISSING)[0, -1] == promised(enterprise, plan)


def test_what_is_learnt_where_one_was_counts_where_one_goes() -> None:
    """Found by the law: a course for a head, or for the role that is left, is known there."""
    free = evolve(course(passes_on=False), headcounts=[], seats=[])
    (measure,) = free.measures
    enterprise = evolve(
        free,
        measures=[evolve(measure, cost_per_head=0, days=0, outcomes=(_to(3),))],
        requirements=[evolve(each, level=Level(1)) for each in free.requirements],
        seats=[Seats(unit=WARD, role=role, share=10_000) for role in (NURSE, LEAD)],
        headcounts=[Headcount(unit=WARD, competence=SKILL, level=Level(3), count=3)],
    )
    limits = Limits(periods=1)
    plan = make_plan(recommend(open_options(find_gaps(enterprise, on=DAY))), limits)
    assert len(actions_of(plan).redeployments) == 1
    done = simulate(enterprise, None, plan_once(limits), start=DAY, periods=6, replicas=1)
    assert done.of(Count.MISSING)[0, -1] == 0


def _to(level: int) -> Outcome:
    return Outcome(competence=SKILL, reach=Level(level))
