"""What does a store do with an address, a schema or a file that is not as it should be?"""

import os
import sqlite3
import stat
import types
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select, text
from tests.adapters.test_sql import BOTH, NOON, READING, crowd
from tests.servers import database_of, witness

from kompetanse_adapters.sql import address, open_sql, schema
from kompetanse_adapters.sql.address import (
    PASSWORD,
    address_of,
    begin_writing,
    engine_of,
    secret_of,
)
from kompetanse_adapters.sql.chain import Link, entry_of
from kompetanse_adapters.sql.rows import link_at
from kompetanse_adapters.sql.tables import ACCESSES, TABLES
from kompetanse_core import Enterprise, KompetanseError, Misuse, StoreUnavailable, Text

SECRET = "sommer2027"


def kept(kind: str) -> str:
    """The address of a store with one version and one access."""
    where = database_of(kind)
    store = open_sql(where, Path(f"{where}.witness") if kind == "sqlite" else witness())
    store.save(crowd(10), expected=0, at=NOON)
    store.load(READING)
    return where


# --- addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "where",
    [
        f"postgresql://kari:{SECRET}@host/base",
        f"postgresql://host/base?password={SECRET}",
        f"postgresql://host/base?sslpassword={SECRET}",
        f"postgresql+psycopg://kari:{SECRET}@/base",
    ],
)
def test_a_password_in_the_address_is_refused(where: str) -> None:
    """Bad input 63: a secret on the command line is refused, unechoed, and the other way named."""
    with pytest.raises(Misuse) as refused:
        open_sql(where, witness())
    assert refused.value.code == "E806"
    assert PASSWORD in refused.value.hint
    assert "keyring" in refused.value.hint
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "where", ["mysql://host/base", "sqlite://", "sqlite:///:memory:", "://", "oracle://x"]
)
def test_an_address_that_leads_nowhere_is_refused(where: str) -> None:
    """Another kind of database, one in memory, or no address at all."""
    with pytest.raises(Misuse) as refused:
        open_sql(where, witness())
    assert refused.value.code == "E802"


def test_a_path_and_a_url_are_the_same_file() -> None:
    """A plain path is a SQLite file, blanks and signs included."""
    where = f"{database_of('sqlite')} 50%&.db"
    open_sql(where).save(Enterprise(name=Text("here")), expected=0, at=NOON)
    url = address_of(where)
    assert Path(where).is_file()
    assert open_sql(url.render_as_string()).load(READING).name == Text("here")


def test_a_password_comes_from_the_environment_or_the_keyring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The environment goes before the keyring; the address is what the keyring is asked for."""
    url = address_of("postgresql://kari@host/base")
    monkeypatch.delenv(PASSWORD, raising=False)
    asked_for: list[tuple[str, str]] = []

    def get_password(service: str, name: str) -> str:
        asked_for.append((service, name))
        return SECRET

    monkeypatch.setattr(address, "find_spec", lambda name: None)
    assert secret_of(url) is None
    ring = types.SimpleNamespace(get_password=get_password)
    monkeypatch.setattr(address, "find_spec", lambda name: object())
    monkeypatch.setattr(address, "import_module", lambda name: ring)
    assert secret_of(url) == SECRET
    assert asked_for == [("kompetanse", "postgresql+psycopg://kari@host/base")]
    assert engine_of(url).url.password == SECRET
    assert SECRET not in repr(engine_of(url))
    monkeypatch.setenv(PASSWORD, "winter")
    assert secret_of(url) == "winter"


def test_a_server_asks_for_a_witness(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing lies beside a server; the environment or the caller says where the witness is."""
    monkeypatch.delenv("KOMPETANSE_WITNESS", raising=False)
    with pytest.raises(Misuse) as refused:
        open_sql(database_of("postgres"))
    assert refused.value.code == "E214"
    folder = witness()
    monkeypatch.setenv("KOMPETANSE_WITNESS", str(folder))
    open_sql(database_of("postgres")).load(READING)
    assert (folder / "anchor.json").is_file()


