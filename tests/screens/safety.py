"""The page of backups, and what the notice bar says of damage, disks and imports."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import keyring
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop.app import Desktop
from desktop.app_page import AppPage
from desktop.backups_page import BackupsPage
from desktop.commands.undo import Undo
from resources.texts import TN, T
from runtime.changes import new_uuid
from runtime.errors import Problem
from runtime.exchange.importing.importer import import_plan
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.workbooks import understand
from runtime.session import Session, open_workspace
from runtime.store import aftermath
from runtime.store.backups import ASKED, CHANGE, IMPORT
from runtime.store.opening import Opening
from runtime.store.restore import Restored
from runtime.store.unfinished import Unfinished
from runtime.work import Progress
from tests.runtime.exchange.workbooks import xlsx
from tests.support.apps import customers_and_orders
from tests.support.clock import FakeClock
from tests.support.cuts import cuts
from tests.support.memory_keyring import MemoryKeyring


def _opened(shell: Desktop, passphrase: str | None = None) -> Session:
    """A workspace with three backups, in the window."""
    keyring.set_keyring(MemoryKeyring())
    clock = FakeClock(datetime(2026, 3, 2, 9, tzinfo=UTC))
    session = open_workspace(Path(tempfile.mkdtemp()) / "销售 2026.formwork", passphrase, clock=clock)
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
    """An import of a former session was killed; going on with it is offered, for its file is there."""
    _interrupted(shell, gone=False)


def interrupted_gone(shell: Desktop) -> None:
    """The same, but its file is no longer where it was."""
    _interrupted(shell, gone=True)


def interrupted_undo(shell: Desktop) -> None:
    """An undo of a former session was killed."""
    session = _opened(shell)
    mark = Unfinished(
        str(T("Undo: {what}", what=TN("Paste {n} row", "Paste {n} rows", 38_000))), new_uuid().hex, 8, (3,)
    )
    session.apply([mark.begun()], "Paste")
    shell.keeping._interrupted.watch(session)
    _quiet(shell)


def _interrupted(shell: Desktop, *, gone: bool) -> None:
    session = _opened(shell)
    folder = Path(tempfile.mkdtemp())
    rows = [["货号", "名称"], *[[f"K{at:05}", f"货{at}"] for at in range(12_000)]]
    plan = understand(open_workbook(xlsx(folder / "销售台账.xlsx", {"销售台账": rows}), Progress()), Progress())
    made = cuts(session, folder, lambda: import_plan(session, plan, "销售台账", Progress()))[1]
    if gone:
        (folder / "销售台账.xlsx").unlink()
    shell.open_workspace(made)
    _quiet(shell)
    while not any(each.code.startswith("interrupted/") for each in shell.window._notices._stack):
        QTest.qWait(10)


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


def undone_elsewhere(shell: Desktop) -> None:
    """An edit was undone in a form that is not in front."""
    session = _opened(shell)
    orders = session.form("订单")
    shell.open_form(orders.id)
    _quiet(shell)
    session.form("客户").create({"名称": "海天贸易"})
    Undo().run(shell)
    _quiet(shell)


def undo_stops(shell: Desktop) -> None:
    """Ctrl+Z was held down and stands before an import."""
    session = _opened(shell)
    rows = [["货号", "名称"], *[[f"K{at:05}", f"货{at}"] for at in range(30)]]
    book = xlsx(Path(tempfile.mkdtemp()) / "销售台账.xlsx", {"销售台账": rows})
    import_plan(session, understand(open_workbook(book, Progress()), Progress()), "销售台账", Progress())
    _quiet(shell)
    Undo().repeat(shell)
    _quiet(shell)


def _begun(shell: Desktop, passphrase: str | None = None) -> None:
    """A new record is begun, beside the list."""
    session = _opened(shell, passphrase)
    shell.open_form(session.form("客户").id)
    _quiet(shell)
    page = shell.window.page
    assert isinstance(page, AppPage) and page.front is not None
    form = page.front
    form.new_record()
    _quiet(shell)
    line = form.panel.fields.editors[next(field.id for field in form.form.fields if field.name == "名称")].control()
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "Haitian Trading")
    _quiet(shell)


def close_unsaved(shell: Desktop) -> None:
    """The window is to be closed over a record that was begun."""
    _begun(shell)
    shell.show("settings")
    shell.window.close()
    _quiet(shell)


def close_writing(shell: Desktop) -> None:
    """The window is to be closed while many records are changed."""
    session = _opened(shell)
    shell.open_form(session.form("客户").id)
    _quiet(shell)
    gate = threading.Event()
    shell.jobs.start(shell.notices, lambda _progress: gate.wait(20), label=T("Delete"), change="long")
    QTest.qWait(800)
    shell.window.close()
    threading.Timer(0.5, gate.set).start()
    QTest.qWait(100)


def close_locked(shell: Desktop) -> None:
    """A locked window is to be closed over a record that was begun."""
    _begun(shell, "correct horse battery")
    shell.lock()
    _quiet(shell)
    shell.window.close()
    _quiet(shell)


WINDOWS: dict[str, Callable[[Desktop], None]] = {
    "safety_close_unsaved": close_unsaved,
    "safety_close_writing": close_writing,
    "safety_close_locked": close_locked,
    "safety_undone_elsewhere": undone_elsewhere,
    "safety_undo_stops": undo_stops,
    "safety_backups": backups,
    "safety_going_back": going_back,
    "safety_restored": restored,
    "safety_read_only": read_only,
    "safety_interrupted": interrupted,
    "safety_interrupted_gone": interrupted_gone,
    "safety_interrupted_undo": interrupted_undo,
    "safety_damaged": damaged,
    "safety_disk_full": disk_full,
}
