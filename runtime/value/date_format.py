"""Writes a date or time, given as Excel's number of days, by a section of a format code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal

from runtime.value.chinese_numerals import Numerals
from runtime.value.error_values import WRONG_VALUE, Failure
from runtime.value.format_code import Section, Token, TokenKind
from runtime.value.moments import from_serial

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CHINESE_DAYS = "一二三四五六日"
_SATURDAY = 5
_BUDDHIST = 543
_LONGEST_FRACTION = 6
_LARGEST_SERIAL = 2_958_466
_FALSE_LEAP_DAY = 60
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class _Moment:
    """What a number of days means: the day (day 0 is 1900-01-00), the clock, and how long it is altogether."""

    year: int
    month: int
    day: int
    weekday: int
    seconds: int
    fraction: str
    total: int

    @property
    def hour(self) -> int:
        """0 to 23."""
        return self.seconds // 3600


def date_in_format(serial: Decimal, section: Section) -> str:
    """The date and time of a number of days as `section` shows them, to the second or the fraction it shows.

    Raises:
        Failure: #VALUE!, below 0 (but for spans such as [h]:mm) and after 9999-12-31.
    """
    span = section.has(TokenKind.ELAPSED)
    if (serial < 0 and not span) or abs(serial) >= _LARGEST_SERIAL:
        raise Failure(WRONG_VALUE)
    moment = _moment(abs(serial), section)
    halved = section.has(TokenKind.HALF_DAY)
    text = "".join(_shown(token, moment, halved, section.numerals) for token in section.tokens)
    return f"-{text}" if serial < 0 else text


def _moment(serial: Decimal, section: Section) -> _Moment:
    places = max((len(token.text) - 1 for token in section.tokens if token.kind is TokenKind.FRACTION), default=0)
    places = min(places, _LONGEST_FRACTION)
    ticks = int(_EXACT.scaleb(_EXACT.multiply(serial, Decimal(86_400)), places).to_integral_value(ROUND_HALF_UP))
    total, rest = divmod(ticks, 10**places)
    days, seconds = divmod(total, 86_400)
    if days >= _LARGEST_SERIAL:
        raise Failure(WRONG_VALUE)
    day = from_serial(Decimal(days)) if days else date(1900, 1, 1)
    number = day.day if days else 0
    if days == _FALSE_LEAP_DAY:
        number = 29
    weekday = day.weekday() if days else _SATURDAY
    return _Moment(day.year, day.month, number, weekday, seconds, str(rest).rjust(places, "0"), total)


def _shown(token: Token, moment: _Moment, halved: bool, numerals: Numerals | None) -> str:
    if token.kind is TokenKind.DATE:
        return _date_part(token.text, moment, halved, numerals)
    if token.kind is TokenKind.HALF_DAY:
        return token.text.upper().split("/")[moment.hour >= 12]
    if token.kind is TokenKind.ELAPSED:
        length = {"h": 3600, "m": 60, "s": 1}[token.text[0]]
        return str(moment.total // length).rjust(len(token.text), "0")
    if token.kind is TokenKind.FRACTION:
        return "." + moment.fraction.ljust(len(token.text) - 1, "0") if len(token.text) > 1 else "."
    return token.text if token.kind is TokenKind.LITERAL else ""


def _date_part(code: str, moment: _Moment, halved: bool, numerals: Numerals | None) -> str:
    if code[0] in "yeb":
        year = moment.year + (_BUDDHIST if code[0] == "b" else 0)
        digits = f"{year % 100:02d}" if len(code) <= 2 and code[0] != "e" else f"{year:04d}"
        return digits if numerals is None else numerals.spelled(digits)
    named = _named(code, moment)
    if named is not None:
        return named
    hour = (moment.hour + 11) % 12 + 1 if halved else moment.hour
    number = {
        "m": moment.month,
        "d": moment.day,
        "h": hour,
        "n": moment.seconds // 60 % 60,
        "s": moment.seconds % 60,
    }[code[0]]
    if numerals is not None:
        return _in_words(number, numerals)
    return f"{number:02d}" if len(code) > 1 else str(number)


def _named(code: str, moment: _Moment) -> str | None:
    """The name of a month or day; None where the code asks for a number."""
    if code[0] == "g":
        return ""
    if code[0] == "a":
        return f"{'星期' if len(code) > 3 else ''}{_CHINESE_DAYS[moment.weekday]}"
    if code[0] in "md" and len(code) > 2:
        name = _MONTHS[moment.month - 1] if code[0] == "m" else _DAYS[moment.weekday]
        if code == "mmmmm":
            return name[0]
        return name[:3] if len(code) == 3 else name
    return None


def _in_words(number: int, numerals: Numerals) -> str:
    if not numerals.units:
        return numerals.spelled(str(number))
    words = numerals.number(number)
    return words[1:] if 10 <= number < 20 and words.startswith("一") else words
