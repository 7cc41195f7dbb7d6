"""What stands in the tables? Each question to the database, and each change of it, as a function.

All take a connection in whose transaction they stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, insert, or_, select, update

from kompetanse_adapters.sql.blocks import PERSONAL, Block, as_bytes
from kompetanse_adapters.sql.chain import Link, Sealed, digest_after, entry_of
from kompetanse_adapters.sql.tables import ACCESSES, BLOCKS, VERSIONS
from kompetanse_core.hooks import Access, Change, EmployeeId, Misuse, Version, VersionConflict

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BATCH = 16
"""So many blocks go to the database at a time: what a save holds in memory."""
CLOSING = 500
"""So many blocks are closed by one statement."""

# --- versions ---------------------------------------------------------------------------------


def newest(connection: Connection) -> int:
    """Give the number of the newest version; 0 where there is none."""
    return connection.scalar(select(func.coalesce(func.max(VERSIONS.c.number), 0))) or 0


def expect(connection: Connection, expected: int) -> None:
    """Refuse a caller who has not seen the newest version.

    Raises:
        VersionConflict: with both versions.
    """
    found = newest(connection)
    if expected != found:
        raise VersionConflict(expected=expected, found=found)


def delivered(connection: Connection, event: str) -> Version | None:
    """Find the version that a delivery made."""
    query = select(VERSIONS).where(VERSIONS.c.event == json.dumps(event))
    row = connection.execute(query).first() if event else None
    return None if row is None else version_of(row)


def add_version(connection: Connection, version: Version, tombstone: str | None = None) -> None:
    """Write down that there is one more version."""
    event = json.dumps(version.event) if version.event else None
    at = (version.at - EPOCH) // timedelta(microseconds=1)
    row = {"number": version.number, "at": at, "change": version.change.value, "event": event}
    connection.execute(insert(VERSIONS), {**row, "tombstone": tombstone})


def versions(connection: Connection) -> tuple[Version, ...]:
    """Give every version in the order of their numbers."""
    return tuple(map(version_of, connection.execute(select(VERSIONS).order_by(VERSIONS.c.number))))


def version_of(row: Row[Any]) -> Version:
    """Read a version off its row."""
    at = EPOCH + timedelta(microseconds=row.at)
    event = json.loads(row.event) if row.event else ""
    return Version(number=row.number, at=at, change=Change(row.change), event=event)


def number_of(connection: Connection, version: int | None, as_known_at: datetime | None) -> int:
    """Find the newest version up to the one of a number and to those made by an instant.

    Raises:
        Misuse: E503, if there is no version of that number.
    """
    last = newest(connection)
    number = last if version is None else version
    if not 0 <= number <= last:
        raise Misuse("E503", f"there is no version {number}")
    if as_known_at is None:
        return number
    at = (as_known_at - EPOCH) // timedelta(microseconds=1)
    known = and_(VERSIONS.c.number <= number, VERSIONS.c.at <= at)
    return connection.scalar(select(func.max(VERSIONS.c.number)).where(known)) or 0


# --- blocks -----------------------------------------------------------------------------------


def held_at(number: int) -> ColumnElement[bool]:
    """Choose the blocks that a version holds."""
    until = BLOCKS.c.until_version
    return and_(BLOCKS.c.since_version <= number, or_(until.is_(None), until > number))


def about_whom(employee: EmployeeId) -> ColumnElement[bool]:
    """Choose the blocks, of every version, that may name a person."""
    name = as_bytes(employee)
    ours = and_(BLOCKS.c.part.in_(PERSONAL), BLOCKS.c.first <= name, BLOCKS.c.last >= name)
    return or_(ours, BLOCKS.c.part == "actors")


def replace_blocks(connection: Connection, number: int, blocks: Iterable[Block]) -> None:
    """Give a version its blocks: what was held already stays, what is no more is closed."""
    columns = (BLOCKS.c.part, BLOCKS.c.first, BLOCKS.c.digest, BLOCKS.c.id)
    rows = connection.execute(select(*columns).where(BLOCKS.c.until_version.is_(None)))
    held = {(row.part, row.first, row.digest): row.id for row in rows}
    fresh = (block for block in blocks if held.pop(block.key, None) is None)
    while batch := [_row(block, number) for block in islice(fresh, BATCH)]:
        connection.execute(insert(BLOCKS), batch)
    gone = sorted(held.values())
    for start in range(0, len(gone), CLOSING):
        chosen = BLOCKS.c.id.in_(gone[start : start + CLOSING])
        connection.execute(update(BLOCKS).where(chosen).values(until_version=number))


def rewrite_block(connection: Connection, place: int, blocks: Iterable[Block]) -> None:
    """Put what is left of a block in its place; nothing left, no block."""
    old = connection.execute(select(BLOCKS).where(BLOCKS.c.id == place)).one()
    connection.execute(BLOCKS.delete().where(BLOCKS.c.id == place))
    rows = [{**_row(b, old.since_version), "until_version": old.until_version} for b in blocks]
    if rows:
        connection.execute(insert(BLOCKS), rows)


def _row(block: Block, number: int) -> dict[str, object]:
    return {
        "part": block.part,
        "first": block.first,
        "last": block.last,
        "since_version": number,
        "digest": block.digest,
        "packed": block.packed,
    }


# --- accesses ---------------------------------------------------------------------------------


def add_access(connection: Connection, access: Access) -> Link:
    """Write an access at the end of the log, and give the new end."""
    end = link_at(connection, None)
    entry = entry_of(access)
    link = Link(end.number + 1, digest_after(end.digest, entry))
    row = {"number": link.number, "entry": entry, "link": link.digest}
    connection.execute(insert(ACCESSES), row)
    return link


def link_at(connection: Connection, number: int | None) -> Link:
    """Give the link of an entry; None asks for the last."""
    query = select(ACCESSES.c.number, ACCESSES.c.link).order_by(ACCESSES.c.number.desc()).limit(1)
    chosen = query if number is None else query.where(ACCESSES.c.number == number)
    row = connection.execute(chosen).first()
    return Link() if row is None else Link(row.number, row.link)


def access_log(connection: Connection) -> Iterator[Sealed]:
    """Give the log of accesses, entry by entry."""
    for row in connection.execute(select(ACCESSES).order_by(ACCESSES.c.number)):
        yield Sealed(row.number, row.entry, row.link)
