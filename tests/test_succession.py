"""What goes on under another id: renamed, merged and split, and what is refused."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from attrs import evolve

from kompetanse_core import (
    ASSESSMENTS,
    Arena,
    Assessment,
    AssessmentSource,
    Bearer,
    Competence,
    CompetenceId,
    Employee,
    EmployeeId,
    Engagement,
    Enterprise,
    Evidence,
    EvidenceId,
    EvidenceKind,
    Facet,
    Headcount,
    Heritage,
    Level,
    Market,
    Measure,
    MeasureId,
    MeasureKind,
    Misuse,
    Mode,
    Outcome,
    Relation,
    RelationKind,
    Requirement,
    Role,
    RoleId,
    Scale,
    ScaleId,
    Seats,
    Succession,
    Table,
    TaskId,
    Text,
    Unit,
    UnitId,
    Wish,
    assemble,
    find_fits,
    find_gaps,
    similarity,
    simulate,
    succeeded,
    transferability,
)

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
DAY, EVE = date(2027, 1, 1), date(2026, 12, 31)
ONE = EmployeeId("p1")


def ids(*names: str) -> tuple[CompetenceId, ...]:
    """Ids of competences."""
    return tuple(map(CompetenceId, names))


def goes_on(kind: Heritage, source: str, *targets: str, on: date = DAY) -> Succession:
    """One succession."""
    return Succession(kind=kind, source=source, targets=targets, on=on)


def held(competence: str, level: int) -> Assessment:
    """What one person was found to hold."""
    return Assessment(
        employee=ONE,
        competence=CompetenceId(competence),
        level=Level(level),
        source=AssessmentSource.JOINT,
        assessed=date(2026, 5, 1),
        recorded=NOON,
    )


def required(competence: str, level: int, of: str = "r1") -> Requirement:
    """What a role takes."""
    return Requirement(
        bearer=Bearer.ROLE, of=of, competence=CompetenceId(competence), level=Level(level)
    )


def ward() -> Enterprise:
    """Two units and two roles; one person in the first of each; k1 to k4 on one scale."""
    return Enterprise(
        scales=(Scale(id=ScaleId("s"), top=Level(4)), Scale(id=ScaleId("held"), top=Level(1))),
        competences=[
            Competence(id=key, label=Text(key), facet=Facet.SKILL, scale=ScaleId("s"))
            for key in ids("k1", "k2", "k3", "k4")
        ],
        units=[Unit(id=UnitId(key), label=Text(key)) for key in ("u1", "u2", "u3")],
        roles=[Role(id=RoleId(key), label=Text(key)) for key in ("r1", "r2")],
        requirements=[required("k1", 3), required("k2", 2)],
        employees=[Employee(id=ONE)],
        engagements=[Engagement(employee=ONE, unit=UnitId("u1"), role=RoleId("r1"))],
        assessments=[held("k1", 2), held("k2", 4)],
    )


def after(enterprise: Enterprise, *successions: Succession) -> Enterprise:
    """The enterprise on the day of its successions."""
    return succeeded(evolve(enterprise, successions=successions), on=DAY)


def refused(enterprise: Enterprise, successions: Sequence[Succession]) -> list[tuple[str, str]]:
    """The codes and columns of what is refused."""
    reading = assemble(evolve(enterprise, successions=successions))
    return [(found.code, found.place.column) for found in reading.refused]


def test_a_competence_gets_a_new_name() -> None:
    """On the day all stands under the new id; the evening before, under the old one."""
    renamed = evolve(ward(), successions=(goes_on(Heritage.COMPETENCE, "k1", "k3"),))
    told = {gap.competence for gap in find_gaps(renamed, on=EVE)}
    assert told == {*ids("k1", "k2")}
    gaps = find_gaps(renamed, on=DAY)
    assert [(gap.competence, gap.have, gap.need) for gap in gaps] == [("k2", 4, 2), ("k3", 2, 3)]
    assert {each.id for each in gaps.enterprise.competences} == {*ids("k2", "k3", "k4")}


def test_two_competences_merge() -> None:
    """The role asks for the higher level once, and the newer assessment counts for both."""
    ways = [goes_on(Heritage.COMPETENCE, key, "k3") for key in ("k1", "k2")]
    both = evolve(ward(), assessments=[held("k1", 2), evolve(held("k2", 4), assessed=EVE)])
    gaps = find_gaps(evolve(both, successions=ways), on=DAY)
    assert [(gap.competence, gap.have, gap.need) for gap in gaps] == [("k3", 4, 3)]
    assert len(gaps.enterprise.assessments) == 2


def test_a_competence_splits() -> None:
    """Who held the whole holds each part, and each part is required; proof is of the first."""
    proof = Evidence(
        id=EvidenceId("e1"),
        employee=ONE,
        kind=EvidenceKind.COURSE,
        competence=CompetenceId("k1"),
        recorded=NOON,
    )
    wish = Wish(employee=ONE, competence=CompetenceId("k1"), stated=EVE, recorded=NOON)
    parted = after(
        evolve(ward(), evidence=[proof], wishes=[wish]),
        goes_on(Heritage.COMPETENCE, "k1", "k3", "k4"),
    )
    gaps = find_gaps(parted, on=DAY)
    assert [(g.competence, g.have, g.need) for g in gaps] == [
        *(("k2", 4, 2), ("k3", 2, 3), ("k4", 2, 3))
    ]
    assert [each.competence for each in parted.evidence] == [*ids("k3")]
    assert [each.competence for each in parted.wishes] == [*ids("k3", "k4")]


def test_successions_follow_one_another() -> None:
    """A new name, and a newer one: on the later day only that is left."""
    way = (
        goes_on(Heritage.COMPETENCE, "k1", "k3", on=EVE),
        goes_on(Heritage.COMPETENCE, "k3", "k4"),
    )
    twice = evolve(ward(), successions=way)
    assert {r.competence for r in succeeded(twice, on=EVE).requirements} == {*ids("k2", "k3")}
    assert {r.competence for r in succeeded(twice, on=DAY).requirements} == {*ids("k2", "k4")}


def test_units_merge_and_what_they_asked_for_adds_up() -> None:
    """Two at level 3 here and three at level 2 there: five at 2, and two of them at 3."""

    def asked(unit: str, level: int, count: int) -> Headcount:
        return Headcount(
            unit=UnitId(unit), competence=CompetenceId("k1"), level=Level(level), count=count
        )

    seats = [Seats(unit=UnitId(u), role=RoleId("r1"), share=10_000) for u in ("u1", "u2")]
    merged = after(
        evolve(ward(), headcounts=[asked("u1", 3, 2), asked("u2", 2, 3)], seats=seats),
        goes_on(Heritage.UNIT, "u1", "u3"),
        goes_on(Heritage.UNIT, "u2", "u3"),
    )
    assert merged.headcounts == (asked("u3", 2, 5), asked("u3", 3, 2))
    (wanted,) = find_gaps(merged, on=DAY).seats
    assert (wanted.unit, wanted.wanted, wanted.filled) == ("u3", 20_000, 10_000)


def test_what_one_unit_asked_for_does_not_add_up() -> None:
    """Three at level 3 and two at level 2 of the same unit may be the same people."""
    asked = [
        Headcount(unit=UnitId("u1"), competence=CompetenceId("k1"), level=Level(n), count=n)
        for n in (2, 3)
    ]
    moved = after(evolve(ward(), headcounts=asked), goes_on(Heritage.UNIT, "u1", "u3"))
    assert moved.headcounts == tuple(evolve(each, unit=UnitId("u3")) for each in asked)


def test_a_unit_takes_over_from_the_one_above_it() -> None:
    """What stood above the old one stands above the new; nothing stands above itself."""
    tree = [
        Unit(id=UnitId("u1"), label=Text("u1"), parent=UnitId("u3")),
        Unit(id=UnitId("u2"), label=Text("u2"), parent=UnitId("u1")),
        Unit(id=UnitId("u3"), label=Text("u3")),
    ]
    lifted = after(evolve(ward(), units=tree), goes_on(Heritage.UNIT, "u1", "u2"))
    assert {unit.id: unit.parent for unit in lifted.units} == {"u2": "u3", "u3": None}


def test_a_role_goes_on_with_what_it_takes() -> None:
    """Requirements and tasks join those of the new role, whose own market stays."""
    roles = [
        Role(id=RoleId("r1"), label=Text("r1"), tasks=(TaskId("t1"),)),
        Role(id=RoleId("r2"), label=Text("r2"), tasks=(TaskId("t2"),)),
    ]
    markets = [Market(role=RoleId(r), cost=cost, days=1) for r, cost in (("r1", 1), ("r2", 2))]
    joined = after(
        evolve(
            ward(),
            roles=roles,
            markets=markets,
            requirements=[
                required("k1", 3),
                required("k1", 1, of="r2"),
                evolve(required("k4", 1), bearer=Bearer.TASK),
            ],
        ),
        goes_on(Heritage.ROLE, "r1", "r2"),
    )
    assert [(role.id, role.tasks) for role in joined.roles] == [("r2", ("t2", "t1"))]
    assert joined.markets == tuple(markets[1:])
    borne = {(r.bearer, r.of, r.level) for r in joined.requirements}
    assert borne == {(Bearer.TASK, "r1", 1), (Bearer.ROLE, "r2", 1), (Bearer.ROLE, "r2", 3)}


def test_of_two_outcomes_the_higher_stays() -> None:
    """A measure lifts to the higher of two levels; no relation leads to itself or stands twice."""
    k1, k2, k4 = ids("k1", "k2", "k4")
    course = Measure(
        id=MeasureId("m1"),
        label=Text("course"),
        kind=MeasureKind.INTERNAL_COURSE,
        arena=Arena.INSIDE,
        mode=Mode.TRAINING,
        outcomes=(
            Outcome(competence=k1, entry=Level(1), reach=Level(3)),
            Outcome(competence=k2, reach=Level(2)),
        ),
    )
    relations = [
        Relation(kind=RelationKind.BROADER, source=source, target=target)
        for source, target in ((k1, k2), (k1, k4), (k2, k4))
    ]
    merged = after(
        evolve(ward(), measures=[course], relations=relations),
        *(goes_on(Heritage.COMPETENCE, key, "k3") for key in ("k1", "k2")),
    )
    assert [(each.source, each.target) for each in merged.relations] == [("k3", "k4")]
    (outcome,) = merged.measures[0].outcomes
    assert (outcome.competence, outcome.entry, outcome.reach) == ("k3", 1, 3)


@pytest.mark.parametrize(
    ("successions", "flaws"),
    [
        ([goes_on(Heritage.ROLE, "r9", "r1")], [("E503", "source")]),
        ([goes_on(Heritage.UNIT, "u1", "u2", "u9")], [("E503", "targets")]),
        ([goes_on(Heritage.UNIT, "u1", "r1")], [("E503", "targets")]),
        (
            [goes_on(Heritage.ROLE, "r1", "r2"), goes_on(Heritage.ROLE, "r2", "r1")],
            [("E504", "targets")],
        ),
        (
            [goes_on(Heritage.UNIT, "u1", "u2"), goes_on(Heritage.UNIT, "u1", "u3", on=EVE)],
            [("E505", "kind")],
        ),
        ([goes_on(Heritage.COMPETENCE, "k1", "yes")], [("E502", "targets")]),
        ([goes_on(Heritage.COMPETENCE, "k1", "area")], [("E503", "targets")]),
    ],
)
def test_what_cannot_go_on_is_refused(
    successions: list[Succession], flaws: list[tuple[str, str]]
) -> None:
    """An unknown id, a circle, two contradicting successors, another scale, an area."""
    odd = [
        Competence(
            id=CompetenceId("yes"), label=Text("y"), facet=Facet.SKILL, scale=ScaleId("held")
        ),
        Competence(id=CompetenceId("area"), label=Text("a"), facet=None, scale=ScaleId("s")),
    ]
    enterprise = evolve(ward(), competences=[*ward().competences, *odd])
    assert refused(enterprise, successions) == flaws


def test_a_circle_that_only_a_merger_makes_is_refused() -> None:
    """k1 within k2 within k3: where k1 and k3 become one, k2 would be within itself."""
    chain = [
        Relation(kind=RelationKind.BROADER, source=source, target=target)
        for source, target in (ids("k1", "k2"), ids("k2", "k3"))
    ]
    enterprise = evolve(ward(), relations=chain)
    assert refused(enterprise, [goes_on(Heritage.COMPETENCE, "k1", "k3")]) == [("E504", "targets")]
    assert refused(enterprise, [goes_on(Heritage.COMPETENCE, "k2", "k3")]) == []


def test_a_succession_names_somebody_else() -> None:
    """Nothing goes on as nothing (E214) or as itself (E504), even where nobody assembles."""
    for targets, code in (((), "E214"), (("u1",), "E504")):
        with pytest.raises(Misuse) as misuse:
            goes_on(Heritage.UNIT, "u1", *targets)
        assert misuse.value.code == code
    ring = [goes_on(Heritage.UNIT, "u1", "u2"), goes_on(Heritage.UNIT, "u2", "u1")]
    with pytest.raises(Misuse) as misuse:
        after(ward(), *ring)
    assert misuse.value.code == "E504"


def test_every_room_reads_the_same_day() -> None:
    """Fits, likeness of roles and simulation know the new id as gaps do."""
    renamed = evolve(ward(), successions=(goes_on(Heritage.ROLE, "r1", "r2"),))
    assert {fit.role for fit in find_fits(renamed, on=DAY).roles} == {"r2"}
    assert len(transferability(renamed, on=DAY)) == len(similarity(renamed, on=DAY)) == 0
    run = simulate(renamed, start=DAY, periods=1, replicas=1)
    assert {role for _, role in run.cells} == {"r2"}


def test_many_assessments_are_carried_over_as_columns() -> None:
    """A thousand rows under the new id, as they would be had they been told so."""
    many = Table.of(ASSESSMENTS, [held("k1", level % 5) for level in range(1000)])
    carried = after(evolve(ward(), assessments=many), goes_on(Heritage.COMPETENCE, "k1", "k3"))
    assert carried.assessments == Table.of(
        ASSESSMENTS, [evolve(each, competence=CompetenceId("k3")) for each in many]
    )
