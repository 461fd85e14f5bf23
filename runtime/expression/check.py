"""The checker: a syntax tree and a schema to a typed tree, or to the problems that say where and what to do."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from uuid import UUID

from resources.texts import T
from runtime.errors import Sentence
from runtime.expression import nodes
from runtime.expression.arithmetic import Arithmetic
from runtime.expression.build import Build, constant, for_each_item
from runtime.expression.nodes import Node, Span
from runtime.expression.parser import parse
from runtime.expression.problems import FormulaProblem, FormulaSyntaxError
from runtime.expression.schema import SYSTEM_NAMES, Reference, Schema
from runtime.expression.typed import Constant, Convert, Fail, Field, Invoke, Typed, walk
from runtime.functions import Function, Param, find_function, function_names, functions
from runtime.value.conversions import fold
from runtime.value.error_values import BROKEN_REFERENCE, UNKNOWN_NAME, WRONG_VALUE, ErrorValue
from runtime.value.types import ANY, BLANK, BOOL, DATETIME, NUMBER, RECORD, TEXT, ValueType


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
        places: id of a part of `node` -> its characters in the text, for the parts that were written there.
        damaged: where `node` is None and the syntax is right: the tree with an error in the place of what is wrong, as
            Excel computes such formulas.
    """

    node: Typed | None
    type: ValueType
    references: tuple[Reference, ...]
    problems: tuple[FormulaProblem, ...]
    volatile: bool
    places: Mapping[int, Span] = field(default_factory=dict, compare=False, repr=False)
    damaged: Typed | None = None

    @property
    def correct(self) -> bool:
        """Whether there is no problem that stops; warnings do not."""
        return self.node is not None and not any(problem.stops for problem in self.problems)


def check(source: str | Node, schema: Schema, wanted: ValueType | None = None) -> Checked:
    """Find the types, fields and problems of a formula; never raises for what a person can type.

    Args:
        wanted: the type that the whole formula has to give, converted as an argument of a function is; None = any.
    """
    try:
        tree = parse(source) if isinstance(source, str) else source
    except FormulaSyntaxError as error:
        return Checked(None, ANY, (), (error.problem,), False)
    checker = _Checker(schema)
    node = checker.visit(tree)
    if wanted is not None and not any(problem.stops for problem in checker.problems):
        node = checker.result(node, wanted, tree.span)
    problems = tuple(sorted(checker.problems, key=lambda problem: (problem.start, problem.end)))
    parts = list(walk(node))
    fields = tuple({each.reference.key: each.reference for each in parts if isinstance(each, Field)}.values())
    if checker.broken:
        return Checked(None, ANY, fields, problems, False, checker.places(parts), node)
    volatile = any(isinstance(each, Invoke) and each.function.volatile for each in parts)
    return Checked(node, node.type, fields, problems, volatile, checker.places(parts))


MOST_GUESSES = 5
LONGEST_GUESS = 100


