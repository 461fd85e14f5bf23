"""Where an import goes, how it is stopped and taken back, and the whole of it on a real workbook."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.commands import commands
from desktop.import_wizard.flow import Phase
from desktop.import_wizard.waiting import Waiting
from runtime.exchange.understanding.plan import Chunk, ImportPlan
from runtime.ui.kit.job_row import JobRow
from runtime.ui.kit.toast import Toast
from tests.desktop.wizard_hands import (
    LONG,
    ORDERS,
    RETURNS,
    SUPERSTORE,
    Wizard,
    said_by,
    seen_in,
)
from tests.support.drivers import button_called, click, clipped, press
from tests.support.memory_keyring import MemoryKeyring

ENTER = Qt.Key.Key_Return


def test_a_computer_without_a_keyring_needs_a_passphrase_twice(
    wizard: Wizard, file: Path, places: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("runtime.store.keys.keyring_backend", lambda: None)
    wizard.reviews(file)
    wizard.places(places)
    place = wizard.place
    place.passphrase.setText("short")
    wizard.goes_on()
    assert place.rows["passphrase"].said == "Use at least 8 characters."
    place.passphrase.setText("correct horse")
    place.again.setText("correct hose")
    wizard.goes_on()
    assert place.rows["again"].said == "The two are not the same."
    assert list(places.iterdir()) == []
    place.again.setText("correct horse")
    wizard.imports()
    assert wizard.desktop.session is not None


def test_a_name_that_is_taken_is_said_at_its_field(wizard: Wizard, file: Path, places: Path):
    (places / "销售.formwork").mkdir()
    wizard.reviews(file)
    wizard.places(places)
    wizard.goes_on()
    assert wizard.place.rows["name"].said == "A workspace of this name exists there already."
    wizard.place.workspace.setText("a/b")
    wizard.goes_on()
    assert wizard.place.rows["name"].said == "A name cannot hold /."
    assert wizard.flow.phase is Phase.PLACE


def test_a_folder_that_cannot_be_made_is_said_and_can_be_changed(wizard: Wizard, file: Path, places: Path):
    blocked = places / "file"
    blocked.write_text("")
    wizard.reviews(file)
    wizard.places(blocked / "below")
    wizard.goes_on()
    wizard.qtbot.waitUntil(lambda: wizard.flow.phase is Phase.PLACE and wizard.flow.refusal is not None, timeout=LONG)
    assert "cannot be made" in wizard.place._refusal.text()
    wizard.place.folder.setText(str(places))
    wizard.imports()


# Cancelling and undo


@contextmanager
def _half_way(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Inside the block an importer writes a row at a time, and after three it waits for the event."""
    go, rows = threading.Event(), ImportPlan.rows

    def slow(plan: ImportPlan, sheet: str, _size: int = 0, zone: tzinfo | None = None) -> Iterator[Chunk]:
        for at, chunk in enumerate(rows(plan, sheet, 1, zone)):
            assert at != 3 or go.wait(60)
            yield chunk

    with monkeypatch.context() as patch:
        patch.setattr(ImportPlan, "rows", slow)
        yield go
        go.set()


def test_cancelling_an_import_leaves_no_workspace_and_no_key(
    wizard: Wizard, file: Path, places: Path, memory_keyring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
):
    wizard.reviews(file)
    wizard.places(places / "new folder")
    with _half_way(monkeypatch) as go:
        wizard.goes_on()
        wizard.qtbot.waitUntil(lambda: wizard.flow.progress[0] > 0, timeout=LONG)
        click(wizard.view(Waiting).cancel)
        go.set()
        wizard.reaches(Phase.PLACE)
    assert list(places.iterdir()) == []
    assert not memory_keyring._memory
    assert wizard.desktop.session is None
    wizard.place.folder.setText(str(places))
    wizard.imports()


def test_cancelling_in_the_status_bar_leaves_nothing_in_the_open_workspace(
    qtbot, wizard: Wizard, file: Path, places: Path, monkeypatch: pytest.MonkeyPatch
):
    desktop = wizard.desktop
    desktop.open_workspace(places / "open.formwork")
    qtbot.waitUntil(lambda: desktop.session is not None, timeout=LONG)
    wizard.reviews(file)
    wizard.goes_on()
    desktop.jobs._patience = 0.0
    row = desktop.window.findChild(JobRow)
    assert row is not None
    with _half_way(monkeypatch) as go:
        wizard.goes_on()
        qtbot.waitUntil(lambda: row.isVisible() and wizard.flow.progress[0] > 0, timeout=LONG)
        press(row, "Cancel")
        go.set()
        wizard.reaches(Phase.PLACE)
    assert desktop.session is not None
    assert desktop.session.apps == {}
    assert desktop.session.undo_label is None


