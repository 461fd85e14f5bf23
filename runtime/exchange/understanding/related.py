"""Relations as doubts: between the sheets of an import, and to forms that are there already."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from resources.texts import TN, T
from runtime.exchange.columns import Choice, ColumnPlan, Doubt, RelationTarget
from runtime.exchange.tables.table import Table, unlike
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.exchange.understanding.hints import alike, names_colleague, names_identity, names_people, plain
from runtime.exchange.understanding.inference import SHOWN, TYPE_NAMES
from runtime.exchange.understanding.known_forms import KnownForm
from runtime.exchange.understanding.relations import Keyed, Kind, RelationGuess, find_relations
from runtime.exchange.understanding.same_records import Naming, repeated, rows_with, sampled
from runtime.exchange.understanding.titles import title_column
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
        header: of the column.
        records: texts that name one record, with that.
        matched, filled: cells that name one record, and all filled cells.
        strangers: some texts that name none.
        twice: texts that name several records, with their number.
    """

    form: KnownForm
    header: str
    records: Mapping[str, Hashable]
    matched: int
    filled: int
    strangers: tuple[str, ...]
    twice: Mapping[str, int]

    @property
    def likely(self) -> bool:
        """Whether enough cells name a record."""
        return self.matched >= ENOUGH * self.filled

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """What makes it better than another column that names the same records: that it shows what it says."""
        called = any(alike(self.header, label) for label in list(self.form.labels)[-1:])
        return self.matched == self.filled, called, not names_identity(self.header)


class RelationDoubts:
    """The relations of an import.

    Where two columns of a sheet name the same record in each row, such as 客户编号 and 客户名称, the one that says what
    the record is called becomes the relation, which shows that; the other one stays as it is.

    Args:
        tables: all tables.
        facts: of their columns, by table.
        columns: what the columns are without relations, by table.
        forms: forms that are there already; a table says nothing about the records that it holds itself.

    Raises:
        Cancelled: somebody asked to stop.
    """

    def __init__(
        self,
        tables: Sequence[Table],
        facts: Mapping[str, Sequence[ColumnFacts]],
        columns: Mapping[str, Sequence[ColumnPlan]],
        forms: Sequence[KnownForm],
        progress: Progress,
    ) -> None:
        progress.step(0, 0, T("Looking for relations between the sheets"))
        visible = [table for table in tables if table.visible and table.header_row]
        self._guesses = find_relations(visible, [facts[table.sheet] for table in visible], progress)
        self._tables = {table.sheet: table for table in tables}
        self._facts, self._columns, self._progress = facts, columns, progress
        self._forms = {
            table.sheet: [form for form in forms if not form.is_of(table.headers)] if forms else [] for table in tables
        }
        self._to_forms = {table.sheet: self._named_forms(table.sheet) for table in tables}
        self._repeated = {table.sheet: {**self._between(table.sheet), **self._to_form(table.sheet)} for table in tables}

    def wanted(self, sheet: str) -> list[int]:
        """Columns of a table by which others name its rows, codes and numbers before names."""
        found = [guess.to_column for guess in self._guesses if guess.to_sheet == sheet]
        return sorted(found, key=lambda place: not names_identity(self._columns[sheet][place].header))

    def pointing(self, sheet: str) -> set[int]:
        """Columns of a table that become relations themselves."""
        found = {each.from_column for each in self._guesses if each.from_sheet == sheet and each.kind is Kind.IN_PLACE}
        to_forms = self._to_forms[sheet].items()
        found |= {source for source, guess in to_forms if guess.likely and guess.matched == guess.filled}
        return found - self._repeated[sheet].keys()

    def about(self, sheet: str, column: ColumnPlan) -> Iterator[Doubt]:
        """The doubts whether a column is a relation."""
        columns = self._columns[sheet]
        better = self._repeated[sheet].get(column.source)
        instead = columns[better].label if better is not None else ""
        for guess in self._own(sheet, column.source):
            yield _between_sheets(guess, column, columns, instead)
        found = self._to_forms[sheet].get(column.source)
        if found is None:
            return
        if found.likely:
            yield _to_form(sheet, found, column, columns, instead)
        if found.twice and not instead:
            yield _found_twice(sheet, found, column)

    def _own(self, sheet: str, source: int) -> list[RelationGuess]:
        return [each for each in self._guesses if (each.from_sheet, each.from_column) == (sheet, source)]

    def _named_forms(self, sheet: str) -> dict[int, FormGuess]:
        """The columns that may name records of a form, with that."""
        found = {}
        for column in self._columns[sheet] if self._forms[sheet] else ():
            if column.field_type in ("text", "choice", "integer") and not self._own(sheet, column.source):
                self._progress.check()
                guess = self._form_of(column, self._facts[sheet][column.source], self._forms[sheet])
                if guess is not None:
                    found[column.source] = guess
        return found

    def _form_of(self, column: ColumnPlan, facts: ColumnFacts, forms: Sequence[KnownForm]) -> FormGuess | None:
        keyed = Keyed(column.header, facts)
        likely = [form for form in forms if _may_name(column.header, form)]
        if not likely or not keyed.eligible or facts.distinct > MOST_LOOKED_UP:
            return None
        found = [_guess(form, keyed) for form in likely]
        return max(found, key=lambda guess: guess.matched)

    def _between(self, sheet: str) -> dict[int, int]:
        """Columns that name the rows of another sheet which a better column names: column -> better one."""
        found: dict[int, int] = {}
        guesses = [guess for guess in self._guesses if guess.from_sheet == sheet]
        for target in {guess.to_sheet for guess in guesses}:
            same = [guess for guess in guesses if guess.to_sheet == target]
            if len({guess.to_column for guess in same}) > 1:
                title = title_column(target, self._columns[target], self._facts[target], self.wanted(target))
                same.sort(key=lambda guess: (guess.kind is Kind.IN_PLACE, guess.to_column == title), reverse=True)
                found |= repeated([self._naming(guess) for guess in same])
        return found

    def _naming(self, guess: RelationGuess) -> Naming:
        keys = sampled(self._tables[guess.from_sheet].columns[guess.from_column])
        key = self._tables[guess.to_sheet].columns[guess.to_column]
        return Naming(guess.from_column, keys, rows_with(key, set(keys), self._progress))

    def _to_form(self, sheet: str) -> dict[int, int]:
        """The same for the records of forms that are there."""
        found: dict[int, int] = {}
        guesses = {source: guess for source, guess in self._to_forms[sheet].items() if guess.likely}
        for form in {guess.form.id for guess in guesses.values()}:
            same = [source for source, guess in guesses.items() if guess.form.id == form]
            if len(same) > 1:
                same.sort(key=lambda source: guesses[source].rank, reverse=True)
                columns = self._tables[sheet].columns
                found |= repeated([Naming(each, sampled(columns[each]), guesses[each].records) for each in same])
        return found


