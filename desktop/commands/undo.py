"""Undo the last edit of records in this session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.commands import Command, commands
from desktop.shell import Shell
from resources.texts import TN, T
from runtime.errors import Sentence, run_on

if TYPE_CHECKING:  # the store is loaded when a workspace is opened
    from runtime.session import Session

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
            stays = what_stays(session)
            if stays or {form.id for form in session.forms} != before:
                shell.notices.success(run_on(T("Undone: {what}", what=what), stays))
            elif elsewhere:
                shell.notices.success(T("Undone in “{form}”: {what}", form=elsewhere, what=what))

        shell.jobs.start(shell.notices, lambda _progress: session.undo(), undone, label=LABEL)


def what_stays(session: Session) -> Sentence:
    """Which forms the last undo could not take away; "" where there are none."""
    names = [form.name for form in session.undo_stayed]
    if not names:
        return ""
    return TN(
        "The form {names} stays: its app was changed since.",
        "The forms {names} stay: their app was changed since.",
        len(names), names=", ".join(f"“{name}”" for name in names),
    )  # fmt: skip


def forms_out_of_sight(shell: Shell, forms: frozenset[str]) -> str:
    """The name of one of these forms, where none of them is seen; else ""."""
    session, page = shell.session, shell.page
    if session is None or not forms or (page is not None and page.shows(forms)):
        return ""
    return next((form.name for form in session.forms if form.id in forms), "")
