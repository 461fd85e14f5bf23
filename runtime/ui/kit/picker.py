"""Picking one of many: a field that looks like an input and opens a searchable list."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.store.search_grams import fold
from runtime.store.search_pinyin import reads
from runtime.ui import icons
from runtime.ui.kit.button import ghost_button
from runtime.ui.kit.chip import paint_chip, paint_chips
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.search_field import SearchField
from runtime.ui.kit.words import words
from runtime.ui.theme import colour, mark

VISIBLE_ROWS = 7
WALK = frozenset({Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})
ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
ON = frozenset({Qt.Key.Key_Tab, Qt.Key.Key_Backtab})
"""Keys that pick and go on to the next place."""
NO_PARENT = QModelIndex()
READ_ROLES = (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole))


@dataclass(frozen=True, slots=True)
class Pick:
    """One thing to pick: its value, its words, and the hue of its chip (`None`: no chip).

    One `apart` is no answer to what was typed: Enter takes it where there is no other, or the person went to it.
    """

    value: Any
    text: str
    hue: int | None = None
    apart: bool = False


def answers(label: str, asked: str) -> bool:
    """Whether a pick with this label is one of those that are searched for: by its characters or by its pinyin."""
    title, wanted = fold(label), fold(asked).strip()
    return wanted in title or (wanted.isascii() and reads(title, "".join(wanted.split())))


class Picks(QAbstractListModel):
    """The list of picks."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.picks: list[Pick] = []
        self.ticked: frozenset[Any] = frozenset()

    def show(self, picks: Sequence[Pick]) -> None:
        """Show other picks."""
        self.beginResetModel()
        self.picks = list(picks)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = NO_PARENT) -> int:
        """How many there are."""
        return 0 if parent.isValid() else len(self.picks)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words of a pick."""
        if not index.isValid() or role not in READ_ROLES:
            return None
        return self.picks[index.row()].text


class PickPainter(QStyledItemDelegate):
    """Draws a pick as a chip, or as words."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the ground by style and the pick on it."""
        model = index.model()
        pick = model.picks[index.row()] if isinstance(model, Picks) else Pick(None, "")
        ticked = isinstance(model, Picks) and pick.value in model.ticked
        if pick.hue is None and not ticked:
            super().paint(painter, option, index)
            return
        widget: QWidget | None = option.widget  # type: ignore[attr-defined,unused-ignore]
        style = QApplication.style() if widget is None else widget.style()
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, option, painter, widget)
        inside = option.rect.adjusted(SIZES.s, 0, -SIZES.s, 0)
        if ticked:
            size = SIZES.icon_small
            place = QRect(QPoint(inside.right() - size, inside.center().y() - size // 2 + 1), QSize(size, size))
            icons.paint(painter, place, "check_bold", colour("accent_text"))
            inside.setRight(place.left() - SIZES.xs)
        paint_chip(painter, inside, pick.text, pick.hue or 0)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One row."""
        return QSize(0, SIZES.control)


class PickList(Popover):
    """A search field over a list.

    Signals:
        asked(str): the list for this text is wanted; answer with `show_picks`.
        picked(value): a person chose; `None` takes the value away.
        unmatched(str): Enter or Tab after this text, to which nothing answers; the list stays open.

    Attributes:
        given_up: whether it was closed without a choice.
        entered: whether Enter chose.
    """

    asked = Signal(str)
    picked = Signal(object)
    unmatched = Signal(str)

    def __init__(self, anchor: QWidget, *, clearable: bool, rest: int = 0) -> None:
        super().__init__(anchor, max(anchor.width(), SIZES.popover_width))
        self.given_up = True
        self.entered = False
        self._asked: str | None = None
        self._answered = False
        self._walked = False
        self._wrong = False
        self._waiting: Qt.Key | None = None
        self.search = SearchField(rest=rest)
        self.list = QListView()
        self.list.setProperty("role", "picks")
        self.list.setAccessibleName(_("Choices"))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self._model = Picks(self.list)
        self.list.setModel(self._model)
        self.list.setItemDelegate(PickPainter(self.list))
        self.list.clicked.connect(self._clicked)
        self._note = words("", "secondary")
        self._note.setContentsMargins(SIZES.s, SIZES.xs, SIZES.s, SIZES.xs)
        self.body.addWidget(self.search)
        self.body.addWidget(self.list)
        self.body.addWidget(self._note)
        if clearable:
            self.body.addWidget(self._clear_button(), 0, Qt.AlignmentFlag.AlignLeft)
        self.search.searched.connect(self._ask)
        self.search.installEventFilter(self)

    def _clear_button(self) -> QPushButton:
        made = ghost_button(_("Clear"), "clear")
        made.clicked.connect(lambda: self._choose(None))
        return made

    def ask(self, text: str = "") -> None:
        """Open with `text` in the search field."""
        self._answered = False
        self.search.setText(text)
        if not text:
            self._ask("")
        self.open(self.search)

    def _ask(self, text: str) -> None:
        self._asked, self._answered = text, False
        self.asked.emit(text)

    def show_picks(self, picks: Sequence[Pick], current: Any = None, note: str = "") -> None:
        """Show what can be picked; `note` says why there is nothing, or that there is more."""
        self._model.show(picks)
        self.list.setVisible(bool(picks))
        self.list.setFixedHeight(min(max(1, len(picks)), VISIBLE_ROWS) * SIZES.control + SIZES.focus)
        self._wrong = False
        mark(self.search, wrong=False)
        said = note or ("" if picks else _("Nothing found"))
        self._note.setText(said)
        self._note.setVisible(bool(said))
        rows = [row for row, pick in enumerate(picks) if pick.value == current and current is not None]
        rows += [row for row, pick in enumerate(picks) if not pick.apart]
        if picks:
            self.list.setCurrentIndex(self._model.index(rows[0] if rows else 0))
        self.body.activate()  # else what is shown is still measured with the list before
        self.adjustSize()
        self._answered = True
        key, self._waiting = self._waiting, None
        if key is not None:
            self._finish(key)

    def say_wrong(self, text: str) -> None:
        """Say what is wrong with what was typed, until something else is typed; Escape leaves at once."""
        self._wrong = True
        self._note.setText(text)
        self._note.setVisible(True)
        mark(self.search, wrong=True)
        self.body.activate()
        self.adjustSize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the search field that belong to the list."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in WALK:
                self._walked = True
                QApplication.sendEvent(self.list, event)
                return True
            if event.key() == Qt.Key.Key_Escape and self._wrong:
                self.close()
                return True
            if event.key() in ENTER or event.key() in ON:
                return self._finish(Qt.Key(event.key()))
        return super().eventFilter(watched, event)

    def _finish(self, key: Qt.Key) -> bool:
        """Enter picks; Tab picks what was looked for and goes on. Both wait until the list is that of what is typed."""
        if not self._answered or self._asked not in {None, self.search.text()}:
            self._waiting = key
            self.search.search_now()
            return True
        index, on = self.list.currentIndex(), key in ON
        if on and not self.search.text().strip() and not self._walked:
            self.close()
        elif index.isValid():
            self.entered = not on
            self._take(self._model.picks[index.row()].value, on=on)
        else:
            if text := self.search.text().strip():
                self.unmatched.emit(text)
            return on
        if on:
            self._go_on(key)
        return True

    def _go_on(self, key: Qt.Key) -> None:
        """Let the key do what it does where this list belongs to."""
        anchor = self.parentWidget()
        target: QWidget | None = anchor.window().focusWidget() if anchor is not None else None
        if target is not None:
            back = Qt.KeyboardModifier.ShiftModifier if key == Qt.Key.Key_Backtab else Qt.KeyboardModifier.NoModifier
            QApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyPress, key, back))

    def _take(self, value: Any, *, on: bool) -> None:
        """Pick what the keys are at; `on` = and go on from here."""
        self._choose(value)

    def _clicked(self, index: QModelIndex) -> None:
        self._choose(self._model.picks[index.row()].value)

    def _choose(self, value: Any) -> None:
        self.given_up = False
        self.close()
        self.picked.emit(value)


class TickList(PickList):
    """A search field over a list of which several can be picked; it stays open.

    Signals:
        toggled(value): a person ticked it, or took the tick away; `None` takes all away.
    """

    toggled = Signal(object)

    def show_ticks(self, picks: Sequence[Pick], ticked: Collection[Any]) -> None:
        """Show what can be picked and what is; the place in the list stays."""
        row = self.list.currentIndex().row()
        self._model.ticked = frozenset(ticked)
        self.show_picks(picks)
        if 0 <= row < len(picks):
            self.list.setCurrentIndex(self._model.index(row))

    def _choose(self, value: Any) -> None:
        self.toggled.emit(value)

    def _take(self, value: Any, *, on: bool) -> None:
        if not on or value not in self._model.ticked:
            self._choose(value)
        if on:
            self.close()


class PickField(QPushButton):
    """Looks like an input, shows what is picked, opens a list by click, Space, Alt+Down or typing.

    Signals:
        opened(str): the list is wanted, with this text typed already.
    """

    opened = Signal(str)

    def __init__(self, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "field")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._picks: tuple[Pick, ...] = ()
        self._hint = hint
        self.clicked.connect(lambda: self.opened.emit(""))

    def show_pick(self, pick: Pick | None) -> None:
        """Show `pick`, or the hint for none."""
        self.show_picks([] if pick is None else [pick])

    def show_picks(self, picks: Sequence[Pick]) -> None:
        """Show several picks beside each other, or the hint for none."""
        self._picks = tuple(picks)
        self.setAccessibleDescription(self.shown or _("Nothing chosen"))
        self.update()

    @property
    def shown(self) -> str:
        """The words that are shown."""
        return ", ".join(pick.text for pick in self._picks)

    def set_wrong(self, wrong: bool) -> None:
        """Show or take away the red border."""
        mark(self, wrong=wrong)

    def sizeHint(self) -> QSize:
        """As high as a control."""
        return QSize(SIZES.popover_width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters and the arrow."""
        return QSize(SIZES.xxl * 2, super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Typing opens the list with what was typed."""
        down = event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        text = event.text()
        if down or event.key() in ENTER or event.key() == Qt.Key.Key_F4:
            self.opened.emit("")
        elif text and text.isprintable() and not text.isspace():
            self.opened.emit(text)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground by style, the pick and the arrow."""
        super().paintEvent(event)
        painter = QPainter(self)
        inside = self.rect().adjusted(SIZES.s, 0, -SIZES.s, 0)
        if self.isEnabled():
            size = SIZES.icon_small
            place = QRect(QPoint(inside.right() - size, inside.center().y() - size // 2 + 1), QSize(size, size))
            icons.paint(painter, place, "caret_down", colour("secondary"))
            inside.setRight(place.left() - SIZES.xs)
        chips = [(pick.text, pick.hue) for pick in self._picks if pick.hue is not None]
        if chips:
            paint_chips(painter, inside, chips)
        else:
            text = self.shown or self._hint
            painter.setPen(colour("text" if self._picks else "secondary"))
            shown = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
            inside.adjust(SIZES.focus + SIZES.hair, 0, 0, 0)  # where a line of text begins
            painter.drawText(inside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.end()
