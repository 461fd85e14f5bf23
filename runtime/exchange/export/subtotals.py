"""Subtotals of a grouped export: behind the records of each group what they come to, at the end all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from resources.texts import _
from runtime.exchange.export.group_names import group_value
from runtime.exchange.export.values import DATE, fits, number_format
from runtime.form import Field, Form
from runtime.store.grouping import Groups, Path
from runtime.store.summaries import Summary, summary_called

MOST_NAME = 40
"""Characters of the name of a row; a longer one would not be known for a subtotal where the file is read."""
SHORT = Decimal(10) ** 9
"""Averages below it are told with six decimals, which a spreadsheet keeps."""
Cell = tuple[int | Decimal | date | str, str]


@dataclass(frozen=True, slots=True)
class Subtotal:
    """One row.

    Attributes:
        after: how many records stand before it, from the first one on.
        level: 0 for all records, 1 for the outermost groups.
        name: what the row is called; it stands in the first column, where readers look for it, with the figure of that.
        cells: field id -> (a number, a day or a text, its number format), of the other columns.
    """

    after: int
    level: int
    name: str
    cells: Mapping[str, Cell]


def subtotals_of(
    form: Form, groups: Groups, footers: Mapping[str, str], fields: Sequence[Field], today: date
) -> Iterator[Subtotal]:
    """The rows in their order: those of inner groups first."""
    asked = {each: found for each in fields if (found := summary_called(each, footers.get(each.id, "")))}
    first, counts, after = fields[0], _counts(groups), 0

    def row(level: int, name: str, figures: Mapping[str, Any]) -> Subtotal:
        cells = _cells(asked, figures)
        if cells.pop(first.id, None) is not None:
            name = f"{name}({asked[first].words(first, figures[first.id])})"
        return Subtotal(after, level, name, cells)

    for at, (path, count) in enumerate(zip(groups.keys, groups.counts, strict=True)):
        after += count
        following: Path = groups.keys[at + 1] if at + 1 < len(groups.keys) else ()
        common = 0
        while common < len(following) and following[common] == path[common]:
            common += 1
        for level in range(len(path), common, -1):
            here = path[:level]
            value = group_value(form, groups.by[level - 1], here[-1], today)
            yield row(level, _name(value, f"{counts[here]:,}"), groups.figures.get(here, {}))
    yield row(0, _("Grand total"), groups.figures.get((), {}))


def _name(group: str, count: str) -> str:
    room = MOST_NAME - len(_("{group} ({n}) subtotal", group="", n=count))
    return _("{group} ({n}) subtotal", group=group[:room], n=count)


def _counts(groups: Groups) -> Counter[Path]:
    """Records of every group on every level."""
    found: Counter[Path] = Counter()
    for path, count in zip(groups.keys, groups.counts, strict=True):
        for level in range(1, len(path) + 1):
            found[path[:level]] += count
    return found


def _cells(asked: Mapping[Field, Summary], figures: Mapping[str, Any]) -> dict[str, Cell]:
    found = {}
    for field, summary in asked.items():
        value = figures.get(field.id)
        if value is not None:
            found[field.id] = _cell(field, summary, value)
    return found


def _cell(field: Field, summary: Summary, value: Any) -> Cell:
    """A figure and its number format; what a spreadsheet would not keep is a text."""
    if summary.counts:
        return value, "#,##0"
    if summary.share:
        return value, "0.0%"
    if isinstance(value, date) and not isinstance(value, datetime):
        return value, DATE
    if not isinstance(value, (int, Decimal)):
        return field.format(value), "@"
    number = Decimal(value)
    if not fits(number) and abs(number) < SHORT:
        number = number.quantize(Decimal("0.000001"))
    if not fits(number):
        return field.format(value), "@"
    part = field.kind.name == "integer" and number != number.to_integral_value()
    return number, "#,##0.00" if part else number_format(field)
