"""What one person keeps in the workspace for themself: views, mappings of imports, widths; JSON by key, no records.

Read anywhere, written by the door (`PersonalChange`). A person sees their own entries only.
"""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from resources.texts import T
from runtime.changes import PersonalChange
from runtime.errors import Problem
from runtime.store.engine import Engines
from runtime.store.system import personal

LONGEST_KEY = 200
LARGEST = 1_000_000
"""Bytes of one entry."""


def read(database: Engines, actor: str, prefix: str) -> dict[str, Any]:
    """The entries of a person whose key begins with `prefix`: key -> JSON value, in the order of their keys."""
    statement = (
        sa.select(personal.c.key, personal.c.body)
        .where(personal.c.actor == actor, personal.c.key.startswith(prefix, autoescape=True))
        .order_by(personal.c.key)
    )
    with database.reader.connect() as connection:
        rows = connection.execute(statement).all()
    return {key: msgspec.json.decode(bytes(body)) for key, body in rows if key.startswith(prefix)}


def write(connection: sa.Connection, actor: str, change: PersonalChange, seq: int) -> list[Problem]:
    """Keep or drop an entry inside the transaction of a commit."""
    body = b"" if change.body is None else msgspec.json.encode(change.body)
    if len(change.key) > LONGEST_KEY or len(body) > LARGEST:
        return [Problem(change.key, "too_large", T("This is too large to be kept."))]
    here = (personal.c.actor == actor) & (personal.c.key == change.key)
    connection.execute(sa.delete(personal).where(here))
    if change.body is not None:
        connection.execute(sa.insert(personal).values(actor=actor, key=change.key, body=body, seq=seq))
    return []
