"""Aims that a person keeps: where sheets with some headers went, found again whatever the form is called by now."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from runtime.actor import Actor
from runtime.errors import UserError
from runtime.exchange.editing.file_columns import COLUMNS, MAPPING, file_columns
from runtime.exchange.importing.aim import Aim, aim_from_json
from runtime.exchange.importing.likeness import unless_counted
from runtime.exchange.importing.proposing import headers_of, normalised, propose_fields, why_closed
from runtime.exchange.understanding.plan import ImportPlan
from runtime.form import Form
from runtime.permission.scope import Scope

MOST_NAMES = 8
"""Names of sheets that are kept with an aim."""


def mapping_key(form_id: str, headers: Mapping[int, str]) -> str:
    """Under which key an aim for files with these headers is kept: the form, then a digest of the headers."""
    digest = sha256("\n".join(sorted(map(normalised, headers.values()))).encode()).hexdigest()[:16]
    return f"{MAPPING}/{form_id}/{digest}"


class KeptAims:
    """What a person keeps about forms, read once.

    Args:
        form_id: of the only form that is asked about; "" = any.
    """

    def __init__(self, session: Actor, form_id: str = "") -> None:
        self._session = session
        self._bodies: dict[str, dict[str, dict[str, Any]]] = {}
        for key, body in session.kept(f"{MAPPING}/{form_id}/" if form_id else f"{MAPPING}/").items():
            if isinstance(body, dict) and isinstance(body.get("fields"), dict):
                self._bodies.setdefault(key.split("/")[1], {})[key] = body

    def aim(self, plan: ImportPlan, sheet: str, form: Form) -> Aim | None:
        """The aim of the last import of such a sheet into a form: all of its columns are here, and can be filled."""
        headers = headers_of(plan, sheet)
        own, found = mapping_key(form.id, headers), self._bodies.get(form.id, {})
        for _key, body in sorted(found.items(), key=lambda entry: (entry[0] == own, _used(entry[1])), reverse=True):
            aim = aim_from_json(form.id, body, headers)
            if aim is not None and _holds(form, aim, self._session.scope) and _covers(body, headers.values()):
                return self._as_made(plan, sheet, form, aim, _known(body)) if body.get("made") else aim
        return None

    def _as_made(self, plan: ImportPlan, sheet: str, form: Form, aim: Aim, known: Collection[str]) -> Aim:
        """The aim of a form that was made of such a sheet; a column that is new goes into a field of its name."""
        fresh = {source: header for source, header in headers_of(plan, sheet).items() if header not in known}
        found = propose_fields(fresh, form, self._session.scope).items()
        new = {source: target for source, target in found if target not in aim.fields.values()}
        aim = replace(aim, fields=dict(sorted({**aim.fields, **new}.items())))
        return unless_counted(self._session, plan, sheet, form, aim)

    def went(self, form_id: str, headers: Iterable[str]) -> bool:
        """Whether a sheet with these headers, or more that were left out, went into a form before."""
        found = set(headers)
        return any(body["fields"].keys() <= found <= _known(body) for body in self._bodies.get(form_id, {}).values())

    def chosen(self, plan: ImportPlan, sheet: str, form: Form) -> bool:
        """Whether a person let a sheet with exactly these headers go into a form that was there."""
        body = self._bodies.get(form.id, {}).get(mapping_key(form.id, headers_of(plan, sheet)))
        return body is not None and not body.get("made")

    def names(self, form_id: str) -> set[str]:
        """What sheets were called that went into a form, or that it was made of."""
        return {name for body in self._bodies.get(form_id, {}).values() for name in _names(body)}

    def names_at(self, key: str, form_id: str) -> list[str]:
        """The same of one aim, the last first."""
        return _names(self._bodies.get(form_id, {}).get(key, {}))


def kept_aim(session: Actor, plan: ImportPlan, sheet: str, form: Form) -> Aim | None:
    """The aim of the last import of such a sheet into a form."""
    return KeptAims(session, form.id).aim(plan, sheet, form)


def keep_aims(session: Actor, plan: ImportPlan, aims: Mapping[str, Aim], made: Mapping[str, Aim]) -> None:
    """Keep where the sheets of an import went just now, for the next file of the kind; too large an aim is not kept.

    Args:
        aims: sheet -> the form that was there.
        made: sheet -> the form that was made of it.
    """
    used = datetime.now(UTC).isoformat(timespec="seconds")
    for new, found in ((False, aims), (True, made)):
        for sheet, aim in found.items():
            with suppress(UserError):  # what is imported stays imported; the next file is asked about once more
                keep_aim(session, plan, sheet, aim, used, made=new)


def keep_aim(session: Actor, plan: ImportPlan, sheet: str, aim: Aim, used: str, *, made: bool = False) -> None:
    """Keep an aim for the next file with these headers.

    Args:
        used: when, as ISO; the newest is offered first.
        made: whether the form was made of this sheet.

    Raises:
        Refused: it is too large.
    """
    headers = headers_of(plan, sheet)
    key = mapping_key(aim.form, headers)
    names = [plan.sheet(sheet).form_label, *KeptAims(session, aim.form).names_at(key, aim.form)]
    body = {**aim.as_json(headers), "used": used, "made": made, "names": list(dict.fromkeys(names))[:MOST_NAMES]}
    table = plan.source.tables[sheet]
    if not (table.frame.form or table.frame.turned):  # else the columns of the sheet are none of the table
        body[COLUMNS] = file_columns(table.places, aim.fields)
    session.keep(key, body)


def _names(body: Mapping[str, Any]) -> list[str]:
    names = body.get("names")
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def _used(body: Mapping[str, Any]) -> str:
    return str(body.get("used", ""))


def _covers(body: Mapping[str, Any], headers: Iterable[str]) -> bool:
    """Whether the file is of the same kind: what was left out then may be missing, one column may be new."""
    return len(set(headers) - _known(body)) <= 1


def _known(body: Mapping[str, Any]) -> set[str]:
    left_out = body.get("left_out")
    return {*body["fields"], *(left_out if isinstance(left_out, list) else ())}


def _holds(form: Form, aim: Aim, scope: Scope) -> bool:
    fields = [form.by_id.get(field_id) for field_id in aim.fields.values()]
    closed = any(target is None or why_closed(form, target, scope) is not None for target in fields)
    return bool(fields) and not closed and (not aim.mode.keyed or aim.key in aim.fields.values())
