"""What is special about the field type url."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.fields import Unreadable, field_types

KIND = field_types["url"]
PROPS = KIND.read({})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("example.com", "https://example.com"),
        (" HTTP://Example.COM/Path?Q=1#x ", "http://example.com/Path?Q=1#x"),
        ("//cdn.example.com/a b", "https://cdn.example.com/a%20b"),
        ("https：／／example．com", "https://example.com"),
        ("www。例子。中国/路径", "https://www.例子.中国/路径"),
        ("localhost:8080/x", "https://localhost:8080/x"),
        ("<https://a.cn/>", "https://a.cn/"),
        ("http://10.0.0.1:9000", "http://10.0.0.1:9000"),
        ("ftp://files.example.com", "ftp://files.example.com"),
    ],
)
def test_it_is_read_generously_and_written_in_one_way(typed: str, kept: str) -> None:
    assert KIND.parse(typed, PROPS) == kept
    assert KIND.check(kept, PROPS) is None


@pytest.mark.parametrize(
    "typed",
    ["example", "javascript:alert(1)", "JavaScript://example.com/%0aalert(1)", "file:///etc/passwd", "data:text/html,x",
     "http://", "https://a.com/<script>", "http://a.com:99999", "mailto:a@b.com", "http://[::1"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Unreadable) as wrong:
        KIND.parse(typed, PROPS)
    assert "https://example.com" in str(wrong.value.message)


@given(st.one_of(st.text(max_size=30), st.text("ahtps:/.?#@[]%：。 1", max_size=24)))
def test_whatever_is_typed_reading_twice_changes_nothing(text: str) -> None:
    try:
        value = KIND.parse(text, PROPS)
    except Unreadable:
        return
    assert value is None or (KIND.check(value, PROPS) is None and KIND.parse(value, PROPS) == value)


def test_it_leads_to_itself() -> None:
    assert KIND.link("https://a.com", PROPS) == "https://a.com"


@given(
    st.from_regex(
        r"https?://([a-z0-9]([a-z0-9-]{0,3}[a-z0-9])?\.){1,3}[a-z]{1,4}"
        r"(/[a-zA-Z0-9/_.~%+-]{0,5})?(\?[a-z=&]{0,4})?",
        fullmatch=True,
    )
)
def test_what_is_seen_to_be_legal_at_once_is_written_as_it_is_kept(text: str) -> None:
    if KIND.surely_legal([text, text], PROPS):
        assert KIND.check(text, PROPS) is None


def test_many_are_seen_to_be_legal_at_once_and_any_other_is_looked_at() -> None:
    assert KIND.surely_legal(["https://example.com", "http://a.b.cn/x/y%20z.html?a=1&b=2"], PROPS)
    assert KIND.surely_legal([], PROPS)
    for other in ("https://Example.com", "example.com", "https://a.b/?", "https://a.b/#", "javascript:x", "", 5):
        assert not KIND.surely_legal(["https://example.com", other], PROPS), other
