"""`AppLayout`: the forms that a plan becomes, with fields, options and ids, in a new app or beside those of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from resources.texts import T
from runtime.actor import Actor
from runtime.definition.edits import AddNode, Batch, Edit
from runtime.definition.ids import OPTION, new_id
from runtime.definition.node import App
from runtime.definition.order import spread
from runtime.errors import UserError
from runtime.exchange.columns import ColumnPlan
from runtime.exchange.importing.aim import Aim, Mode
from runtime.exchange.importing.kept_import import KeptLayout
from runtime.exchange.understanding.plan import ImportPlan, SheetPlan
from runtime.form import field_node, form_node, form_of, new_app


class AppLayout:
    """The app that a plan becomes, or one that gets its forms.

    Attributes:
        plan: of the sheets that become forms.
        app: as it is published.
        beside: whether the app was there before.
        forms: sheet -> id of its form.
        fields: (sheet, index of the column plan) -> id of its field.
        options: id of a choice field -> label -> option id.
    """

    def __init__(self, plan: ImportPlan, app: App, *, beside: bool = False) -> None:
        self.plan = plan
        self.beside = beside
        self.forms: dict[str, str] = {}
        self.fields: dict[tuple[str, int], str] = {}
        self.options: dict[str, dict[str, str]] = {}
        self.app = app

    @classmethod
    def of(cls, plan: ImportPlan, name: str, app: App | None = None) -> AppLayout:
        """A new app of that name, or one that is there with more forms."""
        made = cls(plan, app or new_app(name), beside=app is not None)
        made._lay_out()
        return made

    @classmethod
    def again(cls, session: Actor, plan: ImportPlan, kept: KeptLayout) -> AppLayout:
        """The app that an import of a former session made.

        Raises:
            UserError: it, or something of it, is gone, or a field is of another type.
        """
        app = session.apps.get(kept.app)
        kinds = {
            field: f"field.{plan.sheet(sheet).columns[at].field_type}"
            for sheet, fields in kept.fields.items()
            for at, field in fields.items()
        }
        there = {} if app is None else {node.id: node.kind for node in app.nodes.values()}
        if app is None or not set(kept.forms.values()) <= there.keys() or not kinds.items() <= there.items():
            raise UserError(T("What the import made was taken away or changed since."), T("Undo it."), "app_changed")
        made = cls(plan, app, beside=kept.beside)
        made.forms, made.options = dict(kept.forms), dict(kept.options)
        made.fields = {(sheet, at): field for sheet, fields in kept.fields.items() for at, field in fields.items()}
        return made

    def kept(self) -> KeptLayout:
        """What finds it again."""
        fields: dict[str, dict[int, str]] = {}
        for (sheet, place), field in self.fields.items():
            fields.setdefault(sheet, {})[place] = field
        return KeptLayout(self.app.id, self.forms, fields, self.options, self.beside)

    def aim(self, sheet: SheetPlan) -> Aim:
        """How the next file of the kind goes into the form of a sheet."""
        fields: dict[int, str] = {}
        for place, column in enumerate(sheet.columns):
            if column.include:
                fields.setdefault(column.source, self.fields[sheet.sheet, place])
        form = form_of(self.app, self.forms[sheet.sheet])
        key = form.key.id if form.key is not None and form.key.id in fields.values() else ""
        orders = {column.source: column.order for column in sheet.columns if column.order}
        return Aim(form.id, dict(sorted(fields.items())), Mode.UPSERT if key else Mode.ADD, key, orders=orders)

    def _lay_out(self) -> None:
        app = self.app
        included = [sheet for sheet in self.plan.sheets if sheet.include]
        edits: list[Edit] = []
        orders = [""] * len(included) if self.beside else spread(len(included))
        for sheet, order in zip(included, orders, strict=True):
            node = form_node(app.id, sheet.form_label, order)
            self.forms[sheet.sheet] = node.id
            edits.append(AddNode(node))
        for sheet in included:
            edits += self._fields(sheet)
        self.app = self._with_titles(Batch(tuple(edits), T("Import")).apply(app), included)

    def is_late(self, sheet: SheetPlan, column: ColumnPlan) -> bool:
        """Whether a relation's target is written after `sheet` (or is it itself)."""
        assert column.relation is not None
        if column.relation.form:
            return False
        order = [each.sheet for each in targets_first(self.plan)]
        return order.index(column.relation.sheet) >= order.index(sheet.sheet)

    def _fields(self, sheet: SheetPlan) -> Iterator[Edit]:
        form = self.forms[sheet.sheet]
        for (place, column), order in zip(enumerate(sheet.columns), spread(len(sheet.columns)), strict=True):
            if not column.include:
                continue
            props = dict(column.props)
            if column.relation is not None:
                props = {"form": column.relation.form or self.forms[column.relation.sheet]}
            options = {text: new_id(OPTION) for text in props.pop("options", ())}
            if options:
                listed = enumerate(options.items())
                props["options"] = [{"id": id_, "label": text, "color": at % 8} for at, (text, id_) in listed]
            node = field_node(form, column.field_type, column.label, order, **props)
            self.fields[sheet.sheet, place] = node.id
            self.options[node.id] = options
            yield AddNode(node)

    def _with_titles(self, app: App, included: Sequence[SheetPlan]) -> App:
        changed = {}
        for sheet in included:
            node = app.nodes[self.forms[sheet.sheet]]
            props = {"title_field": self.fields.get((sheet.sheet, sheet.title_column))}
            for place, column in enumerate(sheet.columns):
                if column.include and column.source == sheet.key_column and column.relation is None:
                    props["key_field"] = self.fields[sheet.sheet, place]
            changed[node.id] = node.with_props(**props)
        return app.replacing(changed)


def relations_of(sheet: SheetPlan) -> list[int]:
    """Indexes of the columns that become relations."""
    return [place for place, column in enumerate(sheet.columns) if column.include and column.relation is not None]


def targets_first(plan: ImportPlan) -> list[SheetPlan]:
    """The included sheets so that, where possible, each comes after those that it points to."""
    waiting = [sheet for sheet in plan.sheets if sheet.include]
    ordered: list[SheetPlan] = []
    while waiting:
        done = {sheet.sheet for sheet in ordered}
        ready = [sheet for sheet in waiting if points_to(sheet) - {sheet.sheet} <= done]
        ordered += ready or waiting[:1]
        waiting = [sheet for sheet in waiting if sheet not in ordered]
    return ordered


def points_to(sheet: SheetPlan) -> set[str]:
    """The sheets that its relations point to."""
    found = set()
    for place in relations_of(sheet):
        relation = sheet.columns[place].relation
        if relation is not None and not relation.form:
            found.add(relation.sheet)
    return found
