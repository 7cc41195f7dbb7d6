"""What happens to whom, and when? Kernels that keep a diary of those whose luck will be up.

Nobody is looked at in a turn in which nothing happens to them.
"""

from __future__ import annotations

from typing import Any

from kompetanse_core.columns.chance import MILLION
from kompetanse_core.columns.enduring import (
    ENDURANCE,
    SPARE,
    fated,
    lessened,
    luck,
    outlasted,
)
from kompetanse_core.columns.tallying import EMPTY, HOME, ROWS, SHARE, WIDE, take_on, weigh

ENTERED, MOVED, OPENING, LEARNING = 0, 1, 2, 3
"""What a draw is for: who is there or enters, who has moved, an opening, learning."""
PURPOSES = 8
OLDEST = 120


def settle(
    people: int, periods: int, key: int, high: int, s0: int, a0: int, mark: Any, youngest: Any,
    years: Any, ladder: Any, ladders: Any, where: Any, who: Any, age: Any, lot: Any, left: Any,
    since: Any, due: Any, fate: Any,
) -> None:  # fmt: skip
    """Give everybody their mark, their luck and, where it is known within which years, an age."""
    cast(key, high, mark, ENTERED, lot[a0 : a0 + people], left[a0 : a0 + people])
    for p in range(people):
        who[s0 + p], where[s0 + p] = mark[p], HOME
        older = (left[a0 + p] * years[p]) >> SPARE
        left[a0 + p], since[a0 + p] = ENDURANCE, 0
        if years[p] > 0:
            age[a0 + p] = youngest[p] + older
        begin, drawn = (ladder[p] + older) * (periods + 1), lot[a0 + p]
        turn = outlasted(ladders[begin + 1 : begin + 1 + periods], drawn)
        due[s0 + p] = turn
        if turn < periods:
            fate[s0 + p] = fated(ladders[begin + turn], drawn)


def cast(key: int, high: int, marks: Any, turn: int, lots: Any, rests: Any) -> None:
    """Draw for many in a row, which is ten times faster than one by one."""
    for n in range(len(marks)):
        lots[n], rests[n] = luck(key, high, marks[n], turn)


def enter(slot: int, s0: int, turn: int, last: int, due: Any, diary: Any, then: Any) -> None:
    """Enter in the diary when something will happen to whoever has a slot."""
    due[s0 + slot] = turn
    if turn < last:
        then[slot] = diary[turn]
        diary[turn] = slot + 1


def strike(slot: int, turn: int, last: int, diary: Any, then: Any) -> None:
    """Strike out of the diary what would have happened."""
    if turn >= last:
        return
    if diary[turn] == slot + 1:
        diary[turn] = then[slot]
        return
    before = diary[turn] - 1
    while then[before] != slot + 1:
        before = then[before] - 1
    then[before] = then[slot]


def ring(
    t: int, last: int, periods: int, people: int, rows: int, cells: int, s0: int, a0: int, g0: int,
    out: int, free: int, key: int, high: int, starts: Any, cell: Any, main: Any, book: Any,
    ways: Any, way: Any, upto: Any, leave: Any, retire: Any,
    gone: Any, risk: Any, stays: Any, where: Any, held: Any, who: Any, due: Any, fate: Any,
    age: Any, lot: Any, left: Any, since: Any, gained: Any, tally: Any, newly: Any, diary: Any,
    then: Any, spare: Any, leavers: Any, retired: Any, moved_in: Any, moved_out: Any,
) -> int:  # fmt: skip
    """Let those leave or move whose luck is up; count the slots to spare."""
    coming = diary[t]
    while coming > 0:
        slot, coming = coming - 1, then[coming - 1]
        spot, lucky = where[s0 + slot], fate[s0 + slot]
        if spot == EMPTY:
            continue
        if slot >= people:
            free = renounce(
                t, last, periods, rows, cells, slot, s0, out, free, key, high, spot - ROWS, lucky,
                cell, book, ways, way, upto, leave, stays, where, who, due, fate,
                tally, newly, diary, then, spare, leavers, moved_in, moved_out,
            )  # fmt: skip
            continue
        row = main[t * people + slot] if spot == HOME else spot - ROWS
        goes, retires = leave[cell[row]], retiring(t, slot, a0, retire, gone, age)
        towards = led(lucky - goes - retires, row, ways, way, upto)
        go(t * rows, cells, out, s0, g0, slot, starts[slot], starts[slot + 1], towards, lucky, goes,
           retires, cell, book, where, held, gained, tally, leavers,
           retired, moved_in, moved_out)  # fmt: skip
        if towards >= 0:
            drawn, _ = luck(key, high, who[s0 + slot], t * PURPOSES + MOVED)
            stand(t + 1, last, periods, people, slot, s0, a0, drawn, ENDURANCE, towards, main,
                  retire, gone, risk, age, due, fate, lot, left, since, diary, then)  # fmt: skip
    return free


