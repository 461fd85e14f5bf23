"""Fractional order keys."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.definition.order import between, spread


@given(st.lists(st.integers(min_value=0, max_value=30), max_size=60))
def test_inserting_anywhere_keeps_the_order(places: list[int]) -> None:
    keys: list[str] = []
    for place in places:
        at = min(place, len(keys))
        low = keys[at - 1] if at else ""
        high = keys[at] if at < len(keys) else ""
        keys.insert(at, between(low, high))
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@given(st.integers(min_value=0, max_value=5000))
def test_a_spread_ascends_and_leaves_room_everywhere(count: int) -> None:
    keys = spread(count)
    assert len(keys) == count
    assert all(a < between(a, b) < b for a, b in pairwise(keys))
    if keys:
        assert between("", keys[0]) < keys[0]


def test_there_is_no_key_between_a_key_and_itself() -> None:
    with pytest.raises(ValueError, match="no key"):
        between("i", "i")
