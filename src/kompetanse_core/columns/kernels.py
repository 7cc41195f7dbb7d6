"""How is it counted, number by number? The kernels: plain functions that fill arrays.

All stand in one module, because a compiled kernel is kept on disk under the date of its module:
none may call one that could change without it. Rows are compressed: the rows of person p are
`starts[p]:starts[p + 1]`. Each kernel has an oracle of a few lines in the tests.
"""

from __future__ import annotations

from math import floor
from typing import Any

RANKED, LATEST, BEST = 0, 1, 2
"""The orders in which one claim comes before another: by source, by date, by level."""
UNKNOWN, NONE, BELOW, EXACT, SURPLUS = 0, 1, 2, 3, 4
"""The level held against the level needed."""
VALID, EXPIRING, EXPIRED = 0, 1, 2
NOT_NEEDED, PROVEN, UNPROVEN = 0, 1, 2
COUNTED, OPEN, LOST = 0, 1, 2
"""How steps count: as far as the level reaches, all unknown, all missing."""
QUALIFIED, CONDITIONAL, SHUT = 0, 1, 2
"""What the law says of somebody: may, may if what is unknown is met, may not."""
HALF = 2**32
"""What stands above it and below it in a score are two numbers."""
SHARE = 10_000
NO_LEVEL = -(2**15)
FIRST_DAY, LAST_DAY = -(2**31), 2**31 - 1


# --- what people hold -------------------------------------------------------------------------


def choose(
    starts: Any, code: Any, level: Any, rank: Any, assessed: Any, recorded: Any, expires: Any,
    fade_of: Any, fade_starts: Any, fade_days: Any,
    on: int, known_at: int, order: int,
    to_starts: Any, to_row: Any, to_level: Any,
) -> None:  # fmt: skip
    """Choose for each person and code the claim that comes first in the order, into `to_*`."""
    count, best = 0, (0, 0, 0, 0, 0)
    for person in range(len(starts) - 1):
        last = -1
        for row in range(starts[person], starts[person + 1]):
            if assessed[row] > on or recorded[row] > known_at:
                continue
            fade = fade_of[code[row]]
            now = faded(
                level[row], assessed[row], fade_starts[fade], fade_starts[fade + 1], fade_days
            )
            key = standing(order, on, now, rank[row], assessed[row], recorded[row], expires[row])
            if code[row] == last and key <= best:
                continue
            count += code[row] != last
            last, best = code[row], key
            to_row[count - 1] = row
            to_level[count - 1] = now
        to_starts[person + 1] = count


def faded(level: int, assessed: int, place: int, end: int, days: Any) -> int:
    """Drop a level for every day, of a falling row, on or before which it was assessed."""
    now = int(level)
    while place < end and now > 0 and assessed <= days[place]:
        place += 1
        now -= 1
    return now


def standing(
    order: int, on: int, level: int, rank: int, assessed: int, recorded: int, expires: int
) -> tuple[int, int, int, int, int]:
    """Give the key by which claims are compared: the greater comes first."""
    if order == RANKED:
        return -int(rank), int(assessed), int(recorded), int(level), int(expires)
    if order == LATEST:
        return int(assessed), int(recorded), -int(rank), int(level), int(expires)
    return int(expires >= on), int(level), int(expires), -int(rank), int(assessed)


def carry(
    starts: Any, code: Any, level: Any, expires: Any, way_starts: Any, way_to: Any, way_drop: Any,
    on: int,
    place: Any, to_starts: Any, to_code: Any, to_level: Any, to_expires: Any, to_row: Any,
) -> None:  # fmt: skip
    """Write what each person holds, then all it carries to, the best for each code, into `to_*`.

    `place` (K,) says where a code was last written; it is believed only where that is true.
    """
    end = 0
    for person in range(len(starts) - 1):
        begin = end
        for row in range(starts[person], starts[person + 1]):
            place[code[row]] = end
            to_code[end], to_row[end] = code[row], row
            to_level[end], to_expires[end] = level[row], expires[row]
            end += 1
        for row in range(starts[person], starts[person + 1]):
            for way in range(way_starts[code[row]], way_starts[code[row] + 1]):
                implied, target = level[row] - way_drop[way], way_to[way]
                spot = find(target, place, to_code, begin, end)
                if implied < 1 or (
                    spot >= 0
                    and not better(on, implied, expires[row], to_level[spot], to_expires[spot])
                ):
                    continue
                if spot < 0:
                    spot = end
                    end += 1
                place[target] = spot
                to_code[spot], to_row[spot] = target, row
                to_level[spot], to_expires[spot] = implied, expires[row]
        to_starts[person + 1] = end


