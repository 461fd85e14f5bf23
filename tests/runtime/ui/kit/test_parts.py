"""The small parts: pressed, typed into, and read by a screen reader."""

from __future__ import annotations

from datetime import date, time

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from resources.styles.tokens import SIZES
from resources.texts import speak
from runtime.ui.jobs import Jobs
from runtime.ui.kit import corners
from runtime.ui.kit.button import IconButton, button, primary_button
from runtime.ui.kit.calendar import Calendar
from runtime.ui.kit.card import CardButton
from runtime.ui.kit.chip import Chip, chip_width, initials, paint_chip
from runtime.ui.kit.empty_state import EmptyState
from runtime.ui.kit.field_row import FieldRow
from runtime.ui.kit.job_row import JobRow
from runtime.ui.kit.menus import Item, menu_of, plain_menu
from runtime.ui.kit.month import Month, moved
from runtime.ui.kit.picker import answers
from runtime.ui.kit.popover import Popover
from runtime.ui.kit.search_field import SearchField
from runtime.ui.kit.segments import Segments
from runtime.ui.kit.toggle import ToggleSwitch
from runtime.ui.kit.words import ElidedWords
from runtime.ui.theme import Mode, Theme, colour, colours
from tests.support.drivers import button_called, click, clipped, press, shown


def test_controls_have_the_heights_of_the_tokens(qtbot):
    place = QWidget()
    row = QHBoxLayout(place)
    line, large, small = QLineEdit(), button("Open"), button("Sort").compact()
    for part in (line, large, small):
        row.addWidget(part)
    shown(qtbot, place)
    assert (line.height(), large.height(), small.height()) == (SIZES.control, SIZES.control, SIZES.compact)
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    assert line.height() == SIZES.control


def test_a_click_leaves_the_keyboard_where_it_was_and_tab_reaches_the_button(qtbot):
    place = QWidget()
    row = QHBoxLayout(place)
    line, go = QLineEdit(), primary_button("Go")
    row.addWidget(line)
    row.addWidget(go)
    shown(qtbot, place)
    line.setFocus()
    click(go)
    assert line.hasFocus()
    before = go.grab().toImage()
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    assert go.hasFocus()
    assert go.grab().toImage() != before
    with qtbot.waitSignal(go.clicked):
        qtbot.keyClick(go, Qt.Key.Key_Space)


def test_an_icon_button_has_a_name_and_says_its_shortcut(qtbot):
    made = IconButton("refresh", "Refresh", shortcut="F5")
    qtbot.addWidget(made)
    assert made.accessibleName() == "Refresh"
    assert made.toolTip() == "Refresh  F5"


def test_a_card_is_a_button_for_mouse_and_keyboard(qtbot):
    card = shown(qtbot, CardButton("excel", "Open an Excel file", "An app from your table"))
    assert card.accessibleName() == "Open an Excel file"
    with qtbot.waitSignal(card.clicked):
        click(card)
    card.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(card.clicked):
        qtbot.keyClick(card, Qt.Key.Key_Space)


def test_a_chip_is_as_wide_as_its_words(qtbot):
    chip = Chip("高价值客户", 1)
    qtbot.addWidget(chip)
    assert chip.sizeHint().width() == chip_width("高价值客户") > chip_width("高")


@pytest.mark.parametrize(
    ("name", "letters"), [("张伟", "张伟"), ("欧阳娜娜", "娜娜"), ("Ana Maria Kovač", "AK"), ("bo", "B"), ("  ", "?")]
)
def test_initials_are_read_as_people_write_them(name: str, letters: str):
    assert initials(name) == letters


def test_an_empty_place_shows_its_whole_sentence(qtbot):
    sentence = "Import a file, paste from Excel, or add the first record. " * 2
    go = button("Add record")
    place = shown(qtbot, EmptyState("form", "No records yet", sentence, [go]))
    assert clipped(place) == []
    with qtbot.waitSignal(go.clicked):
        press(place, "Add record")


def test_a_search_is_said_after_a_rest_and_at_once_on_enter(qtbot):
    field = shown(qtbot, SearchField(rest=10_000))
    said: list[str] = []
    field.searched.connect(said.append)
    qtbot.keyClicks(field, "an")
    assert said == []
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert said == ["an"]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert said == ["an", ""]
    assert field.text() == ""


def test_a_search_rests_before_it_starts(qtbot):
    field = shown(qtbot, SearchField(rest=5))
    with qtbot.waitSignal(field.searched) as said:
        qtbot.keyClicks(field, "x")
    assert said.args == ["x"]


