"""What may a whole enterprise look like? `enterprises`: Hypothesis draws one that hangs together.

Everything referred to exists, levels stay on their scales, relations run in no circle and nobody
works more than full time: assembling what is drawn refuses nothing. It may still leave remarks
(a requirement without a need, a profile of one group of competence), as real enterprises do.
Ids are short and tell their kind (`k1` a competence, `p1` a person), dates lie around `DAY`, and
what fails shrinks towards the empty enterprise: rows are drawn one by one, each for itself, and
only then settled among one another, so that one row fewer leaves the others as they were.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import UTC, datetime, time
from types import MappingProxyType

import attrs
from attrs import frozen
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from hypothesis.vendor import pretty

from kompetanse_core.conformance.facts import DAY, LETTERS, Given, Known, nouns, together
from kompetanse_core.conformance.settling import Drawn, settled
from kompetanse_core.model.competence import (
    Competence,
    CompetenceId,
    Crosswalk,
    Decay,
    Facet,
    Level,
    Relation,
    Scale,
    ScaleId,
)
from kompetanse_core.model.cooperation import Event, Matter
from kompetanse_core.model.enterprise import Enterprise, Finding, Loss, Reading
from kompetanse_core.model.mapping import MappingDesign
from kompetanse_core.model.measure import Measure, Scheme
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    Employee,
    EmployeeId,
    Engagement,
    Evidence,
    Unit,
    Wish,
)
from kompetanse_core.model.privacy import Actor, Retention
from kompetanse_core.model.succession import Succession
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import (
    Bearer,
    Driver,
    Goal,
    Headcount,
    Market,
    Need,
    Occupation,
    Requirement,
    Role,
    RoleId,
    Seats,
    Task,
    UnitId,
)

__all__ = ["DAY", "NOTHING", "SMALL", "Size", "enterprises", "readings"]

QUIET = frozenset(
    {
        *("label", "names", "description", "note", "how", "conditions"),
        *("operation_reason", "experience"),
        *("uri", "code", "source", "provider", "organisation", "qualification", "link", "family"),
        *("purpose", "basis", "keep_until"),
    }
)
"""Fields that no computation reads: they keep their defaults, so that examples stay readable."""


@frozen(kw_only=True)
class Size:
    """Say how many of each noun an enterprise holds; the names are those of `Enterprise`."""

    scales: int = 0
    crosswalks: int = 0
    decays: int = 0
    competences: int = 0
    relations: int = 0
    goals: int = 0
    drivers: int = 0
    needs: int = 0
    units: int = 0
    tasks: int = 0
    occupations: int = 0
    roles: int = 0
    requirements: int = 0
    seats: int = 0
    headcounts: int = 0
    markets: int = 0
    schemes: int = 0
    measures: int = 0
    employees: int = 0
    engagements: int = 0
    evidence: int = 0
    assessments: int = 0
    wishes: int = 0
    actors: int = 0
    retentions: int = 0
    designs: int = 0
    matters: int = 0
    events: int = 0
    successions: int = 0


NOTHING = Size()

SMALL = Size(
    scales=2,
    crosswalks=2,
    decays=2,
    competences=8,
    relations=8,
    goals=2,
    drivers=3,
    needs=3,
    units=3,
    tasks=3,
    occupations=2,
    roles=5,
    requirements=10,
    seats=4,
    headcounts=3,
    markets=2,
    schemes=1,
    measures=5,
    employees=6,
    engagements=8,
    evidence=4,
    assessments=12,
    wishes=3,
    actors=2,
    retentions=2,
    designs=1,
    matters=2,
    events=4,
)

KINDS: Mapping[str, type[attrs.AttrsInstance]] = MappingProxyType(
    {
        "scales": Scale,
        "crosswalks": Crosswalk,
        "decays": Decay,
        "competences": Competence,
        "relations": Relation,
        "goals": Goal,
        "drivers": Driver,
        "needs": Need,
        "units": Unit,
        "tasks": Task,
        "occupations": Occupation,
        "roles": Role,
        "requirements": Requirement,
        "seats": Seats,
        "headcounts": Headcount,
        "markets": Market,
        "schemes": Scheme,
        "measures": Measure,
        "employees": Employee,
        "engagements": Engagement,
        "evidence": Evidence,
        "assessments": Assessment,
        "wishes": Wish,
        "actors": Actor,
        "retentions": Retention,
        "designs": MappingDesign,
        "matters": Matter,
        "events": Event,
        "successions": Succession,
    }
)
"""What each part of an enterprise is made of."""

GIVEN: Given = MappingProxyType(
    {
        "id": st.just("x"),
        "label": st.just(Text()),
        "method": st.just(Text("m")),
        "bearer": st.sampled_from((Bearer.ROLE, Bearer.ROLE, Bearer.TASK, Bearer.OCCUPATION)),
    }
)
"""Names are given when all rows are there; most requirements belong to a role."""

PARTS: Mapping[str, str] = MappingProxyType({"events": "register"})
"""Where an enterprise keeps what it calls by another name."""

ROOM = 8
"""Rows refer to the first to eighth of a kind; settling counts round those that there are."""


@st.composite
def enterprises(draw: DrawFn, *, least: Size = NOTHING, most: Size = SMALL) -> Enterprise:
    """Draw a whole enterprise that hangs together.

    `least` asks for some of a noun: `enterprises(least=Size(units=1, roles=1, employees=1,
    engagements=1))` has somebody at work. There can be fewer where there is nothing for them to
    refer to, and where two would contradict one another.
    """
    enterprise = settled(draw(_drawn(least, most)))
    note(_Told(enterprise))
    return enterprise


def readings() -> SearchStrategy[Reading]:
    """Draw what a source may return: an enterprise, findings and losses."""
    return st.builds(
        Reading,
        parcel=enterprises(),
        findings=st.lists(nouns(Finding), max_size=3).map(tuple),
        losses=st.lists(nouns(Loss), max_size=3).map(tuple),
    )


@functools.lru_cache(maxsize=100)
def _drawn(least: Size, most: Size) -> SearchStrategy[Drawn]:
    """Draw the rows of every kind, each for itself; in two of three, somebody is at work.

    Where nobody is, rows that were not drawn are added rather than asked for: so that it takes one
    step to leave them out again.
    """
    somebody = {KINDS[name]: (row,) for name, row in _at_work().items() if getattr(most, name)}
    rows = together(
        {
            noun: _rows(noun, getattr(least, name), getattr(most, name))
            for name, noun in KINDS.items()
        }
    )
    return st.builds(_with, st.sampled_from(({}, somebody, somebody)), rows)


def _at_work() -> Mapping[str, attrs.AttrsInstance]:
    """Give the fewest rows with which a role takes something that somebody in it may lack."""
    unit, role, employee = UnitId("u1"), RoleId("r1"), EmployeeId("p1")
    competence, scale, level = CompetenceId("k1"), ScaleId("s1"), Level(2)
    return {
        "scales": Scale(id=scale, top=level),
        "competences": Competence(id=competence, label=Text(), facet=Facet.SKILL, scale=scale),
        "units": Unit(id=unit, label=Text()),
        "roles": Role(id=role, label=Text()),
        "requirements": Requirement(
            bearer=Bearer.ROLE, of=role, competence=competence, level=level
        ),
        "employees": Employee(id=employee),
        "engagements": Engagement(employee=employee, unit=unit, role=role),
        "assessments": Assessment(
            employee=employee,
            competence=competence,
            level=Level(1),
            source=AssessmentSource.JOINT,
            assessed=DAY,
            recorded=datetime.combine(DAY, time(0), UTC),
        ),
    }


def _with(somebody: Drawn, rows: Drawn) -> Drawn:
    return {noun: many or somebody.get(noun, ()) for noun, many in rows.items()}


def _rows(
    noun: type[attrs.AttrsInstance], least: int, most: int
) -> SearchStrategy[list[attrs.AttrsInstance]]:
    """Draw rows of which every other has nothing but what it must have."""
    room = range(1, ROOM + 1)
    known: Known = {kind: tuple(f"{letter}{n}" for n in room) for kind, letter in LETTERS.items()}
    every = frozenset(attrs.fields_dict(noun))
    bare = nouns(noun, known=known, given=GIVEN, plain=every)
    full = nouns(noun, known=known, given=GIVEN, plain=QUIET)
    return st.lists(bare | full, min_size=least, max_size=max(least, most))


@frozen(repr=False)
class _Told:
    """Tell every row of an enterprise when a law fails: its own repr only counts them."""

    enterprise: Enterprise

    def __repr__(self) -> str:
        parts = {name: getattr(self.enterprise, PARTS.get(name, name)) for name in KINDS}
        rows = [f"    {_told(row)}" for many in parts.values() for row in many]
        return "\n".join(("an enterprise of", *rows)) if rows else "an empty enterprise"

    def _repr_pretty_(self, printer: pretty.RepresentationPrinter, cycle: object) -> None:
        printer.text(repr(self))


def _told(row: attrs.AttrsInstance) -> str:
    fields = ((field, getattr(row, field.name)) for field in attrs.fields(type(row)))
    told = (f"{field.name}={value!r}" for field, value in fields if value != field.default)
    return f"{type(row).__name__}({', '.join(told)})"
