"""Rows below a header that are no records: remarks at the end, totals, examples, and the header once more."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from itertools import chain

from runtime.exchange.cells import FLOATS, MIXED, SHARED, TEXTS, Column, Raw
from runtime.exchange.tables.header_labels import header_text, tells_how_to_fill_in
from runtime.exchange.tables.sheet_rows import (
    DAY,
    FIGURE,
    LABEL,
    TYPED,
    Kinds,
    Line,
    SheetRows,
    is_unsettled,
    kinds_of,
    rows_with,
)
from runtime.exchange.written import read_number

MOST_NOTES = 30
MOST_REPEATS, MOST_PAGES, MOST_SUMS = 2_000, 20_000, 20_000
MOST_TOTALS = 0.5
"""Share of the rows from which a word such as 小计 is a value like others, unless its rows lack what records have."""

NOTE_FILL = 0.34
"""Share of the columns that a remark fills at most, where nothing else tells it from a record."""

USUAL = 0.6
"""Share of the rows that fill a column which a record has."""

NEARLY, OTHERS = 0.9, 4
"""Share of the rows that fill a column nearly always, and such columns beside a lone text that is a remark."""

NEAR = 5
"""Records above a row at the end that it is measured by."""

LEADING = 3
"""Columns in which the word for a total stands."""

MOST_WORD = 40
"""Characters of the word for a total, without the figure in brackets behind it."""

EXACT = 1e-9
_TOTAL_WORDS = frozenset((
    "合计", "总计", "小计", "累计", "汇总", "总和", "共计", "总合计", "本页合计", "本月合计", "本年累计",
    "平均", "平均值", "平均分", "最高分", "最低分", "及格率", "优秀率", "最大值", "最小值",
    "合计金额", "总额", "合计数", "合计行", "小計", "合計", "總計",
    "total", "totals", "average", "grand total", "subtotal", "sub total", "sub-total", "sum",
    "total general", "total général", "итого", "всего", "somme", "summe", "gesamt",
))  # fmt: skip
_TOTAL_ENDS = ("小计", "合计", "总计", "小計", "合計", "總計", " total", " subtotal")
_TOTAL_STEMS = (
    "计", "計", "总", "汇", "累", "平均", "高分", "低分", "格率", "秀率", "大值", "小值",
    "average", "total", "sum", "итого", "всего", "somme", "gesamt",
)  # fmt: skip
_BRACKETS = re.compile(r"(?<=\S)[(（][^()（）]*[)）]\s*[:：]?\s*\Z")
"""合计（大写） is a total too."""

_PUNCTUATION = re.compile(r"[\s:：()（）]+")
_PARTED = re.compile(r"[,，]\s*\w+\Z")
"""Sugars, total: one thing among others, whose name was turned round."""

_NOTE = re.compile(
    r"(?:注|备注|说明|附注|来源|数据来源|单位负责人|大写金额|金额大写|人民币大写|(?:制表|审核|填表|编制|打印|导出)\w{0,4}|notes?|sources?|remarks?)"
    r"\s*\d{0,2}\s*[:：.、]|注\s*\d|(?:prepared|printed|exported) (?:by|on|at)\b|\*",
    re.IGNORECASE,
)
"""How a remark begins; 打印机 or “Source code” is the name of something."""


_SENTENCE = re.compile(r"[:：；;。©]|.{25}")
"""What names of things seldom hold."""

_FIGURES = re.compile(r"\d+")
_RULE = re.compile(r"\s*(?:([-=_~─━—])\1{4,}|([*#])\2{9,})\s*")
"""A line drawn with signs; few stars are a mark that somebody gave, or hide a word."""

_DASHES = re.compile(r":?-{2,}:?")
"""What stands in each cell below a header in text: ---:"""

_RULE_STEMS = ("--", "=====", "_____", "*****", "~~~~~", "─────", "━━━━━", "—————", "#####")


LONGEST_REPORT = 50_000
"""Rows up to which lines drawn with signs are sought everywhere."""

AT_ENDS = 200
"""Rows at the beginning and at the end in which they are sought in longer lists."""

FEWEST_UNFILLED, MOST_UNFILLED = 3, 2_000
"""Rows at the end with their number only, from which they are no records, and so many as are looked at."""

_COUNTS = re.compile(
    r"(?:序|编|行|项|次|顺)[\s号次数目]*|#|№|no\.?|nr\.?|s\.?/?n\.?|(?:sr|sl)\.? ?no\.?|seq|index|id|item|line|"
)
"""What the numbers of records are called."""

MOST_EXAMPLES, MOST_GUIDES = 3, 2
_EXAMPLE = re.compile(
    r"^\s*[【\[（(]?\s*(?:填写|录入)?(?:示例|样例|范例|例子|举例|例如|例)(?:行|数据)?\d?\s*(?:[】\]）):：,，]|$)"
    r"|[（(【\[](?:示例|样例|范例|例)[）)】\]]\s*$|^\s*[\[(]?(?:example|sample|e\.g\.)\s*[\])]?\s*:?\s*$",
    re.IGNORECASE,
)
"""How an example is marked: 示例, 例：张三, 张三（示例）, Example; “Sample 1” is a sample."""

_EXAMPLE_STEMS = ("例", "example", "sample", "e.g.")

COUNTED, COVERS, NUMBERED_BY = 3, 0.6, 20
"""Columns that a row of their numbers fills at least, its share of the header, and records that it is measured by."""

_COLUMN_NUMBER = re.compile(r"[（(]?(\d{1,3})[)）]?(?:\s*[=＝].{1,20})?")
"""3, (3), or how it is reckoned: 3=1+2."""

_NUMBERS_WORD = re.compile(r"[甲乙丙丁戊]|栏次|行次|列次|列号|栏目|序号")

MOST_TITLES = 0.5
"""Share of the rows from which names of groups are records."""

_SECTION = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十\d]{1,3}[章节部类组])"
)
_SECTION_SIGNS = ("、", "（", "(", "第")


def notes_of(rows: SheetRows, first: int, bottom: int, kinds: Kinds, left: Iterable[int]) -> tuple[int, ...]:
    """The rows at the end, above `bottom`, that hold remarks: few texts, where the records hold figures and days.

    What Excel filters or has as a table is no remark.

    Args:
        first: first row of data.
        left: columns that the header names.
    """
    named = set(left)
    tail = rows.bottom(first, bottom, MOST_NOTES)
    alone = _alone(rows, tail, first, min(kinds.most))
    kept = _below_rule(tail, kinds)
    found = list(kept)
    for line in tail[len(kept) :]:
        if any(top <= line.at <= low for top, low in rows.lists):
            break
        banner = rows.is_banner(line)
        if not banner and (not _may_be_note(line, kinds, named) or _is_filled_as_others(rows, line, first)):
            break
        found.append(line.at)
        sure = banner or line.at - 1 in rows.blank or _NOTE.match(_first_text(line)) is not None
        sure = sure or _against(line, kinds) or line.at in alone
        if sure or (kept and _is_bare(line, kinds)):
            kept = list(found)
    if len(kept) == len(tail) and len(tail) < MOST_NOTES and not all(map(rows.is_banner, tail)):
        return ()
    return tuple(sorted(kept))


def _below_rule(tail: Sequence[Line], kinds: Kinds) -> list[int]:
    """The rows from the last line of dashes on, as a bank closes its lists with, the last row first; no records."""
    for at, line in enumerate(tail):
        if len(line.filled) == 1 and _is_rule(_first_text(line), lone=len(kinds.most) == 1):
            return [below.at for below in tail[: at + 1]]
        if 2 * sum(line.looks[column] == kinds.most[column] for column in kinds.typed) > len(kinds.typed):
            break
    return []


def _is_filled_as_others(rows: SheetRows, line: Line, first: int) -> bool:
    """Whether a record just above fills the same columns, and nothing parts the two."""
    if line.at - 1 in rows.blank or _NOTE.match(_first_text(line)):
        return False
    above = rows.lines(max(first, line.at - NEAR), line.at)
    return any(
        other.filled.keys() == line.filled.keys()
        and any(map(_is_typed, other.looks))
        and not is_total_word(_first_text(other))
        for other in above
    )


def _is_typed(kind: str) -> bool:
    return kind in TYPED


def _may_be_note(line: Line, kinds: Kinds, named: set[int]) -> bool:
    """Whether a row is all text, fits no typed column and fills few columns."""
    if any(line.looks[column] == kinds.most.get(column) for column in kinds.typed):
        return False
    if any(look != LABEL for look in line.looks if look):
        return bool(_NOTE.match(_first_text(line)))
    few = len(line.filled) <= max(1, NOTE_FILL * len(named))
    few = few or (2 * len(line.filled) <= len(named) and _NOTE.match(_first_text(line)) is not None)
    return (few and len(named) > 1) or (bool(kinds.typed) and len(line.filled) < len(named) and _against(line, kinds))


def _against(line: Line, kinds: Kinds) -> bool:
    """Whether a text stands in a column of figures or days, and nothing in the others of them; 待定 is a price too."""
    return any(line.looks[column] == LABEL and not is_unsettled(line.cells[column]) for column in kinds.typed)


def _is_bare(line: Line, kinds: Kinds) -> bool:
    """Whether all columns of figures and days are blank that records fill; one alone may be blank by chance."""
    usual = {column for column in kinds.typed if kinds.share[column] >= USUAL}
    return len(usual) > 1 and not usual & line.filled.keys()


def _alone(rows: SheetRows, tail: Sequence[Line], first: int, column: int) -> set[int]:
    """The last rows that say one text in the first column, first of all a sentence, below records that are full."""
    found = []
    for line in tail:
        if line.filled.keys() != {column} or not isinstance(line.filled[column], str):
            break
        found.append(line.at)
    if not found or not _SENTENCE.search(str(rows.line(found[-1]).filled[column])):
        return set()
    above = kinds_of(rows.sample(first, found[-1]))
    others = [other for other, share in above.share.items() if share >= NEARLY and other != column]
    return set(found) if len(others) >= OTHERS else set()


def _first_text(line: Line) -> str:
    cell = next(iter(line.filled.values()), None)
    return cell if isinstance(cell, str) else ""


def rules_of(rows: SheetRows, first: int, bottom: int) -> tuple[int, ...]:
    """The rows that are nothing but lines of dashes and the like, as reports draw them below a header or a total."""
    if bottom - first <= LONGEST_REPORT:
        return tuple(sorted(_rules_in(rows, first, first, bottom)))
    ends = (first, first + AT_ENDS), (bottom - AT_ENDS, bottom)
    return tuple(sorted(row for low, high in ends for row in _rules_in(rows, first, low, high)))


def _rules_in(rows: SheetRows, first: int, low: int, high: int) -> set[int]:
    """Those between two rows of the records that begin at `first`."""
    found: set[int] = set()
    for column in range(min(LEADING, rows.width)):
        hits = rows_with(rows.columns[column].part(low, high), _RULE_STEMS, _may_be_rule)
        for row in (low + hit for hit in hits[:MOST_REPEATS]):
            texts = [header_text(cell) for cell in rows.line(row).filled.values()]
            dashes = row == first and len(texts) > 1 and all(map(_DASHES.fullmatch, texts))
            if row not in found and (dashes or all(_is_rule(text, lone=rows.width == 1) for text in texts)):
                found.add(row)
    return found


def _may_be_rule(text: str) -> bool:
    return _is_rule(text) or _DASHES.fullmatch(text) is not None


def _is_rule(text: str, *, lone: bool = False) -> bool:
    """Whether a text is a line of signs; in a lone column stars hide a number."""
    match = _RULE.fullmatch(text)
    return match is not None and not (lone and match[2])


def unfilled_of(rows: SheetRows, first: int, bottom: int) -> tuple[int, ...]:
    """The rows at the end, and right above remarks there, that hold the next number in the first column only.

    They count the records from 1, under a name such as 序号; what is called 房号 is there though nobody has it.
    """
    if first and not _COUNTS.fullmatch(header_text(rows.line(first - 1).cells[0]).casefold()):
        return ()
    if not any(map(_says_number, rows.bottom(first, bottom, MOST_NOTES))):
        return ()
    tail = rows.bottom(first, bottom, MOST_UNFILLED)
    while tail and not _says_number(tail[0]) and len(tail[0].filled) < USUAL * rows.width:
        tail = tail[1:]
    found: list[Line] = []
    for line in tail:
        if not _says_number(line) or (found and figure(found[-1].cells[0]) != (figure(line.cells[0]) or 0) + 1):
            break
        found.append(line)
    if len(found) < FEWEST_UNFILLED:
        return ()
    above = rows.bottom(first, found[-1].at, 1)
    share = kinds_of(rows.sample(first, found[-1].at)).share
    goes_on = bool(above) and (figure(above[0].cells[0]) or 0) + 1 == figure(found[-1].cells[0])
    goes_on = goes_on and figure(rows.top(first, bottom, 1)[0].cells[0]) == 1
    others = sum(filled >= USUAL for column, filled in share.items() if column)
    return tuple(sorted(line.at for line in found)) if goes_on and others > 1 else ()


def _says_number(line: Line) -> bool:
    return line.filled.keys() == {0} and line.looks[0] == FIGURE


def titles_of(rows: SheetRows, first: int, bottom: int, kinds: Kinds, without: Iterable[int]) -> tuple[int, ...]:
    """The rows between records that name groups of them: merged across the columns, or numbered as 一、 and （二） are.

    Args:
        without: rows that are left out already.
    """
    gone, found = set(without), {line.at for line in rows.banners(first, bottom)}
    column = min(kinds.most, default=None)
    if column is not None and len(kinds.most) > 1:
        hits = rows_with(rows.columns[column].part(first, bottom), _SECTION_SIGNS, _is_section)
        numbered = {first + hit for hit in hits[:MOST_REPEATS] if len(rows.line(first + hit).filled) == 1}
        found |= numbered if len(numbered) > 1 else set()
    found -= gone
    return tuple(sorted(found)) if len(found) <= MOST_TITLES * (bottom - first - len(gone)) else ()


def _is_section(text: str) -> bool:
    return _SECTION.match(text) is not None


def examples_of(rows: SheetRows, first: int, bottom: int) -> tuple[int, ...]:
    """The rows right below a header that say in their first cell that they are examples, where records follow.

    Where further down others say so too, it is what they are: a kind of sample.
    """
    lines = rows.top(first, bottom, MOST_EXAMPLES + 2)
    found = [line for line in lines if _EXAMPLE.search(_first_text(line)) and 0 in line.filled]
    if not found:
        guides = [line for line in lines if tells_how_to_fill_in(line.filled.values())]
        told = guides == lines[: len(guides)] and len(guides) <= MOST_GUIDES and len(guides) + 1 < len(lines)
        return tuple(line.at for line in guides) if told else ()
    shown = found == lines[: len(found)] and len(found) <= MOST_EXAMPLES and len(found) < len(lines)
    if not found or not shown:
        return ()
    marked = rows_with(rows.columns[0].part(first, bottom), _EXAMPLE_STEMS, lambda text: bool(_EXAMPLE.search(text)))
    return tuple(line.at for line in found) if len(marked) == len(found) else ()


def numbered_of(rows: SheetRows, first: int, bottom: int, named: Iterable[int]) -> tuple[int, ...]:
    """The row right below a header that counts its columns: 1, 2, 3 or 甲, 1, 2, 3=1+2, where records follow.

    A record of figures may count too: the row is told by figures where the records have texts or days, by the word
    before them, which no record has, or by blanks where the records have texts.
    """
    lines = rows.top(first, bottom, NUMBERED_BY + 1)
    if len(lines) < 2:
        return ()
    line, kinds = lines[0], kinds_of(lines[1:])
    signs = [(column, _COLUMN_NUMBER.fullmatch(header_text(cell))) for column, cell in line.filled.items()]
    counted = [(column, int(match[1])) for column, match in signs if match is not None]
    worded = [column for column, match in signs if match is None]
    words = [header_text(line.filled[column]) for column in worded]
    if (
        len(line.filled) < COUNTED
        or len(counted) < 2
        or [number for _, number in counted] != list(range(1, len(counted) + 1))
    ):
        return ()
    if len(line.filled) < COVERS * len(set(named)) or not all(map(_NUMBERS_WORD.fullmatch, words)):
        return ()
    if any(_NUMBERS_WORD.fullmatch(header_text(below.cells[column])) for below in lines[1:] for column in worded):
        return ()
    against = sum(kinds.most.get(column) in (LABEL, DAY) for column, _ in counted)
    leading = min(kinds.most)
    unnamed = kinds.most[leading] == LABEL and kinds.share[leading] == 1 and leading not in line.filled
    return (line.at,) if words or unnamed or (2 * against >= len(counted) and len(lines) > 2) else ()


def totals_of(rows: SheetRows, first: int, bottom: int, kinds: Kinds, without: Iterable[int]) -> tuple[int, ...]:
    """The rows that sum up others: by a word such as 合计 in a leading column, or because the last row is the sum.

    Args:
        without: rows that are left out already.
    """
    gone = set(without)
    found: set[int] = set()
    for column in sorted(kinds.most)[:LEADING]:
        hits = rows_with(rows.columns[column].part(first, bottom), _TOTAL_STEMS, is_total_word)
        for row in (first + hit for hit in hits[:MOST_SUMS]):
            if row not in gone and row not in found and _sums_up(rows.line(row), column, kinds):
                found.add(row)
    height = bottom - first - len(gone)
    if len(found) > max(2, MOST_TOTALS * height) and not _lack_keys(rows, first, bottom, found, gone):
        return ()
    last = next((line for line in rows.bottom(first, bottom, len(gone) + 1) if line.at not in gone), None)
    if last is not None and last.at not in found and height - len(found) > 2:
        figures = [column for column in kinds.typed if kinds.most[column] == FIGURE]
        if _is_sum(rows, first, last, figures, gone | found | {last.at}) and min(kinds.most) not in last.filled:
            found.add(last.at)
    return tuple(sorted(found))


def is_total_word(text: str) -> bool:
    """Whether a text names a total: 合计, 华东小计, Grand Total."""
    word = _BRACKETS.sub("", text) if len(text) <= MOST_WORD * 2 else text
    if len(word) > MOST_WORD:
        return False
    plain = _PUNCTUATION.sub(" ", word).strip().casefold()
    if plain in _TOTAL_WORDS or plain.replace(" ", "") in _TOTAL_WORDS:
        return True
    return plain.endswith(_TOTAL_ENDS) and not _PARTED.search(plain)


def _sums_up(line: Line, column: int, kinds: Kinds) -> bool:
    """Whether the row of such a word holds figures behind it, and before it nothing but the names of groups.

    A word alone in its row is a total whose formulas have no stored result.
    """
    before = sum(1 for other in line.filled if other < column)
    texts = sum(1 for other in line.filled if other > column and line.looks[other] == LABEL)
    figures = any(look == FIGURE for look in line.looks[column + 1 :])
    typed = [other for other in kinds.typed if kinds.most[other] == FIGURE]
    if not figures:
        return (len(line.filled) == 1 or not typed) and not texts and before < LEADING
    return before < LEADING and texts <= max(1, 0.3 * len(kinds.most))


def _lack_keys(rows: SheetRows, first: int, bottom: int, found: set[int], gone: set[int]) -> bool:
    """Whether a column is filled in every record that is looked at, and blank in all rows with such a word."""
    records = [line for line in rows.sample(first, bottom) if line.at not in found and line.at not in gone]
    keys = set(records[0].filled) if records else set()
    for line in records:
        keys &= line.filled.keys()
    for row in found:
        keys -= rows.line(row).filled.keys()
    return bool(keys)


def _is_sum(rows: SheetRows, first: int, last: Line, figures: Sequence[int], without: set[int]) -> bool:
    """Whether a row without a word holds sums: all its figures are those of their columns, and it has no name."""
    own = [column for column in figures if column in last.filled]
    named = [column for column in last.filled if column not in figures]
    if not own or named or (len(own) == len(last.cells) and len(own) < 2):
        return False
    for column in own:
        total = figure(last.cells[column])
        summed = column_sum(rows.columns[column], first, last.at, without)
        if total is None or not total or not math.isclose(total, summed, rel_tol=EXACT, abs_tol=1e-6):
            return False
    return True


def column_sum(column: Column, first: int, stop: int, without: set[int]) -> float:
    """The sum of the figures in the rows from `first` to before `stop`, without some rows."""
    parts: list[float] = []
    for block in column.part(first, stop).blocks:
        if block.kind == FLOATS:
            parts.append(math.fsum(block.content))
        elif block.kind in (TEXTS, SHARED, MIXED):
            parts.append(math.fsum(found for cell in block.raw() if (found := figure(cell)) is not None))
    gone = (figure(next(iter(column.raw(row, row + 1)), None)) for row in without if first <= row < stop)
    return math.fsum(parts) - math.fsum(found for found in gone if found is not None)


def figure(cell: Raw) -> float | None:
    """The number in a cell, written as text or not; None where there is none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return float(cell)
    written = read_number(cell) if isinstance(cell, str) else None
    return float(written.value) if written is not None else None


