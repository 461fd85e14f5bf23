"""The published cases in SQL: on both engines every compiled case says what Python says.

Constants become values that the database does not know in advance, so that every operator and function really runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.errors import UserError
from runtime.expression.check import Checked, check
from runtime.expression.compile_python import compile_python
from runtime.expression.compile_sql import Many, compile_sql, target_of
from runtime.expression.problems import NotInSql
from runtime.expression.schema import Reference
from runtime.expression.typed import Constant, Field, ForEach, Typed, children, references, with_children
from runtime.expression.wire import letter
from runtime.value.error_values import ErrorValue
from runtime.value.types import ANY, BLANK, BOOL, DATE, DATETIME, NUMBER, TEXT, TIME, ValueType, common_type, list_of
from tests.runtime.expression import database
from tests.runtime.expression.cases import FILE, FORMS, core_cases, python_value
from tests.runtime.expression.database import Bench
from tests.runtime.expression.sample import SITUATION, SampleSchema
from tests.support import postgres

_TYPES: dict[type, ValueType] = {
    bool: BOOL,
    Decimal: NUMBER,
    str: TEXT,
    datetime: DATETIME,
    date: DATE,
    time: TIME,
    type(None): BLANK,
}
LEAST = {"sqlite": 0.95, "postgresql": 0.65}
"""Part of the cases that runs in the database at least."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql", "another postgresql"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """A database of each engine, and of the PostgreSQL that is least like the one all tests use."""
    if not FILE.exists():
        pytest.skip(f"{FILE} is not here")
    if request.param == "sqlite":
        with database.in_sqlite() as found:
            yield found
    elif request.param == "postgresql":
        with database.in_postgres(request.getfixturevalue("postgres_dsn")) as found:
            yield found
    else:
        folders = postgres.bin_folders()
        if len(folders) < 2:
            pytest.skip("there is only one PostgreSQL here")
        with postgres.running(folders[1], locale="C.UTF-8") as url, database.in_postgres(url) as found:
            yield found


def _value(raw: Any) -> Any:
    """A value of the file as formulas have it."""
    if isinstance(raw, list | tuple):
        items = [_value(each) for each in raw]
        return tuple(part for each in items for part in (each if isinstance(each, tuple) else (each,)))
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, int | float):
        return Decimal(str(raw))
    if isinstance(raw, datetime):
        return raw.replace(tzinfo=SITUATION.zone).astimezone(UTC)
    return raw


def _type(value: Any) -> ValueType:
    if isinstance(value, tuple):
        return list_of(common_type(*map(_type, value)))
    return _TYPES.get(type(value), ANY)


def _prepared(case: Mapping[str, Any], form: str) -> tuple[Checked, dict[str, Any]] | None:
    """The case with its values; constants are values too. None where it cannot run or its values are errors."""
    args = {name: _value(python_value(raw)) for name, raw in case["args"].items()} if form == "formula" else {}
    fields = [Reference(name, (name,), (name,), _type(value)) for name, value in args.items()]
    checked = check(case[form], SampleSchema(fields))
    if checked.node is None or any(each.type.kind == ANY.kind for each in fields):
        return None
    values = dict(args)
    node = _unfolded(checked.node, values)
    return replace(checked, node=node, references=references(node)), values


def _unfolded(node: Typed, values: dict[str, Any]) -> Typed:
    if isinstance(node, Constant) and node.value is not None and letter(node.type) is not None:
        key = f"k{len(values)}"
        values[key] = node.value
        return Field(Reference(key, (key,), (key,), node.type))
    if isinstance(node, ForEach):
        return node
    return with_children(node, [_unfolded(each, values) for each in children(node)])


def _column(bench: Bench, values: Mapping[str, Any]) -> Any:
    target = target_of(bench.engine)

    def column(reference: Reference) -> sa.ColumnElement[Any] | Many:
        value, type_ = values[reference.key], reference.type
        if type_.item is None:
            return target.constant(value, letter(type_) or "")
        code = letter(type_.item) or "z"
        places = [(-1, None), *enumerate(value)]
        items = [sa.select(sa.literal(n).label("n"), target.constant(each, code).label("x")) for n, each in places]
        rows = sa.union_all(*items).subquery()

        def select(columns: Sequence[sa.ColumnElement[Any]]) -> sa.Select[Any]:
            return sa.select(*columns).select_from(rows).where(rows.c.n >= 0)

        return Many(rows.c.x, select, (rows.c.n,))

    return column


def _in_sql(bench: Bench, checked: Checked, values: Mapping[str, Any]) -> Any:
    expression = compile_sql(checked, _column(bench, values), SITUATION, target_of(bench.engine))
    error = expression.error if expression.error is not None else sa.null()
    value, code = bench.connection.execute(sa.select(expression.value, error)).one()
    return code or expression.read(value)


def test_every_case_that_runs_in_the_database_says_what_python_says(bench: Bench) -> None:
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for form in FORMS:
        for case in core_cases():
            prepared = _prepared(case, form) if form in case else None
            if prepared is None:
                continue
            checked, values = prepared
            expected = compile_python(checked).evaluate(values, SITUATION)
            expected = expected.code if isinstance(expected, ErrorValue) else expected
            try:
                found = _in_sql(bench, checked, values)
            except NotInSql as refusal:
                counts[f"not in SQL: {UserError.__str__(refusal)}"] += 1
                continue
            counts["run"] += 1
            if found != expected or isinstance(found, bool) is not isinstance(expected, bool):
                wrong.append(f"{case['id']} {form} {case[form]} {values}: {found!r}, in Python {expected!r}")
    refused = sum(counts.values()) - counts["run"]
    print(f"{bench.engine}: {counts['run']} cases run, {counts['run'] - len(wrong)} equal, {refused} not in SQL")
    for reason, count in counts.most_common():
        print(f"  {count} {reason}")
    assert not wrong, "\n".join(wrong[:40])
    assert counts["run"] >= LEAST[bench.engine] * (counts["run"] + refused)
