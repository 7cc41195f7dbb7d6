"""What must be informed about, discussed, drøftet? The three gates, and clause by clause."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from attrs import evolve

from kompetanse_core.cooperation import Account, Decision, FollowUp, Standing, decide, follow_up
from kompetanse_core.cooperation.follow_up import CHECKS, RESTS_ON
from kompetanse_core.errors import DecisionStopped, Misuse
from kompetanse_core.gap import find_gaps
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    EvidenceKind,
    Facet,
    Level,
    Scale,
    ScaleId,
)
from kompetanse_core.model.cooperation import (
    Event,
    EventId,
    EventKind,
    Matter,
    MatterId,
    MatterKind,
    Reception,
    Register,
    Side,
    View,
)
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.mapping import Breadth, DesignId, MappingDesign
from kompetanse_core.model.measure import (
    Arena,
    Measure,
    MeasureId,
    MeasureKind,
    Mode,
    Outcome,
)
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    Employee,
    EmployeeId,
    Engagement,
    Evidence,
    EvidenceId,
    RoundId,
    Unit,
    Wish,
)
from kompetanse_core.model.privacy import Actor, ActorId, ActorKind, Basis, Kept, Purpose, Retention
from kompetanse_core.model.rule import Effect, RuleSet
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import (
    Aim,
    Bearer,
    Driver,
    DriverId,
    DriverKind,
    Goal,
    GoalId,
    Horizon,
    Need,
    NeedId,
    Requirement,
    Role,
    RoleId,
    Seats,
    Task,
    TaskId,
    UnitId,
)
from kompetanse_core.plan import (
    CostBearer,
    Criterion,
    EducationClass,
    Lift,
    Limits,
    Plan,
    PlanItem,
    Responsible,
    make_plan,
)
from kompetanse_core.recommendation import recommend
from kompetanse_core.rules import Check, guide_rules, rules_in_force
from kompetanse_core.strategy import Strategy, open_options

ON = date(2027, 3, 1)
BEFORE, LATER, LONG_AFTER = date(2027, 2, 1), date(2027, 3, 2), date(2030, 3, 1)
WARD, OFFICE, ROLE, TASK = UnitId("ward"), UnitId("office"), RoleId("nurse"), TaskId("dose")
PERSON, OTHER = EmployeeId("p-1"), EmployeeId("p-2")
COURSE, QUIET = MeasureId("course"), MeasureId("quiet")
DOSING, ETHICS, LAW = CompetenceId("dosing"), CompetenceId("ethics"), CompetenceId("law")
MANAGEMENT, UNION, EMPLOYEES = Side.MANAGEMENT, Side.UNION, Side.EMPLOYEES
PARTIES = (MANAGEMENT, UNION)
BOSS = Actor(id=ActorId("director"), kind=ActorKind.MANAGEMENT)

COURSE_MATTER = Matter(
    id=MatterId("m-course"), label=Text(nb="Kurset"), kind=MatterKind.MEASURE, measures=(COURSE,)
)
OTHER_MATTER = Matter(id=MatterId("m-other"), label=Text(nb="Annet"), kind=MatterKind.OTHER)


def matter(kind: MatterKind) -> Matter:
    """A matter of a kind, about the whole enterprise."""
    return Matter(id=MatterId(f"m-{kind.value}"), label=Text(nb=kind.value), kind=kind)


MATTERS = (
    COURSE_MATTER,
    OTHER_MATTER,
    *(matter(kind) for kind in (MatterKind.NEED, MatterKind.MAPPING, MatterKind.GAP)),
    *(matter(kind) for kind in (MatterKind.AGENDA, MatterKind.ARRANGEMENT, MatterKind.CHANGE)),
)


def event(
    kind: EventKind, on: date = BEFORE, about: str = "m-course", sides: tuple[Side, ...] = PARTIES
) -> Event:
    """One thing that happened between the parties."""
    present = "+".join(side.value for side in sides)
    return Event(
        id=EventId(f"{kind.value}-{on}-{about}-{present}"),
        kind=kind,
        on=on,
        sides=sides,
        matters=(MatterId(about),),
    )


def measure(name: MeasureId, *, mode: Mode = Mode.TRAINING) -> Measure:
    """A course that lifts dosing; the one called `course` affects daily operation."""
    return Measure(
        id=name,
        label=Text(nb=name),
        kind=MeasureKind.INTERNAL_COURSE,
        arena=Arena.INSIDE,
        mode=mode,
        outcomes=(Outcome(competence=DOSING, reach=Level(3)),),
        affects_operation=name == COURSE,
        cost_per_head=1_000,
    )


def hospital(*events: Event) -> Enterprise:
    """A ward with one nurse, who lacks a level of what a task takes, and what has happened."""
    return Enterprise(
        scales=(Scale(id=ScaleId("s"), top=Level(4)),),
        competences=tuple(
            Competence(id=each, label=Text(nb=each), facet=facet, scale=ScaleId("s"))
            for each, facet in (
                (DOSING, Facet.SKILL),
                (ETHICS, Facet.VALUE),
                (LAW, Facet.KNOWLEDGE),
            )
        ),
        units=(Unit(id=WARD, label=Text(nb="Post")), Unit(id=OFFICE, label=Text(nb="Kontor"))),
        tasks=(Task(id=TASK, label=Text(nb="Dosere")),),
        roles=(Role(id=ROLE, label=Text(nb="Sykepleier"), tasks=(TASK,)),),
        requirements=(asks(DOSING),),
        employees=(Employee(id=PERSON), Employee(id=OTHER)),
        engagements=(Engagement(employee=PERSON, unit=WARD, role=ROLE),),
        assessments=(assessed(DOSING),),
        measures=(measure(COURSE), measure(QUIET)),
        matters=MATTERS,
        register=Register(events=events),
    )


def asks(competence: CompetenceId, *needs: str) -> Requirement:
    """A level of a competence that the task takes."""
    return Requirement(
        bearer=Bearer.TASK,
        of=TASK,
        competence=competence,
        level=Level(2),
        needs=tuple(NeedId(each) for each in needs),
    )


def assessed(
    competence: CompetenceId,
    on: date = date(2026, 9, 1),
    source: AssessmentSource = AssessmentSource.SELF,
    person: EmployeeId = PERSON,
) -> Assessment:
    """Level 1, as somebody said on a day."""
    return Assessment(
        employee=person,
        competence=competence,
        level=Level(1),
        source=source,
        assessed=on,
        recorded=datetime(on.year, on.month, on.day, tzinfo=UTC),
    )


def item(name: MeasureId = COURSE) -> PlanItem:
    """The nurse goes to a course."""
    return PlanItem(
        strategy=Strategy.UPSKILL,
        unit=WARD,
        role=ROLE,
        employee=PERSON,
        measure=name,
        lifts=(Lift(competence=DOSING, held=Level(1), reach=Level(3)),),
        start=date(2027, 4, 1),
        end=date(2027, 4, 2),
        education=EducationClass.CONTINUING,
        criterion=Criterion(due=date(2027, 4, 2)),
        causes=(0,),
    )


@cache
def nothing_planned() -> Plan:
    """The plan of an empty enterprise, from which the others are made."""
    return make_plan(recommend(open_options(find_gaps(Enterprise(), on=ON))), Limits())


def planned(enterprise: Enterprise, *items: PlanItem) -> Plan:
    """A plan with these items and nothing else."""
    recommendations = recommend(open_options(find_gaps(enterprise, on=ON)))
    return evolve(nothing_planned(), recommendations=recommendations, items=items)


def decided(enterprise: Enterprise, *items: PlanItem, on: date = ON) -> Decision:
    """What the director decides."""
    return decide(planned(enterprise, *items), actor=BOSS, on=on)


def stopped(enterprise: Enterprise, *items: PlanItem) -> tuple[str, str]:
    """The code and clause by which a decision is stopped."""
    with pytest.raises(DecisionStopped) as caught:
        decided(enterprise, *items)
    return caught.value.code, caught.value.place.column


# --- decide: R-5 ------------------------------------------------------------------------------


def test_a_gated_measure_is_not_decided_without_a_drøfting() -> None:
    """R-5: nothing in the register: stopped, with code, clause, the measure and a way out."""
    with pytest.raises(
        DecisionStopped, match=r"\[R-5\]: E561 .*course \(enter a drøfting"
    ) as caught:
        decided(hospital(), item())
    assert caught.value.exit_code == 5


def test_a_drøfting_before_the_decision_opens_the_gate() -> None:
    """R-5, R-6: once drøftet, it is decided; the decision names its actor and the talk."""
    talk = event(EventKind.CONSULTATION)
    enterprise = hospital(talk)
    decision = decided(enterprise, item())
    assert decision.event.kind is EventKind.DECISION
    assert (decision.event.decided_by, decision.event.on) == (BOSS.id, ON)
    assert decision.event.refers_to == (talk.id,)
    assert decision.event.matters == (COURSE_MATTER.id,)
    assert decision.register.events == (talk, decision.event)
    assert decision.enterprise == evolve(enterprise, register=decision.register)
    assert enterprise.register.events == (talk,)


@pytest.mark.parametrize(
    "talk",
    [
        event(EventKind.INFORMATION),
        event(EventKind.DISCUSSION),
        event(EventKind.AGREEMENT),
        evolve(event(EventKind.CONSULTATION), bound=True),
        event(EventKind.CONSULTATION, sides=(MANAGEMENT,)),
        event(EventKind.CONSULTATION, sides=(UNION, EMPLOYEES)),
        event(EventKind.CONSULTATION, sides=(MANAGEMENT, EMPLOYEES)),
        event(EventKind.CONSULTATION, about="m-other"),
        event(EventKind.CONSULTATION, on=LATER),
        evolve(event(EventKind.CONSULTATION), recorded=datetime(2027, 3, 2, tzinfo=UTC)),
    ],
    ids=lambda talk: f"{talk.kind.value}-{talk.on}-{len(talk.sides)}-{talk.matters[0]}",
)
def test_what_is_no_drøfting_opens_no_gate(talk: Event) -> None:
    """R-5, X-4: told, discussed, bound in advance, one-sided, about something else, or too late."""
    assert stopped(hospital(talk), item()) == ("E561", "R-5")


@pytest.mark.parametrize(
    "talk",
    [
        event(EventKind.CONSULTATION, on=ON),
        event(EventKind.CONSULTATION, sides=(*PARTIES, EMPLOYEES)),
        evolve(event(EventKind.CONSULTATION), recorded=datetime(2027, 3, 1, 23, tzinfo=UTC)),
    ],
)
def test_a_drøfting_by_the_day_itself_is_in_time(talk: Event) -> None:
    """R-5: the register's order counts on the day itself; a third side does no harm."""
    assert decided(hospital(talk), item()).event.refers_to == (talk.id,)


