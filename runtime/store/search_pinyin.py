"""Chinese by the letters of its pinyin: `zw`, `zhangw`, `zhwei` and `zhangwei` find 张伟.

A title is kept in two ways: its first letters in a row, and its syllables in a row. What is typed can be taken apart
into syllables in several ways (`Meant`); a title reads so where the first letters stand in the one row, and what is
typed of syllables in the other. `reads` compares one title with every reading of every character, for short lists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from unicodedata import combining, normalize

import msgspec

from runtime.store.search_grams import NAME, bare, edged, placed

MOST_READINGS = 6
"""Ways to read one title that the index holds: the usual one, then those where a character is read otherwise."""
MOST_SPELLED = 8
"""The same written out: letters that are alike may begin other syllables."""
SURNAME = 2
"""Characters that may be read otherwise than usual: where people's names begin, and those of places."""
OTHERWISE = frozenset("行长重乐都厦")
"""Characters further behind that names read otherwise as often: 银行, 成都, 厦门; all of them at once."""
LONGEST_TITLE = 40
"""Characters of a title that can be found by their letters."""
FIRST_CHINESE = "\u3400"
SYLLABLE = "\ue001"
"""Begins each syllable of a spelled title, and ends the title."""
_HALVES = frozenset({"zh", "ch", "sh"})
_TONES = "\u0304\u0301\u030c\u0300"
MOST_SPLITS = 24
"""Ways to take letters apart into syllables that are looked up, those of the fewest parts first."""
MOST_TERMS = 150
"""Pairs of letters and syllables that are looked up for one word; each takes some 0.05 ms."""
WHOLE, HALF, LETTER = 2, 3, 4
"""What a part of a split costs: a syllable, `zh`, a letter."""
SYLLABLES = frozenset(
    """
    a ai an ang ao ba bai ban bang bao bei ben beng bi bian biang biao bie bin bing bo bong bu ca cai can cang cao
    ce cei cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun
    chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de dei den deng di dia dian diao die din ding diu dong
    dou du duan dui dun duo e ei en eng er fa fan fang fei fen feng fiao fo fou fu ga gai gan gang gao ge gei gen
    geng gong gou gu gua guai guan guang gui gun guo ha hai han hang hao he hei hen heng hm hng hong hou hu hua huai
    huan huang hui hun huo ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke kei
    ken keng kong kou ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei len leng li lia lian liang liao
    lie lin ling liu lo long lou lu luan lun luo lv lve m ma mai man mang mao me mei men meng mi mian miao mie min
    ming miu mo mou mu n na nai nan nang nao ne nei nen neng ng ni nia nian niang niao nie nin ning niu nong nou nu
    nuan nun nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu qi qia qian qiang
    qiao qie qin qing qiong qiu qu quan que qun ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo sa sai
    san sang sao se sen seng sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui
    shun shuo si song sou su suan sui sun suo ta tai tan tang tao te tei teng ti tian tiao tie ting tong tou tu tuan
    tui tun tuo wa wai wan wang wei wen weng wo wong wu xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue
    xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za zai zan zang zao ze zei zen zeng zha zhai zhan
    zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui
    zun zuo
    """.split()  # noqa: SIM905 - read as words
)
"""Every syllable that a character is read as, without tones; ü is v."""
_SOUNDS = frozenset({"hm", "hng", "m", "n", "ng"})
"""Syllables that nobody types as such."""
_TYPED = SYLLABLES - _SOUNDS
_BEGUN = frozenset(syllable[:length] for syllable in _TYPED for length in range(1, len(syllable) + 1))


@lru_cache(maxsize=8192)
def _letters(character: str) -> tuple[str, ...]:
    if character < FIRST_CHINESE:
        return (character,) if character.isalnum() else ()
    return tuple(dict.fromkeys(each[0] for each in readings(character)))


@lru_cache(maxsize=8192)
def readings(character: str) -> tuple[str, ...]:
    """The syllables that a character may be read as, without tones, the usual one first; () for others."""
    if character < FIRST_CHINESE:
        return ()
    marked = _dictionary().get(ord(character), "")
    return tuple(dict.fromkeys(_plain(each) for each in marked.split(",") if each))


@lru_cache(maxsize=1)
def _dictionary() -> dict[int, str]:
    """Character -> how it is read, with tones; of pypinyin, which itself would read the phrases too, for 0.3 s."""
    spec = find_spec("pypinyin")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("pypinyin is not installed")
    file = Path(spec.submodule_search_locations[0]) / "pinyin_dict.json"
    return msgspec.json.decode(file.read_bytes(), type=dict[int, str])


