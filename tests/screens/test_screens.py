"""Every picture of the gallery has something on it and no clipped words, in both languages and both themes."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from resources.texts import LANGUAGES, speak
from runtime.ui.jobs import Jobs
from runtime.ui.theme import Mode
from tests.screens import gallery, windows
from tests.support.drivers import clipped, dress

COLOURS_OF_A_PICTURE = 4


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*gallery.PLAIN, *gallery.WITH_JOBS])
def test_a_part_shows_itself_whole(qtbot, qapp: QApplication, name: str, language: str, mode: Mode):
    theme = dress(qapp)
    theme.set_mode(mode)
    speak(language)
    jobs = Jobs(_raise)
    widget = gallery.PLAIN[name]() if name in gallery.PLAIN else gallery.WITH_JOBS[name](jobs)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    assert clipped(gallery.pictured(widget)) == []
    assert _colours(gallery.pictured(widget)) >= COLOURS_OF_A_PICTURE
    jobs.close()
    theme.deleteLater()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_window_shows_itself_whole(qtbot, qapp: QApplication, language: str, mode: str):
    with windows.desktop(qapp, language, mode) as shell:
        with qtbot.waitExposed(shell.window):
            shell.window.show()
        for prepare in windows.WINDOWS.values():
            prepare(shell)
            qtbot.waitUntil(lambda: clipped(shell.window) == [])
            assert _colours(shell.window) >= COLOURS_OF_A_PICTURE


def _raise(error: BaseException) -> None:
    raise error


def _colours(widget: QWidget) -> int:
    image = widget.grab().toImage()
    return len({image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)})
