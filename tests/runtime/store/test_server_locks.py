"""What another process on a server is at is left alone; what it left when it was killed is not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.errors import UserError
from runtime.exchange.importing.importer import resume
from runtime.session import Session
from runtime.store import unfinished
from runtime.store.engine import StoreFailure
from runtime.store.records import Applied
from runtime.store.server_locks import ServerLock, ServerUnderWay, key_of, taken
from runtime.store.unfinished import Marking
from runtime.work import Progress
from tests.runtime.exchange.workbooks import xlsx
from tests.support.apps import field_called
from tests.support.profile import ROOT
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine("postgres")

OPENED = """
import sys
from pathlib import Path
from runtime.changes import BulkChange, ChangeKind, new_uuid
from runtime.checks import problems_of
from runtime.session import Session
from runtime.store.server_workspace import ServerWorkspace
from runtime.store.unfinished import Marking
from runtime.work import Progress

def wait():
    print("there", flush=True)
    sys.stdin.readline()

with Session(ServerWorkspace.open(sys.argv[1], sys.argv[2], problems_of)) as session:
"""
PASTING = """
    form = session.find_form("客户")
    name = form.called("名称").id
    marking = Marking.of("Paste", 4)
    with session.long_work.going_on(marking.mark.id):
        change = BulkChange(ChangeKind.NEW, form.id, [new_uuid(), new_uuid()], {name: ["x1", "x2"]})
        session.apply([change, *marking.along(2)], "Paste", batch=marking.mark.id)
        wait()
"""
IMPORTING = """
    from runtime.exchange.importing.importer import import_all
    from runtime.exchange.readers.reading import open_workbook
    from runtime.exchange.understanding.workbooks import understand

    def watch(step):
        if "Importing" in str(step.label) and step.done > 0:
            wait()

    plan = understand(open_workbook(Path(sys.argv[3]), Progress()), Progress())
    import_all(session, plan, "货", {}, Progress(watch))
"""
TRYING = """
    with session.rehearsal(Progress()) as copy:
        copy.form("客户").create({"名称": "x"})
        wait()
"""


@contextmanager
def another_process(office: Office, work: str, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Another program on the same workspace, in the middle of this work; killed at the end of the block."""
    assert office.server is not None
    command = [sys.executable, "-c", OPENED + work, office.server.dsn, office.schema, *more]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == b"there\n"
        yield process
    finally:
        process.kill()
        process.communicate(timeout=60)


def wait_until(office: Office, true: Callable[[], object]) -> None:
    """The server notices within moments that a program is gone."""
    with office.session._workspace.database.reader.connect() as connection:
        for _ in range(6_000):
            if true():
                return
            connection.exec_driver_sql("SELECT pg_sleep(0.01)")
    pytest.fail("the server has not noticed")


def names(session: Session) -> list[str]:
    return sorted(record["名称"] for record in session.form("客户").records())


def schemas(office: Office) -> list[str]:
    """The copies that are there to try something in."""
    sql = "SELECT nspname FROM pg_namespace WHERE nspname LIKE ? ORDER BY nspname"
    with office.session._workspace.database.reader.connect() as connection:
        return list(connection.exec_driver_sql(sql, (office.schema[:40].replace("_", "\\_") + "\\_try%",)).scalars())


def test_work_of_a_process_that_lives_is_not_interrupted_and_of_one_that_was_killed_is(office: Office) -> None:
    session = office.session
    office.new("客户", {"名称": "甲"})
    with another_process(office, PASTING):
        assert session.unfinished == []
        (work,) = unfinished.read(session._workspace.database, "")
        for touch in (session.long_work.take_back, session.long_work.leave):
            with pytest.raises(UserError, match="in another place") as refusal:
                touch(work)
            assert refusal.value.code == "under_way"
        assert names(session) == ["x1", "x2", "甲"]
    wait_until(office, lambda: session.unfinished)
    assert [each.label for each in session.unfinished] == ["Paste"]
    assert session.long_work.take_back(work) == 2
    assert (names(session), session.unfinished) == (["甲"], [])
    assert session.damage() == []


def test_an_import_that_was_killed_in_another_process_goes_on_here(office: Office, tmp_path: Path) -> None:
    rows = [["货号", "名称"], *[[f"K{at}", f"货{at}"] for at in range(11_000)]]
    path = xlsx(tmp_path / "货.xlsx", {"货": rows})
    session = office.session
    with another_process(office, IMPORTING, str(path)):
        (work,) = unfinished.read(session._workspace.database, "")
        with pytest.raises(UserError, match="in another place"):
            resume(session, work, Progress())
        assert session.unfinished == []
    wait_until(office, lambda: session.unfinished)
    assert resume(session, work, Progress()).created == 11_000
    assert (session.form("货").count(), session.unfinished) == (11_000, [])
    assert session.damage() == []


