"""Typed tree -> SQLAlchemy expression, for filters and sorts in the database; equal to what Python computes.

What an index can serve stays plain SQL (`sargable.py`), and so do AND, OR, NOT, IF and blank tests of what cannot
fail. Everything else goes through a `Target`, the engine's way to call an operator or a function: on SQLite the
function ``formula`` of `sqlite.py`, in which errors travel as values. Parts without fields are computed at once, so
TODAY() is a constant in the SQL. Every condition is TRUE or FALSE, never NULL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Float, and_, case, cast, false, func, literal, not_, null, or_, true

from resources.texts import T
from runtime.errors import Refused
from runtime.expression.check import Checked
from runtime.expression.compile_python import compile_typed
from runtime.expression.compile_sql import sargable
from runtime.expression.compile_sql.sargable import Column, Condition
from runtime.expression.operators import COMPARISONS, compared_kind
from runtime.expression.problems import NotInSql
from runtime.expression.running import final
from runtime.expression.sqlite import key
from runtime.expression.typed import (
    Attempt,
    Choose,
    Constant,
    Convert,
    Fail,
    Field,
    FirstFilled,
    Inspect,
    Invoke,
    Junction,
    Match,
    Operation,
    Typed,
    children,
    references,
)
from runtime.expression.wire import letter, raw_value, reader
from runtime.value.error_values import ErrorValue
from runtime.value.situation import Situation
from runtime.value.types import BOOL, Kind, ValueType

HIGHEST = 60
"""Height of a tree that still goes into SQL; higher ones are evaluated in Python."""

MOST_ARGUMENTS = 100
"""Arguments of one call in SQL (SQLite allows 127)."""


@dataclass(frozen=True, slots=True)
class SqlExpression:
    """A formula in the database.

    Attributes:
        value: the result, NULL where blank or in error; raw, `read` makes a Python value of it.
        type: type of the result.
        error: code of the error or NULL; None where no error is possible.
        condition: TRUE where the result is TRUE (or a number that is not 0), else FALSE.
        order: sorts as the values do, numbers to 15 digits.
        code: how `value` is written, see `wire`.
    """

    value: ColumnElement[Any]
    type: ValueType
    error: ColumnElement[Any] | None
    condition: Condition
    order: ColumnElement[Any]
    code: str

    def read(self, raw: object) -> Any:
        """The Python value of a raw `value` that was selected."""
        return final(reader(self.code)(raw))


Argument = tuple[ColumnElement[Any], str]
"""An element and the code that says how to read it, see `wire`."""


class Target(Protocol):
    """How an engine computes what plain SQL does not say."""

    def call(self, operation: str, zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
        """`operation` on (element, code) pairs, with the error in the value; see `wire` for the codes.

        Operations: ``op:add`` and the other operators, ``compare:less:number``, ``to:text``, ``fn:ROUND``,
        ``lazy:choose`` (condition, value, ..., otherwise), ``lazy:match:number`` (subject, key, value, ..., otherwise),
        ``lazy:attempt:#N/A``, ``lazy:every``, ``lazy:some``, ``lazy:filled``, ``lazy:inspect:blank``, ``lazy:vacant``,
        ``lazy:value`` (NULL for an error) and ``lazy:error`` (its code or NULL).
        """
        ...


class SqliteTarget:
    """SQLite, with the functions of `sqlite.sqlite_functions` registered on the connection."""

    def call(self, operation: str, zone: str, arguments: Sequence[Argument]) -> ColumnElement[Any]:
        """One call of ``formula``."""
        name = key(operation, [code for _, code in arguments], zone)
        return func.formula(name, *(element for element, _ in arguments))


def compile_sql(checked: Checked, column: Column, situation: Situation, target: Target | None = None) -> SqlExpression:
    """Compile a checked formula for the database.

    Args:
        checked: from `check`.
        column: the raw column of a reference, or a scalar subquery for a path and for the title of a record: numbers
            as integers scaled by `Reference.scale` (decimal text where that is None), ISO dates, microseconds UTC,
            0/1, option ids, 16 bytes of a record id.
        situation: for TODAY, NOW, CURRENTUSER and the time zone; fixed in the result.
        target: the engine; SQLite where None.

    Raises:
        Refused: the formula cannot run (`checked.node` is None).
        NotInSql: a list, a mixed type or a size that the database cannot do.
    """
    if checked.node is None:
        raise Refused(checked.problems)
    if _height(checked.node) > HIGHEST:
        raise NotInSql(T("This formula is too deep for the database."))
    return _Compiler(column, situation, target or SqliteTarget()).expression(checked.node)


def where(expression: SqlExpression) -> Condition:
    """The formula as a filter: rows with an error or a blank result do not pass."""
    return expression.condition


def _height(node: Typed) -> int:
    return 1 + max(map(_height, children(node)), default=0)


@dataclass(frozen=True, slots=True)
class _Part:
    """A compiled node; `fails` = its value may be an error."""

    element: ColumnElement[Any]
    code: str
    fails: bool

    @property
    def solid(self) -> Argument:
        """Element and code, with blank read as 0, "" or FALSE."""
        return self.element, self.code[0].upper() + self.code[1:] if self.code[0] in "ntb" else self.code

    @property
    def raw(self) -> Argument:
        """Element and code, blank kept."""
        return self.element, self.code


class _Compiler:
    def __init__(self, column: Column, situation: Situation, target: Target) -> None:
        self._column = column
        self._situation = situation
        self._target = target
        self._parts: dict[int, _Part] = {}
        self._plains: dict[int, Condition | None] = {}

    def expression(self, node: Typed) -> SqlExpression:
        part = self._part(node)
        value, error = part.element, None
        if part.fails:
            value = self._target.call("lazy:value", "", [part.raw])
            error = self._target.call("lazy:error", "", [part.raw])
        code = "n" if part.fails and part.code[0] == "n" else part.code
        order = cast(value, Float) if code == "n" else value
        return SqlExpression(value, node.type, error, self._condition(node), order, code)

    def _condition(self, node: Typed) -> Condition:
        if node.type.kind is Kind.NUMBER:
            return self._truth(Convert(node, BOOL))
        return self._truth(node) if node.type == BOOL else false()

    # -- conditions

    def _truth(self, node: Typed) -> Condition:
        """TRUE exactly where the node is TRUE; FALSE for everything else, errors too."""
        if isinstance(node, Junction) and (node.every or not any(map(self._fails, node.operands[:-1]))):
            parts = [self._truth(each) for each in node.operands if each.type == BOOL]
            if len(parts) == len(node.operands):
                return and_(*parts) if node.every else or_(*parts)
        plain = self._plain(node)
        if plain is not None:
            return plain
        element = self._part(node).element
        return element.is_not_distinct_from(literal(1))

    def _fails(self, node: Typed) -> bool:
        return self._part(node).fails

    def _plain(self, node: Typed) -> Condition | None:
        """A condition in plain SQL for a yes/no node that cannot fail; None where there is none."""
        if id(node) not in self._plains:
            self._plains[id(node)] = self._made_plain(node)
        return self._plains[id(node)]

    def _made_plain(self, node: Typed) -> Condition | None:
        folded = self._folded(node)
        if isinstance(folded, Constant):
            return true() if folded.value else false()
        match node:
            case Field() if node.type == BOOL:
                return self._column(node.reference).is_not_distinct_from(1)
            case Operation(operator="not") if not self._fails(node.operands[0]):
                return not_(self._truth(node.operands[0]))
            case Operation(operator="vacant") | Inspect(question="blank"):
                operand = children(node)[0]
                return sargable.blank(operand.reference, self._column) if isinstance(operand, Field) else None
            case Operation() if node.operator in COMPARISONS and _of_one_kind(node):
                left, right = (self._folded(each) or each for each in node.operands)
                return sargable.compared(node.operator, left, right, self._column)
            case Junction() if all(each.type == BOOL for each in node.operands):
                if any(map(self._fails, node.operands)):
                    return None
                parts = [self._truth(each) for each in node.operands]
                return and_(*parts) if node.every else or_(*parts)
        return None

    # -- values

    def _folded(self, node: Typed) -> Constant | Fail | None:
        """The result of a part that reads no field."""
        if isinstance(node, Constant | Fail):
            return node
        if references(node):
            return None
        value = compile_typed(node).evaluate({}, self._situation)
        return Fail(value, node.type) if isinstance(value, ErrorValue) else Constant(value, node.type)

    def _part(self, node: Typed) -> _Part:
        """The node compiled; each node once, however often it is asked for."""
        if id(node) not in self._parts:
            self._parts[id(node)] = self._made_part(node)
        return self._parts[id(node)]

    def _made_part(self, node: Typed) -> _Part:
        folded = self._folded(node)
        if folded is not None:
            return self._constant(folded)
        if isinstance(node, Operation | Junction | Inspect) and node.type == BOOL:
            plain = self._plain(node)
            if plain is not None:
                return _Part(plain, "b", False)
        return self._computed(node)

    def _constant(self, node: Constant | Fail) -> _Part:
        code = _code(node.type)
        if isinstance(node, Fail):
            return _Part(literal(raw_value(node.error)), code, True)
        if node.value is None:
            return _Part(null(), code, False)
        return _Part(literal(raw_value(node.value)), code, False)

    def _computed(self, node: Typed) -> _Part:
        match node:
            case Field():
                return self._field(node)
            case Convert():
                zone = self._situation.zone.key if node.type.temporal or node.operand.type.temporal else ""
                return self._call(f"to:{node.type.kind.value}", [self._part(node.operand).raw], node.type, zone)
            case Operation(operator="vacant"):
                return self._call("lazy:vacant", [self._part(node.operands[0]).raw], BOOL)
            case Operation():
                return self._operation(node)
            case Invoke():
                return self._invoke(node)
            case Constant() | Fail():
                return self._constant(node)
            case _:
                return self._lazy_form(node)

    def _lazy_form(self, node: Choose | Match | Attempt | Junction | FirstFilled | Inspect) -> _Part:
        match node:
            case Choose():
                return self._choose(node)
            case Match():
                return self._match(node)
            case Attempt():
                return self._attempt(node)
            case Junction():
                operands = [self._part(each).solid for each in node.operands]
                return self._call("lazy:every" if node.every else "lazy:some", operands, BOOL)
            case FirstFilled():
                return self._call("lazy:filled", [self._part(each).raw for each in node.operands], node.type)
            case Inspect():
                return self._call(f"lazy:inspect:{node.question}", [self._part(node.operand).raw], BOOL, fails=False)

    def _call(
        self,
        operation: str,
        arguments: Sequence[Argument],
        type_: ValueType,
        zone: str = "",
        fails: bool = True,
    ) -> _Part:
        if len(arguments) > MOST_ARGUMENTS:
            raise NotInSql(T("A function in this formula has too many values for the database."))
        return _Part(self._target.call(operation, zone, arguments), _code(type_), fails)

    def _field(self, node: Field) -> _Part:
        reference, code = node.reference, _code(node.type)
        element = self._column(reference)
        if reference.type.kind is Kind.CHOICE:
            labels = dict(reference.options)
            element = case(labels, value=element, else_=None) if labels else null()
        if code == "n" and reference.scale:
            code = f"n{reference.scale}"
        return _Part(element, code, False)

    def _operation(self, node: Operation) -> _Part:
        parts = [self._part(each) for each in node.operands]
        arguments = [part.solid for part in parts]
        if node.operator not in COMPARISONS:
            return self._call(f"op:{node.operator}", arguments, node.type)
        kind = compared_kind([each.type for each in node.operands])
        if kind is Kind.ANY:
            arguments = [part.raw for part in parts]
        fails = any(part.fails for part in parts)
        return self._call(f"compare:{node.operator}:{kind.value}", arguments, BOOL, fails=fails)

    def _invoke(self, node: Invoke) -> _Part:
        called = node.function
        if called.volatile:
            raise NotInSql(T("{name} with fields inside cannot run in the database.", name=called.name))
        parts = [self._part(each) for each in node.arguments]
        spread = [called.param(index, len(parts)).spread for index in range(len(parts))]
        arguments = [part.raw if wide else part.solid for part, wide in zip(parts, spread, strict=True)]
        return self._call(f"fn:{called.name}", arguments, node.type, self._situation.zone.key if called.zoned else "")

    def _choose(self, node: Choose) -> _Part:
        values = [self._part(value) for _, value in node.cases] + [self._part(node.otherwise)]
        conditions = [condition for condition, _ in node.cases]
        codes = {value.code for value in values}
        if not any(map(self._fails, conditions)) and len(codes) == 1:
            whens = [(self._truth(each), value.element) for each, value in zip(conditions, values, strict=False)]
            element = case(*whens, else_=values[-1].element)
            return _Part(element, codes.pop(), any(value.fails for value in values))
        arguments = [
            each
            for condition, value in zip(conditions, values, strict=False)
            for each in (self._part(condition).solid, value.raw)
        ]
        return self._call("lazy:choose", [*arguments, values[-1].raw], node.type)

    def _match(self, node: Match) -> _Part:
        arguments = [self._part(node.subject).solid]
        for case_key, value in node.cases:
            arguments += [self._part(case_key).solid, self._part(value).raw]
        operation = f"lazy:match:{node.compared.kind.value}"
        return self._call(operation, [*arguments, self._part(node.otherwise).raw], node.type)

    def _attempt(self, node: Attempt) -> _Part:
        body, fallback = self._part(node.body), self._part(node.fallback)
        if not body.fails:
            return body
        operation = "lazy:attempt:" + " ".join(error.code for error in node.caught)
        return self._call(operation, [body.raw, fallback.raw], node.type)


def _of_one_kind(node: Operation) -> bool:
    return compared_kind([each.type for each in node.operands]) is not Kind.ANY


def _code(type_: ValueType) -> str:
    code = letter(type_)
    if code is None:
        raise NotInSql(T("A part of this formula cannot run in the database: {type}.", type=type_.label))
    return code
