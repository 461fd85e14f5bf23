"""Rules for columns of days and moments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from resources.texts import TN, T
from runtime.dates import local_zone
from runtime.exchange.columns import Choice, Doubt
from runtime.exchange.understanding import hints
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.exchange.understanding.subject import TYPE_NAMES, Subject, Verdict, listed
from runtime.exchange.understanding.text_tally import DayTally

DAY_ORDER = "day_or_month_first"
SAID = {
    "dmy": T("“{column}” could be day/month or month/day; it is read day first, as the other dates of the file."),
    "mdy": T("“{column}” could be day/month or month/day; it is read month first, as the other dates of the file."),
}
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
"""Days as Excel counts them, 1954 to 2119."""

MOST_YEARS = 3
"""Years that are offered for days without one."""

_DAY_IN_WORDS = re.compile(r"(?:0?[1-9]|1[0-2])月(?:0?[1-9]|[12]\d|3[01])[日号]?")
_MONTH_FIRST = re.compile(rf"{_DAY_IN_WORDS.pattern}|(?:0?[1-9]|1[0-2])[/-](?:0?[1-9]|[12]\d|3[01])")
_DAY_OF_MONTH = re.compile(rf"{_DAY_IN_WORDS.pattern}|(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|[12]\d|3[01])")


def days(subject: Subject) -> Verdict | None:
    """Days and moments, in cells or written as texts."""
    facts, header = subject.facts, subject.header
    named = hints.names_day(header)
    compact = named and facts.said.compact_days.cells > facts.said.days.cells
    written = facts.said.compact_days if compact else facts.said.days
    figures = facts.numbers if named and facts.compact_days else 0
    zeros = facts.tally.zero_times if facts.days + facts.moments > facts.tally.zero_times else 0
    fitting = facts.days + facts.moments + written.cells + figures + zeros
    bare = _without_year(facts, named) if 2 * fitting >= facts.filled and not written.unordered else {}
    if bare and subject.fits(fitting + sum(bare.values())):
        timed = facts.moments > facts.tally.midnights or written.timed
        verdict = _with_bare_days(subject, bare, timed=timed)
        return _and_zeros(subject, verdict, zeros)
    if not subject.fits(fitting):
        return None
    field_type = "date_time" if facts.moments > facts.tally.midnights or written.timed else "date"
    if written.unordered:
        return _in_doubtful_order(subject, field_type, written)
    if written.zoned:
        return _with_zones(subject, fitting, written)
    verdict = subject.as_type(
        field_type, fitting, facts.said.others("compact" if compact else "days", facts.tally.texts)
    )
    verdict = _and_zeros(subject, verdict, zeros)
    if figures and not verdict.doubts:
        return Verdict(verdict.column, (_of_figures(subject, field_type),))
    if not written.cells or verdict.doubts or (subject.untyped and written.iso and not compact):
        return verdict
    message = T(
        "“{column}” holds dates written as text ({examples}) and is read as {type}.",
        column=header, examples=listed(written.some), type=TYPE_NAMES[field_type],
    )  # fmt: skip
    return Verdict(verdict.column, (subject.doubt("dates_as_text", message, subject.or_text(field_type)),))


def _without_year(facts: ColumnFacts, named: bool) -> dict[str, int]:
    """The texts such as 10月8日, with their cells; 3/5 too where the header `named` says days."""
    reads = _MONTH_FIRST if named else _DAY_IN_WORDS
    return {text: count for text, count in facts.tally.texts.items() if reads.fullmatch(text)}


def _and_zeros(subject: Subject, verdict: Verdict, zeros: int) -> Verdict:
    """The verdict, which also names cells that say the day 0."""
    if not zeros:
        return verdict
    return Verdict(verdict.column, (*verdict.doubts, _of_day_zero(subject, verdict.column.field_type, zeros)))


def _of_day_zero(subject: Subject, field_type: str, zeros: int) -> Doubt:
    """0 as a day, which Excel shows for what a formula fetches from a blank cell."""
    message = TN(
        "{n} cell of “{column}” says {examples} and is read as blank.",
        "{n} cells of “{column}” say {examples} and are read as blank.",
        zeros, column=subject.header, examples=listed(("1900-01-00",)),
    )  # fmt: skip
    return subject.doubt("day_zero", message, subject.or_text(field_type))


def _with_bare_days(subject: Subject, bare: dict[str, int], *, timed: bool) -> Verdict:
    """Days of which some do not say their year: they stay out until a person says it."""
    field_type = "date_time" if timed else "date"
    message = TN(
        "{n} day of “{column}” has no year ({examples}); it is listed and its field stays blank.",
        "{n} days of “{column}” have no year ({examples}); they are listed and their fields stay blank.",
        sum(bare.values()), column=subject.header, examples=listed(bare),
    )  # fmt: skip
    out = Choice(field_type, T("Leave them blank"), (subject.fitted(field_type),))
    years = _of_years(subject, field_type, (year for year, _ in subject.facts.years.most_common(MOST_YEARS)))
    text = subject.choice("text", label=T("Keep it as text, exactly as written"))
    return Verdict(out.columns[0], (subject.doubt("some_without_year", message, (out, *years, text)),))


def _of_years(subject: Subject, field_type: str, years: Iterable[int]) -> list[Choice]:
    """The choices of reading days without a year as those of one."""
    fitted = subject.fitted(field_type)
    return [
        Choice(f"{field_type}_{year}", T("Read them as days of {year}", year=str(year)), (replace(fitted, year=year),))
        for year in years
    ]


def _of_figures(subject: Subject, field_type: str) -> Doubt:
    message = T("“{column}” holds figures such as {examples} and is read as {type}.", column=subject.header,
                examples=listed(f"{day:.0f}" for day in subject.facts.compact_days[:1]),
                type=TYPE_NAMES[field_type])  # fmt: skip
    return subject.doubt("compact_days", message, (subject.choice(field_type), subject.choice("integer")))


def _with_zones(subject: Subject, fitting: int, days: DayTally) -> Verdict:
    """Moments like 2024-03-05T14:30:00Z."""
    verdict = subject.as_type("date_time", fitting, subject.facts.said.others("days", subject.facts.tally.texts))
    message = T(
        "“{column}” says the time zone of its moments ({examples}); they are shown in the time zone of this computer.",
        column=subject.header, examples=listed(days.some),
    )  # fmt: skip
    doubt = subject.doubt("zoned", message, subject.or_text("date_time"))
    return Verdict(verdict.column, (*verdict.doubts, doubt))


def _in_doubtful_order(subject: Subject, field_type: str, days: DayTally) -> Verdict:
    """Dates like 03/04/2025: the order is taken from days that can be read in one order only, else it is asked.

    Figures such as 03-04-25, which may be no days at all, are always asked about.
    """
    header, text = subject.header, subject.choice("text", label=T("Keep it as text"))
    ways = {
        "dmy": (T("Day first: 03/04 is 3 April"),
                T("“{column}” is read day first: some of its dates exist in that order only.")),
        "mdy": (T("Month first: 03/04 is March 4"),
                T("“{column}” is read month first: some of its dates exist in that order only.")),
        "ymd": (T("Year first: 25/03/04 is 4 March 2025"),
                T("“{column}” is read year first: some of its dates exist in that order only.")),
    }  # fmt: skip
    offered = [order for order in ways if order != "ymd" or (days.short and order in days.orders)]
    choices = [subject.choice(field_type, order, ways[order][0]) for order in offered]
    sure = not days.short or all("/" in shown for shown in days.some)
    if len(days.orders & set(offered)) == 1 and sure:
        (order,) = days.orders & set(offered)
        first = offered.index(order)
        choices = [choices[first], *choices[:first], *choices[first + 1 :], text]
        message = replace(ways[order][1], params={"column": header})
        return Verdict(
            choices[0].columns[0],
            (subject.doubt(DAY_ORDER, message, choices), *subject.nothing(field_type, order)),
        )
    elif not days.orders:
        choices, message = [text, *choices], T("“{column}” mixes day/month and month/day, so it stays text.",
                                               column=header)  # fmt: skip
    elif days.short:
        message = T(
            "“{column}” may hold dates whose year has two figures ({examples}); it stays text until you choose.",
            column=header, examples=listed(days.some),
        )  # fmt: skip
        choices = [text, *choices]
    else:
        message = T("“{column}” could be day/month or month/day, so it stays text until you choose.", column=header)
        choices = [text, *choices]
    return Verdict(choices[0].columns[0], (subject.doubt(DAY_ORDER, message, choices),))


def in_the_same_order(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The verdicts of a file; dates whose order is open are read as all others of it that show theirs."""
    found = list(verdicts)
    orders = {verdict.column.order for verdict in found if verdict.column.order}
    if len(orders) != 1:
        return found
    (order,) = orders
    return [_in_order(verdict, order) for verdict in found]


