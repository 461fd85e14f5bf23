"""The settings page Security: what opens the workspace, changed by whoever can open it."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest
from PySide6.QtGui import QGuiApplication, QPdfWriter
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit

from desktop.app import Desktop
from desktop.app_page import AppPage
from desktop.security.code_sheet import NOT_FOR_HISTORIES, CodeSheet
from desktop.security.forms import KeyForm
from desktop.security.overview import Overview
from desktop.security.page import SecurityPage
from runtime.errors import UserError
from runtime.session import open_workspace
from runtime.store import backup_file, keys
from runtime.store.folder import BACKUPS
from runtime.store.key_slots import read_slots
from runtime.store.recovery_code import read
from runtime.ui.notice_bar import NoticeBar
from tests.support.apps import customers_and_orders
from tests.support.cheap_passphrases import cheap_passphrases
from tests.support.drivers import button_called, clipped, press, quiet, typed

PASSPHRASE, NEW = "correct horse battery", "a new sentence of mine"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id of 1 MiB."""
    cheap_passphrases(monkeypatch)


def opened(qtbot, desktop: Desktop, path: Path, passphrase: str | None = None) -> SecurityPage:
    """The page of a workspace that is made where there is none."""
    desktop.open_workspace(path, passphrase)
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=20_000)
    return shown(qtbot, desktop)


def shown(qtbot, desktop: Desktop) -> SecurityPage:
    """The page, its keyring asked."""
    desktop.show_settings("security")
    quiet(qtbot, desktop)
    page = desktop.window.page
    assert page is not None
    found = page.findChild(SecurityPage)
    assert found is not None
    return found


def form(page: SecurityPage) -> KeyForm:
    assert isinstance(page.shown, KeyForm)
    return page.shown


def _type(line: QLineEdit | None, text: str) -> None:
    assert line is not None
    line.setText(text)


def texts(page: SecurityPage) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def opens(path: Path, secret: str | None) -> bool:
    try:
        keys.unlock(read_slots(path), secret)
    except UserError:
        return False
    return True


def said(desktop: Desktop) -> str:
    bar = desktop.window.findChild(NoticeBar)
    return bar.accessibleName() if bar is not None and bar.isVisible() else ""


def test_a_new_workspace_has_one_way_in_and_the_window_says_so_until_there_is_a_second(
    qtbot, desktop: Desktop, folder: Path
):
    path = folder / "one.formwork"
    page = opened(qtbot, desktop, path)
    assert "Only this computer opens this workspace." in said(desktop)
    assert "There is one way in only." in texts(page)
    assert not button_called(page, "Lock now").isEnabled()
    desktop.close_workspace()
    page = opened(qtbot, desktop, path)
    assert "Only this computer opens this workspace." in said(desktop)
    press(desktop.window, "Make a recovery code")
    press(page, "Make a recovery code …")
    quiet(qtbot, desktop)
    press(page, "I have kept it")
    quiet(qtbot, desktop)
    assert said(desktop) == ""
    assert "There is one way in only." not in texts(page)
    assert isinstance(page.shown, Overview)


def test_a_passphrase_is_set_and_changed_and_the_former_one_no_longer_opens(qtbot, desktop: Desktop, folder: Path):
    path = folder / "office.formwork"
    page = opened(qtbot, desktop, path)
    press(page, "Set a passphrase …")
    assert form(page).now is None
    for new, again, wrong in (("short", "short", "at least 8"), (PASSPHRASE, NEW, "not the same")):
        _type(form(page).new, new)
        _type(form(page).again, again)
        press(page, "Save")
        assert wrong in form(page).new_row.said + form(page).again_row.said
    _type(form(page).again, PASSPHRASE)
    press(page, "Save")
    quiet(qtbot, desktop)
    assert opens(path, PASSPHRASE)
    assert desktop.can_lock
    assert desktop.window.action("lock").isEnabled()
    press(page, "Change …")
    _type(form(page).now, "WRONG")
    _type(form(page).new, NEW)
    _type(form(page).again, NEW)
    press(page, "Save")
    quiet(qtbot, desktop)
    assert "does not open the workspace. Caps Lock" in form(page).now_row.said
    assert not opens(path, NEW)
    _type(form(page).now, PASSPHRASE)
    press(page, "Save")
    quiet(qtbot, desktop)
    assert (opens(path, NEW), opens(path, PASSPHRASE), opens(path, None)) == (True, False, True)
    assert isinstance(page.shown, Overview)


