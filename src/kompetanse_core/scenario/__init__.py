"""What if? Scenario: named changes laid over an enterprise that stays as it was.

An enterprise is a value: its rows are frozen and its columns cannot be written. A scenario makes
another one beside it; whatever is asked of both can be compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import reduce

from attrs import field, frozen

from kompetanse_core.errors import Misuse
from kompetanse_core.model.assembly import assemble
from kompetanse_core.model.enterprise import Enterprise, Reading
from kompetanse_core.model.validators import ident
from kompetanse_core.scenario.actions import Actions, Bill, Hire, Learning, Redeployment
from kompetanse_core.scenario.changes import (
    Add,
    Alteration,
    ChangeLevel,
    ChangeSeats,
    ChangeShare,
    CloseRole,
    CloseSeats,
    CloseTask,
    CloseUnit,
    Lapse,
    Leave,
    Replace,
    Retire,
    Withdraw,
    contradict,
    target_of,
)
from kompetanse_core.scenario.competences import CompetenceCounts, count_competences
from kompetanse_core.scenario.counting import Count
from kompetanse_core.scenario.difference import Difference, differences
from kompetanse_core.scenario.expectation import Expectation, expect
from kompetanse_core.scenario.flows import (
    CERTAIN,
    Attrition,
    Flows,
    Hiring,
    Move,
    Retirement,
    hiring_of,
)
from kompetanse_core.scenario.foresight import (
    EarlyWarning,
    Influence,
    early_warnings,
    period_name,
    variance_by_cell,
    variance_by_event,
)
from kompetanse_core.scenario.frames import Frame, in_order
from kompetanse_core.scenario.outlook import (
    Outlook,
    Outlooks,
    Regret,
    Runs,
    Swing,
    compare_scenarios,
    tornado,
)
from kompetanse_core.scenario.plainly import alteration_from_plain, plain_alteration
from kompetanse_core.scenario.planning import actions_of, plan_once, replan
from kompetanse_core.scenario.policy import NO_POLICY, Policy
from kompetanse_core.scenario.simulation import Simulation, simulate, streamed
from kompetanse_core.scenario.situation import Situation

__all__ = [
    "CERTAIN",
    "NO_POLICY",
    "Actions",
    "Add",
    "Alteration",
    "Attrition",
    "Bill",
    "ChangeLevel",
    "ChangeSeats",
    "ChangeShare",
    "CloseRole",
    "CloseSeats",
    "CloseTask",
    "CloseUnit",
    "CompetenceCounts",
    "Count",
    "Difference",
    "EarlyWarning",
    "Expectation",
    "Flows",
    "Frame",
    "Hire",
    "Hiring",
    "Influence",
    "Lapse",
    "Learning",
    "Leave",
    "Move",
    "Outlook",
    "Outlooks",
    "Policy",
    "Redeployment",
    "Regret",
    "Replace",
    "Retire",
    "Retirement",
    "Runs",
    "Scenario",
    "Simulation",
    "Situation",
    "Swing",
    "Withdraw",
    "actions_of",
    "alteration_from_plain",
    "compare_scenarios",
    "count_competences",
    "differences",
    "early_warnings",
    "expect",
    "hiring_of",
    "period_name",
    "plain_alteration",
    "plan_once",
    "replan",
    "simulate",
    "streamed",
    "tornado",
    "variance_by_cell",
    "variance_by_event",
]


def _in_time(changes: Iterable[Alteration]) -> tuple[Alteration, ...]:
    return tuple(sorted(changes, key=lambda change: change.on or date.min))


@frozen(kw_only=True)
class Scenario:
    """Scenario: what would be otherwise, from when on, under a name.

    Changes are kept in the order of their days, those without a day first, and those of one day in
    the order given.
    """

    name: str = field(validator=ident)
    changes: tuple[Alteration, ...] = field(default=(), converter=_in_time)
    flows: Flows | None = None
    """What happens to people by chance where this comes true; None: as anywhere."""
    frames: tuple[Frame, ...] = field(default=(), converter=in_order)
    """What plans may spend where this comes true, and from when on."""

    def __attrs_post_init__(self) -> None:
        """Refuse two changes of one day that would make one thing two different things.

        Raises:
            Misuse: E505.
        """
        said: dict[tuple[object, ...], list[Alteration]] = {}
        for change in self.changes:
            about = target_of(change)
            for other in said.setdefault(about, []) if about is not None else ():
                if contradict(change, other):
                    kinds = " and ".join(sorted({type(each).__name__ for each in (change, other)}))
                    told = f"two changes of one thing on {change.on} contradict one another"
                    raise Misuse("E505", told, hint=f"{kinds}: keep one, or give another day")
            if about is not None:
                said[about].append(change)

    def apply(self, enterprise: Enterprise) -> Enterprise:
        """Give the enterprise as it would be; the one given stays as it is.

        Raises:
            Misuse: E503 or E507, as `reading`.
            BadInput: with every finding, if the outcome does not hang together.
        """
        return self.reading(enterprise).enterprise

    def reading(self, enterprise: Enterprise) -> Reading:
        """Give the enterprise as it would be, with everything that `assemble` finds about it.

        Raises:
            Misuse: E503, if a change has no target or flows name what is not there; E507, if
                something would end before it begins.
        """
        changed = reduce(_changed, self.changes, enterprise)
        if self.flows is not None:
            self.flows.fit(changed)
        return assemble(changed) if self.changes else Reading(parcel=enterprise)

    def then(self, other: Scenario) -> Scenario:
        """Give both scenarios as one, in the order of their days; of one day this one's first.

        The flows are the other's, or this one's where the other has none. Of two frames of one day
        the other's counts.
        """
        later = {frame.on for frame in other.frames}
        return Scenario(
            name=f"{self.name} + {other.name}",
            changes=(*self.changes, *other.changes),
            flows=other.flows or self.flows,
            frames=(*(f for f in self.frames if f.on not in later), *other.frames),
        )

    def differences(self, enterprise: Enterprise) -> tuple[Difference, ...]:
        """Tell which rows of an enterprise the scenario would take away and bring.

        Raises:
            Misuse, BadInput: as `apply`.
        """
        return differences(enterprise, self.apply(enterprise))


def _changed(enterprise: Enterprise, change: Alteration) -> Enterprise:
    return change.applied_to(enterprise)