def repeats_of(
    rows: SheetRows, first: int, bottom: int, header: Sequence[Raw], start: int = 0, top: int = 0
) -> tuple[int, ...]:
    """The rows that are the header once more, as on every page of a printed list, with what stands above it there too.

    Args:
        start, top: where the table begins, and the first row of its header.
    """
    column = next((at for at, cell in enumerate(header) if isinstance(cell, str)), None)
    if column is None:
        return ()
    wanted = str(header[column])
    part = rows.columns[column].part(first, bottom)
    hits = rows_with(part, (wanted.casefold(),), lambda text: text == wanted)
    if len(hits) > MOST_PAGES:
        return ()
    found = [first + hit for hit in hits if is_same(rows.line(first + hit).cells, header)]
    heads = {_without_figures(line) for line in rows.lines(start, top)} if found else set()
    above = [
        _heads_above(rows, row, max(first, before), heads) for before, row in zip([0, *found], found, strict=False)
    ]
    return tuple(sorted({*found, *chain.from_iterable(above)}))


def _heads_above(rows: SheetRows, row: int, first: int, heads: set[str]) -> list[int]:
    """The rows right above a header that returns which stand above it on the first page too: a title, a page number."""
    found: list[int] = []
    while row - 1 >= first and (row - 1 in rows.blank or _without_figures(rows.line(row - 1)) in heads):
        row -= 1
        found += [row] if row not in rows.blank else []
    return found


def _without_figures(line: Line) -> str:
    return "\n".join(f"{column}{_FIGURES.sub('', header_text(cell))}" for column, cell in line.filled.items())


def is_same(row: Sequence[Raw], header: Sequence[Raw]) -> bool:
    """Whether a row says the same as the header in every column."""
    return all(header_text(a) == header_text(b) for a, b in zip(row, header, strict=True))
