"""Is anything lost when the plug is pulled? Processes killed, disks filled, connections cut.

Short in `make test`; `make drill ROUNDS=1000` pulls the plug as often as that.
"""

import multiprocessing
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, event, text
from tests.drills.writing import (
    NOON,
    READING,
    batch,
    count_up,
    lift,
    open_as_nobody,
    outgrow,
    write_files,
    write_on,
)
from tests.servers import (
    asked,
    database_of,
    kill_postgres,
    owner_of_postgres,
    postgres,
    restart_postgres,
    scratch,
    witness,
)

from kompetanse_adapters.parquet import open_parquet
from kompetanse_adapters.sql import open_sql, schema
from kompetanse_adapters.sql.address import JOURNAL, address_of, begin_writing, engine_of
from kompetanse_adapters.sql.chain import entry_of
from kompetanse_adapters.sql.store import SqlStore
from kompetanse_core import Store, StoreUnavailable, Text

ROUNDS = int(os.environ.get("KOMPETANSE_ROUNDS", "4"))
WRITERS = 8
MANY, CROWD = 60, 2_000
FRESH = 50
"""So many rounds are survived by one store before the next begins."""


@pytest.fixture(scope="module")
def processes() -> multiprocessing.context.ForkServerContext:
    """Processes that start fast: what they need is imported once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.drills.writing", "kompetanse_adapters.sql.store"])
    return context


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder on a real disk, where a flush is a flush."""
    with tempfile.TemporaryDirectory(prefix="kompetanse-drill-") as folder:
        yield Path(folder)


@contextmanager
def running(
    context: multiprocessing.context.ForkServerContext, work: Callable[..., None], *given: object
) -> Iterator[tuple[BaseProcess, Pipe]]:
    """A process at work, and what it tells; it is killed at the end, whatever it does."""
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(*given, theirs))
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def killed_while_writing(
    context: multiprocessing.context.ForkServerContext,
    chance: random.Random,
    work: tuple[str, ...],
    kill: Callable[[BaseProcess], None],
    write: Callable[..., None] = write_on,
) -> int:
    """Let a process write, pull the plug at any moment, and give the last number acknowledged."""
    with running(context, write, *work) as (process, told):
        acknowledged: int = told.recv()
        wait = time.monotonic() + chance.random() * 0.06
        while (left := wait - time.monotonic()) > 0:
            if told.poll(left):
                acknowledged = told.recv()
        kill(process)
        with suppress(EOFError):
            while told.poll(1):
                acknowledged = told.recv()
    return acknowledged


def kill_writer(process: BaseProcess) -> None:
    """Kill the process that writes."""
    process.kill()


def kill_server(process: BaseProcess) -> None:
    """Kill the server under the process that writes."""
    kill_postgres()


