"""What has been published before? Ledger: the releases of each row, against differencing.

Two reports that differ by one person would tell about that person, however many lie between them. A
row is therefore repeated as it was until at least k contributors came, left or changed since each
report that told it (FAULTS 86).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from types import MappingProxyType

from attrs import field, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.model.privacy import Release

MARK = 16
"""So many hexadecimal digits of a keyed hash are kept."""


@frozen(kw_only=True, slots=False)
class Ledger:
    """Utleveringsprotokoll: what was told of every row, oldest first, and the key of its marks.

    Keep the key apart from the releases; whoever destroys it makes the marks mean nothing.
    """

    key: str = field(repr=False)
    releases: tuple[Release, ...] = ()

    @key.validator
    def _secret(self, attribute: object, key: str) -> None:
        if not key:
            raise Misuse("E214", "a ledger takes a key that nobody can guess")

    @cached_property
    def history(self) -> Mapping[tuple[str, str], tuple[Release, ...]]:
        """Give the releases of each table and row, oldest first."""
        found: dict[tuple[str, str], list[Release]] = {}
        for each in self.releases:
            found.setdefault((each.table, each.row), []).append(each)
        return MappingProxyType({place: tuple(all_) for place, all_ in found.items()})

    def marks(self, contributions: Iterable[str]) -> tuple[str, ...]:
        """Give the keyed hash of each contribution, sorted."""
        key = self.key.encode()
        return tuple(
            sorted(
                hmac.new(key, each.encode(), sha256).hexdigest()[:MARK] for each in contributions
            )
        )

    def repeated(self, release: Release, *, k: int) -> Release | None:
        """Give the earlier release that is to be repeated instead, None where this one may be told.

        It is the last of those from which fewer than k have changed, not the last of all: a row
        that comes back to what it was must not tell who did not come back.

        Somebody who came has a mark only now, who left only then, and who changed one in each; so
        at least the larger of the two numbers is how many it was.
        """
        told = self.history.get((release.table, release.row), ())
        return next((each for each in reversed(told) if 0 < _changed(each, release) < k), None)

    def after(self, releases: Iterable[Release]) -> Ledger:
        """Give the ledger that follows; a row that is not told now keeps the releases it has.

        What was held back is forgotten once the row is released anew, and what is told again as it
        was is kept once, with its last date.
        """
        history = dict(self.history)
        for each in releases:
            place = each.table, each.row
            told = (old for old in history.get(place, ()) if old.figures)
            anew = (old for old in told if each.figures is None or _changed(old, each))
            history[place] = (*anew, each)
        kept = (each for place in sorted(history) for each in history[place])
        return Ledger(key=self.key, releases=tuple(kept))


def _changed(before: Release, now: Release) -> int:
    """Count at least how many came, left or changed between two releases of a row."""
    new, old = frozenset(now.marks), frozenset(before.marks)
    return max(len(new - old), len(old - new))
