"""Redo the last edit of records in this session."""

from desktop.commands import Command, commands
from desktop.commands.undo import forms_out_of_sight
from desktop.shell import Shell
from resources.texts import T

LABEL = T("Redo")


@commands.register
class Redo(Command):
    """Redo in the store lane; the feed repaints. What is out of sight is said."""

    name, title, icon = "redo", LABEL, "redo"
    shortcut, other_keys = "Ctrl+Y", ("Ctrl+Shift+Z",)
    when, order = "workspace and can_redo", 21

    def run(self, shell: Shell) -> None:
        """Ask the session."""
        self._redo(shell)

    def repeat(self, shell: Shell) -> None:
        """As undo: only small steps go by holding the keys down."""
        self._redo(shell, held=True)

    @staticmethod
    def _redo(shell: Shell, *, held: bool = False) -> None:
        session = shell.session
        if session is None or (held and shell.jobs.under_way(LABEL)):
            return
        if held and session.redo_large:
            shell.notices.success(T("Press Ctrl+Y once more to redo: {what}", what=session.redo_label))
            return
        what, elsewhere = session.redo_label, forms_out_of_sight(shell, session.redo_forms)

        def redone(done: bool) -> None:
            if done and what is not None and elsewhere:
                shell.notices.success(T("Redone in “{form}”: {what}", form=elsewhere, what=what))

        shell.jobs.start(shell.notices, lambda _progress: session.redo(), redone, label=LABEL)
