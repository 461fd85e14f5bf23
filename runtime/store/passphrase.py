"""Keys of passphrases: Argon2id (RFC 9106), at least its second recommended option, dearer on a faster machine."""

from __future__ import annotations

import secrets
import time
import unicodedata
from dataclasses import dataclass

from resources.texts import T
from runtime.errors import Sentence, UserError

SHORTEST = 8
LEAST = (64 * 1024, 3, 4)
"""Memory in KiB, passes and lanes that a new passphrase costs at least."""
SECONDS = 0.5
"""What trying one passphrase shall take on the machine where it was chosen."""
MOST_MEMORY_KIB = 256 * 1024
MOST_PASSES = 24
DEAREST = (1024 * 1024, 100, 16)
"""A slot that asks for more than this was not made by us: it would stop the machine."""
SALT = 16

Cost = tuple[int, int, int]


@dataclass(frozen=True, slots=True, repr=False)
class Stretched:
    """A wrapping key of 32 bytes with the salt and the cost it was made with."""

    key: bytes
    salt: bytes
    cost: Cost


def assert_long_enough(passphrase: str) -> None:
    """Refuse what is guessed at once.

    Raises:
        UserError: the passphrase is shorter than 8 characters.
    """
    if len(passphrase) < SHORTEST:
        raise UserError(
            T("The passphrase is too short."),
            T("Use at least {n} characters; a sentence is best.", n=SHORTEST),
            "passphrase_short",
        )


def stretch_new(passphrase: str) -> Stretched:
    """The wrapping key of a new passphrase, at a cost that takes this machine about `SECONDS`."""
    import argon2.low_level  # noqa: F401 - so that its loading is not timed

    salt = secrets.token_bytes(SALT)
    started = time.perf_counter()
    key = stretch(passphrase, salt, LEAST)
    cost = dearer(time.perf_counter() - started)
    return Stretched(key if cost == LEAST else stretch(passphrase, salt, cost), salt, cost)


def dearer(took: float) -> Cost:
    """The cost that takes `SECONDS` on a machine that needs `took` seconds for `LEAST`; never less than `LEAST`."""
    memory, passes, lanes = LEAST
    factor = min(SECONDS / max(took, 0.001), MOST_PASSES * MOST_MEMORY_KIB)
    while factor >= 2 and memory * 2 <= MOST_MEMORY_KIB:  # memory first: it is what an attacker must buy
        memory, factor = memory * 2, factor / 2
    return memory, max(passes, min(MOST_PASSES, int(passes * factor))), lanes


def stretch(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """32 bytes from a passphrase.

    Raises:
        ValueError: nobody makes slots of that cost, or with so short a salt.
        UserError: the machine has not enough memory left.
    """
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    memory, passes, lanes = cost
    if not all(1 <= part <= most for part, most in zip(cost, DEAREST, strict=True)) or memory < 8 * lanes:
        raise ValueError("the cost of a passphrase is out of bounds")
    if len(salt) < SALT:
        raise ValueError("the salt of a passphrase is too short")
    composed = unicodedata.normalize("NFC", passphrase)  # RFC 8265: typed on another system it is the same passphrase
    try:
        return hash_secret_raw(composed.encode(errors="surrogatepass"), salt, passes, memory, lanes, 32, Type.ID)
    except HashingError as error:
        raise UserError(
            T("There is not enough memory to try the passphrase."),
            T("Close other programs, then try again."),
            "no_memory",
        ) from error


def what_may_be_wrong(passphrase: str) -> Sentence:
    """A hint for a passphrase that did not open: what the keyboard may have done to it."""
    if passphrase != passphrase.strip():
        return T("It begins or ends with a space. Try again.")
    if any(unicodedata.east_asian_width(sign) == "F" for sign in passphrase):
        return T("It holds full-width letters or signs. Look at your input method and try again.")
    if passphrase.isupper():
        return T("Caps Lock may be on. Try again.")
    return T("Check capital letters and try again.")
