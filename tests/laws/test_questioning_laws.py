"""What is true of every answer about a plan? Bounds hold, exact answers agree with counting."""

from collections.abc import Sequence
from math import gcd

from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.laws.test_plan_laws import (
    MANY,
    Picked,
    everything,
    limits,
    reached,
    recommended,
    sizes_of,
    worth,
)
from tests.oracles.wards import asks, course, ward, wards

from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.plan import (
    Easing,
    Limit,
    LimitKind,
    Limits,
    Sureness,
    WayState,
    limits_of,
    make_plan,
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
from kompetanse_core.plan.choices import Choices
from kompetanse_core.plan.gathering import gather
from kompetanse_core.plan.narrowing import limit_of_store, widened
from kompetanse_core.plan.programme import write_programme
from kompetanse_core.plan.scene import Scene, set_scene
from kompetanse_core.recommendation import Recommendations
from kompetanse_core.solver import Problem, relax

FEW = 300
"""More choices than this are not counted through again and again."""


def best(choices: Choices, allowed: list[Picked]) -> tuple[int, int] | None:
    """The best value and cost of some choices; None if none of them keeps the limits."""
    return min(filter(None, (worth(choices, picked) for picked in allowed)), default=None)


def takes(choices: Choices, ways: Recommendations, picked: Picked, option: int) -> bool:
    """Whether a choice takes a way: a measure does if it lifts in the way's competence."""
    begun, uses, carries, moves, hired = picked
    codes = ways.options.rows.column("competence").tolist()
    lifted = {(pair, lift.competence) for pair, _, lift in reached(choices, begun)}
    for number, pair in enumerate(choices.pairs):
        if option in pair.options and begun[number] is not None:
            taught = codes[option] in [lift.competence for lift in pair.lifts]
            if not taught or (number, codes[option]) in lifted:
                return True
    others = [use.option for use, n in zip(choices.uses, uses, strict=True) if n]
    others += [carry.option for carry, n in zip(choices.carries, carries, strict=True) if n]
    others += [move.option for move, n in zip(choices.moves, moves, strict=True) if n]
    others += [h.option for h, heads in zip(choices.hires, hired, strict=True) if heads]
    return option in others


def begins(choices: Choices, picked: Picked, option: int) -> bool:
    """Whether a choice begins a measure that has the way among what it is for."""
    pairs = zip(choices.pairs, picked[0], strict=True)
    return any(option in pair.options and start is not None for pair, start in pairs)


@given(wards(), limits, st.data())
def test_ruling_a_way_out_costs_what_counting_says(
    enterprise: Enterprise, frame: Limits, data: st.DataObject
) -> None:
    """Exact cost >= bound >= 0, and the exact cost is that of the best choice without the way."""
    ways = recommended(enterprise)
    choices = gather(set_scene(ways, frame))
    assume(len(ways) and sizes_of(choices) <= FEW)
    option = data.draw(st.integers(0, len(ways) - 1))
    every = list(everything(choices))
    without = [
        picked
        for picked in every
        if not begins(choices, picked, option) and not takes(choices, ways, picked, option)
    ]
    all_best, rest = best(choices, every), best(choices, without)
    assert all_best is not None
    assert rest is not None
    plan = make_plan(ways, frame)
    exact, bound = price_of_forbidding_exactly(plan, option), price_of_forbidding(plan, option)
    assert (exact.value, exact.cost) == (rest[0] - all_best[0], rest[1] - all_best[1])
    assert exact.sureness is Sureness.EXACT
    assert exact.value >= bound.value >= 0
    if exact.value == 0 and bound.cost is not None:
        assert (exact.cost or 0) >= bound.cost >= 0


@given(wards(), limits, st.data())
def test_taking_another_way_costs_what_counting_says(
    enterprise: Enterprise, frame: Limits, data: st.DataObject
) -> None:
    """Exact cost >= bound >= 0, and the exact cost is that of the best choice with the way."""
    ways = recommended(enterprise)
    choices = gather(set_scene(ways, frame))
    assume(len(ways) and sizes_of(choices) <= FEW)
    option = data.draw(st.integers(0, len(ways) - 1))
    every = list(everything(choices))
    having = [picked for picked in every if takes(choices, ways, picked, option)]
    all_best, rest = best(choices, every), best(choices, having)
    plan = make_plan(ways, frame)
    at_once, searched = why_not(plan, option), why_not_exactly(plan, option)
    assert all_best is not None
    if searched.standing in (WayState.SET_ASIDE, WayState.NOT_IN_TIME):
        assert not having
    elif searched.standing is WayState.NO_ROOM:
        assert rest is None
    elif searched.difference is not None:
        assert searched.standing is WayState.OPEN
        assert rest is not None
        found = searched.difference.value, searched.difference.cost
        assert found == (rest[0] - all_best[0], rest[1] - all_best[1])
        assert at_once.difference is not None
        assert found[0] >= at_once.difference.value >= 0
        if found[0] == 0 and at_once.difference.cost is not None:
            assert (found[1] or 0) >= at_once.difference.cost >= 0


tight_limits = st.builds(
    Limits,
    budget=st.sampled_from([0, 0, 900, 5_500]),
    hours=st.sampled_from([None, 1, 7]),
    away_percent=st.sampled_from([None, 0]),
    mentor_hours=st.sampled_from([None, 1]),
    period_budgets=st.sampled_from([(), (0, 0, 0, 900)]),
    carried=st.sampled_from([0, 1]),
)


def priced(enterprise: Enterprise) -> Enterprise:
    """Let every measure cost something, and take an hour."""
    dearer = [
        evolve(each, cost_per_head=each.cost_per_head + 1_000, hours=each.hours + 1)
        for each in enterprise.measures
    ]
    return evolve(enterprise, measures=dearer)


@given(wards().map(priced), tight_limits)
def test_what_has_to_give_for_a_way_is_enough_and_no_less_is(
    enterprise: Enterprise, frame: Limits
) -> None:
    """With what gives the way can be taken; with one limit fewer, or a unit less of one, it cannot.

    Where nothing is named, no limit helps. At once and by search the same is said, and only what
    has no room asks anything to give.
    """
    ways, scene = recommended(enterprise), set_scene(recommended(enterprise), frame)
    plan, choices = make_plan(ways, frame), gather(scene)
    if sizes_of(choices) > FEW:
        return
    for option in range(min(6, len(ways))):
        found, at_once = why_not_exactly(plan, option), why_not(plan, option)
        if found.standing is not WayState.NO_ROOM:
            assert found.easings == at_once.easings == ()
            continue
        easings = found.easings
        if easings is None:
            wide = [Easing(limit=limit, amount=_plenty(limit)) for limit in limits_of(plan)]
            assert not fits(scene, choices, ways, option, wide)
            continue
        assert easings
        assert at_once.easings == (easings if at_once.standing is WayState.NO_ROOM else ())
        assert fits(scene, choices, ways, option, easings)
        if len(easings) == 1:
            less = evolve(easings[0], amount=easings[0].amount - 1)
            assert not fits(scene, choices, ways, option, (less,))
        for limit in limits_of(plan) if len(easings) == 2 else ():
            assert not fits(
                scene, choices, ways, option, (Easing(limit=limit, amount=_plenty(limit)),)
            )


def _plenty(limit: Limit) -> int:
    """Enough of a limit for anything here, and not more sessions than can be counted through."""
    return 2 if limit.kind in (LimitKind.SESSIONS, LimitKind.SEATS) else 10**6


def fits(
    scene: Scene, choices: Choices, ways: Recommendations, option: int, easings: Sequence[Easing]
) -> bool:
    """Whether some choice with a way keeps the limits once these give."""
    for easing in easings:
        choices = widened(scene, choices, easing.limit, easing.amount)
    having = (picked for picked in everything(choices) if takes(choices, ways, picked, option))
    return any(worth(choices, picked) is not None for picked in having)


@given(wards(), limits, st.data(), st.integers(1, 5_000))
def test_one_more_gives_what_counting_says(
    enterprise: Enterprise, frame: Limits, data: st.DataObject, amount: int
) -> None:
    """A wider limit gives what the best choice within it gives, and no more than was promised."""
    ways = recommended(enterprise)
    scene = set_scene(ways, frame)
    choices = gather(scene)
    assume(sizes_of(choices) <= FEW)
    plan = make_plan(ways, frame)
    names = limits_of(plan)
    assume(names)
    limit = data.draw(st.sampled_from(names))
    wide = widened(scene, choices, limit, amount)
    before, after = best(choices, list(everything(choices))), best(wide, list(everything(wide)))
    assert before is not None
    assert after is not None
    exact = one_more_exactly(plan, limit, amount)
    assert (exact.value, exact.cost) == (after[0] - before[0], after[1] - before[1])
    assert exact.value <= 0
    assert one_more(plan, limit, amount).value <= exact.value


@given(wards(), limits)
def test_what_has_to_give_is_enough(enterprise: Enterprise, frame: Limits) -> None:
    """Within the eased limits some choice leaves nothing statutory that any way closes."""
    ways = recommended(enterprise)
    plan = make_plan(ways, frame)
    relief = what_to_relax(plan)
    scene = set_scene(ways, frame)
    wide = gather(scene)
    assume(relief.easings is not None and sizes_of(wide) <= MANY // 10)
    for easing in relief.easings or ():
        assert easing.amount > 0
        wide = widened(scene, wide, easing.limit, easing.amount)
    statutory = plan.gaps.rows.column("statutory").tolist()
    wanted = {
        number
        for number, lack in enumerate(wide.lacks)
        if statutory[lack.gap] and lack.gap not in relief.hopeless
    }
    ok = [p for p in everything(wide) if worth(wide, p) is not None]
    assert any(wanted <= whole(wide, picked) for picked in ok)


def whole(choices: Choices, picked: Picked) -> set[int]:
    """The lacks that one lift or move of a choice closes by itself."""
    lifts = [close for _, _, lift in reached(choices, picked[0]) for close in lift.closes]
    closed = {lack for lack, steps in lifts if steps == choices.lacks[lack].missing}
    moves = zip(choices.moves, picked[3], strict=True)
    return closed | {lack for move, n in moves if n for lack in move.closes}


@given(wards(), limits)
def test_every_chain_reaches_a_clause(enterprise: Enterprise, frame: Limits) -> None:
    """Every item's every chain names clauses, and a driver or the finding that there is none."""
    plan = make_plan(recommended(enterprise), frame)
    for planned in plan:
        chains = why(plan, planned)
        assert len(chains) == len(planned.causes)
        for chain in chains:
            assert chain.clauses
            assert bool(chain.drivers) != (chain.finding is not None)


@given(wards(), limits)
def test_shadows_are_of_limits(enterprise: Enterprise, frame: Limits) -> None:
    """Only limits of the plan have a shadow price, each once, and the dearest comes first."""
    plan = make_plan(recommended(enterprise), frame)
    shadows = shadow_prices(plan)
    assert {shadow.limit for shadow in shadows} <= set(limits_of(plan))
    assert len({shadow.limit for shadow in shadows}) == len(shadows)
    prices = [shadow.per_million for shadow in shadows]
    assert prices == sorted(prices, reverse=True)
    assert all(price > 0 for price in prices)


@given(wards(), limits, st.data(), st.integers(1, 40_000))
def test_a_shadow_price_holds_in_its_range_and_promises_too_much_beyond(
    enterprise: Enterprise, frame: Limits, data: st.DataObject, more: int
) -> None:
    """Up to the end of the range the splittable optimum moves by the rate; beyond it, by less."""
    plan = make_plan(recommended(enterprise), frame)
    scene = set_scene(plan.recommendations, frame)
    choices = gather(scene)
    programme = write_programme(choices)
    rows = {
        limit_of_store(scene, choices.keys[store]): row
        for row, store in programme.store_rows.items()
    }
    shadows = [shadow for shadow in shadow_prices(plan) if shadow.limit in rows]
    if not shadows:
        return
    limit = data.draw(st.sampled_from(shadows)).limit
    found = range_of(plan, limit)
    assert found is not None
    assert (found.least or 0) <= found.now
    room = 0 if found.most is None else found.most - found.now
    assert room >= 0
    unit = shared(programme.problem, rows[limit])
    before = splittable(programme.problem)
    for amount in (room, more):
        after = splittable(write_programme(widened(scene, choices, limit, amount)).problem)
        usable = (found.now + amount) // unit - found.now // unit
        gain, promised = before - after, found.per_million * usable * unit / 1_000_000
        slack = 1 + amount / 1_000_000
        assert gain <= promised + slack
        if amount == room:
            assert gain >= promised - slack


def shared(problem: Problem, row: int) -> int:
    """The greatest common divisor of the factors of a row."""
    return gcd(*problem.factor[problem.start[row] : problem.start[row + 1]].tolist())


def splittable(problem: Problem) -> float:
    """What the first objective comes to with splittable choices."""
    first = problem.objectives[0]
    return float(first.factor @ relax(problem).values) + first.offset


COURSES = st.tuples(
    st.integers(1, 3), st.sampled_from([0, 700, 1_000]), st.sampled_from([0, 5_000])
)


@given(
    st.lists(st.tuples(*[st.integers(0, 2)] * 3), min_size=1, max_size=4),
    st.tuples(COURSES, COURSES, COURSES),
    st.integers(0, 12_000),
)
def test_planned_again_within_what_had_to_give_nothing_statutory_is_left(
    held: list[tuple[int, int, int]], offered: list[tuple[int, int, int]], budget: int
) -> None:
    """Where the budget alone has to give: so much more is enough, and a krone less is not."""
    people = {
        f"p{n}": ("nurse", dict(zip("abc", each, strict=True))) for n, each in enumerate(held)
    }
    courses = [
        evolve(
            course(name, (name, 0, 2)), cost_per_head=head, cost_per_session=session, seats=seats
        )
        for name, (seats, head, session) in zip("abc", offered, strict=True)
    ]
    ways = recommended(ward(people, [asks("nurse", c, 2, statutory=True) for c in "abc"], courses))
    plan = make_plan(ways, Limits(budget=budget))
    relief = what_to_relax(plan)
    assert (relief.hopeless, relief.proven) == ((), True)
    if not relief.easings:
        assert plan.split.left == 0
        return
    (easing,) = relief.easings
    assert easing.limit == Limit(kind=LimitKind.BUDGET)
    enough = make_plan(ways, Limits(budget=budget + easing.amount))
    short = make_plan(ways, Limits(budget=budget + easing.amount - 1))
    assert (enough.split.left, what_to_relax(enough).easings) == (0, ())
    assert short.split.left > 0
