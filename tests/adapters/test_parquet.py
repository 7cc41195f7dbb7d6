"""Is the store in Parquet files exact, whole at any moment, and readable in place?"""

import errno
import json
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from attrs import evolve
from tests.adapters.test_sql import ERASING, READING, assessed, crowd
from tests.servers import witness

from kompetanse_adapters.parquet import MANIFEST, ParquetStore, open_parquet
from kompetanse_core import (
    Employee,
    EmployeeId,
    Engagement,
    Enterprise,
    Plugins,
    RoleId,
    StoreUnavailable,
    Text,
    UnitId,
)
from kompetanse_core.conformance import store_contract
from kompetanse_core.hooks import without

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
SOMEBODY = EmployeeId("p000002")

TestParquet = store_contract(lambda: open_parquet(witness()))


def in_units() -> Enterprise:
    """Six people: two in each of two units, one in both, one in none."""
    places = {"p1": ["u1"], "p2": ["u2"], "p3": ["u1"], "p4": ["u2"], "p5": ["u2", "u1"], "p6": []}
    return Enterprise(
        employees=[Employee(id=EmployeeId(name)) for name in places],
        engagements=[
            Engagement(employee=EmployeeId(name), unit=UnitId(unit), role=RoleId("r1"), share=5000)
            for name, units in places.items()
            for unit in units
        ],
        assessments=[assessed(name, level) for name in places for level in (1, 2)],
    )


def files(store: ParquetStore, shape: str = "*-*") -> list[Path]:
    """The files of a store."""
    return sorted(store.folder.glob(shape))


def test_rows_lie_in_groups_by_unit_and_are_read_in_place() -> None:
    """An engine that asks for one unit opens one group; who is in two lies in the first."""
    store = open_parquet(witness())
    store.save(in_units(), expected=0, at=NOON)
    (path,) = files(store, "assessments-*.parquet")
    file = pq.ParquetFile(path)
    groups = [file.read_row_group(n).to_pylist() for n in range(file.num_row_groups)]
    told = [
        ({row["unit_of_employee"] for row in g}, {row["employee"] for row in g}) for g in groups
    ]
    assert told == [({None}, {"p6"}), ({"u1"}, {"p1", "p3", "p5"}), ({"u2"}, {"p2", "p4"})]
    one = pq.read_table(path, filters=[("unit_of_employee", "==", "u1")])
    assert set(one.column("employee").to_pylist()) == {"p1", "p3", "p5"}
    assert store.load(READING) == in_units()


def test_versions_share_the_files_that_did_not_change() -> None:
    """Another name for the enterprise: one file more."""
    store = open_parquet(witness())
    store.save(in_units(), expected=0, at=NOON)
    before = files(store)
    store.save(evolve(in_units(), name=Text("new")), expected=1, at=NOON)
    assert len(files(store)) == len(before) + 1


def test_nothing_of_who_is_erased_lingers_in_the_folder() -> None:
    """The files that named the person are gone, and no new one does."""
    store = open_parquet(witness())
    store.save(crowd(5), expected=0, at=NOON)
    before = files(store)
    store.erase(SOMEBODY, ERASING, expected=1)
    assert [path for path in before if path.exists() and path.suffix == ".parquet"] == []
    tables = [pq.read_table(path).to_pylist() for path in files(store, "*.parquet")]
    rest = [path.read_text("utf-8") for path in files(store, "*.json*")]
    assert "p000001" in repr(tables)
    assert SOMEBODY not in repr((tables, rest))
    assert store.load(READING, version=1) == without(crowd(5), SOMEBODY)


