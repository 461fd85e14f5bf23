"""Operators between typed operands: what meets what, as what type, and what is said where it does not fit.

Dates count in days. A date and a time of day make a date-time; two dates are a number of days apart, two times a
duration. Times and durations are numbers of days (0.25 is six hours) wherever a number is needed, as in Excel.
"""

from __future__ import annotations

from collections.abc import Sequence

from resources.texts import T
from runtime.expression.fitting import Fitting, date_constant
from runtime.expression.nodes import Span
from runtime.expression.operators import COMPARISONS, ZONED_OPERATORS, implementation
from runtime.expression.typed import Constant, Fail, Operation, Typed
from runtime.value.conversions import to_number
from runtime.value.decimals import TROUBLE
from runtime.value.error_values import WRONG_VALUE, Failure
from runtime.value.types import ANY, BLANK, BOOL, DATE, DATETIME, DURATION, NUMBER, TEXT, TIME, Kind, ValueType

_OPERATORS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"}
_COMPARISONS = dict(zip(("=", "<>", "<", "<=", ">", ">="), COMPARISONS, strict=True))
_NUMERIC = {Kind.NUMBER, Kind.BOOL, Kind.TIME, Kind.DURATION}


class Arithmetic(Fitting):
    """Makes operations of operands."""

    def signed(self, operator: str, operand: Typed, span: Span) -> Typed:
        """`+x`, `-x` or `x%`; `span` is that of the operand."""
        if operator == "+":
            return operand
        if operator == "-" and operand.type == DURATION:
            return self.operation("negate_span", [operand], DURATION)
        return self.operation("negate" if operator == "-" else "percent", [self.fit(operand, NUMBER, span)], NUMBER)

    def combined(self, operator: str, left: Typed, right: Typed, spans: tuple[Span, Span]) -> Typed:
        """Two operands and the sign between them; `spans` are those of the operands."""
        span = (spans[0][0], spans[1][1])
        if operator in _COMPARISONS:
            return self._comparison(_COMPARISONS[operator], left, right, span)
        if operator == "&":
            return self.operation("join", [self.fit(left, TEXT, spans[0]), self.fit(right, TEXT, spans[1])], TEXT)
        if operator in "+-":
            if left.type.temporal and right.type.temporal:
                return self._dates_apart(operator, left, right, spans)
            if left.type.temporal or right.type.temporal:
                return self._moved(operator, left, right, spans)
            if left.type.lasting or right.type.lasting:
                return self._lasting(operator, left, right, spans)
        both = [self.fit(left, NUMBER, spans[0]), self.fit(right, NUMBER, spans[1])]
        return self.operation(_OPERATORS[operator], both, NUMBER)

    @staticmethod
    def operation(operator: str, operands: Sequence[Typed], type_: ValueType) -> Typed:
        """The operation, or its result where all operands are constants and it has one."""
        values = [operand.value for operand in operands if isinstance(operand, Constant)]
        if len(values) == len(operands) and operator not in ZONED_OPERATORS:
            try:
                return Constant(implementation(operator, [each.type for each in operands])(*values), type_)
            except (Failure, *TROUBLE):
                pass
        return Operation(operator, tuple(operands), type_)

    def _dates_apart(self, operator: str, left: Typed, right: Typed, spans: tuple[Span, Span]) -> Typed:
        if operator == "+":
            message = T("Dates cannot be added; a date and a number of days can.")
            self.say("dates_added", message, (spans[0][0], spans[1][1]))
            return Fail(WRONG_VALUE, NUMBER)
        if left.type == right.type == DATE:
            return self.operation("dates_apart", [left, right], NUMBER)
        both = [self.fit(left, DATETIME, spans[0]), self.fit(right, DATETIME, spans[1])]
        return self.operation("moments_apart", both, NUMBER)

    def _moved(self, operator: str, left: Typed, right: Typed, spans: tuple[Span, Span]) -> Typed:
        """A date or date-time and so many days, a duration or a time of day."""
        swapped = right.type.temporal
        when, step = (right, left) if swapped else (left, right)
        when_span, step_span = (spans[1], spans[0]) if swapped else spans
        if swapped and operator == "-":
            message = T("A date cannot be taken away from a number.")
            self.say("date_subtracted", message, (spans[0][0], spans[1][1]))
            return Fail(WRONG_VALUE, when.type)
        if when.type == DATE and step.type == TIME and operator == "+":
            return self.operation("at_time", [when, step], DATETIME)
        if step.type.lasting:
            when = self.fit(when, DATETIME, when_span)
        name = f"{'later' if operator == '+' else 'earlier'}_{'date' if when.type == DATE else 'moment'}"
        return self.operation(name, [when, self.fit(step, NUMBER, step_span)], when.type)

    def _lasting(self, operator: str, left: Typed, right: Typed, spans: tuple[Span, Span]) -> Typed:
        """Times and durations among themselves and with numbers of days."""
        if left.type == TIME and (operator == "-" or right.type != TIME):
            if right.type == TIME:
                return self.operation("times_apart", [left, right], DURATION)
            name = "later_time" if operator == "+" else "earlier_time"
            return self.operation(name, [left, self.fit(right, NUMBER, spans[1])], TIME)
        if right.type == TIME and left.type != TIME and operator == "+":
            return self.operation("later_time", [right, self.fit(left, NUMBER, spans[0])], TIME)
        both = [self.fit(left, DURATION, spans[0]), self.fit(right, DURATION, spans[1])]
        return self.operation("add_spans" if operator == "+" else "subtract_spans", both, DURATION)

    def _comparison(self, operator: str, left: Typed, right: Typed, span: Span) -> Typed:
        if operator in ("equal", "differs"):
            for one, other in ((left, right), (right, left)):
                if isinstance(one, Constant) and one.value == "" and not isinstance(other, Constant):
                    vacant = self.operation("vacant", [other], BOOL)
                    return vacant if operator == "equal" else self.operation("not", [vacant], BOOL)
        left, right, _ = self.alike(left, right, span)
        return self.operation(operator, [left, right], BOOL)

    def alike(self, left: Typed, right: Typed, span: Span) -> tuple[Typed, Typed, ValueType]:
        """Both sides of a comparison in one type, and that type; ANY compares mixed values in Excel's order."""
        if left.type.is_list or right.type.is_list:
            self.say("list_compared", T("A list cannot be compared; SUM, MAX or COUNT make one value of it."), span)
            return left, right, ANY
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Constant) and one.type == TEXT and (other.type.temporal or other.type.lasting):
                meant = self._moment_meant(str(one.value), other.type)
                if meant is not None:
                    return self.alike(meant, right, span) if one is left else self.alike(left, meant, span)
        wanted = self._compared_as(left, right)
        if wanted is None:
            message = T("These cannot be compared: {left} and {right}.", left=left.type.label, right=right.type.label)
            self.say("cannot_compare", message, span)
            return left, right, ANY
        if wanted == ANY:
            return left, right, ANY
        return self.fit(left, wanted, span), self.fit(right, wanted, span), wanted

    def _moment_meant(self, text: str, type_: ValueType) -> Constant | None:
        return date_constant(text) if type_.temporal else self.converted(text, type_)

    def _compared_as(self, left: Typed, right: Typed) -> ValueType | None:
        kinds = {left.type.kind, right.type.kind}
        filled = kinds - {Kind.BLANK}
        if len(filled) < 2:
            only = (left if left.type != BLANK else right).type
            return TEXT if only.kind is Kind.CHOICE else only
        if Kind.ANY in kinds:
            return ANY
        if filled == {Kind.TIME, Kind.DURATION}:
            return DURATION
        if filled <= _NUMERIC:
            return NUMBER
        if filled <= {Kind.TEXT, Kind.CHOICE, Kind.RECORD}:
            return TEXT
        if filled <= {Kind.DATE, Kind.DATETIME}:
            return DATETIME
        if filled == {Kind.NUMBER, Kind.TEXT} and _as_number(left) and _as_number(right):
            return NUMBER
        return None


def _as_number(side: Typed) -> bool:
    """Whether this is a number, or a text constant that shows one."""
    if side.type == NUMBER or not isinstance(side, Constant):
        return side.type == NUMBER
    try:
        to_number(side.value)
    except Failure:
        return False
    return True
