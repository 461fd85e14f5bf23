"""`Parser`: reads what was typed, and says in the language of the user what it does not understand."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any

from resources.texts import _

REFUSED = 2


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, _("usage:") + " " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line and exits with 2, as every refusal does."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Help, **options)
        self._positionals.title = _("what it takes")
        self._optionals.title = _("options")
        self.add_argument("-h", "--help", action="help", help=_("show this help"))

    def error(self, message: str) -> None:  # type: ignore[override]
        said = worded(message)
        self.exit(REFUSED, "formwork: " + _("{message} See formwork --help.", message=said) + "\n")


def worded(message: str) -> str:
    """A refusal of argparse, in English, as a sentence in the language of the user."""
    name, found = "", re.fullmatch(r"argument ([^:]+): (.+)", message, re.DOTALL)
    if found is not None:
        name, message = found[1], found[2]
    parts = _parts(message, r"invalid choice: '(.*)' \(choose from (.+)\)")
    if parts:
        choices = parts[1].replace("'", "")
        return _("“{value}” is none of: {choices}.", value=parts[0], choices=choices)
    parts = _parts(message, r"the following arguments are required: (.+)")
    if parts:
        return _("{names} is missing.", names=parts[0])
    parts = _parts(message, r"unrecognized arguments: (.+)")
    if parts:
        return _("“{value}” is not understood.", value=parts[0])
    parts = _parts(message, r"not allowed with argument (.+)")
    if parts:
        return _("{name} and {other} do not go together.", name=name, other=parts[0])
    if message == "expected one argument":
        return _("{name} needs a value after it.", name=name)
    parts = _parts(message, r"ignored explicit argument '(.*)'")
    if parts:
        return _("{name} takes no value.", name=name)
    parts = _parts(message, r"ambiguous option: (\S+) could match (.+)")
    if parts:
        return _("“{value}” can be one of: {choices}.", value=parts[0], choices=parts[1])
    return message  # a sentence of ours


def _parts(message: str, pattern: str) -> Sequence[str]:
    found = re.fullmatch(pattern, message, re.DOTALL)
    return found.groups() if found is not None else ()
