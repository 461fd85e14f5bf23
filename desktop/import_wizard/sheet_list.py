"""The sheets of a file at the left: tick, name of the form, rows; one of them is in front."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.import_wizard import steps
from desktop.import_wizard.column_head import NameField
from desktop.import_wizard.draft import Draft
from desktop.import_wizard.tick import Tick
from resources.styles.tokens import SIZES
from resources.texts import _, plural
from runtime.exchange.understanding.plan import SheetPlan
from runtime.ui.icons import IconLabel, icon
from runtime.ui.kit.button import Button
from runtime.ui.kit.words import ElidedWords, tip, words
from runtime.ui.theme import mark

WIDTH = SIZES.popover_width - SIZES.xxl


class SheetEntry(QFrame):
    """One sheet.

    Signals:
        chosen(): bring it to the front.
        ticked(bool): take it in or leave it out.
        renamed(str): give its form another name.
        target_asked(QPoint): choose where it goes, by a menu at this place of the screen.
    """

    chosen = Signal()
    ticked = Signal(bool)
    renamed = Signal(str)
    target_asked = Signal(QPoint)

    def __init__(self, sheet: str) -> None:
        super().__init__()
        self.setProperty("role", "entry")
        self.sheet = sheet
        self.tick = Tick(_("Import the sheet “{sheet}”", sheet=sheet))
        self.name = NameField()
        self.name.setAccessibleName(_("Name of the form for the sheet “{sheet}”", sheet=sheet))
        self._rows = ElidedWords("", "small")
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._doubt = IconLabel("help", "warning", SIZES.icon)
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addWidget(self.name)
        under = QHBoxLayout()
        under.setContentsMargins(SIZES.xs + SIZES.hair, 0, 0, 0)
        under.addWidget(self._rows)
        lines.addLayout(under)
        self.target = Button("", "ghost").compact()
        self.target.setProperty("small", True)
        self.target.setIconSize(QSize(SIZES.icon_small, SIZES.icon_small))
        self.target.clicked.connect(self._ask)
        place = QHBoxLayout()
        place.setContentsMargins(0, 0, 0, 0)
        place.addWidget(self.target)
        place.addStretch(1)
        lines.addLayout(place)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SIZES.xs, SIZES.xs, SIZES.s, SIZES.s)
        layout.setSpacing(SIZES.focus)
        beside = QVBoxLayout()
        beside.setContentsMargins(0, SIZES.focus, 0, 0)
        beside.addWidget(self.tick)
        beside.addStretch(1)
        layout.addLayout(beside)
        layout.addLayout(lines, 1)
        layout.addWidget(self._doubt, 0, Qt.AlignmentFlag.AlignVCenter)
        self.tick.clicked.connect(self.ticked)
        self.name.renamed.connect(self.renamed)
        for part in (self.tick, self.name, self.target):
            part.installEventFilter(self)

    def _ask(self) -> None:
        self.target_asked.emit(self.target.mapToGlobal(QPoint(0, self.target.height() + SIZES.focus)))

    def show_target(self, target: str, open_question: bool, offered: bool) -> None:
        """Show where its rows go.

        Args:
            target: name of the form that is there; "" = a new one.
            open_question: whether a person has to choose.
            offered: whether there is anything to choose.
        """
        self.target.setVisible(offered)
        words = _("Into “{form}”", form=target) if target else _("New form")
        self.target.setText(_("Where to?") if open_question else words)
        self.target.setIcon(
            icon("help" if open_question else "form" if target else "add", "warning" if open_question else "accent")
        )
        self.target.setAccessibleName(
            _("The sheet “{sheet}” goes: {target}", sheet=self.sheet, target=self.target.text())
        )

    def show_sheet(self, plan: SheetPlan, doubts: int, *, chosen: bool, wrong: str, aimed: bool = False) -> None:
        """Show how it is now."""
        self.tick.setChecked(plan.include)
        self.name.show_name(plan.sheet if aimed else plan.form_label)
        self.name.setEnabled(plan.include)
        self.name.fix(aimed)
        self.target.setEnabled(plan.include)
        self.name.setToolTip(tip(wrong))
        mark(self.name, wrong=bool(wrong))
        count = steps.counted_records(plan.rows)
        if plan.form_label != plan.sheet and not aimed:
            count = _("{records} · sheet {sheet}", records=count, sheet=plan.sheet)
        self._rows.setText(count if plan.include else _("Left out"))
        self._doubt.setVisible(bool(doubts) and plan.include)
        self._doubt.setToolTip(plural("{n} question", "{n} questions", doubts))
        mark(self, chosen=chosen)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Come to the front."""
        super().mousePressEvent(event)
        self.chosen.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Come to the front with the keyboard too; Up and Down go to the neighbours."""
        if event.type() == QEvent.Type.FocusIn:
            self.chosen.emit()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None:
                self._go(step, at_tick=watched is self.tick)
                return True
        return super().eventFilter(watched, event)

    def _go(self, step: int, *, at_tick: bool) -> None:
        parent = self.parentWidget()
        others = parent.findChildren(SheetEntry) if parent is not None else [self]
        at = others.index(self) + step
        if 0 <= at < len(others):
            (others[at].tick if at_tick else others[at].name).setFocus(Qt.FocusReason.TabFocusReason)


class SheetList(QFrame):
    """All sheets.

    Signals:
        chosen(str), ticked(str, bool), renamed(str, str), target_asked(str, QPoint): of the sheet of this name.
    """

    chosen = Signal(str)
    ticked = Signal(str, bool)
    renamed = Signal(str, str)
    target_asked = Signal(str, QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setFixedWidth(WIDTH)
        self.entries: dict[str, SheetEntry] = {}
        holder = QWidget()
        holder.setProperty("role", "clear")
        self._column = QVBoxLayout(holder)
        self._column.setContentsMargins(SIZES.s, 0, SIZES.s, SIZES.s)
        self._column.setSpacing(SIZES.focus)
        self._column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(holder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = words(_("Sheets"), "small")
        head.setFixedHeight(SIZES.toolbar)
        head.setContentsMargins(SIZES.l, 0, SIZES.l, 0)
        layout.addWidget(head)
        layout.addWidget(area, 1)

    def show_draft(self, draft: Draft, front: str, found: list[steps.Fault]) -> None:
        """Show the sheets of a draft."""
        asked = steps.all_doubts(draft)
        for gone in self.entries.keys() - {sheet.sheet for sheet in draft.plan.sheets}:
            self.entries.pop(gone).deleteLater()
        for sheet in draft.plan.sheets:
            name = sheet.sheet
            if name not in self.entries:
                self._add(name)
            doubts = sum(doubt.sheet == name for doubt in asked)
            wrong = next((f.message for f in found if f.sheet == name and f.place is None), "")
            entry = self.entries[name]
            entry.show_sheet(sheet, doubts, chosen=name == front, wrong=wrong, aimed=name in draft.aims)
            match = next((m for m in draft.matches.get(name, ()) if m.form.id == draft.target(name)), None)
            form = match.form.name if match is not None else ""
            entry.show_target(form, name in draft.unanswered and sheet.include, bool(draft.matches.get(name)))

    def _add(self, sheet: str) -> None:
        made = SheetEntry(sheet)
        made.chosen.connect(lambda: self.chosen.emit(sheet))
        made.ticked.connect(lambda on: self.ticked.emit(sheet, on))
        made.renamed.connect(lambda name: self.renamed.emit(sheet, name))
        made.target_asked.connect(lambda place: self.target_asked.emit(sheet, place))
        self.entries[sheet] = made
        self._column.insertWidget(self._column.count() - 1, made)
