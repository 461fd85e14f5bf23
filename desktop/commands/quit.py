"""End the program."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class Quit(Command):
    """End the program."""

    name, title, icon = "quit", T("Quit"), "close"
    shortcut, when, order = "Ctrl+Q", "", 50

    def run(self, shell: Shell) -> None:
        """Close the window."""
        shell.quit()
