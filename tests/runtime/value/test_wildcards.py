"""Wildcards: what fits, and that no pattern is slow."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.value.error_values import Failure
from runtime.value.wildcards import find_wildcard, spans_of_any, whole_wildcard
from tests.support.pace import within


@pytest.mark.parametrize(
    ("pattern", "text", "place"),
    [
        ("n?n", "baNana", 2),
        ("*", "abc", 0),
        ("a*", "ba", 1),
        ("~*", "a*", 1),
        ("~~", "a~", 1),
        ("~a", "ba", 1),
        ("~", "abc", 0),
        ("", "abc", 0),
        ("a.c", "abc", None),
        ("a?c", "a\nc", 0),
        ("?", "", None),
        ("中?国", "在中华国", 1),
    ],
)
def test_the_leftmost_place(pattern: str, text: str, place: int | None) -> None:
    assert find_wildcard(pattern, text) == place


def test_the_search_may_begin_later() -> None:
    assert find_wildcard("a?", "abab", 1) == 2
    assert find_wildcard("ab", "abab", 1) == 2


@given(st.text("ab*?", max_size=6), st.text("abAB", max_size=8))
def test_the_whole_text_fits_as_file_names_fit(pattern: str, text: str) -> None:
    assert whole_wildcard(pattern)(text) == fnmatch.fnmatchcase(text.lower(), pattern)


@given(st.text("ab*?~", max_size=6), st.text("ab*?~", max_size=8))
def test_a_place_found_is_one_from_which_the_rest_fits(pattern: str, text: str) -> None:
    place = find_wildcard(pattern, text)
    ends = pattern.endswith("~") and (len(pattern) - len(pattern.rstrip("~"))) % 2
    fits = whole_wildcard((pattern[:-1] if ends else pattern) + "*")
    assert place == next((at for at in range(len(text) + 1) if fits(text[at:])), None)


def test_a_long_pattern_with_wildcards_is_refused_and_a_plain_one_is_not() -> None:
    assert find_wildcard("a" * 300, "a" * 300) == 0
    with pytest.raises(Failure):
        find_wildcard("a*" * 200, "a")


def test_several_words_are_found_from_left_to_right_the_longest_first() -> None:
    assert list(spans_of_any(["a", "ab", "."], "xab.a")) == [(1, 3), (3, 4), (4, 5)]


def test_no_pattern_is_slow() -> None:
    with within(1):
        for pattern in ("a?" * 120 + "b", "*a" * 120 + "b", "?*" * 120 + "b"):
            assert find_wildcard(pattern, "a" * 32_767) is None
            assert not whole_wildcard(pattern)("a" * 32_767)
