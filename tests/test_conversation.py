"""What becomes of an appraisal conversation? Tries and a law of it (S-1 to S-5)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from kompetanse_core.cooperation import (
    Accord,
    Conversation,
    agreed,
    take_conversation,
    unclarified,
)
from kompetanse_core.errors import BadInput
from kompetanse_core.model.competence import CompetenceId, EvidenceKind, Level
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.measure import MeasureId
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    EmployeeId,
    Evidence,
    EvidenceId,
    Wish,
)
from kompetanse_core.model.text import Text
from kompetanse_core.model.work import Need, NeedId, Owner, RoleId, UnitId
from kompetanse_core.plan import (
    Agreement,
    Condition,
    ConditionKind,
    Criterion,
    IndividualPlan,
    Intent,
    PlanItem,
)
from kompetanse_core.strategy import Strategy

DAY = date(2027, 2, 1)
NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)
ANNE, BO = EmployeeId("anne"), EmployeeId("bo")
COURSE, OTHER = MeasureId("course"), MeasureId("other")
SAID = Assessment(
    employee=ANNE,
    competence=CompetenceId("welsh"),
    level=Level(3),
    source=AssessmentSource.JOINT,
    assessed=DAY,
    recorded=NOON,
)
PAPER = Evidence(
    id=EvidenceId("e1"),
    employee=ANNE,
    kind=EvidenceKind.REAL_COMPETENCE_ENTERPRISE,
    recorded=NOON,
)
WISH = Wish(employee=ANNE, measure=COURSE, stated=DAY, recorded=NOON)
NEED = Need(id=NeedId("calm"), label=Text(nb="Ro til å lære"), owner=Owner.EMPLOYEES)
TALK = Conversation(
    employee=ANNE, on=DAY, assessments=(SAID,), evidence=(PAPER,), wishes=(WISH,), needs=(NEED,)
)


def test_a_conversation_brings_evidence_needs_and_wishes() -> None:
    """S-1, M-10: what is said comes beside what was there, also what no requirement asks for."""
    before = Enterprise(
        assessments=[evolve(SAID, employee=BO)], needs=[evolve(NEED, id=NeedId("old"))]
    )
    after = take_conversation(TALK, before)
    assert list(after.assessments) == [SAID, evolve(SAID, employee=BO)]
    assert (list(after.evidence), list(after.wishes)) == ([PAPER], [WISH])
    assert [need.id for need in after.needs] == ["old", "calm"]
    assert len(before.assessments) == 1


@pytest.mark.parametrize(
    ("talk", "code", "place"),
    [
        (evolve(TALK, assessments=(evolve(SAID, employee=BO),)), "E213", "assessments[0]"),
        (evolve(TALK, wishes=(WISH, evolve(WISH, employee=BO))), "E213", "wishes[1]"),
        (evolve(TALK, evidence=(evolve(PAPER, employee=BO),)), "E213", "evidence[0]"),
        (
            evolve(TALK, assessments=(evolve(SAID, source=AssessmentSource.TEST),)),
            "E213",
            "assessments[0]",
        ),
        (evolve(TALK, on=date(2027, 2, 2)), "E213", "assessments[0]"),
        (evolve(TALK, needs=(evolve(NEED, owner=Owner.ENTERPRISE),)), "E213", "needs[0]"),
        (evolve(TALK, needs=(evolve(NEED, id=NeedId("old")),)), "E505", "needs[0]"),
        (evolve(TALK, evidence=(evolve(PAPER, id=EvidenceId("old")),)), "E505", "evidence[0]"),
    ],
)
def test_what_is_no_part_of_the_conversation_is_refused(
    talk: Conversation, code: str, place: str
) -> None:
    """S-1: somebody else's facts, another day, a proof, the enterprise's need, an id twice."""
    before = Enterprise(
        needs=[evolve(NEED, id=NeedId("old"))], evidence=[evolve(PAPER, id=EvidenceId("old"))]
    )
    with pytest.raises(BadInput) as refusal:
        take_conversation(talk, before)
    (found,) = refusal.value.findings
    assert (found.code, found.place.file) == (code, f"conversation.{place}")
    assert not {"anne", "bo"} & set(str(refusal.value).replace("'", " ").split())


def test_a_conversation_shows_nobody() -> None:
    """X-8: what is printed of it names neither the person nor what was said."""
    assert "anne" not in repr(TALK)
    assert "welsh" not in repr(TALK)


def planned(*measures: MeasureId) -> IndividualPlan:
    """Anne's plan: each measure takes time off and money."""
    kinds = (ConditionKind.TIME_OFF, ConditionKind.COST)
    return IndividualPlan(
        employee=ANNE,
        intents=tuple(
            Intent(
                planned=PlanItem(
                    strategy=Strategy.UPSKILL,
                    unit=UnitId("u"),
                    role=RoleId("r"),
                    employee=ANNE,
                    measure=each,
                    start=DAY,
                    end=DAY,
                    criterion=Criterion(due=DAY),
                ),
                conditions=tuple(Condition(kind=kind, amount=7) for kind in kinds),
            )
            for each in measures
        ),
        left=0,
        unknown=0,
    )


