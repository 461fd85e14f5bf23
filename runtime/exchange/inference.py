"""Decides which field type a column becomes, and says what is doubtful about it.

Rules are tried in order; the first that answers wins. A rule looks at facts of the whole column, never at a sample.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from resources.texts import TN, T
from runtime.errors import Sentence
from runtime.exchange import hints
from runtime.exchange.as_type import SHORT, column_as, fits_money, is_rounded, share_like
from runtime.exchange.columns import Choice, ColumnPlan, Doubt
from runtime.exchange.facts import ColumnFacts
from runtime.exchange.written import NEED_BOTH, WrittenDate

FITTING = 0.9
"""Share of the filled cells that must fit before a column takes a type in spite of the others."""

MOST_CHOICES = 50
CHOICE_LENGTH = 40
NAME_CHOICES = 12
LONG_NUMBER = 11
"""Digits from which whole numbers of equal length are names of things, not amounts."""

IDENTITY_DIGITS = 6
SHOWN = 3
MIDNIGHT = (0, 0, 0)

TYPE_NAMES: dict[str, Sentence] = {
    "text": T("text"),
    "long_text": T("long text"),
    "integer": T("whole number"),
    "decimal": T("number"),
    "money": T("money"),
    "percent": T("percent"),
    "date": T("date"),
    "date_time": T("date and time"),
    "boolean": T("yes / no"),
    "choice": T("choice"),
}


@dataclass(frozen=True, slots=True)
class Subject:
    """The column that is being judged: its sheet, its plan so far (as text), its facts and its number format."""

    sheet: str
    plan: ColumnPlan
    facts: ColumnFacts
    number_format: str

    def fitted(self, field_type: str, order: str = "", pad: int = 0) -> ColumnPlan:
        """The column as a field of that type."""
        return replace(column_as(field_type, self.facts, self.plan, self.number_format), order=order, pad=pad)

    def choice(self, field_type: str, order: str = "", label: Sentence | None = None) -> Choice:
        """The choice of making the column a field of that type."""
        fitted = self.fitted(field_type, order)
        return Choice(
            "_".join(filter(None, (field_type, order))),
            label or T("Read it as {type}", type=TYPE_NAMES[field_type]),
            (fitted,),
        )

    def doubt(self, code: str, message: Sentence, choices: Iterable[Choice] = ()) -> Doubt:
        """A doubt about this column; the first choice is in force."""
        offered = tuple(choices)
        return Doubt(self.sheet, self.plan.source, code, message, offered, offered[0].id if offered else "")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a column becomes, and its doubts."""

    column: ColumnPlan
    doubts: tuple[Doubt, ...] = ()


def infer(sheet: str, source: int, header: str, facts: ColumnFacts, number_format: str = "") -> Verdict:
    """The verdict on one column."""
    subject = Subject(sheet, ColumnPlan(source, header, "text", header), facts, number_format)
    verdict = next(found for rule in RULES if (found := rule(subject)) is not None)
    if not facts.errors:
        return verdict
    codes = ", ".join(code for code, _ in facts.tally.errors.most_common(SHOWN))
    message = TN(
        "{n} cell of “{column}” holds an error ({codes}) and becomes blank.",
        "{n} cells of “{column}” hold an error ({codes}) and become blank.",
        facts.errors, column=header, codes=codes,
    )  # fmt: skip
    return Verdict(verdict.column, (*verdict.doubts, subject.doubt("errors", message)))


def _blank(subject: Subject) -> Verdict | None:
    return None if subject.facts.filled else Verdict(subject.fitted("text"))


def _yes_no(subject: Subject) -> Verdict | None:
    facts, header = subject.facts, subject.plan.header
    if facts.bools == facts.filled:
        return Verdict(subject.fitted("boolean"))
    words = facts.words
    found = facts.bools + facts.cells(words)
    if found < facts.filled or not words:
        return _figures_for_yes_no(subject)
    says = set(words.values()) | set(facts.tally.bools)
    lone = says != {True, False} and any(text.casefold() in NEED_BOTH for text in words)
    if lone or (says == {False} and not hints.names_yes_no(header)):
        return None
    message = T(
        "“{column}” holds {words} and is read as yes / no; blank stays blank.", column=header, words=_listed(words)
    )
    choices = (subject.choice("boolean"), subject.choice("choice"), subject.choice("text"))
    return Verdict(choices[0].columns[0], (subject.doubt("words_for_yes", message, choices),))


