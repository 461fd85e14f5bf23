"""Arithmetic beyond that of `CONTEXT`: rounding, powers, multiples, whole parts; and a wider context to compute in."""

from __future__ import annotations

from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)

from runtime.value.decimals import CONTEXT, LARGEST_EXPONENT, ZERO
from runtime.value.error_values import DIVISION_BY_ZERO, OUT_OF_RANGE, Failure

_FAR = Decimal(2 * LARGEST_EXPONENT)

WIDE = Context(
    prec=60,
    rounding=ROUND_HALF_EVEN,
    Emin=-9999,
    Emax=9999,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""60 digits: what is computed in several steps loses nothing that shows in the 34 digits of a result."""


def narrowed(number: Decimal) -> Decimal:
    """A result of `WIDE` as a number of formulas; what is nearer to 0 than 1E-308 is 0, as in Excel."""
    result = CONTEXT.plus(number)
    return result if result.is_normal(CONTEXT) else ZERO


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """#NUM! for 0^0 and roots of negative numbers, #DIV/0! for 0^-1, as Excel."""
    return _power(CONTEXT, base, exponent)


def wide_power(base: Decimal, exponent: Decimal) -> Decimal:
    """As `power`, to 60 digits; 0^0 is 1."""
    return _power(WIDE, base, exponent) if base or exponent else WIDE.create_decimal(1)


def _power(context: Context, base: Decimal, exponent: Decimal) -> Decimal:
    if not base:
        if exponent <= 0:
            raise Failure(DIVISION_BY_ZERO if exponent else OUT_OF_RANGE)
        return base
    return context.power(base, exponent)


def rounded(number: Decimal, digits: Decimal, rounding: str) -> Decimal:
    """`number` with `digits` decimals (negative: tens, hundreds ...); a fraction in `digits` does not count."""
    places = int(max(min(digits, _FAR), -_FAR))
    exponent = number.as_tuple().exponent
    if not number or not isinstance(exponent, int) or exponent >= -places:
        return number
    if number.adjusted() < -places - 1 and rounding != ROUND_UP:
        return ZERO
    return number.quantize(Decimal((0, (1,), -places)), rounding, CONTEXT)


def multiple_below(number: Decimal, step: Decimal) -> Decimal:
    """The greatest multiple of `step` that is not greater than `number`; the sign of `step`, not 0, does not count.

    `number` itself where `step` is too small to change any of its 34 digits.
    """
    width = step.copy_abs()
    if number.adjusted() - width.adjusted() >= CONTEXT.prec:
        return number
    steps = CONTEXT.divide_int(number, width)
    if number < 0 and CONTEXT.remainder(number, width):
        steps = CONTEXT.subtract(steps, Decimal(1))
    return CONTEXT.multiply(steps, width)


def multiple_above(number: Decimal, step: Decimal) -> Decimal:
    """The least multiple of `step` that is not less than `number`; see `multiple_below`."""
    return CONTEXT.minus(multiple_below(CONTEXT.minus(number), step))


def whole(number: Decimal) -> int:
    """`number` without its fraction."""
    return int(number.to_integral_value(ROUND_DOWN))


def whole_between(number: Decimal, least: int, most: int) -> int:
    """`number` without its fraction; #NUM! below `least` and above `most`."""
    found = whole(number)
    if not least <= found <= most:
        raise Failure(OUT_OF_RANGE)
    return found
