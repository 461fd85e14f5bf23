"""The calendar that opens under a date field, with a time of day where the field has one."""

from __future__ import annotations

from datetime import date, time

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.dates import parse_time
from runtime.ui.kit.button import primary_button
from runtime.ui.kit.month import Month
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.words import words
from runtime.ui.theme import mark


class Calendar(Popover):
    """A month, and a line for the time of day.

    Signals:
        picked(date | None, time): a person chose a day (or none) and a time.
    """

    picked = Signal(object, object)

    def __init__(self, anchor: QWidget, today: date, chosen: date | None, clock: time | None = None) -> None:
        super().__init__(anchor, width=0)
        self.month = Month(today)
        self.month.show_day(chosen)
        self.month.picked.connect(self._picked)
        self.clock = QLineEdit((clock or time()).strftime("%H:%M"))
        self.body.addWidget(self.month)
        if clock is not None:
            self.body.addLayout(self._clock_row())
        self.closed.connect(self.deleteLater)

    def _clock_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(SIZES.s, 0, 0, 0)
        row.setSpacing(SIZES.s)
        name = words(_("Time"), "secondary")
        name.setBuddy(self.clock)
        self.clock.setAccessibleName(_("Time"))
        self.clock.setMaximumWidth(SIZES.xxl * 2)
        done = primary_button(_("Done"))
        for signal in (done.clicked, self.clock.returnPressed):
            signal.connect(self._done)
        for part in (name, self.clock):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(done)
        return row

    def _done(self) -> None:
        self._picked(self.month.days.day)

    def _picked(self, day: date | None) -> None:
        clock = parse_time(self.clock.text())
        mark(self.clock, wrong=clock is None)
        if clock is None:
            self.clock.setFocus()
            return
        self.close()
        self.picked.emit(day, clock)
