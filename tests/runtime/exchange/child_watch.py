"""How much memory the reader process took at its highest, and how much processor time."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


class Peak:
    """Looks at the children of this process until it is stopped.

    Attributes:
        bytes: the highest resident size of any child.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._look, name="peak", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stopped.wait(0.004):
            for child in readers():
                with contextlib.suppress(OSError):
                    found = _PEAK.search(Path(f"/proc/{child}/status").read_text())
                    self.bytes = max(self.bytes, int(found[1]) * 1024 if found else 0)


def readers() -> list[str]:
    """The reader processes of this process; until such a child is another program, it is none."""
    return [child for child in _children() if _is_reader(child)]


def _is_reader(child: str) -> bool:
    try:
        return b"readers.process" in Path(f"/proc/{child}/cmdline").read_bytes()
    except OSError:
        return False


def _children() -> list[str]:
    found: list[str] = []
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        with contextlib.suppress(OSError):
            found += (task / "children").read_text().split()
    return found


@contextlib.contextmanager
def watched() -> Iterator[tuple[Peak, list[float]]]:
    """The peak, and behind the block a list with the processor time of this process and its readers, in seconds."""
    peak, seconds = Peak(), []
    peak.start()
    begun = _worked()
    try:
        yield peak, seconds
    finally:
        seconds.append(_worked() - begun)
        peak.stop()


def _worked() -> float:
    return sum(os.times()[:4])
