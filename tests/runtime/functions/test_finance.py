"""Finance: known values, and the equation that payments, values, periods and rate solve together."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.functions.finance import fv, ipmt, nper, npv, pmt, ppmt, pv, rate_
from runtime.value.decimals import exact_arithmetic
from runtime.value.error_values import ErrorValue
from tests.runtime.expression.sample import result

RATES = st.decimals(Decimal("-0.2"), Decimal("0.5"), places=4)
POSITIVE_RATES = st.decimals(Decimal("0.001"), Decimal("0.3"), places=3)
PERIODS = st.integers(1, 60).map(Decimal)
AMOUNTS = st.decimals(1, 10**6, places=2)
DUE = st.sampled_from([Decimal(0), Decimal(1)])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("PMT(0.075/12,24,5000,0,1)", "-223.600460380743"),
        ("PMT(0,12,-300)", "25"),
        ("PMT(1E-16,10,1000)", "-100.0000000000000055"),
        ("PMT(0.0199/12,36,25000,0,-20)", "-714.770007508274"),
        ("PMT(0.0199/12,36,25000,,)", "-715.955334437392"),
        ("PV(0.08/12,48,500,20000)", "-35019.3680845542"),
        ("PV(0,3,-100/3)", "100"),
        ("FV(0.06/12,10,-200,-500,1)", "2581.40337406014"),
        ("FV(0.5,12.5,100)", "-31581.232382676626"),
        ("FV(0.11/12,35,-2000,,1)", "82846.2463719006"),
        ("FV(1E-30,10,1)", "-10"),
        ("NPER(0.075/12,-150,5000)", "37.495062318964"),
        ("NPER(0,-50,1000)", "20"),
        ("NPER(0.2,62.82911077993046,-200,10,-1)", "4"),
        ("IPMT(0.1,3,29.9,8000)", "-789.6830496171365"),
        ("IPMT(0.1,1,24,100000,1000000,1)", "0"),
        ("IPMT(0.05,5,7,)", "0"),
        ("PPMT(0.01,1.00000000001,36,8000,0,1)", "-183.8757212899287"),
        ("PPMT(0.08,10,10,200000)", "-27598.0534624214"),
        ("NPV(0.05,100,25,125,{明细}.{金额})", "237.57926512731055"),
        ("NPV(0.1,{名称},{任意},7)", "6.3636363636363636"),
        ("NPV(0.1,{单价})", "0"),
        ("SLN(8000,8,-7)", "-1141.714285714286"),
        ("RATE(48,-200,8000)", "0.0077014724882"),
        ("RATE(360,-1000,200000)*12", "0.0438711354283525"),
        ("RATE(12,-10,120)", "0"),
        ("RATE(10,0,-100,200)", "0.0717734625362931"),
    ],
)
def test_known_values(source: str, expected: str) -> None:
    found = result(source, **{"c_lines.c_amount": [4, 5, None, 6], "c_anything": [None, "x", True]})
    assert abs(found - Decimal(expected)) <= Decimal("1E-12") * abs(found)


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("PMT(-3,5,100,300,1)", "#NUM!"),
        ("PMT(0.1,0,100)", "#NUM!"),
        ("PMT(0,0,100)", "#NUM!"),
        ('PMT("x",5,100)', "#VALUE!"),
        ("PV(-1,3,100)", "#DIV/0!"),
        ("PV(SQRT(-1),2,3)", "#NUM!"),
        ("FV(-1,-2,1)", "#DIV/0!"),
        ("FV(-3,0.5,1)", "#NUM!"),
        ("FV(10,1E+300,1)", "#NUM!"),
        ("NPER(-3,5,100)", "#NUM!"),
        ("NPER(0.06,0,80,400)", "#NUM!"),
        ("NPER(0.1,0,0,100)", "#NUM!"),
        ("NPER(0,0,100)", "#DIV/0!"),
        ("IPMT(0.1,0,36,8000)", "#NUM!"),
        ("IPMT(0.1,4,3,8000)", "#NUM!"),
        ("PPMT(0.1,-3,36,8000)", "#NUM!"),
        ("NPV(-1,5)", "#DIV/0!"),
        ("SLN(1,2,{单价})", "#DIV/0!"),
        ("RATE(10,5,100)", "#NUM!"),
        ("RATE(0,5,100)", "#NUM!"),
    ],
)
def test_what_has_no_result_is_an_error(source: str, error: str) -> None:
    assert result(source) == ErrorValue(error)


@given(RATES, PERIODS, AMOUNTS, AMOUNTS, DUE)
def test_payment_present_and_future_value_solve_one_equation(
    rate: Decimal, periods: Decimal, present: Decimal, future: Decimal, due: Decimal
) -> None:
    with exact_arithmetic():
        payment = pmt(rate, periods, present, future, due)
        near = Decimal("1E-20") * (present + future)
        assert abs(fv(rate, periods, payment, present, due) - future) < near
        assert abs(pv(rate, periods, payment, future, due) - present) < near * 10**7
        assert abs(npv(rate, *[payment] * int(periods)) * (1 + due * rate) + pv(rate, periods, payment, 0, due)) < near


@given(POSITIVE_RATES, PERIODS, AMOUNTS, DUE)
def test_periods_lead_back(rate: Decimal, periods: Decimal, present: Decimal, due: Decimal) -> None:
    with exact_arithmetic():
        payment = pmt(rate, periods, present, Decimal(0), due)
        assert abs(nper(rate, payment, present, Decimal(0), due) - periods) < Decimal("1E-15")


@given(st.decimals(Decimal("-0.01"), Decimal("0.05"), places=4), st.integers(2, 360).map(Decimal), AMOUNTS, DUE)
def test_rates_lead_back(rate: Decimal, periods: Decimal, present: Decimal, due: Decimal) -> None:
    with exact_arithmetic():
        payment = pmt(rate, periods, present, Decimal(0), due)
        assert abs(rate_(periods, payment, present, Decimal(0), due) - rate) < Decimal("1E-15")


@given(POSITIVE_RATES, PERIODS, AMOUNTS, DUE)
def test_interest_and_repayment_are_the_payment_and_repay_the_loan(
    rate: Decimal, periods: Decimal, present: Decimal, due: Decimal
) -> None:
    with exact_arithmetic():
        payment, repaid = pmt(rate, periods, present, Decimal(0), due), Decimal(0)
        for number in range(1, int(periods) + 1):
            period = Decimal(number)
            interest = ipmt(rate, period, periods, present, Decimal(0), due)
            repayment = ppmt(rate, period, periods, present, Decimal(0), due)
            assert abs(interest + repayment - payment) < Decimal("1E-20")
            repaid += repayment
        assert abs(repaid + present) < Decimal("1E-15")
