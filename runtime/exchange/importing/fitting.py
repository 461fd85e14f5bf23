"""`Fitter`: the cells of a sheet as values of the fields of a form that is there, and the cells that are none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from difflib import get_close_matches
from typing import Any

from resources.texts import T
from runtime.actor import Actor
from runtime.errors import Sentence
from runtime.exchange.cells import CellError
from runtime.exchange.columns import ColumnPlan
from runtime.exchange.importing.aim import Aim
from runtime.exchange.importing.partners import Partners
from runtime.exchange.tables.table import Table
from runtime.exchange.understanding.conversion import convert_column
from runtime.exchange.understanding.plan import ImportPlan
from runtime.fields import Unreadable
from runtime.form import Field, Form

DIRECT = frozenset({"text", "long_text", "integer", "decimal", "money", "percent", "date", "date_time", "boolean"})
"""Types whose values conversion gives; others read the text of the cell themselves."""

ALIKE = 0.6
"""How alike an option must be to be suggested, as `difflib` measures it."""


@dataclass(frozen=True, slots=True)
class Promised:
    """An option that the import would add."""

    label: str


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell that is no value of its field.

    Attributes:
        row: index of the row in the table.
        source: index of the table column.
        field: where it should go.
        text: what it holds.
        reason: why it does not fit.
    """

    row: int
    source: int
    field: Field
    text: str
    reason: Sentence


@dataclass(frozen=True, slots=True)
class Fitted:
    """Some consecutive rows.

    Attributes:
        first: index of the first one in the table.
        height: how many.
        columns: field id -> a value per row, None for a blank and for a cell that does not fit.
        bad: cells that do not fit.
    """

    first: int
    height: int
    columns: dict[str, list[Any]]
    bad: list[BadCell]


Coming = Mapping[str, Collection[str]]


class Fitter:
    """Fits the rows of one sheet to one form.

    Args:
        coming: form -> texts that name records which the same import makes before; see `coming_beside`.

    Attributes:
        form: as it is now.
        partners: relation field id -> what its cells name.
    """

    def __init__(
        self,
        session: Actor,
        plan: ImportPlan,
        sheet: str,
        aim: Aim,
        zone: tzinfo | None = None,
        coming: Coming | None = None,
    ) -> None:
        form = session.form_of_id(aim.form)
        assert form is not None, "an aim is at a form that is there"
        self.form: Form = form
        self._zone = zone
        self._table: Table = plan.source.tables[sheet]
        facts = plan.source.facts[sheet]
        self._errors = {source for source in aim.fields if facts[source].errors}
        self._aim = aim
        self.fields: dict[int, Field] = {
            source: form.by_id[field_id] for source, field_id in aim.fields.items() if field_id in form.by_id
        }
        own = {column.source: column for column in reversed(plan.sheet(sheet).columns)}
        self._columns = {source: column_for(field, own[source], aim) for source, field in self.fields.items()}
        self.partners = {
            field.id: Partners(
                session, field.target, add=field.id in aim.add_records, coming=(coming or {}).get(field.target, ())
            )
            for field in self.fields.values()
            if field.target
        }

    def column(self, source: int) -> ColumnPlan:
        """How a column is read."""
        return self._columns[source]

    def texts(self, source: int, most: int | None = None) -> list[str | None]:
        """The first `most` cells of a relation's column, or all, as the texts that name records."""
        part = self._table.columns[source].part(0, most)
        values, _unfit = convert_column(part.blocks, self._columns[source], self._zone)
        return values

    def fit(self, first: int, height: int) -> Fitted:
        """The rows from `first` on."""
        made = Fitted(first, height, {}, [])
        for source, field in self.fields.items():
            part = self._table.columns[source].part(first, first + height)
            values, unfit = convert_column(part.blocks, self._columns[source], self._zone)
            bad = {found.row: (found.text, found.reason) for found in unfit}
            if source in self._errors:
                bad |= _errors(part.raw())
            values, more = self._as_field(field, values)
            for at, (text, reason) in {**more, **bad}.items():
                values[at] = None
                made.bad.append(BadCell(first + at, source, field, text, reason))
            made.columns[field.id] = values
        made.bad.sort(key=lambda cell: (cell.row, cell.source))
        return made

    def _as_field(self, field: Field, values: list[Any]) -> tuple[list[Any], dict[int, tuple[str, Sentence]]]:
        if field.target:
            return self._related(field, values)
        if field.kind.name in DIRECT:
            wrong = field.kind.check_column(values, field.props)
            return values, {at: (field.format(values[at]), reason) for at, reason in wrong.items()}
        known: dict[str, Any] = {}
        for text in {value for value in values if value is not None}:
            known[text] = self._parsed(field, text)
        bad = {
            at: (value, known[value].reason)
            for at, value in enumerate(values)
            if value is not None and isinstance(known[value], _Wrong)
        }
        return [None if value is None else known[value] for value in values], bad

    def _parsed(self, field: Field, text: str) -> Any:
        try:
            value = field.kind.parse(text, field.props)
        except Unreadable as wrong:
            labels = _labels(field)
            if labels and field.id in self._aim.add_options:
                return Promised(text.strip())
            return _Wrong(_with_nearest(wrong.message, text, labels))
        wrong_value = None if value is None else field.kind.check(value, field.props)
        return value if wrong_value is None else _Wrong(wrong_value)

    def _related(self, field: Field, values: list[Any]) -> tuple[list[Any], dict[int, tuple[str, Sentence]]]:
        partners = self.partners[field.id]
        found = partners.values(values)
        bad = {
            at: (value, partners.reason(value))
            for at, value in enumerate(values)
            if value is not None and value not in found
        }
        return [found.get(value) for value in values], bad


