"""The syntax tree: what was typed, without types. Equality and hash ignore the places."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, text, TRUE or FALSE, or None for an argument that was left out."""

    value: Decimal | str | bool | None
    span: Span = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FieldPath:
    """`{a}` or `{a}.{b}`; every item is a label or "#" and an id."""

    path: tuple[str, ...]
    span: Span = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A bare word that is no function: always a mistake, found by the checker."""

    name: str
    span: Span = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, `+x` or `x%`."""

    operator: str
    operand: Node
    span: Span = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """One of ``^ * / + - & = <> < > <= >=`` between two operands."""

    operator: str
    left: Node
    right: Node
    span: Span = field(default=(0, 0), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function call; `name` is canonical where the function is known, else as typed."""

    name: str
    arguments: tuple[Node, ...]
    span: Span = field(default=(0, 0), compare=False, repr=False)


Node = Literal | FieldPath | Name | Unary | Binary | Call
