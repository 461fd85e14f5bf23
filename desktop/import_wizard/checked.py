"""What an import would do to the forms that are there, before it is done: counts, and rows that would be left out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.import_wizard import steps
from desktop.import_wizard.flow import ImportFlow
from desktop.import_wizard.left_table import LeftTable
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.exchange.importing.report import FormReport
from runtime.ui.icons import IconLabel
from runtime.ui.kit.card import Card
from runtime.ui.kit.words import ElidedWords, rule, words

WIDTH = SIZES.field_width + SIZES.xxl * 8


class Checked(QWidget):
    """A card with the counts, and the list where rows would be left out."""

    def __init__(self, flow: ImportFlow) -> None:
        super().__init__()
        report = flow.rehearsed
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SIZES.xl, 0, 0)
        layout.setSpacing(SIZES.l)
        card = Card(_("This will happen"))
        card.setMaximumWidth(WIDTH)
        card.body.setContentsMargins(SIZES.xl, SIZES.l, SIZES.xl, SIZES.l)
        card.body.setSpacing(SIZES.m)
        if report is not None:
            card.body.addLayout(_counts(report.forms))
        idle = steps.why_idle(report) if report is not None else ""
        if idle:
            card.body.addLayout(_said(idle))
        if flow.refusal is not None:
            card.body.addWidget(words(str(flow.refusal), "error", wrap=True))
        card.body.addWidget(
            words(_("Every row was tried with the rules of its form. Nothing is stored yet."), "small", wrap=True)
        )
        middle = QHBoxLayout()
        middle.setContentsMargins(SIZES.xl, 0, SIZES.xl, 0)
        middle.addStretch(1)
        middle.addWidget(card, 8)
        middle.addStretch(1)
        layout.addLayout(middle)
        self.table: LeftTable | None = None
        if report is None or not report.left:
            layout.addStretch(1)
            return
        layout.addWidget(self._list(flow), 1)

    def _list(self, flow: ImportFlow) -> QWidget:
        report = flow.rehearsed
        assert report is not None
        holder = QFrame()
        holder.setProperty("role", "pane")
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(SIZES.xl, SIZES.m, SIZES.xl, SIZES.m)
        row.setSpacing(SIZES.s)
        row.addWidget(IconLabel("warning", "warning", SIZES.icon), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(words(steps.would_leave_words(report), "strong"), 1)
        column.addWidget(rule())
        column.addLayout(row)
        inside = QHBoxLayout()
        inside.setContentsMargins(SIZES.l, 0, SIZES.l, 0)
        self.table = LeftTable(report.left)
        inside.addWidget(self.table)
        column.addLayout(inside, 1)
        return holder


def _said(sentence: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(SIZES.s)
    row.addWidget(IconLabel("info", "accent", SIZES.icon), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(words(sentence, wrap=True), 1)
    return row


def _counts(forms: list[FormReport]) -> QGridLayout:
    """A line per form, a column per count that is anywhere."""
    heads = (_("added"), _("changed"), _("unchanged"), _("skipped"), _("left out"))
    counts = [(form.created, form.updated, form.unchanged, form.skipped, form.refused) for form in forms]
    seen = [at for at in range(len(heads)) if at in (0, 1) or any(line[at] for line in counts)]
    grid = QGridLayout()
    grid.setHorizontalSpacing(SIZES.xl)
    grid.setVerticalSpacing(SIZES.s)
    grid.setColumnStretch(1, 1)
    right = Qt.AlignmentFlag.AlignRight
    for column, at in enumerate(seen, 2):
        grid.addWidget(words(heads[at], "small"), 0, column, right)
    for row, (form, line) in enumerate(zip(forms, counts, strict=True), 1):
        grid.addWidget(IconLabel("form", "accent", SIZES.icon), row, 0)
        grid.addWidget(ElidedWords(form.name, "strong"), row, 1)
        for column, at in enumerate(seen, 2):
            role = "secondary" if not line[at] else "error" if at == len(heads) - 1 else "strong"
            grid.addWidget(words(f"{line[at]:,}", role), row, column, right)
    return grid
