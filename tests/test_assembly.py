"""What only the whole can tell: every flaw at once, with its place, and never a personal value."""

import typing
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from attrs import evolve

from kompetanse_core.columns import Table
from kompetanse_core.errors import CODES, BadInput, Place
from kompetanse_core.model.assembly import assemble
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    Crosswalk,
    Decay,
    EvidenceKind,
    Facet,
    Level,
    LevelName,
    Relation,
    RelationKind,
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
    Register,
)
from kompetanse_core.model.enterprise import Enterprise, Finding, Loss, Severity
from kompetanse_core.model.mapping import Breadth, DesignId, MappingDesign, ScopeArea
from kompetanse_core.model.measure import (
    Arena,
    Measure,
    MeasureId,
    MeasureKind,
    Mode,
    Outcome,
    Scheme,
    SchemeId,
)
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    Employee,
    EmployeeId,
    Engagement,
    Evidence,
    EvidenceId,
    Unit,
    Wish,
)
from kompetanse_core.model.places import EVENTS
from kompetanse_core.model.privacy import Actor, ActorId, ActorKind, Basis, Kept, Purpose, Retention
from kompetanse_core.model.references import BEARERS, KEYS, REFERENCES
from kompetanse_core.model.rule import RuleSet
from kompetanse_core.model.succession import Heritage, Succession
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import (
    Bearer,
    Driver,
    DriverId,
    DriverKind,
    Goal,
    GoalId,
    Headcount,
    Market,
    Need,
    NeedId,
    Occupation,
    OccupationId,
    Requirement,
    Role,
    RoleId,
    Seats,
    Task,
    TaskId,
    UnitId,
)

T = Text("x")
DAY = date(2027, 1, 1)
NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
FOUR, TEN = ScaleId("four"), ScaleId("ten")
DRIVE, LEAD, AREA = CompetenceId("drive"), CompetenceId("lead"), CompetenceId("area")
NURSE, WARD, PERSON = RoleId("nurse"), UnitId("ward"), EmployeeId("p-secret")
GOAL, NEED, TASK = GoalId("goal"), NeedId("need"), TaskId("task")
COURSE = MeasureId("course")


def competence(name: str, facet: Facet | None = Facet.SKILL, scale: ScaleId = FOUR) -> Competence:
    """A competence on a scale."""
    return Competence(id=CompetenceId(name), label=T, facet=facet, scale=scale)


def requirement(of: str = "nurse", competence: str = "drive", level: int = 2) -> Requirement:
    """A requirement of a role, with its reason."""
    return Requirement(
        bearer=Bearer.ROLE,
        of=of,
        competence=CompetenceId(competence),
        level=Level(level),
        needs=(NEED,),
    )


def measure(name: str = "course", *prior: str, **outcome: int) -> Measure:
    """A course; outcomes as `drive=3`."""
    return Measure(
        id=MeasureId(name),
        label=T,
        kind=MeasureKind.INTERNAL_COURSE,
        arena=Arena.INSIDE,
        mode=Mode.TRAINING,
        prior=tuple(map(MeasureId, prior)),
        outcomes=tuple(
            Outcome(competence=CompetenceId(taught), reach=Level(reach))
            for taught, reach in outcome.items()
        ),
    )


def assessment(competence: str = "drive", level: int = 2, scale: str | None = None) -> Assessment:
    """An assessment of the one person."""
    return Assessment(
        employee=PERSON,
        competence=CompetenceId(competence),
        level=Level(level),
        source=AssessmentSource.JOINT,
        assessed=DAY,
        recorded=NOON,
        scale=None if scale is None else ScaleId(scale),
    )


def engagement(
    share: int = 5_000, start: date | None = None, end: date | None = None
) -> Engagement:
    """A part engagement of the one person."""
    return Engagement(employee=PERSON, unit=WARD, role=NURSE, share=share, start=start, end=end)


