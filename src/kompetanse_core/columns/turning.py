"""What happens in one turn of one run? The kernels behind `turns`, in plain whole numbers.

A turn has this order: who was hired joins, what was begun is paid for, what was learnt counts,
everybody is counted, everybody's luck for the next turn is drawn, those who are sent elsewhere go,
and openings are announced. What is paid, learnt, sent and sought is on the run's own agenda.
"""

from __future__ import annotations

from typing import Any

from kompetanse_core.columns.chance import MASK, MILLION, WEYL, draw

EMPTY, HOME, ROWS = 0, 1, 2
"""What a slot holds: nothing, somebody at home, or from `ROWS` up the row where somebody stands."""
STAY, ENTERED, OPENING, LEARNING, AGE = 0, 1, 2, 3, 4
"""What a draw is for: somebody who was there or who entered, an opening, learning, an age."""
PURPOSES = 8
MOST_TURNS = 2_000
"""So many turns, with their purposes, stay below `STEP`."""
STEP = 1 << 14
"""Counts the openings of one cell in one turn, above the turn and the purpose."""
FULL = 10_000
OLDEST = 120


def turns(
    starts: Any, cell: Any, main: Any, share: Any, met: Any, missing: Any, unknown: Any,
    ways: Any, way: Any, upto: Any, leave: Any, retire: Any, youngest: Any, years: Any,
    wanted: Any, chance: Any, lead: Any, price: Any, entry: Any, group: Any, quota: Any,
    mark: Any, place: Any,
    paid_from: Any, payer: Any, paid_in: Any, paid: Any, hours: Any,
    learnt_from: Any, learner: Any, learnt: Any, steps: Any, success: Any, luck: Any, via: Any,
    sent_from: Any, sent: Any, sent_to: Any,
    sought_from: Any, sought_in: Any, sought: Any, found_in: Any, odds: Any, fee: Any, chime: Any,
    at_home: Any, keys: Any, agenda: Any,
    people: int, rows: int, cells: int, periods: int, slots: int, ahead: int, months: int,
    groups: int, high: int, first: int, last: int,
    where: Any, held: Any, who: Any, used: Any, age: Any, gained: Any, coming: Any, pending: Any,
    hired: Any, taken: Any, done: Any, fates: Any,
    heads: Any, hires: Any, left: Any, retired: Any, moved_in: Any, moved_out: Any, came: Any,
    went: Any, vacant: Any, cost: Any, away: Any, now_met: Any, now_missing: Any,
    now_unknown: Any,
) -> None:  # fmt: skip
    """Play the turns from `first` up to `last` in every run; see `Course`, `State`, `Counts`.

    Everybody is counted at home at once, and who is not there is taken out again: most are there.
    """
    risky, whole = len(way) + some(leave) + some(retire), cells * periods
    dated = some(at_home[5 * whole :])
    for r in range(len(keys)):
        key, s0, c0, g0, a0 = keys[r], r * slots, r * cells, r * rows, r * people
        if first == 0:
            settle(people, key, high, s0, a0, mark, youngest, years, who, age)
        learns = len(learner) + some(gained[g0 : g0 + rows])
        for t in range(first, last):
            out, now, line = (r * periods + t) * cells, t * PURPOSES, r * ahead * cells
            plan, q0 = agenda[r] * (periods + 1) + t, r * groups
            join(
                people, cells, slots, s0, c0, line + t % ahead * cells, out, r, entry, place,
                where, held, who, used, coming, pending, hired, hires,
            )  # fmt: skip
            pay(paid_from[plan], paid_from[plan + 1], t * people, s0, out, payer, paid_in, paid,
                hours, cell, main, where, cost, away)  # fmt: skip
            learn(learnt_from[plan], learnt_from[plan + 1], t * people, s0, g0, r * len(learner),
                  key, high, now, learner, learnt, steps, success, luck, via, main,
                  where, gained, done)  # fmt: skip
            everybody(cells, t * cells, whole, out, wanted, at_home, heads, vacant, now_met,
                      now_missing, now_unknown, came, went)  # fmt: skip
            if risky > 0:
                lots = who[s0 : s0 + used[r]]
                cast(0, people, key, high, now + STAY, lots, fates)
                cast(people, used[r], key, high, now + ENTERED, lots, fates)
            for slot in range(used[r]):
                row = seen(t, people, rows, slot, s0, g0, out, learns, dated, starts, cell, main,
                           share, met, missing, unknown, where, held, gained, heads, vacant,
                           now_met, now_missing, now_unknown, came, went)  # fmt: skip
                if risky > 0 and row >= 0:
                    move(t, people, rows, months, slot, row, s0, a0, out, fates[slot],
                         starts, cell, share, ways, way, upto, leave, retire, age,
                         where, held, left, retired, moved_in, moved_out)  # fmt: skip
            send(sent_from[plan], sent_from[plan + 1], t, people, rows, s0, out, starts, cell, main,
                 share, sent, sent_to, where, held, left, retired, moved_in,
                 moved_out)  # fmt: skip
            renew(t, months, q0, groups, taken)
            seek(sought_from[plan], sought_from[plan + 1], cells, line, t, ahead, key, high, now,
                 c0, q0, out, sought_in, sought, found_in, odds, fee, chime, group, quota,
                 coming, pending, taken, cost)  # fmt: skip
            announce(cells, line, t, ahead, key, high, now, c0, q0, out, chance, lead, price, place,
                     group, quota, vacant, coming, pending, taken, cost)  # fmt: skip


