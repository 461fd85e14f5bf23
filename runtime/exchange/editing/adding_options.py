"""Adds to choices what cells name and they do not have, as part of the step that writes the cells."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

from resources.texts import T
from runtime.definition.ids import OPTION, new_id
from runtime.definition.node import App
from runtime.exchange.editing.cell_writes import BadCell, CellWrites
from runtime.exchange.new_options import has_options, new_labels, with_options
from runtime.fields import Unreadable
from runtime.form import Field


def missing_options(writes: CellWrites) -> dict[str, list[str]]:
    """Id of a choice -> the labels that its bad cells name and it does not have."""
    texts: dict[str, dict[str, None]] = {}
    for bad in writes.bad:
        texts.setdefault(bad.field, {})[bad.text] = None
    found = {}
    for field_id, each in texts.items():
        field = writes.form.by_id.get(field_id)
        labels = new_labels(field, each) if field is not None and has_options(field) else []
        if labels:
            found[field_id] = labels
    return found


def take_options(writes: CellWrites) -> None:
    """Let the step add the missing options; cells that name them are good then. Nothing is written here."""
    for field_id, labels in missing_options(writes).items():
        field = writes.form.by_id[field_id]
        known = writes.options.setdefault(field_id, {})
        known |= {label: new_id(OPTION) for label in labels}
        props = field.kind.read(with_options(field.node, list(known), list(known.values())).props)
        left = []
        for bad in writes.bad:
            try:
                value = field.kind.parse(bad.text, props) if bad.field == field_id else None
            except Unreadable as wrong:
                bad.reason, value = wrong.message, None
            if value is None:
                left.append(bad)
            else:
                writes.give(bad.record, field_id, value)
        writes.bad[:] = left


def want_option(writes: CellWrites, record: UUID, choice: Field, label: str) -> None:
    """Let a cell of the step have an option that is none yet, or was added meanwhile."""
    if not new_labels(choice, [label]):
        with suppress(Unreadable):
            writes.give(record, choice.id, choice.kind.parse(label, choice.props))
            return
    others = list(writes.bad)
    writes.bad[:] = [BadCell(record, choice.id, label, T("“{text}” is not one of the options.", text=label))]
    take_options(writes)
    writes.bad[:0] = others


def with_new_options(writes: CellWrites, apps: Mapping[str, App]) -> App | None:
    """The app of the form as it is published now, with the options that the step adds; None where it adds none.

    What somebody added meanwhile is taken instead of one more of the same name.
    """
    if not writes.options:
        return None
    _take_known(writes, apps[writes.form.app])
    held = {value for values in (*writes.changed.values(), *writes.made.values()) for value in _ids(values)}
    wanted = {
        field: {label: option for label, option in labels.items() if option in held}
        for field, labels in writes.options.items()
    }
    app = apps[writes.form.app]
    changed = {
        field: with_options(app.nodes[field], list(labels), list(labels.values()))
        for field, labels in wanted.items()
        if labels and field in app.nodes
    }
    return app.replacing(changed) if changed else None


def _take_known(writes: CellWrites, app: App) -> None:
    known: dict[object, str] = {}
    for field, labels in writes.options.items():
        had = app.nodes[field].props.get("options", ()) if field in app.nodes else ()
        there = {each["label"].strip().casefold(): each["id"] for each in had}
        for label in [label for label in labels if label.casefold() in there]:
            known[labels.pop(label)] = there[label.casefold()]
    for values in (*writes.changed.values(), *writes.made.values()) if known else ():
        for field in writes.options.keys() & values.keys():
            value = values[field]
            many = isinstance(value, tuple)
            values[field] = tuple(known.get(part, part) for part in value) if many else known.get(value, value)


def _ids(values: Mapping[str, object]) -> list[object]:
    """What a record holds in its fields, of many options each one."""
    return [part for value in values.values() for part in (value if isinstance(value, tuple) else (value,))]
