"""Pictures of editing many cells, with real data: `python -m tests.screens.grid_editing OUTDIR [NAME ...]`.

They are drawn at the scale that `QT_SCALE_FACTOR` says.
"""

from __future__ import annotations

import os
import sys
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from runtime.exchange.editing.changing import Operation
from runtime.filters import Condition, Filter, Operator, Other
from runtime.spans import Period, Span
from runtime.ui.editors.choice import ChoiceEditor
from tests.screens import records
from tests.screens.records import Stage


def _column(stage: Stage, name: str) -> int:
    return [field.name for field in stage.view.model.fields].index(name)


def _choose(stage: Stage, name: str, first: int, last: int) -> None:
    grid = stage.view.grid
    grid.go_to(first, _column(stage, name))
    grid.keys.moves.go(last, _column(stage, name), extend=True)


def bad_cells(stage: Stage) -> QWidget:
    """A paste in which some cells cannot be read."""
    mime = QMimeData()
    mime.setText("2024-03-05\t2024-03-09\n31/12/2020\t2024-03-10\n2024年3月7日\t明年\n2024-03-08\t2024-02-30")
    QGuiApplication.clipboard().setMimeData(mime)
    stage.view.grid.go_to(3, _column(stage, "订单日期"))
    stage.view.paste()
    stage.settle()
    return stage.window


def options(stage: Stage) -> QWidget:
    """A paste that names options which their fields do not have."""
    mime = QMimeData()
    mime.setText("二级\n特快\n当日\n特快")
    QGuiApplication.clipboard().setMimeData(mime)
    stage.view.grid.go_to(3, _column(stage, "邮寄方式"))
    stage.view.paste()
    stage.settle()
    return stage.window


def left_out(stage: Stage) -> QWidget:
    """Rows of the sheet with a column that the import left out."""
    view, session = stage.view, stage.session
    fields = [field.id for field in view.model.fields]
    columns = [*fields[:3], "", *fields[3:]]
    session.keep(f"mapping/{view.model.form.id}/scene", {"used": "2030", "columns": columns, "fields": {}})
    rows = [view.model.record(at) for at in range(3)]
    texts = [[view.model.text(at, field) for field in view.model.fields] for at, row in enumerate(rows) if row]
    mime = QMimeData()
    mime.setText("\n".join("\t".join([*text[:3], "内部备注", *text[3:]]) for text in texts))
    QGuiApplication.clipboard().setMimeData(mime)
    view.grid.go_to(2, 0)
    view.do("paste_new")
    stage.settle()
    return stage.window


def new_option(stage: Stage) -> QWidget:
    """Something typed into a choice that is none of its options."""
    grid = stage.view.grid
    grid.go_to(3, _column(stage, "邮寄方式"))
    grid.edit_cell(grid.currentIndex(), "特快")
    stage.settle()
    editor = grid.editing.editor
    opened = editor.list if isinstance(editor, ChoiceEditor) else None
    assert opened is not None
    picture = _over(stage.window, opened)
    opened.close()
    return picture


def find(stage: Stage) -> QWidget:
    """Find and replace, with its places."""
    stage.view.grid.go_to(0, 0)
    stage.view.do("replace")
    stage.view.work.bar.text.setText("公司")
    stage.view.work.bar.new.setText("消费者")
    stage.view.work.bar.case.setChecked(True)
    stage.settle(400)
    return stage.window


def find_chosen(stage: Stage) -> QWidget:
    """Find and replace in what is chosen."""
    _choose(stage, "客户名称", 2, 9)
    stage.view.do("replace")
    stage.view.work.bar.text.setText("明")
    stage.settle(400)
    return stage.window


