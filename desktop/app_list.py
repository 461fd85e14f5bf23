"""The list of apps and their forms at the left of an open workspace: icon, name, number of records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _, plural
from runtime.definition.labels import label_text
from runtime.definition.node import App
from runtime.form import Form
from runtime.ui import fonts, icons
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import IconButton, ring
from runtime.ui.kit.words import ElidedWords, tip
from runtime.ui.theme import colours

WIDTH = SIZES.popover_width - SIZES.xxl
LINE = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)


class FormEntry(QAbstractButton):
    """One form; Up and Down go to the neighbours."""

    def __init__(self, form_id: str, name: str) -> None:
        super().__init__()
        self.form_id = form_id
        self._count = ""
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(SIZES.control)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(name)
        self.show_count(None)

    def show_count(self, count: int | None) -> None:
        """Show how many records it has; None while nobody knows."""
        self._count = "" if count is None else f"{count:,}"
        words = "" if count is None else plural("{n} record", "{n} records", count)
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(words)
        self.setToolTip(tip(f"{self.text()}  {words}".rstrip()))
        self.update()

    @property
    def count(self) -> str:
        """The number that is shown."""
        return self._count

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(WIDTH - SIZES.l, SIZES.control)

    def nextCheckState(self) -> None:
        """The page says which form is in front."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, Enter."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        parent = self.parentWidget()
        if step is not None and parent is not None:
            others = parent.findChildren(FormEntry)
            others[(others.index(self) + step) % len(others)].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground, icon, name, number."""
        c = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = c.accent_soft if self.isChecked() else c.hover_row if self.underMouse() else None
        if ground is not None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(self.rect(), SIZES.radius, SIZES.radius)
        inside = self.rect().adjusted(SIZES.s, 0, -SIZES.s, 0)
        box = QRect(inside.left(), inside.center().y() - SIZES.icon // 2 + 1, SIZES.icon, SIZES.icon)
        icons.paint(painter, box, "form", c.accent if self.isChecked() else c.secondary)
        small = fonts.tabular(fonts.sized(SIZES.small))
        painter.setFont(small)
        painter.setPen(QColor(c.secondary))
        painter.drawText(inside, LINE | int(Qt.AlignmentFlag.AlignRight), self._count)
        wide = QFontMetrics(small).horizontalAdvance(self._count)
        font = fonts.sized(SIZES.text, QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(c.accent_text if self.isChecked() else c.text))
        room = inside.adjusted(SIZES.icon + SIZES.s, 0, -wide - SIZES.s, 0)
        shown = QFontMetrics(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, LINE | int(Qt.AlignmentFlag.AlignLeft), shown)
        if self.hasFocus():
            ring(painter, self.rect())
        painter.end()


class AppList(QFrame):
    """All apps.

    Signals:
        chosen(str): id of the form that a person wants.
        folded(): hide the list.
        import_asked(): one more file.
    """

    chosen = Signal(str)
    folded = Signal()
    import_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(_("Apps and forms"))
        self.entries: dict[str, FormEntry] = {}
        self._shown: list[tuple[str, str]] = []
        self._holder = QWidget()
        self._holder.setProperty("role", "clear")
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(SIZES.s, 0, SIZES.s, SIZES.s)
        self._column.setSpacing(SIZES.focus)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._holder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._head())
        layout.addWidget(area, 1)

    def _head(self) -> QHBoxLayout:
        self._name = ElidedWords("", "strong")
        self._name.setFixedHeight(SIZES.toolbar)
        self.more = IconButton("import", _("Import an Excel file"), shortcut="Ctrl+I")
        self.more.clicked.connect(self.import_asked)
        self.fold = IconButton("panel", _("Hide the list"), shortcut="Ctrl+B")
        self.fold.clicked.connect(self.folded)
        row = QHBoxLayout()
        row.setContentsMargins(SIZES.l, 0, SIZES.s, 0)
        row.setSpacing(0)
        row.addWidget(self._name, 1)
        row.addWidget(self.more)
        row.addWidget(self.fold)
        return row

    def show_apps(self, workspace: str, apps: Mapping[str, App], forms: Sequence[Form], front: str) -> None:
        """Show the forms of these apps, the one in front marked."""
        self._name.setText(workspace)
        titles = {app.id: label_text(app.root.props.get("label", {})) or app.id for app in apps.values()}
        shown = list(titles.items()) + [(form.id, form.name) for form in forms]
        if shown != self._shown:
            self._shown = shown
            self._rebuild(titles, forms)
        for form_id, entry in self.entries.items():
            entry.setChecked(form_id == front)

    def _rebuild(self, titles: Mapping[str, str], forms: Sequence[Form]) -> None:
        counts = {form_id: entry.count for form_id, entry in self.entries.items()}
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.entries = {}
        for app_id, title in titles.items():
            self._column.addWidget(_app_head(title))
            for form in forms:
                if form.app == app_id:
                    self._column.addWidget(self._entry(form, counts.get(form.id, "")))
        self._column.addStretch(1)

    def _entry(self, form: Form, count: str) -> FormEntry:
        made = FormEntry(form.id, form.name)
        if count:
            made.show_count(int(count.replace(",", "")))
        made.clicked.connect(lambda: self.chosen.emit(form.id))
        self.entries[form.id] = made
        return made

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many records forms have."""
        for form_id, count in counts.items():
            if form_id in self.entries:
                self.entries[form_id].show_count(count)


def _app_head(title: str) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(SIZES.s, SIZES.s, SIZES.s, SIZES.xs)
    row.setSpacing(SIZES.s)
    row.addWidget(IconLabel("app", "secondary", SIZES.icon_small))
    row.addWidget(ElidedWords(title, "small"), 1)
    return holder
