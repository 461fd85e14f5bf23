"""Security: what opens the workspace, when it locks itself, and its key."""

from PySide6.QtWidgets import QWidget

from desktop.settings_pages import SettingsPage, settings_pages
from desktop.shell import Shell
from resources.texts import T


@settings_pages.register
class Security(SettingsPage):
    """The ways into the open workspace."""

    name, title, icon, order = "security", T("Security"), "shield", 20

    def offered(self, shell: Shell) -> bool:
        """A workspace in a folder is open."""
        return shell.session is not None and shell.session.ways is not None

    def make(self, shell: Shell) -> QWidget:
        """The ways, the lock, the key."""
        from desktop.security.page import SecurityPage

        return SecurityPage(shell)
