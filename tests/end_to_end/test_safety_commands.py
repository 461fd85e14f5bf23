"""`formwork backup | restore | check`: what a person or a cron job sees of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from runtime.changes import new_uuid
from runtime.session import open_workspace
from runtime.store.unfinished import Unfinished
from tests.support.apps import customers_and_orders
from tests.support.command import PASSPHRASE, Ended, formwork


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one customer; its passphrase opens it."""
    monkeypatch.setattr("runtime.store.keys.keyring_backend", lambda: None)
    path = tmp_path / "办公.formwork"
    with open_workspace(path, PASSPHRASE) as session:
        session.publish(customers_and_orders())
        session.form("客户").create({"名称": "甲"})
    return path


def add(path: Path, name: str) -> None:
    with open_workspace(path, PASSPHRASE) as session:
        session.form("客户").create({"名称": name})


def names(path: Path) -> list[str]:
    with open_workspace(path, PASSPHRASE) as session:
        return [record["名称"] for record in session.form("客户").records()]


def damage(path: Path) -> None:
    content = bytearray((path / "data.db").read_bytes())
    content[4096 + 9] ^= 1
    (path / "data.db").write_bytes(content)


def refused(ended: Ended, said: str) -> None:
    assert ended.code == 2
    assert ended.err.startswith("formwork: ")
    assert ended.err.count("\n") == 1
    assert said in ended.err
    assert "Traceback" not in ended.err


def test_backed_up_changed_gone_back_and_forward_again(tmp_path: Path, office: Path) -> None:
    made = formwork("backup", office, "--json", home=tmp_path)
    assert (made.code, made.err) == (0, "")
    backup = json.loads(made.out)["path"]
    add(office, "乙")
    back = formwork("restore", backup, "--json", home=tmp_path)
    assert (back.code, back.err) == (0, "")
    assert names(office) == ["甲"]
    forward = formwork("restore", json.loads(back.out)["before"], home=tmp_path)
    assert (forward.code, forward.err) == (0, "")
    assert "is as it was on" in forward.out
    assert names(office) == ["甲", "乙"]


def test_a_backup_elsewhere_becomes_a_workspace_or_takes_the_place_of_one(tmp_path: Path, office: Path) -> None:
    made = formwork("backup", office, "--to", tmp_path / "stick", home=tmp_path)
    assert (made.code, made.err) == (0, "")
    file = tmp_path / "stick.fwbackup"
    assert made.out == f"Backed up: {file}\n"
    refused(formwork("backup", office, "--to", file, home=tmp_path), "exists already")
    refused(formwork("restore", file, home=tmp_path), "--to FOLDER")
    new = formwork("restore", file, "--to", tmp_path / "neu", home=tmp_path)
    assert (new.code, new.out) == (0, f"Restored to {tmp_path / 'neu.formwork'}.\n")
    assert names(tmp_path / "neu.formwork") == ["甲"]
    add(office, "乙")
    assert formwork("restore", file, "--to", office, home=tmp_path).code == 0
    assert names(office) == ["甲"]


def test_a_workspace_that_cannot_be_opened_any_more_is_replaced_and_kept_aside(tmp_path: Path, office: Path) -> None:
    formwork("backup", office, "--to", tmp_path / "stick", home=tmp_path)
    damage(office)
    before = (office / "data.db").read_bytes()
    refused(formwork("check", office, home=tmp_path), "no sound backup")
    assert formwork("restore", tmp_path / "stick.fwbackup", "--to", office, home=tmp_path).code == 0
    assert names(office) == ["甲"]
    assert [path.read_bytes() for path in (office / "damaged").rglob("data.db")] == [before]


def test_the_list_of_backups_says_when_why_and_how_much(tmp_path: Path, office: Path) -> None:
    formwork("backup", office, home=tmp_path)
    listed = formwork("backup", office, "--list", home=tmp_path)
    assert listed.code == 0
    (line,) = listed.out.splitlines()
    assert "2 changes" in line
    assert "asked for" in line
    (facts,) = json.loads(formwork("backup", office, "--list", "--json", home=tmp_path).out)
    assert facts["records"] == 1
    assert Path(facts["path"]).exists()


def test_a_sound_workspace_and_a_sound_backup_check_with_0(tmp_path: Path, office: Path) -> None:
    backup = json.loads(formwork("backup", office, "--json", home=tmp_path).out)["path"]
    checked = formwork("check", office, "--json", home=tmp_path)
    assert checked.code == 0
    facts = json.loads(checked.out)
    assert facts["whole"]
    assert facts["records"] == {"客户": 1, "订单": 0}
    assert facts["newest_backup"]["path"] == backup
    assert json.loads(formwork("check", backup, "--json", home=tmp_path).out)["whole"]
    assert "The backup is whole." in formwork("check", backup, home=tmp_path).out


def test_damage_is_restored_said_and_no_0(tmp_path: Path, office: Path) -> None:
    formwork("backup", office, home=tmp_path)
    add(office, "乙")
    damage(office)
    checked = formwork("check", office, home=tmp_path)
    assert checked.code == 2
    assert "was damaged. It was restored from the backup of" in checked.out
    again = formwork("check", office, home=tmp_path)
    assert (again.code, again.err) == (0, "")
    assert names(office) == ["甲"]


def test_an_interrupted_import_is_mentioned(tmp_path: Path, office: Path) -> None:
    with open_workspace(office, PASSPHRASE) as session:
        session.apply([Unfinished("Import a.xlsx", new_uuid().hex, 9).begun()], "Import")
    checked = formwork("check", office, "--json", home=tmp_path)
    assert checked.code == 2
    (note,) = json.loads(checked.out)["notes"]
    assert note["code"].startswith("interrupted/")
    assert "“Import a.xlsx” was interrupted: 0 of 9 rows are done." in note["message"]


@pytest.mark.parametrize("command", ["check", "restore"])
def test_a_damaged_backup_is_refused_in_one_line(tmp_path: Path, office: Path, command: str) -> None:
    path = Path(json.loads(formwork("backup", office, "--json", home=tmp_path).out)["path"])
    content = bytearray(path.read_bytes())
    content[7000] ^= 1
    path.write_bytes(content)
    refused(formwork(command, path, home=tmp_path), "no sound backup")
    assert names(office) == ["甲"]


def test_a_wrong_passphrase_and_a_file_that_is_not_there_are_refused(tmp_path: Path, office: Path) -> None:
    path = json.loads(formwork("backup", office, "--json", home=tmp_path).out)["path"]
    refused(formwork("check", path, home=tmp_path, FORMWORK_PASSPHRASE="wrong but long"), "does not open")
    refused(formwork("restore", tmp_path / "no.fwbackup", home=tmp_path), "cannot be read")
    refused(formwork("backup", tmp_path / "no", home=tmp_path), "There is no workspace")


def test_what_is_neither_a_workspace_nor_a_backup_is_refused_and_no_workspace_is_made_of_it(tmp_path: Path) -> None:
    table = tmp_path / "sales.xlsx"
    table.write_text("a table", encoding="utf-8")
    ended = formwork("check", table, home=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "formwork: “sales.xlsx” is neither a workspace nor a backup.\n"
    assert [each.name for each in tmp_path.glob("*.formwork")] == []