def some(numbers: Any) -> int:
    """Count the numbers that are not nothing."""
    found = 0
    for place in range(len(numbers)):
        found += numbers[place] != 0
    return found


def settle(
    people: int, key: int, high: int, s0: int, a0: int, mark: Any, youngest: Any, years: Any,
    who: Any, age: Any,
) -> None:  # fmt: skip
    """Give everybody their mark and, where it is known within which years, an age."""
    for p in range(people):
        who[s0 + p] = mark[p]
        if years[p] > 0:
            age[a0 + p] = youngest[p] + draw(key, high, mark[p], AGE) * years[p] // MILLION


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
    begin: int, end: int, t0: int, s0: int, g0: int, d0: int, key: int, high: int, now: int,
    learner: Any, learnt: Any, steps: Any, success: Any, luck: Any, via: Any, main: Any,
    where: Any, gained: Any, done: Any,
) -> None:  # fmt: skip
    """Let those who are still there gain what they set out to learn, if they succeed.

    What is learnt `via` somebody is learnt only if that one succeeded, earlier in the same turn.
    """
    for k in range(begin, end):
        spot, row = where[s0 + learner[k]], g0 + learnt[k]
        here = main[t0 + learner[k]] >= 0 and (spot == HOME or spot == learnt[k] + ROWS)
        if here and via[k] >= 0:
            here = done[d0 + via[k]] == 1
        if here and draw(key, high, luck[k], now + LEARNING) < success[k]:
            gained[row] = max(0, gained[row] + steps[k])
            done[d0 + k] = 1


def everybody(
    cells: int, at: int, whole: int, out: int, wanted: Any, at_home: Any, heads: Any, vacant: Any,
    now_met: Any, now_missing: Any, now_unknown: Any, came: Any, went: Any,
) -> None:  # fmt: skip
    """Count as if all were at home; `at_home` has heads, shares and the rest, one after another."""
    for c in range(cells):
        to, of = out + c, at + c
        heads[to] = at_home[of]
        vacant[to] = wanted[of] - at_home[whole + of]
        now_met[to] = at_home[2 * whole + of]
        now_missing[to] = at_home[3 * whole + of]
        now_unknown[to] = at_home[4 * whole + of]
        came[to] = at_home[5 * whole + of]
        went[to] = at_home[6 * whole + of]


def cast(begin: int, end: int, key: int, high: int, turn: int, lots: Any, fates: Any) -> None:
    """Draw for many slots in a row, which is faster than one by one."""
    for slot in range(begin, end):
        fates[slot] = draw(key, high, lots[slot], turn)


