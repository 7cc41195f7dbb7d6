"""What does a course come to on average? Stock and flow: the same turns in shares of people.

Where a turn is linear in how many there are, this is the mean of all runs; where it is not (whole
openings, vacancies that are never negative, learning beyond what is missing), it is what a run
would come to that had the mean before.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from kompetanse_core.columns.chance import MILLION
from kompetanse_core.columns.faring import OLDEST
from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.tallying import FULL
from kompetanse_core.columns.turns import Course, Sizes

Means = np.ndarray[Any, np.dtype[np.float64]]
NAMES = (
    *("heads", "hires", "left", "retired", "moved_in", "moved_out", "came", "went"),
    *("vacant", "cost", "away", "met", "missing", "unknown"),
)


def expected(course: Course, sizes: Sizes) -> dict[str, Means]:
    """Give the mean of each count, (turns, cells), for the first agenda of a course."""
    return _Flow(course, sizes).run()


class _Flow:
    """Move shares of people from turn to turn; ages that may be somebody's stand apart."""

    def __init__(self, course: Course, sizes: Sizes) -> None:
        self.c, self.s = course, sizes
        self.person = np.repeat(
            np.arange(len(course.starts)), np.diff([*course.starts, sizes.rows])
        )
        self.ages = max(1, int(course.years.max(initial=0)))
        known = np.arange(self.ages) < np.maximum(course.years, 1)[:, None]
        self.home = known / np.maximum(course.years, 1)[:, None]
        self.stand = np.zeros((sizes.rows, self.ages))
        self.held = np.zeros((sizes.rows, self.ages))
        self.gained = np.zeros(sizes.rows)
        self.coming = np.zeros((sizes.turns + sizes.ahead, sizes.cells))
        self.pending = np.zeros(sizes.cells)
        self.done = np.zeros(len(course.learner))
        self.counts = {name: np.zeros((sizes.turns, sizes.cells)) for name in NAMES}
        self.share, self.met, self.missing, self.unknown = np.moveaxis(course.pages, 2, 0)
        self.main = course.main.reshape(sizes.turns, sizes.people)
        self.chances, self.targets, self.sources = self._ways()

    def run(self) -> dict[str, Means]:
        for turn in range(self.s.turns):
            self._join(turn)
            self._let_go(turn)
            self._pay(turn)
            self._learn(turn)
            self._count(turn)
            self._move(turn)
            self._send(turn)
            self._seek(turn)
        return self.counts

    def _ways(self) -> tuple[Means, Array, Array]:
        """Give each way from a row: its own chance, where it leads, and where it begins."""
        sources = np.repeat(np.arange(self.s.rows), np.diff(self.c.ways))
        upto = self.c.upto.astype(np.float64)
        before = np.where(np.arange(len(upto)) == self.c.ways[sources], 0, np.roll(upto, 1))
        return (upto - before) / MILLION, self.c.way.astype(np.int64), sources

    def _add(self, name: str, turn: int, cells: Array, amounts: Means) -> None:
        np.add.at(self.counts[name][turn], cells, amounts)

    def _join(self, turn: int) -> None:
        came = self.coming[turn]
        self.stand[self.c.entry, 0] += came
        self.held[self.c.entry, 0] += came * FULL
        self.pending -= came
        self.counts["hires"][turn] += came

    def _let_go(self, turn: int) -> None:
        """Let those who stand elsewhere go when the course has them no more."""
        absent = np.append(self.main[turn] < 0, np.False_)[self.person]
        self._add("went", turn, self.c.cell[absent], self.stand[absent].sum(axis=1))
        self.stand[absent] = self.held[absent] = 0

    def _there(self, turn: int, person: int, cell: int) -> float:
        """Give how likely a person is at home, or stands in a cell."""
        if self.main[turn, person] < 0:
            return 0.0
        rows = np.flatnonzero((self.person == person) & (self.c.cell == cell))
        return float(self.home[person].sum() + self.stand[rows].sum())

    def _pay(self, turn: int) -> None:
        for k in range(self.c.paid_from[turn], self.c.paid_from[turn + 1]):
            person, cell = int(self.c.payer[k]), int(self.c.paid_in[k])
            likely = 1.0 if person < 0 else self._there(turn, person, cell)
            self.counts["cost"][turn, cell] += likely * self.c.paid[k]
            self.counts["away"][turn, cell] += likely * self.c.hours[k]

    def _learn(self, turn: int) -> None:
        """Add what is learnt on average by those who are there; who is there later was there."""
        for k in range(self.c.learnt_from[turn], self.c.learnt_from[turn + 1]):
            if self.main[turn, self.c.learner[k]] >= 0:
                source = int(self.c.via[k])
                before = self.done[source] if source >= 0 else 1.0
                self.done[k] = before * self.c.success[k] / MILLION
                row = int(self.c.learnt[k])
                self.gained[row] = max(0.0, self.gained[row] + self.done[k] * self.c.steps[k])

    def _count(self, turn: int) -> None:
        cells, here = self.c.cell, self.share[turn] > 0
        home = np.append(self.home.sum(axis=1), 0.0)[self.person]
        heads = home * here + self.stand.sum(axis=1)
        shares = home * self.share[turn] + self.held.sum(axis=1)
        self._add("heads", turn, cells, heads)
        wanted = self.c.wanted.reshape(self.s.turns, self.s.cells)[turn].astype(np.float64)
        np.subtract.at(wanted, cells, shares)
        self.counts["vacant"][turn] = np.maximum(wanted, 0)
        met, missing, unknown = self.met[turn], self.missing[turn], self.unknown[turn]
        moved = np.minimum(self.gained, missing)
        self._add("met", turn, cells, heads * (met + moved))
        self._add("missing", turn, cells, heads * (missing - moved))
        self._add("unknown", turn, cells, heads * unknown)
        if turn:
            before = self.share[turn - 1] > 0
            self._add("came", turn, cells, home * (here & ~before))
            self._add("went", turn, cells, home * (before & ~here))

    def _move(self, turn: int) -> None:
        c, there = self.c, np.flatnonzero(self.main[turn] >= 0)
        rows = self.main[turn, there].astype(np.int64)
        ages = c.youngest[there, None] + np.arange(self.ages) + turn * self.s.months // 12
        retires = np.where(c.years[there, None] > 0, c.retire[np.minimum(ages, OLDEST)], 0)
        leaves = c.leave[c.cell[rows]][:, None] / MILLION
        out = np.zeros(self.s.rows)
        np.add.at(out, self.sources, self.chances)
        mass = self.home[there].copy()
        old, old_held = self.stand.copy(), self.held.copy()
        self._depart_home(turn, there, mass, leaves, retires / MILLION, out[rows])
        self.home[there] -= mass * (leaves + retires / MILLION + out[rows][:, None])
        self._depart_stands(turn, old, old_held, out)
        total = np.zeros(self.s.people + 1)
        np.add.at(total, self.person, self.share[turn])
        at = np.full(self.s.rows, -1)
        at[rows] = np.arange(len(there))
        for chance, to, source in zip(self.chances, self.targets, self.sources, strict=True):
            gone, held = chance * old[source], chance * old_held[source]
            if at[source] >= 0:
                own = chance * mass[at[source]]
                gone, held = gone + own, held + own * total[self.person[source]]
            self.stand[to] += gone
            self.held[to] += held
            self.counts["moved_in"][turn, c.cell[to]] += gone.sum()

    def _depart_home(
        self, turn: int, there: Array, mass: Means, leaves: Means, retires: Means, out: Means
    ) -> None:
        """Count who is not in any row of theirs any more, and why."""
        for name, part in (("left", leaves), ("retired", retires), ("moved_out", out[:, None])):
            gone = np.zeros(self.s.people + 1)
            gone[there] = (mass * part).sum(axis=1)
            self._add(name, turn, self.c.cell, gone[self.person] * (self.share[turn] > 0))

    def _depart_stands(self, turn: int, old: Means, old_held: Means, out: Means) -> None:
        c = self.c
        leaves = (c.leave[c.cell] / MILLION)[:, None]
        young, years = np.append(c.youngest, 0)[self.person], np.append(c.years, 0)[self.person]
        ages = young[:, None] + np.arange(self.ages) + turn * self.s.months // 12
        retires = np.where(years[:, None] > 0, c.retire[np.minimum(ages, OLDEST)], 0) / MILLION
        for name, part in (("left", leaves), ("retired", retires), ("moved_out", out[:, None])):
            self._add(name, turn, c.cell, (old * part).sum(axis=1))
        stays = 1 - leaves - retires - out[:, None]
        self.stand, self.held = old * stays, old_held * stays

    def _send(self, turn: int) -> None:
        c = self.c
        for k in range(c.sent_from[turn], c.sent_from[turn + 1]):
            person, to = int(c.sent[k]), int(c.sent_to[k])
            if self.main[turn, person] < 0:
                continue
            rows = np.flatnonzero(self.person == person)
            share, home = self.share[turn, rows], self.home[person].copy()
            out = home.sum() * (share > 0) + self.stand[rows].sum(axis=1)
            self._add("moved_out", turn, c.cell[rows], out)
            stood, held = self.stand[rows].sum(axis=0), self.held[rows].sum(axis=0)
            self.stand[rows] = self.held[rows] = self.home[person] = 0
            self.stand[to], self.held[to] = stood + home, held + home * share.sum()
            self.counts["moved_in"][turn, c.cell[to]] += self.stand[to].sum()

    def _seek(self, turn: int) -> None:
        c = self.c
        for k in range(c.sought_from[turn], c.sought_from[turn + 1]):
            found = c.sought[k] * c.odds[k] / MILLION
            self._found(turn, int(c.sought_in[k]), int(c.found_in[k]), found, float(c.fee[k]))
        for cell in np.flatnonzero(c.chance).tolist():
            openings = self.counts["vacant"][turn, cell] / FULL - self.pending[cell]
            found = max(0.0, openings) * c.chance[cell] / MILLION
            self._found(turn, cell, int(c.lead[cell]), found, float(c.price[cell]))

    def _found(self, turn: int, cell: int, lead: int, heads: float, price: float) -> None:
        self.coming[min(turn + lead, len(self.coming) - 1), cell] += heads
        self.pending[cell] += heads
        self.counts["cost"][turn, cell] += heads * price
