"""Undo the last edit of records in this session."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T

LABEL = T("Undo")


@commands.register
class Undo(Command):
    """Undo in the store lane; the feed repaints. What is out of sight is said: forms that come or go, other forms."""

    name, title, icon = "undo", LABEL, "undo"
    shortcut, when, order = "Ctrl+Z", "workspace and can_undo", 20

    def run(self, shell: Shell) -> None:
        """Ask the session."""
        self._undo(shell)

    def repeat(self, shell: Shell) -> None:
        """Only small steps go by holding the keys down; before a large one it is said what comes next."""
        self._undo(shell, held=True)

    @staticmethod
    def _undo(shell: Shell, *, held: bool = False) -> None:
        session = shell.session
        if session is None or (held and shell.jobs.under_way(LABEL)):
            return
        if held and session.undo_large:
            shell.notices.success(T("Press Ctrl+Z once more to undo: {what}", what=session.undo_label))
            return
        what, before = session.undo_label, {form.id for form in session.forms}
        elsewhere = forms_out_of_sight(shell, session.undo_forms)

        def undone(done: bool) -> None:
            if not done or what is None:
                return
            if {form.id for form in session.forms} != before:
                shell.notices.success(T("Undone: {what}", what=what))
            elif elsewhere:
                shell.notices.success(T("Undone in “{form}”: {what}", form=elsewhere, what=what))

        shell.jobs.start(shell.notices, lambda _progress: session.undo(), undone, label=LABEL)


def forms_out_of_sight(shell: Shell, forms: frozenset[str]) -> str:
    """The name of one of these forms, where none of them is in front; else ""."""
    session = shell.session
    if session is None or not forms or shell.settings.tabs_of(session.folder).front in forms:
        return ""
    return next((form.name for form in session.forms if form.id in forms), "")