def test_a_measure_that_leaves_operation_alone_needs_no_drøfting() -> None:
    """R-5 gates what affects daily operation, nothing else."""
    decision = decided(hospital(), item(QUIET))
    assert (decision.event.matters, decision.event.refers_to) == ((), ())


def test_advice_never_stops() -> None:
    """Only R-5, B-16 and A-15 stop: with nothing else in the register the decision stands."""
    follow = follow_up(decided(hospital(), item(QUIET)).enterprise, on=ON)
    assert len(follow.warnings) > 5


def test_an_earlier_decision_keeps_no_gate_shut() -> None:
    """R-5: what was once decided without drøfting can be decided again after one."""
    events = (event(EventKind.DECISION, on=date(2027, 1, 5)), event(EventKind.CONSULTATION))
    assert decided(hospital(*events), item()).event.refers_to == (events[1].id,)


def test_a_later_register_can_be_given() -> None:
    """The drøfting may have been entered since the enterprise was read."""
    plan = planned(hospital(), item())
    grown = Register(events=(event(EventKind.CONSULTATION),))
    assert len(decide(plan, actor=BOSS, on=ON, register=grown).register) == 2


# --- decide: B-16, A-15 and who decides -------------------------------------------------------


def status(kind: MatterKind = MatterKind.OPERATION) -> Matter:
    """A matter of operational status, about everything."""
    return Matter(id=MatterId("m-status"), label=Text(nb="Status"), kind=kind)


@pytest.mark.parametrize("kind", [MatterKind.OPERATION, MatterKind.ECONOMY])
def test_matters_of_operation_and_economy_are_gated(kind: MatterKind) -> None:
    """B-16: such a matter is drøftet before a plan that it touches is decided."""
    enterprise = evolve(hospital(), matters=(status(kind),))
    assert stopped(enterprise, item(QUIET)) == ("E562", "B-16")
    talk = event(EventKind.CONSULTATION, about="m-status")
    open_ = evolve(enterprise, register=Register(events=(talk,)))
    decision = decided(open_, item(QUIET))
    assert (decision.event.refers_to, decision.event.matters) == ((talk.id,), ("m-status",))


@pytest.mark.parametrize(
    ("touching", "expected"),
    [
        (evolve(status(), measures=(QUIET,)), True),
        (evolve(status(), measures=(COURSE,)), False),
        (evolve(status(), units=(WARD,)), True),
        (evolve(status(), units=(OFFICE,)), False),
        (evolve(status(), raised=ON), True),
        (evolve(status(), raised=LATER), False),
        (status(MatterKind.COST), False),
    ],
)
def test_only_matters_that_the_plan_touches_stop_it(touching: Matter, *, expected: bool) -> None:
    """B-16: by its measures, by its units or by being about everything, once it is raised."""
    enterprise = evolve(hospital(), matters=(touching,))
    if expected:
        assert stopped(enterprise, item(QUIET)) == ("E562", "B-16")
    else:
        assert decided(enterprise, item(QUIET)).event.matters == ()


@pytest.mark.parametrize("education", [EducationClass.CONTINUING, EducationClass.FURTHER])
def test_no_employee_pays_for_what_the_enterprise_needs(education: EducationClass) -> None:
    """A-15: etter- and videreutdanning in line with need is the employer's to pay."""
    charged = evolve(item(QUIET), education=education, bearer=CostBearer.EMPLOYEE)
    assert stopped(hospital(), charged) == ("E563", "A-15")
    for fair in (
        evolve(charged, bearer=CostBearer.EMPLOYER),
        evolve(charged, bearer=CostBearer.OPEN),
        evolve(charged, education=EducationClass.OWN_WISH),
    ):
        assert decided(hospital(), fair).on == ON


@pytest.mark.parametrize("kind", ActorKind)
def test_a_decision_names_somebody_of_management(kind: ActorKind) -> None:
    """E564: management and leaders decide; nobody else does, and nobody does so unnamed."""
    plan, actor = planned(hospital()), Actor(id=ActorId("a"), kind=kind)
    if kind in (ActorKind.MANAGEMENT, ActorKind.LEADER):
        assert decide(plan, actor=actor, on=ON).event.decided_by == actor.id
        return
    with pytest.raises(Misuse, match="E564"):
        decide(plan, actor=actor, on=ON)


def test_decisions_follow_each_other() -> None:
    """Each decision is an event of its own; the register only grows."""
    plan = planned(hospital(), item(QUIET))
    one = decide(plan, actor=BOSS, on=ON)
    two = decide(plan, actor=BOSS, on=ON, register=one.register)
    assert two.register.events == (one.event, two.event)
    assert repr(two) == f"<Decision {two.event.id} on 2027-03-01>"


