"""Does a database lose nothing, reproduce yesterday and forget whom it must?"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from weakref import WeakSet

import attrs
import pytest
from attrs import evolve
from hypothesis import given
from sqlalchemy import Connection, event, select, text
from tests.servers import database_of, witness

from kompetanse_adapters.sql import address as address_module
from kompetanse_adapters.sql import blocks, open_sql, rows
from kompetanse_adapters.sql.blocks import GROUPS, PERSONAL, Block, blocks_of
from kompetanse_adapters.sql.store import SqlStore
from kompetanse_adapters.sql.tables import BLOCKS
from kompetanse_core import (
    Access,
    Actor,
    ActorId,
    ActorKind,
    Assessment,
    AssessmentSource,
    CompetenceId,
    Employee,
    EmployeeId,
    Enterprise,
    Level,
    Plugins,
    Purpose,
    StoreUnavailable,
    Table,
    Text,
    VersionConflict,
)
from kompetanse_core.conformance import enterprises, store_contract
from kompetanse_core.hooks import Change, about, without

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
READING = Access(actor=ActorId("a1"), purpose=Purpose.DEVELOPMENT, at=NOON)
ERASING = Access(actor=ActorId("a1"), purpose=Purpose.SUBJECT_RIGHTS, at=NOON)
BOTH = pytest.mark.parametrize("kind", ["sqlite", "postgres"])


def fresh(kind: str) -> SqlStore:
    """A new and empty store."""
    return open_sql(database_of(kind), witness())


TestSqlite = store_contract(lambda: fresh("sqlite"))
TestPostgres = store_contract(lambda: fresh("postgres"))


# --- crowds -----------------------------------------------------------------------------------


def assessed(employee: str, level: int = 1, day: date = date(2026, 5, 1)) -> Assessment:
    """One assessment of one person."""
    return Assessment(
        employee=EmployeeId(employee),
        competence=CompetenceId("k1"),
        level=Level(level),
        source=AssessmentSource.JOINT,
        assessed=day,
        recorded=NOON,
    )


def crowd(people: int, more: Iterable[Assessment] = ()) -> Enterprise:
    """An enterprise of so many people with three assessments each."""
    names = [f"p{number:06d}" for number in range(people)]
    levels = range(1, 4)
    return Enterprise(
        employees=[Employee(id=EmployeeId(name)) for name in names],
        assessments=[*(assessed(name, level) for name in names for level in levels), *more],
    )


@contextmanager
def statements(store: SqlStore) -> Iterator[list[str]]:
    """Every statement that goes to the database, as the driver is handed it."""
    seen: list[str] = []

    def see(connection: Connection, cursor: object, statement: str, *rest: object) -> None:
        seen.append(statement)

    event.listen(store._engine, "before_cursor_execute", see)
    yield seen
    event.remove(store._engine, "before_cursor_execute", see)


def stored(store: SqlStore) -> int:
    """How many blocks the database holds, of all versions."""
    with store._engine.connect() as connection:
        return len(connection.execute(select(BLOCKS.c.id)).all())


# --- blocks -----------------------------------------------------------------------------------


@BOTH
def test_no_statement_is_sent_for_a_row(kind: str) -> None:
    """Saving and loading take statements by the block, however many rows there are."""
    store, many = fresh(kind), crowd(12_000)
    made = len(list(blocks_of(many)))
    assert made < 20
    with statements(store) as saving:
        store.save(many, expected=0, at=NOON)
    with statements(store) as loading:
        assert store.load(READING) == many
    assert len(saving) <= 5 + -(-made // rows.BATCH)
    assert len(loading) <= 10


def test_sqlite_itself_runs_no_statement_for_a_row() -> None:
    """The same, counted by SQLite: an `executemany` would hide its rows from the driver."""
    store, many, ran = fresh("sqlite"), crowd(6_000), list[str]()

    def trace(connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(ran.append)

    event.listen(store._engine, "connect", trace)
    store.save(many, expected=0, at=NOON)
    assert len(ran) <= 20 + 2 * len(list(blocks_of(many)))


@BOTH
def test_a_new_version_stores_only_what_changed(kind: str) -> None:
    """One more assessment of one person: one block more; nothing new: none."""
    store = fresh(kind)
    store.save(crowd(12_000), expected=0, at=NOON)
    before = stored(store)
    assert before > 4
    store.save(crowd(12_000, [assessed("p000077", 5)]), expected=1, at=NOON)
    assert stored(store) == before + 1
    store.save(crowd(12_000, [assessed("p000077", 5)]), expected=2, at=NOON)
    assert stored(store) == before + 1
    assert store.load(READING, version=1) == crowd(12_000)


def test_the_same_people_make_the_same_block_whoever_comes_and_goes() -> None:
    """Most blocks are the same when somebody in the middle leaves."""
    whole = {block.key for block in blocks_of(crowd(20_000))}
    less = {block.key for block in blocks_of(without(crowd(20_000), EmployeeId("p003000")))}
    assert len(whole - less) == 2
    assert len(less - whole) == 2


def test_a_block_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that never hash to nought are cut all the same, and come back whole."""
    monkeypatch.setattr(blocks, "GROUP", 25)
    monkeypatch.setattr("zlib.crc32", lambda name: 1)
    store, many = fresh("sqlite"), crowd(1_000)
    assert len(list(blocks_of(many))) == 2 * 1_000 / (25 * blocks.MOST)
    store.save(many, expected=0, at=NOON)
    assert store.load(READING) == many


