"""The promise of the SQL back end: on every row it says what Python says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from runtime.expression.compile_python import compile_python
from runtime.expression.problems import NotInSql
from runtime.value.error_values import ErrorValue
from tests.runtime.expression import database
from tests.runtime.expression.formulas import conditions, formulas, rows
from tests.runtime.expression.sample import BLANK_ROW, SITUATION, checked


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """A database for the whole module; every example empties the table."""
    with database.connected() as found:
        yield found


def _in_python(source: str, filled: list[dict[str, Any]]) -> list[Any]:
    evaluate = compile_python(checked(source)).evaluate
    results = [evaluate({**BLANK_ROW, **row}, SITUATION) for row in filled]
    return [each.code if isinstance(each, ErrorValue) else each for each in results]


def _refill(connection: Connection, filled: list[dict[str, Any]]) -> None:
    connection.execute(database.TABLE.delete())
    database.insert(connection, filled)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(source=formulas, filled=st.lists(rows, min_size=1, max_size=6))
def test_the_database_computes_what_python_computes(
    connection: Connection, source: str, filled: list[dict[str, Any]]
) -> None:
    _refill(connection, filled)
    try:
        found = database.values(connection, source)
    except NotInSql:
        return
    assert found == _in_python(source, filled)


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(source=conditions, filled=st.lists(rows, min_size=1, max_size=6))
def test_a_filter_in_the_database_passes_the_rows_that_are_true_in_python(
    connection: Connection, source: str, filled: list[dict[str, Any]]
) -> None:
    _refill(connection, filled)
    try:
        found = database.matching(connection, source)
    except NotInSql:
        return
    assert found == {n for n, result in enumerate(_in_python(source, filled), 1) if result is True}
