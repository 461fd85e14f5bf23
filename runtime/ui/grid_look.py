"""`GridLook`: makes a grid look as a `ViewSpec` says, and a new spec of what the person does to columns and groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import QObject, QPoint, Signal

from resources.styles.tokens import SIZES
from resources.texts import _
from runtime.dates import local_zone
from runtime.filters import formula
from runtime.form import Field, Form
from runtime.store.grouping import MOST_LEVELS
from runtime.store.query import Group, Sort
from runtime.store.summaries import summary_called
from runtime.ui.grid import Grid
from runtime.ui.grid_footer import GridFooter
from runtime.ui.grid_kept import KeptCells
from runtime.ui.grid_menus import DATES, summary_items, unit_items
from runtime.ui.kit.menus import LINE, Item, menu_of
from runtime.view import Column, Folded, ViewSpec, frozen_count, shown_fields

HEIGHTS = {"compact": SIZES.row_compact, "normal": SIZES.row, "tall": SIZES.row_tall, "extra": SIZES.row_extra}
"""Name of a row height -> pixels."""
UNIT = "month"
"""By what dates are grouped at first."""


class GridLook(QObject):
    """The look of one grid.

    Signals:
        changed(ViewSpec): the person changed it; it is shown already.
        sort_asked(tuple of Sort): the person wants another order.
        filter_asked(str): the person wants to filter by this field.
    """

    changed = Signal(object)
    sort_asked = Signal(object)
    filter_asked = Signal(str)

    def __init__(self, grid: Grid, footer: GridFooter, form: Form, spec: ViewSpec) -> None:
        super().__init__(grid)
        self._grid = grid
        self._model = grid.records
        self._form = form
        self.spec = spec
        self.asked: Callable[[], None] = lambda: None
        self._searching = False
        grid.size_columns()
        titles = grid.titles
        titles.resized_field.connect(self._resized)
        titles.fitted_field.connect(self.fit)
        titles.moved_field.connect(self._moved)
        grid.field_menu_asked.connect(self._column_menu)
        footer.asked_menu.connect(self._summary_menu)
        self._model.folding.connect(self._folding)
        self._dress(form, spec)

    # What is shown

    @property
    def groups(self) -> tuple[Group, ...]:
        """The levels of groups that the form has."""
        known = (group for group in self.spec.groups if group.field in self._form.by_id)
        return tuple(known)[:MOST_LEVELS]

    def show(self, form: Form, spec: ViewSpec) -> None:
        """Show a form, published anew or the same, as `spec` says."""
        before, groups, same = self.spec, self.groups, form is self._form
        if same and spec == before:
            return
        self._form, self.spec = form, spec
        if not same or shown_fields(form, spec) != self._model.fields:
            self._show_fields(form, spec)
        self._dress(form, spec)
        if same and self.groups != groups:
            self.asked()

    def _show_fields(self, form: Form, spec: ViewSpec) -> None:
        grid, model = self._grid, self._model
        fields = shown_fields(form, spec)
        grid.editing.leave()
        kept = KeptCells(grid)
        model.show_fields(form, fields)
        kept.choose()

    def _dress(self, form: Form, spec: ViewSpec) -> None:
        widths = {column.field: column.width for column in spec.columns if column.width}
        self._grid.show_look(widths, frozen_count(form, spec), HEIGHTS.get(spec.row_height, SIZES.row))
        fields = form.by_id
        footers = {
            key: name for key, name in spec.footers.items() if key in fields and summary_called(fields[key], name)
        }
        self._model.show_footers(footers)
        self._fold()
        zone = local_zone()
        rules = ((formula(form, rule.filter, zone), rule.colour, rule.field) for rule in spec.colours)
        self._model.show_colours([rule for rule in rules if rule[0]])

    def search(self, on: bool) -> None:
        """While something is searched all groups are open, or what is found would not be seen."""
        if on != self._searching:
            self._searching = on
            self._fold()

    def _fold(self) -> None:
        self._model.show_folded(frozenset() if self._searching else self.spec.folded)

    def _change(self, spec: ViewSpec) -> None:
        if spec != self.spec:
            self.show(self._form, spec)
            self.changed.emit(spec)

    # Columns

    def _order(self) -> list[str]:
        return [field.id for field in self._model.fields]

    def _column_of(self, field_id: str) -> int:
        return self._order().index(field_id)

    def _resized(self, field_id: str, width: int) -> None:
        self._change(self.spec.with_column(self._form, replace(self.spec.column(field_id), width=width)))

    def fit(self, field_id: str) -> None:
        """Make a column as wide as its content."""
        column = self._column_of(field_id)
        width = self._grid.widths.fitting(column, self._model.fields[column])
        self._grid.setColumnWidth(column, width)
        self._resized(field_id, width)

    def _moved(self, field_id: str, to: int) -> None:
        """Put a column down before the one with the number `to`; hidden ones go to the end."""
        order = self._order()
        at = order.index(field_id)
        order.insert(to, field_id)
        del order[at + (to <= at)]
        hidden = [column for column in self.spec.columns if column.hidden]
        self._change(self.spec.with_order(self._form, [*order, *(column.field for column in hidden)]))

    def freeze(self, count: int) -> None:
        """Let the first columns stay while the others scroll."""
        self._change(self.spec.with_frozen(self._form, count))

    def hide(self, field_id: str) -> None:
        """Do not show a column."""
        self._change(self.spec.with_column(self._form, Column(field_id, self.spec.column(field_id).width, hidden=True)))

    def group_by(self, field: Field, unit: str | None = None) -> None:
        """Let records with the same value stand together, inside the groups that there are; None = as before."""
        if unit is None:
            unit = UNIT if field.kind.value_type in DATES else ""
        made = Group(field.id, unit=unit)
        kept = [group for group in self.groups if group.field != field.id]
        known = any(group.field == field.id for group in self.groups)
        groups = [made if group.field == field.id else group for group in self.groups] if known else [*kept, made]
        self._change(self.spec.with_groups(groups[-MOST_LEVELS:]))

    def ungroup(self, field_id: str = "") -> None:
        """Do not group by a field any more, or by none."""
        self._change(self.spec.with_groups([group for group in self.groups if field_id and group.field != field_id]))

    def summarise(self, field_id: str, name: str) -> None:
        """Show this summary under a column and in its groups; "" = none."""
        footers = {key: value for key, value in self.spec.footers.items() if key != field_id}
        if name:
            footers[field_id] = name
        self._change(replace(self.spec, footers=MappingProxyType(footers)))

    def _folding(self, folded: frozenset[Folded]) -> None:
        """The person folded groups, or a record in one is shown; not remembered while something is searched."""
        if not self._searching:
            self._change(replace(self.spec, folded=folded))

    # Menus

    def _column_menu(self, field_id: str, place: QPoint) -> None:
        field = self._form.by_id.get(field_id)
        if field is None or field_id not in self._order():
            return
        items = [*self._order_items(field), LINE, *self._group_items(field)]
        summary = summary_items(field, self.spec.footers.get(field_id, ""), lambda name: self.summarise(field_id, name))
        if len(summary) > 1:
            items.append(Item(_("Summary"), "chart", below=summary))
        items += [LINE, *self._place_items(field)]
        menu_of(items, self._grid).popup(place)

    def _order_items(self, field: Field) -> list[Item]:
        def sort(descending: bool) -> Callable[[], None]:
            return lambda: self.sort_asked.emit((Sort(field.id, descending=descending),))

        return [
            Item(_("Sort ascending"), "arrow_up", sort(False)),
            Item(_("Sort descending"), "arrow_down", sort(True)),
            Item(_("Filter by this field"), "filter", lambda: self.filter_asked.emit(field.id)),
        ]

    def _group_items(self, field: Field) -> list[Item]:
        group = next((group for group in self.groups if group.field == field.id), None)
        items = []
        if field.kind.value_type in DATES:
            units = unit_items(group.unit if group is not None else None, lambda unit: self.group_by(field, unit))
            items.append(Item(_("Group by this field"), "group", below=units))
        elif group is None:
            items.append(Item(_("Group by this field"), "group", lambda: self.group_by(field)))
        if group is not None:
            items.append(Item(_("Do not group by this field"), "close", lambda: self.ungroup(field.id)))
        return items

    def _place_items(self, field: Field) -> list[Item]:
        column, last = self._column_of(field.id), len(self._model.fields) - 1
        frozen = frozen_count(self._form, self.spec) == column + 1
        freeze = (
            Item(_("Unfreeze columns"), "columns", lambda: self.freeze(0))
            if frozen
            else Item(_("Freeze up to here"), "columns", lambda: self.freeze(column + 1))
        )
        items = [
            freeze,
            Item(_("Fit width to content"), "", lambda: self.fit(field.id)),
            Item(_("Move left"), "arrow_left", lambda: self._moved(field.id, column - 1), enabled=column > 0),
            Item(_("Move right"), "arrow_right", lambda: self._moved(field.id, column + 2), enabled=column < last),
        ]
        if field is not self._form.title:
            items.append(Item(_("Hide this column"), "eye_off", lambda: self.hide(field.id)))
        return items

    def _summary_menu(self, field_id: str, place: QPoint) -> None:
        field = self._form.by_id.get(field_id)
        if field is None:
            return
        choose = summary_items(field, self.spec.footers.get(field_id, ""), lambda name: self.summarise(field_id, name))
        menu = menu_of(choose, self._grid)
        menu.popup(place - QPoint(0, menu.sizeHint().height()))

    def group_items(self, group: Group) -> Sequence[Item]:
        """What can be done with the groups of a level."""
        level = self.groups.index(group) if group in self.groups else 0
        turned = tuple(replace(each, descending=not each.descending) if each == group else each for each in self.groups)
        return [
            Item(_("Fold all groups"), "caret_right", lambda: self._model.fold_all(True, level), _("Ctrl+Left")),
            Item(_("Unfold all groups"), "caret_down", lambda: self._model.fold_all(False), _("Ctrl+Right")),
            Item(_("Turn the order round"), "sort", lambda: self._change(self.spec.with_groups(turned))),
            LINE,
            Item(_("Do not group by this field"), "close", lambda: self.ungroup(group.field)),
        ]
