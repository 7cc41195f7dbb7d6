"""How does a database keep every version? SqlStore: save, load, erase and tell, all or nothing.

A block is kept from the version that brought it (`since_version`) until the one that no longer
has it (`until_version`): nothing is overwritten but by an erasure, which goes through all versions.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from attrs import evolve, frozen
from sqlalchemy import Connection, Engine, select

from kompetanse_adapters.sql import rows, schema
from kompetanse_adapters.sql.address import (
    address_of,
    begin_reading,
    begin_writing,
    engine_of,
    witness_of,
)
from kompetanse_adapters.sql.blocks import PERSONAL, blocks_of
from kompetanse_adapters.sql.chain import Link, access_of, flaws
from kompetanse_adapters.sql.erasing import clean, erase, erase_again
from kompetanse_adapters.sql.failing import lost_connection, told
from kompetanse_adapters.sql.held import Held, assembled, held_in
from kompetanse_adapters.sql.tables import BLOCKS
from kompetanse_adapters.sql.witness import Witness
from kompetanse_core.hooks import (
    Access,
    EmployeeId,
    Enterprise,
    Finding,
    StoreUnavailable,
    Version,
    about,
    subject_of,
)


@frozen
class SqlStore:
    """Keep every version of an enterprise in a database."""

    _engine: Engine
    _witness: Witness

    def save(
        self, enterprise: Enterprise, *, expected: int, at: datetime, event: str = ""
    ) -> Version:
        """Keep an enterprise as the next version, whole or not at all.

        Only blocks that changed are written. A delivery with an event whose connection is lost on
        the way is tried once more: the event tells whether it had come through.

        Raises:
            VersionConflict: if the store is at another version than expected.
            StoreUnavailable: E801 or E802; what the store held is as before.
        """
        try:
            return self._save(enterprise, expected=expected, at=at, event=event)
        except StoreUnavailable as error:
            if not event or not lost_connection(error):
                raise
        return self._save(enterprise, expected=expected, at=at, event=event)

    def load(
        self, access: Access, *, version: int | None = None, as_known_at: datetime | None = None
    ) -> Enterprise:
        """Give the newest version, up to the one of a number and to those made by an instant.

        What cannot be written down in the log of accesses is not told.

        Raises:
            Misuse: E503, if there is no version of that number.
            StoreUnavailable: E801 or E802, if it cannot be read; E804, if it is damaged.
        """
        with self._reading() as connection:
            number = rows.number_of(connection, version, as_known_at)
            chosen = select(BLOCKS).where(rows.held_at(number))
            enterprise = assembled(map(held_in, connection.execute(chosen)))
        with self._writing() as connection:
            end = rows.add_access(connection, evolve(access, subject=""))
        self._anchor(end)
        return enterprise

    def subject(self, employee: EmployeeId, access: Access) -> tuple[Enterprise, ...]:
        """Give everything that is held about one person, version by version that names them."""
        ours = rows.about_whom(employee) | BLOCKS.c.part.not_in(PERSONAL)
        with self._writing() as connection:
            found = map(held_in, connection.execute(select(BLOCKS).where(ours)))
            held = [each.only(employee) for each in found if _concerns(each, employee)]
            last = rows.newest(connection)
            known = any(employee in each.people for each in held)
            key = self._witness.key_of(employee) if known else ""
            marked = evolve(access, subject=subject_of(employee, key))
            end = rows.add_access(connection, marked)
        self._anchor(end)
        return tuple(
            about(assembled(each for each in held if each.at(number)), employee)
            for number in range(1, last + 1)
            if any(each.at(number) and employee in each.people for each in held)
        )

    def erase(self, employee: EmployeeId, access: Access, *, expected: int) -> Version:
        """Remove a person from every version, and say so in a new one.

        A tombstone outside the database is set first; it erases again if an old backup returns.
        The person's key goes while nobody else can read, so that no reading makes another. The log
        does not say whom this erasing was about: the tombstone tells the same instant, and would
        lead from there to all readings.

        Raises:
            VersionConflict: if the store is at another version than expected.
            StoreUnavailable: E801 or E802; what the store held is as before.
        """
        with self._witness.burying(employee, access.at) as tombstone, self._writing() as connection:
            rows.expect(connection, expected)
            version = erase(connection, employee, tombstone)
            self._witness.forget(tombstone)
            end = rows.add_access(connection, evolve(access, subject=""))
        self._anchor(end)
        clean(self._engine)
        return version

    def history(self) -> tuple[Version, ...]:
        """Give every version in the order of their numbers."""
        with self._reading() as connection:
            return rows.versions(connection)

    def accesses(self, *, employee: EmployeeId | None = None) -> tuple[Access, ...]:
        """Give every reading and erasing of personal data, or those about one person."""
        with self._reading() as connection:
            log = tuple(access_of(sealed.entry) for sealed in rows.access_log(connection))
        if employee is None:
            return log
        mark = subject_of(employee, self._witness.keys().get(employee, ""))
        return tuple(each for each in log if mark and each.subject == mark)

    def verify(self) -> tuple[Finding, ...]:
        """Tell where the log of accesses has been edited, lost its middle or its end (E805)."""
        anchor = self._witness.anchor()
        with self._reading() as connection:
            return flaws(rows.access_log(connection), anchor)

    # --- transactions -------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with told(), self._engine.begin() as connection:
            begin_writing(connection)
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with told(), self._engine.begin() as connection:
            begin_reading(connection)
            yield connection

    def _save(self, enterprise: Enterprise, *, expected: int, at: datetime, event: str) -> Version:
        with self._writing() as connection:
            before = rows.delivered(connection, event)
            if before is not None:
                return before
            rows.expect(connection, expected)
            version = Version(number=expected + 1, at=at, event=event)
            rows.add_version(connection, version)
            rows.replace_blocks(connection, version.number, blocks_of(enterprise))
        return version

    def _anchor(self, end: Link) -> None:
        """Let the witness see the new end, if what it saw before still stands."""
        seen = self._witness.anchor()
        with self._reading() as connection:
            stands = seen.number == 0 or rows.link_at(connection, seen.number) == seen
        if stands:
            self._witness.anchored(end)


def opened(address: str, witness: Path | None) -> SqlStore:
    """Open the store at an address; erase again whom a restored backup brought back."""
    url = address_of(address)
    outside, engine = Witness(witness_of(url, witness)), engine_of(url)
    with told():
        schema.prepare(engine, outside)
        erase_again(engine, outside)
    return SqlStore(engine, outside)


def _concerns(held: Held, employee: EmployeeId) -> bool:
    return held.part not in PERSONAL or employee in held.people
