"""Finance: PMT, PV, FV, NPER, RATE, IPMT, PPMT, NPV, SLN.

The sign says the direction: what is paid out is negative, what is received positive. All but RATE solve the equation

    pv * g + pmt * (1 + rate * due) * (g - 1) / rate + fv = 0    with g = (1 + rate) ^ periods

where `due` is 1 for payments at the beginning of a period, else 0; for rate 0 it is pv + pmt * periods + fv = 0.
They compute to 60 digits, since g - 1 loses many of them where the rate is small.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from resources.texts import T
from runtime.functions import Group, Param, function
from runtime.value.aggregates import numbers_of
from runtime.value.arithmetic import WIDE, narrowed, wide_power
from runtime.value.decimals import ONE, ZERO
from runtime.value.error_values import DIVISION_BY_ZERO, OUT_OF_RANGE, Failure
from runtime.value.types import ANY, NUMBER

_TINY = Decimal("1E-25")
"""A smaller rate is none: what it earns does not show in 34 digits."""

_STEPS = 60
_NEAR = Decimal("1E-20")
_GUESS = Decimal("0.1")
_TWO = Decimal(2)

_RATE = Param(T("rate"), NUMBER)
_PERIOD = Param(T("period"), NUMBER)
_PERIODS = Param(T("periods"), NUMBER)
_PAYMENT = Param(T("payment"), NUMBER)
_PRESENT = Param(T("present value"), NUMBER)
_OPTIONAL_PRESENT = Param(T("present value"), NUMBER, optional=True)
_FUTURE = Param(T("future value"), NUMBER, optional=True)
_DUE = Param(T("1 = paid at the beginning"), NUMBER, optional=True)


def _divided(dividend: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise Failure(OUT_OF_RANGE)
    return WIDE.divide(dividend, divisor)


def _growth(rate: Decimal, periods: Decimal) -> Decimal:
    return wide_power(WIDE.add(ONE, rate), periods)


def _annuity(rate: Decimal, growth: Decimal, due: Decimal) -> Decimal:
    """What 1 paid in every period grows to; `growth` is that of one payment over all periods."""
    grown = WIDE.divide(WIDE.subtract(growth, ONE), rate)
    return WIDE.multiply(grown, WIDE.add(ONE, rate)) if due else grown


def _payment(rate: Decimal, periods: Decimal, present: Decimal, future: Decimal, due: Decimal) -> Decimal:
    if rate <= -1:
        raise Failure(OUT_OF_RANGE)
    if rate.copy_abs() < _TINY:
        return _divided(WIDE.add(present, future), WIDE.minus(periods))
    growth = _growth(rate, periods)
    owed = WIDE.add(WIDE.multiply(present, growth), future)
    return _divided(WIDE.minus(owed), _annuity(rate, growth, due))


def _future(rate: Decimal, periods: Decimal, payment: Decimal, present: Decimal, due: Decimal) -> Decimal:
    if rate.copy_abs() < _TINY:
        return WIDE.minus(WIDE.add(present, WIDE.multiply(payment, periods)))
    growth = _growth(rate, periods)
    paid = WIDE.multiply(payment, _annuity(rate, growth, due))
    return WIDE.minus(WIDE.add(WIDE.multiply(present, growth), paid))


def _present(rate: Decimal, periods: Decimal, payment: Decimal, future: Decimal, due: Decimal) -> Decimal:
    if rate == -1:
        raise Failure(DIVISION_BY_ZERO)
    if rate.copy_abs() < _TINY:
        return WIDE.minus(WIDE.add(future, WIDE.multiply(payment, periods)))
    growth = _growth(rate, periods)
    paid = WIDE.add(future, WIDE.multiply(payment, _annuity(rate, growth, due)))
    return _divided(WIDE.minus(paid), growth)


@function(
    "PMT",
    Group.FINANCE,
    NUMBER,
    _RATE,
    _PERIODS,
    _PRESENT,
    _FUTURE,
    _DUE,
    aliases=("每期付款", "等额还款"),
    help=T("The equal payment per period for a loan. The rate is that of one period: a yearly rate by 12 for months."),
    example="ROUND(PMT(0.06/12, 24, 10000), 2)",
    shows="-443.21",
)
def pmt(rate: Decimal, periods: Decimal, present: Decimal, future: Decimal = ZERO, due: Decimal = ZERO) -> Decimal:
    """#NUM! for no periods and for rates of -100% and less."""
    return narrowed(_payment(rate, periods, present, future, due))


