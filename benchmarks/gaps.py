"""How much faster are gaps on columns than the same work in polars? Ratios, measured in one run.

    python benchmarks/gaps.py [PEOPLE ...]

Each size is drawn by `shapes.py` (SYNTHETIC), and both sides answer with the steps met, missing
and unknown by unit and by competence, over every rule: the winning assessment, decay, drops,
equivalents, expiry, statutory requirements and proof. The answers must agree to the last step
before a time is told. polars is given integer codes, sorted by person, and reads no text; it runs
its streaming engine. Times are seconds of processor, the median of a few runs: the machine may be
shared, ratios within one run are what counts.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import Any

import numpy as np
import polars as pl
import shapes

from kompetanse_core.columns.layout import Array, days
from kompetanse_core.gap import By, Tally, find_gaps
from kompetanse_core.graph import CompetenceGraph
from kompetanse_core.model.enterprise import Enterprise

DECAY_MONTHS = 60
ON = shapes.ON


def ours_lean(enterprise: Enterprise) -> tuple[int, ...]:
    """Find gaps and add them up by unit and by competence, without the rows."""
    gaps = find_gaps(enterprise, on=ON)
    sums = gaps.roll_ups(By.UNIT, By.COMPETENCE)
    return _checked(sums[By.UNIT]) + _checked(sums[By.COMPETENCE])


def ours_rows(enterprise: Enterprise) -> tuple[int, ...]:
    """Lay out every row, with its state, and add up its columns."""
    rows = find_gaps(enterprise, on=ON).rows
    return tuple(int(rows.column(name).sum()) for name in ("met", "missing", "unknown"))


def _checked(tallies: tuple[Tally, ...]) -> tuple[int, ...]:
    return (
        sum(t.met for t in tallies),
        sum(t.missing for t in tallies),
        sum(t.unknown for t in tallies),
        len(tallies),
        sum(t.contributors for t in tallies),
    )


class Peer:
    """The same work as expressions of polars, over codes."""

    def __init__(self, enterprise: Enterprise) -> None:
        """Take the codes over, outside the time that is measured."""
        graph = CompetenceGraph.of(enterprise)
        closure, equals = graph.closure(), graph.equivalences()
        self.ways = _pairs(closure.starts, closure.targets).with_columns(
            drop=pl.Series(closure.drops)
        )
        self.equals = _pairs(equals.starts, equals.targets)
        self.kin = pl.DataFrame(
            {"code": np.arange(len(graph.words), dtype=np.int32), "kin": equals.kin()}
        )
        skills = np.asarray(
            [c.facet is not None and c.facet.value == "skill" for c in enterprise.competences]
        )
        self.fading = pl.DataFrame(
            {"code": np.arange(len(skills), dtype=np.int32), "fades": skills}
        )
        self.said = _frame(enterprise.assessments, employee="person", competence="code")
        self.posts = _frame(enterprise.engagements, employee="person")
        self.asked = _frame(enterprise.requirements, of="role", competence="code", level="need")
        self.proofs = _frame(enterprise.evidence, employee="person", competence="code")

    def rows(self) -> pl.LazyFrame:
        """Say what each row of gaps is; nothing is computed yet."""
        on = days(ON)
        said = self._said(on)
        reach = self.ways.lazy()
        direct = said.select("person", "code", "level", "expires")
        implied = (
            said.join(reach, on="code")
            .select("person", code="to", level=pl.col("level") - pl.col("drop"), expires="expires")
            .filter(pl.col("level") >= 1)
        )
        held = (
            pl.concat([direct, implied])
            .group_by("person", "code")
            .agg(_worth(on).max())
            .select("person", "code", level=_level(), expires=_last_day())
        )
        kin = self.kin.lazy()
        strict = (
            pl.concat(
                [
                    direct,
                    said.join(self.equals.lazy(), on="code")
                    .filter(pl.col("level") >= 1)
                    .select("person", code="to", level="level", expires="expires"),
                ]
            )
            .group_by("person", "code")
            .agg(_worth(on).max())
            .select("person", "code", strict_level=_level(), strict_expires=_last_day())
        )
        proofs = (
            self.proofs.lazy()
            .filter("verified", pl.col("issued") <= on)
            .join(kin, on="code")
            .group_by("person", "kin")
            .agg(proven="expires")
            .with_columns(pl.col("proven").list.max())
        )
        rows = (
            self.posts.lazy()
            .join(self.asked.lazy(), on="role")
            .join(kin, on="code")
            .join(held, on=["person", "code"], how="left")
            .join(strict, on=["person", "code"], how="left")
            .join(proofs, on=["person", "kin"], how="left")
        )
        return self._judged(rows, on)

    def _said(self, on: int) -> pl.LazyFrame:
        rank = pl.col("source").replace_strict(
            [0, 1, 2, 3, 4], [0, 0, 1, 2, 3], return_dtype=pl.Int8
        )
        day = pl.from_epoch("assessed", time_unit="d")
        months = (
            (ON.year - day.dt.year()) * 12
            + (ON.month - day.dt.month().cast(pl.Int32))
            - (ON.day < day.dt.day()).cast(pl.Int32)
        )
        lost = pl.when("fades").then(months // DECAY_MONTHS).otherwise(0)
        return (
            self.said.lazy()
            .filter(pl.col("assessed") <= on)
            .join(self.fading.lazy(), on="code")
            .with_columns(level=(pl.col("level") - lost).clip(0).cast(pl.Int32))
            .with_columns(trust=-rank)
            .sort("person", "code", "trust", "assessed", "recorded", "level", "expires")
            .group_by("person", "code", maintain_order=True)
            .agg(pl.col("level", "expires").last())
        )

    def _judged(self, rows: pl.LazyFrame, on: int) -> pl.LazyFrame:
        forever, asks = 2**31 - 1, pl.col("proof") != 0
        have = pl.when("statutory").then("strict_level").otherwise("level")
        until = pl.when("statutory").then("strict_expires").otherwise("expires").fill_null(forever)
        total = pl.col("need").cast(pl.Int64) * pl.col("weight")
        proven = pl.when(asks).then(pl.col("proven").fill_null(forever)).otherwise(forever)
        expired = pl.col("until") < on
        firm = pl.col("statutory") | asks
        lost = (expired & firm) | (asks & pl.col("proven").is_null() & ~expired)
        open_ = pl.col("have").is_null() | (expired & ~firm)
        reached = pl.min_horizontal("have", "need").cast(pl.Int64) * pl.col("weight")
        return (
            rows.with_columns(have=have, until=pl.min_horizontal(until, proven), total=total)
            .with_columns(
                unknown=pl.when(open_).then("total").otherwise(0),
                met=pl.when(open_ | lost).then(0).otherwise(reached),
                validity=pl.when(expired).then(2)
                .when(pl.col("until") <= on + 180).then(1).otherwise(0).cast(pl.Int8),
                state=pl.when(pl.col("have").is_null()).then(0)
                .when(pl.col("have") == 0).then(1)
                .when(pl.col("have") < pl.col("need")).then(2)
                .when(pl.col("have") == pl.col("need")).then(3).otherwise(4).cast(pl.Int8),
            )
            .with_columns(missing=pl.col("total") - pl.col("met") - pl.col("unknown"))
            .select(
                "person", "role", "unit", "code", "need", "have", "weight", "demand", "statutory",
                "state", "validity", "until", "met", "missing", "unknown",
            )
        )  # fmt: skip

    def lean(self) -> tuple[int, ...]:
        """Add up by unit and by competence."""
        rows = self.rows()
        sums = [pl.col(name).sum() for name in ("met", "missing", "unknown")]
        people = pl.col("person").n_unique().alias("people")
        plans = [rows.group_by(key).agg(*sums, people) for key in ("unit", "code")]
        frames = pl.collect_all(plans, engine="streaming")
        return tuple(
            int(value)
            for frame in frames
            for value in (
                *frame.select("met", "missing", "unknown").sum().row(0),
                len(frame),
                frame["people"].sum(),
            )
        )

    def laid_out(self) -> tuple[int, ...]:
        """Lay out every row and add up its columns."""
        frame = self.rows().collect(engine="streaming")
        return tuple(int(frame[name].sum()) for name in ("met", "missing", "unknown"))


def _worth(on: int) -> pl.Expr:
    """Pack what is compared into one number: not expired, then the level, then the last day."""
    fresh, last = (pl.col("expires") >= on).cast(pl.Int64), pl.col("expires").cast(pl.Int64)
    return ((fresh * 2**16 + pl.col("level")) * 2**33 + last + 2**31).alias("worth")


def _level() -> pl.Expr:
    return (pl.col("worth") // 2**33 % 2**16).cast(pl.Int32)


def _last_day() -> pl.Expr:
    return (pl.col("worth") % 2**33 - 2**31).cast(pl.Int32)


def _pairs(starts: Array, targets: Array) -> pl.DataFrame:
    sources = np.repeat(np.arange(len(starts) - 1, dtype=np.int32), np.diff(starts))
    return pl.DataFrame({"code": sources, "to": targets})


def _frame(table: Any, **names: str) -> pl.DataFrame:  # noqa: ANN401  a table of any noun
    return pl.DataFrame(
        {
            names.get(name, name): np.ascontiguousarray(column)
            for name, column in table.columns.items()
        }
    )


def timed(work: Callable[[], tuple[int, ...]], times: int) -> tuple[float, tuple[int, ...]]:
    """Give the median seconds of processor and the answer."""
    seconds: list[float] = []
    answer: tuple[int, ...] = ()
    for _ in range(times):
        began = time.process_time()
        answer = work()
        seconds.append(time.process_time() - began)
    return median(seconds), answer


def main(arguments: Sequence[str]) -> None:
    """Measure every size asked for and print one JSON object for each."""
    small = shapes.enterprise(shapes.Shape(500))
    ours_lean(small), ours_rows(small)
    for people in map(int, arguments or ("10000", "100000")):
        enterprise = shapes.enterprise(shapes.Shape(people))
        peer, times = Peer(enterprise), 3 if people <= 100_000 else 1
        lines: dict[str, Any] = {"people": people}
        for name, mine, theirs in (
            ("lean", ours_lean, peer.lean),
            ("rows", ours_rows, peer.laid_out),
        ):
            ours, answer = timed(partial(mine, enterprise), times)
            other, same = timed(theirs, times)
            if answer != same:
                raise SystemExit(f"{name}: the answers differ: {answer} and {same}")
            lines[name] = {
                "ours": round(ours, 3),
                "polars": round(other, 3),
                "ratio": round(other / ours, 1),
            }
        lines["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps(lines), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
