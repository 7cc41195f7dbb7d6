"""Does a database lose nothing, reproduce yesterday and forget whom it must?"""

import tempfile
from itertools import count
from pathlib import Path

from kompetanse_adapters.sql import open_sql
from kompetanse_adapters.sql.store import SqlStore
from kompetanse_core.conformance import store_contract

MEMORY = Path("/dev/shm")  # the contract is about meaning; the drills write to a real disk
SCRATCH = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
NUMBERS = count()


def fresh() -> SqlStore:
    """A new and empty store in a file of its own."""
    return open_sql(Path(SCRATCH.name) / f"{next(NUMBERS)}.db")


TestSqlite = store_contract(fresh)