def test_what_a_save_holds_does_not_grow_with_the_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks go to the database as they are made: no more than a batch exists at any time."""
    monkeypatch.setattr(blocks, "GROUP", 20)
    alive, most, sent = WeakSet[Block](), [0], list[int]()

    def watched(enterprise: Enterprise) -> Iterator[Block]:
        for block in blocks_of(enterprise):
            alive.add(block)
            most.append(len(alive))
            yield block

    def see(_: object, __: object, statement: str, given: object, *rest: object) -> None:
        if statement.startswith("INSERT INTO kompetanse_blocks") and isinstance(given, list):
            sent.append(len(given))

    monkeypatch.setattr("kompetanse_adapters.sql.store.blocks_of", watched)
    store = fresh("sqlite")
    event.listen(store._engine, "before_cursor_execute", see)
    store.save(crowd(3_000), expected=0, at=NOON)
    assert len(most) > 10 * rows.BATCH
    assert max(sent) == rows.BATCH
    assert max(most) <= rows.BATCH


@given(enterprises())
def test_blocks_are_the_same_for_the_same_enterprise(enterprise: Enterprise) -> None:
    """Same facts, same bytes, whatever order or dictionary they came in."""
    again = evolve(enterprise, assessments=reversed(tuple(enterprise.assessments)))
    assert list(blocks_of(again)) == list(blocks_of(enterprise))


def test_every_table_has_its_group() -> None:
    """A table that the model gains must get its group here, so that no person is overlooked."""
    tables = {name for name, part in attrs.asdict(Enterprise(), recurse=False).items()
              if isinstance(part, Table)}  # fmt: skip
    assert tables == set(GROUPS)
    assert {*PERSONAL, "requirements"} == tables


# --- versions ---------------------------------------------------------------------------------


@BOTH
def test_fault_f10_versions_count_by_arrival_not_by_the_clock(kind: str) -> None:
    """A clock set back a day, or a leap day, reorders nothing."""
    store = fresh(kind)
    clocks = [NOON, NOON - timedelta(days=1), datetime(2028, 2, 29, tzinfo=UTC)]
    for number, at in enumerate(clocks):
        store.save(Enterprise(name=Text(str(number))), expected=number, at=at)
    assert [(v.number, v.at) for v in store.history()] == [*zip((1, 2, 3), clocks, strict=True)]
    assert store.load(READING, as_known_at=NOON).name == Text("1")
    assert store.load(READING).name == Text("2")


@BOTH
def test_what_was_saved_is_there_after_a_restart(kind: str) -> None:
    """A store that is opened again goes on where it was: versions, deliveries, log."""
    address, outside = database_of(kind), witness()
    first = open_sql(address, outside)
    version = first.save(crowd(10), expected=0, at=NOON, event="delivery 1")
    first.load(READING)
    again = open_sql(address, outside)
    assert again.save(crowd(10), expected=0, at=NOON, event="delivery 1") == version
    assert again.load(READING) == crowd(10)
    assert again.accesses() == (READING, READING)
    assert again.verify() == ()


@BOTH
def test_a_delivery_id_may_be_any_text(kind: str) -> None:
    """Bad input 12: quotation marks, other alphabets and even NUL are ids like any other."""
    store = fresh(kind)
    ids = ("'; DROP TABLE kompetanse_versions; --", "Ærøskøbing 💾", "a\0b", "%s", "\ud800")
    for number, name in enumerate(ids):
        store.save(Enterprise(), expected=number, at=NOON, event=name)
    assert tuple(version.event for version in store.history()) == ids


def test_the_plugin_opens_it_by_name() -> None:
    """`plugins.store("sql", address)` opens it, with a witness beside the file."""
    address = database_of("sqlite")
    store = Plugins.installed().store("sql", address)
    assert store.history() == ()
    store.load(READING)
    assert Path(f"{address}.witness").is_dir()


# --- forgetting -------------------------------------------------------------------------------

SOMEBODY = EmployeeId("p000007")


@BOTH
def test_who_is_erased_is_in_no_row_of_any_version(kind: str) -> None:
    """No column and no packed block names the person any more, nor does an actor's seat."""
    seat = Actor(id=ActorId("leder"), kind=ActorKind.LEADER, employee=SOMEBODY)
    store = fresh(kind)
    store.save(evolve(crowd(20), actors=[seat]), expected=0, at=NOON)
    store.save(evolve(crowd(21), actors=[seat]), expected=1, at=NOON)
    store.erase(SOMEBODY, ERASING, expected=2)
    with store._engine.connect() as connection:
        kept = connection.execute(select(BLOCKS)).all()
    bounds = b" ".join(row.first + b" " + row.last for row in kept)
    opened = [blocks._payload(row.digest, row.packed) for row in kept]
    assert SOMEBODY.encode() not in b" ".join((bounds, *opened))
    assert store.load(READING, version=1) == without(evolve(crowd(20), actors=[seat]), SOMEBODY)


