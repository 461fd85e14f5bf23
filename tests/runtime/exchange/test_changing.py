"""One field of many records changed, and cells filled from cells beside them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from runtime.exchange.editing.cell_texts import Unfit
from runtime.exchange.editing.changing import FieldChange, Operation, changing, operations_of
from runtime.exchange.editing.filling import Filling, emptied
from runtime.exchange.editing.pasting import Area
from tests.support.apps import an_app, field_called, form_called
from tests.support.workspaces import Office

OP = Operation


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    one = made.new("客户", {"名称": "福州海峡"})
    for at in range(4):
        values: dict[str, Any] = {"编号": f"A-{at + 1}", "数量": at + 1, "单价": Decimal(10 * at)}
        if at == 0:
            values |= {"客户": one, "日期": date(2024, 1, 31)}
        made.new("订单", values)
    yield made
    made.session.close()


def placed(office: Office) -> dict[int, Any]:
    form = office.form("订单")
    reader = office.session.reader
    return dict(enumerate(reader.rows(form.id, reader.ids(office.session.query(form.id)))))


def change(office: Office, name: str, operation: Operation, operand: Any = None):
    form = office.form("订单")
    writes = changing(form, FieldChange(field_called(form, name), operation, operand), placed(office))
    return [next(iter(values.values())) for values in writes.changed.values()], writes


def test_what_can_be_done_depends_on_the_field(office):
    form = office.form("订单")
    assert operations_of(form.called("编号")) == (OP.SET, OP.APPEND, OP.PREPEND)
    assert operations_of(form.called("数量")) == (OP.SET, OP.ADD, OP.PERCENT, OP.EMPTY)
    assert operations_of(form.called("日期")) == (OP.SET, OP.DAYS, OP.EMPTY)
    assert operations_of(form.called("客户")) == (OP.SET, OP.EMPTY)


def test_the_operations(office):
    assert change(office, "数量", OP.ADD, Decimal(5))[0] == [6, 7, 8, 9]
    assert change(office, "单价", OP.PERCENT, Decimal(10))[0] == [Decimal("11.00"), Decimal("22.00"), Decimal("33.00")]
    assert change(office, "编号", OP.APPEND, "x")[0] == ["A-1x", "A-2x", "A-3x", "A-4x"]
    assert change(office, "编号", OP.PREPEND, "x")[0][0] == "xA-1"
    assert change(office, "日期", OP.DAYS, Decimal(29))[0][0] == date(2024, 2, 29)
    assert change(office, "客户", OP.EMPTY)[0] == [None]
    assert change(office, "数量", OP.SET, 2)[0] == [2, 2, 2], "one has it already"


def test_ten_percent_more_of_a_whole_number_stays_whole(office):
    assert change(office, "数量", OP.PERCENT, Decimal(50))[0] == [2, 3, 5, 6]


def test_what_the_field_cannot_hold_is_named(office):
    values, writes = change(office, "数量", OP.ADD, Decimal(-3))
    assert values == [0, 1]
    assert [str(bad.reason) for bad in writes.bad] == ["At least 0.", "At least 0."]


# Filling


def filling(office: Office) -> Filling:
    form = office.form("订单")
    fields = [field_called(form, name) for name in ("编号", "数量", "单价", "客户", "日期", "金额")]
    return Filling(office.session, form, fields, placed(office))


def filled(work: Filling) -> list[dict[str, Any]]:
    names = {field.id: field.name for field in work.writes.form.fields}
    return [{names[key]: value for key, value in values.items()} for values in work.writes.changed.values()]


def test_the_first_row_goes_down_and_computed_fields_are_passed_over(office):
    work = filling(office)
    work.down(Area(0, 1, 2, 5), 0)
    first = placed(office)[0].values
    form = office.form("订单")
    expected = {
        "数量": 1,
        "单价": Decimal(0),
        "客户": first[form.called("客户").id],
        "日期": date(2024, 1, 31),
    }
    assert filled(work) == [expected, expected]


def test_the_first_column_goes_right_read_as_the_other_field(office):
    work = filling(office)
    work.right(Area(1, 1, 2, 2), 1)
    assert filled(work) == [{"单价": Decimal(2)}, {"单价": Decimal(3)}]
    work = filling(office)
    work.right(Area(0, 0, 0, 1), 0)
    assert [str(bad.reason) for bad in work.writes.bad] == ["“A-1” is not a number."]


def test_series_go_on_below_and_above_and_records_repeat(office):
    work = filling(office)
    work.series_down(Area(0, 0, 1, 1), 3)
    assert filled(work) == [{"编号": "A-3", "数量": 3}, {"编号": "A-4", "数量": 4}]
    work = filling(office)
    work.series_down(Area(2, 1, 3, 1), 0)
    assert filled(work) == [{"数量": 2}, {"数量": 1}]
    work = filling(office)
    work.series_down(Area(0, 3, 0, 4), 1)
    form = office.form("订单")
    customer = placed(office)[0].values[form.called("客户").id]
    assert filled(work) == [{"客户": customer, "日期": date(2024, 2, 1)}]
    work = filling(office)
    work.series_down(Area(0, 1, 1, 1), 3, copy=True)
    assert filled(work) == [{"数量": 1}, {"数量": 2}]


def test_one_typed_value_goes_into_every_chosen_cell(office):
    work = filling(office)
    work.spread([Area(0, 1, 1, 2), Area(3, 0, 3, 0)], office.form("订单").called("数量"), 7, "")
    assert filled(work) == [
        {"数量": 7, "单价": Decimal(7)},
        {"数量": 7, "单价": Decimal(7)},
        {"编号": "7"},
    ]


def test_only_chosen_cells_that_hold_something_are_emptied(office):
    form = office.form("订单")
    fields = [form.called(name) for name in ("编号", "数量", "客户")]
    writes = emptied(form, fields, [Area(0, 1, 0, 2), Area(2, 1, 3, 1)], placed(office))
    assert [len(values) for values in writes.changed.values()] == [2, 1, 1]
    assert {value for values in writes.changed.values() for value in values.values()} == {None}


def test_text_that_makes_no_address_is_named_and_not_written():
    build = an_app()
    build.field(build.form("人"), "email", "邮箱")
    field = field_called(form_called(build.app, "人"), "邮箱")
    for operation in (OP.APPEND, OP.PREPEND):
        with pytest.raises(Unfit):
            FieldChange(field, operation, "@").of("a@b.cn")


def test_cells_that_stay_are_not_emptied(office):
    form = office.form("订单")
    fields = [field_called(form, "数量"), None]
    writes = emptied(form, fields, [Area(0, 0, 0, 1)], placed(office))
    assert [set(values) for values in writes.changed.values()] == [{form.called("数量").id}]
