"""Fits a column to a field type: the properties that the type needs so that the column's values keep what they say."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Any

from runtime.exchange.columns import ColumnPlan
from runtime.exchange.understanding.facts import MOST_PLACES, ColumnFacts
from runtime.exchange.understanding.hints import currency_of, default_currency, names_identity, names_sequence

SHORT = 200
"""Longest text that is kept in one line."""

LINE = 500
"""Longest text that the field type text allows at first."""

CROWDED_DECIMALS = 6
"""Decimals that are kept of figures with no end, such as a third; of shares that are all below 1, more."""

LARGEST_DIGITS = 18
MOST_OPTIONS = 500
FIGURES = frozenset(("integer", "decimal", "money", "percent"))
WITH_NOTHING = FIGURES | {"date", "date_time", "boolean"}
"""Types in which a text such as "-" stands for no value."""

_RANKED = re.compile(r"[A-Za-z]|\D{0,10}\d{1,4}\D{0,3}")


def column_as(field_type: str, facts: ColumnFacts, column: ColumnPlan, number_format: str = "") -> ColumnPlan:
    """`column` as a field of another type, with the properties that its values need."""
    column = replace(
        column,
        field_type=field_type,
        relation=None,
        nothing=tuple(sorted({text.casefold() for text in facts.said.nothing})) if field_type in WITH_NOTHING else (),
        comma=column.comma and field_type in FIGURES,
        split=(column.split or best_split(facts)) if field_type == "choices" else "",
    )
    return replace(column, props=_PROPS.get(field_type, _none)(facts, column, number_format))


def best_split(facts: ColumnFacts) -> str:
    """The sign that parts several options in a cell: the one in most cells, "" where there is none."""
    found = {sign: facts.said.split_cells[sign] for sign in facts.said.parts}
    return max(found, key=lambda sign: found[sign], default="") if any(found.values()) else ""


def decimals_of(facts: ColumnFacts, column_comma: bool = False) -> int:
    """Places behind the point that the column's values need; `column_comma` where figures are written 1.234,50."""
    places = facts.places
    if places >= MOST_PLACES:
        places = CROWDED_DECIMALS if facts.widest >= 1 else MOST_PLACES - 1
    written = facts.said.numbers.decimals if not column_comma else facts.said.commas.decimals
    room = LARGEST_DIGITS - len(f"{facts.widest:.0f}")
    return max(0, min(max(places, written), MOST_PLACES - 1, room))


def is_rounded(facts: ColumnFacts) -> bool:
    """Whether numbers have more places than the column keeps."""
    return facts.places >= MOST_PLACES or facts.vanishing > 0


def options_of(facts: ColumnFacts) -> tuple[str, ...]:
    """The different values as option labels: the most frequent first, in order of appearance where as frequent.

    Labels that differ in case only are one option, spelled as most often. A, B, C and 1级, 2级 go by their order.
    """
    counts = Counter(facts.tally.texts)
    for number, count in facts.tally.numbers.items():
        counts[f"{number:.15g}"] += count
    return labels_of(counts)


def labels_of(counts: Counter[str]) -> tuple[str, ...]:
    """Labels for counted values, as `options_of`."""
    options: dict[str, str] = {}
    for text, _ in counts.most_common():
        options.setdefault(text.strip().casefold(), text)
    labels = list(options.values())
    if all(_RANKED.fullmatch(label) for label in labels):
        labels.sort(key=lambda label: (len(label), label))
    return tuple(labels[:MOST_OPTIONS])


def _none(facts: ColumnFacts, column: ColumnPlan, number_format: str) -> dict[str, Any]:
    return {}


def _text(facts: ColumnFacts, column: ColumnPlan, number_format: str) -> dict[str, Any]:
    return {"max_length": facts.longest} if facts.longest > LINE else {}


def _integer(facts: ColumnFacts, column: ColumnPlan, number_format: str) -> dict[str, Any]:
    is_name = names_identity(column.header) or names_sequence(column.header)
    return {"grouped": False} if is_name else {}


def _decimal(facts: ColumnFacts, column: ColumnPlan, number_format: str) -> dict[str, Any]:
    return {"decimals": decimals_of(facts, column.comma)}


def _money(facts: ColumnFacts, column: ColumnPlan, number_format: str) -> dict[str, Any]:
    written = facts.said.commas.currencies if column.comma else facts.said.numbers.currencies
    symbol = currency_of(number_format) or next((most for most, _ in written.most_common(1)), "")
    return {"decimals": max(2, decimals_of(facts, column.comma)), "symbol": symbol or default_currency(column.header)}


def _percent(facts: ColumnFacts, column: ColumnPlan, number_format: str) -> dict[str, Any]:
    return {"decimals": min(6, max(0, decimals_of(facts) - 2))}


def _choice(facts: ColumnFacts, column: ColumnPlan, number_format: str) -> dict[str, Any]:
    return {"options": options_of(facts)}


def _choices(facts: ColumnFacts, column: ColumnPlan, number_format: str) -> dict[str, Any]:
    counts = facts.said.parts.get(column.split) if column.split else None
    return {"options": labels_of(counts) if counts is not None else options_of(facts)}


_PROPS = {
    "text": _text,
    "integer": _integer,
    "decimal": _decimal,
    "money": _money,
    "percent": _percent,
    "choice": _choice,
    "choices": _choices,
}


def fits_money(facts: ColumnFacts) -> bool:
    """Whether amounts keep their value: no more than the places that a price has."""
    return facts.places < MOST_PLACES and facts.widest < 10 ** (LARGEST_DIGITS - 4)


def share_like(facts: ColumnFacts) -> bool:
    """Whether all numbers lie between -1 and 1, as shares do, and not all of them are whole."""
    written = facts.said.numbers
    return facts.widest <= 1 and written.widest <= 1 and not (facts.whole and not written.cells)
