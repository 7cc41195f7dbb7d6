"""What does the whole chain say? Analysis: gaps, ways, recommendations, plan and follow-up.

Read `analyse` from top to bottom: each line is one link of the guide's chain (F-4, X-5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from enum import Enum

from attrs import frozen

from kompetanse_core.cooperation import FollowUp, follow_up
from kompetanse_core.gap import Gaps, find_gaps
from kompetanse_core.mapping import Combining
from kompetanse_core.model.enterprise import Enterprise, Finding
from kompetanse_core.model.rule import RuleSet
from kompetanse_core.plan import Limits, Plan, make_plan
from kompetanse_core.privacy import left_out
from kompetanse_core.recommendation import Recommendations, recommend
from kompetanse_core.solver import Progress
from kompetanse_core.strategy import Opener, Options, open_options


class Chapter(Enum):
    """Kapittel: where in the chain an analysis is."""

    GAPS = "gaps"
    OPTIONS = "options"
    RECOMMENDATIONS = "recommendations"
    PLAN = "plan"
    FOLLOW_UP = "follow-up"


Tell = Callable[[Chapter, Progress | None], None]
"""Is told when a chapter begins and, while the plan is searched for, how the search stands."""

NO_LIMITS = Limits()


@frozen(kw_only=True, repr=False, eq=False)
class Analysis:
    """Analyse: everything the chain found about one enterprise on one day."""

    enterprise: Enterprise
    gaps: Gaps
    options: Options
    recommendations: Recommendations
    plan: Plan
    follow_up: FollowUp

    @property
    def on(self) -> date:
        """Give the day that the analysis is for."""
        return self.gaps.on

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Give what a purpose left out, then all found on the way along the chain, each once."""
        chain = (self.gaps, self.options, self.recommendations, self.plan, self.follow_up)
        found = (found for link in chain for found in link.findings)
        return tuple(dict.fromkeys((*left_out(self.enterprise), *found)))

    def __repr__(self) -> str:
        """Name what was found; no value about a person is shown."""
        return f"<Analysis on {self.on}: {self.options!r}, {self.plan!r}>"

    def __str__(self) -> str:
        """Write the tables of gaps, ways and plan, one after the other."""
        return f"{self.gaps}\n\n{self.options}\n\n{self.plan}"


def analyse(
    enterprise: Enterprise,
    *,
    on: date,
    limits: Limits = NO_LIMITS,
    known_at: datetime | None = None,
    combining: Combining = Combining.JOINT_FIRST,
    floor: RuleSet | None = None,
    strategies: Iterable[Opener] = (),
    progress: Tell | None = None,
    interrupted: Callable[[], bool] | None = None,
) -> Analysis:
    """Go through the whole chain for one day, as far as was known at `known_at` (None: now).

    `floor` is the guide unless another country's or agreement's rules are given;
    `strategies` are those of others, such as `Plugins.strategies()`. While the plan is searched for
    `interrupted` is asked often: once it says yes the best plan so far is taken, and says so.

    Raises:
        BadInput: E516, if a local rule set weakens the floor.
        SolverFailed: E901 to E903, if the solver is missing, fails, or cannot be exact.
    """
    tell = progress or _untold

    tell(Chapter.GAPS, None)
    gaps = find_gaps(enterprise, on=on, known_at=known_at, combining=combining)

    tell(Chapter.OPTIONS, None)
    options = open_options(gaps, strategies=strategies)

    tell(Chapter.RECOMMENDATIONS, None)
    recommendations = recommend(options, floor=floor)

    tell(Chapter.PLAN, None)
    plan = make_plan(
        recommendations,
        limits,
        progress=lambda now: tell(Chapter.PLAN, now),
        interrupted=interrupted,
    )

    tell(Chapter.FOLLOW_UP, None)
    return Analysis(
        enterprise=gaps.enterprise,
        gaps=gaps,
        options=options,
        recommendations=recommendations,
        plan=plan,
        follow_up=follow_up(gaps.enterprise, plan),
    )


def _untold(chapter: Chapter, progress: Progress | None) -> None:
    """Tell nobody."""
