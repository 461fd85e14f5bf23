"""Menus in the look of the program: opened, never waited for, gone when they are closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from resources.styles.tokens import SIZES
from runtime.ui.icons import icon
from runtime.ui.kit.corners import round_corners


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a menu.

    Attributes:
        text: what it says; "" makes a line between parts.
        icon: name of its icon; "" for none.
        run: what it does; None where it opens `below`.
        keys: that do the same, in words.
        chosen: whether it has a tick; None = it never has one.
        below: the lines of its own menu.
        enabled: whether it can be chosen now.
    """

    text: str = ""
    icon: str = ""
    run: Callable[[], object] | None = None
    keys: str = ""
    chosen: bool | None = None
    below: Sequence[Item] = ()
    enabled: bool = True


LINE = Item()


def plain_menu(parent: QWidget, title: str = "") -> QMenu:
    """An empty menu without a frame of the system."""
    menu = QMenu(title, parent)
    menu.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    menu.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
    round_corners(menu)
    return menu


def tick(action: QAction, on: bool) -> None:
    """Make a line of a menu one that has a tick or none; the tick is an icon of ours, tinted by the theme."""
    action.setCheckable(True)
    action.setChecked(on)
    if on:
        action.setIcon(icon("check", "accent"))


def menu_of(items: Sequence[Item], parent: QWidget, title: str = "") -> QMenu:
    """A menu that deletes itself when it closes."""
    menu = plain_menu(parent, title)
    if not title:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for item in items:
        if not item.text:
            menu.addSeparator()
        elif item.below:
            below = menu_of(item.below, menu, item.text)
            if item.icon:
                below.setIcon(icon(item.icon))
            menu.addMenu(below)
        else:
            menu.addAction(_action(item, menu))
    return menu


def _action(item: Item, menu: QMenu) -> QAction:
    action = QAction(f"{item.text}\t{item.keys}" if item.keys else item.text, menu)
    if item.icon:
        action.setIcon(icon(item.icon))
    if item.chosen is not None:
        tick(action, item.chosen)
    action.setEnabled(item.enabled)
    run = item.run
    if run is not None:
        action.triggered.connect(lambda _checked=False: run())
    return action


def open_below(owner: QWidget, items: Sequence[Item]) -> QMenu:
    """Open a menu under `owner`."""
    menu = menu_of(items, owner)
    menu.popup(owner.mapToGlobal(QPoint(0, owner.height() + SIZES.xs)))
    return menu
