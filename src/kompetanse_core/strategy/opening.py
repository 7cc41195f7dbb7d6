"""Which ways are open for each gap? `open_options` opens them all and chooses none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from kompetanse_core.columns import Table
from kompetanse_core.errors import Misuse, PluginFailed
from kompetanse_core.gap import Gaps
from kompetanse_core.model.competence import EvidenceKind
from kompetanse_core.model.enterprise import Finding, Particular, Severity
from kompetanse_core.model.measure import Measure, MeasureKind
from kompetanse_core.model.people import Evidence
from kompetanse_core.strategy.board import (
    FOR_EVER,
    Board,
    Sheet,
    counts,
    grounds,
    lay_out,
    of_rows,
    written,
)
from kompetanse_core.strategy.demand import demands_on
from kompetanse_core.strategy.hiring import hiring_ways
from kompetanse_core.strategy.lifting import cost_range, holders_of_all, lifting_ways
from kompetanse_core.strategy.moving import moving_ways
from kompetanse_core.strategy.mustering import mustering_ways
from kompetanse_core.strategy.opener import Opener, beyond, ways_of
from kompetanse_core.strategy.options import (
    TRACKS,
    Ground,
    Option,
    Options,
    Strategy,
    Track,
)
from kompetanse_core.strategy.relevance import relevance_of_roles
from kompetanse_core.strategy.support import papers
from kompetanse_core.strategy.using import USE

ON_PAPER = (EvidenceKind.TRADE_CERTIFICATE, EvidenceKind.EXPERIENCE)
"""What a track towards a trade certificate asks of somebody's papers."""


def open_options(gaps: Gaps, *, horizon: int = 365, strategies: Iterable[Opener] = ()) -> Options:
    """Open every way there is for the gaps: use, upskill, reskill, recruit, or assess.

    `horizon` is how many days ahead one looks for roles that will be asked for less (G-9);
    `strategies` are those of others, such as `Plugins.strategies()`. One that breaks, or opens a
    way that cannot be, opens none; a finding says so, and all others work.

    Raises:
        Misuse: E506, if the horizon is negative.
    """
    if horizon < 0:
        raise Misuse("E506", "the horizon is a number of days from 0 up")
    board = lay_out(gaps)
    demands = demands_on(gaps.enterprise, gaps.on)
    relevance = relevance_of_roles(gaps, demands, horizon)
    lifting = lifting_ways(board, demands)
    moving = moving_ways(board, demands, relevance)
    hiring = hiring_ways(board, lifting)
    uses, failures = _uses(board, strategies)
    rows = written(
        board, (*uses, lifting, *mustering_ways(board), moving, *hiring, _assessing(board))
    )
    return Options(
        gaps=gaps,
        rows=rows,
        relevance=relevance,
        tracks=Table.of(TRACKS, _tracks(board)),
        findings=(*failures, *_findings(board, rows)),
    )


def _uses(board: Board, strategies: Iterable[Opener]) -> tuple[Sequence[Sheet], Sequence[Finding]]:
    """Ask our own strategy, then those of others by name; what ours has opened stays ours."""
    sheets, failures = [ways_of(board, USE)], []
    for opener in sorted(strategies, key=lambda opener: opener.name):
        try:
            sheets.append(beyond(ways_of(board, opener), sheets))
        except PluginFailed as failure:
            failures.append(_finding(failure.code, failure.text, hint="none of its ways is open"))
    return sheets, failures


def _assessing(board: Board) -> Sheet:
    """Open the way of what nobody knows: to find out (M-1)."""
    rows = np.flatnonzero(board.unknown > 0)
    columns = of_rows(board, rows) | {"steps": board.unknown[rows]}
    ground = grounds(Ground.NOT_MAPPED, len(rows))
    return Sheet(strategy=Strategy.ASSESS, ground=ground, columns=columns)


