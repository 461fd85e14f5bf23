"""Which computed fields follow from what, across all forms: the order to compute in, and the ways back to the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from runtime.expression.graph import Cycle, evaluation_order
from runtime.expression.schema import Reference
from runtime.form import Form, FormLookup
from runtime.store.environment import Need
from runtime.store.form_schema import PARENT, Step, steps
from runtime.store.logic import FormLogic, Program

CREATED = "+"
"""Stands for a field: rows are made."""
MOVED = "-"
"""Stands for a field: rows go to the bin or come back."""


def former(field_id: str) -> str:
    """Stands for a field: what a relation pointed to before it was changed."""
    return f"{field_id}<"


class Read(NamedTuple):
    """A field that a formula reads; `later`: it must be complete for all rows first, not only in the row at hand."""

    form: str
    field: str
    later: bool


def reads(form: Form, reference: Reference, lookup: FormLookup) -> Iterator[Read]:
    """Every field whose values a reference of a formula of `form` depends on, relations on the way included."""
    here: Form | None = form
    for step in steps(form, reference.path, lookup):
        if step.field is not None and here is not None:
            owner = step.form if step.many else here
            if owner is not None:
                yield Read(owner.id, step.field.id, step.many or len(reference.path) > 1)
        here = step.form
    if reference.is_title and here is not None and here.title is not None:
        yield Read(here.id, here.title.id, True)


@dataclass(frozen=True, slots=True, eq=False)
class Edge:
    """Computed fields of `form` whose rows are found by the condition that `route` leads to what changed."""

    form: Form
    route: tuple[Step, ...]
    fields: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """Computed fields of one form that can be computed in one go, in order; all that they read elsewhere is complete
    after the stages before it.
    """

    form: Form
    logic: FormLogic
    programs: list[Program]


class Dependents:
    """The dependency graph of every form of a workspace at one version of its definitions.

    Attributes:
        stages: in the order in which they are computed.
        computing: ids of the forms that have computed fields.
        volatile: form -> its computed fields that depend on today.

    Args:
        forms: every form by id.
        logic: the compiled formulas of a form.
        lookup: finds forms.
    """

    def __init__(self, forms: Mapping[str, Form], logic: Callable[[str], FormLogic], lookup: FormLookup) -> None:
        self._edges: dict[tuple[str, str], dict[tuple[str, ...], Edge]] = {}
        self._later: dict[tuple[str, str], set[str]] = {}
        self.volatile: dict[str, frozenset[str]] = {}
        self.stages: list[Stage] = []
        self.computing = frozenset(form_id for form_id, form in forms.items() if any(f.computed for f in form.fields))
        logics = [logic(form_id) for form_id in forms if form_id in self.computing]
        levels = _levels(logics, lookup)
        for each in logics:
            self._add(each, levels)
        self._order(logics, levels)
        self._heard = {form_id: frozenset(key for owner, key in self._edges if owner == form_id) for form_id in forms}

    def heard(self, form_id: str) -> frozenset[str]:
        """The fields of a form, `CREATED`, `MOVED` and `former` ones among them, that other rows listen to."""
        return self._heard.get(form_id, frozenset())

    def edges(self, form_id: str, changed: str) -> list[Edge]:
        """The computed fields of other rows that follow a change."""
        return list(self._edges.get((form_id, changed), {}).values())

    def later(self, form_id: str, field_id: str) -> set[str]:
        """The computed fields of the same row that follow, in stages to come."""
        return self._later.get((form_id, field_id), set())

    def _add(self, logic: FormLogic, levels: Mapping[str, int]) -> None:
        form = logic.form
        volatile = frozenset(program.field.id for program in logic.computed if program.volatile)
        if volatile:
            self.volatile[form.id] = volatile
        for program in logic.computed:
            own = levels.get(_key(form.id, program.field.id), 0)
            for need in program.needs:
                self._listen(form, program, need)
            for field_id in program.inputs:
                if levels.get(_key(form.id, field_id), own) < own:
                    self._later.setdefault((form.id, field_id), set()).add(program.field.id)

    def _listen(self, form: Form, program: Program, need: Need) -> None:
        here = form
        for at, step in enumerate(need.route):
            before, through = need.route[:at], need.route[: at + 1]
            assert step.form is not None
            if step.many:
                heard = [(CREATED, through), (MOVED, through)]
                if step.field is not None:
                    heard += [(step.field.id, through), (former(step.field.id), before)]
                for changed, route in heard:
                    self._edge(step.form.id, changed, form, route, program)
            elif step.id != PARENT:
                self._edge(step.form.id, MOVED, form, through, program)
                if at:
                    self._edge(here.id, step.id, form, before, program)
            here = step.form
        if need.leaf is not None:
            self._edge(here.id, need.leaf.id, form, need.route, program)

    def _edge(self, owner: str, changed: str, form: Form, route: tuple[Step, ...], program: Program) -> None:
        edges = self._edges.setdefault((owner, changed), {})
        edge = edges.setdefault((form.id, *(step.id for step in route)), Edge(form, route))
        edge.fields.add(program.field.id)

    def _order(self, logics: list[FormLogic], levels: Mapping[str, int]) -> None:
        found: dict[tuple[int, int], Stage] = {}
        for at, logic in enumerate(logics):
            for program in logic.computed:
                level = levels.get(_key(logic.form.id, program.field.id))
                if level is not None:
                    found.setdefault((level, at), Stage(logic.form, logic, [])).programs.append(program)
        self.stages = [found[key] for key in sorted(found)]


def _key(form_id: str, field_id: str) -> str:
    return f"{form_id}.{field_id}"


def _levels(logics: list[FormLogic], lookup: FormLookup) -> dict[str, int]:
    """Computed field -> how many stages come before its own. Fields in a circle, which no check lets in, have none."""
    needed: dict[str, dict[str, bool]] = {}
    for logic in logics:
        for program in logic.computed:
            found: dict[str, bool] = {}
            for reference in program.references:
                for read in reads(logic.form, reference, lookup):
                    key = _key(read.form, read.field)
                    found[key] = found.get(key, False) or read.later
            needed[_key(logic.form.id, program.field.id)] = found
    levels: dict[str, int] = {}
    for key in _acyclic(needed):
        before = [levels[each] + later for each, later in needed[key].items() if each in levels]
        levels[key] = max(before, default=0)
    return levels


def _acyclic(needed: dict[str, dict[str, bool]]) -> tuple[str, ...]:
    while True:
        try:
            return evaluation_order(needed)
        except Cycle as cycle:
            for key in cycle.path:
                needed.pop(key, None)
