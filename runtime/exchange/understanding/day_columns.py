"""Columns that are days side by side, as on a sheet of who was there: what all of them hold gives them one type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from resources.texts import T
from runtime.exchange.cells import Column
from runtime.exchange.columns import Choice, ColumnPlan, Doubt
from runtime.exchange.tables.header_labels import SLASH
from runtime.exchange.tables.table import Table
from runtime.exchange.understanding.as_type import column_as
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.exchange.understanding.subject import LABEL_LENGTH, TYPE_NAMES, Verdict, listed
from runtime.exchange.written import read_date, read_day_of_month

LEAST_DAYS = 5
"""Columns from which a run of days is one."""

MOST_WORDS = 50
COMMON = 0.5
"""Share of the texts of a column that stand in another one of the run too."""

KEEPS_ALL = ("text", "choice", "boolean")
"""Types of the whole run that each of its columns can take without losing a value."""

ANY_YEAR = 2024
_DAY = re.compile(r"(\d{1,2})(?:日|号)?")
_FIRST_OF_MONTH, _LAST_OF_MONTH = 1, range(28, 32)

Judge = Callable[[int, str, ColumnFacts], Verdict]
"""The verdict on a column: its index, its header, its facts."""


def with_one_type(
    table: Table, facts: Sequence[ColumnFacts], verdicts: Sequence[Verdict], judge: Judge
) -> tuple[list[Verdict], list[Doubt]]:
    """The verdicts, those on days side by side that share their words as one, and doubts that say so."""
    found, doubts = list(verdicts), []
    for run in _runs(table.headers):
        types = {found[place].column.field_type for place in run if facts[place].filled}
        alike = len(types) < 2
        if (alike and types != {"choice"}) or not _share_words([facts[place] for place in run]):
            continue
        together = ColumnFacts(Column(tuple(block for place in run for block in table.columns[place].blocks)))
        whole = judge(run[0], table.headers[run[0]], together)
        if whole.column.field_type not in KEEPS_ALL:
            continue
        for place in run:
            found[place] = _as_all(found[place], whole, facts[place], together)
        if not alike:
            ways = [tuple(way[place].column for place in run) for way in (found, verdicts)]
            doubts.append(_doubt(table, run, whole, together, ways))
    return found, doubts


def _runs(headers: Sequence[str]) -> Iterator[list[int]]:
    """Columns side by side whose headers are days that count on."""
    run: list[int] = []
    for place, header in enumerate(headers):
        if run and not _goes_on(headers[run[-1]], header):
            if len(run) >= LEAST_DAYS:
                yield run
            run = []
        if run or _days(header):
            run.append(place)
    if len(run) >= LEAST_DAYS:
        yield run


def _goes_on(header: str, following: str) -> bool:
    """Whether the second header is the day after the first; behind the last of a month comes the first."""
    before, after = _days(header), _days(following)
    return any(
        own == before[at] + 1 or (own == _FIRST_OF_MONTH and before[at] in _LAST_OF_MONTH)
        for at, own in after.items()
        if at in before
    )


def _days(header: str) -> dict[int, int]:
    """The parts of a header that are days: which part, and what it counts as."""
    found = {}
    for at, part in enumerate(header.split(SLASH)):
        match = _DAY.fullmatch(part.strip())
        day = read_day_of_month(part, ANY_YEAR)
        written = read_date(part)
        full = written.value("mdy") if written is not None else day
        if match is not None:
            found[at] = int(match[1])
        elif full is not None:
            found[at] = full.toordinal()
    return found


def _share_words(facts: Sequence[ColumnFacts]) -> bool:
    """Whether the columns hold few short texts, most of which stand in several of them."""
    homes = Counter(text for each in facts for text in each.tally.texts)
    if not homes or len(homes) > MOST_WORDS or any("texts" in each.tally.crowded for each in facts):
        return False
    if any(each.longest > LABEL_LENGTH or each.days or each.moments for each in facts):
        return False
    cells = sum(sum(each.tally.texts.values()) for each in facts)
    shared = sum(count for each in facts for text, count in each.tally.texts.items() if homes[text] > 1)
    return shared >= COMMON * cells


def _as_all(verdict: Verdict, whole: Verdict, facts: ColumnFacts, together: ColumnFacts) -> Verdict:
    """The verdict on one column of a run: the type of all, options included; what is said of errors stays."""
    own = verdict.column
    column = replace(whole.column, source=own.source, header=own.header, label=own.label)
    if column.field_type == "text":
        column = column_as("text", facts, replace(own, field_type="text"), "")
    return Verdict(column, tuple(doubt for doubt in verdict.doubts if doubt.code in ("errors", "too_long")))


def _doubt(
    table: Table, run: Sequence[int], whole: Verdict, together: ColumnFacts, ways: Sequence[tuple[ColumnPlan, ...]]
) -> Doubt:
    """That the days become one type; `ways` are the columns with it, and each with its own."""
    kind = TYPE_NAMES[whole.column.field_type]
    message = T(
        "“{first}” to “{last}” are days that hold the same words ({examples}), so all of them become {type}.",
        first=table.headers[run[0]], last=table.headers[run[-1]], type=kind,
        examples=listed(text for text, _ in together.tally.texts.most_common()),
    )  # fmt: skip
    choices = (
        Choice("together", T("Read all of them as {type}", type=kind), ways[0]),
        Choice("apart", T("Give each column the type of its own values"), ways[1]),
    )
    return Doubt(table.sheet, None, f"days_{run[0]}", message, choices, "together")
