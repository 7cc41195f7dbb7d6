"""Who makes up for the heads that a unit is short of? Lifted, moved in or hired, and who leaves."""

from collections.abc import Sequence
from datetime import date
from itertools import product

import numpy as np
import pytest
from attrs import evolve
from tests.oracles.wards import ON, asks, course, heads, seat, ward

from kompetanse_core.gap import find_gaps
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Engagement
from kompetanse_core.model.work import Headcount, Market, Requirement, RoleId
from kompetanse_core.plan import (
    CostBearer,
    EducationClass,
    Limits,
    Mustering,
    Plan,
    Split,
    WayState,
    make_plan,
    searching,
    why,
    why_not,
)
from kompetanse_core.plan.choices import Chosen
from kompetanse_core.plan.gathering import gather
from kompetanse_core.plan.greedy import hurried_choice
from kompetanse_core.plan.owning import NOBODY, owners
from kompetanse_core.plan.programme import Programme, write_programme
from kompetanse_core.plan.scene import set_scene
from kompetanse_core.recommendation import recommend
from kompetanse_core.solver import keeps_limits
from kompetanse_core.strategy import Ground, Strategy, open_options

COURSE = course("c", ("k", 0, 2))
SUMMER = date(2027, 6, 30)
NURSES = {"p": ("nurse", {"x": 1, "k": 0}), "q": ("nurse", {"x": 1, "k": 0})}
X = asks("nurse", "x", 1)


def planned(enterprise: Enterprise, limits: Limits | None = None) -> Plan:
    """The plan of a ward on its day."""
    ways = recommend(open_options(find_gaps(enterprise, on=ON)))
    return make_plan(ways) if limits is None else make_plan(ways, limits)


def short(*headcounts: Headcount) -> Enterprise:
    """Two nurses whose role asks nothing of k, one course in it, and headcounts that do."""
    return ward(NURSES, [X], [COURSE], headcounts=headcounts)


def written(enterprise: Enterprise) -> Programme:
    """The programme of a ward, without limits."""
    ways = recommend(open_options(find_gaps(enterprise, on=ON)))
    return write_programme(gather(set_scene(ways, Limits())))


def codes(plan: Plan) -> list[str]:
    """The codes of what a plan tells."""
    return [found.code for found in plan.findings]


# --- who is lifted ------------------------------------------------------------------------------


def test_a_headcount_lifts_as_many_as_it_asks_and_no_more() -> None:
    """G-8: one of two is lifted, for new work here (A-9), paid by the employer (A-15), by need."""
    plan = planned(short(heads("k", 2, 1)))
    (each,) = plan
    assert (each.strategy, each.mustered, each.steps) == (Strategy.UPSKILL, 1, 0)
    assert (each.education, each.bearer) == (EducationClass.FURTHER, CostBearer.EMPLOYER)
    assert plan.musterings == (Mustering(headcount=0, split=Split(upskill=1)),)
    assert (plan.value, plan.proven, plan.findings) == (0, True, ())


def test_a_head_short_is_worth_the_steps_of_its_level_and_told() -> None:
    """What is left counts in the value, and only then W538 is told."""
    plan = planned(short(heads("k", 2, 3)))
    assert plan.head_split == Split(upskill=2, left=1)
    assert (plan.value, plan.bound, codes(plan)) == (2 * 10_000, 2 * 10_000, ["W538"])
    assert "heads    3 short: use 0, upskill 2" in str(plan)


def test_without_a_need_behind_it_it_is_open_who_pays() -> None:
    """A-7, A-15: a headcount that no need stands behind charges nobody, unless the law asks it."""
    bare = evolve(heads("k", 2, 1), needs=())
    plan = planned(short(bare))
    assert ([each.bearer for each in plan], codes(plan)) == ([CostBearer.OPEN], ["W535"])
    plan = planned(short(evolve(bare, statutory=True)))
    assert [each.bearer for each in plan] == [CostBearer.EMPLOYER]


def test_who_is_not_known_about_counts_and_is_not_lifted() -> None:
    """The least gap: somebody not mapped may hold the level, so nobody need be trained for it."""
    enterprise = ward(
        {"p": ("nurse", {"x": 1}), "q": ("nurse", {"x": 1, "k": 0})},
        [X],
        [COURSE],
        headcounts=[heads("k", 2, 1)],
    )
    plan = planned(enterprise)
    assert (len(plan), plan.musterings, plan.value) == (0, (), 0)
    plan = planned(evolve(enterprise, headcounts=[heads("k", 2, 2)]))
    assert [each.employee for each in plan] == ["q"]


