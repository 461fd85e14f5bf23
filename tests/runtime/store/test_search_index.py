"""The index follows every commit, whatever happens in between: kills, other processes, restores, older workspaces."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.errors import Cancelled
from runtime.session import Session, open_workspace
from runtime.store import search_docs, search_index, search_query
from runtime.store.dialect import on_server
from runtime.store.records import Applied
from runtime.store.safety import Safety
from runtime.store.search_index import _Measure
from runtime.work import Progress, under
from tests.support.profile import ROOT
from tests.support.workspaces import Office


def index(session: Session) -> int:
    done = 0
    while (count := session.index_some()) is not None:
        done += count
    return done


def hits(session: Session, text: str) -> int:
    return len(session.reader.ids(session.query(session.find_form("客户").id, search=text)))


def add(office: Office, count: int, name: str = "客户") -> None:
    """Make customers in one commit."""
    form = office.form("客户")
    names = [f"{name}{at}" for at in range(count)]
    change = BulkChange(ChangeKind.NEW, form.id, [new_uuid() for _ in names], {form.fields[0].id: names})
    office.session.save([change], "Add")


def entries(office: Office) -> int:
    """Entries of the index."""
    database = office.session._workspace.database
    table = "search" if on_server(database.reader) else "search_docsize"
    with database.reader.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0)


def test_many_records_are_indexed_in_chunks_and_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "CHUNK", 10)
    add(office, 35)
    chunks = []
    while (count := office.session.index_some()) is not None:
        chunks.append(count)
    assert chunks == [0, 10, 10, 10, 5]
    assert entries(office) == 35
    assert index(office.session) == 0
    assert not office.session._workspace.index.waiting


def test_a_changed_record_has_one_entry(office: Office) -> None:
    row = office.new("客户", {"名称": "张伟"})
    for at in range(5):
        index(office.session)
        office.set("客户", row, {"名称": f"张{at}"})
    assert index(office.session) == 1
    assert entries(office) == 1
    assert hits(office.session, "张4") == 1
    assert hits(office.session, "张3") == 0


def test_the_index_is_no_commit_and_no_step_of_undo(office: Office) -> None:
    office.new("客户", {"名称": "张伟"})
    commits = office.commits()
    index(office.session)
    assert office.commits() == commits
    assert office.session.undo()
    assert hits(office.session, "张伟") == 0


def test_what_was_not_indexed_when_the_workspace_was_closed_is_found_after_opening(office: Office) -> None:
    office.new("客户", {"名称": "张伟"})
    index(office.session)
    office.new("客户", {"名称": "张伟明"})
    office.reopen()
    assert hits(office.session, "张伟") == 2
    assert index(office.session) == 1
    assert hits(office.session, "张伟") == 2


def test_two_processes_that_index_at_once_do_not_spoil_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """One reads, the other goes on with the same records and a change of them, then the first wants to write."""
    session = office.session
    row = office.new("客户", {"名称": "张伟"})
    real = session._workspace.index._next
    late: list[Any] = []

    def slow(connection: Any, snapshot: Any) -> Any:
        work = real(connection, snapshot)
        if not late and work is not None and work.found:
            late.append(work)
            monkeypatch.setattr(session._workspace.index, "_next", real)
            office.set("客户", row, {"名称": "李娜"})
            index(session)
        return work

    session.index_some()
    monkeypatch.setattr(session._workspace.index, "_next", slow)
    assert session.index_some() == 0
    index(session)
    assert (hits(session, "张伟"), hits(session, "李娜")) == (0, 1)


def test_of_many_that_wait_the_newest_are_looked_through(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_query, "MOST_UNSEEN", 5)
    add(office, 20)
    assert hits(office.session, "客户") == 5
    assert hits(office.session, "客户19") == 1
    index(office.session)
    assert hits(office.session, "客户") == 20


def test_a_statement_that_nobody_waits_for_is_broken_off(office: Office) -> None:
    office.new("客户", {"名称": "张伟"})
    progress = Progress()
    ended: list[BaseException] = []
    endless = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"

    def work() -> None:
        try:
            with under(progress), office.session.reader._reading() as connection:
                connection.exec_driver_sql(endless)
        except Cancelled as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    while thread.is_alive():  # before the statement runs there is nothing to break off
        progress.cancel()
        thread.join(0.05)
    assert len(ended) == 1
    assert hits(office.session, "张伟") == 1
    with pytest.raises(Cancelled), under(progress):
        hits(office.session, "张伟")


@pytest.mark.one_engine
def test_a_backup_holds_the_index_and_going_back_takes_it_along(office: Office) -> None:
    office.new("客户", {"名称": "张伟"})
    index(office.session)
    safety: Safety = office.session.safety
    backup = safety.backup("asked", Progress())
    office.new("客户", {"名称": "李娜"})
    index(office.session)
    office.session.settles = False
    office.session.restore(backup)
    assert entries(office) == 1
    assert (hits(office.session, "张伟"), hits(office.session, "李娜")) == (1, 0)
    office.new("客户", {"名称": "王海"})
    assert hits(office.session, "王海") == 1
    assert index(office.session) == 1
    assert hits(office.session, "王海") == 1
    assert office.session.damage() == []


KILLED = """
import os, sys
from runtime.session import open_workspace
from runtime.store import search_index

