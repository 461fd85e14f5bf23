"""Duplicating records: what a copy has, what it does not have, one step of undo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from runtime.changes import Change, ChangeKind, new_uuid
from runtime.exchange.editing.duplicating import copied_fields
from runtime.ui.jobs import Jobs
from tests.runtime.ui.record_desk import CONTROL, Desk, a_desk
from tests.runtime.ui.test_grid_value_filter import command, menu
from tests.support.apps import an_app
from tests.support.workspaces import Office

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def bills(qtbot: Any, tmp_path: Path, jobs: Jobs) -> Iterator[Desk]:
    """Bills with a number that is unique, a name, a figure that is computed, and lines."""
    build = an_app()
    form = build.form("账单")
    build.field(form, "text", "单号", unique=True)
    build.field(form, "text", "名称")
    build.field(form, "integer", "数量")
    build.field(form, "integer", "双倍", formula="{数量}*2")
    lines = build.subform(form, "明细")
    build.field(lines, "text", "品名")
    build.field(lines, "text", "条码", unique=True)
    office = Office(tmp_path, build.app)
    for at in range(3):
        office.new("账单", {"单号": f"Z-{at}", "名称": f"账{at}", "数量": at})
    with a_desk(qtbot, office, jobs, "账单") as desk:
        yield desk
    office.session.close()


def below(desk: Desk, position: int) -> list[dict[str, Any]]:
    """The lines of a bill, by the names of their fields."""
    session, lines = desk.office.session, desk.page.form.subforms[0]
    rows = session.reader.below_all(lines.id, [desk.row(position).id], session.scope)
    return [{each.name: row.values.get(each.id) for each in lines.fields} for row in rows]


def test_a_copy_has_the_values_and_rows_but_nothing_that_must_differ_and_is_one_step_of_undo(bills: Desk) -> None:
    desk, lines = bills, bills.page.form.subforms[0]
    field = {each.name: each.id for each in lines.fields}
    rows = [{field["品名"]: name, field["条码"]: name} for name in ("茶", "酒")]
    root = desk.row(1).id
    desk.office.session.save([Change(ChangeKind.NEW, lines.id, new_uuid(), values, root) for values in rows], "lines")
    desk.at(1, "名称")
    menu(desk, "Duplicate the selected records")
    desk.qtbot.waitUntil(lambda: desk.model.listed == 4)
    desk.settle()
    assert [desk.column(name)[3] for name in ("单号", "名称", "数量", "双倍")] == ["", "账1", "1", "2"]
    assert below(desk, 3) == [{"品名": "茶", "条码": None}, {"品名": "酒", "条码": None}]
    assert below(desk, 1)[0]["条码"] == "茶", "the source keeps its own"
    desk.qtbot.waitUntil(lambda: desk.view.work.tools.spans() == [(3, 3)])
    assert desk.messages()[-1] == "1 record duplicated"
    desk.key(KEY.Key_Z, CONTROL)
    desk.qtbot.waitUntil(lambda: desk.model.listed == 3)
    desk.settle()
    desk.key(KEY.Key_Y, CONTROL)
    desk.qtbot.waitUntil(lambda: desk.model.listed == 4)
    desk.settle()
    assert len(below(desk, 3)) == 2


def test_several_records_are_duplicated_in_their_order(bills: Desk) -> None:
    desk = bills
    desk.at(0, "名称")
    desk.key(KEY.Key_Down, SHIFT)
    command(desk, "duplicate")
    desk.qtbot.waitUntil(lambda: desk.model.listed == 5)
    desk.settle()
    assert desk.column("名称") == ["账0", "账1", "账2", "账0", "账1"]
    desk.key(KEY.Key_Z, CONTROL)
    desk.qtbot.waitUntil(lambda: desk.model.listed == 3)


def test_what_a_copy_needs_of_its_own_is_asked_for_before_anything_is_written(desk: Desk) -> None:
    desk.at(0, "等级")
    command(desk, "duplicate")
    desk.settle()
    writing = desk.view.work.writing
    assert writing.waiting and desk.model.listed == 3
    assert writing._writes is not None
    (bad,) = writing._writes.bad
    writing.panel.corrected.emit(bad, "福州海峡二部")
    desk.settle()
    writing.panel.went_on.emit()
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.model.listed == 4)
    desk.settle()
    assert (desk.column("名称")[3], desk.column("等级")[3], desk.column("重点")[3]) == (
        "福州海峡二部",
        desk.column("等级")[0],
        desk.column("重点")[0],
    )


def test_fields_that_people_do_not_fill_are_not_copied(bills: Desk) -> None:
    session, form = bills.office.session, bills.page.form
    assert [each.name for each in copied_fields(session, form)] == ["名称", "数量"]


def test_rows_that_cannot_be_copied_are_told_before_the_copy_is_made(qtbot: Any, tmp_path: Path, jobs: Jobs) -> None:
    build = an_app()
    form = build.form("账单")
    build.field(form, "text", "名称")
    build.field(build.subform(form, "明细"), "text", "条码", unique=True, required=True)
    office = Office(tmp_path, build.app)
    made = office.form("账单")
    (lines,) = made.subforms
    root = office.new("账单", {"名称": "账"})
    office.session.save([Change(ChangeKind.NEW, lines.id, new_uuid(), {lines.fields[0].id: "1"}, root)], "line")
    with a_desk(qtbot, office, jobs, "账单") as desk:
        desk.at(0, "名称")
        command(desk, "duplicate")
        writing = desk.view.work.writing
        assert writing.waiting and desk.model.listed == 1
        assert writing.panel.note.text().startswith("The rows of “明细” are not copied: “条码” cannot be.")
        writing.panel.went_on.emit()
        desk.qtbot.waitUntil(lambda: desk.model.listed == 2)
        desk.settle()
        assert below(desk, 1) == []
    office.session.close()


@pytest.fixture
def baskets(tmp_path: Path) -> Iterator[tuple[Office, str]]:
    """Two baskets with lines that point to goods, one of which is in the bin; the office and the id of its lines."""
    yield from _baskets(tmp_path, required=False)


@pytest.fixture
def strict_baskets(tmp_path: Path) -> Iterator[tuple[Office, str]]:
    """The same, where every line needs its goods."""
    yield from _baskets(tmp_path, required=True)


def _baskets(folder: Path, *, required: bool) -> Iterator[tuple[Office, str]]:
    build = an_app()
    goods = build.form("货")
    build.field(goods, "text", "名")
    form = build.form("篮")
    build.field(form, "text", "名称")
    lines = build.subform(form, "明细")
    good = build.field(lines, "relation", "货", form=goods, required=required)
    count = build.field(lines, "integer", "数")
    office = Office(folder, build.app)
    tea, wine = office.new("货", {"名": "茶"}), office.new("货", {"名": "酒"})
    for at in range(2):
        root = office.new("篮", {"名称": f"篮{at}"})
        rows = [{good: each, count: number} for number, each in enumerate((tea, wine))]
        office.session.save([Change(ChangeKind.NEW, lines, new_uuid(), values, root) for values in rows], "lines")
    office.session.save([Change(ChangeKind.DEL, goods, wine)], "bin")
    yield office, lines
    office.session.close()


def test_a_row_that_points_into_the_bin_is_copied_without_that_and_it_is_said(qtbot, baskets, jobs):
    office, _lines = baskets
    with a_desk(qtbot, office, jobs, "篮") as desk:
        desk.at(0, "名称").key(KEY.Key_Down, SHIFT)
        command(desk, "duplicate")
        writing = desk.view.work.writing
        assert "“货” stays empty in 2 rows of “明细”: it is in the bin." in writing.panel.note.text()
        writing.panel.went_on.emit()
        desk.qtbot.waitUntil(lambda: desk.model.listed == 4)
        desk.settle()
        assert [(row["货"] is None, row["数"]) for row in below(desk, 2)] == [(False, 0), (True, 1)]


def test_a_row_that_needs_what_is_in_the_bin_is_left_out_and_it_is_said(qtbot, strict_baskets, jobs):
    office, _lines = strict_baskets
    with a_desk(qtbot, office, jobs, "篮") as desk:
        desk.at(0, "名称")
        command(desk, "duplicate")
        writing = desk.view.work.writing
        assert "1 row of “明细” is not copied: its “货” is in the bin." in writing.panel.note.text()
        writing.panel.went_on.emit()
        desk.qtbot.waitUntil(lambda: desk.model.listed == 3)
        desk.settle()
        assert [row["数"] for row in below(desk, 2)] == [0]


def test_records_with_too_many_rows_below_are_refused_before_anything_is_written(
    qtbot: Any, bills: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, lines = bills, bills.page.form.subforms[0]
    name, root = lines.fields[0].id, bills.row(0).id
    desk.office.session.save([Change(ChangeKind.NEW, lines.id, new_uuid(), {name: "茶"}, root) for _ in range(8)], "x")
    monkeypatch.setattr("runtime.exchange.editing.duplicating.MOST_WRITTEN", 9)
    desk.at(0, "名称").key(KEY.Key_Down, SHIFT)
    command(desk, "duplicate")
    desk.settle()
    assert desk.messages()[-1].startswith("With the rows of their sub-forms these are too many")
    assert desk.model.listed == 3
    desk.at(0, "名称")
    command(desk, "duplicate")
    desk.qtbot.waitUntil(lambda: desk.model.listed == 4)
    desk.settle()
    assert len(below(desk, 3)) == 8
