"""Locking: nothing is shown, nothing is kept in memory that need not be, and nothing that was typed is lost."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel

from desktop import settings
from desktop.app import Desktop
from desktop.app_page import AppPage
from desktop.start_page import StartPage
from desktop.workspace_pages import UnlockPage
from runtime.filters import Condition, Filter, Operator
from runtime.session import Session, open_workspace
from runtime.store.query import Sort
from runtime.store.recovery_code import RecoveryCode
from runtime.ui.form_page import FormPage
from runtime.ui.grid_look import HEIGHTS
from runtime.ui.notice_bar import NoticeBar
from runtime.ui.views.grid import GridView
from runtime.view import Column
from runtime.work import Progress
from tests.support.apps import customers_and_orders
from tests.support.cheap_passphrases import cheap_passphrases
from tests.support.clock import FakeClock
from tests.support.drivers import clipped, press, quiet, typed

PASSPHRASE = "correct horse battery"
NAME = "王小明 Canary"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id of 1 MiB."""
    cheap_passphrases(monkeypatch)


@pytest.fixture
def work(qtbot, desktop: Desktop, folder: Path) -> Path:
    """A workspace with a passphrase and a record is open, its first form in front."""
    path = folder / "销售.formwork"
    with open_workspace(path, PASSPHRASE) as session:
        session.publish(customers_and_orders())
        session.form("客户").create({"名称": NAME})
    desktop.open_workspace(path)
    qtbot.waitUntil(lambda: front(desktop) is not None, timeout=20_000)
    quiet(qtbot, desktop)
    return path


def front(desktop: Desktop) -> FormPage | None:
    """The form in front."""
    page = desktop.window.page
    return page.front if isinstance(page, AppPage) else None


def page_of(desktop: Desktop) -> UnlockPage:
    """The page that a locked window shows."""
    page = desktop.locking._page
    assert page is not None
    assert page.isVisible()
    return page


def lock(qtbot, desktop: Desktop) -> UnlockPage:
    """Lock, and wait until the workspace is closed."""
    desktop.window.action("lock").trigger()
    qtbot.waitUntil(lambda: desktop.session is None, timeout=20_000)
    quiet(qtbot, desktop, wholly=False)
    return page_of(desktop)


def unlock(qtbot, desktop: Desktop, secret: str = PASSPHRASE) -> None:
    """Type it."""
    page = page_of(desktop)
    page.passphrase.setText(secret)
    press(page, "Unlock")


def test_a_form_looks_after_unlocking_as_it_did_before(qtbot, desktop: Desktop, work: Path):
    page = front(desktop)
    assert page is not None
    name, level = (page.form.called(each) for each in ("名称", "等级"))
    assert name is not None and level is not None
    page.set_filter(Filter((Condition(level.id, Operator.EMPTY),)))
    page.set_sort((Sort(name.id, descending=True),))
    columns = (Column(name.id, 222), Column(level.id, hidden=True))
    page.state.put(replace(page.state.spec, columns=columns, row_height="tall"))
    look = page.state.spec
    lock(qtbot, desktop)
    unlock(qtbot, desktop)
    qtbot.waitUntil(lambda: front(desktop) is not None and not desktop.window.covered, timeout=20_000)
    again = front(desktop)
    assert again is not None
    qtbot.waitUntil(lambda: again.state.spec == look, timeout=20_000)
    quiet(qtbot, desktop)
    assert isinstance(again.view, GridView)
    model, grid = again.view.model, again.view.grid
    assert model.index(0, 0).data() == NAME
    assert grid.columnWidth([field.id for field in model.fields].index(name.id)) == 222
    assert level.id not in {field.id for field in model.fields}
    assert grid.row_height == HEIGHTS["tall"]


def test_a_locked_window_shows_the_name_and_a_field_and_no_word_of_a_record(qtbot, desktop: Desktop, work: Path):
    page = lock(qtbot, desktop)
    shown = [label.text() for label in desktop.window.findChildren(QLabel) if label.isVisible()]
    assert "销售 is locked" in shown
    assert not any(NAME in text for text in shown)
    assert desktop.window.windowTitle() == "Formwork"
    assert page.passphrase.hasFocus()
    assert clipped(desktop.window) == []
    enabled = [name for name, (_command, action) in desktop.window._actions.items() if action.isEnabled()]
    assert enabled == ["quit"]


@pytest.mark.parametrize("frozen", [False, True])
def test_a_locked_workspace_is_closed_and_its_key_is_in_no_object(qtbot, desktop: Desktop, work: Path, frozen: bool):
    session = desktop.session
    assert session is not None
    workspace = session._workspace
    keepers = [weakref.ref(each) for each in (session, workspace, workspace.database, session.safety)]
    del session, workspace
    if frozen:
        gc.freeze()  # as the program does once it has loaded everything
    lock(qtbot, desktop)
    qtbot.waitUntil(lambda: [keeper() for keeper in keepers] == [None] * 4)
    gc.unfreeze()
    with open_workspace(work, PASSPHRASE) as other:  # its lock is given back
        assert other.form("客户").count() == 1


