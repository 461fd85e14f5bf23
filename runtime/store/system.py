"""The tables that every workspace has beside its forms: settings, commits, history, definitions, block counts."""

from __future__ import annotations

import sqlalchemy as sa

SYSTEM_VERSION = 1
"""Version of these tables, kept in `meta`; Alembic leads from one to the next when there is a second."""

metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("k", sa.Text, primary_key=True),
    sa.Column("v", sa.Text, nullable=False),
)
"""Settings of the workspace: name, system version, device id, `head` (last commit), `n` (last operation of this
device), `hlc` (last stamp)."""

commit_log = sa.Table(
    "commit_log",
    metadata,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("device", sa.Integer, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("batch", sa.LargeBinary),
    sa.Column("rows", sa.Integer, nullable=False),
)
"""One row per applied ChangeSet; `seq` has no gaps. `at` is microseconds UTC."""

history = sa.Table(
    "history",
    metadata,
    sa.Column("h", sa.Integer, primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False, index=True),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("before", sa.Text, nullable=False),
    sa.Column("after", sa.Text, nullable=False),
    sa.Index("history_row", "row", "seq"),
)
"""What each change replaced: JSON by field id. Creating a row writes no history; it starts with the first change."""

definition = sa.Table(
    "definition",
    metadata,
    sa.Column("app", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""Every published version of every app, immutable."""

block = sa.Table(
    "block",
    metadata,
    sa.Column("form", sa.Text, primary_key=True),
    sa.Column("block", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("n", sa.Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Living rows per form and block of 4,096 consecutive `_n`: counts and far jumps without a scan."""

BLOCK_BITS = 12


def create(connection: sa.Connection, name: str, device: str) -> None:
    """Make the tables of a new workspace and its first settings."""
    metadata.create_all(connection)
    rows = {"name": name, "system": str(SYSTEM_VERSION), "device": device, "head": "0", "n": "0", "hlc": "0"}
    connection.execute(meta.insert(), [{"k": k, "v": v} for k, v in rows.items()])


def is_there(connection: sa.Connection) -> bool:
    """Whether the database has the tables of a workspace; an emptied file opens with any key and has none."""
    return bool(connection.exec_driver_sql("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").scalar())


def read_meta(connection: sa.Connection) -> dict[str, str]:
    """Every setting."""
    return dict(connection.exec_driver_sql(f"SELECT k, v FROM {meta.name}").fetchall())


def write_meta(connection: sa.Connection, **values: object) -> None:
    """Change settings that exist."""
    changed = [(str(v), k) for k, v in values.items()]
    connection.exec_driver_sql(f"UPDATE {meta.name} SET v = ? WHERE k = ?", changed)
