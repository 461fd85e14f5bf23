"""CATALOGUE of settings pages: one file per page. This is the contract and the registry."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.shell import Shell
from resources.texts import Text
from runtime.registry import Registry


class SettingsPage:
    """One page of the settings.

    Class attributes:
        name: unique.
        title: what people read.
        icon: name of its icon.
        order: place in the list.
    """

    name: str
    title: Text
    icon: str
    order: int = 0

    def offered(self, shell: Shell) -> bool:
        """Whether there is anything to set now."""
        return True

    def make(self, shell: Shell) -> QWidget:
        """The controls; a change holds at once."""
        raise NotImplementedError


settings_pages: Registry[SettingsPage] = Registry("desktop.settings_pages")


def in_order(shell: Shell) -> list[SettingsPage]:
    """The pages that are offered now, in their order."""
    return sorted((page for page in settings_pages if page.offered(shell)), key=lambda page: (page.order, page.name))
