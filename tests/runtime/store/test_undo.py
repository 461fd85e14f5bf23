"""Undo is a new change; what somebody changed since stays."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.changes import BulkChange, Change, ChangeKind, Origin, new_uuid
from runtime.store.history import of_record
from runtime.store.query import Query
from runtime.store.records import Applied
from runtime.store.undo import UndoStack
from runtime.store.writer import stretches
from tests.support.apps import field_called, shop
from tests.support.workspaces import Office, codes


def test_undo_takes_back_creating_changing_and_deleting_one_by_one(office: Office) -> None:
    row = office.new("客户", {"名称": "甲"})
    office.set("客户", row, {"名称": "乙", "备注": "x"})
    office.delete("客户", row)
    assert office.row("客户", row).deleted
    assert office.session.undo()
    assert not office.row("客户", row).deleted
    assert office.session.undo()
    assert office.read("客户", row) == {"名称": "甲"}
    assert office.session.undo()
    assert office.row("客户", row).deleted
    assert not office.session.undo()


def test_redo_does_it_again_until_something_else_is_done(office: Office) -> None:
    row = office.new("客户", {"名称": "甲"})
    office.set("客户", row, {"名称": "乙"})
    office.session.undo()
    assert str(office.session.redo_label) == "Change 客户"
    assert office.session.redo()
    assert office.read("客户", row) == {"名称": "乙"}
    office.session.undo()
    office.set("客户", row, {"备注": "new"})
    assert office.session.redo_label is None


def test_undo_leaves_alone_what_somebody_changed_since(office: Office) -> None:
    row = office.new("客户", {"名称": "甲"})
    office.set("客户", row, {"名称": "乙", "备注": "mine"})
    name = office.form("客户").called("名称")
    assert name is not None
    from runtime.changes import Change

    office.session.apply([Change(ChangeKind.SET, office.form("客户").id, row, {name.id: "别人"})], "by somebody else")
    office.session.undo()
    assert office.read("客户", row) == {"名称": "别人"}


def test_undoing_an_import_spares_the_records_edited_since(office: Office) -> None:
    form = office.form("客户")
    name = form.called("名称")
    assert name is not None
    ids = [new_uuid() for _ in range(10)]
    commits = []
    for start in (0, 5):
        part = ids[start : start + 5]
        change = BulkChange(ChangeKind.NEW, form.id, part, {name.id: [f"客户{start + at}" for at in range(5)]})
        commits.append(office.session.apply([change], "Import", Origin.IMPORT))
    office.session.remember("Import", commits)  # type: ignore[arg-type]
    from runtime.changes import Change

    office.session.apply([Change(ChangeKind.SET, form.id, ids[3], {name.id: "edited"})], "edit")
    office.session.undo()
    assert office.session.form("客户").count() == 1
    office.session.redo()
    assert office.session.form("客户").count() == 10
    assert office.session.damage() == []


def test_undoing_an_import_takes_away_scattered_records_with_their_rows_and_redoing_it_brings_them_back(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path, shop())
    orders, name = office.form("订单"), field_called(office.form("订单"), "编号").id
    below = orders.subforms[0]
    number = field_called(below, "数量").id
    ids = [new_uuid() for _ in range(60)]
    rows = [new_uuid() for _ in range(120)]
    changes = [
        BulkChange(ChangeKind.NEW, orders.id, ids, {name: [str(at) for at in range(60)]}),
        BulkChange(
            ChangeKind.NEW, below.id, rows, {number: list(range(120))}, roots=[row for row in ids for _ in "ab"]
        ),
    ]
    made = office.session.apply(changes, "Import", Origin.IMPORT)
    assert isinstance(made, Applied)
    office.session.remember("Import", [made])
    spared = ids[3::7]
    columns = {name: ["mine"] * len(spared)}
    office.session.apply([BulkChange(ChangeKind.SET, orders.id, spared, columns)], "by somebody else")
    office.session.apply([Change(ChangeKind.DEL, orders.id, ids[5])], "by somebody else")
    before = _ever(office)
    assert office.session.undo()
    assert {record.id for record in office.session.form("订单").records()} == set(spared)
    assert office.session.damage() == []
    gone = set(ids) - set(spared) - {ids[5]}
    kinds = [entry.kind for row in gone for entry in _history(office, orders.id, row)]
    assert kinds == [ChangeKind.DEL, ChangeKind.NEW] * len(gone)
    assert office.session.redo()
    assert _ever(office) == before
    assert office.session.damage() == []
    office.session.close()


def _ever(office: Office) -> dict[str, list[Any]]:
    """What every form shows."""
    found = {}
    for form in office.session._workspace.apps.now.forms.values():
        rows = office.session.reader.rows(form.id, office.session.reader.ids(Query(form.id)))
        found[form.id] = [(row.n, row.id, dict(row.values)) for row in rows]
    return found


def _history(office: Office, form: str, row: UUID) -> list[Any]:
    return of_record(office.session._workspace.database, office.session._workspace.apps.now.forms[form], row)


@given(numbers=st.sets(st.integers(1, 40)))
def test_numbers_are_put_together_where_they_follow_each_other(numbers: set[int]) -> None:
    found = stretches(numbers)
    assert [n for first, last in found for n in range(first, last + 1)] == sorted(numbers)
    assert all(after[0] > before[1] + 1 for before, after in pairwise(found))


def test_history_tells_what_was_and_what_became(office: Office) -> None:
    row = office.new("客户", {"名称": "甲"})
    office.set("客户", row, {"名称": "乙"})
    office.delete("客户", row)
    office.session.undo()
    record = office.session.form("客户").get(row)
    assert record is not None
    entries = office.session.history(record)
    assert [entry.kind.value for entry in entries] == ["restore", "del", "set", "new"]
    name = office.form("客户").called("名称")
    assert name is not None
    assert (entries[2].before, entries[2].after) == ({name.id: "甲"}, {name.id: "乙"})


_steps = st.lists(
    st.one_of(
        st.tuples(st.just("new"), st.integers(0, 4)),
        st.tuples(st.just("set"), st.integers(0, 4), st.sampled_from(["甲", "乙", None])),
        st.tuples(st.just("delete"), st.integers(0, 4)),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(session=_steps)
def test_a_session_undone_and_redone_is_as_it_was(office: Office, session: list[tuple[Any, ...]]) -> None:
    rows = [new_uuid() for _ in range(5)]
    done = 0
    for step in session:
        outcome: Any
        row = rows[step[1]]
        if step[0] == "new":
            outcome = office.try_new("客户", {"名称": str(row)}, row) if not _exists(office, row) else None
        elif step[0] == "set":
            outcome = office.set("客户", row, {"备注": step[2]})
        else:
            outcome = office.delete("客户", row)
        done += bool(outcome is not None and getattr(outcome, "seq", 0))
    after = _picture(office, rows)
    for _ in range(done):
        assert office.session.undo()
    assert _picture(office, rows) == dict.fromkeys(rows)
    for _ in range(done):
        assert office.session.redo()
    assert _picture(office, rows) == after
    while office.session.undo():
        pass


def _exists(office: Office, row: Any) -> bool:
    return bool(office.session.reader.by_id(office.form("客户").id, [row]))


def _picture(office: Office, rows: list[Any]) -> dict[Any, Any]:
    found = {row.id: row for row in office.session.reader.by_id(office.form("客户").id, rows)}
    return {row: dict(found[row].values) if row in found and not found[row].deleted else None for row in rows}


def test_a_record_whose_rows_were_changed_since_is_not_unmade(tmp_path: Path) -> None:
    office = Office(tmp_path, shop())
    orders = office.session.form("订单")
    heard: list[Applied] = []
    workspace = office.session._workspace
    stop = workspace.records.listen(heard.append)
    quiet, busy = orders.create({"编号": "1", "明细": [{"数量": 1}]}), orders.create({"编号": "2"})
    stop()
    other = UndoStack(workspace.records, workspace.database, workspace.apps)
    other.push("both", heard)
    busy["明细"].create({"数量": 5})
    other.undo()
    assert orders.get(quiet) is None
    assert orders.get(busy) is not None
    office.session.close()


def test_rows_of_several_records_come_back_whatever_was_deleted_first(tmp_path: Path) -> None:
    office = Office(tmp_path, shop())
    orders = office.session.form("订单")
    one, two = (orders.create({"编号": name, "明细": [{"数量": 1}, {"数量": 2}]}) for name in "12")
    line = two["明细"][0]
    changes = [Change(ChangeKind.DEL, orders.id, one.id), Change(ChangeKind.DEL, line.form_id, line.id)]
    office.session.save(changes, "Both")
    assert (orders.count(), office.session.form(line.form_id).count()) == (1, 1)
    assert office.session.undo()
    assert (orders.count(), office.session.form(line.form_id).count()) == (2, 4)
    assert office.session.redo()
    assert (orders.count(), office.session.form(line.form_id).count()) == (1, 1)
    office.session.close()


def test_a_record_that_was_changed_and_deleted_in_one_step_is_as_it_was(office: Office) -> None:
    row = office.new("客户", {"名称": "甲"})
    form = office.form("客户").id
    values = office.values("客户", {"名称": "乙"})
    office.session.save([Change(ChangeKind.SET, form, row, values), Change(ChangeKind.DEL, form, row)], "Both")
    assert office.session.undo()
    assert office.read("客户", row) == {"名称": "甲"}
    assert not office.row("客户", row).deleted


def test_many_rows_are_taken_back_as_one_change_that_spares_what_changed_since(office: Office) -> None:
    form = office.form("客户")
    note, main = field_called(form, "备注").id, field_called(form, "重点").id
    rows = [office.new("客户", {"名称": str(at), "备注": "old"}) for at in range(50)]
    columns: dict[str, list[Any]] = {note: ["new"] * 50, main: [True] * 50}
    assert codes(office.session.save([BulkChange(ChangeKind.SET, form.id, rows, columns)], "Many")) == []
    office.session.apply([Change(ChangeKind.SET, form.id, rows[3], {note: "by somebody else"})], "Since")
    heard: list[Applied] = []
    stop = office.session.listen(heard.append)
    assert office.session.undo()
    stop()
    assert len(heard[0].changes.changes) == 2  # one for each set of fields
    assert office.read("客户", rows[2]) == {"名称": "2", "备注": "old"}
    assert office.read("客户", rows[3]) == {"名称": "3", "备注": "by somebody else"}
    assert office.session.redo()
    assert office.read("客户", rows[2]) == {"名称": "2", "备注": "new", "重点": True}


def test_values_that_went_round_where_none_may_be_there_twice_go_back(office: Office) -> None:
    form = office.form("客户")
    name = field_called(form, "名称").id
    rows = [office.new("客户", {"名称": text}) for text in "甲乙丙"]
    change = BulkChange(ChangeKind.SET, form.id, rows, {name: ["乙", "丙", "甲"]})
    assert codes(office.session.save([change], "Round")) == []
    assert office.session.undo()
    assert [office.read("客户", row)["名称"] for row in rows] == ["甲", "乙", "丙"]
    assert office.session.redo()
    assert [office.read("客户", row)["名称"] for row in rows] == ["乙", "丙", "甲"]


def test_a_field_that_one_step_changed_twice_is_as_it_was_before_both(office: Office) -> None:
    form = office.form("客户").id
    name, note = (field_called(office.form("客户"), each).id for each in ("名称", "备注"))
    row = office.new("客户", {"名称": "甲"})
    values = [{name: "乙"}, {name: "丙", note: "x"}, {name: "丁"}]
    office.session.save([Change(ChangeKind.SET, form, row, each) for each in values], "Thrice")
    assert office.session.undo()
    assert office.read("客户", row) == {"名称": "甲"}
    assert office.session.redo()
    assert office.read("客户", row) == {"名称": "丁", "备注": "x"}


def test_a_relation_to_a_record_that_went_to_the_bin_can_be_put_back(office: Office) -> None:
    customer = office.new("客户", {"名称": "甲"})
    order = office.new("订单", {"编号": "A", "客户": customer})
    office.delete("客户", customer)
    office.set("订单", order, {"客户": None})
    assert office.session.undo()
    assert office.read("订单", order)["客户"] == customer
    assert office.session.undo()
    assert not office.row("客户", customer).deleted
