"""What is otherwise between two enterprises? Differences: the rows that went and that came."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from attrs import field, fields, frozen

from kompetanse_core.columns import Table, Words
from kompetanse_core.columns.layout import Array
from kompetanse_core.model.enterprise import Enterprise


@frozen(kw_only=True)
class Difference:
    """Forskjell: what one collection has lost and gained; a changed row is in both.

    `name` is the field of `Enterprise`. The rows may be about people, so neither `str` nor `repr`
    shows them.
    """

    name: str
    gone: tuple[Any, ...] = field(repr=False)
    come: tuple[Any, ...] = field(repr=False)

    def __str__(self) -> str:
        """Count both."""
        return f"{self.name}: {len(self.gone)} gone, {len(self.come)} come"


def differences(before: Enterprise, after: Enterprise) -> tuple[Difference, ...]:
    """Compare two enterprises, collection by collection in the order of their fields.

    What is not a collection (a name, a strategy, the register) counts as a collection of one.
    """
    names = [each.name for each in fields(Enterprise)]
    found = (_compared(name, getattr(before, name), getattr(after, name)) for name in names)
    return tuple(each for each in found if each.gone or each.come)


def _compared(name: str, before: object, after: object) -> Difference:
    if before is after:
        return Difference(name=name, gone=(), come=())
    if isinstance(before, Table) and isinstance(after, Table):
        gone, come = between(before, after)
        return Difference(name=name, gone=tuple(gone), come=tuple(come))
    old, new = (rows if isinstance(rows, tuple) else (rows,) for rows in (before, after))
    return Difference(name=name, gone=_less(old, new), come=_less(new, old))


def _less(rows: tuple[Any, ...], others: tuple[Any, ...]) -> tuple[Any, ...]:
    """Give the rows, in their order, that the others do not hold, or not as often."""
    left, found = Counter(others), []
    for row in rows:
        left[row] -= 1
        if left[row] < 0:
            found.append(row)
    return tuple(found)


def between(before: Table[Any], after: Table[Any]) -> tuple[Table[Any], Table[Any]]:
    """Give the rows of one table that went, and those of another that came.

    Compared by numbers of one dictionary, so that no row that stayed becomes an object.
    """
    kinds = _kinds(before, after)
    old, new = kinds[: len(before)], kinds[len(before) :]
    return before.where(_beyond(old, new)), after.where(_beyond(new, old))


def _kinds(before: Table[Any], after: Table[Any]) -> Array:
    """Give each row of both tables, one after the other, a number that equal rows share."""
    kinds = np.zeros(len(before) + len(after), np.int64)
    for name in before.columns:
        numbers = np.concatenate(_in_same_numbers(before, after, name))
        if (numbers != numbers[:1]).any():
            values, codes = np.unique(numbers, return_inverse=True)
            _, kinds = np.unique(kinds * len(values) + codes, return_inverse=True)
    return kinds


def _in_same_numbers(before: Table[Any], after: Table[Any], name: str) -> tuple[Array, Array]:
    if name not in before.words:
        return before.columns[name], after.columns[name]
    words = Words.of((*before.words[name].values, *after.words[name].values))
    return before.codes_in(name, words), after.codes_in(name, words)


def _beyond(kinds: Array, others: Array) -> Array:
    """Mark each row whose kind comes here more often, counted so far, than it does there."""
    order = np.argsort(kinds, kind="stable")
    first = np.searchsorted(kinds[order], kinds[order])
    turn = np.empty(len(kinds), np.int64)
    turn[order] = np.arange(len(kinds)) - first
    often = np.bincount(others, minlength=int(kinds.max(initial=0)) + 1)
    return turn >= often[kinds]
