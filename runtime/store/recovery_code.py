"""The recovery code: 160 random bits as 8 groups of 4 letters and digits, and a ninth group that tells a slip.

The alphabet is Crockford's base 32: no I, L, O and U, and what people write for 1 and 0 is read as such. The ninth
group is the number of the other eight modulo the largest prime below 2**20: every single wrong sign and every two
neighbours that changed places are told for certain, anything else but one time in a million.
"""

from __future__ import annotations

import re
import secrets
import unicodedata

from resources.texts import T
from runtime.errors import UserError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})
GROUP = 4
BITS = 160
SIGNS = BITS // 5
CHECK_SIGNS = 4
PRIME = 1_048_573
MOSTLY = 3
"""Signs that may be missing or too many in what is still taken for a code."""


class RecoveryCode:
    """One code; its text is shown to the person once, its repr never says it.

    Args:
        secret: 20 bytes.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) * 8 != BITS:
            raise ValueError("a recovery code has 20 bytes")
        self.secret = secret

    @classmethod
    def new(cls) -> RecoveryCode:
        """A code that nobody has seen."""
        return cls(secrets.token_bytes(BITS // 8))

    @property
    def groups(self) -> tuple[str, ...]:
        """Nine groups of four signs."""
        number = int.from_bytes(self.secret)
        signs = _signs(number, SIGNS) + _signs(number % PRIME, CHECK_SIGNS)
        return tuple(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))

    def __str__(self) -> str:
        return "-".join(self.groups)

    def __repr__(self) -> str:
        return "RecoveryCode(…)"


class MistypedCode(UserError):
    """What was typed is a recovery code with a slip in it."""

    code = "recovery_code_mistyped"


def read(text: str) -> RecoveryCode | None:
    """The code in what a person typed; None where it is none, such as a passphrase.

    Case, spaces, dashes and full-width signs do not matter; O is 0, I and L are 1.

    Raises:
        MistypedCode: it is a code with a slip: a sign too many, missing, or another one.
    """
    signs = _bare(text)
    if any(sign not in ALPHABET for sign in signs) or abs(len(signs) - SIGNS - CHECK_SIGNS) > MOSTLY:
        return None
    if len(signs) != SIGNS + CHECK_SIGNS:
        raise MistypedCode(
            T(
                "A recovery code has {n} letters and digits; these are {typed}.",
                n=SIGNS + CHECK_SIGNS,
                typed=len(signs),
            ),
            T("Compare it with what you kept, group by group."),
        )
    number = _number(signs[:SIGNS])
    if number % PRIME != _number(signs[SIGNS:]):
        raise MistypedCode(
            T("There is a slip in this recovery code."), T("Compare it with what you kept, group by group.")
        )
    return RecoveryCode(number.to_bytes(BITS // 8))


def _bare(text: str) -> str:
    """The signs alone, in one way of writing."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\s\-–—‐−_.·]+", "", plain).translate(MEANT)


def _signs(number: int, count: int) -> str:
    return "".join(ALPHABET[number >> 5 * at & 31] for at in reversed(range(count)))


def _number(signs: str) -> int:
    number = 0
    for sign in signs:
        number = number << 5 | ALPHABET.index(sign)
    return number
