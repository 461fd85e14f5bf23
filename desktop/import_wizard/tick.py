"""A box to tick, and one of several round options with words that wrap."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from resources.styles.tokens import SIZES
from runtime.ui import icons
from runtime.ui.kit.button import ring
from runtime.ui.kit.words import tip
from runtime.ui.theme import colours

BOX = SIZES.l
ROOM = SIZES.xs
WRAPPED = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft)
ANYWHERE = int(Qt.TextFlag.TextWrapAnywhere)
HIGH = 10_000
NARROWEST = SIZES.xxl * 2
"""Width of an option that holds a few letters."""

STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}


class Tick(QAbstractButton):
    """A box that is ticked or not; Space and a click change it."""

    def __init__(self, name: str, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setChecked(on)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        self.setToolTip(tip(name))
        self.setFixedSize(BOX + 2 * ROOM, BOX + 2 * ROOM)

    def rename(self, name: str) -> None:
        """Give it another name."""
        self.setAccessibleName(name)
        self.setToolTip(tip(name))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the box, the tick and the ring."""
        c = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(ROOM, ROOM, BOX, BOX).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.accent))
            painter.drawRoundedRect(box, SIZES.radius_small, SIZES.radius_small)
            inset = ROOM + SIZES.focus + SIZES.hair
            icons.paint(painter, self.rect().adjusted(inset, inset, -inset, -inset), "check_bold", c.on_accent)
        else:
            painter.setPen(QPen(QColor(c.secondary if self.underMouse() else c.border_strong), SIZES.hair))
            painter.setBrush(QColor(c.surface))
            painter.drawRoundedRect(box, SIZES.radius_small, SIZES.radius_small)
        if self.hasFocus():
            ring(painter, self.rect(), SIZES.radius_small)
        painter.end()


class Option(QAbstractButton):
    """One of several; arrow keys go to the next one of its parent."""

    def __init__(self, text: str, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heights: dict[int, int] = {}
        self._longest = -1
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setChecked(on)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Words in one line."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + self._indent() + ROOM
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """A few letters beside the circle."""
        return QSize(NARROWEST, BOX + 2 * ROOM)

    def hasHeightForWidth(self) -> bool:
        """The words wrap."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the wrapped words."""
        if width not in self._heights:
            self._heights[width] = max(BOX + 2 * ROOM, self._words(width).height() + 2 * ROOM)
        return self._heights[width]

    def changeEvent(self, event: QEvent) -> None:
        """Other letters have other sizes."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._heights.clear()
            self._longest = -1

    @staticmethod
    def _indent() -> int:
        return BOX + 2 * ROOM + SIZES.xs

    def _words(self, width: int) -> QRect:
        room = QRect(0, 0, max(1, width - self._indent() - ROOM), HIGH)
        return QFontMetrics(self.font()).boundingRect(room, self._flags(room.width()), self.text())

    def _flags(self, width: int) -> int:
        """Words wrap between words; one that is too long wraps anywhere."""
        if self._longest < 0:
            self._longest = max(map(self.fontMetrics().horizontalAdvance, self.text().split()), default=0)
        return WRAPPED | ANYWHERE if self._longest > width else WRAPPED

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys choose the next or the former one."""
        step = STEPS.get(Qt.Key(event.key()))
        parent = self.parentWidget()
        if step is None or parent is None:
            super().keyPressEvent(event)
            return
        others = parent.findChildren(Option, options=Qt.FindChildOption.FindDirectChildrenOnly)
        other = others[(others.index(self) + step) % len(others)]
        other.setFocus(Qt.FocusReason.TabFocusReason)
        other.click()

    def nextCheckState(self) -> None:
        """A click chooses; it never takes back."""
        self.setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the circle, the words and the ring."""
        c = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self.fontMetrics().height()
        top = ROOM + (line - BOX) / 2
        circle = QRectF(ROOM, max(ROOM / 2, top), BOX, BOX).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.accent))
            painter.drawEllipse(circle)
            painter.setBrush(QColor(c.on_accent))
            painter.drawEllipse(QPointF(circle.center()), SIZES.focus + SIZES.hair, SIZES.focus + SIZES.hair)
        else:
            painter.setPen(QPen(QColor(c.secondary if self.underMouse() else c.border_strong), SIZES.hair))
            painter.setBrush(QColor(c.surface))
            painter.drawEllipse(circle)
        painter.setPen(QColor(c.text if self.isChecked() or self.underMouse() else c.secondary))
        room = self.rect().adjusted(self._indent(), ROOM, -ROOM, 0)
        painter.drawText(room, self._flags(room.width()), self.text())
        if self.hasFocus():
            ring(painter, self.rect(), SIZES.radius_small)
        painter.end()
