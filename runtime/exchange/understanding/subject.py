"""`Subject`: a column that is being judged, and `Verdict`: what it becomes and what is doubtful about that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from resources.texts import TN, T
from runtime.errors import Sentence
from runtime.exchange.columns import Choice, ColumnPlan, Doubt
from runtime.exchange.understanding.as_type import column_as
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.fields import field_types

FITTING = 0.9
"""Share of the filled cells that must fit before a column takes a type in spite of the others."""

SHOWN = 3
LABEL_LENGTH = 40

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
LATER_NAMES: dict[str, Sentence] = {
    "choices": T("several choices"),
    "email": T("e-mail"),
    "phone": T("phone"),
    "url": T("web address"),
}
TYPE_NAMES.update({name: label for name, label in LATER_NAMES.items() if name in field_types})
"""What columns can become, by name of the field type."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The column that is being judged.

    Attributes:
        sheet: name of its table.
        plan: what it is so far: text.
        facts: what is true of its cells.
        number_format: of its cells in Excel.
        untyped: whether the file has texts only, as csv, so that figures written as text say nothing.
    """

    sheet: str
    plan: ColumnPlan
    facts: ColumnFacts
    number_format: str
    untyped: bool = False

    @property
    def header(self) -> str:
        """What the sheet calls it."""
        return self.plan.header

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

    def or_text(self, field_type: str) -> tuple[Choice, Choice]:
        """That type, or the texts as they are written."""
        return self.choice(field_type), self.choice("text", label=T("Keep it as text, exactly as written"))

    def doubt(self, code: str, message: Sentence, choices: Iterable[Choice] = ()) -> Doubt:
        """A doubt about this column; the first choice is in force."""
        offered = tuple(choices)
        return Doubt(self.sheet, self.plan.source, code, message, offered, offered[0].id if offered else "")

    def as_type(self, field_type: str, fitting: int, others: Iterable[str]) -> Verdict:
        """The column as that type; cells that do not fit are named, and those that stand for no value.

        Args:
            fitting: cells that are a value of the type.
            others: some texts that are none.
        """
        facts = self.facts
        column = self.fitted(field_type)
        misfits = facts.filled - fitting - sum(facts.said.nothing.values())
        if misfits <= 0:
            return Verdict(column, self.nothing(field_type))
        message = TN(
            "{n} value of “{column}” does not fit “{type}” ({examples}); it is listed and its field stays blank.",
            "{n} values of “{column}” do not fit “{type}” ({examples}); they are listed and their fields stay blank.",
            misfits, column=self.header, type=TYPE_NAMES[field_type], examples=listed(others),
        )  # fmt: skip
        return Verdict(column, (self.doubt("misfits", message, self.or_text(field_type)), *self.nothing(field_type)))

    def nothing(self, field_type: str, order: str = "") -> tuple[Doubt, ...]:
        """That cells stand for no value, in a column of that type; nothing where none do."""
        said = self.facts.said.nothing
        if not said:
            return ()
        message = TN(
            "{n} cell of “{column}” says {examples} and is read as blank.",
            "{n} cells of “{column}” say {examples} and are read as blank.",
            sum(said.values()), column=self.header, examples=listed(said),
        )  # fmt: skip
        text = self.choice("text", label=T("Keep it as text, exactly as written"))
        return (self.doubt("nothing", message, (self.choice(field_type, order), text)),)

    def fits(self, cells: int) -> bool:
        """Whether so many cells make a type: nearly all that say something, and half of all that are filled."""
        said = self.facts.filled - sum(self.facts.said.nothing.values())
        return cells > 0 and cells >= FITTING * said and 2 * cells >= self.facts.filled


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a column becomes, and its doubts."""

    column: ColumnPlan
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Together:
    """Sentences one after the other, translated when they are read."""

    parts: tuple[Sentence, ...]

    def __str__(self) -> str:
        return ", ".join(map(str, self.parts))


def listed(texts: Iterable[str]) -> str:
    """The first texts as a list in quotes, for a sentence."""
    shown: list[str] = []
    for text in texts:
        if len(shown) == SHOWN:
            shown.append("…")
            break
        shown.append(f"“{text[:LABEL_LENGTH]}”")
    return ", ".join(shown)
