"""Which tables has the database? Versions, the blocks that each holds, and who read what.

This is the newest schema; `migrations` leads there, step by step, from every older one.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

TABLES = MetaData()

VERSIONS = Table(
    "kompetanse_versions",
    TABLES,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),  # microseconds since 1970-01-01 UTC
    Column("change", Text, nullable=False),
    Column("event", Text, nullable=True, unique=True),  # as a JSON text, so that any text fits
    Column("tombstone", Text, nullable=True, unique=True),
)

BLOCKS = Table(
    "kompetanse_blocks",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("part", Text, nullable=False),
    Column("first", LargeBinary, nullable=False),
    Column("last", LargeBinary, nullable=False),
    Column("since_version", ForeignKey(VERSIONS.c.number), nullable=False),
    Column("until_version", ForeignKey(VERSIONS.c.number), nullable=True),  # the first without it
    Column("digest", LargeBinary, nullable=False),
    Column("packed", LargeBinary, nullable=False),
    Index("kompetanse_blocks_by_part", "part", "first"),
)

ACCESSES = Table(
    "kompetanse_accesses",
    TABLES,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("entry", Text, nullable=False),  # as JSON
    Column(
        "link", Text, nullable=False, server_default=""
    ),  # the digest of the link before and this entry
)
