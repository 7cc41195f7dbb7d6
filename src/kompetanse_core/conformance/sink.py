"""Does a sink write what was agreed, once, and account for each level? `sink_contract`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve, frozen

from kompetanse_core.conformance.contract import NEVER, contract
from kompetanse_core.errors import CODES, KompetanseError
from kompetanse_core.hooks import Delivery, Sink
from kompetanse_core.model.competence import Level
from kompetanse_core.model.people import Assessment, EmployeeId
from kompetanse_core.model.privacy import Access, ActorId, Purpose

STRANGER = EmployeeId("nobody-is-called-so")
"""A pseudonym that no receiver knows."""

_ACCESS = Access(
    actor=ActorId("seat-1"), purpose=Purpose.DEVELOPMENT, at=datetime(2027, 1, 1, tzinfo=UTC)
)


@frozen
class _Subject:
    make: Callable[[], Sink]
    agreed: tuple[Assessment, ...]
    held: Callable[[Sink], Iterable[Assessment]]
    absent: Callable[[], Sink] | None

    def levels(self, sink: Sink) -> dict[tuple[str, str], int]:
        """Give the newest level of each person and competence that the receiver holds."""
        rows = sorted(self.held(sink), key=lambda each: (each.assessed, each.recorded))
        return {(each.employee, each.competence): each.level for each in rows}


def sink_contract(
    make: Callable[[], Sink],
    *,
    agreed: Iterable[Assessment],
    held: Callable[[Sink], Iterable[Assessment]],
    absent: Callable[[], Sink] | None = None,
    never: Mapping[str, str] = NEVER,
) -> type:
    """Make the class of tests that prove a sink, to be named `Test...` in a test module.

    `make` opens a sink to a receiver as it was at first, `agreed` are levels that it knows the
    people and competences of and does not hold yet, one for each person and competence; `held`
    reads what it holds now. `absent` opens one that is not there. What cannot be promised is said
    in `never`, with the reason, by the name of its promise.

    Raises:
        Misuse: E604 or E214, if `never` names no promise or gives no reason.
    """
    promises = (
        writes_what_is_agreed,
        writes_nothing_twice,
        leaves_all_others_alone,
        leaves_what_is_newer,
        counts_whom_it_does_not_know,
        tells_nobody_about_anybody,
        takes_nothing_for_an_answer,
        says_when_it_cannot_be_reached,
    )
    subject = _Subject(make, tuple(agreed), held, absent)
    return contract("SinkContract", subject, promises, never)


# --- the promises -----------------------------------------------------------------------------


def writes_what_is_agreed(subject: _Subject) -> None:
    """Hold each level afterwards, and say how many were written."""
    sink = subject.make()
    assert _accounted(sink, subject.agreed).written == len(subject.agreed)
    held = subject.levels(sink)
    for each in subject.agreed:
        assert held.get((each.employee, each.competence)) == each.level


def writes_nothing_twice(subject: _Subject) -> None:
    """Find each level unchanged when the same delivery comes again."""
    sink = subject.make()
    _accounted(sink, subject.agreed)
    first = subject.levels(sink)
    again = _accounted(sink, subject.agreed)
    assert (again.written, again.unchanged) == (0, len(subject.agreed))
    assert subject.levels(sink) == first


def leaves_all_others_alone(subject: _Subject) -> None:
    """Change no level but those that were agreed."""
    sink = subject.make()
    ours = {(each.employee, each.competence) for each in subject.agreed}
    before = {key: level for key, level in subject.levels(sink).items() if key not in ours}
    _accounted(sink, subject.agreed)
    after = {key: level for key, level in subject.levels(sink).items() if key not in ours}
    assert after == before


def leaves_what_is_newer(subject: _Subject) -> None:
    """Write no level over one of a later day: it is left out and counted."""
    sink = subject.make()
    _accounted(sink, subject.agreed)
    newest = subject.levels(sink)
    older = tuple(
        evolve(
            each,
            level=Level(each.level - 1),
            assessed=each.assessed - timedelta(days=1),
            expires=None,
        )
        for each in subject.agreed
        if each.level > 1
    )
    assert older, "give an agreed level above 1, or say in `never` why there is none"
    delivery = _accounted(sink, older)
    assert (delivery.written, delivery.unchanged) == (0, 0)
    assert subject.levels(sink) == newest


def counts_whom_it_does_not_know(subject: _Subject) -> None:
    """Leave out a person whom the receiver does not know, and write all others."""
    sink = subject.make()
    strange = evolve(subject.agreed[0], employee=STRANGER)
    delivery = _accounted(sink, (strange, *subject.agreed))
    assert delivery.written == len(subject.agreed)
    assert STRANGER not in {employee for employee, _ in subject.levels(sink)}


def tells_nobody_about_anybody(subject: _Subject) -> None:
    """Name no person in any finding or loss."""
    strange = evolve(subject.agreed[0], employee=STRANGER)
    delivery = subject.make().write((strange, *subject.agreed), access=_ACCESS)
    told = " ".join(map(str, (*delivery.findings, *delivery.losses)))
    people = {STRANGER, *(str(each.employee) for each in subject.agreed)}
    assert not people & set(re.findall(r"[\w.@-]+", told)), "a finding or loss names a person"


def takes_nothing_for_an_answer(subject: _Subject) -> None:
    """Write nothing when nothing was agreed."""
    assert _accounted(subject.make(), ()) == Delivery(written=0, unchanged=0)


def says_when_it_cannot_be_reached(subject: _Subject) -> None:
    """Say by an error of ours that there is nobody to write to."""
    assert subject.absent is not None, "give an `absent` sink, or say in `never` why there is none"
    with pytest.raises(KompetanseError) as refused:
        subject.absent().write(subject.agreed, access=_ACCESS)
    assert refused.value.code in CODES


def _accounted(sink: Sink, agreed: tuple[Assessment, ...]) -> Delivery:
    """Write, and check that each level has been counted once."""
    delivery = sink.write(agreed, access=_ACCESS)
    lost = sum(loss.count for loss in delivery.losses)
    assert delivery.written + delivery.unchanged + lost == len(agreed), "a level is not counted"
    for loss in delivery.losses:
        assert loss.field.strip(), "a loss does not say what was lost"
        assert loss.reason.strip(), f"the loss of {loss.field} has no reason"
    assert all(finding.code in CODES for finding in delivery.findings)
    return delivery
