"""Which ways are open: use, upskill, reskill, recruit, assess? `open_options` makes Options."""

from kompetanse_core.strategy.career import CareerPath, MissingStep, career_paths
from kompetanse_core.strategy.courses import BreakEven, break_evens, course_cost
from kompetanse_core.strategy.demand import Demanded, Demands, demands_on
from kompetanse_core.strategy.opener import Opener
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
    "BreakEven",
    "CareerPath",
    "Demanded",
    "Demands",
    "Ground",
    "MissingStep",
    "Opener",
    "Opening",
    "Option",
    "Options",
    "Relevance",
    "Strategy",
    "Track",
    "break_evens",
    "career_paths",
    "course_cost",
    "demands_on",
    "open_options",
]
