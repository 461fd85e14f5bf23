"""The reminder that a workspace with one way in is lost with it; said at every opening until there is a second."""

from __future__ import annotations

from functools import partial

from desktop.shell import Shell
from resources.texts import T
from runtime.ui.notices import NoticeAction

NOTICE = "one_way_in"


def remind_of_second_way(shell: Shell) -> None:
    """Say it, or take it back."""
    session = shell.session
    ways = None if session is None else session.ways
    if ways is None or ways.count > 1:
        shell.notices.withdraw(NOTICE)
        return
    message = T("Only this computer opens this workspace.")
    lost = T("If it is lost or set up anew, nobody can read the workspace again.")
    if ways.has_passphrase:
        message = T("Only your passphrase opens this workspace.")
        lost = T("If you forget it, nobody can read the workspace again.")
    make = NoticeAction(T("Make a recovery code"), partial(shell.show_settings, "security"))
    shell.notices.info(message, lost, make, code=NOTICE)
