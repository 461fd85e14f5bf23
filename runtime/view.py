"""`ViewSpec`: how somebody looks at the records of a form: columns, filter, order, groups, sums, colours; a value.

A shared view is a node of the app (kind `view.grid`, slot `views` of its form), a personal one a row of the person;
both hold the JSON of `as_json`. Parts that name a field that is gone are kept and do nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, TypeGuard, TypeVar

from runtime import filter_json
from runtime.filters import Filter
from runtime.form import Field, Form
from runtime.store.query import UNITS, Group, Sort

ROW_HEIGHTS = ("compact", "normal", "tall", "extra")
"""Names of the heights of a row, the lowest first."""
MOST_GROUPS = 3
MOST_SORTS = 20
MOST_COLOURS = 20
MOST_COLUMNS = 1000
MOST_FROZEN = 20
UP_TO_TITLE = -1
"""Nobody said how many columns stay: those up to the record's name, where it is one of the first."""
NEAR = 3
"""Columns from the left among which the record's name has to be for that."""
MOST_FOLDED = 2000
"""Groups that are remembered as folded."""
CHIPS = 8
"""Colours that a rule can give."""
WIDEST = 2000
"""Pixels of a column at most."""


Folded = tuple[Any, ...]
"""The values of a group as `runtime.store.grouping` has them: None, yes or no, texts, whole numbers and decimals."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a grid.

    Attributes:
        field: id of its field.
        width: in logical pixels at 100 %; 0 = as wide as its content.
        hidden: whether it is not shown.
    """

    field: str
    width: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ColourRule:
    """Colours the records that meet a filter.

    Attributes:
        filter: of the same form.
        colour: index of a chip colour.
        field: id of the field whose cell is coloured; "" = the whole row.
    """

    filter: Filter
    colour: int
    field: str = ""


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """How the records of a form are looked at.

    Attributes:
        id: of the saved view; "" where it was never saved.
        name: what people call it.
        shared: whether everybody who sees the form sees the view.
        kind: name of a kind of `runtime.ui.views`.
        columns: the columns that somebody moved, sized or hid, in their order; fields that are not named follow in
            the order of the form.
        frozen: how many of the shown columns stay while the others scroll, or `UP_TO_TITLE`.
        row_height: one of `ROW_HEIGHTS`.
        filter, sorts: which records, in which order.
        groups: fields by which records stand together, the outermost first.
        footers: field id -> name of a summary (`runtime.store.summaries`), for the footer and the groups.
        colours: the first rule that a record meets colours it.
        folded: the groups of which only their own row is shown, by their values from the outermost level on.
        unread: JSON of the parts that this program does not know; "" where there are none.
    """

    id: str = ""
    name: str = ""
    shared: bool = False
    kind: str = "grid"
    columns: tuple[Column, ...] = ()
    frozen: int = UP_TO_TITLE
    row_height: str = "normal"
    filter: Filter = field(default_factory=Filter)
    sorts: tuple[Sort, ...] = ()
    groups: tuple[Group, ...] = ()
    footers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    colours: tuple[ColourRule, ...] = ()
    folded: frozenset[Folded] = frozenset()
    unread: str = ""

    def column(self, field_id: str) -> Column:
        """What is said about a column; the default where nothing is."""
        return next((column for column in self.columns if column.field == field_id), Column(field_id))

    def with_column(self, form: Form, changed: Column) -> ViewSpec:
        """The view with one column sized, shown or hidden; its place stays."""
        columns = (changed if column.field == changed.field else column for column in all_columns(form, self))
        return replace(self, columns=tuple(columns))

    def with_order(self, form: Form, field_ids: Sequence[str]) -> ViewSpec:
        """The view with the columns of these fields in this order; the others follow as they were."""
        known = {column.field: column for column in all_columns(form, self)}
        first = [known.pop(field_id) for field_id in field_ids if field_id in known]
        return replace(self, columns=(*first, *known.values()))

    def with_frozen(self, form: Form, count: int) -> ViewSpec:
        """The view in which the first columns stay; from now on it holds their order, or others could stay one day."""
        return replace(self, columns=all_columns(form, self), frozen=min(count, MOST_FROZEN))

    def with_groups(self, groups: Sequence[Group]) -> ViewSpec:
        """The view with other groups; those that are only in another order stay folded."""
        same = [(each.field, each.unit) for each in groups] == [(each.field, each.unit) for each in self.groups]
        return replace(self, groups=tuple(groups), folded=self.folded if same else frozenset())

    def same_look(self, form: Form, other: ViewSpec) -> bool:
        """Whether two views show the same, whatever they are called and whichever groups are folded."""
        return _plain(form, self) == _plain(form, other)


