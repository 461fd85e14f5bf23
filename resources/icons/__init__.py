"""The icons of Formwork: our name -> glyph name in Phosphor, the one family used (from the QtAwesome package)."""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path

FONT_FILE = "phosphor-1.3.0.ttf"
CHARMAP_FILE = "phosphor-charmap-1.3.0.json"

GLYPHS: dict[str, str] = {
    "apps": "squares-four",
    "app": "cube",
    "about": "info",
    "add": "plus",
    "appearance": "palette",
    "arrow_left": "arrow-left",
    "arrow_right": "arrow-right",
    "arrow_down": "arrow-down",
    "arrow_up": "arrow-up",
    "expand": "arrows-out-simple",
    "attachment": "paperclip",
    "boolean": "toggle-right",
    "bug": "bug",
    "build": "pencil-line",
    "calendar": "calendar-blank",
    "caret_down": "caret-down",
    "caret_left": "caret-left",
    "caret_right": "caret-right",
    "caret_up": "caret-up",
    "chart": "chart-bar",
    "check": "check",
    "check_bold": "check-bold",
    "choice": "list-bullets",
    "choices": "checks",
    "clear": "x-circle",
    "clock": "clock",
    "close": "x",
    "columns": "columns",
    "copy": "copy",
    "cut": "scissors",
    "danger": "warning-circle",
    "database": "database",
    "date": "calendar-blank",
    "date_time": "clock",
    "decimal": "hash",
    "delete": "trash",
    "dots": "dots-three",
    "edit": "pencil-simple",
    "email": "envelope-simple",
    "empty": "tray",
    "excel": "table",
    "export": "export",
    "eye": "eye",
    "eye_off": "eye-slash",
    "file": "file",
    "filter": "funnel",
    "folder": "folder",
    "folder_open": "folder-open",
    "form": "table",
    "group": "stack",
    "help": "question",
    "home": "house",
    "history": "clock-counter-clockwise",
    "import": "download-simple",
    "info": "info",
    "integer": "hash",
    "key": "key",
    "keyboard": "keyboard",
    "language": "translate",
    "link": "link-simple",
    "lock": "lock-simple",
    "long_text": "text-align-left",
    "menu": "list",
    "minus": "minus",
    "money": "currency-cny",
    "moon": "moon",
    "number": "hash",
    "open": "arrow-square-out",
    "panel": "layout",
    "paste": "clipboard-text",
    "percent": "percent",
    "phone": "phone",
    "print": "printer",
    "redo": "arrow-clockwise",
    "refresh": "arrows-clockwise",
    "relation": "link-simple",
    "rows": "rows",
    "search": "magnifying-glass",
    "settings": "gear-six",
    "shield": "shield-check",
    "sort": "sort-ascending",
    "spark": "sparkle",
    "sum": "calculator",
    "success": "check-circle",
    "sun": "sun",
    "switch": "toggle-right",
    "system": "monitor",
    "tag": "tag",
    "title": "star",
    "title_set": "star-fill",
    "text": "text-t",
    "undo": "arrow-counter-clockwise",
    "unknown": "question",
    "url": "globe-simple",
    "user": "user",
    "users": "users",
    "view": "table",
    "warning": "warning",
    "workspace": "archive-box",
}


def _fonts() -> Path:
    spec = importlib.util.find_spec("qtawesome")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("qtawesome")
    return Path(spec.origin).parent / "fonts"


def font_file() -> Path:
    """The font that holds the glyphs; found without importing QtAwesome, which would load a dozen other families."""
    return _fonts() / FONT_FILE


@cache
def _charmap() -> dict[str, str]:
    loaded: dict[str, str] = json.loads((_fonts() / CHARMAP_FILE).read_text("utf-8"))
    return loaded


@cache
def character(name: str) -> str:
    """The character of the icon called `name` in `font_file()`; an unknown name gives the question mark icon."""
    glyph = GLYPHS.get(name, GLYPHS["unknown"])
    return chr(int(_charmap()[glyph], 16))
