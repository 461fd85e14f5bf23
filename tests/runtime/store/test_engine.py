"""The encrypted file: opened with its key and with nothing else, durable, and unreadable to everybody else."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from runtime.errors import UserError
from runtime.store import engine
from runtime.store.engine import Database, StoreFailure, WrongKey, failure_in, open_keyed
from tests.support.pace import within
from tests.support.workspaces import Office

pytestmark = pytest.mark.one_engine

KEY = bytes(range(32))
CANARY = "canary-7f3a9-金丝雀"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with a table of 200 rows."""
    path = tmp_path / "data.db"
    connection = open_keyed(path, KEY)
    connection.execute("CREATE TABLE x (a TEXT)")
    connection.executemany("INSERT INTO x VALUES (?)", [(f"{CANARY}{at}" * 20,) for at in range(200)])
    connection.close()
    return path


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    database = Database(file, KEY)
    yield database
    database.close()


def test_the_key_opens_the_file(file: Path) -> None:
    connection = open_keyed(file, KEY)
    assert connection.execute("SELECT count(*) FROM x").fetchone() == (200,)
    connection.close()


def test_a_wrong_key_is_one_quick_clear_refusal_and_nothing_on_the_terminal(file: Path, capfd: Any) -> None:
    with within(1), pytest.raises(WrongKey, match="does not open the workspace"):
        open_keyed(file, secrets.token_bytes(32))
    assert capfd.readouterr() == ("", "")
    open_keyed(file, KEY).close()


def test_a_plain_database_is_not_taken_for_a_workspace(tmp_path: Path, capfd: Any) -> None:
    path = tmp_path / "plain.db"
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE x (a)")
    plain.close()
    before = path.read_bytes()
    with pytest.raises(WrongKey):
        open_keyed(path, KEY)
    assert path.read_bytes() == before
    assert capfd.readouterr().err == ""


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_bytes(b"once upon a time " * 1000)
    with pytest.raises(WrongKey):
        open_keyed(path, KEY)


@pytest.mark.parametrize("length", [100, 4096, 8192, 20_000])
def test_a_cut_file_is_refused_when_opened_or_read_never_shown_as_smaller(file: Path, length: int) -> None:
    assert file.stat().st_size > 40_000
    file.write_bytes(file.read_bytes()[:length])
    database = Database(file, KEY)
    with pytest.raises(UserError) as refusal, database.reader.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM x").scalar()
    database.close()
    assert refusal.value.code in {"damaged", "wrong_key"}


def test_a_folder_in_place_of_the_file_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreFailure, match="cannot be opened"):
        open_keyed(tmp_path, KEY)


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_a_key_has_exactly_32_bytes(file: Path, length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        open_keyed(file, bytes(length))


def _pragmas(engine_: sa.Engine) -> dict[str, Any]:
    names = ("journal_mode", "synchronous", "temp_store", "secure_delete", "query_only", "cipher_version")
    with engine_.connect() as connection:
        return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}


def test_every_connection_is_durable_and_leaves_nothing_on_the_disk(database: Database) -> None:
    for each in (database.writer, database.reader):
        pragmas = _pragmas(each)
        assert pragmas["journal_mode"] == "wal"
        assert pragmas["synchronous"] == 2  # FULL
        assert pragmas["temp_store"] == 2  # MEMORY
        assert pragmas["secure_delete"] == 1
        assert pragmas["cipher_version"]


def test_readers_cannot_write(database: Database) -> None:
    assert _pragmas(database.writer)["query_only"] == 0
    assert _pragmas(database.reader)["query_only"] == 1
    for statement in ("INSERT INTO x VALUES ('y')", "DELETE FROM x", "CREATE TABLE y (a)", "DROP TABLE x"):
        with pytest.raises(StoreFailure) as refusal, database.reader.begin() as connection:
            connection.exec_driver_sql(statement)
        assert refusal.value.code == "read_only"
    with database.writer.begin() as connection:
        connection.exec_driver_sql("INSERT INTO x VALUES ('y')")
    with database.reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM x").scalar() == 201


def test_readers_read_while_the_writer_writes(database: Database) -> None:
    with database.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM x")
        with database.reader.connect() as reader:
            assert reader.exec_driver_sql("SELECT count(*) FROM x").scalar() == 200
    with database.reader.connect() as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM x").scalar() == 0


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def write() -> None:
        with database.writer.begin() as connection:
            connection.exec_driver_sql("DELETE FROM x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write()
    with database.reader.connect() as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM x").scalar() == 200


def test_a_full_disk_is_said_as_such_and_the_next_write_goes_on(database: Database) -> None:
    with database.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.rollback()
        with pytest.raises(StoreFailure) as refusal, connection.begin():
            connection.exec_driver_sql("INSERT INTO x VALUES (?)", [("y" * 4000,)] * 100)
        assert refusal.value.code == "disk_full"
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        connection.rollback()
    with database.writer.begin() as connection:
        connection.exec_driver_sql("INSERT INTO x VALUES ('y')")
    with database.reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM x").scalar() == 201


def test_an_error_of_ours_is_no_failure_of_the_disk(database: Database) -> None:
    with pytest.raises(sa.exc.OperationalError), database.reader.connect() as connection:
        connection.exec_driver_sql("SELECT nonsense FROM x")
    assert failure_in(ValueError("x")) is None


def test_a_library_that_can_lose_data_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.store.engine.sqlcipher.sqlite_version_info", (3, 51, 2))
    with pytest.raises(UserError, match="too old"):
        engine.assert_version()


def _files_with(folder: Path, needle: bytes) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and needle in path.read_bytes()]


