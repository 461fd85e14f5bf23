"""The checker: a syntax tree and a schema to a typed tree, or to the problems that say where and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from resources.texts import T
from runtime.errors import Sentence
from runtime.expression import nodes
from runtime.expression.build import Build, constant
from runtime.expression.fitting import Fitting, date_constant
from runtime.expression.nodes import Node, Span
from runtime.expression.operators import COMPARISONS, implementation
from runtime.expression.parser import parse
from runtime.expression.problems import FormulaProblem, FormulaSyntaxError
from runtime.expression.schema import Reference, Schema
from runtime.expression.typed import Constant, Convert, Field, Invoke, Operation, Typed, references, volatile
from runtime.functions import Function, Param, find_function, function_names
from runtime.value.conversions import fold, to_number
from runtime.value.decimals import TROUBLE
from runtime.value.error_values import Failure
from runtime.value.types import ANY, BLANK, BOOL, DATE, DATETIME, NUMBER, TEXT, Kind, ValueType


@dataclass(frozen=True, slots=True)
class Checked:
    """A formula with its meaning.

    Attributes:
        node: the typed tree; None where a name, an argument count or the syntax is wrong, so that it cannot run.
            With problems of type only it can run and yields #VALUE! at that place.
        type: type of the result.
        references: the fields it reads, titles of records included, each once.
        problems: errors and warnings, in the order of the text.
        volatile: depends on time or person: needs a `Situation`, and a daily refresh where the result is stored.
    """

    node: Typed | None
    type: ValueType
    references: tuple[Reference, ...]
    problems: tuple[FormulaProblem, ...]
    volatile: bool

    @property
    def correct(self) -> bool:
        """Whether there is no problem that stops; warnings do not."""
        return self.node is not None and not any(problem.stops for problem in self.problems)


def check(source: str | Node, schema: Schema) -> Checked:
    """Find the types, fields and problems of a formula; never raises for what a person can type."""
    try:
        tree = parse(source) if isinstance(source, str) else source
    except FormulaSyntaxError as error:
        return Checked(None, ANY, (), (error.problem,), False)
    checker = _Checker(schema)
    node = checker.visit(tree)
    problems = tuple(sorted(checker.problems, key=lambda problem: (problem.start, problem.end)))
    if checker.broken:
        return Checked(None, ANY, references(node), problems, False)
    return Checked(node, node.type, references(node), problems, volatile(node))


_OPERATORS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"}
_COMPARISONS = dict(zip(("=", "<>", "<", "<=", ">", ">="), COMPARISONS, strict=True))


class _Checker(Fitting):
    def __init__(self, schema: Schema) -> None:
        super().__init__()
        self._schema = schema
        self.broken = False

    def visit(self, node: Node) -> Typed:
        match node:
            case nodes.Literal():
                return constant(node.value)
            case nodes.FieldPath():
                return self._field(node)
            case nodes.Unary():
                return self._unary(node)
            case nodes.Binary():
                return self._binary(node)
            case nodes.Call():
                return self._call(node)

    def _cannot_run(self, code: str, message: Sentence, span: Span) -> Typed:
        self.say(code, message, span)
        self.broken = True
        return Constant(None, ANY)

    def _field(self, node: nodes.FieldPath) -> Typed:
        reference = self._schema.resolve(node.path)
        if reference is not None:
            return Field(reference)
        known = 0
        while known < len(node.path) - 1 and self._schema.resolve(node.path[: known + 1]) is not None:
            known += 1
        name = node.path[known]
        near = get_close_matches(name, list(self._schema.labels(node.path[:known])), 1, 0.5)
        if name.startswith("#"):
            message = T("A field that this formula needs has been deleted.")
        elif near:
            message = T("There is no field “{name}”. Did you mean “{near}”?", name=name, near=near[0])
        else:
            message = T("There is no field “{name}” here.", name=name)
        return self._cannot_run("unknown_field", message, node.span)

    def _unary(self, node: nodes.Unary) -> Typed:
        operand = self.visit(node.operand)
        if node.operator == "+":
            return operand
        operator = "negate" if node.operator == "-" else "percent"
        return self._operation(operator, [self.fit(operand, NUMBER, node.operand.span)], NUMBER)

    def _binary(self, node: nodes.Binary) -> Typed:
        left, right = self.visit(node.left), self.visit(node.right)
        if node.operator in _COMPARISONS:
            return self._comparison(_COMPARISONS[node.operator], left, right, node.span)
        if node.operator == "&":
            both = [self.fit(left, TEXT, node.left.span), self.fit(right, TEXT, node.right.span)]
            return self._operation("join", both, TEXT)
        if node.operator in "+-" and (left.type.temporal or right.type.temporal):
            return self._date_arithmetic(node, left, right)
        both = [self.fit(left, NUMBER, node.left.span), self.fit(right, NUMBER, node.right.span)]
        return self._operation(_OPERATORS[node.operator], both, NUMBER)

    @staticmethod
    def _operation(operator: str, operands: Sequence[Typed], type_: ValueType) -> Typed:
        """The operation, or its result where all operands are constants and it has one."""
        values = [operand.value for operand in operands if isinstance(operand, Constant)]
        if len(values) == len(operands):
            try:
                return Constant(implementation(operator, [each.type for each in operands])(*values), type_)
            except (Failure, *TROUBLE):
                pass
        return Operation(operator, tuple(operands), type_)

    def _date_arithmetic(self, node: nodes.Binary, left: Typed, right: Typed) -> Typed:
        if left.type.temporal and right.type.temporal:
            if node.operator == "+":
                self.say("dates_added", T("Dates cannot be added; a date and a number of days can."), node.span)
            if left.type == right.type == DATE:
                return self._operation("dates_apart", [left, right], NUMBER)
            both = [self.fit(left, DATETIME, node.left.span), self.fit(right, DATETIME, node.right.span)]
            return self._operation("moments_apart", both, NUMBER)
        if right.type.temporal and node.operator == "-":
            self.say("date_subtracted", T("A date cannot be taken away from a number."), node.span)
        swapped = right.type.temporal
        when, days = (right, left) if swapped else (left, right)
        days = self.fit(days, NUMBER, (node.left if swapped else node.right).span)
        direction = "later" if node.operator == "+" else "earlier"
        return self._operation(f"{direction}_{'date' if when.type == DATE else 'moment'}", [when, days], when.type)

    def _comparison(self, operator: str, left: Typed, right: Typed, span: Span) -> Typed:
        if operator in ("equal", "differs"):
            for one, other in ((left, right), (right, left)):
                if isinstance(one, Constant) and one.value == "" and not isinstance(other, Constant):
                    vacant = self._operation("vacant", [other], BOOL)
                    return vacant if operator == "equal" else self._operation("not", [vacant], BOOL)
        left, right, _ = self.alike(left, right, span)
        return self._operation(operator, [left, right], BOOL)

    def alike(self, left: Typed, right: Typed, span: Span) -> tuple[Typed, Typed, ValueType]:
        """Both sides of a comparison in one type, and that type; ANY compares mixed values in Excel's order."""
        kinds = {left.type.kind, right.type.kind}
        if left.type.is_list or right.type.is_list:
            self.say("list_compared", T("A list cannot be compared; SUM, MAX or COUNT make one value of it."), span)
            return left, right, ANY
        for one, other in ((left, right), (right, left)):
            if other.type.temporal and isinstance(one, Constant) and one.type == TEXT:
                moment = date_constant(str(one.value))
                if moment is not None:
                    return self.alike(moment, right, span) if one is left else self.alike(left, moment, span)
        wanted = self._compared_as(kinds, left, right)
        if wanted is None:
            self._compared_in_vain(left.type, right.type, span)
            return left, right, ANY
        if wanted == ANY:
            return left, right, ANY
        return self.fit(left, wanted, span), self.fit(right, wanted, span), wanted

    def _compared_as(self, kinds: set[Kind], left: Typed, right: Typed) -> ValueType | None:
        filled = kinds - {Kind.BLANK}
        if len(filled) < 2:
            only = (left if left.type != BLANK else right).type
            return TEXT if only.kind is Kind.CHOICE else only
        if Kind.ANY in kinds:
            return ANY
        if filled <= {Kind.NUMBER, Kind.BOOL}:
            return NUMBER
        if filled <= {Kind.TEXT, Kind.CHOICE, Kind.RECORD}:
            return TEXT
        if filled <= {Kind.DATE, Kind.DATETIME}:
            return DATETIME
        if filled == {Kind.NUMBER, Kind.TEXT} and self._numeric(left) and self._numeric(right):
            return NUMBER
        return None

    @staticmethod
    def _numeric(side: Typed) -> bool:
        if side.type == NUMBER or not isinstance(side, Constant):
            return side.type == NUMBER
        try:
            to_number(side.value)
        except Failure:
            return False
        return True

    def _compared_in_vain(self, left: ValueType, right: ValueType, span: Span) -> None:
        message = T("These cannot be compared: {left} and {right}.", left=left.label, right=right.label)
        self.say("cannot_compare", message, span)

    def _call(self, node: nodes.Call) -> Typed:
        arguments = [self.visit(each) for each in node.arguments]
        called = find_function(node.name)
        if called is None:
            return self._unknown_function(node)
        if not called.accepts(len(arguments)):
            message = T("{name} needs other values: {signature}.", name=called.name, signature=called)
            return self._cannot_run("wrong_arguments", message, node.span)
        fitted = [
            self._argument(called.param(index, len(arguments)), argument, node.arguments[index].span)
            for index, argument in enumerate(arguments)
        ]
        if called.special is not None:
            made: Typed = called.special(Build(self.alike, node.span), fitted)
            return made
        return self._invoke(called, fitted)

    def _unknown_function(self, node: nodes.Call) -> Typed:
        near = get_close_matches(node.name.upper(), function_names(), 1, 0.5)
        if near:
            message = T("There is no function {name}. Did you mean {near}?", name=node.name, near=near[0])
        else:
            message = T("There is no function {name}.", name=node.name)
        return self._cannot_run("unknown_function", message, (node.span[0], node.span[0] + len(node.name)))

    def _argument(self, param: Param, argument: Typed, span: Span) -> Typed:
        if param.options and isinstance(argument, Constant) and argument.type == TEXT:
            return self._option(param, argument, span)
        if param.spread:
            return self._item(param, argument, span)
        if param.moment and argument.type == DATETIME:
            return argument
        return self.fit(argument, param.type, span)

    def _option(self, param: Param, argument: Constant, span: Span) -> Typed:
        meant = param.options.get(fold(str(argument.value)))
        if meant is not None:
            return Constant(meant, TEXT)
        allowed = ", ".join(f'"{each}"' for each in dict.fromkeys(param.options.values()))
        self.say("unknown_option", T("One of these is needed here: {allowed}.", allowed=allowed), span)
        return argument

    def _item(self, param: Param, argument: Typed, span: Span) -> Typed:
        """An argument of an aggregate: constants are converted, of everything else the fitting items count."""
        have = argument.type.item if argument.type.item is not None else argument.type
        if param.type == ANY or have in (param.type, ANY, BLANK) or (param.moment and have.temporal):
            return argument
        if param.moment and isinstance(argument, Constant):
            pass
        elif isinstance(argument, Constant) and have == TEXT:
            converted = self._converted(str(argument.value), param.type)
            if converted is not None:
                return converted
        elif not argument.type.is_list and (param.type == BOOL or isinstance(argument, Constant)):
            return self.fit(argument, param.type, span)
        message = T("This does not count: {have}. Needed: {wanted}.", have=have.label, wanted=param.type.label)
        self.warn("not_counted", message, span)
        return argument

    @staticmethod
    def _invoke(called: Function, arguments: Sequence[Typed]) -> Typed:
        type_ = called.result_type([argument.type for argument in arguments])
        node = Invoke(called, tuple(arguments), type_)
        aggregate = any(param.spread for param in called.params) and type_ == NUMBER
        return Convert(node, NUMBER) if aggregate else node
