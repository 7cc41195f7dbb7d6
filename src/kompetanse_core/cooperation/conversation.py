"""What did an employee and the leader come to? Conversation, and what becomes of it.

Clauses S-1 to S-5, K-9, M-10 and H-4. A conversation belongs to no round of mapping: it brings what
the two say together, also what no requirement asks for. What they agree on counts in the person's
own plan, and each of them can take it back in a later conversation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import evolve, field, frozen

from kompetanse_core.errors import BadInput, Place
from kompetanse_core.model.enterprise import Enterprise, Finding, Severity
from kompetanse_core.model.measure import MeasureId
from kompetanse_core.model.people import (
    Assessment,
    AssessmentSource,
    EmployeeId,
    Evidence,
    Wish,
)
from kompetanse_core.model.validators import ident
from kompetanse_core.model.work import Need, Owner
from kompetanse_core.plan import Agreement, ConditionKind, IndividualPlan, Intent

SAID = (AssessmentSource.JOINT, AssessmentSource.SELF, AssessmentSource.LEADER)
"""Whose words an assessment in a conversation can be: of one of the two, or of both."""


@frozen(kw_only=True)
class Accord:
    """Avtale om tiltak: who has agreed to one measure, and what is cleared up for it (S-3, S-4)."""

    measure: MeasureId = field(validator=ident)
    agreement: Agreement
    clarified: frozenset[ConditionKind] = frozenset()


@frozen(kw_only=True)
class Conversation:
    """Medarbeidersamtale: what one employee and the nearest leader came to on one day (S-1).

    `needs` are the employee's own or both's; they name nobody.
    """

    employee: EmployeeId = field(validator=ident, repr=False)
    on: date
    assessments: tuple[Assessment, ...] = field(default=(), repr=False)
    evidence: tuple[Evidence, ...] = field(default=(), repr=False)
    wishes: tuple[Wish, ...] = field(default=(), repr=False)
    needs: tuple[Need, ...] = ()
    accords: tuple[Accord, ...] = ()


def take_conversation(conversation: Conversation, enterprise: Enterprise) -> Enterprise:
    """Take in what a conversation says about the person, and the needs that came up in it.

    All of it or nothing. Facts keep their own purpose, basis and retention.

    Raises:
        BadInput: E213, for a fact about somebody else, of another day or source, or a need that is
            the enterprise's alone; E505, for an id that is there already. Nobody is named.
    """
    flaws = tuple(_flaws(conversation, enterprise))
    if flaws:
        raise BadInput(flaws)
    return evolve(
        enterprise,
        assessments=enterprise.assessments.merged(conversation.assessments),
        evidence=enterprise.evidence.merged(conversation.evidence),
        wishes=enterprise.wishes.merged(conversation.wishes),
        needs=(*enterprise.needs, *conversation.needs),
    )


def agreed(plan: IndividualPlan, conversations: Iterable[Conversation]) -> IndividualPlan:
    """Enter in one person's plan what the conversations about it came to (S-3 to S-5).

    Of several about one measure the latest counts, so that each can withdraw; on one day the last
    given. Conversations of others, and measures that the plan no longer has, change nothing. What
    is agreed on about a wish says who agrees, not that there is room for it.
    """
    own = (each for each in conversations if each.employee == plan.employee)
    last = {
        accord.measure: accord
        for conversation in sorted(own, key=lambda each: each.on)
        for accord in conversation.accords
    }
    return evolve(
        plan,
        intents=tuple(_agreed(each, last) for each in plan.intents),
        wished=tuple(_agreed(each, last) for each in plan.wished),
    )


def unclarified(plan: IndividualPlan) -> Iterator[Finding]:
    """Find each measure that both agree on while something it takes is not cleared up (S-4)."""
    for intent in (*plan.intents, *plan.wished):
        left = [each.kind.value for each in intent.conditions if not each.clarified]
        if intent.agreement is Agreement.BOTH and left:
            yield Finding(
                code="W520",
                severity=Severity.WARNING,
                text=f"both have agreed, yet this is not cleared up: {', '.join(left)} (S-4)",
                place=Place(file=f"measures {intent.planned.measure}"),
                hint="settle it before the measure begins",
                about=(("measure", intent.planned.measure or ""),),
            )


def _flaws(conversation: Conversation, enterprise: Enterprise) -> Iterator[Finding]:
    """Tell what is no part of the conversation, part by part."""
    yield from _others(conversation)
    yield from _proofs(conversation)
    papers, needs = enterprise.evidence.words_of("id"), {each.id for each in enterprise.needs}
    for number, paper in enumerate(conversation.evidence):
        if paper.id in papers:
            yield _flaw("E505", "evidence", number, "id", "this evidence is there already")
    for number, need in enumerate(conversation.needs):
        if need.id in needs:
            yield _flaw("E505", "needs", number, "id", "this need is there already")
        if need.owner is Owner.ENTERPRISE:
            yield _flaw("E213", "needs", number, "owner", "this is the enterprise's need alone")


def _others(conversation: Conversation) -> Iterator[Finding]:
    """Tell the facts that are about somebody else."""
    facts: dict[str, tuple[Assessment | Evidence | Wish, ...]] = {
        "assessments": conversation.assessments,
        "evidence": conversation.evidence,
        "wishes": conversation.wishes,
    }
    for name, rows in facts.items():
        for number, fact in enumerate(rows):
            if fact.employee != conversation.employee:
                yield _flaw("E213", name, number, "employee", "this is about somebody else")


def _proofs(conversation: Conversation) -> Iterator[Finding]:
    """Tell the assessments that were not said by the two on the day."""
    for number, said in enumerate(conversation.assessments):
        if said.source not in SAID:
            yield _flaw("E213", "assessments", number, "source", "a conversation proves nothing")
        if said.assessed != conversation.on:
            yield _flaw("E213", "assessments", number, "assessed", "this is of another day")


def _flaw(code: str, name: str, number: int, column: str, text: str) -> Finding:
    place = Place(file=f"conversation.{name}[{number}]", column=column)
    return Finding(code=code, severity=Severity.REFUSE, text=text, place=place)


def _agreed(intent: Intent, last: dict[MeasureId, Accord]) -> Intent:
    accord = None if intent.planned.measure is None else last.get(intent.planned.measure)
    if accord is None:
        return intent
    conditions = (evolve(c, clarified=c.kind in accord.clarified) for c in intent.conditions)
    return evolve(intent, agreement=accord.agreement, conditions=tuple(conditions))
