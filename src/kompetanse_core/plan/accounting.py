"""What does a choice close? Account: where each missing step, vacant share and head short ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from kompetanse_core.model.validators import FULL_TIME
from kompetanse_core.plan.choices import Choices, Chosen, Lift
from kompetanse_core.plan.nouns import Closing, Filling, Mustering, SeatSplit, Split
from kompetanse_core.plan.programme import Programme

_HEADS = ("lifted", "joined", "engaged")
_Head = tuple[str, str, int]
"""The part of a split that a head belongs to, and the choice that brings it."""


@frozen(kw_only=True)
class Reached:
    """Hold one lift that is reached: which start does it, and by which day (an ordinal)."""

    start: int
    lift: Lift
    end: int


@frozen(kw_only=True, eq=False)
class Account:
    """Hold what is closed and filled, and the credit of each choice, by its place."""

    closings: tuple[Closing, ...]
    fillings: tuple[Filling, ...]
    musterings: tuple[Mustering, ...]
    reached: Mapping[int, Sequence[Reached]]
    """What each start lifts."""
    of_starts: Mapping[int, int]
    of_uses: Mapping[int, int]
    of_moves: Mapping[int, int]
    of_hires: Mapping[int, int]
    seats_of_moves: Mapping[int, int]
    seats_of_hires: Mapping[int, int]
    heads_of_starts: Mapping[int, int]
    heads_of_moves: Mapping[int, int]
    heads_of_hires: Mapping[int, int]


def account_for(programme: Programme, chosen: Chosen) -> Account:
    """Say where each step, share and head ends, and credit what brings it there.

    Who moves leaves what their role required behind. Of the rest, what is learnt counts first, in
    the order in which it is finished; then what a colleague carries; then what somebody hired does.
    Of the heads short, those lifted count first, then those who move there, then those hired.
    """
    return _Bookkeeper(programme, chosen).account()


class _Bookkeeper:
    """Go through the lacks and the vacancies once each."""

    def __init__(self, programme: Programme, chosen: Chosen) -> None:
        self.choices, self.chosen = programme.choices, chosen
        self.reached = _reached(programme, chosen)
        self.credit: dict[str, dict[int, int]] = {
            name: {} for name in ("starts", "uses", "moves", "hires", "moved", "hired", *_HEADS)
        }

    def account(self) -> Account:
        closings = tuple(self._closings())
        fillings = tuple(self._fillings())
        musterings = tuple(self._musterings())
        return Account(
            closings=closings,
            fillings=fillings,
            musterings=musterings,
            reached=self.reached,
            of_starts=self.credit["starts"],
            of_uses=self.credit["uses"],
            of_moves=self.credit["moves"],
            of_hires=self.credit["hires"],
            seats_of_moves=self.credit["moved"],
            seats_of_hires=self.credit["hired"],
            heads_of_starts=self.credit["lifted"],
            heads_of_moves=self.credit["joined"],
            heads_of_hires=self.credit["engaged"],
        )

    def _closings(self) -> Iterator[Closing]:
        choices, chosen = self.choices, self.chosen
        moves = {lack: n for n in sorted(chosen.moves) for lack in choices.moves[n].closes}
        uses = {choices.uses[n].lack: n for n in sorted(chosen.uses, reverse=True)}
        carries = {choices.carries[n].lack: n for n in sorted(chosen.carries, reverse=True)}
        learnt = self._learnt()
        for number, lack in enumerate(choices.lacks):
            left = lack.missing
            reskill = self._put("moves", moves.get(number), left)
            upskill = self._learn(learnt.get(number, ()), left - reskill)
            use = self._put("uses", uses.get(number), left - reskill - upskill)
            carry = carries.get(number)
            hire = None if carry is None else choices.carries[carry].hire
            recruit = self._put("hires", hire, left - reskill - upskill - use)
            yield Closing(
                gap=lack.gap,
                use=use,
                upskill=upskill,
                reskill=reskill,
                recruit=recruit,
                left=left - reskill - upskill - use - recruit,
            )

    def _put(self, kind: str, place: int | None, amount: int) -> int:
        """Credit a choice with an amount; without a choice there is none."""
        if place is None:
            return 0
        self.credit[kind][place] = self.credit[kind].get(place, 0) + amount
        return amount

    def _learnt(self) -> Mapping[int, Sequence[tuple[int, int, int]]]:
        """Give for each lack what is learnt of it: the day, the steps, and the start."""
        learnt: dict[int, list[tuple[int, int, int]]] = {}
        for found in self.reached.values():
            for each in found:
                for lack, steps in each.lift.closes:
                    learnt.setdefault(lack, []).append((each.end, steps, each.start))
        return {lack: sorted(found) for lack, found in learnt.items()}

    def _learn(self, learnt: Sequence[tuple[int, int, int]], most: int) -> int:
        done = 0
        for _, steps, start in learnt:
            more = min(steps, most) - done
            if more > 0:
                done += self._put("starts", start, more)
        return done

    def _fillings(self) -> Iterator[Filling]:
        moves: dict[int, list[int]] = {}
        for number in sorted(self.chosen.moves):
            moves.setdefault(self.choices.moves[number].seat, []).append(number)
        hires = {hire.seat: number for number, hire in enumerate(self.choices.hires)}
        for vacancy in self.choices.vacancies:
            left, own, learnt = vacancy.share, 0, 0
            for number in sorted(moves.get(vacancy.seat, ()), key=lambda n: self._legs(n) > 0):
                share = self._put("moved", number, min(left, self.choices.moves[number].share))
                left -= share
                own, learnt = (own, learnt + share) if self._legs(number) else (own + share, learnt)
            hire = hires.get(vacancy.seat)
            heads = 0 if hire is None or not self.chosen.hired else self.chosen.hired[hire]
            hired = self._put("hired", hire, min(left, heads * FULL_TIME))
            yield Filling(
                seat=vacancy.seat,
                split=SeatSplit(own=own, reskill=learnt, recruit=hired, vacant=left - hired),
            )

    def _musterings(self) -> Iterator[Mustering]:
        choices, moves, lifted = self.choices, sorted(self.chosen.moves), self._lifted()
        for place, muster in enumerate(choices.musters):
            short = muster.short + sum(place in choices.moves[n].left for n in moves)
            if short > 0:
                heads = (*lifted.get(place, ()), *self._comers(place))
                yield Mustering(headcount=place, split=self._mustered(heads, short))

    def _mustered(self, heads: Sequence[_Head], short: int) -> Split:
        """Credit the first heads, up to so many."""
        parts = dict.fromkeys(("use", "upskill", "reskill", "recruit"), 0)
        for part, kind, place in heads[:short]:
            parts[part] += self._put(kind, place, 1)
        return Split(**parts, left=max(0, short - len(heads)))

    def _lifted(self) -> Mapping[int, Sequence[_Head]]:
        """Give for each muster those who are lifted and stay, by the day when they first are."""
        choices, first = self.choices, dict[tuple[int, int], tuple[int, int]]()
        moves = [choices.moves[n] for n in self.chosen.moves]
        gone = {(muster, move.person) for move in moves for muster in move.forgone}
        for each in (each for found in self.reached.values() for each in found):
            person = choices.pairs[choices.starts[each.start].pair].person
            done = each.end, each.start
            for key in ((muster, person) for muster in each.lift.heads):
                if key not in gone:
                    first[key] = min(first.get(key, done), done)
        lifted: dict[int, list[_Head]] = {}
        for (muster, _), (_, start) in sorted(first.items(), key=lambda each: each[1]):
            lifted.setdefault(muster, []).append(("upskill", "lifted", start))
        return lifted

    def _comers(self, muster: int) -> Iterator[_Head]:
        """Yield those who move there, first who has nothing to learn for it, and those hired."""
        for number in sorted(self.chosen.moves, key=lambda n: (self._legs(n) > 0, n)):
            if muster in self.choices.moves[number].joined:
                yield "reskill" if self._legs(number) else "use", "joined", number
        for number, heads in enumerate(self.chosen.hired):
            if muster in self.choices.hires[number].joined:
                yield from [("recruit", "engaged", number)] * heads

    def _legs(self, move: int) -> int:
        return len(self.choices.moves[move].legs)


def _reached(programme: Programme, chosen: Chosen) -> Mapping[int, Sequence[Reached]]:
    """Give what each chosen start lifts: what waits for an entry level may wait in vain."""
    choices: Choices = programme.choices
    values = programme.answer(chosen)
    found: dict[int, list[Reached]] = {}
    for start in sorted(chosen.starts):
        begun = choices.starts[start]
        for place, lift in enumerate(choices.pairs[begun.pair].lifts):
            if values[programme.lifts[start, place]]:
                reached = Reached(start=start, lift=lift, end=begun.end)
                found.setdefault(start, []).append(reached)
    return found
