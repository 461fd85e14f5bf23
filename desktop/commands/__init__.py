"""CATALOGUE of commands: one file per thing a person can invoke in the program, whatever is in front.

Menus, shortcuts and the finder read this one list; what a page offers beside it, the page says (`Page.commands`).
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from keyword import iskeyword

from desktop.shell import Shell
from resources.texts import Text
from runtime.registry import Registry
from runtime.ui.page import PageCommand


class Command:
    """One thing that a person can invoke.

    Class attributes:
        name: unique.
        title: what people read.
        icon: name of its icon.
        shortcut: keys in Qt's portable writing, or "".
        other_keys: keys that do it too, as other programs have them; nobody is told of them.
        when: condition over the words of `words_of`: words joined by `and`, each perhaps after `not`; "" = always.
        order: place in the menu; tens make groups.
    """

    name: str
    title: Text
    icon: str = ""
    shortcut: str = ""
    other_keys: tuple[str, ...] = ()
    when: str = ""
    order: int = 0

    def run(self, shell: Shell) -> None:
        """Do it."""
        raise NotImplementedError

    def repeat(self, shell: Shell) -> None:
        """Do it once more, because the keys are held down."""
        self.run(shell)

    def enabled(self, words: Collection[str]) -> bool:
        """Whether it can be invoked where `words` hold."""
        return holds(self.when, words)


def holds(condition: str, words: Collection[str]) -> bool:
    """Whether `condition` is true where `words` hold.

    Raises:
        ValueError: the condition is not words joined by `and`, each perhaps after `not`.
    """
    for part in condition.split(" and ") if condition else ():
        word = part.strip().removeprefix("not ").strip()
        if not word.isidentifier() or iskeyword(word):
            raise ValueError(condition)
        if (word in words) == part.strip().startswith("not "):
            return False
    return True


def words_of(shell: Shell) -> frozenset[str]:
    """The words that hold now: workspace, can_lock, can_undo, can_redo."""
    session = shell.session
    if session is None:
        return frozenset()
    found = {"workspace"}
    if shell.can_lock:
        found.add("can_lock")
    if session.undo_label is not None:
        found.add("can_undo")
    if session.redo_label is not None:
        found.add("can_redo")
    return frozenset(found)


commands: Registry[Command] = Registry("desktop.commands")


def in_order() -> list[Command]:
    """Every command as the menu shows them."""
    return sorted(commands, key=lambda command: (command.order, command.name))


def offered(shell: Shell) -> list[PageCommand]:
    """What can be invoked now: what the page in front offers, then what the program does."""
    page, held = shell.page, words_of(shell)
    return [
        *(page.commands() if page is not None else ()),
        *(
            PageCommand(each.name, each.title, each.icon, partial(each.run, shell), each.shortcut)
            for each in in_order()
            if each.enabled(held)
        ),
    ]
