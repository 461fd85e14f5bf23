"""A running program with a throw-away profile; no workspace is open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop.app import Desktop
from tests.desktop.wizard_hands import Wizard, sales


@pytest.fixture
def desktop(qtbot, qapp: QApplication, profile_folder: Path) -> Iterator[Desktop]:
    """The program, its window shown."""
    made = Desktop(qapp)
    made.window.resize(made.window.sizeHint())  # as on a large screen; that of the tests is small
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


@pytest.fixture
def wizard(qtbot, desktop: Desktop) -> Wizard:
    """The wizard of the program."""
    return Wizard(qtbot, desktop)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A workbook with customers, orders and returns."""
    return sales(tmp_path / "销售台账.xlsx")


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """Where workspaces are made."""
    made = tmp_path / "places"
    made.mkdir()
    return made
