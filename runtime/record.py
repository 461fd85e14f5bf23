"""`FormHandle` and `Record`: records by the names that people use, for scripts and the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload
from uuid import UUID

from resources.texts import T
from runtime.actor import Actor
from runtime.changes import BulkChange, Change, ChangeKind, new_uuid
from runtime.errors import Problem, Refused, UserError
from runtime.fields import Unreadable
from runtime.form import Field, Form
from runtime.store.query import Sort
from runtime.store.records import Rejected
from runtime.store.rows import Row
from runtime.work import Progress

if TYPE_CHECKING:
    from runtime.exchange.export.export import Exported


class NoSuchField(UserError, KeyError):
    """A form has no field of that name; a `KeyError` too, because a record is a mapping."""

    code = "no_such_field"


def field_named(form: Form, name: str) -> Field:
    """The field with this label or id.

    Raises:
        NoSuchField: there is none; the message names the nearest, the hint all of them.
    """
    field = form.called(str(name))
    if field is not None:
        return field
    names = [field.name for field in form.fields]
    near = get_close_matches(str(name), names, 1, 0.5)
    message = T("“{form}” has no field “{name}”.", form=form.name, name=name)
    if near:
        message = T("“{form}” has no field “{name}”. Did you mean “{near}”?", form=form.name, name=name, near=near[0])
    raise NoSuchField(message, T("Its fields are: {names}.", names=", ".join(names)))


@dataclass(frozen=True)
class Record(Mapping[str, Any]):
    """One record, a mapping from field name to value; blanks are None. An unknown name raises `NoSuchField`.

    Numbers are int or Decimal, dates date, moments aware datetimes in UTC, choices their label, several options a tuple
    of labels, relations a `UUID`; a sub-form is its `Rows`.
    """

    form: Form
    row: Row
    session: Actor | None = field(default=None, compare=False, repr=False)

    @property
    def id(self) -> UUID:
        """The record's id, the same on every machine."""
        return self.row.id

    @property
    def form_id(self) -> str:
        """Id of its form."""
        return self.form.id

    @property
    def title(self) -> str:
        """What people call it: its title field as text."""
        field = self.form.title
        return self.text(field.name) if field is not None else ""

    def text(self, name: str) -> str:
        """A field as people read it; relations show the title of the other record."""
        field = field_named(self.form, name)
        if field.id in self.row.updating:
            return str(T("updating …"))
        if field.id in self.row.errors:
            return self.row.errors[field.id]
        return self.row.titles.get(field.id) or field.format(self.row.values.get(field.id))

    def __getitem__(self, name: str) -> Any:
        below = self.form.subform(str(name)) if self.form.called(str(name)) is None else None
        if below is not None and self.session is not None:
            return Rows(self.session, below.id, self.id)
        field = field_named(self.form, name)
        value = self.row.values.get(field.id)
        is_option = value is not None and "choice" in {field.kind.value_type, field.kind.item_type}
        return field.kind.to_formula(value, field.props) if is_option else value

    def __iter__(self) -> Iterator[str]:
        yield from (each.name for each in self.form.fields)
        yield from (each.name for each in self.form.subforms)

    def __len__(self) -> int:
        return len(self.form.fields) + len(self.form.subforms)


