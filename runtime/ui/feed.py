"""What changed, gathered: the ChangeSets of 50 ms become one signal, however many threads they came from."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

GATHER = 50
"""Milliseconds of ChangeSets that become one signal."""


class Touches(Protocol):
    """What the feed reads of a ChangeSet."""

    @property
    def touched_forms(self) -> frozenset[str]:
        """Ids of the forms whose records change."""
        ...

    @property
    def touched_rows(self) -> frozenset[UUID]:
        """Ids of the records that change."""
        ...

    @property
    def touches_definitions(self) -> bool:
        """Whether an app is published."""
        ...


class Feed(QObject):
    """Tells pages what to repaint.

    Signals:
        changed(forms, rows, definitions): ids of the forms (frozenset of str) and of the records (frozenset of UUID)
            that changed since the last signal, and whether an app was published.
    """

    changed = Signal(object, object, bool)
    _arrived = Signal(object)

    def __init__(self, gather: int = GATHER, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._forms: set[str] = set()
        self._rows: set[UUID] = set()
        self._definitions = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(gather)
        self._timer.timeout.connect(self.flush)
        self._arrived.connect(self._gather, Qt.ConnectionType.AutoConnection)

    def publish(self, changes: Touches) -> None:
        """Take notice of a ChangeSet; from any thread."""
        self._arrived.emit(changes)

    @Slot(object)
    def _gather(self, changes: Touches) -> None:
        self._forms |= changes.touched_forms
        self._rows |= changes.touched_rows
        self._definitions = self._definitions or changes.touches_definitions
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def flush(self) -> None:
        """Signal now what was gathered, if anything was."""
        self._timer.stop()
        forms, rows, definitions = frozenset(self._forms), frozenset(self._rows), self._definitions
        self._forms.clear()
        self._rows.clear()
        self._definitions = False
        if forms or rows or definitions:
            self.changed.emit(forms, rows, definitions)
