"""What is known about whom, how sure and how fresh? Holdings, and rounds of mapping."""

from kompetanse_core.mapping.completeness import AnalysedSide, Completeness, completeness
from kompetanse_core.mapping.freshness import Freshness, freshness, months_later, overdue
from kompetanse_core.mapping.holdings import (
    FEW,
    HOLDINGS,
    Combining,
    Holding,
    Holdings,
    instant_of,
    joined,
    map_holdings,
    own_levels,
    places_of,
    starts_of,
)
from kompetanse_core.mapping.rounds import (
    Estimate,
    EvidentGap,
    Scope,
    bounded,
    evident_gaps,
    join_rounds,
    scope_of,
    take_round,
    within,
)

__all__ = [
    "FEW",
    "HOLDINGS",
    "AnalysedSide",
    "Combining",
    "Completeness",
    "Estimate",
    "EvidentGap",
    "Freshness",
    "Holding",
    "Holdings",
    "Scope",
    "bounded",
    "completeness",
    "evident_gaps",
    "freshness",
    "instant_of",
    "join_rounds",
    "joined",
    "map_holdings",
    "months_later",
    "overdue",
    "own_levels",
    "places_of",
    "scope_of",
    "starts_of",
    "take_round",
    "within",
]
