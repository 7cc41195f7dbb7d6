"""What is known at one moment? Enterprise, the one parcel that travels, and how it is assembled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Any, Protocol, TypeVar

from attrs import field, frozen

from kompetanse_core.columns import Layout, Table
from kompetanse_core.errors import NOWHERE, BadInput, Place
from kompetanse_core.model.competence import Competence, Crosswalk, Decay, Relation, Scale
from kompetanse_core.model.cooperation import NO_REGISTER, Matter, Register
from kompetanse_core.model.mapping import MappingDesign
from kompetanse_core.model.measure import Measure, Scheme
from kompetanse_core.model.people import (
    ASSESSMENTS,
    EMPLOYEES,
    ENGAGEMENTS,
    EVIDENCE,
    WISHES,
    Assessment,
    Employee,
    Engagement,
    Evidence,
    Unit,
    Wish,
)
from kompetanse_core.model.privacy import Actor, Kept, Retention
from kompetanse_core.model.rule import RuleSet
from kompetanse_core.model.succession import Succession
from kompetanse_core.model.text import NO_TEXT, Text
from kompetanse_core.model.work import (
    REQUIREMENTS,
    Driver,
    Goal,
    Headcount,
    Market,
    Need,
    Occupation,
    Requirement,
    Role,
    Seats,
    Task,
)

Noun = TypeVar("Noun")


class _Printer(Protocol):
    """What prints in notebooks and test reports."""

    def text(self, words: str, /) -> object: ...


class Severity(Enum):
    """Alvorlighetsgrad: a note, a warning, or reason to refuse the enterprise."""

    NOTE = "note"
    WARNING = "warning"
    REFUSE = "refuse"


Particular = tuple[str, str | int | date]
"""What a finding names: a word such as `competence`, and the id, number or day it stands for."""


@frozen(kw_only=True)
class Finding:
    """Funn: one flaw or remark about the data: code, place and hint, never a personal value."""

    code: str
    severity: Severity
    text: str
    place: Place = NOWHERE
    hint: str = ""
    about: tuple[Particular, ...] = ()
    """What the text names, apart from it: a report says it in another language and with labels."""

    def __str__(self) -> str:
        """Write one line: place, severity, code, text, hint."""
        where = f"{self.place}: " if str(self.place) else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.severity.value} {self.code} {self.text}{hint}"


@frozen(kw_only=True)
class Loss:
    """Tap: what a reader or writer left out or widened: which field, how often, and why."""

    field: str
    count: int
    reason: str


def _listed(nouns: Iterable[Any]) -> tuple[Any, ...]:
    """Keep the order; `tuple` itself would leave type checkers without the type of its members."""
    return tuple(nouns)


def _requirements(nouns: Iterable[Requirement]) -> Table[Requirement]:
    return _laid_out(REQUIREMENTS, nouns)


def _employees(nouns: Iterable[Employee]) -> Table[Employee]:
    return _laid_out(EMPLOYEES, nouns)


def _engagements(nouns: Iterable[Engagement]) -> Table[Engagement]:
    return _laid_out(ENGAGEMENTS, nouns)


def _evidence(nouns: Iterable[Evidence]) -> Table[Evidence]:
    return _laid_out(EVIDENCE, nouns)


def _assessments(nouns: Iterable[Assessment]) -> Table[Assessment]:
    return _laid_out(ASSESSMENTS, nouns)


def _wishes(nouns: Iterable[Wish]) -> Table[Wish]:
    return _laid_out(WISHES, nouns)


@frozen(kw_only=True, repr=False)
class Enterprise:
    """Virksomhet: everything that is known at one moment, in one parcel.

    Facts that come by the thousand are tables of integer columns (`Table`), all others are tuples.
    A table is given as any iterable of its noun. Whether the parts hang together is for `assemble`
    to say; nothing is computed here.
    """

    name: Text = NO_TEXT
    business_idea: Text = NO_TEXT
    strategy: Text = NO_TEXT

    scales: tuple[Scale, ...] = field(default=(), converter=_listed)
    crosswalks: tuple[Crosswalk, ...] = field(default=(), converter=_listed)
    decays: tuple[Decay, ...] = field(default=(), converter=_listed)
    competences: tuple[Competence, ...] = field(default=(), converter=_listed)
    relations: tuple[Relation, ...] = field(default=(), converter=_listed)

    goals: tuple[Goal, ...] = field(default=(), converter=_listed)
    drivers: tuple[Driver, ...] = field(default=(), converter=_listed)
    needs: tuple[Need, ...] = field(default=(), converter=_listed)
    tasks: tuple[Task, ...] = field(default=(), converter=_listed)
    occupations: tuple[Occupation, ...] = field(default=(), converter=_listed)
    roles: tuple[Role, ...] = field(default=(), converter=_listed)
    requirements: Table[Requirement] = field(default=(), converter=_requirements)
    seats: tuple[Seats, ...] = field(default=(), converter=_listed)
    headcounts: tuple[Headcount, ...] = field(default=(), converter=_listed)
    markets: tuple[Market, ...] = field(default=(), converter=_listed)

    units: tuple[Unit, ...] = field(default=(), converter=_listed)
    employees: Table[Employee] = field(default=(), converter=_employees)
    engagements: Table[Engagement] = field(default=(), converter=_engagements)
    evidence: Table[Evidence] = field(default=(), converter=_evidence)
    assessments: Table[Assessment] = field(default=(), converter=_assessments)
    wishes: Table[Wish] = field(default=(), converter=_wishes)

    successions: tuple[Succession, ...] = field(default=(), converter=_listed)
    """What goes on under another id; the facts themselves keep the id they were told with."""

    measures: tuple[Measure, ...] = field(default=(), converter=_listed)
    schemes: tuple[Scheme, ...] = field(default=(), converter=_listed)

    designs: tuple[MappingDesign, ...] = field(default=(), converter=_listed)
    """How competence is mapped here, version by version (M-5)."""
    matters: tuple[Matter, ...] = field(default=(), converter=_listed)
    register: Register = NO_REGISTER
    rule_sets: tuple[RuleSet, ...] = field(default=(), converter=_listed)
    """Local rule sets, on top of the guide's."""
    actors: tuple[Actor, ...] = field(default=(), converter=_listed)
    retentions: tuple[Retention, ...] = field(default=(), converter=_listed)

    withheld: frozenset[Kept] = frozenset()
    """Of which kinds facts were left out for the purpose it was read for; none if it is whole."""

    def __repr__(self) -> str:
        """Count what is known; no value about a person is shown."""
        counted = ("employees", "roles", "competences", "requirements", "assessments", "measures")
        parts = ", ".join(f"{len(getattr(self, name))} {name}" for name in counted)
        return f"<Enterprise: {parts}>"

    def _repr_pretty_(self, printer: _Printer, cycle: object) -> None:
        """Show the same where a printer would otherwise read field by field."""
        printer.text(repr(self))


@frozen(kw_only=True)
class Reading:
    """Lesing: what came in: an enterprise, everything found about it, and what was lost."""

    parcel: Enterprise = field(repr=False)
    """The enterprise as read, whatever was found; ask `enterprise` unless you mend findings."""
    findings: tuple[Finding, ...] = ()
    losses: tuple[Loss, ...] = ()

    @property
    def refused(self) -> tuple[Finding, ...]:
        """Give the findings that are severe enough to refuse."""
        return tuple(found for found in self.findings if found.severity is Severity.REFUSE)

    @property
    def enterprise(self) -> Enterprise:
        """Give the enterprise, if nothing found is severe enough to refuse it.

        Raises:
            BadInput: with every finding, the refusing ones first.
        """
        if not self.refused:
            return self.parcel
        others = tuple(found for found in self.findings if found not in self.refused)
        raise BadInput((*self.refused, *others))


def _laid_out(layout: Layout[Noun], nouns: Iterable[Noun]) -> Table[Noun]:
    return nouns if isinstance(nouns, Table) else Table.of(layout, nouns)
