"""What is wrong between formulas: circles, across forms too, and chains of records that are too long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from resources.texts import T
from runtime.definition.node import App
from runtime.errors import Problem
from runtime.expression.graph import Cycle, evaluation_order
from runtime.form import Field, Form, FormLookup
from runtime.store.dependents import reads
from runtime.store.field_formulas import FORMULA, checked_formula
from runtime.store.form_schema import FormSchema

LONGEST_CHAIN = 10
"""Most computed fields that may follow from each other from record to record."""


@dataclass(frozen=True, slots=True)
class _Formula:
    """A computed field and what it reads: key -> whether in other rows."""

    form: Form
    field: Field
    reads: Mapping[str, bool]


def problems_between(app: App, lookup: FormLookup) -> Iterator[Problem]:
    """Circles and long chains that go through computed fields of `app`, in every form of the workspace."""
    formulas = {f"{form.id}.{field.id}": _formula(form, field, lookup) for form, field in lookup.computed()}
    needed = {key: dict(formula.reads) for key, formula in formulas.items()}
    order: tuple[str, ...] = ()
    while not order and needed:
        try:
            order = evaluation_order(needed)
        except Cycle as cycle:
            own = [key for key in cycle.path if formulas[key].form.app == app.id]
            if own:
                yield _circle([formulas[key] for key in cycle.path], formulas[own[0]].field.id, cycle.path)
            for key in cycle.path:
                needed.pop(key, None)
    lengths: dict[str, int] = {}
    for key in order:
        lengths[key] = max((lengths[each] + later for each, later in needed[key].items() if each in lengths), default=0)
        if lengths[key] == LONGEST_CHAIN + 1 and formulas[key].form.app == app.id:
            yield _chain(formulas[key].field)


def _formula(form: Form, field: Field, lookup: FormLookup) -> _Formula:
    found: dict[str, bool] = {}
    for reference in checked_formula(field, FORMULA, FormSchema(form, lookup)).references:
        for read in reads(form, reference, lookup):
            key = f"{read.form}.{read.field}"
            found[key] = found.get(key, False) or read.later
    return _Formula(form, field, found)


def _circle(formulas: list[_Formula], where: str, keys: tuple[str, ...]) -> Problem:
    """In names of fields; with their forms where the circle leaves a row."""
    steps = zip(formulas, keys[1:], strict=False)
    leaves = any(formula.reads.get(after, False) for formula, after in steps)
    names = [f"{each.form.name}.{each.field.name}" if leaves else each.field.name for each in formulas]
    return Problem(where, "cycle", T("These formulas need each other: {path}.", path=" → ".join(names)))


def _chain(field: Field) -> Problem:
    message = T(
        "“{name}” follows from more than {n} formulas that hand values from record to record. Shorten the chain.",
        name=field.name,
        n=LONGEST_CHAIN,
    )
    return Problem(field.id, "chain_too_long", message)
