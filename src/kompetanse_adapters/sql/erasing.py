"""How is a person forgotten? Out of every version, and again whenever a backup brings them back."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError

from kompetanse_adapters.sql import rows
from kompetanse_adapters.sql.address import begin_writing
from kompetanse_adapters.sql.blocks import PERSONAL
from kompetanse_adapters.sql.held import ACTORS, held_in
from kompetanse_adapters.sql.tables import BLOCKS, VERSIONS
from kompetanse_adapters.sql.witness import Tombstone, Witness
from kompetanse_core.hooks import Change, EmployeeId, Version


def erase(connection: Connection, employee: EmployeeId, tombstone: Tombstone) -> Version:
    """Remove a person from every version, and write a new version that says so."""
    for place in connection.scalars(select(BLOCKS.c.id).where(rows.about_whom(employee))).all():
        held = held_in(connection.execute(select(BLOCKS).where(BLOCKS.c.id == place)).one())
        if employee in held.people:
            rows.rewrite_block(connection, place, held.left(employee))
    return _told(connection, tombstone)


def erase_again(engine: Engine, witness: Witness) -> None:
    """Erase whom the witness remembers and the database does not, and destroy their keys.

    A backup has been restored, or an erasing was cut off.
    """
    remembered = witness.tombstones()
    with engine.connect() as connection:
        if not _unknown(connection, remembered):
            return
    with engine.begin() as connection:
        begin_writing(connection)
        for tombstone in _unknown(connection, remembered):
            known = [name for name in _people(connection) if tombstone.names(name)]
            for employee in known:
                erase(connection, EmployeeId(employee), tombstone)
            if not known:
                _told(connection, tombstone)
            witness.forget(tombstone)
    clean(engine)


def clean(engine: Engine) -> None:
    """Let nothing of what was erased linger in the journal or in dead rows.

    The erasure itself is done: what hinders the cleaning is left to the next one.
    """
    with suppress(DBAPIError), engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.execute(text("VACUUM kompetanse_blocks"))


def _told(connection: Connection, tombstone: Tombstone) -> Version:
    number = rows.newest(connection) + 1
    version = Version(number=number, at=tombstone.at, change=Change.ERASED)
    rows.add_version(connection, version, tombstone.id)
    return version


def _unknown(connection: Connection, remembered: tuple[Tombstone, ...]) -> list[Tombstone]:
    done = set(connection.scalars(select(VERSIONS.c.tombstone)))
    return [tombstone for tombstone in remembered if tombstone.id not in done]


def _people(connection: Connection) -> list[str]:
    """Give the pseudonyms of everybody whom any version names."""
    chosen = BLOCKS.c.part.in_((*PERSONAL, ACTORS))
    blocks = map(held_in, connection.execute(select(BLOCKS).where(chosen)))
    return sorted({name for held in blocks for name in held.people})
