"""The crash dialog: says what is saved and gives a report to copy, with code lines but no contents of records."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Callable

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from resources.styles.tokens import SIZES
from resources.texts import T, _
from runtime.errors import Sentence
from runtime.ui import fonts
from runtime.ui.icons import IconLabel
from runtime.ui.kit.button import button, primary_button
from runtime.ui.kit.words import words

WIDTH = SIZES.field_width * 2
REPORT_HEIGHT = SIZES.field_width // 2
SAVED = T("Everything you saved is safe. What you are typing is still on the screen: you can go on and save it.")


def report(error: BaseException) -> str:
    """A report of `error` that can be sent to anybody: kinds, files and code lines, never messages or values.

    Messages are left out because they may quote what a record holds.
    """
    lines = [f"Python {platform.python_version()} · Qt {qVersion()} · {platform.platform()}", ""]
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}")
        lines.extend(
            f"  {frame.filename}:{frame.lineno} in {frame.name}\n    {frame.line or ''}"
            for frame in traceback.extract_tb(link.__traceback__)
        )
        link = link.__cause__ or link.__context__
        if link is not None:
            lines.append("from:")
    return "\n".join(lines)


class CrashDialog(QDialog):
    """Shown with `open()`; a second bug while it is open is added to the same report."""

    def __init__(self, parent: QWidget | None = None, saved: Callable[[], Sentence] = lambda: SAVED) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Something went wrong"))
        self.setMinimumWidth(WIDTH)
        self._saved = saved
        self._state = words("", wrap=True)
        self._report = QPlainTextEdit()
        self._report.setReadOnly(True)
        self._report.setFont(fonts.monospace())
        self._report.setFixedHeight(REPORT_HEIGHT)
        self._report.setAccessibleName(_("Report"))
        self._build()

    def show_error(self, error: BaseException) -> None:
        """Show `error`, or add it to what is shown."""
        before = self._report.toPlainText() if self.isVisible() else ""
        self._report.setPlainText("\n\n".join(part for part in (before, report(error)) if part))
        self._state.setText(str(self._saved()))
        if not self.isVisible():
            self.open()
            self.resize(self.width(), self.heightForWidth(self.width()))

    def text(self) -> str:
        """The report that the Copy button copies."""
        return self._report.toPlainText()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SIZES.xl, SIZES.xl, SIZES.xl, SIZES.l)
        layout.setSpacing(SIZES.m)
        head = QHBoxLayout()
        head.setSpacing(SIZES.m)
        head.addWidget(IconLabel("bug", "danger", SIZES.xl), 0, Qt.AlignmentFlag.AlignVCenter)
        title = words(_("Something went wrong in Formwork"), "section")
        head.addWidget(title, 1)
        layout.addLayout(head)
        layout.addWidget(self._state)
        note = _("This is a mistake of the program, not yours. The report says where; it holds none of your records.")
        layout.addWidget(words(note, "secondary", wrap=True))
        layout.addWidget(self._report)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SIZES.s)
        copy = button(_("Copy report"), "copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        onward = primary_button(_("Go on"))
        onward.setDefault(True)
        onward.clicked.connect(self.accept)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(onward)
        return row
