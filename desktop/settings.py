"""The settings of this person on this machine: one JSON file, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import msgspec
import platformdirs

HOME = "FORMWORK_HOME"
"""Environment variable: the folder of settings and logs, instead of the system's place for them."""
MOST_RECENT = 12


class Recent(msgspec.Struct, frozen=True):
    """A workspace that was open: its folder, and when it was opened last (ISO 8601)."""

    path: str
    opened: str = ""


class Tabs(msgspec.Struct, frozen=True):
    """Ids of the open forms, from the left, and of the one in front."""

    forms: tuple[str, ...] = ()
    front: str = ""


class Settings(msgspec.Struct, frozen=True):
    """What a person chose; "" means that they chose nothing.

    Attributes:
        language: code of `resources.texts.LANGUAGES`.
        theme: system, light or dark.
        recent: newest first.
        geometry: size and place of the window, as Qt saves it, base64.
        windows: the same for each arrangement of screens in which it was closed, the newest last.
        tabs: folder of a workspace -> the forms that were open in it.
        lock_after: minutes without input after which a workspace with a passphrase is locked; 0 = never.
    """

    language: str = ""
    theme: str = "system"
    recent: tuple[Recent, ...] = ()
    geometry: str = ""
    windows: dict[str, str] = {}
    tabs: dict[str, Tabs] = {}
    lock_after: int = 10

    def having_opened(self, path: Path, when: str) -> Settings:
        """With `path` as the newest workspace."""
        others = tuple(recent for recent in self.recent if recent.path != str(path))
        return msgspec.structs.replace(self, recent=(Recent(str(path), when), *others)[:MOST_RECENT])

    def without(self, path: str) -> Settings:
        """With `path` taken off the list of recent workspaces, and its open forms forgotten."""
        tabs = {folder: kept for folder, kept in self.tabs.items() if folder != path}
        return msgspec.structs.replace(self, recent=tuple(r for r in self.recent if r.path != path), tabs=tabs)

    def with_tabs(self, path: Path, tabs: Tabs) -> Settings:
        """With these forms open in the workspace at `path`; only recent workspaces are remembered."""
        known = {recent.path for recent in self.recent}
        kept = {folder: each for folder, each in self.tabs.items() if folder in known}
        return msgspec.structs.replace(self, tabs={**kept, str(path): tabs})

    def window_on(self, screens: str) -> str:
        """Size and place that the window had on these screens; "" where it was never there."""
        return self.windows.get(screens, "")

    def with_window(self, screens: str, geometry: str) -> Settings:
        """With this size and place on these screens; as many arrangements are remembered as workspaces."""
        windows = {key: kept for key, kept in self.windows.items() if key != screens}
        newest = dict([*windows.items(), (screens, geometry)][-MOST_RECENT:])
        return msgspec.structs.replace(self, geometry=geometry, windows=newest)

    def tabs_of(self, path: Path) -> Tabs:
        """The forms that were open in the workspace at `path`."""
        return self.tabs.get(str(path), Tabs())


def folder() -> Path:
    """Where settings are kept."""
    home = os.environ.get(HOME)
    return Path(home) if home else platformdirs.user_config_path("Formwork", appauthor=False)


def file() -> Path:
    """The file of the settings."""
    return folder() / "settings.json"


def load(path: Path) -> Settings:
    """The settings in `path`; a file that is missing or cannot be read gives the defaults and is left alone."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Settings)
    except (OSError, msgspec.DecodeError):
        return Settings()


def save(settings: Settings, path: Path) -> None:
    """Write `settings` to `path`; a crash leaves the old file or the new one.

    Raises:
        OSError: the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(settings)))
            stream.flush()
            os.fsync(stream.fileno())
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
