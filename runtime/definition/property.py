"""`Property`: one setting of a kind, declared with the name of a field type, so that the inspector is a form."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from resources.texts import T, Text


class Option(msgspec.Struct, frozen=True):
    """One option of a choice.

    Attributes:
        id: what records hold (`ids.OPTION`).
        label: what people read.
        color: index of the chip colour, 0 to 7.
        retired: kept for old records, no longer offered.
    """

    id: str
    label: str
    color: int = 0
    retired: bool = False


PYTHON_TYPES: dict[str, Any] = {
    "text": str,
    "long_text": str,
    "integer": int,
    "decimal": Decimal,
    "boolean": bool,
    "choice": str,
    "label": dict[str, str],
    "expression": str,
    "options": tuple[Option, ...],
    "form": str,
    "field": str,
    "literal": Any,
}
"""Property type -> the Python type that its value is read as."""


@dataclass(frozen=True, slots=True)
class Property:
    """One setting.

    Attributes:
        name: key in `Node.props`.
        type: name of a field type, or of a type that only settings need (see `PYTHON_TYPES`).
        label: what the inspector calls it.
        help: one sentence under the editor.
        default: value where a node does not say; must be legal.
        minimum, maximum: bounds of a number, both included.
        choices: (value, label) pairs of a choice.
    """

    name: str
    type: str
    label: Text
    help: Text = T("")
    default: Any = None
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[tuple[str, Text], ...] = ()

    def problem(self, value: Any) -> Text | None:
        """What is wrong with `value`, or None."""
        if self.minimum is not None and value is not None and value < self.minimum:
            return T(
                "{name} must be at least {minimum}.",
                name=self.label,
                minimum=self.minimum,
            )
        if self.maximum is not None and value is not None and value > self.maximum:
            return T(
                "{name} must be at most {maximum}.",
                name=self.label,
                maximum=self.maximum,
            )
        if self.choices and value not in [key for key, _ in self.choices]:
            return T("{name} must be one of the offered values.", name=self.label)
        return None