def test_what_one_s_own_role_asks_makes_a_head_too() -> None:
    """One course closes the role's steps and fills the headcount: it is for the role (A-8)."""
    enterprise = ward(
        {"p": ("nurse", {"k": 0})}, [asks("nurse", "k", 1)], [COURSE], headcounts=[heads("k", 2, 1)]
    )
    (each,) = planned(enterprise)
    assert (each.steps, each.mustered, each.role) == (1, 1, "nurse")
    assert each.education is EducationClass.CONTINUING
    assert [ground_of(planned(enterprise), option) for option in each.causes] == [
        Ground.LIFTS,
        Ground.HEADCOUNT,
    ]


def ground_of(plan: Plan, option: int) -> Ground:
    """Why a way is open."""
    return plan.recommendations.options.rows[option].ground


def test_more_heads_than_are_asked_count_no_more() -> None:
    """Two are lifted for their own role, one is short: one of them makes up for it."""
    enterprise = ward(
        {"p": ("nurse", {"k": 0}), "q": ("nurse", {"k": 0})},
        [asks("nurse", "k", 2)],
        [COURSE],
        headcounts=[heads("k", 2, 1)],
    )
    plan = planned(enterprise)
    assert sorted(each.mustered for each in plan) == [0, 1]
    assert plan.head_split == Split(upskill=1)


def test_whoever_is_a_head_already_becomes_no_second_one() -> None:
    """The role asks more of somebody who holds the level: it is climbed, and no head is won."""
    enterprise = ward(
        {"p": ("nurse", {"k": 2})},
        [asks("nurse", "k", 3)],
        [course("d", ("k", 0, 3))],
        headcounts=[heads("k", 2, 2)],
    )
    plan = planned(enterprise)
    assert ([each.steps for each in plan], plan.head_split) == ([1], Split(left=1))


def test_ways_are_open_to_who_is_known_to_lack_the_level_where_heads_are_short() -> None:
    """What is not short, or not known, opens no way; what only leads up closes nothing."""
    first = evolve(course("first", ("x", 0, 1)))
    rungs = [course("a", ("k", 0, 1)), evolve(course("b", ("k", 1, 2)), prior=(first.id,))]
    enterprise = ward(
        {"p": ("nurse", {"x": 1}), "q": ("nurse", {"x": 1, "k": 0}), "r": ("nurse", {"k": 0})},
        [],
        [first, *rungs],
        headcounts=[heads("k", 2, 1), heads("k", 2, 2, unit="house")],
    )
    ways = [
        (way.headcount, way.employee, way.measure, way.ground, way.steps)
        for way in open_options(find_gaps(enterprise, on=ON)).by(Strategy.UPSKILL)
    ]
    assert ways == [
        (0, "q", "a", Ground.LEADS_ON, 0),
        (0, "r", "a", Ground.LEADS_ON, 0),
        (0, "q", "b", Ground.HEADCOUNT, 2),
        (0, "r", "b", Ground.HEADCOUNT, 2),
        (0, "r", "first", Ground.LEADS_ON, 0),
    ]


def test_no_time_still_makes_up_for_heads() -> None:
    """Haste lifts for a headcount too, the heavier level first, and as many as are short."""
    courses = [evolve(course(name, (name, 0, 3)), cost_per_head=100) for name in ("a", "b")]
    people = {name: ("nurse", {"x": 1, "a": 0, "b": 0}) for name in ("p", "q")}
    headcounts = [heads("a", 2, 2), heads("b", 3, 1)]
    enterprise = ward(people, [X], courses, headcounts=headcounts)
    plan = planned(enterprise, Limits(budget=200, seconds=0))
    assert sorted(str(each.measure) for each in plan) == ["a", "b"]
    assert plan.value == 20_000


def test_half_way_to_the_level_makes_no_head() -> None:
    """A head is there or not: both rungs are climbed, or with money for one, none."""
    rungs = [
        evolve(course(name, ("k", level, level + 1)), cost_per_head=100, days=10)
        for level, name in enumerate(("a", "b"))
    ]
    enterprise = ward({"p": ("nurse", {"x": 1, "k": 0})}, [X], rungs, headcounts=[heads("k", 2, 1)])
    plan = planned(enterprise, Limits(budget=200))
    assert [(each.measure, each.mustered) for each in plan] == [("a", 0), ("b", 1)]
    poor = planned(enterprise, Limits(budget=199))
    assert (len(poor), poor.head_split, poor.proven) == (0, Split(left=1), True)


