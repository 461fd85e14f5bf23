"""Relation: points to one record of a form."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from resources.texts import T
from runtime.changes import uuid_of
from runtime.definition.kind import Props
from runtime.definition.property import Property
from runtime.errors import Sentence
from runtime.fields import FieldType, Unreadable, all_of, field_types


@field_types.register
class RelationField(FieldType):
    """One record of another form (or of the same); the value is the record's id, people see its title.

    Titles need the store: `parse` and `format` deal in ids, pages and imports look titles up.
    """

    name, label, group, icon = "relation", T("Relation"), T("Relations"), "relation"
    editor, column, value_type = "relation", "blob", "record"
    own = (
        Property("form", "form", T("Form"), T("Where the related record is."), default=""),
        Property(
            "reverse",
            "text",
            T("Name of the way back"),
            T("What formulas over there call the records that point to theirs; blank where none needs them."),
            default="",
        ),
    )

    def check(self, value: Any, props: Props) -> Sentence | None:
        return None if isinstance(value, UUID) else T("Expected a record.")

    def surely_legal(self, values: Sequence[Any], props: Props) -> bool:
        return all_of(values, UUID)

    def parse(self, text: str, props: Props) -> Any:
        if not text.strip():
            return None
        try:
            return UUID(text.strip())
        except ValueError:
            raise Unreadable(
                "no_such_record",
                T("There is no record called “{text}”.", text=text.strip()),
            ) from None

    def to_column(self, value: Any, props: Props) -> Any:
        return value.bytes

    def from_column(self, raw: Any, props: Props) -> Any:
        return uuid_of(raw)

    def reading(self, props: Props) -> Callable[[Any], Any]:
        return uuid_of

    def to_json(self, value: Any, props: Props) -> Any:
        return str(value)

    def from_json(self, raw: Any, props: Props) -> Any:
        return UUID(raw)

    def from_formula(self, value: Any, props: Props) -> Any:
        if not isinstance(value, UUID):
            raise Unreadable("no_such_record", T("The formula does not give a record."))
        return value
