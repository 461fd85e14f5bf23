"""Redo the last edit of records in this session."""

from desktop.commands import Command, commands
from desktop.commands.undo import forms_out_of_sight
from desktop.shell import Shell
from resources.texts import T


@commands.register
class Redo(Command):
    """Redo in the store lane; the feed repaints. What is out of sight is said."""

    name, title, icon = "redo", T("Redo"), "redo"
    shortcut, other_keys = "Ctrl+Y", ("Ctrl+Shift+Z",)
    when, order = "workspace and can_redo", 21

    def run(self, shell: Shell) -> None:
        """Ask the session."""
        session = shell.session
        if session is None:
            return
        what, elsewhere = session.redo_label, forms_out_of_sight(shell, session.redo_forms)

        def redone(done: bool) -> None:
            if done and what is not None and elsewhere:
                shell.notices.success(T("Redone in “{form}”: {what}", form=elsewhere, what=what))

        shell.jobs.start(shell.notices, lambda _progress: session.redo(), redone, label=T("Redo"))
