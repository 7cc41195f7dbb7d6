"""How near the best plan does `make_plan` come, at four sizes, and in how long?

    python benchmarks/plans.py [SIZE...] [--seed N] [--patience N]

SIZE is small, cohorts, heads or large; without one, all. Each becomes a line of JSON: people,
seconds of processor and by the clock for `make_plan` alone, value, bound, gap in per cent, target,
peak memory of the process. The enterprises are SYNTHETIC: all in them is drawn from the seed.
On a machine that others use too, `--patience 4` gives four times the seconds by the clock: what
counts is the gap, and the seconds of processor that it took.

small    60 people, 25 competences, 140 measures, 4 periods, with every kind of limit
cohorts  1 000 people of 150 profiles, 40 competences, 200 measures, the same limits
heads    the same as cohorts, and 6 headcounts that the whole enterprise must keep
large    100 000 people, 2 000 roles, 600 competences, 1 500 measures, and a budget

A measure lifts one to three competences by one or two levels from an entry level of 0 to 2, as a
course in the house (sessions of 8 to 20 seats are paid for), outside, by a mentor, or online.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from kompetanse_core.gap import find_gaps
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
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    Employee,
    EmployeeId,
    Engagement,
    Unit,
)
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import (
    Bearer,
    Driver,
    DriverId,
    DriverKind,
    Headcount,
    Market,
    Need,
    NeedId,
    Requirement,
    Role,
    RoleId,
    Seats,
    UnitId,
)
from kompetanse_core.plan import Limits, make_plan
from kompetanse_core.recommendation import recommend
from kompetanse_core.strategy import open_options

ON = date(2027, 1, 1)
KNOWN = datetime(2026, 6, 1, tzinfo=UTC)
SCALE = ScaleId("s")
WHOLE = UnitId("whole")
FULL = 10_000
Line = dict[str, Any]


@frozen(kw_only=True)
class Size:
    """Say how large an enterprise is, what limits it has, and which gap in per cent is aimed at."""

    people: int
    profiles: int
    competences: int
    measures: int
    roles: int
    each_role: int
    units: int
    limits: Limits
    target: float
    heads: int = 0


TIGHT = {"hours": 60, "away_percent": 6, "mentor_hours": 40, "drofting_by": date(2027, 3, 1)}
SIZES: Mapping[str, Size] = MappingProxyType(
    {
        "small": Size(
            people=60, profiles=60, competences=25, measures=140, roles=8, each_role=8, units=2,
            limits=Limits(budget=400_000, seconds=20, **TIGHT), target=0.1,
        ),
        "cohorts": Size(
            people=1_000, profiles=150, competences=40, measures=200, roles=20, each_role=8,
            units=40, limits=Limits(budget=4_000_000, seconds=120, **TIGHT), target=2,
        ),
        "heads": Size(
            people=1_000, profiles=150, competences=40, measures=200, roles=20, each_role=8,
            units=40, limits=Limits(budget=4_000_000, seconds=120, **TIGHT), target=2, heads=6,
        ),
        "large": Size(
            people=100_000, profiles=100_000, competences=600, measures=1_500, roles=2_000,
            each_role=6, units=2_000, limits=Limits(budget=300_000_000, seconds=180), target=0.5,
        ),
    }
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Plan at every size that is asked for, and print a line for each."""
    parser = argparse.ArgumentParser(description="Plan synthetic enterprises of four sizes.")
    parser.add_argument("sizes", nargs="*", metavar="size")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=int, default=1)
    asked = parser.parse_args(arguments)
    for line in plan_lines(asked.sizes or tuple(SIZES), seed=asked.seed, patience=asked.patience):
        print(json.dumps(line), flush=True)
    return 0


def plan_lines(sizes: Sequence[str], *, seed: int = 1, patience: int = 1) -> Iterator[Line]:
    """Yield a line for each size: what was reached, and in how long."""
    for name in sizes:
        size = SIZES[name]
        enterprise = drawn(size, random.Random(seed))
        ways = recommend(open_options(find_gaps(enterprise, on=ON)))
        clock, processor = time.perf_counter(), time.process_time()
        limits = evolve(size.limits, seconds=patience * (size.limits.seconds or 0))
        plan = make_plan(ways, limits)
        yield {
            "work": f"plan, {name}",
            "people": size.people,
            "ways": len(ways),
            "ours": round(time.process_time() - processor, 1),
            "clock": round(time.perf_counter() - clock, 1),
            "value": plan.value,
            "bound": plan.bound,
            "gap": round(100 * float(plan.gap), 3),
            "target": size.target,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }


