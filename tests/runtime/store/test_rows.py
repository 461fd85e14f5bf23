"""Rows between the database and typed values: nothing is lost on the way, whatever the type."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.store.rows import Codec, from_json, to_column, to_columns, to_json
from tests.support.apps import customers_and_orders, field_called, form_called
from tests.support.workspaces import Office

APP = customers_and_orders()
ORDERS, CUSTOMERS = form_called(APP, "订单"), form_called(APP, "客户")
_level = st.sampled_from([option.id for option in field_called(CUSTOMERS, "等级").props.options])
_plain_text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=40)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "编号": _plain_text,
    "客户": st.uuids(),
    "数量": st.integers(0, 2**63 - 1),
    "单价": st.decimals(-(10**15), 10**15, places=2),
    "折扣": st.decimals(-100, 100, places=2),
    "日期": st.dates(),
    "发货时间": st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 29), timezones=st.just(UTC)),
    "重量": st.decimals(0, 10**12, places=3),
}
_records = st.fixed_dictionaries({}, optional=VALUES)


@pytest.mark.one_engine
@given(record=_records)
def test_values_survive_the_json_of_the_history(record: dict[str, Any]) -> None:
    values = {field_called(ORDERS, name).id: value for name, value in record.items()}
    blank = {**{field.id: None for field in ORDERS.fields}, **values}
    assert from_json(ORDERS.by_id, to_json(ORDERS.by_id, blank)) == blank


@pytest.mark.one_engine
@given(records=st.lists(_records, max_size=6))
def test_a_column_at_once_is_the_same_as_cell_by_cell(records: list[dict[str, Any]]) -> None:
    for name in VALUES:
        field = field_called(ORDERS, name)
        column = [record.get(name) for record in records]
        raw = to_columns(field, column)
        assert raw == [to_column(field, value) for value in column]
        assert all(value is None or isinstance(value, int | str | bytes) for value in raw)
        reading = field.kind.reading(field.props)
        assert [None if value is None else reading(value) for value in raw] == column


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    record=st.fixed_dictionaries(
        {"编号": _plain_text}, optional={k: v for k, v in VALUES.items() if k not in {"编号", "客户"}}
    )
)
def test_every_value_comes_back_from_the_file_as_it_went_in(office: Office, record: dict[str, Any]) -> None:
    row = office.new("订单", {"日期": None, **record})
    read = office.read("订单", row)
    read.pop("金额", None)
    assert read == record
    form = office.form("订单")
    single = office.row("订单", row)
    assert office.session.reader.rows(form.id, [single.n])[0] == single


@pytest.mark.one_engine
@given(name=_plain_text, level=_level, chief=st.booleans(), note=_plain_text)
def test_options_switches_and_texts_survive_too(name: str, level: str, chief: bool, note: str) -> None:
    values = {"名称": name, "等级": level, "重点": chief, "备注": note}
    typed = {field_called(CUSTOMERS, key).id: value for key, value in values.items()}
    raw = [to_column(field, typed.get(field.id)) for field in CUSTOMERS.fields]
    (row,) = Codec(CUSTOMERS).rows([[1, b"x" * 16, 7, 0, None, None, *raw]])
    assert dict(row.values) == typed
    assert (row.n, row.seq, row.deleted, row.errors) == (1, 7, False, {})


@pytest.mark.one_engine
def test_a_field_the_form_no_longer_has_is_left_out_of_the_history() -> None:
    note = field_called(CUSTOMERS, "备注").id
    rest = {key: field for key, field in CUSTOMERS.by_id.items() if key != note}
    assert from_json(rest, to_json(CUSTOMERS.by_id, {note: "x"})) == {}


@pytest.mark.one_engine
def test_a_codec_reads_only_the_fields_it_is_asked_for() -> None:
    code, amount = (field_called(ORDERS, name) for name in ("编号", "金额"))
    codec = Codec(ORDERS, [code])
    assert codec.select.count("c_c") == 1
    errors = f'{{"{amount.id}":"#DIV/0!","{code.id}":"#VALUE!","cx":"#N/A"}}'
    (row,) = codec.rows([[3, b"y" * 16, 1, 1, errors, None, "甲"]])
    assert dict(row.values) == {code.id: "甲"}
    assert (row.deleted, dict(row.errors)) == (True, {amount.id: "#DIV/0!"})


@pytest.mark.one_engine
def test_exact_numbers_are_whole_numbers_in_the_column() -> None:
    price, discount, day = (field_called(ORDERS, name) for name in ("单价", "折扣", "日期"))
    assert to_column(price, Decimal("19.99")) == 1999
    assert to_column(price, Decimal("-0.01")) == -1
    assert to_column(discount, Decimal("0.25")) == 25
    assert to_column(day, date(2024, 3, 5)) == "2024-03-05"
    assert to_column(day, None) is None
