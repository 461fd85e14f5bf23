"""The funnel, the bar, the toast and the crash dialog."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from resources.texts import T
from runtime.errors import Cancelled, UserError
from runtime.ui.crash import SAVED, CrashDialog, report
from runtime.ui.kit.toast import Toast
from runtime.ui.notice_bar import NoticeBar
from runtime.ui.notices import NoticeAction, Notices
from tests.support.drivers import press, shown


@pytest.fixture
def notices(qapp) -> Notices:
    return Notices()


@pytest.fixture
def place(qtbot) -> QWidget:
    widget = QWidget()
    widget.resize(700, 400)
    return shown(qtbot, widget)


@pytest.fixture
def bar(notices: Notices, place: QWidget) -> NoticeBar:
    made = NoticeBar(notices, Toast(place), place)
    made.resize(700, 60)
    return made


def test_a_refusal_is_said_once_in_the_bar(notices: Notices, bar: NoticeBar):
    for _ in range(3):
        with notices.boundary():
            raise UserError(T("The file is locked."), T("Close it in Excel."), "locked")
    assert bar.isVisible()
    assert bar.accessibleName() == "The file is locked. Close it in Excel."
    press(bar, "Close")
    assert not bar.isVisible()


def test_cancelled_work_is_not_mentioned(notices: Notices, bar: NoticeBar):
    with notices.boundary():
        raise Cancelled
    assert not bar.isVisible()


def test_closing_shows_the_notice_before(notices: Notices, bar: NoticeBar):
    notices.warning("First")
    notices.danger("Second")
    bar.dismiss()
    assert bar.notice is not None
    assert str(bar.notice.message) == "First"


def test_a_button_of_a_notice_does_its_work_and_closes_it(notices: Notices, bar: NoticeBar):
    done: list[str] = []
    notices.danger("Broken", "", NoticeAction("Try again", lambda: done.append("again")))
    press(bar, "Try again")
    assert done == ["again"]
    assert not bar.isVisible()


def test_a_notice_can_be_taken_back(notices: Notices, bar: NoticeBar):
    notices.warning("Offline", code="offline")
    notices.withdraw("offline")
    assert not bar.isVisible()


def test_escape_closes_the_bar(qtbot, notices: Notices, bar: NoticeBar):
    notices.info("Hello")
    qtbot.keyClick(bar, Qt.Key.Key_Escape)
    assert not bar.isVisible()


def test_success_is_a_toast_that_can_undo_and_goes_away(qtbot, notices: Notices, place: QWidget):
    undone: list[str] = []
    toast = Toast(place, stays=30)
    NoticeBar(notices, toast, place)
    notices.success("3 records deleted", undo=lambda: undone.append("undo"))
    assert toast.isVisible()
    assert toast.message == "3 records deleted"
    press(toast, "Undo")
    assert undone == ["undo"]
    notices.success("Saved")
    qtbot.waitUntil(lambda: not toast.isVisible())


def test_a_bug_is_no_notice(qtbot, notices: Notices, bar: NoticeBar, expect_log):
    expect_log("ERROR runtime.ui.notices: a bug: KeyError")
    with qtbot.waitSignal(notices.crashed) as said, notices.boundary():
        raise KeyError("张伟")
    assert isinstance(said.args[0], KeyError)
    assert not bar.isVisible()


def test_the_crash_report_names_code_and_no_values():
    text = report(_crash("张伟 13800000000"))
    assert "builtins.ValueError" in text
    assert "test_notices.py" in text
    assert "from:" in text
    assert "张伟" not in text


def test_the_crash_dialog_says_what_is_saved_and_copies_its_report(qtbot, place: QWidget):
    dialog = CrashDialog(place)
    dialog.show_error(_crash("secret"))
    qtbot.waitUntil(dialog.isVisible)
    press(dialog, "Copy report")
    assert QGuiApplication.clipboard().text() == dialog.text()
    assert str(SAVED).startswith("Everything you saved is safe.")
    dialog.show_error(KeyError("x"))
    assert "builtins.KeyError" in dialog.text()
    assert "builtins.ValueError" in dialog.text()
    press(dialog, "Go on")
    assert not dialog.isVisible()


def _crash(secret: str) -> BaseException:
    try:
        try:
            int(secret)
        except ValueError as error:
            raise RuntimeError(secret) from error
    except RuntimeError as error:
        return error
    raise AssertionError
