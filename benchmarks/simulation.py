"""How fast are simulations? Whole runs, against numpy and plain Python that draw their own luck.

A town of wards in which people leave, retire, rise to another role and are hired again, quarter by
quarter. Every side counts, for each run, quarter and cell of unit and role: heads, hires, who left,
retired and moved in and out, vacancies, what is paid, and what is met, missing and unknown. Side by
side all are given what each person meets in each place and quarter; ours alone finds it out within
the time. As luck differs, no side is held against another:
each is held against stock and flow, and answers how many of its means are more than 4.5 standard
errors off, and of how many.

numpy holds the places of everybody in some runs in one array, in blocks that stay in the cache;
plain Python goes through those who are there. Both hold newcomers of a cell, who are all alike, as
one number, where ours follows them one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import shapes
from attrs import evolve, frozen
from lines import Answer, Clock, Line, Side, Work

from kompetanse_core.columns.chance import MILLION, keys_of
from kompetanse_core.columns.tallying import MET
from kompetanse_core.columns.turns import Counts, begin, play
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import AgeBand, Employee, Engagement
from kompetanse_core.model.validators import FULL_TIME
from kompetanse_core.model.work import Seats
from kompetanse_core.scenario import (
    Attrition,
    Count,
    Flows,
    Hiring,
    Move,
    Retirement,
    expect,
    streamed,
)
from kompetanse_core.scenario.simulation import period_starts
from kompetanse_core.scenario.stage import Stage, grounded, staged

Numbers = npt.NDArray[Any]
Counted = Mapping[Count, Numbers]
"""Of each kind the sum over all cells, shape (runs, quarters)."""
START = shapes.ON
WARD, KINDS = 50, 15
"""So many people are in a ward, and there are so many kinds of work, each with a higher role."""
LEAD, FOUND, RISES, PRICE = 2, 600_000, 10_000, 50_000
COUNTS = (
    *(Count.HEADS, Count.HIRES, Count.LEFT, Count.RETIRED, Count.MOVED_IN, Count.MOVED_OUT),
    *(Count.VACANT, Count.COST, Count.MET, Count.MISSING, Count.UNKNOWN),
)
TRIPLE = (Count.MET, Count.MISSING, Count.UNKNOWN)
FAR = 4.5
SHORT, LONG = 200, 1_000
"""So many runs are played in the short table, and in the whole."""
A_BLOCK = 10
"""So many runs the kernels play at a time."""
TOGETHER = 32
"""So many runs numpy holds at a time."""


@frozen(kw_only=True)
class Size:
    """How many quarters are simulated, and how many runs of them."""

    quarters: int
    runs: int


@frozen(kw_only=True, eq=False)
class Town:
    """Hold what the others are given: places, people and cells, and what is met by quarter.

    The last place and the last cell stand for having left. `to` is where somebody rises, by place
    and by cell, or nobody does; `steps` has what is met, missing and unknown, (quarters, places).
    """

    cell: Numbers
    to: Numbers
    home: Numbers
    youngest: Numbers
    years: Numbers
    leave: Numbers
    rise: Numbers
    up: Numbers
    retire: Numbers
    wanted: Numbers
    steps: Mapping[Count, Numbers]
    entry: Numbers


# --- the sides ------------------------------------------------------------------------------------


def ours(enterprise: Enterprise, *, size: Size) -> Work:
    """Simulate block by block, and keep the sums."""
    town, known = peopled(enterprise), expected(enterprise, size)
    flows = chances(town)

    def work() -> Answer:
        blocks = streamed(town, flows, start=START, periods=size.quarters, replicas=size.runs)
        return judged(({each: part.of(each) for each in COUNTS} for part in blocks), known)

    return work


def kernels(enterprise: Enterprise, *, size: Size) -> Work:
    """Simulate by the kernels alone, from a course that lies ready."""
    known, stage = expected(enterprise, size), _staged(peopled(enterprise), size)
    high, sizes = keys_of(1, 0, 0)[0], stage.sizes
    counts = Counts.none(A_BLOCK * sizes.turns * sizes.cells)
    state = begin(keys_of(1, 0, A_BLOCK)[1], sizes)

    def block(first: int) -> Counted:
        runs = min(A_BLOCK, size.runs - first)
        begun = evolve(state, keys=keys_of(1, first, first + runs)[1])
        play(stage.course, begun, counts, sizes, high=high, first=0, last=sizes.turns)
        shape = A_BLOCK, sizes.turns, sizes.cells
        return {
            each: np.einsum("rtc->rt", getattr(counts, each.value).reshape(shape)[:runs])
            for each in COUNTS
        }

    return lambda: judged(map(block, range(0, size.runs, A_BLOCK)), known)


def in_numpy(enterprise: Enterprise, *, size: Size) -> Work:
    """Move all people of some runs at once."""
    town, known = given(enterprise, size), expected(enterprise, size)

    def work() -> Answer:
        luck = np.random.default_rng(1)
        each = [min(TOGETHER, size.runs - n) for n in range(0, size.runs, TOGETHER)]
        return judged((_together(town, size.quarters, runs, luck) for runs in each), known)

    return work


def in_python(enterprise: Enterprise, *, size: Size) -> Work:
    """Move one person after the other."""
    town, known = given(enterprise, size), expected(enterprise, size)

    def work() -> Answer:
        luck = Random(1)
        return judged((_one_by_one(town, size.quarters, luck) for _ in range(size.runs)), known)

    return work


def lines(runs: int) -> tuple[Line, ...]:
    """Give what all sides do with so many runs, and all that ours does, once on the wall."""
    size = Size(quarters=40, runs=runs)
    whole = Side(name="kompetanse", ready=partial(ours, size=size))
    return (
        Line(
            work=f"simulation, 40 quarters, {runs} runs, kernels",
            sides=(
                Side(name="kompetanse", ready=partial(kernels, size=size)),
                Side(name="numpy", ready=partial(in_numpy, size=size)),
                Side(name="plain Python", ready=partial(in_python, size=size)),
            ),
            target="numpy 3, Python 100",
        ),
        Line(work=f"simulation, 40 quarters, {runs} runs", sides=(whole,)),
        Line(
            work=f"simulation, 40 quarters, {runs} runs, on the wall",
            sides=(whole,),
            target="10 s" if runs == LONG else "",
            clock=Clock.WALL,
        ),
    )


def many() -> Line:
    """Give the work of many people, few runs and half the time, ours alone, on the wall."""
    side = Side(name="kompetanse", ready=partial(ours, size=Size(quarters=20, runs=20)))
    return Line(
        work="simulation, 20 quarters, 20 runs, on the wall",
        sides=(side,),
        target="60 s",
        clock=Clock.WALL,
        repeats=1,
    )


# --- what happens ---------------------------------------------------------------------------------


def peopled(drawn: Enterprise) -> Enterprise:
    """Draw as many people anew, with one role full time; lower roles have seats."""
    people = len(drawn.employees)
    town = shapes.enterprise(shapes.Shape(people, competences=500, roles=2 * KINDS))
    roles, units, bands = [e.id for e in town.roles], [e.id for e in town.units], [*AgeBand]
    posts = [
        Engagement(
            employee=each.id,
            unit=units[min(n // WARD, len(units) - 1)],
            role=roles[(n // WARD % 5 * 6 + n % 6) % len(roles)],
        )
        for n, each in enumerate(town.employees)
    ]
    seats = Counter((each.unit, each.role) for each in posts if each.role in roles[::2])
    return evolve(
        town,
        employees=[Employee(id=e.id, age=bands[n % 7]) for n, e in enumerate(town.employees)],
        engagements=posts,
        seats=[Seats(unit=u, role=r, share=FULL_TIME * n) for (u, r), n in sorted(seats.items())],
    )


def chances(town: Enterprise) -> Flows:
    """Let some leave, the old retire, one in a hundred rise, and three of five openings be filled.

    Nobody rises to where there are seats: so openings, and all else, are linear in heads.
    """
    roles = [each.id for each in town.roles]
    lower, higher = roles[::2], roles[1::2]
    return Flows(
        attrition=tuple(
            Attrition(role=role, chance=20_000 + 10_000 * (n % 3)) for n, role in enumerate(roles)
        ),
        retirement=(Retirement(age=62, chance=20_000), Retirement(age=67, chance=300_000)),
        moves=tuple(
            Move(source=low, target=high, chance=RISES)
            for low, high in zip(lower, higher, strict=True)
        ),
        hiring=tuple(
            Hiring(role=role, chance=FOUND, lead=LEAD, ready=6_000, cost=PRICE) for role in lower
        ),
    )


def given(drawn: Enterprise, size: Size) -> Town:
    """Give the others what ours finds out."""
    stage = _staged(peopled(drawn), size)
    course, people, cells = stage.course, stage.sizes.people, stage.sizes.cells
    rises = np.append(np.diff(course.ways) > 0, np.False_)
    to = np.full(len(rises), len(course.cell), np.int64)
    to[rises] = course.way
    up = np.full(cells + 1, cells, np.int64)
    cell = np.append(course.cell, cells).astype(np.int64)
    up[cell[rises]] = cell[to[rises]]
    none = np.zeros((size.quarters, 1), np.int64)
    return Town(
        cell=cell,
        to=to,
        home=course.main.reshape(size.quarters, people)[0].astype(np.int64),
        youngest=course.youngest,
        years=course.years,
        leave=np.append(course.leave, 0) / MILLION,
        rise=np.where(up < cells, RISES / MILLION, 0.0),
        up=up,
        retire=course.retire / MILLION,
        wanted=course.wanted.reshape(size.quarters, cells)[0] // FULL_TIME,
        steps={
            each: np.hstack((course.pages[:, :, kind], none))
            for kind, each in enumerate(TRIPLE, start=MET)
        },
        entry=course.entry.astype(np.int64),
    )


def _staged(town: Enterprise, size: Size) -> Stage:
    starts = period_starts(START, size.quarters, 3)
    return staged(grounded(town, chances(town), starts, 3), ((),), 0, size.quarters)


def expected(drawn: Enterprise, size: Size) -> Counted:
    """Give what it comes to on average: all is linear in heads."""
    town = peopled(drawn)
    told = expect(town, chances(town), start=START, periods=size.quarters)
    return {each: told.of(each) for each in COUNTS}


def judged(parts: Iterator[Counted], known: Counted) -> Answer:
    """Count the means that are further off than chance explains, and all of them."""
    kept = [*parts]
    off = 0
    for each in COUNTS:
        seen = np.concatenate([part[each] for part in kept])
        error = seen.std(axis=0, ddof=1) / len(seen) ** 0.5
        off += int((np.abs(seen.mean(axis=0) - known[each]) > FAR * error + 1e-6).sum())
    return off, len(COUNTS) * len(known[Count.HEADS])


# --- how the others do it -------------------------------------------------------------------------


def _together(town: Town, quarters: int, runs: int, luck: np.random.Generator) -> Counted:
    """Play some runs at once: everybody's place in an array, newcomers as numbers by cell."""
    people, cells, gone = len(town.home), len(town.wanted), len(town.cell) - 1
    retire, leave, rise = (each.astype(np.float32) for each in (town.retire, town.leave, town.rise))
    place = np.tile(town.home, (runs, 1))
    age = town.youngest + (luck.random((runs, people)) * town.years).astype(np.int64)
    age[:, town.years == 0] = 0
    new, pending = (np.zeros((runs, cells), np.int64) for _ in range(2))
    coming = np.zeros((quarters + LEAD, runs, cells), np.int64)
    counts = {each: np.zeros((runs, quarters, cells), np.int64) for each in COUNTS}
    shift = np.arange(runs)[:, None] * (cells + 1)

    def by_cell(at: Numbers, amounts: Numbers | None = None) -> Numbers:
        summed = np.bincount(at.ravel(), amounts, minlength=runs * (cells + 1))
        tidy: Numbers = summed.reshape(runs, cells + 1)[:, :cells].astype(np.int64)
        return tidy

    for t in range(quarters):
        new += coming[t]
        pending -= coming[t]
        cell = town.cell[place]
        at = cell + shift
        heads = by_cell(at) + new
        fate = luck.random((runs, people), dtype=np.float32)
        quits = leave[cell]
        ends = quits + np.where(place < gone, retire[age + t // 4], 0)
        left, goes = fate < quits, fate < ends
        rises = (fate >= ends) & (fate < ends + rise[cell])
        counts[Count.LEFT][:, t] = by_cell(at[left])
        counts[Count.RETIRED][:, t] = by_cell(at[goes & ~left])
        counts[Count.MOVED_OUT][:, t] = by_cell(at[rises])
        for each, steps in town.steps.items():
            own = by_cell(at, steps[t][place.ravel()])
            counts[each][:, t] = own + new * steps[t][town.entry]
        place[rises] = town.to[place[rises]]
        place[goes] = gone
        counts[Count.MOVED_IN][:, t] = by_cell((town.cell[place] + shift)[rises])
        counts[Count.HEADS][:, t] = heads
        counts[Count.HIRES][:, t] = coming[t]
        new_left = luck.binomial(new, town.leave[:-1])
        new_up = luck.binomial(new - new_left, town.rise[:-1] / (1 - town.leave[:-1]))
        moved = np.zeros((runs, cells + 1), np.int64)
        moved[:, town.up[:-1]] = new_up
        counts[Count.LEFT][:, t] += new_left
        counts[Count.MOVED_OUT][:, t] += new_up
        counts[Count.MOVED_IN][:, t] += moved[:, :cells]
        vacant = np.maximum(town.wanted - heads, 0)
        found = luck.binomial(np.maximum(vacant - pending, 0), FOUND / MILLION)
        counts[Count.VACANT][:, t] = FULL_TIME * vacant
        counts[Count.COST][:, t] = PRICE * found
        new += moved[:, :cells] - new_left - new_up
        coming[t + LEAD] = found
        pending += found
    return {each: numbers.sum(axis=2) for each, numbers in counts.items()}


def _one_by_one(town: Town, quarters: int, luck: Random) -> Counted:
    """Play one run: a list of who is there and where, and lists of counts by cell."""
    draw, cells = luck.random, range(len(town.wanted))
    rises_at = town.rise.tolist()
    cell, to, up = town.cell.tolist(), town.to.tolist(), (town.up % len(cells)).tolist()
    leave, retire, wanted = town.leave.tolist(), town.retire.tolist(), town.wanted.tolist()
    entry = town.entry.tolist()
    ages = zip(town.home.tolist(), town.youngest.tolist(), town.years.tolist(), strict=True)
    there = [(place, young + int(draw() * years)) for place, young, years in ages]
    new, pending = [0 for _ in cells], [0 for _ in cells]
    coming = [[0 for _ in cells] for _ in range(quarters + LEAD)]
    counts = list[list[int]]()
    for t in range(quarters):
        met, missing, unknown = (steps[t].tolist() for steps in town.steps.values())
        new = [n + m for n, m in zip(new, coming[t], strict=True)]
        pending = [n - m for n, m in zip(pending, coming[t], strict=True)]
        heads, has = [*new], [n * met[e] for n, e in zip(new, entry, strict=True)]
        lacks = [n * missing[e] for n, e in zip(new, entry, strict=True)]
        dark = [n * unknown[e] for n, e in zip(new, entry, strict=True)]
        left, retired, came, went = ([0 for _ in cells] for _ in range(4))
        after = []
        for each in there:
            place, age = each
            c = cell[place]
            heads[c] += 1
            has[c] += met[place]
            lacks[c] += missing[place]
            dark[c] += unknown[place]
            fate = draw() - leave[c]
            if fate < 0:
                left[c] += 1
                continue
            fate -= retire[age + t // 4]
            if fate < 0:
                retired[c] += 1
            elif fate < rises_at[c]:
                went[c] += 1
                came[up[c]] += 1
                after.append((to[place], age))
            else:
                after.append(each)
        there = after
        lots = [[draw() - leave[c] for _ in range(n)] for c, n in enumerate(new)]
        for c, lot in enumerate(lots):
            quits, rises = sum(x < 0 for x in lot), sum(0 <= x < rises_at[c] for x in lot)
            left[c] += quits
            went[c] += rises
            new[c] -= quits + rises
            came[up[c]] += rises
            new[up[c]] += rises
        for c in cells:
            vacant = max(0, wanted[c] - heads[c])
            found = sum(draw() < FOUND / MILLION for _ in range(vacant - pending[c]))
            coming[t + LEAD][c] = found
            pending[c] += found
        lacking = [FULL_TIME * max(0, n - m) for n, m in zip(wanted, heads, strict=True)]
        paid = [PRICE * n for n in coming[t + LEAD]]
        told = (heads, coming[t], left, retired, came, went, lacking, paid, has, lacks, dark)
        counts.append([sum(numbers) for numbers in told])
    return {
        each: np.array([of]) for each, of in zip(COUNTS, zip(*counts, strict=True), strict=True)
    }
