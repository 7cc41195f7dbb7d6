"""What if: each alteration does what its name says, from its day on, and no more."""

from datetime import UTC, date, datetime

import pytest
from attrs import evolve

from kompetanse_core.columns import Table
from kompetanse_core.errors import BadInput, Misuse
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    EvidenceKind,
    Facet,
    Level,
    Scale,
    ScaleId,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import Arena, Measure, MeasureId, MeasureKind, Mode
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    Employee,
    EmployeeId,
    Engagement,
    Evidence,
    EvidenceId,
    Unit,
)
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import (
    Bearer,
    Headcount,
    Market,
    Requirement,
    Role,
    RoleId,
    Seats,
    Task,
    TaskId,
    UnitId,
)
from kompetanse_core.scenario import (
    Add,
    Alteration,
    Attrition,
    ChangeLevel,
    ChangeSeats,
    ChangeShare,
    CloseRole,
    CloseSeats,
    CloseTask,
    CloseUnit,
    Flows,
    Hiring,
    Lapse,
    Leave,
    Move,
    Replace,
    Retire,
    Scenario,
    Withdraw,
    differences,
    expect,
    simulate,
)

T = Text("x")
DAY, DAY_BEFORE, LATER = date(2027, 3, 1), date(2027, 2, 28), date(2028, 1, 1)
NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
SCALE, DRIVE, LEAD = ScaleId("s"), CompetenceId("drive"), CompetenceId("lead")
WARD, BAY, NURSE, COOK = UnitId("ward"), UnitId("bay"), RoleId("nurse"), RoleId("cook")
ANN, BEN, NOBODY = EmployeeId("ann"), EmployeeId("ben"), EmployeeId("nobody")
COURSE = MeasureId("course")


def engaged(
    who: EmployeeId, *, unit: UnitId = WARD, role: RoleId = NURSE, share: int = 5_000
) -> Engagement:
    """An engagement without an end."""
    return Engagement(employee=who, unit=unit, role=role, share=share)


def required(level: int = 2, of: str = "nurse", bearer: Bearer = Bearer.ROLE) -> Requirement:
    """A requirement to drive."""
    return Requirement(bearer=bearer, of=of, competence=DRIVE, level=Level(level))


def assessed(who: EmployeeId = ANN, day: date = date(2027, 1, 1)) -> Assessment:
    """That somebody drives at level 2."""
    return Assessment(
        employee=who,
        competence=DRIVE,
        level=Level(2),
        source=AssessmentSource.JOINT,
        assessed=day,
        recorded=NOON,
    )


def course(cost: int = 1_000) -> Measure:
    """A course at a price."""
    return Measure(
        id=COURSE,
        label=T,
        kind=MeasureKind.INTERNAL_COURSE,
        arena=Arena.INSIDE,
        mode=Mode.TRAINING,
        cost_per_head=cost,
    )


PAPER = Evidence(
    id=EvidenceId("paper"),
    employee=ANN,
    kind=EvidenceKind.CERTIFICATE,
    competence=DRIVE,
    recorded=NOON,
)
SEATS = Seats(unit=WARD, role=NURSE, share=20_000)
PLACES = Headcount(unit=BAY, competence=DRIVE, level=Level(2), count=1)
TODAY = Enterprise(
    scales=(Scale(id=SCALE, top=Level(4)),),
    competences=(
        Competence(id=DRIVE, label=T, facet=Facet.SKILL, scale=SCALE),
        Competence(id=LEAD, label=T, facet=Facet.VALUE, scale=SCALE),
    ),
    tasks=(Task(id=TaskId("shift"), label=T),),
    roles=(
        Role(id=NURSE, label=T, tasks=(TaskId("shift"),)),
        Role(id=COOK, label=T),
    ),
    requirements=(required(), required(1, "shift", Bearer.TASK)),
    seats=(SEATS,),
    headcounts=(PLACES,),
    markets=(Market(role=NURSE, cost=50_000, days=60),),
    units=(Unit(id=WARD, label=T), Unit(id=BAY, label=T, parent=WARD)),
    employees=(Employee(id=ANN), Employee(id=BEN)),
    engagements=(engaged(ANN), engaged(ANN, role=COOK), engaged(BEN, unit=BAY)),
    evidence=(PAPER,),
    assessments=(assessed(), assessed(BEN)),
    measures=(course(),),
)


