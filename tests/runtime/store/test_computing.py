"""Computed fields over relations, sub-forms and ways back: every change is followed by what depends on it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from runtime.changes import BulkChange, Change, ChangeKind, new_uuid
from runtime.definition.edits import AddNode, SetProperty
from runtime.errors import Refused
from runtime.form import field_node
from runtime.record import FormHandle, Record
from runtime.store.records import Applied
from tests.support.apps import an_app, field_called, shop
from tests.support.workspaces import Office, codes


class Shop:
    """The shop with two customers, two products and an order."""

    def __init__(self, folder: Path) -> None:
        self.office = Office(folder, shop())
        self.session = self.office.session
        self.customers, self.products, self.orders = (self.session.form(name) for name in ("客户", "产品", "订单"))
        self.zhang = self.customers.create({"名称": "张伟", "等级": "高"})
        self.li = self.customers.create({"名称": "李娜", "等级": "低"})
        self.pen = self.products.create({"名称": "笔", "单价": 3})
        self.book = self.products.create({"名称": "书", "单价": 20})
        lines = [{"产品": "笔", "数量": 4}, {"产品": "书", "数量": 2}]
        self.order = self.orders.create({"编号": "A1", "客户": self.zhang, "明细": lines})

    def now(self, handle: FormHandle, record: Record) -> Record:
        """The record as it is now."""
        found = handle.get(record)
        assert found is not None
        return found

    def total(self, customer: Record) -> tuple[Any, Any]:
        """(total, number of orders) of a customer."""
        record = self.now(self.customers, customer)
        return record["总额"], record["订单数"]

    def amount(self) -> Any:
        """Amount of the order."""
        return self.now(self.orders, self.order)["金额"]

    def lines(self, name: str) -> list[Any]:
        """One field of every line of the order."""
        return [line[name] for line in self.now(self.orders, self.order)["明细"]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    assert made.session.damage() == []
    made.session.close()


def test_a_record_with_its_rows_is_computed_as_it_is_made(store: Shop) -> None:
    assert store.lines("单价") == [Decimal(3), Decimal(20)]
    assert store.lines("小计") == [Decimal(12), Decimal(40)]
    assert store.lines("客户") == ["张伟", "张伟"]
    assert store.amount() == Decimal(52)
    assert store.now(store.orders, store.order)["等级"] == "高"
    assert store.total(store.zhang) == (Decimal(52), 1)
    assert store.total(store.li) == (Decimal(0), 0)


def test_a_looked_up_value_follows_through_every_level(store: Shop) -> None:
    store.products.update(store.pen, {"单价": 5})
    assert store.lines("小计") == [Decimal(20), Decimal(40)]
    assert (store.amount(), store.total(store.zhang)) == (Decimal(60), (Decimal(60), 1))
    store.session.undo()
    assert (store.amount(), store.total(store.zhang)) == (Decimal(52), (Decimal(52), 1))
    store.session.redo()
    assert (store.amount(), store.total(store.zhang)) == (Decimal(60), (Decimal(60), 1))


def test_rows_that_come_change_and_go_change_their_record(store: Shop) -> None:
    rows = store.order["明细"]
    made = rows.create({"产品": "笔", "数量": 10})
    assert (made["小计"], store.amount(), store.total(store.zhang)) == (Decimal(30), Decimal(82), (Decimal(82), 1))
    rows.update(made, {"数量": 1})
    assert (store.amount(), len(rows)) == (Decimal(55), 3)
    rows.delete(rows[0])
    assert (store.amount(), store.total(store.zhang)) == (Decimal(43), (Decimal(43), 1))
    for expected in (55, 82, 52):
        store.session.undo()
        assert (store.amount(), store.total(store.zhang)[0]) == (Decimal(expected), Decimal(expected))


def test_a_relation_that_moves_on_changes_both_ends(store: Shop) -> None:
    store.orders.update(store.order, {"客户": "李娜"})
    assert (store.total(store.zhang), store.total(store.li)) == ((Decimal(0), 0), (Decimal(52), 1))
    assert (store.now(store.orders, store.order)["等级"], store.lines("客户")) == ("低", ["李娜", "李娜"])
    store.orders.update(store.order, {"客户": None})
    assert (store.total(store.zhang), store.total(store.li)) == ((Decimal(0), 0), (Decimal(0), 0))
    assert (store.now(store.orders, store.order)["等级"], store.lines("客户")) == (None, [None, None])


def test_a_record_in_the_bin_counts_nowhere_and_takes_its_rows_along(store: Shop) -> None:
    store.orders.delete(store.order)
    assert store.total(store.zhang) == (Decimal(0), 0)
    lines = store.office.form("订单").subforms[0]
    assert store.session.form(lines.id).count() == 0
    store.products.update(store.pen, {"单价": 5})
    store.session.undo()
    store.session.undo()
    assert store.total(store.zhang) == (Decimal(52), 1)
    assert store.session.form(lines.id).count() == 2


def test_what_changed_while_a_record_was_in_the_bin_is_in_it_when_it_comes_back(store: Shop) -> None:
    rows = store.order["明细"]
    rows.delete(rows[1])
    store.orders.delete(store.order)
    store.products.update(store.pen, {"单价": 100})
    change = Change(ChangeKind.RESTORE, store.orders.id, store.order.id)
    assert isinstance(store.session.apply([change], "Restore"), Applied)
    assert (store.lines("小计"), store.amount()) == ([Decimal(400)], Decimal(400))
    assert store.total(store.zhang) == (Decimal(400), 1)


def test_a_relation_to_a_record_in_the_bin_is_blank_and_a_new_one_is_refused(store: Shop) -> None:
    store.customers.delete(store.zhang)
    assert store.now(store.orders, store.order)["等级"] is None
    assert store.lines("客户") == [None, None]
    with pytest.raises(Refused) as refusal:
        store.orders.create({"编号": "A2", "客户": store.zhang.id})
    assert [problem.code for problem in refusal.value.problems] == ["no_such_target"]
    store.session.undo()
    assert store.now(store.orders, store.order)["等级"] == "高"
    assert store.total(store.zhang) == (Decimal(52), 1)


def test_the_title_of_a_record_is_followed(store: Shop) -> None:
    store.customers.update(store.zhang, {"名称": "张三"})
    assert store.lines("客户") == ["张三", "张三"]


def test_one_commit_takes_rows_and_record_together_and_one_undo_takes_it_back(store: Shop) -> None:
    keep = store.order["明细"][1]
    store.orders.update(store.order, {"编号": "A9", "明细": [keep, {"产品": "笔", "数量": 1}]})
    record = store.now(store.orders, store.order)
    assert (record["编号"], record["金额"], len(record["明细"])) == ("A9", Decimal(43), 2)
    store.session.undo()
    record = store.now(store.orders, store.order)
    assert (record["编号"], record["金额"], len(record["明细"])) == ("A1", Decimal(52), 2)


def test_a_row_needs_a_record_that_is_there(store: Shop) -> None:
    lines = store.office.form("订单").subforms[0].id
    for root in (None, new_uuid(), store.zhang.id):
        outcome = store.session.apply([Change(ChangeKind.NEW, lines, new_uuid(), {}, root)], "Row")
        assert codes(outcome) == ["no_such_root"]
        bulk = BulkChange(ChangeKind.NEW, lines, [new_uuid()], {}, roots=[root] if root else [])
        assert codes(store.session.apply([bulk], "Rows")) == ["no_such_root"]
    row = store.order["明细"][0]
    store.orders.delete(store.order)
    assert codes(store.session.apply([Change(ChangeKind.NEW, lines, new_uuid(), {}, store.order.id)], "Row")) == [
        "no_such_root"
    ]
    assert codes(store.session.apply([Change(ChangeKind.RESTORE, lines, row.id)], "Back")) == ["no_such_root"]


def test_computed_values_of_other_rows_get_no_history_but_the_number_of_the_commit(store: Shop) -> None:
    before = store.now(store.customers, store.zhang)
    outcome = store.session.apply(
        [Change(ChangeKind.SET, store.products.id, store.pen.id, store.office.values("产品", {"单价": Decimal(9)}))],
        "Price",
    )
    assert isinstance(outcome, Applied)
    after = store.now(store.customers, store.zhang)
    assert (after.row.seq, before.row.seq < after.row.seq) == (outcome.seq, True)
    assert [entry.kind for entry in store.session.history(after)] == [ChangeKind.NEW]
    assert outcome.touched_forms == {store.products.id, store.customers.id, store.orders.id} | {
        store.office.form("订单").subforms[0].id
    }
    assert {store.zhang.id, store.order.id} <= outcome.touched_rows
    assert store.li.id not in outcome.touched_rows


def test_an_error_travels_over_forms_and_goes_when_it_is_mended(tmp_path: Path) -> None:
    build = an_app()
    teams = build.form("组")
    build.field(teams, "text", "名称")
    build.field(teams, "decimal", "每", formula="SUM({人}.{率})")
    people = build.form("人")
    build.field(people, "text", "名称")
    build.field(people, "relation", "组", form=teams, reverse="人")
    build.field(people, "decimal", "数")
    build.field(people, "decimal", "率", formula="1/{数}")
    build.field(people, "text", "评", formula='IFERROR({组}.{每}&"","?")')
    office = Office(tmp_path, build.app)
    team = office.session.form("组").create({"名称": "甲"})
    handle = office.session.form("人")
    good = handle.create({"名称": "张", "组": team, "数": 4})
    bad = handle.create({"名称": "李", "组": team, "数": 0})
    read = office.session.form("组").get(team)
    assert read is not None
    assert (read.text("每"), handle.get(good)["评"]) == ("#DIV/0!", "?")  # type: ignore[index]
    handle.update(bad, {"数": 2})
    read = office.session.form("组").get(team)
    assert read is not None
    assert (read["每"], handle.get(good)["评"]) == (Decimal("0.75"), "0.75")  # type: ignore[index]
    office.session.close()


def test_lists_of_any_kind_reach_a_formula(tmp_path: Path) -> None:
    build = an_app()
    forms = build.form("单")
    build.field(forms, "text", "名")
    rows = build.subform(forms, "行")
    build.field(rows, "text", "字")
    build.field(rows, "integer", "数")
    build.field(rows, "date", "日")
    found = {
        "合": "SUM({行}.{数})",
        "均": "IFERROR(AVERAGE({行}.{数}),-1)",
        "大": "MAX({行}.{数})",
        "小": "MIN({行.数})",
        "数数": "COUNT({行}.{数})",
        "字数": "COUNTA({行}.{字})",
        "行数": "COUNTA({行})",
        "两": "SUM({行}.{数},10)",
    }
    for name, formula in found.items():
        build.field(forms, "decimal", name, formula=formula)
    build.field(forms, "date", "末", formula="MAX({行}.{日})")
    office = Office(tmp_path, build.app)
    handle = office.session.form("单")
    empty = handle.create({"名": "空"})
    assert [empty[name] for name in found] == [0, -1, 0, 0, 0, 0, 0, 10]
    assert empty["末"] is None
    full = handle.create({"名": "满", "行": [{"字": "a", "数": 3, "日": "2024-01-02"}, {"数": 4}, {"字": "b"}]})
    assert [full[name] for name in found] == [7, Decimal("3.5"), 4, 3, 2, 2, 3, 17]
    assert str(full["末"]) == "2024-01-02"
    office.session.close()


def test_defaults_and_checks_look_beyond_the_row(tmp_path: Path) -> None:
    build = an_app()
    customers = build.form("客户")
    build.field(customers, "text", "名称")
    build.field(customers, "money", "额度")
    orders = build.form("订单")
    build.field(orders, "relation", "客户", form=customers)
    build.field(orders, "money", "上限", default="{客户}.{额度}")
    build.field(orders, "money", "总", formula="SUM({行}.{数})", check="{总}<={上限}", check_message="超过上限")
    rows = build.subform(orders, "行")
    build.field(rows, "money", "数", check="{数}<={main.上限}")
    office = Office(tmp_path, build.app)
    office.session.form("客户").create({"名称": "张", "额度": 100})
    handle = office.session.form("订单")
    order = handle.create({"客户": "张", "行": [{"数": 60}]})
    assert (order["上限"], order["总"]) == (Decimal(100), Decimal(60))
    for wrong in ([{"数": 60}, {"数": 50}], [{"数": 101}]):
        with pytest.raises(Refused) as refusal:
            handle.create({"客户": "张", "行": wrong})
        assert {problem.code for problem in refusal.value.problems} == {"check_failed"}
    with pytest.raises(Refused):
        order["行"].create({"数": 50})
    order["行"].create({"数": 40})
    with pytest.raises(Refused) as refusal:
        handle.update(order, {"上限": 50})
    assert {problem.where for problem in refusal.value.problems} == {
        field_called(office.form("订单"), "总").id,
        field_called(office.form("订单").subforms[0], "数").id,
    }
    assert handle.update(order, {"上限": 101})["上限"] == Decimal(101)
    assert handle.count() == 1
    office.session.close()


def test_a_computed_relation_is_followed_to_what_it_points_to(tmp_path: Path) -> None:
    build = an_app()
    people = build.form("人")
    build.field(people, "text", "名")
    build.field(people, "relation", "上级", form=people)
    build.field(people, "relation", "上上", form=people, formula="{上级}.{上级}", reverse="孙")
    build.field(people, "text", "上上名", formula="{上上}.{名}")
    build.field(people, "integer", "孙数", formula="COUNTA({孙})")
    office = Office(tmp_path, build.app)
    handle = office.session.form("人")
    boss = handle.create({"名": "甲"})
    middle = handle.create({"名": "乙", "上级": boss})
    low = handle.create({"名": "丙", "上级": middle})
    assert (handle.get(low)["上上名"], handle.get(boss)["孙数"]) == ("甲", 1)  # type: ignore[index]
    other = handle.create({"名": "丁"})
    handle.update(middle, {"上级": other})
    assert (handle.get(low)["上上名"], handle.get(boss)["孙数"], handle.get(other)["孙数"]) == ("丁", 0, 1)  # type: ignore[index]
    handle.update(other, {"名": "戊"})
    assert handle.get(low)["上上名"] == "戊"  # type: ignore[index]
    office.session.close()


def test_a_published_formula_over_forms_fills_what_is_there(store: Shop) -> None:
    form = store.office.form("客户")
    node = field_node(form.id, "integer", "件数", formula="SUM({订单}.{明细}.{数量})")
    store.session.publish(AddNode(node).apply(store.office.app))
    assert store.now(store.customers, store.zhang)["件数"] == 6
    price = field_called(store.office.form("产品"), "单价").id
    store.session.publish(SetProperty(price, "decimals", 2).apply(store.office.app))
    assert store.total(store.zhang) == (Decimal(52), 1)


def test_another_title_field_is_another_title(store: Shop) -> None:
    level = field_called(store.office.form("客户"), "等级").id
    store.session.publish(SetProperty(store.customers.id, "title_field", level).apply(store.office.app))
    assert store.lines("客户") == ["高", "高"]


def test_a_title_that_reads_differently_is_followed(store: Shop) -> None:
    level = field_called(store.office.form("客户"), "等级")
    store.session.publish(SetProperty(store.customers.id, "title_field", level.id).apply(store.office.app))
    given = [{"id": option.id, "label": f"{option.label}级"} for option in level.props.options]
    store.session.publish(SetProperty(level.id, "options", given).apply(store.office.app))
    assert store.lines("客户") == ["高级", "高级"]
    store.session.publish(SetProperty(level.id, "options", given[1:]).apply(store.office.app), lossy=[level.id])
    assert store.lines("客户") == [None, None]


def test_a_formula_that_goes_takes_its_error_along(store: Shop) -> None:
    amount = field_called(store.office.form("订单"), "金额").id
    wrong = SetProperty(amount, "formula", "SUM({明细}.{小计})/0").apply(store.office.app)
    store.session.publish(wrong)
    assert store.now(store.customers, store.zhang).text("总额") == "#DIV/0!"
    store.session.publish(SetProperty(amount, "formula", "").apply(store.office.app))
    assert store.amount() is None
    assert store.total(store.zhang) == (Decimal(0), 1)


def test_pasted_rows_are_computed_in_batches(store: Shop, statements: list[str]) -> None:
    lines = store.office.form("订单").subforms[0]
    product, number = field_called(lines, "产品").id, field_called(lines, "数量").id
    made = [new_uuid() for _ in range(400)]
    columns: dict[str, list[Any]] = {product: [store.pen.id] * 400, number: [1] * 400}
    statements.clear()
    change = BulkChange(ChangeKind.NEW, lines.id, made, columns, roots=[store.order.id] * 400)
    assert isinstance(store.session.save([change], "Paste"), Applied)
    assert len(statements) < 40
    assert store.amount() == Decimal(52 + 3 * 400)
    statements.clear()
    change = BulkChange(ChangeKind.SET, lines.id, made, {product: [store.book.id] * 400})
    assert isinstance(store.session.save([change], "Paste"), Applied)
    reads = [each for each in statements if each.startswith("SELECT")]
    assert len(reads) < 40
    assert store.amount() == Decimal(52 + 20 * 400)
