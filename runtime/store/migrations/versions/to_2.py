"""To version 2: the queue of computed values that are out of date."""

import sqlalchemy as sa
from alembic import op

from runtime.store.dialect import TEXT, WHOLE

revision = "2"
down_revision = None


def upgrade() -> None:
    """Make the table `pending`."""
    op.create_table(
        "pending",
        sa.Column("id", WHOLE, primary_key=True),
        sa.Column("key", TEXT, nullable=False, unique=True),
        sa.Column("form", TEXT, nullable=False),
        sa.Column("fields", TEXT, nullable=False),
        sa.Column("route", TEXT),
        sa.Column("sources", sa.LargeBinary, nullable=False),
        sa.Column("cursor", sa.BigInteger, nullable=False),
    )
