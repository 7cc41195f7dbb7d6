"""Who could work in real roles? SYNTHETIC people round a real framework, drawn from one seed.

Nobody publishes what real people hold, so everything here but the framework itself is drawn:
people, units, seats, needs, measures and prices. No figure that comes of it says anything about
anybody.

The same seed gives the same enterprise. How each thing is drawn:

people       every role gets one person, further ones follow a weight of 1/rank over the families'
             jobs in shuffled order; 3 % have two half engagements, 15 % of the others work 50 to
             90 %; age bands as in a working population, roughly
units        a division for each family, with five teams; 8 of 10 work in their family's division
assessments  of what the role takes, 20 % are unknown; else the level is the one needed (weight
             45), one above (12), one below (30), two below (5) or none (8), within the scale; and
             one to three skills that the role does not take, at any level above none
sources      joint 50 %, leader 25 %, self 20 %, test 5 %; every tenth also by the person, who says
             one level more in one case of three
time         assessed within 900 days before the date, recorded the day after; 15 skills are like
             certificates and expire 730 days after they were assessed: some have, some soon will
seats        what each unit has of each role; every tenth wants one full position more
headcounts   in each division three people at one level below the top, in a skill of its own
wishes       one person of ten wishes for a skill
needs        one for each family, from one of three drivers; every other comes after a change
measures     for each skill e-learning to 1, a course in the house or hospitation to 2, mentoring
             to 3, a course outside to 4; each at 50 to 150 % of the prices and hours in `USUAL`
market       each role: 80,000 to 200,000 kroner for a hire, 60 to 180 days, 60 to 95 % success
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import TypeVar

from attrs import evolve, frozen

from kompetanse_core import (
    AgeBand,
    Arena,
    Assessment,
    AssessmentSource,
    Competence,
    CompetenceId,
    Driver,
    DriverId,
    DriverKind,
    Employee,
    EmployeeId,
    Engagement,
    Enterprise,
    Form,
    Goal,
    GoalId,
    Headcount,
    Horizon,
    Level,
    Market,
    Measure,
    MeasureId,
    MeasureKind,
    Mode,
    Need,
    NeedId,
    Outcome,
    Requirement,
    Role,
    RoleId,
    Seats,
    Text,
    Unit,
    UnitId,
    Wish,
)

SYNTHETIC = "SYNTHETIC: people, units, needs, measures and prices are drawn by a generator"
TEAMS, FULL, HALF, CERTIFICATES, VALID_DAYS = 5, 10_000, 5_000, 15, 730
NONE = -9
"""The offset from the level needed that stands for holding nothing."""

ANY = CompetenceId("any")
Value = TypeVar("Value")

OFFSETS: Mapping[int, int] = MappingProxyType({0: 45, 1: 12, -1: 30, -2: 5, NONE: 8})
SOURCES: Mapping[AssessmentSource, int] = MappingProxyType(
    {
        AssessmentSource.JOINT: 50,
        AssessmentSource.LEADER: 25,
        AssessmentSource.SELF: 20,
        AssessmentSource.TEST: 5,
    }
)
AGES: Mapping[AgeBand, int] = MappingProxyType(
    dict(zip(AgeBand, (16, 24, 25, 12, 11, 8, 4), strict=True))
)
USUAL = (
    Measure(
        id=MeasureId("e-learning to 1"),
        label=Text(),
        kind=MeasureKind.INTERNAL_COURSE,
        arena=Arena.INSIDE,
        mode=Mode.TRAINING,
        form=Form.E_LEARNING,
        outcomes=(Outcome(competence=ANY, reach=Level(1)),),
        cost_per_head=1_000,
        hours=8,
        days=14,
    ),
    Measure(
        id=MeasureId("course in the house to 2"),
        label=Text(),
        kind=MeasureKind.INTERNAL_COURSE,
        arena=Arena.INSIDE,
        mode=Mode.TRAINING,
        form=Form.GATHERING,
        outcomes=(Outcome(competence=ANY, entry=Level(1), reach=Level(2)),),
        cost_per_head=4_000,
        cost_per_session=20_000,
        hours=16,
        seats=20,
        sessions=3,
        days=30,
    ),
    Measure(
        id=MeasureId("hospitation to 2"),
        label=Text(),
        kind=MeasureKind.HOSPITATION,
        arena=Arena.DAILY_WORK,
        mode=Mode.WORK,
        outcomes=(Outcome(competence=ANY, reach=Level(2)),),
        cost_per_head=500,
        hours=30,
        days=30,
        affects_operation=True,
    ),
    Measure(
        id=MeasureId("mentoring to 3"),
        label=Text(),
        kind=MeasureKind.MENTORING,
        arena=Arena.DAILY_WORK,
        mode=Mode.WORK,
        outcomes=(Outcome(competence=ANY, entry=Level(2), reach=Level(3)),),
        hours=30,
        mentor_hours=15,
        days=90,
    ),
    Measure(
        id=MeasureId("course outside to 4"),
        label=Text(),
        kind=MeasureKind.EXTERNAL_COURSE,
        arena=Arena.OUTSIDE,
        mode=Mode.TRAINING,
        outcomes=(Outcome(competence=ANY, entry=Level(2), reach=Level(4)),),
        cost_per_head=25_000,
        hours=60,
        days=120,
        affects_operation=True,
    ),
)
"""What is on offer for every skill, at its usual price and hours."""


@frozen(kw_only=True)
class _Draw:
    """Chance, and the real framework that it draws round."""

    chance: random.Random
    on: date
    top: int
    roles: tuple[Role, ...]
    skills: tuple[Competence, ...]
    taken: Mapping[str, tuple[Requirement, ...]]
    """What each role takes."""

    @property
    def families(self) -> tuple[str, ...]:
        """List the families of roles, sorted."""
        return tuple(sorted({role.family for role in self.roles}))

    def one_in(self, many: int) -> bool:
        """Say yes once in so many times."""
        return self.chance.randrange(many) == 0


def synthetic(real: Enterprise, *, people: int, seed: int, on: date) -> Enterprise:
    """Put SYNTHETIC people, units, needs and measures round real roles and skills."""
    draw = _draw(real, random.Random(seed), on)
    ids = tuple(EmployeeId(f"synthetic-{number:05}") for number in range(people))
    engagements = tuple(_engagements(draw, ids))
    return evolve(
        real,
        name=Text(en=SYNTHETIC),
        goals=(Goal(id=GoalId("digital"), label=Text(en="A synthetic goal")),),
        drivers=tuple(_drivers(draw)),
        needs=tuple(_needs(draw)),
        requirements=_reasoned(draw),
        units=tuple(_units(draw)),
        employees=[Employee(id=each, age=_one(draw, AGES)) for each in ids],
        engagements=engagements,
        assessments=tuple(_assessments(draw, engagements)),
        seats=tuple(_seats(draw, engagements)),
        headcounts=tuple(_headcounts(draw, engagements)),
        wishes=tuple(_wishes(draw, ids)),
        measures=tuple(_measures(draw)),
        markets=tuple(_markets(draw)),
    )


def _draw(real: Enterprise, chance: random.Random, on: date) -> _Draw:
    taken: dict[str, list[Requirement]] = defaultdict(list)
    for requirement in real.requirements:
        taken[requirement.of].append(requirement)
    return _Draw(
        chance=chance,
        on=on,
        top=max(scale.top for scale in real.scales),
        roles=real.roles,
        skills=real.competences,
        taken={role: tuple(asked) for role, asked in sorted(taken.items())},
    )


def _drivers(draw: _Draw) -> Iterator[Driver]:
    kinds = (DriverKind.TECHNOLOGY, DriverKind.AUTHORITY, DriverKind.CUSTOMER)
    for kind in kinds:
        label = Text(en=f"A synthetic driver: {kind.value}")
        yield Driver(id=DriverId(kind.value), label=label, kind=kind, goals=(GoalId("digital"),))


def _needs(draw: _Draw) -> Iterator[Need]:
    drivers = tuple(driver.id for driver in _drivers(draw))
    for number, family in enumerate(draw.families):
        yield Need(
            id=NeedId(family),
            label=Text(en=f"A synthetic need: {family}"),
            drivers=(drivers[number % len(drivers)],),
            goals=(GoalId("digital"),),
            horizon=Horizon.AFTER_CHANGE if number % 2 else Horizon.PRESENT,
        )


def _reasoned(draw: _Draw) -> list[Requirement]:
    """Give the real requirements the need of their role's family."""
    return [
        evolve(requirement, needs=(NeedId(role.family),))
        for role in draw.roles
        for requirement in draw.taken.get(role.id, ())
    ]


