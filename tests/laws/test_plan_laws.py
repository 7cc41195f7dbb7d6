"""What is true of every plan? It keeps its limits, loses no step, and is never worse than haste."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import product
from math import prod

import numpy as np
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.oracles.wards import HOUSE, ON, crews, wards

from kompetanse_core.conformance.renaming import Renaming, renamings
from kompetanse_core.conformance.strategies import DAY, enterprises
from kompetanse_core.gap import By, HeadcountGap, HeadState, find_gaps
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Measure, MeasureId, Mode
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.work import Headcount, RoleId, UnitId
from kompetanse_core.plan import Limits, Plan, PlanItem, make_plan
from kompetanse_core.plan.choices import Choices, Chosen, Lift, Move, Vacancy
from kompetanse_core.plan.gathering import gather
from kompetanse_core.plan.greedy import hurried_choice
from kompetanse_core.plan.programme import write_programme
from kompetanse_core.plan.scene import set_scene
from kompetanse_core.plan.searching import worth_of
from kompetanse_core.recommendation import Recommendations, recommend
from kompetanse_core.solver import keeps_limits
from kompetanse_core.strategy import Strategy, demands_on, open_options

MANY = 3_000
"""More choices than this are not counted through one by one."""
FEW = 300
"""More choices than this are not written out one by one."""

Picked = tuple[
    tuple[int | None, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]
]
"""A start or none for each pair; then uses, carries, moves as 0 or 1, and heads for each hire."""

places = st.one_of(wards(), crews())
limits = st.builds(
    Limits,
    budget=st.sampled_from([None, 0, 3_000, 9_000, 30_000]),
    hours=st.sampled_from([None, None, 8, 40]),
    away_percent=st.sampled_from([None, None, 0, 5]),
    mentor_hours=st.sampled_from([None, 0, 10]),
    carried=st.integers(0, 2),
    drofting_by=st.sampled_from([None, date(2027, 5, 1), date(2029, 1, 1)]),
    period_budgets=st.sampled_from([(), (), (0, 4_000, 0, 10_000)]),
)


def recommended(enterprise: Enterprise) -> Recommendations:
    """The chain up to the plan, on the day of the wards."""
    return recommend(open_options(find_gaps(enterprise, on=ON)))


# --- what a plan promises -----------------------------------------------------------------------


@given(places, limits)
def test_both_splits_sum(enterprise: Enterprise, frame: Limits) -> None:
    """Every missing step and vacant share ends in one place; every item's part is in its split."""
    plan = make_plan(recommended(enterprise), frame)
    split, seats = plan.split, plan.seat_split
    assert split.missing == plan.gaps.total.missing
    assert seats.total == sum(seat.vacant for seat in plan.gaps.seats)
    assert plan.unknown == plan.gaps.total.unknown
    for by in (By.UNIT, By.ROLE, By.COMPETENCE, By.FACET, By.EMPLOYEE):
        areas = plan.split_by(by)
        assert [sum(getattr(a.split, p) for a in areas) for p in PARTS] == [
            getattr(split, p) for p in PARTS
        ]
    steps: dict[Strategy, int] = defaultdict(int)
    for planned in plan:
        steps[planned.strategy] += planned.steps
    assert steps[Strategy.RECRUIT] == split.recruit
    assert steps[Strategy.UPSKILL] == split.upskill
    assert steps[Strategy.USE] + steps[Strategy.RESKILL] == split.use + split.reskill
    assert sum(planned.seats for planned in plan) == seats.total - seats.vacant
    assert min(getattr(c, p) for c in (*plan.closings, split) for p in PARTS) >= 0


@given(enterprises(), st.sampled_from([None, 0, 10_000]))
def test_both_splits_sum_whatever_the_enterprise(enterprise: Enterprise, budget: int) -> None:
    """The sums hold for enterprises that nobody drew with a plan in mind."""
    gaps = find_gaps(enterprise, on=DAY)
    plan = make_plan(recommend(open_options(gaps)), Limits(budget=budget))
    assert plan.split.missing == gaps.total.missing
    assert plan.seat_split.total == sum(seat.vacant for seat in gaps.seats)


PARTS = ("use", "upskill", "reskill", "recruit", "left")


