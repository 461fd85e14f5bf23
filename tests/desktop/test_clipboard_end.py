"""The end of a program that has something on the clipboard."""

from __future__ import annotations

import os

RUN = """
import sys
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
import desktop.app

app = QApplication(sys.argv[:1])
program = desktop.app.Desktop(app)
program.window.show()
copied = QMimeData()
copied.setText("copied")
QGuiApplication.clipboard().setMimeData(copied)
if "left" in sys.argv:
    desktop.app.let_go_of_clipboard = lambda: None
program.close()
print("text:", QGuiApplication.clipboard().text(), flush=True)
"""


def test_a_program_without_a_screen_that_copied_ends_well(run_python):
    run = run_python("-c", RUN, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    assert (run.returncode, run.stdout.strip()) == (0, "text:"), run.stderr


def test_it_would_crash_if_the_clipboard_were_left_as_it_is(run_python):
    """The positive control: without this crash the test above proves nothing."""
    run = run_python("-c", RUN, "left", env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
    assert run.returncode < 0 and run.stdout.strip() == "text: copied", run.stderr


def test_what_was_copied_in_a_real_window_stays_on_the_clipboard(run_python, x_display):
    run = run_python("-c", RUN, env={**os.environ, "QT_QPA_PLATFORM": "xcb", "DISPLAY": x_display})
    assert (run.returncode, run.stdout.strip()) == (0, "text: copied"), run.stderr