def gone_and_come(*changes: Alteration) -> dict[str, tuple[tuple[object, ...], tuple[object, ...]]]:
    """What a scenario takes away and brings, by collection."""
    found = Scenario(name="what if", changes=changes).differences(TODAY)
    return {each.name: (each.gone, each.come) for each in found}


# --- people -------------------------------------------------------------------------------------


def test_whoever_leaves_has_worked_until_the_day_before() -> None:
    """All engagements end, or those in one role or unit; nobody else's do."""
    ends = [evolve(engaged(ANN, role=role), end=DAY_BEFORE) for role in (COOK, NURSE)]
    assert gone_and_come(Leave(employee=ANN, on=DAY)) == {
        "engagements": ((engaged(ANN, role=COOK), engaged(ANN)), tuple(ends))
    }
    assert gone_and_come(Leave(employee=ANN, role=COOK, on=DAY)) == {
        "engagements": ((engaged(ANN, role=COOK),), (ends[0],))
    }


def test_an_engagement_that_would_begin_later_never_does() -> None:
    """Leaving also ends what lies ahead; what has ended before stays as it is."""
    past, ahead = (
        evolve(engaged(BEN, role=COOK), end=date(2026, 1, 1)),
        evolve(engaged(BEN, role=COOK), start=LATER),
    )
    today = evolve(TODAY, engagements=(past, ahead))
    after = Scenario(name="x", changes=(Leave(employee=BEN, on=DAY),)).apply(today)
    assert list(after.engagements) == [past]


def test_whoever_arrives_begins_on_the_day() -> None:
    """A person and an engagement come; an engagement begins on the day at the earliest."""
    new = EmployeeId("new")
    changes = (Add(noun=Employee(id=new), on=DAY), Add(noun=engaged(new), on=DAY))
    assert gone_and_come(*changes) == {
        "employees": ((), (Employee(id=new),)),
        "engagements": ((), (evolve(engaged(new), start=DAY),)),
    }
    late = evolve(engaged(BEN, role=COOK), start=LATER)
    assert gone_and_come(Add(noun=late, on=DAY)) == {"engagements": ((), (late,))}


def test_a_share_changes_on_the_day() -> None:
    """The old share holds until the day before, the new one from the day, for one engagement."""
    change = ChangeShare(employee=ANN, unit=WARD, role=NURSE, share=2_500, on=DAY)
    assert gone_and_come(change) == {
        "engagements": (
            (engaged(ANN),),
            (
                evolve(engaged(ANN), end=DAY_BEFORE),
                evolve(engaged(ANN), start=DAY, share=2_500),
            ),
        )
    }


def test_a_share_of_an_engagement_ahead_changes_from_its_start() -> None:
    """What begins after the day has the new share all along, and begins when it did."""
    ahead = evolve(engaged(BEN, role=COOK), start=LATER)
    change = ChangeShare(employee=BEN, unit=WARD, role=COOK, share=2_500, on=DAY)
    after = Scenario(name="x", changes=(change,)).apply(evolve(TODAY, engagements=(ahead,)))
    assert list(after.engagements) == [evolve(ahead, share=2_500)]


# --- work ---------------------------------------------------------------------------------------


def test_a_requirement_comes_is_raised_and_goes() -> None:
    """Three changes of one requirement, each from its day, leave a history of three rows."""
    new = evolve(required(1), competence=LEAD)
    after = Scenario(
        name="x",
        changes=(
            Retire(bearer=Bearer.ROLE, of="nurse", competence=LEAD, on=LATER),
            Add(noun=new, on=date(2027, 1, 1)),
            ChangeLevel(bearer=Bearer.ROLE, of="nurse", competence=LEAD, level=Level(3), on=DAY),
        ),
    ).apply(TODAY)
    assert [row for row in after.requirements if row.competence == LEAD] == [
        evolve(new, start=date(2027, 1, 1), end=DAY_BEFORE),
        evolve(new, start=DAY, end=date(2027, 12, 31), level=Level(3)),
    ]


