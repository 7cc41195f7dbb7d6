"""Who could take over which vacant seat, and what would they learn first? The ways of RESKILL.

Clauses G-9, G-10 and H-6. A way leads the person from a role that is asked for less towards a
seat that is vacant, nearest first; the role loses relevance, the person does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.gap import SeatGap
from kompetanse_core.model.competence import CompetenceId, Level
from kompetanse_core.model.measure import Measure, Outcome
from kompetanse_core.model.people import EmployeeId, Engagement
from kompetanse_core.model.work import RoleId
from kompetanse_core.strategy.board import Board, Sheet, counts, noted
from kompetanse_core.strategy.demand import Demanded, Demands
from kompetanse_core.strategy.lifting import before, cost_range
from kompetanse_core.strategy.options import Ground, Option, Relevance, Strategy
from kompetanse_core.strategy.relevance import engaged_on

NEAREST = 3
"""How many seats are shown to one person: those with least to learn."""


@frozen(kw_only=True)
class Leg:
    """Hold one measure on somebody's way to another role, and a competence that it is for."""

    measure: int
    demanded: Demanded
    reach: int


@frozen(kw_only=True)
class Move:
    """Hold one person's way to one vacant seat; `learnt` are the weighted steps not yet held."""

    engagement: Engagement
    seat: int
    share: int
    learnt: int
    legs: tuple[Leg, ...]
    before: tuple[Measure, ...]
    """What must come before the legs and is none of them."""
    cost: tuple[int, int]
    days: tuple[int, int]


def moving_ways(board: Board, demands: Demands, relevance: Sequence[Relevance]) -> Sheet:
    """Find for everybody in a role that loses relevance the nearest vacant seats.

    A seat is open only if measures can bring all that it requires and the person is not known to
    hold. An option without a measure is the move itself, the others are the measures it takes.
    """
    falling = {each.role for each in relevance if each.falls}
    engaged = engaged_on(board.gaps.enterprise, board.gaps.on)
    people = [each for each in engaged if each.role in falling]
    targets = [
        (place, seat)
        for place, seat in enumerate(board.gaps.seats)
        if seat.vacant and seat.role not in falling
    ]
    guide = guide_for(board, demands, {each.employee for each in people})
    moves = [move for each in people for move in _nearest(guide, each, targets)]
    options = [option for move in moves for option in _options(guide, move)]
    return noted(board, Strategy.RESKILL, options)


@frozen(kw_only=True, eq=False)
class Guide:
    """Hold what it takes to find a way: what roles ask, what people hold, what measures give."""

    board: Board
    demands: Demands
    held: Mapping[tuple[EmployeeId, CompetenceId], int]
    offers: Mapping[CompetenceId, Sequence[tuple[int, Measure, Outcome]]]


def guide_for(board: Board, demands: Demands, people: set[EmployeeId]) -> Guide:
    """Gather what it takes to find ways for some people."""
    rows = board.gaps.holdings.rows
    who = np.isin(rows.codes_in("employee", board.people), board.people.codes(sorted(people)))
    offers: dict[CompetenceId, list[tuple[int, Measure, Outcome]]] = {}
    for code, measure in enumerate(board.offered):
        for outcome in measure.outcomes if counts(measure) else ():
            offers.setdefault(outcome.competence, []).append((code, measure, outcome))
    held = {(each.employee, each.competence): int(each.level) for each in rows.where(who)}
    return Guide(board=board, demands=demands, held=held, offers=offers)


def _nearest(
    guide: Guide, engagement: Engagement, targets: Sequence[tuple[int, SeatGap]]
) -> Sequence[Move]:
    ways = {seat.role: way_to(guide, engagement.employee, seat.role) for _, seat in targets}
    moves = [
        _move(guide, engagement, place, seat, legs)
        for place, seat in targets
        if (legs := ways[seat.role]) is not None
    ]
    return sorted(moves, key=lambda move: (move.learnt, move.cost, move.seat))[:NEAREST]


