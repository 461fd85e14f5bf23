"""A grid view on a real workspace without the page around it, driven as a person drives it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget

from runtime.form import Field
from runtime.store.query import Group, Sort
from runtime.ui.editors import EditorContext
from runtime.ui.grid import Grid
from runtime.ui.jobs import Jobs
from runtime.ui.notices import Notices
from runtime.ui.record_lookup import StoreLookup
from runtime.ui.record_model import RecordModel
from runtime.ui.record_saving import Saving
from runtime.ui.views import ViewContext
from runtime.ui.views.grid import GridView
from runtime.view import ViewSpec
from tests.support.workspaces import Office

LEFT = Qt.MouseButton.LeftButton
PATIENCE = 8000


class GridDesk:
    """One grid view in a window.

    Attributes:
        specs: what the view told, in order.
    """

    def __init__(self, qtbot: Any, office: Office, jobs: Jobs, form: str, spec: ViewSpec, width: int = 900) -> None:
        self.qtbot, self.office, self.jobs = qtbot, office, jobs
        self.form = office.form(form)
        self.window = QWidget()
        self.window.resize(width, 500)
        notices = Notices()
        context = ViewContext(
            office.session,
            jobs,
            notices,
            Saving(office.session, jobs, notices, self.window),
            EditorContext(jobs, StoreLookup(office.session)),
        )
        self.view = GridView(self.form, spec, context)
        self.specs: list[ViewSpec] = []
        self.sorts: list[Sequence[Sort]] = []
        self.view.spec_changed.connect(self.specs.append)
        self.view.sort_asked.connect(self.sorts.append)
        layout = QVBoxLayout(self.window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        self.view.ask("", ())
        self.view.setFocus()
        self.settle()

    @property
    def grid(self) -> Grid:
        """The table."""
        return self.view.grid

    @property
    def model(self) -> RecordModel:
        """The model."""
        return self.view.model

    @property
    def spec(self) -> ViewSpec:
        """How it looks now."""
        return self.view.look.spec

    def settle(self) -> None:
        """Wait until nothing is on its way."""
        for _ in range(2):
            self.qtbot.waitUntil(lambda: not self.jobs.busy and not self.model.busy, timeout=PATIENCE)
            QTest.qWait(0)

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
        for position in range(self.model.rowCount()):
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
def a_grid(
    qtbot: Any, office: Office, jobs: Jobs, form: str = "订单", spec: ViewSpec | None = None, width: int = 900
) -> Iterator[GridDesk]:
    """A grid of the records of `form`."""
    desk = GridDesk(qtbot, office, jobs, form, spec or ViewSpec(), width)
    yield desk
    desk.settle()
