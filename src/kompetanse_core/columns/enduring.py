"""How long does somebody last where they stand? Luck that is drawn once, and Ladders to go down.

Everybody begins with all of `ENDURANCE` left, and each turn takes the part of it that its chances
come to. Whoever comes to a place draws their luck there: the first turn that leaves no more than
that is when something happens to them. So each turn has just its own chances, whatever the turns
before; yet a turn in which nothing happens costs nothing, and with other chances the same luck
holds out longer or less long.

A ladder has what is left at the beginning of each turn, and after the last.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from kompetanse_core.columns.chance import MILLION, words

ENDURANCE = 1 << 40
SPARE = 24
"""How many bits of a draw luck has no use for."""


def luck(key: int, high: int, who: int, turn: int) -> tuple[int, int]:
    """Draw a luck from 0 up to `ENDURANCE`, and a number of `SPARE` bits that it does not need."""
    first, second = words(key, high, who, turn)
    return (first << 8) | (second >> SPARE), second & ((1 << SPARE) - 1)


def outlasted(ladder: Any, lot: int) -> int:
    """Count the turns that somebody lasts, down what is left after each."""
    found = 0
    for turn in range(len(ladder)):
        found += ladder[turn] > lot
    return found


def fated(left: int, lot: int) -> int:
    """Give where a luck falls in a turn, in millionths: below what the turn's chances come to.

    It does so just where the turn leaves no more than that luck.
    """
    return (left - 1 - lot) * MILLION // left


def lessened(left: int, risk: int) -> int:
    """Give what a turn leaves whose chances come to so many millionths."""
    return left * (MILLION - risk) // MILLION


def ladders_of(risks: Any) -> Any:
    """Build a ladder for each row of chances in millionths: (n, turns) makes (n, turns + 1)."""
    many, turns = risks.shape
    ladders = np.full((many, turns + 1), ENDURANCE, np.int64)
    for turn in range(turns):
        ladders[:, turn + 1] = ladders[:, turn] * (MILLION - risks[:, turn]) // MILLION
    return ladders
