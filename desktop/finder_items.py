"""What Ctrl+K can lead to: forms, views, commands and records, found by words, in Chinese by letters too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from resources.texts import LANGUAGES, T, Text, speaking
from runtime.definition.labels import label_text
from runtime.form import Field, Form
from runtime.session import Session
from runtime.store.rows import Row
from runtime.store.search_grams import fold, holds, words
from runtime.store.search_hits import Hit, marks_in, marks_read, title_of
from runtime.store.search_pinyin import reads
from runtime.ui.page import PageCommand
from runtime.view import ViewSpec, offered_fields
from runtime.work import Progress

MOST_RECORDS = 30
FIRST_RECORDS = 6
"""Records that stand before commands."""
MOST_NAMES = 6
"""Forms, views and commands that are shown of each."""
KEPT = "finder/recent"
MOST_RECENT = 8

ONLY_COMMANDS = ">"
"""Typed first, it leaves nothing but commands."""
BEGINS, HOLDS, READS, READS_INSIDE, FAR = range(5)
"""How well a name fits: it begins with the words or holds them, it reads so from its beginning or inside, or only with
other readings than the usual ones."""
MOST_TOLD = 3
"""Fields in the second line of records with one name."""

Marks = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to go to.

    Attributes:
        kind: `form`, `view`, `record` or `command`.
        target: form id; of a view (form id, view); of a record (form id, record id); of a command its name.
        title: what people call it, with the marked words.
        detail: where it is, or what was found in it.
        keys: what stands at the right: its shortcut, its app, its form.
        more: a second line that tells it from others of the same name.
        off: it cannot be invoked now; `detail` says what comes first.
    """

    kind: str
    target: Any
    icon: str
    title: str
    marks: Marks = ()
    detail: str = ""
    detail_marks: Marks = ()
    keys: str = ""
    more: str = ""
    off: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Items under one heading."""

    title: str
    items: tuple[Item, ...]


def found(session: Session | None, commands: Sequence[PageCommand], text: str, progress: Progress) -> list[Section]:
    """What a text finds; without one what was opened last, and what there is. Reads the workspace: for workers.

    Commands whose name begins with the text come before records, others after the first of them; behind `>` there is
    nothing else.

    Raises:
        Cancelled: somebody typed on.
    """
    asked = fold(text).strip()
    if asked.startswith(ONLY_COMMANDS):
        rest = asked.removeprefix(ONLY_COMMANDS).strip()
        items = _commands(commands, rest)[1] if rest else tuple(map(_command, commands))
        return _filled([Section(str(COMMANDS), items)])
    if not words(text):
        return _offered(session, commands)
    rank, items = _commands(commands, text)
    invoked = Section(str(COMMANDS), items)
    if session is None:
        return _filled([invoked])
    places = [(T("Forms"), *_named(_forms(session), text)), (T("Views"), *_named(_views(session), text))]
    near = [Section(str(title), found) for title, best, found in places if best < FAR]
    far = [Section(str(title), found) for title, best, found in places if best >= FAR]
    progress.check()
    records = _records(session, text, progress) if len(text.strip()) > 1 or not text.isascii() else []
    first = 0 if rank == BEGINS else FIRST_RECORDS
    parts = [*_by_form(records[:first]), invoked, *_by_form(records[first:])] if items else _by_form(records)
    return _filled([*near, *parts, *far])


def _by_form(records: Iterable[tuple[str, Item]]) -> list[Section]:
    """Records with the names of their forms, the forms in the order of their best."""
    by_form: dict[str, tuple[str, list[Item]]] = {}
    for name, item in records:
        by_form.setdefault(item.target[0], (name, []))[1].append(item)
    return [Section(name, tuple(items)) for name, items in by_form.values()]


def _filled(sections: Sequence[Section]) -> list[Section]:
    return [section for section in sections if section.items]


def _offered(session: Session | None, commands: Sequence[PageCommand]) -> list[Section]:
    sections = []
    if session is not None:
        sections = [Section(str(T("Recent")), _recent(session)), Section(str(T("Forms")), tuple(_forms(session)))]
    sections.append(Section(str(COMMANDS), tuple(map(_command, commands))))
    return _filled(sections)


def _named(items: Iterable[Item], text: str) -> tuple[int, tuple[Item, ...]]:
    """Those that a text names, the best first; and how well the first is named."""
    asked = words(text)
    return _best(hit for item in items if (hit := _hit(item, asked)) is not None)


def _best(hits: Iterable[tuple[int, Item]]) -> tuple[int, tuple[Item, ...]]:
    found = sorted(hits, key=lambda hit: hit[0])[:MOST_NAMES]
    return (found[0][0] if found else FAR), tuple(item for _, item in found)


def _hit(item: Item, asked: Sequence[str]) -> tuple[int, Item] | None:
    """How well words name an item, and the item with its marks; None where they do not."""
    title, letters = fold(item.title), "".join(asked)
    if all(holds(title, word) or holds(fold(item.detail), word) for word in asked):
        return BEGINS if title.startswith(asked[0]) else HOLDS, replace(item, marks=marks_in(item.title, asked))
    if not reads(title, letters):
        return None
    item = replace(item, marks=marks_read(item.title, asked))
    if reads(title, letters, usual=True, begins=True):
        return READS, item
    return READS_INSIDE if reads(title, letters, usual=True) else FAR, item


def _commands(commands: Iterable[PageCommand], text: str) -> tuple[int, tuple[Item, ...]]:
    """As `_named`, of commands: in any language."""
    asked = words(text)
    return _best(hit for command in commands if (hit := _invoked(command, asked)) is not None)


def _invoked(command: PageCommand, asked: Sequence[str]) -> tuple[int, Item] | None:
    """A command that words name: by its title, or by what else people call it, which stands beside it then."""
    item = _command(command)
    hit = _hit(replace(item, detail=""), asked)
    if hit is not None and hit[0] < FAR:
        return hit[0], replace(hit[1], detail=item.detail)
    others = [(found, name) for name in _other_names(command) if (found := _hit(Item("", "", "", name), asked))]
    if not others:
        return None
    (rank, named), name = min(others, key=lambda other: other[0][0])
    told = item if item.off or name == item.title else replace(item, detail=name, detail_marks=named.marks)
    return max(rank, HOLDS), told


def _other_names(command: PageCommand) -> list[str]:
    """What a command is called beside its title: in other languages, and by other words."""
    names: list[str] = []
    for code in LANGUAGES:
        with speaking(code):
            more = str(command.also) if command.also is not None else ""
            names += [str(command.title), *more.replace("，", ",").replace("、", ",").split(",")]
    return [name.strip() for name in names if name.strip()]


def _forms(session: Session) -> list[Item]:
    return [_form_item(session, form) for form in session.forms]


def _form_item(session: Session, form: Form) -> Item:
    app = session.apps.get(form.app)
    name = label_text(app.root.props.get("label", {})) if app is not None else ""
    return Item("form", form.id, "form", form.name, keys=name)


def _views(session: Session) -> list[Item]:
    return [
        Item("view", (form.id, view), "eye", view.name, keys=form.name)
        for form in session.forms
        for view in session.views.of(form)
    ]


def _command(command: PageCommand) -> Item:
    why = str(command.why_not) if command.why_not is not None else ""
    return Item(
        "command",
        command.name,
        command.icon,
        str(command.title),
        detail=why,
        keys=command.shortcut,
        off=command.why_not is not None,
    )


def _records(session: Session, text: str, progress: Progress) -> list[tuple[str, Item]]:
    """Records with the names of their forms, the best first."""
    hits = session.search(text, MOST_RECORDS, progress=progress)
    items = told_apart(session, list(map(record_item, hits)))
    return [(hit.form.name, item) for hit, item in zip(hits, items, strict=True)]


def told_apart(session: Session, items: Sequence[Item]) -> tuple[Item, ...]:
    """The items; records of one form with one name get a second line: the first fields in which they differ."""
    by_name: dict[tuple[str, str], list[UUID]] = {}
    for item in items:
        if item.kind == "record":
            by_name.setdefault((item.target[0], item.title), []).append(item.target[1])
    more: dict[UUID, str] = {}
    for (form_id, _title), records in by_name.items():
        form = session.form_of_id(form_id)
        if form is not None and len(records) > 1:
            more.update(_differences(form, session.reader.by_id(form_id, records, session.scope)))
    return tuple(replace(item, more=more.get(item.target[1], "")) if item.kind == "record" else item for item in items)


def _differences(form: Form, rows: Sequence[Row]) -> dict[UUID, str]:
    told: dict[UUID, list[str]] = {row.id: [] for row in rows}
    used = 0
    for field in offered_fields(form):
        texts = [_text(field, row) for row in rows]
        if field is form.title or len(set(texts)) == 1 or used == MOST_TOLD:
            continue
        used += 1
        for row, text in zip(rows, texts, strict=True):
            if text:
                told[row.id].append(f"{field.name}: {text}")
    return {record: " · ".join(parts) for record, parts in told.items()}


def _text(field: Field, row: Row) -> str:
    text = row.titles.get(field.id, "") if field.target else field.format(row.values.get(field.id))
    return " ".join(text.split())


def record_item(hit: Hit) -> Item:
    """A record that was found."""
    where = f"{hit.field}: " if hit.field else ""
    shift = len(where)
    return Item(
        "record",
        (hit.form.id, hit.record),
        "file",
        hit.title or str(UNNAMED),
        () if hit.field else hit.marks,
        f"{where}{hit.snippet}",
        tuple((first + shift, last + shift) for first, last in hit.marks) if hit.field else (),
    )


UNNAMED: Text = T("Without a name")
COMMANDS: Text = T("Commands")


# What was opened last


def to_list(item: Item, text: str) -> str:
    """The words that find the record among those of its form: `text`, without blanks where it is pinyin."""
    asked = words(text)
    literal = any(holds(fold(item.title), word) for word in asked) or item.detail_marks
    return text if literal or not reads(fold(item.title), "".join(asked)) else "".join(asked)


def remember(session: Session, item: Item) -> None:
    """Keep that the person went here; commands are not kept."""
    kept = as_kept(item)
    if kept is None:
        return
    former = [each for each in session.kept(KEPT).get(KEPT, []) if each != kept]
    session.keep(KEPT, [kept, *former][:MOST_RECENT])


def as_kept(item: Item) -> list[str] | None:
    """An item as JSON; None for what is not kept."""
    if item.kind == "form":
        return ["form", item.target]
    if item.kind == "view":
        return ["view", item.target[0], item.target[1].id]
    return ["record", item.target[0], str(item.target[1])] if item.kind == "record" else None


def _recent(session: Session) -> tuple[Item, ...]:
    """What is still there of it."""
    items = []
    for kept in session.kept(KEPT).get(KEPT, []):
        item = _of_kept(session, kept) if isinstance(kept, list) and len(kept) > 1 else None
        if item is not None:
            items.append(item)
    return told_apart(session, items)


def _of_kept(session: Session, kept: list[Any]) -> Item | None:
    kind, form_id, *rest = map(str, kept)
    form = session.form_of_id(form_id)
    if form is None:
        return None
    if kind == "form":
        return _form_item(session, form)
    if kind == "view":
        view: ViewSpec | None = next((view for view in session.views.of(form) if [view.id] == rest), None)
        return Item("view", (form.id, view), "eye", view.name, keys=form.name) if view is not None else None
    rows = session.reader.by_id(form.id, [UUID(rest[0])], session.scope)
    if not rows or rows[0].deleted:
        return None
    title = title_of(form, rows[0]) or str(UNNAMED)
    return Item("record", (form.id, rows[0].id), "file", title, keys=form.name)
