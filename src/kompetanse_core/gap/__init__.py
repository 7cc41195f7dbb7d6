"""What is missing, and what is held but not used? Gaps: one row for each person and requirement."""

from kompetanse_core.gap.gaps import Gaps, find_gaps
from kompetanse_core.gap.nouns import (
    GAPS,
    HEADS,
    UNUSED,
    By,
    Gap,
    Head,
    HeadcountGap,
    HeadState,
    LevelState,
    Proof,
    SeatGap,
    Serves,
    Tally,
    Unused,
    Validity,
    Why,
)

__all__ = [
    "GAPS",
    "HEADS",
    "UNUSED",
    "By",
    "Gap",
    "Gaps",
    "Head",
    "HeadState",
    "HeadcountGap",
    "LevelState",
    "Proof",
    "SeatGap",
    "Serves",
    "Tally",
    "Unused",
    "Validity",
    "Why",
    "find_gaps",
]