class _Checker(Arithmetic):
    def __init__(self, schema: Schema) -> None:
        super().__init__()
        self._schema = schema
        self.broken = False
        self._made: dict[int, tuple[Typed, Span]] = {}
        self._guesses = 0
        self._in_list = False

    def places(self, parts: Sequence[Typed]) -> dict[int, Span]:
        """Where the parts of the typed tree stand in the text."""
        return {id(each): self._made[id(each)][1] for each in parts if id(each) in self._made}

    def visit(self, node: Node) -> Typed:
        """The typed tree of a part of the formula; chains such as a+b+c are followed without recursion."""
        chain: list[nodes.Binary | nodes.Unary] = []
        first = node
        while isinstance(first, nodes.Binary | nodes.Unary):
            chain.append(first)
            first = first.left if isinstance(first, nodes.Binary) else first.operand
        made = self._written(self._operand(first), first.span)
        for each in reversed(chain):
            if isinstance(each, nodes.Unary):
                made = self.signed(each.operator, made, each.operand.span)
            else:
                right = self.visit(each.right)
                made = self.combined(each.operator, made, right, (each.left.span, each.right.span))
            made = self._written(made, each.span)
        return made

    def result(self, made: Typed, wanted: ValueType, span: Span) -> Typed:
        """The whole formula as `wanted`. A blank stays blank, and so may one among values of several types."""
        if made.type == BLANK or (made.type == ANY and wanted != TEXT):
            return made
        return self.fit(made, wanted, span)

    def _written(self, made: Typed, span: Span) -> Typed:
        self._made.setdefault(id(made), (made, span))
        return made

    def _operand(self, node: nodes.Literal | nodes.FieldPath | nodes.Name | nodes.Call) -> Typed:
        match node:
            case nodes.Literal():
                return constant(node.value)
            case nodes.FieldPath():
                return self._field(node)
            case nodes.Name():
                message = T(
                    "“{name}” is neither a field nor a function. Fields stand in braces, texts in quotes.",
                    name=node.name,
                )
                return self._cannot_run("unknown_name", message, node.span, UNKNOWN_NAME)
            case nodes.Call():
                return self._call(node)

    def _cannot_run(self, code: str, message: Sentence, span: Span, error: ErrorValue = WRONG_VALUE) -> Typed:
        self.say(code, message, span)
        self.broken = True
        return Fail(error)

    def _field(self, node: nodes.FieldPath) -> Typed:
        reference = self._schema.resolve(node.path)
        if reference is not None:
            return Field(reference)
        function = SYSTEM_NAMES.get(fold(node.path[0])) if len(node.path) == 1 else None
        if function is not None:
            return self._invoke(functions[function], [])
        record = record_meant(node.path)
        if record is not None:
            return Constant(record, RECORD)
        known = 0
        while known < len(node.path) - 1 and self._schema.resolve(node.path[: known + 1]) is not None:
            known += 1
        name = node.path[known]
        if name.startswith("#"):
            message = T("A field that this formula needs has been deleted.")
            return self._cannot_run("deleted_field", message, node.span, BROKEN_REFERENCE)
        near = self._near(name, self._schema.labels(node.path[:known]))
        if "{" in name:
            message = T("This field name has no closing brace ({brace}).", brace="}")
        elif near:
            message = T("There is no field “{name}”. Did you mean “{near}”?", name=name, near=near)
        else:
            message = T("There is no field “{name}” here.", name=name)
        return self._cannot_run("unknown_field", message, node.span, UNKNOWN_NAME)

    def _near(self, name: str, names: Collection[str]) -> str:
        """The one of `names` that was probably meant, or ""; a formula gets a few guesses, since each takes time."""
        self._guesses += 1
        if self._guesses > MOST_GUESSES or len(name) > LONGEST_GUESS:
            return ""
        return next(iter(get_close_matches(name, names, 1, 0.5)), "")

    def signed(self, operator: str, operand: Typed, span: Span) -> Typed:
        """As `Arithmetic` does, for each item where the operand is a list that is counted or added up."""
        if self._in_list and operand.type.is_list:
            return for_each_item([operand], lambda items: super(_Checker, self).signed(operator, items[0], span))
        return super().signed(operator, operand, span)

    def combined(self, operator: str, left: Typed, right: Typed, spans: tuple[Span, Span]) -> Typed:
        """As `Arithmetic` does, for each item where an operand is a list that is counted or added up."""
        if self._in_list and (left.type.is_list or right.type.is_list):
            combine = super().combined
            return for_each_item([left, right], lambda items: combine(operator, items[0], items[1], spans))
        return super().combined(operator, left, right, spans)

    def _call(self, node: nodes.Call) -> Typed:
        called, count = find_function(node.name), len(node.arguments)
        if called is None or not called.accepts(count):
            arguments = [self.visit(each) for each in node.arguments]
            return self._unknown_function(node) if called is None else self._wrong_arguments(called, node)
        params = [called.param(index, count) for index in range(count)]
        arguments = [self._visited(each, called, param) for each, param in zip(node.arguments, params, strict=True)]
        if self._in_list and _goes_item_by_item(called, arguments, params):
            return for_each_item(arguments, lambda items: self._called(called, items, node))
        return self._called(called, arguments, node)

    def _visited(self, node: Node, called: Function, param: Param) -> Typed:
        """An argument; inside of what is counted or added up, operators and functions take lists item by item."""
        former = self._in_list
        self._in_list = former or (_takes_lists(param) and (param.spread or called.special is None))
        try:
            return self.visit(node)
        finally:
            self._in_list = former

    def _called(self, called: Function, arguments: Sequence[Typed], node: nodes.Call) -> Typed:
        fitted = [
            self._argument(called.param(index, len(arguments)), argument, node.arguments[index].span)
            for index, argument in enumerate(arguments)
        ]
        if called.special is not None:
            made: Typed = called.special(Build(self.alike, node.span), fitted)
            return made
        return self._invoke(called, fitted)

    def _wrong_arguments(self, called: Function, node: nodes.Call) -> Typed:
        message = T("{name} needs other values: {signature}.", name=called.name, signature=called)
        return self._cannot_run("wrong_arguments", message, node.span)

    def _unknown_function(self, node: nodes.Call) -> Typed:
        near = self._near(node.name.upper(), function_names())
        if near:
            message = T("There is no function {name}. Did you mean {near}?", name=node.name, near=near)
        else:
            message = T("There is no function {name}.", name=node.name)
        return self._cannot_run(
            "unknown_function", message, (node.span[0], node.span[0] + len(node.name)), UNKNOWN_NAME
        )

    def _argument(self, param: Param, argument: Typed, span: Span) -> Typed:
        if param.skipped is not None and argument == Constant(None, BLANK):
            return constant(param.skipped)
        if param.strict and (argument.type == BOOL or (not param.optional and argument == Constant(None, BLANK))):
            self.refuse(argument.type, param.type, span)
            return Fail(WRONG_VALUE, param.type)
        if param.verify is not None and isinstance(argument, Constant) and argument.type == TEXT:
            wrong = param.verify(str(argument.value))
            if wrong is not None:
                self.say("wrong_constant", wrong, span)
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
        if param.reads and isinstance(argument, Constant) and have == TEXT:
            return self.converted(str(argument.value), NUMBER) or argument
        if param.type == ANY or have in (param.type, ANY, BLANK) or (param.moment and have.temporal):
            return argument
        if param.moment and isinstance(argument, Constant):
            pass
        elif isinstance(argument, Constant) and have == TEXT:
            converted = self.converted(str(argument.value), param.type)
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
        aggregate = any(param.spread for param in called.params) or not isinstance(called.result, ValueType)
        return Convert(node, NUMBER) if aggregate and type_ == NUMBER else node


def record_meant(path: Sequence[str]) -> UUID | None:
    """The record that `{#018f2c3e-...}` means: the id of one, to compare a relation with; None for other names."""
    if len(path) != 1 or _RECORD_ID.fullmatch(path[0]) is None:
        return None
    return UUID(path[0][1:])


_RECORD_ID = re.compile("#[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _takes_lists(param: Param) -> bool:
    return param.spread or param.type == ANY


def _goes_item_by_item(called: Function, arguments: Sequence[Typed], params: Sequence[Param]) -> bool:
    """Whether a call with lists among its arguments yields a list: one value for each item.

    So it is where one value is wanted and a list is given. A lazy function that takes anything keeps whole lists only
    where each of its values is one: CHOOSE(2, list, list).
    """
    lists = [each.type.is_list for each in arguments]
    if any(is_list and not _takes_lists(param) for is_list, param in zip(lists, params, strict=True)):
        return True
    free = [is_list for is_list, param in zip(lists, params, strict=True) if param.type == ANY and not param.spread]
    return called.special is not None and any(free) and (called.result != ANY or not all(free))