def way_to(guide: Guide, person: EmployeeId, role: RoleId) -> tuple[Leg, ...] | None:
    """Give the measures that bring what a role requires; None if something stays out of reach.

    What nobody knows is learnt too: a way must not rest on what has not been mapped.
    """
    legs: list[Leg] = []
    for demanded in guide.demands.get(role, {}).values():
        held = guide.held.get((person, demanded.competence), 0)
        if demanded.required and (held < demanded.level or demanded.proof):
            found = _climb(guide, demanded, held)
            if found is None:
                return None
            legs.extend(found)
    return tuple(legs)


def _climb(guide: Guide, demanded: Demanded, held: int) -> tuple[Leg, ...] | None:
    """Climb by the measure that brings most, the cheapest of those, until the level is reached.

    Each leg lifts higher, or proves the level that is asked: so the climb comes to an end.
    """
    legs: list[Leg] = []
    proven = not demanded.proof
    while held < demanded.level or not proven:
        steps = [
            (level, proves, -_cost(guide, code), -code)
            for code, measure, outcome in guide.offers.get(demanded.competence, ())
            for level in (min(outcome.reach, demanded.level),)
            for proves in (bool(measure.confers & demanded.proof) and level == demanded.level,)
            if outcome.entry <= held and (level > held or (proves and not proven))
        ]
        if not steps:
            return None
        level, proves, _, code = max(steps)
        legs.append(Leg(measure=-code, demanded=demanded, reach=level))
        held, proven = max(held, level), proven or proves
    return tuple(legs)


def _cost(guide: Guide, code: int) -> int:
    return cost_range(guide.board.offered[code])[1]


def _costs(board: Board, person: EmployeeId, measure: Measure) -> tuple[int, int]:
    """Give what a measure costs somebody at least, with the support they can have, and at most."""
    least, most = cost_range(measure)
    support = board.support.get(measure.id)
    granted = 0 if support is None else int(support.grants[board.people.code(person)])
    return least - granted, most


def _move(
    guide: Guide, engagement: Engagement, place: int, seat: SeatGap, legs: Sequence[Leg]
) -> Move:
    board = guide.board
    measures = [board.offered[code] for code in sorted({leg.measure for leg in legs})]
    known = {measure.id: measure for measure in board.offered}
    own = {measure.id for measure in measures}
    chain = {prior.id: prior for measure in measures for prior in before(measure, known)}
    taken = (chain | {measure.id: measure for measure in measures}).values()
    costs = [_costs(board, engagement.employee, measure) for measure in taken]
    lasting = [measure.days for measure in taken]
    asked = {leg.demanded.competence: leg.demanded for leg in legs}.values()
    held = {each: guide.held.get((engagement.employee, each.competence), 0) for each in asked}
    return Move(
        engagement=engagement,
        seat=place,
        share=min(engagement.share, seat.vacant),
        learnt=sum(max(0, each.level - held[each]) * each.weight for each in asked),
        legs=tuple(legs),
        before=tuple(prior for key, prior in chain.items() if key not in own),
        cost=(sum(least for least, _ in costs), sum(most for _, most in costs)),
        days=(max(lasting, default=0), sum(lasting)),
    )


def _options(guide: Guide, move: Move) -> Iterator[Option]:
    """Yield the move itself, then the measures that it takes."""
    seat, origin = guide.board.gaps.seats[move.seat], move.engagement
    whole = Option(
        strategy=Strategy.RESKILL,
        ground=Ground.LOSES_RELEVANCE,
        unit=seat.unit,
        role=seat.role,
        employee=origin.employee,
        origin=origin.role,
        seat=move.seat,
        share=move.share,
        cost_least=move.cost[0],
        cost_most=move.cost[1],
        days_least=move.days[0],
        days_most=move.days[1],
    )
    yield whole
    for leg in move.legs:
        measure = guide.board.offered[leg.measure]
        least, most = _costs(guide.board, origin.employee, measure)
        yield evolve(
            whole,
            competence=leg.demanded.competence,
            measure=measure.id,
            need=Level(leg.demanded.level),
            reach=Level(leg.reach),
            share=0,
            cost_least=least,
            cost_most=most,
            days_least=measure.days,
            days_most=measure.days,
        )
    for prior in move.before:
        least, most = _costs(guide.board, origin.employee, prior)
        yield evolve(
            whole,
            measure=prior.id,
            share=0,
            cost_least=least,
            cost_most=most,
            days_least=prior.days,
            days_most=prior.days,
        )