def test_the_code_is_shown_once_and_holds_when_it_was_kept(qtbot, desktop: Desktop, folder: Path):
    path = folder / "office.formwork"
    page = opened(qtbot, desktop, path, PASSPHRASE)
    press(page, "Make a recovery code …")
    _type(form(page).now, PASSPHRASE)
    press(page, "Make the code")
    quiet(qtbot, desktop)
    sheet = page.shown
    assert isinstance(sheet, CodeSheet)
    groups = [label.text() for label in sheet.findChildren(QLabel) if len(label.text()) == 4]
    code = "-".join(groups)
    assert read(code) is not None
    assert clipped(desktop.window) == []
    assert not opens(path, code)
    press(page, "Cancel")
    quiet(qtbot, desktop)
    assert not opens(path, code)
    press(page, "Make a recovery code …")
    _type(form(page).now, PASSPHRASE)
    press(page, "Make the code")
    quiet(qtbot, desktop)
    assert isinstance(page.shown, CodeSheet)
    code = str(page.shown._code)
    press(page, "I have kept it")
    quiet(qtbot, desktop)
    assert opens(path, code)
    assert code not in texts(page)


def test_the_code_can_be_copied_saved_and_printed(qtbot, desktop: Desktop, folder: Path):
    page = opened(qtbot, desktop, folder / "office.formwork")
    press(page, "Make a recovery code …")
    quiet(qtbot, desktop)
    sheet = page.shown
    assert isinstance(sheet, CodeSheet)
    code = str(sheet._code)
    press(sheet, "Copy")
    copied = QGuiApplication.clipboard().mimeData()
    assert copied.text() == code
    assert bytes(copied.data(NOT_FOR_HISTORIES).data()) == b"secret"
    QGuiApplication.clipboard().clear()
    press(sheet, "Save …")
    dialog = sheet.findChild(QFileDialog)
    assert dialog is not None
    dialog.close()
    file = folder / "code.txt"
    file.write_text("something older that others could read")
    sheet.save_to(file)
    quiet(qtbot, desktop)
    assert code in file.read_text("utf-8")
    if sys.platform != "win32":
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    sheet.save_to(folder / "nowhere" / "code.txt")
    qtbot.waitUntil(lambda: "could not be saved" in said(desktop))
    document = sheet.document()
    assert [group in document.toPlainText() for group in sheet._code.groups] == [True] * 9
    document.print_(QPdfWriter(str(folder / "code.pdf")))
    assert (folder / "code.pdf").stat().st_size > 1_000


def test_the_keyring_is_left_and_used_again(qtbot, desktop: Desktop, folder: Path):
    path = folder / "office.formwork"
    page = opened(qtbot, desktop, path, PASSPHRASE)
    press(page, "Ask every time …")
    _type(form(page).now, PASSPHRASE)
    press(page, "Ask every time")
    quiet(qtbot, desktop)
    assert (opens(path, None), opens(path, PASSPHRASE)) == (False, True)
    assert "Only your passphrase opens this workspace." in said(desktop)
    press(page, "Keep the key here …")
    _type(form(page).now, PASSPHRASE)
    press(page, "Keep the key here")
    quiet(qtbot, desktop)
    assert opens(path, None)
    press(page, "Remove …")
    _type(form(page).now, PASSPHRASE)
    press(page, "Remove")
    quiet(qtbot, desktop)
    assert (opens(path, None), opens(path, PASSPHRASE)) == (True, False)
    assert not desktop.can_lock


