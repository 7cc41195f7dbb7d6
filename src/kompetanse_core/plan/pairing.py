"""Who could begin which measure when, and what does that take? Pairs, their starts and sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, field, frozen

from kompetanse_core.model.measure import Measure, MeasureId, Mode
from kompetanse_core.plan.calendar import Slot
from kompetanse_core.plan.choices import Lift, Load, Pair, Sessions, Start
from kompetanse_core.plan.mustering import Roll
from kompetanse_core.plan.scene import Row, Scene
from kompetanse_core.plan.stores import Stores
from kompetanse_core.strategy import Strategy
from kompetanse_core.strategy.lifting import before

WORST_PENALTY = 9
Key = tuple[int, int]
"""A person and a measure, both by code."""
Group = tuple[MeasureId, ...]
MOST_GROUPS = 500
"""Beyond so many groups that share mentors, only these and all together are watched."""


@frozen(kw_only=True)
class Paired:
    """Hold all pairs with their starts and sessions."""

    measures: tuple[Measure, ...]
    pairs: tuple[Pair, ...]
    starts: tuple[Start, ...]
    sessions: tuple[Sessions, ...]
    session_limits: tuple[tuple[tuple[int, ...], int], ...]
    numbers: Mapping[Key, int] = field(repr=False)
    """The number of each pair."""


def pair_up(scene: Scene, stores: Stores, lacks: Mapping[int, int], roll: Roll) -> Paired:
    """Pair every person with the measures that are open to them; `lacks` numbers rows of gaps."""
    rows: dict[Key, list[Row]] = {}
    for strategy in (Strategy.UPSKILL, Strategy.RESKILL):
        for row in scene.rows[strategy]:
            if row.measure >= 0:
                rows.setdefault((row.employee, row.measure), []).append(row)
    keys = sorted(rows)
    numbers = {key: number for number, key in enumerate(keys)}
    used = sorted({measure for _, measure in keys})
    places = {code: place for place, code in enumerate(used)}
    closing = _Closing(lacks=lacks, roll=roll)
    plain = [_pair(scene, key, places[key[1]], rows[key], numbers, closing) for key in keys]
    teams = {place: mentors_of(scene, scene.measure(code)) for place, code in enumerate(used)}
    offers = offers_for(scene, stores, [scene.measure(code) for code in used], teams)
    held = _sessions(scene, stores, offers, plain)
    pairs, starts = _begun(scene, stores, offers, plain, held)
    limits = tuple(_session_limits(offers, held))
    return Paired(
        measures=tuple(scene.measure(code) for code in used),
        pairs=pairs,
        starts=starts,
        sessions=tuple(held.values()),
        session_limits=limits,
        numbers=numbers,
    )


@frozen(kw_only=True, eq=False)
class _Closing:
    """Hold what lifts can close: rows of gaps by their numbers, and headcounts."""

    lacks: Mapping[int, int]
    roll: Roll

    def steps(self, rows: Sequence[Row]) -> Iterator[tuple[int, int]]:
        """Yield the lacks that some ways close, and how much of each."""
        yield from ((self.lacks[row.gap], row.steps) for row in rows if row.gap >= 0 and row.steps)


@frozen(kw_only=True)
class Offer:
    """Hold a measure and when it can begin; never, if it takes a mentor and nobody can be one."""

    measure: Measure
    slots: tuple[Slot, ...]
    groups: tuple[Group, ...]
    """The groups of measures that its mentors' hours are counted in."""

    @property
    def in_sessions(self) -> bool:
        """Whether its sessions are paid for or limited, so that it matters who shares them."""
        return bool(self.measure.cost_per_session) or self.measure.sessions is not None

    def first_after(self, ends: Iterable[date]) -> set[Slot]:
        """Give for each end the first slot that begins on it or later."""
        found = (next((slot for slot in self.slots if slot.day >= end), None) for end in ends)
        return {slot for slot in found if slot is not None}


