"""Decimal: a number with a fixed count of decimal places."""

from resources.texts import T
from runtime.fields import ScaledType, field_types


@field_types.register
class DecimalField(ScaledType):
    """An exact number with a fixed count of decimal places."""

    name, label, group, icon = "decimal", T("Number"), T("Numbers"), "decimal"
