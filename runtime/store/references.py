"""The references of a formula in a statement: columns, values over a path of records, and the rows of lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from runtime.expression.compile_sql import Failing, Many, Target
from runtime.expression.schema import TITLE, Reference
from runtime.expression.wire import LETTERS
from runtime.form import Field, Form, FormLookup
from runtime.permission.scope import Scope
from runtime.store.form_schema import PARENT, Step, step, steps
from runtime.store.schema import column_name, table_of
from runtime.store.text_order import ordered, place
from runtime.value.types import Kind

_Read = Callable[[Form, sa.FromClause, Sequence[str]], sa.ColumnElement[Any]]
Shown = Callable[[Form, sa.FromClause, Scope], list[sa.ColumnElement[bool]]]
"""The conditions under which records of a form count: alive, and shown by the row rule of the scope."""
TextKey = Callable[[Form, Field, sa.FromClause], sa.ColumnElement[Any]]
"""What a text field of a form sorts by."""


class References:
    """What references to the fields of a form, and paths from it, are in a statement over its table.

    Records in the bin and records that the scope hides are not there: values over them are blank, lists lack them.

    Args:
        form: the form the formula belongs to.
        table: its table in the statement.
        lookup: finds forms and relations.
        scope: whose eyes are used.
        shown: the conditions of records along a path.
        target: the engine, for titles that are no texts.
        zone: key of the time zone in which date-times become such titles.
        text_key: what texts sort by.
    """

    def __init__(
        self,
        form: Form,
        table: sa.FromClause,
        lookup: FormLookup,
        scope: Scope,
        shown: Shown,
        target: Target,
        zone: str,
        *,
        text_key: TextKey,
    ) -> None:
        self._form = form
        self._table = table
        self._lookup = lookup
        self._scope = scope
        self._shown = shown
        self._target = target
        self._zone = zone
        self._text_key = text_key

    def __call__(self, reference: Reference) -> sa.ColumnElement[Any] | Failing | Many:
        """The raw column, a correlated subquery for a path, or the rows of a list; of computed fields with errors."""
        route = steps(self._form, reference.path, self._lookup)
        leaf = None if reference.is_title else route[-1].field
        computed = leaf is not None and leaf.computed and not route[-1].many
        if leaf is not None and leaf.kind.item_type:
            return self._listed(route, reference.path, computed)
        last = max((place for place, each in enumerate(route) if each.many), default=-1)
        if last >= 0:
            return self._rows(route[: last + 1], reference.path[last + 1 :], computed)
        if not computed:
            return self.value(reference.path)
        return Failing(self.value(reference.path), self._error(self._form, self._table, reference.path))

    def _listed(self, route: Sequence[Step], path: Sequence[str], computed: bool) -> Many:
        """The items of a column that holds lists, of one record or of all that the route leads to."""
        last = max((place for place, each in enumerate(route) if each.many), default=-1)
        if last >= 0:
            whole = self._rows(route[: last + 1], path[last + 1 :], computed)
        else:
            error = self._error(self._form, self._table, path) if computed else None
            whole = Many(self.value(path), self._here, (), error)
        return self._target.unpacked(whole)

    def _here(self, columns: Sequence[sa.ColumnElement[Any]]) -> sa.Select[Any]:
        """Columns of the row itself."""
        return sa.select(*columns).correlate(self._table)

    def value(self, path: Sequence[str]) -> sa.ColumnElement[Any]:
        """The one value at the end of a path without lists; NULL where it leads nowhere."""
        return self._value(self._form, self._table, path)

    def title_key(self, relation: str) -> sa.ColumnElement[Any]:
        """What a relation of the form sorts by: the key of its record's title; NULL where it leads nowhere."""
        return self._there(self._form, self._table, (relation, TITLE), self._key_of_title)

    def _key_of_title(self, form: Form, table: sa.FromClause, _: Sequence[str]) -> sa.ColumnElement[Any]:
        title = form.title
        if title is None or not self._scope.reads(form.id, title.id):
            return sa.null()
        if title.id in ordered(form):
            return self._text_key(form, title, table)
        if title.kind.value_type == Kind.CHOICE:
            return _option(title, table.c[column_name(title.id)], lambda label: place(label)[0])
        return self._title(form, table)

    def _value(self, form: Form, table: sa.FromClause, path: Sequence[str]) -> sa.ColumnElement[Any]:
        if not path:
            return table.c["_id"]
        if path[0] == TITLE:
            return self._title(form, table)
        if len(path) == 1:
            return table.c["_root" if path[0] == PARENT else column_name(path[0])]
        return self._there(form, table, path, self._value)

    def _error(self, form: Form, table: sa.FromClause, path: Sequence[str]) -> sa.ColumnElement[Any]:
        """The code of the error of the computed field at the end of a path, or NULL."""
        if len(path) == 1:
            return self._target.stored_error(table.c["_err"], path[0])
        return self._there(form, table, path, self._error)

    def _there(self, form: Form, table: sa.FromClause, path: Sequence[str], read: _Read) -> sa.ColumnElement[Any]:
        """What `read` finds over the rest of the path from the record that its first step leads to."""
        found = step(form, path[0], self._lookup)
        if found is None or found.form is None or not self._scope.sees(found.form.id):
            return sa.null()
        there = table_of(found.form).alias()
        value = read(found.form, there, path[1:])
        if isinstance(value, sa.Null):
            return value
        conditions = [_link(found, table, there), *self._shown(found.form, there, self._scope)]
        return sa.select(value).where(*conditions).correlate(table).scalar_subquery()

    def _title(self, form: Form, table: sa.FromClause) -> sa.ColumnElement[Any]:
        """What a record is as a text: a text, the label of an option, a number or date as formulas write it."""
        title = form.title
        if title is None or not self._scope.reads(form.id, title.id):
            return sa.null()
        return _as_text(title, table.c[column_name(title.id)], self._target, self._zone)

    def _rows(self, route: Sequence[Step], rest: Sequence[str], computed: bool) -> Many:
        """The records at the end of `route`, whose last step leads to many, and `rest` of the path from each."""
        here, conditions, order = self._table, [], []
        for each in route:
            assert each.form is not None
            there = table_of(each.form).alias()
            conditions += [_link(each, here, there), *self._shown(each.form, there, self._scope)]
            if not self._scope.sees(each.form.id):
                conditions.append(sa.false())
            if each.many:
                order.append(there.c["_n"])
            here = there
        form = route[-1].form
        assert form is not None
        table = self._table

        def rows(columns: Sequence[sa.ColumnElement[Any]]) -> sa.Select[Any]:
            return sa.select(*columns).where(*conditions).correlate(table)

        error = self._error(form, here, rest) if computed else None
        return Many(self._value(form, here, rest), rows, tuple(order), error)