@function(
    "PV",
    Group.FINANCE,
    NUMBER,
    _RATE,
    _PERIODS,
    _PAYMENT,
    _FUTURE,
    _DUE,
    aliases=("现值",),
    help=T("What equal payments, and a last value, are worth today."),
    example="ROUND(PV(0.06/12, 24, -443.21), 2)",
    shows="10000.09",
)
def pv(rate: Decimal, periods: Decimal, payment: Decimal, future: Decimal = ZERO, due: Decimal = ZERO) -> Decimal:
    """#DIV/0! for the rate -100%."""
    return narrowed(_present(rate, periods, payment, future, due))


@function(
    "FV",
    Group.FINANCE,
    NUMBER,
    _RATE,
    _PERIODS,
    _PAYMENT,
    _OPTIONAL_PRESENT,
    _DUE,
    aliases=("终值", "未来值"),
    help=T("What equal payments, and a first value, grow to with interest."),
    example="ROUND(FV(0.06/12, 24, -100), 2)",
    shows="2543.2",
)
def fv(rate: Decimal, periods: Decimal, payment: Decimal, present: Decimal = ZERO, due: Decimal = ZERO) -> Decimal:
    """#DIV/0! for the rate -100% and less than no periods."""
    return narrowed(_future(rate, periods, payment, present, due))


@function(
    "NPER",
    Group.FINANCE,
    NUMBER,
    _RATE,
    _PAYMENT,
    _PRESENT,
    _FUTURE,
    _DUE,
    aliases=("期数",),
    help=T("How many periods it takes to pay back a loan, or to save a sum, with equal payments."),
    example="ROUND(NPER(0.06/12, -500, 10000), 2)",
    shows="21.12",
)
def nper(rate: Decimal, payment: Decimal, present: Decimal, future: Decimal = ZERO, due: Decimal = ZERO) -> Decimal:
    """#NUM! where the payments never suffice; #DIV/0! for no rate and no payment."""
    if rate.copy_abs() < _TINY:
        if not payment:
            raise Failure(DIVISION_BY_ZERO)
        return narrowed(WIDE.divide(WIDE.add(present, future), WIDE.minus(payment)))
    if rate <= -1:
        raise Failure(OUT_OF_RANGE)
    paid = WIDE.multiply(payment, WIDE.add(ONE, rate)) if due else payment
    above = WIDE.subtract(paid, WIDE.multiply(future, rate))
    below = WIDE.add(paid, WIDE.multiply(present, rate))
    growth = _divided(above, below)
    if growth <= 0:
        raise Failure(OUT_OF_RANGE)
    return narrowed(WIDE.divide(WIDE.ln(growth), WIDE.ln(WIDE.add(ONE, rate))))


def _interest(
    rate: Decimal, period: Decimal, periods: Decimal, present: Decimal, future: Decimal, due: Decimal
) -> tuple[Decimal, Decimal]:
    """The payment, and the part of it in one period that is interest: on what is owed when the period begins."""
    payment = _payment(rate, periods, present, future, due)
    if period < 1 or period >= WIDE.add(periods, ONE):
        raise Failure(OUT_OF_RANGE)
    if not due:
        owed = _future(rate, WIDE.subtract(period, ONE), payment, present, due)
    elif period == 1:
        owed = ZERO
    else:
        owed = WIDE.subtract(_future(rate, WIDE.subtract(period, _TWO), payment, present, due), payment)
    return payment, WIDE.multiply(owed, rate)


@function(
    "IPMT",
    Group.FINANCE,
    NUMBER,
    _RATE,
    _PERIOD,
    _PERIODS,
    _PRESENT,
    _FUTURE,
    _DUE,
    aliases=("每期利息",),
    help=T("The interest in the payment of one period of a loan."),
    example="ROUND(IPMT(0.06/12, 1, 24, 10000), 2)",
    shows="-50",
)
def ipmt(
    rate: Decimal,
    period: Decimal,
    periods: Decimal,
    present: Decimal,
    future: Decimal = ZERO,
    due: Decimal = ZERO,
) -> Decimal:
    """#NUM! for a period that is not among the periods."""
    return narrowed(_interest(rate, period, periods, present, future, due)[1])


