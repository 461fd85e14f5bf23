"""Export: the records that somebody sees, or chose, as an Excel workbook or a CSV file.

Whoever asks gets what they may read and no more. Records come a page at a time, so that memory does not grow with them;
the file is written under another name and takes its own when it is whole.
"""

from __future__ import annotations

import getpass
from array import array
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import UUID

from resources.texts import T, _, plural
from runtime.actor import Actor
from runtime.dates import show_moment
from runtime.errors import Sentence, UserError
from runtime.exchange.export.place import taking_the_place_of
from runtime.exchange.export.subtotals import Subtotal, subtotals_of
from runtime.form import Field, Form
from runtime.store.query import Group, Sort
from runtime.store.rows import Row
from runtime.view import offered_fields
from runtime.work import Progress, without_collector

PAGE = 1_000
"""Records read at a time."""


class Format(StrEnum):
    """What kind of file."""

    XLSX = "xlsx"
    CSV = "csv"


_SUFFIXES = {".xlsx": Format.XLSX, ".csv": Format.CSV, ".tsv": Format.CSV, ".txt": Format.CSV}


@dataclass(frozen=True, slots=True)
class About:
    """What a file says about itself, beside the form, the number of records, when and by whom it was made.

    Attributes:
        view: name of the view; "" where it has none.
        filter: the filter in words; "" = every record.
    """

    view: str = ""
    filter: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """What somebody wants to have in a file.

    Attributes:
        form: id of the form.
        where: the formula that the records meet; "" = every record.
        search: words that each of them holds; "" = none.
        sorts: their order.
        fields: ids of the fields in their order; None = all that a view offers.
        numbers: `_n` of the records that were chosen; None = all that meet `where`.
        format: of the file.
        subforms: whether the rows of the sub-forms come along, on sheets of their own.
        about: what a sheet of its own says about the file; None = no such sheet.
        delimiter, encoding: of CSV.
        raw: whether CSV holds texts as they are, though a spreadsheet may take some for formulas.
        groups: by which the records of a workbook stand together, with subtotals behind each group; not for `numbers`.
        footers: field id -> name of the summary of the subtotals.
    """

    form: str
    where: str = ""
    sorts: tuple[Sort, ...] = ()
    fields: tuple[str, ...] | None = None
    numbers: Collection[int] | None = None
    format: Format = Format.XLSX
    subforms: bool = False
    about: About | None = None
    delimiter: str = ","
    encoding: str = "utf-8-sig"
    raw: bool = False
    search: str = ""
    groups: tuple[Group, ...] = ()
    footers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Exported:
    """What became of it.

    Attributes:
        path: the file.
        records: how many are in it.
        rows: how many rows of sub-forms.
        shortened: (sheet, row of the file from 1, field) of texts that were longer than a cell holds.
        waiting: values that were out of date, because they wait to be computed.
    """

    path: Path
    records: int = 0
    rows: int = 0
    shortened: list[tuple[str, int, str]] = field(default_factory=list)
    waiting: int = 0

    def remarks(self) -> list[Sentence]:
        """What the person should know beside the number of records."""
        found: list[Sentence] = []
        if self.shortened:
            sheet, row, name = self.shortened[0]
            found.append(
                T(
                    "A cell holds 32,767 characters; {n} longer texts end there, the first in “{sheet}”, row {row}, "
                    "“{field}”.",
                    n=len(self.shortened), sheet=sheet, row=row, field=name,
                )
            )  # fmt: skip
        if self.waiting:
            found.append(T("{n} values were about to be computed anew; export again for the new ones.", n=self.waiting))
        return found


class Sheet(Protocol):
    """Takes the rows of one table."""

    def add(self, rows: Sequence[Row], leads: Sequence[Sequence[str]] = ()) -> None:
        """Append rows; `leads` are texts before the fields, for each row."""
        ...

    def subtotal(self, row: Subtotal) -> None:
        """Append the row of a subtotal."""
        ...


