"""The tables that every workspace has beside its forms: settings, commits, history, definitions, block counts."""

from __future__ import annotations

import sqlalchemy as sa

from resources.texts import T
from runtime.errors import UserError
from runtime.store.dialect import TEXT, WHOLE, columns_of

SYSTEM_VERSION = 4
"""Version of these tables, kept in `meta`; the steps of `runtime.store.migrations` lead from one to the next."""

metadata = sa.MetaData()

meta = sa.Table(
    "meta",
    metadata,
    sa.Column("k", TEXT, primary_key=True),
    sa.Column("v", TEXT, nullable=False),
)
"""Settings of the workspace: name, system version, device id, `head` (last commit), `n` (last operation of this
device), `hlc` (last stamp), `definitions` (last commit that published an app; not there before the first) and `checked`
(see `runtime.store.safety`)."""

HEAD = "head"
DEFINITIONS = "definitions"
COMPUTED_ON = "computed_on"
"""Setting: the day of which fields that depend on today hold the values; not there before the first."""

commit_log = sa.Table(
    "commit_log",
    metadata,
    sa.Column("seq", WHOLE, primary_key=True, autoincrement=False),
    sa.Column("id", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("actor", TEXT, nullable=False),
    sa.Column("device", WHOLE, nullable=False),
    sa.Column("origin", TEXT, nullable=False),
    sa.Column("label", TEXT, nullable=False),
    sa.Column("batch", sa.LargeBinary),
    sa.Column("rows", WHOLE, nullable=False),
)
"""One row per applied ChangeSet; `seq` has no gaps. `at` is microseconds UTC."""

history = sa.Table(
    "history",
    metadata,
    sa.Column("h", WHOLE, primary_key=True),
    sa.Column("seq", WHOLE, nullable=False, index=True),
    sa.Column("form", TEXT, nullable=False),
    sa.Column("row", sa.LargeBinary, nullable=False),
    sa.Column("kind", TEXT, nullable=False),
    sa.Column("before", TEXT, nullable=False),
    sa.Column("after", TEXT, nullable=False),
    sa.Index("history_row", "row", "seq"),
)
"""What each change replaced: JSON by field id. Creating a row writes no history; it starts with the first change."""

definition = sa.Table(
    "definition",
    metadata,
    sa.Column("app", TEXT, primary_key=True),
    sa.Column("version", WHOLE, primary_key=True, autoincrement=False),
    sa.Column("seq", WHOLE, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""Every published version of every app, immutable."""

block = sa.Table(
    "block",
    metadata,
    sa.Column("form", TEXT, primary_key=True),
    sa.Column("block", WHOLE, primary_key=True, autoincrement=False),
    sa.Column("n", WHOLE, nullable=False),
    sqlite_with_rowid=False,
)
"""Living rows per form and block of 4,096 consecutive `_n`: counts and far jumps without a scan."""

BLOCK_BITS = 12

pending = sa.Table(
    "pending",
    metadata,
    sa.Column("id", WHOLE, primary_key=True),
    sa.Column("key", TEXT, nullable=False, unique=True),
    sa.Column("form", TEXT, nullable=False),
    sa.Column("fields", TEXT, nullable=False),
    sa.Column("route", TEXT),
    sa.Column("sources", sa.LargeBinary, nullable=False),
    sa.Column("cursor", sa.BigInteger, nullable=False),
)
"""Computed values that are out of date, see `runtime.store.pending`: empty but for a while after large changes."""

personal = sa.Table(
    "personal",
    metadata,
    sa.Column("actor", TEXT, primary_key=True),
    sa.Column("key", TEXT, primary_key=True),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("seq", WHOLE, nullable=False),
)
"""What people keep for themselves, see `runtime.store.personal`."""

indexed = sa.Table(
    "indexed",
    metadata,
    sa.Column("form", TEXT, primary_key=True),
    sa.Column("number", WHOLE, nullable=False),
    sa.Column("n", sa.BigInteger, nullable=False),
    sa.Column("signature", TEXT, nullable=False),
)
"""How far the search index of each form is, see `runtime.store.search_index`; its entries are in the table `search`."""

rewritten = sa.Table(
    "rewritten",
    metadata,
    sa.Column("id", WHOLE, primary_key=True),
    sa.Column("form", TEXT, nullable=False),
    sa.Column("numbers", sa.LargeBinary, nullable=False),
)
"""Records whose fields were computed since they were indexed: `_n`, 8 bytes each."""


def create(connection: sa.Connection, name: str, device: str) -> None:
    """Make the tables of a new workspace and its first settings."""
    from runtime.store import search_docs

    metadata.create_all(connection)
    search_docs.create(connection)
    rows = {"name": name, "system": str(SYSTEM_VERSION), "device": device, "head": "0", "n": "0", "hlc": "0"}
    connection.execute(meta.insert(), [{"k": k, "v": v} for k, v in rows.items()])


def is_there(connection: sa.Connection) -> bool:
    """Whether the database has the tables of a workspace; an emptied file opens with any key and has none."""
    return bool(columns_of(connection, meta.name))


def read_meta(connection: sa.Connection) -> dict[str, str]:
    """Every setting."""
    return dict(connection.exec_driver_sql(f"SELECT k, v FROM {meta.name}").fetchall())


def write_meta(connection: sa.Connection, **values: object) -> None:
    """Change settings; one that is not there yet is made."""
    sql = f"INSERT INTO {meta.name} (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v"
    connection.exec_driver_sql(sql, [(k, str(v)) for k, v in values.items()])


def assert_readable(meta: dict[str, str]) -> None:
    """Refuse a workspace whose tables this program does not know.

    Raises:
        UserError: it was made by a newer program.
    """
    version = int(meta["system"])
    if version > SYSTEM_VERSION:
        raise UserError(
            T(
                "This workspace is from version {theirs}; this program is {ours}.",
                theirs=version,
                ours=SYSTEM_VERSION,
            ),
            T("Nothing was changed. Install a newer Formwork."),
            "newer_workspace",
        )