def find(code: int, place: Any, codes: Any, begin: int, end: int) -> int:
    """Find where a code stands among `codes[begin:end]`; -1 if it does not."""
    spot = place[code]
    return spot if begin <= spot < end and codes[spot] == code else -1


def better(on: int, level: int, expires: int, other_level: int, other_expires: int) -> bool:
    """Say whether one level and expiry comes before another on a day."""
    mine = (int(expires >= on), int(level), int(expires))
    return mine > (int(other_expires >= on), int(other_level), int(other_expires))


def disagree(
    starts: Any, code: Any, level: Any, source: Any, assessed: Any, recorded: Any, expires: Any,
    on: int, known_at: int,
    latest: Any, people: Any,
) -> None:  # fmt: skip
    """Count for each code the people about whom the latest words of two sources differ.

    Claims of one person and code stand from old to new; `latest` (sources,) is scratch.
    """
    for person in range(len(starts) - 1):
        last = -1
        for row in range(starts[person], starts[person + 1]):
            if assessed[row] > on or recorded[row] > known_at or expires[row] < on:
                continue
            if code[row] != last:
                if last >= 0:
                    people[last] += differing(latest)
                last = code[row]
                for each in range(len(latest)):
                    latest[each] = NO_LEVEL
            latest[source[row]] = level[row]
        if last >= 0:
            people[last] += differing(latest)


def differing(levels: Any) -> int:
    """Give 1 if two of the levels that are known differ, else 0."""
    lowest, highest = -NO_LEVEL, NO_LEVEL
    for place in range(len(levels)):
        if levels[place] != NO_LEVEL:
            lowest, highest = min(lowest, levels[place]), max(highest, levels[place])
    return int(lowest < highest)


# --- what is needed ---------------------------------------------------------------------------


def meet(
    post_person: Any, post_key: Any,
    want_starts: Any, want_code: Any, want_need: Any, want_statutory: Any, want_proof: Any,
    held_starts: Any, held_code: Any, held_level: Any, held_expires: Any,
    said_starts: Any, said_code: Any, said_level: Any, said_expires: Any,
    kin: Any, proof_starts: Any, proof_kin: Any, proof_kind: Any, proof_level: Any,
    proof_expires: Any,
    on: int, soon: int,
    place: Any, have: Any, expires: Any, state: Any,
) -> None:  # fmt: skip
    """Hold each post's person against what its key wants; fill a row for each want.

    `held` is what counts, `said` what was claimed itself; both are needed, because a statutory
    want takes only the code itself or its kin. Posts of one person stand together. `place` (K,)
    is scratch.
    """
    row, last = 0, -1
    for post in range(len(post_person)):
        person, key = post_person[post], post_key[post]
        begin, end = held_starts[person], held_starts[person + 1]
        if person != last:
            locate(held_code, begin, end, place)
            last = person
        for want in range(want_starts[key], want_starts[key + 1]):
            code, need, level, until = want_code[want], want_need[want], NO_LEVEL, LAST_DAY
            if want_statutory[want]:
                level, until = best_kin(
                    code, kin, on, said_code, said_level, said_expires,
                    said_starts[person], said_starts[person + 1],
                )  # fmt: skip
            else:
                spot = find(code, place, held_code, begin, end)
                if spot >= 0:
                    level, until = held_level[spot], held_expires[spot]
            proof, proven_until = NOT_NEEDED, LAST_DAY
            if want_proof[want]:
                proof, proven_until = prove(
                    want_proof[want], kin[code], need, proof_kin, proof_kind, proof_level,
                    proof_expires, proof_starts[person], proof_starts[person + 1],
                )  # fmt: skip
            until = min(until, proven_until)
            have[row], expires[row] = level, until
            state[row] = judged(level, need, until, proof, want_statutory[want], on, soon)
            row += 1


def locate(codes: Any, begin: int, end: int, place: Any) -> None:
    """Write for each of `codes[begin:end]` where it stands, to be found again by `find`."""
    for spot in range(begin, end):
        place[codes[spot]] = spot


def best_kin(
    code: int, kin: Any, on: int, codes: Any, levels: Any, ends: Any, begin: int, end: int
) -> tuple[int, int]:
    """Find the best level, and its last day, of what was said of a code or of its kin.

    What is said of kin at level 0 tells nothing of the code itself.
    """
    level, until = NO_LEVEL, LAST_DAY
    for row in range(begin, end):
        if kin[codes[row]] != kin[code] or (levels[row] < 1 and codes[row] != code):
            continue
        if level == NO_LEVEL or better(on, levels[row], ends[row], level, until):
            level, until = int(levels[row]), int(ends[row])
    return level, until


