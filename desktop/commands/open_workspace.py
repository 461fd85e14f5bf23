"""Open a workspace that exists."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class OpenWorkspace(Command):
    """Open a workspace that exists."""

    name, title, icon = "open_workspace", T("Open workspace …"), "folder_open"
    shortcut, when, order = "Ctrl+O", "", 11

    def run(self, shell: Shell) -> None:
        """Ask which."""
        shell.choose_workspace()
