"""What can be done with the records of a form is said once: words, icons, keys."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QKeySequence

from desktop.commands import commands
from resources.icons import GLYPHS
from resources.texts import LANGUAGES, speaking
from runtime.ui.form_commands import (
    FORM_COMMANDS,
    MORE,
    OF_CHOSEN,
    OF_THE_PAGE,
    OF_THE_VIEW,
    menu_items,
    offered,
)
from runtime.ui.form_page import FormPage
from runtime.ui.form_page_keys import KEYS
from runtime.ui.grid_keys import COMMANDS
from runtime.ui.grid_work import MENU

OTHERWISE = {"open_replace": "replace", "find": "open_find", "new": "new_record"}
"""Names that keys have for the same thing."""
OF_THE_TABS = {"import_into": "Ctrl+Shift+I"}


@pytest.mark.parametrize("name", FORM_COMMANDS)
def test_it_has_words_in_every_language_and_an_icon(name: str) -> None:
    each = FORM_COMMANDS[name]
    assert each.icon in GLYPHS
    for language in LANGUAGES:
        with speaking(language):
            assert str(each.title)
            assert str(each.also or "x")


@pytest.mark.parametrize("name", [name for name, each in FORM_COMMANDS.items() if each.shortcut])
def test_the_keys_that_are_shown_are_the_keys_that_do_it(name: str) -> None:
    shown = FORM_COMMANDS[name].shortcut
    sequence: Any = QKeySequence(shown)
    pressed = sequence[0]
    keys = (pressed.key(), pressed.keyboardModifiers())
    done = {OTHERWISE.get(each, each) for each in (KEYS.get(keys), COMMANDS.get(keys)) if each}
    assert done == {name} or OF_THE_TABS.get(name) == shown


def test_no_name_is_one_of_the_program() -> None:
    assert not {command.name for command in commands} & {*FORM_COMMANDS, "close_form", "fold_list"}


def test_every_list_names_commands_that_exist() -> None:
    for names in (MORE, MENU, OF_CHOSEN, OF_THE_PAGE, OF_THE_VIEW):
        assert {*names} - {""} <= {*FORM_COMMANDS}
    assert all(callable(getattr(FormPage, name)) for name in OF_THE_PAGE)


def test_who_may_not_write_is_offered_what_only_looks() -> None:
    doing = dict.fromkeys(FORM_COMMANDS, lambda: None)
    looking = offered(doing, writes=False, chosen=3)
    assert {each.name for each in looking} == {name for name, each in FORM_COMMANDS.items() if not each.writes}
    assert [item.text for item in menu_items(MORE, looking)] == ["Find in these records", "", "Export these records"]


def test_without_chosen_records_it_says_what_comes_first() -> None:
    doing = dict.fromkeys(FORM_COMMANDS, lambda: None)
    assert {each.name for each in offered(doing, writes=True, chosen=0) if each.why_not} == OF_CHOSEN
    assert not [each for each in offered(doing, writes=True, chosen=1) if each.why_not]