def _plain(form: Form, view: ViewSpec) -> ViewSpec:
    columns, frozen = all_columns(form, view), frozen_count(form, view)
    bare = replace(view, id="", name="", shared=False, folded=frozenset())
    return replace(bare, columns=columns, frozen=frozen, filter=view.filter.trimmed)


def all_columns(form: Form, view: ViewSpec) -> tuple[Column, ...]:
    """Every column of the form in the order of the view, hidden ones too; by default as the form has them."""
    offered = offered_fields(form)
    ids = {each.id for each in offered}
    said = [column for column in view.columns if column.field in ids]
    known = {column.field for column in said}
    return (*said, *(Column(each.id) for each in offered if each.id not in known))


def shown_fields(form: Form, view: ViewSpec) -> list[Field]:
    """The fields that a view shows, in its order."""
    return [form.by_id[column.field] for column in all_columns(form, view) if not column.hidden]


def frozen_count(form: Form, view: ViewSpec) -> int:
    """How many of the shown columns stay while the others scroll; none where the record's name is far to the right."""
    if view.frozen != UP_TO_TITLE:
        return view.frozen
    near = shown_fields(form, view)[:NEAR]
    return near.index(form.title) + 1 if form.title in near else 0


def offered_fields(form: Form) -> list[Field]:
    """The fields that a view can show, in the order of the form; hidden fields are not offered.

    The order is that of the file that the form was made from: rows copied there fit when they are pasted.
    """
    return [each for each in form.fields if not getattr(each.props, "hidden", False)]


def usable(form: Form, view: ViewSpec) -> ViewSpec:
    """The view without what names a field that is gone, as it is shown and asked for."""
    return replace(
        view,
        sorts=tuple(sort for sort in view.sorts if sort.field in form.by_id),
        groups=tuple(group for group in view.groups if group.field in form.by_id),
    )


def named(views: Iterable[ViewSpec], name: str) -> ViewSpec | None:
    """The view with this name."""
    wanted = name.strip().casefold()
    return next((view for view in views if view.name.strip().casefold() == wanted), None)


def as_json(view: ViewSpec) -> dict[str, Any]:
    """The view as JSON values; its id, name and whether it is shared are kept beside it."""
    return {
        **json.loads(view.unread or "{}"),
        "kind": view.kind,
        "columns": [_column_as_json(column) for column in view.columns],
        "frozen": view.frozen,
        "row_height": view.row_height,
        "filter": filter_json.as_json(view.filter),
        "sorts": [{"field": sort.field, "descending": sort.descending} for sort in view.sorts],
        "groups": [{"field": each.field, "descending": each.descending, "unit": each.unit} for each in view.groups],
        "footers": dict(view.footers),
        "colours": [
            {"filter": filter_json.as_json(rule.filter), "colour": rule.colour, "field": rule.field}
            for rule in view.colours
        ],
        "folded": folded_as_json(view.folded),
    }


def folded_as_json(folded: Iterable[Folded]) -> list[list[Any]]:
    """Folded groups as JSON values; decimals as objects."""
    told = [[{"decimal": str(each)} if isinstance(each, Decimal) else each for each in path] for path in folded]
    return sorted(told, key=repr)[:MOST_FOLDED]


def folded_from_json(told: object) -> frozenset[Folded]:
    """The groups that `folded_as_json` wrote, as far as they can be read."""
    paths = [path for path in told if isinstance(path, list)][:MOST_FOLDED] if isinstance(told, list) else []
    try:
        return frozenset(tuple(_group_value(each) for each in path) for path in paths if 0 < len(path) <= MOST_GROUPS)
    except (TypeError, InvalidOperation):
        return frozenset()


