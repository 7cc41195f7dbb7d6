"""What does a block in the database hold, about whom, and for which versions? Held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from attrs import evolve, field, frozen
from sqlalchemy import Row

from kompetanse_adapters.sql.blocks import (
    GROUPS,
    PERSONAL,
    Block,
    joined,
    list_blocks,
    table_blocks,
    unpacked,
)
from kompetanse_core import Actor
from kompetanse_core.hooks import EmployeeId, Enterprise, without

ACTORS = "actors"


@frozen(kw_only=True)
class Held:
    """Hold the rows of one block, opened, and from which version to which they are kept."""

    place: int
    part: str
    first: bytes
    since: int
    until: int | None
    rows: Any = field(repr=False)
    """A table, or a tuple of nouns."""

    def at(self, number: int) -> bool:
        """Say whether a version holds the block."""
        return self.since <= number and (self.until is None or number < self.until)

    @property
    def people(self) -> frozenset[str]:
        """Give the pseudonyms of everybody whom the block names."""
        if self.part in PERSONAL:
            return frozenset(self.rows.words_of(GROUPS[self.part]).values)
        if self.part == ACTORS:
            return frozenset(actor.employee for actor in self.rows if actor.employee is not None)
        return frozenset()

    def only(self, employee: EmployeeId) -> Held:
        """Keep the rows about one person; what is about nobody stays."""
        if self.part not in PERSONAL:
            return self
        column = GROUPS[self.part]
        ours = self.rows.column(column) == self.rows.words_of(column).code(employee)
        return evolve(self, rows=self.rows.where(ours))

    def left(self, employee: EmployeeId) -> Iterator[Block]:
        """Pack what is left when a person is taken out."""
        if self.part == ACTORS:
            actors: tuple[Actor, ...] = without(Enterprise(actors=self.rows), employee).actors
            for block in list_blocks(ACTORS, actors):
                yield evolve(block, first=self.first, last=self.first)
        else:
            column = GROUPS[self.part]
            others = self.rows.column(column) != self.rows.words_of(column).code(employee)
            yield from table_blocks(self.part, self.rows.where(others))


def held_in(row: Row[Any]) -> Held:
    """Open the block of a row.

    Raises:
        StoreUnavailable: E804, if it is damaged.
    """
    return Held(
        place=row.id,
        part=row.part,
        first=row.first,
        since=row.since_version,
        until=row.until_version,
        rows=unpacked(row.part, row.digest, row.packed),
    )


def assembled(held: Iterable[Held]) -> Enterprise:
    """Put blocks of one version together again, in the order in which they were cut."""
    parts = sorted(held, key=lambda each: (each.part, each.first))
    whole: dict[str, Any] = {
        part: joined(part, [each.rows for each in group])
        for part, group in groupby(parts, key=lambda each: each.part)
    }
    return Enterprise(**whole)