def entry(stage: Stage) -> QWidget:
    """The empty row below the last record, a new one begun in it."""
    grid = stage.view.grid
    QTest.keyClick(grid, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    stage.settle()
    QTest.keyClick(grid, Qt.Key.Key_Down)
    grid.go_to(stage.view.model.entry, 2)
    stage.settle()
    return stage.window


def begun(stage: Stage) -> QWidget:
    """The empty row with two values in it."""
    entry(stage)
    form, model = stage.page.form, stage.view.model
    for name, value in (("客户名称", "陈晓"), ("数量", 12)):
        stage.view.work.entry.give(form.by_id[records._id(form, name)], value, "")
    stage.view.grid.go_to(model.entry, _column(stage, "数量"))
    stage.settle()
    picture = stage.window.grab()
    stage.view.work.entry.take()
    return _Two(picture)


def bulk(stage: Stage) -> QWidget:
    """One field of many records."""
    _choose(stage, "销售额", 2, 9)
    stage.view.do("change_many")
    panel = stage.view.work.bulk.panel
    assert panel is not None
    panel._show(Operation.PERCENT)
    stage.settle()
    return _over(stage.window, panel)


def handle(stage: Stage) -> QWidget:
    """The handle, dragged."""
    _choose(stage, "订单日期", 2, 3)
    grid, grip = stage.view.grid, stage.view.work.fill.handle
    stage.settle()
    QTest.mousePress(grip, Qt.MouseButton.LeftButton, pos=grip.rect().center())
    target = grid.visualRect(stage.view.model.index(9, _column(stage, "订单日期"))).center()
    QTest.mouseMove(grip, grip.mapFrom(grid.viewport(), target))
    return stage.window


def chosen(stage: Stage) -> QWidget:
    """What is chosen, with the handle at its corner."""
    _choose(stage, "数量", 2, 6)
    stage.settle()
    return stage.window


def chips(stage: Stage) -> QWidget:
    """Options on chosen rows, on the row under the mouse, and on others."""
    grid = stage.view.grid
    grid.go_to(2, 0)
    grid.keys.moves.go(8, _column(stage, "国家"), extend=True)
    QTest.mouseMove(grid.viewport(), grid.visualRect(stage.view.model.index(11, 3)).center())
    stage.settle()
    return stage.window


def wide_filter(stage: Stage) -> QWidget:
    """A field against a field, a span, and groups in groups."""
    form = stage.page.form
    sent, ordered, kind, amount, name = (
        records._id(form, each) for each in ("发货日期", "订单日期", "类别", "销售额", "客户名称")
    )
    options = form.by_id[kind].props.options
    days = Condition(sent, Operator.IS, Span(Period.LAST_DAYS, 30))
    inner = Filter((days, Condition(name, Operator.STARTS, "王")))
    either = Condition(kind, Operator.ANY_OF, (options[0].id, options[1].id))
    outer = Filter((Condition(ordered, Operator.IS, Span(Period.THIS_QUARTER)), either, inner), True)
    between = Condition(amount, Operator.BETWEEN, Decimal(100), Decimal(2000))
    stage.page.set_filter(Filter((Condition(sent, Operator.GREATER, Other(ordered)), between, outer)))
    stage.page.open_filter()
    stage.settle()
    return _over(stage.window, stage.page.filter_panel)


class _Two(QWidget):
    """A window with something over it, as one picture."""

    def __init__(self, picture: QPixmap) -> None:
        super().__init__()
        self._picture = picture

    def grab(self, *_: object) -> QPixmap:
        return self._picture


def _over(window: QWidget, part: QWidget) -> QWidget:
    picture = window.grab()
    painter = QPainter(picture)
    painter.drawPixmap(window.mapFromGlobal(part.mapToGlobal(QPoint())), part.grab())
    painter.end()
    return _Two(picture)


SCENES = {
    "grid_bad_cells": ("订单", bad_cells, records.WIDTH),
    "grid_options": ("订单", options, records.WIDTH),
    "grid_left_out": ("订单", left_out, records.WIDTH),
    "grid_new_option": ("订单", new_option, records.WIDTH),
    "grid_find": ("订单", find, records.WIDTH),
    "grid_find_chosen": ("订单", find_chosen, records.WIDTH),
    "grid_find_chosen_narrow": ("订单", find_chosen, 700),
    "grid_find_narrow": ("订单", find, 700),
    "grid_entry": ("订单", entry, records.WIDTH),
    "grid_begun": ("订单", begun, records.WIDTH),
    "grid_bulk": ("订单", bulk, records.WIDTH),
    "grid_handle": ("订单", handle, records.WIDTH),
    "grid_chosen": ("订单", chosen, records.WIDTH),
    "grid_chips": ("订单", chips, records.WIDTH),
    "grid_wide_filter": ("订单", wide_filter, records.WIDTH),
}


if __name__ == "__main__":
    records.SCENES.clear()
    records.SCENES.update(SCENES)
    sys.exit(records.draw(Path(sys.argv[1]), os.environ.get("QT_SCALE_FACTOR", "1"), sys.argv[2:]))
