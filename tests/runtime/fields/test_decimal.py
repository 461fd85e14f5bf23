"""What is special about the field type decimal."""

from decimal import Decimal

import pytest

from runtime.fields import Unreadable, field_types

KIND = field_types["decimal"]


def test_halves_are_rounded_away_from_zero() -> None:
    props = KIND.read({"decimals": 2})
    assert KIND.parse("2.675", props) == Decimal("2.68")
    assert KIND.parse("-2.675", props) == Decimal("-2.68")


def test_a_number_beyond_the_column_is_refused() -> None:
    with pytest.raises(Unreadable):
        KIND.parse("9" * 18, KIND.read({"decimals": 8}))


def test_a_tenth_is_a_tenth() -> None:
    props = KIND.read({"decimals": 1})
    assert KIND.to_column(Decimal("0.3"), props) == 3
    assert KIND.from_column(3, props) == Decimal("0.3")
