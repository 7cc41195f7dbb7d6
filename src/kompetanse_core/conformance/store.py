"""Does a store lose nothing, reproduce yesterday and forget whom it must? `store_contract`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any, ClassVar, cast

import pytest
from attrs import evolve, field, frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import DrawFn

from kompetanse_core.columns import Table
from kompetanse_core.conformance.agreed import agreed
from kompetanse_core.conformance.contract import NEVER, contract, patiently
from kompetanse_core.conformance.facts import instants, nouns, words
from kompetanse_core.conformance.renaming import Renaming, ids_in
from kompetanse_core.conformance.strategies import SMALL, Size, enterprises
from kompetanse_core.errors import Misuse, PrivacyRefused, VersionConflict
from kompetanse_core.hooks import Change, Store, Version
from kompetanse_core.model.enterprise import Enterprise
from kompetanse_core.model.people import Employee, EmployeeId
from kompetanse_core.model.privacy import Access, ActorId, Purpose
from kompetanse_core.model.subject import about, without
from kompetanse_core.model.text import Text
from kompetanse_core.plugins import LockedStore

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
READING = Access(actor=ActorId("a1"), purpose=Purpose.DEVELOPMENT, at=NOON)
ERASING = Access(actor=ActorId("a1"), purpose=Purpose.SUBJECT_RIGHTS, at=NOON)

FEW = Size(scales=1, competences=1, employees=3, assessments=2, evidence=1, wishes=1, actors=1)
SOMEBODY = Size(employees=1, units=1, roles=1, competences=1, scales=1, assessments=1)

NAUGHTY = ("'; DROP TABLE employees; --", "Ærøskøbing", "a/b\\c", "%s {0} ${x}", "NULL", "💾")
"""Beginnings of ids that have broken databases, files and templates before."""


@frozen
class _Subject:
    """The store to be proven, and what it does not promise."""

    make: Callable[[], Store]
    never: frozenset[str]

    def saved(self, *parcels: Enterprise) -> Store:
        """Make a store that holds these, one version each, an hour apart."""
        store = self.make()
        for number, parcel in enumerate(parcels):
            store.save(parcel, expected=number, at=NOON + timedelta(hours=number))
        return store


def store_contract(make: Callable[[], Store], *, never: Mapping[str, str] = NEVER) -> type:
    """Make the class of tests that prove a store, to be named `Test...` in a test module.

    `make` gives a new and empty store each time. `never` names promises that the store does not
    give, each with the reason: `never={"erases": "a read-only archive"}`. Any sequence of saving,
    reading and erasing is compared with a plain dict.

    Raises:
        Misuse: E604 or E214, if `never` names no promise or gives no reason.
    """
    promises = (
        is_new_and_empty,
        gives_back_what_was_saved,
        gives_back_any_text_and_id,
        keeps_what_the_parties_agreed,
        tells_both_versions_in_a_conflict,
        saves_a_delivery_once,
        lets_one_of_many_writers_win,
        reproduces_what_was_known,
        refuses_a_version_that_is_not_there,
        gives_a_person_what_is_held,
        tells_a_purpose_what_is_held_for_it,
        erases,
        tells_who_read_what,
        tells_the_holder_of_the_key_alone,
        agrees_with_a_dict,
    )
    return contract("StoreContract", _Subject(make, frozenset(never)), promises, never)


# --- the promises -----------------------------------------------------------------------------


def is_new_and_empty(subject: _Subject) -> None:
    """Begin at version 0, which is an empty enterprise, without a history."""
    store = subject.make()
    assert store.load(READING) == Enterprise()
    assert store.history() == ()


def gives_back_what_was_saved(subject: _Subject) -> None:
    """Give back whatever hangs together as it was, facts of the future and register included."""

    @patiently()
    @given(enterprises(most=evolve(SMALL, successions=2)))
    def law(enterprise: Enterprise) -> None:
        assert subject.saved(enterprise).load(READING) == enterprise

    law()


def gives_back_any_text_and_id(subject: _Subject) -> None:
    """Give back, letter by letter, texts and ids that look like code or another alphabet."""

    @patiently()
    @given(_hostile())
    def law(enterprise: Enterprise) -> None:
        assert subject.saved(enterprise).load(READING) == enterprise

    law()


def keeps_what_the_parties_agreed(subject: _Subject) -> None:
    """Keep each version of the joint statement, who stands behind it, and local rules (B-14, T-3).

    Who accepts a statement refers to it, and events count in the order of the register.
    """
    parcels = tuple(agreed(events) for events in (1, 2, 3))
    store = subject.saved(*parcels)
    for number, parcel in enumerate(parcels, start=1):
        kept = store.load(READING, version=number)
        assert kept.register == parcel.register
        assert (kept.matters, kept.rule_sets) == (parcel.matters, parcel.rule_sets)


def tells_both_versions_in_a_conflict(subject: _Subject) -> None:
    """Tell who saves upon an old version both versions, and change nothing (FAULTS F7)."""
    store = subject.saved(_called("first"))
    with pytest.raises(VersionConflict) as conflict:
        store.save(_called("late"), expected=0, at=NOON)
    assert (conflict.value.expected, conflict.value.found) == (0, 1)
    assert store.load(READING) == _called("first")
    assert len(store.history()) == 1


def saves_a_delivery_once(subject: _Subject) -> None:
    """Answer a delivery that comes again with its first version, whatever was expected (F8)."""
    store = subject.make()
    first = store.save(_called("first"), expected=0, at=NOON, event="delivery 1")
    store.save(_called("second"), expected=1, at=NOON)
    assert store.save(_called("again"), expected=0, at=NOON, event="delivery 1") == first
    assert store.load(READING) == _called("second")
    assert len(store.history()) == 2


def lets_one_of_many_writers_win(subject: _Subject) -> None:
    """Let one win of several who save upon the same version at once, and tell all others."""
    store = subject.make()
    with _hurried(), ThreadPoolExecutor(max_workers=WRITERS) as writers:
        for before in range(ROUNDS):
            won = tuple(writers.map(_writer(store, before), range(WRITERS)))
            assert won.count(True) == 1, f"{won.count(True)} of {WRITERS} writers won"
            assert store.load(READING) == _called(f"writer {won.index(True)}")
    assert [version.number for version in store.history()] == list(range(1, ROUNDS + 1))


def reproduces_what_was_known(subject: _Subject) -> None:
    """Give an old version, by its number or by an instant, as it was."""
    parcels = tuple(_called(name) for name in ("first", "second", "third"))
    store = subject.saved(*parcels)
    for number, parcel in enumerate(parcels):
        made = NOON + timedelta(hours=number)
        assert store.load(READING, version=number + 1) == parcel
        assert store.load(READING, as_known_at=made) == parcel
        assert store.load(READING, as_known_at=made + timedelta(minutes=59)) == parcel
    assert store.load(READING, as_known_at=NOON - timedelta(microseconds=1)) == Enterprise()


def refuses_a_version_that_is_not_there(subject: _Subject) -> None:
    """Refuse the number of a version that was never made (E503)."""
    store = subject.saved(_called("first"))
    for number in (-1, 2):
        with pytest.raises(Misuse) as refused:
            store.load(READING, version=number)
        assert refused.value.code == "E503"


def gives_a_person_what_is_held(subject: _Subject) -> None:
    """Give somebody who asks every version that names them, and nothing about anybody else."""

    @patiently()
    @given(enterprises(least=SOMEBODY))
    def law(enterprise: Enterprise) -> None:
        employee = enterprise.employees[0].id
        store = subject.saved(enterprise, without(enterprise, employee))
        assert store.subject(employee, ERASING) == (about(enterprise, employee),)
        assert store.subject(EmployeeId("nobody"), ERASING) == ()

    law()


def tells_a_purpose_what_is_held_for_it(subject: _Subject) -> None:
    """Tell a purpose, locked as `Plugins.store` does, its own facts alone, and lose none (M-13)."""

    @patiently()
    @given(_for_many_purposes(), st.sampled_from(Purpose))
    def law(enterprise: Enterprise, purpose: Purpose) -> None:
        store, access = LockedStore(subject.saved(enterprise)), evolve(READING, purpose=purpose)
        told, employee = store.load(access), enterprise.employees[0].id
        assert _facts(told) == _facts(enterprise, purpose)
        (own,) = store.subject(employee, access)
        assert _facts(own) == _facts(about(enterprise, employee), purpose)
        if told == enterprise:
            assert store.save(told, expected=1, at=NOON).number == 2
            return
        with pytest.raises(PrivacyRefused):
            store.save(told, expected=1, at=NOON)
        assert store.load(evolve(access, purpose=Purpose.SUBJECT_RIGHTS)) == enterprise

    law()


def erases(subject: _Subject) -> None:
    """Leave who is erased in no version, old ones included, and all others as they were."""

    @patiently()
    @given(enterprises(least=SOMEBODY))
    def law(enterprise: Enterprise) -> None:
        employee = enterprise.employees[0].id
        store = subject.saved(enterprise)
        erased = store.erase(employee, ERASING, expected=1)
        assert (erased.number, erased.change) == (2, Change.ERASED)
        assert employee not in repr(store.history())
        for number in (1, 2):
            left = store.load(READING, version=number)
            assert left == without(enterprise, employee)
            assert not any(employee in words for words in _dictionaries(left))
        assert store.subject(employee, ERASING) == ()
        with pytest.raises(VersionConflict):
            store.save(enterprise, expected=1, at=NOON)

    law()


def tells_who_read_what(subject: _Subject) -> None:
    """Keep each reading with actor, purpose and time, in the order it happened.

    About whom it was is the store's to say, whatever the caller has put there.
    """
    store = subject.saved(_called("first"))
    store.load(evolve(READING, subject="p1"))
    store.subject(EmployeeId("p1"), evolve(ERASING, subject="p1"))
    assert store.accesses() == (READING, ERASING)


def tells_the_holder_of_the_key_alone(subject: _Subject) -> None:
    """Mark whom a reading was about by a key of that person's, which erasing destroys (F25)."""
    asked, other = EmployeeId("p1"), EmployeeId("p2")
    held = Enterprise(employees=(Employee(id=asked), Employee(id=other)))
    store, elsewhere = subject.saved(held), subject.saved(held)
    for each in (store, elsewhere):
        each.subject(asked, READING)
    store.subject(other, READING)
    store.subject(asked, ERASING)
    log = store.accesses()
    assert store.accesses(employee=asked) == (log[0], log[2])
    assert store.accesses(employee=other) == (log[1],)
    assert store.accesses(employee=EmployeeId("nobody")) == ()
    assert tuple(evolve(each, subject="") for each in log) == (READING, READING, ERASING)
    assert len({log[0].subject, log[1].subject, elsewhere.accesses()[0].subject, asked, ""}) == 5
    if "erases" not in subject.never:
        _forgets(store, asked, other)


