"""What is remembered outside the database? Witness: who was erased, where the log ended, its keys.

A database that is restored from an old backup knows neither of the first. A tombstone tells
nobody's name: it holds a salted digest, by which the person is found again if a backup brings them
back. A key marks in the log whom a reading was about; it goes when the person is erased.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from attrs import field, frozen

from kompetanse_adapters.sql.chain import Link
from kompetanse_core.hooks import StoreUnavailable


@frozen(kw_only=True)
class Tombstone:
    """Remember one erasure: its id, when it was, and by which digest the person is known again."""

    id: str
    at: datetime
    salt: str
    person: str = field(repr=False)

    def names(self, employee: str) -> bool:
        """Say whether this is about a person."""
        return hmac.compare_digest(self.person, _digest(self.salt, employee))


@frozen
class Witness:
    """Keep tombstones, the log's anchor and its keys in a folder, safe before the database is."""

    folder: Path

    def tombstones(self) -> tuple[Tombstone, ...]:
        """Give every tombstone, oldest first; a line that was cut off in the writing is none."""
        path = self.folder / "tombstones.jsonl"
        if not path.exists():
            return ()
        lines = (line for line in path.read_bytes().split(b"\n")[:-1] if line)
        return tuple(_tombstone(json.loads(line)) for line in lines)

    @contextmanager
    def burying(self, employee: str, at: datetime) -> Iterator[Tombstone]:
        """Set a tombstone for a person, and take it back if what follows fails.

        What follows destroys the key; if it fails, the key is put back as well. If the program dies
        in between, the tombstone stands, and the next opening erases and destroys.
        """
        salt = secrets.token_hex(16)
        person = _digest(salt, employee)
        tombstone = Tombstone(id=secrets.token_hex(16), at=at, salt=salt, person=person)
        with self._locked():
            key = self.keys().get(employee)
            self._write((*self.tombstones(), tombstone))
        try:
            yield tombstone
        except BaseException:
            with self._locked():
                self._write(tuple(each for each in self.tombstones() if each != tombstone))
                if key is not None:
                    self._keep({**self.keys(), employee: key})
            raise

    def forget(self, tombstone: Tombstone) -> None:
        """Destroy the key of the person whom a tombstone is about."""
        with self._locked():
            keys = self.keys()
            left = {name: key for name, key in keys.items() if not tombstone.names(name)}
            if left != keys:
                self._keep(left)

    def keys(self) -> dict[str, str]:
        """Give the key of each person who is marked in the log."""
        path = self.folder / "keys.json"
        return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}

    def key_of(self, employee: str) -> str:
        """Give a person's key, which is made at the first asking."""
        with self._locked():
            keys = self.keys()
            if employee not in keys:
                keys[employee] = secrets.token_hex()
                self._keep(keys)
            return keys[employee]

    def anchor(self) -> Link:
        """Give the place in the log of accesses that was seen last."""
        path = self.folder / "anchor.json"
        return Link(*json.loads(path.read_text("utf-8"))) if path.exists() else Link()

    def anchored(self, link: Link) -> None:
        """Remember a later place in the log of accesses."""
        with self._locked():
            if link.number > self.anchor().number:
                self._replace("anchor.json", json.dumps([link.number, link.digest]))

    # --- files --------------------------------------------------------------------------------

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with (self.folder / "lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            raise StoreUnavailable("E802", "the witness's folder cannot be written") from error

    def _write(self, tombstones: tuple[Tombstone, ...]) -> None:
        lines = [
            json.dumps({"id": t.id, "at": t.at.isoformat(), "salt": t.salt, "person": t.person})
            for t in tombstones
        ]
        self._replace("tombstones.jsonl", "".join(f"{line}\n" for line in lines))

    def _keep(self, keys: dict[str, str]) -> None:
        self._replace("keys.json", json.dumps(keys, sort_keys=True))

    def _replace(self, name: str, text: str) -> None:
        """Put a whole file in the place of the old one, safe on the disk when it stands there."""
        fresh = self.folder / f"{name}.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.folder / name)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _digest(salt: str, employee: str) -> str:
    return hmac.new(salt.encode(), employee.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def _tombstone(line: dict[str, str]) -> Tombstone:
    at = datetime.fromisoformat(line["at"])
    return Tombstone(id=line["id"], at=at, salt=line["salt"], person=line["person"])
