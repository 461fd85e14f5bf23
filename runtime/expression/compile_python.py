"""Typed tree -> generated Python source -> one function, compiled once per tree.

No text of the formula enters the source: constants, fields, functions and operators are names (``k3``, ``r0``,
``f1``) bound in a namespace without builtins. Types are known, so numbers meet in plain ``a * b`` with nothing in
between; a field is guarded by one test of its class. Inside, errors travel as `Failure`; they leave as values.
The function runs in the decimal context of formulas: outside of `exact_arithmetic` it enters it for itself.

A subexpression nested deeper than `NESTING` becomes a function of its own, since Python's parser has a limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from runtime.errors import Refused
from runtime.expression.check import Checked
from runtime.expression.operators import COMPARISONS, QUESTIONS, ZONED_OPERATORS, compared_kind, implementation
from runtime.expression.running import CONVERSIONS, NAMES, PYTHON_CLASSES, ZONED_CONVERSIONS, for_each
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
    bottom_up,
    references,
)
from runtime.value.error_values import ErrorValue
from runtime.value.situation import Situation
from runtime.value.types import Kind, ValueType

NESTING = 40


class Evaluate(Protocol):
    """A compiled formula as a function of one row."""

    def __call__(self, values: Mapping[str, object], situation: Situation | None = None) -> Any:
        """The result for one row: a number as `Decimal`, text, bool, date, aware date-time, UUID, tuple or None.

        Args:
            values: `Reference.key` -> value (int or Decimal; text; label of a choice; list; an `ErrorValue` where the
                field itself is in error). All references must be there.
            situation: needed by volatile formulas and by those that turn date-times into days or texts.

        Returns:
            The value, or an `ErrorValue`.

        Raises:
            KeyError: a reference is missing. TypeError: a float or a foreign object. ValueError: no situation.
        """
        ...


@dataclass(frozen=True, slots=True)
class Compiled:
    """A formula that runs.

    Attributes:
        evaluate: the generated function. Around a loop over rows put ``with exact_arithmetic():``.
        source: the generated Python, for tests and the curious.
        references: the fields whose values it reads.
        type: type of the result.
    """

    evaluate: Evaluate
    source: str
    references: tuple[Reference, ...]
    type: ValueType


def compile_python(checked: Checked) -> Compiled:
    """Compile a checked formula; the same tree is compiled once.

    Raises:
        Refused: the formula cannot run (`checked.node` is None).
    """
    if checked.node is None:
        raise Refused(checked.problems)
    return compile_typed(checked.node)


@lru_cache(maxsize=4096)
def compile_typed(node: Typed, whole: bool = True) -> Compiled:
    """Compile a typed tree; the result of a part that is no `whole` keeps the `GUARDED` digits of a quotient."""
    writer = _Writer()
    source = writer.function(node, whole)
    namespace: dict[str, Any] = {"__builtins__": {}, **NAMES, **writer.names}
    exec(compile(source, "<formula>", "exec"), namespace)  # noqa: S102 - names and fixed words only, see above
    return Compiled(namespace["formula"], source, references(node), node.type)


_HEAD = (
    "def formula(v, s=None):",
    "    former = getcontext()",
    "    if former is not CONTEXT:",
    "        setcontext(CONTEXT)",
    "        try:",
    "            return formula(v, s)",
    "        finally:",
    "            setcontext(former)",
)


@dataclass(frozen=True, slots=True)
class _Code:
    """An expression; `solid` = never blank and of its class; `depth` = brackets inside one another."""

    text: str
    solid: bool
    depth: int


class _Writer:
    def __init__(self) -> None:
        self.names: dict[str, Any] = {}
        self._named: dict[tuple[str, int], str] = {}
        self._codes: dict[int, _Code] = {}
        self._rows: dict[str, str] = {}
        self._parts: list[str] = []
        self._temporaries = 0

    def function(self, node: Typed, whole: bool) -> str:
        """The source; parts are written before what they are part of, so that long chains need no deep recursion."""
        for each in bottom_up(node):
            self._write(each)
        result = self._write(node)
        value = result.text
        if whole and node.type.kind in (Kind.NUMBER, Kind.ANY):
            plain = result.solid and node.type.kind is Kind.NUMBER
            value = f"+({value})" if plain else f"final({value})"
        lines = list(_HEAD)
        lines += [f"    {name} = v[{self._name('key', key)}]" for key, name in self._rows.items()]
        lines += [f"    {line}" for line in self._parts]
        lines += [
            "    try:",
            f"        return {value}",
            "    except Failure as failure:",
            "        return failure.error",
            "    except TROUBLE:",
            "        return OUT_OF_RANGE",
        ]
        return "\n".join(lines) + "\n"

    def _name(self, prefix: str, value: object) -> str:
        """A name bound to `value` in the namespace; the same object has one name."""
        name = self._named.get((prefix, id(value)))
        if name is None:
            name = f"{prefix}{len(self.names)}"
            self._named[prefix, id(value)] = name
            self.names[name] = value
        return name

    def _write(self, node: Typed) -> _Code:
        code = self._codes.get(id(node))
        if code is None:
            code = self._expression(node)
            if code.depth >= NESTING:
                name = f"part{len(self._parts)}"
                self._parts.append(f"{name} = lambda: {code.text}")
                code = _Code(f"{name}()", code.solid, 1)
            self._codes[id(node)] = code
        return code

    def _expression(self, node: Typed) -> _Code:
        match node:
            case Constant():
                return _Code(self._name("k", node.value), node.value is not None, 0)
            case Field():
                return self._field(node)
            case Convert():
                return self._convert(node)
            case Operation():
                return self._operation(node)
            case Invoke():
                return self._invoke(node)
            case Fail():
                return _Code(f"fail({self._name('e', node.error)})", True, 1)
            case _:
                return self._lazy_form(node)

    def _lazy_form(self, node: Choose | Match | Attempt | Junction | FirstFilled | Inspect | ForEach) -> _Code:
        match node:
            case ForEach():
                return self._for_each(node)
            case Choose():
                return self._choose(node)
            case Match():
                return self._match(node)
            case Attempt():
                return self._attempt(node)
            case Junction():
                return self._junction(node)
            case FirstFilled():
                bodies = [self._write(each) for each in node.operands]
                return self._call("first_filled", _lazily(bodies), bodies, solid=False)
            case Inspect():
                body = self._write(node.operand)
                question = self._name("q", QUESTIONS[node.question])
                return self._call("inspect", f"{question}, lambda: {body.text}", [body], solid=True)

    @staticmethod
    def _call(name: str, arguments: str, parts: list[_Code], solid: bool) -> _Code:
        depth = 2 + max((part.depth for part in parts), default=0)
        return _Code(f"{name}({arguments})", solid, depth)

    def _for_each(self, node: ForEach) -> _Code:
        operands = [self._write(each) for each in node.operands]
        wide = [each.type.is_list for each in node.operands]
        run = for_each(compile_typed(node.template, False).evaluate, node.keys, wide)
        name = f"each{len(self.names)}"
        self.names[name] = run
        return self._call(name, ", ".join(["s", *(each.text for each in operands)]), operands, solid=False)

    def _row(self, reference: Reference) -> str:
        return self._rows.setdefault(reference.key, f"r{len(self._rows)}")

    def _field(self, node: Field) -> _Code:
        name = self._row(node.reference)
        class_ = PYTHON_CLASSES.get(node.type.kind)
        if class_ is None or class_ is tuple:
            return _Code(f"given({name})", False, 1)
        return _Code(f"({name} if {name}.__class__ is {self._name('c', class_)} else given({name}))", False, 2)

    def _solid(self, node: Typed) -> _Code:
        """As `_write`, with blank turned to the blank of the type: 0, "" or FALSE; others may stay blank."""
        code = self._write(node)
        kind = node.type.kind
        converter = {Kind.NUMBER: "to_number", Kind.BOOL: "to_bool"}.get(kind)
        if node.type.textual:
            converter = "to_text"
        if code.solid or converter is None:
            return code
        zone = ", None" if converter == "to_text" else ""
        if isinstance(node, Field):
            name = self._row(node.reference)
            class_ = self._name("c", PYTHON_CLASSES[kind])
            return _Code(f"({name} if {name}.__class__ is {class_} else {converter}({name}{zone}))", True, 2)
        return self._call(converter, f"{code.text}{zone}", [code], solid=True)

    def _convert(self, node: Convert) -> _Code:
        operand = self._write(node.operand)
        kind = node.type.kind
        solid = kind in _NEVER_BLANK
        if kind in CONVERSIONS:
            return self._call(f"to_{kind.value}", operand.text, [operand], solid)
        if kind in ZONED_CONVERSIONS:
            return self._call(f"to_{kind.value}", f"{operand.text}, zone_of(s)", [operand], solid)
        raise AssertionError(f"no conversion to {kind}")

    def _operation(self, node: Operation) -> _Code:
        types = [each.type for each in node.operands]
        kind = compared_kind(types)
        mixed = kind is Kind.ANY and node.operator in COMPARISONS
        keep_blank = mixed or node.operator == "vacant"
        operands = [self._write(each) if keep_blank else self._solid(each) for each in node.operands]
        texts = [each.text for each in operands]
        depth = 2 + max(each.depth for each in operands)
        if node.operator in _SYMBOLS and kind in (Kind.NUMBER, Kind.BOOL):
            return _Code(f"({texts[0]} {_SYMBOLS[node.operator]} {texts[1]})", True, depth)
        if node.operator == "not":
            return _Code(f"(not {texts[0]})", True, depth)
        run = self._name("o", implementation(node.operator, types))
        first = ["zone_of(s)"] if node.operator in ZONED_OPERATORS else []
        solid = node.type.kind in _NEVER_BLANK and node.operator not in _BLANKABLE
        return _Code(f"{run}({', '.join([*first, *texts])})", solid, depth)

    def _invoke(self, node: Invoke) -> _Code:
        called = node.function
        parts = [
            self._write(each) if called.param(index, len(node.arguments)).spread else self._solid(each)
            for index, each in enumerate(node.arguments)
        ]
        first = ["required(s)"] if called.volatile else ["zone_of(s)"] if called.zoned else []
        arguments = ", ".join([*first, *(part.text for part in parts)])
        return self._call(self._name("f", called.call), arguments, parts, solid=False)

    def _choose(self, node: Choose) -> _Code:
        conditions = [self._solid(condition) for condition, _ in node.cases]
        values = [self._write(value) for _, value in node.cases]
        otherwise = self._write(node.otherwise)
        chain = [f"{value.text} if {test.text} else " for test, value in zip(conditions, values, strict=True)]
        solid = otherwise.solid and all(value.solid for value in values)
        depth = 1 + max(part.depth for part in [*conditions, *values, otherwise])
        return _Code(f"({''.join(chain)}{otherwise.text})", solid, depth)

    def _match(self, node: Match) -> _Code:
        self._temporaries += 1
        temporary = f"t{self._temporaries}"
        subject = self._solid(node.subject)
        keys = [self._solid(key) for key, _ in node.cases]
        values = [self._write(value) for _, value in node.cases]
        otherwise = self._write(node.otherwise)
        equal = self._name("o", implementation("equal", [node.compared]))
        chain = [
            f"{value.text} if {equal}({temporary}, {key.text}) else " for key, value in zip(keys, values, strict=True)
        ]
        solid = otherwise.solid and all(value.solid for value in values)
        depth = 3 + max(part.depth for part in [subject, *keys, *values, otherwise])
        return _Code(f"({temporary} := {subject.text}, ({''.join(chain)}{otherwise.text}))[1]", solid, depth)

    def _attempt(self, node: Attempt) -> _Code:
        body, fallback = self._write(node.body), self._write(node.fallback)
        caught: tuple[ErrorValue, ...] = node.caught
        arguments = f"lambda: {body.text}, lambda: {fallback.text}, {self._name('e', caught)}"
        return self._call("attempt", arguments, [body, fallback], body.solid and fallback.solid)

    def _junction(self, node: Junction) -> _Code:
        if any(each.type.kind is not Kind.BOOL for each in node.operands):
            bodies = [self._write(each) for each in node.operands]
            return self._call("junction", f"{self._name('k', node.every)}, {_lazily(bodies)}", bodies, solid=True)
        parts = [self._solid(each) for each in node.operands]
        word = " and " if node.every else " or "
        return _Code(f"({word.join(part.text for part in parts)})", True, 1 + max(part.depth for part in parts))


_SYMBOLS = {
    **dict(zip(COMPARISONS, ("==", "!=", "<", "<=", ">", ">="), strict=True)),
    "add": "+",
    "subtract": "-",
    "multiply": "*",
}
"""Operations on numbers and yes/no that Python's own operators do."""

_NEVER_BLANK = (Kind.NUMBER, Kind.TEXT, Kind.BOOL)
_BLANKABLE = frozenset(("dates_apart", "moments_apart"))


def _lazily(bodies: list[_Code]) -> str:
    return f"({''.join(f'lambda: {body.text}, ' for body in bodies)})"
