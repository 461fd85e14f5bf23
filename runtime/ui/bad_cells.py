"""`BadCellsPanel`: lists cells that cannot be written, each with its reason; they are corrected here or left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelection, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from resources.styles.tokens import SIZES
from resources.texts import _, plural
from runtime.exchange.editing.adding_options import missing_options
from runtime.exchange.editing.cell_writes import BadCell, CellWrites
from runtime.ui.kit.button import ghost_button, primary_button
from runtime.ui.kit.words import words

Index = QModelIndex | QPersistentModelIndex
ROLE = Qt.ItemDataRole
NO_PARENT = QModelIndex()
TEXT = 2
"""The column that can be changed."""
WIDTHS = ((SIZES.xxl * 2, 9), (SIZES.xxl * 4, 16), (SIZES.xxl * 6, 22))
"""Of all columns but the last: pixels at most, percent of the width at most; the reason has the rest."""
NAMED = 5
"""Options that are named where there are many."""
MOST_ROWS = 6
"""Lines of the list that are seen at once."""


class BadCells(QAbstractTableModel):
    """The bad cells: row, field, text, reason.

    Signals:
        typed(BadCell, str): the person wrote another text.
    """

    typed = Signal(object, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._writes: CellWrites | None = None
        self._titles = (_("Row"), _("Field"), _("Text, to be corrected"), _("What is wrong"))

    def show_writes(self, writes: CellWrites | None) -> None:
        """Show the bad cells of a step."""
        self.beginResetModel()
        self._writes = writes
        self.endResetModel()

    def bad(self, row: int) -> BadCell | None:
        """The cell in a line of the list."""
        listed = self._writes.bad if self._writes is not None else []
        return listed[row] if 0 <= row < len(listed) else None

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """How many there are."""
        return 0 if parent.isValid() or self._writes is None else len(self._writes.bad)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """Four."""
        return 0 if parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        """What the columns are."""
        if orientation == Qt.Orientation.Horizontal and role == ROLE.DisplayRole:
            return self._titles[section]
        if role == ROLE.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        """A cell of the list."""
        bad = self.bad(index.row())
        if bad is None or self._writes is None:
            return None
        if role in {ROLE.DisplayRole, ROLE.EditRole, ROLE.ToolTipRole}:
            return self._words(bad, self._writes)[index.column()]
        return None

    @staticmethod
    def _words(bad: BadCell, writes: CellWrites) -> tuple[str, str, str, str]:
        position, pasted = writes.places.get(bad.record), writes.rows.get(bad.record)
        row = _("New record")
        if position is not None:
            row = f"{position + 1:,}"
        elif pasted is not None:
            row = _("New record, row {n} of what was pasted", n=f"{pasted:,}")
        field = writes.form.by_id.get(bad.field)
        return row, field.name if field is not None else _("Whole record"), bad.text, str(bad.reason)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The text can be changed."""
        found = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        bad = self.bad(index.row())
        if index.column() == TEXT and bad is not None and bad.field:
            found |= Qt.ItemFlag.ItemIsEditable
        return found

    def setData(self, index: Index, value: Any, role: int = ROLE.EditRole) -> bool:
        """Tell what was written."""
        bad = self.bad(index.row())
        if bad is None or role != ROLE.EditRole or str(value) == bad.text:
            return False
        self.typed.emit(bad, str(value))
        return True