def test_segments_are_chosen_by_mouse_and_arrow_keys(qtbot):
    made = shown(qtbot, Segments("Theme", [("a", "A", ""), ("b", "B", "sun"), ("c", "C", "")], "a"))
    said: list[str] = []
    made.chosen.connect(said.append)
    press(made, "B")
    assert (made.key(), said) == ("b", ["b"])
    second = button_called(made, "B")
    second.setFocus()
    qtbot.keyClick(second, Qt.Key.Key_Right)
    assert made.key() == "c"
    assert said == ["b", "c"]
    made.choose("a")
    assert (made.key(), said) == ("a", ["b", "c"])


def test_a_switch_slides_by_space(qtbot):
    made = shown(qtbot, ToggleSwitch("Newsletter"))
    made.setFocus()
    before = made.grab().toImage()
    qtbot.keyClick(made, Qt.Key.Key_Space)
    assert made.isChecked()
    qtbot.waitUntil(lambda: made._at == 1.0)
    assert made.grab().toImage() != before


def test_a_field_row_says_help_then_trouble_then_help_again(qtbot):
    line = QLineEdit()
    row = shown(qtbot, FieldRow("Name", line, "As on the invoice.", required=True))
    assert line.accessibleName() == "Name, required"
    assert line.accessibleDescription() == "As on the invoice."
    row.say("It is missing.")
    assert row.said == "It is missing."
    assert line.accessibleDescription() == "It is missing."
    row.say("")
    assert row.said == ""
    assert line.accessibleDescription() == "As on the invoice."


def test_words_that_do_not_fit_end_in_an_ellipsis_and_are_told_whole(qtbot):
    label = ElidedWords("/a/very/long/path/that/does/not/fit.formwork")
    label.resize(80, 20)
    shown(qtbot, label)
    label.resize(80, 20)
    label.grab()
    assert label.toolTip() == label.text()
    label.resize(800, 20)
    label.grab()
    assert label.toolTip() == ""


def test_a_popover_opens_below_and_escape_closes_it(qtbot):
    anchor = shown(qtbot, QWidget())
    popover = Popover(anchor)
    line = QLineEdit()
    popover.body.addWidget(line)
    popover.open(line)
    qtbot.waitUntil(popover.isVisible)
    assert popover.pos().y() >= anchor.mapToGlobal(QPoint(0, anchor.height())).y()
    with qtbot.waitSignal(popover.closed):
        qtbot.keyClick(popover, Qt.Key.Key_Escape)
    assert not popover.isVisible()


def test_the_calendar_walks_by_keys_and_picks_by_enter(qtbot):
    month = shown(qtbot, Month(date(2026, 3, 18)))
    month.show_day(date(2026, 3, 5))
    days = month.days
    days.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown):
        qtbot.keyClick(days, key)
    with qtbot.waitSignal(month.picked) as said:
        qtbot.keyClick(days, Qt.Key.Key_Return)
    assert said.args == [date(2026, 4, 13)]


def test_the_calendar_picks_the_day_that_is_clicked(qtbot):
    month = shown(qtbot, Month(date(2026, 3, 18)))
    index = (date(2026, 3, 20) - month.days._start()).days
    with qtbot.waitSignal(month.picked) as said:
        qtbot.mouseClick(month.days, Qt.MouseButton.LeftButton, pos=month.days._cell(index).center())
    assert said.args == [date(2026, 3, 20)]
    press(month, "Month after")
    assert month.days.day == date(2026, 4, 18)
    with qtbot.waitSignal(month.picked) as said:
        press(month, "Clear")
    assert said.args == [None]


def test_the_calendar_names_months_in_the_language_spoken(qtbot):
    speak("zh_CN")
    month = Month(date(2026, 3, 18))
    qtbot.addWidget(month)
    assert month._title.text() == "2026年3月"


