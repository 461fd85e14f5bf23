"""The door: whole or not at all, stamped, checked, told to listeners."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from runtime.changes import BulkChange, Change, ChangeKind, ChangeSet, Origin, new_uuid, new_uuids
from runtime.permission.scope import Scope
from runtime.store.records import Applied, Rejected
from tests.support.workspaces import Office, codes


def test_a_record_of_every_type_comes_back_as_it_was_saved(office: Office) -> None:
    customer = office.new("客户", {"名称": "张伟", "等级": "高", "备注": "一\n二", "重点": True})
    values = {
        "编号": "A-1",
        "客户": customer,
        "数量": 3,
        "单价": Decimal("19.99"),
        "折扣": Decimal("0.25"),
        "日期": date(2024, 3, 5),
        "发货时间": datetime(2024, 3, 5, 6, 30, tzinfo=UTC),
        "重量": Decimal("1.125"),
    }
    order = office.new("订单", values)
    office.reopen()
    assert office.read("订单", order) == {**values, "金额": Decimal("44.98")}
    assert office.row("订单", order).titles[office.form("订单").called("客户").id] == "张伟"  # type: ignore[union-attr]


def test_a_computed_field_follows_its_inputs_and_keeps_its_error_beside_it(office: Office) -> None:
    order = office.new("订单", {"编号": "A-1", "单价": Decimal(10), "数量": 1, "折扣": Decimal("0.1")})
    assert office.read("订单", order)["金额"] == Decimal("9.00")
    office.set("订单", order, {"单价": Decimal(20)})
    assert office.read("订单", order)["金额"] == Decimal("18.00")


def test_a_computed_field_cannot_be_typed_in(office: Office) -> None:
    assert codes(office.try_new("订单", {"编号": "A-1", "金额": Decimal(1)})) == ["computed"]


def test_a_default_fills_what_is_not_given(office: Office) -> None:
    order = office.new("订单", {"编号": "A-1"})
    assert isinstance(office.read("订单", order)["日期"], date)
    other = office.new("订单", {"编号": "A-2", "日期": date(2020, 1, 1)})
    assert office.read("订单", other)["日期"] == date(2020, 1, 1)


def test_what_is_wrong_is_said_for_every_field_and_nothing_is_written(office: Office) -> None:
    before = office.session.form("订单").count()
    outcome = office.try_new("订单", {"数量": -1, "重量": Decimal(1)})
    assert sorted(codes(outcome)) == ["illegal_value", "required"]
    assert office.session.form("订单").count() == before


def test_a_check_refuses_with_the_words_of_its_designer(office: Office) -> None:
    outcome = office.try_new("订单", {"编号": "A-1", "重量": Decimal(-1)})
    assert isinstance(outcome, Rejected)
    assert str(outcome.problems[0].message) == "重量不能为负。"


def test_a_duplicate_is_refused_until_the_other_record_is_gone(office: Office) -> None:
    first = office.new("客户", {"名称": "张伟"})
    assert codes(office.try_new("客户", {"名称": "张伟"})) == ["duplicate"]
    assert codes(office.set("客户", first, {"名称": "张伟"})) == []
    office.delete("客户", first)
    assert codes(office.try_new("客户", {"名称": "张伟"})) == []


def test_a_relation_to_nowhere_is_refused(office: Office) -> None:
    assert codes(office.try_new("订单", {"编号": "A-1", "客户": new_uuid()})) == ["no_such_target"]


def test_one_bad_change_refuses_the_whole_changeset(office: Office) -> None:
    form = office.form("客户").id
    good = Change(ChangeKind.NEW, form, new_uuid(), office.values("客户", {"名称": "甲"}))
    bad = Change(ChangeKind.NEW, form, new_uuid(), {})
    assert codes(office.session.save([good, bad], "Two")) == ["required"]
    assert office.session.form("客户").count() == 0


def test_later_changes_see_earlier_ones(office: Office) -> None:
    form, row = office.form("客户").id, new_uuid()
    make = Change(ChangeKind.NEW, form, row, office.values("客户", {"名称": "甲"}))
    change = Change(ChangeKind.SET, form, row, office.values("客户", {"名称": "乙"}))
    assert codes(office.session.save([make, change], "Both")) == []
    assert office.read("客户", row)["名称"] == "乙"


def test_the_same_changeset_is_never_applied_twice(office: Office) -> None:
    records = office.session._workspace.records
    change = Change(
        ChangeKind.NEW, office.form("客户").id, new_uuid(), office.values("客户", {"备注": "x", "名称": "甲"})
    )
    changes = ChangeSet((change,))
    first, second = records.apply(changes), records.apply(changes)
    assert isinstance(first, Applied) and isinstance(second, Applied)
    assert first.seq == second.seq
    assert office.session.form("客户").count() == 1


def test_a_change_that_changes_nothing_takes_no_commit(office: Office) -> None:
    row = office.new("客户", {"名称": "甲"})
    seq = office.row("客户", row).seq
    outcome = office.set("客户", row, {"名称": "甲"})
    assert isinstance(outcome, Applied)
    assert outcome.seq == 0
    assert office.row("客户", row).seq == seq


def test_commits_are_numbered_without_gaps_even_after_refusals(office: Office) -> None:
    seqs = []
    for number in range(5):
        office.try_new("客户", {})
        row = office.new("客户", {"名称": f"客户{number}"})
        seqs.append(office.row("客户", row).seq)
    assert seqs == list(range(seqs[0], seqs[0] + 5))
    assert office.session.damage() == []


def test_bulk_rows_pass_the_same_pipeline_as_single_ones(office: Office) -> None:
    form = office.form("订单")
    ids = [new_uuid() for _ in range(3)]
    columns: dict[str, list[Any]] = {
        form.called("编号").id: ["A", "B", None],  # type: ignore[union-attr]
        form.called("单价").id: [Decimal(1), None, Decimal(3)],  # type: ignore[union-attr]
        form.called("数量").id: [1, None, 1],  # type: ignore[union-attr]
        form.called("重量").id: [Decimal(-1), None, None],  # type: ignore[union-attr]
    }
    outcome = office.session.save([BulkChange(ChangeKind.NEW, form.id, ids, columns)], "Import", Origin.IMPORT)
    assert isinstance(outcome, Rejected)
    assert {(problem.code, ids.index(problem.row)) for problem in outcome.problems if problem.row} == {
        ("check_failed", 0),
        ("required", 2),
    }
    assert office.session.form("订单").count() == 0
    columns[form.called("编号").id] = ["A", "B", "C"]  # type: ignore[union-attr]
    columns[form.called("重量").id] = [None, None, None]  # type: ignore[union-attr]
    assert codes(office.session.save([BulkChange(ChangeKind.NEW, form.id, ids, columns)], "Import")) == []
    assert office.read("订单", ids[0])["金额"] == Decimal("1.00")
    assert office.read("订单", ids[2])["金额"] == Decimal("3.00")


def test_duplicates_inside_one_bulk_change_are_refused(office: Office) -> None:
    form = office.form("客户")
    ids = [new_uuid(), new_uuid()]
    names = {form.called("名称").id: ["甲", "甲"]}  # type: ignore[union-attr]
    assert codes(office.session.save([BulkChange(ChangeKind.NEW, form.id, ids, names)], "Import")) == ["duplicate"]


def test_thousands_of_rows_are_written_whole_or_not_at_all(office: Office) -> None:
    form = office.form("客户")
    names = form.called("名称").id  # type: ignore[union-attr]
    ids = new_uuids(2_500)
    texts = [f"客户{at}" for at in range(2_500)]
    assert codes(office.session.save([BulkChange(ChangeKind.NEW, form.id, ids, {names: texts})], "Import")) == []
    assert office.session.form("客户").count() == 2_500
    assert [office.read("客户", ids[at])["名称"] for at in (0, 1_234, 2_499)] == ["客户0", "客户1234", "客户2499"]
    again = [*new_uuids(2_400), ids[0]]
    other = [f"又{at}" for at in range(2_401)]
    outcome = office.session.save([BulkChange(ChangeKind.NEW, form.id, again, {names: other})], "Import")
    assert codes(outcome) == ["record_exists"]
    assert office.session.form("客户").count() == 2_500


def test_listeners_hear_of_every_commit_and_of_no_refusal(office: Office) -> None:
    heard: list[frozenset[UUID]] = []
    stop = office.session.listen(lambda applied: heard.append(applied.changes.touched_rows))
    row = office.new("客户", {"名称": "甲"})
    office.try_new("客户", {})
    stop()
    office.new("客户", {"名称": "乙"})
    assert heard == [frozenset({row})]


def test_a_field_out_of_scope_does_not_exist_and_a_locked_one_stays(office: Office) -> None:
    form = office.form("客户")
    name, level, note = (form.called(label).id for label in ("名称", "等级", "备注"))  # type: ignore[union-attr]
    scope = Scope(readable=((form.id, frozenset({name, level})),), writable=((form.id, frozenset({name})),))
    records = office.session._workspace.records
    row = office.new("客户", {"名称": "甲", "备注": "geheim"})

    def write(field: str, value: object) -> list[str]:
        return codes(records.apply(ChangeSet((Change(ChangeKind.SET, form.id, row, {field: value}),)), scope))

    assert write(note, "x") == ["no_such_field"]
    assert write(level, "x") == ["forbidden"]
    assert write(name, "乙") == []
    assert note not in office.session.reader.by_id(form.id, [row], scope)[0].values


def test_a_record_that_the_row_rule_hides_is_not_found_and_not_changed(office: Office) -> None:
    form = office.form("客户")
    scope = Scope(rows=((form.id, '{等级}="高"'),))
    records = office.session._workspace.records
    hidden = office.new("客户", {"名称": "甲", "等级": "低"})
    shown = office.new("客户", {"名称": "乙", "等级": "高"})
    assert [row.id for row in office.session.reader.by_id(form.id, [hidden, shown], scope)] == [shown]
    change = Change(ChangeKind.DEL, form.id, hidden)
    assert codes(records.apply(ChangeSet((change,)), scope)) == ["no_such_record"]
