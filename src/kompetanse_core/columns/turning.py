"""What happens in one turn of one run? The kernels behind `turns`, in plain whole numbers.

A turn has this order: who was hired joins, what was begun is paid for, what was learnt counts,
everybody is counted, those leave or move whose luck is up, those who are sent elsewhere go, and
openings are announced. What is paid, learnt, sent and sought is on the run's own agenda.
"""

from __future__ import annotations

from typing import Any

from kompetanse_core.columns.chance import MASK, WEYL, draw
from kompetanse_core.columns.faring import (
    ENTERED,
    LEARNING,
    OPENING,
    PURPOSES,
    cast,
    endured,
    enter,
    go,
    ring,
    settle,
    stand,
    stay,
    strike,
)
from kompetanse_core.columns.tallying import (
    CAME,
    EMPTY,
    FULL,
    HOME,
    ROWS,
    at_first,
    blank,
    drift,
    everybody,
    learnt_at_home,
    remember,
    some,
    take_on,
    weigh,
    wipe,
)

MOST_TURNS = 2_000
"""So many turns, with their purposes, stay below `STEP`."""
STEP = 1 << 14
"""Counts the openings of one cell in one turn, above the turn and the purpose."""


def turns(
    starts: Any, cell: Any, main: Any, book: Any,
    ways: Any, way: Any, upto: Any, leave: Any, retire: Any, youngest: Any, years: Any, gone: Any,
    wanted: Any, chance: Any, lead: Any, price: Any, entry: Any, group: Any, quota: Any,
    mark: Any, place: Any,
    paid_from: Any, payer: Any, paid_in: Any, paid: Any, hours: Any,
    learnt_from: Any, learner: Any, learnt: Any, steps: Any, success: Any, fortune: Any, via: Any,
    sent_from: Any, sent: Any, sent_to: Any,
    sought_from: Any, sought_in: Any, sought: Any, found_in: Any, odds: Any, fee: Any, chime: Any,
    at_home: Any, owner: Any, risk: Any, altered_from: Any, altered: Any,
    theirs: Any, change: Any,
    ladder: Any, ladders: Any, stays: Any, keys: Any, agenda: Any,
    people: int, rows: int, cells: int, periods: int, slots: int, ahead: int, months: int,
    groups: int, high: int, first: int, last: int,
    where: Any, held: Any, who: Any, due: Any, fate: Any, used: Any, age: Any, lot: Any, left: Any,
    since: Any, gained: Any, coming: Any, pending: Any, hired: Any, taken: Any, done: Any,
    tally: Any, newly: Any, diary: Any, then: Any, spare: Any,
    whom: Any, marks: Any, lots: Any, rests: Any, noted: Any,
    heads: Any, hires: Any, leavers: Any, retired: Any, moved_in: Any, moved_out: Any, came: Any,
    went: Any, vacant: Any, cost: Any, away: Any, now_met: Any, now_missing: Any,
    now_unknown: Any,
) -> None:  # fmt: skip
    """Play the turns from `first` up to `last` in every run; see `Course`, `State`, `Counts`."""
    whole = cells * periods
    dated = some(at_home[CAME * whole :])
    for r in range(len(keys)):
        key, s0, c0, g0, a0 = keys[r], r * slots, r * cells, r * rows, r * people
        if first == 0:
            used[r] = people
            clear(c0, c0 + cells, coming[r * ahead * cells : (r + 1) * ahead * cells], pending,
                  hired, gained[g0 : g0 + rows], taken[r * groups : (r + 1) * groups],
                  done[r * len(learner) : (r + 1) * len(learner)])  # fmt: skip
            settle(people, periods, key, high, s0, a0, mark, youngest, years, ladder, ladders,
                   where, who, age, lot, left, since, due, fate)  # fmt: skip
        free = muster(
            first, last, people, rows, cells, used[r], s0, g0, starts, cell, book, where, held,
            gained, due, tally, newly, diary, then, spare,
        )  # fmt: skip
        for t in range(first, last):
            out, now, line = (r * periods + t) * cells, t * PURPOSES, r * ahead * cells
            plan, q0 = agenda[r] * (periods + 1) + t, r * groups
            blank(out, out + cells, hires, leavers, retired, moved_in, moved_out, came, went, cost,
                  away)  # fmt: skip
            if dated > 0:
                remember(cells, whole, t * cells, out, at_home, came, went)
            if t > 0:
                drift(altered_from[t], altered_from[t + 1], t, people, rows, cells, s0, g0, out,
                      dated, altered, theirs, change, owner, cell, main, book, where, held, gained,
                      newly, tally, noted, came, went)  # fmt: skip
            free = join(
                t, last, periods, rows, cells, slots, s0, c0, line + t % ahead * cells, out, r,
                free, key, high, cell, book, entry, place, stays, where, held,
                who, used, due, fate, coming, pending, hired, tally, newly, diary, then, spare,
                whom, marks, lots, rests, hires,
            )  # fmt: skip
            pay(paid_from[plan], paid_from[plan + 1], t * people, s0, out, payer, paid_in, paid,
                hours, cell, main, where, cost, away)  # fmt: skip
            learn(learnt_from[plan], learnt_from[plan + 1], t * people, t * rows, cells, s0, g0,
                  r * len(learner), key, high, now, learner, learnt, steps, success, fortune, via,
                  cell, main, book, where, gained, done, tally)  # fmt: skip
            everybody(cells, t * cells, whole, out, wanted, at_home, tally, heads, vacant,
                      now_met, now_missing, now_unknown)  # fmt: skip
            free = ring(
                t, last, periods, people, rows, cells, s0, a0, g0, out, free, key, high, starts,
                cell, main, book, ways, way, upto, leave, retire, gone,
                risk, stays, where, held, who, due, fate, age, lot, left, since, gained, tally,
                newly, diary, then, spare, leavers, retired, moved_in, moved_out,
            )  # fmt: skip
            send(sent_from[plan], sent_from[plan + 1], t, last, periods, people, rows, cells, s0,
                 a0, g0, out, starts, cell, main, book, retire, gone, risk,
                 sent, sent_to, where, held, due, fate, age, lot, left, since, gained, tally,
                 diary, then, leavers, retired, moved_in, moved_out)  # fmt: skip
            renew(t, months, q0, groups, taken)
            seek(sought_from[plan], sought_from[plan + 1], cells, line, t, ahead, key, high, now,
                 c0, q0, out, sought_in, sought, found_in, odds, fee, chime, group, quota,
                 coming, pending, taken, cost)  # fmt: skip
            announce(cells, line, t, ahead, key, high, now, c0, q0, out, chance, lead, price, place,
                     group, quota, vacant, coming, pending, taken, whom, marks, lots,
                     cost)  # fmt: skip


