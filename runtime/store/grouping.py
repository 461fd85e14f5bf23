"""Groups: how the records of a query stand together by one to three fields, with counts and summaries of each group.

One statement counts and sums every innermost group; the groups around them are added up from those. What cannot be
added up (different values, medians) takes one statement for each level.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from resources.texts import T
from runtime.dates import EPOCH
from runtime.errors import UserError
from runtime.form import Field
from runtime.numbers import from_scaled
from runtime.store.query import Group
from runtime.store.summaries import Column, Summary

MOST_LEVELS = 3
MOST_GROUPS = 20_000
"""Innermost groups; a field with more different values does not group anything."""
MICROS = 1_000_000
LENGTHS = {"month": 7, "year": 4}
"""How much of 2026-03-05 stays, by the unit of the group."""
Path = tuple[Any, ...]
Figures = Mapping[Path, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of one query.

    Attributes:
        by: the levels, the outermost first.
        keys: of each innermost group the value at every level: the id of an option, the title of a record, text, yes or
            no, a number, or of a date what `day_key` says; None = blank.
        counts: records of each innermost group.
        figures: values of the groups down to one -> field id -> its summary; () is of all records.
        first: the values of the first innermost group as the database has them.
    """

    by: tuple[Group, ...]
    keys: tuple[Path, ...]
    counts: array[int]
    figures: Figures
    first: tuple[Any, ...] = ()

    @property
    def total(self) -> int:
        """Records in all groups."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Level:
    """One level in SQL.

    Attributes:
        key: what is equal for the records of a group.
        order: what the groups sort by, from the key; the key itself where None.
        text_key: what groups of texts sort by, from the record.
    """

    field: Field
    by: Group
    key: Column
    order: Callable[[Column], Column] | None = None
    text_key: Column | None = None

    def ordered(self, inside: sa.Subquery | None = None, at: int = 0) -> list[Any]:
        """The sort keys of this level, or of columns that hold it as number `at`: blanks last, equal keys together."""
        key = self.key if inside is None else inside.c[f"k{at}"]
        parts = [key] if self.order is None else [self.order(key), key]
        if self.text_key is not None:
            parts.insert(0, self.text_key if inside is None else inside.c[f"t{at}"])
        return [(part.desc() if self.by.descending else part.asc()).nulls_last() for part in parts]

    def equals(self, raw: Any) -> sa.ColumnElement[bool]:
        """Whether a record is in the group with this key, as the statement gave it."""
        return self.key.is_(None) if raw is None else self.key == raw

    def value(self, raw: Any) -> Any:
        """A key as `Groups` has it."""
        if raw is None:
            return None
        kind, props = self.field.kind, self.field.props
        if kind.value_type == "number":
            return from_scaled(int(raw), kind.scale(props)) if kind.name != "integer" else int(raw)
        if kind.value_type == "bool":
            return bool(raw)
        return raw


def day_key(day: Column, unit: str, *, on_file: bool) -> Column:
    """What the days of one unit share, from an ISO date: 2026-03-05, the Monday of its week, 2026-03, 2026-Q1, 2026."""
    if unit in LENGTHS:
        return sa.func.substr(day, 1, LENGTHS[unit])
    if unit == "quarter":
        month = sa.cast(sa.func.substr(day, 6, 2), sa.Integer)
        return sa.func.substr(day, 1, 4) + "-Q" + sa.cast((month + 2) // _whole(3), sa.Text)
    if unit == "week" and on_file:
        return sa.func.date(day, "weekday 0", "-6 days")
    if unit == "week":
        return sa.func.to_char(sa.func.date_trunc("week", sa.cast(day, sa.Date)), "YYYY-MM-DD")
    return day


def moment_day(column: Column, zone: ZoneInfo, *, on_file: bool) -> Column:
    """The day of a moment (microseconds since 1970 UTC) in a time zone, as an ISO date."""
    if not on_file:
        there = sa.func.timezone(zone.key, sa.func.to_timestamp(column / sa.literal(float(MICROS))))
        return sa.func.to_char(there, "YYYY-MM-DD")
    before = sa.case((column < 0, MICROS - 1), else_=0)
    seconds: Column = (column - before) // _whole(MICROS)
    local = seconds + _offset(seconds, zone)
    return sa.case((column.is_(None), sa.null()), else_=sa.func.strftime("%Y-%m-%d", local, "unixepoch"))


def _offset(seconds: Column, zone: ZoneInfo) -> Column:
    """Seconds that the zone is ahead of UTC at a moment: its changes between 1900 and 2100."""
    changes = _changes(zone)
    first = changes[0][1]
    later: list[Any] = [(seconds >= start, _whole(at)) for start, at in reversed(changes[1:])]
    return sa.case(*later, else_=_whole(first)) if later else _whole(first)


def _whole(number: int) -> Column:
    """A whole number in the text of a statement: no parameter, so that equal expressions stay equal."""
    return sa.literal_column(str(number), sa.Integer)


def _changes(zone: ZoneInfo) -> list[tuple[int, int]]:
    """(seconds since 1970, offset) of every change of the zone's offset, found by halving weeks."""

    def offset(at: int) -> int:
        found = (EPOCH + timedelta(seconds=at)).astimezone(zone).utcoffset()
        return int(found.total_seconds()) if found is not None else 0

    week = 7 * 24 * 3600
    start, end = _seconds(1900), _seconds(2100)
    found = [(start, offset(start))]
    for at in range(start + week, end, week):
        now = offset(at)
        if now != found[-1][1]:
            steps = range(at - week, at + 1)
            place = bisect_right(steps, False, key=lambda second: offset(second) == now)
            found.append((steps[place], now))
    return found


