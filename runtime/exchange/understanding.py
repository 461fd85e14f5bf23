"""From a workbook to a plan: tables, types, relations, keys, titles, and every doubt on the way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from resources.texts import TN, T
from runtime.exchange.columns import Choice, ColumnPlan, Doubt, RelationTarget
from runtime.exchange.facts import ColumnFacts
from runtime.exchange.inference import SHOWN, TYPE_NAMES, Verdict, infer
from runtime.exchange.plan import ImportPlan, SheetPlan, Source
from runtime.exchange.reading import Sheet, Workbook
from runtime.exchange.refusals import NothingToImport
from runtime.exchange.relations import Kind, RelationGuess, find_relations
from runtime.exchange.table import Table, to_table, unlike
from runtime.exchange.titles import key_column, title_column
from runtime.work import Progress

RELATE, LEAVE, TAKE = "relate", "leave", "take"
_NO_NAME = re.compile(r"(?:sheet|table|工作表|表)\s*\d*", re.IGNORECASE)


def understand(workbook: Workbook, progress: Progress) -> ImportPlan:
    """The plan for a workbook.

    Raises:
        NothingToImport: no sheet has a header or a row.
        Cancelled: somebody asked to stop.
    """
    tables = [to_table(sheet) for sheet in workbook.sheets if sheet.height and sheet.readable]
    tables = [table for table in tables if table.columns]
    if not tables:
        raise NothingToImport
    facts, verdicts = _look_at_columns(tables, progress)
    guesses = _relations(tables, facts, progress)
    plans, doubts = [], [doubt for sheet in workbook.sheets for doubt in _unusable(sheet)]
    for table in tables:
        columns = tuple(verdict.column for verdict in verdicts[table.sheet])
        wanted = [guess.to_column for guess in guesses if guess.to_sheet == table.sheet]
        label = workbook.path.stem if len(tables) == 1 and _NO_NAME.fullmatch(table.sheet.strip()) else table.sheet
        plans.append(_sheet_plan(table, label, columns, facts[table.sheet], wanted))
        doubts += _hidden(table)
        doubts += table.doubts
        doubts += _without_values(table, facts[table.sheet])
        for column, verdict in zip(columns, verdicts[table.sheet], strict=True):
            doubts += verdict.doubts
            doubts += [
                _relation_doubt(guess, column, columns)
                for guess in guesses
                if (guess.from_sheet, guess.from_column) == (table.sheet, column.source)
            ]
    plan = ImportPlan(tuple(plans), tuple(doubts), Source({table.sheet: table for table in tables}, facts))
    for doubt in doubts:
        if any(choice.id == RELATE for choice in doubt.choices):
            plan = plan.choose(doubt.id, RELATE)
    return plan


def _look_at_columns(
    tables: Sequence[Table], progress: Progress
) -> tuple[dict[str, tuple[ColumnFacts, ...]], dict[str, list[Verdict]]]:
    """Facts and verdicts of every column, by sheet."""
    facts: dict[str, tuple[ColumnFacts, ...]] = {}
    verdicts: dict[str, list[Verdict]] = {}
    total, done = sum(len(table.columns) for table in tables), 0
    for table in tables:
        found: list[ColumnFacts] = []
        verdicts[table.sheet] = []
        for place, (header, column) in enumerate(zip(table.headers, table.columns, strict=True)):
            progress.step(done, total, T("Looking at “{column}” of “{sheet}”", column=header, sheet=table.sheet))
            found.append(ColumnFacts(column))
            number_format = table.formats.get(place, "")
            verdicts[table.sheet].append(infer(table.sheet, place, header, found[-1], number_format))
            done += 1
        facts[table.sheet] = tuple(found)
    return facts, verdicts


def _relations(
    tables: Sequence[Table], facts: dict[str, tuple[ColumnFacts, ...]], progress: Progress
) -> tuple[RelationGuess, ...]:
    progress.step(0, 0, T("Looking for relations between the sheets"))
    visible = [table for table in tables if table.visible]
    return find_relations(visible, [facts[table.sheet] for table in visible], progress)


def _sheet_plan(
    table: Table, label: str, columns: tuple[ColumnPlan, ...], facts: Sequence[ColumnFacts], wanted: Sequence[int]
) -> SheetPlan:
    title = title_column(table.sheet, columns, facts, wanted)
    key = key_column(columns, facts, wanted)
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


def _without_values(table: Table, facts: Sequence[ColumnFacts]) -> list[Doubt]:
    if not table.height:
        message = T("The sheet “{sheet}” has headers but no rows.", sheet=table.sheet)
        return [Doubt(table.sheet, None, "no_rows", message)]
    blank = tuple(place for place, found in enumerate(facts) if not found.filled)
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


def _relation_doubt(guess: RelationGuess, column: ColumnPlan, columns: Sequence[ColumnPlan]) -> Doubt:
    """The doubt whether a column is a relation; its first choice makes it one."""
    added = guess.kind is Kind.ADDED
    target = RelationTarget(guess.to_sheet, guess.to_column, optional=added)
    label = unlike(guess.to_sheet, {other.label.casefold() for other in columns}) if added else column.label
    relation = replace(column, field_type="relation", props={}, relation=target, label=label, order="", pad=0)
    leave = T("Keep “{column}” as {type} only", column=column.label, type=TYPE_NAMES[column.field_type])
    if added:
        message = T(
            "“{column}” names a row of “{sheet}” in {n} of {total} rows. A relation “{label}” is added beside it.",
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
    choices = (Choice(RELATE, relate, made), Choice(LEAVE, leave, (column,)))
    return Doubt(guess.from_sheet, column.source, f"relation_{guess.kind}", message, choices, LEAVE)
