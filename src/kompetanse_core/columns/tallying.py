"""How many are where, and what do they meet? Kernels that count without looking at everybody.

Everybody is counted at home at once; a tally holds what that is off by, cell by cell: who is away
from home, and where they stand instead. It is amended when somebody goes, when somebody learns,
and when what is met in a place changes.
"""

from __future__ import annotations

from typing import Any

EMPTY, HOME, ROWS = 0, 1, 2
"""What a slot holds: nothing, somebody at home, or from `ROWS` up the row where somebody stands."""
FULL = 10_000
SHARE, MET, MISSING, UNKNOWN, HEADS, CAME, WENT = range(7)
"""What `at_home` has, one after another; the tally has all but the last two."""
TALLIED, WIDE = 5, 4
"""How many of these the tally has, and how many the book has of each row in each turn."""


def weigh(
    by: int, at: int, cells: int, c: int, share: int, gained: int, book: Any, tally: Any,
) -> None:  # fmt: skip
    """Put somebody on a row, or take them off; what they gained counts as far as it is missing."""
    moved = min(gained, book[WIDE * at + MISSING])
    tally[HEADS * cells + c] += by
    tally[SHARE * cells + c] += by * share
    tally[MET * cells + c] += by * (book[WIDE * at + MET] + moved)
    tally[MISSING * cells + c] += by * (book[WIDE * at + MISSING] - moved)
    tally[UNKNOWN * cells + c] += by * book[WIDE * at + UNKNOWN]


def take_on(
    by: int, at: int, cells: int, row: int, cell: Any, book: Any,
    newly: Any, tally: Any,
) -> None:  # fmt: skip
    """Put somebody hired on a row, or take them off."""
    newly[cell[row]] += by
    weigh(by, at + row, cells, cell[row], FULL, 0, book, tally)


def learnt_at_home(
    by: int, at: int, cells: int, c: int, gained: int, book: Any, tally: Any
) -> None:
    """Count what somebody at home gained as met, as far as it is missing, or count it no more."""
    if book[WIDE * at + SHARE] > 0:
        moved = by * min(gained, book[WIDE * at + MISSING])
        tally[MET * cells + c] += moved
        tally[MISSING * cells + c] -= moved


def absent(by: int, at: int, cells: int, c: int, book: Any, tally: Any) -> None:
    """Take somebody who is away out of a row that is theirs, or put them back."""
    if book[WIDE * at + SHARE] > 0:
        weigh(by, at, cells, c, book[WIDE * at + SHARE], 0, book, tally)


def at_first(
    at: int, cells: int, begin: int, end: int, s0: int, g0: int, slot: int, cell: Any, book: Any,
    where: Any, held: Any, gained: Any, tally: Any,
) -> None:  # fmt: skip
    """Tally one of the people: what they gained at home, or that they are away."""
    spot = where[s0 + slot]
    for row in range(begin, end):
        if spot == HOME:
            learnt_at_home(1, at + row, cells, cell[row], gained[g0 + row], book, tally)
        else:
            absent(-1, at + row, cells, cell[row], book, tally)
    if spot >= ROWS:
        row = spot - ROWS
        weigh(1, at + row, cells, cell[row], held[s0 + slot], gained[g0 + row], book, tally)


def drift(
    begin: int, end: int, t: int, people: int, rows: int, cells: int, s0: int, g0: int, out: int,
    dated: int, altered: Any, theirs: Any, change: Any, owner: Any, cell: Any, main: Any,
    book: Any, where: Any, held: Any, gained: Any, newly: Any, tally: Any, noted: Any, came: Any,
    went: Any,
) -> None:  # fmt: skip
    """Amend the tally for what is otherwise in a row than in the turn before.

    Most are amended by what is written of the change; not where something was gained in the row,
    or somebody has another share of it.
    """
    for n in range(note(begin, end, people, s0, g0, altered, owner, where, gained, noted)):
        k = noted[n]
        row = altered[k]
        c, p, now = cell[row], owner[row], t * rows + row
        if p == people:
            amend(newly[c], k, cells, c, change, tally)
        elif gained[g0 + row] != 0 or change[WIDE * k + SHARE] != 0:
            redo(now - rows, now, cells, c, row, where[s0 + p], held[s0 + p], gained[g0 + row],
                 book, tally)  # fmt: skip
        else:
            here = where[s0 + p] == row + ROWS
            amend(here - theirs[k], k, cells, c, change, tally)
    if dated > 0:
        undate(begin, end, t, people, rows, s0, out, altered, owner, cell, book, where, came, went)
        let_go(begin, end, t, people, rows, cells, s0, g0, out, altered, owner, cell, main, book,
               where, held, gained, tally, went)  # fmt: skip


def note(
    begin: int, end: int, people: int, s0: int, g0: int, altered: Any, owner: Any, where: Any,
    gained: Any, noted: Any,
) -> int:  # fmt: skip
    """Note which changes are not those of somebody at home who gained nothing, and count them.

    No step depends on the answer: half are noted, so that a guess would be wrong each other time.
    """
    many = 0
    for k in range(begin, end):
        row = altered[k]
        p = owner[row]
        spot = EMPTY if p == people else where[s0 + p]
        noted[many] = k
        many += (spot != HOME) | (gained[g0 + row] != 0)
    return many


