"""What is known about whom, how sure and how fresh? Holdings (kartlegging), and how they came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from itertools import count, takewhile
from types import MappingProxyType
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from kompetanse_core.columns import Layout, Table, Words
from kompetanse_core.columns.held import Claims, Fading, Held, Patch, blocks
from kompetanse_core.columns.kernels import BEST, LATEST, RANKED
from kompetanse_core.columns.layout import Array, days, microseconds
from kompetanse_core.columns.met import Kin
from kompetanse_core.errors import Misuse
from kompetanse_core.graph import CompetenceGraph, Path
from kompetanse_core.model.competence import CompetenceId, Level
from kompetanse_core.model.enterprise import Enterprise, Finding, Severity
from kompetanse_core.model.people import ASSESSMENTS, Assessment, AssessmentSource, EmployeeId
from kompetanse_core.model.succeeding import succeeded

FEW = 5
"""Below so many people a number is not told (M-13)."""


class Combining(Enum):
    """Sammenstilling: which of several assessments of one competence counts.

    `JOINT_FIRST`: credential or test, then joint, leader, self; the latest within a source.
    `LATEST`: the latest, whatever its source. `BEST`: the highest that has not expired.
    """

    JOINT_FIRST = "joint-first"
    LATEST = "latest"
    BEST = "best"


@frozen(kw_only=True)
class Holding:
    """Kartlagt kompetanse: the level that counts for one person and competence.

    `via` is the competence that was assessed: the same one, or one that counts as it through the
    graph. `assessment` is the place of the assessment that counts in `Holdings.assessments`.
    """

    employee: EmployeeId
    competence: CompetenceId
    level: Level
    expires: date | None
    via: CompetenceId
    assessment: int


HOLDINGS = Layout.of(
    Holding, key=("employee", "competence"), dtypes={"level": "int16", "assessment": "int32"}
)


@frozen(kw_only=True, repr=False, eq=False)
class Holdings:
    """Kartlegging: what everybody holds on a day, as far as it was known then.

    Nothing is laid out until it is asked for; `block` gives the numbers of some people at a time.
    """

    on: date
    known_at: datetime | None
    combining: Combining
    graph: CompetenceGraph
    people: Words[EmployeeId]
    """Everybody who is named anywhere; blocks count people by it."""
    kin: Kin
    _below: Enterprise = field(alias="below")
    _claims: Claims = field(alias="claims")
    _later: tuple[Assessment, ...] = field(alias="later", default=())

    def __iter__(self) -> Iterator[Holding]:
        """Yield the holdings by employee and competence."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Count the holdings."""
        return len(self.rows)

    def __repr__(self) -> str:
        """Say of what day, and how many people; no value is shown."""
        return f"<Holdings on {self.on}: {len(self.people)} people>"

    @cached_property
    def enterprise(self) -> Enterprise:
        """Give the enterprise, with the assessments that came later."""
        if not self._later:
            return self._below
        return evolve(self._below, assessments=self._below.assessments.merged(self._later))

    @cached_property
    def assessments(self) -> Table[Assessment]:
        """Give all assessments in sorted order; `Holding.assessment` points into it."""
        return self.enterprise.assessments.sorted()

    @cached_property
    def rows(self) -> Table[Holding]:
        """Lay out what everybody holds, by employee and competence."""
        parts = (
            self._laid_out(self.block(first, last)[1].in_order(), first).columns
            for first, last in blocks(len(self.people))
        )
        return self._table(joined(HOLDINGS, parts))

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Tell where sources disagree, and where somebody is rated lower than follows.

        One finding for each competence; fewer than five people are not counted out.
        """
        disagreeing, lower = self._claims.disagreeing(), self._lower()
        return (
            *self._told("W513", "sources disagree about the level of {who} in {what}", disagreeing),
            *self._told("W512", "{who} are rated lower in {what} than follows from others", lower),
        )

    def block(self, first: int, last: int) -> tuple[Held, Held]:
        """Give what the people from `first` up to `last` were assessed to hold, and what they hold.

        The first has its codes in order; the second, with all that it counts as, has not.
        """
        said = self.said(first, last)
        return said, said.carried(self.kin.closure, on=days(self.on))

    def said(self, first: int, last: int) -> Held:
        """Give what the people from `first` up to `last` were assessed to hold, in order."""
        return self._claims.counting(first, last)

    def of(self, employee: EmployeeId) -> tuple[Holding, ...]:
        """Give what one person holds, by competence; nothing for who is not known."""
        code = self.people.code(employee)
        return () if code < 0 else tuple(self._laid_out(self._held(code), code))

    def direct(self, employee: EmployeeId) -> tuple[Holding, ...]:
        """Give what one person was assessed to hold, without what it counts as."""
        code = self.people.code(employee)
        return () if code < 0 else tuple(self._laid_out(self.said(code, code + 1), code))

    def assessment(self, holding: Holding) -> Assessment:
        """Give the assessment that a holding rests on."""
        return self.assessments[holding.assessment]

    def with_assessment(self, assessment: Assessment) -> Holdings:
        """Let one more assessment be known: a patch over one person, whatever the number of people.

        Raises:
            Misuse: E502, if its level is not on its scale or has no counterpart on the
                competence's own; E503, if the person or the competence is not there.
        """
        person = self.people.code(assessment.employee)
        if person < 0 or assessment.competence not in self.graph.words:
            raise Misuse("E503", "an assessment names a person or a competence that is not there")
        _check_level(self._below, self.graph, assessment)
        below = self._below.assessments.sorted().between(*self._claims.place(person))
        later = (*self._later, assessment)
        more = (each for each in later if each.employee == assessment.employee)
        mine = Table.of(ASSESSMENTS, (*below, *more))
        patch = Patch(
            person=person,
            code=places_of(mine, "competence", self.graph.words)[mine.column("competence")],
            level=own_levels(self._below, mine),
            **{name: mine.column(name) for name in ("source", "assessed", "recorded", "expires")},
        )
        return evolve(self, claims=self._claims.patched(patch), later=later)

    def path(self, holding: Holding) -> Path | None:
        """Give the way from what was assessed to what it counts as; without relations if direct."""
        return self.graph.path(holding.via, holding.competence)

    def _held(self, person: int) -> Held:
        return self.block(person, person + 1)[1].in_order()

    def _laid_out(self, held: Held, first: int) -> Table[Holding]:
        return self._table(
            {
                "employee": held.person + np.int32(first),
                "competence": held.code,
                "level": held.level,
                "expires": held.expires,
                "via": held.via,
                "assessment": held.claim.astype(np.int32),
            }
        )

    def _table(self, columns: dict[str, Array]) -> Table[Holding]:
        words: dict[str, Words[Any]] = dict.fromkeys(("competence", "via"), self.graph.words)
        words["employee"] = self.people
        return Table(layout=HOLDINGS, columns=columns, words=words)

    def _lower(self) -> Array:
        """Count for each competence the people whose own level is lower than the implied one."""
        lower = np.zeros(len(self.graph.words), np.int64)
        for first, last in blocks(len(self.people)):
            said, held = self.block(first, last)
            held = held.in_order()
            keys = said.person.astype(np.int64) * len(lower) + said.code
            places = held.person.astype(np.int64) * len(lower) + held.code
            counts = held.level[np.searchsorted(places, keys)]
            fresh = said.expires >= days(self.on)
            lower += np.bincount(said.code[fresh & (counts > said.level)], minlength=len(lower))
        return lower

    def _told(self, code: str, text: str, people: Array) -> Iterator[Finding]:
        for place in np.flatnonzero(people):
            number = int(people[place])
            who = f"{number} people" if number >= FEW else f"fewer than {FEW} people"
            what = self.graph.words.values[place]
            yield Finding(
                code=code,
                severity=Severity.WARNING,
                text=text.format(who=who, what=what),
                about=(("competence", what), *((("people", number),) if number >= FEW else ())),
            )


def map_holdings(
    enterprise: Enterprise,
    *,
    on: date,
    known_at: datetime | None = None,
    combining: Combining = Combining.JOINT_FIRST,
) -> Holdings:
    """Find the level that counts for every person and competence, direct or through the graph.

    Assessments made after `on` or recorded after `known_at` (None: everything recorded) are not
    there yet. Levels fall with age where their facet decays. What has expired is kept: it counts
    as unknown unless a requirement is statutory or asks for proof. The enterprise is carried over
    to the ids that hold on the day (`succeeded`).

    Raises:
        Misuse: E502, if a level stands on another scale without a crosswalk; E503, if an
            assessment is of a competence that is not there.
    """
    enterprise = succeeded(enterprise, on=on)
    graph = CompetenceGraph.of(enterprise)
    people = _people(enterprise)
    assessments = enterprise.assessments.sorted()
    return Holdings(
        below=enterprise,
        on=on,
        known_at=known_at,
        combining=combining,
        graph=graph,
        people=people,
        kin=Kin.of(graph.closure(), graph.equivalences()),
        claims=Claims(
            starts=starts_of(assessments, "employee", people),
            word=assessments.column("competence"),
            level=own_levels(enterprise, assessments),
            source=assessments.column("source"),
            assessed=assessments.column("assessed"),
            recorded=assessments.column("recorded"),
            expires=assessments.column("expires"),
            codes=places_of(assessments, "competence", graph.words),
            ranks=_RANKS,
            fading=_fading(enterprise, graph.words, on),
            on=days(on),
            known_at=instant_of(known_at),
            order=_ORDERS[combining],
        ),
    )


def _check_level(enterprise: Enterprise, graph: CompetenceGraph, assessment: Assessment) -> None:
    scale = assessment.scale or graph.competences[assessment.competence].scale
    tops = {each.id: each.top for each in enterprise.scales}
    if assessment.level > tops.get(scale, -1):
        raise Misuse("E502", f"the level of an assessment is above the top of scale {scale!r}")


def own_levels(enterprise: Enterprise, table: Table[Any]) -> Array:
    """Give the column `level` of a table on each competence's own scale, (len(table),), int16.

    Raises:
        Misuse: E502, if a crosswalk is missing or too short.
    """
    levels, scales = table.column("level"), table.column("scale")
    elsewhere = np.flatnonzero(scales >= 0) if scales.max(initial=-1) >= 0 else ()
    if not len(elsewhere):
        return levels
    own = {competence.id: competence.scale for competence in enterprise.competences}
    words, names = table.words_of("competence"), table.words_of("scale")
    walks: dict[Any, Any] = {(w.source, w.target): w.levels for w in enterprise.crosswalks}
    translated = levels.copy()
    pairs = np.stack((scales[elsewhere], table.column("competence")[elsewhere]))
    kinds, kind = np.unique(pairs, axis=1, return_inverse=True)
    for number, (scale, competence) in enumerate(kinds.T):
        source, target = names.values[scale], own.get(words.values[competence])
        if source == target:
            continue
        rows = elsewhere[kind.reshape(-1) == number]
        walk = np.asarray(walks.get((source, target), ()), np.int16)
        if len(walk) <= levels[rows].max():
            text = f"a level on scale {source!r} has no counterpart on scale {target!r}"
            raise Misuse("E502", text, hint="declare a crosswalk that covers every level")
        translated[rows] = walk[levels[rows]]
    return translated


def places_of(table: Table[Any], name: str, words: Words[Any]) -> Array:
    """Give the code among `words` for each word of a column.

    Raises:
        Misuse: E503, if a word is not there.
    """
    places = table.words_of(name).places_in(words)
    if places.min(initial=0) < 0:
        text = f"{table.layout.noun.__name__}.{name} names something that is not there"
        raise Misuse("E503", text, hint="ask `assemble` for every reference that leads to nothing")
    return places


def starts_of(table: Table[Any], name: str, words: Words[Any]) -> Array:
    """Say where the rows of each of `words` begin in a table sorted by a column, (W + 1,)."""
    own = table.words_of(name)
    ends = np.searchsorted(table.column(name), np.arange(len(own) + 1, dtype=np.int32))
    counts = np.zeros(len(words) + 1, np.int64)
    counts[places_of(table, name, words) + 1] = np.diff(ends)
    return np.cumsum(counts)


def joined(layout: Layout[Any], parts: Iterable[Mapping[str, Array]]) -> dict[str, Array]:
    """Put the columns of many parts, in order, one after the other."""
    kept = list(parts)
    return {
        column.name: np.concatenate([np.empty(0, column.dtype), *(p[column.name] for p in kept)])
        for column in layout.columns
    }


def instant_of(known_at: datetime | None) -> int:
    """Count the microseconds to an instant; None is the end of time."""
    return 2**63 - 1 if known_at is None else microseconds(known_at)


_ORDERS = MappingProxyType(
    {Combining.JOINT_FIRST: RANKED, Combining.LATEST: LATEST, Combining.BEST: BEST}
)

_STANDING = MappingProxyType(
    {
        AssessmentSource.CREDENTIAL: 0,
        AssessmentSource.TEST: 0,
        AssessmentSource.JOINT: 1,
        AssessmentSource.LEADER: 2,
        AssessmentSource.SELF: 3,
    }
)

_RANKS = np.asarray([_STANDING[source] for source in AssessmentSource], np.int8)
_RANKS.flags.writeable = False


def _people(enterprise: Enterprise) -> Words[EmployeeId]:
    """Give a number to everybody who is named anywhere; no copy is made where all name the same."""
    words = enterprise.employees.words_of("id")
    for table in (enterprise.engagements, enterprise.assessments, enterprise.evidence):
        named = table.words_of("employee")
        if named.places_in(words).min(initial=0) < 0:
            words = Words.of((*words.values, *named.values))
    return words


def _fading(enterprise: Enterprise, words: Words[CompetenceId], on: date) -> Fading:
    months: dict[Any, int] = {}
    for decay in enterprise.decays:
        months[decay.facet] = min(decay.months, months.get(decay.facet, decay.months))
    classes = {facet: number for number, facet in enumerate(months, start=1)}
    of = np.zeros(len(words), np.int8)
    for competence in enterprise.competences:
        of[words.code(competence.id)] = classes.get(competence.facet, 0)
    rows = [[], *(_fallen(on, span) for span in months.values())]
    return Fading(
        of=of,
        starts=np.cumsum([0, *map(len, rows)]),
        days=np.asarray([day for row in rows for day in row], np.int32),
    )


def _fallen(on: date, months: int) -> list[int]:
    """List the last days from which `months`, twice as many and so on, have gone by on a day."""
    whole = on.year * 12 + on.month - 1
    gone = takewhile(lambda month: month >= 12, (whole - months * n for n in count(1)))
    return [_last_day(month, on.day) for month in gone]


def _last_day(month: int, day: int) -> int:
    """Count to a day of a month numbered from year 0, or to the month's last day if shorter."""
    first, after = (date(m // 12, m % 12 + 1, 1) for m in (month, month + 1))
    return days(first) + min(day, (after - first).days) - 1
