"""Rules for columns of days and moments."""

from __future__ import annotations

from dataclasses import replace

from resources.texts import T
from runtime.exchange.understanding import hints
from runtime.exchange.understanding.subject import TYPE_NAMES, Subject, Verdict, listed
from runtime.exchange.understanding.text_tally import DayTally

FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
"""Days as Excel counts them, 1954 to 2119."""


def days(subject: Subject) -> Verdict | None:
    """Days and moments, in cells or written as texts."""
    facts, header = subject.facts, subject.header
    compact = hints.names_day(header) and facts.said.compact_days.cells > facts.said.days.cells
    written = facts.said.compact_days if compact else facts.said.days
    fitting = facts.days + facts.moments + written.cells
    if not subject.fits(fitting):
        return None
    field_type = "date_time" if facts.moments > facts.tally.midnights or written.timed else "date"
    if written.unordered:
        return _in_doubtful_order(subject, field_type, written)
    verdict = subject.as_type(
        field_type, fitting, facts.said.others("compact" if compact else "days", facts.tally.texts)
    )
    if not written.cells or verdict.doubts or (subject.untyped and written.iso and not compact):
        return verdict
    message = T(
        "“{column}” holds dates written as text ({examples}) and is read as {type}.",
        column=header, examples=listed(written.some), type=TYPE_NAMES[field_type],
    )  # fmt: skip
    return Verdict(verdict.column, (subject.doubt("dates_as_text", message, subject.or_text(field_type)),))


def _in_doubtful_order(subject: Subject, field_type: str, days: DayTally) -> Verdict:
    """Dates like 03/04/2025: the order is taken from days that can be read in one order only, else it is asked."""
    dmy = subject.choice(field_type, "dmy", T("Day first: 03/04 is 3 April"))
    mdy = subject.choice(field_type, "mdy", T("Month first: 03/04 is March 4"))
    text = subject.choice("text", label=T("Keep it as text"))
    messages = {
        (True, False): T("“{column}” is read month first: some of its dates exist in that order only."),
        (False, True): T("“{column}” is read day first: some of its dates exist in that order only."),
        (True, True): T("“{column}” mixes day/month and month/day, so it stays text."),
        (False, False): T("“{column}” could be day/month or month/day, so it stays text until you choose."),
    }
    message = replace(messages[days.month_first, days.day_first], params={"column": subject.header})
    choices = (text, dmy, mdy)
    if days.month_first != days.day_first:
        choices = (mdy, dmy, text) if days.month_first else (dmy, mdy, text)
    return Verdict(choices[0].columns[0], (subject.doubt("day_or_month_first", message, choices),))


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