def test_undo_of_an_import_takes_its_app_away(qtbot, wizard: Wizard, file: Path, places: Path):
    wizard.reviews(file)
    wizard.places(places)
    page = wizard.imports()
    session = wizard.desktop.session
    assert session is not None
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)
    toast = wizard.desktop.window.findChild(Toast)
    assert toast is not None
    press(toast, "Undo")
    qtbot.waitUntil(lambda: not session.apps, timeout=LONG)
    qtbot.waitUntil(lambda: page.tabs.count() == 0 and button_called(page, "Import an Excel file").isVisible())
    assert page.pages == {}
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


def test_ctrl_z_says_that_an_import_was_taken_back_for_its_form_may_be_out_of_sight(
    qtbot, wizard: Wizard, file: Path, places: Path
):
    wizard.reviews(file)
    wizard.places(places)
    page = wizard.imports()
    qtbot.waitUntil(lambda: page.front is not None, timeout=LONG)
    desktop, session = wizard.desktop, wizard.desktop.session
    assert session is not None
    form = session.form("客户")
    record = form.records(limit=1)[0]
    form.update(record.id, {"客户名称": "改了"})
    toast = desktop.window.findChild(Toast)
    assert toast is not None
    before = toast.message
    commands["undo"].run(desktop)
    qtbot.waitUntil(lambda: form.records(limit=1)[0]["客户名称"] != "改了", timeout=LONG)
    qtbot.waitUntil(lambda: not desktop.jobs.busy, timeout=LONG)
    assert toast.message == before, "what is seen need not be said"
    commands["undo"].run(desktop)
    qtbot.waitUntil(lambda: not session.apps, timeout=LONG)
    qtbot.waitUntil(lambda: toast.message.startswith("Undone: Import"), timeout=LONG)
    qtbot.waitUntil(lambda: not desktop.jobs.busy, timeout=LONG)


def test_undo_of_an_import_spares_what_was_done_since(qtbot, wizard: Wizard, file: Path, places: Path):
    wizard.reviews(file)
    wizard.places(places)
    wizard.imports()
    session = wizard.desktop.session
    assert session is not None
    session.form("客户").create({"客户编号": "KH999"})
    toast = wizard.desktop.window.findChild(Toast)
    assert toast is not None
    press(toast, "Undo")
    assert "You changed something since the import." in said_by(wizard.desktop)
    assert session.form("客户").count() == 31
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


# Real data and looks


def test_the_superstore_is_in_the_grid_a_few_keys_after_it_was_opened(qtbot, wizard: Wizard, places: Path):
    if not SUPERSTORE.exists():
        pytest.skip(f"{SUPERSTORE} is not on this machine")
    wizard.reviews(SUPERSTORE)
    assert len(wizard.review.doubts.cards) == 6
    wizard.places(places, "超市")
    assert wizard.page.go.text() == "Create 3 forms with 10,302 records"
    page = wizard.imports()
    assert page.front is not None
    assert page.front.title == "订单"
    assert "US-2017-1357144" in seen_in(qtbot, page)
    qtbot.waitUntil(lambda: page.list.entries[page.tabs.front].count == "10,000", timeout=LONG)
    qtbot.waitUntil(lambda: not wizard.desktop.jobs.busy, timeout=LONG)


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_words_are_clipped_at_any_step(qtbot, wizard: Wizard, file: Path, places: Path, language: str):
    window = wizard.desktop.window
    wizard.desktop._speak(language)
    window.rebuild()
    for size in (window.minimumSize(), window.sizeHint()):
        window.resize(size)
        wizard.reviews(file)
        QApplication.processEvents()
        assert clipped(window) == []
        wizard.goes_on()
        QApplication.processEvents()
        assert clipped(window) == []


def test_counts_of_the_workbook_are_as_the_tests_think():
    assert (len(ORDERS), len(RETURNS)) == (120, 12)
