"""`FindBar`: what to find in the cells of a grid and what to put in its place."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _, plural
from runtime.exchange.editing.cell_search import Wanted
from runtime.ui.kit.button import Button, IconButton, ghost_button
from runtime.ui.kit.search_field import SearchField
from runtime.ui.kit.words import ElidedWords
from runtime.ui.theme import mark

FIELD_WIDTH = SIZES.xxl * 5
NARROW = SIZES.window_least + SIZES.xxl
SHORT = ("Aa", "|ab|", ".*", "[…]")
"""What stands on the options in a narrow window: match case, whole cell, regular expression, only in the selection."""


def _option(name: str) -> Button:
    """A button that stays down."""
    made = ghost_button(name)
    made.setCheckable(True)
    made.setAccessibleName(name)
    made.setToolTip(name)
    return made


class FindBar(QFrame):
    """Over the grid; hidden until it is asked for.

    Signals:
        changed(): something else is to be found.
        stepped(int): the next (1) or previous (-1) place.
        replace_asked(), all_asked(): put the new text in this place, in all.
        closed(): the person is done.
    """

    changed = Signal()
    stepped = Signal(int)
    replace_asked = Signal()
    all_asked = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "toolbar")
        self.setAccessibleName(_("Find and replace"))
        self.text = SearchField(_("Find in the cells"))
        self.new = QLineEdit()
        self.new.setPlaceholderText(_("Replace with"))
        self.new.setAccessibleName(_("Replace with"))
        for line in (self.text, self.new):
            line.setFixedWidth(FIELD_WIDTH)
            line.setProperty("compact", True)
        self.count = ElidedWords("", "secondary")
        self.case = _option(_("Match case"))
        self.whole = _option(_("Whole cell"))
        self.pattern = _option(_("Regular expression"))
        self.selection = _option(_("Only in the selection"))
        self._options = (self.case, self.whole, self.pattern, self.selection)
        self.before = IconButton("arrow_up", _("Previous"), shortcut="Shift+F3")
        self.after = IconButton("arrow_down", _("Next"), shortcut="F3")
        self.more = ghost_button(_("Replace …"))
        self.close_button = IconButton("close", _("Close"), shortcut="Esc")
        self.one = ghost_button(_("Replace"))
        self.all = ghost_button(_("Replace all"))
        self._build()
        self._connect()
        self.show_replace(False)
        self.offer_selection(False)
        self.hide()

    def _build(self) -> None:
        options = QHBoxLayout()
        options.setSpacing(SIZES.xs)
        for part in (self.before, self.after):
            options.addWidget(part)
        for box in self._options:
            options.addWidget(box)
        options.addWidget(self.count, 1)
        options.addWidget(self.more)
        options.addWidget(self.close_button)
        second = QHBoxLayout()
        second.setSpacing(SIZES.s)
        second.addWidget(self.one)
        second.addWidget(self.all)
        second.addStretch(1)
        layout = QGridLayout(self)
        layout.setContentsMargins(SIZES.m, SIZES.s, SIZES.m, SIZES.s)
        layout.setHorizontalSpacing(SIZES.s)
        layout.setVerticalSpacing(SIZES.s)
        layout.addWidget(self.text, 0, 0)
        layout.addLayout(options, 0, 1)
        layout.addWidget(self.new, 1, 0)
        layout.addLayout(second, 1, 1)
        layout.setColumnStretch(1, 1)
        for one, other in pairwise((self.text, self.new, self.one, self.all, self.before)):
            QWidget.setTabOrder(one, other)

    def _connect(self) -> None:
        self.text.searched.connect(lambda _text: self.changed.emit())
        for box in self._options:
            box.toggled.connect(lambda _on: self.changed.emit())
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        self.more.clicked.connect(lambda: self.show_replace(not self.replacing))
        self.close_button.clicked.connect(self.closed)
        self.one.clicked.connect(self.replace_asked)
        self.all.clicked.connect(self.all_asked)

    @property
    def wanted(self) -> Wanted:
        """What is to be found."""
        return Wanted(self.text.text(), self.case.isChecked(), self.whole.isChecked(), self.pattern.isChecked())

    @property
    def replacing(self) -> bool:
        """Whether the line for the new text is there."""
        return not self.new.isHidden()

    def show_replace(self, on: bool) -> None:
        """Show or hide the line for the new text."""
        for part in (self.new, self.one, self.all):
            part.setVisible(on)
        self.more.setVisible(not on)

    def offer_selection(self, on: bool) -> None:
        """Offer to look only in what is chosen, and begin with that; or not."""
        told = self.selection.blockSignals(True)
        self.selection.setChecked(on)
        self.selection.blockSignals(told)
        self.selection.setVisible(on)

    def start(self, *, replace: bool) -> None:
        """Take the keyboard."""
        if replace:
            self.show_replace(True)
        self.show()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    def show_count(self, at: int, count: int, replaceable: int) -> None:
        """Say how many places there are and which one is the current one (from 1; 0 = none)."""
        if not self.text.text():
            said = ""
        elif not count:
            said = _("Nothing found")
        elif at:
            said = _("{at} of {n}", at=f"{at:,}", n=f"{count:,}")
        else:
            said = plural("{n} place found", "{n} places found", count)
        self._say(said, count, replaceable)

    def show_busy(self) -> None:
        """It takes a moment."""
        self._say(_("Searching …"), 0, 0)

    def show_wrong(self, text: str) -> None:
        """What is typed cannot be searched."""
        self._say(text, 0, 0)
        mark(self.text, wrong=True)

    def _say(self, said: str, count: int, replaceable: int) -> None:
        mark(self.text, wrong=False)
        self.count.setText(said)
        for made, of_use in (
            (self.before, count),
            (self.after, count),
            (self.one, replaceable),
            (self.all, replaceable),
        ):
            if made.hasFocus() and not of_use:
                self.text.setFocus()
            made.setEnabled(of_use > 0)
        self.all.setText(_("Replace all ({n})", n=f"{replaceable:,}") if replaceable else _("Replace all"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window lines and words are shorter, so that the count has room."""
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        for line in (self.text, self.new):
            line.setFixedWidth(FIELD_WIDTH * 2 // 3 if narrow else FIELD_WIDTH)
        for made, short in zip(self._options, SHORT, strict=True):
            made.setText(short if narrow else made.accessibleName())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, with Shift back; Escape closes."""
        back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3}:
            if self.new.hasFocus() and event.key() != Qt.Key.Key_F3:
                self.replace_asked.emit()
            else:
                self.stepped.emit(-1 if back else 1)
        elif event.key() == Qt.Key.Key_H and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.show_replace(True)
            self.new.setFocus()
        else:
            super().keyPressEvent(event)
