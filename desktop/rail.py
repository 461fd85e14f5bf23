"""The rail at the left: the menu, the places that exist, the settings at the bottom; icons with their names."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop.shell import Place
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.icons import icon
from runtime.ui.kit.button import IconButton


class Rail(QFrame):
    """Buttons for places.

    Signals:
        chosen(str): the name of the place that a person wants.
    """

    chosen = Signal(str)

    def __init__(self, menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self.setAccessibleName(_("Places"))
        self._buttons: dict[str, QToolButton] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(SIZES.xs, SIZES.s, SIZES.xs, SIZES.s)
        self._layout.setSpacing(SIZES.xs)
        more = IconButton("menu", _("Menu"), size=SIZES.control)
        more.setMenu(menu)
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._layout.addWidget(more, 0, Qt.AlignmentFlag.AlignHCenter)
        self._layout.addSpacing(SIZES.s)
        self._layout.addStretch(1)

    def show_places(self, places: Sequence[Place], current: str) -> None:
        """Show exactly `places`, with `current` pressed."""
        names = [place.name for place in places]
        if names != list(self._buttons):
            for made in self._buttons.values():
                self._layout.removeWidget(made)
                made.deleteLater()
            self._buttons = {place.name: self._button(place) for place in places}
            tops = [place.name for place in places if place.rail == "top"]
            for at, name in enumerate(tops):
                self._layout.insertWidget(2 + at, self._buttons[name])
                self._buttons[name].show()
            for place in places:
                if place.rail == "bottom":
                    self._layout.addWidget(self._buttons[place.name])
                    self._buttons[place.name].show()
        for name, made in self._buttons.items():
            made.setChecked(name == current)

    def button(self, name: str) -> QToolButton:
        """The button of a place."""
        return self._buttons[name]

    def _button(self, place: Place) -> QToolButton:
        made = QToolButton()
        made.setProperty("kind", "rail")
        made.setText(str(place.title))
        made.setAccessibleName(str(place.title))
        made.setIcon(icon(place.icon))
        made.setIconSize(QSize(SIZES.icon + SIZES.focus, SIZES.icon + SIZES.focus))
        made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        made.setCheckable(True)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setFixedHeight(SIZES.rail_item)
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        made.clicked.connect(lambda: self.chosen.emit(place.name))
        return made
