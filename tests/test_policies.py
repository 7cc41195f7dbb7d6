"""Policies: what they decide is done, they see all runs, and what breaks rules does nothing."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import numpy as np
import pytest
from attrs import evolve
from tests.test_simulation import LEAD, NURSE, START, WARD, ward

from kompetanse_core.errors import Misuse
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    Facet,
    Level,
    Scale,
    ScaleId,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Arena, Measure, MeasureId, MeasureKind, Mode, Outcome
from kompetanse_core.model.people import Assessment, AssessmentSource, EmployeeId, Engagement
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Bearer, Market, Requirement, RoleId, UnitId
from kompetanse_core.plan import Lift, Limits
from kompetanse_core.scenario import (
    CERTAIN,
    NO_POLICY,
    Actions,
    Attrition,
    Bill,
    Count,
    Flows,
    Hire,
    Hiring,
    Learning,
    Policy,
    Redeployment,
    Simulation,
    Situation,
    hiring_of,
    plan_once,
    replan,
    simulate,
)

FIRST, SECOND = EmployeeId("p0000"), EmployeeId("p0001")
SKILL, LADDER = CompetenceId("care"), ScaleId("five")


def lacking(people: int = 3, *, seats: int = 3) -> Enterprise:
    """A ward where nurses need two steps of a skill and leaders three, and nobody holds any."""
    enterprise = ward(people, seats=seats)
    skill = Competence(id=SKILL, label=Text("Care"), facet=Facet.SKILL, scale=LADDER)
    return evolve(
        enterprise,
        scales=[Scale(id=LADDER, top=Level(4))],
        competences=[skill],
        assessments=[
            Assessment(
                employee=each.id,
                competence=SKILL,
                level=Level(0),
                source=AssessmentSource.LEADER,
                assessed=date(2026, 1, 1),
                recorded=datetime(2026, 1, 1, tzinfo=UTC),
            )
            for each in enterprise.employees
        ],
        requirements=[
            Requirement(bearer=Bearer.ROLE, of=role, competence=SKILL, level=Level(level))
            for role, level in ((NURSE, 2), (LEAD, 3))
        ],
    )


def run(
    enterprise: Enterprise, policy: Policy, flows: Flows | None = None, *, replicas: int = 4
) -> Simulation:
    """Six quarters."""
    return simulate(enterprise, flows, policy, start=START, periods=6, replicas=replicas, seed=1)


def doing(actions: Actions) -> Policy:
    """A policy that decides this, once."""
    return Policy(name="fixed", decide=lambda situation: actions)


def learning(
    employee: EmployeeId = FIRST,
    *,
    chance: int | None = None,
    until: date | None = None,
    ready: date = date(2027, 4, 1),
) -> Learning:
    """Two steps learnt by the second quarter."""
    return Learning(
        employee=employee,
        unit=WARD,
        role=NURSE,
        ready=ready,
        steps=2,
        chance=chance,
        until=until,
        lifts=(Lift(competence=SKILL, held=Level(0), reach=Level(2)),),
    )


def test_what_is_learnt_counts_from_its_day_until_it_ends() -> None:
    """Two of six steps are met from the second quarter, and up to the fifth where it ends there."""
    lasting = run(lacking(), doing(Actions(learning=(learning(),))))
    ending = learning(chance=CERTAIN, until=date(2028, 1, 1))
    passing = run(lacking(), doing(Actions(learning=(ending,))))
    assert _closed(lasting)[0] == [0, 2, 2, 2, 2, 2]
    assert _closed(passing)[0] == [0, 2, 2, 2, 0, 0]


def _closed(found: Simulation) -> list[list[int]]:
    """Steps closed beside a run in which nothing is done, run by run."""
    nothing = run(lacking(), NO_POLICY, replicas=len(found))
    closed: list[list[int]] = (nothing.of(Count.MISSING) - found.of(Count.MISSING)).tolist()
    return closed


def test_what_is_passed_on_fails_with_its_source() -> None:
    """A colleague learns from somebody exactly in the runs where that one has learnt."""
    first = learning(chance=CERTAIN // 2)
    second = Learning(
        employee=SECOND,
        unit=WARD,
        role=NURSE,
        ready=first.ready,
        steps=2,
        chance=CERTAIN,
        via=first,
    )
    found = run(lacking(), doing(Actions(learning=(second, first))), replicas=40)
    closed = {line[-1] for line in _closed(found)}
    assert closed == {0, 4}


def course(*, passes_on: bool = True) -> Enterprise:
    """Three nurses who lack two steps, and a course of 100 kroner that takes twenty days."""
    measure = Measure(
        id=MeasureId("course"),
        label=Text("Course"),
        kind=MeasureKind.EXTERNAL_COURSE,
        arena=Arena.OUTSIDE,
        mode=Mode.TRAINING,
        outcomes=(Outcome(competence=SKILL, reach=Level(2)),),
        cost_per_head=100,
        days=20,
        passes_on=passes_on,
    )
    return evolve(lacking(), measures=[measure])


def test_who_learns_passes_on_to_colleagues_d_8() -> None:
    """One in three takes the course; the two others learn of them with the chance in the flows."""
    once, sure = plan_once(Limits(budget=100)), Flows(passing=CERTAIN)

    def closed(enterprise: Enterprise, flows: Flows) -> set[int]:
        found = run(enterprise, once, flows, replicas=40)
        assert set(found.of(Count.COST).sum(axis=1).tolist()) == {100}
        return {6 - missing for missing in found.of(Count.MISSING)[:, -1].tolist()}

    assert closed(course(), Flows()) == {2}
    assert closed(course(), sure) == {6}
    assert closed(course(passes_on=False), sure) == {2}
    assert closed(course(), evolve(sure, success=CERTAIN // 2)) == {0, 6}
    assert closed(course(), Flows(passing=CERTAIN // 2)) == {2, 4, 6}


def test_each_colleague_learns_of_one_d_8() -> None:
    """Of two who take the course the third learns of one, and they not of each other."""
    seen: list[Actions] = []

    def decide(situation: Situation) -> Actions:
        decided = plan_once(Limits(budget=200)).decide(situation)
        assert isinstance(decided, Actions)
        seen.append(decided)
        return decided

    run(course(), Policy(name="looks", decide=decide))
    passed = [each for each in seen[0].learning if each.via is not None]
    own = [each for each in seen[0].learning if each.via is None]
    assert (len(own), len(passed)) == (2, 1)
    assert passed[0].employee not in {each.employee for each in own}


def test_planning_again_does_not_count_on_what_may_be_passed_on() -> None:
    """Until somebody has learnt of a colleague, a plan has them learn it; after that no more."""
    again = replan(Limits(budget=100), months=3)
    never, ever = (
        run(course(), again, Flows(passing=passing)).of(Count.COST)[0].tolist()
        for passing in (0, CERTAIN)
    )
    assert never == [100, 100, 100, 0, 0, 0]
    assert ever == [100, 100, 0, 0, 0, 0]


def test_somebody_who_is_sent_has_the_new_role_from_its_day() -> None:
    """A transfer moves a head from role to role, and takes along what was learnt for it."""
    there = Learning(employee=FIRST, unit=WARD, role=LEAD, ready=date(2027, 7, 1), steps=3)
    moves = Redeployment(employee=FIRST, unit=WARD, role=LEAD, on=date(2027, 7, 1))
    enterprise = _with_leader(lacking())
    found = run(enterprise, doing(Actions(learning=(there,), redeployments=(moves,))))
    assert found.of(Count.HEADS, role=NURSE)[0].tolist() == [3, 3, 2, 2, 2, 2]
    assert found.of(Count.HEADS, role=LEAD)[0].tolist() == [1, 1, 2, 2, 2, 2]
    assert found.of(Count.MET, role=LEAD)[0].tolist() == [0, 0, 3, 3, 3, 3]


def _with_leader(enterprise: Enterprise) -> Enterprise:
    """Let the last nurse be a leader too, so that there is such a place."""
    last = [*enterprise.employees][-1].id
    more = Engagement(employee=last, unit=WARD, role=LEAD, share=1_000)
    return evolve(enterprise, engagements=[*enterprise.engagements, more])


def test_openings_are_filled_on_their_day_and_paid_for_when_filled() -> None:
    """Two hires announced in the second quarter begin in the fourth."""
    hire = Hire(
        unit=WARD,
        role=NURSE,
        on=date(2027, 4, 1),
        begins=date(2027, 10, 1),
        heads=2,
        cost=50,
    )
    found = run(lacking(seats=5), doing(Actions(hires=(hire,))))
    assert found.of(Count.HIRES)[0].tolist() == [0, 0, 0, 2, 0, 0]
    assert found.of(Count.COST)[0].tolist() == [0, 100, 0, 0, 0, 0]
    assert found.of(Count.HEADS)[0].tolist() == [3, 3, 3, 5, 5, 5]


def test_a_market_gives_no_more_than_it_has_in_a_year() -> None:
    """Of five vacancies two are filled in the first year and two in the second."""
    enterprise = ward(seats=8)
    market = Market(role=NURSE, cost=1, days=30, most=2)
    hiring = hiring_of(Enterprise(markets=[market]), months=3)
    found = simulate(enterprise, Flows(hiring=hiring), start=START, periods=9, replicas=2, seed=1)
    assert found.of(Count.HIRES)[0].tolist() == [0, 2, 0, 0, 0, 2, 0, 0, 0]


def test_hours_away_are_counted_with_the_bill() -> None:
    """Hours released from work are added up in the period in which they are paid for."""
    bill = Bill(unit=WARD, role=NURSE, on=date(2027, 7, 1), cost=9, hours=40, employee=FIRST)
    found = run(lacking(), doing(Actions(bills=(bill,))))
    assert found.of(Count.AWAY)[0].tolist() == [0, 0, 40, 0, 0, 0]
    gone = run(
        lacking(), doing(Actions(bills=(bill,))), Flows(attrition=(Attrition(chance=CERTAIN),))
    )
    assert not gone.of(Count.AWAY).any()


def test_a_policy_sees_all_runs_at_once_and_may_decide_for_each() -> None:
    """Asked each year, it is given columns of all runs, and only the runs it chose pay."""
    seen: list[tuple[int, int]] = []

    def decide(situation: Situation) -> Sequence[Actions]:
        periods = situation.counts[Count.HEADS].shape[1]
        seen.append((len(situation), periods))
        bill = Bill(unit=WARD, role=NURSE, on=situation.on, cost=7)
        return [Actions(bills=(bill,) if n == 2 else ()) for n in range(len(situation))]

    found = run(lacking(), Policy(name="mine", decide=decide, months=12))
    assert seen == [(4, 0), (4, 4)]
    assert found.of(Count.COST).sum(axis=1).tolist() == [0, 0, 14, 0]


def test_a_policy_sees_where_everybody_has_come_to_stand() -> None:
    """The columns, and the enterprise of a run, tell who left, came and learnt."""
    seen: list[Situation] = []

    def decide(situation: Situation) -> Actions:
        seen.append(situation)
        return Actions(learning=(learning(),) if len(seen) == 1 else ())

    flows = Flows(
        attrition=(Attrition(chance=200_000),), hiring=(Hiring(role=NURSE, chance=CERTAIN),)
    )
    found = run(lacking(6, seats=6), Policy(name="mine", decide=decide, months=12), flows)
    now = seen[1]
    heads = found.of(Count.HEADS)[:, 4].tolist()
    for number in range(len(now)):
        become = now.of(number)
        there = (now.place[number] >= 0).sum()
        assert there + now.hired[number].sum() + now.coming[number].sum() >= heads[number]
        on = [e for e in become.engagements if e.end is None]
        assert len(on) == there
        seats = sum(each.share for each in become.seats)
        assert seats == 60_000 - 10_000 * int((now.hired + now.coming)[number].sum())
        stayed = now.place[number, now.people.index(FIRST)] >= 0
        assert len(become.assessments) in ((7,) if stayed else (6, 7))
    assert seen[0].of(0) is seen[0].enterprise


def test_runs_that_have_gone_alike_share_a_number() -> None:
    """Without chance all runs are alike; with it some are not."""
    kinds: list[int] = []

    def decide(situation: Situation) -> Actions:
        kinds.append(len(set(situation.alike.tolist())))
        return Actions()

    policy = Policy(name="mine", decide=decide, months=12)
    run(lacking(), policy, replicas=20)
    assert kinds == [1, 1]
    run(lacking(), policy, Flows(attrition=(Attrition(chance=300_000),)), replicas=20)
    assert kinds[2] == 1
    assert kinds[3] > 1


def test_a_policy_that_is_late_does_nothing_and_is_not_asked_again() -> None:
    """The deadline is for all its decisions, and is checked between them."""
    asked: list[date] = []

    def decide(situation: Situation) -> Actions:
        asked.append(situation.on)
        time.sleep(1.01)
        return Actions(bills=(Bill(unit=WARD, role=NURSE, on=situation.on, cost=7),))

    policy = Policy(name="slow", decide=decide, months=6, seconds=1)
    found = run(lacking(), policy)
    assert asked == [START]
    assert {each.code for each in found.findings} == {"W572"}
    assert found.marked.all()
    assert not found.of(Count.COST).any()


def test_only_the_runs_that_break_a_limit_are_marked() -> None:
    """One run's actions cost too much: that run does nothing, and the others go on."""

    def decide(situation: Situation) -> Sequence[Actions]:
        costs = [1_000 * number for number in range(len(situation))]
        return [
            Actions(bills=(Bill(unit=WARD, role=NURSE, on=START, cost=cost),)) for cost in costs
        ]

    found = run(lacking(), Policy(name="dear", decide=decide, budget=2_000))
    assert found.marked.tolist() == [False, False, False, True]
    assert found.of(Count.COST)[:, 0].tolist() == [0, 1_000, 2_000, 0]
    assert [each.code for each in found.findings] == ["W573"]


