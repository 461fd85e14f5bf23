"""Files that come again and again: into forms that are there, checked before, corrected and imported once more."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from msoffcrypto.format.ooxml import OOXMLFile
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from desktop.app_page import AppPage
from desktop.import_wizard.checked import Checked
from desktop.import_wizard.flow import Phase
from desktop.import_wizard.preview import Look
from desktop.import_wizard.result import Result
from desktop.import_wizard.waiting import Refusal
from resources.styles.tokens import SIZES
from runtime.definition.labels import label
from runtime.definition.node import App
from runtime.session import Session
from runtime.ui.kit.toast import Toast
from runtime.ui.notice_bar import NoticeBar
from tests.desktop.wizard_hands import LONG, Wizard, offers, said_by
from tests.support.drivers import click, clipped, press

ORDERS: list[list[Any]] = [
    ["订单号", "客户编号", "金额（元）", "几个", "Nr."],
    ["DD0000", "KH003", 99.5, 4, "a"],
    ["DD9001", "KH004", 10, 1, "b"],
    ["DD9002", "KH999", "zehn", 2, "c"],
]


def book(path: Path, rows: list[list[Any]], sheet: str = "七月") -> Path:
    """A workbook with one sheet."""
    with xlsxwriter.Workbook(str(path)) as made:
        page = made.add_worksheet(sheet)
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return path


@pytest.fixture
def office(qtbot, wizard: Wizard, file: Path, places: Path) -> Session:
    """An open workspace with 客户, 订单 and 退货; the wizard is closed."""
    wizard.reviews(file)
    wizard.places(places)
    wizard.imports()
    session = wizard.desktop.session
    assert session is not None
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy and wizard.desktop.imports.flow is None, timeout=LONG)
    return session


def order(session: Session, number: str) -> dict[str, Any]:
    """The one order of that number: amount, count and customer."""
    found = session.form("订单").records(where=f'{{订单号}}="{number}"')
    return {name: found[0].text(name) for name in ("金额", "数量", "客户编号")} if found else {}


def answer(wizard: Wizard, code: str, choice: str) -> None:
    """Click one of the choices of a question."""
    doubts = wizard.review.doubts
    doubt_id = next(each for each in doubts.cards if each.endswith(code))
    click(doubts.cards[doubt_id].options[choice])
    wizard.settles()


def pick(wizard: Wizard, section: int, words: str) -> None:
    """Choose the field of a column from its menu."""
    click(wizard.review.header.heads[section].type)
    menu = wizard.review.findChildren(QMenu)[-1]
    next(action for action in menu.actions() if action.text().startswith(words)).trigger()
    menu.close()
    wizard.settles()


def for_form(qtbot, wizard: Wizard, path: Path, form: str = "订单") -> None:
    """Open a file from the page of a form, by keyboard."""
    wizard.desktop.open_form(wizard.form(form).id)
    page = wizard.desktop.window.page
    assert isinstance(page, AppPage)
    with qtbot.waitActive(wizard.desktop.window):
        wizard.desktop.window.activateWindow()
    page.tabs.setFocus()
    QTest.keyClick(page.tabs, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialog = wizard.desktop.window.findChild(QFileDialog)
    assert dialog is not None
    dialog.filesSelected.emit([str(path)])
    dialog.close()
    wizard.reaches(Phase.REVIEW)
    wizard.settles()


def test_rows_go_into_the_form_of_the_page_as_a_person_maps_them(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path
):
    for_form(qtbot, wizard, book(tmp_path / "七月.xlsx", ORDERS))
    heads = wizard.review.header.heads
    assert wizard.review.sheets.entries["七月"].target.text() == "Into “订单”"
    assert [heads[at].type.text() for at in range(5)] == ["订单号", "客户编号", "金额", "Leave out", "Leave out"]
    assert wizard.review._caption.text().startswith("3 of 5 columns")
    preview = wizard.review.table.model_.preview
    assert preview is not None
    assert [cell.look for cell in preview.columns[1].cells] == [Look.LINK, Look.LINK, Look.LOST]
    assert preview.columns[2].cells[0].text == "¥99.50"
    assert preview.columns[2].cells[2].look is Look.LOST
    assert str(preview.columns[2].cells[2].reason) == "“zehn” is not a number."
    pick(wizard, 3, "数量")
    assert heads[3].type.text() == "数量"
    answer(wizard, "mode", "upsert")
    qtbot.waitUntil(lambda: any(each.endswith("misfit") for each in wizard.review.doubts.cards), timeout=LONG)
    assert clipped(wizard.desktop.window) == []
    before = order(office, "DD0000")
    wizard.goes_on()
    wizard.reaches(Phase.CHECKED)
    checked = wizard.view(Checked)
    assert wizard.page.go.text() == "Import 2 rows"
    assert checked.table is not None
    assert [checked.table.model().index(row, 1).data() for row in range(2)] == ["4", "4"]
    assert order(office, "DD0000") == before
    assert office.form("订单").count() == 120
    wizard.goes_on()
    qtbot.waitUntil(lambda: isinstance(wizard.desktop.window.page, AppPage), timeout=LONG)
    qtbot.waitUntil(lambda: "1 row was left out." in said_by(wizard.desktop), timeout=LONG)
    assert order(office, "DD9001") == {"金额": "¥10.00", "数量": "1", "客户编号": "客户4有限公司"}
    assert office.form("订单").count() == 121
    bar = wizard.desktop.window.findChild(NoticeBar)
    assert bar is not None
    press(bar, "Undo")
    qtbot.waitUntil(lambda: office.form("订单").count() == 120, timeout=LONG)
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)
    assert order(office, "DD0000") == before


def test_rejected_rows_are_saved_corrected_and_imported_with_the_mapping_of_last_time(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path
):
    for_form(qtbot, wizard, book(tmp_path / "七月.xlsx", ORDERS))
    pick(wizard, 3, "数量")
    wizard.goes_on()
    wizard.reaches(Phase.CHECKED)
    wizard.goes_on()
    qtbot.waitUntil(lambda: "1 row was left out." in said_by(wizard.desktop), timeout=LONG)
    press(wizard.desktop.window, "Show them")
    press(wizard.view(Result), "Save the rows as a file")
    dialog = wizard.desktop.window.findChild(QFileDialog)
    assert dialog is not None
    saved = tmp_path / "left.xlsx"
    dialog.fileSelected.emit(str(saved))
    dialog.close()
    qtbot.waitUntil(lambda: saved.exists() and not wizard.desktop.jobs.busy, timeout=LONG)
    written = openpyxl.load_workbook(saved)
    rows = [[cell.value for cell in row] for row in written["七月"].iter_rows()]
    assert rows[0] == [*ORDERS[0], "Why the row was left out"]
    assert rows[1][:5] == ORDERS[3]
    assert "“zehn” is not a number." in str(rows[1][5])
    assert "There is no such record in “客户”." in str(rows[1][5])
    written["七月"]["B2"], written["七月"]["C2"] = "KH005", 10
    written.save(saved)
    for_form(qtbot, wizard, saved)
    assert any(each.endswith("into_past") for each in wizard.review.doubts.cards)
    assert wizard.review.header.heads[3].type.text() == "数量"
    wizard.goes_on()
    wizard.reaches(Phase.CHECKED)
    wizard.goes_on()
    qtbot.waitUntil(lambda: order(office, "DD9002") != {}, timeout=LONG)
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)
    assert order(office, "DD9002") == {"金额": "¥10.00", "数量": "2", "客户编号": "客户5有限公司"}


def test_the_same_file_again_goes_into_its_forms_and_changes_nothing(
    qtbot, wizard: Wizard, office: Session, file: Path
):
    review = wizard.reviews(file)
    targets = {name: entry.target.text() for name, entry in review.sheets.entries.items()}
    assert targets == {"客户": "Into “客户”", "订单": "Where to?", "退货": "Into “退货”"}
    assert not wizard.page.go.isEnabled()
    card = review.doubts.cards["订单//home"]
    assert card.accessibleName().endswith("Most of the rows are in “订单” already and would be there twice.")
    click(card.options["skip"])
    wizard.settles()
    assert "订单//home" not in review.doubts.cards
    assert wizard.page.go.isEnabled()
    card = review.doubts.cards["客户//home"]
    assert card.accessibleName() == "The rows look like records of the form “客户”."
    assert card.options["there"].isChecked()
    for each in review.doubts.cards.values():
        assert each.minimumSizeHint().width() <= review.doubts.width() - 2 * SIZES.m, each.accessibleName()
    wizard.goes_on()
    wizard.reaches(Phase.CHECKED)
    assert wizard.page.go.text() == "Import 0 rows"
    assert not wizard.page.go.isEnabled()
    assert wizard.page._line.text() == "All of it is there already, as it is in the file. There is nothing to import."
    assert office.form("客户").count() == 30
    QTest.keyClick(wizard.page, Qt.Key.Key_Escape)
    assert wizard.flow.phase is Phase.REVIEW
    assert wizard.page.go.isEnabled()
    press(wizard.page, "Cancel")
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


def test_new_customers_and_their_orders_come_with_the_same_file(qtbot, wizard: Wizard, office: Session, tmp_path: Path):
    orders: list[list[Any]] = [["订单号", "客户编号", "数量"], ["DD7001", "KH701", 3], ["DD7002", "KH001", 4]]
    customers: list[list[Any]] = [["客户编号", "客户名称", "等级", "重点客户"], ["KH701", "七零一", "A", "否"]]
    with xlsxwriter.Workbook(str(tmp_path / "本周.xlsx")) as made:
        for name, rows in {"订单": orders, "客户": customers}.items():
            page = made.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    review = wizard.reviews(tmp_path / "本周.xlsx")
    assert {entry.target.text() for entry in review.sheets.entries.values()} == {"Into “订单”", "Into “客户”"}
    qtbot.waitUntil(lambda: wizard.flow.draft.preview is not None and wizard.flow.draft.sheet == "订单", timeout=LONG)
    preview = wizard.review.table.model_.preview
    assert preview is not None
    assert [cell.look for cell in preview.columns[1].cells] == [Look.LINK, Look.LINK]
    wizard.goes_on()
    wizard.reaches(Phase.CHECKED)
    assert wizard.page.go.text() == "Import 3 rows"
    assert not any(each.endswith(("misfit", "records")) for each in review.doubts.cards)
    wizard.goes_on()
    qtbot.waitUntil(lambda: order(office, "DD7001") != {}, timeout=LONG)
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)
    assert order(office, "DD7001")["客户编号"] == "七零一"


def test_what_looks_like_records_of_a_renamed_form_becomes_a_new_one_by_one_click(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path
):
    form = wizard.form("客户")
    office.publish(_renamed(office, form.id, "往来单位"))
    rows = [
        ["客户编号", "客户名称", "等级", "重点客户"],
        ["KH001", "客户1有限公司", "B", "否"],
        ["KH999", "新", "A", "是"],
    ]
    review = wizard.reviews(book(tmp_path / "名单.xlsx", rows, "Sheet1"))
    entry = review.sheets.entries["Sheet1"]
    assert entry.target.text() == "Into “往来单位”"
    answer(wizard, "home", "fresh")
    assert entry.target.text() == "New form"
    heads = wizard.review.header.heads
    assert [heads[at].type.text() for at in range(4)] == ["Text", "Text", "Text", "Yes / no"]
    assert review.doubts.cards["Sheet1//home"].options["fresh"].isChecked()
    answer(wizard, "home", "there")
    assert entry.target.text() == "Into “往来单位”"
    wizard.goes_on()
    wizard.reaches(Phase.CHECKED)
    assert wizard.page.go.text() == "Import 1 row"
    wizard.goes_on()
    qtbot.waitUntil(lambda: office.form("往来单位").count() == 31, timeout=LONG)
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


def test_where_only_the_columns_speak_for_a_form_a_person_says_where_the_rows_go(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path
):
    rows = [
        ["客户编号", "客户名称", "等级", "重点客户"],
        ["GY1", "供应商一", "A", "否"],
        ["GY2", "供应商二", "B", "是"],
    ]
    path = tmp_path / "供应商.xlsx"
    cars: list[list[Any]] = [["车牌", "运费"], ["沪A1", 5], ["沪B2", 6]]
    with xlsxwriter.Workbook(str(path)) as made:
        for name, cells in {"车": cars, "供应商": rows}.items():
            page = made.add_worksheet(name)
            for at, row in enumerate(cells):
                page.write_row(at, 0, row)
    review = wizard.reviews(path)
    assert list(review.doubts.cards) == ["供应商//home", "车/1/named_money"], "what has to be answered comes first"
    assert not wizard.page.go.isEnabled()
    assert wizard.page._line.text() == "“供应商” looks like records of “客户”. Choose where the rows go."
    assert review.sheets.entries["供应商"].target.text() == "Where to?"
    assert not any(option.isChecked() for option in review.doubts.cards["供应商//home"].options.values())
    answer(wizard, "home", "fresh")
    assert wizard.page.go.isEnabled()
    assert review.sheets.entries["供应商"].target.text() == "New form"
    press(wizard.page, "Cancel")
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


def test_a_form_of_that_name_with_other_fields_is_asked_about(qtbot, wizard: Wizard, office: Session, tmp_path: Path):
    rows = [["客户编号", "客户名称", "等级", "地区"], ["KH001", "客户1有限公司", "B", "东"], ["KH999", "新", "A", "西"]]
    review = wizard.reviews(book(tmp_path / "客户.xlsx", rows, "客户"))
    assert not wizard.page.go.isEnabled()
    assert wizard.page._line.text() == "The form “客户” is there already. Choose where the rows go."
    (card,) = review.doubts.cards.values()
    assert card.accessibleName() == "The form “客户” is there already."
    click(card.options["there"])
    wizard.settles()
    assert wizard.page.go.isEnabled()
    assert review.sheets.entries["客户"].target.text() == "Into “客户”"
    press(wizard.page, "Cancel")
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


def _renamed(session: Session, form_id: str, name: str) -> App:
    """The app with another name of a form."""
    app = next(app for app in session.apps.values() if form_id in app.nodes)
    return app.replacing({form_id: app.nodes[form_id].with_props(label=label(name))})


def test_a_sheet_can_go_into_a_form_and_another_become_a_new_one(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path
):
    with xlsxwriter.Workbook(str(tmp_path / "mix.xlsx")) as made:
        for name, rows in {
            "新客户": [["客户编号", "客户名称"], ["KH801", "新一"]],
            "车": [["牌", "车型"], ["沪A1", "卡"]],
        }.items():
            page = made.add_worksheet(name)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)
    review = wizard.reviews(tmp_path / "mix.xlsx")
    assert review.sheets.entries["新客户"].target.text() == "New form"
    click(review.sheets.entries["新客户"].target)
    menu = review.findChildren(QMenu)[-1]
    offered = [action.text() for action in menu.actions() if action.text()]
    assert offered[:2] == ["New form", "客户  ·  2 of 2 columns"]
    menu.actions()[2].trigger()
    menu.close()
    wizard.settles()
    wizard.goes_on()
    assert wizard.place.where is None, "forms that are there decide the workspace"
    wizard.goes_on()
    wizard.reaches(Phase.CHECKED)
    wizard.goes_on()
    toast = wizard.desktop.window.findChild(Toast)
    assert toast is not None
    qtbot.waitUntil(lambda: toast.message == "2 forms: 2 added.", timeout=LONG)
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)
    assert office.form("客户").count() == 31
    assert office.form("车").count() == 1
    assert office.undo()
    assert office.form("客户").count() == 30
    assert [form.name for form in office.forms] == ["客户", "订单", "退货"]
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


def test_fields_that_cannot_be_filled_are_offered_with_the_reason(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path
):
    form = wizard.form("订单")
    amount, count = form.called("金额"), form.called("数量")
    assert amount is not None
    assert count is not None
    app = office.apps[form.app]
    office.publish(
        app.replacing({
            amount.id: app.nodes[amount.id].with_props(formula="{数量}*2"),
            count.id: app.nodes[count.id].with_props(read_only=True),
        }),
        lossy=[amount.id],
    )  # fmt: skip
    wizard.desktop.imports.open(book(tmp_path / "七月.xlsx", ORDERS), into=form.id)
    wizard.reaches(Phase.REVIEW)
    wizard.settles()
    click(wizard.review.header.heads[2].type)
    menu = wizard.review.findChildren(QMenu)[-1]
    closed = {action.text() for action in menu.actions() if action.text() and not action.isEnabled()}
    menu.close()
    assert closed == {"金额  –  “金额” is computed.", "数量  –  “数量” is read only."}
    press(wizard.page, "Cancel")
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


# Files of other kinds


def test_a_password_can_be_tried_five_times_and_is_not_kept(qtbot, wizard: Wizard, file: Path, tmp_path: Path):
    locked = tmp_path / "locked.xlsx"
    with file.open("rb") as plain, locked.open("wb") as sealed:
        OOXMLFile(io.BytesIO(plain.read())).encrypt("geheim", sealed)
    wizard.desktop.imports.open(locked)
    wizard.reaches(Phase.REFUSED)
    for left in range(4, -1, -1):
        refusal = wizard.view(Refusal)
        QTest.keyClicks(refusal.password, "falsch")
        QTest.keyClick(refusal.password, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda n=left: wizard.flow.tries == n, timeout=LONG)
    assert not wizard.view(Refusal).password.isEnabled()
    wizard.desktop.imports.open(locked)
    wizard.reaches(Phase.REFUSED)
    refusal = wizard.view(Refusal)
    assert refusal.password.hasFocus()
    QTest.keyClicks(refusal.password, "geheim")
    click(refusal.unlock)
    wizard.reaches(Phase.REVIEW)
    assert wizard.flow.options.password == ""
    wizard.settles()


def test_the_encoding_of_a_text_file_is_changed_over_its_preview(qtbot, wizard: Wizard, tmp_path: Path):
    path = tmp_path / "客户.csv"
    rows = ["编号,名称", *(f"K{at},客户{at}" for at in range(30))]
    path.write_bytes("\r\n".join(rows).encode("gb18030"))
    review = wizard.reviews(path)
    assert review.text_options.encoding.text() == "Characters: Simplified Chinese (GB18030, GBK)"
    assert review.header.heads[1].name.text() == "名称"
    click(review.text_options.encoding)
    menu = review.text_options.findChildren(QMenu)[-1]
    next(action for action in menu.actions() if action.data() == "cp1252").trigger()
    menu.close()
    qtbot.waitUntil(lambda: review.text_options.encoding.text().endswith("(Windows-1252)"), timeout=LONG)
    wizard.settles()
    qtbot.waitUntil(lambda: review.header.heads[1].name.text() == "Ãû³Æ", timeout=LONG)


def test_several_files_that_are_dropped_on_the_window_become_one_app(
    qtbot, wizard: Wizard, tmp_path: Path, places: Path
):
    paths = [
        book(tmp_path / f"{name}.xlsx", [["名", "值"], [name, at]], "Sheet1") for at, name in enumerate(("甲", "乙"))
    ]
    window = wizard.desktop.window
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPointF(50, 50).toPoint(), copy, mime, left, none)
    QApplication.sendEvent(window, entered)
    assert entered.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), copy, mime, left, none))
    wizard.reaches(Phase.REVIEW)
    wizard.settles()
    assert wizard.page._file.text() == "甲.xlsx and 1 more file"
    assert sorted(entry.name.text() for entry in wizard.review.sheets.entries.values()) == ["乙", "甲"]
    wizard.places(places)
    wizard.imports()
    assert wizard.form("甲").fields
    assert not offers(wizard, "Import")


def test_leaving_the_workspace_makes_new_forms_of_what_was_for_its_forms(
    qtbot, wizard: Wizard, office: Session, tmp_path: Path
):
    for_form(qtbot, wizard, book(tmp_path / "七月.xlsx", ORDERS))
    wizard.desktop.close_workspace()
    wizard.desktop.show("import")
    wizard.settles()
    assert wizard.flow.draft.now is not None
    assert not wizard.flow.draft.now.aims
    assert not wizard.review.sheets.entries["七月"].target.isVisible()
    wizard.goes_on()
    assert wizard.place.workspace.isVisible()
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)
