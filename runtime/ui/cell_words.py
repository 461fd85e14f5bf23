"""Values as people say them in a cell."""

from __future__ import annotations

from datetime import date
from typing import Any

from runtime.dates import local_zone, show_date, show_moment
from runtime.form import Field


def cell_words(field: Field, value: Any, today: date | None) -> str:
    """A value in one line, dates near `today` in words; "" for blank."""
    if value is None:
        return ""
    if field.kind.value_type == "date":
        return show_date(value, today)
    if field.kind.value_type == "datetime":
        return show_moment(value, local_zone(), today)
    return " ".join(field.format(value).split("\n"))
