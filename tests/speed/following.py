"""Values that follow from other records: what one change moves, and what a record full of formulas costs to save."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from runtime.changes import BulkChange, Change, ChangeKind, new_uuid
from runtime.session import Session, open_workspace
from runtime.store.records import Applied
from runtime.store.schema import column_name, table_name
from tests.speed.measure import Figure, percentile, seconds
from tests.speed.store import PASSPHRASE
from tests.support.apps import an_app, field_called, form_called

FORMULAS = 20
ROWS = 10


def dependents(folder: Path) -> Iterator[Figure]:
    """One rate that lines look up: as many as go into the same commit, and twice as many, which take the queue."""
    for number in (5_000, 10_000):
        with open_workspace(folder / f"dependents{number}", PASSPHRASE) as session:
            columns, update = _rates(session, number)
            ours = statistics.median(update() for _ in range(5))
            raw = statistics.median(_raw_update(session, columns) for _ in range(5))
        queued = "" if number == 5_000 else ", by the queue, until every value is right"
        note = f"one change that {number:,} records look up, two formulas each{queued}; raw: both columns by UPDATE"
        yield Figure(f"dependents_{number}", "ms", ours * 1e3, raw * 1e3, note)


def _rates(session: Session, number: int) -> tuple[tuple[str, str, str], Callable[[], float]]:
    build = an_app("Bench")
    rates = build.form("率")
    build.field(rates, "text", "名")
    figure = build.field(rates, "integer", "率")
    lines = build.form("项")
    relation = build.field(lines, "relation", "率", form=rates)
    quantity = build.field(lines, "integer", "数")
    value = build.field(lines, "integer", "值", formula="{率}.{率}*{数}")
    twice = build.field(lines, "integer", "倍", formula="{值}*2")
    session.publish(build.app)
    rate = new_uuid()
    _must(session, Change(ChangeKind.NEW, rates, rate, {figure: 1}))
    for _ in range(0, number, 5_000):
        columns: dict[str, list[Any]] = {relation: [rate] * 5_000, quantity: [1] * 5_000}
        _must(session, BulkChange(ChangeKind.NEW, lines, [new_uuid() for _ in range(5_000)], columns))
    values = count(2)
    return (lines, value, twice), lambda: seconds(
        lambda: _must(session, Change(ChangeKind.SET, rates, rate, {figure: next(values)}))
    )


PRICES, LINES = 2_000, 60_000


def prices(folder: Path) -> Iterator[Figure]:
    """Every price changes at once, and thirty lines of each follow through the queue, with a product of each."""
    with open_workspace(folder / "prices", PASSPHRASE) as session:
        columns, products, price = _price_list(session)
        ours = []
        for number in range(3):
            values = [Decimal(at + number) for at in range(1, PRICES + 1)]
            change = BulkChange(ChangeKind.SET, session.form("品").id, products, {price: values})
            ours.append(seconds(lambda change=change: _must(session, change)))  # type: ignore[misc]
        raw = statistics.median(_raw_update(session, columns) for _ in range(3))
    note = f"{PRICES:,} prices that {LINES:,} lines look up and multiply, by the queue; raw: both columns by UPDATE"
    yield Figure("follow_prices", "ms", statistics.median(ours) * 1e3, raw * 1e3, note)


def _price_list(session: Session) -> tuple[tuple[str, str, str], list[UUID], str]:
    build = an_app("Bench")
    goods = build.form("品")
    price = build.field(goods, "money", "价")
    lines = build.form("行")
    relation = build.field(lines, "relation", "品", form=goods)
    quantity = build.field(lines, "integer", "数")
    found = build.field(lines, "money", "价", formula="{品}.{价}")
    total = build.field(lines, "money", "额", formula="{价}*{数}")
    session.publish(build.app)
    products = [new_uuid() for _ in range(PRICES)]
    _must(session, BulkChange(ChangeKind.NEW, goods, products, {price: [Decimal(1)] * PRICES}))
    for first in range(0, LINES, 5_000):
        numbers = range(first, first + 5_000)
        columns: dict[str, list[Any]] = {
            relation: [products[at * 7 % PRICES] for at in numbers],
            quantity: [at % 9 for at in numbers],
        }
        _must(session, BulkChange(ChangeKind.NEW, lines, [new_uuid() for _ in numbers], columns))
    return (lines, found, total), products, price


def _raw_update(session: Session, columns: tuple[str, str, str]) -> float:
    form, value, twice = columns
    sql = f'UPDATE "{table_name(form)}" SET "{column_name(value)}" = 7, "{column_name(twice)}" = 14'
    with session._workspace.database.writer.connect() as connection:

        def update() -> None:
            connection.exec_driver_sql(sql)
            connection.rollback()

        return seconds(update)


def _must(session: Session, change: Change | BulkChange) -> None:
    assert isinstance(session.save([change], "Bench"), Applied)


def rich_records(folder: Path, number: int = 200) -> Iterator[Figure]:
    """A record with formulas, lookups and a sub-form with a total: made, and one number of it changed."""
    with open_workspace(folder / "rich", PASSPHRASE) as session:
        _rich(session)
        orders, customers = session.form("单"), session.form("客户")
        customer = customers.create({"名": "大成", "甲": 1, "乙": 2, "丙": "z"})
        rows = [{"量": at, "价": 2} for at in range(ROWS)]
        made = [
            seconds(lambda: orders.create({"名": "n", "客户": customer, "数": 3, "行": rows})) for _ in range(number)
        ]
        record = orders.create({"名": "n", "客户": customer, "数": 3, "行": rows})
        form = form_called(next(iter(session.apps.values())), "单")
        field = field_called(form, "数").id
        values = count(10)
        changed = [
            seconds(lambda: _must(session, Change(ChangeKind.SET, form.id, record.id, {field: next(values)})))
            for _ in range(number)
        ]
    what = f"a record with {FORMULAS} formulas, 3 lookups and {ROWS} rows with a total"
    for name, times, note in (("make", made, f"{what}, made"), ("change", changed, f"one number of {what}")):
        yield Figure(
            f"rich_{name}_p50", "ms", percentile(times, 0.5) * 1e3, None, note, "at most 3 ms for each of its records"
        )
        yield Figure(f"rich_{name}_p99", "ms", percentile(times, 0.99) * 1e3, None, note, "at most 20 ms")


def _rich(session: Session) -> None:
    build = an_app("Bench")
    customers = build.form("客户")
    for type_name, name in (("text", "名"), ("integer", "甲"), ("integer", "乙"), ("text", "丙")):
        build.field(customers, type_name, name)
    orders = build.form("单")
    build.field(orders, "text", "名")
    build.field(orders, "relation", "客户", form=customers)
    build.field(orders, "integer", "数")
    rows = build.subform(orders, "行")
    build.field(rows, "integer", "量")
    build.field(rows, "money", "价")
    build.field(rows, "money", "小计", formula="{量}*{价}")
    for name in ("甲", "乙", "丙"):
        build.field(orders, "text", f"查{name}", formula=f'{{客户}}.{{{name}}}&""')
    build.field(orders, "money", "总", formula="SUM({行}.{小计})")
    for at in range(FORMULAS):
        formula = f"{{数}}*{at}+{{总}}" if at < FORMULAS // 2 else f"{{算{at - FORMULAS // 2}}}+1"
        build.field(orders, "decimal", f"算{at}", formula=formula)
    session.publish(build.app)
