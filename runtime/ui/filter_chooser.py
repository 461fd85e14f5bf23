"""`Chooser`: a field that opens a list of a few things to choose from: fields, operators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from runtime.ui.kit.picker import Pick, PickField, PickList, answers


class Chooser(PickField):
    """One of `picks`.

    Signals:
        picked(value): a person chose another one.
    """

    picked = Signal(object)

    def __init__(self, name: str, picks: Sequence[Pick], value: Any, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.setAccessibleName(name)
        self._offered = list(picks)
        self._value: Any = None
        self.list: PickList | None = None
        self.opened.connect(self.unfold)
        self.choose(value)

    @property
    def value(self) -> Any:
        """What is chosen."""
        return self._value

    def choose(self, value: Any) -> None:
        """Show a choice without saying so."""
        self._value = value
        self.show_pick(next((pick for pick in self._offered if pick.value == value), None))

    def unfold(self, text: str = "") -> None:
        """Open the list."""
        opened = PickList(self, clearable=False)
        opened.asked.connect(self._search)
        opened.picked.connect(self._picked)
        opened.closed.connect(self._closed)
        self.list = opened
        opened.ask(text)

    def _search(self, text: str) -> None:
        if self.list is not None:
            self.list.show_picks([pick for pick in self._offered if answers(pick.text, text)], self._value)

    def _picked(self, value: Any) -> None:
        if value != self._value:
            self.choose(value)
            self.picked.emit(value)

    def _closed(self) -> None:
        if self.list is not None:
            self.list.deleteLater()
            self.list = None