def test_a_real_plan_goes_the_whole_way() -> None:
    """From the gaps to the decision: `make_plan` proposes, the gate stops, a drøfting opens."""
    enterprise = evolve(hospital(), measures=(measure(COURSE),))
    gaps = find_gaps(enterprise, on=ON)
    plan = make_plan(recommend(open_options(gaps)), Limits())
    assert {each.measure for each in plan.items} == {COURSE}
    with pytest.raises(DecisionStopped):
        decide(plan, actor=BOSS, on=ON)
    register = Register(events=(event(EventKind.CONSULTATION),))
    decision = decide(plan, actor=BOSS, on=ON, register=register)
    assert follow_up(decision.enterprise, plan).of("R-5").standing is Standing.KEPT


# --- follow-up: clause by clause --------------------------------------------------------------

KEPT, DUE, MISSING, IDLE = (
    Standing.KEPT,
    Standing.DUE,
    Standing.MISSING,
    Standing.NOT_APPLICABLE,
)
CHANGE = event(EventKind.CHANGE, about="m-change", sides=(MANAGEMENT,))
INPUT = event(EventKind.INPUT, about="m-agenda", sides=(EMPLOYEES,))
TALK = event(EventKind.CONSULTATION)
REORGANISATION = Driver(
    id=DriverId("d"), label=Text(nb="Omstilling"), kind=DriverKind.TRANSFORMATION, raised=BEFORE
)


def need(name: str, horizon: Horizon = Horizon.PRESENT) -> Need:
    """A need that serves the goal."""
    return Need(
        id=NeedId(name), label=Text(nb=name), horizon=horizon, goals=(GoalId("safe-patients"),)
    )


def heard(reception: Reception, side: Side = UNION) -> Event:
    """A discussion in which a side said something, and what became of it."""
    view = View(side=side, text=Text(nb="Mer tid."), reception=reception)
    return evolve(event(EventKind.DISCUSSION, about="m-agenda"), views=(view,))


def answered(*sides: Side) -> Event:
    """The parties discuss the gaps, and what some of them answered is written down."""
    views = tuple(View(side=side, text=Text(nb="Utvikle mest.")) for side in sides)
    return evolve(event(EventKind.DISCUSSION, about="m-gap"), views=views)


def stated(version: int, *sides: Side) -> Event:
    """One version of what the challenges are, and who is part of it."""
    told = event(EventKind.STATEMENT, BEFORE, sides=sides)
    return evolve(told, id=EventId(f"statement-{version}"))


def accepted(version: int, *sides: Side) -> Event:
    """A later agreement with one version of the statement."""
    return evolve(
        event(EventKind.AGREEMENT, sides=sides), refers_to=(EventId(f"statement-{version}"),)
    )


def designed(start: date) -> MappingDesign:
    """A mapping that begins on a day."""
    return MappingDesign(
        id=DesignId(f"{start}"), breadth=Breadth.OVERALL, method=Text(nb="Samtale"), start=start
    )


def with_facts(*facets: CompetenceId, source: AssessmentSource) -> Enterprise:
    """The hospital with its nurse assessed in some competences."""
    return evolve(hospital(), assessments=tuple(assessed(each, source=source) for each in facets))


def papers(*kinds: EvidenceKind) -> Enterprise:
    """The hospital with its nurse's papers of some kinds."""
    return evolve(
        hospital(),
        evidence=tuple(
            Evidence(
                id=EvidenceId(kind.value),
                employee=PERSON,
                kind=kind,
                recorded=datetime(2026, 9, 1, tzinfo=UTC),
            )
            for kind in kinds
        ),
    )


def credited(evidence: str | None) -> Enterprise:
    """The hospital with a certificate that is entered as a level, as evidence too or not."""
    proof = None if evidence is None else EvidenceId(evidence)
    level = assessed(DOSING, source=AssessmentSource.CREDENTIAL)
    return evolve(papers(EvidenceKind.CERTIFICATE), assessments=(evolve(level, evidence=proof),))


def learnt(issued: date, kind: EvidenceKind = EvidenceKind.COURSE) -> Enterprise:
    """The hospital with what its nurse has of a kind since a day."""
    held = papers(kind)
    return evolve(held, evidence=tuple(evolve(each, issued=issued) for each in held.evidence))


def led_by(why: Need) -> Enterprise:
    """The hospital with a requirement that builds on a need."""
    return evolve(AIMED, needs=(why,), requirements=(asks(DOSING, why.id),))


def aimed_at(*aims: Aim) -> Enterprise:
    """The hospital with measures that are for something."""
    first, *others = aims
    goal = Goal(id=GoalId("g"), label=Text(nb="Mål"), aims=(first,))
    course = evolve(measure(COURSE), aims=tuple(others))
    return evolve(hospital(), goals=(goal,), measures=(course,))


def borrowed(kind: MeasureKind, experience: str = "") -> Enterprise:
    """The hospital with something that others have tried."""
    told = Text(nb=experience)
    return evolve(
        hospital(), measures=(evolve(measure(QUIET), kind=kind, experience=told), measure(COURSE))
    )


def falling(*units: UnitId, way: bool = False) -> Enterprise:
    """The hospital with nurses, whose seats end, in units, and a seat for who knows the law.

    The first nurse may know it; no measure teaches it.
    """
    porter, until = RoleId("porter"), date(2027, 6, 30)
    known = evolve(assessed(LAW), level=Level(2))
    return evolve(
        hospital(),
        roles=(*hospital().roles, Role(id=porter, label=Text(nb="Portør"))),
        requirements=(
            asks(DOSING),
            Requirement(bearer=Bearer.ROLE, of=porter, competence=LAW, level=Level(2)),
        ),
        seats=(
            Seats(unit=WARD, role=ROLE, share=20_000, end=until),
            Seats(unit=WARD, role=porter, share=10_000),
        ),
        engagements=tuple(
            Engagement(employee=person, unit=unit, role=ROLE)
            for person, unit in zip((PERSON, OTHER), units, strict=False)
        ),
        assessments=(known,) if way else (),
    )


def staffed_office(day: date) -> Enterprise:
    """The hospital with somebody in the office too, who was assessed on a day."""
    return evolve(
        hospital(),
        engagements=(
            Engagement(employee=PERSON, unit=WARD, role=ROLE),
            Engagement(employee=OTHER, unit=OFFICE, role=ROLE),
        ),
        assessments=(assessed(DOSING), assessed(DOSING, on=day, person=OTHER)),
    )


AIMED = evolve(
    hospital(),
    business_idea=Text(nb="Behandle"),
    strategy=Text(nb="Hjemme"),
    goals=(Goal(id=GoalId("safe-patients"), label=Text(nb="Trygghet")),),
)
NOBODY = evolve(
    hospital(), employees=(), engagements=(), assessments=(), requirements=(), measures=()
)
SPREAD = evolve(hospital(), requirements=tuple(asks(each) for each in (DOSING, ETHICS, LAW)))
MAPPED = event(EventKind.DISCUSSION, about="m-mapping")

SELF, JOINT = AssessmentSource.SELF, AssessmentSource.JOINT

