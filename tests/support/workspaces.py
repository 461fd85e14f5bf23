"""Workspaces for tests: in an encrypted file or on a PostgreSQL server, with the sample app; opened again at will."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from runtime.changes import Change, ChangeKind, new_uuid
from runtime.checks import problems_of
from runtime.clock import Clock
from runtime.definition.node import App
from runtime.form import Form
from runtime.session import Session
from runtime.store.dialect import on_server
from runtime.store.postgres import Server
from runtime.store.records import Applied, Outcome, Rejected
from runtime.store.rows import Row
from runtime.store.server_workspace import ServerWorkspace
from runtime.store.system import commit_log
from runtime.store.workspace import Workspace
from tests.support.apps import customers_and_orders, field_called, form_called

_server: ContextVar[Server | None] = ContextVar("server", default=None)


@contextmanager
def offices_on(server: Server | None) -> Iterator[None]:
    """Inside the block every new `Office` is on this server; None = in a file."""
    token = _server.set(server)
    try:
        yield
    finally:
        _server.reset(token)


class Office:
    """A session on a workspace with 客户 and 订单, in the words of a test.

    Args:
        folder: where the workspace is made; on a server its name comes from it.
        app: what is published; default the sample app.
    """

    def __init__(self, folder: Path, app: App | None = None, clock: Clock | None = None) -> None:
        self.server = _server.get()
        self.folder = folder / "office.formwork"
        self.schema = f"office_{sha256(str(folder).encode()).hexdigest()[:20]}"
        if self.server is None:
            self.session = Session(Workspace.create(self.folder, problems_of, clock=clock))
        else:
            self.session = Session(ServerWorkspace.create(self.server, self.schema, "office", problems_of, clock))
        made = app or customers_and_orders()
        self.session.publish(made)
        self._app = made.id

    @property
    def app(self) -> App:
        """The published app."""
        return self.session.apps[self._app]

    def form(self, name: str) -> Form:
        """A form as it is published now."""
        return form_called(self.app, name)

    def values(self, form: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Typed values by field id, from values by name; choices by label."""
        typed = {}
        for name, value in values.items():
            field = field_called(self.form(form), name)
            choice = field.kind.name == "choice" and isinstance(value, str)
            typed[field.id] = field.kind.parse(value, field.props) if choice else value
        return typed

    def new(self, form: str, values: Mapping[str, Any]) -> UUID:
        """Make a record that must be accepted; its id."""
        row = new_uuid()
        outcome = self.try_new(form, values, row)
        assert isinstance(outcome, Applied), outcome
        return row

    def try_new(self, form: str, values: Mapping[str, Any], row: UUID | None = None) -> Outcome:
        """Try to make a record."""
        change = Change(ChangeKind.NEW, self.form(form).id, row or new_uuid(), self.values(form, values))
        return self.session.save([change], f"Add to {form}")

    def set(self, form: str, row: UUID, values: Mapping[str, Any]) -> Outcome:
        """Change a record."""
        change = Change(ChangeKind.SET, self.form(form).id, row, self.values(form, values))
        return self.session.save([change], f"Change {form}")

    def delete(self, form: str, row: UUID) -> Outcome:
        """Put a record into the bin."""
        return self.session.save([Change(ChangeKind.DEL, self.form(form).id, row)], f"Delete from {form}")

    def row(self, form: str, row: UUID) -> Row:
        """A record as the store holds it, the bin included."""
        return self.session.reader.by_id(self.form(form).id, [row])[0]

    def read(self, form: str, row: UUID) -> dict[str, Any]:
        """Field name -> typed value; blanks are left out."""
        names = {field.id: field.name for field in self.form(form).fields}
        return {names[key]: value for key, value in self.row(form, row).values.items()}

    def commits(self) -> list[int]:
        """The numbers of all commits."""
        with self.session._workspace.database.reader.connect() as connection:
            return list(connection.execute(sa.select(commit_log.c.seq).order_by(commit_log.c.seq)).scalars())

    def reopen(self) -> None:
        """Close the workspace and open it again, as after a restart."""
        self.session.close()
        self.session = self.another()

    def another(self) -> Session:
        """A session on the same workspace, opened once more: on a server as another process would have it."""
        if self.server is None:
            return Session(Workspace.open(self.folder, problems_of))
        return Session(ServerWorkspace.open(self.server, self.schema, problems_of))


class _Explained(sa.Executable, sa.ClauseElement):
    inherit_cache = False

    def __init__(self, statement: sa.Select[Any]) -> None:
        self.statement = statement


@compiles(_Explained)
def _explain(element: _Explained, compiler: Any, **more: Any) -> str:
    word = "EXPLAIN QUERY PLAN" if compiler.dialect.name == "sqlite" else "EXPLAIN"
    return f"{word} {compiler.process(element.statement, **more)}"


def plan(connection: sa.Connection, statement: sa.Select[Any]) -> str:
    """How the database would answer; on PostgreSQL as if the tables were large."""
    if on_server(connection):
        connection.exec_driver_sql("SET LOCAL enable_seqscan TO off")
    return "\n".join(str(line[-1]) for line in connection.execute(_Explained(statement)).cursor.fetchall())


def codes(outcome: Outcome) -> list[str]:
    """The codes of the problems of a rejection; [] for what was applied."""
    return [problem.code for problem in outcome.problems] if isinstance(outcome, Rejected) else []
