"""What was found, and how good can it get at most? Solution.

`values` keeps every limit and `objectives` is what it is worth, both checked in whole numbers.
`bounds[k]` says that no answer does better on objective k among those that are no worse than this
one on every earlier objective, in each part that nothing links to the others.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

from attrs import frozen

from kompetanse_core.solver.problem import Whole


class Status(Enum):
    """How the search ended."""

    OPTIMAL = "optimal"
    """Proven: nothing is better, on any objective."""
    FEASIBLE = "feasible"
    """An answer within the gap that was asked for, or one that could not be proven."""
    CUT = "cut"
    """A limit on time or nodes stopped the search; there may be an answer."""
    INTERRUPTED = "interrupted"
    """The caller stopped the search; there may be an answer."""
    INFEASIBLE = "infeasible"
    """No answer keeps every limit."""
    UNBOUNDED = "unbounded"
    """An objective can be bettered for ever."""


@frozen(kw_only=True, eq=False)
class Solution:
    """Hold the best answer found; `values` is None and `objectives` empty where there is none."""

    status: Status
    values: Whole | None
    objectives: tuple[int, ...]
    bounds: tuple[int | None, ...]
    nodes: int

    @property
    def proven(self) -> bool:
        """Whether nothing can be better on any objective."""
        return self.status is Status.OPTIMAL

    @property
    def gap(self) -> Fraction | None:
        """How far the first objective is from its bound: a share of it, in full where it is 0.

        None while there is no answer or no bound.
        """
        if not self.objectives or self.bounds[0] is None:
            return None
        distance = abs(self.objectives[0] - self.bounds[0])
        return Fraction(distance, abs(self.objectives[0]) or 1)


@frozen(kw_only=True)
class Progress:
    """Tell how the search stands: part and objective counted from 0, `None` for not yet known."""

    part: int
    parts: int
    objective: int
    value: int | None
    bound: int | None
    nodes: int
