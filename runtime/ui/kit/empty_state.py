"""What stands where there is nothing yet: an icon, what this place is for, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from runtime.ui.icons import IconLabel
from runtime.ui.kit.words import words

WIDEST = SIZES.field_width + SIZES.xxl * 2


class EmptyState(QWidget):
    """An icon, a title, a sentence and buttons in the middle of the place."""

    def __init__(
        self,
        icon_name: str,
        title: str,
        sentence: str,
        actions: Sequence[QAbstractButton] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(title)
        middle = Qt.AlignmentFlag.AlignHCenter
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SIZES.xl, SIZES.xl, SIZES.xl, SIZES.xl)
        layout.setSpacing(SIZES.s)
        layout.addStretch(2)
        layout.addWidget(IconLabel(icon_name, "disabled", SIZES.xxl), 0, middle)
        layout.addSpacing(SIZES.s)
        layout.addWidget(words(title, "section"), 0, middle)
        text = words(sentence, "secondary", wrap=True)
        text.setAlignment(middle)
        text.setFixedWidth(min(WIDEST, text.fontMetrics().horizontalAdvance(sentence) + SIZES.s))
        layout.addLayout(self._centred([text]))
        layout.addSpacing(SIZES.s)
        layout.addLayout(self._centred(actions))
        layout.addStretch(3)

    @staticmethod
    def _centred(parts: Sequence[QWidget]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SIZES.s)
        row.addStretch(1)
        for part in parts:
            row.addWidget(part)
        row.addStretch(1)
        return row