def _units(draw: _Draw) -> Iterator[Unit]:
    for family in draw.families:
        yield Unit(id=UnitId(family), label=Text(en=f"Synthetic division: {family}"))
        for team in range(TEAMS):
            label = Text(en=f"Synthetic team {team + 1}: {family}")
            yield Unit(id=_team(family, team), label=label, parent=UnitId(family))


def _team(family: str, number: int) -> UnitId:
    return UnitId(f"{family} {number + 1}")


def _engagements(draw: _Draw, people: Sequence[EmployeeId]) -> Iterator[Engagement]:
    """Engage everybody: one in each role first, then by weight."""
    jobs = sorted({role.occupation for role in draw.roles if role.occupation})
    draw.chance.shuffle(jobs)
    rank = {job: number for number, job in enumerate(jobs, start=1)}
    weights = [1 / rank[role.occupation] if role.occupation else 1 for role in draw.roles]
    drawn = draw.chance.choices(draw.roles, weights, k=len(people))
    for person, role in zip(people, (*draw.roles, *drawn), strict=False):
        if draw.chance.randrange(100) < 3:
            other = draw.chance.choices(draw.roles, weights)[0]
            for each in sorted({role.id: role, other.id: other}.items()):
                yield _engagement(draw, person, each[1], HALF)
        else:
            part = draw.chance.randrange(100) < 15
            yield _engagement(
                draw, person, role, draw.chance.randrange(5, 10) * 1_000 if part else FULL
            )


