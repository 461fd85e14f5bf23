"""Pictures of the records of one form, with real data: `python -m tests.screens.records OUTDIR [NAME ...]`.

A scale needs a process of its own: run without SCALE this starts one for each.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from resources.texts import speak
from runtime.filters import Condition, Filter, Operator
from runtime.session import Session, open_workspace
from runtime.spans import Period, Span
from runtime.store.query import Group, Sort
from runtime.ui import fonts
from runtime.ui.clipboard_end import let_go_of_clipboard
from runtime.ui.feed import Feed
from runtime.ui.form_page import FormPage
from runtime.ui.jobs import Jobs
from runtime.ui.kit.toast import Toast
from runtime.ui.notice_bar import NoticeBar
from runtime.ui.notices import Notices
from runtime.ui.theme import Mode, Theme
from runtime.ui.views.grid import GridView
from runtime.view import ColourRule, ViewSpec

SCALES = ("1", "1.5")
WIDTH, HEIGHT = 1280, 760
DATA = Path(__file__).parents[3] / "shared" / "data" / "superstore_cn.xls"
SETTLED = 2000


class Stage:
    """One page in a window of its own.

    Args:
        form: name of the form.
    """

    def __init__(self, session: Session, form: str, width: int = WIDTH) -> None:
        self.notices = Notices()
        self.jobs = Jobs(print)
        self.feed = Feed()
        self.stop = session.listen(lambda applied: self.feed.publish(applied.changes))
        self.session = session
        self.window = QWidget()
        self.window.setProperty("role", "page")
        self.page = FormPage(session, session.form(form).id, self.jobs, self.feed, self.notices)
        self.toast = Toast(self.window)
        layout = QVBoxLayout(self.window)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(NoticeBar(self.notices, self.toast))
        layout.addWidget(self.page, 1)
        self.window.resize(width, HEIGHT)
        self.window.show()
        self.window.activateWindow()
        self.page.shown()
        self.settle()
        self.page.state.put(ViewSpec())
        self.settle()

    @property
    def view(self) -> GridView:
        """The grid."""
        assert isinstance(self.page.view, GridView)
        return self.page.view

    def settle(self, wait: int = 120) -> None:
        """Wait until nothing is on its way."""
        QTest.qWait(wait)
        for _ in range(SETTLED):
            if not self.jobs.busy:
                break
            QTest.qWait(5)
        QTest.qWait(wait)

    def close(self) -> None:
        """End it."""
        self.stop()
        self.jobs.close()
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def plain(stage: Stage) -> QWidget:
    """The grid, a row under the mouse, a cell current."""
    grid = stage.view.grid
    grid.go_to(3, 1)
    QTest.mouseMove(grid.viewport(), grid.visualRect(stage.view.model.index(6, 0)).center())
    stage.settle()
    return stage.window


def panel(stage: Stage) -> QWidget:
    """A record beside the grid."""
    grid = stage.view.grid
    grid.go_to(5, 0)
    QTest.keyClick(grid, Qt.Key.Key_Space)
    stage.settle()
    return stage.window


def history(stage: Stage) -> QWidget:
    """The history of a record that was changed twice."""
    form, session = stage.page.form, stage.session
    row = stage.view.model.record(0)
    assert row is not None
    handle = session.form(form.id)
    handle.update(row.id, {"数量": (row.values[_id(form, "数量")] or 0) + 1})
    handle.update(row.id, {"城市": "厦门", "折扣": "15"})
    handle.update(row.id, {"邮寄方式": "当日"})
    stage.settle()
    stage.view.grid.go_to(0, 0)
    QTest.keyClick(stage.view.grid, Qt.Key.Key_Space)
    stage.page.panel.segments._buttons["history"].click()
    stage.settle()
    for _ in range(3):
        session.undo()
    return stage.window


def related(stage: Stage) -> QWidget:
    """A record that others point to."""
    stage.view.grid.go_to(1, 0)
    QTest.keyClick(stage.view.grid, Qt.Key.Key_Space)
    stage.settle()
    return stage.window


def draft(stage: Stage) -> QWidget:
    """A new record."""
    QTest.keyClick(stage.view.grid, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    return stage.window


def sorted_and_filtered(stage: Stage) -> QWidget:
    """Two keys and a filter."""
    form = stage.page.form
    level = form.called("类别")
    assert level is not None
    options = level.props.options
    stage.page.set_filter(Filter((Condition(level.id, Operator.IS, options[1].id),)))
    stage.page.set_sort((Sort(_id(form, "销售额"), descending=True), Sort(_id(form, "订单日期"))))
    stage.settle()
    return stage.window


def filter_panel(stage: Stage) -> QWidget:
    """The filter being built."""
    form = stage.page.form
    option = form.by_id[_id(form, "类别")].props.options[1].id
    stage.page.set_filter(
        Filter(
            (
                Condition(_id(form, "客户名称"), Operator.CONTAINS, "王"),
                Condition(_id(form, "类别"), Operator.IS, option),
                Condition(_id(form, "销售额"), Operator.BETWEEN, Decimal(100), Decimal(2000)),
                Condition(_id(form, "订单日期"), Operator.LESS, None),
                Condition(_id(form, "退货"), Operator.FILLED),
            )
        )
    )
    stage.page.open_filter()
    stage.settle()
    return stage.page.filter_panel


def sort_panel(stage: Stage) -> QWidget:
    """The order being chosen."""
    form = stage.page.form
    stage.page.set_sort((Sort(_id(form, "销售额"), descending=True), Sort(_id(form, "订单日期"))))
    stage.page.open_sort()
    stage.settle()
    return stage.page.sort_panel


def columns_panel(stage: Stage) -> QWidget:
    """Columns being hidden."""
    opened = stage.page.bar.open_columns()
    opened.list.setCurrentRow(4)
    stage.settle()
    return opened


def views(stage: Stage) -> QWidget:
    """The views, one of them changed."""
    form, saved = stage.page.form, stage.session.views
    if not saved.of(form):
        option = form.by_id[_id(form, "类别")].props.options[1].id
        big = Filter((Condition(_id(form, "销售额"), Operator.GREATER, Decimal(1000)),))
        mine = Filter((Condition(_id(form, "类别"), Operator.IS, option),))
        saved.save(form, ViewSpec(name="大额订单", shared=True, filter=big))
        saved.save(form, ViewSpec(name="办公用品", filter=mine))
        stage.page.state.show_form(form)
        stage.settle()
    stage.page.state.choose(stage.page.state.views[0].id)
    stage.page.set_sort((Sort(_id(form, "销售额"), descending=True),))
    stage.settle()
    opened = stage.page.bar.open_views()
    stage.settle()
    return opened


def nested(stage: Stage) -> QWidget:
    """A filter with a group and days relative to today."""
    form = stage.page.form
    options = form.by_id[_id(form, "类别")].props.options
    wide = Filter(
        (
            Condition(_id(form, "订单日期"), Operator.IS, Span(Period.THIS_QUARTER)),
            Condition(_id(form, "类别"), Operator.ANY_OF, (options[0].id, options[1].id)),
            Filter(
                (
                    Condition(_id(form, "发货日期"), Operator.IS, Span(Period.LAST_DAYS, 30)),
                    Condition(_id(form, "客户名称"), Operator.STARTS, "王"),
                ),
                False,
            ),
        ),
        True,
    )
    stage.page.set_filter(Filter((Condition(_id(form, "销售额"), Operator.GREATER, Decimal(100)), wide)))
    stage.page.open_filter()
    stage.settle()
    return stage.page.filter_panel


def groups(stage: Stage) -> QWidget:
    """Groups being chosen."""
    form = stage.page.form
    look = replace(
        stage.page.state.spec, groups=(Group(_id(form, "类别")), Group(_id(form, "订单日期"), unit="quarter"))
    )
    stage.page.state.put(look)
    opened = stage.page.bar.open_groups()
    stage.settle()
    return opened


def rules(stage: Stage) -> QWidget:
    """Colour rules being made."""
    form = stage.page.form
    big = Filter((Condition(_id(form, "销售额"), Operator.GREATER, Decimal(1000)),))
    back = Filter((Condition(_id(form, "利润"), Operator.LESS, Decimal(0)),))
    look = replace(stage.page.state.spec, colours=(ColourRule(big, 1), ColourRule(back, 3, _id(form, "利润"))))
    stage.page.state.put(look)
    opened = stage.page.bar.open_colours()
    stage.settle()
    return opened


def look(stage: Stage) -> QWidget:
    """A saved view with groups, rules and a filter, changed."""
    rules(stage).close()
    form = stage.page.form
    stage.page.state.put(replace(stage.page.state.spec, groups=(Group(_id(form, "类别")),)))
    stage.page.set_filter(Filter((Condition(_id(form, "销售额"), Operator.GREATER, Decimal(100)),)))
    stage.settle()
    return stage.window


def editing(stage: Stage) -> QWidget:
    """A cell that is edited and cannot be read."""
    grid = stage.view.grid
    column = [field.name for field in stage.view.model.fields].index("订单日期")
    grid.go_to(4, column)
    grid.edit_cell(grid.currentIndex(), "31/12/2020")
    assert grid.editing.editor is not None
    QTest.keyClick(grid.editing.editor.control(), Qt.Key.Key_Return)
    stage.settle()
    return stage.window


def nothing(stage: Stage) -> QWidget:
    """A search without a result."""
    stage.page.toolbar.search.setText("没有这样的客户")
    stage.settle(300)
    return stage.window


def _id(form: object, name: str) -> str:
    found = form.called(name)  # type: ignore[attr-defined]
    assert found is not None
    return str(found.id)


SCENES: dict[str, tuple[str, Callable[[Stage], QWidget], int]] = {
    "records": ("订单", plain, WIDTH),
    "records_panel": ("订单", panel, WIDTH),
    "records_history": ("订单", history, WIDTH),
    "records_related": ("退货", related, WIDTH),
    "records_draft": ("订单", draft, WIDTH),
    "records_sorted": ("订单", sorted_and_filtered, WIDTH),
    "records_filter": ("订单", filter_panel, WIDTH),
    "records_sort": ("订单", sort_panel, WIDTH),
    "records_columns": ("订单", columns_panel, WIDTH),
    "records_nested": ("订单", nested, WIDTH),
    "records_groups": ("订单", groups, WIDTH),
    "records_rules": ("订单", rules, WIDTH),
    "records_views": ("订单", views, WIDTH),
    "records_look": ("订单", look, 1000),
    "records_editing": ("订单", editing, WIDTH),
    "records_nothing": ("订单", nothing, WIDTH),
    "records_narrow": ("订单", plain, 700),
}


def draw(out: Path, scale: str, names: list[str]) -> int:
    """Draw at the scale of this process."""
    app = QApplication(sys.argv[:1])
    fonts.install(app)
    theme = Theme(app, Mode.LIGHT)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        kept = os.environ.get("SCREENS_WORKSPACE")
        path = Path(kept) if kept else Path(home) / "screens.formwork"
        with open_workspace(path, "a passphrase for pictures") as session:
            if not session.forms:
                session.import_file(DATA)
            for language in ("zh_CN", "en"):
                speak(language)
                for mode in (Mode.LIGHT, Mode.DARK):
                    theme.set_mode(mode)
                    for name, (form, prepare, width) in SCENES.items():
                        if not names or name in names:
                            stage = Stage(session, form, width)
                            prepare(stage).grab().save(str(out / f"{name}-{language}-{mode}-{scale}.png"))
                            stage.close()
    let_go_of_clipboard()
    return 0


def main(arguments: list[str]) -> int:
    """Draw everything, or what is named, into the folder given."""
    if not DATA.exists():
        print(f"skipped: {DATA} is not here")
        return 0
    out = Path(arguments[0] if arguments else "out/screens")
    if os.environ.get("SCREENS_SCALE"):
        return draw(out, os.environ["SCREENS_SCALE"], arguments[1:])
    worst = 0
    for scale in SCALES:
        environment = {
            **os.environ, "QT_SCALE_FACTOR": scale, "SCREENS_SCALE": scale, "QT_QPA_PLATFORM": "offscreen"
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.screens.records", str(out), *arguments[1:]]
        worst = max(worst, subprocess.run(command, env=environment, check=False).returncode)
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