class FormHandle:
    """The records of one form.

    Every write is one step that `Session.undo` takes back.
    """

    def __init__(self, session: Actor, form_id: str) -> None:
        self._session = session
        self.id = form_id

    @property
    def form(self) -> Form:
        """The form as it is published now."""
        form = self._session.form_of_id(self.id)
        if form is None:
            raise UserError(T("This form no longer exists."), code="no_such_form")
        return form

    def create(self, values: Mapping[str, Any]) -> Record:
        """Make a record; values by field name, as text or typed; of a sub-form a list of such rows by its name.

        Raises:
            Refused: a value is not allowed; `problems` names each field.
        """
        row = new_uuid()
        label = T("Add a record to {form}", form=self.form.name)
        own, below = self._parted(values)
        changes = [Change(ChangeKind.NEW, self.id, row, self.typed(own))]
        for form_id, rows in below.items():
            changes += FormHandle(self._session, form_id).added(row, rows)
        self.save(changes, label)
        return self._must(row)

    def get(self, row: Record | UUID | str) -> Record | None:
        """The record with this id, or None where there is none (or it is in the bin)."""
        rows = self._session.reader.by_id(self.id, [_uuid(row)], self._session.scope)
        return Record(self.form, rows[0], self._session) if rows and not rows[0].deleted else None

    def update(self, row: Record | UUID | str, values: Mapping[str, Any]) -> Record:
        """Change some fields of a record; a sub-form takes the given rows: those it has stay, others go, new ones come.

        Raises:
            Refused: a value is not allowed, or the record is gone.
        """
        record_id = _uuid(row)
        label = T("Change a record of {form}", form=self.form.name)
        own, below = self._parted(values)
        changes = [Change(ChangeKind.SET, self.id, record_id, self.typed(own))]
        for form_id, rows in below.items():
            changes += Rows(self._session, form_id, record_id).replacing(rows)
        self.save(changes, label)
        return self._must(record_id)

    def delete(self, row: Record | UUID | str) -> None:
        """Put a record into the bin.

        Raises:
            Refused: there is no such record.
        """
        self.save([Change(ChangeKind.DEL, self.id, _uuid(row))], T("Delete a record of {form}", form=self.form.name))

    def records(self, where: str | None = None, sort: Sequence[str] = (), limit: int | None = None) -> list[Record]:
        """The records that meet the formula `where`, sorted by field names (`-name` = descending).

        Raises:
            UserError: the formula or a field name is wrong; the message says where.
        """
        names = [sort] if isinstance(sort, str) else sort
        if limit is not None and limit < 0:
            raise UserError(T("A limit is 0 or more."), code="bad_limit")
        query = self._session.query(self.id, where or "", [self._sort(name) for name in names])
        numbers = self._session.reader.ids(query, limit)
        form = self.form
        rows = self._session.reader.rows(self.id, numbers, self._session.scope)
        return [Record(form, row, self._session) for row in rows]

    def count(self, where: str | None = None) -> int:
        """How many records meet the formula `where`; all of them without one."""
        return self._session.reader.count(self._session.query(self.id, where or ""))

    def export(
        self,
        path: str | Path,
        where: str | None = None,
        fields: Sequence[str] | None = None,
        sort: Sequence[str] = (),
        *,
        replace: bool = False,
        **options: Any,
    ) -> Exported:
        """Write records to the .xlsx or .csv file `path`.

        form.export("large.xlsx", where="{金额} > 1000", fields=["编号", "金额"], sort=["-金额"])

        Args:
            where: a formula; None = every record.
            fields: names in order; None = all.
            replace: whether a file that is there already may go.
            options: `subforms`, `about`, `delimiter`, `encoding`, `raw` of `runtime.exchange.export.export.Export`.

        Raises:
            UserError: the formula or a field name is wrong, or the file cannot be written; then there is none.
        """
        from runtime.exchange.export.export import Export, export, format_of

        place = Path(path)
        names = [sort] if isinstance(sort, str) else sort
        ids = None if fields is None else tuple(self._readable(name).id for name in fields)
        wanted = Export(self.id, where or "", tuple(self._sort(name) for name in names), ids, format=format_of(place))
        if place.suffix.casefold() == ".tsv":
            options.setdefault("delimiter", "\t")
        return export(self._session, dataclasses.replace(wanted, **options), place, Progress(), replace=replace)

    def _readable(self, name: str) -> Field:
        """The field with this name; one that may not be read does not exist."""
        form = self.form
        found = field_named(form, name)
        if not self._session.scope.reads(form.id, found.id):
            raise NoSuchField(T("“{form}” has no field “{name}”.", form=form.name, name=name))
        return found

    def added(self, root: UUID, rows: Sequence[Mapping[str, Any]]) -> list[Change]:
        """The changes that add rows of this sub-form to the record `root`.

        Raises:
            Refused: a value cannot be read.
        """
        return [Change(ChangeKind.NEW, self.id, new_uuid(), self.typed(values), root) for values in rows]

    def save(self, changes: Sequence[Change | BulkChange], label: Any) -> None:
        """Apply changes as one step.

        Raises:
            Refused: a value is not allowed; the message names its field.
        """
        outcome = self._session.save(changes, label)
        if isinstance(outcome, Rejected):
            raise self._refused(outcome.problems)

    def _refused(self, problems: Sequence[Problem]) -> Refused:
        """The problems with their fields named: a script sees no field beside the message."""
        form = self.form
        by_id = {each.id: each for part in (form, *form.subforms) for each in part.fields}
        named = [
            replace(problem, message=T("{field}: {message}", field=by_id[problem.where].name, message=problem.message))
            if problem.where in by_id
            else problem
            for problem in problems
        ]
        return Refused(tuple(named))

    def _must(self, row: UUID) -> Record:
        record = self.get(row)
        if record is None:
            raise UserError(T("This record no longer exists."), code="no_such_record")
        return record

    def _sort(self, name: str) -> Sort:
        form = self.form
        if form.called(name) is not None:
            return Sort(field_named(form, name).id)
        return Sort(field_named(form, name.removeprefix("-")).id, name.startswith("-"))

    def _parted(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Values of fields by name, and rows of sub-forms by the id of the sub-form."""
        own, below = {}, {}
        form = self.form
        for name, value in values.items():
            found = form.subform(str(name)) if form.called(str(name)) is None else None
            if found is None:
                own[name] = value
            elif isinstance(value, Sequence) and all(isinstance(row, Mapping) for row in value):
                below[found.id] = value
            else:
                message = T("“{name}” takes a list of rows.", name=found.name)
                raise Refused((Problem(found.id, "not_rows", message),))
        return own, below

    def typed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Typed values by field id, from values by field name.

        Raises:
            Refused: a value cannot be read.
        """
        typed, problems = {}, []
        form = self.form
        for name, value in values.items():
            field = field_named(form, name)
            try:
                typed[field.id] = self._value(field, value)
            except Unreadable as wrong:
                problems.append(wrong.problem(field.id))
        if problems:
            raise self._refused(problems)
        return typed

    def _value(self, field: Field, value: Any) -> Any:
        if isinstance(value, Record):
            return value.id
        if field.kind.item_type and isinstance(value, (list, tuple, set)) and not field.computed:
            return field.kind.from_formula(value, field.props) if value else None
        if not isinstance(value, str):
            return self._number(field, value)
        if field.target:
            return self._related(field, value)
        is_option = field.kind.value_type == "choice" and field.kind.check(value, field.props) is None
        return value if is_option else field.kind.parse(value, field.props)

    @staticmethod
    def _number(field: Field, value: Any) -> Any:
        """Any number as the field's own type, rounded to its places; a float by the digits it is written with."""
        if not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
            return value
        if field.kind.value_type != "number" or field.computed:
            return value
        exact = Decimal(str(value))
        return field.kind.from_formula(exact, field.props) if exact.is_finite() else value

    def _related(self, field: Field, text: str) -> UUID | None:
        """A relation given as an id or as the other record's title."""
        if not text.strip():
            return None
        try:
            return UUID(text)
        except ValueError:
            pass
        target = self._session.form_of_id(field.target)
        if target is not None and target.title is not None:
            with suppress(Unreadable):  # no title then: it is said below that there is no such record
                value = target.title.kind.parse(text, target.title.props)
                found = self._session.reader.find(target.id, target.title.id, [value], self._session.scope)
                if value in found:
                    return found[value]
        field.kind.parse(text, field.props)
        return None


class Rows(Sequence[Record]):
    """The rows of one sub-form of one record, in the order in which they were made.

    order = orders.create({"编号": "A1", "明细": [{"产品": "笔", "数量": 2}]})
    row = order["明细"].create({"产品": "书", "数量": 1})
    order["明细"].update(row, {"数量": 3})

    Every write is one step that `Session.undo` takes back.
    """

    def __init__(self, session: Actor, form_id: str, root: UUID) -> None:
        self._session = session
        self._handle = FormHandle(session, form_id)
        self._root = root
        self._read: list[Record] | None = None

    @property
    def form(self) -> Form:
        """The sub-form as it is published now."""
        return self._handle.form

    def create(self, values: Mapping[str, Any]) -> Record:
        """Add a row; values by field name, as text or typed.

        Raises:
            Refused: a value is not allowed, or the record is gone.
        """
        (change,) = self._handle.added(self._root, [values])
        self._save([change], T("Add a row to {form}", form=self.form.name))
        return next(row for row in self if row.id == change.row)

    def update(self, row: Record | UUID | str, values: Mapping[str, Any]) -> Record:
        """Change some fields of a row.

        Raises:
            Refused: a value is not allowed, or this record has no such row.
        """
        change = Change(ChangeKind.SET, self.form.id, self._own(row), self._handle.typed(values))
        self._save([change], T("Change a row of {form}", form=self.form.name))
        return next(each for each in self if each.id == change.row)

    def delete(self, row: Record | UUID | str) -> None:
        """Put a row into the bin.

        Raises:
            Refused: this record has no such row.
        """
        change = Change(ChangeKind.DEL, self.form.id, self._own(row))
        self._save([change], T("Delete a row of {form}", form=self.form.name))

    def replacing(self, rows: Sequence[Mapping[str, Any]]) -> list[Change]:
        """The changes after which the record has these rows: its own stay as they are, other mappings are new ones."""
        kept = {row.id for row in rows if isinstance(row, Record)}
        gone = [Change(ChangeKind.DEL, self.form.id, row.id) for row in self if row.id not in kept]
        return gone + self._handle.added(self._root, [row for row in rows if not isinstance(row, Record)])

    @overload
    def __getitem__(self, at: int) -> Record: ...

    @overload
    def __getitem__(self, at: slice) -> list[Record]: ...

    def __getitem__(self, at: int | slice) -> Record | list[Record]:
        return self._rows()[at]

    def __len__(self) -> int:
        return len(self._rows())

    def __repr__(self) -> str:
        return f"Rows({[dict(row) for row in self]})"

    def _rows(self) -> list[Record]:
        if self._read is None:
            form = self.form
            rows = self._session.reader.below(form.id, self._root, self._session.scope)
            self._read = [Record(form, row, self._session) for row in rows]
        return self._read

    def _own(self, row: Record | UUID | str) -> UUID:
        wanted = _uuid(row)
        if all(each.id != wanted for each in self):
            raise Refused((Problem("", "no_such_record", T("This row no longer exists.")),))
        return wanted

    def _save(self, changes: Sequence[Change], label: Any) -> None:
        self._handle.save(changes, label)
        self._read = None


def _uuid(row: Record | UUID | str) -> UUID:
    if isinstance(row, Record):
        return row.id
    if isinstance(row, UUID):
        return row
    try:
        return UUID(str(row))
    except ValueError:
        raise Refused((Problem("", "no_such_record", T("“{text}” is not a record id.", text=row)),)) from None
