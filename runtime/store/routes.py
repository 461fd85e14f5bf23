"""The way back: from records that changed along a path to the rows whose formulas look at them, as SQL."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.form import Form, FormLookup
from runtime.store.form_schema import PARENT, Step, steps
from runtime.store.schema import column_name, table_name


def leads_to(form: Form, route: Sequence[Step], places: str) -> str:
    """The condition on rows of `form` that their path `route` leads to records with the ids at `places`.

    Without a step it means those records themselves.
    """
    if not route:
        return f"_id IN ({places})"
    step, rest = route[0], route[1:]
    assert step.form is not None
    table = f'"{table_name(step.form.id)}"'
    if step.many:
        link = f'"{column_name(step.field.id)}"' if step.field is not None else "_root"
        return f"_id IN (SELECT {link} FROM {table} WHERE {leads_to(step.form, rest, places)})"
    link = "_root" if step.id == PARENT else f'"{column_name(step.id)}"'
    if not rest:
        return f"{link} IN ({places})"
    return f"{link} IN (SELECT _id FROM {table} WHERE {leads_to(step.form, rest, places)})"


def route_ids(route: Sequence[Step]) -> list[str]:
    """A route as it can be kept."""
    return [step.id for step in route]


def route_of(form: Form, ids: Sequence[str], lookup: FormLookup) -> tuple[Step, ...] | None:
    """A route that was kept; None where the definitions no longer have it."""
    try:
        return tuple(steps(form, ids, lookup))
    except KeyError:
        return None
