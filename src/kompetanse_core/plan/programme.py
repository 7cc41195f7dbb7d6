"""What is the best choice, in whole numbers? The Programme: choices written as a solver's Problem.

The objectives go in this order (PLANNING): missing weighted steps, vacant seats and heads short,
in ten-thousandths of a step (a vacant full-time seat lacks all the steps of its role, a head short
the steps of its level); kroner; then how many measures, how late, and how far from the best ranked
among equals (H-7, R-7, R-8).

A lack that several ways could close by different amounts is cut into *thresholds*: a threshold is
reached by any way that closes that much. So nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import field, frozen

from kompetanse_core.model.validators import FULL_TIME
from kompetanse_core.plan.choices import Choices, Chosen, Lift, Load
from kompetanse_core.solver import OPEN, Draft, Kind, Problem

Term = tuple[int, int]
"""A variable and its factor."""


@frozen(kw_only=True, eq=False)
class Threshold:
    """Hold a variable that is 1 where a lack is closed by at least so much, and what that adds."""

    variable: int
    worth: int
    closers: tuple[int, ...]


@frozen(kw_only=True, eq=False)
class Coming:
    """Hold a variable that is 1 where somebody comes to a seat with a share of one size."""

    variable: int
    moves: tuple[int, ...]


@frozen(kw_only=True, eq=False)
class Head:
    """Hold a variable that is 1 where somebody is lifted to a headcount's level, and stays there.

    `lifts` are the variables of which one must be 1, `gone` those of which none may be.
    """

    variable: int
    lifts: tuple[int, ...]
    gone: tuple[int, ...]


@frozen(kw_only=True, eq=False)
class Count:
    """Hold a variable that is how many heads a headcount is short of, and what changes it.

    `heads` are the variables that make up for `short`, by their factors: -1 where one leaves.
    """

    variable: int
    short: int
    heads: tuple[Term, ...]


@frozen(kw_only=True, eq=False)
class Waiting:
    """Hold a lift that waits for an earlier one: its variable, its start and what enables it."""

    variable: int
    start: int
    enablers: tuple[int, ...]


@frozen(kw_only=True, eq=False)
class Programme:
    """Hold the problem, and where each choice stands among its variables."""

    choices: Choices
    problem: Problem = field(repr=False)
    starts: range
    uses: range
    carries: range
    moves: range
    hires: range
    sessions: range
    vacancies: range
    waiting: tuple[Waiting, ...] = field(repr=False)
    thresholds: tuple[Threshold, ...] = field(repr=False)
    coming: tuple[Coming, ...] = field(repr=False)
    heads: tuple[Head, ...] = field(repr=False)
    counts: tuple[Count, ...] = field(repr=False)
    lifts: Mapping[tuple[int, int], int] = field(repr=False)
    """The variable of each lift, by its start and its place in the pair."""
    store_rows: Mapping[int, int] = field(repr=False)
    """The store that each row of the problem guards; rows that guard none are not here."""
    session_rows: Mapping[int, int] = field(repr=False)
    """The place in `session_limits` that each row guards."""

    def chosen(self, values: Sequence[int]) -> Chosen:
        """Read off an answer what was chosen."""
        return Chosen(
            starts=_ones(values, self.starts),
            uses=_ones(values, self.uses),
            carries=_ones(values, self.carries),
            moves=_ones(values, self.moves),
            hired=tuple(int(values[variable]) for variable in self.hires),
        )

    def answer(self, chosen: Chosen) -> Sequence[int]:
        """Write a choice as an answer: what follows from it is filled in as well as can be."""
        values = [0] * self.problem.variables
        for places, block in (
            (chosen.starts, self.starts),
            (chosen.uses, self.uses),
            (chosen.carries, self.carries),
            (chosen.moves, self.moves),
        ):
            for place in places:
                values[block[place]] = 1
        for place, heads in enumerate(chosen.hired):
            values[self.hires[place]] = heads
        self._follow(chosen, values)
        return values

    def _follow(self, chosen: Chosen, values: list[int]) -> None:
        """Set what follows: sessions, vacancies, lifts that were waited for, what they close."""
        heads = [0] * len(self.choices.sessions)
        for place in chosen.starts:
            session = self.choices.starts[place].session
            if session is not None:
                heads[session] += 1
        for place, session_of in enumerate(self.choices.sessions):
            values[self.sessions[place]] = -(-heads[place] // session_of.seats)
        filled = filled_shares(self.choices, chosen)
        for place, vacancy in enumerate(self.choices.vacancies):
            left = vacancy.share - filled.get(vacancy.seat, 0)
            values[self.vacancies[place]] = max(0, left)
        for each in self.coming:
            values[each.variable] = int(any(values[v] for v in each.moves))
        for lift in self.waiting:
            enabled = any(values[variable] for variable in lift.enablers)
            values[lift.variable] = int(values[self.starts[lift.start]] and enabled)
        for threshold in self.thresholds:
            values[threshold.variable] = int(any(values[v] for v in threshold.closers))
        self._muster(values)

    def _muster(self, values: list[int]) -> None:
        """Set who is a head, and how many heads are short."""
        for head in self.heads:
            lifted, gone = (any(values[v] for v in each) for each in (head.lifts, head.gone))
            values[head.variable] = int(lifted and not gone)
        for count in self.counts:
            made_up = sum(factor * values[variable] for variable, factor in count.heads)
            values[count.variable] = max(0, count.short - made_up)


def filled_shares(choices: Choices, chosen: Chosen) -> Mapping[int, int]:
    """Give the share of each vacant seat that moves and hires could fill, in basis points."""
    filled: dict[int, int] = {}
    for place in sorted(chosen.moves):
        move = choices.moves[place]
        filled[move.seat] = filled.get(move.seat, 0) + move.share
    for place, heads in enumerate(chosen.hired):
        seat = choices.hires[place].seat
        filled[seat] = filled.get(seat, 0) + heads * FULL_TIME
    return filled


def write_programme(choices: Choices) -> Programme:
    """Write choices as a problem of whole numbers."""
    return _Writer(choices).programme()


def _ones(values: Sequence[int], block: range) -> frozenset[int]:
    return frozenset(place for place, variable in enumerate(block) if values[variable])


@frozen
class _Wait:
    """Hold one lift at one start, and its variable."""

    variable: int
    start: int
    lift: Lift


class _Rows:
    """Gather rows, to hand them over all at once."""

    def __init__(self) -> None:
        self.start, self.variable, self.factor = [0], list[int](), list[int]()
        self.at_least, self.at_most = list[int](), list[int]()

    def add(self, terms: Sequence[Term], *, at_least: int = -OPEN, at_most: int = OPEN) -> None:
        for variable, factor in terms:
            self.variable.append(variable)
            self.factor.append(factor)
        self.start.append(len(self.variable))
        self.at_least.append(at_least)
        self.at_most.append(at_most)

    @property
    def count(self) -> int:
        return len(self.at_least)

    def any_of(self, variable: int, others: Sequence[int]) -> None:
        """Let a variable be 1 only where one of the others is."""
        self.add([(variable, 1), *((other, -1) for other in others)], at_most=0)


class _Writer:
    """Write a problem, one kind of choice after the other."""

    def __init__(self, choices: Choices) -> None:
        self.choices, self.draft, self.rows = choices, Draft(), _Rows()
        self.loads: dict[int, list[Term]] = {}
        self.starts = self.draft.variables(len(choices.starts))
        self.uses = self.draft.variables(len(choices.uses))
        self.carries = self.draft.variables(len(choices.carries))
        self.moves = self.draft.variables(len(choices.moves))
        self.hires = _each(self.draft, [hire.most for hire in choices.hires])
        self.sessions = _each(self.draft, [each.most for each in choices.sessions])
        self.vacancies = _each(
            self.draft, [each.share for each in choices.vacancies], kind=Kind.IMPLIED
        )
        self.lift_variables: dict[tuple[int, int], int] = {}
        self.waiting: list[Waiting] = []
        self.enablers: dict[int, tuple[int, ...]] = {}
        self.thresholds: list[Threshold] = []
        self.coming: list[Coming] = []
        self.heads: list[Head] = []
        self.counts: list[Count] = []
        self.first: list[Term] = []
        self.store_rows: dict[int, int] = {}
        self.session_rows: dict[int, int] = {}

    def programme(self) -> Programme:
        self._pairs()
        self._sessions()
        self._staffing()
        self._closings()
        self._headcounts()
        self._stores()
        return Programme(
            choices=self.choices,
            problem=self._problem(),
            starts=self.starts,
            uses=self.uses,
            carries=self.carries,
            moves=self.moves,
            hires=self.hires,
            sessions=self.sessions,
            vacancies=self.vacancies,
            waiting=tuple(self.waiting),
            thresholds=tuple(self.thresholds),
            coming=tuple(self.coming),
            heads=tuple(self.heads),
            counts=tuple(self.counts),
            lifts=self.lift_variables,
            store_rows=self.store_rows,
            session_rows=self.session_rows,
        )

    def _pairs(self) -> None:
        """Let a pair begin once at most, after its priors; a lift waits for its entry level."""
        choices = self.choices
        by_lift: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for number, pair in enumerate(choices.pairs):
            if len(pair.starts) > 1:
                self.rows.add([(self.starts[start], 1) for start in pair.starts], at_most=1)
                for prior in pair.priors:
                    self._no_more(
                        self._begun(pair.starts), self._begun(choices.pairs[prior].starts)
                    )
            for start in pair.starts:
                for prior in pair.priors:
                    self.rows.any_of(
                        self.starts[start], self._done(prior, choices.starts[start].day)
                    )
            for place, lift in enumerate(pair.lifts):
                by_lift.setdefault((pair.person, lift.competence), []).append((number, place))
        for found in by_lift.values():
            self._lifts(found)

    def _done(self, pair: int, day: int) -> list[int]:
        """Give the starts of a pair that end by a day, as variables."""
        starts = self.choices.starts
        return [
            self.starts[each] for each in self.choices.pairs[pair].starts if starts[each].end <= day
        ]

    def _begun(self, starts: Iterable[int]) -> list[int]:
        return [self.starts[start] for start in starts]

    def _no_more(self, those: Sequence[int], others: Sequence[int]) -> None:
        """Let no more of those be 1 than of the others: it is so anyway, but not in fractions."""
        self.rows.add([*((v, 1) for v in those), *((v, -1) for v in others)], at_most=0)

    def _lifts(self, found: Sequence[tuple[int, int]]) -> None:
        """Give one person's lifts in one competence their variables, and what they wait for.

        What enables a lift is finished before it and needs a lower entry level itself, so that no
        two can enable each other.
        """
        choices = self.choices
        able: list[_Wait] = []
        for number, place in found:
            lift = choices.pairs[number].lifts[place]
            for start in choices.pairs[number].starts:
                variable = self.starts[start]
                if not lift.enough:
                    (variable,) = self.draft.variables(1, kind=Kind.IMPLIED)
                self.lift_variables[start, place] = variable
                able.append(_Wait(variable, start, lift))
        together: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
        waits = sorted((each for each in able if not each.lift.enough), key=lambda w: w.lift.entry)
        for wait in waits:
            own = tuple(each.variable for each in able if self._enables(each, wait))
            self.rows.any_of(wait.variable, [self.starts[wait.start]])
            self.rows.any_of(wait.variable, own)
            self.enablers[wait.variable] = own
            self.waiting.append(Waiting(variable=wait.variable, start=wait.start, enablers=own))
            together.setdefault(choices.starts[wait.start].pair, []).append((wait.variable, own))
        for each in together.values():
            if len(each) > 1:
                enablers = sorted({variable for _, own in each for variable in own})
                self._no_more([variable for variable, _ in each], enablers)

    def _enables(self, first: _Wait, then: _Wait) -> bool:
        starts, lower = self.choices.starts, first.lift.entry < then.lift.entry
        done = starts[first.start].end <= starts[then.start].day
        return done and lower and first.lift.reach >= then.lift.entry

    def _sessions(self) -> None:
        """Let people sit in sessions that are held, and hold no more than there may be."""
        seated: dict[int, list[Term]] = {}
        for number, start in enumerate(self.choices.starts):
            if start.session is not None:
                seated.setdefault(start.session, []).append((self.starts[number], 1))
        for session, terms in seated.items():
            seats = self.choices.sessions[session].seats
            self.rows.add([*terms, (self.sessions[session], -seats)], at_most=0)
            for seat, _ in terms:
                self.rows.any_of(seat, [self.sessions[session]])
        for place, (group, most) in enumerate(self.choices.session_limits):
            self.session_rows[self.rows.count] = place
            self.rows.add([(self.sessions[each], 1) for each in group], at_most=most)

    def _staffing(self) -> None:
        """Let those who move or are hired fill what is vacant; nobody moves to two seats."""
        by_person: dict[int, list[Term]] = {}
        filling: dict[int, list[Term]] = {}
        for number, move in enumerate(self.choices.moves):
            by_person.setdefault(move.person, []).append((self.moves[number], 1))
            filling.setdefault(move.seat, []).append((self.moves[number], move.share))
            for pair, place in move.legs:
                self.rows.any_of(self.moves[number], self._lifted(pair, place))
        for number, hire in enumerate(self.choices.hires):
            filling.setdefault(hire.seat, []).append((self.hires[number], FULL_TIME))
        for terms in by_person.values():
            self.rows.add(terms, at_most=1)
        for number, vacancy in enumerate(self.choices.vacancies):
            terms = [(self.vacancies[number], 1), *filling.get(vacancy.seat, ())]
            self.rows.add(terms, at_least=vacancy.share)
            self.first.append((self.vacancies[number], vacancy.worth))
            self._needed(vacancy.share, filling.get(vacancy.seat, ()))
        self._carrying()

    def _needed(self, vacant: int, filling: Sequence[Term]) -> None:
        """Let nobody come to a seat that is full without them, however much else it closes.

        So all who come fill less than what is vacant and the smallest of their shares.
        """
        shares = sorted({share for _, share in filling})
        in_all = sum(share * self._upper(variable) for variable, share in filling)
        for share in (each for each in shares if in_all >= vacant + each):
            terms = [*filling]
            if share < shares[-1]:
                own = tuple(variable for variable, each in filling if each == share)
                terms.append((self._comes(own), shares[-1] - share))
            self.rows.add(terms, at_most=vacant + shares[-1] - 1)

    def _comes(self, moves: tuple[int, ...]) -> int:
        """Give the variable that is 1 where one of some moves is chosen."""
        (variable,) = self.draft.variables(1, kind=Kind.IMPLIED)
        for move in moves:
            self.rows.any_of(move, [variable])
        self.coming.append(Coming(variable=variable, moves=moves))
        return variable

    def _upper(self, variable: int) -> int:
        hires = self.choices.hires
        return hires[variable - self.hires.start].most if variable in self.hires else 1

    def _carrying(self) -> None:
        by_hire: dict[int, list[Term]] = {}
        for number, carry in enumerate(self.choices.carries):
            by_hire.setdefault(carry.hire, []).append((self.carries[number], 1))
        for hire, terms in by_hire.items():
            self.rows.add([*terms, (self.hires[hire], -self.choices.carried)], at_most=0)

    def _lifted(self, pair: int, place: int) -> list[int]:
        starts = self.choices.pairs[pair].starts
        return [self.lift_variables[start, place] for start in starts]

    def _closings(self) -> None:
        """Cut each lack into thresholds, and let each be reached only by what closes as much."""
        for lack, closers in enumerate(self._closers()):
            if closers:
                self._cut(lack, closers)

    def _closers(self) -> list[list[Term]]:
        """Give for each lack the variables that close some of it, and how much."""
        closers: list[list[Term]] = [[] for _ in self.choices.lacks]
        for number, pair in enumerate(self.choices.pairs):
            for place, lift in enumerate(pair.lifts):
                for lack, steps in lift.closes:
                    closers[lack].extend((v, steps) for v in self._lifted(number, place))
        for lack, variable in self._whole_closers():
            closers[lack].append((variable, self.choices.lacks[lack].missing))
        return closers

    def _whole_closers(self) -> Iterator[tuple[int, int]]:
        choices = self.choices
        for number, use in enumerate(choices.uses):
            yield use.lack, self.uses[number]
        for number, carry in enumerate(choices.carries):
            yield carry.lack, self.carries[number]
        for number, move in enumerate(choices.moves):
            for lack in move.closes:
                yield lack, self.moves[number]

    def _cut(self, lack: int, closers: Sequence[Term]) -> None:
        missing, below = self.choices.lacks[lack].missing, 0
        for steps in sorted({min(steps, missing) for _, steps in closers}):
            enough = tuple(variable for variable, closes in closers if closes >= steps)
            worth, below = (steps - below) * FULL_TIME, steps
            if len(enough) == 1:
                self.first.append((enough[0], -worth))
                continue
            (variable,) = self.draft.variables(1, kind=Kind.IMPLIED)
            roots = self._roots(enough)
            self.rows.any_of(variable, roots)
            if not set(roots) <= set(enough):
                self.rows.any_of(variable, enough)
            self.first.append((variable, -worth))
            self.thresholds.append(Threshold(variable=variable, worth=worth, closers=enough))

    def _roots(self, closers: tuple[int, ...]) -> tuple[int, ...]:
        """Name, instead of closers that wait for others, what they wait for.

        Half of a course and half of what waits for it must not count as two halves: a lift that
        waits adds nothing where all that enables it closes as much.
        """
        inside = set(closers)
        waited = (self.enablers.get(closer, (closer,)) for closer in closers)
        found = (
            variable
            for own, closer in zip(waited, closers, strict=True)
            for variable in own
            if variable == closer or variable not in inside
        )
        return tuple(dict.fromkeys(found))

    def _headcounts(self) -> None:
        """Count the heads that are short: who is lifted, comes or goes changes it."""
        moved = self._moved()
        lifted = self._heads()
        for place, muster in enumerate(self.choices.musters):
            leaving = sum(factor < 0 for _, factor in moved.get(place, ()))
            most = muster.short + leaving
            if most <= 0:
                continue
            terms = [*moved.get(place, ()), *((self._head(*each), 1) for each in lifted[place])]
            (short,) = self.draft.variables(1, upper=most, kind=Kind.IMPLIED)
            self.rows.add([(short, 1), *terms], at_least=muster.short)
            self.first.append((short, muster.worth))
            self.counts.append(Count(variable=short, short=muster.short, heads=tuple(terms)))

    def _moved(self) -> Mapping[int, list[Term]]:
        """Give for each muster the heads that moves and hires bring or take."""
        moved: dict[int, list[Term]] = {}
        for number, move in enumerate(self.choices.moves):
            for place in move.joined:
                moved.setdefault(place, []).append((self.moves[number], 1))
            for place in move.left:
                moved.setdefault(place, []).append((self.moves[number], -1))
        for number, hire in enumerate(self.choices.hires):
            for place in hire.joined:
                moved.setdefault(place, []).append((self.hires[number], 1))
        return moved

    def _heads(self) -> list[list[tuple[tuple[int, ...], tuple[int, ...]]]]:
        """Give for each muster and person the lifts of which one is enough, and the moves away."""
        lifts: list[dict[int, list[int]]] = [{} for _ in self.choices.musters]
        gone: list[dict[int, list[int]]] = [{} for _ in self.choices.musters]
        for number, pair in enumerate(self.choices.pairs):
            for place, lift in enumerate(pair.lifts):
                for muster in lift.heads:
                    own = lifts[muster].setdefault(pair.person, [])
                    own.extend(self._lifted(number, place))
        for number, move in enumerate(self.choices.moves):
            for muster in move.forgone:
                gone[muster].setdefault(move.person, []).append(self.moves[number])
        return [
            [(tuple(own), tuple(away.get(person, ()))) for person, own in enough.items() if own]
            for enough, away in zip(lifts, gone, strict=True)
        ]

    def _head(self, lifts: tuple[int, ...], gone: tuple[int, ...]) -> int:
        """Give the variable of one head; none of its own where only one lift can bring it."""
        if len(lifts) == 1 and not gone:
            return lifts[0]
        (variable,) = self.draft.variables(1, kind=Kind.IMPLIED)
        self.rows.any_of(variable, lifts)
        roots = self._roots(lifts)
        if set(roots) != set(lifts):
            self.rows.any_of(variable, roots)
        if gone:
            self.rows.add([(variable, 1), *((each, 1) for each in gone)], at_most=1)
        self.heads.append(Head(variable=variable, lifts=lifts, gone=gone))
        return variable

    def _stores(self) -> None:
        """Let no store be overdrawn."""
        choices = self.choices
        taken: tuple[tuple[range, Iterable[tuple[Load, ...]]], ...] = (
            (self.starts, (each.loads for each in choices.starts)),
            (self.uses, (each.loads for each in choices.uses)),
            (self.hires, (each.loads for each in choices.hires)),
            (self.sessions, (each.loads for each in choices.sessions)),
        )
        for block, loads in taken:
            for variable, own in zip(block, loads, strict=True):
                for store, amount in own:
                    self.loads.setdefault(store, []).append((variable, amount))
        for store, terms in sorted(self.loads.items()):
            self.store_rows[self.rows.count] = store
            self.rows.add(terms, at_most=choices.stores[store])

    def _problem(self) -> Problem:
        rows, choices = self.rows, self.choices
        self.draft.rows(rows.start, rows.variable, rows.factor, rows.at_least, rows.at_most)
        missing = sum(lack.missing for lack in choices.lacks) * FULL_TIME
        self._least(self.first, missing)
        self._least(self._costs(), 0)
        self._least(self._niceties(), 0)
        return self.draft.problem()

    def _least(self, terms: Sequence[Term], offset: int) -> None:
        self.draft.least([v for v, _ in terms], [factor for _, factor in terms], offset=offset)

    def _costs(self) -> list[Term]:
        choices = self.choices
        return [
            *((self.starts[n], start.cost) for n, start in enumerate(choices.starts)),
            *((self.sessions[n], each.cost) for n, each in enumerate(choices.sessions)),
            *((self.hires[n], hire.cost) for n, hire in enumerate(choices.hires)),
        ]

    def _niceties(self) -> list[Term]:
        choices = self.choices
        return [
            *(
                (self.starts[n], 1 + start.period + choices.pairs[start.pair].penalty)
                for n, start in enumerate(choices.starts)
            ),
            *((self.uses[n], 1 + use.penalty) for n, use in enumerate(choices.uses)),
            *((self.carries[n], 1) for n in range(len(choices.carries))),
            *((self.moves[n], 1) for n in range(len(choices.moves))),
        ]


def _each(draft: Draft, uppers: Sequence[int], *, kind: Kind = Kind.WHOLE) -> range:
    """Add one variable for each upper limit, numbered one after the other."""
    blocks = [draft.variables(1, upper=upper, kind=kind) for upper in uppers]
    return range(blocks[0].start, blocks[-1].stop) if blocks else range(0)
