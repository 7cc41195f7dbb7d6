"""What has gone wrong in the database? Its driver's errors, told with our codes, values hidden."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from kompetanse_core.hooks import StoreUnavailable

FULL = ("E801", "the store is full, or its file may grow no more")
CLOSED = ("E802", "the store cannot be opened, read or written")
BUSY = ("E802", "the store has been busy for too long")
FOREIGN = ("E804", "this is no store of kompetanse, or it is damaged")

_SQLITE = (
    (sqlite3.SQLITE_FULL, FULL),
    (sqlite3.SQLITE_IOERR, FULL),
    (sqlite3.SQLITE_BUSY, BUSY),
    (sqlite3.SQLITE_LOCKED, BUSY),
    (sqlite3.SQLITE_CORRUPT, FOREIGN),
    (sqlite3.SQLITE_NOTADB, FOREIGN),
    (sqlite3.SQLITE_ERROR, FOREIGN),
)
"""By the primary code of SQLite; a file that may not grow is an error of input and output there."""

_POSTGRES = (("53", FULL), ("54", FULL), ("55", BUSY), ("42", FOREIGN), ("XX", FOREIGN))
"""By the class of the SQLSTATE."""


@contextmanager
def told() -> Iterator[None]:
    """Tell an error of the driver as one of ours; the driver's own is its cause.

    Raises:
        StoreUnavailable: E801, E802 or E804.
    """
    try:
        yield
    except DBAPIError as error:
        code, text = _meaning(error)
        raise StoreUnavailable(code, text, hint=_hint(code)) from error


def lost_connection(error: StoreUnavailable) -> bool:
    """Say whether the connection was lost on the way, so that it may work another time."""
    return isinstance(error.__cause__, DBAPIError) and error.__cause__.connection_invalidated


def _meaning(error: DBAPIError) -> tuple[str, str]:
    number = getattr(error.orig, "sqlite_errorcode", None)
    if number is not None:
        return next((told for code, told in _SQLITE if number & 0xFF == code), CLOSED)
    state = getattr(error.orig, "sqlstate", None) or ""
    return next((told for family, told in _POSTGRES if state.startswith(family)), CLOSED)


def _hint(code: str) -> str:
    return {
        "E801": "what it held is as before; make room and try again",
        "E802": "what it held is as before; see that it is there, open to you, and try again",
        "E804": "give it a database of its own, or restore a backup",
    }[code]