def test_seats_change_and_close() -> None:
    """More seats from the day; closed seats end the day before, and who sits there stays."""
    more = ChangeSeats(unit=WARD, role=NURSE, share=30_000, on=DAY)
    before = evolve(SEATS, end=DAY_BEFORE)
    assert gone_and_come(more) == {
        "seats": ((SEATS,), (before, evolve(SEATS, start=DAY, share=30_000)))
    }
    assert gone_and_come(CloseSeats(unit=WARD, role=NURSE, on=DAY)) == {
        "seats": ((SEATS,), (before,))
    }


def test_a_closed_role_is_nobodys() -> None:
    """Its seats and engagements end; a role that nobody has closes as well."""
    found = gone_and_come(CloseRole(role=NURSE, on=DAY))
    assert set(found) == {"seats", "engagements"}
    assert found["engagements"][0] == (engaged(ANN), engaged(BEN, unit=BAY))
    idle = evolve(TODAY, engagements=())
    closed = Scenario(name="x", changes=(CloseRole(role=COOK, on=DAY),))
    assert closed.differences(idle) == ()


def test_what_has_ended_before_a_closing_stays_as_it_was() -> None:
    """Closing a role or a unit rewrites no engagement, seat or headcount of the past."""
    past = date(2026, 1, 1)
    today = evolve(
        TODAY,
        engagements=(evolve(engaged(ANN), end=past),),
        seats=(evolve(SEATS, end=past),),
        headcounts=(evolve(PLACES, end=past),),
    )
    closings: tuple[Alteration, ...] = (
        CloseRole(role=NURSE, on=DAY),
        CloseUnit(unit=WARD, on=DAY),
    )
    for closing in closings:
        assert Scenario(name="x", changes=(closing,)).differences(today) == ()


def test_a_closed_unit_takes_the_units_below_with_it() -> None:
    """Engagements, seats and headcounts end in the whole branch; a branch of it leaves the rest."""
    whole = gone_and_come(CloseUnit(unit=WARD, on=DAY))
    assert {name: len(gone) for name, (gone, _) in whole.items()} == {
        "seats": 1,
        "headcounts": 1,
        "engagements": 3,
    }
    part = gone_and_come(CloseUnit(unit=BAY, on=DAY))
    assert part == {
        "headcounts": ((PLACES,), (evolve(PLACES, end=DAY_BEFORE),)),
        "engagements": (
            (engaged(BEN, unit=BAY),),
            (evolve(engaged(BEN, unit=BAY), end=DAY_BEFORE),),
        ),
    }


def test_a_closed_task_takes_nothing_of_anybody() -> None:
    """The task's own requirements end, the role's stay."""
    task = required(1, "shift", Bearer.TASK)
    assert gone_and_come(CloseTask(task=TaskId("shift"), on=DAY)) == {
        "requirements": ((task,), (evolve(task, end=DAY_BEFORE),))
    }


def test_what_opens_is_there() -> None:
    """A unit, a role, a task, seats and a headcount, which refer to one another in any order."""
    unit, role = Unit(id=UnitId("new"), label=T), Role(id=RoleId("new"), label=T)
    seats = Seats(unit=unit.id, role=role.id, share=10_000)
    changes = [Add(noun=each, on=DAY) for each in (seats, role, unit)]
    assert gone_and_come(*changes) == {
        "roles": ((), (role,)),
        "seats": ((), (evolve(seats, start=DAY),)),
        "units": ((), (unit,)),
    }


