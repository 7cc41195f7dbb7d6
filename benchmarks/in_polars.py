"""How does polars find gaps and fits? The same rules as expressions, over the same codes.

Tables go over before the clock starts, sorted by person; polars reads no text and runs its
streaming engine. What `kernels.meet` and `kernels.rank` decide row by row is said here by column.
Who is engaged twice in one role and unit has one row for each want there, as everywhere (of 100,000
people drawn by `shapes`, four are).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import polars as pl
import shapes

from kompetanse_core.columns.layout import Array, days
from kompetanse_core.graph import CompetenceGraph
from kompetanse_core.model.enterprise import Enterprise

DECAY_MONTHS = 60
ON = shapes.ON
TOP = 10


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
        rows = (
            self.posts.lazy()
            .select("person", "role", "unit")
            .unique()
            .join(self.asked.lazy(), on="role")
            .join(self.kin.lazy(), on="code")
            .join(self._held(on), on=["person", "code"], how="left")
            .join(self._strict(on), on=["person", "code"], how="left")
            .join(self._proven(on), on=["person", "kin"], how="left")
        )
        return self._judged(rows, on)

    def fits(self) -> tuple[int, ...]:
        """Rank the ten best roles of each lane for everybody; add up what is met of them."""
        on = days(ON)
        must = self.asked.lazy().join(self.kin.lazy(), on="code")
        asked = must.filter(pl.col("demand") == 0, ~pl.col("statutory"))
        law = must.filter("statutory").with_columns(
            weight=pl.when(pl.col("demand") == 0).then("weight").otherwise(0)
        )
        plain = _against(asked, self._held(on), self._proven(on), on).filter(
            (pl.col("proof") != 0) | (pl.col("level_expires") >= on)
        )
        firm = _against(law, self._strict(on).rename(dict(_PLAIN)), self._proven(on), on)
        known = [
            plain.select(*_SCORE, passed=pl.lit(0), barred=pl.lit(0)),
            firm.select(
                *_SCORE,
                passed=(pl.col("counts") & (pl.col("level") >= pl.col("need"))).cast(pl.Int32),
                barred=(~(pl.col("counts") & (pl.col("level") >= pl.col("need")))).cast(pl.Int32),
            ),
        ]
        totals = must.group_by("role").agg(
            laws=pl.col("statutory").sum(),
            total=(pl.col("need").cast(pl.Int64) * pl.col("weight"))
            .filter(pl.col("demand") == 0)
            .sum(),
        )
        frame = (
            pl.concat(known)
            .group_by("person", "role")
            .agg(pl.col("met", "known", "passed", "barred").sum())
            .join(totals, on="role")
            .filter(pl.col("total") > 0, pl.col("met") > 0)
            .with_columns(open=pl.col("passed") < pl.col("laws"))
            .filter(~pl.col("open") | (pl.col("barred") == 0))
            .with_columns(
                share=-pl.col("met") / pl.col("total"),
                lack=(pl.col("known") - pl.col("met")) / pl.col("total"),
            )
            .sort("share", "lack", "role")
            .group_by("person", "open", maintain_order=True)
            .head(TOP)
            .select(pl.col("met").sum(), (pl.col("known") - pl.col("met")).sum().alias("lack"),
                    pl.len())
            .collect(engine="streaming")
        )  # fmt: skip
        return tuple(int(value) for value in frame.row(0))

    def _held(self, on: int) -> pl.LazyFrame:
        said = self._said(on)
        implied = (
            said.join(self.ways.lazy(), on="code")
            .select("person", code="to", level=pl.col("level") - pl.col("drop"), expires="expires")
            .filter(pl.col("level") >= 1)
        )
        return (
            pl.concat([said.select("person", "code", "level", "expires"), implied])
            .group_by("person", "code")
            .agg(_worth(on).max())
            .select("person", "code", level=_level(), expires=_last_day())
        )

    def _strict(self, on: int) -> pl.LazyFrame:
        said = self._said(on)
        equals = (
            said.join(self.equals.lazy(), on="code")
            .filter(pl.col("level") >= 1)
            .select("person", code="to", level="level", expires="expires")
        )
        return (
            pl.concat([said.select("person", "code", "level", "expires"), equals])
            .group_by("person", "code")
            .agg(_worth(on).max())
            .select("person", "code", strict_level=_level(), strict_expires=_last_day())
        )

    def _proven(self, on: int) -> pl.LazyFrame:
        return (
            self.proofs.lazy()
            .filter("verified", pl.col("issued") <= on)
            .join(self.kin.lazy(), on="code")
            .group_by("person", "kin")
            .agg(proven=pl.col("expires").max())
        )

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


def _against(
    asked: pl.LazyFrame, held: pl.LazyFrame, proven: pl.LazyFrame, on: int
) -> pl.LazyFrame:
    """Hold what is held against every role that asks for it."""
    counts = (pl.col("proof") == 0) | (pl.col("proven").fill_null(on - 1) >= on)
    return (
        asked.join(held.rename({"expires": "level_expires"}), on="code")
        .join(proven, on=["person", "kin"], how="left")
        .with_columns(counts=counts & (pl.col("level_expires") >= on))
        .with_columns(
            met=pl.when("counts").then(pl.min_horizontal("level", "need")).otherwise(0)
            .cast(pl.Int64) * pl.col("weight"),
            known=pl.col("need").cast(pl.Int64) * pl.col("weight"),
        )
    )  # fmt: skip


_PLAIN = MappingProxyType({"strict_level": "level", "strict_expires": "expires"})
_SCORE = ("person", "role", "met", "known")


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
