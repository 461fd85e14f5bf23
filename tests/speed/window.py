"""The window: cold start, idle memory, and the longest pause of the GUI thread while a million records scroll by."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.speed.measure import Figure

RUNS = 5


def starting() -> Iterator[Figure]:
    """From the start of the process to a painted window, and memory at idle; raw: an empty Qt window."""
    ours, raw = [_probe("ours") for _ in range(RUNS)], [_probe("raw") for _ in range(RUNS)]

    def middle(probes: list[dict[str, float]], key: str) -> float:
        return statistics.median(probe[key] for probe in probes)

    note = "process start to painted start page, offscreen; raw: Python, QtWidgets and an empty window"
    yield Figure("cold_start", "s", middle(ours, "usable"), middle(raw, "usable"), note, "at most 1.0 s")
    note = "resident memory with the start page idle; raw: an empty Qt window"
    yield Figure("idle_memory", "MB", middle(ours, "resident"), middle(raw, "resident"), note, "at most 200 MB")


def _probe(which: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as home:
        return _json("tests.speed.start_probe", home, which, str(time.time()))


def _json(module: str, home: str, *arguments: str) -> dict[str, float]:
    """Run a probe in a process and a profile of its own; what it prints last."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "FORMWORK_HOME": home, "HOME": home}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def importing(workbook: Path, name: str = "import") -> Iterator[Figure]:
    """The workbook through the wizard in the real window; every pause of the GUI thread is noted."""
    with tempfile.TemporaryDirectory() as home:
        found = _json("tests.speed.import_probe", home, str(workbook), str(Path(home) / "made"))
    note = f"{workbook.name} read, reviewed and imported with the window open"
    yield Figure(f"{name}_gui_pause_p99", "ms", found["pause_p99"] * 1e3, None, note, "at most 16 ms")
    yield Figure(f"{name}_gui_pause_longest", "ms", found["pause_longest"] * 1e3, None, note, "at most 50 ms")


def scrolling(workspace: Path) -> Iterator[Figure]:
    """Open the form of the workspace in the real window, scroll, jump, edit; every pause of the GUI thread is noted."""
    with tempfile.TemporaryDirectory() as home:
        found = _json("tests.speed.scroll_probe", home, str(workspace))
    count = f"{found['count']:,} records"
    yield Figure(
        "window_open",
        "ms",
        found["open"] * 1e3,
        None,
        f"{count}: page asked for to first rows painted",
        "at most 150 ms",
    )
    yield Figure(
        "window_jump_to_end",
        "ms",
        found["jump"] * 1e3,
        None,
        f"{count}: End pressed to last rows painted",
        "at most 60 ms",
    )
    yield Figure(
        "gui_pause_p99",
        "ms",
        found["pause_p99"] * 1e3,
        None,
        f"{count}: opening, scrolling, jumping, sorting",
        "at most 16 ms",
    )
    yield Figure("gui_pause_longest", "ms", found["pause_longest"] * 1e3, None, "the longest of them", "at most 50 ms")
