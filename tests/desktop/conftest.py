"""A running program with a throw-away profile; no workspace is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop.app import Desktop


@pytest.fixture
def desktop(qtbot, qapp: QApplication, profile_folder: Path) -> Iterator[Desktop]:
    """The program, its window shown."""
    made = Desktop(qapp)
    with qtbot.waitActive(made.window):
        made.window.show()
        made.window.activateWindow()
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where workspaces are made."""
    return tmp_path