def test_what_begins_on_the_day_leaves_nothing_behind() -> None:
    """Ended on its first day, a row was never there; altered, it has only its new form."""
    today = evolve(
        TODAY,
        engagements=(evolve(engaged(BEN), start=DAY),),
        seats=(evolve(SEATS, start=DAY, end=LATER),),
    )
    share = ChangeShare(employee=BEN, unit=WARD, role=NURSE, share=1, on=DAY)
    seats = ChangeSeats(unit=WARD, role=NURSE, share=1, on=DAY)
    after = Scenario(name="x", changes=(share, seats)).apply(today)
    assert list(after.engagements) == [evolve(engaged(BEN), start=DAY, share=1)]
    assert after.seats == (evolve(SEATS, start=DAY, end=LATER, share=1),)
    gone = Scenario(name="y", changes=(CloseUnit(unit=WARD, on=DAY),)).apply(today)
    assert (list(gone.engagements), gone.seats) == ([], ())


def test_a_branch_is_closed_to_its_last_unit() -> None:
    """Closing the top closes units two steps below."""
    bed = Unit(id=UnitId("bed"), label=T, parent=BAY)
    far = evolve(SEATS, unit=bed.id)
    today = evolve(TODAY, units=(*TODAY.units, bed), seats=(far,))
    after = Scenario(name="x", changes=(CloseUnit(unit=WARD, on=DAY),)).apply(today)
    assert after.seats == (evolve(far, end=DAY_BEFORE),)


# --- measures, markets, facts -------------------------------------------------------------------


def test_a_measure_is_replaced_withdrawn_and_offered() -> None:
    """A measure gets another price, ends the day before, or comes on offer on the day."""
    other = evolve(course(), id=MeasureId("other"))
    assert gone_and_come(Replace(noun=course(9))) == {"measures": ((course(),), (course(9),))}
    assert gone_and_come(Withdraw(measure=COURSE, on=DAY)) == {
        "measures": ((course(),), (evolve(course(), end=DAY_BEFORE),))
    }
    assert gone_and_come(Add(noun=other, on=DAY)) == {"measures": ((), (evolve(other, start=DAY),))}


def test_withdrawing_prolongs_no_measure() -> None:
    """A measure that ends earlier anyway keeps its end."""
    short = evolve(course(), end=date(2026, 6, 1))
    scenario = Scenario(name="x", changes=(Withdraw(measure=COURSE, on=DAY),))
    assert scenario.apply(evolve(TODAY, measures=(short,))).measures == (short,)


def test_a_market_is_replaced_by_its_role() -> None:
    """Hiring nurses gets dearer; there is one market for each role."""
    dearer = evolve(TODAY.markets[0], cost=90_000)
    assert gone_and_come(Replace(noun=dearer)) == {"markets": (TODAY.markets, (dearer,))}


def test_what_is_known_lapses() -> None:
    """Assessments and evidence of a competence, a person or both expire the day before."""
    until = evolve(assessed(), expires=DAY_BEFORE)
    assert gone_and_come(Lapse(competence=DRIVE, employee=ANN, on=DAY)) == {
        "evidence": ((PAPER,), (evolve(PAPER, expires=DAY_BEFORE),)),
        "assessments": ((assessed(),), (until,)),
    }
    both = gone_and_come(Lapse(competence=DRIVE, on=DAY))
    assert len(both["assessments"][0]) == 2


def test_what_is_learnt_later_does_not_lapse() -> None:
    """An assessment on the day or later is not touched, nor one that has expired before."""
    past = evolve(assessed(), expires=date(2027, 2, 1))
    today = evolve(TODAY, evidence=(), assessments=(past, assessed(BEN), assessed(BEN, DAY)))
    lapse = Scenario(name="x", changes=(Lapse(competence=DRIVE, on=DAY),)).apply(today)
    assert list(lapse.assessments) == [
        past,
        evolve(assessed(BEN), expires=DAY_BEFORE),
        assessed(BEN, DAY),
    ]


