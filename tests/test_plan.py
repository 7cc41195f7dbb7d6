"""What is to be done within limits? Each limit by itself, and what an item says of itself."""

import signal
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from tests.oracles.wards import KNOWN, ON, asks, course, seat, ward

from kompetanse_core.errors import Misuse, SolverFailed
from kompetanse_core.gap import By, find_gaps
from kompetanse_core.model.competence import EvidenceKind
from kompetanse_core.model.cooperation import (
    Event,
    EventId,
    EventKind,
    Matter,
    MatterId,
    MatterKind,
    Register,
    Side,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Measure, MeasureId, Mode
from kompetanse_core.model.people import EmployeeId, Wish
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Aim, Market, RoleId
from kompetanse_core.plan import (
    Agreement,
    ConditionKind,
    CostBearer,
    EducationClass,
    Limits,
    Plan,
    PlanItem,
    Question,
    Responsible,
    Split,
    make_plan,
    searching,
    stop_on_ctrl_c,
)
from kompetanse_core.recommendation import Recommendations, recommend
from kompetanse_core.solver import Problem, Progress, Solution, solve
from kompetanse_core.strategy import Strategy, open_options


def planned(enterprise: Enterprise, limits: Limits | None = None) -> Plan:
    """The plan of a ward on its day."""
    ways = recommend(open_options(find_gaps(enterprise, on=ON)))
    return make_plan(ways) if limits is None else make_plan(ways, limits)


def one(measure: Measure, *, people: int = 1) -> Enterprise:
    """People who all lack one step of k, and one measure."""
    named = {f"p{n}": ("nurse", {"k": 1}) for n in range(people)}
    return ward(named, [asks("nurse", "k", 2)], [measure])


def trained(plan: Plan) -> list[PlanItem]:
    """The measures for people that a plan holds."""
    return [each for each in plan if each.employee and each.measure]


COURSE = course("c", ("k", 0, 2))

# --- limits -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"budget": -1}, "E506"),
        ({"budget": 1.5}, "E501"),
        ({"budget": 10**13}, "E509"),
        ({"periods": 0}, "E506"),
        ({"periods": 61}, "E508"),
        ({"months": 0}, "E506"),
        ({"hours": -1}, "E506"),
        ({"period_budgets": (1, 2)}, "E508"),
        ({"period_budgets": (1, -2, 3, 4)}, "E506"),
        ({"seconds": -1}, "E506"),
        ({"tolerance": True}, "E501"),
    ],
)
def test_limits_refuse_what_cannot_be(wrong: dict[str, Any], code: str) -> None:
    """A limit is a whole number that can be kept."""
    with pytest.raises(Misuse, match=code):
        Limits(**wrong)


def test_periods_end_with_the_month() -> None:
    """The 31st becomes the last day of a shorter month, and comes back."""
    days = Limits(periods=3, months=1).starts(date(2027, 12, 31))
    assert days == (date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31))


def test_the_budget_decides_how_many() -> None:
    """Two of three can be paid for; the third is left over."""
    plan = planned(one(evolve(COURSE, cost_per_head=1_000), people=3), Limits(budget=2_999))
    assert (plan.cost, plan.split) == (2_000, Split(upskill=2, left=1))
    assert (plan.value, plan.bound, plan.proven) == (10_000, 10_000, True)


def test_the_cheaper_of_equals_is_taken() -> None:
    """The second objective: the same gap for less money."""
    dear = evolve(course("a", ("k", 0, 2)), cost_per_head=9_000)
    cheap = evolve(course("b", ("k", 0, 3)), cost_per_head=8_000)
    enterprise = ward({"p": ("nurse", {"k": 1})}, [asks("nurse", "k", 2)], [dear, cheap])
    assert [each.measure for each in planned(enterprise)] == ["b"]


def test_nothing_is_paid_that_closes_nothing() -> None:
    """The dearer start that HiGHS hands back as its best is held against its own bound."""
    rungs = [
        evolve(course(name, ("k", level, level + 1)), cost_per_head=2_000, days=1)
        for level, name in enumerate(("a", "b"))
    ]
    plan = planned(
        ward(
            {"p": ("old", {"k": 0, "y": 1}), "q": ("old", {"k": 1, "y": 1})},
            [asks("new", "k", 2), asks("old", "y", 1)],
            rungs,
            seats=[seat("old", 20_000, date(2027, 6, 30)), seat("new", 5_000, unit="v")],
        ),
        Limits(hours=1),
    )
    assert (plan.value, plan.cost) == (0, 2_000)