def clear(
    begin: int, end: int, coming: Any, pending: Any, hired: Any, gained: Any, taken: Any, done: Any
) -> None:
    """Let nobody be hired or on the way, and nothing gained."""
    wipe(coming)
    wipe(pending[begin:end])
    wipe(hired[begin:end])
    wipe(gained)
    wipe(taken)
    wipe(done)


def muster(
    first: int, last: int, people: int, rows: int, cells: int, used: int, s0: int, g0: int,
    starts: Any, cell: Any, book: Any, where: Any, held: Any, gained: Any, due: Any, tally: Any,
    newly: Any, diary: Any, then: Any, spare: Any,
) -> int:  # fmt: skip
    """Tally who is away from home in the turn before the first; count the slots to spare."""
    wipe(tally)
    wipe(newly)
    wipe(diary)
    free, at = 0, (first - 1) * rows
    for slot in range(used):
        spot = where[s0 + slot]
        if slot < people:
            if first > 0:
                at_first(at, cells, starts[slot], starts[slot + 1], s0, g0, slot, cell, book,
                         where, held, gained, tally)  # fmt: skip
        elif spot == EMPTY:
            spare[free] = slot
            free += 1
        else:
            take_on(1, at, cells, spot - ROWS, cell, book, newly, tally)
        if spot != EMPTY:
            enter(slot, s0, due[s0 + slot], last, due, diary, then)
    return free


