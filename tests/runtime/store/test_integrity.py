"""Damage is found and said; each check is tried with damage of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.errors import UserError
from runtime.session import open_workspace
from runtime.store.schema import table_name
from tests.support.workspaces import Office


def codes(office: Office) -> list[str]:
    """Codes of everything that is wrong."""
    return [problem.code for problem in office.session.damage()]


def execute(office: Office, sql: str) -> None:
    """Change the books behind the back of the door."""
    with office.session._workspace.database.writer.begin() as connection:
        connection.exec_driver_sql(sql)


def test_a_workspace_at_work_is_whole(office: Office) -> None:
    for at in range(20):
        office.new("客户", {"名称": f"客户{at}"})
    assert codes(office) == []


def test_a_commit_that_vanished_is_found(office: Office) -> None:
    office.new("客户", {"名称": "甲"})
    office.new("客户", {"名称": "乙"})
    execute(office, "DELETE FROM commit_log WHERE seq = 2")
    assert codes(office) == ["commit_gap"]


def test_a_row_that_the_books_do_not_know_is_found(office: Office) -> None:
    office.new("客户", {"名称": "甲"})
    execute(office, f'DELETE FROM "{table_name(office.form("客户").id)}"')
    assert codes(office) == ["count_differs"]
    message = str(office.session.damage()[0].message)
    assert "客户" in message and "0" in message and "1" in message


@pytest.mark.one_engine
def test_a_flipped_byte_on_any_page_is_found_by_the_check_or_stops_the_opening(tmp_path: Path) -> None:
    office = Office(tmp_path)
    for at in range(150):
        office.new("客户", {"名称": f"客户{at}", "备注": "x" * 300})
    office.session.close()
    file = office.session.folder / "data.db"
    sound = file.read_bytes()
    pages = len(sound) // 4096
    assert pages > 20
    found, refused = 0, set()
    for page in range(0, pages, 3):
        damaged = bytearray(sound)
        damaged[page * 4096 + 1234] ^= 0x10
        file.write_bytes(damaged)
        try:
            with open_workspace(office.session.folder) as session:
                problems = session.damage()
                assert {problem.code for problem in problems} == {"damaged_page"}, page
                found += 1
        except UserError as refusal:
            refused.add(refusal.code)
    assert found
    assert refused <= {"damaged", "wrong_key"}
    file.write_bytes(sound)
    with open_workspace(office.session.folder) as session:
        assert session.damage() == []


@pytest.mark.one_engine
def test_damage_met_at_work_is_said_and_is_no_crash(tmp_path: Path) -> None:
    office = Office(tmp_path)
    for at in range(150):
        office.new("客户", {"名称": f"客户{at}", "备注": "x" * 300})
    office.session.close()
    file = office.session.folder / "data.db"
    damaged = bytearray(file.read_bytes())
    for page in range(len(damaged) // 8192, len(damaged) // 4096):
        damaged[page * 4096 + 99] ^= 0x10
    file.write_bytes(damaged)
    with pytest.raises(UserError) as refusal, open_workspace(office.session.folder) as session:
        session.form("客户").records(where='CONTAINS({备注},"y")')
    assert refusal.value.code == "damaged"