@given(places, limits)
def test_every_head_is_counted_again_after_the_plan(enterprise: Enterprise, frame: Limits) -> None:
    """Who would be there once the plan is carried out: counted by its items, not by its choices."""
    plan = make_plan(recommended(enterprise), frame)
    left = {each.headcount: each.split.left for each in plan.musterings}
    told = [f.about for f in plan.findings if f.code == "W538"]
    for place, gap in enumerate(plan.gaps.headcounts):
        short = max(0, gap.headcount.count - len(heads_after(plan, place)) - hired_for(plan, gap))
        assert left.get(place, 0) == short
        asked = ("competence", gap.headcount.competence), ("unit", gap.headcount.unit)
        assert not short or asked in told
    assert len(told) == sum(map(bool, left.values()))
    assert min((getattr(m.split, p) for m in plan.musterings for p in PARTS), default=0) >= 0
    assert sum(planned.mustered for planned in plan) == plan.head_split.closed


def heads_after(plan: Plan, place: int) -> set[str]:
    """Who is in the unit of a headcount, or below it, and holds the level or may hold it."""
    gap = plan.gaps.headcounts[place].headcount
    branch = {gap.unit} | {u.id for u in plan.gaps.enterprise.units if u.parent == gap.unit}
    here = {h.employee: h.state for h in plan.gaps.heads if h.headcount == place}
    able: set[str] = {who for who, state in here.items() if state is not HeadState.LACKING}
    for planned in plan:
        reached = [x.reach for x in planned.lifts if x.competence == gap.competence]
        if planned.employee in here and max(reached, default=0) >= gap.level:
            able.add(planned.employee or "")
    for planned in plan:
        if planned.employee and planned.seats and planned.role:
            if not stays(plan, planned, branch):
                able.discard(planned.employee)
            elif planned.employee not in here and asks_it(plan, planned, gap):
                able.add(planned.employee)
    return able


def stays(plan: Plan, planned: PlanItem, branch: set[UnitId]) -> bool:
    """Whether somebody who moves still works in one of these units."""
    option = plan.recommendations.option(plan.recommended(planned)[0])
    own = [e for e in plan.gaps.enterprise.engagements if e.employee == planned.employee]
    whole = option.share >= sum(e.share for e in own if e.role == option.origin)
    kept = {e.unit for e in own if not whole or e.role != option.origin} | {planned.unit}
    return bool(kept & branch)


def asks_it(plan: Plan, planned: PlanItem, gap: Headcount) -> bool:
    """Whether the seat requires the level; where the law asks, whether it is learnt on the way."""
    option = plan.recommendations.option(plan.recommended(planned)[0])
    learnt = [
        way
        for way in plan.recommendations.options.rows
        if (way.employee, way.seat, way.competence)
        == (option.employee, option.seat, gap.competence)
        and (way.reach or 0) >= gap.level
    ]
    return required(plan, planned.role or RoleId(""), gap) and bool(learnt or not gap.statutory)


def hired_for(plan: Plan, gap: HeadcountGap) -> int:
    """How many are hired into a unit of a headcount, in a role that requires its level."""
    asked = gap.headcount
    return sum(
        planned.heads
        for planned in plan
        if planned.strategy is Strategy.RECRUIT
        and asked.unit in (planned.unit, HOUSE)
        and required(plan, planned.role or RoleId(""), asked)
    )


def required(plan: Plan, role: RoleId, asked: Headcount) -> bool:
    """Whether a role requires the competence of a headcount at its level."""
    demanded = demands_on(plan.gaps.enterprise, ON)[role].get(asked.competence)
    return demanded is not None and demanded.required and demanded.level >= asked.level


@given(places, limits)
def test_the_value_is_what_is_left(enterprise: Enterprise, frame: Limits) -> None:
    """Steps, vacant shares and heads short, each at what one is worth, come to the value."""
    plan = make_plan(recommended(enterprise), frame)
    demands = demands_on(enterprise, ON)
    value = 10_000 * plan.split.left
    for filling in plan.fillings:
        role = demands[plan.gaps.seats[filling.seat].role]
        value += filling.split.vacant * max(1, sum(each.steps for each in role.values()))
    for each in plan.musterings:
        level = plan.gaps.headcounts[each.headcount].headcount.level
        value += 10_000 * level * each.split.left
    assert plan.value == value