class _Cells(QStyledItemDelegate):
    """Texts that stand under the names of their columns."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, option.palette.highlight())
        option.rect = option.rect.adjusted(SIZES.xs, 0, 0, 0)
        super().paint(painter, option, index)


class BadCellsPanel(QFrame):
    """Under the grid.

    Signals:
        went_on(): write what is good.
        dropped(): write nothing.
        cell_asked(BadCell): show where it is.
        corrected(BadCell, str): the person wrote another text.
        options_wanted(): what cells name and their choices do not have becomes options of them.

    Args:
        designs: whether the person may add options.
    """

    went_on = Signal()
    dropped = Signal()
    cell_asked = Signal(object)
    corrected = Signal(object, str)
    options_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, *, designs: bool = True) -> None:
        super().__init__(parent)
        self._designs = designs
        self.setProperty("role", "foot")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(_("Cells that cannot be written"))
        self.title = words("", "strong")
        self.note = words("", "secondary", wrap=True)
        self.list = QTableView()
        self.cells = BadCells(self)
        self.cells.typed.connect(self.corrected)
        self.go_on = primary_button("")
        self.go_on.compact()
        self.go_on.clicked.connect(self.went_on)
        self.add = ghost_button("", "add")
        self.add.clicked.connect(self.options_wanted)
        self.cancel = ghost_button(_("Cancel"))
        self.cancel.clicked.connect(self.dropped)
        self._writes: CellWrites | None = None
        self._doing = ""
        self._build()
        self.hide()

    def _build(self) -> None:
        table = self.list
        table.setModel(self.cells)
        table.setAccessibleName(self.accessibleName())
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(SIZES.row)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(
            QAbstractItemView.EditTrigger.AllEditTriggers ^ QAbstractItemView.EditTrigger.CurrentChanged
        )
        head = table.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)
        table.setItemDelegate(_Cells(table))
        table.selectionModel().selectionChanged.connect(self._picked)
        top = QHBoxLayout()
        top.setSpacing(SIZES.s)
        top.addWidget(self.title)
        top.addWidget(self.note, 1)
        top.addWidget(self.cancel)
        top.addWidget(self.go_on)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SIZES.m, SIZES.s, SIZES.m, SIZES.s)
        layout.setSpacing(SIZES.s)
        layout.addLayout(top)
        layout.addWidget(table)
        layout.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch()

    def show_bad(self, writes: CellWrites, doing: str) -> None:
        """List the bad cells of a step; `doing` is what the step does, on the button."""
        self._writes, self._doing = writes, doing
        self.setMinimumHeight(0)
        self.list.setFixedHeight(SIZES.row * (min(len(writes.bad), MOST_ROWS) + 1) + SIZES.hair)
        self.refresh()
        self.show()
        room = self.width()
        for column, (most, share) in enumerate(WIDTHS):
            self.list.setColumnWidth(column, min(most, room * share // 100))
        if writes.rows:  # rows that are named in words
            self.list.setColumnWidth(0, max(self.list.columnWidth(0), min(self.list.sizeHintForColumn(0), room // 4)))
        if writes.bad:
            self.cell_asked.emit(writes.bad[0])
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """A cell was corrected, or has another reason."""
        writes, row = self._writes, self.list.currentIndex().row()
        if writes is None:
            return
        count = len(writes.bad)
        self.cells.show_writes(writes)
        if self.isVisible():  # what is under the mouse stays there until all is decided
            self.setMinimumHeight(max(self.minimumHeight(), self.height()))
        self.list.setVisible(count > 0)
        said = plural("{n} cell cannot be written.", "{n} cells cannot be written.", count) if count else ""
        self.title.setText(said)
        self.title.setVisible(bool(said))
        missing = missing_options(writes)
        notes = [*map(str, writes.notes), *self._of_options(writes, missing), _("Nothing is written yet.")]
        self.add.setVisible(bool(missing) and self._designs)
        self.add.setText(offer_words(writes, missing) if missing else "")
        self.note.setText(" ".join(notes))
        left = _("{doing} without them", doing=self._doing) if count else self._doing
        self.go_on.setText(left)
        self.go_on.setEnabled(not writes.empty)
        if count:
            self.list.setCurrentIndex(self.cells.index(min(max(row, 0), count - 1), TEXT))
        else:
            self.go_on.setFocus(Qt.FocusReason.OtherFocusReason)

    def _of_options(self, writes: CellWrites, missing: Mapping[str, Sequence[str]]) -> list[str]:
        """What is said of options: the ones that will be added, or who can add them."""
        if missing and not self._designs:
            return [_("Only who may change the form can add options; ask the owner of the workspace.")]
        count = sum(map(len, writes.options.values()))
        return [plural("{n} option will be added.", "{n} options will be added.", count)] if count else []

    def _picked(self, selected: QItemSelection, _deselected: QItemSelection) -> None:
        indexes = selected.indexes()
        bad = self.cells.bad(indexes[0].row()) if indexes else None
        if bad is not None and self.isVisible():
            self.cell_asked.emit(bad)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape writes nothing; Ctrl+Enter goes on."""
        if event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._enter(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        else:
            super().keyPressEvent(event)

    def _enter(self, surely: bool) -> None:
        """Enter goes on where nothing is bad any more; else it corrects, and only Ctrl+Enter goes on."""
        if self.cells.rowCount() and not surely:
            self.list.edit(self.list.currentIndex())
        elif self.go_on.isEnabled():
            self.went_on.emit()


def offer_words(writes: CellWrites, missing: Mapping[str, Sequence[str]]) -> str:
    """What the button says that adds options: the one option and its field, or how many."""
    field = writes.form.by_id[next(iter(missing))].name
    labels = [label for each in missing.values() for label in each]
    if len(labels) == 1:
        return _("Add “{option}” to the options of “{field}”", option=labels[0], field=field)
    if len(missing) == 1:
        return plural(
            "Add {n} option to “{field}”: {names}",
            "Add {n} options to “{field}”: {names}",
            len(labels),
            field=field,
            names=", ".join(labels[:NAMED]) + (" …" if len(labels) > NAMED else ""),
        )
    return _("Add {n} options to {fields} fields", n=f"{len(labels):,}", fields=len(missing))