def test_a_keyring_that_keeps_nothing_is_told(qtbot, desktop: Desktop, folder: Path):
    keyring.set_keyring(keyring.backends.fail.Keyring())
    page = opened(qtbot, desktop, folder / "office.formwork", PASSPHRASE)
    press(page, "Keep the key here …")
    _type(form(page).now, PASSPHRASE)
    press(page, "Keep the key here")
    quiet(qtbot, desktop)
    assert "no keyring that keeps the key" in said(desktop)
    assert form(page).go.isEnabled()


def test_the_key_is_changed_and_everything_is_there(qtbot, desktop: Desktop, folder: Path):
    path = folder / "office.formwork"
    with open_workspace(path, PASSPHRASE) as session:
        session.publish(customers_and_orders())
        session.form("客户").create({"名称": "张伟"})
        assert session.ways is not None
        session.ways.accept(offer := session.ways.offer_code(PASSPHRASE))
    old = keys.unlock(read_slots(path), PASSPHRASE)
    page = opened(qtbot, desktop, path)
    press(page, "Change the key …")
    assert "Backups made until now stay under the former key" in texts(page)
    _type(form(page).now, "a wrong one")
    press(page, "Change the key")
    quiet(qtbot, desktop)
    assert "does not open" in form(page).now_row.said
    assert desktop.session is not None
    _type(form(page).now, PASSPHRASE)
    press(page, "Change the key")
    qtbot.waitUntil(lambda: "The file has a new key." in said(desktop), timeout=20_000)
    quiet(qtbot, desktop)
    assert "The recovery code no longer opens it." in said(desktop)
    assert keys.unlock(read_slots(path), PASSPHRASE) != old
    assert not opens(path, str(offer.code))
    assert desktop.session is not None
    assert desktop.session.form("客户").count() == 1
    assert desktop.session.damage() == []
    desktop.show("apps")
    assert isinstance(desktop.window.page, AppPage)
    backups = sorted((path / BACKUPS).glob(f"*{backup_file.SUFFIX}"))
    kept = [backup_file.read(each) for each in backups]
    new = keys.unlock(read_slots(path), PASSPHRASE)
    assert [backup_file.opens_with(each, old) for each in kept].count(True) >= 1
    assert [backup_file.opens_with(each, new) for each in kept].count(True) == 1


def test_the_key_stays_while_something_is_not_saved(qtbot, desktop: Desktop, folder: Path):
    path = folder / "office.formwork"
    with open_workspace(path) as session:
        session.publish(customers_and_orders())
    desktop.open_workspace(path)
    qtbot.waitUntil(lambda: isinstance(desktop.window.page, AppPage), timeout=20_000)
    app_page = desktop.window.page
    assert isinstance(app_page, AppPage)
    qtbot.waitUntil(lambda: app_page.front is not None, timeout=20_000)
    quiet(qtbot, desktop)
    front = app_page.front
    assert front is not None
    front.new_record()
    quiet(qtbot, desktop)
    typed(next(iter(front.panel.fields.editors.values())), "half")
    page = shown(qtbot, desktop)
    before = read_slots(path)
    press(page, "Change the key …")
    press(page, "Change the key")
    quiet(qtbot, desktop)
    assert "not saved yet" in said(desktop)
    assert read_slots(path) == before


def test_a_change_of_the_key_that_fails_leaves_the_workspace_open(
    qtbot, desktop: Desktop, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    path = folder / "office.formwork"
    page = opened(qtbot, desktop, path)
    before = read_slots(path)

    def full(*_: object) -> None:
        raise UserError("The disk is full.", "", "disk_full")

    monkeypatch.setattr("runtime.store.rekey._write_anew", full)
    press(page, "Change the key …")
    press(page, "Change the key")
    qtbot.waitUntil(lambda: "The disk is full." in said(desktop), timeout=20_000)
    quiet(qtbot, desktop)
    assert desktop.session is not None
    assert desktop.session.damage() == []
    assert read_slots(path) == before
