"""`Page`: one thing that fills the window; the window knows no more of it than this."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES

MUCH = 100
"""Stretch of the column against the empty space beside it."""


class Page(QWidget):
    """What stands in the middle of the window.

    Signals:
        said(str): what stands at the right of the status bar while the page is shown ("12,418 records").
    """

    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.status = ""

    def say(self, text: str) -> None:
        """Put `text` into the status bar while this page is shown."""
        self.status = text
        self.said.emit(text)

    def shown(self) -> None:
        """The page came to the front; it may ask for fresh rows."""

    @property
    def unsaved(self) -> bool:
        """Whether a person typed here what is not saved yet; such a page is not thrown away unasked."""
        return False


class ColumnPage(Page):
    """A page whose contents stand in one column of readable width and scroll; put things into `column`."""

    def __init__(self, width: int = SIZES.page_width, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        inner.setMaximumWidth(width)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(SIZES.xl, SIZES.xl, SIZES.xl, SIZES.xl)
        self.column.setSpacing(SIZES.l)
        holder = QWidget()
        holder.setProperty("role", "clear")
        around = QHBoxLayout(holder)
        around.setContentsMargins(0, 0, 0, 0)
        around.addStretch(1)
        around.addWidget(inner, MUCH)
        around.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(holder)
        area.viewport().setAutoFillBackground(False)
        holder.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
