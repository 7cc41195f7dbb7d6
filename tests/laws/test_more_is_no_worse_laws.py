"""More of what is limited never worsens a plan, and no plan, however cut, is below its bound."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.wards import ON, crews, wards

from kompetanse_core.gap import find_gaps
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Arena, Measure, MeasureId, MeasureKind, Mode
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Aim, UnitId
from kompetanse_core.plan import Limits, Plan, make_plan
from kompetanse_core.recommendation import Recommendations, recommend
from kompetanse_core.strategy import open_options


def busy(enterprise: Enterprise) -> Enterprise:
    """The same, where every course takes people off their work, every other with a mentor."""
    measures = [
        evolve(m, hours=40, mode=Mode.TRAINING, mentor_hours=10 * (n % 2), prior=())
        for n, m in enumerate(enterprise.measures)
    ]
    return evolve(enterprise, measures=measures)


places = st.one_of(wards(), crews(), wards().map(busy), crews().map(busy))
frames = st.builds(
    Limits,
    budget=st.sampled_from([None, None, 2_000, 8_000]),
    hours=st.sampled_from([None, None, 20]),
    away_percent=st.sampled_from([None, None, 5]),
    mentor_hours=st.sampled_from([None, 10]),
    carried=st.integers(0, 2),
    drofting_by=st.sampled_from([None, date(2027, 5, 1)]),
)
MORE = 4 * settings().max_examples
LADDERS: Mapping[str, Sequence[Any]] = MappingProxyType(
    {
        "budget": (0, 1_000, 3_000, 5_000, 9_000, 30_000, None),
        "period_budgets": (
            *((0, 0, 0, 0), (0, 0, 0, 5_000), (1_000, 0, 0, 4_000), (5_000, 0, 0, 5_000)),
            (),
        ),
        "hours": (0, 8, 16, 40, 48, None),
        "mentor_hours": (0, 5, 10, 20, None),
        "away_percent": (0, 1, 3, 10, None),
        "carried": (0, 1, 2, 3, 9),
    }
)
"""Of each limit, amounts of which each allows all that the one before does."""


def recommended(enterprise: Enterprise) -> Recommendations:
    """The chain up to the plan, on the day of the wards."""
    return recommend(open_options(find_gaps(enterprise, on=ON)))


def planned(enterprise: Enterprise, frame: Limits) -> Plan:
    """A plan for an enterprise."""
    return make_plan(recommended(enterprise), frame)


def assert_no_worse(less: Plan, more: Plan) -> None:
    """Proven plans by their values; any two by the bound of the one and the value of the other."""
    assert more.bound <= less.value
    if less.proven and more.proven:
        assert more.value <= less.value


@pytest.mark.parametrize("name", LADDERS)
@settings(max_examples=MORE)
@given(enterprise=places, frame=frames)
def test_each_step_of_a_limit_is_no_worse(name: str, enterprise: Enterprise, frame: Limits) -> None:
    """From nothing at all up to no limit: money, periods, hours, mentors, cover and carrying."""
    ways = recommended(enterprise)
    plans = [make_plan(ways, evolve(frame, **{name: amount})) for amount in LADDERS[name]]
    for less, more in pairwise(plans):
        assert_no_worse(less, more)


def roomier(measure: Measure) -> Measure:
    """A course with a place more in each session."""
    return evolve(measure, seats=None if measure.seats is None else measure.seats + 1)


def oftener(measure: Measure) -> Measure:
    """A course that can be held once more."""
    return evolve(measure, sessions=None if measure.sessions is None else measure.sessions + 1)


@pytest.mark.parametrize("grown", [roomier, oftener])
@settings(max_examples=MORE)
@given(enterprise=places, frame=frames)
def test_more_seats_and_sessions_are_no_worse(
    grown: Callable[[Measure], Measure], enterprise: Enterprise, frame: Limits
) -> None:
    """A place more in each course, or one more session of it."""
    more = evolve(enterprise, measures=[grown(each) for each in enterprise.measures])
    assert_no_worse(planned(enterprise, frame), planned(more, frame))


@given(places, frames)
def test_a_larger_labour_market_is_no_worse(enterprise: Enterprise, frame: Limits) -> None:
    """One more can be hired in each role."""
    markets = [
        evolve(each, most=None if each.most is None else each.most + 1)
        for each in enterprise.markets
    ]
    assert_no_worse(planned(enterprise, frame), planned(evolve(enterprise, markets=markets), frame))


@given(places, frames, st.integers(0, 3))
def test_one_measure_more_is_no_worse_and_one_unused_less_is_the_same(
    enterprise: Enterprise, frame: Limits, number: int
) -> None:
    """A measure that nobody uses, and that nothing waits for, may be missing; any may be there."""
    plan = planned(enterprise, frame)
    for measure in [*enterprise.measures][number : number + 1]:
        needed = any(measure.id in each.prior for each in enterprise.measures)
        rest = evolve(enterprise, measures=[m for m in enterprise.measures if m.id != measure.id])
        if needed:
            return
        without = planned(rest, frame)
        assert_no_worse(without, plan)
        used = any(each.measure == measure.id for each in plan)
        if plan.proven and without.proven and not used:
            assert without.value == plan.value


# --- money of one house, and for society ----------------------------------------------------------


@given(wards(), frames, st.sampled_from([0, 1_000, 4_000]), st.sampled_from([0, 2_000, 6_000]))
def test_a_budget_split_between_units_is_no_better(
    drawn: Enterprise, frame: Limits, one: int, other: int
) -> None:
    """What two units of one house plan with a part each, the house can plan with the whole.

    Sessions are not limited here: each unit alone would have all of them. Nor are there seats:
    whether somebody may leave a role is judged by all units that have it.
    """
    house = evolve(
        drawn,
        headcounts=(),
        seats=(),
        engagements=[evolve(e, unit=UnitId("uv"[n % 2])) for n, e in enumerate(drawn.engagements)],
        measures=[evolve(each, sessions=None) for each in drawn.measures],
    )
    whole = planned(house, evolve(frame, budget=one + other))
    parts = [
        planned(only(house, unit), evolve(frame, budget=money))
        for unit, money in (("u", one), ("v", other))
    ]
    assert whole.bound <= sum(part.value for part in parts)
    if all(each.proven for each in (whole, *parts)):
        assert whole.value <= sum(part.value for part in parts)


def only(house: Enterprise, unit: str) -> Enterprise:
    """A unit by itself."""
    here = [each for each in house.engagements if each.unit == unit]
    people = {each.employee for each in here}
    return evolve(
        house,
        engagements=here,
        employees=[each for each in house.employees if each.id in people],
        assessments=[each for each in house.assessments if each.employee in people],
    )


APPRENTICES = Measure(
    id=MeasureId("society"),
    label=Text("Læreplasser"),
    kind=MeasureKind.APPRENTICES,
    arena=Arena.INSIDE,
    mode=Mode.WORK,
    cost_per_head=1_500,
    seats=2,
    sessions=1,
    aims=(Aim.SOCIETY,),
)


@given(places, frames, st.sampled_from([3_000, 4_000, 9_000, 30_000]))
def test_what_is_taken_on_for_society_leaves_the_rest_of_the_money(
    enterprise: Enterprise, frame: Limits, budget: int
) -> None:
    """H-8: it is planned first, and the rest is worth what it is with that much less."""
    asked = evolve(enterprise, measures=[*enterprise.measures, APPRENTICES])
    frame = evolve(frame, budget=budget)
    plan = planned(asked, evolve(frame, society=(APPRENTICES.id,)))
    (undertaking,) = plan.undertakings
    assert undertaking.fits
    assert undertaking.spent == 3_000
    assert plan.cost <= budget
    rest = planned(enterprise, evolve(frame, budget=budget - 3_000))
    if plan.proven and rest.proven:
        assert plan.value == rest.value
    assert_no_worse(plan, planned(asked, frame))


# --- plans that were cut --------------------------------------------------------------------------


def cuts(ways: Recommendations, frame: Limits) -> Iterator[Plan]:
    """Plans that are ended early, in every way there is."""
    yield make_plan(ways, evolve(frame, nodes=0))
    yield make_plan(ways, evolve(frame, nodes=1))
    yield make_plan(ways, evolve(frame, seconds=0))
    yield make_plan(ways, frame, interrupted=lambda: True)


@given(places, frames, st.sampled_from([500, 5_000]))
def test_no_bound_with_more_is_above_a_value_with_less(
    enterprise: Enterprise, frame: Limits, more: int
) -> None:
    """However early either search was ended, and always at least as bad as its own bound."""
    ways = recommended(enterprise)
    poor = evolve(frame, budget=2_000)
    rich = evolve(frame, budget=2_000 + more)
    worse = [make_plan(ways, poor), *cuts(ways, poor)]
    better = [make_plan(ways, rich), *cuts(ways, rich)]
    for plan in (*worse, *better):
        assert plan.bound <= plan.value
        assert plan.cost <= (plan.limits.budget or 0)
    assert max(each.bound for each in better) <= min(each.value for each in worse)


def test_the_laws_are_about_something() -> None:
    """Of what is drawn, every limit makes a difference, and plans are cut where they are to be."""
    seen: set[str] = set()

    @settings(max_examples=400, derandomize=True)
    @given(places)
    def look(enterprise: Enterprise) -> None:
        ways = recommended(enterprise)
        best = make_plan(ways, Limits())
        for name, steps in LADDERS.items():
            least = Limits(**{name: steps[0]})
            if name not in seen and make_plan(ways, least).value > best.value:
                seen.add(name)
        if "is cut" not in seen and any(each.bound < each.value for each in cuts(ways, Limits())):
            seen.add("is cut")

    look()
    assert seen == {"is cut", *LADDERS}
