"""How are all gaps reckoned, block by block? Reckoning: posts, wants, proofs and what is held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import TypeVar

import numpy as np
from attrs import frozen

from kompetanse_core.columns import Words
from kompetanse_core.columns.held import blocks
from kompetanse_core.columns.kernels import EXACT, EXPIRED, UNKNOWN
from kompetanse_core.columns.layout import Array, days
from kompetanse_core.columns.met import Met, Posts, Proofs, Wants, held_against, left_over
from kompetanse_core.columns.speed import spread
from kompetanse_core.errors import Misuse
from kompetanse_core.gap.nouns import HeadcountGap, HeadState
from kompetanse_core.gap.profile import Profile, role_profile
from kompetanse_core.gap.staffing import Branches, Staffing, staffing_of
from kompetanse_core.mapping import Holdings, instant_of, places_of, starts_of
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.work import Headcount

Made = TypeVar("Made")

EXACT_SUM = 2**62
"""Sums stay well below this, so that they are exact in 64 bits."""

_KNOWN, _UNKNOWN, _LACKING = (tuple(HeadState).index(each) for each in HeadState)
_NONE: Array = np.zeros(0, np.int64)

Block = tuple[int, int, Met]
"""The first post, the post after the last, and their rows."""


@frozen(kw_only=True, eq=False)
class Reckoning:
    """Hold all that gaps are reckoned from; rows are made for some people at a time, and let go."""

    holdings: Holdings
    staffing: Staffing
    branches: Branches
    profile: Profile
    proofs: Proofs
    soon: int

    @property
    def enterprise(self) -> Enterprise:
        """Give the enterprise."""
        return self.holdings.enterprise

    @property
    def on(self) -> int:
        """Give the day, counted from 1970-01-01."""
        return days(self.holdings.on)

    def of(self, person: int) -> Block:
        """Hold one person's posts against what their roles want; no posts for nobody (-1)."""
        return self._met(self.staffing.posts, self.profile.wants, max(person, 0), person + 1)

    def made(self, posts: Posts, wants: Wants, make: Callable[[Block], Made]) -> Iterator[Made]:
        """Hold posts against what their keys want, and yield what is made of each block, in order.

        Raises:
            Misuse: E509, if a sum over all rows could not be exact.
        """
        _check_sum(posts, wants)
        people, rows = blocks(len(self.holdings.people)), int(posts.rows(wants)[-1])
        return spread(lambda block: make(self._met(posts, wants, *block)), people, rows)

    def left_over(self) -> Iterator[tuple[Array, Array, Array]]:
        """Yield person, code and level of what engaged people hold and no post of theirs wants."""
        wants, kin = self.profile.wants, self.holdings.kin
        for first, last in blocks(len(self.holdings.people)):
            said = self.holdings.said(first, last)
            posts = self.staffing.posts.of(first, last)
            over = left_over(posts, wants, said, kin.closure, on=self.on)
            yield said.person[over] + np.int32(first), said.code[over], said.level[over]

    def headcounts(self) -> tuple[HeadcountGap, ...]:
        """Count for every headcount who holds the level, in its unit and all below."""
        active = self._active()
        place, _, state = self.heads()
        known, unknown = (
            np.bincount(place[state == each], minlength=len(active)).tolist()
            for each in (_KNOWN, _UNKNOWN)
        )
        return tuple(map(_headcount_gap, active, known, unknown))

    def heads(self) -> tuple[Array, Array, Array]:
        """Hold everybody in a headcount's unit, or below, against it.

        Gives the place among the headcounts, the person, and where they stand, as columns of
        `HEADS`.
        """
        wants = _headcount_wants(self._active(), self.staffing, self.holdings.graph.words)
        posts = _in_branches(self.staffing, self.branches, np.diff(wants.starts) > 0)

        def stand(block: Block) -> tuple[Array, Array, Array]:
            first, last, met = block
            own = Posts(person=posts.person[first:last], key=posts.key[first:last])
            silent = (met.state == UNKNOWN) | (met.validity == EXPIRED)
            state = np.where(met.state >= EXACT, _KNOWN, _LACKING)
            people = np.repeat(own.person, np.diff(wants.starts)[own.key])
            return own.wants(wants), people, np.where(silent, _UNKNOWN, state)

        parts = list(zip(*self.made(posts, wants, stand), strict=True))
        place, person, state = (np.concatenate([_NONE, *part]) for part in parts or ((),) * 3)
        return place, person, state

    def _active(self) -> list[Headcount]:
        on = self.holdings.on
        active = (h for h in self.enterprise.headcounts if (h.start or on) <= on <= (h.end or on))
        return sorted(active, key=_in_full)

    def _met(self, posts: Posts, wants: Wants, first: int, last: int) -> Block:
        begin, end = posts.between(first, last)
        posts = posts.of(first, last)
        said, held = self.holdings.block(first, last)
        proofs, kin = self.proofs.of(first, last), self.holdings.kin
        met = held_against(posts, wants, held, said, proofs, kin, on=self.on, soon=self.soon)
        return begin, end, met


