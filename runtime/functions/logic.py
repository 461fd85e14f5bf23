"""Logic: IF, IFS, SWITCH, CHOOSE, AND, OR, NOT, XOR, TRUE, FALSE, IFERROR, IFNA, COALESCE; and what a value is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

from resources.texts import T
from runtime.functions import Builder, Group, Param, function, special
from runtime.value.error_values import ERRORS, NOT_AVAILABLE, WRONG_VALUE, Failure
from runtime.value.types import ANY, BOOL, NUMBER

N = TypeVar("N")

_CONDITION = Param(T("condition"), BOOL)
_VALUE = Param(T("value"))
_CONDITIONS = Param(T("condition"), BOOL, spread=True)


def _pairs(arguments: Sequence[N]) -> list[tuple[N, N]]:
    return list(pairwise(arguments))[::2]


@special(
    "IF",
    Group.LOGIC,
    ANY,
    _CONDITION,
    Param(T("value if true")),
    Param(T("value if false"), optional=True),
    aliases=("如果",),
    help=T("One value where the condition is true, another where it is not. Only the chosen value is computed."),
    example='IF(3>2, "more", "less")',
    shows="more",
)
def if_(build: Builder[N], arguments: Sequence[N]) -> N:
    """IF(c, a) yields FALSE where c is not true, as Excel does."""
    condition, chosen = arguments[:2]
    otherwise = arguments[2] if len(arguments) > 2 else build.constant(False)
    return build.choose([(condition, chosen)], otherwise)


@special(
    "IFS",
    Group.LOGIC,
    ANY,
    _CONDITION,
    _VALUE,
    repeats=2,
    aliases=("多条件",),
    help=T("The value beside the first condition that is true; #N/A where none is. End with TRUE for all others."),
    example='IFS(1>2, "a", 2>1, "b")',
    shows="b",
)
def ifs(build: Builder[N], arguments: Sequence[N]) -> N:
    """The first true case."""
    return build.choose(_pairs(arguments), build.error(NOT_AVAILABLE))


@special(
    "SWITCH",
    Group.LOGIC,
    ANY,
    Param(T("subject")),
    Param(T("case")),
    _VALUE,
    repeats=2,
    tail=Param(T("value for all others"), optional=True),
    aliases=("匹配",),
    help=T("The value beside the first case that equals the subject; the last value alone is for all others."),
    example='SWITCH(2, 1, "one", 2, "two", "many")',
    shows="two",
)
def switch(build: Builder[N], arguments: Sequence[N]) -> N:
    """The first equal case; the subject is computed once."""
    subject, rest = arguments[0], arguments[1:]
    otherwise = rest[-1] if len(rest) % 2 else build.error(NOT_AVAILABLE)
    return build.match(subject, _pairs(rest[: len(rest) - len(rest) % 2]), otherwise)


@special(
    "AND",
    Group.LOGIC,
    BOOL,
    _CONDITIONS,
    repeats=1,
    aliases=("且", "并且"),
    help=T("Whether all conditions are true. Stops at the first that is not."),
    example="AND(1<2, 2<3)",
    shows="TRUE",
)
def and_(build: Builder[N], arguments: Sequence[N]) -> N:
    """All of them."""
    return build.every(arguments)


@special(
    "OR",
    Group.LOGIC,
    BOOL,
    _CONDITIONS,
    repeats=1,
    aliases=("或", "或者"),
    help=T("Whether at least one condition is true. Stops at the first that is."),
    example="OR(1>2, 2<3)",
    shows="TRUE",
)
def or_(build: Builder[N], arguments: Sequence[N]) -> N:
    """One of them."""
    return build.some(arguments)


@special(
    "NOT",
    Group.LOGIC,
    BOOL,
    _CONDITION,
    aliases=("非", "取反"),
    help=T("True where the condition is false, and the other way round."),
    example="NOT(1>2)",
    shows="TRUE",
)
def not_(build: Builder[N], arguments: Sequence[N]) -> N:
    """The opposite."""
    return build.negated(arguments[0])


@function(
    "XOR",
    Group.LOGIC,
    BOOL,
    _CONDITIONS,
    repeats=1,
    aliases=("异或",),
    help=T("Whether an odd number of the conditions is true; of two conditions: whether exactly one is."),
    example="XOR(1<2, 2<3)",
    shows="FALSE",
)
def xor(*items: object) -> bool:
    """Parity of the true conditions; texts and blank items do not count, #VALUE! where nothing does."""
    judged = [bool(item) for item in items if isinstance(item, bool | Decimal)]
    if not judged:
        raise Failure(WRONG_VALUE)
    return sum(judged) % 2 == 1