def join(
    t: int, last: int, periods: int, rows: int, cells: int, slots: int, s0: int, c0: int,
    line: int, out: int, r: int, free: int, key: int, high: int, cell: Any, book: Any,
    entry: Any, place: Any, stays: Any, where: Any, held: Any, who: Any, used: Any,
    due: Any, fate: Any, coming: Any, pending: Any, hired: Any, tally: Any, newly: Any, diary: Any,
    then: Any, spare: Any, whom: Any, marks: Any, lots: Any, rests: Any, hires: Any,
) -> int:  # fmt: skip
    """Give everybody hired for this turn a slot; count those that are still to spare."""
    new = 0
    for c in range(cells):
        if coming[line + c] == 0:
            continue
        for _ in range(coming[line + c]):
            if free > 0:
                free -= 1
                slot = spare[free]
            elif used[r] < slots:
                slot = used[r]
                used[r] += 1
            else:
                break
            where[s0 + slot], held[s0 + slot] = entry[c] + ROWS, FULL
            hired[c0 + c] += 1
            hires[out + c] += 1
            take_on(1, t * rows, cells, entry[c], cell, book, newly, tally)
            who[s0 + slot] = (place[c] + hired[c0 + c] * WEYL) & MASK
            whom[new], marks[new] = slot, who[s0 + slot]
            new += 1
        pending[c0 + c] -= coming[line + c]
        coming[line + c] = 0
    cast(key, high, marks[:new], t * PURPOSES + ENTERED, lots[:new], rests[:new])
    for n in range(new):
        c = cell[where[s0 + whom[n]] - ROWS]
        stay(t, last, periods, whom[n], s0, c, lots[n], stays, due, fate, diary, then)
    return free


def pay(
    begin: int, end: int, t0: int, s0: int, out: int, payer: Any, paid_in: Any, paid: Any,
    hours: Any, cell: Any, main: Any, where: Any, cost: Any, away: Any,
) -> None:  # fmt: skip
    """Count what is paid for nobody in particular, and for somebody who is still there."""
    for k in range(begin, end):
        p, to = payer[k], paid_in[k]
        if p >= 0:
            spot = where[s0 + p]
            if main[t0 + p] < 0 or spot == EMPTY or (spot >= ROWS and cell[spot - ROWS] != to):
                continue
        cost[out + to] += paid[k]
        away[out + to] += hours[k]


def learn(
    begin: int, end: int, t0: int, at: int, cells: int, s0: int, g0: int, d0: int, key: int,
    high: int, now: int, learner: Any, learnt: Any, steps: Any, success: Any, fortune: Any,
    via: Any, cell: Any, main: Any, book: Any, where: Any, gained: Any, done: Any, tally: Any,
) -> None:  # fmt: skip
    """Let those who are still there gain what they set out to learn, if they succeed.

    What is learnt `via` somebody is learnt only if that one succeeded, earlier in the same turn.
    """
    for k in range(begin, end):
        row = learnt[k]
        spot, own = where[s0 + learner[k]], g0 + row
        here = main[t0 + learner[k]] >= 0 and (spot == HOME or spot == row + ROWS)
        if here and via[k] >= 0:
            here = done[d0 + via[k]] == 1
        if here and draw(key, high, fortune[k], now + LEARNING) < success[k]:
            done[d0 + k] = 1
            more = max(0, gained[own] + steps[k])
            if spot == HOME:
                learnt_at_home(-1, at + row, cells, cell[row], gained[own], book, tally)
                learnt_at_home(1, at + row, cells, cell[row], more, book, tally)
            else:
                weigh(-1, at + row, cells, cell[row], 0, gained[own], book, tally)
                weigh(1, at + row, cells, cell[row], 0, more, book, tally)
            gained[own] = more


