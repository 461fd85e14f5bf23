"""Several options in the store: kept, found by filters, read by formulas, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime.definition.edits import SetKind
from runtime.definition.node import App
from runtime.errors import Refused
from runtime.store.query import Group, Query, Sort
from tests.support.apps import an_app, field_called, options
from tests.support.workspaces import Office, codes

TAGS = ("重点", "海外", "VIP", "a, b")


def an_office(folder: Path) -> Office:
    """客户 with tags, and 订单 that point to them."""
    build = an_app()
    customers = build.form("客户")
    build.field(customers, "text", "名称")
    build.field(customers, "choices", "标签", options=options(*TAGS))
    build.field(customers, "integer", "几个", formula="COUNTA({标签})")
    build.field(customers, "text", "全部", formula='TEXTJOIN("+",TRUE,{标签})')
    build.field(customers, "boolean", "贵", formula='IN("vip",{标签})')
    build.field(customers, "choices", "自动", formula="{标签}", options=options(*TAGS))
    build.field(customers, "integer", "单标签", formula="COUNTA({订单}.{标签})")
    orders = build.form("订单")
    build.field(orders, "text", "编号")
    build.field(orders, "relation", "客户", form=customers, reverse="订单")
    build.field(orders, "choices", "标签", options=options("急", "慢"))
    build.field(orders, "boolean", "海外", formula='IN("海外",{客户}.{标签})')
    return Office(folder, build.app)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = an_office(tmp_path)
    customers = office.session.form("客户")
    customers.create({"名称": "甲", "标签": "重点、VIP"})
    customers.create({"名称": "乙", "标签": ["海外"]})
    customers.create({"名称": "丙"})
    customers.create({"名称": "丁", "标签": ["a, b", "VIP", "重点"]})
    orders = office.session.form("订单")
    orders.create({"编号": "1", "客户": "甲", "标签": "急，慢"})
    orders.create({"编号": "2", "客户": "甲", "标签": "急"})
    orders.create({"编号": "3", "客户": "乙"})
    orders.create({"编号": "4"})
    yield office
    office.session.close()


def names(office: Office, where: str, form: str = "客户") -> list[Any]:
    return [record[record.form.fields[0].name] for record in office.session.form(form).records(where)]


def test_they_are_kept_in_the_order_of_the_options(office: Office) -> None:
    first, *_, last = office.session.form("客户").records()
    assert first["标签"] == ("重点", "VIP") and last["标签"] == ("重点", "VIP", "a, b")
    assert last.text("标签") == '重点, VIP, "a, b"'


def test_formulas_read_them_as_lists(office: Office) -> None:
    records = office.session.form("客户").records()
    assert [record["几个"] for record in records] == [2, 1, 0, 3]
    assert [record["全部"] for record in records] == ["重点+VIP", "海外", None, "重点+VIP+a, b"]
    assert [record["贵"] for record in records] == [True, False, False, True]
    assert [record["自动"] for record in records] == [("重点", "VIP"), ("海外",), None, ("重点", "VIP", "a, b")]
    assert [record["单标签"] for record in records] == [3, 0, 0, 0]
    assert [record["海外"] for record in office.session.form("订单").records()] == [False, False, True, False]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ('IN("vip",{标签})', "甲丁"),
        ('OR(IN("海外",{标签}),IN("a, b",{标签}))', "乙丁"),
        ('AND(IN("VIP",{标签}),IN("重点",{标签}))', "甲丁"),
        ('NOT(IN("VIP",{标签}))', "乙丙"),
        ("ISBLANK({标签})", "丙"),
        ("NOT(ISBLANK({标签}))", "甲乙丁"),
        ("COUNTA({标签})=2", "甲"),
        ('IN("VIP",{自动})', "甲丁"),
        ('COUNTIF({标签},"重点")>0', "甲丁"),
        ('IN("急",{订单}.{标签})', "甲"),
        ("COUNTA({订单}.{标签})=3", "甲"),
        ('IN("",{标签})', ""),
    ],
)
def test_filters_find_them(office: Office, where: str, found: str) -> None:
    assert "".join(names(office, where)) == found


def test_filters_find_them_over_a_relation(office: Office) -> None:
    assert names(office, 'IN("重点",{客户}.{标签})', "订单") == ["1", "2"]
    assert names(office, "COUNTA({客户}.{标签})=1", "订单") == ["3"]


def test_they_sort_by_their_first_option(office: Office) -> None:
    form = office.form("客户")
    found = office.session.reader.rows(
        form.id, office.session.reader.ids(Query(form.id, sort=(Sort(form.fields[1].id),)))
    )
    assert [row.values[form.fields[0].id] for row in found] == ["甲", "丁", "乙", "丙"]


def test_what_is_no_option_is_refused(office: Office) -> None:
    assert codes(office.try_new("客户", {"名称": "戊", "标签": ("gone",)})) != []
    assert codes(office.try_new("客户", {"名称": "戊", "标签": ()})) != []


def test_undo_and_history_keep_them(office: Office) -> None:
    customers = office.session.form("客户")
    record = customers.records()[0]
    customers.update(record, {"标签": ["海外"]})
    assert customers.get(record)["标签"] == ("海外",)  # type: ignore[index]
    assert office.session.undo()
    assert customers.get(record)["标签"] == ("重点", "VIP")  # type: ignore[index]
    assert len(office.session.history(record)) == 3


@pytest.mark.parametrize("kind", ["text", "choice"])
def test_they_become_another_type_and_come_back(office: Office, kind: str) -> None:
    form = office.form("订单")
    field = form.fields[2].id
    lossy = [field] if kind == "choice" else []
    office.session.publish(SetKind(field, f"field.{kind}").apply(office.app), lossy)
    values = [record["标签"] for record in office.session.form("订单").records()]
    assert values == (["急, 慢", "急", None, None] if kind == "text" else [None, "急", None, None])
    office.session.publish(SetKind(field, "field.choices").apply(office.app), lossy)
    values = [record["标签"] for record in office.session.form("订单").records()]
    assert values[1] == ("急",) and values[2] is None


def without(office: Office, label: str) -> App:
    """The app after the option of that label was taken from the tags of customers."""
    field = office.form("客户").called("标签")
    assert field is not None
    left = [option for option in field.node.props["options"] if option["label"] != label]
    return office.app.replacing({field.id: field.node.with_props(options=left)})


def test_an_option_that_records_have_does_not_go_unnoticed(office: Office) -> None:
    app = without(office, "VIP")
    assert [(loss.values, loss.lost) for loss in office.session.losses(app)] == [(3, 2)]
    with pytest.raises(Refused):
        office.session.publish(app)
    field = office.form("客户").called("标签")
    assert field is not None
    office.session.publish(app, lossy=[field.id])
    assert [record["标签"] for record in office.session.form("客户").records()] == [
        ("重点",), ("海外",), None, ("重点", "a, b"),
    ]  # fmt: skip


def test_an_option_that_no_record_has_can_go(office: Office) -> None:
    customers = office.session.form("客户")
    for record in customers.records('IN("VIP",{标签})'):
        customers.update(record, {"标签": "重点"})
    assert office.session.losses(without(office, "VIP")) == []
    office.session.publish(without(office, "VIP"))


def test_options_are_not_taken_back_from_records_that_have_them(office: Office) -> None:
    field = office.form("客户").called("标签")
    assert field is not None
    (new,) = options("新")
    before = office.session.publish(
        office.app.replacing({field.id: field.node.with_props(options=[*field.node.props["options"], new])})
    )
    row = office.session.form("客户").create({"名称": "戊", "标签": ["新", "VIP"]}).id
    with pytest.raises(Refused):
        office.session.abandon([before])
    assert office.read("客户", row)["标签"] == (*field.kind.parse("VIP", field.props), new["id"])


def test_values_follow_the_options_into_another_order(office: Office) -> None:
    form = office.form("客户")
    field = field_called(form, "标签")
    turned = list(reversed(field.node.props["options"]))
    office.session.publish(office.app.replacing({field.id: field.node.with_props(options=turned)}))
    office.session.form("客户").create({"名称": "戊", "标签": ["重点", "VIP"]})
    _, groups = office.session.reader.grouped_ids(Query(form.id, groups=(Group(field.id),)), {})
    assert sorted(groups.counts) == [1, 1, 1, 2]
    records = {record["名称"]: record["标签"] for record in office.session.form("客户").records()}
    assert records["甲"] == records["戊"] == ("VIP", "重点")
    assert office.session.damage() == []
