"""Where do all ways start from? Board: the gaps and the measures as numbers of shared dictionaries.

What is found is written on a `Sheet`: many options at once, column by column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import frozen

from kompetanse_core.columns import Kind, Table, Words
from kompetanse_core.columns.layout import NO_NUMBER, Column, encode
from kompetanse_core.columns.words import NO_WORD
from kompetanse_core.gap import Gaps, LevelState, Proof, Validity
from kompetanse_core.model.competence import CompetenceId
from kompetanse_core.model.measure import Measure, MeasureId, MeasureKind
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.model.work import RoleId, UnitId
from kompetanse_core.strategy.options import OPTIONS, Ground, Option, Strategy
from kompetanse_core.strategy.support import Support, supports

Whole = npt.NDArray[Any]

FOR_EVER = 36_525
"""A hundred years of days: a measure that lasts longer never ends (FAULTS 76)."""


@frozen(kw_only=True, eq=False)
class Board:
    """Hold one array for each column of the gaps, by the codes of the dictionaries given here."""

    gaps: Gaps
    people: Words[EmployeeId]
    units: Words[UnitId]
    roles: Words[RoleId]
    competences: Words[CompetenceId]
    measures: Words[MeasureId]
    offered: tuple[Measure, ...]
    """The measures that can be carried out as written, by code; None is never among them."""

    support: Mapping[MeasureId, Support]
    """What schemes give for measures, and to whom (R-17)."""

    employee: Whole
    unit: Whole
    role: Whole
    competence: Whole
    need: Whole
    have: Whole
    weight: Whole
    missing: Whole
    unknown: Whole
    statutory: Whole
    expired: Whole
    surplus: Whole
    asks_proof: Whole
    lacks_proof: Whole

    @property
    def words(self) -> Mapping[str, Words[Any]]:
        """Give the dictionary behind each column of options that holds ids."""
        return {
            "unit": self.units,
            "role": self.roles,
            "origin": self.roles,
            "employee": self.people,
            "colleague": self.people,
            "competence": self.competences,
            "measure": self.measures,
        }


@frozen(kw_only=True, eq=False)
class Sheet:
    """Hold options of one strategy as columns of equal length; what is not named is left open."""

    strategy: Strategy
    ground: Whole
    """Places in `Ground`, shape (n,)."""
    columns: Mapping[str, Whole]


def lay_out(gaps: Gaps) -> Board:
    """Give every id that options name a number, and lay the gaps out by those numbers."""
    enterprise, rows = gaps.enterprise, gaps.rows
    measures = sorted((m for m in enterprise.measures if can_help(m, gaps)), key=lambda m: m.id)
    people = Words.of((*enterprise.employees.words_of("id").values, *_ids(rows, "employee")))
    units = Words.of((*(u.id for u in enterprise.units), *_ids(rows, "unit")))
    roles = Words.of((*(r.id for r in enterprise.roles), *_ids(rows, "role")))
    known = (c.id for c in enterprise.competences)
    competences = Words.of((*known, *_ids(rows, "competence")))
    validity, proof = rows.column("validity"), rows.column("proof")
    return Board(
        gaps=gaps,
        people=people,
        units=units,
        roles=roles,
        competences=competences,
        measures=Words(tuple(measure.id for measure in measures)),
        offered=tuple(measures),
        support=supports(gaps, people, measures),
        employee=rows.codes_in("employee", people),
        unit=rows.codes_in("unit", units),
        role=rows.codes_in("role", roles),
        competence=rows.codes_in("competence", competences),
        need=rows.column("need"),
        have=np.maximum(rows.column("have"), 0),
        weight=rows.column("weight"),
        missing=rows.column("missing"),
        unknown=rows.column("unknown"),
        statutory=rows.column("statutory"),
        expired=validity == place(Validity.EXPIRED),
        surplus=rows.column("state") == place(LevelState.SURPLUS),
        asks_proof=proof != place(Proof.NOT_NEEDED),
        lacks_proof=proof == place(Proof.MISSING),
    )


def can_help(measure: Measure, gaps: Gaps) -> bool:
    """Say whether a measure can still be begun, and ends some day."""
    over = measure.end is not None and measure.end < gaps.on
    return not over and measure.days <= FOR_EVER


def counts(measure: Measure) -> bool:
    """Say whether what a measure lifts may be counted: a project must state its aim (R-16)."""
    return measure.kind is not MeasureKind.PROJECT or bool(measure.learning_aim)


def place(member: Enum) -> int:
    """Give the number that a column has for a member of an enum."""
    return tuple(type(member)).index(member)


def noted(board: Board, strategy: Strategy, options: Sequence[Option]) -> Sheet:
    """Write down options that were found one by one."""
    columns = {
        column.name: encode(
            column, [getattr(each, column.name) for each in options], board.words.get(column.name)
        )
        for column in OPTIONS.columns
    }
    return Sheet(strategy=strategy, ground=columns["ground"], columns=columns)


def written(board: Board, sheets: Iterable[Sheet]) -> Table[Option]:
    """Bind the sheets into one sorted table."""
    kept = [sheet for sheet in sheets if len(sheet.ground)]
    columns = {column.name: _bound(column, kept) for column in OPTIONS.columns}
    return Table(layout=OPTIONS, columns=columns, words=board.words).sorted()


def of_rows(board: Board, rows: Whole) -> dict[str, Whole]:
    """Name the lack that options answer, by its place in the gaps, shape (n,) each."""
    return {
        "gap": rows,
        "employee": board.employee[rows],
        "unit": board.unit[rows],
        "role": board.role[rows],
        "competence": board.competence[rows],
        "need": board.need[rows],
    }


def grounds(ground: Ground, count: int) -> Whole:
    """Give the same reason so many times."""
    return np.full(count, place(ground), dtype=np.int8)


def _ids(rows: Table[Any], name: str) -> tuple[Any, ...]:
    return tuple(rows.words_of(name).values)


def _bound(column: Column, sheets: list[Sheet]) -> Whole:
    parts = [_part(column, sheet) for sheet in sheets]
    return np.concatenate([np.zeros(0, dtype=column.dtype), *parts]).astype(column.dtype)


def _part(column: Column, sheet: Sheet) -> Whole:
    if column.name == "ground":
        return sheet.ground
    if column.name == "strategy":
        return np.full(len(sheet.ground), place(sheet.strategy))
    found = sheet.columns.get(column.name)
    return np.full(len(sheet.ground), _OPEN[column.name]) if found is None else found


def _left_open() -> Mapping[str, int]:
    """Say what stands where an option names nothing: no word, no number, or 0."""
    numbers = {c.name: NO_NUMBER if c.none is not None else 0 for c in OPTIONS.columns}
    words = {c.name: NO_WORD for c in OPTIONS.columns if c.kind is Kind.WORDS}
    return MappingProxyType(numbers | words)


_OPEN = _left_open()
