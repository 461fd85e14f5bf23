"""Undo the last edit of records in this session."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class Undo(Command):
    """Undo in the store lane; the feed repaints. Forms that come or go are out of sight, so that is said."""

    name, title, icon = "undo", T("Undo"), "undo"
    shortcut, when, order = "Ctrl+Z", "workspace and can_undo", 20

    def run(self, shell: Shell) -> None:
        """Ask the session."""
        session = shell.session
        if session is None:
            return
        what, before = session.undo_label, {form.id for form in session.forms}

        def undone(done: bool) -> None:
            if done and what is not None and {form.id for form in session.forms} != before:
                shell.notices.success(T("Undo: {what}", what=what))

        shell.jobs.start(shell.notices, lambda _progress: session.undo(), undone, label=T("Undo"))
