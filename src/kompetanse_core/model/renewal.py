"""What is known after a change? Changes that a source tells, and the enterprise they renew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any

import attrs
from attrs import field, frozen

from kompetanse_core.columns import Table
from kompetanse_core.model.enterprise import Enterprise, Reading
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.subject import kept_about


@frozen(kw_only=True)
class Changes:
    """Endringer: what a source tells has changed since an earlier reading.

    About each person who has changed, everything is read anew. `people` are all who are there now,
    changed or not: whoever is not among them has left. `until` is what to ask the next time with.
    """

    reading: Reading
    people: tuple[EmployeeId, ...] = field(repr=False)
    until: str


def renewed(before: Enterprise, changes: Changes) -> Enterprise:
    """Take changes into what was known before.

    What is about a person who was read anew, or has left, is replaced as a whole. Everything else
    is added, or replaced where it has the same id; that a role or a unit is gone is seen by
    reading everything.

    Raises:
        BadInput: if what was read is too flawed.
    """
    fresh = changes.reading.enterprise
    staying = set(changes.people) - {each.id for each in fresh.employees}
    kept = kept_about(before, lambda employee: employee in staying)
    names = [each.name for each in attrs.fields(Enterprise)]
    joined: dict[str, Any] = {n: _joined(getattr(kept, n), getattr(fresh, n)) for n in names}
    return Enterprise(**joined)


def _joined(old: object, new: object) -> object:
    """Join two lists of nouns by their keys; of anything else, take the newer that says a thing."""
    if isinstance(old, Table) and isinstance(new, Table):
        return Table.of(new.layout, _by_key(old, new, attrgetter(*new.layout.key)))
    if isinstance(old, tuple) and isinstance(new, tuple):
        return tuple({_own_key(each): each for each in (*old, *new)}.values())
    return new or old


def _by_key(
    old: Iterable[object], new: Iterable[object], key: Callable[[object], object]
) -> Iterator[object]:
    """Yield what is old and has no newer one of its key, then everything new."""
    fresh = tuple(new)
    keys = {key(each) for each in fresh}
    yield from (each for each in old if key(each) not in keys)
    yield from fresh


def _own_key(noun: object) -> object:
    return getattr(noun, "id", noun)