def test_weight_decides_who_comes_first() -> None:
    """With money for one, the heavier requirement is closed, not the cheaper."""
    courses = [
        evolve(course("a", ("a", 0, 1)), cost_per_head=10),
        evolve(course("b", ("b", 0, 1)), cost_per_head=90),
    ]
    people = {"p": ("nurse", {"a": 0, "b": 0})}
    enterprise = ward(people, [asks("nurse", "a", 1), asks("nurse", "b", 1, weight=2)], courses)
    assert [each.measure for each in planned(enterprise, Limits(budget=99))] == ["b"]


def test_a_wish_decides_among_equals() -> None:
    """H-7: what the person has asked for is taken where nothing else sets ways apart."""
    plain = ward(
        {"p": ("nurse", {"k": 1})},
        [asks("nurse", "k", 2)],
        [course("a", ("k", 0, 2)), course("b", ("k", 0, 2))],
    )
    wish = Wish(employee=EmployeeId("p"), measure="b", stated=KNOWN.date(), recorded=KNOWN)
    assert [each.measure for each in planned(evolve(plain, wishes=(wish,)))] == ["b"]


def test_money_that_a_period_leaves_is_carried_over() -> None:
    """What comes in the first and third period pays for a course in the first and the fourth."""
    enterprise = one(evolve(COURSE, cost_per_head=1_000), people=2)
    plan = planned(enterprise, Limits(period_budgets=(1_500, 0, 500, 0)))
    assert sorted(each.start for each in plan) == [ON, date(2027, 7, 1)]


def test_a_session_is_paid_once_for_all_in_it() -> None:
    """Three people in sessions of two: two sessions, shown as an item of its own."""
    plan = planned(one(evolve(COURSE, cost_per_session=4_000, seats=2), people=3))
    (session,) = [each for each in plan if each.employee is None]
    assert (session.sessions, session.heads, session.cost, plan.cost) == (2, 3, 8_000, 8_000)
    assert session.responsible is Responsible.ENTERPRISE
    assert [each.cost for each in trained(plan)] == [0, 0, 0]


def test_those_who_need_not_wait_do_so_to_share_a_session() -> None:
    """With money for one session only, it is held when the slowest can come."""
    first = evolve(course("a", ("k", 0, 1)), days=10)
    second = evolve(course("b", ("k", 1, 2)), cost_per_session=1_000, seats=2)
    people = {"p": ("nurse", {"k": 0}), "q": ("nurse", {"k": 1})}
    plan = planned(ward(people, [asks("nurse", "k", 2)], [first, second]), Limits(budget=1_000))
    assert plan.split == Split(upskill=3)
    assert {each.start for each in plan if each.measure == "b"} == {date(2027, 4, 1)}


def test_no_more_sessions_are_held_than_there_are() -> None:
    """One session of one seat trains one of two."""
    plan = planned(one(evolve(COURSE, seats=1, sessions=1), people=2))
    assert plan.split == Split(upskill=1, left=1)


def test_a_person_s_hours_spread_over_the_periods() -> None:
    """Forty hours a period leave room for one of two courses in each."""
    courses = [evolve(course(name, (name, 0, 1)), hours=40, days=10) for name in ("a", "b")]
    asked = [asks("nurse", "a", 1), asks("nurse", "b", 1)]
    enterprise = ward({"p": ("nurse", {"a": 0, "b": 0})}, asked, courses)
    plan = planned(enterprise, Limits(hours=40))
    assert [each.start for each in plan] == [ON, date(2027, 4, 1)]
    assert planned(enterprise, Limits(hours=39)).split == Split(left=2)


def test_a_long_measure_takes_its_hours_in_every_period() -> None:
    """A hundred hours over a year are 25 in each of four periods, and no more fit beside them."""
    long = evolve(course("a", ("a", 0, 1)), hours=100, days=360)
    enterprise = ward({"p": ("nurse", {"a": 0})}, [asks("nurse", "a", 1)], [long])
    assert len(planned(enterprise, Limits(hours=25))) == 1
    assert len(planned(enterprise, Limits(hours=24))) == 0


