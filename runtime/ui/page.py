"""`Page`: one thing that fills the window; the window knows no more of it than this."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import T, Text
from runtime.errors import Sentence

MUCH = 100
"""Stretch of the column against the empty space beside it."""


@dataclass(frozen=True, slots=True)
class PageCommand:
    """One thing that a person can invoke where they are.

    Attributes:
        name: unique among what the page and the program offer.
        title: what people read.
        icon: name of its icon.
        run: does it.
        shortcut: keys that do the same, in Qt's portable writing, or "".
        also: other words by which people look for it, with commas between; or None.
        why_not: what has to be done first; None where it can be invoked now.
    """

    name: str
    title: Text
    icon: str
    run: Callable[[], object]
    shortcut: str = ""
    also: Text | None = None
    why_not: Text | None = None


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

    def commands(self) -> Sequence[PageCommand]:
        """What can be invoked here, of what this person may; asked each time that it is listed."""
        return ()

    def shows(self, forms: Collection[str]) -> bool:
        """Whether the records of one of these forms are seen here."""
        return False

    @property
    def unsaved(self) -> bool:
        """Whether a person typed here what is not saved yet; such a page is not thrown away unasked."""
        return False

    @property
    def unsaved_words(self) -> tuple[Sentence, Sentence]:
        """What is not saved, and what to do about it."""
        return T("Something is not saved yet."), T("Save it first.")

    def show_unsaved(self) -> None:
        """Bring what is not saved to the front, where the page holds several things."""


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
