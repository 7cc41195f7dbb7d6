"""What does a plan answer when it is asked? One question after the other, by hand."""

import pytest
from attrs import evolve
from tests.oracles.wards import ON, asks, course, seat, ward
from tests.test_plan import planned

from kompetanse_core.errors import Misuse
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.work import Market, RoleId
from kompetanse_core.plan import (
    Easing,
    Limit,
    LimitKind,
    Limits,
    Margin,
    Plan,
    PriceRange,
    Shadow,
    Sureness,
    WayState,
    limits_of,
    one_more,
    one_more_exactly,
    price_of_forbidding,
    price_of_forbidding_exactly,
    range_of,
    shadow_prices,
    what_to_relax,
    why,
    why_not,
    why_not_exactly,
)

DEAR = evolve(course("dear", ("k", 0, 2)), cost_per_head=5_000)
CHEAP = evolve(course("cheap", ("k", 0, 2)), cost_per_head=2_000)
BUDGET = Limit(kind=LimitKind.BUDGET)
ON_ANOTHER_DAY = Limits().starts(ON)[-1]


def two_courses(*, people: int = 1, statutory: bool = False) -> Enterprise:
    """People who lack one step of k, and a cheap and a dear course for it."""
    named = {f"p{n}": ("nurse", {"k": 1}) for n in range(people)}
    return ward(named, [asks("nurse", "k", 2, statutory=statutory)], [CHEAP, DEAR])


def option_of(plan: Plan, measure: str) -> int:
    """The place of the first way that takes a measure."""
    options = plan.recommendations.options
    return next(place for place, each in enumerate(options) if each.measure == measure)


def test_why_goes_down_to_the_driver() -> None:
    """X-5: item, recommendation, option, gap, requirement, need, driver, clause."""
    plan = planned(two_courses())
    (chain,) = why(plan, plan.items[0])
    assert chain.option.measure == "cheap"
    assert chain.recommendation.rank
    assert chain.why is not None
    assert [need.id for need in chain.needs] == ["safe"]
    assert [driver.id for driver in chain.drivers] == ["law"]
    assert {"G-3", "B-12", chain.drivers[0].kind.clause} <= set(chain.clauses)
    assert chain.finding is None


def test_why_says_when_no_driver_stands_behind() -> None:
    """A-7: a chain that reaches no driver ends in a finding."""
    enterprise = two_courses()
    loose = evolve(
        enterprise,
        requirements=[evolve(each, needs=()) for each in enterprise.requirements],
    )
    plan = planned(loose)
    (chain,) = why(plan, plan.items[0])
    assert chain.drivers == ()
    assert chain.finding is not None
    assert chain.finding.code == "W535"


def test_why_a_seat_is_filled() -> None:
    """A hire goes back to the vacant seat, and on to the needs of what its role requires."""
    plan = planned(
        ward(
            {},
            [asks("nurse", "k", 2)],
            seats=[seat("nurse", 10_000)],
            markets=[Market(role=RoleId("nurse"), cost=10, days=30)],
        )
    )
    (chain,) = why(plan, plan.items[0])
    assert chain.seat is not None
    assert chain.seat.vacant == 10_000
    assert [driver.id for driver in chain.drivers] == ["law"]


def test_the_dearer_course_costs_the_difference() -> None:
    """Taking the dear course instead leaves no step more, and costs 3,000 kroner more."""
    plan = planned(two_courses())
    dear = option_of(plan, "dear")
    verdict = why_not_exactly(plan, dear)
    assert verdict.standing is WayState.OPEN
    assert verdict.difference == Margin(value=0, cost=5_000 - 2_000, sureness=Sureness.EXACT)
    at_once = why_not(plan, dear).difference
    assert at_once is not None
    assert at_once.sureness is Sureness.AT_LEAST
    assert (at_once.value, at_once.cost) == (0, 3_000)


def test_ruling_out_the_cheap_course_costs_the_difference() -> None:
    """Without the cheap course the dear one does it, 3,000 kroner dearer."""
    plan = planned(two_courses())
    cheap = option_of(plan, "cheap")
    assert why_not(plan, cheap).standing is WayState.CHOSEN
    assert price_of_forbidding_exactly(plan, cheap) == Margin(
        value=0, cost=3_000, sureness=Sureness.EXACT
    )
    assert price_of_forbidding(plan, cheap).cost == 3_000
    nothing = price_of_forbidding_exactly(plan, option_of(plan, "dear"))
    assert (nothing.value, nothing.cost) == (0, 0)


