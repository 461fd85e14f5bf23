"""Rules for columns of figures: names of things that are written in figures, and amounts."""

from __future__ import annotations

from resources.texts import TN, T
from runtime.exchange.columns import Choice, Doubt
from runtime.exchange.understanding import hints
from runtime.exchange.understanding.as_type import fits_money, is_rounded, share_like
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.exchange.understanding.subject import TYPE_NAMES, Subject, Verdict, listed

LONG_NUMBER = 11
"""Digits from which whole numbers of equal length are names of things, not amounts."""

IDENTITY_DIGITS = 6
GROUPED_CODE = 10
"""Length of 12 345 678, from which figures in groups of the same lengths are a name."""

LARGEST_SHARE = 10
"""Percentages above 1,000% are asked about."""

MOBILE_LOW, MOBILE_HIGH = 13_000_000_000, 19_999_999_999
ID_DIGITS = 15


def names_in_figures(subject: Subject) -> Verdict | None:
    """Numbers that are names of things: phones, cards, identity numbers, codes with leading zeros."""
    facts, header = subject.facts, subject.header
    if _are_codes_with_points(subject):
        return _keep_points(subject)
    if _are_codes_with_letters(subject):
        return Verdict(subject.fitted("text"))
    nothing = sum(facts.said.nothing.values())
    if facts.texts + facts.numbers < facts.filled or not facts.whole or nothing == facts.texts != 0:
        return None
    if facts.texts and facts.figures is None:
        return None
    if facts.lossy and not hints.names_money(header):
        return _digits_lost(subject)
    if facts.figures is None:
        return _padded(subject) or _long_numbers(subject)
    shortest, longest, zeros = facts.figures
    if zeros:
        return _leading_zeros(subject)
    named = hints.names_identity(header) or hints.names_title(header)
    if facts.counts_on:
        return None
    if named and longest >= IDENTITY_DIGITS:
        return Verdict(subject.fitted(_naming(subject)))
    if longest < LONG_NUMBER or (shortest < longest <= ID_DIGITS):
        return None
    naming = _naming(subject)
    return Verdict(subject.fitted(naming), () if naming == "phone" else (_doubt_of_names(subject, naming),))


def _are_codes_with_points(subject: Subject) -> bool:
    """Whether texts under a header such as 科目代码 are codes like 1002.10, which a number would shorten."""
    facts = subject.facts
    written = facts.said.numbers
    plain = not (written.currencies or written.percents or written.units or written.powers)
    return (
        hints.names_padded(subject.header)
        and written.cells == facts.filled == facts.texts > 0 < written.decimals
        and plain
    )


def _are_codes_with_letters(subject: Subject) -> bool:
    """Whether texts under a header such as 型号 or 编码 are codes like SGD100; money would keep the figures only."""
    facts, written = subject.facts, subject.facts.said.numbers
    letters = any(text[:1].isalpha() or text[-1:].isalpha() for text in written.some)
    codes = hints.names_identity(subject.header) and not hints.names_money(subject.header)
    return codes and facts.texts == facts.filled and bool(written.currencies) and not written.decimals and letters


def _keep_points(subject: Subject) -> Verdict:
    message = T("“{column}” holds codes with a point ({examples}) and stays text.", column=subject.header,
                examples=listed(subject.facts.said.numbers.some))  # fmt: skip
    choices = (subject.choice("text", label=T("Keep it as text")), subject.choice("decimal"))
    return Verdict(choices[0].columns[0], (subject.doubt("codes_with_points", message, choices),))


def _naming(subject: Subject) -> str:
    """The type of numbers that name something: phone where they are mobile phones, else text."""
    facts = subject.facts
    phones = facts.said.addresses["phone"]
    if facts.numbers and facts.low >= MOBILE_LOW and facts.high <= MOBILE_HIGH:
        phones += facts.numbers
    return "phone" if "phone" in TYPE_NAMES and phones == facts.filled else "text"


def _digits_lost(subject: Subject) -> Verdict:
    message = TN(
        "“{column}”: {n} number has more than 15 digits, of which Excel keeps 15. The column becomes text.",
        "“{column}”: {n} numbers have more than 15 digits, of which Excel keeps 15. The column becomes text.",
        subject.facts.lossy,
        column=subject.header,
    )
    choices = (subject.choice("text"), subject.choice("integer"))
    return Verdict(choices[0].columns[0], (subject.doubt("digits_lost", message, choices),))


def _leading_zeros(subject: Subject) -> Verdict:
    message = T(
        "“{column}” holds figures that begin with 0 ({examples}) and stays text.",
        column=subject.header,
        examples=listed(subject.facts.said.numbers.zeros),
    )
    choices = (subject.choice("text", label=T("Keep it as text")), subject.choice("integer"))
    return Verdict(choices[0].columns[0], (subject.doubt("leading_zeros", message, choices),))


