"""Close the open workspace."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class CloseWorkspace(Command):
    """Close the open workspace."""

    name, title, icon = "close_workspace", T("Close workspace"), "close"
    shortcut, when, order = "", "workspace", 12

    def run(self, shell: Shell) -> None:
        """Back to the start page."""
        shell.close_workspace()