@function(
    "PPMT",
    Group.FINANCE,
    NUMBER,
    _RATE,
    _PERIOD,
    _PERIODS,
    _PRESENT,
    _FUTURE,
    _DUE,
    aliases=("每期本金",),
    help=T("The repayment in the payment of one period of a loan: the payment without its interest."),
    example="ROUND(PPMT(0.06/12, 1, 24, 10000), 2)",
    shows="-393.21",
)
def ppmt(
    rate: Decimal,
    period: Decimal,
    periods: Decimal,
    present: Decimal,
    future: Decimal = ZERO,
    due: Decimal = ZERO,
) -> Decimal:
    """#NUM! for a period that is not among the periods."""
    payment, interest = _interest(rate, period, periods, present, future, due)
    return narrowed(WIDE.subtract(payment, interest))


@function(
    "RATE",
    Group.FINANCE,
    NUMBER,
    _PERIODS,
    _PAYMENT,
    _PRESENT,
    _FUTURE,
    _DUE,
    Param(T("first guess"), NUMBER, optional=True, skipped=_GUESS),
    aliases=("利率",),
    help=T("The rate of one period of a loan with equal payments."),
    example="ROUND(RATE(24, -443.21, 10000), 4)",
    shows="0.005",
)
def rate_(
    periods: Decimal,
    payment: Decimal,
    present: Decimal,
    future: Decimal = ZERO,
    due: Decimal = ZERO,
    guess: Decimal = _GUESS,
) -> Decimal:
    """By Newton's method on what all payments are worth today; #NUM! where it finds none in 60 steps."""
    if periods <= 0 or guess <= -1:
        raise Failure(OUT_OF_RANGE)

    def worth(rate: Decimal) -> Decimal:
        return WIDE.subtract(present, _present(rate, periods, payment, future, due))

    rate, found = guess, worth(guess)
    for _ in range(_STEPS):
        slope = WIDE.divide(WIDE.subtract(worth(WIDE.add(rate, _NEAR)), found), _NEAR)
        step = _divided(found, slope)
        if step.copy_abs() < _TINY:
            following = WIDE.subtract(rate, step)
            return narrowed(following) if following.copy_abs() > _TINY else ZERO
        rate, found = _nearer(worth, rate, found, step)
    raise Failure(OUT_OF_RANGE)


def _nearer(
    worth: Callable[[Decimal], Decimal], rate: Decimal, found: Decimal, step: Decimal
) -> tuple[Decimal, Decimal]:
    """The next rate, and what it is worth: a whole step, or half of it and so on, until that is nearer to 0."""
    for _ in range(_STEPS):
        following = WIDE.subtract(rate, step)
        if following > -1:
            worth_there = worth(following)
            if worth_there.copy_abs() < found.copy_abs():
                return following, worth_there
        step = WIDE.divide(step, _TWO)
    raise Failure(OUT_OF_RANGE)


@function(
    "NPV",
    Group.FINANCE,
    NUMBER,
    _RATE,
    Param(T("payment"), ANY, spread=True),
    repeats=1,
    aliases=("净现值",),
    help=T("What payments at the end of the coming periods are worth today. Blank values and texts are no periods."),
    example="ROUND(NPV(0.1, -100, 60, 60), 2)",
    shows="3.76",
)
def npv(rate: Decimal, *payments: object) -> Decimal:
    """The first payment is one period away; #DIV/0! for the rate -100%."""
    factor = WIDE.add(ONE, rate)
    if not factor:
        raise Failure(DIVISION_BY_ZERO)
    result = ZERO
    for payment in reversed(numbers_of(payments)):
        result = WIDE.divide(WIDE.add(result, payment), factor)
    return narrowed(result)


@function(
    "SLN",
    Group.FINANCE,
    NUMBER,
    Param(T("cost"), NUMBER),
    Param(T("last value"), NUMBER),
    Param(T("periods"), NUMBER),
    aliases=("直线折旧",),
    help=T("The equal depreciation per period from the cost of a thing to its last value."),
    example="SLN(10000, 1000, 5)",
    shows="1800",
)
def sln(cost: Decimal, last_value: Decimal, periods: Decimal) -> Decimal:
    """#DIV/0! for no periods."""
    if not periods:
        raise Failure(DIVISION_BY_ZERO)
    return narrowed(WIDE.divide(WIDE.subtract(cost, last_value), periods))
