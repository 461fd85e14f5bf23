"""Show the settings."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class ShowSettings(Command):
    """Show the settings."""

    name, title, icon = "settings", T("Settings"), "settings"
    shortcut, when, order = "Ctrl+,", "", 40

    def run(self, shell: Shell) -> None:
        """Show them."""
        shell.show("settings")
