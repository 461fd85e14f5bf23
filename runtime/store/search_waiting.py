"""Records whose fields were computed since the search index saw them: a durable list, kept with the change."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from runtime.store.system import rewritten

PART = 200
"""Records of one row of the list."""


def computed_since(connection: sa.Connection, form_id: str) -> list[int]:
    """`_n` of records of a form that were computed anew and wait."""
    sql = f"SELECT numbers FROM {rewritten.name} WHERE form = ?"
    return [n for (raw,) in connection.exec_driver_sql(sql, (form_id,)) for n in unpacked(raw)]


def wait(connection: sa.Connection, form_id: str, numbers: Iterable[int]) -> None:
    """Have records indexed again whose fields were computed; inside the transaction that did."""
    ordered = sorted(numbers)
    connection.exec_driver_sql(
        f"INSERT INTO {rewritten.name} (form, numbers) VALUES (?, ?)",
        [(form_id, array("q", ordered[at : at + PART]).tobytes()) for at in range(0, len(ordered), PART)],
    )


def unpacked(raw: Any) -> array[int]:
    """`_n` of the records of one row of the list."""
    numbers = array("q")
    numbers.frombytes(bytes(raw))
    return numbers
