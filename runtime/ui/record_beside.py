"""`RecordBeside`: one record in a panel beside the view of its form, or in its place where there is little room."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from resources.styles.tokens import SIZES
from resources.texts import T
from runtime.form import Form
from runtime.store.rows import Row
from runtime.ui.notices import Notices
from runtime.ui.record_panel import WIDEST, RecordPanel

REST = 100
"""Milliseconds until the panel is prepared."""
QWIDGETSIZE_MAX = 16_777_215
"""No limit, as Qt counts it."""


class RecordBeside(QObject):
    """The panel, made when it is first needed; `splitter` holds it and what it stands beside.

    Args:
        main: what it stands beside.
        make: makes the panel.
        parent: in which both stand.

    Signals:
        made(RecordPanel): the panel exists now.
        left(): it was closed.
    """

    made = Signal(object)
    left = Signal()

    def __init__(self, main: QWidget, make: Callable[[], RecordPanel], notices: Notices, parent: QWidget) -> None:
        super().__init__(parent)
        self._main = main
        self._make = make
        self._notices = notices
        self._panel: RecordPanel | None = None
        self._soon = QTimer(self)  # `singleShot` would keep the session of a page that is closed meanwhile
        self._soon.setSingleShot(True)
        self._soon.setInterval(REST)
        self._soon.timeout.connect(self.prepare)
        self.is_open = False
        self.splitter = QSplitter(Qt.Orientation.Horizontal, parent)
        self.splitter.setHandleWidth(SIZES.hair)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(main)
        self.splitter.setStretchFactor(0, 1)

    @property
    def exists(self) -> bool:
        """Whether the panel was made."""
        return self._panel is not None

    @property
    def panel(self) -> RecordPanel:
        """The panel."""
        if self._panel is None:
            made = self._make()
            made.hide()
            self.splitter.addWidget(made)
            self.splitter.setStretchFactor(1, 0)
            made.closed.connect(self.close)
            self._panel = made
            self.made.emit(made)
        return self._panel

    @property
    def unsaved(self) -> bool:
        """Whether it holds what is not saved."""
        return self.is_open and self.panel.unsaved

    def prepare_soon(self) -> None:
        """Make what is needed soon, a moment after the first records are shown."""
        self._soon.start()

    def prepare(self) -> None:
        """Make what is needed soon."""
        self.panel.setVisible(self.is_open)
        self.panel.prepare()

    def show_record(self, row: Row) -> bool:
        """Show a record; False where what it holds must be saved first."""
        if not self.settle():
            return False
        self._open()
        self.panel.show_record(row)
        return True

    def show_draft(self) -> None:
        """Begin a new record."""
        if self.is_open and self.panel.drafting:
            self.panel.fields.start()
        elif self.settle():
            self._open()
            self.panel.show_draft()

    def follow(self, row: Row) -> None:
        """The view went to another record: show that, where a record is shown."""
        if not self.is_open or self.panel.drafting:
            return
        shown = self.panel.row
        if (shown is None or shown.id != row.id) and self.settle():
            self.panel.show_record(row)

    def refresh(self) -> None:
        """Records changed."""
        if self.is_open and not self.panel.drafting:
            self.panel.refresh()

    def show_form(self, form: Form) -> None:
        """The form was published anew."""
        if self._panel is not None:
            self._panel.show_form(form)

    def settle(self) -> bool:
        """Be done with what it shows; False = it holds a new record, or input that is not saved."""
        if not self.is_open:
            return True
        if not self.panel.drafting:
            self.panel.fields.finish()
        if self.panel.unsaved and (self.panel.drafting or self.panel.fields.unreadable()):
            self._notices.warning(
                T("The record beside is not saved yet."), T("Save or close it first."), code="panel_unsaved"
            )
            return False
        return True

    def close(self) -> None:
        """Hide it."""
        self.is_open = False
        self.panel.hide()
        self.share()
        self.left.emit()

    def _open(self) -> None:
        if not self.is_open:
            self.is_open = True
            self.panel.show()
            self.splitter.setSizes([self.splitter.width() - SIZES.panel_width, SIZES.panel_width])
            self.share()

    def share(self) -> None:
        """Beside the record there is room for the view, or the record stands in its place."""
        room = self.splitter.width() >= SIZES.panel_width * 2
        self._main.setVisible(room or not self.is_open)
        if self._panel is not None:
            self._panel.setMaximumWidth(WIDEST if room else QWIDGETSIZE_MAX)
