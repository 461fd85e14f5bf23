"""The popover that asks what to export and how; where to is asked next, by the dialog of the system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.kit.button import Button
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.segments import Segments
from runtime.ui.kit.toggle import ToggleSwitch
from runtime.ui.kit.words import words

WIDTH = SIZES.panel_width
AS_SHOWN, CHOSEN, ALL_FIELDS = "shown", "chosen", "all"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose the last time.

    Attributes:
        format: xlsx or csv.
        what: the records and columns as shown, only the chosen records, or as shown with all fields.
        subforms, about: sheets of their own, of a workbook.
        groups: whether a workbook has the groups of the view, with subtotals.
        delimiter, encoding: of CSV.
        raw: whether CSV holds texts as they are; never kept.
        folder: where the last file went.
    """

    format: str = "xlsx"
    what: str = AS_SHOWN
    subforms: bool = False
    about: bool = False
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    raw: bool = False
    folder: str = ""
    groups: bool = False

    def as_json(self) -> dict[str, Any]:
        """What is kept."""
        return {key: value for key, value in asdict(self).items() if key != "raw"}

    @staticmethod
    def from_json(kept: Any) -> Choices:
        """What `as_json` gave; anything that is not understood is as at first."""
        if not isinstance(kept, Mapping):
            return Choices()
        first = Choices()
        known = {each.name: kept[each.name] for each in fields(Choices) if each.name in kept and each.name != "raw"}
        return Choices(**{key: value for key, value in known.items() if type(value) is type(getattr(first, key))})


