"""What would a hurried planner choose? A first choice, which the search can only better.

Again and again the way that closes most for its price is taken, as long as the stores allow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush

from kompetanse_core.model.validators import FULL_TIME
from kompetanse_core.plan.choices import (
    NOTHING_CHOSEN,
    Choices,
    Chosen,
    Lift,
    Load,
    Move,
    Pair,
)

CHEAP = 1
"""What a way without cost counts as, so that gain for money can be compared at all."""


def hurried_choice(choices: Choices, favoured: Chosen = NOTHING_CHOSEN) -> Chosen:
    """Choose in haste: what is favoured, then uses, hires and starts, the best value first.

    What is favoured keeps the limits; its carries and moves are all there is of these.

    Starts that wait for others come in as soon as their priors and entry levels are within reach.
    """
    return _Haste(choices).chosen(favoured)


class _Haste:
    """Take one way after the other, and keep account of what is left."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.left = list(choices.stores)
        self.closed = [0] * len(choices.lacks)
        self.begun: dict[int, int] = {}
        self.uses: set[int] = set()
        self.hired = [0] * len(choices.hires)
        self.filled: dict[int, int] = {}
        self.smallest: dict[int, int] = {}
        """What those who move to a seat fill, and the smallest share of one of them."""
        self.room = [0] * len(choices.sessions)
        self.held = [0] * len(choices.sessions)
        self.group = {
            session: number
            for number, (sessions, _) in enumerate(choices.session_limits)
            for session in sessions
        }
        self.in_group = [most for _, most in choices.session_limits]
        self.levels: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self.short = [muster.short for muster in choices.musters]
        self.settled: set[tuple[int, int]] = set()
        """The person and the muster where no lift adds a head any more."""

    def chosen(self, favoured: Chosen) -> Chosen:
        self._take_over(favoured)
        self._use(range(len(self.choices.uses)))
        self._hire()
        before = -1
        while before < len(self.begun):
            before = len(self.begun)
            self._begin()
        return Chosen(
            starts=frozenset(self.begun.values()),
            uses=frozenset(self.uses),
            carries=favoured.carries,
            moves=favoured.moves,
            hired=tuple(self.hired),
        )

    def _take_over(self, favoured: Chosen) -> None:
        """Begin with what is favoured, which keeps the limits by itself."""
        lacks = self.choices.lacks
        for number in sorted(favoured.carries):
            lack = self.choices.carries[number].lack
            self.closed[lack] = lacks[lack].missing
        for number in sorted(favoured.moves):
            self._move(self.choices.moves[number])
        for number, heads in enumerate(favoured.hired):
            for _ in range(heads):
                self._engage(number)
        self._use(sorted(favoured.uses))
        starts = self.choices.starts
        for start in sorted(favoured.starts, key=lambda n: (starts[n].day, starts[n].end, n)):
            if self._can(start):
                self._start(start)

    def _move(self, move: Move) -> None:
        self.filled[move.seat] = self.filled.get(move.seat, 0) + move.share
        self.smallest[move.seat] = min(self.smallest.get(move.seat, FULL_TIME), move.share)
        for lack in move.closes:
            self.closed[lack] = self.choices.lacks[lack].missing
        self._muster(move.joined, 1)
        self._muster(move.left, -1)
        self.settled.update((move.person, muster) for muster in move.forgone)

    def _engage(self, hire: int) -> None:
        """Hire one more into a seat."""
        self._take(self.choices.hires[hire].loads)
        self.hired[hire] += 1
        self._muster(self.choices.hires[hire].joined, 1)

    def _muster(self, musters: Iterable[int], heads: int) -> None:
        for muster in musters:
            self.short[muster] -= heads

    def _pair(self, start: int) -> Pair:
        return self.choices.pairs[self.choices.starts[start].pair]

    def _use(self, numbers: Sequence[int]) -> None:
        missing = self.choices.lacks
        uses = self.choices.uses
        for number in sorted(numbers, key=lambda n: (-missing[uses[n].lack].missing, n)):
            use = uses[number]
            if self.closed[use.lack] < missing[use.lack].missing and self._fits(use.loads):
                self._take(use.loads)
                self.closed[use.lack] = missing[use.lack].missing
                self.uses.add(number)

    def _hire(self) -> None:
        hires = self.choices.hires
        room = {vacancy.seat: vacancy.share for vacancy in self.choices.vacancies}
        for number in sorted(range(len(hires)), key=lambda n: (hires[n].cost, n)):
            seat = hires[number].seat
            left = room[seat] - self.filled.get(seat, 0) - self.hired[number] * FULL_TIME
            # whoever has moved there must be needed still: the smallest share of those who come
            spare = FULL_TIME - self.smallest.get(seat, FULL_TIME)
            while left > spare and self.hired[number] < hires[number].most:
                if not self._fits(hires[number].loads):
                    break
                self._engage(number)
                left -= FULL_TIME

    def _begin(self) -> None:
        """Begin what gives most for its price among all that can be begun now."""
        heap = [(self._price(start), start) for start in self._open()]
        heapify(heap)
        while heap:
            price, start = heappop(heap)
            if self.choices.starts[start].pair in self.begun:
                continue
            now = self._price(start)
            if now == 0 or not self._can(start):
                continue
            if now > price:
                heappush(heap, (now, start))
            else:
                self._start(start)

    def _open(self) -> Iterator[int]:
        for number, pair in enumerate(self.choices.pairs):
            if number not in self.begun:
                for start in pair.starts:
                    if self._ready(pair, start):
                        yield start

    def _ready(self, pair: Pair, start: int) -> bool:
        day, starts = self.choices.starts[start].day, self.choices.starts
        return all(
            prior in self.begun and starts[self.begun[prior]].end <= day for prior in pair.priors
        )

    def _price(self, start: int) -> float:
        """Give minus the steps for each krone: the best is the lowest, 0 gains nothing."""
        begun = self.choices.starts[start]
        gain = sum(self._gains(start))
        return -gain / (begun.cost + self._seat_cost(start) + CHEAP)

    def _gains(self, start: int) -> Iterator[int]:
        begun = self.choices.starts[start]
        pair = self.choices.pairs[begun.pair]
        for lift in pair.lifts:
            if self._enabled(pair.person, lift, begun.day):
                for lack, steps in lift.closes:
                    yield max(0, steps - self.closed[lack])
                for muster in self._heads(pair.person, lift):
                    if self.short[muster] > 0:
                        yield self.choices.musters[muster].worth // FULL_TIME

    def _heads(self, person: int, lift: Lift) -> Sequence[int]:
        """Give the musters where a lift would make somebody a head who is none yet."""
        return [muster for muster in lift.heads if (person, muster) not in self.settled]

    def _enabled(self, person: int, lift: Lift, day: int) -> bool:
        reached = self.levels.get((person, lift.competence), ())
        return lift.enough or any(end <= day and reach >= lift.entry for end, reach in reached)

    def _seat_cost(self, start: int) -> int:
        """Give what a seat costs in a session that has to be held, if it will be full."""
        session = self.choices.starts[start].session
        if session is None or self.room[session]:
            return 0
        return self.choices.sessions[session].cost // self.choices.sessions[session].seats

    def _can(self, start: int) -> bool:
        session = self.choices.starts[start].session
        loads = self.choices.starts[start].loads
        if session is None or self.room[session]:
            return self._fits(loads)
        group = self.group.get(session)
        more = self.held[session] < self.choices.sessions[session].most
        free = group is None or self.in_group[group] > 0
        return more and free and self._fits((*loads, *self.choices.sessions[session].loads))

    def _start(self, number: int) -> None:
        begun = self.choices.starts[number]
        pair = self.choices.pairs[begun.pair]
        for lift in pair.lifts:
            if self._enabled(pair.person, lift, begun.day):
                for lack, steps in lift.closes:
                    self.closed[lack] = max(self.closed[lack], steps)
                heads = self._heads(pair.person, lift)
                self._muster(heads, 1)
                self.settled.update((pair.person, muster) for muster in heads)
                own = self.levels.setdefault((pair.person, lift.competence), [])
                own.append((begun.end, lift.reach))
        self._take(begun.loads)
        self.begun[begun.pair] = number
        if begun.session is not None:
            self._sit(begun.session)

    def _sit(self, session: int) -> None:
        if not self.room[session]:
            self._take(self.choices.sessions[session].loads)
            self.held[session] += 1
            self.room[session] = self.choices.sessions[session].seats
            if session in self.group:
                self.in_group[self.group[session]] -= 1
        self.room[session] -= 1

    def _fits(self, loads: Sequence[Load]) -> bool:
        taken: dict[int, int] = {}
        for store, amount in loads:
            taken[store] = taken.get(store, 0) + amount
        return all(amount <= self.left[store] for store, amount in taken.items())

    def _take(self, loads: Sequence[Load]) -> None:
        for store, amount in loads:
            self.left[store] -= amount
