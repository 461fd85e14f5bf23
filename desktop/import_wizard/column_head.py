"""The head of a preview: for each column a tick, a name to change, a type to pick, and its doubt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QStyle,
    QStyleOptionFrame,
    QTableView,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from desktop.import_wizard.tick import Tick
from resources.styles.tokens import SIZES
from resources.texts import _, plural
from runtime.ui.icons import IconLabel, icon
from runtime.ui.kit.button import Button, IconButton
from runtime.ui.kit.words import tip
from runtime.ui.theme import colours, mark

HEIGHT = SIZES.compact * 2 + SIZES.s * 2
SMALL = SIZES.xl
ELIDE = Qt.TextElideMode.ElideRight


@dataclass(frozen=True, slots=True)
class HeadState:
    """What the head of a column shows.

    Attributes:
        name: of the field.
        type_name, type_icon: of its type.
        included: whether it is imported.
        title: whether it names the records.
        doubted: whether something was assumed about it that can be decided.
        lost: cells that would stay blank.
        wrong: what is wrong with its name, or "".
        fixed: whether the name is the file's header and its column goes into a field that is there.
        key: whether it finds records that are there.
    """

    name: str
    type_name: str
    type_icon: str
    included: bool
    title: bool
    doubted: bool
    lost: int
    wrong: str
    fixed: bool = False
    key: bool = False


class NameField(QLineEdit):
    """A name that looks like words until somebody points at it; Enter and leaving it take it, Escape takes it back.

    Where it does not fit it ends in an ellipsis while nobody types, and the whole name is its tool tip.

    Signals:
        renamed(str): a person gave another name.
    """

    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "name")
        self._said = ""
        self.returnPressed.connect(self._say)

    def show_name(self, name: str) -> None:
        """Show a name, unless somebody is typing another one."""
        typing = self.hasFocus() and self.text() != self._said
        self._said = name
        if not typing and self.text() != name:
            self.setText(name)
            self.setCursorPosition(0)

    def fix(self, fixed: bool) -> None:
        """Whether it is only to be read."""
        self.setReadOnly(fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if fixed else Qt.FocusPolicy.StrongFocus)

    @property
    def shown(self) -> str:
        """What can be read of the name."""
        room = self._words().width()
        return self.text() if self.hasFocus() else self.fontMetrics().elidedText(self.text(), ELIDE, room)

    def _words(self) -> QRect:
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        contents = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        return contents.marginsRemoved(self.textMargins()).adjusted(SIZES.focus, 0, -SIZES.focus, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the name, or what fits of it."""
        shown = self.shown
        if shown == self.text():
            super().paintEvent(event)
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self._words(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """The whole name where it is cut, unless something else is to be said."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and not self.toolTip():
            QToolTip.showText(event.globalPos(), tip(self.text()) if self.shown != self.text() else "", self)
            return True
        return super().event(event)

    def _say(self) -> None:
        if self.text() != self._said:
            self._said = self.text()
            self.renamed.emit(self._said)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives the former name back."""
        if event.key() == Qt.Key.Key_Escape and self.text() != self._said:
            self.setText(self._said)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take what was typed."""
        super().focusOutEvent(event)
        self.setCursorPosition(0)
        self._say()


class TitleMark(IconButton):
    """A star: filled on the column that names the records, else shown to whoever is near the column."""

    def __init__(self) -> None:
        super().__init__("title", "", size=SMALL)
        self.setProperty("kind", "star")
        self.setCheckable(True)

    def show_title(self, title: bool, near: bool) -> None:
        """Whether this column names the records, and whether somebody is near."""
        self.setChecked(title)
        self.show_icon("title_set" if title else "title", "accent" if title else "secondary")
        name = _("Names the record") if title else _("Let this field name the record")
        self.rename(name)
        self.setVisible(title or near)

    def nextCheckState(self) -> None:
        """The plan says what is checked."""


class ColumnHead(QFrame):
    """One column.

    Signals:
        ticked(bool): take the column in or leave it out.
        renamed(str): give the field another name.
        title_asked(): let it name the records.
        types_asked(): the menu of types is wanted.
        doubt_asked(): show what is doubtful.
        focused(): the keyboard came here.
    """

    ticked = Signal(bool)
    renamed = Signal(str)
    title_asked = Signal()
    types_asked = Signal()
    doubt_asked = Signal()
    focused = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "head")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._state: HeadState | None = None
        self.tick = Tick("")
        self.name = NameField()
        self.title = TitleMark()
        self.key = IconLabel("key", "accent", SIZES.icon)
        self.key.hide()
        self.type = Button("", "ghost").compact()
        self.type.setProperty("small", True)
        self.doubt = IconButton("help", _("Show the question"), size=SMALL)
        self.lost = Button("", "ghost", "warning").compact()
        self.lost.setProperty("small", True)
        self._lay_out()
        self.tick.clicked.connect(self.ticked)
        self.name.renamed.connect(self.renamed)
        self.title.clicked.connect(self.title_asked)
        self.type.clicked.connect(self.types_asked)
        self.doubt.clicked.connect(self.doubt_asked)
        self.lost.clicked.connect(self.types_asked)
        for part in (self.tick, self.name, self.title, self.type, self.doubt, self.lost):
            part.installEventFilter(self)

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        for row in (first, second):
            row.setSpacing(0)
        first.addWidget(self.tick)
        first.addWidget(self.name, 1)
        first.addWidget(self.key)
        first.addWidget(self.title)
        second.addWidget(self.type)
        second.addStretch(1)
        second.addWidget(self.lost)
        second.addWidget(self.doubt)
        self.doubt.show_icon("help", "warning")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SIZES.xs, SIZES.xs, SIZES.s, SIZES.xs)
        layout.setSpacing(SIZES.focus)
        layout.addLayout(first)
        layout.addLayout(second)

    def show_state(self, state: HeadState) -> None:
        """Show another state."""
        self._state = state
        self.tick.setChecked(state.included)
        self.tick.rename(_("Import “{field}”", field=state.name))
        self.name.show_name(state.name)
        self.name.setAccessibleName(_("Name of the field “{field}”", field=state.name))
        self.name.setEnabled(state.included)
        self.name.fix(state.fixed)
        self.name.setToolTip(tip(state.wrong or (state.name if state.fixed else "")))
        self.key.setVisible(state.key)
        self.key.setToolTip(tip(_("Finds the record of a row")))
        mark(self.name, wrong=bool(state.wrong))
        self.type.setText(state.type_name)
        self.type.setIcon(icon(state.type_icon))
        self.type.setIconSize(QSize(SIZES.icon_small, SIZES.icon_small))
        self.type.setEnabled(state.included or state.fixed)
        said = _("Type of “{field}”: {type}", field=state.name, type=state.type_name)
        if state.fixed:
            said = _("“{column}” goes into: {field}", column=state.name, field=state.type_name)
        self.type.setAccessibleName(said)
        self.title.setEnabled(state.included)
        self.doubt.setVisible(state.doubted and state.included)
        self.lost.setVisible(state.lost > 0 and state.included)
        self.lost.setText(f"{state.lost:,}")
        self.lost.setIcon(icon("warning", "warning"))
        self.lost.setIconSize(QSize(SIZES.icon_small, SIZES.icon_small))
        said = plural("{n} cell does not fit and stays blank", "{n} cells do not fit and stay blank", state.lost)
        self.lost.setToolTip(tip(said))
        self.lost.setAccessibleName(said)
        self._near()

    def width(self) -> int:
        """How wide its words are, in pixels."""
        name = self.name.fontMetrics().horizontalAdvance(self.name.text()) + SIZES.l
        first = self.tick.width() + name + sum(SMALL for part in (self.title, self.key) if not part.isHidden())
        second = self.type.sizeHint().width() + SIZES.xs
        second += sum(part.sizeHint().width() for part in (self.lost, self.doubt) if not part.isHidden())
        return max(first, second) + SIZES.m

    def _near(self) -> None:
        if self._state is not None:
            near = self.underMouse() or (self.focusWidget() is not None and self.isAncestorOf(self.focusWidget()))
            self.title.show_title(self._state.title, near and self._state.included and not self._state.fixed)

    def event(self, event: QEvent) -> bool:
        """The star comes and goes with the mouse."""
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave):
            self._near()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say when the keyboard comes here."""
        if event.type() == QEvent.Type.FocusIn:
            self.focused.emit()
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._near()
        return super().eventFilter(watched, event)

    def open_types(self, menu: QMenu) -> None:
        """Show the menu of types under the type."""
        menu.popup(self.type.mapToGlobal(QPoint(0, self.type.height() + SIZES.focus)))


SLICE = 1
"""Heads made in one go: a few milliseconds."""


class PreviewHeader(QHeaderView):
    """Holds the heads over their columns; makes one when it is seen first."""

    made = Signal(int)
    """A head was made: fill it."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.heads: dict[int, ColumnHead] = {}
        self._maker = QTimer(self)
        self._maker.setSingleShot(True)
        self._maker.setInterval(0)
        self._maker.timeout.connect(self._make_some)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setFixedHeight(HEIGHT)
        self.setMinimumSectionSize(SIZES.xxl * 2)
        self._resizing = False
        self.sectionResized.connect(lambda *_sizes: None if self._resizing else self.place())
        table.horizontalScrollBar().valueChanged.connect(lambda _value: self.place())

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(super().sizeHint().width(), HEIGHT)

    @contextmanager
    def resizing(self) -> Iterator[None]:
        """Several columns get other widths inside the block; the heads follow at its end."""
        self._resizing = True
        try:
            yield
        finally:
            self._resizing = False
        self.place()

    def forget(self) -> None:
        """Throw the heads away: other columns are shown."""
        for head in self.heads.values():
            head.hide()
            head.deleteLater()
        self.heads.clear()

    def place(self) -> None:
        """Put the heads over their columns; those that are seen and not there yet are made soon."""
        for section, head in self.heads.items():
            head.setGeometry(self._room(section))
        if self._missing():
            self._maker.start()

    def _room(self, section: int) -> QRect:
        return QRect(self.sectionViewportPosition(section), 0, self.sectionSize(section), HEIGHT - SIZES.hair)

    def _missing(self) -> list[int]:
        """Columns in sight, or nearly so, that have no head."""
        sight = self.viewport().rect().adjusted(-self.viewport().width(), 0, self.viewport().width(), 0)
        return [at for at in range(self.count()) if at not in self.heads and self._room(at).intersects(sight)]

    @property
    def complete(self) -> bool:
        """Whether every column in sight has its head."""
        return not self._missing()

    def _make_some(self) -> None:
        """A few at a time: each costs milliseconds that the window must not stand still."""
        missing = self._missing()
        for section in missing[:SLICE]:
            self.heads[section] = ColumnHead(self.viewport())
            self.heads[section].setGeometry(self._room(section))
            self.made.emit(section)
            self.heads[section].show()
        if len(missing) > SLICE:
            self._maker.start()

    def show_section(self, section: int) -> None:
        """Scroll until the whole column is seen."""
        bar = self._table.horizontalScrollBar()
        left, wide = self.sectionPosition(section), self.sectionSize(section)
        if left < bar.value():
            bar.setValue(left)
        elif left + wide > bar.value() + self.viewport().width():
            bar.setValue(min(left, left + wide - self.viewport().width()))

    def updateGeometries(self) -> None:  # noqa: N802 - Qt calls it
        """The heads go along."""
        super().updateGeometries()
        self.place()

    def resizeEvent(self, event: object) -> None:
        """Others are seen."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A quiet ground and a hairline."""
        painter = QPainter(self.viewport())
        c, whole = colours(), self.viewport().rect()
        painter.fillRect(whole, QColor(c.surface))
        painter.fillRect(QRect(0, HEIGHT - SIZES.hair, whole.width(), SIZES.hair), QColor(c.border))
        painter.end()
