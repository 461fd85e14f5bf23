"""Rules for columns of words: yes and no, options, several options in a cell, addresses, and any text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from resources.texts import TN, T
from runtime.errors import Sentence
from runtime.exchange.columns import Choice
from runtime.exchange.understanding import hints
from runtime.exchange.understanding.as_type import SHORT, best_split
from runtime.exchange.understanding.facts import LOSSY
from runtime.exchange.understanding.subject import FITTING, LABEL_LENGTH, TYPE_NAMES, Subject, Together, Verdict, listed
from runtime.exchange.understanding.text_tally import is_address, split_options
from runtime.exchange.written import NEED_BOTH, OPPOSITES, is_clock, read_yes_no

MOST_CHOICES = 50
NAME_CHOICES = 12
MOST_PARTS = 40
TOGETHER = 0.1
"""Share of the cells that must hold several options."""

MANY = 0.6
"""Share of the texts that are figures or days, from which it is said that a column stays text."""

MIXED_PARTS = 0.6
"""Share of the options that stand in several different cells."""

REPEATED = 3
"""How often each of several options must be there on average."""


def yes_no(subject: Subject) -> Verdict | None:
    """Answers: in cells, or as words such as 是 and 否."""
    facts, header = subject.facts, subject.header
    if facts.bools and facts.bools == facts.filled:
        return Verdict(subject.fitted("boolean"))
    words = facts.said.words
    found = facts.bools + sum(words.values())
    if not words or not subject.fits(found):
        return _figures(subject)
    says = {read_yes_no(text) for text in words} | set(facts.tally.bools)
    if not _answer_each_other({text.casefold() for text in words}, says):
        return None
    if says == {False} and {text.casefold() for text in words} != {"false"} and not hints.names_yes_no(header):
        return None
    if found < facts.filled:
        strange = [text for text in facts.tally.texts if text not in words]
        if len(strange) <= 2 and sum(facts.tally.texts[text] for text in strange) > 1:
            return None
        return subject.as_type("boolean", found, strange)
    message = T(
        "“{column}” holds {words} and is read as yes / no; blank stays blank.", column=header, words=listed(words)
    )
    choices = (subject.choice("boolean"), subject.choice("choice"), subject.choice("text"))
    return Verdict(choices[0].columns[0], (subject.doubt("words_for_yes", message, choices),))


def _answer_each_other(words: set[str], says: set[bool | None]) -> bool:
    """Whether words that are often something else stand beside their contrary: y beside n, not beside x."""
    unsure = words & NEED_BOTH
    if not unsure:
        return True
    paired = {word for yes, noes in OPPOSITES.items() for no in noes if {yes, no} <= words for word in (yes, no)}
    return says == {True, False} and (unsure <= paired or not words <= NEED_BOTH)


def _figures(subject: Subject) -> Verdict | None:
    """1 and 0 under a header that asks."""
    facts = subject.facts
    numbers = facts.numbers == facts.filled and facts.whole and {facts.low, facts.high} == {0.0, 1.0}
    texts = facts.texts == facts.filled and facts.tally.texts.keys() == {"0", "1"}
    if not (numbers or texts) or not hints.names_yes_no(subject.header):
        return None
    message = T("“{column}” holds 1 and 0 and is read as yes / no.", column=subject.header)
    choices = (subject.choice("boolean"), subject.choice("integer"))
    return Verdict(choices[0].columns[0], (subject.doubt("words_for_yes", message, choices),))


def addresses(subject: Subject) -> Verdict | None:
    """E-mail addresses, web addresses and phones: nearly all cells are one, whatever the header says."""
    facts = subject.facts
    if facts.texts < facts.filled or facts.multiline:
        return None
    for name in ("email", "url", "phone"):
        cells = facts.said.addresses[name]
        if name not in TYPE_NAMES or not subject.fits(cells):
            continue
        if name == "phone" and facts.said.numbers.cells == facts.filled and not hints.names_phone(subject.header):
            continue
        strangers = (text for text in facts.tally.texts if not is_address(name, text))
        return subject.as_type(name, cells, strangers)
    return None


def options(subject: Subject) -> Verdict | None:
    """A few short texts that repeat."""
    facts, header = subject.facts, subject.header
    if facts.texts < facts.filled or facts.longest > LABEL_LENGTH or facts.multiline or "texts" in facts.tally.crowded:
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


def several_options(subject: Subject) -> Verdict | None:
    """Cells that hold several options of a small vocabulary, such as A、B;C."""
    facts = subject.facts
    if "choices" not in TYPE_NAMES or facts.texts < facts.filled or hints.names_free_text(subject.header):
        return None
    sign = best_split(facts)
    parts = facts.said.parts.get(sign, Counter())
    if not parts or len(parts) > MOST_PARTS or max(map(len, parts)) > LABEL_LENGTH:
        return None
    if facts.said.split_cells[sign] < max(2, TOGETHER * facts.texts) or sum(parts.values()) < REPEATED * len(parts):
        return None
    if not _mix(facts.tally.texts, sign) or facts.said.commas.cells == facts.texts or _is_code(facts.tally.texts):
        return None
    message = T(
        "“{column}” holds several options in a cell ({examples}), parted by “{sign}”.",
        column=subject.header, examples=listed(text for text in facts.tally.texts if sign in text), sign=_shown(sign),
    )  # fmt: skip
    whole = next(found for rule in (options, any_text) if (found := rule(subject)) is not None)
    other = Choice(whole.column.field_type, T("Read it as {type}", type=TYPE_NAMES[whole.column.field_type]),
                   (whole.column,))  # fmt: skip
    first = subject.choice("choices")
    return Verdict(first.columns[0], (subject.doubt("several_options", message, (first, other)),))


def _mix(texts: Iterable[str], sign: str) -> bool:
    """Whether options come together in different ways: most of them stand in several different cells."""
    found = Counter(part for text in texts for part in split_options(text, sign))
    return len(found) > 1 and sum(count > 1 for count in found.values()) >= MIXED_PARTS * len(found)


def _is_code(texts: Iterable[str]) -> bool:
    """Whether every text is what programs write for one another: {"x": 4, "y": 5}."""
    return all(text[:1] + text[-1:] in ("{}", "[]") for text in texts)


def _shown(sign: str) -> str:
    return "↵" if sign == "\n" else sign


def any_text(subject: Subject) -> Verdict:
    """Whatever is left: text that keeps everything."""
    facts = subject.facts
    long = facts.multiline or facts.longest > SHORT
    column = subject.fitted("long_text" if long else "text")
    others = facts.numbers + facts.days + facts.moments + facts.bools + facts.tally.times
    if facts.said.exponents:
        return Verdict(column, (subject.doubt("digits_lost", _exponents(subject)),))
    if facts.said.commas.cells >= FITTING * facts.filled > 0:
        return _commas(subject)
    figures, written_days = facts.said.numbers.cells, facts.said.days.cells
    clocks = _clocks(subject)
    if clocks and (clocks == facts.filled or (clocks >= MANY * facts.filled and others == facts.tally.times)):
        return Verdict(column, (subject.doubt("times", _times(subject)),))
    identities = facts.said.numbers.widest >= LOSSY  # with an X at the end of some, as in Chinese identity cards
    if not others and (max(figures, written_days) < MANY * facts.filled or identities):
        return Verdict(column)
    if not others:
        best = "date" if written_days > figures else "decimal" if facts.said.numbers.decimals else "integer"
        choices = (subject.choice(column.field_type), subject.choice(best))
        return Verdict(column, (subject.doubt("mixed", _mixture(subject), choices),))
    number, day = "integer" if facts.whole else "decimal", "date_time" if facts.moments else "date"
    best = number if facts.numbers >= facts.days + facts.moments else day
    if facts.bools > max(facts.numbers, facts.days + facts.moments):
        best = "boolean"
    choices = (subject.choice(column.field_type), subject.choice(best))
    return Verdict(column, (subject.doubt("mixed", _mixture(subject), choices),))


def _mixture(subject: Subject) -> Sentence:
    facts = subject.facts
    figures, days, clocks = facts.said.numbers.cells, facts.said.days.cells, _clocks(subject)
    counted = (
        TN("{n} text", "{n} texts", facts.texts - figures - days - clocks + facts.tally.times),
        TN("{n} number", "{n} numbers", facts.numbers + figures),
        TN("{n} date", "{n} dates", facts.days + facts.moments + days),
        TN("{n} time", "{n} times", clocks),
        TN("{n} yes / no", "{n} yes / no", facts.bools),
    )
    kinds = Together(tuple(count for count in counted if count.n))
    return T("“{column}” mixes kinds of values ({kinds}) and becomes text.", column=subject.header, kinds=kinds)


def _clocks(subject: Subject) -> int:
    """Cells that hold a time of day or a length of time, as such or as a text."""
    tally = subject.facts.tally
    return tally.times + sum(count for text, count in tally.texts.items() if is_clock(text))


def _times(subject: Subject) -> Sentence:
    shown = listed(text for text in subject.facts.tally.texts if is_clock(text))
    if not shown:
        return T("“{column}” holds times of day, which are kept as text.", column=subject.header)
    return T("“{column}” holds times ({examples}), which are kept as text.", column=subject.header, examples=shown)


def _exponents(subject: Subject) -> Sentence:
    return TN(
        "“{column}”: {n} number is written like 6.22E+18 and has lost its digits. Format the column as text in the "
        "program it comes from.",
        "“{column}”: {n} numbers are written like 6.22E+18 and have lost their digits. Format the column as text in "
        "the program they come from.",
        subject.facts.said.exponents,
        column=subject.header,
    )


def _commas(subject: Subject) -> Verdict:
    """Figures such as 1.234,50, which say something else to others."""
    plan = replace(subject.plan, comma=True)
    read = replace(subject, plan=plan)
    number = "decimal" if subject.facts.said.commas.decimals else "integer"
    if len(subject.facts.said.commas.currencies) == 1:
        number = "money"
    message = T(
        "“{column}” holds figures whose decimals stand behind a comma ({examples}); it stays text until you choose.",
        column=subject.header, examples=listed(subject.facts.said.commas.some),
    )  # fmt: skip
    choices: Sequence[Choice] = (
        subject.choice("text", label=T("Keep it as text")),
        read.choice(number, label=T("Read “1.234,50” as 1,234.50")),
    )
    if subject.facts.said.commas.spaced:  # 1 234,50 says what its comma is
        message = T(
            "“{column}” holds numbers written as text ({examples}) and is read as {type}.",
            column=subject.header, examples=listed(subject.facts.said.commas.some), type=TYPE_NAMES[number],
        )  # fmt: skip
        choices = (choices[1], choices[0])
    return Verdict(choices[0].columns[0], (subject.doubt("comma_decimals", message, choices),))
