"""Typed tree -> SQLAlchemy expression, for filters and sorts in the database; equal to what Python computes.

What an index can serve stays plain SQL (`sargable.py`), and so do AND, OR, NOT, IF and blank tests of what cannot
fail, and SUM, COUNT, AVERAGE, MAX and MIN of one column of a list. Everything else goes through a `Target`, the
engine's way to call an operator or a function: on SQLite the function ``formula`` of `sqlite.py`, on PostgreSQL the
functions of `runtime.expression.postgres`; errors travel as values in both. Parts without fields are computed at once,
so TODAY() is a constant in the SQL. Every condition is TRUE or FALSE, never NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, not_, null, or_, true

from resources.texts import T
from runtime.errors import Refused
from runtime.expression.check import Checked
from runtime.expression.compile_python import compile_typed
from runtime.expression.compile_sql import sargable
from runtime.expression.compile_sql.target import Argument, Condition, Failing, Many, SqliteTarget, Target
from runtime.expression.operators import COMPARISONS, ZONED_OPERATORS, compared_kind
from runtime.expression.problems import NotInSql
from runtime.expression.running import ZONED_CONVERSIONS, final
from runtime.expression.schema import Reference
from runtime.expression.typed import (
    Attempt,
    Choose,
    Constant,
    Convert,
    Fail,
    Field,
    FirstFilled,
    ForEach,
    Inspect,
    Invoke,
    Junction,
    Match,
    Operation,
    Typed,
    children,
    references,
)
from runtime.expression.wire import LIST, letter, reader
from runtime.value.error_values import ErrorValue
from runtime.value.situation import Situation
from runtime.value.types import BOOL, NUMBER, Kind, ValueType

__all__ = ["Failing", "Many", "SqlExpression", "Target", "compile_sql", "target_of", "where"]

Column = Callable[[Reference], ColumnElement[Any] | Failing | Many]
"""What a reference is in the statement: a list is the `Many` rows that it reads, a stored result may be an error."""

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


def target_of(engine: str) -> Target:
    """The target for the name of a SQLAlchemy dialect: ``sqlite`` or ``postgresql``."""
    if engine != "postgresql":
        return SqliteTarget()
    from runtime.expression.compile_sql.postgres import PostgresTarget  # a file needs none of it at its start

    return PostgresTarget()


def compile_sql(checked: Checked, column: Column, situation: Situation, target: Target | None = None) -> SqlExpression:
    """Compile a checked formula for the database.

    Args:
        checked: from `check`.
        column: the raw column of a reference, or a scalar subquery for a path and for the title of a record: numbers
            as integers scaled by `Reference.scale` (decimal text where that is None), ISO dates, microseconds UTC,
            0/1, option ids, 16 bytes of a record id; for a list its rows.
        situation: for TODAY, NOW, CURRENTUSER and the time zone; fixed in the result.
        target: the engine; SQLite where None.

    Raises:
        Refused: the formula cannot run (`checked.node` is None).
        NotInSql: a mixed type, a function or a size that the database cannot do.
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
        self._find = column
        self._situation = situation
        self._target = target
        self._columns: dict[str, ColumnElement[Any] | Failing | Many] = {}
        self._parts: dict[int, _Part] = {}
        self._plains: dict[int, Condition | None] = {}

    def expression(self, node: Typed) -> SqlExpression:
        part = self._part(node)
        value, error = part.element, None
        if part.fails:
            value = self._target.call("lazy:value", "", [part.raw])
            error = self._target.call("lazy:error", "", [part.raw])
        code = "n" if part.fails and part.code[0] == "n" else part.code
        order = self._target.sortable(value, code)
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
        if plain is None and self._doubtful(node):
            plain = self._compared(node)
        if plain is not None:
            return plain
        element = self._part(node).element
        return element.is_not_distinct_from(1)

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
        if self._doubtful(node):
            return None
        match node:
            case Operation(operator="not") if not self._fails(node.operands[0]):
                return not_(self._truth(node.operands[0]))
            case Operation(operator="vacant") | Inspect(question="blank"):
                operand = children(node)[0]
                if not isinstance(operand, Field) or operand.type.is_list:
                    return None
                return sargable.blank(operand.reference, self._scalar)
            case Junction() if all(each.type == BOOL for each in node.operands):
                if any(map(self._fails, node.operands)):
                    return None
                parts = [self._truth(each) for each in node.operands]
                return and_(*parts) if node.every else or_(*parts)
        return self._compared(node)

    def _compared(self, node: Typed) -> Condition | None:
        """A yes/no field, or a comparison that an index can serve; FALSE where a field is in error."""
        condition: Condition | None = None
        if isinstance(node, Field) and node.type == BOOL:
            condition = sargable.same(self._scalar(node.reference), 1)
        elif isinstance(node, Operation) and node.operator in COMPARISONS and _of_one_kind(node):
            left, right = (self._folded(each) or each for each in node.operands)
            condition = sargable.compared(node.operator, left, right, self._scalar)
        return condition if condition is None else and_(condition, *(each.is_(None) for each in self._errors(node)))

    def _errors(self, node: Typed) -> list[ColumnElement[Any]]:
        """The error codes of the fields that a node is or reads at once."""
        fields = [each.reference for each in (node, *children(node)) if isinstance(each, Field)]
        columns = [self._column(each) for each in fields]
        return [each.error for each in columns if isinstance(each, Failing)]

    def _doubtful(self, node: Typed) -> bool:
        """Whether a field or what reads it at once may be in error."""
        return bool(self._errors(node))

    def _column(self, reference: Reference) -> ColumnElement[Any] | Failing | Many:
        """What a reference is; asked for once."""
        if reference.key not in self._columns:
            self._columns[reference.key] = self._find(reference)
        return self._columns[reference.key]

    def _scalar(self, reference: Reference) -> ColumnElement[Any]:
        """The raw column of a reference to one value."""
        column = self._column(reference)
        assert not isinstance(column, Many), f"{reference.key} is a list"
        return column.element if isinstance(column, Failing) else column

    # -- values

    def _folded(self, node: Typed) -> Constant | Fail | None:
        """The result of a part that reads no field."""
        if isinstance(node, Constant | Fail):
            return node
        if references(node):
            return None
        value = compile_typed(node, False).evaluate({}, self._situation)
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
                return _Part(self._target.flag(plain), "b", False)
        return self._computed(node)

    def _constant(self, node: Constant | Fail) -> _Part:
        value = node.error if isinstance(node, Fail) else node.value
        code = _code(node.type)
        return _Part(self._target.constant(value, code), code, isinstance(node, Fail))

    def _computed(self, node: Typed) -> _Part:
        match node:
            case Field():
                return self._field(node)
            case Convert():
                zoned = (
                    node.type.kind in ZONED_CONVERSIONS and (node.type.kind, node.operand.type.kind) not in _TIMELESS
                )
                zone = self._situation.zone.key if zoned else ""
                return self._call(f"to:{node.type.kind.value}", [self._part(node.operand).raw], node.type, zone)
            case Operation(operator="vacant"):
                return self._call("lazy:vacant", [self._part(node.operands[0]).raw], BOOL)
            case Operation():
                return self._operation(node)
            case Invoke():
                return self._invoke(node)
            case Constant() | Fail():
                return self._constant(node)
            case ForEach():
                raise NotInSql(T("A list that is computed item by item cannot run in the database."))
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
                plain = all(each.type == BOOL for each in node.operands)
                operands = [self._part(each).solid if plain else self._part(each).raw for each in node.operands]
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
        _code(node.type)
        column = self._column(node.reference)
        if isinstance(column, Many):
            item, code = self._raw(node.reference, column.element)
            many = Many(item, column.rows, column.order, column.error)
            return _Part(self._target.gather(many, code), LIST + code, True)
        if isinstance(column, Failing):
            element, code = self._raw(node.reference, column.element)
            return _Part(*self._target.failing(self._target.column(element, code), code, column.error), True)
        element, code = self._raw(node.reference, column)
        return _Part(self._target.column(element, code), code, False)

    @staticmethod
    def _raw(reference: Reference, element: ColumnElement[Any]) -> tuple[ColumnElement[Any], str]:
        """A column with the labels of choices in the place of their ids, and its code."""
        type_ = reference.type.item or reference.type
        code = _code(type_)
        if type_.kind is Kind.CHOICE and not reference.is_title:
            labels = dict(reference.options)
            element = case(labels, value=element, else_=None) if labels else null()
        if code == "n" and reference.scale:
            code = f"n{reference.scale}"
        return element, code

    def _operation(self, node: Operation) -> _Part:
        parts = [self._part(each) for each in node.operands]
        arguments = [part.solid for part in parts]
        if node.operator not in COMPARISONS:
            zone = self._situation.zone.key if node.operator in ZONED_OPERATORS else ""
            return self._call(f"op:{node.operator}", arguments, node.type, zone)
        kind = compared_kind([each.type for each in node.operands])
        if kind is Kind.ANY:
            arguments = [part.raw for part in parts]
        fails = any(part.fails for part in parts)
        return self._call(f"compare:{node.operator}:{kind.value}", arguments, BOOL, fails=fails)

    def _invoke(self, node: Invoke) -> _Part:
        called = node.function
        if called.volatile:
            raise NotInSql(T("{name} with fields inside cannot run in the database.", name=called.name))
        if called.name in ("MAX", "MIN") and node.type == NUMBER and any(map(_temporal, node.arguments)):
            raise NotInSql(T("Dates and other values in one {name} cannot run in the database.", name=called.name))
        native = self._native(node)
        if native is not None:
            return native
        parts = [self._part(each) for each in node.arguments]
        spread = [called.param(index, len(parts)).spread for index in range(len(parts))]
        arguments = [part.raw if wide else part.solid for part, wide in zip(parts, spread, strict=True)]
        return self._call(f"fn:{called.name}", arguments, node.type, self._situation.zone.key if called.zoned else "")

    def _native(self, node: Invoke) -> _Part | None:
        """An aggregate of one column of a list by the database's own; the list may have any length."""
        if len(node.arguments) != 1 or not isinstance(node.arguments[0], Field):
            return None
        reference = node.arguments[0].reference
        column = self._column(reference)
        if not isinstance(column, Many) or reference.type.item is None or reference.is_title:
            return None
        made = self._aggregate(node.function.name, reference, reference.type.item, column)
        if made is None or column.first_error is None:
            return made
        return _Part(*self._target.failing(made.element, made.code, column.first_error), True)

    def _aggregate(self, name: str, reference: Reference, item: ValueType, column: Many) -> _Part | None:
        number = item == NUMBER and reference.scale is not None
        code = f"n{reference.scale}" if number and reference.scale else _code(item)
        if name in ("MAX", "MIN") and (number or item.temporal):
            pick = func.max if name == "MAX" else func.min
            return _Part(column.rows([pick(column.element)]).scalar_subquery(), code, False)
        if name == "COUNT" and (number or item.temporal):
            return self._count(column)
        if name in ("SUM", "AVERAGE") and number:
            total = self._call("lazy:sum", [(part, code) for part in self._target.total(column)], NUMBER)
            if name == "SUM":
                return total
            return self._call("lazy:mean", [total.solid, self._count(column).solid], NUMBER)
        return None

    @staticmethod
    def _count(column: Many) -> _Part:
        return _Part(column.rows([func.count(column.element)]).scalar_subquery(), "n", False)

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


_TIMELESS = frozenset((Kind.TEXT, kind) for kind in Kind if kind not in (Kind.DATETIME, Kind.ANY, Kind.LIST))
"""Conversions that need no time zone, whatever the value is."""


def _temporal(node: Typed) -> bool:
    return (node.type.item or node.type).temporal


def _of_one_kind(node: Operation) -> bool:
    return compared_kind([each.type for each in node.operands]) is not Kind.ANY


def _code(type_: ValueType) -> str:
    code = letter(type_)
    if code is None:
        raise NotInSql(T("A part of this formula cannot run in the database: {type}.", type=type_.label))
    return code
