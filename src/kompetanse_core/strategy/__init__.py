"""Which ways are open: use, upskill, reskill, recruit, assess? `open_options` makes Options."""

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
    "Ground",
    "Opening",
    "Option",
    "Options",
    "Relevance",
    "Strategy",
    "Track",
]