def evidence(name: str = "e1", level: int | None = None) -> Evidence:
    """A certificate of the one person."""
    return Evidence(
        id=EvidenceId(name),
        employee=PERSON,
        kind=EvidenceKind.CERTIFICATE,
        competence=DRIVE,
        level=None if level is None else Level(level),
        recorded=NOON,
    )


def wish(role: RoleId = NURSE) -> Wish:
    """A wish of the one person."""
    return Wish(employee=PERSON, role=role, stated=DAY, recorded=NOON)


SOUND = Enterprise(
    scales=(Scale(id=FOUR, top=Level(4)), Scale(id=TEN, top=Level(2))),
    crosswalks=(Crosswalk(source=TEN, target=FOUR, levels=(Level(0), Level(0), Level(4))),),
    decays=(Decay(facet=Facet.SKILL, months=12),),
    competences=(
        competence("drive"),
        competence("lead", Facet.VALUE),
        competence("area", None),
        competence("ten", scale=TEN),
    ),
    relations=(Relation(kind=RelationKind.BROADER, source=DRIVE, target=AREA),),
    goals=(Goal(id=GOAL, label=T),),
    drivers=(Driver(id=DriverId("driver"), label=T, kind=DriverKind.TECHNOLOGY, goals=(GOAL,)),),
    needs=(Need(id=NEED, label=T, drivers=(DriverId("driver"),), unit=WARD),),
    tasks=(Task(id=TASK, label=T, goals=(GOAL,)),),
    occupations=(Occupation(id=OccupationId("carer"), label=T),),
    roles=(Role(id=NURSE, label=T, tasks=(TASK,), occupation=OccupationId("carer")),),
    requirements=(requirement(), requirement(competence="lead")),
    seats=(Seats(unit=WARD, role=NURSE, share=10_000),),
    headcounts=(Headcount(unit=WARD, competence=DRIVE, level=Level(2), count=1),),
    markets=(Market(role=NURSE, cost=1, days=1),),
    units=(Unit(id=WARD, label=T),),
    employees=(Employee(id=PERSON),),
    engagements=(engagement(),),
    evidence=(evidence(),),
    assessments=(assessment(),),
    wishes=(wish(),),
    measures=(measure(drive=3),),
    schemes=(Scheme(id=SchemeId("scheme"), label=T, as_of=DAY),),
    successions=(Succession(kind=Heritage.COMPETENCE, source=LEAD, targets=(DRIVE,), on=DAY),),
    designs=(
        MappingDesign(
            id=DesignId("round"),
            breadth=Breadth.DETAILED,
            method=T,
            areas=(ScopeArea(unit=WARD, competence=DRIVE),),
        ),
    ),
    matters=(Matter(id=MatterId("matter"), label=T, kind=MatterKind.PLAN, measures=(COURSE,)),),
    register=Register(
        events=(Event(id=EventId("event"), kind=EventKind.DISCUSSION, on=DAY, unit=WARD),)
    ),
    actors=(Actor(id=ActorId("boss"), kind=ActorKind.LEADER, unit=WARD, employee=PERSON),),
    rule_sets=(RuleSet(id="local", label=T, edition="1", as_of=DAY, rules=()),),
    retentions=(
        Retention(kept=Kept.WISH, purpose=Purpose.DEVELOPMENT, basis=Basis.CONSENT, months=12),
    ),
)


def told(parcel: Enterprise) -> list[tuple[str, str, str]]:
    """Code, file and column of each finding that refuses."""
    return [(f.code, f.place.file, f.place.column) for f in assemble(parcel).refused]


def warned(parcel: Enterprise) -> list[str]:
    """The codes of the warnings."""
    found = assemble(parcel).findings
    return [finding.code for finding in found if finding.severity is Severity.WARNING]


def test_what_hangs_together_is_found_sound() -> None:
    """An enterprise with one of everything has no finding, not even a note."""
    assert assemble(SOUND).findings == ()
    assert assemble(SOUND).enterprise is SOUND


