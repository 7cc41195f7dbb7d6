"""What has been published before? Ledger: the last release of each row, against differencing.

Two reports that differ by one person would tell about that person. A row is therefore repeated as
it was until at least k contributors came, left or changed (FAULTS 86).
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
    """Utleveringsprotokoll: what was told last of every row, and the key of its marks.

    Keep the key apart from the releases; whoever destroys it makes the marks mean nothing.
    """

    key: str = field(repr=False)
    releases: tuple[Release, ...] = ()

    @key.validator
    def _secret(self, attribute: object, key: str) -> None:
        if not key:
            raise Misuse("E214", "a ledger takes a key that nobody can guess")

    @cached_property
    def latest(self) -> Mapping[tuple[str, str], Release]:
        """Find the last release by table and row."""
        return MappingProxyType({(each.table, each.row): each for each in self.releases})

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

        Somebody who came has a mark only now, who left only then, and who changed one in each; so
        at least the larger of the two numbers is how many it was.
        """
        before = self.latest.get((release.table, release.row))
        if before is None:
            return None
        now, then = frozenset(release.marks), frozenset(before.marks)
        changed = max(len(now - then), len(then - now))
        return before if 0 < changed < k else None

    def after(self, releases: Iterable[Release]) -> Ledger:
        """Give the ledger that follows; a row that is not told now keeps its last release."""
        latest = {**self.latest, **{(each.table, each.row): each for each in releases}}
        return Ledger(key=self.key, releases=tuple(latest[place] for place in sorted(latest)))