class Book(Protocol):
    """Takes tables and becomes a file."""

    def sheet(self, name: str, fields: Sequence[Field], leads: Sequence[str] = (), level: int = 0) -> Sheet:
        """Begin a table with these columns; `leads` are the titles of columns before them, `level` that of the outline
        on which records stand.
        """
        ...

    def finish(self, about: Sequence[tuple[str, str]]) -> None:
        """Write what is left, and a table of (name, text) that says what this is."""
        ...

    def abandon(self) -> None:
        """Let everything go."""
        ...


def export(actor: Actor, wanted: Export, path: Path, progress: Progress, *, replace: bool = False) -> Exported:
    """Write the file.

    Args:
        replace: whether a file that is there already may go.

    Raises:
        UserError: no such form or field, the formula is wrong, or the file cannot be written; then nothing is left.
        Cancelled: somebody asked to stop; nothing is left.
    """
    form = actor.find_form(wanted.form)
    fields = fields_of(actor, form, wanted.fields)
    below = _below(actor, form) if wanted.subforms else []
    if below and wanted.format is Format.CSV:
        raise UserError(
            T("A CSV file holds one table."), T("Choose Excel to have the rows of sub-forms too."), "one_table"
        )
    if not fields:
        raise UserError(T("There is no field to export."), T("Show at least one column."), "no_fields")
    done = Exported(path)
    with taking_the_place_of(path, replace=replace) as place, without_collector():
        book = _book(wanted, place, done, progress)
        try:
            _Run(actor, wanted, form, fields, below, done, progress).fill(book)
            progress.step(done.records, done.records, T("Writing the file"))
            book.finish(_about(actor, wanted, form, done))
        except BaseException:
            book.abandon()
            raise
    return done


def format_of(path: Path) -> Format:
    """The format that the name of a file asks for.

    Raises:
        UserError: it asks for another one.
    """
    found = _SUFFIXES.get(path.suffix.casefold())
    if found is None:
        raise UserError(
            T("“{name}” is neither .xlsx nor .csv.", name=path.name),
            T("Give the file a name that ends in .xlsx or .csv."),
            "unknown_format",
        )
    return found


def fields_of(actor: Actor, form: Form, ids: Sequence[str] | None) -> list[Field]:
    """The fields to export in their order: those of `ids` (all offered ones for None) that the person may read."""
    wanted = offered_fields(form) if ids is None else [form.by_id[each] for each in ids if each in form.by_id]
    return [each for each in wanted if actor.scope.reads(form.id, each.id)]


def _book(wanted: Export, place: Path, done: Exported, progress: Progress) -> Book:
    if wanted.format is Format.CSV:
        from runtime.exchange.export.csv_file import CsvBook

        return CsvBook(place, wanted.delimiter, wanted.encoding, raw=wanted.raw)
    from runtime.exchange.export.xlsx_file import XlsxBook

    return XlsxBook(place, done.shortened, progress)


def _about(actor: Actor, wanted: Export, form: Form, done: Exported) -> list[tuple[str, str]]:
    """What the file says about itself: (name, text)."""
    told = wanted.about
    if told is None:
        return []
    situation = actor.reader.situation()
    order = ", ".join(f"{form.by_id[s.field].name} {'↓' if s.descending else '↑'}" for s in wanted.sorts)
    chosen = plural("{n} chosen record", "{n} chosen records", done.records)
    lines = [
        (_("Form"), form.name),
        (_("View"), told.view),
        (_("Filter"), chosen if wanted.numbers is not None else told.filter or _("Every record")),
        (_("Search"), wanted.search if wanted.numbers is None else ""),
        (_("Sorted by"), order),
        (_("Records"), f"{done.records:,}"),
        (_("Exported"), show_moment(situation.now.replace(microsecond=0), situation.zone)),
        (_("By"), getpass.getuser()),
    ]
    return [(name, text) for name, text in lines if text]


@dataclass(frozen=True, slots=True)
class _Below:
    """A sub-form that comes along: its fields, and the fields of its record that its rows name."""

    form: Form
    fields: list[Field]
    leads: list[Field]

    def lead_names(self, over: Form) -> list[str]:
        own = {each.name for each in self.fields}
        return [each.name if each.name not in own else f"{over.name} · {each.name}" for each in self.leads]