def test_bad_input_72_an_empty_organisation_is_valid() -> None:
    """Nothing at all, one person alone, and people without requirements are all fine."""
    for parcel in (
        Enterprise(),
        Enterprise(employees=(Employee(id=PERSON),)),
        evolve(SOUND, requirements=()),
    ):
        assert assemble(parcel).findings == ()


# --- ids ----------------------------------------------------------------------------------------

GONE = "gone"
ONE_ROLE, ONE_EVENT, ONE_ACTOR = SOUND.roles[0], SOUND.register.events[0], SOUND.actors[0]


def related(source: str, target: str) -> Relation:
    """A relation that carries nothing."""
    ends = CompetenceId(source), CompetenceId(target)
    return Relation(kind=RelationKind.RELATED, source=ends[0], target=ends[1])


def with_event(event: Event) -> Enterprise:
    """The sound enterprise with another event in its register."""
    return evolve(SOUND, register=Register(events=(event,)))


LOST = (
    (evolve(SOUND, scales=SOUND.scales[:1], crosswalks=()), "competences[3]", "scale"),
    (evolve(SOUND, relations=(related(GONE, "drive"),)), "relations[0]", "source"),
    (evolve(SOUND, relations=(related("drive", GONE),)), "relations[0]", "target"),
    (evolve(SOUND, roles=(evolve(ONE_ROLE, tasks=(TaskId(GONE),)),)), "roles[0]", "tasks"),
    (evolve(SOUND, occupations=()), "roles[0]", "occupation"),
    (evolve(SOUND, requirements=(requirement(GONE),)), "requirements[0]", "of"),
    (evolve(SOUND, requirements=(requirement("task"),)), "requirements[0]", "of"),
    (evolve(SOUND, requirements=(requirement(competence=GONE),)), "requirements[0]", "competence"),
    (
        evolve(SOUND, requirements=(evolve(requirement(), needs=(NEED, NeedId(GONE))),)),
        "requirements[0]",
        "needs",
    ),
    (evolve(SOUND, units=(Unit(id=WARD, label=T, parent=UnitId(GONE)),)), "units[0]", "parent"),
    (evolve(SOUND, seats=(Seats(unit=UnitId(GONE), role=NURSE, share=1),)), "seats[0]", "unit"),
    (evolve(SOUND, markets=(Market(role=RoleId(GONE), cost=1, days=1),)), "markets[0]", "role"),
    (
        evolve(SOUND, engagements=(evolve(engagement(), employee=EmployeeId(GONE)),)),
        "engagements[0]",
        "employee",
    ),
    (
        evolve(SOUND, engagements=(evolve(engagement(), role=RoleId(GONE)),)),
        "engagements[0]",
        "role",
    ),
    (evolve(SOUND, assessments=(assessment(GONE),)), "assessments[0]", "competence"),
    (
        evolve(SOUND, assessments=(evolve(assessment(), evidence=EvidenceId(GONE)),)),
        "assessments[0]",
        "evidence",
    ),
    (evolve(SOUND, wishes=(wish(RoleId(GONE)),)), "wishes[0]", "role"),
    (evolve(SOUND, wishes=(evolve(wish(), measure=GONE),)), "wishes[0]", "measure"),
    (evolve(SOUND, actors=(evolve(ONE_ACTOR, unit=GONE),)), "actors[0]", "unit"),
    (evolve(SOUND, measures=(measure(gone=2),)), "measures[0]", "outcomes"),
    (evolve(SOUND, measures=(measure("course", GONE),)), "measures[0]", "prior"),
    (evolve(SOUND, measures=()), "matters[0]", "measures"),
    (with_event(evolve(ONE_EVENT, unit=UnitId(GONE))), "register.events[0]", "unit"),
    (with_event(evolve(ONE_EVENT, refers_to=(EventId(GONE),))), "register.events[0]", "refers_to"),
    (evolve(SOUND, actors=(evolve(ONE_ACTOR, employee=GONE),)), "actors[0]", "employee"),
)
"""An enterprise with one id that leads nowhere, the row it stands in, and the column."""


