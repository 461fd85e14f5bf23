"""Runs the console command as a person does: another process, its own profile, what it prints and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PASSPHRASE = "correct horse battery"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


def formwork(*arguments: str | Path, home: Path, answer: str = "", **environment: str) -> Ended:
    """Run `formwork ARGUMENTS` with an empty profile below `home` and no keyring."""
    env = {
        **os.environ,
        "HOME": str(home),
        "FORMWORK_HOME": str(home / "profile"),
        "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "FORMWORK_PASSPHRASE": PASSPHRASE,
        "FORMWORK_LANGUAGE": "en",
        "QT_QPA_PLATFORM": "offscreen",
        **environment,
    }
    env = {key: value for key, value in env.items() if value}
    done = subprocess.run(
        [sys.executable, "-m", "desktop", *map(str, arguments)],
        input=answer, capture_output=True, text=True, env=env, timeout=280, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr)