@given(wards(), limits)
def test_money_is_kept(enterprise: Enterprise, frame: Limits) -> None:
    """No plan spends more than the budget, nor more by any day than the periods have brought."""
    plan = make_plan(recommended(enterprise), frame)
    assert frame.budget is None or plan.cost <= frame.budget
    days = frame.starts(ON)
    for period, _ in enumerate(frame.period_budgets):
        spent = sum(planned.cost for planned in plan if planned.start < days[period + 1])
        assert spent <= sum(frame.period_budgets[: period + 1])


@given(wards(), limits)
def test_people_s_hours_and_cover_are_kept(enterprise: Enterprise, frame: Limits) -> None:
    """Within a period nobody gives more hours than allowed, and the unit keeps its cover."""
    plan = make_plan(recommended(enterprise), frame)
    modes = {measure.id: measure.mode for measure in enterprise.measures}
    for first, after in zip(frame.starts(ON), frame.starts(ON)[1:], strict=False):
        inside = [p for p in plan if p.measure and first <= p.start and p.end < after]
        own: dict[str, int] = defaultdict(int)
        for planned in inside:
            own[planned.employee or ""] += planned.hours
        away = sum(p.hours for p in inside if modes[p.measure or MeasureId("")] is not Mode.WORK)
        assert frame.hours is None or max(own.values(), default=0) <= frame.hours
        worked = len(enterprise.employees) * frame.year_hours * frame.months
        assert frame.away_percent is None or away * 1_200 <= worked * frame.away_percent


@given(wards(), limits)
def test_dates_are_kept(enterprise: Enterprise, frame: Limits) -> None:
    """Nothing begins outside the plan, outside its own window, or before it can be drøftet."""
    plan = make_plan(recommended(enterprise), frame)
    days, measures = frame.starts(ON), {m.id: m for m in enterprise.measures}
    for planned in plan:
        assert days[0] <= planned.start <= planned.end
        assert planned.measure is None or planned.start < days[-1]
        if planned.measure and measures[planned.measure].affects_operation:
            assert planned.needs_drofting
            assert planned.start >= (frame.drofting_by or ON)


@given(wards(), limits)
def test_what_comes_first_comes_first(enterprise: Enterprise, frame: Limits) -> None:
    """Prior measures end before, and every lift starts at its entry level or above."""
    plan = make_plan(recommended(enterprise), frame)
    measures = {measure.id: measure for measure in enterprise.measures}
    held = {(h.employee, h.competence): int(h.level) for h in plan.gaps.holdings}
    for person in {planned.employee for planned in plan if planned.employee}:
        own = [p for p in plan if p.employee == person and p.measure]
        for planned in own:
            done = [p for p in own if p.end <= planned.start and p is not planned]
            assert_in_order(planned, done, measures, held)


def assert_in_order(
    planned: PlanItem,
    done: Iterable[PlanItem],
    measures: Mapping[MeasureId, Measure],
    held: Mapping[tuple[EmployeeId, CompetenceId], int],
) -> None:
    """Hold one item against what the same person has finished by its first day."""
    measure, person = measures[planned.measure or MeasureId("")], planned.employee or EmployeeId("")
    before = list(done)
    for prior in measure.prior:
        outcomes = measures[prior].outcomes if prior in measures else ()
        knows = all(held.get((person, o.competence), 0) >= o.reach for o in outcomes)
        assert (outcomes and knows) or prior in {p.measure for p in before}
    for lift in planned.lifts:
        outcome = next(o for o in measure.outcomes if o.competence == lift.competence)
        reached = [x.reach for p in before for x in p.lifts if x.competence == lift.competence]
        assert max([held.get((person, lift.competence), 0), *reached]) >= outcome.entry
        assert lift.reach == outcome.reach


