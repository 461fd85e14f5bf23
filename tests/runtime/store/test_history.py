"""What happened to a record: who, when, what was before; and only what the asker may read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from runtime.changes import Change, ChangeKind, ChangeSet, Origin
from runtime.permission.scope import Scope
from runtime.session import Session
from runtime.store.history import Entry
from tests.support.apps import field_called
from tests.support.clock import START, FakeClock
from tests.support.workspaces import Office


def entries(office: Office, form: str, row: Any, session: Session | None = None) -> list[Entry]:
    """The history of a record."""
    record = office.session.form(form).get(row)
    assert record is not None
    return (session or office.session).history(record)


def named(office: Office, form: str, values: dict[str, Any]) -> dict[str, Any]:
    """Values by field name."""
    return {office.form(form).by_id[key].name: value for key, value in values.items()}


def test_every_change_says_when_who_and_what(tmp_path: Any, clock: FakeClock) -> None:
    office = Office(tmp_path, clock=clock)
    row = office.new("订单", {"编号": "A", "单价": Decimal(10), "数量": 1})
    clock.advance(hours=1)
    office.session._actor = "anna"
    office.set("订单", row, {"单价": Decimal("12.50"), "日期": date(2026, 1, 7)})
    changed, made = entries(office, "订单", row)
    assert (made.kind, made.at, made.actor, made.before, made.after) == (ChangeKind.NEW, START, "", {}, {})
    assert (changed.kind, changed.actor, changed.origin) == (ChangeKind.SET, "anna", Origin.LOCAL)
    assert (changed.at - made.at).total_seconds() == 3600
    assert changed.label == "Change 订单"
    assert named(office, "订单", changed.before) == {
        "单价": Decimal("10.00"),
        "金额": Decimal("10.00"),
        "日期": made.at.date(),
    }
    assert named(office, "订单", changed.after) == {
        "单价": Decimal("12.50"),
        "金额": Decimal("12.50"),
        "日期": date(2026, 1, 7),
    }
    office.session.close()


def test_a_blank_that_is_filled_and_emptied_is_remembered_as_blank(office: Office) -> None:
    row = office.new("客户", {"名称": "甲"})
    office.set("客户", row, {"备注": "x"})
    office.set("客户", row, {"备注": None})
    note = field_called(office.form("客户"), "备注").id
    second, first, _ = entries(office, "客户", row)
    assert (first.before, first.after) == ({note: None}, {note: "x"})
    assert (second.before, second.after) == ({note: "x"}, {note: None})


def test_a_change_remembers_only_what_changed(office: Office) -> None:
    row = office.new("订单", {"编号": "A", "单价": Decimal(10), "数量": 2})
    office.set("订单", row, {"编号": "A", "单价": Decimal(10), "数量": 2, "重量": Decimal(1)})
    assert named(office, "订单", entries(office, "订单", row)[0].after) == {"重量": Decimal("1.000")}


def test_several_changes_of_one_save_are_one_commit(office: Office) -> None:
    form, row = office.form("客户").id, office.new("客户", {"名称": "甲"})
    changes = [
        Change(ChangeKind.SET, form, row, office.values("客户", {"备注": "1"})),
        Change(ChangeKind.SET, form, row, office.values("客户", {"备注": "2"})),
        Change(ChangeKind.DEL, form, row),
        Change(ChangeKind.RESTORE, form, row),
    ]
    office.session.save(changes, "Four at once")
    found = entries(office, "客户", row)
    assert [entry.kind.value for entry in found] == ["restore", "del", "set", "set", "new"]
    assert len({entry.seq for entry in found[:4]}) == 1


def test_fields_taken_out_since_are_left_out(office: Office) -> None:
    from runtime.definition.edits import RemoveNode

    row = office.new("客户", {"名称": "甲"})
    office.set("客户", row, {"备注": "x", "名称": "乙"})
    office.session.publish(RemoveNode(field_called(office.form("客户"), "备注").id).apply(office.app))
    assert named(office, "客户", entries(office, "客户", row)[0].after) == {"名称": "乙"}


def test_what_may_not_be_read_is_not_in_the_history_either(office: Office) -> None:
    form = office.form("客户")
    row = office.new("客户", {"名称": "甲"})
    office.set("客户", row, {"备注": "geheim", "名称": "乙"})
    allowed = frozenset({field_called(form, "名称").id})
    session = Session(office.session._workspace, scope=Scope(readable=((form.id, allowed),)))
    assert set(entries(office, "客户", row, session)[0].after) == allowed
    for scope in (Scope(rows=((form.id, '{名称}="丙"'),)), Scope(masked=frozenset({form.id}))):
        assert entries(office, "客户", row, Session(office.session._workspace, scope=scope)) == []


def test_the_origin_of_a_change_is_kept(office: Office) -> None:
    form, row = office.form("客户").id, office.new("客户", {"名称": "甲"})
    for origin in (Origin.IMPORT, Origin.RULE, Origin.FLOW, Origin.REMOTE):
        change = Change(ChangeKind.SET, form, row, office.values("客户", {"备注": origin.value}))
        office.session._workspace.records.demand(ChangeSet((change,), origin=origin))
    assert [entry.origin.value for entry in entries(office, "客户", row)] == [
        "remote",
        "flow",
        "rule",
        "import",
        "local",
    ]