def _pair(
    scene: Scene,
    key: Key,
    place: int,
    rows: Sequence[Row],
    numbers: Mapping[Key, int],
    closing: _Closing,
) -> Pair:
    """Pair a person with a measure; what their own role asks goes before any headcount."""
    person, measure = key[0], scene.measure(key[1])
    rows = sorted(rows, key=lambda row: row.headcount >= 0)
    return Pair(
        person=person,
        measure=place,
        lifts=tuple(_lifts(scene, person, measure, rows, closing)),
        priors=tuple(_priors(scene, person, measure, numbers)),
        options=tuple(row.option for row in rows),
        starts=range(0),
        penalty=_penalty(rows),
    )


def _penalty(rows: Sequence[Row]) -> int:
    """Say how far a pair is from the best: among the ways for a row of gaps, if it closes one."""
    closing = [row for row in rows if row.steps]
    ranks = [row.rank for row in closing if row.headcount < 0] or [row.rank for row in closing]
    return min(WORST_PENALTY, min(ranks, default=1) - 1)


def _lifts(
    scene: Scene, person: int, measure: Measure, rows: Sequence[Row], closing: _Closing
) -> Iterator[Lift]:
    by_competence: dict[int, list[Row]] = {}
    for row in rows:
        by_competence.setdefault(row.competence, []).append(row)
    outcomes = {scene.competences.code(o.competence): o for o in measure.outcomes}
    for code in sorted(by_competence.keys() & outcomes.keys() - {-1}):
        outcome, own = outcomes[code], by_competence[code]
        closes = tuple(closing.steps(own))
        held = scene.held(person, outcome.competence)
        if closes or outcome.reach > held or any(row.gap < 0 for row in own):
            yield Lift(
                competence=code,
                entry=outcome.entry,
                reach=outcome.reach,
                enough=outcome.entry <= held,
                closes=closes,
                heads=closing.roll.lifted(person, outcome.competence, outcome.reach),
                option=own[0].option,
            )


def _priors(
    scene: Scene, person: int, measure: Measure, numbers: Mapping[Key, int]
) -> Iterator[int]:
    """Yield the pairs that must come before; -1 for one that is not open to the person."""
    for prior in sorted(measure.prior):
        found = scene.measures.get(prior)
        if found is None or measure in before(found, scene.measures):
            yield -1
        elif not scene.holds_all(person, found):
            yield numbers.get((person, scene.measure_ids.code(prior)), -1)


def offers_for(
    scene: Scene, stores: Stores, measures: Sequence[Measure], teams: Mapping[int, frozenset[int]]
) -> Mapping[int, Offer]:
    """Offer each measure when it can begin, and set up the hours of those who mentor it."""
    mentored = {place: teams[place] for place, m in enumerate(measures) if m.mentor_hours}
    groups: dict[int, list[Group]] = {}
    for team in _unions(set(mentored.values())) if scene.limits.mentor_hours is not None else ():
        own = [place for place, mentors in mentored.items() if mentors <= team]
        group = tuple(measures[place].id for place in own)
        for period in range(scene.limits.periods):
            amount = len(team) * (scene.limits.mentor_hours or 0)
            stores.open(("mentors", group, period), amount)
        for place in own:
            groups.setdefault(place, []).append(group)
    return {
        place: Offer(
            measure=measure,
            slots=scene.calendar.slots(measure) if mentored.get(place, True) else (),
            groups=tuple(groups.get(place, ())),
        )
        for place, measure in enumerate(measures)
    }