@pytest.mark.parametrize("people", [1, 5])
def test_nothing_of_who_is_erased_lingers_in_the_file(people: int) -> None:
    """The bytes of the old blocks are gone from the file and its journal, replaced or not."""
    address = database_of("sqlite")
    store = open_sql(address)
    store.save(crowd(people), expected=0, at=NOON)
    with store._engine.connect() as connection:
        old = connection.scalars(select(BLOCKS.c.packed)).all()
    files = [Path(f"{address}{end}") for end in ("", "-wal", "-shm")]
    kept = b"".join(each.read_bytes() for each in files if each.exists())
    assert [block for block in old if block not in kept] == []
    with closing(sqlite3.connect(address)) as other:  # somebody else keeps the journal open
        assert other.execute("SELECT number FROM kompetanse_versions").fetchall() == [(1,)]
        store.erase(EmployeeId("p000000"), ERASING, expected=1)
        left = b"".join(each.read_bytes() for each in files if each.exists())
    assert [block for block in old if block[12:] in left] == []
    assert b"p000000" not in left


def test_bad_input_90_a_restored_backup_is_erased_again() -> None:
    """Opening a backup from before the erasure erases once more, and the history says so."""
    address = database_of("sqlite")
    store = open_sql(address)
    store.save(crowd(20), expected=0, at=NOON)
    backup = Path(shutil.copy(address, f"{address}.backup"))
    store.erase(SOMEBODY, ERASING, expected=1)
    assert [v.change for v in open_sql(address).history()] == [Change.SAVED, Change.ERASED]

    shutil.copy(backup, address)
    restored = open_sql(address)
    assert restored.subject(SOMEBODY, ERASING) == ()
    assert restored.load(READING, version=1) == without(crowd(20), SOMEBODY)
    assert [v.change for v in restored.history()] == [Change.SAVED, Change.ERASED]
    assert open_sql(address).history() == restored.history()


