"""Passphrases that cost a thousandth, for tests that are not about their cost."""

import pytest

from runtime.store import passphrase

COST = (1024, 1, 4)


def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id of 1 MiB: the same code in a thousandth of the time."""
    monkeypatch.setattr(passphrase, "LEAST", COST)
    monkeypatch.setattr(passphrase, "SECONDS", 0.0)
