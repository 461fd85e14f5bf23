"""Make a workspace."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class NewWorkspace(Command):
    """Make a workspace."""

    name, title, icon = "new_workspace", T("New workspace …"), "add"
    shortcut, when, order = "Ctrl+Shift+N", "", 10

    def run(self, shell: Shell) -> None:
        """Show the page that makes one."""
        shell.show("new_workspace")
