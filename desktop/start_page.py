"""The start page: the doors into Formwork and the workspaces that were open lately; takes dropped files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from desktop.dropping import tables_in, workspace_in
from desktop.settings import Recent
from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.kit.button import IconButton
from runtime.ui.kit.card import CardButton
from runtime.ui.kit.words import words
from runtime.ui.page import ColumnPage
from runtime.ui.theme import mark

COLUMNS = 2


@dataclass(frozen=True, slots=True)
class Door:
    """One way in: shown as a large card."""

    icon: str
    title: str
    sentence: str
    run: Callable[[], None]


class StartPage(ColumnPage):
    """Doors and recent workspaces.

    Args:
        open_files: makes an app of table files; `None` where this program cannot yet: then nothing offers it.
        choose_file: asks for such a file.
    """

    def __init__(
        self,
        shell: Shell,
        open_files: Callable[..., None] | None = None,
        choose_file: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._shell = shell
        self._open_files = open_files
        self.doors: list[CardButton] = []
        self.recent: list[CardButton] = []
        self.setAcceptDrops(True)
        self.column.addSpacing(SIZES.xl)
        self.column.addWidget(words(_("Welcome to Formwork"), "title"))
        lead = _("Forms and records that stay on this computer, encrypted.")
        self.column.addWidget(words(lead, "secondary", wrap=True))
        self.column.addLayout(self._doors(self._ways(choose_file)))
        if shell.settings.recent:
            self.column.addSpacing(SIZES.s)
            self.column.addWidget(words(_("Recent workspaces"), "section"))
            self.column.addLayout(self._recents(shell.settings.recent))
        self.column.addStretch(1)

    def _ways(self, choose_file: Callable[[], None] | None) -> list[Door]:
        shell = self._shell
        doors = []
        if choose_file is not None:
            line = _("Drop it here or choose it: a working app from your table in under a minute.")
            doors.append(Door("excel", _("Open an Excel file"), line, choose_file))
        line = _("Go on with a workspace on this computer.")
        doors.append(Door("folder_open", _("Open a workspace"), line, shell.choose_workspace))
        line = _("An encrypted place of your own, ready for your tables.")
        doors.append(Door("add", _("New empty workspace"), line, lambda: shell.show("new_workspace")))
        return doors

    def _doors(self, doors: Sequence[Door]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SIZES.l)
        for door in doors:
            card = CardButton(door.icon, door.title, door.sentence)
            card.setMinimumHeight(SIZES.field_width * 2 // 5)
            card.clicked.connect(door.run)
            row.addWidget(card, 1)
            self.doors.append(card)
        return row

    def _recents(self, recents: Sequence[Recent]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(SIZES.s)
        for at, recent in enumerate(recents):
            grid.addWidget(self._recent(recent), at // COLUMNS, at % COLUMNS)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        return grid

    def _recent(self, recent: Recent) -> QWidget:
        path = Path(recent.path)
        card = CardButton("workspace", path.stem, str(path.parent), wide=True)
        card.clicked.connect(lambda: self._shell.open_workspace(path))
        self.recent.append(card)
        remove = IconButton("close", _("Remove {name} from this list", name=path.stem))
        remove.clicked.connect(lambda: self._shell.forget(recent.path))
        card.put_last(remove)
        return card

    # Files dropped on the page

    def _takes(self, event: QDropEvent) -> bool:
        mime = event.mimeData()
        return workspace_in(mime) is not None or (self._open_files is not None and bool(tables_in(mime)))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say by a dashed border that the file can be dropped."""
        if self._takes(event):
            event.acceptProposedAction()
            self._aim(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """No border any more."""
        self._aim(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self._aim(False)
        if not self._takes(event):
            return
        event.acceptProposedAction()
        workspace = workspace_in(event.mimeData())
        if workspace is not None:
            self._shell.open_workspace(workspace)
        elif self._open_files is not None:
            self._open_files(*tables_in(event.mimeData()))

    def _aim(self, on: bool) -> None:
        for card in self.doors[:1]:
            mark(card, target=on)
