"""Is this database ours, and of our version? `lift` brings an older one up, step by step.

All steps that are missing are taken in one transaction: whoever is interrupted finds the old
schema, and the next opening starts over.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from kompetanse_adapters.sql.address import begin_writing
from kompetanse_adapters.sql.witness import Witness
from kompetanse_core.hooks import StoreUnavailable

SCHEMA = "kompetanse_schema"
"""The table that says which step was taken last."""


def prepare(engine: Engine, witness: Witness) -> None:
    """Found a store in an empty database, or lift an older one; refuse any other.

    Raises:
        StoreUnavailable: E804, if the database is another program's, of a newer version, cut
            off or emptied, or has been changed by hand.
    """
    _check_length(engine)
    with engine.connect() as connection:
        done = _context(connection).get_current_revision() == _steps().get_current_head()
    if not done:
        with engine.begin() as connection:
            begin_writing(connection)
            _check_ours(connection, witness)
            lift(connection)
    with engine.connect() as connection:
        _check_whole(connection)


def lift(connection: Connection, to: str = "head") -> None:
    """Take every step up to one, in the transaction that is running."""
    steps, context = _steps(), _context(connection)
    missing = [*steps.iterate_revisions(to, context.get_current_revision() or "base")]
    with Operations.context(context):
        for step in reversed(missing):
            step.module.upgrade()
            context.stamp(steps, step.revision)


def lower(connection: Connection, to: str = "base") -> None:
    """Take every step back down to one, in the transaction that is running."""
    steps, context = _steps(), _context(connection)
    with Operations.context(context):
        for step in [*steps.iterate_revisions(context.get_current_revision() or "base", to)]:
            step.module.downgrade()
            context.stamp(steps, str(step.down_revision or "base"))


@cache
def _steps() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent / "migrations"))


def _context(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"version_table": SCHEMA})


def _check_length(engine: Engine) -> None:
    """Refuse a SQLite file that is shorter than its header says.

    While a journal lies beside it, the file may be short and the database whole.
    """
    if engine.dialect.name != "sqlite":
        return
    path = Path(str(engine.url.database))
    journals = [Path(f"{path}{end}") for end in ("-wal", "-journal")]
    if any(journal.exists() for journal in journals):
        return
    with path.open("rb") as file:
        header = file.read(100)
    size = int.from_bytes(header[16:18], "big")
    length = (65_536 if size == 1 else size) * int.from_bytes(header[28:32], "big")
    if path.stat().st_size < length and not any(journal.exists() for journal in journals):
        raise StoreUnavailable("E804", "the file has lost its end", hint="restore a backup")


def _check_ours(connection: Connection, witness: Witness) -> None:
    revision = _context(connection).get_current_revision()
    if revision is None and (witness.anchor().number or witness.tombstones()):
        text, hint = "the database is empty, the witness is not", "restore a backup"
        raise StoreUnavailable("E804", text, hint=f"{hint}, or begin with a new witness")
    if revision is None and inspect(connection).get_table_names():
        text, hint = "the database is another program's", "give the store one of its own"
        raise StoreUnavailable("E804", text, hint=hint)
    if revision is not None and revision not in {s.revision for s in _steps().walk_revisions()}:
        text, hint = "the database is of a newer version", "open it with a newer kompetanse"
        raise StoreUnavailable("E804", text, hint=hint)


def _check_whole(connection: Connection) -> None:
    """Refuse a SQLite file in which a block names a version that is not there."""
    if connection.dialect.name != "sqlite":
        return
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        text = "the database has been changed by hand: a block names a version that is not there"
        raise StoreUnavailable("E804", text, hint="restore a backup")
