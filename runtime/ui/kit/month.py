"""A calendar of one month, painted; arrow keys walk, Enter picks."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, QEvent, QLocale, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _, language
from runtime.ui import fonts
from runtime.ui.kit.button import IconButton, ghost_button, ring
from runtime.ui.kit.words import words
from runtime.ui.theme import colours

DAYS = 7
WEEKS = 6
CELL = SIZES.control
STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -DAYS,
    Qt.Key.Key_Down: DAYS,
}


def locale() -> QLocale:
    """Names of months and days in the language that Formwork speaks now."""
    return QLocale(language())


def moved(day: date, months: int) -> date:
    """The same day some months on, or the last of that month."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return day


class Days(QWidget):
    """The grid of days.

    Signals:
        picked(date): a person chose a day.
        turned(): another month is shown.
    """

    picked = Signal(object)
    turned = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.today = today
        self.day = today
        self.chosen: date | None = None
        self._under: date | None = None
        self._first_weekday = locale().firstDayOfWeek().value
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.go(today)

    def go(self, day: date) -> None:
        """Walk to `day`."""
        other = (day.year, day.month) != (self.day.year, self.day.month)
        self.day = day
        self.setAccessibleName(locale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat))
        self.update()
        if other:
            self.turned.emit()

    def sizeHint(self) -> QSize:
        """Seven days wide, six weeks and their names high."""
        return QSize(DAYS * CELL, (WEEKS + 1) * CELL - SIZES.s)

    def _start(self) -> date:
        first = self.day.replace(day=1)
        return first - timedelta(days=(first.isoweekday() - self._first_weekday) % DAYS)

    def _cell(self, index: int) -> QRect:
        wide = self.width() / DAYS
        row, column = divmod(index, DAYS)
        top = CELL - SIZES.s + row * CELL
        return QRect(round(column * wide), top, round(wide), CELL)

    def _at(self, place: QPoint) -> date | None:
        for index in range(DAYS * WEEKS):
            if self._cell(index).contains(place):
                return self._start() + timedelta(days=index)
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the names and the days."""
        c = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(fonts.sized(SIZES.small))
        painter.setPen(QColor(c.secondary))
        middle = int(Qt.AlignmentFlag.AlignCenter)
        for column in range(DAYS):
            name = locale().dayName((self._first_weekday - 1 + column) % DAYS + 1, QLocale.FormatType.NarrowFormat)
            cell = self._cell(column)
            painter.drawText(QRect(cell.left(), 0, cell.width(), CELL - SIZES.s), middle, name)
        for index in range(DAYS * WEEKS):
            self._paint_day(painter, self._cell(index), self._start() + timedelta(days=index))
        painter.end()

    def _paint_day(self, painter: QPainter, cell: QRect, day: date) -> None:
        c = colours()
        side = CELL - SIZES.xs
        box = QRect(cell.center().x() - side // 2 + 1, cell.center().y() - side // 2 + 1, side, side)
        chosen = day == self.chosen
        if chosen or day == self._under:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.accent if chosen else c.hover_row))
            painter.drawRoundedRect(box, SIZES.radius, SIZES.radius)
        if self.hasFocus() and day == self.day and not chosen:
            ring(painter, box)
        ink = c.text if day.month == self.day.month else c.disabled
        ink = c.accent_text if day == self.today else ink
        painter.setFont(fonts.tabular(fonts.sized(SIZES.text, self._weight(day))))
        painter.setPen(QColor(c.on_accent if chosen else ink))
        painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter), str(day.day))

    def _weight(self, day: date) -> QFont.Weight:
        return QFont.Weight.DemiBold if day in {self.today, self.chosen} else QFont.Weight.Normal

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the day under the pointer."""
        self._under = self._at(event.position().toPoint())
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """No day is under the pointer."""
        self._under = None
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pick a day."""
        day = self._at(event.position().toPoint())
        if day is not None:
            self.picked.emit(day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk by arrows and Page Up / Down, pick by Enter."""
        key = Qt.Key(event.key())
        if key in STEPS:
            self.go(self.day + timedelta(days=STEPS[key]))
        elif key in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}:
            self.go(moved(self.day, -1 if key == Qt.Key.Key_PageUp else 1))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.picked.emit(self.day)
        else:
            super().keyPressEvent(event)


class Month(QWidget):
    """A month with its name, arrows and buttons for today and for no date.

    Signals:
        picked(date | None): a person chose a day, or took it away.
    """

    picked = Signal(object)

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.days = Days(today)
        self._title = words("", "strong")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.xs)
        layout.addLayout(self._head())
        layout.addWidget(self.days)
        layout.addLayout(self._foot(today))
        self.setFocusProxy(self.days)
        self.days.picked.connect(self.picked)
        self.days.turned.connect(self._name)
        self._name()

    def show_day(self, chosen: date | None) -> None:
        """Mark `chosen` and show its month (this month for none)."""
        self.days.chosen = chosen
        self.days.go(chosen or self.days.today)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(SIZES.s, 0, 0, 0)
        head.addWidget(self._title, 1)
        for icon_name, name, months in (("caret_left", _("Month before"), -1), ("caret_right", _("Month after"), 1)):
            turn = IconButton(icon_name, name)
            turn.clicked.connect(lambda _checked=False, by=months: self.days.go(moved(self.days.day, by)))
            head.addWidget(turn)
        return head

    def _foot(self, today: date) -> QHBoxLayout:
        foot = QHBoxLayout()
        now = ghost_button(_("Today"))
        now.clicked.connect(lambda: self.picked.emit(today))
        none = ghost_button(_("Clear"))
        none.clicked.connect(lambda: self.picked.emit(None))
        foot.addWidget(now)
        foot.addStretch(1)
        foot.addWidget(none)
        return foot

    def _name(self) -> None:
        shape = "yyyy年M月" if language().startswith("zh") else "MMMM yyyy"
        day = self.days.day
        self._title.setText(locale().toString(QDate(day.year, day.month, day.day), shape))