@given(wards(), limits)
def test_seats_sessions_and_colleagues_are_kept(enterprise: Enterprise, frame: Limits) -> None:
    """Courses are not overbooked, colleagues not overloaded, nobody mentors what nobody holds."""
    plan = make_plan(recommended(enterprise), frame)
    sessions: dict[str, int] = defaultdict(int)
    for planned in plan:
        if planned.employee is None and planned.measure:
            measure = next(m for m in enterprise.measures if m.id == planned.measure)
            sessions[measure.id] += planned.sessions
            assert measure.seats is None or planned.heads <= measure.seats * planned.sessions
            assert planned.cost == planned.sessions * measure.cost_per_session
            assert measure.sessions is None or sessions[measure.id] <= measure.sessions
    carried: dict[str, int] = defaultdict(int)
    for planned in plan:
        if planned.colleague:
            carried[planned.colleague] += 1
            assert planned.colleague != planned.employee
    assert max(carried.values(), default=0) <= frame.carried
    begun = [(p.employee, p.measure) for p in plan if p.employee and p.measure]
    assert len(begun) == len(set(begun))


@given(wards(), limits)
def test_hires_stay_within_the_market(enterprise: Enterprise, frame: Limits) -> None:
    """No more are hired in a year than the market has, and none that it cannot give in time."""
    plan = make_plan(recommended(enterprise), frame)
    markets = {market.role: market for market in enterprise.markets}
    heads: dict[str, int] = defaultdict(int)
    for planned in plan:
        if planned.strategy is Strategy.RECRUIT:
            market = markets[planned.role] if planned.role else None
            heads[planned.role or ""] += planned.heads
            assert market is not None
            assert market.yield_percent > 0
            assert planned.end == ON + timedelta(days=market.days) < frame.starts(ON)[-1]
            assert market.most is None or heads[market.role] <= market.most


@given(wards(), limits)
def test_nobody_stands_in_for_what_is_statutory(enterprise: Enterprise, frame: Limits) -> None:
    """No colleague and no newcomer closes what the law or a proof asks of the person (B-6)."""
    plan = make_plan(recommended(enterprise), frame)
    for closing in plan.closings:
        gap = plan.gaps.rows[closing.gap]
        if gap.statutory or gap.proof.value != "not-needed":
            assert closing.use == closing.recruit == 0
        if gap.statutory and closing.left:
            assert any(f.code == "W534" and gap.competence in f.text for f in plan.findings)


@given(places, limits)
def test_every_cause_reaches_a_requirement_and_its_driver(
    enterprise: Enterprise, frame: Limits
) -> None:
    """From an item down: option, gap, requirement, need, driver; or the seat that is vacant."""
    plan = make_plan(recommended(enterprise), frame)
    for planned in plan:
        assert planned.causes
        for recommendation in plan.recommended(planned):
            option = plan.recommendations.option(recommendation)
            assert option.clauses
            if option.gap is None:
                assert option.headcount is not None or plan.gaps.seats[option.seat or 0].vacant
                assert option.headcount is None or plan.gaps.headcounts[option.headcount].least
            else:
                why = plan.gaps.why(plan.gaps.rows[option.gap])
                assert why.requirements
                assert why.needs
                assert why.drivers


@given(places, limits)
def test_the_same_question_has_the_same_answer(enterprise: Enterprise, frame: Limits) -> None:
    """Same input and limits: the same items, in the same order."""
    first, second = (make_plan(recommended(enterprise), frame) for _ in range(2))
    assert first.items == second.items
    assert (first.value, first.bound) == (second.value, second.bound)


# --- how good a plan is -------------------------------------------------------------------------


@given(places, limits)
def test_a_plan_is_never_worse_than_haste(enterprise: Enterprise, frame: Limits) -> None:
    """Value and cost, in this order, are at least as good as those of the hurried choice."""
    ways = recommended(enterprise)
    programme = write_programme(gather(set_scene(ways, frame)))
    hurried = worth_of(programme.problem, programme.answer(hurried_choice(programme.choices)))
    plan = make_plan(ways, frame)
    assert (plan.value, plan.cost) <= hurried[:2]
    assert plan.bound <= plan.value


@given(places, limits, st.integers(0, 20_000))
def test_more_money_never_worsens_the_value(
    enterprise: Enterprise, frame: Limits, more: int
) -> None:
    """Between proven plans; and no bound with more money is above the value with less."""
    ways = recommended(enterprise)
    poor = make_plan(ways, frame)
    rich = make_plan(ways, evolve(frame, budget=frame.budget and frame.budget + more))
    if poor.proven and rich.proven:
        assert rich.value <= poor.value
    assert rich.bound <= poor.value


