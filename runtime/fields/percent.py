"""Percent: a share; 0.25 is shown as 25 %."""

from decimal import Decimal
from typing import Any

from resources.texts import T
from runtime.definition.kind import Props
from runtime.definition.property import Property
from runtime.fields import ScaledType, Unreadable, field_types
from runtime.numbers import parse_number


@field_types.register
class PercentField(ScaledType):
    """A share of one: the value 0.25 is read and typed as 25 %; `decimals` counts the places of the percent figure."""

    name, label, group, icon = "percent", T("Percent"), T("Numbers"), "percent"
    own = (
        Property("decimals", "integer", T("Decimal places"), default=0, minimum=0, maximum=6),
        *ScaledType.own[1:],
    )

    def scale(self, props: Props) -> int:
        return int(props.decimals) + 2

    def parse(self, text: str, props: Props) -> Any:
        if not text.strip():
            return None
        number = parse_number(text.strip().rstrip("%％"))
        if number is None:
            raise Unreadable("not_a_number", T("“{text}” is not a percentage.", text=text.strip()))
        return self._rounded(number / 100, props)

    def format(self, value: Decimal, props: Props) -> str:
        return f"{super().format(value * 100, props)}%"