def test_evidence_lapses_by_itself() -> None:
    """A competence that only a paper proves can lapse; a paper that names none is not touched."""
    plain = evolve(PAPER, id=EvidenceId("plain"), competence=None)
    today = evolve(TODAY, assessments=(), evidence=(PAPER, plain))
    after = Scenario(name="x", changes=(Lapse(competence=DRIVE, on=DAY),)).apply(today)
    assert set(after.evidence) == {evolve(PAPER, expires=DAY_BEFORE), plain}
    with pytest.raises(Misuse, match="E503"):
        Scenario(name="x", changes=(Lapse(competence=LEAD, on=DAY),)).apply(today)


def test_everything_lapses_for_nobody() -> None:
    """A lapse names a competence, a person or both."""
    with pytest.raises(Misuse, match="E214"):
        Lapse(on=DAY)


# --- what is refused ----------------------------------------------------------------------------

TARGETLESS: tuple[Alteration, ...] = (
    Leave(employee=NOBODY, on=DAY),
    Leave(employee=BEN, role=COOK, on=DAY),
    ChangeShare(employee=NOBODY, unit=WARD, role=NURSE, share=1, on=DAY),
    ChangeLevel(bearer=Bearer.TASK, of="nurse", competence=DRIVE, level=Level(1), on=DAY),
    Retire(bearer=Bearer.ROLE, of="nurse", competence=LEAD, on=DAY),
    ChangeSeats(unit=BAY, role=NURSE, share=1, on=DAY),
    CloseSeats(unit=WARD, role=COOK, on=DAY),
    CloseRole(role=RoleId("gone"), on=DAY),
    CloseTask(task=TaskId("gone"), on=DAY),
    CloseUnit(unit=UnitId("gone"), on=DAY),
    Withdraw(measure=MeasureId("gone"), on=DAY),
    Replace(noun=Market(role=COOK, cost=1, days=1)),
    Replace(noun=evolve(course(), id=MeasureId("gone"))),
    Lapse(competence=LEAD, on=DAY),
    Lapse(employee=NOBODY, on=DAY),
)


@pytest.mark.parametrize("change", TARGETLESS, ids=lambda change: type(change).__name__)
def test_bad_input_66_an_unknown_target_is_refused(change: Alteration) -> None:
    """A change of what is not there is an error, which names no person."""
    with pytest.raises(Misuse, match="E503") as refusal:
        Scenario(name="x", changes=(change,)).apply(TODAY)
    assert "nobody" not in str(refusal.value)


def test_bad_input_74_what_has_ended_by_then_cannot_change() -> None:
    """After its end an engagement, a requirement or a seat is no target any more."""
    ended = Scenario(name="x", changes=(Leave(employee=ANN, on=DAY),))
    again = Scenario(name="y", changes=(Leave(employee=ANN, on=LATER),))
    with pytest.raises(Misuse, match="E503"):
        ended.then(again).apply(TODAY)


