"""The bar over the records: view and count at the left; search, filter, order, groups, colours, columns, Add."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.form_commands import FORM_COMMANDS
from runtime.ui.icons import icon
from runtime.ui.kit.button import Button, IconButton, ghost_button
from runtime.ui.kit.search_field import SearchField
from runtime.ui.kit.words import words
from runtime.ui.view_switcher import ViewButton
from runtime.view import ViewSpec

SEARCH_WIDTH = SIZES.xxl * 4
SEARCH_LEAST = SEARCH_WIDTH * 2 // 3
ICONS = {"filter": "filter", "sort": "sort", "group": "group", "colours": "appearance", "columns": "columns"}


class GridToolbar(QFrame):
    """44 px; where the words of the buttons have no room, icons and numbers stay."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "toolbar")
        self.setFixedHeight(SIZES.toolbar)
        self.view = ViewButton()
        self.count = words("", "secondary")
        search, add = FORM_COMMANDS["open_search"], FORM_COMMANDS["new_record"]
        self.search = SearchField(str(search.title))
        self.search.setProperty("compact", True)
        self.search.setToolTip(search.hint)
        made = {name: self._toggle(icon_name) for name, icon_name in ICONS.items()}
        self.filter, self.sort, self.group = made["filter"], made["sort"], made["group"]
        self.colours, self.columns = made["colours"], made["columns"]
        self.height_ = IconButton("rows", str(FORM_COMMANDS["open_heights"].title))
        self.more = IconButton("dots", _("More"))
        self.add = Button(str(add.title), "primary", add.icon).compact()
        self.add.setToolTip(add.hint)
        self.add.setAccessibleName(str(add.title))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(SIZES.s, 0, SIZES.m, 0)
        self._row.setSpacing(SIZES.xs)
        self._row.addWidget(self.view)
        self._row.addSpacing(SIZES.xs)
        self._row.addWidget(self.count)
        self._row.addSpacing(SIZES.xs)
        self._row.addStretch(1)
        for part in (self.search, *made.values(), self.height_, self.more):
            self._row.addWidget(part)
        self._row.addSpacing(SIZES.xs)
        self._row.addWidget(self.add)
        self._words: dict[Button, tuple[str, str]] = {}
        self.show_counts(ViewSpec(), 0, 0)

    @staticmethod
    def _toggle(icon_name: str) -> Button:
        made = ghost_button("", icon_name)
        made.setCheckable(True)
        made.setIcon(icon(icon_name, "secondary", "accent_text"))
        return made

    def show_counts(self, spec: ViewSpec, conditions: int, hidden: int) -> None:
        """How many conditions, sort keys, groups, rules and hidden columns there are."""
        self._label(self.filter, "open_filter", conditions)
        self._label(self.sort, "open_sort", len(spec.sorts))
        self._label(self.group, "open_groups", len(spec.groups))
        self._label(self.colours, "open_colours", len(spec.colours))
        self._label(self.columns, "open_columns", hidden, _("{n} hidden", n=hidden))
        self.fit()

    def show_count(self, text: str) -> None:
        """How many records there are, in words."""
        self.count.setText(text)
        self.count.setMinimumWidth(max(self.count.minimumWidth(), self.count.sizeHint().width()))  # nothing jumps
        self.fit()

    def _label(self, made: Button, command: str, count: int, said: str = "") -> None:
        made.setChecked(count > 0)
        name = str(FORM_COMMANDS[command].title)
        self._words[made] = (f"{name} · {said or count}" if count else name, str(count) if count else "")
        made.setAccessibleName(self._words[made][0])
        made.setToolTip(self._words[made][0])

    def fit(self) -> None:
        """Words where there is room, else icons and numbers; in a small window a short search, a plus and no count."""
        add = str(FORM_COMMANDS["new_record"].title)
        for short, least, bare in ((False,) * 3, (True, False, False), (True, True, False), (True,) * 3):
            for made, texts in self._words.items():
                made.setText(texts[short])
            self.search.setFixedWidth(SEARCH_LEAST if least else SEARCH_WIDTH)
            self.add.setText("" if least else add)
            self.count.setHidden(bare)  # the status bar says it too
            self._row.invalidate()
            if self._row.sizeHint().width() <= self.width():
                return

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There is more or less room."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.fit()
