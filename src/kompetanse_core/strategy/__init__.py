"""Which ways are open: use, upskill, reskill, recruit, assess? `open_options` makes Options."""

from kompetanse_core.strategy.demand import Demanded, Demands, demands_on
from kompetanse_core.strategy.opening import open_options
from kompetanse_core.strategy.options import (
    OPTIONS,
    TRACKS,
    Ground,
    Opening,
    Option,
    Options,
    Relevance,
    Strategy,
    Track,
)

__all__ = [
    "OPTIONS",
    "TRACKS",
    "Demanded",
    "Demands",
    "Ground",
    "Opening",
    "Option",
    "Options",
    "Relevance",
    "Strategy",
    "Track",
    "demands_on",
    "open_options",
]
