"""Making a workspace and changing its key, killed at every step."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.faults import key_changes
from tests.support.cheap_passphrases import cheap_passphrases

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(not (shutil.which("gcc") or shutil.which("cc")), reason="there is no C compiler"),
]


@pytest.fixture(autouse=True)
def shared_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORMWORK_TEST_KEYRING", str(tmp_path / "keys"))
    cheap_passphrases(monkeypatch)


def test_a_kill_or_a_power_cut_while_the_key_changes_leaves_a_workspace_that_opens_with_everything_in_it():
    report = key_changes.while_rekeying(cuts=30)
    assert report.sound, report.examples
    assert report.kills > 60


def test_a_change_of_the_key_that_drops_the_old_slots_too_early_is_found_out():
    report = key_changes.while_rekeying(control=key_changes.ONE_SET)
    assert report.broken


def test_a_kill_or_a_power_cut_while_a_workspace_is_made_leaves_it_whole_or_to_be_made_again():
    report = key_changes.while_making(cuts=30)
    assert report.sound, report.examples
    assert report.kills > 40
