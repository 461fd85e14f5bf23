"""Numbers, dates, yes and no as people write them into text cells; stricter than typing, because nobody watches."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import NamedTuple

from runtime.fields.boolean import WORDS
from runtime.numbers import parse_number

_CODES = r"CNY|RMB|USD|EUR|GBP|HKD|JPY|TWD|KRW|SGD|AUD|CAD|CHF|US\$|HK\$|NT\$|[¥$€£₩₹₽]"
_NUMBER = re.compile(
    rf"(?P<open>\()?[+\-−]?\s?(?P<currency>{_CODES})?\s?[+\-−]?"
    r"(?P<whole>\d{1,3}(?:,\d{3})+|[1-9]\d{0,2}(?: \d{3})+|\d+)?(?P<fraction>\.\d+)?"
    rf"\s?(?:(?P<unit>%|万亿元|万亿|万元|亿元|万|亿|元)|(?P<behind>{_CODES}))?(?P<close>\))?"
)
_MINUS_BEHIND = re.compile(r"[\d,]+\.\d{2}-", re.ASCII)
"""1,234.50-, as SAP writes it."""

_POWER = re.compile(r"[+-]?\d(?:\.\d{1,15})?(?:e[+-]\d{2}|E(?:-\d{2}|\+(?:0\d|10)))", re.ASCII)
"""1.1e+07, as programs write it; Excel writes 1.23457E+11 only where it has left digits out."""

_LEAST, _MOST = Decimal("1e-8"), Decimal("1e15")
"""Between these a number with a power of ten has all its digits."""

_COMMA = re.compile(
    rf"(?:(?P<currency>{_CODES})[ \u00a0\u202f]?)?-?"
    r"(?P<whole>\d{1,3}(?:\.\d{3})+|[1-9]\d{0,2}(?:[ \u00a0\u2009\u202f]\d{3})+|\d+)(?:,(?P<places>\d+))?-?"
    rf"(?:[ \u00a0\u202f]?(?P<behind>{_CODES}))?",
    re.ASCII,
)
_STARTS_NUMBER = frozenset("0123456789+-−.(¥$€£₩₹₽CRUEGHJTKSAN０１２３４５６７８９＋－．（￥＄")
_UNITS = {"%": -2, "万": 4, "万元": 4, "亿": 8, "亿元": 8, "万亿": 12, "万亿元": 12}
_SIGNS = {"CNY": "¥", "RMB": "¥", "USD": "$", "US$": "$", "EUR": "€", "GBP": "£"}
_TIME = (
    r"(?:(?:[ T]+|(?<=日))(?P<half>[上下]午)?\s?(?P<hour>\d{1,2})"
    r"(?:(?P<sign>[:.])(?P<minute>\d{2})(?:(?P=sign)(?P<second>\d{2})(?:\.\d+)?)?|[时点](?:(?P<minutes>\d{1,2})分?(?:(?P<seconds>\d{1,2})秒)?)?)"
    r"\s?(?P<noon>[AaPp]\.?[Mm]\.?)?)?(?:\s*\(?(?:星期|周)[一二三四五六日天]\)?)?"
)
_YEAR_FIRST = re.compile(r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})日?" + _TIME)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})" + _TIME)
_SHORT_YEAR = re.compile(r"(?=\d{2}\.\d{2}\.|\d{1,2}[-/])(\d{1,2})([-/.])(\d{1,2})\2(\d{2})" + _TIME)
"""Figures parted by points are a day only where each has two; 1.2.10 is a version."""

_ZONED = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s?(?:Z|([+-])(\d{2}):?(\d{2})?)", re.ASCII
)
_DAY_NAMED = re.compile(r"(\d{1,2})[ /-]([A-Za-z]{3,9})\.?,?[ /-](\d{4}|\d{2})" + _TIME)
_NAMED_DAY = re.compile(r"([A-Za-z]{3,9})\.? (\d{1,2}),? (\d{4})" + _TIME)
_DAY_OF_YEAR = re.compile(r"(0?[1-9]|1[0-2])(?:月(?=\d{1,2}[日号]?\Z)|[/-](?=\d{1,2}\Z))(0?[1-9]|[12]\d|3[01])[日号]?")
_CLOCK = re.compile(r"-?\d{1,5}:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?", re.ASCII)
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "sept",
)  # fmt: skip

NEED_BOTH = frozenset(
    (
        "y",
        "n",
        "t",
        "f",
        "有",
        "无",
        "on",
        "off",
        "对",
        "错",
        "真",
        "假",
        "x",
        "×",
        "☐",
        "□",
        "ja",
        "nein",
        "oui",
        "non",
        "да",
        "нет",
    )
)
"""Words that mean yes or no only where their opposite appears too."""

CENTURY = 30
"""05-Mar-29 is in 2029, 05-Mar-30 in 1930, as Excel reads it."""

YES_NO: dict[str, bool] = {word: yes for word, yes in WORDS.items() if word not in ("1", "0")} | {
    "ja": True, "nein": False, "oui": True, "non": False, "да": True, "нет": False, "はい": True, "いいえ": False,
    "t": True, "f": False, "没有": False, "不是": False, "x": False,
    "☑": True, "✅": True, "☐": False, "□": False, "❌": False,
}  # fmt: skip
"""What texts in a yes/no column say; figures are numbers, not words."""

ORDERS = ("dmy", "mdy", "ymd")
"""How 03/04/05 may be read."""

OPPOSITES = {
    "y": ("n",), "t": ("f",), "ja": ("nein",), "oui": ("non",), "да": ("нет",),
    "有": ("无", "没有"), "on": ("off",), "对": ("错",), "真": ("假",),
    "√": ("×", "x", "☐", "□"), "✓": ("×", "x", "✗", "✘"), "✔": ("×", "x", "✗", "✘"),
    "☑": ("☐", "□"), "✅": ("☐", "□", "❌"),
}  # fmt: skip
"""Words for yes that a single sign is, with what says no beside them: x beside √, but not beside y."""

NOTHING = frozenset((
    "-", "--", "---", "–", "—", "——", "－", "*", "**", "***", "＊", "/", "／", "\\", ".", "..", "...", "…", "……", "?",
    "？",    "n/a", "na", "n.a.", "#n/a", "nan", "null", "none", "nil", "(null)", "(blank)", "(空)", "（空）",
    "(跳过)", "\\n",
))  # fmt: skip
"""Texts that stand for no value among figures and days."""

SPELLINGS_OF_NOTHING = frozenset(("NaN", "N/a")) | frozenset(
    spelled for text in NOTHING for spelled in (text, text.upper(), text.title())
)
LONGEST_NOTHING = 8
"""The same as they are usually written."""


class WrittenNumber(NamedTuple):
    """A number in a text cell.

    A tuple, because a column may hold a hundred thousand.

    Attributes:
        value: its value; 12% is 0.12.
        decimals: places behind the point of `value`.
        percent, unit, grouped: whether it has a percent sign, 万 or 亿, thousands commas.
        currency: its currency symbol or "".
        zeros: whether it starts with zeros that a number loses.
        digits: digits written before the point.
    """

    value: Decimal
    decimals: int
    percent: bool
    unit: bool
    grouped: bool
    currency: str
    zeros: bool
    digits: int


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a text cell: `first` and `second` are month and day, in the order written where `ordered` is False.

    Attributes:
        short: whether its year has two figures, so that 24/03/05 may begin with it.
        ahead: minutes that its clock is ahead of UTC; None where it does not say.
    """

    year: int
    first: int
    second: int
    ordered: bool
    clock: tuple[int, int, int] | None
    short: bool = False
    ahead: int | None = None

    def value(self, order: str) -> date | datetime | None:
        """The date, or the date and time; None where it does not exist.

        Args:
            order: "dmy", "mdy" or "ymd" (short years only) where it is not ordered; with "" None comes back then.
        """
        if not self.ordered and not order:
            return None
        year, month, day = self.year, self.first, self.second
        if not self.ordered and order == "dmy":
            month, day = day, month
        elif not self.ordered and order == "ymd":
            if not self.short:
                return None
            year, month, day = full_year(self.first), self.second, self.year % 100
        try:
            if self.clock is None:
                return date(year, month, day)
            zone = None if self.ahead is None else timezone(timedelta(minutes=self.ahead))
            return datetime.combine(date(year, month, day), time(*self.clock, tzinfo=zone))
        except ValueError:
            return None


