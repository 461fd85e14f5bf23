"""`ImportPage`: draws where an import is: reading, refused, review, place, importing, what was left out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop.import_wizard import steps
from desktop.import_wizard.checked import Checked
from desktop.import_wizard.flow import ImportFlow, Phase
from desktop.import_wizard.place import PlaceForm
from desktop.import_wizard.result import Result
from desktop.import_wizard.review import Review
from desktop.import_wizard.waiting import Refusal, Waiting
from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import T, _
from runtime.errors import Sentence, UserError
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import button, ghost_button, primary_button
from runtime.ui.kit.empty_state import EmptyState
from runtime.ui.kit.words import ElidedWords
from runtime.ui.page import Page
from runtime.ui.theme import mark
from runtime.ui.turns import next_turn

ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
HEAD = SIZES.toolbar + SIZES.m


class ImportPage(Page):
    """Draws a flow; has none when nothing is under way.

    Args:
        choose: asks for a file.
        leave: gives up what is under way.
    """

    def __init__(self, shell: Shell, choose: Callable[[], None], leave: Callable[[], None]) -> None:
        super().__init__()
        self._shell = shell
        self._flow: ImportFlow | None = None
        self._choose = choose
        self._leave = leave
        self._review: Review | None = None
        self._place: PlaceForm | None = None
        self._waiting: Phase | None = None
        self._stack = QStackedWidget()
        self._head = QFrame()
        self._build_head()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._head)
        layout.addWidget(self._stack, 1)
        go_on = QShortcut(QKeySequence("Ctrl+Return"), self)
        go_on.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        go_on.activated.connect(self.go.click)

    def follow(self, flow: ImportFlow | None) -> None:
        """Draw another flow."""
        if self._flow is not None:
            self._flow.moved.disconnect(self._moved)
            self._flow.arrived.disconnect(self._arrived)
            self._flow.broken_off.disconnect(self._broken_off)
        if self._review is not None and self._stack.indexOf(self._review) < 0:  # made, and to be shown in this turn
            self._review.deleteLater()
        self._flow, self._review, self._place, self._waiting = flow, None, None, None
        while (view := self._stack.widget(0)) is not None:
            self._stack.removeWidget(view)
            view.hide()
            view.deleteLater()
        if flow is not None:
            flow.moved.connect(self._moved)
            flow.arrived.connect(self._arrived)
            flow.broken_off.connect(self._broken_off)
        self.refresh()

    def shown(self) -> None:
        """What an import left out is made when somebody comes to see it."""
        if self._flow is not None and self._flow.phase is Phase.DONE:
            self.refresh()

    @property
    def flow(self) -> ImportFlow | None:
        """What is drawn."""
        return self._flow

    @property
    def unsaved(self) -> bool:
        """Whether a plan would be lost."""
        return self._flow is not None and self._flow.phase not in {Phase.READING, Phase.REFUSED, Phase.DONE}

    @property
    def unsaved_words(self) -> tuple[Sentence, Sentence]:
        """A plan is not imported yet, or is being imported."""
        if self._flow is not None and self._flow.running:
            return T("An import is running."), T("Wait until it is done, or cancel it.")
        return T("A file is not imported yet."), T("Import it first, or cancel.")

    # The head

    def _build_head(self) -> None:
        self._head.setProperty("role", "toolbar")
        self._head.setFixedHeight(HEAD)
        row = QHBoxLayout(self._head)
        row.setContentsMargins(SIZES.l, 0, SIZES.l, 0)
        row.setSpacing(SIZES.s)
        row.addWidget(IconLabel("excel", "accent", SIZES.xl))
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addStretch(1)
        self._file = ElidedWords("", "strong")
        self._line = ElidedWords("", "small")
        lines.addWidget(self._file)
        lines.addWidget(self._line)
        lines.addStretch(1)
        row.addLayout(lines, 1)
        self.give_up = ghost_button(_("Cancel"))
        self.give_up.clicked.connect(self._leave)
        self.back = button(_("Back"))
        self.back.clicked.connect(self._back)
        self.go = primary_button(_("Continue"))
        self.go.clicked.connect(self._go)
        for each in (self.give_up, self.back, self.go):
            row.addWidget(each)

    def _show_head(self, flow: ImportFlow) -> None:
        self._head.setVisible(flow.phase in {Phase.REVIEW, Phase.PLACE, Phase.CHECKED})
        self._file.setText(flow.title)
        self.back.setVisible(flow.phase in {Phase.PLACE, Phase.CHECKED})
        if flow.draft.now is not None:
            last = flow.phase is Phase.CHECKED or (flow.phase is Phase.PLACE and not flow.fills_forms)
            tried = flow.rehearsed if flow.phase is Phase.CHECKED else None
            self.go.setText(steps.what_happens(flow.draft.now, tried) if last else _("Continue"))
            self._judge(steps.all_faults(flow.draft.now, flow.session))
            idle = steps.why_idle(tried) if tried is not None else ""
            if idle:
                self.go.setEnabled(False)
                self._line.setText(idle)

    def _judge(self, faults: object) -> None:
        """Say what would be made, or why it cannot."""
        found = [fault for fault in faults if isinstance(fault, steps.Fault)] if isinstance(faults, list) else []
        self.go.setEnabled(not found)
        draft = self._flow.draft.now if self._flow is not None else None
        if found:
            self._line.setText(found[0].message)
        elif draft is not None:
            self._line.setText(steps.found_words(draft.plan))
        mark(self._line, role="error" if found else "small")

    # Phases

    def _moved(self) -> None:
        if self._flow is None or self._flow.phase is not Phase.DONE:  # then the app comes to the front
            self.refresh()

    def refresh(self) -> None:
        """Show the phase that holds now."""
        flow = self._flow
        if flow is None:
            self._head.hide()
            choose = primary_button(_("Open an Excel file"), "excel")
            choose.clicked.connect(lambda _checked: self._choose())
            sentence = _("Each sheet becomes a form, each row a record. You see everything before it is stored.")
            self._show(EmptyState("import", _("Nothing is being imported"), sentence, [choose]))
            return
        if flow.phase is Phase.REVIEW and self._review is None:
            self._make_review(flow)
            if self._stack.currentWidget() is not None:
                next_turn(self, self.refresh)
                return
        view = self._view(flow)
        self._show_head(flow)
        if view is not None:
            self._show(view)
        self._focus(flow)

    def _view(self, flow: ImportFlow) -> QWidget | None:
        """What draws the phase; None where it is in front already."""
        now = self._stack.currentWidget()
        if flow.phase in {Phase.READING, Phase.IMPORTING, Phase.CHECKING}:
            return None if isinstance(now, Waiting) else Waiting(flow, self._shell.jobs, _doing(flow))
        if flow.phase is Phase.REFUSED:
            return Refusal(flow, self._choose, self._leave)
        if flow.phase is Phase.REVIEW:
            return self._review
        if flow.phase is Phase.PLACE:
            return self._place_form(flow)
        if flow.phase is Phase.CHECKED:
            return Checked(flow)
        if flow.report is None or isinstance(now, Result):
            return None
        return Result(flow, self._shell, self._leave)

    def _make_review(self, flow: ImportFlow) -> None:
        """The largest view: it is made in one turn of the event loop and shown in the next, in place of another."""
        self._review = Review(flow, self._stack)
        flow.draft.translate()
        self._review.judged.connect(self._judge)

    def _place_form(self, flow: ImportFlow) -> PlaceForm:
        self._place = PlaceForm(flow, self._shell.session, self._stack)
        # Later: the key that submits must not reach the button that has the keyboard then.
        self._place.submitted.connect(self.go.click, Qt.ConnectionType.QueuedConnection)
        self._place.refuse(str(flow.refusal) if flow.refusal is not None else "")
        return self._place

    def _show(self, view: QWidget) -> None:
        former = self._stack.currentWidget()
        if self._stack.indexOf(view) < 0:
            self._stack.addWidget(view)
        self._stack.setCurrentWidget(view)
        if former is not None and former is not view and former is not self._review:
            self._stack.removeWidget(former)
            former.deleteLater()

    def _focus(self, flow: ImportFlow) -> None:
        view = self._stack.currentWidget()
        go = self.go if self.go.isEnabled() or flow.phase is Phase.REVIEW else self.back
        target = go if flow.phase in {Phase.REVIEW, Phase.CHECKED} else view
        if target is None:
            return
        self.setFocusProxy(target)
        if self.isVisible():
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go(self) -> None:
        """On, as soon as everything that was changed is part of it."""
        flow = self._flow
        if flow is not None and flow.changing:
            self._waiting = flow.phase
        elif flow is not None:
            self._step(flow)

    def _arrived(self) -> None:
        flow, waiting, self._waiting = self._flow, self._waiting, None
        if flow is not None and flow.phase is waiting and self.go.isEnabled():
            self._step(flow)

    def _broken_off(self, error: UserError | None) -> None:
        self._waiting = None
        if error is not None and error.code != "bug":  # that was said already
            self._shell.notices.report(error)

    def _step(self, flow: ImportFlow) -> None:
        if flow.phase is Phase.REVIEW and flow.makes_forms:
            flow.go(Phase.PLACE)
        elif flow.phase is Phase.REVIEW:
            flow.check()
        elif flow.phase is Phase.PLACE and self._place is not None and self._place.agreed():
            if flow.fills_forms:
                flow.check()
            else:
                flow.run(self._shell.session)
        elif flow.phase is Phase.CHECKED:
            flow.run(self._shell.session)

    def _back(self) -> None:
        flow = self._flow
        self._waiting = None
        if flow is None:
            return
        if flow.phase is Phase.PLACE and self._place is not None:
            self._place.keep()
        flow.go(Phase.PLACE if flow.phase is Phase.CHECKED and flow.makes_forms else Phase.REVIEW)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the keyboard; Escape goes back a step, and stops what runs."""
        focused = QApplication.focusWidget()
        if event.key() in ENTER and isinstance(focused, QPushButton) and self.isAncestorOf(focused):
            focused.click()
        elif event.key() == Qt.Key.Key_Escape and self._flow is not None:
            if self._flow.phase in {Phase.PLACE, Phase.CHECKED}:
                self._back()
            elif self._flow.running or self._flow.phase is Phase.READING:
                self._flow.cancel()
            else:
                super().keyPressEvent(event)
        else:
            super().keyPressEvent(event)


def _doing(flow: ImportFlow) -> str:
    """What a job of the flow does."""
    if flow.phase is Phase.READING:
        return _("Reading {file}", file=flow.title)
    if flow.phase is Phase.CHECKING:
        return _("Checking {file}", file=flow.title)
    return _("Importing {name}", name=flow.name)
