"""What is special about the field type phone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.fields import Unreadable, field_types

KIND = field_types["phone"]
PROPS = KIND.read({})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("0086 13812345678", "13812345678"),
        ("８６１３８１２３４５６７８", "13812345678"),
        ("（010）8888 6666", "010-88886666"),
        ("(010)88886666", "010-88886666"),
        ("010 88886666", "010-88886666"),
        ("010-8888-6666", "010-88886666"),
        ("010 - 8888 6666", "010-88886666"),
        ("0571—1234567", "0571-1234567"),
        ("01088886666", "01088886666"),
        ("01088886666转123", "01088886666 ext. 123"),
        ("07700900000", "07700900000"),
        ("07700 900000", "07700900000"),
        ("0770 090 0000", "07700900000"),
        ("020 7946 0017", "02079460017"),
        ("030 1234567 89", "030123456789"),
        ("0755-88886666转123", "0755-88886666-123"),
        ("0755-88886666-123", "0755-88886666-123"),
        ("400 123 4567", "400-123-4567"),
        ("+44 (20) 7183 8750", "+442071838750"),
        ("0044 20 7183 8750 ext. 5", "+442071838750-5"),
        ("tel:+1-555-123-4567", "+15551234567"),
        ("8888-9999", "88889999"),
        ("88889999 x 12", "88889999 ext. 12"),
        ("110", "110"),
    ],
)  # fmt: skip
def test_it_is_read_generously_and_written_in_one_way(typed: str, kept: str) -> None:
    assert KIND.parse(typed, PROPS) == kept
    assert KIND.check(kept, PROPS) is None


@pytest.mark.parametrize("typed", ["12", "call me", "1" * 16, "+", "13812345678 / 13912345678", "12a45", "--"])
def test_what_is_no_number_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Unreadable) as wrong:
        KIND.parse(typed, PROPS)
    assert "not a telephone number" in str(wrong.value.message)


@given(st.one_of(st.text(max_size=30), st.text("0123456789+-() 转x", max_size=24)))
def test_whatever_is_typed_reading_twice_changes_nothing(text: str) -> None:
    try:
        value = KIND.parse(text, PROPS)
    except Unreadable:
        return
    assert value is None or (KIND.check(value, PROPS) is None and KIND.parse(value, PROPS) == value)


def test_it_leads_to_a_call() -> None:
    assert KIND.link("010-88886666-123", PROPS) == "tel:01088886666;ext=123"
    assert KIND.link("13812345678", PROPS) == "tel:13812345678"


@given(st.from_regex(r"1[2-9][0-9]{8,10}|0[0-9]{2,3}-[0-9]{6,8}|0[0-9]{8,13}", fullmatch=True))
def test_what_is_seen_to_be_legal_at_once_is_written_as_it_is_kept(text: str) -> None:
    if KIND.surely_legal([text, text], PROPS):
        assert KIND.check(text, PROPS) is None


def test_many_are_seen_to_be_legal_at_once_and_any_other_is_looked_at() -> None:
    assert KIND.surely_legal(["13812345678", "010-88886666", "0571-1234567", "07700900000", "01088886666"], PROPS)
    assert KIND.surely_legal([], PROPS)
    for other in ("１3812345678", "138 1234 5678", "0101-1234567", "12812345678", "", 5):
        assert not KIND.surely_legal(["13812345678", other], PROPS), other
