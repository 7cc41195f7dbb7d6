"""Where would somebody new help? The ways of RECRUIT (G-8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from kompetanse_core.gap import HeadcountGap, SeatGap
from kompetanse_core.model.work import Market, RoleId
from kompetanse_core.strategy.board import Board, Sheet, Whole, counts, grounds, noted, of_rows
from kompetanse_core.strategy.options import OPTIONS, Ground, Option, Strategy


def hiring_ways(board: Board, lifted: Sheet) -> tuple[Sheet, ...]:
    """Find the vacant seats, the headcounts that fall short, and what no measure lifts.

    Somebody new in the same role could carry what no measure lifts, unless it is statutory or asks
    for proof: then nobody stands in for the person, and the option closes no step.
    """
    markets = {market.role: market for market in board.gaps.enterprise.markets}
    found = [*_seats(board, markets), *_headcounts(board)]
    return noted(board, Strategy.RECRUIT, found), _unlifted(board, lifted, markets)


def hire_cost(market: Market) -> tuple[int, int]:
    """Give what a filled seat costs: if the first vacancy is filled, and by the yield expected."""
    if not market.yield_percent:
        return market.cost, market.cost
    return market.cost, -(-market.cost * 100 // min(market.yield_percent, 100))


def _seats(board: Board, markets: Mapping[RoleId, Market]) -> Iterator[Option]:
    for seat, gap in enumerate(board.gaps.seats):
        if gap.vacant:
            yield _seat_option(seat, gap, markets.get(gap.role))


def _seat_option(seat: int, gap: SeatGap, market: Market | None) -> Option:
    least, most = hire_cost(market) if market else (0, 0)
    days = market.days if market else 0
    return Option(
        strategy=Strategy.RECRUIT,
        ground=Ground.VACANT_SEAT,
        unit=gap.unit,
        role=gap.role,
        seat=seat,
        share=gap.vacant,
        cost_least=least,
        cost_most=most,
        days_least=days,
        days_most=days,
        certainty=min(market.yield_percent, 100) if market else None,
    )


def _headcounts(board: Board) -> Iterator[Option]:
    for number, gap in enumerate(board.gaps.headcounts):
        if gap.least:
            yield _headcount_option(number, gap)


def _headcount_option(number: int, gap: HeadcountGap) -> Option:
    return Option(
        strategy=Strategy.RECRUIT,
        ground=Ground.HEADCOUNT,
        unit=gap.headcount.unit,
        competence=gap.headcount.competence,
        headcount=number,
        need=gap.headcount.level,
    )


def _unlifted(board: Board, lifted: Sheet, markets: Mapping[RoleId, Market]) -> Sheet:
    rows = np.setdiff1d(np.flatnonzero(board.missing > 0), _lifted_rows(board, lifted))
    carried = ~board.statutory[rows] & ~board.asks_proof[rows]
    of_role = [markets.get(role) for role in board.roles.values]
    costs = [hire_cost(market) if market else (0, 0) for market in of_role]
    days = np.array([market.days if market else 0 for market in of_role], dtype=np.int64)
    role = board.role[rows]
    columns = of_rows(board, rows) | {
        "seat": _seats_of(board, rows),
        "steps": np.where(carried, board.missing[rows], 0),
        "cost_least": np.array([least for least, _ in costs], dtype=np.int64)[role],
        "cost_most": np.array([most for _, most in costs], dtype=np.int64)[role],
        "days_least": days[role],
        "days_most": days[role],
    }
    ground = grounds(Ground.NO_MEASURE, len(rows))
    return Sheet(strategy=Strategy.RECRUIT, ground=ground, columns=columns)


def _lifted_rows(board: Board, lifted: Sheet) -> Whole:
    """Give the rows that a measure which counts lifts by at least a step."""
    counted = np.array([counts(measure) for measure in board.offered], dtype=np.bool_)
    helps = (lifted.columns["steps"] > 0) & counted[lifted.columns["measure"]]
    return lifted.columns["gap"][helps]


def _seats_of(board: Board, rows: Whole) -> Whole:
    """Give the vacant seat of each row's unit and role; no number where there is none."""
    vacant = {(s.unit, s.role): n for n, s in enumerate(board.gaps.seats) if s.vacant}
    none = next(c.none for c in OPTIONS.columns if c.name == "seat")
    table = np.full((len(board.units), len(board.roles)), none, dtype=np.int64)
    for (unit, role), number in vacant.items():
        table[board.units.code(unit), board.roles.code(role)] = number
    return table[board.unit[rows], board.role[rows]]
