"""A PostgreSQL server that fails says so in words, and loses and doubles nothing that was acknowledged."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa

from runtime.changes import Change, ChangeKind, ChangeSet, new_uuid
from runtime.checks import problems_of
from runtime.session import Session
from runtime.store.engine import StoreFailure
from runtime.store.postgres import Server, ServerDatabase, failure_in
from runtime.store.records import Applied
from runtime.store.schema import table_name
from runtime.store.server_workspace import ServerWorkspace
from tests.support.apps import field_called
from tests.support.workspaces import Office, codes, offices_on

pytestmark = pytest.mark.one_engine("postgres")


def _kill_connections(server: Server) -> None:
    """End every other connection to the database of these tests, as a restart does."""
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )


def test_connections_that_were_cut_between_two_calls_are_not_noticed(server: Server, tmp_path: Path) -> None:
    with offices_on(server):
        office = Office(tmp_path)
    for number in range(3):
        _kill_connections(server)
        row = office.new("客户", {"名称": str(number)})
        _kill_connections(server)
        assert office.read("客户", row) == {"名称": str(number)}


def test_a_connection_cut_in_the_middle_loses_nothing_that_was_acknowledged(server: Server, tmp_path: Path) -> None:
    with offices_on(server):
        office = Office(tmp_path)
    office.new("客户", {"名称": "甲"})
    change = Change(ChangeKind.NEW, office.form("客户").id, new_uuid(), office.values("客户", {"名称": "乙"}))
    changes = ChangeSet((change,))
    records = office.session._workspace.records

    @sa.event.listens_for(records.database.writer, "commit", once=True)
    def _cut(connection: sa.Connection) -> None:
        _kill_connections(server)

    with pytest.raises(StoreFailure, match="connection to the server is lost") as refusal:
        records.apply(changes)
    assert refusal.value.code == "connection_lost"
    assert office.session.form("客户").count() == 1
    again = records.apply(changes)
    assert isinstance(again, Applied)
    assert (again.seq, office.session.form("客户").count()) == (3, 2)
    assert office.session.damage() == []


def test_connections_cut_again_and_again_under_load_lose_and_double_nothing(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("psycopg", "sqlalchemy.pool.impl.QueuePool"):  # they say of some cuts that they met them
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)
    with offices_on(server):
        office = Office(tmp_path)
    form, name = office.form("客户"), field_called(office.form("客户"), "名称").id
    acknowledged: set[str] = set()
    failures: list[str] = []

    def work(session: Session, who: int) -> None:
        for number in range(40):
            text = f"{who}-{number}"
            changes = ChangeSet((Change(ChangeKind.NEW, form.id, new_uuid(), {name: text}),))
            while text not in acknowledged:
                try:
                    assert isinstance(session._workspace.records.apply(changes), Applied)
                    acknowledged.add(text)
                except StoreFailure as failure:
                    failures.append(failure.code)

    threads = [threading.Thread(target=work, args=(office.another(), who)) for who in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            _kill_connections(server)
            thread.join(0.02)
    assert len(acknowledged) == 120
    assert failures
    assert set(failures) == {"connection_lost"}
    assert office.session.form("客户").count() == 120
    assert office.commits() == list(range(1, 122))
    assert office.session.damage() == []


def test_a_server_that_is_not_there_is_said_quickly(tmp_path: Path) -> None:
    with pytest.raises(StoreFailure) as refusal:
        ServerWorkspace.open(f"postgresql://x@/postgres?host={tmp_path}", "w", problems_of)
    assert refusal.value.code == "connection_lost"


def test_a_wrong_database_is_said(server: Server) -> None:
    with pytest.raises(StoreFailure):
        ServerWorkspace.open(psycopg.conninfo.make_conninfo(server.dsn, dbname="nowhere"), "w", problems_of)


def test_a_server_that_takes_no_changes_says_so_and_goes_on_afterwards(server: Server, tmp_path: Path) -> None:
    with offices_on(server):
        office = Office(tmp_path)
    row = office.new("客户", {"名称": "甲"})
    _switch(server, "on")
    try:
        with pytest.raises(StoreFailure) as refusal:
            office.new("客户", {"名称": "乙"})
        assert refusal.value.code == "read_only"
        assert office.read("客户", row) == {"名称": "甲"}
    finally:
        _switch(server, "off")
    office.new("客户", {"名称": "乙"})


def _switch(server: Server, read_only: str) -> None:
    """Make the database refuse changes, as a standby does, or take them again."""
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = off")
        name = connection.info.dbname
        connection.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {read_only}'.encode())
    _kill_connections(server)


def test_an_account_without_rights_is_told(server: Server, office: Office) -> None:
    reader = f"r{uuid4().hex}"
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {reader} LOGIN".encode())
        connection.execute(f"GRANT USAGE ON SCHEMA {office.schema} TO {reader}".encode())
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {office.schema} TO {reader}".encode())
    mine = Server(psycopg.conninfo.make_conninfo(server.dsn, user=reader))
    session = Session(ServerWorkspace.open(mine, office.schema, problems_of))
    assert session.form("客户").count() == 0
    with pytest.raises(StoreFailure) as refusal:
        session.form("客户").create({"名称": "甲"})
    assert refusal.value.code == "read_only"
    with pytest.raises(StoreFailure):
        ServerWorkspace.create(mine, f"w{uuid4().hex}", "x", problems_of)
    mine.close()


def test_a_writer_that_never_ends_does_not_stop_the_others_for_ever(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert office.server is not None
    other = office.another()
    monkeypatch.setattr("runtime.store.postgres.PATIENCE", "50ms")
    office.session._workspace.database.writer = ServerDatabase(office.server, office.schema).writer
    with other._workspace.database.writer.begin():
        with pytest.raises(StoreFailure) as refusal:
            office.new("客户", {"名称": "甲"})
        assert refusal.value.code == "workspace_busy"
    office.new("客户", {"名称": "甲"})


STATES = {
    "53100": "disk_full",
    "53300": "server_busy",
    "25006": "read_only",
    "42501": "read_only",
    "40001": "workspace_busy",
    "40P01": "workspace_busy",
    "55P03": "workspace_busy",
    "57P01": "connection_lost",
    "57P03": "server_starting",
    "57014": "too_slow",
    "08006": "connection_lost",
    "28P01": "sign_in",
    "58030": "disk_error",
    "54000": "too_large",
    "XX001": "damaged",
}


@pytest.mark.parametrize(("state", "code"), STATES.items())
def test_what_the_server_says_is_said_in_words_with_what_to_do(state: str, code: str) -> None:
    error = type("Said", (psycopg.OperationalError,), {"sqlstate": state})("x")
    failure = failure_in(error)
    assert failure is not None
    assert failure.code == code
    assert str(failure.message) and str(failure.hint)


def test_an_error_of_ours_is_no_failure_of_the_server(office: Office) -> None:
    with pytest.raises(sa.exc.ProgrammingError), office.session._workspace.database.reader.connect() as connection:
        connection.exec_driver_sql("SELECT nonsense FROM meta")
    assert failure_in(ValueError("x")) is None
    assert failure_in(psycopg.DataError("x")) is None


def test_a_full_disk_is_said_and_nothing_is_half_written(server: Server, tmp_path: Path) -> None:
    with offices_on(server):
        office = Office(tmp_path)
    office.new("客户", {"名称": "甲"})
    table = table_name(office.form("客户").id)
    with server.bare(office.schema).begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END$$"
        )
        connection.exec_driver_sql(
            f'CREATE TRIGGER no_space BEFORE UPDATE ON "{table}" FOR EACH ROW EXECUTE FUNCTION full_disk()'
        )
    row = office.session.reader.rows(office.form("客户").id, [1])[0].id
    with pytest.raises(StoreFailure, match="disk of the server is full") as refusal:
        office.set("客户", row, {"名称": "乙"})
    assert refusal.value.code == "disk_full"
    assert office.read("客户", row) == {"名称": "甲"}
    assert office.commits() == [1, 2]
    with server.bare(office.schema).begin() as connection:
        connection.exec_driver_sql(f'DROP TRIGGER no_space ON "{table}"')
    assert codes(office.set("客户", row, {"名称": "乙"})) == []
    assert office.commits() == [1, 2, 3]


def test_nothing_is_kept_in_a_connection_so_a_pooler_may_stand_between(server: Server, tmp_path: Path) -> None:
    pooled = Server(server.dsn, prepare=False, pool=2)

    @sa.event.listens_for(pooled.engine, "checkout")
    def _somebody_else_had_it(connection: Any, *_more: Any) -> None:
        connection.execute("DISCARD ALL")
        connection.execute("SET search_path TO nowhere")
        assert connection.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)

    with offices_on(pooled):
        offices = [Office(tmp_path / str(at)) for at in range(2)]
    for number in range(10):
        for office in offices:
            row = office.new("客户", {"名称": str(number)})
            office.set("客户", row, {"备注": "x"})
            assert office.read("客户", row) == {"名称": str(number), "备注": "x"}
    assert [office.session.damage() for office in offices] == [[], []]
    pooled.close()