def prove(
    kinds: int, kin: int, need: int,
    proof_kin: Any, proof_kind: Any, proof_level: Any, proof_expires: Any, begin: int, end: int,
) -> tuple[int, int]:  # fmt: skip
    """Find whether a want is proven, and the last day on which its best proof holds."""
    proof, until = UNPROVEN, FIRST_DAY
    for row in range(begin, end):
        fits = proof_kin[row] == kin and (proof_kind[row] & kinds) != 0
        if fits and (proof_level[row] >= need or proof_level[row] == NO_LEVEL):
            proof, until = PROVEN, max(until, int(proof_expires[row]))
    return proof, until if proof == PROVEN else LAST_DAY


def judged(
    level: int, need: int, until: int, proof: int, statutory: int, on: int, soon: int
) -> int:
    """Judge one row and pack it into a byte: 45 * count + 9 * state + 3 * validity + proof."""
    validity = EXPIRED if until < on else (EXPIRING if until <= soon else VALID)
    if level == NO_LEVEL:
        state, count = UNKNOWN, OPEN
    else:
        state = NONE if level == 0 else BELOW + int(level >= need) + int(level > need)
        count = LOST if proof == UNPROVEN else COUNTED
        if validity == EXPIRED:
            count = LOST if statutory or proof != NOT_NEEDED else OPEN
    return count * 45 + state * 9 + validity * 3 + proof


def lay_out(
    post_person: Any, post_key: Any, post_place: Any,
    want_starts: Any, want_code: Any, want_need: Any, want_weight: Any, want_demand: Any,
    want_statutory: Any, have: Any, packed: Any,
    person: Any, key: Any, place: Any, code: Any, need: Any, weight: Any, demand: Any,
    statutory: Any, state: Any, validity: Any, proof: Any, met: Any, missing: Any, unknown: Any,
) -> None:  # fmt: skip
    """Write every row of some posts out in full: whose it is, what is asked and what is counted."""
    row = 0
    for post in range(len(post_person)):
        for want in range(want_starts[post_key[post]], want_starts[post_key[post] + 1]):
            steps, worth, judged_as = int(want_need[want]), int(want_weight[want]), int(packed[row])
            count = judged_as // 45
            person[row], key[row] = post_person[post], post_key[post]
            place[row], code[row] = post_place[post], want_code[want]
            need[row], weight[row] = steps, worth
            demand[row], statutory[row] = want_demand[want], want_statutory[want]
            state[row], validity[row] = judged_as % 45 // 9, judged_as % 9 // 3
            proof[row] = judged_as % 3
            reached = min(int(have[row]), steps) if count == COUNTED else 0
            met[row] = reached * worth
            missing[row] = (steps - reached) * worth if count != OPEN else 0
            unknown[row] = steps * worth if count == OPEN else 0
            row += 1


# --- sums -------------------------------------------------------------------------------------


def add_up(
    post_person: Any, post_key: Any, post_group: Any,
    want_starts: Any, want_need: Any, want_weight: Any, want_group: Any, want_counts: Any,
    have: Any, state: Any, group_starts: Any, group: Any,
    seen: Any, met: Any, missing: Any, unknown: Any, people: Any,
) -> None:  # fmt: skip
    """Add the weighted steps of every row, and its person once, to each group it belongs to.

    The groups of a row are those of the place `post_group + want_group` among `group_starts`;
    `seen` (groups,) says who was last counted in a group. People stand together.
    """
    row = 0
    for post in range(len(post_person)):
        key = post_key[post]
        for want in range(want_starts[key], want_starts[key + 1]):
            count, need, weight = state[row] // 45, int(want_need[want]), int(want_weight[want])
            reached = min(int(have[row]), need) if count == COUNTED else 0
            row += 1
            if not want_counts[want]:
                continue
            place = post_group[post] + want_group[want]
            for spot in range(group_starts[place], group_starts[place + 1]):
                to = group[spot]
                met[to] += reached * weight
                unknown[to] += need * weight if count == OPEN else 0
                missing[to] += (need - reached) * weight if count != OPEN else 0
                if seen[to] != post_person[post]:
                    seen[to] = post_person[post]
                    people[to] += 1