def _forgets(store: Store, gone: EmployeeId, other: EmployeeId) -> None:
    """See that who is erased has no mark any more, comes back by another, and all else stays."""
    before, held = store.accesses(), store.load(READING)
    store.erase(gone, ERASING, expected=1)
    store.subject(gone, READING)
    assert store.accesses() == (*before, READING, ERASING, READING)
    assert store.accesses(employee=gone) == ()
    assert store.accesses(employee=other) == (before[1],)
    store.save(held, expected=2, at=NOON)
    store.subject(gone, READING)
    assert store.accesses(employee=gone) == store.accesses()[-1:]


def agrees_with_a_dict(subject: _Subject) -> None:
    """Give what a plain dict would give, after any sequence of saving, reading and erasing."""

    class Machine(_Machine):
        proven = subject

    run_state_machine_as_test(Machine, settings=settings(patiently(), stateful_step_count=STEPS))


# --- several at once --------------------------------------------------------------------------

WRITERS, ROUNDS = 4, 20


def _writer(store: Store, before: int) -> Callable[[int], bool]:
    """Make writers who wait for one another, save upon one version and say whether they won."""
    together = Barrier(WRITERS)

    def write(number: int) -> bool:
        together.wait()
        try:
            store.save(_called(f"writer {number}"), expected=before, at=NOON)
        except VersionConflict:
            return False
        return True

    return write