def drawn(size: Size, chance: random.Random) -> Enterprise:
    """Draw a SYNTHETIC enterprise."""
    competences = [CompetenceId(f"k{n:04}") for n in range(size.competences)]
    roles = [RoleId(f"r{n:04}") for n in range(size.roles)]
    units = [UnitId(f"u{n:04}") for n in range(size.units)]
    asked = {role: tuple(_asked(size, chance, role, competences)) for role in roles}
    profiles = [_profile(chance, units, asked, competences) for _ in range(size.profiles)]
    posts = [(EmployeeId(f"p{n:06}"), *profiles[n % len(profiles)]) for n in range(size.people)]
    filled: dict[tuple[UnitId, RoleId], int] = {}
    for _, unit, role, _ in posts:
        filled[unit, role] = filled.get((unit, role), 0) + FULL
    return Enterprise(
        scales=(Scale(id=SCALE, top=Level(4)),),
        competences=[
            Competence(id=each, label=Text(each), facet=Facet.SKILL, scale=SCALE)
            for each in competences
        ],
        drivers=(Driver(id=DriverId("d"), label=Text("d"), kind=DriverKind.TECHNOLOGY),),
        needs=(Need(id=NeedId("n"), label=Text("n"), drivers=(DriverId("d"),)),),
        roles=[Role(id=each, label=Text(each)) for each in roles],
        requirements=[each for role in roles for each in asked[role]],
        units=tuple(_units(size, units)),
        employees=[Employee(id=person) for person, *_ in posts],
        engagements=[Engagement(employee=p, unit=unit, role=role) for p, unit, role, _ in posts],
        assessments=[
            Assessment(
                employee=person, competence=competence, level=Level(level),
                source=AssessmentSource.JOINT, assessed=KNOWN.date(), recorded=KNOWN,
            )
            for person, _, _, held in posts
            for competence, level in held.items()
        ],
        seats=[
            Seats(unit=unit, role=role, share=share + FULL * (chance.randrange(10) == 0))
            for (unit, role), share in sorted(filled.items())
        ],
        markets=[_market(chance, role) for role in roles],
        headcounts=tuple(_heads(size, competences)),
        measures=[_measure(size, chance, number, competences) for number in range(size.measures)],
    )  # fmt: skip


def _units(size: Size, units: Sequence[UnitId]) -> Iterator[Unit]:
    """Yield the units, and one that they are all part of where it must keep headcounts."""
    for each in units:
        yield Unit(id=each, label=Text(each), parent=WHOLE if size.heads else None)
    if size.heads:
        yield Unit(id=WHOLE, label=Text("whole"))


def _heads(size: Size, competences: Sequence[CompetenceId]) -> Iterator[Headcount]:
    """Ask that one in eight of all hold a competence well: more than do, mostly."""
    for competence in competences[: size.heads]:
        count = size.people // 8
        yield Headcount(unit=WHOLE, competence=competence, level=Level(3), count=count)


def _asked(
    size: Size, chance: random.Random, role: RoleId, competences: Sequence[CompetenceId]
) -> Iterator[Requirement]:
    for competence in sorted(chance.sample(competences, size.each_role)):
        yield Requirement(
            bearer=Bearer.ROLE,
            of=role,
            competence=competence,
            level=Level(chance.choice((1, 2, 2, 3, 3, 4))),
            weight=chance.randint(1, 5),
            statutory=chance.randrange(25) == 0,
            needs=(NeedId("n"),),
        )


def _profile(
    chance: random.Random,
    units: Sequence[UnitId],
    asked: Mapping[RoleId, Sequence[Requirement]],
    competences: Sequence[CompetenceId],
) -> tuple[UnitId, RoleId, dict[CompetenceId, int]]:
    """Draw a unit, a role, and levels around what the role asks; one in ten is not known."""
    role = chance.choice(list(asked))
    held = {
        each.competence: max(0, min(4, each.level + chance.choice((0, 0, 1, -1, -1, -2, -3))))
        for each in asked[role]
        if chance.randrange(10)
    }
    for other in chance.sample(competences, 2):
        held.setdefault(other, chance.randint(1, 4))
    return chance.choice(units), role, held


def _market(chance: random.Random, role: RoleId) -> Market:
    return Market(
        role=role,
        cost=chance.randrange(60_000, 150_000, 5_000),
        days=chance.randrange(60, 200),
        yield_percent=chance.randrange(60, 96),
    )


def _measure(
    size: Size, chance: random.Random, number: int, competences: Sequence[CompetenceId]
) -> Measure:
    """Draw a measure; the first ones lift one competence each, so that each has one."""
    taught = [competences[number]] if number < len(competences) else None
    taught = taught or chance.sample(competences, chance.choice((1, 1, 2, 3)))
    how = chance.choice(("course", "outside", "mentor", "online"))
    price = {
        "course": chance.randrange(1_000, 4_000, 100),
        "outside": chance.randrange(8_000, 25_000, 500),
        "mentor": 500,
        "online": chance.randrange(500, 2_000, 50),
    }
    course, rare = how == "course", size.people <= 1_000
    return Measure(
        id=MeasureId(f"m{number:05}"),
        label=Text(how),
        kind=MeasureKind.INTERNAL_COURSE,
        arena=Arena.OUTSIDE if how == "outside" else Arena.INSIDE,
        mode=Mode.WORK if how == "mentor" else Mode.TRAINING,
        outcomes=tuple(_outcome(chance, each) for each in taught),
        cost_per_head=price[how],
        cost_per_session=chance.randrange(10_000, 30_000, 1_000) if course else 0,
        seats=chance.choice((8, 12, 20)) if course else None,
        sessions=chance.choice((2, 3, 4)) if course and rare else None,
        hours={"course": 16, "outside": 40, "mentor": 30, "online": 8}[how],
        mentor_hours=10 if how == "mentor" else 0,
        days=chance.choice((1, 30, 80, 120)),
        affects_operation=how == "outside",
    )


def _outcome(chance: random.Random, competence: CompetenceId) -> Outcome:
    entry = chance.choice((0, 0, 1, 1, 2))
    reach = min(4, entry + chance.choice((1, 2, 2)))
    return Outcome(competence=competence, entry=Level(entry), reach=Level(reach))


if __name__ == "__main__":
    sys.exit(main())