def survived(where: str, outside: Path, acknowledged: int) -> int:
    """Check that nothing acknowledged is lost and nothing is there by half; count the versions."""
    store = open_sql(where, outside)
    history = store.history()
    assert [version.number for version in history] == [*range(1, len(history) + 1)]
    assert acknowledged <= len(history) <= acknowledged + 1
    for number in {len(history), max(len(history) - 1, 0), len(history) // 2} - {0}:
        assert store.load(READING, version=number) == batch(number)
    assert store.verify() == ()
    return len(history)


@pytest.mark.parametrize("journal", ["wal", "delete"])
def test_fault_f1_killed_in_mid_write(
    journal: str,
    processes: multiprocessing.context.ForkServerContext,
    disk: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """SIGKILL at any moment: file whole, versions whole or absent, nothing acknowledged lost."""
    monkeypatch.setenv(JOURNAL, journal)
    chance = random.Random(1)
    for number in range(ROUNDS):
        where = str(disk / f"{journal}-{number // FRESH}.db")
        outside = f"{where}.witness"
        acknowledged = killed_while_writing(
            processes, chance, (where, outside, journal), kill_writer
        )
        survived(where, Path(outside), acknowledged)
        with sqlite3.connect(where) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA journal_mode").fetchall() == [(journal,)]
        connection.close()


def test_fault_f1_client_and_server_killed_in_mid_write(
    processes: multiprocessing.context.ForkServerContext,
) -> None:
    """Every other round the whole PostgreSQL server is killed, else the one who writes."""
    chance = random.Random(2)
    where, outside = database_of("postgres"), witness()
    for number in range(max(ROUNDS // 5, 2)):
        if number % FRESH == FRESH - 1:
            where, outside = database_of("postgres"), witness()
        kill = kill_server if number % 2 else kill_writer
        acknowledged = killed_while_writing(processes, chance, (where, str(outside), ""), kill)
        restart_postgres()
        survived(where, outside, acknowledged)


def test_fault_f1_killed_while_files_are_written(
    processes: multiprocessing.context.ForkServerContext, disk: Path
) -> None:
    """Parquet too: a version is there with all its files or not at all, and none is left over."""
    chance = random.Random(4)
    for number in range(max(ROUNDS // 5, 2)):
        where = str(disk / f"parquet-{number // FRESH}")
        acknowledged = killed_while_writing(processes, chance, (where,), kill_writer, write_files)
        store = open_parquet(where)
        history = store.history()
        assert acknowledged <= len(history) <= acknowledged + 1
        for version in {len(history), max(len(history) - 1, 0)} - {0}:
            assert store.load(READING, version=version) == batch(version)
        needed = {name for kept in store._kept() for name in kept.files.values()}
        assert {path.name for path in store.folder.glob("*-*")} == needed
        assert list(store.folder.glob(".*.new")) == []


def test_fault_f2_killed_in_mid_migration(
    processes: multiprocessing.context.ForkServerContext, disk: Path
) -> None:
    """The old schema or the new one, never between; the next opening completes it."""
    chance, seen = random.Random(3), set[str]()
    old, outside = disk / "old.db", disk / "witness"
    with engine_of(address_of(str(old))).begin() as connection:
        begin_writing(connection)
        schema.lift(connection, "founded")
        entries = [{"number": n, "entry": entry_of(READING)} for n in range(1, 20_001)]
        statement = "INSERT INTO kompetanse_accesses (number, entry) VALUES (:number, :entry)"
        connection.execute(text(statement), entries)
    for number in range(ROUNDS):
        where = str(shutil.copy(old, disk / f"{number}.db"))
        with running(processes, lift, where, str(outside)) as (process, told):
            told.recv()
            told.poll(chance.random() * 0.4)
            process.kill()
        with engine_of(address_of(where)).connect() as connection:
            seen.add(str(connection.scalar(text("SELECT version_num FROM kompetanse_schema"))))
        store = open_sql(where, outside)
        assert store.verify() == ()
        assert len(store.accesses()) == 20_000
        Path(where).unlink()
    assert seen <= {"founded", "chained"}


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_fault_f6_eight_writers(
    kind: str, processes: multiprocessing.context.ForkServerContext, disk: Path
) -> None:
    """Eight processes count up together: the count is exact, and none is ever locked out."""
    where = str(disk / "count.db") if kind == "sqlite" else database_of(kind)
    outside, times = disk / "witness", max(ROUNDS // 10, 4)
    open_sql(where, outside)
    with ExitStack() as stack:
        work = (where, str(outside), times)
        pipes = [
            stack.enter_context(running(processes, count_up, *work))[1] for _ in range(WRITERS)
        ]
        told = [pipe.recv() for pipe in pipes]
    assert [word for word, _ in told] == ["done"] * WRITERS, told
    store = open_sql(where, outside)
    assert store.load(READING).name == Text(str(WRITERS * times))
    assert len(store.history()) == WRITERS * times
    assert store.verify() == ()


def test_fault_f3_a_file_that_may_grow_no_more(
    processes: multiprocessing.context.ForkServerContext, disk: Path
) -> None:
    """E801 under a limit on file sizes; every version acknowledged is readable afterwards."""
    where, outside = str(disk / "full.db"), disk / "witness"
    with running(processes, outgrow, where, str(outside), 300_000) as (_, told):
        code, last = told.recv()
    assert code == "E801"
    assert last > 0
    store = open_sql(where, outside)
    assert len(store.history()) == last
    for number in range(1, last + 1):
        assert len(store.load(READING, version=number).employees) == 60 * number * 10
    store.save(batch(1), expected=last, at=NOON)


def test_fault_f3_a_full_disk(disk: Path) -> None:
    """E801 when the pages run out; old data readable, and all well when there is room again."""
    store = open_sql(disk / "full.db")
    store.save(batch(1), expected=0, at=NOON)

    def small(connection: sqlite3.Connection, _: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")

    event.listen(store._engine, "connect", small)
    with pytest.raises(StoreUnavailable) as full:
        store.save(batch(2, 5_000), expected=1, at=NOON)
    assert full.value.code == "E801"
    assert len(store.history()) == 1
    assert store.load(READING) == batch(1)
    event.remove(store._engine, "connect", small)
    store.save(batch(2, 5_000), expected=1, at=NOON)
    assert store.load(READING) == batch(2, 5_000)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of one megabyte, where this machine lets us mount one."""
    folder = Path(tempfile.mkdtemp(prefix="kompetanse-small-"))
    mounted = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0777", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounted, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("no right to mount a small disk here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)
        folder.rmdir()


def filled(store: Store) -> tuple[int, str]:
    """Save more and more until it is refused: the number of the last version, and the code."""
    for number in range(MANY):
        try:
            store.save(batch(number + 1, (number + 1) * CROWD), expected=number, at=NOON)
        except StoreUnavailable as full:
            return number, full.code
    return MANY, "never full"


@pytest.mark.parametrize("kind", ["sqlite", "parquet"])
def test_fault_f3_a_disk_that_is_truly_full(kind: str, small_disk: Path) -> None:
    """E801 from the system itself; what was acknowledged is whole once there is room again."""
    where = small_disk / "store"

    def opened() -> Store:
        outside = scratch() / f"{small_disk.name}.witness"
        return open_sql(where, outside) if kind == "sqlite" else open_parquet(where)

    last, code = filled(opened())
    assert (code, last > 0) == ("E801", True)
    subprocess.run(["mount", "-o", "remount,size=16m", str(small_disk)], check=True)
    store = opened()
    assert len(store.history()) == last
    for number in sorted({1, last}):
        assert store.load(READING, version=number) == batch(number, number * CROWD)
    store.save(batch(1), expected=last, at=NOON)


def test_fault_f3_a_server_whose_disk_is_full(small_disk: Path) -> None:
    """E801 when the tablespace runs out; old data readable, and room again is used again."""
    os.chown(small_disk, *owner_of_postgres())
    name, where = small_disk.name.replace("-", "_"), database_of("postgres")
    with asked(postgres()) as server:
        server.execute(f"CREATE TABLESPACE {name} LOCATION '{small_disk}'".encode())
        try:
            store = open_sql(f"{where}%20-cdefault_tablespace%3D{name}", witness())
            last, code = filled(store)
            assert (code, last > 0) == ("E801", True)
            assert len(store.history()) == last
            subprocess.run(["mount", "-o", "remount,size=16m", str(small_disk)], check=True)
            assert store.load(READING, version=last) == batch(last, last * CROWD)
            store.save(batch(1), expected=last, at=NOON)
            assert store.load(READING) == batch(1)
        finally:
            schema_name = where.rpartition("%3D")[2]
            server.execute(f"DROP SCHEMA {schema_name} CASCADE".encode())
            server.execute(f"DROP TABLESPACE {name}".encode())


def test_fault_f4_a_folder_without_the_right_to_write(
    processes: multiprocessing.context.ForkServerContext, disk: Path
) -> None:
    """E802 before any work starts, for a new store and for an old one."""
    open_sql(disk / "old.db")
    disk.chmod(0o555)
    (disk / "old.db").chmod(0o444)
    try:
        for name in ("new.db", "old.db"):
            with running(processes, open_as_nobody, str(disk / name)) as (_, told):
                assert told.recv() == "E802"
    finally:
        disk.chmod(0o700)
    assert not (disk / "new.db").exists()


def cut(store: SqlStore, times: int) -> list[str]:
    """Cut the connection in mid-transaction, right after the blocks have been written."""
    left = ["cut"] * times

    def terminate(connection: Connection, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO kompetanse_blocks") and left:
            left.pop()
            pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr] # psycopg's
            with psycopg.connect(postgres(), autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [pid])

    event.listen(store._engine, "after_cursor_execute", terminate)
    return left


def test_fault_f5_a_dropped_connection_is_rolled_back() -> None:
    """Without a delivery id: E802, nothing changed, and the next call works."""
    store = open_sql(database_of("postgres"), witness())
    store.save(batch(1), expected=0, at=NOON)
    left = cut(store, 1)
    with pytest.raises(StoreUnavailable) as dropped:
        store.save(batch(2), expected=1, at=NOON)
    assert (dropped.value.code, left) == ("E802", [])
    assert store.load(READING) == batch(1)
    store.save(batch(2), expected=1, at=NOON)
    assert len(store.history()) == 2


def test_fault_f5_a_delivery_is_tried_once_more() -> None:
    """With a delivery id a dropped connection is met by one more try, and by no second."""
    store = open_sql(database_of("postgres"), witness())
    cut(store, 1)
    store.save(batch(1), expected=0, at=NOON, event="delivery 1")
    assert [version.event for version in store.history()] == ["delivery 1"]
    cut(store, 2)
    with pytest.raises(StoreUnavailable):
        store.save(batch(2), expected=1, at=NOON, event="delivery 2")
    assert len(store.history()) == 1
