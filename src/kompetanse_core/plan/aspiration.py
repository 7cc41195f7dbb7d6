"""What is a wish that no gap stands behind? Aspiration: what it would take, and how it stands.

Clauses H-7, A-3, A-7 to A-9, A-14, A-15, S-3 and K-4. A wish is stated, never inferred; one that a
gap stands behind is weighed where ways are ranked, and is none of these.
"""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen

from kompetanse_core.model.enterprise import Finding, Severity
from kompetanse_core.model.people import Wish
from kompetanse_core.plan.nouns import CostBearer, EducationClass, PlanItem


class WishState(Enum):
    """Ønskets stilling: how a wish stands to the plan."""

    GRANTED = "granted"
    """The plan has room for it, within what the limits set aside for wishes."""
    PROPOSED = "proposed"
    """What it would take is shown; nothing is spent on it."""
    HELD = "held"
    """The person holds what is wished for: there is nothing to learn."""
    NO_WAY = "no-way"
    """No measure leads there within the time of the plan."""


@frozen(kw_only=True)
class Aspiration:
    """Ønske uten gap bak: what one stated wish would take, and what it serves, if anything.

    `steps` are the measures in their order, each with its cost, hours, dates and bearer.
    `education` says whether it keeps up what the person's work asks (A-8), leads to a vacant seat
    here (A-9), or is the person's own wish. `bearer` is the employer where a need or the law stands
    behind that work or that seat, and otherwise open.
    """

    wish: Wish = field(repr=False)
    state: WishState
    education: EducationClass
    bearer: CostBearer = CostBearer.OPEN
    steps: tuple[PlanItem, ...] = field(default=(), repr=False)

    @property
    def clauses(self) -> tuple[str, ...]:
        """Give the clauses that it rests on: wishes are invited, weighed, and classed."""
        return "A-3", "H-7", self.education.clause

    @property
    def cost(self) -> int:
        """Give what it would cost, in kroner."""
        return sum(step.cost for step in self.steps)

    @property
    def hours(self) -> int:
        """Give what it would take of the person's working hours."""
        return sum(step.hours for step in self.steps)

    @property
    def granted(self) -> tuple[PlanItem, ...]:
        """Give its measures as far as they are part of the plan."""
        return self.steps if self.state is WishState.GRANTED else ()

    @property
    def spent(self) -> int:
        """Give what it takes of the plan's money, in kroner."""
        return sum(step.cost for step in self.granted)

    @property
    def finding(self) -> Finding | None:
        """Say that no need stands behind it, if so (A-7); it names nobody."""
        if self.bearer is CostBearer.EMPLOYER:
            return None
        return Finding(
            code="N540",
            severity=Severity.NOTE,
            text="no need of the enterprise stands behind what is wished for (A-7)",
            hint="it is open who pays; settle it where leader and employee talk (S-3)",
        )
