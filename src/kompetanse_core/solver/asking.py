"""What is asked of a solver, and what does it answer? Terms, Goal, Watch and Answer.

What goes in is whole numbers: an objective loses its common divisor, and one that is still large is
scaled by a power of two, which floats do without error. What comes out is an answer that nobody has
checked yet and a bound that is rounded to the safe side.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from enum import Enum
from typing import Final

import numpy as np
import numpy.typing as npt
from attrs import frozen

from kompetanse_core.solver.exact import dot
from kompetanse_core.solver.problem import OPEN, Objective, Problem, Sense, Whole

Floats = npt.NDArray[np.float64]

FACTOR_BITS: Final = 20
GOAL_BITS: Final = 36
GOAL_SHIFT: Final = 18
TOLERANCE: Final = 2.0**-19
"""A little above HiGHS' own tolerance of 1e-6, in the units that it sees."""


class Engine(Enum):
    """Løser: who searches; both are exact, and which is the quicker depends on the problem."""

    HIGHS = "HiGHS"
    CP_SAT = "CP-SAT"


class Ending(Enum):
    """Why the solver stopped."""

    DONE = "done"
    CUT = "cut"
    INTERRUPTED = "interrupted"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    UNCLEAR = "infeasible or unbounded"


class Care(Enum):
    """How small a breach of a limit the solver may overlook."""

    USUAL = 1e-6
    UTMOST = 1e-9


@frozen(kw_only=True)
class Terms:
    """Say who searches and how long: `gap` in millionths, `until` on the monotonic clock."""

    engine: Engine = Engine.HIGHS
    seed: int = 0
    gap: int = 0
    nodes: int | None = None
    until: float | None = None

    @property
    def seconds_left(self) -> float:
        """How long the clock still allows."""
        return math.inf if self.until is None else self.until - time.monotonic()


@frozen(kw_only=True, eq=False)
class Goal:
    """One objective as the solver sees it: the least of sum(factor * value) / 2^shift.

    What it is worth in full is constant + step * sum(factor * value).
    """

    factor: Whole
    step: int
    constant: int
    shift: int

    def in_full(self, reduced: int) -> int:
        """Return what the objective is worth."""
        return self.constant + self.step * reduced

    def value(self, seen: float) -> int | None:
        """Return the objective nearest to what the solver sees, None if it sees nothing yet."""
        return self.in_full(round(seen * 2.0**self.shift)) if abs(seen) < OPEN else None

    def bound(self, seen: float) -> int | None:
        """Round what the solver believes to be a bound to the safe side, None if it has none."""
        if not abs(seen) < OPEN:
            return None
        exact = seen * 2.0**self.shift
        doubt = 2.0**-7 + (2.0**self.shift - 1) * TOLERANCE + abs(exact) * 2.0**-46
        return self.in_full(math.ceil(exact - doubt))


@frozen(kw_only=True, eq=False)
class Watch:
    """Hold what the search tells (best so far, bound, nodes), and who may stop it."""

    tell: Callable[[float, float, int], None] | None = None
    stop: Callable[[], bool] | None = None


@frozen(kw_only=True, eq=False)
class Answer:
    """Hold what the solver said: floats, unchecked."""

    ending: Ending
    values: Floats | None
    bound: float
    nodes: int


def make_goal(problem: Problem, objective: Objective) -> Goal:
    """Take fixed variables, the common divisor and the sense out of an objective."""
    fixed = problem.lower == problem.upper
    factor = np.where(fixed, 0, objective.factor)
    constant = objective.offset + dot(objective.factor[fixed], problem.lower[fixed])
    divisor = max(1, int(np.gcd.reduce(factor, initial=0)))
    step = divisor if objective.sense is Sense.LEAST else -divisor
    return Goal(
        factor=factor // step, step=step, constant=constant, shift=_shift(problem, factor // step)
    )


def _shift(problem: Problem, factor: Whole) -> int:
    """Return by how many bits to scale down, so that a unit is neither lost nor split."""
    largest = int(np.abs(factor).max(initial=0))
    reach = np.minimum(np.maximum(np.abs(problem.lower), np.abs(problem.upper)), 2.0**53)
    total = int(np.abs(factor) @ reach)
    excess = max(largest.bit_length() - FACTOR_BITS, total.bit_length() - GOAL_BITS)
    return min(max(excess, 0), GOAL_SHIFT)
