"""What a batch wrote is read back on both engines, and taken back whole."""

from __future__ import annotations

from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.store.batches import commits_numbered, commits_of, numbers_of
from runtime.store.records import Applied
from tests.support.workspaces import Office


def made(office: Office, batch: object, count: int) -> Applied:
    form = office.form("客户")
    names = [f"{new_uuid()}" for _ in range(count)]
    change = BulkChange(ChangeKind.NEW, form.id, [new_uuid() for _ in names], {form.fields[0].id: names})
    outcome = office.session.apply([change], "Add", batch=batch)  # type: ignore[arg-type]
    assert isinstance(outcome, Applied)
    return outcome


def test_the_commits_of_a_batch_are_read_back_with_what_they_made(office: Office):
    batch, database = new_uuid(), office.session._workspace.database
    first = made(office, batch, 3)
    made(office, new_uuid(), 2)
    second = made(office, batch, 4)
    forms = office.session._workspace.apps.now.forms
    found = commits_of(database, batch, forms)
    assert [(each.seq, each.created) for each in found] == [(each.seq, each.created) for each in (first, second)]
    assert numbers_of(database, batch) == [first.seq, second.seq]
    assert commits_numbered(database, [second.seq], forms)[0].created == second.created


def test_a_batch_is_taken_back_with_commits_that_nobody_learned_of(office: Office):
    batch = new_uuid()
    first = made(office, batch, 3)
    made(office, batch, 2)
    made(office, new_uuid(), 1)
    office.session.abandon([first], batch)
    assert office.session.form("客户").count() == 1
