"""Integer: a whole number."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from resources.texts import T
from runtime.definition.kind import Props
from runtime.definition.property import Property
from runtime.errors import Sentence
from runtime.fields import FieldType, Unreadable, all_of, field_types
from runtime.numbers import LARGEST, grouped, parse_number


@field_types.register
class IntegerField(FieldType):
    """A whole number of at most 18 digits."""

    name, label, group, icon = "integer", T("Whole number"), T("Numbers"), "integer"
    editor, column, value_type, numeric = "number", "integer", "number", True
    own = (
        Property("minimum", "integer", T("Smallest")),
        Property("maximum", "integer", T("Largest")),
        Property(
            "grouped",
            "boolean",
            T("Thousands separators"),
            T("1,234 instead of 1234."),
            default=True,
        ),
    )

    def check(self, value: Any, props: Props) -> Sentence | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return T("Expected a whole number.")
        if abs(value) > LARGEST:
            return T("This number is too large.")
        if props.minimum is not None and value < props.minimum:
            return T("At least {n}.", n=props.minimum)
        if props.maximum is not None and value > props.maximum:
            return T("At most {n}.", n=props.maximum)
        return None

    def surely_legal(self, values: Sequence[Any], props: Props) -> bool:
        low = -LARGEST if props.minimum is None else max(-LARGEST, props.minimum)
        high = LARGEST if props.maximum is None else min(LARGEST, props.maximum)
        return not values or (all_of(values, int) and low <= min(values) and max(values) <= high)

    def parse(self, text: str, props: Props) -> Any:
        if not text.strip():
            return None
        number = parse_number(text)
        if number is None:
            raise Unreadable("not_a_number", T("“{text}” is not a number.", text=text.strip()))
        return self._whole(number)

    def format(self, value: Any, props: Props) -> str:
        return grouped(value) if props.grouped else str(value)

    def from_formula(self, value: Any, props: Props) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise Unreadable("not_a_number", T("The formula does not give a number."))
        return self._whole(Decimal(value))

    def to_formula(self, value: Any, props: Props) -> Any:
        return Decimal(value)

    @staticmethod
    def _whole(number: Decimal) -> int:
        if number != number.to_integral_value():
            raise Unreadable("not_whole", T("“{text}” is not a whole number.", text=str(number)))
        if abs(number) > LARGEST:
            raise Unreadable("too_large", T("This number is too large."))
        return int(number)
