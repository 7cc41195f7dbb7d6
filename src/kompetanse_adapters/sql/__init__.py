"""Where is an enterprise kept for years? The store `sql`: in SQLite, or on a PostgreSQL server.

`plugins.store("sql", address)` opens it. An address is the path of a file or the URL of a database,
without a password. Needs the extra `sql`; PostgreSQL takes `postgres` as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kompetanse_core.hooks import Misuse, StoreMaker, hookimpl

if TYPE_CHECKING:
    from kompetanse_adapters.sql.store import SqlStore

__all__ = ["open_sql"]


def open_sql(address: str | Path, witness: str | Path | None = None) -> SqlStore:
    """Open the store in a database, and lift its schema to the newest version if it is older.

    `witness` is the folder that keeps, outside the database, who was erased and where the log of
    accesses ended; left out, it is what `KOMPETANSE_WITNESS` says, or lies beside a SQLite file.

    Raises:
        Misuse: E806, for an address with a password; E802, for one that leads to no database;
            E214, if a server has no witness; E906, if an extra is not installed.
        StoreUnavailable: E802, if the database cannot be opened; E804, if it is not ours.
    """
    for needed in ("sqlalchemy", "alembic"):
        if find_spec(needed) is None:
            hint = "pip install 'kompetanse[sql]'"
            raise Misuse("E906", "the store in a database takes the extra `sql`", hint=hint)
    from kompetanse_adapters.sql.store import opened

    return opened(str(address), None if witness is None else Path(witness))


@hookimpl
def kompetanse_stores() -> Iterable[StoreMaker]:
    """Offer this store."""
    description = "Every version in a database: a SQLite file, or a PostgreSQL server by URL"
    return (StoreMaker(name="sql", description=description, open=open_sql),)
