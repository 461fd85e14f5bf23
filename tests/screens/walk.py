"""The first hour, with keys and clicks and a picture of each step: `python -m tests.screens.walk OUTDIR WORKBOOK`.

A workbook becomes an app; its records are filtered, sorted and edited, the edit is undone, the program ends and starts
again and everything is there. Works offscreen and on a real display; every step is checked, so a wrong one ends it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView

from desktop.app import Desktop, catching
from desktop.app_page import AppPage
from desktop.import_wizard.flow import ImportFlow, Phase
from desktop.import_wizard.page import ImportPage
from desktop.import_wizard.place import PlaceForm
from resources.texts import LANGUAGES
from runtime.filters import Condition, Filter, Operator
from runtime.ui.form_page import FormPage
from runtime.ui.theme import Mode
from runtime.ui.views.grid import GridView

LEFT = Qt.MouseButton.LeftButton
PASSPHRASE = "correct horse battery"
PATIENCE = 60.0
CALM = 0.3


class Walk:
    """One walk in one language and theme."""

    def __init__(self, app: QApplication, out: Path, home: Path, suffix: str) -> None:
        self.app = app
        self.out = out
        self.home = home
        self.suffix = suffix
        self.count = 0
        self.desktop = Desktop(app)

    # What a person sees and waits for

    def picture(self, name: str) -> None:
        """Keep what the window shows, popups included."""
        self.calm()
        self.count += 1
        file = self.out / f"{self.count:02}-{name}-{self.suffix}.png"
        popup = QApplication.activePopupWidget()
        shot = self.desktop.window.grab()
        if popup is not None:
            from PySide6.QtGui import QPainter

            painter = QPainter(shot)
            place = self.desktop.window.mapFromGlobal(popup.mapToGlobal(QPoint(0, 0)))
            painter.drawPixmap(place, popup.grab())
            painter.end()
        shot.save(str(file))

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Run the program until something holds."""
        end = time.monotonic() + PATIENCE
        while not condition():
            self.app.processEvents()
            time.sleep(0.002)
            if time.monotonic() > end:
                raise TimeoutError(what)

    def calm(self) -> None:
        """Wait until nothing is at work."""
        quiet = [time.monotonic()]

        def calm() -> bool:
            if self.desktop.jobs.busy:
                quiet[0] = time.monotonic()
            return time.monotonic() - quiet[0] > CALM

        self.until(calm, "the program stays busy")

    # What is in front

    @property
    def flow(self) -> ImportFlow:
        """The import under way."""
        page = self.desktop.window.page
        assert isinstance(page, ImportPage) and page.flow is not None
        return page.flow

    @property
    def form(self) -> FormPage:
        """The form in front."""
        page = self.desktop.window.page
        assert isinstance(page, AppPage) and page.front is not None
        return page.front

    @property
    def grid(self) -> QTableView:
        """Its grid."""
        view = self.form.view
        assert isinstance(view, GridView)
        return view.grid

    # The steps

    def imports(self, workbook: Path) -> None:
        """From the start page to an app."""
        self.desktop.window.show()
        self.picture("start")
        self.desktop.imports.open(workbook)
        self.until(lambda: self.flow.phase is Phase.REVIEW, "review")
        self.picture("review")
        page = self.desktop.window.page
        assert isinstance(page, ImportPage)
        QTest.mouseClick(page.go, LEFT)
        place = page.findChild(PlaceForm)
        assert place is not None
        place.workspace.setText("超市")
        place.folder.setText(str(self.home))
        for field in place.findChildren(QLineEdit):
            if field.echoMode() is QLineEdit.EchoMode.Password:
                field.setText(PASSPHRASE)
        self.picture("place")
        QTest.mouseClick(page.go, LEFT)
        self.until(lambda: isinstance(self.desktop.window.page, AppPage), "the app")
        self.picture("imported")

    def narrows(self) -> None:
        """Filter 地区 = 华东, sort by 销售额, largest first."""
        page = self.form
        region, sales = page.form.called("地区"), page.form.called("销售额")
        assert region is not None and sales is not None
        page.set_filter(Filter((Condition(region.id, Operator.IS, "华东"),)))
        page.open_filter()
        self.picture("filter")
        QTest.keyClick(QApplication.activePopupWidget() or page.filter_panel, Qt.Key.Key_Escape)
        header = self.grid.horizontalHeader()
        column = next(
            at
            for at in range(header.count())
            if self.grid.model().headerData(at, Qt.Orientation.Horizontal) == "销售额"
        )
        self.grid.scrollTo(self.grid.model().index(0, column))
        self.calm()
        for _click in range(2):
            middle = QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) // 2, 15)
            QTest.mouseClick(header.viewport(), LEFT, pos=middle)
            self.calm()
        assert page.sorts and page.sorts[0].field == sales.id and page.sorts[0].descending, page.sorts
        self.picture("sorted")
        self._column = column

    def edits(self) -> None:
        """Type another amount into the first cell, look at the record, take it back."""
        session = self.desktop.session
        assert session is not None
        orders = session.form("订单")
        first = orders.records(where='{地区}="华东"', sort=["-销售额"], limit=1)[0]
        was = first["销售额"]
        grid = self.grid
        cell = grid.model().index(0, self._column)
        self.desktop.window.activateWindow()
        QTest.mouseClick(grid.viewport(), LEFT, pos=grid.visualRect(cell).center())
        self.until(lambda: QApplication.focusWidget() is grid, "the grid has the keyboard")
        QTest.keyClick(grid, Qt.Key.Key_F2)
        self.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit), "the cell's editor has the keyboard")
        editor = QApplication.focusWidget()
        assert isinstance(editor, QLineEdit), editor
        editor.selectAll()
        QTest.keyClicks(editor, "31234.5")
        self.picture("typing")
        QTest.keyClick(editor, Qt.Key.Key_Return)
        self.until(lambda: (orders.get(first.id) or first)["销售额"] == Decimal("31234.5"), "saved")
        self.form.open_record(first.id)
        self.picture("edited")
        QTest.keyClick(grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        self.until(lambda: (orders.get(first.id) or first)["销售额"] == was, "undone")
        self.picture("undone")
        orders.update(first.id, {"城市": "绍兴"})
        self._edited = first.id

    def restarts(self) -> None:
        """End the program, start it again, open the workspace from the start page."""
        self.desktop.close()
        self.desktop = Desktop(self.app)
        self.desktop.window.show()
        self.picture("start_again")
        self.desktop.open_workspace(self.home / "超市.formwork", PASSPHRASE)
        self.until(lambda: self.desktop.session is not None, "opened")
        session = self.desktop.session
        assert session is not None
        counts = {form.name: session.form(form.id).count() for form in session.forms}
        record = session.form("订单").get(self._edited)
        assert record is not None and record["城市"] == "绍兴"
        self.desktop.open_form(session.form("退货").id, session.form("退货").records(limit=1)[0].id)
        self.picture("returns")
        self.desktop.show("settings")
        self.picture("settings")
        print(self.suffix, counts)


def main(out: Path, workbook: Path) -> int:
    """Walk in every language and theme; the exit code."""
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication(sys.argv[:1])
    for code in LANGUAGES:
        for theme in (Mode.LIGHT, Mode.DARK):
            with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
                os.environ["FORMWORK_HOME"] = name
                walk = Walk(app, out, Path(name), f"{code}-{theme}")
                stack.enter_context(catching(walk.desktop.notices))
                walk.desktop.window.resize(1_400, 860)
                walk.desktop.set_language(code)
                walk.desktop.set_theme(theme)
                walk.imports(workbook)
                walk.narrows()
                walk.edits()
                walk.restarts()
                walk.desktop.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
