"""Modules that are loaded when they are needed, or while the start page is looked at."""

from __future__ import annotations

import gc
import importlib
from typing import Any

LATE = (
    "runtime.session",
    "desktop.app_page",
    "desktop.finder",
    "desktop.import_wizard.imports",
    "desktop.backups_page",
    "runtime.store.upkeep",
)
"""Modules that are half of the start-up time and that the start page does not need."""

KEYS = ("keyring", "argon2.low_level", "cryptography.hazmat.primitives.ciphers.aead")
"""What makes and opens a workspace asks for; loaded at that moment, they would stop the window for a blink."""

CATALOGUES = {
    "runtime.fields": "field_types",
    "runtime.functions": "functions",
    "runtime.views": "view_types",
    "runtime.ui.editors": "editor_kinds",
    "runtime.ui.views": "view_kinds",
}
"""Catalogues that a form needs -> the names of their registries."""


def late(name: str) -> Any:
    """One of the modules in `LATE`."""
    assert name in LATE
    return importlib.import_module(name)


def load_late() -> None:
    """Import what is in `LATE`, and the kinds that the first form would otherwise look for.

    Modules live as long as the program: frozen, the garbage collector does not walk through them again and again (a
    full collection took 60 ms, on whichever thread, and stopped the window).
    """
    running = gc.isenabled()
    gc.disable()
    for name in (*LATE, *KEYS):
        importlib.import_module(name)
    for catalogue, registry in CATALOGUES.items():
        len(getattr(importlib.import_module(catalogue), registry))
    importlib.import_module("runtime.ui.cell_painter").first_strokes()
    gc.freeze()
    if running:
        gc.enable()
