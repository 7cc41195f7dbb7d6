"""Who lacks what on a day? Gaps, and `find_gaps` that makes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cached_property
from typing import Any

import numpy as np
from attrs import evolve, field, frozen

from kompetanse_core.columns import Table, Words
from kompetanse_core.columns.arrow import handed_over
from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.met import Met, Posts, laid_out
from kompetanse_core.errors import Misuse
from kompetanse_core.gap import grouping, show, trace
from kompetanse_core.gap.nouns import (
    GAPS,
    HEADS,
    UNUSED,
    By,
    Gap,
    Head,
    HeadcountGap,
    SeatGap,
    Serves,
    Tally,
    Unused,
    Why,
)
from kompetanse_core.gap.reckoning import Block, Made, Reckoning, reckon
from kompetanse_core.gap.staffing import seat_gaps
from kompetanse_core.mapping import Combining, Holdings, joined, map_holdings
from kompetanse_core.model.enterprise import Enterprise, Finding
from kompetanse_core.model.people import Assessment, EmployeeId
from kompetanse_core.model.work import Demand

CENTURY = 36_525
"""The longest window, in days, in which something may be said to expire soon."""


@frozen(kw_only=True, repr=False, eq=False)
class Gaps:
    """Kompetansegap: everybody engaged on a day against what their roles require then.

    One row for each person, role, unit and required competence. Rows are laid out when they are
    asked for; sums are made without them, some people at a time.
    """

    holdings: Holdings
    expiring_within: int
    _reckoning: Reckoning = field(alias="reckoning")
    _before: tuple[Gaps, EmployeeId] | None = field(alias="before", default=None)
    """The gaps that these lie over, and whose rows alone are others now."""

    @property
    def enterprise(self) -> Enterprise:
        """Give the enterprise whose gaps these are."""
        return self.holdings.enterprise

    @property
    def on(self) -> date:
        """Give the day."""
        return self.holdings.on

    @property
    def known_at(self) -> datetime | None:
        """Give the instant as of which things are known; None for all that is recorded."""
        return self.holdings.known_at

    @property
    def combining(self) -> Combining:
        """Give the rule by which assessments were combined."""
        return self.holdings.combining

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Give what the mapping found about the assessments."""
        return self.holdings.findings

    def __iter__(self) -> Iterator[Gap]:
        """Yield the gaps by employee, role, unit and competence."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Count the rows, without laying them out."""
        return int(self._reckoning.staffing.posts.rows(self._reckoning.profile.wants)[-1])

    def __repr__(self) -> str:
        """Say of what day and how many; no value is shown."""
        return f"<Gaps on {self.on}: {len(self)} rows>"

    def __str__(self) -> str:
        """Write the sums by role and by unit; groups under five are held back."""
        return show.as_text(*self._summary())

    def _repr_html_(self) -> str:
        """Write the same for a notebook."""
        return show.as_html(*self._summary())

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the rows over to Arrow, some people at a time, without laying all of them out.

        Raises:
            Misuse: E906, if the extra `arrow` is not installed.
        """
        return handed_over(GAPS, self._words(), self._parts())

    @cached_property
    def rows(self) -> Table[Gap]:
        """Lay out all rows."""
        columns = {column.name: np.empty(len(self), column.dtype) for column in GAPS.columns}
        begins = self._reckoning.staffing.posts.rows(self._reckoning.profile.wants)

        def fill(block: Block) -> None:
            first, last, met = block
            here = slice(begins[first], begins[last])
            self._fill({name: column[here] for name, column in columns.items()}, first, last, met)

        for _ in self._made(fill):
            pass  # every block fills its own rows
        return Table(layout=GAPS, columns=columns, words=self._words())

    @cached_property
    def seats(self) -> tuple[SeatGap, ...]:
        """Give the seats wanted against the shares that fill them, by unit and role."""
        return seat_gaps(self.enterprise, self._reckoning.staffing, self.on)

    @cached_property
    def headcounts(self) -> tuple[HeadcountGap, ...]:
        """Give, for every headcount that holds on the day, who fills it; by unit and competence."""
        return self._reckoning.headcounts()

    @cached_property
    def heads(self) -> Table[Head]:
        """Give everybody in the unit of a headcount, or below it, and where they stand to it."""
        parts = zip(("headcount", "employee", "state"), self._reckoning.heads(), strict=True)
        words = {"employee": self.holdings.people}
        typed = {name: part.astype(HEADS.column(name).dtype) for name, part in parts}
        return Table(layout=HEADS, columns=typed, words=words).sorted()

    @cached_property
    def unused(self) -> Table[Unused]:
        """Give what engaged people hold and none of their roles requires.

        What counts, through the graph, as something required is used; what has expired is not held.
        """
        parts = (dict(zip(_UNUSED, part, strict=True)) for part in self._reckoning.left_over())
        words = self._words()
        kept = {name: words[name] for name in _UNUSED[:2]}
        return Table(layout=UNUSED, columns=joined(UNUSED, parts), words=kept)

    @cached_property
    def total(self) -> Tally:
        """Add everything up; the key is empty."""
        if self._before is None:
            return grouping.total(self._reckoning)
        before, employee = self._before
        whole, was, now = before.total, before.tally(employee), self.tally(employee)
        return evolve(
            whole,
            met=whole.met - was.met + now.met,
            missing=whole.missing - was.missing + now.missing,
            unknown=whole.unknown - was.unknown + now.unknown,
        )

    def tally(self, employee: EmployeeId) -> Tally:
        """Add up the rows of one person, without laying them out."""
        first, last, met = self._met(employee)
        return grouping.tally(
            employee, self._posts(first, last), self._reckoning.profile.wants, met
        )

    def of(self, employee: EmployeeId) -> Table[Gap]:
        """Lay out the rows of one person; none for who is not known or not engaged."""
        first, last, met = self._met(employee)
        columns = {column.name: np.empty(len(met.have), column.dtype) for column in GAPS.columns}
        self._fill(columns, first, last, met)
        return Table(layout=GAPS, columns=columns, words=self._words())

    def with_assessment(self, assessment: Assessment) -> Gaps:
        """Let one more assessment be known; only one person's rows are reckoned anew.

        The rest is what it was, below, uncopied; so it takes as long among many as among few, and
        so do `of`, `tally` and, if it was known before, `total`. Whoever wants a `roll_up` of the
        rest reckons everybody; the difference is that of the person's rows, before and after.

        Raises:
            Misuse: E502, if its level is not on its scale or has no counterpart on the
                competence's own; E503, if the person or the competence is not there.
        """
        holdings = self.holdings.with_assessment(assessment)
        return Gaps(
            holdings=holdings,
            expiring_within=self.expiring_within,
            reckoning=evolve(self._reckoning, holdings=holdings),
            before=(self, assessment.employee),
        )

    def roll_up(self, by: By, *, demand: Demand | None = None) -> tuple[Tally, ...]:
        """Add up by a key, in the order of the keys; keys without a row are left out.

        `demand` keeps only what is asked that strongly. Under `By.DRIVER` the empty key has what
        no driver stands behind, under `By.FACET` what has no facet.
        """
        return self.roll_ups(by, demand=demand)[by]

    def roll_ups(self, *bys: By, demand: Demand | None = None) -> dict[By, tuple[Tally, ...]]:
        """Add up by several keys in one go, each as `roll_up` does."""
        return grouping.roll_ups(self._reckoning, bys, demand=demand)

    def why(self, gap: Gap) -> Why:
        """Trace a gap to the requirements, needs, drivers, goals and clauses behind it.

        Raises:
            Misuse: E503, if the role requires no such competence on the day.
        """
        return trace.why(self._reckoning, gap)

    def serves(self, unused: Unused) -> Serves:
        """Find the roles, vacant seats and gaps, unit by unit, that an unused competence serves."""
        return trace.serves(self._reckoning, unused, self.seats)

    def _parts(self) -> Iterator[dict[str, Array]]:
        def part(block: Block) -> dict[str, Array]:
            first, last, met = block
            columns = {c.name: np.empty(len(met.have), c.dtype) for c in GAPS.columns}
            self._fill(columns, first, last, met)
            return columns

        return self._made(part)

    def _made(self, make: Callable[[Block], Made]) -> Iterator[Made]:
        reckoning = self._reckoning
        return reckoning.made(reckoning.staffing.posts, reckoning.profile.wants, make)

    def _met(self, employee: EmployeeId) -> Block:
        if self._before and employee == self._before[1]:
            return self._changed
        return self._reckoning.of(self.holdings.people.code(employee))

    @cached_property
    def _changed(self) -> Block:
        """Hold the one whose rows are others now against what their roles want."""
        _, employee = self._before or (None, EmployeeId(""))
        return self._reckoning.of(self.holdings.people.code(employee))

    def _posts(self, first: int, last: int) -> Posts:
        posts = self._reckoning.staffing.posts
        return Posts(person=posts.person[first:last], key=posts.key[first:last])

    def _fill(self, columns: dict[str, Array], first: int, last: int, met: Met) -> None:
        staffing, wants = self._reckoning.staffing, self._reckoning.profile.wants
        posts = self._posts(first, last)
        columns["have"][:], columns["expires"][:] = met.have, met.expires
        filled = [columns[name] for name in _FILLED]
        laid_out(posts, staffing.unit[first:last], wants, met, filled)

    def _words(self) -> dict[str, Words[Any]]:
        return {
            "employee": self.holdings.people,
            "role": self._reckoning.staffing.roles,
            "unit": self._reckoning.staffing.units,
            "competence": self.holdings.graph.words,
        }

    def _summary(self) -> tuple[str, Tally, tuple[show.Section, ...]]:
        named = (("role", By.ROLE, self.enterprise.roles), ("unit", By.UNIT, self.enterprise.units))
        sums = self.roll_ups(*(by for _, by, _ in named))
        sections = tuple(
            show.Section(
                title=title,
                tallies=sums[by],
                labels={each.id: str(each.label) for each in nouns},
            )
            for title, by, nouns in named
        )
        return f"Competence gaps on {self.on}, in weighted steps", self.total, sections


_FILLED = (
    *("employee", "role", "unit", "competence", "need", "weight", "demand", "statutory"),
    *("state", "validity", "proof", "met", "missing", "unknown"),
)
_UNUSED = ("employee", "competence", "level")


def find_gaps(
    enterprise: Enterprise,
    *,
    on: date,
    known_at: datetime | None = None,
    combining: Combining = Combining.JOINT_FIRST,
    expiring_within: int = 180,
) -> Gaps:
    """Hold everybody engaged on a day against what their roles require then.

    Each row is judged on three axes, level, validity and proof; `docs/reference/states.md` lists
    every combination. What is known at `known_at` (None: all that is recorded) and assessed by
    `on` counts; what expires within so many days is said to be expiring.

    Raises:
        Misuse: E211, if `expiring_within` is negative or over a century; E502 to E504, where
            scales or references lead to nothing or units in a circle; E509, if sums are too large.
    """
    if not 0 <= expiring_within <= CENTURY:
        raise Misuse("E211", f"expiring_within is from 0 to {CENTURY} days")
    holdings = map_holdings(enterprise, on=on, known_at=known_at, combining=combining)
    reckoning = reckon(holdings, expiring_within=expiring_within)
    return Gaps(holdings=holdings, expiring_within=expiring_within, reckoning=reckoning)
