"""The promise of the SQL back ends: on every row they say what Python says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.expression.compile_python import compile_python
from runtime.expression.problems import NotInSql
from runtime.value.error_values import ErrorValue
from tests.runtime.expression import database
from tests.runtime.expression.database import Bench
from tests.runtime.expression.formulas import conditions, formulas, rows
from tests.runtime.expression.sample import SITUATION

_RELAXED = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """A database of each engine for the whole module; every example empties the tables."""
    if request.param == "sqlite":
        with database.in_sqlite() as found:
            yield found
    else:
        with database.in_postgres(request.getfixturevalue("postgres_dsn")) as found:
            yield found


def _in_python(source: str, filled: list[dict[str, Any]]) -> list[Any]:
    evaluate = compile_python(database.checked(source)).evaluate
    results = [evaluate(database.in_python(row), SITUATION) for row in filled]
    return [each.code if isinstance(each, ErrorValue) else each for each in results]


@_RELAXED
@given(source=formulas, filled=st.lists(rows, min_size=1, max_size=6))
def test_the_database_computes_what_python_computes(bench: Bench, source: str, filled: list[dict[str, Any]]) -> None:
    bench.refill(filled)
    try:
        found = bench.values(source)
    except NotInSql:
        return
    assert found == _in_python(source, filled)


@_RELAXED
@given(source=conditions, filled=st.lists(rows, min_size=1, max_size=6))
def test_a_filter_in_the_database_passes_the_rows_that_are_true_in_python(
    bench: Bench, source: str, filled: list[dict[str, Any]]
) -> None:
    bench.refill(filled)
    try:
        found = bench.matching(source)
    except NotInSql:
        return
    assert found == {n for n, result in enumerate(_in_python(source, filled), 1) if result is True}
