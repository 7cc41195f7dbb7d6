"""Who is told what, by every door? What holds for all enterprises, actors and purposes."""

from __future__ import annotations

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from kompetanse_core import (
    Actor,
    ActorId,
    ActorKind,
    Audience,
    EmployeeId,
    Enterprise,
    Grid,
    Limits,
    PrivacyRefused,
    Purpose,
    Report,
    Sight,
    Step,
    analyse,
    handed_out,
    make_report,
    sight,
)
from kompetanse_core.conformance.strategies import DAY, SMALL, Size, enterprises
from kompetanse_core.model.subject import about
from kompetanse_core.privacy.rights import OPEN_TO_LEADERS, PERSONAL, beings

HOUSE = Size(
    units=1, roles=1, competences=2, requirements=2, employees=2, engagements=3, assessments=3
)
TABLES = ("employees", "engagements", "evidence", "assessments", "wishes")
OF_FACTS = ("krav", "ubrukt", "registrert")
"""The sections that rest on facts about the person; the plan rests on the whole enterprise."""


@frozen(kw_only=True)
class Asked:
    """One question: who asks, about whom, what for, in which enterprise."""

    enterprise: Enterprise
    actor: Actor
    employee: EmployeeId
    purpose: Purpose

    @property
    def right(self) -> Sight:
        """What the rights say."""
        return sight(
            self.actor,
            self.employee,
            enterprise=self.enterprise,
            step=Step.PLAN,
            purpose=self.purpose,
            on=DAY,
        )

    def report(self) -> Report:
        """By the door of the report."""
        return make_report(
            analyse(self.enterprise, on=DAY, limits=Limits(periods=1)),
            audience=Audience.EMPLOYEE,
            employee=self.employee,
            actor=self.actor,
            purpose=self.purpose,
        )

    def export(self) -> tuple[Enterprise, ...]:
        """By the door of the export, of one version."""
        return handed_out(
            (self.enterprise,),
            self.actor,
            self.employee,
            enterprise=self.enterprise,
            purpose=self.purpose,
            on=DAY,
        )


@st.composite
def asked(draw: DrawFn) -> Asked:
    """Draw a question; facts are held for one purpose or another."""
    enterprise = draw(enterprises(least=HOUSE, most=evolve(SMALL, employees=3)))
    people = enterprise.employees.words_of("id").values
    units = [unit.id for unit in enterprise.units]
    actor = Actor(
        id=ActorId("x"),
        kind=draw(st.sampled_from(ActorKind)),
        unit=draw(st.sampled_from([None, *units])),
        employee=draw(st.sampled_from([None, *people])),
    )
    return Asked(
        enterprise=enterprise,
        actor=actor,
        employee=draw(st.sampled_from(people)),
        purpose=draw(st.sampled_from(Purpose)),
    )


@st.composite
def led(draw: DrawFn) -> Asked:
    """Draw a question that a leader in whose line the person is may put."""
    question = draw(asked())
    first, *others = question.enterprise.engagements
    lasting = evolve(first, start=None, end=None)
    return evolve(
        question,
        enterprise=evolve(question.enterprise, engagements=[lasting, *others]),
        actor=Actor(id=ActorId("x"), kind=ActorKind.LEADER, unit=first.unit),
        employee=first.employee,
        purpose=draw(st.sampled_from(sorted(OPEN_TO_LEADERS, key=lambda each: each.value))),
    )


def rows(report: Report) -> set[tuple[str, ...]]:
    """Give every row that lists a fact, with the table that it stands in."""
    (held,) = (section for section in report.sections if section.id == "registrert")
    return {
        (grid.caption, *(cell.text for cell in row))
        for grid in held.blocks
        if isinstance(grid, Grid)
        for row in grid.rows
    }


@given(asked())
def test_no_actor_sees_a_fact_that_the_person_cannot(question: Asked) -> None:
    """X-8: by report and export, whoever asks is refused or sees some of what the person sees."""
    if question.right not in PERSONAL:
        for door in (question.report, question.export):
            with pytest.raises(PrivacyRefused, match="E554"):
                door()
        return
    person = Actor(id=ActorId("p"), kind=ActorKind.EMPLOYEE, employee=question.employee)
    own = evolve(question, actor=person)
    assert rows(question.report()) <= rows(own.report())
    ((told,), (all_told,)) = (question.export(), own.export())
    assert all_told == about(question.enterprise, question.employee)
    for name in TABLES:
        assert set(getattr(told, name)) <= set(getattr(all_told, name))


@given(led())
def test_what_a_leader_may_not_see_shows_through_nowhere(question: Asked) -> None:
    """M-13: facts for other purposes, about traits or about others change nothing of a leader's."""
    whole, (told,) = question.enterprise, question.export()
    theirs = {name: getattr(told, name) for name in TABLES[2:]}
    line = [each for each in whole.engagements if each.employee == question.employee]
    less = evolve(question, enterprise=evolve(whole, engagements=line, **theirs))
    first, second = (
        [section for section in each.report().sections if section.id in OF_FACTS]
        for each in (question, less)
    )
    assert first == second


@given(led())
def test_the_purpose_lock_holds_at_every_door(question: Asked) -> None:
    """What is held for one purpose is exported for no other, but to the person."""
    assert question.right is Sight.LINE
    (told,) = question.export()
    hidden = beings(question.enterprise)
    for name in TABLES:
        assert {row.purpose for row in getattr(told, name)} <= {question.purpose}
    assert not hidden & {row.competence for row in (*told.assessments, *told.evidence)}


@given(asked())
def test_a_person_reads_the_same_gaps_as_the_analysis_found(question: Asked) -> None:
    """What is found in one person's facts alone is what was found in everybody's."""
    person = Actor(id=ActorId("p"), kind=ActorKind.EMPLOYEE, employee=question.employee)
    analysis = analyse(question.enterprise, on=DAY, limits=Limits(periods=1))
    report = evolve(question, actor=person).report()
    (section,) = (each for each in report.sections if each.id == "krav")
    told = sum(len(grid.rows) for grid in section.blocks if isinstance(grid, Grid))
    assert told == len(analysis.gaps.of(question.employee))
