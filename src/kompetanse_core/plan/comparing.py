"""Develop, recruit, or both? Comparison of three plans under the same limits (G-3, G-8).

The guide asks to what degree a gap can be closed by developing, and to what degree one should
recruit; it does not rank the two. So each is planned as if it were alone, beside the chosen mix.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
from attrs import evolve, frozen

from kompetanse_core.columns import Table
from kompetanse_core.columns.layout import NO_NUMBER
from kompetanse_core.plan.limits import Limits
from kompetanse_core.plan.making import NO_LIMITS, make_plan
from kompetanse_core.plan.whole import Plan
from kompetanse_core.recommendation import Recommendations
from kompetanse_core.solver import Progress
from kompetanse_core.strategy import Strategy

OWN_PEOPLE = (Strategy.USE, Strategy.UPSKILL, Strategy.RESKILL)


@frozen(kw_only=True, eq=False)
class Comparison:
    """Sammenlikning: the chosen mix beside what its own people alone, or hiring alone, could do.

    All three splits add up to the same missing steps, and all three seat splits to the same
    vacant shares. In the plans that stand alone all other ways are set aside.
    """

    develop: Plan
    recruit: Plan
    mix: Plan

    @property
    def only_together(self) -> int:
        """Give the weighted steps that the mix closes beyond the better of the two alone."""
        alone = max(self.develop.split.closed, self.recruit.split.closed)
        return self.mix.split.closed - alone

    def __str__(self) -> str:
        """Write a line for each: steps closed and left, shares filled and vacant, kroner."""
        lines = ["way      closed    left   filled   vacant   kroner"]
        for name in ("develop", "recruit", "mix"):
            plan: Plan = getattr(self, name)
            seats = plan.seat_split
            lines.append(
                f"{name:<8}{plan.split.closed:>7}{plan.split.left:>8}"
                f"{seats.total - seats.vacant:>9}{seats.vacant:>9}{plan.cost:>9}"
            )
        return "\n".join(lines)


def compare_strategies(
    recommendations: Recommendations,
    limits: Limits = NO_LIMITS,
    *,
    progress: Callable[[Progress], None] | None = None,
    interrupted: Callable[[], bool] | None = None,
) -> Comparison:
    """Plan three times under the same limits: with own people only, by hiring only, and freely.

    Raises:
        SolverFailed: E901 to E903, if the solver is missing, fails, or cannot be exact.
    """
    develop, recruit, mix = (
        make_plan(
            _only(recommendations, strategies), limits, progress=progress, interrupted=interrupted
        )
        for strategies in (OWN_PEOPLE, (Strategy.RECRUIT,), tuple(Strategy))
    )
    return Comparison(develop=develop, recruit=recruit, mix=mix)


def _only(recommendations: Recommendations, strategies: Collection[Strategy]) -> Recommendations:
    """Set every way of another strategy aside."""
    rows = recommendations.rows
    kept = [number for number, each in enumerate(Strategy) if each in strategies]
    mine = np.isin(rows.column("strategy"), kept)
    rank = np.where(mine, rows.column("rank"), NO_NUMBER).astype(rows.column("rank").dtype)
    columns = {column.name: rows.column(column.name) for column in rows.layout.columns}
    table = Table(layout=rows.layout, columns=columns | {"rank": rank}, words=rows.words)
    return evolve(recommendations, rows=table)
