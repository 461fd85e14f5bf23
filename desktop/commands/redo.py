"""Redo the last edit of records in this session."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class Redo(Command):
    """Redo in the store lane; the feed repaints."""

    name, title, icon = "redo", T("Redo"), "redo"
    shortcut, other_keys = "Ctrl+Y", ("Ctrl+Shift+Z",)
    when, order = "workspace and can_redo", 21

    def run(self, shell: Shell) -> None:
        """Ask the session."""
        session = shell.session
        if session is not None:
            shell.jobs.start(shell.notices, lambda _progress: session.redo(), label=T("Redo"))