def seen(
    t: int, people: int, rows: int, slot: int, s0: int, g0: int, out: int, learns: int,
    dated: int, starts: Any, cell: Any, main: Any, share: Any, met: Any, missing: Any,
    unknown: Any, where: Any, held: Any, gained: Any, heads: Any, vacant: Any, now_met: Any,
    now_missing: Any, now_unknown: Any, came: Any, went: Any,
) -> int:  # fmt: skip
    """Count whoever has a slot, and give the row that counts for leaving; -1 if nobody is there."""
    spot, row = where[s0 + slot], int(main[t * people + slot]) if slot < people else 0
    if spot == HOME:
        if learns > 0:
            at_home_gained(t * rows, out, starts[slot], starts[slot + 1], g0, cell, share,
                           missing, gained, now_met, now_missing)  # fmt: skip
        return row
    if slot < people:
        absent(t * rows, out, starts[slot], starts[slot + 1], cell, share, met, missing, unknown,
               heads, vacant, now_met, now_missing, now_unknown)  # fmt: skip
        if dated > 0 and t > 0:
            undated(t * rows, rows, out, starts[slot], starts[slot + 1], cell, share, came, went)
    if spot == EMPTY:
        return -1
    return stand(t * rows, out, s0 + slot, row, g0, cell, met, missing, unknown, held, where,
                 gained, heads, vacant, now_met, now_missing, now_unknown, went)  # fmt: skip


