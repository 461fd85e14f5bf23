"""Names that look like HTML are shown letter by letter, wherever a window shows them (DEF-18)."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from runtime.ui.kit.words import ElidedWords, tip, words
from tests.runtime.ui.record_desk import Desk
from tests.support.apps import an_app
from tests.support.workspaces import Office

EVIL = '<img src=x onerror=alert(1)><b style="font-size:99px">groß</b>'


@pytest.fixture
def desk(qtbot, jobs, tmp_path: Path):
    build = an_app()
    form = build.form("表")
    build.field(form, "text", EVIL)
    build.field(form, "text", "b")
    office = Office(tmp_path, build.app)
    office.session.form("表").create({EVIL: EVIL})
    made = Desk(qtbot, office, jobs, "表")
    yield made
    made.stop()
    office.session.close()


def test_no_label_and_no_tool_tip_of_a_form_page_takes_a_name_for_html(desk):
    desk.settle()
    labels = [label for label in desk.window.findChildren(QLabel) if EVIL[:10] in label.text()]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)
    tips = [widget.toolTip() for widget in desk.window.findChildren(QWidget) if "onerror" in widget.toolTip()]
    assert all("&lt;img" in text for text in tips)


def test_a_tool_tip_says_exactly_what_the_name_is(qtbot):
    assert tip("A & B") == "A & B"
    assert tip("<b>x</b>") == "<span>&lt;b&gt;x&lt;/b&gt;</span>"
    elided = ElidedWords(EVIL * 3)
    qtbot.addWidget(elided)
    elided.resize(60, 20)
    elided.show()
    elided.grab()
    assert elided.toolTip().startswith("<span>&lt;img")


def test_the_label_of_the_kit_is_as_high_as_one_line_of_letters(qtbot):
    label = words(EVIL)
    qtbot.addWidget(label)
    plain = words("x")
    qtbot.addWidget(plain)
    assert label.sizeHint().height() == plain.sizeHint().height()