@given(places, limits, st.sampled_from(["budget", "hours", "away_percent", "mentor_hours"]))
def test_one_limit_less_never_worsens_the_value(
    enterprise: Enterprise, frame: Limits, name: str
) -> None:
    """Between proven plans; so what is left out where nothing is limited by period is no loss."""
    ways = recommended(enterprise)
    looser = {
        "budget": evolve(frame, budget=None),
        "hours": evolve(frame, hours=None),
        "away_percent": evolve(frame, away_percent=None),
        "mentor_hours": evolve(frame, mentor_hours=None),
    }[name]
    tight, loose = make_plan(ways, frame), make_plan(ways, looser)
    if tight.proven and loose.proven:
        assert loose.value <= tight.value
    assert loose.bound <= tight.value


@given(st.data(), limits)
def test_names_do_not_matter(data: st.DataObject, frame: Limits) -> None:
    """Renaming every id leaves value and cost of a proven plan as they were."""
    enterprise = data.draw(places)
    renaming: Renaming = data.draw(renamings(enterprise))
    plan = make_plan(recommended(enterprise), frame)
    other = make_plan(recommended(renaming.apply(enterprise)), frame)
    assert not (plan.proven and other.proven) or plan.value == other.value


@given(wards(), limits)
def test_without_money_there_is_still_a_plan(enterprise: Enterprise, frame: Limits) -> None:
    """FAULTS 77: a budget of 0 is feasible; what is planned then costs nothing."""
    plan = make_plan(recommended(enterprise), evolve(frame, budget=0))
    assert plan.cost == 0


@given(places, limits)
def test_tiny_cases_agree_with_counting_through(enterprise: Enterprise, frame: Limits) -> None:
    """Where every choice can be tried, none is better on value, nor cheaper at the same value."""
    ways = recommended(enterprise)
    choices = gather(set_scene(ways, frame))
    assume(sizes_of(choices) <= MANY)
    best = min(filter(None, (worth(choices, picked) for picked in everything(choices))))
    plan = make_plan(ways, frame)
    assert (plan.value, plan.cost) == best
    assert plan.proven


@given(places, limits)
def test_every_choice_is_written_as_what_it_is_worth(enterprise: Enterprise, frame: Limits) -> None:
    """A choice is an answer just where it keeps the limits, and what haste adds keeps them too."""
    choices = gather(set_scene(recommended(enterprise), frame))
    assume(sizes_of(choices) <= FEW)
    programme = write_programme(choices)
    for picked in everything(choices):
        answer = programme.answer(chosen(picked))
        found = worth(choices, picked)
        kept = not answer or keeps_limits(programme.problem, np.array(answer, dtype=np.int64))
        assert kept == (found is not None)
        assert found is None or worth_of(programme.problem, answer)[:2] == found
        if found is not None:
            filled = programme.answer(hurried_choice(choices, chosen(picked)))
            assert not filled or keeps_limits(programme.problem, np.array(filled, dtype=np.int64))


@given(places, limits)
def test_a_headcount_decides_between_no_ways_of_a_role(
    enterprise: Enterprise, frame: Limits
) -> None:
    """H-7: what is nicer among ways for one's own role is so with and without a headcount."""
    plain = gather(set_scene(recommended(evolve(enterprise, headcounts=())), frame))
    choices = gather(set_scene(recommended(enterprise), frame))
    penalties = {
        (pair.person, choices.measures[pair.measure].id): pair.penalty for pair in choices.pairs
    }
    for pair in plain.pairs:
        if any(lift.closes for lift in pair.lifts):
            key = pair.person, plain.measures[pair.measure].id
            assert penalties[key] == pair.penalty


def chosen(picked: Picked) -> Chosen:
    """A choice, written as the places of what is chosen."""
    begun, uses, carries, moves, hired = picked
    return Chosen(
        starts=frozenset(start for start in begun if start is not None),
        uses=frozenset(place for place, n in enumerate(uses) if n),
        carries=frozenset(place for place, n in enumerate(carries) if n),
        moves=frozenset(place for place, n in enumerate(moves) if n),
        hired=hired,
    )


# --- the oracle: every choice, checked by the definitions ----------------------------------------


def sizes_of(choices: Choices) -> int:
    """How many choices there are."""
    twos = len(choices.uses) + len(choices.carries) + len(choices.moves)
    starts: int = prod(len(pair.starts) + 1 for pair in choices.pairs)
    hires: int = prod(hire.most + 1 for hire in choices.hires)
    return starts * hires << twos


