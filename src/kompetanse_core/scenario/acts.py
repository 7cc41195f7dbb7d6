"""How does a course go on when somebody decides on the way? Acts: from one decision to the next.

With one decision, runs are played block by block and forgotten; with several, all runs are played
up to the next decision before the policy is asked about all of them at once. Whoever waits is asked
after each block whether to end, and may be asked by a policy that works long.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from attrs import evolve, field, frozen

from kompetanse_core.columns.chance import keys_of
from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.speed import spread
from kompetanse_core.columns.tallying import EMPTY, HOME, ROWS
from kompetanse_core.columns.turns import Counts, Sizes, State, begin, play, refitted
from kompetanse_core.errors import Misuse
from kompetanse_core.model.enterprise import Finding
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.scenario.counting import Count
from kompetanse_core.scenario.listening import Ears, nothing_done
from kompetanse_core.scenario.policy import Clerk, Decision
from kompetanse_core.scenario.situation import Agenda, Grid, Situation, at_first
from kompetanse_core.scenario.stage import Ground, Stage, staged

BLOCK_NUMBERS = 2**18
"""About so many slots are on stage at a time."""
MOST_HELD = 2**25
"""So many slots, or numbers of each kind, are held at most between two decisions."""


@frozen(kw_only=True, eq=False)
class Played:
    """Hold what was counted in the runs from `first` up to `last`, in so many periods of them."""

    first: int
    last: int
    periods: int
    counts: Counts
    marked: Array
    findings: tuple[Finding, ...]
    concerned: frozenset[EmployeeId]
    """Whom decisions were about, in any run."""


@frozen(kw_only=True, eq=False)
class _Block:
    """Hold some runs between two acts."""

    first: int
    last: int
    state: State
    counts: Counts
    done: Grid
    """Which lessons of the last act succeeded, (runs, lessons)."""


@frozen(kw_only=True, eq=False)
class _Course:
    """Hold what has been decided so far: the different agendas, and which one each run has."""

    agendas: tuple[Agenda, ...] = ((),)
    of: Array
    marked: Array
    findings: tuple[Finding, ...] = ()
    failed: tuple[frozenset[int], ...] = field(default=())

    @property
    def concerned(self) -> frozenset[EmployeeId]:
        """Give everybody whom a decision is about, in any run."""
        decided = (actions for agenda in self.agendas for actions in agenda)
        return frozenset().union(*(actions.concerned for actions in decided))

    def with_decision(self, decision: Decision) -> _Course:
        """Let each run go on with what has been decided for it."""
        kinds, of, many = [0], self.of, len(decision.actions)
        if (len(self.agendas), many) != (1, 1):
            found, of = np.unique(self.of * many + decision.of, return_inverse=True)
            kinds = found.tolist()
        agendas = tuple(
            (*self.agendas[kind // many], decision.actions[kind % many]) for kind in kinds
        )
        return evolve(
            self,
            agendas=agendas,
            of=of,
            marked=self.marked | decision.marked,
            findings=(*self.findings, *decision.findings),
        )


def acts(
    ground: Ground, clerk: Clerk, *, replicas: int, seed: int, block: int | None, ears: Ears
) -> Iterator[Played]:
    """Play every act, and yield the runs in blocks as the last one ends.

    Interrupted in the last act, the runs that are done are all there is. Earlier, all runs are
    given, each up to the last day on which all were decided about; if that is the first day of all,
    those are given that have come further.

    Raises:
        Misuse: E503, if an action names what is not there; E509, if a policy that decides again
            would be shown too many runs; as `find_gaps`.
        Interrupted: E574, before the first period has been played.
    """
    periods = len(ground.starts)
    turns = (*clerk.policy.turns(periods, ground.months), periods)
    course = _Course(of=np.broadcast_to(np.int64(0), replicas), marked=np.zeros(replicas, np.bool_))
    situation = _first(ground, replicas, ears)
    blocks: Sequence[_Block] = ()
    before: Stage | None = None
    for first, last in pairwise(turns):
        decision = clerk.ask(situation)
        if ears.heard():
            yield from _cut(course, blocks, first)
            return
        earlier, course = course, course.with_decision(decision)
        stage = _staged(ground, course, clerk, first, last)
        if before is not None:
            stage = _roomy(stage, before.sizes)
        asked = first, last, replicas, seed, block
        playing = _heeded(_playing(stage, before, course, blocks, asked), ears, asked, periods)
        if last == periods:
            yield from _played(course, playing, periods)
            return
        _check_held(stage.sizes, replicas)
        done = [*playing]
        if ears.heard():
            far = first == 0 or done[-1].last == replicas
            yield from _cut(course, done, last) if far else _cut(earlier, blocks, first)
            return
        blocks, before = done, stage
        course = _seen(course, stage, blocks)
        situation = _situation(ground, stage, course, blocks, last, ears)


def _staged(ground: Ground, course: _Course, clerk: Clerk, first: int, last: int) -> Stage:
    try:
        return staged(ground, course.agendas, first, last)
    except Misuse as error:
        text = f"policy {clerk.policy.name}: {error.text}"
        raise Misuse(error.code, text, hint=error.hint) from error


def _cut(course: _Course, blocks: Sequence[_Block], periods: int) -> Iterator[Played]:
    """Give what has been played when somebody did not want to wait any longer."""
    if not periods:
        raise nothing_done("the first period was played")
    yield from _played(course, blocks, periods)


def _heeded(
    playing: Generator[_Block],
    ears: Ears,
    asked: tuple[int, int, int, int, int | None],
    periods: int,
) -> Iterator[_Block]:
    """Yield blocks until whoever waits wants no more, and tell how many periods are played."""
    first, last, replicas, *_ = asked
    with closing(playing):
        for each in playing:
            yield each
            ears.tell(replicas * first + each.last * (last - first), replicas * periods)
            if (each.last, last) != (replicas, periods) and ears.stopped():
                return


def _check_held(size: Sizes, replicas: int) -> None:
    if replicas * max(size.slots + size.rows, size.turns * size.cells) > MOST_HELD:
        text = "too many runs for a policy that decides again: it is shown all of them at once"
        raise Misuse("E509", text, hint="simulate fewer replicas, or a smaller part")


def _first(ground: Ground, replicas: int, ears: Ears) -> Situation:
    situation = at_first(
        ground.enterprise, ground.starts[0], ground.cells, ground.people, ground.home, replicas
    )
    return evolve(situation, interrupted=ears.stopped)


def _roomy(stage: Stage, before: Sizes) -> Stage:
    """Keep the room that there was: nothing under way may fall outside."""
    sizes = evolve(
        stage.sizes,
        slots=max(stage.sizes.slots, before.slots),
        ahead=max(stage.sizes.ahead, before.ahead),
    )
    return evolve(stage, sizes=sizes)


def _playing(
    stage: Stage,
    before: Stage | None,
    course: _Course,
    blocks: Sequence[_Block],
    asked: tuple[int, int, int, int, int | None],
) -> Generator[_Block]:
    first, last, replicas, seed, block = asked
    size, lessons = stage.sizes, len(stage.course.learner)
    high, _ = keys_of(seed, 0, 0)

    def opened(ends: tuple[int, int]) -> _Block:
        keys = keys_of(seed, *ends)[1]
        counts = Counts.none(len(keys) * size.turns * size.cells)
        none = np.zeros((len(keys), 0), np.int8)
        state = begin(keys, size)
        return _Block(first=ends[0], last=ends[1], state=state, counts=counts, done=none)

    def act(on: _Block | tuple[int, int]) -> _Block:
        block = on if isinstance(on, _Block) else opened(on)
        state, runs = block.state, block.last - block.first
        if before is not None:
            state = refitted(state, before.sizes, size, _places(before, stage), first)
        done = np.zeros(runs * lessons, np.int8)
        agenda = np.ascontiguousarray(course.of[block.first : block.last])
        state = evolve(state, agenda=agenda, done=done)
        play(stage.course, state, block.counts, size, high=high, first=first, last=last)
        return evolve(block, state=state, done=done.reshape(runs, lessons))

    each = block or _block(size)
    ends = [(n, min(n + each, replicas)) for n in range(0, replicas, each)]
    parts: Sequence[_Block | tuple[int, int]] = blocks or ends
    yield from spread(act, parts, replicas * (last - first) * size.people)


def _block(size: Sizes) -> int:
    return max(1, BLOCK_NUMBERS // max(size.slots + size.rows, size.turns * size.cells, 1))


def _places(before: Stage, after: Stage) -> Array:
    place = {post: row for row, post in enumerate(after.posts)}
    return np.array([place[post] for post in before.posts], np.int64)


def _played(course: _Course, blocks: Iterable[_Block], periods: int) -> Iterator[Played]:
    concerned = course.concerned
    for block in blocks:
        yield Played(
            first=block.first,
            last=block.last,
            periods=periods,
            counts=block.counts,
            marked=course.marked[block.first : block.last].copy(),
            findings=course.findings,
            concerned=concerned,
        )


def _seen(course: _Course, stage: Stage, blocks: Sequence[_Block]) -> _Course:
    """Remember which learning of the last act did not succeed, run by run."""
    lessons, begins = stage.written.lessons, stage.written.begins
    known = course.failed or (frozenset[int](),) * len(course.of)
    failed = []
    for block in blocks:
        for run in range(block.first, block.last):
            mine = range(*begins[course.of[run] : course.of[run] + 2].tolist())
            done = block.done[run - block.first]
            missed = (lessons[place] for place in mine if not done[place])
            failed.append(known[run] | {id(each) for each in missed if each is not None})
    return evolve(course, failed=tuple(failed))


def _situation(
    ground: Ground,
    stage: Stage,
    course: _Course,
    blocks: Sequence[_Block],
    turn: int,
    ears: Ears,
) -> Situation:
    size = stage.sizes
    where = np.concatenate([each.state.where.reshape(-1, size.slots) for each in blocks])
    share = np.concatenate([each.state.share.reshape(-1, size.slots) for each in blocks])
    pending = [each.state.pending.reshape(-1, size.cells) for each in blocks]
    coming = np.concatenate(pending).astype(np.int64)
    cell = np.asarray(stage.course.cell, np.int64)
    # Counted in cells rather than rows, so that it means the same whatever rows there are.
    stands = np.where(where >= ROWS, cell[np.maximum(where - ROWS, 0)] + ROWS, where)
    main = stage.course.main.reshape(size.turns, size.people)[turn]
    home = np.where(main < 0, -1, cell[main])
    own, others = stands[:, : size.people], stands[:, size.people :]
    place = np.where(own == HOME, home, np.where(own == EMPTY, -1, own - ROWS))
    runs, newcomers = np.nonzero(others >= ROWS)
    hired = np.zeros((len(where), size.cells), np.int64)
    np.add.at(hired, (runs, others[runs, newcomers] - ROWS), 1)
    return Situation(
        enterprise=ground.enterprise,
        on=ground.starts[turn],
        cells=ground.cells,
        people=ground.people,
        place=_shut(place),
        hired=_shut(hired),
        coming=_shut(coming),
        counts=MappingProxyType({each: _counted(blocks, each, turn, size) for each in Count}),
        where=_shut(own),
        share=_shut(share[:, : size.people]),
        agendas=course.agendas,
        agenda=_shut(course.of.view()),
        failed=course.failed,
        since=ground.starts[turn - 1],
        interrupted=ears.stopped,
    )


def _shut(numbers: Grid) -> Grid:
    """Let a policy read numbers and not write to them."""
    numbers.flags.writeable = False
    return numbers


def _counted(blocks: Sequence[_Block], count: Count, turn: int, size: Sizes) -> Grid:
    parts = [
        getattr(each.counts, count.value).reshape(-1, size.turns, size.cells)[:, :turn]
        for each in blocks
    ]
    return _shut(np.concatenate(parts))
