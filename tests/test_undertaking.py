"""What does the enterprise take on for society? Apprentices: places and kroner, and no gap."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from tests.laws.test_plan_laws import limits, recommended
from tests.oracles.wards import ON, asks, course, ward, wards
from tests.test_plan import planned

from kompetanse_core.errors import Misuse
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Measure, MeasureId, MeasureKind
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Aim, Goal, GoalId
from kompetanse_core.plan import Limits, make_plan, price_of_forbidding

NAME = MeasureId("apprentices")
APPRENTICES = evolve(
    course(str(NAME)),
    kind=MeasureKind.APPRENTICES,
    aims=(Aim.SOCIETY,),
    cost_per_head=10_000,
    cost_per_session=5_000,
    seats=2,
)
GOAL = Goal(id=GoalId("part"), label=Text("Ta del"), aims=(Aim.SOCIETY,))
COURSE = evolve(course("c", ("k", 0, 2)), cost_per_head=3_000)


def workshop(*measures: Measure) -> Enterprise:
    """Somebody who lacks a step, a course for it, and what else there is."""
    return ward({"p": ("smith", {"k": 1})}, [asks("smith", "k", 2)], [COURSE, *measures])


def test_nobody_asks_and_nothing_is_undertaken() -> None:
    """H-8 says may: a measure for society is no part of a plan until somebody asks for it."""
    plan = planned(workshop(APPRENTICES))
    assert plan.undertakings == ()
    assert plan.cost == 3_000


def test_the_limits_ask() -> None:
    """Two places and one session are capacity and cost; the split is what it was without."""
    plan = planned(workshop(APPRENTICES), Limits(society=(NAME,)))
    (taken,) = plan.undertakings
    assert (taken.places, taken.cost, taken.start, taken.clause) == (2, 25_000, ON, "H-8")
    assert plan.cost == 28_000
    assert plan.split == planned(workshop()).split
    assert NAME not in {each.measure for each in plan}


def test_a_goal_asks() -> None:
    """A goal with the aim of society asks for the measures that name it; another goal does not."""
    tied = evolve(APPRENTICES, goals=(GOAL.id,))
    asking = evolve(workshop(tied), goals=[GOAL])
    assert [each.goals for each in planned(asking).undertakings] == [(GOAL.id,)]
    other = evolve(asking, goals=[evolve(GOAL, aims=(Aim.COMPETE,))])
    assert planned(other).undertakings == ()


def test_the_rest_of_the_plan_has_what_is_left() -> None:
    """One krone short, the course is left out; too little for it all, the undertaking is."""
    enterprise = workshop(APPRENTICES)
    tight = planned(enterprise, Limits(budget=27_999, society=(NAME,)))
    assert (tight.cost, tight.split.left) == (25_000, 1)
    short = planned(enterprise, Limits(budget=24_999, society=(NAME,)))
    assert [each.fits for each in short.undertakings] == [False]
    told = [(f.code, f.about) for f in short.findings if f.code == "W539"]
    assert told == [("W539", (("measure", NAME),))]
    assert not [f for f in tight.findings if f.code == "W539"]
    assert (short.cost, short.split.left) == (3_000, 0)
    assert price_of_forbidding(short, 0).cost is None or short.cost == 3_000


def test_it_waits_for_the_money() -> None:
    """Where periods bring the money, it begins when enough has come."""
    frame = Limits(period_budgets=(10_000, 10_000, 10_000, 0), society=(NAME,))
    plan = planned(workshop(APPRENTICES), frame)
    assert [each.period for each in plan.undertakings] == [2]
    assert plan.cost == 28_000


def test_what_is_not_for_society_is_refused() -> None:
    """E503 for a measure that is not there, or has another aim."""
    for name in ("c", "nothing"):
        with pytest.raises(Misuse) as refused:
            planned(workshop(APPRENTICES), Limits(society=(MeasureId(name),)))
        assert refused.value.code == "E503"


@given(wards(), limits, st.sampled_from([0, 1_000, 20_000]))
def test_money_is_kept_with_undertakings(enterprise: Enterprise, frame: Limits, fee: int) -> None:
    """Items and undertakings together keep the budget, and every period what has been brought."""
    apprentices = evolve(APPRENTICES, cost_per_head=fee)
    joined = evolve(enterprise, measures=[*enterprise.measures, apprentices])
    plan = make_plan(recommended(joined), evolve(frame, society=(NAME,)))
    assert frame.budget is None or plan.cost <= frame.budget
    days = frame.starts(ON)
    for period, _ in enumerate(frame.period_budgets):
        spent = sum(each.cost for each in plan if each.start < days[period + 1])
        spent += sum(each.spent for each in plan.undertakings if (each.period or 0) <= period)
        assert spent <= sum(frame.period_budgets[: period + 1])
    assert plan.split.missing == plan.gaps.total.missing
