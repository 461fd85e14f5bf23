"""What the window does for the safety of a workspace: backups, going back, notices of what was found, full disks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from desktop.app import Desktop
from desktop.backups_page import BackupsPage
from runtime.errors import Problem
from runtime.session import open_workspace
from runtime.store import disk
from runtime.store.backups import ASKED
from runtime.store.engine import StoreFailure
from runtime.store.folder import DATABASE
from runtime.ui.form_page import FormPage
from runtime.ui.notice_bar import NoticeBar
from runtime.ui.notices import Notice
from runtime.work import Progress
from tests.support.apps import customers_and_orders
from tests.support.drivers import clipped, quiet


@pytest.fixture
def path(folder: Path) -> Path:
    """A workspace with 甲, backed up, and 乙, not backed up."""
    path = folder / "销售.formwork"
    with open_workspace(path) as session:
        session.publish(customers_and_orders())
        session.form("客户").create({"名称": "甲"})
        session.safety.backup(ASKED, Progress())
        session.form("客户").create({"名称": "乙"})
    return path


@pytest.fixture
def opened(qtbot, desktop: Desktop, path: Path) -> Callable[[], None]:
    def open_it() -> None:
        desktop.open_workspace(path)
        qtbot.waitUntil(lambda: desktop.session is not None, timeout=20_000)
        quiet(qtbot, desktop)

    return open_it


def names(desktop: Desktop) -> list[str]:
    assert desktop.session is not None
    return [record["名称"] for record in desktop.session.form("客户").records()]


def bar(desktop: Desktop) -> NoticeBar:
    return desktop.window._notices


def notices(desktop: Desktop) -> dict[str, Notice]:
    return {notice.code: notice for notice in bar(desktop)._stack}


def button_of(within: QWidget, text: str) -> QPushButton:
    return next(each for each in within.findChildren(QPushButton) if each.text() == text and each.isVisible())


# Rounds


def test_a_round_backs_up_what_no_backup_holds_and_says_nothing(qtbot, desktop: Desktop, opened) -> None:
    opened()
    assert desktop.session is not None
    assert not desktop.session.safety.is_backed_up
    desktop.keeping.round()
    quiet(qtbot, desktop)
    assert desktop.session.safety.is_backed_up
    assert len(desktop.session.safety.backups.listed()) == 2
    assert notices(desktop).keys() <= {"one_way_in"}


def test_little_room_is_said_once_and_taken_back_when_there_is_room(
    qtbot, desktop: Desktop, opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()
    upkeep = desktop.keeping._upkeep
    assert upkeep is not None
    free = [disk.LOW - 1]
    monkeypatch.setattr(upkeep, "_free", lambda _folder: free[0])
    desktop.keeping.round()
    quiet(qtbot, desktop)
    assert "Only 1.1 GB are free" in str(notices(desktop)["disk_low"].message)
    bar(desktop).dismiss()
    desktop.keeping.round()
    quiet(qtbot, desktop)
    assert "disk_low" not in notices(desktop)  # the person closed it
    free[0] = disk.LOW
    desktop.keeping.round()
    quiet(qtbot, desktop)
    free[0] = disk.LOW - 1
    desktop.keeping.round()
    quiet(qtbot, desktop)
    assert "disk_low" in notices(desktop)
    free[0] = disk.LOW
    desktop.keeping.round()
    quiet(qtbot, desktop)
    assert "disk_low" not in notices(desktop)


def test_closing_the_workspace_ends_the_rounds_and_what_they_said(
    qtbot, desktop: Desktop, opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()
    monkeypatch.setattr(desktop.keeping._upkeep, "_free", lambda _folder: disk.LOW - 1)
    desktop.keeping.round()
    quiet(qtbot, desktop)
    assert "disk_low" in notices(desktop)
    desktop.close_workspace()
    quiet(qtbot, desktop)
    assert "disk_low" not in notices(desktop)
    assert not desktop.keeping._timer.isActive()
    desktop.keeping.round()
    assert desktop.keeping._job is None


# Openings


def test_a_damaged_workspace_opens_restored_with_one_clear_report(qtbot, desktop: Desktop, opened, path: Path) -> None:
    content = bytearray((path / DATABASE).read_bytes())
    content[4096 + 10] ^= 1
    (path / DATABASE).write_bytes(content)
    opened()
    assert names(desktop) == ["甲"]
    said = notices(desktop)["restored"]
    assert "was damaged. It was restored from the backup of 20" in str(said.message)
    assert "damaged" in str(said.hint)
    assert not clipped(desktop.window)


def test_damage_met_at_work_is_repaired_by_the_button_of_its_notice(
    qtbot, desktop: Desktop, opened, path: Path
) -> None:
    opened()
    desktop.notices.report(StoreFailure("The workspace file is damaged.", "Restore it.", "damaged"))
    assert desktop.session is not None
    assert desktop.session.safety.is_suspect
    button_of(bar(desktop), "Repair").click()
    quiet(qtbot, desktop)
    qtbot.waitUntil(lambda: desktop.session is not None and desktop.session.safety.opening.unclean, timeout=20_000)
    assert names(desktop) == ["甲", "乙"]  # looked at closely, and nothing was wrong
    assert "damaged" not in notices(desktop)


def test_a_workspace_where_nothing_can_be_written_shows_a_banner_and_refuses_saves_in_a_sentence(
    qtbot, desktop: Desktop, opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.store.workspace.can_be_written", lambda _folder: False)
    opened()
    assert "open for reading only" in str(notices(desktop)["read_only"].message)
    assert names(desktop) == ["甲", "乙"]
    session = desktop.session
    assert session is not None
    desktop.jobs.start(desktop, lambda _progress: session.form("客户").create({"名称": "丙"}))
    quiet(qtbot, desktop)
    assert "for reading only" in str(notices(desktop)["read_only"].message)
    assert names(desktop) == ["甲", "乙"]
    desktop.keeping.round()
    assert desktop.keeping._job is None


# The page


def page_of(qtbot, desktop: Desktop) -> BackupsPage:
    desktop.window.action("backups").trigger()
    quiet(qtbot, desktop)
    page = desktop.window.page
    assert isinstance(page, BackupsPage)
    return page


def test_the_page_lists_backups_makes_one_and_goes_back(qtbot, desktop: Desktop, opened) -> None:
    opened()
    page = page_of(qtbot, desktop)
    assert [card.accessibleDescription() for card in page.cards] == [
        "1 record  ·  " + _size(desktop) + "  ·  asked for"
    ]
    button_of(page, "Back up now").click()
    quiet(qtbot, desktop)
    assert len(page.cards) == 2
    assert not clipped(desktop.window)
    page.cards[1].click()
    assert page.choice is not None
    assert not clipped(desktop.window)
    page.choice.go.click()
    quiet(qtbot, desktop)
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=20_000)
    assert names(desktop) == ["甲"]
    assert desktop.session is not None
    desktop.session.form("客户").create({"名称": "丙"})
    assert names(desktop) == ["甲", "丙"]
    page = page_of(qtbot, desktop)
    assert len(page.cards) == 2
    page.cards[0].click()
    assert page.choice is not None
    page.choice.go.click()
    quiet(qtbot, desktop)
    assert names(desktop) == ["甲", "乙"]


def _size(desktop: Desktop) -> str:
    assert desktop.session is not None
    return disk.size(desktop.session.safety.backups.listed()[0].database)


def test_a_backup_becomes_a_workspace_beside_it(qtbot, desktop: Desktop, opened, folder: Path) -> None:
    opened()
    page = page_of(qtbot, desktop)
    page.cards[0].click()
    assert page.choice is not None
    button_of(page.choice, "Make a workspace of it …").click()
    dialog = next(each for each in page.choice.findChildren(QFileDialog))
    assert dialog.isVisible()
    dialog.close()
    page.choice.make_workspace(str(folder / "früher"))
    quiet(qtbot, desktop)
    button_of(bar(desktop), "Open").click()
    qtbot.waitUntil(lambda: desktop.session is not None and desktop.session.folder.stem == "früher", timeout=20_000)
    quiet(qtbot, desktop)
    assert names(desktop) == ["甲"]


def test_a_backup_in_another_file_can_be_gone_back_to_and_a_file_that_is_none_is_said(
    qtbot, desktop: Desktop, opened, folder: Path
) -> None:
    opened()
    assert desktop.session is not None
    elsewhere = folder / "stick.fwbackup"
    desktop.session.safety.export(elsewhere, Progress())
    desktop.session.form("客户").create({"名称": "丙"})
    page = page_of(qtbot, desktop)
    (folder / "x.fwbackup").write_bytes(b"no backup")
    page._read(str(folder / "x.fwbackup"))
    quiet(qtbot, desktop)
    assert "no sound backup" in str(notices(desktop)["damaged_backup"].message)
    assert page.choice is None
    page._read(str(elsewhere))
    quiet(qtbot, desktop)
    assert page.choice is not None
    page.choice.go.click()
    quiet(qtbot, desktop)
    assert names(desktop) == ["甲", "乙"]


def test_a_disk_that_is_full_keeps_what_was_typed_in_the_form(
    qtbot, desktop: Desktop, opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened()
    session = desktop.session
    assert session is not None
    desktop.open_form(session.find_form("客户").id)
    quiet(qtbot, desktop)
    page = desktop.window.page
    assert page is not None
    form = page.findChild(FormPage)
    assert isinstance(form, FormPage)
    kept = session.safety
    kept._ballast.make(10**9)
    kept.is_full = True
    monkeypatch.setattr(kept, "_free", lambda _folder: 0)
    row = session.form("客户").records()[0]
    field = session.find_form("客户").called("名称")
    assert field is not None
    answers: list[tuple[Problem, ...]] = []
    form.saving.set_values(
        session.find_form("客户"), row.id, {field.id: "typed"}, lambda _applied: answers.append(()), answers.append
    )
    quiet(qtbot, desktop)
    (problems,) = answers
    assert [problem.code for problem in problems] == ["disk_full"]  # shown at the cell, which keeps what was typed
    assert "What you typed is still here" in str(notices(desktop)["disk_full"].hint)
    kept.is_full = False
    assert names(desktop) == ["甲", "乙"]
