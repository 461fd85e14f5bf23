"""The typed tree: what the back ends translate. Conversions are explicit, fields are resolved, functions are found.

Blank and error rules every back end keeps: a `Convert` to number, text or yes/no never yields blank; operands are
evaluated from left to right and the first error wins, except in `Choose`, `Match`, `Attempt`, `Junction`,
`FirstFilled` and `Inspect`, which evaluate only what they need.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from runtime.expression.schema import Reference
from runtime.functions import Function
from runtime.value.error_values import ErrorValue
from runtime.value.types import ANY, BOOL, ValueType


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant; None is blank, a tuple a list."""

    value: object
    type: ValueType


@dataclass(frozen=True, slots=True)
class Field:
    """The value of a field of the row."""

    reference: Reference

    @property
    def type(self) -> ValueType:
        """Type of the field."""
        return self.reference.type


@dataclass(frozen=True, slots=True)
class Convert:
    """`operand` as `type`, by the rules of `runtime.value.conversions`."""

    operand: Typed
    type: ValueType


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator of `runtime.expression.operators` on operands of one type (dates: and a number)."""

    operator: str
    operands: tuple[Typed, ...]
    type: ValueType


@dataclass(frozen=True, slots=True)
class Invoke:
    """A call of an eager function."""

    function: Function
    arguments: tuple[Typed, ...]
    type: ValueType


@dataclass(frozen=True, slots=True)
class Fail:
    """Always this error."""

    error: ErrorValue
    type: ValueType = ANY


@dataclass(frozen=True, slots=True)
class Choose:
    """The value beside the first true condition, else `otherwise`."""

    cases: tuple[tuple[Typed, Typed], ...]
    otherwise: Typed
    type: ValueType


@dataclass(frozen=True, slots=True)
class Match:
    """The value beside the first key equal to `subject`, else `otherwise`; all compared as `compared`."""

    subject: Typed
    cases: tuple[tuple[Typed, Typed], ...]
    otherwise: Typed
    compared: ValueType
    type: ValueType


@dataclass(frozen=True, slots=True)
class Attempt:
    """`body`, or `fallback` where that yields one of the errors `caught`."""

    body: Typed
    fallback: Typed
    caught: tuple[ErrorValue, ...]
    type: ValueType


@dataclass(frozen=True, slots=True)
class Junction:
    """AND (`every`) or OR of yes/no values and lists of such; of lists only the items that are yes/no or numbers."""

    every: bool
    operands: tuple[Typed, ...]
    type: ValueType = BOOL


@dataclass(frozen=True, slots=True)
class FirstFilled:
    """The first operand that is not blank, or blank."""

    operands: tuple[Typed, ...]
    type: ValueType


@dataclass(frozen=True, slots=True)
class Inspect:
    """Whether the answer to a question of `operators.QUESTIONS` about the operand is yes; errors can be asked too."""

    question: str
    operand: Typed
    type: ValueType = BOOL


@dataclass(frozen=True, slots=True)
class ForEach:
    """A list: `template` for every item of the operands that are lists, beside the operands that are not.

    Attributes:
        template: a tree over fields with the keys `keys`, one of them for each operand.
        type: a list of what the template yields.
    """

    template: Typed
    keys: tuple[str, ...]
    operands: tuple[Typed, ...]
    type: ValueType


Typed = (
    Constant
    | Field
    | Convert
    | Operation
    | Invoke
    | Fail
    | Choose
    | Match
    | Attempt
    | Junction
    | FirstFilled
    | Inspect
    | ForEach
)


def children(node: Typed) -> tuple[Typed, ...]:
    """The nodes directly below, in the order of evaluation."""
    match node:
        case Constant() | Field() | Fail():
            return ()
        case Convert() | Inspect():
            return (node.operand,)
        case Operation() | Junction() | FirstFilled() | ForEach():
            return node.operands
        case Invoke():
            return node.arguments
        case Attempt():
            return (node.body, node.fallback)
        case Choose():
            return (*(each for case in node.cases for each in case), node.otherwise)
        case Match():
            return (node.subject, *(each for case in node.cases for each in case), node.otherwise)


def with_children(node: Typed, below: Sequence[Typed]) -> Typed:
    """The node over other nodes, as many and in the order of `children`."""
    match node:
        case Constant() | Field() | Fail():
            return node
        case Convert() | Inspect():
            return replace(node, operand=below[0])
        case Operation() | Junction() | FirstFilled() | ForEach():
            return replace(node, operands=tuple(below))
        case Invoke():
            return replace(node, arguments=tuple(below))
        case Attempt():
            return replace(node, body=below[0], fallback=below[1])
        case Choose():
            return replace(node, cases=_pairs(below[:-1]), otherwise=below[-1])
        case Match():
            return replace(node, subject=below[0], cases=_pairs(below[1:-1]), otherwise=below[-1])


def _pairs(nodes: Sequence[Typed]) -> tuple[tuple[Typed, Typed], ...]:
    return tuple(zip(nodes[::2], nodes[1::2], strict=True))


def walk(node: Typed) -> Iterator[Typed]:
    """The node and all below it, parents first, from left to right."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(reversed(children(each)))


def bottom_up(node: Typed) -> list[Typed]:
    """The node and all below it, children before their parents, from left to right; for what would recurse too deep."""
    waiting, found = [node], []
    while waiting:
        each = waiting.pop()
        found.append(each)
        waiting.extend(children(each))
    found.reverse()
    return found


def references(node: Typed) -> tuple[Reference, ...]:
    """The fields a tree reads, each once, in the order they appear."""
    return tuple({each.reference.key: each.reference for each in walk(node) if isinstance(each, Field)}.values())