SHARE = ChangeShare(employee=ANN, unit=WARD, role=NURSE, share=1, on=DAY)
LEVEL = ChangeLevel(bearer=Bearer.ROLE, of="nurse", competence=DRIVE, level=Level(1), on=DAY)
SEAT = ChangeSeats(unit=WARD, role=NURSE, share=1, on=DAY)
PRICE = Replace(noun=course(1), on=DAY)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SHARE, evolve(SHARE, share=2)),
        (SHARE, Leave(employee=ANN, on=DAY)),
        (SHARE, Leave(employee=ANN, role=NURSE, on=DAY)),
        (LEVEL, evolve(LEVEL, level=Level(3))),
        (LEVEL, Retire(bearer=Bearer.ROLE, of="nurse", competence=DRIVE, on=DAY)),
        (SEAT, evolve(SEAT, share=2)),
        (SEAT, CloseSeats(unit=WARD, role=NURSE, on=DAY)),
        (PRICE, Replace(noun=course(2), on=DAY)),
        (PRICE, Withdraw(measure=COURSE, on=DAY)),
    ],
    ids=lambda change: type(change).__name__,
)
def test_changes_that_contradict_one_another_are_refused(
    one: Alteration, other: Alteration
) -> None:
    """E505 in either order: one thing cannot be otherwise in two ways, or end, on one day."""
    for changes in ((one, other), (other, one)):
        with pytest.raises(Misuse, match="E505") as refusal:
            Scenario(name="x", changes=changes)
        assert refusal.value.hint
        assert ANN not in str(refusal.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (SHARE, SHARE),
        (SHARE, evolve(SHARE, share=2, on=LATER)),
        (SHARE, evolve(SHARE, employee=BEN)),
        (SHARE, Leave(employee=ANN, role=COOK, on=DAY)),
        (SHARE, Leave(employee=BEN, on=DAY)),
        (SHARE, Leave(employee=ANN, unit=BAY, on=DAY)),
        (Leave(employee=ANN, role=COOK, on=DAY), Leave(employee=ANN, role=NURSE, on=DAY)),
        (Leave(employee=ANN, role=COOK, on=DAY), Leave(employee=ANN, on=DAY)),
        (LEVEL, evolve(LEVEL, bearer=Bearer.TASK)),
        (SEAT, evolve(SEAT, role=COOK)),
        (PRICE, Replace(noun=evolve(course(2), id=MeasureId("other")), on=DAY)),
    ],
)
def test_changes_that_add_up_are_no_contradiction(one: Alteration, other: Alteration) -> None:
    """The same twice, on other days, of others, or of other parts of the same."""
    assert len(Scenario(name="x", changes=(one, other)).changes) == 2


@pytest.mark.parametrize("noun", [SEATS, PLACES, required(), course(), engaged(ANN)])
def test_what_would_end_before_it_begins_is_refused(
    noun: Seats | Headcount | Requirement | Measure | Engagement,
) -> None:
    """E507: added on a day after its end, in whatever it is."""
    over = evolve(noun, end=DAY_BEFORE)
    with pytest.raises(Misuse, match="E507"):
        Scenario(name="x", changes=(Add(noun=over, on=DAY),)).apply(TODAY)
    with pytest.raises(Misuse, match="E507"):
        evolve(over, start=DAY)


def test_a_measure_that_begins_later_cannot_be_withdrawn_before() -> None:
    """E507: it would end before it begins."""
    late = evolve(TODAY, measures=(evolve(course(), start=LATER),))
    with pytest.raises(Misuse, match="E507"):
        Scenario(name="x", changes=(Withdraw(measure=COURSE, on=DAY),)).apply(late)


GONE_ROLE, GONE_UNIT = RoleId("gone"), UnitId("gone")


@pytest.mark.parametrize(
    "flows",
    [
        Flows(attrition=(Attrition(chance=1, role=GONE_ROLE),)),
        Flows(attrition=(Attrition(chance=1, unit=GONE_UNIT),)),
        Flows(hiring=(Hiring(role=GONE_ROLE, chance=1),)),
        Flows(moves=(Move(source=GONE_ROLE, target=NURSE, chance=1),)),
        Flows(moves=(Move(source=NURSE, target=GONE_ROLE, chance=1),)),
    ],
)
def test_chances_of_what_is_not_there_are_refused(flows: Flows) -> None:
    """E503: a misspelt role or unit would have no effect, by scenario, simulation or reckoning."""
    with pytest.raises(Misuse, match="E503"):
        Scenario(name="x", flows=flows).apply(TODAY)
    with pytest.raises(Misuse, match="E503"):
        simulate(TODAY, flows, start=DAY, periods=1, replicas=1)
    with pytest.raises(Misuse, match="E503"):
        expect(TODAY, flows, start=DAY, periods=1)
    role, unit = Role(id=GONE_ROLE, label=T), Unit(id=GONE_UNIT, label=T)
    added = Scenario(name="x", changes=(Add(noun=role), Add(noun=unit)), flows=flows)
    assert role in added.apply(TODAY).roles


