"""On whom do the figures rest that add up to no total? Groups; `guarded` veils them as well.

Drivers overlap, and what the law asks, what expires or who takes part are counts of their own. Each
is held back where few stand behind it, where another row would give it away by a difference, and
where few have changed since an earlier report (FAULTS 84, 86, 87).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
from attrs import evolve, field, frozen

from kompetanse_core.analysis import Analysis
from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import Array
from kompetanse_core.cooperation import FollowUp
from kompetanse_core.gap import Gap, Gaps, HeadcountGap, Validity
from kompetanse_core.mapping import assessed_in
from kompetanse_core.model.privacy import Release
from kompetanse_core.model.work import Demand
from kompetanse_core.plan import Plan, Question
from kompetanse_core.privacy.ledger import Ledger
from kompetanse_core.report.veil import ALL, COMPETENCE, ROLE, UNIT, Key, Veil
from kompetanse_core.strategy import Strategy
from kompetanse_core.strategy.relevance import engaged_on

DRIVER, LEGAL, HEADCOUNT, MEASURE = "driver", "legal", "headcount", "measure"
ANSWER, LEFT, FRESH, HEADS = "answer", "left", "fresh", "heads"
EXPIRING: Key = ("expiring", "")
UNUSED: Key = ("unused", "")
CARRIED: Key = ("carried", "")
WISHED: Key = ("wished", "")
GRANTED: Key = ("granted", "")


@frozen(kw_only=True)
class Group:
    """Gruppe: one row that is counted by itself, and what each person gave to its figures."""

    key: Key
    given: Mapping[str, tuple[int, ...]] = field(repr=False)
    betrayed: bool = False
    """Whether another row less this one would tell of few."""
    figures: tuple[int, ...] = field()
    """How many they are, and what they gave in all."""

    @figures.default
    def _added_up(self) -> tuple[int, ...]:
        return (len(self.given), *map(sum, zip(*self.given.values(), strict=True)))


def guarded(analysis: Analysis, veil: Veil, *, k: int) -> Veil:
    """Add to a veil every group of an analysis that may not be told, and what follows of all."""
    gaps, told = analysis.gaps, list[Release]()
    hidden, repeated = set(veil.hidden), dict(veil.repeated)
    for group in _groups(analysis, veil, k):
        if group.betrayed or len(group.given) < k:
            hidden.add(group.key)
        if veil.ledger is None:
            continue
        release = _release(group, gaps, veil.ledger)
        before = veil.ledger.repeated(release, k=k)
        if before is None:
            told.append(evolve(release, figures=None) if group.key in hidden else release)
            continue
        hidden.add(group.key)
        if before.figures is not None:
            repeated[group.key] = before
    ledger = veil.ledger and veil.ledger.after(told)
    return evolve(
        veil, hidden=frozenset(hidden), repeated=MappingProxyType(repeated), ledger=ledger
    )


def _release(group: Group, gaps: Gaps, ledger: Ledger) -> Release:
    table, row = group.key
    return Release(
        on=gaps.on,
        table=table,
        row=row,
        figures=group.figures,
        contributors=len(group.given),
        marks=ledger.marks(f"{who}\n{what}" for who, what in group.given.items()),
    )


def _groups(analysis: Analysis, veil: Veil, k: int) -> Iterator[Group]:
    gaps, plan = analysis.gaps, analysis.plan
    yield from _drivers(gaps, veil, k)
    yield from _legal(gaps)
    yield from _headcounts(gaps)
    yield from _planned(plan)
    yield from _counted_on(plan)
    yield from _wished(plan, k)
    yield from _mapped(analysis.follow_up, k)
    soon = gaps.rows.column("validity") == list(Validity).index(Validity.EXPIRING)
    named = gaps.rows.words_of("employee").values
    for key, people in (
        (EXPIRING, [named[code] for code in gaps.rows.column("employee")[soon].tolist()]),
        (UNUSED, [each.employee for each in gaps.unused]),
    ):
        if people:
            yield Group(key=key, given=MappingProxyType(dict.fromkeys(people, (1,))))


def _drivers(gaps: Gaps, veil: Veil, k: int) -> Iterator[Group]:
    """Give what stands behind each driver; a row within few people of another betrays them."""
    rows = gaps.rows.where(gaps.rows.column("demand") == list(Demand).index(Demand.REQUIRED))
    before: list[Array] = []
    for driver, mask in _behind(rows, gaps):
        near = [mask ^ other for other in (*_told(rows, veil, mask), *before)]
        betrayed = any(0 < len(np.unique(rows.column("employee")[each])) < k for each in near)
        if not betrayed:
            before.append(mask)
        given = _given(rows, mask, ("met", "missing", "unknown"))
        yield Group(key=(DRIVER, driver), given=given, betrayed=betrayed)


def _behind(rows: Table[Gap], gaps: Gaps) -> Iterator[tuple[str, Array]]:
    """Yield each driver with the gap rows that it stands behind, (gap rows,)."""
    if not len(rows):
        return
    asked = np.stack([rows.column("role"), rows.column("competence")])
    _, first, which = np.unique(asked, axis=1, return_index=True, return_inverse=True)
    behind = [{driver.id for driver in gaps.why(rows[row]).drivers} for row in first.tolist()]
    for driver in sorted({name for names in behind for name in names}):
        yield driver, np.asarray([driver in names for names in behind])[which.reshape(-1)]


def _told(rows: Table[Gap], veil: Veil, mask: Array) -> Iterator[Array]:
    """Yield the gap rows of every told row that has all of these in it, or is all in these."""
    if not veil.hides(ALL):
        yield np.ones(len(rows), np.bool_)
    for table in (UNIT, ROLE, COMPETENCE):
        codes, words = rows.column(table), rows.words_of(table).values
        size = np.bincount(codes, minlength=len(words))
        inside = np.bincount(codes[mask], minlength=len(words))
        nested = (inside > 0) & ((inside == size) | (inside == mask.sum()))
        for code in np.flatnonzero(nested).tolist():
            if not veil.hides((table, words[code])):
                yield codes == code


def _given(rows: Table[Gap], mask: Array, names: tuple[str, ...]) -> Mapping[str, tuple[int, ...]]:
    """Add up what each person gave to some columns, by pseudonym."""
    codes, place = np.unique(rows.column("employee")[mask], return_inverse=True)
    sums = np.zeros((len(codes), len(names)), np.int64)
    for column, name in enumerate(names):
        np.add.at(sums[:, column], place, rows.column(name)[mask])
    people = rows.words_of("employee").values
    pairs = zip(codes.tolist(), sums.tolist(), strict=True)
    return MappingProxyType({people[code]: tuple(given) for code, given in pairs})


def _legal(gaps: Gaps) -> Iterator[Group]:
    """Give, for each competence that law or formal proof asks for, where each person stands."""
    for competence, mask in legal_rows(gaps):
        rows = gaps.rows.where(mask)
        standing = {
            "missing": rows.column("missing") > 0,
            "unknown": rows.column("unknown") > 0,
            "expiring": rows.column("validity") == list(Validity).index(Validity.EXPIRING),
        }
        people, words = rows.column("employee"), rows.words_of("employee").values
        found = {name: frozenset(people[here].tolist()) for name, here in standing.items()}
        given = {
            words[code]: tuple(int(code in found[name]) for name in standing)
            for code in np.unique(people).tolist()
        }
        yield Group(key=(LEGAL, competence), given=MappingProxyType(given))


def legal_rows(gaps: Gaps) -> Iterator[tuple[str, Array]]:
    """Yield each competence that law or formal proof asks for, with its rows, (gap rows,)."""
    asked = gaps.rows.column("statutory") | (gaps.rows.column("proof") != 0)
    codes, words = gaps.rows.column("competence"), gaps.rows.words_of("competence").values
    for code in np.unique(codes[asked]).tolist():
        yield words[code], asked & (codes == code)


def _headcounts(gaps: Gaps) -> Iterator[Group]:
    """Count who is known, and who is not known about; who they are is not told here.

    Whoever changed is in one number more than before, so no fewer changed than that.
    """
    for found in gaps.headcounts:
        given = {f"known {place}": (1, 0) for place in range(found.known)}
        given |= {f"unknown {place}": (0, 1) for place in range(found.unknown)}
        if given:
            yield Group(key=headcount_key(found), given=MappingProxyType(given))


def headcount_key(found: HeadcountGap) -> Key:
    """Name the row of one head count."""
    asked = found.headcount
    return HEADCOUNT, f"{asked.unit}\n{asked.competence}\n{asked.level}"


def _planned(plan: Plan) -> Iterator[Group]:
    """Give who takes part in each measure, who hands a task over, and whom answers are of."""
    found: dict[Key, dict[str, tuple[int, ...]]] = {}
    for planned in (*plan, *plan.granted):
        if planned.employee is None:
            continue
        for key in _keys(planned.measure, planned.strategy, planned.seats):
            _give(found.setdefault(key, {}), planned.employee, planned.steps)
    for key, given in sorted(found.items()):
        yield Group(key=key, given=MappingProxyType(given))
    rows, words = plan.gaps.rows, plan.gaps.rows.words_of("employee").values
    person = rows.column("employee")[plan.closings.column("gap")]
    for part, steps in closed_by(plan).items():
        sums = np.bincount(person, weights=steps, minlength=len(words)).astype(np.int64)
        given = {words[code]: (int(sums[code]),) for code in np.flatnonzero(sums).tolist()}
        if given:
            yield Group(key=(ANSWER, part), given=MappingProxyType(given))


def _give(given: dict[str, tuple[int, ...]], who: str, amount: int) -> None:
    given[who] = (given.get(who, (0,))[0] + amount,)


def mustering(plan: Plan) -> Mapping[str, Mapping[str, tuple[int, ...]]]:
    """Give, for each answer, who of those here make up for heads short, and for how many.

    Who is lifted, or moves with nothing to learn, is developed or used; who learns for a move is
    redeveloped.
    """
    found: dict[str, dict[str, tuple[int, ...]]] = {}
    for planned in plan:
        if planned.employee is not None and planned.mustered:
            moved = planned.strategy is Strategy.RESKILL and planned.measure is None
            part = Question.REDEVELOP if moved else Question.DEVELOP
            _give(found.setdefault(part.value, {}), planned.employee, planned.mustered)
    return found


def _counted_on(plan: Plan) -> Iterator[Group]:
    """Give who makes up for heads short, and whose price a scheme is expected to cover part of."""
    for part, given in sorted(mustering(plan).items()):
        yield Group(key=(HEADS, part), given=MappingProxyType(dict(given)))
    granted: dict[str, tuple[int, ...]] = {}
    for planned in (*plan, *plan.granted):
        if planned.employee is not None and planned.grant:
            _give(granted, planned.employee, planned.grant)
    if granted:
        yield Group(key=GRANTED, given=MappingProxyType(granted))


def wishing(plan: Plan) -> Mapping[str, int]:
    """Give everybody who wishes for what no gap stands behind, and for how much."""
    found: dict[str, int] = {}
    for each in plan.wishes:
        found[each.wish.employee] = found.get(each.wish.employee, 0) + 1
    return MappingProxyType(found)


def _wished(plan: Plan, k: int) -> Iterator[Group]:
    """Give who wishes for something; where all but few do, it is known of nearly everybody."""
    found = wishing(plan)
    if found:
        here = {each.employee for each in engaged_on(plan.gaps.enterprise, plan.gaps.on)}
        given = MappingProxyType({who: (count,) for who, count in sorted(found.items())})
        yield Group(key=WISHED, given=given, betrayed=len(here) - len(found) < k)


def closed_by(plan: Plan) -> Mapping[str, Array]:
    """Give the steps that each answer, and what is left, takes of every closing, (closings,)."""
    use, upskill, reskill, recruit, left = (
        plan.closings.column(name) for name in ("use", "upskill", "reskill", "recruit", "left")
    )
    return MappingProxyType(
        {
            Question.DEVELOP.value: use + upskill,
            Question.RECRUIT.value: recruit,
            Question.REDEVELOP.value: reskill,
            LEFT: left,
        }
    )


def _mapped(follow_up: FollowUp, k: int) -> Iterator[Group]:
    """Give the people of each unit whose freshness is told, and when each was last assessed.

    The date of a unit is that of one of them: where few have been assessed it is held back.
    """
    if not follow_up.fresh:
        return
    for unit, people in assessed_in(follow_up.enterprise, on=follow_up.on).items():
        known = [day.toordinal() for day in people.values() if day is not None]
        yield Group(
            key=(FRESH, unit),
            given=MappingProxyType(
                {who: (day.toordinal() if day else 0,) for who, day in people.items()}
            ),
            betrayed=0 < len(known) < k,
            figures=(len(people), max(known, default=0)),
        )


def _keys(measure: str | None, strategy: Strategy, seats: int) -> Iterable[Key]:
    if measure is not None:
        yield MEASURE, measure
    if strategy is Strategy.USE and not seats:
        yield CARRIED
