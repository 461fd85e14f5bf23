"""What was not sure about a file: each doubt in words with its choices; what needs no choice stands quietly below."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.import_wizard import steps
from desktop.import_wizard.draft import Draft
from desktop.import_wizard.tick import NARROWEST, Option
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.exchange.columns import Doubt
from runtime.exchange.understanding.plan import ImportPlan
from runtime.ui.icons import IconLabel
from runtime.ui.kit.words import ElidedWords, words
from runtime.ui.theme import mark
from runtime.ui.turns import next_turn

WIDTH = SIZES.field_width
AT_ONCE = 4
"""Cards that are made in one turn of the event loop."""
AHEAD = 2
"""Cards are made for so many times the height that is seen, and more when somebody scrolls."""


class DoubtCard(QFrame):
    """One doubt.

    Signals:
        chose(str): the choice of this id.
        focused(): a person looks at it.
    """

    chose = Signal(str)
    focused = Signal()

    def __init__(self, doubt: Doubt, where: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "doubt")
        self.setAccessibleName(str(doubt.message))
        self.options: dict[str, Option] = {}
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SIZES.m, SIZES.m, SIZES.m, SIZES.s)
        layout.setSpacing(SIZES.xs)
        self._where = ElidedWords(where, "small")
        layout.addWidget(self._where)
        layout.addWidget(words(str(doubt.message), wrap=True))
        layout.addSpacing(SIZES.xs)
        choices = QWidget()
        choices.setAccessibleName(str(doubt.message))
        beside = _short(doubt)
        rows = QBoxLayout(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom, choices)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for choice in doubt.choices:
            option = Option(str(choice.label))
            option.clicked.connect(lambda _on=False, chosen=choice.id: self.chose.emit(chosen))
            self._group.addButton(option)
            self.options[choice.id] = option
            rows.addWidget(option)
        layout.addWidget(choices)

    def show_chosen(self, doubt: Doubt, where: str) -> None:
        """Show which choice is in force; none where a person decided something else."""
        self._where.setText(where)
        self._group.setExclusive(False)
        for choice_id, option in self.options.items():
            option.setChecked(choice_id == doubt.chosen)
        self._group.setExclusive(True)

    def mousePressEvent(self, event: object) -> None:
        """Show the column that it is about."""
        self.focused.emit()


class DoubtList(QFrame):
    """All doubts.

    Signals:
        chose(str, str): ids of the doubt and of the choice.
        looked_at(str, object): sheet and table column (or None) of the doubt that a person looks at.
    """

    chose = Signal(str, str)
    looked_at = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "pane")
        self.setAccessibleName(_("What we were not sure about"))
        self._made: dict[str, DoubtCard] = {}
        self._spare: dict[str, DoubtCard] = {}
        self._asked: list[Doubt] = []
        self._plan: ImportPlan | None = None
        self._faces: list[tuple[str, ...]] | None = None
        self._remarks: list[str] = []
        self._near = ""
        self._holder = QWidget()
        self._holder.setProperty("role", "clear")
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(SIZES.m, 0, SIZES.m, SIZES.l)
        self._column.setSpacing(SIZES.s)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._holder)
        self._area.verticalScrollBar().valueChanged.connect(self._add_more)
        self._title = words(_("What we were not sure about"), "strong")
        self._count = words("", "secondary")
        head = QHBoxLayout()
        head.setContentsMargins(SIZES.l, 0, SIZES.l, 0)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._count)
        bar = QWidget()
        bar.setFixedHeight(SIZES.toolbar)
        bar.setLayout(head)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(self._area, 1)

    def show_draft(self, draft: Draft) -> None:
        """Show the doubts of a draft."""
        asked, remarks = steps.all_doubts(draft), steps.all_remarks(draft)
        self._count.setText(f"{len(asked)}" if asked else "")
        self._title.setText(_("How to import") if draft.aims else _("What we were not sure about"))
        self._plan, self._asked = draft.plan, asked
        if [_face(doubt) for doubt in asked] != self._faces or remarks != self._remarks:
            self._rebuild(remarks)
        for doubt in asked:
            self._show_chosen(doubt)

    @property
    def cards(self) -> dict[str, DoubtCard]:
        """The card of each doubt by its id; those that were not made yet are made."""
        self._add(len(self._asked))
        return self._made

    def _show_chosen(self, doubt: Doubt) -> None:
        if doubt.id in self._made and self._plan is not None:
            self._made[doubt.id].show_chosen(doubt, where(self._plan, doubt))

    def _rebuild(self, remarks: list[str]) -> None:
        former, faces = self._made, {face[0]: face for face in self._faces or ()}
        kept = [doubt for doubt in self._asked if doubt.id in former and faces[doubt.id] == _face(doubt)]
        self._spare = {doubt.id: former[doubt.id] for doubt in kept}
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None and widget not in self._spare.values():
                widget.hide()
                widget.deleteLater()
        self._faces, self._remarks, self._made = [_face(doubt) for doubt in self._asked], remarks, {}
        if not self._asked:
            self._column.addWidget(_remark("success", "success", _("Everything was clear.")))
        for line in remarks:
            self._column.addWidget(_remark("info", "secondary", line))
        self._column.addStretch(1)
        self._add(1 + self._asked.index(kept[-1]) if kept else 0)
        next_turn(self, self._add_more)

    def _add_more(self) -> None:
        """The next cards, a few in each turn of the event loop, until there are more than are seen."""
        bar, height = self._area.verticalScrollBar(), self._area.viewport().height()
        if len(self._made) < len(self._asked) and self._holder.height() < bar.value() + AHEAD * height:
            self._add(len(self._made) + AT_ONCE)
            next_turn(self, self._add_more)

    def _add(self, count: int) -> None:
        """Have the first `count` cards."""
        for doubt in self._asked[len(self._made) : count]:
            card = self._spare.pop(doubt.id, None) or self._card(doubt)
            self._column.insertWidget(len(self._made), card)
            self._made[doubt.id] = card
            self._show_chosen(doubt)

    def _card(self, doubt: Doubt) -> DoubtCard:
        card = DoubtCard(doubt, "", self._holder)
        card.chose.connect(lambda choice: self.chose.emit(doubt.id, choice))
        card.chose.connect(lambda _choice: self._look(doubt))
        card.focused.connect(lambda: self._look(doubt))
        return card

    def _look(self, doubt: Doubt) -> None:
        self.bring(doubt.id)
        self.looked_at.emit(doubt.sheet, doubt.column)

    def bring(self, doubt_id: str, *, focus: bool = False) -> None:
        """Show a doubt and mark it."""
        for each, card in self.cards.items():
            mark(card, near=each == doubt_id)
        card = self.cards[doubt_id]
        self._area.ensureWidgetVisible(card, 0, SIZES.s)
        if focus:
            chosen = next((o for o in card.options.values() if o.isChecked()), next(iter(card.options.values())))
            chosen.setFocus(Qt.FocusReason.OtherFocusReason)


def _face(doubt: Doubt) -> tuple[str, ...]:
    """What a card shows beside its choice."""
    return (doubt.id, str(doubt.message), *(f"{choice.id}={choice.label}" for choice in doubt.choices))


def where(plan: ImportPlan, doubt: Doubt) -> str:
    """What a doubt is about: sheet and field."""
    columns = (
        [] if doubt.column is None else [c.label for c in plan.sheet(doubt.sheet).columns if c.source == doubt.column]
    )
    return " · ".join([doubt.sheet, *columns[:1]])


def _short(doubt: Doubt) -> bool:
    """Whether the choices fit into one line."""
    metrics = QFontMetrics(QApplication.font())
    room = (WIDTH - 4 * SIZES.m - SIZES.scroll_bar - SIZES.xs) // max(1, len(doubt.choices))
    widest = max((metrics.horizontalAdvance(str(choice.label)) for choice in doubt.choices), default=0)
    return max(widest + SIZES.control, NARROWEST) <= room


def _remark(icon: str, role: str, text: str) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(SIZES.xs, SIZES.xs, SIZES.xs, 0)
    row.setSpacing(SIZES.s)
    row.addWidget(IconLabel(icon, role, SIZES.icon_small), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(words(text, "small", wrap=True), 1)
    return holder
