"""What is counted? Count: each kind of number, one for every run, period and cell."""

from __future__ import annotations

from enum import Enum


class Count(Enum):
    """Hva som telles, hver periode: people in a cell, full-time shares, kroner, weighted steps.

    Heads are counted on the first day of a period, with hires and who came or went by the
    enterprise's own dates; who left, retired or moved did so by its end. Who has roles in two cells
    counts in both. `VACANT` is in basis points of full time, `AWAY` in hours released from work.
    """

    HEADS = "heads"
    HIRES = "hires"
    LEFT = "left"
    RETIRED = "retired"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    CAME = "came"
    WENT = "went"
    VACANT = "vacant"
    COST = "cost"
    AWAY = "away"
    MET = "met"
    MISSING = "missing"
    UNKNOWN = "unknown"
