"""A search field: says what was typed after a short rest, clears with Escape."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from resources.texts import _
from runtime.ui.icons import icon

REST = 200
"""Milliseconds without a key after which the search starts."""


class SearchField(QLineEdit):
    """A line with a magnifying glass.

    Signals:
        searched(str): the text, after a rest in typing, at once on Enter and when cleared.
    """

    searched = Signal(str)

    def __init__(self, hint: str = "", parent: QWidget | None = None, rest: int = REST) -> None:
        super().__init__(parent)
        self.setProperty("role", "search")
        hint = hint or _("Search")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._clear = QAction(icon("clear"), _("Clear"), self)
        self._clear.triggered.connect(self.clear)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self._clear.setVisible(False)
        self._said = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(rest)
        self._timer.timeout.connect(self._say)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self._say)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape clears a text; an empty field leaves Escape to the place that holds it."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def empty(self) -> None:
        """Hold nothing, without saying so."""
        self._said = ""
        self.clear()

    def search_now(self) -> None:
        """Say at once what is typed."""
        self._say()

    def _typed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        if text:
            self._timer.start()
        else:
            self._say()

    def _say(self) -> None:
        self._timer.stop()
        if self.text() != self._said:
            self._said = self.text()
            self.searched.emit(self._said)