def amend(by: int, k: int, cells: int, c: int, change: Any, tally: Any) -> None:
    """Let as many as there are meet, miss and not be known to have what has changed."""
    if by != 0:
        tally[MET * cells + c] += by * change[WIDE * k + MET]
        tally[MISSING * cells + c] += by * change[WIDE * k + MISSING]
        tally[UNKNOWN * cells + c] += by * change[WIDE * k + UNKNOWN]


def redo(
    before: int, now: int, cells: int, c: int, row: int, spot: int, share: int, gained: int,
    book: Any, tally: Any,
) -> None:  # fmt: skip
    """Take out what one of the people counted for in a row, and put in what they count for now."""
    if spot == HOME:
        learnt_at_home(-1, before, cells, c, gained, book, tally)
        learnt_at_home(1, now, cells, c, gained, book, tally)
        return
    absent(1, before, cells, c, book, tally)
    absent(-1, now, cells, c, book, tally)
    if spot == row + ROWS:
        weigh(-1, before, cells, c, share, gained, book, tally)
        weigh(1, now, cells, c, share, gained, book, tally)


def undate(
    begin: int, end: int, t: int, people: int, rows: int, s0: int, out: int, altered: Any,
    owner: Any, cell: Any, book: Any, where: Any, came: Any, went: Any,
) -> None:  # fmt: skip
    """Take who is away out of those who come and go by the course's own dates."""
    for k in range(begin, end):
        row = altered[k]
        if owner[row] < people and where[s0 + owner[row]] != HOME:
            was = book[WIDE * ((t - 1) * rows + row) + SHARE] > 0
            there = book[WIDE * (t * rows + row) + SHARE] > 0
            came[out + cell[row]] -= there and not was
            went[out + cell[row]] -= was and not there


def let_go(
    begin: int, end: int, t: int, people: int, rows: int, cells: int, s0: int, g0: int, out: int,
    altered: Any, owner: Any, cell: Any, main: Any, book: Any,
    where: Any, held: Any, gained: Any, tally: Any, went: Any,
) -> None:  # fmt: skip
    """Let those go who stand elsewhere when the last of their own places ends."""
    for k in range(begin, end):
        p = owner[altered[k]]
        row = -1 if p == people else where[s0 + p] - ROWS
        if row >= 0 and main[t * people + p] < 0:
            went[out + cell[row]] += 1
            c, own = cell[row], gained[g0 + row]
            weigh(-1, t * rows + row, cells, c, held[s0 + p], own, book, tally)
            where[s0 + p] = EMPTY


def blank(
    begin: int, end: int, hires: Any, leavers: Any, retired: Any, moved_in: Any, moved_out: Any,
    came: Any, went: Any, cost: Any, away: Any,
) -> None:  # fmt: skip
    """Begin a turn's counts of what happens in it at nothing."""
    wipe(hires[begin:end])
    wipe(leavers[begin:end])
    wipe(retired[begin:end])
    wipe(moved_in[begin:end])
    wipe(moved_out[begin:end])
    wipe(came[begin:end])
    wipe(went[begin:end])
    wipe(cost[begin:end])
    wipe(away[begin:end])


def remember(cells: int, whole: int, at: int, out: int, at_home: Any, came: Any, went: Any) -> None:
    """Count who comes and goes by the course's own dates."""
    for c in range(cells):
        came[out + c] = at_home[CAME * whole + at + c]
        went[out + c] = at_home[WENT * whole + at + c]


def everybody(
    cells: int, at: int, whole: int, out: int, wanted: Any, at_home: Any, tally: Any, heads: Any,
    vacant: Any, now_met: Any, now_missing: Any, now_unknown: Any,
) -> None:  # fmt: skip
    """Count as if all were at home, and add the tally."""
    total(HEADS, cells, whole, at, at_home, tally, heads[out : out + cells])
    total(SHARE, cells, whole, at, at_home, tally, vacant[out : out + cells])
    total(MET, cells, whole, at, at_home, tally, now_met[out : out + cells])
    total(MISSING, cells, whole, at, at_home, tally, now_missing[out : out + cells])
    total(UNKNOWN, cells, whole, at, at_home, tally, now_unknown[out : out + cells])
    empty(wanted[at : at + cells], vacant[out : out + cells])


def total(kind: int, cells: int, whole: int, at: int, at_home: Any, tally: Any, to: Any) -> None:
    """Count one kind, cell by cell."""
    add(at_home[kind * whole + at : kind * whole + at + cells],
        tally[kind * cells : kind * cells + cells], to)  # fmt: skip


def add(home: Any, away: Any, to: Any) -> None:
    """Add up numbers that lie alike."""
    for c in range(len(to)):
        to[c] = home[c] + away[c]


def empty(wanted: Any, vacant: Any) -> None:
    """Make of what is filled what is vacant, which is never less than nothing."""
    for c in range(len(vacant)):
        vacant[c] = max(0, wanted[c] - vacant[c])


def some(numbers: Any) -> int:
    """Count the numbers that are not nothing."""
    found = 0
    for at in range(len(numbers)):
        found += numbers[at] != 0
    return found


def wipe(numbers: Any) -> None:
    """Begin at nothing."""
    for at in range(len(numbers)):
        numbers[at] = 0
