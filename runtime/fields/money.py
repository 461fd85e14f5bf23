"""Money: an exact amount with a currency symbol."""

from decimal import Decimal
from typing import Any

from resources.texts import T
from runtime.definition.kind import Props
from runtime.definition.property import Property
from runtime.fields import ScaledType, field_types


@field_types.register
class MoneyField(ScaledType):
    """An exact amount of money in one currency."""

    name, label, group, icon = "money", T("Money"), T("Numbers"), "money"
    own = (
        *ScaledType.own,
        Property(
            "symbol",
            "text",
            T("Currency symbol"),
            T("Shown before the amount."),
            default="¥",
        ),
    )

    def format(self, value: Any, props: Props) -> str:
        amount = super().format(abs(value), props)
        sign = "-" if value < 0 and Decimal(amount.replace(",", "")) else ""
        return f"{sign}{props.symbol}{amount}"
