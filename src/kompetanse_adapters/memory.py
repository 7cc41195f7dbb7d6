"""Where is an enterprise kept while a program runs? MemoryStore, the reference for all stores.

It does what a store promises in the plainest way there is; nothing survives the program.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from secrets import token_hex
from threading import RLock

from attrs import evolve, field, frozen

from kompetanse_core.hooks import (
    Access,
    Change,
    EmployeeId,
    Enterprise,
    Misuse,
    StoreMaker,
    Version,
    VersionConflict,
    about,
    hookimpl,
    subject_of,
    without,
)


@frozen
class MemoryStore:
    """Keep every version of an enterprise in memory."""

    _kept: list[Enterprise] = field(factory=lambda: [Enterprise()], init=False, repr=False)
    """What each version holds, by its number; version 0 is the empty enterprise."""
    _versions: list[Version] = field(factory=list, init=False, repr=False)
    _accesses: list[Access] = field(factory=list, init=False, repr=False)
    _keys: dict[EmployeeId, str] = field(factory=dict, init=False, repr=False)
    """By which key the log marks each person who has been read about."""
    _lock: RLock = field(factory=RLock, init=False, repr=False, eq=False)

    def save(
        self, enterprise: Enterprise, *, expected: int, at: datetime, event: str = ""
    ) -> Version:
        """Keep an enterprise as the next version."""
        with self._lock:
            before = [version for version in self._versions if event and version.event == event]
            if before:
                return before[0]
            return self._add(enterprise, Change.SAVED, expected=expected, at=at, event=event)

    def load(
        self, access: Access, *, version: int | None = None, as_known_at: datetime | None = None
    ) -> Enterprise:
        """Give the newest version, up to the one of a number and to those made by an instant.

        Raises:
            Misuse: E503, if there is no version of that number.
        """
        with self._lock:
            number = self._number(version, as_known_at)
            self._accesses.append(evolve(access, subject=""))
            return self._kept[number]

    def subject(self, employee: EmployeeId, access: Access) -> tuple[Enterprise, ...]:
        """Give everything that is held about one person, version by version."""
        with self._lock:
            kept = tuple(about(enterprise, employee) for enterprise in self._kept)
            told = tuple(enterprise for enterprise in kept if _names(enterprise))
            key = self._keys.setdefault(employee, token_hex()) if told else ""
            self._accesses.append(evolve(access, subject=subject_of(employee, key)))
            return told

    def erase(self, employee: EmployeeId, access: Access, *, expected: int) -> Version:
        """Remove a person from every version, and say so in a new one."""
        with self._lock:
            newest = without(self._kept[-1], employee)
            version = self._add(newest, Change.ERASED, expected=expected, at=access.at)
            self._kept[:] = [without(enterprise, employee) for enterprise in self._kept]
            self._keys.pop(employee, None)
            self._accesses.append(evolve(access, subject=""))
            return version

    def history(self) -> tuple[Version, ...]:
        """Give every version in the order of their numbers."""
        with self._lock:
            return tuple(self._versions)

    def accesses(self, *, employee: EmployeeId | None = None) -> tuple[Access, ...]:
        """Give every reading and erasing of personal data, or those about one person."""
        with self._lock:
            if employee is None:
                return tuple(self._accesses)
            mark = subject_of(employee, self._keys.get(employee, ""))
            return tuple(each for each in self._accesses if mark and each.subject == mark)

    def _add(
        self,
        enterprise: Enterprise,
        change: Change,
        *,
        expected: int,
        at: datetime,
        event: str = "",
    ) -> Version:
        found = len(self._versions)
        if expected != found:
            raise VersionConflict(expected=expected, found=found)
        version = Version(number=found + 1, at=at, change=change, event=event)
        self._kept.append(enterprise)
        self._versions.append(version)
        return version

    def _number(self, version: int | None, as_known_at: datetime | None) -> int:
        newest = len(self._versions)
        number = newest if version is None else version
        if not 0 <= number <= newest:
            raise Misuse("E503", f"there is no version {number}")
        if as_known_at is None:
            return number
        known = (made.number for made in self._versions[:number] if made.at <= as_known_at)
        return max(known, default=0)


def _names(enterprise: Enterprise) -> bool:
    """Say whether anything about a person is left."""
    tables = (
        enterprise.employees,
        enterprise.engagements,
        enterprise.evidence,
        enterprise.assessments,
        enterprise.wishes,
    )
    return any(len(table) for table in tables) or any(actor.employee for actor in enterprise.actors)


@hookimpl
def kompetanse_stores() -> Iterable[StoreMaker]:
    """Offer this store."""
    description = "Every version in memory, gone when the program ends"
    return (StoreMaker(name="memory", description=description, open=MemoryStore),)
