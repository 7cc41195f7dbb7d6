"""Where is the database? Its address without any secret, and the engine that opens it."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from kompetanse_core.hooks import Misuse, StoreUnavailable

PASSWORD = "KOMPETANSE_DATABASE_PASSWORD"
WITNESS = "KOMPETANSE_WITNESS"
JOURNAL = "KOMPETANSE_SQLITE_JOURNAL"
WAIT = 30
"""So many seconds a writer waits for another."""
LOCK = 0x6B6F6D70
"""The number of our advisory lock on a PostgreSQL server: "komp"."""


def address_of(text: str) -> URL:
    """Read an address: a path is a SQLite file.

    Raises:
        Misuse: E806, if it holds a password; E802, if it leads to no database that we know.
    """
    try:
        url = make_url(text) if "://" in text else URL.create("sqlite", database=text)
    except ArgumentError as error:
        raise Misuse("E802", "the address of the store cannot be read") from error
    if url.password or any("password" in name for name in url.query):
        hint = f"leave it out; put it in {PASSWORD}, in the keyring, or in the driver's own file"
        raise Misuse("E806", "the address of a store holds no password", hint=hint)
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database not in (None, "", ":memory:"):
        return url.set(drivername="sqlite")
    if backend == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    hint = "a SQLite file, or postgresql://user@host/database; the store `memory` needs none"
    raise Misuse("E802", "the address leads to no database that is known here", hint=hint)


def engine_of(url: URL) -> Engine:
    """Make the engine of a database; a connection lasts for one call, and none lingers.

    Raises:
        StoreUnavailable: E802, if a file cannot be made there.
        Misuse: E906, if the driver is not installed.
    """
    if url.get_backend_name() == "postgresql":
        if find_spec("psycopg") is None:
            hint = "pip install 'kompetanse[sql,postgres]'"
            raise Misuse("E906", "PostgreSQL takes the extra `postgres`", hint=hint)
        full = url.set(password=secret_of(url)) if secret_of(url) else url
        return create_engine(full, poolclass=NullPool, hide_parameters=True)
    _private(Path(str(url.database)))
    engine = create_engine(
        url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": WAIT}
    )
    event.listen(engine, "connect", _prepare)
    return engine


def witness_of(url: URL, given: Path | None) -> Path:
    """Say in which folder the witness is kept.

    Raises:
        Misuse: E214, if nothing says so and there is no file to lie beside.
    """
    named = os.environ.get(WITNESS)
    if given is not None or named:
        return given if given is not None else Path(str(named))
    if url.get_backend_name() == "sqlite":
        return Path(f"{url.database}.witness")
    hint = f"a folder outside the server, on a disk that is kept apart, or {WITNESS}"
    raise Misuse("E214", "a store on a server takes a folder for its witness", hint=hint)


def secret_of(url: URL) -> str | None:
    """Find the password of a server: the environment goes before the keyring."""
    given = os.environ.get(PASSWORD)
    if given or find_spec("keyring") is None:
        return given
    found: str | None = import_module("keyring").get_password(
        "kompetanse", url.render_as_string(hide_password=False)
    )
    return found


def begin_writing(connection: Connection) -> None:
    """Be the only one that writes, from the first statement on."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")


def begin_reading(connection: Connection) -> None:
    """See one moment of the database, whoever writes meanwhile."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")
    else:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _private(path: Path) -> None:
    """Make the file of a new database, for nobody else to read."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        text = "the store cannot be opened for writing"
        hint = "see that the folder is there and open to you"
        raise StoreUnavailable("E802", text, hint=hint) from error


def _prepare(connection: Any, _: object) -> None:  # noqa: ANN401 - whatever the driver gives
    """Let transactions be ours to begin, writes reach the disk, and what is erased be gone."""
    connection.isolation_level = None
    journal = "DELETE" if os.environ.get(JOURNAL, "").lower() == "delete" else "WAL"
    for pragma in (
        f"journal_mode = {journal}",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")