def initials(title: str) -> tuple[str, ...]:
    """The letters that stand for a folded title, one for each way to read it; () where it has no Chinese character.

    Letters and digits stand for themselves, other signs for nothing.
    """
    if max(title, default="") < FIRST_CHINESE:
        return ()
    return _ways(title, _letters, _USUAL_LETTERS, MOST_READINGS)


def spelled(title: str) -> tuple[str, ...]:
    """The same with whole syllables in the place of their letters, each between two `SYLLABLE`."""
    if max(title, default="") < FIRST_CHINESE:
        return ()
    return tuple(way + SYLLABLE for way in _ways(title, _spelled, _USUAL_SYLLABLES, MOST_SPELLED))


class _Usual(dict[int, str]):
    """For `str.translate`: each character as it is usually read; those that are not read are left out."""

    def __init__(self, read: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, code: int) -> str:
        found = self._read(chr(code))
        self[code] = found[0] if found else ""
        return self[code]


def _ways(title: str, read: Callable[[str], tuple[str, ...]], usually: _Usual, most: int) -> tuple[str, ...]:
    """The usual reading, then those where the last or one of the first characters are read otherwise."""
    text = title[:LONGEST_TITLE]
    first: list[tuple[str, ...]] = []
    behind = 0
    while behind < len(text) and len(first) < SURNAME:
        parts = read(text[behind])
        first += [parts] if parts else []
        behind += 1
    rest = text[behind:]
    ends = [rest.translate(usually)]
    if not OTHERWISE.isdisjoint(rest):
        ends.append("".join(_otherwise(read(sign), sign) for sign in rest))
    usual = [parts[0] for parts in first]
    if len(ends) == 1 and all(len(parts) == 1 for parts in first):
        return ("".join(usual) + ends[0],)
    found = dict.fromkeys("".join((*usual, end)) for end in ends)
    for at, parts in enumerate(first):
        for other in parts[1:]:
            found |= dict.fromkeys("".join((*usual[:at], other, *usual[at + 1 :], end)) for end in ends)
    return tuple(found)[:most]


def _otherwise(parts: tuple[str, ...], sign: str) -> str:
    if not parts:
        return ""
    return parts[1] if sign in OTHERWISE and len(parts) > 1 else parts[0]


@lru_cache(maxsize=8192)
def _spelled(character: str) -> tuple[str, ...]:
    return tuple(SYLLABLE + each for each in (readings(character) or _letters(character)))


_USUAL_LETTERS, _USUAL_SYLLABLES = _Usual(_letters), _Usual(_spelled)


# What is typed


@dataclass(frozen=True, slots=True)
class Meant:
    """One way to understand typed letters.

    Attributes:
        letters: the first letters of its syllables, which stand next to each other in a title.
        runs: neighbouring syllables of which more is typed, each as its parts; the last part may be begun only, and is
            "" where the syllable before it is whole.
    """

    letters: str
    runs: tuple[tuple[str, ...], ...]

    @property
    def by_letters(self) -> bool:
        """Whether the letters say something that the runs do not."""
        return len(self.letters) > 1 or not self.runs

    @property
    def texts(self) -> tuple[str, ...]:
        """The runs as a spelled title holds them."""
        return tuple(SYLLABLE + SYLLABLE.join(run) for run in self.runs)

    @property
    def terms(self) -> int:
        """How much is looked up: pairs of letters, and syllables."""
        return len(self.letters) - 1 + sum(len(row) for run in self.runs for row in completed(run))

    @property
    def looser(self) -> Meant:
        """The same, where single letters and `zh` need not follow their syllables: the other letters say where."""
        whole = (run if len(run[-1]) > 1 and run[-1] not in _HALVES else (*run[:-1], "") for run in self.runs)
        return Meant(self.letters, tuple(run for run in whole if any(run)))


@lru_cache(maxsize=256)
def meant(word: str) -> tuple[Meant, ...]:
    """The ways to understand a folded word; () for what is no pinyin: other than small letters and digits."""
    if not (word.isascii() and word.isalnum()) or word.isdigit() or len(word) > LONGEST_TITLE:
        return ()
    found = {Meant(word, ()): 0}
    for each in map(_meant, _splits(word)):
        left = MOST_TERMS - sum(found.values())
        fitting = each if each.terms <= left else each.looser
        if fitting.terms <= left or len(found) == 1:
            found.setdefault(fitting, fitting.terms)
    return tuple(found)