def test_what_nobody_waits_for_keeps_the_key_until_it_ends_and_no_longer(qtbot, desktop: Desktop, work: Path):
    session, go = desktop.session, threading.Event()
    assert session is not None
    keeper = weakref.ref(session)
    desktop.jobs.start(desktop, partial(_linger, session, go), lane="quiet")
    del session
    try:
        lock(qtbot, desktop)
        QApplication.processEvents()
        assert keeper() is not None
        go.set()
        qtbot.waitUntil(lambda: keeper() is None)
    finally:
        go.set()


def _linger(session: Session, go: threading.Event, _progress: Progress) -> None:
    assert go.wait(60)
    assert session is not None


def test_a_wrong_passphrase_is_said_under_the_field_and_the_right_one_goes_on(qtbot, desktop: Desktop, work: Path):
    page = lock(qtbot, desktop)
    unlock(qtbot, desktop, "WRONG HORSE")
    qtbot.waitUntil(lambda: "Caps Lock" in page.problem, timeout=20_000)
    assert desktop.window.covered
    assert page.go.isEnabled()
    unlock(qtbot, desktop)
    qtbot.waitUntil(lambda: front(desktop) is not None and not desktop.window.covered, timeout=20_000)
    assert desktop.window.windowTitle() == "销售 – Formwork"


def test_the_recovery_code_unlocks_too_and_a_slip_is_said_at_once(qtbot, desktop: Desktop, work: Path):
    assert desktop.session is not None
    ways = desktop.session.ways
    assert ways is not None
    offer = ways.offer_code(PASSPHRASE)
    ways.accept(offer)
    page = lock(qtbot, desktop)
    press(page, "Use the recovery code")
    for wrong, said in (
        ("what was it", "36 letters and digits"),
        (str(offer.code)[:-2], "these are 34"),
        (str(RecoveryCode.new()), "another workspace"),
    ):
        page.code.setText(wrong)
        press(page, "Unlock")
        qtbot.waitUntil(lambda said=said: said in page.problem, timeout=20_000)
    page.code.setText(str(offer.code).lower().replace("-", " "))
    press(page, "Unlock")
    qtbot.waitUntil(lambda: front(desktop) is not None and not desktop.window.covered, timeout=20_000)


def test_a_new_record_that_is_not_saved_is_there_after_unlocking(qtbot, desktop: Desktop, work: Path):
    form = front(desktop)
    assert form is not None
    form.new_record()
    quiet(qtbot, desktop)
    field = next(field for field in form.form.fields if field.name == "名称")
    typed(form.panel.fields.editors[field.id], "half a customer")
    assert form.unsaved
    desktop.window.action("lock").trigger()
    assert desktop.window.covered
    quiet(qtbot, desktop)
    assert desktop.session is not None  # it stays open behind the page
    assert not form.isVisible()
    unlock(qtbot, desktop, "a wrong one")
    qtbot.waitUntil(lambda: "does not open" in page_of(desktop).problem, timeout=20_000)
    unlock(qtbot, desktop)
    qtbot.waitUntil(lambda: not desktop.window.covered, timeout=20_000)
    assert front(desktop) is form
    assert form.panel.fields.values()[field.id] == "half a customer"


def test_what_was_typed_in_a_field_is_saved_and_then_the_workspace_is_closed(qtbot, desktop: Desktop, work: Path):
    form = front(desktop)
    assert form is not None
    assert desktop.session is not None
    (record,) = desktop.session.form("客户").records()
    form.open_record(record.id)
    qtbot.waitUntil(lambda: form.panel.isVisible() and form.panel.row is not None, timeout=20_000)
    quiet(qtbot, desktop)
    field = next(field for field in form.form.fields if field.name == "备注")
    editor = form.panel.fields.editors[field.id]
    typed(editor, "typed before the coffee")
    assert form.unsaved
    lock(qtbot, desktop)
    with open_workspace(work, PASSPHRASE) as session:
        (record,) = session.form("客户").records()
        assert record["备注"] == "typed before the coffee"


def test_a_window_that_nobody_touches_locks_itself(qtbot, desktop: Desktop, work: Path, clock: FakeClock):
    watch = desktop.locking.watch
    watch.clock = clock
    watch.touch()
    clock.advance(minutes=9)
    watch.look()
    assert not desktop.window.covered
    clock.advance(minutes=1)
    watch.look()
    assert desktop.window.covered
    qtbot.waitUntil(lambda: desktop.session is None, timeout=20_000)
    quiet(qtbot, desktop)