CASES: tuple[tuple[str, Standing, Enterprise, tuple[PlanItem, ...]], ...] = (
    ("F-3", IDLE, NOBODY, ()),
    ("F-3", MISSING, evolve(hospital(), needs=(need("now"),)), ()),
    ("F-3", KEPT, evolve(hospital(), needs=(need("then", Horizon.AFTER_CHANGE),)), ()),
    ("F-3", KEPT, evolve(hospital(), needs=(evolve(need("soon"), start=LATER),)), ()),
    ("K-6", IDLE, NOBODY, ()),
    ("K-6", MISSING, hospital(), ()),
    ("K-6", KEPT, SPREAD, ()),
    ("K-9", IDLE, NOBODY, ()),
    ("K-9", MISSING, hospital(), ()),
    ("K-9", KEPT, with_facts(DOSING, ETHICS, source=SELF), ()),
    ("K-10", IDLE, NOBODY, ()),
    ("K-10", MISSING, hospital(), ()),
    ("K-10", MISSING, papers(EvidenceKind.EXPERIENCE), ()),
    ("K-10", KEPT, papers(EvidenceKind.AUTHORISATION), ()),
    ("K-10", MISSING, credited(None), ()),
    ("K-10", KEPT, credited("certificate"), ()),
    ("K-11", IDLE, NOBODY, ()),
    ("K-11", MISSING, with_facts(DOSING, ETHICS, LAW, source=SELF), ()),
    ("K-11", MISSING, with_facts(DOSING, ETHICS, source=JOINT), ()),
    ("K-11", KEPT, with_facts(DOSING, ETHICS, LAW, source=JOINT), ()),
    ("K-12", IDLE, NOBODY, ()),
    ("K-12", MISSING, hospital(), ()),
    ("K-12", KEPT, hospital(event(EventKind.RECOGNITION, sides=(MANAGEMENT,))), ()),
    ("H-1", IDLE, NOBODY, ()),
    ("H-1", MISSING, AIMED, ()),
    ("H-1", MISSING, led_by(Need(id=NeedId("now"), label=Text(nb="now"))), ()),
    ("H-1", KEPT, led_by(need("now")), ()),
    (
        "H-1",
        MISSING,
        evolve(led_by(need("now")), requirements=(asks(DOSING, "now"), asks(LAW))),
        (),
    ),
    (
        "H-1",
        KEPT,
        evolve(
            led_by(Need(id=NeedId("now"), label=Text(nb="now"), drivers=(REORGANISATION.id,))),
            drivers=(evolve(REORGANISATION, goals=(GoalId("safe-patients"),)),),
        ),
        (),
    ),
    (
        "H-1",
        KEPT,
        evolve(
            AIMED,
            tasks=(Task(id=TASK, label=Text(nb="Dosere"), goals=(GoalId("safe-patients"),)),),
        ),
        (),
    ),
    ("H-5", IDLE, NOBODY, ()),
    ("H-5", MISSING, hospital(), ()),
    ("H-5", KEPT, learnt(date(2025, 3, 1)), ()),
    ("H-5", MISSING, learnt(date(2025, 2, 28)), ()),
    ("H-5", MISSING, learnt(LATER), ()),
    ("H-5", MISSING, learnt(BEFORE, EvidenceKind.EXPERIENCE), ()),
    ("P-1", IDLE, NOBODY, ()),
    ("P-1", MISSING, hospital(event(EventKind.STATEMENT, sides=(MANAGEMENT,))), ()),
    ("P-1", KEPT, hospital(event(EventKind.STATEMENT)), ()),
    ("P-1", MISSING, hospital(stated(1, UNION)), ()),
    ("P-1", DUE, hospital(stated(1, *PARTIES), stated(2, MANAGEMENT)), ()),
    ("P-1", KEPT, hospital(stated(1, MANAGEMENT), stated(2, *PARTIES)), ()),
    ("P-1", KEPT, hospital(stated(1, MANAGEMENT), accepted(1, UNION)), ()),
    ("P-1", MISSING, hospital(stated(1, MANAGEMENT), accepted(1, EMPLOYEES)), ()),
    ("P-1", MISSING, hospital(stated(1, MANAGEMENT), accepted(2, UNION)), ()),
    ("P-4", IDLE, hospital(TALK), ()),
    ("P-4", DUE, hospital(heard(Reception.OPEN)), ()),
    ("P-4", MISSING, hospital(heard(Reception.NOT_TAKEN_IN)), ()),
    ("P-4", KEPT, hospital(heard(Reception.PARTLY)), ()),
    ("P-5", IDLE, evolve(hospital(TALK), units=hospital().units[:1]), ()),
    ("P-5", MISSING, hospital(TALK), ()),
    ("P-5", KEPT, hospital(TALK, evolve(event(EventKind.DISCUSSION), unit=WARD)), ()),
    ("P-6", IDLE, NOBODY, ()),
    ("P-6", MISSING, hospital(), ()),
    ("P-6", MISSING, hospital(event(EventKind.REVIEW, date(2025, 2, 28), "m-arrangement")), ()),
    ("P-6", KEPT, hospital(event(EventKind.REVIEW, date(2025, 3, 1), "m-arrangement")), ()),
    ("P-7", IDLE, hospital(TALK), ()),
    ("P-7", DUE, hospital(heard(Reception.OPEN)), ()),
    ("P-7", KEPT, hospital(heard(Reception.NOT_TAKEN_IN)), ()),
    ("P-8", IDLE, hospital(), ()),
    ("P-8", MISSING, hospital(TALK), ()),
    ("P-8", KEPT, hospital(TALK, INPUT), ()),
    ("P-9", IDLE, NOBODY, ()),
    ("P-9", MISSING, hospital(heard(Reception.OPEN, MANAGEMENT)), ()),
    ("P-9", KEPT, hospital(heard(Reception.OPEN)), ()),
    ("P-9", KEPT, hospital(INPUT), ()),
    ("A-1", IDLE, evolve(hospital(), measures=()), ()),
    ("A-1", MISSING, hospital(), ()),
    ("A-1", DUE, aimed_at(Aim.COMPETE, Aim.SOCIETY), ()),
    ("A-1", DUE, aimed_at(Aim.MASTERY, Aim.SOCIETY), ()),
    ("A-1", DUE, aimed_at(Aim.MASTERY, Aim.RETAIN), ()),
    ("A-1", KEPT, aimed_at(Aim.MASTERY, Aim.RETAIN, Aim.SOCIETY), ()),
    ("A-3", IDLE, NOBODY, ()),
    ("A-3", MISSING, hospital(), ()),
    ("A-3", KEPT, hospital(INPUT), ()),
    (
        "A-3",
        KEPT,
        evolve(
            hospital(),
            wishes=(
                Wish(
                    employee=PERSON,
                    role=ROLE,
                    stated=BEFORE,
                    recorded=datetime(2027, 2, 1, tzinfo=UTC),
                ),
            ),
        ),
        (),
    ),
    ("A-4", IDLE, evolve(hospital(), requirements=()), (item(),)),
    ("A-4", MISSING, hospital(), ()),
    ("A-4", KEPT, hospital(), (item(),)),
    ("A-5", IDLE, hospital(), (evolve(item(), education=EducationClass.OWN_WISH),)),
    ("A-5", MISSING, hospital(), (item(),)),
    (
        "A-5",
        KEPT,
        evolve(AIMED, needs=(need("now"),), requirements=(asks(DOSING, "now"),)),
        (item(),),
    ),
    (
        "A-5",
        KEPT,
        evolve(
            AIMED,
            tasks=(Task(id=TASK, label=Text(nb="Dosere"), goals=(GoalId("safe-patients"),)),),
        ),
        (item(),),
    ),
    (
        "A-5",
        KEPT,
        evolve(AIMED, measures=(evolve(measure(COURSE), goals=(GoalId("safe-patients"),)),)),
        (item(),),
    ),
    ("A-6", IDLE, NOBODY, ()),
    ("A-6", MISSING, evolve(hospital(), assessments=()), ()),
    ("A-6", MISSING, staffed_office(LATER), ()),
    ("A-6", KEPT, hospital(), ()),
    ("A-7", IDLE, NOBODY, ()),
    ("A-7", MISSING, hospital(), ()),
    ("A-7", KEPT, evolve(hospital(), requirements=(asks(DOSING, "now"),)), ()),
    (
        "A-7",
        KEPT,
        evolve(
            hospital(),
            tasks=(Task(id=TASK, label=Text(nb="Dosere"), goals=(GoalId("safe-patients"),)),),
        ),
        (),
    ),
    ("A-10", IDLE, NOBODY, ()),
    ("A-10", MISSING, hospital(), ()),
    ("A-10", KEPT, AIMED, ()),
    ("A-11", IDLE, NOBODY, ()),
    ("A-11", MISSING, hospital(event(EventKind.INFORMATION, about="m-need")), ()),
    ("A-11", MISSING, hospital(event(EventKind.DISCUSSION, about="m-agenda")), ()),
    ("A-11", KEPT, hospital(event(EventKind.DISCUSSION, about="m-need")), ()),
    ("A-12", IDLE, NOBODY, ()),
    ("A-12", MISSING, evolve(hospital(), assessments=()), ()),
    ("A-12", MISSING, staffed_office(date(2026, 2, 28)), ()),
    ("A-12", DUE, staffed_office(date(2026, 3, 1)), ()),
    ("A-12", DUE, staffed_office(date(2026, 4, 29)), ()),
    ("A-12", KEPT, staffed_office(date(2026, 4, 30)), ()),
    ("A-13", IDLE, hospital(), ()),
    ("A-13", MISSING, hospital(), (evolve(item(), causes=()),)),
    ("A-13", KEPT, hospital(), (item(),)),
    ("A-13", KEPT, hospital(), (item(), evolve(item(), employee=None, causes=(), sessions=1))),
    ("A-14", IDLE, hospital(), ()),
    ("A-14", KEPT, hospital(), (item(),)),
    ("A-14", MISSING, hospital(), (evolve(item(), responsible=Responsible.ENTERPRISE),)),
    ("A-14", MISSING, hospital(), (evolve(item(), responsible=Responsible.INDIVIDUAL),)),
    (
        "A-14",
        KEPT,
        hospital(),
        (
            evolve(item(), responsible=Responsible.INDIVIDUAL),
            evolve(item(QUIET), responsible=Responsible.ENTERPRISE),
        ),
    ),
    ("A-15", IDLE, hospital(), ()),
    ("A-15", MISSING, hospital(), (evolve(item(), bearer=CostBearer.EMPLOYEE),)),
    ("A-15", KEPT, hospital(), (item(),)),
    ("T-1", IDLE, NOBODY, ()),
    ("T-1", MISSING, hospital(INPUT), ()),
    ("T-1", KEPT, hospital(event(EventKind.INPUT, sides=(UNION,))), ()),
    ("T-1", KEPT, hospital(heard(Reception.OPEN)), ()),
    (
        "T-1",
        KEPT,
        evolve(hospital(), drivers=(evolve(REORGANISATION, kind=DriverKind.UNION_DEMAND),)),
        (),
    ),
    ("T-4", IDLE, hospital(), ()),
    ("T-4", MISSING, borrowed(MeasureKind.EXPERIENCE_EXCHANGE), ()),
    ("T-4", KEPT, borrowed(MeasureKind.EXPERIENCE_EXCHANGE, "Liten post, egen turnus."), ()),
    ("T-4", KEPT, borrowed(MeasureKind.INTERNAL_COURSE, "Liten post, egen turnus."), ()),
    ("B-4", IDLE, hospital(), ()),
    ("B-4", MISSING, hospital(CHANGE), ()),
    ("B-4", MISSING, hospital(event(EventKind.REVIEW, date(2027, 1, 1), "m-change"), CHANGE), ()),
    ("B-4", KEPT, hospital(CHANGE, event(EventKind.REVIEW, about="m-change")), ()),
    (
        "B-4",
        DUE,
        hospital(
            evolve(CHANGE, unit=OFFICE),
            evolve(event(EventKind.REVIEW, about="m-change"), unit=WARD),
        ),
        (),
    ),
    ("B-4", MISSING, evolve(hospital(), drivers=(REORGANISATION,)), ()),
    ("B-4", IDLE, evolve(hospital(), drivers=(evolve(REORGANISATION, raised=LATER),)), ()),
    (
        "B-4",
        KEPT,
        evolve(hospital(event(EventKind.REVIEW, about="m-need")), drivers=(REORGANISATION,)),
        (),
    ),
    ("B-11", IDLE, hospital(), ()),
    ("B-12", IDLE, hospital(), ()),
    ("B-12", MISSING, evolve(hospital(CHANGE), needs=(need("now"),)), ()),
    ("B-12", KEPT, evolve(hospital(CHANGE), needs=(need("meanwhile", Horizon.DURING_CHANGE),)), ()),
    ("B-13", IDLE, NOBODY, ()),
    ("B-13", MISSING, hospital(), ()),
    ("B-14", MISSING, hospital(), ()),
    ("B-15", IDLE, hospital(), ()),
    ("B-15", DUE, hospital(CHANGE), ()),
    ("B-15", DUE, hospital(CHANGE, event(EventKind.INFORMATION, about="m-other")), ()),
    (
        "B-15",
        DUE,
        hospital(CHANGE, event(EventKind.INFORMATION, about="m-change", sides=(EMPLOYEES,))),
        (),
    ),
    ("B-15", KEPT, hospital(CHANGE, event(EventKind.INFORMATION, about="m-change")), ()),
    (
        "B-15",
        KEPT,
        hospital(
            evolve(CHANGE, matters=()),
            evolve(event(EventKind.INFORMATION), refers_to=(CHANGE.id,)),
        ),
        (),
    ),
    ("B-15", MISSING, hospital(evolve(CHANGE, on=date(2027, 1, 1))), ()),
    (
        "B-15",
        MISSING,
        hospital(
            evolve(CHANGE, on=date(2026, 12, 1)),
            event(EventKind.INFORMATION, about="m-change"),
        ),
        (),
    ),
    ("B-16", IDLE, hospital(), ()),
    ("B-16", DUE, evolve(hospital(), matters=(status(),)), ()),
    ("M-4", KEPT, hospital(), ()),
    ("M-5", IDLE, NOBODY, ()),
    ("M-5", DUE, evolve(hospital(), assessments=()), ()),
    ("M-5", MISSING, hospital(), ()),
    ("M-5", MISSING, hospital(event(EventKind.DISCUSSION, about="m-mapping")), ()),
    ("M-5", KEPT, hospital(event(EventKind.DISCUSSION, date(2026, 9, 1), "m-mapping")), ()),
    ("M-5", DUE, evolve(hospital(), designs=(designed(date(2027, 3, 2)),)), ()),
    ("M-5", MISSING, evolve(hospital(), designs=(designed(ON),)), ()),
    (
        "M-5",
        KEPT,
        evolve(hospital(MAPPED), designs=(designed(date(2026, 1, 1)), designed(MAPPED.on))),
        (),
    ),
    ("M-5", KEPT, evolve(hospital(MAPPED), designs=(designed(MAPPED.on),)), ()),
    (
        "M-5",
        MISSING,
        evolve(hospital(MAPPED), designs=(designed(MAPPED.on - timedelta(days=1)),)),
        (),
    ),
    ("M-8", IDLE, NOBODY, ()),
    ("M-8", MISSING, papers(EvidenceKind.FORMAL_EDUCATION, EvidenceKind.EXPERIENCE), ()),
    (
        "M-8",
        KEPT,
        papers(
            EvidenceKind.FORMAL_EDUCATION, EvidenceKind.EXPERIENCE, EvidenceKind.TRADE_CERTIFICATE
        ),
        (),
    ),
    ("M-9", IDLE, NOBODY, ()),
    ("M-9", MISSING, papers(EvidenceKind.FORMAL_EDUCATION), ()),
    ("M-9", KEPT, papers(EvidenceKind.REAL_COMPETENCE_EDUCATION), ()),
    ("M-10", KEPT, with_facts(DOSING, ETHICS, source=SELF), ()),
    ("M-13", IDLE, NOBODY, ()),
    ("M-13", MISSING, hospital(), ()),
    (
        "M-13",
        KEPT,
        evolve(
            hospital(),
            retentions=tuple(
                Retention(kept=kept, purpose=Purpose.DEVELOPMENT, basis=Basis.CONTRACT, months=24)
                for kept in Kept
            ),
        ),
        (),
    ),
    ("S-1", IDLE, NOBODY, ()),
    ("S-1", MISSING, hospital(), ()),
    ("S-1", KEPT, with_facts(DOSING, source=JOINT), ()),
    ("D-1", IDLE, hospital(), ()),
    ("D-1", MISSING, hospital(), (item(),)),
    (
        "D-1",
        KEPT,
        evolve(hospital(), measures=(measure(COURSE, mode=Mode.WORK),)),
        (item(),),
    ),
    ("D-3", IDLE, NOBODY, ()),
    ("D-3", MISSING, hospital(), ()),
    ("D-3", MISSING, hospital(event(EventKind.DISCUSSION, date(2026, 8, 31), "m-agenda")), ()),
    ("D-3", MISSING, hospital(event(EventKind.INFORMATION, about="m-agenda")), ()),
    ("D-3", KEPT, hospital(event(EventKind.DISCUSSION, date(2026, 9, 1), "m-agenda")), ()),
    ("T-2", KEPT, hospital(event(EventKind.DISCUSSION, date(2026, 9, 1), "m-agenda")), ()),
    ("D-4", IDLE, hospital(), ()),
    ("D-4", DUE, hospital(INPUT), ()),
    ("D-4", MISSING, hospital(evolve(INPUT, on=date(2026, 12, 30))), ()),
    ("D-4", KEPT, hospital(INPUT, evolve(event(EventKind.ANSWER), refers_to=(INPUT.id,))), ()),
    ("D-4", KEPT, hospital(evolve(INPUT, views=heard(Reception.NOT_TAKEN_IN).views)), ()),
    ("D-5", MISSING, hospital(), (item(),)),
    ("D-6", IDLE, hospital(), ()),
    ("D-6", MISSING, hospital(), (item(),)),
    (
        "D-6",
        DUE,
        evolve(hospital(), measures=(measure(COURSE), evolve(measure(QUIET), passes_on=True))),
        (item(),),
    ),
    (
        "D-6",
        KEPT,
        evolve(hospital(), measures=(evolve(measure(COURSE), kind=MeasureKind.SHARING),)),
        (item(),),
    ),
    ("G-2", IDLE, evolve(hospital(), requirements=()), ()),
    ("G-2", DUE, hospital(), ()),
    ("G-2", MISSING, hospital(event(EventKind.DECISION, about="m-gap")), ()),
    ("G-2", DUE, hospital(event(EventKind.DISCUSSION, about="m-gap")), ()),
    ("G-2", DUE, hospital(answered(UNION)), ()),
    ("G-2", MISSING, hospital(answered(MANAGEMENT), event(EventKind.DECISION, about="m-gap")), ()),
    ("G-2", KEPT, hospital(answered(UNION, MANAGEMENT)), ()),
    ("G-10", IDLE, hospital(), ()),
    ("G-10", IDLE, falling(), ()),
    ("G-10", MISSING, falling(WARD), ()),
    ("G-10", KEPT, falling(WARD, way=True), ()),
    ("G-10", DUE, falling(WARD, OFFICE, way=True), ()),
    ("R-4", IDLE, hospital(), ()),
    ("R-4", DUE, hospital(), (item(),)),
    ("R-4", DUE, hospital(event(EventKind.DISCUSSION, about="m-other")), (item(),)),
    ("R-4", KEPT, hospital(event(EventKind.INFORMATION, about="m-need")), (item(),)),
    (
        "R-4",
        MISSING,
        hospital(event(EventKind.DECISION), event(EventKind.INFORMATION, about="m-need")),
        (item(),),
    ),
    ("R-5", IDLE, hospital(), (item(QUIET),)),
    ("R-5", DUE, hospital(), (item(),)),
    ("R-5", KEPT, hospital(TALK), (item(),)),
    ("R-5", MISSING, hospital(event(EventKind.DECISION)), ()),
    ("R-5", MISSING, hospital(event(EventKind.DECISION), TALK), (item(),)),
    ("R-5", MISSING, hospital(evolve(TALK, on=ON), event(EventKind.DECISION)), (item(),)),
    ("R-5", KEPT, hospital(TALK, event(EventKind.DECISION)), (item(),)),
)


