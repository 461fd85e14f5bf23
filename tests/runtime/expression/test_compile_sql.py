"""The SQL back ends: what an index serves stays plain, the rest is exact, and what cannot run says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from runtime.errors import Refused
from runtime.expression.problems import NotInSql
from runtime.value.conversions import LONGEST_LIST
from tests.runtime.expression import database
from tests.runtime.expression.database import Bench

ENGINES = ["sqlite", "postgresql"]

LINES: list[dict[str, Any]] = [
    {"c_amount": Decimal("1.50"), "c_piece": 3, "c_what": "Bolt", "c_grade": "高", "c_done": True},
    {"c_amount": Decimal("2.50"), "c_piece": 1, "c_what": "nut", "c_day": date(2024, 5, 1), "c_done": False},
    {"c_what": "bolt", "c_who": UUID(int=7), "c_day": date(2024, 4, 1)},
]

ROWS: list[dict[str, Any]] = [
    {"c_price": Decimal("3.01"), "c_count": 1, "c_level": "高", "c_open": True, "c_from": date(2024, 5, 10)}
    | {"lines": LINES},
    {"c_price": Decimal("3.00"), "c_count": 2, "c_level": "低", "c_open": False, "c_from": date(2024, 5, 9)},
    {"c_price": Decimal(-5), "c_count": 0, "c_at": datetime(2024, 5, 16, 16, 0, tzinfo=UTC), "c_name": ""},
    {"c_customer": UUID(int=1), "c_customer.title": "ACME", "c_name": "Abc"},
    {},
]


@pytest.fixture(scope="module", params=ENGINES)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """The rows above, in each engine."""
    if request.param == "sqlite":
        with database.in_sqlite() as found:
            found.refill(ROWS)
            yield found
    else:
        with database.in_postgres(request.getfixturevalue("postgres_dsn")) as found:
            found.refill(ROWS)
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
def test_a_filter_passes(bench: Bench, source: str, numbers: set[int]) -> None:
    assert bench.matching(source) == numbers


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
        ("SUM({明细}.{金额})", [Decimal(4), 0, 0, 0, 0]),
        ("SUM({明细}.{金额},{单价})", [Decimal("7.01"), 3, -5, 0, 0]),
        ("AVERAGE({明细}.{金额})", [Decimal(2), *["#DIV/0!"] * 4]),
        ("COUNT({明细}.{金额})&COUNTA({明细}.{品名})", ["23", "00", "00", "00", "00"]),
        ("MAX({明细}.{金额})", [Decimal("2.5"), 0, 0, 0, 0]),
        ("MIN({明细}.{日期})", [date(2024, 4, 1), None, None, None, None]),
        ("MAX({明细}.{日期})-1", [date(2024, 4, 30), None, None, None, None]),
        ("SUMPRODUCT({明细}.{金额},{明细}.{件数})", [Decimal(7), 0, 0, 0, 0]),
        ('SUMIFS({明细}.{金额},{明细}.{品名},"b*",{明细}.{级别},"高")', [Decimal("1.5"), 0, 0, 0, 0]),
        ('COUNTIF({明细}.{品名},"BOLT")', [2, 0, 0, 0, 0]),
        ('CONCAT({明细}.{品名},"-",{明细}.{件数})', ["Boltnutbolt-31", "-", "-", "-", "-"]),
        ("AND({明细}.{完成})", [False, *["#VALUE!"] * 4]),
        ("OR({明细}.{完成},TRUE)", [True] * 5),
        ("ISBLANK({明细}.{品名})", [False, True, True, True, True]),
        ("COUNTA({明细}.{负责人})", [1, 0, 0, 0, 0]),
        ("COUNTBLANK({明细}.{金额})", [1, 0, 0, 0, 0]),
    ],
)
def test_values_are_read_back_exactly(bench: Bench, source: str, expected: list[object]) -> None:
    assert bench.values(source) == expected


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
def test_an_index_serves(bench: Bench, source: str) -> None:
    if bench.engine == "postgresql":
        bench.connection.execute(text("SET LOCAL enable_seqscan = off"))
        assert "Index Cond" in bench.plan(source) or "Index Only Scan" in bench.plan(source)
    else:
        assert "USING COVERING INDEX" in bench.plan(source) or "USING INDEX" in bench.plan(source)
        assert "SEARCH" in bench.plan(source)


def test_sums_beyond_64_bits_stay_exact(bench: Bench) -> None:
    large = Decimal(2**62) / 100
    lines = [{"c_amount": large} for _ in range(5)]
    bench.add([{"c_price": large, "c_cost": large, "lines": lines}], 99)
    compiled = {each: bench.compiled(each) for each in ("{单价}*{成本}+{单价}", "SUM({明细}.{金额})")}
    row = database.TABLE.c["_n"] == 99
    columns = [each.value for each in compiled.values()]
    product, total = bench.connection.execute(select(*columns).select_from(database.TABLE).where(row)).one()
    bench.refill(ROWS)
    assert abs(compiled["{单价}*{成本}+{单价}"].read(product) - (large**2 + large)) < 1e6
    assert compiled["SUM({明细}.{金额})"].read(total) == 5 * large


def test_a_list_of_any_length_adds_up_and_is_too_long_for_the_rest(bench: Bench) -> None:
    lines = [{"c_amount": Decimal("0.01"), "c_piece": 1}] * (LONGEST_LIST + 1)
    bench.refill([{"lines": lines}, {"lines": lines[:-1]}])
    assert bench.values("SUM({明细}.{金额})") == [Decimal("100.01"), Decimal(100)]
    assert bench.values("COUNT({明细}.{金额})") == [LONGEST_LIST + 1, LONGEST_LIST]
    assert bench.values("SUM({明细}.{金额},1)") == ["#NUM!", Decimal(101)]
    assert bench.values('IFERROR(COUNTIF({明细}.{件数},"1"),-1)') == [-1, LONGEST_LIST]
    bench.refill(ROWS)


def test_times_and_durations_go_through_the_database(bench: Bench) -> None:
    bench.refill([{"c_clock": time(20, 30, 0, 5), "c_span": timedelta(days=-2, microseconds=1)}, {}])
    assert bench.values("{钟点}+0.25") == [time(2, 30, 0, 5), None]
    assert bench.values("{时长}+{时长}") == [timedelta(days=-4, microseconds=2), None]
    assert bench.values("ROUND({时长}*40000000,6)") == [Decimal("-79999999.999537"), 0]
    assert bench.values("({时长}+1)+999999999") == [timedelta(days=999_999_998, microseconds=1), "#NUM!"]
    assert bench.matching("{钟点}>TIME(20,0,0)") == {1}
    assert bench.matching("{时长}<0") == {1}
    bench.refill(ROWS)


def test_numbers_sort_as_numbers_and_texts_by_code_points(bench: Bench) -> None:
    order = bench.compiled("{单价}*10").order
    found = bench.connection.execute(select(database.TABLE.c["_n"]).where(database.TABLE.c["_n"] < 4).order_by(order))
    assert list(found.scalars()) == [3, 2, 1]
    bench.refill([{"c_name": each} for each in ("b", "B", "é", "a", "高")])
    order = bench.compiled('{名称}&"x"').order
    assert list(bench.connection.execute(select(database.TABLE.c["_n"]).order_by(order)).scalars()) == [2, 4, 1, 3, 5]
    bench.refill(ROWS)


def test_a_text_that_looks_like_an_error_of_the_database_is_a_text(bench: Bench) -> None:
    bench.refill([{"c_name": "\ufdd0#DIV/0!"}])
    assert bench.values('ISERROR({名称}&"")') == [False]
    assert bench.values('LEN("\ufdd0#N/A")>3') == [True]
    bench.refill(ROWS)


@pytest.mark.parametrize(
    "source",
    [
        'IF({启用},1,"x")',
        "{任意}",
        "+".join(["{单价}"] * 100),
        "MAX({明细}.{日期},{单价})",
        "SUM({明细}.{金额}*2)",
    ],
)
@pytest.mark.parametrize("engine", ENGINES)
def test_what_the_database_cannot_do_is_said(source: str, engine: str) -> None:
    with pytest.raises(NotInSql) as caught:
        database.compiled(source, engine)
    assert str(caught.value)


def test_what_only_a_server_cannot_do_is_said() -> None:
    database.compiled('PROPER({名称})="A"', "sqlite")
    with pytest.raises(NotInSql) as caught:
        database.compiled('PROPER({名称})="A"', "postgresql")
    assert "PROPER" in str(caught.value)


def test_a_formula_that_cannot_run_is_refused() -> None:
    with pytest.raises(Refused):
        database.compiled("{无}", "sqlite")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_sql_grows_with_the_formula_and_no_faster(engine: str) -> None:
    source = "{单价}/{数量}>1"
    for n in range(20):
        source = f"IF({source},{n}>{{数量}},NOT({{启用}}))"
    assert len(str(database.compiled(source, engine).condition)) < 20_000
