"""Which fonts Formwork asks for: the names it prefers, and the bundled Chinese face for a machine that has none."""

from __future__ import annotations

import importlib.util
from collections.abc import Collection
from pathlib import Path

CHINESE = (
    "PingFang SC",
    "Microsoft YaHei UI",
    "Microsoft YaHei",
    "HarmonyOS Sans SC",
    "MiSans",
    "Source Han Sans SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
)
"""Simplified Chinese sans-serif families, best first. The SC face is named: the JP face draws 直 and 骨 otherwise."""

PLAIN = frozenset({"DejaVu Sans", "Bitstream Vera Sans", "Sans Serif", "Sans", "Verdana"})
"""What a bare machine answers when nobody chose a font; the Latin letters of the Chinese face are better on screen."""

MONOSPACE = ("Cascadia Mono", "SF Mono", "JetBrains Mono", "Noto Sans Mono CJK SC", "DejaVu Sans Mono")

BUNDLED_FAMILY = "Noto Sans CJK SC"


def bundled() -> Path | None:
    """The bundled Noto Sans CJK collection (all faces, regular weight), or `None` in a build without it."""
    spec = importlib.util.find_spec("noto_cjk_sans_otc")
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin).parent / "NotoSansCJK-Regular.ttc"
    return file if file.exists() else None


def chinese(installed: Collection[str]) -> str | None:
    """The best installed Chinese family, or `None`."""
    return next((family for family in CHINESE if family in installed), None)


def families(system: str, installed: Collection[str]) -> list[str]:
    """The families of the window, first choice first: the system's own font, then Chinese.

    Args:
        system: the family that the desktop asks programs to use.
        installed: every family that exists.
    """
    east = chinese(installed)
    if east is None:
        return [system]
    return [east, system] if system in PLAIN else [system, east]
