"""What may a small part do that is worth asking about? `list_ways` makes Ways.

Every way is built from below: something wanted is raised, and each row that breaks is mended by
raising something else in it. So no way has more in it than what is wanted there needs, and where
only what is wanted can be a gain, one of the ways is best at any prices.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from kompetanse_core.solver.problem import Flags, Problem, Whole

STEPS_FOR_EACH = 8
"""How many answers are looked at, at most, for each way that may be listed."""

Values = tuple[int, ...]


@frozen(kw_only=True, eq=False)
class Ways:
    """Hold answers of a problem, shape (ways, variables); `all` says that none worth it is missing.

    They are sorted, so that what has the lower numbers comes first among equals.
    """

    values: Whole
    all: bool


def list_ways(problem: Problem, wanted: Flags, most: int) -> Ways:
    """List, for any choice of what is wanted, the least answers that have it; `most` at most."""
    return _Search(problem, wanted, most).ways()


class _Search:
    """Keep the rows at hand, and what has been found."""

    def __init__(self, problem: Problem, wanted: Flags, most: int) -> None:
        self.lower, self.upper = problem.lower.tolist(), problem.upper.tolist()
        self.wanted = np.flatnonzero(wanted).tolist()
        self.limits = list(zip(problem.at_least.tolist(), problem.at_most.tolist(), strict=True))
        self.rows: list[list[tuple[int, int]]] = [[] for _ in self.limits]
        self.columns: list[list[tuple[int, int]]] = [[] for _ in self.lower]
        terms = (problem.row_of_term.tolist(), problem.variable.tolist(), problem.factor.tolist())
        for row, variable, factor in zip(*terms, strict=True):
            self.rows[row].append((variable, factor))
            self.columns[variable].append((row, factor))
        self.most, self.left = most, most * STEPS_FOR_EACH
        self.large = {v for v, high in enumerate(self.upper) if high - self.lower[v] > most}
        self.found: dict[Values, Values] = {}
        self.full = self.missed = False

    def ways(self) -> Ways:
        lower = tuple(self.lower)
        sums = tuple(sum(f * lower[v] for v, f in row) for row in self.rows)
        self._build(lower, sums)
        # the lower numbers first: a way that has them is the larger as a tuple
        ordered = sorted(self.found, key=lambda values: (sum(values), [-v for v in values]))
        values = np.array(ordered, dtype=np.int64).reshape(len(ordered), len(lower))
        return Ways(values=values, all=not (self.full or self.missed))

    def _build(self, values: Values, sums: Values) -> None:
        """Find what holds with nothing wanted, and go on from each that was found."""
        agenda = self._keep(self._mended(values, sums))
        while agenda and not self.full:
            here, told = agenda.pop()
            for variable in self.wanted:
                if here[variable] < self.upper[variable]:
                    raised = self._raised(here, told, variable, 1)
                    agenda += self._keep(self._mended(*raised))

    def _keep(self, mended: Iterator[tuple[Values, Values]]) -> list[tuple[Values, Values]]:
        new = []
        for values, sums in mended:
            if values not in self.found:
                if len(self.found) >= self.most:
                    self.full = True
                    break
                self.found[values] = sums
                new.append((values, sums))
        return new

    def _mended(self, values: Values, sums: Values) -> Iterator[tuple[Values, Values]]:
        """Yield the least answers above one, each once."""
        agenda, seen = [(values, sums)], {values}
        while agenda and not self.full:
            self.left -= 1
            self.full = self.left < 0
            here, told = agenda.pop()
            row = self._broken(told)
            if row is None:
                yield here, told
                continue
            for variable, by in self._mends(row, here, told[row]):
                raised = self._raised(here, told, variable, by)
                if raised[0] not in seen:
                    seen.add(raised[0])
                    agenda.append(raised)

    def _broken(self, sums: Values) -> int | None:
        for row, ((least, most), told) in enumerate(zip(self.limits, sums, strict=True)):
            if not least <= told <= most:
                return row
        return None

    def _mends(self, row: int, values: Values, told: int) -> Iterator[tuple[int, int]]:
        """Yield what to raise for a broken row, and by how much.

        One at a time; what may be raised far is raised by all that is needed, as if last. Two of
        these in one row could share it in more ways than are looked at.
        """
        least, most = self.limits[row]
        sign, need = (1, least - told) if told < least else (-1, told - most)
        able = [(v, sign * f) for v, f in self.rows[row] if sign * f > 0]
        able = [(v, f) for v, f in able if values[v] < self.upper[v]]
        self.missed |= sum(v in self.large for v, _ in able) > 1
        for variable, factor in able:
            by = -(-need // factor) if variable in self.large else 1
            if values[variable] + by <= self.upper[variable]:
                yield variable, by

    def _raised(
        self, values: Values, sums: Values, variable: int, by: int
    ) -> tuple[Values, Values]:
        raised, told = list(values), list(sums)
        raised[variable] += by
        for row, factor in self.columns[variable]:
            told[row] += by * factor
        return tuple(raised), tuple(told)
