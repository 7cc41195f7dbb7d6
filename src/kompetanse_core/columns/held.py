"""Of many claims, which count, and what do they carry to? Claims, and Held for a block of people.

Numbers only: a claim says that a person holds a code at a level. One claim counts for each person
and code; what it says carries along a `Closure` to other codes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.columns.closure import Closure
from kompetanse_core.columns.kernels import NO_LEVEL, carry, choose, disagree
from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.speed import run

BLOCK = 4096
"""So many people are counted at a time: what one block needs fits the processor's cache."""


@frozen(kw_only=True, eq=False)
class Fading:
    """Say after which days a level has fallen: falling rows of days, one for each class of code.

    A claim assessed on or before the n-th day of its code's class has lost n levels. Code c is of
    class `of[c]`, whose days are `days[starts[of[c]]:starts[of[c] + 1]]`.
    """

    of: Array
    starts: Array
    days: Array


@frozen(kw_only=True, eq=False)
class Held:
    """Hold what people hold, in compressed sparse rows: one row of codes for each person.

    `claim` is the place of the claim behind it and `via` the code that was claimed. Shapes:
    `starts` (people + 1,), all others (starts[people],).
    """

    starts: Array
    code: Array
    level: Array
    expires: Array
    claim: Array
    via: Array

    def __len__(self) -> int:
        """Count what is held."""
        return int(self.starts[-1])

    @property
    def person(self) -> Array:
        """Give the person of each row, counted from the first of the block."""
        return np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))

    def carried(self, closure: Closure, *, on: int) -> Held:
        """Add all that the codes carry to, the best way for each, in no order.

        What has not expired on day `on` comes before what has, then the higher level, then the
        later expiry, then what was claimed itself, then the smaller code that was claimed.
        """
        if not len(closure.targets) or not len(self):
            return self
        most = int((1 + np.diff(closure.starts)[self.code]).sum())
        starts, row = np.zeros_like(self.starts), np.empty(most, np.int64)
        code, level, expires = (np.empty(most, kind) for kind in (np.int32, np.int16, np.int32))
        mine = (self.starts, self.code, self.level, self.expires)
        ways = (closure.starts, closure.targets, closure.drops)
        place = np.zeros(len(closure), np.int32)
        writes = (place, starts, code, level, expires, row)
        run(carry, most, reads=(*mine, *ways), numbers=(on,), writes=writes)
        row = row[: starts[-1]]
        return Held(
            starts=starts,
            code=code[: len(row)],
            level=level[: len(row)],
            expires=expires[: len(row)],
            claim=self.claim[row],
            via=self.code[row],
        )

    def in_order(self) -> Held:
        """Put the codes of each person in ascending order."""
        order = np.lexsort((self.code, self.person))
        return Held(
            starts=self.starts,
            code=self.code[order],
            level=self.level[order],
            expires=self.expires[order],
            claim=self.claim[order],
            via=self.via[order],
        )


@frozen(kw_only=True, eq=False)
class Patch:
    """Hold all claims about one person anew, in order, in place of those that stood there."""

    person: int
    code: Array
    level: Array
    source: Array
    assessed: Array
    recorded: Array
    expires: Array

    def __len__(self) -> int:
        """Count the claims."""
        return len(self.code)


@frozen(kw_only=True, eq=False)
class Claims:
    """Hold all claims, sorted by person and code, and what it takes to choose among them.

    A claim counts if it was assessed on or before day `on` and recorded by the instant `known_at`;
    `order` is one of the orders of `kernels`. Shapes: `starts` (people + 1,), the columns
    (starts[people],). The code of a claim is `codes[word]`, the standing of its source, the lower
    the better, `ranks[source]`. `patches`, by person, lie over all that.
    """

    starts: Array
    word: Array
    level: Array
    source: Array
    assessed: Array
    recorded: Array
    expires: Array
    codes: Array
    ranks: Array
    fading: Fading
    on: int
    known_at: int
    order: int
    patches: tuple[Patch, ...] = ()

    def __len__(self) -> int:
        """Count the people, those without a claim too."""
        return len(self.starts) - 1

    def counting(self, first: int, last: int) -> Held:
        """Choose one claim for each code and each person from `first` up to `last`."""
        begin = int(self.starts[first]) + self._grown(first)
        starts, code, level, source, *dates, expires = self._block(first, last)
        size = len(code)
        fading = (self.fading.of, self.fading.starts, self.fading.days)
        to_starts, row = np.zeros_like(starts), np.empty(size, np.int64)
        to_level = np.empty(size, np.int16)
        run(
            choose,
            size,
            reads=(starts, code, level, self.ranks[source], *dates, expires, *fading),
            numbers=(self.on, self.known_at, self.order),
            writes=(to_starts, row, to_level),
        )
        row, to_level = row[: to_starts[-1]], to_level[: to_starts[-1]]
        code, expires = code[row], expires[row]
        return Held(
            starts=to_starts,
            code=code,
            level=to_level,
            expires=expires,
            claim=row + begin,
            via=code,
        )

    def disagreeing(self) -> Array:
        """Count for each code the people about whom the latest words of two sources differ, (K,).

        What has expired disagrees with nothing.
        """
        people = np.zeros(len(self.fading.of), np.int64)
        for first, last in blocks(len(self)):
            columns = self._block(first, last)
            latest = np.full(len(self.ranks), NO_LEVEL, np.int16)
            numbers = (self.on, self.known_at)
            run(disagree, len(columns[1]), reads=columns, numbers=numbers, writes=(latest, people))
        return people

    def patched(self, patch: Patch) -> Claims:
        """Lay one person's claims over those that stand there; what is below is not copied."""
        others = (each for each in self.patches if each.person != patch.person)
        patches = sorted((*others, patch), key=lambda each: each.person)
        return evolve(self, patches=tuple(patches))

    def place(self, person: int) -> tuple[int, int]:
        """Say where the claims about one person begin and end, below all patches."""
        return int(self.starts[person]), int(self.starts[person + 1])

    def _grown(self, person: int) -> int:
        """Count the claims that patches add before a person."""
        before = (each for each in self.patches if each.person < person)
        return sum(len(each) - self._length(each.person) for each in before)

    def _length(self, person: int) -> int:
        begin, end = self.place(person)
        return end - begin

    def _block(self, first: int, last: int) -> tuple[Array, ...]:
        begin, end = int(self.starts[first]), int(self.starts[last])
        columns = [self.codes[self.word[begin:end]], *(getattr(self, n)[begin:end] for n in _SAID)]
        starts = self.starts[first : last + 1] - begin
        for patch in self.patches:
            if first <= patch.person < last:
                columns = _laid_over(patch, columns, starts, patch.person - first)
                grown = np.zeros_like(starts)
                grown[patch.person - first + 1 :] = len(patch) - self._length(patch.person)
                starts = starts + grown
        return starts, *columns


_SAID = ("level", "source", "assessed", "recorded", "expires")


def _laid_over(patch: Patch, columns: list[Array], starts: Array, row: int) -> list[Array]:
    """Put a patch in the place of one person's row of a block."""
    begin, end = starts[row], starts[row + 1]
    new = (getattr(patch, name) for name in ("code", *_SAID))
    return [
        np.concatenate((column[:begin], mine, column[end:]))
        for column, mine in zip(columns, new, strict=True)
    ]


def blocks(people: int) -> Iterator[tuple[int, int]]:
    """Cut people into blocks, each given by its first and the one after its last."""
    for first in range(0, people, BLOCK):
        yield first, min(first + BLOCK, people)