def test_whoever_is_lifted_twice_is_one_head() -> None:
    """Two roads to the level give one head; for two heads two people are needed."""
    roads = [course("c", ("k", 0, 2)), course("d", ("k", 0, 3), ("x", 0, 2))]
    enterprise = ward(
        {"p": ("nurse", {"x": 1, "k": 0})},
        [asks("nurse", "x", 2)],
        roads,
        headcounts=[heads("k", 2, 2)],
    )
    plan = planned(enterprise)
    assert ([each.measure for each in plan], plan.head_split) == (["d"], Split(upskill=1, left=1))


def test_one_person_may_be_a_head_of_several_headcounts() -> None:
    """In the unit and in the house above it: each counts the same person."""
    plan = planned(short(heads("k", 1, 1), heads("k", 2, 1, unit="house")))
    assert [(each.employee, each.mustered) for each in plan] == [("p", 2)]
    assert [each.split for each in plan.musterings] == [Split(upskill=1)] * 2


def test_people_of_another_unit_are_no_heads() -> None:
    """Nobody works in v, so nobody can be lifted for it."""
    plan = planned(short(heads("k", 2, 1, unit="v")))
    assert (len(plan), plan.head_split) == (0, Split(left=1))


def test_the_heavier_level_comes_first() -> None:
    """With money for one, the head that is worth more is made."""
    courses = [evolve(course(name, (name, 0, 3)), cost_per_head=100) for name in ("a", "b")]
    people = {"p": ("nurse", {"x": 1, "a": 0, "b": 0})}
    headcounts = [heads("a", 2, 1), heads("b", 3, 1)]
    plan = planned(ward(people, [X], courses, headcounts=headcounts), Limits(budget=100))
    assert ([each.measure for each in plan], plan.value) == (["b"], 20_000)


# --- who comes and who leaves -------------------------------------------------------------------


def test_somebody_hired_is_a_head_where_the_role_asks_the_level() -> None:
    """G-8: the seat is filled and the headcount with it; a role that asks less brings no head."""
    market = Market(role=RoleId("nurse"), cost=100, days=30)
    seats, count = [seat("nurse", 20_000, unit="u")], heads("k", 2, 1, unit="house")
    people = {"p": ("nurse", {"k": 0})}

    def plan(level: int) -> Plan:
        asked = [asks("nurse", "k", level)]
        return planned(ward(people, asked, seats=seats, markets=[market], headcounts=[count]))

    (hire,) = plan(2)
    assert (hire.strategy, hire.mustered) == (Strategy.RECRUIT, 1)
    assert (plan(2).head_split, plan(2).value) == (Split(recruit=1), 0)
    assert (plan(1).head_split, plan(1).value) == (Split(left=1), 20_000)


def leaving(
    held: int, *headcounts: Headcount, asked: Sequence[Requirement] = (), unit: str = "v"
) -> Enterprise:
    """A clerk whose seat ends in the summer, and a vacant nurse's seat that asks k at 2."""
    return ward(
        {"p": ("clerk", {"k": held, "y": 1})},
        [asks("nurse", "k", 2), asks("clerk", "y", 1), *asked],
        [COURSE],
        seats=[seat("clerk", 10_000, SUMMER), seat("nurse", 10_000, unit=unit)],
        headcounts=headcounts,
    )


@pytest.mark.parametrize(("held", "split"), [(2, Split(use=1)), (0, Split(reskill=1))])
def test_whoever_moves_in_is_a_head_there(held: int, split: Split) -> None:
    """Who holds what the seat asks is used; who learns it on the way is redeveloped (G-10)."""
    plan = planned(leaving(held, heads("k", 2, 1, unit="v")))
    assert (plan.head_split, plan.value) == (split, 0)
    assert [each.mustered for each in plan if each.seats] == [1]
    develop, _, redevelop = plan.answers()
    assert (develop.heads, redevelop.heads) == (split.use, split.reskill)


def test_nobody_comes_to_a_seat_that_is_full_without_them() -> None:
    """Half a seat brings one head, though two would move there and be counted."""
    enterprise = ward(
        {"p": ("clerk", {"k": 2, "y": 1}), "q": ("clerk", {"k": 2, "y": 1})},
        [asks("nurse", "k", 2), asks("clerk", "y", 1)],
        seats=[seat("clerk", 20_000, SUMMER), seat("nurse", 5_000, unit="v")],
        headcounts=[heads("k", 2, 2, unit="v")],
    )
    plan = planned(enterprise)
    assert ([each.seats for each in plan], plan.head_split) == ([5_000], Split(use=1, left=1))


