"""Choices: several options of a list."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from resources.texts import T, language
from runtime.definition.kind import Props
from runtime.definition.node import Node
from runtime.definition.property import Option, Property
from runtime.errors import Problem, Sentence
from runtime.fields import FieldType, Unreadable, field_types

MOST_OPTIONS = 500
"""Options of a list; more are better a form of their own."""

_BETWEEN = re.compile(r"[,，、;；|\n\t]")
"""What people write between two options."""


@field_types.register
class ChoicesField(FieldType):
    """Some of the options; the value is a tuple of option ids in the order of the options, never empty."""

    name, label, group, icon = "choices", T("Multiple choice"), T("Choices"), "choices"
    editor, column, value_type, item_type = "choices", "text", "list", "choice"
    own = (
        Property(
            "options",
            "options",
            T("Options"),
            T("What people choose from."),
            default=(),
        ),
    )

    def option(self, value: Any, props: Props) -> Option | None:
        """The option with the id `value`."""
        return next((option for option in props.options if option.id == value), None)

    def ordered(self, ids: Sequence[str], props: Props) -> tuple[str, ...] | None:
        """Option ids in the order of the options, each once; None for none."""
        wanted = set(ids)
        return tuple(option.id for option in props.options if option.id in wanted) or None

    def check(self, value: Any, props: Props) -> Sentence | None:
        if not isinstance(value, tuple) or not value or len(set(value)) < len(value):
            return T("Expected some of the options.")
        known = {option.id for option in props.options}
        return None if known.issuperset(value) else T("This option no longer exists. Choose another.")

    def surely_legal(self, values: Sequence[Any], props: Props) -> bool:
        known = {option.id for option in props.options}
        return all(type(value) is tuple and 0 < len(value) == len(set(value)) for value in values) and all(
            known.issuperset(value) for value in set(values)
        )

    def parse(self, text: str, props: Props) -> Any:
        """Options by their labels, any usual sign between them; a label with such a sign in it may stand in quotes."""
        if not text.strip():
            return None
        known = {option.label.strip().casefold(): option.id for option in reversed(props.options)}
        found = [known.get(part.strip().casefold()) for part in parts_of(text)]
        if None in found:
            found = _longest(text, known)
        return self.ordered([each for each in found if each is not None], props)

    def format(self, value: Any, props: Props) -> str:
        return listed(self.labels(value, props))

    def labels(self, value: Any, props: Props) -> tuple[str, ...]:
        """The labels of the options."""
        known = {option.id: option.label for option in props.options}
        return tuple(known.get(each, "?") for each in value)

    def to_column(self, value: Any, props: Props) -> Any:
        rank = {option.id: at for at, option in enumerate(props.options)}
        return json.dumps(sorted(value, key=lambda each: rank.get(each, len(rank))), separators=(",", ":"))

    def from_column(self, raw: Any, props: Props) -> Any:
        return tuple(json.loads(raw))

    def to_json(self, value: Any, props: Props) -> Any:
        return list(value)

    def from_json(self, raw: Any, props: Props) -> Any:
        if not isinstance(raw, list) or not all(isinstance(each, str) for each in raw):
            raise TypeError
        return tuple(raw)

    def to_formula(self, value: Any, props: Props) -> Any:
        return self.labels(value, props)

    def from_formula(self, value: Any, props: Props) -> Any:
        """Some labels or ids in a list, or labels in a text."""
        if isinstance(value, str):
            return self.parse(value, props)
        if not isinstance(value, (list, tuple, set, frozenset)):
            raise Unreadable("no_such_option", T("The formula gives none of the options."))
        known = {option.label.strip().casefold(): option.id for option in reversed(props.options)}
        ids = {option.id for option in props.options}
        found = []
        for each in value:
            if each is None or each == "":
                continue
            option = each if each in ids else known.get(str(each).strip().casefold())
            if option is None:
                raise _none(str(each))
            found.append(option)
        return self.ordered(found, props)

    def sort_ranks(self, props: Props) -> Mapping[Any, int] | None:
        return None

    def check_props(self, node: Node) -> list[Problem]:
        found = super().check_props(node)
        labels = [option.label.strip().casefold() for option in self.read(node.props).options if not option.retired]
        if len(set(labels)) < len(labels):
            found.append(Problem(node.id, "options_alike", T("Two options have the same name. Rename one.")))
        if len(labels) > MOST_OPTIONS:
            message = T(
                "{has} options; {n} are allowed. Make a form of them and a relation to it.",
                has=len(labels),
                n=MOST_OPTIONS,
            )
            found.append(Problem(node.id, "too_many_options", message))
        if "" in labels:
            found.append(Problem(node.id, "option_unnamed", T("An option has no name.")))
        return found


def listed(labels: Iterable[str]) -> str:
    """Options as people read them, in the current language."""
    between = "、" if language().startswith("zh") else ", "
    return between.join(map(_quoted, labels))


def _none(text: str) -> Unreadable:
    return Unreadable("no_such_option", T("“{text}” is not one of the options.", text=text.strip()))


def _quoted(label: str) -> str:
    if _BETWEEN.search(label) is None and not label.lstrip().startswith('"'):
        return label
    doubled = label.replace('"', '""')
    return f'"{doubled}"'


_PART = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?:[,，、;；|\n\t]|$)|([^,，、;；|\n\t]*)(?:[,，、;；|\n\t]|$)')


def parts_of(text: str) -> list[str]:
    """The parts of a text between the signs; what stands in quotes is one part."""
    found = []
    for match in _PART.finditer(text.strip()):
        part = match[2] if match[1] is None else match[1].replace('""', '"')
        if part.strip():
            found.append(part)
    return found


def _longest(text: str, known: Mapping[str, str]) -> list[str | None]:
    """The options whose labels make up a text, the longest label first, for labels that have such signs themselves.

    Raises:
        Unreadable: a part is no option.
    """
    cuts = [0, *(match.end() for match in _BETWEEN.finditer(text)), len(text) + 1]
    found: list[str | None] = []
    at = 0
    while at < len(cuts) - 1:
        for end in range(len(cuts) - 1, at, -1):
            part = text[cuts[at] : cuts[end] - 1].strip()
            if part.casefold() in known:
                found.append(known[part.casefold()])
                break
            if end == at + 1 and part:
                raise _none(part)
        at = end
    return found
