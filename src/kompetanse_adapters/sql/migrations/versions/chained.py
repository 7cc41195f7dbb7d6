"""How is the log of accesses sealed? Each entry gets a link: a digest of it and all before it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from kompetanse_adapters.sql.chain import START, digest_after

revision = "chained"
down_revision = "founded"

STRIDE = 1000
"""So many entries are sealed at a time."""


def upgrade() -> None:
    """Add the links, and seal what is in the log already."""
    op.add_column(
        "kompetanse_accesses", sa.Column("link", sa.Text, nullable=False, server_default="")
    )
    log = sa.table(
        "kompetanse_accesses", sa.column("number"), sa.column("entry"), sa.column("link")
    )
    seal = log.update().where(log.c.number == sa.bindparam("place")).values(link=sa.bindparam("by"))
    connection, digest, place = op.get_bind(), START, 0
    query = sa.select(log.c.number, log.c.entry).order_by(log.c.number).limit(STRIDE)
    while entries := connection.execute(query.where(log.c.number > place)).all():
        links = []
        for place, entry in entries:
            digest = digest_after(digest, entry)
            links.append({"place": place, "by": digest})
        connection.execute(seal, links)


def downgrade() -> None:
    """Take the links away; the entries stay."""
    op.drop_column("kompetanse_accesses", "link")
