"""Short versions of the power cuts, and the disk they are replayed on."""

from __future__ import annotations

import random
import shutil

import pytest

from tests.faults.power import CARELESS, power_cuts
from tests.faults.replay import Disk, Entry

needs_compiler = pytest.mark.skipif(not (shutil.which("gcc") or shutil.which("cc")), reason="there is no C compiler")


@pytest.fixture(autouse=True)
def shared_keyring(tmp_path, monkeypatch):
    monkeypatch.setenv("FORMWORK_TEST_KEYRING", str(tmp_path / "keys"))


@needs_compiler
@pytest.mark.timeout(600)
def test_a_power_cut_loses_nothing_acknowledged():
    report = power_cuts(40)
    assert report.sound, report.examples
    assert report.kills == 40
    assert report.acknowledged > 1_000


@needs_compiler
@pytest.mark.timeout(600)
@pytest.mark.parametrize("control", [CARELESS, "synchronous=NORMAL"])
def test_commits_that_do_not_wait_for_the_disk_are_found_out(control):
    report = power_cuts(12, control=control)
    assert not report.sound


def left(*entries: Entry) -> list[dict[str, bytes]]:
    """What fifty power cuts leave."""
    disk = Disk()
    for entry in entries:
        disk.play(entry)
    return [disk.after_cut(random.Random(seed)) for seed in range(50)]


def test_what_was_synced_is_there_after_every_cut():
    made, written, synced = Entry("C", "a", 0, b""), Entry("W", "a", 0, b"safe"), Entry("S", "a", 0, b"")
    assert left(made, written, synced) == [{"a": b"safe"}] * 50


def test_what_was_not_synced_may_be_there_gone_or_torn():
    made, synced = Entry("C", "a", 0, b""), Entry("S", "a", 0, b"")
    found = {after["a"] for after in left(made, synced, Entry("W", "a", 0, b"x" * 1024))}
    assert {b"", b"x" * 1024} <= found
    assert b"x" * 512 in found


def test_a_name_that_was_not_synced_may_not_be_there():
    made, written, synced = Entry("C", "new", 0, b""), Entry("W", "new", 0, b"2"), Entry("S", "new", 0, b"")
    renamed = Entry("R", "new", 0, b"old")
    found = {tuple(after) for after in left(made, written, synced, renamed)}
    assert found == {("new",), ("old",)}
    assert {tuple(after) for after in left(made, written, synced, renamed, Entry("D", ".", 0, b""))} == {("old",)}