@pytest.mark.parametrize(("choice", "minutes"), [("Never", 0), ("60 min", 60)])
def test_the_time_is_a_setting_and_holds_at_once(
    qtbot, desktop: Desktop, work: Path, clock: FakeClock, choice: str, minutes: int
):
    watch = desktop.locking.watch
    watch.clock = clock
    desktop.show_settings("security")
    quiet(qtbot, desktop)
    press(desktop.window, choice)
    quiet(qtbot, desktop)
    assert settings.load(settings.file()).lock_after == minutes
    clock.advance(minutes=59)
    watch.look()
    assert not desktop.window.covered
    clock.advance(minutes=1)
    watch.look()
    assert desktop.window.covered == bool(minutes)
    if minutes:
        qtbot.waitUntil(lambda: desktop.session is None, timeout=20_000)
    quiet(qtbot, desktop)


def test_long_work_goes_on_behind_the_page_and_ends_before_the_workspace_is_closed(qtbot, desktop: Desktop, work: Path):
    go, ended = threading.Event(), []

    def slow(_progress: Progress) -> None:
        assert go.wait(60)
        ended.append(desktop.session is not None)

    desktop.jobs.start(desktop, slow)
    desktop.window.action("lock").trigger()
    assert desktop.window.covered
    QApplication.processEvents()
    assert desktop.session is not None
    go.set()
    qtbot.waitUntil(lambda: desktop.session is None, timeout=20_000)
    assert ended == [True]
    quiet(qtbot, desktop)


def test_other_windows_close_when_it_is_locked(qtbot, desktop: Desktop, work: Path):
    desktop.window.action("open_workspace").trigger()
    dialog = desktop.window.findChild(QFileDialog)
    assert dialog is not None
    lock(qtbot, desktop)
    assert not any(each.isVisible() for each in desktop.window.findChildren(QFileDialog))


def test_what_was_locked_here_asks_even_where_the_keyring_would_open_it(qtbot, desktop: Desktop, work: Path):
    page = lock(qtbot, desktop)
    press(page, "Back")
    assert isinstance(desktop.window.page, StartPage)
    assert not desktop.window.covered
    desktop.open_workspace(work)
    quiet(qtbot, desktop)
    assert desktop.session is None
    again = desktop.window.page
    assert isinstance(again, UnlockPage)
    again.passphrase.setText(PASSPHRASE)
    press(again, "Unlock")
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=20_000)
    quiet(qtbot, desktop)
    desktop.close_workspace()
    quiet(qtbot, desktop)
    desktop.open_workspace(work)
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=20_000)
    quiet(qtbot, desktop)


def test_trouble_with_the_file_is_told_and_not_kept_behind_the_page(qtbot, desktop: Desktop, work: Path):
    lock(qtbot, desktop)
    with open_workspace(work, PASSPHRASE):
        unlock(qtbot, desktop)
        qtbot.waitUntil(lambda: not desktop.window.covered, timeout=20_000)
    assert isinstance(desktop.window.page, StartPage)
    quiet(qtbot, desktop)


def test_a_workspace_without_a_passphrase_is_never_locked(
    qtbot, desktop: Desktop, folder: Path, clock: FakeClock, press_lock: Callable[[], None]
):
    desktop.open_workspace(folder / "open.formwork")
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=20_000)
    quiet(qtbot, desktop)
    assert not desktop.can_lock
    assert not desktop.window.action("lock").isEnabled()
    desktop.locking.watch.clock = clock
    clock.advance(days=1)
    desktop.locking.watch.look()
    press_lock()
    assert not desktop.window.covered


@pytest.fixture
def press_lock(desktop: Desktop) -> Callable[[], None]:
    """Asks for the lock past the command."""
    return desktop.lock


def test_the_window_is_not_closed_over_a_record_that_is_not_saved(qtbot, desktop: Desktop, work: Path):
    form = front(desktop)
    assert form is not None
    form.new_record()
    quiet(qtbot, desktop)
    field = next(field for field in form.form.fields if field.name == "名称")
    typed(form.panel.fields.editors[field.id], "half a customer")
    assert not desktop.window.close()
    assert desktop.window.isVisible()
    assert form.panel.fields.values()[field.id] == "half a customer"
    bar = desktop.window.findChild(NoticeBar)
    assert bar is not None
    assert "not saved yet" in bar.accessibleName()
    press(bar, "Close anyway")
    assert not desktop.window.isVisible()


def test_a_locked_window_is_not_closed_at_once_over_a_record_that_is_not_saved(qtbot, desktop: Desktop, work: Path):
    form = front(desktop)
    assert form is not None
    form.new_record()
    quiet(qtbot, desktop)
    field = next(field for field in form.form.fields if field.name == "名称")
    typed(form.panel.fields.editors[field.id], "half a customer")
    desktop.window.action("lock").trigger()
    quiet(qtbot, desktop)
    assert not desktop.window.close()
    assert "Unlock to save it" in page_of(desktop).problem
    assert clipped(desktop.window) == []
    assert desktop.window.close()


def test_a_locked_window_with_nothing_unsaved_closes_at_once(qtbot, desktop: Desktop, work: Path):
    lock(qtbot, desktop)
    assert desktop.window.close()


def test_a_window_with_nothing_unsaved_closes_at_once(qtbot, desktop: Desktop, work: Path):
    assert desktop.window.close()
