"""Where do a million facts stand? Table: sorted, immutable columns that iterate as nouns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Generic, overload

import numpy as np
from attrs import field, frozen

from kompetanse_core.columns.layout import Array, Kind, Layout, Noun, decoder, encode
from kompetanse_core.columns.words import Words
from kompetanse_core.errors import Misuse


def _sealed(arrays: Mapping[str, Array]) -> Mapping[str, Array]:
    """Make every column read-only, and a column of one repeated number a single cell."""
    sealed = {}
    for name, numbers in arrays.items():
        if len(numbers) > 1 and numbers.strides != (0,) and (numbers == numbers[0]).all():
            numbers = np.broadcast_to(numbers[:1].copy(), numbers.shape)
        view = numbers.view()
        view.flags.writeable = False
        sealed[name] = view
    lengths = {len(numbers) for numbers in sealed.values()}
    if len(lengths) > 1:
        raise Misuse("E904", f"columns of different lengths: {sorted(lengths)}")
    return MappingProxyType(sealed)


def _read_only(words: Mapping[str, Words[Any]]) -> Mapping[str, Words[Any]]:
    return MappingProxyType(dict(words))


@frozen(kw_only=True, eq=False, repr=False)
class Table(Generic[Noun]):
    """Hold many facts of one kind as integer columns, sorted by the layout's key.

    Iterating yields the nouns; `column` gives the numbers. Tables are values: two with the same
    facts are equal, and nothing can change one.
    """

    layout: Layout[Noun]
    columns: Mapping[str, Array] = field(converter=_sealed)
    words: Mapping[str, Words[Any]] = field(converter=_read_only)

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
        return cls(layout=layout, columns=columns, words=words).sorted()

    def __len__(self) -> int:
        """Count the rows."""
        return len(next(iter(self.columns.values())))

    def __iter__(self) -> Iterator[Noun]:
        """Yield the rows as nouns, in sorted order."""
        decoders = [(c.name, decoder(c, self.words.get(c.name))) for c in self.layout.columns]
        lists = [(name, read, self.columns[name].tolist()) for name, read in decoders]
        for row in range(len(self)):
            yield self.layout.noun(**{name: read(numbers[row]) for name, read, numbers in lists})

    @overload
    def __getitem__(self, place: int) -> Noun: ...
    @overload
    def __getitem__(self, place: slice) -> Table[Noun]: ...
    def __getitem__(self, place: int | slice) -> Noun | Table[Noun]:
        """Give one row as a noun, or a slice of the rows as a table."""
        rows = np.arange(len(self))[place]
        if isinstance(place, slice):
            return self.take(rows)
        return next(iter(self.take(np.asarray([rows]))))

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

    def sorted(self) -> Table[Noun]:
        """Sort by the layout's key, then by every other column, so that row order never matters."""
        rest = (c.name for c in self.layout.columns if c.name not in self.layout.key)
        names = (*self.layout.key, *rest)
        return self.take(np.lexsort([self.columns[name] for name in reversed(names)]))

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
