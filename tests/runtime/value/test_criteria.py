"""Conditions of SUMIF and its kin: which items meet which condition."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.value.criteria import criterion
from runtime.value.error_values import ErrorValue, Failure

ZONE = ZoneInfo("Asia/Shanghai")
NOT_AVAILABLE = ErrorValue("#N/A")
DAY = date(2024, 5, 17)
ITEMS: dict[str, Any] = {
    "5": Decimal(5),
    "7": Decimal(7),
    "0": Decimal(0),
    "text 5": "5",
    "apple": "Apple",
    "pear": "pear",
    "star": "a*",
    "yes": True,
    "no": False,
    "blank": None,
    "empty": "",
    "day": DAY,
    "moment": datetime(2024, 5, 17, 1, 30, tzinfo=UTC),
    "error": NOT_AVAILABLE,
}


def _met(condition: object) -> set[str]:
    test = criterion(condition, ZONE)
    return {name for name, item in ITEMS.items() if test(item)}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Decimal(5), {"5", "text 5"}),
        ("5", {"5", "text 5"}),
        ("=5.0", {"5", "text 5"}),
        ("500%", {"5", "text 5"}),
        (Decimal(0), {"0"}),
        (None, {"0"}),
        (">5", {"7"}),
        (">=5", {"5", "7"}),
        ("<5", {"0"}),
        ("≥5", {"5", "7"}),
        ("＞5", {"7"}),
        ("＜＝5", {"5", "0"}),
        ("≤ 5", {"5", "0"}),
        ("<>5", set(ITEMS) - {"5", "text 5"}),
        ("≠5", set(ITEMS) - {"5", "text 5"}),
        ("apple", {"apple"}),
        ("=APPLE", {"apple"}),
        ("a*", {"apple", "star"}),
        ("a~*", {"star"}),
        ("?ear", {"pear"}),
        ("<>p*", set(ITEMS) - {"pear"}),
        ("*", set(ITEMS)),
        ("?*", {"text 5", "apple", "pear", "star"}),
        (">apple", {"pear"}),
        ("<=apple", {"text 5", "apple", "star"}),
        (True, {"yes"}),
        ("true", {"yes"}),
        ("<>FALSE", set(ITEMS) - {"no"}),
        (">FALSE", {"yes"}),
        ("", {"blank", "empty"}),
        ("=", {"blank", "empty"}),
        ("<>", set(ITEMS) - {"blank", "empty"}),
        (">", set()),
        ("<=", set()),
        (DAY, {"day"}),
        ("2024-05-17", {"day"}),
        (">2024-05-16", {"day", "moment"}),
        (">2024-05-17", {"moment"}),
        (">2024-05-17 09:29", {"moment"}),
        ("#N/A", {"error"}),
        (">#N/A", set()),
        (UUID(int=1), set()),
    ],
)
def test_conditions(condition: object, expected: set[str]) -> None:
    assert _met(condition) == expected


def test_values_of_other_types_equal_themselves() -> None:
    assert criterion(UUID(int=1), ZONE)(UUID(int=1))
    assert not criterion(UUID(int=1), ZONE)(UUID(int=2))
    assert criterion(time(8, 30), ZONE)(time(8, 30))


@pytest.mark.parametrize("condition", [(Decimal(1), Decimal(2)), "a" * 256])
def test_lists_and_long_texts_are_no_conditions(condition: object) -> None:
    with pytest.raises(Failure) as failure:
        criterion(condition, ZONE)
    assert failure.value.error == ErrorValue("#VALUE!")


def test_only_moments_need_a_time_zone() -> None:
    assert criterion(">2024-05-16", None)(DAY)
    with pytest.raises(ValueError, match="time zone"):
        criterion(">2024-05-16", None)(ITEMS["moment"])


@given(st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2))
def test_numbers_are_ordered_as_they_are(item: Decimal, bound: Decimal) -> None:
    assert criterion(f">{bound}", None)(item) is (item > bound)
    assert criterion(f"<={bound}", None)(item) is (item <= bound)
    assert criterion(f"{bound}", None)(item) is (item == bound)
    assert criterion(f"<>{bound}", None)(item) is (item != bound)


@given(st.text(max_size=20), st.none() | st.text(max_size=5) | st.booleans() | st.decimals(-9, 9, places=1))
def test_every_text_is_a_condition(condition: str, item: Any) -> None:
    assert criterion(condition, ZONE)(item) in (True, False)
