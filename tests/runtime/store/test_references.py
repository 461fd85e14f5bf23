"""Filters over paths: sub-forms and the ways back of relations as lists, the record of a row, records in the bin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from runtime.definition.node import App
from runtime.permission.scope import Scope
from runtime.store.query import Query
from tests.support.apps import an_app, options
from tests.support.workspaces import Office


def stock() -> App:
    """客户, 订单 with the sub-form 明细, and 产品 whose title is a number."""
    build = an_app("仓库")
    customers = build.form("客户")
    build.field(customers, "text", "名称")
    build.field(customers, "choice", "等级", options=options("高", "低"))
    products = build.form("产品", title_field="")
    build.field(products, "money", "单价")
    orders = build.form("订单")
    build.field(orders, "text", "编号")
    build.field(orders, "relation", "客户", form=customers, reverse="订单")
    build.field(orders, "date", "日期")
    build.field(orders, "money", "运费")
    build.field(orders, "decimal", "倒数", formula="1/{运费}")
    build.field(orders, "boolean", "贵", formula="1/{运费}<1")
    lines = build.subform(orders, "明细")
    build.field(lines, "relation", "产品", form=products)
    build.field(lines, "integer", "数量")
    build.field(lines, "money", "金额")
    build.field(lines, "text", "备注")
    build.field(lines, "money", "折价", formula="{金额}/({数量}-2)")
    return build.app


@pytest.fixture
def office(tmp_path: Path, engine: str) -> Iterator[Office]:
    """Three orders of two customers, of which one has no lines."""
    office = Office(tmp_path, stock())
    session = office.session
    customers, orders, products = (session.form(name) for name in ("客户", "订单", "产品"))
    zhang, li = (customers.create({"名称": name, "等级": grade}) for name, grade in (("张伟", "高"), ("李娜", "低")))
    pen, ink = (products.create({"单价": price}) for price in ("1.50", "30"))
    orders.create(
        {"编号": "A", "客户": zhang.id, "日期": date(2024, 5, 1), "运费": 5}
        | {"明细": [{"产品": pen.id, "数量": 2, "金额": 3, "备注": "Blau"}, {"产品": ink.id, "数量": 1, "金额": 30}]}
    )
    orders.create({"编号": "B", "客户": zhang.id, "日期": date(2024, 5, 9), "明细": [{"数量": 7, "金额": "0.5"}]})
    orders.create({"编号": "C", "客户": li.id})
    yield office
    session.close()


def found(office: Office, form: str, where: str) -> list[str]:
    """What a filter finds, by the first field; rows of the sub-form by their amount."""
    target = office.form("订单").subforms[0].id if form == "明细" else form
    key = {"客户": "名称", "订单": "编号", "明细": "数量"}[form]
    return [str(record[key]) for record in office.session.form(target).records(where=where)]


@pytest.mark.parametrize(
    ("form", "where", "names"),
    [
        ("订单", "SUM({明细}.{金额})>3", ["A"]),
        ("订单", "SUM({明细.金额})=0.5", ["B"]),
        ("订单", "SUM({明细}.{金额},{运费})=38", ["A"]),
        ("订单", "COUNTA({明细})=0", ["C"]),
        ("订单", "ISBLANK({明细})", ["C"]),
        ("订单", "COUNT({明细}.{数量})=2", ["A"]),
        ("订单", "AVERAGE({明细}.{数量})=1.5", ["A"]),
        ("订单", "MAX({明细}.{金额})<1", ["B", "C"]),
        ("订单", 'COUNTIF({明细}.{备注},"BLAU")=1', ["A"]),
        ("订单", 'SUMIF({明细}.{产品}.{单价},">2",{明细}.{金额})=30', ["A"]),
        ("订单", "SUMPRODUCT({明细}.{产品}.{单价},{明细}.{数量})=33", ["A"]),
        ("订单", 'CONCAT({明细}.{产品}.{#title})="1.530"', ["A"]),
        ("客户", "SUM({订单}.{运费})=5", ["张伟"]),
        ("客户", "COUNTA({订单})=1", ["李娜"]),
        ("客户", "SUM({订单}.{明细}.{金额})=33.5", ["张伟"]),
        ("客户", "MAX({订单}.{日期})=DATE(2024,5,9)", ["张伟"]),
        ("客户", "MAX({订单}.{明细}.{产品}.{单价})=30", ["张伟"]),
        ("客户", 'CONCAT({订单}.{编号})="AB"', ["张伟"]),
        ("订单", "COUNTA({客户}.{订单})=2", ["A", "B"]),
        ("订单", "SUM({客户}.{订单}.{明细}.{数量})=10", ["A", "B"]),
        ("明细", '{主.编号}="A"', ["2", "1"]),
        ("明细", '{main.客户}="张伟"', ["2", "1", "7"]),
        ("明细", '{main.客户.等级}="高"', ["2", "1", "7"]),
        ("明细", "{main.运费}>{数量}", ["2", "1"]),
        ("明细", "SUM({main.明细.数量})={数量}", ["7"]),
        ("明细", "ISBLANK({产品})", ["7"]),
        ("明细", '{产品}="1.5"', ["2"]),
        ("订单", "{倒数}=0.2", ["A"]),
        ("订单", "{倒数}=0", []),
        ("订单", "{倒数}<>1", ["A"]),
        ("订单", "NOT({倒数}=0)", ["A"]),
        ("订单", "{贵}", ["A"]),
        ("订单", "NOT({贵})", []),
        ("订单", "ISBLANK({倒数})", []),
        ("订单", "ISERROR({倒数})", ["B", "C"]),
        ("订单", "IFERROR({倒数},-1)=-1", ["B", "C"]),
        ("订单", "{倒数}*2>0", ["A"]),
        ("订单", "OR({倒数}>0,TRUE)", ["A"]),
        ("明细", "{main.倒数}>0", ["2", "1"]),
        ("明细", "{折价}<1", ["1", "7"]),
        ("订单", "SUM({明细}.{折价})=0.1", ["B"]),
        ("订单", "ISERROR(SUM({明细}.{折价}))", ["A"]),
        ("订单", "ISERROR(SUM({明细}.{折价},1))", ["A"]),
        ("订单", "COUNT({明细}.{折价})=1", ["B"]),
        ("客户", "SUM({订单}.{倒数})=0", []),
        ("客户", "ISERROR(MAX({订单}.{倒数},0))", ["张伟", "李娜"]),
    ],
)
def test_a_filter_over_a_path_finds_what_it_says(office: Office, form: str, where: str, names: list[str]) -> None:
    assert found(office, form, where) == names


def test_what_is_in_the_bin_is_not_there(office: Office) -> None:
    orders = office.session.form("订单")
    record = next(iter(orders.records(where='{编号}="A"')))
    rows = record["明细"]
    rows.delete(rows[1])
    assert found(office, "订单", "SUM({明细}.{金额})=3") == ["A"]
    assert found(office, "客户", "SUM({订单}.{明细}.{金额})=3.5") == ["张伟"]
    orders.delete(record)
    assert found(office, "客户", "SUM({订单}.{明细}.{金额})=0.5") == ["张伟"]
    assert found(office, "明细", '{main.编号}="A"') == []


def test_records_that_a_scope_hides_count_nowhere(office: Office) -> None:
    customers, orders = office.form("客户"), office.form("订单")
    hidden = Scope(rows=((orders.id, '{编号}<>"A"'),))
    where = "SUM({订单}.{明细}.{数量})=7"
    assert office.session.reader.count(Query(customers.id, where, scope=hidden)) == 1
    assert office.session.reader.count(Query(customers.id, where)) == 0


def test_a_list_of_thousands_is_added_up_in_the_database(office: Office) -> None:
    lines = [{"数量": 1, "金额": Decimal("0.01")} for _ in range(3000)]
    office.session.form("订单").create({"编号": "D", "明细": lines})
    assert found(office, "订单", "SUM({明细}.{金额})=30") == ["D"]