@pytest.mark.parametrize(
    ("clause", "standing", "enterprise", "items"),
    CASES,
    ids=[f"{clause}-{standing.value}" for clause, standing, _, _ in CASES],
)
def test_how_a_clause_stands(
    clause: str, standing: Standing, enterprise: Enterprise, items: tuple[PlanItem, ...]
) -> None:
    """Each clause is kept, due, missing or not applicable by what is there, and says so twice."""
    account = follow_up(enterprise, planned(enterprise, *items), ON).of(clause)
    assert account.standing is standing, account.told
    assert min(account.told.nb, account.told.en)
    assert account.told.nb != account.told.en


def test_every_check_is_tried_both_ways() -> None:
    """The cases show each check kept, and not applicable, and one of due and missing."""
    rules = guide_rules()
    tried: dict[str, set[Standing]] = {}
    for clause, standing, _, _ in CASES:
        tried.setdefault(rules.rule(clause).check, set()).add(standing)
    untried = {check.value: tried.get(check.value, set()) for check in Check}
    assert [name for name, seen in untried.items() if not seen & {DUE, MISSING}] == []
    assert [name for name, seen in untried.items() if IDLE not in seen] == []


def test_every_check_has_its_function() -> None:
    """The registry holds a function for each name, and its docstring cites the clauses."""
    assert set(CHECKS) == set(Check)
    assert len(set(CHECKS.values())) == len(CHECKS)
    for rule in guide_rules().rules:
        if rule.check:
            cited = (CHECKS[Check(rule.check)].__doc__ or "").partition(":")[0].split(", ")
            assert rule.clause in cited


