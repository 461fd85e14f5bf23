"""`formwork key` as a person runs it: secrets come from the environment, never from the arguments."""

from __future__ import annotations

import json
from pathlib import Path

import keyring
import keyring.backends.fail
import pytest

from runtime.session import open_workspace
from runtime.store.recovery_code import read
from tests.support.apps import customers_and_orders
from tests.support.command import PASSPHRASE, Ended, formwork

NEW = "a new sentence of mine"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with a passphrase, on a computer without a keyring."""
    keyring.set_keyring(keyring.backends.fail.Keyring())
    with open_workspace(tmp_path / "sales", PASSPHRASE) as session:
        session.publish(customers_and_orders())
        session.form("客户").create({"名称": "张伟"})
    return tmp_path / "sales.formwork"


def key(workspace: Path, *arguments: str, **environment: str) -> Ended:
    """Run the command."""
    return formwork("key", workspace, *arguments, home=workspace.parent, **environment)


def opens(workspace: Path, secret: str) -> bool:
    """Whether the workspace opens with it, whole."""
    return formwork("check", workspace, home=workspace.parent, FORMWORK_PASSPHRASE=secret).code == 0


def test_the_passphrase_is_changed_and_a_recovery_code_made(workspace: Path) -> None:
    listed = key(workspace)
    assert listed.out.startswith("Passphrase  20")
    assert "the only way in" in listed.err
    wrong = key(workspace, "--change-passphrase", FORMWORK_PASSPHRASE="WRONG", FORMWORK_NEW_PASSPHRASE=NEW)
    assert (wrong.code, wrong.out) == (2, "")
    assert "Caps Lock may be on" in wrong.err
    short = key(workspace, "--change-passphrase", FORMWORK_NEW_PASSPHRASE="short")
    assert (short.code, "too short" in short.err) == (2, True)
    none = key(workspace, "--change-passphrase")
    assert (none.code, "FORMWORK_NEW_PASSPHRASE" in none.err) == (2, True)
    done = key(workspace, "--change-passphrase", FORMWORK_NEW_PASSPHRASE=NEW)
    assert done.code == 0, done.err
    assert (opens(workspace, NEW), opens(workspace, PASSPHRASE)) == (True, False)
    code = key(workspace, "--recovery-code", FORMWORK_PASSPHRASE=NEW)
    assert read(code.out) is not None
    assert opens(workspace, code.out.strip().lower())
    ways = json.loads(key(workspace, "--list", "--json", FORMWORK_PASSPHRASE="").out)
    assert [way["type"] for way in ways] == ["passphrase", "recovery"]


def test_the_file_gets_a_new_key(workspace: Path) -> None:
    code = key(workspace, "--recovery-code").out.strip()
    before = (workspace / "data.db").read_bytes()
    refused = key(workspace, "--rekey", FORMWORK_PASSPHRASE="")
    assert (refused.code, "Set FORMWORK_PASSPHRASE" in refused.err) == (2, True)
    done = key(workspace, "--rekey")
    assert done.code == 0, done.err
    assert "Make a new one with --recovery-code" in done.err
    assert (workspace / "data.db").read_bytes()[:16] != before[:16]
    assert (opens(workspace, PASSPHRASE), opens(workspace, code)) == (True, False)


def test_what_cannot_be_is_refused_in_one_line(workspace: Path, tmp_path: Path) -> None:
    for arguments, said in (
        (["--no-keyring"], ""),
        (["--keyring"], "no keyring that keeps the key"),
        (["--remove-passphrase"], "last way into the workspace"),
        (["--rekey", "--list"], "do not go together"),
    ):
        ended = key(workspace, *arguments)
        assert ended.code == (2 if said else 0), ended
        assert said in ended.err
        assert len(ended.err.splitlines()) <= 1
    (tmp_path / "photos.formwork").mkdir()
    assert "not a Formwork workspace" in key(tmp_path / "photos.formwork").err
    assert key(tmp_path / "nowhere").code == 2


def test_no_secret_can_be_an_argument(workspace: Path) -> None:
    for arguments in (["--change-passphrase", NEW], ["--passphrase", NEW], ["--rekey=secret"]):
        assert key(workspace, *arguments).code == 2
