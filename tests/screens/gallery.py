"""What is drawn: each function makes one widget to be pictured; names become file names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import T
from runtime.ui.crash import CrashDialog
from runtime.ui.editors import Editor, EditorContext, make_editor
from runtime.ui.jobs import Jobs
from runtime.ui.kit.button import Button as AnyButton
from runtime.ui.kit.button import IconButton, button, ghost_button, link_button, primary_button
from runtime.ui.kit.calendar import Calendar
from runtime.ui.kit.card import Card, CardButton
from runtime.ui.kit.chip import Chip, Initials
from runtime.ui.kit.empty_state import EmptyState
from runtime.ui.kit.field_row import FieldRow
from runtime.ui.kit.picker import Pick, PickList
from runtime.ui.kit.search_field import SearchField
from runtime.ui.kit.segments import Segments
from runtime.ui.kit.toast import Toast
from runtime.ui.kit.toggle import ToggleSwitch
from runtime.ui.kit.words import words
from runtime.ui.notice_bar import NoticeBar
from runtime.ui.notices import NoticeAction, Notices
from tests.screens.fields import PEOPLE, People, fields

VALUES: dict[str, Any] = {
    "text": "福州海峡科技有限公司",
    "long_text": "Met at the fair in Shanghai.\n下个月再拜访，带新样品。",
    "integer": 1284,
    "decimal": Decimal("12.500"),
    "money": Decimal("1234567.80"),
    "percent": Decimal("0.125"),
    "date": date(2026, 3, 5),
    "date_time": datetime(2026, 3, 5, 6, 30, tzinfo=UTC),
    "boolean": True,
    "choice": "o1",
    "relation": UUID(int=1),
    "email": "zhang.wei@example.com",
    "phone": "+86 138 1234 5678",
    "url": "https://example.com/clients?id=1284",
    "choices": ("o1", "o2"),
}


def _page(width: int = 640) -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    page.setProperty("role", "page")
    page.setFixedWidth(width)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(SIZES.xl, SIZES.xl, SIZES.xl, SIZES.xl)
    layout.setSpacing(SIZES.l)
    return page, layout


def _row(*parts: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SIZES.s)
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row


def buttons() -> QWidget:
    """Buttons of every kind, also disabled and focused."""
    page, layout = _page()
    layout.addWidget(words("Buttons 按钮", "title"))
    off = primary_button("Import 导入")
    off.setEnabled(False)
    plain_off = button("Disabled")
    plain_off.setEnabled(False)
    layout.addLayout(_row(primary_button("Open a file 打开", "excel"), button("Copy 复制", "copy"), off, plain_off))
    checked = ghost_button("Filter 筛选", "filter")
    checked.setCheckable(True)
    checked.setChecked(True)
    layout.addLayout(
        _row(checked, ghost_button("Sort 排序", "sort"), ghost_button("Group", "group"), link_button("Undo 撤销"))
    )
    focused = button("Focused 焦点")
    layout.addLayout(
        _row(
            focused,
            AnyButton("Delete 删除", "danger", "delete"),
            IconButton("dots", "More"),
            IconButton("refresh", "R"),
        )
    )
    modes = [("system", "System 系统", "system"), ("light", "Light 浅色", "sun"), ("dark", "Dark 深色", "moon")]
    layout.addWidget(Segments("Theme", modes, "light"))
    on, none = ToggleSwitch("on"), ToggleSwitch("off")
    on.setChecked(True)
    layout.addLayout(_row(on, none, SearchField()))
    QTimer.singleShot(0, focused, focused.setFocus)
    return page


def chips() -> QWidget:
    """The eight hues and some people."""
    page, layout = _page()
    layout.addLayout(
        _row(
            *(
                Chip(text, hue)
                for hue, text in enumerate(("高价值", "潜力", "Dormant", "At risk", "合作", "New", "VIP", "其他"))
            )
        )
    )
    layout.addLayout(_row(*(Initials(name, SIZES.control) for name in ("张伟", "Ana Kovač", "王芳", "欧阳娜娜", "Bo"))))
    return page


def cards() -> QWidget:
    """Doors, recent workspaces and an empty place."""
    page, layout = _page(900)
    doors = QHBoxLayout()
    doors.setSpacing(SIZES.l)
    for icon, title, line in (
        (
            "excel",
            "Open an Excel file 打开 Excel 文件",
            "An app from a table in under a minute. 一分钟内从表格得到应用。",
        ),
        ("folder_open", "Open a workspace 打开工作区", "Go on where you stopped. 继续上次的工作。"),
        ("add", "New empty workspace 新建空工作区", "Begin with nothing. 从零开始。"),
    ):
        doors.addWidget(CardButton(icon, title, line))
    layout.addLayout(doors)
    layout.addWidget(CardButton("workspace", "销售 Sales", "/home/ana/销售.formwork", wide=True))
    card = Card("Card 卡片")
    card.body.addWidget(words("Quiet surfaces, one accent colour. 安静的界面，一种强调色。", "secondary", wrap=True))
    layout.addWidget(card)
    sentence = "Import a file, paste from Excel, or add the first record. 导入文件、从 Excel 粘贴，或新增第一条记录。"
    actions = [primary_button("Add record 新增", "add"), button("Import 导入", "import")]
    empty = EmptyState("form", "No records yet 还没有记录", sentence, actions)
    empty.setFixedHeight(320)
    layout.addWidget(empty)
    return page


def notices() -> QWidget:
    """A bar of each tone and a toast."""
    page, layout = _page(760)
    page.setFixedHeight(420)
    for tone in ("info", "warning", "danger"):
        funnel = Notices(page)
        bar = NoticeBar(funnel, Toast(page))
        layout.addWidget(bar)
        say = getattr(funnel, tone)
        say(
            T("The file could not be read. 无法读取文件。"),
            T("Close it in Excel and try again. 请在 Excel 中关闭后重试。"),
            NoticeAction(T("Try again 重试"), print),
        )
    layout.addStretch(1)
    toast = Toast(page)
    QTimer.singleShot(0, toast, lambda: toast.say("3 records deleted 已删除 3 条记录", ("Undo 撤销", print)))
    return page


def _editors(jobs: Jobs, prepare: Callable[[str, Editor, FieldRow], None]) -> QWidget:
    page, outer = _page(760)
    card = Card()
    outer.addWidget(card)
    grid = QGridLayout()
    grid.setHorizontalSpacing(SIZES.xl)
    grid.setVerticalSpacing(SIZES.l)
    card.body.addLayout(grid)
    for at, (name, field) in enumerate(fields().items()):
        editor = make_editor(field, EditorContext(jobs, People()))
        row = FieldRow(field.name, editor, field.props.help, required=field.props.required)
        prepare(name, editor, row)
        grid.addWidget(row, at // 2, at % 2)
        grid.setAlignment(row, Qt.AlignmentFlag.AlignTop)
    return page


def editors_filled(jobs: Jobs) -> QWidget:
    """Every editor with a value."""

    def fill(name: str, editor: Editor, row: FieldRow) -> None:
        editor.set_value(VALUES[name])
        if name == "relation":
            editor.set_title(UUID(int=1), PEOPLE[UUID(int=1)])  # type: ignore[attr-defined]
        if name == "text":
            QTimer.singleShot(0, editor, editor.setFocus)

    return _editors(jobs, fill)


def editors_blank(jobs: Jobs) -> QWidget:
    """Every editor blank, some wrong."""

    def spoil(name: str, editor: Editor, row: FieldRow) -> None:
        if name in {"text", "money", "date", "choice"}:
            message = "A record cannot be saved without it. 必填。"
            editor.problem(message)
            row.say(message)

    return _editors(jobs, spoil)


def editors_read_only(jobs: Jobs) -> QWidget:
    """Every editor read-only."""

    def close(name: str, editor: Editor, row: FieldRow) -> None:
        editor.set_value(VALUES[name])
        if name == "relation":
            editor.set_title(UUID(int=1), PEOPLE[UUID(int=1)])  # type: ignore[attr-defined]
        editor.set_read_only(True)

    return _editors(jobs, close)


def calendar() -> QWidget:
    """The calendar with a clock."""
    return Opened(
        lambda anchor: Calendar(anchor, date(2026, 3, 18), date(2026, 3, 5), datetime(2026, 3, 5, 14, 30).time())
    )


def pick_list() -> QWidget:
    """The list behind a choice."""

    def make(anchor: QWidget) -> QWidget:
        made = PickList(anchor, clearable=True)
        made.show_picks([Pick(o["id"], o["label"], o["color"]) for o in fields()["choice"].node.props["options"]], "o2")
        return made

    return Opened(make)


class Opened(QWidget):
    """A popover that is open, and what it belongs to; `pictured` is the popover."""

    def __init__(self, make: Callable[[QWidget], QWidget]) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.resize(SIZES.popover_width, SIZES.control)
        self.popover = make(self)

    def showEvent(self, event: QShowEvent) -> None:
        """Open it."""
        super().showEvent(event)
        self.popover.show()


def pictured(widget: QWidget) -> QWidget:
    """What the picture is of."""
    return widget.popover if isinstance(widget, Opened) else widget


def crash() -> QWidget:
    """The crash dialog."""
    dialog = CrashDialog()
    try:
        dict[str, int]()["张伟"]
    except KeyError as error:
        dialog.show_error(error)
    return dialog


PLAIN: dict[str, Callable[[], QWidget]] = {
    "buttons": buttons,
    "chips": chips,
    "cards": cards,
    "notices": notices,
    "calendar": calendar,
    "pick_list": pick_list,
    "crash": crash,
}
WITH_JOBS: dict[str, Callable[[Jobs], QWidget]] = {
    "editors_filled": editors_filled,
    "editors_blank": editors_blank,
    "editors_read_only": editors_read_only,
}