@pytest.mark.parametrize(("vacant", "come"), [(10_000, [5_000] * 2), (15_000, [5_000, 10_000])])
def test_a_seat_takes_all_who_are_needed(vacant: int, come: list[int]) -> None:
    """Two in half posts fill one; of one in a whole post and two in half ones, two are enough."""
    shares = {"p": 5_000, "q": 5_000, "r": 10_000}
    enterprise = ward(
        {name: ("clerk", {"k": 2, "y": 1}) for name in shares},
        [asks("nurse", "k", 2), asks("clerk", "y", 1)],
        seats=[seat("clerk", 20_000, SUMMER), seat("nurse", vacant, unit="v")],
        headcounts=[heads("k", 2, 3, unit="v")],
    )
    posts = [evolve(e, share=shares[str(e.employee)]) for e in enterprise.engagements]
    plan = planned(evolve(enterprise, engagements=posts))
    assert (sorted(each.seats for each in plan), plan.head_split) == (come, Split(use=2, left=1))


def test_whoever_moves_out_leaves_a_head_short() -> None:
    """What a move takes is short too, and told: the seat is worth two steps, the head one."""
    plan = planned(leaving(2, heads("k", 1, 1)))
    assert (plan.seat_split.own, plan.head_split) == (10_000, Split(left=1))
    assert (plan.value, codes(plan)) == (10_000, ["W538"])


def test_nobody_moves_where_more_is_lost_than_filled() -> None:
    """The three heads are worth four steps, the seat two."""
    plan = planned(leaving(2, heads("k", 2, 1), heads("y", 1, 1), heads("k", 1, 1)))
    assert (len(plan), plan.musterings, plan.value) == (0, (), 20_000)


def test_a_move_below_the_same_house_loses_nobody() -> None:
    """The house counts the person before and after."""
    plan = planned(leaving(2, heads("k", 2, 1, unit="house")))
    assert (plan.seat_split.own, plan.musterings, plan.findings) == (10_000, (), ())
    more = planned(leaving(2, heads("k", 2, 2, unit="house")))
    assert (more.seat_split.own, more.head_split) == (10_000, Split(left=1))


def test_whoever_learns_and_leaves_is_no_head() -> None:
    """The course that leads to the new seat makes no head in the unit that is left."""
    plan = planned(leaving(0, heads("k", 1, 1)))
    assert (plan.seat_split.reskill, plan.head_split) == (10_000, Split(left=1))
    assert plan.value == 10_000
    stays = planned(leaving(0, heads("k", 1, 1), heads("k", 2, 1)))
    assert (stays.seat_split.vacant, stays.head_split) == (10_000, Split(upskill=2))
    assert stays.value == 20_000


def test_whoever_stays_in_part_is_still_there() -> None:
    """Half a vacant seat takes half of a full-time clerk: the other half is a head as before."""
    enterprise = evolve(
        leaving(2, heads("k", 2, 1)),
        seats=[seat("clerk", 10_000, SUMMER), seat("nurse", 5_000, unit="v")],
    )
    plan = planned(enterprise)
    assert (plan.seat_split.own, plan.musterings) == (5_000, ())


def test_whoever_works_elsewhere_in_the_unit_is_still_there() -> None:
    """Another role in the same unit keeps the person there when the first is left."""
    enterprise = leaving(2, heads("k", 2, 1), asked=[asks("guard", "y", 1)])
    (clerk,) = enterprise.engagements
    half = [
        Engagement(employee=clerk.employee, unit=clerk.unit, role=RoleId(role), share=5_000)
        for role in ("clerk", "guard")
    ]
    plan = planned(evolve(enterprise, engagements=half))
    assert (plan.seat_split.own, plan.musterings) == (5_000, ())


@pytest.mark.parametrize(("held", "split"), [(2, Split(left=1)), (0, Split(reskill=1))])
def test_where_the_law_asks_whoever_moves_in_learns_it_on_the_way(held: int, split: Split) -> None:
    """B-6: what follows from something else that is held may not do, so it is not counted on."""
    plan = planned(leaving(held, heads("k", 2, 1, unit="v", statutory=True)))
    assert plan.head_split == split


def test_a_head_is_about_the_person_who_is_lifted() -> None:
    """Whoever is asked alone at the prices of what is shared answers for being a head too."""
    roads = [course(name, ("k", 0, 2)) for name in ("c", "d")]
    enterprise = ward(NURSES, [X], roads, headcounts=[heads("k", 2, 1)])
    programme = written(enterprise)
    people = [
        programme.choices.pairs[programme.choices.starts[head.lifts[0]].pair].person
        for head in programme.heads
    ]
    owner = owners(programme)
    assert [owner[head.variable] for head in programme.heads] == people == [0, 1]
    assert [owner[count.variable] for count in programme.counts] == [NOBODY]


