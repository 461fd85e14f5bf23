"""Series to 60 digits: known digits, and that they do not depend on the context of the caller."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext

import pytest

from runtime.value import elementary
from runtime.value.arithmetic import WIDE
from runtime.value.decimals import ONE
from runtime.value.error_values import Failure

NEAR = Decimal("1E-57")


@pytest.mark.parametrize(
    ("function", "number", "expected"),
    [
        ("sine", "1", "0.841470984807896506652502321630298999622563060798371065672752"),
        ("cosine", "1", "0.540302305868139717400936607442976603732310420617922227670097"),
        ("sine", "100000000", "0.931639027109726008027516653612042970472901838527536434308284"),
        ("arc_tangent", "1", "0.785398163397448309615660845819875721049292349843776455243736"),
        ("arc_tangent", "-7", "-1.42889927219073269641847007453719835909080294095908883810934"),
        ("hyperbolic_sine", "1", "1.17520119364380145688238185059560081515571798133409587022957"),
        ("area_hyperbolic_sine", "1", "0.881373587019543025232609324979792309028160328261635410753296"),
        ("area_hyperbolic_tangent", "0.5", "0.549306144334054845697622618461262852323745278911374725867347"),
        ("logarithm", "2", "0.693147180559945309417232121458176568075500134360255254120680"),
    ],
)
def test_known_digits_in_every_context(function: str, number: str, expected: str) -> None:
    digits = min(57, len(expected.partition(".")[2]) - 1)
    for precision in (5, 34, 80):
        with localcontext(Context(prec=precision)):
            found = getattr(elementary, function)(Decimal(number))
        assert WIDE.subtract(found, Decimal(expected)).copy_abs() < Decimal(1).scaleb(-digits)


@pytest.mark.parametrize("angle", ["134217728", "-1E+300"])
def test_angles_beyond_the_limit_are_refused(angle: str) -> None:
    for function in (elementary.sine, elementary.cosine):
        with pytest.raises(Failure):
            function(Decimal(angle))


def test_all_four_quarters() -> None:
    for across, up, eighths in ((1, 1, 1), (-1, 1, 3), (-1, -1, -3), (1, -1, -1), (0, 1, 2), (0, -1, -2), (-1, 0, 4)):
        angle = elementary.arc_tangent_of(Decimal(across), Decimal(up))
        wanted = WIDE.divide(WIDE.multiply(elementary.PI, Decimal(eighths)), Decimal(4))
        assert WIDE.subtract(angle, wanted).copy_abs() < NEAR
        length = WIDE.sqrt(Decimal(across**2 + up**2))
        assert WIDE.subtract(WIDE.multiply(elementary.cosine(angle), length), Decimal(across)).copy_abs() < NEAR
        assert WIDE.subtract(WIDE.multiply(elementary.sine(angle), length), Decimal(up)).copy_abs() < NEAR


def test_tiny_arguments_are_their_own_result() -> None:
    tiny = Decimal("1E-300")
    for function in ("sine", "arc_tangent", "arc_sine", "hyperbolic_sine", "hyperbolic_tangent"):
        assert WIDE.divide(getattr(elementary, function)(tiny), tiny) == ONE
