"""Where do a million facts stand? Table: sorted, immutable columns that iterate as nouns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any, Generic, overload

import numpy as np
from attrs import field, frozen

from kompetanse_core.columns.arrow import handed_over, parts_from
from kompetanse_core.columns.layout import (
    Array,
    Kind,
    Layout,
    Noun,
    check,
    check_count,
    decoder,
    encode,
)
from kompetanse_core.columns.words import Words
from kompetanse_core.errors import Misuse

STRIDE = 4096
"""So many rows become nouns at a time."""
CHUNK = 2**18
"""So many rows are compared at a time."""


def _sealed(arrays: Mapping[str, Array]) -> Mapping[str, Array]:
    """Take the arrays over, read-only for good; one repeated number becomes a single cell."""
    sealed = {}
    for name, numbers in arrays.items():
        repeats = _repeats(numbers)
        own = numbers[:1].copy() if repeats else numbers
        own.flags.writeable = False
        sealed[name] = np.broadcast_to(own, numbers.shape) if repeats else own.view()
    return MappingProxyType(sealed)


def _repeats(numbers: Array) -> bool:
    """Say whether one number fills a column that is not a single cell yet."""
    if len(numbers) < 2 or numbers.strides == (0,) or numbers[0] != numbers[-1]:
        return False
    return bool((numbers == numbers[0]).all())


def _read_only(words: Mapping[str, Words[Any]]) -> Mapping[str, Words[Any]]:
    return MappingProxyType(dict(words))


def _ascends(columns: Sequence[Array]) -> bool:
    """Say whether rows ascend by their first column, where tied by their second, and so on."""
    tied = np.arange(max((len(column) for column in columns), default=1) - 1)
    for numbers in columns:
        here, after = numbers[tied], numbers[tied + 1]
        if (after < here).any():
            return False
        tied = tied[after == here]
    return True


@frozen(kw_only=True, eq=False, repr=False)
class Table(Generic[Noun]):
    """Hold many facts of one kind as integer columns, sorted by the layout's key.

    Iterating yields the nouns; `column` gives the numbers. Tables are values: two with the same
    facts are equal, and nothing can change one.
    """

    layout: Layout[Noun]
    columns: Mapping[str, Array] = field(converter=_sealed)
    words: Mapping[str, Words[Any]] = field(converter=_read_only)

    def __attrs_post_init__(self) -> None:
        """Refuse numbers that would lead anybody who reads them astray.

        Raises:
            Misuse: E904, with the column and the first row that break the layout's promise; E509,
                if there are 2^31 rows or more.
        """
        names = [column.name for column in self.layout.columns]
        if sorted(names) != sorted(self.columns):
            raise Misuse("E904", f"the columns of {self.layout.noun.__name__} are {names}")
        lengths = {len(numbers) for numbers in self.columns.values()}
        if len(lengths) > 1:
            raise Misuse("E904", f"columns of different lengths: {sorted(lengths)}")
        check_count(len(self))
        for column in self.layout.columns:
            words = self.words.get(column.name)
            check(column, self.columns[column.name], None if words is None else len(words))

    @classmethod
    def of(cls, layout: Layout[Noun], nouns: Iterable[Noun]) -> Table[Noun]:
        """Lay nouns out as sorted columns."""
        rows = tuple(nouns)
        words: dict[str, Words[Any]] = {}
        columns: dict[str, Array] = {}
        for column in layout.columns:
            values = [getattr(row, column.name) for row in rows]
            if column.kind is Kind.WORDS:
                words[column.name] = Words.of(values)
            columns[column.name] = encode(column, values, words.get(column.name))
        rest = (name for name in columns if name not in layout.key)
        order = np.lexsort([columns[name] for name in reversed((*layout.key, *rest))])
        ordered = {name: numbers[order] for name, numbers in columns.items()}
        return cls(layout=layout, columns=ordered, words=words)

    @classmethod
    def from_arrow(cls, layout: Layout[Noun], source: Any) -> Table[Noun]:
        """Take over what hands over an Arrow stream: a table of polars, pandas, duckdb, pyarrow.

        Columns go by name; one that is not there takes its field's default.

        Raises:
            Misuse: with the column and the first row that break a promise (`columns.arrow`); E906,
                if the extra `arrow` is not installed.
        """
        columns, words = parts_from(layout, source)
        return cls(layout=layout, columns=columns, words=words).sorted()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand the rows over to Arrow, ids and choices as dictionaries, days as date32.

        Raises:
            Misuse: E906, if the extra `arrow` is not installed.
        """
        return handed_over(self.layout, self.words, [self.columns])

    def __len__(self) -> int:
        """Count the rows."""
        return len(next(iter(self.columns.values())))

    def __iter__(self) -> Iterator[Noun]:
        """Yield the rows as nouns, in sorted order."""
        return self.between(0, len(self))

    def between(self, first: int, last: int) -> Iterator[Noun]:
        """Yield the rows from place `first` up to `last` as nouns."""
        for begin in range(first, last, STRIDE):
            here = slice(begin, min(begin + STRIDE, last))
            parts = [(n, read, self.columns[n][here]) for n, read in self._decoders]
            columns = [[read(number) for number in part.tolist()] for _, read, part in parts]
            names = [name for name, _, _ in parts]
            for values in zip(*columns, strict=True):
                yield self.layout.noun(**dict(zip(names, values, strict=True)))

    @cached_property
    def _decoders(self) -> Sequence[tuple[str, Callable[[int], Any]]]:
        """Give, for each column, what turns its numbers into the values of a field."""
        return [(c.name, decoder(c, self.words.get(c.name))) for c in self.layout.columns]

    @overload
    def __getitem__(self, place: int) -> Noun: ...
    @overload
    def __getitem__(self, place: slice) -> Table[Noun]: ...
    def __getitem__(self, place: int | slice) -> Noun | Table[Noun]:
        """Give one row as a noun, or a slice of the rows as a table."""
        if isinstance(place, slice):
            return self.take(np.arange(len(self))[place])
        row = range(len(self))[place]
        return next(self.between(row, row + 1))

    def __eq__(self, other: object) -> bool:
        """Compare the facts, whatever the dictionaries behind them."""
        if not isinstance(other, Table) or self.layout != other.layout or len(self) != len(other):
            return NotImplemented if not isinstance(other, Table) else False
        return all(self._same(other, column.name) for column in self.layout.columns)

    def __hash__(self) -> int:
        """Hash by kind and number of facts: equal tables hash alike."""
        return hash((self.layout.noun, len(self)))

    def __repr__(self) -> str:
        """Name the kind of the facts and count them; no value is shown."""
        names = ", ".join(column.name for column in self.layout.columns)
        return f"<Table of {self.layout.noun.__name__}: {len(self)} rows of {names}>"

    def column(self, name: str) -> Array:
        """Give the numbers of one column, shape (len(self),), read-only.

        Raises:
            Misuse: E904, if there is none of that name.
        """
        return self.columns[self.layout.column(name).name]

    def words_of(self, name: str) -> Words[Any]:
        """Give the dictionary behind a column of ids.

        Raises:
            Misuse: E904, if the column holds plain numbers.
        """
        if name not in self.words:
            raise Misuse("E904", f"{self.layout.noun.__name__} has no ids in column {name!r}")
        return self.words[name]

    def codes_in(self, name: str, words: Words[Any]) -> Array:
        """Give a column of ids as numbers of another dictionary, shape (len(self),)."""
        own = self.words_of(name)
        if own is words:
            return self.columns[name]
        places = np.append(own.places_in(words), np.int32(-1))
        return places[self.columns[name]]

    def take(self, rows: Array) -> Table[Noun]:
        """Keep the rows at these places, in the order given."""
        columns = {name: numbers[rows] for name, numbers in self.columns.items()}
        return Table(layout=self.layout, columns=columns, words=self.words)

    def where(self, mask: Array) -> Table[Noun]:
        """Keep the rows for which the mask is true, shape (len(self),)."""
        return self.take(np.flatnonzero(mask))

    def trimmed(self) -> Table[Noun]:
        """Leave out the words that no row uses: a dictionary can name people too."""
        parts = {name: own.used(self.columns[name]) for name, own in self.words.items()}
        words = {name: own for name, (own, _) in parts.items()}
        codes = {name: numbers for name, (_, numbers) in parts.items()}
        return Table(layout=self.layout, columns={**self.columns, **codes}, words=words)

    def sorted(self) -> Table[Noun]:
        """Sort by the layout's key, then by every other column, so that row order never matters."""
        if self._in_order:
            return self
        return self.take(np.lexsort([self.columns[name] for name in reversed(self._order)]))

    @property
    def _order(self) -> tuple[str, ...]:
        """Name the columns that can tell rows apart, in the order in which they do."""
        rest = (c.name for c in self.layout.columns if c.name not in self.layout.key)
        return tuple(n for n in (*self.layout.key, *rest) if self.columns[n].strides != (0,))

    @cached_property
    def _in_order(self) -> bool:
        """Say whether each row stands after the one before, or is its equal."""
        columns = [self.columns[name] for name in self._order]
        return all(
            _ascends([column[first : first + CHUNK + 1] for column in columns])
            for first in range(0, len(self), CHUNK)
        )

    def merged(self, nouns: Iterable[Noun]) -> Table[Noun]:
        """Give a new table with more facts in it; what is there already stays in numbers."""
        more = Table.of(self.layout, nouns)
        words = {
            name: Words.of((*own.values, *more.words[name].values))
            for name, own in self.words.items()
        }
        both = {
            name: [
                t.codes_in(name, words[name]) if name in words else t.columns[name]
                for t in (self, more)
            ]
            for name in self.columns
        }
        columns = {name: np.concatenate(pair) for name, pair in both.items()}
        return Table(layout=self.layout, columns=columns, words=words).sorted()

    def _same(self, other: Table[Any], name: str) -> bool:
        mine, theirs = self.columns[name], other.columns[name]
        if name in self.words:
            theirs = other.codes_in(name, self.words[name])
            if np.any((theirs < 0) != (other.columns[name] < 0)):
                return False
        return bool(np.array_equal(mine, theirs))
