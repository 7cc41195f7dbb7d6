"""What becomes of many, turn by turn, in many runs? A Course, a State, and what is counted.

Who takes part has a slot. A slot is empty, at home (where the course says it is, turn by turn), or
stands on a row: one of its own possible places. A cell is what rows are counted in.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from attrs import evolve, field, fields, frozen

from kompetanse_core.columns.chance import MILLION
from kompetanse_core.columns.enduring import ladders_of
from kompetanse_core.columns.faring import OLDEST
from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.speed import run
from kompetanse_core.columns.tallying import HOME, ROWS, SHARE, TALLIED, WIDE
from kompetanse_core.columns.turning import turns


@frozen(kw_only=True, eq=False)
class Course:
    """Hold what is the same in every run; flat arrays, turn by turn where they depend on it.

    Shapes: rows (own,), (people + 1,) or (turns x rows,); cells (cells,) or (turns x cells,).
    Chances are in millionths. The `book` has, of each row in each turn, the share that is at home
    there, and what is met, missing and unknown by who stands there: (turns x rows x 4,). `main` is
    the row that counts for leaving and moving, -1 for absent.
    `gone` are the whole years gone by, (turns,); with `youngest` and `years` they tell ages.
    Hires of the cells of one `group` are at most its `quota` in a year. The four `..._from` say
    where each turn of each agenda begins, (agendas x (turns + 1),).
    """

    starts: Array
    cell: Array
    main: Array
    book: Array
    ways: Array
    way: Array
    upto: Array
    leave: Array
    retire: Array
    youngest: Array
    years: Array
    gone: Array
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

    @property
    def pages(self) -> Any:
        """Give the book as (turns, rows, 4)."""
        return self.book.reshape(len(self.gone), -1, WIDE)

    @cached_property
    def derived(self) -> tuple[Array, ...]:
        """Give what follows from the rest, in the order in which the kernels take it.

        Everybody counted as if at home; of each row, whose it is and its chances; the rows that are
        otherwise in each turn, and by how much; the ladders of the people, and of who is hired.
        """
        risk = _risk(self)
        return (
            np.concatenate(_at_home(self)),
            np.repeat(np.arange(len(self.starts)), np.diff(self.starts, append=len(self.cell))),
            risk,
            *_altered(self),
            *_ladders(self, risk),
            _stays(self, risk),
        )


def narrowed(numbers: Array) -> Array:
    """Keep numbers in half the room, if they are small enough: less to fetch, the same to count."""
    small = not len(numbers) or numbers.max() < 2**31
    return numbers.astype(np.int32 if small else np.int64)


def _at_home(course: Course) -> list[Array]:
    """Count everybody as if at home, one kind after another, each (turns x cells,).

    Shares, what is met, missing and unknown, heads, who came and who went since the last turn.
    """
    pages, cells = course.pages, len(course.leave)
    here = pages[:, :, SHARE] > 0
    before = np.vstack((here[:1], here[:-1]))
    at = np.arange(len(pages))[:, None] * cells + course.cell
    kinds = (pages[:, :, kind] * here for kind in range(WIDE))
    parts = (*kinds, here, here & ~before, before & ~here)
    sums = [np.zeros(len(pages) * cells, np.int64) for _ in parts]
    for summed, part in zip(sums, parts, strict=True):
        np.add.at(summed, at, part)
    return sums


def _risk(course: Course) -> Array:
    """Give the chance to leave or move of whoever stands on each row, (rows,)."""
    moves = np.zeros(len(course.cell), np.int64)
    some = np.diff(course.ways) > 0
    moves[some] = course.upto[course.ways[1:][some] - 1]
    risk: Array = course.leave[course.cell] + moves
    return risk


def _altered(course: Course) -> tuple[Array, ...]:
    """Give the rows that are otherwise than the turn before, turn after turn.

    Where each turn begins, the rows, whether somebody has a share of them now, and by how much.
    """
    pages = course.pages
    changes = np.diff(pages, axis=0)
    turn, row = np.nonzero(changes.any(axis=2))
    begins = np.searchsorted(turn, np.arange(len(pages) + 1) - 1)
    theirs = (pages[turn + 1, row, SHARE] > 0).astype(np.int64)
    return begins, row, theirs, changes[turn, row].reshape(-1)


def _ladders(course: Course, risk: Array) -> tuple[Array, Array]:
    """Build a ladder for each age that somebody may have, at home; first where one's own begin.

    People with the same chances in every turn share theirs.
    """
    people, turns = len(course.years), len(course.gone)
    main = course.main.reshape(turns, people).T
    kinds = np.column_stack((np.where(main < 0, -1, risk[main]), course.youngest, course.years))
    kinds, own = np.unique(kinds, axis=0, return_inverse=True)
    ages = np.maximum(kinds[:, -1], 1)
    begins = np.cumsum(ages) - ages
    kind = np.repeat(np.arange(len(kinds)), ages)
    age = kinds[kind, -2] + np.arange(len(kind)) - begins[kind]
    retire = course.retire[np.minimum(age[:, None] + course.gone, OLDEST)]
    risks = kinds[kind, :turns] + np.where(kinds[kind, -1:] > 0, retire, 0)
    risks = np.where(kinds[kind, :turns] < 0, 0, np.minimum(risks, MILLION))
    return begins[own.reshape(people)], ladders_of(risks).reshape(-1)


def _stays(course: Course, risk: Array) -> Array:
    """Build a ladder for each cell, of somebody hired who came there."""
    risks = np.repeat(risk[course.entry, None], len(course.gone), axis=1)
    stays: Array = ladders_of(np.minimum(risks, MILLION)).reshape(-1)
    return stays


@frozen(kw_only=True, eq=False)
class State:
    """Hold where everybody stands in each of some runs, between two turns.

    Whoever has a slot: what they are known by to luck, and in which turn and how something will
    happen to them. Of the people besides: their luck, and what was left for it at which turn.
    """

    keys: Array
    agenda: Array
    where: Array
    share: Array
    who: Array
    due: Array
    fate: Array
    used: Array
    age: Array
    lot: Array
    left: Array
    since: Array
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
        due=np.zeros(runs * sizes.slots, np.int32),
        fate=np.zeros(runs * sizes.slots, np.int32),
        used=np.full(runs, sizes.people, np.int64),
        age=np.full(runs * sizes.people, -1, np.int16),
        lot=np.zeros(runs * sizes.people, np.int64),
        left=np.zeros(runs * sizes.people, np.int64),
        since=np.zeros(runs * sizes.people, np.int32),
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
        due=_widened(state.due, runs, before.slots, after.slots),
        fate=_widened(state.fate, runs, before.slots, after.slots),
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
        reads=(*course_, *course.derived, state.keys, state.agenda),
        numbers=(
            *(s.people, s.rows, s.cells, s.turns, s.slots, s.ahead, s.months, s.groups),
            *(high, first, last),
        ),
        writes=(*state_[2:], *_scratch(s), *counts_),
    )


def _scratch(sizes: Sizes) -> tuple[Array, ...]:
    """Make room for the tally, who was hired by cell, the diary, draws in a row, and notes."""
    return (
        np.zeros(TALLIED * sizes.cells, np.int64),
        np.zeros(sizes.cells, np.int64),
        np.zeros(sizes.turns, np.int32),
        *(np.zeros(sizes.slots, np.int32) for _ in range(2)),
        *(np.zeros(sizes.slots, np.int64) for _ in range(4)),
        np.zeros(sizes.rows + 1, np.int64),
    )