def _padded(subject: Subject) -> Verdict | None:
    """Numbers that Excel shows with leading zeros, by a format such as 00000, or codes that probably lost them."""
    facts, digits = subject.facts, hints.padded_digits(subject.number_format)
    if facts.low < 0:
        return None
    if digits:
        message = T(
            "“{column}” is shown with leading zeros in Excel and becomes text with {n} digits.",
            column=subject.header,
            n=digits,
        )
        text = _filled_up(subject, digits)
        return Verdict(text.columns[0], (subject.doubt("leading_zeros", message, (text, subject.choice("integer"))),))
    longest = len(f"{facts.high:.0f}")
    if not hints.names_padded(subject.header) or len(f"{facts.low:.0f}") == longest or longest < 5 or facts.steady:
        return None
    message = T(
        "“{column}” holds figures of different length ({low} … {high}); zeros at their beginning may be lost.",
        column=subject.header, low=f"{facts.low:.0f}", high=f"{facts.high:.0f}",
    )  # fmt: skip
    choices = (subject.choice("text", label=T("Keep the figures as text")), _filled_up(subject, longest),
               subject.choice("integer"))  # fmt: skip
    return Verdict(choices[0].columns[0], (subject.doubt("zeros_lost", message, choices),))


def _filled_up(subject: Subject, digits: int) -> Choice:
    label = T("Fill up with zeros to {n} digits", n=digits)
    return Choice("padded", label, (subject.fitted("text", pad=digits),))


def _long_numbers(subject: Subject) -> Verdict | None:
    facts, header = subject.facts, subject.header
    if facts.low <= 0 or hints.names_sequence(header) or hints.names_money(header):
        return None
    mobile = hints.names_phone(header) and MOBILE_LOW <= facts.low <= facts.high <= MOBILE_HIGH
    if facts.steady and not mobile:
        return None
    shortest, longest = len(f"{facts.low:.0f}"), len(f"{facts.high:.0f}")
    named = hints.names_identity(header) and longest >= IDENTITY_DIGITS
    if not (named or (shortest == longest >= LONG_NUMBER)):
        return None
    naming = _naming(subject)
    return Verdict(subject.fitted(naming), (_doubt_of_names(subject, naming),))


def _doubt_of_names(subject: Subject, naming: str) -> Doubt:
    message = T("“{column}” holds long numbers that name something and becomes {type}.",
                column=subject.header, type=TYPE_NAMES[naming])  # fmt: skip
    return subject.doubt("long_numbers", message, (subject.choice(naming), subject.choice("integer")))


def amounts(subject: Subject) -> Verdict | None:
    """Whole numbers, numbers, money and percent, in cells or written as texts."""
    facts = subject.facts
    written = facts.said.numbers
    fitting = facts.numbers + written.cells
    if not subject.fits(fitting) or _are_codes(subject, fitting):
        return None
    if written.powers and (hints.names_identity(subject.header) or 2 * written.powers >= facts.filled):
        return _of_powers(subject)
    if facts.vanishing > 0.01 * facts.distinct:
        message = T("“{column}” holds numbers too small for a number field and stays text.", column=subject.header)
        choices = (subject.choice("text", label=T("Keep it as text, exactly as written")), subject.choice("decimal"))
        return Verdict(choices[0].columns[0], (subject.doubt("too_small", message, choices),))
    plain = "integer" if facts.whole and not written.decimals else "decimal"
    field_type, sure = _kind_of_amount(subject, plain)
    if len(written.currencies) > 1:
        return _of_currencies(subject, field_type)
    verdict = subject.as_type(field_type, fitting, facts.said.others("numbers", facts.tally.texts))
    doubts = list(verdict.doubts)
    if field_type != plain and not sure:
        doubts.append(_doubt_of_kind(subject, field_type, plain))
    elif written.cells and not doubts and (written.units or _is_odd(subject)):
        doubts.append(_doubt_of_figures(subject, field_type))
    if not doubts and field_type == "integer" and _may_be_days(facts):
        doubts.append(_doubt_of_days(subject))
    if is_rounded(facts):
        message = T("Numbers in “{column}” with endless decimals are rounded to {n}.", column=subject.header,
                    n=verdict.column.props.get("decimals", 0))  # fmt: skip
        doubts.append(subject.doubt("rounded", message, subject.or_text(field_type)))
    return Verdict(verdict.column, tuple(doubts))


def _of_powers(subject: Subject) -> Verdict:
    """2E-05, which is a number, or the fifth place in row 2E."""
    written = subject.facts.said.numbers
    message = T(
        "“{column}” holds texts such as {examples}, which may be numbers; it stays text until you choose.",
        column=subject.header, examples=listed(written.odd or written.some),
    )  # fmt: skip
    number = "decimal" if written.decimals or not subject.facts.whole else "integer"
    choices = (subject.choice("text", label=T("Keep it as text, exactly as written")), subject.choice(number))
    return Verdict(choices[0].columns[0], (subject.doubt("powers", message, choices),))


