"""A home of its own for each test: none reads or writes the settings, keys or workspaces of the person who runs it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""

_FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "FORMWORK_HOME": "formwork",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_CACHE_HOME": ".cache",
    "XDG_RUNTIME_DIR": ".run",
    "APPDATA": "AppData/Roaming",
    "LOCALAPPDATA": "AppData/Local",
}


def environment(home: Path) -> dict[str, str]:
    """Variables that make `home` the home of this process and of the programs it starts; makes the folders."""
    folders = {name: home / part if part else home for name, part in _FOLDERS.items()}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    folders["XDG_RUNTIME_DIR"].chmod(0o700)  # Qt warns about any other
    return {
        **{name: str(folder) for name, folder in folders.items()},
        "PYTHON_KEYRING_BACKEND": "tests.support.memory_keyring.MemoryKeyring",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
    }


def before_anything_is_imported() -> None:
    """Settle what libraries read once, when they are imported; and a home for what happens between the tests."""
    home = Path(tempfile.mkdtemp(prefix="formwork-tests-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ.update(environment(home))
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_API"] = "pyside6"
    os.environ["MPLBACKEND"] = "agg"
    # Listing the machine's fonts takes matplotlib a second: all tests share one list.
    fonts = Path(tempfile.gettempdir()) / f"formwork-test-fonts-{os.environ.get('USER', '')}"
    os.environ.setdefault("MPLCONFIGDIR", str(fonts))
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "FORMWORK_TEST_KEYRING"):
        os.environ.pop(name, None)
    os.environ["LANG"] = "C.UTF-8"