def _unions(teams: set[frozenset[int]]) -> Sequence[frozenset[int]]:
    """Give every team and every union of teams that overlap.

    A mentor's hours are given once only: that can be done just when each group of measures needs
    no more than the mentors of the group have (Hall 1935); groups that share nobody add nothing.
    """
    order = sorted(filter(None, teams), key=sorted)
    found = dict.fromkeys(order)
    ahead = list(order)
    while ahead and len(found) < MOST_GROUPS:
        team = ahead.pop()
        new = {team | other for other in order if team & other} - found.keys()
        found |= dict.fromkeys(sorted(new, key=sorted))
        ahead += sorted(new, key=sorted)
    return (*found, *({frozenset().union(*order)} - found.keys() if ahead else ()))


def mentors_of(scene: Scene, measure: Measure) -> frozenset[int]:
    """Give the colleagues who hold what is learnt, by code; nobody where it takes no mentor.

    Where it is not said what is learnt, everybody at work who is known to hold something is one.
    """
    if not measure.mentor_hours:
        return frozenset()
    able = [scene.holders(each.competence, each.reach) for each in measure.outcomes]
    return frozenset.intersection(*able) if able else scene.knowing


def _sessions(
    scene: Scene, stores: Stores, offers: Mapping[int, Offer], pairs: Sequence[Pair]
) -> dict[Key, Sessions]:
    """Set up the sessions of measures that pay for them or can hold only some, by period."""
    wanted: dict[int, int] = {}
    for pair in pairs:
        wanted[pair.measure] = wanted.get(pair.measure, 0) + 1
    held: dict[Key, Sessions] = {}
    for place, offer in offers.items():
        measure = offer.measure
        if offer.in_sessions:
            seats = min(wanted[place], measure.seats or wanted[place])
            most = -(-wanted[place] // seats)
            most = most if measure.sessions is None else min(most, measure.sessions)
            for slot in offer.slots:
                held[place, slot.period] = Sessions(
                    measure=place,
                    period=slot.period,
                    seats=seats,
                    most=most,
                    cost=measure.cost_per_session,
                    loads=money(scene, stores, measure.cost_per_session, slot.period),
                )
    return held


def _session_limits(
    offers: Mapping[int, Offer], held: Mapping[Key, Sessions]
) -> Iterator[tuple[tuple[int, ...], int]]:
    for place, offer in offers.items():
        if offer.measure.sessions is not None:
            own = tuple(number for number, key in enumerate(held) if key[0] == place)
            yield own, offer.measure.sessions


def _begun(
    scene: Scene,
    stores: Stores,
    offers: Mapping[int, Offer],
    pairs: Sequence[Pair],
    held: Mapping[Key, Sessions],
) -> tuple[tuple[Pair, ...], tuple[Start, ...]]:
    """Give each pair its starts."""
    slots = _useful_slots(scene, offers, pairs)
    session = {key: number for number, key in enumerate(held)}
    begun: list[Pair] = []
    starts: list[Start] = []
    for number, pair in enumerate(pairs):
        offer = offers[pair.measure]
        first = len(starts)
        starts += (
            Start(
                pair=number,
                period=slot.period,
                day=slot.day.toordinal(),
                end=slot.end.toordinal(),
                cost=scene.price(pair.person, offer.measure, slot.day),
                loads=loads_of(scene, stores, pair.person, offer, slot),
                session=session.get((pair.measure, slot.period)),
            )
            for slot in (() if -1 in pair.priors else slots[number])
        )
        begun.append(evolve(pair, starts=range(first, len(starts))))
    return tuple(begun), tuple(starts)


def _useful_slots(
    scene: Scene, offers: Mapping[int, Offer], pairs: Sequence[Pair]
) -> Sequence[tuple[Slot, ...]]:
    """Give the slots in which each pair may be worth beginning.

    Where something is limited by period, all are. Otherwise only what must come first is a reason
    to wait, or the sessions that others have to wait for: so the first slot is useful, the first
    one after each thing waited for, and for those who share sessions what is useful for any.
    """
    if _by_period(scene):
        return [offers[pair.measure].slots for pair in pairs]
    waiting = _waited_for(pairs)
    useful = [set(offers[pair.measure].slots[:1]) for pair in pairs]
    shared = {place: set[Slot]() for place, offer in offers.items() if offer.in_sessions}
    grown = True
    while grown:
        before = sum(map(len, useful))
        for number, first in waiting.items():
            ends = {slot.end for other in first for slot in useful[other]}
            useful[number] |= offers[pairs[number].measure].first_after(ends)
        for number, pair in enumerate(pairs):
            if pair.measure in shared:
                shared[pair.measure] |= useful[number]
        useful = [own | shared.get(p.measure, own) for own, p in zip(useful, pairs, strict=True)]
        grown = sum(map(len, useful)) > before
    return [tuple(sorted(own, key=lambda slot: slot.period)) for own in useful]


def _waited_for(pairs: Sequence[Pair]) -> Mapping[int, Sequence[int]]:
    """Give for each pair that waits for something the pairs that could bring it."""
    lifting: dict[Key, list[int]] = {}
    for number, pair in enumerate(pairs):
        for lift in pair.lifts:
            lifting.setdefault((pair.person, lift.competence), []).append(number)
    waiting: dict[int, list[int]] = {}
    for number, pair in enumerate(pairs):
        late = (lift.competence for lift in pair.lifts if not lift.enough)
        before = [other for code in late for other in lifting[pair.person, code]]
        if found := [*(prior for prior in pair.priors if prior >= 0), *before]:
            waiting[number] = sorted(set(found) - {number})
    return waiting


def _by_period(scene: Scene) -> bool:
    limits = scene.limits
    monthly = (limits.hours, limits.away_percent, limits.mentor_hours)
    return bool(limits.period_budgets) or any(each is not None for each in monthly)


def loads_of(
    scene: Scene, stores: Stores, person: int, offer: Offer, slot: Slot
) -> tuple[Load, ...]:
    """Give what it takes that somebody begins a measure in a period, but for its sessions."""
    measure = offer.measure
    loads = [*money(scene, stores, scene.price(person, measure, slot.day), slot.period)]
    gone = measure.leave_hours if measure.mode is Mode.WORK else measure.hours_a_head
    hours, mentoring, away = (
        -(-each // slot.parts) for each in (measure.hours_a_head, measure.mentor_hours, gone)
    )
    for period in slot.spans:
        for group in offer.groups:
            loads += stores.load(("mentors", group, period), mentoring)
        loads += _own_hours(scene, stores, person, period, hours)
        if away:
            loads += _away(scene, stores, person, period, away)
    return tuple(loads)


def money(scene: Scene, stores: Stores, cost: int, period: int) -> tuple[Load, ...]:
    """Take money in a period: of the plan's, and of what each period from then on has by then."""
    limits = scene.limits
    if limits.budget is not None:
        stores.open(("budget",), limits.budget - scene.bound(limits.periods))
    for until in range(len(limits.period_budgets)):
        brought = sum(limits.period_budgets[: until + 1])
        stores.open(("until", until), brought - scene.bound(until))
    loads = [*stores.load(("budget",), cost)]
    for until in range(period, len(limits.period_budgets)):
        loads += stores.load(("until", until), cost)
    return tuple(loads)


def _own_hours(
    scene: Scene, stores: Stores, person: int, period: int, hours: int
) -> tuple[Load, ...]:
    if scene.limits.hours is not None:
        stores.open(("hours", person, period), scene.limits.hours)
    return stores.load(("hours", person, period), hours)


def _away(scene: Scene, stores: Stores, person: int, period: int, hours: int) -> tuple[Load, ...]:
    """Take hours of the cover of every unit that the person works in."""
    if scene.limits.away_percent is None:
        return ()
    loads: list[Load] = []
    own = scene.engaged.get(scene.people.values[person], ())
    for unit in sorted({each.unit for each in own}):
        stores.open(("away", unit, period), scene.cover(unit))
        loads += stores.load(("away", unit, period), hours)
    return tuple(loads)