def _link(found: Step, here: sa.FromClause, there: sa.FromClause) -> sa.ColumnElement[bool]:
    """How a record `here` and those a step leads to belong together."""
    if not found.many:
        return there.c["_id"] == here.c["_root" if found.id == PARENT else column_name(found.id)]
    return there.c[column_name(found.field.id) if found.field is not None else "_root"] == here.c["_id"]


def _as_text(title: Field, column: sa.ColumnElement[Any], target: Target, zone: str) -> sa.ColumnElement[Any]:
    if title.kind.value_type == Kind.CHOICE:
        return _option(title, column, str)
    letter = LETTERS.get(Kind(title.kind.value_type), "r")  # several options are no text
    if letter == "t":
        return column
    if letter == "r":
        return sa.null()
    scale = title.kind.scale(title.props) if letter == "n" else 0
    code = f"n{scale}" if scale else letter
    text = target.call(f"to:{Kind.TEXT}", zone if letter == "m" else "", [(target.column(column, code), code)])
    return sa.case((column.is_(None), sa.null()), else_=target.call("lazy:value", "", [(text, "t")]))


def _option(title: Field, column: sa.ColumnElement[Any], said: Callable[[str], str]) -> sa.ColumnElement[Any]:
    """What is said of the label of an option."""
    options = {option.id: said(option.label) for option in getattr(title.props, "options", None) or ()}
    return sa.case(options, value=column, else_=None) if options else sa.null()
