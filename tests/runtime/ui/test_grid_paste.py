"""Pasting in the grid, as people do it with spreadsheets beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from runtime.filters import Condition, Filter, Operator
from runtime.store.query import Group, Sort
from tests.runtime.exchange.clip_samples import EXCEL, EXCEL_TEXT, LIBREOFFICE, LIBREOFFICE_TEXT
from tests.runtime.ui.record_desk import CONTROL, Desk, a_desk
from tests.support.apps import an_app
from tests.support.workspaces import Office

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


def put(text: str, html: str = "") -> None:
    mime = QMimeData()
    mime.setText(text)
    if html:
        mime.setHtml(html)
    QGuiApplication.clipboard().setMimeData(mime)


def paste(desk: Desk) -> None:
    desk.key(KEY.Key_V, CONTROL)
    desk.settle()


def test_a_block_can_be_pasted_below_everything_and_changes_nothing_that_is_there(desk):
    before = desk.column("名称")
    put("甲\t低\n乙\t高\n")
    desk.at(0, "名称")
    desk.key(KEY.Key_V, CONTROL | SHIFT)
    desk.settle()
    assert desk.column("名称") == [*before, "甲", "乙"]
    put("丙")
    desk.key(KEY.Key_V, CONTROL | SHIFT)
    desk.settle()
    assert desk.column("名称") == [*before, "甲", "乙", "丙"]


def test_whole_rows_that_are_pasted_below_everything_begin_at_the_first_column(desk):
    labels = [field.name for field in desk.model.fields]
    put("\t".join("丁" if label == "名称" else "" for label in labels))
    desk.at(0, labels[-1])
    desk.key(KEY.Key_V, CONTROL | SHIFT)
    desk.settle()
    assert desk.column("名称")[-1] == "丁"


def chosen(desk: Desk) -> list[str]:
    """The names of the chosen records."""
    names = desk.column("名称")
    return [names[at] for first, last in desk.view.work.tools.spans() for at in range(first, last + 1)]


def test_records_that_were_pasted_at_the_end_are_chosen_and_seen(desk):
    put("甲\t低\n乙\t高\n")
    desk.at(0, "名称")
    desk.key(KEY.Key_V, CONTROL | SHIFT)
    desk.settle()
    desk.qtbot.waitUntil(lambda: chosen(desk) == ["甲", "乙"])
    assert desk.grid.currentIndex().row() == 3
    put("丙\n丁\n戊\n")
    desk.at(4, "名称")
    paste(desk)
    desk.qtbot.waitUntil(lambda: chosen(desk) == ["丙", "丁", "戊"])


def test_more_records_than_are_read_at_once_stay_chosen_when_the_list_is_read_again(desk):
    put("".join(f"客户{number}\n" for number in range(450)))
    desk.at(0, "名称")
    desk.key(KEY.Key_V, CONTROL | SHIFT)
    desk.qtbot.waitUntil(lambda: desk.view.chosen() == 450)
    desk.office.new("客户", {"名称": "später"})
    desk.view.refresh()
    desk.settle()
    assert desk.model.listed == 454 and desk.view.chosen() == 450


def test_what_was_pasted_into_a_sorted_grid_is_gone_to(desk):
    desk.page.set_sort([Sort(desk.page.form.called("名称").id, descending=True)])
    desk.settle()
    put("阿阿阿\n")
    desk.at(0, "名称")
    desk.key(KEY.Key_V, CONTROL | SHIFT)
    desk.settle()
    desk.qtbot.waitUntil(lambda: chosen(desk) == ["阿阿阿"])


def note_of(desk: Desk) -> list[str]:
    """What stands in the notice bar about pasted records."""
    standing: list[str] = []
    for notice in desk.said:
        if notice.code == "paste_hidden":
            standing = [str(notice.message)]
    return standing


def show_all(desk: Desk) -> None:
    """Press the button of that notice."""
    notice = next(each for each in reversed(desk.said) if each.code == "paste_hidden")
    (action,) = notice.actions
    assert str(action.label) == "Show"
    action.run()
    desk.settle()


def test_everything_that_was_pasted_into_a_sorted_grid_is_chosen_where_it_landed(desk):
    desk.page.set_sort([Sort(desk.page.form.called("名称").id)])
    desk.settle()
    put("一 甲\n泉州 后\n最 末\n")
    desk.at(0, "名称")
    desk.key(KEY.Key_V, CONTROL | SHIFT)
    desk.settle()
    desk.qtbot.waitUntil(lambda: not desk.view.work.clipboard.pasted.awaits)
    assert sorted(chosen(desk)) == sorted(["一 甲", "泉州 后", "最 末"])
    assert len(desk.view.work.tools.areas()) > 1, "they stand apart"
    names = desk.column("名称")
    assert names[desk.grid.currentIndex().row()] == min(chosen(desk), key=names.index)
    assert {(area.left, area.right) for area in desk.view.work.tools.areas()} == {(0, 0)}
    assert note_of(desk) == []


def test_records_that_were_changed_by_a_paste_and_moved_are_chosen_too(desk):
    desk.page.set_sort([Sort(desk.page.form.called("名称").id)])
    desk.settle()
    before = desk.column("名称")
    put("鑫 last\n阿 first\n")
    desk.at(0, "名称")
    paste(desk)
    desk.qtbot.waitUntil(lambda: not desk.view.work.clipboard.pasted.awaits)
    assert chosen(desk) == ["阿 first", "鑫 last"]
    assert desk.column("名称") == ["阿 first", before[2], "鑫 last"]


def test_in_groups_what_was_pasted_is_chosen_and_folded_groups_are_opened(desk):
    form, state = desk.page.form, desk.page.state
    level = form.called("等级")
    state.put(replace(state.spec, groups=(Group(level.id),)))
    desk.settle()
    desk.model.fold_all(True)
    desk.settle()
    put("甲\t低\n乙\t高\n")
    desk.at(0, "名称")
    desk.key(KEY.Key_V, CONTROL | SHIFT)
    desk.settle()
    desk.qtbot.waitUntil(lambda: not desk.view.work.clipboard.pasted.awaits)
    assert {row.values[form.called("名称").id] for row in chosen_rows(desk)} == {"甲", "乙"}
    assert any(group.folded for at in range(desk.model.listed) if (group := desk.model.group(at)) is not None)


def chosen_rows(desk: Desk) -> list[Any]:
    found = [desk.model.record(at) for a, b in desk.view.work.tools.spans() for at in range(a, b + 1)]
    return [row for row in found if row is not None]


def test_pasted_records_that_the_filter_leaves_out_are_counted_and_shown_on_demand(desk):
    level = desk.page.form.called("等级")
    high = next(option.id for option in level.props.options if option.label == "高")
    desk.page.set_filter(Filter((Condition(level.id, Operator.IS, high),)))
    desk.settle()
    put("甲\t低\n乙\t高\n丙\t低\n丁\t中\n")
    desk.at(0, "名称")
    desk.key(KEY.Key_V, CONTROL | SHIFT)
    desk.settle()
    desk.qtbot.waitUntil(lambda: bool(note_of(desk)))
    assert note_of(desk) == ["3 of the pasted records do not fit the filter."]
    assert chosen(desk) == ["乙"]
    show_all(desk)
    desk.qtbot.waitUntil(lambda: chosen(desk) == ["甲", "乙", "丙", "丁"])
    assert not desk.page.filter.active
    back = next(each for each in reversed(desk.said) if str(each.message) == "Every record is shown")
    back.actions[0].run()
    desk.settle()
    assert desk.column("名称") == ["福州海峡", "乙"]


def test_a_record_that_leaves_the_filter_by_what_is_pasted_into_it_is_counted(desk):
    level = desk.page.form.called("等级")
    desk.page.set_filter(Filter((Condition(level.id, Operator.FILLED),)))
    desk.page.search("福州")
    desk.settle()
    withdrawn: list[str] = []
    desk.notices.withdrawn.connect(withdrawn.append)
    put("甲\t低")
    desk.at(0, "名称")
    paste(desk)
    desk.qtbot.waitUntil(lambda: bool(note_of(desk)))
    assert note_of(desk) == ["1 of the pasted records does not fit the filter and the search."]
    desk.key(KEY.Key_Z, CONTROL)
    desk.settle()
    desk.qtbot.waitUntil(lambda: withdrawn == ["paste_hidden"])


def test_a_person_who_went_on_is_not_called_back_to_what_was_pasted(desk, monkeypatch):
    pasted = desk.view.work.clipboard.pasted
    show = pasted.show
    monkeypatch.setattr(pasted, "show", lambda *asked: (show(*asked), desk.at(1, "名称")))
    put("甲\n")
    desk.at(0, "名称")
    desk.key(KEY.Key_V, CONTROL | SHIFT)
    desk.qtbot.waitUntil(lambda: len(desk.column("名称")) == 4)
    desk.settle()
    assert chosen(desk) == ["厦门港务"]
    assert not pasted.awaits


def test_a_block_changes_records_and_makes_more_as_one_step(desk):
    put("甲\t低\n乙\t高\n丙\t中\n")
    desk.at(2, "名称")
    paste(desk)
    assert desk.column("名称") == ["福州海峡", "厦门港务", "甲", "乙", "丙"]
    assert desk.column("等级")[2:] == ["低", "高", "中"]
    assert desk.messages() == ["1 changed, 2 added"]
    assert str(desk.office.session.undo_label) == "Paste 3 rows"
    desk.key(KEY.Key_Z, CONTROL)
    desk.settle()
    assert desk.column("名称") == ["福州海峡", "厦门港务", "泉州茶业"]
    assert desk.column("等级") == ["高", "中", ""]
    desk.key(KEY.Key_Y, CONTROL)
    desk.settle()
    assert len(desk.column("名称")) == 5


@pytest.mark.parametrize(("text", "html"), [(EXCEL_TEXT, EXCEL), (LIBREOFFICE_TEXT, LIBREOFFICE)])
def test_what_excel_and_libreoffice_put_on_the_clipboard_arrives(tmp_path, qtbot, jobs, monkeypatch, text, html):
    monkeypatch.setattr("runtime.ui.grid_paste.day_order", lambda: "mdy")
    build = an_app()
    form = build.form("货")
    for kind, name in (
        ("text", "编号"),
        ("money", "金额"),
        ("date", "日期"),
        ("percent", "折扣"),
        ("long_text", "备注"),
    ):
        build.field(form, kind, name)
    office = Office(tmp_path, build.app)
    with a_desk(qtbot, office, jobs, "货") as desk:
        put(text, html)
        desk.page.view.paste()
        desk.settle()
        assert desk.messages() == ["2 records added"]
        assert office.read("货", desk.row(0).id) == {
            "编号": "A-10",
            "金额": Decimal("1234.50"),
            "日期": date(2024, 3, 5),
            "折扣": Decimal("0.12"),
            "备注": 'first line\nsecond "line"',
        }
        assert office.read("货", desk.row(1).id)["日期"] == date(2024, 12, 31)
    office.session.close()


def test_one_value_fills_everything_that_is_chosen(orders):
    put("7")
    orders.at(0, "数量")
    for _ in range(3):
        orders.key(KEY.Key_Down, SHIFT)
    paste(orders)
    assert orders.column("数量") == ["7"] * 4
    assert orders.messages() == ["4 records changed"]


def test_a_block_repeats_in_a_multiple_of_itself(desk):
    put("高\n低")
    office = desk.office
    office.new("客户", {"名称": "fourth"})
    desk.settle()
    desk.at(0, "等级")
    for _ in range(3):
        desk.key(KEY.Key_Down, SHIFT)
    paste(desk)
    assert desk.column("等级") == ["高", "低", "高", "低"]


def test_bad_cells_are_listed_and_nothing_is_written_until_the_person_decides(desk):
    before = desk.office.commits()
    put("甲\t最高\n乙\t低")
    desk.at(0, "名称")
    paste(desk)
    panel = desk.view.work.bad
    assert panel.isVisible()
    assert panel.title.text() == "1 cell cannot be written."
    row = [panel.cells.index(0, column).data() for column in range(4)]
    assert row == ["1", "等级", "最高", "“最高” is not one of the options."]
    assert desk.office.commits() == before
    assert panel.go_on.text() == "Paste without them"
    QTest.mouseClick(panel.go_on, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.column("名称")[:2] == ["甲", "乙"]
    assert desk.column("等级")[:2] == ["高", "低"], "the bad cell keeps what it had"
    assert not panel.isVisible()
    assert len(desk.office.commits()) == len(before) + 1


def test_a_bad_cell_is_corrected_in_the_list_and_pasted_with_the_rest(desk):
    put("甲\t最高\n乙\t最低")
    desk.at(0, "名称")
    paste(desk)
    panel = desk.view.work.bad
    for text in ("中", "低"):
        panel.list.setCurrentIndex(panel.cells.index(0, 2))
        panel.list.edit(panel.list.currentIndex())
        line = panel.list.findChild(QLineEdit)
        assert line is not None
        line.setText(text)
        QTest.keyClick(line, KEY.Key_Return)
        desk.settle()
    assert panel.cells.rowCount() == 0
    assert panel.go_on.text() == "Paste"
    QTest.mouseClick(panel.go_on, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.column("等级")[:2] == ["中", "低"]


def test_a_correction_that_is_wrong_too_stays_with_its_new_reason(desk):
    put("甲\t最高")
    desk.at(0, "名称")
    paste(desk)
    panel = desk.view.work.bad
    panel.cells.setData(panel.cells.index(0, 2), "更高")
    desk.settle()
    assert panel.cells.index(0, 3).data() == "“更高” is not one of the options."


def test_escape_in_the_list_writes_nothing(desk):
    before = desk.office.commits()
    put("甲\t最高")
    desk.at(0, "名称")
    paste(desk)
    QTest.keyClick(desk.view.work.bad.list, KEY.Key_Escape)
    desk.settle()
    assert not desk.view.work.bad.isVisible()
    assert desk.office.commits() == before
    assert desk.grid.hasFocus()


def test_a_click_on_a_bad_cell_goes_to_its_place(orders):
    put("1\n2\nmany\n4")
    orders.at(0, "数量")
    paste(orders)
    orders.at(3, "编号")
    panel = orders.view.work.bad
    panel.list.clearSelection()
    place = panel.list.visualRect(panel.cells.index(0, 3)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert orders.grid.currentIndex() == orders.index(2, "数量")
    orders.view.work.writing.drop()


def test_what_only_the_store_can_refuse_is_listed_as_well(desk):
    before = desk.office.commits()
    put("厦门港务\nneu")
    desk.at(2, "名称")
    paste(desk)
    panel = desk.view.work.bad
    assert panel.isVisible()
    assert [panel.cells.index(0, column).data() for column in (0, 1, 2)] == ["3", "名称", "厦门港务"]
    assert desk.office.commits() == before
    QTest.mouseClick(panel.go_on, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.column("名称") == ["福州海峡", "厦门港务", "泉州茶业", "neu"]


def test_columns_without_a_place_are_named_before_anything_is_written(desk):
    last = desk.model.fields[-1].name
    put("x\ty\tz")
    desk.at(0, last)
    paste(desk)
    panel = desk.view.work.bad
    assert "2 columns have no place here: y, z." in panel.note.text()
    assert "Nothing is written yet." in panel.note.text()
    desk.view.work.writing.drop()


def test_computed_columns_are_passed_over_when_own_records_are_pasted(orders):
    orders.at(0, "数量")
    for _ in range(len(orders.model.fields)):
        orders.key(KEY.Key_Right, SHIFT)
    orders.key(KEY.Key_C, CONTROL)
    orders.settle()
    orders.at(3, "数量")
    paste(orders)
    first, last = orders.office.read("订单", orders.row(0).id), orders.office.read("订单", orders.row(3).id)
    for name in ("客户", "编号"):
        first.pop(name, None)
        last.pop(name, None)
    assert last == first
    assert not orders.view.work.bad.isVisible()


def test_into_a_sorted_list_it_goes_where_the_person_sees_it(orders):
    orders.page.set_sort([Sort(orders.page.form.called("编号").id, descending=True)])
    orders.settle()
    assert orders.column("编号") == ["A-3", "A-2", "A-1", "A-0"]
    put("50\n60")
    orders.at(1, "数量")
    paste(orders)
    assert orders.column("数量")[1:3] == ["50", "60"]


def test_with_nothing_on_the_clipboard_it_says_so(desk):
    QGuiApplication.clipboard().clear()
    desk.at(0, "名称")
    paste(desk)
    assert desk.messages() == ["There is nothing to paste."]


def test_a_paste_into_the_form_without_records_makes_them(tmp_path, qtbot, jobs):
    office = Office(tmp_path)
    with a_desk(qtbot, office, jobs) as desk:
        put("甲\t高\n乙\t低")
        desk.page.view.paste()
        desk.settle()
        assert desk.column("名称") == ["甲", "乙"]
        assert desk.messages() == ["2 records added"]
    office.session.close()


def test_a_date_in_the_past_century_and_one_typed_in_chinese_arrive(orders):
    put("1999/12/31\n2024年3月5日")
    orders.at(0, "日期")
    paste(orders)
    assert orders.office.read("订单", orders.row(0).id)["日期"] == date(1999, 12, 31)
    assert orders.office.read("订单", orders.row(1).id)["日期"] == date(2024, 3, 5)


def test_in_a_grouped_list_a_block_goes_over_records_and_no_row_of_it_is_lost(orders):
    form, state = orders.page.form, orders.page.state
    state.put(replace(state.spec, groups=(Group(form.called("客户").id),)))
    orders.settle()
    heads = [at for at in range(orders.model.listed) if orders.model.group(at) is not None]
    assert len(heads) > 1
    put("11\n12\n13\n14")
    first = heads[0] + 1
    orders.grid.go_to(first, [field.name for field in orders.model.fields].index("数量"))
    orders.grid.setFocus()
    paste(orders)
    assert orders.messages() == ["4 records changed"]
    numbers = [orders.office.read("订单", row.id)["数量"] for row in rows(orders)]
    assert numbers == [11, 12, 13, 14]


def rows(desk: Desk) -> list[Any]:
    found = [desk.model.record(at) for at in range(desk.model.listed)]
    return [row for row in found if row is not None]
