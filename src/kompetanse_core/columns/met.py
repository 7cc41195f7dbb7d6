"""What is needed against what is held, in numbers? Wants, Proofs, Posts and the rows Met."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from attrs import field, frozen

from kompetanse_core.columns.closure import Closure
from kompetanse_core.columns.held import Held
from kompetanse_core.columns.kernels import add_up, lay_out, leave_over, meet
from kompetanse_core.columns.layout import LAST_DAY, Array
from kompetanse_core.columns.speed import run


@frozen(kw_only=True, eq=False)
class Wants:
    """Hold what each key wants, in compressed sparse rows, codes ascending within a key.

    Shapes: `starts` (keys + 1,), the columns (starts[keys],). `proof` is a bit set of the kinds
    that prove it, 0 where no proof is asked for; `demand` is 0 for what is required.
    """

    starts: Array
    code: Array
    need: Array
    weight: Array
    demand: Array
    statutory: Array
    proof: Array

    def __len__(self) -> int:
        """Count the wants of all keys."""
        return len(self.code)


@frozen(kw_only=True, eq=False)
class Proofs:
    """Hold what proves that people hold something, in compressed sparse rows by person.

    `kin` names the kin of the code that is proven, `kind` is one bit, `level` NO_LEVEL for any.
    """

    starts: Array
    kin: Array
    kind: Array
    level: Array
    expires: Array

    def of(self, first: int, last: int) -> Proofs:
        """Keep the people from `first` up to `last`."""
        begin, end = int(self.starts[first]), int(self.starts[last])
        return Proofs(
            starts=self.starts[first : last + 1] - begin,
            kin=self.kin[begin:end],
            kind=self.kind[begin:end],
            level=self.level[begin:end],
            expires=self.expires[begin:end],
        )


@frozen(kw_only=True, eq=False)
class Posts:
    """Hold who is held against what: a person and a key of `Wants` for each, by person."""

    person: Array
    key: Array

    def __len__(self) -> int:
        """Count the posts."""
        return len(self.person)

    def rows(self, wants: Wants) -> Array:
        """Say where the rows of each post begin, and at last where they end, (len(self) + 1,)."""
        counts = np.diff(wants.starts)[self.key]
        return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))

    def wants(self, wants: Wants) -> Array:
        """Say which of the wants each row is about, in the order of `rows`."""
        begins, ends = wants.starts[self.key], wants.starts[self.key + 1]
        rows = self.rows(wants)
        return np.repeat(begins - rows[:-1], ends - begins) + np.arange(rows[-1])

    def between(self, first: int, last: int) -> tuple[int, int]:
        """Say where the posts of the people from `first` up to `last` begin and end."""
        people = np.asarray((first, last), self.person.dtype)  # another type would cast them all
        begin, end = np.searchsorted(self.person, people)
        return int(begin), int(end)

    def of(self, first: int, last: int) -> Posts:
        """Keep the posts of the people from `first` up to `last`, counted from `first`."""
        begin, end = self.between(first, last)
        return Posts(person=self.person[begin:end] - np.int32(first), key=self.key[begin:end])


@frozen(kw_only=True, eq=False)
class Kin:
    """Hold what carries where, and what is the same thing by another name."""

    closure: Closure
    names: Array

    @classmethod
    def of(cls, closure: Closure, equals: Closure) -> Kin:
        """Name the kin of every code after its smallest member."""
        return cls(closure=closure, names=equals.kin())


@frozen(kw_only=True, eq=False)
class Met:
    """Hold the rows of some posts: post by post, want by want.

    `have` is NO_LEVEL where unknown; `expires` is the last day on which level and proof hold;
    `packed` is 45 * how the steps count + 9 * level state + 3 * validity + proof.
    """

    have: Array
    expires: Array
    packed: Array

    @property
    def count(self) -> Array:
        """Say how the steps count: COUNTED, OPEN or LOST."""
        return self.packed // 45

    @property
    def state(self) -> Array:
        """Give the level state."""
        return self.packed % 45 // 9

    @property
    def validity(self) -> Array:
        """Give the validity."""
        return self.packed % 9 // 3

    @property
    def proof(self) -> Array:
        """Give the proof."""
        return self.packed % 3


@frozen(kw_only=True, eq=False)
class Groups:
    """Say to which groups a row belongs: those of the place `post[i] + want[j]`.

    The groups of place p are `group[starts[p]:starts[p + 1]]`, each below `count`. Shapes: `post`
    (posts,), `want` (wants,).
    """

    post: Array
    want: Array
    starts: Array
    group: Array
    count: int


@frozen(kw_only=True, eq=False)
class Sums:
    """Hold weighted steps added up for each group, and how many different people they are about.

    `seen` says who was counted last in each group. Filled by `Adding`, then let alone.
    """

    met: Array
    missing: Array
    unknown: Array
    people: Array
    seen: Array

    @classmethod
    def of(cls, count: int) -> Sums:
        """Begin at nothing, for so many groups."""
        met, missing, unknown, people = (np.zeros(count, np.int64) for _ in range(4))
        seen = np.full(count, -1, np.int32)
        return cls(met=met, missing=missing, unknown=unknown, people=people, seen=seen)


def held_against(
    posts: Posts,
    wants: Wants,
    held: Held,
    said: Held,
    proofs: Proofs,
    kin: Kin,
    *,
    on: int,
    soon: int,
) -> Met:
    """Hold the people of a block of posts against what their keys want.

    `held` is what counts, `said` what was claimed itself; `soon` is the last day of what expires
    soon. All are of the same block of people.
    """
    rows = int(posts.rows(wants)[-1])
    have, expires = np.empty(rows, np.int16), np.empty(rows, np.int32)
    packed = np.empty(rows, np.uint8)
    wanted = (wants.starts, wants.code, wants.need, wants.statutory, wants.proof)
    counted = (held.starts, held.code, held.level, held.expires)
    claimed = (said.starts, said.code, said.level, said.expires)
    proven = (proofs.starts, proofs.kin, proofs.kind, proofs.level, proofs.expires)
    run(
        meet,
        rows + len(held) + len(said),
        reads=(posts.person, posts.key, *wanted, *counted, *claimed, kin.names, *proven),
        numbers=(on, min(soon, LAST_DAY - 1)),
        writes=(np.zeros(len(kin.names), np.int32), have, expires, packed),
    )
    return Met(have=have, expires=expires, packed=packed)


def laid_out(posts: Posts, places: Array, wants: Wants, met: Met, to: Sequence[Array]) -> None:
    """Write all rows of some posts, each with its place, into the columns given.

    They are person, key, place, code, need, weight, demand, statutory, state, validity, proof,
    met, missing and unknown steps.
    """
    asked = (wants.starts, wants.code, wants.need, wants.weight, wants.demand, wants.statutory)
    reads = (posts.person, posts.key, places, *asked, met.have, met.packed)
    run(lay_out, len(met.have), reads=reads, writes=to)


@frozen(kw_only=True, eq=False)
class Adding:
    """Add up the rows of blocks of posts in several ways, on as many threads as come.

    `counts` (wants,) says which wants are added. Each thread takes sums that lie idle, or begins
    new ones; people stand in one block each, so it makes no difference which sums count them.
    """

    posts: Posts
    wants: Wants
    ways: tuple[Groups, ...]
    counts: Array
    _idle: deque[tuple[Sums, ...]] = field(factory=deque, init=False)

    def add(self, block: tuple[int, int, Met]) -> None:
        """Add the rows of a block: its first post, the post after the last, and the rows."""
        sums, (first, last, rows) = self._taken(), block
        person, key = self.posts.person[first:last], self.posts.key[first:last]
        wants = self.wants
        for groups, mine in zip(self.ways, sums, strict=True):
            asked = (wants.starts, wants.need, wants.weight, groups.want, self.counts)
            judged = (rows.have, rows.packed, groups.starts, groups.group)
            run(
                add_up,
                len(rows.have),
                reads=(person, key, groups.post[first:last], *asked, *judged),
                writes=(mine.seen, mine.met, mine.missing, mine.unknown, mine.people),
            )
        self._idle.append(sums)

    def sums(self) -> tuple[Sums, ...]:
        """Put together what all threads have added."""
        whole, *others = self._idle or (self._begun(),)
        for sums in others:
            for mine, more in zip(whole, sums, strict=True):
                mine.met[:] += more.met
                mine.missing[:] += more.missing
                mine.unknown[:] += more.unknown
                mine.people[:] += more.people
        return whole

    def _taken(self) -> tuple[Sums, ...]:
        try:
            return self._idle.pop()
        except IndexError:
            return self._begun()

    def _begun(self) -> tuple[Sums, ...]:
        return tuple(Sums.of(groups.count) for groups in self.ways)


def left_over(posts: Posts, wants: Wants, said: Held, closure: Closure, *, on: int) -> Array:
    """Mark what people hold that none of their posts wants, nor anything it carries to."""
    over = np.zeros(len(said), np.bool_)
    claimed = (said.starts, said.code, said.level, said.expires)
    ways = (closure.starts, closure.targets, closure.drops)
    run(
        leave_over,
        len(said) + int(posts.rows(wants)[-1]),
        reads=(posts.person, posts.key, wants.starts, wants.code, *claimed, *ways),
        numbers=(on,),
        writes=(np.full(len(closure), -1, np.int32), over),
    )
    return over
