"""Finds text in cells as people read them, and replaces it; regular expressions are RE2's, as in formulas."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import re2

from resources.texts import T
from runtime.actor import Actor
from runtime.errors import Problem
from runtime.exchange.editing.cell_texts import CellReader, Unfit
from runtime.exchange.editing.cell_writes import BadCell, CellWrites
from runtime.form import Field, Form
from runtime.functions.patterns import pattern_problem, regexreplace
from runtime.store.rows import Row
from runtime.value.decimals import ONE, ZERO
from runtime.value.error_values import Failure

REPLACEABLE = frozenset({"text", "number", "choice"})
"""Formula types in whose cells text can be replaced."""

LONGEST = 1_000
"""Characters that are searched for."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is searched.

    Attributes:
        case: whether small and capital letters differ.
        whole: whether the text is all that a cell holds.
        pattern: whether it is a regular expression.
    """

    text: str
    case: bool = False
    whole: bool = False
    pattern: bool = False

    def problem(self) -> Problem | None:
        """Why it cannot be searched; None where it can."""
        if len(self.text) > LONGEST:
            return Problem("", "too_long", T("At most {n} characters can be searched.", n=f"{LONGEST:,}"))
        said = pattern_problem(self._expression())
        return Problem("", "bad_pattern", said) if said is not None else None

    def _expression(self) -> str:
        expression = self.text if self.pattern else re2.escape(self.text)
        return f"^(?:{expression})$" if self.whole else expression

    def matcher(self) -> Callable[[str], bool]:
        """Whether a text holds what is searched; nothing where `problem` says something."""
        if not self.text or self.problem() is not None:
            return lambda text: False
        options = re2.Options()
        options.log_errors, options.case_sensitive = False, self.case
        search = re2.compile(self._expression(), options=options).search

        def found(text: str) -> bool:
            with suppress(UnicodeEncodeError):
                return search(text) is not None
            return False

        return found

    def replaced(self, text: str, new: str) -> str:
        """`text` with `new` in every place; in a regular expression $1 stands for what the first brackets hold.

        Raises:
            Unfit: a group that is not there, or a text that grows too long.
        """
        filled = new if self.pattern else new.replace("$", "$$")
        try:
            return str(regexreplace(text, self._expression(), filled, ZERO, ZERO if self.case else ONE))
        except Failure:
            raise Unfit(T("“{text}” cannot be put in here.", text=new)) from None


@dataclass(frozen=True, slots=True)
class Hits:
    """Where something was found.

    Attributes:
        cells: position times `width` plus column, ascending.
        width: how many columns were searched.
        replaceable: how many of them are in fields whose text can be replaced.
    """

    cells: array[int]
    width: int
    replaceable: int = 0

    def __len__(self) -> int:
        return len(self.cells)

    def cell(self, at: int) -> tuple[int, int]:
        """(position, column) of a hit."""
        return divmod(self.cells[at], self.width)


class Search:
    """Looks through records.

    Args:
        fields: the columns as they are shown.
        shown: a cell as people read it.
        usable: the columns in which text can be replaced.
        within: record -> the columns in which it is looked for; None = in all.
    """

    def __init__(
        self,
        wanted: Wanted,
        fields: Sequence[Field],
        shown: Callable[[Row, Field], str],
        usable: frozenset[int],
        within: Callable[[Row], Collection[int]] | None = None,
    ) -> None:
        self._within = within
        self._matches = wanted.matcher()
        self._fields = list(enumerate(fields))
        self._shown = shown
        self._usable = usable
        self._found = array("q")
        self._replaceable = 0

    def look(self, placed: Mapping[int, Row]) -> None:
        """Look through these records; call it with ascending positions."""
        width, matches, shown, within = len(self._fields), self._matches, self._shown, self._within
        for position in sorted(placed):
            row = placed[position]
            columns = self._fields if within is None else [self._fields[column] for column in sorted(within(row))]
            for column, field in columns:
                text = shown(row, field)
                if text and matches(text):
                    self._found.append(position * width + column)
                    self._replaceable += column in self._usable

    def hits(self) -> Hits:
        """What was found so far."""
        return Hits(self._found, max(1, len(self._fields)), self._replaceable)


def replacing(
    session: Actor,
    form: Form,
    fields: Sequence[Field],
    placed: Mapping[int, Row],
    cells: Sequence[tuple[int, int]],
    wanted: Wanted,
    new: str,
) -> CellWrites:
    """The values of `cells` (position, column) after replacing; what is no value of its field then is named.

    Args:
        placed: position -> record.
    """
    writes = CellWrites(form)
    readers: dict[str, CellReader] = {}
    for position, column in cells:
        row, field = placed.get(position), fields[column]
        if row is None or not can_replace(session, form, field) or row.values.get(field.id) is None:
            continue
        reader = readers.setdefault(field.id, CellReader(session, field))
        writes.places[row.id] = position
        _replace(writes, reader, row, row.values[field.id], wanted, new)
    return writes


def _replace(writes: CellWrites, reader: CellReader, row: Row, value: Any, wanted: Wanted, new: str) -> None:
    field = reader.field
    before = field.format(value)
    after = before
    try:
        after = wanted.replaced(before, new)
        if after != before:
            writes.give(row.id, field.id, reader.read(after))
    except Unfit as unfit:
        writes.bad.append(BadCell(row.id, field.id, after, unfit.reason))


def can_replace(session: Actor, form: Form, field: Field) -> bool:
    """Whether text can be replaced in the cells of a field."""
    open_to_all = field.editable and field.kind.value_type in REPLACEABLE
    return open_to_all and session.scope.writes(form.id, field.id)
