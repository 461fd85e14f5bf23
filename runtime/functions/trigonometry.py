"""Angles: SIN, COS, TAN, their inverse and hyperbolic functions, DEGREES, RADIANS. Angles are in radians."""

from __future__ import annotations

from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value import elementary
from runtime.value.arithmetic import WIDE, narrowed
from runtime.value.error_values import DIVISION_BY_ZERO, Failure
from runtime.value.types import NUMBER

_ANGLE = Param(T("angle"), NUMBER)
_NUMBER = Param(T("number"), NUMBER)
_HALF_TURN = Decimal(180)


@function(
    "SIN",
    Group.TRIGONOMETRY,
    NUMBER,
    _ANGLE,
    aliases=("正弦",),
    help=T("The sine of an angle in radians."),
    example="ROUND(SIN(PI()/6), 4)",
    shows="0.5",
)
def sin(angle: Decimal) -> Decimal:
    """#NUM! from 2^27 on, as in Excel."""
    return narrowed(elementary.sine(angle))


@function(
    "COS",
    Group.TRIGONOMETRY,
    NUMBER,
    _ANGLE,
    aliases=("余弦",),
    help=T("The cosine of an angle in radians."),
    example="COS(0)",
    shows="1",
)
def cos(angle: Decimal) -> Decimal:
    """#NUM! from 2^27 on, as in Excel."""
    return narrowed(elementary.cosine(angle))


@function(
    "TAN",
    Group.TRIGONOMETRY,
    NUMBER,
    _ANGLE,
    aliases=("正切",),
    help=T("The tangent of an angle in radians."),
    example="ROUND(TAN(PI()/4), 4)",
    shows="1",
)
def tan(angle: Decimal) -> Decimal:
    """#NUM! from 2^27 on, as in Excel."""
    return narrowed(WIDE.divide(elementary.sine(angle), elementary.cosine(angle)))


@function(
    "ASIN",
    Group.TRIGONOMETRY,
    NUMBER,
    _NUMBER,
    aliases=("反正弦",),
    help=T("The angle in radians whose sine is a number from -1 to 1."),
    example="ASIN(0)",
    shows="0",
)
def asin(number: Decimal) -> Decimal:
    """From -pi/2 to pi/2."""
    return narrowed(elementary.arc_sine(number))


@function(
    "ACOS",
    Group.TRIGONOMETRY,
    NUMBER,
    _NUMBER,
    aliases=("反余弦",),
    help=T("The angle in radians whose cosine is a number from -1 to 1."),
    example="ACOS(1)",
    shows="0",
)
def acos(number: Decimal) -> Decimal:
    """From 0 to pi."""
    return narrowed(elementary.arc_cosine(number))


@function(
    "ATAN",
    Group.TRIGONOMETRY,
    NUMBER,
    _NUMBER,
    aliases=("反正切",),
    help=T("The angle in radians whose tangent is a number."),
    example="ROUND(ATAN(1)*4, 4)",
    shows="3.1416",
)
def atan(number: Decimal) -> Decimal:
    """From -pi/2 to pi/2."""
    return narrowed(elementary.arc_tangent(number))


@function(
    "ATAN2",
    Group.TRIGONOMETRY,
    NUMBER,
    Param(T("x"), NUMBER),
    Param(T("y"), NUMBER),
    aliases=("坐标反正切",),
    help=T("The angle in radians between the x axis and the line to the point x, y."),
    example="DEGREES(ATAN2(1, 1))",
    shows="45",
)
def atan2(across: Decimal, up: Decimal) -> Decimal:
    """From -pi (not included) to pi; #DIV/0! where both are 0."""
    if not across and not up:
        raise Failure(DIVISION_BY_ZERO)
    return narrowed(elementary.arc_tangent_of(across, up))


@function(
    "SINH",
    Group.TRIGONOMETRY,
    NUMBER,
    _NUMBER,
    aliases=("双曲正弦",),
    help=T("The hyperbolic sine of a number."),
    example="ROUND(SINH(1), 4)",
    shows="1.1752",
)
def sinh(number: Decimal) -> Decimal:
    """#NUM! beyond about 710."""
    return narrowed(elementary.hyperbolic_sine(number))


@function(
    "COSH",
    Group.TRIGONOMETRY,
    NUMBER,
    _NUMBER,
    aliases=("双曲余弦",),
    help=T("The hyperbolic cosine of a number."),
    example="COSH(0)",
    shows="1",
)
def cosh(number: Decimal) -> Decimal:
    """#NUM! beyond about 710."""
    return narrowed(elementary.hyperbolic_cosine(number))


@function(
    "TANH",
    Group.TRIGONOMETRY,
    NUMBER,
    _NUMBER,
    aliases=("双曲正切",),
    help=T("The hyperbolic tangent of a number."),
    example="ROUND(TANH(1), 4)",
    shows="0.7616",
)
def tanh(number: Decimal) -> Decimal:
    """From -1 to 1."""
    return narrowed(elementary.hyperbolic_tangent(number))


@function(
    "ASINH",
    Group.TRIGONOMETRY,
    NUMBER,
    _NUMBER,
    aliases=("反双曲正弦",),
    help=T("The number whose hyperbolic sine is the given one."),
    example="ROUND(ASINH(1), 4)",
    shows="0.8814",
)
def asinh(number: Decimal) -> Decimal:
    """Of every number."""
    return narrowed(elementary.area_hyperbolic_sine(number))


@function(
    "ACOSH",
    Group.TRIGONOMETRY,
    NUMBER,
    _NUMBER,
    aliases=("反双曲余弦",),
    help=T("The positive number whose hyperbolic cosine is the given one, which is at least 1."),
    example="ACOSH(1)",
    shows="0",
)
def acosh(number: Decimal) -> Decimal:
    """#NUM! below 1."""
    return narrowed(elementary.area_hyperbolic_cosine(number))


@function(
    "ATANH",
    Group.TRIGONOMETRY,
    NUMBER,
    _NUMBER,
    aliases=("反双曲正切",),
    help=T("The number whose hyperbolic tangent is the given one, which lies between -1 and 1."),
    example="ROUND(ATANH(0.5), 4)",
    shows="0.5493",
)
def atanh(number: Decimal) -> Decimal:
    """#NUM! for -1 and 1 and beyond."""
    return narrowed(elementary.area_hyperbolic_tangent(number))


@function(
    "DEGREES",
    Group.TRIGONOMETRY,
    NUMBER,
    _ANGLE,
    aliases=("弧度转角度",),
    help=T("An angle in radians as degrees."),
    example="DEGREES(PI())",
    shows="180",
)
def degrees(angle: Decimal) -> Decimal:
    """Half a turn is 180."""
    return narrowed(WIDE.divide(WIDE.multiply(angle, _HALF_TURN), elementary.PI))


@function(
    "RADIANS",
    Group.TRIGONOMETRY,
    NUMBER,
    _ANGLE,
    aliases=("角度转弧度",),
    help=T("An angle in degrees as radians."),
    example="ROUND(RADIANS(180), 4)",
    shows="3.1416",
)
def radians(angle: Decimal) -> Decimal:
    """Half a turn is pi."""
    return narrowed(WIDE.divide(WIDE.multiply(angle, elementary.PI), _HALF_TURN))