def test_all_five_sides_of_the_analysis() -> None:
    """B-13: with formal, real, attitude, value and culture it is kept; without one it is not."""
    base = papers(EvidenceKind.FORMAL_EDUCATION, EvidenceKind.INFORMAL)
    facets = (Facet.ATTITUDE, Facet.VALUE, Facet.SKILL)
    whole = evolve(
        base,
        competences=tuple(
            evolve(each, facet=facet) for each, facet in zip(base.competences, facets, strict=True)
        ),
        requirements=SPREAD.requirements,
        needs=(evolve(need("culture"), unit=WARD),),
    )
    assert follow_up(whole, on=ON).of("B-13").standing is KEPT
    for part in (
        evolve(whole, needs=()),
        evolve(whole, evidence=papers(EvidenceKind.INFORMAL).evidence),
        evolve(whole, evidence=papers(EvidenceKind.COURSE).evidence),
        evolve(whole, competences=base.competences),
    ):
        assert follow_up(part, on=ON).of("B-13").standing is MISSING


def test_a_matter_of_operation_is_followed_to_its_decision() -> None:
    """B-16: drøftet first is kept; decided without is missing, and nothing later mends it."""
    talk = event(EventKind.CONSULTATION, about="m-status")
    decision = event(EventKind.DECISION, about="m-status")
    for events, standing in (
        ((talk,), KEPT),
        ((talk, decision), KEPT),
        ((decision,), MISSING),
        ((decision, talk), MISSING),
    ):
        enterprise = evolve(hospital(), matters=(status(),), register=Register(events=events))
        account = follow_up(enterprise, on=ON).of("B-16")
        assert account.standing is standing
        assert set(account.events) <= {each.id for each in events}


def test_what_was_told_of_one_change_does_not_tell_of_the_next() -> None:
    """B-15: each change of a matter is told of; told ahead counts for those that were to come."""
    first, second = (
        evolve(event(EventKind.CHANGE, on=day, about="m-change"), id=EventId(f"change-{day}"))
        for day in (date(2026, 3, 1), date(2026, 9, 1))
    )
    for day, refers, standing in (
        (date(2026, 3, 10), (), MISSING),
        (date(2026, 3, 10), (first.id, second.id), KEPT),
        (date(2026, 2, 1), (), KEPT),
        (date(2026, 9, 10), (), MISSING),
    ):
        told = evolve(event(EventKind.INFORMATION, on=day, about="m-change"), refers_to=refers)
        assert follow_up(hospital(first, second, told), on=ON).of("B-15").standing is standing
    each = tuple(
        event(EventKind.INFORMATION, on=change.on + timedelta(days=3), about="m-change")
        for change in (first, second)
    )
    assert follow_up(hospital(first, second, *each), on=ON).of("B-15").standing is KEPT