class ExportPanel(Popover):
    """What to export.

    Args:
        count: how many records are shown; -1 = not known yet.
        chosen: how many records are chosen.
        subforms: whether the form has sub-forms.
        grouped: whether the records stand in groups that are summed up.

    Signals:
        accepted(Choices): the person wants it so.
    """

    accepted = Signal(object)

    def __init__(
        self, anchor: QWidget, last: Choices, count: int, chosen: int, *, subforms: bool, grouped: bool = False
    ) -> None:
        super().__init__(anchor, WIDTH)
        self._folder = last.folder
        self._has_subforms = subforms
        self._grouped = grouped
        self.body.setContentsMargins(SIZES.l, SIZES.m, SIZES.l, SIZES.l)
        self.body.setSpacing(SIZES.m)
        self.body.addWidget(words(_("Export"), "section"))
        self.format = Segments(_("Format"), [("xlsx", _("Excel"), "excel"), ("csv", "CSV", "file")], last.format)
        self.format.chosen.connect(self._show)
        self._row(_("Format"), self.format)
        what = last.what if last.what != CHOSEN or chosen > 1 else AS_SHOWN
        self.what = Segments(_("Records"), self._scopes(count, chosen), CHOSEN if chosen > 1 else what)
        self._row("", self.what)
        self._note = words("", "small", wrap=True)
        self.what.chosen.connect(self._show)
        self.body.addWidget(self._note)
        self._add_options(last)
        self._add_foot()
        self._show()

    @staticmethod
    def _scopes(count: int, chosen: int) -> list[tuple[str, str, str]]:
        shown = _("As shown") if count < 0 else _("As shown · {n}", n=f"{count:,}")
        found = [(AS_SHOWN, shown, ""), (ALL_FIELDS, _("All fields"), "")]
        if chosen > 1:
            found.insert(1, (CHOSEN, _("Selected · {n}", n=f"{chosen:,}"), ""))
        return found

    def _row(self, label: str, control: QWidget, into: QVBoxLayout | None = None) -> None:
        row = QHBoxLayout()
        row.setSpacing(SIZES.s)
        if label:
            row.addWidget(words(label, "secondary"))
            row.addStretch(1)
        row.addWidget(control)
        if not label:
            row.addStretch(1)
        (into or self.body).addLayout(row)

    def _group(self) -> tuple[QWidget, QVBoxLayout]:
        group = QWidget()
        group.setProperty("role", "clear")
        lines = QVBoxLayout(group)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(SIZES.m)
        self.body.addWidget(group)
        return group, lines

    def _add_options(self, last: Choices) -> None:
        self._of_book, book = self._group()
        self.subforms = self._switch(_("Rows of sub-forms, on sheets of their own"), last.subforms, book)
        self.about = self._switch(_("A sheet that says what was exported"), last.about, book)
        self.groups = self._switch(_("Groups and subtotals, for people to read"), last.groups, book)
        for part in (self.subforms, self.subforms.property("words_of")):
            part.setVisible(self._has_subforms)
        self._of_csv, lines = self._group()
        kinds = [(",", _("Comma"), ""), (";", _("Semicolon"), ""), ("\t", _("Tab"), "")]
        self.delimiter = Segments(_("Between cells"), kinds, last.delimiter)
        self._row(_("Between cells"), self.delimiter, lines)
        self.encoding = Segments(_("Encoding"), [("utf-8-sig", "UTF-8", ""), ("gb18030", "GB18030", "")], last.encoding)
        self._row(_("Encoding"), self.encoding, lines)
        self.raw = self._switch(_("Texts exactly as they are"), False, lines)
        self.raw.toggled.connect(self._show)
        self._warning = words(
            _("Texts that begin with = + - or @ may run as formulas where the file is opened."), "error", wrap=True
        )
        lines.addWidget(self._warning)

    def _switch(self, label: str, on: bool, into: QVBoxLayout) -> ToggleSwitch:
        made = ToggleSwitch(label)
        made.setChecked(on)
        said = words(label, "secondary", wrap=True)
        made.setProperty("words_of", said)
        row = QHBoxLayout()
        row.setSpacing(SIZES.s)
        row.addWidget(said, 1)
        row.addWidget(made)
        into.addLayout(row)
        return made

    def _add_foot(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SIZES.s)
        row.addStretch(1)
        self.cancel = Button(_("Cancel"))
        self.cancel.clicked.connect(self.close)
        self.go = Button(_("Export …"), "primary", "export")
        self.go.clicked.connect(self._accept)
        row.addWidget(self.cancel)
        row.addWidget(self.go)
        self.body.addLayout(row)

    def ask(self) -> None:
        """Open it."""
        self.open(self.go)

    @property
    def choices(self) -> Choices:
        """What is chosen now."""
        csv = self.format.key() == "csv"
        return Choices(
            self.format.key(), self.what.key(),
            self._has_subforms and self.subforms.isChecked(), self.about.isChecked(), self.delimiter.key(),
            self.encoding.key(), csv and self.raw.isChecked(), self._folder,
            self._grouped and self.groups.isChecked() and self.what.key() != CHOSEN,
        )  # fmt: skip

    def _show(self, *_signal: object) -> None:
        """Only what belongs to the format; what the choice means."""
        csv = self.format.key() == "csv"
        self._of_book.setVisible(not csv)
        self._of_csv.setVisible(csv)
        for part in (self.groups, self.groups.property("words_of")):
            part.setVisible(self._grouped and self.what.key() != CHOSEN)
        self._warning.setVisible(self.raw.isChecked())
        self.go.setText(_("Export anyway …") if csv and self.raw.isChecked() else _("Export …"))
        self._note.setText(
            {
                AS_SHOWN: _("The records and columns of this view, in its order."),
                CHOSEN: _("The selected records, with the columns of this view."),
                ALL_FIELDS: _("The records of this view, with every field that you may read."),
            }.get(self.what.key(), "")
        )
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """As high as what is shown; labels that wrap know their height when they are laid out."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(WIDTH, layout.totalHeightForWidth(WIDTH))

    def showEvent(self, event: QShowEvent) -> None:
        """The style sheet gives the controls their sizes now."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._fit)

    def _accept(self) -> None:
        choices = self.choices
        self.close()
        self.accepted.emit(choices)
