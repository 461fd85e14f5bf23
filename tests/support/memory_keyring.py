"""A keyring that forgets at the end of the test, so that no test ever sees or changes the person's own.

Programs that a test starts use it too (PYTHON_KEYRING_BACKEND names it); where two of them in a row must share keys,
the test sets FORMWORK_TEST_KEYRING to a file.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

FILE_VARIABLE = "FORMWORK_TEST_KEYRING"


class MemoryKeyring(KeyringBackend):
    """Keeps passwords in a dictionary, or in the file that FORMWORK_TEST_KEYRING names."""

    priority = -1  # never chosen without being named

    def __init__(self) -> None:
        super().__init__()
        self._memory: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """The password, or None."""
        return self._load().get(_key(service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep a password."""
        self._save({**self._load(), _key(service, username): password})

    def delete_password(self, service: str, username: str) -> None:
        """Forget a password.

        Raises:
            PasswordDeleteError: there is none.
        """
        passwords = self._load()
        if passwords.pop(_key(service, username), None) is None:
            raise PasswordDeleteError(username)
        self._save(passwords)

    def _load(self) -> dict[str, str]:
        file = _file()
        if file is None:
            return self._memory
        return dict(json.loads(file.read_text("utf-8"))) if file.exists() else {}

    def _save(self, passwords: dict[str, str]) -> None:
        file = _file()
        if file is None:
            self._memory = passwords
        else:
            file.write_text(json.dumps(passwords), "utf-8")


def _file() -> Path | None:
    name = os.environ.get(FILE_VARIABLE)
    return Path(name) if name else None


def _key(service: str, username: str) -> str:
    return json.dumps([service, username])