def _engagement(draw: _Draw, person: EmployeeId, role: Role, share: int) -> Engagement:
    home = draw.chance.randrange(10) < 8
    family = role.family if home else draw.chance.choice(draw.families)
    start = draw.on - timedelta(days=draw.chance.randrange(90, 4_000))
    return Engagement(
        employee=person,
        unit=_team(family, draw.chance.randrange(TEAMS)),
        role=role.id,
        share=share,
        start=start,
    )


def _assessments(draw: _Draw, engagements: Sequence[Engagement]) -> Iterator[Assessment]:
    """Assess what roles take, now and then unknown, and a few skills that they do not take."""
    certificates = frozenset(
        skill.id for skill in draw.chance.sample(draw.skills, min(CERTIFICATES, len(draw.skills)))
    )
    needed: dict[EmployeeId, dict[CompetenceId, int]] = defaultdict(dict)
    for each in engagements:
        for asked in draw.taken.get(each.role, ()):
            own = needed[each.employee]
            own[asked.competence] = max(asked.level, own.get(asked.competence, 0))
    for person in sorted({each.employee for each in engagements}):
        for skill, level in sorted(_held(draw, needed[person]).items()):
            yield from _assessed(draw, person, skill, level, lasting=skill not in certificates)


def _held(draw: _Draw, needed: Mapping[CompetenceId, int]) -> dict[CompetenceId, int]:
    """Draw the levels that are known of one person."""
    held = {
        skill: max(0, min(draw.top, level + _one(draw, OFFSETS)))
        for skill, level in needed.items()
        if not draw.one_in(5)
    }
    for skill in draw.chance.sample(draw.skills, draw.chance.randrange(1, 4)):
        if skill.id not in needed:
            held[skill.id] = draw.chance.randrange(1, draw.top + 1)
    return held


def _assessed(
    draw: _Draw, person: EmployeeId, skill: CompetenceId, level: int, *, lasting: bool
) -> Iterator[Assessment]:
    source = _one(draw, SOURCES)
    claims = [(source, level)]
    if source is not AssessmentSource.SELF and draw.one_in(10):
        claims.append((AssessmentSource.SELF, min(draw.top, level + draw.one_in(3))))
    for claimed_by, claimed in claims:
        assessed = draw.on - timedelta(days=draw.chance.randrange(1, 900))
        recorded = datetime.combine(assessed + timedelta(days=1), time(12), UTC)
        yield Assessment(
            employee=person,
            competence=skill,
            level=Level(claimed),
            source=claimed_by,
            assessed=assessed,
            expires=None if lasting else assessed + timedelta(days=VALID_DAYS),
            recorded=recorded,
        )


def _seats(draw: _Draw, engagements: Sequence[Engagement]) -> Iterator[Seats]:
    filled: dict[tuple[UnitId, RoleId], int] = defaultdict(int)
    for each in engagements:
        filled[each.unit, each.role] += each.share
    for (unit, role), share in sorted(filled.items()):
        wanted = share + FULL if draw.one_in(10) else share
        yield Seats(unit=unit, role=role, share=wanted)


def _headcounts(draw: _Draw, engagements: Sequence[Engagement]) -> Iterator[Headcount]:
    for family in draw.families:
        roles = {role.id for role in draw.roles if role.family == family}
        asked = sorted({each.competence for role in roles for each in draw.taken.get(role, ())})
        if asked and any(each.role in roles for each in engagements):
            yield Headcount(
                unit=UnitId(family),
                competence=draw.chance.choice(asked),
                level=Level(draw.top - 1),
                count=3,
            )


def _wishes(draw: _Draw, people: Sequence[EmployeeId]) -> Iterator[Wish]:
    for person in people:
        if draw.one_in(10):
            stated = draw.on - timedelta(days=draw.chance.randrange(1, 300))
            yield Wish(
                employee=person,
                competence=draw.chance.choice(draw.skills).id,
                stated=stated,
                recorded=datetime.combine(stated, time(12), UTC),
            )


def _measures(draw: _Draw) -> Iterator[Measure]:
    """Draw one measure of each kind for each skill, at 50 to 150 % of its usual price and hours."""
    for skill in draw.skills:
        for usual in USUAL:
            [outcome] = usual.outcomes
            part = draw.chance.randrange(50, 151)
            yield evolve(
                usual,
                id=MeasureId(f"{skill.id} {usual.id}"),
                label=Text(en=f"Synthetic {usual.id}: {skill.label.en}"),
                outcomes=(evolve(outcome, competence=skill.id),),
                cost_per_head=usual.cost_per_head * part // 100,
                hours=usual.hours * part // 100,
            )


def _markets(draw: _Draw) -> Iterator[Market]:
    for role in draw.roles:
        yield Market(
            role=role.id,
            cost=draw.chance.randrange(80_000, 200_001, 1_000),
            days=draw.chance.randrange(60, 181),
            yield_percent=draw.chance.randrange(60, 96),
        )


def _one(draw: _Draw, weights: Mapping[Value, int]) -> Value:
    return draw.chance.choices(tuple(weights), tuple(weights.values()))[0]
