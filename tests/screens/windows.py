"""Whole windows to be pictured, with a throw-away profile."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop import settings
from desktop.app import Desktop
from desktop.settings import Recent, Settings
from desktop.workspace_pages import UnlockPage

WIDTH, HEIGHT = 1120, 720


@contextmanager
def desktop(app: QApplication, language: str, mode: str) -> Iterator[Desktop]:
    """A running program with three recent workspaces."""
    with tempfile.TemporaryDirectory() as home:
        os.environ[settings.HOME] = home
        recent = tuple(
            Recent(f"/home/ana/Documents/Formwork/{name}.formwork") for name in ("销售 2026", "Sales North", "仓库盘点")
        )
        settings.save(Settings(language=language, theme=mode, recent=recent), settings.file())
        made = Desktop(app)
        made.window.resize(WIDTH, HEIGHT)
        try:
            yield made
        finally:
            made.close()


def start(shell: Desktop) -> None:
    """The start page."""


def new_workspace(shell: Desktop) -> None:
    """Making a workspace."""
    shell.show("new_workspace")


def unlock(shell: Desktop) -> None:
    """A passphrase is wrong."""
    path = Path("/home/ana/Documents/Formwork/销售 2026.formwork")
    shell.window.show_page(UnlockPage(shell, path, "This passphrase does not open the workspace. 口令不对。"))


def settings_view(shell: Desktop) -> None:
    """The settings, with a notice above."""
    shell.show("settings")
    shell.notices.warning("The disk is almost full. 磁盘快满了。", "Free some space. 请清理空间。")


WINDOWS: dict[str, Callable[[Desktop], None]] = {
    "window_start": start,
    "window_new": new_workspace,
    "window_unlock": unlock,
    "window_settings": settings_view,
}