def accord(agreement: Agreement, *clarified: ConditionKind, day: int = 1) -> Conversation:
    """A conversation about the course."""
    about = Accord(measure=COURSE, agreement=agreement, clarified=frozenset(clarified))
    return Conversation(employee=ANNE, on=date(2027, 2, day), accords=(about,))


def test_what_both_agree_on_stands_in_the_plan() -> None:
    """S-3, S-4: the agreement and what is cleared up; other measures are agreed by nobody."""
    first, second = agreed(
        planned(COURSE, OTHER), [accord(Agreement.BOTH, ConditionKind.COST)]
    ).intents
    assert first.agreement is Agreement.BOTH
    assert [each.clarified for each in first.conditions] == [False, True]
    assert second == planned(OTHER).intents[0]


def test_each_can_withdraw() -> None:
    """S-3: the latest word counts, in whatever order the conversations are given."""
    talks = [accord(Agreement.LEADER, day=9), accord(Agreement.BOTH, day=2)]
    for order in (talks, talks[::-1]):
        assert agreed(planned(COURSE), order).intents[0].agreement is Agreement.LEADER


def test_others_conversations_change_nothing() -> None:
    """S-3: nor do measures that the plan no longer has."""
    theirs = evolve(accord(Agreement.BOTH), employee=BO)
    assert agreed(planned(COURSE), [theirs]) == planned(COURSE)
    assert agreed(planned(OTHER), [accord(Agreement.BOTH)]) == planned(OTHER)


def test_what_is_agreed_and_not_cleared_up_is_found() -> None:
    """S-4: once both agree, whatever is left to settle; nobody is named."""
    half = agreed(planned(COURSE), [accord(Agreement.BOTH, ConditionKind.COST)])
    (found,) = unclarified(half)
    assert (found.code, found.place.file) == ("W520", "measures course")
    assert "time-off" in found.text
    assert "cost" not in found.text
    assert "anne" not in str(found)
    whole = accord(Agreement.BOTH, ConditionKind.COST, ConditionKind.TIME_OFF)
    assert not tuple(unclarified(agreed(planned(COURSE), [whole])))
    assert not tuple(unclarified(agreed(planned(COURSE), [accord(Agreement.EMPLOYEE)])))


@given(
    st.lists(st.tuples(st.sampled_from(Agreement), st.integers(1, 28)), unique_by=lambda e: e[1])
)
def test_agreement_is_free_of_the_order_of_conversations(
    words: list[tuple[Agreement, int]],
) -> None:
    """S-3: on different days, any order of conversations gives the same plan: the latest word's."""
    talks = [accord(agreement, day=day) for agreement, day in words]
    (intent,) = agreed(planned(COURSE), talks).intents
    assert agreed(planned(COURSE), talks[::-1]).intents == (intent,)
    latest = max(words, key=lambda each: each[1])[0] if words else Agreement.NOT_YET
    assert intent.agreement is latest