def everything(choices: Choices) -> Iterator[Picked]:
    """Every choice there is, whether it keeps the limits or not."""
    starts = product(*((None, *pair.starts) for pair in choices.pairs))
    yield from product(
        starts,
        product((0, 1), repeat=len(choices.uses)),
        product((0, 1), repeat=len(choices.carries)),
        product((0, 1), repeat=len(choices.moves)),
        product(*(range(hire.most + 1) for hire in choices.hires)),
    )


def worth(choices: Choices, picked: Picked) -> tuple[int, int] | None:
    """Value and cost of a choice; None if it breaks a limit."""
    begun, uses, carries, moves, hired = picked
    lifts = reached(choices, begun)
    sessions = held(choices, begun)
    if not (in_order(choices, begun) and stores_hold(choices, picked, sessions)):
        return None
    if not (staffed(choices, carries, moves, hired, lifts) and sessions_hold(choices, sessions)):
        return None
    cost = sum(choices.starts[s].cost for s in begun if s is not None)
    cost += sum(choices.sessions[s].cost * count for s, count in sessions.items())
    cost += sum(h.cost * heads for h, heads in zip(choices.hires, hired, strict=True))
    left = lacking(choices, lifts, uses, carries, moves)
    short = 10_000 * left + vacant(choices, moves, hired) + mustered(choices, lifts, moves, hired)
    return short, cost


def reached(choices: Choices, begun: tuple[int | None, ...]) -> list[tuple[int, int, Lift]]:
    """Each lift that takes place, with its pair and place: by then the entry level is held."""
    waiting = [
        (choices.starts[s], pair, place, lift)
        for pair, s in enumerate(begun)
        if s is not None
        for place, lift in enumerate(choices.pairs[pair].lifts)
    ]
    levels: list[tuple[int, int, int, int]] = []
    found: list[tuple[int, int, Lift]] = []
    for start, pair, place, lift in sorted(waiting, key=lambda w: (w[0].day, w[3].entry, w[0].end)):
        person = choices.pairs[pair].person
        able = lift.enough or any(
            (who, what) == (person, lift.competence) and end <= start.day and level >= lift.entry
            for who, what, end, level in levels
        )
        if able:
            levels.append((person, lift.competence, start.end, lift.reach))
            found.append((pair, place, lift))
    return found