def coming_beside(session: Actor, plan: ImportPlan, sheet: str, aims: Mapping[str, Aim]) -> Coming:
    """The texts that name records of the forms that a sheet's relations point to, as other sheets bring them.

    Args:
        aims: included sheet -> where it goes.
    """
    form = session.form_of_id(aims[sheet].form)
    fields = form.by_id.values() if form is not None else ()
    targets = {field.target for field in fields if field.id in aims[sheet].fields.values()} - {aims[sheet].form, ""}
    found: dict[str, set[str]] = {}
    for other, aim in aims.items():
        target = session.form_of_id(aim.form) if aim.form in targets and aim.mode.creates else None
        for by in {target.key, target.title} if target is not None else ():
            source = aim.source_of(by.id) if by is not None else None
            if source is not None:
                found.setdefault(aim.form, set()).update(filter(None, plan.keys(other, source)))
    return found


@dataclass(frozen=True, slots=True)
class _Wrong:
    reason: Sentence


def column_for(field: Field, column: ColumnPlan, aim: Aim) -> ColumnPlan:
    """How a column of the file, planned as a field of its own, is read into a field that is there."""
    props: dict[str, Any] = {}
    kind = field.kind.name
    if kind in {"decimal", "money", "percent"}:
        props = {"decimals": field.props.decimals}
    elif kind == "text":
        props = {"max_length": field.props.max_length}
    read_as = "relation" if field.target else kind if kind in DIRECT else "text"
    order = aim.orders.get(column.source, column.order)
    return replace(
        column, field_type=read_as, label=field.name, props=props, include=True, relation=None, order=order, split=""
    )


def unknown_options(field: Field, texts: Iterable[str | None]) -> list[str]:
    """Texts of a choice's column that are none of its options, the most frequent first."""
    known = {label.strip().casefold() for label in _labels(field)}
    found: dict[str, str] = {}
    for text, _count in Counter(text for text in texts if text is not None).most_common():
        plain = text.strip()
        if plain and plain.casefold() not in known:
            found.setdefault(plain.casefold(), plain)
    return list(found.values())


def nearest(text: str, labels: Sequence[str]) -> str:
    """The label that a text was probably meant to be; "" where none is like it."""
    return next(iter(get_close_matches(text.strip(), labels, 1, ALIKE)), "")


def _labels(field: Field) -> list[str]:
    options = getattr(field.props, "options", ())
    return [option.label for option in options if not getattr(option, "retired", False)]


def _with_nearest(message: Sentence, text: str, labels: Sequence[str]) -> Sentence:
    near = nearest(text, labels)
    return T("{message} Did you mean {names}?", message=message, names=f"“{near}”") if near else message


def _errors(cells: Sequence[Any]) -> dict[int, tuple[str, Sentence]]:
    return {
        at: (cell.code, T("The cell holds the error {code}.", code=cell.code))
        for at, cell in enumerate(cells)
        if isinstance(cell, CellError)
    }
