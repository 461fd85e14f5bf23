"""The desks of the window tests: a form page, or a grid view alone, on a real workspace, driven as a person does it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from runtime.form import Field
from runtime.store.query import Group, Sort
from runtime.store.rows import Row
from runtime.ui.editors import EditorContext
from runtime.ui.entry_model import EntryModel
from runtime.ui.feed import Feed
from runtime.ui.form_page import FormPage
from runtime.ui.grid import Grid
from runtime.ui.jobs import Jobs
from runtime.ui.notices import Notice, Notices
from runtime.ui.record_lookup import StoreLookup
from runtime.ui.record_saving import Saving
from runtime.ui.views import ViewContext
from runtime.ui.views.grid import GridView
from runtime.view import ViewSpec
from tests.support.workspaces import Office

CONTROL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


class Table:
    """A window with a grid view in it.

    Attributes:
        window: shown and active.
    """

    def __init__(self, qtbot: Any, office: Office, jobs: Jobs, width: int, height: int) -> None:
        self.qtbot = qtbot
        self.office = office
        self.jobs = jobs
        self.window = QWidget()
        self.window.resize(width, height)

    def put(self, content: QWidget) -> None:
        """Show the window with this in it."""
        layout = QVBoxLayout(self.window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(content)
        self.qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()

    @property
    def view(self) -> GridView:
        """The view."""
        raise NotImplementedError

    @property
    def grid(self) -> Grid:
        """The table."""
        return self.view.grid

    @property
    def model(self) -> EntryModel:
        """The model."""
        return self.view.model

    @property
    def resting(self) -> bool:
        """Whether nothing is on its way."""
        return not self.jobs.busy

    def settle(self) -> None:
        """Wait until nothing is on its way, and what came has not set anything going."""
        self.qtbot.waitUntil(lambda: self.resting)
        QTest.qWait(0)
        self.qtbot.waitUntil(lambda: self.resting)


class Desk(Table):
    """A form page.

    Attributes:
        said: every notice, in order.
    """

    def __init__(self, qtbot: Any, office: Office, jobs: Jobs, form: str = "客户") -> None:
        super().__init__(qtbot, office, jobs, 1200, 600)
        self.notices = Notices()
        self.said: list[Notice] = []
        self.notices.posted.connect(self.said.append)
        self.feed = Feed(gather=5)
        self.stop = office.session.listen(lambda applied: self.feed.publish(applied))
        self.page = FormPage(office.session, office.form(form).id, jobs, self.feed, self.notices)
        self.put(self.page)
        self.page.shown()
        self.settle()

    @property
    def view(self) -> GridView:
        """The view."""
        assert isinstance(self.page.view, GridView)
        return self.page.view

    @property
    def resting(self) -> bool:
        """Whether nothing is on its way, the news of what was saved neither."""
        return super().resting and not self.feed._timer.isActive()

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
        return [self.index(row, field).data() for row in range(self.model.listed)]

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


class GridDesk(Table):
    """A grid view without the page around it.

    Attributes:
        specs: what the view told, in order.
    """

    def __init__(self, qtbot: Any, office: Office, jobs: Jobs, form: str, spec: ViewSpec, width: int = 900) -> None:
        super().__init__(qtbot, office, jobs, width, 500)
        self.form = office.form(form)
        notices = Notices()
        context = ViewContext(
            office.session,
            jobs,
            notices,
            Saving(office.session, jobs, notices, self.window),
            EditorContext(jobs, StoreLookup(office.session)),
        )
        self._view = GridView(self.form, spec, context)
        self.specs: list[ViewSpec] = []
        self.sorts: list[Sequence[Sort]] = []
        self.view.spec_changed.connect(self.specs.append)
        self.view.sort_asked.connect(self.sorts.append)
        self.put(self.view)
        self.view.ask("", ())
        self.view.setFocus()
        self.settle()

    @property
    def view(self) -> GridView:
        """The view."""
        return self._view

    @property
    def resting(self) -> bool:
        """Whether nothing is on its way."""
        return super().resting and not self.model.busy

    @property
    def spec(self) -> ViewSpec:
        """How it looks now."""
        return self.view.look.spec

    def field(self, name: str) -> Field:
        """A field by its name."""
        found = self.form.called(name)
        assert found is not None, name
        return found

    def look(self, **parts: Any) -> None:
        """The page shows another look."""
        self.view.show_spec(self.form, replace(self.spec, **parts))
        self.settle()

    def group(self, *names: str, unit: str = "") -> None:
        """Group by these fields."""
        self.look(groups=tuple(Group(self.field(name).id, unit=unit) for name in names))

    def names(self) -> list[str]:
        """The columns as they stand."""
        return [field.name for field in self.model.fields]

    def lines(self, name: str) -> list[str]:
        """Every row: a group as "# value count" after its level, a record as what its field says."""
        found = []
        for position in range(self.model.listed):
            group = self.model.group(position)
            if group is None:
                found.append(self.model.text(position, self.field(name)))
            else:
                found.append(f"{'#' * (group.level + 1)} {group.path[-1]} {group.count}")
        return found

    def column(self, name: str) -> int:
        """The number of a column."""
        return self.names().index(name)

    def edge(self, name: str) -> QPoint:
        """The right edge of a column in the header."""
        column = self.column(name)
        return QPoint(self.grid.left_of(column) + self.grid.titles.sectionSize(column) - 1, 10)

    def head(self, name: str, part: float = 0.5) -> QPoint:
        """A place in the head of a column."""
        column = self.column(name)
        return QPoint(self.grid.left_of(column) + int(self.grid.titles.sectionSize(column) * part), 10)

    def drag(self, start: QPoint, end: QPoint, *, drop: bool = True) -> None:
        """Drag in the header."""
        view = self.grid.titles.viewport()
        QTest.mousePress(view, LEFT, pos=start)
        for step in range(1, 5):
            QTest.mouseMove(view, start + (end - start) * step / 4)
        if drop:
            QTest.mouseRelease(view, LEFT, pos=end)

    def choose(self, *words: str) -> None:
        """Choose in the menu that is open, then in the menus below it."""
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu), "no menu is open"
        top = menu
        for word in words:
            action = next((each for each in menu.actions() if each.text().split("\t")[0] == word), None)
            assert action is not None, (word, [each.text() for each in menu.actions()])
            below = action.menu()
            if isinstance(below, QMenu):
                menu = below
            else:
                action.trigger()
        top.close()
        self.settle()

    def column_menu(self, name: str, *words: str) -> None:
        """Choose in the menu of a column."""
        column = self.column(name)
        self.grid.field_menu_asked.emit(
            self.field(name).id, self.grid.mapToGlobal(QPoint(self.grid.left_of(column), 0))
        )
        self.choose(*words)


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


@contextmanager
def a_grid(
    qtbot: Any, office: Office, jobs: Jobs, form: str = "订单", spec: ViewSpec | None = None, width: int = 900
) -> Iterator[GridDesk]:
    """A grid of the records of `form`."""
    desk = GridDesk(qtbot, office, jobs, form, spec or ViewSpec(), width)
    yield desk
    desk.settle()
