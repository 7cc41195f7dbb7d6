"""Which luck does somebody have in one turn of one run? Draws that are counted, not remembered.

A draw is a pure function of what it is for: no draw depends on another, so neither order nor
threads nor block size can change one. The function is Philox 2x32 with ten rounds (Salmon, Moraes,
Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011), in whole numbers that are the
same plain and compiled: what a product loses above 64 bits is masked off.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from kompetanse_core.columns.layout import Array

MILLION = 1_000_000
MASK = 0xFFFFFFFF
MULTIPLIER = 0xD256D193
WEYL = 0x9E3779B9
ROUNDS = 10


def draw(key: int, high: int, who: int, turn: int) -> int:
    """Draw a whole number from 0 up to a million, not included; the arguments fit 32 bits."""
    return (words(key, high, who, turn)[0] * MILLION) >> 32


def words(key: int, high: int, who: int, turn: int) -> tuple[int, int]:
    """Draw two words of 32 bits."""
    left, right = who & MASK, (turn ^ high) & MASK
    for _ in range(ROUNDS):
        product = MULTIPLIER * left
        left, right = ((product >> 32) & MASK) ^ key ^ right, product & MASK
        key = (key + WEYL) & MASK
    return left, right


def keys_of(seed: int, first: int, last: int) -> tuple[int, Array]:
    """Give the upper half of a seed's key, and one lower half for each replica: no two alike."""
    high, low = (int.from_bytes(part) for part in _halves(f"seed {seed}"))
    return high, (np.arange(first, last, dtype=np.int64) * WEYL + low) & MASK


def marks_of(names: list[str]) -> Array:
    """Give each name a number of 32 bits that follows from the name; no two alike."""
    taken: set[int] = set()
    marks = np.empty(len(names), np.int64)
    for place, name in enumerate(names):
        mark = int.from_bytes(_halves(name)[0])
        while mark in taken:
            mark = (mark + 1) & MASK
        taken.add(mark)
        marks[place] = mark
    return marks


def _halves(name: str) -> tuple[bytes, bytes]:
    digest = blake2b(name.encode(), digest_size=8).digest()
    return digest[:4], digest[4:]
