"""CATALOGUE of field types: one file per type. This is the contract and the registry.

A type knows its values: how they are checked, read from text, shown, stored and handed to formulas. It does not know
Qt (`editor` is a name) and no database (`column` is a name).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, DecimalException, InvalidOperation
from functools import lru_cache
from itertools import repeat
from operator import is_
from typing import Any, ClassVar

from resources.texts import T, Text
from runtime.definition.kind import LABEL, NodeKind, Props
from runtime.definition.node import Node
from runtime.definition.property import Property
from runtime.errors import Problem, Sentence
from runtime.numbers import (
    CONTEXT,
    LARGEST,
    from_scaled,
    grouped,
    parse_number,
    round_to,
    to_scaled,
)
from runtime.registry import Registry
from runtime.value.types import Kind, ValueType, list_of

CATALOGUE = "field"

COMMON = (
    LABEL,
    Property("help", "text", T("Help"), T("One sentence under the field."), default=""),
    Property(
        "required",
        "boolean",
        T("Required"),
        T("A record cannot be saved without it."),
        default=False,
    ),
    Property(
        "unique",
        "boolean",
        T("No duplicates"),
        T("Two records cannot have the same value."),
        default=False,
    ),
    Property(
        "read_only",
        "boolean",
        T("Read only"),
        T("People see it but do not change it."),
        default=False,
    ),
    Property(
        "hidden",
        "boolean",
        T("Hidden"),
        T("Not shown in grids and forms."),
        default=False,
    ),
    Property(
        "default",
        "expression",
        T("Default"),
        T("A formula for the value of a new record."),
        default="",
    ),
    Property(
        "formula",
        "expression",
        T("Formula"),
        T("Computes the value; people do not change it."),
        default="",
    ),
    Property(
        "check",
        "expression",
        T("Check"),
        T("A formula that must be true when a record is saved."),
        default="",
    ),
    Property(
        "check_message",
        "text",
        T("Check message"),
        T("What people read when the check fails."),
        default="",
    ),
)
"""Properties that every field type has."""


MOST_DIGITS = 18
"""Digits before the point that a scaled integer can hold at most, less one."""

DECIMALS = Property("decimals", "integer", T("Decimal places"), default=2, minimum=0, maximum=8)


class FieldType(NodeKind):
    """The contract of a field type. `None` is blank for every type and is never passed to a method but `check`.

    Class attributes:
        editor: name of the editor in `runtime.ui.editors`.
        column: `integer`, `text` or `blob`: how the store keeps a value.
        value_type: the formula type of a value: number, text, bool, date, datetime, choice, record or list.
        item_type: the formula type of the items of a list; "" for other types.
        numeric: whether values are right-aligned figures.
        own: the properties that only this type has.
    """

    editor: str = "line"
    column: str = "text"
    value_type: str = "text"
    item_type: str = ""
    numeric: bool = False
    own: ClassVar[tuple[Property, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.properties = COMMON + cls.own

    @property
    def formula_type(self) -> ValueType:
        """What a value is in formulas."""
        return list_of(ValueType(Kind(self.item_type))) if self.item_type else ValueType(Kind(self.value_type))

    def check_props(self, node: Node) -> list[Problem]:
        """What is wrong with the properties: each by itself, and bounds that leave no value."""
        found = super().check_props(node)
        props = self.read(node.props)
        low, high = getattr(props, "minimum", None), getattr(props, "maximum", None)
        if low is not None and high is not None and low > high:
            message = T("The smallest value {low} is greater than the largest {high}.", low=str(low), high=str(high))
            found.append(Problem(node.id, "bounds_crossed", message))
        return found

    def check(self, value: Any, props: Props) -> Sentence | None:
        """What is wrong with a typed value that is not blank, or None."""
        return None

    def check_column(self, values: Sequence[Any], props: Props) -> dict[int, Sentence]:
        """`check` over many values, blanks left out: position -> what is wrong."""
        filled = [value for value in values if value is not None] if has_blank(values) else values
        if self.surely_legal(filled, props):
            return {}
        told = ((at, self.check(value, props)) for at, value in enumerate(values) if value is not None)
        return {at: wrong for at, wrong in told if wrong is not None}

    def surely_legal(self, values: Sequence[Any], props: Props) -> bool:
        """Whether `check` allows every one of many filled values: True only where that is seen quickly."""
        return False

    def parse(self, text: str, props: Props) -> Any:
        """The value that `text` stands for, None for blank text.

        Raises:
            Unreadable: the text is not a value of this type; its message says what would be.
        """
        return text or None

    def format(self, value: Any, props: Props) -> str:
        """The value as people read it, in the current language; `parse(format(v))` gives `v` again."""
        return str(value)

    def link(self, value: Any, props: Props) -> str:
        """The address that the value leads to (mailto:, tel:, https:); "" where it leads nowhere."""
        return ""

    def to_column(self, value: Any, props: Props) -> Any:
        """The value as the store keeps it: int, str or bytes."""
        return value

    def to_columns(self, values: Sequence[Any], props: Props) -> list[Any]:
        """`to_column` of many values; blanks stay None."""
        if type(self).to_column is FieldType.to_column:
            return list(values)
        to_column = self.to_column
        return [None if value is None else to_column(value, props) for value in values]

    def from_column(self, raw: Any, props: Props) -> Any:
        """The value that the store kept."""
        return raw

    def reading(self, props: Props) -> Callable[[Any], Any]:
        """`from_column` for many values of one field."""
        from_column = self.from_column
        return lambda raw: from_column(raw, props)

    def to_json(self, value: Any, props: Props) -> Any:
        """The value as it travels and as history keeps it: JSON."""
        return value

    def from_json(self, raw: Any, props: Props) -> Any:
        """The value that `to_json` gave."""
        return raw

    def to_formula(self, value: Any, props: Props) -> Any:
        """The value as formulas see it (a choice is its label)."""
        return value

    def from_formula(self, value: Any, props: Props) -> Any:
        """The value of a computed field or a default.

        Raises:
            Unreadable: the formula gave something that this type cannot hold.
        """
        return value

    def scale(self, props: Props) -> int:
        """Decimal places of the scaled integer in the column; 0 for types that keep the value itself."""
        return 0

    def sort_ranks(self, props: Props) -> Mapping[Any, int] | None:
        """Stored value -> rank, where values sort by something else than themselves (options by their order)."""
        return None


def has_blank(values: Iterable[Any]) -> bool:
    """Whether one of the values is None; `in` would compare each with None, which exact numbers are slow at."""
    return any(map(is_, values, repeat(None)))


def all_of(values: Iterable[Any], kind: type) -> bool:
    """Whether every value is exactly of this type, no subclass of it."""
    return set(map(type, values)) <= {kind}


class Unreadable(ValueError):
    """Text or a formula's result is not a value of the type.

    Attributes:
        message: what was expected, in the user's words.
        code: stable snake_case name.
    """

    def __init__(self, code: str, message: Text) -> None:
        super().__init__(code)
        self.code = code
        self.message = message

    def problem(self, where: str) -> Problem:
        """The same as a `Problem` at `where`."""
        return Problem(where, self.code, self.message)


class UnknownField(FieldType):
    """A field type that a newer program made: shown as text, read-only, saved back untouched."""

    label = T("Needs a newer version")
    icon = "unknown"
    offered = False

    def __init__(self, name: str) -> None:
        self.name = name


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
"""Halves of characters, which UTF-8 does not know, and the zero byte, where SQL functions stop reading."""


class TextType(FieldType):
    """What text types share; a subclass declares `max_length` in `own`."""

    column, value_type = "text", "text"

    def check(self, value: Any, props: Props) -> Sentence | None:
        if not isinstance(value, str):
            return T("Expected text.")
        if _UNSTORABLE.search(value) is not None:
            return T("This text has a character that cannot be stored.")
        if len(value) > props.max_length:
            return T(
                "At most {n} characters; this has {has}.",
                n=props.max_length,
                has=len(value),
            )
        return None

    def surely_legal(self, values: Sequence[Any], props: Props) -> bool:
        if not all_of(values, str) or max(map(len, values), default=0) > props.max_length:
            return False
        joined = "".join(values)
        try:
            joined.encode()
        except UnicodeEncodeError:
            return False
        return "\x00" not in joined

    def from_formula(self, value: Any, props: Props) -> Any:
        if not isinstance(value, str):
            raise Unreadable("not_text", T("The formula does not give text."))
        return value or None


class WrittenText(FieldType):
    """What texts share that are checked and written in one way, so that the same is found as the same.

    Class attributes:
        longest: characters at most.
        plain: matches texts with a zero byte behind each, where all are such as `normal` gives back as they are.
    """

    column, value_type = "text", "text"
    longest: int = 500
    plain: ClassVar[re.Pattern[str] | None] = None

    def normal(self, text: str) -> str:
        """The one way to write what `text`, which is not blank, means.

        Raises:
            Unreadable: it is nothing of the kind.
        """
        raise NotImplementedError

    def check(self, value: Any, props: Props) -> Sentence | None:
        if not isinstance(value, str):
            return T("Expected text.")
        if len(value) > self.longest:
            return T("At most {n} characters; this has {has}.", n=self.longest, has=len(value))
        try:
            normal = self.normal(value)
        except Unreadable as wrong:
            return wrong.message
        return None if normal == value else T("Write it as {text}.", text=normal)

    def surely_legal(self, values: Sequence[Any], props: Props) -> bool:
        if not values or self.plain is None or not all_of(values, str) or max(map(len, values)) > self.longest:
            return not values
        return self.plain.fullmatch("\x00".join(values) + "\x00") is not None

    def parse(self, text: str, props: Props) -> Any:
        if not text.strip():
            return None
        if len(text) > 2 * self.longest:
            raise Unreadable("too_long", T("At most {n} characters; this has {has}.", n=self.longest, has=len(text)))
        return self.normal(text)

    def from_formula(self, value: Any, props: Props) -> Any:
        if not isinstance(value, str):
            raise Unreadable("not_text", T("The formula does not give text."))
        return self.parse(value, props)


class ScaledType(FieldType):
    """What exact numbers with a fixed count of decimals share: a Decimal, kept as a scaled integer."""

    editor, column, value_type, numeric = "number", "integer", "number", True
    own: ClassVar[tuple[Property, ...]] = (
        DECIMALS,
        Property("minimum", "decimal", T("Smallest")),
        Property("maximum", "decimal", T("Largest")),
    )

    def scale(self, props: Props) -> int:
        """Decimal places that the column keeps: the value times ten to this power is a whole number."""
        return int(props.decimals)

    def check(self, value: Any, props: Props) -> Sentence | None:
        if not isinstance(value, Decimal) or not value.is_finite():
            return T("Expected a number.")
        scale = self.scale(props)
        if value.adjusted() > MOST_DIGITS or abs(to_scaled(value, scale)) > LARGEST:
            return T("This number is too large.")
        if round_to(value, scale) != value:
            return T("At most {n} decimal places.", n=props.decimals)
        if props.minimum is not None and value < props.minimum:
            return T("At least {n}.", n=self.format(props.minimum, props))
        if props.maximum is not None and value > props.maximum:
            return T("At most {n}.", n=self.format(props.maximum, props))
        return None

    def surely_legal(self, values: Sequence[Any], props: Props) -> bool:
        if not values or not all_of(values, Decimal):
            return not values
        unit = Decimal(1).scaleb(-self.scale(props))
        most = _largest(self.scale(props))
        low = -most if props.minimum is None else max(-most, props.minimum)
        high = most if props.maximum is None else min(most, props.maximum)
        try:
            if not (low <= min(values) and max(values) <= high):
                return False
            return list(map(CONTEXT.quantize, values, repeat(unit))) == list(values)
        except DecimalException:
            return False

    def parse(self, text: str, props: Props) -> Any:
        if not text.strip():
            return None
        number = parse_number(text)
        if number is None:
            raise Unreadable("not_a_number", T("“{text}” is not a number.", text=text.strip()))
        return self._rounded(number, props)

    def format(self, value: Any, props: Props) -> str:
        return grouped(value, props.decimals)

    def to_column(self, value: Any, props: Props) -> Any:
        return to_scaled(value, self.scale(props))

    def to_columns(self, values: Sequence[Any], props: Props) -> list[Any]:
        scale, shift, whole = self.scale(props), CONTEXT.scaleb, CONTEXT.to_integral_value
        if has_blank(values):
            return [None if value is None else int(whole(shift(value, scale))) for value in values]
        return list(map(int, map(whole, map(shift, values, repeat(scale)))))

    def from_column(self, raw: Any, props: Props) -> Any:
        return from_scaled(raw, self.scale(props))

    def reading(self, props: Props) -> Callable[[Any], Any]:
        if type(self).from_column is not ScaledType.from_column:
            return super().reading(props)
        places = -self.scale(props)
        return lambda raw: Decimal(raw).scaleb(places)

    def to_json(self, value: Any, props: Props) -> Any:
        return str(value)

    def from_json(self, raw: Any, props: Props) -> Any:
        return Decimal(raw)

    def from_formula(self, value: Any, props: Props) -> Any:
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            raise Unreadable("not_a_number", T("The formula does not give a number."))
        return self._rounded(Decimal(value), props)

    def _rounded(self, number: Decimal, props: Props) -> Decimal:
        try:
            scale = self.scale(props)
            rounded = round_to(number, scale)
            if not rounded.is_finite():
                raise InvalidOperation
        except InvalidOperation:
            raise Unreadable("too_large", T("This number is too large.")) from None
        most = _largest(scale)
        if not -most <= rounded <= most:
            raise Unreadable("too_large", T("This number is too large."))
        return rounded


@lru_cache(maxsize=64)
def _largest(scale: int) -> Decimal:
    """The largest number that a column keeps."""
    return from_scaled(LARGEST, scale)


field_types: Registry[FieldType] = Registry("runtime.fields")


def field_type(name: str) -> FieldType:
    """The type called `name`; an `UnknownField` where this program does not know it."""
    return field_types.get(name) or UnknownField(name)
