"""How is a part of an enterprise kept in few pieces? Block: some of its rows, packed and sealed.

A table is cut between people (requirements between their bearers), at those whose name hashes to
nought: the same people make the same block whatever stands around them, so that a new version
stores only the blocks that changed. A list of nouns is cut every so many. A packed table is a
line of JSON (columns and words) and the numbers of each column, as narrow as they fit.
`docs/decisions/0006-a-store-keeps-blocks.md` tells why.
"""

from __future__ import annotations

import json
import typing
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import attrs
import numpy as np
from attrs import field, frozen

from kompetanse_core import Table, Words
from kompetanse_core.hooks import Enterprise, StoreUnavailable, from_plain, plain

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "requirements": "of",
        "employees": "id",
        "engagements": "employee",
        "evidence": "employee",
        "assessments": "employee",
        "wishes": "employee",
    }
)
"""The column of each table whose rows are kept together."""

PERSONAL = tuple(part for part in GROUPS if part != "requirements")
"""The tables that are about people; `actors` may name some too."""

GROUP = 2048
"""So many people make a block, more or less; never more than `MOST` times as many."""
MOST = 8
NOUNS = 1024
"""So many nouns of a list make a block."""
NARROW = ((1 << 8, "<u1"), (1 << 16, "<u2"), (1 << 32, "<u4"))
DAMAGED = "a block is not as it was written"
RESTORE = "restore a backup; `docs/reference/stores.md` tells how"
Rows = Table[Any] | tuple[Any, ...]
Numbers = np.ndarray[tuple[int], np.dtype[Any]]


@frozen(kw_only=True)
class Block:
    """Hold some rows of one part: packed, sealed by a digest, and from whom to whom they are."""

    part: str
    first: bytes
    last: bytes
    digest: bytes
    packed: bytes = field(repr=False)

    @property
    def key(self) -> tuple[str, bytes, bytes]:
        """Give what tells whether another version holds the same block."""
        return self.part, self.first, self.digest


def blocks_of(enterprise: Enterprise) -> Iterator[Block]:
    """Cut an enterprise into blocks, one at a time; what stands at its default makes none."""
    for name, default in attrs.asdict(Enterprise(), recurse=False).items():
        value = getattr(enterprise, name)
        if isinstance(value, Table):
            yield from table_blocks(name, value)
        elif value != default:
            yield from list_blocks(name, value)


def table_blocks(part: str, table: Table[Any]) -> Iterator[Block]:
    """Cut a table between groups of rows that belong together."""
    starts = _starts(table, GROUPS[part])
    named = table.words_of(GROUPS[part]).values
    for start, end in pairwise([*starts, len(table)]):
        codes = table.column(GROUPS[part])[start:end]
        first, last = named[int(codes.min())], named[int(codes.max())]
        yield _sealed(part, as_bytes(first), as_bytes(last), _packed(table, start, end))


def list_blocks(part: str, value: object) -> Iterator[Block]:
    """Cut a list of nouns every so many; one noun alone is a list of one."""
    nouns = value if isinstance(value, tuple) else (value,)
    for start in range(0, len(nouns), NOUNS):
        place = start.to_bytes(8, "big")
        text = json.dumps([plain(noun) for noun in nouns[start : start + NOUNS]])
        yield _sealed(part, place, place, text.encode())


def unpacked(part: str, digest: bytes, packed: bytes) -> Rows:
    """Open a block: a table of its rows, or a tuple of its nouns.

    Raises:
        StoreUnavailable: E804, if it is not what was sealed.
    """
    payload = _payload(digest, packed)
    if part in GROUPS:
        return _table(part, payload)
    hint = _hints()[part]
    noun = typing.get_args(hint)[0] if typing.get_origin(hint) is tuple else hint
    return tuple(from_plain(noun, each) for each in json.loads(payload))


def joined(part: str, opened: Sequence[Any]) -> object:
    """Put the opened blocks of one part together again."""
    if part in GROUPS:
        return _joined_tables(part, opened)
    nouns = tuple(noun for block in opened for noun in block)
    return nouns if typing.get_origin(_hints()[part]) is tuple else nouns[0]


def as_bytes(name: str) -> bytes:
    """Write an id so that bytes sort as ids do, in every database."""
    return name.encode("utf-8", "surrogatepass")


def _payload(digest: bytes, packed: bytes) -> bytes:
    try:
        payload = zlib.decompress(packed)
    except zlib.error as error:
        raise StoreUnavailable("E804", DAMAGED, hint=RESTORE) from error
    if blake2b(payload, digest_size=32).digest() != digest:
        raise StoreUnavailable("E804", DAMAGED, hint=RESTORE)
    return payload


