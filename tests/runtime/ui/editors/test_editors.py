"""Each editor by hand: typed, clicked, refused, read-only; what cannot be read is kept and said."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from resources.texts import speak
from runtime.dates import local_zone
from runtime.fields import field_types
from runtime.ui.editors import EditorContext, TypedEditor, editor_kinds
from runtime.ui.jobs import Jobs
from runtime.ui.kit.calendar import Calendar
from runtime.ui.kit.picker import PickList
from tests.screens.fields import PEOPLE, TYPES, People
from tests.support.drivers import click, editor_for, press, typed

VALUES: dict[str, Any] = {
    "text": "福州",
    "long_text": "one\ntwo",
    "integer": 1284,
    "decimal": Decimal("12.500"),
    "money": Decimal("-1234.50"),
    "percent": Decimal("0.125"),
    "date": date(2026, 3, 5),
    "date_time": datetime(2026, 3, 5, 6, 30, tzinfo=UTC),
    "boolean": True,
    "choice": "o2",
    "relation": UUID(int=1),
    "email": "zhang.wei@example.com",
    "phone": "010-88886666-123",
    "url": "https://example.com/a",
    "choices": ("o1", "o3", "o6"),
}


def test_every_field_type_has_an_editor_and_a_value_here():
    assert {kind.name for kind in field_types if kind.offered} <= set(TYPES) == set(VALUES)
    assert [kind.name for kind in field_types if kind.editor not in editor_kinds] == []


@pytest.mark.parametrize("name", TYPES)
def test_a_value_comes_out_as_it_went_in_and_nobody_says_it_was_edited(qtbot, name: str):
    editor = editor_for(qtbot, name)
    with qtbot.assertNotEmitted(editor.edited):
        editor.set_value(VALUES[name])
        assert editor.value() == VALUES[name]
        editor.set_value(None)
        assert editor.value() is None
    assert editor.problems() == ()


@pytest.mark.parametrize("name", TYPES)
def test_the_control_is_named_for_its_field_and_takes_the_keyboard(qtbot, name: str):
    editor = editor_for(qtbot, name)
    editor.setFocus()
    assert editor.control().hasFocus()
    assert editor.control().accessibleName() == editor.field.name


@pytest.mark.parametrize("name", TYPES)
def test_a_read_only_editor_cannot_be_changed(qtbot, name: str):
    editor = editor_for(qtbot, name, VALUES[name], read_only=True)
    with qtbot.assertNotEmitted(editor.edited):
        QTest.keyClicks(editor.control(), "9")
        click(editor.control())
        QTest.keyClick(editor.control(), Qt.Key.Key_F4)
    assert editor.value() == VALUES[name]
    assert editor.findChildren(PickList) == []


@pytest.mark.parametrize("name", TYPES)
def test_a_problem_reddens_the_control_until_it_is_taken_back(qtbot, name: str):
    editor = editor_for(qtbot, name)
    editor.problem("It is missing.")
    assert editor.control().property("wrong") is True
    assert editor.control().toolTip() == "It is missing."
    editor.problem("")
    assert editor.control().property("wrong") is False


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("text", "  福州 海峡 ", "福州 海峡"),
        ("integer", "１２，３４５", 12345),
        ("integer", "3万", 30000),
        ("decimal", "1.23456", Decimal("1.235")),
        ("money", "¥1,234.5", Decimal("1234.50")),
        ("money", "(12)", Decimal("-12.00")),
        ("percent", "12.5", Decimal("0.125")),
        ("percent", "12.5%", Decimal("0.125")),
        ("date", "2024-3-5", date(2024, 3, 5)),
        ("date", "2024年3月5日", date(2024, 3, 5)),
        ("date_time", "2026-03-05 14:30", datetime(2026, 3, 5, 14, 30, tzinfo=local_zone()).astimezone(UTC)),
    ],
)
def test_what_people_type_is_understood_and_shown_as_the_type_writes_it(qtbot, name: str, text: str, value: Any):
    editor = editor_for(qtbot, name)
    with qtbot.waitSignal(editor.edited):
        typed(editor, text)
    with qtbot.waitSignal(editor.committed):
        QTest.keyClick(editor.control(), Qt.Key.Key_Return)
    assert editor.value() == value
    assert isinstance(editor, TypedEditor)
    assert editor.line.text() == editor.field.format(value)


def test_today_is_the_day_on_which_it_is_typed(qtbot):
    editor = editor_for(qtbot, "date")
    before = datetime.now(local_zone()).date()
    typed(editor, "今天")
    QTest.keyClick(editor.control(), Qt.Key.Key_Return)
    assert editor.value() in (before, datetime.now(local_zone()).date())


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("integer", "twelve", "“twelve” is not a number."),
        ("integer", "1.5", "“1.5” is not a whole number."),
        ("money", "12,34x", "“12,34x” is not a number."),
        ("date", "31/2", "“31/2” is not a date. Write it as 2026-03-05."),
        ("date_time", "noon", "“noon” is not a date and time. Write it as 2026-03-05 14:30."),
    ],
)
def test_what_cannot_be_read_stays_as_typed_and_is_said_when_the_person_is_done(qtbot, name: str, text: str, said: str):
    editor = editor_for(qtbot, name, VALUES[name])
    typed(editor, text)
    assert [problem.where for problem in editor.problems()] == [editor.field.id]
    assert str(editor.problems()[0].message) == said
    assert editor.control().property("wrong") in {None, False}
    QTest.keyClick(editor.control(), Qt.Key.Key_Return)
    assert isinstance(editor, TypedEditor)
    assert editor.line.text() == text
    assert editor.control().property("wrong") is True
    typed(editor, "")
    assert editor.problems() == ()
    assert editor.control().property("wrong") is False


def test_the_problem_is_said_in_the_language_spoken_when_it_is_read(qtbot):
    editor = editor_for(qtbot, "integer")
    typed(editor, "x")
    english = str(editor.problems()[0].message)
    speak("zh_CN")
    assert english.startswith("“x”")


def test_escape_brings_back_the_value_from_before(qtbot):
    editor = editor_for(qtbot, "money", Decimal("5.00"))
    typed(editor, "77")
    assert editor.value() == Decimal("77.00")
    with qtbot.waitSignal(editor.cancelled):
        QTest.keyClick(editor.control(), Qt.Key.Key_Escape)
    assert editor.value() == Decimal("5.00")


def test_leaving_a_field_means_being_done(qtbot):
    editor = editor_for(qtbot, "integer", 1)
    editor.setFocus()
    with qtbot.waitSignal(editor.committed):
        editor.control().clearFocus()


def test_typing_starts_an_edit_with_the_key_that_was_pressed(qtbot):
    editor = editor_for(qtbot, "integer", 1284)
    editor.begin("7")
    assert editor.value() == 7
    editor.set_value(1284)
    editor.begin()
    assert isinstance(editor, TypedEditor)
    assert editor.line.selectedText() == "1,284"


def test_text_longer_than_the_field_takes_cannot_be_typed(qtbot):
    editor = editor_for(qtbot, "text", max_length=5)
    typed(editor, "123456789")
    assert editor.value() == "12345"


def test_numbers_stand_at_the_right(qtbot):
    editor = editor_for(qtbot, "money", Decimal("5.00"))
    assert isinstance(editor, TypedEditor)
    assert editor.line.alignment() & Qt.AlignmentFlag.AlignRight


def test_long_text_keeps_its_lines_and_grows(qtbot):
    editor = editor_for(qtbot, "long_text")
    low = editor.control().height()
    typed(editor, "\n".join(["line"] * 8) + "\n\n")
    assert editor.value() == "\n".join(["line"] * 8)
    assert editor.control().height() > low
    with qtbot.waitSignal(editor.committed):
        QTest.keyClick(editor.control(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_day_is_picked_from_the_calendar(qtbot):
    editor = editor_for(qtbot, "date", date(2026, 3, 5))
    QTest.keyClick(editor.control(), Qt.Key.Key_F4)
    calendar = editor.findChild(Calendar)
    assert calendar is not None
    QTest.keyClick(calendar.month.days, Qt.Key.Key_Down)
    with qtbot.waitSignals([editor.edited, editor.committed]):
        QTest.keyClick(calendar.month.days, Qt.Key.Key_Return)
    assert editor.value() == date(2026, 3, 12)
    assert editor.control().hasFocus()


def test_the_calendar_clears_a_text_that_could_not_be_read(qtbot):
    editor = editor_for(qtbot, "date")
    typed(editor, "soon")
    QTest.keyClick(editor.control(), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    calendar = editor.findChild(Calendar)
    assert calendar is not None
    with qtbot.waitSignal(editor.edited):
        press(calendar, "Clear")
    assert editor.value() is None
    assert editor.problems() == ()
    assert isinstance(editor, TypedEditor)
    assert editor.line.text() == ""


def test_a_moment_is_picked_with_its_time(qtbot):
    editor = editor_for(qtbot, "date_time", datetime(2026, 3, 5, 14, 30, tzinfo=local_zone()).astimezone(UTC))
    QTest.keyClick(editor.control(), Qt.Key.Key_F4)
    calendar = editor.findChild(Calendar)
    assert calendar is not None
    assert calendar.clock.text() == "14:30"
    calendar.clock.setText("9:15")
    press(calendar, "Done")
    assert editor.value() == datetime(2026, 3, 5, 9, 15, tzinfo=local_zone()).astimezone(UTC)


def test_a_switch_goes_from_blank_to_yes_to_no(qtbot):
    editor = editor_for(qtbot, "boolean")
    for value in (True, False):
        with qtbot.waitSignals([editor.edited, editor.committed]):
            click(editor.control())
        assert editor.value() is value
    editor.begin(" ")
    assert editor.value() is True


def test_a_choice_is_found_by_typing_and_taken_by_enter(qtbot):
    editor = editor_for(qtbot, "choice", "o1")
    editor.setFocus()
    QTest.keyClick(editor.control(), Qt.Key.Key_R)
    opened = editor.findChild(PickList)
    assert opened is not None
    assert [pick.text for pick in opened._model.picks] == ["Dormant", "At risk"] or opened.search.text() == "r"
    opened.search.setText("at")
    qtbot.waitUntil(lambda: [pick.text for pick in opened._model.picks] == ["At risk"])
    with qtbot.waitSignals([editor.edited, editor.committed]):
        QTest.keyClick(opened.search, Qt.Key.Key_Return)
    assert editor.value() == "o4"


def test_arrows_walk_through_the_choices_and_a_click_takes_one(qtbot):
    editor = editor_for(qtbot, "choice", "o1")
    click(editor.control())
    opened = editor.findChild(PickList)
    assert opened is not None
    assert opened.list.currentIndex().row() == 0
    QTest.keyClick(opened.search, Qt.Key.Key_Down)
    assert opened.list.currentIndex().row() == 1
    place = opened.list.visualRect(opened._model.index(2)).center()
    QTest.mouseClick(opened.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert editor.value() == "o3"


def test_a_retired_option_is_shown_but_not_offered(qtbot):
    editor = editor_for(qtbot, "choice", "o9")
    assert editor.control().property("kind") == "field"
    assert editor.button.shown == "Old name"  # type: ignore[attr-defined]
    click(editor.control())
    opened = editor.findChild(PickList)
    assert opened is not None
    assert "Old name" not in [pick.text for pick in opened._model.picks]


def test_a_choice_can_be_taken_away_unless_it_is_required(qtbot):
    editor = editor_for(qtbot, "choice", "o1")
    click(editor.control())
    opened = editor.findChild(PickList)
    assert opened is not None
    press(opened, "Clear")
    assert editor.value() is None
    strict = editor_for(qtbot, "choice", "o1", required=True)
    click(strict.control())
    opened = strict.findChild(PickList)
    assert opened is not None
    buttons = [button for button in opened.findChildren(QAbstractButton) if button.isVisibleTo(opened)]
    assert "Clear" not in [button.text() for button in buttons]


def test_escape_closes_the_list_and_changes_nothing(qtbot):
    editor = editor_for(qtbot, "choice", "o1")
    click(editor.control())
    opened = editor.findChild(PickList)
    assert opened is not None
    with qtbot.assertNotEmitted(editor.edited):
        QTest.keyClick(opened.search, Qt.Key.Key_Escape)
    assert not opened.isVisible()
    assert editor.value() == "o1"


def test_a_relation_shows_the_title_that_it_looks_up(qtbot, jobs: Jobs):
    editor = editor_for(qtbot, "relation", UUID(int=2), EditorContext(jobs, People()))
    qtbot.waitUntil(lambda: editor.button.shown == "王芳")  # type: ignore[attr-defined]


def test_a_relation_is_found_in_the_background_and_taken_by_enter(qtbot, jobs: Jobs):
    editor = editor_for(qtbot, "relation", None, EditorContext(jobs, People()))
    editor.begin("李")
    opened = editor.findChild(PickList)
    assert opened is not None
    qtbot.waitUntil(lambda: [pick.text for pick in opened._model.picks] == ["李娜"])
    with qtbot.waitSignals([editor.edited, editor.committed]):
        QTest.keyClick(opened.search, Qt.Key.Key_Return)
    assert editor.value() == UUID(int=4)
    assert editor.button.shown == PEOPLE[UUID(int=4)]  # type: ignore[attr-defined]


def test_a_slow_answer_to_an_older_question_is_not_shown(qtbot, jobs: Jobs):
    import threading

    gate = threading.Event()

    class Slow(People):
        def search(self, form: str, text: str, limit: int):
            if not text:
                gate.wait(60)
            return super().search(form, text, limit)

    editor = editor_for(qtbot, "relation", None, EditorContext(jobs, Slow()))
    editor.begin()
    opened = editor.findChild(PickList)
    assert opened is not None
    opened.search.setText("王")
    qtbot.waitUntil(lambda: [pick.text for pick in opened._model.picks] == ["王芳"])
    gate.set()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert [pick.text for pick in opened._model.picks] == ["王芳"]


def test_a_record_that_is_gone_says_so(qtbot, jobs: Jobs):
    editor = editor_for(qtbot, "relation", UUID(int=99), EditorContext(jobs, People()))
    qtbot.waitUntil(lambda: editor.button.shown == "(no longer there)")  # type: ignore[attr-defined]


def test_a_type_that_this_program_does_not_know_is_shown_and_not_changed(qtbot):
    from runtime.definition.node import Node
    from runtime.fields import field_type
    from runtime.form import Field
    from runtime.ui.editors import make_editor

    kind = field_type("hologram")
    node = Node("cx", "field.hologram", "fx", "fields", "a", {"label": {"*": "Hologram"}})
    editor = make_editor(Field("cx", kind, kind.read(node.props), node), EditorContext())
    qtbot.addWidget(editor)
    editor.set_value("kept")
    assert isinstance(editor, TypedEditor)
    assert editor.line.isReadOnly()
    assert editor.value() == "kept"
