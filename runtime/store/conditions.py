"""A query's filter, row rule, groups and sort keys as SQL."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from resources.texts import T, Text
from runtime.errors import UserError
from runtime.expression.check import check
from runtime.expression.compile_sql import Target, compile_sql, target_of, where
from runtime.expression.compile_sql.target import SqliteTarget
from runtime.expression.schema import TITLE
from runtime.form import Field, Form
from runtime.permission.scope import EVERYTHING, Scope
from runtime.store.form_schema import FormSchema
from runtime.store.grouping import MOST_LEVELS, Asked, Level, day_key, moment_day
from runtime.store.pending import unkeyed
from runtime.store.query import Group, Query
from runtime.store.references import References
from runtime.store.schema import column_name, key_name, table_of
from runtime.store.search_docs import NAMED
from runtime.store.search_docs import TITLE as TITLE_ONLY
from runtime.store.search_grams import words
from runtime.store.search_query import Search
from runtime.store.snapshot import Snapshot
from runtime.store.summaries import summary_called
from runtime.store.text_order import ordered
from runtime.value.situation import Situation
from runtime.value.types import Kind

_CONDITIONS = (Kind.BOOL, Kind.NUMBER, Kind.BLANK, Kind.ANY)
"""Types of a formula that can be a filter."""

ASKED = 5_000
"""Records of one statement; an engine takes no more than some ten thousand parameters."""

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
"""Surrogates: Python holds them, a statement cannot."""


class Conditions:
    """The SQL parts of one query.

    Args:
        snapshot: the definitions in force.
        query: what is asked.
        situation: now and here.
        target: the engine that will run it; a file where None.
        connection: in the transaction that will run it; needed where the query searches, sorts or groups.
        named: whether the search looks at the titles of the records only.

    Raises:
        UserError: the form is not visible, the filter has problems, or a sort field does not exist.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        query: Query,
        situation: Situation,
        target: Target | None = None,
        connection: sa.Connection | None = None,
        *,
        named: bool = False,
    ) -> None:
        form = snapshot.forms.get(query.form)
        if form is None or not query.scope.sees(query.form):
            raise UserError(T("This form no longer exists."), code="no_such_form")
        self._snapshot = snapshot
        self._form = form
        self._query = query
        self._situation = situation
        self._target = target or target_of("sqlite")
        self._connection = connection
        self.table = table_of(form)
        self._search: Search | None = None
        if words(query.search):
            assert connection is not None, "a search looks at what the index has not come to yet"
            self._search = Search(connection, snapshot, query, self._shown, TITLE_ONLY if named else NAMED)

    def where(self) -> list[sa.ColumnElement[bool]]:
        """The conditions, to be joined by AND: alive, filter, row rule, search."""
        return [*self._but_search(), *(self._search.conditions() if self._search is not None else ())]

    def numbers(self, *, few: bool = False) -> list[sa.Select[Any]]:
        """Statements for `_n` of the records in their order; of several each has some, in the order of creation.

        Args:
            few: only the first of them are wanted, soon.
        """
        search, query = self._search, self._query
        if search is not None and not (query.sort or query.groups) and search.streams(few=few):
            return search.first(self._but_search())
        return [sa.select(self.table.c["_n"]).where(*self.where()).order_by(*self.order())]

    def by_name(self, how: int) -> Iterator[list[sa.Select[Any]]]:
        """The same for the records that the words name, see `Search.by_name`; first as they are written."""
        assert self._search is not None
        return self._search.by_name(self._but_search(), how)

    def _but_search(self) -> list[sa.ColumnElement[bool]]:
        parts: list[sa.ColumnElement[bool]] = [self.table.c["_del"] == int(self._query.deleted)]
        if self._query.where:
            parts.append(self._formula(self._query.where, self._query.scope))
        rule = self._query.scope.row_rule(self._form.id)
        if rule:
            parts.append(self._formula(rule, EVERYTHING))
        return parts

    def formula(self, source: str) -> sa.ColumnElement[bool]:
        """Whether a record of this scope meets another formula, for colours."""
        return self._formula(source, self._query.scope)

    def levels(self) -> list[Level]:
        """What the records stand together by, the outermost first."""
        return [self._level(group) for group in self._query.groups[:MOST_LEVELS]]

    def _level(self, group: Group) -> Level:
        field = self._field(group.field, T("The field to group by no longer exists."))
        column, kind = self.table.c[column_name(field.id)], field.kind.value_type
        on_file = isinstance(self._target, SqliteTarget)
        if field.target:
            title, by = self._references(self._query.scope).value((field.id, TITLE)), self._sorted_by(field)
            return Level(field, group, title, text_key=None if isinstance(by, sa.Null) else by)
        if kind == "date":
            return Level(field, group, day_key(column, group.unit, on_file=on_file))
        if kind == "datetime":
            day = moment_day(column, self._situation.zone, on_file=on_file)
            return Level(field, group, day_key(day, group.unit, on_file=on_file))
        if kind == "bool":
            return Level(field, group, sa.func.coalesce(column, 0))
        ranked = field.kind.sort_ranks(field.props)
        if field.id in ordered(self._form):
            return Level(field, group, column, text_key=self._sorted_by(field))
        return Level(field, group, column, partial(_rank, ranked) if ranked else None)

    def asked(self, footers: Mapping[str, str]) -> list[Asked]:
        """The columns to sum up; what the form or the scope does not have is left out."""
        found = []
        for field_id, name in footers.items():
            field = self._form.by_id.get(field_id)
            summary = summary_called(field, name) if field is not None else None
            if field is not None and summary is not None and self._query.scope.reads(self._form.id, field_id):
                found.append(Asked(field, summary, self.table.c[column_name(field_id)]))
        return found

    def _field(self, field_id: str, missing: Text) -> Field:
        field = self._form.by_id.get(field_id)
        if field is None or not self._query.scope.reads(self._form.id, field_id):
            raise UserError(missing, code="no_such_field")
        return field

    def in_group(self, keys: Sequence[Any]) -> sa.Select[Any]:
        """The statement for `_n` of the records of one innermost group in their order, by its keys in the database."""
        inside = [level.equals(key) for level, key in zip(self.levels(), keys, strict=False)]
        return sa.select(self.table.c["_n"]).where(*self.where(), *inside).order_by(*self.order(grouped=False))

    def order(self, *, grouped: bool = True) -> list[Any]:
        """The keys of groups and sorts; ties by order of creation. `grouped` = False: inside one group."""
        keys: list[Any] = [key for level in self.levels() for key in level.ordered()] if grouped else []
        for sort in self._query.sort:
            field = self._field(sort.field, T("The field to sort by no longer exists."))
            column = self._sorted_by(field)
            if isinstance(column, sa.Null):
                continue
            parts = [column, self.table.c[column_name(field.id)]] if field.id in ordered(self._form) else [column]
            keys += [(part.desc() if sort.descending else part.asc()).nulls_last() for part in parts]
        return [*keys, self.table.c["_n"].asc()]

    def _sorted_by(self, field: Field) -> sa.ColumnElement[Any]:
        """What a field sorts by: itself, the key of its text or of its record's title, the place of its option."""
        column = self.table.c[column_name(field.id)]
        if field.target:
            return self._references(self._query.scope).title_key(field.id)
        if field.id in ordered(self._form):
            return self._text_key(self._form, field, self.table)
        if field.kind.item_type:
            return self._first_rank(field, column)
        ranks = field.kind.sort_ranks(field.props)
        if not ranks:
            return column
        return _rank(ranks, column)

    def _text_key(self, form: Form, field: Field, table: sa.FromClause) -> sa.ColumnElement[Any]:
        """What a text sorts by; until every record of the form has its key, all of them by the text itself."""
        column = table.c[column_name(field.id)]
        assert self._connection is not None, "whether the keys are there is read where they are used"
        if field.id in unkeyed(self._connection, form.id):
            return column
        return sa.func.coalesce(table.c[key_name(field.id)], column)

    @staticmethod
    def _first_rank(field: Field, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
        """The place of the first of several options: lists are JSON texts in the order of the options."""
        heads = [f'["{option.id}"' for option in getattr(field.props, "options", ())]
        whens = ((sa.func.substr(column, 1, len(head)) == head, at) for at, head in enumerate(heads))
        return sa.case((column.is_(None), sa.null()), *whens, else_=len(heads))

    def visible(self, connection: sa.Connection, ids: Collection[UUID]) -> set[UUID]:
        """Which of these records the row rule shows."""
        wanted, rule = [row.bytes for row in ids], self.where()[1:]
        found: set[UUID] = set()
        for start in range(0, len(wanted), ASKED):
            part = self.table.c["_id"].in_(wanted[start : start + ASKED])
            found.update(
                UUID(bytes=bytes(raw))
                for (raw,) in connection.execute(sa.select(self.table.c["_id"]).where(part, *rule))
            )
        return found

    def _formula(self, source: str, scope: Scope) -> sa.ColumnElement[bool]:
        if _HALF_CHARACTER.search(source):
            raise UserError(T("This filter cannot be understood."), T("Correct the filter."), "bad_filter")
        schema = FormSchema(self._form, self._snapshot.lookup, scope)
        checked = check(source, schema)
        stopping = [problem for problem in checked.problems if problem.stops]
        if stopping or not checked.correct:
            message = stopping[0].message if stopping else T("This filter cannot be understood.")
            raise UserError(message, T("Correct the filter."), "bad_filter")
        if checked.type.kind not in _CONDITIONS:
            message = T("A filter must be true or false for every record; this is: {type}.", type=checked.type.label)
            raise UserError(message, T("Compare it with something."), "bad_filter")
        return where(compile_sql(checked, self._references(scope), self._situation, self._target))

    def _references(self, scope: Scope) -> References:
        zone = self._situation.zone.key
        return References(
            self._form,
            self.table,
            self._snapshot.lookup,
            scope,
            self._shown,
            self._target,
            zone,
            text_key=self._text_key,
        )

    def _shown(self, form: Form, there: sa.FromClause, scope: Scope) -> list[sa.ColumnElement[bool]]:
        """The conditions under which records of another form count."""
        shown = [there.c["_del"] == 0]
        if scope.row_rule(form.id):
            rows = Conditions(self._snapshot, Query(form.id, scope=scope), self._situation, self._target)
            inside = sa.select(rows.table.c["_id"]).where(*rows.where()).correlate(None)
            shown.append(there.c["_id"].in_(inside))
        return shown


def _rank(ranks: Mapping[Any, int], column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The place of a value in an order of its own; values that are not in it come after, blanks have none."""
    known = ((column == key, n) for key, n in ranks.items())
    return sa.case((column.is_(None), sa.null()), *known, else_=len(ranks))
