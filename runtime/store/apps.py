"""Published definitions: what the workspace's apps are now, and the publishing of a new version."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa

from resources.texts import T
from runtime.changes import DefinitionChange
from runtime.definition import codec
from runtime.definition.labels import label_text
from runtime.definition.node import App, Node
from runtime.errors import Problem
from runtime.form import Field, Form, FormLookup, forms_of, lookup
from runtime.store.engine import Engines
from runtime.store.logic import FormLogic, Program
from runtime.store.recompute import Recomputation
from runtime.store.repeats import repeats
from runtime.store.returning import follow_records
from runtime.store.retype import Conversion, Losses, reorder, retyped
from runtime.store.rows import Codec
from runtime.store.snapshot import Snapshot
from runtime.store.sort_keys import bring_up
from runtime.store.stored_formulas import with_ids
from runtime.store.system import DEFINITIONS, definition, read_meta
from runtime.store.versions import RETIRED, Versions
from runtime.value.situation import Situation

DefinitionCheck = Callable[[App, FormLookup], Sequence[Problem]]


class Apps:
    """The published apps of one workspace; reading threads see a whole snapshot.

    Args:
        check: says what is wrong with an app before it is published; nothing with errors is.
    """

    def __init__(self, check: DefinitionCheck) -> None:
        self._check = check
        self._snapshot = Snapshot({})
        self._seq = 0
        self._loading = threading.Lock()

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

    @property
    def seq(self) -> int:
        """The last commit that published, of those that the snapshot knows."""
        return self._seq

    def reload(self, database: Engines) -> None:
        """Read the newest version of every app, in the order in which the apps were first published."""
        with database.reader.connect() as connection:
            self._load(connection, int(read_meta(connection).get(DEFINITIONS, 0)))

    def catch_up(self, connection: sa.Connection, seq: int) -> None:
        """Read what another process has published, where `seq`, its last commit that did, is not known here yet."""
        if seq > self._seq:
            self._load(connection, seq)

    def _load(self, connection: sa.Connection, seq: int) -> None:
        read = newest(connection)
        with self._loading:
            if seq >= self._seq:
                self._snapshot, self._seq = Snapshot(read), seq

    def body_of(self, database: Engines, app: str, version: int) -> bytes:
        """The published body of one version; `RETIRED` where there is none."""
        statement = sa.select(definition.c.body).where(definition.c.app == app, definition.c.version == version)
        with database.reader.connect() as connection:
            return bytes(connection.execute(statement).scalar() or RETIRED)

    def version_of(self, database: Engines, app: str) -> int:
        """Number of the newest version of an app, a retired one included; 0 = never published."""
        statement = sa.select(sa.func.max(definition.c.version)).where(definition.c.app == app)
        with database.reader.connect() as connection:
            return int(connection.execute(statement).scalar() or 0)

    def losses(self, database: Engines, app: App) -> list[Losses]:
        """What publishing `app` would do to the values of each field that changes its type."""
        others = [other for other in self._snapshot.apps.values() if other.id != app.id]
        forms = lookup([*others, app])
        with database.reader.connect() as connection:
            return [Conversion(connection, each, forms).losses() for each in retyped(connection, app, app.version + 1)]

    def removed(self, database: Engines, app: str) -> list[Node]:
        """The parts that older versions of an app had and the newest has not, as they were last, parents first."""
        with database.reader.connect() as connection:
            return list(Versions(connection, app).removed().values())

    def publish(
        self, connection: sa.Connection, change: DefinitionChange, seq: int, situation: Situation
    ) -> list[Problem]:
        """Write a new version inside the transaction of the door; the caller reloads after the commit.

        Values of fields whose type changes are converted; where that loses any, the change has to allow it. Computed
        fields with a new formula are filled for the records that are there. A field that becomes one without
        duplicates must have none.
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
        if problems:
            return problems
        app = with_ids(app, lookup([*others, app]))
        after = Snapshot({each.id: each for each in [*others, app]})
        problems = self._broken(app, others, after)
        if problems:
            return problems
        changed = [Conversion(connection, each, after.lookup) for each in retyped(connection, app, version)]
        lost = [each.losses() for each in changed if each.change.now.id not in change.lossy]
        problems = [loss.problem() for loss in lost if loss.lost]
        if problems:
            return problems
        for form in forms_of(app):
            before = self._snapshot.forms.get(form.id)
            for was in before.fields if before is not None else ():
                if was.id in form.by_id:
                    reorder(connection, form, was, form.by_id[was.id])
        body = codec.encode(replace(app, version=version))
        connection.execute(definition.insert().values(app=app.id, version=version, seq=seq, body=body))
        return self._filled(connection, app, changed, after, situation)

    def _filled(
        self,
        connection: sa.Connection,
        app: App,
        changed: Sequence[Conversion],
        after: Snapshot,
        situation: Situation,
    ) -> list[Problem]:
        """Bring tables and values up to the new version; the problems of what then repeats, which undo all of it."""
        for each in changed:
            each.set_aside()
        for form in forms_of(app):
            bring_up(connection, form, self._snapshot.forms.get(form.id))
        follow_records(connection, forms_of(app), self._snapshot.forms)
        for each in changed:
            each.fill()
        converted = {each.change.now.id: each.change for each in changed}
        recomputation = self._compute(connection, after, frozenset(converted), situation)
        fresh = converted.keys() | {field_id for _, field_id in recomputation.changed}
        problems: list[Problem] = []
        for form, field in self._to_be_unique(app, fresh):
            if field.computed and form.id in recomputation.queued:
                continue  # its values are computed later
            change = converted.get(field.id)
            former = (change.aside, change.was) if change is not None and not field.computed else None
            problems += repeats(connection, form, field, after.lookup, former)
        return problems

    def _to_be_unique(self, app: App, fresh: Collection[str]) -> Iterator[tuple[Form, Field]]:
        """Fields without duplicates that might have some: they were not such before, or their values are `fresh`."""
        for form in forms_of(app):
            published = self._snapshot.forms.get(form.id)
            for field in form.fields:
                was = published.by_id.get(field.id) if published is not None else None
                watched = was is not None and was.known and was.props.unique
                if field.known and field.props.unique and (field.id in fresh or not watched):
                    yield form, field

    def _broken(self, app: App, others: Sequence[App], after: Snapshot) -> list[Problem]:
        """What other apps would no longer find: a form or field of this app that their formulas read."""
        found = []
        mine = {form.id for form in forms_of(app)} | {
            form.id for form in self._snapshot.forms.values() if form.app == app.id
        }
        for other in others:
            if mine.isdisjoint(field.target for form in forms_of(other) for field in form.fields):
                continue
            before = {(problem.where, problem.code) for problem in self._check(other, self._snapshot.lookup)}
            for problem in self._check(other, after.lookup):
                if problem.stops and (problem.where, problem.code) not in before:
                    name = label_text(other.root.props.get("label", {}))
                    message = T("The app “{app}” needs what would go: {reason}", app=name, reason=problem.message)
                    found.append(Problem(problem.where, "needed_elsewhere", message))
        return found

    def _compute(
        self, connection: sa.Connection, after: Snapshot, converted: frozenset[str], situation: Situation
    ) -> Recomputation:
        """What new formulas, and those that read converted fields, give for the records that are there, the bin too."""
        recomputation = Recomputation(connection, after, situation, None, binned=True)
        before = {
            program.field.id: program.meaning
            for form_id in self._snapshot.forms
            for program in self._snapshot.logic(form_id).computed
        }
        typed = {field.id for form in after.forms.values() for field in form.fields if not field.computed}
        other = converted | (before.keys() & typed)  # a formula that is gone took its errors along
        for form in after.forms.values():
            fresh = [
                program.field.id
                for program in after.logic(form.id).computed
                if before.get(program.field.id) != program.meaning or _reads(program, other)
            ]
            if fresh:
                recomputation.mark_all(form, fresh)
        recomputation.run()
        return recomputation


