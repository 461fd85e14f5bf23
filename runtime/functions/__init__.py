"""CATALOGUE of formula functions, one file per group: the contract `Function` and its registry.

A function is declared once, beside its Python implementation:

    @function("ABS", Group.MATHEMATICS, NUMBER, Param(T("number"), NUMBER), help=T("..."), example="ABS(-5)", shows="5")
    def absolute(number: Decimal) -> Decimal: ...

An eager function gets its arguments already converted to the types of its parameters (blank became 0, "" or FALSE,
errors went past it; with a blank date it is not called and the result is blank). It returns a value or raises
`Failure`. A `special` function does not compute: it rewrites its call with a `Builder` into the few lazy forms every
back end knows (choose, match, attempt, every, some, ...). So no function contains Python source or SQL. The SQLite
back end calls the Python implementation itself; another engine maps the `name` to its own SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Protocol, TypeVar

from resources.texts import T, Text
from runtime.registry import Registry
from runtime.value.conversions import fold
from runtime.value.error_values import WRONG_VALUE, ErrorValue, Failure
from runtime.value.types import ANY, Kind, ValueType

MOST_ARGUMENTS = 255


class Group(StrEnum):
    """Where a function stands in the editor's list."""

    LOGIC = "logic"
    MATHEMATICS = "mathematics"
    TEXT = "text"
    DATES = "dates"
    ROUNDING = "rounding"
    INTEGERS = "integers"
    TRIGONOMETRY = "trigonometry"
    NUMERALS = "numerals"
    LISTS = "lists"
    CONDITIONALS = "conditionals"
    STATISTICS = "statistics"
    FINANCE = "finance"
    PEOPLE = "people"

    @property
    def label(self) -> Text:
        """The heading of the group."""
        return _GROUP_LABELS[self]


