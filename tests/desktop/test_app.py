"""The program as a person meets it: start page, workspaces, languages, themes, trouble."""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton, QScrollArea

from desktop import settings
from desktop.app import Desktop, catching
from desktop.app_page import AppPage
from desktop.main_window import FRAME, MainWindow, screens
from desktop.settings import Recent, Settings
from desktop.settings_page import SettingsView
from desktop.settings_pages import settings_pages
from desktop.start_page import StartPage
from desktop.workspace_pages import NewWorkspacePage, UnlockPage
from resources import icons
from resources.texts import T, language
from runtime.errors import UserError
from runtime.session import open_workspace
from runtime.ui.crash import CrashDialog
from runtime.ui.notice_bar import NoticeBar
from runtime.ui.theme import Mode, colours
from tests.support.drivers import button_called, click, clipped, press


def _page(desktop: Desktop, kind: type):
    page = desktop.window.page
    assert isinstance(page, kind), page
    return page


def _make(qtbot, desktop: Desktop, folder: Path, name: str = "销售") -> Path:
    desktop.show("new_workspace")
    page = _page(desktop, NewWorkspacePage)
    page.name.setText(name)
    page.folder.setText(str(folder))
    press(page, "Create workspace")
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=20_000)
    return folder / f"{name}.formwork"


def _said(desktop: Desktop) -> str:
    bar = desktop.window.findChild(NoticeBar)
    return bar.accessibleName() if bar is not None and bar.isVisible() else ""


def test_the_first_window_offers_only_doors_that_open(desktop: Desktop):
    page = _page(desktop, StartPage)
    doors = [door.accessibleName() for door in page.doors]
    assert doors == ["Open an Excel file", "Open a workspace", "New empty workspace"]
    assert desktop.window.windowTitle() == "Formwork"


def test_a_workspace_is_made_opened_and_remembered(qtbot, desktop: Desktop, folder: Path):
    path = _make(qtbot, desktop, folder)
    assert path.is_dir()
    _page(desktop, AppPage)
    assert desktop.window.windowTitle() == "销售 – Formwork"
    assert settings.load(settings.file()).recent == () or desktop.settings.recent[0].path == str(path)
    qtbot.waitUntil(lambda: [r.path for r in settings.load(settings.file()).recent] == [str(path)])
    assert not desktop.window.action("undo").isEnabled()
    assert desktop.window.action("close_workspace").isEnabled()
    again = [keys.toString() for keys in desktop.window.action("redo").shortcuts()]
    assert again == ["Ctrl+Y", "Ctrl+Shift+Z"], "as in Excel and as elsewhere, also where no grid is in front"


def test_closing_a_workspace_goes_back_to_a_start_page_that_knows_it(qtbot, desktop: Desktop, folder: Path):
    path = _make(qtbot, desktop, folder)
    desktop.window.action("close_workspace").trigger()
    page = _page(desktop, StartPage)
    assert [card.accessibleName() for card in page.recent] == ["销售"]
    qtbot.waitUntil(lambda: not desktop.jobs.busy)
    click(page.recent[0])
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=20_000)
    assert desktop.session is not None
    assert desktop.session.folder == path


def test_another_workspace_closes_the_one_before(qtbot, desktop: Desktop, folder: Path):
    first = _make(qtbot, desktop, folder, "first")
    _make_second = folder / "second.formwork"
    desktop.open_workspace(_make_second)
    qtbot.waitUntil(lambda: desktop.session is not None and desktop.session.folder == _make_second, timeout=20_000)
    with open_workspace(first) as again:
        assert again.name == "first"


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Give the workspace a name."), ("a/b", "A name cannot hold /."), ("a?:", "A name cannot hold : ?.")],
)
def test_a_name_that_cannot_be_a_folder_is_said_under_its_field(desktop: Desktop, name: str, said: str):
    desktop.show("new_workspace")
    page = _page(desktop, NewWorkspacePage)
    page.name.setText(name)
    press(page, "Create workspace")
    assert page._name_row.said == said
    assert not desktop.jobs.busy


def test_a_workspace_that_is_gone_is_said_and_can_be_taken_off_the_list(qtbot, desktop: Desktop, folder: Path):
    gone = folder / "gone.formwork"
    desktop._keep(Settings(recent=(Recent(str(gone)),)))
    desktop.window.rebuild()
    click(_page(desktop, StartPage).recent[0])
    qtbot.waitUntil(lambda: "no longer there" in _said(desktop))
    assert not gone.exists()
    press(desktop.window, "Remove from the list")
    assert _page(desktop, StartPage).recent == []


def test_a_folder_that_is_no_workspace_is_refused_in_words(qtbot, desktop: Desktop, folder: Path):
    (folder / "photos.formwork").mkdir()
    desktop.open_workspace(folder / "photos.formwork")
    qtbot.waitUntil(lambda: "is not a Formwork workspace" in _said(desktop))
    _page(desktop, StartPage)