def test_what_a_crash_left_is_no_version_and_goes_away() -> None:
    """Files without a manifest that names them, and one that was half written."""
    store = open_parquet(witness())
    store.save(crowd(5), expected=0, at=NOON)
    store._written(crowd(6))
    (store.folder / ".employees-x.parquet.new").write_bytes(b"half")
    (store.folder / "accesses.jsonl").write_bytes(b'{"half')
    again = open_parquet(store.folder)
    assert again.load(READING) == crowd(5)
    assert len(files(again)) == 3
    assert files(again, ".*.new") == []
    assert again.accesses() == (READING,)


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "E801"), (errno.EACCES, "E802")])
def test_fault_f3_a_full_or_closed_disk_leaves_what_was_there(
    number: int, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error has its code, the old version is readable, and all is well when there is room."""
    store = open_parquet(witness())
    store.save(crowd(5), expected=0, at=NOON)

    def refuse(file: int) -> None:
        raise OSError(number, "no")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", refuse)
        with pytest.raises(StoreUnavailable) as full:
            store.save(crowd(6), expected=1, at=NOON)
    assert full.value.code == code
    assert store.load(READING) == crowd(5)
    store.save(crowd(6), expected=1, at=NOON)
    assert store.load(READING) == crowd(6)


class Crash(BaseException):
    """The plug is pulled."""


def pulled_at(number: int, doing: Callable[[], object]) -> None:
    """Do something, and pull the plug at that flush, if there are so many."""
    left, flush = [number], os.fsync

    def pulled(file: int) -> None:
        if not left[0]:
            raise Crash
        left[0] -= 1
        flush(file)

    with pytest.MonkeyPatch.context() as patched, suppress(Crash):
        patched.setattr(os, "fsync", pulled)
        doing()


def test_fault_f1_crashed_at_any_flush_the_old_or_the_new_is_there() -> None:
    """The plug is pulled at the first flush, the second and so on: never anything by half."""
    seen = []
    for number in range(20):
        store = open_parquet(witness())
        store.save(crowd(5), expected=0, at=NOON)
        pulled_at(number, partial(store.save, crowd(6), expected=1, at=NOON))
        again = open_parquet(store.folder)
        seen.append(len(again.history()))
        assert again.load(READING) == crowd(4 + seen[-1])
        assert again.save(crowd(7), expected=seen[-1], at=NOON).number == seen[-1] + 1
    assert (seen[0], seen[-1]) == (1, 2)
    assert seen == sorted(seen)


def test_crashed_at_any_flush_of_an_erasing_the_key_goes_with_the_person() -> None:
    """Both are there or both are gone, whenever the plug is pulled; at last they are gone."""
    seen = []
    for number in range(20):
        store = open_parquet(witness())
        store.save(crowd(5), expected=0, at=NOON)
        store.subject(SOMEBODY, READING)
        pulled_at(number, partial(store.erase, SOMEBODY, ERASING, expected=1))
        again = open_parquet(store.folder)
        rest = "".join(path.read_text("utf-8") for path in files(again, "*.json*"))
        held = SOMEBODY in again.load(READING, version=1).employees.words_of("id")
        assert (SOMEBODY in rest) == bool(again.accesses(employee=SOMEBODY)) == held
        seen.append(held)
    assert (seen[0], seen[-1]) == (True, False)
    assert seen == sorted(seen, reverse=True)


def test_crashed_at_any_flush_of_a_reading_no_mark_is_without_its_key() -> None:
    """The key is on the disk before the log says so: every mark is told to the person."""
    seen = []
    for number in range(8):
        store = open_parquet(witness())
        store.save(crowd(5), expected=0, at=NOON)
        pulled_at(number, partial(store.subject, SOMEBODY, READING))
        again = open_parquet(store.folder)
        marked = [each for each in again.accesses() if each.subject]
        assert list(again.accesses(employee=SOMEBODY)) == marked
        seen.append(len(marked))
    assert (seen[0], seen[-1]) == (0, 1)


def test_who_is_not_held_gets_no_key() -> None:
    """Asking about somebody of whom nothing is held writes no name into the folder."""
    store = open_parquet(witness())
    store.save(crowd(5), expected=0, at=NOON)
    assert store.subject(EmployeeId("q000009"), READING) == ()
    assert "q000009" not in "".join(p.read_text("utf-8") for p in files(store, "*.json*"))


def test_bad_input_83_a_column_of_a_special_category_is_refused() -> None:
    """E552: somebody who writes such a column into the folder, seal and all, is found out."""
    store = open_parquet(witness())
    store.save(crowd(5), expected=0, at=NOON)
    (path,) = files(store, "employees-*")
    table, other = pq.read_table(path), BytesIO()
    pq.write_table(table.append_column("fagforening", pa.array(["x"] * len(table))), other)
    name = f"employees-{sha256(other.getvalue()).hexdigest()}.parquet"
    (store.folder / name).write_bytes(other.getvalue())
    manifest = store.folder / MANIFEST
    manifest.write_text(manifest.read_text("utf-8").replace(path.name, name), "utf-8")
    with pytest.raises(StoreUnavailable) as refused:
        store.load(READING)
    assert refused.value.code == "E552"
    assert "fagforening" not in str(refused.value)


def test_who_reads_the_manifest_meanwhile_sees_it_whole() -> None:
    """It is replaced, not written over: who has opened it reads on in the version it opened."""
    store = open_parquet(witness())
    store.save(crowd(5), expected=0, at=NOON)
    with (store.folder / MANIFEST).open("rb") as opened:
        whole = (store.folder / MANIFEST).read_bytes()
        store.save(crowd(6), expected=1, at=NOON)
        assert opened.read() == whole


def flipped(path: Path) -> None:
    """Change one bit in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_file_changed_by_hand_is_refused() -> None:
    """Cut off, altered or removed: E804, never something else than was written."""
    for change in (
        lambda path: path.write_bytes(path.read_bytes()[:-5]),
        flipped,
        lambda path: path.unlink(),
    ):
        store = open_parquet(witness())
        store.save(crowd(5), expected=0, at=NOON)
        change(files(store, "employees-*")[0])
        with pytest.raises(StoreUnavailable) as refused:
            store.load(READING)
        assert refused.value.code == "E804"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", json.dumps({"schema": 2, "versions": []}), "a letter"]
)
def test_another_manifest_is_refused(text: str) -> None:
    """A newer schema, another program's file, a file that was emptied."""
    folder = witness()
    open_parquet(folder).save(crowd(5), expected=0, at=NOON)
    (folder / MANIFEST).write_text(text)
    with pytest.raises(StoreUnavailable) as refused:
        open_parquet(folder)
    assert refused.value.code == "E804"


def test_fault_f4_a_folder_that_cannot_be_made_is_told() -> None:
    """E802 before any work starts; a new folder is for its owner only."""
    with pytest.raises(StoreUnavailable) as refused:
        open_parquet(witness() / "deeper")
    assert refused.value.code == "E802"
    assert stat.S_IMODE(open_parquet(witness()).folder.stat().st_mode) == 0o700


def test_the_plugin_opens_it_by_name() -> None:
    """`plugins.store("parquet", folder)` opens it."""
    assert Plugins.installed().store("parquet", str(witness())).history() == ()