def leave_over(
    post_person: Any, post_key: Any, want_starts: Any, want_code: Any,
    said_starts: Any, said_code: Any, said_level: Any, said_expires: Any,
    way_starts: Any, way_to: Any, way_drop: Any,
    on: int,
    wanted: Any, over: Any,
) -> None:  # fmt: skip
    """Mark what a person holds that no post of theirs wants, nor anything that it carries to.

    `wanted` (K,) is scratch, -1 at first. Posts of one person stand together.
    """
    post = 0
    while post < len(post_person):
        person = post_person[post]
        while post < len(post_person) and post_person[post] == person:
            for want in range(want_starts[post_key[post]], want_starts[post_key[post] + 1]):
                wanted[want_code[want]] = person
            post += 1
        for row in range(said_starts[person], said_starts[person + 1]):
            code, level = said_code[row], said_level[row]
            used = level < 1 or said_expires[row] < on or wanted[code] == person
            for way in range(way_starts[code], way_starts[code + 1]):
                used = used or (level - way_drop[way] >= 1 and wanted[way_to[way]] == person)
            over[row] = not used


# --- who fits what ----------------------------------------------------------------------------


def rank(
    held_starts: Any, held_code: Any, held_level: Any, held_expires: Any,
    strict_starts: Any, strict_code: Any, strict_level: Any, strict_expires: Any,
    kin: Any, proof_starts: Any, proof_kin: Any, proof_kind: Any, proof_level: Any,
    proof_expires: Any,
    loose_starts: Any, loose_key: Any, loose_need: Any, loose_weight: Any,
    firm_starts: Any, firm_key: Any, firm_need: Any, firm_weight: Any, firm_proof: Any,
    law_starts: Any, law_key: Any, law_need: Any, law_weight: Any, law_proof: Any,
    total: Any, laws: Any, own: Any,
    on: int, closed: int, turned: int, best: int,
    score: Any, passed: Any, barred: Any, who: Any, met: Any, missing: Any, of: Any,
) -> None:  # fmt: skip
    """Write for each person the keys that fit best, in two lanes of `best` places each.

    Or, `turned`, for each key the people that fit it best. Where `closed`, what is unknown is
    missing. `own` names a key that is left out for a person, -1 none. `score`, `passed` and
    `barred` (keys,) are scratch, 0 at first and at last; `who` is -1 at first.
    """
    for person in range(len(held_starts) - 1):
        weigh(
            person, held_starts, held_code, held_level, held_expires,
            strict_starts, strict_code, strict_level, strict_expires,
            kin, proof_starts, proof_kin, proof_kind, proof_level, proof_expires,
            loose_starts, loose_key, loose_need, loose_weight,
            firm_starts, firm_key, firm_need, firm_weight, firm_proof,
            law_starts, law_key, law_need, law_weight, law_proof, on, score, passed, barred,
        )  # fmt: skip
        for key in range(len(total)):
            known, reached = int(score[key]) & HALF - 1, int(score[key]) >> 32
            lane = lane_of(passed[key], barred[key], laws[key])
            score[key], passed[key], barred[key] = 0, 0, 0
            if total[key] == 0 or lane == SHUT or own[person] == key:
                continue
            lack = int(total[key]) - reached if closed else known - reached
            name, row = (person, key) if turned else (key, person)
            place = (2 * row + lane) * best
            last = place + best - 1
            if who[last] < 0 or fits_better(
                reached, lack, int(total[key]), met[last], missing[last], of[last]
            ):
                enter(place, best, name, reached, lack, int(total[key]), who, met, missing, of)


