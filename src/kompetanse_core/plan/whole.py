"""What is to be done, and what does it leave? Plan: items, two splits and three answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
from attrs import field, frozen

from kompetanse_core.columns import Table
from kompetanse_core.errors import Misuse
from kompetanse_core.gap import By, Gaps
from kompetanse_core.model.competence import Facet
from kompetanse_core.model.enterprise import Finding
from kompetanse_core.model.measure import Mode
from kompetanse_core.model.people import EmployeeId
from kompetanse_core.plan.aspiration import Aspiration
from kompetanse_core.plan.individual import Condition, ConditionKind, IndividualPlan, Intent
from kompetanse_core.plan.limits import Limits
from kompetanse_core.plan.nouns import (
    Answer,
    Area,
    Closing,
    CostBearer,
    EducationClass,
    Filling,
    LearningMix,
    Mustering,
    PlanItem,
    Question,
    SeatSplit,
    Split,
)
from kompetanse_core.plan.undertaking import Undertaking
from kompetanse_core.recommendation import Recommendation, Recommendations

PARTS = ("use", "upskill", "reskill", "recruit", "left")


@frozen(kw_only=True, repr=False, eq=False)
class Plan:
    """Kompetanseplan: what is proposed within the limits, what it closes, and what is left.

    `value` is what the first objective comes to: missing weighted steps left, vacant seats and
    heads short, in ten-thousandths of a step (an empty full-time seat lacks all steps of its role,
    a head short of a headcount all steps of its level). No plan within the limits does better than
    `bound`. `cut` says that a limit on time or effort ended the search before it was proven,
    `interrupted` that the caller ended it: if it is proven all the same, it may still be dearer
    than it need be.
    """

    recommendations: Recommendations
    limits: Limits
    items: tuple[PlanItem, ...]
    closings: Table[Closing]
    fillings: tuple[Filling, ...]
    musterings: tuple[Mustering, ...]
    value: int
    bound: int
    cut: bool
    findings: tuple[Finding, ...] = field(default=())
    undertakings: tuple[Undertaking, ...] = field(default=())
    """What is taken on for society, with no gap behind it (H-8)."""
    interrupted: bool = False
    wishes: tuple[Aspiration, ...] = field(default=(), repr=False)
    """What people wish for that no gap stands behind, in the order in which it was stated (H-7)."""

    def __iter__(self) -> Iterator[PlanItem]:
        """Yield what is to be done, by day."""
        return iter(self.items)

    def __len__(self) -> int:
        """Count what is to be done."""
        return len(self.items)

    def __repr__(self) -> str:
        """Count what is to be done; no value about a person is shown."""
        return f"<Plan: {len(self)} items, {self.cost} kroner, proven: {self.proven}>"

    @property
    def gaps(self) -> Gaps:
        """Give the gaps that the plan is for."""
        return self.recommendations.options.gaps

    @property
    def cost(self) -> int:
        """Give what the plan costs, in kroner: its items, what is for society, wishes granted."""
        taken_on = sum(each.spent for each in self.undertakings)
        return sum(each.cost for each in (*self.items, *self.granted)) + taken_on

    @property
    def granted(self) -> tuple[PlanItem, ...]:
        """Give the measures of wishes that there is room for; no gap is closed by them (H-7)."""
        return tuple(step for wish in self.wishes for step in wish.granted)

    @property
    def grants(self) -> int:
        """Give the kroner that schemes are expected to cover beside the cost (R-17)."""
        return sum(each.grant for each in (*self.items, *self.granted))

    @property
    def proven(self) -> bool:
        """Whether no plan within the limits closes more of the gap."""
        return self.value == self.bound

    @property
    def gap(self) -> Fraction:
        """Give how far the value is from the bound: a share of it, in full where it is 0."""
        return Fraction(abs(self.value - self.bound), abs(self.value) or 1)

    @property
    def split(self) -> Split:
        """Give where the missing steps end; they add up to what the gaps say is missing."""
        return _split(self.closings, np.ones(len(self.closings), dtype=np.bool_))

    @property
    def seat_split(self) -> SeatSplit:
        """Give where the vacant shares end; they add up to what the gaps say is vacant."""
        return _added(each.split for each in self.fillings)

    @property
    def head_split(self) -> Split:
        """Give where the heads short of headcounts end; a person may be a head of several."""
        each = [mustering.split for mustering in self.musterings]
        return Split(**{part: sum(getattr(split, part) for split in each) for part in PARTS})

    @property
    def unknown(self) -> int:
        """Give the weighted steps that nobody knows about; their way is to assess."""
        return self.gaps.total.unknown

    @property
    def mix(self) -> LearningMix:
        """Give the participants' hours by mode; a mirror, never a target (D-2)."""
        return self._mix((*self.items, *self.granted))

    @property
    def wrongly_charged(self) -> tuple[PlanItem, ...]:
        """Give what charges the employee for education that the enterprise needs (A-15)."""
        needed = (EducationClass.CONTINUING, EducationClass.FURTHER)
        return tuple(
            each
            for each in self.items
            if each.bearer is CostBearer.EMPLOYEE and each.education in needed
        )

    def recommended(self, planned: PlanItem) -> tuple[Recommendation, ...]:
        """Give the recommendations that an item follows, best reason first."""
        return tuple(self.recommendations.of(option) for option in planned.causes)

    def split_by(self, by: By) -> tuple[Area, ...]:
        """Give the split of each unit, role, competence, facet or employee that lacks something.

        Raises:
            Misuse: E503, for a key that a row does not have.
        """
        rows = self.closings.column("gap")
        key, names = _keys(self.gaps, by)
        people = self.gaps.rows.column("employee")[rows]
        areas = []
        for code in np.unique(key[rows]).tolist():
            own = key[rows] == code
            areas.append(
                Area(
                    key=names[code],
                    split=_split(self.closings, own),
                    contributors=len(np.unique(people[own])),
                )
            )
        return tuple(areas)

    def answer(self, question: Question) -> Answer:
        """Answer one of the guide's three questions with amounts, and where (G-3, G-8, G-10)."""
        split, seats, mustered = self.split, self.seat_split, self.head_split
        own = mustered.use + mustered.upskill
        steps, share, heads = {
            Question.DEVELOP: (split.use + split.upskill, seats.own, own),
            Question.RECRUIT: (split.recruit, seats.recruit, mustered.recruit),
            Question.REDEVELOP: (split.reskill, seats.reskill, mustered.reskill),
        }[question]
        return Answer(
            question=question,
            steps=steps,
            steps_of=split.missing,
            share=share,
            share_of=seats.total,
            heads=heads,
            heads_of=mustered.missing,
            units=self.split_by(By.UNIT),
            roles=self.split_by(By.ROLE),
            competences=self.split_by(By.COMPETENCE),
        )

    def answers(self) -> tuple[Answer, ...]:
        """Answer the three questions, in the order of the guide."""
        return tuple(self.answer(question) for question in Question)

    def individual(self, employee: EmployeeId) -> IndividualPlan:
        """Give one person's part of the plan; nobody has agreed to it yet (S-3 to S-5).

        Raises:
            Misuse: E503, if nobody of that pseudonym is employed.
        """
        if employee not in self.gaps.enterprise.employees.words_of("id"):
            raise Misuse("E503", "there is no such employee")
        own = tuple(each for each in self.items if each.employee == employee)
        wishes = tuple(each for each in self.wishes if each.wish.employee == employee)
        gaps = self.gaps.rows
        mine = gaps.column("employee") == gaps.words_of("employee").code(employee)
        here = np.isin(self.closings.column("gap"), np.flatnonzero(mine))
        return IndividualPlan(
            employee=employee,
            intents=tuple(self._intent(each) for each in own if each.measure is not None),
            left=_split(self.closings, here).left,
            unknown=int(gaps.column("unknown")[mine].sum()),
            mix=self._mix((*own, *(step for wish in wishes for step in wish.granted))),
            wishes=wishes,
            wished=tuple(self._intent(step) for wish in wishes for step in wish.steps),
        )

    def __str__(self) -> str:
        """Write what becomes of the missing steps and the vacant seats, a line each."""
        split, seats = self.split, self.seat_split
        steps = ", ".join(f"{part} {getattr(split, part)}" for part in PARTS)
        state = "proven" if self.proven else "not proven"
        state += ", interrupted" if self.interrupted else ""
        filled = f"own {_full_time(seats.own)}, reskill {_full_time(seats.reskill)}"
        empty = f"recruit {_full_time(seats.recruit)}, vacant {_full_time(seats.vacant)}"
        return "\n".join(
            (
                f"items    {len(self)}, {self.cost} kroner, {state}",
                f"missing  {split.missing} steps: {steps}",
                f"vacant   {_full_time(seats.total)}: {filled}, {empty}",
                *self._heads(),
                f"unknown  {self.unknown} steps: assess",
            )
        )

    def _heads(self) -> Iterator[str]:
        """Yield a line on the heads short, if there are any."""
        split = self.head_split
        if split.missing:
            parts = ", ".join(f"{part} {getattr(split, part)}" for part in PARTS)
            yield f"heads    {split.missing} short: {parts}"

    def _mix(self, items: tuple[PlanItem, ...]) -> LearningMix:
        modes = {measure.id: measure.mode for measure in self.gaps.enterprise.measures}
        hours = dict.fromkeys(Mode, 0)
        for each in items:
            if each.measure is not None and each.employee is not None:
                hours[modes[each.measure]] += each.hours
        return LearningMix(
            work=hours[Mode.WORK], training=hours[Mode.TRAINING], education=hours[Mode.EDUCATION]
        )

    def _intent(self, planned: PlanItem) -> Intent:
        measure = next(m for m in self.gaps.enterprise.measures if m.id == planned.measure)
        off = measure.mode is not Mode.WORK and planned.hours
        amounts = (
            (ConditionKind.TIME_OFF, planned.hours),
            (ConditionKind.SUBSTITUTE, planned.hours if off else measure.leave_hours),
            (ConditionKind.COST, planned.cost),
            (ConditionKind.SUPPORT, measure.mentor_hours),
        )
        place = (Condition(kind=ConditionKind.PLACE),) if off else ()
        asked = (Condition(kind=kind, amount=amount) for kind, amount in amounts if amount)
        return Intent(planned=planned, conditions=(*asked, *place))


