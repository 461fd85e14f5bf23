"""How much memory the reader process took at its highest."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
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
            for child in _children():
                with contextlib.suppress(OSError):
                    if b"readers.process" not in Path(f"/proc/{child}/cmdline").read_bytes():
                        continue  # until it is another program, its memory is ours
                    found = _PEAK.search(Path(f"/proc/{child}/status").read_text())
                    self.bytes = max(self.bytes, int(found[1]) * 1024 if found else 0)


def _children() -> list[str]:
    found: list[str] = []
    for task in Path(f"/proc/{os.getpid()}/task").iterdir():
        with contextlib.suppress(OSError):
            found += (task / "children").read_text().split()
    return found


@contextlib.contextmanager
def watched() -> Iterator[tuple[Peak, list[float]]]:
    """The peak, and behind the block a list with the seconds that it took."""
    peak, seconds = Peak(), []
    peak.start()
    begun = time.monotonic()
    try:
        yield peak, seconds
    finally:
        seconds.append(time.monotonic() - begun)
        peak.stop()
