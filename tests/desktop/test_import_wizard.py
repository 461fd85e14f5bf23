"""The import wizard as a person goes through it: from a file to records in the grid, and every way out."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QToolTip

from desktop.app_page import AppPage
from desktop.import_wizard import steps
from desktop.import_wizard.flow import Phase
from desktop.import_wizard.place import NEW, OPEN
from desktop.import_wizard.preview import Look
from desktop.import_wizard.result import Result
from desktop.import_wizard.review import Review
from desktop.import_wizard.waiting import Refusal, Waiting
from desktop.start_page import StartPage
from runtime.ui.kit.toast import Toast
from tests.desktop.wizard_hands import (
    LONG,
    SUPERSTORE,
    Wizard,
    codes,
    drop,
    focused,
    name_of,
    offers,
    said_by,
    seen_in,
)
from tests.support.drivers import click, clipped, press

ENTER = Qt.Key.Key_Return


def test_a_dropped_workbook_becomes_records_in_the_grid(qtbot, wizard: Wizard, file: Path, places: Path):
    start = wizard.desktop.window.page
    assert isinstance(start, StartPage)
    assert drop(start, file)
    assert isinstance(wizard.page._stack.currentWidget(), Waiting)
    wizard.reaches(Phase.REVIEW)
    wizard.settles()
    assert wizard.page.go.text() == "Continue"
    wizard.places(places)
    assert wizard.page.go.text() == "Create 3 forms with 162 records"
    page = wizard.imports()
    assert [entry.text() for entry in page.list.entries.values()] == ["客户", "订单", "退货"]
    qtbot.waitUntil(lambda: [entry.count for entry in page.list.entries.values()] == ["30", "120", "12"], timeout=LONG)
    assert {"KH001", "客户1有限公司"} <= set(seen_in(qtbot, page))
    toast = wizard.desktop.window.findChild(Toast)
    assert toast is not None
    assert toast.message == "“销售台账” is ready: 3 forms with 162 records."
    assert (places / "销售.formwork").is_dir()
    assert wizard.desktop.settings.recent[0].path == str(places / "销售.formwork")
    assert not wizard.desktop.imports.under_way


def test_the_door_of_the_start_page_asks_for_a_file_and_no_loop_blocks(qtbot, wizard: Wizard, file: Path):
    press(wizard.desktop.window, "Open an Excel file")
    dialog = wizard.desktop.window.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.filesSelected.emit([str(file)])
    dialog.close()
    wizard.reaches(Phase.REVIEW)


def test_the_next_file_is_looked_for_where_the_last_one_was(wizard: Wizard, file: Path):
    wizard.reviews(file)
    wizard.desktop.imports.leave()
    assert wizard.desktop.imports.flow is None
    wizard.desktop.imports.choose()
    dialog = wizard.desktop.window.findChild(QFileDialog)
    assert dialog is not None
    assert Path(dialog.directory().absolutePath()) == file.parent
    dialog.close()


def test_ctrl_i_imports_into_the_open_workspace(qtbot, wizard: Wizard, file: Path, places: Path):
    desktop = wizard.desktop
    assert not desktop.window.action("import_file").isEnabled()
    desktop.open_workspace(places / "open.formwork")
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=LONG)
    QTest.keyClick(desktop.window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    dialog = desktop.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.filesSelected.emit([str(file)])
    dialog.close()
    wizard.reaches(Phase.REVIEW)
    wizard.goes_on()
    assert wizard.place.where is not None
    assert wizard.place.where.key() == OPEN
    assert not wizard.place.workspace.isVisible()
    session = desktop.session
    page = wizard.imports()
    assert desktop.session is session
    assert page.front is not None
    assert page.front.title == "客户"
    assert [path.name for path in places.iterdir()] == ["open.formwork"]


def test_a_new_workspace_can_be_wanted_while_one_is_open(qtbot, wizard: Wizard, file: Path, places: Path):
    desktop = wizard.desktop
    desktop.open_workspace(places / "open.formwork")
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=LONG)
    wizard.reviews(file)
    wizard.goes_on()
    press(wizard.place, "Into a new workspace")
    assert wizard.place.where is not None
    assert wizard.place.where.key() == NEW
    wizard.place.workspace.setText("second")
    wizard.place.folder.setText(str(places))
    wizard.imports()
    assert desktop.session is not None
    assert desktop.session.name == "second"
    qtbot.waitUntil(lambda: not desktop.jobs.busy, timeout=LONG)


def test_the_whole_way_goes_by_keyboard(qtbot, wizard: Wizard, file: Path, places: Path):
    wizard.reviews(file)
    assert QApplication.focusWidget() is wizard.page.go
    QTest.keyClick(focused(), ENTER)
    assert QApplication.focusWidget() is wizard.place.name
    QTest.keyClicks(focused(), "Sales")
    wizard.place.folder.setText(str(places))
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is wizard.place.workspace
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert wizard.flow.phase is Phase.REVIEW
    assert wizard.flow.name == "Sales"
    QTest.keyClick(wizard.page.go, ENTER, Qt.KeyboardModifier.ControlModifier)
    assert wizard.place.isVisible()
    QTest.keyClick(wizard.place.name, ENTER)
    qtbot.waitUntil(lambda: isinstance(wizard.desktop.window.page, AppPage), timeout=LONG)


def test_tab_reaches_every_control_of_the_review(qtbot, wizard: Wizard, file: Path):
    review = wizard.reviews(file)
    reached = set()
    for _round in range(200):
        wizard.desktop.window.focusNextChild()
        focused = QApplication.focusWidget()
        reached.add(name_of(focused))
    wanted = {
        "Import the sheet “订单”",
        "Name of the form for the sheet “订单”",
        "Import “客户编号”",
        "Name of the field “客户编号”",
        "Type of “客户编号”: Text",
        "First rows, as they will be stored",
    }
    assert wanted <= reached
    assert all(name for name in reached)
    plan = wizard.flow.plan
    assert plan is not None
    doubt = steps.open_doubts(plan)[0]
    options = list(review.doubts.cards[doubt.id].options.values())
    assert options[0].text() in reached
    options[0].setFocus()
    QTest.keyClick(options[0], Qt.Key.Key_Down)
    wizard.settles()
    assert QApplication.focusWidget() is options[1]
    assert wizard.flow.plan is not None
    assert wizard.flow.plan.doubt(doubt.id).chosen == doubt.choices[1].id


# Refusals


def test_a_damaged_file_is_refused_in_a_sentence_with_a_way_out(qtbot, wizard: Wizard, tmp_path: Path, file: Path):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(file.read_bytes()[:900])
    wizard.desktop.imports.open(broken)
    wizard.reaches(Phase.REFUSED)
    refusal = wizard.view(Refusal)
    assert refusal.accessibleName().startswith("The file is damaged.")
    assert said_by(wizard.desktop) == ""
    assert clipped(wizard.page) == []
    click(refusal.choose)
    dialog = wizard.desktop.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.filesSelected.emit([str(file)])
    dialog.close()
    wizard.reaches(Phase.REVIEW)


def test_a_protected_workbook_says_so(wizard: Wizard):
    path = SUPERSTORE.parent / "messy" / "calamine_pass_protected.xlsx"
    if not path.exists():
        pytest.skip(f"{path} is not on this machine")
    wizard.desktop.imports.open(path)
    wizard.reaches(Phase.REFUSED)
    assert "protected with a password" in wizard.view(Refusal).accessibleName()
    press(wizard.page, "Back")
    assert wizard.desktop.window.place == "start"
    assert not wizard.desktop.imports.under_way


def test_a_file_that_is_repaired_is_read_again(wizard: Wizard, tmp_path: Path, file: Path):
    path = tmp_path / "later.xlsx"
    path.write_bytes(b"")
    wizard.desktop.imports.open(path)
    wizard.reaches(Phase.REFUSED)
    path.write_bytes(file.read_bytes())
    press(wizard.page, "Try again")
    wizard.reaches(Phase.REVIEW)


def test_reading_can_be_cancelled(wizard: Wizard, file: Path):
    wizard.desktop.imports.open(file)
    click(wizard.view(Waiting).cancel)
    wizard.reaches(Phase.REFUSED)
    assert wizard.view(Refusal).accessibleName() == "Reading was cancelled."


# The review


def test_the_preview_shows_the_options_of_several_choices(wizard: Wizard, tmp_path: Path):
    with xlsxwriter.Workbook(str(tmp_path / "标签.xlsx")) as made:
        page = made.add_worksheet("客户")
        page.write_row(0, 0, ["客户名称", "标签"])
        for at in range(1, 13):
            page.write_row(at, 0, [f"客户{at}", ("重点、月结", "月结", "展会、重点", "")[at % 4]])
    review = wizard.reviews(tmp_path / "标签.xlsx")
    preview = review.table.model_.preview
    assert preview is not None
    assert preview.columns[1].kind.name == "choices"
    texts = [cell.text for cell in preview.columns[1].cells[:4]]
    assert texts[0] == "月结"
    assert "展会" in texts[1] and "重点" in texts[1]
    assert texts[2] == ""


def test_the_preview_shows_what_will_be_stored(wizard: Wizard, file: Path):
    review = wizard.reviews(file)
    preview = review.table.model_.preview
    assert preview is not None
    looks = {column.plan.label: column.cells[0].look for column in preview.columns}
    assert looks == {"客户编号": Look.TEXT, "客户名称": Look.TEXT, "等级": Look.CHIP, "重点客户": Look.BOX}
    assert [column.cells[1].look for column in preview.columns][-1] is Look.TICK
    review.sheets.entries["订单"].name.setFocus()
    wizard.settles()
    preview = review.table.model_.preview
    assert preview is not None
    cells = {column.plan.label: column.cells[0] for column in preview.columns}
    assert cells["客户编号"].look is Look.LINK
    assert cells["客户编号"].text == "客户2有限公司"
    assert cells["金额"].text == "¥12.50"
    assert cells["折扣"].text == "25%"


def test_every_choice_of_every_doubt_changes_what_is_stored(wizard: Wizard, file: Path, places: Path):
    review = wizard.reviews(file)
    plan = wizard.flow.plan
    assert plan is not None
    asked = steps.open_doubts(plan)
    assert {"relation_in_place", "relation_added", "words_for_yes", "named_money"} <= {doubt.code for doubt in asked}
    wanted: dict[tuple[str, int], list[str]] = {}
    for doubt in asked:
        last = doubt.choices[-1]
        click(review.doubts.cards[doubt.id].options[last.id])
        wizard.settles()
        assert wizard.flow.plan is not None
        assert wizard.flow.plan.doubt(doubt.id).chosen == last.id
        assert wizard.flow.draft.sheet == doubt.sheet
        if doubt.column is not None:
            wanted[doubt.sheet, doubt.column] = [column.field_type for column in last.columns]
    final, drawn = wizard.flow.plan, review.table.model_.preview
    assert final is not None
    assert drawn is not None
    assert [column.plan for column in drawn.columns] == list(final.sheet(wizard.flow.draft.sheet).columns)
    wizard.places(places)
    wizard.imports()
    for (sheet, source), types in wanted.items():
        labels = [column.label for column in final.sheet(sheet).columns if column.source == source]
        assert [wizard.types(sheet)[label] for label in labels] == types
    assert wizard.types("订单")["客户编号"] == "text"
    assert wizard.types("订单")["金额"] == "decimal"


def test_names_types_and_columns_are_changed_in_the_head_of_the_table(wizard: Wizard, file: Path, places: Path):
    review = wizard.reviews(file)
    heads = review.header.heads
    _type_over(heads[0].name, "编号")
    click(heads[2].tick)
    wizard.settles()
    click(heads[2].type)
    assert review.findChildren(QMenu) == [], "a column that is left out has no type to pick"
    click(heads[3].type)
    menu = review.findChildren(QMenu)[-1]
    next(action for action in menu.actions() if action.text() == "Text").trigger()
    menu.close()
    click(heads[0].title) if heads[0].title.isVisible() else heads[0].title.click()
    entry = review.sheets.entries["退货"]
    click(entry.tick)
    _type_over(review.sheets.entries["订单"].name, "销售订单")
    wizard.settles()
    assert wizard.page._line.text() == "3 sheets  ·  150 records"
    wizard.places(places)
    assert wizard.page.go.text() == "Create 2 forms with 150 records"
    wizard.imports()
    assert wizard.types("客户") == {"编号": "text", "客户名称": "text", "重点客户": "text"}
    title = wizard.form("客户").title
    assert title is not None
    assert title.name == "编号"
    assert "退货" not in wizard.types("销售订单")


def _type_over(line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    line.insert(text)
    QTest.keyClick(line, ENTER)


def test_cells_that_do_not_fit_are_counted_before_and_listed_after(qtbot, wizard: Wizard, tmp_path: Path, places: Path):
    review = wizard.reviews(codes(tmp_path / "物料.xlsx"))
    click(review.header.heads[1].type)
    menu = review.findChildren(QMenu)[-1]
    next(action for action in menu.actions() if action.text() == "Whole number").trigger()
    menu.close()
    qtbot.waitUntil(lambda: review.header.heads[1].lost.text() == "2", timeout=LONG)
    assert review.header.heads[1].lost.accessibleName() == "2 cells do not fit and stay blank"
    preview = review.table.model_.preview
    assert preview is not None
    assert preview.columns[1].cells[3].look is Look.LOST
    wizard.places(places)
    wizard.imports()
    qtbot.waitUntil(lambda: "2 cells were left blank." in said_by(wizard.desktop), timeout=LONG)
    press(wizard.desktop.window, "Show them")
    result = wizard.view(Result)
    rows = [[result.table.model().index(row, column).data() for column in range(4)] for row in range(2)]
    assert rows == [["物料", "5", "编码", "无"], ["物料", "10", "编码", "无"]]
    press(result, "Copy the list")
    assert "物料\t5\t编码\t无" in QApplication.clipboard().text()
    press(result, "Go to the app")
    assert isinstance(wizard.desktop.window.page, AppPage)


def test_a_fault_stops_and_says_where(wizard: Wizard, file: Path):
    review = wizard.reviews(file)
    _type_over(review.header.heads[1].name, "客户编号")
    wizard.settles()
    assert not wizard.page.go.isEnabled()
    assert wizard.page._line.text() == "Two fields of “客户” are called “客户编号”."
    assert review.header.heads[0].name.property("wrong")
    _type_over(review.header.heads[1].name, "名称")
    for name in ("客户", "订单", "退货"):
        click(review.sheets.entries[name].tick)
    wizard.settles()
    assert wizard.page._line.text() == "Choose at least one sheet."
    click(review.sheets.entries["客户"].tick)
    wizard.settles()
    assert wizard.page.go.isEnabled()


def test_leaving_a_sheet_out_and_taking_it_in_again_brings_its_relations_back(wizard: Wizard, file: Path):
    review = wizard.reviews(file)
    before = wizard.flow.plan
    click(review.sheets.entries["客户"].tick)
    wizard.settles()
    assert wizard.flow.plan is not None
    assert not any(column.relation for column in wizard.flow.plan.sheet("订单").columns if column.label == "客户编号")
    click(review.sheets.entries["客户"].tick)
    wizard.settles()
    assert wizard.flow.plan == before


def test_a_long_name_ends_in_an_ellipsis_and_is_told_whole(wizard: Wizard, tmp_path: Path):
    name = "Suppliers of the northern area"
    with xlsxwriter.Workbook(str(tmp_path / "x.xlsx")) as made:
        for sheet in (name, "短"):
            made.add_worksheet(sheet).write_column(0, 0, ["名称", "甲", "乙"])
    review = wizard.reviews(tmp_path / "x.xlsx")
    field = review.sheets.entries[name].name
    assert field.shown.endswith("…")
    assert name.startswith(field.shown[:-1])
    assert review.sheets.entries["短"].name.shown == "短"
    middle = field.rect().center()
    help_event = QHelpEvent(QEvent.Type.ToolTip, middle, field.mapToGlobal(middle))
    QApplication.sendEvent(field, help_event)
    assert QToolTip.text() == name
    QToolTip.hideText()
    field.setFocus(Qt.FocusReason.TabFocusReason)
    assert field.shown == name, "all of it can be changed"


def test_a_head_that_is_made_when_the_import_is_over_already_stays_empty(qtbot, wizard: Wizard, file: Path):
    review = wizard.reviews(file)
    review.header.forget()
    wizard.flow.draft.end()
    review.header.place()
    qtbot.waitUntil(lambda: review.header.complete)
    assert review.header.heads[0].name.text() == ""


def test_another_language_keeps_the_plan(qtbot, wizard: Wizard, file: Path):
    review = wizard.reviews(file)
    _type_over(review.header.heads[0].name, "编号")
    wizard.settles()
    flow = wizard.flow
    wizard.desktop.set_language("zh_CN")
    qtbot.waitUntil(lambda: wizard.desktop.window.page is not None and wizard.page._stack.currentWidget() is not review)
    assert wizard.flow is flow
    assert isinstance(wizard.page._stack.currentWidget(), Review)
    wizard.settles()
    assert wizard.review.header.heads[0].name.text() == "编号"


def test_going_elsewhere_and_back_keeps_the_plan(wizard: Wizard, file: Path):
    wizard.reviews(file)
    wizard.desktop.show("settings")
    press(wizard.desktop.window._rail, "Import")
    assert wizard.flow.phase is Phase.REVIEW
    press(wizard.page, "Cancel")
    assert wizard.desktop.window.place == "start"
    wizard.qtbot.waitUntil(lambda: not offers(wizard, "Import"))


# Where it goes
