"""Published definitions: what the workspace's apps are now, and the publishing of a new version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from types import MappingProxyType

import sqlalchemy as sa

from resources.texts import T
from runtime.changes import DefinitionChange
from runtime.definition import codec
from runtime.definition.node import App
from runtime.errors import Problem
from runtime.form import Field, Form, FormLookup, forms_of, lookup
from runtime.store.engine import Database
from runtime.store.logic import FormLogic
from runtime.store.recompute import new_formulas, recompute
from runtime.store.rows import Codec
from runtime.store.schema import bring_up, has_column
from runtime.store.system import definition
from runtime.value.situation import Situation

RETIRED = b""
"""Body of a version that takes the app away; its tables and records stay, and an older version can come back."""

DefinitionCheck = Callable[[App, FormLookup], Sequence[Problem]]


class Snapshot:
    """The apps at one moment, with everything that is derived from them; never changes.

    Args:
        apps: newest published version of each app, by id.
    """

    def __init__(self, apps: Mapping[str, App]) -> None:
        self.apps = MappingProxyType(dict(apps))
        self._logic: dict[str, FormLogic] = {}
        self._codecs: dict[str, Codec] = {}

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        """Every form of every app, by id."""
        return MappingProxyType({form.id: form for app in self.apps.values() for form in forms_of(app)})

    def logic(self, form_id: str) -> FormLogic:
        """The compiled formulas of a form."""
        if form_id not in self._logic:
            self._logic[form_id] = FormLogic(self.forms[form_id], self.forms.get)
        return self._logic[form_id]

    def codec(self, form_id: str) -> Codec:
        """The row codec of a form."""
        if form_id not in self._codecs:
            self._codecs[form_id] = Codec(self.forms[form_id])
        return self._codecs[form_id]


class Apps:
    """The published apps of one workspace; reading threads see a whole snapshot.

    Args:
        check: says what is wrong with an app before it is published; nothing with errors is.
    """

    def __init__(self, check: DefinitionCheck) -> None:
        self._check = check
        self._snapshot = Snapshot({})

    @property
    def now(self) -> Snapshot:
        """What is published now."""
        return self._snapshot

    def form(self, form_id: str) -> Form | None:
        """A form of any app."""
        return self._snapshot.forms.get(form_id)

    def logic(self, form_id: str) -> FormLogic:
        """The compiled formulas of a form."""
        return self._snapshot.logic(form_id)

    def codec(self, form_id: str) -> Codec:
        """The row codec of a form."""
        return self._snapshot.codec(form_id)

    def reload(self, database: Database) -> None:
        """Read the newest version of every app, in the order in which the apps were first published."""
        version, made = sa.func.max(definition.c.version), sa.func.min(definition.c.seq)
        newest = sa.select(definition.c.app, version.label("version"), made.label("made"))
        newest_of = newest.group_by(definition.c.app).subquery()
        joined = definition.join(
            newest_of, (definition.c.app == newest_of.c.app) & (definition.c.version == newest_of.c.version)
        )
        with database.reader.connect() as connection:
            rows = connection.execute(
                sa.select(definition.c.app, definition.c.version, definition.c.body)
                .select_from(joined)
                .order_by(newest_of.c.made)
            ).all()
        living = [(app, version, body) for app, version, body in rows if body != RETIRED]
        self._snapshot = Snapshot({app: replace(codec.decode(body), version=version) for app, version, body in living})

    def body_of(self, database: Database, app: str, version: int) -> bytes:
        """The published body of one version; `RETIRED` where there is none."""
        statement = sa.select(definition.c.body).where(definition.c.app == app, definition.c.version == version)
        with database.reader.connect() as connection:
            return bytes(connection.execute(statement).scalar() or RETIRED)

    def version_of(self, database: Database, app: str) -> int:
        """Number of the newest version of an app, a retired one included; 0 = never published."""
        statement = sa.select(sa.func.max(definition.c.version)).where(definition.c.app == app)
        with database.reader.connect() as connection:
            return int(connection.execute(statement).scalar() or 0)

    def publish(
        self, connection: sa.Connection, change: DefinitionChange, seq: int, situation: Situation
    ) -> list[Problem]:
        """Write a new version inside the transaction of the door; the caller reloads after the commit.

        Computed fields with a new formula are filled for the records that are there.
        """
        current = connection.execute(
            sa.select(sa.func.max(definition.c.version)).where(definition.c.app == change.app)
        ).scalar()
        if (current or 0) != change.base:
            message = T("Somebody published this app since you began. Look at the new version and publish again.")
            return [Problem(change.app, "stale_definition", message)]
        version = change.base + 1
        if change.body == RETIRED:
            connection.execute(definition.insert().values(app=change.app, version=version, seq=seq, body=RETIRED))
            return []
        app = codec.decode(change.body)
        others = [other for other in self._snapshot.apps.values() if other.id != app.id]
        problems = _foreign(app, change.app, others)
        problems = problems or [problem for problem in self._check(app, lookup([*others, app])) if problem.stops]
        problems = problems or self._retyped(connection, app)
        if problems:
            return problems
        body = codec.encode(replace(app, version=version))
        connection.execute(definition.insert().values(app=app.id, version=version, seq=seq, body=body))
        self._bring_up(connection, app, others, situation)
        return []

    def _bring_up(self, connection: sa.Connection, app: App, others: Sequence[App], situation: Situation) -> None:
        before = {
            field.id: str(getattr(field.props, "formula", ""))
            for form in self._snapshot.forms.values()
            for field in form.fields
        }
        for form in forms_of(app):
            bring_up(connection, form)
            fresh = new_formulas(form, before)
            if fresh:
                recompute(connection, form, FormLogic(form, lookup([*others, app])), fresh, situation)

    def _retyped(self, connection: sa.Connection, app: App) -> list[Problem]:
        """Fields whose stored values would be misread: their type, scale or target form changes in place."""
        stored = {
            field.id: field for form in forms_of(app) for field in form.fields if has_column(connection, form, field)
        }
        before = self._stored_as(connection, app.id, set(stored))
        found = []
        for field_id, was in before.items():
            field = stored[field_id]
            if was.known and field.known and _meaning(was) != _meaning(field):
                message = T("The type of “{name}” cannot be changed once it holds values.", name=field.name)
                found.append(Problem(field_id, "retyped", message))
        return found

    def _stored_as(self, connection: sa.Connection, app_id: str, wanted: set[str]) -> dict[str, Field]:
        """The fields as the newest version that had them knew them: one that was removed and comes back has values."""
        found: dict[str, Field] = {}
        current = self._snapshot.apps.get(app_id)
        if current is not None:
            found = {field.id: field for form in forms_of(current) for field in form.fields if field.id in wanted}
        if wanted == found.keys():
            return found
        bodies = sa.select(definition.c.body).where(definition.c.app == app_id, definition.c.body != RETIRED)
        for (body,) in connection.execute(bodies.order_by(definition.c.version.desc())).all():
            for form in forms_of(codec.decode(body)):
                found.update({field.id: field for field in form.fields if field.id in wanted and field.id not in found})
            if wanted == found.keys():
                break
        return found


def _meaning(field: Field) -> tuple[str, int, str]:
    """What makes the raw values of a column mean something else when it changes."""
    return field.kind.name, field.kind.scale(field.props), field.target


def _foreign(app: App, app_id: str, others: Sequence[App]) -> list[Problem]:
    """Whether the body is of another app, or has forms or fields with the ids of another app's."""
    taken = {node_id for other in others for node_id in other.nodes}
    if app.id != app_id or not taken.isdisjoint(app.nodes):
        message = T("Parts of this app belong to another app of the workspace. Make a copy with new ids.")
        return [Problem(app_id, "foreign_parts", message)]
    return []
