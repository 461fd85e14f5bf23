"""Show the backups of the open workspace."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class ShowBackups(Command):
    """Go back to a backup, or make one now."""

    name, title, icon = "backups", T("Restore from backup …"), "history"
    shortcut, when, order = "", "workspace", 13

    def run(self, shell: Shell) -> None:
        """Show them."""
        shell.show("backups")