def _group_value(told: object) -> object:
    """A value of a group.

    Raises:
        TypeError: it is none.
        InvalidOperation: it is a decimal that is none.
    """
    if isinstance(told, dict) and (number := Decimal(str(told.get("decimal")))).is_finite():
        return number
    if told is None or isinstance(told, (bool, int, str)):
        return told
    raise TypeError(told)


def from_json(form: Form, told: object) -> ViewSpec:
    """The view that `as_json` wrote. Parts of the wrong shape fall back to their defaults; names that this program does
    not know are kept and written back. One frozen column without an order was the default once, and is it still; of
    more of them the record's name was the first.
    """
    if not isinstance(told, Mapping):
        return ViewSpec()
    strange = {key: value for key, value in told.items() if key not in _PARTS}
    height, frozen, kind = told.get("row_height"), told.get("frozen"), told.get("kind")
    footers = told.get("footers")
    columns = _once([_column(each) for each in _objects(told, "columns", MOST_COLUMNS)])
    if not _is_count(frozen, MOST_FROZEN) or (frozen == 1 and not columns):
        frozen = UP_TO_TITLE
    elif frozen > 1 and not columns and form.title in offered_fields(form):
        columns = (Column(form.title.id),)
    return ViewSpec(
        kind=kind if isinstance(kind, str) and kind else "grid",
        columns=columns,
        frozen=frozen,
        row_height=height if height in ROW_HEIGHTS else "normal",
        filter=filter_json.from_json(form, told.get("filter")),
        sorts=_once([_sort(each) for each in _objects(told, "sorts", MOST_SORTS)]),
        groups=_once([_group(each) for each in _objects(told, "groups", MOST_GROUPS)]),
        footers=MappingProxyType(
            {key: name for key, name in footers.items() if isinstance(key, str) and isinstance(name, str)}
            if isinstance(footers, Mapping)
            else {}
        ),
        colours=tuple(_colour(form, each) for each in _objects(told, "colours", MOST_COLOURS) if _is_colour(each)),
        folded=folded_from_json(told.get("folded")),
        unread=json.dumps(strange, ensure_ascii=False, sort_keys=True) if strange else "",
    )


_PARTS = frozenset(
    ("kind", "columns", "frozen", "row_height", "filter", "sorts", "groups", "footers", "colours", "folded")
)
P = TypeVar("P", Column, Sort, Group)


def _column_as_json(column: Column) -> dict[str, Any]:
    made: dict[str, Any] = {"field": column.field}
    if column.width:
        made["width"] = column.width
    if column.hidden:
        made["hidden"] = True
    return made


def _objects(told: Mapping[str, Any], key: str, most: int) -> list[Mapping[str, Any]]:
    """The objects with a field in the list called `key`."""
    found = told.get(key)
    if not isinstance(found, list):
        return []
    return [each for each in found[:most] if isinstance(each, Mapping) and isinstance(each.get("field"), str)]


def _once(parts: list[P]) -> tuple[P, ...]:
    """The parts, each field once."""
    return tuple({part.field: part for part in reversed(parts) if part.field}.values())[::-1]


def _is_count(value: object, most: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _column(told: Mapping[str, Any]) -> Column:
    width = told.get("width")
    return Column(told["field"], width if _is_count(width, WIDEST) else 0, told.get("hidden") is True)


def _sort(told: Mapping[str, Any]) -> Sort:
    return Sort(told["field"], told.get("descending") is True)


def _group(told: Mapping[str, Any]) -> Group:
    unit = told.get("unit")
    return Group(told["field"], told.get("descending") is True, unit if unit in UNITS else "")


def _is_colour(told: Mapping[str, Any]) -> bool:
    return _is_count(told.get("colour"), CHIPS - 1)


def _colour(form: Form, told: Mapping[str, Any]) -> ColourRule:
    return ColourRule(filter_json.from_json(form, told.get("filter")), told["colour"], told["field"])
