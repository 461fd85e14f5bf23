"""What the window says of work that was interrupted, and what its buttons do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QPushButton

from desktop.app import Desktop
from resources.texts import TN
from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.exchange.importing.importer import import_all
from runtime.exchange.readers.options import Options
from runtime.exchange.readers.reading import open_workbook
from runtime.exchange.understanding.workbooks import understand
from runtime.session import open_workspace
from runtime.store.unfinished import Marking
from runtime.ui.notice_bar import NoticeBar
from runtime.ui.notices import Notice
from runtime.ui.record_saving import _in_steps
from runtime.work import Progress
from tests.runtime.exchange.workbooks import xlsx
from tests.support.apps import customers_and_orders
from tests.support.cuts import cuts
from tests.support.drivers import quiet

COUNT = 6_000


@pytest.fixture
def opened(qtbot, desktop: Desktop) -> Callable[[Path], None]:
    def open_it(path: Path) -> None:
        if desktop.session is not None:
            desktop.close_workspace()
            quiet(qtbot, desktop)
        desktop.open_workspace(path)
        qtbot.waitUntil(lambda: desktop.session is not None, timeout=20_000)
        quiet(qtbot, desktop)

    return open_it


@pytest.fixture
def half(folder: Path, request: pytest.FixtureRequest) -> Path:
    """A workspace in which an import of 货.xlsx was killed after its second commit."""
    rows = [["货号", "名称"], *[[f"K{at:05}", f"货{at}"] for at in range(COUNT)]]
    password = Options(password=getattr(request, "param", ""))
    plan = understand(open_workbook(xlsx(folder / "货.xlsx", {"货": rows}), Progress(), options=password), Progress())
    with open_workspace(folder / "销售.formwork") as session:
        session.publish(customers_and_orders())
        return cuts(session, folder, lambda: import_all(session, plan, "货", {}, Progress()))[1]


def the_bar(desktop: Desktop) -> NoticeBar:
    found = desktop.window.findChild(NoticeBar)
    assert found is not None
    return found


def notice(desktop: Desktop) -> Notice | None:
    """What the bar says of interrupted work."""
    return next((each for each in reversed(the_bar(desktop)._stack) if each.code.startswith("interrupted/")), None)


def buttons(desktop: Desktop) -> dict[str, QPushButton]:
    bar = the_bar(desktop)
    while bar.notice is not None and not bar.notice.code.startswith("interrupted/"):
        bar.dismiss()
    return {button.text(): button for button in bar.findChildren(QPushButton) if button.isVisibleTo(bar)}


def goods(desktop: Desktop) -> int:
    session = desktop.session
    assert session is not None
    return session.form("货").count() if any(form.name == "货" for form in session.forms) else -1


def test_a_killed_import_is_told_of_again_until_the_person_decides(qtbot, desktop, opened, half: Path):
    opened(half)
    said = notice(desktop)
    assert said is not None
    assert str(said.message) == "“Import of 货.xlsx into 货” was interrupted: 4,095 of 6,000 rows are done."
    assert [str(action.label) for action in said.actions] == ["Go on", "Undo", "Leave as it is"]
    the_bar(desktop).dismiss()
    assert notice(desktop) is None
    opened(half)
    assert notice(desktop) is not None
    assert goods(desktop) == 4_095


def test_go_on_brings_a_killed_import_to_its_end_and_undo_takes_all_of_it_back(qtbot, desktop, opened, half: Path):
    opened(half)
    buttons(desktop)["Go on"].click()
    quiet(qtbot, desktop)
    assert goods(desktop) == COUNT
    assert notice(desktop) is None
    session = desktop.session
    assert session is not None
    assert str(session.undo_label) == "Import 货"
    assert session.undo()
    assert goods(desktop) == -1
    quiet(qtbot, desktop)
    opened(half)
    assert notice(desktop) is None


def test_undo_takes_back_what_a_killed_import_wrote(qtbot, desktop, opened, half: Path):
    opened(half)
    buttons(desktop)["Undo"].click()
    quiet(qtbot, desktop)
    assert goods(desktop) == -1
    assert notice(desktop) is None
    opened(half)
    assert notice(desktop) is None


def test_keep_leaves_what_is_there(qtbot, desktop, opened, half: Path):
    opened(half)
    buttons(desktop)["Leave as it is"].click()
    quiet(qtbot, desktop)
    opened(half)
    assert notice(desktop) is None
    assert goods(desktop) == 4_095


def test_a_file_that_was_changed_can_only_be_undone_and_why_is_said(qtbot, desktop, opened, half: Path, folder: Path):
    (folder / "货.xlsx").write_bytes(b"another one")
    opened(half)
    said = notice(desktop)
    assert said is not None
    assert "“货.xlsx” was changed since the import began." in str(said.hint)
    assert [str(action.label) for action in said.actions] == ["Undo", "Leave as it is"]


def test_a_file_that_is_gone_can_be_shown(qtbot, desktop, opened, half: Path, folder: Path, monkeypatch):
    moved = (folder / "货.xlsx").rename(folder / "moved.xlsx")
    opened(half)
    said = notice(desktop)
    assert said is not None
    assert "no longer where it was" in str(said.hint)
    monkeypatch.setattr(QFileDialog, "open", lambda self: self.filesSelected.emit([str(moved)]))
    buttons(desktop)["Find the file …"].click()
    quiet(qtbot, desktop)
    assert goods(desktop) == COUNT
    assert notice(desktop) is None


@pytest.mark.parametrize("half", ["geheim"], indirect=True)
def test_the_password_of_a_file_is_asked_for_again(qtbot, desktop, opened, half: Path, monkeypatch):
    opened(half)
    asked: list[QInputDialog] = []
    monkeypatch.setattr(QInputDialog, "open", lambda self: asked.append(self))
    buttons(desktop)["Go on"].click()
    assert len(asked) == 1
    asked[0].rejected.emit()
    quiet(qtbot, desktop)
    assert notice(desktop) is not None, "nobody decided yet"
    buttons(desktop)["Go on"].click()
    asked[1].textValueSelected.emit("geheim")
    quiet(qtbot, desktop)
    assert goods(desktop) == COUNT
    for dialog in asked:
        dialog.deleteLater()


def paste(session) -> None:
    form = session.find_form("客户")
    name = form.called("名称").id
    steps = [
        [BulkChange(ChangeKind.NEW, form.id, [new_uuid() for _ in range(3)], {name: [f"x{part}{at}" for at in "abc"]})]
        for part in range(3)
    ]
    assert _in_steps(session, steps, TN("Paste {n} row", "Paste {n} rows", 9), Progress()) == ()


def test_a_killed_paste_is_undone_by_its_button(qtbot, desktop, opened, folder: Path):
    with open_workspace(folder / "a.formwork") as session:
        session.publish(customers_and_orders())
        half_pasted = cuts(session, folder, lambda: paste(session))[1]
    opened(half_pasted)
    said = notice(desktop)
    assert said is not None
    assert str(said.message) == "“Paste 9 rows” was interrupted: 6 of 9 rows are done."
    assert [str(action.label) for action in said.actions] == ["Undo", "Leave as it is"]
    buttons(desktop)["Undo"].click()
    quiet(qtbot, desktop)
    assert desktop.session is not None and desktop.session.form("客户").count() == 0


def test_a_killed_undo_goes_on_by_its_button(qtbot, desktop, opened, folder: Path):
    with open_workspace(folder / "a.formwork") as session:
        session.publish(customers_and_orders())
        paste(session)
        half_undone = cuts(session, folder, session.undo)[0]
    opened(half_undone)
    said = notice(desktop)
    assert said is not None
    assert str(said.message) == "“Undo: Paste 9 rows” was interrupted half-way."
    assert [str(action.label) for action in said.actions] == ["Go on", "Leave as it is"]
    buttons(desktop)["Go on"].click()
    quiet(qtbot, desktop)
    assert desktop.session is not None and desktop.session.form("客户").count() == 0
    assert notice(desktop) is None


def test_what_goes_on_at_this_moment_is_not_called_interrupted(qtbot, desktop, opened, half: Path):
    opened(half)
    session = desktop.session
    assert session is not None
    running = Marking.of("Paste 9 rows", 9)
    session.apply(running.along(3), "Paste")
    buttons(desktop)["Leave as it is"].click()
    quiet(qtbot, desktop)
    assert [work.label for work in session.unfinished] == ["Paste 9 rows"]
    assert notice(desktop) is None