def _in_order(verdict: Verdict, order: str) -> Verdict:
    doubt = next((doubt for doubt in verdict.doubts if doubt.code == DAY_ORDER), None)
    if doubt is None or doubt.chosen != "text":
        return verdict
    choice = next((choice for choice in doubt.choices if choice.columns[0].order == order), None)
    if choice is None or order not in SAID:
        return verdict
    message = replace(SAID[order], params={"column": verdict.column.header})
    choices = (choice, *(other for other in doubt.choices if other is not choice))
    changed = replace(doubt, message=message, choices=choices, chosen=choice.id)
    return Verdict(choice.columns[0], tuple(changed if each is doubt else each for each in verdict.doubts))


def without_year(subject: Subject) -> Verdict | None:
    """Days such as 3月5日, and 3/5 under a header that says so: nobody knows of which year, this or the last one."""
    facts = subject.facts
    if facts.texts < facts.filled or "texts" in facts.tally.crowded:
        return None
    reads = _DAY_OF_MONTH if hints.names_day(subject.header) else _DAY_IN_WORDS
    days = [text for text in facts.tally.texts if reads.fullmatch(text.strip())]
    if not days or not subject.fits(sum(facts.tally.texts[text] for text in days)):
        return None
    message = T("“{column}” holds days without a year ({examples}), which are kept as text.",
                column=subject.header, examples=listed(days))  # fmt: skip
    this = datetime.now(local_zone()).year
    text = subject.choice("text", label=T("Keep it as text, exactly as written"))
    years = _of_years(subject, "date", (this, this - 1))
    return Verdict(text.columns[0], (subject.doubt("no_year", message, (text, *years)),))


def serials(subject: Subject) -> Verdict | None:
    """Whole numbers under a header such as 日期 that Excel counts days with, without a format that shows them."""
    facts, header = subject.facts, subject.header
    if facts.numbers != facts.filled or not facts.whole or not hints.names_date(header):
        return None
    if not (facts.low >= FIRST_SERIAL and facts.high <= LAST_SERIAL) or facts.steady:
        return None
    message = T("“{column}” holds numbers as Excel counts days ({examples}); they may be dates without a format.",
                column=header, examples=f"{facts.low:.0f} … {facts.high:.0f}")  # fmt: skip
    choices = (subject.choice("integer"), subject.choice("date"))
    return Verdict(choices[0].columns[0], (subject.doubt("day_numbers", message, choices),))