@pytest.fixture
def no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer that keeps no keys."""
    monkeypatch.setattr("runtime.store.keys.keyring_backend", lambda: None)


@pytest.mark.usefixtures("no_keyring")
def test_a_computer_without_a_keyring_asks_for_a_passphrase_twice_and_later_once(qtbot, desktop: Desktop, folder: Path):
    path = folder / "sealed.formwork"
    desktop.open_workspace(path)
    qtbot.waitUntil(lambda: isinstance(desktop.window.page, UnlockPage))
    page = _page(desktop, UnlockPage)
    page.passphrase.setText("short")
    press(page, "Create workspace")
    assert page._row.said == "Use at least 8 characters."
    page.passphrase.setText("correct horse")
    page.again.setText("correct house")
    press(page, "Create workspace")
    assert page._again_row.said == "The two are not the same."
    page.again.setText("correct horse")
    press(page, "Create workspace")
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=30_000)
    desktop.close_workspace()
    desktop.open_workspace(path)
    qtbot.waitUntil(lambda: isinstance(desktop.window.page, UnlockPage), timeout=30_000)
    page = _page(desktop, UnlockPage)
    page.passphrase.setText("wrong wrong wrong")
    QTest.keyClick(page.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "does not open" in _page(desktop, UnlockPage)._row.said, timeout=30_000)
    page = _page(desktop, UnlockPage)
    page.passphrase.setText("correct horse")
    press(page, "Unlock")
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=30_000)


def test_the_language_changes_the_window_and_keeps_the_workspace(qtbot, desktop: Desktop, folder: Path):
    _make(qtbot, desktop, folder)
    session = desktop.session
    desktop.show("settings")
    press(_page(desktop, SettingsView), "简体中文")
    qtbot.waitUntil(lambda: desktop.window._status.language.text() == "简体中文")
    assert language() == "zh_CN"
    assert desktop.session is session
    _page(desktop, SettingsView)
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "取消"
    qtbot.waitUntil(lambda: settings.load(settings.file()).language == "zh_CN")
    desktop.set_language("en")
    qtbot.waitUntil(lambda: desktop.window._status.language.text() == "English")
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"


def test_the_theme_changes_at_once_and_is_remembered(qtbot, desktop: Desktop):
    desktop.show("settings")
    press(_page(desktop, SettingsView), "Dark")
    assert colours().dark
    qtbot.waitUntil(lambda: settings.load(settings.file()).theme == "dark")
    desktop.set_theme(Mode.LIGHT)
    assert not colours().dark


def test_every_settings_page_has_a_name_and_an_icon_and_shows(qtbot, desktop: Desktop, folder: Path):
    desktop.show("settings")
    assert "security" not in _page(desktop, SettingsView).entries
    _make(qtbot, desktop, folder)
    desktop.show("settings")
    page = _page(desktop, SettingsView)
    assert {kind.name for kind in settings_pages} == set(page.entries)
    for kind in settings_pages:
        assert kind.icon in icons.GLYPHS
        click(page.entries[kind.name])
        assert clipped(page) == []


def test_a_short_settings_page_does_not_scroll_because_another_one_is_long(qtbot, desktop: Desktop, folder: Path):
    desktop.window.resize(1024, 600)
    _make(qtbot, desktop, folder)
    for page, scrolls in (("security", True), ("appearance", False), ("about", False)):
        desktop.show_settings(page)
        area = _page(desktop, SettingsView).findChild(QScrollArea)
        assert area is not None
        qtbot.waitUntil(lambda area=area, scrolls=scrolls: bool(area.verticalScrollBar().maximum()) == scrolls)
        assert not area.horizontalScrollBar().maximum()


def test_dropping_a_workspace_opens_it_and_dropping_a_picture_does_nothing(qtbot, desktop: Desktop, folder: Path):
    path = _make(qtbot, desktop, folder)
    desktop.close_workspace()
    page = _page(desktop, StartPage)
    assert not _drop(page, folder / "cat.png")
    assert _drop(page, path)
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=20_000)


def test_a_table_is_taken_where_something_can_open_it(qtbot, desktop: Desktop, folder: Path):
    opened: list[Path] = []
    page = StartPage(desktop, open_files=opened.append, choose_file=lambda: None)
    qtbot.addWidget(page)
    assert page.doors[0].accessibleName() == "Open an Excel file"
    assert _drop(page, folder / "订单.XLSX")
    assert opened == [folder / "订单.XLSX"]


def _drop(page: StartPage, path: Path) -> bool:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(QPointF(50, 50).toPoint(), copy, mime, left, none)
    entered.ignore()
    QApplication.sendEvent(page, entered)
    if not entered.isAccepted():
        return False
    dropped = QDropEvent(QPointF(50, 50), copy, mime, left, none)
    dropped.ignore()
    QApplication.sendEvent(page, dropped)
    return dropped.isAccepted()


def test_choosing_a_workspace_is_no_modal_loop(qtbot, desktop: Desktop):
    desktop.window.action("open_workspace").trigger()
    dialog = desktop.window.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.close()


def test_the_rail_shows_places_that_exist_and_tab_reaches_them(qtbot, desktop: Desktop, folder: Path):
    rail = desktop.window._rail
    assert [button_called(rail, name).isEnabled() for name in ("Start", "Settings")] == [True, True]
    with pytest.raises(LookupError):
        button_called(rail, "Apps")
    reached = set()
    for _ in range(30):
        desktop.window.focusNextChild()
        focused = QApplication.focusWidget()
        reached.add(focused.accessibleName() if focused is not None else "")
    assert {"Menu", "Start", "Settings", "Language", "Open a workspace", "New empty workspace"} <= reached
    _make(qtbot, desktop, folder)
    assert button_called(rail, "Apps").isChecked()


def test_a_shortcut_does_what_the_menu_does(qtbot, desktop: Desktop):
    QTest.keyClick(desktop.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: desktop.window.place == "settings")


def test_what_a_page_says_stands_in_the_status_bar_while_it_is_in_front(desktop: Desktop):
    page = _page(desktop, StartPage)
    page.say("12,418 records")
    assert desktop.window._status.said == "12,418 records"
    desktop.show("settings")
    assert desktop.window._status.said == ""
    page.say("9 records")
    assert desktop.window._status.said == ""
    desktop.show("start")
    assert desktop.window._status.said == "9 records"


def test_trouble_that_nobody_caught_is_a_notice_or_the_crash_dialog(qtbot, desktop: Desktop, expect_log):
    expect_log("ERROR runtime.ui.notices: a bug: ZeroDivisionError")
    former = sys.excepthook
    with catching(desktop.notices):
        sys.excepthook(UserError, UserError(T("The disk is full.")), None)
        assert _said(desktop) == "The disk is full."
        worker = threading.Thread(target=lambda: 1 // 0)
        worker.start()
        worker.join()
        qtbot.waitUntil(lambda: desktop.window.findChild(CrashDialog) is not None)
    assert sys.excepthook is former
    dialog = desktop.window.findChild(CrashDialog)
    assert dialog is not None
    assert "ZeroDivisionError" in dialog.text()
    press(dialog, "Go on")


def test_settings_that_cannot_be_written_are_said_and_nothing_stops(
    qtbot, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("desktop.settings.os.fsync", full)
        desktop.set_theme(Mode.DARK)
        qtbot.waitUntil(lambda: "could not be saved" in _said(desktop))
    desktop.set_theme(Mode.LIGHT)
    qtbot.waitUntil(lambda: not desktop.jobs.busy)


def test_no_words_are_clipped_in_the_smallest_window(desktop: Desktop):
    for code in ("en", "zh_CN"):
        desktop._speak(code)
        desktop.window.rebuild()
        desktop.window.resize(desktop.window.minimumSize())
        for place in ("start", "new_workspace", "settings"):
            desktop.show(place)
            QApplication.processEvents()
            assert clipped(desktop.window) == [], (code, place)
            assert [label for label in desktop.window.findChildren(QLabel) if label.isVisible()]


def test_the_first_window_fits_the_screen_and_the_next_one_is_as_it_was_left(
    qtbot, qapp: QApplication, desktop: Desktop, monkeypatch: pytest.MonkeyPatch
):
    desktop.window.resize(761, 567)
    desktop.window.close()
    qtbot.waitUntil(lambda: settings.load(settings.file()).windows != {})
    assert list(settings.load(settings.file()).windows) == [screens()]
    again = Desktop(qapp)
    assert (again.window.width(), again.window.height()) == (761, 567)
    again.close()
    again.deleteLater()
    monkeypatch.setattr("desktop.main_window.QMainWindow.screen", lambda _window: SmallScreen())
    small = MainWindow(desktop, [])
    assert (small.width(), small.height()) == (800 - FRAME, 480 - FRAME)
    small.deleteLater()


class SmallScreen:
    """A screen on which the usual window has no room."""

    def availableSize(self) -> QSize:
        """Of a small laptop at 200 %."""
        return QSize(800, 480)


def test_words_of_qt_are_said_in_the_language_of_the_window_while_it_changes(qtbot, desktop: Desktop):
    def shown() -> list[str]:
        dialog = QFileDialog(desktop.window)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        texts = [label.text() for label in dialog.findChildren(QLabel)]
        texts += [button.text() for button in dialog.findChildren(QPushButton)]
        dialog.deleteLater()
        return sorted(filter(None, texts))

    english = shown()
    assert "&Look in:" in english
    desktop.set_language("zh_CN")
    said = shown()
    assert len(said) == len(english)
    assert not [text for text in said if re.search("[A-Za-z]{2}", text)], said
    desktop.set_language("en")
    assert shown() == english
