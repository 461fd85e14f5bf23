"""A workspace as a kill between two commits leaves it: its folder is copied right after a commit, while it goes on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.session import Session, open_workspace
from runtime.store.records import Applied


def cuts(session: Session, into: Path, work: Callable[[], object]) -> list[Path]:
    """Do the work; the workspace as it was after each of its commits but the last."""
    made: list[Path] = []

    def copy(_applied: Applied) -> None:
        target = into / f"cut{len(made)}.formwork"
        shutil.copytree(session.folder, target, ignore=shutil.ignore_patterns("backups", "ballast*"))
        made.append(target)

    stop = session.listen(copy)
    try:
        work()
    finally:
        stop()
    return made[:-1]


@contextmanager
def opened(folder: Path) -> Iterator[Session]:
    """The workspace at its next opening."""
    with open_workspace(folder) as session:
        yield session
        assert session.damage() == []
