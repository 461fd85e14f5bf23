"""A field's formulas, checked: what a computed field's formula gives is fitted to what the field holds.

So a number becomes text in a text field, as ""&x in Excel, and a text where a number is needed is a problem.
"""

from __future__ import annotations

from runtime.expression.check import Checked, check
from runtime.expression.schema import Schema
from runtime.form import Field
from runtime.value.types import ANY, TEXT, Kind, ValueType

FORMULA = "formula"
"""The property with the formula that computes a field."""


def checked_formula(field: Field, prop: str, schema: Schema) -> Checked:
    """The formula in the property `prop` of a field, with its meaning and its problems."""
    return check(getattr(field.props, prop), schema, _held(field) if prop == FORMULA else None)


def _held(field: Field) -> ValueType:
    """What a formula has to give for the field to hold it: options are found by their labels, several by a list."""
    held = field.kind.formula_type
    if held.is_list:
        return ANY
    return TEXT if held.kind is Kind.CHOICE else held
