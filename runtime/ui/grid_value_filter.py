"""`ValueFilter`: only the records that have the chosen values of a column, or all but these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from resources.texts import T
from runtime.dates import local_zone
from runtime.filter_json import LONGEST
from runtime.filters import MOST as MOST_CONDITIONS
from runtime.filters import MOST_VALUES, Condition, Filter, Operator, operators_of
from runtime.form import Field
from runtime.ui.grid_tools import GridTools
from runtime.work import Progress

MOST = 100_000
"""Records whose values are looked at."""
PICKED = frozenset({"choice", "record"})


class ValueFilter(QObject):
    """Makes filters of what is chosen in one grid.

    Signals:
        narrowed(Filter): only the records that meet this too are wanted.
    """

    narrowed = Signal(object)

    def __init__(self, tools: GridTools) -> None:
        super().__init__(tools.grid)
        self._tools = tools

    def chosen(self, *, exclude: bool = False) -> None:
        """Filter by the values of the chosen cells in the column of the current one, by any of them."""
        tools, column = self._tools, self._tools.grid.currentIndex().column()
        if not 0 <= column < len(tools.fields):
            return
        field = tools.fields[column]
        spans = [(area.top, area.bottom) for area in tools.areas() if area.left <= column <= area.right]
        count = tools.model.records_in(spans)
        if not count or not operators_of(field):
            return
        if count > MOST:
            self._too_many()
            return
        read = tools.model.reader(spans)

        def work(progress: Progress) -> list[Any]:
            known = (row for row in read(progress) if field.id not in row.errors)
            return list(dict.fromkeys(row.values.get(field.id) for row in known))

        tools.jobs.start(
            self, work, lambda values: self._narrow(field, values, exclude), tools.notices.report, lane="free"
        )

    def _narrow(self, field: Field, values: Sequence[Any], exclude: bool) -> None:
        made = value_filter(field, values, exclude=exclude)
        if not values:
            self._tools.notices.warning(
                T("Errors are no values to filter by."), T("Choose cells without an error."), code="filter_errors"
            )
        elif made is None:
            self._too_many()
        else:
            self.narrowed.emit(made)

    def _too_many(self) -> None:
        self._tools.notices.warning(
            T("These are too many values for a filter."), T("Choose fewer cells."), code="filter_values"
        )


def value_filter(field: Field, values: Sequence[Any], *, exclude: bool = False) -> Filter | None:
    """The filter of the records that have one of these values, or none of them; None = a filter cannot hold it.

    Args:
        values: typed values of the field, each once; None is blank.
    """
    kind = field.kind.value_type
    if kind == "bool":
        ways = dict.fromkeys(bool(value) is not exclude for value in values)
        return Filter(tuple(Condition(field.id, Operator.YES if way else Operator.NO) for way in ways), not exclude)
    filled = [value for value in values if value is not None]
    if any(isinstance(value, str) and len(value) > LONGEST for value in filled):
        return None
    if kind == "datetime":  # a condition is about the whole day
        filled = list({value.astimezone(local_zone()).date(): value for value in filled}.values())
    parts = _filled(field, kind, filled, exclude=exclude)
    if None in values:
        parts.append(Condition(field.id, Operator.FILLED if exclude else Operator.EMPTY))
    wide = any(isinstance(part.value, tuple) and len(part.value) > MOST_VALUES for part in parts)
    return None if wide or len(parts) > MOST_CONDITIONS // 2 else Filter(tuple(parts), not exclude and len(parts) > 1)


def _filled(field: Field, kind: str, values: Sequence[Any], *, exclude: bool) -> list[Condition]:
    if kind == "list":
        every = tuple(dict.fromkeys(option for value in values for option in value))
        if exclude:
            return [Condition(field.id, Operator.NONE_OF, every)] if every else []
        return [Condition(field.id, Operator.ALL_OF, tuple(value)) for value in values]
    if kind in PICKED and len(values) > 1:
        return [Condition(field.id, Operator.NONE_OF if exclude else Operator.ANY_OF, tuple(values))]
    return [Condition(field.id, Operator.IS_NOT if exclude else Operator.IS, value) for value in values]