@pytest.mark.parametrize(("parcel", "row", "column"), LOST)
def test_bad_input_66_an_id_that_leads_to_nothing_is_told(
    parcel: Enterprise, row: str, column: str
) -> None:
    """Each reference is followed, and the one that fails is told where it stands, alone."""
    assert told(parcel) == [("E503", f"enterprise.{row}", column)]


def test_every_field_that_holds_an_id_is_followed() -> None:
    """`REFERENCES` names each field whose type is an id of something else."""
    followed = {(name, column) for name, column, _ in REFERENCES}
    for name, noun in kinds_of_row().items():
        own = next((key for kind, key in KEYS if kind == name), ())
        for column, hint in typing.get_type_hints(noun).items():
            if names_an_id(hint) and column not in ("id", "round"):
                assert (name, column) in followed, (name, column, own)


def test_every_kind_of_row_with_an_id_has_it_once() -> None:
    """`KEYS` names each noun that has an id, but for the events that look after themselves."""
    with_id = {name for name, noun in kinds_of_row().items() if "id" in noun.__annotations__}
    assert with_id - {EVENTS} == {name for name, key in KEYS if key[0] == "id"}


def kinds_of_row() -> dict[str, type]:
    """Each collection of an enterprise and the noun that it holds."""
    hints = typing.get_type_hints(Enterprise)
    rows = {
        name: typing.get_args(hint)[0]
        for name, hint in hints.items()
        if typing.get_origin(hint) in (tuple, Table)
    }
    return {**rows, EVENTS: Event}


def names_an_id(hint: object) -> bool:
    """Whether a type is an id, may be one, or holds ids (an outcome holds its competence)."""
    parts = (hint, *typing.get_args(hint))
    return any(
        part is Outcome or str(getattr(part, "__name__", "")).endswith("Id") for part in parts
    )


def test_a_role_is_no_task_and_a_task_no_occupation() -> None:
    """What bears a requirement is looked for among its own kind only."""
    ids = {Bearer.TASK: "task", Bearer.ROLE: "nurse", Bearer.OCCUPATION: "carer"}
    assert [bearer for bearer, _ in BEARERS] == list(Bearer)
    for bearer in Bearer:
        for kind, of in ids.items():
            rows = (evolve(requirement(of), bearer=bearer), requirement(competence="lead"))
            codes = [code for code, _, _ in told(evolve(SOUND, requirements=rows))]
            assert codes == ([] if kind is bearer else ["E503"]), (bearer, of)


@pytest.mark.parametrize("name", [name for name, _ in KEYS])
def test_bad_input_69_a_key_that_stands_twice_is_told(name: str) -> None:
    """Whatever may be there only once is told when it is there again."""
    rows = tuple(getattr(SOUND, name))
    changes: dict[str, Any] = {name: (*rows, rows[0])}
    twice = evolve(SOUND, **changes)
    repeated = [place for code, place, _ in told(twice) if code == "E505"]
    assert repeated == [f"enterprise.{name}[{len(rows)}]"]


def test_bad_input_69_two_ids_are_one_when_they_look_alike() -> None:
    """An "å" composed and decomposed are one id: the second form is refused by the noun (E104)."""
    with pytest.raises(ValueError, match="E104"):
        competence("a\N{COMBINING RING ABOVE}")
    twice = (*SOUND.competences, competence("å"), competence("å"))
    assert [code for code, _, _ in told(evolve(SOUND, competences=twice))] == ["E505"]


@pytest.mark.parametrize(
    "changed",
    [
        evolve(SOUND, requirements=(requirement(competence="area"),)),
        evolve(SOUND, assessments=(assessment("area", 1),)),
        evolve(SOUND, evidence=(evolve(evidence(), competence=AREA),)),
        evolve(SOUND, measures=(measure(area=1),)),
        evolve(
            SOUND,
            headcounts=(Headcount(unit=WARD, competence=AREA, level=Level(1), count=1),),
        ),
    ],
)
def test_an_area_is_required_held_and_taught_by_nobody(changed: Enterprise) -> None:
    """A heading has no level: it is refused wherever a competence must stand."""
    assert [code for code, _, _ in told(changed)] == ["E503"]


