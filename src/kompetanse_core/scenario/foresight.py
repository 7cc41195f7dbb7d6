"""What do the runs warn of, and where do they differ? EarlyWarning and Influence."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.columns.layout import Array
from kompetanse_core.errors import Misuse
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.scenario.counting import Count
from kompetanse_core.scenario.simulation import SMALLEST_GROUP, Simulation

EVENTS = (Count.LEFT, Count.RETIRED, Count.MOVED_IN, Count.HIRES)


@frozen(kw_only=True)
class EarlyWarning:
    """Tidlig varsel: from when on a role in a unit is covered too little, in how many runs of ten.

    `percent` is what coverage falls under; `tenths` of ten runs are under it, rounded down.
    """

    unit: UnitId
    role: RoleId
    percent: int
    since: date
    months: int
    tenths: int

    def __str__(self) -> str:
        """Write one line, as `under 80 % covered from 2028-Q2 in 9 of 10 runs`."""
        told = f"under {self.percent} % covered from {period_name(self.since, self.months)}"
        return f"{self.unit}, {self.role}: {told} in {self.tenths} of 10 runs"


@frozen(kw_only=True)
class Influence:
    """Påvirkning: how much of the variance between runs one source accounts for.

    The shares of cells, (unit, role), add up to one; one is negative where it evens others out.
    The share of an event is what its number alone explains (the squared correlation).
    """

    source: Count | tuple[UnitId, RoleId]
    share: Fraction


@frozen(kw_only=True, eq=False)
class Watch:
    """Vakt: in how many runs each role in a unit is covered too little, (periods, cells).

    Those of one simulation's blocks add up. `first` is with how few people a run begins, (cells,);
    `peopled` in how many runs there are `least` people or more.
    """

    cells: tuple[tuple[UnitId, RoleId], ...]
    starts: tuple[date, ...]
    percent: int
    least: int
    runs: int
    under: Array
    peopled: Array
    first: Array

    def __add__(self, other: Watch) -> Watch:
        """Give the watch over the runs of both."""
        return evolve(
            self,
            runs=self.runs + other.runs,
            under=self.under + other.under,
            peopled=self.peopled + other.peopled,
            first=np.minimum(self.first, other.first),
        )

    def warnings(self, tenths: int = 9) -> tuple[EarlyWarning, ...]:
        """Find where coverage is too little in so many runs of ten, earliest first.

        Raises:
            Misuse: E571, if tenths are not from 1 to 10.
        """
        if not 1 <= tenths <= 10:
            raise Misuse("E571", "runs are from 1 to 10 of ten")
        often = self.under * 10 >= tenths * self.runs
        told = often & (self.peopled * 2 >= self.runs) & (self.first >= self.least)
        found = (
            self._warning(int(np.argmax(often[:, place])), place)
            for place in np.flatnonzero(often.any(axis=0)).tolist()
            if told[np.argmax(often[:, place]), place]
        )
        return tuple(sorted(found, key=lambda each: (each.since, each.unit, each.role)))

    def _warning(self, turn: int, place: int) -> EarlyWarning:
        unit, role = self.cells[place]
        return EarlyWarning(
            unit=unit,
            role=role,
            percent=self.percent,
            since=self.starts[turn],
            months=_months(self.starts),
            tenths=int(self.under[turn, place]) * 10 // self.runs,
        )


def watched(simulation: Simulation, percent: int, *, least: int = SMALLEST_GROUP) -> Watch:
    """Count the runs in which each cell is covered by less than so many per cent.

    Raises:
        Misuse: E571, if it is not from 0 to 100 per cent.
    """
    if not 0 <= percent <= 100:
        raise Misuse("E571", "a per cent is from 0 to 100")
    met, missing = (simulation.counts[each] for each in (Count.MET, Count.MISSING))
    heads = simulation.counts[Count.HEADS]
    return Watch(
        cells=simulation.cells,
        starts=simulation.starts,
        percent=percent,
        least=least,
        runs=len(simulation),
        under=(met * 100 < percent * (met + missing)).sum(axis=0),
        peopled=(heads >= least).sum(axis=0),
        first=heads[:, 0].min(axis=0),
    )


def early_warnings(
    simulation: Simulation, percent: int = 80, *, tenths: int = 9, least: int = SMALLEST_GROUP
) -> tuple[EarlyWarning, ...]:
    """Find where coverage falls under so many per cent in so many runs of ten, earliest first.

    Cells where fewer than `least` people stand in some run at first, or in most runs on the day
    that is warned of, are left out: what is told of them is told of somebody.

    Raises:
        Misuse: E571, if a per cent is not from 0 to 100, or tenths not from 1 to 10.
    """
    return watched(simulation, percent, least=least).warnings(tenths)


def variance_by_cell(simulation: Simulation, count: Count = Count.MISSING) -> tuple[Influence, ...]:
    """Divide the variance of the last period's sum among the cells; largest share first.

    A cell's share is the covariance of its number with the sum, over the variance of the sum
    (Euler's allocation); none where all runs end alike.
    """
    last = simulation.counts[count][:, -1].astype(object)
    total = last.sum(axis=1)
    spread = _covariance(total, total)
    shares = (
        Influence(source=cell, share=Fraction(_covariance(last[:, place], total), spread))
        for place, cell in enumerate(simulation.cells if spread else ())
    )
    return tuple(sorted(shares, key=lambda each: (-each.share, each.source)))


def variance_by_event(
    simulation: Simulation, count: Count = Count.MISSING
) -> tuple[Influence, ...]:
    """Give what the number of each event explains alone of the last period's sum; most first."""
    ends = simulation.of(count)[:, -1].astype(object)
    found = []
    for event in EVENTS:
        often = simulation.of(event).sum(axis=1).astype(object)
        both = _covariance(often, often) * _covariance(ends, ends)
        if both:
            found.append(
                Influence(source=event, share=Fraction(_covariance(often, ends) ** 2, both))
            )
    return tuple(sorted(found, key=lambda each: -each.share))


def period_name(start: date, months: int) -> str:
    """Name a period: its quarter where it is one, else its first day."""
    if months == 3 and start.day == 1 and start.month % 3 == 1:
        return f"{start.year}-Q{start.month // 3 + 1}"
    return start.isoformat()


def _months(starts: tuple[date, ...]) -> int:
    first, *others = starts
    if not others:
        return 0
    return (others[0].year - first.year) * 12 + others[0].month - first.month


def _covariance(one: np.ndarray[tuple[int], np.dtype[np.object_]], other: object) -> int:
    """Give the covariance times the square of the number of runs, exactly, in whole numbers."""
    numbers = np.asarray(other)
    return int(len(one) * (one * numbers).sum() - one.sum() * numbers.sum())
