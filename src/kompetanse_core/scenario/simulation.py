"""What may become of an enterprise, period by period? Simulation: many runs of the same course.

Every draw belongs to a seed, a run, a person, a period and a purpose. So the same question gives
the same numbers on any number of threads and in blocks of any size, and two scenarios or policies
that are simulated with one seed share their luck.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from attrs import field, fields, frozen

from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.turning import MOST_TURNS
from kompetanse_core.columns.turns import Counts
from kompetanse_core.errors import Misuse
from kompetanse_core.model.enterprise import Enterprise, Finding
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.succeeding import succeeded
from kompetanse_core.model.validators import MOST
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.scenario.acts import Played, acts
from kompetanse_core.scenario.counting import Count
from kompetanse_core.scenario.flows import Flows
from kompetanse_core.scenario.listening import Asked, Ears, Told
from kompetanse_core.scenario.policy import NO_POLICY, Clerk, Policy
from kompetanse_core.scenario.situation import Cell
from kompetanse_core.scenario.stage import Ground, grounded

MOST_REPLICAS = 10_000_000
MOST_NUMBERS = 2**25
"""So many numbers of each kind a simulation holds at most; beyond, take it in blocks."""
COUNTED = fields(Counts)
SMALLEST_GROUP = 5
WITHHELD = ":"
"""What stands for figures of fewer people than that, as in reports."""


@frozen(kw_only=True, repr=False, eq=False)
class Simulation:
    """Simulering: what was counted in each run, period and cell, a unit and role together.

    `counts` has one read-only array for each `Count`, shape (replicas, periods, cells). `first` is
    the number of the first run. `cut` says that it was interrupted: later runs are missing, or with
    a policy that decides again the later periods of all.
    `marked`, (replicas,), are the runs in which the policy once failed; `findings` say how.
    `concerned` is everybody whom a decision of the policy was about, in any run.
    """

    cells: tuple[Cell, ...]
    starts: tuple[date, ...]
    seed: int
    first: int
    policy: str
    counts: dict[Count, Array] = field(repr=False)
    marked: Array = field(repr=False)
    findings: tuple[Finding, ...] = ()
    concerned: frozenset[EmployeeId] = field(default=frozenset(), repr=False)
    cut: bool = False

    def __len__(self) -> int:
        """Count the runs."""
        return len(self.counts[Count.HEADS])

    def __repr__(self) -> str:
        """Say how much was simulated."""
        return f"<Simulation: {len(self)} runs of {len(self.starts)} periods, seed {self.seed}>"

    def __str__(self) -> str:
        """Write one line for each period: median, and the tenth and ninetieth of a hundred runs.

        Sums of the whole enterprise only; nothing where they are of fewer than five people.
        """
        shown = (Count.HEADS, Count.VACANT, Count.MET, Count.MISSING, Count.COST)
        lines = [f"{len(self)} runs, seed {self.seed}, policy {self.policy}"]
        lines.append("period      " + "".join(f"{each.value:>24}" for each in shown))
        bands = [self.quantiles(each, (10, 50, 90)) for each in shown]
        heads = self.of(Count.HEADS).min(axis=0)
        for turn, start in enumerate(self.starts):
            told = (
                f"{b[1, turn]} ({b[0, turn]}–{b[2, turn]})"
                if heads[turn] >= SMALLEST_GROUP
                else WITHHELD
                for b in bands
            )
            lines.append(f"{start}  " + "".join(each.rjust(24) for each in told))
        return "\n".join(lines)

    def of(self, count: Count, *, unit: UnitId | None = None, role: RoleId | None = None) -> Array:
        """Add up one count over the cells of a unit, a role, both or all; (replicas, periods).

        Raises:
            Misuse: E503, if there is no such cell.
        """
        fits = [unit in (None, u) and role in (None, r) for u, r in self.cells]
        if not any(fits) and (unit, role) != (None, None):
            raise Misuse("E503", "no cell has that unit and role")
        numbers = self.counts[count]
        here = numbers if all(fits) else numbers[:, :, np.array(fits)]
        summed: Array = here.sum(axis=2, dtype=np.int64)
        return summed

    def quantiles(
        self,
        count: Count,
        percents: Sequence[int],
        *,
        unit: UnitId | None = None,
        role: RoleId | None = None,
    ) -> Array:
        """Give the least number that so many in a hundred runs stay within; (percents, periods).

        Raises:
            Misuse: E571, if a per cent is not from 0 to 100; E503 as `of`.
        """
        if not all(0 <= each <= 100 for each in percents):
            raise Misuse("E571", "a quantile is from 0 to 100 per cent")
        ordered = np.sort(self.of(count, unit=unit, role=role), axis=0)
        places = [max(0, -(-each * len(ordered) // 100) - 1) for each in percents]
        quantiles: Array = ordered[places]
        return quantiles

    def warning(
        self,
        percent: int,
        *,
        runs: int = 90,
        unit: UnitId | None = None,
        role: RoleId | None = None,
    ) -> date | None:
        """Give the first period in which coverage is under so many per cent in so many runs of 100.

        Coverage is what is met of what is required and known. None: in no period.
        """
        met, missing = (self.of(c, unit=unit, role=role) for c in (Count.MET, Count.MISSING))
        under = (met * 100 < percent * (met + missing)).sum(axis=0)
        late = np.flatnonzero(under * 100 >= runs * len(self))
        return self.starts[int(late[0])] if len(late) else None


def simulate(
    enterprise: Enterprise,
    flows: Flows | None = None,
    policy: Policy = NO_POLICY,
    *,
    start: date,
    periods: int,
    months: int = 3,
    replicas: int = 1_000,
    seed: int = 0,
    block: int | None = None,
    progress: Told | None = None,
    interrupted: Asked | None = None,
) -> Simulation:
    """Let an enterprise, perhaps one made by `Scenario.apply`, run its course many times.

    `block` is how many runs are on stage at a time; it changes no number. A policy that decides
    again sees all runs at once, so then all stay in memory.

    Args:
        progress: is told after each block how many periods of runs are played, and of how many.
        interrupted: is asked after each block, and by policies that plan; once it says yes, what is
            done by then is given back, marked as cut: whole runs, or where a policy decides again
            all runs up to its last decision. `stop_on_ctrl_c` gives one that listens to Ctrl-C.

    Raises:
        Misuse: E501, E506, E509, if a number cannot be; E503, if flows or actions name what is not
            there; as `find_gaps`.
        Interrupted: E574, before the first period has been played.
    """
    parts: list[Simulation] = []
    for part in streamed(
        enterprise,
        flows,
        policy,
        start=start,
        periods=periods,
        months=months,
        replicas=replicas,
        seed=seed,
        block=block,
        progress=progress,
        interrupted=interrupted,
    ):
        parts.append(part)
        numbers = sum(map(len, parts)) * len(part.starts) * len(part.cells)
        _check(max(1, numbers), MOST_NUMBERS, "numbers")
    return _joined(parts, replicas)


def streamed(
    enterprise: Enterprise,
    flows: Flows | None = None,
    policy: Policy = NO_POLICY,
    *,
    start: date,
    periods: int,
    months: int = 3,
    replicas: int = 1_000,
    seed: int = 0,
    block: int | None = None,
    progress: Told | None = None,
    interrupted: Asked | None = None,
) -> Iterator[Simulation]:
    """Simulate as `simulate` does and yield the runs block by block, in order.

    Interrupted, it yields no more; blocks that have come to fewer periods are marked as cut.

    Raises:
        Misuse, Interrupted: as `simulate`.
    """
    _check(replicas, MOST_REPLICAS, "replicas")
    if type(seed) is not int or not 0 <= seed <= MOST:
        raise Misuse("E506", f"seed must be a whole number from 0 to {MOST}")
    starts = period_starts(start, periods, months)
    enterprise, flows = succeeded(enterprise, on=start), flows or Flows()
    flows.fit(enterprise)
    ground = grounded(enterprise, flows, starts, months)
    if block is not None:
        _check(block, MOST_REPLICAS, "block")
    ears = Ears(interrupted, progress)
    for played in acts(ground, Clerk(policy), replicas=replicas, seed=seed, block=block, ears=ears):
        yield _told(ground, policy, seed, played)


def period_starts(start: date, periods: int, months: int) -> tuple[date, ...]:
    """Give the first day of each period.

    Raises:
        Misuse: E211, if there is no such day in each; E501, E506, E509, for the numbers.
    """
    _check(periods, MOST_TURNS, "periods")
    _check(months, 120, "months")
    month = start.year * 12 + start.month - 1
    last = month + (periods - 1) * months
    if start.day > 28 or last // 12 > date.max.year:
        raise Misuse("E211", "start on a day up to the 28th, and end before the year 10000")
    return tuple(date(n // 12, n % 12 + 1, start.day) for n in range(month, last + 1, months))


def _check(number: int, most: int, name: str) -> None:
    if type(number) is not int:
        raise Misuse("E501", f"{name} must be a whole number")
    if number < 1:
        raise Misuse("E506", f"{name} must be at least 1")
    if number > most:
        raise Misuse("E509", f"{name} must be at most {most}", hint="take it in blocks: streamed")


def _told(ground: Ground, policy: Policy, seed: int, played: Played) -> Simulation:
    runs, periods = played.last - played.first, played.periods
    shape = runs, len(ground.starts), len(ground.cells)
    counts = {each: getattr(played.counts, each.name).reshape(shape) for each in COUNTED}
    found = {Count(each.name): _shut(numbers[:, :periods]) for each, numbers in counts.items()}
    return Simulation(
        cells=ground.cells,
        starts=ground.starts[:periods],
        seed=seed,
        first=played.first,
        policy=policy.name,
        counts=found,
        marked=_shut(played.marked),
        findings=played.findings,
        concerned=played.concerned,
        cut=periods < len(ground.starts),
    )


def _joined(parts: Sequence[Simulation], replicas: int) -> Simulation:
    first = parts[0]
    if len(parts) == 1 and len(first) == replicas:
        return first
    return Simulation(
        cells=first.cells,
        starts=first.starts,
        seed=first.seed,
        first=first.first,
        policy=first.policy,
        counts={
            each: _shut(np.concatenate([part.counts[each] for part in parts])) for each in Count
        },
        marked=_shut(np.concatenate([part.marked for part in parts])),
        findings=first.findings,
        concerned=first.concerned,
        cut=first.cut or sum(map(len, parts)) < replicas,
    )


def _shut(numbers: Array) -> Array:
    numbers.flags.writeable = False
    return numbers