def move(
    t: int, people: int, rows: int, months: int, slot: int, row: int, s0: int, a0: int, out: int,
    fate: int, starts: Any, cell: Any, share: Any, ways: Any, way: Any, upto: Any,
    leave: Any, retire: Any, age: Any, where: Any, held: Any,
    left: Any, retired: Any, moved_in: Any, moved_out: Any,
) -> None:  # fmt: skip
    """Let somebody leave, retire, move or stay: one draw decides."""
    goes, retires, begin, end = leave[cell[row]], 0, 0, 0
    if slot < people:
        begin, end = starts[slot], starts[slot + 1]
        if age[a0 + slot] >= 0:
            retires = retire[min(age[a0 + slot] + t * months // 12, OLDEST)]
    if goes + retires > 0 or ways[row] != ways[row + 1]:
        towards = led(fate - goes - retires, row, ways, way, upto)
        if fate < goes + retires or towards >= 0:
            go(t * rows, out, s0 + slot, begin, end, row, towards, fate, goes, retires, cell,
               share, where, held, left, retired, moved_in, moved_out)  # fmt: skip


def stand(
    at: int, out: int, spot: int, present: int, g0: int, cell: Any, met: Any, missing: Any,
    unknown: Any, held: Any, where: Any, gained: Any, heads: Any, vacant: Any, now_met: Any,
    now_missing: Any, now_unknown: Any, went: Any,
) -> int:  # fmt: skip
    """Count somebody who stands on a row, and give the row; -1 if the course lets them go."""
    row = int(where[spot] - ROWS)
    if present < 0:
        went[out + cell[row]] += 1
        where[spot] = EMPTY
        return -1
    count(at + row, out + cell[row], held[spot], gained[g0 + row], met, missing, unknown, heads,
          vacant, now_met, now_missing, now_unknown)  # fmt: skip
    return row


def at_home_gained(
    at: int, out: int, begin: int, end: int, g0: int, cell: Any, share: Any, missing: Any,
    gained: Any, now_met: Any, now_missing: Any,
) -> None:  # fmt: skip
    """Count what somebody at home gained as met, as far as something is missing."""
    for row in range(begin, end):
        if share[at + row] > 0:
            moved = min(gained[g0 + row], missing[at + row])
            now_met[out + cell[row]] += moved
            now_missing[out + cell[row]] -= moved


def absent(
    at: int, out: int, begin: int, end: int, cell: Any, share: Any, met: Any, missing: Any,
    unknown: Any, heads: Any, vacant: Any, now_met: Any, now_missing: Any, now_unknown: Any,
) -> None:  # fmt: skip
    """Take somebody who is not at home out of the count of everybody, row by row."""
    for row in range(begin, end):
        if share[at + row] > 0:
            to = out + cell[row]
            heads[to] -= 1
            vacant[to] += share[at + row]
            now_met[to] -= met[at + row]
            now_missing[to] -= missing[at + row]
            now_unknown[to] -= unknown[at + row]


def undated(
    at: int, rows: int, out: int, begin: int, end: int, cell: Any, share: Any, came: Any, went: Any
) -> None:
    """Take somebody who is not at home out of those who come and go by the course's own dates."""
    for row in range(begin, end):
        before, now = share[at - rows + row] > 0, share[at + row] > 0
        came[out + cell[row]] -= now and not before
        went[out + cell[row]] -= before and not now


def led(fate: int, row: int, ways: Any, way: Any, upto: Any) -> int:
    """Give the row to which somebody's luck leads them; -1 for none."""
    if fate >= 0:
        for each in range(ways[row], ways[row + 1]):
            if fate < upto[each]:
                return int(way[each])
    return -1


def go(
    at: int, out: int, spot: int, begin: int, end: int, row: int, towards: int, fate: int,
    goes: int, retires: int, cell: Any, share: Any, where: Any, held: Any,
    left: Any, retired: Any, moved_in: Any, moved_out: Any,
) -> None:  # fmt: skip
    """Let somebody leave every row that they have, and take its share to where they are led."""
    total = held[spot]
    if where[spot] >= ROWS:
        depart(out + cell[row], fate, goes, retires, left, retired, moved_out)
    else:
        total = 0
        for each in range(begin, end):
            if share[at + each] > 0:
                total += share[at + each]
                depart(out + cell[each], fate, goes, retires, left, retired, moved_out)
    where[spot] = EMPTY
    if towards >= 0:
        where[spot], held[spot] = towards + ROWS, total
        moved_in[out + cell[towards]] += 1


def join(
    people: int, cells: int, slots: int, s0: int, c0: int, line: int, out: int, r: int,
    entry: Any, place: Any,
    where: Any, held: Any, who: Any, used: Any, coming: Any, pending: Any, hired: Any,
    hires: Any,
) -> None:  # fmt: skip
    """Give everybody hired for this turn the first empty slot after the people."""
    spot = people
    for c in range(cells):
        for _ in range(coming[line + c]):
            while spot < used[r] and where[s0 + spot] != EMPTY:
                spot += 1
            if spot == slots:
                break
            used[r] = max(used[r], spot + 1)
            where[s0 + spot], held[s0 + spot] = entry[c] + ROWS, FULL
            hired[c0 + c] += 1
            who[s0 + spot] = (place[c] + hired[c0 + c] * WEYL) & MASK
            hires[out + c] += 1
        pending[c0 + c] -= coming[line + c]
        coming[line + c] = 0


def count(
    at: int, to: int, share: int, gained: int, met: Any, missing: Any, unknown: Any,
    heads: Any, vacant: Any, now_met: Any, now_missing: Any, now_unknown: Any,
) -> None:  # fmt: skip
    """Count one row in its cell; what was gained counts as far as something is missing."""
    heads[to] += 1
    vacant[to] -= share
    moved = min(gained, missing[at])
    now_met[to] += met[at] + moved
    now_missing[to] += missing[at] - moved
    now_unknown[to] += unknown[at]


def depart(
    to: int, fate: int, goes: int, retires: int, left: Any, retired: Any, moved_out: Any
) -> None:
    """Count somebody who is not in a cell any more, and why."""
    if fate < goes:
        left[to] += 1
    elif fate < goes + retires:
        retired[to] += 1
    else:
        moved_out[to] += 1


def send(
    begin: int, end: int, t: int, people: int, rows: int, s0: int, out: int, starts: Any, cell: Any,
    main: Any, share: Any, sent: Any, sent_to: Any, where: Any, held: Any,
    left: Any, retired: Any, moved_in: Any, moved_out: Any,
) -> None:  # fmt: skip
    """Let those who are sent to a row, and are still there, stand on it from the next turn."""
    for k in range(begin, end):
        p = sent[k]
        row, spot = main[t * people + p], where[s0 + p]
        if row >= 0 and spot != EMPTY:
            if spot >= ROWS:
                row = spot - ROWS
            go(t * rows, out, s0 + p, starts[p], starts[p + 1], row, sent_to[k], 0, 0, 0, cell,
               share, where, held, left, retired, moved_in, moved_out)  # fmt: skip


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
    vacant: Any, coming: Any, pending: Any, taken: Any, cost: Any,
) -> None:  # fmt: skip
    """Announce whole vacancies that nobody is coming for; each is filled or not by its own luck."""
    for c in range(cells):
        vacant[out + c] = max(0, vacant[out + c])
        if chance[c] == 0:
            continue
        due = line + (t + lead[c]) % ahead * cells + c
        openings = vacant[out + c] // FULL - pending[c0 + c]
        for n in range(openings):
            lucky = draw(key, high, place[c], now + OPENING + n * STEP) < chance[c]
            if lucky and taken[q0 + group[c]] < quota[group[c]]:
                coming[due] += 1
                pending[c0 + c] += 1
                taken[q0 + group[c]] += 1
                cost[out + c] += price[c]
