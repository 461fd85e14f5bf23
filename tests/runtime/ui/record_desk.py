"""A form page on a real workspace, driven as a person drives it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from runtime.store.rows import Row
from runtime.ui.feed import Feed
from runtime.ui.form_page import FormPage
from runtime.ui.grid import Grid
from runtime.ui.jobs import Jobs
from runtime.ui.notices import Notice, Notices
from runtime.ui.record_model import RecordModel
from runtime.ui.views.grid import GridView
from tests.support.workspaces import Office

CONTROL = Qt.KeyboardModifier.ControlModifier
PATIENCE = 8000


class Desk:
    """One page in a window.

    Attributes:
        said: every notice, in order.
    """

    def __init__(self, qtbot: Any, office: Office, jobs: Jobs, form: str = "客户") -> None:
        self.qtbot = qtbot
        self.office = office
        self.jobs = jobs
        self.notices = Notices()
        self.said: list[Notice] = []
        self.notices.posted.connect(self.said.append)
        self.feed = Feed(gather=5)
        self.stop = office.session.listen(lambda applied: self.feed.publish(applied))
        self.window = QWidget()
        self.window.resize(1200, 600)
        self.page = FormPage(office.session, office.form(form).id, jobs, self.feed, self.notices)
        layout = QVBoxLayout(self.window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.page)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        self.page.shown()
        self.settle()

    @property
    def view(self) -> GridView:
        """The view."""
        assert isinstance(self.page.view, GridView)
        return self.page.view

    @property
    def grid(self) -> Grid:
        """The table."""
        return self.view.grid

    @property
    def model(self) -> RecordModel:
        """The model."""
        return self.view.model

    def settle(self) -> None:
        """Wait until nothing is on its way."""
        self.qtbot.waitUntil(lambda: not self.jobs.busy and not self.feed._timer.isActive(), timeout=PATIENCE)
        QTest.qWait(0)
        self.qtbot.waitUntil(lambda: not self.jobs.busy and not self.feed._timer.isActive(), timeout=PATIENCE)

    def index(self, row: int, field: str) -> QModelIndex:
        """A cell."""
        return self.model.index(row, [each.name for each in self.model.fields].index(field))

    def at(self, row: int, field: str) -> Desk:
        """Make a cell the current one."""
        place = self.index(row, field)
        self.grid.go_to(place.row(), place.column())
        self.grid.setFocus()
        return self

    def column(self, field: str) -> list[str]:
        """What a column shows."""
        return [self.index(row, field).data() for row in range(self.model.rowCount())]

    def row(self, position: int) -> Row:
        """A record."""
        found = self.model.record(position)
        assert found is not None
        return found

    def target(self) -> QWidget:
        """Where the keyboard is."""
        found: QWidget | None = self.window.focusWidget()
        return self.grid if found is None else found

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the keyboard is."""
        target = self.target()
        QTest.keyClick(target, key, modifiers)

    def type(self, text: str) -> None:
        """Type where the keyboard is, one key after the other."""
        for sign in text:  # QTest.keyClicks ends the process for a Chinese sign
            target = self.target()
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(target, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, sign))

    def current(self) -> UUID | None:
        """The current record."""
        row = self.grid.current_row()
        return row.id if row is not None else None

    def editor(self) -> QWidget:
        """The control of the editor in the grid."""
        assert self.grid.editing.editor is not None, "no cell is edited"
        return self.grid.editing.editor.control()

    def panel_editor(self, field: str) -> Any:
        """The editor of a field in the panel."""
        found = self.page.form.called(field)
        assert found is not None
        return self.page.panel.fields.editors[found.id]

    def panel_error(self, field: str) -> str:
        """What the panel says is wrong with a field."""
        found = self.page.form.called(field)
        assert found is not None
        return self.page.panel.fields.rows[found.id].said

    def messages(self) -> list[str]:
        """The words of the notices."""
        return [str(notice.message) for notice in self.said]


@contextmanager
def office_with_records(folder: Path) -> Iterator[Office]:
    """Three customers and four orders."""
    office = Office(folder)
    customers = [
        office.new("客户", {"名称": "福州海峡", "等级": "高", "重点": True}),
        office.new("客户", {"名称": "厦门港务", "等级": "中", "备注": "first line\nsecond line"}),
        office.new("客户", {"名称": "泉州茶业"}),
    ]
    for at, (count, price, share) in enumerate([(3, "10.50", "0.1"), (1, "99.00", "0"), (7, "0.10", "0.25")]):
        values = {"编号": f"A-{at}", "客户": customers[at % 2], "数量": count}
        office.new("订单", {**values, "单价": Decimal(price), "折扣": Decimal(share), "日期": date(2024, 2, 27 + at)})
    office.new("订单", {"编号": "A-3"})
    yield office
    office.session.close()


@contextmanager
def a_desk(qtbot: Any, office: Office, jobs: Jobs, form: str = "客户") -> Iterator[Desk]:
    """A page on the records of `form`."""
    desk = Desk(qtbot, office, jobs, form)
    yield desk
    desk.settle()
    desk.stop()
