"""Find anything in the open workspace."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class Find(Command):
    """Find records, forms, views and commands by their words."""

    name, title, icon = "find", T("Find anything …"), "search"
    shortcut, when, order = "Ctrl+K", "workspace", 25

    def run(self, shell: Shell) -> None:
        """Open the finder."""
        shell.find()