def test_the_unit_keeps_its_cover() -> None:
    """Ten per cent of two people's hours in a quarter is 84: learning in the work is not away."""
    enterprise = one(evolve(COURSE, hours=60, days=1), people=2)
    starts = [each.start for each in planned(enterprise, Limits(away_percent=10))]
    assert starts == [ON, date(2027, 4, 1)]
    at_work = one(evolve(COURSE, hours=60, days=1, mode=Mode.WORK), people=2)
    assert [each.start for each in planned(at_work, Limits(away_percent=10))] == [ON, ON]


def test_a_mentor_must_hold_what_is_learnt() -> None:
    """R-12: no mentor, no mentoring; and a mentor's hours are limited."""
    mentored = evolve(COURSE, mentor_hours=20, days=10)
    assert len(planned(one(mentored, people=2))) == 0
    people = {"p": ("nurse", {"k": 1}), "q": ("nurse", {"k": 1}), "m": ("boss", {"k": 2})}
    asked = [asks("nurse", "k", 2), asks("boss", "k", 2)]
    plan = planned(ward(people, asked, [mentored]), Limits(mentor_hours=20))
    assert [each.start for each in plan] == [ON, date(2027, 4, 1)]


def test_rungs_are_climbed_in_order() -> None:
    """A-6: the second course begins when the first has ended, in a later period."""
    first = evolve(course("a", ("k", 0, 2)), days=20)
    second = evolve(course("b", ("k", 2, 4)), days=20)
    plan = planned(ward({"p": ("nurse", {"k": 0})}, [asks("nurse", "k", 4)], [second, first]))
    assert [(each.measure, each.steps) for each in plan] == [("a", 2), ("b", 2)]
    assert [each.start for each in plan] == [ON, date(2027, 4, 1)]
    assert [(lift.held, lift.reach) for each in plan for lift in each.lifts] == [(0, 2), (2, 4)]


def test_prior_measures_come_before_and_close_nothing() -> None:
    """A prior measure is planned for what it leads to, with the same cause."""
    first, second = course("a", ("x", 0, 1)), evolve(COURSE, prior=(MeasureId("a"),))
    plan = planned(ward({"p": ("nurse", {"k": 1})}, [asks("nurse", "k", 2)], [first, second]))
    assert [(each.measure, each.steps) for each in plan] == [("a", 0), ("c", 1)]


def test_measures_that_need_one_another_are_never_begun() -> None:
    """A circle of priors cannot be entered, even where nothing takes any time."""
    a = evolve(course("a", ("k", 0, 2)), prior=(MeasureId("b"),))
    b = evolve(course("b", ("k", 0, 2)), prior=(MeasureId("a"),))
    enterprise = ward({"p": ("nurse", {"k": 1})}, [asks("nurse", "k", 2)], [a, b])
    assert len(planned(enterprise)) == 0


# --- drøfting -----------------------------------------------------------------------------------


def consulted(*, bound: bool = False, sides: tuple[Side, ...] = tuple(Side)) -> Enterprise:
    """A measure that affects daily operation, drøftet on 15 February."""
    matter = Matter(
        id=MatterId("s"), label=Text("Sak"), kind=MatterKind.MEASURE, measures=(MeasureId("c"),)
    )
    event = Event(
        id=EventId("e"),
        kind=EventKind.CONSULTATION,
        on=date(2027, 2, 15),
        sides=sides,
        matters=(matter.id,),
        bound=bound,
    )
    plain = one(evolve(COURSE, affects_operation=True))
    return evolve(plain, matters=(matter,), register=Register(events=(event,)))


def test_what_touches_operation_waits_for_its_drøfting() -> None:
    """R-5: it starts on the day of the recorded drøfting."""
    (each,) = planned(consulted(), Limits(drofting_by=date(2027, 5, 1)))
    assert (each.start, each.drofting_from, each.needs_drofting) == (*[date(2027, 2, 15)] * 2, True)


