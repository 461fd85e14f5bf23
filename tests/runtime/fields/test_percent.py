"""What is special about the field type percent."""

from decimal import Decimal

from runtime.fields import field_types

KIND = field_types["percent"]


def test_25_percent_is_a_quarter() -> None:
    props = KIND.read({"decimals": 1})
    for text in ("25%", "25", "25.0 %", "２５％"):
        assert KIND.parse(text, props) == Decimal("0.25")
    assert KIND.format(Decimal("0.25"), props) == "25.0%"


def test_the_column_keeps_two_more_places_than_are_shown() -> None:
    assert KIND.to_column(Decimal("0.125"), KIND.read({"decimals": 1})) == 125