def _below(actor: Actor, form: Form) -> list[_Below]:
    """The sub-forms that the person may see; their rows name their record by key and title."""
    named = dict.fromkeys(each for each in (form.key, form.title) if each is not None)
    leads = [each for each in named if actor.scope.reads(form.id, each.id)]
    shown = [each for each in form.subforms if actor.scope.sees(each.id)]
    return [_Below(each, fields_of(actor, each, None), leads) for each in shown]


@dataclass
class _Run:
    actor: Actor
    wanted: Export
    form: Form
    fields: list[Field]
    below: list[_Below]
    done: Exported
    progress: Progress

    def fill(self, book: Book) -> None:
        numbers, subtotals = self._numbers()
        sheet = book.sheet(self.form.name, self.fields, level=len(self.wanted.groups) + 1 if subtotals else 0)
        parts = [(each, book.sheet(each.form.name, each.fields, each.lead_names(self.form))) for each in self.below]
        label = T("Exporting “{form}”", form=self.form.name)
        for first in range(0, len(numbers), PAGE):
            self.progress.step(first, len(numbers), label)
            page = numbers[first : first + PAGE]
            rows = self._page(page)
            self._add(sheet, page, rows, first, subtotals)
            self.done.records += len(rows)
            for each, part in parts:
                self._add_below(each, part, rows)

    def _add(
        self, sheet: Sheet, page: Sequence[int], rows: Sequence[Row], first: int, subtotals: deque[Subtotal]
    ) -> None:
        """The records of a page, of which the first is number `first` of all, and the subtotals behind them."""
        at, last, known = 0, first + len(page), {row.n: row for row in rows}
        while subtotals and subtotals[0].after <= last:
            row = subtotals.popleft()
            sheet.add([known[number] for number in page[at : row.after - first] if number in known])
            sheet.subtotal(row)
            at = row.after - first
        sheet.add([known[number] for number in page[at:] if number in known] if at else rows)

    def _numbers(self) -> tuple[array[int], deque[Subtotal]]:
        """`_n` of the records, in order: what a filter, an order and the rights of the person leave; the subtotals."""
        wanted, reader, query = self.wanted, self.actor.reader, self.actor.query
        if wanted.groups and wanted.format is Format.XLSX and wanted.numbers is None:
            sorts = [sort for sort in wanted.sorts if sort not in [group.sort for group in wanted.groups]]
            footers = {each.id: wanted.footers[each.id] for each in self.fields if each.id in wanted.footers}
            asked = query(self.form.id, wanted.where, sorts, groups=wanted.groups, search=wanted.search)
            grouped, groups = reader.grouped_ids(asked, footers)
            situation = reader.situation()
            today = situation.now.astimezone(situation.zone).date()
            return grouped, deque(subtotals_of(self.form, groups, footers, self.fields, today))
        found = reader.ids(query(self.form.id, wanted.where, wanted.sorts, search=wanted.search))
        if wanted.numbers is None:
            return found, deque()
        chosen = frozenset(wanted.numbers)
        return array("q", (number for number in found if number in chosen)), deque()

    def _page(self, numbers: Sequence[int]) -> list[Row]:
        """The records that still are there."""
        rows = self.actor.reader.rows(self.form.id, numbers, self.actor.scope)
        self._count_waiting(rows, self.fields)
        return [row for row in rows if not row.deleted]

    def _add_below(self, below: _Below, sheet: Sheet, records: Sequence[Row]) -> None:
        names = {row.id: [_text(row, each) for each in below.leads] for row in records}
        rows = self.actor.reader.below_all(below.form.id, list(names), self.actor.scope)
        order = {record: at for at, record in enumerate(names)}
        rows.sort(key=lambda row: order[_root(row)])
        self._count_waiting(rows, below.fields)
        sheet.add(rows, [names[_root(row)] for row in rows])
        self.done.rows += len(rows)

    def _count_waiting(self, rows: Sequence[Row], fields: Sequence[Field]) -> None:
        shown = {each.id for each in fields if each.computed}
        if shown:
            self.done.waiting += sum(len(shown & row.updating) for row in rows if row.updating)


def _root(row: Row) -> UUID:
    assert row.root is not None, "rows of sub-forms have one"
    return row.root


def _text(row: Row, each: Field) -> str:
    return row.titles.get(each.id) or each.format(row.values.get(each.id))