def test_a_copy_in_use_stays_and_one_that_a_killed_process_left_goes(office: Office) -> None:
    with another_process(office, TRYING):
        (copy,) = schemas(office)
        office.another()
        with office.session.rehearsal(Progress()):
            assert len(schemas(office)) == 2
        assert schemas(office) == [copy]
    with office.session._workspace.database.reader.connect() as connection:
        wait_until(office, lambda: not taken(connection, [key_of(copy)]))
    assert schemas(office) == [copy]
    office.another()
    assert schemas(office) == []


def test_copies_of_a_workspace_whose_name_begins_alike_are_left_to_it(office: Office, tmp_path: Path) -> None:
    assert office.server is not None
    made = f"{office.schema[:40]}_try_0123456789ab"
    with office.server.bare(made).begin() as connection:
        connection.exec_driver_sql(f'CREATE SCHEMA "{made}"')
    office.another()
    assert made in schemas(office)


def test_what_is_done_in_this_process_is_not_interrupted_either(office: Office) -> None:
    marking = Marking.of("Paste", 4)
    with office.session.long_work.going_on(marking.mark.id):
        paste(office.session, marking, "x1")
        assert office.session.unfinished == office.another().unfinished == []
    assert len(office.session.unfinished) == len(office.another().unfinished) == 1


def paste(session: Session, marking: Marking, name: str) -> Applied:
    """One commit of several."""
    form = session.find_form("客户")
    change = BulkChange(ChangeKind.NEW, form.id, [new_uuid()], {field_called(form, "名称").id: [name]})
    changes = [change, *marking.along(2)]
    outcome = session.apply(changes, "Paste", batch=marking.mark.id)
    assert isinstance(outcome, Applied)
    marking.applied(changes)
    return outcome


def test_nothing_is_written_any_more_by_work_that_others_could_take_over(office: Office) -> None:
    session, other = office.session, office.another()
    marking = Marking.of("Paste", 4)
    with session.long_work.going_on(marking.mark.id):
        paste(session, marking, "x1")
        cut_off(office, marking)
        with pytest.raises(StoreFailure) as refusal:
            paste(session, marking, "x2")
        assert refusal.value.code == "connection_lost"
        assert names(session) == ["x1"]
        (work,) = other.unfinished
        assert other.long_work.take_back(work) == 1
        with pytest.raises(StoreFailure):
            paste(session, marking, "x3")
    assert (names(other), session.unfinished) == ([], [])
    assert session.damage() == []


def test_work_that_lost_its_lock_can_be_given_up_where_it_was_done(office: Office) -> None:
    session = office.session
    marking = Marking.of("Paste", 4)
    with session.long_work.going_on(marking.mark.id):
        made = paste(session, marking, "x1")
        cut_off(office, marking)
        session.abandon([made], marking.mark.id)
    assert (names(session), session.unfinished) == ([], [])


def cut_off(office: Office, marking: Marking) -> None:
    """The connection that holds the lock is lost."""
    under_way = office.session._workspace.records.under_way
    assert isinstance(under_way, ServerUnderWay)
    lock = under_way._locks[marking.mark.id]
    with office.session._workspace.database.reader.connect() as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(?)", (lock.backend,))
        wait_until(office, lambda: not taken(connection, [lock.key]))


def test_a_lock_is_held_by_one_and_holds_up_no_vacuum(office: Office) -> None:
    assert office.server is not None
    first, second = ServerLock(office.server, "a"), ServerLock(office.server, "a")
    assert first.take()
    assert not second.take()
    with office.session._workspace.database.reader.connect() as connection:
        sql = "SELECT state, backend_xmin, backend_xid FROM pg_stat_activity WHERE pid = ?"
        assert tuple(connection.exec_driver_sql(sql, (first.backend,)).one()) == ("idle in transaction", None, None)
    first.release()
    assert second.take()
    second.release()


def test_a_single_commit_takes_no_lock(office: Office, statements: list[str]) -> None:
    row = office.new("客户", {"名称": "甲"})
    office.set("客户", row, {"名称": "乙"})
    assert office.session.undo()
    assert not [each for each in statements if "advisory" in each]


@pytest.mark.parametrize("there", [0, 4])
def test_records_in_the_place_of_ones_that_another_process_erased_are_found(
    office: Office, monkeypatch: pytest.MonkeyPatch, there: int
) -> None:
    session, other = office.session, office.another()
    for at in range(there):
        office.new("客户", {"名称": f"甲{at}"})
    while session.index_some() is not None:
        pass
    made = [paste(session, Marking.of("Paste", 4), f"乙{at}") for at in range(5)]
    following = other._workspace.index._next

    def erased_meanwhile(connection: sa.Connection, *more: object) -> object:
        found = following(connection, *more)  # type: ignore[arg-type]
        monkeypatch.setattr(other._workspace.index, "_next", following)
        session.abandon(made)
        return found

    monkeypatch.setattr(other._workspace.index, "_next", erased_meanwhile)
    other.index_some()
    for at in range(5):
        office.new("客户", {"名称": f"丙{at}"})
    for each in (other, session):
        assert [len(each.search(word)) for word in "甲乙丙"] == [there, 0, 5]