def _reads(program: Program, fields: frozenset[str]) -> bool:
    items = {item for reference in program.references for item in reference.path}
    return not fields.isdisjoint(items | {program.field.id})


def newest(connection: sa.Connection) -> dict[str, App]:
    """The newest version of every app that is not retired, in the order in which the apps were first published."""
    version, made = sa.func.max(definition.c.version), sa.func.min(definition.c.seq)
    newest = sa.select(definition.c.app, version.label("version"), made.label("made"))
    newest_of = newest.group_by(definition.c.app).subquery()
    joined = definition.join(
        newest_of, (definition.c.app == newest_of.c.app) & (definition.c.version == newest_of.c.version)
    )
    rows = connection.execute(
        sa.select(definition.c.app, definition.c.version, definition.c.body)
        .select_from(joined)
        .order_by(newest_of.c.made)
    ).all()
    living = [(app, version, body) for app, version, body in rows if body != RETIRED]
    return {app: replace(codec.decode(body), version=version) for app, version, body in living}


def _foreign(app: App, app_id: str, others: Sequence[App]) -> list[Problem]:
    """Whether the body is of another app, or has forms or fields with the ids of another app's."""
    taken = {node_id for other in others for node_id in other.nodes}
    if app.id != app_id or not taken.isdisjoint(app.nodes):
        message = T("Parts of this app belong to another app of the workspace. Make a copy with new ids.")
        return [Problem(app_id, "foreign_parts", message)]
    return []
