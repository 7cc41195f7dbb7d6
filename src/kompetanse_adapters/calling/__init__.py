"""How do adapters ask servers without harm? Lines under manners, guarded addresses, whole sets.

The cellar under the adapters that call servers: every one of them may use it, and it knows none.
Addresses, tokens and answers are never logged and stand in no error.
"""

from kompetanse_adapters.calling.gathering import Resume, Turn, gather, refuse_shrunk
from kompetanse_adapters.calling.line import Answer, Line, calling
from kompetanse_adapters.calling.manners import GOOD, Manners

__all__ = [
    "GOOD",
    "Answer",
    "Line",
    "Manners",
    "Resume",
    "Turn",
    "calling",
    "gather",
    "refuse_shrunk",
]