_GROUP_LABELS = {
    Group.LOGIC: T("Logic"),
    Group.MATHEMATICS: T("Mathematics"),
    Group.TEXT: T("Text"),
    Group.DATES: T("Date and time"),
    Group.ROUNDING: T("Rounding"),
    Group.INTEGERS: T("Whole numbers"),
    Group.TRIGONOMETRY: T("Angles"),
    Group.NUMERALS: T("Number systems"),
    Group.LISTS: T("Lists and sub-forms"),
    Group.CONDITIONALS: T("Lists with conditions"),
    Group.STATISTICS: T("Statistics"),
    Group.FINANCE: T("Finance"),
    Group.PEOPLE: T("People"),
}


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter.

    Attributes:
        label: its name in the signature.
        type: what arguments are converted to; ANY leaves them as they are.
        optional: may be left out; the implementation then uses its own default.
        spread: takes values and lists alike, after all parameters that do not; the implementation gets all of them as
            items (an aggregate) and skips those of other types, so only constants are converted.
        moment: a date parameter that also takes date-times unchanged; an aggregate of numbers that also takes dates
            and converts no constants.
        options: the only texts allowed, folded -> the text the implementation gets; empty = any text.
        skipped: what a place left empty between two commas stands for; None = blank, as Excel reads most places.
        reads: an aggregate of anything that takes a constant text for the number it shows, as Excel's COUNT does.
        strict: a yes/no is refused here (#VALUE!), as by Excel's functions for days and months.
        verify: says what is wrong with a constant text, or None where it is good.
    """

    label: Text
    type: ValueType = ANY
    optional: bool = False
    spread: bool = False
    moment: bool = False
    options: Mapping[str, str] = field(default_factory=dict, hash=False)
    skipped: Decimal | bool | None = None
    reads: bool = False
    strict: bool = False
    verify: Callable[[str], Text | None] | None = None


N = TypeVar("N")


class Builder(Protocol[N]):
    """What a special function may build its call from; `N` is a typed expression, opaque here."""

    def constant(self, value: object) -> N:
        """A constant value."""
        ...

    def error(self, error: ErrorValue) -> N:
        """An expression that always yields `error`."""
        ...

    def choose(self, cases: Sequence[tuple[N, N]], otherwise: N) -> N:
        """The value of the first case whose condition is TRUE; conditions are evaluated in order and only as needed."""
        ...

    def match(self, subject: N, cases: Sequence[tuple[N, N]], otherwise: N) -> N:
        """The value of the first case whose key equals `subject`, which is evaluated once."""
        ...

    def attempt(self, body: N, fallback: N, caught: Sequence[ErrorValue]) -> N:
        """`body`, or `fallback` where `body` yields one of `caught`."""
        ...

    def every(self, operands: Sequence[N]) -> N:
        """Whether all are TRUE; stops at the first FALSE."""
        ...

    def some(self, operands: Sequence[N]) -> N:
        """Whether one is TRUE; stops at the first TRUE."""
        ...

    def first_filled(self, operands: Sequence[N]) -> N:
        """The first value that is not blank."""
        ...

    def inspect(self, question: str, operand: N) -> N:
        """Whether a value is ``blank``, ``number``, ``text`` or ``error``; an error is an answer here, no failure."""
        ...

    def negated(self, operand: N) -> N:
        """NOT."""
        ...

    def call(self, name: str, operands: Sequence[N]) -> N:
        """A call of the eager function `name`."""
        ...


ResultRule = Callable[[Sequence[ValueType]], ValueType]
"""Types of the arguments -> type of the result."""

Special = Callable[[Builder[Any], Sequence[Any]], Any]
"""Rewrites a call with a `Builder`; the arguments are typed expressions, already converted."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the language; identity is its `name`.

    Attributes:
        name: canonical name in capitals; stored in formulas.
        group: where it stands in the editor.
        result: type of the result, or a rule that finds it from the types of the arguments; of a special function
            only for show: its type is that of what it builds.
        params: parameters in order; the last `repeats` of them repeat as a group, `tail` may follow the last group.
        help: what it does, one or two sentences.
        example: a formula without fields; `shows` is its result as text.
        run: the implementation of an eager function; `special` rewrites the call of a lazy one. Exactly one is set.
        aliases: other names, Chinese ones first.
        volatile: depends on the `Situation`, which is its first argument (time, person).
        zoned: depends on the time zone, which is its first argument.
        random: yields another value each time; only defaults may use it. It is volatile, too.
        offered: shown in the editor's list.
    """

    name: str
    group: Group
    result: ValueType | ResultRule
    params: tuple[Param, ...]
    help: Text
    example: str
    shows: str
    run: Callable[..., Any] | None = None
    special: Special | None = None
    aliases: tuple[str, ...] = ()
    repeats: int = 0
    tail: Param | None = None
    volatile: bool = False
    zoned: bool = False
    random: bool = False
    offered: bool = True

    @property
    def call(self) -> Callable[..., Any]:
        """`run` as evaluations call it: lists spread, options resolved, blank where a date is blank."""
        return _prepared(self)

    def result_type(self, arguments: Sequence[ValueType]) -> ValueType:
        """The type of the result for arguments of these types."""
        return self.result if isinstance(self.result, ValueType) else self.result(arguments)

    def accepts(self, count: int) -> bool:
        """Whether a call with `count` arguments is legal."""
        fixed = len(self.params) - self.repeats
        required = sum(not param.optional for param in self.params[:fixed])
        if not self.repeats or not required <= count <= MOST_ARGUMENTS:
            return required <= count <= fixed
        over = (count - fixed) % self.repeats
        return count > fixed and (over == 0 or (over == 1 and self.tail is not None))

    def param(self, index: int, count: int) -> Param:
        """The parameter that takes argument `index` of `count`."""
        fixed = len(self.params) - self.repeats
        if index < fixed or not self.repeats:
            return self.params[index]
        if self.tail is not None and index == count - 1 and (count - fixed) % self.repeats == 1:
            return self.tail
        return self.params[fixed + (index - fixed) % self.repeats]

    def __str__(self) -> str:
        """How it is called, in the current language: ``ROUND(number, [digits])``."""
        words = [f"[{param.label}]" if param.optional else str(param.label) for param in self.params]
        if self.repeats:
            words.append("…")
        if self.tail is not None:
            words.append(f"[{self.tail.label}]")
        return f"{self.name}({', '.join(words)})"


functions: Registry[Function] = Registry("runtime.functions")
"""Every function of the language, by canonical name."""


def function(
    name: str, group: Group, result: ValueType | ResultRule, *params: Param, **declared: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: registers an eager function whose implementation is the decorated Python function."""

    def register(run: Callable[..., Any]) -> Callable[..., Any]:
        functions.add(Function(name, group, result, params, run=run, **declared))
        return run

    return register


def special(
    name: str, group: Group, result: ValueType | ResultRule, *params: Param, **declared: Any
) -> Callable[[Special], Special]:
    """Decorator: registers a lazy function; the decorated Python function rewrites its call with a `Builder`."""

    def register(rewrite: Special) -> Special:
        functions.add(Function(name, group, result, params, special=rewrite, **declared))
        return rewrite

    return register


_BLANK_STAYS = (Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.DURATION)


@cache
def _prepared(called: Function) -> Callable[..., Any]:
    run = called.run
    assert run is not None, f"{called.name} is special: it is rewritten, never called"
    shift = 1 if called.zoned or called.volatile else 0
    fixed = [param for param in called.params if not param.spread]
    if len(fixed) < len(called.params):
        run = _spreading(run, shift + len(fixed))
    dates = [shift + index for index, param in enumerate(fixed) if param.type.kind in _BLANK_STAYS]
    options = [(shift + index, param.options) for index, param in enumerate(fixed) if param.options]
    return _minding(run, dates, options) if dates or options else run


def _spreading(run: Callable[..., Any], fixed: int) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        return run(*arguments[:fixed], *items_of(arguments[fixed:]))

    return call


def _minding(
    run: Callable[..., Any], dates: Sequence[int], options: Sequence[tuple[int, Mapping[str, str]]]
) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        values = list(arguments)
        for index, allowed in options:
            if index < len(values):
                values[index] = _option(allowed, values[index])
        if any(index < len(values) and values[index] is None for index in dates):
            return None
        return run(*values)

    return call


def _option(allowed: Mapping[str, str], text: str) -> str:
    meant = allowed.get(fold(text))
    if meant is None:
        raise Failure(WRONG_VALUE)
    return meant


def items_of(arguments: Sequence[Any]) -> list[Any]:
    """Values and the items of lists, in order; an error among the items raises its `Failure`."""
    items: list[Any] = []
    for argument in arguments:
        items.extend(argument if isinstance(argument, tuple) else (argument,))
    for item in items:
        if isinstance(item, ErrorValue):
            raise Failure(item)
    return items


@cache
def _by_any_name() -> dict[str, Function]:
    found: dict[str, Function] = {}
    for each in functions:
        for name in (each.name, *each.aliases):
            if found.setdefault(name.upper(), each) is not each:
                raise ValueError(f"two functions are named {name!r}")
    return found


def find_function(name: str) -> Function | None:
    """The function called `name` in any letter case, or by an alias; None where there is none."""
    return _by_any_name().get(name.upper())


def function_names() -> tuple[str, ...]:
    """Every name and alias a formula may use."""
    return tuple(_by_any_name())
