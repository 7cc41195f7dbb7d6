"""What do the runs warn of, and where do they differ? EarlyWarning and Influence."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
from attrs import frozen

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


def early_warnings(
    simulation: Simulation, percent: int = 80, *, tenths: int = 9, least: int = SMALLEST_GROUP
) -> tuple[EarlyWarning, ...]:
    """Find where coverage falls under so many per cent in so many runs of ten, earliest first.

    Cells where at first fewer than `least` people stand in some run are left out: what is told of
    them is told of somebody.

    Raises:
        Misuse: E571, if a per cent is not from 0 to 100, or tenths not from 1 to 10.
    """
    if not 0 <= percent <= 100 or not 1 <= tenths <= 10:
        raise Misuse("E571", "a per cent is from 0 to 100, and runs are from 1 to 10 of ten")
    met, missing = (simulation.counts[each] for each in (Count.MET, Count.MISSING))
    under = (met * 100 < percent * (met + missing)).sum(axis=0)
    shown = simulation.counts[Count.HEADS][:, 0].min(axis=0) >= least
    found = []
    for place in np.flatnonzero(shown).tolist():
        late = np.flatnonzero(under[:, place] * 10 >= tenths * len(simulation)).tolist()
        if late:
            unit, role = simulation.cells[place]
            often = int(under[late[0], place]) * 10 // len(simulation)
            found.append(
                EarlyWarning(
                    unit=unit,
                    role=role,
                    percent=percent,
                    since=simulation.starts[late[0]],
                    months=_months(simulation),
                    tenths=often,
                )
            )
    return tuple(sorted(found, key=lambda each: (each.since, each.unit, each.role)))


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


def _months(simulation: Simulation) -> int:
    first, *others = simulation.starts
    if not others:
        return 0
    return (others[0].year - first.year) * 12 + others[0].month - first.month


def _covariance(one: np.ndarray[tuple[int], np.dtype[np.object_]], other: object) -> int:
    """Give the covariance times the square of the number of runs, exactly, in whole numbers."""
    numbers = np.asarray(other)
    return int(len(one) * (one * numbers).sum() - one.sum() * numbers.sum())