def _seconds(year: int) -> int:
    return int((datetime(year, 1, 1, tzinfo=EPOCH.tzinfo) - EPOCH).total_seconds())


@dataclass(frozen=True, slots=True)
class Asked:
    """Summaries that are asked for: one column each.

    Attributes:
        column: what is summed up.
    """

    field: Field
    summary: Summary
    column: Column


def found_groups(
    connection: sa.Connection,
    levels: Sequence[Level],
    asked: Sequence[Asked],
    table: sa.FromClause,
    where: Sequence[sa.ColumnElement[bool]],
) -> Groups:
    """Count and sum up the groups of the records that meet `where`, inside a transaction; no level = all in one.

    Raises:
        UserError: there are more than `MOST_GROUPS`.
    """
    parted = [each for each in asked if not each.summary.alone]
    inside = _inside(levels, parted, table, where)
    keys = [inside.c[f"k{at}"] for at in range(len(levels))]
    states = [part for at, each in enumerate(parted) for part in each.summary.parts(inside.c[f"v{at}"])]
    columns = [*keys, sa.func.count().label("n"), *(part.label(f"s{at}") for at, part in enumerate(states))]
    texts = [f"t{at}" for at, level in enumerate(levels) if level.text_key is not None]
    columns += [sa.func.min(inside.c[name]).label(name) for name in texts]
    statement = sa.select(*columns).select_from(inside)
    if levels:
        grouped = statement.group_by(*keys).subquery()
        statement = sa.select(grouped).limit(MOST_GROUPS + 1)
        for at, level in enumerate(levels):
            statement = statement.order_by(*level.ordered(grouped, at))
    rows = connection.execute(statement).all()
    if len(rows) > MOST_GROUPS:
        raise UserError(
            T("There are more than {n} groups.", n=f"{MOST_GROUPS:,}"),
            T("Group by a field with fewer different values."),
            "too_many_groups",
        )
    by = tuple(level.by for level in levels)
    depth = len(levels)
    paths = tuple(tuple(level.value(raw) for level, raw in zip(levels, row, strict=False)) for row in rows)
    counts = array("q", (row[depth] for row in rows))
    figures = _added_up(paths, [row[depth + 1 :] for row in rows], parted)
    for each in asked:
        if each.summary.alone:
            _alone(connection, levels, each, table, where, figures)
    if not levels:
        return Groups((), (), array("q"), figures)
    return Groups(by, paths, counts, figures, tuple(rows[0][:depth]) if rows else ())


