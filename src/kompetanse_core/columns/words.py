"""Which number stands for which id? Words: a sorted dictionary of the values of one column."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from functools import cached_property
from itertools import compress
from operator import lt
from typing import Any, Generic, TypeVar

import numpy as np
from attrs import frozen

from kompetanse_core.errors import Misuse

W = TypeVar("W", bound=Hashable)

NO_WORD = -1
Codes = np.ndarray[tuple[int], np.dtype[np.int32]]


@frozen
class Words(Generic[W]):
    """Number the distinct values of a column in sorted order, so that codes sort as values do."""

    values: tuple[W, ...]

    def __attrs_post_init__(self) -> None:
        """Refuse an order in which codes would not sort as values do.

        Raises:
            Misuse: E904, if the values do not ascend, each standing once.
        """
        ordered: tuple[Any, ...] = self.values
        if not all(map(lt, ordered, ordered[1:])):
            raise Misuse("E904", "the words of a column ascend, and each stands once")

    @cached_property
    def _codes(self) -> dict[W, int]:
        return {value: code for code, value in enumerate(self.values)}

    @classmethod
    def of(cls, values: Iterable[W | None]) -> Words[W]:
        """Collect the distinct values, leaving out None."""
        distinct: set[Any] = {value for value in values if value is not None}
        return cls(tuple(sorted(distinct)))

    def __len__(self) -> int:
        """Count the distinct values."""
        return len(self.values)

    def __contains__(self, value: object) -> bool:
        """Say whether a value has a number here."""
        return value in self._codes

    def code(self, value: W | None) -> int:
        """Give the number of a value; `NO_WORD` for None and for what is not here."""
        return NO_WORD if value is None else self._codes.get(value, NO_WORD)

    def codes(self, values: Iterable[W | None]) -> Codes:
        """Give the numbers of many values, shape (n,), int32."""
        return np.fromiter((self.code(value) for value in values), dtype=np.int32)

    def word(self, code: int) -> W | None:
        """Give the value behind a number; None for `NO_WORD`."""
        return None if code == NO_WORD else self.values[code]

    def used(self, codes: Codes) -> tuple[Words[W], Codes]:
        """Give the words that a column uses, and its codes among them, shape (n,)."""
        kept = np.zeros(len(self) + 1, np.bool_)
        kept[codes] = True
        kept[NO_WORD] = False
        places = np.where(kept, np.cumsum(kept) - 1, NO_WORD).astype(np.int32)
        return Words(tuple(compress(self.values, kept.tolist()))), places[codes]

    def places_in(self, other: Words[W]) -> Codes:
        """Give each value's number in another dictionary, shape (len(self),); `NO_WORD` if absent.

        `other.places_in` composed with codes is how two tables meet without comparing ids.
        """
        if other is self or other.values[: len(self)] == self.values:
            return np.arange(len(self), dtype=np.int32)
        return other.codes(self.values)
