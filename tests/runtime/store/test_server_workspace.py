"""Workspaces on a PostgreSQL server: many processes at one workspace, and the same values as in a file."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from runtime.changes import BulkChange, Change, ChangeKind, ChangeSet, new_uuid
from runtime.checks import problems_of
from runtime.definition.edits import AddNode, SetProperty
from runtime.errors import Refused, UserError
from runtime.form import field_node
from runtime.session import Session
from runtime.store import system, text_order
from runtime.store.engine import StoreFailure
from runtime.store.postgres import Server
from runtime.store.query import Query, Sort
from runtime.store.records import Applied
from runtime.store.schema import table_name, table_of
from runtime.store.server_workspace import ServerWorkspace
from runtime.store.system import SYSTEM_VERSION, history, read_meta
from tests.support import postgres
from tests.support.apps import customers_and_orders, field_called
from tests.support.profile import ROOT
from tests.support.workspaces import Office, codes, offices_on

pytestmark = pytest.mark.one_engine("postgres")


def _run(tasks: Sequence[Callable[[], object]]) -> None:
    """Run all at once and wait for them."""
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# One workspace, many processes


def test_two_who_write_at_once_both_succeed_and_commits_have_no_gaps(office: Office) -> None:
    sessions = [office.another() for _ in range(2)]
    made: list[list[int]] = [[], []]
    start = threading.Barrier(2)

    def work(at: int) -> None:
        start.wait()
        form = sessions[at].form("客户")
        for number in range(25):
            record = form.create({"名称": f"{at}-{number}"})
            made[at].append(record.row.seq)
            form.update(record.id, {"备注": "x"})

    _run([partial(work, at) for at in range(2)])
    assert [len(numbers) for numbers in made] == [25, 25]
    assert office.commits() == list(range(1, 102))
    assert len(set(made[0]) | set(made[1])) == 50
    assert office.session.form("客户").count() == 50
    assert office.session.damage() == []
    numbers = list(office.session.reader.ids(Query(office.form("客户").id, where="TRUE()")))
    assert numbers == list(range(1, 51))


def test_a_writer_waits_for_the_one_before_it_in_another_process(office: Office) -> None:
    other = office.another()
    database = office.session._workspace.database
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%' || ? || '%'"
    thread = threading.Thread(target=lambda: other.form("客户").create({"名称": "甲"}))
    with database.writer.begin():
        thread.start()
        with office.server.engine.connect() as connection:  # type: ignore[union-attr]
            while not connection.exec_driver_sql(waits, (office.schema,)).scalar():
                connection.exec_driver_sql("SELECT pg_sleep(0.01), pg_stat_clear_snapshot()")
        assert office.session.form("客户").count() == 0
    thread.join()
    assert office.session.form("客户").count() == 1


def test_two_who_give_one_unique_value_at_once_are_told_apart(office: Office) -> None:
    sessions = [office.another() for _ in range(2)]
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def work(session: Session) -> None:
        for number in range(20):
            start.wait()
            try:
                session.form("客户").create({"名称": str(number)})
                outcomes.append("made")
            except Refused as refused:
                outcomes.append(refused.problems[0].code)

    _run([partial(work, session) for session in sessions])
    assert (outcomes.count("made"), outcomes.count("duplicate")) == (20, 20)


PROCESS = """
import sys
from runtime.checks import problems_of
from runtime.session import Session
from runtime.store.server_workspace import ServerWorkspace

with Session(ServerWorkspace.open(sys.argv[1], sys.argv[2], problems_of)) as session:
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(40):
        session.form("客户").create({"名称": f"{sys.argv[3]}-{number}"})
