"""The project's own source, parsed once, for the tests that read it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import dev
from tests.support.profile import ROOT


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, text and syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """How many lines it has, blank ones too."""
        return len(self.text.splitlines())

    @property
    def ships(self) -> bool:
        """Whether it is part of the program, rather than of its tests and tools."""
        return self.path.split("/")[0] in dev.PACKAGES


@cache
def modules() -> tuple[Module, ...]:
    """Every Python file git tracks or would track; without git, every one that is not inside a hidden folder."""
    return tuple(
        parse(str(path), (ROOT / path).read_text("utf-8")) for path in sorted(_paths()) if (ROOT / path).exists()
    )


def parse(path: str, text: str) -> Module:
    """A module of that path and text."""
    return Module(path.replace("\\", "/"), text, ast.parse(text, path))


def _paths() -> Iterator[Path]:
    listing = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    try:
        listed = subprocess.run(listing, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError):
        listed = []
    if listed:
        yield from map(Path, listed)
        return
    for path in ROOT.rglob("*.py"):
        relative = path.relative_to(ROOT)
        if not any(part.startswith(".") or part in ("build", "dist", "out") for part in relative.parts):
            yield relative
