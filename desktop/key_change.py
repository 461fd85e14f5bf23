"""A new key for an open workspace: backed up, closed, rekeyed, opened again; for the window and the command line."""

from __future__ import annotations

from dataclasses import dataclass

from resources.texts import T
from runtime.errors import Cancelled, UserError
from runtime.session import Session, open_workspace
from runtime.store.backups import KEY
from runtime.store.rekey import rekey_closed
from runtime.work import Progress


@dataclass(frozen=True, slots=True, repr=False)
class KeyChange:
    """What came of it.

    Attributes:
        session: the workspace, open again.
        refusal: why the key is still the old one; None = it is a new one.
        code_gone: a recovery code stopped opening the workspace, and a new one is due.
    """

    session: Session
    refusal: UserError | None = None
    code_gone: bool = False


def change_key(session: Session, secret: str | None, progress: Progress) -> KeyChange:
    """Close `session` and open its workspace again with a new key, backed up before and after.

    Args:
        secret: the passphrase where there is one; None = the keyring of this computer.

    Raises:
        UserError: `secret` does not open it, or it cannot be backed up; the session is still open.
    """
    assert session.ways is not None, "a workspace in a folder"
    session.ways.assert_opens(secret)
    session.safety.backup(KEY, progress)
    folder = session.folder
    session.close()
    try:
        done = rekey_closed(folder, secret, progress)
    except Cancelled:
        return KeyChange(open_workspace(folder, secret), UserError(T("The key was not changed."), "", "cancelled"))
    except UserError as refusal:
        return KeyChange(open_workspace(folder, secret), refusal)
    again = open_workspace(folder, secret)
    again.safety.backup(KEY, Progress())
    return KeyChange(again, None, done.code_gone)
