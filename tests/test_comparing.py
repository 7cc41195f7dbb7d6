"""Develop, recruit, or both? Three plans side by side, and what they have in common."""

from attrs import evolve
from hypothesis import given
from tests.laws.test_plan_laws import limits, recommended
from tests.oracles.wards import asks, course, seat, ward, wards

from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.work import Market, RoleId
from kompetanse_core.plan import Limits, compare_strategies, make_plan
from kompetanse_core.strategy import Strategy


def both_ways() -> Enterprise:
    """Somebody to train, and a seat to fill."""
    return ward(
        {"p": ("nurse", {"k": 1})},
        [asks("nurse", "k", 2)],
        [evolve(course("c", ("k", 0, 2)), cost_per_head=1_000)],
        seats=[seat("nurse", 20_000)],
        markets=[Market(role=RoleId("nurse"), cost=10_000, days=30)],
    )


def test_each_way_alone_does_its_own_part() -> None:
    """The course closes the step, the hire fills the seat; the mix does both."""
    found = compare_strategies(recommended(both_ways()))
    assert (found.develop.split.upskill, found.develop.seat_split.vacant) == (1, 10_000)
    assert (found.recruit.split.upskill, found.recruit.seat_split.recruit) == (0, 10_000)
    assert (found.mix.split.left, found.mix.seat_split.vacant) == (0, 0)
    assert [found.develop.cost, found.recruit.cost, found.mix.cost] == [1_000, 10_000, 11_000]
    assert found.only_together == 0


def test_the_comparison_reads_as_a_table() -> None:
    """A line for each, with steps, shares and kroner."""
    written = str(compare_strategies(recommended(both_ways()))).splitlines()
    assert [line.split()[0] for line in written] == ["way", "develop", "recruit", "mix"]
    assert written[1].split() == ["develop", "1", "0", "0", "10000", "1000"]
    assert written[3].split() == ["mix", "1", "0", "10000", "0", "11000"]


@given(wards(), limits)
def test_all_three_add_up_to_the_same(enterprise: Enterprise, frame: Limits) -> None:
    """Steps and shares sum alike; each keeps to its strategies; the mix is no worse than either."""
    ways = recommended(enterprise)
    found = compare_strategies(ways, frame)
    plans = (found.develop, found.recruit, found.mix)
    assert {plan.split.missing for plan in plans} == {found.mix.gaps.total.missing}
    assert {plan.seat_split.total for plan in plans} == {
        sum(each.vacant for each in found.mix.gaps.seats)
    }
    assert Strategy.RECRUIT not in {planned.strategy for planned in found.develop}
    assert {planned.strategy for planned in found.recruit} <= {Strategy.RECRUIT}
    assert found.develop.split.recruit == found.develop.seat_split.recruit == 0
    assert found.recruit.split.closed == found.recruit.split.recruit
    if found.mix.proven:
        assert found.mix.value <= min(found.develop.value, found.recruit.value)
    assert found.mix.items == make_plan(ways, frame).items
