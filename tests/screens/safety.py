"""The page of backups, and what the notice bar says of damage, disks and imports."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import keyring
from PySide6.QtTest import QTest

from desktop.app import Desktop
from desktop.backups_page import BackupsPage
from resources.texts import T
from runtime.changes import new_uuid
from runtime.errors import Problem
from runtime.session import Session, open_workspace
from runtime.store import aftermath
from runtime.store.backups import ASKED, CHANGE, IMPORT
from runtime.store.opening import Opening
from runtime.store.restore import Restored
from runtime.store.safety import Unfinished
from runtime.work import Progress
from tests.support.apps import customers_and_orders
from tests.support.clock import FakeClock
from tests.support.memory_keyring import MemoryKeyring


def _opened(shell: Desktop) -> Session:
    """A workspace with three backups, in the window."""
    keyring.set_keyring(MemoryKeyring())
    clock = FakeClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    session = open_workspace(Path(tempfile.mkdtemp()) / "销售 2026.formwork", clock=clock)
    session.publish(customers_and_orders())
    for at, reason in enumerate((CHANGE, IMPORT, ASKED)):
        session.form("客户").create({"名称": f"客户{at}"})
        session.safety.backup(reason, Progress())
        clock.advance(hours=5 * at + 1)
    shell.adopt(session)
    _quiet(shell)
    while shell.window._notices.notice is not None:
        shell.window._notices.dismiss()
    return session


def _quiet(shell: Desktop) -> None:
    while shell.jobs.busy:
        QTest.qWait(10)
    QTest.qWait(50)


def backups(shell: Desktop) -> None:
    """One of three backups is chosen."""
    _opened(shell)
    shell.show("backups")
    _quiet(shell)
    page = shell.window.page
    assert isinstance(page, BackupsPage)
    page.cards[1].click()
    _quiet(shell)


def going_back(shell: Desktop) -> None:
    """The window waits."""
    session = _opened(shell)
    shell.window.show_page(shell.going_back.page(session.name))


def restored(shell: Desktop) -> None:
    """A damaged workspace was restored when it was opened."""
    session = _opened(shell)
    backup = session.safety.backups.listed()[1]
    session.safety.opening = Opening(
        True, Restored(backup, 12, Path("/home/ana/销售 2026.formwork/damaged/2026-03-02"))
    )
    _tell(shell, session)


def read_only(shell: Desktop) -> None:
    """Nothing can be written."""
    session = _opened(shell)
    session.safety.read_only = True
    _tell(shell, session)


def interrupted(shell: Desktop) -> None:
    """An import of a former session was killed."""
    session = _opened(shell)
    session.safety.unfinished = Unfinished("Import 销售台账.xlsx", new_uuid().hex)
    _tell(shell, session)


def _tell(shell: Desktop, session: Session) -> None:
    for word in reversed(aftermath.words_of(session.safety)):
        shell.keeping._tell(word)


def damaged(shell: Desktop) -> None:
    """Damage was met at work."""
    _opened(shell)
    shell.keeping._say(Problem("", "damaged", T("The workspace file is damaged.")))


def disk_full(shell: Desktop) -> None:
    """The disk is full, and the reserve is let go."""
    _opened(shell)
    message = T("The disk is full. Nothing can be saved until there is space again; everything can be read.")
    shell.keeping._say(Problem("", "disk_full", message))


WINDOWS: dict[str, Callable[[Desktop], None]] = {
    "safety_backups": backups,
    "safety_going_back": going_back,
    "safety_restored": restored,
    "safety_read_only": read_only,
    "safety_interrupted": interrupted,
    "safety_damaged": damaged,
    "safety_disk_full": disk_full,
}