def test_a_month_on_keeps_the_day_or_takes_the_last():
    assert moved(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert moved(date(2028, 1, 30), 1) == date(2028, 2, 29)
    assert moved(date(2026, 1, 15), -1) == date(2025, 12, 15)


def test_a_time_that_is_none_keeps_the_calendar_open(qtbot):
    anchor = shown(qtbot, QWidget())
    calendar = Calendar(anchor, date(2026, 3, 18), date(2026, 3, 5), time(14, 30))
    calendar.open(calendar.month)
    calendar.clock.setText("25:99")
    with qtbot.assertNotEmitted(calendar.picked):
        press(calendar, "Done")
    assert calendar.isVisible()
    calendar.clock.setText("9:05")
    with qtbot.waitSignal(calendar.picked) as said:
        press(calendar, "Done")
    assert said.args == [date(2026, 3, 5), time(9, 5)]


def test_long_work_stands_in_the_status_bar_and_can_be_cancelled(qtbot, jobs: Jobs):
    import threading

    from PySide6.QtCore import QObject

    row = shown(qtbot, JobRow(jobs))
    owner, seen, gate = QObject(), [], threading.Event()

    def work(progress) -> None:
        progress.step(1_200, 5_000, "Reading rows")
        while not gate.wait(0.005):
            progress.check()

    jobs.start(owner, work, cancelled=lambda: seen.append("cancelled"), label="Import")
    qtbot.waitUntil(lambda: "1,200 / 5,000" in row._count.text())
    assert row._label.text() == "Reading rows"
    press(row, "Cancel")
    qtbot.waitUntil(lambda: seen == ["cancelled"])
    assert not row.isVisible()


@pytest.mark.parametrize(
    ("asked", "there"),
    [("订单", True), ("ddrq", True), ("dingdanri", True), ("  日期 ", True), ("xx", False), ("", True)],
)
def test_what_is_picked_from_is_found_by_its_characters_and_by_its_pinyin(asked, there):
    assert answers("订单日期", asked) is there


def test_a_segment_has_room_for_its_words_in_bold(qtbot):
    made = shown(qtbot, Segments("Records", [("a", "As shown · 3,005", ""), ("b", "All fields", "")], "a"))
    widths = [button_called(made, words).width() for words in ("As shown · 3,005", "All fields")]
    bold = QFont(button_called(made, "All fields").font())
    bold.setWeight(QFont.Weight.DemiBold)
    assert widths[0] >= QFontMetrics(bold).horizontalAdvance("As shown · 3,005") + 2 * SIZES.m
    made.choose("b")
    assert [button_called(made, words).width() for words in ("As shown · 3,005", "All fields")] == widths


def test_enter_presses_the_button_that_has_the_keyboard(qtbot):
    place = shown(qtbot, QWidget())
    panel = Popover(place)
    go, cancel = primary_button("Export"), button("Cancel")
    pressed: list[str] = []
    for part in (go, cancel):
        panel.body.addWidget(part)
    go.clicked.connect(lambda: pressed.append("Export"))
    cancel.clicked.connect(lambda: pressed.append("Cancel"))
    panel.open(go)
    qtbot.keyClick(go, Qt.Key.Key_Return)
    qtbot.keyClick(cancel, Qt.Key.Key_Enter)
    assert pressed == ["Export", "Cancel"]


def test_the_corners_of_popups_are_cut_where_nothing_composes_windows(qtbot, monkeypatch):
    place = shown(qtbot, QWidget())
    for composes in (True, False):
        monkeypatch.setattr(corners, "composed", lambda composes=composes: composes)
        panel, menu = Popover(place), plain_menu(place)
        menu.addAction("One")
        for popup in (panel, menu):
            popup.resize(200, 90)
            popup.show()
            qtbot.waitUntil(popup.isVisible)
            assert popup.testAttribute(Qt.WidgetAttribute.WA_TranslucentBackground) is composes
            assert popup.mask().isEmpty() is composes
            if not composes:
                assert not popup.mask().contains(popup.rect().topLeft())
                assert not popup.mask().contains(popup.rect().bottomRight())
                assert popup.mask().contains(popup.rect().center())
            popup.close()


def _apart(one: QColor, other: QColor) -> int:
    return abs(one.red() - other.red()) + abs(one.green() - other.green()) + abs(one.blue() - other.blue())


def test_a_chosen_line_of_a_menu_has_a_tick_in_the_colour_of_the_theme(qtbot, theme):
    place = shown(qtbot, QWidget())
    for mode in (Mode.LIGHT, Mode.DARK):
        theme.set_mode(mode)
        menu = menu_of([Item("Compact", chosen=False), Item("Normal", chosen=True)], place)
        one, other = menu.actions()
        assert (one.isChecked(), other.isChecked()) == (False, True)
        assert one.icon().isNull()
        menu.popup(place.mapToGlobal(QPoint(0, 0)))
        picture = menu.grab(menu.actionGeometry(other)).toImage()
        found = [picture.pixelColor(x, y) for x in range(30) for y in range(picture.height())]
        accent = colour("accent")
        assert min(_apart(each, accent) for each in found) < 60
        menu.close()


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize("hue", range(8))
def test_a_chip_on_a_chosen_row_has_an_edge(theme: Theme, mode: Mode, hue: int):
    theme.set_mode(mode)
    picture = QImage(120, SIZES.row, QImage.Format.Format_RGB32)
    picture.fill(colour("selection"))
    painter = QPainter(picture)
    paint_chip(painter, QRect(0, 0, 120, SIZES.row), "高价值", hue)
    painter.end()
    top = (SIZES.row - SIZES.chip) // 2
    middle = [picture.pixelColor(chip_width("高价值") // 2, y).name().upper() for y in range(top - 1, top + 4)]
    edge, ground = colours().chip(hue).edge, colours().chip(hue).ground
    assert middle[middle.index(edge) - 1] == colours().selection
    assert middle[middle.index(edge) + 1] == ground