def _may_name(header: str, form: KnownForm) -> bool:
    """Whether a header speaks of a form: 客户 and 所属客户 of 客户, 客户名称 of its title, 负责人 of 员工."""
    name, own = plain(form.name), plain(header)
    if names_colleague(header) and names_people(form.name):
        return True
    return bool(name and own) and (name in own or any(alike(header, label) and len(own) > 1 for label in form.labels))


def _guess(form: KnownForm, keyed: Keyed) -> FormGuess:
    named = form.named(keyed.values.keys())
    once = {text: rows[0] for text, rows in named.items() if len(rows) == 1}
    matched = sum(keyed.values[text] for text in once)
    strangers = tuple(text for text in keyed.values if text not in named)[:SHOWN]
    twice = {text: len(rows) for text, rows in named.items() if len(rows) > 1}
    return FormGuess(form, keyed.header, once, matched, keyed.facts.filled, strangers, twice)


def _between_sheets(
    guess: RelationGuess, column: ColumnPlan, columns: Sequence[ColumnPlan], instead: str = ""
) -> Doubt:
    """The doubt whether a column is a relation; its first choice makes it one.

    Args:
        instead: name of a column that names the same rows and is the relation already.
    """
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
    if instead:
        message = T(
            "“{column}” names the same rows of “{sheet}” as “{other}”. The relation goes by “{other}”; "
            "“{column}” stays as it is.", column=column.label, sheet=guess.to_sheet, other=instead,
        )  # fmt: skip
        choices = (choices[-1], *choices[:-1])
    return Doubt(guess.from_sheet, column.source, f"relation_{guess.kind}", message, choices, LEAVE)


def _to_form(
    sheet: str, guess: FormGuess, column: ColumnPlan, columns: Sequence[ColumnPlan], instead: str = ""
) -> Doubt:
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
    alone = replace(relate, id="alone")
    offered = (relate, beside) if complete else (beside, alone)
    if instead:
        message = T(
            "“{column}” names the same records of the form “{form}” as “{other}”. The relation goes by “{other}”; "
            "“{column}” stays as it is.", column=column.label, form=form.name, other=instead,
        )  # fmt: skip
        return Doubt(sheet, column.source, TO_FORM, message, (_as_it_is(column), *offered), LEAVE)
    if complete:
        message = T("Every “{column}” names a record of the form “{form}”, so it becomes a relation to it.",
                    column=column.label, form=form.name)  # fmt: skip
        return Doubt(sheet, column.source, TO_FORM, message, (*offered, _as_it_is(column)), LEAVE)
    message = T(
        "“{column}” names a record of the form “{form}” in {n} of {total} rows, not in others ({examples}). "
        "A relation “{label}” is added after the columns of the file.",
        column=column.label, form=form.name, n=f"{guess.matched:,}", total=f"{guess.filled:,}", label=label,
        examples=", ".join(f"“{text}”" for text in (*guess.strangers, *guess.twice)[:SHOWN]),
    )  # fmt: skip
    return Doubt(sheet, column.source, TO_FORM, message, (*offered, _as_it_is(column)), LEAVE)


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