def _inside(
    levels: Sequence[Level], asked: Sequence[Asked], table: sa.FromClause, where: Sequence[sa.ColumnElement[bool]]
) -> sa.Subquery:
    columns: list[Column] = []
    columns += [level.key.label(f"k{at}") for at, level in enumerate(levels)]
    columns += [level.text_key.label(f"t{at}") for at, level in enumerate(levels) if level.text_key is not None]
    columns += [each.column.label(f"v{at}") for at, each in enumerate(asked)]
    return sa.select(*(columns or [sa.literal(1).label("one")])).select_from(table).where(*where).subquery()


def _added_up(
    paths: Sequence[Path], states: Sequence[Sequence[Any]], asked: Sequence[Asked]
) -> dict[Path, dict[str, Any]]:
    """The figures of every group on every level from the parts of the innermost ones."""
    sums: dict[Path, list[Any]] = {}
    for path, parts in zip(paths, states, strict=True):
        for depth in range(len(path) + 1):
            here = path[:depth]
            before = sums.get(here)
            sums[here] = list(parts) if before is None else _joined(asked, before, parts)
    return {path: _finished(asked, parts) for path, parts in sums.items()}


def _joined(asked: Sequence[Asked], one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    joined: list[Any] = []
    for each in asked:
        at, width = len(joined), len(each.summary.combine)
        joined += each.summary.joined(one[at : at + width], other[at : at + width])
    return joined


def _finished(asked: Sequence[Asked], parts: Sequence[Any]) -> dict[str, Any]:
    found, at = {}, 0
    for each in asked:
        width = len(each.summary.combine)
        found[each.field.id] = each.summary.finish(each.field, parts[at : at + width])
        at += width
    return found


def _alone(
    connection: sa.Connection,
    levels: Sequence[Level],
    asked: Asked,
    table: sa.FromClause,
    where: Sequence[sa.ColumnElement[bool]],
    figures: dict[Path, dict[str, Any]],
) -> None:
    """Put the figures of a summary that cannot be added up into `figures`, one statement for each level."""
    for found in figures.values():
        found[asked.field.id] = None
    for depth in range(len(levels) + 1):
        inside = _inside(levels[:depth], [asked], table, where)
        keys = [inside.c[f"k{at}"] for at in range(depth)]
        statement = _uniques(inside, keys) if asked.summary.alone == "unique" else _medians(inside, keys)
        for row in connection.execute(statement):
            path = tuple(level.value(raw) for level, raw in zip(levels, row[:depth], strict=False))
            figures[path][asked.field.id] = asked.summary.finish(asked.field, row[depth:])


def _uniques(inside: sa.Subquery, keys: Sequence[Column]) -> sa.Select[Any]:
    return sa.select(*keys, sa.func.count(sa.distinct(inside.c.v0))).group_by(*keys)


def _medians(inside: sa.Subquery, keys: Sequence[Column]) -> sa.Select[Any]:
    """The two values in the middle of each group."""
    value: Column = inside.c.v0
    place = sa.func.row_number().over(partition_by=list(keys) or None, order_by=value)
    height = sa.func.count().over(partition_by=list(keys) or None)
    ranked = (
        sa.select(*keys, value.label("v"), place.label("p"), height.label("h")).where(value.is_not(None)).subquery()
    )
    middle = [(ranked.c.h + 1) // _whole(2), (ranked.c.h + 2) // _whole(2)]
    grouped = [ranked.c[key.name] for key in keys]
    return (
        sa.select(*grouped, sa.func.min(ranked.c.v), sa.func.max(ranked.c.v))
        .where(ranked.c.p.in_(middle))
        .group_by(*grouped)
    )
