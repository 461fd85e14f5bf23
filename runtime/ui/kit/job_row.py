"""Long work in the status bar: what it does, how far it is, Cancel."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.ui.jobs import Jobs
from runtime.ui.kit.button import IconButton
from runtime.ui.kit.words import words

BAR = SIZES.field_width // 3


class JobRow(QWidget):
    """Shows the oldest job that runs longer than a moment, and how many others wait; hidden when there is none."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._label = words("", "small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(BAR)
        self._count = words("", "small")
        self._cancel = IconButton("close", _("Cancel"), size=SIZES.status - SIZES.xs)
        self._cancel.clicked.connect(self._stop)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SIZES.s)
        for part in (self._label, self._bar, self._count, self._cancel):
            layout.addWidget(part)
        jobs.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what runs now."""
        shown = self._jobs.shown()
        self.setVisible(bool(shown))
        if not shown:
            return
        job = shown[0]
        step = job.step
        label = str(step.label or job.label) if step is not None else str(job.label)
        self._label.setText(_("Stopping …") if job.cancelling else label)
        self._bar.setAccessibleName(label)
        self._cancel.setEnabled(not job.cancelling)
        if step is not None and step.total > 0:
            self._bar.setRange(0, 1000)
            self._bar.setValue(min(1000, step.done * 1000 // step.total))
            self._count.setText(f"{step.done:,} / {step.total:,}")
        else:
            self._bar.setRange(0, 0)
            self._count.setText(f"{step.done:,}" if step is not None and step.done else "")

    def _stop(self) -> None:
        shown = self._jobs.shown()
        if shown:
            shown[0].cancel()
            self.refresh()