@pytest.mark.parametrize("enterprise", [consulted(bound=True), consulted(sides=(Side.MANAGEMENT,))])
def test_a_drøfting_that_was_none_does_not_count(enterprise: Enterprise) -> None:
    """X-4: bound in advance, or held by one side alone, is no drøfting: the limit's day holds."""
    (each,) = planned(enterprise, Limits(drofting_by=date(2027, 5, 1)))
    assert each.start == date(2027, 5, 1)


def test_without_any_day_the_plan_still_proposes() -> None:
    """A plan is a proposal: it says that a drøfting is needed, and only `decide` stops."""
    (each,) = planned(one(evolve(COURSE, affects_operation=True)))
    assert (each.start, each.needs_drofting) == (ON, True)


# --- use, recruit, reskill ----------------------------------------------------------------------


def test_a_colleague_carries_only_so_much() -> None:
    """Use costs nothing, but one colleague takes over at most what the limits say."""
    people = {f"p{n}": ("nurse", {"k": 1}) for n in range(3)} | {"q": ("clerk", {"k": 2})}
    enterprise = ward(people, [asks("nurse", "k", 2), asks("clerk", "x", 1)])
    assert planned(enterprise, Limits(carried=2)).split == Split(use=2, left=1)


def vacancy(cost: int = 10_000, days: int = 30) -> Enterprise:
    """A vacant full-time seat for a nurse, beside a nurse whose lack no measure lifts."""
    market = Market(role=RoleId("nurse"), cost=cost, days=days, yield_percent=50)
    people = {"p": ("nurse", {"k": 1})}
    return ward(people, [asks("nurse", "k", 2)], seats=[seat("nurse", 20_000)], markets=[market])


def test_a_hire_fills_the_seat_and_carries_what_no_measure_lifts() -> None:
    """G-8: the seat is filled, and somebody new carries the step; the yield doubles the cost."""
    plan = planned(vacancy())
    (hire,) = plan
    assert (hire.strategy, hire.heads, hire.cost, hire.seats) == (
        Strategy.RECRUIT,
        1,
        20_000,
        10_000,
    )
    assert (plan.split, plan.seat_split.recruit) == (Split(recruit=1), 10_000)
    assert hire.criterion.seats == 10_000


def test_nobody_is_hired_who_comes_too_late_or_costs_too_much() -> None:
    """A market that cannot fill the seat within the plan fills none; the budget holds too."""
    assert len(planned(vacancy(days=400))) == 0
    plan = planned(vacancy(), Limits(budget=19_999))
    assert (len(plan), plan.seat_split.vacant) == (0, 10_000)
    assert plan.value == 10_000 * 2 + 10_000


def test_whoever_moves_learns_first_and_leaves_the_old_gap_behind() -> None:
    """G-10: after the course the seat is filled; what the old role lacked is closed by the move."""
    enterprise = ward(
        {"p": ("clerk", {"k": 0, "y": 1})},
        [asks("nurse", "k", 2), asks("clerk", "y", 2)],
        [evolve(COURSE, days=30)],
        seats=[seat("clerk", 10_000, date(2027, 6, 30)), seat("nurse", 10_000)],
    )
    plan = planned(enterprise)
    learning, move = plan
    assert (learning.strategy, learning.education) == (Strategy.RESKILL, EducationClass.FURTHER)
    assert (move.role, move.start, move.seats, move.steps) == (
        "nurse",
        date(2027, 1, 31),
        10_000,
        1,
    )
    assert (plan.split, plan.seat_split.reskill) == (Split(reskill=1), 10_000)


def test_a_proof_below_the_level_leads_to_no_seat() -> None:
    """A course that proves less than a seat asks, for who holds that much, ends no climb."""
    proof = EvidenceKind.COURSE
    low = evolve(course("low", ("k", 0, 1)), confers=frozenset({proof}))
    high = evolve(course("high", ("k", 0, 2)), confers=frozenset({proof}))

    def seated(*courses: Measure) -> int:
        enterprise = ward(
            {"p": ("clerk", {"k": 2, "y": 1})},
            [asks("nurse", "k", 2, proof=[proof]), asks("clerk", "y", 1)],
            courses,
            seats=[seat("clerk", 10_000, date(2027, 6, 30)), seat("nurse", 10_000)],
        )
        return planned(enterprise).seat_split.reskill

    assert (seated(low), seated(low, high)) == (0, 10_000)


# --- what an item says --------------------------------------------------------------------------


