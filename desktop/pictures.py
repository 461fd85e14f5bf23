"""Pictures of the program at its main job, in every language and theme; drawn without a display."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from resources.texts import LANGUAGES, T
from runtime.errors import UserError

THEMES = ("light", "dark")
SIZE = (1_400, 860)
PATIENCE = 60.0
CALM = 0.25
"""Seconds without work after which a page is taken to be drawn."""


def take(workspace: Path, passphrase: str, workbook: Path, folder: Path) -> list[Path]:
    """Draw the start page, an import, the records, a filtered list and the settings into `folder`.

    Args:
        workspace: closed; holds a form 订单.
        workbook: an Excel file to show in the import.

    Returns:
        The pictures, `NAME-LANGUAGE-THEME.png`.

    Raises:
        UserError: a page did not come up.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["FORMWORK_HOME"] = str(folder / "profile")
    folder.mkdir(parents=True, exist_ok=True)
    from PySide6.QtWidgets import QApplication

    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    studio = _Studio(app, folder)
    try:
        studio.draw(workspace, passphrase, workbook)
    finally:
        studio.close()
    return studio.pictures


class _Studio:
    def __init__(self, app: object, folder: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from desktop.app import Desktop

        assert isinstance(app, QApplication)
        self._app = app
        self._folder = folder
        self._desktop = Desktop(app)
        self._desktop.window.resize(*SIZE)
        self._desktop.window.show()
        self.pictures: list[Path] = []

    def close(self) -> None:
        """End the program."""
        self._desktop.close()
        self._app.processEvents()

    def draw(self, workspace: Path, passphrase: str, workbook: Path) -> None:
        """Go through the pages."""
        shell = self._desktop
        self._everywhere("start", lambda: shell.show("start"))
        shell.imports.open(workbook)
        self._calm()
        self._everywhere("import", lambda: shell.show("import"))
        shell.imports.leave()
        shell.open_workspace(workspace, passphrase)
        self._until(lambda: shell.session is not None)
        session = shell.session
        assert session is not None
        orders = session.form("订单")
        chosen = orders.records(where='{备注}="加急"', limit=1) or orders.records(limit=1)
        self._everywhere("records", lambda: shell.open_form(orders.id, chosen[0].id))
        self._everywhere("settings", self._settings)

    def _settings(self) -> None:
        self._desktop.window.rebuild()
        self._desktop.show("settings")

    def _everywhere(self, name: str, show: Callable[[], None]) -> None:
        from runtime.ui.theme import Mode

        for code in LANGUAGES:
            self._desktop.set_language(code)
            self._calm()
            for theme in THEMES:
                self._desktop.set_theme(Mode(theme))
                show()
                self._calm()
                file = self._folder / f"{name}-{code}-{theme}.png"
                self._desktop.window.grab().save(str(file))
                self.pictures.append(file)

    def _calm(self) -> None:
        """Wait until nothing is at work and the window has had time to draw."""
        quiet = [time.monotonic()]

        def calm() -> bool:
            if self._desktop.jobs.busy:
                quiet[0] = time.monotonic()
            return time.monotonic() - quiet[0] > CALM

        self._until(calm)

    def _until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            self._app.processEvents()
            time.sleep(0.005)
            if time.monotonic() > end:
                raise UserError(T("A page did not come up in time."), code="no_picture")