def _splits(word: str) -> list[tuple[str, ...]]:
    """The cheapest ways to take a word apart; the last syllable may be begun only."""
    ways: list[list[tuple[int, tuple[str, ...]]]] = [[] for _ in range(len(word) + 1)]
    ways[0] = [(0, ())]
    for at in range(len(word)):
        ways[at] = sorted(ways[at])[:MOST_SPLITS]
        for end in range(at + 1, min(at + 6, len(word)) + 1):
            price = _price(word[at:end], last=end == len(word))
            if price:
                ways[end] += [(cost + price, (*parts, word[at:end])) for cost, parts in ways[at]]
    return [parts for _, parts in sorted(ways[-1])[:MOST_SPLITS]]


def _price(part: str, *, last: bool) -> int:
    """What a part costs; 0 = it is none: no syllable begins with i, u or v."""
    if len(part) == 1:
        return LETTER if part in _BEGUN or part.isdigit() else 0
    if part in _TYPED or (last and part in _BEGUN):
        return WHOLE
    return HALF if part in _HALVES else 0


def _meant(parts: tuple[str, ...]) -> Meant:
    runs: list[tuple[str, ...]] = []
    run: tuple[str, ...] = ()
    for part in (*parts, ""):
        if part and (run or len(part) > 1):
            run = (*run, part)
        if run and (len(part) < 2 or part in _HALVES):
            runs += _apart(run)
            run = ()
    return Meant("".join(part[0] for part in parts), tuple(runs))


def _apart(run: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A long run whose end may be many syllables, as its whole syllables and its last two."""
    return [run] if len(run) < 3 or len(completed(run)) == 1 else [(*run[:-1], ""), run[-2:]]


@lru_cache(maxsize=1024)
def completed(run: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The rows of whole syllables, and of letters and digits of a title, that a run may be."""
    *whole, begun = run
    if not begun:
        return (tuple(whole),)
    found = sorted(each for each in SYLLABLES if each.startswith(begun) and each != begun)
    found = [begun, *found] if begun in SYLLABLES or len(begun) == 1 else found
    return tuple((*whole, each) for each in found)


def named_by(title: str, word: str) -> bool:
    """Whether a folded title reads as a folded word, in the ways that the index knows.

    Marks of `search_grams` before or behind the word say that it begins or ends the title.
    """
    ways = _asked(word)
    found = initials(title) if ways else ()
    if not found:
        return False
    rows = edged(" ".join(found), NAME)
    fitting = [texts for letters, texts in ways if letters in rows]
    if not all(fitting):
        return True
    syllables = spelled(title) if fitting else ()
    return any(all(any(run in row for row in syllables) for run in texts) for texts in fitting)


@lru_cache(maxsize=256)
def _asked(word: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Of each way to understand a word the letters, with its marks, and the syllables; "" = any letters."""
    asked = bare(word)
    ways = meant(asked)
    return tuple((placed(each.letters, word) if each.by_letters or asked != word else "", each.texts) for each in ways)


def reads(title: str, word: str, *, usual: bool = False, begins: bool = False) -> bool:
    """Whether letters name a part of a folded title; see `part_read`."""
    return part_read(title, word, usual=usual, begins=begins) is not None


def part_read(title: str, word: str, *, usual: bool = False, begins: bool = False) -> tuple[int, int] | None:
    """The part of a folded title that letters name: each character by its syllable, or by how it begins.

    Args:
        usual: each character is read as usual only.
        begins: the part begins where the title does.

    Returns:
        The first character, and the one behind the last; None where there is no such part.
    """
    places = [at for at, sign in enumerate(title) if sign.isalnum()][:LONGEST_TITLE]
    if not word or not any(readings(title[at]) for at in places):
        return None
    ways = [(readings(title[at]) or (title[at],))[: 1 if usual else None] for at in places]
    for start in range(1 if begins else len(places)):
        length = _length_read(ways[start:], word)
        if length:
            return places[start], places[start + length - 1] + 1
    return None


def _length_read(ways: list[tuple[str, ...]], word: str) -> int:
    """How many characters a word names from the first on; 0 = it does not."""
    ends = {0}
    for count, syllables in enumerate(ways, 1):
        following: set[int] = set()
        for at in ends:
            for syllable in syllables:
                for length in range(1, len(syllable) + 1):
                    if word.startswith(syllable[:length], at):
                        following.add(at + length)
        if len(word) in following:
            return count
        ends = following
        if not ends:
            return 0
    return 0


def _plain(marked: str) -> str:
    apart = normalize("NFC", "".join(sign for sign in normalize("NFD", marked) if sign not in _TONES))
    bare = "".join(sign for sign in normalize("NFD", apart.replace("ü", "v")) if not combining(sign))
    return bare if bare.isascii() else ""
