"""Blocks of cells that hold columns which a form does not have: blank ones, and ones that an import left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from resources.texts import TN
from runtime.actor import Actor
from runtime.errors import Sentence
from runtime.exchange.clipboard.clip import Clip
from runtime.form import Field

MAPPING = "mapping"
"""First part of the key under which a person keeps where the columns of a file went; then comes the form."""
COLUMNS = "columns"
"""What is kept there of the columns as they lie side by side on the sheet: ids of fields, "" for those without one."""
NAMED = 5
"""Columns that are named where many are left out."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A block without some of its columns.

    Attributes:
        clip: the rest.
        likely: whether it is taken unless the block as it is reads better; else only where it reads better itself.
        note: what is left out; None where that is blank.
    """

    clip: Clip
    likely: bool
    note: Sentence | None


def file_columns(places: Sequence[int], fields: Mapping[int, str]) -> list[str]:
    """What is kept under `COLUMNS`.

    Args:
        places: for each column of a table its index on the sheet.
        fields: index of the table's column -> id of the field that it went into.
    """
    first = min(places, default=0)
    columns = [""] * (max(places, default=-1) - first + 1)
    for at, place in enumerate(places):
        columns[place - first] = fields.get(at, "")
    return columns


def kept_columns(actor: Actor, form_id: str) -> list[list[str]]:
    """The columns of the files that a person imported into a form, the newest first; only where some have no field."""
    found: dict[str, list[str]] = {}
    bodies = [body for body in actor.kept(f"{MAPPING}/{form_id}/").values() if isinstance(body, dict)]
    for body in sorted(bodies, key=lambda body: str(body.get("used", "")), reverse=True):
        columns = _texts(body.get(COLUMNS))
        if "" in columns and any(columns):
            found.setdefault("/".join(columns), columns)
    return list(found.values())


def narrowed(clip: Clip, fields: Sequence[Field], kept: Iterable[Sequence[str]]) -> Narrowed | None:
    """The block without the columns that the form does not have; None where nothing says that there are any.

    What stays goes into the first of the fields, in their order. Rows of a sheet that was imported hold the columns
    that the import left out, or found blank. Where nothing is known of a sheet, a block with just as many blank columns
    as it has too many is taken to be of one.

    Args:
        fields: the columns of the grid from where the block begins on.
        kept: see `kept_columns`.
    """
    if clip.own or clip.width < 2 or not fields:
        return None
    return _by_names(clip, fields) or _by_memory(clip, fields, kept) or _by_blanks(clip, fields)


def _by_names(clip: Clip, fields: Sequence[Field]) -> Narrowed | None:
    """The first line names the fields, and columns that are none."""
    said = [text.strip().casefold() for text in clip.rows[0]]
    names = [field.name.strip().casefold() for field in fields]
    known = [at for at, text in enumerate(said) if text in names]
    wanted = {*names[: len(known)]}
    if clip.height < 2 or not 2 <= len(known) < clip.width or {said[at] for at in known} != wanted:
        return None
    return _without(clip, {*range(clip.width)} - {*known}, likely=True)


def _by_memory(clip: Clip, fields: Sequence[Field], kept: Iterable[Sequence[str]]) -> Narrowed | None:
    shown = [field.id for field in fields]
    for columns in kept:
        whole = clip.width == len(columns)
        start = 0 if whole else columns.index(shown[0]) if shown[0] in columns else len(columns)
        part = columns[start : start + clip.width]
        stay = [field for field in part if field]
        if len(stay) < len(part) == clip.width and stay and stay == shown[: len(stay)]:
            return _without(clip, {at for at, field in enumerate(part) if not field}, likely=whole)
    return None


def _by_blanks(clip: Clip, fields: Sequence[Field]) -> Narrowed | None:
    """Nobody knows whether they were blank in the whole file, so it is said."""
    too_many = clip.width - len(fields)
    blank = {at for at in range(clip.width) if not any(_column(clip, at))} if too_many > 0 else set()
    if not blank or len(blank) != too_many:
        return None
    note = TN("{n} blank column is left out.", "{n} blank columns are left out.", len(blank))
    return replace(_without(clip, blank, likely=True), note=note)


def _column(clip: Clip, at: int) -> list[str]:
    return [row[at].strip() if at < len(row) else "" for row in clip.rows]


def _without(clip: Clip, places: set[int], *, likely: bool) -> Narrowed:
    stay = [at for at in range(clip.width) if at not in places]
    new = {old: at for at, old in enumerate(stay)}
    numbers = {(row, new[column]): each for (row, column), each in clip.numbers.items() if column in new}
    rows = [[row[at] for at in stay if at < len(row)] for row in clip.rows]
    lost = [column for at in sorted(places) if any(column := _column(clip, at))]
    return Narrowed(Clip(rows, numbers, (), clip.sheet), likely, _left_out(lost) if lost else None)


def _left_out(columns: Sequence[Sequence[str]]) -> Sentence:
    """The columns, by the first that they say."""
    first = [next(filter(None, column)) for column in columns]
    shown = ", ".join(first[:NAMED]) + (" …" if len(first) > NAMED else "")
    return TN(
        "{n} column is left out, which is none of this form: {names}.",
        "{n} columns are left out, which are none of this form: {names}.",
        len(columns),
        names=shown,
    )


def _texts(raw: Any) -> list[str]:
    return [each for each in raw if isinstance(each, str)] if isinstance(raw, list) else []