def weigh(
    person: int, held_starts: Any, held_code: Any, held_level: Any, held_expires: Any,
    strict_starts: Any, strict_code: Any, strict_level: Any, strict_expires: Any,
    kin: Any, proof_starts: Any, proof_kin: Any, proof_kind: Any, proof_level: Any,
    proof_expires: Any,
    loose_starts: Any, loose_key: Any, loose_need: Any, loose_weight: Any,
    firm_starts: Any, firm_key: Any, firm_need: Any, firm_weight: Any, firm_proof: Any,
    law_starts: Any, law_key: Any, law_need: Any, law_weight: Any, law_proof: Any,
    on: int, score: Any, passed: Any, barred: Any,
) -> None:  # fmt: skip
    """Add what is known of a person to the score of every key that wants any of it.

    A score is HALF * steps met + steps known of. Loose wants ask for a level only, firm ones for
    proof too, those by law for the code itself or its kin.
    """
    proofs, proven = proof_starts[person], proof_starts[person + 1]
    for row in range(held_starts[person], held_starts[person + 1]):
        code, level, until = held_code[row], int(held_level[row]), held_expires[row]
        if until >= on:
            for want in range(loose_starts[code], loose_starts[code + 1]):
                need, weight = int(loose_need[want]), int(loose_weight[want])
                score[loose_key[want]] += (min(level, need) * HALF + need) * weight
        for want in range(firm_starts[code], firm_starts[code + 1]):
            need, weight = int(firm_need[want]), int(firm_weight[want])
            proof, last = prove(
                firm_proof[want], kin[code], need, proof_kin, proof_kind, proof_level,
                proof_expires, proofs, proven,
            )  # fmt: skip
            counts = proof == PROVEN and min(until, last) >= on
            score[firm_key[want]] += (min(level, need) * HALF * counts + need) * weight
    for row in range(strict_starts[person], strict_starts[person + 1]):
        code, level, until = strict_code[row], int(strict_level[row]), strict_expires[row]
        for want in range(law_starts[code], law_starts[code + 1]):
            need, weight, counts = int(law_need[want]), int(law_weight[want]), until >= on
            if law_proof[want]:
                proof, last = prove(
                    law_proof[want], kin[code], need, proof_kin, proof_kind, proof_level,
                    proof_expires, proofs, proven,
                )  # fmt: skip
                counts = counts and proof == PROVEN and last >= on
            score[law_key[want]] += (min(level, need) * HALF * counts + need) * weight
            passed[law_key[want]] += counts and level >= need
            barred[law_key[want]] += not (counts and level >= need)


def lane_of(passed: int, barred: int, laws: int) -> int:
    """Say whether somebody qualifies by law, would if what is unknown were met, or does not."""
    if passed >= laws:
        return QUALIFIED
    return SHUT if barred > 0 else CONDITIONAL


def enter(
    place: int, best: int, name: int, reached: int, lack: int, total: int,
    who: Any, met: Any, missing: Any, of: Any,
) -> None:  # fmt: skip
    """Enter a name among the best of a lane, after all that are as good; the last one drops out."""
    spot = place + best - 1
    while spot > place and (
        who[spot - 1] < 0
        or fits_better(reached, lack, total, met[spot - 1], missing[spot - 1], of[spot - 1])
    ):
        who[spot], of[spot] = who[spot - 1], of[spot - 1]
        met[spot], missing[spot] = met[spot - 1], missing[spot - 1]
        spot -= 1
    who[spot], met[spot], missing[spot], of[spot] = name, reached, lack, total


def fits_better(
    reached: int, lack: int, total: int, other_reached: int, other_lack: int, other_total: int
) -> bool:
    """Compare shares of steps met, and then of steps known to be missing; totals are below 2^31."""
    mine, theirs = reached * other_total, other_reached * total
    return mine > theirs or (mine == theirs and lack * other_total < other_lack * total)


def merge_ranks(
    whose: Any, reached: Any, lack: Any, total: Any, first: int, best: int,
    who: Any, met: Any, missing: Any, of: Any,
) -> None:  # fmt: skip
    """Enter the best of a block, whose people count from `first`, among the best of all."""
    for spot in range(len(whose)):
        if whose[spot] >= 0:
            place = spot // best * best
            last = place + best - 1
            if who[last] < 0 or fits_better(
                reached[spot], lack[spot], total[spot], met[last], missing[last], of[last]
            ):
                enter(
                    place, best, first + whose[spot], reached[spot], lack[spot], total[spot],
                    who, met, missing, of,
                )  # fmt: skip


def liken(
    starts: Any, code: Any, level: Any, turned_starts: Any, turned_key: Any, turned_level: Any,
    norm: Any, best: int,
    score: Any, who: Any, alike: Any, missing: Any, of: Any,
) -> None:  # fmt: skip
    """Write for each key the others most like it, by the cosine of their levels.

    `norm` (keys,) is the length of a key's levels; `score` is scratch, 0 at first. `alike` is
    SHARE for the same, 0 for what has nothing in common.
    """
    for key in range(len(starts) - 1):
        for row in range(starts[key], starts[key + 1]):
            for spot in range(turned_starts[code[row]], turned_starts[code[row] + 1]):
                score[turned_key[spot]] += int(level[row]) * int(turned_level[spot])
        for other in range(len(norm)):
            shared, score[other] = int(score[other]), 0
            if other == key:
                continue
            near = floor(shared / (norm[key] * norm[other]) * SHARE + 0.5) if shared else 0
            last = (key + 1) * best - 1
            if who[last] < 0 or near > alike[last]:
                enter(key * best, best, other, near, 0, 1, who, alike, missing, of)