# --- circles ------------------------------------------------------------------------------------


def test_bad_input_67_a_circle_is_named() -> None:
    """Competences, units, occupations and measures that come above or before themselves."""
    pairs = [("drive", "lead"), ("lead", "ten"), ("ten", "drive")]
    broader = [evolve(related(*ends), kind=RelationKind.BROADER) for ends in pairs]
    found = assemble(
        evolve(
            SOUND,
            relations=broader,
            units=(unit("ward", "floor"), unit("floor", "ward")),
            occupations=(occupation("carer", "aide"), occupation("aide", "carer")),
            measures=(measure("course", "test"), measure("test", "course")),
        )
    ).refused
    assert {(f.code, f.place.file, f.text) for f in found} == {
        ("E504", "enterprise.measures[0]", "prior runs in a circle: course → test → course"),
        ("E504", "enterprise.occupations[1]", "broader runs in a circle: aide → carer → aide"),
        ("E504", "enterprise.relations[2]", "broader runs in a circle: drive → lead → ten → drive"),
        ("E504", "enterprise.units[1]", "parent runs in a circle: floor → ward → floor"),
    }


def test_bad_input_67_every_circle_is_told_at_once() -> None:
    """Two circles apart are two findings."""
    units = [unit(*ends) for ends in (("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"))]
    found = assemble(evolve(SOUND, units=(*SOUND.units, *units))).refused
    assert [f.code for f in found] == ["E504", "E504"]


def test_bad_input_68_what_points_at_itself_is_told() -> None:
    """Relations and measures refuse themselves; a unit or occupation of its own is a circle."""
    with pytest.raises(ValueError, match="E510"):
        related("drive", "drive")
    own = evolve(SOUND, units=(unit("ward", "ward"),), occupations=(occupation("carer", "carer"),))
    assert [code for code, _, _ in told(own)] == ["E504", "E504"]
    walk = Crosswalk(source=FOUR, target=FOUR, levels=tuple(map(Level, range(5))))
    assert [code for code, _, _ in told(evolve(SOUND, crosswalks=(walk,)))] == ["E510"]


def test_bad_input_79_a_tall_tree_and_a_wide_unit_are_fine() -> None:
    """Two hundred units above one another, and ten thousand in one."""
    tall = [unit("u0", "ward"), *(unit(f"u{n}", f"u{n - 1}") for n in range(1, 200))]
    wide = [unit(f"w{n}", "ward") for n in range(10_000)]
    assert assemble(evolve(SOUND, units=(*SOUND.units, *tall, *wide))).findings == ()


def unit(name: str, parent: str) -> Unit:
    """A unit below another."""
    return Unit(id=UnitId(name), label=T, parent=UnitId(parent))


def occupation(name: str, broader: str) -> Occupation:
    """An occupation below another."""
    return Occupation(id=OccupationId(name), label=T, broader=(OccupationId(broader),))


# --- levels and scales --------------------------------------------------------------------------

