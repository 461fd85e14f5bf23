"""Hands for tests of the import wizard: workbooks, and what a person does step by step."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton, QWidget

from desktop import second_way
from desktop.app import Desktop
from desktop.app_page import AppPage
from desktop.import_wizard.flow import ImportFlow, Phase
from desktop.import_wizard.page import ImportPage
from desktop.import_wizard.place import PlaceForm
from desktop.import_wizard.review import Review
from runtime.form import Form
from runtime.ui.grid import Grid
from runtime.ui.notice_bar import NoticeBar
from tests.support.drivers import click

LONG = 30_000
SUPERSTORE = Path(__file__).parents[3] / "shared" / "data" / "superstore_cn.xls"
CUSTOMERS = [(f"KH{at:03}", f"客户{at}有限公司", "ABC"[at % 3], ("是", "否")[at % 2]) for at in range(1, 31)]
ORDERS = [
    (f"DD{at // 2:04}", f"KH{at % 30 + 1:03}", date(2026, 1, 1 + at % 28), at * 12.5, (0.1, 0.25, 0.5)[at % 3], at % 7)
    for at in range(1, 121)
]
RETURNS = [(f"DD{at:04}", "是") for at in range(1, 60, 5)]


def sales(path: Path) -> Path:
    """A workbook with customers, orders that point to them, and returns that name some orders."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    _sheet(book, "客户", ("客户编号", "客户名称", "等级", "重点客户"), CUSTOMERS)
    _sheet(book, "订单", ("订单号", "客户编号", "下单日期", "金额", "折扣", "数量"), ORDERS)
    _sheet(book, "退货", ("订单号", "退回"), RETURNS)
    book.close()
    return path


def codes(path: Path) -> Path:
    """A workbook whose column 编码 holds numbers and a few words."""
    book = xlsxwriter.Workbook(str(path))
    rows = [(f"物料{at}", "无" if at in (4, 9) else str(at)) for at in range(1, 41)]
    _sheet(book, "物料", ("名称", "编码"), rows)
    book.close()
    return path


def _sheet(book: Any, name: str, headers: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.write_row(0, 0, headers)
    for at, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            (sheet.write_datetime if isinstance(value, date) else sheet.write)(at, column, value)


def drop(page: QWidget, path: Path) -> bool:
    """Drop a file on a page; whether it was taken."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPointF(50, 50).toPoint(), copy, mime, left, none)
    entered.ignore()
    QApplication.sendEvent(page, entered)
    if not entered.isAccepted():
        return False
    dropped = QDropEvent(QPointF(50, 50), copy, mime, left, none)
    dropped.ignore()
    QApplication.sendEvent(page, dropped)
    return dropped.isAccepted()


class Wizard:
    """The wizard of a running program, in the words of a test."""

    def __init__(self, qtbot: Any, desktop: Desktop) -> None:
        self.qtbot = qtbot
        self.desktop = desktop

    @property
    def page(self) -> ImportPage:
        """The page in front."""
        page = self.desktop.window.page
        assert isinstance(page, ImportPage), page
        return page

    @property
    def flow(self) -> ImportFlow:
        """What it draws."""
        assert self.page.flow is not None
        return self.page.flow

    def view(self, kind: type[Any]) -> Any:
        """The step in front."""
        found = self.page._stack.currentWidget()
        assert isinstance(found, kind), found
        return found

    @property
    def review(self) -> Review:
        """The review in front."""
        found = self.view(Review)
        assert isinstance(found, Review)
        return found

    @property
    def place(self) -> PlaceForm:
        """Name and place in front."""
        found = self.view(PlaceForm)
        assert isinstance(found, PlaceForm)
        return found

    def reaches(self, phase: Phase) -> None:
        """Wait until it is there."""
        self.qtbot.waitUntil(lambda: self.flow.phase is phase, timeout=LONG)

    def reviews(self, path: Path) -> Review:
        """Open a file and wait for its review."""
        self.desktop.imports.open(path)
        self.reaches(Phase.REVIEW)
        self.settles()
        return self.review

    def settles(self) -> None:
        """Wait until every change of the plan has arrived and is drawn."""
        flow = self.flow
        self.qtbot.waitUntil(lambda: flow.draft.settled, timeout=LONG)
        if flow.phase is Phase.REVIEW:
            stack = self.page._stack
            self.qtbot.waitUntil(lambda: isinstance(stack.currentWidget(), Review), timeout=LONG)
            review = self.review
            self.qtbot.waitUntil(lambda: review.table.model_.preview is flow.draft.preview, timeout=LONG)
            self.qtbot.waitUntil(lambda: review.header.complete, timeout=LONG)

    def goes_on(self) -> None:
        """Press the primary button."""
        click(self.page.go)

    def places(self, folder: Path, name: str = "销售") -> None:
        """Go on to the place and fill it in."""
        self.goes_on()
        self.place.workspace.setText(name)
        self.place.folder.setText(str(folder))

    def imports(self) -> AppPage:
        """Press the import button and wait until the app is there."""
        self.goes_on()
        self.qtbot.waitUntil(lambda: isinstance(self.desktop.window.page, AppPage), timeout=LONG)
        page = self.desktop.window.page
        assert isinstance(page, AppPage)
        self.qtbot.waitUntil(lambda: not page.tabs.front or page.front is not None, timeout=LONG)
        self.qtbot.waitUntil(lambda: self.desktop.imports.flow is None or said_by(self.desktop) != "", timeout=LONG)
        return page

    def form(self, name: str) -> Form:
        """A form of the open workspace."""
        session = self.desktop.session
        assert session is not None
        return next(form for form in session.forms if form.name == name)

    def types(self, name: str) -> dict[str, str]:
        """Field -> type of a form of the open workspace."""
        return {field.name: field.kind.name for field in self.form(name).fields}


def seen_in(qtbot, page: AppPage) -> list[str]:
    """What stands in the first row of the grid in front."""
    front = page.front
    assert front is not None
    grid = front.findChild(Grid)
    assert grid is not None
    qtbot.waitUntil(lambda: grid.records.rowCount() > 0 and grid.records.record(0) is not None, timeout=LONG)
    return [grid.records.text(0, field) for field in grid.records.fields]


def offers(wizard: Wizard, place: str) -> bool:
    buttons = wizard.desktop.window._rail.findChildren(QToolButton)
    return place in {button.text() for button in buttons}


def focused() -> QWidget:
    """What has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def name_of(widget: QWidget | None) -> str:
    """What a screen reader says."""
    if widget is None:
        return ""
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def said_by(desktop: Desktop) -> str:
    """What the notice bar says, but for the reminder that every new workspace comes with."""
    bar = desktop.window.findChild(NoticeBar)
    if bar is None or bar.notice is None or bar.notice.code == second_way.NOTICE or not bar.isVisible():
        return ""
    return bar.accessibleName()


# From the file to the grid
