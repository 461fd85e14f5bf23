"""Which view is shown: the button at the left of the toolbar, and the list of views behind it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import T, _
from runtime.errors import UserError
from runtime.ui import icons
from runtime.ui.icons import icon
from runtime.ui.kit.button import Button, ghost_button, primary_button
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.scrolled import Scrolled
from runtime.ui.kit.segments import Segments
from runtime.ui.kit.words import rule, tip, words
from runtime.ui.theme import colour
from runtime.ui.view_state import ViewState
from runtime.view import ViewSpec

WIDEST = SIZES.xxl * 4
DOT = SIZES.s - SIZES.focus
ALL = T("All records")


def name_of(view: ViewSpec) -> str:
    """What people call a view."""
    return view.name or str(ALL)


def icon_of(view: ViewSpec) -> str:
    """The icon of a view: everybody's, one's own, or every record."""
    if not view.id:
        return "view"
    return "users" if view.shared else "user"


class ViewButton(Button):
    """The name of the view, a dot where it differs from what is saved, an arrow."""

    def __init__(self) -> None:
        super().__init__("", "ghost")
        self.compact()
        self._name = ""
        self._differs = False
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(WIDEST)
        self.show_view(ViewSpec(), differs=False)

    @property
    def differs(self) -> bool:
        """Whether the dot is shown."""
        return self._differs

    @property
    def name(self) -> str:
        """What is shown."""
        return self._name

    def show_view(self, view: ViewSpec, differs: bool) -> None:
        """Show another view."""
        self._name, self._differs = name_of(view), differs
        self._icon = icon_of(view)
        said = _("{name}, changed", name=self._name) if differs else self._name
        self.setAccessibleName(_("View: {name}", name=said))
        self.setToolTip(tip(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Icon, name, dot and arrow."""
        font = self.font()
        font.setWeight(font.Weight.DemiBold)
        text = self.fontMetrics().horizontalAdvance(self._name) * 11 // 10
        wide = 2 * SIZES.s + SIZES.icon + SIZES.s + text + SIZES.s + SIZES.icon_small
        return QSize(min(WIDEST, wide + (DOT + SIZES.s if self._differs else 0)), SIZES.compact)

    def minimumSizeHint(self) -> QSize:
        """Icon and arrow."""
        return QSize(SIZES.xxl + SIZES.xl, SIZES.compact)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Ground by style; the rest by hand, since the name is cut where it does not fit."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inside = self.rect().adjusted(SIZES.s, 0, -SIZES.s, 0)
        middle = inside.center().y() + 1
        box = QRect(inside.left(), middle - SIZES.icon // 2, SIZES.icon, SIZES.icon)
        icons.paint(painter, box, self._icon, colour("secondary"))
        small = SIZES.icon_small
        arrow = QRect(QPoint(inside.right() - small, middle - small // 2), QSize(small, small))
        icons.paint(painter, arrow, "caret_down", colour("secondary"))
        room = inside.adjusted(SIZES.icon + SIZES.s, 0, -small - SIZES.xs, 0)
        if self._differs:
            room.setRight(room.right() - DOT - SIZES.xs)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent"))
            painter.drawEllipse(QRect(room.right() + SIZES.xs, middle - DOT // 2, DOT, DOT))
        font = self.font()
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colour("text"))
        shown = painter.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.end()


class Line(Button):
    """One line of the list; Up and Down go to the neighbours."""

    def __init__(self, text: str, icon_name: str) -> None:
        super().__init__(text.replace("&", "&&"), "entry")
        self.compact()
        self.setIcon(icon(icon_name, "secondary", "accent_text"))
        self.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up, Down, Enter."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        window = self.window()
        if step is not None:
            lines = [line for line in window.findChildren(Line) if line.isVisibleTo(window) and line.isEnabled()]
            lines[(lines.index(self) + step) % len(lines)].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)


class ViewList(Popover):
    """The views, and what can be done with the one that is shown; made each time it is opened."""

    def __init__(self, anchor: QWidget, state: ViewState) -> None:
        super().__init__(anchor)
        self._state = state
        self.entries: dict[str, Line] = {}
        self._pages = QStackedWidget()
        self.body.addWidget(self._pages)
        self._pages.addWidget(self._list_page())
        self.closed.connect(self.deleteLater)

    def start(self) -> None:
        """Open at the view that is shown."""
        self.open(self.entries.get(self._state.spec.id))

    # The list

    def _list_page(self) -> QWidget:
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SIZES.xs)
        area = Scrolled(SIZES.row * 10, SIZES.focus)
        for view in (ViewSpec(), *self._state.views):
            line = Line(name_of(view), icon_of(view))
            line.setCheckable(True)
            line.setChecked(view.id == self._state.spec.id)
            if view.id:
                line.setToolTip(_("Everybody sees this view") if view.shared else _("Only you see this view"))
            line.clicked.connect(lambda _checked=False, each=view.id: self._choose(each))
            self.entries[view.id] = line
            area.lines.addWidget(line)
        lines.addWidget(area)
        area.fit()
        lines.addWidget(rule())
        for text, icon_name, run in self._actions():
            line = Line(text, icon_name)
            line.clicked.connect(lambda _checked=False, run=run: run())
            lines.addWidget(line)
        return page

    def _actions(self) -> list[tuple[str, str, Callable[[], object]]]:
        state, saved = self._state, self._state.saved
        found: list[tuple[str, str, Callable[[], object]]] = []
        if state.differs and saved.id:
            found.append((_("Save changes"), "check", lambda: self._do(state.save)))
        if state.differs:
            found.append((_("Reset changes"), "undo", lambda: self._do(state.reset)))
        found.append((_("Save as a new view …"), "add", self.save_as))
        if saved.id:
            found.append((_("Rename …"), "edit", self._rename))
            found.append((_("Duplicate"), "copy", lambda: self._do(state.duplicate)))
            if saved.shared:
                found.append((_("Keep for me only"), "user", lambda: self._do(lambda: state.share(False))))
            else:
                found.append((_("Share with everybody"), "users", lambda: self._do(lambda: state.share(True))))
            found.append((_("Delete"), "delete", lambda: self._do(state.remove)))
        return found

    def _choose(self, view_id: str) -> None:
        self._do(lambda: self._state.choose(view_id))

    def _do(self, run: Callable[[], object]) -> None:
        self.close()
        run()

    # A name

    def save_as(self) -> None:
        """Ask for a name, and for whom the view is."""
        choices = [("own", _("Only me"), "user"), ("all", _("Everybody"), "users")]
        for_whom = Segments(_("Who sees it"), choices, "own")
        self._ask_name("", lambda name: self._state.save_as(name, for_whom.key() == "all"), for_whom)

    def _rename(self) -> None:
        self._ask_name(self._state.saved.name, self._state.rename)

    def _ask_name(self, name: str, done: Callable[[str], object], extra: QWidget | None = None) -> None:
        """A page with one line, in the place of the list."""
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(SIZES.xs, SIZES.xs, SIZES.xs, SIZES.xs)
        lines.setSpacing(SIZES.s)
        line = QLineEdit(name)
        line.setAccessibleName(_("Name of the view"))
        line.setMaxLength(100)
        wrong = words("", "error", wrap=True)
        wrong.hide()
        save = primary_button(_("Save")).compact()
        back = ghost_button(_("Cancel"))
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(back)
        buttons.addWidget(save)
        lines.addWidget(words(_("Name of the view"), "label"))
        lines.addWidget(line)
        lines.addWidget(wrong)
        if extra is not None:
            lines.addWidget(extra)
        lines.addLayout(buttons)

        def finish() -> None:
            try:
                done(line.text())
            except UserError as error:
                wrong.setText(f"{error.message} {error.hint}")
                wrong.show()
                self.adjustSize()
                return
            self.close()

        save.clicked.connect(finish)
        line.returnPressed.connect(finish)
        back.clicked.connect(self.close)
        former = self._pages.currentWidget()
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        if former is not None:
            self._pages.removeWidget(former)
            former.deleteLater()
        self.adjustSize()
        line.selectAll()
        line.setFocus(Qt.FocusReason.PopupFocusReason)