def test_a_restored_server_is_erased_again() -> None:
    """The same on a server, where the rows are put back as they were."""
    address, outside = database_of("postgres"), witness()
    store = open_sql(address, outside)
    store.save(crowd(20), expected=0, at=NOON)
    backup = database_of("postgres")
    open_sql(backup, witness()).save(crowd(20), expected=0, at=NOON)
    store.erase(SOMEBODY, ERASING, expected=1)
    assert open_sql(backup, outside).load(READING) == without(crowd(20), SOMEBODY)


def test_a_tombstone_names_nobody_and_spares_who_comes_back() -> None:
    """It holds a salted digest; somebody who is engaged anew is not erased by an old tombstone."""
    address = database_of("sqlite")
    store = open_sql(address)
    store.save(crowd(20), expected=0, at=NOON)
    store.erase(SOMEBODY, ERASING, expected=1)
    store.save(crowd(20), expected=2, at=NOON)
    kept = b"".join(each.read_bytes() for each in Path(f"{address}.witness").iterdir())
    assert SOMEBODY.encode() not in kept
    assert open_sql(address).load(READING) == crowd(20)


@BOTH
def test_an_erasure_that_fails_leaves_no_tombstone(kind: str) -> None:
    """After a conflict nobody is erased, neither now nor at the next opening; the key stands."""
    address, outside = database_of(kind), witness()
    store = open_sql(address, outside)
    store.save(crowd(20), expected=0, at=NOON)
    store.subject(SOMEBODY, READING)
    with pytest.raises(VersionConflict):
        store.erase(SOMEBODY, ERASING, expected=0)
    assert store._witness.tombstones() == ()
    assert store.accesses(employee=SOMEBODY) == store.accesses() != ()
    assert open_sql(address, outside).load(READING) == crowd(20)


@BOTH
def test_an_erasure_that_cannot_be_logged_puts_the_key_back(kind: str) -> None:
    """The key has gone by then: the readings before are told to the person as they were."""
    store = fresh(kind)
    store.save(crowd(20), expected=0, at=NOON)
    store.subject(SOMEBODY, READING)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kompetanse_adapters.sql.store.rows.add_access", None)
        with pytest.raises(TypeError):
            store.erase(SOMEBODY, ERASING, expected=1)
    assert store._witness.tombstones() == ()
    assert store.accesses(employee=SOMEBODY) == store.accesses() != ()
    assert store.load(READING) == crowd(20)


DEAD = 9


def dies(at: str, doing: Callable[[], object]) -> None:
    """Let a process of its own do something, and end without a word where a function is called."""
    child = os.fork()
    if child == 0:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(at, lambda *_, **__: os._exit(DEAD))
            try:
                doing()
            finally:
                os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == DEAD


STORE, WITNESS = "kompetanse_adapters.sql.store", "kompetanse_adapters.sql.witness.Witness"
MOMENTS = {
    "the tombstone is set": f"{STORE}.begin_writing",
    "the person is out, the key is not": f"{WITNESS}.forget",
    "the key is out, nothing is logged": f"{STORE}.rows.add_access",
    "all is written": f"{WITNESS}.anchored",
}


@BOTH
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_erasure_cut_off_is_completed_at_the_next_opening(kind: str, moment: str) -> None:
    """Wherever the program dies, the person and the key are gone from then on, once."""
    address, outside = database_of(kind), witness()
    store = open_sql(address, outside)
    store.save(crowd(20), expected=0, at=NOON)
    store.subject(SOMEBODY, READING)
    assert set(store._witness.keys()) == {SOMEBODY}
    dies(MOMENTS[moment], lambda: store.erase(SOMEBODY, ERASING, expected=1))
    again = open_sql(address, outside)
    assert again._witness.keys() == {}
    assert again.accesses(employee=SOMEBODY) == ()
    assert again.load(READING) == without(crowd(20), SOMEBODY)
    assert [v.change for v in open_sql(address, outside).history()] == [Change.SAVED, Change.ERASED]