def test_a_link_in_which_nobody_is_mapped_is_told() -> None:
    """A-6: the units by name, and the links of the value chain that none of theirs is mapped in."""
    house = Unit(id=UnitId("house"), label=Text(nb="Drift"), link="drift")
    at_the_office = Engagement(employee=OTHER, unit=OFFICE, role=ROLE)
    base = evolve(hospital(), engagements=(*hospital().engagements, at_the_office))
    for link, parent, told in (
        ("", house.id, "Not mapped: Kontor. Links in which nobody is mapped: drift."),
        ("stab", house.id, "Not mapped: Kontor. Links in which nobody is mapped: stab."),
        ("pleie", None, "Not mapped: Kontor."),
        ("", None, "Not mapped: Kontor."),
    ):
        units = (
            house,
            Unit(id=WARD, label=Text(nb="Post"), link="pleie"),
            Unit(id=OFFICE, label=Text(nb="Kontor"), link=link, parent=parent),
        )
        account = follow_up(evolve(base, units=units), on=ON).of("A-6")
        assert (account.standing, account.told.en) == (MISSING, told)


def test_the_latest_round_is_the_one_that_was_discussed() -> None:
    """M-5: without rounds all mapping is one; a discussion halfway comes too late for it."""
    early, late = assessed(DOSING, on=date(2026, 5, 1)), assessed(DOSING, on=date(2026, 9, 1))
    halfway = hospital(event(EventKind.DISCUSSION, date(2026, 7, 1), "m-mapping"))
    one = evolve(halfway, assessments=(early, late))
    assert follow_up(one, on=ON).of("M-5").standing is MISSING
    two = evolve(halfway, assessments=(early, evolve(late, round=RoundId("second"))))
    assert follow_up(two, on=ON).of("M-5").standing is KEPT


def test_a_credential_is_no_round_of_mapping() -> None:
    """M-5: old credentials do not start the mapping; the first that anybody said does."""
    discussed = hospital(event(EventKind.DISCUSSION, date(2026, 7, 1), "m-mapping"))
    credential = assessed(ETHICS, on=date(2020, 5, 1), source=AssessmentSource.CREDENTIAL)
    enterprise = evolve(discussed, assessments=(credential, assessed(DOSING)))
    assert follow_up(enterprise, on=ON).of("M-5").standing is KEPT
    only = evolve(discussed, assessments=(credential,), register=Register())
    assert follow_up(only, on=ON).of("M-5").standing is DUE


def test_a_statement_tells_its_version_and_who_has_not_accepted_it() -> None:
    """B-14: neutrally, whichever side it is, and with what shows it."""
    first, second = stated(1, *PARTIES), stated(2, UNION)
    account = follow_up(hospital(first, second), on=ON).of("B-14")
    assert account.told.en == (
        "The statement of the challenges, version 2 (1 February 2027), "
        "is not accepted by management."
    )
    assert account.told.nb.endswith("er ikke godtatt av ledelsen.")
    assert account.events == (second.id, first.id)


def test_things_are_called_by_their_names() -> None:
    """What a reader is told of has its label, in the language of the sentence, never an id."""
    label = Text(nb="Kurs i dosering", en="Course in dosing")
    enterprise = evolve(hospital(), measures=(evolve(measure(COURSE), label=label),))
    told = follow_up(enterprise, planned(enterprise, item()), ON).of("R-5").told
    assert told.nb == "Må drøftes før de kan besluttes: Kurs i dosering."
    assert told.en == "Drøfting comes before these can be decided: Course in dosing."


# --- follow-up: as a whole --------------------------------------------------------------------


def test_the_follow_up_of_nothing_is_not_applicable() -> None:
    """Fault 72: an empty enterprise keeps nothing and breaks nothing."""
    empty = follow_up(Enterprise(), on=ON)
    assert {account.standing for account in empty} == {IDLE}
    assert empty.warnings == ()


def test_every_clause_with_a_check_is_answered_in_order() -> None:
    """The accounts are those of the rules with a check, in the guide's order."""
    answered = [account.rule.clause for account in follow_up(hospital(), on=ON)]
    assert answered == [rule.clause for rule in guide_rules().rules if rule.check]
    assert len(follow_up(hospital(), on=ON)) == len(answered)


def test_the_day_is_that_of_the_plan() -> None:
    """Without a day the plan's is used; without either it is misuse."""
    enterprise = hospital()
    assert follow_up(enterprise, planned(enterprise)).on == ON
    with pytest.raises(Misuse, match="E214"):
        follow_up(enterprise)


@pytest.mark.parametrize("kept", Kept)
def test_what_a_purpose_leaves_out_is_neither_missing_nor_kept(kept: Kept) -> None:
    """M-13: of facts held for another purpose the follow-up says nothing, whatever is left."""
    whole = hospital()
    narrowed = evolve(whole, withheld=frozenset({kept}))
    before, after = follow_up(whole, on=LONG_AFTER), follow_up(narrowed, on=LONG_AFTER)
    for account, left in zip(before, after, strict=True):
        rests = kept in RESTS_ON.get(Check(account.rule.check), ())
        assert left.standing is (IDLE if rests else account.standing)
        assert rests == ("another purpose" in left.told.en)
    assert bool(before.fresh) is any(each.code == "W519" for each in before.findings) is True
    gone = kept in (Kept.EMPLOYEE, Kept.ENGAGEMENT, Kept.ASSESSMENT)
    assert bool(after.fresh) is not gone
    assert any(each.code == "W519" for each in after.findings) is not gone


def test_what_has_not_happened_yet_does_not_count() -> None:
    """An event after the day is not evidence on the day."""
    enterprise = hospital(event(EventKind.RECOGNITION, on=LATER))
    assert follow_up(enterprise, on=ON).of("K-12").standing is MISSING
    assert follow_up(enterprise, on=LATER).of("K-12").standing is KEPT


def test_back_dated_events_are_shown_and_mend_nothing() -> None:
    """A drøfting entered after the decision with an earlier day: told, and still missing."""
    decision = evolve(event(EventKind.DECISION), decided_by=BOSS.id)
    enterprise = hospital(decision, event(EventKind.CONSULTATION, on=date(2027, 1, 5)))
    follow = follow_up(enterprise, on=ON)
    assert follow.of("R-5").standing is MISSING
    (finding,) = follow.findings
    assert (finding.code, finding.place.row) == ("W518", 2)


def at(hour: datetime, *, on: date = BEFORE, kind: EventKind = EventKind.CONSULTATION) -> Event:
    """An event that was entered at an hour."""
    return evolve(event(kind, on=on), recorded=hour)


def test_a_drøfting_entered_after_the_decision_mends_nothing_wherever_it_stands() -> None:
    """R-5: put before the decision, with an earlier day, but recorded later: missing, and told."""
    decision = evolve(
        at(datetime(2027, 2, 2, 12, tzinfo=UTC), on=date(2027, 2, 2), kind=EventKind.DECISION),
        decided_by=BOSS.id,
    )
    late = at(datetime(2027, 2, 9, tzinfo=UTC))
    follow = follow_up(hospital(late, decision), on=ON)
    assert follow.of("R-5").standing is MISSING
    (finding,) = follow.findings
    assert (finding.code, finding.place.row) == ("W518", 2)
    in_time = evolve(late, recorded=datetime(2027, 2, 2, 8, tzinfo=UTC))
    followed = follow_up(hospital(in_time, decision), on=ON)
    assert (followed.of("R-5").standing, followed.findings) == (KEPT, ())


