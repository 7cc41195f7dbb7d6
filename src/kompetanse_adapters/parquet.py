"""Where do other engines read an enterprise in place? ParquetStore: every version in one folder.

Each table is a Parquet file with its rows in groups by unit, all else is one JSON file. A file is
named after its content, so that versions share what did not change; `store.json` says which files
make which version, and holds the keys that mark people in the log of accesses. It is replaced
whole, at once: a new version is there entirely or not at all, and who is erased has no key.
Needs the extra `parquet`.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from types import MappingProxyType
from typing import Any

import attrs
import numpy as np
from attrs import evolve, field, frozen

from kompetanse_core import Table, is_special_category
from kompetanse_core.hooks import (
    Access,
    Change,
    EmployeeId,
    Enterprise,
    Misuse,
    Place,
    StoreMaker,
    StoreUnavailable,
    Version,
    VersionConflict,
    about,
    as_json,
    from_json,
    from_plain,
    hookimpl,
    plain,
    subject_of,
    without,
)

SCHEMA = 1
MANIFEST = "store.json"
ACCESSES = "accesses.jsonl"
UNIT = "unit_of_employee"
"""The column that is added to facts about people: where they are first engaged, if anywhere."""
OWNERS: Mapping[str, str] = MappingProxyType(
    {
        "employees": "id",
        "engagements": "employee",
        "evidence": "employee",
        "assessments": "employee",
        "wishes": "employee",
    }
)
"""The column of each table that says about whom a row is."""
FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
LARGEST = 1 << 20
"""So many rows make a group where a unit has more."""


def _sealed(files: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(dict(files))


@frozen(kw_only=True)
class Kept:
    """Say which files make one version: the rest under "", each table under its name."""

    version: Version
    files: Mapping[str, str] = field(converter=_sealed)


@frozen
class ParquetStore:
    """Keep every version of an enterprise in a folder that engines read in place."""

    folder: Path

    def save(
        self, enterprise: Enterprise, *, expected: int, at: datetime, event: str = ""
    ) -> Version:
        """Keep an enterprise as the next version; files that are there already are shared.

        Raises:
            VersionConflict: if the store is at another version than expected.
            StoreUnavailable: E801 or E802; what the store held is as before.
        """
        with self._alone():
            kept = self._kept()
            before = [each.version for each in kept if event and each.version.event == event]
            if before:
                return before[0]
            _expect(kept, expected)
            version = Version(number=expected + 1, at=at, event=event)
            new = Kept(version=version, files=self._written(enterprise))
            self._publish((*kept, new), self._keys())
        return version

    def load(
        self, access: Access, *, version: int | None = None, as_known_at: datetime | None = None
    ) -> Enterprise:
        """Give the newest version, up to the one of a number and to those made by an instant.

        Raises:
            Misuse: E503, if there is no version of that number.
            StoreUnavailable: E802, if it cannot be read; E804, if it is damaged.
        """
        with self._alone():
            kept = self._kept()
            number = _number(kept, version, as_known_at)
            enterprise = self._read(kept[number - 1]) if number else Enterprise()
            self._log(evolve(access, subject=""))
        return enterprise

    def subject(self, employee: EmployeeId, access: Access) -> tuple[Enterprise, ...]:
        """Give everything that is held about one person, version by version that names them."""
        with self._alone():
            found = tuple(self._read(each) for each in self._kept())
            told = tuple(about(each, employee) for each in found if _names(each, employee))
            key = self._key_of(employee) if told else ""
            self._log(evolve(access, subject=subject_of(employee, key)))
        return told

    def erase(self, employee: EmployeeId, access: Access, *, expected: int) -> Version:
        """Remove a person from every version, say so in a new one, and delete the old files.

        Raises:
            VersionConflict: if the store is at another version than expected.
            StoreUnavailable: E801 or E802; what the store held is as before.
        """
        with self._alone():
            kept = self._kept()
            _expect(kept, expected)
            left = [evolve(each, files=self._without(each, employee)) for each in kept]
            files = left[-1].files if left else self._written(Enterprise())
            version = Version(number=expected + 1, at=access.at, change=Change.ERASED)
            keys = {name: key for name, key in self._keys().items() if name != employee}
            self._publish((*left, Kept(version=version, files=files)), keys)
            self._log(evolve(access, subject=""))
        return version

    def history(self) -> tuple[Version, ...]:
        """Give every version in the order of their numbers."""
        with self._alone():
            return tuple(each.version for each in self._kept())

    def accesses(self, *, employee: EmployeeId | None = None) -> tuple[Access, ...]:
        """Give every reading and erasing of personal data, or those about one person.

        A line that was cut off is none.
        """
        with self._alone():
            path = self.folder / ACCESSES
            lines = path.read_text("ascii").split("\n")[:-1] if path.exists() else []
            log = tuple(from_plain(Access, json.loads(line)) for line in lines)
            if employee is None:
                return log
            mark = subject_of(employee, self._keys().get(employee, ""))
        return tuple(each for each in log if mark and each.subject == mark)

    def tidy(self) -> None:
        """Remove what a crash left behind."""
        with self._alone():
            self._tidy(self._kept())

    # --- files --------------------------------------------------------------------------------

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the only one at work in the folder, and tell what the disk refuses."""
        try:
            with (self.folder / "lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            full = error.errno in FULL
            text = "the folder has no more room" if full else "the folder cannot be read or written"
            raise StoreUnavailable("E801" if full else "E802", text) from error

    def _kept(self) -> tuple[Kept, ...]:
        """Give every version and its files.

        Raises:
            StoreUnavailable: E804, if the manifest is not one of ours.
        """
        path = self.folder / MANIFEST
        if not path.exists():
            return ()
        try:
            told = json.loads(path.read_bytes())
            if told["schema"] == SCHEMA:
                return tuple(
                    Kept(version=from_plain(Version, each["version"]), files=each["files"])
                    for each in told["versions"]
                )
        except (ValueError, KeyError, TypeError) as error:
            raise StoreUnavailable("E804", "the folder is no store, or is damaged") from error
        raise StoreUnavailable("E804", "the folder was written by a newer kompetanse")

    def _keys(self) -> Mapping[str, str]:
        """Give the key of each person who is marked in the log; an older store has none."""
        path = self.folder / MANIFEST
        told = json.loads(path.read_bytes()) if path.exists() else {}
        return dict(told.get("keys", {}))

    def _key_of(self, employee: EmployeeId) -> str:
        """Give a person's key, which is made at the first asking."""
        keys = self._keys()
        if employee not in keys:
            keys = {**keys, employee: token_hex()}
            self._publish(self._kept(), keys)
        return keys[employee]

    def _publish(self, kept: tuple[Kept, ...], keys: Mapping[str, str]) -> None:
        """Put the new manifest in the place of the old; then remove what nobody needs any more."""
        versions = [{"version": plain(k.version), "files": dict(k.files)} for k in kept]
        text = json.dumps({"schema": SCHEMA, "versions": versions, "keys": dict(keys)}, indent=1)
        self._put(MANIFEST, text.encode())
        self._tidy(kept)

    def _tidy(self, kept: tuple[Kept, ...]) -> None:
        """Remove the files that no version needs: of who was erased, or left by a crash."""
        needed = {name for each in kept for name in each.files.values()}
        ours = ("*-*.parquet", "enterprise-*.json", ".*.new")
        for path in [path for shape in ours for path in self.folder.glob(shape)]:
            if path.name not in needed:
                path.unlink()

    def _put(self, name: str, content: bytes) -> None:
        """Write a whole file, safe on the disk before it gets its name."""
        fresh = self.folder / f".{name}.new"
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / name)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _log(self, access: Access) -> None:
        """Write an access at the end of the log, after whatever whole line stands there."""
        with (self.folder / ACCESSES).open("ab+") as log:
            log.seek(0)
            log.truncate(log.read().rfind(b"\n") + 1)
            log.write(json.dumps(plain(access)).encode() + b"\n")
            log.flush()
            os.fsync(log.fileno())

    # --- versions -----------------------------------------------------------------------------

    def _written(self, enterprise: Enterprise) -> Mapping[str, str]:
        """Write the files of an enterprise that are not there yet, and name them all."""
        parts = attrs.asdict(enterprise, recurse=False)
        tables = {name: part for name, part in parts.items() if isinstance(part, Table)}
        files = {
            name: self._named(f"{name}-", ".parquet", _parquet(name, table, tables))
            for name, table in tables.items()
            if len(table)
        }
        none: dict[str, Any] = dict.fromkeys(tables, ())
        text = as_json(evolve(enterprise, **none))
        files[""] = self._named("enterprise-", ".json", text.encode())
        return files

    def _named(self, begin: str, end: str, content: bytes) -> str:
        name = f"{begin}{sha256(content).hexdigest()}{end}"
        if not (self.folder / name).exists():
            self._put(name, content)
        return name

    def _read(self, kept: Kept) -> Enterprise:
        """Put a version together again.

        Raises:
            StoreUnavailable: E804, if a file is not as it was written.
        """
        files = kept.files.items()
        tables: dict[str, Any] = {name: self._table(name, file) for name, file in files if name}
        return evolve(from_json(self._content(kept.files[""]).decode()), **tables)

    def _table(self, part: str, name: str) -> Table[Any]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        # As numbers and words, as they stand in the file: else each of millions is compared.
        content = pa.BufferReader(self._content(name))
        told = [each for each in pq.read_schema(content) if each.name != UNIT]
        texts = [each.name for each in told if pa.types.is_string(each.type)]
        columns = [each.name for each in told]
        if any(map(is_special_category, columns)):
            text, hint = "a file has a column of a special category", "restore a backup"
            raise StoreUnavailable("E552", text, place=Place(file=f"{part}.parquet"), hint=hint)
        read = pq.read_table(content, columns=columns, read_dictionary=texts)
        return Table.from_arrow(getattr(Enterprise(), part).layout, read)

    def _content(self, name: str) -> bytes:
        path = self.folder / name
        content = path.read_bytes() if path.exists() else b""
        if sha256(content).hexdigest() not in name:
            text, hint = "a file of the store is not as it was written", "restore a backup"
            raise StoreUnavailable("E804", text, hint=hint)
        return content

    def _without(self, kept: Kept, employee: EmployeeId) -> Mapping[str, str]:
        enterprise = self._read(kept)
        named = _names(enterprise, employee)
        return self._written(without(enterprise, employee)) if named else kept.files


