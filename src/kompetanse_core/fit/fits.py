"""Which roles fit each person best, and which people fit each role? Fits, and `find_fits`.

A fit counts what the role requires (not what it desires) exactly as gaps do, for everybody, engaged
or not. First comes the larger share of steps met, then the smaller share known to be missing. What
is statutory is a condition: known to be lacking, the pair is left out; unknown, it is told apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np
from attrs import field, frozen

from kompetanse_core.columns import Layout, Table, Words
from kompetanse_core.columns.closure import Closure
from kompetanse_core.columns.held import blocks
from kompetanse_core.columns.kernels import UNKNOWN
from kompetanse_core.columns.layout import Array, days
from kompetanse_core.columns.met import Posts, Proofs, held_against
from kompetanse_core.columns.ranked import LANES, Ranks, Yardstick, merged, ranked
from kompetanse_core.columns.speed import spread
from kompetanse_core.errors import Misuse
from kompetanse_core.gap.profile import Profile, role_profile
from kompetanse_core.gap.reckoning import proofs_of
from kompetanse_core.mapping import Combining, Holdings, joined, map_holdings
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.work import RoleId


class Qualification(Enum):
    """Kvalifisert etter lov: whether all that is statutory is met, or none of it known to lack."""

    QUALIFIED = "qualified"
    WOULD_QUALIFY = "would-qualify"


@frozen(kw_only=True)
class Fit:
    """Egnethet: one person against what one role requires, in weighted steps.

    Whoever fits equally well shares a `rank`; ids decide the order among them. Ranks count from 1
    among those of the same qualification.
    """

    employee: EmployeeId
    role: RoleId
    qualification: Qualification
    rank: int
    met: int
    missing: int
    unknown: int

    @property
    def total(self) -> int:
        """Give all weighted steps that the role requires."""
        return self.met + self.missing + self.unknown


BY_PERSON = Layout.of(
    Fit, key=("employee", "qualification", "rank", "role"), dtypes={"rank": "int32"}
)
BY_ROLE = Layout.of(
    Fit, key=("role", "qualification", "rank", "employee"), dtypes={"rank": "int32"}
)


@frozen(kw_only=True, repr=False, eq=False)
class Fits:
    """Egnethet: the best few roles for everybody, and the best few people for every role.

    Of each qualification there are at most `best`. Nothing is ranked until it is asked for.
    """

    holdings: Holdings
    best: int
    _profile: Profile = field(alias="profile")
    _yardstick: Yardstick = field(alias="yardstick")
    _equals: Closure = field(alias="equals")
    _proofs: Proofs = field(alias="proofs")

    def __repr__(self) -> str:
        """Say of what day, and how many; no value is shown."""
        people, roles = len(self.holdings.people), len(self._profile.keys)
        return f"<Fits on {self.holdings.on}: {people} people, {roles} roles>"

    @cached_property
    def roles(self) -> Table[Fit]:
        """Give the roles that fit each person best, by person, qualification and rank."""
        return self._table(BY_PERSON, joined(BY_PERSON, (part.columns for part in self.blocks())))

    @cached_property
    def people(self) -> Table[Fit]:
        """Give the people who fit each role best, by role, qualification and rank."""
        parts = self._spread(turned=1)
        ranks = merged(parts, len(self._profile.keys), self.best)
        return self._table(BY_ROLE, _columns(ranks, "role", "employee"))

    def blocks(self) -> Iterator[Table[Fit]]:
        """Yield `roles` some people at a time, so that memory does not grow with their number."""
        for first, ranks in self._spread(turned=0):
            yield self._by_person(first, ranks)

    def of(self, employee: EmployeeId) -> tuple[Fit, ...]:
        """Give the roles that fit one person best; nothing for who is not known."""
        code = self.holdings.people.code(employee)
        return () if code < 0 else tuple(self._by_person(code, self._ranked(code, code + 1, 0)))

    def would_qualify_if(self, fit: Fit) -> tuple[CompetenceId, ...]:
        """Give the statutory competences of which it is not known whether the person holds them.

        Raises:
            Misuse: E503, if the person or the role is not there.
        """
        person, key = self.holdings.people.code(fit.employee), self._profile.keys.code(fit.role)
        if min(person, key) < 0:
            raise Misuse("E503", "a fit names a person or role that is not there")
        wants, (said, held) = self._profile.wants, self.holdings.block(person, person + 1)
        posts = Posts(person=np.zeros(1, np.int32), key=np.asarray([key], np.int32))
        proofs, on = self._proofs.of(person, person + 1), days(self.holdings.on)
        met = held_against(posts, wants, held, said, proofs, self.holdings.kin, on=on, soon=on)
        asked = posts.wants(wants)[met.state == UNKNOWN]
        codes = wants.code[asked[wants.statutory[asked]]]
        return tuple(self.holdings.graph.words.values[code] for code in codes.tolist())

    def _spread(self, *, turned: int) -> Iterator[tuple[int, Ranks]]:
        people = len(self.holdings.people)
        rows = people * len(self._profile.keys)
        return spread(lambda block: (block[0], self._ranked(*block, turned)), blocks(people), rows)

    def _ranked(self, first: int, last: int, turned: int) -> Ranks:
        on = days(self.holdings.on)
        said, held = self.holdings.block(first, last)
        return ranked(
            self._yardstick,
            held,
            said.carried(self._equals, on=on),
            self._proofs.of(first, last),
            self.holdings.kin.names,
            np.full(last - first, -1, np.int32),
            on=on,
            best=self.best,
            turned=turned,
        )

    def _by_person(self, first: int, ranks: Ranks) -> Table[Fit]:
        columns = _columns(ranks, "employee", "role")
        columns["employee"] += np.int32(first)
        return self._table(BY_PERSON, columns)

    def _table(self, layout: Layout[Fit], columns: dict[str, Array]) -> Table[Fit]:
        words: dict[str, Words[Any]] = {
            "employee": self.holdings.people,
            "role": self._profile.keys,
        }
        return Table(layout=layout, columns=columns, words=words)


def find_fits(
    enterprise: Enterprise,
    *,
    on: date,
    known_at: datetime | None = None,
    combining: Combining = Combining.JOINT_FIRST,
    best: int = 10,
) -> Fits:
    """Rank all roles for everybody, and everybody for all roles, by how much is met on a day.

    A role that requires nothing is left out. What is known is what `find_gaps` knows.

    Raises:
        Misuse: E211, if `best` is less than 1; E502 to E504, where scales or references lead to
            nothing; E509, if the steps of a role are too many to be compared exactly.
    """
    if best < 1:
        raise Misuse("E211", "at least one fit is asked for")
    holdings = map_holdings(enterprise, on=on, known_at=known_at, combining=combining)
    words = holdings.graph.words
    profile = role_profile(holdings.enterprise, words, on)
    return Fits(
        holdings=holdings,
        best=min(best, max(len(profile.keys), len(holdings.people), 1)),
        profile=profile,
        yardstick=Yardstick.of(profile.wants, len(words)),
        equals=holdings.graph.equivalences(),
        proofs=proofs_of(holdings),
    )


def _columns(ranks: Ranks, row: str, name: str) -> dict[str, Array]:
    """Lay out the places at which somebody stands, by row, qualification and rank."""
    places = ranks.filled()
    met, missing, total = (each[places] for each in ranks.columns[1:])
    return {
        row: (places // (LANES * ranks.best)).astype(np.int32),
        name: ranks.who[places],
        "qualification": (places // ranks.best % LANES).astype(np.int8),
        "rank": ranks.ranks()[places],
        "met": met,
        "missing": missing,
        "unknown": total - met - missing,
    }
