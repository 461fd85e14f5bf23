"""The places of the window, in the order of the rail; the first one is shown at the start."""

from __future__ import annotations

from pathlib import Path

from desktop.late import late
from desktop.settings_page import SettingsView
from desktop.shell import Place, Shell
from desktop.start_page import StartPage
from desktop.workspace_pages import NewWorkspacePage
from resources.texts import T
from runtime.ui.page import Page


def _app_page(shell: Shell) -> Page:
    page: Page = late("desktop.app_page").AppPage(shell)
    return page


def _start_page(shell: Shell) -> Page:
    def open_files(*paths: Path) -> None:
        shell.imports.open(*paths)

    def choose_file() -> None:
        shell.imports.choose()

    return StartPage(shell, open_files, choose_file)


def _backups_page(shell: Shell) -> Page:
    page: Page = late("desktop.backups_page").BackupsPage(shell)
    return page


PLACES = (
    Place(
        "start",
        T("Start"),
        "home",
        _start_page,
        lambda shell: shell.session is None,
    ),
    Place("apps", T("Apps"), "apps", _app_page, lambda shell: shell.session is not None),
    Place("import", T("Import"), "import", lambda shell: shell.imports.page(), lambda shell: shell.importing),
    Place("backups", T("Backups"), "history", _backups_page, rail=""),
    Place("new_workspace", T("New workspace"), "workspace", NewWorkspacePage, rail=""),
    Place("settings", T("Settings"), "settings", SettingsView, rail="bottom"),
)
