"""Records by the names that people use, as scripts write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from resources.texts import speaking
from runtime.changes import new_uuid
from runtime.definition.edits import SetProperty
from runtime.errors import Refused, UserError
from runtime.record import FormHandle, NoSuchField, Record
from tests.support.apps import field_called, shop
from tests.support.workspaces import Office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.session.close()


@pytest.fixture
def orders(office: Office) -> FormHandle:
    return office.session.form("订单")


@pytest.fixture
def customers(office: Office) -> FormHandle:
    return office.session.form("客户")


def problems(action: Any) -> list[str]:
    """Codes of what refuses an action."""
    with pytest.raises(Refused) as refusal:
        action()
    return [problem.code for problem in refusal.value.problems]


def test_a_record_is_made_of_text_as_people_write_it(customers: FormHandle, orders: FormHandle) -> None:
    customer = customers.create({"名称": " 张伟 ", "等级": "高", "重点": "是"})
    order = orders.create(
        {
            "编号": "A-1",
            "客户": "张伟",
            "数量": "1,200",
            "单价": "¥9.99",
            "折扣": "25%",
            "日期": "2024年3月5日",
            "发货时间": "2024-03-05T06:30:00Z",
            "重量": "0.5",
        }
    )
    assert dict(customer) == {"名称": "张伟", "等级": "高", "备注": None, "重点": True}
    assert dict(order) == {
        "编号": "A-1",
        "客户": customer.id,
        "数量": 1200,
        "单价": Decimal("9.99"),
        "折扣": Decimal("0.25"),
        "金额": Decimal("8991.00"),
        "日期": date(2024, 3, 5),
        "发货时间": datetime(2024, 3, 5, 6, 30, tzinfo=UTC),
        "重量": Decimal("0.500"),
    }
    assert order.text("客户") == "张伟"
    assert order.title == "A-1"
    assert order.text("金额") == "¥8,991.00"


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("数量", 3, 3),
        ("数量", 3.0, 3),
        ("数量", Decimal(3), 3),
        ("单价", 9, Decimal("9.00")),
        ("单价", 9.99, Decimal("9.99")),
        ("单价", 0.1 + 0.2, Decimal("0.30")),
        ("单价", 2.675, Decimal("2.68")),
        ("单价", 1e-7, Decimal("0.00")),
        ("单价", 1e15, Decimal(10**15)),
        ("单价", Decimal("1.005"), Decimal("1.01")),
        ("折扣", 0.285, Decimal("0.29")),
        ("折扣", 1, Decimal("1.00")),
        ("折扣", Decimal("0.07"), Decimal("0.07")),
        ("重量", 1.0005, Decimal("1.001")),
    ],
)
def test_any_number_of_python_is_taken_by_the_digits_it_is_written_with(
    orders: FormHandle, name: str, value: Any, kept: Any
) -> None:
    record = orders.create({"编号": "A", name: value})
    assert record[name] == kept
    assert orders.update(record.id, {name: value})[name] == kept


def test_what_is_computed_from_a_rounded_number_uses_the_rounded_number(orders: FormHandle) -> None:
    record = orders.create({"编号": "A", "数量": 1000, "单价": Decimal("1.005")})
    assert record["金额"] == Decimal("1010.00")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("数量", 2.5, "not_whole"),
        ("数量", "viele", "not_a_number"),
        ("数量", "12,5", "not_a_number"),
        ("数量", True, "illegal_value"),
        ("数量", -1, "illegal_value"),
        ("数量", 1e300, "too_large"),
        ("数量", float("nan"), "illegal_value"),
        ("单价", float("inf"), "illegal_value"),
        ("单价", 1e300, "too_large"),
        ("单价", "1E5", "not_a_number"),
        ("日期", "morgen", "not_a_date"),
        ("发货时间", datetime(2024, 1, 1), "illegal_value"),
        ("发货时间", "gleich", "not_a_moment"),
        ("客户", "niemand", "no_such_record"),
        ("客户", new_uuid(), "no_such_target"),
        ("客户", "01890000-0000-7000-8000-000000000009", "no_such_target"),
        ("客户", 7, "illegal_value"),
        ("编号", 5, "illegal_value"),
        ("编号", None, "required"),
        ("编号", "  ", "required"),
        ("金额", 5, "computed"),
        ("重量", -1, "check_failed"),
        ("编号", ["x"], "illegal_value"),
        ("编号", "\ud800", "illegal_value"),
    ],
)
def test_what_is_wrong_with_a_value_is_said_at_its_field(
    orders: FormHandle, office: Office, name: str, value: Any, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        orders.create({"编号": "A", name: value})
    (problem,) = refusal.value.problems
    assert (problem.code, problem.where) == (code, field_called(office.form("订单"), name).id)
    assert str(problem.message)
    with speaking("zh_CN"):
        assert str(problem.message)
    assert orders.count() == 0


def test_every_unreadable_value_is_named_at_once(orders: FormHandle) -> None:
    assert problems(lambda: orders.create({"编号": "A", "数量": "x", "日期": "y"})) == ["not_a_number", "not_a_date"]


def test_a_choice_is_given_by_label_in_any_case_or_by_id(customers: FormHandle, office: Office) -> None:
    level = field_called(office.form("客户"), "等级")
    for at, value in enumerate(["高", " 高 ", level.props.options[0].id]):
        assert customers.create({"名称": f"客户{at}", "等级": value})["等级"] == "高"
    assert problems(lambda: customers.create({"名称": "x", "等级": "最高"})) == ["no_such_option"]


def test_a_relation_is_given_by_record_id_text_or_title(customers: FormHandle, orders: FormHandle) -> None:
    customer = customers.create({"名称": "张伟"})
    for at, value in enumerate([customer, customer.id, str(customer.id), "张伟", " 张伟 "]):
        assert orders.create({"编号": str(at), "客户": value})["客户"] == customer.id
    assert orders.create({"编号": "none", "客户": ""})["客户"] is None
    assert orders.create({"编号": "null", "客户": None})["客户"] is None
    customers.delete(customer.id)
    assert problems(lambda: orders.create({"编号": "x", "客户": "张伟"})) == ["no_such_record"]


def test_a_title_that_is_no_title_is_said_as_no_record(office: Office, orders: FormHandle) -> None:
    form = office.form("客户")
    app = SetProperty(form.id, "title_field", field_called(form, "等级").id).apply(office.app)
    office.session.publish(app)
    assert problems(lambda: orders.create({"编号": "x", "客户": "niemand"})) == ["no_such_record"]


@pytest.mark.parametrize("name", ["", "编码", "nichts", "名称", "c", "#", "数量;", None, 3])
def test_an_unknown_name_is_refused_with_the_names_there_are(orders: FormHandle, name: Any) -> None:
    record = orders.create({"编号": "A"})
    for action in (
        lambda: orders.create({name: 1}),
        lambda: orders.update(record.id, {name: 1}),
        lambda: record[name],
        lambda: record.text(name),
        lambda: orders.records(sort=[name if isinstance(name, str) else "?"]),
    ):
        with pytest.raises(UserError, match="Its fields are: 编号, 客户") as refusal:
            action()
        assert refusal.value.code == "no_such_field"
    assert orders.count() == 1


def test_a_name_nearly_right_gets_a_suggestion(orders: FormHandle) -> None:
    record = orders.create({"编号": "A"})
    with pytest.raises(NoSuchField, match="Did you mean “发货时间”"):
        record["发货时候"]
    with pytest.raises(UserError, match="Did you mean “发货时间”"):
        orders.create({"发货时候": "x"})


def test_a_record_is_a_mapping(orders: FormHandle) -> None:
    record = orders.create({"编号": "A", "数量": 2})
    assert record.get("数量") == 2
    assert record.get("nichts", "fallback") == "fallback"
    assert "nichts" not in record
    assert "数量" in record
    assert len(record) == len(list(record)) == 9
    assert isinstance(record, Record)
    assert {**record}["编号"] == "A"


def test_names_are_found_without_regard_to_case_and_blanks_and_by_id(orders: FormHandle, office: Office) -> None:
    field = field_called(office.form("订单"), "数量")
    record = orders.create({" 编号 ": "A", field.id: 2})
    assert record["数量"] == record[field.id] == 2


def test_what_is_not_there_is_none_or_refused(orders: FormHandle) -> None:
    record = orders.create({"编号": "A"})
    assert orders.get(new_uuid()) is None
    assert orders.get(str(record.id)) == record
    orders.delete(record.id)
    assert orders.get(record.id) is None
    assert problems(lambda: orders.update(record.id, {"数量": 1})) == ["deleted"]
    assert problems(lambda: orders.update(new_uuid(), {"数量": 1})) == ["no_such_record"]
    assert problems(lambda: orders.delete(new_uuid())) == ["no_such_record"]
    for bad in ("", "A", "1234", "x" * 36):
        assert problems(lambda bad=bad: orders.get(bad)) == ["no_such_record"]


def test_updating_with_nothing_changes_nothing(orders: FormHandle) -> None:
    record = orders.create({"编号": "A"})
    assert orders.update(record.id, {}).row.seq == record.row.seq


def test_records_come_filtered_sorted_and_limited(orders: FormHandle) -> None:
    for at in range(10):
        orders.create({"编号": f"A{at}", "数量": at, "单价": 1000})
    found = orders.records(where="{金额} > 3000", sort=["-金额"], limit=5)
    assert [record["数量"] for record in found] == [9, 8, 7, 6, 5]
    assert orders.count("{金额} > 3000") == 6
    assert orders.count() == len(orders.records()) == 10
    assert orders.records(sort=["编号", "-数量"])[0]["编号"] == "A0"


def test_a_field_whose_name_begins_with_a_minus_sorts_too(office: Office) -> None:
    from runtime.definition.edits import AddNode
    from runtime.form import field_node

    office.session.publish(AddNode(field_node(office.form("客户").id, "integer", "-库存")).apply(office.app))
    customers = office.session.form("客户")
    for number in (2, 1, 3):
        customers.create({"名称": str(number), "-库存": number})
    assert [record["-库存"] for record in customers.records(sort=["-库存"])] == [1, 2, 3]
    assert [record["-库存"] for record in customers.records(sort=["--库存"])] == [3, 2, 1]


def test_each_write_is_one_step_of_undo(office: Office, customers: FormHandle) -> None:
    record = customers.create({"名称": "甲"})
    customers.update(record.id, {"备注": "x"})
    customers.delete(record.id)
    labels = []
    while (label := office.session.undo_label) is not None:
        labels.append(str(label))
        assert office.session.undo()
    assert labels == ["Delete a record of 客户", "Change a record of 客户", "Add a record to 客户"]
    assert customers.count() == 0
    assert isinstance(record.id, UUID)
    assert record.form_id == customers.id


# Sub-forms


@pytest.fixture
def sales(tmp_path: Path) -> Iterator[FormHandle]:
    """Orders with rows, and a product to order."""
    office = Office(tmp_path / "shop", shop())
    office.session.form("产品").create({"名称": "笔", "单价": 3})
    yield office.session.form("订单")
    office.session.close()


def test_the_rows_of_a_record_are_a_list_of_records(sales: FormHandle) -> None:
    order = sales.create({"编号": "A", "明细": [{"产品": "笔", "数量": "2"}, {"数量": 5}]})
    rows = order["明细"]
    assert [(row["数量"], row["小计"], row.text("产品")) for row in rows] == [
        (2, Decimal(6), "笔"),
        (5, Decimal(0), ""),
    ]
    assert (len(rows), rows[-1]["数量"], [row["数量"] for row in rows[:1]]) == (2, 5, [2])
    assert list(order) == ["编号", "客户", "等级", "金额", "明细"]
    assert len(dict(order)["明细"]) == 2


def test_rows_are_added_changed_and_deleted_one_by_one(sales: FormHandle) -> None:
    order = sales.create({"编号": "A"})
    rows = order["明细"]
    made = rows.create({"产品": "笔", "数量": 2})
    assert rows.update(made, {"数量": 4})["小计"] == Decimal(12)
    assert len(rows) == 1
    rows.delete(made)
    assert list(rows) == []
    assert problems(lambda: rows.delete(made)) == ["no_such_record"]
    other = sales.create({"编号": "B", "明细": [{"数量": 1}]})
    assert problems(lambda: rows.update(other["明细"][0], {"数量": 2})) == ["no_such_record"]


def test_a_list_of_rows_takes_the_place_of_the_rows_there_are(sales: FormHandle) -> None:
    order = sales.create({"编号": "A", "明细": [{"数量": 1}, {"数量": 2}]})
    kept = order["明细"][1]
    changed = sales.update(order, {"明细": [kept, {"数量": 3}]})
    assert [row["数量"] for row in changed["明细"]] == [2, 3]
    assert changed["明细"][0].id == kept.id
    assert list(sales.update(order, {"明细": []})["明细"]) == []


@pytest.mark.parametrize("value", [5, "x", [1], {"数量": 1}, None])
def test_what_is_no_list_of_rows_is_refused(sales: FormHandle, value: Any) -> None:
    assert problems(lambda: sales.create({"编号": "A", "明细": value})) == ["not_rows"]
    assert sales.count() == 0


def test_a_wrong_value_in_a_row_names_its_field_and_nothing_is_saved(sales: FormHandle) -> None:
    with pytest.raises(Refused) as refusal:
        sales.create({"编号": "A", "明细": [{"数量": "viel"}]})
    assert str(refusal.value).startswith("数量: ")
    with pytest.raises(NoSuchField):
        sales.create({"编号": "A", "明细": [{"gibtsnicht": 1}]})
    assert sales.count() == 0
