"""What names mean in the formulas of a form: its fields, and paths through relations, sub-forms and ways back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from resources.texts import T
from runtime.expression.schema import TITLE, Reference
from runtime.form import Field, Form, FormLookup
from runtime.permission.scope import EVERYTHING, Scope
from runtime.value.types import RECORD, list_of

MARK = "#"
PARENT = "^"
"""Item of a path: the record that a sub-form row belongs to."""
BACK = "~"
"""Before the id of a relation: the records that point here by it."""
LONGEST = 16
"""Most items of a path; how many steps a stored formula may take is a matter of `runtime.checks`."""
PARENT_NAMES = ("主", "main")
"""What people write for the record that a sub-form row belongs to."""


@dataclass(frozen=True, slots=True)
class Step:
    """One item of a path.

    Attributes:
        id: as it stands in `Reference.path`.
        label: what people call it.
        field: the field it names; of a way back the relation, None for a sub-form, the parent record and a title.
        form: where it leads; None where it is a value that leads nowhere.
        many: whether it leads to any number of records.
    """

    id: str
    label: str
    field: Field | None = None
    form: Form | None = None
    many: bool = False


def step(form: Form, item: str, lookup: FormLookup) -> Step | None:
    """The item `item` of a path at a record of `form`; None where there is no such step. A title is no step."""
    if item == PARENT:
        parent = lookup(form.parent) if form.parent else None
        return Step(PARENT, str(T("main")), form=parent) if parent is not None else None
    if item.startswith(BACK):
        found = lookup.relation(item[1:])
        if found is None or found[1].target != form.id:
            return None
        return Step(item, found[1].reverse or found[1].name, found[1], found[0], many=True)
    below = next((each for each in form.subforms if each.id == item), None)
    if below is not None:
        return Step(item, below.name, form=below, many=True)
    field = form.by_id.get(item)
    if field is None:
        return None
    return Step(item, field.name, field, lookup(field.target) if field.target else None)


def steps(form: Form, path: Sequence[str], lookup: FormLookup) -> list[Step]:
    """The steps of a `Reference.path` from `form` on, a title at its end left out.

    Raises:
        KeyError: the path does not exist.
    """
    found: list[Step] = []
    here: Form | None = form
    for item in path:
        if item == TITLE:
            break
        each = step(here, item, lookup) if here is not None else None
        if each is None:
            raise KeyError(item)
        found.append(each)
        here = each.form
    return found


class FormSchema:
    """Resolves `{name}`, `{#id}` and paths such as `{relation}.{name}` or `{sub-form.name}` for one form.

    Args:
        form: the form that the formula belongs to.
        lookup: finds the forms that relations point to, and the relations that point here.
        scope: fields that may not be read do not exist: they cannot be filtered, sorted or computed by.
    """

    def __init__(self, form: Form, lookup: FormLookup, scope: Scope = EVERYTHING) -> None:
        self.form = form
        self._lookup = lookup
        self._scope = scope

    def resolve(self, path: tuple[str, ...]) -> Reference | None:
        """The field, record, list or title at the end of `path`, or None where a step does not exist."""
        wants_title = path[1:] != () and path[-1] == TITLE
        found = self._walk(self.form, path[:-1] if wants_title else path)
        if not found or len(found) > LONGEST:
            return None
        made = reference(found)
        if not wants_title:
            return made
        return made.title if found[-1].form is not None else None

    def labels(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """The names that may follow `path`, for suggestions; of () the form's own."""
        found = self._walk(self.form, path)
        form = (found[-1].form if found else None) if path else self.form
        return tuple(each.label for each in self._offered(form)) if form is not None else ()

    def _walk(self, form: Form | None, path: Sequence[str]) -> list[Step]:
        """The steps that the names of `path` mean; [] where one means nothing."""
        found: list[Step] = []
        for name in path:
            part = self._named(form, name, LONGEST) if form is not None else []
            if not part:
                return []
            found += part
            form = part[-1].form
        return found

    def _named(self, form: Form, name: str, most: int) -> list[Step]:
        """The step called `name`, or the steps of names joined by dots."""
        single = self._find(form, name)
        if single is not None:
            return [single]
        at = name.find(".") if most else -1
        while at > 0:
            head = self._find(form, name[:at])
            rest = self._named(head.form, name[at + 1 :], most - 1) if head is not None and head.form else []
            if head is not None and rest:
                return [head, *rest]
            at = name.find(".", at + 1)
        return []

    def _find(self, form: Form, name: str) -> Step | None:
        if name.startswith(MARK):
            found = step(form, name[1:], self._lookup)
            return found if found is not None and self._readable(form, found) else None
        field = form.called(name)
        if field is not None:
            return self._find(form, f"{MARK}{field.id}")
        wanted = name.strip().casefold()
        if form.parent and wanted in PARENT_NAMES:
            return self._find(form, f"{MARK}{PARENT}")
        below = form.subform(name)
        if below is not None:
            return self._find(form, f"{MARK}{below.id}")
        ways = (field for _, field in self._lookup.pointing(form.id) if field.reverse.casefold() == wanted)
        found_way = next(ways, None) if wanted else None
        return self._find(form, f"{MARK}{BACK}{found_way.id}") if found_way is not None else None

    def _readable(self, form: Form, found: Step) -> bool:
        if found.id.startswith(BACK):
            return found.form is not None and self._scope.reads(found.form.id, found.id[1:])
        if found.field is not None:
            return self._scope.reads(form.id, found.field.id)
        return found.form is not None and self._scope.sees(found.form.id)

    def _offered(self, form: Form) -> Iterator[Step]:
        """What can be named at a record of `form`."""
        items = [field.id for field in form.fields] + [below.id for below in form.subforms]
        items += [PARENT] if form.parent else []
        items += [f"{BACK}{field.id}" for _, field in self._lookup.pointing(form.id) if field.reverse]
        for item in items:
            found = step(form, item, self._lookup)
            if found is not None and self._readable(form, found):
                yield found


def reference(path: Sequence[Step]) -> Reference:
    """The reference to the last of the steps, reached through the others; one step to many makes it a list."""
    last = path[-1]
    value = last.field if last.field is not None and not last.many else None
    item = value.kind.formula_type if value is not None else RECORD
    is_number = value is not None and value.known and value.kind.value_type == "number"
    options = getattr(value.props, "options", ()) if value is not None else ()
    return Reference(
        key=".".join(each.id for each in path),
        path=tuple(each.id for each in path),
        labels=tuple(each.label for each in path),
        type=list_of(item.item or item) if any(each.many for each in path) else item,
        scale=value.kind.scale(value.props) if value is not None and is_number else None,
        options=tuple((option.id, option.label) for option in options or ()),
        listed=item.is_list,
    )
