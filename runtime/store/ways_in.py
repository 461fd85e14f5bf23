"""`Ways`: the ways into one workspace, listed and changed. Every change asks for a way that works first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from resources.texts import T
from runtime.errors import UserError, reason_of_system
from runtime.store import backup_file, keys
from runtime.store.folder import BACKUPS
from runtime.store.key_slots import KEYRING, PASSPHRASE, RECOVERY, Slot, read_slots, write_slots
from runtime.store.passphrase import assert_long_enough
from runtime.store.recovery_code import RecoveryCode

DAILY = frozenset({KEYRING, PASSPHRASE})
"""A workspace has one of these at least: a recovery code lies in a drawer."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way in, as people see it.

    Attributes:
        type: keyring, passphrase or recovery.
        made: the day it was made, ISO 8601, or "".
        keyring: what people call the keyring, or "".
        here: whether it opens on this computer without a question; only a keyring does.
    """

    type: str
    made: str = ""
    keyring: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Offer:
    """A recovery code that holds when the person has kept it: see `Ways.accept`."""

    code: RecoveryCode
    slot: Slot


class Ways:
    """The ways into the workspace in `folder`, whose lock the caller holds.

    `secret` is what opens the workspace now: its passphrase or recovery code, or None for the keyring of this computer.
    Every method may take half a second; all that take a `secret` raise what `keys.unlock` raises, and `UserError` where
    the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._slots = read_slots(folder)

    @property
    def types(self) -> frozenset[str]:
        """Which kinds of ways there are; reads nothing."""
        return frozenset(slot.type for slot in self._slots)

    @property
    def has_passphrase(self) -> bool:
        """Whether a person can type something that opens it every day; reads nothing."""
        return PASSPHRASE in self.types

    @property
    def count(self) -> int:
        """How many ways there are; reads nothing."""
        return len(self._slots)

    def list(self) -> list[Way]:
        """The ways, keyrings first; asks the OS keyring."""
        order = [KEYRING, PASSPHRASE, RECOVERY]
        known = sorted((slot for slot in self._slots if slot.type in order), key=lambda slot: order.index(slot.type))
        return [_way(slot) for slot in known]

    def assert_opens(self, secret: str | None) -> None:
        """Ask for a way in that works, before something that cannot be taken back."""
        keys.unlock(self._slots, secret)

    def set_passphrase(self, secret: str | None, new: str) -> None:
        """Choose a passphrase; the one before no longer opens.

        Raises:
            UserError: it is shorter than 8 characters.
        """
        assert_long_enough(new)
        self._change(secret, lambda key: (*self._without(PASSPHRASE), keys.passphrase_slot(key, new)))

    def remove_passphrase(self, secret: str | None) -> None:
        """Do without a passphrase.

        Raises:
            UserError: nothing else opens it on this computer.
        """
        rest = self._without(PASSPHRASE)
        if not any(keys.is_here(slot) for slot in rest):
            raise _last_way()
        self._change(secret, lambda _key: rest)

    def add_keyring(self, secret: str | None) -> None:
        """Keep the key in the keyring of this computer, so that it opens without a question.

        Raises:
            UserError: there is no keyring that keeps it.
        """
        key = keys.unlock(self._slots, secret)
        backend = keys.keyring_backend()
        made = None if backend is None else keys.keyring_slot(key, backend)
        if made is None:
            raise UserError(
                T("This computer has no keyring that keeps the key."),
                T("Unlock the keyring of your system, or use a passphrase."),
                "no_keyring",
            )
        gone = [slot for slot in self._slots if keys.is_here(slot)]
        try:
            self._write((made, *(slot for slot in self._slots if slot not in gone)))
        except BaseException:
            keys.forget([made])
            raise
        forget_unneeded(self._folder, gone)

    def remove_keyring(self, secret: str | None) -> None:
        """Ask for the passphrase at every start: no keyring of any computer opens it any more.

        Raises:
            UserError: there is no passphrase.
        """
        if not self.has_passphrase:
            raise _last_way()
        gone = [slot for slot in self._slots if slot.type == KEYRING]
        self._change(secret, lambda _key: self._without(KEYRING))
        forget_unneeded(self._folder, gone)

    def offer_code(self, secret: str | None) -> Offer:
        """A new recovery code, to be shown; it holds, and the one before no longer does, after `accept`."""
        key = keys.unlock(self._slots, secret)
        code = RecoveryCode.new()
        return Offer(code, keys.recovery_slot(key, code))

    def accept(self, offer: Offer) -> None:
        """The person has kept the code of this offer: from now on it opens, and the one before does not."""
        self._write((*self._without(RECOVERY), offer.slot))

    def remove_code(self, secret: str | None) -> None:
        """Do without a recovery code."""
        self._change(secret, lambda _key: self._without(RECOVERY))

    def _without(self, kind: str) -> tuple[Slot, ...]:
        return tuple(slot for slot in self._slots if slot.type != kind)

    def _change(self, secret: str | None, changed: Callable[[bytes], tuple[Slot, ...]]) -> None:
        self._write(changed(keys.unlock(self._slots, secret)))

    def _write(self, slots: tuple[Slot, ...]) -> None:
        if not DAILY & {slot.type for slot in slots}:
            raise _last_way()
        generations = {slot.generation for slot in self._slots}
        if len(generations) > 1:
            raise UserError(
                T("A change of the key is not finished."), T("Close the workspace and open it again."), "key_changing"
            )
        (generation,) = generations
        slots = tuple(msgspec.structs.replace(slot, generation=generation) for slot in slots)
        write(self._folder, slots)
        self._slots = slots


def write(folder: Path, slots: tuple[Slot, ...]) -> None:
    """`write_slots`, with a disk that says no told in words.

    Raises:
        UserError: the folder cannot be written.
    """
    try:
        write_slots(folder, slots)
    except OSError as error:
        raise UserError(
            T("The key file of this workspace cannot be written."), reason_of_system(error), "keys_unwritable"
        ) from error


def forget_unneeded(folder: Path, slots: Sequence[Slot]) -> None:
    """Take the entries of slots that are no longer used out of the OS keyring, but for those that a backup needs."""
    needed: set[str] = set()
    for path in (folder / BACKUPS).glob(f"*{backup_file.SUFFIX}"):
        try:
            needed |= {slot.id for slot in backup_file.read(path).slots}
        except UserError:
            return  # nobody knows what this one needs
    keys.forget([slot for slot in slots if slot.id not in needed])


def _way(slot: Slot) -> Way:
    if slot.type != KEYRING:
        return Way(slot.type, slot.made)
    return Way(slot.type, slot.made, keys.keyring_name(slot.backend), keys.is_here(slot))


def _last_way() -> UserError:
    return UserError(
        T("This is the last way into the workspace."),
        T("Make another one first: a passphrase or the keyring."),
        "last_way",
    )