def test_what_no_budget_can_pay_has_no_room() -> None:
    """A way that breaks a limit all by itself has no room, at once and by search."""
    plan = planned(two_courses(), Limits(budget=2_000))
    dear = option_of(plan, "dear")
    assert why_not(plan, dear).standing in (WayState.NO_ROOM, WayState.OPEN)
    assert why_not_exactly(plan, dear).standing is WayState.NO_ROOM


def test_what_has_no_room_names_what_has_to_give() -> None:
    """The dear course is 3,000 kroner beyond the budget; ten hours are five too many as well."""
    long = evolve(DEAR, hours=10)
    enterprise = evolve(two_courses(), measures=[CHEAP, long])
    plan = planned(enterprise, Limits(budget=2_000))
    verdict = why_not_exactly(plan, option_of(plan, "dear"))
    assert verdict.easings == (Easing(limit=BUDGET, amount=3_000),)
    plan = planned(enterprise, Limits(budget=2_000, hours=5, periods=1))
    verdict = why_not_exactly(plan, option_of(plan, "dear"))
    hours = Limit(kind=LimitKind.HOURS, of=("p0",), period=0)
    assert verdict.easings == (Easing(limit=BUDGET, amount=3_000), Easing(limit=hours, amount=5))
    assert why_not(plan, option_of(plan, "cheap")).easings == ()


def test_at_once_what_has_to_give_is_named_as_well() -> None:
    """With no krone at all not even a part of a course fits; the answer at once says so."""
    plan = planned(two_courses(), Limits(budget=0))
    verdict = why_not(plan, option_of(plan, "dear"))
    assert verdict.standing is WayState.NO_ROOM
    assert verdict.easings == (Easing(limit=BUDGET, amount=5_000),)


def test_what_must_come_first_has_to_fit_as_well() -> None:
    """What must come first costs a session: the way itself is free, and still the krone lacks."""
    first = evolve(course("first", ("k", 0, 1)), cost_per_session=1, sessions=1, seats=1)
    second = evolve(course("second", ("k", 1, 2)), prior=(first.id,))
    enterprise = ward({"p": ("nurse", {"k": 0})}, [asks("nurse", "k", 2)], [first, second])
    plan = planned(enterprise, Limits(budget=0))
    verdict = why_not(plan, option_of(plan, "second"))
    assert verdict.standing is WayState.NO_ROOM
    assert verdict.easings == (Easing(limit=BUDGET, amount=1),)


def test_what_cannot_be_begun_is_not_in_time() -> None:
    """A course that may begin only after the plan is no choice of this plan."""
    late = evolve(DEAR, affects_operation=True)
    enterprise = evolve(two_courses(), measures=[CHEAP, late])
    limits = Limits(drofting_by=ON_ANOTHER_DAY)
    plan = planned(enterprise, limits)
    assert why_not(plan, option_of(plan, "dear")).standing is WayState.NOT_IN_TIME


def test_one_more_krone() -> None:
    """One krone short of a second course: that krone closes a step; the next one nothing."""
    plan = planned(two_courses(people=2), Limits(budget=3_999))
    assert BUDGET in limits_of(plan)
    assert one_more_exactly(plan, BUDGET) == Margin(
        value=-10_000, cost=2_000, sureness=Sureness.EXACT
    )
    assert one_more(plan, BUDGET).value <= -10_000
    enough = planned(two_courses(people=2), Limits(budget=4_000))
    assert one_more_exactly(enough, BUDGET).value == 0


def test_one_more_seat() -> None:
    """One more seat in the only session takes the second person in."""
    small = evolve(CHEAP, seats=1, sessions=1)
    named = {f"p{n}": ("nurse", {"k": 1}) for n in range(2)}
    plan = planned(ward(named, [asks("nurse", "k", 2)], [small]))
    more = Limit(kind=LimitKind.SEATS, of=("cheap",))
    again = Limit(kind=LimitKind.SESSIONS, of=("cheap",))
    assert {more, again} <= set(limits_of(plan))
    assert one_more_exactly(plan, more).value == -10_000
    assert one_more_exactly(plan, again).value == -10_000


