"""How does a store begin? With versions, the blocks that each holds, and a log of accesses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "founded"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "kompetanse_versions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=True, unique=True),
        sa.Column("tombstone", sa.Text, nullable=True, unique=True),
    )
    number = "kompetanse_versions.number"
    op.create_table(
        "kompetanse_blocks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("part", sa.Text, nullable=False),
        sa.Column("first", sa.LargeBinary, nullable=False),
        sa.Column("last", sa.LargeBinary, nullable=False),
        sa.Column("since_version", sa.Integer, sa.ForeignKey(number), nullable=False),
        sa.Column("until_version", sa.Integer, sa.ForeignKey(number), nullable=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("packed", sa.LargeBinary, nullable=False),
    )
    op.create_index("kompetanse_blocks_by_part", "kompetanse_blocks", ["part", "first"])
    op.create_table(
        "kompetanse_accesses",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entry", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Leave nothing."""
    op.drop_table("kompetanse_accesses")
    op.drop_table("kompetanse_blocks")
    op.drop_table("kompetanse_versions")
