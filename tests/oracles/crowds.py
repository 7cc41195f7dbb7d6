"""What if everything happens at once? Enterprises so dense that every rule meets every other.

`enterprises()` of the conformance kit draws widely and shrinks well; here few people, competences
and days are dealt so often that states, ways and ties collide in almost every example.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    Crosswalk,
    Decay,
    EvidenceKind,
    Facet,
    Level,
    Relation,
    RelationKind,
    Scale,
    ScaleId,
)
from kompetanse_core.model.enterprise import Enterprise
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
    Demand,
    Driver,
    DriverId,
    DriverKind,
    Headcount,
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

ON = date(2026, 8, 31)
TOP = 3
OWN, OTHER = ScaleId("own"), ScaleId("other")
COMPETENCES = tuple(CompetenceId(f"k{n}") for n in range(6))
PEOPLE = tuple(EmployeeId(f"p{n}") for n in range(4))
ROLES, TASKS, UNITS = ("r0", "r1"), ("t0", "t1"), ("u0", "u1", "u2")
KINDS = (EvidenceKind.CERTIFICATE, EvidenceKind.COURSE, EvidenceKind.AUTHORISATION)


def crowd(chance: Random) -> Enterprise:
    """Deal one dense enterprise; k5 stands on another scale than the rest."""
    return Enterprise(
        scales=[Scale(id=OWN, top=Level(TOP)), Scale(id=OTHER, top=Level(2))],
        crosswalks=[
            Crosswalk(source=OTHER, target=OWN, levels=tuple(map(Level, (0, 2, 3)))),
            Crosswalk(source=OWN, target=OTHER, levels=tuple(map(Level, (0, 0, 1, 2)))),
        ],
        decays=[Decay(facet=Facet.SKILL, months=m) for m in chance.sample((6, 12, 100), 2)],
        competences=[_competence(place, chance) for place in COMPETENCES],
        relations=[_relation(chance) for _ in range(chance.randrange(5))],
        drivers=[
            Driver(id=DriverId(f"d{n}"), label=Text(), kind=DriverKind.MARKET) for n in range(2)
        ],
        needs=[
            Need(id=NeedId(f"n{n}"), label=Text(), drivers=(DriverId("d0"), DriverId("d1"))[:n])
            for n in range(3)
        ],
        units=[
            Unit(id=UnitId("u0"), label=Text()),
            Unit(id=UnitId("u1"), label=Text(), parent=UnitId("u0")),
            Unit(id=UnitId("u2"), label=Text(), parent=UnitId(chance.choice(("u0", "u1")))),
        ],
        tasks=[Task(id=TaskId(task), label=Text()) for task in TASKS],
        occupations=[Occupation(id=OccupationId("o0"), label=Text())],
        roles=[_role(role, chance) for role in ROLES],
        requirements=[_requirement(chance) for _ in range(chance.randrange(14))],
        seats=[_seats(chance) for _ in range(3)],
        headcounts=[_headcount(chance) for _ in range(3)],
        employees=[Employee(id=person) for person in PEOPLE],
        engagements=[_engagement(chance) for _ in range(6)],
        evidence=[_evidence(n, chance) for n in range(chance.randrange(24))],
        assessments=[_assessment(chance) for _ in range(chance.randrange(48))],
    )


def _competence(place: CompetenceId, chance: Random) -> Competence:
    facet = chance.choice((Facet.SKILL, Facet.SKILL, Facet.KNOWLEDGE, None))
    scale = OTHER if place == COMPETENCES[-1] else OWN
    return Competence(id=place, label=Text(), facet=facet, scale=scale)


def _relation(chance: Random) -> Relation:
    kind = chance.choice((RelationKind.EQUIVALENT, RelationKind.BROADER, RelationKind.RELATED))
    source, target = chance.sample(COMPETENCES[:-1], 2)
    drop = None if kind is RelationKind.EQUIVALENT else chance.choice((None, 0, 1, 1, 2))
    return Relation(kind=kind, source=source, target=target, drop=drop)


def _role(role: str, chance: Random) -> Role:
    return Role(
        id=RoleId(role),
        label=Text(),
        tasks=tuple(map(TaskId, chance.sample(TASKS, chance.randrange(3)))),
        occupation=chance.choice((None, OccupationId("o0"))),
        waives=tuple(chance.sample(COMPETENCES, chance.randrange(2))),
    )


def _requirement(chance: Random) -> Requirement:
    bearer, of = chance.choice(
        [(Bearer.OCCUPATION, "o0")]
        + [(Bearer.ROLE, role) for role in ROLES] * 2
        + [(Bearer.TASK, task) for task in TASKS]
    )
    competence, scale, top = _asked(chance)
    start = _day(chance)
    return Requirement(
        bearer=bearer,
        of=of,
        competence=competence,
        level=Level(chance.randint(1, top)),
        weight=chance.choice((1, 1, 2, 7)),
        demand=chance.choice(tuple(Demand)),
        statutory=chance.random() < 0.15,
        proof=frozenset(chance.sample(KINDS, chance.choice((0, 0, 0, 1, 2)))),
        needs=tuple(NeedId(f"n{n}") for n in chance.sample(range(3), chance.randrange(3))),
        scale=scale,
        start=start,
        end=chance.choice((None, None, None, ON)) if start is None else None,
    )


def _asked(chance: Random) -> tuple[CompetenceId, ScaleId | None, int]:
    """A competence, the scale that a level of it is told on, and the top of that scale."""
    competence, scale = chance.choice(COMPETENCES), chance.choice((None, None, OTHER))
    return competence, scale, 2 if scale or competence == COMPETENCES[-1] else TOP


def _day(chance: Random) -> date | None:
    """A day long ago, far ahead or right beside the day of the question; or none."""
    away = chance.choice((None, None, -4000, -400, -200, -1, 0, 1, 179, 180, 181, 400))
    return None if away is None else ON + timedelta(days=away)


def _seats(chance: Random) -> Seats:
    unit, role = UnitId(chance.choice(UNITS)), RoleId(chance.choice(ROLES))
    return Seats(unit=unit, role=role, share=chance.choice((5_000, 10_000)), start=_day(chance))


def _headcount(chance: Random) -> Headcount:
    return Headcount(
        unit=UnitId(chance.choice(UNITS)),
        competence=chance.choice(COMPETENCES),
        level=Level(chance.choice((1, 2))),
        count=chance.randrange(1, 5),
        statutory=chance.random() < 0.5,
    )


def _engagement(chance: Random) -> Engagement:
    start = chance.choice((None, None, ON - timedelta(days=400), ON, ON + timedelta(days=1)))
    return Engagement(
        employee=chance.choice(PEOPLE),
        unit=UnitId(chance.choice(UNITS)),
        role=RoleId(chance.choice(ROLES)),
        share=chance.choice((2_500, 5_000)),
        start=start,
        end=chance.choice((None, None, ON - timedelta(days=1), ON)) if start is None else None,
    )


def _evidence(number: int, chance: Random) -> Evidence:
    issued = chance.choice((None, ON - timedelta(days=500), ON, ON + timedelta(days=1)))
    expires = _day(chance)
    return Evidence(
        id=EvidenceId(f"b{number}"),
        employee=chance.choice(PEOPLE),
        kind=chance.choice(KINDS),
        competence=chance.choice((None, *COMPETENCES)),
        level=chance.choice((None, Level(1), Level(2))),
        issued=issued,
        expires=None if expires and issued and expires < issued else expires,
        verified=chance.random() < 0.9,
        recorded=_instant(chance),
    )


def _assessment(chance: Random) -> Assessment:
    assessed = ON - timedelta(days=chance.choice((-1, 0, 1, 30, 184, 185, 366, 700)))
    expires = _day(chance)
    competence, scale, top = _asked(chance)
    return Assessment(
        employee=chance.choice(PEOPLE),
        competence=competence,
        level=Level(chance.randint(0, top)),
        source=chance.choice(tuple(AssessmentSource)),
        assessed=assessed,
        expires=None if expires and expires < assessed else expires,
        recorded=_instant(chance),
        scale=scale,
    )


def _instant(chance: Random) -> datetime:
    return datetime(2026, chance.choice((1, 6, 9)), 1, tzinfo=UTC)
