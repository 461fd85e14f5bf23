"""To version 3: what people keep for themselves."""

import sqlalchemy as sa
from alembic import op

from runtime.store.dialect import TEXT, WHOLE

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Make the table `personal`."""
    op.create_table(
        "personal",
        sa.Column("actor", TEXT, primary_key=True),
        sa.Column("key", TEXT, primary_key=True),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("seq", WHOLE, nullable=False),
    )
