"""Reading records: by id, by position, filtered and sorted; ids first, then pages, never a deep OFFSET."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from resources.texts import T
from runtime.clock import Clock
from runtime.dates import local_zone
from runtime.errors import UserError
from runtime.form import Field, Form
from runtime.permission.scope import EVERYTHING, Scope
from runtime.store.apps import Apps
from runtime.store.breaking_off import breaking_off
from runtime.store.conditions import Conditions
from runtime.store.dialect import formula_target
from runtime.store.engine import Engines, failures_told
from runtime.store.grouping import Figures, Groups, found_groups
from runtime.store.query import Query
from runtime.store.rows import Codec, Row, to_columns
from runtime.store.schema import column_name, table_name
from runtime.store.search_grams import fold, words
from runtime.store.search_rank import BEGUN, INSIDE, WHOLE, WORD, rank
from runtime.store.system import BLOCK_BITS, DEFINITIONS, block
from runtime.store.updating import marked
from runtime.value.situation import Situation

FETCH = 50_000
"""Ids fetched from the database at a time."""
BATCH = 500
"""Ids per statement."""
SOUGHT = 5_000
"""Values that are looked for in one go: a field without an index is read through once for so many."""


class Reader:
    """Answers queries of one workspace; safe on any thread.

    Args:
        database: the engines.
        apps: published definitions.
        clock: for filters that ask for the time.
    """

    def __init__(self, database: Engines, apps: Apps, clock: Clock) -> None:
        self._database = database
        self._apps = apps
        self._clock = clock
        self._target = formula_target(database.reader)

    def situation(self) -> Situation:
        """Now and here, for formulas."""
        return Situation(now=self._clock.now(), zone=local_zone())

    def catch_up(self) -> None:
        """Take notice of what other processes have published."""
        with self._reading():
            pass

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        """A transaction that sees one moment, and the definitions of that moment."""
        with self._database.reader.connect() as connection:
            connection.begin()
            self._apps.catch_up(connection, connection.info.get(DEFINITIONS, 0))
            with breaking_off(connection):
                yield connection

    def count(self, query: Query) -> int:
        """How many records a query has."""
        if query.is_plain:
            count = sum(n for _, n in self.blocks(query.form))
            self._form(query.form, query.scope)
            return count
        with self._reading() as connection:
            conditions = self._conditions(query, connection)
            statement = sa.select(sa.func.count()).select_from(conditions.table).where(*conditions.where())
            return int(connection.execute(statement).scalar_one())

    def blocks(self, form_id: str) -> list[tuple[int, int]]:
        """(block number, living rows) of a form, ascending; a block is 4,096 consecutive `_n`."""
        statement = sa.select(block.c.block, block.c.n).where(block.c.form == form_id, block.c.n > 0)
        with self._reading() as connection:
            return [(number, n) for number, n in connection.execute(statement.order_by(block.c.block))]

    def block_ids(self, form_id: str, number: int) -> array[int]:
        """`_n` of the living rows of one block, ascending."""
        low = number << BLOCK_BITS
        high = low + (1 << BLOCK_BITS)
        sql = f'SELECT _n FROM "{table_name(form_id)}" WHERE _n >= ? AND _n < ? AND _del = 0 ORDER BY _n'
        with self._reading() as connection:
            return array("q", chain.from_iterable(connection.exec_driver_sql(sql, (low, high)).cursor.fetchall()))

    def ids(self, query: Query, limit: int | None = None) -> array[int]:
        """`_n` of the records of a query in its order; `limit` = only the first."""
        with self._reading() as connection:
            return _ids(connection, self._conditions(query, connection).numbers(few=limit is not None), limit)

    def grouped_ids(
        self, query: Query, footers: Mapping[str, str], limit: int | None = None
    ) -> tuple[array[int], Groups]:
        """`ids`, and the groups in which they stand at the same moment, summed up as `footers` (field -> summary) says.

        With a `limit` the ids are of the first group only.

        Raises:
            UserError: there are too many groups.
        """
        with self._reading() as connection:
            conditions = self._conditions(query, connection)
            asked = conditions.asked(footers)
            levels = conditions.levels()
            groups = found_groups(connection, levels, asked, conditions.table, conditions.where())
            if limit is not None:
                return _numbers(connection, conditions.in_group(groups.first).limit(limit)), groups
            return _ids(connection, conditions.numbers(), None), groups

    def figures(self, query: Query, footers: Mapping[str, str]) -> Figures:
        """The summaries (field -> name) of a query: values of a group -> field -> figure; () is of all records."""
        with self._reading() as connection:
            conditions = self._conditions(query, connection)
            asked = conditions.asked(footers)
            return found_groups(connection, conditions.levels(), asked, conditions.table, conditions.where()).figures

    def met(self, query: Query, numbers: Sequence[int], formulas: Sequence[str]) -> dict[int, tuple[bool, ...]]:
        """`_n` -> which of the formulas the record meets, for colours; formulas with problems are met by none."""
        with self._reading() as connection:
            conditions = self._conditions(Query(query.form, scope=query.scope))
            columns = [sa.case((_formula(conditions, each), 1), else_=0) for each in formulas]
            number = conditions.table.c["_n"]
            found: dict[int, tuple[bool, ...]] = {}
            for start in range(0, len(numbers), BATCH):
                statement = sa.select(number, *columns).where(number.in_(numbers[start : start + BATCH]))
                found.update({row[0]: tuple(map(bool, row[1:])) for row in connection.execute(statement)})
            return found

    def rows(self, form_id: str, numbers: Sequence[int], scope: Scope = EVERYTHING) -> list[Row]:
        """The records with these `_n` that this person may see, in that order; ones that are gone are left out.

        Relations carry titles.
        """
        with self._reading() as connection:
            form = self._form(form_id, scope)
            codec = self._apps.codec(form_id)
            raws: list[Any] = []
            for start in range(0, len(numbers), BATCH):
                part = numbers[start : start + BATCH]
                places = ", ".join("?" * len(part))
                found = connection.exec_driver_sql(f"{codec.select} WHERE _n IN ({places})", tuple(part))
                raws += found.cursor.fetchall()
            by_n = {row.n: row for row in codec.rows(raws)}
            rows = [by_n[n] for n in numbers if n in by_n]
            if scope.row_rule(form_id):
                shown = self._visible(connection, form, {row.id for row in rows}, scope)
                rows = [row for row in rows if row.id in shown]
            return self._titled(connection, form, [readable(form, row, scope) for row in rows], scope)

    def by_id(self, form_id: str, ids: Sequence[UUID], scope: Scope = EVERYTHING) -> list[Row]:
        """The records with these ids that this person may see, the bin included, in that order."""
        with self._reading() as connection:
            form = self._form(form_id, scope)
            rows = fetch_by_id(connection, form, ids, self._apps, scope, self.situation())
            return self._titled(connection, form, [readable(form, row, scope) for row in rows], scope)

    def numbers_of(self, form_id: str, ids: Sequence[UUID], scope: Scope = EVERYTHING) -> array[int]:
        """`_n` of the living records with these ids that this person may see, in no order."""
        with self._reading() as connection:
            form, numbers = self._form(form_id, scope), array("q")
            wanted = list(self._visible(connection, form, ids, scope)) if scope.row_rule(form_id) else ids
            for start in range(0, len(wanted), BATCH):
                part = wanted[start : start + BATCH]
                sql = f'SELECT _n FROM "{table_name(form_id)}" WHERE _del = 0 AND _id IN ({", ".join("?" * len(part))})'
                found = connection.exec_driver_sql(sql, tuple(row.bytes for row in part))
                numbers.extend(chain.from_iterable(found.cursor.fetchall()))
            return numbers

    def below(self, form_id: str, root: UUID, scope: Scope = EVERYTHING) -> list[Row]:
        """The rows of a sub-form that belong to a record that this person may see, as they were made."""
        return self.below_all(form_id, [root], scope)

    def below_all(self, form_id: str, roots: Sequence[UUID], scope: Scope = EVERYTHING) -> list[Row]:
        """The rows of a sub-form that belong to these records, of those that this person may see."""
        form = self._form(form_id, scope)
        parent = self._form(form.parent, scope)
        with self._reading() as connection:
            shown = fetch_by_id(connection, parent, roots, self._apps, scope, self.situation())
            rows = fetch_below(connection, form, [row.id for row in shown], self._apps)
            return self._titled(connection, form, [readable(form, row, scope) for row in rows], scope)

    def find(self, form_id: str, field_id: str, values: Iterable[Any], scope: Scope = EVERYTHING) -> dict[Any, UUID]:
        """Value -> id of the first living record in scope that has it in this field, for keys and titles."""
        return {value: rows[0] for value, rows in self.find_all(form_id, field_id, values, scope).items()}

    def find_all(
        self, form_id: str, field_id: str, values: Iterable[Any], scope: Scope = EVERYTHING, most: int | None = None
    ) -> dict[Any, list[UUID]]:
        """Value -> ids of the living records in scope that have it in this field, the oldest first.

        Args:
            most: records of up to `SOUGHT` values that are looked at; None = all.
        """
        found: dict[Any, list[UUID]] = {}
        with self._reading() as connection:
            form = self._form(form_id, scope)
            if not scope.reads(form_id, field_id):
                return {}
            field = form.by_id[field_id]
            wanted = list(dict.fromkeys(values))
            raw = dict(zip(to_columns(field, wanted), wanted, strict=True))
            column = column_name(field_id)
            select = f'SELECT "{column}", _id FROM "{table_name(form_id)}" WHERE _del = 0 AND "{column}" IN'
            keys = list(raw)
            for start in range(0, len(keys), SOUGHT):
                part = keys[start : start + SOUGHT]
                sql = f"{select} ({', '.join('?' * len(part))}) ORDER BY _n"
                sql += f" LIMIT {most:d}" if most is not None else ""
                hits = [
                    (raw[value], UUID(bytes=bytes(row))) for value, row in connection.exec_driver_sql(sql, tuple(part))
                ]
                shown = self._visible(connection, form, {row for _, row in hits}, scope)
                for value, row in hits:
                    if row in shown:
                        found.setdefault(value, []).append(row)
        return found

    def named(self, form_id: str, text: str, limit: int, scope: Scope = EVERYTHING) -> array[int]:
        """`_n` of records whose title holds the words of `text`, then of those that it names in pinyin.

        Of more than `limit` those whose name it is, then those that begin so, then those in which a word does.
        """
        with self._reading() as connection:
            form = self._form(form_id, scope)
            if not words(text) or form.title is None or not scope.reads(form_id, form.title.id):
                return array("q")
            query = Query(form_id, scope=scope, search=text)
            conditions = Conditions(self._apps.now, query, self.situation(), self._target, connection, named=True)
            found = _named(connection, conditions, INSIDE, limit)
            if len(found) == limit:
                best = [n for how in (WHOLE, BEGUN, WORD) for n in _named(connection, conditions, how, limit)]
                found = list(dict.fromkeys([*best, *found]))[:limit]
            return array("q", found)

    def search_titles(self, form_id: str, text: str, limit: int, scope: Scope = EVERYTHING) -> list[tuple[UUID, str]]:
        """(id, title) of records whose title holds `text`, or that it names in pinyin, the best first; for pickers."""
        form = self._form(form_id, scope)
        title = form.title
        if title is None or not scope.reads(form_id, title.id):
            return []
        if words(text):
            numbers = self.named(form_id, text, limit, scope)
        else:
            numbers = self.ids(Query(form_id, scope=scope), limit)
        rows = self.rows(form_id, numbers, scope)
        titles = [(row.id, title.format(row.values[title.id])) for row in rows if title.id in row.values]
        asked = words(text)
        return sorted(titles, key=lambda each: rank(fold(each[1]), asked)) if asked else titles

    def _conditions(self, query: Query, connection: sa.Connection | None = None) -> Conditions:
        return Conditions(self._apps.now, query, self.situation(), self._target, connection)

    def _form(self, form_id: str, scope: Scope) -> Form:
        form = self._apps.form(form_id)
        if form is None or not scope.sees(form_id):
            raise UserError(T("This form no longer exists."), code="no_such_form")
        return form

    def _visible(self, connection: sa.Connection, form: Form, ids: Collection[UUID], scope: Scope) -> Collection[UUID]:
        """Which of these records the row rule of the scope shows."""
        if not ids or not scope.row_rule(form.id):
            return ids
        return self._conditions(Query(form.id, scope=scope)).visible(connection, ids)

    def _titled(self, connection: sa.Connection, form: Form, rows: list[Row], scope: Scope) -> list[Row]:
        """The rows with the titles of their related records, of those that may be seen: one statement per relation.

        Fields whose value waits to be computed are marked.
        """
        titles: list[dict[str, str]] = [{} for _ in rows]
        for field in form.fields:
            target = self._apps.form(field.target) if field.target else None
            title = target.title if target is not None else None
            if target is None or title is None or not scope.reads(target.id, title.id):
                continue
            wanted = {row.values[field.id] for row in rows if field.id in row.values}
            if not wanted:
                continue
            shown = self._visible(connection, target, wanted, scope)
            found = _titles(connection, target, title, [row.bytes for row in shown])
            for at, row in enumerate(rows):
                value = row.values.get(field.id)
                if value is not None and value.bytes in found:
                    titles[at][field.id] = found[value.bytes]
        titled = [replace(row, titles=names) if names else row for row, names in zip(rows, titles, strict=True)]
        return marked(connection, self._apps.now, form, titled)


def _named(connection: sa.Connection, conditions: Conditions, how: int, limit: int) -> list[int]:
    found: dict[int, None] = {}
    for statements in conditions.by_name(how):
        if len(found) < limit:
            found |= dict.fromkeys(_ids(connection, statements, limit + len(found)))
    return list(found)[:limit]


def _ids(connection: sa.Connection, statements: Sequence[sa.Select[Any]], limit: int | None) -> array[int]:
    """What statements that have some of the records each give together; several are in the order of creation."""
    parts = [_numbers(connection, statement.limit(limit)) for statement in statements]
    return parts[0] if len(parts) == 1 else array("q", sorted(set(chain.from_iterable(parts)))[:limit])


def _numbers(connection: sa.Connection, statement: sa.Select[Any]) -> array[int]:
    numbers = array("q")
    cursor: Any = connection.execute(statement).cursor
    with failures_told():
        while rows := cursor.fetchmany(FETCH):
            numbers.extend(chain.from_iterable(rows))
    return numbers


def _formula(conditions: Conditions, source: str) -> sa.ColumnElement[bool]:
    try:
        return conditions.formula(source)
    except UserError:
        return sa.false()


def fetch_by_id(
    connection: sa.Connection,
    form: Form,
    ids: Sequence[UUID],
    apps: Apps,
    scope: Scope,
    situation: Situation,
    fields: Sequence[Field] | None = None,
) -> list[Row]:
    """The records with these ids that this person may see, in that order, read inside a transaction.

    Args:
        fields: those whose values are wanted; None = all.
    """
    codec = apps.codec(form.id) if fields is None else Codec(form, fields)
    rule = scope.row_rule(form.id)
    wanted = [row.bytes for row in ids]
    found: dict[bytes, Any] = {}
    for start in range(0, len(wanted), BATCH):
        part = wanted[start : start + BATCH]
        sql = f"{codec.select} WHERE _id IN ({', '.join('?' * len(part))})"
        found.update((bytes(raw[1]), raw) for raw in connection.exec_driver_sql(sql, tuple(part)).fetchall())
    rows = codec.rows(found[row] for row in wanted if row in found)
    if rule:
        query, target = Query(form.id, scope=scope), formula_target(connection)
        visible = Conditions(apps.now, query, situation, target).visible(connection, {row.id for row in rows})
        rows = [row for row in rows if row.id in visible]
    if form.parent and scope.row_rule(form.parent):
        roots = {row.root for row in rows if row.root is not None}
        query, target = Query(form.parent, scope=scope), formula_target(connection)
        visible = Conditions(apps.now, query, situation, target).visible(connection, roots)
        rows = [row for row in rows if row.root in visible]
    return rows


def fetch_below(
    connection: sa.Connection,
    form: Form,
    roots: Sequence[UUID],
    apps: Apps,
    *,
    deleted: bool = False,
    fields: Sequence[Field] | None = None,
) -> list[Row]:
    """The rows of a sub-form that belong to these records, living or in the bin, as they were made.

    Args:
        fields: those whose values are wanted; None = all.
    """
    codec = apps.codec(form.id) if fields is None else Codec(form, fields)
    rows: list[Row] = []
    for start in range(0, len(roots), BATCH):
        part = roots[start : start + BATCH]
        sql = f"{codec.select} WHERE _root IN ({', '.join('?' * len(part))}) AND _del = ? ORDER BY _n"
        raws = connection.exec_driver_sql(sql, (*(root.bytes for root in part), int(deleted)))
        rows += codec.rows(raws.fetchall())
    return rows


def readable(form: Form, row: Row, scope: Scope) -> Row:
    """The row without the fields that this person may not read."""
    if scope is EVERYTHING:
        return row
    values = {key: value for key, value in row.values.items() if scope.reads(form.id, key)}
    errors = {key: code for key, code in row.errors.items() if scope.reads(form.id, key)}
    return replace(row, values=values, errors=errors)


def _titles(connection: sa.Connection, target: Form, title: Any, ids: list[bytes]) -> dict[bytes, str]:
    column = column_name(title.id)
    found = {}
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        sql = f'SELECT _id, "{column}" FROM "{table_name(target.id)}" WHERE _id IN ({", ".join("?" * len(part))})'
        for row, raw in connection.exec_driver_sql(sql, tuple(part)):
            value = None if raw is None else title.kind.from_column(raw, title.props)
            found[bytes(row)] = title.format(value)
    return found