def _split(closings: Table[Closing], mask: npt.NDArray[Any]) -> Split:
    amounts = {part: int(closings.column(part)[mask].sum()) for part in PARTS}
    return Split(
        use=amounts["use"],
        upskill=amounts["upskill"],
        reskill=amounts["reskill"],
        recruit=amounts["recruit"],
        left=amounts["left"],
    )


def _added(splits: Iterator[SeatSplit]) -> SeatSplit:
    each = tuple(splits)
    return SeatSplit(
        own=sum(split.own for split in each),
        reskill=sum(split.reskill for split in each),
        recruit=sum(split.recruit for split in each),
        vacant=sum(split.vacant for split in each),
    )


def _keys(gaps: Gaps, by: By) -> tuple[npt.NDArray[Any], Mapping[int, str]]:
    """Give each row of gaps the number of its key, and what the numbers are called."""
    if by in (By.UNIT, By.ROLE, By.COMPETENCE, By.EMPLOYEE):
        words = gaps.rows.words_of(by.value)
        return gaps.rows.column(by.value), dict(enumerate(words.values))
    if by is not By.FACET:
        raise Misuse("E503", f"a plan is not split by {by.value}")
    facets = {each.id: each.facet for each in gaps.enterprise.competences}
    place = {facet: number for number, facet in enumerate(Facet)}
    of_word = [facets.get(each) for each in gaps.rows.words_of("competence").values]
    codes = np.array([-1 if facet is None else place[facet] for facet in of_word], dtype=np.int64)
    names = {-1: ""} | {number: facet.value for number, facet in enumerate(Facet)}
    return codes[gaps.rows.column("competence")], names


def _full_time(share: int) -> str:
    """Write a share as full-time seats."""
    return f"{share // 10_000}.{share % 10_000 // 100:02}"
