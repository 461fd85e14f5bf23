"""The settings page Security in each of its states, and the page that a locked window shows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import keyring
from PySide6.QtTest import QTest

from desktop.app import Desktop
from desktop.security.code_sheet import CodeSheet
from desktop.security.page import SecurityPage
from desktop.settings_page import SettingsView
from desktop.workspace_pages import UnlockPage
from runtime.session import open_workspace
from runtime.store.recovery_code import RecoveryCode
from tests.support.memory_keyring import MemoryKeyring

PASSPHRASE = "correct horse battery"
CODE = RecoveryCode(bytes(range(7, 27)))


def _opened(shell: Desktop, passphrase: str | None, *, code: bool = False) -> SecurityPage:
    """The page of a new workspace with these ways in."""
    keyring.set_keyring(MemoryKeyring())
    session = open_workspace(Path(tempfile.mkdtemp()) / "销售 2026.formwork", passphrase)
    if code and session.ways is not None:
        session.ways.accept(session.ways.offer_code(None))
    shell.adopt(session)
    shell.show_settings("security")
    _quiet(shell)
    settings = shell.window.page
    assert isinstance(settings, SettingsView)
    page = settings.findChild(SecurityPage)
    assert page is not None
    return page


def _quiet(shell: Desktop) -> None:
    while shell.jobs.busy:
        QTest.qWait(10)
    QTest.qWait(50)


def one_way(shell: Desktop) -> None:
    """Only the keyring opens it."""
    _opened(shell, None)


def all_ways(shell: Desktop) -> None:
    """Keyring, passphrase and recovery code."""
    _opened(shell, PASSPHRASE, code=True)


def change(shell: Desktop) -> None:
    """The passphrase is changed, and the one now is wrong."""
    page = _opened(shell, PASSPHRASE, code=True)
    page._passphrase()
    form = page.shown
    form.now.setText("CORRECT HORSE")  # type: ignore[union-attr]
    form.new.setText("a new sentence of mine")  # type: ignore[union-attr]
    form.again.setText("a new sentence of mine")  # type: ignore[union-attr]
    form.submit()  # type: ignore[union-attr]
    _quiet(shell)


def code(shell: Desktop) -> None:
    """The code is shown."""
    page = _opened(shell, None)
    page._show(CodeSheet(shell, "销售 2026", CODE))


def rekey(shell: Desktop) -> None:
    """What a new key means."""
    _opened(shell, PASSPHRASE)._rekey()


def locked(shell: Desktop) -> None:
    """The window is locked."""
    _opened(shell, PASSPHRASE)
    shell.lock()
    _quiet(shell)


def by_code(shell: Desktop) -> None:
    """The recovery code is typed, with a slip."""
    locked(shell)
    page = shell.window.findChild(UnlockPage)
    assert page is not None
    page.link.click()
    page.code.setText(str(CODE)[:-1] + "7")
    page.submit()


WINDOWS: dict[str, Callable[[Desktop], None]] = {
    "security_one_way": one_way,
    "security_all_ways": all_ways,
    "security_change": change,
    "security_code": code,
    "security_rekey": rekey,
    "security_locked": locked,
    "security_by_code": by_code,
}
