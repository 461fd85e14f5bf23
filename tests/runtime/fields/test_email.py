"""What is special about the field type email."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.fields import Unreadable, field_types

KIND = field_types["email"]
PROPS = KIND.read({})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" a.b@Example.COM ", "a.b@example.com"),
        ("mailto:a@b.cn?subject=hi", "a@b.cn"),
        ("张伟 <zhang@公司.中国>", "zhang@公司.中国"),
        ("ａ＠ｂ．ｃｏｍ", "a@b.com"),
        ("a @ b。com", "a@b.com"),
        ("a@b.com;", "a@b.com"),
        ("O'Neil+x@b-c.co.uk", "O'Neil+x@b-c.co.uk"),
    ],
)
def test_it_is_read_generously_and_written_in_one_way(typed: str, kept: str) -> None:
    assert KIND.parse(typed, PROPS) == kept
    assert KIND.check(kept, PROPS) is None


@pytest.mark.parametrize(
    "typed", ["a", "a@", "@b.com", "a@b", "a@b..com", "a@@b.com", "a@-b.com", "a b.com", "a@b.c<x"]
)
def test_what_is_no_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Unreadable) as wrong:
        KIND.parse(typed, PROPS)
    assert "name@example.com" in str(wrong.value.message)


@given(st.text(max_size=40))
def test_whatever_is_typed_reading_twice_changes_nothing(text: str) -> None:
    try:
        value = KIND.parse(text, PROPS)
    except Unreadable:
        return
    assert value is None or (KIND.check(value, PROPS) is None and KIND.parse(value, PROPS) == value)


def test_another_spelling_is_refused_by_the_check_and_leads_to_a_mail() -> None:
    assert "a@b.com" in str(KIND.check("a@B.com", PROPS))
    assert KIND.check(5, PROPS) is not None
    assert KIND.link("a@b.com", PROPS) == "mailto:a@b.com"


@given(
    st.from_regex(
        r"[A-Za-z0-9_+-]{1,66}(\.[A-Za-z0-9_+-]{1,3})?"
        r"@([a-z0-9]([a-z0-9-]{0,3}[a-z0-9])?\.){1,3}[a-z]{1,4}",
        fullmatch=True,
    )
)
def test_what_is_seen_to_be_legal_at_once_is_written_as_it_is_kept(text: str) -> None:
    if KIND.surely_legal([text, text], PROPS):
        assert KIND.check(text, PROPS) is None


def test_many_are_seen_to_be_legal_at_once_and_any_other_is_looked_at() -> None:
    assert KIND.surely_legal(["a.b@example.com", "A+x@b-c.co.uk"], PROPS)
    assert KIND.surely_legal([], PROPS)
    for other in ("a@B.com", ".a@b.com", "a..b@c.com", "a" * 65 + "@b.com", "a@b.com\n", "a@b", "", 5):
        assert not KIND.surely_legal(["a.b@example.com", other], PROPS), other