def test_no_file_of_the_workspace_shows_what_records_forms_and_history_hold(tmp_path: Path) -> None:
    office = Office(tmp_path)
    row = office.new("客户", {"名称": CANARY, "备注": CANARY * 2000})
    office.set("客户", row, {"备注": CANARY + "2"})
    office.delete("客户", row)
    folder = office.session.folder
    assert (folder / "data.db-wal").stat().st_size > 10_000
    words = (CANARY, "客户", "订单", "重量不能为负", "commit_log", "SQLite format 3")
    needles = [word.encode(coding) for word in words for coding in ("utf-8", "utf-16-le", "utf-16-be")]
    assert [_files_with(folder, needle) for needle in needles] == [[]] * len(needles)
    office.session.close()
    assert [_files_with(folder, needle) for needle in needles] == [[]] * len(needles)
    assert sorted(path.name for path in folder.iterdir()) == ["data.db", "keyslots.copy.json", "keyslots.json", "lock"]


def test_the_search_for_plain_text_would_find_it_in_a_plain_file(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / "plain.db")
    plain.execute("CREATE TABLE x (a)")
    plain.execute("INSERT INTO x VALUES (?)", (CANARY,))
    plain.commit()
    plain.close()
    assert _files_with(tmp_path, CANARY.encode()) == ["plain.db"]


def _read_all(path: Path) -> list[Any]:
    database = Database(path, KEY)
    try:
        with database.reader.connect() as connection:
            return list(connection.exec_driver_sql("SELECT a FROM x").fetchall())
    finally:
        database.close()


def test_one_flipped_byte_on_any_page_is_found_before_wrong_data_is_shown(file: Path) -> None:
    sound, good = file.read_bytes(), _read_all(file)
    for page in range(len(sound) // 4096):
        for offset in (17, 2000, 4090):
            damaged = bytearray(sound)
            damaged[page * 4096 + offset] ^= 0x01
            file.write_bytes(damaged)
            with pytest.raises(UserError) as refusal:
                _read_all(file)
            assert refusal.value.code in {"damaged", "wrong_key"}, (page, offset)
    file.write_bytes(sound)
    assert _read_all(file) == good


def _row(database: Database, row: int) -> Any:
    """The row; None where the answer is that the file is damaged."""
    try:
        with database.reader.connect() as connection:
            return connection.exec_driver_sql("SELECT a, n FROM x WHERE rowid = ?", (row,)).one()
    except StoreFailure as failure:
        if failure.code != "damaged":
            raise
        return None


@pytest.fixture
def long_rows(tmp_path: Path) -> Path:
    """A database whose rows end on pages of their own, a number last."""
    path = tmp_path / "long.db"
    connection = open_keyed(path, KEY)
    connection.execute("CREATE TABLE x (a TEXT, n INTEGER)")
    connection.executemany("INSERT INTO x VALUES (?, ?)", [("a" * (3000 + 1000 * at), 123_456) for at in range(10)])
    connection.close()
    return path


def test_a_damaged_page_at_the_end_of_a_long_record_is_damage_and_no_zeros(long_rows: Path) -> None:
    sound = long_rows.read_bytes()
    refused = 0
    for page in range(1, len(sound) // 4096):
        damaged = bytearray(sound)
        damaged[page * 4096 + 1000] ^= 1
        long_rows.write_bytes(damaged)
        database = Database(long_rows, KEY)
        for row in range(1, 11):
            found = _row(database, row)
            refused += found is None
            if found is not None:
                assert found == ("a" * (2000 + 1000 * row), 123_456), (page, row)
        database.close()
    assert refused > 20


def test_without_the_status_of_the_cipher_zeros_would_have_been_shown(
    long_rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.Keyed, "assert_whole", lambda _connection: None)
    damaged = bytearray(long_rows.read_bytes())
    damaged[-4096 + 1000] ^= 1
    long_rows.write_bytes(damaged)
    database = Database(long_rows, KEY)
    with database.reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT n FROM x WHERE rowid = 10").scalar() == 0
    database.close()


def test_a_write_that_read_a_damaged_page_is_not_committed(long_rows: Path) -> None:
    sound = long_rows.read_bytes()
    damaged = bytearray(sound)
    damaged[-4096 + 1000] ^= 1
    long_rows.write_bytes(damaged)
    database = Database(long_rows, KEY)
    with pytest.raises(StoreFailure, match="damaged"), database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE x SET n = (SELECT n FROM x WHERE rowid = 10) WHERE rowid = 1")
    with database.reader.connect() as connection:
        assert connection.exec_driver_sql("SELECT n FROM x WHERE rowid = 1").scalar() == 123_456
    database.close()
