"""The one function that compiled SQL calls on SQLite, so that the database computes exactly as Python does.

``formula(key, arguments...)``: the key names an operator, a function of the catalogue, a conversion or a lazy form,
the time zone, and the codes of arguments (`wire`). A key is decoded once and kept.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from runtime.expression import running
from runtime.expression.operators import OPERATORS, QUESTIONS, ZONED_OPERATORS, comparison
from runtime.expression.wire import Reader, error_in, error_raw, raw_value, reader
from runtime.functions import functions
from runtime.value.conversions import fold, is_blank
from runtime.value.decimals import CONTEXT, TROUBLE, ZERO
from runtime.value.error_values import DIVISION_BY_ZERO, ERRORS, OUT_OF_RANGE, Failure
from runtime.value.types import Kind

SqliteFunction = tuple[str, int, Callable[..., Any], bool]
_STEP = Decimal(10**9)
Program = Callable[[tuple[Any, ...]], Any]
"""Arguments as they stand in SQL -> the value in Python; raises `Failure`."""


def sqlite_functions() -> list[SqliteFunction]:
    """What to register on every connection: (name, number of arguments or -1, function, deterministic)."""
    return [("formula", -1, _formula, True), ("fold", 1, _fold, True)]


def key(operation: str, codes: list[str], zone: str = "") -> str:
    """The first argument of ``formula``."""
    return f"{operation}|{zone}|{','.join(codes)}"


def _formula(program: str, *arguments: Any) -> Any:
    try:
        return raw_value(_program(program)(arguments))
    except Failure as failure:
        return error_raw(failure.error)
    except TROUBLE:
        return error_raw(OUT_OF_RANGE)


def _fold(text: Any) -> Any:
    return fold(text) if isinstance(text, str) else text


@lru_cache(maxsize=4096)
def _program(program: str) -> Program:
    operation, zone, codes = program.split("|")
    readers = [reader(code) for code in codes.split(",") if code]
    family, _, name = operation.partition(":")
    if family == "lazy":
        return _LAZY[name.partition(":")[0]](readers, name.partition(":")[2])
    return _eager(_implementation(family, name, ZoneInfo(zone) if zone else None), readers)


def _implementation(family: str, name: str, zone: ZoneInfo | None) -> Callable[..., Any]:
    if family == "op":
        operator = OPERATORS[name]
        return (lambda *values: operator(zone, *values)) if name in ZONED_OPERATORS else operator
    if family == "compare":
        sign, _, kind = name.partition(":")
        return comparison(sign, Kind(kind))
    if family == "to":
        kind_wanted = Kind(name)
        return lambda value: running.convert(value, kind_wanted, zone)
    called = functions[name]
    run = called.call
    return (lambda *values: run(zone, *values)) if called.zoned else run


def _eager(run: Callable[..., Any], readers: list[Reader]) -> Program:
    if len(readers) == 2:
        first, second = readers
        return lambda raw: run(first(raw[0]), second(raw[1]))
    return lambda raw: run(*[read(each) for read, each in zip(readers, raw, strict=True)])


def _bodies(readers: list[Reader], raw: tuple[Any, ...]) -> list[Callable[[], Any]]:
    return [lambda read=read, each=each: read(each) for read, each in zip(readers, raw, strict=True)]  # type: ignore[misc]


def _choose(readers: list[Reader], name: str) -> Program:
    def run(raw: tuple[Any, ...]) -> Any:
        for index in range(0, len(raw) - 1, 2):
            if readers[index](raw[index]):
                return readers[index + 1](raw[index + 1])
        return readers[-1](raw[-1])

    return run


def _match(readers: list[Reader], name: str) -> Program:
    equal = comparison("equal", Kind(name))

    def run(raw: tuple[Any, ...]) -> Any:
        subject = readers[0](raw[0])
        for index in range(1, len(raw) - 1, 2):
            if equal(subject, readers[index](raw[index])):
                return readers[index + 1](raw[index + 1])
        return readers[-1](raw[-1])

    return run


def _attempt(readers: list[Reader], name: str) -> Program:
    caught = [ERRORS[code] for code in name.split(" ")]

    def run(raw: tuple[Any, ...]) -> Any:
        chosen = 1 if error_in(raw[0]) in caught else 0
        return readers[chosen](raw[chosen])

    return run


def _sum(parts: list[Any]) -> Any:
    """A sum in parts, each 10**9 times as large as the one after it."""
    result = ZERO
    for part in parts:
        result = CONTEXT.add(CONTEXT.multiply(result, _STEP), part)
    return result


def _mean(total: Any, count: Any) -> Any:
    if not count:
        raise Failure(DIVISION_BY_ZERO)
    return CONTEXT.divide(total, count)


_LAZY: dict[str, Callable[[list[Reader], str], Program]] = {
    "choose": _choose,
    "match": _match,
    "attempt": _attempt,
    "every": lambda readers, name: lambda raw: running.junction(True, _bodies(readers, raw)),
    "some": lambda readers, name: lambda raw: running.junction(False, _bodies(readers, raw)),
    "filled": lambda readers, name: lambda raw: running.first_filled(_bodies(readers, raw)),
    "inspect": lambda readers, name: lambda raw: running.inspect(QUESTIONS[name], _bodies(readers, raw)[0]),
    "vacant": lambda readers, name: lambda raw: is_blank(readers[0](raw[0])),
    "sum": lambda readers, name: lambda raw: _sum([read(each) for read, each in zip(readers, raw, strict=True)]),
    "mean": lambda readers, name: lambda raw: _mean(*[read(each) for read, each in zip(readers, raw, strict=True)]),
    "value": lambda readers, name: lambda raw: None if error_in(raw[0]) else readers[0](raw[0]),
    "error": lambda readers, name: lambda raw: getattr(error_in(raw[0]), "code", None),
}