def test_a_new_file_is_for_its_owner_only() -> None:
    """Nobody else on the machine may read the database or the witness."""
    where = kept("sqlite")
    for path in (Path(where), Path(f"{where}.witness")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_parameters_are_hidden_in_what_the_driver_tells() -> None:
    """The cause of an error shows no value, not even in a traceback."""
    store = open_sql(database_of("sqlite"))
    with store._engine.begin() as connection:
        connection.execute(text("DROP TABLE kompetanse_accesses"))
    with pytest.raises(StoreUnavailable) as failed:
        store.load(READING)
    assert "SECRET" not in str(failed.value.__cause__)
    assert store._engine.hide_parameters


# --- what is there already --------------------------------------------------------------------


def refused(where: str, outside: Path | None = None) -> KompetanseError:
    """The error that opening gives."""
    with pytest.raises(StoreUnavailable) as error:
        open_sql(where, outside)
    return error.value


@BOTH
def test_a_newer_schema_is_refused(kind: str) -> None:
    """A database of a version that is not known here is left alone."""
    where = kept(kind)
    with engine_of(address_of(where)).begin() as connection:
        connection.execute(text("UPDATE kompetanse_schema SET version_num = 'from_2031'"))
    error = refused(where, witness())
    assert (error.code, "newer" in str(error)) == ("E804", True)


@BOTH
def test_another_programs_database_is_refused(kind: str) -> None:
    """A database with tables that are not ours is left as it was."""
    where = database_of(kind)
    with engine_of(address_of(where)).begin() as connection:
        connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
    error = refused(where, witness())
    assert (error.code, "another program" in str(error)) == ("E804", True)
    with engine_of(address_of(where)).connect() as connection:
        assert inspect(connection).get_table_names() == ["invoices"]


def test_a_file_that_is_no_database_is_refused() -> None:
    """Whatever it is, it is not overwritten."""
    where = Path(database_of("sqlite"))
    where.write_text("a letter, not a database\n" * 100)
    assert refused(str(where)).code == "E804"
    assert where.read_text().startswith("a letter")


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_a_truncated_file_is_refused(share: float) -> None:
    """A file that lost its end is told as such, at the opening or the first reading."""
    where = database_of("sqlite")
    store = open_sql(where)
    store.save(crowd(3_000), expected=0, at=NOON)
    os.truncate(where, int(Path(where).stat().st_size * share) & ~511)
    with pytest.raises(StoreUnavailable) as error:
        open_sql(where).load(READING)
    assert error.value.code == "E804"


def test_a_store_that_was_emptied_is_not_taken_for_a_new_one() -> None:
    """A witness that has seen a log does not belong to an empty file."""
    where = kept("sqlite")
    os.truncate(where, 0)
    error = refused(where)
    assert (error.code, "backup" in error.hint) == ("E804", True)


def test_a_broken_foreign_key_is_refused() -> None:
    """A block of a version that is not there: the database was changed by hand."""
    where = kept("sqlite")
    with sqlite3.connect(where) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM kompetanse_versions")
    connection.close()
    error = refused(where)
    assert (error.code, "by hand" in str(error)) == ("E804", True)


@BOTH
def test_a_damaged_block_is_told_and_never_read_as_something_else(kind: str) -> None:
    """One bit that has changed is found out by the digest or by the unpacking."""
    where = kept(kind)
    store = open_sql(where, witness())
    with store._engine.begin() as connection:
        packed = bytes(connection.scalar(text("SELECT packed FROM kompetanse_blocks LIMIT 1")))
        for place in (0, len(packed) // 2, len(packed) - 1):
            bad = packed[:place] + bytes([packed[place] ^ 1]) + packed[place + 1 :]
            change = text("UPDATE kompetanse_blocks SET packed = :bad WHERE packed = :good")
            connection.execute(change, {"bad": bad, "good": packed})
            packed = bad
    with pytest.raises(StoreUnavailable) as error:
        store.load(READING)
    assert error.value.code == "E804"


@BOTH
def test_a_block_in_the_place_of_another_is_told(kind: str) -> None:
    """A whole block that belongs elsewhere unpacks well, but is not what was sealed here."""
    store = open_sql(kept(kind), witness())
    with store._engine.begin() as connection:
        other = "(SELECT packed FROM kompetanse_blocks WHERE part = 'employees')"
        change = f"UPDATE kompetanse_blocks SET packed = {other} WHERE part = 'assessments'"
        connection.execute(text(change))
    with pytest.raises(StoreUnavailable) as error:
        store.load(READING)
    assert error.value.code == "E804"


def test_fault_f4_a_folder_that_is_not_there_is_told_before_work_starts() -> None:
    """E802, with nothing made on the way."""
    where = Path(database_of("sqlite")) / "gone" / "store.db"
    assert refused(str(where)).code == "E802"
    assert not where.parent.exists()


def test_a_server_that_is_not_there_is_told() -> None:
    """E802, and no word of the driver's in the text."""
    error = refused("postgresql:///base?host=/nowhere", witness())
    assert error.code == "E802"
    assert "nowhere" not in str(error)


# --- migrations -------------------------------------------------------------------------------


@BOTH
def test_the_steps_lead_to_the_tables_as_they_are_written(kind: str) -> None:
    """Founding a store step by step gives exactly the newest schema."""
    where = database_of(kind)
    open_sql(where, witness())
    with engine_of(address_of(where)).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": schema.SCHEMA, "compare_type": True}
        )
        assert compare_metadata(context, TABLES) == []


@BOTH
def test_each_step_can_be_taken_back_and_forth_with_data_in_it(kind: str) -> None:
    """Down to the first schema and up again: versions, blocks, accesses and links are the same."""
    where, outside = database_of(kind), witness()
    store = open_sql(where, outside)
    store.save(crowd(10), expected=0, at=NOON, event="delivery 1")
    for _ in range(3):
        store.load(READING)
    before = store.history(), store.accesses()
    with store._engine.begin() as connection:
        begin_writing(connection)
        schema.lower(connection, "founded")
        assert "link" not in {c["name"] for c in inspect(connection).get_columns(ACCESSES.name)}
    lifted = open_sql(where, outside)
    assert (lifted.history(), lifted.accesses()) == before
    assert lifted.verify() == ()
    assert lifted.load(READING) == crowd(10)


@BOTH
def test_a_log_of_the_first_schema_is_sealed_when_it_is_lifted(kind: str) -> None:
    """More entries than are sealed at a time; the end is the link that the store goes on from."""
    where, outside = database_of(kind), witness()
    engine = engine_of(address_of(where))
    entries = [{"number": number, "entry": entry_of(READING)} for number in range(1, 2_502)]
    with engine.begin() as connection:
        begin_writing(connection)
        schema.lift(connection, "founded")
        statement = "INSERT INTO kompetanse_accesses (number, entry) VALUES (:number, :entry)"
        connection.execute(text(statement), entries)
    store = open_sql(where, outside)
    with engine.connect() as connection:
        assert link_at(connection, None).number == 2_501
        assert link_at(connection, 1) != Link()
    store.load(READING)
    assert store.verify() == ()
    assert len(store.accesses()) == 2_502


@BOTH
def test_all_steps_back_leave_nothing(kind: str) -> None:
    """Down to the ground: only the empty table of the schema's version is left."""
    store = open_sql(database_of(kind), witness())
    with store._engine.begin() as connection:
        begin_writing(connection)
        schema.lower(connection)
        assert inspect(connection).get_table_names() == [schema.SCHEMA]


@BOTH
def test_fault_f2_a_step_that_is_interrupted_leaves_the_old_schema(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever stops the last step, all steps are undone, and the next opening completes them."""
    where, outside = database_of(kind), witness()
    engine = engine_of(address_of(where))
    with engine.begin() as connection:
        begin_writing(connection)
        schema.lift(connection, "founded")
        connection.execute(
            text("INSERT INTO kompetanse_accesses (number, entry) VALUES (1, :entry)"),
            {"entry": entry_of(READING)},
        )
    with monkeypatch.context() as patched:
        chained = schema._steps().get_revision("chained")
        assert chained is not None

        def interrupted(before: str, entry: str) -> str:
            raise KeyboardInterrupt

        patched.setattr(chained.module, "digest_after", interrupted)
        with pytest.raises(KeyboardInterrupt):
            open_sql(where, outside)
    with engine.connect() as connection:
        assert schema._context(connection).get_current_revision() == "founded"
        assert "link" not in {c["name"] for c in inspect(connection).get_columns(ACCESSES.name)}
        assert len(connection.execute(select(ACCESSES.c.entry)).all()) == 1
    assert open_sql(where, outside).verify() == ()


def test_the_wheel_carries_the_steps() -> None:
    """Each step is a module that lies beside the adapter."""
    folder = Path(schema.__file__).parent / "migrations" / "versions"
    assert {path.stem for path in folder.glob("*.py")} == {"__init__", "founded", "chained"}