def renounce(
    t: int, last: int, periods: int, rows: int, cells: int, slot: int, s0: int, out: int,
    free: int, key: int, high: int, row: int, lucky: int, cell: Any, book: Any,
    ways: Any, way: Any, upto: Any, leave: Any, stays: Any, where: Any, who: Any,
    due: Any, fate: Any, tally: Any, newly: Any, diary: Any, then: Any, spare: Any, leavers: Any,
    moved_in: Any, moved_out: Any,
) -> int:  # fmt: skip
    """Let somebody who was hired leave or move; count the slots to spare."""
    c = cell[row]
    towards = led(lucky - leave[c], row, ways, way, upto)
    take_on(-1, t * rows, cells, row, cell, book, newly, tally)
    if towards < 0:
        leavers[out + c] += 1
        where[s0 + slot] = EMPTY
        spare[free] = slot
        return free + 1
    moved_out[out + c] += 1
    c = cell[towards]
    moved_in[out + c] += 1
    take_on(1, t * rows, cells, towards, cell, book, newly, tally)
    where[s0 + slot] = towards + ROWS
    drawn, _ = luck(key, high, who[s0 + slot], t * PURPOSES + MOVED)
    stay(t + 1, last, periods, slot, s0, c, drawn, stays, due, fate, diary, then)
    return free


def stay(
    t: int, last: int, periods: int, slot: int, s0: int, c: int, drawn: int, stays: Any, due: Any,
    fate: Any, diary: Any, then: Any,
) -> None:  # fmt: skip
    """Find when something happens to somebody hired, in a cell from a turn on."""
    begin = c * (periods + 1)
    lasts = outlasted(stays[begin + 1 : begin + 1 + periods - t], drawn)
    if t + lasts < periods:
        fate[s0 + slot] = fated(stays[begin + lasts], drawn)
    enter(slot, s0, t + lasts, last, due, diary, then)


def stand(
    t: int, last: int, periods: int, people: int, slot: int, s0: int, a0: int, drawn: int,
    remains: int, row: int, main: Any, retire: Any, gone: Any, risk: Any, age: Any, due: Any,
    fate: Any, lot: Any, left: Any, since: Any, diary: Any, then: Any,
) -> None:  # fmt: skip
    """Find when something happens to one of the people, on a row from a turn on."""
    lot[a0 + slot], left[a0 + slot], since[a0 + slot] = drawn, remains, t
    turn, remains = endured(t, periods, people, slot, a0, drawn, remains, row, main, retire, gone,
                            risk, age)  # fmt: skip
    if turn < periods:
        fate[s0 + slot] = fated(remains, drawn)
    enter(slot, s0, turn, last, due, diary, then)


def endured(
    t: int, end: int, people: int, slot: int, a0: int, drawn: int, remains: int, row: int,
    main: Any, retire: Any, gone: Any, risk: Any, age: Any,
) -> tuple[int, int]:  # fmt: skip
    """Go on until a luck is up, or to the end, and tell what is left then; no row means at home."""
    while t < end:
        here = main[t * people + slot] if row < 0 else row
        if here >= 0:
            risks = min(MILLION, risk[here] + retiring(t, slot, a0, retire, gone, age))
            less = lessened(remains, risks)
            if less <= drawn:
                break
            remains = less
        t += 1
    return t, remains


def retiring(t: int, slot: int, a0: int, retire: Any, gone: Any, age: Any) -> int:
    """Give somebody's chance to retire in a turn."""
    young = age[a0 + slot]
    return int(retire[min(young + gone[t], OLDEST)]) if young >= 0 else 0


def led(lucky: int, row: int, ways: Any, way: Any, upto: Any) -> int:
    """Give the row to which somebody's luck leads them; -1 for none."""
    if lucky >= 0:
        for each in range(ways[row], ways[row + 1]):
            if lucky < upto[each]:
                return int(way[each])
    return -1


def go(
    at: int, cells: int, out: int, s0: int, g0: int, slot: int, begin: int, end: int, towards: int,
    lucky: int, goes: int, retires: int, cell: Any, book: Any, where: Any, held: Any, gained: Any,
    tally: Any, leavers: Any, retired: Any, moved_in: Any, moved_out: Any,
) -> None:  # fmt: skip
    """Let somebody leave every row that they have, and take its share to where they are led."""
    standing, whole = where[s0 + slot] - ROWS, 0
    if standing >= 0:
        begin, end = standing, standing + 1
    for row in range(begin, end):
        share = held[s0 + slot] if standing >= 0 else book[WIDE * (at + row) + SHARE]
        if share > 0:
            whole += share
            depart(out + cell[row], lucky, goes, retires, leavers, retired, moved_out)
            weigh(-1, at + row, cells, cell[row], share, gained[g0 + row], book, tally)
    where[s0 + slot] = EMPTY
    if towards >= 0:
        where[s0 + slot], held[s0 + slot] = towards + ROWS, whole
        c, own = cell[towards], gained[g0 + towards]
        moved_in[out + c] += 1
        weigh(1, at + towards, cells, c, whole, own, book, tally)


def depart(
    to: int, lucky: int, goes: int, retires: int, leavers: Any, retired: Any, moved_out: Any
) -> None:
    """Count somebody who is not in a cell any more, and why."""
    if lucky < goes:
        leavers[to] += 1
    elif lucky < goes + retires:
        retired[to] += 1
    else:
        moved_out[to] += 1
