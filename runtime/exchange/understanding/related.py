"""Relations as doubts: between the sheets of an import, and to forms that are there already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from resources.texts import TN, T
from runtime.exchange.columns import Choice, ColumnPlan, Doubt, RelationTarget
from runtime.exchange.tables.table import Table, unlike
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.exchange.understanding.hints import alike, names_colleague, names_people, plain
from runtime.exchange.understanding.inference import SHOWN, TYPE_NAMES
from runtime.exchange.understanding.known_forms import KnownForm
from runtime.exchange.understanding.relations import Keyed, Kind, RelationGuess, find_relations
from runtime.work import Progress

RELATE, BESIDE, LEAVE = "relate", "beside", "leave"
TO_FORM, TWICE = "relation_to_form", "found_twice"
"""Codes of doubts about columns that name records of forms that are there."""
ENOUGH = 0.8
"""Share of the filled cells that name a record, from which a column points to a form."""

MOST_LOOKED_UP = 20_000
"""Different values from which a column is not looked up."""


@dataclass(frozen=True, slots=True)
class FormGuess:
    """A column whose cells name records of a form that is there.

    Attributes:
        form: the form.
        matched, filled: cells that name one record, and all filled cells.
        strangers: some texts that name none.
        twice: texts that name several records, with their number.
    """

    form: KnownForm
    matched: int
    filled: int
    strangers: tuple[str, ...]
    twice: Mapping[str, int]


class RelationDoubts:
    """The relations of an import.

    Args:
        tables: all tables.
        facts: of their columns, by table.
        forms: forms that are there already; a table says nothing about the records that it holds itself.

    Raises:
        Cancelled: somebody asked to stop.
    """

    def __init__(
        self,
        tables: Sequence[Table],
        facts: Mapping[str, Sequence[ColumnFacts]],
        forms: Sequence[KnownForm],
        progress: Progress,
    ) -> None:
        progress.step(0, 0, T("Looking for relations between the sheets"))
        visible = [table for table in tables if table.visible and table.header_row]
        self._guesses = find_relations(visible, [facts[table.sheet] for table in visible], progress)
        self._facts = facts
        self._forms = {
            table.sheet: [form for form in forms if not form.is_of(table.headers)] if forms else [] for table in tables
        }

    def wanted(self, sheet: str) -> list[int]:
        """Columns of a table by which others name its rows."""
        return [guess.to_column for guess in self._guesses if guess.to_sheet == sheet]

    def about(self, sheet: str, column: ColumnPlan, columns: Sequence[ColumnPlan]) -> Iterator[Doubt]:
        """The doubts whether a column is a relation."""
        own = [each for each in self._guesses if (each.from_sheet, each.from_column) == (sheet, column.source)]
        for guess in own:
            yield _between_sheets(guess, column, columns)
        if own or column.field_type not in ("text", "choice", "integer"):
            return
        found = self._form_of(column, self._facts[sheet][column.source], self._forms[sheet])
        if found is None:
            return
        if found.matched >= ENOUGH * found.filled:
            yield _to_form(sheet, found, column, columns)
        if found.twice:
            yield _found_twice(sheet, found, column)

    def _form_of(self, column: ColumnPlan, facts: ColumnFacts, forms: Sequence[KnownForm]) -> FormGuess | None:
        keyed = Keyed(column.header, facts)
        likely = [form for form in forms if _may_name(column.header, form)]
        if not likely or not keyed.eligible or facts.distinct > MOST_LOOKED_UP:
            return None
        found = [_guess(form, keyed) for form in likely]
        return max(found, key=lambda guess: guess.matched)


def _may_name(header: str, form: KnownForm) -> bool:
    """Whether a header speaks of a form: 客户 and 所属客户 of 客户, 客户名称 of its title, 负责人 of 员工."""
    name, own = plain(form.name), plain(header)
    if names_colleague(header) and names_people(form.name):
        return True
    return bool(name and own) and (name in own or any(alike(header, label) and len(own) > 1 for label in form.labels))


def _guess(form: KnownForm, keyed: Keyed) -> FormGuess:
    counts = form.count(keyed.values.keys())
    once = {text for text, count in counts.items() if count == 1}
    matched = sum(keyed.values[text] for text in once)
    strangers = tuple(text for text in keyed.values if text not in counts)[:SHOWN]
    twice = {text: count for text, count in counts.items() if count > 1}
    return FormGuess(form, matched, keyed.facts.filled, strangers, twice)


def _between_sheets(guess: RelationGuess, column: ColumnPlan, columns: Sequence[ColumnPlan]) -> Doubt:
    """The doubt whether a column is a relation; its first choice makes it one."""
    added = guess.kind is Kind.ADDED
    target = RelationTarget(guess.to_sheet, guess.to_column, optional=added)
    label = _free_label(guess.to_sheet, columns) if added else column.label
    relation = _related(column, target, label)
    if added:
        message = T(
            "“{column}” names a row of “{sheet}” in {n} of {total} rows. "
            "A relation “{label}” is added after the columns of the file.",
            column=column.label, sheet=guess.to_sheet, n=f"{guess.matched:,}", total=f"{guess.filled:,}", label=label,
        )  # fmt: skip
        made: tuple[ColumnPlan, ...] = (column, relation)
        relate = T("Add the relation “{label}”", label=label)
    else:
        message = T(
            "Every “{column}” is in “{sheet}”, so it becomes a relation to it.", column=column.label,
            sheet=guess.to_sheet,
        )  # fmt: skip
        made = (relation,)
        relate = T("Make it a relation to “{sheet}”", sheet=guess.to_sheet)
    choices = (Choice(RELATE, relate, made), _as_it_is(column))
    return Doubt(guess.from_sheet, column.source, f"relation_{guess.kind}", message, choices, LEAVE)


def _to_form(sheet: str, guess: FormGuess, column: ColumnPlan, columns: Sequence[ColumnPlan]) -> Doubt:
    """The doubt whether a column points to a form; texts that name no record keep a field of their own."""
    form = guess.form
    complete = guess.matched == guess.filled
    target = RelationTarget(form.name, -1, optional=not complete, form=form.id)
    label = _free_label(form.name, columns)
    relate = Choice(
        RELATE, T("Make it a relation to “{sheet}”", sheet=form.name), (_related(column, target, column.label),)
    )
    beside = Choice(
        BESIDE if complete else RELATE,
        T("Add the relation “{label}”", label=label),
        (column, _related(column, target, label)),
    )
    if complete:
        message = T("Every “{column}” names a record of the form “{form}”, so it becomes a relation to it.",
                    column=column.label, form=form.name)  # fmt: skip
        return Doubt(sheet, column.source, TO_FORM, message, (relate, beside, _as_it_is(column)), LEAVE)
    message = T(
        "“{column}” names a record of the form “{form}” in {n} of {total} rows, not in others ({examples}). "
        "A relation “{label}” is added after the columns of the file.",
        column=column.label, form=form.name, n=f"{guess.matched:,}", total=f"{guess.filled:,}", label=label,
        examples=", ".join(f"“{text}”" for text in (*guess.strangers, *guess.twice)[:SHOWN]),
    )  # fmt: skip
    alone = replace(relate, id="alone")
    return Doubt(sheet, column.source, TO_FORM, message, (beside, alone, _as_it_is(column)), LEAVE)


def _found_twice(sheet: str, guess: FormGuess, column: ColumnPlan) -> Doubt:
    examples = ", ".join(f"“{text}”: {count}" for text, count in list(guess.twice.items())[:SHOWN])
    message = TN(
        "{n} value of “{column}” names several records of “{form}” ({examples}); its rows get no relation.",
        "{n} values of “{column}” name several records of “{form}” ({examples}); their rows get no relation.",
        len(guess.twice), column=column.label, form=guess.form.name, examples=examples,
    )  # fmt: skip
    return Doubt(sheet, column.source, TWICE, message)


def _related(column: ColumnPlan, target: RelationTarget, label: str) -> ColumnPlan:
    return replace(column, field_type="relation", props={}, relation=target, label=label, order="", pad=0, nothing=())


def _free_label(name: str, columns: Sequence[ColumnPlan]) -> str:
    return unlike(name, {other.label.casefold() for other in columns})


def _as_it_is(column: ColumnPlan) -> Choice:
    label = T("Keep “{column}” as {type} only", column=column.label, type=TYPE_NAMES[column.field_type])
    return Choice(LEAVE, label, (column,))