def test_an_item_says_who_pays_who_answers_and_how_it_is_judged() -> None:
    """A-8, A-13 to A-15, K-3: for one's own task, by need, it is etterutdanning and paid for."""
    (each,) = planned(one(evolve(COURSE, aims=(Aim.MASTERY,), days=5, cost_per_head=700)))
    assert (each.education, each.bearer) == (EducationClass.CONTINUING, CostBearer.EMPLOYER)
    assert (each.responsible, each.aims) == (Responsible.JOINT, (Aim.MASTERY,))
    assert (each.criterion.due, each.criterion.lifts) == (date(2027, 1, 6), each.lifts)
    assert (each.unit, each.role, each.cost) == ("u", "nurse", 700)


def test_without_a_need_it_is_open_who_pays_and_told() -> None:
    """A-7, A-15: what no need stands behind is not charged to anybody, and a finding says so."""
    enterprise = ward(
        {"p": ("nurse", {"k": 1})}, [evolve(asks("nurse", "k", 2), needs=())], [COURSE]
    )
    plan = planned(enterprise)
    assert [each.bearer for each in plan] == [CostBearer.OPEN]
    assert [found.code for found in plan.findings] == ["W535"]


def test_a_plan_that_charges_the_employee_is_seen() -> None:
    """A-15: education that the enterprise needs, at the employee's cost, is pointed at."""
    plan = planned(one(COURSE))
    (each,) = plan
    charged = evolve(plan, items=(evolve(each, bearer=CostBearer.EMPLOYEE),))
    assert (plan.wrongly_charged, charged.wrongly_charged) == ((), charged.items)


def test_what_is_statutory_is_never_left_in_silence() -> None:
    """B-6: a statutory lack that the plan does not close is told, without a name."""
    enterprise = ward({"p": ("nurse", {"k": 1})}, [asks("nurse", "k", 2, statutory=True)])
    (found,) = planned(enterprise).findings
    assert (found.code, "2027-01-01" in found.text) == ("W534", True)


def test_a_plan_explains_itself_down_to_the_clause() -> None:
    """X-5: from the item by its recommendation and option to the gap, its need and its driver."""
    plan = planned(one(COURSE))
    (each,) = plan
    (recommendation,) = plan.recommended(each)
    option = plan.recommendations.option(recommendation)
    why = plan.gaps.why(plan.gaps.rows[option.gap or 0])
    assert [driver.id for driver in why.drivers] == ["law"]
    assert "G-3" in option.clauses


def test_the_three_questions_are_answered_with_amounts() -> None:
    """G-3, G-8, G-10: amounts of the whole, and where, with the number of people behind."""
    plan = planned(vacancy())
    develop, recruit, redevelop = plan.answers()
    assert [answer.question for answer in plan.answers()] == list(Question)
    assert (develop.steps, recruit.steps, redevelop.steps) == (0, 1, 0)
    assert (recruit.steps_of, recruit.share, recruit.share_of) == (1, 10_000, 10_000)
    assert [(area.key, area.contributors) for area in recruit.competences] == [("k", 1)]
    assert recruit.question.clauses == ("G-8",)


def test_a_split_by_what_rows_do_not_have_is_misuse() -> None:
    """Drivers overlap, so nothing is split by them."""
    with pytest.raises(Misuse, match="E503"):
        planned(one(COURSE)).split_by(By.DRIVER)


def test_the_mix_is_a_mirror_of_hours() -> None:
    """D-2: participants' hours by mode, in whole per cent; no hours, no share."""
    plan = planned(one(evolve(COURSE, hours=30), people=2))
    assert (plan.mix.total, plan.mix.percent(Mode.TRAINING), plan.mix.percent(Mode.WORK)) == (
        60,
        100,
        0,
    )
    assert planned(one(COURSE)).mix.percent(Mode.EDUCATION) is None