def _figures_for_yes_no(subject: Subject) -> Verdict | None:
    facts = subject.facts
    figures = facts.numbers == facts.filled and facts.whole and {facts.low, facts.high} == {0.0, 1.0}
    if not figures or not hints.names_yes_no(subject.plan.header):
        return None
    message = T("“{column}” holds 1 and 0 and is read as yes / no.", column=subject.plan.header)
    choices = (subject.choice("boolean"), subject.choice("integer"))
    return Verdict(choices[0].columns[0], (subject.doubt("words_for_yes", message, choices),))


def _days(subject: Subject) -> Verdict | None:
    facts, header = subject.facts, subject.plan.header
    written = facts.compact_dates if hints.names_day(header) else facts.written_dates
    fitting = facts.days + facts.moments + facts.cells(written)
    if not fitting or fitting < FITTING * facts.filled:
        return None
    timed = facts.moments > facts.tally.midnights or any(day.clock not in (None, MIDNIGHT) for day in written.values())
    field_type = "date_time" if timed else "date"
    unordered = [day for day in written.values() if not day.ordered]
    if unordered:
        return _in_doubtful_order(subject, field_type, unordered)
    verdict = _with_misfits(subject, field_type, fitting, written)
    if not written or verdict.doubts:
        return verdict
    message = T(
        "“{column}” holds dates written as text ({examples}) and is read as {type}.",
        column=header, examples=_listed(written), type=TYPE_NAMES[field_type],
    )  # fmt: skip
    return Verdict(verdict.column, (subject.doubt("dates_as_text", message, _or_text(subject, field_type)),))


def _in_doubtful_order(subject: Subject, field_type: str, days: list[WrittenDate]) -> Verdict:
    """Dates like 03/04/2025: the order is taken from days that can be read in one order only, else it is asked."""
    month_first, day_first = any(day.second > 12 for day in days), any(day.first > 12 for day in days)
    dmy = subject.choice(field_type, "dmy", T("Day first: 03/04 is 3 April"))
    mdy = subject.choice(field_type, "mdy", T("Month first: 03/04 is March 4"))
    text = subject.choice("text", label=T("Keep it as text"))
    messages = {
        (True, False): T("“{column}” is read month first: some of its dates exist in that order only."),
        (False, True): T("“{column}” is read day first: some of its dates exist in that order only."),
        (True, True): T("“{column}” mixes day/month and month/day, so it stays text."),
        (False, False): T("“{column}” could be day/month or month/day, so it stays text until you choose."),
    }
    message = replace(messages[month_first, day_first], params={"column": subject.plan.header})
    choices = (text, dmy, mdy)
    if month_first != day_first:
        choices = (mdy, dmy, text) if month_first else (dmy, mdy, text)
    return Verdict(choices[0].columns[0], (subject.doubt("day_or_month_first", message, choices),))


def _names_in_figures(subject: Subject) -> Verdict | None:
    """Numbers that are names of things: phones, cards, identity numbers, codes with leading zeros."""
    facts, header = subject.facts, subject.plan.header
    if facts.texts + facts.numbers < facts.filled or not facts.whole or (facts.texts and facts.figures is None):
        return None
    if facts.lossy and not hints.names_money(header):
        return _digits_lost(subject)
    if facts.figures is None:
        return _padded(subject) or _long_numbers(subject)
    _, longest, zeros = facts.figures
    if zeros:
        return _leading_zeros(subject)
    named = hints.names_identity(header) or hints.names_title(header)
    if longest >= LONG_NUMBER or (named and longest >= IDENTITY_DIGITS):
        return Verdict(subject.fitted("text"))
    return None


def _digits_lost(subject: Subject) -> Verdict:
    message = TN(
        "“{column}”: {n} number has more than 15 digits, of which Excel keeps 15. The column becomes text.",
        "“{column}”: {n} numbers have more than 15 digits, of which Excel keeps 15. The column becomes text.",
        subject.facts.lossy,
        column=subject.plan.header,
    )
    choices = (subject.choice("text"), subject.choice("integer"))
    return Verdict(choices[0].columns[0], (subject.doubt("digits_lost", message, choices),))


