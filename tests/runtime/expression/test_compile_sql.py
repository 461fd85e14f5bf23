"""The SQL back end: what an index serves stays plain, the rest is exact, and what cannot run says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, select

from runtime.errors import Refused
from runtime.expression.problems import NotInSql
from tests.runtime.expression import database

ROWS: list[dict[str, Any]] = [
    {"c_price": Decimal("3.01"), "c_count": 1, "c_level": "高", "c_open": True, "c_from": date(2024, 5, 10)},
    {"c_price": Decimal("3.00"), "c_count": 2, "c_level": "低", "c_open": False, "c_from": date(2024, 5, 9)},
    {"c_price": Decimal(-5), "c_count": 0, "c_at": datetime(2024, 5, 16, 16, 0, tzinfo=UTC), "c_name": ""},
    {"c_customer": UUID(int=1), "c_customer.title": "ACME", "c_name": "Abc"},
    {},
]


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """The rows above."""
    with database.connected() as found:
        database.insert(found, ROWS)
        yield found


@pytest.mark.parametrize(
    ("source", "numbers"),
    [
        ("{单价}*{数量}+1>3", {1, 2}),
        ("{单价}>=3.005", {1}),
        ("{单价}=3.005", set()),
        ("{单价}<>3.005", {1, 2, 3, 4, 5}),
        ("{单价}<=3", {2, 3, 4, 5}),
        ("3.01={单价}", {1}),
        ("{单价}=0", {4, 5}),
        ("{单价}<1E+300", {1, 2, 3, 4, 5}),
        ("{单价}>1E+300", set()),
        ("{数量}/{数量}=1", {1, 2}),
        ("IFERROR({数量}/{数量},1)=1", {1, 2, 3, 4, 5}),
        ("NOT({数量}/{数量}=1)", set()),
        ('{等级}="高"', {1}),
        ('{等级}<>"高"', {2, 3, 4, 5}),
        ('{等级}="没有"', set()),
        ('{等级}=""', {3, 4, 5}),
        ('OR({等级}="高",{等级}="低")', {1, 2}),
        ("{启用}", {1}),
        ("NOT({启用})", {2, 3, 4, 5}),
        ("{启用}=FALSE", {2, 3, 4, 5}),
        ('{开始}>=DATEADD(TODAY(),-7,"day")', {1}),
        ('{开始}<"2024-05-10"', {2}),
        ("NOT({开始}<TODAY())", {3, 4, 5}),
        ("{时间}>=TODAY()", {3}),
        ('{时间}="2024-05-17"', {3}),
        ('{名称}="ABC"', {4}),
        ('{名称}=""', {1, 2, 3, 5}),
        ("ISBLANK({名称})", {1, 2, 3, 5}),
        ("ISBLANK({客户})", {1, 2, 3, 5}),
        ('{客户}="acme"', {4}),
        ("{数量}", {1, 2}),
        ("{名称}", set()),
        ("TODAY()", set()),
        ("1/0", set()),
        ("TRUE", {1, 2, 3, 4, 5}),
    ],
)
def test_a_filter_passes(connection: Connection, source: str, numbers: set[int]) -> None:
    assert database.matching(connection, source) == numbers


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{单价}", [Decimal("3.01"), Decimal(3), Decimal(-5), None, None]),
        ("{单价}/{数量}", [Decimal("3.01"), Decimal("1.5"), "#DIV/0!", "#DIV/0!", "#DIV/0!"]),
        ("{等级}", ["高", "低", None, None, None]),
        ("{开始}+1", [date(2024, 5, 11), date(2024, 5, 10), None, None, None]),
        ("{时间}", [None, None, datetime(2024, 5, 16, 16, 0, tzinfo=UTC), None, None]),
        ('{时间}&""', ["", "", "2024-05-17 00:00:00", "", ""]),
        ("{客户}", [None, None, None, UUID(int=1), None]),
        ("{启用}", [True, False, None, None, None]),
    ],
)
def test_values_are_read_back_exactly(connection: Connection, source: str, expected: list[object]) -> None:
    assert database.values(connection, source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "{单价}>3",
        "{单价}=3.01",
        '{等级}="高"',
        '{开始}>=DATEADD(TODAY(),-7,"day")',
        "{时间}>=TODAY()",
        "AND({单价}>3,{成本}/{数量}>1)",
        'AND({名称}="x",{等级}="高")',
        '{等级}=""',
        "ISBLANK({单价})",
        "{启用}",
    ],
)
def test_an_index_serves(connection: Connection, source: str) -> None:
    assert "USING COVERING INDEX" in database.plan(connection, source) or "USING INDEX" in database.plan(
        connection, source
    )
    assert "SEARCH" in database.plan(connection, source)


def test_sums_beyond_64_bits_stay_exact(connection: Connection) -> None:
    connection.execute(database.TABLE.insert(), [{"_n": 99, "c_price": 2**62, "c_cost": 2**62}])
    expression = database.compiled("{单价}*{成本}+{单价}")
    raw = connection.execute(select(expression.value).where(database.TABLE.c["_n"] == 99)).scalar_one()
    connection.execute(database.TABLE.delete().where(database.TABLE.c["_n"] == 99))
    with_hundredths = Decimal(2**62) / 100
    assert abs(expression.read(raw) - (with_hundredths**2 + with_hundredths)) < 1e6
    assert len(raw) > 30


def test_numbers_sort_as_numbers(connection: Connection) -> None:
    order = database.compiled("{单价}*10").order
    found = connection.execute(select(database.TABLE.c["_n"]).where(database.TABLE.c["_n"] < 4).order_by(order))
    assert list(found.scalars()) == [3, 2, 1]


@pytest.mark.parametrize("source", ["SUM({明细}.{金额})", 'IF({启用},1,"x")', "{任意}", "+".join(["{单价}"] * 100)])
def test_what_the_database_cannot_do_is_said(source: str) -> None:
    with pytest.raises(NotInSql) as caught:
        database.compiled(source)
    assert str(caught.value)


def test_a_formula_that_cannot_run_is_refused() -> None:
    with pytest.raises(Refused):
        database.compiled("{无}")


def test_the_sql_grows_with_the_formula_and_no_faster() -> None:
    source = "{单价}/{数量}>1"
    for n in range(20):
        source = f"IF({source},{n}>{{数量}},NOT({{启用}}))"
    assert len(str(database.compiled(source).condition)) < 20_000
