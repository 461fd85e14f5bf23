"""What is special about the field type money."""

from decimal import Decimal

import pytest

from runtime.fields import field_types

KIND = field_types["money"]


def test_it_shows_symbol_separators_and_sign() -> None:
    props = KIND.read({})
    assert KIND.format(Decimal("-1234.5"), props) == "-¥1,234.50"
    assert KIND.format(Decimal("1234.5"), KIND.read({"symbol": "$", "decimals": 0})) == "$1,235"


@pytest.mark.parametrize("text", ["￥3,000元", "¥3000", "3000.00", "3,000", "(3,000)", "0.3万"])
def test_it_reads_what_people_write(text: str) -> None:
    expected = Decimal(-3000) if text.startswith("(") else Decimal(3000)
    assert KIND.parse(text, KIND.read({})) == expected
