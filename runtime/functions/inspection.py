"""Logic: what a value is. ISTEXT, ISNONTEXT, ISLOGICAL, ISERR, ISNA, N, T."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from typing import TypeVar

from resources.texts import T
from runtime.functions import Builder, Group, Param, function, special
from runtime.value.conversions import to_number
from runtime.value.decimals import ONE, ZERO
from runtime.value.error_values import ErrorValue, Failure
from runtime.value.serials import serial_of
from runtime.value.types import BOOL, NUMBER, TEXT

B = TypeVar("B")

_VALUE = Param(T("value"))


@special(
    "ISTEXT",
    Group.LOGIC,
    BOOL,
    _VALUE,
    aliases=("是文本",),
    help=T("Whether a value is a text. A blank value is none."),
    example='ISTEXT("5")',
    shows="TRUE",
)
def istext(build: Builder[B], arguments: Sequence[B]) -> B:
    """Choices are texts too; an error is none."""
    return build.inspect("text", arguments[0])


@special(
    "ISNONTEXT",
    Group.LOGIC,
    BOOL,
    _VALUE,
    aliases=("非文本",),
    help=T("Whether a value is anything but a text: a number, a date, blank or an error."),
    example="ISNONTEXT(5)",
    shows="TRUE",
)
def isnontext(build: Builder[B], arguments: Sequence[B]) -> B:
    """The opposite of ISTEXT."""
    return build.negated(build.inspect("text", arguments[0]))


@special(
    "ISLOGICAL",
    Group.LOGIC,
    BOOL,
    _VALUE,
    aliases=("是逻辑值",),
    help=T("Whether a value is yes or no."),
    example="ISLOGICAL(1>2)",
    shows="TRUE",
)
def islogical(build: Builder[B], arguments: Sequence[B]) -> B:
    """TRUE and FALSE; the text "TRUE" is a text."""
    return build.inspect("logical", arguments[0])


@special(
    "ISNA",
    Group.LOGIC,
    BOOL,
    _VALUE,
    aliases=("是无值",),
    help=T("Whether computing a value ends in #N/A, because no case fits."),
    example='ISNA(IFS(1>2, "a"))',
    shows="TRUE",
)
def isna(build: Builder[B], arguments: Sequence[B]) -> B:
    """That one error."""
    return build.inspect("not_available", arguments[0])


@special(
    "ISERR",
    Group.LOGIC,
    BOOL,
    _VALUE,
    aliases=("是其他错误",),
    help=T("Whether computing a value ends in an error other than #N/A."),
    example="ISERR(1/0)",
    shows="TRUE",
)
def iserr(build: Builder[B], arguments: Sequence[B]) -> B:
    """Any error but #N/A."""
    other = build.negated(build.inspect("not_available", arguments[0]))
    return build.every([build.inspect("error", arguments[0]), other])


@function(
    "N",
    Group.LOGIC,
    NUMBER,
    _VALUE,
    zoned=True,
    aliases=("取数值",),
    help=T("A number as it is, 1 for yes, the day number of a date; 0 for texts and blank values."),
    example='N("5")',
    shows="0",
)
def n(zone: tzinfo | None, value: object) -> Decimal:
    """Of a list its first item; an error stays."""
    if isinstance(value, tuple):
        value = value[0] if value else None
    if isinstance(value, ErrorValue):
        raise Failure(value)
    if isinstance(value, bool):
        return ONE if value else ZERO
    if isinstance(value, date | time | timedelta):
        return serial_of(value, zone)
    return to_number(value) if isinstance(value, Decimal) else ZERO


@function(
    "T",
    Group.LOGIC,
    TEXT,
    _VALUE,
    aliases=("取文本",),
    help=T("A text as it is; an empty text for every other value."),
    example="T(5)",
    shows="",
)
def t(value: object) -> str:
    """Of a list its first item; an error stays."""
    if isinstance(value, tuple):
        value = value[0] if value else None
    if isinstance(value, ErrorValue):
        raise Failure(value)
    return value if isinstance(value, str) else ""
