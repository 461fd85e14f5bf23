"""What a change passes: guard, defaults, formulas, checks; each with every way it can say no."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from runtime.changes import BulkChange, Change, ChangeKind, ChangeSet, Origin, new_uuid
from runtime.definition.edits import SetProperty
from runtime.permission.scope import Scope
from runtime.store.records import Applied, Rejected
from runtime.store.undo import UndoStack
from tests.support.apps import Builder, an_app, field_called, options
from tests.support.clock import FakeClock
from tests.support.workspaces import Office, codes


def chained() -> Builder:
    """A form with computed fields that need each other, in an order that is not the one of the form."""
    build = an_app()
    form = build.form("单")
    build.field(form, "text", "名称")
    build.field(form, "decimal", "含税", formula="{净额}*1.13")
    build.field(form, "decimal", "净额", formula="{总额}/{数量}")
    build.field(form, "text", "评语", formula='IF(ISERROR({净额}),"?",IF({净额}>10,"贵","便宜"))')
    build.field(form, "choice", "等级", options=options("贵", "便宜"), formula='IF({净额}>10,"贵","便宜")')
    build.field(form, "integer", "数量")
    build.field(form, "money", "总额")
    return build


@pytest.fixture
def bills(tmp_path: Any) -> Iterator[Office]:
    """An office with the chained form."""
    office = Office(tmp_path, chained().app)
    yield office
    office.session.close()


def apply(
    office: Office, kind: ChangeKind, form: str, values: dict[str, Any], row: Any = None, scope: Scope | None = None,
    origin: Origin = Origin.LOCAL,
) -> Any:  # fmt: skip
    """Apply one change by field name, values as they are."""
    target = office.form(form)
    typed = {(field.id if (field := target.called(name)) else name): value for name, value in values.items()}
    change = Change(kind, target.id, row or new_uuid(), typed)
    return office.session._workspace.records.apply(ChangeSet((change,), origin=origin), scope or Scope())


# Guard and field checks

WRONG: list[tuple[str, Any]] = [
    ("编号", 5),
    ("编号", "x" * 501),
    ("编号", "\ud800"),
    ("编号", "a\0b"),
    ("编号", b"bytes"),
    ("客户", "张伟"),
    ("客户", b"x" * 16),
    ("数量", "3"),
    ("数量", 3.0),
    ("数量", True),
    ("数量", Decimal(3)),
    ("数量", -1),
    ("数量", 2**63),
    ("数量", 10**400),
    ("单价", 9.99),
    ("单价", 9),
    ("单价", Decimal("NaN")),
    ("单价", Decimal("Infinity")),
    ("单价", Decimal("-Infinity")),
    ("单价", Decimal("1E+17")),
    ("单价", Decimal("1E+999999")),
    ("单价", Decimal("0.001")),
    ("单价", Decimal("9.999")),
    ("折扣", Decimal("0.12345")),
    ("日期", "2024-01-01"),
    ("日期", datetime(2024, 1, 1, tzinfo=UTC)),
    ("发货时间", datetime(2024, 1, 1)),
    ("发货时间", datetime.max.replace(tzinfo=UTC)),
    ("发货时间", datetime.min.replace(tzinfo=UTC)),
    ("发货时间", date(2024, 1, 1)),
    ("重量", Decimal("0.0001")),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
def test_a_value_that_is_not_of_the_type_is_refused_the_same_way_everywhere(
    office: Office, field: str, value: Any
) -> None:
    good: dict[str, Any] = {"编号": "A"}
    assert codes(apply(office, ChangeKind.NEW, "订单", {**good, field: value})) == ["illegal_value"]
    row = office.new("订单", good)
    before = office.read("订单", row)
    assert codes(apply(office, ChangeKind.SET, "订单", {field: value}, row)) == ["illegal_value"]
    form = office.form("订单")
    columns: dict[str, list[Any]] = {
        field_called(form, name).id: [each] for name, each in {**good, field: value}.items()
    }
    for kind, rows in ((ChangeKind.NEW, [new_uuid()]), (ChangeKind.SET, [row])):
        outcome = office.session.apply([BulkChange(kind, form.id, rows, columns)], "Bulk")
        assert codes(outcome) == ["illegal_value"], kind
    assert office.read("订单", row) == before
    assert office.session.form("订单").count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("等级", "高"), ("等级", "oxxxxxxxxxx"), ("等级", 1), ("重点", 1), ("重点", "yes")]
)
def test_options_and_switches_are_checked_too(office: Office, field: str, value: Any) -> None:
    assert codes(apply(office, ChangeKind.NEW, "客户", {"名称": "甲", field: value})) == ["illegal_value"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"cxxxxxxxxxx": 1}, "no_such_field"),
        ({"'; DROP TABLE meta; --": 1}, "no_such_field"),
        ({"金额": Decimal(1)}, "computed"),
        ({"编号": None}, "required"),
    ],
)
def test_what_may_not_be_written_is_named_by_its_code(office: Office, values: dict[str, Any], code: str) -> None:
    row = office.new("订单", {"编号": "A"})
    for kind in (ChangeKind.NEW, ChangeKind.SET):
        outcome = apply(office, kind, "订单", {"编号": "B", **values}, row if kind is ChangeKind.SET else None)
        assert codes(outcome) == [code]
    assert office.read("订单", row)["编号"] == "A"


def test_every_change_to_what_is_not_there_has_its_code(office: Office) -> None:
    row = office.new("客户", {"名称": "甲"})
    assert codes(apply(office, ChangeKind.SET, "客户", {"备注": "x"}, new_uuid())) == ["no_such_record"]
    assert codes(apply(office, ChangeKind.DEL, "客户", {}, new_uuid())) == ["no_such_record"]
    assert codes(apply(office, ChangeKind.NEW, "客户", {"名称": "乙"}, row)) == ["record_exists"]
    assert codes(apply(office, ChangeKind.TEXT, "客户", {"备注": "x"}, row)) == ["unknown_change"]
    office.delete("客户", row)
    assert codes(apply(office, ChangeKind.SET, "客户", {"备注": "x"}, row)) == ["deleted"]
    change = Change(ChangeKind.NEW, "fxxxxxxxxxx", new_uuid(), {})
    assert codes(office.session.save([change], "x")) == ["no_such_form"]
    assert office.session.damage() == []


def test_the_same_record_twice_in_one_bulk_change_is_refused(office: Office) -> None:
    form, row = office.form("客户"), new_uuid()
    names = {field_called(form, "名称").id: ["甲", "乙"]}
    assert codes(office.session.save([BulkChange(ChangeKind.NEW, form.id, [row, row], names)], "x")) == [
        "record_exists"
    ]
    assert office.session.form("客户").count() == 0


def test_a_row_that_breaks_several_rules_is_named_once_for_each(office: Office) -> None:
    form = office.form("订单")
    ids = [new_uuid(), new_uuid()]
    columns: dict[str, list[Any]] = {field_called(form, "数量").id: [-1, 2], field_called(form, "编号").id: [None, "B"]}
    outcome = office.session.apply([BulkChange(ChangeKind.NEW, form.id, ids, columns)], "x")
    assert isinstance(outcome, Rejected)
    assert sorted((p.code, p.row) for p in outcome.problems) == [("illegal_value", ids[0]), ("required", ids[0])]


def test_read_only_stops_people_and_nobody_else(office: Office) -> None:
    office.session.publish(
        SetProperty(field_called(office.form("客户"), "备注").id, "read_only", True).apply(office.app)
    )
    row = office.new("客户", {"名称": "甲"})
    assert codes(apply(office, ChangeKind.SET, "客户", {"备注": "x"}, row)) == ["forbidden"]
    assert codes(apply(office, ChangeKind.NEW, "客户", {"名称": "乙", "备注": "x"})) == ["forbidden"]
    for origin in (Origin.IMPORT, Origin.RULE, Origin.FLOW, Origin.REMOTE):
        assert codes(apply(office, ChangeKind.SET, "客户", {"备注": origin.value}, row, origin=origin)) == []


def test_an_import_into_a_read_only_field_can_be_undone(office: Office) -> None:
    office.session.publish(
        SetProperty(field_called(office.form("客户"), "备注").id, "read_only", True).apply(office.app)
    )
    row = office.new("客户", {"名称": "甲"})
    change = Change(ChangeKind.SET, office.form("客户").id, row, office.values("客户", {"备注": "imported"}))
    office.session.save([change], "Import", Origin.IMPORT)
    assert office.session.undo()
    assert office.read("客户", row) == {"名称": "甲"}
    assert office.session.redo()
    assert office.read("客户", row)["备注"] == "imported"


# Defaults


def test_a_default_fills_what_is_not_given_and_leaves_what_is_given_blank(tmp_path: Any, clock: FakeClock) -> None:
    office = Office(tmp_path, clock=clock)
    form = office.form("订单")
    not_given = office.new("订单", {"编号": "A"})
    blank = office.new("订单", {"编号": "B", "日期": None})
    assert office.read("订单", not_given)["日期"] == date(2026, 1, 5)
    assert "日期" not in office.read("订单", blank)
    ids = [new_uuid(), new_uuid()]
    columns: dict[str, list[Any]] = {
        field_called(form, "编号").id: ["C", "D"],
        field_called(form, "日期").id: [None, date(2020, 2, 2)],
    }
    office.session.save([BulkChange(ChangeKind.NEW, form.id, ids, columns)], "x")
    assert [office.read("订单", row).get("日期") for row in ids] == [None, date(2020, 2, 2)]
    office.session.close()


def test_a_default_may_use_what_is_given_and_one_that_fails_leaves_a_blank(tmp_path: Any) -> None:
    build = an_app()
    form = build.form("单")
    build.field(form, "integer", "数量")
    build.field(form, "integer", "双", default="{数量}*2")
    build.field(form, "integer", "每", default="10/{数量}")
    build.field(form, "text", "名", default='"N-"&{双}')
    build.field(form, "choice", "级", options=options("甲", "乙"), default='"乙"')
    build.field(form, "choice", "错", options=options("甲", "乙"), default='IF({数量}>=0,"丙","甲")')
    office = Office(tmp_path, build.app)
    row = office.new("单", {"数量": 4})
    label = field_called(office.form("单"), "级")
    values = office.read("单", row)
    assert {**values, "级": label.format(values["级"])} == {"数量": 4, "双": 8, "名": "N-8", "级": "乙"}
    assert office.read("单", office.new("单", {"数量": 0}))["双"] == 0
    office.session.close()


# Computed fields


def test_a_chain_is_computed_in_its_order_and_not_in_the_order_of_the_form(bills: Office) -> None:
    row = bills.new("单", {"总额": Decimal(100), "数量": 4})
    values = bills.read("单", row)
    assert (values["净额"], values["含税"], values["评语"]) == (Decimal("25.00"), Decimal("28.25"), "贵")
    assert field_called(bills.form("单"), "等级").format(values["等级"]) == "贵"
    bills.set("单", row, {"数量": 100})
    values = bills.read("单", row)
    assert (values["净额"], values["含税"], values["评语"]) == (Decimal("1.00"), Decimal("1.13"), "便宜")


def test_an_error_stands_beside_the_value_travels_along_and_goes_when_it_is_mended(bills: Office) -> None:
    row = bills.new("单", {"总额": Decimal(100)})
    form = bills.form("单")
    wrong = {form.by_id[key].name: code for key, code in bills.row("单", row).errors.items()}
    assert wrong == {"净额": "#DIV/0!", "含税": "#DIV/0!", "等级": "#DIV/0!"}
    assert {"净额", "含税", "等级"}.isdisjoint(bills.read("单", row))
    assert bills.read("单", row)["评语"] == "?"
    record = bills.session.form("单").get(row)
    assert record is not None
    assert (record["净额"], record.text("净额"), record.text("评语")) == (None, "#DIV/0!", "?")
    bills.reopen()
    assert bills.row("单", row).errors
    bills.set("单", row, {"数量": 50})
    assert bills.row("单", row).errors == {}
    assert bills.read("单", row)["含税"] == Decimal("2.26")
    bills.set("单", row, {"数量": 0})
    assert set(bills.row("单", row).errors.values()) == {"#DIV/0!"}
    bills.session.undo()
    assert bills.row("单", row).errors == {}


def test_fields_whose_inputs_did_not_change_are_not_written(bills: Office) -> None:
    row = bills.new("单", {"总额": Decimal(100), "数量": 0})
    bills.set("单", row, {"名称": "x"})
    record = bills.session.form("单").get(row)
    assert record is not None
    (named, _) = bills.session.history(record)
    assert {bills.form("单").by_id[key].name for key in named.after} == {"名称"}
    bills.set("单", row, {"数量": 2})
    bills.set("单", row, {"总额": Decimal(102)})
    changed = bills.session.history(record)[0]
    names = {bills.form("单").by_id[key].name for key in changed.after}
    assert names == {"总额", "净额", "含税"}


def test_an_error_that_comes_or_goes_writes_its_own_fields_only(bills: Office) -> None:
    row = bills.new("单", {"总额": Decimal(100), "数量": 4})
    bills.set("单", row, {"数量": None})
    record = bills.session.form("单").get(row)
    assert record is not None
    names = {bills.form("单").by_id[key].name for key in bills.session.history(record)[0].after}
    assert names == {"数量", "净额", "含税", "评语", "等级"}
    again = bills.set("单", row, {"总额": Decimal(200)})
    assert isinstance(again, Applied)
    names = {bills.form("单").by_id[key].name for key in bills.session.history(record)[0].after}
    assert names == {"总额"}


def test_a_field_that_is_computed_again_to_the_same_value_is_not_written_beside_one_that_fails(tmp_path: Any) -> None:
    build = an_app()
    form = build.form("单")
    build.field(form, "integer", "数量")
    build.field(form, "decimal", "每", formula="1/{数量}")
    build.field(form, "text", "批", formula='IF({数量}>100,"大","小")')
    office = Office(tmp_path, build.app)
    row = office.new("单", {"数量": 4})
    office.set("单", row, {"数量": 0})
    record = office.session.form("单").get(row)
    assert record is not None
    after = office.session.history(record)[0].after
    assert {office.form("单").by_id[key].name for key in after} == {"数量", "每"}
    office.session.close()


def test_a_field_that_is_no_longer_computed_forgets_its_error(bills: Office) -> None:
    row = bills.new("单", {"总额": Decimal(100)})
    net = field_called(bills.form("单"), "净额")
    bills.session.publish(SetProperty(net.id, "formula", "").apply(bills.app))
    assert net.id not in bills.row("单", row).errors
    record = bills.session.form("单").update(row, {"净额": 5})
    assert (record.text("净额"), record["含税"], record.row.errors) == ("5.00", Decimal("5.65"), {})


def test_a_result_that_the_field_cannot_hold_is_an_error_value(tmp_path: Any) -> None:
    build = an_app()
    form = build.form("单")
    build.field(form, "integer", "数量")
    build.field(form, "integer", "半", formula="{数量}/2")
    build.field(form, "money", "大", formula="10^30*{数量}")
    build.field(form, "choice", "级", options=options("甲"), formula='"丙"&{数量}')
    office = Office(tmp_path, build.app)
    row = office.new("单", {"数量": 3})
    named = {office.form("单").by_id[key].name: code for key, code in office.row("单", row).errors.items()}
    assert named == {"半": "#VALUE!", "大": "#VALUE!", "级": "#VALUE!"}
    office.set("单", row, {"数量": 4})
    assert office.read("单", row) == {"数量": 4, "半": 2}
    office.session.close()


def test_bulk_rows_are_computed_like_single_ones(bills: Office) -> None:
    form = bills.form("单")
    ids = [new_uuid() for _ in range(3)]
    columns: dict[str, list[Any]] = {
        field_called(form, "总额").id: [Decimal(100), Decimal(100), None],
        field_called(form, "数量").id: [4, 0, 2],
    }
    bills.session.save([BulkChange(ChangeKind.NEW, form.id, ids, columns)], "x")
    singles = [
        bills.new("单", {"总额": Decimal(100), "数量": 4}),
        bills.new("单", {"总额": Decimal(100), "数量": 0}),
        bills.new("单", {"数量": 2}),
    ]
    for bulk, single in zip(ids, singles, strict=True):
        assert bills.read("单", bulk) == bills.read("单", single)
        assert bills.row("单", bulk).errors == bills.row("单", single).errors
    bills.session.apply([BulkChange(ChangeKind.SET, form.id, ids, {field_called(form, "数量").id: [5, 5, 5]})], "x")
    assert [bills.read("单", row).get("净额") for row in ids] == [Decimal("20.00"), Decimal("20.00"), Decimal("0.00")]


# Checks


def test_a_check_runs_when_anything_it_reads_changes(tmp_path: Any) -> None:
    build = an_app()
    form = build.form("单")
    build.field(form, "date", "开始")
    build.field(form, "date", "结束", check="OR(ISBLANK({结束}),{结束}>={开始})", check_message="结束不能早于开始。")
    build.field(form, "text", "名称")
    office = Office(tmp_path, build.app)
    row = office.new("单", {"开始": date(2026, 1, 1), "结束": date(2026, 1, 2)})
    assert codes(office.set("单", row, {"开始": date(2026, 1, 3)})) == ["check_failed"]
    assert codes(office.set("单", row, {"结束": date(2025, 1, 1)})) == ["check_failed"]
    assert codes(office.set("单", row, {"开始": date(2026, 1, 3), "结束": date(2026, 1, 3)})) == []
    office.session.publish(
        SetProperty(field_called(office.form("单"), "结束").id, "check", "{结束}>DATE(2030,1,1)").apply(office.app)
    )
    assert codes(office.set("单", row, {"名称": "x"})) == []
    assert codes(office.set("单", row, {"开始": date(2026, 1, 1)})) == []
    assert codes(office.set("单", row, {"结束": date(2026, 1, 4)})) == ["check_failed"]
    office.session.close()


def test_a_check_that_gives_an_error_is_not_passed(tmp_path: Any) -> None:
    build = an_app()
    form = build.form("单")
    build.field(form, "integer", "数量", check="10/{数量}>1")
    office = Office(tmp_path, build.app)
    assert codes(office.try_new("单", {"数量": 0})) == ["check_failed"]
    assert codes(office.try_new("单", {"数量": 5})) == []
    office.session.close()


# The bin


def test_a_record_does_not_come_back_while_another_has_its_unique_value(office: Office) -> None:
    first = office.new("客户", {"名称": "张伟"})
    office.delete("客户", first)
    second = office.new("客户", {"名称": "张伟"})
    form = office.form("客户").id
    assert codes(office.session.apply([Change(ChangeKind.RESTORE, form, first)], "x")) == ["duplicate"]
    assert codes(office.session.apply([BulkChange(ChangeKind.RESTORE, form, [first])], "x")) == ["duplicate"]
    assert office.session.form("客户").count() == 1
    office.set("客户", second, {"名称": "李娜"})
    assert codes(office.session.apply([Change(ChangeKind.RESTORE, form, first)], "x")) == []
    assert office.session.form("客户").count() == 2
    assert office.session.damage() == []


def test_deleting_or_restoring_twice_changes_nothing(office: Office) -> None:
    row = office.new("客户", {"名称": "甲"})
    form = office.form("客户").id
    seqs = []
    for kind in (ChangeKind.RESTORE, ChangeKind.DEL, ChangeKind.DEL, ChangeKind.RESTORE, ChangeKind.RESTORE):
        outcome = office.session.apply([Change(kind, form, row)], "x")
        assert isinstance(outcome, Applied)
        seqs.append(bool(outcome.seq))
    assert seqs == [False, True, False, True, False]
    assert office.session.form("客户").count() == 1


def test_many_records_made_one_by_one_in_one_save_are_taken_back_in_one_commit(office: Office) -> None:
    form = office.form("客户").id
    changes = [
        Change(ChangeKind.NEW, form, new_uuid(), office.values("客户", {"名称": f"客户{at}"})) for at in range(50)
    ]
    outcome = office.session.save(changes, "Paste")
    assert isinstance(outcome, Applied)
    assert [(span.first, span.last) for span in outcome.created] == [(1, 50)]
    records = office.session._workspace.records
    heard: list[int] = []
    stop = records.listen(lambda applied: heard.append(applied.seq))
    assert office.session.undo()
    stop()
    assert len(heard) == 1
    assert office.session.form("客户").count() == 0
    assert isinstance(office.session._undo, UndoStack)
