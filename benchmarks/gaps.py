"""How fast are gaps? Rows, sums, one change and threads, each against those who do the same.

Both sides answer with the steps met, missing and unknown over every rule: the winning assessment,
decay, drops, equivalents, expiry, statutory requirements and proof.
"""

from __future__ import annotations

from functools import partial
from unittest import mock

import attrs
import numpy as np
import shapes
from lines import Answer, Clock, Line, Side, Work, at_hand

from kompetanse_core.columns.layout import Array
from kompetanse_core.columns.met import Posts, laid_out
from kompetanse_core.gap import By, Tally, find_gaps
from kompetanse_core.gap.nouns import GAPS
from kompetanse_core.gap.reckoning import Block, reckon
from kompetanse_core.mapping import map_holdings
from kompetanse_core.model.enterprise import Enterprise

ON = shapes.ON
STEPS = ("met", "missing", "unknown")
ROOM = "it takes more than 8 GB for a million"


def ours_lean(enterprise: Enterprise) -> Answer:
    """Find gaps and add them up by unit and by competence, without the rows."""
    gaps = find_gaps(enterprise, on=ON)
    sums = gaps.roll_ups(By.UNIT, By.COMPETENCE)
    return _checked(sums[By.UNIT]) + _checked(sums[By.COMPETENCE])


def ours_rows(enterprise: Enterprise) -> Answer:
    """Lay out every row, with its state, and add up its columns."""
    rows = find_gaps(enterprise, on=ON).rows
    return tuple(int(rows.column(name).sum()) for name in STEPS)


def _checked(tallies: tuple[Tally, ...]) -> Answer:
    return (
        sum(t.met for t in tallies),
        sum(t.missing for t in tallies),
        sum(t.unknown for t in tallies),
        len(tallies),
        sum(t.contributors for t in tallies),
    )


def kernels_rows(enterprise: Enterprise) -> Work:
    """Lay out the same rows from arrays that lie ready, by the kernels alone."""
    ready = reckon(map_holdings(enterprise, on=ON), expiring_within=180)
    posts, unit, wants = ready.staffing.posts, ready.staffing.unit, ready.profile.wants
    begins = posts.rows(wants)
    filled = (
        *("employee", "role", "unit", "competence", "need", "weight", "demand", "statutory"),
        *("state", "validity", "proof", "met", "missing", "unknown"),
    )

    def work() -> Answer:
        columns: dict[str, Array] = {
            each.name: np.empty(int(begins[-1]), each.dtype) for each in GAPS.columns
        }

        def fill(block: Block) -> None:
            first, last, met = block
            here = slice(begins[first], begins[last])
            columns["have"][here], columns["expires"][here] = met.have, met.expires
            mine = Posts(person=posts.person[first:last], key=posts.key[first:last])
            laid_out(mine, unit[first:last], wants, met, [columns[n][here] for n in filled])

        for _ in ready.made(posts, wants, fill):
            pass
        return tuple(int(columns[name].sum()) for name in STEPS)

    return work


def one_change(enterprise: Enterprise) -> Work:
    """Let one assessment more be known, and ask for the person's rows and the total."""
    before = find_gaps(enterprise, on=ON)
    total = before.total.total
    one = attrs.evolve(enterprise.assessments[0], level=3)

    def work() -> Answer:
        after = before.with_assessment(one)
        return len(after.of(one.employee)), int(after.total.total == total)

    work()
    return work


def in_polars(name: str, enterprise: Enterprise) -> Work:
    """Make the polars peer ready; it is imported in the process that runs it."""
    from in_polars import Peer

    work: Work = getattr(Peer(enterprise), name)
    return work


def in_duckdb(name: str, enterprise: Enterprise) -> Work:
    """Make the duckdb peer ready; it is imported in the process that runs it."""
    from in_duckdb import Peer

    work: Work = getattr(Peer(enterprise), name)
    return work


def in_pandas(enterprise: Enterprise) -> Work:
    """Give pandas the finished rows; it only adds them up."""
    import pandas as pd

    rows = find_gaps(enterprise, on=ON).rows
    names = ("employee", "unit", "competence", *STEPS)
    frame = pd.DataFrame({name: rows.column(name) for name in names})

    def work() -> Answer:
        answer: list[int] = []
        for key in ("unit", "competence"):
            groups = frame.groupby(key)
            sums, people = groups[list(STEPS)].sum(), groups["employee"].nunique()
            answer += [*(int(sums[name].sum()) for name in STEPS), len(sums), int(people.sum())]
        return tuple(answer)

    return work


def on_cores(cores: int, ours: object, enterprise: Enterprise) -> Work:
    """Do our work on so many cores."""
    assert callable(ours)

    def work() -> Answer:
        with mock.patch("os.cpu_count", return_value=cores):
            return tuple(ours(enterprise))

    return work


def threads(work: str, ours: object) -> Line:
    """Hold two threads against one, by the clock on the wall."""
    return Line(
        work=f"{work}, one thread for two",
        sides=tuple(
            Side(name=name, ready=partial(on_cores, cores, ours))
            for cores, name in ((2, "two threads"), (1, "one thread"))
        ),
        target="1.6 ×",
        clock=Clock.WALL,
    )


LINES = (
    Line(
        work="gaps, sums only",
        sides=(
            Side(name="kompetanse", ready=partial(at_hand, ours_lean)),
            Side(name="polars", ready=partial(in_polars, "lean")),
            Side(name="duckdb", ready=partial(in_duckdb, "lean"), most=100_000, why=ROOM),
            Side(name="pandas, of finished rows", ready=in_pandas, most=100_000),
        ),
        target="15 × at 1M",
    ),
    Line(
        work="gaps, every row",
        sides=(
            Side(name="kompetanse", ready=partial(at_hand, ours_rows)),
            Side(name="polars", ready=partial(in_polars, "laid_out")),
            Side(name="duckdb", ready=partial(in_duckdb, "laid_out"), most=100_000, why=ROOM),
            Side(name="kernels alone", ready=kernels_rows),
        ),
        target="6 × at 100k, 10 × at 1M; kernels 0.67",
    ),
    threads("gaps, sums only", ours_lean),
    threads("gaps, every row", ours_rows),
    Line(
        work="one assessment more",
        sides=(Side(name="kompetanse", ready=one_change),),
        target="0.001 s, whatever the number",
        repeats=75,
    ),
)