HIGH = (
    (evolve(SOUND, requirements=(requirement(level=5),)), "requirements[0]", "level"),
    (evolve(SOUND, assessments=(assessment(level=5),)), "assessments[0]", "level"),
    (evolve(SOUND, assessments=(assessment("drive", 3, "ten"),)), "assessments[0]", "level"),
    (evolve(SOUND, evidence=(evidence(level=5),)), "evidence[0]", "level"),
    (evolve(SOUND, measures=(measure(drive=5),)), "measures[0]", "outcomes"),
    (
        evolve(SOUND, headcounts=(evolve(SOUND.headcounts[0], level=Level(5)),)),
        "headcounts[0]",
        "level",
    ),
    (
        evolve(
            SOUND,
            relations=(
                evolve(related("drive", "ten"), kind=RelationKind.REQUIRES, level=Level(3)),
            ),
        ),
        "relations[0]",
        "level",
    ),
    (
        evolve(
            SOUND,
            relations=(
                evolve(related("drive", "lead"), kind=RelationKind.REQUIRES, source_level=Level(5)),
            ),
        ),
        "relations[0]",
        "source_level",
    ),
    (
        evolve(
            SOUND,
            scales=(
                evolve(SOUND.scales[0], names=(LevelName(level=Level(5), label=T),)),
                SOUND.scales[1],
            ),
        ),
        "scales[0]",
        "names",
    ),
    (
        evolve(
            SOUND, crosswalks=(evolve(SOUND.crosswalks[0], levels=(Level(0), Level(1), Level(5))),)
        ),
        "crosswalks[0]",
        "levels",
    ),
    (
        evolve(SOUND, crosswalks=(evolve(SOUND.crosswalks[0], levels=(Level(0), Level(1))),)),
        "crosswalks[0]",
        "levels",
    ),
)
"""An enterprise with one level that its scale does not have, and where it stands."""


@pytest.mark.parametrize(("parcel", "row", "column"), HIGH)
def test_bad_input_65_a_level_outside_its_scale_is_told(
    parcel: Enterprise, row: str, column: str
) -> None:
    """One above the top is told; the top itself is fine."""
    assert ("E502", f"enterprise.{row}", column) in told(parcel)
    assert {code for code, _, _ in told(parcel)} == {"E502"}


def test_the_top_of_a_scale_is_a_level() -> None:
    """The highest level can be required, held, proven and taught."""
    top = evolve(
        SOUND,
        requirements=(requirement(level=4), requirement(competence="lead")),
        assessments=(assessment(level=4), assessment("drive", 2, "ten")),
        evidence=(evidence(level=4),),
        measures=(measure(drive=4),),
    )
    assert assemble(top).findings == ()


def test_bad_input_65_scales_meet_only_where_a_crosswalk_is_declared() -> None:
    """A level on another scale is read through its crosswalk; the other way there is none."""
    there = evolve(SOUND, assessments=(assessment("drive", 2, "ten"),))
    back = evolve(SOUND, assessments=(assessment("ten", 2, "four"),))
    assert told(there) == []
    assert told(back) == [("E502", "enterprise.assessments[0]", "scale")]
    asked = evolve(requirement(competence="ten"), scale=FOUR)
    rows = (asked, requirement(competence="lead"))
    assert told(evolve(SOUND, requirements=rows)) == [
        ("E502", "enterprise.requirements[1]", "scale")
    ]


def test_bad_input_71_a_requirement_that_a_crosswalk_makes_nothing_is_told() -> None:
    """Level 1 of ten is level 0 of four: a requirement of nothing."""
    nothing = evolve(requirement(level=1), scale=TEN)
    rows = (nothing, requirement(competence="lead"))
    assert told(evolve(SOUND, requirements=rows)) == [
        ("E506", "enterprise.requirements[0]", "level")
    ]


def test_bad_input_65_no_level_carries_between_scales() -> None:
    """A drop or an equivalence across scales is refused; a relation that carries nothing is not."""
    for carries in (
        Relation(kind=RelationKind.EQUIVALENT, source=DRIVE, target=CompetenceId("ten")),
        evolve(related("drive", "ten"), drop=1),
    ):
        assert told(evolve(SOUND, relations=(carries,))) == [
            ("E502", "enterprise.relations[0]", "drop")
        ]
    assert told(evolve(SOUND, relations=(related("drive", "ten"),))) == []


