"""One measured figure and how it is taken."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


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
