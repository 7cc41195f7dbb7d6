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
from kompetanse_core.hooks import StoreUnavailable

SCHEMA = "kompetanse_schema"
"""The table that says which step was taken last."""


def prepare(engine: Engine) -> None:
    """Found a store in an empty database, or lift an older one; refuse any other.

    Raises:
        StoreUnavailable: E804, if the database is another program's, of a newer version, or
            has been changed by hand.
    """
    with engine.connect() as connection:
        done = _context(connection).get_current_revision() == _steps().get_current_head()
    if not done:
        with engine.begin() as connection:
            begin_writing(connection)
            _check_ours(connection)
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


def _check_ours(connection: Connection) -> None:
    revision = _context(connection).get_current_revision()
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
