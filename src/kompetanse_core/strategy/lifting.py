"""Which measures lift whom over what is missing? The ways of UPSKILL.

Clauses G-3 to G-7, A-6, R-2 and R-14. People who lack the same in the same way have the same
ways, so each pattern of lack is looked at once, however many people share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from kompetanse_core.model.competence import EvidenceKind
from kompetanse_core.model.measure import Measure, MeasureId, MeasureKind, Outcome
from kompetanse_core.strategy.board import Board, Sheet, of_rows, place
from kompetanse_core.strategy.demand import Demands
from kompetanse_core.strategy.options import Ground, Strategy

Whole = npt.NDArray[Any]


@frozen(kw_only=True)
class Lack:
    """Hold what somebody lacks of one competence, whoever it is.

    `whole` says that nothing short of `need` counts (expired or unproven); `accepted` are the
    kinds of evidence of which one must be conferred, empty if none is asked.
    """

    held: int
    need: int
    whole: bool
    accepted: frozenset[EvidenceKind]


@frozen(kw_only=True)
class Way:
    """Hold one measure that answers a lack: the level it reaches and the levels it closes."""

    measure: int
    reach: int
    closes: int
    ground: Ground


Offers = Mapping[int, Sequence[tuple[int, Measure, Outcome]]]
"""The measures with an outcome in a competence, both by code."""


def lifting_ways(board: Board, demands: Demands) -> Sheet:
    """Find every measure that lifts somebody over a threshold that is missing, or leads up to it.

    A measure is open to a person who holds its entry level, or who can reach it by other measures.
    Measures that must come first are there too, unless the person holds all that they give.
    """
    rows = np.flatnonzero(board.missing > 0)
    patterns, pattern_of = _patterns(board, demands, rows)
    offers = offers_by_competence(board)
    ways = [tuple(ways_over(board, lack, offers.get(code, ()))) for code, lack in patterns]
    counts = np.array([len(each) for each in ways], dtype=np.int64)
    flat = [way for each in ways for way in each]
    gap = np.repeat(rows, counts[pattern_of])
    starts = np.concatenate([[0], np.cumsum(counts)])[:-1]
    way = _runs(starts[pattern_of], counts[pattern_of])
    measure = _column(flat, [each.measure for each in flat])[way]
    ground = _column(flat, [each.ground for each in flat])[way]
    kept = ~needless(board, board.employee[gap], measure, ground)
    return _sheet(board, flat, gap[kept], way[kept])


def cost_range(measure: Measure) -> tuple[int, int]:
    """Give what a head costs before any support: with full sessions, and alone in one."""
    shared = -(-measure.cost_per_session // measure.seats) if measure.seats else 0
    return measure.cost_a_head + shared, measure.cost_a_head + measure.cost_per_session


def offers_by_competence(board: Board) -> Offers:
    """Give the measures that have an outcome in each competence."""
    offers: dict[int, list[tuple[int, Measure, Outcome]]] = {}
    for code, measure in enumerate(board.offered):
        for outcome in measure.outcomes:
            offers.setdefault(board.competences.code(outcome.competence), []).append(
                (code, measure, outcome)
            )
    return offers


def open_to(lack: Lack, offers: Sequence[tuple[int, Measure, Outcome]]) -> Iterator[Way]:
    """Yield the measures that answer a lack, and those that only lead up to one that does."""
    top = _reachable(lack.held, [outcome for _, _, outcome in offers])
    able = [offer for offer in offers if offer[2].entry <= top]
    closing = [_closes(lack, measure, outcome) for _, measure, outcome in able]
    found = list(zip(able, closing, strict=True))
    climbs = any(closes and outcome.entry > lack.held for (_, _, outcome), closes in found)
    for (code, measure, outcome), closes in found:
        if closes:
            ground = _ground(lack, measure)
            yield Way(measure=code, reach=outcome.reach, closes=closes, ground=ground)
        elif climbs and outcome.reach > lack.held:
            yield Way(measure=code, reach=outcome.reach, closes=0, ground=Ground.LEADS_ON)


def ways_over(
    board: Board, lack: Lack, offers: Sequence[tuple[int, Measure, Outcome]]
) -> Iterator[Way]:
    """Yield what answers a lack, then the measures that must come before."""
    found = list(open_to(lack, offers))
    yield from found
    measures = {measure.id: measure for measure in board.offered}
    named = {way.measure for way in found}
    first = {prior.id for way in found for prior in before(board.offered[way.measure], measures)}
    for code in sorted(board.measures.code(each) for each in first):
        if code not in named:
            yield Way(measure=code, reach=lack.held, closes=0, ground=Ground.LEADS_ON)


def before(measure: Measure, measures: Mapping[MeasureId, Measure]) -> tuple[Measure, ...]:
    """Give all measures that come before one, at any remove, by id; itself is never among them."""
    found: dict[MeasureId, Measure] = {}
    ahead = list(measure.prior)
    while ahead:
        prior = measures.get(ahead.pop())
        if prior is not None and prior.id not in found and prior.id != measure.id:
            found[prior.id] = prior
            ahead.extend(prior.prior)
    return tuple(found[each] for each in sorted(found))


def priced(board: Board, measure: Whole, person: Whole) -> dict[str, Whole]:
    """Name the measures of some ways, by code, with what a head costs and how long it takes.

    The least cost is with support, for whoever is eligible for it (R-17).
    """
    ranges = [cost_range(each) for each in board.offered]
    granted = np.zeros(len(measure), dtype=np.int64)
    for code, each in enumerate(board.offered):
        if each.id in board.support:
            here = measure == code
            granted[here] = board.support[each.id].grants[person[here]]
    measures = {each.id: each for each in board.offered}
    days = [each.days for each in board.offered]
    chain = [each.days + sum(p.days for p in before(each, measures)) for each in board.offered]
    return {
        "measure": measure,
        "cost_least": np.array([least for least, _ in ranges], dtype=np.int64)[measure] - granted,
        "cost_most": np.array([most for _, most in ranges], dtype=np.int64)[measure],
        "days_least": np.array(days, dtype=np.int64)[measure],
        "days_most": np.array(chain, dtype=np.int64)[measure],
    }


def needless(board: Board, person: Whole, measure: Whole, ground: Whole) -> Whole:
    """Mark the measures that must come first for people who hold all that they give already."""
    leads = ground == place(Ground.LEADS_ON)
    found = np.zeros(len(person), dtype=np.bool_)
    for code in np.unique(measure[leads]).tolist():
        done = holders_of_all(board, board.offered[code])
        here = leads & (measure == code)
        found[here] = done[person[here]]
    return found


def _patterns(board: Board, demands: Demands, rows: Whole) -> tuple[list[tuple[int, Lack]], Whole]:
    """Give each distinct lack with its competence, and which of them each row has."""
    accepted, kinds = _accepted(board, demands, rows)
    whole = board.expired[rows] | board.lacks_proof[rows]
    columns = [board.competence[rows], board.have[rows], board.need[rows], whole, accepted]
    distinct, pattern_of = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
    patterns = [
        (code, Lack(held=held, need=need, whole=bool(all_), accepted=kinds[kind]))
        for code, held, need, all_, kind in distinct.tolist()
    ]
    return patterns, pattern_of.reshape(-1)


def _accepted(
    board: Board, demands: Demands, rows: Whole
) -> tuple[Whole, list[frozenset[EvidenceKind]]]:
    """Give each set of evidence kinds that would do a number; 0 asks for no new evidence."""
    asked = board.asks_proof[rows] & (board.lacks_proof[rows] | board.expired[rows])
    kinds: list[frozenset[EvidenceKind]] = [frozenset()]
    number = np.zeros(len(rows), dtype=np.int64)
    pairs = np.stack([board.role[rows], board.competence[rows]], axis=1)
    for role, competence in np.unique(pairs[asked], axis=0).tolist():
        demand = demands.get(board.roles.values[role], {}).get(board.competences.values[competence])
        proof = frozenset() if demand is None else demand.proof
        if proof not in kinds:
            kinds.append(proof)
        here = asked & (pairs[:, 0] == role) & (pairs[:, 1] == competence)
        number[here] = kinds.index(proof)
    return number, kinds


def _reachable(held: int, outcomes: Sequence[Outcome]) -> int:
    """Give the highest level that measures lead to, one after the other."""
    while True:
        higher = max((o.reach for o in outcomes if o.entry <= held), default=held)
        if higher <= held:
            return held
        held = higher


def _closes(lack: Lack, measure: Measure, outcome: Outcome) -> int:
    """Count the levels of the lack that a measure closes by itself."""
    if not lack.whole:
        return max(0, min(outcome.reach, lack.need) - lack.held)
    proves = not lack.accepted or bool(lack.accepted & measure.confers)
    return lack.need if proves and outcome.reach >= lack.need else 0


def _ground(lack: Lack, measure: Measure) -> Ground:
    if measure.kind is MeasureKind.TRADE_CERTIFICATE:
        return Ground.TRADE_TRACK
    if lack.accepted:
        return Ground.PROVES
    return Ground.RENEWS if lack.whole else Ground.LIFTS


def _runs(starts: Whole, counts: Whole) -> Whole:
    """Count up from each start for as many as its count: starts [5, 0], counts [2, 1] -> 5 6 0."""
    ends = np.cumsum(counts)
    shifts: Whole = np.repeat(starts - (ends - counts), counts)
    return np.arange(len(shifts)) + shifts


def _column(ways: Sequence[Way], values: Sequence[Any]) -> Whole:
    numbers = [place(value) if isinstance(value, Ground) else value for value in values]
    return np.array(numbers, dtype=np.int64).reshape(len(ways))


def holders_of_all(board: Board, measure: Measure) -> Whole:
    """Mark the people who hold every level that a measure reaches, shape (people,)."""
    held = np.full(len(board.people), bool(measure.outcomes))
    rows = board.gaps.holdings.rows
    for outcome in measure.outcomes:
        code = rows.words_of("competence").code(outcome.competence)
        able = (rows.column("competence") == code) & (rows.column("level") >= outcome.reach)
        held &= np.isin(np.arange(len(held)), rows.codes_in("employee", board.people)[able])
    return held


def _sheet(board: Board, ways: Sequence[Way], gap: Whole, way: Whole) -> Sheet:
    measure = _column(ways, [each.measure for each in ways])[way]
    columns = (
        of_rows(board, gap)
        | priced(board, measure, board.employee[gap])
        | {
            "reach": _column(ways, [each.reach for each in ways])[way],
            "steps": _column(ways, [each.closes for each in ways])[way] * board.weight[gap],
        }
    )
    ground = _column(ways, [each.ground for each in ways])[way]
    return Sheet(strategy=Strategy.UPSKILL, ground=ground, columns=columns)
