"""`GridClipboard`: copies, cuts and pastes what is chosen in a grid, to and from spreadsheets too."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from PySide6.QtCore import QLocale, QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from resources.texts import TN, T, _
from runtime.errors import Sentence, UserError
from runtime.exchange.clipboard import mime as clipboard
from runtime.exchange.clipboard.clip import Clip
from runtime.exchange.clipboard.mime import OWN_TYPE, Written
from runtime.exchange.editing.cell_writes import CellWrites
from runtime.exchange.editing.file_columns import Narrowed, kept_columns, narrowed
from runtime.exchange.editing.pasting import MOST_ROWS, Area, Layout, Paste, lay, without_names
from runtime.form import Field
from runtime.ui.grid_entry import GridEntry, give_typed
from runtime.ui.grid_pasted import Pasted
from runtime.ui.grid_tools import GridTools, spans_of
from runtime.ui.grid_writing import GridWriting, Step
from runtime.ui.record_drafts import Draft
from runtime.work import Progress, without_collector

Laid = tuple[Layout, CellWrites] | Sentence
"""Where a block goes and what it writes, or why it cannot be laid."""
KeptColumns = Sequence[Sequence[str]]
MOST_COPIED = 100_000
"""Records that are copied at most."""


class GridClipboard(QObject):
    """The clipboard of one grid."""

    def __init__(self, tools: GridTools, writing: GridWriting) -> None:
        super().__init__(tools.grid)
        self._tools = tools
        self._writing = writing
        self.pasted = Pasted(tools)
        self.entry: GridEntry | None = None

    # Copy

    def copy(self, *, names: bool = False, then: object = None) -> None:
        """Put what is chosen on the clipboard; `names` = with the names of the fields above it."""
        tools = self._tools
        fields, spans = tools.chosen_fields(), tools.spans()
        count = tools.model.records_in(spans)
        if not count:
            return
        if count > MOST_COPIED:
            tools.notices.warning(
                T("These are too many records to copy."), T("At most 100,000 can be copied at once."), code="too_many"
            )
            return
        place = tools.model.places()

        def work(progress: Progress) -> Written:
            with without_collector():
                placed = place(spans, progress)
                return clipboard.write([placed[position] for position in sorted(placed)], fields, names, progress)

        def copied(written: Written) -> None:
            QGuiApplication.clipboard().setMimeData(_mime(written))
            if callable(then):
                then()
            elif written.records > 1:
                tools.notices.success(TN("{n} record copied", "{n} records copied", written.records))

        tools.jobs.start(self, work, copied, tools.notices.report, lane="free", label=T("Copying"))

    # Paste

    def paste(self, *, new: bool = False) -> None:
        """Lay what is on the clipboard over the grid, from the upper left of what is chosen.

        `new` = below all, and from the first column where it has no room right of what is chosen.
        """
        tools, areas = self._tools, self._where(new=new)
        mime = _on_clipboard()
        text, html = mime.text() if mime.hasText() else "", mime.html() if mime.hasHtml() else ""
        own = bytes(mime.data(OWN_TYPE).data()) if mime.hasFormat(OWN_TYPE) else b""
        end = tools.model.listed
        if not areas:
            return
        if not text and not html:
            tools.notices.info(T("There is nothing to paste."), T("Copy cells or text first."), code="paste_nothing")
            return
        fields, form, session = list(tools.fields), tools.form, tools.session
        count, complete = tools.model.listed, tools.model.complete
        place = tools.model.places()
        customary = day_order()
        entry = self.entry if not new and areas[0].top == tools.model.entry else None
        typed = entry.take() if entry is not None else {}

        def dropped() -> None:
            if entry is not None:
                entry.put_back(typed)

        def failed(error: UserError) -> None:
            tools.notices.report(error)
            dropped()

        def laid(clip: Clip, below: bool, progress: Progress) -> Laid:
            layout = lay(clip, [Area(end, 0, end, 0)] if below else areas, len(fields))
            if sum(area.height for area in layout.areas) > MOST_ROWS:
                return T("At most 100,000 rows can be pasted at once.")
            if not complete and any(area.bottom >= count for area in layout.areas):
                return T("The records are not all listed yet.")
            rows = [place.along(area.top, area.height) for area in layout.areas]
            placed = place(spans_of(layout.areas, [each[-1] for each in rows]), progress)
            paste = Paste(session, form, fields, placed, count, customary)
            return layout, paste.read(clip, layout, progress, place.along)

        def work(progress: Progress) -> Laid:
            with without_collector():
                clip = clipboard.read(text, html, own)
                left = min(area.left for area in areas)
                kept = kept_columns(session, form.id)
                return _read(clip, fields, left, kept, lambda clip, below: laid(clip, below, progress), new=new)

        def ready(found: Laid) -> None:
            if not isinstance(found, tuple):
                tools.notices.warning(found, T("Nothing was pasted."), code="paste_too_many")
                dropped()
                return
            layout, writes = found
            _with_typed(writes, typed)
            self._write(writes, layout, dropped)

        label = T("Reading the clipboard")
        tools.jobs.start(self, work, ready, failed, lane="free", label=label, cancelled=dropped, change="long")

    def _where(self, *, new: bool) -> list[Area]:
        """What is chosen, or the cell that a paste begins in; nothing where there is none."""
        tools, areas = self._tools, self._tools.areas()
        if new:
            left = min((area.left for area in areas), default=0)
            return [Area(tools.model.listed, left, tools.model.listed, left)]
        current = tools.grid.currentIndex()
        if areas or (not current.isValid() and tools.model.listed):
            return areas
        at = (max(0, current.row()), max(0, current.column()))
        return [Area(*at, *at)]

    def _write(self, writes: CellWrites, layout: Layout, dropped: Callable[[], None]) -> None:
        rows = sum(area.height for area in layout.areas)
        label = TN("Paste {n} row", "Paste {n} rows", rows)
        area = layout.areas[0] if len(layout.areas) == 1 else None
        show = lambda: self.pasted.show(writes, area, label)  # noqa: E731 - told when it is written
        if writes.empty and not writes.bad and not writes.asks:
            self._tools.notices.info(T("Nothing changed."), code="paste_nothing")
            dropped()
            return
        self._writing.write(writes, Step(label, lambda: written(writes), _("Paste"), show, dropped))


def _read(
    clip: Clip, fields: Sequence[Field], left: int, kept: KeptColumns, laid: Callable[[Clip, bool], Laid], *, new: bool
) -> Laid:
    """The block as it is, or without columns that the form does not have: the way in which more cells are values.

    Args:
        left: the column that it begins in.
        laid: lays a block and reads it; from the first column of the row below all others where it is told so.
        new: whether it makes records; a block that has no room at the right begins in the first column.
    """
    below = new and clip.width > len(fields) - left
    plain = without_names(clip, fields if below else fields[left:])
    found = laid(plain, below)
    less = narrowed(clip, fields[left:], kept) if plain is clip else None
    fits = less is not None and less.clip.width <= len(fields) - left
    if below and not fits and plain is clip:
        less = narrowed(clip, fields, kept)
    if less is None or not isinstance(found, tuple):
        return found
    below = below and not fits
    other = laid(without_names(less.clip, fields if below else fields[left:]), below)
    return _the_better(found, other, less) if isinstance(other, tuple) else found


def _the_better(
    plain: tuple[Layout, CellWrites], other: tuple[Layout, CellWrites], less: Narrowed
) -> tuple[Layout, CellWrites]:
    ours, theirs = len(plain[1].bad), len(other[1].bad)
    if theirs > ours or (theirs == ours and not less.likely):
        return plain
    if less.note is not None:
        other[1].notes.append(less.note)
        other[1].asks = True
    return other


def _with_typed(writes: CellWrites, typed: Mapping[str, Draft]) -> None:
    """What was typed in the row that the paste begins in is part of the first record that it makes."""
    first = next(iter(writes.made), None)
    if first is None:
        return
    laid = {*writes.made[first], *(bad.field for bad in writes.bad if bad.record == first)}
    give_typed(writes, first, {field: draft for field, draft in typed.items() if field not in laid})


def written(writes: CellWrites) -> Sentence:
    """How many records were changed and made."""
    made = len(writes.made)
    changed = writes.records - made
    if made and changed:
        return T("{changed} changed, {added} added", changed=f"{changed:,}", added=f"{made:,}")
    if made:
        return TN("{n} record added", "{n} records added", made)
    return TN("{n} record changed", "{n} records changed", changed)


def day_order() -> str:
    """Whether dates of programs on this machine begin with the day or the month: "dmy", "mdy", or "" for the year."""
    shape = QLocale.system().dateFormat(QLocale.FormatType.ShortFormat)
    return {"d": "dmy", "M": "mdy"}.get(shape[:1], "")


def _on_clipboard() -> QMimeData:
    """What is there; Qt says None where there is nothing."""
    found = cast("QMimeData | None", QGuiApplication.clipboard().mimeData())
    return QMimeData() if found is None else found


def _mime(written: Written) -> QMimeData:
    mime = QMimeData()
    mime.setText(written.text)
    if written.html:
        mime.setHtml(written.html)
    if written.own:
        mime.setData(OWN_TYPE, written.own)
    return mime
