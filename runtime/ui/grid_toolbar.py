"""The bar over the records: name and count at the left, search, filter, sort, columns and Add at the right."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.icons import icon
from runtime.ui.kit.button import Button, IconButton, ghost_button
from runtime.ui.kit.search_field import SearchField
from runtime.ui.kit.words import words

NARROW = SIZES.window_least
SEARCH_WIDTH = SIZES.xxl * 4


class GridToolbar(QFrame):
    """44 px.

    Signals:
        resized(): there is more or less room.
    """

    resized = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "toolbar")
        self.setFixedHeight(SIZES.toolbar)
        self.name = words(name, "strong")
        self.count = words("", "secondary")
        self.search = SearchField(_("Search records"))
        self.search.setFixedWidth(SEARCH_WIDTH)
        self.search.setProperty("compact", True)
        self.filter = self._toggle("filter")
        self.sort = self._toggle("sort")
        self.columns = self._toggle("columns")
        self.delete = IconButton("delete", _("Delete the selected records"), shortcut="Ctrl+Del")
        self.add = Button(_("Add record"), "primary", "add").compact()
        add = _("Add record")
        self.add.setToolTip(f"{add}  Ctrl+N")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SIZES.m, 0, SIZES.m, 0)
        layout.setSpacing(SIZES.xs)
        layout.addWidget(self.name)
        layout.addSpacing(SIZES.s)
        layout.addWidget(self.count)
        layout.addStretch(1)
        for part in (self.search, self.filter, self.sort, self.columns, self.delete):
            layout.addWidget(part)
        layout.addSpacing(SIZES.xs)
        layout.addWidget(self.add)
        self._words: dict[Button, str] = {}
        self.show_counts(0, 0, 0)

    @staticmethod
    def _toggle(icon_name: str) -> Button:
        made = ghost_button("", icon_name)
        made.setCheckable(True)
        made.setIcon(icon(icon_name, "secondary", "accent_text"))
        return made

    def show_counts(self, conditions: int, keys: int, hidden: int) -> None:
        """How many conditions, sort keys and hidden columns there are."""
        self._label(self.filter, _("Filter"), conditions)
        self._label(self.sort, _("Sort"), keys)
        self._label(self.columns, _("Columns"), hidden, _("{n} hidden", n=hidden))

    def _label(self, made: Button, name: str, count: int, said: str = "") -> None:
        made.setChecked(count > 0)
        said = said or str(count)
        self._words[made] = f"{name} · {said}" if count else name
        made.setAccessibleName(self._words[made])
        made.setToolTip(self._words[made])
        self._fit()

    def _fit(self) -> None:
        narrow = self.width() < NARROW
        for made, text in self._words.items():
            made.setText("" if narrow else text)
        self.search.setFixedWidth(SEARCH_WIDTH * 2 // 3 if narrow else SEARCH_WIDTH)
        self.add.setText("" if narrow else _("Add record"))
        self.add.setAccessibleName(_("Add record"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window only icons stay."""
        super().resizeEvent(event)
        if (event.oldSize().width() < NARROW) != (event.size().width() < NARROW):
            self._fit()
