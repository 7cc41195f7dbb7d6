"""What counts as what, in numbers? Closure: what each code carries to, and at what drop."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from kompetanse_core.columns.layout import Array
from kompetanse_core.errors import Misuse

Codes = npt.NDArray[np.int32]
Places = npt.NDArray[np.int64]


def _codes(numbers: npt.ArrayLike) -> Codes:
    sealed = np.array(numbers, dtype=np.int32)
    sealed.flags.writeable = False
    return sealed


def _places(numbers: npt.ArrayLike) -> Places:
    sealed = np.array(numbers, dtype=np.int64)
    sealed.flags.writeable = False
    return sealed


@frozen(kw_only=True, eq=False)
class Closure:
    """Hold, in compressed sparse rows over codes 0 to K - 1, what each code carries to.

    Code a at level n counts as code `targets[i]` at level n - `drops[i]`, for every i in
    `starts[a]:starts[a + 1]`. The trivial way from a code to itself is left out. Shapes: `starts`
    (K + 1,), `targets` and `drops` (starts[K],); targets ascend within a row.
    """

    starts: Places = field(converter=_places)
    targets: Codes = field(converter=_codes)
    drops: Codes = field(converter=_codes)

    def __attrs_post_init__(self) -> None:
        """Refuse what would lead a kernel out of bounds.

        Raises:
            Misuse: E904, with the part that breaks its promise.
        """
        if len(self.starts) == 0 or self.starts[0] != 0 or (np.diff(self.starts) < 0).any():
            raise Misuse("E904", "the starts of a closure begin at 0 and never fall")
        if not len(self.targets) == len(self.drops) == self.starts[-1]:
            raise Misuse("E904", "the starts of a closure end where its targets and drops end")
        if len(self.targets) and not (0 <= self.targets.min() <= self.targets.max() < len(self)):
            raise Misuse("E904", "a closure leads to a code that is not there")
        if len(self.drops) and self.drops.min() < 0:
            raise Misuse("E904", "a closure never lifts a level")

    @classmethod
    def empty(cls, count: int) -> Closure:
        """Give the closure of `count` codes of which none carries to another."""
        none = np.empty(0, np.int32)
        return cls(starts=np.zeros(count + 1, np.int64), targets=none, drops=none)

    @classmethod
    def over(cls, source: Array, target: Array, drop: Array, reach: Array) -> Closure:
        """Find the smallest drop along any way of steps, each from `source` to `target` (steps,).

        A way from code a must drop by less than `reach[a]` (K,). All ways grow by one step at a
        time; only those that are cheaper than any before grow on, so circles come to rest.
        """
        count = len(reach)
        pair = source.astype(np.int64) * count + target
        pairs, drops = _cheapest(pair, drop.astype(np.int64), reach)
        steps = cls._of(pairs, drops, count)
        new, newest = pairs, drops
        while len(new):
            grown, more = _grown(new, newest, steps)
            grown, more = _cheapest(grown, more, reach)
            place = np.searchsorted(pairs, grown).clip(max=len(pairs) - 1)
            known = pairs[place] == grown
            better = ~known | (more < drops[place])
            new, newest = grown[better], more[better]
            drops[place[known & better]] = more[known & better]
            fresh = ~known
            spot = np.searchsorted(pairs, grown[fresh])
            pairs = np.insert(pairs, spot, grown[fresh])
            drops = np.insert(drops, spot, more[fresh])
        return cls._of(pairs, drops, count)

    @classmethod
    def _of(cls, pairs: Array, drops: Array, count: int) -> Closure:
        """Lay out sorted pairs, each source * count + target."""
        starts = np.searchsorted(pairs, np.arange(count + 1, dtype=np.int64) * count)
        return cls(starts=starts, targets=pairs % max(count, 1), drops=drops)

    def __len__(self) -> int:
        """Count the codes."""
        return len(self.starts) - 1

    def __eq__(self, other: object) -> bool:
        """Compare number by number."""
        if not isinstance(other, Closure):
            return NotImplemented
        names = ("starts", "targets", "drops")
        return all(np.array_equal(getattr(self, name), getattr(other, name)) for name in names)

    def __hash__(self) -> int:
        """Hash by size: equal closures hash alike."""
        return hash((len(self), len(self.targets)))

    def kin(self) -> Codes:
        """Name for every code the smallest code in its row or itself, shape (K,).

        Where carrying goes both ways, as between equivalents, codes of one kin share a name.
        """
        least = np.arange(len(self), dtype=np.int32)
        sources = np.repeat(least, np.diff(self.starts))
        np.minimum.at(least, sources, self.targets)
        return least


def _cheapest(pair: Array, drop: Array, reach: Array) -> tuple[Array, Array]:
    """Sort pairs, keep the smallest drop of each, and leave out what drops too far or goes home."""
    source, target = np.divmod(pair, max(len(reach), 1))
    kept = np.flatnonzero((drop < reach[source]) & (source != target))
    order = kept[np.lexsort((drop[kept], pair[kept]))]
    first = order[np.diff(pair[order], prepend=-1) > 0]
    return pair[first], drop[first]


def _grown(pair: Array, drop: Array, steps: Closure) -> tuple[Array, Array]:
    """Take every step that leads on from the end of each way."""
    source, end = np.divmod(pair, len(steps))
    begin, counts = steps.starts[end], np.diff(steps.starts)[end]
    shift = np.repeat(begin - np.cumsum(counts) + counts, counts)
    way = shift + np.arange(len(shift))
    grown = np.repeat(source * len(steps), counts) + steps.targets[way]
    return grown, np.repeat(drop, counts) + steps.drops[way]
