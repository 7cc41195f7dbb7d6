"""Who among the colleagues could carry what somebody lacks? The ways of USE.

Clauses M-3, M-10 and S-2. What is statutory, or asks for proof, is carried by nobody else: no
plan stands in for it (B-6).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from kompetanse_core.columns import Table
from kompetanse_core.gap import Gaps
from kompetanse_core.model.work import UnitId
from kompetanse_core.strategy.board import Board, Sheet, lay_out, of_rows, place, written
from kompetanse_core.strategy.opener import Opener
from kompetanse_core.strategy.options import Ground, Option, Strategy

Whole = npt.NDArray[Any]
Able = tuple[int, int, int]
"""A level, the code of the colleague who holds it, and the place of the reason in `Ground`."""

SHOWN = 3
"""How many colleagues are named for one lack: enough to choose among, few enough to read."""


def open_uses(gaps: Gaps) -> Table[Option]:
    """Open the ways of USE for all the gaps."""
    board = lay_out(gaps)
    return written(board, (_using_ways(board),))


USE = Opener(name="use", description="Colleagues of the unit or its branch", open=open_uses)
"""Our own strategy, asked as any other."""


def _using_ways(board: Board) -> Sheet:
    """Find for each missing row the colleagues who hold what it needs and have it to spare.

    Those of the same unit come first; only where it has none, those of the units above and below.
    A colleague who just reaches the level comes before one who would be underused.
    """
    carried = (board.missing > 0) & ~board.statutory & ~board.asks_proof
    rows = np.flatnonzero(carried)
    lacks = np.stack([board.unit[rows], board.competence[rows], board.need[rows]], axis=1)
    distinct, lack_of = np.unique(lacks, axis=0, return_inverse=True)
    spare, tree = _spare(board), _tree(board)
    circles = [
        [_nearest(spare, units, competence, need) for units in tree[unit]]
        for unit, competence, need in distinct.tolist()
    ]
    found = [
        (row, able)
        for row, person, lack in zip(
            rows.tolist(), board.employee[rows].tolist(), lack_of.reshape(-1).tolist(), strict=True
        )
        for able in _others(circles[lack], person)
    ]
    return _sheet(board, found)


def _spare(board: Board) -> Mapping[tuple[int, int], Sequence[Able]]:
    """Give, by unit and competence, those who hold more than they are asked, lowest level first."""
    spare: dict[tuple[int, int], set[Able]] = {}
    places = _units_of(board)
    unused = board.gaps.unused
    people = unused.codes_in("employee", board.people).tolist()
    competences = unused.codes_in("competence", board.competences).tolist()
    levels = unused.column("level").tolist()
    for person, competence, level in zip(people, competences, levels, strict=True):
        for unit in places.get(person, ()):
            able = (level, person, place(Ground.COLLEAGUE_UNUSED))
            spare.setdefault((unit, competence), set()).add(able)
    for row in np.flatnonzero(board.surplus & ~board.expired & (board.unknown == 0)).tolist():
        able = (int(board.have[row]), int(board.employee[row]), place(Ground.COLLEAGUE_SURPLUS))
        spare.setdefault((int(board.unit[row]), int(board.competence[row])), set()).add(able)
    return {key: sorted(found) for key, found in spare.items()}


def _units_of(board: Board) -> Mapping[int, Sequence[int]]:
    """Give the units in which each person is engaged on the day, by code."""
    places: dict[int, set[int]] = {}
    for each in board.gaps.enterprise.engagements:
        begun = each.start is None or each.start <= board.gaps.on
        if begun and (each.end is None or board.gaps.on <= each.end):
            person, unit = board.people.code(each.employee), board.units.code(each.unit)
            places.setdefault(person, set()).add(unit)
    return {person: sorted(units) for person, units in places.items()}


def _tree(board: Board) -> Sequence[tuple[tuple[int, ...], ...]]:
    """Give for each unit itself, then the units above and below it, by code."""
    parents = {unit.id: unit.parent for unit in board.gaps.enterprise.units}
    above = [_above(unit, parents) for unit in board.units.values]
    below: list[list[int]] = [[] for _ in above]
    for code, line in enumerate(above):
        for higher in line:
            below[board.units.code(higher)].append(code)
    return [
        ((code,), tuple(sorted({*map(board.units.code, line), *below[code]})))
        for code, line in enumerate(above)
    ]


def _above(unit: UnitId, parents: Mapping[UnitId, UnitId | None]) -> tuple[UnitId, ...]:
    line: list[UnitId] = []
    parent = parents.get(unit)
    while parent is not None and parent in parents and parent not in line:
        line.append(parent)
        parent = parents[parent]
    return tuple(line)


def _nearest(
    spare: Mapping[tuple[int, int], Sequence[Able]],
    units: Sequence[int],
    competence: int,
    need: int,
) -> Sequence[Able]:
    """Give those in some units who hold enough, one more than are shown: one may be oneself."""
    near = (able for unit in units for able in spare.get((unit, competence), ()))
    each_once = {able[1]: able for able in near if able[0] >= need}
    return sorted(each_once.values())[: SHOWN + 1]


def _others(circles: Sequence[Sequence[Able]], person: int) -> Sequence[Able]:
    """Give those of the nearest circle that has anybody but the person."""
    others = ([able for able in circle if able[1] != person] for circle in circles)
    return next((found[:SHOWN] for found in others if found), ())


def _sheet(board: Board, found: Sequence[tuple[int, Able]]) -> Sheet:
    gap = np.array([row for row, _ in found], dtype=np.int64)
    table = np.array([able for _, able in found], dtype=np.int64).reshape(len(found), 3)
    columns = of_rows(board, gap) | {
        "reach": table[:, 0],
        "colleague": table[:, 1],
        "steps": board.missing[gap],
        "certainty": np.full(len(gap), 100),
    }
    return Sheet(strategy=Strategy.USE, ground=table[:, 2], columns=columns)