def _leading_zeros(subject: Subject) -> Verdict:
    zeros = (text for text in subject.facts.tally.texts if len(text) > 1 and text[0] == "0")
    message = T(
        "“{column}” holds figures that begin with 0 ({examples}) and stays text.",
        column=subject.plan.header,
        examples=_listed(zeros),
    )
    choices = (subject.choice("text", label=T("Keep it as text")), subject.choice("integer"))
    return Verdict(choices[0].columns[0], (subject.doubt("leading_zeros", message, choices),))


def _padded(subject: Subject) -> Verdict | None:
    """Numbers that Excel shows with leading zeros, by a format such as 00000."""
    digits = hints.padded_digits(subject.number_format)
    if not digits or subject.facts.low < 0:
        return None
    column = subject.fitted("text", pad=digits)
    message = T(
        "“{column}” is shown with leading zeros in Excel and becomes text with {n} digits.",
        column=subject.plan.header,
        n=digits,
    )
    text = Choice("text", T("Read it as {type}", type=TYPE_NAMES["text"]), (column,))
    return Verdict(column, (subject.doubt("leading_zeros", message, (text, subject.choice("integer"))),))


def _long_numbers(subject: Subject) -> Verdict | None:
    facts, header = subject.facts, subject.plan.header
    if facts.low <= 0 or hints.names_sequence(header) or hints.names_money(header) or facts.steady:
        return None
    shortest, longest = len(f"{facts.low:.0f}"), len(f"{facts.high:.0f}")
    named = hints.names_identity(header) and longest >= IDENTITY_DIGITS
    if not (named or (shortest == longest >= LONG_NUMBER)):
        return None
    message = T("“{column}” holds long numbers that name something and becomes text.", column=header)
    choices = (subject.choice("text"), subject.choice("integer"))
    return Verdict(choices[0].columns[0], (subject.doubt("long_numbers", message, choices),))


def _amounts(subject: Subject) -> Verdict | None:
    facts = subject.facts
    written = facts.written_numbers
    fitting = facts.numbers + facts.cells(written)
    if not fitting or fitting < FITTING * facts.filled:
        return None
    if facts.vanishing > 0.01 * facts.distinct:
        message = T("“{column}” holds numbers too small for a number field and stays text.", column=subject.plan.header)
        return Verdict(subject.fitted("text"), (subject.doubt("too_small", message),))
    whole = facts.whole and not any(number.decimals for number in written.values())
    plain = "integer" if whole else "decimal"
    field_type, sure = _kind_of_amount(subject, plain)
    verdict = _with_misfits(subject, field_type, fitting, written)
    doubts = list(verdict.doubts)
    if not doubts and field_type != plain and not sure:
        doubts.append(_doubt_of_kind(subject, field_type, plain))
    elif not doubts and written:
        doubts.append(_doubt_of_figures(subject, field_type))
    if is_rounded(facts):
        message = T("Numbers in “{column}” with endless decimals are rounded to {n}.", column=subject.plan.header,
                    n=verdict.column.props.get("decimals", 0))  # fmt: skip
        doubts.append(subject.doubt("rounded", message))
    return Verdict(verdict.column, tuple(doubts))


def _kind_of_amount(subject: Subject, plain: str) -> tuple[str, bool]:
    """The field type of a column of numbers, and whether the file says so itself."""
    facts, header = subject.facts, subject.plan.header
    written = facts.written_numbers.values()
    if written and all(number.percent for number in written) and share_fits(facts):
        return "percent", True
    if hints.is_percent_format(subject.number_format):
        return "percent", True
    if hints.currency_of(subject.number_format) or any(number.currency for number in written):
        return "money", True
    if hints.names_share(header) and share_like(facts):
        return "percent", False
    if hints.names_money(header) and fits_money(facts):
        return "money", False
    return plain, True


def share_fits(facts: ColumnFacts) -> bool:
    """Whether plain numbers beside texts like 12% can be shares too: 0.12 can, 12 would be 1,200 %."""
    return facts.widest <= 1


