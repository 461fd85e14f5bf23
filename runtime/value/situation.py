"""Who asks, when and where: the outside facts an evaluation may use, handed in and never looked up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Situation:
    """The circumstances of an evaluation.

    Attributes:
        now: the time, aware.
        zone: the time zone in which days begin and date-times are written.
        user: record id of the Member who asks; None where nobody does (a schedule, an import by the system).
    """

    now: datetime
    zone: ZoneInfo
    user: UUID | None = None