def _tracks(board: Board) -> Iterator[Track]:
    """Yield the tracks towards trade certificates, for whoever lacks what they give (G-4, R-14)."""
    trades = [
        (code, measure)
        for code, measure in enumerate(board.offered)
        if measure.kind is MeasureKind.TRADE_CERTIFICATE and measure.outcomes
    ]
    found = tuple(papers(board.gaps, ON_PAPER)) if trades else ()
    for code, measure in trades:
        taught = {outcome.competence for outcome in measure.outcomes}
        own = [each for each in found if each.competence in taught]
        yield from _tracks_of(board, measure, code, own)


def _tracks_of(
    board: Board, measure: Measure, code: int, own: Sequence[Evidence]
) -> Iterator[Track]:
    """Yield a track for everybody who lacks something that it gives and has no such certificate."""
    taught = board.competences.codes([outcome.competence for outcome in measure.outcomes])
    lacking = board.employee[np.isin(board.competence, taught) & (board.missing > 0)]
    done, left = holders_of_all(board, measure), _distance(board, measure)
    years, cost = _years(board, own), cost_range(measure)[1]
    skilled = {p.employee for p in own if p.kind is EvidenceKind.TRADE_CERTIFICATE}
    for person in np.unique(lacking).tolist():
        if not done[person] and board.people.values[person] not in skilled:
            yield Track(
                employee=board.people.values[person],
                measure=board.measures.values[code],
                distance=int(left[person]),
                whole=sum(outcome.reach for outcome in measure.outcomes),
                years=int(years[person]),
                cost=cost,
                days=measure.days,
            )


def _distance(board: Board, measure: Measure) -> Sequence[int]:
    """Give the levels that each person still lacks of what a measure gives, shape (people,)."""
    left = np.full(len(board.people), sum(outcome.reach for outcome in measure.outcomes))
    rows = board.gaps.holdings.rows
    people = rows.codes_in("employee", board.people)
    for outcome in measure.outcomes:
        own = rows.column("competence") == rows.words_of("competence").code(outcome.competence)
        held = np.minimum(rows.column("level")[own], outcome.reach)
        np.subtract.at(left, people[own], held)
    return left.tolist()


def _years(board: Board, own: Sequence[Evidence]) -> Sequence[int]:
    """Give the longest experience among some papers, shape (people,)."""
    years = [0] * len(board.people)
    for each in own:
        person = board.people.code(each.employee)
        if each.kind is EvidenceKind.EXPERIENCE and person >= 0:
            years[person] = max(years[person], each.years or 0)
    return years


def _findings(board: Board, rows: Table[Option]) -> Iterator[Finding]:
    for measure in sorted(board.gaps.enterprise.measures, key=lambda measure: measure.id):
        if measure.days > FOR_EVER:
            text = f"measure {measure.id} lasts for more than a hundred years"
            yield _finding("E508", text, about=(("measure", measure.id),))
        elif not counts(measure):
            text = f"project {measure.id} states no learning aim (R-16)"
            yield _finding("W531", text, about=(("measure", measure.id),))
    priced = {market.role for market in board.gaps.enterprise.markets}
    for role in sorted({s.role for s in board.gaps.seats if s.vacant} - priced):
        text = f"role {role} has vacant seats and no labour market (G-8)"
        yield _finding("W532", text, about=(("role", role),))
    yield from _without_measure(rows)


def _without_measure(rows: Table[Option]) -> Iterator[Finding]:
    """Say aloud which competences no measure lifts: people still need some way (FAULTS 75)."""
    bare = rows.column("ground") == list(Ground).index(Ground.NO_MEASURE)
    words = rows.words_of("competence")
    for code in np.unique(rows.column("competence")[bare]).tolist():
        competence = words.values[code]
        yield _finding(
            "W533",
            f"no measure lifts what is missing of {competence}",
            hint="make an own course (G-6), recruit, or redivide the work",
            about=(("competence", competence),),
        )


def _finding(
    code: str, text: str, *, hint: str = "", about: tuple[Particular, ...] = ()
) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, text=text, hint=hint, about=about)
