"""The catalogue of commands."""

import pytest
from PySide6.QtGui import QKeySequence

from desktop.commands import commands, holds, in_order
from resources import icons
from resources.texts import LANGUAGES, speaking


@pytest.mark.parametrize(
    ("condition", "words", "held"),
    [
        ("", set(), True),
        ("workspace", set(), False),
        ("workspace", {"workspace"}, True),
        ("not workspace", set(), True),
        ("workspace and not can_undo", {"workspace", "can_undo"}, False),
        ("workspace and can_undo", {"workspace", "can_undo"}, True),
    ],
)
def test_a_condition_holds_by_its_words(condition: str, words: set[str], held: bool):
    assert holds(condition, words) is held


@pytest.mark.parametrize("condition", ["a or b", "a and", "__import__('os')", "not"])
def test_a_condition_that_is_no_condition_is_refused(condition: str):
    with pytest.raises(ValueError, match=r".*"):
        holds(condition, {"a", "b", "not"})


@pytest.mark.parametrize("command", list(commands), ids=lambda command: command.name)
def test_every_command_says_what_it_is(command):
    assert command.__doc__
    assert command.icon in icons.GLYPHS
    assert holds(command.when, set()) in {True, False}
    for language in LANGUAGES:
        with speaking(language):
            assert str(command.title)


def test_no_two_commands_have_the_same_keys():
    written = [keys for command in commands if command.shortcut for keys in (command.shortcut, *command.other_keys)]
    keys = [QKeySequence(each).toString() for each in written]
    assert all(keys)
    assert len(keys) == len(set(keys))


def test_the_menu_has_a_stable_order():
    assert [command.name for command in in_order()][:2] == ["new_workspace", "open_workspace"]