def plain_text(text: str) -> str:
    """`text` with full-width figures and signs made narrow."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def read_number(text: str) -> WrittenNumber | None:
    """The number that a text cell holds, or None: 1,234.50, 1 234, ￥3,000元, 12%, (1,200), １２３４, 1.2万, 1e-05."""
    if not text or text[0] not in _STARTS_NUMBER:
        return None
    plain = plain_text(text)
    if plain.isdigit() and plain.isascii():
        zeros = len(plain) > 1 and plain[0] == "0"
        return WrittenNumber(Decimal(plain), 0, False, False, False, "", zeros, len(plain))
    if _MINUS_BEHIND.fullmatch(plain):
        plain = f"-{plain[:-1]}"
    if _POWER.fullmatch(plain):
        return _with_power(Decimal(plain))
    match = _NUMBER.fullmatch(plain)
    if match is None or not (match["whole"] or match["fraction"]) or bool(match["open"]) != bool(match["close"]):
        return None
    whole = match["whole"] or ""
    currency = match["currency"] or match["behind"] or ""
    if match["currency"] and match["behind"]:
        return None
    trillions = (match["unit"] or "").startswith("万亿")
    bare = plain.replace(currency, "", 1) if currency else plain
    bare = bare.replace("万亿", "", 1) if trillions else bare
    value = parse_number(bare.replace(whole, whole.replace(" ", ""), 1) if " " in whole else bare)
    if value is None:
        return None
    value = value.scaleb(12) if trillions else value
    places = len(match["fraction"] or ".") - 1
    unit = _UNITS.get(match["unit"] or "", 0)
    return WrittenNumber(
        value=value,
        decimals=max(0, places - unit),
        percent=match["unit"] == "%",
        unit=(match["unit"] or "")[:1] in ("万", "亿"),
        grouped="," in whole or " " in whole,
        currency=_SIGNS.get(currency, currency) or ("¥" if (match["unit"] or "").endswith("元") else ""),
        zeros=len(whole) > 1 and whole.startswith("0"),
        digits=sum(map(str.isdigit, whole)),
    )


def _with_power(value: Decimal) -> WrittenNumber | None:
    if value and not _LEAST <= abs(value) < _MOST:
        return None
    places = max(0, -int(value.as_tuple().exponent))
    return WrittenNumber(value, places, False, False, False, "", False, 1)


def read_comma_number(text: str) -> WrittenNumber | None:
    """The number of a text such as 1.234,50 or 12,5 € or 40,50-, where "," parts the decimals; None for others."""
    match = _COMMA.fullmatch(text)
    if match is None:
        return None
    whole, currency = match["whole"], match["currency"] or match["behind"] or ""
    minus = text.count("-")
    behind = text.endswith("-") and not match["places"]
    if minus > 1 or behind or (match["currency"] and match["behind"]):
        return None
    value = Decimal("".join(sign for sign in whole if sign.isdigit()) + "." + (match["places"] or "0"))
    value = value.quantize(Decimal(1).scaleb(-len(match["places"] or ""))) * (-1 if minus else 1)
    zeros = len(whole) > 1 and whole.startswith("0")
    sign = _SIGNS.get(currency, currency)
    return WrittenNumber(value, len(match["places"] or ""), False, False, not whole.isdigit(), sign, zeros, len(whole))


def read_date(text: str, compact: bool = False) -> WrittenDate | None:
    """The date that a text cell holds, or None.

    Args:
        text: for example 2024-03-05, 2024年3月5日, 2024/3/5 14:30, 2024-03-05T14:30:00Z, 03/04/2025, 03/04/25,
            5 Mar 2024.
        compact: whether 20240305 is a date too.
    """
    if not text or len(text) > 40 or not (text[0].isdigit() or text[0].isalpha()):
        return None
    plain = plain_text(text)
    if plain[0].isdigit():
        match = _YEAR_FIRST.fullmatch(plain)
        if match is not None:
            month = match[2] or match[3] or match[4] or match[5]
            return _written(match[1], month, match[6], True, match)
        match = _YEAR_LAST.fullmatch(plain)
        if match is not None:
            return _written(match[4], match[1], match[3], False, match)
        match = _SHORT_YEAR.fullmatch(plain)
        if match is not None:
            return _short(match)
        match = _ZONED.fullmatch(plain)
        if match is not None:
            return _zoned(match)
        match = _COMPACT.fullmatch(plain) if compact else None
        if match is not None:
            return _written(match[1], match[2], match[3], True, None)
        match = _DAY_NAMED.fullmatch(plain)
        return _named(match[3], match[2], match[1], match) if match is not None else None
    match = _NAMED_DAY.fullmatch(plain) if plain.isascii() else None
    return _named(match[3], match[1], match[2], match) if match is not None else None


def read_day_of_month(text: str, year: int) -> date | None:
    """The day of that year which a text such as 10月8日 or 10/8 says, or None."""
    match = _DAY_OF_YEAR.fullmatch(plain_text(text.strip()))
    try:
        return date(year, int(match[1]), int(match[2])) if match is not None else None
    except ValueError:
        return None


def is_clock(text: str) -> bool:
    """Whether a text is a time of day or a length of time: 9:30, 14:57:13, 27:15:00."""
    return ":" in text and _CLOCK.fullmatch(text) is not None


def is_nothing(text: str) -> bool:
    """Whether a text stands for a value that is not there: a dash, a star, N/A."""
    return len(text) < LONGEST_NOTHING and text.casefold() in NOTHING


def read_yes_no(text: str) -> bool | None:
    """What a word for yes or no says, or None."""
    return YES_NO.get(text.casefold())


def _named(year: str, month: str, day: str, clock: re.Match[str]) -> WrittenDate | None:
    name = month.casefold()
    if name[:3] not in _MONTHS or (len(name) > 3 and name not in _FULL):
        return None
    if len(year) == 2:
        year = str(full_year(int(year)))
    return _written(year, str(_MONTHS.index(name[:3]) + 1), day, True, clock)


def full_year(year: int) -> int:
    """The year that two figures mean."""
    return year + (2000 if year < CENTURY else 1900)


def _short(match: re.Match[str]) -> WrittenDate | None:
    year, first, second = int(match[4]), int(match[1]), int(match[3])
    found = WrittenDate(full_year(year), first, second, False, _clock(match), short=True)
    return found if any(found.value(order) is not None for order in ORDERS) else None


def _zoned(match: re.Match[str]) -> WrittenDate | None:
    year, month, day = map(int, match[1].split("-"))
    clock = int(match[2]), int(match[3]), int(match[4] or 0)
    ahead = (int(match[6] or 0) * 60 + int(match[7] or 0)) * (-1 if match[5] == "-" else 1)
    found = WrittenDate(year, month, day, True, clock, ahead=ahead)
    return found if found.value("") is not None else None


def _written(year: str, first: str, second: str, ordered: bool, clock: re.Match[str] | None) -> WrittenDate | None:
    found = WrittenDate(int(year), int(first), int(second), ordered, _clock(clock) if clock is not None else None)
    possible = found.value("mdy") is not None or (not ordered and found.value("dmy") is not None)
    return found if possible else None


def _clock(match: re.Match[str]) -> tuple[int, int, int] | None:
    """Hour, minute and second; 下午2:30 and 2:30 PM are in the afternoon."""
    if match["hour"] is None:
        return None
    hour = int(match["hour"])
    half = (match["half"] or match["noon"] or "").casefold()
    if half[:1] in ("下", "p") and hour < 12:
        hour += 12
    elif half[:1] in ("上", "a") and hour == 12:
        hour = 0
    return hour, int(match["minute"] or match["minutes"] or 0), int(match["second"] or match["seconds"] or 0)