def test_an_outcome_that_does_not_hang_together_is_refused() -> None:
    """A reference to nothing and an id that is there already: every finding at once."""
    lost = Add(noun=engaged(NOBODY))
    twin = Add(noun=Unit(id=WARD, label=T))
    scenario = Scenario(name="x", changes=(lost, twin))
    with pytest.raises(BadInput) as refusal:
        scenario.apply(TODAY)
    assert {each.code for each in refusal.value.findings} >= {"E503", "E505"}
    assert {each.code for each in scenario.reading(TODAY).refused} == {"E503", "E505"}


def test_what_an_outcome_gives_reason_to_say_is_told() -> None:
    """Somebody above full time is a warning of the scenario's reading."""
    more = Add(noun=engaged(ANN, unit=BAY, share=1))
    found = Scenario(name="x", changes=(more,)).reading(TODAY).findings
    assert "E511" in {each.code for each in found}


# --- order, names, comparison -------------------------------------------------------------------


def test_changes_stand_in_the_order_of_their_days() -> None:
    """Without a day first; of one day as given."""
    late, early = Leave(employee=ANN, on=LATER), Leave(employee=BEN, on=DAY)
    always, same = Replace(noun=course(1)), CloseTask(task=TaskId("shift"), on=DAY)
    scenario = Scenario(name="x", changes=(late, early, same, always))
    assert scenario.changes == (always, early, same, late)


def test_two_scenarios_are_one_after_the_other_in_time() -> None:
    """Composed, they have both names and all changes, whichever begins first."""
    first = Scenario(name="a", changes=(Leave(employee=ANN, on=LATER),))
    second = Scenario(name="b", changes=(Leave(employee=BEN, on=DAY),))
    both = first.then(second)
    assert both.name == "a + b"
    assert both.changes == (*second.changes, *first.changes)


def test_a_scenario_has_a_name() -> None:
    """A scenario without one is refused."""
    with pytest.raises(Misuse, match="E214"):
        Scenario(name=" ")


def test_a_difference_counts_and_shows_no_person() -> None:
    """Neither text nor representation of a difference holds an id."""
    (found,) = Scenario(name="x", changes=(Leave(employee=ANN, on=DAY),)).differences(TODAY)
    assert str(found) == "engagements: 2 gone, 2 come"
    assert "ann" not in repr(found)


def test_rows_that_stand_several_times_are_counted() -> None:
    """One more of the same assessment is one that came."""
    twice = evolve(TODAY, assessments=(assessed(), assessed(), assessed(BEN)))
    (more,) = differences(TODAY, twice)
    assert (more.gone, more.come) == ((), (assessed(),))
    (less,) = differences(twice, TODAY)
    assert (less.gone, less.come) == ((assessed(),), ())


def test_an_id_taken_away_is_a_difference() -> None:
    """A row that loses the id in a column is not the row that it was."""
    proven = evolve(TODAY, assessments=(evolve(assessed(), evidence=PAPER.id),))
    bare = evolve(TODAY, assessments=(assessed(),))
    (found,) = differences(proven, bare)
    assert (found.gone, found.come) == (tuple(proven.assessments), tuple(bare.assessments))


def test_two_scenarios_are_compared_by_their_outcomes() -> None:
    """What one would bring and the other not, also where it is no collection."""
    one = Scenario(name="a", changes=(Replace(noun=course(1)),)).apply(TODAY)
    other = evolve(TODAY, name=Text("other"))
    assert [(d.name, d.gone, d.come) for d in differences(one, other)] == [
        ("name", (TODAY.name,), (Text("other"),)),
        ("measures", (course(1),), (course(),)),
    ]


def test_merging_into_a_table_is_laying_out_all() -> None:
    """More facts in numbers make the same table as all facts from nouns, sorted, ids united."""
    some, more = [engaged(BEN), engaged(ANN, role=COOK)], [engaged(ANN), engaged(NOBODY)]
    layout = TODAY.engagements.layout
    merged = Table.of(layout, some).merged(more)
    assert merged == Table.of(layout, [*some, *more])
    assert list(merged) == list(Table.of(layout, [*some, *more]))