@special(
    "CHOOSE",
    Group.LOGIC,
    ANY,
    Param(T("number"), NUMBER),
    _VALUE,
    repeats=1,
    aliases=("选择",),
    help=T("The value with that number: the first for 1, the second for 2. Only the chosen value is computed."),
    example='CHOOSE(2, "low", "high")',
    shows="high",
)
def choose(build: Builder[N], arguments: Sequence[N]) -> N:
    """A fraction of the number does not count; #VALUE! where there is no such value."""
    number = build.call("INT", arguments[:1])
    cases = [(build.constant(Decimal(place)), value) for place, value in enumerate(arguments[1:], 1)]
    return build.match(number, cases, build.error(WRONG_VALUE))


@special("TRUE", Group.LOGIC, BOOL, aliases=("真",), help=T("The value yes."), example="TRUE()", shows="TRUE")
def true(build: Builder[N], arguments: Sequence[N]) -> N:
    """TRUE() is the constant TRUE."""
    return build.constant(True)


@special("FALSE", Group.LOGIC, BOOL, aliases=("假",), help=T("The value no."), example="FALSE()", shows="FALSE")
def false(build: Builder[N], arguments: Sequence[N]) -> N:
    """FALSE() is the constant FALSE."""
    return build.constant(False)


@special(
    "IFERROR",
    Group.LOGIC,
    ANY,
    _VALUE,
    Param(T("value if error")),
    aliases=("如果错误",),
    help=T("A value, and another one where computing it ends in an error."),
    example='IFERROR(1/0, "no result")',
    shows="no result",
)
def iferror(build: Builder[N], arguments: Sequence[N]) -> N:
    """Catches every error."""
    return build.attempt(arguments[0], arguments[1], tuple(ERRORS.values()))


@special(
    "IFNA",
    Group.LOGIC,
    ANY,
    _VALUE,
    Param(T("value if nothing fits")),
    aliases=("如果无值",),
    help=T("A value, and another one where it is #N/A because no case fits. Other errors stay."),
    example='IFNA(IFS(1>2, "a"), "none")',
    shows="none",
)
def ifna(build: Builder[N], arguments: Sequence[N]) -> N:
    """Catches #N/A only."""
    return build.attempt(arguments[0], arguments[1], (NOT_AVAILABLE,))


@special(
    "ISBLANK",
    Group.LOGIC,
    BOOL,
    _VALUE,
    aliases=("为空", "ISEMPTY"),
    help=T("Whether a value is blank: nothing entered, or an empty text."),
    example='ISBLANK("")',
    shows="TRUE",
)
def isblank(build: Builder[N], arguments: Sequence[N]) -> N:
    """Blank or empty text; an error is not blank."""
    return build.inspect("blank", arguments[0])


@special(
    "COALESCE",
    Group.LOGIC,
    ANY,
    _VALUE,
    repeats=1,
    aliases=("首个非空",),
    help=T("The first of the values that is not blank."),
    example='COALESCE("", "b", "c")',
    shows="b",
)
def coalesce(build: Builder[N], arguments: Sequence[N]) -> N:
    """The first that is filled; later ones are not computed."""
    return build.first_filled(arguments)


@special(
    "ISNUMBER",
    Group.LOGIC,
    BOOL,
    _VALUE,
    aliases=("是数字",),
    help=T("Whether a value is a number. A blank value is none."),
    example='ISNUMBER("5")',
    shows="FALSE",
)
def isnumber(build: Builder[N], arguments: Sequence[N]) -> N:
    """Texts that look like numbers are texts; an error is no number."""
    return build.inspect("number", arguments[0])


@special(
    "ISERROR",
    Group.LOGIC,
    BOOL,
    _VALUE,
    aliases=("是错误",),
    help=T("Whether computing a value ends in an error."),
    example="ISERROR(1/0)",
    shows="TRUE",
)
def iserror(build: Builder[N], arguments: Sequence[N]) -> N:
    """Any error."""
    return build.inspect("error", arguments[0])
