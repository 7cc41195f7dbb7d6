"""What becomes of everybody, looked at one by one in every turn? The oracle of `turns`.

Nothing is remembered but who stands where: everybody is counted anew in each turn, and everybody's
luck is held against what the turns so far have left of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, TypeVar

import numpy as np
from attrs import Factory, define, frozen
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from kompetanse_core.columns.chance import MASK, MILLION, WEYL, draw, keys_of, marks_of
from kompetanse_core.columns.enduring import ENDURANCE, SPARE, luck
from kompetanse_core.columns.faring import ENTERED, LEARNING, MOVED, OLDEST, OPENING, PURPOSES
from kompetanse_core.columns.tallying import FULL, MET, MISSING, SHARE, UNKNOWN
from kompetanse_core.columns.turning import STEP
from kompetanse_core.columns.turns import Course, Sizes

T = TypeVar("T")
Key = tuple[str, int, int]
"""A kind of count, a turn and a cell."""


@define
class Somebody:
    """Whoever is there: a person of the course, or one who was hired; `row` is None at home."""

    mark: int
    lot: int
    left: int = ENDURANCE
    person: int | None = None
    row: int | None = None
    share: int = FULL
    age: int | None = None


@frozen
class Told:
    """Hold one run: what was counted, and who is there at the end."""

    counts: Counter[Key] = Factory(Counter)
    done: list[bool] = Factory(list)


def told(course: Course, sizes: Sizes, *, seed: int, run: int, agenda: int = 0) -> Told:
    """Play one run from the first turn to the last."""
    high, keys = keys_of(seed, run, run + 1)
    return _Run(course, sizes, int(keys[0]), high, agenda).play()


class _Run:
    """Keep who is there."""

    def __init__(self, course: Course, sizes: Sizes, key: int, high: int, agenda: int) -> None:
        self.c, self.s, self.key, self.high = course, sizes, key, high
        self.plan = agenda * (sizes.turns + 1)
        self.book = course.pages.tolist()
        self.main = course.main.reshape(sizes.turns, sizes.people).tolist()
        self.wanted = course.wanted.reshape(sizes.turns, sizes.cells).tolist()
        self.told = Told()
        self.told.done.extend(False for _ in course.learner)
        self.there = [self._person(p) for p in range(sizes.people)]
        self.coming: defaultdict[int, list[int]] = defaultdict(list)
        self.hired: Counter[int] = Counter()
        self.taken: Counter[int] = Counter()
        self.gained: Counter[int] = Counter()

    def play(self) -> Told:
        for t in range(self.s.turns):
            self._join(t)
            self._let_go(t)
            self._pay(t)
            self._learn(t)
            vacant = self._count(t)
            self._live(t)
            self._send(t)
            if t * self.s.months % 12 < self.s.months:
                self.taken.clear()
            self._seek(t)
            self._announce(t, vacant)
        return self.told

    def _person(self, p: int) -> Somebody:
        lot, rest = luck(self.key, self.high, int(self.c.mark[p]), ENTERED)
        years = int(self.c.years[p])
        age = int(self.c.youngest[p]) + (rest * years >> SPARE) if years else None
        return Somebody(mark=int(self.c.mark[p]), lot=lot, person=p, age=age)

    def _count_in(self, kind: str, t: int, cell: int, by: int = 1) -> None:
        self.told.counts[kind, t, cell] += by

    def _absent(self, who: Somebody, t: int) -> bool:
        return who.person is not None and self.main[t][who.person] < 0

    def _homes(self, person: int, t: int) -> Iterator[int]:
        for row in range(self.c.starts[person], self.c.starts[person + 1]):
            if self.book[t][row][SHARE] > 0:
                yield row

    def _rows(self, who: Somebody, t: int) -> dict[int, int]:
        """Give the rows where somebody is, with the share."""
        if who.row is not None:
            return {who.row: who.share}
        assert who.person is not None
        return {row: self.book[t][row][SHARE] for row in self._homes(who.person, t)}

    def _join(self, t: int) -> None:
        for cell in sorted(self.coming.pop(t, [])):
            self.hired[cell] += 1
            mark = (int(self.c.place[cell]) + self.hired[cell] * WEYL) & MASK
            lot, _ = luck(self.key, self.high, mark, t * PURPOSES + ENTERED)
            self.there.append(Somebody(mark=mark, lot=lot, row=int(self.c.entry[cell])))
            self._count_in("hires", t, cell)

    def _let_go(self, t: int) -> None:
        """Those who stand elsewhere go when their own places end; who is at home comes and goes."""
        for who in [*self.there]:
            if who.row is not None and self._absent(who, t):
                self._count_in("went", t, int(self.c.cell[who.row]))
                self.there.remove(who)
            if who.row is None and t:
                assert who.person is not None
                before, now = (set(self._homes(who.person, n)) for n in (t - 1, t))
                for row in now - before:
                    self._count_in("came", t, int(self.c.cell[row]))
                for row in before - now:
                    self._count_in("went", t, int(self.c.cell[row]))

    def _of(self, person: int) -> Somebody | None:
        return next((who for who in self.there if who.person == person), None)

    def _acts(self, begins: Any, t: int) -> range:
        return range(begins[self.plan + t], begins[self.plan + t + 1])

    def _pay(self, t: int) -> None:
        for k in self._acts(self.c.paid_from, t):
            cell, person = int(self.c.paid_in[k]), int(self.c.payer[k])
            if person >= 0:
                who = self._of(person)
                if who is None or self._absent(who, t):
                    continue
                if who.row is not None and self.c.cell[who.row] != cell:
                    continue
            self._count_in("cost", t, cell, int(self.c.paid[k]))
            self._count_in("away", t, cell, int(self.c.hours[k]))

    def _learn(self, t: int) -> None:
        for k in self._acts(self.c.learnt_from, t):
            who, row = self._of(int(self.c.learner[k])), int(self.c.learnt[k])
            if who is None or self._absent(who, t) or who.row not in (None, row):
                continue
            if self.c.via[k] >= 0 and not self.told.done[self.c.via[k]]:
                continue
            lucky = draw(self.key, self.high, int(self.c.luck[k]), t * PURPOSES + LEARNING)
            if lucky < self.c.success[k]:
                self.told.done[k] = True
                self.gained[row] = max(0, self.gained[row] + int(self.c.steps[k]))

    def _count(self, t: int) -> list[int]:
        vacant = [*self.wanted[t]]
        for who in self.there:
            for row, share in self._rows(who, t).items():
                cell, page = int(self.c.cell[row]), self.book[t][row]
                moved = min(self.gained[row], page[MISSING])
                vacant[cell] -= share
                self._count_in("heads", t, cell)
                self._count_in("met", t, cell, page[MET] + moved)
                self._count_in("missing", t, cell, page[MISSING] - moved)
                self._count_in("unknown", t, cell, page[UNKNOWN])
        vacant = [max(0, each) for each in vacant]
        for cell, each in enumerate(vacant):
            self._count_in("vacant", t, cell, each)
        return vacant

    def _live(self, t: int) -> None:
        """Hold everybody's luck against this turn: first to leave, then to retire, then to move."""
        for who in [*self.there]:
            if self._absent(who, t):
                continue
            row = who.row
            if row is None:
                assert who.person is not None
                row = self.main[t][who.person]
            leaves, retires = int(self.c.leave[self.c.cell[row]]), 0
            if who.age is not None:
                retires = int(self.c.retire[min(who.age + int(self.c.gone[t]), OLDEST)])
            ways = range(self.c.ways[row], self.c.ways[row + 1])
            moves = int(self.c.upto[ways[-1]]) if ways else 0
            risk = min(MILLION, leaves + retires + moves)
            fate = (who.left - 1 - who.lot) * MILLION // who.left
            if fate >= risk:
                who.left = who.left * (MILLION - risk) // MILLION
                continue
            if fate < leaves + retires:
                self._go(who, "left" if fate < leaves else "retired", t)
                self.there.remove(who)
                continue
            over = fate - leaves - retires
            self._go(
                who, "moved_out", t, int(next(self.c.way[w] for w in ways if over < self.c.upto[w]))
            )
            who.lot, _ = luck(self.key, self.high, who.mark, t * PURPOSES + MOVED)
            who.left = ENDURANCE

    def _go(self, who: Somebody, why: str, t: int, to: int | None = None) -> None:
        rows = self._rows(who, t)
        for row in rows:
            self._count_in(why, t, int(self.c.cell[row]))
        if to is not None:
            who.row, who.share = to, sum(rows.values())
            self._count_in("moved_in", t, int(self.c.cell[to]))

    def _send(self, t: int) -> None:
        for k in self._acts(self.c.sent_from, t):
            who = self._of(int(self.c.sent[k]))
            if who is not None and not self._absent(who, t):
                self._go(who, "moved_out", t, int(self.c.sent_to[k]))

    def _pending(self, cell: int) -> int:
        return sum(cells.count(cell) for cells in self.coming.values())

    def _open(self, t: int, cell: int, mark: int, n: int, chance: int, due: int, cost: int) -> None:
        lucky = draw(self.key, self.high, mark, t * PURPOSES + OPENING + n * STEP)
        group = int(self.c.group[cell])
        if lucky < chance and self.taken[group] < self.c.quota[group]:
            self.taken[group] += 1
            self.coming[due].append(cell)
            self._count_in("cost", t, cell, cost)

    def _seek(self, t: int) -> None:
        for k in self._acts(self.c.sought_from, t):
            due, mark = t + int(self.c.found_in[k]), int(self.c.chime[k])
            for n in range(self.c.sought[k]):
                cell, odds = int(self.c.sought_in[k]), int(self.c.odds[k])
                self._open(t, cell, mark, n, odds, due, int(self.c.fee[k]))

    def _announce(self, t: int, vacant: list[int]) -> None:
        for cell, each in enumerate(vacant):
            for n in range(each // FULL - self._pending(cell)):
                due, mark = t + int(self.c.lead[cell]), int(self.c.place[cell])
                chance, price = int(self.c.chance[cell]), int(self.c.price[cell])
                self._open(t, cell, mark, n, chance, due, price)


# --- courses to play ------------------------------------------------------------------------------

CHANCES = st.sampled_from((0, 0, 1, 200_000, 500_000, MILLION))


@st.composite
def courses(draw: DrawFn) -> tuple[Course, Sizes]:
    """Draw a small course in which everything may happen, and its sizes."""
    people, cells, turns = draw(st.integers(0, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 6))
    months = draw(st.sampled_from((1, 3, 12)))
    posts = sorted(
        {
            (p, c)
            for p in range(people)
            for c in draw(st.lists(st.integers(0, cells - 1), min_size=1, max_size=3))
        }
        | {(people, c) for c in range(cells)}
    )
    person = np.array([p for p, _ in posts], np.int64)
    starts = np.searchsorted(person, np.arange(people + 1))
    book = np.array(
        [draw(_pages(turns, newcomer=p == people)) for p, _ in posts], np.int64
    ).transpose(1, 0, 2)
    heads = st.integers(0, 2)
    wanted = [
        [draw(heads) * FULL // draw(st.integers(1, 2)) for _ in range(cells)] for _ in range(turns)
    ]
    leads = [draw(st.integers(1, 3)) for _ in range(cells)]
    acts = _acts_of(draw, turns, people, cells, posts)
    groups = draw(st.integers(1, cells))
    room = sum(-(-share // FULL) + 1 for line in wanted for share in line)
    sizes = Sizes(
        people=people,
        rows=len(posts),
        cells=cells,
        turns=turns,
        slots=people + room + int(acts["sought"].sum()),
        ahead=max([*leads, *acts["found_in"].tolist()]) + 1,
        months=months,
        groups=groups,
    )
    leave = [draw(CHANCES) for _ in range(cells)]
    ways, way, upto = _ways(draw, posts, starts, leave)
    course = Course(
        starts=starts,
        cell=np.array([c for _, c in posts], np.int32),
        main=_mains(book[:, :, SHARE], starts, people).reshape(-1),
        book=book.reshape(-1),
        ways=ways,
        way=way,
        upto=upto,
        leave=np.array(leave, np.int64),
        retire=np.array([draw(CHANCES) if age > 60 else 0 for age in range(OLDEST + 1)], np.int64),
        youngest=np.array([draw(st.sampled_from((20, 58, 65))) for _ in range(people)], np.int64),
        years=np.array([draw(st.sampled_from((0, 5, 10))) for _ in range(people)], np.int64),
        gone=np.arange(turns, dtype=np.int64) * months // 12,
        wanted=np.array(wanted, np.int64).reshape(-1),
        chance=np.array([draw(CHANCES) for _ in range(cells)], np.int64),
        lead=np.array(leads, np.int64),
        price=np.array([draw(st.integers(0, 9)) for _ in range(cells)], np.int64),
        entry=np.array([starts[people] + c for c in range(cells)], np.int32),
        group=np.array([c % groups for c in range(cells)], np.int64),
        quota=np.array([draw(st.sampled_from((0, 1, 99))) for _ in range(groups)], np.int64),
        mark=marks_of([f"person {p}" for p in range(people)]),
        place=marks_of([f"cell {c}" for c in range(cells)]),
        **acts,
    )
    return course, sizes


@st.composite
def _pages(draw: DrawFn, turns: int, *, newcomer: bool) -> list[list[int]]:
    """Draw what somebody has of a place, and what they meet there, turn by turn."""
    shares, steps = st.sampled_from((0, FULL, FULL, FULL // 2)), st.integers(0, 3)
    pages = list[list[int]]()
    for _ in range(turns):
        fresh = [0 if newcomer else draw(shares), *(draw(steps) for _ in range(3))]
        same = draw(st.sampled_from((True, True, True, False)))
        pages.append(pages[-1] if pages and same else fresh)
    return pages


def _mains(share: Any, starts: Any, people: int) -> Any:
    """Give everybody's largest share in each turn, the first of equals; -1 for the absent."""
    mains = np.full((len(share), people), -1, np.int32)
    for turn, p in np.ndindex(*mains.shape):
        own = share[turn, starts[p] : starts[p + 1]]
        if own.any():
            mains[turn, p] = starts[p] + int(own.argmax())
    return mains


def _ways(
    draw: DrawFn, posts: list[tuple[int, int]], starts: Any, leave: list[int]
) -> tuple[Any, Any, Any]:
    """Draw where each row may lead: other rows of the same person."""
    ways, way, upto = [0], list[int](), list[int]()
    few = st.sampled_from((0, 100_000, 250_000))
    for row, (person, cell) in enumerate(posts):
        end = starts[person + 1] if person + 1 < len(starts) else len(posts)
        sofar = 0
        for other in range(starts[person], end):
            if other != row and leave[cell] <= 500_000 and draw(st.booleans()):
                sofar += draw(few)
                way.append(other)
                upto.append(sofar)
        ways.append(len(way))
    return np.array(ways, np.int64), np.array(way, np.int32), np.array(upto, np.int64)


def _acts_of(
    draw: DrawFn, turns: int, people: int, cells: int, posts: list[tuple[int, int]]
) -> dict[str, Any]:
    """Draw two agendas: what is paid, learnt, sent and sought in each turn."""
    where, few, mark = st.integers(0, cells - 1), st.integers(0, 2), st.integers(0, MASK)
    own = [row for row, (p, _) in enumerate(posts) if p < people]
    rows = st.sampled_from(own or [0])
    paid, learnt, sent, sought = (list[tuple[int, ...]]() for _ in range(4))
    begins: dict[str, list[int]] = {"paid": [], "learnt": [], "sent": [], "sought": []}
    kinds = dict(zip(begins, (paid, learnt, sent, sought), strict=True))
    lessons = st.tuples(rows, st.sampled_from((-1, 1, 2)), CHANCES, mark)
    openings = st.tuples(where, few, st.integers(1, 3), CHANCES, few, mark)
    for _ in range(2):
        first = len(learnt)
        for turn in range(turns + 1):
            for name, kind in kinds.items():
                begins[name].append(len(kind))
            if turn == turns:
                break
            paid += draw(_some(st.tuples(st.integers(-1, people - 1), where, few, few)))
            for row, *lesson in draw(_some(lessons)) if own else ():
                via = draw(st.sampled_from((-1, *range(first, len(learnt)))))
                learnt.append((posts[row][0], row, *lesson, via))
            sent += ((posts[row][0], row) for row in draw(_some(rows)) if own)
            sought += draw(_some(openings))
    return {
        **{f"{name}_from": np.array(each, np.int64) for name, each in begins.items()},
        **_columns(("payer", "paid_in", "paid", "hours"), paid),
        **_columns(("learner", "learnt", "steps", "success", "luck", "via"), learnt),
        **_columns(("sent", "sent_to"), sent),
        **_columns(("sought_in", "sought", "found_in", "odds", "fee", "chime"), sought),
    }


def _some(each: st.SearchStrategy[T]) -> st.SearchStrategy[list[T]]:
    return st.lists(each, max_size=2)


def _columns(names: tuple[str, ...], acts: list[tuple[int, ...]]) -> dict[str, Any]:
    table = np.array(acts, np.int64).reshape(len(acts), len(names))
    return {name: table[:, place].copy() for place, name in enumerate(names)}