search_index.CHUNK = 50
session = open_workspace(sys.argv[1], "a passphrase for tests")
session.settles = False
form = session.form("客户")
for at in range(120):
    form.create({"名称": f"张{at}"})
for record in form.records(limit=30):
    form.update(record.id, {"备注": "改过"})
for _ in range(int(sys.argv[2])):
    session.index_some()
print("acknowledged", flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.one_engine
@pytest.mark.parametrize("steps", [0, 1, 2, 3, 4, 5])
def test_after_a_kill_between_commit_and_index_everything_is_found(tmp_path: Path, steps: int) -> None:
    from tests.support.apps import customers_and_orders

    folder = tmp_path / "w"
    with open_workspace(folder, "a passphrase for tests") as session:
        session.publish(customers_and_orders())
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), str(steps)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "acknowledged\n", done.stderr
    with open_workspace(folder, "a passphrase for tests") as session:
        for _ in range(2):
            assert hits(session, "张") == 120
            assert hits(session, "张119") == 1
            assert hits(session, "改过") == 30
            index(session)
        assert index(session) == 0


def given_up(office: Office, count: int, name: str) -> list[Applied]:
    """Make customers in work that is given up later."""
    form = office.form("客户")
    names = [f"{name}{at}" for at in range(count)]
    change = BulkChange(ChangeKind.NEW, form.id, [new_uuid() for _ in names], {form.fields[0].id: names})
    outcome = office.session.apply([change], "Add")
    assert isinstance(outcome, Applied)
    return [outcome]


@pytest.mark.parametrize("indexed", [1, 3])
@pytest.mark.parametrize("there", [0, 1, 4])
def test_records_in_the_place_of_erased_ones_that_were_just_being_indexed_are_found(
    office: Office, monkeypatch: pytest.MonkeyPatch, there: int, indexed: int
) -> None:
    monkeypatch.setattr(search_index, "CHUNK", 2)
    if there:
        add(office, there, "甲")
    work = given_up(office, 5, "乙")
    for _ in range(indexed):
        office.session.index_some()
    searched = office.session._workspace.index
    following = searched._next

    def erased_meanwhile(*arguments: Any) -> Any:
        found = following(*arguments)
        monkeypatch.setattr(searched, "_next", following)
        office.session.abandon(work)
        return found

    monkeypatch.setattr(searched, "_next", erased_meanwhile)
    office.session.index_some()
    add(office, 4, "丙")
    index(office.session)
    assert (hits(office.session, "甲"), hits(office.session, "乙"), hits(office.session, "丙")) == (there, 0, 4)


def test_a_slow_computer_indexes_fewer_at_a_time_and_more_again_when_it_is_quick() -> None:
    measure = _Measure(80, 200)
    assert measure.count == 200
    for _ in range(10):
        measure.took(measure.count, measure.count * 1e-4)
    assert 90 <= measure.count <= 110
    for _ in range(10):
        measure.took(measure.count, measure.count * 1e-3)
    assert measure.count == 80
    measure.took(1, 1e-5)
    assert measure.count == 80
    for _ in range(10):
        measure.took(measure.count, measure.count * 1e-5)
    assert measure.count == 200
    measure.took(200, 0.0)
    measure.took(3, 9.0)
    assert measure.count == 200


def test_what_is_slow_to_write_comes_in_smaller_chunks(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "HELD", 1e-9)
    add(office, 1_000)
    chunks = []
    while (count := office.session.index_some()) is not None:
        chunks.append(count)
    assert sum(chunks) == 1_000 and set(chunks[-3:-1]) == {search_index.LEAST}
    assert hits(office.session, "客户99") == 11


@pytest.mark.one_engine
def test_the_index_folds_the_log_so_that_commits_need_not(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[tuple[int, int]] = []
    fold = search_docs.FileDocs.fold

    def unfolded(reader: sa.Engine) -> int:
        with reader.connect() as connection:
            driver: Any = connection.connection.driver_connection
            _, long, folded = driver.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
        return int(long) - int(folded)

    def watched(docs: search_docs.FileDocs, reader: sa.Engine) -> None:
        before = unfolded(reader)
        fold(docs, reader)
        lengths.append((before, unfolded(reader)))

    monkeypatch.setattr(search_docs, "FOLDED", 20)
    monkeypatch.setattr(search_docs.FileDocs, "fold", watched)
    add(office, 2_000)
    index(office.session)
    long = [after for before, after in lengths if before >= 20]
    assert long and not any(long)
    assert all(after == before for before, after in lengths if before < 20)
    assert hits(office.session, "客户1999") == 1
    office.reopen()
    assert office.session.damage() == []