def reckon(holdings: Holdings, *, expiring_within: int) -> Reckoning:
    """Bring together who is engaged, what their roles require and what proves what they hold.

    Raises:
        Misuse: E502 to E504, where scales or references lead to nothing or units in a circle;
            E509, if a sum over all rows could not be exact.
    """
    enterprise, on = holdings.enterprise, holdings.on
    profile = role_profile(enterprise, holdings.graph.words, on)
    staffing = staffing_of(enterprise, holdings.people, profile.keys, on)
    _check_sum(staffing.posts, profile.wants)
    return Reckoning(
        holdings=holdings,
        staffing=staffing,
        branches=Branches.of(enterprise, staffing.units),
        profile=profile,
        proofs=proofs_of(holdings),
        soon=days(on) + expiring_within,
    )


def proves(holdings: Holdings) -> Array:
    """Mark the rows of the sorted evidence that prove something on the day, as known then."""
    table = holdings.enterprise.evidence.sorted()
    return (
        table.column("verified")
        & (table.column("issued") <= days(holdings.on))
        & (table.column("recorded") <= instant_of(holdings.known_at))
        & (table.column("competence") >= 0)
    )


def proofs_of(holdings: Holdings) -> Proofs:
    """Lay out what proves what everybody holds on the day, by person."""
    table = holdings.enterprise.evidence.sorted().where(proves(holdings))
    codes = places_of(table, "competence", holdings.graph.words)[table.column("competence")]
    return Proofs(
        starts=starts_of(table, "employee", holdings.people),
        kin=holdings.kin.names[codes],
        kind=np.left_shift(np.int32(1), table.column("kind").astype(np.int32)),
        level=table.column("level"),
        expires=table.column("expires"),
    )


def _check_sum(posts: Posts, wants: Wants) -> None:
    steps = np.append(0.0, np.cumsum(wants.need * wants.weight.astype(np.float64)))
    each = steps[wants.starts[1:]] - steps[wants.starts[:-1]]
    if each[posts.key].sum() > EXACT_SUM:
        raise Misuse("E509", "the weighted steps of all rows add up to more than 64 bits hold")


def _in_full(h: Headcount) -> tuple[object, ...]:
    """Order headcounts by unit and competence, and then by all that can tell two apart."""
    span = h.start or date.min, h.end or date.max
    return h.unit, h.competence, h.level, h.count, h.statutory, h.needs, *span


def _headcount_gap(headcount: Headcount, known: int, unknown: int) -> HeadcountGap:
    return HeadcountGap(headcount=headcount, known=known, unknown=unknown)


def _headcount_wants(
    active: list[Headcount], staffing: Staffing, words: Words[CompetenceId]
) -> Wants:
    """Lay headcounts out as what their units want, in the order given (by unit)."""
    unit = staffing.units.codes(headcount.unit for headcount in active)
    code = words.codes(headcount.competence for headcount in active)
    if min(unit.min(initial=0), code.min(initial=0)) < 0:
        raise Misuse("E503", "a headcount names a unit or competence that is not there")
    ones = np.ones(len(active), np.int64)
    return Wants(
        starts=np.searchsorted(unit, np.arange(len(staffing.units) + 1)),
        code=code,
        need=np.asarray([headcount.level for headcount in active], np.int16),
        weight=ones,
        demand=np.zeros(len(active), np.int8),
        statutory=np.asarray([headcount.statutory for headcount in active], np.bool_),
        proof=np.zeros(len(active), np.int32),
    )


def _in_branches(staffing: Staffing, branches: Branches, asked: Array) -> Posts:
    """Put everybody once in each unit that is asked about and that they work in or below."""
    begin, end = branches.starts[staffing.unit], branches.starts[staffing.unit + 1]
    counts = end - begin
    shift = np.repeat(begin - np.cumsum(counts) + counts, counts)
    unit = branches.above[shift + np.arange(len(shift))]
    person = np.repeat(staffing.posts.person, counts)
    pairs = np.unique(np.stack((person, unit))[:, asked[unit]], axis=1)
    return Posts(person=pairs[0], key=pairs[1])