def test_who_learns_and_leaves_is_written_as_no_head() -> None:
    """A choice of course and move is an answer that keeps the limits, with a head short."""
    programme = written(leaving(0, heads("k", 1, 1)))
    ((pair, _),) = programme.choices.moves[0].legs
    begun = frozenset(programme.choices.pairs[pair].starts[:1])
    answer = programme.answer(Chosen(starts=begun, moves=frozenset({0})))
    assert keeps_limits(programme.problem, np.array(answer, dtype=np.int64))
    assert [answer[count.variable] for count in programme.counts] == [1]


@pytest.mark.parametrize(("vacant", "heads_hired"), [(10_000, 0), (10_001, 1), (20_001, 2)])
def test_haste_hires_nobody_who_makes_a_move_needless(vacant: int, heads_hired: int) -> None:
    """Beside somebody who moves there in half a post, only who leaves that half needed is hired."""
    enterprise = ward(
        {"p": ("clerk", {"k": 2, "y": 1})},
        [asks("nurse", "k", 2), asks("clerk", "y", 1)],
        seats=[seat("clerk", 10_000, SUMMER), seat("nurse", vacant, unit="v")],
        markets=[Market(role=RoleId("nurse"), cost=100, days=30)],
    )
    posts = [evolve(each, share=5_000) for each in enterprise.engagements]
    programme = written(evolve(enterprise, engagements=posts))
    hurried = hurried_choice(programme.choices, Chosen(moves=frozenset({0}), hired=(0,)))
    assert hurried.hired == (heads_hired,)
    answer = np.array(programme.answer(hurried), dtype=np.int64)
    assert keeps_limits(programme.problem, answer)


# --- questions and effort -----------------------------------------------------------------------


def test_the_three_questions_count_heads() -> None:
    """G-3, G-8: heads of those that were short, by question."""
    develop, recruit, redevelop = planned(short(heads("k", 2, 3))).answers()
    assert (develop.heads, recruit.heads, redevelop.heads) == (2, 0, 0)
    assert develop.heads_of == 3


def test_a_chain_leads_from_the_course_to_the_headcount_and_its_driver() -> None:
    """X-5: the lack behind the item is the headcount, with its need and what raised it."""
    plan = planned(short(heads("k", 2, 1)))
    (chain,) = why(plan, plan.items[0])
    assert (chain.headcount, chain.why) == (plan.gaps.headcounts[0], None)
    assert [driver.id for driver in chain.drivers] == ["law"]
    assert chain.finding is None


def test_the_other_person_could_have_been_lifted_at_no_more() -> None:
    """R-6: each of two alike could be the head; the way of the other is open at no difference."""
    plan = planned(short(heads("k", 2, 1)))
    (each,) = plan
    rows = plan.recommendations.options.rows
    (other,) = (
        place
        for place, option in enumerate(rows)
        if option.headcount == 0 and option.employee not in (None, each.employee)
    )
    verdict = why_not(plan, other)
    assert verdict.standing is WayState.OPEN
    assert verdict.difference is not None
    assert (verdict.difference.value, verdict.difference.cost) == (0, 0)


@pytest.mark.parametrize("most", [searching.MOST_PEOPLE, 0])
@pytest.mark.parametrize(("count", "budget"), [*product((2, 5, 9), (600, 2_500))])
def test_large_plans_count_heads(
    monkeypatch: pytest.MonkeyPatch, most: int, count: int, budget: int
) -> None:
    """Priced person by person, or shrunk and handed out: the row that all share is kept."""
    people = {f"p{n}": ("nurse", {"x": n % 3, "k": n % 2}) for n in range(12)}
    courses = [
        evolve(course("c", ("k", 0, 2)), cost_per_head=300),
        evolve(course("d", ("k", 1, 2), ("x", 0, 2)), cost_per_head=200),
        evolve(course("e", ("x", 0, 2)), cost_per_head=100, cost_per_session=90, seats=4),
    ]
    headcounts = [heads("k", 2, count), heads("x", 2, 6, unit="house")]
    enterprise = ward(people, [asks("nurse", "x", 2)], courses, headcounts=headcounts)
    exact = planned(enterprise, Limits(budget=budget))
    monkeypatch.setattr(searching, "LARGE", 0)
    monkeypatch.setattr(searching, "MOST_PEOPLE", most)
    rounded = planned(enterprise, Limits(budget=budget))
    assert exact.proven
    assert rounded.bound <= exact.value <= rounded.value
    assert rounded.cost <= budget
