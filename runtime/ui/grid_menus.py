"""The menus of a grid: what can be done with a column, with a group, and which summary stands in the footer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from resources.texts import T, Text, _
from runtime.form import Field
from runtime.store.query import UNITS
from runtime.store.summaries import summaries_of
from runtime.ui.kit.menus import Item

UNIT_WORDS: dict[str, Text] = {
    "day": T("By day"),
    "week": T("By week"),
    "month": T("By month"),
    "quarter": T("By quarter"),
    "year": T("By year"),
}
DATES = frozenset({"date", "datetime"})


def summary_items(field: Field, now: str, choose: Callable[[str], object]) -> list[Item]:
    """The summaries of a column, the present one ticked; `choose` is told the name, "" for none."""
    return [
        Item(_("None"), chosen=not now, run=lambda: choose("")),
        *(
            Item(str(each.label), chosen=each.name == now, run=partial(choose, each.name))
            for each in summaries_of(field)
        ),
    ]


def unit_items(now: str | None, choose: Callable[[str], object]) -> list[Item]:
    """The spans of time by which dates are grouped, the present one ticked."""
    return [Item(str(UNIT_WORDS[unit]), chosen=unit == now, run=partial(choose, unit)) for unit in UNITS]
