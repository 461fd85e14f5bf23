"""Chinese by its letters."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.store.search_pinyin import (
    MOST_READINGS,
    MOST_SPELLED,
    MOST_SPLITS,
    SYLLABLES,
    Meant,
    _dictionary,
    completed,
    initials,
    meant,
    named_by,
    readings,
    reads,
    spelled,
)
from tests.support.profile import ROOT

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


def test_the_syllables_of_a_title_with_other_readings_of_its_first_characters() -> None:
    assert spelled("张伟") == ("\ue001zhang\ue001wei\ue001",)
    assert {row[1:].split("\ue001")[0] for row in spelled("单雄信")} >= {"dan", "shan", "chan"}
    assert spelled("a-3号") == ("\ue001a\ue0013\ue001hao\ue001",)
    assert spelled("smith") == spelled("") == ()
    assert len(spelled("行" * 30)) <= MOST_SPELLED


def test_every_syllable_is_known() -> None:
    from pypinyin.constants import PINYIN_DICT

    assert _dictionary() == PINYIN_DICT
    read = {each for code in PINYIN_DICT for each in readings(chr(code)) if each}
    assert read == SYLLABLES


def test_the_phrases_of_the_package_are_not_read() -> None:
    """They take 0.3 s during which no other thread goes on."""
    program = (
        "import sys\n"
        "from runtime.store.search_pinyin import initials\n"
        "print(initials('张伟'), [name for name in sys.modules if name.startswith('pypinyin')])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "('zw',) []\n"


TYPED = {
    "张伟": "zw zhangw zhangwei zhwei zwei w",
    "北京张伟公司": "zwgs beijzw",
    "单雄信": "sxx danx shanxx",
    "重庆": "cq zhongq chongqing",
    "西安": "xian xa",
    "先": "xian",
    "吕布": "lvb lb",
    "3号楼": "3hao 3hl",
    "工商银行": "gsyh gsyinhang yinh gongshangyinhang gsyx",
    "长春银行": "ccyh",
    "西南成都公司": "chengdu xncd",
}


@pytest.mark.parametrize(("title", "word"), [(title, word) for title, typed in TYPED.items() for word in typed.split()])
def test_what_people_type_names_a_title_in_the_index_and_in_lists(title: str, word: str) -> None:
    assert reads(title, word)
    assert named_by(title, word)


@pytest.mark.parametrize("word", ["wz", "zwx", "hang", "zhangwx", "zw2", "smith", "12", "z-w", ""])
def test_other_letters_do_not(word: str) -> None:
    assert not reads("张伟", word)
    assert not named_by("张伟", word)


def test_what_is_typed_is_taken_apart() -> None:
    assert meant("zw") == (Meant("zw", ()),)
    assert meant("zhangw")[0] == Meant("zhangw", ())
    assert meant("zhangw")[1] == Meant("zw", (("zhang", "w"),))
    assert Meant("xa", (("xi", "an"),)) in meant("xian")
    assert Meant("x", (("xian",),)) in meant("xian")
    assert Meant("lxy", (("liu", "x"),)) in meant("liuxy")
    assert Meant("zw", (("zh",), ("wei",))) in meant("zhwei")
    assert Meant("xalb", (("xi", "an", ""), ("an", "l"))) in meant("xianlb")


def test_a_begun_syllable_may_be_any_that_begins_so() -> None:
    assert completed(("zhang", "we")) == (("zhang", "wei"), ("zhang", "wen"), ("zhang", "weng"))
    assert completed(("wei",)) == (("wei",),)
    assert completed(("o",)) == (("o",), ("ou",))
    assert completed(("3",)) == (("3",),)
    assert completed(("wei", "")) == (("wei",),)


def test_it_has_an_end() -> None:
    assert len(meant("xianxianxianxianxianxian")) <= MOST_SPLITS + 1
    assert Meant("xayh", (("xi", "an", "yin", "hang"),)) in meant("xianyinhang")
    assert meant("张") == meant("a b") == meant("") == meant("123") == meant("a" * 41) == ()


NAMES = st.text(alphabet="张伟单雄信重庆西安先吕布贸易号楼3- ", max_size=8)
LETTERS = st.text(alphabet="zhangweidxqlvcbusmoy3", min_size=1, max_size=6)


@settings(max_examples=300)
@given(title=NAMES, data=st.data())
def test_any_way_to_type_the_usual_reading_names_the_title(title: str, data: st.DataObject) -> None:
    signs = [sign for sign in title if sign.isalnum()]
    whole = [(readings(sign) or (sign,))[0] for sign in signs]
    if not any(map(readings, signs)):
        return
    first = data.draw(st.integers(0, len(whole) - 1))
    last = data.draw(st.integers(first + 1, len(whole)))
    style = data.draw(st.sampled_from([{True}, {False}, {True, False}])) if last - first <= 4 else {True}
    parts = [each if data.draw(st.sampled_from(sorted(style))) else each[0] for each in whole[first:last]]
    typed = "".join(parts)
    if typed.isdigit():
        return
    assert reads(title, typed)
    assert named_by(title, typed), typed


@settings(max_examples=300)
@given(title=NAMES, word=LETTERS)
def test_what_names_a_title_stands_in_it(title: str, word: str) -> None:
    """Each of its pieces by itself: that they follow each other is asked of neighbours only."""
    if named_by(title, word):
        fitting = [each for each in meant(word) if reads(title, each.letters)]
        assert any(all(reads(title, "".join(run)) for run in each.runs) for each in fitting)
