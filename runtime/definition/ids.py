"""Ids of definitions: a kind letter and 10 random lowercase base32 characters; safe as table and column names."""

import secrets

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH = 10

APP = "a"
FORM = "f"
FIELD = "c"
OPTION = "o"
NODE = "n"


def new_id(letter: str) -> str:
    """A new id, unique in practice (50 random bits): two people design offline without a meeting.

    Args:
        letter: the kind letter, one of the constants of this module.
    """
    return letter + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def is_id(text: str, letter: str = "") -> bool:
    """Whether `text` has the shape of an id (of the kind `letter`, where given)."""
    return len(text) == LENGTH + 1 and text.startswith(letter) and all(c in ALPHABET for c in text)
