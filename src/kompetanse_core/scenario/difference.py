"""What is otherwise between two enterprises? Differences: the rows that went and that came."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, fields, frozen

from kompetanse_core.columns import Table, Words
from kompetanse_core.columns.layout import Array
from kompetanse_core.model.enterprise import Enterprise

Bits = npt.NDArray[np.uint64]
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
SHIFTS = (np.uint64(30), np.uint64(27), np.uint64(31))
FACTORS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


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


def apart(before: Table[Any], after: Table[Any], column: str) -> tuple[str, ...]:
    """Name, by the words of a column, everybody whose rows are not the same in both tables.

    The bits of each row are mixed into one number (SplitMix64, Steele, Lea and Flood 2014), and
    added up by name: a name that differs is missed with a chance of one in 2**64.
    """
    words = Words.of((*before.words[column].values, *after.words[column].values))
    names = [_in_same_numbers(before, after, name) for name in before.columns]
    sums = []
    for place, table in enumerate((before, after)):
        bits = np.zeros(len(table), np.uint64)
        for both in names:
            bits = _mixed(bits + both[place].astype(np.uint64))
        total = np.zeros(len(words), np.uint64)
        np.add.at(total, table.codes_in(column, words), bits)
        sums.append(total)
    return tuple(words.values[code] for code in np.flatnonzero(sums[0] != sums[1]).tolist())


def _mixed(bits: Bits) -> Bits:
    """Let every bit change every other; numbers wrap around at 64 bits."""
    bits = bits + GOLDEN
    bits = (bits ^ (bits >> SHIFTS[0])) * FACTORS[0]
    bits = (bits ^ (bits >> SHIFTS[1])) * FACTORS[1]
    mixed: Bits = bits ^ (bits >> SHIFTS[2])
    return mixed


def _compared(name: str, before: object, after: object) -> Difference:
    if before is after:
        return Difference(name=name, gone=(), come=())
    if isinstance(before, Table) and isinstance(after, Table):
        gone, come = _between_tables(before, after)
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


def _between_tables(before: Table[Any], after: Table[Any]) -> tuple[Table[Any], Table[Any]]:
    """Compare by numbers of one dictionary, so that no row that stayed becomes an object."""
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
