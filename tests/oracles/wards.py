"""Which small enterprises have something to plan? `ward` builds one, `wards` draws many."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

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

ON = date(2027, 1, 1)
KNOWN = datetime(2026, 6, 1, tzinfo=UTC)
NEED = Need(id=NeedId("safe"), label=Text("Trygghet"), drivers=(DriverId("law"),))
DRIVER = Driver(id=DriverId("law"), label=Text("Lov"), kind=DriverKind.AUTHORITY)
TOP = 4
HOUSE = UnitId("house")
UNITS = (
    Unit(id=HOUSE, label=Text("Hus")),
    Unit(id=UnitId("u"), label=Text("Post"), parent=HOUSE),
    Unit(id=UnitId("v"), label=Text("Nabopost"), parent=HOUSE),
)


def asks(
    role: str,
    competence: str,
    level: int,
    *,
    weight: int = 1,
    statutory: bool = False,
    proof: Iterable[EvidenceKind] = (),
) -> Requirement:
    """A requirement of a role, with a need behind it."""
    return Requirement(
        bearer=Bearer.ROLE,
        of=role,
        competence=CompetenceId(competence),
        level=Level(level),
        weight=weight,
        statutory=statutory,
        proof=frozenset(proof),
        needs=(NEED.id,),
    )


def course(name: str, *outcomes: tuple[str, int, int]) -> Measure:
    """An internal course; an outcome is a competence, its entry level, and the level reached."""
    return Measure(
        id=MeasureId(name),
        label=Text(name),
        kind=MeasureKind.INTERNAL_COURSE,
        arena=Arena.INSIDE,
        mode=Mode.TRAINING,
        outcomes=tuple(
            Outcome(competence=CompetenceId(c), entry=Level(entry), reach=Level(reach))
            for c, entry, reach in outcomes
        ),
    )


def seat(role: str, share: int, end: date | None = None, unit: str = "u") -> Seats:
    """Seats of a role in the unit where everybody is, or in another."""
    return Seats(unit=UnitId(unit), role=RoleId(role), share=share, end=end)


def heads(
    competence: str, level: int, count: int, *, unit: str = "u", statutory: bool = False
) -> Headcount:
    """So many who must hold a level in a unit and below it, with a need behind it."""
    return Headcount(
        unit=UnitId(unit),
        competence=CompetenceId(competence),
        level=Level(level),
        count=count,
        statutory=statutory,
        needs=(NEED.id,),
    )


def ward(
    people: Mapping[str, tuple[str, Mapping[str, int]]],
    requirements: Sequence[Requirement],
    measures: Sequence[Measure] = (),
    *,
    seats: Sequence[Seats] = (),
    markets: Sequence[Market] = (),
    headcounts: Sequence[Headcount] = (),
) -> Enterprise:
    """Everybody in unit u, which has a sister v and a house above: by id, with role and levels."""
    held = [(p, c, level) for p, (_, levels) in people.items() for c, level in levels.items()]
    named = {str(r.competence) for r in requirements} | {c for _, c, _ in held}
    named |= {str(o.competence) for measure in measures for o in measure.outcomes}
    named |= {str(each.competence) for each in headcounts}
    roles = {r.of for r in requirements} | {role for role, _ in people.values()}
    roles |= {str(each.role) for each in seats} | {str(each.role) for each in markets}
    return Enterprise(
        scales=(Scale(id=ScaleId("s"), top=Level(TOP)),),
        competences=(_competence(name) for name in sorted(named)),
        drivers=(DRIVER,),
        needs=(NEED,),
        roles=(Role(id=RoleId(name), label=Text(name)) for name in sorted(roles)),
        requirements=requirements,
        seats=seats,
        markets=markets,
        units=UNITS,
        headcounts=headcounts,
        employees=(Employee(id=EmployeeId(name)) for name in people),
        engagements=(
            Engagement(employee=EmployeeId(name), unit=UnitId("u"), role=RoleId(role))
            for name, (role, _) in people.items()
        ),
        assessments=(
            Assessment(
                employee=EmployeeId(person),
                competence=CompetenceId(competence),
                level=Level(level),
                source=AssessmentSource.JOINT,
                assessed=KNOWN.date(),
                recorded=KNOWN,
            )
            for person, competence, level in held
        ),
        measures=measures,
    )


def contested() -> Enterprise:
    """Six who lack a and b: with 250 kroner, haste takes the cheap course and spoils the better."""
    courses = [
        evolve(course("a", ("a", 0, 1)), cost_per_head=10),
        evolve(course("both", ("a", 0, 1), ("b", 0, 1)), cost_per_head=99),
    ]
    return ward(
        {f"p{n}": ("nurse", {"a": 0, "b": 0}) for n in range(6)},
        [asks("nurse", "a", 1), asks("nurse", "b", 1)],
        courses,
    )


@st.composite
def wards(draw: DrawFn) -> Enterprise:
    """A ward where something is usually missing, measures climb on others, and seats are free."""
    competences = [f"k{n}" for n in range(draw(st.integers(1, 3)))]
    roles = [f"r{n}" for n in range(draw(st.integers(1, 2)))]
    levels = st.integers(0, 3)
    requirements = [
        asks(
            role,
            competence,
            draw(st.integers(1, 3)),
            weight=draw(st.integers(1, 3)),
            statutory=draw(st.sampled_from([False, False, False, True])),
            proof=draw(st.sampled_from([(), (), (), (EvidenceKind.COURSE,)])),
        )
        for role in roles
        for competence in competences
        if draw(st.integers(0, 3))
    ]
    people = {
        f"p{n}": (
            draw(st.sampled_from(roles)),
            {competence: draw(levels) for competence in competences if draw(st.integers(0, 4))},
        )
        for n in range(draw(st.integers(0, 4)))
    }
    measures = [draw(_measures(f"m{n}", n, competences)) for n in range(draw(st.integers(0, 4)))]
    return ward(
        people,
        requirements,
        measures,
        seats=[draw(_seats(role)) for role in roles if draw(st.booleans())],
        markets=[draw(_markets(role)) for role in roles if draw(st.booleans())],
        headcounts=[draw(_heads(competences)) for _ in range(draw(st.integers(0, 2)))],
    )


@st.composite
def crews(draw: DrawFn) -> Enterprise:
    """A ward whose headcounts courses, moves and hires can change: one role is on its way out."""
    people = {
        f"p{n}": (
            draw(st.sampled_from(["old", "old", "new"])),
            {"y": 1} | draw(st.sampled_from([{"k": 0}, {"k": 0}, {"k": 1}, {"k": 2}, {}])),
        )
        for n in range(draw(st.integers(1, 3)))
    }
    level, count, price = st.integers(1, 2), st.integers(1, 3), st.sampled_from([0, 0, 2_000])
    offered = draw(st.sampled_from([[(0, 2)], [(0, 1), (1, 2)], [(0, 1), (0, 2)]]))
    measures = [
        evolve(course(f"m{n}", ("k", *rungs)), cost_per_head=draw(price), days=draw(count))
        for n, rungs in enumerate(offered)
    ]
    units = st.sampled_from([str(unit.id) for unit in UNITS])
    crew = ward(
        people,
        [asks("old", "y", 1), asks("new", "k", draw(level), weight=draw(level))],
        measures,
        seats=[
            seat("old", 10_000 * len(people), date(2027, 6, 30)),
            seat("new", draw(st.sampled_from([5_000, 10_000, 15_000])), None, draw(units)),
        ],
        markets=[draw(_markets("new")) for _ in range(draw(st.integers(0, 1)))],
        headcounts=[
            heads("k", draw(level), draw(count), unit=draw(units), statutory=draw(st.booleans()))
            for _ in range(draw(count))
        ],
    )
    shares = st.sampled_from([10_000, 10_000, 5_000])
    return evolve(crew, engagements=[evolve(e, share=draw(shares)) for e in crew.engagements])


@st.composite
def _measures(draw: DrawFn, name: str, number: int, competences: Sequence[str]) -> Measure:
    chosen = draw(st.lists(st.sampled_from(competences), min_size=1, max_size=2, unique=True))
    outcomes = []
    for competence in chosen:
        entry = draw(st.integers(0, 2))
        outcomes.append((competence, entry, draw(st.integers(entry + 1, 3))))
    prior = MeasureId(f"m{number - 1}")
    return evolve(
        course(name, *outcomes),
        prior=(prior,) if number and not draw(st.integers(0, 4)) else (),
        confers=frozenset(draw(st.sampled_from([(), (EvidenceKind.COURSE,)]))),
        cost_per_head=draw(st.sampled_from([0, 1_000, 3_000])),
        cost_per_session=draw(st.sampled_from([0, 0, 5_000])),
        seats=draw(st.sampled_from([None, 1, 2])),
        sessions=draw(st.sampled_from([None, None, 1])),
        hours=draw(st.sampled_from([0, 8, 40])),
        mentor_hours=draw(st.sampled_from([0, 0, 0, 10])),
        days=draw(st.sampled_from([0, 10, 100])),
        affects_operation=draw(st.booleans()),
        mode=draw(st.sampled_from(Mode)),
    )


@st.composite
def _seats(draw: DrawFn, role: str) -> Seats:
    """Seats enough, too few, or such that end within the year."""
    share = draw(st.sampled_from([5_000, 15_000, 30_000]))
    end = draw(st.sampled_from([None, None, date(2027, 6, 30)]))
    return seat(role, share, end, draw(st.sampled_from(["u", "u", "v"])))


@st.composite
def _heads(draw: DrawFn, competences: Sequence[str]) -> Headcount:
    """Heads enough or too few, in the unit itself, beside it or above both."""
    return heads(
        draw(st.sampled_from(competences)),
        draw(st.integers(1, 3)),
        draw(st.integers(1, 3)),
        unit=draw(st.sampled_from([str(unit.id) for unit in UNITS])),
        statutory=draw(st.booleans()),
    )


@st.composite
def _markets(draw: DrawFn, role: str) -> Market:
    return Market(
        role=RoleId(role),
        cost=draw(st.sampled_from([0, 20_000])),
        days=draw(st.sampled_from([30, 400])),
        yield_percent=draw(st.sampled_from([0, 50, 100])),
        most=draw(st.sampled_from([None, 0, 1])),
    )


def _competence(name: str) -> Competence:
    return Competence(
        id=CompetenceId(name), label=Text(name), facet=Facet.SKILL, scale=ScaleId("s")
    )
