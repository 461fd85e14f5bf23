"""Undo the last edit of records in this session."""

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import T


@commands.register
class Undo(Command):
    """Undo in the store lane; the feed repaints. What is out of sight is said: forms that come or go, other forms."""

    name, title, icon = "undo", T("Undo"), "undo"
    shortcut, when, order = "Ctrl+Z", "workspace and can_undo", 20

    def run(self, shell: Shell) -> None:
        """Ask the session."""
        session = shell.session
        if session is None:
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

        shell.jobs.start(shell.notices, lambda _progress: session.undo(), undone, label=T("Undo"))


def forms_out_of_sight(shell: Shell, forms: frozenset[str]) -> str:
    """The name of one of these forms, where none of them is in front; else ""."""
    session = shell.session
    if session is None or not forms or shell.settings.tabs_of(session.folder).front in forms:
        return ""
    return next((form.name for form in session.forms if form.id in forms), "")
