"""How plausible lines of bytes are as text of an encoding that accepts them: by letters and characters that are usual.

Runs in the reader process.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

MOST_LINES = 2_000
"""Lines beyond ASCII that are weighed."""

FEWEST, DIFFERENT = 6, 5
"""Letters or characters from which something is said about them, and how many of the letters are different."""

FEWEST_HANGUL = 10
"""Syllables from which a text is Korean; the characters of a few Chinese words may all be syllables too."""

USUAL_CHINESE, UNUSUAL_CHINESE = 0.5, 0.15
"""Share of usual characters from which a text is surely Chinese, and below which it hardly is.

Lists have some 0.8, lists of herbs or screws 0.2, and Korean that is misread 0.3.
"""

NEARLY_ALL, MOSTLY = 0.95, 0.8
USUAL_LETTERS, MISPLACED = 0.6, 0.15
"""Share of usual letters that words of an alphabet have at least, and of capitals behind small ones at most."""

HALF_WIDTH = 0.4
"""Share of half-width signs in Japanese at most; letters with accents look like them."""

FEW_TURKISH = 3
"""Letters ş, ı and ğ, which Western letters have for Icelandic, from which a text without á and æ is Turkish."""

LONG_RUN = 3
"""Bytes beyond ASCII side by side that no word in Latin letters has."""

_CHINESE = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日社义事平形相"
    "全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五"
    "果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先"
    "回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教"
    "速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究"
    "观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号"
    "率族维划选标写存候毛亲快效院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严姓编码址司有限客户"
    "订额备注期职账余税票购买付款销售库仓供应牌规邮箱负责李陈刘杨赵黄吴徐孙胡朱郭何罗梁宋郑谢韩唐冯董萧曹袁邓傅沈曾彭吕苏卢蒋蔡贾丁魏"
    "薛叶阎潘杜戴夏钟汪田姜范姚谭廖邹熊陆孔崔康邱秦顾侯邵孟龙雷钱汤尹黎乔贺赖龚浙州镇街楼室伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞刚"
    "苹香果店铺货款退换寄快递微信支付宝银卡币收入支出借贷摘要交易流水订单完已待取消否是男女性别未启停"
)
"""Characters that stand in nearly every Chinese text or list."""

_ALPHABETS = {
    "cp1251": "оеаинтсрвлкмдпу",
    "koi8_r": "оеаинтсрвлкмдпу",
    "cp866": "оеаинтсрвлкмдпу",
    "cp1253": "αοιετσνηυρπκμλςάίόέήύ",
    "iso8859_7": "αοιετσνηυρπκμλςάίόέήύ",
    "cp1256": "الينمرتوبةعدسفهكحقأ",
    "cp1255": "יולהאמתרשבנדעחקפם",
}
"""The usual letters of what is written in an encoding of one byte a letter; earlier ones first where two read alike."""

_ACCENTED_1250 = re.compile(r"[A-Za-z][³¹¿¾][a-z]")
"""ł, ą, ż or ľ within a word, which are signs in Western letters; m³ and ¿Qué are none."""

_NO_BREAK = b"\xa0"
"""A blank in Western letters, by which programs indent."""

_CASES = re.compile(r"[^\W\d_]{2,}")
_KANA, _HALF_KANA = ("\u3041", "\u30ff"), ("\uff61", "\uff9f")
_HANGUL, _HANZI = ("\uac00", "\ud7a3"), ("\u4e00", "\u9fff")


def usual_chinese(lines: Sequence[bytes]) -> float:
    """The share of usual ones among the Chinese characters of lines in GB18030; 1 where there are too few to say."""
    found = [char for char in _decoded(lines, "gb18030") if _within(char, _HANZI)]
    return sum(char in _CHINESE for char in found) / len(found) if len(found) >= FEWEST else 1.0


def other_asian(lines: Sequence[bytes]) -> str:
    """cp949 or cp932 where lines can hardly be anything but Korean or Japanese, else ""."""
    if _is_hangul(lines, FEWEST_HANGUL):
        return "cp949"
    japanese = _signs(lines, "cp932")
    half = sum(_within(char, _HALF_KANA) for char in japanese)
    known = sum(_within(char, _KANA) or _is_usual_kanji(char) for char in japanese)
    if len(japanese) >= FEWEST and half <= HALF_WIDTH * len(japanese) and known + half >= MOSTLY * len(japanese):
        return "cp932"
    return ""


def may_be_korean(lines: Sequence[bytes]) -> bool:
    """Whether lines may be a few Korean words, of which nobody knows whether they are Chinese ones."""
    return _is_hangul(lines, FEWEST)


def _is_hangul(lines: Sequence[bytes], fewest: int) -> bool:
    """Whether lines hold so many usual syllables and hardly anything else; others make up Japanese that is misread."""
    hangul = _signs(lines, "cp949")
    usual = sum(_within(char, _HANGUL) and _is_usual_hangul(char) for char in hangul)
    return len(hangul) >= fewest and usual >= NEARLY_ALL * len(hangul)


def _is_usual_hangul(char: str) -> bool:
    """Whether a syllable is one of those of KS X 1001, which nearly all words are made of."""
    return len(char.encode("euc_kr", "replace")) == 2


def alphabet(lines: Sequence[bytes]) -> str:
    """The encoding of one byte a letter whose usual letters lines hold: Cyrillic, Greek, Polish; "" for others."""
    lines = [line.replace(_NO_BREAK, b" ") for line in lines]
    runs = [run for line in lines for run in re.findall(rb"[\x80-\xff]+", line)]
    long = sum(len(run) for run in runs if len(run) >= LONG_RUN)
    if 2 * long >= sum(map(len, runs)):
        scores = {name: _of_alphabet(lines, name, usual) for name, usual in _ALPHABETS.items()}
        best = max(scores, key=lambda name: scores[name])
        return best if scores[best] > 0 else ""
    text = "\n".join(line.decode("cp1252", "replace") for line in lines)
    if _ACCENTED_1250.search(text):
        return "cp1250"
    turkish = sum(char in "ýþðÝÞÐ" for char in text)
    return "cp1254" if turkish >= FEW_TURKISH and not any(char in "áéíóúæ" for char in text) else ""


def _of_alphabet(lines: Sequence[bytes], name: str, usual: str) -> float:
    """The share of usual letters less that of capitals in wrong places; 0 where that says that it is none."""
    words = [word for line in lines for word in _CASES.findall(line.decode(name, "replace")) if not word.isascii()]
    letters = [char for word in words for char in word]
    if len(letters) < FEWEST or len(set(letters)) < DIFFERENT:
        return 0.0
    common = sum(char.casefold() in usual or char in usual for char in letters) / len(letters)
    wrong = sum(a.islower() and b.isupper() for word in words for a, b in pairwise(word))
    strange = sum(line.decode(name, "replace").count("\ufffd") for line in lines)
    misplaced = (wrong + strange) / len(letters)
    return common - misplaced if common >= USUAL_LETTERS and misplaced <= MISPLACED else 0.0


def _signs(lines: Sequence[bytes], name: str) -> list[str]:
    """The letters beyond ASCII; none where a line is no text in that encoding."""
    try:
        return [char for line in lines for char in line.decode(name) if char > "\x7f" and char.isalpha()]
    except UnicodeDecodeError:
        return []


def _decoded(lines: Sequence[bytes], name: str) -> str:
    return "".join(line.decode(name, "replace") for line in lines)


def _is_usual_kanji(char: str) -> bool:
    """Whether a character is one of the usual ones of Japanese (level 1)."""
    return _within(char, _HANZI) and b"\x88" <= char.encode("cp932", "replace")[:1] <= b"\x98"


def _within(char: str, reach: tuple[str, str]) -> bool:
    return reach[0] <= char <= reach[1]
