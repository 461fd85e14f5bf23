"""`CodeSheet`: a recovery code, shown this once, to be printed, copied or saved before it holds."""

from __future__ import annotations

import html
import os
from pathlib import Path

from PySide6.QtCore import QMimeData, QStandardPaths, Qt, Signal
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import T, _
from runtime.errors import UserError, reason_of_system
from runtime.store.recovery_code import RecoveryCode
from runtime.ui.fonts import monospace
from runtime.ui.kit.button import button, primary_button
from runtime.ui.kit.card import Card
from runtime.ui.kit.words import words
from runtime.work import Progress

COLUMNS = 3
NOT_FOR_HISTORIES = "x-kde-passwordManagerHint"
"""Tells clipboard histories that know it (Klipper, GPaste) to keep nothing."""


class CodeSheet(QWidget):
    """Shows the code in nine groups.

    Args:
        name: of the workspace.

    Signals:
        kept(): the person has it, and it may hold.
        cancelled(): it shall not.
    """

    kept = Signal()
    cancelled = Signal()

    def __init__(self, shell: Shell, name: str, code: RecoveryCode) -> None:
        super().__init__()
        self._shell = shell
        self._name = name
        self._code = code
        card = Card(_("Your recovery code"))
        card.body.setSpacing(SIZES.l)
        sentence = _(
            "It is shown this once. Print it or write it down, and keep it away from this computer: whoever has it and "
            "the workspace can read everything."
        )
        card.body.addWidget(words(sentence, "secondary", wrap=True))
        card.body.addWidget(self._groups())
        card.body.addLayout(self._take_along())
        card.body.addLayout(self._foot())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(card)
        layout.addStretch(1)
        self.setFocusProxy(self.print)

    def _groups(self) -> QWidget:
        holder = QFrame()
        holder.setProperty("role", "code")
        holder.setAccessibleName(str(self._code))
        grid = QGridLayout(holder)
        grid.setContentsMargins(SIZES.xl, SIZES.l, SIZES.xl, SIZES.l)
        grid.setHorizontalSpacing(SIZES.xl)
        grid.setVerticalSpacing(SIZES.m)
        for at, group in enumerate(self._code.groups):
            label: QLabel = words(group)
            label.setFont(monospace(SIZES.title))
            grid.addWidget(label, at // COLUMNS, at % COLUMNS, Qt.AlignmentFlag.AlignHCenter)
        return holder

    def _take_along(self) -> QHBoxLayout:
        self.print = button(_("Print …"), "print")
        self.copy = button(_("Copy"), "copy")
        self.save = button(_("Save …"), "file")
        self.print.clicked.connect(self._print)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.setSpacing(SIZES.s)
        for each in (self.print, self.copy, self.save):
            row.addWidget(each)
        row.addStretch(1)
        return row

    def _foot(self) -> QHBoxLayout:
        away = button(_("Cancel"))
        away.clicked.connect(self.cancelled)
        self.done = primary_button(_("I have kept it"))
        self.done.clicked.connect(self._keep)
        row = QHBoxLayout()
        row.setSpacing(SIZES.s)
        row.addWidget(
            words(_("It opens the workspace from then on; a former code no longer does."), "small", wrap=True), 1
        )
        row.addWidget(away)
        row.addWidget(self.done)
        return row

    def _keep(self) -> None:
        self.done.setEnabled(False)
        self.kept.emit()

    # Ways to keep it

    def document(self) -> QTextDocument:
        """The sheet that is printed."""
        rows = [self._code.groups[at : at + COLUMNS] for at in range(0, len(self._code.groups), COLUMNS)]
        cells = "".join(f"<tr>{''.join(f'<td>{group}</td>' for group in row)}</tr>" for row in rows)
        title = html.escape(_("Recovery code of {name}", name=self._name))
        advice = html.escape(_("Keep it away from the computer: whoever has it and the workspace can read everything."))
        made = QTextDocument()
        made.setDefaultStyleSheet("td { font-family: monospace; font-size: 20pt; padding: 12px; }")
        made.setHtml(f"<h2>{title}</h2><table>{cells}</table><p>{advice}</p>")
        return made

    def _print(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle(_("Print the recovery code"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.document().print_(printer))
        QDialog.open(dialog)

    def _copy(self) -> None:
        secret = QMimeData()
        secret.setText(str(self._code))
        secret.setData(NOT_FOR_HISTORIES, b"secret")
        QGuiApplication.clipboard().setMimeData(secret)
        self._shell.notices.success(T("Copied. Paste it where only you read it, then copy something else."))

    def _choose(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = _("Recovery code of {name}", name=self._name)
        dialog = QFileDialog(self, _("Save the recovery code"), folder, _("Text files (*.txt)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.selectFile(f"{name}.txt")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.save_to(Path(chosen)))
        dialog.open()

    def save_to(self, path: Path) -> None:
        """Write the code into a file that only its owner can read."""
        title = _("Recovery code of {name}", name=self._name)
        text = f"{title}\n\n{self._code}\n"

        def write(_progress: Progress) -> None:
            try:
                path.unlink(missing_ok=True)
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                    stream.write(text)
            except OSError as error:
                raise UserError(T("The recovery code could not be saved."), reason_of_system(error)) from error

        said = T("Saved. Move the file away from this computer.")
        self._shell.jobs.start(self, write, lambda _nothing: self._shell.notices.success(said), lane="free")
