"""The way from every older file format to today's: one module per step, applied in order.

A step is a function of plain JSON values: today's classes cannot read yesterday's files. Steps only add; they never
change what a stored value means. Format 1 is the first, so there are no steps yet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from resources.texts import T
from runtime.errors import UserError

Step = Callable[[dict[str, Any]], dict[str, Any]]


class NewerFormat(UserError):
    """A definition or workspace was written by a newer program."""

    code = "newer_format"


class Chain:
    """Applies the steps that a definition needs.

    Args:
        current: today's format number.
        steps: format number -> the step that leads from it to the next.
    """

    def __init__(self, current: int, steps: Mapping[int, Step]) -> None:
        self.current = current
        self._steps = dict(steps)

    def upgrade(self, raw: dict[str, Any]) -> dict[str, Any]:
        """`raw` in today's format.

        Raises:
            NewerFormat: `raw` is from a newer program.
            UserError: `raw` names no format, or one that never existed.
        """
        number = raw.get("format")
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise UserError(
                T("This is not an app definition: it names no format."),
                code="definition_unreadable",
            )
        if number > self.current:
            raise NewerFormat(
                T(
                    "This app is in format {theirs}; this program reads up to {ours}.",
                    theirs=number,
                    ours=self.current,
                ),
                T("Nothing was changed. Install a newer version of Formwork."),
            )
        while number < self.current:
            raw = self._steps[number](raw)
            number += 1
            raw["format"] = number
        return raw


CHAIN = Chain(1, {})
