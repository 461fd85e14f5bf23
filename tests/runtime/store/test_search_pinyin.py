"""Chinese by its letters."""

from __future__ import annotations

import pytest

from runtime.store.search_pinyin import MOST_READINGS, MOST_SPLITS, initials, readings, reads, splits

pytestmark = pytest.mark.one_engine


def test_a_character_has_every_reading_without_tones() -> None:
    assert readings("重")[:2] == ("zhong", "chong")
    assert {"dan", "shan"} <= set(readings("单"))
    assert readings("吕") == ("lv",)
    assert readings("a") == ()


def test_the_first_letters_of_a_title_with_other_readings_of_its_first_characters() -> None:
    assert initials("张伟") == ("zw",)
    assert {"zq", "cq"} <= set(initials("重庆"))
    assert {"dxx", "sxx"} <= set(initials("单雄信"))
    assert initials("a-3号楼") == ("a3hl",)
    assert initials("smith") == initials("") == ()
    assert len(initials("行" * 30)) <= MOST_READINGS


TYPED = {
    "张伟": "zw zhangw zhangwei zhwei zwei w",
    "北京张伟公司": "zwgs beijzw",
    "单雄信": "sxx danx shanxx",
    "重庆": "cq zhongq chongqing",
    "西安": "xian xa",
    "先": "xian",
    "吕布": "lvb lb",
    "3号楼": "3hao 3hl",
}


@pytest.mark.parametrize(("title", "word"), [(title, word) for title, typed in TYPED.items() for word in typed.split()])
def test_what_people_type_reads_a_title_and_is_split_so_that_the_index_finds_it(title: str, word: str) -> None:
    assert reads(title, word)
    assert any(letters in row for letters in splits(word) for row in initials(title))


@pytest.mark.parametrize("word", ["wz", "zwx", "hang", "smith", ""])
def test_other_letters_do_not(word: str) -> None:
    assert not reads("张伟", word)


def test_splits_have_an_end() -> None:
    assert splits("zhangw")[:2] == ("zhangw", "zw")
    assert len(splits("xianxianxianxianxianxian")) <= MOST_SPLITS
    assert splits("张") == splits("a b") == splits("") == ()
