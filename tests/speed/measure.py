"""One measured figure and how it is taken."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from tests.speed.start_probe import resident


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured.

    Attributes:
        name: stable snake_case name.
        unit: of `ours` and `raw`: ms, s, MB, rows/s.
        ours: the product; the median of the runs.
        raw: the same work without the product, on the same machine, in the same run; None where there is none.
        note: what was measured, and against what.
        goal: the figure to reach, in words.
    """

    name: str
    unit: str
    ours: float
    raw: float | None
    note: str
    goal: str = ""

    def as_json(self) -> dict[str, Any]:
        """With `ratio`: how many times the raw limit; below 1 is faster."""
        ratio = None
        if self.raw:
            ratio = self.raw / self.ours if self.unit == "rows/s" else self.ours / self.raw
        rounded = {key: round(value, 3) if isinstance(value, float) else value for key, value in asdict(self).items()}
        return {**rounded, "ratio": None if ratio is None else round(ratio, 2)}


class Stolen:
    """How much of this machine its host gave to others; figures taken meanwhile say little."""

    def __init__(self) -> None:
        self._before = _ticks()

    def share(self) -> float | None:
        """The share of all processor time since the last time that it was asked (0-1); None where it is not told."""
        before, self._before = self._before, _ticks()
        stolen, total = self._before[0] - before[0], self._before[1] - before[1]
        return round(stolen / total, 3) if total else None


def _ticks() -> tuple[int, int]:
    """Stolen and all ticks of the processors since the start (see proc(5)); zeros where the system tells none."""
    try:
        line = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0]
    except OSError:
        return 0, 0
    ticks = list(map(int, line.split()[1:9]))
    return ticks[7], sum(ticks)


def seconds(work: Callable[[], Any]) -> float:
    """How long `work` takes, once."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def median(work: Callable[[], Any], runs: int = 5) -> float:
    """The median of several runs, seconds."""
    return statistics.median(seconds(work) for _ in range(runs))


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of the others do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


class Memory:
    """Watches how much memory this process has while something runs; `most` is in MB beyond what it had before."""

    def __init__(self) -> None:
        self.most = 0.0
        self._over = threading.Event()
        self._watching = threading.Thread(target=self._watch, name="memory")

    def __enter__(self) -> Self:
        self._before = resident()
        self._watching.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watching.join()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self.most = max(self.most, resident() - self._before)
