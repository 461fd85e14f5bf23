"""What happened to a record, as people tell it: who, when, which field from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.changes import ChangeKind, Origin
from runtime.dates import local_zone, show_moment
from runtime.form import Field, Form
from runtime.record import Record
from runtime.session import Session
from runtime.store.history import Entry
from runtime.store.rows import Row
from runtime.ui.kit.words import words

MOST = 200
"""Events that are shown."""


@dataclass(frozen=True, slots=True)
class Past:
    """The events of a record and the titles of the records that they name."""

    entries: list[Entry]
    titles: dict[UUID, str]
    today: date


def read(session: Session, form: Form, row: Row) -> Past:
    """Read the past of a record; on a worker thread."""
    entries = session.history(Record(form, row))[:MOST]
    wanted: dict[str, set[UUID]] = {}
    for entry in entries:
        for values in (entry.before, entry.after):
            for field_id, value in values.items():
                if isinstance(value, UUID):
                    wanted.setdefault(form.by_id[field_id].target, set()).add(value)
    titles: dict[UUID, str] = {}
    for target_id, ids in wanted.items():
        target = session.form_of_id(target_id)
        if target is not None:
            for found in session.reader.by_id(target_id, list(ids), session.scope):
                titles[found.id] = Record(target, found).title
    situation = session.reader.situation()
    return Past(entries, titles, situation.now.astimezone(situation.zone).date())


def who(entry: Entry) -> str:
    """Who did it; the owner of a local workspace is "You"."""
    by = {Origin.IMPORT: _("Import"), Origin.RULE: _("A rule"), Origin.FLOW: _("A flow")}
    return by.get(entry.origin) or entry.actor or _("You")


def what(entry: Entry) -> str:
    """What was done."""
    if entry.kind is ChangeKind.NEW:
        return _("created the record")
    if entry.kind is ChangeKind.DEL:
        return _("deleted the record")
    if entry.kind is ChangeKind.RESTORE:
        return _("restored the record")
    return ""


def value_words(field: Field, value: Any, titles: dict[UUID, str]) -> str:
    """A value in words; "(empty)" for blank."""
    if value is None:
        return _("(empty)")
    if isinstance(value, UUID):
        return titles.get(value) or _("(no longer there)")
    return field.format(value)


def lines(form: Form, entry: Entry, titles: dict[UUID, str]) -> list[tuple[str, ...]]:
    """(field, before, after) of each field that changed, in the order of the form; computed ones are left out."""
    changed = {**entry.before, **entry.after}
    return [
        (field.name, *(value_words(field, values.get(field.id), titles) for values in (entry.before, entry.after)))
        for field in form.fields
        if field.id in changed and not field.computed
    ]


class RecordHistory(QWidget):
    """The events, newest first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(SIZES.l)
        self.told: list[str] = []

    def show_past(self, form: Form, past: Past) -> None:
        """Show the past of a record."""
        self.clear()
        for entry in past.entries:
            self._layout.addWidget(self._event(form, entry, past))
        self._layout.addStretch(1)

    def clear(self) -> None:
        """Show nothing."""
        self.told = []
        while (item := self._layout.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _event(self, form: Form, entry: Entry, past: Past) -> QWidget:
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.xs)
        when = show_moment(entry.at.replace(second=0, microsecond=0), local_zone(), past.today)
        head = f"{who(entry)} {what(entry)}".strip()
        line = QHBoxLayout()
        line.addWidget(words(head, "strong", wrap=True), 1)
        line.addWidget(words(when, "small"))
        layout.addLayout(line)
        self.told.append(head)
        for name, before, after in lines(form, entry, past.titles):
            layout.addWidget(self._line(name, before, after))
            self.told.append(f"{name}: {before} → {after}")
        return made

    @staticmethod
    def _line(name: str, before: str, after: str) -> QWidget:
        made = QWidget()
        made.setProperty("role", "event")
        made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(made)
        layout.setContentsMargins(SIZES.s, SIZES.xs, SIZES.s, SIZES.xs)
        layout.setSpacing(0)
        layout.addWidget(words(name, "small"))
        layout.addWidget(words(f"{_short(before)}  →  {_short(after)}", wrap=True))
        made.setAccessibleName(f"{name}: {before} → {after}")
        return made


def _short(text: str) -> str:
    return text if len(text) <= MOST else f"{text[:MOST]}…"
