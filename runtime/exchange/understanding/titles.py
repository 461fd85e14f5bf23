"""Which column names the records of a sheet for people, and which one for other sheets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import chain

from runtime.exchange.columns import ColumnPlan
from runtime.exchange.understanding.facts import ColumnFacts
from runtime.exchange.understanding.hints import names_free_text, names_identity, names_sequence, names_title, plain
from runtime.exchange.understanding.key_names import OF_PEOPLE, Finds, finds, lists_people, speaks_of

TELLING = 0.5
"""Share of different values from which a name tells records apart."""

NAMING = ("text", "long_text")
FINDING = ("text", "integer", "email", "phone")
"""Types of fields by which a record is found."""


def key_column(
    sheet: str,
    columns: Sequence[ColumnPlan],
    facts: Sequence[ColumnFacts],
    wanted: Sequence[int],
    pointing: Collection[int] = (),
) -> int | None:
    """The table column by which the rows are found again; None where no column names each row with a value of its own.

    A number of their own, the one that speaks of the sheet first, else the column by which other sheets name them
    (`wanted`), else a name, else the first column without repeats. The name of a person only where nothing else is
    there: another one may have it too.

    Args:
        pointing: columns that name records of others; where nothing names its rows better, the first column does.
    """
    if wanted and names_identity(columns[wanted[0]].header):
        return wanted[0]
    people = lists_people([column.header for column in columns], sheet)
    named = [c.source for kind in ("text", "integer") for c in columns if c.field_type == kind]
    found: dict[Finds, list[int]] = {}
    for column in sorted(columns, key=lambda column: -speaks_of(column.header, sheet)):
        if column.field_type in FINDING or column.source in wanted:
            found.setdefault(finds(column.header, sheet, people), []).append(column.source)
    if not wanted:
        others = [*OF_PEOPLE, Finds.PERSON] if people else [*OF_PEOPLE[:2], Finds.NAME]
    else:
        others = [*OF_PEOPLE] if wanted[0] in found.get(Finds.PERSON, ()) else [Finds.NUMBER]
        named = [wanted[0]]
    likely = chain(*(found.get(grade, ()) for grade in others), named)
    best = next((source for source in likely if source in wanted or facts[source].unique), None)
    return best if best not in pointing else next((source for source in named if facts[source].unique), best)


def title_column(sheet: str, columns: Sequence[ColumnPlan], facts: Sequence[ColumnFacts], wanted: Sequence[int]) -> int:
    """Index in `columns` of the field that names a record.

    A name that tells records apart, else the key that other sheets use, else a column without repeats, else one that
    is called after the sheet (订单 ID in 订单), else the first text.
    """
    named = [p for p, c in enumerate(columns) if _is_name(c) and _tells(facts[c.source])]
    keys = [p for p, c in enumerate(columns) if c.source in wanted]
    if keys and not (named and names_identity(columns[keys[0]].header)):
        return keys[0]
    texts = [p for p, c in enumerate(columns) if c.field_type in NAMING and not names_free_text(c.header)]
    unique = (p for p in texts if facts[columns[p].source].unique)
    own = [p for p in texts if plain(sheet) and plain(columns[p].header).startswith(plain(sheet))]
    loose = [p for p in texts if _is_name(columns[p])]
    rest = [p for p, c in enumerate(columns) if not names_sequence(c.header)]
    return next(chain(named, unique, own, loose, texts, rest, (0,)))


def _is_name(column: ColumnPlan) -> bool:
    header = column.header
    return column.field_type in NAMING and names_title(header)


def _tells(facts: ColumnFacts) -> bool:
    return facts.filled == facts.total and facts.distinct >= TELLING * facts.total
