"""Which roles lie near each other? Transfers, a cost, and Likenesses, a statistic.

What must be learned is a cost: it tells how much somebody who exactly meets one role lacks in
another, and not who moves. Similarity compares levels as they are written, whatever they mean; it
finds neighbours, and never enters a gap.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from attrs import frozen

from kompetanse_core.columns import Layout, Table, Words
from kompetanse_core.columns.held import Held
from kompetanse_core.columns.layout import LAST_DAY, Array, days
from kompetanse_core.columns.met import Kin, Proofs, Wants
from kompetanse_core.columns.ranked import LANES, Yardstick, likened, ranked
from kompetanse_core.errors import Misuse
from kompetanse_core.gap.profile import role_profile
from kompetanse_core.graph import CompetenceGraph
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.succeeding import succeeded
from kompetanse_core.model.work import RoleId


@frozen(kw_only=True)
class Transfer:
    """Omstillingskostnad: what somebody who exactly meets one role lacks in another.

    `cost` and `total` are weighted steps of what the target requires. Targets whose shares of cost
    are equal share a `rank`, counted from 1.
    """

    source: RoleId
    target: RoleId
    rank: int
    cost: int
    total: int


@frozen(kw_only=True)
class Likeness:
    """Likhet: how alike the levels of two roles are.

    `alike` is 10 000 for the same profile and 0 for two with nothing in common. The alike share a
    `rank`, counted from 1.
    """

    role: RoleId
    other: RoleId
    rank: int
    alike: int


TRANSFERS = Layout.of(Transfer, key=("source", "rank", "target"), dtypes={"rank": "int32"})
LIKENESSES = Layout.of(
    Likeness, key=("role", "rank", "other"), dtypes={"rank": "int32", "alike": "int32"}
)


def transferability(enterprise: Enterprise, *, on: date, best: int = 10) -> Table[Transfer]:
    """Give for each role the others that cost least to somebody who exactly meets it.

    They hold just what the role requires or the law demands of it, at the level needed, and all
    that this carries to. Their proof counts where both roles accept a kind of proof in common.

    Raises:
        Misuse: E211, if `best` is less than 1; E502, E503 or E509 as `find_fits`.
    """
    enterprise = succeeded(enterprise, on=on)
    best = _few(best, enterprise)
    graph, day = CompetenceGraph.of(enterprise), days(on)
    profile = role_profile(enterprise, graph.words, on)
    equals, roles = graph.equivalences(), len(profile.keys)
    kin = Kin.of(graph.closure(), equals)
    said, proofs = _meeting(profile.wants, kin)
    ranks = ranked(
        Yardstick.of(profile.wants, len(graph.words)).lawless(),
        said.carried(kin.closure, on=day),
        said.carried(equals, on=day),
        proofs,
        kin.names,
        np.arange(roles, dtype=np.int32),
        on=day,
        best=best,
        closed=1,
    )
    places = ranks.filled()
    columns = {
        "source": (places // (LANES * best)).astype(np.int32),
        "target": ranks.who[places],
        "rank": ranks.ranks()[places],
        "cost": ranks.missing[places],
        "total": ranks.total[places],
    }
    words: dict[str, Words[RoleId]] = dict.fromkeys(("source", "target"), profile.keys)
    return Table(layout=TRANSFERS, columns=columns, words=words)


def similarity(enterprise: Enterprise, *, on: date, best: int = 10) -> Table[Likeness]:
    """Give for each role the others whose required levels are most like its own.

    The cosine of levels as they are written; what a role does not ask for is level 0. Weights,
    flags and relations play no part.

    Raises:
        Misuse: E211, if `best` is less than 1; E502 or E503 as `find_fits`.
    """
    enterprise = succeeded(enterprise, on=on)
    best = _few(best, enterprise)
    words = CompetenceGraph.of(enterprise).words
    profile = role_profile(enterprise, words, on)
    who, alike = likened(profile.wants, len(words), best)
    roles, there = np.arange(len(profile.keys), dtype=np.int32), who >= 0
    columns = {
        "role": np.repeat(roles, best)[there],
        "other": who[there],
        "rank": _shared_ranks(alike.reshape(-1, best))[there],
        "alike": alike[there].astype(np.int32),
    }
    named: dict[str, Words[RoleId]] = dict.fromkeys(("role", "other"), profile.keys)
    return Table(layout=LIKENESSES, columns=columns, words=named)


def _few(best: int, enterprise: Enterprise) -> int:
    if best < 1:
        raise Misuse("E211", "at least one role is asked for")
    return min(best, max(len(enterprise.roles) - 1, 1))


def _meeting(wants: Wants, kin: Kin) -> tuple[Held, Proofs]:
    """Lay out what somebody holds and can prove who exactly meets each key."""
    must = (wants.demand == 0) | wants.statutory
    rows = np.flatnonzero(must)
    starts = np.append(0, np.cumsum(must))[wants.starts]
    code, level = wants.code[rows], wants.need[rows]
    held = Held(
        starts=starts,
        code=code,
        level=level,
        expires=np.full(len(rows), LAST_DAY, np.int32),
        claim=rows,
        via=code,
    )
    proofs = Proofs(
        starts=starts,
        kin=kin.names[code],
        kind=wants.proof[rows],
        level=level,
        expires=held.expires,
    )
    return held, proofs


def _shared_ranks(falling: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> Array:
    """Give each of falling numbers its rank in its row, from 1; what is equal shares a rank."""
    new = np.ones(falling.shape, np.bool_)
    new[:, 1:] = falling[:, 1:] != falling[:, :-1]
    ordinal = np.arange(1, falling.shape[1] + 1, dtype=np.int32)
    return np.maximum.accumulate(np.where(new, ordinal, np.int32(0)), axis=1).reshape(-1)
