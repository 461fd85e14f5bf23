"""Texts and words as the search compares them."""

from __future__ import annotations

import pytest

from runtime.store.search_grams import (
    END,
    LONGEST,
    MOST_WORDS,
    NAME,
    bare,
    edged,
    fold,
    grams,
    holds,
    name_grams,
    placed,
    spellings,
    word_grams,
    words,
)

pytestmark = pytest.mark.one_engine


def test_case_width_and_other_forms_of_a_character_make_no_difference() -> None:
    assert fold("ＡＢＣ１２") == fold("abc12") == fold("AbC12") == "abc12"
    assert fold("Straße") == "strasse"
    assert fold("e\u0301") == fold("é")
    assert fold("ｶﾞ") == "ガ"
    assert fold("a\x00b\x1fc\ue000d\ud800e") == "a b c d e"


def test_a_text_is_cut_into_neighbours_and_blanks_end_a_row() -> None:
    assert grams("张伟 ab").split(" ") == ["张伟", f"伟{END}", "ab", f"b{END}"]
    assert grams("") == grams(" \n ") == ""
    assert word_grams("张") == ["张"]
    assert word_grams("张伟明") == ["张伟", "伟明"]
    assert len(grams("字" * (LONGEST + 10)).split(" ")) == LONGEST


def test_a_name_says_where_it_and_its_words_begin_and_end() -> None:
    row = edged("张伟  ab")
    assert name_grams(row).split(" ") == [f"{NAME}张", "张伟", f"伟{END}", f"{END}a", "ab", f"b{NAME}"]
    assert name_grams(edged("")) == ""
    assert word_grams(edged("张伟")) == [f"{NAME}张", "张伟", f"伟{NAME}"]
    assert placed("x", NAME + "张伟") == f"{NAME}x"
    assert placed("x", edged("张伟")) == f"{NAME}x{NAME}"
    assert (bare(edged("张伟")), bare("张")) == ("张伟", "张")
    assert fold(row) == " 张伟 ab "


def test_words_are_told_apart_by_blanks_and_there_is_an_end_to_them() -> None:
    assert words("  张伟\u3000ＡＢ 张伟 ") == ("张伟", "ab")
    assert words("\0 \n") == ()
    assert len(words(" ".join(map(str, range(100))))) == MOST_WORDS


def test_a_number_is_also_found_without_its_commas() -> None:
    assert spellings("1,234,567.5") == ("1,234,567.5", "1234567.5")
    assert spellings("1,23") == ("1,23",)
    assert holds("1234", "1,234")
    assert holds("a 1,234", "1,234")
    assert not holds("12345", "1,23")
