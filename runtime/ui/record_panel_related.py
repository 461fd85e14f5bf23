"""Rows of sub-forms, and records of other forms that point to the one that is shown: how many, and the first few."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _, plural
from runtime.dates import local_zone
from runtime.filters import Condition, Filter, Operator, formula
from runtime.form import Field, Form
from runtime.record import Record
from runtime.session import Session
from runtime.store.rows import Row
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import Button, link_button
from runtime.ui.kit.words import ElidedWords, tip, words

FEW = 5
"""Records shown by name."""
MOST = 500
"""Records counted one by one; more are "500+"."""


@dataclass(frozen=True, slots=True)
class Related:
    """The records of one form that point here by one field, or the rows of one sub-form.

    Attributes:
        filter: lists them; None for rows, which have no page of their own.
        count: how many; at least so many where `more`.
        first: (id, title) of the first few.
    """

    form: Form
    filter: Filter | None
    count: int
    more: bool
    first: tuple[tuple[UUID, str], ...]


def pointing(session: Session, form_id: str) -> list[tuple[Form, Field]]:
    """Every form and field that can point to records of this form."""
    return [(form, field) for form in session.forms for field in form.fields if field.target == form_id]


def read(session: Session, form: Form, row: Row) -> list[Related]:
    """The rows of `row` in sub-forms, and the records that point to it; on a worker thread."""
    found = [_rows_of(session, below, row) for below in form.subforms if session.scope.sees(below.id)]
    for other, field in pointing(session, form.id):
        if not session.scope.reads(other.id, field.id):
            continue
        filter = Filter((Condition(field.id, Operator.IS, row.id),))
        where = formula(other, filter, local_zone())
        numbers = session.reader.ids(session.query(other.id, where), MOST)
        rows = session.reader.rows(other.id, numbers, session.scope)
        first = tuple((each.id, Record(other, each).title or _("(no name)")) for each in rows[:FEW])
        found.append(Related(other, filter, len(rows), len(numbers) >= MOST, first))
    return found


def _rows_of(session: Session, below: Form, row: Row) -> Related:
    rows = session.reader.below(below.id, row.id, session.scope)
    shown = [field for field in below.fields if not field.props.hidden][:FEW] if rows else []
    first = tuple(
        (each.id, "  ·  ".join(text for field in shown if (text := Record(below, each).text(field.id))))
        for each in rows[: 2 * FEW]
    )
    return Related(below, None, len(rows), False, first)


class RelatedLists(QWidget):
    """One list for each form that points here.

    Signals:
        record_asked(str, UUID): open this record of this form.
        list_asked(str, Filter): show these records of this form.
    """

    record_asked = Signal(str, object)
    list_asked = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SIZES.m)
        self.shown: list[Related] = []

    def show_related(self, related: list[Related]) -> None:
        """Show other lists."""
        self.shown = related
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for each in related:
            self._layout.addWidget(self._list(each))
        self.setVisible(bool(related))

    def _list(self, related: Related) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.focus)
        head = QHBoxLayout()
        head.setSpacing(SIZES.s)
        head.addWidget(IconLabel("form", "secondary", SIZES.icon_small))
        head.addWidget(words(related.form.name, "strong"))
        count = f"{related.count}+" if related.more else str(related.count)
        head.addWidget(words(count, "secondary"))
        head.addStretch(1)
        if related.filter is not None and (related.count > FEW or related.more):
            every = link_button(_("Show all"))
            every.setAccessibleName(plural("Show {n} record", "Show {n} records", related.count))
            every.clicked.connect(lambda: self.list_asked.emit(related.form.id, related.filter))
            head.addWidget(every)
        layout.addLayout(head)
        for record, title in related.first:
            entry = ElidedWords(title) if related.filter is None else self._link(related.form.id, record, title)
            layout.addWidget(entry)
        if related.filter is None and related.count > len(related.first):
            layout.addWidget(words(_("and {n} more", n=related.count - len(related.first)), "small"))
        if not related.count:
            layout.addWidget(ElidedWords(_("None yet"), "small"))
        return made

    def _link(self, form_id: str, record: UUID, title: str) -> QWidget:
        made = Button(title, "entry").compact()
        made.setToolTip(tip(title))
        made.clicked.connect(lambda: self.record_asked.emit(form_id, record))
        return made
