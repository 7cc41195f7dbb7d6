"""What must have been done before a decision? The three gates: R-5, B-16 and A-15.

A drøfting counts when it was entered in the register before the decision and held no later, both
parties took part, management was not bound in advance, and one of its matters is the one that is
decided. It is consultation, no veto: what was said binds nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from attrs import frozen

from kompetanse_core.cooperation.case import PARTIES, Case, called
from kompetanse_core.cooperation.nouns import Account, Standing
from kompetanse_core.model.cooperation import Event, EventKind, Matter, MatterId, MatterKind
from kompetanse_core.model.measure import MeasureId
from kompetanse_core.plan import EducationClass

STATUS_KINDS = (MatterKind.OPERATION, MatterKind.ECONOMY)
"""Matters of operational and economic status and development (B-16)."""

NEEDED = (EducationClass.CONTINUING, EducationClass.FURTHER)
"""Education in accordance with the enterprise's need (A-15)."""


@frozen(kw_only=True)
class Gate:
    """Port: one thing that a decision must not pass without a drøfting, and what came of it.

    `subject` is the measure or the matter. `consulted` is the first drøfting that counts, `decided`
    the first decision; both are None where there is none.
    """

    subject: str
    consulted: Event | None
    decided: Event | None

    @property
    def standing(self) -> Standing:
        """Say how the gate stands: undecided things can still be drøftet."""
        if self.consulted is not None:
            return Standing.KEPT
        return Standing.DUE if self.decided is None else Standing.MISSING


def measure_gates(case: Case) -> tuple[Gate, ...]:
    """Find the gates of measures that affect daily operation: those planned and those decided."""
    decided = frozenset(_measures_of(case, case.held(EventKind.DECISION)))
    return tuple(
        _measure_gate(case, measure)
        for measure in sorted(case.carried_out | decided)
        if measure in case.measures and case.measures[measure].affects_operation
    )


def matter_gates(case: Case) -> tuple[Gate, ...]:
    """Find the gates of matters of operation and economy that have been raised by the day.

    What is decided has been raised, whatever day the matter says.
    """
    decided = {each for event in case.held(EventKind.DECISION) for each in event.matters}
    return tuple(
        _gate(case, matter.id, frozenset({matter.id}))
        for matter in sorted(case.matters.values(), key=lambda each: each.id)
        if matter.kind in STATUS_KINDS
        and (matter.raised is None or matter.raised <= case.on or matter.id in decided)
    )


def touched(case: Case, gates: Iterable[Gate]) -> Iterator[Gate]:
    """Keep the gates of matters that the plan touches: its measures, its units, or everything."""
    measures = case.carried_out
    units = frozenset(each.unit for each in case.plan.items) if case.plan else frozenset()
    for gate in gates:
        matter = case.matters[MatterId(gate.subject)]
        whole = not matter.measures and not matter.units
        if whole or measures & frozenset(matter.measures) or units & case.within(matter.units):
            yield gate


def matters_of(case: Case) -> tuple[Matter, ...]:
    """Give the matters that a decision of the plan is about.

    Those that name its measures, and those of operation and economy that it touches. A matter that
    also names a measure still to be drøftet is not decided with it.
    """
    measures = frozenset(measure.id for measure in case.planned)
    status = frozenset(gate.subject for gate in touched(case, matter_gates(case)))
    return tuple(
        matter
        for matter in sorted(case.matters.values(), key=lambda each: each.id)
        if matter.id in status or (measures & frozenset(matter.measures) and _heard(case, matter))
    )


def charged(case: Case) -> tuple[MeasureId, ...]:
    """Find the measures that the enterprise needs and an employee is to pay for (A-15)."""
    wrong = () if case.plan is None else case.plan.wrongly_charged
    return tuple(sorted({each.measure for each in wrong if each.measure is not None}))


def measures_consulted(case: Case) -> Account:
    """R-5: a measure that affects daily operation is drøftet before it is decided."""
    gates = measure_gates(case)
    open_ = tuple(MeasureId(gate.subject) for gate in _not_kept(gates))
    nb, en = called(case.measures[each] for each in open_)
    told = {
        Standing.NOT_APPLICABLE: (
            "Ingen planlagte tiltak er sagt å gripe inn i den daglige driften.",
            "No planned measure is said to reach into daily operation.",
        ),
        Standing.KEPT: (
            "Tiltakene som griper inn i driften, er drøftet.",
            "The measures that reach into operation went through drøfting.",
        ),
        Standing.DUE: (
            f"Må drøftes før de kan besluttes: {nb}.",
            f"Drøfting comes before these can be decided: {en}.",
        ),
        Standing.MISSING: (
            f"Besluttet uten at drøfting er registrert først: {nb}.",
            f"Decided without a drøfting recorded first: {en}.",
        ),
    }
    standing = _worst(gates)
    return case.account(standing, *told[standing], events=_shown(gates), measures=open_)


