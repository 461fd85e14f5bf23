"""Workspaces for tests: on disk, encrypted, with the sample app; opened as often as a test likes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from runtime.changes import Change, ChangeKind, new_uuid
from runtime.checks import problems_of
from runtime.clock import Clock
from runtime.definition.node import App
from runtime.form import Form
from runtime.session import Session
from runtime.store.records import Applied, Outcome, Rejected
from runtime.store.rows import Row
from runtime.store.workspace import Workspace
from tests.support.apps import customers_and_orders, field_called, form_called


class Office:
    """A session on a workspace with 客户 and 订单, in the words of a test.

    Args:
        folder: where the workspace is made.
        app: what is published; default the sample app.
    """

    def __init__(self, folder: Path, app: App | None = None, clock: Clock | None = None) -> None:
        self.session = Session(Workspace.create(folder / "office.formwork", problems_of, clock=clock))
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

    def reopen(self) -> None:
        """Close the workspace and open it again, as after a restart."""
        folder = self.session.folder
        self.session.close()
        self.session = Session(Workspace.open(folder, problems_of))


def codes(outcome: Outcome) -> list[str]:
    """The codes of the problems of a rejection; [] for what was applied."""
    return [problem.code for problem in outcome.problems] if isinstance(outcome, Rejected) else []