def test_one_more_head() -> None:
    """One more head on the labour market fills one more seat."""
    enterprise = ward(
        {},
        [asks("nurse", "k", 2)],
        seats=[seat("nurse", 20_000)],
        markets=[Market(role=RoleId("nurse"), cost=10, days=30, most=1)],
    )
    plan = planned(enterprise)
    more = one_more_exactly(plan, Limit(kind=LimitKind.MARKET, of=("nurse",)))
    assert (more.value, more.cost) == (-20_000, 10)


def test_one_more_hour() -> None:
    """Seven hours of eight that are needed: one more hour closes the step."""
    long = evolve(CHEAP, hours=8)
    plan = planned(
        ward({"p": ("nurse", {"k": 1})}, [asks("nurse", "k", 2)], [long]), Limits(hours=7)
    )
    hour = Limit(kind=LimitKind.HOURS, of=("p",), period=0)
    assert one_more_exactly(plan, hour).value == -10_000


def test_the_shadow_price_of_the_budget() -> None:
    """A krone is worth the 2,000th part of a step where a step costs 2,000 kroner."""
    plan = planned(two_courses(people=3), Limits(budget=3_000))
    assert shadow_prices(plan) == (Shadow(limit=BUDGET, per_million=5_000_000),)
    assert shadow_prices(planned(two_courses())) == ()


def test_the_range_in_which_a_krone_is_worth_the_same() -> None:
    """Three steps at 2,000 kroner each: the rate holds from nothing to 6,000, and no further."""
    plan = planned(two_courses(people=3), Limits(budget=3_000))
    found = range_of(plan, BUDGET)
    assert found == PriceRange(limit=BUDGET, per_million=5_000_000, now=3_000, least=0, most=6_000)
    assert one_more(plan, BUDGET, 3_000).value == -20_000
    assert one_more(plan, BUDGET, 3_001).value == -20_000
    assert one_more_exactly(plan, BUDGET, 999).value == 0  # whole courses move in jumps
    assert range_of(planned(two_courses(), Limits(budget=9_000)), BUDGET) is None


def test_what_to_relax_names_the_budget_and_by_how_much() -> None:
    """Statutory and 1,500 kroner there: 500 more, and nothing else, has to give."""
    plan = planned(two_courses(statutory=True), Limits(budget=1_500, hours=100))
    relief = what_to_relax(plan)
    assert relief.easings == (Easing(limit=BUDGET, amount=500),)
    assert relief.hopeless == ()
    assert relief.proven


def test_what_no_way_closes_is_said() -> None:
    """What is statutory and has no measure is no matter of limits."""
    enterprise = ward({"p": ("nurse", {"k": 1})}, [asks("nurse", "k", 2, statutory=True)])
    relief = what_to_relax(planned(enterprise))
    assert relief.easings == ()
    assert relief.hopeless == (0,)


def test_drofting_never_gives() -> None:
    """R-5: a drøfting after the plan is no limit that could be widened."""
    late = evolve(CHEAP, affects_operation=True)
    enterprise = evolve(two_courses(statutory=True), measures=[late])
    relief = what_to_relax(planned(enterprise, Limits(budget=0, drofting_by=ON_ANOTHER_DAY)))
    assert relief.easings == ()
    assert relief.hopeless == (0,)


def test_unknown_questions_are_refused() -> None:
    """E503 for an option or a limit that is not there."""
    plan = planned(two_courses())
    for ask in (why_not, why_not_exactly, price_of_forbidding, price_of_forbidding_exactly):
        for place in (-1, len(plan.recommendations)):
            with pytest.raises(Misuse) as refused:
                ask(plan, place)
            assert refused.value.code == "E503"
    with pytest.raises(Misuse) as refused:
        one_more(plan, BUDGET)
    assert refused.value.code == "E503"
    with pytest.raises(Misuse, match="E503"):
        range_of(plan, BUDGET)


def test_sessions_of_what_never_begins_are_no_limit() -> None:
    """A course that waits beyond the plan has no sessions to widen; the other course's still has.

    The case was found by `test_one_more_gives_what_counting_says`.
    """
    late = evolve(DEAR, sessions=1, seats=1, affects_operation=True)
    enterprise = evolve(two_courses(people=2), measures=[late, evolve(CHEAP, sessions=1, seats=1)])
    plan = planned(enterprise, Limits(drofting_by=ON_ANOTHER_DAY))
    (limit,) = [each for each in limits_of(plan) if each.kind is LimitKind.SESSIONS]
    assert limit.of == ("cheap",)
    assert one_more_exactly(plan, limit).value == -10_000
