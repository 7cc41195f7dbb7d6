"""What is kept, due or missing? `follow_up` answers clause by clause, with evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from types import MappingProxyType

from kompetanse_core.cooperation import gates, mapped, needs, parties, planned
from kompetanse_core.cooperation.case import DECIDERS, Case
from kompetanse_core.cooperation.nouns import Account, FollowUp, Standing
from kompetanse_core.errors import Misuse, Place
from kompetanse_core.mapping import freshness, overdue
from kompetanse_core.model.cooperation import Event, EventKind
from kompetanse_core.model.enterprise import Enterprise, Finding, Severity
from kompetanse_core.model.privacy import Kept
from kompetanse_core.model.succeeding import succeeded
from kompetanse_core.plan import Plan
from kompetanse_core.rules import Check, RulesInForce, rules_in_force

CHECKS: Mapping[Check, Callable[[Case], Account]] = MappingProxyType(
    {
        Check.AGENDA_KEPT: parties.agenda_kept,
        Check.AIMS_STATED: needs.aims_stated,
        Check.ALL_GROUPS_ASSESSED_JOINTLY: mapped.all_groups_assessed_jointly,
        Check.ALL_GROUPS_REQUIRED: needs.all_groups_required,
        Check.ALL_SIDES_TAKE_PART: parties.all_sides_take_part,
        Check.ALL_UNITS_MAPPED: mapped.all_units_mapped,
        Check.ARRANGEMENT_REVIEWED: parties.arrangement_reviewed,
        Check.CHANGE_NEEDS_APART: needs.change_needs_apart,
        Check.CHANGES_REVIEWED: needs.changes_reviewed,
        Check.CONTRIBUTIONS_RECOGNISED: parties.contributions_recognised,
        Check.CONVERSATIONS_USED: mapped.conversations_used,
        Check.COSTS_BORNE_BY_EMPLOYER: gates.costs_borne_by_employer,
        Check.EFFECTS_STATED: needs.effects_stated,
        Check.EXPERIENCE_HAS_CONTEXT: planned.experience_has_context,
        Check.FIVE_SIDES_ANALYSED: needs.five_sides_analysed,
        Check.FORMAL_COMPETENCE_MAPPED: mapped.formal_competence_mapped,
        Check.FUTURE_NEEDS_STATED: needs.future_needs_stated,
        Check.HELD_AT_SEVERAL_LEVELS: parties.held_at_several_levels,
        Check.IN_WORK_MEASURES: planned.in_work_measures,
        Check.INFORMED_OF_CHANGES: parties.informed_of_changes,
        Check.INPUT_INVITED: parties.input_invited,
        Check.INPUTS_ANSWERED: parties.inputs_answered,
        Check.INVOLVED_EARLY: parties.involved_early,
        Check.JOINT_WORK_CHANGED_SOMETHING: parties.joint_work_changed_something,
        Check.JOINTLY_STATED: parties.jointly_stated,
        Check.KEPT_UP_TO_DATE: mapped.kept_up_to_date,
        Check.LEARNING_SHARED: planned.learning_shared,
        Check.MAPPED_BEYOND_REQUIREMENTS: mapped.mapped_beyond_requirements,
        Check.MAPPED_REGULARLY: mapped.mapped_regularly,
        Check.MEASURES_CONSULTED: gates.measures_consulted,
        Check.MEASURES_REST_ON_MAPPING: planned.measures_rest_on_mapping,
        Check.MEASURES_SERVE_GOALS: planned.measures_serve_goals,
        Check.METHOD_DISCUSSED: mapped.method_discussed,
        Check.OPERATION_CONSULTED: gates.operation_consulted,
        Check.QUALIFICATIONS_KEPT: mapped.qualifications_kept,
        Check.QUESTIONS_DISCUSSED: parties.questions_discussed,
        Check.REAL_COMPETENCE_MAPPED: mapped.real_competence_mapped,
        Check.REDEVELOPMENT_OPENED: planned.redevelopment_opened,
        Check.RELEVANCE_SHOWN: needs.relevance_shown,
        Check.REQUIREMENTS_HAVE_NEEDS: needs.requirements_have_needs,
        Check.RESPONSIBILITY_SHARED: planned.responsibility_shared,
        Check.RETENTION_STATED: mapped.retention_stated,
        Check.TRAINING_PLANNED: planned.training_planned,
        Check.UNION_PROPOSES: needs.union_proposes,
        Check.VIEWS_RECEIVED: parties.views_received,
        Check.WISHES_INVITED: mapped.wishes_invited,
        Check.WORKED_JOINTLY: parties.worked_jointly,
    }
)
"""The function behind each name that a rule set may use."""

PLACES = frozenset({Kept.EMPLOYEE, Kept.ENGAGEMENT, Kept.ASSESSMENT})
RESTS_ON: Mapping[Check, frozenset[Kept]] = MappingProxyType(
    {
        Check.ALL_GROUPS_ASSESSED_JOINTLY: frozenset({Kept.ASSESSMENT}),
        Check.ALL_UNITS_MAPPED: PLACES,
        Check.CONVERSATIONS_USED: frozenset({Kept.ASSESSMENT}),
        Check.FIVE_SIDES_ANALYSED: frozenset({Kept.EVIDENCE}),
        Check.FORMAL_COMPETENCE_MAPPED: frozenset({Kept.EVIDENCE}),
        Check.KEPT_UP_TO_DATE: frozenset({Kept.EVIDENCE}),
        Check.MAPPED_BEYOND_REQUIREMENTS: frozenset({Kept.ASSESSMENT}),
        Check.MAPPED_REGULARLY: PLACES,
        Check.METHOD_DISCUSSED: frozenset({Kept.ASSESSMENT}),
        Check.QUALIFICATIONS_KEPT: frozenset({Kept.ASSESSMENT, Kept.EVIDENCE}),
        Check.REAL_COMPETENCE_MAPPED: frozenset({Kept.EVIDENCE}),
        Check.REDEVELOPMENT_OPENED: PLACES,
        Check.RETENTION_STATED: frozenset(Kept),
        Check.WISHES_INVITED: frozenset({Kept.WISH}),
    }
)
"""The facts about people that a check rests on: of what a purpose leaves out it says nothing."""


def follow_up(
    enterprise: Enterprise,
    plan: Plan | None = None,
    on: date | None = None,
    *,
    rules: RulesInForce | None = None,
) -> FollowUp:
    """Say for every clause with a check how it stands on a day: kept, due, missing or not at hand.

    The day is that of the plan's gaps unless one is given. The register that travels in the
    enterprise is the evidence; `rules` are those of the plan, or where there is none those in
    force in the enterprise, unless others are given. Where the enterprise was read for a purpose
    that leaves out facts which a check rests on, the clause is not at hand.

    Raises:
        Misuse: E214, if there is neither a plan nor a day.
        BadInput: E516, if a local rule set weakens the guide's.
    """
    day = on if on is not None else _day_of(plan)
    enterprise = succeeded(enterprise, on=day)
    in_force = _rules_of(enterprise, plan) if rules is None else rules
    accounts = (
        _account(Case(rule=rule, enterprise=enterprise, plan=plan, on=day))
        for rule in in_force
        if rule.check
    )
    months = None if PLACES & enterprise.withheld else _interval(in_force)
    fresh = () if months is None else freshness(enterprise, on=day, months=months)
    return FollowUp(
        enterprise=enterprise,
        plan=plan,
        on=day,
        rules=in_force,
        accounts=tuple(accounts),
        findings=(*_findings(enterprise), *overdue(fresh, on=day)),
        months=months,
        fresh=fresh,
    )


def _day_of(plan: Plan | None) -> date:
    if plan is None:
        raise Misuse("E214", "a follow-up without a plan needs a day", hint="give `on`")
    return plan.gaps.on


def _rules_of(enterprise: Enterprise, plan: Plan | None) -> RulesInForce:
    """Give the rules of the enterprise as it is now, on the floor that the plan was made on."""
    floor = None if plan is None else plan.recommendations.rules.sets[0]
    return rules_in_force(enterprise, floor=floor)


def _account(case: Case) -> Account:
    """Answer one clause, unless what it rests on was left out for a purpose."""
    check = Check(case.rule.check)
    if RESTS_ON.get(check, frozenset()) & case.enterprise.withheld:
        return case.account(
            Standing.NOT_APPLICABLE,
            "Noe av det dette bygger på, er samlet inn for et annet formål og er ikke med her.",
            "Some of what this rests on is held for another purpose and left out here.",
        )
    return CHECKS[check](case)


def _interval(rules: RulesInForce) -> int | None:
    """Give the shortest interval at which units are to be mapped (A-12, M-4)."""
    asked = [rule for rule in rules if rule.check == Check.MAPPED_REGULARLY.value]
    return min((rule.parameter("months") for rule in asked), default=None)


def _findings(enterprise: Enterprise) -> Iterator[Finding]:
    """Tell what stands in the register as it should not; the order is left as it is."""
    latest, entered = date.min, datetime.min.replace(tzinfo=UTC)
    others = {actor.id for actor in enterprise.actors if actor.kind not in DECIDERS}
    for place, event in enumerate(enterprise.register, start=1):
        if event.on < latest:
            text = f"{event.id} is of {event.on} but was entered after an event of {latest}"
            yield _warning("W518", text, place, event)
        elif event.recorded is not None and event.recorded < entered:
            text = f"{event.id} was recorded before an event that it stands after"
            yield _warning("W518", text, place, event)
        latest, entered = max(latest, event.on), max(entered, event.recorded or entered)
        if event.kind is EventKind.DECISION and event.decided_by is None:
            yield _warning("E564", f"{event.id} is a decision that names nobody", place, event)
        elif event.kind is EventKind.DECISION and event.decided_by in others:
            text = f"{event.id} is a decision by somebody who cannot decide"
            yield _warning("E564", text, place, event)


def _warning(code: str, text: str, row: int, event: Event) -> Finding:
    return Finding(
        code=code,
        severity=Severity.WARNING,
        text=text,
        place=Place(file="register", row=row),
        about=(("event", event.id),),
    )
