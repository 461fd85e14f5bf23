"""Sine, arc tangent, exponential and logarithm to 60 digits, and the functions made of them.

All take and return numbers of `WIDE`; callers round with `narrowed`. Taylor series, after the argument was made small.
No operators on `Decimal` in here: they would round in the context of the caller.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from runtime.value.arithmetic import WIDE
from runtime.value.decimals import ONE, ZERO
from runtime.value.error_values import OUT_OF_RANGE, Failure

PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899863")
"""To 84 digits, so that arguments of sine up to 1E+8 keep 60 when whole turns are taken off."""

LARGEST_ANGLE = Decimal(2**27)
"""Excel's limit for sine, cosine and tangent, about 134 million."""

_TWO = Decimal(2)
_HALF_PI = WIDE.divide(PI, _TWO)
_HALVINGS = 4
_TINY = Decimal("1E-19")
"""Below this a function that begins with x is x: the next term does not show in 34 digits."""


def sine(angle: Decimal) -> Decimal:
    """Sine of an angle in radians; #NUM! from `LARGEST_ANGLE` on."""
    turned = _quarter_turns(angle)
    return _sine_of_quarter(*turned)


def cosine(angle: Decimal) -> Decimal:
    """Cosine of an angle in radians; #NUM! from `LARGEST_ANGLE` on."""
    quarters, rest = _quarter_turns(angle)
    return _sine_of_quarter((quarters + 1) % 4, rest)


def _quarter_turns(angle: Decimal) -> tuple[int, Decimal]:
    """How many quarter turns (0 to 3) an angle is nearest to, and the angle from there, at most pi/4."""
    if angle.copy_abs() >= LARGEST_ANGLE:
        raise Failure(OUT_OF_RANGE)
    exact = WIDE.copy()
    exact.prec = 90
    quarter = exact.divide(PI, _TWO)
    count = exact.divide(angle, quarter).to_integral_value(ROUND_HALF_EVEN)
    return int(count) % 4, exact.subtract(angle, exact.multiply(count, quarter))


def _sine_of_quarter(quarters: int, angle: Decimal) -> Decimal:
    """Sine of `quarters` quarter turns and a small `angle`."""
    start, power = (WIDE.plus(angle), 1) if quarters % 2 == 0 else (ONE, 0)
    square, term, result = WIDE.multiply(angle, angle), start, start
    while term and term.adjusted() > result.adjusted() - WIDE.prec:
        term = WIDE.divide(WIDE.multiply(term, square), Decimal(-(power + 1) * (power + 2)))
        result = WIDE.add(result, term)
        power += 2
    return result if quarters < 2 else result.copy_negate()


def arc_tangent(number: Decimal) -> Decimal:
    """The angle between -pi/2 and pi/2; halved until it is small: atan x = 2 atan (x / (1 + sqrt(1 + x^2)))."""
    if number.copy_abs() > 1:
        return WIDE.subtract(_HALF_PI.copy_sign(number), arc_tangent(WIDE.divide(ONE, number)))
    small = number
    for _ in range(_HALVINGS):
        root = WIDE.sqrt(WIDE.add(ONE, WIDE.multiply(small, small)))
        small = WIDE.divide(small, WIDE.add(ONE, root))
    square, term, result, divisor = WIDE.multiply(small, small), small, small, 1
    while term and term.adjusted() > result.adjusted() - WIDE.prec:
        term = WIDE.minus(WIDE.multiply(term, square))
        divisor += 2
        result = WIDE.add(result, WIDE.divide(term, Decimal(divisor)))
    return WIDE.multiply(result, Decimal(2**_HALVINGS))


def arc_sine(number: Decimal) -> Decimal:
    """The angle between -pi/2 and pi/2; #NUM! outside -1 to 1."""
    if number.copy_abs() > 1:
        raise Failure(OUT_OF_RANGE)
    if number.copy_abs() == 1:
        return _HALF_PI.copy_sign(number)
    return arc_tangent(WIDE.divide(number, _root(WIDE.subtract(ONE, number), WIDE.add(ONE, number))))


def arc_cosine(number: Decimal) -> Decimal:
    """The angle between 0 and pi; #NUM! outside -1 to 1."""
    return WIDE.subtract(_HALF_PI, arc_sine(number))


def arc_tangent_of(across: Decimal, up: Decimal) -> Decimal:
    """The angle of the point (across, up), from -pi (not included) to pi; not both may be 0."""
    if not across:
        return _HALF_PI.copy_sign(up)
    angle = arc_tangent(WIDE.divide(up, across))
    if across > 0:
        return angle
    return WIDE.add(angle, PI.copy_sign(up))


def hyperbolic_sine(number: Decimal) -> Decimal:
    """(e^x - e^-x) / 2."""
    if number.copy_abs() < _TINY:
        return number
    return WIDE.divide(WIDE.subtract(WIDE.exp(number), WIDE.exp(number.copy_negate())), _TWO)


def hyperbolic_cosine(number: Decimal) -> Decimal:
    """(e^x + e^-x) / 2."""
    return WIDE.divide(WIDE.add(WIDE.exp(number), WIDE.exp(number.copy_negate())), _TWO)


def hyperbolic_tangent(number: Decimal) -> Decimal:
    """The hyperbolic sine by the cosine; from 100 on it is 1 to all digits."""
    if number.copy_abs() > 100:
        return ONE.copy_sign(number)
    return WIDE.divide(hyperbolic_sine(number), hyperbolic_cosine(number))


def area_hyperbolic_sine(number: Decimal) -> Decimal:
    """ln(x + sqrt(x^2 + 1)), of the number without its sign."""
    if number.copy_abs() < _TINY:
        return number
    size = number.copy_abs()
    found = WIDE.ln(WIDE.add(size, WIDE.sqrt(WIDE.add(WIDE.multiply(size, size), ONE))))
    return found.copy_sign(number)


def area_hyperbolic_cosine(number: Decimal) -> Decimal:
    """ln(x + sqrt(x^2 - 1)); #NUM! below 1."""
    if number < 1:
        raise Failure(OUT_OF_RANGE)
    return WIDE.ln(WIDE.add(number, _root(WIDE.subtract(number, ONE), WIDE.add(number, ONE))))


def area_hyperbolic_tangent(number: Decimal) -> Decimal:
    """ln((1 + x) / (1 - x)) / 2; #NUM! unless it lies between -1 and 1."""
    if number.copy_abs() >= 1:
        raise Failure(OUT_OF_RANGE)
    if number.copy_abs() < _TINY:
        return number
    return WIDE.divide(WIDE.ln(WIDE.divide(WIDE.add(ONE, number), WIDE.subtract(ONE, number))), _TWO)


def logarithm(number: Decimal, base: Decimal | None = None) -> Decimal:
    """To `base`, or the natural one; #NUM! for numbers and bases that are not greater than 0."""
    if number <= 0 or (base is not None and base <= 0):
        raise Failure(OUT_OF_RANGE)
    found = WIDE.ln(number)
    return found if base is None else WIDE.divide(found, WIDE.ln(base))


def _root(first: Decimal, second: Decimal) -> Decimal:
    """The square root of a product, without the product where it is 0."""
    return WIDE.sqrt(WIDE.multiply(first, second)) if first and second else ZERO