def open_parquet(folder: str | Path) -> ParquetStore:
    """Open the store in a folder, which is made if it is not there.

    Raises:
        Misuse: E906, if the extra is not installed.
        StoreUnavailable: E802, if the folder cannot be written; E804, if it is not ours.
    """
    if find_spec("pyarrow") is None:
        hint = "pip install 'kompetanse[parquet]'"
        raise Misuse("E906", "the store in Parquet files takes the extra `parquet`", hint=hint)
    try:
        Path(folder).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable("E802", "the folder cannot be made") from error
    store = ParquetStore(Path(folder))
    store.tidy()
    return store


# --- groups by unit ---------------------------------------------------------------------------


def _parquet(part: str, table: Table[Any], tables: Mapping[str, Table[Any]]) -> bytes:
    """Write a table as Parquet, its rows in groups by unit where they are about people."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows, file = pa.table(table), BytesIO()
    places = np.zeros(len(table), np.int64)
    if part in OWNERS:
        named, places = _units(table.words_of(OWNERS[part]).values, tables["engagements"])
        places = places[table.column(OWNERS[part])]
        told = pa.DictionaryArray.from_arrays(pa.array(places, mask=places < 0), pa.array(named))
        rows = rows.append_column(UNIT, told)
    order = np.argsort(places, kind="stable")
    rows = rows.take(order)
    cuts = np.flatnonzero(np.diff(places[order])) + 1
    # Parquet makes a dictionary for each group; ours names everybody, and would be in every one.
    schema = pa.schema(
        (each.name, each.type.value_type if pa.types.is_dictionary(each.type) else each.type)
        for each in rows.schema
    )
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for start, end in zip([0, *cuts.tolist()], [*cuts.tolist(), len(rows)], strict=True):
            group = rows.slice(start, end - start).cast(schema)
            writer.write_table(group, row_group_size=LARGEST)
    return file.getvalue()


def _units(
    people: tuple[str, ...], engagements: Table[Any]
) -> tuple[list[str], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Give the names of the units, and for each person the place of the one they are first in."""
    units = list(engagements.words_of("unit").values)
    first = dict(
        zip(
            reversed(engagements.column("employee").tolist()),
            reversed(engagements.column("unit").tolist()),
            strict=True,
        )
    )
    known = engagements.words_of("employee")
    return units, np.asarray([first.get(known.code(name), -1) for name in people], np.int64)


# --- versions ---------------------------------------------------------------------------------


def _expect(kept: tuple[Kept, ...], expected: int) -> None:
    if expected != len(kept):
        raise VersionConflict(expected=expected, found=len(kept))


def _number(kept: tuple[Kept, ...], version: int | None, as_known_at: datetime | None) -> int:
    number = len(kept) if version is None else version
    if not 0 <= number <= len(kept):
        raise Misuse("E503", f"there is no version {number}")
    if as_known_at is None:
        return number
    known = (k.version.number for k in kept[:number] if k.version.at <= as_known_at)
    return max(known, default=0)


def _names(enterprise: Enterprise, employee: EmployeeId) -> bool:
    tables = ((getattr(enterprise, part), column) for part, column in OWNERS.items())
    named = any(employee in table.words_of(column) for table, column in tables)
    return named or any(actor.employee == employee for actor in enterprise.actors)


@hookimpl
def kompetanse_stores() -> Iterable[StoreMaker]:
    """Offer this store."""
    description = "Every version as Parquet files in one folder, for engines to read in place"
    return (StoreMaker(name="parquet", description=description, open=open_parquet),)