@BOTH
def test_no_reading_makes_a_key_for_who_is_being_erased(kind: str) -> None:
    """Somebody reads between the tombstone and the erasing: that key goes too, once and for all."""
    address, outside = database_of(kind), witness()
    store = open_sql(address, outside)
    store.save(crowd(20), expected=0, at=NOON)
    waiting, begin = [store], address_module.begin_writing

    def meanwhile(connection: Connection) -> None:
        if waiting:
            assert len(waiting.pop().subject(SOMEBODY, READING)) == 1
            assert set(store._witness.keys()) == {SOMEBODY}
        begin(connection)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(f"{STORE}.begin_writing", meanwhile)
        dies(f"{STORE}.clean", lambda: store.erase(SOMEBODY, ERASING, expected=1))
    assert store._witness.keys() == {}
    assert store.subject(SOMEBODY, READING) == ()
    assert store._witness.keys() == {}
    assert [bool(each.subject) for each in store.accesses()] == [True, False, False]


def test_one_person_is_told_their_own_without_opening_everybody() -> None:
    """Subject access reads the blocks that may name the person, of every version."""
    store = fresh("sqlite")
    store.save(crowd(12_000), expected=0, at=NOON)
    store.save(without(crowd(12_000), SOMEBODY), expected=1, at=NOON)
    store.save(crowd(12_000, [assessed(SOMEBODY, 5)]), expected=2, at=NOON)
    with store._engine.connect() as connection:
        read = connection.execute(select(BLOCKS.c.id).where(rows.about_whom(SOMEBODY))).all()
    assert len(read) < stored(store)
    later = crowd(12_000, [assessed(SOMEBODY, 5)])
    assert store.subject(SOMEBODY, ERASING) == (
        about(crowd(12_000), SOMEBODY),
        about(later, SOMEBODY),
    )


# --- the log of accesses ----------------------------------------------------------------------


def logged(kind: str) -> SqlStore:
    """A store that has been read five times."""
    store = fresh(kind)
    for _ in range(5):
        store.load(READING)
    return store


def by_hand(store: SqlStore, *changes: str) -> None:
    """Change the database behind the store's back."""
    with store._engine.begin() as connection:
        for change in changes:
            connection.execute(text(change))


EDITED = "UPDATE kompetanse_accesses SET entry = replace(entry, 'a1', 'a2') WHERE number = 3"
MIDDLE = "DELETE FROM kompetanse_accesses WHERE number = 3"
TAIL = "DELETE FROM kompetanse_accesses WHERE number > 3"
ALL = "DELETE FROM kompetanse_accesses"


@BOTH
@pytest.mark.parametrize(
    ("change", "row"), [(EDITED, 3), (MIDDLE, 3), (TAIL, 4), (ALL, 1)], ids=str
)
def test_fault_f25_a_changed_log_is_found_out(kind: str, change: str, row: int) -> None:
    """An entry edited, the middle removed, the tail cut: each is told with its place."""
    store = logged(kind)
    assert store.verify() == ()
    by_hand(store, change)
    (found,) = store.verify()
    assert (found.code, found.place.row) == ("E805", row)


@BOTH
def test_fault_f25_a_tail_that_has_grown_again_is_found_out(kind: str) -> None:
    """Cutting the tail and reading on does not make the witness forget where the log was."""
    store = logged(kind)
    by_hand(store, TAIL)
    for _ in range(4):
        store.load(evolve(READING, actor=ActorId("a9")))
    (found,) = store.verify()
    assert found.code == "E805"


def test_fault_f25_a_log_written_anew_is_found_out() -> None:
    """A whole log with links that fit one another is not the one that the witness saw."""
    store = logged("sqlite")
    by_hand(store, ALL)
    other = SqlStore(store._engine, fresh("sqlite")._witness)
    for _ in range(6):
        other.load(evolve(READING, actor=ActorId("a9")))
    assert other.verify() == ()
    (found,) = store.verify()
    assert found.code == "E805"


def test_what_cannot_be_logged_is_not_told() -> None:
    """A reading that leaves no trace does not happen."""
    store = fresh("sqlite")
    store.save(crowd(3), expected=0, at=NOON)
    by_hand(store, "CREATE TRIGGER no_log BEFORE INSERT ON kompetanse_accesses "
            "BEGIN SELECT RAISE(ABORT, 'no'); END")  # fmt: skip
    with pytest.raises(StoreUnavailable):
        store.load(READING)
    with pytest.raises(StoreUnavailable):
        store.subject(SOMEBODY, ERASING)
