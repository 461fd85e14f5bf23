"""Exporting as a person does it: what and how in a popover, where to, then a file and a message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from runtime.store.query import Group, Sort
from runtime.ui.export_panel import Choices, ExportPanel
from runtime.ui.exporting import Exporting, Shown, file_name
from runtime.ui.jobs import Jobs
from runtime.ui.kit.toast import Toast
from runtime.ui.notice_bar import NoticeBar
from runtime.ui.notices import Notice, Notices, Tone
from tests.support.apps import shop
from tests.support.drivers import button_called, clipped, press
from tests.support.workspaces import Office


class Desk:
    """A page with a button, and what it says."""

    def __init__(self, qtbot: Any, office: Office, jobs: Jobs) -> None:
        self.qtbot = qtbot
        self.office = office
        self.jobs = jobs
        self.said: list[Notice] = []
        self.opened: list[Path] = []
        self.window = QWidget()
        self.window.resize(900, 700)
        self.button = QPushButton("more")
        notices = Notices()
        notices.posted.connect(self.said.append)
        self.toast = Toast(self.window)
        self.bar = NoticeBar(notices, self.toast)
        layout = QVBoxLayout(self.window)
        layout.addWidget(self.bar)
        layout.addWidget(self.button)
        layout.addStretch(1)
        self.exporting = Exporting(office.session, jobs, notices, self.window, self.opened.append)
        qtbot.addWidget(self.window)
        self.window.show()

    def shown(self, chosen: int = 0) -> Shown:
        form = self.office.form("客户")
        rows = self.office.session.form("客户").records(sort=["-名称"])[:chosen]
        fields = tuple(field.id for field in form.fields[:2])
        return Shown(
            form, "", (Sort(fields[0], descending=True),), fields, 3, chosen, lambda _progress: [r.row.n for r in rows],
            view="重点客户", filter="等级 = 高",
        )  # fmt: skip

    def ask(self, chosen: int = 0) -> ExportPanel:
        self.exporting.ask(self.button, self.shown(chosen))
        self.qtbot.waitUntil(lambda: self.exporting.panel is not None)
        panel = self.exporting.panel
        assert panel is not None
        return panel

    def save_as(self, path: Path) -> None:
        """What a person does in the dialog of the system."""
        self.qtbot.waitUntil(lambda: self.exporting.dialog is not None)
        dialog = self.exporting.dialog
        assert dialog is not None
        dialog.fileSelected.emit(str(path))
        dialog.close()
        self.qtbot.waitUntil(lambda: bool(self.said) and self.exporting.dialog is None and not self.jobs.busy)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    for name in ("甲", "乙", "丙"):
        office.new("客户", {"名称": name, "等级": "高"})
    yield office
    office.session.close()


@pytest.fixture
def desk(qtbot: Any, office: Office, jobs: Jobs) -> Iterator[Desk]:
    made = Desk(qtbot, office, jobs)
    yield made
    qtbot.waitUntil(lambda: not jobs.busy)


def rows(path: Path) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(path).worksheets[0].iter_rows()]


def test_what_is_shown_is_exported_and_the_file_can_be_opened(desk: Desk, tmp_path: Path) -> None:
    panel = desk.ask()
    assert "As shown · 3" in {made.text() for made in panel.findChildren(QPushButton)}
    press(panel, "Export …")
    desk.save_as(tmp_path / "a.xlsx")
    assert str(desk.said[0].message) == "Exported 3 records" and desk.said[0].tone is Tone.SUCCESS
    assert rows(tmp_path / "a.xlsx") == [["名称", "等级"], ["乙", "高"], ["甲", "高"], ["丙", "高"]]
    press(desk.toast, "Show in folder")
    assert desk.opened == [tmp_path]


def test_the_toast_opens_the_file(desk: Desk, tmp_path: Path) -> None:
    press(desk.ask(), "Export …")
    desk.save_as(tmp_path / "a.xlsx")
    press(desk.toast, "Open")
    assert desk.opened == [tmp_path / "a.xlsx"]


def test_chosen_records_are_offered_first_where_there_are_some(desk: Desk, tmp_path: Path) -> None:
    panel = desk.ask(chosen=2)
    assert panel.choices.what == "chosen"
    press(panel, "Export …")
    desk.save_as(tmp_path / "a.xlsx")
    assert [row[0] for row in rows(tmp_path / "a.xlsx")] == ["名称", "乙", "甲"]


def test_groups_with_subtotals_are_offered_where_there_are_some_and_only_when_ticked(
    desk: Desk, office: Office, tmp_path: Path
) -> None:
    fields = office.form("客户").fields
    level, marked = fields[1].id, fields[3].id
    grouped = replace(desk.shown(chosen=2), groups=(Group(level),), footers={marked: "checked"})
    plain = desk.ask()
    assert plain.groups.isHidden() and not plain.choices.groups
    plain.close()
    desk.qtbot.waitUntil(lambda: desk.exporting.panel is None)
    desk.exporting.ask(desk.button, grouped)
    desk.qtbot.waitUntil(lambda: desk.exporting.panel is not None)
    panel = desk.exporting.panel
    assert panel is not None and panel.groups.isHidden(), "chosen records have no groups"
    press(panel, "All fields")
    assert not panel.groups.isHidden() and not panel.choices.groups
    panel.groups.click()
    press(panel, "Export …")
    desk.save_as(tmp_path / "a.xlsx")
    found = rows(tmp_path / "a.xlsx")
    assert [row[0] for row in found[-2:]] == ["高 (3) subtotal", "Grand total"] and len(found) == 6


def test_all_fields_and_a_sheet_about_the_file(desk: Desk, tmp_path: Path) -> None:
    panel = desk.ask()
    press(panel, "All fields")
    panel.about.click()
    press(panel, "Export …")
    desk.save_as(tmp_path / "a.xlsx")
    assert rows(tmp_path / "a.xlsx")[0] == ["名称", "等级", "备注", "重点"]
    said = dict(row for row in load_workbook(tmp_path / "a.xlsx").worksheets[1].iter_rows(values_only=True))
    assert said["View"] == "重点客户" and said["Filter"] == "等级 = 高"


def test_raw_texts_are_warned_of_and_confirmed_with_another_word_and_never_kept(desk: Desk, tmp_path: Path) -> None:
    desk.office.new("客户", {"名称": "=1+1"})
    panel = desk.ask()
    assert not panel._warning.isVisibleTo(panel)
    press(panel, "CSV")
    panel.raw.click()
    assert panel._warning.isVisibleTo(panel)
    press(panel, "Semicolon")
    press(panel, "Export anyway …")
    desk.save_as(tmp_path / "a.csv")
    assert "\r\n=1+1;" in (tmp_path / "a.csv").read_bytes().decode("utf-8-sig")
    again = desk.ask()
    assert again.choices.format == "csv" and again.choices.delimiter == ";" and not again.raw.isChecked()
    assert again.choices.folder == str(tmp_path)
    again.close()


def test_escape_closes_and_nothing_happens(desk: Desk) -> None:
    panel = desk.ask()
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    desk.qtbot.waitUntil(lambda: desk.exporting.panel is None)
    assert desk.exporting.dialog is None and desk.said == []


def test_a_file_that_cannot_be_written_is_said_once(
    desk: Desk, tmp_path: Path, reported: list[BaseException], qtbot: Any
) -> None:
    press(desk.ask(), "Export …")
    desk.qtbot.waitUntil(lambda: desk.exporting.dialog is not None)
    assert desk.exporting.dialog is not None
    desk.exporting.dialog.fileSelected.emit(str(tmp_path / "none" / "a.xlsx"))
    desk.exporting.dialog.close()
    qtbot.waitUntil(lambda: len(reported) == 1 and desk.exporting.dialog is None)
    assert "cannot be written" in str(reported[0])


def test_sub_forms_are_offered_where_the_form_has_some(qtbot: Any, tmp_path: Path, jobs: Jobs) -> None:
    office = Office(tmp_path, shop())
    anchor = QWidget()
    qtbot.addWidget(anchor)
    for name, has in (("订单", True), ("客户", False)):
        panel = ExportPanel(anchor, Choices(subforms=True), 3, 0, subforms=bool(office.form(name).subforms))
        panel.ask()
        assert panel.subforms.isVisibleTo(panel) is has and panel.choices.subforms is has
        panel.close()
    office.session.close()


def test_no_word_is_cut_off(desk: Desk) -> None:
    panel = desk.ask(chosen=3)
    desk.qtbot.waitUntil(lambda: clipped(panel) == [])
    press(panel, "CSV")
    panel.raw.click()
    desk.qtbot.waitUntil(lambda: clipped(panel) == [])
    panel.close()


@pytest.mark.parametrize("kept", [None, 7, {"format": 3, "raw": True}, {"folder": None, "what": ["x"]}])
def test_what_was_kept_and_cannot_be_understood_is_as_at_first(kept: Any) -> None:
    assert Choices.from_json(kept) == Choices()


def test_a_file_is_called_after_the_view_and_the_day() -> None:
    assert file_name('a/b:"c"').startswith("a b c 20") and file_name("..").startswith("Formwork 20")


def test_the_toast_shows_the_button_of_the_last_message_only(qtbot: Any) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    toast = Toast(over)
    toast.say("a", ("One", lambda: None), ("Two", lambda: None))
    toast.say("b", ("Undo", lambda: None))
    assert button_called(toast, "Undo").text() == "Undo"
    with pytest.raises(LookupError):
        button_called(toast, "Two")
    toast.forget()
