"""Decides which field type a column becomes, and says what is doubtful about it.

Rules are tried in order; the first that answers wins. A rule looks at facts of the whole column, never at a sample.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from resources.texts import TN, T
from runtime.exchange.columns import Choice, ColumnPlan, Doubt
from runtime.exchange.understanding.conversion import LONGEST_TEXT
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.exchange.understanding.judging_days import days, serials, without_year
from runtime.exchange.understanding.judging_figures import amounts, names_in_figures
from runtime.exchange.understanding.judging_words import addresses, any_text, options, several_options, yes_no
from runtime.exchange.understanding.subject import SHOWN, TYPE_NAMES, Subject, Verdict

__all__ = ["SHOWN", "TYPE_NAMES", "Verdict", "infer"]

WITH_ERRORS = frozenset(("text", "long_text", "choice"))
"""Types that can keep #N/A as a text."""


def infer(
    sheet: str, source: int, header: str, facts: ColumnFacts, number_format: str = "", untyped: bool = False
) -> Verdict:
    """The verdict on one column.

    Args:
        sheet: name of its table.
        source: index of the column there.
        untyped: whether the file has texts only, as csv.
    """
    subject = Subject(sheet, ColumnPlan(source, header, "text", header), facts, number_format, untyped)
    verdict = next(found for rule in RULES if (found := rule(subject)) is not None)
    doubts = [*verdict.doubts]
    if facts.errors:
        doubts.append(_errors(subject, verdict.column))
    if facts.longest > LONGEST_TEXT:
        message = T("Texts of “{column}” with more than {n} characters are listed and left blank.",
                    column=header, n=f"{LONGEST_TEXT:,}")  # fmt: skip
        doubts.append(subject.doubt("too_long", message))
    return Verdict(verdict.column, tuple(doubts))


def _errors(subject: Subject, column: ColumnPlan) -> Doubt:
    """Formulas that failed: blank, or as texts where the type can keep them."""
    codes = ", ".join(code for code, _ in subject.facts.tally.errors.most_common(SHOWN))
    message = TN(
        "{n} cell of “{column}” holds an error ({codes}) and becomes blank.",
        "{n} cells of “{column}” hold an error ({codes}) and become blank.",
        subject.facts.errors, column=subject.header, codes=codes,
    )  # fmt: skip
    kept = replace(subject.fitted(column.field_type if column.field_type in WITH_ERRORS else "text"), errors=True)
    if kept.field_type == "choice":
        kept = replace(subject.fitted("text"), errors=True)
    blank = Choice("blank", T("Leave such cells blank"), (column,))
    text = Choice("text", T("Keep the errors as text"), (kept,))
    return subject.doubt("errors", message, (blank, text))


def _blank(subject: Subject) -> Verdict | None:
    return None if subject.facts.filled else Verdict(subject.fitted("text"))


RULES: tuple[Callable[[Subject], Verdict | None], ...] = (
    _blank, yes_no, days, without_year, addresses, names_in_figures, serials, amounts, several_options, options,
    any_text,
)  # fmt: skip
