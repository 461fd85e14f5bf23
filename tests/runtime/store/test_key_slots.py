"""The file of the key slots: two copies, either of them enough, whatever happens to the other."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from runtime.errors import UserError
from runtime.store import keys
from runtime.store.key_slots import FILES, Slot, read_slots, write_slots
from runtime.store.recovery_code import RecoveryCode
from tests.support.cheap_passphrases import cheap_passphrases
from tests.support.memory_keyring import MemoryKeyring

pytestmark = pytest.mark.one_engine

KEY = bytes(range(32))
PASSPHRASE = "十二只鸭子过河 2026"
OLD, NEW = "the former passphrase", "the new passphrase"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id of 1 MiB."""
    cheap_passphrases(monkeypatch)


def keyring_slot() -> Slot:
    """A slot in the keyring of the test."""
    slot = keys.keyring_slot(KEY, MemoryKeyring.__module__)
    assert slot is not None
    return slot


def test_the_slots_come_back_and_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    slots = (keyring_slot(), keys.passphrase_slot(KEY, PASSPHRASE))
    write_slots(tmp_path, slots)
    assert read_slots(tmp_path) == slots
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)
    if sys.platform != "win32":
        assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in FILES} == {0o600}


def test_the_file_holds_no_key_and_no_passphrase(tmp_path: Path, memory_keyring: MemoryKeyring) -> None:
    slot, code = keyring_slot(), RecoveryCode.new()
    write_slots(tmp_path, (slot, keys.passphrase_slot(KEY, PASSPHRASE), keys.recovery_slot(KEY, code)))
    body = (tmp_path / FILES[0]).read_bytes()
    wrapping = memory_keyring.get_password(keys.SERVICE, slot.id)
    assert wrapping is not None
    for secret in (KEY, base64.b64encode(KEY), KEY.hex().encode(), PASSPHRASE.encode(), wrapping.encode(), code.secret):
        assert secret not in body


@pytest.mark.parametrize("damaged", [0, 1])
@pytest.mark.parametrize("body", [b"", b"{", b"null", b'{"slots": [], "check": "x"}', b"\xff\xfe\x00", None])
def test_a_damaged_copy_is_repaired_from_the_other(tmp_path: Path, damaged: int, body: bytes | None) -> None:
    slots = (keyring_slot(),)
    write_slots(tmp_path, slots)
    sound = (tmp_path / FILES[0]).read_bytes()
    if body is None:
        (tmp_path / FILES[damaged]).unlink()
    else:
        (tmp_path / FILES[damaged]).write_bytes(body)
    assert read_slots(tmp_path) == slots
    assert [(tmp_path / name).read_bytes() for name in FILES] == [sound, sound]


def test_with_both_copies_damaged_it_is_said(tmp_path: Path) -> None:
    write_slots(tmp_path, (keyring_slot(),))
    for name in FILES:
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(UserError, match="missing or damaged"):
        read_slots(tmp_path)


@pytest.mark.parametrize("damaged", FILES)
def test_any_flipped_byte_in_one_copy_changes_nothing_and_is_mended(tmp_path: Path, damaged: str) -> None:
    slots = (keyring_slot(), keys.passphrase_slot(KEY, PASSPHRASE), keys.recovery_slot(KEY, RecoveryCode.new()))
    write_slots(tmp_path, slots)
    file = tmp_path / damaged
    sound = file.read_bytes()
    for at in range(len(sound)):
        broken = bytearray(sound)
        broken[at] ^= 1 << at % 8
        file.write_bytes(broken)
        assert read_slots(tmp_path) == slots, at
        assert file.read_bytes() == sound, at


def test_the_check_sees_every_flipped_bit(tmp_path: Path) -> None:
    """The positive control of the test above: with both copies damaged nothing is believed."""
    write_slots(tmp_path, (keyring_slot(),))
    sound = (tmp_path / FILES[0]).read_bytes()
    for at in range(0, len(sound), 7):
        broken = bytearray(sound)
        broken[at] ^= 0x01
        for name in FILES:
            (tmp_path / name).write_bytes(broken)
        with pytest.raises(UserError, match="missing or damaged"):
            read_slots(tmp_path)


def test_of_two_sound_copies_the_newer_holds_and_the_older_is_brought_up_to_it(tmp_path: Path) -> None:
    first, second = keyring_slot(), keyring_slot()
    for stale in FILES:
        write_slots(tmp_path, (first,))
        old = (tmp_path / stale).read_bytes()
        write_slots(tmp_path, (second,))
        (tmp_path / stale).write_bytes(old)
        assert read_slots(tmp_path) == (second,)
        assert len({(tmp_path / name).read_bytes() for name in FILES}) == 1


