"""What an import left out, and ways to take it along: as a list, or as a file to correct and import again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.import_wizard import steps
from desktop.import_wizard.flow import ImportFlow
from desktop.import_wizard.left_table import LeftTable
from desktop.shell import Shell
from resources.styles.tokens import SIZES
from resources.texts import TN, T, _
from runtime.errors import run_on
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import button, primary_button
from runtime.ui.kit.words import rule, words
from runtime.work import Progress


class Result(QWidget):
    """The list of what was left out.

    Args:
        flow: is done.
        leave: closes the result.
    """

    def __init__(self, flow: ImportFlow, shell: Shell, leave: Callable[[], None]) -> None:
        super().__init__()
        assert flow.report is not None
        self._flow = flow
        self._shell = shell
        self.table = LeftTable(flow.report.left)
        head = QHBoxLayout()
        head.setContentsMargins(SIZES.xl, SIZES.l, SIZES.xl, SIZES.l)
        head.setSpacing(SIZES.m)
        head.addWidget(IconLabel("warning", "warning", SIZES.xl), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(self._lines(), 1)
        self.file = button(_("Save the rows as a file"), "excel")
        if flow.source is None:
            self.file.hide()
        self.file.clicked.connect(self._ask_file)
        self.copy_ = button(_("Copy the list"), "copy")
        self.copy_.clicked.connect(self.table.copy)
        self.close_ = primary_button(_("Go to the app"))
        self.close_.clicked.connect(leave)
        for each in (self.file, self.copy_, self.close_):
            head.addWidget(each, 0, Qt.AlignmentFlag.AlignTop)
        body = QFrame()
        body.setProperty("role", "pane")
        inside = QHBoxLayout(body)
        inside.setContentsMargins(SIZES.l, 0, SIZES.l, 0)
        inside.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(rule())
        layout.addWidget(body, 1)
        self.setFocusProxy(self.close_)

    def _lines(self) -> QVBoxLayout:
        report = self._flow.report
        assert report is not None
        hint = _("Correct them in the records, or in the file and import it again.")
        if self._flow.source is not None:
            hint = _("Save the rows as a file, correct them there, and import that file.")
        lines = QVBoxLayout()
        lines.setSpacing(SIZES.xs)
        lines.addWidget(words(steps.left_words(report), "section", wrap=True))
        lines.addWidget(words(run_on(steps.what_happened(report, self._flow.name), hint), "secondary", wrap=True))
        return lines

    def _ask_file(self) -> None:
        name = _("{file} (left out).xlsx", file=self._flow.path.stem)
        dialog = QFileDialog(self, _("Save the rows as a file"), str(self._flow.path.with_name(name)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.setNameFilters([_("Excel workbooks ({patterns})", patterns="*.xlsx")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.save(Path(chosen)))
        dialog.open()

    def save(self, path: Path) -> None:
        """Write the rows that were left out, as they are in the file."""
        plan, report = self._flow.source, self._flow.report
        if plan is None or report is None:
            return

        def work(_progress: Progress) -> int:
            from runtime.exchange.importing.rejected import write_rejected  # brings a writer of workbooks along

            return write_rejected(path, plan, report.left)

        def done(count: int) -> None:
            self._shell.notices.success(TN("{n} row is in {file}.", "{n} rows are in {file}.", count, file=path.name))

        self._shell.jobs.start(self, work, done, lane="free", label=T("Writing {file}", file=path.name))