@pytest.mark.parametrize("answer", [None, 3, [Actions()] * 3, [None] * 4])
def test_answers_that_are_no_actions_do_nothing(answer: object) -> None:
    """What is no Actions, or is for another number of runs, is told as W571."""
    policy = Policy(name="odd", decide=lambda situation: answer)  # type: ignore[arg-type,return-value] # the fault
    found = run(lacking(), policy)
    assert [each.code for each in found.findings] == ["W571"]
    assert found.marked.all()


def test_a_transfer_to_a_place_that_is_not_there_is_refused() -> None:
    """E503, as for a person who is not there."""
    moves = Redeployment(employee=FIRST, unit=UnitId("moon"), role=RoleId("x"), on=START)
    with pytest.raises(Misuse, match="E503"):
        run(lacking(), doing(Actions(redeployments=(moves,))))


def test_what_contradicts_itself_is_refused() -> None:
    """An end before the beginning, an uncertain end, a begin before the announcement, a chance."""
    with pytest.raises(Misuse, match="E507"):
        learning(chance=CERTAIN, until=START)
    with pytest.raises(Misuse, match="E571"):
        learning(until=date(2028, 1, 1))
    with pytest.raises(Misuse, match="E571"):
        learning(chance=CERTAIN + 1)
    with pytest.raises(Misuse, match="E507"):
        Hire(unit=WARD, role=NURSE, on=date(2027, 2, 1), begins=START)