def _calls(monkeypatch: pytest.MonkeyPatch, act: Callable[[int], None]) -> None:
    """Call `act` with the number of each system call that the writing makes, before it is made."""
    count = 0

    def before(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            nonlocal count
            count += 1
            act(count)
            return real(*arguments, **more)

        return call

    for name in ("open", "fdopen", "fsync", "replace", "close"):
        monkeypatch.setattr(f"os.{name}", before(getattr(os, name)))


class _Killed(BaseException):
    """Nothing after it runs, not even what tidies up."""


def test_a_crash_at_any_step_of_the_writing_leaves_the_old_ways_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = (keys.passphrase_slot(KEY, OLD),), (keys.passphrase_slot(KEY, NEW),)
    monkeypatch.setattr(Path, "unlink", lambda *_args, **_more: None)  # a killed process tidies nothing up
    outcomes, step = [], 0
    while True:
        step += 1
        folder = tmp_path / str(step)
        folder.mkdir()
        write_slots(folder, old)

        def kill(number: int, at: int = step) -> None:
            if number == at:
                raise _Killed

        with monkeypatch.context() as patched:
            _calls(patched, kill)
            try:
                write_slots(folder, new)
            except _Killed:
                pass
            else:
                break
        outcomes.append(read_slots(folder) == new)
        assert read_slots(folder) in (old, new)
        assert keys.unlock(read_slots(folder), NEW if outcomes[-1] else OLD) == KEY
        assert len({(folder / name).read_bytes() for name in FILES}) == 1
    assert outcomes == sorted(outcomes)  # once the new way is there it stays
    assert 3 < outcomes.count(False) < len(outcomes) - 4


@pytest.mark.parametrize("failing", range(1, 9))
def test_a_disk_that_fails_leaves_the_old_ways_or_the_new_and_no_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    old, new = (keys.passphrase_slot(KEY, OLD),), (keys.passphrase_slot(KEY, NEW),)
    write_slots(tmp_path, old)

    def fail(number: int) -> None:
        if number == failing:
            raise OSError(28, "No space left on device")

    failed = False
    with monkeypatch.context() as patched:
        _calls(patched, fail)
        try:
            write_slots(tmp_path, new)
        except OSError:
            failed = True
    assert read_slots(tmp_path) in ((old, new) if failed else (new,))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_slots_of_the_first_format_still_open_and_are_written_in_the_second(tmp_path: Path) -> None:
    slot = keys.passphrase_slot(KEY, PASSPHRASE)
    fields = ("id", "type", "nonce", "wrapped", "salt", "params", "backend")
    slots = msgspec.json.encode([{name: getattr(slot, name) for name in fields}])
    first = b'{"slots":' + slots + b',"check":"' + hashlib.sha256(slots).hexdigest().encode() + b'","format":1}'
    for name in FILES:
        (tmp_path / name).write_bytes(first)
    found = read_slots(tmp_path)
    assert keys.unlock(found, PASSPHRASE) == KEY
    write_slots(tmp_path, found)
    assert read_slots(tmp_path) == found
    assert msgspec.json.decode((tmp_path / FILES[0]).read_bytes())["format"] == 2


def test_slots_of_a_newer_program_are_refused_and_left_alone(tmp_path: Path) -> None:
    write_slots(tmp_path, (keyring_slot(),))
    body = msgspec.json.decode((tmp_path / FILES[0]).read_bytes(), type=dict[str, msgspec.Raw])
    slots = bytes(body["slots"])
    check = hashlib.sha256(b"3 1 " + slots).hexdigest().encode()
    newer = b'{"slots":' + slots + b',"check":"' + check + b'","format":3,"turn":1}'
    for name in FILES:
        (tmp_path / name).write_bytes(newer)
    with pytest.raises(UserError, match="newer") as refusal:
        read_slots(tmp_path)
    assert refusal.value.code == "newer_workspace"
    assert {(tmp_path / name).read_bytes() for name in FILES} == {newer}


def test_a_kind_of_slot_that_this_program_does_not_know_survives_a_change(tmp_path: Path) -> None:
    unknown = Slot("0", "escrow", "", "")
    write_slots(tmp_path, (unknown, keyring_slot()))
    assert unknown in read_slots(tmp_path)
    assert keys.unlock(read_slots(tmp_path), None) == KEY


@pytest.mark.skipif(sys.platform == "win32", reason="rights of folders")
def test_a_damaged_copy_in_a_folder_that_cannot_be_written_still_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slots = (keyring_slot(),)
    write_slots(tmp_path, slots)
    (tmp_path / FILES[0]).write_bytes(b"{}")

    def refuse(*_: Any, **_more: Any) -> int:
        raise PermissionError(30, "Read-only file system")

    monkeypatch.setattr("os.open", refuse)
    assert read_slots(tmp_path) == slots
