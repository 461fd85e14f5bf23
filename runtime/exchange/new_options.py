"""Options that choices do not have yet: which labels texts name, and the field with them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runtime.definition.ids import OPTION, new_id
from runtime.definition.node import Node
from runtime.fields.choices import parts_of
from runtime.form import Field

HUES = 8
"""Options take so many hues in turn."""
LONGEST = 100
"""Characters of a label that is offered as a new option; longer texts are no options, but something else."""


def has_options(field: Field) -> bool:
    """Whether people choose from options in this field."""
    return hasattr(field.props, "options") and not field.computed


def new_labels(field: Field, texts: Iterable[str]) -> list[str]:
    """The labels in texts of a choice that are none of its options, each once, in their order."""
    known = {option.label.strip().casefold() for option in field.props.options}
    found: dict[str, str] = {}
    for text in texts:
        parts = parts_of(text) if field.kind.value_type == "list" else [text]
        for plain in map(str.strip, parts):
            if plain and len(plain) <= LONGEST and plain.casefold() not in known:
                found.setdefault(plain.casefold(), plain)
    return list(found.values())


def with_options(node: Node, labels: Sequence[str], ids: Sequence[str] = ()) -> Node:
    """The node of a choice with more options at the end.

    Args:
        ids: of the new options; made here where they are not given.
    """
    had = list(node.props.get("options", ()))
    made = ids or [new_id(OPTION) for _ in labels]
    new = [
        {"id": option, "label": label, "color": (len(had) + at) % HUES}
        for at, (option, label) in enumerate(zip(made, labels, strict=True))
    ]
    return node.with_props(options=[*had, *new])
