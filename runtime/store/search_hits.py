"""`Hit`: a record that somebody searched for, with the words around what was found; across all forms, names first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from uuid import UUID

from runtime.form import Field, Form
from runtime.permission.scope import EVERYTHING, Scope
from runtime.store.query import Query
from runtime.store.reader import Reader
from runtime.store.rows import Row
from runtime.store.search_grams import fold, holds, spellings, words
from runtime.store.search_pinyin import part_read
from runtime.store.search_rank import ELSEWHERE, rank, shared
from runtime.store.search_texts import searched_fields, text_of
from runtime.work import Progress

BEFORE, LONGEST = 12, 80
"""Characters before the first mark, and of a whole snippet."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found.

    Attributes:
        form: its form.
        record: its id.
        title: what people call it.
        field: name of the field where the words are; "" where the title holds them.
        snippet: a part of that field.
        marks: (first, behind the last) character of each word in the snippet; without a field in the title.
    """

    form: Form
    record: UUID
    title: str
    field: str = ""
    snippet: str = ""
    marks: tuple[tuple[int, int], ...] = ()


def find(
    reader: Reader,
    forms: Sequence[Form],
    text: str,
    limit: int,
    scope: Scope = EVERYTHING,
    progress: Progress | None = None,
) -> list[Hit]:
    """The records of these forms that hold every word of `text`, the best named first (see `rank`).

    Of more than `limit` each form has its share.

    Raises:
        Cancelled: `progress` was cancelled.
    """
    asked = words(text)
    if not asked:
        return []
    progress = progress or Progress()
    rows: dict[tuple[str, int], Row] = {}
    ranked = []
    for form in forms:
        progress.check()
        named = reader.rows(form.id, reader.named(form.id, text, limit, scope), scope)
        best = sorted(((rank(fold(title_of(form, row)), asked), row.n) for row in named), key=itemgetter(0))
        rows.update(((form.id, row.n), row) for row in named)
        if len(named) < limit:
            progress.check()
            others = reader.ids(Query(form.id, scope=scope, search=text), limit + len(named))
            best += [(ELSEWHERE, n) for n in others if (form.id, n) not in rows][: limit - len(named)]
        ranked.append([(how, (form, n)) for how, n in best])
    chosen = shared(ranked, limit)
    for form in forms:
        missing = [n for found, n in chosen if found is form and (form.id, n) not in rows]
        rows.update(((form.id, row.n), row) for row in reader.rows(form.id, missing, scope))
    found = ((form, rows[form.id, n]) for form, n in chosen if (form.id, n) in rows)
    return [_hit(reader, form, row, asked, scope) for form, row in found]


def _hit(reader: Reader, form: Form, row: Row, asked: Sequence[str], scope: Scope) -> Hit:
    title = title_of(form, row)
    marks = marks_in(title, asked) if any(holds(fold(title), word) for word in asked) else marks_read(title, asked)
    if marks:
        return Hit(form, row.id, title, marks=marks)
    for name, text, is_title in _texts(reader, form, row, scope):
        if any(holds(fold(text), word) for word in asked):
            snippet, marks = excerpt(text, asked)
            return Hit(form, row.id, title, name, snippet, marks)
        marks = marks_read(text[:LONGEST], asked) if is_title else ()
        if marks:
            return Hit(form, row.id, title, name, text[:LONGEST], marks)
    return Hit(form, row.id, title)


def title_of(form: Form, row: Row) -> str:
    """What people call a record."""
    title = form.title
    if title is None:
        return ""
    return row.titles.get(title.id, "") if title.target else title.format(row.values.get(title.id))


def _texts(reader: Reader, form: Form, row: Row, scope: Scope) -> Iterator[tuple[str, str, bool]]:
    """Name and text of every field, then of every row of its sub-forms; and whether it is the title of a record."""
    searched = searched_fields(form)
    yield from _own_texts(form.fields, searched, row)
    for below in form.subforms:
        if scope.sees(below.id):
            searched = searched_fields(below)
            for part in reader.below(below.id, row.id, scope):
                for name, text, is_title in _own_texts(below.fields, searched, part):
                    yield f"{below.name} · {name}", text, is_title


def _own_texts(fields: Sequence[Field], searched: Sequence[Field], row: Row) -> Iterator[tuple[str, str, bool]]:
    for field in fields:
        if field.id in row.titles:
            yield field.name, row.titles[field.id], True
        elif field in searched and field.id in row.values:
            yield field.name, text_of(field, row.values[field.id]), False


def excerpt(text: str, asked: Sequence[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The part of a text around the first of the words, and where the words are in it."""
    line = " ".join(text.split())
    marks = marks_in(line, asked)
    first = marks[0][0] if marks else 0
    start = first - BEFORE if first > BEFORE * 2 else 0
    part = ("…" if start else "") + line[start : start + LONGEST] + ("…" if len(line) > start + LONGEST else "")
    return part, marks_in(part, asked)


def marks_in(text: str, asked: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where the words are in a text; none where it cannot be said character by character."""
    places = [at for at, sign in enumerate(text) for _ in fold(sign)]
    folded = "".join(map(fold, text))
    found = []
    for word in asked:
        for each in spellings(word):
            at = folded.find(each)
            while at >= 0:
                found.append((places[at], places[at + len(each) - 1] + 1))
                at = folded.find(each, at + len(each))
    return _merged(found)


def marks_read(text: str, asked: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where a text reads, in pinyin, as the words together, or as one of them."""
    places = [at for at, sign in enumerate(text) for _ in fold(sign)]
    folded = "".join(map(fold, text))
    together = part_read(folded, "".join(asked), usual=True) or part_read(folded, "".join(asked))
    parts = [together] if together else [part_read(folded, word) for word in asked if len(word) > 1]
    return _merged([(places[part[0]], places[part[1] - 1] + 1) for part in parts if part is not None])


def _merged(found: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)
