"""A segmented control: a few choices in a row, one of them pressed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from resources.styles.tokens import SIZES
from runtime.ui.icons import icon


class _Segment(QPushButton):
    """One choice, wide enough for its words in the bold letters that it has while it is pressed."""

    def sizeHint(self) -> QSize:
        """The size with bold letters."""
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        words, size = self.text(), super().sizeHint()
        wider = QFontMetrics(bold).horizontalAdvance(words) - self.fontMetrics().horizontalAdvance(words)
        return QSize(size.width() + max(0, wider), size.height())

    def minimumSizeHint(self) -> QSize:
        """As the size hint: the words are not cut."""
        return self.sizeHint()


class Segments(QFrame):
    """One of `choices`; arrow keys move.

    Signals:
        chosen(str): the key of the choice that a person made.
    """

    chosen = Signal(str)

    def __init__(
        self, name: str, choices: Sequence[tuple[str, str, str]], key: str, parent: QWidget | None = None
    ) -> None:
        """`choices` are (key, label, icon name or ""); `key` is pressed at first; `name` is for screen readers."""
        super().__init__(parent)
        self.setProperty("role", "segments")
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SIZES.focus, SIZES.focus, SIZES.focus, SIZES.focus)
        layout.setSpacing(SIZES.focus)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for choice, label, icon_name in choices:
            layout.addWidget(self._button(choice, label, icon_name))
        self.choose(key)

    def _button(self, key: str, label: str, icon_name: str) -> QPushButton:
        made = _Segment(label)
        made.setProperty("kind", "segment")
        made.setCheckable(True)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if icon_name:
            made.setIcon(icon(icon_name))
            made.setIconSize(QSize(SIZES.icon, SIZES.icon))
        made.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(made)
        self._buttons[key] = made
        return made

    def choose(self, key: str) -> None:
        """Press the choice `key` without saying so."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def key(self) -> str:
        """The key of the pressed choice."""
        return next((key for key, made in self._buttons.items() if made.isChecked()), "")
