"""Who could be lifted so that a unit has as many as it must? The ways of UPSKILL for headcounts.

A headcount asks that so many people in a unit hold a level (G-8); who they are is open. So a way
is open to everybody there who is known to lack it, whatever their own role asks of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kompetanse_core.gap import HeadState
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.strategy.board import Board, Sheet, place
from kompetanse_core.strategy.lifting import (
    Lack,
    Offers,
    Way,
    Whole,
    needless,
    offers_by_competence,
    priced,
    ways_over,
)
from kompetanse_core.strategy.options import Ground, Strategy


def mustering_ways(board: Board) -> tuple[Sheet, ...]:
    """Find every measure that lifts somebody to the level of a headcount, or leads up to it.

    Only people known to lack the level count: who is not known about may hold it already. A head
    at a level is worth as many steps as the level has, of weight 1.
    """
    offers = offers_by_competence(board)
    short = (number for number, gap in enumerate(board.gaps.headcounts) if gap.least)
    return tuple(sheet for number in short for sheet in _sheets(board, offers, number))


def _sheets(board: Board, offers: Offers, number: int) -> Iterator[Sheet]:
    """Yield the ways for one headcount, a sheet for all people who hold the same level."""
    asked = board.gaps.headcounts[number].headcount
    code = board.competences.code(asked.competence)
    people = _lacking(board, number)
    held = _held(board, people, asked.competence)
    for level in np.unique(held).tolist():
        lack = Lack(held=level, need=asked.level, whole=True, accepted=frozenset())
        ways = tuple(ways_over(board, lack, offers.get(code, ())))
        if ways:
            yield _sheet(board, number, people[held == level], ways)


def _lacking(board: Board, number: int) -> Whole:
    """Give the people known to lack what a headcount asks, by code."""
    heads = board.gaps.heads
    lacking = heads.column("state") == place(HeadState.LACKING)
    own = (heads.column("headcount") == number) & lacking
    found: Whole = heads.codes_in("employee", board.people)[own]
    return found


def _held(board: Board, people: Whole, competence: CompetenceId) -> Whole:
    """Give the level of a competence that each of some people holds, shape (people,)."""
    rows = board.gaps.holdings.rows
    own = rows.column("competence") == rows.words_of("competence").code(competence)
    level = np.zeros(len(board.people), dtype=np.int64)
    level[rows.codes_in("employee", board.people)[own]] = rows.column("level")[own]
    return level[people]


def _sheet(board: Board, number: int, people: Whole, ways: tuple[Way, ...]) -> Sheet:
    """Open the same ways to each of some people."""
    asked = board.gaps.headcounts[number].headcount
    person = np.repeat(people, len(ways))
    way = np.tile(np.arange(len(ways)), len(people))
    closes = np.array([way.closes for way in ways])[way]
    ground = np.where(closes > 0, place(Ground.HEADCOUNT), place(Ground.LEADS_ON))
    measure = np.array([way.measure for way in ways])[way]
    kept = ~needless(board, person, measure, ground)
    count = int(kept.sum())
    columns = priced(board, measure[kept], person[kept]) | {
        "employee": person[kept],
        "unit": np.full(count, board.units.code(asked.unit)),
        "competence": np.full(count, board.competences.code(asked.competence)),
        "headcount": np.full(count, number),
        "need": np.full(count, asked.level),
        "reach": np.array([way.reach for way in ways])[way][kept],
        "steps": closes[kept],
    }
    return Sheet(strategy=Strategy.UPSKILL, ground=ground[kept], columns=columns)