def held(choices: Choices, begun: tuple[int | None, ...]) -> dict[int, int]:
    """How many sessions of each kind the participants fill."""
    heads: dict[int, int] = defaultdict(int)
    for start in begun:
        session = None if start is None else choices.starts[start].session
        if session is not None:
            heads[session] += 1
    return {s: -(-n // choices.sessions[s].seats) for s, n in heads.items()}


def in_order(choices: Choices, begun: tuple[int | None, ...]) -> bool:
    """Whether every prior has ended by the day of what needs it."""
    for pair, start in enumerate(begun):
        for prior in choices.pairs[pair].priors if start is not None else ():
            first = begun[prior]
            if first is None or choices.starts[first].end > choices.starts[start or 0].day:
                return False
    return True


def stores_hold(choices: Choices, picked: Picked, sessions: Mapping[int, int]) -> bool:
    """Whether no store is overdrawn."""
    begun, uses, _, _, hired = picked
    left = list(choices.stores)
    taken = [(choices.starts[s].loads, 1) for s in begun if s is not None]
    taken += [(use.loads, n) for use, n in zip(choices.uses, uses, strict=True)]
    taken += [(hire.loads, n) for hire, n in zip(choices.hires, hired, strict=True)]
    taken += [(choices.sessions[s].loads, n) for s, n in sessions.items()]
    for loads, times in taken:
        for store, amount in loads:
            left[store] -= amount * times
    return min(left, default=0) >= 0


def staffed(
    choices: Choices,
    carries: tuple[int, ...],
    moves: tuple[int, ...],
    hired: tuple[int, ...],
    lifts: Iterable[tuple[int, int, Lift]],
) -> bool:
    """Whether who moves is ready and moves once, and those hired carry no more than they can."""
    ready = {(pair, place) for pair, place, _ in lifts}
    moving = [move for move, n in zip(choices.moves, moves, strict=True) if n]
    load: dict[int, int] = defaultdict(int)
    for carry, n in zip(choices.carries, carries, strict=True):
        load[carry.hire] += n
    return (
        len({move.person for move in moving}) == len(moving)
        and all(leg in ready for move in moving for leg in move.legs)
        and all(count <= choices.carried * hired[hire] for hire, count in load.items())
        and all(needed(choices, moving, hired, each) for each in choices.vacancies)
    )


def needed(
    choices: Choices, moving: Iterable[Move], hired: tuple[int, ...], vacancy: Vacancy
) -> bool:
    """Whether a seat would be vacant in part without any single one of those who come to it."""
    shares = [move.share for move in moving if move.seat == vacancy.seat]
    for hire, count in zip(choices.hires, hired, strict=True):
        shares += [10_000] * count * (hire.seat == vacancy.seat)
    return all(sum(shares) - share < vacancy.share for share in shares)


def sessions_hold(choices: Choices, sessions: Mapping[int, int]) -> bool:
    """Whether no more sessions are held than there may be."""
    return all(
        sum(sessions.get(s, 0) for s in group) <= most for group, most in choices.session_limits
    )


def lacking(
    choices: Choices,
    lifts: Iterable[tuple[int, int, Lift]],
    uses: tuple[int, ...],
    carries: tuple[int, ...],
    moves: tuple[int, ...],
) -> int:
    """The weighted steps that stay missing."""
    closed = [0] * len(choices.lacks)
    for _, _, lift in lifts:
        for lack, steps in lift.closes:
            closed[lack] = max(closed[lack], steps)
    whole = [use.lack for use, n in zip(choices.uses, uses, strict=True) if n]
    whole += [carry.lack for carry, n in zip(choices.carries, carries, strict=True) if n]
    whole += [k for move, n in zip(choices.moves, moves, strict=True) if n for k in move.closes]
    for lack in whole:
        closed[lack] = choices.lacks[lack].missing
    return sum(max(0, k.missing - c) for k, c in zip(choices.lacks, closed, strict=True))


def vacant(choices: Choices, moves: tuple[int, ...], hired: tuple[int, ...]) -> int:
    """What the vacant shares are worth, in ten-thousandths of a step."""
    left = {vacancy.seat: vacancy.share for vacancy in choices.vacancies}
    for move, n in zip(choices.moves, moves, strict=True):
        left[move.seat] -= n * move.share
    for hire, heads in zip(choices.hires, hired, strict=True):
        left[hire.seat] -= heads * 10_000
    return sum(max(0, left[each.seat]) * each.worth for each in choices.vacancies)


def mustered(
    choices: Choices,
    lifts: Iterable[tuple[int, int, Lift]],
    moves: tuple[int, ...],
    hired: tuple[int, ...],
) -> int:
    """What the heads short of each headcount are worth, in ten-thousandths of a step."""
    moving = [move for move, n in zip(choices.moves, moves, strict=True) if n]
    worth = 0
    for place, muster in enumerate(choices.musters):
        able = {choices.pairs[pair].person for pair, _, lift in lifts if place in lift.heads}
        able -= {move.person for move in moving if place in move.forgone}
        come = sum(place in move.joined for move in moving)
        come += sum(n for hire, n in zip(choices.hires, hired, strict=True) if place in hire.joined)
        gone = sum(place in move.left for move in moving)
        worth += max(0, muster.short + gone - come - len(able)) * muster.worth
    return worth


def test_plans_are_what_is_drawn() -> None:
    """What the laws draw gives plans of every kind, and heads of most: no law is empty."""
    seen: set[Strategy] = set()
    mustered: set[str] = set()

    @settings(max_examples=200)
    @given(wards(), crews(), limits)
    def look(one: Enterprise, other: Enterprise, frame: Limits) -> None:
        for enterprise in (one, other):
            plan: Plan = make_plan(recommended(enterprise), evolve(frame, budget=None))
            seen.update(planned.strategy for planned in plan)
            mustered.update(part for part in PARTS if getattr(plan.head_split, part))

    look()
    assert seen >= {Strategy.USE, Strategy.UPSKILL, Strategy.RESKILL, Strategy.RECRUIT}
    assert mustered >= {"upskill", "reskill", "left"}