def test_the_individual_plan_is_agreed_by_nobody_yet() -> None:
    """S-3 to S-5: the person's own part, with what must be clarified for each measure."""
    measure = evolve(COURSE, hours=8, cost_per_head=500)
    plan = planned(one(measure, people=2), Limits(budget=500))
    trained_one = trained(plan)[0].employee or EmployeeId("")
    own = plan.individual(trained_one)
    (intent,) = own.intents
    assert (intent.agreement, own.left, own.unknown) == (Agreement.NOT_YET, 0, 0)
    assert {(c.kind, c.amount) for c in intent.conditions} == {
        (ConditionKind.TIME_OFF, 8),
        (ConditionKind.SUBSTITUTE, 8),
        (ConditionKind.COST, 500),
        (ConditionKind.PLACE, 0),
    }
    (other,) = {"p0", "p1"} - {trained_one}
    assert (
        plan.individual(EmployeeId(other)).intents,
        plan.individual(EmployeeId(other)).left,
    ) == ((), 1)


def test_nobody_else_has_an_individual_plan() -> None:
    """E503 names no pseudonym."""
    with pytest.raises(Misuse, match="E503") as caught:
        planned(one(COURSE)).individual(EmployeeId("secret"))
    assert "secret" not in str(caught.value)


def test_a_plan_shows_sums_and_no_people() -> None:
    """Printing a plan names nobody."""
    plan = planned(one(COURSE))
    assert "upskill 1" in str(plan)
    assert "p0" not in str(plan) + repr(plan)


# --- effort and bad input -----------------------------------------------------------------------


def test_bad_input_77_without_money_the_plan_is_feasible() -> None:
    """FAULTS 77: a budget of 0 gives a plan with what is left, and no error."""
    plan = planned(one(evolve(COURSE, cost_per_head=1)), Limits(budget=0))
    assert (len(plan), plan.split, plan.proven) == (0, Split(left=1), True)


def test_bad_input_75_where_nothing_helps_the_plan_says_so() -> None:
    """FAULTS 75: no measure at all: all is left over, nothing raised."""
    plan = planned(ward({"p": ("nurse", {"k": 1})}, [asks("nurse", "k", 2)]))
    assert (len(plan), plan.split) == (0, Split(left=1))


def test_bad_input_72_an_empty_enterprise_has_an_empty_plan() -> None:
    """FAULTS 72: nothing known: nothing to do, and that is proven."""
    plan = planned(Enterprise())
    assert (len(plan), plan.value, plan.proven, plan.gap) == (0, 0, True, Fraction(0))


def test_bad_input_76_what_never_ends_is_never_planned() -> None:
    """FAULTS 76: a course without end is no way, however much it would lift."""
    assert len(planned(one(evolve(COURSE, days=10**12)))) == 0


def test_bad_input_78_a_tie_is_broken_the_same_way_each_time() -> None:
    """FAULTS 78: two equal courses: the same one is chosen, whatever the order they come in."""
    people, asked = {"p": ("nurse", {"k": 1})}, [asks("nurse", "k", 2)]
    pair = [course("b", ("k", 0, 2)), course("a", ("k", 0, 2))]
    plans = [planned(ward(people, asked, ms)) for ms in (pair, pair[::-1])]
    assert plans[0].items == plans[1].items
    assert all(each.tied for each in plans[0].recommended(plans[0].items[0]))


def test_costs_of_a_billion_are_exact() -> None:
    """Kroner by the billion are counted to the last one."""
    enterprise = one(evolve(COURSE, cost_per_head=10**9 + 1), people=3)
    assert planned(enterprise, Limits(budget=2 * 10**9 + 1)).cost == 10**9 + 1
    assert planned(enterprise, Limits(budget=2 * 10**9 + 2)).cost == 2 * (10**9 + 1)


def test_weights_beyond_what_is_exact_are_refused() -> None:
    """FAULTS 81: a weight that no solver holds exactly is an error, never a wrong plan."""
    asked = [asks("nurse", "k", 2, weight=10**12)]
    with pytest.raises(SolverFailed, match="E903"):
        planned(ward({"p": ("nurse", {"k": 1})}, asked, [COURSE]))


def test_no_time_still_gives_the_hurried_plan() -> None:
    """A time limit of 0: what haste chooses, with a bound that holds, and marked as cut."""
    plan = planned(
        one(evolve(COURSE, cost_per_head=1_000), people=3), Limits(budget=1_500, seconds=0)
    )
    assert (plan.split, plan.cut, plan.proven) == (Split(upskill=1, left=2), True, False)
    assert plan.bound <= plan.value