@contextmanager
def _hurried() -> Iterator[None]:
    """Let threads take turns as often as they can, so that a gap between two steps is met."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


# --- what is saved ----------------------------------------------------------------------------


def _called(name: str) -> Enterprise:
    return Enterprise(name=Text(name))


@st.composite
def _hostile(draw: DrawFn) -> Enterprise:
    """Draw an enterprise whose texts and ids look like something else."""
    enterprise = draw(enterprises(most=evolve(SMALL, competences=3, relations=2, assessments=3)))
    begin = draw(st.sampled_from(NAUGHTY))
    ids = ids_in(enterprise)
    names = {(kind, name): f"{begin}{name}" for kind in ids for name in ids[kind]}
    texts = nouns(Text)
    enterprise = evolve(
        enterprise,
        name=draw(texts),
        competences=[
            evolve(each, label=draw(texts), description=draw(texts), uri=draw(words()))
            for each in enterprise.competences
        ],
        roles=[evolve(each, label=draw(texts), family=draw(words())) for each in enterprise.roles],
        evidence=[evolve(each, qualification=draw(words())) for each in enterprise.evidence],
    )
    return Renaming(names).apply(enterprise)


@st.composite
def _for_many_purposes(draw: DrawFn) -> Enterprise:
    """Draw an enterprise whose facts about people are held for one purpose or another."""
    enterprise = draw(enterprises(least=SOMEBODY, most=evolve(SMALL, actors=1)))
    dealt = {
        name: [evolve(row, purpose=draw(st.sampled_from(Purpose))) for row in table]
        for name, table in _personal(enterprise).items()
    }
    told: Enterprise = evolve(cast("Any", enterprise), **dealt)
    return told


def _facts(enterprise: Enterprise, purpose: Purpose = Purpose.SUBJECT_RIGHTS) -> object:
    """List what is known about people, as far as it is held for a purpose, in the plainest way."""
    everything = purpose is Purpose.SUBJECT_RIGHTS
    return {
        name: [
            evolve(row, evidence=None) if hasattr(row, "evidence") else row
            for row in table
            if name != "employees" and (everything or row.purpose is purpose)
        ]
        for name, table in _personal(enterprise).items()
    }


def _personal(enterprise: Enterprise) -> dict[str, Table[Any]]:
    names = ("employees", "engagements", "evidence", "assessments", "wishes")
    return {name: getattr(enterprise, name) for name in names}


def _dictionaries(enterprise: Enterprise) -> Iterator[tuple[object, ...]]:
    """Give the dictionaries behind every table: they hold pseudonyms too."""
    tables = _personal(enterprise).values()
    return (words.values for table in tables for words in table.words.values())


# --- any sequence -----------------------------------------------------------------------------


@frozen
class _Dict:
    """What a store promises, in the plainest way: versions by number."""

    parcels: dict[int, Enterprise] = field(factory=lambda: {0: Enterprise()})
    versions: dict[int, Version] = field(factory=dict)
    accesses: list[Access] = field(factory=list)

    @property
    def newest(self) -> int:
        return len(self.versions)

    def add(self, parcel: Enterprise, version: Version) -> None:
        self.parcels[self.newest + 1] = parcel
        self.versions[self.newest + 1] = version

    def known_at(self, instant: datetime) -> Enterprise:
        made = [number for number, version in self.versions.items() if version.at <= instant]
        return self.parcels[max(made, default=0)]


STEPS = 10
"""How much is done to a store before another one is tried."""

PEOPLE = st.sampled_from(("p1", "p2", "p3")).map(EmployeeId)
EVENTS = st.sampled_from(("", "delivery 1", "delivery 2"))


class _Machine(RuleBasedStateMachine):
    """Do to a store and to a dict the same, and compare."""

    proven: ClassVar[_Subject]

    def __init__(self) -> None:
        super().__init__()
        self.store, self.never, self.dict = self.proven.make(), self.proven.never, _Dict()

    @rule(parcel=enterprises(most=FEW), at=instants(), event=EVENTS)
    def save(self, parcel: Enterprise, at: datetime, event: str) -> None:
        event = "" if "saves_a_delivery_once" in self.never else event
        before = [version for version in self.dict.versions.values() if version.event == event]
        version = self.store.save(parcel, expected=self.dict.newest, at=at, event=event)
        if event and before:
            assert version == before[0]
            return
        assert version == Version(number=self.dict.newest + 1, at=at, event=event)
        self.dict.add(parcel, version)

    @rule(parcel=enterprises(most=FEW), behind=st.integers(1, 2))
    def save_late(self, parcel: Enterprise, behind: int) -> None:
        expected = self.dict.newest - behind
        with pytest.raises(VersionConflict) as conflict:
            self.store.save(parcel, expected=expected, at=NOON)
        assert (conflict.value.expected, conflict.value.found) == (expected, self.dict.newest)

    @precondition(lambda self: "reproduces_what_was_known" not in self.never)
    @rule(instant=instants(), chosen=st.data())
    def look_back(self, instant: datetime, chosen: st.DataObject) -> None:
        number = chosen.draw(st.integers(0, self.dict.newest))
        assert self._load(version=number) == self.dict.parcels[number]
        assert self._load(as_known_at=instant) == self.dict.known_at(instant)

    @precondition(lambda self: "erases" not in self.never)
    @rule(employee=PEOPLE)
    def erase(self, employee: EmployeeId) -> None:
        version = self.store.erase(employee, ERASING, expected=self.dict.newest)
        self.dict.accesses.append(ERASING)
        self.dict.add(self.dict.parcels[self.dict.newest], version)
        for number, parcel in self.dict.parcels.items():
            self.dict.parcels[number] = without(parcel, employee)

    @invariant()
    def agree(self) -> None:
        assert self._load() == self.dict.parcels[self.dict.newest]
        assert self.store.history() == tuple(self.dict.versions.values())
        if "tells_who_read_what" not in self.never:
            assert self.store.accesses() == tuple(self.dict.accesses)

    def _load(
        self, *, version: int | None = None, as_known_at: datetime | None = None
    ) -> Enterprise:
        self.dict.accesses.append(READING)
        return self.store.load(READING, version=version, as_known_at=as_known_at)
