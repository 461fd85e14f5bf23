"""Changes one field of many records: to a value, to nothing, by a number or a percentage, by text, by days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from resources.texts import T, Text
from runtime.errors import Sentence
from runtime.exchange.editing.cell_texts import Unfit
from runtime.exchange.editing.cell_writes import BadCell, CellWrites
from runtime.fields import Unreadable
from runtime.form import Field, Form
from runtime.numbers import CONTEXT
from runtime.store.rows import Row


class Operation(StrEnum):
    """What is done to the field."""

    SET = "set"
    EMPTY = "empty"
    ADD = "add"
    PERCENT = "percent"
    APPEND = "append"
    PREPEND = "prepend"
    DAYS = "days"


WORDS: dict[Operation, Text] = {
    Operation.SET: T("set to"),
    Operation.EMPTY: T("make empty"),
    Operation.ADD: T("add"),
    Operation.PERCENT: T("change by %"),
    Operation.APPEND: T("add text at the end"),
    Operation.PREPEND: T("add text at the start"),
    Operation.DAYS: T("move by days"),
}
"""The operations as people say them."""

BY_NUMBER = frozenset({Operation.ADD, Operation.PERCENT, Operation.DAYS})
"""Operations whose operand is a number."""

BY_TEXT = frozenset({Operation.APPEND, Operation.PREPEND})
"""Operations whose operand is text."""


def operations_of(field: Field) -> tuple[Operation, ...]:
    """What can be done to a field, the likeliest first."""
    found = [Operation.SET]
    if field.kind.value_type == "number":
        found += [Operation.ADD, Operation.PERCENT]
    elif field.kind.value_type == "text":
        found += [Operation.APPEND, Operation.PREPEND]
    elif field.kind.value_type in {"date", "datetime"}:
        found.append(Operation.DAYS)
    if not field.props.required:
        found.append(Operation.EMPTY)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One change for many records.

    Attributes:
        operand: typed value of the field, a Decimal, or text, as the operation needs it.
        title: of the related record, where the field is a relation.
    """

    field: Field
    operation: Operation
    operand: Any = None
    title: str = ""

    def of(self, value: Any) -> Any:
        """What a cell holds afterwards.

        Raises:
            Unfit: the field cannot hold it.
        """
        if self.operation is Operation.SET:
            return self.operand
        if self.operation is Operation.EMPTY:
            return None
        if value is None and self.operation not in BY_TEXT:
            return None
        changed = self._changed(value)
        wrong: Sentence | None = None if changed is None else self.field.kind.check(changed, self.field.props)
        if wrong is not None:
            raise Unfit(wrong)
        return changed

    def _changed(self, value: Any) -> Any:
        try:
            if self.operation is Operation.APPEND:
                return self.field.kind.parse(f"{value or ''}{self.operand}", self.field.props)
            if self.operation is Operation.PREPEND:
                return self.field.kind.parse(f"{self.operand}{value or ''}", self.field.props)
            if self.operation is Operation.DAYS:
                moved: date = value + timedelta(days=int(self.operand))
                return moved
            factor = CONTEXT.add(1, CONTEXT.divide(self.operand, 100))
            number = Decimal(value)
            by = self.operation is Operation.PERCENT
            found = CONTEXT.multiply(number, factor) if by else CONTEXT.add(number, self.operand)
            return self._fitted(found)
        except Unreadable as unreadable:
            raise Unfit(unreadable.message) from None
        except (OverflowError, InvalidOperation):
            raise Unfit(T("The result is too large.")) from None

    def _fitted(self, number: Decimal) -> Any:
        """A whole number stays one: 10 % more than 15 is 17."""
        if self.field.kind.column == "integer" and self.field.kind.name == "integer":
            number = CONTEXT.quantize(number, Decimal(1))
        return self.field.kind.from_formula(number, self.field.props)


def changing(form: Form, change: FieldChange, placed: Mapping[int, Row]) -> CellWrites:
    """The new values of these records; ones that cannot be are named."""
    writes, field = CellWrites(form), change.field
    if field.target and change.operand is not None:
        writes.titles[change.operand] = change.title
    for position, row in placed.items():
        before = row.values.get(field.id)
        writes.places[row.id] = position
        try:
            after = change.of(before)
        except Unfit as unfit:
            writes.bad.append(BadCell(row.id, field.id, field.format(before), unfit.reason))
            continue
        if after != before:
            writes.give(row.id, field.id, after)
    return writes
