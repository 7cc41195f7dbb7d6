"""What becomes of a plan when the enterprise or its limits change a little? Laws of proven plans.

All are about the first objective: what is left of the gap, and of the vacant seats.
"""

from typing import Any

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.laws.test_plan_laws import limits, recommended
from tests.oracles.wards import wards

from kompetanse_core.conformance.renaming import Renaming, ids_in
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.plan import Limits, Plan, PlanItem, make_plan, why
from kompetanse_core.plan.gathering import gather
from kompetanse_core.plan.programme import write_programme
from kompetanse_core.plan.scene import set_scene
from kompetanse_core.solver import shrink, solve


def plan_of(enterprise: Enterprise, frame: Limits) -> Plan:
    """The plan of an enterprise; only what is proven says anything here."""
    plan = make_plan(recommended(enterprise), frame)
    assume(plan.proven)
    return plan


@given(wards(), limits, st.data())
def test_one_measure_less_never_betters_the_plan(
    enterprise: Enterprise, frame: Limits, data: st.DataObject
) -> None:
    """The value without a measure is no better; without one that nobody takes, it is the same.

    With no ways of recruiting: what no measure lifts may be carried by somebody hired (G-8), so
    that a measure less may open a way.
    """
    plain = evolve(enterprise, markets=())
    assume(plain.measures)
    gone = data.draw(st.sampled_from(sorted(m.id for m in plain.measures)))
    assume(all(gone not in m.prior for m in plain.measures))
    before = plan_of(plain, frame)
    kept = tuple(m for m in plain.measures if m.id != gone)
    after = plan_of(evolve(plain, measures=kept), frame)
    assert after.value >= before.value
    if all(each.measure != gone for each in before):
        assert after.value == before.value


@given(wards(), limits, st.integers(2, 1_000))
def test_all_prices_may_be_in_another_coin(
    enterprise: Enterprise, frame: Limits, coins: int
) -> None:
    """With every cost and every limit on money so many times as high, the value stays."""
    dearer = evolve(
        enterprise,
        measures=tuple(
            evolve(
                each,
                cost_per_head=each.cost_per_head * coins,
                cost_per_session=each.cost_per_session * coins,
            )
            for each in enterprise.measures
        ),
        markets=tuple(evolve(each, cost=each.cost * coins) for each in enterprise.markets),
    )
    richer = evolve(
        frame,
        budget=None if frame.budget is None else frame.budget * coins,
        period_budgets=tuple(each * coins for each in frame.period_budgets),
    )
    first, second = plan_of(enterprise, frame), plan_of(dearer, richer)
    assert (first.value, first.cost * coins) == (second.value, second.cost)


@given(wards(), limits, wards(), st.integers(0, 9_000))
def test_enterprises_that_share_nothing_add_up(
    one: Enterprise, frame: Limits, other: Enterprise, share: int
) -> None:
    """Two side by side are worth what they are alone; a budget split between them gives no more.

    Who may take a seat in the other's enterprise is shared after all, and can only be a gain.
    """
    apart = Renaming(
        {(kind, each): f"q-{each}" for kind, ids in ids_in(other).items() for each in ids}
    ).apply(other)
    told: dict[str, Any] = {n: (*getattr(one, n), *getattr(apart, n)) for n in PARTS}
    both = evolve(one, **told)
    free = evolve(frame, budget=None, period_budgets=())
    together = plan_of(both, free)
    alone = plan_of(one, free).value + plan_of(apart, free).value
    assert together.value <= alone
    if not any(_crosses(item) for item in together.items):
        assert together.value == alone
    poor, rest = evolve(free, budget=share), evolve(free, budget=9_000 - share)
    split = plan_of(one, poor).value + plan_of(apart, rest).value
    assert plan_of(both, evolve(free, budget=9_000)).value <= split


def _crosses(item: PlanItem) -> bool:
    """Say whether somebody of one enterprise takes a seat in the other."""
    if item.employee is None or item.role is None:
        return False
    return item.employee.startswith("q-") != item.role.startswith("q-")


PARTS = (
    "scales", "competences", "drivers", "needs", "roles", "requirements", "seats", "markets",
    "headcounts", "units", "employees", "engagements", "assessments", "measures",
)  # fmt: skip


@given(wards(), limits)
def test_people_alike_may_be_swapped(enterprise: Enterprise, frame: Limits) -> None:
    """With everybody there twice, the value is the same whichever of two comes first by id."""
    twice = _twice(enterprise, "a-", "b-"), _twice(enterprise, "b-", "a-")
    first, second = (plan_of(each, frame) for each in twice)
    assert first.value == second.value


def _twice(enterprise: Enterprise, *prefixes: str) -> Enterprise:
    """The same people once more under each prefix; of two alike the first wished for nothing."""
    named = [(prefix, each) for prefix in prefixes for each in enterprise.employees]
    return evolve(
        enterprise,
        employees=tuple(evolve(e, id=EmployeeId(prefix + e.id)) for prefix, e in named),
        engagements=tuple(
            evolve(each, employee=EmployeeId(prefix + each.employee))
            for prefix in prefixes
            for each in enterprise.engagements
        ),
        assessments=tuple(
            evolve(each, employee=EmployeeId(prefix + each.employee))
            for prefix in prefixes
            for each in enterprise.assessments
        ),
    )


@given(wards(), limits)
def test_counting_who_is_alike_bounds_the_plan(enterprise: Enterprise, frame: Limits) -> None:
    """The smaller problem, with everybody there twice, is never worse than the proven plan."""
    crowd = _twice(enterprise, "a-", "b-")
    programme = write_programme(gather(set_scene(recommended(crowd), frame)))
    assume(programme.problem.variables)
    found = solve(shrink(programme.problem).problem)
    plan = plan_of(crowd, frame)
    bound = found.bounds[0] if found.bounds else None
    assert bound is None or bound <= plan.value


@given(wards(), limits)
def test_every_item_reaches_a_driver_or_says_that_it_does_not(
    enterprise: Enterprise, frame: Limits
) -> None:
    """A-7, H-8: with no need behind anything, every chain bears the finding; with one, a driver."""
    loose = evolve(
        enterprise,
        requirements=tuple(evolve(r, needs=()) for r in enterprise.requirements),
        headcounts=tuple(evolve(h, needs=()) for h in enterprise.headcounts),
    )
    for parcel in (enterprise, loose):
        plan = make_plan(recommended(parcel), frame)
        for chain in (each for planned in plan for each in why(plan, planned)):
            assert chain.clauses
            assert bool(chain.drivers) != (chain.finding is not None)
            assert parcel is enterprise or chain.finding is not None
