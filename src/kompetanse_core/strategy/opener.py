"""What else is open, by somebody else's strategy? An Opener is asked, checked, and kept apart.

All the gaps go in at once and all the ways come out at once. What comes is a way of USE: a
colleague carries what somebody lacks. Measures and labour markets are facts of the enterprise,
and the ways of UPSKILL, RESKILL and RECRUIT follow from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from kompetanse_core.columns import Table
from kompetanse_core.errors import PluginFailed
from kompetanse_core.gap import Gaps
from kompetanse_core.model.validators import ident
from kompetanse_core.strategy.board import Board, Sheet, of_rows, place
from kompetanse_core.strategy.options import OPTIONS, Ground, Option, Strategy

T = TypeVar("T")
Columns = Mapping[str, npt.NDArray[Any]]

MOST_EACH = 100
"""A strategy that opens more ways than this for each row of gaps is taken to go on for ever."""

LEFT_OPEN = ("measure", "origin", "seat", "headcount")
NOTHING = ("share", "cost_least", "cost_most", "days_least", "days_most")


@frozen(kw_only=True)
class Opener:
    """Åpner: a strategy: `open(gaps)` gives every way of USE that it opens for all the gaps."""

    name: str = field(validator=ident)
    description: str
    open: Callable[[Gaps], Iterable[Option]]


def ways_of(board: Board, opener: Opener) -> Sheet:
    """Ask a strategy for its ways and check each of them; one that is wrong refuses them all.

    Raises:
        PluginFailed: E602 (it raises), E555 (what it gives is no options), E503 (a way names what
            is not there), E505 (a way stands twice), W536 (a way cannot be open).
    """
    name = opener.name
    given = _guarded("E602", f"strategy {name!r} raised", lambda: _asked(board, opener))
    nonsense = f"strategy {name!r} gives something that is no table of options"
    columns = _guarded("E555", nonsense, lambda: _columns(board, given))
    for code, text, wrong in _wrongs(board, columns):
        if wrong.any():
            raise PluginFailed(code, f"strategy {name!r}: {int(wrong.sum())} ways {text}")
    return Sheet(strategy=Strategy.USE, ground=columns["ground"], columns=columns)


def beyond(sheet: Sheet, others: Iterable[Sheet]) -> Sheet:
    """Leave out the ways that others have opened: one way is open once."""
    opened = {pair for other in others for pair in _pairs(other)}
    kept = np.array([pair not in opened for pair in _pairs(sheet)], dtype=np.bool_)
    columns = {name: numbers[kept] for name, numbers in sheet.columns.items()}
    return Sheet(strategy=sheet.strategy, ground=sheet.ground[kept], columns=columns)


def _guarded(code: str, text: str, call: Callable[[], T]) -> T:
    """Tell what is raised by its type only: its words may quote something about a person."""
    try:
        return call()
    except (Exception, SystemExit) as error:
        raise PluginFailed(code, f"{text}: {type(error).__name__}") from error


def _asked(board: Board, opener: Opener) -> Iterable[object]:
    given = opener.open(board.gaps)
    most = MOST_EACH * len(board.gaps.rows)
    return given if isinstance(given, Table) else tuple(islice(given, most + 1))


def _columns(board: Board, given: Iterable[object]) -> Columns:
    """Lay what was given out as numbers of the board's dictionaries; what is unknown is -1."""
    rows = given if isinstance(given, Table) else Table.of(OPTIONS, _options(board, given))
    if rows.layout != OPTIONS:
        raise TypeError
    words = board.words
    return {
        name: rows.codes_in(name, words[name]) if name in words else numbers
        for name, numbers in rows.columns.items()
    } | {name: rows.column(name) for name in ("measure", "origin")}


def _options(board: Board, given: Iterable[object]) -> Iterator[Option]:
    for number, each in enumerate(given):
        if type(each) is not Option or number >= MOST_EACH * len(board.gaps.rows):
            raise TypeError
        yield each


def _wrongs(board: Board, columns: Columns) -> Iterator[tuple[str, str, npt.NDArray[np.bool_]]]:
    """Yield what may be wrong with ways: a code, what it is, and which of them, shape (n,)."""
    gap, colleague = columns["gap"], columns["colleague"]
    grounds = [place(Ground.COLLEAGUE_UNUSED), place(Ground.COLLEAGUE_SURPLUS)]
    other = columns["strategy"] != place(Strategy.USE)
    yield "W536", "are not of use", other | ~np.isin(columns["ground"], grounds)
    yield "E503", "name no row of the gaps", (gap < 0) | (gap >= len(board.missing))
    named = of_rows(board, gap)
    differs = [columns[name] != numbers for name, numbers in named.items()]
    yield "E503", "name something else than their gap does", np.any(differs, axis=0)
    yield "E503", "name a colleague who is not there", colleague < 0
    more = [columns[name] >= 0 for name in LEFT_OPEN] + [columns[name] != 0 for name in NOTHING]
    yield "W536", "hold a measure, a seat, a cost or days", np.any(more, axis=0)
    missing, own = board.missing[gap], colleague == columns["employee"]
    closed = (missing <= 0) | board.statutory[gap] | board.asks_proof[gap]
    yield "W536", "carry what nobody else may carry, or nothing that is missing", closed | own
    short = (columns["steps"] != missing) | (columns["reach"] < columns["need"])
    yield "W536", "do not close the whole of what is missing", short
    chance = columns["certainty"]
    yield "W536", "state a certainty above 100 per cent", chance > 100
    pairs = np.stack([gap, colleague]).astype(np.int64)
    _, first = np.unique(pairs, axis=1, return_index=True)
    yield "E505", "stand twice", ~np.isin(np.arange(len(gap)), first)


def _pairs(sheet: Sheet) -> list[tuple[int, int]]:
    gap, colleague = (sheet.columns[name].tolist() for name in ("gap", "colleague"))
    return list(zip(gap, colleague, strict=True))
