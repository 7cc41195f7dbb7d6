"""What does each role or task require on a day? Profile, composed from all that contributes (K-8).

A role's requirements are its occupation's, unless the role has its own for the same competence or
waives it, and those of its tasks. What several ask of one competence is put together: the highest
level, the sum of the weights, required if any is, statutory if any is, and the proof that all
accept who ask for one, or, where there is no such proof, any that one of them accepts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from attrs import frozen

from kompetanse_core.columns import Table, Words
from kompetanse_core.columns.layout import Array, days
from kompetanse_core.columns.met import Wants
from kompetanse_core.mapping import own_levels, places_of
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.work import Bearer, Requirement

ANY_PROOF = 2**31 - 1


@frozen(kw_only=True, eq=False)
class Profile:
    """Kravprofil: what each key wants, and the requirements that it was composed from.

    Want number w was composed from `parts[part_starts[w]:part_starts[w + 1]]`, places in
    `requirements`.
    """

    keys: Words[Any]
    wants: Wants
    part_starts: Array
    parts: Array
    requirements: Table[Requirement]

    def want(self, key: str, competence: int) -> int | None:
        """Find what a key wants of a competence, by its code; None if nothing."""
        begin, end = self.wants.starts[self.keys.code(key) :][:2]
        place = begin + int(np.searchsorted(self.wants.code[begin:end], competence))
        return place if place < end and self.wants.code[place] == competence else None

    def behind(self, want: int) -> tuple[Requirement, ...]:
        """Give the requirements that one want was composed from."""
        begin, end = self.part_starts[want : want + 2]
        return tuple(self.requirements.take(self.parts[begin:end]))


@frozen(kw_only=True, eq=False)
class _Parts:
    """Hold which requirements, by place, are asked of which keys, by code."""

    key: Array
    row: Array

    def kept(self, mask: Array) -> _Parts:
        return _Parts(key=self.key[mask], row=self.row[mask])


def role_profile(enterprise: Enterprise, words: Words[CompetenceId], on: date) -> Profile:
    """Compose what every role requires on a day; competences are numbered by `words`.

    Raises:
        Misuse: E502 or E503, where a scale or a competence leads to nothing.
    """
    asked = _Asked.on(enterprise, words, on)
    keys = Words.of(role.id for role in enterprise.roles)
    roles = enterprise.roles
    own = asked.by(keys, Bearer.ROLE, ((role.id, role.id) for role in roles))
    start = asked.by(
        keys, Bearer.OCCUPATION, ((r.id, r.occupation) for r in roles if r.occupation is not None)
    )
    tasks = asked.by(keys, Bearer.TASK, ((role.id, task) for role in roles for task in role.tasks))
    waives = ((role.id, c) for role in roles for c in role.waives if c in words)
    waived = [keys.code(role) * len(words) + words.code(c) for role, c in waives]
    taken = np.sort(np.concatenate(([-1], asked.pair(own), np.asarray(waived, np.int64))))
    offered = asked.pair(start)
    replaced = taken[np.searchsorted(taken, offered, "right") - 1] == offered
    return asked.composed(keys, (own, start.kept(~replaced), tasks))


def task_profile(enterprise: Enterprise, words: Words[CompetenceId], on: date) -> Profile:
    """Lay out what every task requires by itself on a day; competences are numbered by `words`.

    Raises:
        Misuse: E502 or E503, where a scale or a competence leads to nothing.
    """
    asked = _Asked.on(enterprise, words, on)
    keys = Words.of(task.id for task in enterprise.tasks)
    parts = asked.by(keys, Bearer.TASK, ((task.id, task.id) for task in enterprise.tasks))
    return asked.composed(keys, (parts,))


@frozen(kw_only=True, eq=False)
class _Asked:
    """Hold all requirements in order, with code and level on the competence's own scale."""

    requirements: Table[Requirement]
    code: Array
    level: Array
    codes: int
    holds: Array
    """Whether each requirement holds on the day and asks for anything at all."""
    bearer: Array
    """A number for each requirement that tells whose it is, ascending."""

    @classmethod
    def on(cls, enterprise: Enterprise, words: Words[CompetenceId], on: date) -> _Asked:
        table = enterprise.requirements.sorted()
        level, day = own_levels(enterprise, table), days(on)
        width = len(table.words_of("of"))
        return cls(
            requirements=table,
            code=places_of(table, "competence", words)[table.column("competence")],
            level=level,
            codes=len(words),
            holds=(table.column("start") <= day) & (day <= table.column("end")) & (level > 0),
            bearer=table.column("bearer").astype(np.int64) * width + table.column("of"),
        )

    def by(self, keys: Words[Any], bearer: Bearer, pairs: Iterable[tuple[str, str]]) -> _Parts:
        """Ask what holds of each second of a pair, a bearer's id, for the first, a key."""
        words, place = self.requirements.words_of("of"), list(Bearer).index(bearer)
        asked = [(keys.code(key), words.code(of)) for key, of in pairs if of in words]
        key, of = np.asarray(asked, np.int64).reshape(-1, 2).T
        wanted = place * len(words) + of
        begin, end = (np.searchsorted(self.bearer, wanted, side) for side in ("left", "right"))
        counts = end - begin
        shift = np.repeat(begin - np.cumsum(counts) + counts, counts)
        parts = _Parts(key=np.repeat(key, counts), row=shift + np.arange(len(shift)))
        return parts.kept(self.holds[parts.row])

    def pair(self, parts: _Parts) -> Array:
        """Give one number to the key and competence of each part."""
        return parts.key * self.codes + self.code[parts.row]

    def composed(self, keys: Words[Any], many: Iterable[_Parts]) -> Profile:
        """Put together what is asked of one key and competence."""
        kept = tuple(many)
        key, row = (np.concatenate([getattr(p, name) for p in kept]) for name in ("key", "row"))
        parts = _Parts(key=key, row=row)
        order = np.lexsort((row, self.pair(parts)))
        pair, row = self.pair(parts)[order], row[order]
        first = np.flatnonzero(np.diff(pair, prepend=-1))
        return Profile(
            keys=keys,
            wants=self._wants(pair[first], first, row, len(keys)),
            part_starts=np.append(first, len(row)),
            parts=row,
            requirements=self.requirements,
        )

    def _wants(self, pair: Array, first: Array, row: Array, keys: int) -> Wants:
        column = self.requirements.column
        proof = column("proof")[row]
        shared = np.bitwise_and.reduceat(np.where(proof == 0, np.int32(ANY_PROOF), proof), first)
        united = np.bitwise_or.reduceat(proof, first)
        agreed = (shared != 0) & (united != 0)
        return Wants(
            starts=np.searchsorted(pair, np.arange(keys + 1) * max(self.codes, 1)),
            code=(pair % max(self.codes, 1)).astype(np.int32),
            need=np.maximum.reduceat(self.level[row], first),
            weight=np.add.reduceat(column("weight")[row], first),
            demand=np.minimum.reduceat(column("demand")[row], first),
            statutory=np.logical_or.reduceat(column("statutory")[row], first),
            proof=np.where(agreed, shared, united).astype(np.int32),
        )
