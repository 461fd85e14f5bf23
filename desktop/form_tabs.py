"""The tabs of open forms: closable by cross, middle click and Ctrl+W; movable; they know ids and names only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QTabBar, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.kit.button import IconButton

CROSS = SIZES.chip


class FormTabs(QTabBar):
    """One tab per form.

    Signals:
        shown(str): id of the form that came to the front, "" for none.
        close_asked(str): a person wants to close this form.
        moved(): the tabs are in another order.
    """

    shown = Signal(str)
    close_asked = Signal(str)
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Open forms"))
        self.setExpanding(False)
        self.setMovable(True)
        self.setDrawBase(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.currentChanged.connect(lambda _at: self.shown.emit(self.front))
        self.tabMoved.connect(lambda _from, _to: self.moved.emit())

    @property
    def forms(self) -> tuple[str, ...]:
        """Ids of the open forms, from the left."""
        return tuple(str(self.tabData(at)) for at in range(self.count()))

    @property
    def front(self) -> str:
        """Id of the form in front, or ""."""
        at = self.currentIndex()
        return str(self.tabData(at)) if at >= 0 and self.tabData(at) is not None else ""

    def open(self, form_id: str, name: str) -> None:
        """Bring a form to the front, in a new tab where it has none."""
        if form_id not in self.forms:
            former = self.blockSignals(True)
            at = self.addTab(_plain(name))
            self.setTabData(at, form_id)
            self.setTabToolTip(at, name)
            self._put_cross(at, form_id, name)
            self.blockSignals(former)
            if self.count() == 1:
                self.shown.emit(form_id)
        self.show_form(form_id)

    def _put_cross(self, at: int, form_id: str, name: str) -> None:
        cross = IconButton("close", _("Close {name}", name=name), size=CROSS, shortcut="Ctrl+W")
        cross.setIconSize(cross.size() * 0.6)
        cross.clicked.connect(lambda: self.close_asked.emit(form_id))
        self.setTabButton(at, QTabBar.ButtonPosition.RightSide, cross)

    def show_form(self, form_id: str) -> None:
        """Bring the tab of a form to the front."""
        if form_id in self.forms:
            self.setCurrentIndex(self.forms.index(form_id))

    def rename(self, form_id: str, name: str) -> None:
        """Give a tab another name."""
        if form_id in self.forms:
            at = self.forms.index(form_id)
            self.setTabText(at, _plain(name))
            self.setTabToolTip(at, name)
            self._put_cross(at, form_id, name)

    def close_tab(self, form_id: str) -> None:
        """Take a tab away."""
        if form_id in self.forms:
            self.removeTab(self.forms.index(form_id))

    def step(self, by: int) -> None:
        """Bring the next or the former tab to the front, round and round."""
        if self.count():
            self.setCurrentIndex((self.currentIndex() + by) % self.count())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The middle button closes."""
        at = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and at >= 0:
            self.close_asked.emit(str(self.tabData(at)))
        else:
            super().mouseReleaseEvent(event)


def _plain(name: str) -> str:
    """A name in a tab, where & would mark a letter."""
    return name.replace("&", "&&")