# --- cutting ----------------------------------------------------------------------------------


def _starts(table: Table[Any], column: str) -> list[int]:
    """Give the rows at which blocks start."""
    if not len(table):
        return []
    codes = table.column(column)
    groups = np.append(0, np.flatnonzero(codes[1:] != codes[:-1]) + 1)
    marks = [zlib.crc32(as_bytes(word)) % GROUP == 0 for word in table.words_of(column).values]
    cuts = [0]
    for place in [*np.flatnonzero(np.asarray(marks)[codes[groups]]).tolist(), len(groups)]:
        while place - cuts[-1] > MOST * GROUP:
            cuts.append(cuts[-1] + MOST * GROUP)
        if cuts[-1] < place < len(groups):
            cuts.append(place)
    return [int(groups[cut]) for cut in cuts]


def _sealed(part: str, first: bytes, last: bytes, payload: bytes) -> Block:
    digest = blake2b(payload, digest_size=32).digest()
    packed = zlib.compress(payload, 1)
    return Block(part=part, first=first, last=last, digest=digest, packed=packed)


# --- packing ----------------------------------------------------------------------------------


def _packed(table: Table[Any], start: int, end: int) -> bytes:
    """Pack some rows of a table; only the words that they use go with them."""
    told: list[object] = []
    numbers: list[bytes] = []
    for column in table.layout.columns:
        own = table.columns[column.name][start:end]
        words: list[Any] | None = None
        if column.name in table.words:
            words, own = _used(table.words[column.name], own)
        least, span = int(own.min()), int(own.max()) - int(own.min())
        kind = next((kind for room, kind in NARROW if span < room), "<i8")
        origin = 0 if kind == "<i8" else least
        told.append([column.name, kind if span else "", least if not span else origin, words])
        if span:
            numbers.append((own.astype(np.int64) - origin).astype(kind).tobytes())
    header = json.dumps([end - start, told]).encode()
    return b"".join((len(header).to_bytes(4, "big"), header, *numbers))


def _used(words: Words[Any], codes: Numbers) -> tuple[list[Any], Numbers]:
    """Give the words that some rows use, in order, and the rows' codes among them."""
    least = max(int(codes.min()), 0)
    used = np.zeros(max(int(codes.max()) - least + 1, 0) + 1, bool)
    used[np.where(codes < 0, -1, codes - least)] = True
    used[-1] = False
    places = np.where(used, np.cumsum(used) - 1, -1)
    values = [words.values[least + place] for place in np.flatnonzero(used).tolist()]
    return values, places[np.where(codes < 0, -1, codes - least)]


def _table(part: str, payload: bytes) -> Table[Any]:
    length = 4 + int.from_bytes(payload[:4], "big")
    rows, told = json.loads(payload[4:length])
    layout = _empty(part).layout
    columns: dict[str, Numbers] = {}
    words: dict[str, Words[Any]] = {}
    for name, kind, origin, values in told:
        dtype = layout.column(name).dtype
        columns[name] = np.broadcast_to(np.asarray([origin], dtype), (rows,))
        if kind:
            packed = np.frombuffer(payload, kind, rows, length)
            columns[name] = np.add(packed, origin, dtype=np.int64).astype(dtype)
            length += packed.nbytes
        if values is not None:
            words[name] = Words(tuple(tuple(v) if isinstance(v, list) else v for v in values))
    return Table(layout=layout, columns=columns, words=words)


def _joined_tables(part: str, tables: Sequence[Table[Any]]) -> Table[Any]:
    """Join column by column, so that no more than one is held twice."""
    columns: dict[str, Numbers] = {}
    words: dict[str, Words[Any]] = {}
    for name in tables[0].columns:
        if name in tables[0].words:
            known = (value for each in tables for value in each.words[name].values)
            words[name] = Words.of(known)
            pieces = [each.codes_in(name, words[name]) for each in tables]
        else:
            pieces = [each.columns[name] for each in tables]
        columns[name] = np.concatenate(pieces)
    return Table(layout=tables[0].layout, columns=columns, words=words).sorted()


@cache
def _empty(part: str) -> Table[Any]:
    table: Table[Any] = getattr(Enterprise(), part)
    return table


@cache
def _hints() -> Mapping[str, Any]:
    return MappingProxyType(typing.get_type_hints(Enterprise))