def test_what_is_not_yet_entered_opens_no_gate_in_the_follow_up_either() -> None:
    """R-5: `decide` and `follow_up` hold the same drøfting to be in time."""
    late = at(datetime(2027, 3, 2, tzinfo=UTC))
    enterprise = hospital(late)
    assert stopped(enterprise, item()) == ("E561", "R-5")
    assert follow_up(enterprise, planned(enterprise, item()), ON).of("R-5").standing is DUE


def test_each_event_out_of_order_is_shown_in_its_place() -> None:
    """W518: every one that is older than what was entered before it; none is moved."""
    days = (date(2027, 1, day) for day in (10, 12, 11, 9, 12, 13))
    events = tuple(event(EventKind.INPUT, on=day, about=f"m-{day}") for day in days)
    events = tuple(evolve(each, id=EventId(f"e{n}")) for n, each in enumerate(events, start=1))
    follow = follow_up(hospital(*events), on=ON)
    assert [(each.code, each.place.row) for each in follow.findings] == [("W518", 3), ("W518", 4)]
    assert follow.enterprise.register.events == events


def test_a_decision_by_somebody_who_cannot_decide_is_told() -> None:
    """E564 as a finding: whoever is named must be on the side of management."""
    seats = tuple(Actor(id=ActorId(kind.value), kind=kind) for kind in ActorKind)
    decisions = tuple(
        evolve(event(EventKind.DECISION), id=EventId(f"d-{seat.id}"), decided_by=seat.id)
        for seat in seats
    )
    follow = follow_up(evolve(hospital(*decisions), actors=seats), on=ON)
    told = {dict(each.about)["event"] for each in follow.findings if each.code == "E564"}
    deciders = {"d-management", "d-leader"}
    assert told == {each.id for each in decisions} - deciders


@pytest.mark.parametrize(
    "shorter", [(), (event(EventKind.INPUT),), (event(EventKind.INPUT), event(EventKind.CHANGE))]
)
def test_a_later_register_lacks_nothing_of_the_earlier(shorter: tuple[Event, ...]) -> None:
    """E566: what was entered is never left out, nor put in another order, on the way."""
    own = (event(EventKind.CHANGE), event(EventKind.INPUT))
    plan = planned(hospital(*own), item(QUIET))
    with pytest.raises(Misuse, match="E566"):
        decide(plan, actor=BOSS, on=ON, register=Register(events=shorter))
    grown = Register(events=(*own, event(EventKind.REVIEW)))
    assert len(decide(plan, actor=BOSS, on=ON, register=grown).register) == 4


def test_a_matter_of_a_department_is_a_matter_of_its_wards() -> None:
    """B-16: a matter about a unit is drøftet before a plan for what lies below it is decided."""
    department = UnitId("department")
    whole = Unit(id=department, label=Text(nb="Avdeling"))
    units = (whole, Unit(id=WARD, label=Text(nb="Post"), parent=department))
    about = evolve(status(), units=(department,))
    enterprise = evolve(hospital(), units=units, matters=(about,))
    assert stopped(enterprise, item(QUIET)) == ("E562", "B-16")
    beside = evolve(enterprise, units=(whole, Unit(id=WARD, label=Text(nb="Post"))))
    assert decided(beside, item(QUIET)).on == ON


def test_what_is_decided_has_been_raised() -> None:
    """B-16: no later day in the matter takes away that it was decided without a drøfting."""
    late = evolve(status(), raised=LATER)
    enterprise = evolve(hospital(event(EventKind.DECISION, about="m-status")), matters=(late,))
    assert follow_up(enterprise, on=ON).of("B-16").standing is MISSING
    assert follow_up(evolve(hospital(), matters=(late,)), on=ON).of("B-16").standing is IDLE


def test_a_review_of_a_department_reaches_its_wards() -> None:
    """B-4: what touches a ward is reviewed with the department that it lies in."""
    department = UnitId("department")
    units = (
        Unit(id=department, label=Text(nb="Avdeling")),
        Unit(id=WARD, label=Text(nb="Post"), parent=department),
        Unit(id=OFFICE, label=Text(nb="Kontor")),
    )
    change = evolve(event(EventKind.CHANGE, about="m-change"), unit=WARD)
    review = event(EventKind.REVIEW, on=date(2027, 2, 5), about="m-change")
    for unit, standing in ((department, KEPT), (WARD, KEPT), (OFFICE, DUE)):
        enterprise = evolve(hospital(change, evolve(review, unit=unit)), units=units)
        assert follow_up(enterprise, on=ON).of("B-4").standing is standing


def test_a_decision_that_names_nobody_is_told() -> None:
    """E564 as a finding: a decision in the register without an actor."""
    (finding,) = follow_up(hospital(event(EventKind.DECISION)), on=ON).findings
    assert (finding.code, str(finding.place)) == ("E564", "register:1")


def test_a_local_agreement_changes_the_interval() -> None:
    """T-3: mapping every third month makes overdue what the guide's set still finds kept."""
    rule = evolve(guide_rules().rule("M-4"), parameters=(("months", 3),))
    local = RuleSet(id="l", label=Text(nb="l"), edition="1", as_of=ON, rules=(rule,))
    follow = follow_up(evolve(hospital(), rule_sets=(local,)), on=ON)
    assert follow.of("M-4").standing is MISSING
    assert follow.of("A-12").standing is KEPT


def test_rules_can_be_given() -> None:
    """X-10: another country's set is followed up by the checks that it names."""
    rule = evolve(guide_rules().rule("D-4"), parameters=(("days", 1),))
    other = RuleSet(id="else", label=Text(nb="l"), edition="1", as_of=ON, rules=(rule,))
    follow = follow_up(hospital(INPUT), on=ON, rules=rules_in_force(Enterprise(), floor=other))
    assert [(each.rule.clause, each.standing) for each in follow] == [("D-4", MISSING)]


def test_only_duties_and_advice_warn() -> None:
    """OFFER never warns: K-9 that is missing is no warning, K-12 that is missing is one."""
    follow = follow_up(hospital(), on=ON)
    warned = {account.rule.clause for account in follow.warnings}
    assert follow.of("K-9").standing is MISSING
    assert "K-9" not in warned
    assert "K-12" in warned
    assert all(each.rule.effect in (Effect.WARN, Effect.STOP) for each in follow.warnings)


def test_a_clause_without_a_check_is_not_answered() -> None:
    """Asking the follow-up for a definition is misuse."""
    with pytest.raises(Misuse, match="E503"):
        follow_up(hospital(), on=ON).of("K-1")


def test_the_follow_up_is_read_and_names_nobody() -> None:
    """As text it has a line for each clause; neither text nor repr shows a person."""
    enterprise = hospital(TALK, INPUT)
    follow: FollowUp = follow_up(enterprise, planned(enterprise, item()))
    lines = str(follow).splitlines()
    assert len(lines) == len(follow)
    assert any(line.startswith("R-5   oppfylt") for line in lines)
    assert PERSON not in str(follow) + repr(follow)
    assert repr(follow).startswith("<FollowUp on 2027-03-01: ")


def test_standings_have_words() -> None:
    """Each standing says itself in three languages."""
    for standing in Standing:
        assert min(standing.words.nb, standing.words.nn, standing.words.en)


def test_an_account_shows_what_it_rests_on() -> None:
    """The evidence is there by id: events, units and measures."""
    enterprise = hospital(TALK)
    follow = follow_up(enterprise, planned(enterprise, item()), ON)
    shown: Callable[[str], Account] = follow.of
    assert shown("R-5").events == (TALK.id,)
    assert shown("A-15").measures == (COURSE,)
    assert follow_up(staffed_office(LATER), on=ON).of("A-6").units == (OFFICE,)
