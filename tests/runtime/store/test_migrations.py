"""Workspaces of version 1 brought to this one: after a backup, whole or not at all, the same tables as a new one."""

from __future__ import annotations

import select
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import keyring
import keyring.backends.fail
import pytest
import sqlalchemy as sa

from runtime.checks import problems_of
from runtime.errors import UserError
from runtime.session import open_workspace
from runtime.store import migrations, system
from runtime.store.engine import Database, open_keyed
from runtime.store.folder import DATABASE
from runtime.store.keys import read_slots, unlock
from runtime.store.workspace import Workspace
from tests.support.profile import ROOT
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine

GOLDEN = Path(__file__).parent / "golden"
PASSPHRASE = "golden passphrase"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A workspace as the first release left it."""
    return Path(shutil.copytree(GOLDEN / "v1.formwork", tmp_path / "v1.formwork"))


def key_of(folder: Path) -> bytes:
    return unlock(read_slots(folder), PASSPHRASE)


def facts(path: Path, key: bytes) -> dict[str, Any]:
    """Version, schema and rows of every table of the file; reads and leaves no trace."""
    connection = open_keyed(path, key)
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
    found = {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}
    connection.close()
    return found


def test_it_opens_with_everything_in_it_after_a_backup(old: Path) -> None:
    with open_workspace(old, PASSPHRASE) as session:
        assert session.safety.opening.upgraded == 1
        customers = session.form("客户").records()
        assert [record["名称"] for record in customers] == [f"客户{at}" for at in range(7)]
        assert customers[0]["备注"] == "改过"
        assert customers[6]["备注"] == "长文" * 3600
        assert [app.version for app in session.apps.values()] == [1]
        assert session.damage() == []
        (backup,) = session.safety.backups.listed()
        assert (backup.manifest.reason, backup.manifest.system, backup.manifest.head) == ("upgrade", 1, 11)
        session.form("客户").create({"名称": "新"})
    with open_workspace(old, PASSPHRASE) as session:
        assert session.safety.opening.upgraded is None
        assert session.form("客户").count() == 8


def test_its_tables_are_those_of_a_new_workspace(old: Path, tmp_path: Path) -> None:
    open_workspace(old, PASSPHRASE).close()
    new = Workspace.create(tmp_path / "new.formwork", problems_of)
    upgraded = Workspace.open(old, problems_of, PASSPHRASE)
    assert _tables(upgraded.database) == _tables(new.database)
    assert _tables(new.database).keys() >= set(system.metadata.tables)
    upgraded.close()
    new.close()


def _tables(database: Database) -> dict[str, Any]:
    with database.reader.connect() as connection:
        inspector = sa.inspect(connection)
        return {
            name: (
                [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)],
                inspector.get_pk_constraint(name)["constrained_columns"],
                sorted(str(i) for i in inspector.get_indexes(name)),
                sorted(str(u["column_names"]) for u in inspector.get_unique_constraints(name)),
            )
            for name in inspector.get_table_names()
            if name in system.metadata.tables
        }


def test_killed_at_any_statement_it_is_the_old_one_whole(old: Path) -> None:
    class Killed(BaseException):
        pass

    key = key_of(old)
    before = facts(old / DATABASE, key)
    statements = _count_statements(old, key)
    assert statements > 2
    for nth in range(statements):
        database = Database(old / DATABASE, key)
        seen = 0

        def die(*_anything: Any, nth: int = nth) -> None:
            nonlocal seen
            if seen == nth:
                raise Killed
            seen += 1

        sa.event.listen(database.writer, "before_cursor_execute", die)
        with pytest.raises(Killed), database.writer.begin() as connection:
            migrations.bring_up(connection, 1)
        database.close()
        assert facts(old / DATABASE, key) == before, nth
    with open_workspace(old, PASSPHRASE) as session:
        assert session.damage() == []


def _count_statements(old: Path, key: bytes) -> int:
    database, seen = Database(old / DATABASE, key), []
    sa.event.listen(database.writer, "before_cursor_execute", lambda *these: seen.append(these[2]))
    with database.writer.connect() as connection, connection.begin() as transaction:
        migrations.bring_up(connection, 1)
        transaction.rollback()
    database.close()
    return len(seen)


OPENER = """
import sys
import sqlalchemy as sa
from pathlib import Path
from runtime.store import migrations
from runtime.store.engine import Database
from runtime.store.folder import DATABASE
from runtime.store.keys import read_slots, unlock
folder = Path(sys.argv[1])
database = Database(folder / DATABASE, unlock(read_slots(folder), sys.argv[2]))
def stop(*these):
    if these[2].startswith(sys.argv[3]):
        print("here", flush=True)
        sys.stdin.read()
sa.event.listen(database.writer, "after_cursor_execute", stop)
with database.writer.begin() as connection:
    migrations.bring_up(connection, 1)
"""


@pytest.mark.parametrize("at", ["\nCREATE TABLE", "INSERT INTO meta"])
def test_killed_with_half_of_it_written_it_is_the_old_one_whole(old: Path, at: str) -> None:
    key = key_of(old)
    before = facts(old / DATABASE, key)
    command = [sys.executable, "-c", OPENER, str(old), PASSPHRASE, at]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert select.select([process.stdout], [], [], 250)[0]
        assert process.stdout.readline() == b"here\n"
        process.kill()
    assert facts(old / DATABASE, key) == before
    with open_workspace(old, PASSPHRASE) as session:
        assert session.damage() == []
        assert session.form("客户").count() == 7


def test_without_a_backup_it_stays_as_it_is(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_anything: object) -> None:
        raise OSError(28, "No space left on device")

    key = key_of(old)
    before = facts(old / DATABASE, key)
    with monkeypatch.context() as full:
        full.setattr("runtime.store.backup_file._finish", fail)
        with pytest.raises(UserError, match="No space"):
            open_workspace(old, PASSPHRASE)
    assert facts(old / DATABASE, key) == before
    open_workspace(old, PASSPHRASE).close()


def test_the_last_step_leads_to_this_version_and_every_step_is_one_further() -> None:
    assert [int(step.revision) for step in migrations.steps_above(1)] == list(range(2, system.SYSTEM_VERSION + 1))
    assert list(migrations.steps_above(system.SYSTEM_VERSION)) == []


def test_a_workspace_of_this_version_is_not_brought_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_anything: object) -> None:
        raise AssertionError

    monkeypatch.setattr(migrations, "migrate", never)
    office = Office(tmp_path)
    office.reopen()
    office.session.close()
    assert not (office.session.folder / "backups").exists()


def test_the_golden_workspace_needs_no_keyring(old: Path) -> None:
    keyring.set_keyring(keyring.backends.fail.Keyring())
    open_workspace(old, PASSPHRASE).close()
