"""Lock the open workspace."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class Lock(Command):
    """Lock the open workspace: close its file and ask for the passphrase."""

    name, title, icon = "lock", T("Lock now"), "lock"
    shortcut, when, order = "Ctrl+L", "workspace and can_lock", 13

    def run(self, shell: Shell) -> None:
        """Lock it."""
        shell.lock()