def send(
    begin: int, end: int, t: int, last: int, periods: int, people: int, rows: int, cells: int,
    s0: int, a0: int, g0: int, out: int, starts: Any, cell: Any, main: Any, book: Any,
    retire: Any, gone: Any, risk: Any, sent: Any, sent_to: Any,
    where: Any, held: Any, due: Any, fate: Any, age: Any, lot: Any, left: Any, since: Any,
    gained: Any, tally: Any, diary: Any, then: Any, leavers: Any, retired: Any, moved_in: Any,
    moved_out: Any,
) -> None:  # fmt: skip
    """Let those who are sent to a row, and are still there, stand on it from the next turn.

    They keep their luck, and what is left for it.
    """
    for k in range(begin, end):
        p = sent[k]
        spot = where[s0 + p]
        if spot == EMPTY or main[t * people + p] < 0:
            continue
        _, remains = endured(since[a0 + p], t + 1, people, p, a0, lot[a0 + p], left[a0 + p],
                             spot - ROWS, main, retire, gone, risk, age)  # fmt: skip
        strike(p, due[s0 + p], last, diary, then)
        go(t * rows, cells, out, s0, g0, p, starts[p], starts[p + 1], sent_to[k], 0, 0, 0, cell,
           book, where, held, gained, tally, leavers, retired, moved_in,
           moved_out)  # fmt: skip
        stand(t + 1, last, periods, people, p, s0, a0, lot[a0 + p], remains, sent_to[k], main,
              retire, gone, risk, age, due, fate, lot, left, since, diary, then)  # fmt: skip


def renew(t: int, months: int, q0: int, groups: int, taken: Any) -> None:
    """Begin the count of hires anew with each year."""
    if t * months % 12 < months:
        for g in range(q0, q0 + groups):
            taken[g] = 0


def seek(
    begin: int, end: int, cells: int, line: int, t: int, ahead: int, key: int, high: int, now: int,
    c0: int, q0: int, out: int, sought_in: Any, sought: Any, found_in: Any, odds: Any, fee: Any,
    chime: Any, group: Any, quota: Any, coming: Any, pending: Any, taken: Any, cost: Any,
) -> None:  # fmt: skip
    """Announce what the agenda asks for; each opening is filled or not by its own luck."""
    for k in range(begin, end):
        c = sought_in[k]
        due = line + (t + found_in[k]) % ahead * cells + c
        for n in range(sought[k]):
            lucky = draw(key, high, chime[k], now + OPENING + n * STEP) < odds[k]
            if lucky and taken[q0 + group[c]] < quota[group[c]]:
                coming[due] += 1
                pending[c0 + c] += 1
                taken[q0 + group[c]] += 1
                cost[out + c] += fee[k]


def announce(
    cells: int, line: int, t: int, ahead: int, key: int, high: int, now: int, c0: int, q0: int,
    out: int, chance: Any, lead: Any, price: Any, place: Any, group: Any, quota: Any,
    vacant: Any, coming: Any, pending: Any, taken: Any, whom: Any, marks: Any, lots: Any, cost: Any,
) -> None:  # fmt: skip
    """Announce whole vacancies that nobody is coming for; each is filled or not by its own luck."""
    many = 0
    for c in range(cells):
        if chance[c] > 0 and vacant[out + c] >= FULL:
            for n in range(vacant[out + c] // FULL - pending[c0 + c]):
                whom[many], marks[many] = c, place[c]
                lots[many] = now + OPENING + n * STEP
                many += 1
    draws(key, high, marks[:many], lots[:many])
    for each in range(many):
        c = whom[each]
        if lots[each] < chance[c] and taken[q0 + group[c]] < quota[group[c]]:
            coming[line + (t + lead[c]) % ahead * cells + c] += 1
            pending[c0 + c] += 1
            taken[q0 + group[c]] += 1
            cost[out + c] += price[c]


def draws(key: int, high: int, marks: Any, lots: Any) -> None:
    """Draw for many openings in a row, each for its purpose."""
    for n in range(len(lots)):
        lots[n] = draw(key, high, marks[n], lots[n])
