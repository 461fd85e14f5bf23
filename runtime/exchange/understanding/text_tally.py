"""What the texts of a column say, counted block by block: figures, days, answers, addresses, several options in one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from math import isclose
from typing import TypeVar

from runtime.exchange.cells import SIGNIFICANT
from runtime.exchange.written import (
    ORDERS,
    SPELLINGS_OF_NOTHING,
    WrittenDate,
    WrittenNumber,
    is_nothing,
    read_comma_number,
    read_date,
    read_number,
    read_yes_no,
)

R = TypeVar("R")

SAMPLE = 400
"""Different texts that are looked at to know what the others are read as."""

REMEMBERED = 20_000
"""Different texts whose reading is kept."""

SHOWN = 4
MOST_PARTS = 300
"""Different options between separators from which a text is a sentence, not a list."""

SEPARATORS = ("、", ";", "；", "|", "┋", "/", ",", "，", "\n")
GROUPED_FROM = 1000
PLAINLY = 9
DUST = 1e-11
"""A long figure so near (by its own size) to one with PLAINLY significant digits is that one after some arithmetic."""
_END = "\x00"
_PLAIN = "0123456789.-" + _END
_WITHOUT_PLAIN = str.maketrans("", "", _PLAIN)
_ISO_DAYS = re.compile(r"(?:\d{4}-\d\d-\d\d(?:\x00|\Z))+")
_ISO_MOMENTS = re.compile(r"(?:\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?(?:\x00|\Z))+")
_TIMED = re.compile(r"[ T](?!00:00(?::00)?(?:\x00|\Z))")
_ZERO_FIRST = re.compile(r"\x00-?0\d")
_E_MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(r"(?:https?://|ftp://|www\.)[^\s]+", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|(?:\(?0\d{2,3}\)?[- ]?)\d{7,8}(?:[-转 ]+\d{1,6})?"
    r"|400[- ]?\d{3}[- ]?\d{4}|\+\d{1,3}[- ()\d]{6,18}|\(\d{3}\) ?\d{3}[- ]\d{4}|\d{3}[-.]\d{3}[-.]\d{4}"
)
_GROUPS = re.compile(r"\d\s\d")
_EXPONENT = re.compile(r"\d(?:\.\d+)?[eE]\+\d{2}")
_WHOLE_POWER = re.compile(r"\d[eE][+-]\d{2}", re.ASCII)


class NumberTally:
    """Texts that are numbers.

    Attributes:
        cells: how many cells hold one.
        decimals: the most places behind the point.
        percents, units, signed: cells with a percent sign, with 万 or 亿, with brackets, a minus behind or full-width
            figures.
        grouped, loose: cells whose thousands are parted; numbers of four digits or more without.
        spaced: cells whose thousands are parted by blanks.
        powers: cells such as 2E-05, a number and the name of a place.
        currencies: their currency symbols.
        shortest, longest: digits, where all texts are plain figures; `plain` says whether they are.
        zeros: some texts that begin with 0 and have more digits.
        low, high: the smallest and the largest.
        odd: some texts that are more than digits, point and sign.
        some: some texts.
    """

    def __init__(self) -> None:
        self.cells = self.decimals = self.percents = self.units = self.signed = self.grouped = self.loose = 0
        self.spaced = self.powers = 0
        self.currencies: Counter[str] = Counter()
        self.shortest, self.longest, self.plain = 99, 0, True
        self.zeros: list[str] = []
        self.low, self.high = float("inf"), float("-inf")
        self.odd: list[str] = []
        self.some: list[str] = []

    @property
    def widest(self) -> float:
        """The largest without its sign, 0 where there is none."""
        return max(abs(self.low), abs(self.high)) if self.cells else 0.0

    def take_plain(self, counts: Mapping[str, int], joined: str) -> bool:
        """Count texts of digits, points and signs at once; False where one needs a closer look."""
        digits = joined.replace(_END, "")
        if not digits.isdigit():
            return self._take_decimals(counts, joined)
        if not digits.isascii():
            return False
        lengths = list(map(len, counts))
        shortest, longest = min(lengths), max(lengths)
        self.shortest, self.longest = min(self.shortest, shortest), max(self.longest, longest)
        if len(self.zeros) < SHOWN:
            self.zeros += islice((text for text in counts if text[0] == "0" and len(text) > 1), SHOWN)
        self._seen(counts, map(float, counts))
        return True

    def _take_decimals(self, counts: Mapping[str, int], joined: str) -> bool:
        if joined.translate(_WITHOUT_PLAIN) or _is_odd(f"{_END}{joined}{_END}"):
            return False
        try:
            values = list(map(float, counts))
        except ValueError:
            return False
        if max(map(len, counts)) > SIGNIFICANT:
            joined = _END.join(map(_without_dust, counts))
        while re.search(rf"\.\d{{{self.decimals + 1}}}", joined):
            self.decimals += 1
        self.plain = False
        self._seen(counts, values)
        return True

    def _seen(self, counts: Mapping[str, int], values: Iterable[float]) -> None:
        numbers = list(values)
        low, high = min(numbers), max(numbers)
        self.low, self.high = min(self.low, low), max(self.high, high)
        self.loose += max(abs(low), abs(high)) >= GROUPED_FROM
        self.cells += sum(counts.values())
        self._show(self.some, islice(counts, SHOWN))

    def take(self, text: str, number: WrittenNumber, count: int) -> None:
        """Count one text."""
        self.cells += count
        self.decimals = max(self.decimals, number.decimals)
        self.percents += count if number.percent else 0
        self.units += count if number.unit else 0
        self.grouped += count if number.grouped else 0
        self.spaced += count if number.grouped and _GROUPS.search(text) else 0
        self.powers += count if _WHOLE_POWER.fullmatch(text) else 0
        wide = not text.isascii() and not number.unit and not number.currency
        self.signed += count if wide or text[0] in "(（" or text[-1] == "-" else 0
        if number.currency:
            self.currencies[number.currency] += count
        value = float(number.value)
        self.loose += abs(value) >= GROUPED_FROM and not number.grouped and not number.unit
        self.low, self.high = min(self.low, value), max(self.high, value)
        if text.isdigit() and text.isascii():
            self.shortest, self.longest = min(self.shortest, len(text)), max(self.longest, len(text))
        else:
            self.plain = False
            if text.strip(_PLAIN):
                self._show(self.odd, (text,))
        if number.zeros:
            self._show(self.zeros, (text,))
        self._show(self.some, (text,))

    @staticmethod
    def _show(shown: list[str], texts: Iterable[str]) -> None:
        if len(shown) < SHOWN:
            shown += [text for text in texts if text not in shown][: SHOWN - len(shown)]


class DayTally:
    """Texts that are days or moments.

    Attributes:
        cells: how many cells hold one.
        timed: whether one has a time of day.
        iso: whether all are written 2024-03-05.
        unordered: whether one is written like 03/04/2025.
        orders: the orders in which all of those can be read.
        zoned: whether one says its time zone.
        short: whether one has a year of two figures.
        some: some texts.
    """

    def __init__(self) -> None:
        self.cells = 0
        self.timed = self.unordered = self.zoned = self.short = False
        self.orders = set(ORDERS)
        self.iso = True
        self.some: list[str] = []

    def take_iso(self, counts: Mapping[str, int], joined: str) -> bool:
        """Count texts such as 2024-03-05 or 2024-03-05 14:30 at once; False where one needs a closer look."""
        read: Callable[[str], date]
        if _ISO_DAYS.fullmatch(joined):
            read = date.fromisoformat
        elif _ISO_MOMENTS.fullmatch(joined):
            read = datetime.fromisoformat
            self.timed = self.timed or _TIMED.search(joined) is not None
        else:
            return False
        try:
            list(map(read, counts))
        except ValueError:
            return False
        self.cells += sum(counts.values())
        if len(self.some) < SHOWN:
            self.some += islice(counts, SHOWN - len(self.some))
        return True

    def take(self, text: str, day: WrittenDate, count: int) -> None:
        """Count one text."""
        self.cells += count
        self.timed = self.timed or day.clock not in (None, (0, 0, 0))
        self.zoned = self.zoned or day.ahead is not None
        self.iso = self.iso and text[4:5] == "-" and len(text) >= 10
        if not day.ordered:
            self.unordered = True
            self.short = self.short or day.short
            self.orders -= {order for order in self.orders if day.value(order) is None}
        if len(self.some) < SHOWN:
            self.some.append(text)


class TextTally:
    """What the texts of one column say.

    Args:
        sample: some of its texts from all of its parts; what few of them are, none is counted as.

    Attributes:
        cells: texts.
        numbers, commas: texts that are numbers; those that are numbers only where "," parts the decimals.
        days, compact_days: texts that are days; those too where 20240305 is one.
        words: texts that say yes or no, and their cells.
        nothing: texts that stand for no value, and their cells.
        addresses: email, url, phone -> cells.
        exponents: cells such as 6.22202E+18.
        parts: separator -> option -> cells, where cells may hold several.
        longest: characters of the longest.
        multiline: whether one has a line break.
        strange: reader -> some texts that it does not read.
    """

    def __init__(self, sample: Sequence[str]) -> None:
        self.cells = self.longest = self.exponents = 0
        self.multiline = False
        self.numbers, self.commas = NumberTally(), NumberTally()
        self.days, self.compact_days = DayTally(), DayTally()
        self.words: Counter[str] = Counter()
        self.nothing: Counter[str] = Counter()
        self.addresses: Counter[str] = Counter()
        self.parts: dict[str, Counter[str]] = {}
        self.split_cells: Counter[str] = Counter()
        self.strange: dict[str, list[str]] = {}
        self._memo: dict[str, dict[str, object]] = {}
        real = [text for text in sample if not is_nothing(text)]
        hits = {name: sum(read(text) is not None for text in real) for name, read in _READERS.items()}
        self._active = {name for name, found in hits.items() if 2 * found >= max(1, len(real))}
        for name, narrower in (("commas", "numbers"), ("compact", "days")):
            if hits[name] <= hits[narrower]:
                self._active.discard(name)
        self._separators = [sign for sign in SEPARATORS if 10 * sum(sign in text for text in real) >= len(real) > 0]
        self.parts = {sign: Counter() for sign in self._separators}

    def reads_as(self, other: TextTally) -> bool:
        """Whether both were told by their samples to look for the same."""
        return (self._active, self._separators) == (other._active, other._separators)

    def take(self, counts: Mapping[str, int]) -> None:
        """Count the texts of a block: different texts and how often each is there."""
        joined = _END.join(counts)
        self.cells += sum(counts.values())
        longest = max(map(len, counts))
        self.longest = max(self.longest, longest)
        self.multiline = self.multiline or "\n" in joined
        rest: Mapping[str, int] = counts
        nothing = {text: counts[text] for text in SPELLINGS_OF_NOTHING if text in counts}
        if nothing:
            self.nothing.update(nothing)
            rest = {text: count for text, count in counts.items() if text not in nothing}
            joined = _END.join(rest)
        if not rest:
            return
        if "numbers" in self._active and not self.numbers.take_plain(rest, joined):
            self._each("numbers", rest, read_number, self.numbers.take)
        if "commas" in self._active:
            self._each("commas", rest, read_comma_number, self.commas.take)
        for name, tally, read in (("days", self.days, read_date), ("compact", self.compact_days, read_compact)):
            if name in self._active and not tally.take_iso(rest, joined):
                self._each(name, rest, read, tally.take)
        self._take_words(rest, joined)
        for sign in tuple(self.parts):
            self._split(sign, rest)

    def _take_words(self, counts: Mapping[str, int], joined: str) -> None:
        if "words" in self._active:
            self.words.update({text: count for text, count in counts.items() if read_yes_no(text) is not None})
        for name, pattern in _ADDRESSES.items():
            if name in self._active:
                if _ALL[name].fullmatch(joined) is not None:
                    self.addresses[name] += sum(counts.values())
                else:
                    self.addresses[name] += sum(n for text, n in counts.items() if pattern.fullmatch(text))
        if "exponents" in self._active:
            self.exponents += sum(
                n for text, n in counts.items() if _EXPONENT.fullmatch(text) and not read_number(text)
            )

    def _each(
        self, name: str, counts: Mapping[str, int], read: Callable[[str], R | None], take: Callable[[str, R, int], None]
    ) -> None:
        memo = self._memo.setdefault(name, {})
        strange = self.strange.setdefault(name, [])
        for text, count in counts.items():
            found = memo[text] if text in memo else read(text)
            if len(memo) < REMEMBERED:
                memo[text] = found
            if found is not None:
                take(text, found, count)  # type: ignore[arg-type]  # the memo of this reader
            elif len(strange) < SHOWN and text not in strange:
                strange.append(text)

    def _split(self, sign: str, counts: Mapping[str, int]) -> None:
        parts = self.parts[sign]
        for text, count in counts.items():
            found = split_options(text, sign)
            self.split_cells[sign] += count if len(found) > 1 else 0
            for part in found:
                parts[part] += count
        if len(parts) > MOST_PARTS:
            del self.parts[sign]

    def others(self, name: str, texts: Iterable[str]) -> Iterator[str]:
        """Some texts that a reader (numbers, commas, days or compact) does not read: met on the way, or of `texts`."""
        read, met = _READERS[name], self.strange.get(name)
        yield from met or (text for text in texts if read(text) is None and not is_nothing(text))


def split_options(text: str, sign: str) -> list[str]:
    """The options that a cell holds between separators of that kind, each once; both widths are the same."""
    for twin in _TWINS.get(sign, ()):
        text = text.replace(twin, sign)
    return list(dict.fromkeys(part for part in (part.strip() for part in text.split(sign)) if part))


def _without_dust(text: str) -> str:
    """125.44 for 125.43999999999998: a figure without what binary arithmetic left; others, exact ones too, as is."""
    if len(text) <= SIGNIFICANT or repr(float(text)) != text:
        return text
    short = f"{float(text):.{PLAINLY}g}"
    return short if isclose(float(short), float(text), rel_tol=DUST) else text


def _is_odd(joined: str) -> bool:
    """Whether a figure ends with a point or begins with a zero that says nothing."""
    if f".{_END}" in joined:
        return True
    return (f"{_END}0" in joined or f"{_END}-0" in joined) and _ZERO_FIRST.search(joined) is not None


def is_address(name: str, text: str) -> bool:
    """Whether a text is an email, url or phone."""
    return _ADDRESSES[name].fullmatch(text) is not None


def read_compact(text: str) -> WrittenDate | None:
    """The date that a text holds, where 20240305 is one too."""
    return read_date(text, compact=True)


_TWINS = {";": ("；",), "；": (";",), ",": ("，",), "，": (",",), "、": (";", "；")}
_ADDRESSES = {"email": _E_MAIL, "url": _URL, "phone": _PHONE}
_ALL = {
    "email": re.compile(r"(?:[\w.+%-]+@[\w-]+(?:\.[\w-]+)+(?:\x00|\Z))+"),
    "url": re.compile(r"(?:https?://[^\s\x00]+(?:\x00|\Z))+"),
    "phone": re.compile(r"(?:1[3-9]\d{9}(?:\x00|\Z))+"),
}
_READERS: dict[str, Callable[[str], object]] = {
    "numbers": read_number, "commas": read_comma_number, "days": read_date, "compact": read_compact,
    "words": read_yes_no, "email": _E_MAIL.fullmatch, "url": _URL.fullmatch, "phone": _PHONE.fullmatch,
    "exponents": _EXPONENT.fullmatch,
}  # fmt: skip