def test_replanning_plans_for_those_who_are_left() -> None:
    """The second plan is made of what has become of each run: nobody who has left is in it."""
    flows = Flows(attrition=(Attrition(chance=300_000),))
    found = run(lacking(), replan(Limits(budget=0)), flows, replicas=6)
    assert found.findings == ()
    assert not found.marked.any()
    assert np.array_equal(found.of(Count.COST), np.zeros((6, 6)))


# --- what a policy may do wrong -------------------------------------------------------------------


class _Broken(Sequence[Actions]):
    """An answer that falls apart when it is looked at."""

    def __len__(self) -> int:
        return 4

    def __getitem__(self, index: object) -> Actions:  # type: ignore[override]  # the fault
        raise RuntimeError("p0001 is ill")


def _leaves() -> None:
    raise SystemExit(3)


WRONG: dict[str, Callable[[Situation], object]] = {
    "leaves": lambda situation: _leaves(),
    "falls apart": lambda situation: _Broken(),
    "gives a tuple of nonsense": lambda situation: Actions(bills=("p0001",)),  # type: ignore[arg-type]  # the fault
    "gives no tuple": lambda situation: Actions(learning=3),  # type: ignore[arg-type]  # the fault
    "gives text": lambda situation: "none",
    "gives nothing for all runs": lambda situation: [],
    "gives a list": lambda situation: Actions(bills=[]),  # type: ignore[arg-type]  # the fault
    "hires everybody": lambda situation: Actions(
        hires=(Hire(unit=WARD, role=NURSE, on=situation.on, begins=situation.on, heads=10**9),)
    ),
    "writes to places": lambda situation: situation.place.__setitem__(0, 0),
    "writes to hires": lambda situation: situation.hired.__setitem__(0, 0),
    "writes to who is coming": lambda situation: situation.coming.__setitem__(0, 0),
    "writes to counts": lambda situation: situation.counts[Count.COST].__setitem__((), 0),
    "replaces counts": lambda situation: situation.counts.__setitem__(Count.COST, 0),  # type: ignore[index]  # the fault
    "writes to the enterprise": lambda situation: situation.enterprise.engagements.column(
        "share"
    ).__setitem__(0, 1),
    "moves a day": lambda situation: setattr(situation, "on", START),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("when", [0, 1])
def test_fault_f12_and_f14_whatever_a_policy_does_wrong_is_told_and_not_done(
    wrong: str, when: int
) -> None:
    """F12, F14: at its first and its second decision; what it said of anybody is not repeated."""
    asked: list[date] = []

    def decide(situation: Situation) -> Actions:
        asked.append(situation.on)
        done = WRONG[wrong](situation) if len(asked) == when + 1 else None
        return Actions() if done is None else done  # type: ignore[return-value]  # the fault

    flows = Flows(attrition=(Attrition(chance=200_000),))
    found = run(lacking(), Policy(name="mine", decide=decide, months=12), flows)
    assert len(asked) == 2
    assert [each.code for each in found.findings] == ["W571"]
    assert "mine" in found.findings[0].text
    assert found.findings[0].hint
    assert "p0001" not in str(found.findings)
    assert found.marked.all()
    nothing = run(lacking(), NO_POLICY, flows)
    assert all(np.array_equal(found.counts[each], nothing.counts[each]) for each in Count)


def test_ctrl_c_is_never_taken_for_a_policys_fault() -> None:
    """A KeyboardInterrupt while a policy decides ends the simulation, whoever raised it."""

    def decide(situation: Situation) -> Actions:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(lacking(), Policy(name="mine", decide=decide))


def test_actions_about_what_is_not_there_name_their_policy() -> None:
    """E503 says whose actions they are, for whoever compares several."""
    moves = Redeployment(employee=FIRST, unit=UnitId("moon"), role=RoleId("x"), on=START)
    with pytest.raises(Misuse, match="E503 policy fixed: ") as caught:
        run(lacking(), doing(Actions(redeployments=(moves,))))
    assert FIRST not in str(caught.value)


@pytest.mark.parametrize("chance", [-1, CERTAIN + 1, 0.5, True, "1"])
def test_chances_of_actions_are_whole_millionths(chance: object) -> None:
    """E571 for what is outside, a fraction, a truth or text."""
    with pytest.raises(Misuse, match="E571"):
        learning(chance=chance)  # type: ignore[arg-type]  # the fault
    with pytest.raises(Misuse, match="E571"):
        Hire(unit=WARD, role=NURSE, on=START, begins=START, chance=chance)  # type: ignore[arg-type]  # the fault


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"months": 0}, "E506"),
        ({"budget": -1}, "E506"),
        ({"seconds": 0}, "E506"),
        ({"months": 1.5}, "E501"),
        ({"name": " "}, "E214"),
    ],
)
def test_terms_of_a_policy_that_cannot_be_are_refused(terms: dict[str, object], code: str) -> None:
    """Never asked, less than nothing, no time, a fraction of a month, no name."""
    with pytest.raises(Misuse, match=code):
        Policy(**{"name": "mine", **terms})  # type: ignore[arg-type]  # the fault
