"""Cards: a bordered surface, and one that is a button."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOption,
    QVBoxLayout,
    QWidget,
)

from resources.styles.tokens import SIZES
from runtime.ui.icons import IconLabel
from runtime.ui.kit.words import ElidedWords, words


class Card(QFrame):
    """A surface with a border; put things into `body`."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(SIZES.l, SIZES.l, SIZES.l, SIZES.l)
        self.body.setSpacing(SIZES.m)
        if title:
            self.body.addWidget(words(title, "section"))


class CardButton(QAbstractButton):
    """A card that does one thing: icon, title, a sentence. Wide cards put the icon on the left."""

    def __init__(self, icon_name: str, title: str, sentence: str, *, wide: bool = False) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed if wide else QSizePolicy.Policy.Preferred
        )
        self._layout = self._wide(icon_name, title, sentence) if wide else self._tall(icon_name, title, sentence)

    def _tall(self, icon_name: str, title: str, sentence: str) -> QVBoxLayout:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SIZES.l, SIZES.l, SIZES.l, SIZES.l)
        layout.setSpacing(SIZES.xs)
        layout.addWidget(self._still(IconLabel(icon_name, "accent", SIZES.icon_large)))
        layout.addSpacing(SIZES.s)
        layout.addWidget(self._still(words(title, "strong", wrap=True)))
        layout.addWidget(self._still(words(sentence, "secondary", wrap=True)))
        layout.addStretch(1)
        return layout

    def _wide(self, icon_name: str, title: str, sentence: str) -> QHBoxLayout:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SIZES.m, SIZES.s, SIZES.m, SIZES.s)
        layout.setSpacing(SIZES.m)
        layout.addWidget(self._still(IconLabel(icon_name, "accent", SIZES.xl)))
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self._still(ElidedWords(title, "strong")))
        lines.addWidget(self._still(ElidedWords(sentence, "small")))
        layout.addLayout(lines, 1)
        return layout

    def put_last(self, part: QWidget) -> None:
        """Put a control of its own at the end of the card."""
        self._layout.addWidget(part)

    @staticmethod
    def _still(label: QLabel) -> QLabel:
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        return label

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground by style."""
        option = QStyleOption()
        option.initFrom(self)
        if self.isDown():
            option.state |= QStyle.StateFlag.State_Sunken
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, option, painter, self)
        painter.end()

    def sizeHint(self) -> QSize:
        """What its words need."""
        return self._layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """What its words need at least."""
        return self._layout.minimumSize()

    def hasHeightForWidth(self) -> bool:
        """Its words wrap."""
        return self._layout.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        """The height of the wrapped words."""
        return self._layout.heightForWidth(width)
