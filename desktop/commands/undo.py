"""Undo the last edit of records in this session."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class Undo(Command):
    """Undo in the store lane; the feed repaints."""

    name, title, icon = "undo", T("Undo"), "undo"
    shortcut, when, order = "Ctrl+Z", "workspace and can_undo", 20

    def run(self, shell: Shell) -> None:
        """Ask the session."""
        session = shell.session
        if session is not None:
            shell.jobs.start(shell.notices, lambda _progress: session.undo(), label=T("Undo"))