"""


def test_two_processes_write_into_one_workspace(office: Office) -> None:
    assert office.server is not None
    url = office.server.dsn
    command = [sys.executable, "-c", PROCESS, url, office.schema]
    writers = [
        subprocess.Popen([*command, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) for name in "ab"
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
    ends = [writer.communicate(b"go\n", timeout=60) for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], ends
    assert office.commits() == list(range(1, 82))
    assert office.session.form("客户").count() == 80
    assert office.session.damage() == []


def test_what_another_process_published_is_there_for_reading_and_writing(office: Office) -> None:
    other = office.another()
    name = field_node(office.form("客户").id, "integer", "员工数")
    office.session.publish(AddNode(name).apply(office.app))
    row = office.session.form("客户").create({"名称": "甲", "员工数": 12})
    assert other.reader.by_id(office.form("客户").id, [row.id])[0].values[name.id] == 12
    assert other.form("客户").create({"名称": "乙", "员工数": 3})["员工数"] == 3


def test_a_rule_that_another_process_published_holds_at_once(office: Office) -> None:
    other = office.another()
    note = field_called(office.form("客户"), "备注")
    office.session.publish(SetProperty(note.id, "required", True).apply(office.app))
    change = Change(ChangeKind.NEW, office.form("客户").id, new_uuid(), office.values("客户", {"名称": "甲"}))
    assert codes(other.save([change], "New")) == ["required"]


def test_two_processes_publish_and_the_second_is_told(office: Office) -> None:
    other = office.another()
    app = office.app
    office.session.publish(SetProperty(app.id, "label", {"*": "mine"}).apply(app))
    with pytest.raises(Refused, match="Somebody published"):
        other.publish(SetProperty(app.id, "label", {"*": "theirs"}).apply(app))
    assert other.apps[app.id].version == 2


def test_a_quiet_process_takes_notice_when_it_is_told_to(office: Office) -> None:
    assert office.server is not None
    other = ServerWorkspace.open(office.server, office.schema, problems_of)
    office.session.publish(SetProperty(office.app.id, "label", {"*": "neu"}).apply(office.app))
    assert other.apps.now.apps[office.app.id].version == 1
    other.refresh()
    assert other.apps.now.apps[office.app.id].version == 2


def test_stamps_of_several_processes_never_go_back(office: Office) -> None:
    other = office.another()
    office.session._workspace.records._stamps.see(1 << 60)
    first = office.new("客户", {"名称": "甲"})
    second = other.form("客户").create({"名称": "乙"}).id
    table = table_of(office.form("客户"))
    with office.session._workspace.database.reader.connect() as connection:
        stamps = dict(tuple(line) for line in connection.execute(sa.select(table.c["_id"], table.c["_c"])))
    before, after = (int(stamps[row.bytes].strip("[]").split(",")[3]) for row in (first, second))
    assert before < after


def test_the_same_changeset_from_two_processes_is_applied_once(office: Office) -> None:
    other = office.another()
    change = Change(ChangeKind.NEW, office.form("客户").id, new_uuid(), office.values("客户", {"名称": "甲"}))
    changes = ChangeSet((change,))
    first = office.session._workspace.records.apply(changes)
    second = other._workspace.records.apply(changes)
    assert isinstance(first, Applied) and isinstance(second, Applied)
    assert first.seq == second.seq
    assert office.session.form("客户").count() == 1


def test_a_reader_sees_one_moment_and_waits_for_nobody(office: Office) -> None:
    office.new("客户", {"名称": "甲"})
    database = office.session._workspace.database
    sql = f'SELECT count(*) FROM "{table_name(office.form("客户").id)}"'
    with database.reader.connect() as connection:
        assert connection.exec_driver_sql(sql).scalar() == 1
        office.new("客户", {"名称": "乙"})
        assert connection.exec_driver_sql(sql).scalar() == 1
    with database.writer.begin() as writing, database.reader.connect() as connection:
        writing.exec_driver_sql(f'DELETE FROM "{table_name(office.form("客户").id)}"')
        assert connection.exec_driver_sql(sql).scalar() == 2
        writing.rollback()


def test_readers_cannot_write(office: Office) -> None:
    for statement in ("DELETE FROM meta", "CREATE TABLE y (a int)", "DROP TABLE meta"):
        with pytest.raises(StoreFailure) as refusal, office.session._workspace.database.reader.begin() as connection:
            connection.exec_driver_sql(statement)
        assert refusal.value.code == "read_only"


# The same values as in a file


def _everything(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """Form -> its rows as the database holds them, without what differs from run to run."""
    found = {}
    with office.session._workspace.database.reader.connect() as connection:
        for form in office.session._workspace.apps.now.forms.values():
            table = table_of(form)
            columns = [column for column in table.columns if column.name not in {"_id", "_c", "_fv"}]
            rows = connection.execute(sa.select(*columns).order_by(table.c["_n"])).all()
            found[form.id] = [tuple(bytes(cell) if isinstance(cell, bytes) else cell for cell in row) for row in rows]
        told = history.c
        lines = connection.execute(sa.select(told.h, told.seq, told.form, told.kind, told.after).order_by(told.h))
        found["history"] = [tuple(line) for line in lines]
    return found


def test_a_file_and_a_server_hold_the_same_values(server: Server, tmp_path: Path, clock: Any) -> None:
    app = customers_and_orders()
    pictures = []
    customer, order = new_uuid(), new_uuid()
    for place in (None, server):
        with offices_on(place):
            office = Office(tmp_path / str(place is None), app, clock)
            person = {"名称": "张伟", "等级": "高", "备注": "一\n二 \t x", "重点": True}
            assert codes(office.try_new("客户", person, customer)) == []
            values = {
                "编号": "A-1 ä 😀",
                "客户": customer,
                "数量": 10**15,
                "单价": Decimal("-19.99"),
                "折扣": Decimal("0.25"),
                "日期": date(1, 1, 1),
                "发货时间": datetime(9999, 12, 29, 23, 59, 59, 999999, tzinfo=UTC),
                "重量": Decimal("1.125"),
            }
            outcome = office.try_new("订单", values, order)
            assert isinstance(outcome, Applied), outcome
            office.set("订单", order, {"数量": 3, "重量": None})
            office.delete("客户", customer)
            form = office.form("订单")
            columns = {field_called(form, "编号").id: [f"{at}" for at in range(9)]}
            office.session.save([BulkChange(ChangeKind.NEW, form.id, [new_uuid() for _ in range(9)], columns)], "Many")
            pictures.append(_everything(office))
            office.session.close()
    assert pictures[0] == pictures[1]
    assert sum(map(len, pictures[0].values())) == 1 + 10 + 2


TEXTS = ["Z", "a", "_", "ä", "Ä", "B", "b", "é", "张", "一", "😀", "～", " x", "-", "10", "9", "ab", "a b", "A"]


def test_texts_sort_as_in_a_file_whatever_the_language_of_the_server(tmp_path: Path) -> None:
    with postgres.running(locale="C.UTF-8") as url:
        server = Server(url)
        with offices_on(server):
            office = Office(tmp_path)
            for text in TEXTS:
                office.new("订单", {"编号": text})
            form = office.form("订单")
            key = Sort(field_called(form, "编号").id)
            rows = office.session.reader.rows(form.id, office.session.reader.ids(Query(form.id, sort=(key,))))
            assert [row.values[key.field] for row in rows] == sorted(TEXTS, key=text_order.place)
        server.close()


def test_stamps_of_fields_are_merged_as_in_a_file(office: Office) -> None:
    row = office.new("订单", {"编号": "A"})
    office.set("订单", row, {"编号": "B", "数量": 1})
    office.set("订单", row, {"数量": 2})
    form = office.form("订单")
    table = table_of(form)
    with office.session._workspace.database.reader.connect() as connection:
        merged = connection.execute(sa.select(table.c["_fv"])).scalar_one()
    import msgspec

    stamps = msgspec.json.decode(merged)
    assert {form.by_id[key].name: stamp[0] for key, stamp in stamps.items()} == {"编号": 3, "数量": 4}
    assert " " not in merged


def test_a_text_longer_than_an_index_page_can_be_unique(office: Office) -> None:
    import random

    form = office.form("客户")
    name = field_called(form, "名称")
    office.session.publish(SetProperty(name.id, "max_length", 32767).apply(office.app))
    letters = random.Random(7)
    text = "".join(chr(letters.randrange(0x4E00, 0x9FA5)) for _ in range(30_000))
    office.new("客户", {"名称": text})
    assert codes(office.try_new("客户", {"名称": text})) == ["duplicate"]
    assert codes(office.try_new("客户", {"名称": text[:-1]})) == []


def test_a_record_that_is_there_refuses_a_whole_import_and_the_next_goes_on(office: Office) -> None:
    form = office.form("客户")
    name = field_called(form, "名称").id
    there = office.new("客户", {"名称": "0"})
    ids = [new_uuid(), there, new_uuid()]
    change = BulkChange(ChangeKind.NEW, form.id, ids, {name: ["1", "2", "3"]})
    more = BulkChange(ChangeKind.NEW, form.id, [new_uuid()], {name: ["0"]})
    assert codes(office.session.save([change, more], "Import")) == ["record_exists", "duplicate"]
    assert office.session.form("客户").count() == 1
    good = BulkChange(ChangeKind.NEW, form.id, [new_uuid() for _ in range(3)], {name: ["1", "2", "3"]})
    assert codes(office.session.save([good], "Import")) == []
    assert office.session.form("客户").count() == 4
    assert office.session.damage() == []


# Making, opening, dropping


def test_workspaces_of_one_database_know_nothing_of_each_other(server: Server, tmp_path: Path) -> None:
    with offices_on(server):
        one, other = Office(tmp_path / "1"), Office(tmp_path / "2")
    one.new("客户", {"名称": "甲"})
    assert other.session.form("客户").count() == 0
    assert {form.id for form in one.session.forms}.isdisjoint(form.id for form in other.session.forms)


def test_what_exists_is_never_made_over(office: Office) -> None:
    assert office.server is not None
    office.new("客户", {"名称": "甲"})
    with pytest.raises(UserError, match="exists already"):
        ServerWorkspace.create(office.server, office.schema, "again", problems_of)
    assert office.session.form("客户").count() == 1


def test_several_make_the_same_workspace_at_once_and_one_has_it(server: Server) -> None:
    name, outcomes = f"w{uuid4().hex}", []
    start = threading.Barrier(4)

    def make() -> None:
        start.wait()
        try:
            ServerWorkspace.create(server, name, "x", problems_of)
            outcomes.append("made")
        except UserError as refusal:
            outcomes.append(refusal.code)

    _run([make] * 4)
    assert sorted(outcomes) == ["exists", "exists", "exists", "made"]


def test_a_workspace_that_is_not_there_is_said(server: Server) -> None:
    with pytest.raises(StoreFailure, match="no such workspace") as refusal:
        ServerWorkspace.open(server, "nowhere", problems_of)
    assert refusal.value.code == "no_workspace"
    with server.bare("empty").begin() as connection:
        connection.exec_driver_sql("CREATE SCHEMA empty")
    with pytest.raises(StoreFailure, match="no such workspace"):
        ServerWorkspace.open(server, "empty", problems_of)
    ServerWorkspace.create(server, "empty", "x", problems_of).drop()
    with pytest.raises(StoreFailure, match="no such workspace"):
        ServerWorkspace.open(server, "empty", problems_of)


@pytest.mark.parametrize("name", ["", "A", "a b", 'a"; DROP SCHEMA public; --', "a" * 64, "1a", "ä", "a\n"])
def test_a_name_that_cannot_be_a_schema_is_refused(server: Server, name: str) -> None:
    with pytest.raises(UserError) as refusal:
        ServerWorkspace.create(server, name, "x", problems_of)
    assert refusal.value.code == "bad_name"


def test_a_workspace_of_a_newer_program_is_left_alone(office: Office) -> None:
    assert office.server is not None
    with office.session._workspace.database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE meta SET v = '99' WHERE k = 'system'")
    with pytest.raises(UserError) as refusal:
        ServerWorkspace.open(office.server, office.schema, problems_of)
    assert refusal.value.code == "newer_workspace"


FIRST_TABLES = {"meta", "commit_log", "history", "definition", "block"}
"""The system tables of version 1."""


def test_a_workspace_of_the_first_version_is_brought_to_this_one_by_whoever_comes_first(office: Office) -> None:
    assert office.server is not None
    row = office.new("客户", {"名称": "甲"})
    with office.server.bare(office.schema).begin() as connection:
        there = [name for name in sa.inspect(connection).get_table_names() if not name.startswith("f_")]
        for later in set(there) - FIRST_TABLES:
            connection.exec_driver_sql(f"DROP TABLE {later}")
        connection.exec_driver_sql("UPDATE meta SET v = '1' WHERE k = 'system'")
    opened: list[Session] = []
    start = threading.Barrier(3)

    def open_it() -> None:
        start.wait()
        opened.append(office.another())

    _run([open_it] * 3)
    assert [session.form("客户").get(row)["名称"] for session in opened] == ["甲"] * 3  # type: ignore[index]
    opened[0].form("客户").create({"名称": "乙"})
    with office.server.bare(office.schema).begin() as connection:
        assert read_meta(connection)["system"] == str(SYSTEM_VERSION)
        assert set(sa.inspect(connection).get_table_names()) >= set(system.metadata.tables)


def test_a_workspace_that_was_opened_by_its_address_closes_its_connections(office: Office) -> None:
    assert office.server is not None
    opened = ServerWorkspace.open(office.server.dsn, office.schema, problems_of)
    with opened.database.reader.connect() as connection:
        number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    opened.close()
    with office.session._workspace.database.reader.connect() as connection:
        sql = "SELECT count(*) FROM pg_stat_activity WHERE pid = ?"
        for _ in range(6_000):
            if not connection.exec_driver_sql(sql, (number,)).scalar():
                return
            connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
            connection.exec_driver_sql("SELECT pg_sleep(0.01)")
    pytest.fail("the connection is still there")