def operation_consulted(case: Case) -> Account:
    """B-16: a matter of operation or economy is drøftet before it is decided."""
    gates = matter_gates(case)
    nb, en = called(case.matters[MatterId(gate.subject)] for gate in _not_kept(gates))
    told = {
        Standing.NOT_APPLICABLE: (
            "Ingen saker om drift eller økonomi er meldt.",
            "No matter of operation or economy has been raised.",
        ),
        Standing.KEPT: (
            "Sakene om drift og økonomi er drøftet.",
            "The matters of operation and economy went through drøfting.",
        ),
        Standing.DUE: (
            f"Må drøftes før de kan besluttes: {nb}.",
            f"Drøfting comes before these can be decided: {en}.",
        ),
        Standing.MISSING: (
            f"Besluttet uten at drøfting er registrert først: {nb}.",
            f"Decided without a drøfting recorded first: {en}.",
        ),
    }
    standing = _worst(gates)
    return case.account(standing, *told[standing], events=_shown(gates))


def costs_borne_by_employer(case: Case) -> Account:
    """A-15: the employer pays for the education that the enterprise needs."""
    if not any(each.education in NEEDED for each in case.activities):
        return case.account(
            Standing.NOT_APPLICABLE,
            "Planen har ingen etter- eller videreutdanning.",
            "The plan has no continuing or further education.",
        )
    wrong = charged(case)
    if wrong:
        nb, en = called(case.measures[each] for each in wrong)
        return case.account(
            Standing.MISSING,
            f"Planen lar ansatte betale for noe virksomheten trenger: {nb}.",
            f"The plan lets employees pay for what the enterprise needs: {en}.",
            measures=wrong,
        )
    return case.account(
        Standing.KEPT,
        "Arbeidsgiver bærer kostnaden ved den etter- og videreutdanningen som trengs.",
        "The employer bears the cost of the continuing and further education that is needed.",
        measures=frozenset(
            each.measure for each in case.activities if each.measure and each.education in NEEDED
        ),
    )


def _gate(case: Case, subject: str, matters: frozenset[MatterId]) -> Gate:
    """Find the first decision about these matters, and the first drøfting that came before it.

    The register's order is the order in which things were entered, so a drøfting that was entered
    after the decision does not count, whatever day it bears; nor does one that stands before it
    with a timestamp of a later day.
    """
    told = [event for event in case.events if matters & frozenset(event.matters)]
    decided = next((event for event in told if event.kind is EventKind.DECISION), None)
    before = told if decided is None else told[: told.index(decided)]
    last = case.on if decided is None else decided.on
    counts = (event for event in before if _counts(event) and _by(event, last))
    return Gate(subject=subject, consulted=next(counts, None), decided=decided)


def _measure_gate(case: Case, measure: MeasureId) -> Gate:
    about = frozenset(m.id for m in case.matters.values() if measure in m.measures)
    return _gate(case, measure, about)


def _heard(case: Case, matter: Matter) -> bool:
    """Whether no measure that a matter names still waits for its drøfting."""
    known = (case.measures[each] for each in matter.measures if each in case.measures)
    gates = (_measure_gate(case, measure.id) for measure in known if measure.affects_operation)
    return all(gate.consulted is not None for gate in gates)


def _counts(event: Event) -> bool:
    consultation = event.kind is EventKind.CONSULTATION and not event.bound
    return consultation and frozenset(event.sides) >= PARTIES


def _by(event: Event, day: date) -> bool:
    """Whether an event was held, and entered, by a day."""
    return event.on <= day and (event.recorded is None or event.recorded.date() <= day)


def _measures_of(case: Case, events: Iterable[Event]) -> Iterator[MeasureId]:
    for event in events:
        for matter in case.about(event):
            yield from matter.measures


def _not_kept(gates: Iterable[Gate]) -> tuple[Gate, ...]:
    """Give the gates that stand worst, so that what is told is about them."""
    found = tuple(gates)
    worst = _worst(found)
    return tuple(gate for gate in found if gate.standing is worst and worst is not Standing.KEPT)


def _worst(gates: tuple[Gate, ...]) -> Standing:
    standings = frozenset(gate.standing for gate in gates)
    order = (Standing.MISSING, Standing.DUE, Standing.KEPT)
    return next((each for each in order if each in standings), Standing.NOT_APPLICABLE)


def _shown(gates: Iterable[Gate]) -> tuple[Event, ...]:
    shown = (event for gate in gates for event in (gate.consulted, gate.decided) if event)
    return tuple(dict.fromkeys(shown))