def _doubt_of_kind(subject: Subject, field_type: str, plain: str) -> Doubt:
    header = subject.plan.header
    if field_type == "percent":
        share = subject.facts.high
        message = T("“{column}” is read as percent because of its name: {share} is {percent}.",
                    column=header, share=f"{share:.4g}", percent=f"{share * 100:.4g} %")  # fmt: skip
    else:
        message = T("“{column}” is read as money because of its name.", column=header)
    return subject.doubt(f"named_{field_type}", message, (subject.choice(field_type), subject.choice(plain)))


def _doubt_of_figures(subject: Subject, field_type: str) -> Doubt:
    written = subject.facts.written_numbers
    odd = [text for text, number in written.items() if number.unit] or list(written)
    message = T("“{column}” holds numbers written as text ({examples}) and is read as {type}.",
                column=subject.plan.header, examples=_listed(odd), type=TYPE_NAMES[field_type])  # fmt: skip
    return subject.doubt("numbers_as_text", message, _or_text(subject, field_type))


def _with_misfits(subject: Subject, field_type: str, fitting: int, readable: Iterable[str]) -> Verdict:
    """The column as that type; the few cells that do not fit are named, and the user may keep all as text."""
    facts = subject.facts
    column = subject.fitted(field_type)
    misfits = facts.filled - fitting
    if not misfits:
        return Verdict(column)
    known = set(readable)
    message = TN(
        "{n} value of “{column}” does not fit “{type}” ({examples}); it is listed and its field stays blank.",
        "{n} values of “{column}” do not fit “{type}” ({examples}); they are listed and their fields stay blank.",
        misfits, column=subject.plan.header, type=TYPE_NAMES[field_type],
        examples=_listed(text for text in facts.tally.texts if text not in known),
    )  # fmt: skip
    return Verdict(column, (subject.doubt("misfits", message, _or_text(subject, field_type)),))


def _or_text(subject: Subject, field_type: str) -> tuple[Choice, Choice]:
    return subject.choice(field_type), subject.choice("text", label=T("Keep it as text, exactly as written"))


def _options(subject: Subject) -> Verdict | None:
    facts, header = subject.facts, subject.plan.header
    if facts.texts < facts.filled or facts.longest > CHOICE_LENGTH or facts.multiline:
        return None
    distinct = len(facts.tally.texts)
    most = NAME_CHOICES if hints.names_title(header) else MOST_CHOICES
    times = 2 if distinct <= 5 else 3
    if (
        hints.names_free_text(header)
        or hints.names_identity(header)
        or distinct > most
        or facts.texts < max(4, times * distinct)
    ):
        return None
    return Verdict(subject.fitted("choice"))


def _any_text(subject: Subject) -> Verdict:
    facts = subject.facts
    long = facts.multiline or facts.longest > SHORT
    column = subject.fitted("long_text" if long else "text")
    others = facts.numbers + facts.days + facts.moments + facts.bools
    if not others or others == facts.filled == facts.bools:
        return Verdict(column)
    message = T(
        "“{column}” mixes kinds of values (texts: {texts}, numbers: {numbers}, dates: {dates}) and becomes text.",
        column=subject.plan.header, texts=f"{facts.texts:,}", numbers=f"{facts.numbers:,}",
        dates=f"{facts.days + facts.moments:,}",
    )  # fmt: skip
    number, day = "integer" if facts.whole else "decimal", "date_time" if facts.moments else "date"
    best = number if facts.numbers >= facts.days + facts.moments else day
    choices = (subject.choice(column.field_type), subject.choice(best))
    return Verdict(column, (subject.doubt("mixed", message, choices),))


def _listed(texts: Iterable[str]) -> str:
    """The first texts as a list in quotes, for a sentence."""
    shown: list[str] = []
    for text in texts:
        if len(shown) == SHOWN:
            shown.append("…")
            break
        shown.append(f"“{text[:CHOICE_LENGTH]}”")
    return ", ".join(shown)


RULES: tuple[Callable[[Subject], Verdict | None], ...] = (
    _blank, _yes_no, _days, _names_in_figures, _amounts, _options, _any_text,
)  # fmt: skip
