"""Hands for tests of windows: find, click and type as a person does, and a form with a field of every type."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QWidget

from runtime.ui import fonts
from runtime.ui.editors import Editor, EditorContext, make_editor
from runtime.ui.kit.words import ElidedWords
from runtime.ui.theme import Mode, Theme
from tests.screens.fields import fields

W = TypeVar("W", bound=QWidget)


def dress(app: QApplication) -> Theme:
    """The application as people see it: fonts, palette, style sheet."""
    fonts.install(app)
    return Theme(app, Mode.LIGHT)


def shown(qtbot: Any, widget: W) -> W:
    """Show `widget` and wait until it is there and has the keyboard; closed at the end of the test."""
    qtbot.addWidget(widget)
    with qtbot.waitActive(widget):
        widget.show()
        widget.activateWindow()
    return widget


def click(widget: QWidget) -> None:
    """Click in the middle."""
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def button_called(parent: QWidget, text: str) -> QAbstractButton:
    """The visible button with this text or accessible name.

    Raises:
        LookupError: there is none, or there are several.
    """
    found = [
        button
        for button in parent.findChildren(QAbstractButton)
        if text in {button.text(), button.accessibleName()} and button.isVisibleTo(parent)
    ]
    if len(found) != 1:
        names = sorted({button.text() or button.accessibleName() for button in parent.findChildren(QAbstractButton)})
        raise LookupError(f"{text!r}: {len(found)} of {names}")
    return found[0]


def press(parent: QWidget, text: str) -> None:
    """Click the button with this text or accessible name."""
    click(button_called(parent, text))


def quiet(qtbot: Any, desktop: Any, *, wholly: bool = True) -> None:
    """Wait until nothing is under way in a `Desktop`, or with False nothing that somebody waits for."""
    for _again in range(3):
        qtbot.waitUntil(lambda: desktop.jobs.idle or not (wholly or desktop.jobs.busy), timeout=30_000)
        QApplication.processEvents()


def editor_for(
    qtbot: Any, type_name: str, value: Any = None, context: EditorContext | None = None, **props: Any
) -> Editor:
    """The shown editor of a field of this type with `value` in it."""
    field = fields(**{type_name: props})[type_name]
    editor = make_editor(field, context or EditorContext())
    editor.resize(320, 40)
    editor.set_value(value)
    return shown(qtbot, editor)


def typed(editor: Editor, text: str) -> None:
    """Replace what the editor holds by typing `text`."""
    control = editor.control()
    control.setFocus()
    QTest.keyClick(control, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(control, Qt.Key.Key_Delete)
    # Characters as an input method gives them: QTest types what a Latin keyboard has only.
    QApplication.sendEvent(control, _committed(text))


def _committed(text: str) -> Any:
    from PySide6.QtGui import QInputMethodEvent

    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    return event


def clipped(root: QWidget) -> list[str]:
    """The words in `root` that do not fit into their place, with what they need and have."""
    found = []
    for label in root.findChildren(QLabel):
        if not label.isVisibleTo(root) or not label.text() or isinstance(label, ElidedWords):
            continue
        need = label.sizeHint()
        wrapped = label.wordWrap()
        high = label.heightForWidth(label.width()) if wrapped else need.height()
        if high > label.height() or (not wrapped and need.width() > label.width()):
            found.append(f"{label.text()!r} needs {need.width()} x {high}, has {label.width()} x {label.height()}")
    found.extend(
        f"{button.text()!r} needs {button.sizeHint().width()}, has {button.width()}"
        for button in root.findChildren(QPushButton)
        if button.isVisibleTo(root) and button.text() and button.sizeHint().width() > button.width() + 1
    )
    return found
