"""To version 3: what people keep for themselves; the search index, which is filled after the workspace is opened."""

import sqlalchemy as sa
from alembic import op

from runtime.store.dialect import TEXT, WHOLE

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Make the tables `personal`, `indexed`, `rewritten` and `search`."""
    op.create_table(
        "personal",
        sa.Column("actor", TEXT, primary_key=True),
        sa.Column("key", TEXT, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
    )
    op.create_table(
        "indexed",
        sa.Column("form", TEXT, primary_key=True),
        sa.Column("number", WHOLE, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("signature", TEXT, nullable=False),
    )
    op.create_table(
        "rewritten",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("form", TEXT, nullable=False),
        sa.Column("numbers", sa.LargeBinary, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.get_bind().exec_driver_sql(
            "CREATE VIRTUAL TABLE search USING fts5 (title, rest, letters, content='', contentless_delete=1, "
            """tokenize="ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\\]^_`{|}~'")"""
        )
        op.execute("INSERT INTO search (search, rank) VALUES ('deletemerge', 0)")
        op.execute("INSERT INTO search (search, rank) VALUES ('automerge', 0)")
    else:
        op.execute(
            "CREATE TABLE search (form bigint NOT NULL, n bigint NOT NULL, title text NOT NULL, rest text NOT NULL, "
            "letters text NOT NULL, grams tsvector NOT NULL, PRIMARY KEY (form, n))"
        )
        op.execute("CREATE INDEX search_grams ON search USING gin (grams) WITH (gin_pending_list_limit = 256)")
