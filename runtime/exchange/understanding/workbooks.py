"""Understands workbooks: tables, types, titles and relations become one plan, everything doubtful becomes a doubt."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from resources.texts import TN, T
from runtime.errors import Sentence
from runtime.exchange.columns import Choice, ColumnPlan, Doubt
from runtime.exchange.frame import Frame
from runtime.exchange.readers.file_read import FileRead
from runtime.exchange.readers.reading import Sheet, Workbook
from runtime.exchange.readers.refusals import NothingToImport
from runtime.exchange.tables.table import Table, to_tables, unlike
from runtime.exchange.tables.table_doubts import WEAK_HEADER
from runtime.exchange.understanding import hints
from runtime.exchange.understanding.ahead import Ahead
from runtime.exchange.understanding.day_columns import with_one_type
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.exchange.understanding.inference import SHOWN, Verdict, infer
from runtime.exchange.understanding.judging_days import in_the_same_order
from runtime.exchange.understanding.known_forms import KnownForm
from runtime.exchange.understanding.plan import ImportPlan, SheetPlan, Source
from runtime.exchange.understanding.related import RELATE, RelationDoubts
from runtime.exchange.understanding.titles import key_column, title_column
from runtime.work import Progress

LEAVE, TAKE = "leave", "take"
MOST_LINES = 100
"""Lines up to which a column beside lists may be a text."""

_PROSE = re.compile(
    r"封面|说明|须知|备注|目录|注意|指南|readme|\b(?:cover|notes?|instructions?|guide|about|legend)\b", re.IGNORECASE
)
_LINE = re.compile(r"^\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3}|[（(]\d{1,2}[）)])\s*[.、．)）]|[。！；;]\s*$|.{40}")
_NO_NAME = re.compile(r"(?:sheet|table|工作表|表|feuil|tabelle|hoja|лист)\s*\d*", re.IGNORECASE)


def understand(
    workbooks: Workbook | Sequence[Workbook],
    progress: Progress,
    forms: Iterable[KnownForm] = (),
    ahead: Ahead | None = None,
) -> ImportPlan:
    """The plan for one workbook or several.

    Args:
        workbooks: what was read; the sheets of all of them come into one plan.
        forms: forms that are there already, to which columns may point.
        ahead: what was counted while they were read.

    Raises:
        NothingToImport: no sheet has a header or a row.
        Cancelled: somebody asked to stop.
    """
    books = [workbooks] if isinstance(workbooks, Workbook) else list(workbooks)
    notes = tuple((book.path.name if len(books) > 1 else "", note) for book in books for note in book.notes)
    files = tuple(book.read for book in books if book.read is not None)
    return _Understanding(_sheets(books), tuple(forms), notes, files).plan(progress, ahead)


def cut_again(workbooks: Sequence[Workbook], frames: Mapping[str, tuple[Frame, ...]]) -> dict[str, Table]:
    """The tables of workbooks that were understood before, by name.

    Args:
        frames: sheet -> how it was cut then.
    """
    homes = (home.sheet for home in _sheets(list(workbooks)) if home.sheet.name in frames)
    return {table.sheet: table for sheet in homes for table in to_tables(sheet, frames[sheet.name])}


@dataclass(frozen=True, slots=True)
class _Home:
    """A sheet of a workbook: under a name that no other has, and what its only table is called."""

    sheet: Sheet
    label: str


def _sheets(books: Sequence[Workbook]) -> list[_Home]:
    """The sheets of all workbooks; where two have the same name, the file is said too."""
    names = Counter(sheet.name for book in books for sheet in book.sheets)
    taken: set[str] = set()
    homes = []
    for book in books:
        alone = sum(1 for sheet in book.sheets if sheet.height and sheet.readable) == 1
        for sheet in book.sheets:
            nameless = alone and _NO_NAME.fullmatch(sheet.name.strip())
            label = book.path.stem if nameless else sheet.name
            name = sheet.name
            if names[name] > 1:
                name = f"{book.path.stem} · {sheet.name}"
                label = label if nameless else f"{sheet.name} {book.path.stem}"
            name = unlike(name, taken)
            taken.add(name.casefold())
            homes.append(_Home(replace(sheet, name=name), label))
    return homes


@dataclass(frozen=True, slots=True)
class _Understanding:
    """Sheets, and how they are cut.

    Attributes:
        homes: the sheets.
        forms: forms that are there already.
        notes: what was said about the files while they were read: name of the file, sentence.
        files: which content was read, and how.
        cuts: sheet -> frames that a person chose.
        known: what is known already: table -> its cells, facts and verdicts, by name.
    """

    homes: Sequence[_Home]
    forms: tuple[KnownForm, ...]
    notes: tuple[tuple[str, Sentence], ...] = ()
    files: tuple[FileRead, ...] = ()
    cuts: Mapping[str, tuple[Frame, ...]] = field(default_factory=dict)
    known: Mapping[str, tuple[Table, tuple[ColumnFacts, ...]]] = field(default_factory=dict)

    def plan(self, progress: Progress, ahead: Ahead | None = None) -> ImportPlan:
        """The plan, every doubt as it is assumed."""
        tables: list[tuple[_Home, Table]] = []
        for home in self.homes:
            progress.step(0, 0, T("Looking for tables on “{sheet}”", sheet=home.sheet.name))
            tables += [(home, table) for table in self._tables(home) if table.columns]
        if not tables:
            raise NothingToImport
        ahead = ahead or Ahead()
        facts, verdicts, of_days = self._look_at_columns([table for _, table in tables], progress, ahead)
        ahead.forget()
        judged = {name: tuple(verdict.column for verdict in found) for name, found in verdicts.items()}
        relations = RelationDoubts([table for _, table in tables], facts, judged, self._other_forms(tables), progress)
        plans: list[SheetPlan] = []
        doubts = [Doubt(name, None, f"note_{at}", note) for at, (name, note) in enumerate(self.notes)]
        doubts += [doubt for home in self.homes for doubt in _unusable(home.sheet)]
        labels: set[str] = set()
        for home, table in tables:
            columns = judged[table.sheet]
            label = unlike(_label(home, table), labels)
            labels.add(label.casefold())
            made = _sheet_plan(table, label, columns, facts[table.sheet], relations)
            prose = not relations.wanted(table.sheet) and _is_prose(table, facts[table.sheet], tables)
            made = replace(made, include=made.include and not prose)
            plans.append(made)
            doubts += [
                *_hidden(table),
                *(_prose(table) if prose else ()),
                *_of_cutting(table, tables),
                *_unsaved(home.sheet, table),
            ]
            doubts += [*_without_values(table, facts[table.sheet], made.include), *of_days[table.sheet]]
            for column, verdict in zip(columns, verdicts[table.sheet], strict=True):
                doubts += [*verdict.doubts, *relations.about(table.sheet, column)]
        source = Source({table.sheet: table for _, table in tables}, facts, self._again, self.files)
        plan = ImportPlan(tuple(plans), tuple(doubts), source)
        for doubt in doubts:
            if doubt.choices and doubt.choices[0].id == RELATE:
                plan = plan.choose(doubt.id, RELATE)
        return replace(plan, steps=())

    def _other_forms(self, tables: Sequence[tuple[_Home, Table]]) -> list[KnownForm]:
        """The forms that are not called as what the tables become: a file says nothing about its own records."""
        own = {hints.plain(name) for home, table in tables for name in (table.sheet, _label(home, table))}
        return [form for form in self.forms if hints.plain(form.name) not in own]

    def _tables(self, home: _Home) -> list[Table]:
        sheet = home.sheet
        if not sheet.height or not sheet.readable:
            return []
        known = [table for table, _ in self.known.values() if table.home == sheet.name]
        if known and sheet.name not in self.cuts:
            return known
        return to_tables(sheet, self.cuts.get(sheet.name, ()))

    def _look_at_columns(
        self, tables: Sequence[Table], progress: Progress, ahead: Ahead
    ) -> tuple[dict[str, tuple[ColumnFacts, ...]], dict[str, list[Verdict]], dict[str, list[Doubt]]]:
        """Facts and verdicts of every column, and doubts about several, by table."""
        facts: dict[str, tuple[ColumnFacts, ...]] = {}
        of_days: dict[str, list[Doubt]] = {}
        verdicts: dict[str, list[Verdict]] = {}
        total, done = sum(len(table.columns) for table in tables), 0
        for table in tables:
            known = self.known.get(table.sheet)
            same = known[1] if known is not None and known[0] is table else ()
            found: list[ColumnFacts] = []
            verdicts[table.sheet] = []
            for place, (header, column) in enumerate(zip(table.headers, table.columns, strict=True)):
                progress.step(done, total, T("Looking at “{column}” of “{sheet}”", column=header, sheet=table.sheet))
                found.append(same[place] if same else ColumnFacts(column, ahead.begun(column)))
                verdicts[table.sheet].append(_judge(table, place, header, found[-1]))
                done += 1
            facts[table.sheet] = tuple(found)
            verdicts[table.sheet], of_days[table.sheet] = with_one_type(
                table, found, verdicts[table.sheet], partial(_judge, table)
            )
        agreed = iter(in_the_same_order(verdict for judged in verdicts.values() for verdict in judged))
        return facts, {sheet: list(islice(agreed, len(judged))) for sheet, judged in verdicts.items()}, of_days

    def _again(
        self, plan: ImportPlan, cuts: Mapping[str, tuple[Frame, ...]], progress: Progress | None = None
    ) -> ImportPlan:
        """A fresh plan in which sheets are cut by other frames."""
        source = plan.source
        known = {name: (table, source.facts[name]) for name, table in source.tables.items()}
        return replace(self, cuts=cuts, known=known).plan(progress or Progress())


def _judge(table: Table, place: int, header: str, facts: ColumnFacts) -> Verdict:
    return infer(table.sheet, place, header, facts, table.formats.get(place, ""), table.untyped)


def _label(home: _Home, table: Table) -> str:
    """What the form is called: as the sheet or its file; of several tables on a sheet, as what is written above."""
    if table.alone:
        return home.label
    return table.title or table.sheet.replace(home.sheet.name, home.label, 1)


def _sheet_plan(
    table: Table, label: str, columns: tuple[ColumnPlan, ...], facts: Sequence[ColumnFacts], relations: RelationDoubts
) -> SheetPlan:
    wanted = relations.wanted(table.sheet)
    title = title_column(table.sheet, columns, facts, wanted)
    key = key_column(label, columns, facts, wanted, relations.pointing(table.sheet))
    return SheetPlan(table.sheet, label, table.visible, title, key, columns, table.height)


def _unusable(sheet: Sheet) -> list[Doubt]:
    if not sheet.readable:
        message = T("The sheet “{sheet}” is damaged and left out.", sheet=sheet.name)
        return [Doubt(sheet.name, None, "unreadable_sheet", message)]
    if not sheet.height:
        return [Doubt(sheet.name, None, "blank_sheet", T("The sheet “{sheet}” is blank.", sheet=sheet.name))]
    return []


def _hidden(table: Table) -> list[Doubt]:
    if table.visible:
        return []
    message = T("The sheet “{sheet}” is hidden in Excel and left out.", sheet=table.sheet)
    choices = (Choice(LEAVE, T("Leave it out"), include=False), Choice(TAKE, T("Import it too"), include=True))
    return [Doubt(table.sheet, None, "hidden_sheet", message, choices, LEAVE)]


def _is_prose(table: Table, facts: Sequence[ColumnFacts], tables: Sequence[tuple[_Home, Table]]) -> bool:
    """Whether a sheet beside lists holds lines of a text, such as a cover or instructions, or one cell."""
    beside = any(len(other.columns) > 1 and other.height and other.visible for _, other in tables)
    if len(table.columns) != 1 or not table.visible or not table.alone or not beside or facts[0].texts < table.height:
        return False
    if not table.height:
        return True
    texts = list(facts[0].tally.texts)
    lines = sum(_LINE.search(text) is not None for text in texts)
    said = _PROSE.search(table.sheet) is not None or table.headers[0].rstrip().endswith(("：", ":"))
    return len(texts) <= MOST_LINES and (said or 2 * lines > len(texts) > 1)


def _prose(table: Table) -> list[Doubt]:
    message = T("The sheet “{sheet}” holds lines of text and no list, and is left out.", sheet=table.sheet)
    choices = (Choice(LEAVE, T("Leave it out"), include=False), Choice(TAKE, T("Import it too"), include=True))
    return [Doubt(table.sheet, None, "prose_sheet", message, choices, LEAVE)]


def _of_cutting(table: Table, tables: Sequence[tuple[_Home, Table]]) -> Iterator[Doubt]:
    """What is doubtful about how the table was cut; a header of texts over texts is sure where its names are known."""
    sure_ones = [other for _, other in tables if other is not table and other.header_row and not other.frame.weak]
    others = {hints.plain(header) for other in sure_ones for header in other.headers}
    known = sum(hints.names_column(header) or hints.plain(header) in others for header in table.headers)
    sure = 2 * known > len(table.headers)
    yield from (doubt for doubt in table.doubts if doubt.code != WEAK_HEADER or not sure)


def _unsaved(sheet: Sheet, table: Table) -> list[Doubt]:
    """Formulas that nobody calculated: their cells are blank in the file."""
    found = []
    for place, (header, home) in enumerate(zip(table.headers, table.places, strict=True)):
        count = sheet.unsaved.get(home, 0)
        if count:
            message = TN(
                "{n} formula in “{column}” has no saved result and is blank. Open the file in Excel and save it.",
                "{n} formulas in “{column}” have no saved result and are blank. Open the file in Excel and save it.",
                count, column=header,
            )  # fmt: skip
            found.append(Doubt(table.sheet, place, "no_saved_result", message))
    return found


def _without_values(table: Table, facts: Sequence[ColumnFacts], included: bool) -> list[Doubt]:
    if not table.height:
        message = T("The sheet “{sheet}” has headers but no rows.", sheet=table.sheet)
        choices = (Choice(TAKE, T("Import it too"), include=True), Choice(LEAVE, T("Leave it out"), include=False))
        return [Doubt(table.sheet, None, "no_rows", message, choices, TAKE if included else LEAVE)]
    blank = tuple(place for place, found in enumerate(facts) if not found.filled and not found.errors)
    if not blank:
        return []
    names = ", ".join(f"“{table.headers[place]}”" for place in blank[:SHOWN]) + (" …" if len(blank) > SHOWN else "")
    counted = TN(
        "{n} column has a header but no values: {names}.",
        "{n} columns have headers but no values: {names}.",
        len(blank),
        names=names,
    )
    keep = Choice("keep", T("Keep as empty fields"), include=True, sources=blank)
    leave = Choice(LEAVE, T("Leave them out"), include=False, sources=blank)
    return [Doubt(table.sheet, None, "no_values", counted, (keep, leave), keep.id)]
