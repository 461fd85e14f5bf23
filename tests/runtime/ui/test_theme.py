"""Light, dark, and the switch between them."""

from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QLabel

from resources.styles.tokens import DARK, LIGHT
from runtime.ui.icons import IconLabel, icon
from runtime.ui.theme import Mode, Theme, colours, mark


def test_the_switch_dresses_the_application_while_it_runs(qapp, qtbot, theme: Theme):
    assert colours() is LIGHT
    with qtbot.waitSignal(theme.changed):
        theme.set_mode(Mode.DARK)
    assert colours() is DARK
    assert qapp.palette().color(QPalette.ColorRole.Base).name().upper() == DARK.surface
    assert DARK.accent in qapp.styleSheet()


def test_the_same_colours_again_dress_nothing(qtbot, theme: Theme):
    with qtbot.assertNotEmitted(theme.changed):
        theme.set_mode(Mode.LIGHT)


def test_a_system_that_says_nothing_is_light(theme: Theme):
    theme.set_mode(Mode.SYSTEM)
    assert not theme.dark


def test_an_icon_takes_the_colour_of_the_theme_that_holds_when_it_is_painted(qtbot, theme: Theme):
    made = icon("search", "text")
    light = _darkest(made)
    theme.set_mode(Mode.DARK)
    assert light < 80
    assert _lightest(made) > 200


def test_a_disabled_icon_is_pale(qtbot):
    made = icon("search", "text").pixmap(18, 18, QIcon.Mode.Disabled).toImage()
    inks = [made.pixelColor(x, y) for x in range(18) for y in range(18) if made.pixelColor(x, y).alpha() > 250]
    assert inks
    assert {ink.name().upper() for ink in inks} == {LIGHT.disabled}


def test_an_icon_that_stands_alone_can_change(qtbot):
    label = IconLabel("info")
    qtbot.addWidget(label)
    before = label.grab().toImage()
    label.show_icon("danger", "danger")
    assert label.grab().toImage() != before


def test_marking_a_widget_restyles_it(qtbot):
    label = QLabel("x")
    qtbot.addWidget(label)
    label.ensurePolished()
    mark(label, role="title")
    assert label.fontInfo().pixelSize() == 20


def _inks(made: QIcon) -> list[int]:
    image = made.pixmap(36, 36).toImage()
    pixels = (image.pixelColor(x, y) for x in range(36) for y in range(36))
    return [pixel.lightness() for pixel in pixels if pixel.alpha() > 250]


def _darkest(made: QIcon) -> int:
    return min(_inks(made))


def _lightest(made: QIcon) -> int:
    return max(_inks(made))