# --- shares and numbers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "rows"),
    [
        ([engagement(5_000), engagement(5_000)], []),
        ([engagement(5_000), engagement(5_001)], ["engagements[1]"]),
        ([engagement(8_000, end=DAY), engagement(8_000, date(2027, 1, 2))], []),
        ([engagement(8_000, end=DAY), engagement(8_000, DAY)], ["engagements[1]"]),
        ([engagement(4_000), engagement(4_000), engagement(4_000, DAY)], ["engagements[2]"]),
    ],
)
def test_bad_input_70_shares_of_one_person_are_summed_by_date(
    parts: list[Engagement], rows: list[str]
) -> None:
    """Several part engagements are fine; above full time on any day is a warning, no refusal."""
    reading = assemble(evolve(SOUND, engagements=parts))
    assert [f.place.file for f in reading.findings] == [f"enterprise.{row}" for row in rows]
    assert {(f.code, f.severity) for f in reading.findings} <= {("E511", Severity.WARNING)}
    assert reading.refused == ()


def test_bad_input_70_people_are_summed_apart() -> None:
    """Two people full time are not one person at 200 per cent."""
    other = EmployeeId("p2")
    parcel = evolve(
        SOUND,
        employees=(Employee(id=PERSON), Employee(id=other)),
        engagements=(engagement(10_000), evolve(engagement(10_000), employee=other)),
    )
    assert assemble(parcel).findings == ()


def test_bad_input_81_more_steps_than_can_be_counted_are_refused() -> None:
    """A weight may be 10**12; times people and levels it must stay exact in 64 bits."""
    heavy = (evolve(requirement(), weight=10**12), requirement(competence="lead"))
    assert told(evolve(SOUND, requirements=heavy)) == []
    many = [requirement(competence=f"c{n}", level=4) for n in range(1_000)]
    heaviest = [evolve(row, weight=10**12) for row in many]
    competences = [competence(f"c{n}") for n in range(1_000)]
    crowd = [EmployeeId(f"p{n}") for n in range(1_200)]
    parcel = evolve(
        SOUND,
        competences=(*SOUND.competences, *competences),
        requirements=(*heaviest, requirement(competence="lead")),
        employees=(Employee(id=PERSON), *(Employee(id=each) for each in crowd)),
        engagements=[evolve(engagement(), employee=each) for each in crowd],
    )
    assert told(parcel) == [("E509", "enterprise.requirements", "weight")]


def test_bad_input_81_a_scale_has_no_more_levels_than_a_column_can_hold() -> None:
    """A thousand million levels are refused; O*NET's seven hundred are not."""
    for top, codes in ((700, []), (10**9, ["E509"])):
        parcel = Enterprise(scales=(Scale(id=FOUR, top=Level(top)),))
        assert [code for code, _, _ in told(parcel)] == codes


# --- advice -------------------------------------------------------------------------------------


def test_a_requirement_without_a_need_is_noted_once_for_its_bearer() -> None:
    """A-7: each task and role with unreasoned requirements has one note that counts them."""
    bare = [evolve(row, needs=()) for row in (requirement(), requirement(competence="lead"))]
    (note,) = assemble(evolve(SOUND, requirements=bare)).findings
    assert (note.code, note.severity) == ("W514", Severity.NOTE)
    assert note.text == "no need says why role 'nurse' takes 2 of its competences"


def test_an_occupation_needs_no_reason_of_ours() -> None:
    """K-8: an occupation's profile is where a role starts; it comes from outside."""
    outside = evolve(requirement("carer"), bearer=Bearer.OCCUPATION, needs=())
    rows = (outside, *SOUND.requirements)
    assert assemble(evolve(SOUND, requirements=rows)).findings == ()


def test_a_profile_of_one_group_is_warned_of() -> None:
    """K-6: only what a role really takes counts: own, tasks', occupation's, less what it waives."""
    driving, leading = requirement(), requirement(competence="lead")
    from_outside = evolve(leading, bearer=Bearer.OCCUPATION, of="carer")
    from_task = evolve(leading, bearer=Bearer.TASK, of="task")
    waiving = evolve(SOUND, roles=(evolve(ONE_ROLE, waives=(LEAD,)),))
    for parcel, rows, codes in (
        (SOUND, (driving,), ["W515"]),
        (SOUND, (driving, from_outside), []),
        (SOUND, (driving, from_task), []),
        (waiving, (driving, from_outside), ["W515"]),
        (waiving, (driving, from_task), []),
        (SOUND, (), []),
    ):
        assert warned(evolve(parcel, requirements=rows)) == codes


