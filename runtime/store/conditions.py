"""A query's filter, row rule and sort keys as SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from resources.texts import T
from runtime.errors import UserError
from runtime.expression.check import check
from runtime.expression.compile_sql import compile_sql, where
from runtime.expression.schema import TITLE, Reference
from runtime.form import Form
from runtime.permission.scope import EVERYTHING, Scope
from runtime.store.form_schema import FormSchema
from runtime.store.schema import column_name, table_of
from runtime.value.situation import Situation

if TYPE_CHECKING:
    from runtime.store.apps import Snapshot
    from runtime.store.query import Query


class Conditions:
    """The SQL parts of one query.

    Args:
        snapshot: the definitions in force.
        query: what is asked.
        situation: now and here.

    Raises:
        UserError: the form is not visible, the filter has problems, or a sort field does not exist.
    """

    def __init__(self, snapshot: Snapshot, query: Query, situation: Situation) -> None:
        form = snapshot.forms.get(query.form)
        if form is None or not query.scope.sees(query.form):
            raise UserError(T("This form no longer exists."), code="no_such_form")
        self._snapshot = snapshot
        self._form = form
        self._query = query
        self._situation = situation
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
            column: Any = self.table.c[column_name(field.id)]
            ranks = field.kind.sort_ranks(field.props)
            if ranks:
                column = sa.case(dict(ranks), value=column, else_=len(ranks))
            ordered = column.desc() if sort.descending else column.asc()
            keys.append(ordered.nulls_last())
        return [*keys, self.table.c["_n"].asc()]

    def visible(self, connection: sa.Connection, ids: Collection[UUID]) -> set[UUID]:
        """Which of these records the row rule shows."""
        statement = sa.select(self.table.c["_id"]).where(
            self.table.c["_id"].in_([row.bytes for row in ids]), *self.where()[1:]
        )
        return {UUID(bytes=bytes(raw)) for (raw,) in connection.execute(statement)}

    def _formula(self, source: str, scope: Scope) -> sa.ColumnElement[bool]:
        schema = FormSchema(self._form, self._snapshot.forms.get, scope)
        checked = check(source, schema)
        stopping = [problem for problem in checked.problems if problem.stops]
        if stopping or not checked.correct:
            message = stopping[0].message if stopping else T("This filter cannot be understood.")
            raise UserError(message, T("Correct the filter."), "bad_filter")
        return where(compile_sql(checked, self._column, self._situation))

    def _column(self, reference: Reference) -> sa.ColumnElement[Any]:
        if len(reference.path) == 1:
            return self.table.c[column_name(reference.path[0])]
        return self._through(self._form, self.table, reference.path)

    def _through(self, form: Form, table: sa.FromClause, path: Sequence[str]) -> sa.ColumnElement[Any]:
        """The value at the end of a path of relations, as a correlated scalar subquery."""
        target = self._snapshot.forms[form.by_id[path[0]].target]
        there = table_of(target).alias()
        if path[1] == TITLE and target.title is not None:
            path = (path[0], target.title.id)
        if len(path) == 2:
            value: sa.ColumnElement[Any] = there.c[column_name(path[1])]
        else:
            value = self._through(target, there, path[1:])
        here = table.c[column_name(path[0])]
        return sa.select(value).where(there.c["_id"] == here, there.c["_del"] == 0).correlate(table).scalar_subquery()
