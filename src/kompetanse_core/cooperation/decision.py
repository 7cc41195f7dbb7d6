"""Who decides, and what stops them? `decide` makes a Decision, or tells which gate is shut.

Clauses R-5, R-6, B-16 and A-15. A plan is a proposal until somebody on the side of management
decides it. The guide has three gates, and they are the only ones that stop; another country's rules
may stop on other checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType

from attrs import evolve

from kompetanse_core.cooperation.case import DECIDERS, Case
from kompetanse_core.cooperation.follow_up import CHECKS
from kompetanse_core.cooperation.gates import (
    Gate,
    charged,
    matter_gates,
    matters_of,
    measure_gates,
    touched,
)
from kompetanse_core.cooperation.nouns import Decision, Standing
from kompetanse_core.errors import DecisionStopped, Misuse, Place
from kompetanse_core.model.cooperation import Event, EventId, EventKind, Register, Side
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.privacy import Actor
from kompetanse_core.model.rule import Effect
from kompetanse_core.model.text import Language
from kompetanse_core.plan import Plan
from kompetanse_core.rules import Check, guide_rules


def decide(plan: Plan, *, actor: Actor, on: date, register: Register | None = None) -> Decision:
    """Decide a plan in the name of somebody on the side of management, on a day.

    What counts is what stands in the register by then: a drøfting entered later, or with a
    timestamp after the day, comes too late. `register` is the enterprise's own unless a later
    one is given.

    Raises:
        Misuse: E564, if the actor is not on the side of management; E566, if the register given
            lacks an event that the enterprise has, or has them in another order.
        DecisionStopped: E561 (R-5), E562 (B-16) or E563 (A-15), with the clause as its place;
            E565, where another country's rule stops on another check.
    """
    if actor.kind not in DECIDERS:
        text = f"{actor.kind.value} cannot decide a plan"
        raise Misuse("E564", text, hint="name somebody on the side of management")
    enterprise = plan.gaps.enterprise
    whole = enterprise.register if register is None else _later(register, enterprise.register)
    known = evolve(enterprise, register=_before(whole, on))
    for rule in plan.recommendations.rules:
        if rule.effect is Effect.STOP:
            _pass(Case(rule=rule, enterprise=known, plan=plan, on=on))
    event = _entry(known, plan, actor=actor, on=on, place=len(whole) + 1)
    return Decision(plan=plan, actor=actor, on=on, event=event, register=whole.with_event(event))


def _later(register: Register, own: Register) -> Register:
    """Take a later register: it begins with all that was there, as it only ever grows."""
    if register.events[: len(own)] != own.events:
        text = "the register given does not begin with the events of the enterprise's own"
        raise Misuse("E566", text, hint="add to the enterprise's register with `with_event`")
    return register


def _before(register: Register, on: date) -> Register:
    """Keep what a decision on a day can rest on: entered by then, and no earlier decision.

    An earlier decision neither opens a gate nor keeps it shut: each is held against its own day.
    """
    return Register(
        events=tuple(
            event
            for event in register
            if event.kind is not EventKind.DECISION
            and (event.recorded is None or event.recorded.date() <= on)
        )
    )


def _pass(case: Case) -> None:
    """Go through the gate of one rule, or be stopped by it."""
    check = Check(case.rule.check)
    if check not in _STOPS:
        _keep(check, case)
        return
    code, find, text = _STOPS[check]
    shut = tuple(find(case))
    if shut:
        place = Place(file=case.rule.source, column=case.rule.clause)
        raise DecisionStopped(code, text.format(", ".join(shut)), place=place, hint=_HINTS[code])


def _keep(check: Check, case: Case) -> None:
    """Be stopped by a rule of another floor that is not kept, in the words of its account."""
    account = CHECKS[check](case)
    if account.standing in (Standing.MISSING, Standing.DUE):
        place = Place(file=case.rule.source, column=case.rule.clause)
        raise DecisionStopped("E565", account.told.read(Language.EN), place=place)


def _not_consulted(case: Case) -> Iterator[str]:
    return _shut(measure_gates(case))


def _not_discussed(case: Case) -> Iterator[str]:
    return _shut(touched(case, matter_gates(case)))


def _shut(gates: Iterable[Gate]) -> Iterator[str]:
    return (gate.subject for gate in gates if gate.standing is not Standing.KEPT)


def _entry(known: Enterprise, plan: Plan, *, actor: Actor, on: date, place: int) -> Event:
    """Write the decision as an event that names its actor and refers to what was said (R-6)."""
    case = Case(rule=guide_rules().rule("R-6"), enterprise=known, plan=plan, on=on)
    gates = (*measure_gates(case), *touched(case, matter_gates(case)))
    heard = dict.fromkeys(gate.consulted.id for gate in gates if gate.consulted is not None)
    return Event(
        id=EventId(f"decision-{place}-{on.isoformat()}"),
        kind=EventKind.DECISION,
        on=on,
        sides=(Side.MANAGEMENT,),
        matters=tuple(matter.id for matter in matters_of(case)),
        decided_by=actor.id,
        refers_to=tuple(heard),
    )


_STOPS: Mapping[Check, tuple[str, Callable[[Case], Iterable[str]], str]] = MappingProxyType(
    {
        Check.MEASURES_CONSULTED: (
            "E561",
            _not_consulted,
            "these measures affect daily operation and are not drøftet: {}",
        ),
        Check.OPERATION_CONSULTED: (
            "E562",
            _not_discussed,
            "these matters of operation or economy are not drøftet: {}",
        ),
        Check.COSTS_BORNE_BY_EMPLOYER: (
            "E563",
            charged,
            "the enterprise needs these, and an employee is to pay for them: {}",
        ),
    }
)
_HINTS = MappingProxyType(
    {
        "E561": "enter a drøfting with both parties, not bound, about a matter that names them",
        "E562": "enter a drøfting with both parties, not bound, about the matter itself",
        "E563": "let the employer bear the cost",
    }
)
