"""Who fits what best, in numbers? Yardstick, and Ranks: the best few for each person or key."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.columns.held import Held
from kompetanse_core.columns.kernels import HALF, liken, merge_ranks, rank
from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.met import Proofs, Wants
from kompetanse_core.columns.speed import run
from kompetanse_core.errors import Misuse

MOST = HALF // 2
"""The weighted steps of one key stay below this, so that shares of them compare exactly."""
LANES = 2
"""Those who qualify by law, and those who would if what is unknown were met."""


@frozen(kw_only=True, eq=False)
class Turned:
    """Hold wants by code instead of by key, in compressed sparse rows, keys ascending."""

    starts: Array
    key: Array
    need: Array
    weight: Array
    proof: Array

    @classmethod
    def of(cls, wants: Wants, weight: Array, mask: Array, codes: int) -> Turned:
        """Turn the wants that are marked round."""
        rows = np.flatnonzero(mask)
        rows = rows[np.argsort(wants.code[rows], kind="stable")]
        key = np.repeat(np.arange(len(wants.starts) - 1, dtype=np.int32), np.diff(wants.starts))
        return cls(
            starts=np.searchsorted(wants.code[rows], np.arange(codes + 1)),
            key=key[rows].astype(np.uint32),
            need=wants.need[rows],
            weight=weight[rows].astype(np.int32),
            proof=wants.proof[rows],
        )


@frozen(kw_only=True, eq=False)
class Yardstick:
    """Hold what people are held against: for all keys at once, by the code that is wanted.

    `total` (keys,) has the weighted steps of what is required, `laws` (keys,) how many wants are
    statutory. What is desired counts only where it is statutory, and then as a condition.
    """

    loose: Turned
    firm: Turned
    law: Turned
    total: Array
    laws: Array

    @classmethod
    def of(cls, wants: Wants, codes: int) -> Yardstick:
        """Turn what all keys want round.

        Raises:
            Misuse: E509, if the weighted steps of a key are too many to be compared exactly.
        """
        weight = np.where(wants.demand == 0, wants.weight, 0)
        steps = wants.need * weight.astype(np.float64)
        sums = (
            np.diff(np.append(0, np.cumsum(each))[wants.starts])
            for each in (steps, wants.statutory)
        )
        total, laws = sums
        if total.max(initial=0) >= MOST:
            raise Misuse("E509", "the weighted steps of a role add up to 2^31 or more")
        proof, required = wants.proof != 0, weight > 0
        kinds = (
            ~proof & ~wants.statutory & required,
            proof & ~wants.statutory & required,
            wants.statutory,
        )
        loose, firm, law = (Turned.of(wants, weight, mask, codes) for mask in kinds)
        return cls(
            loose=loose,
            firm=firm,
            law=law,
            total=total.astype(np.int64),
            laws=laws.astype(np.int32),
        )

    def lawless(self) -> Yardstick:
        """Let what is statutory count as any other, without being a condition."""
        return evolve(self, laws=np.zeros_like(self.laws))


@frozen(kw_only=True, eq=False)
class Ranks:
    """Hold the best few for each row: first those of one lane, then those of the other.

    `who` is -1 where nobody stands. Shapes: (rows * LANES * best,). Filled, then let alone.
    """

    best: int
    who: Array
    met: Array
    missing: Array
    total: Array

    @classmethod
    def empty(cls, rows: int, best: int) -> Ranks:
        """Begin with nobody."""
        size = rows * LANES * best
        met, missing, total = (np.zeros(size, np.int64) for _ in range(3))
        return cls(
            best=best, who=np.full(size, -1, np.int32), met=met, missing=missing, total=total
        )

    @property
    def columns(self) -> tuple[Array, ...]:
        """Give who stands where, and what is compared."""
        return self.who, self.met, self.missing, self.total

    def filled(self) -> Array:
        """Give the places at which somebody stands."""
        return np.flatnonzero(self.who >= 0)

    def ranks(self) -> Array:
        """Give each place its rank within its lane, from 1; whoever is as good shares a rank."""
        size, shape = self.best, (-1, self.best)
        met, missing, total = (each.reshape(shape) for each in self.columns[1:])
        worse = np.ones(met.shape, np.bool_)
        worse[:, 1:] = (met[:, 1:] * total[:, :-1] != met[:, :-1] * total[:, 1:]) | (
            missing[:, 1:] * total[:, :-1] != missing[:, :-1] * total[:, 1:]
        )
        ranks = np.where(worse, np.arange(1, size + 1, dtype=np.int32), np.int32(0))
        return np.maximum.accumulate(ranks, axis=1).reshape(-1)


def ranked(
    yardstick: Yardstick,
    held: Held,
    strict: Held,
    proofs: Proofs,
    kin: Array,
    own: Array,
    *,
    on: int,
    best: int,
    closed: int = 0,
    turned: int = 0,
) -> Ranks:
    """Rank all keys for each person of a block or, `turned`, its people for each key.

    `held` is what counts, `strict` what counts by law; where `closed`, what is unknown is missing.
    """
    people, keys = len(held.starts) - 1, len(yardstick.total)
    ranks = Ranks.empty(keys if turned else people, best)
    counted = (each for h in (held, strict) for each in (h.starts, h.code, h.level, h.expires))
    proven = (proofs.starts, proofs.kin, proofs.kind, proofs.level, proofs.expires)
    loose, *strong = yardstick.loose, yardstick.firm, yardstick.law
    wanted = (each for t in strong for each in (t.starts, t.key, t.need, t.weight, t.proof))
    run(
        rank,
        len(held) + people * keys,
        reads=(
            *counted,
            kin,
            *proven,
            loose.starts,
            loose.key,
            loose.need,
            loose.weight,
            *wanted,
            yardstick.total,
            yardstick.laws,
            own,
        ),
        numbers=(on, closed, turned, best),
        writes=(
            np.zeros(keys, np.int64),
            *(np.zeros(keys, np.int32) for _ in range(2)),
            *ranks.columns,
        ),
    )
    return ranks


def merged(parts: Iterable[tuple[int, Ranks]], rows: int, best: int) -> Ranks:
    """Put the best of blocks together, each given with the number of its first person."""
    whole = Ranks.empty(rows, best)
    for first, part in parts:
        reads = part.columns
        run(merge_ranks, len(part.who), reads=reads, numbers=(first, best), writes=whole.columns)
    return whole


def likened(wants: Wants, codes: int, best: int) -> tuple[Array, Array]:
    """Find for each key the others whose levels are most like its own, and how alike.

    The cosine of levels, in ten-thousandths; what a key does not want is level 0. Shapes:
    (keys * best,), -1 where there are not so many.
    """
    keys = len(wants.starts) - 1
    key = np.repeat(np.arange(keys), np.diff(wants.starts))
    norm = np.sqrt(np.bincount(key, wants.need.astype(np.float64) ** 2, keys))
    turned = Turned.of(wants, wants.weight, np.ones(len(wants), np.bool_), codes)
    who = np.full(keys * best, -1, np.int32)
    alike, missing, of = (np.zeros(keys * best, np.int64) for _ in range(3))
    run(
        liken,
        len(wants) * keys,
        reads=(
            *(wants.starts, wants.code, wants.need),
            *(turned.starts, turned.key, turned.need, norm),
        ),
        numbers=(best,),
        writes=(np.zeros(keys, np.int64), who, alike, missing, of),
    )
    return who, alike
