"""Fills computed fields of records that are there, when a published version brings new formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec
import sqlalchemy as sa

from runtime.form import Form
from runtime.store.logic import FormLogic
from runtime.store.rows import Codec, Row, to_column
from runtime.store.schema import column_name, table_name
from runtime.value.decimals import exact_arithmetic
from runtime.value.situation import Situation

BATCH = 1_000


def new_formulas(form: Form, before: Mapping[str, str]) -> frozenset[str]:
    """The computed fields of `form` whose formula is not the one in `before` (field id -> formula)."""
    return frozenset(
        field.id for field in form.fields if field.computed and before.get(field.id) != field.props.formula
    )


def recompute(
    connection: sa.Connection, form: Form, logic: FormLogic, fields: frozenset[str], situation: Situation
) -> int:
    """Compute `fields`, and what depends on them, for every record, the bin included; how many were looked at.

    Computed values follow from others: they get no stamps and no history.
    """
    programs = logic.recompute(fields)
    if not programs:
        return 0
    places = ", ".join(f'"{column_name(program.field.id)}" = ?' for program in programs)
    update = f'UPDATE "{table_name(form.id)}" SET _err = ?, {places} WHERE _n = ?'
    count = 0
    with exact_arithmetic():
        for rows in _batches(connection, form):
            changed = []
            for row in rows:
                values, errors = dict(row.values), dict(row.errors)
                logic.compute(programs, values, errors, situation)
                raw = [to_column(program.field, values.get(program.field.id)) for program in programs]
                changed.append((msgspec.json.encode(errors).decode() if errors else None, *raw, row.n))
            connection.exec_driver_sql(update, changed)
            count += len(changed)
    return count


def _batches(connection: sa.Connection, form: Form) -> Iterator[list[Row]]:
    codec, last = Codec(form), 0
    while True:
        sql = f"{codec.select} WHERE _n > ? ORDER BY _n LIMIT {BATCH}"
        raws: list[Any] = list(islice(connection.exec_driver_sql(sql, (last,)), BATCH))
        if not raws:
            return
        rows = codec.rows(raws)
        last = rows[-1].n
        yield rows
