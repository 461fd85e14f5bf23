"""Choice: one of several options."""

from collections.abc import Mapping, Sequence
from typing import Any

from resources.texts import T
from runtime.definition.kind import Props
from runtime.definition.node import Node
from runtime.definition.property import Option, Property
from runtime.errors import Problem, Sentence
from runtime.fields import FieldType, Unreadable, all_of, field_types

MOST_OPTIONS = 5_000


@field_types.register
class ChoiceField(FieldType):
    """One option; the value is the option's id, so that options can be renamed."""

    name, label, group, icon = "choice", T("Single choice"), T("Choices"), "choice"
    editor, column, value_type = "choice", "text", "choice"
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

    def check(self, value: Any, props: Props) -> Sentence | None:
        if self.option(value, props) is None:
            return T("This option no longer exists. Choose another.")
        return None

    def surely_legal(self, values: Sequence[Any], props: Props) -> bool:
        return all_of(values, str) and {option.id for option in props.options}.issuperset(values)

    def parse(self, text: str, props: Props) -> Any:
        wanted = text.strip().casefold()
        if not wanted:
            return None
        for option in props.options:
            if option.label.strip().casefold() == wanted:
                return option.id
        raise Unreadable(
            "no_such_option",
            T("“{text}” is not one of the options.", text=text.strip()),
        )

    def format(self, value: Any, props: Props) -> str:
        option = self.option(value, props)
        return option.label if option is not None else "?"

    def to_formula(self, value: Any, props: Props) -> Any:
        return self.format(value, props)

    def from_formula(self, value: Any, props: Props) -> Any:
        if not isinstance(value, str):
            raise Unreadable("no_such_option", T("The formula gives none of the options."))
        return self.parse(value, props)

    def sort_ranks(self, props: Props) -> Mapping[Any, int] | None:
        return {option.id: rank for rank, option in enumerate(props.options)}

    def check_props(self, node: Node) -> list[Problem]:
        found = super().check_props(node)
        labels = [option.label.strip().casefold() for option in self.read(node.props).options if not option.retired]
        if len(set(labels)) < len(labels):
            found.append(
                Problem(
                    node.id,
                    "options_alike",
                    T("Two options have the same name. Rename one."),
                )
            )
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