def test_proofs_that_share_no_kind_are_warned_of() -> None:
    """Two that hold on one day must agree on a kind; at different times they need not."""
    paper, trade = EvidenceKind.CERTIFICATE, EvidenceKind.TRADE_CERTIFICATE
    own = evolve(requirement(), proof=frozenset({paper}))
    task = evolve(requirement("task"), bearer=Bearer.TASK, proof=frozenset({trade}))
    either = evolve(task, proof=frozenset({paper, trade}))
    outside = evolve(task, bearer=Bearer.OCCUPATION, of="carer")
    later = evolve(task, start=date(2028, 1, 1))
    until = evolve(own, end=date(2027, 12, 31))
    for rows, codes in (
        ((own, task), ["W516"]),
        ((own, either), []),
        ((own, outside), []),
        ((task, evolve(outside, proof=frozenset({paper}))), ["W516"]),
        ((until, later), []),
        ((own, later), ["W516"]),
    ):
        parcel = evolve(SOUND, requirements=(*rows, requirement(competence="lead")))
        assert warned(parcel) == codes


# --- how findings are told ----------------------------------------------------------------------


def test_places_of_the_source_are_told_with_their_column() -> None:
    """A row that a source placed is told by file and row; the column is the field."""
    lost = requirement(GONE)
    places: dict[object, Place] = {lost: Place(file="requirements.csv", row=7)}
    (finding,) = assemble(evolve(SOUND, requirements=(lost,)), places=places).refused
    assert str(finding.place) == "requirements.csv:7 [of]"
    assert "'gone'" in finding.text


def test_everything_is_told_at_once_in_the_order_of_its_places() -> None:
    """Own findings and the source's stand together, sorted by file, row and code."""
    first = Finding(code="N101", severity=Severity.NOTE, text="x", place=Place(file="a.csv", row=2))
    later = Finding(
        code="N101", severity=Severity.NOTE, text="x", place=Place(file="a.csv", row=10)
    )
    loss = Loss(field="description", count=2, reason="not read")
    flawed = evolve(SOUND, occupations=(), measures=(measure(drive=9),))
    reading = assemble(flawed, findings=(later, first), losses=(loss,))
    assert reading.losses == (loss,)
    assert reading.findings[:2] == (first, later)
    assert [(f.code, f.place.file) for f in reading.refused] == [
        ("E502", "enterprise.measures[0]"),
        ("E503", "enterprise.roles[0]"),
    ]
    with pytest.raises(BadInput) as refusal:
        _ = reading.enterprise
    assert len(refusal.value.findings) == 4


def test_no_finding_quotes_a_personal_row() -> None:
    """Every flaw that a personal row can have is told without any of its values."""
    person = EmployeeId("secret")
    parcel = evolve(
        SOUND,
        employees=(Employee(id=person), Employee(id=person)),
        engagements=[evolve(engagement(9_000), employee=person, role=RoleId("secret role"))] * 2,
        evidence=[evolve(evidence("secret paper"), employee=EmployeeId("secret too"))] * 2,
        assessments=[
            evolve(assessment("secret skill"), employee=EmployeeId("secret too")),
            evolve(assessment(level=9), scale=ScaleId("secret scale")),
        ],
        wishes=(evolve(wish(RoleId("secret role")), employee=person),),
        actors=(evolve(ONE_ACTOR, employee="secret too"),),
    )
    lines = [str(finding) for finding in assemble(parcel).findings]
    assert len(lines) > 10
    assert [line for line in lines if "secret" in line] == []


def test_every_code_that_assembly_tells_is_registered() -> None:
    """Each finding of this file's flawed enterprises has a code with a meaning."""
    flawed: Iterable[Enterprise] = (parcel for parcel, _, _ in (*LOST, *HIGH))
    codes = {finding.code for parcel in flawed for finding in assemble(parcel).findings}
    assert codes
    assert codes <= CODES.keys()