def test_a_search_can_be_watched_and_stopped() -> None:
    """Interrupted at once, the hurried plan comes back; otherwise progress may be told."""
    ways = recommend(open_options(find_gaps(one(COURSE, people=2), on=ON)))
    told: list[Progress] = []
    plan = make_plan(ways, Limits(), progress=told.append, interrupted=lambda: True)
    assert plan.split == Split(upskill=2)


def too_hard_for_haste() -> Recommendations:
    """The cheap course first uses up the money that the two-sided one would have needed."""
    courses = [
        evolve(course("a", ("a", 0, 1)), cost_per_head=10),
        evolve(course("both", ("a", 0, 1), ("b", 0, 1)), cost_per_head=99),
    ]
    enterprise = ward(
        {f"p{n}": ("nurse", {"a": 0, "b": 0}) for n in range(6)},
        [asks("nurse", "a", 1), asks("nurse", "b", 1)],
        courses,
    )
    return recommend(open_options(find_gaps(enterprise, on=ON)))


@pytest.mark.parametrize("large", [searching.LARGE, 0])
def test_an_interrupted_plan_is_marked_apart_from_one_that_is_cut(
    monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    """Stopped by the caller it is interrupted, out of time it is cut; both keep bound and gap."""
    monkeypatch.setattr(searching, "LARGE", large)
    ways, frame = too_hard_for_haste(), Limits(budget=250)
    whole = make_plan(ways, frame)
    stopped = make_plan(ways, frame, interrupted=lambda: True)
    late = make_plan(ways, evolve(frame, seconds=0))
    assert (stopped.interrupted, stopped.cut, stopped.proven) == (True, False, False)
    assert (late.interrupted, late.cut) == (False, True)
    assert not whole.interrupted
    assert stopped.bound <= whole.value <= stopped.value
    assert "not proven, interrupted" in str(stopped)
    assert "interrupted" not in str(late)


def test_ctrl_c_ends_a_search_with_the_best_plan_so_far() -> None:
    """The first Ctrl-C is a question answered yes, the next is raised; then all is as before."""
    handler = signal.getsignal(signal.SIGINT)
    with stop_on_ctrl_c() as pressed:
        assert not pressed()
        signal.raise_signal(signal.SIGINT)
        plan = make_plan(too_hard_for_haste(), Limits(budget=250), interrupted=pressed)
        assert plan.interrupted
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is handler


def test_seed_tolerance_and_effort_reach_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the limits say of how hard to search is what the solver is told."""
    heard: dict[str, Any] = {}
    solved = solve

    def listen(problem: Problem, **terms: Any) -> Solution:
        heard.update(terms)
        return solved(problem, **terms)

    monkeypatch.setattr(searching, "solve", listen)
    told: list[Progress] = []
    frame = Limits(budget=250, seed=7, tolerance=9, nodes=11, seconds=60)
    make_plan(too_hard_for_haste(), frame, progress=told.append)
    assert (heard["seed"], heard["gap"], heard["nodes"]) == (7, 9, 11)
    assert 0 < heard["time_limit"] <= 60
    assert heard["progress"] == told.append


def test_a_failing_solver_leaves_the_previous_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """A solver that is missing or fails is a clear error; the plan made before is as it was."""
    ways, frame = too_hard_for_haste(), Limits(budget=250)
    before = make_plan(ways, frame)
    items, value = before.items, before.value

    def missing(*_: object, **__: object) -> Solution:
        raise SolverFailed("E901", "the solver HiGHS is not installed")

    monkeypatch.setattr(searching, "solve", missing)
    with pytest.raises(SolverFailed, match="E901"):
        make_plan(ways, frame)
    monkeypatch.undo()
    assert (before.items, before.value) == (items, value)
    assert make_plan(ways, frame).items == items


@pytest.mark.parametrize(("krone", "weight"), [(1, 1), (10**8, 1), (1, 10**10)])
@pytest.mark.parametrize("most", [searching.MOST_PEOPLE, 0])
def test_large_plans_keep_limits_and_bound(
    monkeypatch: pytest.MonkeyPatch, most: int, krone: int, weight: int
) -> None:
    """Priced person by person, or shrunk and handed out, numbers small or vast: the bound holds."""
    monkeypatch.setattr(searching, "MOST_PEOPLE", most)
    people = {f"p{n}": ("nurse", {"a": n % 3, "b": n % 2}) for n in range(12)}
    courses = [
        evolve(course("a", ("a", 0, 3)), cost_per_head=700 * krone + 3),
        evolve(
            course("b", ("b", 0, 2), ("a", 0, 1)),
            cost_per_head=500 * krone + 1,
            cost_per_session=900 * krone + 7,
            seats=4,
        ),
    ]
    wants = [asks("nurse", "a", 3, weight=2 * weight), asks("nurse", "b", 2, weight=weight)]
    enterprise = ward(people, wants, courses)
    exact = planned(enterprise, Limits(budget=5_000 * krone))
    monkeypatch.setattr(searching, "LARGE", 0)
    rounded = planned(enterprise, Limits(budget=5_000 * krone))
    assert exact.proven
    assert rounded.bound <= exact.value <= rounded.value
    assert rounded.cost <= 5_000 * krone


@pytest.mark.parametrize("near", [searching.NEAR, -searching.MILLION])
def test_many_people_are_looked_up(monkeypatch: pytest.MonkeyPatch, near: int) -> None:
    """Near its bound the answer stands; else those alike are counted too, and the better is taken.

    Hours per person keep the budget from being all there is.
    """
    people = {f"p{n}": ("nurse", {"a": n % 3, "b": n % 2}) for n in range(40)}
    courses = [
        evolve(course("a", ("a", 0, 3)), cost_per_head=700, hours=20),
        evolve(course("b", ("b", 0, 2)), cost_per_session=900, seats=4, hours=20),
    ]
    wants = [asks("nurse", "a", 3, weight=2), asks("nurse", "b", 2)]
    frame, enterprise = Limits(budget=15_000, hours=30), ward(people, wants, courses)
    exact = planned(enterprise, frame)
    for name, figure in (("LARGE", 0), ("MOST_PEOPLE", 0), ("NEAR", near)):
        monkeypatch.setattr(searching, name, figure)
    looked_up = planned(enterprise, frame)
    assert exact.proven
    assert looked_up.bound <= exact.value <= looked_up.value
    assert (looked_up.value - exact.value) * 50 <= exact.value
    assert looked_up.cost <= 15_000
    assert planned(enterprise, frame).items == looked_up.items


def test_a_proof_is_conferred() -> None:
    """R-2: the item says which evidence the measure gives, where that was what was missing."""
    proof = EvidenceKind.CERTIFICATE
    exam = evolve(COURSE, confers=frozenset({proof}))
    plan = planned(ward({"p": ("nurse", {"k": 2})}, [asks("nurse", "k", 2, proof=[proof])], [exam]))
    assert (plan.split, plan.items[0].lifts[0].confers) == (Split(upskill=2), frozenset({proof}))


def test_what_was_recorded_later_is_not_known_yet() -> None:
    """X-2: a drøfting recorded after `known_at` does not count."""
    enterprise = consulted()
    (event,) = enterprise.register
    late = evolve(event, recorded=datetime(2027, 3, 1, tzinfo=UTC))
    known = evolve(enterprise, register=Register(events=(late,)))
    gaps = find_gaps(known, on=ON, known_at=datetime(2027, 1, 1, tzinfo=UTC))
    (each,) = make_plan(recommend(open_options(gaps)), Limits(drofting_by=date(2027, 5, 1)))
    assert each.start == date(2027, 5, 1)


def test_a_mentor_is_counted_once_over_measures() -> None:
    """One mentor of ten hours cannot give ten in each of two measures: one step stays."""
    mentored = [
        evolve(course(f"m-{name}", (name, 0, 2)), mentor_hours=10, hours=10) for name in ("a", "b")
    ]
    people = {
        "p": ("nurse", {"a": 1, "b": 1}),
        "wise": ("elder", {"a": 2, "b": 2}),
    }
    enterprise = ward(people, [asks("nurse", "a", 2), asks("nurse", "b", 2)], mentored)
    frame = Limits(mentor_hours=10, periods=1, carried=0)
    assert planned(enterprise, frame).split.left == 1
    assert planned(enterprise, evolve(frame, mentor_hours=20)).split.left == 0
    assert planned(enterprise, evolve(frame, periods=2)).split.left == 0
