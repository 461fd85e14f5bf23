"""What was typed in the empty row and could not be written: nothing of it is lost, and no two records become one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from resources.texts import T
from runtime.errors import UserError
from runtime.permission.scope import Scope
from runtime.session import Session
from tests.runtime.ui.record_desk import CONTROL, Desk, a_desk
from tests.support.apps import an_app
from tests.support.workspaces import Office

KEY = Qt.Key


@pytest.fixture
def people(tmp_path: Path, qtbot: Any, jobs: Any) -> Iterator[Desk]:
    """A form whose name is required, with one record."""
    build = an_app()
    form = build.form("人")
    build.field(form, "text", "名", required=True)
    build.field(form, "integer", "岁")
    build.field(form, "text", "注")
    office = Office(tmp_path, build.app)
    office.new("人", {"名": "甲"})
    with a_desk(qtbot, office, jobs, "人") as desk:
        yield desk
    office.session.close()


def put(text: str) -> None:
    mime = QMimeData()
    mime.setText(text)
    QGuiApplication.clipboard().setMimeData(mime)


def typed(desk: Desk, field: str, text: str) -> None:
    """Type one cell of the empty row and leave the row."""
    desk.at(desk.model.entry, field).type(text)
    desk.key(KEY.Key_Return)


def begun(desk: Desk) -> list[Any]:
    return [draft.value for draft in desk.model.begun.values()]


def test_of_two_records_that_are_refused_one_after_the_other_none_is_lost(people: Desk) -> None:
    desk = people
    typed(desk, "岁", "7")
    typed(desk, "岁", "8")
    desk.settle()
    panel = desk.view.work.bad
    assert panel.isVisible()
    QTest.keyClick(panel, KEY.Key_Escape)
    desk.settle()
    first = begun(desk)
    desk.at(desk.model.entry, "名").type("乙")
    desk.key(KEY.Key_Return)
    desk.settle()
    if panel.isVisible():
        QTest.keyClick(panel, KEY.Key_Escape)
        desk.settle()
    second = begun(desk)
    assert sorted([*first, *second]) == [7, 8]


def test_a_refused_record_does_not_become_part_of_the_one_that_is_typed_meanwhile(people: Desk) -> None:
    desk = people
    typed(desk, "岁", "7")
    desk.settle()
    panel = desk.view.work.bad
    assert panel.isVisible()
    desk.at(desk.model.entry, "名").type("乙")
    desk.key(KEY.Key_Tab)
    panel.dropped.emit()
    desk.settle()
    assert begun(desk) == ["乙"], "two records are not one"
    desk.grid.setFocus()
    desk.at(0, "名")
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名") == ["甲", "乙"])
    assert desk.column("岁") == ["", ""]
    assert begun(desk) == [7], "the one that was refused stands in the row when it is free again"


def test_what_is_in_the_list_is_not_saved_yet(people: Desk) -> None:
    desk = people
    typed(desk, "岁", "7")
    desk.settle()
    assert desk.view.work.bad.isVisible()
    assert desk.page.unsaved


def test_going_on_without_what_the_record_needs_loses_nothing(people: Desk) -> None:
    desk = people
    typed(desk, "岁", "7")
    desk.settle()
    desk.view.work.bad.went_on.emit()
    desk.settle()
    assert desk.model.listed == 1
    assert begun(desk) == [7]


def test_a_store_that_cannot_write_leaves_what_was_typed_in_the_row(
    people: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = people

    def full(*_arguments: Any, **_more: Any) -> Any:
        raise UserError(T("The disk is full."), T("Make room."), "disk_full")

    monkeypatch.setattr(Session, "apply", full)
    typed(desk, "名", "乙")
    desk.settle()
    assert begun(desk) == ["乙"]
    monkeypatch.undo()
    desk.at(desk.model.entry, "名").key(KEY.Key_Return)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名") == ["甲", "乙"])


def test_what_is_pasted_into_a_row_that_is_begun_is_part_of_its_record(people: Desk) -> None:
    desk = people
    desk.at(desk.model.entry, "名").type("乙")
    desk.key(KEY.Key_Tab)
    put("9\tneu\n10\talt")
    desk.at(desk.model.entry, "岁").key(KEY.Key_V, CONTROL)
    desk.settle()
    panel = desk.view.work.bad
    assert panel.isVisible(), "the second row has no name"
    panel.went_on.emit()
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名") == ["甲", "乙"])
    assert desk.column("岁") == ["", "9"]
    assert desk.column("注") == ["", "neu"]
    assert begun(desk) == []


def test_a_field_that_somebody_removes_meanwhile_takes_nothing_else_along(people: Desk) -> None:
    desk = people
    desk.at(desk.model.entry, "名").type("乙")
    desk.key(KEY.Key_Tab)
    desk.at(desk.model.entry, "注").type("weg")
    desk.key(KEY.Key_Tab)
    session = desk.office.session
    app = next(iter(session.apps.values()))
    field = desk.page.form.called("注")
    assert field is not None
    session.publish(app.replacing({field.id: None}))
    desk.settle()
    desk.grid.setFocus()
    desk.at(desk.model.entry, "名")
    desk.at(0, "名")
    desk.settle()
    if desk.column("名") != ["甲", "乙"]:
        assert "乙" in begun(desk) or desk.view.work.bad.isVisible(), desk.messages()


def test_a_paste_that_is_dropped_leaves_what_was_typed_before_it(people: Desk) -> None:
    desk = people
    desk.at(desk.model.entry, "名").type("乙")
    desk.key(KEY.Key_Tab)
    put("viel")
    desk.at(desk.model.entry, "岁").key(KEY.Key_V, CONTROL)
    desk.settle()
    panel = desk.view.work.bad
    assert panel.isVisible() and begun(desk) == []
    panel.dropped.emit()
    desk.settle()
    assert begun(desk) == ["乙"] and desk.model.listed == 1


def test_a_list_of_pasted_cells_stays_when_a_record_is_typed_beside_it(people: Desk) -> None:
    desk = people
    put("viel\tneu")
    desk.at(0, "岁").key(KEY.Key_V, CONTROL)
    desk.settle()
    panel = desk.view.work.bad
    assert panel.isVisible()
    desk.grid.setFocus()
    typed(desk, "名", "乙")
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名") == ["甲", "乙"])
    assert panel.isVisible()
    panel.went_on.emit()
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("注") == ["neu", ""])


def test_what_this_person_may_not_write_stays_in_the_row_to_be_corrected(people: Desk) -> None:
    desk = people
    form, name = desk.page.form, desk.page.form.called("名")
    assert name is not None
    desk.office.session._scope = Scope(writable=((form.id, frozenset({name.id})),))
    desk.at(desk.model.entry, "名").type("乙")
    desk.key(KEY.Key_Tab)
    typed(desk, "岁", "7")
    desk.settle()
    assert begun(desk) == ["乙", 7] and desk.model.listed == 1
    desk.at(desk.model.entry, "岁").key(KEY.Key_Delete)
    desk.key(KEY.Key_Return)
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.column("名") == ["甲", "乙"])
