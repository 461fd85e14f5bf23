"""A query's filter, row rule and sort keys as SQL."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from resources.texts import T
from runtime.errors import UserError
from runtime.expression.check import check
from runtime.expression.compile_sql import Target, compile_sql, target_of, where
from runtime.expression.schema import TITLE
from runtime.form import Field, Form
from runtime.permission.scope import EVERYTHING, Scope
from runtime.store.form_schema import FormSchema
from runtime.store.query import Query
from runtime.store.references import References
from runtime.store.schema import column_name, table_of
from runtime.store.snapshot import Snapshot
from runtime.value.situation import Situation
from runtime.value.types import Kind

_CONDITIONS = (Kind.BOOL, Kind.NUMBER, Kind.BLANK, Kind.ANY)
"""Types of a formula that can be a filter."""

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
"""Surrogates: Python holds them, a statement cannot."""


class Conditions:
    """The SQL parts of one query.

    Args:
        snapshot: the definitions in force.
        query: what is asked.
        situation: now and here.
        target: the engine that will run it; a file where None.

    Raises:
        UserError: the form is not visible, the filter has problems, or a sort field does not exist.
    """

    def __init__(self, snapshot: Snapshot, query: Query, situation: Situation, target: Target | None = None) -> None:
        form = snapshot.forms.get(query.form)
        if form is None or not query.scope.sees(query.form):
            raise UserError(T("This form no longer exists."), code="no_such_form")
        self._snapshot = snapshot
        self._form = form
        self._query = query
        self._situation = situation
        self._target = target or target_of("sqlite")
        self.table = table_of(form)

    def where(self) -> list[sa.ColumnElement[bool]]:
        """The conditions, to be joined by AND: alive, filter, row rule."""
        parts: list[sa.ColumnElement[bool]] = [self.table.c["_del"] == int(self._query.deleted)]
        if self._query.where:
            parts.append(self._formula(self._query.where, self._query.scope))
        rule = self._query.scope.row_rule(self._form.id)
        if rule:
            parts.append(self._formula(rule, EVERYTHING))
        return parts

    def order(self) -> list[Any]:
        """The sort keys; ties by order of creation."""
        keys: list[Any] = []
        for sort in self._query.sort:
            field = self._form.by_id.get(sort.field)
            if field is None or not self._query.scope.reads(self._form.id, sort.field):
                raise UserError(T("The field to sort by no longer exists."), code="no_such_field")
            column = self._sorted_by(field)
            if isinstance(column, sa.Null):
                continue
            ordered = column.desc() if sort.descending else column.asc()
            keys.append(ordered.nulls_last())
        return [*keys, self.table.c["_n"].asc()]

    def _sorted_by(self, field: Field) -> sa.ColumnElement[Any]:
        """What a field sorts by: itself, the place of its option, or the title of its record."""
        column = self.table.c[column_name(field.id)]
        if field.target:
            return self._references(self._query.scope).value((field.id, TITLE))
        ranks = field.kind.sort_ranks(field.props)
        if not ranks:
            return column
        return sa.case(
            (column.is_(None), sa.null()), *((column == key, n) for key, n in ranks.items()), else_=len(ranks)
        )

    def visible(self, connection: sa.Connection, ids: Collection[UUID]) -> set[UUID]:
        """Which of these records the row rule shows."""
        statement = sa.select(self.table.c["_id"]).where(
            self.table.c["_id"].in_([row.bytes for row in ids]), *self.where()[1:]
        )
        return {UUID(bytes=bytes(raw)) for (raw,) in connection.execute(statement)}

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
        return References(self._form, self.table, self._snapshot.lookup, scope, self._shown, self._target, zone)

    def _shown(self, form: Form, there: sa.FromClause, scope: Scope) -> list[sa.ColumnElement[bool]]:
        """The conditions under which records of another form count."""
        shown = [there.c["_del"] == 0]
        if scope.row_rule(form.id):
            rows = Conditions(self._snapshot, Query(form.id, scope=scope), self._situation, self._target)
            inside = sa.select(rows.table.c["_id"]).where(*rows.where()).correlate(None)
            shown.append(there.c["_id"].in_(inside))
        return shown
