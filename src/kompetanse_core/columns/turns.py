"""What becomes of many, turn by turn, in many runs? A Course, a State, and what is counted.

Who takes part has a slot. A slot is empty, at home (where the course says it is, turn by turn), or
stands on a row: one of its own possible places. A cell is what rows are counted in.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import evolve, field, fields, frozen

from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.speed import run
from kompetanse_core.columns.turning import HOME, ROWS, turns


@frozen(kw_only=True, eq=False)
class Course:
    """Hold what is the same in every run; flat arrays, turn by turn where they depend on it.

    Shapes: rows (own,), (people + 1,) or (turns x rows,); cells (cells,) or (turns x cells,).
    Chances are in millionths. `main` is the row that counts for leaving and moving, -1 for absent.
    Hires of the cells of one `group` are at most its `quota` in a year. The four `..._from` say
    where each turn of each agenda begins, (agendas x (turns + 1),).
    """

    starts: Array
    cell: Array
    main: Array
    share: Array
    met: Array
    missing: Array
    unknown: Array
    ways: Array
    way: Array
    upto: Array
    leave: Array
    retire: Array
    youngest: Array
    years: Array
    wanted: Array
    chance: Array
    lead: Array
    price: Array
    entry: Array
    group: Array
    quota: Array
    mark: Array
    place: Array
    paid_from: Array
    payer: Array
    paid_in: Array
    paid: Array
    hours: Array
    learnt_from: Array
    learner: Array
    learnt: Array
    steps: Array
    success: Array
    luck: Array
    via: Array
    sent_from: Array
    sent: Array
    sent_to: Array
    sought_from: Array
    sought_in: Array
    sought: Array
    found_in: Array
    odds: Array
    fee: Array
    chime: Array

    @cached_property
    def at_home(self) -> Array:
        """Count everybody as if at home, one kind after another, each (turns x cells,).

        Heads, shares, what is met, missing and unknown, who came and who went since the last turn.
        """
        rows, cells = len(self.cell), len(self.leave)
        share = self.share.reshape(-1, rows)
        here = share > 0
        before = np.vstack((here[:1], here[:-1]))
        steps = (each.reshape(-1, rows) * here for each in (self.met, self.missing, self.unknown))
        at = np.arange(len(share))[:, None] * cells + self.cell
        sums = [np.zeros(len(share) * cells, np.int64) for _ in range(7)]
        parts = (here, share, *steps, here & ~before, before & ~here)
        for summed, part in zip(sums, parts, strict=True):
            np.add.at(summed, at, part)
        return np.concatenate(sums)


@frozen(kw_only=True, eq=False)
class State:
    """Hold where everybody stands in each of some runs, between two turns."""

    keys: Array
    agenda: Array
    where: Array
    share: Array
    who: Array
    used: Array
    age: Array
    gained: Array
    coming: Array
    pending: Array
    hired: Array
    taken: Array
    done: Array


@frozen(kw_only=True, eq=False)
class Counts:
    """Hold what was counted: one number for each run, turn and cell, flat in that order."""

    heads: Array = field(metadata={"dtype": np.int32})
    hires: Array = field(metadata={"dtype": np.int32})
    left: Array = field(metadata={"dtype": np.int32})
    retired: Array = field(metadata={"dtype": np.int32})
    moved_in: Array = field(metadata={"dtype": np.int32})
    moved_out: Array = field(metadata={"dtype": np.int32})
    came: Array = field(metadata={"dtype": np.int32})
    went: Array = field(metadata={"dtype": np.int32})
    vacant: Array = field(metadata={"dtype": np.int64})
    cost: Array = field(metadata={"dtype": np.int64})
    away: Array = field(metadata={"dtype": np.int64})
    met: Array = field(metadata={"dtype": np.int64})
    missing: Array = field(metadata={"dtype": np.int64})
    unknown: Array = field(metadata={"dtype": np.int64})

    @classmethod
    def none(cls, count: int) -> Counts:
        """Begin at nothing."""
        dtypes = {each.name: each.metadata["dtype"] for each in fields(cls)}
        return cls(**{name: np.zeros(count, dtype) for name, dtype in dtypes.items()})


@frozen(kw_only=True)
class Sizes:
    """Count what there is of each; `ahead` are the turns that hires are known before they begin."""

    people: int
    rows: int
    cells: int
    turns: int
    slots: int
    ahead: int
    months: int
    groups: int


def begin(keys: Array, sizes: Sizes) -> State:
    """Put everybody at home, in as many runs as there are keys."""
    runs = len(keys)
    where = np.zeros((runs, sizes.slots), np.int32)
    where[:, : sizes.people] = HOME
    return State(
        keys=keys,
        agenda=np.zeros(runs, np.int64),
        where=where.reshape(-1),
        share=np.zeros(runs * sizes.slots, np.int32),
        who=np.zeros(runs * sizes.slots, np.int64),
        used=np.full(runs, sizes.people, np.int64),
        age=np.full(runs * sizes.people, -1, np.int16),
        gained=np.zeros(runs * sizes.rows, np.int64),
        coming=np.zeros(runs * sizes.ahead * sizes.cells, np.int32),
        pending=np.zeros(runs * sizes.cells, np.int32),
        hired=np.zeros(runs * sizes.cells, np.int64),
        taken=np.zeros(runs * sizes.groups, np.int64),
        done=np.zeros(0, np.int8),
    )


def refitted(state: State, before: Sizes, after: Sizes, rows: Array, turn: int) -> State:
    """Give a state for a course with more rows and slots; `rows` are the old ones' new places."""
    runs = len(state.keys)
    places = np.append(np.arange(ROWS), rows + ROWS)
    gained = np.zeros((runs, after.rows), np.int64)
    gained[:, rows] = state.gained.reshape(runs, before.rows)
    coming = np.zeros((runs, after.ahead, after.cells), np.int32)
    due = np.arange(turn, turn + min(before.ahead, after.ahead))
    old = state.coming.reshape(runs, before.ahead, before.cells)
    coming[:, due % after.ahead] = old[:, due % before.ahead]
    return evolve(
        state,
        where=_widened(places[state.where].astype(np.int32), runs, before.slots, after.slots),
        share=_widened(state.share, runs, before.slots, after.slots),
        who=_widened(state.who, runs, before.slots, after.slots),
        gained=gained.reshape(-1),
        coming=coming.reshape(-1),
    )


def _widened(numbers: Array, runs: int, before: int, after: int) -> Array:
    wide = np.zeros((runs, after), numbers.dtype)
    wide[:, :before] = numbers.reshape(runs, before)
    return wide.reshape(-1)


def play(
    course: Course, state: State, counts: Counts, sizes: Sizes, *, high: int, first: int, last: int
) -> None:
    """Play the turns from `first` up to `last` in all runs of a state, and count."""
    course_, state_, counts_ = (
        [getattr(part, each.name) for each in fields(type(part))]
        for part in (course, state, counts)
    )
    s = sizes
    run(
        turns,
        len(state.keys) * (last - first) * (s.people + 1),
        reads=(*course_, course.at_home, state.keys, state.agenda),
        numbers=(
            *(s.people, s.rows, s.cells, s.turns, s.slots, s.ahead, s.months, s.groups),
            *(high, first, last),
        ),
        writes=(*state_[2:], np.zeros(s.slots, np.int64), *counts_),
    )
