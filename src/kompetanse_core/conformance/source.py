"""Does a source tell all that it found, and nothing about anybody? `source_contract`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import pytest
from attrs import frozen

from kompetanse_core.conformance.contract import NEVER, contract
from kompetanse_core.errors import CODES, BadInput, KompetanseError
from kompetanse_core.hooks import Source
from kompetanse_core.model.assembly import assemble
from kompetanse_core.model.enterprise import Finding, Reading, Severity


@frozen
class _Subject:
    """The source to be proven: as it should be, with flaws, and not there at all."""

    make: Callable[[], Source]
    broken: Callable[[], Source] | None
    absent: Callable[[], Source] | None
    secrets: tuple[str, ...]

    def readings(self) -> Iterator[Reading]:
        """Read what is as it should be, and what has flaws."""
        for make in filter(None, (self.make, self.broken)):
            yield make().read()


def source_contract(
    make: Callable[[], Source],
    *,
    broken: Callable[[], Source] | None = None,
    absent: Callable[[], Source] | None = None,
    secrets: tuple[str, ...] = (),
    never: Mapping[str, str] = NEVER,
) -> type:
    """Make the class of tests that prove a source, to be named `Test...` in a test module.

    `make` opens a source that reads well, `broken` one whose data must be refused, `absent` one
    that is not there. `secrets` are personal values planted in the broken one: none may be told.
    What cannot be made is said in `never`, with the reason, by the name of its promise.

    Raises:
        Misuse: E604 or E214, if `never` names no promise or gives no reason.
    """
    promises = (
        reads_the_same_twice,
        says_what_and_where,
        tells_nobody_about_anybody,
        counts_what_is_lost,
        hangs_together,
        refuses_flaws_all_at_once,
        says_when_it_cannot_be_reached,
    )
    return contract("SourceContract", _Subject(make, broken, absent, secrets), promises, never)


# --- the promises -----------------------------------------------------------------------------


def reads_the_same_twice(subject: _Subject) -> None:
    """Read the same from the same, again and opened anew, findings in the same order."""
    source = subject.make()
    first = source.read()
    assert source.read() == first
    assert subject.make().read() == first


def says_what_and_where(subject: _Subject) -> None:
    """Give each finding a code of the register, a text, and a place for whatever is refused."""
    for reading in subject.readings():
        for finding in reading.findings:
            assert finding.code in CODES, f"{finding.code} is in no register"
            assert finding.text.strip(), f"{finding.code} says nothing"
            placed = str(finding.place) or finding.severity is Severity.NOTE
            assert placed, f"{finding.code} does not say where"


def tells_nobody_about_anybody(subject: _Subject) -> None:
    """Name no person, and quote no personal value, in any finding or loss."""
    for reading in subject.readings():
        people = {str(employee.id) for employee in reading.parcel.employees}
        private = people.union(subject.secrets)
        told = [*map(_told, reading.findings), *(str(loss) for loss in reading.losses)]
        words = {word for line in told for word in re.findall(r"[\w.@-]+", line)}
        quoted = {secret for secret in subject.secrets for line in told if secret in line}
        assert not words & private | quoted, "a finding or loss tells something about a person"


def counts_what_is_lost(subject: _Subject) -> None:
    """Say of each loss which field, how often and why."""
    for reading in subject.readings():
        for loss in reading.losses:
            assert loss.field.strip(), "a loss does not say what was lost"
            assert loss.reason.strip(), f"the loss of {loss.field} has no reason"
            assert loss.count > 0, f"the loss of {loss.field} is not counted"


def hangs_together(subject: _Subject) -> None:
    """Give an enterprise that assembles: what only the whole can tell has been told."""
    reading = subject.make().read()
    unsaid = assemble(reading.parcel).refused
    assert not unsaid or reading.refused, f"{unsaid[0].code} should have been found"
    assert reading.enterprise == reading.parcel


def refuses_flaws_all_at_once(subject: _Subject) -> None:
    """Refuse an enterprise whose data are too flawed, by one `BadInput` with every finding."""
    assert subject.broken is not None, "give a `broken` source, or say in `never` why there is none"
    reading = subject.broken().read()
    assert reading.refused, "the broken source was read without a finding that refuses it"
    with pytest.raises(BadInput) as refused:
        _ = reading.enterprise
    assert sorted(map(str, refused.value.findings)) == sorted(map(str, reading.findings))


def says_when_it_cannot_be_reached(subject: _Subject) -> None:
    """Say that there is nothing to read: by an error of ours or by a finding that refuses."""
    assert subject.absent is not None, (
        "give an `absent` source, or say in `never` why there is none"
    )
    try:
        refused = bool(subject.absent().read().refused)
    except KompetanseError as error:
        refused = error.code in CODES
    assert refused, "what is not there was read as if it were"


def _told(finding: Finding) -> str:
    return f"{finding.place} {finding.text} {finding.hint}"
