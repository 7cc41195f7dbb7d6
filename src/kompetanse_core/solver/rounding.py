"""Which limits can a sum of whole numbers stand at? `round_rows` moves the others to the next.

Where all factors of a row share a divisor, so does every sum that whole numbers can come to:
of 2a + 4b <= 7 is left 2a + 4b <= 6, which takes away fractions only.
"""

from __future__ import annotations

import numpy as np
from attrs import evolve

from kompetanse_core.solver.problem import OPEN, Problem, Whole


def round_rows(problem: Problem) -> Problem:
    """Move each limit to the nearest multiple of its row's divisor within; no answer is lost."""
    divisor = divisors(problem)
    least = divided_up(problem.at_least, divisor)
    most = -divided_up(-problem.at_most, divisor)
    return evolve(problem, at_least=_times(least, divisor), at_most=_times(most, divisor))


def divisors(problem: Problem) -> Whole:
    """Return the greatest common divisor of each row's factors, 1 where it has none."""
    divisor = np.ones(problem.rows, dtype=np.int64)
    filled = np.flatnonzero(np.diff(problem.start))
    if len(filled):
        found = np.gcd.reduceat(problem.factor, problem.start[filled])
        divisor[filled] = np.maximum(found, 1)
    return divisor


def divided_up(limits: Whole, divisor: Whole) -> Whole:
    """Divide and round up, which loses no whole answer; open ends stay open."""
    return np.where(np.abs(limits) >= OPEN, limits, -(-limits // divisor))


def _times(limits: Whole, divisor: Whole) -> Whole:
    return np.where(np.abs(limits) >= OPEN, limits, limits * divisor)
