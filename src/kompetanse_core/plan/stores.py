"""How much is there of everything a plan takes? The stores that choices draw on."""

from __future__ import annotations

from collections.abc import Hashable

from kompetanse_core.plan.choices import Load

Key = tuple[Hashable, ...]
"""What a store is of: its kind first, then who or what, then the period."""


class Stores:
    """Number the stores as they are asked for; what has no limit has no store."""

    def __init__(self) -> None:
        """Start with no store."""
        self._numbers: dict[Key, int] = {}
        self._amounts: list[int] = []

    def open(self, key: Key, amount: int) -> None:
        """Set up a store that holds an amount; opened again, it stays as it is."""
        if key not in self._numbers:
            self._numbers[key] = len(self._amounts)
            self._amounts.append(amount)

    def load(self, key: Key, amount: int) -> tuple[Load, ...]:
        """Take an amount of a store; of one that is not there, nothing need be taken."""
        number = self._numbers.get(key)
        return () if number is None or not amount else ((number, amount),)

    @property
    def keys(self) -> tuple[Key, ...]:
        """Give what each store is of, in the order of their numbers."""
        return tuple(self._numbers)

    @property
    def amounts(self) -> tuple[int, ...]:
        """Give what each store holds, in the order of their numbers."""
        return tuple(self._amounts)