def _are_codes(subject: Subject, fitting: int) -> bool:
    """Whether figures name things: some of the names are no figures, IV-01 among 101 and 102, or all are in groups."""
    facts = subject.facts
    named = hints.names_identity(subject.header)
    if facts.said.numbers.spaced:
        return named or _in_equal_groups(facts)
    others = facts.filled - fitting - sum(facts.said.nothing.values())
    return named and others > 0 and facts.whole and facts.distinct == facts.filled


def _in_equal_groups(facts: ColumnFacts) -> bool:
    """Whether all texts are figures in groups of the same lengths, as in a tax number: 552 100 554."""
    lengths = {len(text) for text in facts.tally.texts}
    return len(lengths) == 1 and lengths.pop() >= GROUPED_CODE and facts.said.numbers.spaced == facts.filled


def _doubt_of_days(subject: Subject) -> Doubt:
    message = T("“{column}” holds figures such as {examples}, which may be dates.", column=subject.header,
                examples=listed(_compact(subject.facts)[:1]))  # fmt: skip
    return subject.doubt("compact_days", message, (subject.choice("integer"), subject.choice("date")))


def _may_be_days(facts: ColumnFacts) -> bool:
    written = facts.said.compact_days.cells + (facts.numbers if facts.compact_days else 0)
    return written == facts.filled > 1 and not facts.steady


def _compact(facts: ColumnFacts) -> list[str]:
    return facts.said.compact_days.some or [f"{day:.0f}" for day in facts.compact_days]


def _of_currencies(subject: Subject, field_type: str) -> Verdict:
    """Amounts in several currencies, which are no longer told apart as numbers."""
    signs = subject.facts.said.numbers.currencies
    message = T(
        "“{column}” mixes currencies ({signs}), for example {examples}; it stays text until you choose.",
        column=subject.header, signs=", ".join(sorted(signs)), examples=listed(subject.facts.said.numbers.odd),
    )  # fmt: skip
    text = subject.choice("text", label=T("Keep it as text"))
    return Verdict(text.columns[0], (subject.doubt("currencies", message, (text, subject.choice(field_type))),))


def _is_odd(subject: Subject) -> bool:
    """Whether figures written as text need a word: always where others are numbers, in csv where they are unusual."""
    written = subject.facts.said.numbers
    if not subject.untyped:
        return True
    return bool(written.signed or written.spaced or written.currencies or (written.grouped and written.loose))


def _kind_of_amount(subject: Subject, plain: str) -> tuple[str, bool]:
    """The field type of a column of numbers, and whether the file says so itself."""
    facts, header = subject.facts, subject.header
    written = facts.said.numbers
    if written.cells and written.percents == written.cells and facts.widest <= 1:
        return "percent", True
    if hints.is_percent_format(subject.number_format):
        return "percent", _largest(facts) <= LARGEST_SHARE
    if hints.currency_of(subject.number_format) or written.currencies:
        return "money", True
    if hints.names_share(header) and share_like(facts):
        return "percent", False
    if hints.names_money(header) and fits_money(facts):
        return "money", False
    return plain, True


def _doubt_of_kind(subject: Subject, field_type: str, plain: str) -> Doubt:
    header = subject.header
    share = _largest(subject.facts)
    if field_type == "percent" and hints.is_percent_format(subject.number_format):
        message = T("“{column}” is shown as percent in Excel and read so: {share} is {percent}.",
                    column=header, share=f"{share:.15g}", percent=f"{share * 100:.15g}%")  # fmt: skip
    elif field_type == "percent":
        message = T("“{column}” is read as percent because of its name: {share} is {percent}.",
                    column=header, share=f"{share:.4g}", percent=f"{share * 100:.4g}%")  # fmt: skip
    else:
        message = T("“{column}” is read as money because of its name.", column=header)
    return subject.doubt(f"named_{field_type}", message, (subject.choice(field_type), subject.choice(plain)))


def _largest(facts: ColumnFacts) -> float:
    written = facts.said.numbers
    both = [*([facts.high] if facts.numbers else []), *([written.high] if written.cells else [])]
    return max(both, default=0.0)


def _doubt_of_figures(subject: Subject, field_type: str) -> Doubt:
    written = subject.facts.said.numbers
    message = T("“{column}” holds numbers written as text ({examples}) and is read as {type}.",
                column=subject.header, examples=listed(written.odd or written.some),
                type=TYPE_NAMES[field_type])  # fmt: skip
    return subject.doubt("numbers_as_text", message, subject.or_text(field_type))
